/* SPDX-License-Identifier: MIT
 *
 * --help, from the option table. */
#include "command.h"
#include "options.h"

#include <stdio.h>
#include <string.h>

enum { HELP_COLUMN = 34 };

static int print_names(const struct option *option)
{
    int width = 2;
    const char *separator = "  ";
    for (const char *at = option->names; *at;) {
        size_t size = strcspn(at, " ");
        width += printf("%s%s%.*s", separator, size > 1 ? "--" : "-", (int)size, at);
        separator = ", ";
        at += size + strspn(at + size, " ");
    }
    if (option->argument_name)
        width += printf(option->argument == MAYBE ? "[=%s]" : " %s", option->argument_name);
    return width - 2;
}

static void print_group(enum group group, const char *title)
{
    printf("\n%s:\n", title);
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].group != group)
            continue;
        int width = print_names(&option_table[i]);
        if (width >= HELP_COLUMN)
            width = printf("\n") - 1;
        printf("%*s%s\n", HELP_COLUMN - width, "", option_table[i].help);
    }
}

void print_help(void)
{
    printf("Usage: welt [OPTION]... INPUT...\n"
           "Links ELF32 i386 objects and archives into a flat real-mode boot image.\n"
           "Called as ld.welt it has GNU ld's defaults. @FILE reads options from a file.\n");
    print_group(GROUP_MAIN, "What is linked");
    print_group(GROUP_PLACE, "Where it goes");
    print_group(GROUP_SMALLER, "Smaller");
    print_group(GROUP_TOLD, "What is told");
    print_group(GROUP_LD, "For ld");
    printf("\nAccepted and without effect: ");
    const char *separator = "";
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].group != GROUP_IGNORED)
            continue;
        printf("%s%s", separator, option_table[i].names);
        separator = ", ";
    }
    printf("\n");
}
