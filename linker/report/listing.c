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
#include "report/listing.h"

#include "ask.h"
#include "input/source_lines.h"
#include "steps.h"
#include "support/decode.h"

enum { SIGNATURE = 510 /* where a sector has it */ };

/* ---- an atom, from label to label ---- */

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

struct cost {
    uint64_t bytes, operands, addresses; /* the latter two: of prefixes */
};

static void add_cost(const struct listing *listing, struct decoder *decoder, uint64_t from,
                     uint64_t to, struct cost *cost)
{
    struct instruction instruction;
    cost->bytes += to - from;
    for (uint64_t at = from; at < to;) {
        size_t length = decode(decoder, listing->bytes + at, to - at, listing->span->address + at,
                               &instruction);
        for (uint64_t i = at; i + 1 < at + length; i++) {
            if (listing->bytes[i] != 0x66 && listing->bytes[i] != 0x67)
                break;
            cost->operands += listing->bytes[i] == 0x66;
            cost->addresses += listing->bytes[i] == 0x67;
        }
        at += length ? length : 1;
    }
}

/* What a function costs, in whatever modes its code is, and how much of that is prefixes that ask
 * for the other operand or address size: code for 32 bits in 16-bit mode is full of them. */
static void show_cost(struct listing *listing, uint64_t from, uint64_t to)
{
    struct cost cost = {0};
    if (!listing->decoder || listing->span->kind != WELT_SPAN_CODE)
        return;
    for (uint64_t at = from, end; at < to; at = end) {
        uint8_t kind = kind_at(listing, at);
        end = same_kind_end(listing, at, to);
        if (kind >= BYTE_CODE)
            add_cost(listing, listing->bits.modes.decoders[kind - BYTE_CODE], at, end, &cost);
    }
    text_add(&listing->text, "; %llu byte%s", (number)cost.bytes, cost.bytes == 1 ? "" : "s");
    if (cost.operands + cost.addresses)
        text_add(&listing->text, ", %llu of them prefixes (66: %llu, 67: %llu)",
                 (number)cost.operands + (number)cost.addresses, (number)cost.operands,
                 (number)cost.addresses);
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
        list_memory(listing, at, to);
    else if (own_signature(listing, to) == at)
        list_signature(listing, at, to);
    else if (listing->decoder)
        list_code(listing, at, to);
    else
        list_data(listing, at, to);
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
            show_cost(listing, at, next_label(listing, size));
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
    case WELT_SPAN_PADDING: list_filled(listing, "padding"); break;
    case WELT_SPAN_FILL: list_filled(listing, "fill"); break;
    case WELT_SPAN_FREE: list_filled(listing, "free"); break;
    case WELT_SPAN_SIGNATURE:
        if (size <= 2) {
            list_signature(listing, 0, size);
            break;
        }
        /* fall through */
    default:
        if (span->kind == WELT_SPAN_RESERVED && is_equal)
            list_filled(listing, "reserved");
        else
            list_data(listing, 0, size);
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
        list_memory(listing, 0, span->size);
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
    text_add(&listing.text, "; " NAME ": %llu byte%s", image_name(link), (number)link->image_size,
             link->image_size == 1 ? "" : "s");
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
