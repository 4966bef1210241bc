/* SPDX-License-Identifier: MIT
 *
 * What the caller lends: memory, diagnostics, progress. See host.h. */
#include "support/host.h"

#include "support/demangle.h"
#include "support/diagnostics.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void host_fail(struct host *host, welt_status status)
{
    longjmp(*host->escape, (int)status);
}

/* Stands before every block; as large as the strictest alignment. */
struct allocation {
    struct allocation *older, *newer;
    size_t size; /* of the whole, this header included */
    void (*close)(void *memory);
};

static void *allocate(const welt_allocator *from, size_t size, bool zeroed)
{
    if (!from->allocate)
        return zeroed ? calloc(1, size) : malloc(size);
    if (zeroed && from->allocate_zeroed)
        return from->allocate_zeroed(from->user, size);
    void *memory = from->allocate(from->user, size);
    if (memory && zeroed)
        memset(memory, 0, size);
    return memory;
}

static void *note_lent(struct host *host, struct allocation *block, size_t whole)
{
    *block = (struct allocation){.older = host->newest, .size = whole};
    if (host->newest)
        host->newest->newer = block;
    host->newest = block;
    return block + 1;
}

static void *lend(struct host *host, size_t size, bool zeroed)
{
    if (size > SIZE_MAX - sizeof(struct allocation))
        return NULL;
    size_t whole = size + sizeof(struct allocation);
    struct allocation *block = allocate(&host->allocator, whole, zeroed);
    return block ? note_lent(host, block, whole) : NULL;
}

/* It counts as lent now, not when it was first: host_free_since() finds it. */
static void *lend_spare(struct host *host, size_t size)
{
    struct allocation **link = &host->spare, *block;
    for (; (block = *link) != NULL; link = &block->older) {
        size_t room = block->size - sizeof(struct allocation);
        if (size > room || size < room / 2)
            continue;
        *link = block->older;
        return memset(note_lent(host, block, block->size), 0, size);
    }
    return NULL;
}

void *host_try_alloc(struct host *host, size_t size)
{
    return lend(host, size, false);
}

void *host_alloc(struct host *host, size_t size)
{
    void *memory = lend(host, size, false);
    if (!memory)
        host_fail(host, WELT_NO_MEMORY);
    return memory;
}

void *host_alloc_zeroed(struct host *host, size_t size)
{
    void *memory = lend_spare(host, size);
    if (!memory)
        memory = lend(host, size, true);
    if (!memory)
        host_fail(host, WELT_NO_MEMORY);
    return memory;
}

void *host_alloc_closing(struct host *host, size_t size, void (*close)(void *memory))
{
    void *memory = memset(host_alloc(host, size), 0, size);
    ((struct allocation *)memory - 1)->close = close;
    return memory;
}

static void give_back(const welt_allocator *to, struct allocation *block)
{
    if (to->release)
        to->release(to->user, block, block->size);
    else if (!to->allocate)
        free(block);
}

static void note_returned(struct host *host, const struct allocation *block)
{
    if (block->older)
        block->older->newer = block->newer;
    if (block == host->newest)
        host->newest = block->older;
    else
        block->newer->older = block->older;
}

void host_free(struct host *host, void *memory)
{
    if (!memory)
        return;
    struct allocation *block = (struct allocation *)memory - 1;
    if (block->close)
        block->close(memory);
    note_returned(host, block);
    give_back(&host->allocator, block);
}

void host_set_aside(struct host *host, void *memory)
{
    struct allocation *block = (struct allocation *)memory - 1;
    note_returned(host, block);
    block->older = host->spare;
    host->spare = block;
}

void host_free_spares(struct host *host)
{
    while (host->spare) {
        struct allocation *block = host->spare;
        host->spare = block->older;
        give_back(&host->allocator, block);
    }
}

struct allocation *host_mark(const struct host *host)
{
    return host->newest;
}

void host_free_since(struct host *host, struct allocation *mark)
{
    while (host->newest && host->newest != mark)
        host_free(host, host->newest + 1);
}

void host_check(struct host *host)
{
    if (atomic_load_explicit(&host->is_cancelled, memory_order_relaxed))
        host_fail(host, WELT_CANCELLED);
}

bool host_stops(struct host *host, const char *step, size_t done, size_t total)
{
    if (atomic_load_explicit(&host->is_cancelled, memory_order_relaxed))
        return true;
    return host->on_progress && host->on_progress(host->user, step, done, total) != 0;
}

void host_progress(struct host *host, const char *step, size_t done, size_t total)
{
    if (host_stops(host, step, done, total))
        host_fail(host, WELT_CANCELLED);
}

/* ---- diagnostics ---- */

enum { LINE_MAX_BYTES = 1024 };

/* A line of bounded length that is built up piece by piece; what does not fit is cut. */
struct line {
    char text[LINE_MAX_BYTES];
    size_t size;
};

static void __attribute__((format(printf, 2, 3)))
line_add(struct line *line, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int added =
        vsnprintf(line->text + line->size, sizeof line->text - line->size, format, arguments);
    va_end(arguments);
    if (added > 0)
        line->size += (size_t)added;
    if (line->size >= sizeof line->text)
        line->size = sizeof line->text - 1;
}

/* Names come from hostile files: a message stays one line of printable text. */
static void clean(char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            *text = '?';
}

static const char *severity_text(welt_severity severity)
{
    static const char *const texts[] = {"note", "warning", "error"};
    return texts[severity];
}

/* The forms that editors parse: `file:line:col: error: text [welt-id]` for a script or source line,
 * without the column where an assembler told none, and `welt: error: boot.o:(.text+0x29): text
 * [welt-id]` where there is none. */
static void line_place(struct line *line, const struct place *place, welt_severity severity)
{
    if (place->line) {
        line_add(line, "%.600s:%u:", place->source ? place->source : place->file, place->line);
        if (place->column)
            line_add(line, "%u:", place->column);
        line_add(line, " %s: ", severity_text(severity));
        return;
    }
    line_add(line, "welt: %s: ", severity_text(severity));
    if (!place->file)
        return;
    line_add(line, "%.300s", place->file);
    if (place->member)
        line_add(line, "(%.200s)", place->member);
    if (place->section && place->has_offset)
        line_add(line, ":(%.200s+0x%llx)", place->section, (unsigned long long)place->offset);
    else if (place->section)
        line_add(line, ":(%.200s)", place->section);
    line_add(line, ": ");
}

static void tell(struct host *host, welt_severity severity, const char *id,
                 const struct place *place, const char *hint, const char *message)
{
    struct line text = {.size = 0}, object = {.size = 0};
    line_place(&text, place, severity);
    line_add(&text, "%s", message);
    if (text.size > sizeof text.text - 40)
        text.size = sizeof text.text - 40;
    line_add(&text, " [welt-%s]", id);
    clean(text.text);
    if (place->file && (!place->line || place->source))
        line_add(&object, place->member ? "%s(%s)" : "%s", place->file, place->member);
    welt_diagnostic diagnostic = {
        .size = sizeof diagnostic,
        .severity = severity,
        .id = id,
        .message = message,
        .hint = hint,
        .excerpt = place->excerpt,
        .object = object.size ? object.text : NULL,
        .section = place->section,
        .offset = place->offset,
        .has_offset = place->has_offset,
        .symbol = place->symbol,
        .file = place->source ? place->source
                : place->line ? place->file
                              : NULL,
        .line = place->line,
        .column = place->column,
        .text = text.text,
    };
    host->on_diagnostic(host->user, &diagnostic);
}

void host_locate(const struct host *host, struct place *place)
{
    if (host->locate && place->origin && place->has_offset && !place->line)
        host->locate(host->locating, place);
}

static bool is_shown(const struct host *host, welt_severity severity)
{
    if (!host->on_diagnostic)
        return false;
    if (severity == WELT_WARNING)
        return !host->no_warnings;
    /* A note belongs to the error before it. */
    return !host->max_errors || host->errors <= host->max_errors;
}

static void count(struct host *host, welt_severity severity)
{
    host->told++;
    if (severity == WELT_ERROR)
        host->errors++;
    else if (severity == WELT_WARNING)
        host->warnings++;
}

void diagnose_list(struct host *host, welt_severity severity, const char *id, struct place place,
                   const char *hint, const char *format, va_list arguments)
{
    char message[LINE_MAX_BYTES], plain_hint[LINE_MAX_BYTES];
    if (host->is_hushed) {
        host->hushed_errors += severity == WELT_ERROR;
        return;
    }
    if (host->diagnostics) {
        welt_level level = diagnostics_level(host->diagnostics, id, severity);
        if (severity != WELT_NOTE)
            host->is_silenced = level == WELT_LEVEL_OFF;
        if (level == WELT_LEVEL_OFF ||
            (severity == WELT_NOTE && host->is_silenced && diagnostics_is_error(id)))
            return;
        severity = (welt_severity)(level - WELT_LEVEL_NOTE);
    }
    if (severity == WELT_WARNING && host->fatal_warnings)
        severity = WELT_ERROR;
    count(host, severity);
    if (!is_shown(host, severity))
        return;
    vsnprintf(message, sizeof message, format, arguments);
    clean(message);
    host_locate(host, &place);
    if (host->demangle)
        demangle_names(message, sizeof message);
    if (hint && host->demangle) {
        snprintf(plain_hint, sizeof plain_hint, "%s", hint);
        hint = demangle_names(plain_hint, sizeof plain_hint) ? plain_hint : hint;
    }
    tell(host, severity, id, &place, hint, message);
}

void diagnose(struct host *host, welt_severity severity, const char *id, struct place place,
              const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    diagnose_list(host, severity, id, place, hint, format, arguments);
    va_end(arguments);
}
