/* SPDX-License-Identifier: MIT
 *
 * Identical code folding: one copy of functions (with --icf=all also of constants) that are equal.
 *
 * Requires: live atoms, merged pieces. Provides: leaders, as merge.c does.
 *
 * Two functions are equal when their bytes are, and when what they refer to is the same or is
 * itself equal: two functions that call each other may equal two others that do. So all candidates
 * are first put into classes by what stands in them, targets left aside; then a class is split
 * where members' targets are in different classes, again and again until nothing splits
 * (classes.h). Starting coarse and splitting finds the cycles, which starting fine and joining does
 * not.
 *
 * `safe` folds only what is reached by branches alone: of such code no program can tell the
 * address. */
#include "ask.h"
#include "resolve/classes.h"
#include "steps.h"

#include <string.h>

struct folder {
    struct link *link;
    uint32_t *atoms; /* candidate -> atom, ascending */
    uint32_t count;
    uint32_t *candidate_of; /* atom -> candidate, or NONE */
    struct classes classes; /* of candidates */
    /* Who refers to a candidate: */
    uint32_t *first_referrer; /* candidate -> index into referrers; one more is the end */
    uint32_t *referrers;
};

/* Where a reference leads, through leaders. */
struct destination {
    uint8_t kind;
    uint32_t atom, global;
    uint64_t offset;
};

static struct destination destination_of(const struct link *link, const struct input *input,
                                         const struct ref *ref)
{
    struct target target = ref_target(link, input, ref);
    struct destination to = {target.kind, target.atom, target.global, target.offset};
    to.offset += (uint64_t)target.addend;
    if (to.kind != TARGET_ATOM)
        return to;
    while (link->atoms[to.atom].leader != to.atom) {
        to.offset += link->atoms[to.atom].leader_offset;
        to.atom = link->atoms[to.atom].leader;
    }
    to.global = NONE;
    return to;
}

/* ---- candidates ---- */

/* Marks atoms whose address the program may come to know: referred to by anything but a branch. */
static void mark_address_taken(const struct link *link, uint32_t atom, uint8_t *taken)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct atom *its = atom_of(link, atom);
    bool from_code = atom_section(link, atom)->flags & SECTION_EXEC;
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        uint8_t operation = ref_kinds[ref->kind].operation;
        bool is_branch = from_code && (operation == REF_RELATIVE || operation == REF_PLT);
        struct destination to = destination_of(link, input, ref);
        if (!is_branch && to.kind == TARGET_ATOM)
            taken[to.atom] = 1;
    }
}

static bool is_candidate(const struct link *link, uint32_t atom, const uint8_t *taken)
{
    const struct atom_state *state = &link->atoms[atom];
    const struct section *section = atom_section(link, atom);
    if (!(section->flags & SECTION_ALLOC) || !state->is_live || state->is_root ||
        link->outputs.at[state->output].is_bounded || atom == link->entry_atom ||
        atom == link->jump_atom)
        return false;
    if (section->flags & (SECTION_WRITE | SECTION_NOBITS | SECTION_MERGE | SECTION_RETAIN |
                          SECTION_INIT | SECTION_NOTE))
        return false;
    if (!atom_of(link, atom)->size && !link->form.as_lld)
        return false; /* lld's next section need not stand at its alignment */
    if (link->set->given.icf == WELT_ICF_ALL)
        return true;
    return (section->flags & SECTION_EXEC) && !taken[atom];
}

static void find_candidates(struct folder *folder)
{
    struct link *link = folder->link;
    uint8_t *taken = NEW_ARRAY(&link->arena, uint8_t, link->atom_count);
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].is_live && atom_section(link, atom)->flags & SECTION_ALLOC)
            mark_address_taken(link, atom, taken);
    folder->atoms = NEW_ARRAY(&link->arena, uint32_t, link->atom_count);
    folder->candidate_of = NEW_ARRAY(&link->arena, uint32_t, link->atom_count);
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        bool is_one = is_candidate(link, atom, taken);
        folder->candidate_of[atom] = is_one ? folder->count : NONE;
        if (is_one)
            folder->atoms[folder->count++] = atom;
    }
}

/* ---- who refers to them ---- */

/* Counts a candidate's references to each, or writes them down where `next` says. */
static void visit_refs(struct folder *folder, uint32_t candidate, uint32_t *next, bool write)
{
    const struct link *link = folder->link;
    const struct atom *its = atom_of(link, folder->atoms[candidate]);
    const struct input *input = &link->inputs.at[link->atoms[folder->atoms[candidate]].input];
    for (uint32_t r = 0; r < its->ref_count; r++) {
        struct destination to =
            destination_of(link, input, &input->object->refs[its->first_ref + r]);
        uint32_t target = to.kind == TARGET_ATOM ? folder->candidate_of[to.atom] : NONE;
        if (target == NONE)
            continue;
        if (write)
            folder->referrers[next[target]] = candidate;
        next[target]++;
    }
}

static void find_referrers(struct folder *folder)
{
    struct arena *arena = &folder->link->arena;
    uint32_t *next = NEW_ARRAY(arena, uint32_t, folder->count), sum = 0;
    folder->first_referrer = NEW_ARRAY(arena, uint32_t, folder->count + 1);
    for (uint32_t i = 0; i < folder->count; i++)
        visit_refs(folder, i, next, false);
    for (uint32_t i = 0; i < folder->count; i++) {
        uint32_t count = next[i];
        folder->first_referrer[i] = next[i] = sum;
        sum += count;
    }
    folder->first_referrer[folder->count] = sum;
    folder->referrers = NEW_ARRAY(arena, uint32_t, sum);
    for (uint32_t i = 0; i < folder->count; i++)
        visit_refs(folder, i, next, true);
}

/* ---- equality ---- */

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * 0xd6e8feb86659fd93u;
    return hash ^ hash >> 32;
}

/* The bytes between the fields that references fill in. */
static bool same_bytes(const struct link *link, uint32_t left, uint32_t right)
{
    const struct atom *a = atom_of(link, left), *b = atom_of(link, right);
    const struct object *object = atom_object(link, left);
    const unsigned char *x = object->sections[a->section].bytes + a->offset;
    const unsigned char *y = atom_section(link, right)->bytes + b->offset;
    uint64_t from = 0;
    for (uint32_t r = 0; r < a->ref_count; r++) {
        const struct ref *ref = &object->refs[a->first_ref + r];
        uint64_t field = ref->offset - a->offset;
        if (!ref_kinds[ref->kind].width)
            continue; /* such a one may stand anywhere, past the end too */
        if (field > from && memcmp(x + from, y + from, field - from) != 0)
            return false;
        uint64_t end = field + ref_kinds[ref->kind].width;
        from = end > from ? end : from;
    }
    return from >= a->size || memcmp(x + from, y + from, a->size - from) == 0;
}

static bool same_shape(const void *of, uint32_t one, uint32_t other)
{
    const struct folder *folder = of;
    const struct link *link = folder->link;
    uint32_t left = folder->atoms[one], right = folder->atoms[other];
    const struct atom *a = atom_of(link, left), *b = atom_of(link, right);
    const struct section *s = atom_section(link, left), *t = atom_section(link, right);
    if (a->size != b->size || a->ref_count != b->ref_count || s->flags != t->flags ||
        link->atoms[left].output != link->atoms[right].output)
        return false;
    const struct ref *x = atom_object(link, left)->refs + a->first_ref;
    const struct ref *y = atom_object(link, right)->refs + b->first_ref;
    for (uint32_t r = 0; r < a->ref_count; r++)
        if (x[r].kind != y[r].kind || x[r].offset - a->offset != y[r].offset - b->offset)
            return false;
    return same_bytes(link, left, right);
}

static bool same_destination(const struct folder *folder, struct destination a,
                             struct destination b)
{
    if (a.kind != b.kind || a.offset != b.offset)
        return false;
    if (a.kind != TARGET_ATOM)
        return a.global == b.global;
    uint32_t x = folder->candidate_of[a.atom], y = folder->candidate_of[b.atom];
    return a.atom == b.atom ||
           (x != NONE && y != NONE && folder->classes.class_of[x] == folder->classes.class_of[y]);
}

static bool same_targets(const void *of, uint32_t one, uint32_t other)
{
    const struct folder *folder = of;
    const struct link *link = folder->link;
    uint32_t left = folder->atoms[one], right = folder->atoms[other];
    const struct input *i = &link->inputs.at[link->atoms[left].input];
    const struct input *j = &link->inputs.at[link->atoms[right].input];
    const struct atom *a = atom_of(link, left), *b = atom_of(link, right);
    for (uint32_t r = 0; r < a->ref_count; r++)
        if (!same_destination(folder, destination_of(link, i, &i->object->refs[a->first_ref + r]),
                              destination_of(link, j, &j->object->refs[b->first_ref + r])))
            return false;
    return true;
}

static uint64_t hash_shape(const void *of, uint32_t candidate)
{
    const struct folder *folder = of;
    const struct link *link = folder->link;
    uint32_t atom = folder->atoms[candidate];
    const struct atom *its = atom_of(link, atom);
    const struct object *object = atom_object(link, atom);
    const unsigned char *bytes = object->sections[its->section].bytes + its->offset;
    uint64_t hash = mix(its->size, its->ref_count), from = 0;
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &object->refs[its->first_ref + r];
        uint64_t field = ref->offset - its->offset;
        if (!ref_kinds[ref->kind].width)
            continue;
        if (field > from)
            hash = mix(hash, hash_bytes(bytes + from, field - from, 0));
        uint64_t end = field + ref_kinds[ref->kind].width;
        from = end > from ? end : from;
    }
    return from < its->size ? mix(hash, hash_bytes(bytes + from, its->size - from, 0)) : hash;
}

static uint64_t hash_targets(const void *of, uint32_t candidate)
{
    const struct folder *folder = of;
    const struct link *link = folder->link;
    uint32_t atom = folder->atoms[candidate];
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct atom *its = atom_of(link, atom);
    uint64_t hash = its->ref_count;
    for (uint32_t r = 0; r < its->ref_count; r++) {
        struct destination to =
            destination_of(link, input, &input->object->refs[its->first_ref + r]);
        uint32_t target = to.kind == TARGET_ATOM ? folder->candidate_of[to.atom] : NONE;
        uint64_t where =
            target != NONE ? folder->classes.class_of[target] : mix(to.atom, to.global);
        hash = mix(mix(hash, where), to.offset);
    }
    return hash;
}

/* ---- classes ---- */

static void look_at_all(struct folder *folder)
{
    for (uint32_t i = 0; i < folder->count; i++)
        classes_look_at(&folder->classes, i);
}

static void look_at_referrers(struct folder *folder)
{
    const struct classes *classes = &folder->classes;
    for (uint32_t i = 0; i < classes->renamed_count; i++) {
        uint32_t target = classes->renamed[i];
        for (uint32_t r = folder->first_referrer[target]; r < folder->first_referrer[target + 1];
             r++)
            classes_look_at(&folder->classes, folder->referrers[r]);
    }
}

static void split_classes(struct folder *folder)
{
    const struct sameness by_shape = {folder, hash_shape, same_shape};
    const struct sameness by_targets = {folder, hash_targets, same_targets};
    classes_open(&folder->classes, &folder->link->arena, folder->count);
    look_at_all(folder);
    classes_split(&folder->classes, &by_shape);
    look_at_all(folder);
    while (folder->classes.open_count) {
        host_progress(folder->link->host, "fold", 0, 0);
        classes_split(&folder->classes, &by_targets);
        look_at_referrers(folder);
    }
}

/* ---- folding ---- */

static void fold_into(struct link *link, uint32_t leader, uint32_t atom)
{
    struct atom_state *state = &link->atoms[atom];
    if (link->atoms[leader].align < state->align)
        link->atoms[leader].align = state->align;
    state->leader = leader;
    state->leader_offset = 0;
    state->is_live = false;
    state->removed = REMOVED_FOLDED;
}

/* --keep-unique: a function whose address counts is as a root, which nothing stands for. */
static void keep_unique(struct link *link)
{
    const welt_options *given = &link->set->given;
    for (size_t i = 0; i < given->kept_unique_count; i++) {
        uint32_t global = global_find(link, given->kept_unique[i]);
        struct target target = {.kind = TARGET_UNDEFINED};
        if (global != NONE)
            target = global_target(link, global);
        if (target.kind == TARGET_ATOM)
            link->atoms[target.atom].is_root = true;
    }
}

/* The first of each class stands for the others. */
static void fold_classes(struct folder *folder)
{
    const struct classes *classes = &folder->classes;
    uint32_t *leaders = NEW_ARRAY(&folder->link->arena, uint32_t, classes->all.count);
    for (uint32_t i = folder->count; i-- > 0;)
        leaders[classes->class_of[i]] = i;
    for (uint32_t i = 0; i < folder->count; i++) {
        uint32_t leader = leaders[classes->class_of[i]];
        if (leader != i)
            fold_into(folder->link, folder->atoms[leader], folder->atoms[i]);
    }
}

void fold_code(struct link *link)
{
    struct folder folder = {.link = link};
    if (link->set->given.icf == WELT_ICF_NONE)
        return;
    keep_unique(link);
    find_candidates(&folder);
    find_referrers(&folder);
    split_classes(&folder);
    fold_classes(&folder);
}
