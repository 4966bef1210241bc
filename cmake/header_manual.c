/* SPDX-License-Identifier: MIT
 *
 * A manual page, in man(7)'s macros, from a header whose comments are the manual:
 *
 *     header_manual VERSION <include/welt.h >libwelt.3
 *
 *     first comment after the licence    NAME, DESCRIPTION
 *     a comment with four dashes          a chapter's title
 *     other comments at a line's start   text: paragraphs, `  - ` lists, indented lines as they are
 *     declarations                       as they are, the comments within them too
 *
 * What is for the compiler alone (guards, extern "C", the other language's side of an #ifdef) is
 * left out. Built and run while Welt is built. */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { LINE = 1024 };

enum mode { NOTHING, TEXT, VERBATIM };

struct page {
    enum mode mode;
    bool in_comment;
    bool is_hidden; /* within an #ifdef that is left out */
    bool begun;     /* the first comment was seen */
    bool in_list;
};

static void print_escaped(const char *text)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", stdout);
    for (; *text; text++) {
        if (*text == '\\')
            fputs("\\e", stdout);
        else if (*text == '-')
            fputs("\\-", stdout);
        else
            putchar(*text);
    }
    putchar('\n');
}

static void enter(struct page *page, enum mode mode)
{
    if (page->mode == mode)
        return;
    if (page->mode == VERBATIM)
        puts(".fi\n.RE");
    if (mode == VERBATIM)
        puts(".PP\n.RS 2\n.nf");
    else if (mode == TEXT)
        puts(".PP");
    page->mode = mode;
}

/* A line of a comment, without what opens or closes it and the asterisk. */
static void print_text(struct page *page, const char *text)
{
    size_t indent = strspn(text, " ");
    if (!text[indent]) {
        enter(page, NOTHING);
        page->in_list = false;
    } else if (strncmp(text + indent, "- ", 2) == 0 && indent >= 2) {
        enter(page, TEXT);
        page->in_list = true;
        puts(".IP \\(bu 2");
        print_escaped(text + indent + 2);
    } else if (indent >= 4 && !page->in_list) {
        enter(page, VERBATIM);
        print_escaped(text + 4);
    } else {
        enter(page, TEXT);
        print_escaped(text + indent);
    }
}

static void print_title(struct page *page, char *text)
{
    enter(page, NOTHING);
    *strstr(text, " ----") = 0;
    for (char *at = text; *at; at++)
        *at = (char)toupper((unsigned char)*at);
    printf(".SH %s\n", text);
}

/* Takes the end of the comment off; true when it was there. */
static bool cut_end(char *line)
{
    char *end = strstr(line, "*/");
    if (!end)
        return false;
    while (end > line && end[-1] == ' ')
        end--;
    *end = 0;
    return true;
}

static void comment_line(struct page *page, char *line)
{
    bool closes = cut_end(line);
    char *text = line + strspn(line, " ");
    if (*text == '*')
        text++;
    print_text(page, *text == ' ' ? text + 1 : text);
    if (closes) {
        page->in_comment = false;
        enter(page, NOTHING);
    }
}

static void open_comment(struct page *page, char *line)
{
    char *text = line + 2 + strspn(line + 2, " ");
    bool closes = cut_end(line);
    enter(page, NOTHING);
    page->in_comment = !closes;
    if (strncmp(text, "SPDX", 4) == 0)
        return;
    page->begun = true;
    page->in_list = false;
    if (strncmp(text, "---- ", 5) == 0)
        print_title(page, text + 5);
    else
        print_text(page, text);
}

static bool begins(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

/* true: the line is for the compiler. Conditions do not nest but for the header's guard, and what
 * they have for C++ is hidden. */
static bool is_machinery(struct page *page, const char *line)
{
    static const char *const all[] = {"#if", "#else", "#endif", "#define WELT_H",
                                      "#define WELT_API"};
    if (begins(line, "#if"))
        page->is_hidden = begins(line, "#ifdef __cplusplus");
    else if (begins(line, "#else") || begins(line, "#endif"))
        page->is_hidden = false;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (begins(line, all[i]))
            return true;
    return page->is_hidden;
}

static void code_line(struct page *page, const char *line)
{
    static const char mark[] = "WELT_API ";
    if (strncmp(line, mark, sizeof mark - 1) == 0)
        line += sizeof mark - 1;
    if (!*line && page->mode != VERBATIM)
        return;
    enter(page, VERBATIM);
    print_escaped(line);
}

static void take_line(struct page *page, char *line)
{
    if (page->in_comment)
        comment_line(page, line);
    else if (strncmp(line, "/*", 2) == 0 && !page->is_hidden)
        open_comment(page, line);
    else if (page->begun && !is_machinery(page, line))
        code_line(page, line);
}

int main(int count, char **arguments)
{
    char line[LINE];
    struct page page = {.mode = NOTHING};
    printf(".TH LIBWELT 3 \"\" \"welt %s\"\n.SH NAME\nlibwelt \\- link x86 real\\-mode boot images "
           "from a program\n.SH SYNOPSIS\n.nf\n#include <welt.h>\n\ncc host.c \\-lwelt\n"
           "cc host.c $(pkg\\-config \\-\\-static \\-\\-libs welt)\n.fi\n.SH DESCRIPTION\n",
           count > 1 ? arguments[1] : "");
    while (fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = 0;
        take_line(&page, line);
    }
    enter(&page, NOTHING);
    puts(".SH SEE ALSO\n\\fBwelt\\fR(1)");
    return ferror(stdin) || fflush(stdout) != 0;
}
