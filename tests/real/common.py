"""What the recipes of tests/real share: commands, linkers, and machines that say something.

Provides Failed, run, Linker, wait_for, GNU, OURS. A recipe is a module of recipes/ with

    SOURCE             the Debian source package
    PATCHED            whether Debian's patches are applied (default: they are)
    NEEDS              Debian packages to build it, beside gcc, make and perl
    build(place, linker) -> paths of images, in one order; GNU ld's turn comes first. `place` gives
                       a copy of the source, or of what GNU ld's turn left (sources.py)
    start(images)      boots them, if it can be; raises Failed
"""
import os
import re
import shutil
import subprocess
import time

QUIET = ["-accel", "tcg", "-machine", "pc,graphics=off", "-display", "none", "-monitor", "none",
         "-no-reboot", "-serial", "stdio"]

GNU, OURS = "ld_gnu", "welt_l"  # names of one length: some builds write paths


MOVES = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]")  # of the cursor, in the middle of words


class Failed(Exception):
    pass


def run(*command, folder=None, status=0, timeout=3600, **variables):
    """What the command prints; its last words are the message when it ends otherwise."""
    result = subprocess.run(command, cwd=folder, text=True, stdout=subprocess.PIPE, errors="replace",
                            stderr=subprocess.STDOUT, timeout=timeout, check=False,
                            env={**os.environ, "LC_ALL": "C", **variables})
    if result.returncode != status:
        raise Failed(f"{' '.join(command)}: status {result.returncode}\n{result.stdout[-3000:]}")
    return result.stdout


class Linker:
    """`path` for LD=, and `folder` for gcc's -B: it holds the same as `ld`."""

    def __init__(self, kind, command, work):
        self.kind = kind
        self.is_gnu = kind == GNU
        self.path = command
        self.folder = os.path.join(work, "linker", kind)
        os.makedirs(self.folder, exist_ok=True)
        link = os.path.join(self.folder, "ld")
        if os.path.lexists(link):
            os.remove(link)
        os.symlink(shutil.which(command), link)


def wait_for(texts, *arguments, seconds=300):
    """Starts a machine without a screen and waits until it has said these on its serial line."""
    machine = subprocess.Popen(["qemu-system-i386", *QUIET, *arguments], stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    os.set_blocking(machine.stdout.fileno(), False)
    said, deadline = b"", time.monotonic() + seconds
    try:
        while not all(text.encode() in said for text in texts):
            if time.monotonic() > deadline or machine.poll() is not None:
                raise Failed(f"it did not say {texts}, but\n{said[-1500:].decode(errors='replace')}")
            said = MOVES.sub(b"", said + (machine.stdout.read() or b""))
            time.sleep(0.05)
    finally:
        machine.kill()
        machine.wait()
