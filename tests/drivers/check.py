#!/usr/bin/env python3
"""Calls the drivers that people build with, each by its usual switch, and boots what they link.

    check.py --welt build/release/bin/welt --build build/release gcc clang musl rust cargo cmake meson

The build is installed into a folder of its own first: the specs, the cross file and the CMake
module are used as somebody finds them there. Every image is also what the command alone makes.
"""
import argparse
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "tests", "tools"))

import boot  # noqa: E402
from outcome import FAULTS  # noqa: E402

C_FLAGS = ["-m16", "-march=i386", "-Os", "-ffreestanding", "-fno-pic", "-fno-stack-protector",
           "-fno-asynchronous-unwind-tables", "-fcf-protection=none"]
HELLO = "linked by the driver: bcdefghijklmnop"
BARE = "linked in place of ld"
RUST = "Hello from Rust!\n42 and 140"
RUST_STAGES = os.path.join(ROOT, "examples", "rust-stages")


class Failed(Exception):
    pass


class Place:
    """Where Welt was installed, where to work, and what to call."""

    def __init__(self, options, work):
        self.options, self.work = options, work
        self.prefix = os.path.join(work, "prefix")
        self.toolchain = os.path.join(self.prefix, "share", "welt", "toolchain")
        path = os.path.join(self.prefix, "bin") + os.pathsep + os.environ["PATH"]
        self.environment = {**os.environ, "LC_ALL": "C", "PATH": path,
                            "CPATH": os.path.join(self.prefix, "include")}
        self.run("cmake", "--install", options.build, "--prefix", self.prefix)

    def run(self, *command, folder=None, status=0, **variables):
        """What the command prints; its own words are the message when it ends otherwise."""
        result = subprocess.run(command, cwd=folder or self.work, text=True, timeout=1800,
                                env={**self.environment, **variables}, check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if result.returncode != status:
            raise Failed(f"{' '.join(command)}: status {result.returncode}\n{result.stdout}")
        return result.stdout

    def file(self, *names):
        return os.path.join(self.work, *names)


def check_boots(image, text, *options):
    asked = boot.parse([image, "--expect", text, *options])
    outcome = boot.boot(boot.job_of(asked), asked.machine)
    if text not in outcome.text or outcome.ended in FAULTS:
        raise Failed(f"{image}: {outcome.ended}, printed {outcome.text!r}, not {text!r}")


def check_same(image, reference):
    if not filecmp.cmp(image, reference, shallow=False):
        raise Failed(f"{image} is not what {reference} is")


def check_silent(text):
    if text.strip():
        raise Failed(f"the driver was to say nothing:\n{text}")


# ---- C compilers: a program on the runtime, and one with a script of its own ----

def check_c_driver(place, name, *driver):
    """`driver` compiles and links in one call; the command alone links the same bytes."""
    hello, bare, reference, image = (place.file(f"{name}-{part}") for part in
                                     ("hello.o", "bare.o", "reference.bin", "image.bin"))
    compiler = driver[0]
    place.run(compiler, *C_FLAGS, "-c", os.path.join(HERE, "hello.c"), "-o", hello)
    place.run(compiler, "-m16", "-c", os.path.join(HERE, "bare.S"), "-o", bare)

    check_silent(place.run(*driver, "-m16", "-nostdlib", "-static", "-Wl,--layout=sector", hello,
                           "-o", image))
    place.run("ld.welt", "--layout=sector", hello, "-o", reference)
    check_same(image, reference)
    check_boots(image, HELLO)

    script = os.path.join(HERE, "bare.ld")
    check_silent(place.run(*driver, "-m16", "-nostdlib", "-T", script, bare, "-o", image))
    place.run("ld", "-melf_i386", "-T", script, bare, "-o", reference)
    check_same(image, reference)
    check_boots(image, BARE)


def check_gcc(place):
    specs = os.path.join(place.toolchain, "welt.specs")
    folder = os.path.join(place.prefix, "libexec", "welt")
    check_c_driver(place, "gcc-specs", "gcc", f"-specs={specs}")
    check_c_driver(place, "gcc-folder", "gcc", f"-B{folder}")
    # With the specs nothing of a program for Linux has to be switched off by hand.
    image = place.file("gcc-one-call.bin")
    place.run("gcc", *C_FLAGS, f"-specs={specs}", "-Wl,--layout=sector",
              os.path.join(HERE, "hello.c"), "-o", image)
    check_boots(image, HELLO)
    # A link that fails must fail the driver.
    text = place.run("gcc", "-m16", f"-specs={specs}", "-Wl,--layout=nowhere",
                     place.file("gcc-specs-hello.o"), "-o", image, status=1)
    if "nowhere" not in text:
        raise Failed(f"the reason of a failed link is missing:\n{text}")


def check_clang(place):
    found = [name for name in ("clang-14", "clang-19") if shutil.which(name)]
    for clang in found or ["clang"]:
        config = os.path.join(place.toolchain, "welt.cfg")
        command = os.path.join(place.prefix, "bin", "ld.welt")
        check_c_driver(place, f"{clang}-config", clang, "--config", config)
        check_c_driver(place, f"{clang}-fuse", clang, "-fuse-ld=welt")
        check_c_driver(place, f"{clang}-path", clang, f"--ld-path={command}")


def check_musl(place):
    """A whole program, with threads: GNU ld's bytes, and it runs."""
    folder = os.path.join(place.prefix, "libexec", "welt")
    reference, program = place.file("threads-reference"), place.file("threads")
    driver = ("musl-gcc", "-static", "-O2", os.path.join(HERE, "threads.c"))
    place.run(*driver, "-o", reference)
    check_silent(place.run(*driver, f"-B{folder}", "-o", program))
    check_same(program, reference)
    text = place.run(program)
    if text != "42 42 42\n43 43 43\n":
        raise Failed(f"{program} printed {text!r}")


# ---- Rust ----

def check_rust(place):
    """The example by rustc alone. core takes half a minute, so it is kept between runs."""
    place.run(os.path.join(ROOT, "examples", "rust", "build"), place.work,
              RUSTC=place.options.rustc, CORE=rust_core(place, "-i386-unknown-none-code16"),
              TOOLCHAIN=place.toolchain)
    check_boots(place.file("boot.bin"), RUST)


def rust_core(place, target=""):
    version = place.run(place.options.rustc, "--version").split()[1]
    return os.path.join(place.options.cache, f"rust-{version}{target}")


def check_rust_stages(place):
    """Three images in a row, of 16, 32 and 64 bits."""
    place.run(os.path.join(RUST_STAGES, "build"), place.work, RUSTC=place.options.rustc,
              CORE=rust_core(place), TOOLCHAIN=place.toolchain)
    with open(os.path.join(RUST_STAGES, "expected"), encoding="utf-8") as file:
        options, text = file.read().split("\n", 1)
    check_boots(place.file("boot.img"), text, *options.lstrip("$ ").split())


def check_cargo(place):
    """The same by cargo, which compiles core itself; the compiler's own folder has its crates."""
    home, project = place.file("cargo-home"), place.file("cargo-project")
    shutil.copytree(os.path.join(ROOT, "examples", "rust", "src"), os.path.join(project, "src"))
    shutil.copy(os.path.join(ROOT, "examples", "rust", "Cargo.toml"), project)
    rust = os.path.join(place.toolchain, "rust")
    os.makedirs(os.path.join(project, ".cargo"))
    shutil.copy(os.path.join(rust, "cargo-config.toml"),
                os.path.join(project, ".cargo", "config.toml"))
    shutil.copy(os.path.join(rust, "rustc-1.96", "i386-unknown-none-code16.json"), project)

    sysroot = place.run(place.options.rustc, "--print", "sysroot").strip()
    vendor = os.path.realpath(os.path.join(sysroot, "lib/rustlib/src/rust/library/vendor"))
    os.makedirs(home)
    with open(os.path.join(home, "config.toml"), "w", encoding="utf-8") as file:
        file.write('[source.crates-io]\nreplace-with = "vendored"\n'
                   f'[source.vendored]\ndirectory = "{vendor}"\n')
    place.run("cargo", "build", "--offline", "--release", folder=project, CARGO_HOME=home,
              RUSTC=place.options.rustc, RUSTC_BOOTSTRAP="1")
    check_boots(os.path.join(project, "target/i386-unknown-none-code16/release/boot"), RUST)


# ---- build systems ----

def check_cmake(place):
    project, build = os.path.join(HERE, "project-cmake"), place.file("cmake")
    place.run("cmake", "-S", project, "-B", build, "-G", "Ninja",
              f"-DCMAKE_PREFIX_PATH={place.prefix}", "-DCMAKE_C_COMPILER=gcc")
    place.run("cmake", "--build", build)
    check_boots(os.path.join(build, "boot.bin"), "made by CMake: sector")
    check_boots(os.path.join(build, "images", "scripted.img"), BARE)
    again = place.run("cmake", "--build", build)
    if "no work to do" not in again:
        raise Failed(f"a second build links again:\n{again}")
    check_budget(place, build)


def check_budget(place, build):
    place.run("cmake", "-DWITH_BUDGET=400", build)
    place.run("cmake", "--build", build, "--target", "small")
    check_boots(os.path.join(build, "small.bin"), "made by CMake: budget")
    place.run("cmake", "-DWITH_BUDGET=40", build)
    text = place.run("cmake", "--build", build, "--target", "small", status=1)
    if "budget is 40" not in text:
        raise Failed(f"a budget of 40 bytes was to be the reason:\n{text}")


def check_meson(place):
    own = place.file("own.meson")
    with open(own, "w", encoding="utf-8") as file:
        file.write(f"[constants]\ntoolchain = '{place.toolchain}'\n")
    place.run("meson", "setup", "--cross-file", os.path.join(place.toolchain, "welt.meson"),
              "--cross-file", own, place.file("meson"), os.path.join(HERE, "project-meson"))
    place.run("meson", "compile", "-C", place.file("meson"))
    check_boots(place.file("meson", "boot.bin"), HELLO)


CHECKS = {"gcc": check_gcc, "clang": check_clang, "musl": check_musl, "rust": check_rust,
          "rust-stages": check_rust_stages, "cargo": check_cargo, "cmake": check_cmake,
          "meson": check_meson}


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--welt", required=True)
    parser.add_argument("--build", required=True, help="the build folder to install")
    parser.add_argument("--rustc", default="/usr/bin/rustc")
    parser.add_argument("--cache", default="", help="where Rust's core is kept")
    parser.add_argument("drivers", nargs="+", choices=CHECKS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="welt-drivers-") as work:
        options.cache = os.path.abspath(options.cache or os.path.join(work, "cache"))
        options.build = os.path.abspath(options.build)
        try:
            place = Place(options, work)
            for driver in options.drivers:
                CHECKS[driver](place)
        except Failed as mistake:
            sys.exit(f"check.py: {mistake}")


if __name__ == "__main__":
    main()
