"""What a machine is asked to run and what came of it. Shared by qemu.py, bochs.py and dosbox.py.

Provides Job, Outcome, ENDS, and `page_text`, which reads the VGA text page as lines.
"""
from dataclasses import dataclass

# How a run ended.
ENDS = {
    "halted": "the CPU stands still with interrupts off",
    "seen": "the expected text was printed",
    "idle": "the program waits and nobody will wake it",
    "finished": "the program returned to DOS, or the ROM to the BIOS",
    "exit": "the machine went away (triple fault, reset, or it did not start)",
    "unbootable": "the BIOS does not boot it",
    "timeout": "nothing of the above in time",
}


FAULTS = {"exit", "unbootable", "timeout"}  # no boot program means to end so


@dataclass
class Job:
    image: str
    medium: str = "floppy"   # floppy, disk, rom; com under DOSBox
    second: str = ""         # image of a second hard disk
    keys: str = ""           # typed when the program has gone quiet
    expected: str = ""       # stop as soon as this was printed
    timeout: float = 30.0
    memory: int = 32         # MiB


@dataclass
class Outcome:
    text: str
    ended: str
    message: str = ""        # the emulator's own complaint
    status: int | None = None  # what a .COM program returned


COLUMNS, ROWS = 80, 25
PAGE_BYTES = COLUMNS * ROWS * 2  # a character and its attribute


def page_text(page):
    characters = page[0::2].replace(b"\0", b" ").decode("cp437")
    rows = [characters[at:at + COLUMNS].rstrip() for at in range(0, len(characters), COLUMNS)]
    return "\n".join(rows).rstrip("\n")
