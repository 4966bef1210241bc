/* SPDX-License-Identifier: MIT
 *
 * Where something is, for messages; and where it will be, once layout has said so. */
#include "ask.h"

const char *object_title(struct arena *arena, const struct object *object)
{
    if (!object->member)
        return object->path;
    return arena_format(arena, "%s(%s)", object->path, object->member);
}

struct place input_place(const struct link *link, uint32_t input)
{
    const struct object *object = link->inputs.at[input].object;
    return (struct place){.file = object->path, .member = object->member};
}

struct place atom_place(const struct link *link, uint32_t atom, uint64_t offset)
{
    struct place place = input_place(link, link->atoms[atom].input);
    place.origin = atom_object(link, atom);
    place.origin_section = atom_of(link, atom)->section;
    place.section = atom_section(link, atom)->name;
    place.offset = atom_of(link, atom)->offset + offset;
    place.has_offset = true;
    return place;
}

/* A merged or folded atom is where its leader is; leaders may themselves have been folded later. */
uint64_t atom_address(const struct link *link, uint32_t atom, uint64_t offset)
{
    const struct atom_state *state = &link->atoms[atom];
    while (state->leader != atom) {
        offset += state->leader_offset;
        atom = state->leader;
        state = &link->atoms[atom];
    }
    if (state->output == NONE)
        return offset;
    return link->outputs.at[state->output].address + state->offset + offset;
}

uint64_t target_address(const struct link *link, const struct target *target)
{
    switch (target->kind) {
    case TARGET_ATOM: return atom_address(link, target->atom, target->offset);
    case TARGET_SCRIPT: return link->globals.at[target->global].value;
    case TARGET_ABSOLUTE: return target->offset;
    default: return 0;
    }
}
