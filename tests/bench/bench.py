#!/usr/bin/env python3
"""How long Welt takes beside other linkers, and how much memory. Prints figures, asserts nothing.

    bench.py --welt build/release/bin/welt

Runs are paired (A B A B ...), a whole process each, and the ratio is the median of the pairs'
ratios: a noisy machine moves both. The cases:

    small   one object of a few hundred bytes, `welt` and `ld.welt` against GNU ld
    large   1,000 objects of 20 functions each, with strings, data and relocations between them,
            `ld.welt` against lld 19 and GNU ld, all writing a flat image
    many    one object of 20,000 sections to ELF: each in a section group (-r), all in one
            (--gc-sections), each empty with a symbol
    again   through welt.h, one of 300 and of 1,000 such objects replaced, against a full link
"""
import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
OBJECTS, FUNCTIONS = 1000, 20
SECTIONS = 20000

SMALL_SOURCE = r"""
static const char text[] = "hello from a small object\r\n";
static unsigned counted = 3;
static unsigned cleared[8];

static void put(char character)
{
    __asm__ volatile("int $0x10" : : "a"(0x0e00 | (unsigned char)character), "b"(7) : "memory");
}

int main(void)
{
    for (unsigned i = 0; i < counted; i++)
        for (const char *at = text; *at; at++)
            put((char)(*at + cleared[i]));
    return 0;
}
"""
COMPILE = "gcc -m16 -Os -ffreestanding -fno-pic -fno-pie -fno-stack-protector" \
          " -fno-asynchronous-unwind-tables -fcf-protection=none" \
          " -ffunction-sections -fdata-sections"
# The same small program with its own start, for linkers that bring none.
START = "        .code16gcc\n        .section .text._start, \"ax\"\n        .globl _start\n" \
        "_start: call main\n1:      hlt\n        jmp 1b\n"


def object_source(rng, number, count):
    """One of the many: 20 functions as a compiler with -ffunction-sections writes them."""
    lines = ["        .code32"]
    for index in range(FUNCTIONS):
        name = f"f{number}_{index}"
        other = f"f{rng.randrange(count)}_{rng.randrange(FUNCTIONS)}"
        local = f"f{number}_{(index + 1) % FUNCTIONS}"
        lines += [
            f'        .section .text.{name}, "ax"', f"        .globl {name}", f"{name}:",
            "        pushl %ebx", f"        movl $.L{name}, %eax",
            f"        movl {name}_data, %ebx",
            f"        addl $shared{rng.randrange(count)}, %ebx", f"        call {other}",
            f"        call {local}", "        .fill %d, 1, 0x90" % rng.randrange(8, 60),
            "        popl %ebx", "        ret",
            '        .section .rodata.str1.1, "aMS", @progbits, 1',
            f'.L{name}: .asciz "text {rng.randrange(4000)} of a function"',
            f'        .section .data.{name}, "aw"', "        .balign 4",
            f"{name}_data: .long {rng.getrandbits(31)}, .L{name}, {local}",
        ]
    lines += ['        .data', f"        .globl shared{number}", f"shared{number}: .long {number}",
              "        .bss", f"        .skip {rng.randrange(4, 64)}"]
    return "\n".join(lines) + "\n"


# What a section is, what it holds, and how the object of all of them is linked.
MANY = {
    "groups": ('.text.f{0}, "axG", @progbits, f{0}, comdat', "call f{0}", ["-r"]),
    "group": ('.text.f{0}, "axG", @progbits, all, comdat', "call f{0}", ["--gc-sections"]),
    "empty": ('part{0}, "ax", @progbits', "", []),
}


def many_source(section, content):
    return "".join(f"        .section {section.format(number)}\n        .globl f{number}\n"
                   f"f{number}: {content.format(number)}\n" for number in range(SECTIONS))


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)


def make_small(folder):
    write(f"{folder}/main.c", SMALL_SOURCE)
    write(f"{folder}/start.s", START)
    subprocess.run([*COMPILE.split(), "-c", "main.c"], cwd=folder, check=True)
    subprocess.run(["as", "--32", "-o", "start.o", "start.s"], cwd=folder, check=True)


def make_large(folder, count=OBJECTS):
    rng = random.Random("welt bench")
    names = [f"o{number}" for number in range(count)]
    for number, name in enumerate(names):
        write(f"{folder}/{name}.s", object_source(rng, number, count))
        subprocess.run(["as", "--32", "-o", f"{name}.o", f"{name}.s"], cwd=folder, check=True)
        os.unlink(f"{folder}/{name}.s")
    write(f"{folder}/objects.rsp", "\n".join(f"{name}.o" for name in names) + "\n")


def make_many(folder):
    for name, (section, content, _) in MANY.items():
        write(f"{folder}/{name}.s", many_source(section, content))
        subprocess.run(["as", "--32", "-o", f"{name}.o", f"{name}.s"], cwd=folder, check=True)


def make_launcher(folder):
    launcher = f"{folder}/launch"
    subprocess.run(["cc", "-O2", "-o", launcher, f"{HERE}/launch.c"], check=True)
    return launcher


def link_again(welt, folder, runs):
    """Of a library that was built beside the command."""
    library = os.path.join(os.path.dirname(welt), "..", "lib")
    subprocess.run(["cc", "-O2", "-o", f"{folder}/relink", f"{HERE}/relink.c",
                    f"-I{HERE}/../../include", f"-L{library}", "-lwelt",
                    f"-Wl,-rpath,{os.path.realpath(library)}"], check=True)
    for count in (300, OBJECTS):
        objects = f"{folder}/objects{count}"
        os.mkdir(objects)
        make_large(objects, count)
        for face in ("ld", "boot"):
            names = [f"o{number}.o" for number in range(count)]
            result = subprocess.run([f"{folder}/relink", face, str(runs), *names], cwd=objects,
                                    capture_output=True, encoding="utf-8", check=True)
            full, again, ratio = (float(word) for word in result.stdout.split())
            print(f"{f'again, 1 of {count}, {face}':24} {again:8.2f} ms {'':9}   full link"
                  f" {full:7.2f} ms {'':9}   ratio {ratio:.2f}", flush=True)


class Bench:
    def __init__(self, launcher, folder):
        self.launcher = launcher
        self.folder = folder

    def once(self, command):
        result = subprocess.run([self.launcher, *command], cwd=self.folder, capture_output=True,
                                encoding="utf-8", check=False)
        if result.returncode != 0:
            sys.exit(f"bench.py: {' '.join(command)}: status {result.returncode}\n{result.stderr}")
        time, memory = result.stdout.split()[-2:]
        return float(time) / 1000, int(memory) / 1024

    def pair(self, title, ours, peers, runs):
        """`ours` against each of `peers` (name -> command), one line each."""
        for name, command in peers.items():
            self.once(ours), self.once(command)  # warm
            pairs = [(self.once(ours), self.once(command)) for _ in range(runs)]
            print(line_of(title, name, pairs), flush=True)


def line_of(title, peer, pairs):
    own_time = statistics.median(own[0] for own, _ in pairs)
    peer_time = statistics.median(other[0] for _, other in pairs)
    ratio = statistics.median(own[0] / other[0] for own, other in pairs)
    own_memory = max(own[1] for own, _ in pairs)
    peer_memory = max(other[1] for _, other in pairs)
    return f"{title:24} {own_time:8.2f} ms {own_memory:6.1f} MB   {peer:8} {peer_time:8.2f} ms" \
           f" {peer_memory:6.1f} MB   ratio {ratio:.2f}"


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--welt", required=True)
    parser.add_argument("--small-runs", type=int, default=200)
    parser.add_argument("--large-runs", type=int, default=15)
    parser.add_argument("--many-runs", type=int, default=3)
    options = parser.parse_args(arguments)
    folder = tempfile.mkdtemp(prefix="welt-bench-")
    try:
        run_all(options, folder)
    finally:
        shutil.rmtree(folder)
    return 0


def run_all(options, folder):
    welt = os.path.abspath(options.welt)
    ld_welt = os.path.join(os.path.dirname(welt), "ld.welt")
    bench = Bench(make_launcher(folder), folder)
    linkers = {"GNU ld": shutil.which("ld.bfd"), "lld 19": shutil.which("ld.lld-19")}
    make_small(folder)
    flat = ["-m", "elf_i386", "--oformat", "binary", "-Ttext=0x7c00"]
    small = [*flat, "-N", "start.o", "main.o", "-o"]
    gnu = {"GNU ld": [linkers["GNU ld"], *small, "peer.bin"]}
    bench.pair("small, welt", [welt, "main.o", "-o", "boot.bin"], gnu, options.small_runs)
    bench.pair("small, ld.welt", [ld_welt, *small, "own.bin"], gnu, options.small_runs)
    make_large(folder)
    large = [*flat, "-N", "-e", "f0_0", "@objects.rsp", "-o"]
    peers = {name: [path, *large, "peer.bin"] for name, path in linkers.items() if path}
    bench.pair("large, ld.welt", [ld_welt, *large, "own.bin"], peers, options.large_runs)
    make_many(folder)
    for name, (_, _, how) in MANY.items():
        many = ["-m", "elf_i386", "-e", "f0", *how, f"{name}.o", "-o"]
        peers = {peer: [path, *many, "peer.elf"] for peer, path in linkers.items() if path}
        bench.pair(f"many, {name}", [ld_welt, *many, "own.elf"], peers, options.many_runs)
    link_again(welt, folder, options.large_runs)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
