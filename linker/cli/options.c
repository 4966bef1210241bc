/* SPDX-License-Identifier: MIT
 *
 * Words to options, by the table, in GNU ld's spellings:
 *
 *     --script=FILE, --script FILE, -script FILE    a long option has one dash or two
 *     -T FILE, -TFILE                               a short one may have its argument glued on
 *     -Sx                                           or be one of several in a word
 *     --emit-rel                                    while one name is meant, some of it will do
 *
 * `-Ttext` could be all of this; the order is getopt_long_only()'s: a long option by its whole
 * name, then by the only name that begins so, then a short one. -l is never the beginning of
 * --library: -lib links lib-ib. */
#include "options.h"

#include "command.h"
#include "support/spelling.h"

#include <stdio.h>
#include <string.h>

#define FIELD(field) offsetof(struct command, field), sizeof(((struct command *)0)->field)
#define OPTION(action, names, argument, argument_name, group, help)                                \
    {names, argument, argument_name, GROUP_##group, help, EFFECT_ACTION, DO_##action, 0, 0, 0},
#define FLAG(names, field, value, group, help)                                                     \
    {names, NONE, NULL, GROUP_##group, help, EFFECT_FLAG, DO_NOTHING, FIELD(field), value},
#define TEXT(names, field, argument_name, group, help)                                             \
    {names, TAKEN, argument_name, GROUP_##group, help, EFFECT_TEXT, DO_NOTHING, FIELD(field), 0},
#define LISTED(names, field, argument_name, group, help)                                           \
    {names, TAKEN, argument_name, GROUP_##group, help, EFFECT_LIST, DO_NOTHING, FIELD(field), 0},
#define CHOICE(names, field, first, words, group, help)                                            \
    {names, TAKEN, words, GROUP_##group, help, EFFECT_CHOICE, DO_NOTHING, FIELD(field), first},
#define IGNORED(names, argument, why)                                                              \
    {names, argument, "WORD", GROUP_IGNORED, why, EFFECT_NONE, DO_NOTHING, 0, 0, 0},
#define REFUSED(names, argument, why)                                                              \
    {names, argument, "WORD", GROUP_REFUSED, why, EFFECT_REFUSAL, DO_NOTHING, 0, 0, 0},
const struct option option_table[] = {
#include "options.def"
};
const size_t option_count = sizeof option_table / sizeof *option_table;

/* ---- welt size ---- */

const char *const size_mode_others[] = {"max-image-size", "diagnostics", "error-limit", "w",
                                        "fatal-warnings", "W",           "explain",     "demangle",
                                        "no-demangle",    "version",     "help",        NULL};

bool is_of_size_mode(const struct option *option)
{
    const char *names = option->names;
    struct option_name first;
    if (option->group == GROUP_SIZES || !next_name(&names, &first))
        return option->group == GROUP_SIZES;
    for (const char *const *other = size_mode_others; *other; other++)
        if (strlen(*other) == first.size && memcmp(*other, first.text, first.size) == 0)
            return true;
    return false;
}

/* ---- names ---- */

bool next_name(const char **names, struct option_name *name)
{
    const char *at = *names + strspn(*names, " ");
    *name = (struct option_name){.two_dashes = at[0] == '-' && at[1] == '-'};
    name->text = at += name->two_dashes ? 2 : 0;
    name->size = strcspn(at, " !");
    name->whole = at[name->size] == '!';
    *names = at + name->size + name->whole;
    return name->size != 0;
}

/* A word of the command line, as a name: what stands behind its dashes and before `=`. */
struct asked {
    const char *word, *text;
    size_t size;
    bool two_dashes;
};

enum fit { NO_FIT, SHORTENED, EXACT };

static enum fit fit_of(const struct asked *asked, const struct option_name *name)
{
    if (name->two_dashes && !asked->two_dashes)
        return NO_FIT;
    if (name->size < 2 || name->size < asked->size ||
        memcmp(name->text, asked->text, asked->size) != 0)
        return NO_FIT;
    if (name->size == asked->size)
        return EXACT;
    return name->whole ? NO_FIT : SHORTENED;
}

static enum fit fit_of_option(const struct asked *asked, const struct option *option)
{
    enum fit best = NO_FIT;
    struct option_name name;
    for (const char *at = option->names; next_name(&at, &name);) {
        enum fit fit = fit_of(asked, &name);
        best = fit > best ? fit : best;
    }
    return best;
}

/* Result: how many options the word may mean; *found is the first of them. */
static unsigned find_long(const struct asked *asked, const struct option **found)
{
    unsigned count = 0;
    for (size_t i = 0; i < option_count; i++) {
        enum fit fit = fit_of_option(asked, &option_table[i]);
        if (fit == EXACT) {
            *found = &option_table[i];
            return 1;
        }
        if (fit == SHORTENED && !count++)
            *found = &option_table[i];
    }
    return count;
}

static const struct option *find_short(char letter)
{
    struct option_name name;
    for (size_t i = 0; i < option_count; i++)
        for (const char *at = option_table[i].names; next_name(&at, &name);)
            if (name.size == 1 && name.text[0] == letter)
                return &option_table[i];
    return NULL;
}

/* ---- what was meant, when nothing fits or too much ---- */

static void complain_of_unknown(const struct asked *asked)
{
    struct spelling spelling = spelling_of(asked->text, asked->size);
    struct option_name name;
    for (size_t i = 0; i < option_count; i++)
        for (const char *at = option_table[i].names; next_name(&at, &name);)
            if (name.size > 1)
                spelling_offer_sized(&spelling, name.text, name.size);
    if (spelling.nearest)
        mistake("unknown option `%.200s': did you mean --%.*s?", asked->word,
                (int)spelling.nearest_size, spelling.nearest);
    else
        mistake("unknown option `%.200s': see --help", asked->word);
}

static void complain_of_many(const struct asked *asked)
{
    char known[200] = "";
    struct option_name name;
    for (size_t i = 0; i < option_count; i++)
        for (const char *at = option_table[i].names; next_name(&at, &name);) {
            size_t used = strlen(known);
            if (fit_of(asked, &name) == SHORTENED && used + name.size + 5 < sizeof known)
                snprintf(known + used, sizeof known - used, "%s --%.*s", used ? "," : "",
                         (int)name.size, name.text);
        }
    mistake("option `%.200s' may mean%s: write it out", asked->word, known);
}

/* ---- its form in help ---- */

const char *argument_open(const struct option *option)
{
    switch (option->argument) {
    case MAYBE: return option->names[1] ? "[=" : "[";
    case NEXT: return " [";
    default: return " ";
    }
}

const char *argument_close(const struct option *option)
{
    return option->argument == MAYBE || option->argument == NEXT ? "]" : "";
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
    bool is_last = words->next == words->count || words->at[words->next][0] == '-';
    if (glued || option->argument == NONE || option->argument == MAYBE ||
        (option->argument == NEXT && is_last))
        return option;
    if (words->next == words->count) {
        mistake("option `%.200s' needs an argument: %s", word, option->argument_name);
        *value = NULL;
        return NULL;
    }
    *value = words->at[words->next++];
    return option;
}

/* What follows a short option in its word is its argument, or more of them. */
static const struct option *short_option(struct words *words, const char *word, const char *letter,
                                         const char **value)
{
    const struct option *option = find_short(*letter);
    if (!option)
        return NULL;
    if (option->argument != NONE || !letter[1])
        return with_argument(words, option, word, letter[1] ? letter + 1 : NULL, value);
    words->cluster = letter + 1;
    *value = "";
    return option;
}

static const struct option *next_of_cluster(struct words *words, const char **value)
{
    const char *letter = words->cluster;
    const char *word = words->at[words->next - 1];
    words->cluster = NULL;
    *value = word;
    const struct option *option = short_option(words, word, letter, value);
    if (option || !*value)
        return option;
    mistake("unknown option `-%c' in `%.200s'", *letter, word);
    *value = NULL;
    return NULL;
}

/* No option: *value is the word's. */
static const struct option *long_option(struct words *words, const struct asked *asked,
                                        const char **value)
{
    const struct option *option = NULL;
    unsigned count = asked->size < 2 ? 0 : find_long(asked, &option);
    const char *equals = asked->text[asked->size] ? asked->text + asked->size + 1 : NULL;
    if (count == 1)
        return with_argument(words, option, asked->word, equals, value);
    if (count) {
        complain_of_many(asked);
        *value = NULL;
    }
    return NULL;
}

const struct option *next_option(struct words *words, const char **value)
{
    *value = NULL;
    if (words->cluster)
        return next_of_cluster(words, value);
    const char *word = words->word = *value = words->at[words->next++];
    const struct option *option = NULL;
    if (word[0] != '-' || !word[1] || words->only_inputs)
        return NULL;
    bool two_dashes = word[1] == '-';
    struct asked asked = {word, word + 1 + two_dashes, 0, two_dashes};
    asked.size = strcspn(asked.text, "=");
    if (two_dashes || word[1] != 'l')
        option = long_option(words, &asked, value);
    if (!option && *value && !two_dashes)
        option = short_option(words, word, word + 1, value);
    if (option || !*value)
        return option;
    complain_of_unknown(&asked);
    *value = NULL;
    return NULL;
}
