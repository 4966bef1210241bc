/* SPDX-License-Identifier: MIT
 *
 * The tables of a position-independent image (dynamic.h), when addresses are known.
 *
 * Requires: all section headers, and the file with every field filled in as if the image ran where
 * it was linked to run. elf_link_dynamic provides what the headers of the tables say of each other,
 * elf_write_dynamic their bytes.
 *
 * Relocations are all of one kind: add the load address to the word there. Those of an output
 * section .rel.dyn or .rela.dyn are sorted by address, as GNU ld does it (-z combreloc), in any
 * other they stand in the order of the inputs' sections. */
#include "ask.h"
#include "output/elf.h"
#include "support/bytes.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#ifndef DT_RELACOUNT
#define DT_RELACOUNT 0x6ffffff9
#define DT_RELCOUNT 0x6ffffffa
#endif

static uint32_t atom_of_section(const struct link *link, uint32_t section)
{
    const struct input *made = &link->inputs.at[link->made_input];
    return made->first_atom + made->object->sections[section].first_atom;
}

/* The output section that holds a made section; NULL: the script discards it. */
static const struct output *home_of(const struct link *link, uint32_t section)
{
    const struct atom_state *state = &link->atoms[atom_of_section(link, section)];
    if (!section || state->output == NONE || !state->is_live)
        return NULL;
    const struct output *output = &link->outputs.at[state->output];
    return output->has_header ? output : NULL;
}

static uint64_t address_of(const struct link *link, uint32_t section)
{
    return home_of(link, section) ? atom_address(link, atom_of_section(link, section), 0) : 0;
}

static unsigned char *bytes_of(const struct link *link, uint32_t section, unsigned char *file)
{
    const struct output *output = home_of(link, section);
    return output ? file + output->elf_offset + link->atoms[atom_of_section(link, section)].offset
                  : NULL;
}

static void put_word(const struct elf *elf, unsigned char *to, uint64_t value)
{
    put_number(to, value, elf->is_64 ? 8 : 4);
}

static uint64_t get_word(const struct elf *elf, const unsigned char *from)
{
    uint64_t value = 0;
    for (unsigned i = elf->is_64 ? 8 : 4; i-- > 0;)
        value = value << 8 | from[i];
    return value;
}

/* ---- headers ---- */

static uint32_t header_of(const struct elf *elf, uint32_t section)
{
    const struct output *output = home_of(elf->link, section);
    return output ? elf->section_of[output - elf->link->outputs.at] : 0;
}

static void link_header(struct elf *elf, uint32_t section, uint32_t to)
{
    uint32_t header = header_of(elf, section);
    if (header &&
        elf->sections.at[header].type == elf->link->dynamic->object->sections[section].type)
        elf->sections.at[header].link = to;
}

static uint32_t find_header(const struct elf *elf, const char *name)
{
    for (uint32_t i = 0; i < elf->link->outputs.count; i++)
        if (elf->section_of[i] && strcmp(elf->link->outputs.at[i].name, name) == 0)
            return elf->section_of[i];
    return 0;
}

struct header_names {
    struct names names;
    LIST(uint32_t) headers; /* beside names */
};

static void open_header_names(const struct elf *elf, struct header_names *all)
{
    names_open(&all->names, elf->arena);
    for (uint32_t i = 0; i < elf->link->outputs.count; i++) {
        bool is_new = false;
        const char *name = elf->link->outputs.at[i].name;
        if (elf->section_of[i])
            names_add(&all->names, name, strlen(name), &is_new);
        if (is_new)
            *list_add(elf->arena, &all->headers) = elf->section_of[i];
    }
}

/* `.rela.data` says that it is about .data. */
static void link_tables(struct elf *elf, uint32_t symbols)
{
    const struct dynamic *dynamic = elf->link->dynamic;
    struct header_names all = {0};
    open_header_names(elf, &all);
    size_t prefix = elf->is_64 ? strlen(".rela") : strlen(".rel");
    for (size_t i = 0; i < dynamic->tables.count; i++) {
        uint32_t section = dynamic->tables.at[i].section, header = header_of(elf, section);
        const struct output *output = home_of(elf->link, section);
        link_header(elf, section, symbols);
        if (!header || strlen(output->name) < prefix)
            continue;
        const char *about = output->name + prefix;
        uint32_t number = names_find(&all.names, about, strlen(about));
        if (number == NO_NAME)
            continue;
        elf->sections.at[header].info = all.headers.at[number];
        elf->sections.at[header].flags |= SHF_INFO_LINK;
    }
}

void elf_link_dynamic(struct elf *elf)
{
    const struct dynamic *dynamic = elf->link->dynamic;
    uint32_t symbols = header_of(elf, dynamic->symbols);
    uint32_t strings = header_of(elf, dynamic->strings);
    link_header(elf, dynamic->symbols, strings);
    link_header(elf, dynamic->entries, strings);
    link_header(elf, dynamic->hash, symbols);
    link_header(elf, dynamic->gnu_hash, symbols);
    link_tables(elf, symbols ? symbols : elf->symtab);
    if (symbols)
        elf->sections.at[symbols].info = 1; /* the first that is not local */
}

/* ---- symbols ---- */

static void write_symbols(const struct elf *elf, unsigned char *file)
{
    const struct dynamic *dynamic = elf->link->dynamic;
    unsigned char *to = bytes_of(elf->link, dynamic->symbols, file);
    const uint8_t *visibility = narrowest_visibility(elf->link, elf->arena);
    for (size_t i = 0; to && i < dynamic->visible.count; i++) {
        struct elf_entry entry;
        uint32_t global = dynamic->visible.at[i];
        to += elf->is_64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
        if (!elf_make_global(elf, global, &entry))
            continue;
        entry.other = visibility[global];
        elf_put_symbol(elf, to, &entry, dynamic->texts.offsets[dynamic->text_of[global]]);
    }
}

/* ---- relocations ---- */

struct relocation {
    uint64_t address, value;
};

struct written { /* how far each table is filled */
    unsigned char **ends;
};

static void put_relocation(const struct elf *elf, unsigned char **to, uint64_t address,
                           uint64_t value)
{
    static_assert(R_386_RELATIVE == R_X86_64_RELATIVE, "one number for both");
    struct elf_relocation_kept kept = {.offset = address, .type = R_X86_64_RELATIVE};
    kept.addend = (int64_t)value;
    elf_put_relocation(elf, *to, &kept);
    *to += elf_relocation_size(elf);
}

static void write_atom(const struct elf *elf, uint32_t atom, const unsigned char *file,
                       const struct written *written)
{
    const struct link *link = elf->link;
    const struct atom_state *state = &link->atoms[atom];
    if (state->output == NONE || !state->is_live)
        return;
    const struct output *output = &link->outputs.at[state->output];
    const struct input *input = &link->inputs.at[state->input];
    const struct section *section = atom_section(link, atom);
    const struct atom *its = atom_of(link, atom);
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        if (!ref_wants_relocation(link, input, section, ref))
            continue;
        uint64_t offset = state->offset + ref->offset - its->offset;
        unsigned char **to =
            &written
                 ->ends[names_find(&link->dynamic->table_names, section->name, section->name_size)];
        if (*to)
            put_relocation(elf, to, output->address + offset,
                           get_word(elf, file + output->elf_offset + offset));
    }
}

static void write_input(const struct elf *elf, uint32_t number, const unsigned char *file,
                        const struct written *written)
{
    const struct input *input = &elf->link->inputs.at[number];
    for (uint32_t a = 0; a < input->object->atom_count; a++)
        write_atom(elf, input->first_atom + a, file, written);
}

static int compare_entries(const void *left, const void *right, size_t size)
{
    const unsigned char *a = left, *b = right;
    for (size_t i = size; i-- > 0;)
        if (a[i] != b[i])
            return a[i] < b[i] ? -1 : 1;
    return 0;
}

static int compare_rel(const void *left, const void *right)
{
    return compare_entries(left, right, 4);
}

static int compare_rela(const void *left, const void *right)
{
    return compare_entries(left, right, 8);
}

static const char *sorted_name(const struct elf *elf)
{
    return elf->is_64 ? ".rela.dyn" : ".rel.dyn";
}

/* Result: how many relocations the sorted section has. */
static uint64_t sort_relocations(const struct elf *elf, unsigned char *file)
{
    uint32_t header = find_header(elf, sorted_name(elf)), size = elf_relocation_size(elf);
    if (!header)
        return 0;
    const struct elf_header *its = &elf->sections.at[header];
    qsort(file + its->offset, its->size / size, size, elf->is_64 ? compare_rela : compare_rel);
    return its->size / size;
}

static void write_relocations(const struct elf *elf, unsigned char *file)
{
    const struct link *link = elf->link;
    const struct dynamic *dynamic = link->dynamic;
    struct written written = {
        (unsigned char **)arena_array(elf->arena, dynamic->tables.count, sizeof(unsigned char *))};
    for (size_t i = 0; i < dynamic->tables.count; i++)
        written.ends[i] = bytes_of(link, dynamic->tables.at[i].section, file);
    struct input_order order = elf_order_inputs(elf);
    for (uint32_t i = 0; i < order.count; i++)
        write_input(elf, order.inputs[i], file, &written);
    write_input(elf, link->made_input, file, &written);
}

/* ---- .dynamic ---- */

static uint64_t tables_value(const struct elf *elf, bool wants_size)
{
    uint64_t lowest = UINT64_MAX, size = 0;
    for (size_t i = 1; i < elf->sections.count; i++) {
        const struct elf_header *header = &elf->sections.at[i];
        if (!(header->flags & SHF_ALLOC) || header->type != (elf->is_64 ? SHT_RELA : SHT_REL))
            continue;
        lowest = header->address < lowest ? header->address : lowest;
        size += header->size;
    }
    return wants_size ? size : lowest;
}

static const struct output *named_output(const struct link *link, const struct dynamic_entry *entry)
{
    for (size_t i = 0; entry->name && i < link->outputs.count; i++)
        if (strcmp(link->outputs.at[i].name, entry->name) == 0)
            return &link->outputs.at[i];
    return NULL;
}

static uint64_t value_of(const struct elf *elf, const struct dynamic_entry *entry)
{
    const struct link *link = elf->link;
    const struct output *named = named_output(link, entry);
    bool wants_size = entry->value == VALUE_SIZE || entry->value == VALUE_TABLES_SIZE;
    if (entry->value == VALUE_PLAIN)
        return entry->number;
    if (entry->value >= VALUE_TABLES)
        return tables_value(elf, wants_size);
    if (entry->section != NONE)
        return wants_size ? link->dynamic->object->sections[entry->section].size
                          : address_of(link, entry->section);
    if (named)
        return wants_size ? named->size : named->address;
    struct target target = global_target(link, entry->global);
    return target_address(link, &target);
}

static void put_entry(const struct elf *elf, unsigned char **to, uint64_t tag, uint64_t value)
{
    unsigned word = elf->is_64 ? 8 : 4;
    put_word(elf, *to, tag);
    put_word(elf, *to + word, value);
    *to += 2 * (size_t)word;
}

static void write_entries(const struct elf *elf, unsigned char *file, uint64_t sorted)
{
    const struct dynamic *dynamic = elf->link->dynamic;
    unsigned char *to = bytes_of(elf->link, dynamic->entries, file);
    for (size_t i = 0; to && i < dynamic->list.count; i++)
        put_entry(elf, &to, dynamic->list.at[i].tag, value_of(elf, &dynamic->list.at[i]));
    if (to && sorted)
        put_entry(elf, &to, elf->is_64 ? DT_RELACOUNT : DT_RELCOUNT, sorted);
}

/* The first word of the global offset table is where .dynamic is. */
static void write_table_head(const struct elf *elf, unsigned char *file)
{
    const struct link *link = elf->link;
    uint32_t atom = link->got_atom;
    if (atom == NONE || link->atoms[atom].output == NONE || !link->atoms[atom].is_live)
        return;
    const struct output *output = &link->outputs.at[link->atoms[atom].output];
    put_word(elf, file + output->elf_offset + link->atoms[atom].offset,
             address_of(link, link->dynamic->entries));
}

void elf_write_dynamic(const struct elf *elf, unsigned char *file)
{
    if (!elf->link->dynamic)
        return;
    write_symbols(elf, file);
    write_relocations(elf, file);
    write_entries(elf, file, sort_relocations(elf, file));
    write_table_head(elf, file);
}
