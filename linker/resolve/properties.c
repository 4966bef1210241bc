/* SPDX-License-Identifier: MIT
 *
 * .note.gnu.property: what the code of an object keeps to (x86-64 psABI, "Program Property"). A
 * file has one such note for all of its objects.
 *
 *     note header, "GNU", 0xc0000002 (FEATURE_1_AND), 4, bits     what gcc -fcf-protection writes
 *
 * Requires: inputs. Provides: section_gone of all such notes but the first, and of that too when an
 * object has none: then the file as a whole keeps to nothing. Notes that say different things stay
 * as they are. */
#include "ask.h"
#include "steps.h"
#include "support/bytes.h"

#include <string.h>

#define FEATURE_1_AND 0xc0000002u
enum { FEATURE = 16, LEAST = 24 };

static uint32_t find_note(const struct object *object)
{
    for (uint32_t s = 1; s < object->section_count; s++)
        if (object->sections[s].name && strcmp(object->sections[s].name, ".note.gnu.property") == 0)
            return s;
    return 0;
}

static bool says_feature(const struct section *note)
{
    return note->bytes && note->size >= LEAST && get32(note->bytes + FEATURE) == FEATURE_1_AND &&
           note->size <= LEAST + 8;
}

void join_properties(struct link *link)
{
    const struct section *first = NULL;
    uint32_t first_input = 0, missing = 0;
    if (link->form.kind == FORM_FLAT)
        return;
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct object *object = link->inputs.at[i].object;
        uint32_t s = find_note(object);
        const struct section *note = &object->sections[s];
        missing += !s && !object->is_raw;
        if (!s)
            continue;
        if (!first) {
            first = note;
            first_input = i;
        }
        if (!says_feature(note) || note->size != first->size ||
            memcmp(note->bytes, first->bytes, note->size) != 0)
            return;
    }
    for (uint32_t i = 0; first && i < link->made_input; i++) {
        uint32_t s = find_note(link->inputs.at[i].object);
        if (s && (i != first_input || missing))
            link->inputs.at[i].section_gone[s] = 1;
    }
}
