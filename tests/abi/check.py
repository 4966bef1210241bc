#!/usr/bin/env python3
"""Holds the interface of libwelt against the description of it in welt.abi.

    check.py --source . --cc gcc                what changed; status 1 when old programs would break
    check.py --source . --cc gcc --rebase       takes what is there now as the description

The description is a line a symbol, field and enumerator, so that a review sees what changes. What
it is made from is what the compiler says of the files that hold the public calls: abidw (of
abigail-tools) reads their debug information. Its sister abidiff compares too, but takes a struct
that grew at its end for a change as any other, and here it is none: structs say their size.
abi-dumper would do the same with two more programs in Perl.

Free: new calls, new types, new fields behind the old ones, new enumerators. A break: what is gone,
what has another type, place or value. Before 1.0.0 a break asks for a new MINOR in CMakeLists.txt,
later for a new MAJOR; with the new number, --rebase. A version that CHANGELOG.md calls not yet
released has no old programs: then what changed is printed, and fine.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
DESCRIPTION = os.path.join(HERE, "welt.abi")
CALLS = ["welt.c", "outputs.c", "queries.c"]


def build(options, folder):
    """The public calls alone, with debug information: what they call is left undefined."""
    source = os.path.abspath(options.source)
    library = os.path.join(folder, "libwelt.so")
    subprocess.run([options.cc, "-std=c17", "-g", "-O0", "-fPIC", "-fvisibility=hidden", "-shared",
                    "-D_GNU_SOURCE", f"-I{source}/include", f"-I{source}/linker",
                    *[f"{source}/linker/{name}" for name in CALLS],
                    f"-Wl,--version-script={source}/linker/welt.map",
                    "-Wl,--unresolved-symbols=ignore-all", "-o", library], check=True)
    return library


def read(library, source):
    made = subprocess.run(["abidw", "--headers-dir", os.path.join(source, "include"),
                           "--no-corpus-path", "--no-comp-dir-path", library],
                          check=True, capture_output=True)
    return ElementTree.fromstring(made.stdout)


class Interface:
    """The lines of a description: {what: how}."""

    def __init__(self, tree):
        self.types = {node.get("id"): node for node in tree.iter() if node.get("id")}
        self.lines, self.seen = {}, set()
        exported = {node.get("name"): node for node in tree.iter("elf-symbol")
                    if node.get("is-defined") == "yes"}
        for name, node in exported.items():
            self.lines[f"symbol {name}"] = node.get("version") or "no version"
        for node in tree.iter("function-decl"):
            if node.get("name") in exported:
                self.lines[f"call {node.get('name')}"] = self.signature(node)

    def signature(self, node):
        taken = ", ".join(self.name(p.get("type-id")) for p in node.findall("parameter"))
        result = node.find("return")
        return f"{self.name(result.get('type-id')) if result is not None else 'void'} ({taken})"

    def name(self, number):
        node = self.types.get(number)
        if node is None:
            return "void"
        kind = node.tag
        if kind == "pointer-type-def":
            return self.name(node.get("type-id")) + " *"
        if kind == "qualified-type-def":
            return self.name(node.get("type-id")) + (" const" if node.get("const") else "")
        if kind == "function-type":
            return self.signature(node)
        if kind == "typedef-decl":
            self.name(node.get("type-id"))
            if node.get("name").endswith("_callback"):
                self.lines.setdefault(f"type {node.get('name')}", self.name(node.get("type-id")))
            return node.get("name")
        if kind in ("class-decl", "enum-decl"):
            self.describe(node)
        return node.get("name") or kind

    def describe(self, node):
        name = node.get("name")
        if name in self.seen or not name.startswith("welt_") or name == "welt_linker" or node.get("is-declaration-only"):
            return
        self.seen.add(name)
        for enumerator in node.findall("enumerator"):
            self.lines[f"enum {name} {enumerator.get('name')}"] = enumerator.get("value")
        for member in node.findall("data-member"):
            field = member.find("var-decl")
            offset = int(member.get("layout-offset-in-bits")) // 8
            self.lines[f"struct {name} {field.get('name')}"] = (
                f"{offset} {self.name(field.get('type-id'))}")


def load():
    with open(DESCRIPTION, encoding="utf-8") as file:
        lines = [line.rstrip("\n").split(": ", 1) for line in file if not line.startswith("#")]
    return dict(lines)


def store(lines, version):
    with open(DESCRIPTION, "w", encoding="utf-8") as file:
        file.write(f"# The interface of libwelt {version}, made by check.py --rebase.\n")
        file.writelines(f"{what}: {how}\n" for what, how in sorted(lines.items()))


def version_of(source):
    with open(os.path.join(source, "CMakeLists.txt"), encoding="utf-8") as file:
        return re.search(r"project\(welt VERSION (\S+)", file.read()).group(1)


def is_released(source):
    with open(DESCRIPTION, encoding="utf-8") as file:
        version = re.search(r"libwelt ([0-9.]+[0-9])", file.readline()).group(1)
    with open(os.path.join(source, "CHANGELOG.md"), encoding="utf-8") as file:
        return f"## {version}, not yet released" not in file.read()


def compare(old, new):
    broken = 0
    for what, how in sorted(old.items()):
        if what not in new:
            print(f"BREAK  {what}: is gone")
        elif new.get(what) != how:
            print(f"BREAK  {what}: was {how}, is {new[what]}")
        else:
            continue
        broken += 1
    for what in sorted(set(new) - set(old)):
        print(f"new    {what}: {new[what]}")
    return broken


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", default=os.path.dirname(os.path.dirname(HERE)))
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--rebase", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="welt-abi-") as folder:
        lines = Interface(read(build(options, folder), options.source)).lines
    if options.rebase:
        store(lines, version_of(options.source))
        return 0
    broken = compare(load(), lines)
    print(f"{len(lines)} lines, {broken} breaks")
    return 1 if broken and is_released(options.source) else 0


if __name__ == "__main__":
    sys.exit(main())
