/* SPDX-License-Identifier: MIT
 *
 * `__start_NAME` and `__stop_NAME`: where an output section begins and ends, for sections whose
 * names C can spell.
 *
 *     __attribute__((section("commands"))) struct command help = …;    in any object
 *     extern struct command __start_commands[], __stop_commands[];     the table of all of them
 *
 * In lld's dialect also the bounds of .init_array and its kin, and without a script the names that
 * GNU ld's own would provide: _end, _etext, … (LLVM 19, lld/ELF/Writer.cpp: addStartEndSymbols,
 * addReservedSymbols).
 *
 * __ehdr_start is the ELF header of the file itself; with lld also without one that is loaded, and
 * by two other names (GNU ld 2.40 has it but in ELF files whose segments load the header).
 *
 * And _TLS_MODULE_BASE_, by which code asks a descriptor for the place of all its threads'
 * variables (local dynamic with -mtls-dialect=gnu2): the assembler has it as a variable of threads.
 *
 * Requires: sections assigned. Provides: link.bounds for the names that somebody refers to and
 * nobody defines (manual of GNU ld 2.40, 3.6.4.5); layout gives them their values. Who asks for a
 * section's bounds wants what is in it: gc.c keeps it, or a name is withdrawn again. */
#include "ask.h"
#include "resolve/orphans.h"
#include "steps.h"

#include <string.h>

/* In ASCII: what isalpha() says of other bytes is the host's locale's. */
static bool is_c_name(const char *name)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
    bool has_first = *name && strchr(letters, *name) && (*name < '0' || *name > '9');
    return has_first && !name[strspn(name, letters)];
}

static void offer(struct link *link, const char *name, uint32_t output, enum bound_kind kind,
                  bool is_own)
{
    uint32_t index = global_find(link, name);
    if (index == NONE || link->globals.at[index].state > GLOBAL_WEAK_UNDEFINED)
        return;
    struct bound bound = {index, output, (uint8_t)kind, link->globals.at[index].state};
    link->globals.at[index].state = GLOBAL_SCRIPT;
    link->globals.at[index].is_own = is_own;
    *list_add(&link->arena, &link->bounds) = bound;
    if (output != NONE)
        link->outputs.at[output].is_bounded = true;
}

static void offer_of_section(struct link *link, uint32_t output)
{
    const char *name = link->outputs.at[output].name;
    if (link->outputs.at[output].is_discard || !is_c_name(name))
        return;
    offer(link, arena_format(&link->arena, "__start_%s", name), output, BOUND_START, false);
    offer(link, arena_format(&link->arena, "__stop_%s", name), output, BOUND_STOP, false);
}

static void offer_of_lld(struct link *link)
{
    static const struct {
        const char *name;
        enum bound_kind kind;
    } bounds[] = {
        {"__bss_start", BOUND_BSS}, {"_etext", BOUND_CODE}, {"etext", BOUND_CODE},
        {"_edata", BOUND_DATA},     {"edata", BOUND_DATA},  {"_end", BOUND_END},
        {"end", BOUND_END},
    };
    for (size_t i = 0; link->form.is_unscripted && i < sizeof bounds / sizeof *bounds; i++)
        offer(link, bounds[i].name, NONE, bounds[i].kind, false);
}

static enum bound_kind kind_of_headers(const struct link *link)
{
    bool is_known = link->set->lld && link->form.is_unscripted;
    return is_known ? BOUND_HEADERS : BOUND_FILE;
}

static void offer_of_headers(struct link *link)
{
    static const char *const names[] = {"__ehdr_start", "__executable_start", "__dso_handle"};
    bool is_lld = link->set->lld, is_elf = link->form.kind == FORM_EXECUTABLE;
    for (size_t i = 0; i < (is_lld ? 3 : is_elf); i++)
        offer(link, names[i], NONE, kind_of_headers(link), true);
}

/* Where there is no such section, both names are the file's header. */
static void offer_of_arrays(struct link *link)
{
    static const char *const names[] = {"init_array", "fini_array", "preinit_array"};
    for (size_t i = 0; link->set->lld && i < sizeof names / sizeof *names; i++) {
        uint32_t output = output_named(link, arena_format(&link->arena, ".%s", names[i]));
        bool is_there = output != NONE && !link->outputs.at[output].is_discard;
        const char *start = arena_format(&link->arena, "__%s_start", names[i]);
        const char *end = arena_format(&link->arena, "__%s_end", names[i]);
        enum bound_kind absent = kind_of_headers(link);
        offer(link, start, is_there ? output : NONE, is_there ? BOUND_START : absent, true);
        offer(link, end, is_there ? output : NONE, is_there ? BOUND_STOP : absent, true);
    }
}

static void offer_of_threads(struct link *link)
{
    static const char base[] = "_TLS_MODULE_BASE_";
    uint32_t index = global_find(link, base);
    if (index == NONE || link->globals.at[index].input == NONE)
        return;
    const struct global *global = &link->globals.at[index];
    const struct object *object = link->inputs.at[global->input].object;
    if (object->symbols[global->symbol].kind == SYMBOL_THREAD_LOCAL)
        offer(link, base, NONE, BOUND_THREADS, true);
}

void offer_bounds(struct link *link)
{
    if (link->form.kind == FORM_RELOCATABLE)
        return;
    offer_of_lld(link);
    offer_of_headers(link);
    offer_of_arrays(link);
    offer_of_threads(link);
    for (uint32_t i = 0; i < link->outputs.count; i++)
        offer_of_section(link, i);
}

struct contents {
    bool is_there, is_live;
};

/* Requires gc. Of a section that gc emptied there are no bounds, but where a script makes one
 * nevertheless, in lld's dialect: the names are as undefined as they were. */
void withdraw_bounds(struct link *link)
{
    if (!link->bounds.count || !link->gc_ran)
        return;
    struct contents *contents = NEW_ARRAY(&link->arena, struct contents, link->outputs.count + 1);
    for (uint32_t atom = 0; atom < link->atom_count; atom++) {
        uint32_t output = link->atoms[atom].output;
        if (output == NONE)
            continue;
        contents[output].is_there = true;
        contents[output].is_live |= link->atoms[atom].is_live;
    }
    size_t kept = 0;
    for (size_t i = 0; i < link->bounds.count; i++) {
        const struct bound *bound = &link->bounds.at[i];
        uint32_t output = bound->output;
        bool is_gone = output != NONE && contents[output].is_there && !contents[output].is_live &&
                       !(link->set->lld && link->outputs.at[output].statement);
        if (is_gone)
            link->globals.at[bound->global].state = bound->was;
        else
            link->bounds.at[kept++] = *bound;
    }
    link->bounds.count = kept;
}
