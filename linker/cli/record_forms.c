/* SPDX-License-Identifier: MIT
 *
 * The forms of records for machines, one record a diagnostic, in the order in which they come:
 *     json     {"schema": "welt-diagnostics/1", "diagnostics": [{"severity": "error", "id": …}, …]}
 *     sarif    Static Analysis Results Interchange Format 2.1.0 (OASIS Standard, 27 March 2020):
 *              a rule for each id (3.49), a result for each diagnostic (3.27)
 *     github   `::error file=boot.c,line=3,col=5,title=welt-undefined::text`: workflow commands of
 *              GitHub Actions, which shows them beside the lines of a pull request */
#include "record_forms.h"

#include "options.h"

#include <stdio.h>
#include <string.h>

static const char *const severity_words[] = {"note", "warning", "error"};

/* ---- JSON ---- */

static void add_place(struct json *json, const welt_diagnostic *its)
{
    json_text(json, "object", its->object);
    json_text(json, "section", its->section);
    if (its->has_offset)
        json_number(json, "offset", its->offset);
    json_text(json, "symbol", its->symbol);
    json_text(json, "file", its->file);
    if (its->line)
        json_number(json, "line", its->line);
    if (its->column)
        json_number(json, "column", its->column);
}

static void add_json(struct records *records, const welt_diagnostic *its)
{
    struct json *json = &records->json;
    json_begin_line(json, NULL);
    json_text(json, "severity", severity_words[its->severity]);
    json_text(json, "id", its->id);
    json_text(json, "message", its->message);
    json_text(json, "hint", its->hint);
    json_text(json, "excerpt", its->excerpt);
    add_place(json, its);
    json_end_line(json);
}

static void begin_json(struct records *records)
{
    json_begin_object(&records->json, NULL);
    json_text(&records->json, "schema", "welt-diagnostics/1");
    json_text(&records->json, "version", welt_version());
    json_begin_array(&records->json, "diagnostics");
}

static void end_json(struct records *records)
{
    json_end_array(&records->json);
    for (int i = WELT_ERROR; i >= WELT_NOTE; i--) {
        char name[16];
        snprintf(name, sizeof name, "%ss", severity_words[i]);
        json_number(&records->json, name, records->counts[i]);
    }
    json_end_object(&records->json);
}

/* ---- SARIF ---- */

static void add_message(struct json *json, const char *name, const char *text)
{
    json_begin_object(json, name);
    json_text(json, "text", text);
    json_end_object(json);
}

static void add_rule(struct json *json, const welt_check *check)
{
    static const char *const levels[] = {"note", "note", "warning", "error"};
    json_begin_line(json, NULL);
    json_text(json, "id", check->id);
    add_message(json, "shortDescription", check->summary);
    add_message(json, "fullDescription", check->cause);
    add_message(json, "help", check->remedy);
    json_begin_object(json, "defaultConfiguration");
    json_flag(json, "enabled", check->boot != WELT_LEVEL_OFF);
    json_text(json, "level", levels[check->boot]);
    json_end_object(json);
    json_end_line(json);
}

static void begin_sarif(struct records *records)
{
    struct json *json = &records->json;
    json_begin_object(json, NULL);
    json_text(json, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    json_text(json, "version", "2.1.0");
    json_begin_array(json, "runs");
    json_begin_object(json, NULL);
    json_begin_object(json, "tool");
    json_begin_object(json, "driver");
    json_text(json, "name", "welt");
    json_text(json, "version", welt_version());
    json_begin_array(json, "rules");
    for (size_t i = 0; i < welt_check_count(); i++) {
        welt_check check = {.struct_size = sizeof check};
        welt_check_at(i, &check);
        add_rule(json, &check);
    }
    json_end_array(json);
    json_end_object(json);
    json_end_object(json);
    json_begin_array(json, "results");
}

static void end_sarif(struct records *records)
{
    struct json *json = &records->json;
    json_end_array(json);
    json_end_object(json);
    json_end_array(json);
    json_end_object(json);
}

/* A path as a reference of RFC 3986: relative ones stay so; `:` would begin a scheme. */
static void uri_of(const char *path, char *uri, size_t room)
{
    size_t size = (size_t)snprintf(uri, room, "%s", path[0] == '/' ? "file://" : "");
    for (; *path && size + 4 < room; path++) {
        unsigned char c = (unsigned char)*path;
        bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                     strchr("-._~/!$&'()*+,;=@", c);
        if (plain)
            uri[size++] = (char)c;
        else
            size += (size_t)snprintf(uri + size, room - size, "%%%02X", c);
    }
    uri[size] = 0;
}

static void add_physical(struct json *json, const char *path, const welt_diagnostic *its)
{
    char uri[2048];
    uri_of(path, uri, sizeof uri);
    json_begin_object(json, "physicalLocation");
    json_begin_object(json, "artifactLocation");
    json_text(json, "uri", uri);
    json_end_object(json);
    if (its->line) {
        json_begin_object(json, "region");
        json_number(json, "startLine", its->line);
        if (its->column)
            json_number(json, "startColumn", its->column);
        json_end_object(json);
    }
    json_end_object(json);
}

static void add_logical(struct json *json, const welt_diagnostic *its)
{
    char name[1024];
    if (!its->object || !its->section)
        return;
    if (its->has_offset)
        snprintf(name, sizeof name, "%.500s:(%.400s+0x%llx)", its->object, its->section,
                 (unsigned long long)its->offset);
    else
        snprintf(name, sizeof name, "%.500s:(%.400s)", its->object, its->section);
    json_begin_array(json, "logicalLocations");
    json_begin_object(json, NULL);
    json_text(json, "fullyQualifiedName", name);
    json_end_object(json);
    json_end_array(json);
}

static void add_location(struct json *json, const welt_diagnostic *its)
{
    const char *path = its->file ? its->file : its->object;
    if (!path || !*path)
        return;
    json_begin_array(json, "locations");
    json_begin_object(json, NULL);
    add_physical(json, path, its);
    add_logical(json, its);
    json_end_object(json);
    json_end_array(json);
}

static size_t rule_of(const char *id)
{
    welt_check check = {.struct_size = sizeof check};
    for (size_t i = 0; i < welt_check_count(); i++)
        if (welt_check_at(i, &check) == WELT_OK && strcmp(check.id, id) == 0)
            return i;
    return welt_check_count();
}

static void add_sarif(struct records *records, const welt_diagnostic *its)
{
    struct json *json = &records->json;
    size_t rule = rule_of(its->id);
    char text[4096];
    snprintf(text, sizeof text, its->hint ? "%s\n%s" : "%s", its->message, its->hint);
    json_begin_object(json, NULL);
    json_text(json, "ruleId", its->id);
    if (rule < welt_check_count())
        json_number(json, "ruleIndex", rule);
    json_text(json, "level", severity_words[its->severity]);
    add_message(json, "message", text);
    add_location(json, its);
    json_end_object(json);
}

/* ---- GitHub ---- */

/* What would end the command or one of its properties is escaped as the runner reads it. */
static void add_escaped(struct records *records, const char *text, const char *special)
{
    for (; *text; text++) {
        char escaped[4];
        if (*text == '%' || *text == '\n' || *text == '\r' || strchr(special, *text)) {
            snprintf(escaped, sizeof escaped, "%%%02X", (unsigned char)*text);
            records_text(records, escaped);
        } else {
            records_bytes(records, text, 1);
        }
    }
}

static void add_property(struct records *records, const char *name, const char *value)
{
    records_text(records, name);
    add_escaped(records, value, ":,");
}

static void add_github(struct records *records, const welt_diagnostic *its)
{
    static const char *const commands[] = {"::notice ", "::warning ", "::error "};
    char number[24];
    records_text(records, commands[its->severity]);
    if (its->file || its->object) {
        add_property(records, "file=", its->file ? its->file : its->object);
        records_text(records, ",");
    }
    if (its->line) {
        snprintf(number, sizeof number, "%u", its->line);
        add_property(records, "line=", number);
        snprintf(number, sizeof number, "%u", its->column ? its->column : 1);
        add_property(records, ",col=", number);
        records_text(records, ",");
    }
    add_property(records, "title=welt-", its->id);
    records_text(records, "::");
    bool is_in_object = its->object && !its->file; /* the text has its section and offset */
    add_escaped(records, is_in_object ? its->text : its->message, "");
    if (its->hint) {
        records_text(records, "%0A");
        add_escaped(records, its->hint, "");
    }
    records_text(records, "\n");
}

/* ---- text ---- */

static void add_text(struct records *records, const welt_diagnostic *its)
{
    records_text(records, its->text);
    records_text(records, "\n");
    if (its->excerpt) {
        records_text(records, its->excerpt);
        records_text(records, "\n");
    }
    if (its->hint) {
        records_text(records, its->hint);
        records_text(records, "\n");
    }
}

/* ---- all of them ---- */

void form_begin(struct records *records)
{
    records->json = (struct json){.sink = records_bytes, .to = records};
    if (records->format == RECORDS_JSON)
        begin_json(records);
    if (records->format == RECORDS_SARIF)
        begin_sarif(records);
}

void form_add(struct records *records, const welt_diagnostic *diagnostic)
{
    switch (records->format) {
    case RECORDS_TEXT: add_text(records, diagnostic); break;
    case RECORDS_JSON: add_json(records, diagnostic); break;
    case RECORDS_SARIF: add_sarif(records, diagnostic); break;
    case RECORDS_GITHUB: add_github(records, diagnostic); break;
    }
}

void form_end(struct records *records)
{
    if (records->format == RECORDS_JSON)
        end_json(records);
    if (records->format == RECORDS_SARIF)
        end_sarif(records);
}
