/* SPDX-License-Identifier: MIT
 *
 * Drops what nothing reaches.
 *
 * Requires: atoms assigned to outputs, symbols resolved. Provides: is_live of every atom, kept_by:
 * the atom that reached it first, `removed` for the rest. Each piece of a mergeable section lives
 * or dies on its own, but for ELF files in GNU's dialect, where one piece keeps its section.
 *
 * Roots are the entry, KEEP, symbols named by -u, EXTERN, the script's expressions, SHF_GNU_RETAIN,
 * arrays of initialisers; in a boot build also every section of a name of its own: whoever writes
 * `.section .partition` into a boot sector wants it there, though no instruction names it. */
#include "ask.h"
#include "steps.h"

#include <string.h>

struct walk {
    struct link *link;
    struct atom_list pending;
    bool **reached_groups; /* input -> its group -> reached; NULL: none was */
    /* NULL where nobody's __start_NAME keeps what is between it and __stop_NAME: */
    uint32_t *bounded;    /* global -> the output section whose bounds it is, or NONE */
    struct asker *askers; /* output section -> who first named its bounds */
    bool is_asked;        /* somebody did since reach_bounded() */
};

struct asker {
    bool is_there;
    uint32_t atom; /* NONE: a root */
};

static void reach(struct walk *walk, uint32_t atom, uint32_t from)
{
    struct atom_state *state = &walk->link->atoms[atom];
    if (state->is_live || state->removed != KEPT || state->output == NONE)
        return;
    state->is_live = true;
    state->kept_by = from;
    *list_add(&walk->link->arena, &walk->pending) = atom;
}

/* ---- sections whose bounds are named ---- */

static void find_bounded(struct walk *walk)
{
    struct link *link = walk->link;
    if (!link->bounds.count || !link->set->bounds_keep)
        return;
    walk->askers = NEW_ARRAY(&link->arena, struct asker, link->outputs.count + 1);
    walk->bounded = NEW_ARRAY(&link->arena, uint32_t, link->globals.count + 1);
    for (size_t i = 0; i < link->globals.count; i++)
        walk->bounded[i] = NONE;
    for (size_t i = 0; i < link->bounds.count; i++)
        walk->bounded[link->bounds.at[i].global] = link->bounds.at[i].output;
}

static void ask_for_bounds(struct walk *walk, uint32_t global, uint32_t from)
{
    uint32_t output = walk->bounded && global != NONE ? walk->bounded[global] : NONE;
    if (output == NONE || walk->askers[output].is_there)
        return;
    walk->askers[output] = (struct asker){.is_there = true, .atom = from};
    walk->is_asked = true;
}

/* In ELF files __start_NAME is of the input sections NAME, whatever else the script puts beside
 * them; in a flat image nothing that is between the bounds is lost. */
static bool is_between(const struct link *link, uint32_t atom)
{
    const struct output *output = &link->outputs.at[link->atoms[atom].output];
    return link->form.kind == FORM_FLAT ||
           strcmp(atom_section(link, atom)->name, output->name) == 0;
}

static bool reach_bounded(struct walk *walk)
{
    const struct link *link = walk->link;
    for (uint32_t atom = 0; walk->is_asked && atom < link->atom_count; atom++) {
        uint32_t output = link->atoms[atom].output;
        if (output != NONE && walk->askers[output].is_there && is_between(link, atom))
            reach(walk, atom, walk->askers[output].atom);
    }
    walk->is_asked = false;
    return walk->pending.count != 0;
}

/* ---- roots ---- */

/* ".text", ".text.main", but not ".textual". */
static bool is_named(const char *name, const char *usual)
{
    size_t size = strlen(usual);
    return strncmp(name, usual, size) == 0 && (!name[size] || name[size] == '.');
}

static bool is_usual_name(const char *name)
{
    static const char *const usual[] = {".text",  ".rodata", ".data", ".bss",
                                        "COMMON", ".got",    ".entry"};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (is_named(name, usual[i]))
            return true;
    return false;
}

/* GNU ld keeps arrays of constructors only where KEEP says so. */
static uint32_t root_flags(const struct link *link)
{
    bool as_ld =
        link->set->face == WELT_FACE_LD && link->form.kind == FORM_EXECUTABLE && !link->form.as_lld;
    return SECTION_RETAIN | SECTION_NOTE | (as_ld ? 0 : SECTION_INIT);
}

static bool is_root_section(const struct link *link, const struct section *section)
{
    if (!(section->flags & SECTION_ALLOC) || section->flags & SECTION_UNWIND)
        return false;
    if (section->flags & root_flags(link))
        return true;
    return link->set->face == WELT_FACE_BOOT && !is_usual_name(section->name);
}

static void reach_target(struct walk *walk, const struct target *target, uint32_t from)
{
    if (target->kind == TARGET_ATOM)
        reach(walk, target->atom, from);
}

/* --gc-keep-exported: what another program could name. */
static bool is_exported(const struct link *link, const struct global *global)
{
    bool is_defined = global->state == GLOBAL_DEFINED || global->state == GLOBAL_WEAK_DEFINED;
    if (!link->set->given.gc_keep_exported || !is_defined)
        return false;
    const struct object *object = link->inputs.at[global->input].object;
    uint8_t visibility = object->symbols[global->symbol].visibility;
    return visibility == VISIBLE_DEFAULT || visibility == VISIBLE_PROTECTED;
}

static void reach_roots(struct walk *walk)
{
    struct link *link = walk->link;
    if (link->jump_atom != NONE)
        reach(walk, link->jump_atom, NONE);
    if (link->entry_atom != NONE)
        reach(walk, link->entry_atom, NONE);
    if (link->got_atom != NONE && link->form.as_lld) /* lld: named is enough */
        reach(walk, link->got_atom, NONE);
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        const struct section *section = atom_section(link, atom);
        bool is_kept = link->atoms[atom].is_root && !(section->flags & SECTION_UNWIND);
        if (is_kept || is_root_section(link, section))
            reach(walk, atom, NONE);
    }
    for (uint32_t i = 0; i < link->globals.count; i++) {
        if (!link->globals.at[i].is_root && !is_exported(link, &link->globals.at[i]))
            continue;
        struct target target = global_target(link, i);
        reach_target(walk, &target, NONE);
        ask_for_bounds(walk, i, NONE);
    }
}

/* ---- the walk ---- */

/* Of a reference through the global offset table: the table, and the slot that is loaded from. */
static unsigned table_targets(const struct link *link, const struct input *input, uint32_t atom,
                              const struct ref *ref, struct target *targets)
{
    unsigned count = 0;
    bool wants_slot = ref_wants_slot(link, input, atom_section(link, atom), ref);
    if (link->got_atom != NONE && ref_is_of_table(ref) &&
        (wants_slot || !ref_is_of_slot(ref) || link->dynamic))
        targets[count++] =
            (struct target){.kind = TARGET_ATOM, .atom = link->got_atom, .global = NONE};
    if (wants_slot && input->got_slots)
        targets[count++] = (struct target){
            .kind = TARGET_ATOM, .atom = input->got_slots[ref->symbol] - 1, .global = NONE};
    return count;
}

unsigned ref_targets(const struct link *link, uint32_t atom, const struct ref *ref,
                     struct target targets[REF_TARGETS])
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    targets[0] = ref_target(link, input, ref);
    unsigned count = targets[0].kind == TARGET_ATOM;
    if (link->form.kind != FORM_RELOCATABLE && input->object->uses_got)
        count += table_targets(link, input, atom, ref, targets + count);
    return count;
}

static void reach_in_same_section(struct walk *walk, uint32_t atom, uint32_t from)
{
    const struct link *link = walk->link;
    if (atom >= link->atom_count)
        return;
    bool is_same = link->atoms[atom].input == link->atoms[from].input &&
                   atom_section(link, atom) == atom_section(link, from);
    if (is_same || are_commons_of_one(link, atom, from))
        reach(walk, atom, from);
}

/* GNU ld drops sections, and merges what is left of them: all strings of a section stay with one,
 * all common symbols of an object too. Each piece reaches its neighbours. In a flat image, where
 * GNU ld drops nothing, this is not followed. */
static void reach_neighbours(struct walk *walk, uint32_t atom)
{
    const struct link *link = walk->link;
    bool is_whole = link->form.kind != FORM_FLAT && !link->set->lld;
    if (!is_whole || !(atom_section(link, atom)->flags & (SECTION_MERGE | SECTION_NOBITS)))
        return;
    if (atom)
        reach_in_same_section(walk, atom - 1, atom);
    reach_in_same_section(walk, atom + 1, atom);
}

/* Whether it is the first time: each member of a group leads here. */
static bool is_new_group(struct walk *walk, uint32_t input, uint32_t group)
{
    struct link *link = walk->link;
    if (!walk->reached_groups)
        walk->reached_groups =
            (bool **)arena_array(&link->arena, link->inputs.count, sizeof *walk->reached_groups);
    bool **reached = &walk->reached_groups[input];
    if (!*reached)
        *reached = NEW_ARRAY(&link->arena, bool, link->inputs.at[input].object->group_count);
    bool is_new = !(*reached)[group];
    (*reached)[group] = true;
    return is_new;
}

/* A group lives or dies as one; a flat image of GNU ld's dialect, where GNU ld drops nothing, keeps
 * only what is used. */
static void reach_group(struct walk *walk, uint32_t atom)
{
    const struct link *link = walk->link;
    const struct section *section = atom_section(link, atom);
    if (!section->group || (link->form.kind == FORM_FLAT && !link->set->lld))
        return;
    uint32_t number = link->atoms[atom].input;
    const struct input *input = &link->inputs.at[number];
    const struct group *group = &input->object->groups[section->group - 1];
    if (atom != input->first_atom + section->first_atom ||
        !is_new_group(walk, number, section->group - 1))
        return;
    for (uint32_t m = 0; m < group->member_count; m++) {
        const struct section *member = &input->object->sections[group->members[m]];
        for (uint32_t a = 0; a < member->atom_count; a++)
            reach(walk, input->first_atom + member->first_atom + a, atom);
    }
}

static void reach_from(struct walk *walk, uint32_t atom)
{
    struct link *link = walk->link;
    reach_neighbours(walk, atom);
    reach_group(walk, atom);
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct atom *its = atom_of(link, atom);
    struct target targets[REF_TARGETS];
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        unsigned count = ref_targets(link, atom, ref, targets);
        for (unsigned i = 0; i < count; i++)
            reach(walk, targets[i].atom, atom);
        ask_for_bounds(walk, input->globals[ref->symbol], atom);
    }
}

static void drain(struct walk *walk)
{
    while (walk->pending.count)
        reach_from(walk, walk->pending.at[--walk->pending.count]);
}

/* The atom that a section of SHF_LINK_ORDER (unwind data, metadata) or a record of .eh_frame is
 * about, or NONE: it lives when that does, KEEP or not. */
static uint32_t subject_of(const struct link *link, uint32_t atom)
{
    const struct section *section = atom_section(link, atom);
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    if (section->flags & SECTION_UNWIND)
        return unwind_function(link, atom);
    if (!section->link || !input->object->sections[section->link].atom_count)
        return NONE;
    return input->first_atom + input->object->sections[section->link].first_atom;
}

/* To GNU ld unwind tables that a script does not keep are not needed. */
static bool is_forgotten(const struct link *link, uint32_t atom)
{
    return atom_section(link, atom)->flags & SECTION_UNWIND && !link->atoms[atom].is_root &&
           link->form.kind != FORM_FLAT && !link->set->lld && link->set->face == WELT_FACE_LD;
}

static bool reach_followers(struct walk *walk)
{
    struct link *link = walk->link;
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        const struct section *section = atom_section(link, atom);
        if (!(section->link || section->flags & SECTION_UNWIND) || link->atoms[atom].is_live ||
            is_forgotten(link, atom))
            continue;
        uint32_t subject = subject_of(link, atom);
        if (subject == NONE || !link->atoms[subject].is_live)
            continue;
        reach(walk, atom, subject);
        uint32_t cie = section->flags & SECTION_UNWIND ? unwind_cie(link, atom) : NONE;
        if (cie != NONE)
            reach(walk, cie, atom);
    }
    return walk->pending.count != 0;
}

/* Unwind tables that a script keeps live by record; to GNU ld the section is kept as a whole. */
static bool holds_debug(const struct link *link, uint32_t atom)
{
    const struct atom_state *state = &link->atoms[atom];
    uint32_t flags = atom_section(link, atom)->flags;
    if (flags & SECTION_UNWIND && !link->set->lld && state->removed == KEPT)
        return state->is_live || state->is_root;
    return state->is_live && !(flags & SECTION_NOTE);
}

/* To GNU ld what is not loaded and has relocations is a program's like any other, unless it is
 * debug information. */
static bool must_be_reached(const struct link *link, uint32_t atom)
{
    bool as_ld = link->set->face == WELT_FACE_LD && !link->set->lld;
    return as_ld && atom_of(link, atom)->ref_count && !is_debug(atom_section(link, atom)->name);
}

/* What is not loaded keeps nothing alive, and stays when something of its object does, notes
 * aside. */
static void keep_debug(struct link *link)
{
    uint8_t *is_live = NEW_ARRAY(&link->arena, uint8_t, link->inputs.count);
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        is_live[link->atoms[atom].input] |= holds_debug(link, atom);
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        struct atom_state *state = &link->atoms[atom];
        bool is_loaded = atom_section(link, atom)->flags & SECTION_ALLOC;
        if (!is_loaded && state->removed == KEPT && state->output != NONE &&
            !must_be_reached(link, atom))
            state->is_live = is_live[state->input] || state->input == link->made_input;
    }
}

static void keep_all(struct link *link)
{
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        struct atom_state *state = &link->atoms[atom];
        state->is_live = state->removed == KEPT && state->output != NONE;
        state->kept_by = NONE;
    }
}

const char *root_reason(const struct link *link, uint32_t atom)
{
    const struct atom_state *state = &link->atoms[atom];
    if (atom == link->entry_atom || atom == link->jump_atom)
        return "entry";
    if (state->is_root)
        return "KEEP";
    if (!link->gc_ran || state->kept_by != NONE || !state->is_live)
        return NULL;
    if (atom_section(link, atom)->flags & root_flags(link))
        return "retained";
    return is_root_section(link, atom_section(link, atom)) ? "section's name" : "asked for";
}

void drop_unreached(struct link *link)
{
    struct walk walk = {.link = link};
    /* -e 0x7c00; GNU ld then drops all that nothing else asks for */
    bool as_ld = link->set->face == WELT_FACE_LD && link->form.kind == FORM_EXECUTABLE;
    bool by_address = link->entry_atom == NONE && link->set->given.entry && !as_ld;
    if (!link->set->gc || by_address) {
        keep_all(link);
        return;
    }
    link->gc_ran = true;
    find_bounded(&walk);
    reach_roots(&walk);
    do
        drain(&walk);
    while (reach_bounded(&walk) || reach_followers(&walk));
    if (link->form.with_debug)
        keep_debug(link);
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        struct atom_state *state = &link->atoms[atom];
        if (!state->is_live && state->removed == KEPT)
            state->removed = REMOVED_UNREACHED;
    }
}
