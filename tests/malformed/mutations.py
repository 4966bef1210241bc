"""Inputs bent by their structure: ELF files of both classes, archives, texts, command lines.

Each function takes sound bytes and yields (what was done, the bent bytes). Nothing is left to chance
but where a random.Random is taken.
"""
import re
import struct

# ---- values ----


def edges(width, value, size):
    """Numbers of `width` bytes at which a check may be wrong by one, or a sum wrap around."""
    top = 1 << (8 * width)
    near = [0, 1, 2, value - 1, value + 1, value ^ (top >> 1), top - 1, top - 2, top >> 1,
            (top >> 1) - 1, top - value, size, size - 1, size + 1, top - size, top - size + 1]
    return sorted({number % top for number in near} - {value})


def put(data, offset, width, value):
    return data[:offset] + (value % (1 << 8 * width)).to_bytes(width, "little") + \
        data[offset + width:]


def take(data, offset, width):
    return int.from_bytes(data[offset:offset + width], "little")


# ---- ELF ----

# (name, width) in order, by class: gABI, chapters 4 and 5.
FILE_HEADER = {
    1: [("magic", 4), ("class", 1), ("data", 1), ("version", 1), ("abi", 1), ("pad", 8), ("type", 2),
        ("machine", 2), ("version4", 4), ("entry", 4), ("phoff", 4), ("shoff", 4), ("flags", 4),
        ("ehsize", 2), ("phentsize", 2), ("phnum", 2), ("shentsize", 2), ("shnum", 2),
        ("shstrndx", 2)]}
FILE_HEADER[2] = [(name, 8 if name in ("entry", "phoff", "shoff") else width)
                  for name, width in FILE_HEADER[1]]
SECTION_HEADER = {
    1: [(name, 4) for name in ("name", "type", "flags", "addr", "offset", "size", "link", "info",
                               "align", "entsize")]}
SECTION_HEADER[2] = [(name, 4 if name in ("name", "type", "link", "info") else 8)
                     for name, _ in SECTION_HEADER[1]]
SYMBOL = {1: [("name", 4), ("value", 4), ("size", 4), ("info", 1), ("other", 1), ("shndx", 2)],
          2: [("name", 4), ("info", 1), ("other", 1), ("shndx", 2), ("value", 8), ("size", 8)]}
SEGMENT = {1: [(name, 4) for name in ("type", "offset", "vaddr", "paddr", "filesz", "memsz",
                                      "flags", "align")],
           2: [("type", 4), ("flags", 4), ("offset", 8), ("vaddr", 8), ("paddr", 8), ("filesz", 8),
               ("memsz", 8), ("align", 8)]}
RELOCATION = {(1, 9): [("offset", 4), ("type", 1), ("symbol", 3)],
              (1, 4): [("offset", 4), ("type", 1), ("symbol", 3), ("addend", 4)],
              (2, 9): [("offset", 8), ("type", 4), ("symbol", 4)],
              (2, 4): [("offset", 8), ("type", 4), ("symbol", 4), ("addend", 8)]}
WORDS = [("word", 4)]
# Values that mean something in these fields: types, special indices, bindings.
KINDS = {
    "type": list(range(0, 44)) + [0x60000001, 0x6474E551, 0x6FFFFFFF, 0x70000001, 0x80000000],
    "shndx": [0xFF00, 0xFFF1, 0xFFF2, 0xFFFF], "info": [0x10, 0x13, 0x16, 0x1A, 0x20, 0xA0, 0xFF],
    "flags": [1 << bit for bit in range(32)], "other": [1, 2, 3], "machine": [2, 3, 6, 40, 62, 183],
    "align": [3, 1 << 16, 1 << 20, 1 << 31], "entsize": [3, 7, 8, 12, 16, 24],
}
GROUP, SHNDX = 17, 18
TABLES = {2: SYMBOL, 11: SYMBOL}


class Elf:
    """Where the parts of a sound ELF file lie."""

    def __init__(self, data):
        self.data, self.width = data, data[4]
        header = dict(zip([name for name, _ in FILE_HEADER[self.width]],
                          self.fields(FILE_HEADER[self.width], 0)))
        self.tables = [("header", FILE_HEADER[self.width], 0, 1)]
        self.section_at, self.sections = header["shoff"][0], []
        size = sum(width for _, width in SECTION_HEADER[self.width])
        count = header["shnum"][0]
        self.tables.append(("section", SECTION_HEADER[self.width], self.section_at, count))
        if header["phnum"][0]:
            self.tables.append(("segment", SEGMENT[self.width], header["phoff"][0],
                                header["phnum"][0]))
        for index in range(count):
            at = self.section_at + index * size
            section = {name: value for (name, _), (value, _, _) in
                       zip(SECTION_HEADER[self.width],
                           self.fields(SECTION_HEADER[self.width], at))}
            self.sections.append(section)
            self.add_table(index, section)

    def add_table(self, index, section):
        kind = section["type"]
        row = None
        if kind in TABLES:
            row = TABLES[kind][self.width]
        elif (self.width, kind) in RELOCATION:
            row = RELOCATION[self.width, kind]
        elif kind in (GROUP, SHNDX) or self.name(section).startswith(b".eh_frame"):
            row = WORDS
        if row:
            count = section["size"] // sum(width for _, width in row)
            self.tables.append((f"{index}", row, section["offset"], count))

    def name(self, section):
        names = self.sections[-1]
        at = names["offset"] + section["name"]
        return self.data[at:self.data.find(b"\0", at)] if names["type"] == 3 else b""

    def fields(self, row, at):
        found = []
        for _, width in row:
            found.append((take(self.data, at, width), at, width))
            at += width
        return found

    def each_field(self):
        for title, row, at, count in self.tables:
            size = sum(width for _, width in row)
            for index in range(min(count, 64)):
                for (name, width), (value, place, _) in zip(row, self.fields(row,
                                                                             at + index * size)):
                    yield f"{title}-{index}-{name}", name, place, width, value

    def borders(self):
        """Offsets at which something begins or ends."""
        found = {0, len(self.data)}
        for _, row, at, count in self.tables:
            size = sum(width for _, width in row)
            found |= {at, at + count * size, at + size}
        for section in self.sections:
            found |= {section["offset"], section["offset"] + section["size"]}
        return sorted(border for border in found if border <= len(self.data))


def bent_elf(data):
    elf = Elf(data)
    for what, name, place, width, value in elf.each_field():
        for number in sorted({*edges(width, value, len(data)),
                              *(kind for kind in KINDS.get(name, []) if kind >> 8 * width == 0)}):
            yield f"{what}={number:#x}", put(data, place, width, number)


def cut(data, borders):
    for border in borders:
        for at in sorted({max(border + by, 0) for by in (-1, 0, 1)}):
            if at < len(data):
                yield f"cut-{at}", data[:at]


def cut_elf(data):
    yield from cut(data, Elf(data).borders())


def mixed_elf(data, rng, count):
    """Several fields at once, and bytes of contents."""
    fields = list(Elf(data).each_field())
    for index in range(count):
        bent = data
        for _ in range(rng.randrange(2, 7)):
            _, name, place, width, value = rng.choice(fields)
            bent = put(bent, place, width,
                       rng.choice(edges(width, value, len(data)) + KINDS.get(name, [])))
        for _ in range(rng.choice([0, 0, 3, 40])):
            bent = put(bent, rng.randrange(len(data)), 1, rng.randrange(256))
        yield f"mixed-{index}", bent


def bent_debug(data, rng, count):
    """Bytes of debug information: what a message's source line is read from."""
    elf = Elf(data)
    debug = [section for section in elf.sections if elf.name(section).startswith(b".debug")]
    for index in range(count):
        bent = data
        section = rng.choice(debug)
        for _ in range(rng.choice([1, 1, 2, 8])):
            place = section["offset"] + rng.randrange(max(section["size"], 1))
            bent = put(bent, place, 1, rng.choice([0, 1, 0x7F, 0x80, 0xFE, 0xFF, rng.randrange(256)]))
        yield f"debug-{index}", bent


# ---- archives ----

HEADER = [("name", 16), ("date", 12), ("uid", 6), ("gid", 6), ("mode", 8), ("size", 10), ("end", 2)]
NAMES = [b"", b"/", b"//", b"/0", b"/9999999999", b"/-1", b"/18446744073709", b"#1/0", b"#1/9999999",
         b"#1/-1", b"/SYM64/", b"__.SYMDEF", b"../../x.o/", b"\0\0", b"\xff" * 16, b"a b/", b"./",
         b"/1x", b" /"]
NUMBERS = [b"", b"0", b"1", b"-1", b"+5", b"07", b"0x10", b"9999999999", b"4294967295", b"4294967296",
           b"2147483647", b" 12", b"12 3", b"x", b"\0"]


def members(data):
    at, found = 8, []
    is_thin = data.startswith(b"!<thin>")
    while at + 60 <= len(data):
        name = data[at:at + 16].rstrip()
        size = int(data[at + 48:at + 58] or b"0")
        found.append((at, size))
        at += 60 + (0 if is_thin and name not in (b"/", b"//", b"/SYM64/") else size + (size & 1))
    return found


def bent_archive(data):
    found = members(data)
    for number, (at, size) in enumerate(found):
        place = at
        for name, width in HEADER:
            for value in NAMES if name == "name" else NUMBERS:
                yield f"member-{number}-{name}={value!r}", \
                    data[:place] + value[:width].ljust(width) + data[place + width:]
            place += width
        for by in (-2, -1, 1, 2):
            yield f"member-{number}-size{by:+}", \
                data[:at + 48] + f"{size + by}".encode().ljust(10) + data[at + 58:]
    at, size = found[0]  # the index: big-endian words, then names
    for place in range(at + 60, at + 60 + min(size, 60), 4):
        for value in edges(4, int.from_bytes(data[place:place + 4], "big"), len(data)):
            yield f"index-{place - at - 60}={value:#x}", \
                data[:place] + value.to_bytes(4, "big") + data[place + 4:]
    for magic in (b"!<arch>\r", b"!<thin>\n", b"!<arch>\n"):
        yield f"magic-{magic!r}", magic + data[8:]


def cut_archive(data):
    borders = [0, 8, len(data)]
    for at, size in members(data):
        borders += [at, at + 16, at + 48, at + 60, at + 60 + size]
    yield from cut(data, sorted(set(borders)))


# ---- texts ----

TOKEN = re.compile(r"\w+|\s+|.", re.S)
LARGE = ["0", "-1", "1e309", "99999999999999999999", "0xffffffffffffffff", "0x80000000", "-0x8000",
         "1K", "4294967296M"]
WORDS_OF = {
    "script": LARGE + ["{", "}", "(", ")", ";", ":", ",", "*", "/*", "*/", '"', "\0", "\xff", "=", "<<=",
                       ">", "/", "%", "?", ".", "SECTIONS", "MEMORY", "PHDRS", "INSERT AFTER .text",
                       "INCLUDE bent.ld", "KEEP(", "EXCLUDE_FILE(", "SORT(SORT(", "ALIGN(",
                       "DEFINED(", "ASSERT(", "PROVIDE(", "OVERLAY", "VERSION {", "INPUT(bent.ld)",
                       "GROUP(nothing.o)", "SIZEOF(.text)", "ADDR(.nothing)", "ORIGIN(RAM)",
                       "REGION_ALIAS(", "FILL(", "AT>", "/DISCARD/", "CONSTRUCTORS", "x" * 70000],
    "json": LARGE + ["{", "}", "[", "]", ":", ",", '"', "null", "true", "\\u0000", "\\ud800", "\0",
                     "\xff", '"rows":[]', '"x"', "[" * 3000, '{"a":' * 3000, "x" * 70000],
    "words": LARGE + ['"', "'", "\\", "\n", "\0", "\xff", "@bent.rsp", "-o", "-T", "--", "-", "=",
                      "--report=json:-", "-Map", "x" * 70000],
}


def bent_text(text, kind):
    tokens = TOKEN.findall(text)
    solid = [index for index, token in enumerate(tokens) if not token.isspace()]
    for number, index in enumerate(solid):
        before, token, after = "".join(tokens[:index]), tokens[index], "".join(tokens[index + 1:])
        yield f"token-{number}-left-out", before + after
        yield f"token-{number}-twice", before + token + " " + token + after
        yield f"token-{number}-last", before
        yield f"token-{number}-last-now", before + token
        for word in WORDS_OF[kind]:
            yield f"token-{number}-becomes-{word[:12]!r}", before + word + after
            yield f"token-{number}-after-{word[:12]!r}", before + token + " " + word + after


NESTS = ["(", "{", "[", "A(", "SECTIONS{", "KEEP(", "SORT(", "- ", "! ", "1?", "x=(", "/*", '"',
         "SECTIONS{.a:{", "OVERLAY:{", "EXCLUDE_FILE(", "INCLUDE bent.ld\n", "ALIGN(", "x=1?", "INPUT(",
         "GROUP(", "AS_NEEDED(", "VERSION{", '{"a":', "[[", "@bent.rsp ", "'"]


def nested_text(_):
    for nest in NESTS:
        for times in (100, 100000):
            yield f"nest-{nest.strip()!r}-{times}", nest * times
            yield f"nest-{nest.strip()!r}-{times}-in-x", "x = " + nest * times + ";"
            yield f"nest-{nest.strip()!r}-{times}-in-sections", "SECTIONS { x = " + nest * times
