/* SPDX-License-Identifier: MIT
 *
 * -Ttext with a layout that cannot be moved.
 *
 * Requires: layout. Provides: an error when the origin was given and the built-in layout did not
 * ask for it: a .COM program always runs at 0x100, and code linked elsewhere would be broken
 * without a word. Layouts that can be moved ask by SEGMENT_START. */
#include "steps.h"

#include <string.h>

void check_origin(struct link *link)
{
    const welt_options *given = &link->set->given;
    bool is_builtin = !given->script_path && !given->script_text;
    if (link->set->face != WELT_FACE_BOOT || !is_builtin)
        return;
    for (size_t i = 0; i < given->section_start_count; i++)
        if (!link->start_asked[i] && strcmp(given->section_starts[i].section, ".text") == 0)
            diagnose(link->host, WELT_ERROR, "layout", (struct place){0},
                     "-Ttext moves the layouts sector, vbr, vbr32 and raw",
                     "layout `%s' has a fixed origin: -Ttext 0x%llx cannot move it",
                     given->layout ? given->layout : "sector",
                     (unsigned long long)given->section_starts[i].address);
}
