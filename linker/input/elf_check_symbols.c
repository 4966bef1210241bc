/* SPDX-License-Identifier: MIT
 *
 * The symbol table, checked before anything of it is believed. See elf_check.c.
 *
 * Requires: section headers, and for the symbols themselves that each section is in its range and
 * that names end in their table.
 * Provides: symtab, wide_homes and symbol_count of the file, and that every symbol's name, binding
 * and section may be believed. */
#include "input/elf_file.h"
#include "input/elf_tables.h"
#include "input/input.h"

#include <stdio.h>

static struct elf_title symbol_title(const struct elf_file *file, uint32_t index,
                                     const struct elf_symbol *symbol)
{
    struct elf_title title;
    const char *name = elf_symbol_name(file, symbol);
    snprintf(title.text, sizeof title.text, *name ? "symbol %u (%.70s)" : "symbol %u", index, name);
    return title;
}

#define TITLE(index) (elf_title(file, (index)).text)
#define SYMBOL_TITLE (symbol_title(file, index, symbol).text)
#define HEX(number) ((unsigned long long)(number))

/* ---- the table ---- */

static bool find_symtab(struct elf_file *file)
{
    for (uint32_t i = 1; i < file->section_count; i++) {
        uint32_t *slot = file->sections[i].type == SHT_SYMTAB         ? &file->symtab
                         : file->sections[i].type == SHT_SYMTAB_SHNDX ? &file->wide_homes
                                                                      : NULL;
        if (!slot)
            continue;
        if (!*slot)
            *slot = i;
        else if (slot == &file->wide_homes)
            return elf_damaged(file, "%s and %s both extend the symbol table", TITLE(*slot),
                               TITLE(i));
        else
            diagnose(file->host, WELT_WARNING, "object-format", file->place, NULL,
                     "%s is a second symbol table: only %s is read", TITLE(i), TITLE(*slot));
    }
    return true;
}

/* Some assemblers write sh_info 1 beside an empty table; GNU ld lets that pass. */
static bool check_symtab(struct elf_file *file)
{
    if (!file->symtab)
        return !file->wide_homes || elf_damaged(file, "%s extends a symbol table that is not there",
                                                TITLE(file->wide_homes));
    const struct elf_section *table = &file->sections[file->symtab];
    uint64_t entry = file->shape->symbol;
    if (table->entsize != entry || table->size % entry)
        return elf_damaged(file,
                           "%s has entries of %llu bytes in a table of %llu; a symbol takes %llu",
                           TITLE(file->symtab), HEX(table->entsize), HEX(table->size), HEX(entry));
    file->symbol_count = (uint32_t)(table->size / entry);
    if (file->symbol_count && table->info > file->symbol_count)
        return elf_damaged(file, "%s begins its globals at %u but holds %u symbols",
                           TITLE(file->symtab), table->info, file->symbol_count);
    if (table->link >= file->section_count)
        return elf_damaged(file, "%s names section %u for its strings; there are %u sections",
                           TITLE(file->symtab), table->link, file->section_count);
    return true;
}

static bool check_wide_homes(const struct elf_file *file)
{
    if (!file->wide_homes)
        return true;
    const struct elf_section *table = &file->sections[file->wide_homes];
    if (table->link == file->symtab && table->entsize == 4 &&
        table->size == (uint64_t)file->symbol_count * 4)
        return true;
    return elf_damaged(file,
                       "%s extends the %u symbols of section %u by %llu bytes in entries of %llu: "
                       "4 for each were due",
                       TITLE(file->wide_homes), file->symbol_count, table->link, HEX(table->size),
                       HEX(table->entsize));
}

/* ---- symbols ---- */

/* Globals behind locals are what sh_info says, and GNU ld takes a local among them for damage. A
 * global before it is taken as its binding says. */
static bool check_binding(const struct elf_file *file, uint32_t index,
                          const struct elf_symbol *symbol)
{
    unsigned binding = ELF32_ST_BIND(symbol->info);
    uint32_t first_global = file->sections[file->symtab].info;
    if (binding > STB_WEAK && binding != STB_GNU_UNIQUE)
        return elf_damaged(file, "%s has the unknown binding %u", SYMBOL_TITLE, binding);
    if (binding == STB_LOCAL)
        return index < first_global ||
               elf_damaged(file, "%s is local, but the globals begin at symbol %u", SYMBOL_TITLE,
                           first_global);
    if (!*elf_symbol_name(file, symbol))
        return elf_damaged(file, "%s is global, but has no name", SYMBOL_TITLE);
    return ELF32_ST_TYPE(symbol->info) != STT_SECTION ||
           elf_damaged(file, "%s stands for a section, but is global", SYMBOL_TITLE);
}

static bool check_common(const struct elf_file *file, uint32_t index,
                         const struct elf_symbol *symbol)
{
    if (!elf_is_common(file, symbol->home))
        return true;
    if (ELF32_ST_BIND(symbol->info) == STB_LOCAL)
        return elf_damaged(file, "%s is common, but local", SYMBOL_TITLE);
    if (symbol->value & (symbol->value - 1))
        return elf_damaged(file, "%s is common and to be aligned to %llu, which is no power of two",
                           SYMBOL_TITLE, HEX(symbol->value));
    return symbol->value <= ELF_MOST_ALIGN ||
           elf_damaged(
               file, "%s is common and to be aligned to 0x%llx: more than the 0x%llx that are read",
               SYMBOL_TITLE, HEX(symbol->value), HEX(ELF_MOST_ALIGN));
}

static bool check_home(const struct elf_file *file, uint32_t index, const struct elf_symbol *symbol)
{
    bool is_wide = symbol->home == SHN_XINDEX;
    if (is_wide && !file->wide_homes)
        return elf_damaged(file, "%s names its section in a table that is not there", SYMBOL_TITLE);
    uint32_t section = elf_symbol_section(file, index, symbol);
    bool is_section = is_wide || (section && section < SHN_LORESERVE);
    if (is_section && (!section || section >= file->section_count))
        return elf_damaged(file, "%s is in section %u; there are %u sections", SYMBOL_TITLE,
                           section, file->section_count);
    if (!is_section && section && section != SHN_ABS && !elf_is_common(file, section))
        return elf_damaged(file, "%s is in section 0x%x, which means nothing on %s", SYMBOL_TITLE,
                           section, file->shape->is_wide ? "x86-64" : "i386");
    return is_section || ELF32_ST_TYPE(symbol->info) != STT_SECTION ||
           elf_damaged(file, "%s stands for a section, but names none", SYMBOL_TITLE);
}

static bool check_each(const struct elf_file *file)
{
    if (!file->symbol_count)
        return true;
    uint64_t room = file->sections[file->sections[file->symtab].link].size;
    for (uint32_t i = 1; i < file->symbol_count; i++) {
        struct elf_symbol symbol = elf_symbol_at(file, i);
        if (symbol.name >= room)
            return elf_damaged(file,
                               "the name of symbol %u is at 0x%x of a string table of 0x%llx bytes",
                               i, symbol.name, HEX(room));
        if (!check_home(file, i, &symbol) || !check_binding(file, i, &symbol) ||
            !check_common(file, i, &symbol))
            return false;
    }
    return true;
}

bool elf_check_symbol_table(struct elf_file *file)
{
    return find_symtab(file) && check_symtab(file);
}

bool elf_check_symbols(const struct elf_file *file)
{
    return check_wide_homes(file) && check_each(file);
}
