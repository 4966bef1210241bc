#!/usr/bin/env python3
"""Runs an image on an emulated machine and prints what the program said, the BIOS's words removed.

    boot.py boot.bin                                 a floppy in QEMU
    boot.py disk.img --medium disk --second data.img --keys 'yes'
    boot.py hello.com --machine dosbox
    boot.py boot.bin --machine bochs --expect 'Hello'
    boot.py boot.img --machine qemu64 --medium disk         a processor that knows long mode

Exit status 0 when the program came to an end (or printed what --expect names), 1 when not.
Nothing is left running: the emulator is ended by its own process id.
"""
import argparse
import sys

import bochs
import dosbox
import qemu
from outcome import ENDS, FAULTS, Job

MACHINES = {"qemu": qemu.run, "qemu64": qemu.run_64, "bochs": bochs.run, "dosbox": dosbox.run}


def boot(job, machine="qemu"):
    return MACHINES[machine](job)


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("image")
    parser.add_argument("--machine", choices=MACHINES, default="qemu")
    parser.add_argument("--medium", choices=["floppy", "disk", "rom"], default="floppy",
                        help="what the image is to the machine (default: floppy)")
    parser.add_argument("--second", default="", metavar="FILE", help="a second hard disk")
    parser.add_argument("--keys", default="", metavar="TEXT",
                        help="typed one by one whenever the program waits")
    parser.add_argument("--expect", default="", metavar="TEXT", help="stop when this was printed")
    parser.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS")
    parser.add_argument("--memory", type=int, default=32, metavar="MIB")
    options = parser.parse_args(arguments)
    if options.machine == "bochs" and options.medium not in bochs.DRIVES:
        parser.error(f"Bochs is not set up to run a {options.medium}; QEMU is")
    return options


def job_of(options):
    return Job(image=options.image, medium=options.medium, second=options.second,
               keys=unescape(options.keys), expected=unescape(options.expect),
               timeout=options.timeout, memory=options.memory)


def unescape(text):
    r"""A shell word holds no line end comfortably: \n, \t and \e are written out."""
    return text.replace("\\n", "\n").replace("\\t", "\t").replace("\\e", "\x1b")


def ended_well(job, outcome):
    if job.expected:
        return job.expected in outcome.text
    return outcome.ended not in FAULTS


def main(arguments):
    options = parse(arguments)
    job = job_of(options)
    outcome = boot(job, options.machine)
    sys.stdout.write(outcome.text)
    if outcome.text and not outcome.text.endswith("\n"):
        sys.stdout.write("\n")
    if ended_well(job, outcome):
        return 0
    sys.stdout.flush()
    print(f"boot.py: {options.image}: {ENDS[outcome.ended]}", file=sys.stderr)
    if outcome.message:
        print(outcome.message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
