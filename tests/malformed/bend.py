#!/usr/bin/env python3
"""Bends sound inputs by their structure (mutations.py) and links what comes out.

    bend.py --welt build/release/bin/welt                    a sample: --count 1500
    bend.py --welt build/release/bin/welt --count 0          all of it: hours
    bend.py --welt build/release/bin/welt --kinds elf64,json --count 5000 --seed 3
    bend.py --welt build/sanitize/bin/welt --sanitize
    bend.py --welt build/release/bin/welt --only 'script:token-7-twice' --keep /tmp/found

Objects and linked ELF files of both classes, archives, scripts, response files, reports, templates,
and every option with every bad value, linked to flat images, ELF files, objects (-r), with listings,
reports and maps beside them. What must hold: the command ends by itself, soon, with 0 or 1; with 1
there is an error on stderr and the output is what was there before, with 0 there is none and the
output is new; no input changes, no other file is there, and a report of machines can be read. The
linker runs as nobody when this is started as root, and must not be run as root: a bad value is a
path, too. Exit status 0 when all of it holds.
"""
import argparse
import collections
import concurrent.futures
import itertools
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import mutations
from check import reachable_copy

HERE = os.path.dirname(os.path.abspath(__file__))
OPTIONS = os.path.join(HERE, "..", "..", "linker", "cli", "options.def")
NOBODY = 65534
OLD = b"what was there before"
SOUND = "sound"  # the name of what is not bent, which must link

# ---- sound inputs ----

RICH = """
        {mode}
        .globl _start, data_word, weak_one, common_one, pair
        .weak weak_one, missing
        .comm common_one, 12, 4
        .section .text, "ax"
        .type _start, @function
_start: movl $data_word, %edi
        call helper
        jmp pair
        .size _start, . - _start
weak_one: ret
        .section .text.pair, "axG", @progbits, pair, comdat
        .type pair, @function
pair:   .cfi_startproc
        ret
        .cfi_endproc
        .section .rodata.str1.1, "aMS", @progbits, 1
text:   .asciz "boot"
        .asciz "reboot"
        .section .rodata.cst4, "aM", @progbits, 4
        .long 7, 8, 7
        .section .init_array, "aw"
        {word} _start
        .data
data_word: {word} text, missing + 4, common_one, data_word - .
        .bss
        .skip 24
        .section .note.GNU-stack, "", @progbits
        .section .debug_str, "MS", @progbits, 1
        .asciz "a compiler"
"""
HELPER = "        {mode}\n        .globl helper\nhelper: ret\n        .globl of_helper\nof_helper: .long helper\n"
C_CODE = "extern int nowhere(int); struct at { char *name; int many[3]; } table[2];\n" \
         "static int inner(struct at *one) { return nowhere(one->many[1]) + 1; }\n" \
         "int main(void) { return inner(table) + inner(table + 1); }\n"
# Whole scripts, one that is added to the linker's own, and one that joins objects: each with the
# lines that it links by.
WHOLE = """OUTPUT_FORMAT(binary) ENTRY(_start)
MEMORY { RAM (rwx) : ORIGIN = 0x7c00, LENGTH = 4K  HIGH : ORIGIN = 1M, LENGTH = 1K }
PHDRS { all PT_LOAD FLAGS(7); }
REGION_ALIAS("R", RAM)
size = DEFINED(other) ? 2 : (1 << 3) + ALIGNOF(.text);
SECTIONS {
  . = ALIGN(0x7c00, 16);
  .text ALIGN(4) : AT(0x7c00) SUBALIGN(2) { KEEP(*(SORT(.text.*))) *(EXCLUDE_FILE(*x.o) .text) } > R :all =0x90
  .data : { here = .; *(.rodata .rodata.* .data); BYTE(1) LONG(size); FILL(0xcc) . += 4; } > RAM :all
  .init : { SORT_BY_NAME(*)(.init_array .init_array.*) QUAD(ADDR(.data) + SIZEOF(.text)) } > RAM
  OVERLAY : AT(0x9000) { .a { *(.a) } .b { *(.b) } } > HIGH
  .bss (NOLOAD) : { *(.bss COMMON) PROVIDE(end = .); } > RAM AT> RAM
  /DISCARD/ : { *(.comment .note.* .eh_frame) }
  ASSERT(SIZEOF(.text) < 0x1000, "too large")
}
VERSION { one { global: a*; local: *; }; two { extern "C" { b; }; } one; }
"""
ADDED = """EXTERN(missing) NOCROSSREFS(.data .other)
SECTIONS { .added : { first = .; KEEP(*(.text.pair)) *good.o(.text) LONG(helper) } ASSERT(first != 0, "no") }
INSERT AFTER .text;
SECTIONS { .before 0x9000 (READONLY) : ONLY_IF_RO { *(.rodata.cst4) } =0 } INSERT BEFORE .data;
HIDDEN(_begin = ADDR(.added)); PROVIDE_HIDDEN(_count = MAX(LOADADDR(.added), 3) % 5);
"""
JOINED = """SECTIONS {
  .text 0 : { *(.text) *(SORT_BY_ALIGNMENT(.text.*)) mark = .; }
  .data : SUBALIGN(8) { *(.data .rodata*) SHORT(SIZEOF(.text)) . = ALIGN(16); }
  .bss : { *(.bss) *(COMMON) }
}
FORCE_COMMON_ALLOCATION
"""
RESPONSE = "-o out.bin good.o --defsym 'a=1 + 2' \"-Ttext=0x7c00\" --oformat binary\n-u \\_start @more.rsp\n"
BUDGETS = ["--budget-action=warn", "--budget", "500", "--budget", "symbol:_start=3", "--max-growth=2%"]


def assemble(folder, name, width, text):
    path = os.path.join(folder, name)
    subprocess.run(["as", f"--{width}", "-o", path, "-"], input=text, text=True, check=True)
    with open(path, "rb") as file:
        return file.read()


def read(folder, name):
    with open(os.path.join(folder, name), "rb") as file:
        return file.read()


class Sound:
    """Every sound input, made once with the tools that are there and the command itself."""

    def __init__(self, welt):
        with tempfile.TemporaryDirectory() as folder:
            self.rich, self.helper, self.good, self.linked = {}, {}, {}, {}
            for width, words in ((32, {"mode": ".code16", "word": ".long"}),
                                 (64, {"mode": ".code64", "word": ".quad"})):
                self.rich[width] = assemble(folder, f"rich{width}.o", width, RICH.format(**words))
                self.helper[width] = assemble(folder, f"helper{width}.o", width, HELPER.format(**words))
                self.good[width] = assemble(folder, "good.o", width,
                                            HELPER.format(**words).replace("globl", "weak"))
                machine = ["-m", "elf_i386" if width == 32 else "elf_x86_64"]
                self.run(folder, [f"{os.path.dirname(welt)}/ld.welt", *machine, f"rich{width}.o",
                                  f"helper{width}.o", "-o", f"linked{width}"])
                self.linked[width] = read(folder, f"linked{width}")
            self.run(folder, ["ar", "rcsD", "gnu.a", "helper32.o", "rich32.o"])
            shutil.copy(os.path.join(folder, "helper32.o"), os.path.join(folder, "a_long_name_of_17.o"))
            self.run(folder, ["ar", "rcsD", "long.a", "a_long_name_of_17.o", "rich32.o"])
            self.run(folder, ["ar", "rcsDT", "thin.a", "helper32.o", "rich32.o"])
            self.archive = {name: read(folder, f"{name}.a") for name in ("gnu", "long", "thin")}
            with open(os.path.join(folder, "code.c"), "w", encoding="ascii") as file:
                file.write(C_CODE)
            self.debug = {}
            for width in (32, 64):
                self.run(folder, ["gcc", "-m16" if width == 32 else "-m64", "-g", "-Os", "-c",
                                  "-ffreestanding", "-fno-pic", "-fno-inline", "code.c", "-o", "code.o"])
                self.debug[width] = read(folder, "code.o")
            self.run(folder, [welt, "rich32.o", "helper32.o", "-o", "boot.bin", "--layout=raw",
                              "--report=json:old.json", "--budget", "900"])
            self.report = read(folder, "old.json").decode()

    @staticmethod
    def run(folder, words):
        subprocess.run(words, cwd=folder, check=True, capture_output=True)


# ---- what is linked ----

Case = collections.namedtuple("Case", "name files line is_boot may_print")
ALL_OUTPUTS = ["--elf", "out.elf", "--listing=out.lst", "-Map", "out.map", "--report=json:out.json",
               "--report=html:out.html", "--report=csv:out.csv", "--dependency-file=out.d",
               "--diagnostics=sarif:out.sarif"]
LD = ["-e", "0", "--unresolved-symbols=ignore-all", "-o", "out.bin"]
FLAT = LD + ["--oformat", "binary", "-Ttext", "0x7c00"]
# The bent input stands for IN; (whether by the name `welt`, the words).
WAYS = [(False, FLAT + ["IN", "good.o", "-Map", "out.map", "--cref"]),
        (False, LD + ["IN", "good.o", "-q", "--build-id"]),
        (False, ["-r", "-o", "out.bin", "IN", "good.o"]),
        (True, ["--layout=raw", "-o", "out.bin", "good.o", "IN", "-Wall", "-Wno-wrong-mode", *ALL_OUTPUTS]),
        (False, FLAT + ["--dialect=lld", "--icf=all", "--gc-sections", "good.o", "IN"]),
        (False, LD + ["--dialect=lld", "-O2", "IN", "good.o", "-s"]),
        (False, FLAT + ["-R", "IN", "good.o"]),
        (True, ["-o", "out.bin", "IN", "good.o", "--icf=all", "--budget=30",
         "--budget-action=warn", "-Wno-wrong-mode", *ALL_OUTPUTS]),
        (False, ["-r", "-d", "-S", "-x", "--gc-sections", "-u", "pair", "-o", "out.bin", "good.o", "IN"]),
        (False, LD + ["--whole-archive", "IN", "good.o", "-X", "-z", "relro", "--emit-relocs"]),
        (False, FLAT + ["other.o", "IN", "good.o", "--elf", "out.elf"])]  # ELF32 beside ELF64


class Cases:
    """All cases of a kind, in order; every one in one way of linking, the next in the next."""

    def __init__(self, sound, rng):
        self.sound, self.rng, self.turn = sound, rng, 0
        self.good = {width: {"good.o": data, "other.o": sound.good[96 - width]}
                     for width, data in sound.good.items()}

    def object_cases(self, width, found, extra=None):
        machine = ["-m", "elf_i386" if width == 32 else "elf_x86_64"]
        for what, bent in found:
            is_boot, line = WAYS[self.turn % len(WAYS)]
            self.turn += 1
            line = ["-u", "helper"] + ["bent.o" if word == "IN" else word for word in line]
            yield Case(what, {"bent.o": bent, **self.good[width], **(extra or {})},
                       machine + line, is_boot, False)

    def elf(self, width):
        for data in (self.sound.rich[width], self.sound.linked[width]):
            for found in ([(SOUND, data)] * len(WAYS), mutations.bent_elf(data), mutations.cut_elf(data),
                          mutations.mixed_elf(data, self.rng, 4000)):
                yield from self.object_cases(width, found)

    def elf32(self):
        return self.elf(32)

    def elf64(self):
        return self.elf(64)

    def debug(self):
        for width in (32, 64):
            data = self.sound.debug[width]
            found = mutations.bent_debug(data, self.rng, 6000)
            nowhere = [["--defsym", "nowhere=0x7c00"], []]  # found, or told of with its source's line
            lld = ["--dialect=lld", "-e", "main", "-Wno-arch-mismatch"] if width == 64 else []
            for number, (what, bent) in enumerate(itertools.chain([(SOUND, data)], found)):
                yield Case(f"{width}-{what}", {"bent.o": bent}, ["bent.o", "-o", "out.bin", "--layout=raw",
                           *lld, "--listing=out.lst", *nowhere[number % 2]], True, False)

    def archives(self):
        extra = {"helper32.o": self.sound.helper[32], "rich32.o": self.sound.rich[32]}
        for name, data in self.sound.archive.items():
            for found in ([(SOUND, data)] * len(WAYS), mutations.bent_archive(data), mutations.cut_archive(data)):
                yield from self.object_cases(32, ((f"{name}-{what}", bent) for what, bent in found),
                                             extra)

    def texts(self, name, text, kind, line, is_boot=False):
        files = {"good.o": self.sound.helper[32], "rich.o": self.sound.rich[32],
                 "more.rsp": b"rich.o"}
        for found in ([(SOUND, text)], mutations.bent_text(text, kind), mutations.nested_text(text)):
            for what, bent in found:
                yield Case(what, {name: bent.encode("latin-1"), **files}, line, is_boot, True)

    def script(self):
        ways = [(WHOLE, FLAT[:-2] + ["-T", "bent.ld", "rich.o", "good.o"]),
                (WHOLE, LD + ["-T", "bent.ld", "rich.o", "good.o", "--dialect=lld"]),
                (WHOLE, LD + ["--oformat=elf32-i386", "-T", "bent.ld", "rich.o", "good.o", "--gc-sections"]),
                (ADDED, LD + ["-T", "bent.ld", "rich.o", "good.o", "-Map", "out.map"]),
                (JOINED, ["-r", "-T", "bent.ld", "rich.o", "-o", "out.bin"])]
        for number, (text, line) in enumerate(ways):
            for case in self.texts("bent.ld", text, "script", ["-m", "elf_i386", *line]):
                yield case._replace(name=f"{number}-{case.name}")

    def response(self):
        return self.texts("bent.rsp", RESPONSE, "words", ["-m", "elf_i386", "-e", "0", "@bent.rsp"])

    def json(self):
        lines = [["rich.o", "good.o", "-o", "out.bin", "--layout=raw", "--baseline=bent.json", *BUDGETS,
                  "--report=json:out.json", "--report=html:out.html"],
                 ["size", "bent.json", "--report=json:out.json", "--budget=500"],
                 ["size", "bent.json", "--baseline=bent.json", "--report=markdown:out.md"]]
        for number, case in enumerate(self.texts("bent.json", self.sound.report, "json", [], True)):
            yield case._replace(line=lines[number % len(lines)])

    def binary(self):
        """Whatever a file is, as bytes, as a template, and beside a layout that fits it not."""
        for size in (0, 1, 3, 89, 90, 509, 510, 511, 512, 513, 70000):
            for layout in ("sector", "mbr", "vbr", "vbr32", "disk", "com", "rom", "raw"):
                data = self.rng.randbytes(size)
                files = {"bent.o": data, **self.good[32]}
                yield Case(f"raw-{size}-{layout}", files, ["-b", "binary", "bent.o", "-b", "default",
                           "good.o", f"--layout={layout}", "-o", "out.bin", "-Wall"], True, False)
                yield Case(f"template-{size}-{layout}", files, ["good.o", f"--layout={layout}",
                           "--template=bent.o", "-o", "out.bin", "-Wall"], True, False)

    def options(self):
        values = ["", "0", "1", "-1", "0x", "99999999999999999999", "0xffffffffffffffff", "-0x80000000",
                  "4G", "1e9", "=", "=1", "x=", "x=x", "x=1/0", ".text=0", ".=1", ":", "a:b", "%", "%n%s",
                  "/", ".", "..", "good.o", "out.bin", "nowhere/x", "/dev/null", "/dev/full", "/dev/zero",
                  "/proc/self/mem", "x" * 5000, "\n", "\xff\xfe", "-", "--", "@good.o", "json", "json:",
                  "text:out.bin", "json:good.o", "sarif:nowhere/x", "json:/dev/full", "none", "all", "error="]
        files = {**self.good[32], "rich.o": self.sound.rich[32]}
        for name in option_names():
            dashes = "-" if len(name) == 1 else "--"
            for value in values:
                for words in ([dashes + name, value], [f"{dashes}{name}={value}"]):
                    for is_boot in (False, True):
                        yield Case(f"{name} {value[:20]!r} {len(words)} {is_boot}", files,
                                   [*words, "rich.o", "good.o", "-o", "out.bin"], is_boot, True)


KINDS = [name for name, value in vars(Cases).items()
         if not name.startswith("_") and name not in ("elf", "object_cases", "texts")]


def option_names():
    with open(OPTIONS, encoding="utf-8") as file:
        text = file.read()
    rows = re.findall(r'^(?:(?:OPTION|IGNORED|REFUSED)\((?:[A-Z_]+, )?|TEXT\(|LISTED\(|CHOICE\(|FLAG\()'
                      r'"([^"]+)"', text, re.M)
    return sorted({name.strip("!").removeprefix("--") for row in rows for name in row.split()})


# ---- the links ----


class Runner:
    def __init__(self, options, commands, work):
        self.options, self.commands, self.work = options, commands, work
        self.is_root = os.geteuid() == 0

    def limits(self):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (256 << 20, 256 << 20))
        if not self.options.sanitize:
            resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))

    def run(self, case, number):
        folder = tempfile.mkdtemp(dir=self.work)
        files = dict(case.files)
        if number % 2 and "out.bin" not in files:
            files["out.bin"] = OLD
        for name, data in files.items():
            with open(os.path.join(folder, name), "wb") as file:
                file.write(data)
        if self.is_root:
            os.chown(folder, NOBODY, NOBODY)
            for name in files:
                os.chown(os.path.join(folder, name), NOBODY, NOBODY)
        line = [word.encode("latin-1") for word in case.line if "\0" not in word]
        who = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if self.is_root else {}
        begin = time.monotonic()
        try:
            result = subprocess.run([self.commands[case.is_boot], *line], cwd=folder, check=False,
                                    stdin=subprocess.DEVNULL, capture_output=True,
                                    timeout=self.options.timeout, preexec_fn=self.limits, **who)
            wrong = list(self.judge(case, files, folder, result))
            if time.monotonic() - begin > self.options.timeout / 2:
                wrong.append(f"slow: {time.monotonic() - begin:.1f} s")
        except subprocess.TimeoutExpired:
            wrong, result = ["does not end"], None
        if wrong and self.options.keep:
            self.keep(case, folder, number)
        shutil.rmtree(folder, ignore_errors=True)
        return wrong, result

    def keep(self, case, folder, number):
        kept = os.path.join(self.options.keep, f"{number}")
        shutil.copytree(folder, kept, dirs_exist_ok=True)
        with open(os.path.join(kept, "LINE"), "w", encoding="utf-8", errors="replace") as file:
            file.write(f"{case.name}\n{case.is_boot}\n{case.line}\n")

    def judge(self, case, files, folder, result):
        error = result.stderr
        if result.returncode == 1 and case.name.endswith(SOUND):
            yield "is refused, so that what is bent would test little"
        if result.returncode not in (0, 1):
            yield f"status {result.returncode}"
        if re.search(rb"Sanitizer|runtime error:|LLVM ERROR|terminate called|Stack dump", error):
            yield "a report of the runtime"
        says_error = re.search(rb"(^|: )error: ", error) or b"\"error\"" in error + result.stdout
        if result.returncode == 1 and not error.strip() and not says_error:
            yield "fails without a word"
        if result.returncode == 0 and re.search(rb"(?m)^[^`']*: error: ", error):
            yield "an error and status 0"
        yield from self.judge_files(case, files, folder, result)

    def judge_files(self, case, files, folder, result):
        now = {}
        for name in os.listdir(folder):
            path = os.path.join(folder, name)
            now[name] = read(folder, name) if os.path.isfile(path) else b""
        for name, data in files.items():
            if name != "out.bin" and now.get(name) != data and not self.is_output(case, name):
                yield f"the input {name} has changed"
        for name in now:
            if name not in files and (name.startswith(".welt") or not self.is_asked_for(case, name)):
                yield f"a file that nobody asked for: {name}"
        image = now.get("out.bin")
        if result.returncode == 1 and image not in (None, OLD) and not case.may_print:
            yield f"it fails and writes out.bin: {len(image)} bytes"
        if result.returncode == 1 and "out.bin" in files and image is None:
            yield "out.bin has gone"
        if result.returncode == 0 and image in (None, OLD) and not case.may_print:
            yield "it ends well and writes nothing"
        for name in ("out.json", "out.sarif"):
            if name in now:
                try:
                    json.loads(now[name])
                except ValueError as fault:
                    yield f"{name} cannot be read: {fault}"

    @staticmethod
    def is_output(case, name):
        """A bent response file may say so."""
        asks = rb"(?s)-(?:o|Map)\W*(more\.rsp\b|" + re.escape(name.encode()) + rb")"  # which begins with rich.o
        return re.search(asks, case.files.get("bent.rsp", b""))

    @staticmethod
    def is_asked_for(case, name):
        """A bent text may name any file."""
        return case.may_print or name in " ".join(case.line)


def chosen_cases(options, sound):
    for kind in options.kinds.split(",") if options.kinds else KINDS:
        cases = list(getattr(Cases(sound, random.Random(options.seed)), kind)())
        cases = [(f"{kind}:{case.name}", case) for case in cases]
        if options.only:
            cases = [one for one in cases if options.only in one[0]]
        elif options.count:
            share = max(options.count // len(KINDS if not options.kinds else
                                             options.kinds.split(",")), 1)
            random.Random(options.seed).shuffle(cases)
            cases.sort(key=lambda one: not one[0].endswith(SOUND))
            cases = cases[:share]
        yield kind, cases


def run_all(options, runner, sound):
    wrong = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for kind, cases in chosen_cases(options, sound):
            begin, fine, ended = time.monotonic(), 0, 0
            runs = pool.map(lambda item: runner.run(item[1][1], item[0]), enumerate(cases))
            for (name, _), (faults, result) in zip(cases, runs):
                ended += result is not None and result.returncode == 1
                fine += result is not None and result.returncode == 0
                wrong += bool(faults)
                for fault in faults:
                    print(f"WRONG {name}: {fault}"
                          f"{' | ' + result.stderr[-300:].decode('latin-1') if result else ''}")
            print(f"{kind}: {len(cases)} links, {fine} fine, {ended} refused, "
                  f"{time.monotonic() - begin:.0f} s", flush=True)
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--welt", required=True)
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default="", help=",".join(KINDS))
    parser.add_argument("--only", default="", help="a part of a case's name")
    parser.add_argument("--keep", help="a folder for the files of what is wrong")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--timeout", type=float, default=20)
    parser.add_argument("--sanitize", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="welt-bent-") as folder:
        command = reachable_copy(os.path.abspath(options.welt), folder)
        shutil.copy(command, os.path.join(folder, "welt"))
        os.environ.update(LD_LIBRARY_PATH=folder, LC_ALL="C")
        work = os.path.join(folder, "work")
        os.mkdir(work)
        os.chmod(work, 0o711)
        commands = {False: command, True: os.path.join(folder, "welt")}
        wrong = run_all(options, Runner(options, commands, work), Sound(commands[True]))
    print(f"{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
