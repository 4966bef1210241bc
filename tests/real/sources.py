"""Debian's source packages, unpacked once in the work folder; no copy of them is in this project.

apt gets a configuration of its own, so the system's sources stay as they are.
"""
import glob
import os
import shutil

from common import GNU, run

MIRROR = "http://deb.debian.org/debian"
RELEASE = "bookworm"


def apt_options(work):
    """An apt that reads one deb-src line and writes into the work folder only."""
    apt = os.path.join(work, "apt")
    for folder in ("lists/partial", "cache/archives/partial"):
        os.makedirs(os.path.join(apt, folder), exist_ok=True)
    with open(os.path.join(apt, "sources.list"), "w", encoding="utf-8") as file:
        file.write(f"deb-src {MIRROR} {RELEASE} main\n")
    options = {"Dir::Etc::sourcelist": os.path.join(apt, "sources.list"),
               "Dir::Etc::sourceparts": "/dev/null", "Dir::State::lists": os.path.join(apt, "lists"),
               "Dir::Cache": os.path.join(apt, "cache")}
    return [word for key, value in options.items() for word in ("-o", f"{key}={value}")]


def unpack(work, package, patched=True):
    """The package's tree. Without its patches when they would have files made again."""
    folder = os.path.join(work, "source", package)
    tree = os.path.join(folder, "tree")
    if os.path.isdir(tree):
        return tree
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    options = apt_options(work)
    run("apt-get", *options, "update", "-q")
    run("apt-get", *options, "source", "-q", "--download-only", package, folder=folder)
    description = [name for name in os.listdir(folder) if name.endswith(".dsc")]
    run("dpkg-source", "--no-check", *([] if patched else ["--skip-patches"]), "-x",
        description[0], tree + ".new", folder=folder)
    os.rename(tree + ".new", tree)
    return tree


class Place:
    """Where one recipe finds its sources and builds them."""

    def __init__(self, work, name, recipe, given=None):
        self.name = name
        self.builds = os.path.join(work, "build", name)
        self.source = given or unpack(work, recipe.SOURCE, getattr(recipe, "PATCHED", True))

    def folder(self, linker):
        """An empty folder for each linker, at a path of one length: some builds write paths."""
        path = os.path.join(self.builds, linker.kind)
        shutil.rmtree(path, ignore_errors=True)
        os.makedirs(path)
        return path

    def tree(self, linker):
        """A copy of the sources, with their times: they say what need not be made again."""
        path = self.folder(linker)
        shutil.copytree(self.source, path, symlinks=True, dirs_exist_ok=True)
        return path

    def built_again(self, linker, *linked):
        """What GNU ld's build made, without what it linked: objects need no second compilation."""
        path = self.folder(linker)
        shutil.copytree(os.path.join(self.builds, GNU), path, symlinks=True, dirs_exist_ok=True)
        for pattern in linked:
            for file in glob.glob(os.path.join(path, pattern)):
                os.remove(file)
        return path
