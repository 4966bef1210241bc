/* SPDX-License-Identifier: MIT
 *
 * --help, from the option table. */
#include "command.h"
#include "options.h"

#include <stdio.h>
#include <string.h>

enum { HELP_COLUMN = 34, LINE_WIDTH = 100 };

static int print_names(const struct option *option)
{
    int width = 2;
    const char *separator = "  ";
    struct option_name name;
    for (const char *at = option->names; next_name(&at, &name);) {
        width +=
            printf("%s%s%.*s", separator, name.size > 1 ? "--" : "-", (int)name.size, name.text);
        separator = ", ";
    }
    if (option->argument_name)
        width +=
            printf("%s%s%s", argument_open(option), option->argument_name, argument_close(option));
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

/* All names of a group, as many in a line as fit. */
static void print_names_of(enum group group, const char *title)
{
    int column = printf("\n%s:", title);
    struct option_name name;
    for (size_t i = 0; i < option_count; i++)
        for (const char *at = option_table[i].names;
             option_table[i].group == group && next_name(&at, &name);) {
            int width = (int)name.size + 2 + (name.size > 1);
            if (column + width > LINE_WIDTH)
                column = printf("\n ") - 1;
            column += printf(" %s%.*s", name.size > 1 ? "--" : "-", (int)name.size, name.text);
        }
    printf("\n");
}

void print_emulations(void)
{
    printf("  Supported emulations:\n   elf_i386\n   elf_x86_64\n");
}

/* The last lines are what configure scripts look for in ld's. */
void print_help(void)
{
    printf("Usage: welt [OPTION]... INPUT...\n"
           "       welt size [OPTION]... REPORT.json\n"
           "Links ELF objects and archives, for i386 and x86-64, into a flat x86 boot image.\n"
           "Called as ld.welt it has GNU ld's defaults. @FILE reads options from a file.\n");
    print_group(GROUP_MAIN, "What is linked");
    print_group(GROUP_PLACE, "Where it goes");
    print_group(GROUP_ELF_FILES, "ELF files");
    print_group(GROUP_SMALLER, "Smaller");
    print_group(GROUP_TOLD, "What is told");
    print_group(GROUP_SIZES, "Sizes, of a link or of a saved report (welt size)");
    print_group(GROUP_LD, "For ld");
    print_names_of(GROUP_IGNORED, "Accepted and without effect (the manual says why)");
    print_names_of(GROUP_REFUSED, "Refused, with what to do instead");
    printf("\nwelt: supported targets: elf32-i386 elf64-x86-64 binary\n"
           "welt: supported emulations: elf_i386 elf_x86_64\n");
}
