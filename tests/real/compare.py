"""What must be the same in two builds.

    a flat image            its bytes
    an executable           what objcopy makes of it
    an object (ld -r)       sections, relocations by their symbols' names, and the set of symbols
"""
import os

from common import run

EXECUTABLE, SHARED = 2, 3


def content_of(path):
    with open(path, "rb") as file:
        data = file.read()
    if data[:4] != b"\x7fELF":
        return data
    if data[16] not in (EXECUTABLE, SHARED):
        return object_content(path)
    flat = path + ".flat"
    run("objcopy", "-O", "binary", path, flat)
    with open(flat, "rb") as file:
        return file.read()


def object_content(path):
    """Symbols have another order in Welt's files, so they are sorted."""
    folder, name = os.path.split(path)
    body = run("objdump", "-s", "-r", name, folder=folder)
    symbols = sorted(run("objdump", "-t", name, folder=folder).splitlines())
    return (body + "\n".join(symbols)).encode()


def differences(ours, theirs):
    found = []
    for mine, other in zip(ours, theirs):
        a, b = content_of(mine), content_of(other)
        if a != b:
            at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
            found.append(f"{os.path.basename(mine)}: {len(a)} bytes, GNU ld's has {len(b)}; "
                         f"they differ at {at:#x}")
    return found
