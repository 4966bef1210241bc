/* SPDX-License-Identifier: MIT
 *
 * The public calls: arguments checked, options copied, every way out of the work below caught. */
#include "linker.h"
#include "report/model.h"
#include "resolve/kept.h"
#include "resolve/runtime_library.h"
#include "script/layouts.h"
#include "support/diagnostics.h"

#include <string.h>

enum { DEFAULT_MAX_ERRORS = 20 };
static const uint64_t default_max_image = 64u << 20; /* an image for real mode has at most 1 MiB */
/* System V ABI, i386 supplement, 5.1 "Program Loading". */
static const uint64_t page_size = 4096;
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
    const struct arena its = linker->link ? linker->link->arena : own;
    struct report *const report = linker->link ? linker->link->report : NULL;
    int status = setjmp(escape);
    if (status) {
        host_free_since(&linker->host, mark);
        arena_rewind(&linker->arena, own);
        if (linker->link) {
            arena_rewind(&linker->link->arena, its);
            linker->link->report = report;
            memset(linker->made, 0, sizeof linker->made);
        }
        linker->host.escape = NULL;
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

/* ---- options ---- */

static bool are_texts(const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!texts || !texts[i])
            return false;
    return true;
}

static bool are_starts(const welt_section_start *starts, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!starts || !starts[i].section)
            return false;
    return true;
}

static bool are_budgets(const welt_budget *budgets, size_t count)
{
    return budgets || !count;
}

static bool are_choices(const welt_options *given)
{
    const struct {
        unsigned its, last;
    } all[] = {
        {given->face, WELT_FACE_LD},
        {given->dialect, WELT_DIALECT_LLD},
        {given->separate_code, WELT_OFF},
        {given->relro, WELT_OFF},
        {given->format, WELT_FORMAT_ELF64_X86_64},
        {given->strip, WELT_STRIP_ALL},
        {given->discard, WELT_DISCARD_ALL},
        {given->executable_stack, WELT_OFF},
        {given->gc, WELT_OFF},
        {given->merge, WELT_OFF},
        {given->relax, WELT_OFF},
        {given->icf, WELT_ICF_ALL},
        {given->runtime, WELT_RUNTIME_REGPARM3},
        {given->unresolved, WELT_UNRESOLVED_IGNORE},
        {given->budget_action, WELT_BUDGET_WARN},
        {given->orphans, WELT_ORPHANS_ERROR},
        {given->sort_sections, WELT_SORT_ALIGNMENT},
        {given->sort_commons, WELT_SORT_COMMONS_ASCENDING},
        {given->cpu, WELT_CPU_686},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].its > all[i].last)
            return false;
    return true;
}

/* Lists of texts, each with its count. */
static const struct {
    size_t texts, count;
} text_lists[] = {
#define LIST_AT(texts, count)                                                                      \
    {                                                                                              \
        offsetof(welt_options, texts), offsetof(welt_options, count)                               \
    }
    LIST_AT(undefined, undefined_count),
    LIST_AT(defsyms, defsym_count),
    LIST_AT(search_dirs, search_dir_count),
    LIST_AT(required, required_count),
    LIST_AT(wraps, wrap_count),
    LIST_AT(ignored_undefined, ignored_undefined_count),
    LIST_AT(kept_unique, kept_unique_count),
    LIST_AT(traced, traced_count),
    LIST_AT(warnings, warning_count),
#undef LIST_AT
};
enum { TEXT_LISTS = sizeof text_lists / sizeof *text_lists };

static bool are_lists(const welt_options *given)
{
    const char *base = (const char *)given;
    for (size_t i = 0; i < TEXT_LISTS; i++)
        if (!are_texts(*(const char *const *const *)(base + text_lists[i].texts),
                       *(const size_t *)(base + text_lists[i].count)))
            return false;
    return true;
}

/* A host that was compiled with an older welt.h has a shorter struct: what it lacks is 0. */
static bool take_options(welt_options *given, const welt_options *options)
{
    /* 0.1.0's: once that is released and fields are added, the end of the last that it had. */
    static const size_t first = sizeof(welt_options);
    if (options->size < first || options->size > sizeof *given)
        return false;
    *given = (welt_options){.size = 0};
    memcpy(given, options, options->size);
    given->size = sizeof *given;
    return true;
}

static bool are_wishes(const welt_options *given)
{
    struct diagnostic_settings tried;
    diagnostics_by_face(&tried, given->face);
    for (size_t i = 0; i < given->warning_count; i++)
        if (!diagnostics_wish(&tried, given->warnings[i]))
            return false;
    return true;
}

/* An allocator that releases nothing is fine: the host drops all at once. */
static bool can_be_meant(const welt_options *given)
{
    return are_choices(given) && are_lists(given) &&
           are_starts(given->section_starts, given->section_start_count) && are_wishes(given) &&
           are_budgets(given->budgets, given->budget_count) &&
           (given->allocator.allocate || !given->allocator.release);
}

static const char *copy(struct arena *arena, const char *text)
{
    return text ? arena_text(arena, text, strlen(text)) : NULL;
}

static const char *const *copy_all(struct arena *arena, const char *const *texts, size_t count)
{
    const char **all = (const char **)arena_array(arena, count, sizeof *all);
    for (size_t i = 0; i < count; i++)
        all[i] = copy(arena, texts[i]);
    return all;
}

static bool by_face(welt_switch choice, bool otherwise)
{
    return choice == WELT_BY_FACE ? otherwise : choice == WELT_ON;
}

static void copy_budgets(struct arena *arena, welt_options *given)
{
    welt_budget *budgets = NEW_ARRAY(arena, welt_budget, given->budget_count);
    for (size_t i = 0; i < given->budget_count; i++) {
        budgets[i] = given->budgets[i];
        budgets[i].name = copy(arena, budgets[i].name);
    }
    given->budgets = budgets;
    given->baseline_path = copy(arena, given->baseline_path);
    given->max_growth = copy(arena, given->max_growth);
    given->max_slack = copy(arena, given->max_slack);
}

static void copy_texts(struct arena *arena, welt_options *given)
{
    given->layout = copy(arena, given->layout);
    given->script_path = copy(arena, given->script_path);
    given->default_script_path = copy(arena, given->default_script_path);
    given->script_text = copy(arena, given->script_text);
    given->entry = copy(arena, given->entry);
    given->template_path = copy(arena, given->template_path);
    given->build_id = copy(arena, given->build_id);
    given->output_name = copy(arena, given->output_name ? given->output_name : "a.out");
    for (size_t i = 0; i < TEXT_LISTS; i++) {
        char *base = (char *)given;
        const char *const **texts = (const char *const **)(base + text_lists[i].texts);
        *texts = copy_all(arena, *texts, *(size_t *)(base + text_lists[i].count));
    }
    welt_section_start *starts = NEW_ARRAY(arena, welt_section_start, given->section_start_count);
    for (size_t i = 0; i < given->section_start_count; i++) {
        starts[i] = given->section_starts[i];
        starts[i].section = copy(arena, starts[i].section);
    }
    given->section_starts = starts;
    copy_budgets(arena, given);
}

/* The words come to this. */
static void settle_diagnostics(welt_linker *linker)
{
    const welt_options *given = &linker->settings.given;
    diagnostics_by_face(&linker->diagnostics, linker->settings.face);
    for (size_t i = 0; i < given->warning_count; i++)
        diagnostics_wish(&linker->diagnostics, given->warnings[i]);
    linker->host.diagnostics = &linker->diagnostics;
}

static void settle(welt_linker *linker, void *argument)
{
    struct settings *set = &linker->settings;
    set->given = *(const welt_options *)argument;
    welt_options *given = &set->given;
    copy_texts(&linker->arena, given);
    /* An object of objects is no boot image yet: nothing is dropped, nothing comes first. */
    set->face = given->relocatable ? WELT_FACE_LD : given->face;
    bool boot = !given->relocatable && (set->face == WELT_FACE_BOOT || given->layout);
    set->gc = by_face(given->gc, boot);
    set->drop_notes = set->entry_first = boot;
    set->lld = given->dialect == WELT_DIALECT_LLD;
    set->separate_code = by_face(given->separate_code, true) && !given->omagic && !given->nmagic;
    set->relro = by_face(given->relro, true);
    set->max_page_size = given->max_page_size ? given->max_page_size : page_size;
    set->common_page_size = given->common_page_size ? given->common_page_size : page_size;
    set->relax = by_face(given->relax, true);
    if (boot)
        set->face = WELT_FACE_BOOT;
    settle_diagnostics(linker);
    if (!given->max_image_size)
        given->max_image_size = default_max_image;
    if (given->runtime == WELT_RUNTIME_BY_FACE)
        given->runtime = boot ? WELT_RUNTIME_CDECL : WELT_RUNTIME_NONE;
}

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
    if (!take_options(&given, options ? options : &none) || !can_be_meant(&given))
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
    if (!linker)
        return;
    struct host host = linker->host; /* the linker itself is one of the blocks */
    host_free_since(&host, NULL);
}

/* ---- inputs ---- */

static void add_item(welt_linker *linker, void *argument)
{
    struct link_input item = *(struct link_input *)argument;
    item.is_raw = linker->is_raw;
    item.name = copy(&linker->arena, item.name);
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
    if (!linker || !path)
        return WELT_MISUSE;
    return add(linker, (struct link_input){.kind = INPUT_FILE, .name = path});
}

welt_status welt_add_bytes(welt_linker *linker, const char *name, const void *data, size_t size)
{
    if (!linker || !name || (!data && size))
        return WELT_MISUSE;
    return add(linker,
               (struct link_input){.kind = INPUT_BYTES, .name = name, .bytes = {data, size}});
}

welt_status welt_add_library(welt_linker *linker, const char *name)
{
    if (!linker || !name)
        return WELT_MISUSE;
    return add(linker, (struct link_input){.kind = INPUT_LIBRARY, .name = name});
}

welt_status welt_set_mode(welt_linker *linker, welt_mode mode, int on)
{
    if (!linker)
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
        arena_close(&report);
    }
    struct arena arena = link->arena; /* the link itself lies in it */
    arena_close(&arena);
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
    struct link_input *item = linker && name ? find_input(linker, name) : NULL;
    if (!item || (!data && size))
        return WELT_MISUSE;
    close_link(linker);
    if (item->kind == INPUT_BYTES)
        kept_forget(linker->kept, item->bytes);
    item->kind = INPUT_BYTES;
    item->bytes = (welt_bytes){data, size};
    return WELT_OK;
}

static void tell_of_hidden(struct host *host)
{
    if (host->max_errors && host->errors > host->max_errors)
        diagnose(host, WELT_NOTE, "error-limit", (struct place){0}, NULL,
                 "%u more errors are not shown", host->errors - host->max_errors);
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
    link->report = read_report(&linker->host, argument);
    if (!link->report)
        return;
    judge_sizes(link);
    check_budgets(link);
    linker->link = link;
}

welt_status welt_load_report(welt_linker *linker, const char *path)
{
    if (!linker || !path)
        return WELT_MISUSE;
    close_link(linker);
    linker->host.errors = linker->host.warnings = 0;
    return guard(linker, open_report, (void *)path);
}

welt_status welt_link(welt_linker *linker)
{
    if (!linker)
        return WELT_MISUSE;
    close_link(linker);
    linker->host.errors = linker->host.warnings = 0;
    return guard(linker, open_and_run, NULL);
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
    return index < builtin_layout_count ? builtin_layouts[index].name : NULL;
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
