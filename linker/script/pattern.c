/* SPDX-License-Identifier: MIT
 *
 * File and section patterns: `*`, `.text.*`, `crt?.o`, `.[a-f]*`.
 *
 * They mean what they mean to GNU ld 2.40, which compares what stands before the first wildcard
 * byte by byte, and behind the last where all are `*`, and leaves the rest to fnmatch(3) without
 * flags (manual 3.6.4.2 "Input Section Wildcard Patterns"; POSIX.1-2017, Shell & Utilities, 2.13
 * "Pattern Matching Notation"): `*` goes across slashes and leading dots, [!…] and [^…] negate, a
 * backslash takes the next character as it is, and a `[` that nothing closes stands for itself.
 *
 * A pattern may come from a hostile script, so there is no recursion: when a mismatch follows a
 * `*`, that star takes one byte more and matching goes on behind it. Only the last star seen can
 * need this, because what an earlier one took already allowed the pattern up to the later one to
 * match at the first place possible. The cost is at most the product of the two lengths. */
#include "script/script.h"

#include <string.h>

static size_t count_behind_last(const char *text, size_t size, const char *of)
{
    size_t count = 0;
    while (count < size && !strchr(of, text[size - count - 1]))
        count++;
    return count;
}

/* Where all wildcards are `*`, what is behind the last one is compared as it stands, backslashes
 * too. Else it is fnmatch()'s, which takes a byte behind a backslash together with that. */
static size_t suffix_of(const char *text, size_t size)
{
    if (!strpbrk(text, "?["))
        return count_behind_last(text, size, "*");
    size_t count = count_behind_last(text, size, "*?[]\\");
    bool is_escaped = count && count < size && text[size - count - 1] == '\\';
    return is_escaped ? count - 1 : count;
}

struct pattern pattern_make(const char *text)
{
    size_t size = strlen(text), prefix = strcspn(text, "*?["), suffix = suffix_of(text, size);
    return (struct pattern){
        .text = text,
        .size = (uint32_t)size,
        .prefix = (uint32_t)prefix,
        .suffix = (uint32_t)suffix,
        .literal = prefix == size,
        .one_star = prefix + 1 + suffix == size && text[prefix] == '*',
    };
}

/* ---- [sets] ---- */

static bool is_between(unsigned char c, unsigned char first, unsigned char last)
{
    return c >= first && c <= last;
}

/* [:name:], in the C locale, as ld runs: each class as pairs of first and last. */
static const struct {
    const char *name, *ranges;
} classes[] = {
    {"alpha", "AZaz"}, {"digit", "09"},     {"alnum", "AZaz09"},        {"upper", "AZ"},
    {"lower", "az"},   {"space", "\t\r  "}, {"blank", "\t\t  "},        {"punct", "!/:@[`{~"},
    {"print", " ~"},   {"graph", "!~"},     {"cntrl", "\1\37\177\177"}, {"xdigit", "09AFaf"},
};

static bool class_has(const char *name, size_t size, unsigned char c)
{
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        if (strlen(classes[i].name) != size || memcmp(classes[i].name, name, size) != 0)
            continue;
        for (const char *range = classes[i].ranges; *range; range += 2)
            if (is_between(c, (unsigned char)range[0], (unsigned char)range[1]))
                return true;
    }
    return false;
}

/* `:alpha:]` at `at`, just behind its `[`. Gives the byte behind it, or NULL: no class is there. */
static const char *match_class(const char *at, const char *end, unsigned char c, bool *found)
{
    const char *name = at + 1, *close = name;
    if (at >= end || *at != ':')
        return NULL;
    while (close < end && is_between((unsigned char)*close, 'a', 'z'))
        close++;
    if (end - close < 2 || close[0] != ':' || close[1] != ']')
        return NULL;
    *found |= class_has(name, (size_t)(close - name), c);
    return close + 2;
}

/* One end of a range, or a lone member: x, \x, [.x.] or [=x=]. NULL: the set is not closed. */
static const char *set_member(const char *at, const char *end, unsigned char *member)
{
    bool is_named = end - at >= 5 && at[0] == '[' && (at[1] == '.' || at[1] == '=') &&
                    at[3] == at[1] && at[4] == ']';
    if (is_named) {
        *member = (unsigned char)at[2];
        return at + 5;
    }
    if (at < end && *at == '\\')
        at++;
    if (at >= end)
        return NULL;
    *member = (unsigned char)*at;
    return at + 1;
}

/* Whether the set whose first byte behind the `[` is `at` holds `c`. Gives the byte behind its `]`,
 * or NULL: nothing closes it. */
static const char *match_set(const char *at, const char *end, unsigned char c, bool *matched)
{
    bool found = false, negated = at < end && (*at == '!' || *at == '^');
    if (negated)
        at++;
    for (const char *first = at; at && at < end && (*at != ']' || at == first);) {
        const char *behind_class = *at == '[' ? match_class(at + 1, end, c, &found) : NULL;
        if (behind_class) {
            at = behind_class;
            continue;
        }
        unsigned char low = 0, high;
        at = set_member(at, end, &low);
        high = low;
        if (at && end - at >= 2 && at[0] == '-' && at[1] != ']')
            at = set_member(at + 1, end, &high);
        found |= is_between(c, low, high);
    }
    *matched = found != negated;
    return at && at < end ? at + 1 : NULL;
}

/* ---- the whole ---- */

/* Whether the pattern's next element, which is no `*`, takes `c`; *next is behind the element. */
static bool element_takes(const char *at, const char *end, unsigned char c, const char **next)
{
    bool matched;
    *next = at + 1;
    if (*at == '?')
        return true;
    if (*at == '[') {
        const char *behind = match_set(at + 1, end, c, &matched);
        if (behind) {
            *next = behind;
            return matched;
        }
    }
    if (*at == '\\') {
        if (at + 1 == end)
            return false;
        *next = at + 2;
        return (unsigned char)at[1] == c;
    }
    return (unsigned char)*at == c;
}

static bool glob_matches(const char *at, const char *end, const char *name, const char *name_end)
{
    const char *star = NULL, *star_name = NULL, *next;
    while (name < name_end) {
        if (at < end && *at == '*') {
            star = ++at;
            star_name = name;
        } else if (at < end && element_takes(at, end, (unsigned char)*name, &next)) {
            at = next;
            name++;
        } else if (star) {
            at = star;
            name = ++star_name;
        } else {
            return false;
        }
        if (star == end)
            return true;
    }
    while (at < end && *at == '*')
        at++;
    return at == end;
}

bool pattern_matches(const struct pattern *pattern, const char *name, size_t size)
{
    uint32_t prefix = pattern->prefix;
    if (size < prefix || memcmp(pattern->text, name, prefix) != 0)
        return false;
    if (pattern->literal)
        return size == prefix;
    uint32_t suffix = pattern->suffix;
    if (size - prefix < suffix ||
        memcmp(pattern->text + pattern->size - suffix, name + size - suffix, suffix) != 0)
        return false;
    return pattern->one_star ||
           glob_matches(pattern->text + prefix, pattern->text + pattern->size - suffix,
                        name + prefix, name + size - suffix);
}
