/* SPDX-License-Identifier: MIT
 *
 * init-array: constructors, whose array no live code refers to. An operating system's loader would
 * have had them run before the program begins; here nobody does. */
#include "check/checks.h"

#include "ask.h"

#include <string.h>

/* .init and .fini are functions in pieces, also where an assembler did not say that they are code.
 */
static bool is_array(const struct section *section)
{
    return (section->flags & SECTION_INIT) && !(section->flags & SECTION_EXEC) &&
           strcmp(section->name, ".init") != 0 && strcmp(section->name, ".fini") != 0;
}

void check_constructors(struct link *link)
{
    if (!check_applies(link, CHECK_INIT_ARRAY))
        return;
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->atom == NONE || !is_array(atom_section(link, span->atom)))
            continue;
        const struct output *output = &link->outputs.at[span->output];
        struct extent extent = {span->address, output->address + output->size};
        if (!knows_bounds(link, extent))
            check_found(link->host, CHECK_INIT_ARRAY, atom_place(link, span->atom, 0), NULL,
                        "nothing here calls the constructors in `%s'",
                        atom_section(link, span->atom)->name);
        return;
    }
}
