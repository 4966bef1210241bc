"""The boot sectors and MBRs of syslinux, each without files to boot from: compared, not started."""
import os

from common import run

SOURCE = "syslinux"
NEEDS = ["make", "gcc", "perl"]


def build(place, linker):
    tree = place.tree(linker)
    mbr = os.path.join(tree, "mbr")
    run("make", "-f", "Makefile", f"SRC={mbr}", f"MAKEDIR={tree}/mk", f"topdir={tree}",
        "ARCH=i386", f"OBJ={mbr}", f"LD={linker.path}", "all", folder=mbr)
    return [os.path.join(mbr, name) for name in sorted(os.listdir(mbr)) if name.endswith(".bin")]
