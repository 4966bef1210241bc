/* SPDX-License-Identifier: MIT
 *
 * Which atom a symbol lies in, and a reference to a mergeable section means: found once, when the
 * object is read, and not in every link and by every step that follows references.
 *
 * Requires: sections, symbols, references and atoms of the object. Provides: `atom` of symbols and
 * references. */
#include "input/elf_file.h"

static void settle_symbol(const struct object *object, struct symbol *symbol)
{
    uint64_t rest;
    if (symbol->home == HOME_SECTION && object->sections[symbol->section].atom_count)
        symbol->atom = 1 + object_atom_at(object, symbol->section, symbol->value, &rest);
}

uint32_t first_ref_from(const struct ref *refs, uint32_t count, uint64_t offset)
{
    uint32_t low = 0, high = count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (refs[middle].offset < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint64_t ref_place_in_section(const struct object *object, const struct ref *ref, int64_t *bias)
{
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    bool is_distance = kind->operation == REF_RELATIVE || kind->operation == REF_PLT;
    *bias = is_distance ? kind->width : 0;
    return object->symbols[ref->symbol].value + (uint64_t)ref->addend + (uint64_t)*bias;
}

/* A section symbol of a mergeable section names nothing by itself: which piece is meant says the
 * addend. gcc writes `.rodata.str1.1 + 5` for the string at offset 5. For a pc-relative reference
 * the addend also holds the distance from the field to the next instruction, which is taken out to
 * find the piece. A named symbol (.LC0) names its piece itself, and the addend goes on from there.
 */
static void settle_ref(const struct object *object, struct ref *ref)
{
    const struct symbol *symbol = &object->symbols[ref->symbol];
    if (symbol->kind != SYMBOL_SECTION || symbol->home != HOME_SECTION ||
        !(object->sections[symbol->section].flags & SECTION_MERGE) ||
        object->sections[symbol->section].atom_count < 2)
        return;
    int64_t bias;
    uint64_t rest, offset = ref_place_in_section(object, ref, &bias);
    bool is_before = (int64_t)offset < 0;
    ref->atom = 1 + object_atom_at(object, symbol->section, is_before ? 0 : offset, &rest);
}

void settle_places(struct object *object)
{
    for (uint32_t i = 0; i < object->symbol_count; i++)
        settle_symbol(object, &object->symbols[i]);
    for (uint32_t i = 0; i < object->ref_count; i++)
        settle_ref(object, &object->refs[i]);
}
