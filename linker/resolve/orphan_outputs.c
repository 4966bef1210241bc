/* SPDX-License-Identifier: MIT
 *
 * Which output section an orphan joins, a section that the script does not mention: that of its
 * name, which is made when there is none.
 *
 *     .text.main    joins .text in lld's dialect without a script, else makes one of its own
 *     COMMON        joins .bss
 *     .rel.*        of what a loader relocates join one table
 *
 * Requires: the output sections of the script, and that a section is an orphan. Provides: the table
 * of output sections by name, and new ones at its end. */
#include "resolve/orphans.h"

#include "ask.h"

#include <elf.h>
#include <string.h>

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

uint32_t output_named(const struct link *link, const char *name)
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
    if (strcmp(name, ".tcommon") == 0)
        return ".tbss";
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
    uint32_t index = is_apart ? NONE : output_named(link, name);
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
