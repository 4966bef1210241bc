/* SPDX-License-Identifier: MIT
 *
 * Thread-local data, .tdata and .tbss: what a new thread's copy is made of.
 *
 *     0x100020  .tdata   12 bytes    in memory once, as the pattern
 *     0x100040  .tbss    20 zeroes   in no memory here: .data begins at 0x100040, too
 *     TLS       0x100020, 12 bytes in the file, 52 in a thread; aligned as its largest section
 *
 * A program header of its own names them (Drepper, "ELF Handling For Thread-Local Storage", 3), so
 * they lie side by side, and the first has the alignment of all of them: a copy keeps the distances
 * between them (GNU ld 2.40 gives it that in every ELF file, and in no flat image; here it is also
 * given in a flat image that reaches for its threads' data, which GNU ld does not link rightly).
 * The end of all, aligned as the first is, is where the thread pointer of a copy points: 0x100060.
 *
 * Requires: what output sections hold. Provides: align of the first, the header PT_TLS, and after
 * layout link.thread_data. */
#include "layout/layout.h"

#include "ask.h"

#include <elf.h>

bool output_is_of_threads(const struct output *output)
{
    return !output->is_discard && output->flags & SECTION_TLS && output->native_type;
}

/* Sections that nothing was put into are not there yet. */
static bool is_between(const struct output *output)
{
    return !output->is_discard && (output->native_type || output->is_used);
}

static bool any_uses_threads(const struct link *link)
{
    for (size_t i = 0; i < link->inputs.count; i++)
        if (link->inputs.at[i].object->uses_threads)
            return true;
    return false;
}

void align_thread_data(struct link *link)
{
    struct output *first = NULL;
    if ((link->form.kind == FORM_FLAT && !any_uses_threads(link)) || link->form.as_lld)
        return;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        struct output *output = &link->outputs.at[i];
        if (!output_is_of_threads(output)) {
            if (first && is_between(output))
                return;
            continue;
        }
        first = first ? first : output;
        if (output->align > first->align)
            first->align = output->align;
    }
}

void add_thread_data(struct link *link)
{
    bool is_first = true;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        if (!is_in_segments(output) || !(output->flags & SECTION_TLS))
            continue;
        if (is_first) {
            struct program_header *header = add_header(link, PT_TLS);
            header->flags = PF_R;
            header->has_flags = true;
        }
        is_first = false;
        add_output(link, i);
    }
}

void check_thread_data(struct link *link)
{
    const struct output *last = NULL, *between = NULL;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        if (!is_in_segments(output))
            continue;
        if (!(output->flags & SECTION_TLS)) {
            between = last && !between ? output : between;
            continue;
        }
        if (between) {
            diagnose(link->host, WELT_ERROR, "script", place_of_output(output),
                     "put .tdata and .tbss side by side",
                     "`%s' is between `%s' and `%s', which threads copy as one", between->name,
                     last->name, output->name);
            return;
        }
        last = output;
    }
}

void find_thread_data(struct link *link)
{
    const struct output *first = NULL;
    uint64_t end = 0, align = 1;
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        const struct output *output = &link->outputs.at[i];
        if (!output_is_of_threads(output))
            continue;
        first = first ? first : output;
        end = output->address + output->size;
        align = output->align > align ? output->align : align;
        align = output->header_align > align ? output->header_align : align;
    }
    link->thread_data = (struct thread_data){.start = first ? first->address : 0,
                                             .pointer = (end + align - 1) & ~(align - 1)};
}
