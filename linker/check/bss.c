/* SPDX-License-Identifier: MIT
 *
 * .bss that nobody zeroes.
 *
 * A flat file does not hold .bss; what zeroes it has to know its bounds (known_bounds.c). A program
 * without such code may still be right: one that writes each variable before it reads it.
 *
 *     mov [drive], dl      writes one byte of .bss: from here on it is the program's
 *     mov dl, [drive]      reads what was written
 *
 * The walk from the entry sees that. When each reference to .bss is the operand of an instruction
 * on its way, and none reads a byte that was not written before on that way, nothing is told. An
 * instruction that the walk does not reach (an interrupt's, say): then nobody knows, and it is
 * told.
 *
 *     mov bx, buffer       in assembly a place to read sectors to, or to write a number to
 *     mov si, name         what is behind it is read
 *
 * An address that hand-written code puts into a register is a buffer's, but for SI. Compiled code
 * reads through any register, and its author counted on zeroes. An ELF file is not walked: there it
 * is told of what compiled code refers to. */
#include "check/bss.h"

#include "ask.h"

#include <string.h>

typedef unsigned long long number; /* as printf() takes it */

/* ---- where it is ---- */

/* A section of a name of its own without bytes is a place in memory (where the BIOS put the first
 * sector), but for C variables in it. */
static bool is_wanted_zero(const struct link *link, const struct span *span)
{
    if (span->kind != WELT_SPAN_BSS || span->atom == NONE || span->in_file)
        return false;
    const struct section *section = atom_section(link, span->atom);
    const struct symbol *symbol = link->atom_names[span->atom];
    bool is_variable = symbol && symbol->kind == SYMBOL_OBJECT;
    bool is_bss = strncmp(section->name, ".bss", 4) == 0 || strcmp(section->name, "COMMON") == 0;
    return (section->flags & SECTION_NOBITS) && (is_bss || is_variable);
}

static uint64_t bss_of(const struct link *link, struct extent *extent, uint32_t *first)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (!is_wanted_zero(link, span))
            continue;
        const struct output *output = &link->outputs.at[span->output];
        uint64_t end = output->address + output->size;
        if (!sum || output->address < extent->start)
            extent->start = output->address;
        if (!sum || end > extent->end)
            extent->end = end;
        if (!sum)
            *first = span->atom;
        sum += span->size;
    }
    return sum;
}

/* What loads an ELF file that no BIOS enters (GRUB does) zeroes its .bss. */
static bool is_loaded_by_others(const struct link *link)
{
    return link->form.kind != FORM_FLAT && !is_boot_sector(link);
}

static bool refers_to_it(struct link *link, const struct bss *bss, uint32_t atom,
                         const struct ref *ref)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    struct target target = ref_target(link, input, ref);
    if (target.kind != TARGET_SCRIPT && target.kind != TARGET_ATOM)
        return false;
    uint64_t address = target_address(link, &target) + (uint64_t)target.addend;
    return address >= bss->extent.start && address < bss->extent.end;
}

/* By a compiler, which gives a function a type and a size. */
static bool is_compiled(const struct link *link, uint32_t atom)
{
    const struct symbol *symbol = link->atom_names[atom];
    return symbol && symbol->kind == SYMBOL_FUNCTION && symbol->size;
}

static bool count_reference(struct link *link, void *to, uint32_t atom, const struct ref *ref)
{
    struct bss *bss = to;
    bool refers = refers_to_it(link, bss, atom, ref);
    bss->references += refers;
    bss->compiled += refers && is_compiled(link, atom);
    return true;
}

struct bss bss_find(struct link *link)
{
    struct bss bss = {.first = NONE};
    if (!check_applies(link, CHECK_BSS) || is_loaded_by_others(link) ||
        !bss_of(link, &bss.extent, &bss.first) || knows_bounds(link, bss.extent))
        return bss;
    bss.in_doubt = true;
    visit_live_refs(link, &bss, count_reference);
    return bss;
}

/* ---- what the walk sees ---- */

void bss_watch(const struct bss *bss, struct walk *walk)
{
    uint64_t size = bss->extent.end - bss->extent.start;
    if (!bss->in_doubt || bss->extent.end > UINT32_MAX)
        return;
    walk->watched = (uint32_t)bss->extent.start;
    walk->watched_size = size < MOST_WATCHED ? (uint32_t)size : MOST_WATCHED;
}

/* Whether a field of an instruction was made from a reference. */
static bool is_referring(const struct link *link, const struct step *step,
                         struct instruction_field field)
{
    if (step->span->atom == NONE || !field.size)
        return false;
    const struct atom *its = atom_of(link, step->span->atom);
    const struct ref *refs = &atom_object(link, step->span->atom)->refs[its->first_ref];
    uint64_t before = step->span->address - atom_address(link, step->span->atom, 0);
    uint64_t offset = its->offset + before + step->at + field.offset;
    uint32_t first = first_ref_from(refs, its->ref_count, offset);
    return first < its->ref_count && refs[first].offset == offset;
}

/* What is pushed was written. */
static bool is_stack_top(const struct bss *bss, const struct effect *effect)
{
    return effect->to.name == REG_SP && effect->is_constant &&
           effect->constant >= bss->extent.start && effect->constant < bss->extent.end;
}

static bool is_buffer(const struct link *link, const struct bss *bss, const struct step *step)
{
    const struct effect *effect = &step->effect;
    return effect->to.name < REG_ES && effect->to.name != REG_SI && effect->is_constant &&
           effect->constant >= bss->extent.start && effect->constant < bss->extent.end &&
           step->span->atom != NONE && !is_compiled(link, step->span->atom);
}

void bss_look(struct bss *bss, const struct walk *walk, const struct machine *machine,
              const struct step *step)
{
    const struct effect *effect = &step->effect;
    if (is_stack_top(bss, effect) || is_buffer(walk->link, bss, step))
        bss->seen += is_referring(walk->link, step, step->instruction.immediates[0]);
    if (is_watched(walk, &effect->memory) &&
        (!effect->memory.reads || is_stored(walk, machine, &effect->memory)))
        bss->seen += is_referring(walk->link, step, step->instruction.displacement);
}

/* ---- what is said ---- */

void bss_tell(const struct bss *bss, struct link *link)
{
    if (!bss->in_doubt || bss->seen == bss->references)
        return;
    struct place place = atom_place(link, bss->first, 0);
    place.symbol = link->atom_names[bss->first] ? link->atom_names[bss->first]->name : NULL;
    check_found(link->host, CHECK_BSS, place,
                "link the runtime's crt0 (main without _start), or zero it first",
                ".bss 0x%llx-0x%llx is not in the image and nothing here zeroes it: no code "
                "refers to its bounds",
                (number)bss->extent.start, (number)bss->extent.end);
}

void check_bss(struct link *link)
{
    struct bss bss = bss_find(link);
    if (bss.compiled)
        bss_tell(&bss, link);
}
