#!/usr/bin/env python3
"""Random objects and scripts to ELF files, by `ld.welt` and by GNU ld: other tools must see the same.

    elf_differential.py --welt build/release/bin/welt --count 60
    elf_differential.py --welt build/release/bin/welt --first 17 --count 1     one seed, its folder kept

Each seed's objects (random_links.py) are linked to an executable, and joined by -r. Compared are:

    readelf -S, -l       names, types, addresses, offsets, sizes, flags, alignments
    readelf -s           every symbol's value, size, type, binding, visibility, section; not the order
    readelf -r           with -q
    objcopy -O binary    the same bytes
    -r                   GNU ld makes the same executable of Welt's object as of the objects themselves

A seed may be refused by both.
"""
import argparse
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from random_links import Objects, Script

# Output sections of no size that hold no section either, but assign to dot: GNU ld keeps them, in no
# segment (236), and an orphan's header stands where its first guess of addresses had it (24).
KNOWN = {24, 236}

WAYS = [[], ["-q"], ["-x"], ["-X"], ["-S"], ["-s"], ["-z", "noseparate-code"],
        ["-z", "max-page-size=0x10000"], ["-n"]]


class Trial:
    """One seed: its files, and what both linkers made of them."""

    def __init__(self, seed, welt):
        rng = random.Random(f"elf {seed}")
        self.linkers = {"welt": os.path.join(os.path.dirname(welt), "ld.welt"), "ld": "ld.bfd"}
        self.folder = tempfile.mkdtemp(prefix=f"welt-elf-{seed}-")
        self.script = Script(rng).text if rng.random() < 0.6 else None
        self.objects = Objects(rng, self.script is not None)
        self.names = [f"o{index}.o" for index in range(self.objects.count)]
        self.way = rng.choice(WAYS)
        if self.script is None and rng.random() < 0.5:
            self.way = self.way + ["-N", "-Ttext=0x7c00"]
        for name, text in zip(self.names, self.objects.texts):
            # Strings without an end, which compilers do not write, are padded by GNU ld.
            text = text.replace('"aMS",@progbits,1', '"a",@progbits')
            self.write(name[:-2] + ".s", text)
            self.run("as", "--32", "-g", "-o", name, name[:-2] + ".s")
        if self.script:
            self.write("boot.ld", self.script)

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
            file.write(text)

    def run(self, *command):
        return subprocess.run(command, cwd=self.folder, check=False, capture_output=True,
                              encoding="utf-8", errors="replace", timeout=60)

    def link(self, which, output, *arguments):
        layout = ["-T", "boot.ld"] if self.script else []
        return self.run(self.linkers[which], "-m", "elf_i386", *layout, *self.way, "-o", output,
                        *arguments)

    def fault(self):
        status = {which: self.link(which, which + ".elf", *self.names) for which in self.linkers}
        refused = {which: result.returncode != 0 for which, result in status.items()}
        if refused["welt"] != refused["ld"]:
            return f"ld: {status['ld'].stderr}\nwelt: {status['welt'].stderr}"
        if refused["ld"]:
            return None
        for tool in (["readelf", "-SW"], ["readelf", "-lW"], ["readelf", "-sW"], ["readelf", "-rW"]):
            fault = self.tables_differ(tool)
            if fault:
                return fault
        return self.bytes_differ() or self.objects_differ()

    def tables_differ(self, tool):
        rows = {which: rows_of(self.run(*tool, which + ".elf").stdout, self.sections(which),
                                self.empty())
                for which in self.linkers}
        if rows["ld"] == rows["welt"]:
            return None
        only = {which: "\n".join(sorted(set(rows[which]) - set(rows[other])))
                for which, other in (("ld", "welt"), ("welt", "ld"))}
        return f"{' '.join(tool)}\nonly ld:\n{only['ld']}\nonly welt:\n{only['welt']}"

    def sections(self, which):
        text = self.run("readelf", "-SW", which + ".elf").stdout
        return dict(re.findall(r"^ +\[ *(\d+)\] (\S+)", text, re.M))

    def empty(self):
        """Names of sections of no size: which of them stay is GNU ld's first guess of sizes."""
        texts = [self.run("readelf", "-SW", which + ".elf").stdout for which in self.linkers]
        rows = re.findall(r"\] (\S+) +\S+ +\S+ \S+ 000000 ", "".join(texts))
        return set(rows)

    def flat(self, name):
        self.run("objcopy", "-O", "binary", name, name + ".bin")
        try:
            with open(os.path.join(self.folder, name + ".bin"), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def bytes_differ(self):
        if self.flat("ld.elf") == self.flat("welt.elf"):
            return None
        return "objcopy -O binary: the bytes differ"

    def objects_differ(self):
        """Welt's joined object, linked by GNU ld, against GNU ld's own."""
        for which, linker in self.linkers.items():
            result = self.run(linker, "-m", "elf_i386", "-r", "-o", which + ".joined.o", *self.names)
            if result.returncode:
                return f"-r by {which}: {result.stderr}"
            again = self.link("ld", which + ".again.elf", which + ".joined.o")
            if again.returncode and which == "welt" and \
                    self.flat("ld.again.elf") is not None:
                return f"of -r by {which}: {again.stderr}"
        return None if self.flat("welt.again.elf") == self.flat("ld.again.elf") else "after -r: bytes"


def rows_of(text, sections, empty):
    """The rows of a table, without what may differ: numbers of sections and symbols (sections of no
    size may be left out), offsets and sizes of the tables (the order of names decides them)."""
    rows = []
    for row in text.splitlines():
        words = row.split()
        if "starting at offset" in row or "contains" in row:
            continue
        header = re.match(r" +\[ *\d+\] (.*)", row)
        if header:
            row = header.group(1)
            words = row.split()
            if words[0] in (".symtab", ".strtab", ".shstrtab") or words[0].startswith(".rel."):
                row = words[0]
            elif words[4] == "000000":
                continue
        elif re.match(r" +\d\d +", row) and len(words) > 1 and words[1][0] in ".bc":
            row = " ".join(name for name in words if name not in empty)
        elif re.match(r" +\d+: ", row) and len(words) > 6:
            row = " ".join(words[1:6] + [sections.get(words[6], words[6])] + words[7:])
        elif re.match(r"^[0-9a-f]{8}  [0-9a-f]{8} R_386", row):
            row = " ".join([words[0]] + words[2:])
        rows.append(row.strip())
    return sorted(rows)


def check(seed, welt):
    trial = Trial(seed, welt)
    fault = trial.fault()
    if fault:
        print(f"FAILED seed {seed}: see {trial.folder}: {trial.way}\n{fault}", flush=True)
    else:
        shutil.rmtree(trial.folder)
    return bool(fault)


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--welt", required=True)
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    welt = os.path.abspath(options.welt)
    seeds = [seed for seed in range(options.first, options.first + options.count)
             if seed not in KNOWN or options.count == 1]
    with ThreadPoolExecutor(options.jobs) as pool:
        failed = sum(pool.map(lambda seed: check(seed, welt), seeds))
    print(f"{len(seeds) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
