"""What differential.py links: assembly text of random objects, linker scripts, values at the edges.

Provides Objects and Script, which belong together, and Edges, whose script is its own. All take a
random.Random and keep their text; nothing here runs anything.
"""

SECTIONS = {  # name -> flags for gas
    ".text": '"ax"', ".text.hot": '"ax"', ".text.unlikely": '"ax"', ".rodata": '"a"',
    ".rodata.str1.1": '"aMS",@progbits,1', ".data": '"aw"', ".data.rel": '"aw"',
    ".bss": '"aw",@nobits', ".bss.buffer": '"aw",@nobits', ".custom": '"a"', "bare": '"awx"',
}
ORPHANS = {".custom", "bare"}  # no script below names them
GLOBALS = [f"g{index}" for index in range(8)]
SMALL = ["small0", "small1"]   # absolute, fit a byte
LARGE = ["large0", "large1"]   # absolute, fit 32 bits
COMMONS = ["common0", "shared_x", "c1", "buffer_of_all"]
FROM_SCRIPT = ["from_script0", "from_script1"]
ALIGNMENTS = [1, 1, 1, 2, 4, 4, 8, 16, 32]


class Objects:
    """The assembly text of one seed's objects for i386."""

    WIDTH = "32"

    def __init__(self, rng, has_script, is_lld=False):
        self.rng = rng
        self.is_lld = is_lld  # it takes nothing but strings among strings
        self.count = rng.randrange(1, 5)
        self.local_labels = 0
        self.weak_only = rng.random() < 0.3
        self.prepare()
        # GNU ld merges strings in its ELF file, which is what common symbols are held against.
        commons = COMMONS if rng.random() < 0.4 else []
        merges = not commons and not self.by_elf_only
        self.targets = GLOBALS + commons + (FROM_SCRIPT if has_script else [])
        owners = {name: rng.randrange(self.count) for name in GLOBALS + SMALL + LARGE + commons}
        orphans = rng.random() < 0.15
        names = [name for name in SECTIONS if (orphans or name not in ORPHANS)
                 and (merges or "M" not in SECTIONS[name])]
        self.texts = [self.object_text(index, owners, names) for index in range(self.count)]

    def prepare(self):
        self.by_elf_only = False  # GNU ld's flat output is wrong, its ELF file made flat is right

    def mode(self):
        return ".code16" if self.rng.random() < 0.7 else ".code32"

    def object_text(self, index, owners, section_names):
        mine = [name for name, owner in owners.items() if owner == index]
        lines = [f"        {self.mode()}"]
        lines += self.absolute_symbols(mine)
        globals_here = [name for name in mine if name in GLOBALS]
        sections = self.rng.sample(section_names, self.rng.randrange(1, 6))
        if globals_here or index == 0:
            sections.insert(0, ".text")
        for at, section in enumerate(sections):
            names = globals_here if at == 0 else []
            lines += self.section_text(section, names, is_start=index == 0 and at == 0)
        return "\n".join(lines) + "\n"

    def absolute_symbols(self, mine):
        lines = []
        for name in mine:
            if name in SMALL:
                lines += self.absolute_symbol(name, self.rng.randrange(-100, 200))
            elif name in LARGE:
                lines += self.absolute_symbol(name, self.rng.getrandbits(32))
            elif name in COMMONS:
                align = self.rng.choice([1, 2, 4, 16])
                lines.append(f"        .comm {name}, {self.rng.randrange(1, 40)}, {align}")
        return lines

    def absolute_symbol(self, name, value):
        return [f"        .globl {name}", f"        .set {name}, {value}"]

    def section_text(self, section, names, is_start):
        lines = [f"        .section {section}, {SECTIONS[section]}"]
        lines.append(f"        .balign {self.rng.choice(ALIGNMENTS)}")
        if is_start:
            lines += ["        .globl _start", "_start:"]
        if "nobits" in SECTIONS[section]:
            return lines + [f"        .skip {self.rng.randrange(1, 60)}"]
        local = self.new_label()
        if self.is_lld and "MS" in SECTIONS[section]:
            words = self.rng.sample(["boot", "disk error", "error", "a", "no system disk"], 3)
            return lines + [f"{local}:"] + [f'        .string "{word}"' for word in words]
        lines += [f"{local}:", *self.data(local)]
        for name in names:
            lines += self.definition(name) + self.items(local, self.rng.randrange(4))
        return lines + self.items(local, self.rng.randrange(1, 8))

    def new_label(self):
        self.local_labels += 1
        return f"local{self.local_labels}"

    def definition(self, name):
        binding = "weak" if self.rng.random() < 0.2 else "globl"
        return [f"        .{binding} {name}", f"{name}:"]

    def makers(self):
        return [self.data, self.absolute_reference, self.relative_reference, self.byte_reference,
                self.branch, self.near_branch, self.weak_reference]

    def items(self, local, count):
        return [line for _ in range(count) for line in self.rng.choice(self.makers())(local)]

    def addend(self):
        number = self.rng.randrange(1, 90)
        return self.rng.choice(["", "", f" + {number}", f" - {number}"])

    def data(self, _):
        values = [f"{self.rng.randrange(256):#04x}" for _ in range(self.rng.randrange(1, 9))]
        return [f"        .byte {', '.join(values)}"]

    def absolute_reference(self, local):
        if self.rng.random() < 0.2:
            return [f"        .long {self.rng.choice(LARGE)}{self.addend()}"]
        target = self.rng.choice(self.targets + [local])
        return [f"        .{self.rng.choice(['word', 'long'])} {target}{self.addend()}"]

    def relative_reference(self, local):
        target = self.rng.choice(self.targets + [local])
        return [f"        .{self.rng.choice(['word', 'long'])} {target}{self.addend()} - ."]

    def byte_reference(self, _):
        return [f"        .byte {self.rng.choice(SMALL)}"]

    def branch(self, local):
        if self.rng.random() < 0.2:
            target = self.rng.choice(GLOBALS)
            return ["        .code32", f"        call {target}@PLT", "        .code16"]
        target = self.rng.choice(GLOBALS + [local])
        return [f"        {self.rng.choice(['call', 'calll', 'jmp', 'jne'])} {target}"]

    def near_branch(self, local):
        """R_386_PC8 over a few bytes: to a global symbol, or gas would need no relocation."""
        name = f"near_{self.new_label()}"
        return [f"        .globl {name}", f"        .byte {name} - 1 - .", *self.data(local),
                f"{name}:"]

    def weak_reference(self, _):
        if not self.weak_only:
            return []
        return ["        .weak nowhere", "        .long nowhere", "        .word nowhere + 3"]


class WideObjects(Objects):
    """The same for x86-64: RELA, addresses of 64 bits, loads from the global offset table."""

    WIDTH = "64"
    LOADS = ["mov {}@GOTPCREL(%rip), %rax", "mov {}@GOTPCREL(%rip), %r11", "movl {}@GOTPCREL(%rip), %ecx",
             "call *{}@GOTPCREL(%rip)", "jmp *{}@GOTPCREL(%rip)", "add {}@GOTPCREL(%rip), %rdx",
             "xor {}@GOTPCREL(%rip), %r9", "cmp {}@GOTPCREL(%rip), %esi",
             "test %rbx, {}@GOTPCREL(%rip)", "sbb {}@GOTPCREL(%rip), %r10d"]

    def prepare(self):
        self.by_elf_only = self.rng.random() < 0.3

    def mode(self):
        return ".code64" if self.rng.random() < 0.8 or self.by_elf_only else ".code16"

    def makers(self):
        loads = [self.load] * 3 if self.by_elf_only else []
        return [self.data, self.absolute_reference, self.relative_reference, self.byte_reference,
                self.branch, self.near_branch, self.weak_reference, self.instruction] + loads

    def load(self, _):
        return [f"        {self.rng.choice(self.LOADS).format(self.rng.choice(GLOBALS))}"]

    def absolute_reference(self, local):
        if self.rng.random() < 0.2:
            return [f"        .{self.rng.choice(['long', 'quad'])} {self.rng.choice(LARGE)}"]
        target = self.rng.choice(self.targets + [local])
        return [f"        .{self.rng.choice(['word', 'long', 'quad'])} {target}{self.addend()}"]

    def relative_reference(self, local):
        target = self.rng.choice(self.targets + [local])
        return [f"        .{self.rng.choice(['word', 'long', 'quad'])} {target}{self.addend()} - ."]

    def instruction(self, local):
        target = self.rng.choice(self.targets + [local]) + self.addend()
        text = self.rng.choice(["movq ${}, %rax", "movl ${}, %edi", "movabs ${}, %r8",
                                "lea {}(%rip), %rcx", "cmpb $7, {}(%rip)", "movw $0x1234, {}(%rip)",
                                "movl {}(,%rax,4), %ebx"])
        return ["        .code64", f"        {text.format(target)}"]

    def branch(self, local):
        target = self.rng.choice(GLOBALS + [local])
        plt = "@PLT" if self.rng.random() < 0.3 else ""
        return ["        .code64", f"        {self.rng.choice(['call', 'jmp', 'jne'])} {target}{plt}"]


class Script:
    """A linker script that places what the objects hold, each statement with some chance."""

    def __init__(self, rng, is_lld=False):
        self.rng = rng
        self.is_lld = is_lld
        self.regions = rng.random() < 0.25
        lines = []
        if rng.random() < 0.4:
            lines.append("ENTRY(_start)")
        if rng.random() < 0.3:
            lines.append("base = 0x7c00;")
        if self.regions:
            lines += ["MEMORY {", "    low (rwx) : ORIGIN = 0x7c00, LENGTH = 16K",
                      "    high : ORIGIN = 48K, LENGTH = 0x2000", "}"]
        lines += ["SECTIONS", "{", *self.body(), "}"]
        self.text = "\n".join(lines) + "\n"

    def maybe(self, chance, line):
        return [line] if self.rng.random() < chance else []

    def body(self):
        rng = self.rng
        parts = [self.output(".text", ["*(.text)", "*(.text.*)"], 0x90),
                 self.output(".rodata", ["*(.rodata)", "*(.rodata.*)"], 0),
                 self.output(".data", ["*(.data)", "*(.data.*)"], 0)]
        if rng.random() < 0.3:
            rng.shuffle(parts)
        if rng.random() < 0.5:
            parts.append(self.bss())
        else:
            parts.append(["    .bss : { *(.bss) *(.bss.*) *(COMMON) }"])
        origin = rng.choice(["0x7c00", "0x600", "0x100", "31K"])
        lines = [] if self.regions else [f"    . = {origin};"]
        lines.append(f"    from_script0 = {self.expression()};")
        for part in parts:
            if not self.regions:
                lines += self.maybe(0.25, f"    . = ALIGN({rng.choice([2, 8, 16, 64])});")
            lines += part
            lines += self.maybe(0.2, f"    mark{len(lines)} = .;")
        lines.append(rng.choice(["    from_script1 = .;",
                                 "    from_script1 = ADDR(.data) + SIZEOF(.data);",
                                 "    PROVIDE(from_script1 = LOADADDR(.rodata));"]))
        lines += self.maybe(0.3, "    ASSERT(SIZEOF(.text) < 64K, \"too long\")")
        return lines + ["    /DISCARD/ : { *(.note*) *(.comment) }"]

    def expression(self):
        return self.rng.choice(["0x1234", "(1 << 12) + 5 * 3", "16K / 3", "~0 & 0x7fff",
                                "3 > 2 ? 77 : 88", "MAX(4, 9) - MIN(2, 3)", "0x7c00 | 7 % 4",
                                "-1 & 0xff"])

    def output(self, name, patterns, fill):
        rng = self.rng
        block = [] if self.is_lld else [" BLOCK(8)"]
        address = rng.choice(["", "", "", " ALIGN(16)", *block]) if not self.regions else ""
        align = rng.choice(["", "", "", " ALIGN(8)"])
        load = ""
        if not self.regions and not self.is_lld and rng.random() < 0.1:
            load = " AT(ADDR(%s) + 0)" % name
        lines = [f"    {name}{address} :{load}{align} {{"]
        lines += self.contents(patterns)
        end = rng.choice([" >low", " >low", " >high"]) if self.regions else ""
        end += f" ={rng.choice([f'0x{fill:02x}', '0x9090', '0xcc'])}" if rng.random() < 0.3 else ""
        return lines + [f"    }}{end}"]

    def contents(self, patterns):
        rng = self.rng
        lines = []
        for pattern in patterns:
            lines.append("        " + self.decorated(pattern))
            data = rng.choice(["BYTE", "SHORT", "LONG", "QUAD"])
            lines += self.maybe(0.2, f"        {data}({rng.randrange(256)})")
            lines += self.maybe(0.15, f"        . = ALIGN({rng.choice([2, 4, 16])});")
            lines += self.maybe(0.1, f"        . += {rng.randrange(1, 20)};")
            lines += self.maybe(0.1, f"        . = . + {rng.randrange(1, 20)};")
            lines += self.maybe(0 if self.is_lld else 0.1, "        FILL(0xaabb)")
            lines += self.maybe(0.1, f"        inner{rng.getrandbits(20)} = .;")
        return lines

    def decorated(self, pattern):
        choice = self.rng.random()
        if choice < 0.15:
            return f"KEEP({pattern})"
        inner = pattern[2:-1]
        if choice < 0.25:
            return f"*(SORT({inner}))"
        if choice < 0.32:
            return f"*(SORT_BY_ALIGNMENT({inner}))"
        if choice < 0.38:
            return f"*(EXCLUDE_FILE(*o1.o) {inner}) *o1.o({inner})"
        if choice < 0.45:
            return f"o0.o({inner}) {pattern}"
        return pattern

    def bss(self):
        return [f"    .bss{self.rng.choice(['', ' (NOLOAD)'])} : {{",
                "        __bss_start = .;", "        *(.bss .bss.* COMMON)",
                "        . = ALIGN(4);", "        __bss_end = .;",
                "    }" + (" >low" if self.regions else "")]


class Edges:
    """One reference with a value at the edge of what its field takes, or just beyond.

    The layout is the simplest there is, so that lld can be the judge: it has these ranges right
    where GNU ld truncates silently (R_386_8 and R_386_16 below their range) or counts from one
    byte off (R_386_PC8)."""

    WIDTH = "32"
    SCRIPT = "SECTIONS { . = 0x7c00; .text : { *(.text) } }\n"
    ABSOLUTE = {".byte": [-0x80, 0xff], ".word": [-0x8000, 0xffff]}
    RELATIVE = {".byte": [-0x80, 0x7f], ".word": [-0x8000, 0x7fff]}

    def __init__(self, rng):
        self.count = 2
        directive = rng.choice([".byte", ".word"])
        off = rng.choice([-2, -1, 0, 1, 2])
        if rng.random() < 0.5:
            self.texts = self.absolute(rng, directive, rng.choice(self.ABSOLUTE[directive]) + off)
        else:
            self.texts = self.relative(directive, rng.choice(self.RELATIVE[directive]) + off)

    def absolute(self, rng, directive, value):
        addend = rng.choice([0, 0, rng.randrange(-50, 50)])
        return [f"        .globl _start\n_start: {directive} target + {addend}\n",
                f"        .globl target\n        .set target, {value - addend}\n"]

    def relative(self, directive, distance):
        """The target lies behind the reference, or the reference behind the target."""
        reference = f"        {directive} target - .\n"
        if distance >= 0:
            size = {".byte": 1, ".word": 2}[directive]
            return [reference, f"        .skip {distance - size}\n"
                               "        .globl target\ntarget: .byte 1\n"]
        return [f"        .globl target\ntarget: .skip {-distance}\n", reference]
