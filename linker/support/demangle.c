/* SPDX-License-Identifier: MIT
 *
 * Names of C++ and Rust as their sources have them. See demangle.h.
 *
 * LLVM's C interface has no demangler; the C++ runtime library, which LLVM's reader brings along,
 * has one behind the interface of the Itanium C++ ABI (section 3.4), a C function. It takes its
 * memory from malloc() and gives up on names that are nested deep. Longer names than anybody reads
 * stay as they are, and those that refer back to parts of themselves very often: each S0_ or T_ may
 * stand for all that is before it, so that forty of them could be a name of a terabyte; and what is
 * in a Dp is written for each of a list, so that one in another, and so on, could be one too. So it
 * costs little whatever stands in an object.
 *
 * Rust's names are of the same form (rustc: "Symbol Mangling", legacy), with a hash behind them and
 * what C++ has no letters for between dollars:
 *
 *     _ZN4core3fmt9Formatter9write_fmt17h0123456789abcdefE    core::fmt::Formatter::write_fmt
 *     _$LT$u8$u20$as$u20$game..Cell$GT$::name                 <u8 as game::Cell>::name */
#include "support/demangle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_NAME = 500, MOST_REFERENCES = 16, LIKE_A_LIST = 12, ROOM = 1100 };

char *cxa_demangle(const char *name, char *buffer, size_t *size,
                   int *status) __asm__("__cxa_demangle");

/* ---- Rust ---- */

/* "::h" and 16 digits at the end of a name. */
static char *find_hash(char *name)
{
    enum { DIGITS = 16 };
    size_t size = strlen(name);
    char *hash = size > DIGITS + 3 ? name + size - DIGITS - 3 : NULL;
    bool is_one =
        hash && strncmp(hash, "::h", 3) == 0 && strspn(hash + 3, "0123456789abcdef") == DIGITS;
    return is_one ? hash : NULL;
}

/* The character between dollars, and how long that is with them; 0: it is none. */
static char read_dollars(const char *at, size_t *size)
{
    static const struct {
        const char *code;
        char plain;
    } codes[] = {{"$LT$", '<'},  {"$GT$", '>'},   {"$RF$", '&'},  {"$BP$", '*'},
                 {"$LP$", '('},  {"$RP$", ')'},   {"$SP$", '@'},  {"$C$", ','},
                 {"$u20$", ' '}, {"$u27$", '\''}, {"$u5b$", '['}, {"$u5d$", ']'},
                 {"$u7b$", '{'}, {"$u7d$", '}'},  {"$u3b$", ';'}, {"$u7e$", '~'}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        *size = strlen(codes[i].code);
        if (strncmp(at, codes[i].code, *size) == 0)
            return codes[i].plain;
    }
    return 0;
}

/* In its own place: it becomes shorter. */
static void write_as_rust(char *name)
{
    char *hash = find_hash(name), *to = name;
    if (!hash)
        return;
    *hash = 0;
    for (const char *from = name; *from;) {
        size_t size = 1;
        char plain = *from == '$' ? read_dollars(from, &size) : 0;
        bool is_path = from[0] == '.' && from[1] == '.';
        bool is_lead = from[0] == '_' && from[1] == '$' && (from == name || from[-1] == ':');
        if (!plain)
            size = is_path ? 2 : 1;
        if (is_path)
            memcpy(to, "::", 2);
        else
            *to = plain ? plain : *from;
        to += is_lead ? 0 : is_path ? 2 : 1;
        from += size;
    }
    *to = 0;
}

/* ---- both ---- */

/* S_, S0_, SA_, T_, T0_, … and Dp, which is as good as several: also what only looks like one. */
static unsigned count_references(const char *name)
{
    unsigned count = 0;
    for (; *name; name++) {
        const char *end = name + 1;
        if (name[0] == 'D' && name[1] == 'p')
            count += LIKE_A_LIST;
        if (*name != 'S' && *name != 'T')
            continue;
        while ((*end >= '0' && *end <= '9') || (*end >= 'A' && *end <= 'Z'))
            end++;
        count += *end == '_';
    }
    return count;
}

static char *source_name(const char *mangled, size_t size)
{
    char name[LONGEST_NAME + 1];
    int status;
    if (size > LONGEST_NAME)
        return NULL;
    memcpy(name, mangled, size);
    name[size] = 0;
    if (count_references(name) > MOST_REFERENCES)
        return NULL;
    char *plain = cxa_demangle(name, NULL, NULL, &status);
    if (plain)
        write_as_rust(plain);
    return plain;
}

static size_t length_of_name(const char *name)
{
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.$");
}

bool demangle_name(const char *name, char *plain, size_t room)
{
    size_t size = strlen(name);
    char *its = strncmp(name, "_Z", 2) == 0 ? source_name(name, size) : NULL;
    bool fits = its && strlen(its) < room;
    if (fits)
        memcpy(plain, its, strlen(its) + 1);
    free(its);
    return fits;
}

bool demangle_names(char *text, size_t room)
{
    char rest[ROOM];
    bool changed = false;
    for (char *at = text; (at = strstr(at, "_Z")) != NULL;) {
        char *name = at;
        size_t size = length_of_name(name);
        bool begins = name > text && (name[-1] == '`' || name[-1] == ' ');
        char *plain = begins ? source_name(name, size) : NULL;
        at = name + (plain ? 1 : size);
        if (!plain)
            continue;
        size_t before = (size_t)(name - text);
        snprintf(rest, sizeof rest, "%s", name + size);
        snprintf(name, room - before, "%s%s", plain, rest);
        free(plain);
        changed = true;
    }
    return changed;
}
