/* SPDX-License-Identifier: MIT
 *
 * One .stab and one .stabstr of those of all objects, as GNU ld makes them where it writes an ELF
 * file and debug information stays.
 *
 *     a.o   header  SO a.c  BINCL h.h  LSYM list  EINCL  FUN f
 *     b.o   header  SO b.c  BINCL h.h  LSYM list  EINCL  FUN g
 *
 *     ->    header  SO a.c  BINCL h.h  LSYM list  EINCL  FUN f
 *                   SO b.c  EXCL  h.h                    FUN g
 *
 * One header counts all records, equal strings are one, and what a header file declared is said
 * once: BINCL and EXCL carry the sum of its characters, by which a debugger finds the other copy.
 * Two copies are the same when their strings are, without the file numbers that stand behind each
 * bracket: `(3,7)` and `(5,7)` are one type. Strings come in the order in which records name them;
 * a flat image keeps every record and table as it is, as with GNU ld.
 *
 * A section that says what can't be true (a string outside of its table) stays as it is. So does
 * one with which the strings of all records together would be longer than MOST_TEXT: many records
 * may name one long string, or its tails, and each is read, and may be a string of the table. */
#include "resolve/stabs.h"

#include "ask.h"
#include "input/stabs.h"
#include "steps.h"
#include "support/bytes.h"

#include <elf.h>

enum { MOST_TEXT = 1 << 28 };

struct byte_list LIST_OF(unsigned char);

struct stab_record {
    uint32_t string; /* its place in the joined table; NONE: the record goes */
    uint32_t sum;    /* of a header file */
    uint8_t type;
};

struct stab_part { /* a .stab section of an object */
    uint32_t first_atom, count;
    const struct section *section;
    struct stab_record *records;
};

struct stabs {
    LIST(struct stab_part) parts; /* by ascending first_atom */
    struct names strings;
    LIST(uint32_t) offsets; /* of strings */
    uint32_t size;
    uint64_t text;         /* bytes of the strings of all records so far */
    struct names includes; /* name, NUL, strings without file numbers */
};

struct joiner {
    struct maker *maker;
    struct stabs *stabs;
    const struct section *strings; /* the object's .stabstr */
    uint64_t base, next_base;      /* where a unit's strings begin in it, and the next one's */
    uint32_t *include_of;          /* of each record: the BINCL that it stands behind, or NONE */
    struct byte_list *texts;       /* of each BINCL, from texts[0]: what stands in `includes` */
    bool has_header;
};

/* ---- strings ---- */

static const unsigned char *record_at(const struct section *section, uint32_t index)
{
    return section->bytes + (uint64_t)index * STAB_SIZE;
}

static void begin_unit(struct joiner *joiner, const unsigned char *record)
{
    joiner->base = joiner->next_base;
    joiner->next_base += get32(record + STAB_VALUE);
}

static const char *string_of(const struct joiner *joiner, const unsigned char *record)
{
    return (const char *)joiner->strings->bytes + joiner->base + get32(record + STAB_STRING);
}

/* Whether all strings lie in the table and are not too long in all. Takes them into account. */
static bool can_be_read(struct joiner joiner, const struct section *section)
{
    uint64_t total = joiner.stabs->text;
    for (uint32_t i = 0; i < section->atom_count; i++) {
        const unsigned char *record = record_at(section, i);
        if (record[STAB_TYPE] == STAB_HEADER)
            begin_unit(&joiner, record);
        if (joiner.base + get32(record + STAB_STRING) >= joiner.strings->size)
            return false;
        total += strlen(string_of(&joiner, record)) + 1;
        if (total > MOST_TEXT)
            return false;
    }
    joiner.stabs->text = total;
    return true;
}

static uint32_t add_string(struct joiner *joiner, const char *text)
{
    struct stabs *stabs = joiner->stabs;
    bool is_new;
    size_t size = strlen(text);
    uint32_t number = names_add(&stabs->strings, text, size, &is_new);
    if (is_new) {
        *list_add(&joiner->maker->link->arena, &stabs->offsets) = stabs->size;
        stabs->size += (uint32_t)size + 1;
    }
    return stabs->offsets.at[number];
}

/* ---- header files ---- */

static uint32_t add_text(struct joiner *joiner, struct byte_list *text, const char *string)
{
    uint32_t sum = 0;
    for (; *string; string++) {
        *list_add(&joiner->maker->link->arena, text) = (unsigned char)*string;
        sum += (uint32_t)(signed char)*string;
        if (*string == '(' && isdigit((unsigned char)string[1])) {
            string++;
            while (isdigit((unsigned char)string[1]))
                string++;
        }
    }
    return sum;
}

/* A record belongs to the innermost header file that is open. */
static void read_record(struct joiner *joiner, struct stab_part *part, uint32_t index,
                        struct atom_list *open)
{
    const unsigned char *record = record_at(part->section, index);
    uint32_t top = open->count ? open->at[open->count - 1] : NONE;
    joiner->include_of[index] = NONE;
    switch (record[STAB_TYPE]) {
    case STAB_HEADER:
        open->count = 0;
        begin_unit(joiner, record);
        return;
    case STAB_ELSEWHERE: return;
    case STAB_BEGIN_INCLUDE:
        *list_add(&joiner->maker->link->arena, open) = index;
        add_text(joiner, &joiner->texts[index], string_of(joiner, record));
        *list_add(&joiner->maker->link->arena, &joiner->texts[index]) = 0;
        return;
    default: joiner->include_of[index] = top;
    }
    if (top == NONE)
        return;
    if (record[STAB_TYPE] == STAB_END_INCLUDE)
        open->count--;
    else
        part->records[top].sum += add_text(joiner, &joiner->texts[top], string_of(joiner, record));
}

static void read_includes(struct joiner *joiner, struct stab_part *part)
{
    struct atom_list open = {0};
    struct arena *arena = &joiner->maker->link->arena;
    uint64_t base = joiner->base, next_base = joiner->next_base;
    joiner->include_of = NEW_ARRAY(arena, uint32_t, part->count);
    joiner->texts = NEW_ARRAY(arena, struct byte_list, part->count);
    for (uint32_t i = 0; i < part->count; i++)
        read_record(joiner, part, i, &open);
    joiner->base = base;
    joiner->next_base = next_base;
}

static bool is_known(struct joiner *joiner, uint32_t index)
{
    bool is_new;
    const struct byte_list *text = &joiner->texts[index];
    names_add(&joiner->stabs->includes, (const char *)text->at, text->count, &is_new);
    return !is_new;
}

/* ---- records ---- */

static void join_record(struct joiner *joiner, struct stab_part *part, uint32_t index)
{
    const unsigned char *record = record_at(part->section, index);
    struct stab_record *its = &part->records[index];
    uint32_t include = joiner->include_of[index];
    its->string = NONE;
    its->type = record[STAB_TYPE];
    if (its->type == STAB_HEADER) {
        begin_unit(joiner, record);
        if (joiner->has_header)
            return;
        joiner->has_header = true;
    }
    if (include != NONE && part->records[include].type == STAB_ELSEWHERE)
        return;
    its->string = add_string(joiner, string_of(joiner, record));
    if (its->type == STAB_BEGIN_INCLUDE && is_known(joiner, index))
        its->type = STAB_ELSEWHERE;
}

static void join_section(struct joiner *joiner, uint32_t first_atom, const struct section *section)
{
    struct arena *arena = &joiner->maker->link->arena;
    struct stab_part part = {first_atom, section->atom_count, section,
                             NEW_ARRAY(arena, struct stab_record, section->atom_count)};
    read_includes(joiner, &part);
    for (uint32_t i = 0; i < part.count; i++)
        join_record(joiner, &part, i);
    joiner->has_header = true; /* none begins behind the first section */
    *list_add(arena, &joiner->stabs->parts) = part;
}

/* ---- objects ---- */

static const struct section *find_strings(const struct object *object)
{
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        if (!section->name || strcmp(section->name, ".stabstr") != 0)
            continue;
        bool is_sound = section->bytes && section->size && section->atom_count &&
                        !section->ref_count && !section->bytes[section->size - 1];
        return is_sound ? section : NULL;
    }
    return NULL;
}

static bool any_stabs(const struct object *object)
{
    for (uint32_t s = 1; s < object->section_count; s++)
        if (object->sections[s].flags & SECTION_STABS)
            return true;
    return false;
}

static void join_object(struct joiner *joiner, struct input *input)
{
    const struct object *object = input->object;
    joiner->strings = find_strings(object);
    joiner->base = joiner->next_base = 0;
    if (!joiner->strings)
        return;
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        if (!(section->flags & SECTION_STABS) || !can_be_read(*joiner, section))
            continue;
        join_section(joiner, input->first_atom + section->first_atom, section);
        input->section_gone[joiner->strings - object->sections] = 1;
    }
}

static void make_table(struct joiner *joiner, uint32_t owner)
{
    struct stabs *stabs = joiner->stabs;
    unsigned char *bytes = arena_alloc(&joiner->maker->link->arena, stabs->size);
    for (size_t i = 0; i < stabs->strings.all.count; i++)
        memcpy(bytes + stabs->offsets.at[i], stabs->strings.all.at[i].text,
               stabs->strings.all.at[i].size);
    struct section table = {
        .name = ".stabstr", .bytes = bytes, .size = stabs->size, .align = 1, .type = SHT_STRTAB};
    made_section(joiner->maker, table, owner);
}

static void open_stabs(struct joiner *joiner)
{
    struct link *link = joiner->maker->link;
    link->stabs = joiner->stabs = NEW(&link->arena, struct stabs);
    names_open(&joiner->stabs->strings, &link->arena);
    names_open(&joiner->stabs->includes, &link->arena);
    add_string(joiner, "");
}

void make_stabs(struct maker *maker)
{
    struct link *link = maker->link;
    struct joiner joiner = {.maker = maker};
    uint32_t owner = NONE;
    if (link->form.kind == FORM_FLAT || link->set->lld ||
        link->set->given.strip != WELT_STRIP_NOTHING)
        return;
    for (uint32_t i = 0; i < link->made_input; i++) {
        struct input *input = &link->inputs.at[i];
        if (input->is_symbols_only || !any_stabs(input->object))
            continue;
        if (!joiner.stabs)
            open_stabs(&joiner);
        join_object(&joiner, input);
        if (owner == NONE && joiner.stabs->parts.count)
            owner = i;
    }
    if (owner != NONE)
        make_table(&joiner, owner);
}

void drop_stabs(struct link *link)
{
    for (size_t p = 0; link->stabs && p < link->stabs->parts.count; p++) {
        const struct stab_part *part = &link->stabs->parts.at[p];
        for (uint32_t i = 0; i < part->count; i++)
            if (part->records[i].string == NONE)
                link->atoms[part->first_atom + i].removed = REMOVED_MERGED;
    }
}

/* ---- records of what is not there ---- */

static bool is_gone(const struct link *link, uint32_t atom)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    const struct atom *its = atom_of(link, atom);
    const struct ref *ref = &input->object->refs[its->first_ref];
    if (!its->ref_count || ref->offset != its->offset + STAB_VALUE)
        return false;
    const struct symbol *symbol = &input->object->symbols[ref->symbol];
    uint32_t global = input->globals[ref->symbol];
    if (global != NONE && link->globals.at[global].input != NONE &&
        &link->inputs.at[link->globals.at[global].input] != input)
        return link->globals.at[global].state >= GLOBAL_DEFINED; /* another object's is meant */
    if (symbol->home != HOME_SECTION || !input->object->sections[symbol->section].atom_count)
        return false;
    uint32_t of = input->first_atom + input->object->sections[symbol->section].first_atom;
    return input->section_gone[symbol->section] || link->atoms[of].output == NONE ||
           link->atoms[of].removed == REMOVED_UNREACHED;
}

/* A function's records go with it, up to the one that ends it; a variable's is one. */
static void trim_part(struct link *link, const struct stab_part *part)
{
    enum { OUTSIDE, INSIDE, DELETING } state = OUTSIDE;
    for (uint32_t i = 0; i < part->count; i++) {
        uint32_t atom = part->first_atom + i;
        uint8_t type = part->records[i].type;
        bool goes = state == DELETING, is_variable = false;
        if (part->records[i].string == NONE)
            continue;
        if (type == STAB_FUNCTION && !get32(record_at(part->section, i) + STAB_STRING)) {
            goes = state != INSIDE; /* an end of nothing, too */
            state = OUTSIDE;
        } else if (type == STAB_FUNCTION) {
            state = is_gone(link, atom) ? DELETING : INSIDE;
            goes = state == DELETING;
        } else {
            is_variable = type == STAB_STATIC || type == STAB_STATIC_ZERO;
            goes |= state == OUTSIDE && is_variable && is_gone(link, atom);
        }
        if (goes) {
            link->atoms[atom].is_live = false;
            link->atoms[atom].removed = REMOVED_UNREACHED;
        }
    }
}

/* The first record that stays is aligned as the section. */
static void align_part(struct link *link, const struct stab_part *part)
{
    for (uint32_t i = 0; i < part->count; i++) {
        struct atom_state *state = &link->atoms[part->first_atom + i];
        if (!state->is_live)
            continue;
        state->align = part->section->align;
        return;
    }
}

void trim_stabs(struct link *link)
{
    for (size_t p = 0; link->stabs && p < link->stabs->parts.count; p++) {
        const struct stab_part *part = &link->stabs->parts.at[p];
        if (part->section->ref_count)
            trim_part(link, part);
        align_part(link, part);
    }
}

/* ---- what is written ---- */

static const struct stab_part *find_part(const struct stabs *stabs, uint32_t atom)
{
    size_t low = 0, high = stabs->parts.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (stabs->parts.at[middle].first_atom <= atom)
            low = middle + 1;
        else
            high = middle;
    }
    const struct stab_part *part = low ? &stabs->parts.at[low - 1] : NULL;
    return part && atom - part->first_atom < part->count ? part : NULL;
}

void put_stab(const struct link *link, uint32_t atom, unsigned char *to)
{
    const struct stab_part *part = link->stabs ? find_part(link->stabs, atom) : NULL;
    if (!part)
        return;
    const struct stab_record *record = &part->records[atom - part->first_atom];
    put_number(to + STAB_STRING, record->string, 4);
    if (to[STAB_TYPE] == STAB_BEGIN_INCLUDE) {
        to[STAB_TYPE] = record->type;
        put_number(to + STAB_VALUE, record->sum, 4);
    }
    if (record->type == STAB_HEADER) {
        uint64_t size = link->outputs.at[link->atoms[atom].output].size;
        put_number(to + STAB_DESC, size / STAB_SIZE - 1, 2);
        put_number(to + STAB_VALUE, link->stabs->size, 4);
    }
}
