/* SPDX-License-Identifier: MIT
 *
 * lld's order of output sections: which of the script's stay, and where orphans go.
 *
 * Requires: live atoms with their output sections. Provides, in lld's dialect only: link.outputs
 * and each orphan's `behind` in lld's order; output sections that hold nothing are gone.
 *
 * lld gives each output section a rank by its flags (read-only data, code, data, zeroed data; one
 * bit each, the weightiest first). An orphan goes to the output section whose rank shares the most
 * leading bits with its own: behind the last of those, or before the first when its own rank is
 * smaller. Orphans of one rank stay together. (LLVM 19, lld/ELF/Writer.cpp says the same in code;
 * what its comments leave open was found by experiment.) */
#include "ask.h"
#include "resolve/arrays_lld.h"
#include "steps.h"

#include <stdlib.h>
#include <string.h>

enum rank {
    RANK_NO_ADDRESS = 1 << 27,
    RANK_NOT_ALLOC = 1 << 26,
    RANK_WRITE = 1 << 14,
    RANK_EXEC_WRITE = 1 << 13,
    RANK_EXEC = 1 << 12,
    RANK_CONSTANT = 1 << 11,
    RANK_NOT_RELRO = 1 << 9,
    RANK_NOT_TLS = 1 << 8,
    RANK_ZEROES = 1 << 7,
};

/* An assignment, or an output section, in the order of the image. */
struct command {
    const struct statement *statement; /* NULL: an orphan */
    uint32_t output;                   /* NONE: an assignment */
};

struct arrangement {
    struct link *link;
    struct command *commands;
    size_t count;
    uint32_t *ranks;      /* output -> rank */
    bool *has_input;      /* output -> it holds live atoms */
    uint32_t *left_flags; /* output -> of what was taken out of it */
    bool *holds_table;    /* output -> the offset table was put there, empty or not */
    bool *holds_slots;    /* output -> some of it was */
};

/* ---- ranks ---- */

static bool has_relro(const struct link *link)
{
    return link->set->relro && !link->set->given.omagic && !link->set->given.nmagic;
}

static bool is_relro(const struct link *link, const struct output *output)
{
    static const char *const names[] = {".data.rel.ro", ".bss.rel.ro",    ".ctors",      ".dtors",
                                        ".jcr",         ".eh_frame",      ".fini_array", ".got",
                                        ".init_array",  ".preinit_array", ".dynamic"};
    if (!has_relro(link) || !(output->flags & SECTION_WRITE))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(output->name, names[i]) == 0)
            return true;
    return output->flags & (SECTION_TLS | SECTION_INIT);
}

static uint32_t rank_of(const struct arrangement *a, uint32_t index)
{
    const struct link *link = a->link;
    const struct output *output = &link->outputs.at[index];
    uint32_t flags = output->flags, rank = 0;
    bool holds_slots = has_relro(link) && flags & SECTION_WRITE && a->holds_slots[index];
    if (!(flags & SECTION_ALLOC))
        return RANK_NOT_ALLOC;
    if (flags & SECTION_EXEC)
        rank |= flags & SECTION_WRITE ? RANK_EXEC_WRITE : RANK_EXEC;
    else if (flags & SECTION_WRITE)
        rank |= RANK_WRITE;
    else if (!(flags & (SECTION_NOBITS | SECTION_NOTE)))
        rank |= RANK_CONSTANT;
    rank |= is_relro(link, output) || holds_slots ? 0 : RANK_NOT_RELRO;
    rank |= flags & SECTION_TLS ? 0 : RANK_NOT_TLS;
    return flags & SECTION_NOBITS ? rank | RANK_ZEROES : rank;
}

static bool holds_input(const struct arrangement *a, const struct command *command)
{
    return command->output != NONE && a->has_input[command->output];
}

/* How many leading bits two ranks share: the more, the nearer. */
static int nearness(const struct arrangement *a, uint32_t rank, const struct command *command)
{
    int shared = 0;
    if (!holds_input(a, command))
        return -1;
    uint32_t differing = rank ^ a->ranks[command->output];
    for (uint32_t bit = UINT32_C(1) << 31; bit && !(differing & bit); bit >>= 1)
        shared++;
    return shared;
}

/* ---- what the output sections hold ---- */

static void join_live(struct arrangement *a)
{
    static const uint32_t typed = SECTION_NOBITS | SECTION_INIT | SECTION_NOTE;
    struct link *link = a->link;
    for (size_t i = 0; i < link->outputs.count; i++)
        link->outputs.at[i].flags = 0;
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        const struct atom_state *state = &link->atoms[atom];
        if (state->output == NONE || !state->is_live)
            continue;
        struct output *output = &link->outputs.at[state->output];
        uint32_t flags = atom_section(link, atom)->flags;
        /* of a type are only those that are so throughout */
        uint32_t types = typed;
        if (a->has_input[state->output])
            types &= output->flags & flags;
        output->flags = ((output->flags | flags) & ~typed) | (types & flags);
        a->has_input[state->output] = true;
    }
    for (size_t i = 0; i < link->outputs.count; i++)
        link->outputs.at[i].flags |= a->left_flags[i];
    for (size_t i = 0; i < link->outputs.count; i++)
        if (link->outputs.at[i].statement && link->outputs.at[i].statement->type == OUTPUT_NOLOAD)
            link->outputs.at[i].flags |= SECTION_NOBITS;
}

/* What lld makes and takes out again when it stays empty: its alignment and its flags stay. */
static void take_out_empty(struct arrangement *a)
{
    struct link *link = a->link;
    const struct input *made = &link->inputs.at[link->made_input];
    bool keeps_table = loads_from_table(link); /* also when each was given the address */
    for (uint32_t i = 0; i < made->object->atom_count; i++) {
        uint32_t atom = made->first_atom + i;
        struct atom_state *state = &link->atoms[atom];
        if (state->output == NONE)
            continue;
        bool is_table = strcmp(atom_section(link, atom)->name, ".got") == 0;
        a->holds_table[state->output] |= is_table;
        a->holds_slots[state->output] |= is_table && made->object->atoms[i].size;
        if (made->object->atoms[i].size || atom == link->unwind_index || (is_table && keeps_table))
            continue;
        state->is_live = false;
        struct output *output = &link->outputs.at[state->output];
        output->align = state->align > output->align ? state->align : output->align;
        a->left_flags[state->output] |= atom_section(link, atom)->flags;
    }
}

static bool is_addressed(const struct script *script, const char *name)
{
    for (size_t i = 0; i < script->addressed.count; i++)
        if (script->addressed.at[i] && strcmp(script->addressed.at[i], name) == 0)
            return true;
    return false;
}

/* An output section that holds nothing goes, unless it sets dot, a symbol or data, or its address
 * or its bounds are asked for. */
static bool holds_nothing(const struct link *link, const struct output *output)
{
    if (is_addressed(link->script, output->name) || output->is_bounded)
        return false;
    const struct statement *s = output->statement ? output->statement->body : NULL;
    for (; s; s = s->next) {
        bool is_unused_offer = s->kind == STATEMENT_ASSIGN && (s->flags & ASSIGN_PROVIDE);
        uint32_t global = is_unused_offer ? global_find(link, s->name) : NONE;
        if (is_unused_offer && (global == NONE || link->globals.at[global].statement != s))
            continue;
        if (s->kind != STATEMENT_INPUT && s->kind != STATEMENT_NOTHING)
            return false;
    }
    return true;
}

/* What has no input inherits the flags of what stands before it. */
static uint32_t inherit(struct arrangement *a, uint32_t index, uint32_t flags)
{
    struct output *output = &a->link->outputs.at[index];
    if (a->has_input[index])
        return output->flags;
    output->flags = flags & (SECTION_ALLOC | SECTION_WRITE);
    return flags;
}

/* ---- the script's commands ---- */

static size_t count_commands(const struct link *link)
{
    size_t count = link->outputs.count;
    for (const struct statement *s = link->script->commands; s; s = s->next)
        count++;
    return count;
}

static void add_script_command(struct arrangement *a, const struct statement *s, uint32_t *next,
                               uint32_t *flags)
{
    const struct link *link = a->link;
    struct command command = {s, NONE};
    if (s->kind == STATEMENT_OUTPUT) {
        while (*next < link->outputs.count && !link->outputs.at[*next].statement)
            ++*next;
        if (*next >= link->outputs.count || link->outputs.at[*next].statement != s)
            return;
        command.output = (*next)++;
        const struct output *output = &link->outputs.at[command.output];
        if (output->is_discard || (!a->has_input[command.output] && holds_nothing(link, output)))
            return;
        a->has_input[command.output] |= a->left_flags[command.output] != 0;
        *flags = inherit(a, command.output, *flags);
        a->ranks[command.output] = rank_of(a, command.output);
    }
    a->commands[a->count++] = command;
}

/* ---- orphans ---- */

struct ranked {
    uint32_t rank, output;
    uint64_t address; /* without a script: what -Ttext and its like say; or 0 */
    uint64_t first;   /* when its first atom that lives was taken: assign_as_lld()'s order */
};

static uint64_t turn_of(const struct link *link, uint32_t atom)
{
    const struct section *section = atom_section(link, atom);
    bool is_made = link->atoms[atom].input == link->made_input;
    if (section->flags & SECTION_UNWIND)
        return 3;
    if (is_made)
        return strcmp(section->name, "COMMON") == 0 ? 0 : 2;
    return 1;
}

static uint64_t first_taken(const struct link *link, const struct output *output)
{
    uint64_t first = UINT64_MAX;
    for (size_t i = 0; i < output->orphans.count; i++) {
        uint32_t atom = output->orphans.at[i];
        uint64_t taken = turn_of(link, atom) << 32 | atom;
        if (link->atoms[atom].is_live && taken < first)
            first = taken;
    }
    return first;
}

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left, *b = right;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->address != b->address)
        return a->address < b->address ? -1 : 1;
    return (a->first > b->first) - (a->first < b->first);
}

static bool is_symbol_assignment(const struct command *command)
{
    return command->output == NONE && command->statement->kind == STATEMENT_ASSIGN &&
           strcmp(command->statement->name, ".") != 0;
}

static bool any_output_from(const struct arrangement *a, size_t at)
{
    for (; at < a->count; at++)
        if (holds_input(a, &a->commands[at]))
            return true;
    return false;
}

/* The nearest output section; of equally near ones the last whose rank is not larger, or the first.
 */
static size_t find_anchor(const struct arrangement *a, size_t first, uint32_t rank, int *nearest)
{
    size_t anchor = a->count;
    *nearest = 0;
    for (size_t i = first; i < a->count; i++) {
        int near = nearness(a, rank, &a->commands[i]);
        if (near > *nearest || (near == *nearest && a->ranks[a->commands[i].output] <= rank)) {
            *nearest = near;
            anchor = i;
        }
    }
    return anchor;
}

static size_t find_place(const struct arrangement *a, size_t first, uint32_t rank)
{
    int nearest;
    if (rank & RANK_NOT_ALLOC)
        return a->count;
    size_t at = find_anchor(a, first, rank, &nearest);
    if (at == a->count)
        return at;
    bool must_follow = a->link->script->segments.count || a->link->script->regions.count;
    if (a->ranks[a->commands[at].output] <= rank || must_follow) {
        at++;
        for (size_t i = at; i < a->count; i++) {
            if (!holds_input(a, &a->commands[i]))
                continue;
            if (nearness(a, rank, &a->commands[i]) != nearest)
                break;
            at = i + 1;
        }
    } else {
        while (at > first && !holds_input(a, &a->commands[at - 1]))
            at--;
    }
    if (!any_output_from(a, at))
        return a->count;
    while (at < a->count && is_symbol_assignment(&a->commands[at]))
        at++;
    return at;
}

/* The first assignment to dot is the image's origin, when no output section stands before it. */
static size_t behind_origin(const struct arrangement *a)
{
    size_t at = 0;
    while (at < a->count && is_symbol_assignment(&a->commands[at]))
        at++;
    return at < a->count && a->commands[at].output == NONE ? at + 1 : at;
}

static void insert_run(struct arrangement *a, size_t at, const struct ranked *run, size_t size)
{
    memmove(a->commands + at + size, a->commands + at, (a->count - at) * sizeof *a->commands);
    for (size_t i = 0; i < size; i++)
        a->commands[at + i] = (struct command){NULL, run[i].output};
    a->count += size;
}

/* Without a script sections whose addresses are given come first, in the order of these. */
static uint64_t given_address(const struct link *link, const char *name, uint32_t *rank)
{
    uint32_t start = link->form.is_unscripted ? last_start(link, name) : NONE;
    if (start == NONE) {
        *rank |= link->form.is_unscripted ? RANK_NO_ADDRESS : 0;
        return 0;
    }
    *rank = 0;
    return link->set->given.section_starts[start].address;
}

static void append(struct arrangement *a, const struct ranked *orphans, size_t count)
{
    for (size_t i = 0; i < count; i++)
        a->commands[a->count++] = (struct command){NULL, orphans[i].output};
}

static void insert_orphans(struct arrangement *a)
{
    const struct link *link = a->link;
    struct ranked *orphans = NEW_ARRAY(&a->link->arena, struct ranked, link->outputs.count + 1);
    size_t count = 0, first = behind_origin(a), end;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        if (link->outputs.at[i].statement || !a->has_input[i])
            continue;
        a->ranks[i] = rank_of(a, i);
        uint64_t address = given_address(link, link->outputs.at[i].name, &a->ranks[i]);
        orphans[count++] =
            (struct ranked){a->ranks[i], i, address, first_taken(link, &link->outputs.at[i])};
    }
    qsort(orphans, count, sizeof *orphans, compare_ranked);
    if (link->form.is_unscripted) {
        append(a, orphans, count);
        return;
    }
    for (size_t i = 0; i < count; i = end) {
        for (end = i + 1; end < count && orphans[end].rank == orphans[i].rank;)
            end++;
        insert_run(a, find_place(a, first, orphans[i].rank), orphans + i, end - i);
    }
}

/* ---- the new order ---- */

static bool is_table(const struct arrangement *a, uint32_t output)
{
    return has_relro(a->link) && a->holds_table[output] &&
           a->link->outputs.at[output].flags & SECTION_WRITE;
}

static void renumber(struct arrangement *a)
{
    struct link *link = a->link;
    const struct statement *behind = NULL;
    uint32_t count = 0, *moved = NEW_ARRAY(&link->arena, uint32_t, link->outputs.count + 1);
    struct output *sorted = NEW_ARRAY(&link->arena, struct output, link->outputs.count + 1);
    memset(moved, 0xff, link->outputs.count * sizeof *moved);
    for (size_t i = 0; i < a->count; i++) {
        const struct command *command = &a->commands[i];
        behind = command->statement ? command->statement : behind;
        if (command->output == NONE)
            continue;
        sorted[count] = link->outputs.at[command->output];
        sorted[count].is_relro = is_relro(link, &sorted[count]) || is_table(a, command->output);
        sorted[count].behind = command->statement ? NULL : behind;
        moved[command->output] = count++;
    }
    link->outputs.at = sorted;
    link->outputs.room = link->outputs.count;
    link->outputs.count = count;
    for (uint32_t atom = 0; atom < link->atom_count; atom++)
        if (link->atoms[atom].output != NONE)
            link->atoms[atom].output = moved[link->atoms[atom].output];
    for (size_t i = 0; i < link->bounds.count; i++)
        if (link->bounds.at[i].output != NONE)
            link->bounds.at[i].output = moved[link->bounds.at[i].output];
}

void arrange_as_lld(struct link *link)
{
    struct arrangement a = {.link = link};
    uint32_t next = 0, flags = SECTION_ALLOC;
    if (!link->form.as_lld)
        return;
    a.commands = NEW_ARRAY(&link->arena, struct command, count_commands(link) + 1);
    a.ranks = NEW_ARRAY(&link->arena, uint32_t, link->outputs.count + 1);
    a.has_input = NEW_ARRAY(&link->arena, bool, link->outputs.count + 1);
    a.left_flags = NEW_ARRAY(&link->arena, uint32_t, link->outputs.count + 1);
    a.holds_table = NEW_ARRAY(&link->arena, bool, link->outputs.count + 1);
    a.holds_slots = NEW_ARRAY(&link->arena, bool, link->outputs.count + 1);
    take_out_empty(&a);
    join_live(&a);
    for (const struct statement *s = link->script->commands; s; s = s->next)
        add_script_command(&a, s, &next, &flags);
    insert_orphans(&a);
    renumber(&a);
    sort_arrays_as_lld(link);
}
