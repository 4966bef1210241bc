#!/usr/bin/env python3
"""Command lines in a table, and what comes of each.

    commands.py --welt build/release/bin/welt               all of commands.table
    commands.py --welt build/release/bin/welt section-start what has this in its name

The table holds files and command lines:

    == file NAME               what follows stands in this file; of *.s an object is made
    == NAME: WORDS             `welt` or `ld.welt` with its words, quoted as in a shell

Below a command line, a line each, stand what must hold:

    = ld                       status 0, and GNU ld makes the same bytes of the same words
    ! TEXT                     status 1, no output, and stderr has this
    ? TEXT                     status 0, and stderr has this
    > TEXT                     stdout has this
    . NAME TEXT                the file NAME has this in it

Status 0 is wanted where nothing else is said, and without `?' nothing on stderr.
"""
import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(HERE, "commands.table")
OUTPUT = "boot.bin"


def read_table(path):
    """[(head, [lines])], comments left out."""
    entries = []
    with open(path, encoding="utf-8") as file:
        for line in file.read().splitlines():
            if line.startswith("== "):
                entries.append((line[3:], []))
            elif entries and not line.startswith("# "):
                entries[-1][1].append(line)
    return entries


def make_file(folder, name, lines):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
        text = "\n".join(lines).rstrip("\n")
        file.write(text + "\n" if text else "")
    if name.endswith(".s"):
        subprocess.run(["as", "--32", name, "-o", name[:-2] + ".o"], cwd=folder, check=True)


def read(path):
    if not os.path.exists(path):
        return b""
    with open(path, "rb") as file:
        return file.read()


class Runner:
    def __init__(self, welt, folder, files):
        self.folder, self.files = folder, files
        self.bin = os.path.join(folder, "bin")
        os.mkdir(self.bin)
        for name in ("welt", "ld.welt"):
            os.symlink(welt, os.path.join(self.bin, name))

    def fresh(self):
        work = tempfile.mkdtemp(dir=self.folder)
        for name in os.listdir(self.files):
            shutil.copy(os.path.join(self.files, name), work)
        return work

    def run(self, work, words):
        result = subprocess.run([os.path.join(self.bin, words[0]), *words[1:]], cwd=work, timeout=60,
                                capture_output=True, check=False, stdin=subprocess.DEVNULL)
        return result, read(os.path.join(work, OUTPUT))

    def faults(self, words, wanted):
        work = self.fresh()
        result, image = self.run(work, words)
        error, out = result.stderr.decode("latin-1"), result.stdout.decode("latin-1")
        fails = any(line[0] == "!" for line in wanted)
        if result.returncode != fails:
            yield f"status {result.returncode}: {error}"
        if fails and image:
            yield "an output of a link that failed"
        if not fails and error and not any(line[0] == "?" for line in wanted):
            yield f"says: {error}"
        for line in wanted:
            kind, text = line[0], line[2:]
            if kind in "!?" and text not in error:
                yield f"wants `{text}', says `{error}'"
            if kind == ">" and text not in out:
                yield f"wants `{text}' on stdout, has `{out[:600]}'"
            if kind == "=":
                yield from self.compare(words, image)
            if kind == ".":
                name, _, part = text.partition(" ")
                if part not in read(os.path.join(work, name)).decode("latin-1"):
                    yield f"{name} has no `{part}'"
        shutil.rmtree(work)

    def compare(self, words, image):
        work = self.fresh()
        result = subprocess.run(["ld.bfd", "-m", "elf_i386", *words[1:]], cwd=work, check=False,
                                capture_output=True, encoding="latin-1")
        if result.returncode:
            yield f"GNU ld: {result.stderr}"
        elif image != read(os.path.join(work, OUTPUT)):
            yield "other bytes than GNU ld's"
        shutil.rmtree(work)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--welt", required=True)
    parser.add_argument("name", nargs="?", default="")
    options = parser.parse_args()
    count = wrong = 0
    with tempfile.TemporaryDirectory(prefix="welt-commands-") as folder:
        files = os.path.join(folder, "files")
        os.mkdir(files)
        runner = Runner(os.path.abspath(options.welt), folder, files)
        for head, lines in read_table(TABLE):
            name, _, line = head.partition(": ")
            if head.startswith("file "):
                make_file(files, head[5:], lines)
                continue
            if options.name not in name:
                continue
            wanted = [text for text in lines if re.match(r"[=!?>.] ", text)]
            found = list(runner.faults(shlex.split(line), wanted))
            count += 1
            wrong += bool(found)
            for fault in found:
                print(f"{name}: {fault}")
    print(f"{count} command lines, {wrong} wrong")
    return 1 if wrong or not count else 0


if __name__ == "__main__":
    sys.exit(main())
