/* SPDX-License-Identifier: MIT
 *
 * A linked file as an input (input/elf_linked.c) whose sections are not where they were linked to
 * run: the addresses in its bytes then lead elsewhere, and nothing can mend them.
 *
 * Requires layout. Provides a warning a file in boot builds, with its first such section. In the
 * other face it is the caller's business, as with GNU ld: code that runs anywhere is fine. */
#include "ask.h"
#include "steps.h"

static const struct section *find_moved(const struct link *link, const struct input *input,
                                        uint64_t *address)
{
    const struct object *object = input->object;
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        uint32_t atom = input->first_atom + section->first_atom;
        if (!section->atom_count || !section->size || link->atoms[atom].output == NONE ||
            !link->atoms[atom].is_live)
            continue;
        *address = atom_address(link, atom, 0);
        if (*address != section->address)
            return section;
    }
    return NULL;
}

void check_linked_inputs(struct link *link)
{
    if (link->set->face != WELT_FACE_BOOT)
        return;
    for (uint32_t i = 0; i < link->made_input; i++) {
        uint64_t address;
        const struct input *input = &link->inputs.at[i];
        const struct section *moved =
            input->object->is_linked ? find_moved(link, input, &address) : NULL;
        if (!moved)
            continue;
        struct place place = input_place(link, i);
        place.section = moved->name;
        diagnose(link->host, WELT_WARNING, "linked-elsewhere", place,
                 "place it there, or give the objects that it was linked from",
                 "was linked to run at 0x%llx and is placed at 0x%llx",
                 (unsigned long long)moved->address, (unsigned long long)address);
    }
}
