#!/usr/bin/env python3
"""Every option that GNU ld and lld name in their --help, given to `ld.welt`.

    tests/options.py --welt build/release/bin/welt

The lists come from the linkers that are installed, at run time. The manual page says which options
have an effect, which are accepted without one and which are refused, each with its reason; what it
says is then tried: an option without effect leaves the image as it is, a refused one ends with
status 1, its name and the reason, and none is unknown.
"""
import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

CODE = ".globl _start\n.text\n_start: jmp _start\n.data\n.word 0x1234\n"
LINK = ["-m", "elf_i386", "-Ttext=0x7c00", "--oformat", "binary", "-N", "code.o", "-o", "boot.bin"]
# About other processors: not what a boot image can meet.
FOREIGN = re.compile(r"^(android|cmse|fix-cortex|split-stack"
                     r"|toc-|no-toc-|pcrel|no-pcrel|no-power10|power10|target[12]|be8"
                     r"|in-implib|merge-exidx|no-merge-exidx)")
VALUES = {"unresolved-symbols": "report-all", "hash-style": "gnu", "m": "elf_i386", "z": "now"}


def names_of(line):
    """The option names that a line of --help begins with: `-e ADDRESS, --entry ADDRESS  Set …`."""
    head = re.split(r"\s{2,}", line.strip())[0]
    if not head.startswith("-"):
        return
    for part in head.split(", "):
        found = re.match(r"--?([\w()-]+)", part)
        if found:
            yield found.group(1)


def options_of(linker):
    text = subprocess.run([linker, "--help"], capture_output=True, encoding="utf-8",
                          check=True).stdout
    pe = text.find("\ni386pe")
    names = set()
    for line in text[:pe if pe > 0 else None].splitlines():
        if re.match(r"^  ?-", line):
            names.update(names_of(line))
    return {name for name in names if not FOREIGN.match(name) and name != "z"}


def read_manual(welt):
    """Name -> (section of the manual, text)."""
    text = subprocess.run([welt, "--print-manual"], capture_output=True, encoding="utf-8",
                          check=True).stdout
    known, section = {}, ""
    lines = text.splitlines()
    for at, line in enumerate(lines):
        if line.startswith(".S"):
            section = line.split(" ", 1)[1]
        if line != ".TP" or at + 2 >= len(lines):
            continue
        for name in re.findall(r"\\fB(?:\\-)+(.*?)\\fR", lines[at + 1]):
            known[name.replace("\\-", "-")] = (section, lines[at + 2], "fI" in lines[at + 1])
    return known


def run(words):
    return subprocess.run(words, capture_output=True, encoding="utf-8", errors="replace",
                          timeout=60, check=False)


def spell(name, takes):
    dashes = "-" if len(name) == 1 else "--"
    if not takes:
        return [dashes + name]
    value = VALUES.get(name, "1")
    return [dashes + name, value] if len(name) == 1 else [f"{dashes}{name}={value}"]


def ignored_takes(welt, name):
    """Whether an option without effect wants a word: its name alone, last, says so."""
    dashes = "-" if len(name) == 1 else "--"
    return "needs an argument" in run([welt, dashes + name]).stderr


def failures_of(ld_welt, name, known, plain):
    if name not in known:
        return "not in the manual"
    section, text, _ = known[name]
    if not text.strip():
        return "the manual says nothing about it"
    if section not in ("Accepted and without effect", "Refused"):
        dashes = "-" if len(name) == 1 else "--"
        told = run([ld_welt, dashes + name]).stderr
        return told if "unknown option" in told or "may mean" in told else None
    result = run([ld_welt, *spell(name, ignored_takes(ld_welt, name)), *LINK])
    if section == "Refused":
        fine = result.returncode == 1 and "is refused: " in result.stderr
        return None if fine else f"not refused: {result.stderr}"
    if result.returncode or result.stderr:
        return f"not accepted: {result.stderr}"
    with open("boot.bin", "rb") as image:
        return None if image.read() == plain else "it changes the image"


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--welt", required=True)
    welt = os.path.abspath(parser.parse_args(arguments).welt)
    ld_welt = os.path.join(os.path.dirname(welt), "ld.welt")
    linkers = [linker for linker in ("ld", "ld.lld-19") if shutil.which(linker)]
    names = sorted(set().union(*map(options_of, linkers)))
    known = read_manual(welt)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        subprocess.run(["as", "--32", "-o", "code.o", "-"], input=CODE.encode(), check=True)
        subprocess.run([ld_welt, *LINK], check=True)
        with open("boot.bin", "rb") as image:
            plain = image.read()
        bad = [(name, failure) for name in names
               if (failure := failures_of(ld_welt, name, known, plain))]
        os.chdir("/")
    for name, failure in bad:
        print(f"{name}: {failure.strip()}")
    print(f"{len(names)} options of {' and '.join(linkers)}: {len(bad)} wrong")
    return bool(bad) or len(names) < 150


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
