#!/usr/bin/env python3
"""Holds the table of diagnostics against the sources, the tests and the forms for machines.

    diagnostics.py table --welt build/release/bin/welt
    diagnostics.py forms --welt build/release/bin/welt
    diagnostics.py sarif --welt build/release/bin/welt --out build/release/tests

table   every id that linker/ reports is in the table, every check of the table has a case that
        expects it, --explain and the manual know all of them
forms   text lines parse by the expression that docs/diagnostics.md gives to VS Code; JSON, SARIF and GitHub's
        commands tell the same records
sarif   an independent validator (the npm package @microsoft/sarif-multitool) accepts the SARIF;
        skipped (status 77) where it cannot be had
"""
import argparse
import glob
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

TESTS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(TESTS)
SKIPPED = 77
VALIDATOR = "@microsoft/sarif-multitool@5.7.0"

# Failures of boot builds that are no checks: no image can be made.
FAILURES = {"undefined", "budget", "builtin-missing", "mem-builtin", "stack-protector",
            "reloc-16-range", "rodata-lost", "arch-mismatch", "object-format"}


def expression():
    """Of the problem matcher in the documentation; its groups by name."""
    text = open(os.path.join(ROOT, "docs", "diagnostics.md"), encoding="utf-8").read()
    pattern = json.loads(re.search(r"```json\n(.*?)```", text, re.S)[1])["pattern"]
    return re.compile(pattern["regexp"]), pattern["severity"], pattern["code"]


LINE, SEVERITY, ID = expression()

SOURCES = {
    "main.c": "extern int missing(int), 	other(void);\n"
              "int main(void) { return missing(3) + other(); }\n",
    "odd.ld": "SECTIONS { .text : { *(.text*) } > nowhere }\n",
}
COMPILE = ["gcc", "-m16", "-Os", "-ffreestanding", "-fno-pic", "-fno-pie",
           "-fno-asynchronous-unwind-tables", "-c"]


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def ids_of_table(welt):
    text = subprocess.run([welt, "--explain"], capture_output=True, text=True, check=True).stdout
    return {line.split()[0]: line.split()[1:3] for line in text.splitlines()[1:]}


def ids_of_sources():
    found = {}
    for path in glob.glob(os.path.join(ROOT, "linker", "**", "*.c"), recursive=True):
        text = read(path)
        for call in re.finditer(r"\bdiagnose\w*\((.{0,200})", text, re.S):
            ids = re.match(r'[^"]*((?:"[a-z0-9-]+"[^",;]*)+),', call[1])
            for name in re.findall(r'"([a-z0-9-]+)"', ids[1] if ids else ""):
                found.setdefault(name, path)
        for name in re.findall(r"\[welt-([a-z0-9-]+)\]", text):
            found.setdefault(name, path)
    return found


def ids_of_cases():
    paths = glob.glob(os.path.join(TESTS, "cases", "*", "*", "expect.err"))
    paths += glob.glob(os.path.join(TESTS, "api", "*.c"))
    text = "".join(read(path) for path in paths).replace("\\", "")
    return set(re.findall(r"\[welt-([a-z0-9-]+)\]", text))


class Table(unittest.TestCase):
    welt = None

    def test_every_id_of_the_sources_is_in_the_table(self):
        table = ids_of_table(self.welt)
        found = ids_of_sources()
        self.assertGreater(len(found), 20)
        strays = {name: path for name, path in found.items()
                  if name not in table and name != "id"}
        self.assertEqual(strays, {})

    def is_check(self, name):
        text = subprocess.run([self.welt, "--explain", name], capture_output=True, text=True,
                              check=True).stdout
        return "  Options " in text

    def test_every_check_has_a_case(self):
        wanted = {name for name in ids_of_table(self.welt) if self.is_check(name)} | FAILURES
        self.assertEqual(wanted - ids_of_cases(), set())

    def test_each_is_explained(self):
        for name in ids_of_table(self.welt):
            text = subprocess.run([self.welt, "--explain", name], capture_output=True, text=True,
                                  check=True).stdout
            self.assertRegex(text, rf"(?s)^{name}: .+Cause +\S.+Remedy +\S")

    def test_the_manual_has_each(self):
        text = subprocess.run([self.welt, "--print-manual"], capture_output=True, text=True,
                              check=True).stdout.replace("\\-", "-")
        for name in ids_of_table(self.welt):
            self.assertIn(f"\\fB{name}\\fR", text)


class Forms(unittest.TestCase):
    welt = None
    out = None

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="welt-diagnostics-")
        for name, text in SOURCES.items():
            with open(os.path.join(cls.folder, name), "w", encoding="utf-8") as file:
                file.write(text)
        subprocess.run([*COMPILE, "-o", "main.o", "main.c"], cwd=cls.folder, check=True)
        subprocess.run([*COMPILE, "-g", "-o", "debug.o", "main.c"], cwd=cls.folder, check=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def run_welt(self, *arguments):
        return subprocess.run([self.welt, *arguments, "-o", "out.bin"], cwd=self.folder,
                              capture_output=True, text=True, check=False)

    def links(self):
        return [["main.o"], ["debug.o"], ["main.o", "-T", "odd.ld"], ["absent.o"]]

    def test_text_lines_parse(self):
        for link in self.links():
            for line in self.run_welt(*link).stderr.splitlines():
                if not line.strip(" ^") or line.startswith("SECTIONS"):
                    continue # a script's line, and the caret below it
                self.assertRegex(line, LINE)

    def records(self, link):
        text = self.run_welt(*link, "--diagnostics=json").stderr
        return json.loads(text)

    def test_json_and_text_are_the_same_records(self):
        for link in self.links():
            told = [LINE.match(line) for line in self.run_welt(*link).stderr.splitlines()]
            told = [(m[SEVERITY], m[ID]) for m in told if m and m[ID]]
            document = self.records(link)
            self.assertEqual(document["schema"], "welt-diagnostics/1")
            self.assertEqual([(d["severity"], d["id"]) for d in document["diagnostics"]], told)
            self.assertEqual(document["errors"], sum(s == "error" for s, _ in told))

    def test_sarif_is_the_same_records(self):
        for link in self.links():
            sarif = json.loads(self.run_welt(*link, "--diagnostics=sarif").stderr)
            run = sarif["runs"][0]
            records = self.records(link)["diagnostics"]
            self.assertEqual([(r["level"], r["ruleId"]) for r in run["results"]],
                             [(d["severity"], d["id"]) for d in records])
            rules = run["tool"]["driver"]["rules"]
            for result in run["results"]:
                self.assertEqual(rules[result["ruleIndex"]]["id"], result["ruleId"])

    def test_github_commands(self):
        form = re.compile(r"^::(error|warning|notice) (?:file=([^,:]+),)?(?:line=\d+,(?:col=\d+,)?)?"
                          r"title=welt-[a-z0-9-]+::.+$")
        for link in self.links():
            lines = self.run_welt(*link, "--diagnostics=github").stderr.splitlines()
            self.assertEqual(len(lines), len(self.records(link)["diagnostics"]))
            for line in lines:
                self.assertRegex(line, form)

    def test_a_file_beside_the_text(self):
        both = self.run_welt("main.o", "--diagnostics=json:told.json")
        self.assertEqual(both.stderr, self.run_welt("main.o").stderr)
        document = json.loads(read(os.path.join(self.folder, "told.json")))
        self.assertEqual(document, self.records(["main.o"]))

    def test_a_file_is_whole_or_what_it_was(self):
        name = os.path.join(self.folder, "old.json")
        with open(name, "w", encoding="utf-8") as file:
            file.write("what was there, and who reads it goes on reading it")
        with open(name, encoding="utf-8") as reader:
            self.run_welt("main.o", f"--diagnostics=json:{name}")
            self.assertEqual(json.loads(read(name)), self.records(["main.o"]))
            self.assertIn("goes on reading", reader.read())
        self.assertFalse([name for name in os.listdir(self.folder) if name.startswith(".welt")])

    def test_an_input_is_not_overwritten(self):
        old = read(os.path.join(self.folder, "main.o"))
        result = self.run_welt("main.o", "--diagnostics=sarif:main.o")
        self.assertIn("is an input of this link", result.stderr)
        self.assertEqual(read(os.path.join(self.folder, "main.o")), old)

    def test_a_file_that_cannot_be_written(self):
        result = self.run_welt("main.o", "--diagnostics=json:absent/told.json")
        self.assertEqual(result.returncode, 1)
        self.assertIn("[welt-file]", result.stderr)


class Sarif(Forms):
    def validator(self):
        folder = os.path.join(self.out, "npm")
        tool = os.path.join(folder, "node_modules", "@microsoft", "sarif-multitool-linux",
                            "Sarif.Multitool")
        if not os.path.exists(tool):
            try:
                subprocess.run(["npm", "install", "--prefix", folder, "--no-audit", "--no-fund",
                                "--ignore-scripts", VALIDATOR], check=True, capture_output=True,
                               timeout=120)
            except (OSError, subprocess.SubprocessError):
                return None
        if os.path.exists(tool):
            os.chmod(tool, os.stat(tool).st_mode | stat.S_IXUSR)
            return tool
        return None

    def test_validates(self):
        tool = self.validator()
        if not tool:
            self.skipTest("npm has no sarif-multitool here")
        names = []
        for number, link in enumerate(self.links()):
            names.append(os.path.join(self.folder, f"told{number}.sarif"))
            self.run_welt(*link, f"--diagnostics=sarif:{names[-1]}")
        result = subprocess.run(
            [tool, "validate", *names, "--level", "Error"], capture_output=True, text=True,
            cwd=self.folder, check=False,
            env={**os.environ, "DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"})
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertNotIn(": error ", result.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["table", "forms", "sarif"])
    parser.add_argument("--welt", required=True)
    parser.add_argument("--out", default=tempfile.gettempdir())
    arguments = parser.parse_args()
    kind = {"table": Table, "forms": Forms, "sarif": Sarif}[arguments.what]
    kind.welt = os.path.abspath(arguments.welt)
    kind.out = os.path.abspath(arguments.out)
    loader = unittest.TestLoader()
    suite = loader.loadTestsFromTestCase(kind) if kind is not Sarif else \
        unittest.TestSuite([Sarif("test_validates")])
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    if result.skipped and result.wasSuccessful():
        print(*(why for _, why in result.skipped))
        return SKIPPED
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
