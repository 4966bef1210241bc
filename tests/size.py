#!/usr/bin/env python3
"""Used bytes of Welt's images beside the best that GNU ld and lld make of the same objects.

    size.py --welt build/release/bin/welt --runtime build/release/...a --count 50

Every example and so many generated programs are linked by Welt with --icf=all and by each peer with
`--gc-sections --icf=all -O2` (GNU ld has no ICF) and the same runtime archive. The peers get the
script of the same built-in layout, as `welt --print-layout` shows it, without the few lines that
only Welt reads. Used bytes are what the margin says: from the start of a budget to the end of what
the image puts into it, alignment included, fill and signature not.

Exit status 1 when Welt's is larger anywhere, or when Welt fails where a peer links.
"""
import argparse
import os
import re
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass

TESTS = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(TESTS)
EXAMPLES = os.path.join(ROOT, "examples")
sys.path.insert(0, TESTS)

import generate  # noqa: E402
import run as cases  # noqa: E402

PEERS = {
    "GNU ld": "ld.bfd -m elf_i386 -z noexecstack --no-warn-rwx-segments --gc-sections -O2",
    "lld 14": "ld.lld-14 -m elf_i386 --gc-sections --icf=all -O2",
    "lld 19": "ld.lld-19 -m elf_i386 --gc-sections --icf=all -O2",
}
# What peers do not understand or refuse: a section outside of every region, Welt's own functions.
WELT_ONLY = re.compile(r"^ *(?:\.signature|\.reserved\.partitions|\.checksum|OUTPUT_FORMAT)\b.*\n",
                       re.M)
NOBITS_COUNT = {"rom", "disk", "com"}  # there .bss lies in the budget of the image

ALLOCATED, NOBITS = 2, 8  # sh_flags SHF_ALLOC, sh_type SHT_NOBITS: System V ABI, chapter 4


@dataclass
class Item:
    name: str
    folder: str
    objects: list
    layout: str


def link_with_welt(welt, item):
    """Used bytes by the margin, or None with Welt's message printed."""
    result = execute([welt, "--icf=all", "--layout", item.layout, *item.objects, "-o", "welt.bin"],
                     item.folder)
    if result.returncode != 0:
        print(f"{item.name}: Welt refuses: {result.stderr}", flush=True)
        return None
    budgets = re.findall(r"(\d+) of \d+ bytes", result.stdout)
    if budgets:
        return sum(int(used) for used in budgets)
    return int(re.search(r": (\d+) bytes", result.stdout).group(1))


def link_with_peer(peer, item, script, runtime):
    """Used bytes by the ELF file's section headers, or None when the peer refuses."""
    entry = entry_of(script)
    with open(os.path.join(item.folder, "peer.ld"), "w", encoding="ascii") as file:
        file.write(peer_script(script, entry))
    output = os.path.join(item.folder, "peer.elf")
    command = [*PEERS[peer].split(), "-T", "peer.ld", "-e", entry, "-u", entry, "-o", output,
               *item.objects, runtime]
    if execute(command, item.folder).returncode != 0:
        return None
    return used_bytes(output, origins_of(script), item.layout in NOBITS_COUNT)


def execute(command, folder):
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8",
                          errors="replace", check=False, timeout=60)


def entry_of(script):
    provided = re.search(r"^PROVIDE\(_start = (\w+)\);", script, re.M)
    return provided.group(1) if provided else "_start"


def peer_script(script, entry):
    text = WELT_ONLY.sub("", script).replace("__entry", entry)
    return text if "__bss_size" in text else text + "\n__bss_size = SIZEOF(.bss);\n"


def origins_of(script):
    """Where budgets begin: the origins of MEMORY, with -Ttext not given; 0 without any."""
    origins = re.findall(r"ORIGIN = (?:SEGMENT_START\(\"text\", )?(0x[0-9a-f]+|\d+)", script)
    return sorted(int(origin, 0) for origin in origins) or [0]


def used_bytes(path, origins, count_nobits):
    ends = {}
    for address, size, flags, kind in sections_of(path):
        if not flags & ALLOCATED or (kind == NOBITS and not count_nobits) or size == 0:
            continue
        origin = max((origin for origin in origins if origin <= address), default=0)
        ends[origin] = max(ends.get(origin, 0), address + size)
    return sum(end - origin for origin, end in ends.items())


def sections_of(path):
    """Address, size, flags and type of each section of an ELF32 file (System V ABI, chapter 4)."""
    with open(path, "rb") as file:
        data = file.read()
    table, = struct.unpack_from("<I", data, 32)
    entry_size, count = struct.unpack_from("<HH", data, 46)
    for index in range(count):
        header = table + index * entry_size
        _, kind, flags, address, _, size = struct.unpack_from("<6I", data, header)
        yield address, size, flags, kind


def example_items(work):
    """Examples that are one image of C or assembly: `layout` in the folder names its layout."""
    names = sorted(os.listdir(EXAMPLES)) if os.path.isdir(EXAMPLES) else []
    for name in names:
        folder = os.path.join(EXAMPLES, name)
        is_one = os.path.isdir(folder) and any(file.endswith((".c", ".s", ".asm"))
                                               for file in os.listdir(folder))
        if is_one and os.path.isfile(os.path.join(folder, "layout")):
            with open(os.path.join(folder, "layout"), encoding="ascii") as file:
                yield example_item(name, folder, file.read().strip(), os.path.join(work, name))


def example_item(name, source, layout, folder):
    os.makedirs(folder)
    objects = []
    for file in sorted(os.listdir(source)):
        stem, extension = os.path.splitext(file)
        if extension in cases.BUILDERS:
            command = [*cases.BUILDERS[extension].split(), "-o", f"{folder}/{stem}.o", file]
            environment = {**os.environ, "CPATH": os.path.join(ROOT, "include")}
            subprocess.run(command, cwd=source, env=environment, check=True)
            objects.append(stem + ".o")
    return Item(name, folder, objects, layout)


def generated_items(work, count):
    """Two thirds are sectors. Not gcc-plain: one .text leaves a linker nothing to choose."""
    compilers = [name for name in generate.COMPILERS if name != "gcc-plain"]
    for seed in range(count):
        mode = "disk" if seed % 3 == 2 else "sector"
        choice = compilers if mode == "disk" else ["gcc", "clang"]
        compiler = choice[seed % len(choice)]
        folder = os.path.join(work, f"seed{seed}")
        _, objects = generate.generate(seed, mode, folder, compiler, runtime_print=seed % 4 >= 2)
        yield Item(f"{mode} {seed} {compiler}", folder, objects, mode)


def compare(options, item):
    """Prints a row; true when Welt's image is no larger than the best of the peers'."""
    script = execute([options.welt, "--print-layout", item.layout], item.folder).stdout
    own = link_with_welt(options.welt, item)
    peers = {peer: link_with_peer(peer, item, script, options.runtime) for peer in PEERS}
    sizes = [size for size in peers.values() if size is not None]
    good = own is not None and (not sizes or own <= min(sizes))
    columns = "".join(f"{'-' if size is None else size:>8}" for size in [own, *peers.values()])
    print(f"{item.name:24}{columns}{'' if good else '  LARGER'}", flush=True)
    return good


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--welt", required=True)
    parser.add_argument("--runtime", required=True, help="the runtime archive that Welt carries")
    parser.add_argument("--count", type=int, default=50, help="of generated programs")
    options = parser.parse_args(arguments)
    options.welt = os.path.abspath(options.welt)
    options.runtime = os.path.abspath(options.runtime)
    return options


def main(arguments):
    options = parse(arguments)
    print(f"{'used bytes':24}{'welt':>8}" + "".join(f"{peer:>8}" for peer in PEERS))
    with tempfile.TemporaryDirectory(prefix="welt-size-") as work:
        results = [compare(options, item) for item in example_items(work)]
        results += [compare(options, item) for item in generated_items(work, options.count)]
    print(f"{sum(results)} of {len(results)} no larger than the best of the peers")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
