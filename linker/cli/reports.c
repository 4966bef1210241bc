/* SPDX-License-Identifier: MIT
 *
 * Budgets and reports on the command line: `--budget NAME=BYTES`, `--report=FORM[:FILE]`, and the
 * mode `welt size REPORT.json`, which shows a saved report. */
#include "command.h"

#include "memory.h"
#include "values.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    welt_output output;
} forms[] = {
    {"text", WELT_OUTPUT_REPORT_TEXT},         {"json", WELT_OUTPUT_REPORT_JSON},
    {"markdown", WELT_OUTPUT_REPORT_MARKDOWN}, {"html", WELT_OUTPUT_REPORT_HTML},
    {"csv", WELT_OUTPUT_REPORT_CSV},
};
enum { FORMS = sizeof forms / sizeof *forms };

/* ---- options ---- */

/* A name may hold `=`, a number not: the last one parts them. */
bool add_budget(struct command *command, const char *value)
{
    welt_budget budget = {.name = NULL};
    const char *equals = strrchr(value, '=');
    if (equals == value) {
        mistake("--budget takes [NAME=]BYTES, not `%.100s'", value);
        return false;
    }
    if (!read_size("--budget", equals ? equals + 1 : value, &budget.limit))
        return false;
    if (equals)
        budget.name = own_text(command, make_text("%.*s", (int)(equals - value), value));
    command->budgets = grow(command->budgets, command->budget_count, sizeof *command->budgets);
    command->budgets[command->budget_count++] = budget;
    return true;
}

bool add_report(struct command *command, const char *value)
{
    const char *colon = strchr(value, ':');
    size_t size = colon ? (size_t)(colon - value) : strlen(value);
    size_t form = 0;
    while (form < FORMS &&
           (strlen(forms[form].name) != size || memcmp(forms[form].name, value, size) != 0))
        form++;
    if (form == FORMS || (colon && !colon[1])) {
        mistake("`%.100s' is no report: there are text, json, markdown, html, csv, each alone or "
                "with :FILE",
                value);
        return false;
    }
    command->reports = grow(command->reports, command->report_count, sizeof *command->reports);
    command->reports[command->report_count++] =
        (struct wanted_report){forms[form].output, colon ? colon + 1 : "-"};
    return true;
}

/* ---- welt size ---- */

bool show_saved_report(struct command *command)
{
    static const char usage[] = "welt size takes one report: welt size REPORT.json";
    welt_linker *linker;
    if (command->item_count != 1 || command->items[0].kind != ITEM_FILE) {
        mistake("%s", usage);
        return false;
    }
    if (!command->report_count)
        add_report(command, "text");
    if (!is_fine(welt_linker_new(&linker, &command->options)))
        return false;
    command->records.is_wanted = true;
    /* Also when a budget does not hold: then it is read most. */
    bool fine = is_fine(welt_load_report(linker, command->items[0].name));
    fine &= give_outputs(linker, command, false);
    fine &= records_end(&command->records, linker);
    welt_linker_free(linker);
    return fine;
}
