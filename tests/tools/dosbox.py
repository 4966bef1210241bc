"""Runs a .COM program in DOSBox and returns what stands on its screen and what it returned.

Requires dosbox and GNU as. Provides `run(Job) -> Outcome`.

A redirection `PROG > OUT` catches what goes through DOS but not what goes through int 10h, so a
second tiny program, assembled here, copies the text page to a file after the first one has ended.
"""
import os
import shutil
import subprocess
import tempfile

import child
from outcome import Outcome, page_text
from scratch import read, write

# int 21h functions 3Ch (create), 40h (write), 3Eh (close), 4Ch (end): MS-DOS Programmer's
# Reference.
SCREEN_SHOT = r"""
.code16
.globl _start
_start:
    mov $0x3c, %ah
    xor %cx, %cx
    mov $name, %dx
    int $0x21
    mov %ax, %bx
    mov $0xb800, %ax
    mov %ax, %ds
    xor %dx, %dx
    mov $4000, %cx
    mov $0x40, %ah
    int $0x21
    mov $0x3e, %ah
    int $0x21
    mov $0x4c00, %ax
    int $0x21
name: .asciz "SCREEN"
"""

# DOS knows no way to print a status: `if errorlevel N` is true for N and above.
STATUSES = "".join(f"if errorlevel {code} set STATUS={code}\r\n" for code in range(256))
BATCH = f"@echo off\r\ncls\r\nPROG.COM\r\n{STATUSES}SHOT.COM\r\necho %STATUS% >STATUS\r\nexit\r\n"
CONFIG = """\
[sdl]
output=surface
[cpu]
cycles=20000
[mixer]
nosound=true
"""


def run(job):
    with tempfile.TemporaryDirectory(prefix="welt-dosbox-") as folder:
        prepare(job, folder)
        ended = execute(job, folder)
        status = read(folder, "STATUS").strip()
        return Outcome(page_text(read(folder, "SCREEN")), ended, "",
                       int(status) if status else None)


def prepare(job, folder):
    shutil.copyfile(job.image, os.path.join(folder, "PROG.COM"))
    write(folder, "RUN.BAT", BATCH)
    write(folder, "dosbox.conf", CONFIG)
    write(folder, "shot.s", SCREEN_SHOT)
    for command in (["as", "--32", "-o", "shot.o", "shot.s"],
                    ["ld", "-m", "elf_i386", "-N", "-Ttext=0x100", "--oformat", "binary",
                     "-o", "SHOT.COM", "shot.o"]):
        subprocess.run(command, cwd=folder, check=True)


def execute(job, folder):
    environment = {**os.environ, "SDL_VIDEODRIVER": "dummy", "SDL_AUDIODRIVER": "dummy",
                   "HOME": folder}
    process = child.start(["dosbox", "-conf", "dosbox.conf", "-c", "mount c .", "-c", "c:",
                           "-c", "RUN.BAT", "-c", "exit"], cwd=folder, env=environment,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        process.wait(timeout=job.timeout)
    except subprocess.TimeoutExpired:
        return "timeout"
    finally:
        child.stop(process)
    return "finished" if os.path.exists(os.path.join(folder, "SCREEN")) else "exit"
