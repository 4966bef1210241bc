/* SPDX-License-Identifier: MIT
 *
 * Fills in .eh_frame_hdr (resolve/made_unwind.c).
 *
 *     1, 1b 03 3b            version; how what follows is written: from here, as it is, from the
 * start .eh_frame - here count function - start, record - start       for each, sorted by function
 *
 * Requires: .eh_frame in the image, relocated. Its records give their functions as distances of 4
 * bytes: compilers for these processors write no others. */
#include "ask.h"
#include "input/unwind.h"
#include "steps.h"
#include "support/bytes.h"

#include <stdlib.h>
#include <string.h>

struct entry {
    int64_t function, record;
};

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left, *b = right;
    if (a->function != b->function)
        return a->function < b->function ? -1 : 1;
    return (a->record > b->record) - (a->record < b->record);
}

static unsigned char *bytes_of(const struct link *link, uint32_t atom)
{
    const struct atom_state *state = &link->atoms[atom];
    const struct output *output = &link->outputs.at[state->output];
    return output->in_file ? link->image + output->file_offset + state->offset : NULL;
}

static uint64_t start_of_records(const struct link *link)
{
    for (size_t i = 0; i < link->outputs.count; i++)
        if (strcmp(link->outputs.at[i].name, ".eh_frame") == 0 && link->outputs.at[i].size)
            return link->outputs.at[i].address;
    return 0;
}

static size_t collect(const struct link *link, uint64_t start, struct entry *entries, size_t room)
{
    size_t count = 0;
    for (uint32_t atom = 0; atom < link->atom_count && count < room; atom++) {
        bool is_listed = atom_is_fde(link, atom) && unwind_is_found(link, link->atoms[atom].output);
        const unsigned char *record = is_listed ? bytes_of(link, atom) : NULL;
        if (!record)
            continue;
        uint64_t address = atom_address(link, atom, 0);
        int32_t distance = (int32_t)get32(record + UNWIND_PC);
        uint64_t function = address + UNWIND_PC + (uint64_t)(int64_t)distance;
        entries[count++] = (struct entry){(int64_t)(function - start), (int64_t)(address - start)};
    }
    return count;
}

void fill_unwind_index(struct link *link)
{
    enum { HEAD = 12, ENTRY = 8 };
    static const unsigned char encodings[4] = {1, 0x1b, 0x03, 0x3b};
    uint32_t index = link->unwind_index;
    if (index == NONE || link->atoms[index].output == NONE || !link->atoms[index].is_live)
        return;
    uint64_t size = atom_of(link, index)->size, start = atom_address(link, index, 0);
    unsigned char *to = bytes_of(link, index);
    if (!to || size < HEAD)
        return;
    size_t room = (size - HEAD) / ENTRY;
    struct entry *entries = NEW_ARRAY(&link->arena, struct entry, room + 1);
    size_t count = collect(link, start, entries, room);
    qsort(entries, count, sizeof *entries, compare_entries);
    memcpy(to, encodings, sizeof encodings);
    put_number(to + 4, start_of_records(link) - (start + 4), 4);
    put_number(to + 8, count, 4);
    for (size_t i = 0; i < count; i++) {
        put_number(to + HEAD + i * ENTRY, (uint64_t)entries[i].function, 4);
        put_number(to + HEAD + i * ENTRY + 4, (uint64_t)entries[i].record, 4);
    }
}
