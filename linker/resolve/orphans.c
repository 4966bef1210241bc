/* SPDX-License-Identifier: MIT
 *
 * Orphans: sections that the script does not mention.
 *
 * Requires: every section assigned that a pattern takes. Provides: outputs for the rest, each
 * behind the output section of its kind, as GNU ld places them (manual 2.40, 3.6.4.5 "Orphan
 * Sections"):
 *
 *     what is not loaded at the end; code behind .text, constants behind .rodata, data behind
 * .data, zeroed data behind .bss; where the script has none of that name, behind the last output
 * section of equal flags, else of the nearest that there are.
 *
 * In the script's list it stands behind the assignments that follow its anchor (`_edata = .;` does
 * not see it), but before a `. = …` that belongs to the next output section. */
#include "resolve/orphans.h"

#include "ask.h"

#include <elf.h>
#include <string.h>

enum kind {
    KIND_NOTE,
    KIND_CODE,
    KIND_CONSTANT,
    KIND_DATA,
    KIND_ZEROES,
    KIND_RELOCATIONS,
    KIND_APART,
    KIND_DEBUG,
    KINDS
};

/* Of each kind: the output section it belongs behind, and which flags count for those that are
 * merely alike. */
static const struct {
    const char *name;
    uint32_t looser, flags; /* flags: of an output section of the name that takes nothing */
} kinds[KINDS] = {
    [KIND_NOTE] = {".interp", SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE, SECTION_ALLOC},
    [KIND_CODE] = {".text", SECTION_ALLOC | SECTION_NOBITS | SECTION_EXEC,
                   SECTION_ALLOC | SECTION_EXEC},
    [KIND_CONSTANT] = {".rodata", SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE, SECTION_ALLOC},
    [KIND_DATA] = {".data", SECTION_ALLOC | SECTION_NOBITS, SECTION_ALLOC | SECTION_WRITE},
    [KIND_ZEROES] = {".bss", SECTION_ALLOC, SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE},
    [KIND_RELOCATIONS] = {NULL, SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE, 0},
    [KIND_APART] = {".comment", 0, 0},
};

/* Debug information (the names are those of BFD). */
bool is_debug(const char *name)
{
    static const char *const prefixes[] = {".debug", ".zdebug",           ".stab",
                                           ".line",  ".gnu.linkonce.wi.", ".gnu.debuglto_"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (strncmp(name, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return strcmp(name, ".gdb_index") == 0;
}

static enum kind kind_of(const struct output *output)
{
    uint32_t flags = output->flags;
    if (!(flags & SECTION_ALLOC))
        return is_debug(output->name) ? KIND_DEBUG : KIND_APART;
    if (flags & SECTION_NOBITS)
        return KIND_ZEROES;
    if (flags & SECTION_NOTE)
        return KIND_NOTE;
    if (flags & SECTION_WRITE)
        return KIND_DATA;
    if (output->native_type == SHT_REL || output->native_type == SHT_RELA)
        return KIND_RELOCATIONS;
    return flags & SECTION_EXEC ? KIND_CODE : KIND_CONSTANT;
}

/* ---- the output section of an orphan ---- */

void name_outputs(struct link *link)
{
    names_open(&link->output_names, &link->arena);
    link->output_by_name = (struct atom_list){0};
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        bool is_new;
        const char *name = link->outputs.at[i].name;
        names_add(&link->output_names, name, strlen(name), &is_new);
        if (is_new)
            *list_add(&link->arena, &link->output_by_name) = i;
    }
}

static uint32_t find_output(const struct link *link, const char *name)
{
    uint32_t number = names_find(&link->output_names, name, strlen(name));
    return number == NO_NAME ? NONE : link->output_by_name.at[number];
}

static uint32_t make_output(struct link *link, const char *name)
{
    bool is_new;
    uint32_t index = (uint32_t)link->outputs.count;
    names_add(&link->output_names, name, strlen(name), &is_new);
    if (is_new)
        *list_add(&link->arena, &link->output_by_name) = index;
    *list_add(&link->arena, &link->outputs) =
        (struct output){.name = name, .region = NONE, .load_region = NONE, .align = 1};
    return index;
}

/* Without a script lld joins `.text.main` to `.text`, as scripts do. */
static const char *family_of(const char *name)
{
    static const char *const families[] = {
        ".data.rel.ro", ".data",       ".rodata",  ".bss.rel.ro", ".bss",   ".gcc_except_table",
        ".init_array",  ".fini_array", ".text",    ".tbss",       ".tdata", ".ctors",
        ".dtors",       ".ldata",      ".lrodata", ".lbss"};
    if (strcmp(name, "COMMON") == 0)
        return ".bss";
    for (size_t i = 0; i < sizeof families / sizeof *families; i++) {
        size_t size = strlen(families[i]);
        if (strncmp(name, families[i], size) == 0 && (!name[size] || name[size] == '.'))
            return families[i];
    }
    return name;
}

/* Common symbols that no pattern asks for belong to .bss, whose end counts them in; relocations for
 * a loader are one table. */
static const char *orphan_name(const struct link *link, const struct section *section)
{
    bool is_common = section->flags & SECTION_NOBITS && strcmp(section->name, "COMMON") == 0;
    bool is_for_loader = section->flags & SECTION_ALLOC;
    if (is_for_loader && section->type == SHT_REL)
        return ".rel.dyn";
    if (is_for_loader && section->type == SHT_RELA)
        return ".rela.dyn";
    if (link->form.is_unscripted)
        return family_of(section->name);
    return is_common ? ".bss" : section->name;
}

static bool is_unique(const struct link *link, const struct section *section, bool is_orphan)
{
    const welt_options *given = &link->set->given;
    for (size_t i = 0; i < given->unique_section_count; i++) {
        struct pattern pattern = pattern_make(given->unique_sections[i]);
        if (pattern.size ? pattern_matches(&pattern, section->name, section->name_size) : is_orphan)
            return true;
    }
    return false;
}

/* What no pattern takes but that of /DISCARD/: members of groups, which an object of objects keeps,
 * and what --unique names. */
bool stands_alone(const struct link *link, const struct section *section)
{
    return (section->flags & SECTION_GROUPED && link->form.kind == FORM_RELOCATABLE) ||
           is_unique(link, section, false);
}

void add_orphan(struct link *link, uint32_t first_atom, uint32_t count,
                const struct section *section)
{
    const char *name = orphan_name(link, section);
    bool is_named = strcmp(name, section->name) == 0; /* commons join .bss whatever is unique */
    bool is_apart = is_named && (stands_alone(link, section) || is_unique(link, section, true));
    uint32_t index = is_apart ? NONE : find_output(link, name);
    if (index == NONE)
        index = make_output(link, name);
    struct output *output = &link->outputs.at[index];
    if (!output->statement)
        output->flags |= section->flags;
    for (uint32_t i = 0; i < count; i++) {
        *list_add(&link->arena, &output->orphans) = first_atom + i;
        link->atoms[first_atom + i].output = index;
    }
}

/* The outputs as a list, which orphans are put into one by one: one that comes later may find its
 * anchor among those before it. */
struct order {
    uint32_t *next;        /* output -> the one behind it, or NONE; of the whole: the first */
    uint32_t whole, end;   /* the list itself; the last in it */
    const bool *has_atoms; /* of outputs */
    uint32_t last[KINDS];  /* the orphan of this kind that was placed last, or NONE */
};

/* ---- its anchor ---- */

/* BYTE(…) and the like count as constants. In a boot build they do not: they are signatures and
 * reserved bytes, behind which nothing may stand. */
static bool holds_data(const struct output *output)
{
    for (const struct statement *s = output->statement ? output->statement->body : NULL; s;
         s = s->next)
        if (s->kind == STATEMENT_DATA)
            return true;
    return false;
}

/* GNU ld makes a section of the script's data read-only, unless an assignment made it before. */
static bool begins_with_data(const struct output *output)
{
    const struct statement *s = output->statement ? output->statement->body : NULL;
    while (s && s->kind != STATEMENT_DATA && s->kind != STATEMENT_ASSIGN)
        s = s->next;
    return s && s->kind == STATEMENT_DATA;
}

/* What would be loaded but for its type is like nothing else: no orphan has these flags. */
static void leave_unloaded(struct link *link)
{
    for (size_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        if (output->flags & SECTION_ALLOC && takes_no_memory(link, output->statement))
            output->flags = SECTION_NOBITS | SECTION_WRITE | SECTION_EXEC;
    }
}

/* What the script's output sections hold, by their atoms: SECTION_NOBITS when all of them are.
 * Result: which have any. */
static bool *join_flags(struct link *link)
{
    bool *has_atoms = NEW_ARRAY(&link->arena, bool, link->outputs.count + 1);
    for (size_t i = 0; i < link->outputs.count; i++)
        if (link->set->face == WELT_FACE_LD && holds_data(&link->outputs.at[i])) {
            link->outputs.at[i].flags |= SECTION_ALLOC;
            link->outputs.at[i].is_used = true;
        }
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        const struct atom_state *state = &link->atoms[atom];
        if (state->output == NONE || state->removed != KEPT)
            continue;
        struct output *output = &link->outputs.at[state->output];
        uint32_t flags = atom_section(link, atom)->flags;
        if (!has_atoms[state->output])
            output->native_type = atom_section(link, atom)->type;
        bool has_bytes = output->is_used && !(output->flags & SECTION_NOBITS);
        output->flags |= flags;
        if (has_bytes || !(flags & SECTION_NOBITS))
            output->flags &= ~(uint32_t)SECTION_NOBITS;
        output->is_used = true;
        has_atoms[state->output] = true;
    }
    for (size_t i = 0; i < link->outputs.count; i++)
        if (has_atoms[i] && link->outputs.at[i].statement &&
            moves_dot(link->outputs.at[i].statement->body))
            link->outputs.at[i].flags |= SECTION_ALLOC;
    for (size_t i = 0; i < link->outputs.count; i++)
        if (link->outputs.at[i].is_used && !has_atoms[i] && !begins_with_data(&link->outputs.at[i]))
            link->outputs.at[i].flags |= SECTION_WRITE;
    leave_unloaded(link);
    return has_atoms;
}

/* In GNU ld an output section of a usual name counts as what it is called, also when it takes
 * nothing. */
static void flag_usual(struct link *link)
{
    for (unsigned kind = 0; kind < KINDS; kind++) {
        uint32_t index = kinds[kind].name ? find_output(link, kinds[kind].name) : NONE;
        struct output *output = index == NONE ? NULL : &link->outputs.at[index];
        if (!output || !output->statement || output->is_used)
            continue;
        output->flags = kinds[kind].flags;
        output->is_used = true;
    }
}

/* What holds nothing but data of the script has no type yet when GNU ld places orphans, unless BFD
 * knows it by its name. */
static bool is_of_type(const struct order *order, const struct output *output, uint32_t index,
                       uint32_t type)
{
    static const char *const known[] = {".text", ".rodata", ".data", ".init", ".fini"};
    if (order->has_atoms[index])
        return output->native_type == type;
    if (!holds_data(output))
        return true;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        size_t size = strlen(known[i]);
        if (strncmp(output->name, known[i], size) == 0 &&
            (!output->name[size] || output->name[size] == '.'))
            return type == SHT_PROGBITS;
    }
    return false;
}

/* The last output section so far whose flags equal the orphan's in what the mask names, and its
 * type unless that is 0. */
static uint32_t last_alike(const struct link *link, const struct order *order, uint32_t flags,
                           uint32_t mask, uint32_t type)
{
    uint32_t found = NONE;
    for (uint32_t i = order->next[order->whole]; i != NONE; i = order->next[i]) {
        const struct output *output = &link->outputs.at[i];
        bool counts = !output->is_discard && output->is_used;
        if (type && !is_of_type(order, output, i, type))
            continue;
        if (counts && !((output->flags ^ flags) & mask))
            found = i;
    }
    return found;
}

static uint32_t find_alike(const struct link *link, const struct order *order, enum kind kind,
                           uint32_t flags, uint32_t type)
{
    uint32_t exact = SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE | SECTION_EXEC;
    uint32_t anchor = last_alike(link, order, flags, exact, type);
    if (anchor != NONE || kind == KIND_APART)
        return anchor;
    return last_alike(link, order, flags, kinds[kind].looser, type);
}

/* GNU ld's note of a build id has, when it is placed, no contents yet, and is like nothing. */
static bool is_build_id(const struct link *link, const struct output *orphan)
{
    return link->build_id_atom != NONE && orphan->orphans.count &&
           orphan->orphans.at[0] == link->build_id_atom;
}

/* Relocations for a loader that are like nothing there is stand behind all that is loaded. */
static uint32_t last_loaded(const struct link *link, const struct order *order)
{
    return last_alike(link, order, SECTION_ALLOC, SECTION_ALLOC, 0);
}

static uint32_t find_anchor(const struct link *link, const struct order *order, enum kind kind,
                            const struct output *orphan)
{
    uint32_t anchor = kinds[kind].name ? find_output(link, kinds[kind].name) : NONE;
    bool is_placed = anchor != NONE && (link->outputs.at[anchor].statement ||
                                        &link->outputs.at[anchor] < orphan); /* an orphan itself */
    if (is_placed)
        return anchor;
    if (is_build_id(link, orphan))
        return NONE;
    bool by_type = link->form.kind != FORM_FLAT && orphan->native_type;
    if (by_type)
        anchor = find_alike(link, order, kind, orphan->flags, orphan->native_type);
    else
        anchor = NONE;
    if (anchor == NONE)
        anchor = find_alike(link, order, kind, orphan->flags, 0);
    return anchor == NONE && kind == KIND_RELOCATIONS ? last_loaded(link, order) : anchor;
}

static bool has_orphans(const struct link *link, const struct order *order,
                        const struct statement *behind)
{
    for (unsigned k = 0; k < KIND_APART; k++)
        if (order->last[k] != NONE && link->outputs.at[order->last[k]].behind == behind)
            return true;
    return false;
}

/* The statement behind which an orphan of this anchor is laid out; NULL: before all. The next
 * output section may be an orphan that was placed before. */
static const struct statement *place_behind(const struct link *link, const struct order *order,
                                            uint32_t anchor)
{
    bool skip_first_dot = anchor == NONE;
    const struct statement *behind = anchor == NONE ? NULL : link->outputs.at[anchor].statement;
    const struct statement *before_dot = NULL;
    const struct statement *s = behind ? behind->next : link->script->commands;
    bool has_dot = false;
    for (; s && (s->kind == STATEMENT_ASSIGN || s->kind == STATEMENT_ASSERT); s = s->next) {
        if (has_orphans(link, order, behind))
            break;
        bool is_dot = s->kind == STATEMENT_ASSIGN && strcmp(s->name, ".") == 0;
        if (is_dot && !has_dot && !skip_first_dot) {
            before_dot = behind;
            has_dot = true;
        }
        skip_first_dot &= !is_dot;
        behind = s;
    }
    return has_dot && (s || has_orphans(link, order, behind)) ? before_dot : behind;
}

/* ---- the order of all outputs ---- */

static void open_order(struct link *link, struct order *order)
{
    uint32_t before = order->whole = (uint32_t)link->outputs.count;
    order->next = NEW_ARRAY(&link->arena, uint32_t, link->outputs.count + 1);
    for (unsigned k = 0; k < KINDS; k++)
        order->last[k] = NONE;
    for (uint32_t i = 0; i < order->whole; i++) {
        if (!link->outputs.at[i].statement)
            continue;
        order->next[before] = i;
        before = i;
    }
    order->next[before] = NONE;
    order->end = before;
}

static void insert_behind(struct order *order, uint32_t anchor, uint32_t orphan)
{
    uint32_t before = anchor == NONE ? order->whole : anchor;
    order->next[orphan] = order->next[before];
    order->next[before] = orphan;
    if (before == order->end)
        order->end = orphan;
}

static void put_behind(struct link *link, struct order *order, uint32_t anchor, uint32_t index)
{
    bool is_orphans = anchor != NONE && !link->outputs.at[anchor].statement;
    link->outputs.at[index].behind =
        is_orphans ? link->outputs.at[anchor].behind : place_behind(link, order, anchor);
    insert_behind(order, anchor, index);
}

/* What is not loaded has no place among addresses: debug information stands last, what has no like
 * behind the last that is no debug information. */
static uint32_t last_anchor(const struct link *link, const struct order *order, enum kind kind)
{
    uint32_t anchor = NONE;
    if (kind == KIND_DEBUG)
        return order->end == order->whole ? NONE : order->end;
    for (uint32_t i = order->next[order->whole]; i != NONE; i = order->next[i])
        if (!is_debug(link->outputs.at[i].name))
            anchor = i;
    return anchor;
}

static void place_apart(const struct link *link, struct order *order, enum kind kind,
                        uint32_t index)
{
    uint32_t anchor = kind == KIND_APART ? order->last[kind] : NONE;
    if (anchor == NONE && kind == KIND_APART)
        anchor = find_anchor(link, order, kind, &link->outputs.at[index]);
    if (anchor == NONE)
        anchor = last_anchor(link, order, kind);
    insert_behind(order, anchor, index);
    order->last[kind] = index;
}

/* ---- notes ---- */

/* In an ELF file notes of one alignment stay together, so that one program header covers them: the
 * more aligned come first. */

static uint32_t largest_align(const struct link *link, const struct atom_list *atoms)
{
    uint32_t largest = 1;
    for (size_t i = 0; i < atoms->count; i++)
        if (link->atoms[atoms->at[i]].align > largest)
            largest = link->atoms[atoms->at[i]].align;
    return largest;
}

static uint32_t align_of(const struct link *link, const struct output *output)
{
    uint32_t largest = largest_align(link, &output->orphans);
    for (const struct statement *s = output->statement ? output->statement->body : NULL; s;
         s = s->next) {
        uint32_t align =
            s->kind == STATEMENT_INPUT ? largest_align(link, &link->taken[s->index]) : 1;
        largest = align > largest ? align : largest;
    }
    return largest;
}

static const struct statement *statement_before(const struct link *link, const struct statement *s)
{
    const struct statement *before = link->script->commands;
    if (before == s)
        return NULL;
    while (before->next != s)
        before = before->next;
    return before;
}

/* Before the first note of all, which is aligned to less. */
static void insert_note_before(struct link *link, struct order *order, uint32_t first,
                               uint32_t index)
{
    uint32_t before = order->whole;
    while (order->next[before] != first)
        before = order->next[before];
    const struct output *behind = &link->outputs.at[first];
    link->outputs.at[index].behind =
        behind->statement ? statement_before(link, behind->statement) : behind->behind;
    insert_behind(order, before == order->whole ? NONE : before, index);
}

/* false: there is no other note yet. */
static bool place_note(struct link *link, struct order *order, uint32_t index)
{
    uint32_t first = NONE, anchor = NONE;
    uint32_t align = align_of(link, &link->outputs.at[index]);
    for (uint32_t i = order->next[order->whole]; i != NONE; i = order->next[i]) {
        const struct output *output = &link->outputs.at[i];
        if (output->is_discard || !order->has_atoms[i] || output->native_type != SHT_NOTE)
            continue;
        first = first == NONE ? i : first;
        if (align_of(link, output) >= align)
            anchor = i;
    }
    if (anchor == NONE && first != NONE) {
        insert_note_before(link, order, first, index);
    } else if (anchor != NONE) {
        put_behind(link, order, anchor, index);
    }
    return first != NONE;
}

/* The first of a kind looks for its anchor, the others follow it. */
static void place_orphan(struct link *link, struct order *order, uint32_t index)
{
    struct output *orphan = &link->outputs.at[index];
    enum kind kind = kind_of(orphan);
    if (kind >= KIND_APART) {
        place_apart(link, order, kind, index);
        return;
    }
    uint32_t anchor = order->last[kind];
    if (kind == KIND_NOTE && link->form.kind != FORM_FLAT && place_note(link, order, index))
        return;
    if (anchor == NONE)
        anchor = find_anchor(link, order, kind, orphan);
    put_behind(link, order, anchor, index);
    order->last[kind] = index;
}

static void renumber(struct link *link, const struct order *order)
{
    uint32_t count = 0;
    struct output *sorted = NEW_ARRAY(&link->arena, struct output, order->whole);
    uint32_t *moved = NEW_ARRAY(&link->arena, uint32_t, order->whole);
    for (uint32_t i = order->next[order->whole]; i != NONE; i = order->next[i]) {
        sorted[count] = link->outputs.at[i];
        moved[i] = count++;
    }
    link->outputs.at = sorted;
    link->outputs.room = count;
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].output != NONE)
            link->atoms[atom].output = moved[link->atoms[atom].output];
}

void place_orphans(struct link *link)
{
    struct order order;
    bool any = false;
    order.has_atoms = join_flags(link);
    flag_usual(link);
    open_order(link, &order);
    for (uint32_t i = 0; i < order.whole; i++) {
        if (link->outputs.at[i].statement)
            continue;
        any = true;
        place_orphan(link, &order, i);
    }
    if (any)
        renumber(link, &order);
}
