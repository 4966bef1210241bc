/* SPDX-License-Identifier: MIT
 *
 * Code that passes arguments in registers, and helpers that take them from the stack; or the
 * reverse.
 *
 *     regparm    an object of -mregparm=3 calls __udivdi3 of the runtime library for cdecl
 *
 * ELF does not say how a function takes its arguments, and neither does DWARF. But where an object
 * holds the compiler's command line (-g or -frecord-gcc-switches of gcc, -frecord-command-line of
 * clang), that says what its calls of helpers are like: nobody declares these, or as the compiler
 * does. Between two objects of a program's own nothing is told, whose prototypes may say
 * otherwise.
 *
 *     .debug_str            "GNU C17 12.2.0 -m16 -march=i386 -mregparm=3 -g -Os"
 *     .GCC.command.line     the same */
#include "check/checks.h"

#include "ask.h"

#include <string.h>

enum { UNKNOWN = -1, MOST_SEARCHED = 1 << 20 };

static const char recorded[] = ".GCC.command.line", strings[] = ".debug_str";
static const char flag[] = "-mregparm=";

/* ---- what an object was compiled with ---- */

static bool begins(const char *text, size_t size, const char *with)
{
    size_t length = strlen(with);
    return size >= length && memcmp(text, with, length) == 0;
}

/* Of a command line's text: registers, 0 without the option. */
static int registers_of(const char *text, size_t size)
{
    int registers = 0;
    for (size_t i = 0; i + sizeof flag <= size; i++)
        if (text[i] == '-' && begins(text + i, size - i, flag))
            registers = text[i + sizeof flag - 1] - '0';
    return registers;
}

static size_t length_of(const char *text, size_t size)
{
    const char *end = memchr(text, 0, size);
    return end ? (size_t)(end - text) : size;
}

/* Of all command lines in a section, when they agree. */
static int registers_in(const struct section *section, bool is_record, int found)
{
    const char *text = (const char *)section->bytes;
    size_t size = section->size < MOST_SEARCHED ? section->size : MOST_SEARCHED;
    for (size_t at = 0, length; at < size; at += length + 1) {
        length = length_of(text + at, size - at);
        if (!length || (!is_record && !begins(text + at, length, "GNU C")))
            continue;
        int registers = registers_of(text + at, length);
        if (found != UNKNOWN && found != registers)
            return UNKNOWN;
        found = registers;
    }
    return found;
}

static bool is_readable(const struct section *section)
{
    return section->bytes && section->name && section->name[0] == '.' &&
           !(section->flags & (SECTION_ALLOC | SECTION_PACKED));
}

static int registers_of_object(const struct object *object)
{
    int found = UNKNOWN;
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        if (!is_readable(section))
            continue;
        bool is_record = strcmp(section->name, recorded) == 0;
        if (is_record || strcmp(section->name, strings) == 0)
            found = registers_in(section, is_record, found);
    }
    return found;
}

/* ---- whom it calls ---- */

/* Of the runtime library, what is there for each convention: boot.h, "What compilers call". */
static bool is_helper(const char *name)
{
    static const char *const prefixes[] = {"mem", "str", "bcmp", "__"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (begins(name, strlen(name), prefixes[i]))
            return strncmp(name, "__start", 7) != 0;
    return false;
}

struct conventions {
    uint32_t input; /* of which `registers` are */
    int registers;
    unsigned found;
};

static const char *helper_name(const struct link *link, const struct input *input,
                               const struct ref *ref)
{
    uint8_t operation = ref_kinds[ref->kind].operation;
    uint32_t index = input->globals[ref->symbol];
    if (index == NONE || (operation != REF_RELATIVE && operation != REF_PLT))
        return NULL;
    const struct global *global = &link->globals.at[index];
    bool is_ours = (global->state == GLOBAL_DEFINED || global->state == GLOBAL_WEAK_DEFINED) &&
                   link->inputs.at[global->input].is_runtime;
    return is_ours && is_helper(global->name) ? global->name : NULL;
}

static bool look_at_call(struct link *link, void *to, uint32_t atom, const struct ref *ref)
{
    struct conventions *its = to;
    uint32_t index = link->atoms[atom].input;
    const struct input *input = &link->inputs.at[index];
    int wanted = link->set->given.runtime == WELT_RUNTIME_REGPARM3 ? 3 : 0;
    const char *name = input->is_runtime ? NULL : helper_name(link, input, ref);
    if (!name)
        return true;
    if (its->input != index)
        its->registers = registers_of_object(input->object);
    its->input = index;
    if (its->registers == UNKNOWN || its->registers == wanted)
        return true;
    check_found(link->host, CHECK_REGPARM, ref_place(link, atom, ref),
                wanted ? "--runtime=cdecl, or compile with -mregparm=3"
                       : "--runtime=regparm3, or compile without -mregparm",
                "calls `%s' with arguments %s (-mregparm=%d), and the runtime "
                "library's takes them %s",
                name, wanted ? "on the stack" : "in registers", its->registers,
                wanted ? "in registers" : "from the stack");
    return ++its->found < FOUND_SHOWN;
}

void check_conventions(struct link *link)
{
    struct conventions conventions = {.input = NONE};
    bool any = false;
    for (size_t i = 0; i < link->inputs.count; i++)
        any |= link->inputs.at[i].is_runtime;
    if (any && check_applies(link, CHECK_REGPARM))
        visit_live_refs(link, &conventions, look_at_call);
}
