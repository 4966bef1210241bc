/* SPDX-License-Identifier: MIT
 *
 * The program headers of an ELF executable and where its sections stand in the file, as lld lays
 * them out. A script's PHDRS goes through segments_script.c and file_offsets.c instead.
 *
 *     PHDR       the program headers
 *     LOAD  R    the file's headers, and what is only read behind them
 *     LOAD  R E  .text       no holes in the file: a segment goes on at the next offset that agrees
 *     LOAD  RW   .data       with its address modulo the page
 *     GNU_STACK  always, whatever the objects say
 *
 * The headers are loaded where the first section leaves them room on its page, and without a script
 * at the image's base, wherever the sections are (LLVM 19, lld/ELF: createPhdrs, allocateHeaders,
 * assignFileOffsets, setPhdrs).
 *
 * Requires: begins_load of outputs; for place_as_lld also addresses. Provides: what segments.c and
 * file_offsets.c provide. */
#include "layout/layout.h"

#include "ask.h"

#include <elf.h>

bool has_lld_segments(const struct link *link)
{
    return link->form.as_lld && link->form.kind == FORM_EXECUTABLE && !link->script->segments.count;
}

/* ---- which headers there are ---- */

static bool is_paged(const struct link *link)
{
    return !link->set->given.omagic && !link->set->given.nmagic;
}

static uint32_t access_of(const struct link *link, const struct output *output)
{
    if (link->set->given.omagic)
        return PF_R | PF_W | PF_X;
    return PF_R | (output->flags & SECTION_WRITE ? PF_W : 0) |
           (output->flags & SECTION_EXEC ? PF_X : 0);
}

static struct program_header *add_readable(struct link *link, uint32_t type)
{
    struct program_header *header = add_header(link, type);
    header->flags = PF_R;
    return header;
}

static void add_loads(struct link *link)
{
    struct program_header *load = NULL;
    if (is_paged(link)) {
        load = add_readable(link, PT_LOAD);
        load->file_header = load->program_headers = true;
    }
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        if (!is_loaded_by_lld(output))
            continue;
        if (output->begins_load || !load)
            load = add_header(link, PT_LOAD);
        load->flags |= access_of(link, output);
        add_output(link, i);
    }
}

static void add_relro(struct link *link)
{
    bool is_open = false;
    for (uint32_t i = 0; link->set->relro && i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        if (!is_loaded_by_lld(output))
            continue;
        if (!output->is_relro && is_open)
            return;
        if (!output->is_relro)
            continue;
        if (!is_open)
            add_readable(link, PT_GNU_RELRO);
        is_open = true;
        add_output(link, i);
    }
}

static void add_notes(struct link *link)
{
    const struct output *before = NULL;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        bool is_note = output->flags & SECTION_NOTE && is_loaded_by_lld(output);
        bool has_place = output->statement && output->statement->load_address;
        if (is_note && (!before || has_place || before->align != output->align))
            add_readable(link, PT_NOTE);
        if (is_note)
            add_output(link, i);
        before = is_note ? output : NULL;
    }
}

void plan_segments_as_lld(struct link *link)
{
    bool is_executable = link->set->given.executable_stack == WELT_ON;
    link->program_headers.count = link->segment_outputs.count = 0;
    if (is_paged(link))
        add_readable(link, PT_PHDR)->program_headers = true;
    add_loads(link);
    add_thread_data(link);
    add_dynamic(link);
    add_relro(link);
    add_unwind_index(link);
    struct program_header *stack = add_header(link, PT_GNU_STACK);
    stack->flags = PF_R | PF_W | (is_executable ? PF_X : 0);
    stack->memory_size = link->set->given.stack_size;
    add_notes(link);
}

/* ---- which of them stay ---- */

static struct output *output_at(const struct link *link, const struct program_header *header,
                                uint32_t index)
{
    return &link->outputs.at[link->segment_outputs.at[header->first + index]];
}

static const struct output *last_of(const struct link *link, const struct program_header *header)
{
    return output_at(link, header, header->count - 1);
}

static uint64_t lowest_address(const struct link *link)
{
    uint64_t lowest = UINT64_MAX;
    for (size_t i = 0; i < link->outputs.count; i++)
        if (link->outputs.at[i].flags & SECTION_ALLOC && link->outputs.at[i].address < lowest)
            lowest = link->outputs.at[i].address;
    return lowest;
}

/* With a script headers come along only where that asks for no page of their own. */
static bool find_room(const struct link *link, uint64_t *address)
{
    uint64_t page = link->set->max_page_size, lowest = lowest_address(link);
    *address = lld_base(link);
    if (link->form.is_unscripted)
        return true;
    *address = (lowest - link->headers_size) & -page;
    return is_paged(link) && link->headers_size <= (lowest & (page - 1));
}

static bool is_empty_load(const struct link *link, const struct program_header *header)
{
    if (header->type != PT_LOAD || header->file_header)
        return false;
    if (!header->count)
        return true;
    const struct output *last = last_of(link, header);
    return last->address + last->size == output_at(link, header, 0)->address;
}

static void keep_headers(struct link *link, bool are_loaded)
{
    for (size_t i = 0; i < link->program_headers.count; i++) {
        link->program_headers.at[i].file_header &= are_loaded;
        link->program_headers.at[i].program_headers &= are_loaded;
    }
}

static void drop_needless(struct link *link)
{
    size_t kept = 0;
    for (size_t i = 0; i < link->program_headers.count; i++) {
        const struct program_header *header = &link->program_headers.at[i];
        bool is_lost = header->type == PT_PHDR && !header->program_headers;
        if (!is_lost && !is_empty_load(link, header))
            link->program_headers.at[kept++] = *header;
    }
    link->program_headers.count = kept;
}

/* ---- where the sections stand ---- */

static const uint64_t most_offset = (uint64_t)1 << 62;

static bool has_bytes(const struct output *output)
{
    return !(output->flags & SECTION_NOBITS);
}

/* The next offset that agrees with the address modulo the alignment. */
static uint64_t agree(uint64_t offset, uint64_t address, uint64_t align)
{
    return offset + ((address - offset) & (align - 1));
}

static uint64_t page_of(const struct link *link)
{
    return is_paged(link) ? link->set->max_page_size : 1;
}

static void give_align(const struct link *link, struct program_header *header)
{
    header->align = header->type == PT_LOAD ? page_of(link) : header->type == PT_GNU_RELRO;
    for (uint32_t i = 0; header->type != PT_GNU_RELRO && i < header->count; i++)
        if (output_at(link, header, i)->header_align > header->align)
            header->align = output_at(link, header, i)->header_align;
}

/* Addresses that go down within a segment, or far up, ask for what no file has: the offset stays,
 * and the file gets a size that is refused. */
static uint64_t advance(uint64_t at, uint64_t to)
{
    return to < at || to > most_offset ? most_offset : to;
}

static void place_alone(struct output *output, uint64_t *at)
{
    if (has_bytes(output))
        *at = advance(*at, align_up(*at, output->header_align));
    output->elf_offset = *at;
    if (has_bytes(output))
        *at = advance(*at, *at + output->size);
}

static void place_load(const struct link *link, const struct program_header *header, uint64_t base,
                       uint64_t *at)
{
    uint64_t first_offset = 0, first_address = base;
    bool is_empty = is_empty_load(link, header);
    for (uint32_t i = 0; i < header->count; i++) {
        struct output *output = output_at(link, header, i);
        if (is_empty) {
            place_alone(output, at);
            continue;
        }
        if (i == 0 && !header->file_header) {
            *at = advance(*at, agree(*at, output->address, header->align));
            first_offset = *at;
            first_address = output->address;
        }
        if (has_bytes(output))
            *at = advance(*at, first_offset + (output->address - first_address));
        output->elf_offset = *at;
        if (has_bytes(output))
            *at = advance(*at, *at + output->size);
    }
}

/* What follows the last code begins a page, or a loader would run it too. */
static void close_code(const struct link *link, size_t header, uint64_t *at)
{
    const welt_options *given = &link->set->given;
    if ((given->separate_code != WELT_ON && !given->separate_loads) ||
        !(link->program_headers.at[header].flags & PF_X))
        return;
    for (size_t i = header + 1; i < link->program_headers.count; i++)
        if (link->program_headers.at[i].type == PT_LOAD && link->program_headers.at[i].flags & PF_X)
            return;
    *at = advance(*at, align_up(*at, page_of(link)));
}

/* A thread's zeroes are in no loaded segment: they stand behind what comes before them, the first
 * of their header where its alignment lets it. */
static void place_thread_zeroes(struct link *link)
{
    uint64_t behind = link->headers_size;
    bool is_first = true;
    for (size_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        if (!(output->flags & SECTION_ALLOC) || !output->has_header)
            continue;
        if (output_is_tbss(output))
            output->elf_offset = is_first ? align_up(behind, output->header_align) : behind;
        else
            behind = output->elf_offset + (has_bytes(output) ? output->size : 0);
        is_first &= !(output->flags & SECTION_TLS);
    }
}

static void place_rest(struct link *link, uint64_t *at)
{
    for (size_t i = 0; i < link->outputs.count; i++)
        if (!link->outputs.at[i].elf_offset && link->outputs.at[i].has_header)
            place_alone(&link->outputs.at[i], at);
}

/* ---- their numbers ---- */

static void cover(const struct link *link, struct program_header *header)
{
    const struct output *first = output_at(link, header, 0), *last = last_of(link, header);
    header->offset = first->elf_offset;
    header->address = first->address;
    header->load_address = first->load_address;
    header->file_size = last->elf_offset - first->elf_offset + (has_bytes(last) ? last->size : 0);
    header->memory_size = last->address + last->size - first->address;
    if (header->type == PT_GNU_RELRO && link->form.is_unscripted) {
        uint64_t end = header->offset + header->memory_size;
        header->memory_size = align_up(end, link->set->common_page_size) - header->offset;
    }
}

/* The headers and what follows them in their segment. */
static void cover_headers(const struct link *link, struct program_header *header, uint64_t base)
{
    uint64_t moved = 0, file_size = link->headers_size, memory_size = link->headers_size;
    if (header->count) {
        const struct output *first = output_at(link, header, 0), *last = last_of(link, header);
        moved = first->load_address - first->address;
        memory_size = last->address + last->size - base;
        file_size = last->elf_offset + (has_bytes(last) ? last->size : 0);
    }
    header->offset = 0;
    if (header->type == PT_PHDR) {
        header->offset = elf_header_size(link);
        file_size -= header->offset;
        memory_size = file_size;
        header->align = link->form.is_64 ? 8 : 4;
    }
    header->address = base + header->offset;
    header->load_address = header->address + moved;
    header->file_size = file_size;
    header->memory_size = memory_size;
}

void place_as_lld(struct link *link)
{
    uint64_t base, at = link->headers_size;
    keep_headers(link, find_room(link, &base));
    for (size_t i = 0; i < link->outputs.count; i++)
        link->outputs.at[i].elf_offset = 0;
    for (size_t i = 0; i < link->program_headers.count; i++) {
        struct program_header *header = &link->program_headers.at[i];
        give_align(link, header);
        if (header->type != PT_LOAD)
            continue;
        place_load(link, header, base, &at);
        close_code(link, i, &at);
    }
    place_thread_zeroes(link);
    place_rest(link, &at);
    drop_needless(link);
    for (size_t i = 0; i < link->program_headers.count; i++) {
        struct program_header *header = &link->program_headers.at[i];
        if (header->program_headers)
            cover_headers(link, header, base);
        else if (header->count)
            cover(link, header);
    }
    link->sections_end = at;
}
