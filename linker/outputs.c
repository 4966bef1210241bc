/* SPDX-License-Identifier: MIT
 *
 * The public calls that hand out what a link made: images, maps, listings, reports, to memory or
 * files. */
#include "linker.h"
#include "report/report.h"
#include "steps.h"
#include "support/files.h"

/* How far a link must have come for an output. */
enum stage {
    STAGE_BEGUN,
    STAGE_LAID_OUT,
    STAGE_REPORTED, /* laid out, or read from a file */
    STAGE_LISTED,   /* linked, but perhaps too large to be written */
    STAGE_LINKED
};

static const struct output_kind {
    enum stage from;
    welt_bytes (*render)(struct link *link, struct arena *arena);
} output_kinds[] = {
    [WELT_OUTPUT_IMAGE] = {STAGE_LINKED, report_image},
    [WELT_OUTPUT_MAP] = {STAGE_LAID_OUT, report_whole_map},
    [WELT_OUTPUT_LISTING] = {STAGE_LISTED, report_listing},
    [WELT_OUTPUT_SUMMARY] = {STAGE_LAID_OUT, report_summary},
    [WELT_OUTPUT_ELF] = {STAGE_LINKED, elf_beside},
    [WELT_OUTPUT_TRACE] = {STAGE_BEGUN, report_trace},
    [WELT_OUTPUT_TRACE_MEMBERS] = {STAGE_BEGUN, report_trace_members},
    [WELT_OUTPUT_TRACED_SYMBOLS] = {STAGE_BEGUN, report_traced_symbols},
    [WELT_OUTPUT_CREF] = {STAGE_BEGUN, report_cref},
    [WELT_OUTPUT_REMOVED] = {STAGE_BEGUN, report_removed},
    [WELT_OUTPUT_MEMORY_USAGE] = {STAGE_LAID_OUT, report_memory_usage},
    [WELT_OUTPUT_DEPENDENCIES] = {STAGE_BEGUN, report_dependencies},
    [WELT_OUTPUT_SCRIPT] = {STAGE_BEGUN, report_script},
    [WELT_OUTPUT_REPORT_TEXT] = {STAGE_REPORTED, report_as_text},
    [WELT_OUTPUT_REPORT_JSON] = {STAGE_REPORTED, report_as_json},
    [WELT_OUTPUT_REPORT_MARKDOWN] = {STAGE_REPORTED, report_as_markdown},
    [WELT_OUTPUT_REPORT_HTML] = {STAGE_REPORTED, report_as_html},
    [WELT_OUTPUT_REPORT_CSV] = {STAGE_REPORTED, report_as_csv},
};
enum { OUTPUT_KINDS = sizeof output_kinds / sizeof *output_kinds };

static bool can_render(const welt_linker *linker, welt_output output)
{
    if (!linker || !linker->link || (unsigned)output >= OUTPUT_KINDS)
        return false;
    bool was_read = linker->link->report && !linker->link->laid_out;
    switch (output_kinds[output].from) {
    case STAGE_REPORTED: return linker->link->laid_out || was_read;
    case STAGE_LISTED: return linker->link->linked || linker->link->is_too_large;
    case STAGE_LINKED: return linker->link->laid_out && linker->link->linked;
    case STAGE_LAID_OUT: return linker->link->laid_out;
    default: return !was_read;
    }
}

int welt_has(const welt_linker *linker, welt_output output)
{
    return can_render(linker, output);
}

/* Made once: a second call gets the same bytes. */
static welt_bytes render_once(welt_linker *linker, welt_output output)
{
    struct link *link = linker->link;
    welt_bytes *made = &linker->made[output];
    if (made->data)
        return *made;
    welt_bytes bytes = output_kinds[output].render(link, &link->arena);
    if (!linker->host.errors)
        linker->made[output] = bytes;
    return bytes;
}

struct rendering {
    const welt_output_file *files;
    size_t count;
    const welt_own_file *own;
    size_t own_count;
    welt_bytes bytes; /* of the last */
};

/* What reports are made of stays with the link, so it is made under a guard of its own: should
 * there be no memory for the report, nothing of it has gone with that. */
static void prepare(welt_linker *linker, void *argument)
{
    const struct rendering *rendering = argument;
    host_check(&linker->host);
    for (size_t i = 0; i < rendering->count; i++)
        if (rendering->files[i].output >= WELT_OUTPUT_REPORT_TEXT)
            prepare_report(linker->link);
}

static void render(welt_linker *linker, void *argument)
{
    struct rendering *rendering = argument;
    host_check(&linker->host);
    rendering->bytes = render_once(linker, rendering->files->output);
}

welt_status welt_get(welt_linker *linker, welt_output output, welt_bytes *bytes)
{
    const welt_output_file file = {.output = output};
    struct rendering rendering = {.files = &file, .count = 1};
    if (!bytes || !may_change(linker) || !can_render(linker, output))
        return WELT_MISUSE;
    linker->host.errors = 0;
    welt_status status = guard(linker, prepare, &rendering);
    if (status == WELT_OK)
        status = guard(linker, render, &rendering);
    *bytes = rendering.bytes;
    return status;
}

/* Outputs may be written again, but not over others. */
static void write_apart(struct link *link, const struct file_output *outputs, size_t count,
                        const struct written *others)
{
    const struct spared spared = {link->files.at, link->files.count, others};
    struct written *written = files_write(&link->arena, outputs, count, &spared);
    if (!written)
        return;
    written->before = link->written;
    link->written = written;
}

/* An object of -r is none, as ld has it. */
static bool is_program(const struct link *link, welt_output output)
{
    return output == WELT_OUTPUT_ELF ||
           (output == WELT_OUTPUT_IMAGE && link->form.kind != FORM_RELOCATABLE);
}

static void render_and_write(welt_linker *linker, void *argument)
{
    const struct rendering *rendering = argument;
    struct link *link = linker->link;
    host_check(&linker->host);
    size_t count = rendering->count + rendering->own_count;
    struct file_output *outputs = NEW_ARRAY(&link->arena, struct file_output, count);
    for (size_t i = 0; i < rendering->count; i++) {
        const welt_output_file *file = &rendering->files[i];
        welt_bytes bytes = render_once(linker, file->output);
        outputs[i] = (struct file_output){
            file->path, {bytes.data, bytes.size}, is_program(link, file->output)};
    }
    for (size_t i = 0; i < rendering->own_count; i++) {
        const welt_own_file *file = &rendering->own[i];
        outputs[rendering->count + i] =
            (struct file_output){file->path, {file->data, file->size}, false};
    }
    if (linker->host.errors)
        return;
    write_apart(link, outputs, count, NULL);
}

static bool can_write(const welt_linker *linker, const struct rendering *wanted)
{
    for (size_t i = 0; i < wanted->count; i++)
        if (!wanted->files[i].path || !can_render(linker, wanted->files[i].output))
            return false;
    for (size_t i = 0; i < wanted->own_count; i++)
        if (!wanted->own[i].path || (!wanted->own[i].data && wanted->own[i].size))
            return false;
    return true;
}

welt_status welt_write_all(welt_linker *linker, const welt_output_file *files, size_t count,
                           const welt_own_file *own, size_t own_count)
{
    struct rendering rendering = {
        .files = files, .count = count, .own = own, .own_count = own_count};
    bool is_nothing = !count && !own_count;
    if (!may_change(linker) || (!files && count) || (!own && own_count) ||
        (!linker->link && !is_nothing) || !can_write(linker, &rendering))
        return WELT_MISUSE;
    if (is_nothing)
        return WELT_OK;
    linker->host.errors = 0;
    welt_status status = guard(linker, prepare, &rendering);
    return status == WELT_OK ? guard(linker, render_and_write, &rendering) : status;
}

welt_status welt_write_files(welt_linker *linker, const welt_output_file *files, size_t count)
{
    return welt_write_all(linker, files, count, NULL, 0);
}

/* Beside no link there is nothing that could be lost. */
static void write_own(welt_linker *linker, void *argument)
{
    const struct file_output *output = argument;
    const struct spared nothing = {NULL, 0, NULL};
    struct arena arena;
    if (linker->link) {
        write_apart(linker->link, output, 1, linker->link->written);
        return;
    }
    arena_open(&arena, &linker->host);
    files_write(&arena, output, 1, &nothing);
    arena_close(&arena);
}

welt_status welt_write_bytes(welt_linker *linker, const char *path, const void *data, size_t size)
{
    struct file_output output = {path, {data, size}, false};
    if (!may_change(linker) || !path || (!data && size))
        return WELT_MISUSE;
    linker->host.errors = 0;
    return guard(linker, write_own, &output);
}

welt_status welt_write(welt_linker *linker, welt_output output, const char *path)
{
    const welt_output_file file = {output, path};
    return welt_write_files(linker, &file, 1);
}
