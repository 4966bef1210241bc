/* SPDX-License-Identifier: MIT
 *
 * What the caller lends to a link: memory, files, an ear for diagnostics.
 *
 * Every part of Welt that may fail holds a `struct host *`. Two kinds of failure are kept apart:
 *
 *   - Something is wrong with the input. diagnose() reports it, counts it when it is an error, and
 * the work goes on as far as it makes sense, so that one run shows more than one mistake. Steps
 * stop at their end when host->errors grew.
 *   - The work cannot go on at all: memory ran out, or the host cancelled. host_fail() jumps back
 * to the public call that started the work (guard() in welt.c), which drops the arenas. This is
 * why no allocation in Welt returns NULL. The way not taken, a status handed up through every call,
 *     doubles the size of most functions and leaves each `if` to be tested.
 *
 * Nothing here is global: two hosts never meet. */
#ifndef WELT_SUPPORT_HOST_H
#define WELT_SUPPORT_HOST_H

#include "welt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct allocation;
struct diagnostic_settings;
struct place;

struct host {
    welt_allocator allocator;
    welt_diagnostic_callback *on_diagnostic;
    welt_progress_callback *on_progress;
    welt_read_callback *on_read; /* NULL: files come from the file system */
    void *user;                  /* handed to every callback */
    jmp_buf *escape;             /* where host_fail() goes; set while a public call runs */
    struct allocation *newest;   /* every block that is lent out, newest first */
    struct allocation *spare;    /* blocks that were set aside, the last one first */
    uint64_t max_input;          /* bytes of the largest file that is read */
    unsigned errors, warnings;   /* counted since the link began */
    unsigned told;               /* diagnostics of any severity, since ever */
    atomic_bool is_cancelled;    /* welt_cancel() was called, perhaps by another thread */
    unsigned max_errors; /* errors beyond this many are counted, not shown; 0: all are shown */
    bool fatal_warnings, no_warnings;
    /* Finds the source line of a place in an object: sets source, line, column when there is one.
     */
    void (*locate)(void *locating, struct place *place);
    void *locating;
    const struct diagnostic_settings *diagnostics; /* -W; NULL: none was given */
    bool is_silenced; /* the last error or warning was not told: nor are the notes on it */
    bool demangle;
    bool is_hushed; /* errors are counted here, and neither shown nor held against anybody */
    unsigned hushed_errors;
};

/* Ends the public call with a status that is not about the input (WELT_NO_MEMORY, WELT_CANCELLED).
 */
_Noreturn void host_fail(struct host *host, welt_status status);

/* The host's memory. `size` 0 gives a pointer that may be freed. Never NULL: see host_fail(). */
void *host_alloc(struct host *host, size_t size);
/* The same, zeroed. Fresh pages of the system are zeroes already: they are not touched before their
 * use. */
void *host_alloc_zeroed(struct host *host, size_t size);
/* host_alloc(), but NULL when there is none left: for code that holds something to be given back
 * first. */
void *host_try_alloc(struct host *host, size_t size);
/* Zeroed memory that holds something to be closed (an opened library): `close` is called when the
 * block is given back, by its owner or because host_fail() jumped past the owner. */
void *host_alloc_closing(struct host *host, size_t size, void (*close)(void *memory));
void host_free(struct host *host, void *memory);

/* Instead of host_free(), between two links: the next link asks for the same sizes again, and pages
 * that the system takes back and gives anew cost a third of its time. host_alloc_zeroed() lends
 * such a block when it asks for half of it or more; what is left then is freed at its end. */
void host_set_aside(struct host *host, void *memory);
void host_free_spares(struct host *host);

/* What is lent out now; host_free_since() gives back all that was lent after. A call that is jumped
 * out of leaves its blocks (few and large: arenas, files) behind wherever they were held, and this
 * finds them. */
struct allocation *host_mark(const struct host *host);
void host_free_since(struct host *host, struct allocation *mark);

/* Tells the host how far the link is; jumps out when it answers that it wants to stop, or was asked
 * to before. host_check() only jumps out: for work that is told of as one step, but is long. */
void host_check(struct host *host);
void host_progress(struct host *host, const char *step, size_t done, size_t total);
/* The same without a jump, for who has something to undo first; true: then host_fail() with
 * WELT_CANCELLED. */
bool host_stops(struct host *host, const char *step, size_t done, size_t total);

/* Where something is wrong. Fields that do not apply stay 0; `section` and `symbol` are names. */
struct place {
    const void *origin;      /* the object, for host->locate; NULL: none */
    uint32_t origin_section; /* index of `section` in it */
    const char *source;      /* what host->locate found: `line` and `column` are this file's */
    const char *file;        /* an input as the user spelled it, a script's name, or NULL */
    const char *member;      /* of an archive, or NULL */
    const char *section;
    const char *symbol;
    uint64_t offset; /* in the section */
    bool has_offset;
    unsigned line, column; /* of a script, 1-based; 0: none */
    const char *excerpt;   /* of a script: the line, and a caret below the column */
};

/* Finds the source line of a place in an object, if there is one. Reads debug information. */
void host_locate(const struct host *host, struct place *place);

/* Whether one more error would be shown, and not only be counted: else what makes its message
 * helpful need not be looked for. */
static inline bool host_shows_errors(const struct host *host)
{
    return !host->max_errors || host->errors < host->max_errors;
}

/* Reports one fact. `id` is the diagnostic's stable name ("undefined", "budget"); `hint`, may be
 * NULL, says what to do about it. The text has no trailing full stop and no newline. */
void diagnose(struct host *host, welt_severity severity, const char *id, struct place place,
              const char *hint, const char *format, ...) __attribute__((format(printf, 6, 7)));
void diagnose_list(struct host *host, welt_severity severity, const char *id, struct place place,
                   const char *hint, const char *format, va_list arguments)
    __attribute__((format(printf, 6, 0)));

#endif
