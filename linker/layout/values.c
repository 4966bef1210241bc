/* SPDX-License-Identifier: MIT
 *
 * Answers to what the script's expressions ask.
 *
 * During the passes of layout an answer may be missing (a symbol further down) or old (the size
 * that a section had in the pass before). Passes are repeated until no answer changes. */
#include "layout/values.h"

#include "ask.h"
#include "layout/layout.h"

#include <string.h>

static const struct value unknown = {.section = VALUE_ABSOLUTE};

static struct value known_value(int64_t number, int section)
{
    return (struct value){.number = number, .section = section, .known = true};
}

/* ---- symbols ---- */

static struct value relative_value(const struct link *link, uint64_t address, int output)
{
    if (output < 0)
        return known_value((int64_t)address, output);
    return known_value((int64_t)(address - link->outputs.at[output].address), output);
}

static struct value atom_value(const struct link *link, const struct target *target)
{
    uint32_t atom = target->atom;
    while (link->atoms[atom].leader != atom)
        atom = link->atoms[atom].leader;
    const struct atom_state *state = &link->atoms[atom];
    if (state->output == NONE || !state->is_live)
        return known_value((int64_t)target->offset, VALUE_ABSOLUTE);
    if (!state->placed)
        return unknown;
    return relative_value(link, atom_address(link, target->atom, target->offset),
                          (int)state->output);
}

static struct value find_symbol(const struct link *link, const char *name, bool *defined)
{
    uint32_t index = global_find_wrapped(link, name);
    *defined = index != NONE && link->globals.at[index].state > GLOBAL_WEAK_UNDEFINED;
    if (!*defined)
        return unknown;
    const struct global *global = &link->globals.at[index];
    struct target target = global_target(link, index);
    if (target.kind == TARGET_ATOM)
        return atom_value(link, &target);
    if (target.kind == TARGET_ABSOLUTE)
        return known_value((int64_t)target.offset, VALUE_ABSOLUTE);
    return global->settled ? relative_value(link, global->value, global->output) : unknown;
}

static struct value symbol_value(void *user, const char *name, bool *defined)
{
    struct pass *pass = user;
    struct value value = find_symbol(pass->link, name, defined);
    pass->looked_ahead |= !value.known && *defined;
    return value;
}

/* By an object, or by an assignment above the place that asks: one further down has happened in the
 * pass before, not in this one. */
static bool is_defined(void *user, const char *name)
{
    const struct link *link = ((struct pass *)user)->link;
    uint32_t index = global_find_wrapped(link, name);
    if (index == NONE || link->globals.at[index].state <= GLOBAL_WEAK_UNDEFINED)
        return false;
    const struct global *global = &link->globals.at[index];
    bool is_assigned = global->state == GLOBAL_SCRIPT && global->statement;
    return !is_assigned || global->in_object || global->pass == link->passes + 1;
}

static uint64_t section_address(void *user, int section)
{
    return ((struct pass *)user)->link->outputs.at[section].address;
}

/* ---- properties of sections, regions, segments ---- */

/* In an address or AT() GNU ld takes a section that is not there for an empty one. */
static bool is_nothing(const struct pass *pass, const char *which)
{
    return pass->is_placing && (strcmp(which, "SIZEOF") == 0 || strcmp(which, "ALIGNOF") == 0);
}

static struct value output_property(const struct pass *pass, const char *which, const char *name,
                                    bool *missing)
{
    uint32_t index = output_by_name(pass->link, name);
    if (index == NONE && is_nothing(pass, which))
        return known_value(0, VALUE_NUMBER);
    *missing = index == NONE;
    if (*missing)
        return unknown;
    const struct output *output = &pass->link->outputs.at[index];
    struct value value = unknown;
    value.known = output->placed;
    if (strcmp(which, "SIZEOF") == 0)
        value.number = (int64_t)output->size;
    else if (strcmp(which, "ADDR") == 0)
        value.section = (int)index; /* the section's start, relative to itself */
    else if (strcmp(which, "LOADADDR") == 0)
        value.number = (int64_t)output->load_address;
    else
        value.number = output->align;
    return value;
}

static struct value region_property(const struct link *link, const char *which, const char *name,
                                    bool *missing)
{
    uint32_t index = region_by_name(link, name);
    *missing = index == NONE;
    if (*missing)
        return unknown;
    const struct region *region = &link->regions.at[index];
    uint64_t number = strcmp(which, "ORIGIN") == 0 ? region->origin : region->length;
    return known_value((int64_t)number, VALUE_NUMBER);
}

/* -Ttext=X answers SEGMENT_START("text", …), -Ttext-segment=X answers SEGMENT_START("text-segment",
 * …). */
static struct value segment_start(const struct link *link, const char *name, bool *missing)
{
    uint32_t i = last_segment_start(link, name);
    *missing = i == NONE;
    if (*missing)
        return unknown;
    link->start_asked[i] = true;
    return known_value((int64_t)link->set->given.section_starts[i].address, VALUE_ABSOLUTE);
}

/* The first two are ld's; the others are asked by the layout `ld`. */
static struct value constant(const struct link *link, const char *name, bool *missing)
{
    const struct settings *set = link->set;
    bool is_paged = !set->given.omagic && !set->given.nmagic;
    /* GNU ld has one layout for -n and one for -N, whether or not it links -pie or -shared. */
    bool is_movable = is_paged && (link->form.pie || link->form.shared);
    bool is_unpaged = set->lld && !is_paged;
    uint64_t start = link->form.is_64 ? 0x400000 : 0x08048000;
    const struct {
        const char *name;
        uint64_t value;
    } all[] = {
        {"MAXPAGESIZE", is_unpaged ? 1 : set->max_page_size},
        {"COMMONPAGESIZE", set->common_page_size},
        {"SEPARATE_CODE", set->separate_code},
        {"OMAGIC", set->given.omagic != 0},
        {"NMAGIC", set->given.nmagic != 0},
        {"START", is_movable ? 0 : start},
        {"WORD", link->form.is_64 ? 8 : 4},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (strcmp(name, all[i].name) == 0)
            return known_value((int64_t)all[i].value, VALUE_NUMBER);
    *missing = true;
    return unknown;
}

static struct value find_property(const struct pass *pass, const char *which, const char *name,
                                  bool *missing)
{
    *missing = false;
    if (strcmp(which, "ORIGIN") == 0 || strcmp(which, "LENGTH") == 0)
        return region_property(pass->link, which, name, missing);
    if (strcmp(which, "SEGMENT_START") == 0)
        return segment_start(pass->link, name, missing);
    if (strcmp(which, "CONSTANT") == 0)
        return constant(pass->link, name, missing);
    pass->link->loads_headers |= strcmp(which, "SIZEOF_HEADERS") == 0;
    if (strcmp(which, "SIZEOF_HEADERS") == 0)
        return known_value((int64_t)pass->link->headers_size, VALUE_NUMBER);
    return output_property(pass, which, name, missing);
}

static struct value property(void *user, const char *which, const char *name, bool *missing)
{
    struct pass *pass = user;
    struct value value = find_property(pass, which, name, missing);
    pass->looked_ahead |= !value.known && !*missing;
    return value;
}

/* Minus the sum of the image's bytes, so that with the byte put there they add up to 0 modulo 256
 * (PnP BIOS Specification 1.0A, 3.3: an option ROM's checksum). Called when the image is written,
 * last. */
static struct value checksum(void *user, uint64_t first, uint64_t last)
{
    const struct link *link = ((struct pass *)user)->link;
    uint8_t sum = 0;
    for (size_t i = 0; link->image && i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        uint64_t start = output->load_address, end = start + output->size;
        bool has_bytes = output->in_file && !(output->flags & SECTION_NOBITS);
        for (uint64_t at = first > start ? first : start; has_bytes && at < last && at < end; at++)
            sum = (uint8_t)(sum - link->image[output->file_offset + (at - start)]);
    }
    return known_value(sum, VALUE_NUMBER);
}

/* ---- evaluation ---- */

static struct evaluation context(struct pass *pass)
{
    return (struct evaluation){
        .host = pass->link->host,
        .user = pass,
        .absolute_dot = pass->link->set->lld,
        .sane_numbers = pass->link->script->sane_numbers,
        .final = pass->is_final,
        .section = pass->section,
        .dot = pass->dot,
        .has_dot = true,
        .symbol = symbol_value,
        .is_defined = is_defined,
        .section_address = section_address,
        .property = property,
        .checksum = checksum,
        .data_segment = &pass->link->data_segment,
    };
}

struct value evaluate(struct pass *pass, const struct expr *expr)
{
    struct evaluation with = context(pass);
    return expr_evaluate(expr, &with);
}

uint64_t evaluate_number(struct pass *pass, const struct expr *expr, uint64_t fallback, bool *known)
{
    *known = true;
    if (!expr)
        return fallback;
    struct evaluation with = context(pass);
    struct value value = expr_evaluate(expr, &with);
    *known = value.known;
    return value.known ? value_absolute(value, &with) : fallback;
}

/* GNU ld reads the expression of a data statement as outside the section that it stands in: numbers
 * are absolute. */
int64_t data_value(struct link *link, uint32_t output, uint64_t offset,
                   const struct statement *statement, bool *known)
{
    struct pass pass = {.link = link,
                        .dot = link->outputs.at[output].address + offset,
                        .section = VALUE_ABSOLUTE,
                        .is_final = true};
    struct evaluation with = context(&pass);
    with.is_defined = NULL; /* every assignment was made */
    struct value value = expr_evaluate(statement->value, &with);
    *known = value.known;
    return value.section >= 0 ? (int64_t)value_absolute(value, &with) : value.number;
}
