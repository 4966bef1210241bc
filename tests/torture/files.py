#!/usr/bin/env python3
"""Every call of the file system fails in turn; the linker is killed while it writes.

    files.py --welt build/release/bin/welt --faulty build/release/tests/torture/libfaulty.so
    files.py --welt … --faulty … --kills 1000

A link that reads an object, a script with INCLUDE, an archive and a thin one, and writes an image, a
map and a listing, over old ones. For each kind of call its first, second, … fails with an error (or
does a single byte), until there are no more of it. What must hold each time: exit status 0 with the
right outputs, or 1 with an error on stderr; an output is the old one or the right one, byte by byte;
no other file is there. A link that is killed leaves the old output or the new one; the temporary
name that a kill cannot take away is the killed process's own, and later links do not stumble over
it, nor remove what they cannot know to be theirs.
"""
import argparse
import errno
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
    "sections.ld": "OUTPUT_FORMAT(binary)\nSECTIONS { . = 0x7c00; .text : { *(.text) *(.data) } }\n",
}
OUTPUTS = ("boot.bin", "boot.map", "boot.lst")
LINE = ["-T", "boot.ld", "boot.o", "libtwo.a", "thin.a", "-o", "boot.bin", "-Map", "boot.map",
        "--listing", "boot.lst"]
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


def write_old(folder):
    for name in OUTPUTS:
        with open(os.path.join(folder, name), "wb") as file:
            file.write(OLD)


class Torture:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.command = [options.welt, *LINE]
        make_inputs(folder)
        write_old(folder)
        subprocess.run(self.command, cwd=folder, check=True, capture_output=True)
        self.right = {name: read(folder, name) for name in OUTPUTS}
        self.names = sorted(os.listdir(folder))
        self.wrong = self.runs = 0

    def say(self, what, text):
        self.wrong += 1
        print(f"{what}: {text}")

    def run(self, call, number, error):
        write_old(self.folder)
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
        for name in OUTPUTS:
            now = read(self.folder, name)
            if now != self.right[name] and (now != OLD or result.returncode == 0):
                self.say(what, f"{name} is neither the old nor the new one: {now and len(now)}")

    def all_faults(self):
        for call, errors in FAULTS.items():
            total = self.run(call, 0, 0)  # counts only
            for error in errors:
                for number in range(1, total + 1):
                    self.run(call, number, error)


class Killing(Torture):
    """One large image, so that there is time to be killed in."""

    def prepare(self):
        with open(os.path.join(self.folder, "big.s"), "w", encoding="ascii") as file:
            file.write(".data\n.fill 33554432, 1, 0xaa\n")
        subprocess.run(["as", "--32", "big.s", "-o", "big.o"], cwd=self.folder, check=True)
        self.command = [self.options.welt, "boot.o", "libtwo.a", "thin.a", "big.o", "-T",
                        "boot.ld", "-o", "boot.bin"]
        begin = time.monotonic()
        subprocess.run(self.command, cwd=self.folder, check=True, capture_output=True)
        self.time = time.monotonic() - begin
        self.right["boot.bin"] = read(self.folder, "boot.bin")
        self.names = sorted(os.listdir(self.folder))

    def kill_once(self, after):
        write_old(self.folder)
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
    parser.add_argument("--kills", type=int, default=100)
    options = parser.parse_args()
    options.welt, options.faulty = os.path.abspath(options.welt), os.path.abspath(options.faulty)
    folder = tempfile.mkdtemp(prefix="welt-torture-")
    try:
        faults = Torture(options, folder)
        faults.all_faults()
        if faults.runs < 80:
            faults.say("faults", "the library that makes calls fail was not loaded")
        print(f"{faults.runs} links, each with a call that failed")
        kills = Killing(options, folder)
        kills.kill_many(options.kills)
        wrong = faults.wrong + kills.wrong
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
