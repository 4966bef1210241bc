/* SPDX-License-Identifier: MIT
 *
 * The program headers of an ELF executable and where its sections stand in the file, as lld lays
 * them out. What a script's PHDRS lists is planned by segments_script.c.
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
    return link->form.as_lld && link->form.kind == FORM_EXECUTABLE;
}

/* ---- which headers there are ---- */

static bool is_paged(const struct link *link)
{
    return !link->set->given.omagic && !link->set->given.nmagic;
}

static uint64_t page_of(const struct link *link)
{
    return is_paged(link) ? link->set->max_page_size : 1;
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

static bool asks_for_headers(const struct link *link)
{
    for (size_t i = 0; i < link->script->segments.count; i++)
        if (link->script->segments.at[i].file_header ||
            link->script->segments.at[i].program_headers)
            return true;
    return false;
}

/* With a script headers come along only where that asks for no page of their own, or where PHDRS
 * names them. */
static bool find_room(const struct link *link, uint64_t *address)
{
    uint64_t page = page_of(link), lowest = lowest_address(link);
    *address = lld_base(link);
    if (link->form.is_unscripted)
        return true;
    *address = (lowest - link->headers_size) & -page;
    if (asks_for_headers(link))
        return link->headers_size <= lowest;
    return is_paged(link) && link->headers_size <= (lowest & (page - 1));
}

static bool is_empty_load(const struct link *link, const struct program_header *header)
{
    if (header->type != PT_LOAD || header->file_header || header->program_headers)
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

static void give_align(const struct link *link, struct program_header *header)
{
    uint64_t word = link->form.is_64 ? 8 : 4;
    header->align = header->type == PT_LOAD ? page_of(link) : header->type == PT_GNU_RELRO;
    if (header->program_headers && header->align < word)
        header->align = word;
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

/* Output -> the last segment that loads it, or NULL. */
static const struct program_header **find_loads(struct link *link)
{
    const struct program_header **loads = (const struct program_header **)arena_array(
        &link->arena, link->outputs.count + 1, sizeof *loads);
    for (size_t i = 0; i < link->program_headers.count; i++) {
        const struct program_header *header = &link->program_headers.at[i];
        for (uint32_t n = 0; header->type == PT_LOAD && n < header->count; n++)
            loads[link->segment_outputs.at[header->first + n]] = header;
    }
    return loads;
}

/* As far from its segment's start as its address; zeroes, where the file has got to. */
static void place_loaded(const struct link *link, const struct program_header *load,
                         struct output *output, uint64_t base, uint64_t *at)
{
    const struct output *first = output_at(link, load, 0);
    bool has_headers = load->file_header || load->program_headers;
    if (output == first && !has_headers)
        *at = advance(*at, agree(*at, output->address, load->align));
    else if (has_bytes(output) && has_headers)
        *at = advance(*at, output->address - base);
    else if (has_bytes(output))
        *at = advance(*at, first->elf_offset + (output->address - first->address));
    output->elf_offset = *at;
    if (has_bytes(output))
        *at = advance(*at, *at + output->size);
}

static bool parts_code(const struct link *link)
{
    const welt_options *given = &link->set->given;
    return given->separate_code == WELT_ON || given->separate_loads;
}

/* What follows the last code begins a page, or a loader would run it too. */
static const struct output *find_last_code(const struct link *link)
{
    const struct output *last = NULL;
    if (!parts_code(link))
        return NULL;
    for (size_t i = 0; i < link->program_headers.count; i++) {
        const struct program_header *header = &link->program_headers.at[i];
        if (header->type == PT_LOAD && header->flags & PF_X)
            last = header->count ? last_of(link, header) : NULL;
    }
    return last;
}

/* A thread's zeroes are in no loaded segment: the first of their header stand where their alignment
 * lets them. */
static bool begins_with_zeroes(const struct link *link, const struct output *output)
{
    for (size_t i = 0; i < link->program_headers.count; i++) {
        const struct program_header *header = &link->program_headers.at[i];
        if (header->type == PT_TLS && header->count && output_at(link, header, 0) == output)
            return !has_bytes(output);
    }
    return false;
}

static void place_sections(struct link *link, uint64_t base, uint64_t *at)
{
    const struct program_header **loads = find_loads(link);
    const struct output *last_code = find_last_code(link);
    for (size_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        if (!(output->flags & SECTION_ALLOC) || !output->has_header)
            continue;
        if (loads[i])
            place_loaded(link, loads[i], output, base, at);
        else
            place_alone(output, at);
        if (begins_with_zeroes(link, output) && !loads[i])
            output->elf_offset = align_up(*at, output->header_align);
        if (output == last_code)
            *at = advance(*at, align_up(*at, page_of(link)));
    }
}

static void place_rest(struct link *link, uint64_t *at)
{
    for (size_t i = 0; i < link->outputs.count; i++)
        if (!(link->outputs.at[i].flags & SECTION_ALLOC) && link->outputs.at[i].has_header)
            place_alone(&link->outputs.at[i], at);
}

/* ---- their numbers ---- */

static void cover(const struct link *link, struct program_header *header)
{
    const struct output *first = output_at(link, header, 0), *last = last_of(link, header);
    header->offset = first->elf_offset;
    header->address = first->address;
    if (!header->has_load_address)
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
    uint64_t moved = 0, size = elf_header_size(link);
    header->offset = header->file_header ? 0 : size;
    header->address = base + header->offset;
    header->file_size = (header->program_headers ? link->headers_size : size) - header->offset;
    header->memory_size = header->file_size;
    if (header->count) {
        const struct output *first = output_at(link, header, 0), *last = last_of(link, header);
        moved = first->load_address - first->address;
        header->memory_size = last->address + last->size - header->address;
        header->file_size = last->elf_offset + (has_bytes(last) ? last->size : 0) - header->offset;
    }
    if (!header->has_load_address)
        header->load_address = header->address + moved;
}

/* Code that comes last has its page to itself, to the end. */
static void fill_last_page(const struct link *link)
{
    struct program_header *last = NULL;
    for (size_t i = 0; i < link->program_headers.count; i++)
        if (link->program_headers.at[i].type == PT_LOAD)
            last = &link->program_headers.at[i];
    if (!last || !(last->flags & PF_X) || !parts_code(link))
        return;
    last->file_size = align_up(last->file_size, page_of(link));
    last->memory_size = last->file_size;
}

void place_as_lld(struct link *link)
{
    uint64_t base, at = link->headers_size;
    bool are_loaded = find_room(link, &base);
    if (!are_loaded && asks_for_headers(link))
        complain_of_headers(link);
    keep_headers(link, are_loaded);
    drop_needless(link);
    for (size_t i = 0; i < link->program_headers.count; i++)
        give_align(link, &link->program_headers.at[i]);
    place_sections(link, base, &at);
    place_rest(link, &at);
    for (size_t i = 0; i < link->program_headers.count; i++) {
        struct program_header *header = &link->program_headers.at[i];
        if (header->file_header || header->program_headers)
            cover_headers(link, header, base);
        else if (header->count)
            cover(link, header);
    }
    fill_last_page(link);
    link->sections_end = at;
}
