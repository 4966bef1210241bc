/* SPDX-License-Identifier: MIT
 *
 * The program headers of an ELF executable that the script lists (PHDRS: manual of GNU
 * ld 2.40, 3.8).
 *
 *     PHDRS { text PT_LOAD; data PT_LOAD; note PT_NOTE; }
 *     .text  : { … } :text          in text
 *     .more  : { … }                in text: it names none
 *     .note  : { … } :text :note    in both
 *
 * Requires: what segments.c requires. Provides: the same, from the script. Which sections are in a
 * segment is asked for each segment and section, so names are looked up once for each section that
 * has some: a set of bits, a segment a bit. */
#include "layout/layout.h"

#include "ask.h"

#include <elf.h>
#include <string.h>

enum { WORD = 64 };

struct segment_set {
    uint64_t bits[MOST_SEGMENTS / WORD];
};

struct segments {
    struct arena arena;
    struct names names;                   /* of the script's segments */
    const struct segment_set **of_output; /* NULL: in none */
};

/* ---- which segments a section is in ---- */

static const struct segment_set *set_of(struct segments *segments, const char *const *names)
{
    struct segment_set *set = NEW(&segments->arena, struct segment_set);
    for (; *names; names++) {
        uint32_t number = names_find(&segments->names, *names, strlen(*names));
        if (number != NO_NAME)
            set->bits[number / WORD] |= (uint64_t)1 << number % WORD;
    }
    return set;
}

static bool is_in(const struct segment_set *set, uint32_t number)
{
    return set && set->bits[number / WORD] >> number % WORD & 1;
}

static const char *const *names_of(const struct output *output)
{
    return output->statement ? output->statement->segments : NULL;
}

/* A section that names no segment is in those of the section before it; the first ones are in
 * those of the first that names one (manual 3.8). Sections that are not loaded are in none. */
static void find_sets(const struct link *link, struct segments *segments)
{
    const struct segment_set *set = NULL;
    uint32_t first = 0;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        bool is_first = !set;
        if (names_of(output)) /* also of one that has come to nothing */
            set = set_of(segments, names_of(output));
        if (!is_in_segments(output))
            continue;
        for (; set && is_first && first < i; first++)
            if (is_in_segments(&link->outputs.at[first]))
                segments->of_output[first] = set;
        segments->of_output[i] = set;
    }
}

static uint32_t type_of(struct link *link, const struct segment *segment)
{
    struct pass pass = {.link = link, .section = VALUE_ABSOLUTE, .is_final = true};
    bool known;
    return (uint32_t)evaluate_number(&pass, segment->type, PT_LOAD, &known);
}

static const struct segment_set *first_load(struct link *link, struct segments *segments)
{
    for (size_t i = 0; i < link->script->segments.count; i++) {
        const struct segment *segment = &link->script->segments.at[i];
        if (type_of(link, segment) == PT_LOAD)
            return set_of(segments, (const char *const[]){segment->name, NULL});
    }
    return NULL;
}

/* In lld the first ones are in the first segment that is loaded. A section that has gone hands on
 * what it names. */
static void find_sets_as_lld(struct link *link, struct segments *segments)
{
    const struct statement *at = link->script->commands;
    const struct segment_set *set = first_load(link, segments);
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        for (; output->statement && at && at != output->statement; at = at->next)
            if (at->kind == STATEMENT_OUTPUT && at->segments)
                set = set_of(segments, at->segments);
        if (names_of(output))
            set = set_of(segments, names_of(output));
        if (names_of(output) || output->flags & SECTION_ALLOC)
            segments->of_output[i] = set;
    }
}

static void name_segments(const struct link *link, struct segments *segments)
{
    bool is_new;
    names_open(&segments->names, &segments->arena);
    for (size_t i = 0; i < link->script->segments.count; i++) {
        const char *name = link->script->segments.at[i].name;
        names_add(&segments->names, name, strlen(name), &is_new);
    }
}

/* ---- the headers ---- */

static uint32_t flags_as_lld(const struct link *link, const struct program_header *header)
{
    uint32_t flags = PF_R;
    for (uint32_t i = 0; i < header->count; i++) {
        uint32_t its = link->outputs.at[link->segment_outputs.at[header->first + i]].flags;
        flags |= (its & SECTION_WRITE ? PF_W : 0) | (its & SECTION_EXEC ? PF_X : 0);
    }
    return flags;
}

static void add_segment(struct link *link, const struct segments *segments,
                        const struct segment *its)
{
    struct pass pass = {.link = link, .section = VALUE_ABSOLUTE, .is_final = true};
    bool known;
    uint32_t number = names_find(&segments->names, its->name, strlen(its->name));
    struct program_header *header = add_header(link, type_of(link, its));
    header->file_header = its->file_header;
    header->program_headers = its->program_headers;
    header->has_flags = its->flags != NULL;
    header->flags = (uint32_t)evaluate_number(&pass, its->flags, 0, &known);
    header->has_load_address = its->address != NULL;
    header->load_address = evaluate_number(&pass, its->address, 0, &known);
    for (uint32_t i = 0; i < link->outputs.count; i++)
        if (is_in(segments->of_output[i], number))
            add_output(link, i);
    if (!header->count) /* PT_GNU_STACK, for one */
        header->align = link->form.is_64 ? 8 : 4;
    if (link->form.as_lld && !header->has_flags)
        header->flags = flags_as_lld(link, header);
}

void add_script_segments(struct link *link)
{
    struct segments segments;
    arena_open(&segments.arena, link->host);
    name_segments(link, &segments);
    segments.of_output = (const struct segment_set **)arena_array(
        &segments.arena, link->outputs.count + 1, sizeof *segments.of_output);
    if (link->form.as_lld)
        find_sets_as_lld(link, &segments);
    else
        find_sets(link, &segments);
    for (size_t i = 0; i < link->script->segments.count; i++)
        add_segment(link, &segments, &link->script->segments.at[i]);
    arena_close(&segments.arena);
}

/* ---- names of none ---- */

void check_segment_names(struct link *link)
{
    struct segments segments;
    arena_open(&segments.arena, link->host);
    name_segments(link, &segments);
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        const char *const *name = is_in_segments(output) ? names_of(output) : NULL;
        for (; name && *name; name++)
            if (strcmp(*name, "NONE") != 0 &&
                names_find(&segments.names, *name, strlen(*name)) == NO_NAME)
                script_diagnose(link->host, WELT_ERROR, "script", &output->statement->place,
                                "`%s' is to be in segment `%s', which PHDRS does not have",
                                output->name, *name);
    }
    arena_close(&segments.arena);
}
