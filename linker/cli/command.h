/* SPDX-License-Identifier: MIT
 *
 * A command line, understood: what main.c acts on. */
#ifndef WELT_CLI_COMMAND_H
#define WELT_CLI_COMMAND_H

#include "options.h"
#include "records.h"
#include "welt.h"

#include <stdbool.h>
#include <stddef.h>

struct texts {
    const char **at;
    size_t count;
};

struct item { /* an input, or a mode of those that follow */
    enum { ITEM_FILE, ITEM_LIBRARY, ITEM_MODE } kind;
    const char *name;
    welt_mode mode;
    int on;
};

enum { MOST_PUSHED = 64 };
struct wanted_report {
    welt_output output;
    const char *path; /* "-": standard output */
};

struct command {
    welt_options options;
    struct item *items;
    size_t item_count;
    struct texts undefined, defsyms, search_dirs, required, wraps, ignored_undefined, kept_unique,
        traced, warnings, more_scripts, unique_sections;
    struct records records; /* --diagnostics */
    const char *explain;    /* an id, "": all; or NULL */
    const char *sysroot, *emulation;
    unsigned groups;          /* of --start-group that are open */
    bool whole;               /* --whole-archive holds */
    bool pushed[MOST_PUSHED]; /* … at each --push-state */
    unsigned pushed_count;
    struct texts owned; /* made here, freed with the command */
    struct words words; /* what the texts above point into */
    welt_section_start *starts;
    size_t start_count, starts_before_script;
    welt_budget *budgets;
    size_t budget_count;
    struct wanted_report *reports;
    size_t report_count;
    bool shows_saved; /* welt size: no link */
    const char *output, *map, *listing, *dependencies, *elf, *print_layout;
    bool print_removed, print_usage, stats;
    unsigned trace; /* how often --trace was given */
    bool print_map, quiet, verbose, print_version, print_help, print_manual;
    bool print_format, print_sysroot;
    int tell_version; /* 1: -v, 2: -V */

    welt_bytes last_words; /* for standard output, when the outputs are about to be there */
    bool has_last_words;
    bool is_output_lost; /* standard output cannot be written, which was told */
};

/* Chooses face and dialect by the program's name and takes `-flavor NAME` from the words' start:
 * face.c. false: a mistake, which was printed. */
bool choose_face(welt_options *options, const char *program, struct words *words);

/* The path that -Map=NAME means: NAME, or with `%` or a folder in it one made of the output's,
 * which is kept among the command's own texts. NULL: a mistake, which was printed. */
const char *map_path(struct command *command, const char *name);

/* Reads the command line; free_command() frees what it made, also after a mistake. false: a
 * mistake, which was printed. */
bool read_command(struct command *command, int count, char **arguments);

void free_command(struct command *command);

/* Keeps a text of make_text()'s until free_command(); returns it. */
const char *own_text(struct command *command, char *text);

/* What a link gives, where the command says: outputs.c. `linked` false: it failed, and only what is
 * told of failed links is. false: something could not be written. */
bool give_outputs(welt_linker *linker, struct command *command, bool linked);
bool tell_script(welt_linker *linker, const struct command *command);
/* The library's progress callback; `user` is the command. */
int say_last_words(void *user, const char *step, size_t done, size_t total);
/* false: standard output could not be written, which is told once. */
bool flush_output(struct command *command);

/* WELT_FAILED was explained by diagnostics; what else can happen is said. */
bool is_fine(welt_status status);
void print_version(bool verbose);
bool print_output(welt_linker *linker, welt_output output);

/* Budgets and reports, and `welt size`: reports.c. */
bool add_budget(struct command *command, const char *value);
bool add_report(struct command *command, const char *value);
bool show_saved_report(struct command *command);

/* What --explain prints; false: there is no such id, which was printed. */
bool explain_check(const char *id);
/* Whether -W may have this word behind it; false: not, which was printed. */
bool is_warning_word(const char *word);

void print_help(void);
void print_emulations(void);
void print_manual(void);

#endif
