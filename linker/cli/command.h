/* SPDX-License-Identifier: MIT
 *
 * A command line, understood: what main.c acts on. */
#ifndef WELT_CLI_COMMAND_H
#define WELT_CLI_COMMAND_H

#include "options.h"
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

struct command {
    welt_options options;
    struct item *items;
    size_t item_count;
    struct texts undefined, defsyms, search_dirs;
    const char *sysroot, *emulation;
    bool whole;               /* --whole-archive holds */
    bool pushed[MOST_PUSHED]; /* … at each --push-state */
    unsigned pushed_count;
    struct texts owned; /* made here, freed with the command */
    struct words words; /* what the texts above point into */
    welt_section_start *starts;
    size_t start_count;
    const char *output, *map, *listing, *elf, *print_layout;
    bool print_map, quiet, verbose, print_version, print_help, print_manual;
    bool print_format, print_sysroot;
    int tell_version; /* 1: -v, 2: -V */
};

/* Chooses face and dialect by the program's name and takes `-flavor NAME` from the words' start:
 * face.c. false: a mistake, which was printed. */
bool choose_face(welt_options *options, const char *program, struct words *words);

/* Reads the command line; free_command() frees what it made, also after a mistake. false: a
 * mistake, which was printed. */
bool read_command(struct command *command, int count, char **arguments);

void free_command(struct command *command);

void print_help(void);
void print_emulations(void);
void print_manual(void);

#endif
