#!/usr/bin/env python3
"""Inputs for the fuzzers to begin with:  seeds.py FOLDER

Makes FOLDER/object, link, elf, archive, script, report and arguments from what the tests have: the valid and the
hostile inputs of tests/malformed (an even choice of the small ones), the sources of the test cases,
assembled, the scripts, command lines and reports of the cases, and the layouts.
"""
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(TESTS)
LARGEST = 8192  # bytes of an input, as `run` tells the fuzzers
MOST = 250      # of a kind, from the hostile corpus


def add(folder, data):
    """A file named by its content, so that none is there twice."""
    if 0 < len(data) <= LARGEST:
        name = hashlib.sha1(data).hexdigest()[:16]
        with open(os.path.join(folder, name), "wb") as file:
            file.write(data)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def kind_of(name, data):
    """Which fuzzers an input of the hostile corpus is for."""
    if data[:4] == b"\x7fELF" and data[4:5] in (b"\1", b"\2"):
        return ["object", "link"]
    if data[:8] in (b"!<arch>\n", b"!<thin>\n"):
        return ["archive"]
    return {".ld": ["script"], ".args": ["arguments"],
            ".rsp": ["arguments"]}.get(os.path.splitext(name)[1], [])


def add_hostile(out):
    found = {"object": [], "link": [], "archive": [], "script": [], "arguments": []}
    with tarfile.open(os.path.join(TESTS, "malformed", "corpus.tar.xz")) as corpus:
        for member in corpus:
            if member.isfile() and 0 < member.size <= LARGEST:
                data = corpus.extractfile(member).read()
                for target in kind_of(member.name, data):
                    found[target].append(data)
    for target, inputs in found.items():
        step = max(1, len(inputs) // MOST)
        for data in inputs[::step]:
            add(os.path.join(out, target), data)


def made_by(command):
    """The object that it makes; nothing where the source is for other options."""
    with tempfile.TemporaryDirectory() as folder:
        made = os.path.join(folder, "made.o")  # as cannot write to a pipe
        subprocess.run([*command, "-o", made], capture_output=True, check=False)
        return read(made) if os.path.exists(made) else b""


def add_cases(out):
    cases = os.path.join(TESTS, "cases", "*", "*")
    for path in glob.glob(os.path.join(cases, "*.ld")) + glob.glob(
            os.path.join(ROOT, "runtime", "layouts", "*.ld")):
        add(os.path.join(out, "script"), read(path))
    for path in glob.glob(os.path.join(cases, "cmd")):
        words = read(path).replace(b"welt ", b"", 1).replace(b"ld.", b"")
        add(os.path.join(out, "arguments"), words.replace(b"main.o", b"boot.o"))
    for path in glob.glob(os.path.join(cases, "*.s")):
        width = "--64" if b"build: as --64" in read(path) else "--32"
        made = made_by(["as", width, path])
        for target in ("object", "link"):
            add(os.path.join(out, target), made)
    for flags in ("-gdwarf-4", "-gdwarf-5", "-gdwarf-5 -ffunction-sections"):
        for path in glob.glob(os.path.join(cases, "*.c"))[::20]:
            command = ["gcc", "-m16", "-Os", "-w", *flags.split(), "-ffreestanding", "-fno-pic",
                       "-I", os.path.join(ROOT, "include"), "-I", os.path.join(TESTS, "include"),
                       "-c", path]
            add(os.path.join(out, "link"), made_by(command))


def add_reports(out):
    """Each alone, and with each as its baseline."""
    paths = glob.glob(os.path.join(TESTS, "cases", "*", "*", "expect.file.*.json"))
    paths += glob.glob(os.path.join(TESTS, "fuzz", "*.json"))
    for report in map(read, paths):
        add(os.path.join(out, "report"), report)
        for older in map(read, paths):
            add(os.path.join(out, "report"), report + b"\0" + older)


def add_ways(out):
    """The objects of links, each with a byte that says what the ELF file shall be."""
    for number, name in enumerate(sorted(os.listdir(os.path.join(out, "link")))):
        data = read(os.path.join(out, "link", name))
        add(os.path.join(out, "elf"), data + bytes([number % 256]))


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    out = sys.argv[1]
    for target in ("object", "link", "elf", "archive", "script", "report", "arguments"):
        folder = os.path.join(out, target)
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
    add_hostile(out)
    add_cases(out)
    add_ways(out)
    add_reports(out)


if __name__ == "__main__":
    main()
