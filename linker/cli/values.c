/* SPDX-License-Identifier: MIT
 *
 * The arguments of options: addresses, sizes, numbers, words of a fixed set. Each says what is
 * wrong with one that it does not take. */
#include "values.h"

#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* GNU ld reads the addresses of -Ttext and --section-start as hexadecimal, with or without 0x. */
bool read_address(const char *option, const char *text, uint64_t *address)
{
    char *end;
    errno = 0;
    *address = strtoull(text, &end, 16);
    if (isxdigit((unsigned char)*text) && !*end && !errno)
        return true;
    mistake(errno ? "`%.100s' of %s is more than 64 bits hold"
                  : "`%.100s' of %s is no hexadecimal address",
            text, option);
    return false;
}

/* "512", "0x1000", "64K", "1.44M" (a floppy disk: 1.44 x 1000 x 1024), "2M". */
bool read_size(const char *option, const char *text, uint64_t *size)
{
    static const struct {
        const char *name;
        uint64_t size;
    } floppies[] = {{"160K", 163840}, {"180K", 184320},  {"320K", 327680},   {"360K", 368640},
                    {"720K", 737280}, {"1.2M", 1228800}, {"1.44M", 1474560}, {"2.88M", 2949120}};
    for (size_t i = 0; i < sizeof floppies / sizeof *floppies; i++)
        if (strcasecmp(text, floppies[i].name) == 0) {
            *size = floppies[i].size;
            return true;
        }
    char *end;
    errno = 0;
    uint64_t number = strtoull(text, &end, 0);
    unsigned shift = *end == 'K' || *end == 'k' ? 10 : *end == 'M' || *end == 'm' ? 20 : 0;
    bool fine = isdigit((unsigned char)*text) && !end[shift ? 1 : 0] && !errno &&
                number <= UINT64_MAX >> shift;
    *size = number << shift;
    if (!fine)
        mistake("`%.100s' of %s is no size: 512, 0x1000, 64K, 1.44M", text, option);
    return fine;
}

bool read_number(const char *option, const char *text, unsigned *number)
{
    char *end;
    unsigned long read = strtoul(text, &end, 10);
    *number = (unsigned)read;
    if (isdigit((unsigned char)*text) && !*end && read < UINT32_MAX)
        return true;
    mistake("`%.100s' of %s is no number", text, option);
    return false;
}

bool read_word(const char *option, const char *text, const char *words, int *index)
{
    size_t size = strlen(text);
    *index = 0;
    for (const char *at = words; *at; ++*index) {
        size_t its = strcspn(at, "|");
        if (its == size && memcmp(at, text, size) == 0)
            return true;
        at += its + (at[its] == '|');
    }
    char known[200];
    size_t used = 0;
    for (const char *at = words; *at && used + 3 < sizeof known; at++) {
        known[used++] = *at == '|' ? ',' : *at;
        if (*at == '|')
            known[used++] = ' ';
    }
    known[used] = 0;
    mistake("`%.100s' is no value of %s: there are %s", text, option, known);
    return false;
}
