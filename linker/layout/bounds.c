/* SPDX-License-Identifier: MIT
 *
 * The values of link.bounds, after each pass: where output sections begin and end, and in lld's
 * dialect without a script where its segments do:
 *
 *     headers .rodata | .text | .data .bss |
 *     ^               |       ^      ^    ^ _end
 *     __ehdr_start    |       _etext _edata
 *
 * (LLVM 19, lld/ELF/Writer.cpp: setReservedSymbolSections). What is not there, or has no segment as
 * in a flat image, has the start or the end of the ELF header.
 *
 * _TLS_MODULE_BASE_ is where the thread pointer points, in both dialects: the distances that code
 * adds to it count from there once they are rewritten to local exec (input/thread_loads.c). */
#include "layout/layout.h"

#include "ask.h"
#include "steps.h"

#include <elf.h>
#include <string.h>

static bool is_of(const struct link *link, const struct output *output, enum bound_kind kind)
{
    bool has_segments = link->form.kind != FORM_FLAT;
    if (output->is_discard || !(output->flags & SECTION_ALLOC) || output_is_tbss(output) ||
        !(output->is_used || output->size || output->native_type))
        return false;
    switch (kind) {
    case BOUND_HEADERS:
    case BOUND_FILE: return false;
    case BOUND_BSS: return strcmp(output->name, ".bss") == 0;
    case BOUND_CODE:
        return has_segments && !link->set->given.omagic && !(output->flags & SECTION_WRITE);
    case BOUND_DATA: return has_segments && !(output->flags & SECTION_NOBITS);
    default: return has_segments;
    }
}

static uint32_t find_output(const struct link *link, const struct bound *bound)
{
    if (bound->output != NONE)
        return bound->output;
    for (uint32_t i = (uint32_t)link->outputs.count; i-- > 0;)
        if (is_of(link, &link->outputs.at[i], (enum bound_kind)bound->kind))
            return i;
    return NONE;
}

static uint64_t value_of(const struct link *link, const struct bound *bound, uint32_t index)
{
    bool is_start = bound->kind == BOUND_START || bound->kind == BOUND_BSS;
    if (bound->kind == BOUND_FILE)
        return 0; /* until settle_headers() knows */
    if (index == NONE)
        return lld_base(link) +
               (is_start || bound->kind == BOUND_HEADERS ? 0 : elf_header_size(link));
    const struct output *output = &link->outputs.at[index];
    return output->address + (is_start ? 0 : output->size);
}

/* In GNU ld it belongs to the first section of threads' data, in lld to none. */
static uint32_t find_threads(const struct link *link)
{
    for (uint32_t i = 0; i < link->outputs.count; i++)
        if (!link->form.as_lld && output_is_of_threads(&link->outputs.at[i]))
            return i;
    return NONE;
}

static uint32_t settle_bound(struct link *link, const struct bound *bound, uint64_t *value)
{
    bool is_of_threads = bound->kind == BOUND_THREADS;
    uint32_t output = is_of_threads ? find_threads(link) : find_output(link, bound);
    if (is_of_threads)
        find_thread_data(link);
    *value = is_of_threads ? link->thread_data.pointer : value_of(link, bound, output);
    return output;
}

void settle_bounds(struct pass *pass)
{
    struct link *link = pass->link;
    for (size_t i = 0; i < link->bounds.count; i++) {
        const struct bound *bound = &link->bounds.at[i];
        struct global *global = &link->globals.at[bound->global];
        uint64_t value;
        uint32_t output = settle_bound(link, bound, &value);
        bool differs = !global->settled || global->value != value;
        pass->changed |= differs;
        pass->looked_ahead |= differs;
        global->value = value;
        global->output = output == NONE ? VALUE_ABSOLUTE : (int)output;
        global->settled = true;
    }
}

/* ---- the file's header ---- */

static const struct program_header *find_load(const struct link *link, bool with_file_header)
{
    for (size_t i = 0; i < link->program_headers.count; i++) {
        const struct program_header *header = &link->program_headers.at[i];
        if (header->type == PT_LOAD && (with_file_header ? header->file_header : header->count))
            return header;
    }
    return NULL;
}

/* To which output section it belongs: of its own segment the first, or of all. */
static int section_of_headers(const struct link *link, const struct program_header *load)
{
    const struct program_header *holder = load->count ? load : find_load(link, false);
    return holder && !link->form.as_lld ? (int)link->segment_outputs.at[holder->first]
                                        : VALUE_ABSOLUTE;
}

static void lack_headers(struct link *link, const struct bound *bound)
{
    struct global *global = &link->globals.at[bound->global];
    if (link->set->lld || link->dynamic)
        return; /* it is 0 */
    global->state = bound->was;
    if (bound->was == GLOBAL_UNDEFINED)
        diagnose(link->host, WELT_ERROR, "undefined", (struct place){.symbol = global->name},
                 "link without -n and -N, or leave room: . = ORIGIN + SIZEOF_HEADERS",
                 "undefined symbol `%s': no segment loads the file's header", global->name);
}

void settle_headers(struct link *link)
{
    const struct program_header *load = find_load(link, true);
    for (size_t i = 0; i < link->bounds.count; i++) {
        const struct bound *bound = &link->bounds.at[i];
        if (bound->kind != BOUND_FILE)
            continue;
        if (!load) {
            lack_headers(link, bound);
            continue;
        }
        link->globals.at[bound->global].value = load->address;
        link->globals.at[bound->global].output = section_of_headers(link, load);
    }
}
