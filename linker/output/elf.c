/* SPDX-License-Identifier: MIT
 *
 * An ELF file as the output of a link, or beside a flat image.
 *
 * Requires: the address map. describe_elf provides link.elf and the image's size, so that the
 * image is the file; relocate.c fills the sections in, as it does for a flat image; finish_elf
 * provides the tables. elf_beside makes a second file of a link that gave a flat image: the same
 * addresses and symbols, and the debug sections, which are relocated here.
 *
 * Where a debug section names what is not in the image, the field holds a tombstone, as with lld
 * 19 (manual of lld, -z dead-reloc-in-nonalloc): 0, or 1 in .debug_ranges and .debug_loc, where two
 * zeroes end a list. gdb passes over code at address 0 as long as no section lies there; in an
 * image that begins at 0 the tombstones are -1 and -2 (DWARF issue 200609.1). */
#include "output/elf.h"

#include "output/relocate.h"
#include "steps.h"

#include <string.h>

struct elf *elf_describe(struct link *link, struct arena *arena)
{
    struct elf *elf = NEW(arena, struct elf);
    elf->link = link;
    elf->arena = arena;
    elf->is_64 = link->form.is_64;
    elf->is_object = link->form.kind == FORM_RELOCATABLE;
    elf->has_relocations =
        elf->is_object || (link->form.kind == FORM_EXECUTABLE && link->set->given.emit_relocs);
    strings_open(&elf->names, arena);
    elf_make_sections(elf);
    elf_find_neighbours(elf);
    elf_make_symbols(elf);
    elf_place_tables(elf);
    if (link->dynamic)
        elf_link_dynamic(elf);
    return elf;
}

static bool fits(struct link *link, uint64_t size)
{
    uint64_t most = link->set->given.max_image_size;
    if (size <= most)
        return true;
    diagnose(link->host, WELT_ERROR, "image-size", (struct place){0},
             "raise --max-image-size, or leave debug information out: -S",
             "the ELF file would have %llu bytes: more than the %llu that are allowed",
             (unsigned long long)size, (unsigned long long)most);
    return false;
}

void describe_elf(struct link *link)
{
    link->elf = elf_describe(link, &link->arena);
    link->image_size = fits(link, link->elf->size) ? link->elf->size : 0;
    link->image_end = link->image_start + link->image_size;
}

static void write_tables(const struct elf *elf, unsigned char *file)
{
    elf_write_relocations(elf, file);
    elf_write_dynamic(elf, file);
    elf_write_tables(elf, file);
    elf_write_build_id(elf, file);
}

void finish_elf(struct link *link)
{
    if (link->image_size)
        write_tables(link->elf, link->image);
}

/* ---- beside a flat image ---- */

static void copy_outputs(struct link *link, unsigned char *file)
{
    for (size_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        unsigned char *to = file + output->elf_offset;
        if (!output->has_header || output->flags & SECTION_NOBITS)
            continue;
        if (output->in_file)
            memcpy(to, link->image + output->file_offset, output->size);
        else
            relocate_output(link, output, to);
    }
}

welt_bytes elf_beside(struct link *link, struct arena *arena)
{
    if (link->form.kind != FORM_FLAT)
        return (welt_bytes){link->image, link->image_size};
    place_in_file(link);
    struct elf *elf = elf_describe(link, arena);
    if (!fits(link, elf->size))
        return (welt_bytes){0};
    unsigned char *file = arena_alloc(arena, elf->size + 1);
    copy_outputs(link, file);
    write_tables(elf, file);
    return (welt_bytes){file, elf->size};
}
