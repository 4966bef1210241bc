"""What the tests compile once and keep, in the folder that WELT_TEST_CACHE names; without it,
nothing is kept.

    key = kept.key("main.o", command, source)
    if not kept.take(key, folder):
        compile_into(folder)
        kept.keep(key, folder, ["main.o"])

Configurations of one build share it: what a compiler makes of a source does not depend on how Welt
was built. A key holds the compilers too, so that an upgrade begins anew. Entries are made under
another name and renamed: tests may run side by side.
"""
import functools
import hashlib
import os
import shutil
import tempfile

COMPILERS = ["gcc", "clang", "clang-19", "as", "nasm", "ld"]


def folder_of(key):
    root = os.environ.get("WELT_TEST_CACHE")
    return os.path.join(root, "objects", key[:2], key) if root else None


@functools.cache
def compilers():
    """Which they are: a package's upgrade changes size or time of the file."""
    found = []
    for name in COMPILERS:
        path = os.path.realpath(shutil.which(name) or name)
        its = os.stat(path) if os.path.exists(path) else None
        found.append(f"{path} {its and (its.st_size, its.st_mtime_ns)}")
    return "\n".join(found)


def key(*parts):
    digest = hashlib.sha1(compilers().encode())
    for part in parts:
        data = part if isinstance(part, bytes) else str(part).encode()
        digest.update(b"%d:" % len(data) + data)
    return digest.hexdigest()


def files_of(folder):
    """Names and contents of a folder's files, for a key."""
    parts = []
    for name in sorted(os.listdir(folder)):
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                parts += [name, file.read()]
    return parts


def take(its_key, folder):
    """Puts what was kept into a folder; false: nothing was."""
    kept = folder_of(its_key)
    if not kept or not os.path.isdir(kept):
        return False
    shutil.copytree(kept, folder, dirs_exist_ok=True)
    return True


def keep(its_key, folder, names):
    kept = folder_of(its_key)
    if not kept:
        return
    os.makedirs(os.path.dirname(kept), exist_ok=True)
    made = tempfile.mkdtemp(dir=os.path.dirname(kept))
    for name in names:
        shutil.copy2(os.path.join(folder, name), made)
    try:
        os.rename(made, kept)
    except OSError:  # another test was faster
        shutil.rmtree(made)
