#!/usr/bin/env python3
"""The failures of boot builds: each is told of where an object is made to have it, and not where one
only looks like it; by gcc, clang and nasm where they can make it. And none in the examples.

    failures.py --welt build/release/bin/welt
    failures.py --welt build/release/bin/welt stack bss        some of them

The cases in tests/cases/check hold what is said; here is only whether. Exit status 0 when all is so.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

TESTS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(TESTS)
sys.path[:0] = [TESTS, os.path.join(TESTS, "tools")]

import kept  # noqa: E402
import size  # noqa: E402

LEAN = "-Os -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables -w -c"
TOOLS = {
    "gcc": (".c", f"gcc -m16 -march=i386 -fno-pie -fcf-protection=none {LEAN}"),
    "clang": (".c", f"clang -m16 -march=i386 {LEAN}"),
    "nasm": (".asm", "nasm -f elf32"),
    "as": (".s", "as --32"),
}
BOTH = ["gcc", "clang"]

MAIN = "extern int shown; int shown = 3; int main(void) { return shown; }"
LOOP = "bits 16\nglobal _start\n_start: {} \ndone: hlt\njmp done\n"
READY = "xor ax, ax\nmov ds, ax\nmov es, ax\nmov ss, ax\nmov sp, 0x7c00\ncld\n"
END = "times 510 - ($ - $$) db 0\ndw 0aa55h\n"
OWN = ["ld.welt", "-Wboot", "-Ttext", "0x7c00", "--oformat", "binary"]
RAW = ["welt", "--layout", "raw", "-Ttext", "0x7c00"]
LOST = "SECTIONS { . = 0x7c00; .text : { *(.text*) } /DISCARD/ : { *(.rodata*) } }"
HELD = "SECTIONS { . = 0x7c00; .text : { *(.text*) *(.rodata*) } }"
TEXT = "void show(const char *t) { __asm__ volatile(\"\" : : \"r\"(t) : \"memory\"); }\n" \
       "int main(void) { show(\"text\"); return 0; }"
CALLED = "volatile int shown = 2; int cmain(void) { return shown; }"
CALLS = "bits 16\nglobal _start\nextern cmain\n_start: {}call {} cmain\ndone: hlt\njmp done\n"
LOADER = "{}mov [drive], dl\nretry: mov ax, {}\nmov bx, 0x7e00\nmov cx, 2\nmov dh, 0\n" \
         "mov dl, [drive]\nint 0x13\njc retry\njmp stage\ndrive: db 0\n" + END + \
         "stage: hlt\njmp stage\ntimes {} db 0x90\n"


def start(text):
    return "bits 16\nglobal _start\n_start: " + text


class Row:
    """One link: `fires` says whether the id is told of; `sources` are (tool, flags, text)."""

    def __init__(self, fires, sources, command=("welt",), script=None):
        self.fires, self.sources, self.command, self.script = fires, sources, command, script


def fires(*sources, **more):
    return Row(True, sources, **more)


def near(*sources, **more):
    return Row(False, sources, **more)


def c_rows(which, text, flags="", **more):
    return [which((tool, flags, text), **more) for tool in BOTH]


def nasm_rows(bad, good, **more):
    return [fires(("nasm", "", start(bad)), **more), near(("nasm", "", start(good)), **more)]


FAILURES = {
    "pie-object": c_rows(fires, "extern int n; int main(void) { return n; }", "-fPIE",
                         command=["welt", "--defsym", "n=0x500"])
    + c_rows(near, MAIN),
    "budget": c_rows(fires, MAIN + "const char big[600] = {1}; int at(int i) { return big[i]; }",
                     command=["welt", "-u", "at"])
    + c_rows(near, MAIN)
    + nasm_rows("hlt\ntimes 512 db 1\n", "hlt\ntimes 508 db 1\n"),
    "stage-truncated": nasm_rows(LOADER.format(READY, "0x0202", 1100),
                                 LOADER.format(READY, "0x0203", 1100), command=OWN),
    "reloc-16-range": [fires(("as", "", ".code16\n.globl _start\n_start: movw $late, %si\nhlt\n"
                                        ".data\n.skip 0x9000\nlate: .byte 1\n"), command=RAW),
                       near(("as", "", ".code16\n.globl _start\n_start: movw $late, %si\nhlt\n"
                                       ".data\n.skip 0x8000\nlate: .byte 1\n"), command=RAW)]
    + nasm_rows("mov si, late\nhlt\nsection .data\ntimes 0x9000 db 0\nlate: db 1\n",
                "mov si, late\nhlt\nsection .data\ntimes 0x8000 db 0\nlate: db 1\n", command=RAW),
    "entry-not-first": [fires(("nasm", "", "bits 16\nglobal _start\nput: ret\n_start: hlt\njmp put\n"),
                              command=OWN),
                        near(("nasm", "", "bits 16\nglobal _start\njmp _start\nput: ret\n_start: hlt\n"
                                          "jmp put\n"), command=OWN)]
    + c_rows(fires, "void put(void) { __asm__ volatile(\"nop\"); } void _start(void) { for (;;); }",
             "-fno-toplevel-reorder" , command=OWN)[:1]
    + c_rows(near, "void _start(void) { for (;;); }", command=OWN),
    "signature": nasm_rows("hlt\n" + END.replace("0aa55h", "055aah"), "hlt\n" + END, command=OWN),
    "wrong-mode": c_rows(fires, "extern int n; int n = 1; int main(void) { n++; return n + n; }", "-m32")
    + c_rows(near, MAIN)
    + [fires(("nasm", "", "global _start\n_start: mov esi, text\nmov eax, [text]\ncall done\n"
                          "done: hlt\njmp done\ntext: db 1\n")),
       near(("nasm", "", start("mov si, text\nmov ax, [text]\ncall done\ndone: hlt\njmp done\n"
                               "text: db 1\n")))],
    "note-first": [fires(("gcc", "-fcf-protection=full -march=i686", MAIN)),
                   near(("gcc", "", MAIN)), near(("clang", "", MAIN)),
                   near(("nasm", "", start("hlt\n")))],
    "rodata-lost": c_rows(fires, TEXT, command=["ld.welt", "-e", "main", "--oformat", "binary"],
                          script=LOST)
    + c_rows(near, TEXT, command=["ld.welt", "-e", "main", "--oformat", "binary"], script=HELD),
    "eh-frame": c_rows(fires, MAIN, "-fasynchronous-unwind-tables") + c_rows(near, MAIN)
    + [near(("nasm", "", start("hlt\n")))],
    "call-width": [fires(("nasm", "", CALLS.format(READY, "word")), (tool, "", CALLED))
                   for tool in BOTH]
    + [near(("nasm", "", CALLS.format(READY, "dword")), (tool, "", CALLED)) for tool in BOTH],
    "non-alloc": [fires(("as", "", ".code16\n.globl _start\n_start: hlt\n.section sig\n.word 1\n")),
                  near(("as", "", ".code16\n.globl _start\n_start: hlt\n.section sig, \"a\"\n.word 1\n")),
                  fires(("nasm", "", start("hlt\nsection sig noalloc\ndw 1\n"))),
                  near(("nasm", "", start("hlt\nsection sig progbits alloc\ndw 1\n"))),
                  ]
    + c_rows(near, MAIN + "__attribute__((section(\"sig\"))) int signature = 1;"),
    "arch-mismatch": [fires((tool, "-m64 -march=x86-64", MAIN), command=["welt", "-m", "elf_i386"])
                      for tool in BOTH]
    + c_rows(near, MAIN, command=["welt", "-m", "elf_i386"]),
    "object-format": [fires(("nasm", "-f win32", "bits 16\nglobal _start\n_start: hlt\n")),
                      fires(("clang", "-emit-llvm", MAIN)), near(("clang", "", MAIN)),
                      near(("nasm", "", start("hlt\n")))],
    "undefined": c_rows(fires, "int missing(int); int main(void) { return missing(1); }")
    + c_rows(near, "int missing(int); __attribute__((used)) static int dead(void) "
                   "{ return missing(1); } int main(void) { return 0; }", "-ffunction-sections")
    + [fires(("nasm", "", "bits 16\nextern lost\nglobal _start\n_start: call lost\n")),
       near(("nasm", "", "bits 16\nextern lost\nglobal _start\n_start: hlt\n"))],
    "builtin-missing": c_rows(fires, "long long divide(long long a, long long b) { return a % b; }",
                              command=["welt", "--no-runtime", "-e", "divide"])
    + c_rows(near, "long long divide(long long a, long long b) { return a % b; }",
             command=["welt", "-e", "divide"]),
    "mem-builtin": [fires((tool, flags, "struct b { char t[300]; }; struct b from, to;"
                                        "int fill(int n) { to = from; __builtin_memset(&from, 1, n);"
                                        "return 0; }"),
                          command=["welt", "--no-runtime", "-e", "fill"])
                    for tool, flags in (("gcc", "-mstringop-strategy=libcall"), ("clang", ""))]
    + c_rows(near, "struct b { char t[300]; }; struct b from, to; int main(void) { to = from;"
                   "return 0; }"),
    "stack-protector": c_rows(fires, "int main(void) { char t[64]; __asm__ volatile(\"\" : : "
                                     "\"r\"(t) : \"memory\"); return t[0]; }", "-fstack-protector-all")
    + c_rows(near, "int main(void) { char t[64]; __asm__ volatile(\"\" : : \"r\"(t) : \"memory\");"
                   "return t[0]; }"),
    "bss": [fires(("nasm", "", CALLS.format(READY, "dword")), (tool, "", "int n; int cmain(void) "
                                                                         "{ return ++n; }"))
            for tool in BOTH]
    + c_rows(near, "int n; int main(void) { return ++n; }")
    + [near((tool, flags, start(READY + "mov [drive], dl\nmov dl, [drive]\ndone: hlt\njmp done\n"
                                        "section .bss\ndrive: resb 1\n")))
       for tool, flags in (("nasm", ""), ("nasm", "-g"))],
    "segments": nasm_rows("mov al, [text]\nhlt\ntext: db 1\n",
                          "xor ax, ax\nmov ds, ax\nmov al, [text]\ndone: hlt\njmp done\ntext: db 1\n")
    + c_rows(near, MAIN),
    "drive-dl": nasm_rows(READY + "xor dx, dx\nmov ax, 0x0201\nmov bx, 0x7e00\nmov cx, 2\nint 0x13\n"
                          "done: hlt\njmp done\n",
                          READY + "xor dh, dh\nmov ax, 0x0201\nmov bx, 0x7e00\nmov cx, 2\nint 0x13\n"
                          "done: hlt\njmp done\n")
    + c_rows(near, MAIN),
    "bpb": nasm_rows("cli\ntimes 70 nop\nhlt\n" + END,
                     "jmp short over\nnop\ntimes 59 db 0\nover: cli\nhlt\njmp over\n" + END, command=OWN),
    "stack": nasm_rows("xor ax, ax\nmov ss, ax\nmov sp, 0x7c04\ndone: hlt\njmp done\n",
                       "xor ax, ax\nmov ss, ax\nmov sp, 0x7c00\ndone: hlt\njmp done\n")
    + c_rows(near, MAIN),
    "direction": nasm_rows(READY.replace("cld\n", "") + "mov si, done\nmov di, 0x500\nmov cx, 4\n"
                           "rep movsb\ndone: hlt\njmp done\n",
                           READY + "mov si, done\nmov di, 0x500\nmov cx, 4\nrep movsb\ndone: hlt\n"
                           "jmp done\n")
    + c_rows(near, MAIN),
    "limit-64k": c_rows(fires, "char b[0x9000]; int main(void) { b[3] = b[5]; return b[7]; }",
                        command=RAW)
    + c_rows(near, "char b[0x8000]; int main(void) { b[3] = b[5]; return b[7]; }", command=RAW),
}


def make(folder, number, source):
    tool, flags, text = source
    extension, command = TOOLS[tool]
    name = f"{number}{extension}"
    with open(os.path.join(folder, name), "w", encoding="ascii") as file:
        file.write(text if text.endswith("\n") else text + "\n")
    made = f"{number}.o"
    words = [*command.split(), *flags.split(), "-o", made, name]
    key = kept.key("failures", name, *words, text)
    if not kept.take(key, folder):
        subprocess.run(words, cwd=folder, check=True, capture_output=True)
        kept.keep(key, folder, [made])
    return made


def told(folder, command):
    """Ids that a link tells of, whatever comes of it."""
    result = subprocess.run([*command, "--diagnostics=json"], cwd=folder, capture_output=True,
                            check=False, encoding="utf-8", errors="replace")
    return [(its["id"], its["severity"], its["message"])
            for its in json.loads(result.stderr)["diagnostics"]]


def fault_of(programs, its_id, row):
    with tempfile.TemporaryDirectory() as folder:
        objects = [make(folder, number, source) for number, source in enumerate(row.sources)]
        command = [os.path.join(programs, row.command[0]), *row.command[1:], *objects, "-o", "boot.bin"]
        if row.script:
            with open(os.path.join(folder, "own.ld"), "w", encoding="ascii") as file:
                file.write(row.script)
            command += ["-T", "own.ld"]
        found = told(folder, command)
    if (its_id in [name for name, *_ in found]) == row.fires:
        return None
    tools = " + ".join(f"{tool} {flags}".strip() for tool, flags, _ in row.sources)
    return f"{its_id}: {'is not told' if row.fires else 'is told'} of {tools}: {row.sources[0][2]!r}: " \
           f"{found}"


def fault_of_example(programs, item):
    layout = ["--layout", item.layout]
    found = [line for words in ([], ["-Wboot"]) for line in
             told(item.folder, [os.path.join(programs, "welt"), *item.objects, *layout, *words,
                                "-o", "example.bin"])]
    return f"example {item.name}: {found}" if found else None


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("ids", nargs="*", metavar="ID")
    parser.add_argument("--welt", required=True)
    options = parser.parse_args(arguments)
    programs = os.path.dirname(os.path.abspath(options.welt))
    chosen = options.ids or list(FAILURES)
    faults, count = [], 0
    for its_id in chosen:
        rows = FAILURES[its_id]
        count += len(rows)
        faults += [fault_of(programs, its_id, row) for row in rows]
        if not any(row.fires for row in rows) or all(row.fires for row in rows):
            faults.append(f"{its_id}: has no link that tells of it, or none that is near")
    with tempfile.TemporaryDirectory() as work:
        faults += [fault_of_example(programs, item) for item in size.example_items(work)]
    faults = [fault for fault in faults if fault]
    print("\n".join(faults))
    print(f"{len(chosen)} failures, {count} links, {len(faults)} not as they should be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
