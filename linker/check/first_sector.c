/* SPDX-License-Identifier: MIT
 *
 * The image as a BIOS sees it: a sector that ends in 55 AA and is entered at its first byte.
 *
 *     entry-not-first   byte 0 is neither the entry nor a jump to it; a note where another loader
 *                       than the BIOS enters the image, for it may know better
 *     signature         55 AA missing, swapped or misplaced
 *     bpb               code in bytes 3 to 61, where some BIOSes write the geometry of what they
 *                       take for a floppy disk (El Torito and USB emulation; the block's fields are
 *                       those of Microsoft's FAT specification, 3.1) */
#include "check/checks.h"

#include "ask.h"

typedef unsigned long long number; /* as printf() takes it */

enum { BPB_START = 3, BPB_END = 62, NEAR_SIGNATURE = 12, MOST_SKIPPED = 3 };

/* ---- entry-not-first ---- */

enum {
    NOP = 0x90,
    CLEAR_INTERRUPTS = 0xfa,
    CLEAR_DIRECTION = 0xfc,
    SHORT_JUMP = 0xeb,
    NEAR_JUMP = 0xe9,
    FAR_JUMP = 0xea
};

static unsigned read_16(const unsigned char *at)
{
    return at[0] | (unsigned)at[1] << 8;
}

/* Where the jump at `at` leads, as an offset in the image; `at` when there is none. */
static uint64_t after_jump(const struct link *link, uint64_t at)
{
    const unsigned char *bytes = link->image + at;
    uint64_t left = link->image_size - at;
    if (left >= 2 && bytes[0] == SHORT_JUMP)
        return at + 2 + (uint64_t)(int8_t)bytes[1];
    if (left >= 3 && bytes[0] == NEAR_JUMP)
        return (at + 3 + read_16(bytes + 1)) & 0xffff;
    if (left >= 5 && bytes[0] == FAR_JUMP)
        return 16u * read_16(bytes + 3) + read_16(bytes + 1) - link->image_start;
    return at;
}

/* The first instruction that runs and says something, and where it leads. */
static uint64_t begins_at(const struct link *link)
{
    uint64_t at = 0;
    /* An option ROM is called behind its signature and length (PCI Firmware Specification, 5.1). */
    if (link->image_size >= 6 && link->image[0] == 0x55 && link->image[1] == 0xaa)
        at = 3;
    for (unsigned skipped = 0; skipped < MOST_SKIPPED && at + 1 < link->image_size &&
                               (link->image[at] == NOP || link->image[at] == CLEAR_INTERRUPTS ||
                                link->image[at] == CLEAR_DIRECTION);
         skipped++)
        at++;
    return after_jump(link, at);
}

static uint64_t load_offset(const struct link *link, uint32_t atom, uint64_t offset)
{
    const struct output *output = &link->outputs.at[link->atoms[atom].output];
    return atom_address(link, atom, offset) - output->address + output->load_address -
           link->image_start;
}

static const char *first_name(const struct link *link)
{
    const struct span *first = &link->spans.at[0];
    if (first->atom != NONE)
        return atom_name(link, first->atom);
    return first->output != NONE ? link->outputs.at[first->output].name : "nothing";
}

static void check_first_byte(struct link *link)
{
    uint32_t atom = link->entry_atom;
    if (atom == NONE || !link->entry_name || link->atoms[atom].output == NONE ||
        !link->atoms[atom].is_live)
        return;
    uint64_t offset = load_offset(link, atom, link->entry_offset);
    if (!offset || begins_at(link) == offset)
        return;
    struct place place = atom_place(link, atom, link->entry_offset);
    place.symbol = link->entry_name;
    const char *hint =
        "put its object first on the command line, or its section first in the script";
    if (is_boot_sector(link))
        check_found(link->host, CHECK_ENTRY_NOT_FIRST, place, hint,
                    "entry `%s' is at offset 0x%llx; the BIOS jumps to offset 0 (`%s')",
                    link->entry_name, (number)offset, first_name(link));
    else
        check_found_as(link->host, WELT_NOTE, CHECK_ENTRY_NOT_FIRST, place, hint,
                       "entry `%s' is at offset 0x%llx of the image: a loader that jumps to its "
                       "first byte enters `%s'",
                       link->entry_name, (number)offset, first_name(link));
}

/* ---- signature ---- */

static bool is_pair(const struct link *link, uint64_t at, unsigned char first, unsigned char second)
{
    return at + 1 < link->image_size && link->image[at] == first && link->image[at + 1] == second;
}

/* Near where it belongs, or exactly at the end of an image of another size. */
static uint64_t misplaced(const struct link *link)
{
    for (uint64_t at = SIGNATURE_AT - NEAR_SIGNATURE; at < SIGNATURE_AT + NEAR_SIGNATURE; at++)
        if (is_pair(link, at, 0x55, 0xaa))
            return at;
    if (link->image_size >= 2 && link->image_size < SECTOR &&
        is_pair(link, link->image_size - 2, 0x55, 0xaa))
        return link->image_size - 2;
    return 0;
}

static void check_signature(struct link *link)
{
    struct place place = {.file = link->set->given.output_name};
    bool is_sector = is_boot_sector(link) || link->image_size == SECTOR;
    if (!is_sector || is_pair(link, SIGNATURE_AT, 0x55, 0xaa))
        return;
    uint64_t at = misplaced(link);
    if (is_pair(link, SIGNATURE_AT, 0xaa, 0x55))
        check_found(link->host, CHECK_SIGNATURE, place,
                    "the byte at 510 is 55: SHORT(0xaa55), dw 0xaa55",
                    "bytes 510-511 are AA 55: swapped");
    else if (at)
        check_found(link->host, CHECK_SIGNATURE, place, NULL,
                    "55 AA is at bytes %llu-%llu, a BIOS looks for it at 510-511", (number)at,
                    (number)at + 1);
    else
        check_found_as(
            link->host, WELT_NOTE, CHECK_SIGNATURE, place, NULL,
            "the image has %llu bytes and no 55 AA at bytes 510-511: a BIOS boots no disk "
            "that begins so",
            (number)link->image_size);
}

/* ---- bpb ---- */

static void check_parameter_block(struct link *link)
{
    uint64_t from = begins_at(link), code = 0;
    if (!is_boot_sector(link) || link->image_size < BPB_END ||
        !is_pair(link, SIGNATURE_AT, 0x55, 0xaa))
        return;
    if (from < BPB_START || from >= link->image_size)
        from = BPB_START;
    for (size_t i = 0; i < link->spans.count && link->spans.at[i].in_file; i++) {
        const struct span *span = &link->spans.at[i];
        uint64_t start = span->file_offset > from ? span->file_offset : from;
        uint64_t end = span->file_offset + span->size;
        if (span->kind == WELT_SPAN_CODE && start < BPB_END && end > start && !code)
            code = start;
    }
    if (code)
        check_found(link->host, CHECK_BPB, (struct place){.file = link->set->given.output_name},
                    NULL, "code fills bytes %llu-61; some BIOSes overwrite them", (number)code);
}

void check_first_sector(struct link *link)
{
    if (check_applies(link, CHECK_ENTRY_NOT_FIRST))
        check_first_byte(link);
    if (check_applies(link, CHECK_SIGNATURE))
        check_signature(link);
    if (check_applies(link, CHECK_BPB))
        check_parameter_block(link);
}
