#!/usr/bin/env python3
"""Makes the Debian packages and unpacks them, as dpkg would, into a folder of their own:

    packages.py --build build/release --cc gcc
    packages.py --build build/release --cc gcc --debootstrap /tmp/clean    in a clean Debian, as root

Each file is in one package; what a package has works with those it depends on: the command links a
boot program, a host is built by pkg-config against the static and the shared library. Libraries that
are opened at run time are depended on or recommended, by the name of Debian's package. With
--debootstrap the packages are installed by apt in a fresh Debian of this folder (it is made when it
is not there, which takes minutes and a network), where the same is tried.
"""
import argparse
import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PACKAGES = {"library": "libwelt0.1", "dev": "libwelt-dev", "command": "welt"}


def run(*command, **more):
    result = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            timeout=900, **more)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}: status {result.returncode}\n{result.stdout}")
    return result.stdout


def make(build, folder):
    run("cpack", "--config", os.path.join(build, "CPackConfig.cmake"), "-B", folder)
    found = {}
    for path in glob.glob(os.path.join(folder, "*.deb")):
        found[run("dpkg-deb", "-f", path, "Package").strip()] = path
    if sorted(found) != sorted(PACKAGES.values()):
        sys.exit(f"packages: {sorted(found)}")
    return found


def unpack(packages, root):
    owner = {}
    for package, path in packages.items():
        for line in run("dpkg-deb", "-c", path).splitlines():
            name = line.split()[5]
            if not name.endswith("/") and owner.setdefault(name, package) != package:
                sys.exit(f"{name} is in {owner[name]} and {package}")
        run("dpkg-deb", "-x", path, root)


def owner_of(library):
    """LLVM names libraries of other systems, which nobody here owns."""
    found = subprocess.run(["dpkg", "-S", f"*/{library}"], text=True, capture_output=True, check=False)
    return found.stdout.split(":")[0]


def check_opened(package, path, work):
    """What a program names as a library, and is not linked to, it opens: its package is named."""
    alone = os.path.join(work, package)
    run("dpkg-deb", "-x", path, alone)
    told = run("dpkg-deb", "-f", path, "Depends", "Recommends").replace("\n", " ")
    files = [file for name in ("usr/bin/welt", "usr/lib/libwelt.so.*")
             for file in glob.glob(os.path.join(alone, name)) if not os.path.islink(file)]
    for file in files:
        with open(file, "rb") as data:
            named = set(re.findall(rb"lib[\w+-]+\.so\.[0-9.]*[0-9]", data.read()))
        linked = re.findall(r"\[(.*?)\]", run("readelf", "-d", file))
        owners = {owner_of(its.decode()) for its in named if its.decode() not in linked} - {""}
        if not {"libdwarf1", "libzydis4.0"} <= owners:
            sys.exit(f"{file} opens libraries of {sorted(owners)}")
        for owner in owners:
            if not re.search(rf"[ ,]{re.escape(owner)}\b", told):
                sys.exit(f"{package} opens a library of {owner}, and says {told}")
    if len(files) != 1:
        sys.exit(f"{package}: {files}")


def boot_object(cc, folder):
    source, target = os.path.join(folder, "boot.c"), os.path.join(folder, "boot.o")
    with open(source, "w", encoding="utf-8") as file:
        file.write("int main(void) { return 7; }\n")
    run(cc, "-m16", "-Os", "-ffreestanding", "-fno-pic", "-c", source, "-o", target)
    return target


def try_here(cc, root, work):
    """From where they were unpacked: welt.pc follows its own place."""
    usr = os.path.join(root, "usr")
    environment = {**os.environ, "LD_LIBRARY_PATH": os.path.join(usr, "lib"),
                   "PKG_CONFIG_PATH": os.path.join(usr, "lib", "pkgconfig")}
    boot, image, made = boot_object(cc, work), os.path.join(work, "a"), os.path.join(work, "b")
    run(os.path.join(usr, "bin", "welt"), boot, "-o", image)
    for mode in ([], ["--static"]):
        flags = run("pkg-config", *mode, "--cflags", "--libs", "welt", env=environment).split()
        if mode:
            flags = ["-l:libwelt.a" if word == "-lwelt" else word for word in flags]
        host = os.path.join(work, "host")
        run(cc, os.path.join(HERE, "consumer.c"), *flags, "-o", host)
        run(host, boot, made, env=environment)
        with open(image, "rb") as one, open(made, "rb") as other:
            if one.read() != other.read():
                sys.exit("the host's image is not the command's")


def try_in_debian(cc, packages, root, work):
    if not os.path.exists(os.path.join(root, "usr/bin/apt-get")):
        run("debootstrap", "--variant=minbase", "bookworm", root)
    inside = os.path.join(root, "tmp", "welt")
    os.makedirs(inside, exist_ok=True)
    boot_object(cc, inside)
    shutil.copy(os.path.join(HERE, "consumer.c"), inside)
    for path in packages.values():
        shutil.copy(path, inside)
    script = (
        "set -e; cd /tmp/welt; apt-get update -q; export DEBIAN_FRONTEND=noninteractive;"
        "apt-get install -y -q --no-install-recommends ./libwelt0.1_*.deb ./welt_*.deb;"
        "welt boot.o -o one.bin; welt boot.o -o /dev/null --listing one.lst;"
        "apt-get install -y -q --no-install-recommends ./libwelt-dev_*.deb gcc libc6-dev pkg-config;"
        "gcc consumer.c $(pkg-config --cflags --libs welt) -o host; ./host boot.o two.bin;"
        "cmp one.bin two.bin; apt-get purge -y -q libwelt-dev welt libwelt0.1; ! which welt;"
        "! find /usr -name '*welt*' | grep . ; echo clean")
    print(run("chroot", root, "/bin/sh", "-c", script).splitlines()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", required=True)
    parser.add_argument("--cc", default="cc")
    parser.add_argument("--welt", help="of the build; not needed")
    parser.add_argument("--debootstrap", metavar="FOLDER")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="welt-packages-") as work:
        packages = make(options.build, os.path.join(work, "packages"))
        root = os.path.join(work, "root")
        unpack(packages, root)
        for package in (PACKAGES["command"], PACKAGES["library"]):
            check_opened(package, packages[package], work)
        try_here(options.cc, root, work)
        if options.debootstrap:
            try_in_debian(options.cc, packages, options.debootstrap, work)


if __name__ == "__main__":
    main()
