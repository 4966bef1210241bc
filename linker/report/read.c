/* SPDX-License-Identifier: MIT
 *
 * A saved report (welt-report/1) read back, for a baseline or to be shown in another form. The one
 * file that knows jansson, which reads the JSON; what that says is believed as far as it adds up.
 *
 * jansson takes its memory from malloc() and says NULL when there is none; it limits the depth of
 * nesting to 2048. What it gives out is held by a block of the host that knows how to release it,
 * so that host_fail() loses nothing. */
#include "report/forms.h"

#include "support/files.h"

#include <jansson.h>
#include <string.h>

/* What jansson's stdin is renamed to (linker/CMakeLists.txt): no input of Welt's is a stream. */
extern const void *const jansson_stdin;
const void *const jansson_stdin = NULL;

struct reader {
    struct host *host;
    struct report *report;
    const char *path;
    struct file *file;
    uint64_t largest; /* image */
};

struct holder {
    json_t *document;
};

static void release(void *memory)
{
    json_decref(((struct holder *)memory)->document);
}

static void complain(struct reader *reader, const char *what)
{
    diagnose(reader->host, WELT_ERROR, "report", (struct place){.file = reader->path},
             "--report=json:FILE writes one", "is no report of Welt (" REPORT_SCHEMA "): %s", what);
}

/* ---- values: what is missing or of another type is as good as left out ---- */

static const char *text_of(struct reader *reader, const json_t *object, const char *name)
{
    const json_t *value = json_object_get(object, name);
    if (!json_is_string(value))
        return NULL;
    return arena_text(&reader->report->arena, json_string_value(value), json_string_length(value));
}

static uint64_t number_of(const json_t *object, const char *name)
{
    json_int_t value = json_integer_value(json_object_get(object, name));
    return value < 0 ? 0 : (uint64_t)value;
}

static bool flag_of(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

static uint8_t index_of(const char *const *names, unsigned count, const char *name)
{
    for (unsigned i = 0; name && i < count; i++)
        if (strcmp(names[i], name) == 0)
            return (uint8_t)i;
    return (uint8_t)count;
}

static const char *string_of(const json_t *object, const char *name)
{
    return json_string_value(json_object_get(object, name));
}

/* ---- rows ---- */

/* Those of a row add up to it, or are as good as left out. */
static void read_lines(struct reader *reader, const json_t *lines, struct report_row *row)
{
    struct report *report = reader->report;
    uint64_t left = row->size;
    row->first_line = (uint32_t)report->lines.count;
    for (size_t i = 0; i < json_array_size(lines); i++) {
        const json_t *object = json_array_get(lines, i);
        struct report_line line = {.source = text_of(reader, object, "source"),
                                   .line = (unsigned)number_of(object, "line"),
                                   .size = number_of(object, "size")};
        if (!line.source)
            line.source = row->source;
        if (!line.source || !line.size || line.size > left)
            break;
        left -= line.size;
        *list_add(&report->arena, &report->lines) = line;
    }
    if (left)
        report->lines.count = row->first_line;
    row->line_count = (uint32_t)report->lines.count - row->first_line;
}

static void read_place(struct reader *reader, const json_t *object, struct report_row *row)
{
    row->offset = number_of(object, "offset");
    row->load_address = number_of(object, "load_address");
    row->address = number_of(object, "address");
    row->size = number_of(object, "size");
    row->region = text_of(reader, object, "region");
    row->load_region = text_of(reader, object, "load_region");
    row->output = text_of(reader, object, "output_section");
}

static void read_origin(struct reader *reader, const json_t *object, struct report_row *row)
{
    row->object = text_of(reader, object, "object");
    row->section = text_of(reader, object, "section");
    row->symbol = text_of(reader, object, "symbol");
    row->text = text_of(reader, object, "text");
    row->source = text_of(reader, object, "source");
    row->line = (unsigned)number_of(object, "line");
    if (row->object && !row->section)
        row->section = "";
    if (row->object && row->source && row->source[0])
        read_lines(reader, json_object_get(object, "lines"), row);
}

static uint32_t keeper_of(const json_t *object)
{
    bool is_given = json_is_integer(json_object_get(object, "kept_by"));
    uint64_t keeper = number_of(object, "kept_by");
    return is_given && keeper < NONE ? (uint32_t)keeper : NONE;
}

static bool read_row(struct reader *reader, const json_t *object, bool in_file)
{
    struct report_row row = {
        .kind = index_of(row_kind_names, ROW_KINDS, string_of(object, "kind")),
        .in_file = in_file,
        .by_section = flag_of(object, "by_section"),
        .keeper = keeper_of(object),
        .root = text_of(reader, object, "root"),
        .atom = NONE,
    };
    if (row.kind == ROW_KINDS)
        return false;
    read_place(reader, object, &row);
    read_origin(reader, object, &row);
    *list_add(&reader->report->arena, &reader->report->rows) = row;
    return true;
}

static bool read_rows(struct reader *reader, const json_t *document, const char *name, bool in_file)
{
    const json_t *rows = json_object_get(document, name);
    for (size_t i = 0; i < json_array_size(rows); i++)
        if (!read_row(reader, json_array_get(rows, i), in_file))
            return false;
    return json_is_array(rows);
}

/* Rows follow each other without a gap; keepers are rows. */
static bool adds_up(const struct report *report)
{
    uint64_t end = 0;
    for (size_t i = 0; i < report->rows.count; i++) {
        const struct report_row *row = &report->rows.at[i];
        if (row->keeper != NONE && row->keeper >= report->rows.count)
            return false;
        if (i >= report->file_rows)
            continue;
        if (row->offset != end || row->size > report->size - end)
            return false;
        end += row->size;
    }
    return end == report->size;
}

/* ---- the rest ---- */

static void read_budgets(struct reader *reader, const json_t *budgets)
{
    for (size_t i = 0; i < json_array_size(budgets); i++) {
        const json_t *object = json_array_get(budgets, i);
        struct report_budget budget = {
            .kind = index_of(budget_kind_names, BUDGET_SYMBOL + 1, string_of(object, "kind")),
            .name = text_of(reader, object, "name"),
            .object = text_of(reader, object, "object"),
            .limit = number_of(object, "limit"),
            .used = number_of(object, "used"),
            .in_image = flag_of(object, "in_image"),
            .is_given = flag_of(object, "given"),
        };
        if (budget.kind <= BUDGET_SYMBOL && budget.name)
            *list_add(&reader->report->arena, &reader->report->budgets) = budget;
    }
}

static void read_removed(struct reader *reader, const json_t *removed)
{
    for (size_t i = 0; i < json_array_size(removed); i++) {
        const json_t *object = json_array_get(removed, i);
        struct report_removed its = {.why = text_of(reader, object, "why"),
                                     .size = number_of(object, "size"),
                                     .object = text_of(reader, object, "object"),
                                     .section = text_of(reader, object, "section"),
                                     .symbol = text_of(reader, object, "symbol"),
                                     .into = text_of(reader, object, "into")};
        if (!its.section)
            its.section = "";
        if (its.why)
            *list_add(&reader->report->arena, &reader->report->removed) = its;
    }
}

static void read_steps(struct reader *reader, const json_t *steps, struct report_advice *advice)
{
    for (size_t i = 0; i < json_array_size(steps); i++) {
        const json_t *object = json_array_get(steps, i);
        struct report_step step = {.symbol = text_of(reader, object, "symbol"),
                                   .object = text_of(reader, object, "object"),
                                   .size = number_of(object, "size"),
                                   .freed = number_of(object, "frees")};
        if (step.symbol)
            *list_add(&reader->report->arena, &advice->steps) = step;
    }
}

static void read_parts(struct reader *reader, const json_t *parts, struct report_part **at,
                       size_t *count)
{
    LIST(struct report_part) list = {0};
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const json_t *object = json_array_get(parts, i);
        struct report_part part = {text_of(reader, object, "name"), number_of(object, "size")};
        if (part.name)
            *list_add(&reader->report->arena, &list) = part;
    }
    *at = list.at;
    *count = list.count;
}

static void read_program(struct reader *reader, const json_t *object, struct report_advice *advice)
{
    struct report_program program = {.symbol = text_of(reader, object, "symbol"),
                                     .object = text_of(reader, object, "object"),
                                     .size = number_of(object, "size"),
                                     .wants_lines = flag_of(object, "wants_lines"),
                                     .why = text_of(reader, object, "why")};
    if (!program.symbol)
        return;
    program.flags = program.why ? text_of(reader, object, "flags") : NULL;
    read_parts(reader, json_object_get(object, "lines"), &program.lines.at, &program.lines.count);
    read_parts(reader, json_object_get(object, "data"), &program.data.at, &program.data.count);
    advice->program = NEW(&reader->report->arena, struct report_program);
    *advice->program = program;
}

static void read_flags(struct reader *reader, const json_t *flags, struct report_advice *advice)
{
    for (size_t i = 0; i < json_array_size(flags); i++) {
        const json_t *object = json_array_get(flags, i);
        struct report_flag flag = {.flag = text_of(reader, object, "flag"),
                                   .why = text_of(reader, object, "why"),
                                   .where = text_of(reader, object, "where"),
                                   .saved = number_of(object, "saves"),
                                   .at_least = flag_of(object, "at_least")};
        if (flag.flag && flag.why)
            *list_add(&reader->report->arena, &advice->flags) = flag;
    }
}

static void read_advice(struct reader *reader, const json_t *all)
{
    struct report *report = reader->report;
    for (size_t i = 0; i < json_array_size(all); i++) {
        const json_t *object = json_array_get(all, i);
        uint64_t budget = number_of(object, "budget");
        if (budget >= report->budgets.count ||
            report->budgets.at[budget].used <= report->budgets.at[budget].limit)
            continue;
        struct report_advice advice = {.budget = (uint32_t)budget,
                                       .padding = number_of(object, "padding"),
                                       .has_steps = json_object_get(object, "would_fit") != NULL,
                                       .would_fit = flag_of(object, "would_fit"),
                                       .still_over = number_of(object, "still_over")};
        read_steps(reader, json_object_get(object, "without"), &advice);
        read_program(reader, json_object_get(object, "program"), &advice);
        read_flags(reader, json_object_get(object, "flags"), &advice);
        advice.layout_why = text_of(reader, object, "layout_why");
        advice.layout = advice.layout_why ? text_of(reader, object, "layout") : NULL;
        *list_add(&report->arena, &report->advice) = advice;
    }
}

static bool read_document(struct reader *reader, const json_t *document)
{
    struct report *report = reader->report;
    const json_t *image = json_object_get(document, "image");
    const char *schema = string_of(document, "schema");
    if (!schema || strcmp(schema, REPORT_SCHEMA) != 0) {
        complain(reader, schema ? arena_format(&report->arena, "its schema is `%.100s'", schema)
                                : "it has no schema");
        return false;
    }
    report->name = text_of(reader, image, "name");
    report->size = number_of(image, "size");
    report->used = number_of(image, "used");
    report->load_address = number_of(image, "load_address");
    report->linked = flag_of(image, "linked");
    report->has_gc = flag_of(image, "gc");
    if (report->size > reader->largest) {
        complain(reader, "its image is larger than --max-image-size");
        return false;
    }
    bool fine = report->name && read_rows(reader, document, "rows", true);
    report->file_rows = report->rows.count;
    fine = fine && read_rows(reader, document, "memory", false);
    if (!fine || !adds_up(report)) {
        complain(reader, "its rows do not add up to its image");
        return false;
    }
    read_budgets(reader, json_object_get(document, "budgets"));
    read_removed(reader, json_object_get(document, "removed"));
    read_advice(reader, json_object_get(document, "advice"));
    return true;
}

/* ---- the whole ---- */

enum { MOST_VALUES = 1 << 23 };

/* jansson takes 40 bytes and more for a value, also for one of two bytes: `0,`. Those of texts are
 * counted as well: they are few. */
static bool has_few_values(const struct file *file)
{
    uint32_t count = 0;
    for (size_t i = 0; i < file->size && count < MOST_VALUES; i++)
        count += file->bytes[i] == ',' || file->bytes[i] == '[' || file->bytes[i] == '{';
    return count < MOST_VALUES;
}

static bool parse(struct reader *reader, struct holder *holder)
{
    json_error_t error;
    char why[JSON_ERROR_TEXT_LENGTH + 64];
    if (!has_few_values(reader->file)) {
        complain(reader,
                 arena_format(&reader->report->arena, "it has %d values or more", MOST_VALUES));
        return false;
    }
    holder->document =
        json_loadb((const char *)reader->file->bytes, reader->file->size, JSON_ALLOW_NUL, &error);
    if (holder->document)
        return true;
    if (json_error_code(&error) == json_error_out_of_memory)
        host_fail(reader->host, WELT_NO_MEMORY);
    snprintf(why, sizeof why, "line %d: %s", error.line, error.text);
    complain(reader, why);
    return false;
}

static bool read_into(struct reader *reader)
{
    struct host *host = reader->host;
    enum file_result got = file_read(&reader->report->arena, reader->path, &reader->file);
    if (got == FILE_MISSING)
        file_missing(host, reader->path);
    if (got != FILE_READ)
        return false;
    struct holder *holder = host_alloc_closing(host, sizeof *holder, release);
    bool fine = parse(reader, holder) && read_document(reader, holder->document);
    host_free(host, holder);
    file_close(host, reader->file);
    return fine;
}

struct report *read_report(struct link *link, const char *path)
{
    struct arena arena;
    arena_open(&arena, link->host);
    struct report *report = NEW(&arena, struct report);
    report->arena = arena;
    struct reader reader = {.host = link->host,
                            .report = report,
                            .path = path,
                            .largest = link->set->given.max_image_size};
    if (read_into(&reader))
        return report;
    arena = report->arena;
    arena_close(&arena);
    return NULL;
}
