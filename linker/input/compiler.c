/* SPDX-License-Identifier: MIT
 *
 * Which compiler made an object, by the name that compilers leave in .comment. What is written in
 * assembly has none. */
#include "input/object.h"

#include <string.h>

static bool holds(const struct section *section, const char *word)
{
    size_t size = strlen(word);
    for (uint64_t at = 0; section->bytes && at + size <= section->size; at++)
        if (memcmp(section->bytes + at, word, size) == 0)
            return true;
    return false;
}

/* What -r joined may have several. */
static enum compiler compiler_named(const struct section *comment)
{
    static const struct {
        const char *word;
        enum compiler compiler;
    } compilers[] = {{"clang", COMPILER_CLANG}, {"rustc", COMPILER_RUSTC}, {"GCC:", COMPILER_GCC}};
    for (size_t i = 0; i < sizeof compilers / sizeof *compilers; i++)
        if (holds(comment, compilers[i].word))
            return compilers[i].compiler;
    return COMPILER_OTHER;
}

enum compiler object_compiler(const struct object *object)
{
    for (uint32_t s = 1; s < object->section_count; s++) {
        const struct section *section = &object->sections[s];
        if (section->name && strcmp(section->name, ".comment") == 0)
            return compiler_named(section);
    }
    return COMPILER_NONE;
}
