#!/usr/bin/env python3
"""The same inputs and options give the same bytes: wherever, whenever, by whichever build.

    reproducible.py --welt build/release/bin/welt --library build/release/lib/libwelt.so

A program of several objects, an archive and a script is linked over and over, with an image, a map,
a listing and an ELF file, while one thing is another: the folder and the names of the inputs
(absolute ones: then the image alone is compared), the order in which the files were made and their
times, the locale, the time zone, the umask, what fresh memory holds, where the system puts the
stack. A host that has called setlocale() links in its own. Other builds of Welt in the folders
beside that of --welt, if they carry the same runtime, must give the same image.
"""
import argparse
import glob
import os
import shutil
import subprocess
import sys
import tempfile

SOURCES = {
    "main.s": '.code16\n.globl _start\n_start: mov $a, %si\n call one\n call two\n jmp .\n'
              '.section .rodata.str1.1,"aMS",@progbits,1\na: .asciz "a welt"\n'
              '.section wõrter,"a"\n.byte 1\n.section words,"a"\n.byte 2\n'  # õ: C3 B5, both
              '.section .data\n.weak "__start_wõrter"\n.long "__start_wõrter"\n'  # letters in Latin 1
              '.section .data\n.long __start_words, __stop_words\n',
    "one.s": '.code16\n.globl one\none: mov $b, %si\n ret\n'
             '.section .rodata.str1.1,"aMS",@progbits,1\nb: .asciz "welt"\n',
    "two.s": '.code16\n.globl two\ntwo: ret\n.comm counter, 4, 4\n.comm other, 2, 2\n',
}
LINE = ["main.o", "libone.a", "two.o", "--icf=safe", "-o", "boot.bin", "-Map", "boot.map",
        "--listing", "boot.lst"]
OUTPUTS = ("boot.bin", "boot.map", "boot.lst")
LOCALES = ("C", "C.UTF-8", "tr_TR.ISO-8859-9", "ja_JP.EUC-JP")
HOST = """
import ctypes, locale, os, sys
library, name, target = sys.argv[1:4]
ctypes.CDLL(None).setlocale.restype = ctypes.c_char_p
if not ctypes.CDLL(None).setlocale(6, name.encode()):
    sys.exit(77)
lib = ctypes.CDLL(library)
files = [path.encode() for path in sys.argv[4:]]
inputs = (ctypes.c_char_p * len(files))(*files)
sys.exit(lib.welt_link_files(target.encode(), inputs, ctypes.c_size_t(len(files)), None))
"""


def make(folder, names):
    """The inputs, made in this order."""
    os.makedirs(folder)
    for name in names:
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(SOURCES[name])
        made = name.replace(".s", ".o")
        subprocess.run(["as", "--32", name, "-o", made], cwd=folder, check=True)
    subprocess.run(["ar", "rcsD", "libone.a", "one.o"], cwd=folder, check=True)
    return folder


def read(folder):
    contents = {}
    for name in OUTPUTS:
        with open(os.path.join(folder, name), "rb") as file:
            contents[name] = file.read()
    return contents


class Checks:
    def __init__(self, options, work):
        self.options, self.work = options, work
        self.home = make(os.path.join(work, "home"), sorted(SOURCES))
        self.wrong = self.done = 0
        self.right = self.link(self.home)

    def link(self, folder, line=None, welt=None, prefix=(), **more):
        for name in OUTPUTS:
            if os.path.exists(os.path.join(folder, name)):
                os.unlink(os.path.join(folder, name))
        subprocess.run([*prefix, welt or self.options.welt, *(line or LINE)], cwd=folder,
                       check=True, capture_output=True, **more)
        return read(folder)

    def compare(self, what, contents, names=OUTPUTS):
        self.done += 1
        for name in names:
            if contents[name] != self.right[name]:
                self.wrong += 1
                print(f"{what}: {name} is another")

    def places(self):
        away = make(os.path.join(self.work, "a way off", "with blanks"), sorted(SOURCES)[::-1])
        for name in os.listdir(away):
            os.utime(os.path.join(away, name), (1, 1))
        self.compare("another folder, order and time", self.link(away))
        absolute = [os.path.join(away, word) if word.endswith((".o", ".a")) else word
                    for word in LINE]
        self.compare("absolute names", self.link(self.home, absolute), ("boot.bin",))
        self.compare("again over itself", self.link(self.home))

    def surroundings(self):
        env = os.environ
        for text in ("TZ=Asia/Tokyo", "LC_ALL=C.UTF-8", "LANG=tr_TR", "HOME=/nowhere",
                     "MALLOC_PERTURB_=85", "MALLOC_ARENA_MAX=1", "SOURCE_DATE_EPOCH=1",
                     "COLUMNS=20", "TERM=dumb"):
            name, value = text.split("=")
            self.compare(text, self.link(self.home, env={**env, name: value}))
        self.compare("no environment", self.link(self.home, env={}))
        self.compare("umask 077", self.link(self.home, umask=0o077))
        if shutil.which("setarch"):
            self.compare("no random places", self.link(self.home, prefix=["setarch", "-R"]))

    def locales(self):
        paths = [os.path.join(self.home, name) for name in ("main.o", "libone.a", "two.o")]
        images = {}
        folder = os.path.join(self.work, "locales")
        os.makedirs(folder)
        for name in LOCALES:
            if "-" in name and name != "C.UTF-8" and shutil.which("localedef"):
                place, charset = name.split(".", 1)
                subprocess.run(["localedef", "-i", place, "-f", charset,
                                os.path.join(folder, name)], capture_output=True, check=False)
            target = os.path.join(self.work, "located.bin")
            made = subprocess.run([sys.executable, "-c", HOST, self.options.library, name, target,
                                   *paths], check=False,
                                  env={**os.environ, **({"LOCPATH": folder} if "ISO" in name or
                                                        "EUC" in name else {})})
            if made.returncode == 77:
                print(f"no locale {name} here")
                continue
            with open(target, "rb") as file:
                images[name] = (made.returncode, file.read())
        self.done += len(images)
        if any(image != images["C"] for image in images.values()):
            self.wrong += 1
            print(f"a host's locale shows: {sorted(images)}")

    def details(self, welt):
        try:
            return subprocess.run([welt, "--version", "--verbose"], capture_output=True,
                                  check=True).stdout.split(b"runtime ")[1]
        except (OSError, IndexError, subprocess.CalledProcessError):
            return None

    def builds(self):
        mine = os.path.abspath(self.options.welt)
        folder = os.path.dirname(os.path.dirname(os.path.dirname(mine)))
        for other in sorted(glob.glob(os.path.join(folder, "*", "bin", "welt"))):
            if other != mine and self.details(other) == self.details(mine):
                self.compare(other, self.link(self.home, welt=other), ("boot.bin",))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--welt", required=True)
    parser.add_argument("--library", required=True)
    options = parser.parse_args()
    options.welt = os.path.abspath(options.welt)
    with tempfile.TemporaryDirectory(prefix="welt-same-") as work:
        checks = Checks(options, work)
        checks.places()
        checks.surroundings()
        checks.locales()
        checks.builds()
    print(f"{checks.done} links, {checks.wrong} wrong")
    return 1 if checks.wrong or not checks.done else 0


if __name__ == "__main__":
    sys.exit(main())
