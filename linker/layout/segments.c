/* SPDX-License-Identifier: MIT
 *
 * The program headers of an ELF executable: which output sections are loaded together.
 *
 * Requires: addresses, of any pass. Provides: link.program_headers with their outputs, in the
 * order of load addresses, and link.headers_size.
 *
 *     LOAD       the headers alone          when code must not share a page with them
 *     LOAD       .text                      R E
 *     LOAD       .rodata .eh_frame          R
 *     LOAD       .data .bss                 RW
 *     PHDR, INTERP, DYNAMIC                 of a position-independent image
 *     NOTE       .note.gnu.build-id
 *     TLS        .tdata .tbss               thread_data.c
 *     GNU_STACK                             what .note.GNU-stack of the objects says
 *     GNU_RELRO  .got                       what DATA_SEGMENT_RELRO_END makes read-only
 *
 * GNU ld's rules, measured on 2.40, since boot builds read the result with objcopy and loaders of
 * their own: a new segment begins where the run and load addresses go different ways, where
 * sections overlap, where a page would be skipped, where bytes follow zeroes, and on a page of its
 * own where code becomes data or reading becomes writing. Two sections on one page are always in
 * one segment. PHDRS of a script replaces all of it: segments_script.c. */
#include "layout/layout.h"

#include "ask.h"
#include "steps.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#ifndef PT_GNU_PROPERTY
#define PT_GNU_PROPERTY 0x6474e553
#endif

struct loaded {                           /* an output section that takes memory */
    uint64_t load_address, address, size; /* size: 0 without bytes */
    uint32_t output;
    bool goes_last; /* takes memory without bytes: behind all others of its address */
};

struct mapper {
    struct link *link;
    struct loaded *all;
    size_t count;
    uint64_t page, mask;
    bool paged; /* file offsets and addresses agree modulo the page: not -n, not -N */
};

/* ---- the output sections, by load address ---- */

static int compare_numbers(uint64_t a, uint64_t b)
{
    return (a > b) - (a < b);
}

static int compare_loaded(const void *left, const void *right)
{
    const struct loaded *a = left, *b = right;
    int order = compare_numbers(a->load_address, b->load_address);
    if (!order)
        order = compare_numbers(a->address, b->address);
    if (!order)
        order = a->goes_last - b->goes_last;
    if (!order && !a->goes_last)
        order = compare_numbers(a->size, b->size);
    return order ? order : compare_numbers(a->output, b->output);
}

bool is_in_segments(const struct output *output)
{
    return output->has_header && output->flags & SECTION_ALLOC;
}

/* .tbss takes no memory, and does not part what does. */
static bool is_zeroes(const struct output *output)
{
    return output->flags & SECTION_NOBITS && !output_is_tbss(output);
}

static void sort_outputs(struct mapper *mapper)
{
    struct link *link = mapper->link;
    mapper->all = NEW_ARRAY(&link->arena, struct loaded, link->outputs.count + 1);
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        bool has_bytes = !(output->flags & SECTION_NOBITS);
        if (is_in_segments(output))
            mapper->all[mapper->count++] =
                (struct loaded){output->load_address & mapper->mask, output->address & mapper->mask,
                                has_bytes ? output->size : 0, i, is_zeroes(output) && output->size};
    }
    qsort(mapper->all, mapper->count, sizeof *mapper->all, compare_loaded);
}

/* ---- one header ---- */

struct program_header *add_header(struct link *link, uint32_t type)
{
    struct program_header *header = list_add(&link->arena, &link->program_headers);
    *header = (struct program_header){.type = type, .first = (uint32_t)link->segment_outputs.count};
    return header;
}

void add_output(struct link *link, uint32_t output)
{
    *list_add(&link->arena, &link->segment_outputs) = output;
    link->program_headers.at[link->program_headers.count - 1].count++;
}

static void add_load(struct mapper *mapper, size_t from, size_t to, bool with_headers)
{
    struct program_header *header = add_header(mapper->link, PT_LOAD);
    header->file_header = header->program_headers = with_headers;
    for (size_t i = from; i < to; i++)
        add_output(mapper->link, mapper->all[i].output);
}

/* Of a made section. */
static uint32_t made_output(const struct link *link, uint32_t section)
{
    const struct input *made = &link->inputs.at[link->made_input];
    uint32_t atom = made->first_atom + made->object->sections[section].first_atom;
    uint32_t output = section ? link->atoms[atom].output : NONE;
    return output != NONE && link->atoms[atom].is_live && is_in_segments(&link->outputs.at[output])
               ? output
               : NONE;
}

/* A loader looks at the program headers. */
static bool has_interpreter(const struct link *link)
{
    return link->dynamic && made_output(link, link->dynamic->interpreter) != NONE;
}

/* ---- the file's headers: in memory only where the first section leaves them room ---- */

/* The headers in a segment of their own, on the page before the first section's. */
static bool try_own_segment(struct mapper *mapper, uint64_t load_address)
{
    const struct loaded *first = &mapper->all[0];
    struct link *link = mapper->link;
    uint64_t last_page = (load_address + link->headers_size - 1) & -mapper->page;
    if (last_page == (first->load_address & -mapper->page)) {
        if (load_address < mapper->page)
            return false;
        load_address -= mapper->page;
    }
    if (first->load_address < load_address)
        return false;
    add_load(mapper, 0, 0, true);
    struct program_header *header = &link->program_headers.at[link->program_headers.count - 1];
    header->load_address = load_address;
    header->has_load_address = true;
    header->address = (first->address - link->headers_size) & mapper->mask & -mapper->page;
    return true;
}

/* Whether the first segment begins with the headers. */
static bool place_headers(struct mapper *mapper)
{
    const struct link *link = mapper->link;
    uint64_t size = link->headers_size, in_page = mapper->page - 1;
    if (!mapper->paged || !mapper->count)
        return false;
    const struct loaded *first = &mapper->all[0];
    bool has_room = (first->load_address & in_page) >= (size & in_page);
    bool is_asked = link->loads_headers || has_interpreter(link);
    if ((!has_room && !is_asked) || first->load_address < size)
        return false;
    bool is_code = link->outputs.at[first->output].flags & SECTION_EXEC;
    uint64_t load_address = (first->load_address - size) & -mapper->page;
    if (is_code && link->set->separate_code && try_own_segment(mapper, load_address))
        return false;
    return true;
}

/* ---- where a new segment begins ---- */

struct segment_so_far {
    const struct loaded *last;
    bool is_writable, is_code;
};

static uint64_t size_of(const struct link *link, const struct loaded *loaded)
{
    const struct output *output = &link->outputs.at[loaded->output];
    return output_is_tbss(output) ? 0 : output->size;
}

static bool begins_by_flags(const struct mapper *mapper, const struct segment_so_far *before,
                            const struct loaded *next)
{
    const struct link *link = mapper->link;
    const struct loaded *last = before->last;
    uint32_t flags = link->outputs.at[next->output].flags;
    uint64_t end = last->load_address + size_of(link, last), page = mapper->page;
    uint64_t next_page = ((end + page - 1) & -page) + page;
    if (last->load_address - last->address != next->load_address - next->address)
        return true;
    if (next->load_address < end || end < last->load_address)
        return true;
    uint64_t common = link->set->common_page_size;
    if (mapper->paged && ((end - 1) & -common) == (next->load_address & -common))
        return false;
    if (next_page > last->load_address && next_page <= next->load_address)
        return true;
    if (is_zeroes(&link->outputs.at[last->output]) && !is_zeroes(&link->outputs.at[next->output]))
        return true;
    if (!mapper->paged)
        return false;
    if (link->set->separate_code && before->is_code != !!(flags & SECTION_EXEC))
        return true;
    return !before->is_writable && flags & SECTION_WRITE;
}

/* What lies in different regions of MEMORY lies in different segments, whatever else is true; and
 * an orphan that the command line gives an address lies in none, not even in the one that is there
 * without MEMORY. */
static bool begins_segment(const struct mapper *mapper, const struct segment_so_far *before,
                           const struct loaded *next)
{
    const struct link *link = mapper->link;
    const struct output *one = &link->outputs.at[before->last->output];
    const struct output *other = &link->outputs.at[next->output];
    return begins_by_flags(mapper, before, next) || one->region != other->region ||
           is_started_orphan(link, one) != is_started_orphan(link, other);
}

static void add_loads(struct mapper *mapper)
{
    struct segment_so_far before = {0};
    bool with_headers = place_headers(mapper);
    size_t first = 0;
    for (size_t i = 0; i < mapper->count; i++) {
        const struct loaded *next = &mapper->all[i];
        uint32_t flags = mapper->link->outputs.at[next->output].flags;
        if (i && begins_segment(mapper, &before, next)) {
            add_load(mapper, first, i, with_headers);
            before = (struct segment_so_far){0};
            with_headers = false;
            first = i;
        }
        before.is_writable |= (flags & SECTION_WRITE) != 0;
        before.is_code |= (flags & SECTION_EXEC) != 0;
        before.last = next;
    }
    if (mapper->count)
        add_load(mapper, first, mapper->count, with_headers);
}

/* ---- what is not loaded by itself ---- */

static bool is_note(const struct output *output)
{
    return is_in_segments(output) && !(output->flags & SECTION_NOBITS) &&
           output->native_type == SHT_NOTE;
}

static bool continues_notes(const struct output *before, const struct output *next)
{
    uint64_t end = before->load_address + before->size;
    return is_note(next) && next->align == before->align &&
           ((end + next->align - 1) & -(uint64_t)next->align) == next->load_address;
}

/* The program headers themselves, and the path of the loader. */
static void add_interpreter(struct link *link)
{
    if (!has_interpreter(link))
        return;
    struct program_header *headers = add_header(link, PT_PHDR);
    headers->flags = PF_R;
    headers->has_flags = true;
    add_header(link, PT_INTERP);
    add_output(link, made_output(link, link->dynamic->interpreter));
}

void add_dynamic(struct link *link)
{
    uint32_t output = link->dynamic ? made_output(link, link->dynamic->entries) : NONE;
    if (output == NONE)
        return;
    add_header(link, PT_DYNAMIC);
    add_output(link, output);
}

static void add_notes(struct link *link)
{
    const struct output *before = NULL;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        if (!output->has_header)
            continue;
        if (is_note(output)) {
            if (!before || !continues_notes(before, output))
                add_header(link, PT_NOTE);
            add_output(link, i);
        }
        before = is_note(output) ? output : NULL;
    }
}

static void add_properties(struct link *link)
{
    for (uint32_t i = 0; i < link->outputs.count; i++)
        if (is_note(&link->outputs.at[i]) && link->outputs.at[i].size &&
            strcmp(link->outputs.at[i].name, ".note.gnu.property") == 0) {
            add_header(link, PT_GNU_PROPERTY);
            add_output(link, i);
        }
}

void add_unwind_index(struct link *link)
{
    uint32_t index = link->unwind_index;
    if (index == NONE || link->atoms[index].output == NONE || !link->atoms[index].is_live)
        return;
    const struct output *output = &link->outputs.at[link->atoms[index].output];
    if (!is_in_segments(output) || !output->is_used) /* sizes are not known yet in lld's order */
        return;
    add_header(link, PT_GNU_EH_FRAME)->flags = link->form.as_lld ? PF_R : 0;
    add_output(link, link->atoms[index].output);
}

/* 0: no object says anything about its stack, and neither does the file. An object without a word
 * beside others that have one asks for an executable stack, as in GNU ld. */
uint32_t stack_flags(const struct link *link)
{
    bool any = false, is_code = false;
    if (link->set->given.executable_stack != WELT_BY_FACE)
        return PF_R | PF_W | (link->set->given.executable_stack == WELT_ON ? PF_X : 0);
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct object *object = link->inputs.at[i].object;
        const struct section *found = NULL;
        if (link->inputs.at[i].is_symbols_only)
            continue;
        for (uint32_t s = 1; s < object->section_count && !found; s++)
            if (object->sections[s].name &&
                strcmp(object->sections[s].name, ".note.GNU-stack") == 0)
                found = &object->sections[s];
        any |= found != NULL;
        is_code |= !found || found->flags & SECTION_EXEC;
    }
    return any || link->set->given.stack_size ? PF_R | PF_W | (is_code ? PF_X : 0) : 0;
}

static void add_stack(struct link *link)
{
    uint32_t flags = stack_flags(link);
    if (!flags)
        return;
    struct program_header *header = add_header(link, PT_GNU_STACK);
    header->flags = flags;
    header->has_flags = true;
    header->align = 16;
    header->stack_size = link->set->given.stack_size;
}

/* ---- what a loader would make read-only after relocating it ---- */

static bool is_relro(const struct link *link, const struct output *output)
{
    const struct data_segment *segment = &link->data_segment;
    return output->size && is_in_segments(output) && !(output->flags & SECTION_NOBITS) &&
           output->address >= segment->base && output->address < segment->relro_end;
}

static void add_relro(struct link *link)
{
    const struct data_segment *segment = &link->data_segment;
    bool is_paged = !link->set->given.omagic && !link->set->given.nmagic;
    if (!is_paged || !segment->relro || !segment->relro_end || segment->phase < DATA_SEGMENT_ENDED)
        return;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        if (!is_relro(link, &link->outputs.at[i]))
            continue;
        struct program_header *header = add_header(link, PT_GNU_RELRO);
        header->flags = PF_R;
        header->has_flags = true;
        header->align = 1;
        add_output(link, i);
        return;
    }
}

/* ---- all of them ---- */

static bool stands(const struct link *link, const struct output *output)
{
    if (output->is_discard)
        return false;
    if (link->form.as_lld &&
        link->form.kind == FORM_EXECUTABLE) /* what else goes has gone: resolve/arrange_lld.c */
        return strcmp(output->name, ".note.GNU-stack") != 0;
    return output->size || output->is_used || output->is_kept;
}

static void plan_as_ld(struct link *link)
{
    const welt_options *given = &link->set->given;
    struct mapper mapper = {.link = link,
                            .page = link->set->max_page_size,
                            .mask = link->form.is_64 ? UINT64_MAX : UINT32_MAX,
                            .paged = link->form.kind == FORM_EXECUTABLE && !given->omagic &&
                                     !given->nmagic};
    sort_outputs(&mapper);
    add_interpreter(link);
    add_loads(&mapper);
    add_dynamic(link);
    add_notes(link);
    add_thread_data(link);
    add_properties(link);
    add_unwind_index(link);
    add_stack(link);
    add_relro(link);
}

void plan_segments(struct link *link)
{
    link->program_headers.count = link->segment_outputs.count = 0;
    for (size_t i = 0; i < link->outputs.count; i++)
        link->outputs.at[i].has_header = stands(link, &link->outputs.at[i]);
    if (link->form.kind == FORM_RELOCATABLE)
        return;
    for (size_t i = 0; i < link->outputs.count; i++)
        settle_kept(&link->outputs.at[i]);
    if (link->script->segments.count)
        add_script_segments(link);
    else if (has_lld_segments(link))
        plan_segments_as_lld(link);
    else
        plan_as_ld(link);
    link->headers_size =
        elf_header_size(link) + link->program_headers.count * program_header_size(link);
}
