/* SPDX-License-Identifier: MIT
 *
 * Where in the source: a message's place in an object, as file, line and column.
 *
 *     boot.o:(.text.main+0x1f)    ->    boot.c:12:5
 *
 * Requires: objects that stay while the link runs. Provides: host->locate, which host.c asks for
 * each message that is shown and has a place in an object's section. A link without messages pays
 * nothing, and debug information that is damaged, packed or missing gives no line, never a wrong
 * one on purpose.
 *
 * In an object every section begins at address 0, and debug information tells them apart only by
 * its relocations. So each section that is loaded is given an address of its own here, and copies
 * of the .debug sections are relocated with these. */
#include "link.h"
#include "support/lines.h"

#include <string.h>

enum { MOST_DEBUG = 64 << 20, MOST_SECTIONS = 60000, FIRST_ADDRESS = 0x1000, SPACING = 64 };

struct sources {
    struct link *link;
    struct arena arena;
    struct lines *lines;
    bool is_missing;             /* libdwarf is not here */
    const struct object *object; /* the last that was asked for */
    bool has_lines;
    uint64_t *bases; /* by section of it */
    struct source_line line;
};

/* ---- addresses ---- */

static bool give_addresses(struct sources *sources, const struct object *object)
{
    uint64_t next = FIRST_ADDRESS;
    sources->bases = NEW_ARRAY(&sources->arena, uint64_t, object->section_count);
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        if (!(section->flags & SECTION_ALLOC))
            continue;
        sources->bases[s] = next;
        if (section->size > UINT32_MAX || next > UINT32_MAX / 2)
            return false;
        next += (section->size + 2 * SPACING) & ~(uint64_t)(SPACING - 1);
    }
    return next <= UINT32_MAX;
}

/* ---- copies of the sections ---- */

/* What lines and the names of their files need. More is not handed over: the tables of ranges and
 * locations say nothing of lines, and Debian's libdwarf frees damaged ones twice. */
static bool is_needed(const char *name)
{
    static const char *const needed[] = {".debug_info",     ".debug_abbrev",      ".debug_line",
                                         ".debug_line_str", ".debug_str_offsets", ".debug_str",
                                         ".debug_addr"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (strcmp(name, needed[i]) == 0)
            return true;
    return false;
}

static bool is_debug(const struct section *section)
{
    return section->bytes && section->name && is_needed(section->name) &&
           !(section->flags & (SECTION_ALLOC | SECTION_PACKED));
}

static void apply(const struct sources *sources, const struct object *object, const struct ref *ref,
                  unsigned char *bytes, uint64_t size)
{
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    const struct symbol *symbol = &object->symbols[ref->symbol];
    uint64_t value = symbol->value + (uint64_t)ref->addend;
    if (kind->operation != REF_ABSOLUTE || ref->offset > size || size - ref->offset < kind->width)
        return;
    if (symbol->home == HOME_SECTION)
        value += sources->bases[symbol->section];
    for (unsigned i = 0; i < kind->width; i++)
        bytes[ref->offset + i] = (unsigned char)(value >> (8 * i));
}

static struct debug_section copy_section(struct sources *sources, const struct object *object,
                                         const struct section *section)
{
    unsigned char *bytes = arena_alloc(&sources->arena, section->size + 1);
    memcpy(bytes, section->bytes, section->size);
    for (uint32_t r = 0; r < section->ref_count; r++)
        apply(sources, object, &object->refs[section->first_ref + r], bytes, section->size);
    return (struct debug_section){section->name, bytes, section->size};
}

static size_t copy_sections(struct sources *sources, const struct object *object,
                            struct debug_section *sections)
{
    size_t count = 0;
    uint64_t sum = 0;
    bool has_lines = false;
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        if (!is_debug(section))
            continue;
        sum += section->size;
        if (sum > MOST_DEBUG)
            return 0;
        has_lines |= strcmp(section->name, ".debug_line") == 0;
        sections[count++] = copy_section(sources, object, section);
    }
    return has_lines ? count : 0;
}

/* ---- one object ---- */

static bool has_debug_lines(const struct object *object)
{
    for (uint32_t s = 1; s < object->section_count; s++)
        if (is_debug(&object->sections[s]) && strcmp(object->sections[s].name, ".debug_line") == 0)
            return object->section_count < MOST_SECTIONS;
    return false;
}

static void use_object(struct sources *sources, const struct object *object)
{
    sources->object = object;
    sources->has_lines = false;
    if (!sources->lines)
        sources->lines = lines_open(sources->link->host);
    sources->is_missing = !sources->lines;
    if (sources->is_missing || !give_addresses(sources, object))
        return;
    struct debug_section *sections =
        NEW_ARRAY(&sources->arena, struct debug_section, object->section_count);
    size_t count = copy_sections(sources, object, sections);
    unsigned pointer = object->architecture == ARCH_X86_64 ? 8 : 4;
    sources->has_lines = count && lines_use(sources->lines, sections, count, pointer);
}

static void locate(void *context, struct place *place)
{
    struct sources *sources = context;
    const struct object *object = place->origin;
    if (sources->is_missing || place->origin_section >= object->section_count)
        return;
    if (object != sources->object) {
        if (!has_debug_lines(object))
            return;
        use_object(sources, object);
    }
    uint64_t base = sources->has_lines ? sources->bases[place->origin_section] : 0;
    if (!base || !lines_find(sources->lines, base + place->offset, &sources->line))
        return;
    place->source = sources->line.path;
    place->line = sources->line.line;
    place->column = sources->line.column;
}

void watch_sources(struct link *link)
{
    struct sources *sources = NEW(&link->arena, struct sources);
    sources->link = link;
    arena_open(&sources->arena, link->host);
    link->sources = sources;
    link->host->locate = locate;
    link->host->locating = sources;
}

void close_sources(struct link *link)
{
    struct sources *sources = link->sources;
    link->host->locate = NULL;
    link->sources = NULL;
    if (sources->lines)
        lines_close(link->host, sources->lines);
    arena_close(&sources->arena);
}
