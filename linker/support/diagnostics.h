/* SPDX-License-Identifier: MIT
 *
 * The table of diagnostics (diagnostics.def), and what -W makes of it. */
#ifndef WELT_SUPPORT_DIAGNOSTICS_H
#define WELT_SUPPORT_DIAGNOSTICS_H

#include "support/host.h"

enum diagnostic_name {
#define DIAGNOSTIC(name, ...) DIAGNOSTIC_##name,
#define CHECK(name, ...) CHECK_##name,
#include "support/diagnostics.def"
#undef DIAGNOSTIC
#undef CHECK
    DIAGNOSTIC_COUNT
};

struct diagnostic_row {
    const char *id;
    uint8_t certainty; /* welt_certainty */
    uint8_t boot, ld;  /* welt_level */
    bool is_check;
    const char *layouts, *summary, *cause, *remedy;
};
extern const struct diagnostic_row diagnostic_rows[DIAGNOSTIC_COUNT];

/* The row of an id, or DIAGNOSTIC_COUNT. */
unsigned diagnostic_find(const char *id, size_t size);

/* What is made of each diagnostic in one linker. */
struct diagnostic_settings {
    uint8_t levels[DIAGNOSTIC_COUNT]; /* welt_level of a check */
    bool named[DIAGNOSTIC_COUNT];     /* -WID, -Werror=ID: not only by -Wboot */
    bool silent[DIAGNOSTIC_COUNT];    /* -Wno-ID */
    bool as_error[DIAGNOSTIC_COUNT], as_warning[DIAGNOSTIC_COUNT];
};

/* The face's levels; then each word as it stands behind -W. false: there is no such diagnostic. */
void diagnostics_by_face(struct diagnostic_settings *settings, welt_face face);
bool diagnostics_wish(struct diagnostic_settings *settings, const char *word);

/* The level at which a diagnostic is told that came with `severity`. */
welt_level diagnostics_level(const struct diagnostic_settings *settings, const char *id,
                             welt_severity severity);

/* Whether it is an error or a warning that is no check: -Wno-ID hides its warnings, not its errors,
 * and the notes on what it hides. */
bool diagnostics_is_error(const char *id);

/* Whether a check is to be made at all: it costs nothing when not. */
bool check_is_on(const struct host *host, enum diagnostic_name check);
/* … and whether it was asked for by its own name. */
bool check_is_named(const struct host *host, enum diagnostic_name check);
/* Reports what a check found, at its level. */
void check_found(struct host *host, enum diagnostic_name check, struct place place,
                 const char *hint, const char *format, ...) __attribute__((format(printf, 5, 6)));
/* The same at a severity that the check decides by what it found. */
void check_found_as(struct host *host, welt_severity severity, enum diagnostic_name check,
                    struct place place, const char *hint, const char *format, ...)
    __attribute__((format(printf, 6, 7)));

#endif
