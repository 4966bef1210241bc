/* SPDX-License-Identifier: MIT
 *
 * How far a symbol can be seen. */
#include "ask.h"
#include "steps.h"

/* The narrowest that any object asks for (System V ABI, 4 "Symbol Table": Symbol Visibility). */
uint8_t *narrowest_visibility(const struct link *link, struct arena *arena)
{
    uint8_t *visibility = NEW_ARRAY(arena, uint8_t, link->globals.count + 1);
    for (size_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        for (uint32_t s = input->object->first_global; s < input->object->symbol_count; s++) {
            uint8_t its = input->object->symbols[s].visibility;
            uint32_t global = input->named[s];
            if (its && global != NONE && (!visibility[global] || its < visibility[global]))
                visibility[global] = its;
        }
    }
    /* Bounds of sections are each file's own, as GNU ld and lld have it. */
    for (size_t i = 0; i < link->bounds.count; i++) {
        const struct bound *bound = &link->bounds.at[i];
        if (link->globals.at[bound->global].is_own)
            visibility[bound->global] = VISIBLE_HIDDEN;
        else if (bound->kind <= BOUND_STOP && visibility[bound->global] != VISIBLE_INTERNAL)
            visibility[bound->global] = VISIBLE_PROTECTED;
    }
    return visibility;
}
