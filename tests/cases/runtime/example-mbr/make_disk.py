#!/usr/bin/env python3
"""make_disk.py PARTITION OUTPUT: a disk whose third partition, at sector 63, is active and begins
with PARTITION. Sector 0 holds nothing but the partition table (sixteen bytes an entry from 446 on)
and the disk signature at 440."""
import struct
import sys

partition, output = sys.argv[1:]
disk = bytearray(200 * 512)
struct.pack_into("<I", disk, 440, 0x12345678)
entries = [(0, 1, 10), (0, 11, 10), (0x80, 63, 100), (0, 0, 0)]
for index, (status, first, count) in enumerate(entries):
    struct.pack_into("<B3sB3sII", disk, 446 + 16 * index, status, b"\xfe\xff\xff", 1,
                     b"\xfe\xff\xff", first, count)
disk[510:512] = b"\x55\xaa"
with open(partition, "rb") as file:
    sector = file.read()
disk[63 * 512:63 * 512 + len(sector)] = sector
with open(output, "wb") as file:
    file.write(disk)
