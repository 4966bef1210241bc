#!/usr/bin/env python3
"""Random objects and linker scripts through `ld.welt` and GNU ld: the images must be the same bytes.

    differential.py --welt build/release/bin/welt --count 200
    differential.py --welt build/release/bin/welt --count 5000 --first 1000      the long run
    differential.py --welt build/release/bin/welt --reduce 1234                  a small case of a seed

Each seed makes one to four assembly objects with every relocation that boot code uses (R_386_8,
16, 32, PC8, PC16, PC32, PLT32, against section symbols, local, global, weak, absolute and common
symbols, with addends) in sections of several alignments, and a way to link them: `-N -Ttext`, or a
script with addresses, alignments, load addresses, fills, data, regions and symbols.

What is held against what:
    GNU ld links      ld.welt gives the same bytes as GNU ld's flat image or as its ELF file made flat
                      by objcopy: GNU ld's two ways differ for common symbols, whose place in .bss its
                      flat way forgets
    GNU ld refuses    so does ld.welt, with a message
Values where GNU ld errs are not generated (it truncates some silently, and takes R_386_PC8 to reach
from -129 to +126): tests/cases/relocate has those.

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

SECTIONS = {  # name -> flags for gas
    ".text": '"ax"', ".text.hot": '"ax"', ".text.unlikely": '"ax"', ".rodata": '"a"',
    ".rodata.str1.1": '"aMS",@progbits,1', ".data": '"aw"', ".data.rel": '"aw"',
    ".bss": '"aw",@nobits', ".bss.buffer": '"aw",@nobits', ".custom": '"a"', "bare": '"awx"',
}
ORPHANS = {".custom", "bare"}  # no script below names them
GLOBALS = [f"g{index}" for index in range(8)]
SMALL = ["small0", "small1"]   # absolute, fit a byte
LARGE = ["large0", "large1"]   # absolute, fit 32 bits
COMMONS = ["common0"]  # one: GNU ld takes several in the order of its hash table
FROM_SCRIPT = ["from_script0", "from_script1"]
ALIGNMENTS = [1, 1, 1, 2, 4, 4, 8, 16, 32]


class Objects:
    """The assembly text of one seed's objects."""

    def __init__(self, rng, has_script):
        self.rng = rng
        self.count = rng.randrange(1, 5)
        self.local_labels = 0
        self.weak_only = rng.random() < 0.3
        # GNU ld merges strings in its ELF file, which is what common symbols are held against.
        commons = COMMONS if rng.random() < 0.4 else []
        self.targets = GLOBALS + commons + (FROM_SCRIPT if has_script else [])
        owners = {name: rng.randrange(self.count) for name in GLOBALS + SMALL + LARGE + commons}
        orphans = rng.random() < 0.15
        names = [name for name in SECTIONS if (orphans or name not in ORPHANS)
                 and not (commons and "M" in SECTIONS[name])]
        self.texts = [self.object_text(index, owners, names) for index in range(self.count)]

    def object_text(self, index, owners, section_names):
        mine = [name for name, owner in owners.items() if owner == index]
        lines = ["        .code16" if self.rng.random() < 0.7 else "        .code32"]
        lines += self.absolute_symbols(mine)
        globals_here = [name for name in mine if name in GLOBALS]
        sections = self.rng.sample(section_names, self.rng.randrange(1, 6))
        if globals_here or index == 0:
            sections.insert(0, ".text")
        for at, section in enumerate(sections):
            names = globals_here if at == 0 else []
            lines += self.section_text(section, names, is_start=index == 0 and at == 0)
        return "\n".join(lines) + "\n"

    def absolute_symbols(self, mine):
        lines = []
        for name in mine:
            if name in SMALL:
                lines += [f"        .globl {name}", f"        .set {name}, {self.rng.randrange(-100, 200)}"]
            elif name in LARGE:
                lines += [f"        .globl {name}", f"        .set {name}, {self.rng.getrandbits(32):#x}"]
            elif name in COMMONS:
                align = self.rng.choice([1, 2, 4, 16])
                lines.append(f"        .comm {name}, {self.rng.randrange(1, 40)}, {align}")
        return lines

    def section_text(self, section, names, is_start):
        lines = [f"        .section {section}, {SECTIONS[section]}"]
        lines.append(f"        .balign {self.rng.choice(ALIGNMENTS)}")
        if is_start:
            lines += ["        .globl _start", "_start:"]
        if "nobits" in SECTIONS[section]:
            return lines + [f"        .skip {self.rng.randrange(1, 60)}"]
        local = self.new_label()
        lines += [f"{local}:", *self.data(local)]
        for name in names:
            lines += self.definition(name) + self.items(local, self.rng.randrange(4))
        return lines + self.items(local, self.rng.randrange(1, 8))

    def new_label(self):
        self.local_labels += 1
        return f"local{self.local_labels}"

    def definition(self, name):
        binding = "weak" if self.rng.random() < 0.2 else "globl"
        return [f"        .{binding} {name}", f"{name}:"]

    def items(self, local, count):
        makers = [self.data, self.absolute_reference, self.relative_reference, self.byte_reference,
                  self.branch, self.near_branch, self.weak_reference]
        return [line for _ in range(count) for line in self.rng.choice(makers)(local)]

    def addend(self):
        return self.rng.choice(["", "", f" + {self.rng.randrange(1, 90)}", f" - {self.rng.randrange(1, 90)}"])

    def data(self, _):
        values = ", ".join(f"{self.rng.randrange(256):#04x}" for _ in range(self.rng.randrange(1, 9)))
        return [f"        .byte {values}"]

    def absolute_reference(self, local):
        if self.rng.random() < 0.2:
            return [f"        .long {self.rng.choice(LARGE)}{self.addend()}"]
        target = self.rng.choice(self.targets + [local])
        return [f"        .{self.rng.choice(['word', 'long'])} {target}{self.addend()}"]

    def relative_reference(self, local):
        target = self.rng.choice(self.targets + [local])
        return [f"        .{self.rng.choice(['word', 'long'])} {target}{self.addend()} - ."]

    def byte_reference(self, _):
        return [f"        .byte {self.rng.choice(SMALL)}"]

    def branch(self, local):
        if self.rng.random() < 0.2:
            return [f"        .code32\n        call {self.rng.choice(GLOBALS)}@PLT\n        .code16"]
        target = self.rng.choice(GLOBALS + [local])
        return [f"        {self.rng.choice(['call', 'calll', 'jmp', 'jne'])} {target}"]

    def near_branch(self, local):
        """R_386_PC8 over a few bytes: to a global symbol, or gas would need no relocation."""
        name = f"near_{self.new_label()}"
        return [f"        .globl {name}", f"        .byte {name} - 1 - .", *self.data(local), f"{name}:"]

    def weak_reference(self, _):
        if not self.weak_only:
            return []
        return ["        .weak nowhere", "        .long nowhere", "        .word nowhere + 3"]


class Script:
    """A linker script that places what the objects hold, each statement with some chance."""

    def __init__(self, rng):
        self.rng = rng
        self.regions = rng.random() < 0.25
        lines = []
        if rng.random() < 0.4:
            lines.append("ENTRY(_start)")
        if rng.random() < 0.3:
            lines.append("base = 0x7c00;")
        if self.regions:
            lines += ["MEMORY {", "    low (rwx) : ORIGIN = 0x7c00, LENGTH = 16K",
                      "    high : ORIGIN = 48K, LENGTH = 0x2000", "}"]
        lines += ["SECTIONS", "{", *self.body(), "}"]
        self.text = "\n".join(lines) + "\n"

    def maybe(self, chance, line):
        return [line] if self.rng.random() < chance else []

    def body(self):
        rng = self.rng
        parts = [self.output(".text", ["*(.text)", "*(.text.*)"], 0x90),
                 self.output(".rodata", ["*(.rodata)", "*(.rodata.*)"], 0),
                 self.output(".data", ["*(.data)", "*(.data.*)"], 0)]
        if rng.random() < 0.3:
            rng.shuffle(parts)
        if rng.random() < 0.5:
            parts.append(self.bss())
        else:
            parts.append(["    .bss : { *(.bss) *(.bss.*) *(COMMON) }"])
        lines = [] if self.regions else [f"    . = {rng.choice(['0x7c00', '0x600', '0x100', '31K'])};"]
        lines.append(f"    from_script0 = {self.expression()};")
        for part in parts:
            lines += self.maybe(0.25, f"    . = ALIGN({rng.choice([2, 8, 16, 64])});") if not self.regions else []
            lines += part
            lines += self.maybe(0.2, f"    mark{len(lines)} = .;")
        lines.append(rng.choice(["    from_script1 = .;", "    from_script1 = ADDR(.data) + SIZEOF(.data);",
                                 "    PROVIDE(from_script1 = LOADADDR(.rodata));"]))
        lines += self.maybe(0.3, "    ASSERT(SIZEOF(.text) < 64K, \"too long\")")
        return lines + ["    /DISCARD/ : { *(.note*) *(.comment) }"]

    def expression(self):
        return self.rng.choice(["0x1234", "(1 << 12) + 5 * 3", "16K / 3", "~0 & 0x7fff", "3 > 2 ? 77 : 88",
                                "MAX(4, 9) - MIN(2, 3)", "0x7c00 | 7 % 4", "-1 & 0xff"])

    def output(self, name, patterns, fill):
        rng = self.rng
        address = rng.choice(["", "", "", " ALIGN(16)", " BLOCK(8)"]) if not self.regions else ""
        align = rng.choice(["", "", "", " ALIGN(8)"])
        load = ""
        if not self.regions and rng.random() < 0.1:
            load = " AT(ADDR(%s) + 0)" % name
        lines = [f"    {name}{address} :{load}{align} {{"]
        lines += self.contents(patterns)
        end = rng.choice([" >low", " >low", " >high"]) if self.regions else ""
        end += f" ={rng.choice([f'0x{fill:02x}', '0x9090', '0xcc'])}" if rng.random() < 0.3 else ""
        return lines + [f"    }}{end}"]

    def contents(self, patterns):
        rng = self.rng
        lines = []
        for pattern in patterns:
            lines.append("        " + self.decorated(pattern))
            lines += self.maybe(0.2, f"        {rng.choice(['BYTE', 'SHORT', 'LONG', 'QUAD'])}({rng.randrange(256)})")
            lines += self.maybe(0.15, f"        . = ALIGN({rng.choice([2, 4, 16])});")
            lines += self.maybe(0.1, f"        . += {rng.randrange(1, 20)};")
            lines += self.maybe(0.1, f"        . = . + {rng.randrange(1, 20)};")
            lines += self.maybe(0.1, "        FILL(0xaabb)")
            lines += self.maybe(0.1, f"        inner{rng.getrandbits(20)} = .;")
        return lines

    def decorated(self, pattern):
        choice = self.rng.random()
        if choice < 0.15:
            return f"KEEP({pattern})"
        inner = pattern[2:-1]
        if choice < 0.25:
            return f"*(SORT({inner}))"
        if choice < 0.32:
            return f"*(SORT_BY_ALIGNMENT({inner}))"
        if choice < 0.38:
            return f"*(EXCLUDE_FILE(*o1.o) {inner}) *o1.o({inner})"
        if choice < 0.45:
            return f"o0.o({inner}) {pattern}"
        return pattern

    def bss(self):
        return [f"    .bss{self.rng.choice(['', ' (NOLOAD)'])} : {{",
                "        __bss_start = .;", "        *(.bss .bss.* COMMON)",
                "        . = ALIGN(4);", "        __bss_end = .;",
                "    }" + (" >low" if self.regions else "")]


class Trial:
    """One seed: its files, and what each linker made of them."""

    def __init__(self, seed, welt):
        rng = random.Random(f"differential {seed}")
        self.seed = seed
        self.welt = os.path.join(os.path.dirname(welt), "ld.welt")
        self.folder = tempfile.mkdtemp(prefix=f"welt-differential-{seed}-")
        self.script = Script(rng) if rng.random() < 0.7 else None
        self.objects = Objects(rng, self.script is not None)
        self.refused = False
        self.names = [f"o{index}.o" for index in range(self.objects.count)]

    def set_up(self):
        for name, text in zip(self.names, self.objects.texts):
            self.assemble(name, text)
        if self.script:
            self.write("boot.ld", self.script.text)

    def assemble(self, name, text):
        self.write(name[:-2] + ".s", text)
        result = subprocess.run(["as", "--32", "-o", name, name[:-2] + ".s"], cwd=self.folder,
                                capture_output=True, check=False)
        return result.returncode == 0

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="ascii") as file:
            file.write(text)

    def arguments(self, output, form="binary"):
        way = ["-T", "boot.ld"] if self.script else ["-N", "-Ttext=0x7c00"]
        return ["-m", "elf_i386", *way, "--oformat", form, "-o", output, *self.names]

    def link(self, linker, output):
        result = self.run(linker, *self.arguments(output))
        return result.returncode, result.stderr, self.image(output)

    def run(self, *command):
        return subprocess.run(command, cwd=self.folder, check=False, capture_output=True,
                              encoding="utf-8", errors="replace", timeout=60)

    def by_objcopy(self):
        """GNU ld's other way to a flat image."""
        self.run("ld.bfd", *self.arguments("reference.elf", "elf32-i386"))
        self.run("objcopy", "-O", "binary", "reference.elf", "reference.bin")
        return self.image("reference.bin")

    def image(self, name):
        try:
            with open(os.path.join(self.folder, name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return None

    def fault(self):
        """None when Welt does as it should, else what is wrong."""
        status, message, image = self.link("ld.bfd", "reference.bin")
        self.refused = status != 0
        own_status, own_message, own_image = self.link(self.welt, "boot.bin")
        if own_status not in (0, 1):
            return f"ld.welt ended with status {own_status}\n{own_message}"
        if status != own_status:
            return f"the reference: status {status}\n{message}\nld.welt: status {own_status}\n{own_message}"
        if own_status == 1:
            return None if own_message.strip() and own_image is None else "refused without a message"
        if own_image in (image, self.by_objcopy()):
            return None
        return first_difference(image, own_image)

    def keep(self):
        lines = ["#!/bin/sh", f"ld.bfd {' '.join(self.arguments('reference.bin'))}",
                 f"{self.welt} {' '.join(self.arguments('boot.bin'))}", "cmp reference.bin boot.bin"]
        self.write("again", "\n".join(lines) + "\n")


class Reduction:
    """Takes lines away from a trial that fails as long as it goes on failing in the same way.

    Data stays: sections with nothing in them fail in ways of their own."""

    def __init__(self, trial):
        self.trial = trial
        self.kind = self.kind_of(trial.fault())
        self.texts = {name: text.splitlines() for name, text in zip(trial.names, trial.objects.texts)}
        if trial.script:
            self.texts["boot.ld"] = trial.script.text.splitlines()

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


def check(seed, welt):
    """Whether it failed, and whether GNU ld refused it."""
    trial = Trial(seed, welt)
    trial.set_up()
    fault = trial.fault()
    if fault:
        trial.keep()
        print(f"FAILED seed {seed}: see {trial.folder}\n{fault}", flush=True)
    else:
        shutil.rmtree(trial.folder)
    return bool(fault), trial.refused


def reduce(seed, welt):
    trial = Trial(seed, welt)
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
    parser.add_argument("--reduce", type=int, metavar="SEED")
    options = parser.parse_args(arguments)
    welt = os.path.abspath(options.welt)
    if options.reduce is not None:
        return reduce(options.reduce, welt)
    seeds = range(options.first, options.first + options.count)
    with ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda seed: check(seed, welt), seeds))
    failed = sum(fault for fault, _ in results)
    refused = sum(refused for _, refused in results)
    print(f"{len(results) - failed} passed, {failed} failed; GNU ld refuses {refused} of them")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
