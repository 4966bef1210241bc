#!/usr/bin/env python3
"""Writes C boot programs that nobody has seen, and knows what they print.

    generate.py --seed 7 --mode sector --out DIR

makes DIR/*.c, DIR/program.h and DIR/expected. The same seed gives the same program. A program is
made of features, each a small function with random constants: strings, tables, structs, .data,
.bss, recursion, switches, function pointers, 64-bit arithmetic and so on, spread over several
units, with equal strings and equal functions in more than one and some code that nothing calls.
Every feature folds into a sum, and the program prints the sums.

What it must print is not worked out twice: the same C, whose types are all of fixed width, is
compiled for the host and run. An interpreter in Python beside the C was not taken: it would have
to be right about C's promotions, and would be the likelier one to be wrong.

Modes: `sector` fits 510 bytes with the runtime's start code, `disk` is some KB, `over` is C that
does not fit a sector. Sizes are measured with the compiler in use.

Programs print by int 10h through a function of their own, or with --print runtime by boot_print.
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys
from dataclasses import dataclass, field

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "tools"))

import kept  # noqa: E402

# i386: a compiler for x86-64 uses SSE for 64-bit numbers, which faults until an OS enables it.
BASE_FLAGS = "-m16 -march=i386 -ffreestanding -fno-pic -fno-pie -fno-stack-protector -w"
TIGHT_FLAGS = "-fno-asynchronous-unwind-tables -fcf-protection=none" \
              " -ffunction-sections -fdata-sections"
COMPILERS = {
    "gcc": f"gcc -Os {BASE_FLAGS} {TIGHT_FLAGS}",
    "gcc-O2": f"gcc -O2 {BASE_FLAGS} {TIGHT_FLAGS}",
    "gcc-plain": f"gcc -O1 {BASE_FLAGS}",   # notes, unwind tables, one .text: as a newcomer has it
    "clang": f"clang -Oz {BASE_FLAGS} {TIGHT_FLAGS}",
    "clang-O2": f"clang -O2 {BASE_FLAGS} {TIGHT_FLAGS}",
}
SMALL_COMPILERS = ["clang", "gcc", "gcc-plain"]  # what one would use for a sector
HOST_COMPILER = "gcc -O1 -w -DWELT_HOST"

SECTOR_BYTES = 510
START_CODE_BYTES = 100  # what crt0 and alignment may take of a sector, generously
DISK_FEATURES = (14, 40)

HEADER = r"""
#include <stdarg.h>
#include <stdint.h>

#ifdef WELT_HOST
#include <stdio.h>
static inline void print(const char *text)
{
    fputs(text, stdout);
}
#elif defined(WELT_RUNTIME_PRINT)
#include <welt/boot.h>
#define print boot_print
#else
void print(const char *text);
#endif

static inline uint32_t mix(uint32_t sum, uint32_t value)
{
    return (sum << 5 | sum >> 27) ^ value;
}
"""

PRINT_UNIT = r"""
#include "program.h"

#if !defined(WELT_HOST) && !defined(WELT_RUNTIME_PRINT)
void print(const char *text)
{
    for (; *text; text++)
        __asm__ volatile("int $0x10" : : "a"(0x0e00 | (unsigned char)*text), "b"(7) : "memory");
}
#endif
"""

MAIN_UNIT = r"""
#include "program.h"

static void show(const char *name, uint32_t value)
{
    char text[9];
    for (int i = 7; i >= 0; i--, value >>= 4)
        text[i] = "0123456789abcdef"[value & 15];
    text[8] = 0;
    print(name);
    print(text);
    print("\r\n");
}

int main(void)
{
    uint32_t sum = %(start)uu;
%(calls)s
    return 0;
}
"""


@dataclass
class Program:
    units: dict = field(default_factory=dict)   # file name -> text
    expected: str = ""

    def sources(self):
        return sorted(name for name in self.units if name.endswith(".c"))


# The features. Each returns the C text of `uint32_t NAME(uint32_t x)` and what it leans on.

def numbers(rng, count, top):
    return ", ".join(f"{rng.randrange(1, top)}u" for _ in range(count))


WORDS = ["sector", "track", "head", "drive", "boot", "disk", "floppy", "loader", "kernel", "stack",
         "stage", "memory", "video", "key"]


def string_table(rng, name):
    words = rng.sample(WORDS, rng.randrange(2, 6))
    table = ", ".join(f'"{word}"' for word in words)
    return f"""
static const char *const {name}_words[] = {{{table}}};

uint32_t {name}(uint32_t x)
{{
    const char *word = {name}_words[x % {len(words)}u];
    uint32_t sum = x;
    print(word);
    print(" ");
    while (*word)
        sum = mix(sum, (uint32_t)*word++);
    return sum;
}}
"""


def lookup_table(rng, name):
    count = rng.randrange(4, 24)
    width = rng.choice([8, 16, 32])
    return f"""
static const uint{width}_t {name}_table[{count}] = {{{numbers(rng, count, 1 << width)}}};

uint32_t {name}(uint32_t x)
{{
    for (unsigned i = 0; i < {count}; i++)
        x = mix(x, {name}_table[(x + i) % {count}u]);
    return x;
}}
"""


def data_struct(rng, name):
    count = rng.randrange(2, 6)
    rows = ", ".join(f"{{{rng.randrange(250)}, {rng.randrange(60000)}, {rng.randrange(1 << 31)}}}"
                     for _ in range(count))
    return f"""
static struct {{ uint8_t kind; uint16_t small; uint32_t large; }} {name}_rows[{count}] = {{{rows}}};

uint32_t {name}(uint32_t x)
{{
    for (unsigned i = 0; i < {count}; i++) {{
        {name}_rows[i].large += x * {name}_rows[i].kind;
        {name}_rows[i].small ^= (uint16_t)x;
        x = mix(x, {name}_rows[i].large - {name}_rows[i].small);
    }}
    return x;
}}
"""


def zeroed_buffer(rng, name):
    count, step = rng.randrange(16, 400), rng.randrange(3, 11)
    return f"""
static uint16_t {name}_buffer[{count}];

uint32_t {name}(uint32_t x)
{{
    for (unsigned i = 0; i < {count}; i++)
        if ({name}_buffer[i] != 0)
            return 0xbadu;
    for (unsigned i = 0; i < {count}; i += {step})
        {name}_buffer[i] = (uint16_t)(x + i);
    for (unsigned i = 0; i < {count}; i++)
        x = mix(x, {name}_buffer[i]);
    return x;
}}
"""


def recursion(rng, name):
    depth, factor = rng.randrange(5, 12), rng.randrange(3, 99)
    return f"""
static uint32_t {name}_walk(uint32_t depth, uint32_t x)
{{
    if (depth < 2)
        return x + depth;
    return {name}_walk(depth - 1, x) * {factor}u + {name}_walk(depth - 2, x ^ depth);
}}

uint32_t {name}(uint32_t x)
{{
    return {name}_walk({depth}, x);
}}
"""


def dense_switch(rng, name):
    count = rng.randrange(4, 12)
    operations = ["x += {}u;", "x ^= {}u;", "x = x * {}u;", "x = (x >> 3 | x << 29) + {};",
                  "x = ~x - {}u;"]
    bodies = [rng.choice(operations).format(rng.randrange(1, 9999)) for _ in range(count)]
    cases = "\n".join(f"        case {i}: {body} break;" for i, body in enumerate(bodies))
    return f"""
uint32_t {name}(uint32_t x)
{{
    for (unsigned i = 0; i < {count * 2}; i++)
        switch ((x >> 4) % {count + 1}u) {{
{cases}
        default: x = mix(x, i);
        }}
    return x;
}}
"""


def function_pointers(rng, name):
    count = rng.randrange(2, 5)
    formulas = [f"x * {rng.randrange(3, 999)}u + {rng.randrange(999)}u" for _ in range(count)]
    bodies = "\n".join(f"static uint32_t {name}_{i}(uint32_t x) {{ return {formula}; }}"
                       for i, formula in enumerate(formulas))
    table = ", ".join(f"{name}_{i}" for i in range(count))
    return f"""
{bodies}
static uint32_t (*{name}_table[])(uint32_t) = {{{table}}};

uint32_t {name}(uint32_t x)
{{
    for (unsigned i = 0; i < {count * 2}; i++)
        x = {name}_table[(x ^ i) % {count}u](x);
    return x;
}}
"""


def wide_arithmetic(rng, name):
    """Multiplication and shifts, which compilers do inline but for shifts by a variable."""
    return f"""
static volatile uint64_t {name}_wide = {rng.getrandbits(63)}ull;

uint32_t {name}(uint32_t x)
{{
    uint64_t wide = {name}_wide * x + {rng.getrandbits(40)}ull;
    wide ^= wide >> (x % 63u);
    wide = wide << (x & 31u) | wide >> 17;
    {name}_wide = wide;
    return (uint32_t)(wide >> 32) ^ (uint32_t)wide;
}}
"""


def wide_division(rng, name):
    """Calls __udivdi3 and its kin, which a runtime has to bring."""
    divisor = rng.randrange(3, 1 << 31)
    kind = rng.choice(["uint64_t", "int64_t"])
    return f"""
static volatile {kind} {name}_wide = {rng.getrandbits(62)}ll;

uint32_t {name}(uint32_t x)
{{
    {kind} divisor = {divisor} + ({kind})(x >> 1);
    {kind} wide = {name}_wide - ({kind})x;
    {name}_wide = wide / divisor;
    return mix((uint32_t)(wide / divisor), (uint32_t)(wide % divisor));
}}
"""


def linked_list(rng, name):
    count = rng.randrange(3, 7)
    nodes = []
    for i in range(count):
        following = f"&{name}_nodes[{i + 1}]" if i + 1 < count else "0"
        nodes.append(f"{{{following}, {rng.randrange(9999)}}}")
    return f"""
static struct {name}_node {{ struct {name}_node *next; uint32_t value; }} {name}_nodes[{count}] = {{
    {", ".join(nodes)}}};

uint32_t {name}(uint32_t x)
{{
    for (struct {name}_node *node = {name}_nodes; node; node = node->next) {{
        node->value += x;
        x = mix(x, node->value);
    }}
    return x;
}}
"""


def sorting(rng, name):
    count = rng.randrange(5, 14)
    return f"""
static uint16_t {name}_items[{count}] = {{{numbers(rng, count, 65536)}}};

uint32_t {name}(uint32_t x)
{{
    for (unsigned i = 0; i < {count}; i++)
        {name}_items[i] ^= (uint16_t)(x >> (i & 7u));
    for (unsigned i = 1; i < {count}; i++)
        for (unsigned k = i; k && {name}_items[k - 1] > {name}_items[k]; k--) {{
            uint16_t held = {name}_items[k];
            {name}_items[k] = {name}_items[k - 1];
            {name}_items[k - 1] = held;
        }}
    for (unsigned i = 0; i < {count}; i++)
        x = mix(x, {name}_items[i]);
    return x;
}}
"""


def variable_arguments(rng, name):
    values = ", ".join(f"x + {rng.randrange(9999)}u" for _ in range(rng.randrange(2, 5)))
    return f"""
static uint32_t __attribute__((noinline)) {name}_sum(unsigned count, ...)
{{
    uint32_t sum = 0;
    va_list list;
    va_start(list, count);
    while (count--)
        sum = mix(sum, va_arg(list, uint32_t));
    va_end(list);
    return sum;
}}

uint32_t {name}(uint32_t x)
{{
    return {name}_sum({values.count(",") + 1}, {values});
}}
"""


def struct_values(rng, name):
    return f"""
struct {name}_pair {{ uint32_t a, b; uint16_t c[{rng.randrange(4, 20)}]; }};

static struct {name}_pair __attribute__((noinline)) {name}_make(uint32_t x)
{{
    struct {name}_pair pair = {{x, x * {rng.randrange(3, 999)}u, {{1, 2, 3}}}};
    return pair;
}}

uint32_t {name}(uint32_t x)
{{
    struct {name}_pair first = {name}_make(x), second = first;
    second.c[3] = (uint16_t)(first.a + first.c[1]);
    return mix(second.b, second.c[3] + second.c[2]);
}}
"""


def static_local(rng, name):
    return f"""
uint32_t {name}(uint32_t x)
{{
    static uint32_t calls = {rng.randrange(1, 99)};
    static uint8_t seen;
    calls += ++seen;
    return mix(x, calls);
}}
"""


def alike(rng, name):
    """The same body in every unit that has it: what identical code folding is for."""
    return f"""
uint32_t {name}(uint32_t x)
{{
    x ^= x >> 13;
    x *= 0x5bd1e995u;
    return x ^ x >> 15;
}}
"""


SMALL = [lookup_table, recursion, data_struct, static_local, alike, string_table, function_pointers]
ALL = SMALL + [zeroed_buffer, dense_switch, wide_arithmetic, wide_division, linked_list, sorting,
               variable_arguments, struct_values]


def unused_code(rng, name):
    """Nothing calls it, and what it calls does not exist: a linker that drops it is fine."""
    return f"""
uint32_t {name}_missing(uint32_t x);
static const char {name}_text[] = "nobody reads this: {rng.getrandbits(64):x}";

uint32_t {name}_unused(uint32_t x)
{{
    print({name}_text);
    return {name}_missing(x);
}}
"""


# A program of features.

def compose(seed, features, with_unused):
    """The program whose features are the first `features` of the seed's endless list."""
    rng = random.Random(f"welt {seed}")
    small = features <= 8
    unit_count = rng.randrange(2, 4) if small else rng.randrange(3, 7)
    units = {f"unit{i}.c": '#include "program.h"\n' for i in range(unit_count)}
    start, calls, prototypes = rng.getrandbits(32), [], []
    for index in range(features):
        name = f"f{index}"
        unit = f"unit{rng.randrange(unit_count)}.c"
        make = rng.choice(SMALL if small else ALL)
        units[unit] += make(rng, name)
        prototypes.append(f"uint32_t {name}(uint32_t x);")
        calls.append(f"    sum = mix(sum, {name}(sum));")
        if index % 4 == 3:
            calls.append(f'    show("{rng.choice(WORDS)} ", sum);')
    calls.append('    show("sum ", sum);')
    if with_unused:
        units["unit0.c"] += unused_code(rng, "u")
    program = Program(units)
    program.units["program.h"] = HEADER + "\n" + "\n".join(prototypes) + "\n"
    program.units["print.c"] = PRINT_UNIT
    program.units["main.c"] = MAIN_UNIT % {"start": start, "calls": "\n".join(calls)}
    return program


def write(program, folder):
    os.makedirs(folder, exist_ok=True)
    for name, text in program.units.items():
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(text.lstrip("\n"))


def run(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=True,
                          timeout=60, shell=isinstance(command, str)).stdout


def compile_program(program, folder, compiler, flags=""):
    """Objects of a written program, in the order of their names but main.o first."""
    include = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "include")
    options = [*COMPILERS[compiler].split(), *flags.split(), "-I", include]
    run([*options, "-c", *program.sources()], folder)
    objects = [name[:-2] + ".o" for name in program.sources()]
    return sorted(objects, key=lambda name: (name != "main.o", name))


def measured(program, folder, compiler, flags):
    """Bytes of code and data in the objects; notes, unwind tables and .bss do not count."""
    write(program, folder)
    objects = compile_program(program, folder, compiler, flags)
    table = run(["size", "-A", *objects], folder)
    rows = re.findall(r"^\.(?:text|rodata|data)\S*\s+(\d+)", table, re.M)
    return sum(int(size) for size in rows)


def host_output(program, folder):
    """The host has no dead code removal to lean on: it gets the program without the unused part."""
    sources = " ".join(program.sources())
    run(f"{HOST_COMPILER} -ffunction-sections -Wl,--gc-sections -o host {sources}", folder)
    text = run(["./host"], folder)
    os.unlink(os.path.join(folder, "host"))
    return text.replace("\r", "")


def feature_count(seed, mode, folder, compiler, flags):
    """How many features of the seed's list the mode takes with this compiler."""
    if mode == "disk":
        return random.Random(f"count {seed}").randrange(*DISK_FEATURES)
    count = 1
    while measured(compose(seed, count, False), folder, compiler, flags) \
            < SECTOR_BYTES - START_CODE_BYTES:
        count += 1
        if count > 8:
            return 8 if mode == "sector" else 24
    return max(count - 1, 1) if mode == "sector" else count + 6


def generate(seed, mode, folder, compiler="gcc", runtime_print=False):
    """Writes the program of a seed, its objects and what it prints; returns it and the objects."""
    flags = "-DWELT_RUNTIME_PRINT" if runtime_print else ""
    os.makedirs(folder, exist_ok=True)
    key = kept.key("generate", seed, mode, COMPILERS[compiler], flags, own_texts())
    if kept.take(key, folder):
        with open(os.path.join(folder, "program.json"), encoding="ascii") as file:
            made = json.load(file)
        return Program(made["units"], made["expected"]), made["objects"]
    count = feature_count(seed, mode, folder, compiler, flags)
    droppable = "-ffunction-sections" in COMPILERS[compiler]
    program = compose(seed, count, droppable)
    write(program, folder)
    program.expected = host_output(program, folder)
    with open(os.path.join(folder, "expected"), "w", encoding="ascii") as file:
        file.write(program.expected)
    objects = compile_program(program, folder, compiler, flags)
    with open(os.path.join(folder, "program.json"), "w", encoding="ascii") as file:
        json.dump({"units": program.units, "expected": program.expected, "objects": objects}, file)
    kept.keep(key, folder, ["program.json", "expected", *program.units, *objects])
    return program, objects


def own_texts():
    """What a program is made of beside its seed."""
    tests = os.path.dirname(os.path.abspath(__file__))
    headers = os.path.join(os.path.dirname(tests), "include", "welt")
    with open(__file__, "rb") as file:
        return kept.key(file.read(), *kept.files_of(headers))


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mode", choices=["sector", "disk", "over"], default="sector")
    parser.add_argument("--compiler", choices=COMPILERS, default="gcc")
    parser.add_argument("--print", choices=["own", "runtime"], default="own", dest="printer")
    parser.add_argument("--out", required=True, metavar="DIR")
    options = parser.parse_args(arguments)
    program, objects = generate(options.seed, options.mode, options.out, options.compiler,
                                options.printer == "runtime")
    print(f"{options.out}: {' '.join(objects)}")
    sys.stdout.write(program.expected)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
