/* SPDX-License-Identifier: MIT
 *
 * What holds for every object that was read (input/object.h), whatever the file was. Each function
 * gives the rule that was broken, or NULL. Reads every byte that the object points to, so that a
 * sanitizer sees wild pointers. */
#ifndef WELT_TESTS_OBJECT_RULES_H
#define WELT_TESTS_OBJECT_RULES_H

#include "input/object.h"

#include <string.h>

static inline unsigned sum_bytes(const unsigned char *bytes, uint64_t size)
{
    unsigned sum = 0;
    for (uint64_t i = 0; bytes && i < size; i++)
        sum += bytes[i];
    return sum;
}

static inline const char *broken_atom_rule(const struct object *object, uint32_t index)
{
    const struct section *section = &object->sections[index];
    uint64_t at = 0, rest;
    if (section->flags & SECTION_META)
        return section->atom_count ? "a table of the file has atoms" : NULL;
    if (!section->atom_count || section->first_atom + section->atom_count > object->atom_count)
        return "a section has no atoms";
    for (uint32_t i = section->first_atom; i < section->first_atom + section->atom_count; i++) {
        const struct atom *atom = &object->atoms[i];
        if (atom->section != index || atom->offset != at)
            return "atoms leave a gap";
        if (!atom->align || atom->align & (atom->align - 1))
            return "an atom's alignment is no power of two";
        if (atom->size && object_atom_at(object, index, at + atom->size - 1, &rest) != i)
            return "an atom is not found by offset";
        at += atom->size;
    }
    return at == section->size ? NULL : "atoms do not fill their section";
}

static inline const char *broken_ref_rule(const struct object *object, uint32_t index)
{
    const struct section *section = &object->sections[index];
    if (section->first_ref + section->ref_count > object->ref_count)
        return "a section's refs are not there";
    for (uint32_t i = section->first_ref; i < section->first_ref + section->ref_count; i++) {
        const struct ref *ref = &object->refs[i];
        unsigned width = ref_kinds[ref->kind].width;
        if (i > section->first_ref && ref[-1].offset > ref->offset)
            return "refs are out of order";
        if (ref->symbol >= object->symbol_count)
            return "a ref's symbol is not there";
        if (width && (!section->bytes || ref->offset + width > section->size))
            return "a ref's field is not there";
    }
    return NULL;
}

static inline const char *broken_symbol_rule(const struct object *object, uint32_t index)
{
    const struct symbol *symbol = &object->symbols[index];
    if (strlen(symbol->name) != symbol->name_size)
        return "a symbol's name has another size";
    if (symbol->home == HOME_SECTION &&
        (symbol->section >= object->section_count || !object->sections[symbol->section].atom_count))
        return "a symbol's section is not there";
    if (index < object->first_global && symbol->binding != BIND_LOCAL)
        return "a global is among the locals";
    return NULL;
}

static inline const char *broken_group_rule(const struct object *object, uint32_t index)
{
    const struct group *group = &object->groups[index];
    for (uint32_t i = 0; i < group->member_count; i++)
        if (object->sections[group->members[i]].group != index + 1)
            return "a group's member does not know it";
    return strlen(group->signature) ? NULL : "a group has no name";
}

static inline const char *broken_rule(const struct object *object)
{
    const char *broken = NULL;
    for (uint32_t i = 0; i < object->section_count && !broken; i++) {
        const struct section *section = &object->sections[i];
        if (strlen(section->name) != section->name_size)
            return "a section's name has another size";
        if (sum_bytes(section->bytes, section->size) && section->flags & SECTION_NOBITS)
            return "a section without bytes has some";
        broken = broken_atom_rule(object, i);
        if (!broken)
            broken = broken_ref_rule(object, i);
    }
    for (uint32_t i = 0; i < object->symbol_count && !broken; i++)
        broken = broken_symbol_rule(object, i);
    for (uint32_t i = 0; i < object->group_count && !broken; i++)
        broken = broken_group_rule(object, i);
    return broken;
}

#endif
