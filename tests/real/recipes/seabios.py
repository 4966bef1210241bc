"""SeaBIOS, a PC's BIOS in C: it speaks on the serial line of a machine without a screen."""
import os

from common import run, wait_for

SOURCE = "seabios"
NEEDS = ["make", "gcc", "python3"]


def build(place, linker):
    tree = place.tree(linker)
    with open(os.path.join(tree, ".version"), "w", encoding="utf-8") as file:
        file.write("compared\n")
    # The BIOS says which tools made it; the linker's name would be the one difference.
    makefile = os.path.join(tree, "Makefile")
    with open(makefile, encoding="utf-8") as file:
        text = file.read()
    with open(makefile, "w", encoding="utf-8") as file:
        file.write(text.replace("$(AS);$(LD);", "$(AS);"))
    # With a version of one's own the time of the build is left out.
    run("make", "-j2", "PYTHON=python3", "EXTRAVERSION=-compared", f"LD={linker.path}", folder=tree)
    return [os.path.join(tree, "out", name) for name in ("rom16.o", "rom.o", "bios.bin")]


def start(images):
    wait_for(["SeaBIOS (version"], "-nic", "none", "-bios", images[-1])
