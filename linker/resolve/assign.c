/* SPDX-License-Identifier: MIT
 *
 * Which output section takes which input section.
 *
 * Requires: inputs, the script's tree, the entry. Provides: link.outputs in the script's order with
 * orphans in between, link.taken for each input statement, atoms' `output`, KEEP as a gc root, what
 * is dropped.
 *
 * The first pattern in the script's order that matches takes a section; within one statement the
 * order is that of the inputs (manual of GNU ld 2.40, 3.6.4 "Input Section Description"). So one
 * walk over the sections, each held against the patterns in order, gives what ld's walk over the
 * patterns gives. */
#include "ask.h"
#include "resolve/orphans.h"
#include "resolve/rules.h"
#include "resolve/sort_taken.h"
#include "steps.h"

#include <string.h>

struct assigner {
    struct link *link;
    struct rules rules;
    struct taken_list *taken; /* statement index -> sections */
    bool *takes_by_each;      /* statement index -> sorts_by_tree() */
};

/* ---- giving a section away ---- */

static void remove_section(struct link *link, uint32_t first_atom, uint32_t count, enum removal why)
{
    for (uint32_t i = 0; i < count; i++)
        link->atoms[first_atom + i].removed = (uint8_t)why;
}

static void give(struct assigner *assigner, uint32_t first_atom, uint32_t count,
                 const struct rule *rule)
{
    struct link *link = assigner->link;
    struct output *output = &link->outputs.at[rule->output];
    if (output->is_discard) {
        remove_section(link, first_atom, count, REMOVED_DISCARDED);
        return;
    }
    *list_add(&link->arena, &assigner->taken[rule->statement->index]) =
        (struct taken_section){first_atom, count, rule->pattern};
    for (uint32_t i = 0; i < count; i++) {
        link->atoms[first_atom + i].output = rule->output;
        link->atoms[first_atom + i].is_root |= rule->statement->keep;
    }
}

/* GNU ld sorts what is taken by each of the statement's patterns that match it. */
static void give_section(struct assigner *assigner, uint32_t first_atom, const struct rule *rule,
                         const struct object *object, const struct section *section)
{
    struct link *link = assigner->link;
    uint32_t statement = rule->statement->index;
    give(assigner, first_atom, section->atom_count, rule);
    if (link->outputs.at[rule->output].is_discard || !assigner->takes_by_each[statement])
        return;
    while ((rule = rules_next(&assigner->rules, rule, object, section)))
        *list_add(&link->arena, &assigner->taken[statement]) =
            (struct taken_section){first_atom, section->atom_count, rule->pattern};
}

/* Whether what a rule takes has no bytes in the image: memory that a script places below it. */
static bool takes_memory(const struct link *link, const struct rule *rule)
{
    const struct statement *s = link->outputs.at[rule->output].statement;
    const char *name = rule->pattern ? rule->pattern->name.text : "";
    return (s && s->type == OUTPUT_NOLOAD) || strncmp(name, ".bss", strlen(".bss")) == 0 ||
           strcmp(name, "COMMON") == 0;
}

/* In a boot build the entry's section goes first: into the first place where the script takes
 * input for the image. */
static void give_entry_first(struct assigner *assigner)
{
    struct link *link = assigner->link;
    if (!link->set->entry_first || link->entry_atom == NONE)
        return;
    const struct rule *first = NULL;
    for (size_t i = 0; i < assigner->rules.all.count; i++) {
        const struct rule *rule = &assigner->rules.all.at[i];
        if (link->outputs.at[rule->output].is_discard || takes_memory(link, rule))
            continue;
        if (!first || rule->output < first->output)
            first = rule;
    }
    if (!first)
        return;
    if (link->jump_atom != NONE)
        give(assigner, link->jump_atom, 1, first);
    give(assigner, link->entry_atom, 1, first);
}

/* Notes and unwind tables say nothing to a flat image: at its front they are executed. */
static bool is_dropped(const struct link *link, const struct section *section)
{
    if (link->form.kind != FORM_FLAT)
        return false;
    if (strncmp(section->name, ".note.gnu.", 10) == 0)
        return true;
    if (!link->set->drop_notes)
        return false;
    return (section->flags & SECTION_NOTE) || strncmp(section->name, ".eh_frame", 9) == 0;
}

/* Whether a section that is not loaded is looked at: scripts of GNU ld's dialect may name it. */
static bool may_stay(const struct link *link, const struct section *section)
{
    const welt_options *given = &link->set->given;
    bool by_layout = !given->script_path && !given->script_text;
    if (!link->form.with_debug && (by_layout || link->set->face == WELT_FACE_BOOT))
        return false;
    return given->strip == WELT_STRIP_NOTHING || !is_debug(section->name);
}

static bool takes_part(const struct link *link, const struct section *section)
{
    if (section->flags & SECTION_META)
        return false;
    if (section->flags & SECTION_EXCLUDE && link->form.kind != FORM_RELOCATABLE)
        return false;
    return section->flags & SECTION_ALLOC || may_stay(link, section);
}

/* The rules of a boot layout are about what is loaded; they may only discard the rest. */
static bool is_rule_for(const struct link *link, const struct section *section,
                        const struct rule *rule)
{
    if (link->outputs.at[rule->output].is_discard)
        return true;
    return !stands_alone(link, section) &&
           (section->flags & SECTION_ALLOC || link->set->face == WELT_FACE_LD);
}

/* A section that no pattern takes: --orphan-handling says what becomes of it. */
static void take_orphan(struct link *link, const struct object *owner, uint32_t first,
                        uint32_t count, const struct section *section)
{
    welt_orphans orphans = link->set->given.orphans;
    struct place place = {.file = owner->path, .member = owner->member, .section = section->name};
    if (orphans == WELT_ORPHANS_DISCARD) {
        remove_section(link, first, count, REMOVED_DISCARDED);
        return;
    }
    if (orphans == WELT_ORPHANS_WARN)
        diagnose(link->host, WELT_WARNING, "orphan", place, NULL,
                 "orphan section `%s' is placed in section `%s'", section->name, section->name);
    if (orphans == WELT_ORPHANS_ERROR)
        diagnose(link->host, WELT_ERROR, "orphan", place,
                 "name it in the script: in an output section, or in /DISCARD/",
                 "orphan section `%s' is not placed", section->name);
    add_orphan(link, first, count, section);
}

static void assign_section(struct assigner *assigner, const struct input *input, uint32_t index)
{
    struct link *link = assigner->link;
    const struct section *section = &input->object->sections[index];
    uint32_t first = input->first_atom + section->first_atom, count = section->atom_count;
    if (!count || link->atoms[first].output != NONE)
        return;
    if (input->section_gone[index]) {
        remove_section(link, first, count, REMOVED_COMDAT);
        return;
    }
    if (!takes_part(link, section)) {
        remove_section(link, first, count, REMOVED_NOT_ALLOC);
        return;
    }
    bool is_made = input == &link->inputs.at[link->made_input];
    const struct object *owner =
        is_made ? link->inputs.at[link->made_owner[index]].object : input->object;
    const struct rule *rule = rules_find(&assigner->rules, owner, section);
    if (rule && is_rule_for(link, section, rule))
        give_section(assigner, first, rule, owner, section);
    else if (!(section->flags & SECTION_ALLOC) && !link->form.with_debug)
        remove_section(link, first, count, REMOVED_NOT_ALLOC);
    else if (is_dropped(link, section))
        remove_section(link, first, count, REMOVED_DROPPED);
    else if (is_made && !section->size)
        add_orphan(link, first, count, section);
    else
        take_orphan(link, owner, first, count, section);
}

/* ---- order within a statement ---- */

static void spread(struct assigner *assigner, const struct statement *s)
{
    struct link *link = assigner->link;
    struct taken_list *sections = &assigner->taken[s->index];
    sort_taken(link, s, sections);
    for (size_t i = 0; i < sections->count; i++)
        for (uint32_t a = 0; a < sections->at[i].count; a++)
            *list_add(&link->arena, &link->taken[s->index]) = sections->at[i].atom + a;
}

static void spread_all(struct assigner *assigner)
{
    const struct statement *last = NULL;
    const struct rules *rules = &assigner->rules;
    for (size_t i = 0; i < rules->all.count; i++) {
        if (rules->all.at[i].statement != last)
            spread(assigner, rules->all.at[i].statement);
        last = rules->all.at[i].statement;
    }
}

/* The sections that the linker made, by the inputs that they are made for. Each kind of them comes
 * in that order already, so that little is moved. */
static struct atom_list order_made(struct link *link)
{
    struct atom_list order = {0};
    const uint32_t *owner = link->made_owner;
    uint32_t count = link->inputs.at[link->made_input].object->section_count;
    for (uint32_t s = 1; s < count; s++) {
        size_t at = order.count;
        *list_add(&link->arena, &order) = s;
        for (; at && owner[order.at[at - 1]] > owner[s]; at--)
            order.at[at] = order.at[at - 1];
        order.at[at] = s;
    }
    return order;
}

/* What the linker made for an input (its common symbols) comes behind the input's own sections. */
static void assign_made(struct assigner *assigner, const struct atom_list *order, uint32_t owner,
                        size_t *next)
{
    struct link *link = assigner->link;
    const struct input *made = &link->inputs.at[link->made_input];
    for (; *next < order->count && link->made_owner[order->at[*next]] <= owner; ++*next)
        assign_section(assigner, made, order->at[*next]);
}

/* lld takes common symbols first, what it makes itself last, and of that .eh_frame at the very end:
 * all records of all objects are one section that it makes. */
enum lld_turn { TURN_COMMONS, TURN_INPUTS, TURN_MADE, TURN_UNWIND, TURN_COUNT };

static enum lld_turn turn_of(const struct link *link, uint32_t input, const struct section *section)
{
    if (section->flags & SECTION_UNWIND)
        return TURN_UNWIND;
    if (input != link->made_input)
        return TURN_INPUTS;
    return strcmp(section->name, "COMMON") == 0 ? TURN_COMMONS : TURN_MADE;
}

static void assign_as_lld(struct assigner *assigner)
{
    struct link *link = assigner->link;
    for (int turn = 0; turn < TURN_COUNT; turn++)
        for (uint32_t i = 0; i < link->inputs.count; i++) {
            const struct input *input = &link->inputs.at[i];
            for (uint32_t s = 1; s < input->object->section_count; s++)
                if (turn_of(link, i, &input->object->sections[s]) == (enum lld_turn)turn)
                    assign_section(assigner, input, s);
        }
}

static void assign_in_order(struct assigner *assigner)
{
    struct link *link = assigner->link;
    struct atom_list order = order_made(link);
    size_t made = 0;
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        host_progress(link->host, "assign", i, link->inputs.count);
        for (uint32_t s = 1; s < input->object->section_count; s++)
            assign_section(assigner, input, s);
        assign_made(assigner, &order, i, &made);
    }
}

static void find_trees(struct assigner *assigner, uint32_t statements)
{
    const struct rules *rules = &assigner->rules;
    const struct statement *last = NULL;
    assigner->takes_by_each = NEW_ARRAY(&assigner->link->arena, bool, statements);
    for (size_t i = 0; i < rules->all.count; i++) {
        const struct statement *s = rules->all.at[i].statement;
        if (s != last)
            assigner->takes_by_each[s->index] = sorts_by_tree(assigner->link, s);
        last = s;
    }
}

void assign_sections(struct link *link)
{
    struct assigner assigner = {.link = link};
    uint32_t statements = link->script->input_statements;
    assigner.taken = NEW_ARRAY(&link->arena, struct taken_list, statements);
    link->taken = NEW_ARRAY(&link->arena, struct atom_list, statements);
    rules_open(link, &assigner.rules);
    find_trees(&assigner, statements);
    name_outputs(link);
    give_entry_first(&assigner);
    if (link->form.as_lld)
        assign_as_lld(&assigner);
    else
        assign_in_order(&assigner);
    rules_close(link, &assigner.rules);
    spread_all(&assigner);
    if (!link->form.as_lld) /* lld places what is still there in the end */
        place_orphans(link);
}
