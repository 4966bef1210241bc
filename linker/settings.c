/* SPDX-License-Identifier: MIT
 *
 * The options of a linker: taken from the caller's struct, refused when they cannot be meant,
 * copied, and settled: what each face and dialect leaves open is decided once, here. */
#include "linker.h"

#include <string.h>

static const uint64_t default_max_image = 64u << 20; /* an image for real mode has at most 1 MiB */
/* Twice of it and a few bytes more are numbers still; nobody has so much memory. */
static const uint64_t largest_max_image = (uint64_t)1 << 62;
/* System V ABI, i386 supplement, 5.1 "Program Loading". */
static const uint64_t page_size = 4096;

bool are_texts(const char *const *texts, size_t count)
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
        {given->hash_style, WELT_HASH_GNU},
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
        {given->demangle, WELT_OFF},
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
    LIST_AT(more_scripts, more_script_count),
    LIST_AT(unique_sections, unique_section_count),
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

static bool are_wishes(const welt_options *given)
{
    struct diagnostic_settings tried;
    diagnostics_by_face(&tried, given->face);
    for (size_t i = 0; i < given->warning_count; i++)
        if (!diagnostics_wish(&tried, given->warnings[i]))
            return false;
    return true;
}

/* One that releases nothing is fine: the host drops all at once. */
static bool is_allocator(const welt_allocator *given)
{
    return given->allocate || (!given->release && !given->allocate_zeroed);
}

static bool is_page_size(uint64_t size)
{
    return (size & (size - 1)) == 0;
}

static bool can_be_meant(const welt_options *given)
{
    return are_choices(given) && are_lists(given) && is_page_size(given->max_page_size) &&
           is_page_size(given->common_page_size) &&
           are_starts(given->section_starts, given->section_start_count) && are_wishes(given) &&
           are_budgets(given->budgets, given->budget_count) && is_allocator(&given->allocator);
}

/* A host that was compiled with an older welt.h has a shorter struct: what it lacks is 0. */
bool take_options(welt_options *given, const welt_options *options)
{
    /* 0.1.0's: once that is released and fields are added, the end of the last that it had. */
    static const size_t first = sizeof(welt_options);
    if (options->size < first || options->size > sizeof *given)
        return false;
    *given = (welt_options){.size = 0};
    memcpy(given, options, options->size);
    given->size = sizeof *given;
    return can_be_meant(given);
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

/* Whoever gives several scripts as a list has the first of them there, too. */
static void take_first_script(welt_options *given)
{
    if (given->script_path || given->script_text || !given->more_script_count)
        return;
    given->script_path = *given->more_scripts++;
    given->more_script_count--;
}

static void copy_texts(struct arena *arena, welt_options *given)
{
    take_first_script(given);
    given->layout = copy(arena, given->layout);
    given->script_path = copy(arena, given->script_path);
    given->default_script_path = copy(arena, given->default_script_path);
    given->soname = copy(arena, given->soname);
    given->interpreter = copy(arena, given->interpreter);
    given->script_text = copy(arena, given->script_text);
    given->entry = copy(arena, given->entry);
    given->template_path = copy(arena, given->template_path);
    given->build_id = copy(arena, given->build_id);
    given->retained_path = copy(arena, given->retained_path);
    given->strip = given->retained_path ? WELT_STRIP_NOTHING : given->strip;
    given->output_name = copy(arena, given->output_name);
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

void settle(welt_linker *linker, void *argument)
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
    if (!given->common_page_size && set->max_page_size < page_size)
        set->common_page_size = set->max_page_size;
    set->bounds_keep = !by_face(given->start_stop_gc, set->lld);
    set->relax = by_face(given->relax, true);
    if (boot)
        set->face = WELT_FACE_BOOT;
    settle_diagnostics(linker);
    if (!given->max_image_size)
        given->max_image_size = default_max_image;
    if (given->max_image_size > largest_max_image)
        given->max_image_size = largest_max_image;
    if (given->runtime == WELT_RUNTIME_BY_FACE)
        given->runtime = boot ? WELT_RUNTIME_CDECL : WELT_RUNTIME_NONE;
}
