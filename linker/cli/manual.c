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

static void print_names(const struct option *option)
{
    const char *separator = "";
    struct option_name name;
    for (const char *at = option->names; next_name(&at, &name);) {
        printf("%s\\fB\\-%s", separator, name.size > 1 ? "\\-" : "");
        print_escaped(name.text, name.size);
        printf("\\fR");
        separator = ", ";
    }
}

static void print_option(const struct option *option)
{
    printf(".TP\n");
    print_names(option);
    if (option->argument_name)
        printf("%s\\fI%s\\fR%s", argument_open(option), option->argument_name,
               argument_close(option));
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

/* Options without an effect, with the reason. */
static void print_reasons(enum group group, const char *title)
{
    printf(".SS %s\n", title);
    for (size_t i = 0; i < option_count; i++) {
        if (option_table[i].group != group)
            continue;
        printf(".TP\n");
        print_names(&option_table[i]);
        putchar('\n');
        print_escaped(option_table[i].help, strlen(option_table[i].help));
        putchar('\n');
    }
}

static void print_size_mode(void)
{
    printf(
        ".P\n\\fBwelt size\\fR shows a report that \\fB\\-\\-report=json:\\fR\\fIFILE\\fR has "
        "saved, and links nothing: as text, or as\n\\fB\\-\\-report\\fR says. It takes the options "
        "of this group, and");
    for (const char *const *other = size_mode_others; *other; other++) {
        printf("%s\n\\fB\\-%s", other == size_mode_others ? "" : ",", (*other)[1] ? "\\-" : "");
        print_escaped(*other, strlen(*other));
        printf("\\fR");
    }
    printf(".\n");
}

static void print_layouts(void)
{
    printf(".SH LAYOUTS\n"
           "The built\\-in layouts are linker scripts; \\fB\\-\\-print\\-layout\\fR shows one, and "
           "what "
           "it shows may be\ngiven back by \\fB\\-T\\fR. There are\n");
    for (size_t i = 0; welt_layout_name(i); i++)
        printf("%s\\fB%s\\fR", i ? ",\n" : "", welt_layout_name(i));
    printf(
        ".\nIt shows \\fBld\\fR and \\fBld\\-r\\fR as well: what ld.welt takes where there is no "
        "script.\n");
}

static void print_diagnostics(void)
{
    static const char *const levels[] = {"off", "note", "warning", "error"};
    welt_check check = {.struct_size = sizeof check};
    for (size_t i = 0; i < welt_check_count(); i++) {
        welt_check_at(i, &check);
        printf(".TP\n\\fB");
        print_escaped(check.id, strlen(check.id));
        printf("\\fR (%s; ld.welt: %s)\n", levels[check.boot], levels[check.ld]);
        print_escaped(check.summary, strlen(check.summary));
        printf(". Cause: ");
        print_escaped(check.cause, strlen(check.cause));
        printf(". Remedy: ");
        print_escaped(check.remedy, strlen(check.remedy));
        printf(".\n");
    }
}

static void print_output_files(void)
{
    printf(
        ".SH OUTPUT FILES\nThe image and all other files of a link (\\fB\\-Map\\fR, "
        "\\fB\\-\\-elf\\fR, \\fB\\-\\-listing\\fR, \\fB\\-\\-report\\fR,\n"
        "\\fB\\-\\-dependency\\-file\\fR, \\fB\\-\\-diagnostics\\fR) are written under "
        "temporary names in their folders, then renamed: all are\nthere in the end, or none, and "
        "old ones are as they were. Standard output and standard error count: when the\nmargin, a "
        "report or a record of diagnostics cannot be printed, no file is there. What a device or a "
        "pipe took\nstays there. A link that fails writes no image, ELF file or rule for "
        "make, but its diagnostics and, when it\ncame as far as a layout, the map and the reports; "
        "when it is only over "
        "its budget, the listing too. "
        "Images and ELF executables may be executed, other files not\n(0777 and 0666 less the "
        "umask); a file that was there keeps its mode. A \\fIFILE\\fR of \\fB\\-\\fR means "
        "standard\noutput for texts, and is refused for the image and the ELF file.\n");
}

static void print_opening(void)
{
    printf(
        ".TH WELT 1 \"\" \"welt %s\"\n"
        ".SH NAME\nwelt, ld.welt \\- link x86 boot images\n"
        ".SH SYNOPSIS\n.B welt\n[\\fIoption\\fR]... \\fIinput\\fR...\n.br\n"
        ".B welt size\n[\\fIoption\\fR]... \\fIreport.json\\fR\n"
        ".SH DESCRIPTION\n"
        "Welt merges the sections of ELF objects and archives, for i386 and x86\\-64, into a flat "
        "image with a size\nbudget and the 55 AA signature. As \\fBwelt\\fR it makes a boot build: "
        "the layout "
        "\\fIsector\\fR, sections that nothing\nreaches dropped, equal strings merged, the runtime "
        "library searched last, the margin on standard output.\nAs \\fBld.welt\\fR (or \\fBld\\fR, "
        "or "
        "any name that ends in \\fB\\-ld\\fR) it has GNU ld's defaults and is silent.\n"
        "Called as \\fBld.lld\\fR, \\fBlld\\fR or \\fBrust\\-lld\\fR, or with "
        "\\fB\\-flavor gnu\\fR as its first arguments, it reads\nscripts in lld's dialect.\n"
        "\\fB@\\fR\\fIFILE\\fR stands for the words in FILE.\n.SH OPTIONS\n"
        "A long option has one dash or two, and its argument behind \\fB=\\fR or as the next "
        "word; names of GNU ld's\noptions may be shortened while one is meant. A short option may "
        "have its argument glued on.\nWhat follows \\fB\\-\\-\\fR is an input.\n",
        welt_version());
}

static void print_options(void)
{
    print_group(GROUP_MAIN, "What is linked");
    print_group(GROUP_PLACE, "Where it goes");
    print_group(GROUP_ELF_FILES, "ELF files");
    print_group(GROUP_SMALLER, "Smaller");
    print_group(GROUP_TOLD, "What is told");
    print_group(GROUP_SIZES, "Sizes, of a link or of a saved report");
    print_size_mode();
    print_group(GROUP_LD, "For ld");
    print_reasons(GROUP_IGNORED, "Accepted and without effect");
    print_reasons(GROUP_REFUSED, "Refused");
}

static void print_behaviour(void)
{
    printf(
        ".SH EXIT STATUS\n0, or 1 for every failure: then no image was written, and an old one is "
        "as it was.\n"
        ".SH ENVIRONMENT\n.TP\n.B LDEMULATION\nis taken for \\fB\\-m\\fR where there is none.\n"
        ".TP\n.B COLLECT_NO_DEMANGLE\nis as \\fB\\-\\-no\\-demangle\\fR where "
        "\\fB\\-\\-demangle\\fR is "
        "not given.\n"
        ".P\nGNUTARGET, LD_RUN_PATH and LD_LIBRARY_PATH say nothing to a "
        "boot image and are not read.\n"
        ".SH DIAGNOSTICS\nOn standard error: place, severity, fact and number, and the "
        "diagnostic's name in brackets; then a note that\nsays what to do. "
        "\\fB\\-\\-explain\\fR tells more of each:\n");
}

void print_manual(void)
{
    print_opening();
    print_options();
    print_layouts();
    print_output_files();
    print_behaviour();
    print_diagnostics();
    printf(".SH SEE ALSO\n\\fBld\\fR(1), welt.h, welt/boot.h\n");
}
