/* SPDX-License-Identifier: MIT
 *
 * Are a unit and its line table such that libdwarf reads them in little time and memory?
 *
 * Requires: sections that are relocated. Provides: an answer from their own bytes.
 *
 * libdwarf makes all rows of a table before it gives out the first, each of some 150 bytes, and
 * believes the counts in a header. So 5 bytes can cost gigabytes:
 *
 *     00                   each file is described by 0 numbers
 *     ff ff ff ff 0f       and there are 4294967295 of them
 *
 * and 60 KB can take minutes: 4096 units that have the same table of 20,000 rows, in whose end
 * there is a mistake, so that no unit ever gets a row which could be counted. That is why rows are
 * counted here, where a row costs a byte's reading, and for each unit anew. So are abbreviations,
 * of which each unit reads its table up to the one that it begins with.
 *
 * A unit's header is that of DWARF 5, section 7.5.1, abbreviations 7.5.3; a table's header and
 * program 6.2.4 and 6.2.5; DWARF 2 to 4 have them in sections of the same names. What compilers do
 * not write is refused: standard opcodes with other operands than the standard's, and names in
 * forms of split units. */
#include "support/line_tables.h"

#include "support/bytes.h"

#include <libdwarf/dwarf.h>
#include <string.h>

struct reader {
    const unsigned char *at, *end;
    const struct debug_section *sections;
    size_t section_count;
    struct line_budget *budget;
    unsigned version;
    unsigned offset_size;          /* 4, or 8 in DWARF's 64-bit form */
    const unsigned char *operands; /* how many each standard opcode has, from opcode 1 */
    unsigned first_special;        /* opcode */
    bool is_bad;
};

/* ---- bytes ---- */

static bool refuse(struct reader *reader)
{
    reader->is_bad = true;
    reader->at = reader->end;
    return false;
}

static uint64_t room(const struct reader *reader)
{
    return (uint64_t)(reader->end - reader->at);
}

static const unsigned char *take(struct reader *reader, uint64_t size)
{
    const unsigned char *at = reader->at;
    if (size > room(reader)) {
        refuse(reader);
        return NULL;
    }
    reader->at += size;
    return at;
}

static uint64_t take_number(struct reader *reader, unsigned width)
{
    uint64_t number = 0;
    const unsigned char *at = take(reader, width);
    for (unsigned i = 0; at && i < width; i++)
        number |= (uint64_t)at[i] << (8 * i);
    return number;
}

/* LEB128; a sign does not matter to who only wants to be behind it. */
static uint64_t take_leb(struct reader *reader)
{
    enum { LONGEST = 10, BITS = 7 };
    uint64_t number = 0;
    for (unsigned i = 0; i < LONGEST; i++) {
        unsigned byte = (unsigned)take_number(reader, 1);
        number |= (uint64_t)(byte & 0x7f) << (BITS * i);
        if (!(byte & 0x80))
            return number;
    }
    refuse(reader);
    return 0;
}

static bool spend(struct reader *reader, uint32_t *left, uint64_t amount)
{
    bool is_enough = amount <= *left;
    *left = is_enough ? *left - (uint32_t)amount : 0;
    return is_enough || refuse(reader);
}

/* ---- names ---- */

static size_t measure_text(const unsigned char *at, uint64_t size)
{
    uint64_t longest = size < LONGEST_SOURCE_PATH ? size : LONGEST_SOURCE_PATH;
    const unsigned char *end = longest ? memchr(at, 0, (size_t)longest) : NULL;
    return end ? (size_t)(end - at) + 1 : 0;
}

/* The size of the text in place, without its NUL. */
static size_t take_text(struct reader *reader)
{
    size_t size = measure_text(reader->at, room(reader));
    take(reader, size);
    if (!size)
        refuse(reader);
    return size ? size - 1 : 0;
}

static void check_text_of(struct reader *reader, const char *section)
{
    uint64_t offset = take_number(reader, reader->offset_size);
    for (size_t i = 0; i < reader->section_count; i++) {
        const struct debug_section *its = &reader->sections[i];
        bool is_it = strcmp(its->name, section) == 0;
        if (is_it && offset < its->size && measure_text(its->bytes + offset, its->size - offset))
            return;
    }
    refuse(reader);
}

static void take_form(struct reader *reader, uint64_t form)
{
    switch (form) {
    case DW_FORM_string: take_text(reader); return;
    case DW_FORM_strp: check_text_of(reader, ".debug_str"); return;
    case DW_FORM_line_strp: check_text_of(reader, ".debug_line_str"); return;
    case DW_FORM_udata: take_leb(reader); return;
    case DW_FORM_block: take(reader, take_leb(reader)); return;
    case DW_FORM_data1: take(reader, 1); return;
    case DW_FORM_data2: take(reader, 2); return;
    case DW_FORM_data4: take(reader, 4); return;
    case DW_FORM_data8: take(reader, 8); return;
    case DW_FORM_data16: take(reader, 16); return;
    default: refuse(reader); return;
    }
}

/* DWARF 5: what each name is said to have, their count, the names. */
static void take_names(struct reader *reader)
{
    uint64_t forms[UINT8_MAX];
    unsigned form_count = (unsigned)take_number(reader, 1);
    for (unsigned i = 0; i < form_count; i++) {
        take_leb(reader); /* path, folder, time, size or MD5 */
        forms[i] = take_leb(reader);
    }
    uint64_t count = take_leb(reader);
    if ((count && !form_count) || !spend(reader, &reader->budget->names, count)) {
        refuse(reader);
        return;
    }
    for (uint64_t n = 0; n < count && !reader->is_bad; n++)
        for (unsigned i = 0; i < form_count; i++)
            take_form(reader, forms[i]);
}

/* A file before DWARF 5: its name, folder, time and size. false: the list ends here. */
static bool take_file(struct reader *reader)
{
    if (!take_text(reader) || !spend(reader, &reader->budget->names, 1))
        return false;
    for (unsigned i = 0; i < 3; i++)
        take_leb(reader);
    return !reader->is_bad;
}

static void take_old_names(struct reader *reader)
{
    while (take_text(reader) && spend(reader, &reader->budget->names, 1))
        ;
    while (take_file(reader))
        ;
}

/* ---- lengths ---- */

static void take_length(struct reader *reader)
{
    uint64_t length = take_number(reader, 4);
    reader->offset_size = length == UINT32_MAX ? 8 : 4;
    if (length == UINT32_MAX)
        length = take_number(reader, 8);
    if (length > room(reader))
        refuse(reader);
    else
        reader->end = reader->at + length;
}

/* ---- the header ---- */

static void take_version(struct reader *reader)
{
    reader->version = (unsigned)take_number(reader, 2);
    if (reader->version < 2 || reader->version > 5)
        refuse(reader);
    if (reader->version < 5)
        return;
    uint64_t address_size = take_number(reader, 1), selector_size = take_number(reader, 1);
    if ((address_size != 4 && address_size != 8) || selector_size)
        refuse(reader);
}

/* Opcodes 1 to 12; a table may have fewer, or more of its own behind them. */
static void check_operands(struct reader *reader)
{
    static const unsigned char standard[] = {0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1};
    unsigned count = reader->first_special - 1;
    reader->operands = take(reader, count);
    size_t known = count < sizeof standard ? count : sizeof standard;
    if (reader->operands && memcmp(reader->operands, standard, known) != 0)
        refuse(reader);
}

static void take_machine(struct reader *reader)
{
    take(reader, 1); /* the smallest instruction */
    uint64_t operations = reader->version >= 4 ? take_number(reader, 1) : 1;
    take(reader, 2); /* whether rows are statements; the least line of a special opcode */
    uint64_t line_range = take_number(reader, 1);
    reader->first_special = (unsigned)take_number(reader, 1);
    if (!operations || !line_range || !reader->first_special)
        refuse(reader);
    else
        check_operands(reader);
}

static void take_header(struct reader *reader)
{
    take_length(reader);
    take_version(reader);
    uint64_t size = take_number(reader, reader->offset_size);
    const unsigned char *program = size <= room(reader) ? reader->at + size : NULL;
    take_machine(reader);
    if (reader->version >= 5) {
        take_names(reader); /* of folders */
        take_names(reader); /* of files */
    } else if (!reader->is_bad) {
        take_old_names(reader);
    }
    if (!program || reader->is_bad || program < reader->at)
        refuse(reader);
    else
        reader->at = program;
}

/* ---- the program ---- */

static void take_extended(struct reader *reader)
{
    uint64_t size = take_leb(reader);
    const unsigned char *next = size && size <= room(reader) ? reader->at + size : NULL;
    unsigned opcode = (unsigned)take_number(reader, 1);
    if (next && opcode == DW_LNE_end_sequence)
        spend(reader, &reader->budget->rows, 1);
    if (next && opcode == DW_LNE_define_file)
        take_file(reader);
    if (!next || reader->is_bad || reader->at > next)
        refuse(reader);
    else
        reader->at = next;
}

static void take_standard(struct reader *reader, unsigned opcode)
{
    if (opcode == DW_LNS_copy)
        spend(reader, &reader->budget->rows, 1);
    if (opcode == DW_LNS_fixed_advance_pc) {
        take(reader, 2);
        return;
    }
    for (unsigned i = 0; i < reader->operands[opcode - 1] && !reader->is_bad; i++)
        take_leb(reader);
}

static void take_step(struct reader *reader)
{
    unsigned opcode = (unsigned)take_number(reader, 1);
    if (!spend(reader, &reader->budget->steps, 1))
        return;
    if (opcode >= reader->first_special)
        spend(reader, &reader->budget->rows, 1);
    else if (opcode)
        take_standard(reader, opcode);
    else
        take_extended(reader);
}

static bool is_sound(struct reader *reader)
{
    take_header(reader);
    while (room(reader))
        take_step(reader);
    return !reader->is_bad;
}

/* ---- units ---- */

/* Provides: where its abbreviations are. */
static uint64_t take_unit_header(struct reader *reader)
{
    take_length(reader);
    unsigned version = (unsigned)take_number(reader, 2), kind = DW_UT_compile;
    if (version >= 5) {
        kind = (unsigned)take_number(reader, 1);
        take(reader, 1); /* an address's size */
    }
    uint64_t abbreviations = take_number(reader, reader->offset_size);
    if (version < 5)
        take(reader, 1);
    if (kind != DW_UT_compile && kind != DW_UT_partial)
        take(reader, 8); /* a signature */
    if (kind == DW_UT_type || kind == DW_UT_split_type)
        take(reader, reader->offset_size);
    return abbreviations;
}

static void take_attributes(struct reader *reader)
{
    uint64_t name, form;
    do {
        name = take_leb(reader);
        form = take_leb(reader);
        if (form == DW_FORM_implicit_const)
            take_leb(reader);
    } while ((name || form) && spend(reader, &reader->budget->abbreviations, 1));
}

static bool find_abbreviation(struct reader *reader, uint64_t code)
{
    while (spend(reader, &reader->budget->abbreviations, 1)) {
        uint64_t its = take_leb(reader);
        take_leb(reader); /* a tag */
        take(reader, 1);  /* whether there are children */
        take_attributes(reader);
        if (!its || its == code)
            return its && !reader->is_bad;
    }
    return false;
}

/* ---- sections ---- */

static bool open_reader(struct reader *reader, const char *name, uint64_t offset)
{
    for (size_t i = 0; i < reader->section_count; i++) {
        const struct debug_section *its = &reader->sections[i];
        if (strcmp(its->name, name) != 0)
            continue;
        reader->at = its->bytes + (offset < its->size ? offset : its->size);
        reader->end = its->bytes + its->size;
        return offset < its->size;
    }
    return false;
}

bool line_unit_is_sound(const struct debug_section *sections, size_t count, uint64_t offset,
                        struct line_budget *budget)
{
    struct reader reader = {.sections = sections, .section_count = count, .budget = budget};
    if (!open_reader(&reader, ".debug_info", offset))
        return false;
    uint64_t abbreviations = take_unit_header(&reader), code = take_leb(&reader);
    return code && !reader.is_bad && open_reader(&reader, ".debug_abbrev", abbreviations) &&
           find_abbreviation(&reader, code);
}

bool line_table_is_sound(const struct debug_section *sections, size_t count, uint64_t offset,
                         struct line_budget *budget)
{
    struct reader reader = {.sections = sections, .section_count = count, .budget = budget};
    return open_reader(&reader, ".debug_line", offset) && is_sound(&reader);
}
