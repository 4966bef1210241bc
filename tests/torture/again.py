#!/usr/bin/env python3
"""Makes inputs for host.c and runs it:

    again.py --host build/release/tests/torture/host --links 2000
    nice tests/torture/again.py --host build/release/tests/torture/host --links 100000

Inputs: an even choice of small hostile objects, archives and scripts of tests/malformed, and as many
that link.
"""
import argparse
import os
import subprocess
import sys
import tarfile
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CORPUS = os.path.join(HERE, "..", "malformed", "corpus.tar.xz")
LARGEST, MOST = 20000, 60
BOOT = ".code16\n.globl _start\n_start: mov $text, %si\n jmp .\n" \
       '.section .rodata.str1.1, "aMS", @progbits, 1\ntext: .asciz "welt"\n'


def assemble(folder, name, text):
    path = os.path.join(folder, name)
    subprocess.run(["as", "--32", "-o", path, "-"], input=text, text=True, check=True)
    return path


def fine_inputs(folder):
    for number in range(30):
        text = f'.code16\n.globl f{number}\nf{number}: mov $s, %si\n ret\n' \
               f'.section .rodata.str1.1, "aMS", @progbits, 1\ns: .asciz "{"welt" * number}"\n' \
               '.section .init_array, "aw"\n.long 0\n'
        yield assemble(folder, f"fine{number}.o", text)
    for number in range(10):
        path = os.path.join(folder, f"fine{number}.ld")
        with open(path, "w", encoding="ascii") as file:
            file.write(f"OUTPUT_FORMAT(binary) SECTIONS {{ . = {0x7c00 + number}; "
                       ".text : { *(.text) *(.rodata*) *(.data) *(.bss) } }\n")
        yield path


def hostile_inputs(folder):
    with tarfile.open(CORPUS) as corpus:
        members = [m for m in corpus if m.isfile() and 0 < m.size < LARGEST and
                   m.name.endswith((".o", ".a", ".ld"))]
        for number, member in enumerate(members[::max(1, len(members) // MOST)]):
            ending = ".ld" if member.name.endswith(".ld") else ".o"
            path = os.path.join(folder, f"hostile{number}{ending}")
            with open(path, "wb") as file:
                file.write(corpus.extractfile(member).read())
            yield path


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--host", required=True)
    parser.add_argument("--links", type=int, default=100000)
    parser.add_argument("--welt", help="not needed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="welt-again-") as folder:
        boot = assemble(folder, "boot.o", BOOT)
        paths = [*fine_inputs(folder), *hostile_inputs(folder)]
        return subprocess.run([options.host, str(options.links), boot, *paths],
                              check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
