"""iPXE: one link of all its drivers to an ELF file, that objcopy and tools of its own make images of.

The objects are compiled once.
"""
import os

from common import run, wait_for

SOURCE = "ipxe"
NEEDS = ["gcc", "liblzma-dev", "make", "perl"]
NAMES = ["ipxe.lkrn", "undionly.kpxe", "8086100e.rom"]
# It is older than the compiler, and writes a random number into each image.
SETTINGS = ["NO_WERROR=1", "EXTRA_CFLAGS=-fcommon", "BUILD_ID_CMD=echo 0x1234"]


def build(place, linker):
    tree = place.tree(linker) if linker.is_gnu else place.built_again(
        linker, *(f"src/bin/{name}{end}" for name in NAMES for end in ("", ".*")))
    folder = os.path.join(tree, "src")
    names = [f"bin/{name}" for name in NAMES]
    run("make", "-j2", *SETTINGS, f"LD={linker.path}", *names, folder=folder)
    return [os.path.join(folder, name) for name in names]


def start(images):
    wait_for(["iPXE initialising devices"], "-kernel", images[0])
