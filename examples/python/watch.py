#!/usr/bin/env python3
# SPDX-License-Identifier: 0BSD
"""Links a boot program after each change of its sources, and shows what room is left:

    examples/python/watch.py main.c console.s
    examples/python/watch.py -I include --flags="-DDEBUG -march=i386" main.c print.asm
    examples/python/watch.py --layout mbr --plain main.c          a line a change, for logs and tests

A small host of libwelt, as an editor would have it inside: sources are compiled to memory, an
object that changed takes the place of the one before, and everything else is linked as it is. What
is shown are the budgets with their headroom, what of it the last change cost, the largest symbols,
and the diagnostics, of the compiler and of the linker. A header that a source includes is watched as
the source is. *.asm is nasm's; a source may also be an object or an archive. While one does not
compile nothing is linked. Ends with Ctrl-C.
"""
import argparse
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time

import welt

FLAGS = ["-m16", "-Os", "-ffreestanding", "-fno-pic", "-fno-stack-protector", "-ffunction-sections",
         "-fno-asynchronous-unwind-tables", "-fdata-sections"]


def stamp_of(path):
    try:
        status = os.stat(path)
        return status.st_mtime_ns, status.st_size, status.st_ino
    except OSError:
        return None


class Source:
    """A file, what it was made of, and the object that was made of it last."""

    def __init__(self, path, flags):
        self.path, self.flags, self.bytes, self.complaints = path, flags, b"", ""
        self.is_sound = False  # there is an object of what stands there now
        self.stamps = {path: None}

    def has_changed(self):
        now = {path: stamp_of(path) for path in self.stamps}
        changed, self.stamps = now != self.stamps, now
        return changed

    def compiler(self):
        """Its words; with -M it prints a rule for make instead (nasm's -MD forgets what is included)."""
        is_nasm = self.path.endswith(".asm")
        return [*(["nasm", "-f", "elf32"] if is_nasm else ["gcc", *FLAGS]), *self.flags, self.path]

    @staticmethod
    def run(*words):
        return subprocess.run(words, capture_output=True, check=False)

    def compile(self):
        """What the compiler says is kept; the object before stays when there is no new one."""
        if self.path.endswith((".o", ".a")):
            self.take(self.path)
            return
        words = self.compiler()
        with tempfile.NamedTemporaryFile(suffix=".o") as file:
            try:
                made = self.run(*words, *(["-c"] if words[0] == "gcc" else []), "-o", file.name)
            except OSError as error:  # there is no such compiler
                self.is_sound, self.complaints = False, str(error)
                return
            if made.returncode == 0:
                self.take(file.name)
                self.watch(self.run(*words, "-M").stdout)
        self.is_sound = made.returncode == 0
        self.complaints = made.stderr.decode("utf-8", "replace").strip()

    def take(self, path):
        self.complaints = ""
        try:
            with open(path, "rb") as file:
                self.bytes = file.read()
            self.is_sound = True
        except OSError as error:
            self.is_sound, self.complaints = False, str(error)

    def watch(self, rule):
        r"""All that it is made of: `main.o: main.c include/a\ b.h`."""
        text = os.fsdecode(rule).replace("\\\n", " ").partition(": ")[2]
        names = [name.replace("\\ ", " ") for name in re.findall(r"(?:\\ |\S)+", text)]
        self.stamps = {name: self.stamps.get(name) or stamp_of(name)
                       for name in [self.path, *names]}


class Watch:
    def __init__(self, options):
        flags = [f"-I{folder}" for folder in options.include] + shlex.split(options.flags)
        self.sources = [Source(path, flags) for path in options.source]
        self.linker = welt.Linker(layout=options.layout, output_name="image")
        self.free, self.milliseconds = {}, 0.0

    def start(self):
        for source in self.sources:
            source.has_changed()
            source.compile()
            self.linker.add_bytes(source.path, source.bytes)
        return self.link()

    def look(self):
        """True when something changed and was linked anew."""
        changed = [source for source in self.sources if source.has_changed()]
        for source in changed:
            source.compile()
            self.linker.replace_bytes(source.path, source.bytes)
        if changed:
            self.link()
        return bool(changed)

    def unsound(self):
        return [source for source in self.sources if not source.is_sound]

    def link(self):
        """The linker is not asked about sources that it has no object of, or an older one."""
        self.linked = False
        if self.unsound():
            return
        begin = time.perf_counter()
        self.linked = self.linker.link()
        self.milliseconds = 1000 * (time.perf_counter() - begin)

    # ---- what is shown ----

    def budgets(self):
        for region in self.linker.regions():
            free = region.limit - region.used
            change = self.free.get(region.name, free) - free
            self.free[region.name] = free
            if region.in_image:
                yield region, free, change

    def lines(self):
        if self.unsound():
            rows = ["not linked: no object of " + ", ".join(its.path for its in self.unsound())]
            for source in self.unsound():
                rows += source.complaints.splitlines()
            return rows
        state = "linked" if self.linked else "not linked"
        rows = [f"{state} in {self.milliseconds:.2f} ms"]
        for region, free, change in self.budgets():
            rows[0] += (f"; {region.name}: {region.used} of {region.limit} bytes, "
                        f"{abs(free)} {'free' if free >= 0 else 'over'}")
            rows[0] += f" ({change:+d})" if change else ""
        for source in self.sources:
            rows += source.complaints.splitlines()
        return rows + [diagnostic.text for diagnostic in self.linker.diagnostics]

    def bars(self, width):
        for region in self.linker.regions():
            if region.in_image and region.limit:
                full = min(width, width * region.used // region.limit)
                yield f"{region.name:>10} [{'#' * full}{'.' * (width - full)}]"

    def largest(self, count):
        known = [its for its in self.linker.symbols() if its.size] if self.linked else []
        known.sort(key=lambda its: -its.size)
        return [f"{its.size:6} {its.name} ({its.object})" for its in known[:count]]

    def show(self, plain):
        if plain:
            print("\n".join(self.lines()), flush=True)
            return
        bars = [] if self.unsound() else self.bars(50)
        text = [*bars, "", *self.lines(), "", *self.largest(8)]
        print("\033[H\033[J" + "\n".join(text), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", nargs="+", help="C, assembly, objects, archives")
    parser.add_argument("--layout", default="sector", choices=welt.layouts())
    parser.add_argument("--plain", action="store_true", help="a line a change")
    parser.add_argument("--changes", type=int, default=-1,
                        help="end when so many changes were seen; 0: after the first link")
    parser.add_argument("-I", dest="include", metavar="DIR", action="append", default=[],
                        help="a folder of headers")
    parser.add_argument("--flags", default="", help="more words for the compiler or assembler")
    options = parser.parse_args()
    watch = Watch(options)
    watch.start()
    watch.show(options.plain)
    while options.changes:
        time.sleep(0.05)
        if watch.look():
            watch.show(options.plain)
            options.changes -= 1


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
