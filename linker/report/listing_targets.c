/* SPDX-License-Identifier: MIT
 *
 * The symbols that a line of the listing was made from, behind its semicolon: of each reference
 * whose field lies in the line the place that it reaches, by the name that says most. */
#include "report/listing.h"

#include "ask.h"
#include "input/thread_loads.h"
#include "steps.h"

enum { REFS_SHOWN = 8 /* behind a row */ };

static const struct ref *ref_of(const struct listing *listing, uint32_t index)
{
    const struct object *object = atom_object(listing->link, listing->span->atom);
    return &object->refs[atom_of(listing->link, listing->span->atom)->first_ref + index];
}

/* Where its field begins, in the span. */
static uint64_t ref_place(const struct listing *listing, uint32_t index)
{
    uint64_t atom = atom_of(listing->link, listing->span->atom)->offset;
    return ref_of(listing, index)->offset - atom - listing->in_atom;
}

uint64_t next_ref(const struct listing *listing, uint64_t end)
{
    if (listing->span->atom == NONE ||
        listing->ref >= atom_of(listing->link, listing->span->atom)->ref_count)
        return end;
    uint64_t place = ref_place(listing, listing->ref);
    return place < end ? place : end;
}

static void add_distance(struct text *text, int64_t distance)
{
    if (distance > 0)
        text_add(text, "+0x%llx", (number)distance);
    else if (distance < 0)
        text_add(text, "-0x%llx", (number)(0 - (uint64_t)distance));
}

/* A section's symbol says little: what stands there has a name, or is a string. */
static void add_spot(struct listing *listing, struct spot spot)
{
    const struct label *label = label_before(&listing->labels, spot);
    if (label) {
        text_add(&listing->text, NAME, label->name);
        add_distance(&listing->text, (int64_t)(spot.offset - label->spot.offset));
    } else if (is_string_piece(listing->link, spot.atom)) {
        add_string(&listing->text, listing->link, spot);
    } else {
        uint64_t offset = atom_of(listing->link, spot.atom)->offset + spot.offset;
        text_add(&listing->text, NAME, atom_section(listing->link, spot.atom)->name);
        add_distance(&listing->text, (int64_t)offset);
    }
}

/* No name: a plain number, symbol 0. */
static const char *target_name(const struct listing *listing, const struct target *target,
                               const struct ref *ref)
{
    if (target->global != NONE)
        return listing->link->globals.at[target->global].name;
    return atom_object(listing->link, listing->span->atom)->symbols[ref->symbol].name;
}

static const char *suffix_of(const struct listing *listing, const struct ref *ref)
{
    const struct link *link = listing->link;
    uint32_t atom = listing->span->atom;
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    if (ref_is_of_slot(ref) && !ref_wants_slot(link, input, atom_section(link, atom), ref))
        return "";
    switch (ref_kinds[ref->kind].operation) {
    case REF_THREAD:
    case REF_THREAD_BACK:
    case REF_THREAD_LOAD: return "@TPOFF";
    case REF_THREAD_BLOCK: return "@DTPOFF";
    case REF_GOT_OFFSET: return "@GOTOFF";
    case REF_GOT_SLOT:
    case REF_GOT_LOAD:
    case REF_GOT_RELATIVE: return "@GOT";
    default: return "";
    }
}

static void add_named_target(struct listing *listing, const struct target *target,
                             const struct ref *ref, int64_t addend)
{
    const char *name = target_name(listing, target, ref);
    uint8_t operation = ref_kinds[ref->kind].operation;
    if (!name[0]) {
        text_add(&listing->text, "0x%llx", (number)addend);
        return;
    }
    text_add(&listing->text, NAME "%s", name, suffix_of(listing, ref));
    if (operation != REF_GOT_ADDRESS && operation != REF_THREAD_LOAD)
        add_distance(&listing->text, addend);
}

/* `behind`: the bytes from the field to the instruction's end, from which a branch counts its
 * distance. */
static void add_target(struct listing *listing, const struct ref *ref, uint64_t behind)
{
    const struct link *link = listing->link;
    const struct input *input = &link->inputs.at[link->atoms[listing->span->atom].input];
    uint8_t operation = ref_kinds[ref->kind].operation;
    bool is_distance = operation == REF_RELATIVE || operation == REF_PLT;
    if (operation == REF_GOT_RELATIVE) {
        is_distance = true;
        behind = ref_kinds[ref->kind].width; /* a jump that was made of it is a byte shorter */
    }
    struct target target = ref_target(link, input, ref);
    int64_t addend = (int64_t)((uint64_t)target.addend + (is_distance ? behind : 0));
    struct spot spot = {NONE, 0};
    if (target.kind == TARGET_ATOM && input->object->symbols[ref->symbol].kind == SYMBOL_SECTION)
        spot = spot_of(link, target.atom, target.offset + (uint64_t)addend);
    if (spot.atom == NONE)
        add_named_target(listing, &target, ref, addend);
    else
        add_spot(listing, spot);
}

/* Nothing is written there: not by its type, or as its instruction is gone. */
static bool is_silent(const struct listing *listing, const struct ref *ref)
{
    uint32_t atom = listing->span->atom;
    const struct section *section = atom_section(listing->link, atom);
    return ref_kinds[ref->kind].operation == REF_NONE ||
           ref_is_of_thread_call(atom_object(listing->link, atom), section, ref);
}

unsigned list_targets(struct listing *listing, uint64_t end, bool is_code)
{
    unsigned shown = 0;
    for (; next_ref(listing, end) < end; listing->ref++) {
        const struct ref *ref = ref_of(listing, listing->ref);
        if (is_silent(listing, ref) || shown > REFS_SHOWN)
            continue;
        if (!shown)
            text_column(&listing->text, COMMENT);
        text_add(&listing->text, shown ? ", " : "; ");
        if (shown++ == REFS_SHOWN)
            text_add(&listing->text, "...");
        else
            add_target(listing, ref, is_code ? end - ref_place(listing, listing->ref) : 0);
    }
    return shown;
}
