/* SPDX-License-Identifier: MIT
 *
 * The manual page, in man(7)'s macros: the options from their table, the rest from here. */
#include "command.h"
#include "options.h"

#include <stdio.h>
#include <string.h>

/* A dash is `\-` in roff, and a line must not begin with a dot or an apostrophe. */
static void print_escaped(const char *text, size_t size)
{
    if (size && (text[0] == '.' || text[0] == '\''))
        fputs("\\&", stdout);
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '-' || text[i] == '\\')
            putchar('\\');
        putchar(text[i]);
    }
}

static void print_option(const struct option *option)
{
    const char *separator = "";
    printf(".TP\n");
    for (const char *at = option->names; *at;) {
        size_t size = strcspn(at, " ");
        printf("%s\\fB\\-%s", separator, size > 1 ? "\\-" : "");
        print_escaped(at, size);
        printf("\\fR");
        separator = ", ";
        at += size + strspn(at + size, " ");
    }
    if (option->argument_name)
        printf(option->argument == MAYBE ? "[=\\fI%s\\fR]" : " \\fI%s\\fR", option->argument_name);
    putchar('\n');
    print_escaped(option->help, strlen(option->help));
    putchar('\n');
}

static void print_group(enum group group, const char *title)
{
    printf(".SS %s\n", title);
    for (size_t i = 0; i < option_count; i++)
        if (option_table[i].group == group)
            print_option(&option_table[i]);
}

static void print_ignored(void)
{
    printf(".SS Accepted and without effect\n");
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].group != GROUP_IGNORED)
            continue;
        print_escaped(option_table[i].names, strlen(option_table[i].names));
        printf(",\n");
    }
    printf("which drivers pass and which say nothing to a boot image.\n");
}

static void print_layouts(void)
{
    printf(".SH LAYOUTS\n"
           "The built\\-in layouts are linker scripts; \\fB\\-\\-print\\-layout\\fR shows one, and "
           "what "
           "it shows may be\ngiven back by \\fB\\-T\\fR. There are\n");
    for (size_t i = 0; welt_layout_name(i); i++)
        printf("%s\\fB%s\\fR", i ? ",\n" : "", welt_layout_name(i));
    printf(".\n");
}

void print_manual(void)
{
    printf(
        ".TH WELT 1 \"\" \"welt %s\"\n"
        ".SH NAME\nwelt, ld.welt \\- link x86 real\\-mode boot images\n"
        ".SH SYNOPSIS\n.B welt\n[\\fIoption\\fR]... \\fIinput\\fR...\n"
        ".SH DESCRIPTION\n"
        "Welt merges the sections of ELF32 i386 objects and archives into a flat image with a size "
        "budget and the\n55 AA signature. As \\fBwelt\\fR it makes a boot build: the layout "
        "\\fIsector\\fR, sections that nothing\nreaches dropped, equal strings merged, the runtime "
        "library searched last, the margin on standard output.\nAs \\fBld.welt\\fR (or \\fBld\\fR, "
        "or "
        "any name that ends in \\fB\\-ld\\fR) it has GNU ld's defaults and is silent.\n"
        "\\fB@\\fR\\fIFILE\\fR stands for the words in FILE.\n.SH OPTIONS\n",
        welt_version());
    print_group(GROUP_MAIN, "What is linked");
    print_group(GROUP_PLACE, "Where it goes");
    print_group(GROUP_SMALLER, "Smaller");
    print_group(GROUP_TOLD, "What is told");
    print_group(GROUP_LD, "For ld");
    print_ignored();
    print_layouts();
    printf(
        ".SH EXIT STATUS\n0, or 1 for every failure: then no image was written, and an old one is "
        "as it was.\n"
        ".SH DIAGNOSTICS\nOn standard error: place, severity, fact and number, and the "
        "diagnostic's name in brackets; then a note that\nsays what to do.\n"
        ".SH SEE ALSO\n\\fBld\\fR(1), welt.h, welt/boot.h\n");
}
