"""GRUB for a PC's BIOS: boot sectors, its kernel, and all modules, which are linked by -r.

The objects are compiled once. A core image is made of what ld.welt linked, and booted.
"""
import glob
import os

from common import run, wait_for

SOURCE = "grub2"
PATCHED = False  # the patches touch what autoconf makes configure from
NEEDS = ["bison", "flex", "gcc", "grub-common", "make", "python3"]
OPTIONS = ["--target=i386", "--with-platform=pc", "--disable-werror", "--disable-nls",
           "--disable-grub-mkfont", "--disable-grub-themes", "--disable-grub-mount",
           "--disable-device-mapper", "--disable-libzfs", "--disable-liblzma"]
LINKED = ["*.image", "*.img", "*.exec", "*.module", "*.mod", "*.lst"]
SPEAKS = "a core image of several modules speaks"


def build(place, linker):
    if linker.is_gnu:
        tree = place.tree(linker)
        run("./configure", *OPTIONS, folder=tree)
        run("make", "-j2", "rs_decoder.h", folder=os.path.join(tree, "grub-core"))
    else:
        tree = place.built_again(linker, *(f"grub-core/{name}" for name in LINKED))
    core = os.path.join(tree, "grub-core")
    run("make", "-j2", f"LDFLAGS=-B{linker.folder}", "all", folder=core)
    return sorted(path for pattern in ("*.img", "*.exec", "*.module")
                  for path in glob.glob(os.path.join(core, pattern)))


def start(images):
    core = os.path.dirname(images[0])
    early, disk = os.path.join(core, "early.cfg"), os.path.join(core, "disk.bin")
    with open(early, "w", encoding="utf-8") as file:
        file.write(f"echo {SPEAKS}\n")
    run("grub-mkimage", "-O", "i386-pc", "-d", core, "-c", early, "-p", "/boot/grub", "-o",
        os.path.join(core, "core.bin"), "biosdisk", "echo", "ext2", "fat", "normal", "part_msdos")
    with open(disk, "wb") as file:
        for name in ("boot.img", "core.bin"):
            with open(os.path.join(core, name), "rb") as part:
                file.write(part.read())
        file.truncate(1 << 20)
    wait_for([SPEAKS], "-nic", "none", "-drive", f"file={disk},format=raw,snapshot=on")
