/* SPDX-License-Identifier: MIT
 *
 * What compilers put into objects that a boot image has no use for: offset tables, notes, unwind
 * tables; and sections that were not meant to be left out.
 *
 *     pie-object   references through the global offset table
 *     note-first   .note.gnu.property dropped, or at the image's first byte
 *     eh-frame     unwind tables dropped, or in the image
 *     non-alloc    a section of a name of its own without the flag "a"
 *
 * What one option or one line in a header is the cause of stands in every object: it is told of the
 * first, with how many others have it. */
#include "check/checks.h"

#include "ask.h"

#include <string.h>

typedef unsigned long long number; /* as printf() takes it */

static const char *count_others(struct link *link, uint32_t others)
{
    if (!others)
        return "";
    return arena_format(&link->arena, ", as in %u other object%s", others, others == 1 ? "" : "s");
}

/* ---- pie-object ---- */

struct got_uses {
    uint32_t *counts; /* by input */
    const char **names;
};

static bool count_got_use(struct link *link, void *to, uint32_t atom, const struct ref *ref)
{
    struct got_uses *uses = to;
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    bool is_table = kind->operation >= REF_GOT_ADDRESS && kind->operation <= REF_GOT_LOAD;
    if (!is_table && kind->operation != REF_GOT_RELATIVE)
        return true;
    uint32_t input = link->atoms[atom].input;
    uses->counts[input]++;
    if (!uses->names[input] || kind->operation == REF_GOT_ADDRESS)
        uses->names[input] = kind->name;
    return true;
}

static bool any_uses_got(const struct link *link)
{
    for (size_t i = 0; i < link->inputs.count; i++)
        if (link->inputs.at[i].object->uses_got)
            return true;
    return false;
}

static void check_pie(struct link *link)
{
    struct got_uses uses = {NEW_ARRAY(&link->arena, uint32_t, link->inputs.count), NULL};
    uses.names = (const char **)arena_array(&link->arena, link->inputs.count, sizeof *uses.names);
    visit_live_refs(link, &uses, count_got_use);
    uint32_t first = NONE, others = 0;
    for (uint32_t i = 0; i < link->inputs.count; i++) {
        others += uses.counts[i] && first != NONE;
        if (uses.counts[i] && first == NONE)
            first = i;
    }
    if (first != NONE)
        check_found(link->host, CHECK_PIE_OBJECT, input_place(link, first),
                    "compile with -fno-pic -fno-pie",
                    "is position-independent code (%u reference%s through the offset table, %s)%s: "
                    "addresses are fixed when an image is linked",
                    uses.counts[first], uses.counts[first] == 1 ? "" : "s", uses.names[first],
                    count_others(link, others));
}

/* ---- what was dropped, or is there ---- */

static bool is_prefix(const char *prefix, const char *text)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Dropped by Welt or by a layout of Welt's: what a script of one's own discards was meant so. */
static bool is_dropped(const struct link *link, uint32_t atom)
{
    uint8_t why = link->atoms[atom].removed;
    return why == REMOVED_DROPPED || (why == REMOVED_DISCARDED && !is_builtin_layout(link, "own"));
}

struct sum {
    uint64_t dropped, kept;
    uint32_t first; /* atom that was dropped first, or NONE */
};

static struct sum add_up(const struct link *link, const char *prefix)
{
    struct sum sum = {.first = NONE};
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        const struct section *section = atom_section(link, atom);
        if (section->name[0] != '.' || section->name[1] != prefix[1] ||
            !is_prefix(prefix, section->name) || atom_is_runtime(link, atom))
            continue;
        uint64_t size = atom_of(link, atom)->size;
        if (is_dropped(link, atom))
            sum.dropped += size;
        else if (link->atoms[atom].is_live && link->atoms[atom].output != NONE)
            sum.kept += size;
        if (is_dropped(link, atom) && sum.first == NONE)
            sum.first = atom;
    }
    return sum;
}

static void check_unwind(struct link *link)
{
    struct sum sum = add_up(link, ".eh_frame");
    if (sum.dropped)
        check_found(link->host, CHECK_EH_FRAME, input_place(link, link->atoms[sum.first].input),
                    "compile with -fno-asynchronous-unwind-tables",
                    "dropped %llu bytes of .eh_frame", (number)sum.dropped);
    if (sum.kept && link->form.kind == FORM_FLAT)
        check_found(link->host, CHECK_EH_FRAME, (struct place){0},
                    "compile with -fno-asynchronous-unwind-tables, or discard it in the script",
                    "%llu bytes of .eh_frame are in the image, and nothing there reads them",
                    (number)sum.kept);
}

static const struct span *first_span(const struct link *link)
{
    return link->spans.count && link->spans.at[0].in_file ? &link->spans.at[0] : NULL;
}

static void check_notes(struct link *link)
{
    const struct span *first = first_span(link);
    struct sum sum = add_up(link, ".note.gnu.property");
    if (sum.dropped)
        check_found(link->host, CHECK_NOTE_FIRST, input_place(link, link->atoms[sum.first].input),
                    "-fcf-protection=none also saves endbr32 in each function",
                    "dropped %llu bytes of .note.gnu.property", (number)sum.dropped);
    if (link->form.kind == FORM_FLAT && first && first->atom != NONE &&
        (atom_section(link, first->atom)->flags & SECTION_NOTE))
        check_found_as(link->host, WELT_WARNING, CHECK_NOTE_FIRST, atom_place(link, first->atom, 0),
                       "discard it in the script",
                       "the image begins with a note, which would run as code");
}

/* ---- non-alloc ---- */

/* What tools keep beside the program, by the beginning of its name. */
static bool is_known_not_to_load(const char *name)
{
    static const char *const known[] = {
        ".debug",        ".zdebug",  ".comment",
        ".note",         ".stab",    ".gnu",
        ".llvm",         ".ident",   ".rustc",
        ".rmeta",        ".GCC",     ".ctf",
        ".BTF",          ".gdb",     ".line",
        ".deplibs",      ".symtab",  ".strtab",
        ".shstrtab",     ".group",   ".rel",
        ".apple",        ".lto",     ".riscv",
        ".eh_frame",     ".drectve", ".linker-options",
        ".pseudo_probe", ".ARM",
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (is_prefix(known[i], name))
            return true;
    return false;
}

static bool is_forgotten(const struct section *section)
{
    return !(section->flags &
             (SECTION_ALLOC | SECTION_META | SECTION_EXCLUDE | SECTION_NOTE | SECTION_PACKED)) &&
           section->size && section->name && section->name[0] &&
           !is_known_not_to_load(section->name);
}

/* It may stand in an output section that is loaded for what else is in it; and a script that makes
 * it one of an ELF file's, or throws it away, says what it is for. */
static bool is_wanted(const struct link *link, uint32_t input, const struct section *section)
{
    const struct input *its = &link->inputs.at[input];
    if (!section->atom_count)
        return false;
    uint32_t first = its->first_atom + section->first_atom;
    const struct atom_state *atom = &link->atoms[first];
    if (atom->removed == REMOVED_DISCARDED)
        return !is_dropped(link, first);
    if (!atom->is_live || atom->output == NONE)
        return false;
    const struct output *output = &link->outputs.at[atom->output];
    return output->flags & SECTION_ALLOC || (link->form.kind != FORM_FLAT && output->statement);
}

struct forgotten { /* sections of one name */
    const struct section *section;
    uint32_t first, last; /* inputs */
    uint32_t others;      /* inputs that have one beside the first */
};

struct forgotten_names {
    struct names names; /* a name's number is its index into `all` */
    LIST(struct forgotten) all;
};

static void add_forgotten(struct link *link, struct forgotten_names *found, uint32_t input,
                          const struct section *section)
{
    bool is_new;
    if (!found->names.arena)
        names_open(&found->names, &link->arena);
    uint32_t index = names_add(&found->names, section->name, strlen(section->name), &is_new);
    if (is_new)
        *list_add(&link->arena, &found->all) = (struct forgotten){section, input, input, 0};
    struct forgotten *its = &found->all.at[index];
    its->others += its->last != input;
    its->last = input;
}

static void tell_forgotten(struct link *link, const struct forgotten *its)
{
    struct place place = input_place(link, its->first);
    place.section = its->section->name;
    check_found(link->host, CHECK_NON_ALLOC, place,
                arena_format(&link->arena, ".section %s,\"ax\",@progbits", place.section),
                "section `%s' of %llu byte%s is not allocated and not in the image%s",
                place.section, (number)its->section->size, its->section->size == 1 ? "" : "s",
                count_others(link, its->others));
}

static void check_not_loaded(struct link *link)
{
    struct forgotten_names found = {.all = {0}};
    for (uint32_t i = 0; i < link->inputs.count; i++) {
        const struct object *object = link->inputs.at[i].object;
        for (uint32_t s = 1; s < object->section_count; s++)
            if (is_forgotten(&object->sections[s]) && !is_wanted(link, i, &object->sections[s]))
                add_forgotten(link, &found, i, &object->sections[s]);
    }
    for (size_t i = 0; i < found.all.count && i < FOUND_SHOWN; i++)
        tell_forgotten(link, &found.all.at[i]);
}

void check_contents(struct link *link)
{
    bool is_movable = link->form.pie || link->form.shared; /* such code is what it wants */
    if (check_applies(link, CHECK_PIE_OBJECT) && !is_movable && any_uses_got(link))
        check_pie(link);
    if (check_applies(link, CHECK_NOTE_FIRST))
        check_notes(link);
    if (check_applies(link, CHECK_EH_FRAME))
        check_unwind(link);
    if (check_applies(link, CHECK_NON_ALLOC))
        check_not_loaded(link);
}
