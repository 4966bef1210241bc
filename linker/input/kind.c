/* SPDX-License-Identifier: MIT
 *
 * What kind of file is this? Every format that ends up on a linker's command line by mistake is
 * named for what it is, with what to do instead, from its first bytes alone.
 *
 * Most have a magic number at their start: the table below. COFF, OMF and a.out objects have only a
 * number that text or code may begin with too, so their header's other fields must make sense as
 * well. */
#include "input/input.h"
#include "support/bytes.h"

#include <elf.h>
#include <string.h>

static const char make_elf[] = "make an ELF object of it: gcc -m16, "
                               "clang --target=i386-elf -m16, nasm -f elf32";
static const char take_objects[] = "give the objects that it was linked from";
static const char make_again[] = "the file is cut short or damaged: make it again";

struct magic {
    const char *bytes;
    uint8_t size;
    uint8_t kind;
    const char *text, *hint;
};

static const struct magic magics[] = {
    {"!<arch>\n", 8, FILE_ARCHIVE, "an archive", NULL},
    {"!<thin>\n", 8, FILE_THIN_ARCHIVE, "a thin archive", NULL},
    {"BC\xc0\xde", 4, FILE_BITCODE, "an LLVM bitcode file", "compile without -flto"},
    {"\xde\xc0\x17\x0b", 4, FILE_BITCODE, "an LLVM bitcode file", "compile without -flto"},
    {"\xce\xfa\xed\xfe", 4, FILE_MACHO, "a 32-bit Mach-O file", make_elf},
    {"\xcf\xfa\xed\xfe", 4, FILE_MACHO, "a 64-bit Mach-O file", make_elf},
    {"\xfe\xed\xfa\xce", 4, FILE_MACHO, "a 32-bit big-endian Mach-O file", make_elf},
    {"\xfe\xed\xfa\xcf", 4, FILE_MACHO, "a 64-bit big-endian Mach-O file", make_elf},
    {"\xca\xfe\xba\xbe\0\0\0", 7, FILE_MACHO, "a universal Mach-O file", make_elf},
    {"\xca\xfe\xba\xbf\0\0\0", 7, FILE_MACHO, "a universal Mach-O file", make_elf},
    {"\0\0\xff\xff\0\0", 6, FILE_COFF, "a COFF import object", make_elf},
    {"\0\0\xff\xff", 4, FILE_COFF, "a COFF object (bigobj)", make_elf},
    {"\xa3\x86\x01\0", 4, FILE_AOUT, "an as86 object", make_elf},
    {"\0asm", 4, FILE_UNKNOWN, "a WebAssembly module", make_elf},
    {"\x1f\x8b\x08", 3, FILE_UNKNOWN, "a file that gzip packed", "unpack it first: gunzip"},
    {"\xfd\x37zXZ\0", 6, FILE_UNKNOWN, "a file that xz packed", "unpack it first: unxz"},
    {"\x28\xb5\x2f\xfd", 4, FILE_UNKNOWN, "a file that zstd packed", "unpack it first: unzstd"},
    {"PK\x03\x04", 4, FILE_UNKNOWN, "a zip archive", "unpack it first: unzip"},
};

static const struct magic *find_magic(const unsigned char *bytes, size_t size)
{
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (size >= magics[i].size && memcmp(bytes, magics[i].bytes, magics[i].size) == 0)
            return &magics[i];
    return NULL;
}

/* ---- formats without a magic number of their own ---- */

static bool is_elf(const unsigned char *bytes, size_t size)
{
    return size >= SELFMAG && memcmp(bytes, ELFMAG, SELFMAG) == 0;
}

/* The class, the byte order, the version and the machine go together in the kinds of file that Welt
 * reads. */
static bool is_elf_for(const unsigned char *bytes, size_t size, unsigned class, unsigned machine,
                       size_t header)
{
    return is_elf(bytes, size) && size >= header && bytes[EI_CLASS] == class &&
           bytes[EI_DATA] == ELFDATA2LSB && bytes[EI_VERSION] == EV_CURRENT &&
           get16(bytes + offsetof(Elf32_Ehdr, e_machine)) == machine;
}

static size_t elf_header_size(const unsigned char *bytes, size_t size)
{
    bool is_wide = size > EI_CLASS && bytes[EI_CLASS] == ELFCLASS64;
    return is_wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
}

/* A header that is there and has only values that some machine's files have. */
static bool is_elf_whole(const unsigned char *bytes, size_t size)
{
    return size >= elf_header_size(bytes, size) && bytes[EI_CLASS] >= ELFCLASS32 &&
           bytes[EI_CLASS] <= ELFCLASS64 && bytes[EI_DATA] >= ELFDATA2LSB &&
           bytes[EI_DATA] <= ELFDATA2MSB && bytes[EI_VERSION] == EV_CURRENT;
}

static enum file_kind elf_kind(const unsigned char *bytes, size_t size)
{
    if (!is_elf_whole(bytes, size))
        return FILE_UNKNOWN;
    bool is_ours = is_elf_for(bytes, size, ELFCLASS32, EM_386, sizeof(Elf32_Ehdr)) ||
                   is_elf_for(bytes, size, ELFCLASS64, EM_X86_64, sizeof(Elf64_Ehdr));
    unsigned type = is_ours ? get16(bytes + offsetof(Elf32_Ehdr, e_type)) : ET_NONE;
    if (type == ET_REL)
        return FILE_ELF_OBJECT;
    return type == ET_EXEC || type == ET_DYN ? FILE_ELF_LINKED : FILE_ELF_OTHER;
}

static bool is_pe(const unsigned char *bytes, size_t size)
{
    if (size < 64 || bytes[0] != 'M' || bytes[1] != 'Z')
        return false;
    uint64_t header = get32(bytes + 60);
    return header + 4 <= size && memcmp(bytes + header, "PE\0\0", 4) == 0;
}

static const char *coff_machine(const unsigned char *bytes)
{
    static const struct {
        uint16_t number;
        const char *name;
    } all[] = {
        {0x14c, "a COFF object for i386"},     {0x8664, "a COFF object for x86-64"},
        {0x1c0, "a COFF object for ARM"},      {0x1c4, "a COFF object for ARM"},
        {0xaa64, "a COFF object for AArch64"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].number == get16(bytes))
            return all[i].name;
    return NULL;
}

/* Microsoft, "PE Format", COFF File Header: an object has no optional header. */
static bool is_coff(const unsigned char *bytes, size_t size)
{
    return size >= 20 && coff_machine(bytes) && get16(bytes + 16) == 0 &&
           20 + 40 * (size_t)get16(bytes + 2) <= size && get32(bytes + 8) <= size;
}

/* Relocatable Object Module Format 1.1 (TIS): a THEADR or LHEADR record that holds a name and a
 * checksum; a library begins with a record as long as its page, a power of two. */
static bool is_omf(const unsigned char *bytes, size_t size)
{
    if (size < 5)
        return false;
    unsigned length = get16(bytes + 1);
    if (bytes[0] == 0x80 || bytes[0] == 0x82)
        return length + 3 <= size && bytes[3] + 2U == length;
    unsigned page = length + 3;
    return bytes[0] == 0xf0 && page >= 16 && page <= 32768 && !(page & (page - 1));
}

/* The magic numbers of a.out(5), OMAGIC to QMAGIC, with no machine or an i386 one (Linux 100,
 * NetBSD 134). */
static bool is_aout(const unsigned char *bytes, size_t size)
{
    if (size < 32)
        return false;
    static const unsigned char numbers[][2] = {{07, 1}, {010, 1}, {013, 1}, {0314, 0}};
    static const unsigned char processors[] = {0, 100, 134};
    bool is_magic = false;
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        is_magic |= memcmp(bytes, numbers[i], 2) == 0;
    return is_magic && memchr(processors, bytes[2], sizeof processors) && bytes[3] < 64;
}

/* ---- text ---- */

/* The bytes of one character of UTF-8 text at the start of `at`; 0: this is no text. */
static size_t character_size(const unsigned char *at, size_t room)
{
    unsigned char first = at[0];
    if (first < 0x80) {
        return first >= 0x20 ? first != 0x7f : memchr("\t\n\r\f", first, 4) != NULL;
    }
    size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || size > room)
        return 0;
    for (size_t i = 1; i < size; i++)
        if ((at[i] & 0xc0) != 0x80)
            return 0;
    return size;
}

static bool is_text(const unsigned char *bytes, size_t size)
{
    size_t end = size < 4096 ? size : 4096, at = 0;
    while (at < end) {
        size_t step = character_size(bytes + at, size - at);
        if (!step)
            return false;
        at += step;
    }
    return true;
}

enum file_kind file_kind_of(const unsigned char *bytes, size_t size)
{
    if (!size)
        return FILE_EMPTY;
    if (is_elf(bytes, size))
        return elf_kind(bytes, size);
    const struct magic *magic = find_magic(bytes, size);
    if (magic)
        return (enum file_kind)magic->kind;
    if (is_pe(bytes, size))
        return FILE_PE;
    if (is_coff(bytes, size))
        return FILE_COFF;
    if (is_omf(bytes, size))
        return FILE_OMF;
    if (is_aout(bytes, size))
        return FILE_AOUT;
    return is_text(bytes, size) ? FILE_TEXT : FILE_UNKNOWN;
}

bool is_readable_elf(const unsigned char *bytes, size_t size)
{
    enum file_kind kind = file_kind_of(bytes, size);
    return kind == FILE_ELF_OBJECT || kind == FILE_ELF_LINKED;
}

/* ---- what a message calls it ---- */

static const struct {
    uint16_t number;
    const char *name;
} machines[] = {
    {EM_386, "i386"},    {EM_IAMCU, "Intel MCU"},  {EM_X86_64, "x86-64"},
    {EM_ARM, "ARM"},     {EM_AARCH64, "AArch64"},  {EM_RISCV, "RISC-V"},
    {EM_MIPS, "MIPS"},   {EM_PPC, "PowerPC"},      {EM_PPC64, "PowerPC 64"},
    {EM_SPARC, "SPARC"}, {EM_SPARCV9, "SPARC V9"}, {EM_S390, "S/390"},
    {EM_68K, "68000"},   {EM_SH, "SuperH"},        {EM_IA_64, "IA-64"},
    {EM_AVR, "AVR"},     {EM_MSP430, "MSP430"},    {EM_BPF, "BPF"},
    {258, "LoongArch"},
};

static const char *machine_name(struct arena *arena, unsigned number)
{
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        if (machines[i].number == number)
            return machines[i].name;
    return arena_format(arena, "machine %u", number);
}

static const char *elf_type_name(struct arena *arena, unsigned type)
{
    static const char *const names[] = {"file without a type", "object", "executable",
                                        "shared object", "core file"};
    if (type < sizeof names / sizeof *names)
        return names[type];
    return arena_format(arena, "file of unknown type %u", type);
}

/* The header's type and machine stand at the same offsets in both classes, in the file's byte
 * order. */
static const char *elf_text(struct arena *arena, const unsigned char *bytes, size_t size,
                            const char **hint)
{
    *hint = is_elf_whole(bytes, size) ? NULL : make_again;
    bool is_wide = size > EI_CLASS && bytes[EI_CLASS] == ELFCLASS64;
    if (size < elf_header_size(bytes, size))
        return "an ELF file that is cut short in its header";
    if (bytes[EI_CLASS] < ELFCLASS32 || bytes[EI_CLASS] > ELFCLASS64)
        return arena_format(arena, "an ELF file of unknown class %u", bytes[EI_CLASS]);
    if (bytes[EI_DATA] < ELFDATA2LSB || bytes[EI_DATA] > ELFDATA2MSB)
        return arena_format(arena, "an ELF file of unknown byte order %u", bytes[EI_DATA]);
    if (bytes[EI_VERSION] != EV_CURRENT)
        return arena_format(arena, "an ELF file of unknown version %u", bytes[EI_VERSION]);
    bool is_big = bytes[EI_DATA] == ELFDATA2MSB;
    const unsigned char *type_at = bytes + offsetof(Elf32_Ehdr, e_type);
    const unsigned char *machine_at = bytes + offsetof(Elf32_Ehdr, e_machine);
    unsigned type = is_big ? get32_big(type_at) >> 16 : get16(type_at);
    unsigned machine = is_big ? get32_big(machine_at) >> 16 : get16(machine_at);
    if (type == ET_EXEC || type == ET_DYN)
        *hint = take_objects;
    else if (machine != (is_wide ? EM_X86_64 : EM_386) || is_big)
        *hint = make_elf;
    return arena_format(arena, "a %d-bit%s ELF %s for %s", is_wide ? 64 : 32,
                        is_big ? " big-endian" : "", elf_type_name(arena, type),
                        machine_name(arena, machine));
}

static const char *unknown_text(struct arena *arena, const unsigned char *bytes, size_t size)
{
    if (size >= 2 && bytes[0] == 'M' && bytes[1] == 'Z')
        return "a DOS executable";
    if (size >= 512 && get16(bytes + 510) == 0xaa55)
        return "a boot sector that is linked already (55 AA at 510)";
    if (size < 4)
        return arena_format(arena, "a file of %zu bytes of no known kind", size);
    return arena_format(arena, "a file of no known kind (it begins %02x %02x %02x %02x)", bytes[0],
                        bytes[1], bytes[2], bytes[3]);
}

const char *file_kind_text(struct arena *arena, const unsigned char *bytes, size_t size,
                           const char **hint)
{
    if (is_elf(bytes, size))
        return elf_text(arena, bytes, size, hint);
    const struct magic *magic = size ? find_magic(bytes, size) : NULL;
    *hint = magic ? magic->hint : make_elf;
    if (magic)
        return magic->text;
    switch (file_kind_of(bytes, size)) {
    case FILE_EMPTY: *hint = "the step that made it failed: make it again"; return "an empty file";
    case FILE_PE: *hint = take_objects; return "a Windows executable (PE)";
    case FILE_COFF: return coff_machine(bytes);
    case FILE_OMF: return bytes[0] == 0xf0 ? "an OMF library" : "an OMF object";
    case FILE_AOUT: return "an a.out file";
    case FILE_TEXT: *hint = "compile or assemble it first"; return "a text file";
    default: *hint = take_objects; return unknown_text(arena, bytes, size);
    }
}
