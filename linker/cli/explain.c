/* SPDX-License-Identifier: MIT
 *
 * --explain ID: what a diagnostic means, from the library's table; without an id, all of them. */
#include "command.h"

#include "options.h"
#include "support/spelling.h"

#include <stdio.h>
#include <string.h>

static bool find_check(const char *id, size_t size, welt_check *check)
{
    for (size_t i = 0; i < welt_check_count(); i++) {
        *check = (welt_check){.struct_size = sizeof *check};
        welt_check_at(i, check);
        if (strlen(check->id) == size && memcmp(check->id, id, size) == 0)
            return true;
    }
    return false;
}

static void complain_of_unknown(const char *id)
{
    struct spelling spelling = spelling_of(id, strlen(id));
    welt_check check = {.struct_size = sizeof check};
    for (size_t i = 0; i < welt_check_count(); i++) {
        welt_check_at(i, &check);
        spelling_offer(&spelling, check.id);
    }
    if (spelling.nearest)
        mistake("there is no diagnostic `%.100s': did you mean %s?", id, spelling.nearest);
    else
        mistake("there is no diagnostic `%.100s': --explain lists them", id);
}

static const char *level_text(welt_level level)
{
    static const char *const texts[] = {"off", "note", "warning", "error"};
    return texts[level];
}

static const char *certainty_text(welt_certainty certainty)
{
    static const char *const texts[] = {
        "exact",
        "by the layout",
        "likely: found on a walk from the entry",
    };
    return texts[certainty];
}

static void explain(const welt_check *check)
{
    printf("%s: %s\n\n", check->id, check->summary);
    printf("  Cause     %s\n", check->cause);
    printf("  Remedy    %s\n", check->remedy);
    printf("  Told as   %s by welt, %s by ld.welt", level_text(check->boot), level_text(check->ld));
    if (check->is_check)
        printf("%s\n  Options   -W%s, -Wno-%s, -Werror=%s, -Wno-error=%s",
               check->ld == WELT_LEVEL_OFF ? " (on with -Wboot)" : "", check->id, check->id,
               check->id, check->id);
    printf("\n  Certainty %s\n", certainty_text(check->certainty));
    if (*check->layouts)
        printf("  Layouts   %s%s\n", check->layouts,
               strstr(check->layouts, "own") ? " (own: a script of your own, by -T)" : "");
}

static void list(void)
{
    welt_check check = {.struct_size = sizeof check};
    printf("%-18s %-8s %-8s\n", "diagnostic", "welt", "ld.welt");
    for (size_t i = 0; i < welt_check_count(); i++) {
        welt_check_at(i, &check);
        printf("%-18s %-8s %-8s %s\n", check.id, level_text(check.boot), level_text(check.ld),
               check.summary);
    }
}

bool explain_check(const char *id)
{
    welt_check check;
    if (strncmp(id, "welt-", 5) == 0)
        id += 5;
    if (!*id || strcmp(id, "help") == 0) {
        list();
        return true;
    }
    if (!find_check(id, strlen(id), &check)) {
        complain_of_unknown(id);
        return false;
    }
    explain(&check);
    return true;
}

bool is_warning_word(const char *word)
{
    static const char *const whole[] = {"", "all", "no-all", "boot", "no-boot"};
    static const char *const prefixes[] = {"no-error=", "error=", "no-", ""};
    welt_check check;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; i++)
        if (strcmp(word, whole[i]) == 0)
            return true;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t size = strlen(prefixes[i]);
        if (strncmp(word, prefixes[i], size) == 0 &&
            find_check(word + size, strlen(word + size), &check))
            return true;
    }
    if (strncmp(word, "l,", 2) == 0) {
        mistake("-W%.100s: -Wl, is for compilers, which hand on what stands behind it: give that",
                word);
        return false;
    }
    const char *id = strchr(word, '=') ? strchr(word, '=') + 1 : word;
    complain_of_unknown(strncmp(id, "no-", 3) == 0 ? id + 3 : id);
    return false;
}
