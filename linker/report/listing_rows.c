/* SPDX-License-Identifier: MIT
 *
 * The lines of a stretch of bytes in the listing: instructions, rows of data, and one line for
 * bytes that nobody wants to see one by one. Each begins with offset and address. */
#include "report/listing.h"

#include "ask.h"
#include "input/source_lines.h"
#include "support/decode.h"

enum {
    ROW = 16,           /* bytes of data in a row */
    ZEROES_IN_CODE = 8, /* so many are no instructions */
    EQUAL_IN_DATA = 32, /* so many equal bytes are one line */
    FILL_SHOWN = 8,
};

/* ---- rows ---- */

static void begin_row(struct listing *listing, uint64_t at)
{
    number offset = listing->span->file_offset + at, address = listing->span->address + at;
    if (listing->span->in_file)
        text_add(&listing->text, "%04llx", offset);
    text_column(&listing->text, ADDRESS);
    text_add(&listing->text, "%04llx", address);
    text_column(&listing->text, BYTES);
}

/* At most a row of data. */
static void add_bytes(struct listing *listing, uint64_t at, size_t count)
{
    static const char digits[] = "0123456789abcdef";
    char hex[3 * ROW];
    for (size_t i = 0; i < count; i++) {
        hex[3 * i] = digits[listing->bytes[at + i] >> 4];
        hex[3 * i + 1] = digits[listing->bytes[at + i] & 15];
        hex[3 * i + 2] = ' ';
    }
    text_add(&listing->text, "%.*s", (int)(3 * count - 1), hex);
}

/* A row for bytes that nobody wants to see one by one. */
static void begin_long_row(struct listing *listing, uint64_t at, uint64_t count)
{
    begin_row(listing, at);
    text_add(&listing->text, "(%llu byte%s)", (number)count, count == 1 ? "" : "s");
    text_column(&listing->text, TEXT);
}
/* ---- bytes that are alike ---- */

uint64_t equal_bytes(const struct listing *listing, uint64_t from, uint64_t to)
{
    uint64_t at = from;
    while (at < to && listing->bytes[at] == listing->bytes[from])
        at++;
    return at - from;
}

static void show_equal(struct listing *listing, uint64_t at, uint64_t count)
{
    begin_long_row(listing, at, count);
    text_add(&listing->text, "%02x, repeated", listing->bytes[at]);
    text_end_line(&listing->text);
}

/* ---- code ---- */

/* One byte that is no instruction. */
static uint64_t show_byte(struct listing *listing, uint64_t at)
{
    begin_row(listing, at);
    add_bytes(listing, at, 1);
    text_column(&listing->text, TEXT);
    text_add(&listing->text, "db 0x%02x", listing->bytes[at]);
    list_targets(listing, at + 1, false);
    text_end_line(&listing->text);
    return 1;
}

static void add_branch(struct listing *listing, uint64_t address)
{
    const struct label *label = label_at_address(&listing->labels, address);
    if (!label)
        return;
    text_column(&listing->text, COMMENT);
    text_add(&listing->text, "; " NAME, label->name);
}

/* From which line the instruction at `at` was made, when it is another than that above. */
static void show_source(struct listing *listing, uint64_t at)
{
    const struct source_table *table = listing->table;
    const struct source_row *above = listing->source, *row;
    const struct atom *atom;
    if (!table)
        return;
    atom = atom_of(listing->link, listing->span->atom);
    row = source_row_at(table, atom->section, atom->offset + listing->in_atom + at);
    if (!row || (above && above->file == row->file && above->line == row->line))
        return;
    listing->source = row;
    text_add(&listing->text, "; " NAME ":%u", table->files.at[row->file].name, row->line);
    text_end_line(&listing->text);
}

static uint64_t show_instruction(struct listing *listing, uint64_t at, uint64_t to)
{
    struct instruction instruction;
    char words[INSTRUCTION_TEXT];
    size_t length = decode(listing->decoder, listing->bytes + at, to - at,
                           listing->span->address + at, &instruction);
    if (!length)
        return show_byte(listing, at);
    begin_row(listing, at);
    add_bytes(listing, at, length);
    text_column(&listing->text, TEXT);
    decode_text(listing->decoder, words, sizeof words);
    text_add(&listing->text, "%s", words);
    if (!list_targets(listing, at + length, true) && instruction.is_branch)
        add_branch(listing, instruction.target);
    text_end_line(&listing->text);
    return length;
}

void list_code(struct listing *listing, uint64_t at, uint64_t to)
{
    while (at < to) {
        show_source(listing, at);
        uint64_t zeroes = listing->bytes[at] ? 0 : equal_bytes(listing, at, next_ref(listing, to));
        if (zeroes >= ZEROES_IN_CODE)
            show_equal(listing, at, zeroes);
        at += zeroes >= ZEROES_IN_CODE ? zeroes : show_instruction(listing, at, to);
    }
}

/* ---- data ---- */

static void show_row(struct listing *listing, uint64_t at, size_t count)
{
    char characters[ROW];
    for (size_t i = 0; i < count; i++) {
        unsigned char c = listing->bytes[at + i];
        characters[i] = (char)(c >= 0x20 && c < 0x7f ? c : '.');
    }
    begin_row(listing, at);
    add_bytes(listing, at, count);
    text_column(&listing->text, DATA_TEXT);
    text_add(&listing->text, "|%.*s|", (int)count, characters);
    list_targets(listing, at + count, false);
    text_end_line(&listing->text);
}

void list_data(struct listing *listing, uint64_t at, uint64_t to)
{
    while (at < to) {
        uint64_t count = equal_bytes(listing, at, next_ref(listing, to));
        if (count >= EQUAL_IN_DATA) {
            show_equal(listing, at, count);
        } else {
            count = to - at < ROW ? to - at : ROW;
            show_row(listing, at, count);
        }
        at += count;
    }
}

/* ---- bytes of no object ---- */

void list_signature(struct listing *listing, uint64_t at, uint64_t to)
{
    begin_row(listing, at);
    add_bytes(listing, at, to - at);
    text_column(&listing->text, TEXT);
    text_add(&listing->text, "signature");
    text_end_line(&listing->text);
}

void list_filled(struct listing *listing, const char *kind)
{
    uint64_t size = listing->span->size;
    begin_long_row(listing, 0, size);
    text_add(&listing->text, "%s: ", kind);
    if (equal_bytes(listing, 0, size) == size) {
        add_bytes(listing, 0, 1);
    } else {
        add_bytes(listing, 0, size < FILL_SHOWN ? size : FILL_SHOWN);
        text_add(&listing->text, "%s", size > FILL_SHOWN ? " ..." : "");
    }
    text_end_line(&listing->text);
}

void list_memory(struct listing *listing, uint64_t at, uint64_t to)
{
    begin_long_row(listing, at, to - at);
    text_add(&listing->text, "memory");
    text_end_line(&listing->text);
}
