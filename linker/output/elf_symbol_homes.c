/* SPDX-License-Identifier: MIT
 *
 * In which section of an ELF file a symbol lies, and at which value.
 *
 * Requires: section headers. A symbol of a merged string or a folded function lies where what
 * stands for it does; one of an output section that is not in the file, since it is empty, and a
 * value of the script's from between sections, in a section beside it:
 *
 *     .text   : { *(.text) }
 *     .notes  : { here = .; *(.notes) }      empty: `here' goes to .text or .data, whichever
 *     .data   : { *(.data) }                 is more like .notes
 *
 * There may be as many such symbols as sections, so which section stands beside each is found once
 * for all of them. */
#include "ask.h"
#include "output/elf.h"

#include <string.h>

static uint32_t leader_of(const struct link *link, uint32_t atom, uint64_t *offset)
{
    while (link->atoms[atom].leader != atom) {
        *offset += link->atoms[atom].leader_offset;
        atom = link->atoms[atom].leader;
    }
    const struct atom_state *state = &link->atoms[atom];
    return state->is_live && state->output != NONE ? atom : NONE;
}

uint32_t elf_home(const struct elf *elf, uint32_t atom, uint64_t *offset)
{
    const struct link *link = elf->link;
    atom = leader_of(link, atom, offset);
    bool is_here = atom != NONE && link->outputs.at[link->atoms[atom].output].has_header;
    return is_here ? atom : NONE;
}

/* ---- of atoms ---- */

bool elf_set_home(const struct elf *elf, uint32_t atom, uint64_t offset, struct elf_entry *entry)
{
    uint32_t home = elf_home(elf, atom, &offset);
    if (home == NONE)
        return false;
    const struct atom_state *state = &elf->link->atoms[home];
    const struct output *output = &elf->link->outputs.at[state->output];
    entry->section = elf->section_of[state->output];
    entry->value = (elf->is_object ? 0 : output->address) + state->offset + offset;
    return true;
}

void elf_set_special(struct elf_entry *entry, uint32_t section, uint64_t value)
{
    entry->section = section;
    entry->is_special = true;
    entry->value = value;
}

/* ---- symbols of sections that are not in the file ---- */

static bool stands(const struct elf *elf, int output)
{
    return output >= 0 && elf->section_of[output];
}

/* The nearest on each side, of those that have of `mask` just these flags. */
static struct elf_beside *find_beside(const struct elf *elf, uint32_t mask, uint32_t flags)
{
    const struct link *link = elf->link;
    int count = (int)link->outputs.count, before = -1, behind = -1;
    struct elf_beside *beside = NEW_ARRAY(elf->arena, struct elf_beside, (size_t)count + 1);
    for (int i = 0; i < count; i++) {
        beside[i].before = before;
        if (stands(elf, i) && (link->outputs.at[i].flags & mask) == flags)
            before = i;
    }
    beside[count].before = before;
    for (int i = count; i >= 0; i--) {
        if (stands(elf, i) && (link->outputs.at[i].flags & mask) == flags)
            behind = i;
        beside[i].from = behind;
    }
    return beside;
}

void elf_find_neighbours(struct elf *elf)
{
    elf->beside = find_beside(elf, 0, 0);
    elf->loaded_beside = find_beside(elf, SECTION_ALLOC | SECTION_TLS, SECTION_ALLOC);
}

enum likeness { IS_ALLOCATED = 1, IS_LOADED = 2, IS_READ_ONLY = 4, IS_CODE = 8 };

/* What only assignments have made is nothing of all that in GNU ld, and so is not read-only unless
 * it is .text. */
static unsigned likeness(const struct link *link, const struct output *output)
{
    if (!output->is_used && !output->is_kept && !output->native_type)
        return strcmp(output->name, ".text") == 0 && !output_is_writable(link, output)
                   ? IS_READ_ONLY
                   : 0;
    bool is_allocated = output->flags & SECTION_ALLOC;
    return (is_allocated ? IS_ALLOCATED : 0) |
           (is_allocated && !(output->flags & SECTION_NOBITS) ? IS_LOADED : 0) |
           (output_is_writable(link, output) ? 0 : IS_READ_ONLY) |
           (output_is_code(link, output) ? IS_CODE : 0);
}

/* An empty output section is not in the file; its symbols go to the one before or behind which is
 * more like it: loaded, read-only or code as it is, else the one behind that does not lie below
 * the symbol. GNU ld 2.40 does the same. */
static int choose_neighbour(const struct elf *elf, int empty, int before, int behind,
                            uint64_t value)
{
    const struct link *link = elf->link;
    if (before < 0 || behind < 0)
        return before < 0 ? behind : before;
    const struct output *outputs = link->outputs.at;
    unsigned its = likeness(link, &outputs[empty]);
    unsigned a = likeness(link, &outputs[before]), b = likeness(link, &outputs[behind]);
    if ((a ^ b) & (IS_ALLOCATED | IS_LOADED))
        return (b ^ its) & IS_ALLOCATED || (a & IS_LOADED && !(b & IS_LOADED)) ? before : behind;
    unsigned differing = (a ^ b) & IS_READ_ONLY ? IS_READ_ONLY : (a ^ b) & IS_CODE;
    if (differing)
        return (b ^ its) & differing ? before : behind;
    return value < outputs[behind].address ? before : behind;
}

static uint32_t section_beside(const struct elf *elf, int empty, uint64_t value)
{
    int before = elf->beside[empty].before, behind = elf->beside[empty + 1].from;
    int chosen = choose_neighbour(elf, empty, before, behind, value);
    return chosen < 0 ? SHN_ABS : elf->section_of[chosen];
}

bool elf_set_home_beside(const struct elf *elf, uint32_t atom, uint64_t offset,
                         struct elf_entry *entry)
{
    const struct link *link = elf->link;
    uint32_t home = leader_of(link, atom, &offset);
    if (home == NONE || elf->is_object || link->atoms[home].input == link->made_input)
        return false;
    const struct atom_state *state = &link->atoms[home];
    entry->value = link->outputs.at[state->output].address + state->offset + offset;
    entry->section = section_beside(elf, (int)state->output, entry->value);
    entry->is_special = entry->section == SHN_ABS;
    return true;
}

/* ---- of the script ---- */

/* Whether only sections that are not in the file stand between the last assignment to dot and a
 * symbol. */
static bool follows_dot(const struct elf *elf, const struct global *global)
{
    if (global->dot_before < 0 || global->output >= 0)
        return false;
    int next = elf->beside[global->dot_before].from;
    return next < 0 || next > global->near;
}

/* A value from between output sections belongs to the one before, or to the one behind when there
 * is none or dot was assigned in between, as in GNU ld (manual 2.40, 3.10.8 "The Section of an
 * Expression"). */
uint32_t elf_section_near(const struct elf *elf, const struct global *global)
{
    if (stands(elf, global->output))
        return elf->section_of[global->output];
    if (global->output < 0 && global->near == NOWHERE)
        return SHN_ABS;
    if (global->output >= 0)
        return section_beside(elf, global->output, global->value);
    int near = global->near;
    if (elf->link->form.as_lld) { /* lld counts what stands before the first from there */
        int standing = near < 0 ? 0 : elf->beside[near + 1].before;
        return elf->section_of[standing < 0 ? near : standing];
    }
    int before = elf->loaded_beside[near + 1].before, behind = elf->loaded_beside[near + 1].from;
    int chosen = before < 0 || (behind >= 0 && follows_dot(elf, global)) ? behind : before;
    return chosen < 0 ? SHN_ABS : elf->section_of[chosen];
}

/* ---- of groups ---- */

static int compare_place(const struct elf_header *header, const struct elf *elf, uint32_t input,
                         uint32_t section)
{
    if (header->input != input)
        return header->input < input ? -1 : 1;
    const struct object *object = elf->link->inputs.at[input].object;
    uint32_t its = object->groups[header->group].section;
    return (its > section) - (its < section);
}

/* The section of the file for a group's table in an object; 0: it is not there. */
static uint32_t find_group(const struct elf *elf, uint32_t input, uint32_t section)
{
    uint32_t low = 1, high = 1 + elf->group_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = compare_place(&elf->sections.at[middle], elf, input, section);
        if (!order)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

bool elf_set_home_group(const struct elf *elf, const struct input *input,
                        const struct symbol *symbol, struct elf_entry *entry)
{
    uint32_t number = (uint32_t)(input - elf->link->inputs.at);
    entry->section = find_group(elf, number, symbol->section);
    if (!entry->section)
        return false;
    const struct group *group = &input->object->groups[elf->sections.at[entry->section].group];
    return strcmp(group->signature, symbol->name) == 0;
}
