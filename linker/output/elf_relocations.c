/* SPDX-License-Identifier: MIT
 *
 * Relocations that stay in the file: all of them in an object (-r), those that were applied in an
 * executable that asks for them (-q).
 *
 *     an object's                  the file's
 *     R_386_32  .data + 8          R_386_32  .data + 0x28     that object's .data begins at 0x20
 *     R_386_PC32  main - 4         R_386_PC32  main - 4
 *
 * A reference to a section goes on from where the object's section begins in the joined one; one to
 * a symbol stays as it is. On i386 (SHT_REL) the addend stands in the field: in an object it is
 * written there, in an executable the field holds the final value and the entry only says that one
 * was computed (psABI i386 4.4, x86-64 4.4).
 *
 * Requires: section headers, symbols; for the bytes: the file. */
#include "output/elf.h"

#include "ask.h"
#include "output/relocate.h"
#include "support/bytes.h"

#include <string.h>

uint32_t elf_relocation_size(const struct elf *elf)
{
    return elf->is_64 ? sizeof(Elf64_Rela) : sizeof(Elf32_Rel);
}

/* ---- counting ---- */

/* What the linker made has no relocations of its own to be kept. */
static bool is_kept(const struct link *link, const struct chunk *chunk)
{
    return chunk->kind == CHUNK_ATOM && link->atoms[chunk->atom].input != link->made_input;
}

/* Records that are taken out of .eh_frame or .stab leave GNU ld's file relocations that do nothing,
 * at the place of the one before them. Of an atom: the references of those that stood behind it in
 * its section, and of the first that stays also of those before it. */
struct leftovers {
    uint32_t before, behind;
};

/* Of what an object says in debug information about what is gone, no relocation is kept. */
static bool stays(const struct elf *elf, uint32_t atom, const struct ref *ref)
{
    const struct link *link = elf->link;
    if (!elf->is_object || link->set->lld || !is_debug(atom_section(link, atom)->name))
        return true;
    struct target target = ref_target(link, &link->inputs.at[link->atoms[atom].input], ref);
    uint64_t offset = target.offset;
    return target.kind != TARGET_ATOM || elf_home(elf, target.atom, &offset) != NONE;
}

static uint32_t count_refs_of(const struct elf *elf, uint32_t atom)
{
    const struct atom *its = atom_of(elf->link, atom);
    const struct ref *refs = atom_object(elf->link, atom)->refs + its->first_ref;
    uint32_t count = 0;
    for (uint32_t r = 0; r < its->ref_count; r++)
        count += stays(elf, atom, &refs[r]);
    return count;
}

/* From an atom on, up or down to one that stays; *atom is that, or `end`. */
static uint32_t count_dead(const struct elf *elf, uint32_t *atom, uint32_t end, int step)
{
    uint32_t count = 0;
    for (; *atom != end && !elf->link->atoms[*atom].is_live; *atom += (uint32_t)step)
        count += count_refs_of(elf, *atom);
    return count;
}

static struct leftovers find_leftovers(const struct elf *elf, uint32_t atom)
{
    const struct link *link = elf->link;
    const struct section *section = atom_section(link, atom);
    if (link->set->lld || !(section->flags & (SECTION_UNWIND | SECTION_STABS)))
        return (struct leftovers){0};
    uint32_t first = link->inputs.at[link->atoms[atom].input].first_atom + section->first_atom;
    uint32_t up = atom + 1, down = atom - 1;
    uint32_t behind = count_dead(elf, &up, first + section->atom_count, 1);
    uint32_t before = count_dead(elf, &down, first - 1, -1);
    bool is_first = down == first - 1;
    return (struct leftovers){.before = is_first ? before : 0, .behind = behind};
}

static void count_of(struct elf *elf, uint32_t index)
{
    const struct link *link = elf->link;
    const struct output *output = &link->outputs.at[index];
    uint64_t count = 0;
    if (!output->has_header || output->flags & SECTION_NOBITS)
        return;
    for (size_t c = 0; c < output->chunks.count; c++) {
        uint32_t atom = output->chunks.at[c].atom;
        if (!is_kept(link, &output->chunks.at[c]))
            continue;
        struct leftovers left = find_leftovers(elf, atom);
        count += left.before + count_refs_of(elf, atom) + left.behind;
    }
    elf->relocation_counts[index] = (uint32_t)count;
}

void elf_count_relocations(struct elf *elf)
{
    for (uint32_t i = 0; i < elf->link->outputs.count; i++)
        count_of(elf, i);
}

/* ---- one relocation ---- */

static void complain_of_unknown(const struct elf *elf, uint32_t atom, uint64_t offset)
{
    struct place place = atom_place(elf->link, atom, offset);
    diagnose(elf->link->host, WELT_ERROR, "relocation-type", place, NULL,
             "holds a relocation that the output's format has not, or Welt does not know: it "
             "cannot be kept");
}

/* A target that has no symbol of its own in the file is named by its section. */
static void name_by_section(const struct elf *elf, const struct target *target,
                            struct elf_relocation_kept *kept)
{
    uint64_t offset = target->offset;
    uint32_t home = target->kind == TARGET_ATOM ? elf_home(elf, target->atom, &offset) : NONE;
    kept->addend = target->addend;
    kept->symbol = 0;
    if (home == NONE) {
        kept->addend = 0; /* discarded: nothing is there */
        if (target->kind == TARGET_ATOM && !elf->link->set->lld)
            kept->type = 0;
        return;
    }
    const struct atom_state *state = &elf->link->atoms[home];
    kept->symbol = elf->section_symbols[state->output];
    kept->addend = (int64_t)((uint64_t)kept->addend + state->offset + offset);
}

static struct elf_relocation_kept keep(const struct elf *elf, uint32_t atom, uint64_t place,
                                       const struct ref *ref)
{
    const struct link *link = elf->link;
    uint32_t number = link->atoms[atom].input;
    const struct input *input = &link->inputs.at[number];
    uint32_t global = input->globals[ref->symbol];
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    struct elf_relocation_kept kept = {
        .offset = place, .type = kind->native, .addend = ref->addend};
    if (kind->architecture != (elf->is_64 ? ARCH_X86_64 : ARCH_I386))
        complain_of_unknown(elf, atom, ref->offset - atom_of(link, atom)->offset);
    if (!ref->symbol)
        return kept;
    kept.symbol =
        global == NONE ? elf->symbol_of[number][ref->symbol] : elf->global_symbols[global];
    if (kept.symbol)
        return kept;
    struct target target = ref_target(link, input, ref);
    name_by_section(elf, &target, &kept);
    return kept;
}

/* ---- of a load from the global offset table that became something else ---- */

/* What relax() makes of the instruction, a copy of it, says what its relocation has become. */
static void keep_relaxed(const struct elf *elf, uint32_t atom, const struct ref *ref,
                         struct elf_relocation_kept *kept)
{
    enum { BEFORE = 4, ROOM = 8 };
    const struct link *link = elf->link;
    const struct section *section = atom_section(link, atom);
    struct field field = {.input = &link->inputs.at[link->atoms[atom].input],
                          .section = section,
                          .ref = ref,
                          .kind = &ref_kinds[ref->kind],
                          .atom = atom,
                          .offset = ref->offset - atom_of(link, atom)->offset};
    unsigned char code[ROOM] = {0};
    uint64_t from = ref->offset < BEFORE ? 0 : ref->offset - BEFORE, before = field.offset;
    uint64_t size = section->size - from < ROOM ? section->size - from : ROOM;
    memcpy(code, section->bytes + from, size);
    field.bytes = code + (ref->offset - from);
    field.target = ref_target(link, field.input, ref);
    uint64_t addend = (uint64_t)field.target.addend;
    relax(link, &field);
    kept->type = field.kind->native;
    kept->offset -= before - field.offset;
    kept->addend = (int64_t)((uint64_t)kept->addend + (uint64_t)field.target.addend - addend);
}

static bool is_relaxed(const struct elf *elf, uint32_t atom, const struct ref *ref)
{
    const struct link *link = elf->link;
    return !elf->is_object && ref_is_of_slot(ref) && atom_section(link, atom)->bytes &&
           !ref_wants_slot(link, &link->inputs.at[link->atoms[atom].input],
                           atom_section(link, atom), ref);
}

/* ---- all of them ---- */

static void check_addend(const struct elf *elf, uint32_t atom, const struct ref *ref,
                         int64_t addend)
{
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    if (kind->width >= 4) /* also what has no place in this file: told by complain_of_unknown() */
        return;
    int64_t most = (int64_t)1 << (8 * kind->width), least = -most / 2;
    if (addend >= least && addend < most)
        return;
    diagnose(elf->link->host, WELT_ERROR, "reloc-range",
             atom_place(elf->link, atom, ref->offset - atom_of(elf->link, atom)->offset),
             "keep the objects apart, or name a symbol there instead of the section",
             "%s holds an addend of %u bits: %lld, counted from the joined section, does not fit",
             kind->name, 8u * kind->width, (long long)addend);
}

static void write_leftovers(const struct elf *elf, uint32_t count, uint64_t offset,
                            unsigned char **to)
{
    struct elf_relocation_kept none = {.offset = offset};
    for (uint32_t i = 0; i < count; i++) {
        elf_put_relocation(elf, *to, &none);
        *to += elf_relocation_size(elf);
    }
}

static void write_atom(const struct elf *elf, const struct output *output,
                       const struct chunk *chunk, unsigned char *file, unsigned char **to,
                       uint64_t *last)
{
    const struct link *link = elf->link;
    const struct atom *its = atom_of(link, chunk->atom);
    const struct object *object = atom_object(link, chunk->atom);
    uint64_t address = elf->is_object ? 0 : output->address;
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &object->refs[its->first_ref + r];
        uint64_t offset = chunk->offset + ref->offset - its->offset;
        if (!stays(elf, chunk->atom, ref))
            continue;
        struct elf_relocation_kept kept = keep(elf, chunk->atom, address + offset, ref);
        if (is_relaxed(elf, chunk->atom, ref))
            keep_relaxed(elf, chunk->atom, ref, &kept);
        bool in_place = elf->is_object && !elf->is_64;
        if (in_place)
            check_addend(elf, chunk->atom, ref, kept.addend);
        if (in_place && offset + ref_kinds[ref->kind].width <= output->size)
            put_number(file + output->elf_offset + offset, (uint64_t)kept.addend,
                       ref_kinds[ref->kind].width);
        elf_put_relocation(elf, *to, &kept);
        *to += elf_relocation_size(elf);
        *last = kept.offset;
    }
}

/* A section's first relocation counts its leftovers from where the section begins. */
static void write_output(const struct elf *elf, const struct output *output, unsigned char *file,
                         unsigned char *to)
{
    const struct link *link = elf->link;
    const struct section *section = NULL;
    uint64_t last = 0;
    for (size_t c = 0; c < output->chunks.count; c++) {
        const struct chunk *chunk = &output->chunks.at[c];
        if (!is_kept(link, chunk))
            continue;
        struct leftovers left = find_leftovers(elf, chunk->atom);
        if (section != atom_section(link, chunk->atom))
            last = (elf->is_object ? 0 : output->address) + chunk->offset;
        section = atom_section(link, chunk->atom);
        write_leftovers(elf, left.before, last, &to);
        write_atom(elf, output, chunk, file, &to, &last);
        write_leftovers(elf, left.behind, last, &to);
    }
}

void elf_write_relocations(const struct elf *elf, unsigned char *file)
{
    for (uint32_t i = 0; elf->has_relocations && i < elf->link->outputs.count; i++) {
        const struct output *output = &elf->link->outputs.at[i];
        if (!elf->relocations_of[i])
            continue;
        write_output(elf, output, file, file + elf->sections.at[elf->relocations_of[i]].offset);
    }
}
