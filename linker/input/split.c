/* SPDX-License-Identifier: MIT
 *
 * Sections to atoms: one each, but a mergeable section gives one for each of its pieces, .eh_frame
 * and .stab one for each of their records (input/unwind.h, input/stabs.h).
 *
 *     .rodata.str1.1   "hello\0" "" "%s\n\0"   ->  3 atoms      SHF_MERGE | SHF_STRINGS, entsize 1
 *     .rodata.cst4     4 bytes each            ->  size / 4     SHF_MERGE, entsize 4
 *
 * A piece keeps the alignment that its place in the section gave it: the section's, as far as the
 * offset has it. A section that can't be split truly stays whole and loses SECTION_MERGE, as with
 * GNU ld: one of a linked file, one that is written to, has references of its own, is no multiple
 * of its entry size, whose last string has no end, or that is of very many pieces. (System V ABI, 4
 * "Sections", SHF_MERGE and SHF_STRINGS.)
 *
 * Requires checked tables with their refs counted. Provides atoms in section order, ascending
 * offsets, without gaps; at least one for each section that is not the file's own table. */
#include "input/elf_file.h"
#include "input/elf_tables.h"
#include "input/stabs.h"
#include "input/unwind.h"

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

/* ---- records ---- */

static uint32_t count_records(const unsigned char *bytes, uint64_t size)
{
    uint64_t at = 0;
    uint32_t count = 0;
    for (; at < size && unwind_record_end(bytes, size, at); count++)
        at = unwind_record_end(bytes, size, at);
    return at == size ? count : 0;
}

static bool is_unwind(const struct elf_file *file, const struct elf_section *section)
{
    return section->flags & SHF_ALLOC && section->type != SHT_NOBITS && section->size &&
           strcmp(elf_section_name(file, section), ".eh_frame") == 0;
}

static bool is_stabs(const struct elf_file *file, const struct elf_section *section)
{
    return section->type != SHT_NOBITS && section->size && section->size % STAB_SIZE == 0 &&
           !(section->flags & (SHF_MERGE | SHF_COMPRESSED)) &&
           is_stab_name(elf_section_name(file, section));
}

static uint64_t record_end(const struct section *section, uint64_t at)
{
    return section->flags & SECTION_STABS ? at + STAB_SIZE
                                          : unwind_record_end(section->bytes, section->size, at);
}

/* A reference lies in one record, as it must to move with it. */
static bool refs_lie_within(const struct object *object, const struct section *section)
{
    const struct ref *ref = object->refs + section->first_ref, *end = ref + section->ref_count;
    uint64_t its_end = 0;
    for (; ref < end; ref++) {
        while (its_end <= ref->offset && its_end < section->size)
            its_end = record_end(section, its_end);
        if (ref->offset + ref_kinds[ref->kind].width > its_end)
            return false;
    }
    return true;
}

/* ---- how many ---- */

static enum split choose_split(const struct elf_file *file, struct elf_section *section)
{
    if (can_split(file, section)) {
        section->atom_count = count_pieces(file, section);
        return SPLIT_PIECES;
    }
    if (is_stabs(file, section)) {
        section->atom_count = (uint32_t)(section->size / STAB_SIZE);
        return SPLIT_STABS;
    }
    uint32_t records =
        is_unwind(file, section) ? count_records(file->bytes + section->offset, section->size) : 0;
    section->atom_count = records ? records : 1;
    return records ? SPLIT_RECORDS : SPLIT_NOT;
}

/* A piece costs some hundred bytes of memory, and ten of them can lie in as many bytes of the file:
 * sections of more than MOST_PIECES, which no program has, stay whole. */
enum { MOST_PIECES = 1 << 20 };

/* Mergeable sections that overlap in the file could be split into far more pieces than the file has
 * bytes: what goes beyond the file's size stays whole. */
void count_atoms(struct elf_file *file)
{
    uint64_t split = 0, total = 0;
    for (uint32_t i = 1; i < file->section_count; i++) {
        struct elf_section *section = &file->sections[i];
        if (elf_is_meta(file, i))
            continue;
        section->atom_count = 1;
        if (section->type != SHT_NOBITS && section->size <= file->size - split)
            section->split = (uint8_t)choose_split(file, section);
        if (section->atom_count > MOST_PIECES) {
            section->split = SPLIT_NOT;
            section->atom_count = 1;
        }
        if (section->split)
            split += section->size;
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

static void make_records(struct atom *atoms, const struct object *object,
                         const struct section *section, uint32_t index)
{
    uint32_t ref = section->first_ref, end_ref = ref + section->ref_count;
    uint64_t offset = 0;
    for (uint32_t i = 0; i < section->atom_count; i++) {
        uint64_t end = record_end(section, offset);
        uint32_t first = ref;
        while (ref < end_ref && object->refs[ref].offset < end)
            ref++;
        bool at_start = offset == 0 || section->align < UNWIND_ALIGN;
        atoms[i] = (struct atom){.section = index,
                                 .align = at_start ? section->align : UNWIND_ALIGN,
                                 .offset = offset,
                                 .size = end - offset,
                                 .first_ref = first,
                                 .ref_count = ref - first};
        offset = end;
    }
}

/* The number of atoms was settled before the references were read: when they forbid the split, the
 * first atom is the whole section and the others are empty, at its end. */
static void make_whole(struct atom *atoms, struct section *section, uint32_t index)
{
    section->flags &= ~(uint32_t)(SECTION_UNWIND | SECTION_STABS);
    for (uint32_t i = 0; i < section->atom_count; i++)
        atoms[i] = (struct atom){.section = index, .align = 1, .offset = section->size};
    *atoms = (struct atom){.section = index,
                           .align = section->align,
                           .size = section->size,
                           .first_ref = section->first_ref,
                           .ref_count = section->ref_count};
}

void make_atoms(const struct elf_file *file, struct object *object)
{
    object->atom_count = file->atom_count;
    object->atoms = NEW_ARRAY(file->arena, struct atom, file->atom_count);
    for (uint32_t i = 1; i < object->section_count; i++) {
        struct section *section = &object->sections[i];
        struct atom *atoms = object->atoms + section->first_atom;
        uint8_t split = file->sections[i].split;
        if (split == SPLIT_PIECES)
            make_pieces(atoms, section, &file->sections[i], i);
        else if (split >= SPLIT_RECORDS && refs_lie_within(object, section))
            make_records(atoms, object, section, i);
        else if (section->atom_count)
            make_whole(atoms, section, i);
    }
}
