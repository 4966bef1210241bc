/* SPDX-License-Identifier: MIT
 *
 * Raw headers, checked before anything is believed: those of the file, of sections, of relocations
 * and groups. The symbols are elf_check_symbols.c.
 *
 * LLVM's reader ends the process on a table that lies (an entry size of 0 divides by zero, a wild
 * name aborts), and the readers in this folder index arrays by what the file says. So every offset,
 * size and index that either of them follows is checked here first, and the message can name what
 * is wrong. Two rules beside the ranges keep the work linear:
 *
 * What is unpacked is bounded by the file's size. A header table of 50,000 relocation sections that
 * all name the same megabyte is legal by each range and would be 6 billion references. Tables of a
 * sound file do not overlap, so their sizes may not sum to more than the file's.
 *
 * The same for names: they may share tails, but 50,000 of them may not each be a tail of one name
 * of a megabyte.
 *
 * Where GNU ld reads an odd file without harm, so does this: a second symbol table, section names
 * in the symbols' string table, groups of which nobody is a member.
 *
 * Requires a file by its header (see elf_check() in elf_file.h). Provides tables that hold
 * together. */
#include "input/elf_file.h"
#include "input/elf_tables.h"
#include "input/input.h"
#include "support/bytes.h"

#include <string.h>

static const uint64_t most_memory = (uint64_t)1 << 48; /* x86-64's virtual addresses */

#define TITLE(index) (elf_title(file, (index)).text)
#define HEX(number) ((unsigned long long)(number))

/* ---- the file's header and the table of section headers ---- */

static bool check_table_range(const struct elf_file *file, uint64_t count)
{
    uint64_t room = (file->size - file->section_offset) / file->shape->section;
    if (count <= room)
        return true;
    return elf_damaged(file,
                       "the table of %llu section headers at 0x%llx does not fit into the file of "
                       "%llu bytes",
                       HEX(count), HEX(file->section_offset), HEX(file->size));
}

/* Counts that do not fit into the file header stand in the null section's header (System V ABI, 4
 * "ELF Header", e_shnum and e_shstrndx). */
static bool read_counts(struct elf_file *file)
{
    uint16_t short_count = get16(file->bytes + file->shape->section_count);
    uint16_t short_names = get16(file->bytes + file->shape->names);
    if (!check_table_range(file, short_count ? short_count : 1))
        return false;
    struct elf_section null = elf_section_at(file, file->section_offset);
    uint64_t count = short_count ? short_count : null.size;
    if (!count)
        return elf_damaged(file, "there are section headers at 0x%llx, but none is counted",
                           HEX(file->section_offset));
    if (!check_table_range(file, count))
        return false;
    file->section_count = (uint32_t)count;
    file->names = short_names == SHN_XINDEX ? null.link : short_names;
    if (file->names >= count)
        return elf_damaged(file,
                           "the section names are said to be in section %u, but there are %llu "
                           "sections",
                           file->names, HEX(count));
    return true;
}

static bool check_header(struct elf_file *file)
{
    uint16_t entsize = get16(file->bytes + file->shape->section_size);
    file->section_offset = elf_word(file, file->bytes + file->shape->section_offset);
    if (!file->section_offset && !get16(file->bytes + file->shape->section_count))
        return true; /* no sections at all */
    if (entsize != file->shape->section)
        return elf_damaged(file, "a section header is said to be %u bytes, not %u", entsize,
                           file->shape->section);
    if (file->section_offset < file->shape->header || file->section_offset > file->size)
        return elf_damaged(file,
                           "the section headers are said to be at 0x%llx, the file has 0x%llx "
                           "bytes",
                           HEX(file->section_offset), HEX(file->size));
    return read_counts(file);
}

static void read_sections(struct elf_file *file)
{
    file->sections = NEW_ARRAY(file->scratch, struct elf_section, file->section_count);
    for (uint32_t i = 0; i < file->section_count; i++)
        file->sections[i] =
            elf_section_at(file, file->section_offset + (uint64_t)i * file->shape->section);
}

/* ---- ranges and names ---- */

static bool has_bytes(const struct elf_section *section)
{
    return section->type != SHT_NOBITS && section->type != SHT_NULL;
}

static bool check_range(const struct elf_file *file, uint32_t index)
{
    const struct elf_section *section = &file->sections[index];
    if (!has_bytes(section) ||
        (section->offset <= file->size && section->size <= file->size - section->offset))
        return true;
    return elf_damaged(file, "%s reaches from 0x%llx to 0x%llx, the file ends at 0x%llx",
                       TITLE(index), HEX(section->offset), HEX(section->offset + section->size),
                       HEX(file->size));
}

/* Is this a string table whose every string ends in it? */
static bool check_strings(const struct elf_file *file, uint32_t index, const char *whose)
{
    const struct elf_section *table = &file->sections[index];
    if (table->type != SHT_STRTAB)
        return elf_damaged(file, "%s holds the names of %s but is no string table (type %u)",
                           TITLE(index), whose, table->type);
    if (!check_range(file, index))
        return false;
    if (!table->size)
        return elf_damaged(file, "%s holds the names of %s but is empty", TITLE(index), whose);
    if (file->bytes[table->offset + table->size - 1])
        return elf_damaged(file, "%s holds the names of %s but does not end in a NUL byte",
                           TITLE(index), whose);
    return true;
}

static bool read_names(struct elf_file *file)
{
    uint64_t room = file->names ? file->sections[file->names].size : 1, total = 0;
    for (uint32_t i = 0; i < file->section_count; i++) {
        struct elf_section *section = &file->sections[i];
        if (section->name >= room)
            return elf_damaged(file,
                               "the name of section %u is at 0x%x of a string table of 0x%llx "
                               "bytes",
                               i, section->name, HEX(room));
        section->name_size = (uint32_t)strlen(elf_section_name(file, section));
        total += section->name_size;
        if (names_overlap(total, room, file->section_count))
            return elf_damaged(file,
                               "the names of the sections overlap: %llu bytes in a table of %llu",
                               HEX(total), HEX(room));
    }
    return true;
}

/* ---- what a section may be ---- */

/* Types that mean bytes to be loaded. The processor's own 0x70000001 is x86-64's .eh_frame; those
 * of the operating system (LLVM's and GNU's are of that range) are bytes too when nobody knows
 * them. */
static bool is_loadable(uint32_t type)
{
    switch (type) {
    case SHT_PROGBITS:
    case SHT_STRTAB:
    case SHT_HASH:
    case SHT_DYNAMIC:
    case SHT_NOTE:
    case SHT_NOBITS:
    case SHT_INIT_ARRAY:
    case SHT_FINI_ARRAY:
    case SHT_PREINIT_ARRAY:
    case SHT_X86_64_UNWIND: return true;
    default: return type >= SHT_LOOS && type <= SHT_HIOS;
    }
}

/* What no object has, whatever it means in a linked file. */
static bool check_type(const struct elf_file *file, uint32_t index)
{
    const struct elf_section *section = &file->sections[index];
    bool is_compact = section->type == SHT_CREL_LLVM || section->type == SHT_RELR;
    if (file->is_linked)
        return true;
    if (is_compact) {
        diagnose(file->host, WELT_ERROR, "object-format", file->place, "assemble without --crel",
                 "%s holds relocations in a compact form (type 0x%x) that Welt does not read",
                 TITLE(index), section->type);
        return false;
    }
    if (section->type == SHT_DYNSYM)
        return elf_damaged(file, "%s is a dynamic symbol table, which an object never has",
                           TITLE(index));
    return true;
}

static bool check_align(const struct elf_file *file, uint32_t index)
{
    const struct elf_section *section = &file->sections[index];
    if (section->align & (section->align - 1))
        return elf_damaged(file, "%s is to be aligned to %llu, which is no power of two",
                           TITLE(index), HEX(section->align));
    if (section->align > ELF_MOST_ALIGN)
        return elf_damaged(file,
                           "%s is to be aligned to 0x%llx: more than the 0x%llx that are read",
                           TITLE(index), HEX(section->align), HEX(ELF_MOST_ALIGN));
    return true;
}

static bool check_meaning(const struct elf_file *file, uint32_t index)
{
    const struct elf_section *section = &file->sections[index];
    if (elf_is_meta(file, index))
        return true;
    if ((section->flags & SHF_ALLOC) && !file->is_linked && !is_loadable(section->type))
        return elf_damaged(file, "%s is to be loaded but is of an unknown type (0x%x)",
                           TITLE(index), section->type);
    if ((section->flags & SHF_ALLOC) && (section->flags & SHF_COMPRESSED))
        return elf_damaged(file, "%s is to be loaded but is compressed", TITLE(index));
    if (!check_align(file, index))
        return false;
    if (section->flags & SHF_LINK_ORDER &&
        (section->link >= file->section_count || section->link == index ||
         (section->link && elf_is_meta(file, section->link))))
        return elf_damaged(file, "%s is to follow section %u, which can't be followed",
                           TITLE(index), section->link);
    return true;
}

/* Sections without bytes are bounded by no file: their sum must not come near the end of what 64
 * bits can count, or layout would count past it. */
static bool check_room(const struct elf_file *file, uint32_t index, uint64_t *total)
{
    const struct elf_section *section = &file->sections[index];
    if (section->type != SHT_NOBITS)
        return true;
    if (section->size > most_memory - *total)
        return elf_damaged(file, "%s takes 0x%llx bytes of memory: more than there is",
                           TITLE(index), HEX(section->size));
    *total += section->size;
    return true;
}

static bool check_sections(const struct elf_file *file)
{
    uint64_t memory = 0;
    if (file->sections[0].type != SHT_NULL)
        return elf_damaged(file, "section 0 is of type %u, but must be none",
                           file->sections[0].type);
    for (uint32_t i = 1; i < file->section_count; i++)
        if (!check_range(file, i) || !check_type(file, i) || !check_meaning(file, i) ||
            !check_room(file, i, &memory))
            return false;
    return true;
}

/* ---- relocations and groups ---- */

static bool check_relocated(const struct elf_file *file, uint32_t index)
{
    const struct elf_section *table = &file->sections[index];
    if (!file->symtab || table->link != file->symtab)
        return elf_damaged(file, "%s names section %u for its symbols, not the symbol table",
                           TITLE(index), table->link);
    if (!table->info || table->info >= file->section_count || elf_is_meta(file, table->info))
        return elf_damaged(file, "%s applies to section %u, which can't be relocated", TITLE(index),
                           table->info);
    return true;
}

static bool check_relocations(const struct elf_file *file, uint32_t index)
{
    const struct elf_section *table = &file->sections[index];
    uint64_t entry = table->type == SHT_RELA ? file->shape->rela : file->shape->rel;
    if (table->entsize != entry || table->size % entry)
        return elf_damaged(file,
                           "%s has entries of %llu bytes in a table of %llu; a relocation takes "
                           "%llu",
                           TITLE(index), HEX(table->entsize), HEX(table->size), HEX(entry));
    if (!table->size)
        return table->link < file->section_count ||
               elf_damaged(file, "%s names section %u for its symbols; there are %u sections",
                           TITLE(index), table->link, file->section_count);
    if (!check_relocated(file, index))
        return false;
    for (uint64_t i = 0; i < table->size / entry; i++) {
        uint32_t symbol = elf_relocation_at(file, table, i).symbol;
        if (symbol && symbol >= file->symbol_count)
            return elf_damaged(file, "relocation %llu of %s names symbol %u; there are %u symbols",
                               HEX(i), TITLE(index), symbol, file->symbol_count);
    }
    return true;
}

static bool check_group(const struct elf_file *file, uint32_t index)
{
    const struct elf_section *table = &file->sections[index];
    if (table->entsize != 4 || table->size < 4 || table->size % 4)
        return elf_damaged(file, "%s is a group of %llu bytes in entries of %llu: 4 each were due",
                           TITLE(index), HEX(table->size), HEX(table->entsize));
    if (!file->symtab || table->link != file->symtab || !table->info ||
        table->info >= file->symbol_count)
        return elf_damaged(file,
                           "%s is a group named by symbol %u of section %u, which is not there",
                           TITLE(index), table->info, table->link);
    for (uint64_t at = 4; at < table->size; at += 4) {
        uint32_t member = get32(file->bytes + table->offset + at);
        if (!member || member >= file->section_count || file->sections[member].type == SHT_GROUP)
            return elf_damaged(file, "%s is a group with section %u, which can't be a member",
                               TITLE(index), member);
    }
    return true;
}

static bool check_tables(const struct elf_file *file)
{
    uint64_t total = 0;
    for (uint32_t i = 1; i < file->section_count; i++) {
        const struct elf_section *section = &file->sections[i];
        bool is_group = section->type == SHT_GROUP;
        if (!is_group && (file->is_linked || !elf_is_relocations(section)))
            continue;
        total += section->size;
        if (total > file->size)
            return elf_damaged(file, "the tables up to %s overlap: %llu bytes in a file of %llu",
                               TITLE(i), HEX(total), HEX(file->size));
        if (is_group ? !check_group(file, i) : !check_relocations(file, i))
            return false;
    }
    return true;
}

static bool check_symbol_names(const struct elf_file *file)
{
    return !file->symbol_count ||
           check_strings(file, file->sections[file->symtab].link, "the symbols");
}

bool elf_check(struct elf_file *file)
{
    if (!check_header(file))
        return false;
    read_sections(file);
    if (!file->section_count)
        return !file->is_linked || elf_check_linked(file);
    if (file->names && !check_strings(file, file->names, "the sections"))
        return false;
    return read_names(file) && elf_check_symbol_table(file) && check_symbol_names(file) &&
           check_sections(file) && (!file->is_linked || elf_check_linked(file)) &&
           elf_check_symbols(file) && check_tables(file);
}
