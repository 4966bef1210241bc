/* SPDX-License-Identifier: MIT
 *
 * What the first sector of a `disk` image uses before the rest is there.
 *
 * Requires: layout, symbols resolved, leaders final. Provides: a note for each thing of a later
 * sector that code of the first one uses on the way from the entry. A loader of one's own that
 * prints a message from .rodata, or calls the runtime library to read the disk, works on what is
 * not loaded yet.
 *
 *     .boot   _start -> load -> error     walked: all of the first sector that the entry reaches
 *     .text   main                        the jump that hands over: code of the program is expected
 *     .rodata "disk error"                noted: data
 *     .text   boot_disk_read              noted: the runtime library is not what is handed over to
 *
 * Whether it is used before or after the loading is not seen here, so it is a note and no error.
 * Welt's own crt0 touches nothing early, which its tests show, and is not walked. .bss is not in
 * the file and may be used at any time. */
#include "ask.h"
#include "steps.h"

#include <string.h>

struct resident_walk {
    struct link *link;
    uint32_t output; /* the first sector's */
    struct atom_list pending;
    uint8_t *seen; /* by atom: walked, or noted */
};

/* A layout whose first sector loads the others says how many they are (boot.h). */
static uint32_t find_first_sector(const struct link *link)
{
    uint32_t count = global_find(link, "__sector_count");
    if (count == NONE || link->globals.at[count].state != GLOBAL_SCRIPT)
        return NONE;
    for (uint32_t i = 0; i < link->outputs.count; i++)
        if (strcmp(link->outputs.at[i].name, ".boot") == 0)
            return i;
    return NONE;
}

static void note(struct link *link, const struct ref *ref, uint32_t from, uint32_t to)
{
    struct place place = atom_place(link, from, ref->offset - atom_of(link, from)->offset);
    place.symbol = atom_name(link, to);
    uint64_t offset = atom_address(link, to, 0) - link->image_start;
    diagnose(link->host, WELT_NOTE, "resident", place,
             "if it is used before the rest is loaded, put it into a section .boot.NAME",
             "the first sector uses `%s', which lies in sector %llu and has to be loaded first",
             place.symbol, (unsigned long long)(offset / 512));
}

static bool is_expected(const struct link *link, uint32_t atom)
{
    const struct output *output = &link->outputs.at[link->atoms[atom].output];
    bool is_runtime = atom_is_runtime(link, atom);
    bool is_code = atom_section(link, atom)->flags & SECTION_EXEC;
    return !output->in_file || (output->flags & SECTION_NOBITS) || (is_code && !is_runtime);
}

static void follow(struct resident_walk *walk, uint32_t from)
{
    struct link *link = walk->link;
    const struct input *input = &link->inputs.at[link->atoms[from].input];
    const struct atom *its = atom_of(link, from);
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        struct target target = ref_target(link, input, ref);
        if (target.kind != TARGET_ATOM)
            continue;
        uint32_t to = link->atoms[target.atom].leader;
        if (link->atoms[to].output == NONE || walk->seen[to])
            continue;
        walk->seen[to] = 1;
        if (link->atoms[to].output == walk->output)
            *list_add(&link->arena, &walk->pending) = to;
        else if (!is_expected(link, to))
            note(link, ref, from, to);
    }
}

void check_resident(struct link *link)
{
    struct resident_walk walk = {.link = link, .output = find_first_sector(link)};
    uint32_t entry = link->entry_atom;
    if (walk.output == NONE || entry == NONE || link->atoms[entry].output != walk.output ||
        atom_is_runtime(link, entry))
        return;
    walk.seen = NEW_ARRAY(&link->arena, uint8_t, link->atom_count);
    walk.seen[entry] = 1;
    *list_add(&link->arena, &walk.pending) = entry;
    while (walk.pending.count)
        follow(&walk, walk.pending.at[--walk.pending.count]);
}
