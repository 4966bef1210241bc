/* SPDX-License-Identifier: MIT
 *
 * A script's tree as text, one statement a line, so that a test can say what it expects:
 *
 *     output .text >ram
 *       input *(.text .text.*)
 *     end = . */
#ifndef WELT_TESTS_SCRIPT_TEXT_H
#define WELT_TESTS_SCRIPT_TEXT_H

#include "script/script.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct script_text {
    char bytes[1 << 14];
    size_t size;
};

static void __attribute__((format(printf, 2, 3)))
add(struct script_text *to, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(to->bytes + to->size, sizeof to->bytes - to->size, format, arguments);
    va_end(arguments);
    if (size > 0 && (size_t)size < sizeof to->bytes - to->size)
        to->size += (size_t)size;
}

static void add_expr(struct script_text *to, const struct expr *expr)
{
    switch (expr->kind) {
    case EXPR_NUMBER: add(to, "0x%llx", (unsigned long long)expr->number); break;
    case EXPR_NAME:
    case EXPR_DOT: add(to, "%s", expr->name); break;
    case EXPR_UNARY:
        add(to, "%c", expr->operation);
        add_expr(to, expr->a);
        break;
    case EXPR_BINARY:
        add(to, "(");
        add_expr(to, expr->a);
        add(to, expr->operation >> 8 ? " %c%c " : " %c ", expr->operation & 0xff,
            expr->operation >> 8);
        add_expr(to, expr->b);
        add(to, ")");
        break;
    case EXPR_TERNARY:
        add(to, "(");
        add_expr(to, expr->a);
        add(to, " ? ");
        add_expr(to, expr->b);
        add(to, " : ");
        add_expr(to, expr->c);
        add(to, ")");
        break;
    default:
        add(to, "%s(%s", expr->name, expr->text ? expr->text : "");
        add(to, expr->text && expr->a ? ", " : "");
        if (expr->a)
            add_expr(to, expr->a);
        if (expr->b) {
            add(to, ", ");
            add_expr(to, expr->b);
        }
        add(to, ")");
    }
}

static void add_clause(struct script_text *to, const char *word, const struct expr *expr)
{
    if (!expr)
        return;
    add(to, " %s", word);
    add_expr(to, expr);
}

static void add_fill(struct script_text *to, const struct fill *fill)
{
    for (uint32_t i = 0; i < fill->size; i++)
        add(to, "%02x", fill->bytes[i]);
}

static void add_sort(struct script_text *to, uint8_t sort)
{
    static const char *const words[] = {"", "name:", "align:", "init:", "none:"};
    add(to, "%s", words[sort]);
}

static void add_pattern(struct script_text *to, const struct section_pattern *pattern)
{
    add(to, "%s", pattern->reverse ? "reverse:" : "");
    add_sort(to, pattern->sort);
    add_sort(to, pattern->sort_within);
    add(to, "%s", pattern->name.text);
    for (uint32_t i = 0; i < pattern->excluded_count; i++) {
        const char *archive = pattern->excluded_archives[i].text;
        add(to, "!%s%s%s", archive ? archive : "", archive ? ":" : "",
            pattern->excluded_files[i].text);
    }
}

static void add_input(struct script_text *to, const struct statement *input)
{
    add(to, "input%s ", input->keep ? " keep" : "");
    if (input->with_flags || input->without_flags)
        add(to, "[+%x -%x] ", input->with_flags, input->without_flags);
    add_sort(to, input->file_sort);
    if (input->archive.text)
        add(to, "%s:", input->archive.text);
    add(to, "%s%s", input->archive_only_not ? ":" : "", input->file.text);
    if (!input->section_count)
        return;
    add(to, "(");
    for (uint32_t i = 0; i < input->section_count; i++) {
        add(to, i ? " " : "");
        add_pattern(to, &input->sections[i]);
    }
    add(to, ")");
}

static void add_output(struct script_text *to, const struct statement *output)
{
    static const char *const types[] = {"",      " noload",  " dsect",    " copy",
                                        " info", " overlay", " readonly", " typed"};
    static const char *const constraints[] = {"", " only_if_ro", " only_if_rw"};
    add(to, "%s %s", output->overlay ? "overlay" : "output", output->name);
    add_clause(to, "", output->address);
    add(to, "%s", types[output->type]);
    add_clause(to, "type=", output->type_value);
    add_clause(to, "at=", output->load_address);
    add_clause(to, "align=", output->align);
    add_clause(to, "subalign=", output->subalign);
    add(to, "%s%s%s", output->align_with_input ? " align_with_input" : "",
        constraints[output->constraint], output->overlay_ends ? " last" : "");
    if (output->region)
        add(to, " >%s", output->region);
    if (output->load_region)
        add(to, " AT>%s", output->load_region);
    for (const char **segment = output->segments; segment && *segment; segment++)
        add(to, " :%s", *segment);
    if (output->has_fill) {
        add(to, " =");
        add_fill(to, &output->fill);
    }
}

static void add_assignment(struct script_text *to, const struct statement *assign)
{
    add(to, "%s%s%s = ", assign->flags & ASSIGN_PROVIDE ? "provide " : "",
        assign->flags & ASSIGN_HIDDEN ? "hidden " : "", assign->name);
    add_expr(to, assign->value);
}

static void add_data(struct script_text *to, const struct statement *data)
{
    if (data->ascii) {
        add(to, "asciz %u", data->ascii_size);
        for (uint32_t i = 0; i < data->ascii_size; i++)
            add(to, " %02x", (unsigned char)data->ascii[i]);
        return;
    }
    add(to, "data %u%s ", data->width, data->is_signed ? "s" : "");
    add_expr(to, data->value);
}

static void add_statement_text(struct script_text *to, const struct statement *statement)
{
    switch (statement->kind) {
    case STATEMENT_ASSIGN: add_assignment(to, statement); break;
    case STATEMENT_ASSERT:
        add(to, "assert \"%s\" ", statement->name);
        add_expr(to, statement->value);
        break;
    case STATEMENT_INPUT: add_input(to, statement); break;
    case STATEMENT_DATA: add_data(to, statement); break;
    case STATEMENT_FILL:
        add(to, "fill ");
        add_fill(to, &statement->fill);
        break;
    case STATEMENT_INSERT:
        add(to, "insert %s %s", statement->after ? "after" : "before", statement->name);
        break;
    case STATEMENT_NOTHING: add(to, "nothing"); break;
    default: add_output(to, statement);
    }
}

static void add_statements(struct script_text *to, const struct statement *first, int depth)
{
    for (const struct statement *statement = first; statement; statement = statement->next) {
        add(to, "%*s", 2 * depth, "");
        add_statement_text(to, statement);
        add(to, "\n");
        add_statements(to, statement->body, depth + 1);
    }
}

#endif
