/* SPDX-License-Identifier: MIT
 *
 * Whose command line this is: the defaults and the scripts' dialect, by the name under which the
 * command was called and by `-flavor`, which rustc and other callers of lld put first.
 *
 *     welt                              a boot build
 *     ld.welt, ld, …-ld                 GNU ld
 *     ld.lld, lld, rust-lld, -flavor    GNU ld's options in lld's dialect */
#include "command.h"

#include <string.h>

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), tail = strlen(end);
    return size >= tail && strcmp(text + size - tail, end) == 0;
}

static const char *base_name(const char *program)
{
    const char *slash = strrchr(program, '/');
    return slash ? slash + 1 : program;
}

/* "ld.lld", "ld.lld-19", "rust-lld", "x86_64-linux-gnu-ld.lld". */
static bool is_lld(const char *name)
{
    static const char *const names[] = {"lld", "ld.lld", "rust-lld"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t size = strlen(names[i]);
        if (strncmp(name, names[i], size) == 0 && (!name[size] || name[size] == '-'))
            return true;
    }
    return ends_with(name, "-ld.lld");
}

static bool is_ld(const char *name)
{
    return strcmp(name, "ld") == 0 || strncmp(name, "ld.", 3) == 0 || ends_with(name, "-ld") ||
           is_lld(name);
}

static bool is_flavor(const char *word)
{
    return strcmp(word, "-flavor") == 0 || strcmp(word, "--flavor") == 0;
}

static bool take_flavor(welt_options *options, const char *flavor)
{
    if (strcmp(flavor, "gnu") == 0 || strcmp(flavor, "ld") == 0 || is_lld(flavor)) {
        options->face = WELT_FACE_LD;
        options->dialect = WELT_DIALECT_LLD;
        return true;
    }
    mistake("-flavor %.100s: Welt links as gnu does; link, darwin and wasm make no boot image",
            flavor);
    return false;
}

bool choose_face(welt_options *options, const char *program, struct words *words)
{
    const char *name = base_name(program);
    options->face = is_ld(name) ? WELT_FACE_LD : WELT_FACE_BOOT;
    options->dialect = is_lld(name) ? WELT_DIALECT_LLD : WELT_DIALECT_GNU;
    if (!words->count || !is_flavor(words->at[0]))
        return true;
    if (words->count < 2) {
        mistake("option `%s' needs an argument: gnu", words->at[0]);
        return false;
    }
    words->next = 2;
    return take_flavor(options, words->at[1]);
}
