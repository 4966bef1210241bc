#!/usr/bin/env python3
"""Installs a build into a temporary prefix and uses it there, as somebody else's program would.

    check.py --welt build/release/bin/welt --build build/release --source . --cc gcc --cxx g++

What is looked at: the files that are there and that they are the right ones; which symbols the
libraries give to others; hosts in C11, C17 and C++17, found by CMake's find_package(Welt) and by
plain -lwelt, against the static and the shared library, compiled with warnings as errors; a host
that has an LLVM of its own; boot programs against the installed boot.h, layouts and runtime. Every
image is the one that the command of the build makes.
"""
import argparse
import filecmp
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Werror"]
BOOT_FLAGS = ["-m16", "-Os", "-ffreestanding", "-fno-pic", "-fno-stack-protector",
              "-fno-asynchronous-unwind-tables"]


class Failed(Exception):
    pass


def run(*command, folder=None, environment=None):
    """What the command prints. Its own words are the message when it fails."""
    result = subprocess.run(command, cwd=folder, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, timeout=300,
                            env={**os.environ, **(environment or {})})
    if result.returncode != 0:
        raise Failed(f"{' '.join(command)}: status {result.returncode}\n{result.stdout}")
    return result.stdout


def check(holds, text):
    if not holds:
        raise Failed(text)


def same(path, wanted):
    check(os.path.isfile(path), f"{path} is missing")
    check(filecmp.cmp(path, wanted, shallow=False), f"{path} is not what {wanted} is")


class Installed:
    """The prefix, and what is in it."""

    def __init__(self, options, work):
        self.options, self.work = options, work
        self.prefix = os.path.join(work, "prefix")
        run("cmake", "--install", options.build, "--prefix", self.prefix)
        config = self.find("WeltConfig.cmake")
        self.libraries = os.path.dirname(os.path.dirname(os.path.dirname(config)))
        self.include = os.path.join(self.prefix, "include")
        self.share = os.path.join(self.prefix, "share", "welt")

    def find(self, name):
        found = [os.path.join(folder, name) for folder, _, names in os.walk(self.prefix)
                 if name in names]
        check(len(found) == 1, f"{name} is installed {len(found)} times")
        return found[0]

    def library(self, name):
        return os.path.join(self.libraries, name)


# ---- files ----

def check_files(it):
    source = it.options.source
    same(os.path.join(it.include, "welt.h"), os.path.join(source, "include/welt.h"))
    same(os.path.join(it.include, "welt/boot.h"), os.path.join(source, "include/welt/boot.h"))
    layouts = os.path.join(source, "runtime/layouts")
    for name in os.listdir(layouts):
        same(os.path.join(it.share, "layouts", name), os.path.join(layouts, name))
    for convention in ("cdecl", "regparm3"):
        archive = os.path.join(it.share, f"runtime/welt-runtime-{convention}.a")
        check(os.path.getsize(archive) > 1000, f"{archive} is empty")
    same(it.find("LICENSE"), os.path.join(source, "LICENSE"))
    same(it.find("LICENSE.runtime"), os.path.join(source, "runtime/LICENSE"))


def check_command(it):
    command, alias = (os.path.join(it.prefix, "bin", name) for name in ("welt", "ld.welt"))
    check(os.path.islink(alias) and os.readlink(alias) == "welt",
          "bin/ld.welt is no link to welt beside it")
    for name in (command, alias):
        check("GNU ld" in run(name, "--version"), f"{name} does not say its version")


def check_nothing_outside(it):
    """With DESTDIR too: all of it lies in there, and links are relative."""
    stage = os.path.join(it.work, "stage")
    run("cmake", "--install", it.options.build, "--prefix", "/usr", environment={"DESTDIR": stage})
    check(os.listdir(stage) == ["usr"], f"files outside of the prefix: {os.listdir(stage)}")
    for folder, _, names in os.walk(stage):
        for name in names:
            check(os.path.exists(os.path.join(folder, name)), f"{folder}/{name} leads nowhere")


# ---- symbols ----

def declared(it):
    with open(os.path.join(it.include, "welt.h"), encoding="utf-8") as header:
        return set(re.findall(r"^WELT_API [^;(]*\b(welt_\w+)\(", header.read(), re.M))


def defined(*arguments):
    """Names that a library defines for others, versions of symbols left out."""
    lines = run("nm", "--defined-only", "--extern-only", "--format=posix", *arguments).splitlines()
    fields = [line.split() for line in lines if len(line.split()) >= 2]
    return {name.split("@")[0] for name, kind, *_ in fields if kind != "A"}


def check_symbols(it):
    wanted = declared(it)
    check(len(wanted) > 15, f"only {len(wanted)} calls in welt.h")
    for arguments in ([it.library("libwelt.a")], ["--dynamic", it.library("libwelt.so")]):
        names = defined(*arguments)
        check(names == wanted, f"{arguments[-1]}: too many {sorted(names - wanted)[:9]}, "
                               f"too few {sorted(wanted - names)}")
    needed = run("readelf", "--dynamic", it.library("libwelt.so"))
    check("LLVM" not in needed and "stdc++" not in needed, f"libwelt.so needs more:\n{needed}")
    check("[libwelt.so." in needed, "libwelt.so has no versioned name")


# ---- hosts ----

def boot_object(it):
    path = os.path.join(it.work, "boot.o")
    run(it.options.cc, *BOOT_FLAGS, "-I", it.include, "-c", os.path.join(HERE, "boot.c"),
        "-o", path)
    return path


def check_host(it, program, image):
    output = os.path.join(it.work, "host.bin")
    if os.path.exists(output):
        os.unlink(output)
    run(program, os.path.join(it.work, "boot.o"), output, folder="/",
        environment={"LD_LIBRARY_PATH": it.libraries})
    same(output, image)


def check_project(it, image):
    """By CMake; the libraries that a static host names, as WeltConfig.cmake says."""
    folder = os.path.join(it.work, "project")
    flags = " ".join(WARNINGS)
    run("cmake", "-S", os.path.join(HERE, "project"), "-B", folder, "-G", "Ninja",
        f"-DCMAKE_PREFIX_PATH={it.prefix}", f"-DCMAKE_C_COMPILER={it.options.cc}",
        f"-DCMAKE_CXX_COMPILER={it.options.cxx}", f"-DCMAKE_C_FLAGS={flags}",
        f"-DCMAKE_CXX_FLAGS={flags}", f"-DBOOT_OBJECT={it.work}/boot.o")
    run("cmake", "--build", folder, "-j2")
    for program in ("c11_welt", "c11_shared", "c17_welt", "c17_shared", "cxx17_welt",
                    "cxx17_shared"):
        check_host(it, os.path.join(folder, program), image)
    same(os.path.join(folder, "image.bin"), image)
    with open(os.path.join(folder, "static.txt"), encoding="utf-8") as file:
        return file.read().split()


def check_plain(it, image, static):
    """By a compiler's command line; the static host also without dropping unused sections."""
    source = os.path.join(HERE, "consumer.c")
    as_cxx = shutil.copy(source, os.path.join(it.work, "consumer.cpp"))
    program = os.path.join(it.work, "plain")
    ways = {
        "static": ["-Wl,-Bstatic", "-lwelt", "-Wl,-Bdynamic", *static],
        "shared": ["-lwelt"],
    }
    for kind, libraries in ways.items():
        for compiler, file in ((it.options.cc, ["-std=c11", source]),
                               (it.options.cc, ["-std=c17", source]),
                               (it.options.cxx, ["-std=c++17", as_cxx])):
            run(compiler, *WARNINGS, f"-I{it.include}", *file, f"-L{it.libraries}", *libraries,
                "-o", program)
            needs = run("readelf", "--dynamic", program)
            check(("libwelt" in needs) == (kind == "shared"), f"{kind} host:\n{needs}")
            check_host(it, program, image)


def check_pkg_config(it, image):
    """By welt.pc: found in the prefix, and again when the prefix is moved."""
    moved = os.path.join(it.work, "moved")
    shutil.copytree(it.prefix, moved, symlinks=True)
    for prefix in (it.prefix, moved):
        libraries = it.libraries.replace(it.prefix, prefix, 1)
        environment = {"PKG_CONFIG_PATH": os.path.join(libraries, "pkgconfig")}
        check(run("pkg-config", "--modversion", "welt", environment=environment).strip() ==
              run(it.options.welt, "--version").split()[1], "welt.pc has another version")
        shared = run("pkg-config", "--cflags", "--libs", "welt", environment=environment).split()
        static = run("pkg-config", "--static", "--cflags", "--libs", "welt",
                     environment=environment).split()
        static = ["-l:libwelt.a" if word == "-lwelt" else word for word in static]
        for compiler, source in ((it.options.cc, "consumer.c"), (it.options.cxx, "consumer.cpp")):
            for flags in (shared, static):
                program = os.path.join(it.work, "by-pc")
                folder = HERE if source.endswith(".c") else it.work
                run(compiler, *WARNINGS, os.path.join(folder, source), *flags, "-o", program)
                check_host(it, program, image)


def check_manuals(it):
    """Every call and every option is in them, and man has nothing to complain of."""
    with open(it.find("libwelt.3"), encoding="utf-8") as page:
        text = page.read()
    missing = [name for name in declared(it) if name not in text]
    check(not missing, f"libwelt(3) lacks {missing}")
    if not shutil.which("man"):
        return
    for name in ("welt.1", "ld.welt.1", "libwelt.3"):
        folder = os.path.dirname(os.path.dirname(it.find(name)))
        result = subprocess.run(["man", "-l", "--warnings", it.find(name)], cwd=folder, text=True,
                                capture_output=True, env={**os.environ, "MANPAGER": "cat"})
        check(result.returncode == 0 and not result.stderr, f"{name}: {result.stderr}")


def llvm_configs():
    """The hosts' LLVMs: those that have a shared library."""
    found = [name for name in ("llvm-config-14", "llvm-config-19", "llvm-config")
             if shutil.which(name) and subprocess.run([name, "--link-shared", "--libs"],
                                                      capture_output=True).returncode == 0]
    check(found, "no LLVM with a shared library: install llvm-14-dev")
    return found[:2]


def check_beside_llvm(it, image, static):
    program = os.path.join(it.work, "beside")
    for config in llvm_configs():
        flags = run(config, "--cflags").split() + run(config, "--link-shared", "--ldflags",
                                                      "--libs").split()
        for first in (True, False):  # whichever stands first on the line
            for welt in (["-Wl,-Bstatic", "-lwelt", "-Wl,-Bdynamic", *static], ["-lwelt"]):
                libraries = [f"-L{it.libraries}", *welt]
                line = libraries + flags if first else flags + libraries
                run(it.options.cc, f"-I{it.include}", os.path.join(HERE, "beside_llvm.c"), *line,
                    "-o", program)
                check_host(it, program, image)


# Opens libraries in this order, all of their names for everyone, and uses both.
OPENING = """
import ctypes, sys
welt, llvm, boot, image, *order = sys.argv[1:]
opened = {path: ctypes.CDLL(path, mode=ctypes.RTLD_GLOBAL) for path in order}
lib, other = opened[welt], opened[llvm]
other.LLVMContextCreate.restype = ctypes.c_void_p
inputs = (ctypes.c_char_p * 1)(boot.encode())
for _ in range(3):
    context = ctypes.c_void_p(other.LLVMContextCreate())
    if lib.welt_link_files(image.encode(), inputs, ctypes.c_size_t(1), None) != 0:
        sys.exit(1)
    other.LLVMContextDispose(context)
"""


def check_opened_beside_llvm(it, image):
    """With dlopen(), before and after the host's LLVM."""
    welt = it.library("libwelt.so")
    output = os.path.join(it.work, "opened.bin")
    for config in llvm_configs():
        name = run(config, "--link-shared", "--libnames").split()[0]
        llvm = os.path.join(run(config, "--libdir").strip(), name)
        for order in ((welt, llvm), (llvm, welt)):
            run(sys.executable, "-c", OPENING, welt, llvm, os.path.join(it.work, "boot.o"), output,
                *order)
            same(output, image)
            os.unlink(output)


# ---- boot programs ----

def check_boot(it, image):
    """Installed layouts and runtime archives are those that the command carries."""
    command = os.path.join(it.prefix, "bin", "welt")
    output = os.path.join(it.work, "by-files.bin")
    layout = os.path.join(it.share, "layouts/sector.ld")
    runtime = os.path.join(it.share, "runtime/welt-runtime-cdecl.a")
    run(command, os.path.join(it.work, "boot.o"), "-T", layout, "--no-runtime", runtime,
        "-o", output)
    same(output, image)


def check_all(options, work):
    it = Installed(options, work)
    check_files(it)
    check_command(it)
    check_nothing_outside(it)
    check_symbols(it)
    image = os.path.join(work, "image.bin")
    run(options.welt, boot_object(it), "-o", image)
    static = check_project(it, image)
    check_plain(it, image, static)
    check_pkg_config(it, image)
    check_manuals(it)
    check_beside_llvm(it, image, static)
    check_opened_beside_llvm(it, image)
    check_boot(it, image)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("--welt", "--build", "--source", "--cc", "--cxx"):
        parser.add_argument(name, required=True)
    with tempfile.TemporaryDirectory(prefix="welt-install-") as work:
        try:
            check_all(parser.parse_args(), work)
        except Failed as mistake:
            sys.exit(f"check.py: {mistake}")


if __name__ == "__main__":
    main()
