/* SPDX-License-Identifier: MIT
 *
 * Output sections that name segments which PHDRS does not have.
 *
 * Requires: layout. */
#include "ask.h"
#include "steps.h"

#include <string.h>

static bool is_segment(const struct link *link, const char *name)
{
    for (size_t i = 0; i < link->script->segments.count; i++)
        if (strcmp(link->script->segments.at[i].name, name) == 0)
            return true;
    return strcmp(name, "NONE") == 0;
}

void check_phdrs(struct link *link)
{
    if (link->form.kind == FORM_FLAT) /* has none */
        return;
    for (size_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        const struct statement *s = output->statement;
        bool is_there = s && s->segments && (output->is_used || output->size);
        for (size_t n = 0; is_there && s->segments[n]; n++)
            if (!is_segment(link, s->segments[n]))
                diagnose(link->host, WELT_ERROR, "script", place_in_script(s->place),
                         "declare it in PHDRS { … }",
                         "there is no segment `%s' for output section `%s'", s->segments[n],
                         output->name);
    }
}
