/* SPDX-License-Identifier: MIT
 *
 * What the type of an output section makes of it (manual of GNU ld 2.40, 3.6.8.1 "Output Section
 * Type").
 *
 * Requires: what it holds. Provides: its flags, asked_type, takes_no_room.
 *
 *     .heap (NOLOAD) : { … }      an ELF file has no bytes for it, but its room
 *     .tool (INFO) : { … }        COPY, DSECT, OVERLAY too: it is not loaded
 *     .note (TYPE = SHT_NOTE) : { LONG(4) … }
 *     .data (READONLY) : { … }
 *
 * GNU ld keeps two marks of a section apart, that it takes memory and that it is loaded: (INFO)
 * and its kin clear the first alone. So the next section begins behind one that has input with
 * bytes, which a flat image then has, too; else where that one begins, unless an assignment in
 * between takes dot up. In a flat image GNU ld has this of (NOLOAD) as well. There the face `welt`
 * keeps its room, as an ELF file does: two sections at one place are not what was meant. */
#include "layout/layout.h"

#include "ask.h"

#include <elf.h>

bool is_unloaded_type(const struct statement *s)
{
    return s && (s->type == OUTPUT_DSECT || s->type == OUTPUT_COPY || s->type == OUTPUT_INFO ||
                 s->type == OUTPUT_OVERLAY);
}

/* In GNU ld's flat images (NOLOAD) is one of them. */
bool takes_no_memory(const struct link *link, const struct statement *s)
{
    bool by_ld = link->set->face == WELT_FACE_LD && link->form.kind == FORM_FLAT && !link->set->lld;
    return is_unloaded_type(s) || (s && s->type == OUTPUT_NOLOAD && by_ld);
}

static bool is_loaded_atom(const struct link *link, uint32_t atom)
{
    uint32_t flags = atom_section(link, atom)->flags;
    return link->atoms[atom].is_live && (flags & SECTION_ALLOC) && !(flags & SECTION_NOBITS);
}

static bool has_loaded_input(const struct link *link, const struct output *output)
{
    for (const struct statement *b = output->statement->body; b; b = b->next)
        for (size_t i = 0; b->kind == STATEMENT_INPUT && i < link->taken[b->index].count; i++)
            if (is_loaded_atom(link, link->taken[b->index].at[i]))
                return true;
    for (size_t i = 0; i < output->orphans.count; i++)
        if (is_loaded_atom(link, output->orphans.at[i]))
            return true;
    return false;
}

static bool has_data(const struct statement *s)
{
    for (const struct statement *b = s->body; b; b = b->next)
        if (b->kind == STATEMENT_DATA)
            return true;
    return false;
}

static void unload(const struct link *link, struct output *output)
{
    bool is_loaded = has_loaded_input(link, output);
    bool is_flat = link->form.kind == FORM_FLAT;
    output->takes_no_room = !is_loaded;
    if (is_flat && !link->form.as_lld)
        output->flags |= is_loaded ? 0 : SECTION_NOBITS;
    else
        output->flags &= ~(uint32_t)(SECTION_ALLOC | SECTION_NOBITS);
}

static void reserve(const struct link *link, struct output *output)
{
    if (output->flags & SECTION_ALLOC)
        output->flags |= SECTION_NOBITS;
    output->takes_no_room |= takes_no_memory(link, output->statement);
}

/* An input's type wins, unless the section is READONLY and holds data of the script, too. */
static void give_type(struct output *output, const struct statement *s)
{
    bool is_strong = s->type == OUTPUT_READONLY && has_data(s);
    bool counts = s->type_value && s->type_value->kind == EXPR_NUMBER;
    if (counts && has_data(s) && (is_strong || !output->native_type))
        output->asked_type = (uint32_t)s->type_value->number;
    if (s->type == OUTPUT_READONLY && (output->native_type || has_data(s)))
        output->flags &= ~(uint32_t)SECTION_WRITE;
}

void apply_type(const struct link *link, struct output *output)
{
    const struct statement *s = output->statement;
    output->takes_no_room = !(output->flags & SECTION_ALLOC);
    output->asked_type = 0;
    if (s && s->type == OUTPUT_NOLOAD)
        reserve(link, output);
    else if (is_unloaded_type(s))
        unload(link, output);
    else if (s && s->type != OUTPUT_NORMAL)
        give_type(output, s);
}

/* ---- what its name says ---- */

/* A section that holds nothing but data of the script is, in GNU ld's files, what its name says. */
static bool goes_by_name(const struct link *link, const struct output *output)
{
    return !output->native_type && output->is_used && output->flags & SECTION_ALLOC &&
           link->form.kind != FORM_FLAT && !link->form.as_lld && output->statement &&
           output->statement->type == OUTPUT_NORMAL;
}

/* One of the names, or one of them with a dot and more behind it. */
static bool is_family(const char *name, const char *const *families, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(families[i]);
        if (strncmp(name, families[i], size) == 0 && (!name[size] || name[size] == '.'))
            return true;
    }
    return false;
}

bool output_is_writable(const struct link *link, const struct output *output)
{
    static const char *const written[] = {".data",       ".bss",           ".init_array",
                                          ".fini_array", ".preinit_array", ".noinit",
                                          ".persistent", ".gnu.linkonce.b"};
    if (strcmp(output->name, ".text") == 0 && link->form.kind == FORM_EXECUTABLE &&
        !link->form.as_lld)
        return link->set->given.omagic;
    if (output->flags & SECTION_WRITE || !goes_by_name(link, output))
        return output->flags & SECTION_WRITE;
    return is_family(output->name, written, sizeof written / sizeof *written) ||
           strcmp(output->name, ".data1") == 0 || strcmp(output->name, ".got") == 0;
}

bool output_is_code(const struct link *link, const struct output *output)
{
    static const char *const code = ".text";
    if (output->flags & SECTION_EXEC || !goes_by_name(link, output))
        return output->flags & SECTION_EXEC;
    return is_family(output->name, &code, 1) || strcmp(output->name, ".init") == 0 ||
           strcmp(output->name, ".fini") == 0 || strcmp(output->name, ".plt") == 0;
}

/* ---- what holds nothing ---- */

/* Nothing was put into it, but an assignment to dot keeps it (layout.c). GNU ld reserves memory for
 * what such an assignment makes room for; where it makes none, the section is what its name says,
 * and one of an unknown name takes no memory. Sizes may change with each pass. */
void settle_kept(struct output *output)
{
    static const char *const known[] = {".text", ".rodata", ".data",       ".rodata1",   ".data1",
                                        ".init", ".fini",   ".init_array", ".fini_array"};
    const struct statement *s = output->statement;
    if (!s || s->type != OUTPUT_NORMAL || output->native_type || !output->is_kept ||
        output->is_used || strcmp(output->name, ".bss") == 0)
        return;
    bool is_known = is_family(output->name, known, sizeof known / sizeof *known);
    uint32_t memory = SECTION_ALLOC | SECTION_NOBITS;
    output->flags =
        (output->flags & ~memory) | (output->size ? memory : 0) | (is_known ? SECTION_ALLOC : 0u);
}
