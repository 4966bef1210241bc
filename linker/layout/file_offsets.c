/* SPDX-License-Identifier: MIT
 *
 * Where everything stands in an ELF file.
 *
 * Requires: final addresses, program headers with their outputs. Provides: elf_offset of every
 * output that has a section header, the numbers of the program headers, link.sections_end.
 *
 *     0x0000  file header, program headers
 *     0x1000  .text        at 0x08049000: offset and address agree modulo the page (System V ABI,
 *     0x2000  .rodata      5 "Program Loading"), so that a loader can map the file
 *     0x2fd0  .data
 *     0x3000  .comment     what is not loaded follows, each where its alignment lets it
 *     …       symbols, strings, names, section headers: output/elf*.c
 *
 * The numbers are those of GNU ld 2.40, peculiarities too: with -n and -N segments begin at their
 * sections' alignment only; a segment of zeroes alone takes no room and gets an offset within the
 * first page. */
#include "layout/layout.h"

#include "ask.h"
#include "steps.h"

#include <elf.h>

struct placer {
    struct link *link;
    uint64_t offset; /* behind what was placed */
    uint64_t page;   /* 1: -n, -N, or no executable */
    bool is_too_far; /* an offset would be beyond what any file has */
};

static const uint64_t most_offset = (uint64_t)1 << 62;

/* Sums of page sizes and of gaps between addresses may pass 64 bits. Then the offset stays, and
 * place_in_file() gives the file a size that is refused. */
static void advance(struct placer *placer, uint64_t by)
{
    if (by > most_offset || placer->offset > most_offset - by)
        placer->is_too_far = true;
    else
        placer->offset += by;
}

/* What must be added to an offset to agree with an address modulo the alignment. */
static uint64_t bias(uint64_t address, uint64_t offset, uint64_t align)
{
    return (address - offset) & (align - 1);
}

static bool has_bytes(const struct output *output)
{
    return !(output->flags & SECTION_NOBITS);
}

static struct output *output_at(const struct link *link, const struct program_header *header,
                                uint32_t index)
{
    return &link->outputs.at[link->segment_outputs.at[header->first + index]];
}

/* ---- a loaded segment ---- */

static uint64_t largest_align(const struct placer *placer, const struct program_header *header)
{
    uint64_t align = placer->page;
    for (uint32_t i = 0; i < header->count; i++)
        if (output_at(placer->link, header, i)->header_align > align)
            align = output_at(placer->link, header, i)->header_align;
    return align;
}

static bool any_bytes(const struct link *link, const struct program_header *header)
{
    for (uint32_t i = 0; i < header->count; i++)
        if (has_bytes(output_at(link, header, i)))
            return true;
    return false;
}

void complain_of_headers(struct link *link)
{
    diagnose(link->host, WELT_ERROR, "headers", (struct place){.file = link->script->name},
             "link with -N, or leave room: . = ORIGIN + SIZEOF_HEADERS",
             "there is no room for the %llu bytes of headers before the first section",
             (unsigned long long)link->headers_size);
}

/* The headers before the first section; the addresses move down with them. */
static void place_headers(struct placer *placer, struct program_header *header)
{
    struct link *link = placer->link;
    uint64_t size = elf_header_size(link), before = placer->offset;
    if (!header->file_header) {
        header->offset = size;
        before -= size;
    } else {
        header->file_size = header->memory_size = size;
    }
    if (header->program_headers)
        header->file_size += link->headers_size - size;
    header->memory_size = header->file_size;
    if (header->count) {
        if (header->address < before ||
            (!header->has_load_address && header->load_address < before))
            complain_of_headers(link);
        header->address -= before;
        header->load_address -= header->has_load_address ? 0 : before;
    }
}

static void place_in_load(struct placer *placer, struct program_header *header,
                          struct output *output, bool is_first, uint64_t *past)
{
    if (output_is_tbss(output)) {
        output->elf_offset = placer->offset;
        return;
    }
    uint64_t end = header->load_address + header->memory_size;
    uint64_t gap = output->load_address - end;
    if (output->load_address < end)
        gap = 0; /* what overlaps was told by the checks */
    header->memory_size += gap;
    if (has_bytes(output)) {
        *past = 0;
        if (header->file_size + gap < header->memory_size)
            gap = header->memory_size - header->file_size;
        header->file_size += gap;
        advance(placer, gap);
    } else if (is_first) {
        advance(placer, gap);
        *past += gap;
    }
    output->elf_offset = placer->offset;
    header->memory_size += output->size;
    if (has_bytes(output)) {
        advance(placer, output->size);
        header->file_size += output->size;
    }
}

static uint32_t flags_of(const struct link *link, const struct output *output)
{
    return PF_R | (output_is_code(link, output) ? PF_X : 0) |
           (output_is_writable(link, output) ? PF_W : 0);
}

/* `past`: room that only zeroes asked for, given back behind the segment. */
static void place_load(struct placer *placer, struct program_header *header)
{
    uint64_t past = 0, align = largest_align(placer, header);
    bool with_headers = header->file_header || header->program_headers;
    bool filled = any_bytes(placer->link, header);
    header->align = align;
    if (placer->page > 1)
        header->align = placer->page;
    if (header->count) {
        past = bias(header->address, placer->offset, align);
        advance(placer, past);
        past = filled ? 0 : past;
    }
    header->offset = filled ? placer->offset : placer->offset & (align - 1);
    if (!header->count) /* GNU ld places segments by load address: an empty one has 0 */
        header->offset = header->has_load_address ? placer->offset : placer->link->headers_size;
    if (with_headers) {
        header->offset = 0;
        place_headers(placer, header);
        uint64_t gap = header->count ? placer->offset - header->offset - header->file_size : 0;
        header->file_size += filled ? gap : 0;
        header->memory_size += gap;
    }
    for (uint32_t i = 0; i < header->count; i++) {
        struct output *output = output_at(placer->link, header, i);
        place_in_load(placer, header, output, i == 0, &past);
        header->flags |= header->has_flags ? 0 : flags_of(placer->link, output);
    }
    if (with_headers && !header->has_flags)
        header->flags |= PF_R;
    placer->offset -= past;
}

/* ---- the others ---- */

/* A header that covers what is placed: notes, and whatever PHDRS names. */
static void cover(const struct link *link, struct program_header *header)
{
    for (uint32_t i = 0; i < header->count; i++) {
        const struct output *output = output_at(link, header, i);
        if (i == 0)
            header->offset = output->elf_offset;
        if (output->header_align > header->align)
            header->align = output->header_align;
        header->flags |= header->has_flags ? 0 : flags_of(link, output);
        header->memory_size = output->address + output->size - header->address;
        if (has_bytes(output))
            header->file_size = output->elf_offset + output->size - header->offset;
    }
}

static void complain_of_unloaded(struct link *link)
{
    diagnose(link->host, WELT_ERROR, "headers", (struct place){.file = link->script->name},
             "leave room: . = ORIGIN + SIZEOF_HEADERS; or name no loader: --no-dynamic-linker",
             "no segment loads the %llu bytes of headers that PT_PHDR is about",
             (unsigned long long)link->headers_size);
}

/* PT_PHDR: the program headers themselves, within the segment that loads them. */
static void cover_headers(struct link *link, struct program_header *header)
{
    bool is_loaded = false;
    uint64_t at = elf_header_size(link);
    header->offset = at;
    header->file_size = header->memory_size = link->headers_size - at;
    header->align = link->form.is_64 ? 8 : 4;
    header->flags |= header->has_flags ? 0 : PF_R;
    for (size_t i = 0; i < link->program_headers.count; i++) {
        const struct program_header *load = &link->program_headers.at[i];
        if (load->type != PT_LOAD || !load->program_headers)
            continue;
        is_loaded = true;
        header->address = load->address + at - load->offset;
        header->load_address = load->load_address + at - load->offset;
    }
    if (!is_loaded)
        complain_of_unloaded(link);
}

/* PT_GNU_RELRO: from the first of its sections to the end of a page, as far as the segment that
 * loads them has bytes. */
static void cover_relro(const struct link *link, struct program_header *header)
{
    const struct output *first = output_at(link, header, 0);
    header->offset = first->elf_offset;
    header->memory_size = header->file_size = link->data_segment.relro_end - first->address;
    for (size_t i = 0; i < link->program_headers.count; i++) {
        const struct program_header *load = &link->program_headers.at[i];
        uint64_t before = first->address - load->address;
        bool holds =
            load->type == PT_LOAD && first->address >= load->address && before < load->memory_size;
        if (holds && load->file_size - before < header->file_size)
            header->file_size = load->file_size - before;
    }
}

/* ---- groups of an object (System V ABI, 4 "Section Groups") ---- */

/* Records that are gone leave relocations behind, too: output/elf_relocations.c. */
static bool *find_referring(const struct link *link, struct arena *arena)
{
    bool *refers = NEW_ARRAY(arena, bool, link->outputs.count + 1);
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        const struct atom_state *state = &link->atoms[atom];
        bool stays =
            state->is_live || atom_section(link, atom)->flags & (SECTION_UNWIND | SECTION_STABS);
        if (stays && state->output != NONE && atom_of(link, atom)->ref_count)
            refers[state->output] = true;
    }
    return refers;
}

static uint64_t group_size(const struct link *link, const struct input *input,
                           const struct group *group, const bool *refers)
{
    uint64_t count = 0;
    for (uint32_t m = 0; m < group->member_count; m++) {
        const struct section *section = &input->object->sections[group->members[m]];
        uint32_t output = section->atom_count
                              ? link->atoms[input->first_atom + section->first_atom].output
                              : NONE;
        if (output != NONE && link->outputs.at[output].has_header)
            count += refers[output] ? 2 : 1;
    }
    return count ? 4 * (count + 1) : 0;
}

/* Their tables, which name each member and its relocations, come before all sections. */
static uint64_t groups_size(struct link *link)
{
    uint64_t size = 0;
    bool *refers = NULL;
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        for (uint32_t g = 0; g < input->object->group_count; g++) {
            refers = refers ? refers : find_referring(link, &link->arena);
            size += group_size(link, input, &input->object->groups[g], refers);
        }
    }
    return size;
}

/* ---- all ---- */

static void open_header(const struct link *link, struct program_header *header)
{
    header->file_size = header->offset = 0;
    header->memory_size = header->stack_size;
    if (!header->count)
        return;
    const struct output *first = output_at(link, header, 0);
    header->address = first->address;
    if (!header->has_load_address)
        header->load_address = first->load_address;
}

/* What no segment loads: aligned one by one. Sections with an address that PHDRS leaves out agree
 * with it as if they were loaded. */
static void place_rest(struct placer *placer)
{
    struct link *link = placer->link;
    for (size_t i = 0; i < link->header_order.count; i++) {
        struct output *output = &link->outputs.at[link->header_order.at[i]];
        if (output->elf_offset)
            continue;
        bool is_left_out = output->flags & SECTION_ALLOC && placer->page > output->header_align;
        advance(placer, bias(is_left_out ? output->address : 0, placer->offset,
                             is_left_out ? placer->page : output->header_align));
        output->elf_offset = placer->offset;
        advance(placer, has_bytes(output) ? output->size : 0);
    }
}

/* Where the sections begin, behind the file's headers; and how far apart pages are. */
static struct placer open_placer(struct link *link)
{
    const welt_options *given = &link->set->given;
    bool has_pages = link->form.kind == FORM_EXECUTABLE && !given->omagic && !given->nmagic;
    struct placer placer = {.link = link, .page = has_pages ? link->set->max_page_size : 1};
    placer.offset = link->form.kind == FORM_RELOCATABLE ? elf_header_size(link) + groups_size(link)
                                                        : link->headers_size;
    return placer;
}

static void place_loads(struct placer *placer)
{
    struct link *link = placer->link;
    for (size_t i = 0; i < link->program_headers.count; i++)
        open_header(link, &link->program_headers.at[i]);
    for (size_t i = 0; i < link->program_headers.count; i++)
        if (link->program_headers.at[i].type == PT_LOAD)
            place_load(placer, &link->program_headers.at[i]);
}

/* Headers that load nothing say where what others loaded is. */
static void cover_others(struct link *link)
{
    for (size_t i = 0; i < link->program_headers.count; i++) {
        struct program_header *header = &link->program_headers.at[i];
        if (header->type == PT_PHDR)
            cover_headers(link, header);
        else if (header->type == PT_GNU_RELRO && !link->script->segments.count)
            cover_relro(link, header);
        else if (header->type != PT_LOAD)
            cover(link, header);
    }
}

void place_in_file(struct link *link)
{
    plan_segments(link);
    order_headers(link);
    if (has_lld_segments(link)) {
        place_as_lld(link);
        return;
    }
    for (size_t i = 0; i < link->outputs.count; i++)
        link->outputs.at[i].elf_offset = 0;
    struct placer placer = open_placer(link);
    place_loads(&placer);
    place_rest(&placer);
    cover_others(link);
    link->sections_end = placer.is_too_far ? most_offset : placer.offset;
}
