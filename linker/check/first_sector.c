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

#include <string.h>

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

/* What is linked for 0 may run at 07c0:0, and jumps there. */
static uint64_t far_offset(const struct link *link, unsigned segment, unsigned offset)
{
    uint64_t start = link->image_start ? link->image_start : BIOS_ENTRY;
    uint64_t target = 16u * (uint64_t)segment + offset;
    return target >= start ? target - start : target - link->image_start;
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
        return far_offset(link, read_16(bytes + 3), read_16(bytes + 1));
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

/* A sector that was written by hand is taken as it is; no BIOS boots this one, and that its layout
 * is one of Welt's says that a BIOS was to. */
static void complain_of_swapped(struct link *link)
{
    struct place place = {.file = image_name(link)};
    const char *hint = "the byte at 510 is 55: SHORT(0xaa55), dw 0xaa55";
    if (link->signed_sector && is_boot_sector(link) && !is_builtin_layout(link, "own"))
        check_found_as(link->host, WELT_ERROR, CHECK_SIGNATURE, place, hint,
                       "bytes 510-511 are AA 55: swapped");
    else
        check_found(link->host, CHECK_SIGNATURE, place, hint, "bytes 510-511 are AA 55: swapped");
}

static bool is_usual_name(const char *name)
{
    static const char *const usual[] = {".text", ".rodata", ".data"};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
        if (strncmp(name, usual[i], strlen(usual[i])) == 0)
            return true;
    return false;
}

/* Whether a span is nothing but the two bytes, in either order, in a section of its own: a variable
 * may well hold 0xaa55. */
static bool is_only_a_signature(const struct link *link, const struct span *span)
{
    uint64_t at = span->file_offset;
    bool is_section = span->in_file && span->atom != NONE && span->size == 2 &&
                      atom_section(link, span->atom)->size == 2;
    return is_section && (is_pair(link, at, 0x55, 0xaa) || is_pair(link, at, 0xaa, 0x55)) &&
           !is_usual_name(atom_section(link, span->atom)->name);
}

/* Who wrote a section for the signature relies on it; a layout that has its own puts it elsewhere.
 */
static void check_other_signatures(struct link *link)
{
    if (is_builtin_layout(link, "own") || !is_pair(link, SIGNATURE_AT, 0x55, 0xaa))
        return;
    for (size_t i = 0; i < link->spans.count && link->spans.at[i].in_file; i++) {
        const struct span *span = &link->spans.at[i];
        uint64_t at = span->file_offset;
        if (!is_only_a_signature(link, span) || at == SIGNATURE_AT)
            continue;
        check_found_as(link->host, WELT_NOTE, CHECK_SIGNATURE, atom_place(link, span->atom, 0),
                       "the layout makes the signature: leave this section out",
                       "%s at bytes %llu-%llu is not what a BIOS looks for: the layout's own "
                       "55 AA is at 510-511",
                       is_pair(link, at, 0x55, 0xaa) ? "55 AA" : "AA 55 (swapped)", (number)at,
                       (number)at + 1);
    }
}

static void tell_of_none(struct link *link)
{
    check_found_as(link->host, WELT_NOTE, CHECK_SIGNATURE, (struct place){.file = image_name(link)},
                   NULL,
                   "the image has %llu bytes and no 55 AA at bytes 510-511: a BIOS boots no disk "
                   "that begins so",
                   (number)link->image_size);
}

/* Of 512 bytes that run elsewhere, a second stage say, it is no news that they have none. */
static void check_signature(struct link *link)
{
    struct place place = {.file = image_name(link)};
    bool is_sector = is_boot_sector(link) || link->image_size == SECTOR;
    check_other_signatures(link);
    if (!is_sector || is_pair(link, SIGNATURE_AT, 0x55, 0xaa))
        return;
    uint64_t at = misplaced(link);
    if (is_pair(link, SIGNATURE_AT, 0xaa, 0x55))
        complain_of_swapped(link);
    else if (at)
        check_found(link->host, CHECK_SIGNATURE, place, NULL,
                    "55 AA is at bytes %llu-%llu, a BIOS looks for it at 510-511", (number)at,
                    (number)at + 1);
    else if (is_boot_sector(link) || !is_builtin_layout(link, "own"))
        tell_of_none(link);
}

/* ---- bpb ---- */

/* What a BIOS takes for a hard disk has no parameter block: four entries of 16 bytes at 446, each
 * active (80) or not (0), and one that is and has a type (UEFI Specification 2.10, 5.2.1). */
static bool has_active_partition(const struct link *link)
{
    enum { TABLE = 446, ENTRY = 16, ENTRIES = 4, TYPE = 4 };
    bool any = false;
    for (unsigned i = 0; i < ENTRIES; i++) {
        const unsigned char *entry = link->image + TABLE + (size_t)i * ENTRY;
        if (entry[0] != 0x80 && entry[0] != 0)
            return false;
        any |= entry[0] && entry[TYPE];
    }
    return any;
}

/* Welt's own layouts put code there by their design: who chose one hears of it when he asks. */
static bool is_laid_out_by_hand(const struct link *link)
{
    return is_builtin_layout(link, "own") || link->signed_sector ||
           check_is_named(link->host, CHECK_BPB);
}

static void check_parameter_block(struct link *link)
{
    uint64_t from = begins_at(link), code = 0;
    if (!is_boot_sector(link) || link->image_size < BPB_END || !is_laid_out_by_hand(link) ||
        !is_pair(link, SIGNATURE_AT, 0x55, 0xaa) || has_active_partition(link))
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
        check_found(link->host, CHECK_BPB, (struct place){.file = image_name(link)}, NULL,
                    "code fills bytes %llu-61; some BIOSes overwrite them when they boot a USB "
                    "stick as a floppy disk",
                    (number)code);
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
