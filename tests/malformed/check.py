#!/usr/bin/env python3
"""Runs the hostile corpus (run.py) or the I/O faults (iofault.py) over a build of Welt.

    check.py corpus --welt build/release/bin/welt
    check.py corpus --welt build/release/bin/welt --match '^(elf32|ar)'
    check.py corpus --welt build/sanitize/bin/welt --sanitize
    check.py faults --welt build/release/bin/welt

Both run the linker as nobody when they are started as root, and nobody cannot reach a clone below
/root: the command is copied to a folder that everyone can read first. Exit status: theirs.
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
OPTIONS = "-e 0 --unresolved-symbols=ignore-all"


def reachable_copy(welt, folder):
    """The command as ld.welt in `folder`, with Welt's shared library if it needs it."""
    os.chmod(folder, 0o755)
    command = os.path.join(folder, "ld.welt")
    shutil.copy(welt, command)
    os.chmod(command, 0o755)
    listing = subprocess.run(["ldd", welt], capture_output=True, encoding="utf-8", check=False)
    for line in listing.stdout.splitlines():
        words = line.split()
        if "=>" in words and "libwelt" in words[0]:
            shutil.copy(words[2], os.path.join(folder, words[0]))
    return command


def command_line(options, linker):
    if options.what == "faults":
        return [f"{HERE}/iofault.py", options.name, f"{linker} -m elf_i386 {OPTIONS}"]
    line = [f"{HERE}/run.py", "--name", options.name, "--linker", f"{linker} -m {{m}} {OPTIONS}",
            "--match", options.match, "--jobs", str(options.jobs), "--out", options.out]
    # AddressSanitizer reserves far more address space than any limit would allow.
    return line + (["--mem", "0", "--timeout", "60"] if options.sanitize else [])


def main(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["corpus", "faults"])
    parser.add_argument("--welt", required=True)
    parser.add_argument("--name", default="welt")
    parser.add_argument("--match", default="", help="a regular expression for names of cases")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--sanitize", action="store_true")
    parser.add_argument("--out", default=tempfile.gettempdir(), help="for the table of results")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="welt-malformed-") as folder:
        linker = reachable_copy(os.path.abspath(options.welt), folder)
        environment = {**os.environ, "LD_LIBRARY_PATH": folder}
        command = [sys.executable, *command_line(options, linker)]
        return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
