/* SPDX-License-Identifier: MIT
 *
 * `__start_NAME` and `__stop_NAME`: where an output section begins and ends, for sections whose
 * names C can spell.
 *
 *     __attribute__((section("commands"))) struct command help = …;    in any object
 *     extern struct command __start_commands[], __stop_commands[];     the table of all of them
 *
 * Requires: sections assigned. Provides: link.bounds for the names that somebody refers to and
 * nobody defines (manual of GNU ld 2.40, 3.6.4.5); layout gives them their values. Who asks for a
 * section's bounds wants what is in it: its atoms are roots. */
#include "ask.h"
#include "steps.h"

#include <string.h>

/* In ASCII: what isalpha() says of other bytes is the host's locale's. */
static bool is_c_name(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    bool has_first = *name && strchr(letters, *name) && (*name < '0' || *name > '9');
    return has_first && !name[strspn(name, letters)];
}

static void offer(struct link *link, const char *prefix, uint32_t output, bool is_stop)
{
    const char *name = arena_format(&link->arena, "%s%s", prefix, link->outputs.at[output].name);
    uint32_t index = global_find(link, name);
    if (index == NONE || link->globals.at[index].state > GLOBAL_WEAK_UNDEFINED)
        return;
    link->globals.at[index].state = GLOBAL_SCRIPT;
    link->globals.at[index].output = (int)output;
    *list_add(&link->arena, &link->bounds) = (struct bound){index, output, is_stop};
}

static void keep_contents(struct link *link)
{
    uint8_t *wanted = NEW_ARRAY(&link->arena, uint8_t, link->outputs.count + 1);
    for (size_t i = 0; i < link->bounds.count; i++)
        wanted[link->bounds.at[i].output] = 1;
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].output != NONE)
            link->atoms[atom].is_root |= wanted[link->atoms[atom].output];
}

void offer_bounds(struct link *link)
{
    for (uint32_t i = 0; link->form.kind != FORM_RELOCATABLE && i < link->outputs.count; i++) {
        if (link->outputs.at[i].is_discard || !is_c_name(link->outputs.at[i].name))
            continue;
        offer(link, "__start_", i, false);
        offer(link, "__stop_", i, true);
    }
    if (link->bounds.count)
        keep_contents(link);
}
