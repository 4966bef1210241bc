/* SPDX-License-Identifier: MIT
 *
 * The public calls: arguments checked, options copied, every way out of the work below caught. */
#include "linker.h"
#include "report/model.h"
#include "resolve/kept.h"
#include "resolve/runtime_library.h"
#include "script/layouts.h"
#include "steps.h"
#include "support/diagnostics.h"

#include <string.h>

enum { DEFAULT_MAX_ERRORS = 20 };
static const uint64_t max_input = 1u << 30;

/* ---- the way out: host_fail() lands here ----
 *
 * What was lent since then is given back, and the arenas are as they were, so that the linker can
 * be used again. */

welt_status guard(welt_linker *linker, guarded_work *work, void *argument)
{
    jmp_buf escape;
    struct allocation *volatile mark = host_mark(&linker->host);
    const struct arena own = linker->arena;
    const struct link before = linker->link ? *linker->link : (struct link){0};
    const struct arena rows = before.report ? before.report->arena : own;
    int status = setjmp(escape);
    if (status) {
        host_free_since(&linker->host, mark);
        arena_rewind(&linker->arena, own);
        if (linker->link) {
            *linker->link = before; /* its lists may have grown into what was freed */
            arena_rewind(&linker->link->arena, before.arena);
            if (before.report)
                arena_rewind(&before.report->arena, rows);
            if (!linker->link->linked)
                linker->link->image = NULL; /* made for a listing, and gone again */
            memset(linker->made, 0, sizeof linker->made);
        }
        linker->host.escape = NULL;
        linker->host.is_hushed = false;
        if (status == WELT_CANCELLED)
            atomic_store(&linker->host.is_cancelled, false);
        linker->host.locate = NULL;
        return (welt_status)status;
    }
    linker->host.escape = &escape;
    work(linker, argument);
    linker->host.escape = NULL;
    return linker->host.errors ? WELT_FAILED : WELT_OK;
}

bool may_change(const welt_linker *linker)
{
    return linker && !linker->host.escape;
}

/* ---- a linker ---- */

static void open_host(struct host *host, const welt_options *options)
{
    *host = (struct host){
        .allocator = options->allocator,
        .on_diagnostic = options->on_diagnostic,
        .on_progress = options->on_progress,
        .on_read = options->on_read,
        .user = options->user,
        .max_input = max_input,
        .max_errors = options->max_errors ? options->max_errors : DEFAULT_MAX_ERRORS,
        .fatal_warnings = options->fatal_warnings && !options->no_warnings,
        .no_warnings = options->no_warnings,
        .demangle = options->demangle != WELT_OFF,
    };
}

static void make_linker(welt_linker *bare, void *argument)
{
    welt_linker **made = argument;
    *made = host_alloc(&bare->host, sizeof **made);
}

/* The linker's own memory comes from the host that the linker then holds, so it is made by a bare
 * one. */
welt_status welt_linker_new(welt_linker **result, const welt_options *options)
{
    static const welt_options none = WELT_OPTIONS_INIT;
    if (!result)
        return WELT_MISUSE;
    *result = NULL;
    welt_options given;
    if (!take_options(&given, options ? options : &none))
        return WELT_MISUSE;
    welt_linker bare = {.link = NULL}, *linker;
    open_host(&bare.host, &given);
    if (guard(&bare, make_linker, &linker) != WELT_OK)
        return WELT_NO_MEMORY;
    *linker = bare;
    arena_open(&linker->arena, &linker->host);
    welt_status status = guard(linker, settle, &given);
    if (status == WELT_OK)
        *result = linker;
    else
        welt_linker_free(linker);
    return status;
}

void welt_linker_free(welt_linker *linker)
{
    if (!may_change(linker))
        return;
    struct host host = linker->host; /* the linker itself is one of the blocks */
    host_free_since(&host, NULL);
    host_free_spares(&host);
}

/* ---- inputs ---- */

static void add_item(welt_linker *linker, void *argument)
{
    struct link_input item = *(struct link_input *)argument;
    item.is_raw = linker->is_raw;
    if (item.name)
        item.name = arena_text(&linker->arena, item.name, strlen(item.name));
    *list_add(&linker->arena, &linker->items) = item;
}

/* What an item takes of the arena must not be among what a new link gives back. */
static welt_status add(welt_linker *linker, struct link_input item)
{
    linker->host.errors = 0;
    return guard(linker, add_item, &item);
}

welt_status welt_add_file(welt_linker *linker, const char *path)
{
    if (!may_change(linker) || !path)
        return WELT_MISUSE;
    return add(linker, (struct link_input){.kind = INPUT_FILE, .name = path});
}

welt_status welt_add_bytes(welt_linker *linker, const char *name, const void *data, size_t size)
{
    if (!may_change(linker) || !name || (!data && size))
        return WELT_MISUSE;
    return add(linker,
               (struct link_input){.kind = INPUT_BYTES, .name = name, .bytes = {data, size}});
}

welt_status welt_add_library(welt_linker *linker, const char *name)
{
    if (!may_change(linker) || !name)
        return WELT_MISUSE;
    return add(linker, (struct link_input){.kind = INPUT_LIBRARY, .name = name});
}

welt_status welt_set_mode(welt_linker *linker, welt_mode mode, int on)
{
    if (!may_change(linker))
        return WELT_MISUSE;
    struct link_input item = {.on = on != 0};
    switch (mode) {
    case WELT_MODE_BINARY: linker->is_raw = on != 0; return WELT_OK;
    case WELT_MODE_WHOLE_ARCHIVE: item.kind = INPUT_WHOLE; break;
    case WELT_MODE_GROUP: item.kind = INPUT_GROUP; break;
    case WELT_MODE_SCRIPT: item.kind = INPUT_SCRIPT; break;
    case WELT_MODE_JUST_SYMBOLS: item.kind = INPUT_JUST_SYMBOLS; break;
    default: return WELT_MISUSE;
    }
    return add(linker, item);
}

/* ---- linking ---- */

static void close_link(welt_linker *linker)
{
    struct link *link = linker->link;
    linker->link = NULL;
    linker->lookup = NULL;
    if (!link)
        return;
    kept_release(link);
    memset(linker->made, 0, sizeof linker->made);
    if (link->report) {
        struct arena report = link->report->arena; /* the report itself lies in it */
        if (link->report->has_lines)
            arena_close(&link->report->line_arena);
        arena_close(&report);
    }
    struct arena arena = link->arena; /* the link itself lies in it */
    arena_set_aside(&arena);
}

static struct link_input *find_input(const welt_linker *linker, const char *name)
{
    for (size_t i = 0; i < linker->items.count; i++) {
        struct link_input *item = &linker->items.at[i];
        if ((item->kind == INPUT_BYTES || item->kind == INPUT_FILE) && !strcmp(item->name, name))
            return item;
    }
    return NULL;
}

welt_status welt_replace_bytes(welt_linker *linker, const char *name, const void *data, size_t size)
{
    struct link_input *item = may_change(linker) && name ? find_input(linker, name) : NULL;
    if (!item || (!data && size))
        return WELT_MISUSE;
    close_link(linker);
    if (item->kind == INPUT_BYTES)
        kept_forget(linker->kept, item->bytes);
    item->kind = INPUT_BYTES;
    item->bytes = (welt_bytes){data, size};
    return WELT_OK;
}

/* Notes are hidden with the errors that they belong to: this one must not look like one of them. */
static void tell_of_hidden(struct host *host)
{
    unsigned errors = host->errors;
    if (errors <= host->max_errors)
        return;
    host->errors = 0;
    diagnose(host, WELT_NOTE, "error-limit", (struct place){0}, NULL,
             "%u more errors are not shown", errors - host->max_errors);
    host->errors = errors;
}

static struct link *open_link(welt_linker *linker)
{
    struct arena arena;
    arena_open(&arena, &linker->host);
    struct link *link = NEW(&arena, struct link);
    link->arena = arena;
    link->host = &linker->host;
    link->set = &linker->settings;
    link->items.at = linker->items.at;
    link->items.count = linker->items.count;
    link->kept = linker->kept;
    names_open(&link->global_names, &link->arena);
    names_open(&link->group_names, &link->arena);
    return link;
}

static void open_and_run(welt_linker *linker, void *argument)
{
    (void)argument;
    host_check(&linker->host);
    struct link *link = open_link(linker);
    watch_sources(link);
    run_link(link);
    close_sources(link);
    tell_of_hidden(&linker->host);
    kept_adopt(link, &linker->kept);
    linker->link = link;
}

/* A saved report stands in for a link: its sizes are judged, and it can be written in every form.
 */
static void open_report(welt_linker *linker, void *argument)
{
    struct link *link = open_link(linker);
    link->report = read_report(link, argument);
    if (!link->report)
        return;
    judge_sizes(link);
    check_budgets(link);
    linker->link = link;
}

welt_status welt_load_report(welt_linker *linker, const char *path)
{
    if (!may_change(linker) || !path)
        return WELT_MISUSE;
    close_link(linker);
    linker->host.errors = linker->host.warnings = 0;
    welt_status status = guard(linker, open_report, (void *)path);
    host_free_spares(&linker->host);
    return status;
}

welt_status welt_link(welt_linker *linker)
{
    if (!may_change(linker))
        return WELT_MISUSE;
    close_link(linker);
    linker->host.errors = linker->host.warnings = 0;
    welt_status status = guard(linker, open_and_run, NULL);
    host_free_spares(&linker->host);
    return status;
}

void welt_cancel(welt_linker *linker)
{
    if (linker)
        atomic_store(&linker->host.is_cancelled, true);
}

welt_status welt_link_files(const char *output, const char *const *inputs, size_t count,
                            const welt_options *options)
{
    welt_options given = WELT_OPTIONS_INIT;
    welt_linker *linker;
    if (!output || !are_texts(inputs, count) || (options && !take_options(&given, options)))
        return WELT_MISUSE;
    if (!given.output_name)
        given.output_name = output;
    welt_status status = welt_linker_new(&linker, &given);
    if (status != WELT_OK)
        return status;
    for (size_t i = 0; i < count && status == WELT_OK; i++)
        status = welt_add_file(linker, inputs[i]);
    if (status == WELT_OK)
        status = welt_link(linker);
    if (status == WELT_OK)
        status = welt_write(linker, WELT_OUTPUT_IMAGE, output);
    welt_linker_free(linker);
    return status;
}

/* ---- about the library ---- */

size_t welt_check_count(void)
{
    return DIAGNOSTIC_COUNT;
}

welt_status welt_check_at(size_t index, welt_check *check)
{
    if (index >= DIAGNOSTIC_COUNT || !check || check->struct_size != sizeof *check)
        return WELT_MISUSE;
    const struct diagnostic_row *row = &diagnostic_rows[index];
    *check = (welt_check){.struct_size = sizeof *check,
                          .id = row->id,
                          .certainty = (welt_certainty)row->certainty,
                          .boot = (welt_level)row->boot,
                          .ld = (welt_level)row->ld,
                          .is_check = row->is_check,
                          .layouts = row->layouts,
                          .summary = row->summary,
                          .cause = row->cause,
                          .remedy = row->remedy};
    return WELT_OK;
}

const char *welt_layout_name(size_t index)
{
    return index < boot_layout_count() ? builtin_layouts[index].name : NULL;
}

const char *welt_layout_script(const char *name)
{
    for (size_t i = 0; name && i < builtin_layout_count; i++)
        if (strcmp(builtin_layouts[i].name, name) == 0)
            return builtin_layouts[i].text;
    return NULL;
}

const char *welt_status_text(welt_status status)
{
    switch (status) {
    case WELT_OK: return "linked";
    case WELT_FAILED: return "the link failed: see the diagnostics";
    case WELT_NO_MEMORY: return "memory ran out";
    case WELT_CANCELLED: return "cancelled";
    case WELT_MISUSE: return "the call's arguments cannot be meant";
    }
    return "no status of Welt";
}

const char *welt_version(void)
{
    return WELT_VERSION;
}

const char *welt_build_details(void)
{
    return runtime_library_details();
}
