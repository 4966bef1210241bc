/* SPDX-License-Identifier: MIT
 *
 * The flat image: the bytes that are no atoms.
 *
 * Requires: the address map without errors. fill_image provides the image with its padding;
 * relocate.c then puts the atoms in; finish_image provides the rest: the script's data in
 * its order (a checksum stands last, as it covers what is before it), and the template's bytes. */
#include "ask.h"
#include "layout/values.h"
#include "steps.h"
#include "support/bytes.h"
#include "support/files.h"

#include <string.h>

/* ---- padding ---- */

/* Code is padded with instructions that do nothing: a fall-through into the next function must not
 * run into `add %al,(%eax)`. As GNU ld does it: in code of an ELF32 object two bytes at a time, in
 * code of an ELF64 object by the longest that processors like (Intel SDM, volume 2, NOP). */
enum { LONGEST_NOP = 10 };
static const unsigned char nops[LONGEST_NOP][LONGEST_NOP] = {
    {0x90},
    {0x66, 0x90},
    {0x0f, 0x1f, 0x00},
    {0x0f, 0x1f, 0x40},
    {0x0f, 0x1f, 0x44},
    {0x66, 0x0f, 0x1f, 0x44},
    {0x0f, 0x1f, 0x80},
    {0x0f, 0x1f, 0x84},
    {0x66, 0x0f, 0x1f, 0x84},
    {0x66, 0x2e, 0x0f, 0x1f, 0x84},
};

static void fill_with_nops(unsigned char *to, uint64_t size, uint64_t longest)
{
    while (size) {
        uint64_t length = size < longest ? size : longest;
        memcpy(to, nops[length - 1], length);
        to += length;
        size -= length;
    }
}

static void fill_chunk(unsigned char *to, const struct chunk *chunk, uint64_t longest_nop)
{
    const struct fill *fill = &chunk->fill;
    if (!fill->size && longest_nop)
        fill_with_nops(to, chunk->size, longest_nop);
    for (uint64_t i = 0; fill->size && i < chunk->size; i++)
        to[i] = fill->bytes[i % fill->size];
}

static uint64_t longest_nop_of(const struct link *link, uint32_t atom)
{
    return atom_object(link, atom)->architecture == ARCH_X86_64 ? LONGEST_NOP : 2;
}

static uint64_t first_nop(const struct link *link, const struct output *output)
{
    for (size_t c = 0; c < output->chunks.count; c++)
        if (output->chunks.at[c].kind == CHUNK_ATOM)
            return longest_nop_of(link, output->chunks.at[c].atom);
    return 2;
}

/* The atom that padding stands behind decides which instructions it is, or at the start the one
 * that it stands before. */
static void fill_output(struct link *link, const struct output *output)
{
    bool is_code = output->flags & SECTION_EXEC;
    uint64_t nop = is_code ? first_nop(link, output) : 0;
    for (size_t c = 0; c < output->chunks.count; c++) {
        const struct chunk *chunk = &output->chunks.at[c];
        if (chunk->kind == CHUNK_ATOM && is_code)
            nop = longest_nop_of(link, chunk->atom);
        if (chunk->kind == CHUNK_PADDING || chunk->kind == CHUNK_FILL)
            fill_chunk(link->image + output->file_offset + chunk->offset, chunk, nop);
    }
}

void fill_image(struct link *link)
{
    if (link->form.kind == FORM_FLAT)
        link->image_size = link->image_end - link->image_start;
    link->image = arena_alloc(&link->arena, link->image_size + 1);
    for (size_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        if (output->in_file && !(output->flags & SECTION_NOBITS))
            fill_output(link, output);
    }
}

/* ---- the template ---- */

static const struct file *open_template(struct link *link)
{
    struct file *file;
    const char *path = link->set->given.template_path;
    enum file_result result = file_read(&link->arena, path, &file);
    if (result == FILE_MISSING)
        file_missing(link->host, path);
    if (result != FILE_READ)
        return NULL;
    *list_add(&link->arena, &link->files) = file;
    return file;
}

/* A boot record's jump says where its parameter block ends (FAT specification, 3.1: jmpBoot): a
 * template of another kind of volume would be cut in the middle, or overlap the code. */
static bool fits_jump(struct link *link, const struct file *file)
{
    bool both_jump =
        link->image_size > 1 && file->size > 1 && link->image[0] == 0xeb && file->bytes[0] == 0xeb;
    if (!both_jump || link->image[1] == file->bytes[1])
        return true;
    diagnose(link->host, WELT_ERROR, "template", (struct place){.file = file->path},
             "layout vbr is for FAT12 and FAT16, vbr32 for FAT32",
             "its boot code begins at byte %u, the layout's at byte %u", file->bytes[1] + 2u,
             link->image[1] + 2u);
    return false;
}

static void check_template(struct link *link, const struct file *file)
{
    if (file->size >= 512 && (file->bytes[510] != 0x55 || file->bytes[511] != 0xaa))
        diagnose(link->host, WELT_WARNING, "template", (struct place){.file = file->path},
                 "give the first sector of a formatted volume or partitioned disk",
                 "is no boot sector: its bytes 510 and 511 are not 55 AA");
}

/* What the layout reserves is filled with the template's bytes at the same offsets. */
static void apply_template(struct link *link)
{
    const struct file *file = open_template(link);
    bool any = false;
    if (!file || !fits_jump(link, file))
        return;
    check_template(link, file);
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->kind != WELT_SPAN_RESERVED || !span->in_file)
            continue;
        any = true;
        if (span->file_offset + span->size <= file->size) {
            memcpy(link->image + span->file_offset, file->bytes + span->file_offset, span->size);
            continue;
        }
        diagnose(link->host, WELT_ERROR, "template", (struct place){.file = file->path},
                 "give a whole sector of the disk that the image is for",
                 "has %zu bytes, the layout reserves bytes 0x%llx to 0x%llx", file->size,
                 (unsigned long long)span->file_offset,
                 (unsigned long long)span->file_offset + span->size);
        return;
    }
    if (!any)
        diagnose(
            link->host, WELT_WARNING, "template", (struct place){.file = file->path},
            "layouts mbr, vbr and vbr32 reserve bytes; a script does by sections named .reserved…",
            "is not used: the layout reserves nothing");
}

/* ---- data of the script ---- */

static bool fits(int64_t value, unsigned width)
{
    if (width >= 8)
        return true;
    int64_t bits = 8 * (int64_t)width;
    return value >= -((int64_t)1 << (bits - 1)) && value < (int64_t)1 << bits;
}

static void put_data(struct link *link, uint32_t index, const struct chunk *chunk)
{
    static const char *const names[] = {[1] = "BYTE", [2] = "SHORT", [4] = "LONG", [8] = "QUAD"};
    const struct output *output = &link->outputs.at[index];
    const struct statement *s = chunk->statement;
    unsigned char *to = link->image + output->file_offset + chunk->offset;
    bool known;
    if (s->ascii) {
        memcpy(to, s->ascii, chunk->size);
        return;
    }
    int64_t value = data_value(link, index, chunk->offset, s, &known);
    if (known && !fits(value, s->width))
        diagnose(link->host, WELT_ERROR, "data-range", place_in_script(s->place),
                 "mask it if only its low bytes are meant: & 0xff",
                 "%s holds %u bits: 0x%llx does not fit", names[s->width], 8u * s->width,
                 (unsigned long long)value);
    put_number(to, (uint64_t)value, s->width);
}

void put_script_data(struct link *link)
{
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        bool has_bytes = output->in_file && !(output->flags & SECTION_NOBITS);
        for (size_t c = 0; has_bytes && c < output->chunks.count; c++)
            if (output->chunks.at[c].kind == CHUNK_DATA)
                put_data(link, i, &output->chunks.at[c]);
    }
}

void finish_image(struct link *link)
{
    put_script_data(link);
    if (link->set->given.template_path && link->form.kind == FORM_FLAT)
        apply_template(link);
}
