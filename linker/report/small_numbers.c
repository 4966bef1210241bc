/* SPDX-License-Identifier: MIT
 *
 * What clang's -Oz would save at least in 16-bit code: it writes a small number shorter, at any
 * other level, -Os too, it does not.
 *
 *     66 b8 07 00 00 00    mov $7, %eax
 *     66 6a 07             push $7
 *     66 58                pop %eax
 *
 * It does more that is smaller (clang's command guide, "Code Generation Options"), and that does
 * not show in the bytes. */
#include "report/survey.h"

#include "ask.h"
#include "support/decode.h"

enum { OPERAND_SIZE = 0x66, MOVE = 0xb8, REGISTERS = 8, LENGTH = 6, SAVED = 1 };

static bool is_long_for_small(const unsigned char *bytes, size_t length)
{
    if (length != LENGTH || bytes[0] != OPERAND_SIZE || bytes[1] < MOVE ||
        bytes[1] >= MOVE + REGISTERS)
        return false;
    bool is_zero = !bytes[2] && !bytes[3] && !bytes[4] && !bytes[5];
    bool is_positive = bytes[2] < 0x80 && !bytes[3] && !bytes[4] && !bytes[5];
    bool is_negative = bytes[2] >= 0x80 && bytes[3] == 0xff && bytes[4] == 0xff && bytes[5] == 0xff;
    return (is_positive && !is_zero) || is_negative;
}

static bool has_ref(const struct link *link, uint32_t atom, uint64_t from, uint64_t end)
{
    const struct atom *its = atom_of(link, atom);
    const struct ref *refs = atom_object(link, atom)->refs + its->first_ref;
    uint32_t first = first_ref_from(refs, its->ref_count, from);
    return first < its->ref_count && refs[first].offset < end;
}

static uint64_t saved_in(const struct link *link, const struct report_row *row,
                         struct decoder *decoder)
{
    const unsigned char *bytes = row_bytes(link, row);
    uint64_t place = atom_of(link, row->atom)->offset + row->in_atom, saved = 0;
    struct instruction its;
    for (uint64_t at = 0; bytes && at < row->size; at += its.length) {
        if (!decode(decoder, bytes + at, row->size - at, at, &its))
            return 0;
        if (is_long_for_small(bytes + at, its.length) &&
            !has_ref(link, row->atom, place + at, place + at + its.length))
            saved += SAVED;
    }
    return saved;
}

void look_for_small_numbers(struct survey *survey, struct decoder *decoder)
{
    const struct link *link = survey->link;
    for (uint32_t i = 0; decoder && i < survey->graph->rows; i++) {
        const struct report_row *row = survey_row(survey, i);
        if (row->kind != WELT_SPAN_CODE || row->atom == NONE || !survey_counts(survey, row) ||
            row_is_runtime(link, row) || !is_compiled(row) ||
            object_compiler(atom_object(link, row->atom)) != COMPILER_CLANG)
            continue;
        survey_count(survey, SAVE_SMALL_NUMBERS, saved_in(link, row, decoder), row->object);
    }
}
