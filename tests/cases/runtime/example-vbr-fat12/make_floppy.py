#!/usr/bin/env python3
"""make_floppy.py OUTPUT: a FAT12 diskette of 1.44 MB whose root directory holds a label, files, a
deleted file, a hidden file and a long name. Microsoft FAT Specification (2005), sections 3 and 6."""
import struct
import sys

BLOCK = struct.pack("<3s8sHBHBHHBHHHII", b"\xeb\x3c\x90", b"WELT    ", 512, 1, 1, 2, 224, 2880,
                    0xf0, 9, 18, 2, 0, 0)
EXTENSION = struct.pack("<BBBI11s8s", 0, 0, 0x29, 0x1234, b"TEST       ", b"FAT12   ")
ROOT = (1 + 2 * 9) * 512
HIDDEN, LABEL, LONG_NAME, ARCHIVE = 0x02, 0x08, 0x0f, 0x20


def entry(name, attributes):
    return name + bytes([attributes]) + bytes(20)


floppy = bytearray(2880 * 512)
floppy[:len(BLOCK)] = BLOCK
floppy[len(BLOCK):62] = EXTENSION
floppy[510:512] = b"\x55\xaa"
entries = [entry(b"TEST       ", LABEL), entry(b"KERNEL  SYS", ARCHIVE),
           entry(b"\xe5LD     TXT", ARCHIVE), entry(b"SECRET  TXT", HIDDEN),
           entry(b"\x41l\0o\0n\0g\0.\0", LONG_NAME), entry(b"LONG~1  TEX", ARCHIVE)]
entries += [entry(b"FILE%02d  TXT" % number, ARCHIVE) for number in range(14)]
floppy[ROOT:ROOT + 32 * len(entries)] = b"".join(entries)
with open(sys.argv[1], "wb") as file:
    file.write(floppy)
