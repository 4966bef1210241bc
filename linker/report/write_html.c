/* SPDX-License-Identifier: MIT
 *
 * A report as one HTML file that needs no other: the JSON, and the script that draws it (html/).
 * For a reader without scripts the text stands there.
 *
 * Names as sources have them are beside the JSON, a list of what differs from it:
 *
 *     [{"symbol": "_ZN4game4moveEi", "name": "game::move(int)"}] */
#include "report/forms.h"

#include "report/html.h"
#include "support/json.h"
#include "support/names.h"

#include <string.h>

static void put_text(struct text *text, const char *words)
{
    text_put(text, words, strlen(words));
}

static void put_escaped(struct text *text, const char *words, size_t size)
{
    size_t done = 0;
    for (size_t i = 0; i < size; i++) {
        const char *stands = words[i] == '<' ? "&lt;" : words[i] == '&' ? "&amp;" : NULL;
        if (!stands)
            continue;
        text_put(text, words + done, i - done);
        put_text(text, stands);
        done = i + 1;
    }
    text_put(text, words + done, size - done);
}

static void put_plain(struct text *text, const struct report *report)
{
    struct text plain = {.arena = text->arena};
    write_text(report, &plain);
    welt_bytes bytes = text_close(&plain);
    put_escaped(text, (const char *)bytes.data, bytes.size);
}

/* ---- names as sources have them ---- */

struct shown {
    struct json json;
    struct text *text;
    struct names told;
};

static void show(struct shown *shown, const char *symbol)
{
    const char *name = shown_name(shown->text->arena, symbol);
    bool is_new = false;
    if (name == symbol)
        return;
    names_add(&shown->told, symbol, strlen(symbol), &is_new);
    if (!is_new)
        return;
    json_begin_line(&shown->json, NULL);
    json_text(&shown->json, "symbol", symbol);
    json_text(&shown->json, "name", name);
    json_end_line(&shown->json);
}

static void show_those_of_advice(struct shown *shown, const struct report *report)
{
    for (size_t i = 0; i < report->advice.count; i++) {
        const struct report_advice *advice = &report->advice.at[i];
        for (size_t s = 0; s < advice->steps.count; s++)
            show(shown, advice->steps.at[s].symbol);
        if (advice->program)
            show(shown, advice->program->symbol);
    }
}

static void put_names(struct text *text, const struct report *report)
{
    struct shown shown = {.json = {.sink = text_take, .to = text, .in_html = true}, .text = text};
    const struct report_comparison *comparison = report->comparison;
    names_open(&shown.told, text->arena);
    json_begin_array(&shown.json, NULL);
    for (size_t i = 0; i < report->rows.count; i++)
        show(&shown, report->rows.at[i].symbol);
    for (size_t i = 0; i < report->removed.count; i++) {
        show(&shown, report->removed.at[i].symbol);
        show(&shown, report->removed.at[i].into);
    }
    for (size_t i = 0; i < report->budgets.count; i++)
        show(&shown, report->budgets.at[i].name);
    show_those_of_advice(&shown, report);
    for (size_t i = 0; comparison && i < comparison->all.count; i++)
        show(&shown, comparison->all.at[i].symbol);
    json_end_array(&shown.json);
}

void write_html(const struct report *report, struct text *text)
{
    put_text(text, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width\">\n<title>");
    put_escaped(text, report->name, strlen(report->name));
    put_text(text, "</title>\n<style>\n");
    put_text(text, report_css);
    put_text(text, "</style>\n</head>\n<body>\n<main></main>\n<noscript><pre>\n");
    put_plain(text, report);
    put_text(text, "</pre></noscript>\n<script id=\"report\" type=\"application/json\">\n");
    write_json_report(report, text, true);
    put_text(text, "</script>\n<script id=\"names\" type=\"application/json\">\n");
    put_names(text, report);
    put_text(text, "</script>\n<script>\n");
    put_text(text, report_js);
    put_text(text, "</script>\n</body>\n</html>\n");
}
