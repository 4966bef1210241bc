"""The real-mode part of Linux: arch/x86/boot's setup and the trampoline of arch/x86/realmode.

The tiny kernel around them is compiled and linked once, by GNU ld; then these two are linked again by
each linker, and the kernel's own build does the rest. What it says first is said by setup.
"""
import os
import shutil

from common import run, wait_for

SOURCE = "linux"
NEEDS = ["bc", "bison", "flex", "gcc", "make"]
BOOT = "arch/x86/boot"
REAL_MODE = "arch/x86/realmode/rm"
IMAGES = [f"{BOOT}/setup.elf", f"{BOOT}/setup.bin", f"{REAL_MODE}/realmode.elf",
          f"{REAL_MODE}/realmode.bin", f"{BOOT}/bzImage"]
OPTIONS = "PRINTK EARLY_PRINTK TTY SERIAL_8250 SERIAL_8250_CONSOLE KERNEL_GZIP".split()
SETTINGS = {"ARCH": "i386", "KBUILD_BUILD_TIMESTAMP": "Thu Jan 1 00:00:00 UTC 1970",
            "KBUILD_BUILD_VERSION": "1", "KBUILD_BUILD_USER": "welt", "KBUILD_BUILD_HOST": "welt"}
CHOOSE = """#!/bin/sh
case " $*" in
*/setup.elf* | */realmode.elf*) exec "$BOOT_LINKER" "$@" ;;
*) exec ld "$@" ;;
esac
"""


def make(place, kernel, *words, boot_linker="ld"):
    choose = os.path.join(place.builds, "ld")
    settings = [f"{name}={value}" for name, value in SETTINGS.items()]
    run("make", "-C", place.source, f"O={kernel}", f"LD={choose}", *settings, *words,
        BOOT_LINKER=boot_linker)


def configure(place, kernel):
    os.makedirs(kernel)
    choose = os.path.join(place.builds, "ld")
    with open(choose, "w", encoding="utf-8") as file:
        file.write(CHOOSE)
    os.chmod(choose, 0o755)
    make(place, kernel, "tinyconfig")
    with open(os.path.join(kernel, ".config"), "a", encoding="utf-8") as file:
        file.writelines(f"CONFIG_{option}=y\n" for option in OPTIONS)
    make(place, kernel, "olddefconfig")


def build(place, linker):
    kernel = os.path.join(place.builds, "kernel")
    if not os.path.isdir(kernel):
        configure(place, kernel)
    linked = [os.path.join(kernel, name) for name in IMAGES if name.endswith(".elf")]
    for image in filter(os.path.exists, linked):
        os.remove(image)
    make(place, kernel, "-j2", "bzImage", boot_linker=linker.path)
    folder = place.folder(linker)
    return [shutil.copy(os.path.join(kernel, image), folder) for image in IMAGES]


def start(images):
    # the BIOS may hold its last characters back for ever
    wait_for(["early console in setup", "Linux version"], "-nic", "none", "-kernel",
             images[-1], "-append", "console=ttyS0,115200 debug")
