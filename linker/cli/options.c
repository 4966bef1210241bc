/* SPDX-License-Identifier: MIT
 *
 * Words to options, by the table. GNU ld's spellings: a long option has one dash or two and its
 * argument behind `=` or as the next word; a short one may have its argument glued on. */
#include "options.h"

#include "support/spelling.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define OPTION(action, names, argument, argument_name, group, help)                                \
    {DO_##action, names, argument, argument_name, GROUP_##group, help},
#define IGNORED(names, argument) {DO_IGNORED, names, argument, "…", GROUP_IGNORED, ""},
const struct option option_table[] = {
#include "options.def"
};
#undef OPTION
#undef IGNORED
const size_t option_count = sizeof option_table / sizeof *option_table;

void mistake(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs("welt: error: ", stderr);
    vfprintf(stderr, format, arguments);
    fputs(" [welt-option]\n", stderr);
    va_end(arguments);
}

/* ---- names ---- */

static const char *next_name(const char *names, size_t *size)
{
    names += strspn(names, " ");
    *size = strcspn(names, " ");
    return *size ? names : NULL;
}

static bool has_name(const struct option *option, const char *name, size_t size)
{
    size_t its;
    for (const char *at = option->names; (at = next_name(at, &its)); at += its)
        if (its == size && memcmp(at, name, size) == 0)
            return true;
    return false;
}

static const struct option *find(const char *name, size_t size)
{
    for (size_t i = 0; i < option_count; i++)
        if (has_name(&option_table[i], name, size))
            return &option_table[i];
    return NULL;
}

/* ---- the nearest name, for a misspelt one ---- */

static void complain_of_unknown(const char *word)
{
    const char *name = word + strspn(word, "-");
    struct spelling spelling = spelling_of(name, strcspn(name, "="));
    size_t size;
    for (size_t i = 0; i < option_count; i++)
        for (const char *at = option_table[i].names; (at = next_name(at, &size)); at += size)
            if (size > 1)
                spelling_offer_sized(&spelling, at, size);
    if (spelling.nearest)
        mistake("unknown option `%.200s': did you mean --%.*s?", word, (int)spelling.nearest_size,
                spelling.nearest);
    else
        mistake("unknown option `%.200s': see --help", word);
}

/* ---- one option ---- */

static const struct option *with_argument(struct words *words, const struct option *option,
                                          const char *word, const char *glued, const char **value)
{
    *value = glued ? glued : "";
    if (option->argument == NONE && glued) {
        mistake("option `%.200s' takes no argument", word);
        *value = NULL;
        return NULL;
    }
    if (option->argument != TAKEN || glued)
        return option;
    if (words->next == words->count) {
        mistake("option `%.200s' needs an argument: %s", word, option->argument_name);
        *value = NULL;
        return NULL;
    }
    *value = words->at[words->next++];
    return option;
}

static const struct option *long_option(struct words *words, const char *word, const char *name,
                                        const char **value)
{
    size_t size = strcspn(name, "=");
    const struct option *option = size > 1 || name[size] ? find(name, size) : NULL;
    if (!option || size < 2)
        return NULL;
    return with_argument(words, option, word, name[size] ? name + size + 1 : NULL, value);
}

static const struct option *short_option(struct words *words, const char *word, const char **value)
{
    const struct option *option = find(word + 1, 1);
    if (!option || (option->argument == NONE && word[2]))
        return NULL;
    return with_argument(words, option, word, word[2] ? word + 2 : NULL, value);
}

const struct option *next_option(struct words *words, const char **value)
{
    const char *word = words->at[words->next++];
    const struct option *option;
    *value = word;
    if (word[0] != '-' || !word[1])
        return NULL;
    const char *name = word + 1 + (word[1] == '-');
    option = long_option(words, word, name, value);
    if (!option && *value && word[1] != '-')
        option = short_option(words, word, value);
    if (option || !*value)
        return option;
    complain_of_unknown(word);
    *value = NULL;
    return NULL;
}
