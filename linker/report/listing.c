/* SPDX-License-Identifier: MIT
 *
 * The image disassembled (--listing), span by span: every byte of the file stands on exactly one
 * line. What of a section is code, and of which mode, flow.c finds out. A section's code is of the
 * mode that its relocations speak for (input/code_mode.c); where they do not, of that of its
 * object's other sections, else of 16 bits, in ELF64 objects 64; but where the way from the entry
 * shows another. Where there is debug information, a line says from which line of the source what
 * follows was made.
 *
 *     ; boot.bin: 512 bytes, decoded as 16-bit code
 *
 *     ; boot.o:(.text._start)
 *     _start:
 *     ; 9 bytes
 *     ; boot.c:12
 *     0000    7c00    be 12 7c                   mov si, 0x7c12                   ; hello
 *     0003    7c03    e8 06 00                   call 0x7c0c                      ; print
 *     0006    7c06    f4                         hlt
 *     0007    7c07    eb fd                      jmp 0x7c06
 *     0009    7c09    (3 bytes)                  padding: 66 90 90
 *
 *     ; boot.o:(.text.print)
 *     print:
 *     ; 6 bytes
 *     000c    7c0c    89 36 00 7e                mov [0x7e00], si                 ; last
 *     0010    7c10    ac                         lodsb
 *     0011    7c11    c3                         ret
 *
 *     ; boot.o:(.rodata.str1.1)
 *     hello:
 *     0012    7c12    48 65 6c 6c 6f 2c 20 77 6f 72 6c 64 00            |Hello, world.|
 *     001f    7c1f    (479 bytes)                free: 00
 *     01fe    7dfe    55 aa                      signature
 *
 *     ; boot.o:(.bss.last)
 *     last:
 *             7e00    (2 bytes)                  memory
 *
 * The columns: offset in the file, address, bytes, what they are; behind a semicolon the symbols
 * that the bytes were made from. Where an instruction would not end before the next symbol, or
 * there is none, a byte is a byte (db).
 *
 * Requires a link that is written, or is only too large for that: then its first lines say so. */
#include "ask.h"
#include "input/source_lines.h"
#include "report/flow.h"
#include "steps.h"
#include "support/decode.h"

#include <string.h>

typedef unsigned long long number; /* as printf() takes it */

enum { ADDRESS = 8, BYTES = 16, TEXT = 43, DATA_TEXT = 66, COMMENT = 76 }; /* columns */
enum {
    ROW = 16,           /* bytes of data in a row */
    ZEROES_IN_CODE = 8, /* so many are no instructions */
    EQUAL_IN_DATA = 32, /* so many equal bytes are one line */
    REFS_SHOWN = 8,     /* behind a row */
    FILL_SHOWN = 8,
    SIGNATURE = 510, /* where a sector has it */
};

struct listing {
    struct link *link;
    struct text text;
    struct labels labels;
    struct code_bits bits;
    struct code_flow flow;
    struct decoder *decoder; /* for the stretch that is being shown */
    unsigned stretch_bits;   /* … of code, for which its heading or a line above says the mode */
    uint32_t input, section; /* whose heading is above */
    struct sources *sources;
    const struct source_table *table; /* of the span's object, or NULL */
    const struct source_row *source;  /* that is said above */

    /* the span that is being shown */
    const struct span *span;
    const unsigned char *bytes; /* NULL: memory only */
    uint64_t in_atom;           /* the offset of its first byte in the atom */
    size_t label;               /* the next one, index into labels.by_atom */
    uint32_t ref;               /* the next one of the atom's */
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

/* ---- references ---- */

static const struct ref *ref_of(const struct listing *listing, uint32_t index)
{
    const struct object *object = atom_object(listing->link, listing->span->atom);
    return &object->refs[atom_of(listing->link, listing->span->atom)->first_ref + index];
}

/* Where its field begins, in the span. */
static uint64_t ref_place(const struct listing *listing, uint32_t index)
{
    uint64_t atom = atom_of(listing->link, listing->span->atom)->offset;
    return ref_of(listing, index)->offset - atom - listing->in_atom;
}

/* Where the next reference's field begins, in the span; `end` when there is none before it. */
static uint64_t next_ref(const struct listing *listing, uint64_t end)
{
    if (listing->span->atom == NONE ||
        listing->ref >= atom_of(listing->link, listing->span->atom)->ref_count)
        return end;
    uint64_t place = ref_place(listing, listing->ref);
    return place < end ? place : end;
}

static void add_distance(struct text *text, int64_t distance)
{
    if (distance > 0)
        text_add(text, "+0x%llx", (number)distance);
    else if (distance < 0)
        text_add(text, "-0x%llx", (number)(0 - (uint64_t)distance));
}

/* A section's symbol says little: what stands there has a name, or is a string. */
static void add_spot(struct listing *listing, struct spot spot)
{
    const struct label *label = label_before(&listing->labels, spot);
    if (label) {
        text_add(&listing->text, NAME, label->name);
        add_distance(&listing->text, (int64_t)(spot.offset - label->spot.offset));
    } else if (is_string_piece(listing->link, spot.atom)) {
        add_string(&listing->text, listing->link, spot);
    } else {
        uint64_t offset = atom_of(listing->link, spot.atom)->offset + spot.offset;
        text_add(&listing->text, NAME, atom_section(listing->link, spot.atom)->name);
        add_distance(&listing->text, (int64_t)offset);
    }
}

/* No name: a plain number, symbol 0. */
static const char *target_name(const struct listing *listing, const struct target *target,
                               const struct ref *ref)
{
    if (target->global != NONE)
        return listing->link->globals.at[target->global].name;
    return atom_object(listing->link, listing->span->atom)->symbols[ref->symbol].name;
}

static const char *suffix_of(const struct listing *listing, const struct ref *ref)
{
    const struct link *link = listing->link;
    uint32_t atom = listing->span->atom;
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    if (ref_is_of_slot(ref) && !ref_wants_slot(link, input, atom_section(link, atom), ref))
        return "";
    switch (ref_kinds[ref->kind].operation) {
    case REF_GOT_OFFSET: return "@GOTOFF";
    case REF_GOT_SLOT:
    case REF_GOT_LOAD:
    case REF_GOT_RELATIVE: return "@GOT";
    default: return "";
    }
}

static void add_named_target(struct listing *listing, const struct target *target,
                             const struct ref *ref, int64_t addend)
{
    const char *name = target_name(listing, target, ref);
    uint8_t operation = ref_kinds[ref->kind].operation;
    if (!name[0]) {
        text_add(&listing->text, "0x%llx", (number)addend);
        return;
    }
    text_add(&listing->text, NAME "%s", name, suffix_of(listing, ref));
    if (operation != REF_GOT_ADDRESS)
        add_distance(&listing->text, addend);
}

/* `behind`: the bytes from the field to the instruction's end, from which a branch counts its
 * distance. */
static void add_target(struct listing *listing, const struct ref *ref, uint64_t behind)
{
    const struct link *link = listing->link;
    const struct input *input = &link->inputs.at[link->atoms[listing->span->atom].input];
    uint8_t operation = ref_kinds[ref->kind].operation;
    bool is_distance = operation == REF_RELATIVE || operation == REF_PLT;
    if (operation == REF_GOT_RELATIVE) {
        is_distance = true;
        behind = ref_kinds[ref->kind].width; /* a jump that was made of it is a byte shorter */
    }
    struct target target = ref_target(link, input, ref);
    int64_t addend = target.addend + (int64_t)(is_distance ? behind : 0);
    struct spot spot = {NONE, 0};
    if (target.kind == TARGET_ATOM && input->object->symbols[ref->symbol].kind == SYMBOL_SECTION)
        spot = spot_of(link, target.atom, target.offset + (uint64_t)addend);
    if (spot.atom == NONE)
        add_named_target(listing, &target, ref, addend);
    else
        add_spot(listing, spot);
}

/* What is relocated before `end`, which is then behind us. */
static unsigned add_targets(struct listing *listing, uint64_t end, bool is_code)
{
    unsigned shown = 0;
    for (; next_ref(listing, end) < end; listing->ref++) {
        const struct ref *ref = ref_of(listing, listing->ref);
        if (ref_kinds[ref->kind].operation == REF_NONE || shown > REFS_SHOWN)
            continue;
        if (!shown)
            text_column(&listing->text, COMMENT);
        text_add(&listing->text, shown ? ", " : "; ");
        if (shown++ == REFS_SHOWN)
            text_add(&listing->text, "...");
        else
            add_target(listing, ref, is_code ? end - ref_place(listing, listing->ref) : 0);
    }
    return shown;
}

/* ---- bytes that are alike ---- */

static uint64_t equal_bytes(const struct listing *listing, uint64_t from, uint64_t to)
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
    add_targets(listing, at + 1, false);
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
    if (!add_targets(listing, at + length, true) && instruction.is_branch)
        add_branch(listing, instruction.target);
    text_end_line(&listing->text);
    return length;
}

static void show_code(struct listing *listing, uint64_t at, uint64_t to)
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
    add_targets(listing, at + count, false);
    text_end_line(&listing->text);
}

static void show_data(struct listing *listing, uint64_t at, uint64_t to)
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

static void show_signature(struct listing *listing, uint64_t at, uint64_t to)
{
    begin_row(listing, at);
    add_bytes(listing, at, to - at);
    text_column(&listing->text, TEXT);
    text_add(&listing->text, "signature");
    text_end_line(&listing->text);
}

/* One line, however long: how many, and with what they are filled. */
static void show_filled(struct listing *listing, const char *kind)
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

/* ---- an atom, from label to label ---- */

static void show_memory(struct listing *listing, uint64_t at, uint64_t to)
{
    begin_long_row(listing, at, to - at);
    text_add(&listing->text, "memory");
    text_end_line(&listing->text);
}

static unsigned bits_of_kind(uint8_t kind)
{
    return 16u << (kind - BYTE_CODE);
}

/* Of the span's code that comes first; 16: there is none. */
static unsigned first_bits(const struct listing *listing)
{
    const struct span *span = listing->span;
    if (!flow_is_code(span))
        return 16; /* .bss has no place among the kinds */
    const uint8_t *kinds = listing->flow.kinds + span->file_offset;
    for (uint64_t at = 0; at < span->size; at++)
        if (kinds[at] >= BYTE_CODE)
            return bits_of_kind(kinds[at]);
    return 16;
}

static void add_heading(struct listing *listing)
{
    uint32_t atom = listing->span->atom;
    uint32_t input = listing->link->atoms[atom].input;
    uint32_t section = atom_of(listing->link, atom)->section;
    if (input == listing->input && section == listing->section)
        return;
    listing->input = input;
    listing->section = section;
    text_end_line(&listing->text);
    text_add(&listing->text, "; ");
    add_owner(&listing->text, listing->link, atom);
    listing->stretch_bits = first_bits(listing);
    if (listing->stretch_bits != 16)
        text_add(&listing->text, ", %u-bit code", listing->stretch_bits);
    text_end_line(&listing->text);
}

/* The next label's place in the span, or `end`. */
static uint64_t next_label(const struct listing *listing, uint64_t end)
{
    if (listing->label >= listing->labels.by_atom_count)
        return end;
    struct spot spot = listing->labels.by_atom[listing->label]->spot;
    uint64_t place = spot.offset - listing->in_atom;
    return spot.atom == listing->span->atom && place < end ? place : end;
}

static void show_labels(struct listing *listing, uint64_t at)
{
    for (; next_label(listing, at + 1) == at; listing->label++) {
        const struct label *label = listing->labels.by_atom[listing->label];
        text_add(&listing->text, NAME ":", label->name);
        text_end_line(&listing->text);
    }
}

/* What a function costs, and how much of that is prefixes that ask for the other operand or address
 * size: code for 32 bits in 16-bit mode is full of them. */
static void show_cost(struct listing *listing, uint64_t from, uint64_t to)
{
    uint64_t operands = 0, addresses = 0;
    struct instruction instruction;
    if (!listing->decoder || listing->span->kind != WELT_SPAN_CODE)
        return;
    for (uint64_t at = from; at < to;) {
        size_t length = decode(listing->decoder, listing->bytes + at, to - at,
                               listing->span->address + at, &instruction);
        for (uint64_t i = at; i + 1 < at + length; i++) {
            if (listing->bytes[i] != 0x66 && listing->bytes[i] != 0x67)
                break;
            operands += listing->bytes[i] == 0x66;
            addresses += listing->bytes[i] == 0x67;
        }
        at += length ? length : 1;
    }
    text_add(&listing->text, "; %llu byte%s", (number)(to - from), to - from == 1 ? "" : "s");
    if (operands + addresses)
        text_add(&listing->text, ", %llu of them prefixes (66: %llu, 67: %llu)",
                 (number)operands + (number)addresses, (number)operands, (number)addresses);
    text_end_line(&listing->text);
}

/* Where a sector that was written with its own signature has it, in the span; `end` in any other.
 */
static uint64_t own_signature(const struct listing *listing, uint64_t end)
{
    const struct link *link = listing->link;
    if (!link->signed_sector || listing->span->atom != link->entry_atom)
        return end;
    uint64_t place = SIGNATURE - listing->in_atom;
    return place + 2 <= end ? place : end;
}

static void show_stretch(struct listing *listing, uint64_t at, uint64_t to)
{
    if (!listing->bytes)
        show_memory(listing, at, to);
    else if (own_signature(listing, to) == at)
        show_signature(listing, at, to);
    else if (listing->decoder)
        show_code(listing, at, to);
    else
        show_data(listing, at, to);
}

static const struct source_table *table_of(const struct listing *listing)
{
    const struct source_table *table = listing->table;
    const struct object *object = atom_object(listing->link, listing->span->atom);
    return table && table->object == object ? table : sources_of(listing->sources, object);
}

static void open_atom(struct listing *listing)
{
    const struct span *span = listing->span;
    listing->in_atom = span->address - atom_address(listing->link, span->atom, 0);
    listing->label = labels_from(&listing->labels, (struct spot){span->atom, listing->in_atom});
    listing->ref = 0;
    listing->table = listing->bytes ? table_of(listing) : NULL;
    listing->source = NULL;
    add_heading(listing);
}

static uint8_t kind_at(const struct listing *listing, uint64_t at)
{
    return listing->flow.kinds[listing->span->file_offset + at];
}

/* Up to where there is data, or code of one mode. */
static uint64_t same_kind_end(const struct listing *listing, uint64_t at, uint64_t end)
{
    if (!flow_is_code(listing->span))
        return end;
    uint8_t kind = kind_at(listing, at);
    do
        at++;
    while (at < end && (kind_at(listing, at) == kind ||
                        (kind >= BYTE_CODE && kind_at(listing, at) == BYTE_INSIDE)));
    return at;
}

static uint64_t stretch_end(const struct listing *listing, uint64_t at)
{
    uint64_t end = next_label(listing, listing->span->size);
    uint64_t signature = own_signature(listing, listing->span->size);
    if (signature == at)
        signature += 2;
    if (signature > at && signature < end)
        end = signature;
    return same_kind_end(listing, at, end);
}

/* The decoder for what is shown next, and a line where the code is of another mode than above. */
static void open_stretch(struct listing *listing, uint64_t at)
{
    uint8_t kind = flow_is_code(listing->span) ? kind_at(listing, at) : BYTE_DATA;
    listing->decoder = NULL;
    if (kind < BYTE_CODE)
        return;
    listing->decoder = listing->bits.modes.decoders[kind - BYTE_CODE];
    if (bits_of_kind(kind) == listing->stretch_bits)
        return;
    listing->stretch_bits = bits_of_kind(kind);
    text_add(&listing->text, "; %u-bit code", listing->stretch_bits);
    text_end_line(&listing->text);
}

static void show_atom(struct listing *listing)
{
    uint64_t at = 0, size = listing->span->size;
    open_atom(listing);
    while (at < size) {
        bool is_labelled = next_label(listing, size) == at;
        if (is_labelled)
            show_labels(listing, at);
        uint64_t end = stretch_end(listing, at);
        open_stretch(listing, at);
        if (is_labelled)
            show_cost(listing, at, end);
        show_stretch(listing, at, end);
        at = end;
    }
    show_labels(listing, size);
}

/* ---- spans ---- */

static void show_layout(struct listing *listing)
{
    const struct span *span = listing->span;
    uint64_t size = span->size;
    bool is_equal = equal_bytes(listing, 0, size) == size;
    switch (span->kind) {
    case WELT_SPAN_PADDING: show_filled(listing, "padding"); break;
    case WELT_SPAN_FILL: show_filled(listing, "fill"); break;
    case WELT_SPAN_FREE: show_filled(listing, "free"); break;
    case WELT_SPAN_SIGNATURE:
        if (size <= 2) {
            show_signature(listing, 0, size);
            break;
        }
        /* fall through */
    default:
        if (span->kind == WELT_SPAN_RESERVED && is_equal)
            show_filled(listing, "reserved");
        else
            show_data(listing, 0, size);
    }
}

static void show_span(struct listing *listing, const struct span *span)
{
    listing->span = span;
    listing->bytes = span->in_file ? listing->link->image + span->file_offset : NULL;
    if (span->atom != NONE)
        show_atom(listing);
    else if (span->in_file)
        show_layout(listing);
    else
        show_memory(listing, 0, span->size);
}

/* ---- the whole ---- */

static void add_modes(struct listing *listing)
{
    static const char *const names[] = {"16-bit", "32-bit", "64-bit"};
    const char *before = ", decoded as ";
    for (int mode = DECODE_16; mode <= DECODE_64; mode++)
        if (listing->bits.is_used[mode]) {
            text_add(&listing->text, "%s%s", before, names[mode]);
            before = " and ";
        }
    if (*before == ' ')
        text_add(&listing->text, " code");
}

/* What is not as it will be, when the image is over its budget. */
static void add_draft(struct listing *listing, unsigned unsettled)
{
    text_add(&listing->text, "; not written: it is over its budget");
    text_end_line(&listing->text);
    if (!unsettled)
        return;
    text_add(&listing->text, "; %u reference%s not reach from here: %s bytes are not final",
             unsettled, unsettled == 1 ? " does" : "s do", unsettled == 1 ? "its" : "their");
    text_end_line(&listing->text);
}

/* Requires the image, written or not, its address map, name_atoms(). Empty, and an error, when
 * Zydis can't be opened. */
welt_bytes report_listing(struct link *link, struct arena *arena)
{
    struct listing listing = {.link = link, .text.arena = arena, .input = NONE, .section = NONE};
    if (!code_bits_open(&listing.bits, link, arena))
        return (welt_bytes){(const unsigned char *)"", 0};
    unsigned unsettled = link->linked ? 0 : draft_image(link);
    listing.labels = labels_collect(link, arena);
    flow_open(&listing.flow, link, arena, &listing.bits, &listing.labels);
    listing.sources = sources_open(link->host);
    text_add(&listing.text, "; " NAME ": %llu byte%s", link->set->given.output_name,
             (number)link->image_size, link->image_size == 1 ? "" : "s");
    add_modes(&listing);
    text_end_line(&listing.text);
    if (!link->linked)
        add_draft(&listing, unsettled);
    for (size_t i = 0; i < link->spans.count; i++) {
        host_progress(link->host, "listing", i, link->spans.count);
        show_span(&listing, &link->spans.at[i]);
    }
    sources_close(listing.sources);
    code_bits_close(&listing.bits);
    return text_close(&listing.text);
}
