/* SPDX-License-Identifier: MIT
 *
 * A writer of JSON: see json.h. */
#include "support/json.h"

#include <stdio.h>
#include <string.h>

enum { INDENT = 2, DEEPEST = 32 };

static void put(struct json *json, const char *text, size_t size)
{
    json->sink(json->to, text, size);
}

static void put_text(struct json *json, const char *text)
{
    put(json, text, strlen(text));
}

/* ---- texts ---- */

/* The bytes of the character that begins here, or 0: they are no UTF-8 (RFC 3629, section 4). The
 * second byte's range depends on the first: no overlong forms, no surrogates, nothing above
 * 0x10FFFF. */
static size_t character_size(const unsigned char *at)
{
    unsigned char low = 0x80, high = 0xbf;
    size_t size = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    switch (at[0]) {
    case 0xe0: low = 0xa0; break;
    case 0xed: high = 0x9f; break;
    case 0xf0: low = 0x90; break;
    case 0xf4: high = 0x8f; break;
    default: break;
    }
    if (at[0] > 0xf4 || (size > 1 && (at[1] < low || at[1] > high)))
        return 0;
    for (size_t i = 2; i < size; i++)
        if (at[i] < 0x80 || at[i] > 0xbf)
            return 0;
    return size;
}

static bool is_plain(const struct json *json, unsigned char c)
{
    bool is_markup = json->in_html && (c == '<' || c == '>' || c == '&');
    return c >= 0x20 && c != '"' && c != '\\' && c != 0x7f && !is_markup;
}

static void put_escaped(struct json *json, unsigned char c)
{
    char text[8];
    if (c == '"' || c == '\\')
        put(json, (const char[]){'\\', (char)c}, 2);
    else if (c == '\n')
        put(json, "\\n", 2);
    else
        put(json, text, (size_t)snprintf(text, sizeof text, "\\u%04x", c));
}

static void put_quoted(struct json *json, const char *text)
{
    const char *plain = text; /* what was not put yet */
    put(json, "\"", 1);
    for (const char *at = text; *at;) {
        size_t size = character_size((const unsigned char *)at);
        if (size && is_plain(json, (unsigned char)*at)) {
            at += size;
            continue;
        }
        put(json, plain, (size_t)(at - plain));
        if (size)
            put_escaped(json, (unsigned char)*at);
        else
            put(json, "\\ufffd", 6);
        plain = ++at;
    }
    put_text(json, plain);
    put(json, "\"", 1);
}

/* ---- structure ---- */

static void put_line_break(struct json *json)
{
    static const char blanks[] = "                                                                ";
    unsigned depth = json->depth < DEEPEST ? json->depth : DEEPEST;
    put(json, "\n", 1);
    put(json, blanks, (size_t)INDENT * depth);
}

/* What stands before a value: a comma, a new line, its name. */
static void begin_value(struct json *json, const char *name)
{
    if (json->has_items)
        put(json, json->line ? ", " : ",", json->line ? 2 : 1);
    if (json->depth && !json->line)
        put_line_break(json);
    json->has_items = true;
    if (!name)
        return;
    put_quoted(json, name);
    put(json, ": ", 2);
}

static void begin(struct json *json, const char *name, const char *bracket)
{
    begin_value(json, name);
    put_text(json, bracket);
    json->depth++;
    json->line += json->line > 0;
    json->has_items = false;
}

static void end(struct json *json, const char *bracket)
{
    json->depth--;
    if (json->has_items && !json->line)
        put_line_break(json);
    json->line -= json->line > 0;
    put_text(json, bracket);
    json->has_items = true;
    if (!json->depth)
        put(json, "\n", 1);
}

void json_begin_object(struct json *json, const char *name)
{
    begin(json, name, "{");
}

void json_end_object(struct json *json)
{
    end(json, "}");
}

void json_begin_array(struct json *json, const char *name)
{
    begin(json, name, "[");
}

void json_end_array(struct json *json)
{
    end(json, "]");
}

void json_begin_line(struct json *json, const char *name)
{
    begin(json, name, "{");
    json->line += json->line == 0;
}

void json_end_line(struct json *json)
{
    end(json, "}");
}

/* ---- values ---- */

void json_text(struct json *json, const char *name, const char *text)
{
    if (!text)
        return;
    begin_value(json, name);
    put_quoted(json, text);
}

void json_number(struct json *json, const char *name, uint64_t number)
{
    char digits[24];
    begin_value(json, name);
    put(json, digits, (size_t)snprintf(digits, sizeof digits, "%llu", (unsigned long long)number));
}

void json_signed(struct json *json, const char *name, int64_t number)
{
    char digits[24];
    begin_value(json, name);
    put(json, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)number));
}

void json_flag(struct json *json, const char *name, bool flag)
{
    begin_value(json, name);
    put_text(json, flag ? "true" : "false");
}
