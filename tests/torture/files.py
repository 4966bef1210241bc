#!/usr/bin/env python3
"""Every call of the file system and for memory fails in turn; the linker is killed while it writes.

    files.py --welt build/release/bin/welt --faulty build/release/tests/torture/libfaulty.so
    files.py --welt … --faulty … --kills 1000

A link that reads an object, a script with INCLUDE, an archive and a thin one, and an older report,
and writes an image, an ELF file, a map, a listing, a report, a rule for make and its diagnostics
over old ones; one that writes an ELF executable, and one that joins objects. For each kind of call its first, second, … fails with an error (or
does a single byte), until there are no more of it. What must hold each time: exit status 0 with the
right outputs, all of them, or 1 with an error on stderr and the old ones, byte by byte; no other file
is there. A link that is killed leaves the old output or the new one; the temporary
name that a kill cannot take away is the killed process's own, and later links do not stumble over
it, nor remove what they cannot know to be theirs.
"""
import argparse
import errno
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SOURCES = {
    "boot.s": ".code16\n.globl _start\n_start: call two\n call three\n jmp .\n"
              ".data\n.fill 70000, 1, 0xaa\n",
    "two.s": ".code16\n.globl two\ntwo: ret\n",
    "three.s": ".code16\n.globl three\nthree: ret\n",
    "boot.ld": "INCLUDE sections.ld\n",
    "words.rsp": "--wrap=w -y z @more.rsp --undefined=u\n",
    "more.rsp": "--defsym 'a=1 + 2'\n",
    "sections.ld": "OUTPUT_FORMAT(binary)\nSECTIONS { . = 0x7c00; .text : { *(.text) *(.data) } }\n",
}
INPUTS = ["boot.o", "libtwo.a", "thin.a", "-o", "boot.bin"]
LOG = "boot.log"  # diagnostics
TOLD = ("boot.json", LOG)  # written of a link that failed, too
LAID_OUT = ("boot.map",)  # … after layout
LINES = [  # (words, what they write)
    (["-T", "boot.ld", *INPUTS, "-Map", "boot.map", "--listing", "boot.lst", "--elf=boot.elf",
      "--report=json:boot.json", "--dependency-file=boot.d", "--diagnostics=json:" + LOG,
      "--baseline=older.json"],
     ("boot.bin", "boot.map", "boot.lst", "boot.elf", "boot.json", "boot.d", LOG)),
    (["--oformat=elf32-i386", *INPUTS, "-q", "--build-id"], ("boot.bin",)),
    (["-r", *INPUTS, "-Map", "boot.map"], ("boot.bin", "boot.map"))]
FAULTS = {
    "open": [errno.EACCES, errno.EMFILE, errno.EIO],
    "read": [errno.EIO, errno.EINTR, 0],
    "write": [errno.ENOSPC, errno.EIO, errno.EINTR, 0],
    "close": [errno.EIO],
    "fstat": [errno.EIO],
    "stat": [errno.EIO],
    "access": [errno.EACCES],
    "readlink": [errno.EIO],
    "linkat": [errno.EEXIST, errno.EXDEV],
    "rename": [errno.EACCES, errno.EXDEV],
    "fchmod": [errno.EPERM],
    "fsync": [errno.EIO],
}
# No object, for LLVM's reader of objects ends the process when it gets no memory. What a listing
# is made by is loaded when it is needed, and may not be.
MEMORY_LINE = ["-b", "binary", "two.s", "--layout=raw", "-e", "0", "-o", "boot.bin", "-Map=boot.map",
               "--cref", "--report=json:boot.json", "--report=html:boot.html", "-Wall",
               "--dependency-file=boot.d", "--elf=boot.elf", "--diagnostics=json:" + LOG,
               "--budget=3000", "--budget", "section:.data=900", "-L", ".", "-L=x", "--sysroot=y",
               "--section-start=.foo=0x100", "@words.rsp", "--unresolved-symbols=ignore-all"]
MEMORY_OUTPUTS = ("boot.bin", "boot.map", "boot.json", "boot.html", "boot.d", "boot.elf", LOG)
OLD = b"what was there before"


def make_inputs(folder):
    for name, text in SOURCES.items():
        with open(os.path.join(folder, name), "w", encoding="ascii") as file:
            file.write(text)
    for name in ("boot", "two", "three"):
        subprocess.run(["as", "--32", f"{name}.s", "-o", f"{name}.o"], cwd=folder, check=True)
    subprocess.run(["ar", "rcsD", "libtwo.a", "two.o"], cwd=folder, check=True)
    subprocess.run(["ar", "rcsDT", "thin.a", "three.o"], cwd=folder, check=True)


def read(folder, name):
    path = os.path.join(folder, name)
    if not os.path.exists(path):
        return None
    with open(path, "rb") as file:
        return file.read()


def is_whole(data):
    try:
        return bool(json.loads(data))
    except ValueError:
        return False


class Torture:
    def __init__(self, options, folder, line=tuple(LINES[0][0]), outputs=LINES[0][1]):
        self.options, self.folder, self.outputs = options, folder, outputs
        self.command = [options.welt, *line]
        make_inputs(folder)
        self.write_old()
        subprocess.run([options.welt, "-T", "boot.ld", *INPUTS, "--report=json:older.json"],
                       cwd=folder, check=True, capture_output=True)
        subprocess.run(self.command, cwd=folder, check=True, capture_output=True)
        self.right = {name: read(folder, name) for name in outputs}
        self.names = sorted(os.listdir(folder))
        self.wrong = self.runs = 0

    def write_old(self):
        for name in self.outputs:
            with open(os.path.join(self.folder, name), "wb") as file:
                file.write(OLD)

    def say(self, what, text):
        self.wrong += 1
        print(f"{what}: {text}")

    def run(self, call, number, error):
        self.write_old()
        with tempfile.NamedTemporaryFile() as count:
            result = subprocess.run(self.command, cwd=self.folder, capture_output=True, timeout=60,
                                    env={**os.environ, "LD_PRELOAD": self.options.faulty,
                                         "FAULTY_CALL": call, "FAULTY_NUMBER": str(number),
                                         "FAULTY_ERROR": str(error), "FAULTY_COUNT": count.name,
                                         "ASAN_OPTIONS": "verify_asan_link_order=0"})
            calls = int(count.read() or 0)
        self.runs += 1
        self.check(f"{call} {number} {errno.errorcode.get(error, 'short')}", result)
        return calls

    def check(self, what, result):
        if result.returncode not in (0, 1):
            self.say(what, f"status {result.returncode} {result.stderr[-300:]}")
        if result.returncode == 1 and b"error: " not in result.stderr:
            self.say(what, f"fails without a word: {result.stderr!r}")
        if sorted(os.listdir(self.folder)) != self.names:
            extra = sorted(set(os.listdir(self.folder)) ^ set(self.names))
            self.say(what, f"other files: {extra}")
            for name in extra:
                if os.path.exists(os.path.join(self.folder, name)):
                    os.unlink(os.path.join(self.folder, name))
        for name in self.outputs:
            now = read(self.folder, name)
            if name in TOLD and result.returncode and is_whole(now):
                continue
            if now == self.right[name] and result.returncode and name not in LAID_OUT:
                self.say(what, f"{name} is there, others are not")
            if now != self.right[name] and (now != OLD or result.returncode == 0):
                self.say(what, f"{name} is neither the old nor the new one: {now and len(now)}")

    def all_faults(self):
        for call, errors in FAULTS.items():
            total = self.run(call, 0, 0)  # counts only
            for error in errors:
                for number in range(1, total + 1):
                    self.run(call, number, error)


class Memory(Torture):
    """One link after another, each with an allocation that is refused, until there are no more."""

    def check(self, what, result):
        # Constructors of LLVM's run before main(), in C++, which ends the process.
        if result.returncode == -signal.SIGABRT and b"welt" not in result.stderr:
            return
        # A build that counts lines asks for memory when it ends, and takes it for granted.
        if result.returncode == -signal.SIGSEGV and self.options.counting:
            return
        self.reached += 1
        super().check(what, result)

    def all_allocations(self):
        self.reached = 0
        total = self.run("malloc", 0, 0)
        for number in range(1, total + 1):
            self.run("malloc", number, errno.ENOMEM)
        if self.reached < 40:
            self.say("memory", f"{self.reached} links came as far as main()")


class Killing(Torture):
    """One large image, so that there is time to be killed in."""

    def prepare(self):
        with open(os.path.join(self.folder, "big.s"), "w", encoding="ascii") as file:
            file.write(".data\n.fill 33554432, 1, 0xaa\n")
        subprocess.run(["as", "--32", "big.s", "-o", "big.o"], cwd=self.folder, check=True)
        self.outputs = ("boot.bin",)
        self.command = [self.options.welt, "-T", "boot.ld", *INPUTS, "big.o"]
        begin = time.monotonic()
        subprocess.run(self.command, cwd=self.folder, check=True, capture_output=True)
        self.time = time.monotonic() - begin
        self.right["boot.bin"] = read(self.folder, "boot.bin")
        self.names = sorted(os.listdir(self.folder))

    def kill_once(self, after):
        self.write_old()
        child = subprocess.Popen(self.command, cwd=self.folder, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        if after < 0:
            self.wait_for_writing(child)
        else:
            time.sleep(after)
        child.send_signal(signal.SIGKILL)
        child.wait()
        now = read(self.folder, "boot.bin")
        if now not in (OLD, self.right["boot.bin"]):
            self.say("killed", f"boot.bin is {'gone' if now is None else len(now)}")
        left = set(os.listdir(self.folder)) - set(self.names)
        if any(not name.startswith(f".welt-{child.pid}-") for name in left):
            self.say("killed", f"files that are not its own: {sorted(left)}")
        for name in left:
            os.unlink(os.path.join(self.folder, name))
        return now == OLD, bool(left)

    def wait_for_writing(self, child):
        """Until it has a file of the output's folder open for writing, or is done."""
        folder = f"/proc/{child.pid}/fd"
        while child.poll() is None:
            try:
                if any(os.readlink(os.path.join(folder, name)).startswith(self.folder + "/#") or
                       ".welt-" in os.readlink(os.path.join(folder, name))
                       for name in os.listdir(folder)):
                    return
            except OSError:
                pass

    def kill_many(self, count):
        self.prepare()
        chance = random.Random(1)
        old = left = 0
        for number in range(count):  # every other one while it writes
            after = chance.uniform(0, self.time * 1.1) if number % 2 else -1
            was_old, has_left = self.kill_once(after)
            old += was_old
            left += has_left
        subprocess.run(self.command, cwd=self.folder, check=True, capture_output=True)
        if read(self.folder, "boot.bin") != self.right["boot.bin"]:
            self.say("after the kills", "boot.bin is not the right one")
        print(f"{count} kills: {old} before the rename, {count - old} after; "
              f"{left} temporary names left")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--welt", required=True)
    parser.add_argument("--faulty", required=True)
    parser.add_argument("--counting", action="store_true", help="the build counts lines")
    parser.add_argument("--kills", type=int, default=100)
    options = parser.parse_args()
    options.welt, options.faulty = os.path.abspath(options.welt), os.path.abspath(options.faulty)
    folder = tempfile.mkdtemp(prefix="welt-torture-")
    try:
        wrong = 0
        for line, outputs in LINES:
            faults = Torture(options, folder, line, outputs)
            faults.all_faults()
            if faults.runs < 60:
                faults.say("faults", "the library that makes calls fail was not loaded")
            print(f"{faults.runs} links, each with a call that failed: {' '.join(line[:2])} …")
            wrong += faults.wrong
        memory = Memory(options, folder, MEMORY_LINE, MEMORY_OUTPUTS)
        memory.all_allocations()
        print(f"{memory.runs} links, each with an allocation that was refused")
        kills = Killing(options, folder)
        kills.kill_many(options.kills)
        wrong += memory.wrong + kills.wrong
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
