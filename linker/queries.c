/* SPDX-License-Identifier: MIT
 *
 * The public calls that ask the address map: spans, regions, symbols.
 *
 * Spans and regions are there after a link. What finds them by address or name is made when it is
 * first asked for, in the link's memory: a link that nobody asks costs nothing. */
#include "ask.h"
#include "linker.h"
#include "report/labels.h"
#include "report/model.h"

#include <stdlib.h>
#include <string.h>

/* A struct that the caller gives is of this header's size or of an older header's, which had the
 * first of its fields. */
static bool is_size(size_t given, size_t whole)
{
    return given == whole; /* 0.1.0: nothing was added yet */
}

welt_format welt_output_format(const welt_linker *linker)
{
    if (!linker || !linker->link || !linker->link->script)
        return WELT_FORMAT_BY_SCRIPT;
    const struct form *form = &linker->link->form;
    if (form->kind == FORM_FLAT)
        return WELT_FORMAT_BINARY;
    return form->is_64 ? WELT_FORMAT_ELF64_X86_64 : WELT_FORMAT_ELF32_I386;
}

const char *welt_image_name(const welt_linker *linker)
{
    return linker && linker->link ? image_name(linker->link) : NULL;
}

size_t welt_span_count(const welt_linker *linker)
{
    return linker && linker->link && linker->link->laid_out ? linker->link->spans.count : 0;
}

welt_status welt_span_at(const welt_linker *linker, size_t index, welt_span *span)
{
    if (index >= welt_span_count(linker) || !span || !is_size(span->struct_size, sizeof *span))
        return WELT_MISUSE;
    const struct link *link = linker->link;
    const struct span *its = &link->spans.at[index];
    welt_span found = {.struct_size = span->struct_size,
                       .kind = (welt_span_kind)its->kind,
                       .file_offset = its->file_offset,
                       .load_address = its->load_address,
                       .address = its->address,
                       .size = its->size};
    if (its->output != NONE)
        found.output_section = link->outputs.at[its->output].name;
    if (its->atom != NONE) {
        const struct symbol *symbol = link->atom_names[its->atom];
        found.object = link->titles[link->atoms[its->atom].input];
        found.section = atom_section(link, its->atom)->name;
        found.symbol = symbol ? symbol->name : NULL;
    }
    memcpy(span, &found, span->struct_size);
    return WELT_OK;
}

size_t welt_region_count(const welt_linker *linker)
{
    return linker && linker->link && linker->link->laid_out ? linker->link->regions.count : 0;
}

welt_status welt_region_at(const welt_linker *linker, size_t index, welt_region *region)
{
    if (index >= welt_region_count(linker) || !region ||
        !is_size(region->struct_size, sizeof *region))
        return WELT_MISUSE;
    const struct region *its = &linker->link->regions.at[index];
    const welt_region found = {.struct_size = region->struct_size,
                               .name = its->name,
                               .origin = its->origin,
                               .limit = its->length,
                               .used = region_used(its),
                               .in_image = its->in_image};
    memcpy(region, &found, region->struct_size);
    return WELT_OK;
}

static void describe(welt_linker *linker, void *argument)
{
    (void)argument;
    if (linker->link->report)
        return;
    describe_link(linker->link);
    measure_budgets(linker->link);
}

size_t welt_budget_count(welt_linker *linker)
{
    if (!may_change(linker) || !linker->link || (!linker->link->laid_out && !linker->link->report))
        return 0;
    linker->host.errors = 0;
    guard(linker, describe, NULL);
    const struct report *report = linker->link->report;
    return report ? report->budgets.count : 0;
}

welt_status welt_budget_at(welt_linker *linker, size_t index, welt_budget_use *use)
{
    if (index >= welt_budget_count(linker) || !use || !is_size(use->struct_size, sizeof *use))
        return WELT_MISUSE;
    const struct report_budget *its = &linker->link->report->budgets.at[index];
    *use = (welt_budget_use){.struct_size = sizeof *use,
                             .kind = budget_kind_names[its->kind],
                             .name = its->name,
                             .limit = its->limit,
                             .used = its->used};
    return WELT_OK;
}

/* What was dropped has no place in the image. */
static bool has_address(const struct link *link, const struct target *target)
{
    switch (target->kind) {
    case TARGET_ATOM: return spot_of(link, target->atom, target->offset).atom != NONE;
    case TARGET_SCRIPT: return link->globals.at[target->global].settled;
    default: return target->kind == TARGET_ABSOLUTE;
    }
}

welt_status welt_symbol_address(const welt_linker *linker, const char *name, uint64_t *address)
{
    if (!linker || !name || !address || !linker->link || !linker->link->laid_out)
        return WELT_MISUSE;
    uint32_t global = global_find(linker->link, name);
    if (global == NONE)
        return WELT_FAILED;
    struct target target = global_target(linker->link, global);
    if (!has_address(linker->link, &target))
        return WELT_FAILED;
    *address = target_address(linker->link, &target);
    return WELT_OK;
}

/* ---- finding by address and by name ---- */

/* A span by its run address. Spans may overlap there (overlays): `reach` is the furthest end of
 * this one and all before it, which bounds the search backwards. */
struct by_address {
    uint64_t address, reach;
    uint32_t span;
};

struct lookup {
    struct labels labels;
    struct names names;    /* a name's number -> first_label */
    uint32_t *first_label; /* -> index into labels.all; global symbols win over local ones */
    struct by_address *spans;
    uint32_t *span_of_atom; /* or NONE */
};

static int compare_addresses(const void *left, const void *right)
{
    const struct by_address *a = left, *b = right;
    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return (a->span > b->span) - (a->span < b->span);
}

static void sort_spans(struct link *link, struct lookup *lookup)
{
    size_t count = link->spans.count;
    uint64_t reach = 0;
    lookup->spans = NEW_ARRAY(&link->arena, struct by_address, count + 1);
    lookup->span_of_atom = NEW_ARRAY(&link->arena, uint32_t, link->atom_count + 1u);
    memset(lookup->span_of_atom, 0xff, (link->atom_count + 1u) * sizeof *lookup->span_of_atom);
    for (size_t i = 0; i < count; i++) {
        const struct span *span = &link->spans.at[i];
        lookup->spans[i] = (struct by_address){.address = span->address, .span = (uint32_t)i};
        if (span->atom != NONE)
            lookup->span_of_atom[span->atom] = (uint32_t)i;
    }
    qsort(lookup->spans, count, sizeof *lookup->spans, compare_addresses);
    for (size_t i = 0; i < count; i++) {
        uint64_t end = lookup->spans[i].address + link->spans.at[lookup->spans[i].span].size;
        reach = end > reach ? end : reach;
        lookup->spans[i].reach = reach;
    }
}

static bool is_local(const struct link *link, const struct label *label)
{
    return label->spot.atom != NONE && link->inputs.at[label->input].globals[label->symbol] == NONE;
}

static void index_names(struct link *link, struct lookup *lookup, bool local)
{
    for (size_t i = 0; i < lookup->labels.all.count; i++) {
        const struct label *label = &lookup->labels.all.at[i];
        bool is_new;
        if (is_local(link, label) != local)
            continue;
        uint32_t number = names_add(&lookup->names, label->name, strlen(label->name), &is_new);
        if (is_new)
            lookup->first_label[number] = (uint32_t)i;
    }
}

static void make_lookup(welt_linker *linker, void *argument)
{
    struct link *link = linker->link;
    struct lookup *lookup = NEW(&link->arena, struct lookup);
    lookup->labels = labels_collect(link, &link->arena);
    names_open(&lookup->names, &link->arena);
    lookup->first_label = NEW_ARRAY(&link->arena, uint32_t, lookup->labels.all.count);
    index_names(link, lookup, false);
    index_names(link, lookup, true);
    sort_spans(link, lookup);
    *(struct lookup **)argument = lookup;
}

static welt_status look_up(welt_linker *linker)
{
    struct lookup *lookup = NULL;
    if (!may_change(linker) || !linker->link || !linker->link->laid_out)
        return WELT_MISUSE;
    if (linker->lookup)
        return WELT_OK;
    linker->host.errors = 0;
    welt_status status = guard(linker, make_lookup, (void *)&lookup);
    if (status == WELT_OK)
        linker->lookup = lookup;
    return status;
}

welt_status welt_span_find(welt_linker *linker, uint64_t address, size_t *index)
{
    welt_status status = index ? look_up(linker) : WELT_MISUSE;
    if (status != WELT_OK)
        return status;
    const struct by_address *spans = linker->lookup->spans;
    size_t low = 0, high = linker->link->spans.count; /* the first that begins behind it */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (spans[middle].address <= address)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low && spans[low - 1].reach > address; low--) {
        const struct span *span = &linker->link->spans.at[spans[low - 1].span];
        if (address - span->address >= span->size)
            continue;
        *index = spans[low - 1].span;
        return WELT_OK;
    }
    return WELT_FAILED;
}

/* ---- symbols ---- */

static welt_status give_symbol(const struct link *link, const struct label *label,
                               welt_symbol *symbol)
{
    welt_symbol found = {.struct_size = symbol->struct_size,
                         .name = label->name,
                         .address = label->address,
                         .size = label->size,
                         .is_local = is_local(link, label)};
    if (label->input != NONE)
        found.object = link->titles[label->input];
    if (label->spot.atom != NONE) {
        const struct object *object = link->inputs.at[label->input].object;
        found.section = object->sections[object->symbols[label->symbol].section].name;
    }
    memcpy(symbol, &found, symbol->struct_size);
    return WELT_OK;
}

static bool can_give(const welt_symbol *symbol)
{
    return symbol && is_size(symbol->struct_size, sizeof *symbol);
}

welt_status welt_symbol_count(welt_linker *linker, size_t *count)
{
    welt_status status = count ? look_up(linker) : WELT_MISUSE;
    if (status == WELT_OK)
        *count = linker->lookup->labels.all.count;
    return status;
}

welt_status welt_symbol_at(welt_linker *linker, size_t index, welt_symbol *symbol)
{
    welt_status status = can_give(symbol) ? look_up(linker) : WELT_MISUSE;
    if (status != WELT_OK)
        return status;
    const struct labels *labels = &linker->lookup->labels;
    if (index >= labels->all.count)
        return WELT_MISUSE;
    return give_symbol(linker->link, &labels->all.at[index], symbol);
}

static const struct label *named_label(const struct lookup *lookup, const char *name)
{
    uint32_t number = names_find(&lookup->names, name, strlen(name));
    return number == NO_NAME ? NULL : &lookup->labels.all.at[lookup->first_label[number]];
}

welt_status welt_symbol_named(welt_linker *linker, const char *name, welt_symbol *symbol)
{
    welt_status status = name && can_give(symbol) ? look_up(linker) : WELT_MISUSE;
    if (status != WELT_OK)
        return status;
    const struct label *label = named_label(linker->lookup, name);
    return label ? give_symbol(linker->link, label, symbol) : WELT_FAILED;
}

welt_status welt_symbol_covering(welt_linker *linker, uint64_t address, welt_symbol *symbol)
{
    size_t index;
    welt_status status = can_give(symbol) ? welt_span_find(linker, address, &index) : WELT_MISUSE;
    if (status != WELT_OK)
        return status;
    const struct span *span = &linker->link->spans.at[index];
    if (span->atom == NONE)
        return WELT_FAILED;
    struct spot spot = {span->atom, address - span->address};
    const struct label *label = label_before(&linker->lookup->labels, spot);
    return label ? give_symbol(linker->link, label, symbol) : WELT_FAILED;
}

/* A symbol of a mergeable section may cover several pieces, each of them somewhere. */
welt_status welt_symbol_span(welt_linker *linker, const char *name, size_t nth, size_t *index)
{
    welt_status status = name && index ? look_up(linker) : WELT_MISUSE;
    if (status != WELT_OK)
        return status;
    const struct link *link = linker->link;
    const struct label *label = named_label(linker->lookup, name);
    if (!label || label->spot.atom == NONE)
        return WELT_FAILED;
    const struct input *input = &link->inputs.at[label->input];
    const struct symbol *symbol = &input->object->symbols[label->symbol];
    const struct section *section = &input->object->sections[symbol->section];
    uint64_t rest, end = symbol->value + (symbol->size ? symbol->size : 1);
    uint32_t atom = symbol_atom(input->object, symbol, &rest);
    uint32_t behind = section->first_atom + section->atom_count;
    for (bool first = true; atom < behind && (first || input->object->atoms[atom].offset < end);
         atom++, first = false) {
        uint32_t shown = spot_of(link, input->first_atom + atom, 0).atom;
        uint32_t span = shown == NONE ? NONE : linker->lookup->span_of_atom[shown];
        if (span == NONE || nth--)
            continue;
        *index = span;
        return WELT_OK;
    }
    return WELT_FAILED;
}
