/* SPDX-License-Identifier: MIT
 *
 * Behind which output section an orphan belongs: one that is like it, as GNU ld sees likeness
 * (manual 2.40, 3.6.4.5 "Orphan Sections"):
 *
 *     code behind .text, constants behind .rodata, data behind .data, zeroed data behind .bss;
 *     where the script has none of that name, behind the last output section of equal flags, else
 *     of the nearest that there are.
 *
 * Requires: every section assigned. Provides: what output sections hold, by their atoms, and the
 * anchor of each orphan. */
#include "resolve/orphan_order.h"

#include "ask.h"
#include "resolve/orphans.h"

#include <elf.h>
#include <string.h>

/* Of each kind: the output section it belongs behind, and which flags count for those that are
 * merely alike. */
static const struct {
    const char *name;
    uint32_t looser, flags; /* flags: of an output section of the name that takes nothing */
} kinds[ORPHAN_KINDS] = {
    [KIND_NOTE] = {".interp", SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE, SECTION_ALLOC},
    [KIND_CODE] = {".text", SECTION_ALLOC | SECTION_NOBITS | SECTION_EXEC,
                   SECTION_ALLOC | SECTION_EXEC},
    [KIND_CONSTANT] = {".rodata", SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE, SECTION_ALLOC},
    [KIND_DATA] = {".data", SECTION_ALLOC | SECTION_NOBITS, SECTION_ALLOC | SECTION_WRITE},
    [KIND_ZEROES] = {".bss", SECTION_ALLOC, SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE},
    [KIND_THREAD] = {".tdata", SECTION_ALLOC, SECTION_ALLOC | SECTION_WRITE | SECTION_TLS},
    [KIND_RELOCATIONS] = {NULL, 0, 0},
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

enum orphan_kind kind_of_orphan(const struct output *output)
{
    uint32_t flags = output->flags;
    if (!(flags & SECTION_ALLOC))
        return is_debug(output->name) ? KIND_DEBUG : KIND_APART;
    if (flags & SECTION_TLS)
        return KIND_THREAD;
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

/* ---- what output sections hold ---- */

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

/* GNU ld makes a section of the script's data read-only, unless an assignment or FILL made it
 * before. */
static bool begins_with_data(const struct output *output)
{
    const struct statement *s = output->statement ? output->statement->body : NULL;
    while (s && s->kind != STATEMENT_DATA && s->kind != STATEMENT_ASSIGN &&
           s->kind != STATEMENT_FILL)
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

static void flag_data(struct link *link)
{
    for (size_t i = 0; i < link->outputs.count; i++)
        if (link->set->face == WELT_FACE_LD && holds_data(&link->outputs.at[i])) {
            link->outputs.at[i].flags |= SECTION_ALLOC;
            link->outputs.at[i].is_used = true;
        }
}

/* SECTION_NOBITS when all of them are. */
static void join_flags(struct output *output, const struct section *section, bool is_first)
{
    if (is_first)
        output->native_type = section->type;
    bool has_bytes = output->is_used && !(output->flags & SECTION_NOBITS);
    output->flags |= section->flags;
    if (has_bytes || !(section->flags & SECTION_NOBITS))
        output->flags &= ~(uint32_t)SECTION_NOBITS;
    output->is_used = true;
}

static bool join_list(const struct link *link, struct output *output, const struct atom_list *atoms,
                      bool is_first)
{
    for (size_t i = 0; i < atoms->count; i++) {
        if (link->atoms[atoms->at[i]].removed != KEPT)
            continue;
        join_flags(output, atom_section(link, atoms->at[i]), is_first);
        is_first = false;
    }
    return !is_first;
}

/* In the order of the patterns: what is taken first gives an output section its type. */
static bool *flag_atoms(struct link *link)
{
    bool *has_atoms = NEW_ARRAY(&link->arena, bool, link->outputs.count + 1);
    for (size_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        for (const struct statement *s = output->statement ? output->statement->body : NULL; s;
             s = s->next)
            if (s->kind == STATEMENT_INPUT)
                has_atoms[i] = join_list(link, output, &link->taken[s->index], !has_atoms[i]);
        has_atoms[i] = join_list(link, output, &output->orphans, !has_atoms[i]);
    }
    return has_atoms;
}

static void flag_bodies(struct link *link, const bool *has_atoms)
{
    for (size_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        if (output->is_used && !has_atoms[i] && !begins_with_data(output))
            output->flags |= SECTION_WRITE;
    }
}

static bool assigns(const struct output *output)
{
    for (const struct statement *s = output->statement->body; s; s = s->next)
        if (s->kind == STATEMENT_ASSIGN)
            return true;
    return false;
}

/* In GNU ld an output section of a usual name counts as what it is called, also when it takes
 * nothing; but an assignment in it has made one of no flags. */
static void flag_usual(struct link *link)
{
    for (unsigned kind = 0; kind < ORPHAN_KINDS; kind++) {
        uint32_t index = kinds[kind].name ? output_named(link, kinds[kind].name) : NONE;
        struct output *output = index == NONE ? NULL : &link->outputs.at[index];
        if (!output || !output->statement || output->is_used || assigns(output))
            continue;
        output->flags = kinds[kind].flags;
        output->is_used = true;
    }
}

const bool *flag_outputs(struct link *link)
{
    flag_data(link);
    const bool *has_atoms = flag_atoms(link);
    flag_bodies(link, has_atoms);
    leave_unloaded(link);
    flag_usual(link);
    return has_atoms;
}

/* ---- the anchor of an orphan ---- */

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

/* One that the command line gives an address stands at its place before its first atom is seen. */
static bool has_been_seen(const struct link *link, const struct order *order, uint32_t index)
{
    return link->outputs.at[index].statement || index < order->orphan;
}

/* The last output section so far whose flags equal the orphan's in what the mask names, and its
 * type unless that is 0. */
static uint32_t last_alike(const struct link *link, const struct order *order, uint32_t flags,
                           uint32_t mask, uint32_t type)
{
    uint32_t found = NONE;
    for (uint32_t i = order->next[order->whole]; i != NONE; i = order->next[i]) {
        const struct output *output = &link->outputs.at[i];
        bool counts = !output->is_discard && output->is_used && has_been_seen(link, order, i);
        if (type && !is_of_type(order, output, i, type))
            continue;
        if (counts && !((output->flags ^ flags) & mask))
            found = i;
    }
    return found;
}

/* .tbss stands behind .tdata, .tdata before .tbss; and behind data where there is neither. */
static uint32_t last_of_threads(const struct link *link, const struct order *order, uint32_t flags)
{
    uint32_t found = NONE;
    bool seen = false;
    for (uint32_t i = order->next[order->whole]; i != NONE; i = order->next[i]) {
        const struct output *output = &link->outputs.at[i];
        if (output->is_discard || !output->is_used)
            continue;
        bool is_thread = output->flags & SECTION_TLS;
        bool is_before = is_thread && output->flags & ~flags & SECTION_NOBITS;
        if (is_before || (seen && !is_thread))
            break;
        bool is_data = output->flags & SECTION_ALLOC && !(output->flags & SECTION_NOBITS);
        found = is_thread || is_data ? i : found;
        seen |= is_thread;
    }
    return found;
}

static uint32_t find_alike(const struct link *link, const struct order *order,
                           enum orphan_kind kind, uint32_t flags, uint32_t type)
{
    uint32_t exact = SECTION_ALLOC | SECTION_NOBITS | SECTION_WRITE | SECTION_EXEC | SECTION_TLS;
    uint32_t anchor = last_alike(link, order, flags, exact, type);
    if (anchor == NONE && kind == KIND_THREAD)
        return last_of_threads(link, order, flags);
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

/* GNU ld puts a loader's table behind all that is read-only, or else behind all that is loaded, but
 * before other tables of relocations. */
static uint32_t anchor_of_relocations(const struct link *link, const struct order *order)
{
    uint32_t read_only = NONE, loaded = NONE;
    for (uint32_t i = order->next[order->whole]; i != NONE; i = order->next[i]) {
        const struct output *output = &link->outputs.at[i];
        if (strncmp(output->name, ".rel", 4) == 0)
            break;
        if (output->is_discard || !(output->flags & SECTION_ALLOC) ||
            !(order->has_atoms[i] || holds_data(output)) || !has_been_seen(link, order, i))
            continue;
        loaded = i;
        read_only = output->flags & SECTION_WRITE ? read_only : i;
    }
    return read_only == NONE ? loaded : read_only;
}

uint32_t find_anchor(const struct link *link, const struct order *order, enum orphan_kind kind,
                     const struct output *orphan)
{
    uint32_t anchor = kinds[kind].name ? output_named(link, kinds[kind].name) : NONE;
    if (kind == KIND_RELOCATIONS)
        return anchor_of_relocations(link, order);
    bool is_placed =
        anchor != NONE && (has_been_seen(link, order, anchor) || order->is_started[anchor]);
    if (is_placed)
        return anchor;
    if (is_build_id(link, orphan))
        return NONE;
    bool by_type = link->form.kind != FORM_FLAT && orphan->native_type;
    if (by_type)
        anchor = find_alike(link, order, kind, orphan->flags, orphan->native_type);
    else
        anchor = NONE;
    return anchor == NONE ? find_alike(link, order, kind, orphan->flags, 0) : anchor;
}
