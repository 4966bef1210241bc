#!/usr/bin/env python3
"""Random objects and linker scripts through `ld.welt` and GNU ld: the images must be the same.

    differential.py --welt build/release/bin/welt --count 200
    differential.py --welt build/release/bin/welt --count 5000   the long run
    differential.py --welt build/release/bin/welt --machine x86-64      the same of ELF64 objects
    differential.py --welt build/release/bin/welt --reduce 123   a small case of a seed
    differential.py --welt build/release/bin/welt --dialect lld  scripts as lld reads them

Each seed makes one to four assembly objects with every relocation that boot code uses (R_386_8,
16, 32, PC8, PC16, PC32, PLT32, against section symbols, local, global, weak, absolute and common
symbols, with addends) in sections of several alignments, and a way to link them: `-N -Ttext`, or a
script with addresses, alignments, load addresses, fills, data, regions and symbols. One in eight
has a single reference instead, with a value at the edge of its field.

What is held against what:
    GNU ld links      ld.welt gives the same bytes as GNU ld's flat image, or as its ELF file made
                      flat by objcopy: GNU ld's two ways differ for common symbols, whose place in
                      .bss its flat way forgets
    GNU ld refuses    so does ld.welt, with a message
    at an edge        lld 19 is the judge: GNU ld truncates some values silently there
    --dialect lld     lld 19 is, and scripts have what it knows

The folder of a seed that differs is kept; its `again` repeats the links.
"""
import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

from random_links import Edges, Objects, Script, WideObjects

EDGE_IN = 8  # one trial in so many is about an edge


class Trial:
    """One seed: its files, and what each linker made of them."""

    def __init__(self, seed, welt, options):
        self.is_wide = options.machine == "x86-64"
        self.is_lld = options.dialect == "lld"
        rng = random.Random(f"differential {seed}")
        self.seed = seed
        self.welt = os.path.join(os.path.dirname(welt), "ld.welt")
        self.folder = tempfile.mkdtemp(prefix=f"welt-differential-{seed}-")
        self.refused = False
        self.is_edge = seed % EDGE_IN == EDGE_IN - 1 and not (self.is_wide or self.is_lld)
        if self.is_edge:
            self.objects = Edges(rng)
            self.script = Edges.SCRIPT
        else:
            has_script = self.is_lld or rng.random() < 0.7
            self.script = Script(rng, self.is_lld).text if has_script else None
            kind = WideObjects if self.is_wide else Objects
            self.objects = kind(rng, self.script is not None, self.is_lld)
        self.names = [f"o{index}.o" for index in range(self.objects.count)]

    def set_up(self):
        for name, text in zip(self.names, self.objects.texts):
            self.assemble(name, text)
        if self.script:
            self.write("boot.ld", self.script)

    def assemble(self, name, text):
        self.write(name[:-2] + ".s", text)
        result = subprocess.run(["as", f"--{self.objects.WIDTH}", "-o", name, name[:-2] + ".s"], cwd=self.folder,
                                capture_output=True, check=False)
        return result.returncode == 0

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
            file.write(text)

    def arguments(self, output, form="binary"):
        way = ["-T", "boot.ld"] if self.script else ["-N", "-Ttext=0x7c00"]
        emulation = "elf_x86_64" if self.is_wide else "elf_i386"
        return ["-m", emulation, *way, "--oformat", form, "-o", output, *self.names]

    def link(self, linker, output):
        dialect = ["--dialect=lld"] if self.is_lld and linker == self.welt else []
        result = self.run(linker, *dialect, *self.arguments(output))
        return result.returncode, result.stderr, self.image(output)

    def run(self, *command):
        return subprocess.run(command, cwd=self.folder, check=False, capture_output=True,
                              encoding="utf-8", errors="replace", timeout=60)

    def by_objcopy(self):
        """GNU ld's other way to a flat image."""
        self.run("ld.bfd", *self.arguments("reference.elf", f"elf{self.objects.WIDTH}-"
                                            f"{'x86-64' if self.is_wide else 'i386'}"))
        self.run("objcopy", "-O", "binary", "reference.elf", "reference.bin")
        return self.image("reference.bin")

    def image(self, name):
        try:
            with open(os.path.join(self.folder, name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def judge(self):
        return "ld.lld-19" if self.is_edge or self.is_lld else "ld.bfd"

    def fault(self):
        """None when Welt does as it should, else what is wrong."""
        status, message, image = self.link(self.judge(), "reference.bin")
        self.refused = status != 0
        own_status, own_message, own_image = self.link(self.welt, "boot.bin")
        if own_status not in (0, 1):
            return f"ld.welt ended with status {own_status}\n{own_message}"
        if status != own_status:
            return f"the reference: status {status}\n{message}\n" \
                   f"ld.welt: status {own_status}\n{own_message}"
        if own_status == 1:
            refused_well = own_message.strip() and own_image is None
            return None if refused_well else "refused, but without a message or with an image"
        if own_image == image or self.judge() == "ld.bfd" and own_image == self.by_objcopy():
            return None
        return first_difference(image, own_image)

    def keep(self):
        lines = ["#!/bin/sh", f"{self.judge()} {' '.join(self.arguments('reference.bin'))}",
                 f"{self.welt} {' '.join(self.arguments('boot.bin'))}",
                 "cmp reference.bin boot.bin"]
        self.write("again", "\n".join(lines) + "\n")


class Reduction:
    """Takes lines away from a trial that fails as long as it goes on failing in the same way.

    Data stays: sections with nothing in them fail in ways of their own."""

    def __init__(self, trial):
        self.trial = trial
        self.kind = self.kind_of(trial.fault())
        self.texts = {name: text.splitlines()
                      for name, text in zip(trial.names, trial.objects.texts)}
        if trial.script:
            self.texts["boot.ld"] = trial.script.splitlines()

    def kind_of(self, fault):
        """A link that differs, one that only GNU ld refuses, one that only Welt refuses."""
        return None if fault is None else "refuses" if "status" in fault else "differs"

    def still_fails(self, name):
        text = "\n".join(self.texts[name]) + "\n"
        if name != "boot.ld":
            if not self.trial.assemble(name, text):
                return False
        else:
            self.trial.write(name, text)
        return self.kind_of(self.trial.fault()) == self.kind and not self.trial.refused

    def run(self):
        size = None
        while size != (size := sum(len(lines) for lines in self.texts.values())):
            for name in self.texts:
                self.reduce(name)
        for name, lines in self.texts.items():
            print(f"-- {name}\n" + "\n".join(lines))

    def reduce(self, name):
        """Longer stretches first: a script's output section goes as a whole or not at all."""
        for stretch in (8, 5, 3, 2, 1):
            at = 0
            while at < len(self.texts[name]):
                whole = self.texts[name]
                gone = whole[at:at + stretch]
                self.texts[name] = whole[:at] + whole[at + stretch:]
                if any(".byte 0x" in line for line in gone) or not self.still_fails(name):
                    self.texts[name] = whole
                    at += 1
        self.still_fails(name)


def first_difference(reference, image):
    if image is None or reference is None:
        return "no image"
    at = next((at for at, (a, b) in enumerate(zip(reference, image)) if a != b), None)
    if at is None:
        return f"{len(image)} bytes, the reference has {len(reference)}"
    return f"differs from offset {at:#x}: {image[at:at + 8].hex()}, the reference has" \
           f" {reference[at:at + 8].hex()} ({len(image)} and {len(reference)} bytes)"


def check(seed, welt, options):
    """Whether it failed, and whether GNU ld refused it."""
    trial = Trial(seed, welt, options)
    trial.set_up()
    fault = trial.fault()
    if fault:
        trial.keep()
        print(f"FAILED seed {seed}: see {trial.folder}\n{fault}", flush=True)
    else:
        shutil.rmtree(trial.folder)
    return bool(fault), trial.refused


def reduce(seed, welt, options):
    trial = Trial(seed, welt, options)
    trial.set_up()
    fault = trial.fault()
    if fault is None:
        print(f"seed {seed} does not fail")
        return 1
    Reduction(trial).run()
    trial.keep()
    print(f"-- {trial.folder}\n{trial.fault()}")
    return 0


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--welt", required=True)
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--machine", choices=["i386", "x86-64"], default="i386")
    parser.add_argument("--dialect", choices=["gnu", "lld"], default="gnu")
    parser.add_argument("--reduce", type=int, metavar="SEED")
    options = parser.parse_args(arguments)
    welt = os.path.abspath(options.welt)
    if options.reduce is not None:
        return reduce(options.reduce, welt, options)
    seeds = range(options.first, options.first + options.count)
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda seed: check(seed, welt, options), seeds))
    failed = sum(fault for fault, _ in results)
    refused = sum(refused for _, refused in results)
    print(f"{len(results) - failed} passed, {failed} failed; {refused} of them are refused")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
