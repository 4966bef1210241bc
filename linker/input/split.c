/* SPDX-License-Identifier: MIT
 *
 * Sections to atoms: one each, but a mergeable section gives one for each of its pieces.
 *
 *     .rodata.str1.1   "hello\0" "" "%s\n\0"   ->  3 atoms      SHF_MERGE | SHF_STRINGS, entsize 1
 *     .rodata.cst4     4 bytes each            ->  size / 4     SHF_MERGE, entsize 4
 *
 * A piece keeps the alignment that its place in the section gave it: the section's, as far as the
 * offset has it. A section that can't be split truly stays whole and loses SECTION_MERGE, as with
 * GNU ld: one of a linked file, one that is written to, has references of its own, is no multiple
 * of its entry size, or whose last string has no end. (System V ABI, 4 "Sections", SHF_MERGE and
 * SHF_STRINGS.)
 *
 * Requires checked tables with their refs counted. Provides atoms in section order, ascending
 * offsets, without gaps; at least one for each section that is not the file's own table. */
#include "input/elf_file.h"
#include "input/elf_tables.h"

#include <string.h>

/* ---- strings ---- */

static bool is_zero(const unsigned char *at, uint64_t size)
{
    for (uint64_t i = 0; i < size; i++)
        if (at[i])
            return false;
    return true;
}

/* The offset behind the string at `offset`, its end included. Requires that the section's last
 * character is NUL. */
static uint64_t string_end(const unsigned char *bytes, const struct elf_section *section,
                           uint64_t offset)
{
    if (section->entsize == 1) {
        const unsigned char *end = memchr(bytes + offset, 0, section->size - offset);
        return (uint64_t)(end - bytes) + 1;
    }
    while (!is_zero(bytes + offset, section->entsize))
        offset += section->entsize;
    return offset + section->entsize;
}

static bool can_split(const struct elf_file *file, const struct elf_section *section)
{
    if (file->is_linked || !(section->flags & SHF_MERGE) ||
        section->flags & (SHF_WRITE | SHF_COMPRESSED))
        return false;
    if (section->type == SHT_NOBITS || section->ref_count)
        return false;
    if (!section->size || !section->entsize || section->size % section->entsize)
        return false;
    const unsigned char *end = file->bytes + section->offset + section->size;
    return !(section->flags & SHF_STRINGS) || is_zero(end - section->entsize, section->entsize);
}

static uint32_t count_pieces(const struct elf_file *file, const struct elf_section *section)
{
    uint32_t count = 0;
    if (!(section->flags & SHF_STRINGS))
        return (uint32_t)(section->size / section->entsize);
    const unsigned char *bytes = file->bytes + section->offset;
    for (uint64_t at = 0; at < section->size; at = string_end(bytes, section, at))
        count++;
    return count;
}

/* Mergeable sections that overlap in the file could be split into far more pieces than the file has
 * bytes: what goes beyond the file's size stays whole. */
void count_atoms(struct elf_file *file)
{
    uint64_t split = 0, total = 0;
    for (uint32_t i = 1; i < file->section_count; i++) {
        struct elf_section *section = &file->sections[i];
        if (elf_is_meta(file, i))
            continue;
        section->is_split = can_split(file, section) && section->size <= file->size - split;
        if (section->is_split)
            split += section->size;
        section->atom_count = section->is_split ? count_pieces(file, section) : 1;
        total += section->atom_count;
    }
    file->atom_count = (uint32_t)total;
}

/* ---- atoms ---- */

static uint32_t piece_align(const struct section *section, uint64_t offset)
{
    uint64_t lowest = offset & -offset;
    return lowest && lowest < section->align ? (uint32_t)lowest : section->align;
}

static void make_pieces(struct atom *atoms, const struct section *section,
                        const struct elf_section *raw, uint32_t index)
{
    uint64_t offset = 0;
    for (uint32_t i = 0; i < section->atom_count; i++) {
        uint64_t end = raw->flags & SHF_STRINGS ? string_end(section->bytes, raw, offset)
                                                : offset + raw->entsize;
        atoms[i] = (struct atom){
            .section = index,
            .align = piece_align(section, offset),
            .offset = offset,
            .size = end - offset,
        };
        offset = end;
    }
}

void make_atoms(const struct elf_file *file, struct object *object)
{
    object->atom_count = file->atom_count;
    object->atoms = NEW_ARRAY(file->arena, struct atom, file->atom_count);
    for (uint32_t i = 1; i < object->section_count; i++) {
        const struct section *section = &object->sections[i];
        struct atom *atoms = object->atoms + section->first_atom;
        if (file->sections[i].is_split)
            make_pieces(atoms, section, &file->sections[i], i);
        else if (section->atom_count)
            *atoms = (struct atom){.section = i,
                                   .align = section->align,
                                   .size = section->size,
                                   .first_ref = section->first_ref,
                                   .ref_count = section->ref_count};
    }
}
