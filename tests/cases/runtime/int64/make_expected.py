#!/usr/bin/env python3
"""Writes expected.h: operands for the runtime's 64-bit helpers and what must come of them.

    ./make_expected.py | clang-format > expected.h

For every function and every left operand there is one number: a hash over the results with all
right operands (or shift counts). Python computes it with its unbounded integers, checks.h with the
helpers themselves.
"""
import random

MASK = 2**64 - 1
EDGES = [1, 2, 3, 7, 10, 255, 256, 65535, 65536, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**32 + 1,
         2**63 - 1, 2**63, 2**63 + 1, MASK, MASK - 1, 0xffffffff00000000, 0xfffffffeffffffff,
         0x00000001ffffffff, 0x8000000080000000, 10**19]


def operands():
    generator = random.Random(386)
    lengths = [5, 17, 31, 32, 33, 40, 48, 56, 63, 63, 64, 64, 64, 64]
    return EDGES + [generator.getrandbits(length) | 1 << (length - 1) for length in lengths]


def signed(value):
    return value - 2**64 if value >> 63 else value


def divide(left, right):
    """Rounded towards zero, as C does it."""
    quotient = abs(left) // abs(right)
    return -quotient if (left < 0) != (right < 0) else quotient


def order(left, right):
    return 0 if left < right else 1 if left == right else 2


def lowest(value):
    return (value & -value).bit_length()


def reverse(value, size):
    return int.from_bytes(value.to_bytes(size, "little"), "big")


BINARY = {
    "udivdi3": lambda a, b: a // b,
    "umoddi3": lambda a, b: a % b,
    "divdi3": lambda a, b: divide(signed(a), signed(b)),
    "moddi3": lambda a, b: signed(a) - signed(b) * divide(signed(a), signed(b)),
    "muldi3": lambda a, b: a * b,
    "cmpdi2": lambda a, b: order(signed(a), signed(b)),
    "ucmpdi2": order,
}
SHIFTS = {
    "ashldi3": lambda a, count: a << count,
    "lshrdi3": lambda a, count: a >> count,
    "ashrdi3": lambda a, count: signed(a) >> count,
}
UNARY = {
    "negdi2": lambda a: -a,
    "clzsi2": lambda a: 32 - (a & 0xffffffff).bit_length() if a & 0xffffffff else 0,
    "clzdi2": lambda a: 64 - a.bit_length(),
    "ctzsi2": lambda a: lowest(a & 0xffffffff) - 1 if a & 0xffffffff else 0,
    "ctzdi2": lambda a: lowest(a) - 1,
    "ffssi2": lambda a: lowest(a & 0xffffffff),
    "ffsdi2": lowest,
    "popcountsi2": lambda a: bin(a & 0xffffffff).count("1"),
    "popcountdi2": lambda a: bin(a).count("1"),
    "paritysi2": lambda a: bin(a & 0xffffffff).count("1") & 1,
    "paritydi2": lambda a: bin(a).count("1") & 1,
    "bswapsi2": lambda a: reverse(a & 0xffffffff, 4),
    "bswapdi2": lambda a: reverse(a, 8),
}


def hashed(results):
    """FNV-1a over the two halves of each result."""
    state = 2166136261
    for result in results:
        for half in (result & 0xffffffff, result >> 32 & 0xffffffff):
            state = (state ^ half) * 16777619 & 0xffffffff
    return state


def rows(values):
    for name, function in BINARY.items():
        yield name, [hashed(function(a, b) for b in values) for a in values]
    for name, function in SHIFTS.items():
        yield name, [hashed(function(a, count) for count in range(64)) for a in values]
    for name, function in UNARY.items():
        yield name, [hashed([function(a)]) for a in values]


def array(declaration, words):
    lines = [f"{declaration} = {{"]
    for at in range(0, len(words), 8):
        lines.append("    " + ", ".join(words[at:at + 8]) + ",")
    return "\n".join(lines + ["};"])


def main():
    values = operands()
    print("/* SPDX-License-Identifier: MIT\n *\n * Written by make_expected.py. */")
    print(f"enum {{ OPERANDS = {len(values)} }};\n")
    # Halves, so that the table needs no 64-bit arithmetic to be read.
    halves = [f"0x{half:08x}" for v in values for half in (v & 0xffffffff, v >> 32)]
    print(array("static const unsigned operands[OPERANDS][2]", [
        f"{{{halves[at]}, {halves[at + 1]}}}" for at in range(0, len(halves), 2)]))
    for name, hashes in rows(values):
        print("\n" + array(f"static const unsigned {name}[OPERANDS]",
                           [f"0x{word:08x}" for word in hashes]))


if __name__ == "__main__":
    main()
