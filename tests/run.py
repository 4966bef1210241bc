#!/usr/bin/env python3
"""Runs the folder-per-behaviour tests of tests/cases/.

    tests/run.py                        all cases
    tests/run.py link/hello script      one case; all of a wing
    tests/run.py --rebase link/hello    writes what came out into the expect files that are there

A case is a folder tests/cases/WING/NAME with

    *.c *.s *.asm    sources, each made to an object of its name before anything else: by
                     `gcc -m16 ...`, `as --32`, `nasm -f elf32`, or by the command that stands
                     behind `build:` in its first line; <bios.h> and <welt/boot.h> are found
    prepare          optional shell lines that make the other inputs (archives, damaged objects)
    cmd              the shell lines under test; the status of the last one counts
    expect.*         what must come of it; the suffix picks the check, see CHECKS below

`cmd` runs in a fresh folder that holds a copy of the case, with `welt` and `ld.welt` on its PATH,
and writes `boot.bin`. Its messages are compared with the folder's path and trailing blanks removed.

In expected text a line that starts with `~` is a regular expression for a whole line, and a line
`...` stands for any number of lines.

What every case is held to without saying so: with status 0, stderr is empty unless expect.err says
otherwise; with any other, the status is 1, there is a message, nothing is created and, run a second
time, an output that was there before stays as it is. No file appears that `cmd` does not name.
"""
import argparse
import difflib
import functools
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

TESTS = os.path.dirname(os.path.abspath(__file__))
CASES = os.path.join(TESTS, "cases")
sys.path.insert(0, os.path.join(TESTS, "tools"))

import boot  # noqa: E402
import kept  # noqa: E402
from outcome import ENDS, FAULTS  # noqa: E402

BUILDERS = {
    ".c": "gcc -m16 -march=i386 -Os -ffreestanding -fno-pic -fno-pie -fno-stack-protector"
          " -fno-asynchronous-unwind-tables -fcf-protection=none -ffunction-sections"
          " -fdata-sections -Wall -Wextra -Werror -c",
    ".s": "as --32",
    ".asm": "nasm -f elf32",
}
INCLUDES = [os.path.join(TESTS, "include"), os.path.join(os.path.dirname(TESTS), "include")]
OUTPUT = "boot.bin"
REFERENCE = "reference.bin"
OLD_OUTPUT = b"the output of an earlier link\n"
TIMEOUT = 120


class Failure(Exception):
    """A check that did not hold; its text is what the reader sees."""


class Case:
    """One case on its way: where it stands, what its command did, what failed."""

    def __init__(self, name, options):
        self.name = name
        self.options = options
        self.source = os.path.join(CASES, name)
        self.folder = os.path.join(options.work, name)
        self.out = self.err = self.sources = ""
        self.status = 0

    def path(self, name):
        return os.path.join(self.folder, name)

    def expect_path(self, suffix):
        return os.path.join(self.source, "expect." + suffix)

    def expects(self, suffix):
        return os.path.exists(self.expect_path(suffix))

    def expected(self, suffix):
        return read_text(self.expect_path(suffix))

    def image(self):
        try:
            return read_bytes(self.path(OUTPUT))
        except FileNotFoundError:
            raise Failure(f"no {OUTPUT} was written") from None


# Getting there: a folder, the objects, the command.

def set_up(case):
    shutil.rmtree(case.folder, ignore_errors=True)
    os.makedirs(case.folder)
    for name in sorted(os.listdir(case.source)):
        if not name.startswith("expect."):
            shutil.copy(os.path.join(case.source, name), case.folder)
    case.sources = kept.key(*kept.files_of(case.folder))
    for name in sorted(os.listdir(case.folder)):
        build(case, name)
    if os.path.exists(case.path("prepare")):
        succeed(case, "prepare", shell(case, ["sh", "-e", "prepare"]))


def build(case, name):
    stem, extension = os.path.splitext(name)
    if extension not in BUILDERS:
        return
    with open(case.path(name), encoding="utf-8") as source:
        own = re.search(r"build: (.*?)\s*(?:\*/)?$", source.readline().rstrip())
    command = own.group(1) if own else BUILDERS[extension]
    where = case.folder if " -g" in command else ""  # which debug information names
    key = kept.key(command, name, case.sources, included(), where)
    if kept.take(key, case.folder):
        return
    succeed(case, name, shell(case, ["sh", "-c", f"{command} -o {stem}.o {name}"]))
    kept.keep(key, case.folder, [f"{stem}.o"])


@functools.cache
def included():
    return kept.key(*[part for folder in INCLUDES + [os.path.join(INCLUDES[1], "welt")]
                      for part in kept.files_of(folder)])


def succeed(case, what, result):
    if result.returncode != 0:
        raise Failure(f"{what} of the case itself failed:\n{result.stdout}{result.stderr}")


def shell(case, command):
    environment = {**os.environ, "LC_ALL": "C", "CPATH": os.pathsep.join(INCLUDES),
                   "PATH": case.options.programs + os.pathsep + os.environ["PATH"]}
    return subprocess.run(command, cwd=case.folder, env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, encoding="utf-8", errors="replace",
                          timeout=TIMEOUT, check=False)


def run_command(case):
    result = shell(case, ["sh", "cmd"])
    case.status = result.returncode
    case.out = normalised(case, result.stdout)
    case.err = normalised(case, result.stderr)


def normalised(case, text):
    return re.sub(r"[ \t]+$", "", text.replace(case.folder + "/", ""), flags=re.M)


# What every case is held to.

def check_run(case):
    before = set(os.listdir(case.folder))
    run_command(case)
    wanted = int(case.expected("status")) if case.expects("status") else 0
    if case.status != wanted:
        raise Failure(f"status {case.status}, not {wanted}\n{case.out}{case.err}")
    check_created(case, before)
    if wanted != 0:
        check_failed_well(case)
    elif case.err and not case.expects("err"):
        raise Failure(f"succeeded, but not silently on stderr:\n{case.err}")


def check_created(case, before):
    created = set(os.listdir(case.folder)) - before
    text = read_text(case.path("cmd"))
    strays = [name for name in sorted(created)
              if name not in text or name == OUTPUT and case.status]
    if strays:
        raise Failure("created what nobody asked for: " + ", ".join(strays))


def check_failed_well(case):
    """The same again over an older output: it stays, and the answer is the same."""
    first = (case.status, case.out, case.err)
    if not case.err.strip():
        raise Failure("failed without a message on stderr")
    write_bytes(case.path(OUTPUT), OLD_OUTPUT)
    run_command(case)
    if (case.status, case.out, case.err) != first:
        raise Failure(f"an older output changes the answer:\n{case.out}{case.err}")
    if case.image() != OLD_OUTPUT:
        raise Failure("failed, but the older output was changed")


# The checks. Each returns the actual text when it differs from what is expected, else None; that
# text is what --rebase writes.

def check_out(case, expected):
    return None if matches(expected, case.out) else case.out


def check_err(case, expected):
    return None if matches(expected, case.err) else case.err


def check_hex(case, expected):
    actual = hex_dump(case.image())
    return None if actual == expected else actual


def check_size(case, expected):
    actual = f"{len(case.image())}\n"
    return None if actual == expected else actual


def check_same(case, _):
    """expect.same holds the shell lines that make reference.bin with another linker."""
    succeed(case, "expect.same", shell(case, ["sh", "-e", case.expect_path("same")]))
    reference = read_bytes(case.path(REFERENCE))
    if case.image() == reference:
        return None
    raise Failure("differs from the reference:\n"
                  + difference(hex_dump(reference), hex_dump(case.image())))


def check_absent(case, expected):
    there = [name for name in expected.split() if os.path.exists(case.path(name))]
    if there:
        raise Failure("exists: " + ", ".join(there))


def check_boot(case, expected):
    return check_machine(case, expected, "qemu")


def check_bochs(case, expected):
    return check_machine(case, expected, "bochs")


def check_dos(case, expected):
    return check_machine(case, expected, "dosbox")


def check_machine(case, expected, machine):
    """The first line may hold boot.py's options behind `$ `; the rest is what it prints."""
    case.image()
    options, text = split_options(expected)
    arguments = boot.parse([case.path(OUTPUT), "--machine", machine, *substitute(case, options)])
    job = boot.job_of(arguments)
    job.expected = job.expected or behind_patterns(text)
    outcome = boot.boot(job, machine)
    actual = trimmed(outcome.text)
    if outcome.status:
        actual += f"[status {outcome.status}]\n"
    if outcome.ended in FAULTS:
        raise Failure(f"{ENDS[outcome.ended]}\n{outcome.message}\nprinted:\n{actual}")
    return None if matches(text, actual) else options + actual


def behind_patterns(text):
    """What is printed last, word for word: until then a silent machine is a slow one."""
    lines = text.rstrip("\n").split("\n")
    patterns = [i for i, line in enumerate(lines) if line.startswith("~") or line == "..."]
    return "\n".join(lines[patterns[-1] + 1:] if patterns else lines)


def split_options(expected):
    if not expected.startswith("$ "):
        return "", expected
    options, _, text = expected.partition("\n")
    return options + "\n", text


def substitute(case, options):
    words = options[2:].split()
    return [case.path(word[1:]) if word.startswith("@") else word for word in words]


def trimmed(text):
    lines = [line.rstrip() for line in text.splitlines()]
    return "".join(line + "\n" for line in lines).rstrip("\n") + "\n"


CHECKS = {
    "out": check_out,          # stdout
    "err": check_err,          # stderr
    "bin.hex": check_hex,      # the image, dumped
    "size": check_size,        # its number of bytes
    "same": check_same,        # the image, against another linker's
    "absent": check_absent,    # files that must not exist
    "boot": check_boot,        # what it prints, in QEMU
    "bochs": check_bochs,      # in Bochs
    "dos": check_dos,          # in DOSBox
    "status": None,            # looked at by check_run
}


def check_file(case, suffix, expected):
    """expect.file.NAME: a text file that the command wrote."""
    name = suffix.removeprefix("file.")
    try:
        actual = normalised(case, read_text(case.path(name)))
    except FileNotFoundError:
        raise Failure(f"{name} was not written") from None
    return None if matches(expected, actual) else actual


def run_check(case, suffix):
    expected = case.expected(suffix)
    if suffix.startswith("file."):
        actual = check_file(case, suffix, expected)
    elif suffix not in CHECKS:
        raise Failure(f"expect.{suffix}: no such check")
    else:
        actual = CHECKS[suffix](case, expected) if CHECKS[suffix] else None
    if actual is None:
        return
    if case.options.rebase:
        write_bytes(case.expect_path(suffix), actual.encode())
        print(f"rebased {case.name}/expect.{suffix}")
        return
    raise Failure(f"expect.{suffix}:\n{difference(expected, actual)}")


# Text.

def matches(expected, actual):
    return lines_match(expected.splitlines(), actual.splitlines())


def lines_match(patterns, lines):
    if not patterns:
        return not lines
    if patterns[0] == "...":
        return any(lines_match(patterns[1:], lines[at:]) for at in range(len(lines) + 1))
    return (bool(lines) and line_matches(patterns[0], lines[0])
            and lines_match(patterns[1:], lines[1:]))


def line_matches(pattern, line):
    if pattern.startswith("~"):
        return re.fullmatch(pattern[1:], line) is not None
    return pattern == line


def hex_dump(data):
    """Sixteen bytes a line behind their offset, `*` for lines like the one above, the size last."""
    lines, previous = [], None
    for at in range(0, len(data), 16):
        row = data[at:at + 16]
        if row != previous:
            lines.append(f"{at:04x}: {row.hex(' ')}")
        elif lines[-1] != "*":
            lines.append("*")
        previous = row
    lines.append(f"{len(data):04x}")
    return "\n".join(lines) + "\n"


def difference(expected, actual):
    lines = difflib.unified_diff(expected.splitlines(), actual.splitlines(), "expected", "actual",
                                 lineterm="")
    return "\n".join(lines)


def read_text(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def read_bytes(path):
    with open(path, "rb") as file:
        return file.read()


def write_bytes(path, data):
    with open(path, "wb") as file:
        file.write(data)


# All of them.

def run_case(case):
    """None, or the text of what failed. Every check runs, so that one look shows all."""
    try:
        set_up(case)
        check_run(case)
    except (Failure, OSError, subprocess.TimeoutExpired) as failure:
        return str(failure)
    failures = []
    for name in sorted(os.listdir(case.source)):
        if name.startswith("expect."):
            try:
                run_check(case, name.removeprefix("expect."))
            except (Failure, OSError, subprocess.TimeoutExpired) as failure:
                failures.append(str(failure))
    return "\n".join(failures) or None


def all_cases():
    found = []
    for wing in sorted(os.listdir(CASES)):
        for name in sorted(os.listdir(os.path.join(CASES, wing))):
            if os.path.exists(os.path.join(CASES, wing, name, "cmd")):
                found.append(f"{wing}/{name}")
    return found


def chosen_cases(names):
    names = [name.rstrip("/").removeprefix("tests/cases/") for name in names]
    chosen = [case for case in all_cases()
              if not names or any(case == name or case.startswith(name + "/") for name in names)]
    if not chosen:
        sys.exit(f"run.py: no case is called {' or '.join(names)}")
    return chosen


def report(name, failure):
    print(f"{'FAILED' if failure else 'passed'} {name}")
    if failure:
        print("    " + failure.rstrip().replace("\n", "\n    "))
    return not failure


def parse(arguments):
    root = os.path.dirname(TESTS)
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="*", metavar="CASE")
    parser.add_argument("--welt", default=os.path.join(root, "build/release/bin/welt"))
    parser.add_argument("--work", help="where the cases run (default: beside the command's folder)")
    parser.add_argument("--rebase", action="store_true")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args(arguments)
    options.programs = os.path.dirname(os.path.abspath(options.welt))
    options.work = os.path.abspath(options.work or os.path.join(options.programs, "../cases"))
    return options


def main(arguments):
    options = parse(arguments)
    cases = [Case(name, options) for name in chosen_cases(options.cases)]
    with ThreadPoolExecutor(options.jobs) as pool:
        results = [report(case.name, failure)
                   for case, failure in zip(cases, pool.map(run_case, cases))]
    print(f"{sum(results)} passed, {len(results) - sum(results)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
