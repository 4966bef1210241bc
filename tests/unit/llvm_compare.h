/* SPDX-License-Identifier: MIT
 *
 * Walks an object through llvm-c and compares it with what Welt made of the raw tables, on every
 * field that both know: the kind of file; name, size, address and bytes of sections; name, value,
 * size and section of symbols; offset, type and symbol of relocations. Gives the number of
 * differences, each printed.
 *
 * What llvm-c would end the process on is left out: the name of relocation symbol 0, symbols of an
 * empty table, bytes of sections without any. */
#ifndef WELT_TESTS_LLVM_COMPARE_H
#define WELT_TESTS_LLVM_COMPARE_H

#include "input/elf_tables.h"
#include "input/object.h"
#include "support/bytes.h"

#include <elf.h>
#include <llvm-c/Core.h>
#include <llvm-c/Object.h>
#include <stdio.h>
#include <string.h>

struct comparison {
    const struct object *object;
    LLVMBinaryRef file;
    const unsigned char *symbols; /* the raw table */
    unsigned differences;
};

static inline void compare_numbers(struct comparison *comparison, const char *what, uint32_t index,
                                   uint64_t ours, uint64_t theirs)
{
    if (ours == theirs)
        return;
    comparison->differences++;
    printf("%s: %s %u: Welt has 0x%llx, LLVM 0x%llx\n", comparison->object->path, what, index,
           (unsigned long long)ours, (unsigned long long)theirs);
}

static inline void compare_names(struct comparison *comparison, const char *what, uint32_t index,
                                 const char *ours, const char *theirs)
{
    if (strcmp(ours, theirs ? theirs : "") == 0)
        return;
    comparison->differences++;
    printf("%s: %s %u: Welt has %s, LLVM %s\n", comparison->object->path, what, index, ours,
           theirs ? theirs : "(none)");
}

/* The object's raw tables again, which only its reading had. Requires an object that was read. */
static inline struct elf_file raw_file(const struct object *object)
{
    bool is_wide = object->architecture == ARCH_X86_64;
    struct elf_file file = {.bytes = object->bytes,
                            .size = object->size,
                            .shape = is_wide ? &elf64_shape : &elf32_shape};
    file.section_offset = elf_word(&file, file.bytes + file.shape->section_offset);
    return file;
}

/* What struct section has no room for. */
static inline struct elf_section raw_header(const struct object *object, uint32_t index)
{
    struct elf_file file = raw_file(object);
    return elf_section_at(&file, file.section_offset + (uint64_t)index * file.shape->section);
}

/* ---- relocations: LLVM shows them on the relocation section ---- */

static inline bool has_ref(const struct object *object, const struct section *section,
                           uint64_t offset, uint64_t type, uint32_t symbol)
{
    /* what writes nothing may lie outside, and is taken to be at the end */
    if (!(section->flags & SECTION_PACKED) && offset > section->size)
        offset = section->size;
    uint32_t low = section->first_ref, high = low + section->ref_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (object->refs[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    for (uint32_t end = section->first_ref + section->ref_count; low < end; low++) {
        const struct ref *ref = &object->refs[low];
        bool is_known = section->flags & SECTION_PACKED ||
                        ref->kind == ref_kind_find(object->architecture, (uint32_t)type);
        if (ref->offset != offset)
            return false;
        if (ref->symbol == symbol && is_known)
            return true;
    }
    return false;
}

static inline void compare_relocation(struct comparison *comparison,
                                      const struct elf_section *table, uint32_t index,
                                      LLVMRelocationIteratorRef at)
{
    const struct object *object = comparison->object;
    struct elf_file file = raw_file(object);
    struct elf_relocation raw = elf_relocation_at(&file, table, index);
    uint64_t offset = LLVMGetRelocationOffset(at), type = LLVMGetRelocationType(at);
    compare_numbers(comparison, "relocation offset", index, raw.offset, offset);
    if (!has_ref(object, &object->sections[table->info], offset, type, raw.symbol))
        compare_numbers(comparison, "relocation type", index, UINT64_MAX, type);
    if (!raw.symbol)
        return;
    LLVMSymbolIteratorRef theirs = LLVMGetRelocationSymbol(at);
    compare_numbers(comparison, "relocation symbol's size", index, object->symbols[raw.symbol].size,
                    LLVMGetSymbolSize(theirs));
    LLVMDisposeSymbolIterator(theirs);
}

static inline void compare_relocations(struct comparison *comparison, uint32_t index,
                                       LLVMSectionIteratorRef section)
{
    struct elf_section table = raw_header(comparison->object, index);
    if (comparison->object->is_linked)
        return; /* of those of a linked file Welt makes nothing */
    uint32_t found = 0;
    LLVMRelocationIteratorRef at = LLVMGetRelocations(section);
    for (; !LLVMIsRelocationIteratorAtEnd(section, at); LLVMMoveToNextRelocation(at))
        compare_relocation(comparison, &table, found++, at);
    LLVMDisposeRelocationIterator(at);
    compare_numbers(comparison, "relocations of section", index,
                    elf_is_relocations(&table) ? table.size / table.entsize : 0, found);
}

/* ---- sections ---- */

static inline void compare_section(struct comparison *comparison, uint32_t index,
                                   LLVMSectionIteratorRef at)
{
    const struct object *object = comparison->object;
    const struct section *section = &object->sections[index];
    compare_names(comparison, "name of section", index, section->name, LLVMGetSectionName(at));
    compare_numbers(comparison, "size of section", index, section->size, LLVMGetSectionSize(at));
    compare_numbers(comparison, "address of section", index, section->address,
                    LLVMGetSectionAddress(at));
    if (section->bytes)
        compare_numbers(comparison, "bytes of section", index,
                        (uint64_t)(section->bytes - object->bytes),
                        (uint64_t)(LLVMGetSectionContents(at) - (const char *)object->bytes));
    compare_relocations(comparison, index, at);
}

static inline void compare_sections(struct comparison *comparison)
{
    uint32_t index = 0;
    LLVMSectionIteratorRef at = LLVMObjectFileCopySectionIterator(comparison->file);
    for (; at && !LLVMObjectFileIsSectionIteratorAtEnd(comparison->file, at);
         LLVMMoveToNextSection(at), index++)
        if (index && index < comparison->object->section_count)
            compare_section(comparison, index, at);
    if (at)
        LLVMDisposeSectionIterator(at);
    compare_numbers(comparison, "count of sections", 0, comparison->object->section_count, index);
}

/* ---- symbols ---- */

static inline unsigned raw_type(const struct comparison *comparison, uint32_t index)
{
    bool is_wide = comparison->object->architecture == ARCH_X86_64;
    const unsigned char *at = comparison->symbols;
    return ELF32_ST_TYPE(is_wide ? at[(size_t)index * sizeof(Elf64_Sym) + 4]
                                 : at[(size_t)index * sizeof(Elf32_Sym) + 12]);
}

/* LLVM takes the type STT_COMMON for a common symbol, whose value is its size, even in a section.
 */
static inline void compare_value(struct comparison *comparison, uint32_t index, uint64_t ours,
                                 LLVMSymbolIteratorRef at)
{
    if (raw_type(comparison, index) != STT_COMMON)
        compare_numbers(comparison, "value of symbol", index, ours, LLVMGetSymbolAddress(at));
}

/* LLVM knows undefined, absolute and common symbols as those of no section, and adds a section's
 * address. */
static inline void compare_home(struct comparison *comparison, uint32_t index,
                                LLVMSymbolIteratorRef at, LLVMSectionIteratorRef home)
{
    const struct symbol *symbol = &comparison->object->symbols[index];
    LLVMMoveToContainingSection(home, at);
    bool is_nowhere = LLVMObjectFileIsSectionIteratorAtEnd(comparison->file, home);
    if (symbol->home != HOME_SECTION)
        return; /* Welt calls symbols in the file's own tables absolute */
    const struct section *section = &comparison->object->sections[symbol->section];
    compare_numbers(comparison, "home of symbol", index, 0, is_nowhere);
    compare_value(comparison, index, symbol->value + section->address, at);
    if (is_nowhere)
        return;
    compare_names(comparison, "section of symbol", index, section->name, LLVMGetSectionName(home));
    compare_numbers(comparison, "section size of symbol", index, section->size,
                    LLVMGetSectionSize(home));
}

/* A section symbol that has a name of its own: Welt calls it as its section all the same. */
static inline bool has_own_name(const struct symbol *symbol, const char *theirs)
{
    return symbol->kind == SYMBOL_SECTION && theirs && strcmp(symbol->name, theirs) != 0;
}

static inline void compare_symbol(struct comparison *comparison, uint32_t index,
                                  LLVMSymbolIteratorRef at, LLVMSectionIteratorRef home)
{
    const struct symbol *symbol = &comparison->object->symbols[index];
    const char *theirs = LLVMGetSymbolName(at);
    if (!has_own_name(symbol, theirs))
        compare_names(comparison, "name of symbol", index, symbol->name, theirs);
    compare_numbers(comparison, "size of symbol", index, symbol->size, LLVMGetSymbolSize(at));
    compare_home(comparison, index, at, home);
}

/* LLVM looks at a linked file's dynamic symbols for every symbol, and ends the process when their
 * table is damaged. Welt does not read it. */
static inline bool has_dynamic_symbols(const struct object *object)
{
    for (uint32_t i = 1; i < object->section_count; i++)
        if (object->sections[i].type == SHT_DYNSYM)
            return true;
    return false;
}

static inline void compare_symbols(struct comparison *comparison)
{
    const struct object *object = comparison->object;
    if (has_dynamic_symbols(object))
        return;
    for (uint32_t i = object->section_count; i-- > 1;) /* the first one is left */
        if (object->sections[i].type == SHT_SYMTAB)
            comparison->symbols = object->bytes + raw_header(object, i).offset;
    LLVMSectionIteratorRef home = LLVMObjectFileCopySectionIterator(comparison->file);
    uint32_t index = 1;
    LLVMSymbolIteratorRef at =
        object->symbol_count > 1 ? LLVMObjectFileCopySymbolIterator(comparison->file) : NULL;
    for (; at && !LLVMObjectFileIsSymbolIteratorAtEnd(comparison->file, at);
         LLVMMoveToNextSymbol(at), index++)
        if (index < object->symbol_count)
            compare_symbol(comparison, index, at, home);
    if (at)
        LLVMDisposeSymbolIterator(at);
    if (home)
        LLVMDisposeSectionIterator(home);
    compare_numbers(comparison, "count of symbols", 0, object->symbol_count, index);
}

static inline unsigned differences_from_llvm(const struct object *object)
{
    struct comparison comparison = {.object = object};
    LLVMMemoryBufferRef buffer =
        LLVMCreateMemoryBufferWithMemoryRange((const char *)object->bytes, object->size, "", 0);
    char *message = NULL;
    comparison.file = LLVMCreateBinary(buffer, NULL, &message);
    if (!comparison.file) {
        printf("%s: LLVM does not open it: %s\n", object->path, message ? message : "");
        LLVMDisposeMessage(message);
        LLVMDisposeMemoryBuffer(buffer);
        return 1;
    }
    compare_numbers(&comparison, "kind of file", 0,
                    object->architecture == ARCH_X86_64 ? LLVMBinaryTypeELF64L
                                                        : LLVMBinaryTypeELF32L,
                    LLVMBinaryGetType(comparison.file));
    compare_sections(&comparison);
    compare_symbols(&comparison);
    LLVMDisposeBinary(comparison.file);
    LLVMDisposeMemoryBuffer(buffer);
    return comparison.differences;
}

#endif
