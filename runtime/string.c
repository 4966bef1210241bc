/* SPDX-License-Identifier: 0BSD
 *
 * The string functions of welt/boot.h, as C's standard has them.
 *
 * Requires -fno-builtin and, of gcc, -fno-tree-loop-distribute-patterns: else strlen's loop becomes
 * a call of strlen. */
#include "welt/boot.h"

#include "standard.h"

STANDARD size_t strlen(const char *text)
{
    const char *end = text;
    while (*end)
        end++;
    return (size_t)(end - text);
}

STANDARD size_t strnlen(const char *text, size_t size)
{
    size_t length = 0;
    while (length < size && text[length])
        length++;
    return length;
}

STANDARD int strcmp(const char *left, const char *right)
{
    while (*left && *left == *right) {
        left++;
        right++;
    }
    return (unsigned char)*left - (unsigned char)*right;
}

STANDARD int strncmp(const char *left, const char *right, size_t size)
{
    for (; size; size--, left++, right++)
        if (!*left || *left != *right)
            return (unsigned char)*left - (unsigned char)*right;
    return 0;
}

STANDARD char *strcpy(char *restrict to, const char *restrict from)
{
    char *at = to;
    while ((*at++ = *from++))
        ;
    return to;
}

/* Fills up with zeros; a text of `size` characters or more ends up without one. */
STANDARD char *strncpy(char *restrict to, const char *restrict from, size_t size)
{
    char *at = to;
    for (; size; size--) {
        *at++ = *from;
        if (*from)
            from++;
    }
    return to;
}

STANDARD char *strcat(char *restrict to, const char *restrict from)
{
    char *at = to;
    while (*at)
        at++;
    while ((*at++ = *from++))
        ;
    return to;
}

STANDARD char *strchr(const char *text, int character)
{
    for (;; text++) {
        if (*text == (char)character)
            return (char *)text;
        if (!*text)
            return 0;
    }
}

STANDARD char *strrchr(const char *text, int character)
{
    const char *found = 0;
    for (;; text++) {
        if (*text == (char)character)
            found = text;
        if (!*text)
            return (char *)found;
    }
}
