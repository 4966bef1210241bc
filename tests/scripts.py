#!/usr/bin/env python3
"""Linker scripts in tables, linked by `ld.welt` and by the linker whose dialect they are in.

    scripts.py --welt build/release/bin/welt               all tables
    scripts.py --welt build/release/bin/welt gnu/overlay   what has this in its name

A table is a file scripts/DIALECT.table. It holds sources, which are assembled once, and links:

    == source a.s            an assembly source; a.o is made of it
    == archive lib.a m.o     an archive
    == file part.ld          a file beside them
    == name: arguments       a link; what follows is its script, which the arguments call `-T s`

Both linkers make a flat image of each link, or an ELF file where its arguments ask for one
(--oformat=elf32-i386), which objcopy makes flat. What is compared: whether it is refused, and if not,
the bytes, and the values of all symbols that the script defines. A link that is refused by design,
or made where the other linker gives up, says so in a line `# welt refuses: …` or `# welt links: …`
of its script. Words of Welt's messages that must come stand in lines `# says: …`.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "scripts")
ELF = "--oformat=elf32-i386"
JUDGES = {"gnu": "ld.bfd", "lld": "ld.lld-19"}
# "                0x00007c00                name = ." of GNU ld; [!provide] has no address
ASSIGNED = re.compile(r"^\s+0x([0-9a-f]+)\s+(?:PROVIDE(?:_HIDDEN)? \(|HIDDEN \()?([\w.$]+) [-+*/|&<>]*= ", re.M)
# "  0x7c00   name  layout"
OWN = re.compile(r"^  0x([0-9a-f]+)\s+(\S+)  layout$", re.M)


class Link:
    """One entry of a table."""

    def __init__(self, dialect, head, script):
        name, _, arguments = head.partition(":")
        self.name = f"{dialect}/{name.strip()}"
        self.dialect = dialect
        self.arguments = arguments.split() or ["-T", "s", "a.o", "b.o"]
        self.script = script
        self.says = re.findall(r"^# says: (.*)$", script, re.M)
        self.refuses = "# welt refuses:" in script
        self.links = "# welt links:" in script

    def run(self, folder, linker, output, extra):
        script = os.path.join(folder, self.name.replace("/", "-") + ".ld")
        with open(script, "w", encoding="utf-8") as file:
            file.write(self.script)
        words = [os.path.basename(script) if word == "s" else word for word in self.arguments]
        path = os.path.join(folder, output)
        if os.path.exists(path):
            os.remove(path)
        result = subprocess.run(
            [linker, "-m", "elf_i386", "--oformat", "binary", "-o", output, "-Map",
             output + ".map", *extra, *words], cwd=folder, check=False, capture_output=True,
            encoding="utf-8", errors="replace", timeout=60)
        if result.returncode == 0 and ELF in words:
            subprocess.run(["objcopy", "-O", "binary", path], check=True)
        return result, read(path), read(path + ".map")

    def fault(self, folder, welt):
        stem = self.name.replace("/", "-")
        judge, image, its_map = self.run(folder, JUDGES[self.dialect], stem + ".ref", [])
        dialect = [] if self.dialect == "gnu" else ["--dialect=lld"]
        own, own_image, own_map = self.run(folder, welt, stem + ".own", dialect)
        for words in self.says:
            if words not in own.stderr:
                return f"does not say `{words}' but\n{own.stderr}"
        if own.returncode not in (0, 1):
            return f"ended with status {own.returncode}\n{own.stderr}"
        if self.refuses or self.links:
            return None if bool(own.returncode) == self.refuses else f"status is wrong\n{own.stderr}"
        if bool(judge.returncode) != bool(own.returncode):
            return f"the other: status {judge.returncode}\n{judge.stderr}Welt: status " \
                   f"{own.returncode}\n{own.stderr}"
        if judge.returncode:
            return None
        if image != own_image:
            return differing(image or b"", own_image or b"")
        # lld's map says where an assignment stands, not what it assigns
        return self.dialect == "gnu" and self.differing_symbols(its_map.decode(), own_map.decode())

    def differing_symbols(self, its_map, own_map):
        values = {name: int(value, 16) for value, name in ASSIGNED.findall(its_map)}
        own = {name: int(value, 16) for value, name in OWN.findall(own_map)}
        lines = [f"{name}: {own[name]:#x}, the other has {values[name]:#x}"
                 for name in values if name in own and own[name] != values[name]]
        return "\n".join(lines) or None


def read(path):
    try:
        with open(path, "rb") as file:
            return file.read()
    except FileNotFoundError:
        return None


def differing(image, own):
    at = next((at for at, (a, b) in enumerate(zip(image, own)) if a != b), min(len(image), len(own)))
    return f"differs at {at:#x}: {own[at:at + 12].hex(' ')}, the other has " \
           f"{image[at:at + 12].hex(' ')} ({len(own)} and {len(image)} bytes)"


def read_table(path, folder):
    dialect = os.path.basename(path).removesuffix(".table")
    links = []
    with open(path, encoding="utf-8") as file:
        parts = re.split(r"^== ", file.read(), flags=re.M)[1:]
    for part in parts:
        head, _, text = part.partition("\n")
        words = head.split()
        if words[0] in ("source", "file"):
            with open(os.path.join(folder, words[1]), "w", encoding="utf-8") as file:
                file.write(text)
        if words[0] == "source":
            subprocess.run(["as", "--32", "-o", words[1][:-1] + "o", words[1]], cwd=folder, check=True)
        elif words[0] == "archive":
            subprocess.run(["ar", "rcsD", *words[1:]], cwd=folder, check=True)
        elif words[0] != "file":
            links.append(Link(dialect, head, text))
    return links


def check(link, folder, welt):
    fault = link.fault(folder, welt)
    if fault:
        print(f"FAILED {link.name}\n{link.script}{fault}\n", flush=True)
    return bool(fault)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--welt", required=True)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", metavar="DIR", help="leave the files in DIR")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args(arguments)
    welt = os.path.join(os.path.dirname(os.path.abspath(options.welt)), "ld.welt")
    with tempfile.TemporaryDirectory(prefix="welt-scripts-") as temporary:
        failed = count = 0
        for table in sorted(os.listdir(HERE)):
            folder = os.path.join(options.keep or temporary, table)
            os.makedirs(folder, exist_ok=True)
            links = [link for link in read_table(os.path.join(HERE, table), folder)
                     if not options.names or any(name in link.name for name in options.names)]
            with ThreadPoolExecutor(options.jobs) as pool:
                failed += sum(pool.map(lambda link: check(link, folder, welt), links))
            count += len(links)
    print(f"{count - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
