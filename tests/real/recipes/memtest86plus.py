"""Memtest86+: a boot sector and setup, and behind them a shared library that relocates itself."""
import os

from common import run, wait_for

SOURCE = "memtest86+"
NEEDS = ["gcc", "gcc-multilib", "make"]
IMAGES = ["memtest_shared", "memtest_shared.bin", "memtest.bin", "memtest.mbr", "memtest.efi"]


def build(place, linker):
    folder = os.path.join(place.tree(linker), "build32")
    run("make", "-j2", f"LD={linker.path}", "GIT=none", *IMAGES[2:], folder=folder)
    return [os.path.join(folder, image) for image in IMAGES]


def start(images):
    """It is a boot sector and setup in front of its program, as Linux is, and says its name there."""
    wait_for(["Memtest86+ v"], "-nic", "none", "-kernel", images[2],
             "-append", "console=ttyS0,115200")
