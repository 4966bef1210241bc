/* SPDX-License-Identifier: MIT
 *
 * Whether live code knows where a stretch of memory begins or ends.
 *
 * Start-up code that zeroes .bss, or runs an array of constructors, refers to a symbol of the
 * layout (__bss_start, __init_array_start, whatever they are called) whose value lies at the
 * section's bounds. So the question is asked of addresses, not of names. */
#include "check/checks.h"

#include "ask.h"

struct bounds_search {
    struct extent extent;
    bool by_layout, by_label;
};

/* A symbol of the layout; or a label at the very beginning, which may also be the first variable.
 */
static bool is_bound(struct link *link, void *to, uint32_t atom, const struct ref *ref)
{
    struct bounds_search *search = to;
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    struct target target = ref_target(link, input, ref);
    if (target.kind != TARGET_SCRIPT && target.kind != TARGET_ATOM)
        return true;
    uint64_t address = target_address(link, &target);
    bool is_there = address == search->extent.start || address == search->extent.end;
    search->by_layout = is_there && target.kind == TARGET_SCRIPT;
    search->by_label |= is_there;
    return !search->by_layout;
}

/* rep stosb, stosw or stosd, with its prefixes in either order. */
static bool fills_memory(const unsigned char *bytes, uint64_t size)
{
    for (uint64_t i = 0; i + 1 < size; i++) {
        bool is_rep = bytes[i] == 0xf3;
        uint64_t next = i + 1;
        while (next < size && (bytes[next] == 0x66 || bytes[next] == 0x67 || bytes[next] == 0x26))
            next++;
        if (is_rep && next < size && (bytes[next] == 0xaa || bytes[next] == 0xab))
            return true;
    }
    return false;
}

static bool any_fills_memory(const struct link *link)
{
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        if (span->kind != WELT_SPAN_CODE || span->atom == NONE)
            continue;
        const struct atom *atom = atom_of(link, span->atom);
        const struct section *section = atom_section(link, span->atom);
        if (section->bytes && fills_memory(section->bytes + atom->offset, atom->size))
            return true;
    }
    return false;
}

bool knows_bounds(struct link *link, struct extent extent)
{
    struct bounds_search search = {.extent = extent};
    visit_live_refs(link, &search, is_bound);
    return search.by_layout || (search.by_label && any_fills_memory(link));
}
