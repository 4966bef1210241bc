/* SPDX-License-Identifier: MIT
 *
 * A report as one HTML file that needs no other: the JSON, and the script that draws it (html/).
 * For a reader without scripts the text stands there. */
#include "report/forms.h"

#include "report/html.h"

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
    put_text(text, "</script>\n<script>\n");
    put_text(text, report_js);
    put_text(text, "</script>\n</body>\n</html>\n");
}
