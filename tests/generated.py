#!/usr/bin/env python3
"""Links generated programs with Welt and boots them: what nobody has seen must work too.

    generated.py --welt build/release/bin/welt --count 24

For each seed one program of a mode, a compiler and a way of printing, taken in turn:

    sector    links to 512 bytes that end in 55 AA, boots in QEMU and prints what it must
    disk      the same with the layout `disk`, of several sectors
    over      is refused: status 1, one error with the excess, nothing created, an old output kept

Exit status 0 when all do. The folder of a failed program is kept and named.
"""
import argparse
import itertools
import os
import re
import shutil
import subprocess
import sys
import tempfile

TESTS = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(TESTS, "tools"))

import boot  # noqa: E402
import generate  # noqa: E402
from outcome import ENDS, Job  # noqa: E402

MODES = ["sector", "disk", "over"]
OLD = b"an older output\n"


def kinds():
    """Mode, compiler and printing for seed 0, 1, 2 ..."""
    small, all_of_them = generate.SMALL_COMPILERS, sorted(generate.COMPILERS)
    for number in itertools.count():
        mode = MODES[number % 3]
        compilers = small if mode == "sector" else all_of_them
        yield mode, compilers[number // 3 % len(compilers)], number // 6 % 2 == 1


def link(welt, folder, objects, *options):
    return subprocess.run([welt, *objects, *options, "-o", "boot.bin"], cwd=folder, check=False,
                          capture_output=True, encoding="utf-8", errors="replace", timeout=60)


def fault_of(welt, folder, mode, objects, expected):
    """None when all is well, else one text."""
    if mode == "over":
        return fault_of_refusal(welt, folder, objects)
    result = link(welt, folder, objects, "--layout", mode)
    if result.returncode != 0:
        return f"status {result.returncode}\n{result.stderr}"
    return fault_of_image(folder, mode) or fault_of_boot(folder, expected)


def fault_of_image(folder, mode):
    with open(os.path.join(folder, "boot.bin"), "rb") as file:
        image = file.read()
    if len(image) % 512 or (mode == "sector" and len(image) != 512):
        return f"{len(image)} bytes"
    return None if image[510:512] == b"\x55\xaa" else "no 55 AA at 510"


def fault_of_boot(folder, expected):
    job = Job(os.path.join(folder, "boot.bin"), medium="disk", expected=expected.rstrip("\n"))
    outcome = boot.boot(job)
    if outcome.text.rstrip() == expected.rstrip():
        return None
    return f"{ENDS[outcome.ended]}; printed\n{outcome.text}\ninstead of\n{expected}"


def fault_of_refusal(welt, folder, objects):
    path = os.path.join(folder, "boot.bin")
    for old in (None, OLD):
        if old:
            with open(path, "wb") as file:
                file.write(old)
        before = set(os.listdir(folder))
        result = link(welt, folder, objects)
        errors = [line for line in result.stderr.splitlines() if "error:" in line]
        if result.returncode != 1:
            return f"status {result.returncode} for a program that does not fit"
        if len(errors) != 1 or not re.search(r"\d+ over \[welt-budget\]", errors[0]):
            return f"not one clear error:\n{result.stderr}"
        if set(os.listdir(folder)) != before:
            return "something was created"
    with open(path, "rb") as file:
        return None if file.read() == OLD else "the old output was changed"


def check(welt, seed, kind):
    mode, compiler, runtime_print = kind
    folder = tempfile.mkdtemp(prefix=f"welt-generated-{seed}-")
    program, objects = generate.generate(seed, mode, folder, compiler, runtime_print)
    fault = fault_of(welt, folder, mode, objects, program.expected)
    printer = "the runtime" if runtime_print else "itself"
    name = f"seed {seed}: {mode}, {compiler}, prints by {printer}"
    if fault:
        print(f"FAILED {name}: see {folder}\n{fault}", flush=True)
    else:
        print(f"passed {name}", flush=True)
        shutil.rmtree(folder)
    return not fault


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--welt", required=True)
    parser.add_argument("--first", type=int, default=0, metavar="SEED")
    parser.add_argument("--count", type=int, default=12)
    options = parser.parse_args(arguments)
    welt = os.path.abspath(options.welt)
    seeds = range(options.first, options.first + options.count)
    results = [check(welt, seed, kind)
               for seed, kind in zip(seeds, itertools.islice(kinds(), options.first, None))]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
