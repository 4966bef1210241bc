/* SPDX-License-Identifier: MIT
 *
 * What may have been meant by a name that nobody defines: a definition that cannot be seen from
 * here, a name that compilers put there, the same name with or without an underscore, the nearest.
 */
#include "resolve/suggest.h"

#include "ask.h"
#include "support/spelling.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_COMPARED = 200 };

/* Names that no program writes: what makes the compiler write them. */
static const struct {
    const char *name, *id, *hint;
} by_compilers[] = {
    {"__stack_chk_fail", "stack-protector", "compile with -fno-stack-protector"},
    {"__stack_chk_fail_local", "stack-protector", "compile with -fno-stack-protector"},
    {"__stack_chk_guard", "stack-protector", "compile with -fno-stack-protector"},
    {"mcount", "undefined", "compile without -pg"},
    {"__fentry__", "undefined", "compile without -pg"},
    {"__cxa_atexit", "undefined", "compile with -fno-use-cxa-atexit"},
    {"__dso_handle", "undefined", "compile with -fno-use-cxa-atexit"},
    {"__gxx_personality_v0", "undefined", "compile with -fno-exceptions"},
    {"memcpy", "mem-builtin", NULL},
    {"memmove", "mem-builtin", NULL},
    {"memset", "mem-builtin", NULL},
    {"memcmp", "mem-builtin", NULL},
    {"__udivdi3", "builtin-missing", "64-bit unsigned division"},
    {"__umoddi3", "builtin-missing", "64-bit unsigned remainder"},
    {"__udivmoddi4", "builtin-missing", "64-bit unsigned division with remainder"},
    {"__divdi3", "builtin-missing", "64-bit division"},
    {"__moddi3", "builtin-missing", "64-bit remainder"},
    {"__divmoddi4", "builtin-missing", "64-bit division with remainder"},
    {"__muldi3", "builtin-missing", "64-bit multiplication"},
    {"__ashldi3", "builtin-missing", "64-bit shift to the left"},
    {"__ashrdi3", "builtin-missing", "64-bit arithmetic shift to the right"},
    {"__lshrdi3", "builtin-missing", "64-bit shift to the right"},
    {"__negdi2", "builtin-missing", "64-bit negation"},
    {"__cmpdi2", "builtin-missing", "64-bit comparison"},
    {"__ucmpdi2", "builtin-missing", "64-bit unsigned comparison"},
    {"__clzdi2", "builtin-missing", "leading zeroes of 64 bits"},
    {"__ctzdi2", "builtin-missing", "trailing zeroes of 64 bits"},
    {"__ffsdi2", "builtin-missing", "first bit of 64"},
    {"__popcountdi2", "builtin-missing", "population count of 64 bits"},
    {"__popcountsi2", "builtin-missing", "population count of 32 bits"},
    {"__paritydi2", "builtin-missing", "parity of 64 bits"},
    {"__bswapdi2", "builtin-missing", "swapped bytes of 64 bits"},
};

static size_t find_builtin(const char *name)
{
    size_t i = 0;
    while (i < sizeof by_compilers / sizeof *by_compilers &&
           strcmp(by_compilers[i].name, name) != 0)
        i++;
    return i;
}

const char *id_of_undefined(const char *name)
{
    size_t i = find_builtin(name);
    return i < sizeof by_compilers / sizeof *by_compilers ? by_compilers[i].id : "undefined";
}

/* A function that a library has, or a program of one's own. */
static bool is_helper(const char *name)
{
    const char *id = id_of_undefined(name);
    return strcmp(id, "mem-builtin") == 0 || strcmp(id, "builtin-missing") == 0;
}

static const char *compilers_hint(struct link *link, const char *name)
{
    size_t i = find_builtin(name);
    if (i == sizeof by_compilers / sizeof *by_compilers)
        return NULL;
    if (strcmp(by_compilers[i].id, "mem-builtin") == 0)
        return "compilers call it on their own: --runtime=cdecl links the runtime library, which "
               "has it, or define it";
    if (strcmp(by_compilers[i].id, "builtin-missing") == 0)
        return arena_format(&link->arena,
                            "%s: --runtime=cdecl (regparm3 for -mregparm=3) links the runtime "
                            "library, which has it; libgcc's is 32-bit code",
                            by_compilers[i].hint);
    return by_compilers[i].hint;
}

static bool is_defined(const struct link *link, const char *name)
{
    uint32_t global = global_find(link, name);
    return global != NONE && link->globals.at[global].state > GLOBAL_WEAK_UNDEFINED;
}

static const char *local_home(struct link *link, const char *name)
{
    for (size_t i = 0; i < link->inputs.count; i++) {
        const struct object *object = link->inputs.at[i].object;
        for (uint32_t s = 1; s < object->symbol_count; s++) {
            const struct symbol *symbol = &object->symbols[s];
            bool is_homeless = link->inputs.at[i].is_symbols_only && s >= object->first_global;
            if (symbol->binding == BIND_LOCAL && symbol->home != HOME_UNDEFINED &&
                symbol->kind != SYMBOL_SECTION && symbol->kind != SYMBOL_FILE &&
                strcmp(symbol->name, name) == 0)
                return arena_format(&link->arena,
                                    is_homeless ? "`%s' has no address in %s, of which -R takes "
                                                  "only addresses: link it"
                                                : "`%s' is defined but local in %s: drop `static'",
                                    name, object_title(&link->arena, object));
        }
    }
    return NULL;
}

/* An archive is searched where it stands: what is needed later is not found in it any more. */
static const char *earlier_archive(struct link *link, const char *name)
{
    for (size_t i = 0; i < link->archives.count; i++) {
        const struct archive *archive = link->archives.at[i];
        for (uint32_t s = 0; s < archive->symbol_count; s++)
            if (strcmp(archive->symbols[s].name, name) == 0)
                return arena_format(
                    &link->arena,
                    "%s(%s) defines it, but stands before what needs it: name it later",
                    archive->path, archive->members[archive->symbols[s].member].name);
    }
    return NULL;
}

static const char *twin(struct link *link, const char *name)
{
    const char *other = name[0] == '_' ? name + 1 : arena_format(&link->arena, "_%s", name);
    if (!is_defined(link, other))
        return NULL;
    return arena_format(&link->arena, "`%s' is defined: one of the two has an underscore too many",
                        other);
}

/* In C++ `void kmain(void)' is the symbol _Z5kmainv: "_Z", the name's length, the name, and its
 * parameters (Itanium C++ ABI, 5.1 "External Names"). Who calls it from C or assembly, or calls C
 * from C++, forgot extern "C". */
static const char *cxx_definition(const struct link *link, const char *name)
{
    char prefix[LONGEST_COMPARED + 16];
    size_t size = strlen(name);
    if (size > LONGEST_COMPARED)
        return NULL;
    size = (size_t)snprintf(prefix, sizeof prefix, "_Z%zu%s", size, name);
    for (size_t i = 0; i < link->globals.count; i++) {
        const struct global *global = &link->globals.at[i];
        if (global->state > GLOBAL_WEAK_UNDEFINED && strncmp(global->name, prefix, size) == 0)
            return global->name;
    }
    return NULL;
}

static const char *c_definition(struct link *link, const char *name)
{
    char *end;
    if (strncmp(name, "_Z", 2) != 0 || name[2] < '1' || name[2] > '9')
        return NULL;
    size_t size = strtoul(name + 2, &end, 10);
    if (size > LONGEST_COMPARED || size > strlen(end))
        return NULL;
    const char *plain = arena_format(&link->arena, "%.*s", (int)size, end);
    return is_defined(link, plain) ? plain : NULL;
}

const char *suggest_linkage(struct link *link, const char *name)
{
    const char *cxx = cxx_definition(link, name), *c = c_definition(link, name);
    if (cxx)
        return arena_format(
            &link->arena, "`%s' is defined, with the linkage of C++: declare it extern \"C\"", cxx);
    if (c)
        return arena_format(
            &link->arena, "`%s' is defined, with the linkage of C: declare it extern \"C\" in C++",
            c);
    return NULL;
}

static const char *nearest(struct link *link, const char *name)
{
    struct spelling spelling = spelling_of(name, strlen(name));
    for (size_t i = 0; i < link->globals.count; i++)
        if (link->globals.at[i].state > GLOBAL_WEAK_UNDEFINED)
            spelling_offer(&spelling, link->globals.at[i].name);
    for (size_t i = 0; i < link->archives.count; i++)
        for (uint32_t s = 0; s < link->archives.at[i]->symbol_count; s++)
            spelling_offer(&spelling, link->archives.at[i]->symbols[s].name);
    if (!spelling.nearest)
        return NULL;
    return arena_format(&link->arena, "did you mean `%s'?", spelling.nearest);
}

/* The section of which the name is the start or the end: gc has emptied it. */
static const char *dropped_section(struct link *link, const char *name)
{
    size_t size = strncmp(name, "__start_", 8) == 0 ? 8 : strncmp(name, "__stop_", 7) == 0 ? 7 : 0;
    for (uint32_t i = 0; size && i < link->outputs.count; i++)
        if (strcmp(link->outputs.at[i].name, name + size) == 0)
            return arena_format(&link->arena,
                                "nothing that is used reaches what is in `%s', and so it is "
                                "dropped: -z nostart-stop-gc, or KEEP in the script",
                                name + size);
    return NULL;
}

const char *suggest_for(struct link *link, const char *name, bool from_runtime)
{
    static const char by_layout[] = "the runtime's start-up asks the layout for it: see what "
                                    "`welt --print-layout sector' defines, or use --no-runtime";
    const char *by_compiler = compilers_hint(link, name);
    const char *hint = from_runtime ? by_layout : is_helper(name) ? NULL : by_compiler;
    if (!hint)
        hint = dropped_section(link, name);
    if (!hint)
        hint = local_home(link, name);
    if (!hint)
        hint = earlier_archive(link, name);
    if (!hint)
        hint = by_compiler;
    if (!hint)
        hint = twin(link, name);
    if (!hint)
        hint = suggest_linkage(link, name);
    if (!hint)
        hint = nearest(link, name);
    return hint ? hint : "add the object or library that defines it, or define it";
}
