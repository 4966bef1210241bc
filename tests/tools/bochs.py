"""Boots an image in Bochs, which enforces what QEMU forgives (segment limits above all).

Requires Debian's bochs (built with its debugger), bochs-sdl, bochsbios and vgabios.
Provides `run(Job) -> Outcome`.

The display is SDL's dummy driver, which needs no screen. (Bochs' other screenless one, `rfb`, opens
a network port, and two that start at the same moment may both end without one.) The text is read from
VGA memory: Bochs logs a warning when the CPU halts with interrupts off, a SIGINT then brings its
debugger, and that writes the text page to a file. What goes to port 0xe9 arrives on stdout and is
returned as it is when the program used the port at all.
"""
import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time

import child
from outcome import PAGE_BYTES, Outcome, page_text
from scratch import read, write

POLL = 0.05
HALTED = "HLT instruction with IF=0"
TEXT_PAGE = 0xB8000
FLOPPY_BYTES = 1440 * 1024

# `sound`, `speaker`: without a sound card Debian's 2.7 overruns a buffer in its mixer thread.
CONFIG = """\
display_library: sdl2
romimage: file=/usr/share/bochs/BIOS-bochs-latest
vgaromimage: file=/usr/share/vgabios/vgabios.bin
megs: {memory}
{drive}
port_e9_hack: enabled=1
sound: driver=dummy
speaker: enabled=1, mode=none
plugin_ctrl: speaker=false
panic: action=fatal
log: log
"""
DRIVES = {
    "floppy": "floppya: 1_44=image, status=inserted\nboot: floppy",
    "disk": "ata0-master: type=disk, path=image, mode=flat, cylinders={cylinders}, heads=16, spt=63"
            "\nboot: disk",
}
CYLINDER_BYTES = 16 * 63 * 512


def run(job):
    with tempfile.TemporaryDirectory(prefix="welt-bochs-") as folder:
        prepare(job, folder)
        return watch(job, folder)


def prepare(job, folder):
    image = os.path.join(folder, "image")
    shutil.copyfile(job.image, image)
    size = os.path.getsize(image)
    cylinders = -(-size // CYLINDER_BYTES)
    os.truncate(image, FLOPPY_BYTES if job.medium == "floppy" else cylinders * CYLINDER_BYTES)
    drive = DRIVES[job.medium].format(cylinders=cylinders)
    write(folder, "config", CONFIG.format(memory=job.memory, drive=drive))
    write(folder, "commands", "c\n")


def watch(job, folder):
    with open(os.path.join(folder, "stdout"), "w+b") as output:
        process = child.start(["bochs", "-q", "-f", "config", "-rc", "commands"], cwd=folder,
                              env=os.environ | {"SDL_VIDEODRIVER": "dummy"},
                              stdin=subprocess.PIPE, stdout=output, stderr=output)
        try:
            ended = wait(process, folder, job)
            screen = dump_screen(process, folder)
        finally:
            child.stop(process)
            with contextlib.suppress(BrokenPipeError):
                process.stdin.close()
        output.seek(0)
        port = port_text(output.read())
    return Outcome(port or screen_text(screen), ended, complaint(folder))


def wait(process, folder, job):
    deadline = time.monotonic() + job.timeout
    while time.monotonic() < deadline:
        if HALTED in log_text(folder):
            return "halted"
        if process.poll() is not None:
            return "exit"
        if job.expected and job.expected in port_text(read(folder, "stdout")):
            return "seen"
        time.sleep(POLL)
    return "timeout"


def dump_screen(process, folder):
    """The bytes of the text page; none when Bochs has already gone."""
    commands = f'writemem "screen" {TEXT_PAGE:#x} {PAGE_BYTES}\nquit\n'
    with contextlib.suppress(BrokenPipeError, subprocess.TimeoutExpired):
        process.send_signal(signal.SIGINT)
        process.stdin.write(commands.encode())
        process.stdin.flush()
        process.wait(timeout=5)
    return read(folder, "screen")


def port_text(stdout):
    """What follows the debugger's first prompt line is port 0xe9's, up to its next prompt."""
    _, found, rest = stdout.decode("cp437").partition("Next at t=0\n")
    _, _, text = rest.partition("\n")
    text = text.partition("Next at t=")[0]
    return text.replace("\r", "").replace("^C", "") if found else ""


def screen_text(page):
    text = page_text(page)
    _, _, after_bios = text.partition("Booting from ")
    return after_bios.partition("\n")[2] if after_bios else text


def complaint(folder):
    lines = [line for line in log_text(folder).splitlines() if ">>PANIC<<" in line or "p[" in line]
    return "\n".join(lines)


def log_text(folder):
    return read(folder, "log").decode("utf-8", "replace")
