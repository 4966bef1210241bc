/* SPDX-License-Identifier: MIT
 *
 * Relocation tables to references.
 *
 * A table names the section it applies to, in any order, and two may apply to one; references are
 * wanted by section and offset. So they are counted by section first, then put where they belong,
 * then those sections whose tables were not in order are sorted. Equal offsets keep the order of
 * the file.
 *
 * Addends in place (System V ABI, i386: SHT_REL) are numbers of the field's width, and with 8 and
 * 16 bits nobody wrote down their sign:
 *
 *     movw $table+0x9000, %bx   R_386_16 to .data, holds 0x9000: an offset in 40,000 bytes of data
 *     movw $end-2, %bx          R_386_16 to end, holds 0xfffe: 2 less than a symbol
 *
 * What a section symbol's addend must lead to is a place in the section: the reading that does so
 * is taken, the signed one when both or neither do. A distance counts from behind its field, which
 * the addend takes off beforehand: `jmp .data` holds -2. A named symbol's addend is signed here;
 * the step that writes the field tries the other reading. */
#include "input/elf_file.h"
#include "input/elf_tables.h"
#include "support/bytes.h"

#include <string.h>

enum { ERRORS_SHOWN = 10 }; /* of one object, then its reading stops */

/* ---- one reference ---- */

struct reader {
    const struct elf_file *file;
    struct object *object;
    unsigned errors;
};

static int64_t choose_sign(const struct object *object, const struct symbol *symbol,
                           const struct ref_kind *kind, int64_t positive)
{
    int64_t negative = positive - ((int64_t)1 << (8 * kind->width));
    int64_t sign_bit = (int64_t)1 << (8 * kind->width - 1);
    if (positive < sign_bit)
        return positive;
    if (symbol->kind != SYMBOL_SECTION || symbol->home != HOME_SECTION)
        return negative;
    const struct section *section = &object->sections[symbol->section];
    uint64_t bias = kind->operation == REF_RELATIVE ? kind->width : 0;
    uint64_t start = symbol->value + bias;
    if (start + (uint64_t)negative > section->size && start + (uint64_t)positive <= section->size)
        return positive;
    return negative;
}

static int64_t addend_in_place(const struct object *object, const struct ref_kind *kind,
                               const struct symbol *symbol, const unsigned char *field)
{
    switch (kind->width) {
    case 0: return 0;
    case 1: return choose_sign(object, symbol, kind, field[0]);
    case 2: return choose_sign(object, symbol, kind, get16(field));
    case 4: return (int32_t)get32(field);
    default: return (int64_t)get64(field);
    }
}

static struct place ref_place(const struct reader *reader, const struct section *section,
                              const struct elf_relocation *raw)
{
    struct place place = reader->file->place;
    const char *symbol = reader->object->symbols[raw->symbol].name;
    place.section = section->name;
    place.offset = raw->offset;
    place.has_offset = true;
    place.symbol = *symbol ? symbol : NULL;
    return place;
}

static void refuse_field(struct reader *reader, const struct section *section,
                         const struct elf_relocation *raw, unsigned width)
{
    static const char damage[] = "the file is cut short or damaged: make it again";
    const char *name = ref_kind_name(reader->object->architecture, raw->type);
    struct place place = ref_place(reader, section, raw);
    if (section->flags & SECTION_NOBITS)
        diagnose(reader->file->host, WELT_ERROR, "object-format", place, damage,
                 "relocation %s (%u) is to write into a section without bytes", name, raw->type);
    else
        diagnose(reader->file->host, WELT_ERROR, "object-format", place, damage,
                 "relocation %s (%u) is to write 0x%x bytes at 0x%llx, the section ends at 0x%llx",
                 name, raw->type, width, (unsigned long long)raw->offset,
                 (unsigned long long)section->size);
    reader->errors++;
}

static bool has_field(const struct section *section, const struct ref_kind *kind, uint64_t offset)
{
    return !kind->width || (!(section->flags & SECTION_NOBITS) && section->size >= kind->width &&
                            offset <= section->size - kind->width);
}

/* What writes nothing, or nothing known, may be said to stand anywhere: nobody shall look for bytes
 * there. */
static uint64_t offset_within(const struct section *section, const struct elf_relocation *raw)
{
    return raw->offset < section->size ? raw->offset : section->size;
}

/* A type that nobody knows is an error only if its section is linked, which is not known yet. */
static void note_unknown(struct reader *reader, const struct section *section,
                         const struct elf_relocation *raw, struct ref *ref)
{
    *ref = (struct ref){
        .offset = offset_within(section, raw), .addend = raw->type, .symbol = raw->symbol};
    reader->object->is_suspect = true;
}

static void note_uses(struct object *object, const struct section *section, const struct ref *ref)
{
    bool is_loaded = section->flags & SECTION_ALLOC;
    bool is_of_thread = is_loaded && ref_is_of_thread(ref);
    object->uses_got |= ref_is_of_table(ref) || ref_is_of_slot(ref);
    object->uses_threads |= is_of_thread;
    object->is_suspect |= is_of_thread;
    object->is_suspect |= is_loaded && ref_kinds[ref->kind].operation == REF_FOREIGN;
}

static void read_ref(struct reader *reader, const struct elf_section *table,
                     const struct elf_relocation *raw, struct ref *ref)
{
    const struct object *object = reader->object;
    const struct section *section = &object->sections[table->info];
    bool is_packed = section->flags & SECTION_PACKED; /* the offset is one of the unpacked bytes */
    uint32_t kind = is_packed ? 0 : ref_kind_find(object->architecture, raw->type);
    if (!has_field(section, &ref_kinds[kind], raw->offset)) {
        refuse_field(reader, section, raw, ref_kinds[kind].width);
        return;
    }
    if (!kind && section->flags & SECTION_ALLOC) {
        note_unknown(reader, section, raw, ref);
        return;
    }
    *ref = (struct ref){.offset = is_packed ? raw->offset : offset_within(section, raw),
                        .addend = raw->addend,
                        .symbol = raw->symbol,
                        .kind = (uint16_t)kind};
    note_uses(reader->object, section, ref);
    if (table->type == SHT_RELA || !ref_kinds[kind].width)
        return;
    ref->flags = REF_IN_PLACE;
    ref->addend = addend_in_place(object, &ref_kinds[kind], &object->symbols[raw->symbol],
                                  section->bytes + raw->offset);
}

/* ---- order ---- */

static bool is_sorted(const struct ref *refs, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        if (refs[i - 1].offset > refs[i].offset)
            return false;
    return true;
}

static void merge_runs(const struct ref *from, struct ref *to, uint32_t begin, uint32_t middle,
                       uint32_t end)
{
    uint32_t left = begin, right = middle;
    for (uint32_t i = begin; i < end; i++) {
        bool take_left = left < middle && (right >= end || from[left].offset <= from[right].offset);
        to[i] = take_left ? from[left++] : from[right++];
    }
}

/* Merge sort, from runs of one up: stable, and never quadratic. */
static void sort_refs(struct arena *scratch, struct ref *refs, uint32_t count)
{
    struct ref *from = refs, *to = NEW_ARRAY(scratch, struct ref, count);
    for (uint64_t run = 1; run < count; run *= 2) {
        for (uint64_t begin = 0; begin < count; begin += 2 * run) {
            uint64_t middle = begin + run < count ? begin + run : count;
            uint64_t end = begin + 2 * run < count ? begin + 2 * run : count;
            merge_runs(from, to, (uint32_t)begin, (uint32_t)middle, (uint32_t)end);
        }
        struct ref *swap = from;
        from = to;
        to = swap;
    }
    if (from != refs)
        memcpy(refs, from, count * sizeof *refs);
}

/* ---- tables ---- */

static uint64_t table_count(const struct elf_file *file, const struct elf_section *table)
{
    return table->size / (table->type == SHT_RELA ? file->shape->rela : file->shape->rel);
}

void count_refs(struct elf_file *file)
{
    for (uint32_t i = 1; !file->is_linked && i < file->section_count; i++) {
        const struct elf_section *table = &file->sections[i];
        if (!elf_is_relocations(table) || !table->size)
            continue;
        uint32_t count = (uint32_t)table_count(file, table);
        file->sections[table->info].ref_count += count;
        file->ref_count += count;
    }
}

static void read_table(struct reader *reader, const struct elf_section *table)
{
    struct section *section = &reader->object->sections[table->info];
    struct ref *refs = reader->object->refs + section->first_ref;
    uint64_t count = table_count(reader->file, table);
    for (uint64_t i = 0; i < count && reader->errors < ERRORS_SHOWN; i++) {
        struct elf_relocation raw = elf_relocation_at(reader->file, table, i);
        read_ref(reader, table, &raw, &refs[section->ref_count++]);
    }
}

bool read_refs(const struct elf_file *file, struct object *object)
{
    struct reader reader = {.file = file, .object = object};
    object->ref_count = file->ref_count;
    object->refs = NEW_ARRAY(file->arena, struct ref, file->ref_count);
    for (uint32_t i = 1; !file->is_linked && i < file->section_count; i++)
        if (elf_is_relocations(&file->sections[i]) && file->sections[i].size)
            read_table(&reader, &file->sections[i]);
    if (reader.errors)
        return false;
    for (uint32_t i = 1; i < file->section_count; i++) {
        const struct section *section = &object->sections[i];
        struct ref *refs = object->refs + section->first_ref;
        if (!is_sorted(refs, section->ref_count))
            sort_refs(file->scratch, refs, section->ref_count);
    }
    return true;
}
