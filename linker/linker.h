/* SPDX-License-Identifier: MIT
 *
 * What stands behind a welt_linker, for the files that make the public calls: welt.c, outputs.c,
 * queries.c. */
#ifndef WELT_LINKER_H
#define WELT_LINKER_H

#include "link.h"
#include "support/diagnostics.h"

struct kept;
struct lookup;

struct welt_linker {
    struct host host;
    struct arena arena; /* options and items */
    struct settings settings;
    struct diagnostic_settings diagnostics;
    LIST(struct link_input) items;
    bool is_raw;                                 /* WELT_MODE_BINARY */
    struct link *link;                           /* the newest, or NULL */
    welt_bytes made[WELT_OUTPUT_REPORT_CSV + 1]; /* of it, by output; in its arena */
    struct kept *kept;                           /* between links; resolve/kept.h */
    struct lookup *lookup; /* of `link`, in its arena; queries.c; NULL: nobody asked yet */
};

/* Whether a call may change the linker: not when it comes from a callback of one that does. That
 * one would find other inputs and other memory than it left, no errors where it told some, and no
 * way out. */
bool may_change(const welt_linker *linker);

/* Does the work and catches host_fail(): then what was lent since is given back and the status is
 * its. Else it is WELT_FAILED when errors were counted; the caller sets their count to 0 before,
 * and has asked may_change(). */
typedef void guarded_work(welt_linker *linker, void *argument);
welt_status guard(welt_linker *linker, guarded_work *work, void *argument);

/* The options of a caller, whose struct may be an older and shorter one. false: they cannot be
 * meant, and the call answers WELT_MISUSE. */
bool take_options(welt_options *given, const welt_options *options);
/* Whether a list has as many texts as it says. */
bool are_texts(const char *const *texts, size_t count);
/* Copies the options (a welt_options) and decides what they leave open; to be guarded. */
guarded_work settle;

#endif
