"""Boots an image in QEMU without a screen and returns what it printed through BIOS calls.

Requires qemu-system-i386, for 64-bit programs qemu-system-x86_64. Provides `run(Job) -> Outcome`, `run_64`.

SeaBIOS copies int 10h text to the serial line when the machine has no graphics. It holds the last
characters back until the next timer tick, so a program that ends in `cli; hlt` would lose its end:

    prints "two\\r\\n", cli, hlt      on the line: "tw", and no tick will ever come

So when the CPU is halted with interrupts off, the gdb stub sets EFLAGS.IF, the tick comes and the
rest arrives. Reading the VGA memory instead was not taken: it shows 25 lines and needs a card,
whose BIOS the option ROM tests would have to tell from their own ROM.
"""
import json
import os
import re
import select
import socket
import tempfile
import time

import child
import gdb_remote
from outcome import Outcome

POLL = 0.02        # seconds between two looks at the serial line
REGISTER_POLL = 0.06
QUIET_FOR_KEY = 0.25   # the program has said all it wants to say before a key
QUIET_FOR_IDLE = 1.5   # and this long before it counts as waiting for ever, where nothing else runs
SETTLE = 0.4       # what may still be printed after the expected text

KEY_NAMES = {" ": "spc", "\n": "ret", "\r": "ret", "\t": "tab", "\b": "backspace", "\x1b": "esc",
             "-": "minus", "=": "equal", ".": "dot", ",": "comma", "/": "slash", ";": "semicolon"}
NOISE = re.compile(r"\x1bc|\x1b\[[0-9;?]*[A-Za-z]")
BOOTING = re.compile(r"Booting from [^\n]*\.\.\.\n")
BANNER = re.compile(r"\A(?:SeaBIOS \(version [^\n]*\)\n)?")


def run(job):
    return run_on("qemu-system-i386", job)


def run_64(job):
    """On a processor that has long mode; what a program prints there goes past the BIOS."""
    return run_on("qemu-system-x86_64", job)


def run_on(program, job):
    with tempfile.TemporaryDirectory(prefix="welt-qemu-") as folder:
        machine = Machine(job, folder, program)
        try:
            return machine.run()
        finally:
            machine.close()


def drives(job):
    """The image as the medium it is meant for, and an optional second hard disk."""
    if job.medium == "rom":
        arguments = ["-option-rom", job.image]
    else:
        interface = {"floppy": "floppy", "disk": "ide"}[job.medium]
        order = {"floppy": "a", "disk": "c"}[job.medium]
        arguments = ["-boot", f"order={order}", *drive(job.image, interface, 0)]
    if job.second:
        arguments += drive(job.second, "ide", 1 if job.medium == "disk" else 0)
    return arguments


def drive(path, interface, index):
    # A comma ends a value in QEMU's options unless it is doubled.
    path = path.replace(",", ",,")
    return ["-drive", f"file={path},format=raw,snapshot=on,if={interface},index={index}"]


def readable(serial):
    return NOISE.sub("", serial.decode("cp437")).replace("\r", "")


def program_text(text, medium):
    """The text without what the BIOS says. A ROM speaks before the first boot attempt."""
    if medium == "rom":
        return BANNER.sub("", text.partition("Booting from")[0])
    parts = BOOTING.split(text, maxsplit=1)
    return parts[1] if len(parts) == 2 else ""


def crowd():
    """How many share a processor: what a machine says comes as much later."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


class Machine:
    def __init__(self, job, folder, program):
        self.job = job
        self.program = program
        self.folder = folder
        self.serial = b""
        self.keys = list(job.keys)
        self.place = ""
        self.last_output = time.monotonic()
        self.log = open(os.path.join(folder, "log"), "w+", encoding="utf-8", errors="replace")
        self.process = child.start(self.command(), stdout=self.log, stderr=self.log)
        self.deadline = time.monotonic() + job.timeout
        self.line = None
        self.monitor = None

    def command(self):
        paths = {name: os.path.join(self.folder, name) for name in ("serial", "monitor", "gdb")}
        return [self.program, "-accel", "tcg", "-machine", "pc,graphics=off",
                "-display", "none", "-monitor", "none", "-nic", "none", "-no-reboot",
                "-m", str(self.job.memory),
                "-serial", f"unix:{paths['serial']},server=on,wait=on",
                "-qmp", f"unix:{paths['monitor']},server=on,wait=off",
                "-chardev", f"socket,id=gdb,path={paths['gdb']},server=on,wait=off",
                "-gdb", "chardev:gdb", *drives(self.job)]

    def close(self):
        child.stop(self.process)
        for resource in (self.line, self.monitor, self.log):
            if resource:
                resource.close()

    def run(self):
        try:
            self.line = self.connect("serial")
            self.monitor = Monitor(self.connect("monitor"))
            ended = self.watch()
        except OSError:
            ended = "exit"
        if ended == "halted":
            self.flush()
        return Outcome(program_text(readable(self.serial), self.job.medium), ended, self.message())

    def connect(self, name):
        while True:
            link = socket.socket(socket.AF_UNIX)
            try:
                link.connect(os.path.join(self.folder, name))
                return link
            except OSError:
                link.close()
            if self.process.poll() is not None or time.monotonic() > self.deadline:
                raise ConnectionError("QEMU did not start")
            time.sleep(POLL)

    def message(self):
        """What QEMU itself complained about, for the case that it never ran the image."""
        self.log.seek(0)
        lines = [line for line in self.log if "waiting for connection" not in line]
        return "".join(lines).strip()

    def watch(self):
        """Until the program has ended, in one of the ways of outcome.ENDS."""
        next_look = 0.0
        seen_at = None
        while time.monotonic() < self.deadline:
            if not self.read():
                return "exit"
            if self.job.medium == "rom" and b"Booting from" in self.serial:
                return "finished"
            if b"No bootable device" in self.serial:
                return "unbootable"
            if self.saw_expected():
                seen_at = seen_at or time.monotonic()
                if time.monotonic() > seen_at + SETTLE:
                    return "seen"
            if time.monotonic() > next_look:
                ended = self.look()
                if ended:
                    return ended
                next_look = time.monotonic() + REGISTER_POLL
        return "seen" if seen_at else "timeout"

    def read(self):
        """One wait for the serial line; false when QEMU has gone."""
        ready, _, _ = select.select([self.line], [], [], POLL)
        if not ready:
            return self.process.poll() is None
        data = self.line.recv(65536)
        if data:
            self.serial += data
            self.last_output = time.monotonic()
        return bool(data)

    def saw_expected(self):
        expected = self.job.expected
        return bool(expected) and expected in program_text(readable(self.serial), self.job.medium)

    def look(self):
        registers = self.monitor.hmp("info registers")
        halted = "HLT=1" in registers
        place = re.search(r"[ER]IP=\w+", registers).group()
        interrupts = int(re.search(r"(?:EFL|RFL)=(\w+)", registers).group(1), 16) & gdb_remote.IF
        if halted and not interrupts:
            return "halted"
        stands = halted or place == self.place
        self.place = place
        quiet = time.monotonic() - self.last_output
        if self.keys and quiet > QUIET_FOR_KEY and self.is_running():
            self.press(self.keys.pop(0))
        elif stands and quiet > QUIET_FOR_IDLE * crowd() and not self.keys and not self.job.expected:
            return "idle"
        return None

    def is_running(self):
        return program_text(readable(self.serial), self.job.medium) != ""

    def press(self, key):
        codes = [KEY_NAMES.get(key, key.lower())]
        if key.isupper():
            codes.insert(0, "shift")
        keys = [{"type": "qcode", "data": code} for code in codes]
        self.monitor.execute("send-key", {"keys": keys})
        self.last_output = time.monotonic()

    def flush(self):
        """What was said between the last look at the line and the halt, and what the BIOS holds back."""
        try:
            if not self.program.endswith("_64"):
                gdb_remote.enable_interrupts(os.path.join(self.folder, "gdb"))
        except OSError:
            return
        self.last_output = time.monotonic()
        while time.monotonic() < self.last_output + 0.15:
            if not self.read():
                return


class Monitor:
    """QEMU's machine protocol: a line of JSON a command, a line of JSON an answer."""

    def __init__(self, link):
        self.lines = link.makefile("rw", encoding="utf-8")
        link.close()
        self.execute("qmp_capabilities", {})

    def execute(self, name, arguments):
        self.lines.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        self.lines.flush()
        for line in self.lines:
            answer = json.loads(line)
            if "error" in answer:
                raise ConnectionError(answer["error"].get("desc", name))
            if "return" in answer:
                return answer["return"]
        raise ConnectionError("QEMU closed its monitor")

    def hmp(self, command):
        return self.execute("human-monitor-command", {"command-line": command})

    def close(self):
        self.lines.close()
