/* SPDX-License-Identifier: MIT
 *
 * The option table (options.def) and the reading of words by it. */
#ifndef WELT_CLI_OPTIONS_H
#define WELT_CLI_OPTIONS_H

#include "mistakes.h"

#include <stdbool.h>
#include <stddef.h>

enum argument { NONE, TAKEN, MAYBE, NEXT };
enum group {
    GROUP_MAIN,
    GROUP_PLACE,
    GROUP_ELF_FILES,
    GROUP_SMALLER,
    GROUP_TOLD,
    GROUP_SIZES, /* of a link, or of a saved report */
    GROUP_LD,
    GROUP_IGNORED,
    GROUP_REFUSED
};

/* What an option does: it sets a field of the command, or apply.c acts on it. */
enum effect {
    EFFECT_ACTION,
    EFFECT_FLAG,
    EFFECT_TEXT,
    EFFECT_LIST,
    EFFECT_CHOICE,
    EFFECT_NONE,
    EFFECT_REFUSAL
};

enum action {
    DO_NOTHING,
#define OPTION(action, names, argument, argument_name, group, help) DO_##action,
#define FLAG(names, field, value, group, help)
#define TEXT(names, field, argument_name, group, help)
#define LISTED(names, field, argument_name, group, help)
#define CHOICE(names, field, first, words, group, help)
#define IGNORED(names, argument, why)
#define REFUSED(names, argument, why)
#include "options.def"
#undef OPTION
#undef FLAG
#undef TEXT
#undef LISTED
#undef CHOICE
#undef IGNORED
#undef REFUSED
};

struct option {
    const char *names;
    enum argument argument;
    const char *argument_name;
    enum group group;
    const char *help; /* of GROUP_IGNORED and GROUP_REFUSED: why */
    enum effect effect;
    enum action action;
    size_t field, field_size; /* in struct command */
    int value;                /* of a flag; of a choice: for the first word */
};
extern const struct option option_table[];
extern const size_t option_count;

/* Whether `welt size` takes it: all of GROUP_SIZES, and these. */
bool is_of_size_mode(const struct option *option);
extern const char *const size_mode_others[]; /* first names; NULL behind the last */

/* One of an option's names: what stands between the blanks, without its marks. */
struct option_name {
    const char *text;
    size_t size;
    bool two_dashes; /* no fewer */
    bool whole;      /* may not be shortened */
};
bool next_name(const char **names, struct option_name *name);

/* What stands around an argument in help: " FILE", "[=FILE]", "[FILE]" glued to a letter. */
const char *argument_open(const struct option *option);
const char *argument_close(const struct option *option);

struct words { /* of the command line, response files read in */
    char **at;
    size_t count, next;
    const char *word;    /* in which the last option stood */
    const char *cluster; /* short options left of a word: `x` of -Sx; or NULL */
    bool only_inputs;    /* `--` was there: what follows is no option */
    char **texts;        /* of the response files: words point into them */
    size_t text_count;
};

void free_words(struct words *words);

/* Takes the next option, in a word or two, or a part of one. Result: the option, with its argument
 * or NULL in *value; NULL with the word in *value: an input. NULL with *value NULL: a mistake,
 * which was printed. */
const struct option *next_option(struct words *words, const char **value);

/* Replaces each @FILE by the words in it; false: a mistake, which was printed. */
bool read_responses(struct words *words, int count, char **arguments);

#endif
