/* SPDX-License-Identifier: MIT
 *
 * Small outputs: the image and the script as they are, the map with what belongs behind it, GNU
 * ld's lines for --print-gc-sections and --print-memory-usage. */
#include "report/report.h"

#include "ask.h"

#include <string.h>

welt_bytes report_image(struct link *link, struct arena *arena)
{
    (void)arena;
    return (welt_bytes){link->image, link->image_size};
}

welt_bytes report_script(struct link *link, struct arena *arena)
{
    const char *text = link->script_text ? link->script_text : "";
    unsigned char *copy = arena_alloc(arena, link->script_size + 1);
    memcpy(copy, text, link->script_size);
    copy[link->script_size] = 0;
    return (welt_bytes){copy, link->script_size};
}

welt_bytes report_whole_map(struct link *link, struct arena *arena)
{
    welt_bytes map = report_map(link, arena);
    if (!link->set->given.cref)
        return map;
    welt_bytes cref = report_cref(link, arena);
    unsigned char *both = arena_alloc(arena, map.size + cref.size + 1);
    memcpy(both, map.data, map.size);
    memcpy(both + map.size, cref.data, cref.size + 1);
    return (welt_bytes){both, map.size + cref.size};
}

/* ---- --print-gc-sections ---- */

static bool is_removed_whole(const struct link *link, const struct input *input,
                             const struct section *section)
{
    for (uint32_t i = 0; i < section->atom_count; i++)
        if (link->atoms[input->first_atom + section->first_atom + i].removed != REMOVED_UNREACHED)
            return false;
    return section->atom_count && section->size;
}

static void add_removed(const struct link *link, struct text *text, uint32_t input, uint32_t index,
                        const struct object *owner)
{
    const struct input *its = &link->inputs.at[input];
    const struct section *section = &its->object->sections[index];
    if (!is_removed_whole(link, its, section))
        return;
    text_add(text, "removing unused section '" NAME "' in file '" NAME "'", section->name,
             object_title(text->arena, owner));
    text_end_line(text);
}

/* What the linker made for an object (its common symbols) counts as that object's. */
welt_bytes report_removed(struct link *link, struct arena *arena)
{
    struct text text = {.arena = arena};
    uint32_t made = 1;
    for (uint32_t i = 0; link->atoms && i < link->made_input; i++) {
        const struct object *object = link->inputs.at[i].object;
        for (uint32_t s = 1; s < object->section_count; s++)
            add_removed(link, &text, i, s, object);
        uint32_t made_count = link->inputs.at[link->made_input].object->section_count;
        for (; made < made_count && link->made_owner[made] <= i; made++)
            add_removed(link, &text, link->made_input, made, object);
    }
    return text_close(&text);
}

/* ---- --print-memory-usage ---- */

/* The largest unit that the size is a whole number of. */
static void add_size(struct text *text, uint64_t size)
{
    static const char *const units[] = {" B", " KB", " MB", " GB"};
    unsigned unit = 0;
    while (unit < 3 && size % 1024 == 0) {
        size /= 1024;
        unit++;
    }
    text_add(text, "%*llu%s", unit ? 10 : 11, (unsigned long long)size, units[unit]);
}

welt_bytes report_memory_usage(struct link *link, struct arena *arena)
{
    struct text text = {.arena = arena};
    text_add(&text, "Memory region         Used Size  Region Size  %%age Used");
    text_end_line(&text);
    for (size_t i = 0; i < link->regions.count; i++) {
        const struct region *region = &link->regions.at[i];
        uint64_t used = region->end - region->origin;
        text_add(&text, "%16.400s: ", region->name);
        add_size(&text, used);
        add_size(&text, region->length);
        if (region->length)
            text_add(&text, "    %6.2f%%", (double)used * 100 / (double)region->length);
        text_end_line(&text);
    }
    return text_close(&text);
}
