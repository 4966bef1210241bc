/* SPDX-License-Identifier: MIT
 *
 * Copies atoms into the image and fills in what depends on addresses.
 *
 * Requires: the address map, an image of its size. Provides: the bytes of every atom in the file,
 * or an error for each value that its field cannot hold. Formulas in the letters of the psABI
 * (System V ABI, Intel386 supplement, 4.4 "Relocation"): S the symbol's address, A the addend, P
 * the field's address, GOT the table's, G a slot's. */
#include "output/relocate.h"

#include "ask.h"
#include "input/thread_loads.h"
#include "input/unwind.h"
#include "steps.h"
#include "support/bytes.h"

#include <stdio.h>
#include <string.h>

/* ---- the value ---- */

static uint64_t slot_address(const struct link *link, const struct field *field)
{
    const uint32_t *slots = field->input->got_slots;
    uint32_t slot = slots ? slots[field->ref->symbol] : 0;
    return slot ? atom_address(link, slot - 1, 0) : 0;
}

/* `mov foo@GOT, %eax` without a base register names the slot itself: mod 00, r/m 101 (Intel SDM
 * vol. 2, table 2-2). */
static bool has_base_register(const struct field *field)
{
    return field->offset == 0 || (field->bytes[-1] & 0xc7) != 0x05;
}

/* A symbol's size is its definition's. */
static uint64_t target_size(const struct link *link, const struct field *field)
{
    const struct symbol *symbol = &field->input->object->symbols[field->ref->symbol];
    uint32_t index = field->input->globals[field->ref->symbol];
    if (index == NONE)
        return symbol->size;
    const struct global *global = &link->globals.at[index];
    bool has_size = global->state == GLOBAL_DEFINED || global->state == GLOBAL_WEAK_DEFINED;
    return has_size ? link->inputs.at[global->input].object->symbols[global->symbol].size : 0;
}

/* From the thread pointer, which code counts from; debug information counts from where the
 * variables begin. lld has all that is loaded count from the pointer; of what nobody defines it
 * takes the addend alone. */
static int64_t thread_offset(const struct link *link, const struct field *field, bool in_block)
{
    const struct thread_data *data = &link->thread_data;
    uint64_t s = target_address(link, &field->target);
    uint32_t of_pointer = link->form.as_lld ? SECTION_ALLOC : SECTION_EXEC;
    bool from_start = in_block && !(field->section->flags & of_pointer);
    if (link->form.as_lld && field->target.kind == TARGET_UNDEFINED)
        return 0;
    return (int64_t)(s - (from_start ? data->start : data->pointer));
}

static int64_t value_of(const struct link *link, const struct field *field)
{
    uint64_t s = target_address(link, &field->target);
    uint64_t a = (uint64_t)field->target.addend;
    uint64_t p = atom_address(link, field->atom, field->offset);
    uint64_t got = link->got_atom == NONE ? 0 : atom_address(link, link->got_atom, 0);
    switch (field->kind->operation) {
    case REF_RELATIVE:
    case REF_PLT: return (int64_t)(s + a - p);
    case REF_THREAD: return thread_offset(link, field, false) + (int64_t)a;
    case REF_THREAD_BACK: return (int64_t)a - thread_offset(link, field, false);
    case REF_THREAD_BLOCK: return thread_offset(link, field, true) + (int64_t)a;
    case REF_SIZE: return (int64_t)(target_size(link, field) + a);
    case REF_GOT_RELATIVE: return (int64_t)(slot_address(link, field) + a - p);
    case REF_GOT_ADDRESS: return (int64_t)(got + a - p);
    case REF_GOT_OFFSET: return (int64_t)(s + a - got);
    case REF_GOT_SLOT:
    case REF_GOT_LOAD:
        return (int64_t)(slot_address(link, field) + a - (has_base_register(field) ? got : 0));
    default: return (int64_t)(s + a);
    }
}

/* ---- its range ---- */

/* The in-place addend of a named symbol in a narrow field is read as signed; 0x9000 may have been
 * meant unsigned. Both readings give the same bytes, so either one that fits will do. (A section
 * symbol's addend was decided when it was read: within the section it is an offset.) */
static bool in_range(const struct ref_kind *kind, int64_t value)
{
    return value >= kind->low && value <= kind->high;
}

static bool fits(const struct field *field, int64_t value)
{
    const struct ref_kind *kind = field->kind;
    if (in_range(kind, value))
        return true;
    /* An ELF32 file writes an absolute symbol of -128 as 0xffffff80. */
    if (field->target.kind == TARGET_ABSOLUTE && kind->architecture == ARCH_I386 &&
        in_range(kind, (int32_t)value))
        return value >> 32 == 0;
    const struct symbol *symbol = &field->input->object->symbols[field->ref->symbol];
    if (!(field->ref->flags & REF_IN_PLACE) || kind->width >= 4 || symbol->kind == SYMBOL_SECTION ||
        kind->operation != REF_ABSOLUTE || field->ref->addend >= 0)
        return false;
    return in_range(kind, (int64_t)((uint64_t)value + ((uint64_t)1 << (8 * kind->width))));
}

static const char *target_name(const struct link *link, const struct field *field)
{
    const struct object *object = field->input->object;
    const struct symbol *symbol = &object->symbols[field->ref->symbol];
    if (field->input->globals[field->ref->symbol] != NONE)
        return link->globals.at[field->input->globals[field->ref->symbol]].name;
    return symbol->name[0] ? symbol->name : "*ABS*";
}

/* What is to blame that a target lies so high: the image's place, or the largest thing before it.
 */
static const char *pushed(struct link *link, const struct field *field)
{
    uint64_t address = target_address(link, &field->target);
    const struct span *largest = NULL;
    if (link->image_start >= 0x10000)
        return arena_format(&link->arena, "the image begins at 0x%llx; place it below 64 KiB",
                            (unsigned long long)link->image_start);
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->atom != NONE && span->address < address &&
            (!largest || span->size > largest->size))
            largest = span;
    }
    if (!largest)
        return "place it below 64 KiB, or reach it through a segment";
    return arena_format(&link->arena,
                        "`%s' (%s, %llu bytes) is the largest before it; move it down, or reach it "
                        "through a segment",
                        atom_name(link, largest->atom),
                        link->titles[link->atoms[largest->atom].input],
                        (unsigned long long)largest->size);
}

/* What has no place in the image: moving anything would not change it. */
static bool is_number(const struct link *link, const struct field *field)
{
    const struct target *target = &field->target;
    return target->kind == TARGET_ABSOLUTE ||
           (target->kind == TARGET_SCRIPT && link->globals.at[target->global].output < 0);
}

static const char *hint_for_number(struct link *link, const struct field *field)
{
    const char *name = target_name(link, field);
    unsigned bits = 8u * field->kind->width;
    if (field->kind->operation == REF_RELATIVE)
        return arena_format(&link->arena,
                            "`%s' is a number, not a place in the image: a far jump reaches it",
                            name);
    return arena_format(&link->arena,
                        "`%s' is a number (of --defsym, a script, .set or equ), not a place in the "
                        "image: give it a value of %u bits, or use it where more fit",
                        name, bits);
}

static const char *hint_for(struct link *link, const struct field *field)
{
    if (is_number(link, field) && field->kind->width < 4)
        return hint_for_number(link, field);
    if (field->kind->operation == REF_RELATIVE)
        return field->kind->width == 1 ? "use a near jump, or move the two closer together"
                                       : "move the two closer together";
    if (field->kind->architecture == ARCH_X86_64 && field->kind->width == 4)
        return "compile with -mcmodel=kernel for addresses in the highest 2 GiB, -mcmodel=large "
               "for any";
    if (field->kind->width == 2)
        return arena_format(&link->arena, "real-mode addresses have 16 bits: %s",
                            pushed(link, field));
    if (field->kind->width == 1)
        return "an address in the image has 16 bits: give it a field of two bytes (.word, dw)";
    return NULL;
}

static const char *hex(char *buffer, size_t size, int64_t value)
{
    bool negative = value < 0;
    uint64_t magnitude = negative ? 0 - (uint64_t)value : (uint64_t)value;
    snprintf(buffer, size, "%s0x%llx", negative ? "-" : "", (unsigned long long)magnitude);
    return buffer;
}

static void complain(struct link *link, const struct field *field, int64_t value)
{
    const struct ref_kind *kind = field->kind;
    char its[24], low[24], high[24];
    struct place place = atom_place(link, field->atom, field->offset);
    place.symbol = target_name(link, field);
    diagnose(link->host, WELT_ERROR, kind->width == 2 ? "reloc-16-range" : "reloc-range", place,
             hint_for(link, field), "%s to `%s' is out of range: %s is not in [%s, %s]", kind->name,
             place.symbol, hex(its, sizeof its, value), hex(low, sizeof low, kind->low),
             hex(high, sizeof high, kind->high));
}

/* ---- targets that are not there ---- */

/* These may speak of what is not in the image. */
static bool is_of_unwinding(const struct section *section)
{
    return strncmp(section->name, ".eh_frame", 9) == 0 ||
           strncmp(section->name, ".gcc_except_table", 17) == 0;
}

/* What the script discards or a group's first copy replaced has no address. */
static bool is_thrown_away(const struct link *link, const struct field *field)
{
    if (field->target.kind != TARGET_ATOM)
        return false;
    uint8_t why = link->atoms[field->target.atom].removed;
    bool is_gone = why == REMOVED_DISCARDED || why == REMOVED_COMDAT || why == REMOVED_DROPPED;
    return is_gone && !is_of_unwinding(atom_section(link, field->atom));
}

static void complain_of_thrown_away(struct link *link, const struct field *field)
{
    uint32_t atom = field->target.atom;
    struct place place = atom_place(link, field->atom, field->offset);
    place.symbol = target_name(link, field);
    bool is_data = !(atom_section(link, atom)->flags & SECTION_EXEC) &&
                   link->atoms[atom].removed != REMOVED_COMDAT;
    diagnose(link->host, WELT_ERROR, is_data ? "rodata-lost" : "discarded", place,
             "keep the section, or what refers to it out",
             "refers to `%s' in section `%s' of %s, which is not in the image", place.symbol,
             atom_section(link, atom)->name, link->titles[link->atoms[atom].input]);
}

/* ---- what tables say of code that is not there ---- */

static bool has_section_at_zero(const struct link *link)
{
    for (size_t i = 0; i < link->outputs.count; i++)
        if (!link->outputs.at[i].address && link->outputs.at[i].size &&
            link->outputs.at[i].flags & SECTION_ALLOC)
            return true;
    return false;
}

static bool is_dead(const struct link *link, const struct field *field, const char *from)
{
    const struct target *target = &field->target;
    if (target->kind == TARGET_UNDEFINED && target->global == NONE)
        return !target->is_weak; /* a local symbol of a group whose first copy is elsewhere */
    if (target->kind != TARGET_ATOM)
        return false;
    uint32_t atom = target->atom;
    /* Two line tables for one function would contradict each other. */
    bool is_folded = link->atoms[atom].removed == REMOVED_FOLDED;
    if (is_folded && strcmp(from, ".debug_line") == 0)
        return true;
    while (link->atoms[atom].leader != atom)
        atom = link->atoms[atom].leader;
    return !link->atoms[atom].is_live || link->atoms[atom].output == NONE;
}

/* Of debug information, see elf.c. */
static bool find_tombstone(const struct link *link, const struct field *field, int64_t *value)
{
    const struct section *from = atom_section(link, field->atom);
    bool is_loaded = from->flags & SECTION_ALLOC;
    if ((is_loaded && !is_of_unwinding(from)) || !is_dead(link, field, from->name))
        return false;
    *value = 0;
    if (is_loaded)
        return true;
    bool is_list =
        strcmp(from->name, ".debug_ranges") == 0 || strcmp(from->name, ".debug_loc") == 0;
    *value = is_list ? 1 : 0;
    if (has_section_at_zero(link))
        *value = is_list ? -2 : -1;
    return true;
}

/* ---- every reference of every atom in the file ---- */

/* The call that asked a loader is gone when its turn comes: its bytes are another instruction's. */
static bool writes(const struct field *field)
{
    uint8_t operation = field->kind->operation;
    return operation != REF_NONE && operation != REF_FOREIGN &&
           !ref_is_of_thread_call(field->input->object, field->section, field->ref);
}

static void apply(struct link *link, struct field *field)
{
    if (!writes(field))
        return;
    field->target = ref_target(link, field->input, field->ref);
    int64_t tombstone;
    if (find_tombstone(link, field, &tombstone)) {
        put_number(field->bytes, (uint64_t)tombstone, field->kind->width);
        return;
    }
    if (is_thrown_away(link, field))
        complain_of_thrown_away(link, field);
    if (ref_is_of_slot(field->ref) &&
        !ref_wants_slot(link, field->input, field->section, field->ref))
        relax(link, field);
    if (field->kind->operation == REF_THREAD_LOAD && !relax_thread(link, field))
        return;
    int64_t value = value_of(link, field);
    if (!fits(field, value))
        complain(link, field, value);
    put_number(field->bytes, (uint64_t)value, field->kind->width);
}

/* An FDE says how far before its second word its CIE begins (input/unwind.h): by now that may be
 * another object's. */
static void point_at_cie(const struct link *link, uint32_t atom, unsigned char *to)
{
    uint32_t cie = unwind_cie(link, atom);
    if (cie == NONE || !link->atoms[cie].is_live)
        return;
    uint64_t here = atom_address(link, atom, UNWIND_POINTER);
    put_number(to + UNWIND_POINTER, here - atom_address(link, cie, 0), 4);
}

static void copy_atom(struct link *link, const struct chunk *chunk, unsigned char *to)
{
    const struct section *section = atom_section(link, chunk->atom);
    const struct atom *its = atom_of(link, chunk->atom);
    const struct input *input = &link->inputs.at[link->atoms[chunk->atom].input];
    host_check(link->host);
    if (!section->bytes)
        return;
    /* The image is zeroed: what a record is longer by does nothing. */
    memcpy(to, section->bytes + its->offset, chunk->size < its->size ? chunk->size : its->size);
    if (section->flags & SECTION_STABS)
        put_stab(link, chunk->atom, to);
    if (section->flags & SECTION_UNWIND)
        point_at_cie(link, chunk->atom, to);
    if (unwind_is_padded(link, chunk->atom))
        put_number(to, chunk->size - UNWIND_ALIGN,
                   UNWIND_ALIGN); /* its length, which does not count itself */
    if (link->form.kind == FORM_RELOCATABLE)
        return; /* elf_relocations.c keeps them */
    for (uint32_t r = 0; r < its->ref_count; r++) {
        const struct ref *ref = &input->object->refs[its->first_ref + r];
        struct field field = {.input = input,
                              .section = section,
                              .ref = ref,
                              .kind = &ref_kinds[ref->kind],
                              .atom = chunk->atom,
                              .offset = ref->offset - its->offset};
        field.bytes = to + field.offset;
        apply(link, &field);
    }
}

void relocate_output(struct link *link, const struct output *output, unsigned char *to)
{
    for (size_t c = 0; c < output->chunks.count; c++)
        if (output->chunks.at[c].kind == CHUNK_ATOM)
            copy_atom(link, &output->chunks.at[c], to + output->chunks.at[c].offset);
}

void relocate(struct link *link)
{
    for (size_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        host_progress(link->host, "relocate", i, link->outputs.count);
        if (output->in_file && !(output->flags & SECTION_NOBITS))
            relocate_output(link, output, link->image + output->file_offset);
    }
}
