/* SPDX-License-Identifier: MIT
 *
 * One copy of equal CIEs in .eh_frame, and no record of a function that is not there.
 *
 *     a.o   CIE  FDE f  FDE g           CIE  FDE f  FDE g
 *     b.o   CIE  FDE h            ->         FDE h
 *     c.o   CIE  FDE h (COMDAT)
 *
 * Requires: live atoms with their output sections. Provides: is_live of the records; a CIE that is
 * another's copy has it as its leader. GNU ld does so in ELF output to what lies in an output
 * section called .eh_frame (with -r it keeps all CIEs), and lld always; addresses behind it depend
 * on it. GNU ld's flat output keeps every record, and so does this.
 *
 * A CIE is known by its bytes and by what its references lead to (the personality routine), within
 * one output section; the first that is used stands for its likes. A terminator stays only when
 * nothing comes after it: in the middle it would end the table. lld keeps CIEs that no FDE uses,
 * drops FDEs without a function, and ends the table itself (made_unwind.c, unwind_lld.c). */
#include "input/unwind.h"
#include "ask.h"
#include "resolve/made.h"
#include "steps.h"

#include <string.h>

struct byte_list LIST_OF(unsigned char);

struct trimmer {
    struct link *link;
    struct names cies;        /* what a CIE is known by -> its number */
    struct atom_list leaders; /* number -> the first CIE */
    uint32_t *last_section;   /* output -> the first atom of the last section in it, or NONE */
};

/* ---- questions that other steps ask too ---- */

static const unsigned char *record_bytes(const struct link *link, uint32_t atom)
{
    return atom_section(link, atom)->bytes + atom_of(link, atom)->offset;
}

/* The CIE that an FDE's distance leads to, in its own object; NONE when it is no FDE or leads to
 * nothing of the kind. */
static uint32_t own_cie(const struct link *link, uint32_t atom)
{
    const unsigned char *bytes = record_bytes(link, atom);
    const struct atom *its = atom_of(link, atom);
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    if (unwind_is_end(bytes) || unwind_is_cie(bytes))
        return NONE;
    uint64_t distance = get32(bytes + UNWIND_POINTER), rest;
    if (distance > its->offset + UNWIND_POINTER)
        return NONE;
    uint32_t cie =
        input->first_atom +
        object_atom_at(input->object, its->section, its->offset + UNWIND_POINTER - distance, &rest);
    return rest == 0 && unwind_is_cie(record_bytes(link, cie)) ? cie : NONE;
}

uint32_t unwind_cie(const struct link *link, uint32_t atom)
{
    uint32_t cie = own_cie(link, atom);
    return cie == NONE ? NONE : link->atoms[cie].leader;
}

/* The reference of an FDE to its function; NULL: there is none, or it is no FDE. */
static const struct ref *function_ref(const struct link *link, uint32_t atom)
{
    const struct object *object = atom_object(link, atom);
    const struct atom *its = atom_of(link, atom);
    if (unwind_is_cie(record_bytes(link, atom)))
        return NULL;
    for (uint32_t r = its->first_ref; r < its->first_ref + its->ref_count; r++)
        if (object->refs[r].offset == its->offset + UNWIND_PC)
            return &object->refs[r];
    return NULL;
}

uint32_t unwind_function(const struct link *link, uint32_t atom)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct ref *ref = function_ref(link, atom);
    if (!ref)
        return NONE;
    /* A group's copy that lost is not the function, though its name leads to the one that won. */
    const struct symbol *symbol = &input->object->symbols[ref->symbol];
    if (symbol->home == HOME_SECTION && input->section_gone[symbol->section])
        return input->first_atom + input->object->sections[symbol->section].first_atom;
    struct target target = ref_target(link, input, ref);
    return target.kind == TARGET_ATOM ? target.atom : NONE;
}

static bool has_unwind(const struct object *object)
{
    for (uint32_t s = 1; s < object->section_count; s++)
        if (object->sections[s].flags & SECTION_UNWIND)
            return true;
    return false;
}

/* In a movable file GNU ld makes records of its own for the calls that go through a loader, in the
 * first input, and takes them out again. Where that input has no .eh_frame and the script names
 * none, they were an output section of their own, the first of the name, and that is the one which
 * it looks into: it finds nothing. */
bool unwind_is_found(const struct link *link, uint32_t output)
{
    const struct output *its = &link->outputs.at[output];
    if (link->set->lld)
        return true;
    return strcmp(its->name, ".eh_frame") == 0 &&
           (!link->dynamic || its->statement ||
            has_unwind(link->inputs.at[made_owner(link)].object));
}

bool atom_is_fde(const struct link *link, uint32_t atom)
{
    const struct atom_state *state = &link->atoms[atom];
    if (!state->is_live || state->output == NONE || state->leader != atom ||
        !(atom_section(link, atom)->flags & SECTION_UNWIND))
        return false;
    const unsigned char *bytes = record_bytes(link, atom);
    return !unwind_is_end(bytes) && !unwind_is_cie(bytes);
}

/* ---- equal CIEs ---- */

static void add_bytes(struct arena *arena, struct byte_list *key, const void *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        *list_add(arena, key) = ((const unsigned char *)bytes)[i];
}

/* Where a reference leads, as numbers: two that lead to the same place have the same ones. */
static void add_target(struct arena *arena, struct byte_list *key, const struct target *target,
                       const struct ref *ref, uint64_t place)
{
    bool by_global = target->kind == TARGET_SCRIPT || target->kind == TARGET_UNDEFINED;
    uint64_t numbers[] = {place,
                          ref->kind,
                          target->kind,
                          target->kind == TARGET_ATOM ? target->atom : 0,
                          by_global ? target->global : 0,
                          target->offset,
                          (uint64_t)target->addend};
    add_bytes(arena, key, numbers, sizeof numbers);
}

static struct byte_list key_of(struct link *link, uint32_t atom)
{
    struct byte_list key = {0};
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct atom *its = atom_of(link, atom);
    add_bytes(&link->arena, &key, &link->atoms[atom].output, sizeof link->atoms[atom].output);
    add_bytes(&link->arena, &key, record_bytes(link, atom), its->size);
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        if (ref_kinds[ref->kind].operation == REF_NONE)
            continue; /* what -r left of a record that is gone */
        struct target target = ref_target(link, input, ref);
        add_target(&link->arena, &key, &target, ref, ref->offset - its->offset);
    }
    return key;
}

/* Takes a CIE into use, or has an equal one stand for it. */
static void use_cie(struct trimmer *trimmer, uint32_t atom)
{
    struct link *link = trimmer->link;
    struct atom_state *state = &link->atoms[atom];
    if (state->is_live || state->leader != atom)
        return;
    struct byte_list key = key_of(link, atom);
    bool is_new;
    uint32_t number = names_add(&trimmer->cies, (const char *)key.at, key.count, &is_new);
    if (is_new) {
        *list_add(&link->arena, &trimmer->leaders) = atom;
        state->is_live = true;
        state->removed = KEPT;
        return;
    }
    state->leader = trimmer->leaders.at[number];
    state->removed = REMOVED_MERGED;
}

/* ---- records ---- */

static bool is_trimmed(const struct link *link, uint32_t atom)
{
    const struct atom_state *state = &link->atoms[atom];
    if (!(atom_section(link, atom)->flags & SECTION_UNWIND) || state->output == NONE)
        return false;
    return unwind_is_found(link, state->output);
}

static void drop_record(struct link *link, uint32_t atom)
{
    link->atoms[atom].is_live = false;
    link->atoms[atom].removed = REMOVED_UNREACHED;
}

static uint32_t first_of_section(const struct link *link, uint32_t atom)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    return input->first_atom + atom_section(link, atom)->first_atom;
}

/* A CIE lives by the FDEs that use it, so each is taken out first and comes back in with them. */
static void put_aside(struct trimmer *trimmer)
{
    struct link *link = trimmer->link;
    trimmer->last_section = NEW_ARRAY(&link->arena, uint32_t, link->outputs.count);
    for (size_t i = 0; i < link->outputs.count; i++)
        trimmer->last_section[i] = NONE;
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        if (!is_trimmed(link, atom) || !link->atoms[atom].is_live)
            continue;
        trimmer->last_section[link->atoms[atom].output] = first_of_section(link, atom);
        if (unwind_is_cie(record_bytes(link, atom)))
            drop_record(link, atom);
    }
}

/* Is its function gone? lld wants to know one; to GNU ld it is gone too where a link to an object
 * has left a reference to no symbol. */
static bool is_of_nothing(const struct link *link, uint32_t atom)
{
    uint32_t function = unwind_function(link, atom);
    const struct ref *ref = function_ref(link, atom);
    if (function != NONE)
        return !link->atoms[function].is_live;
    bool by_lld = link->set->lld && link->form.kind != FORM_RELOCATABLE;
    return by_lld || (ref && !ref->symbol);
}

static void trim_record(struct trimmer *trimmer, uint32_t atom)
{
    struct link *link = trimmer->link;
    if (unwind_is_end(record_bytes(link, atom))) {
        if (trimmer->last_section[link->atoms[atom].output] != first_of_section(link, atom))
            drop_record(link, atom);
        return;
    }
    uint32_t cie = own_cie(link, atom);
    if (is_of_nothing(link, atom))
        drop_record(link, atom);
    else if (cie != NONE)
        use_cie(trimmer, cie);
}

/* ---- what pads the last record of each section ---- */

struct tail {
    uint32_t last; /* record of a section; NONE */
    uint64_t size; /* of its records */
};

bool unwind_is_padded(const struct link *link, uint32_t atom)
{
    return link->record_sizes && link->record_sizes[atom];
}

/* A word that holds nothing but padding is at the record's end. */
static bool is_shortened(const struct link *link, uint32_t atom)
{
    static const unsigned char padding[UNWIND_ALIGN] = {0};
    uint64_t size = atom_of(link, atom)->size;
    const unsigned char *end = record_bytes(link, atom) + size;
    return atom_section(link, atom)->align > UNWIND_ALIGN &&
           !unwind_is_cie(record_bytes(link, atom)) &&
           size > UNWIND_PC + 2 * UNWIND_ALIGN + UNWIND_ALIGN &&
           memcmp(end - UNWIND_ALIGN, padding, UNWIND_ALIGN) == 0;
}

static void pad_record(struct link *link, const struct tail *tail, uint64_t align)
{
    uint64_t less = is_shortened(link, tail->last) ? UNWIND_ALIGN : 0;
    uint64_t size = (tail->size - less + align - 1) & ~(align - 1);
    size = atom_of(link, tail->last)->size - tail->size + size;
    if (size == atom_of(link, tail->last)->size)
        return;
    if (!link->record_sizes)
        link->record_sizes = NEW_ARRAY(&link->arena, uint64_t, link->atom_count);
    link->record_sizes[tail->last] = size;
}

static bool is_live_record(const struct link *link, uint32_t atom)
{
    return link->atoms[atom].is_live && is_trimmed(link, atom) &&
           !unwind_is_end(record_bytes(link, atom));
}

/* Assemblers pad the last record of a section to its alignment, which in ELF64 is 8 bytes; GNU ld
 * takes from it a word that holds nothing but padding. Records that went leave another end: it is
 * padded again where a section follows, since zeroes between the two would end the table. */
static void pad_sections(struct link *link)
{
    struct tail tail = {.last = NONE};
    uint64_t align = UNWIND_ALIGN;
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (is_live_record(link, atom) && atom_section(link, atom)->align > align)
            align = atom_section(link, atom)->align;
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        if (!is_live_record(link, atom))
            continue;
        if (tail.last != NONE &&
            first_of_section(link, tail.last) != first_of_section(link, atom)) {
            pad_record(link, &tail, align);
            tail.size = 0;
        }
        tail.last = atom;
        tail.size += atom_of(link, atom)->size;
    }
    if (tail.last != NONE)
        pad_record(link, &tail, 1);
}

/* By lld's rules all CIEs in their order, used or not, and its own terminator; gc knows none that
 * is not used. */
static void keep_as_lld(struct trimmer *trimmer)
{
    struct link *link = trimmer->link;
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        struct atom_state *state = &link->atoms[atom];
        if (!is_trimmed(link, atom) ||
            (state->removed != KEPT && state->removed != REMOVED_UNREACHED))
            continue;
        if (unwind_is_cie(record_bytes(link, atom)))
            use_cie(trimmer, atom);
        if (state->input != link->made_input)
            continue;
        state->is_live = true;
        state->removed = KEPT;
        trimmer->last_section[state->output] = atom;
    }
}

/* An object of objects keeps every CIE. */
static void trim_object(struct link *link)
{
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        if (!link->atoms[atom].is_live || !is_trimmed(link, atom) ||
            unwind_is_end(record_bytes(link, atom)))
            continue;
        if (is_of_nothing(link, atom))
            drop_record(link, atom);
    }
}

void trim_unwind(struct link *link)
{
    struct trimmer trimmer = {.link = link};
    if (link->form.kind == FORM_RELOCATABLE) {
        trim_object(link);
        if (!link->set->lld)
            pad_sections(link);
        return;
    }
    if (link->form.kind != FORM_EXECUTABLE && !link->set->lld)
        return;
    names_open(&trimmer.cies, &link->arena);
    put_aside(&trimmer);
    if (link->set->lld)
        keep_as_lld(&trimmer);
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].is_live && is_trimmed(link, atom) &&
            !unwind_is_cie(record_bytes(link, atom)))
            trim_record(&trimmer, atom);
    if (!link->set->lld)
        pad_sections(link);
}
