/* SPDX-License-Identifier: MIT
 *
 * A link as a report: its rows and who keeps them, what was removed, its budgets.
 *
 * Requires the address map, complete or not, and name_atoms(). Provides link.report. It has an
 * arena of its own: a link that nobody asks about pays nothing, and asking twice costs once. */
#include "ask.h"
#include "report/labels.h"
#include "report/model.h"

#include <string.h>

/* Debug information and the files' own tables were never meant to be there: they are no loss. */
const char *why_removed(uint8_t removed)
{
    switch (removed) {
    case REMOVED_UNREACHED: return "unreached";
    case REMOVED_MERGED: return "merged";
    case REMOVED_FOLDED: return "folded";
    case REMOVED_DISCARDED: return "discarded";
    case REMOVED_DROPPED: return "dropped";
    case REMOVED_COMDAT: return "comdat";
    default: return NULL;
    }
}

static const char *string_of(struct link *link, struct report *report, struct spot spot)
{
    struct text text = {.arena = &report->arena};
    add_string(&text, link, spot);
    return (const char *)text_close(&text).data;
}

/* What stands for it: the leader's symbol, or its text. */
static const char *stand_in(struct link *link, struct report *report, uint32_t atom)
{
    struct spot spot = spot_of(link, atom, 0);
    if (spot.atom == NONE || spot.atom == atom)
        return NULL;
    if (link->atom_names[spot.atom])
        return link->atom_names[spot.atom]->name;
    return is_string_piece(link, spot.atom) ? string_of(link, report, (struct spot){spot.atom, 0})
                                            : atom_section(link, spot.atom)->name;
}

static void add_removed(struct link *link, struct report *report, uint32_t atom)
{
    const char *why = why_removed(link->atoms[atom].removed);
    const struct symbol *symbol = link->atom_names[atom];
    bool was_meant = atom_section(link, atom)->flags & SECTION_ALLOC;
    if (!why || !was_meant || !atom_of(link, atom)->size)
        return;
    const char *name = symbol ? symbol->name : NULL;
    if (!symbol && is_string_piece(link, atom))
        name = string_of(link, report, (struct spot){atom, 0});
    *list_add(&report->arena, &report->removed) =
        (struct report_removed){.why = why,
                                .size = atom_of(link, atom)->size,
                                .object = link->titles[atom_owner(link, atom)],
                                .section = atom_section(link, atom)->name,
                                .symbol = name,
                                .into = stand_in(link, report, atom)};
}

static void add_regions(struct link *link, struct report *report)
{
    for (size_t i = 0; i < link->regions.count; i++) {
        const struct region *region = &link->regions.at[i];
        *list_add(&report->arena, &report->budgets) =
            (struct report_budget){.kind = BUDGET_REGION,
                                   .name = region->name,
                                   .limit = region->length,
                                   .used = region_used(region),
                                   .in_image = region->in_image};
    }
}

static uint64_t used_of(const struct report *report)
{
    uint64_t used = 0;
    for (size_t i = 0; i < report->file_rows; i++)
        if (row_is_used(&report->rows.at[i]))
            used += report->rows.at[i].size;
    return used;
}

void describe_link(struct link *link)
{
    struct arena arena;
    if (link->report)
        return;
    arena_open(&arena, link->host);
    struct report *report = NEW(&arena, struct report);
    report->arena = arena;
    report->name = image_name(link);
    report->load_address = link->image_start;
    report->has_gc = link->gc_ran;
    cut_rows(link, report);
    report->used = used_of(report);
    find_keepers(link, report);
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        add_removed(link, report, atom);
    add_regions(link, report);
    link->report = report;
}
