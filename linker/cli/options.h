/* SPDX-License-Identifier: MIT
 *
 * The option table (options.def) and the reading of words by it. */
#ifndef WELT_CLI_OPTIONS_H
#define WELT_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

enum argument { NONE, TAKEN, MAYBE };
enum group { GROUP_MAIN, GROUP_PLACE, GROUP_SMALLER, GROUP_TOLD, GROUP_LD, GROUP_IGNORED };

/* What an option does; command.c acts on each. */
enum action {
    DO_IGNORED,
#define OPTION(action, names, argument, argument_name, group, help) DO_##action,
#define IGNORED(names, argument)
#include "options.def"
#undef OPTION
#undef IGNORED
};

struct option {
    enum action action;
    const char *names;
    enum argument argument;
    const char *argument_name;
    enum group group;
    const char *help;
};
extern const struct option option_table[];
extern const size_t option_count;

struct words { /* of the command line, response files read in */
    char **at;
    size_t count, next;
    char **texts; /* of the response files: words point into them */
    size_t text_count;
};

/* A list that grows by one: NULL, and a message, when memory ran out. */
void *grow(void *at, size_t count, size_t item_size);
void free_words(struct words *words);

/* Takes the next word or words. Result: the option, with its argument or NULL in *value; NULL with
 * the word in *value: an input. NULL with *value NULL: a mistake, which was printed. */
const struct option *next_option(struct words *words, const char **value);

/* Replaces each @FILE by the words in it; false: a mistake, which was printed. */
bool read_responses(struct words *words, int count, char **arguments);

/* Prints a mistake of the command line. */
void mistake(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
