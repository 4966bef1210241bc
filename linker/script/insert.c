/* SPDX-License-Identifier: MIT
 *
 * INSERT AFTER, INSERT BEFORE (manual of GNU ld 2.40, 3.6.2): a script that adds to another.
 *
 *     SECTIONS { .mine : { … } mine_end = .; } INSERT AFTER .text;
 *     … the whole layout behind it …
 *
 * What stands between the INSERT and the one before it (or the script's start) goes behind .text,
 * and like an orphan behind the assignments that follow .text, but before a `. = …` that belongs to
 * the next output section. BEFORE is behind the output section before. */
#include "script/script.h"

#include <string.h>

enum { MOST_INSERTS = 1000 }; /* each walks over the script */

bool script_has_insert(const struct statement *list)
{
    for (const struct statement *s = list; s; s = s->next)
        if (s->kind == STATEMENT_INSERT)
            return true;
    return false;
}

static bool is_dot(const struct statement *s)
{
    return s->kind == STATEMENT_ASSIGN && strcmp(s->name, ".") == 0;
}

/* Where to link in what goes behind the statement that `at` points behind. At the script's start
 * the first `. = …` is the image's origin. */
static struct statement **behind(struct statement **at, bool is_start)
{
    struct statement **before_dot = NULL;
    for (; *at && (*at)->kind != STATEMENT_OUTPUT; at = &(*at)->next) {
        if (!is_dot(*at))
            continue;
        if (!is_start && !before_dot)
            before_dot = at;
        is_start = false;
    }
    return *at && before_dot ? before_dot : at;
}

/* In the list behind the INSERT; NULL: the section that it names is not there. */
static struct statement **find_target(struct statement *insert)
{
    struct statement **at = &insert->next, **before = at;
    bool is_start = true;
    for (; *at; at = &(*at)->next) {
        if ((*at)->kind != STATEMENT_OUTPUT)
            continue;
        bool is_named = strcmp((*at)->name, insert->name) == 0;
        if (is_named && !insert->after)
            return behind(before, is_start);
        if (is_named)
            return behind(&(*at)->next, false);
        before = &(*at)->next;
        is_start = false;
    }
    return NULL;
}

/* The first statements up to the INSERT move to the target, the INSERT itself goes. */
static void move(struct script *script, struct statement *insert, struct statement **target)
{
    struct statement *first = script->commands, **last = &script->commands;
    if (first == insert) {
        script->commands = insert->next;
        return;
    }
    while (*last != insert)
        last = &(*last)->next;
    if (target == &insert->next) /* they stand right before it */
        *last = insert->next;
    else {
        *last = *target;
        *target = first;
        script->commands = insert->next;
    }
}

bool script_insert(struct host *host, struct script *script)
{
    struct statement *s = script->commands, *next;
    unsigned count = 0;
    for (; s; s = next) {
        next = s->next;
        if (s->kind != STATEMENT_INSERT)
            continue;
        struct statement **target = ++count > MOST_INSERTS ? NULL : find_target(s);
        if (count > MOST_INSERTS)
            script_diagnose(host, WELT_ERROR, "script", &s->place,
                            "the script has more than %d INSERTs", MOST_INSERTS);
        else if (!target)
            script_diagnose(host, WELT_ERROR, "script", &s->place,
                            "there is no output section `%.200s' to insert at behind this INSERT",
                            s->name);
        if (!target)
            return false;
        move(script, s, target);
        next = script->commands;
    }
    return true;
}
