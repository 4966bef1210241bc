/* SPDX-License-Identifier: MIT
 *
 * Numbers as GNU ld 2.40 reads them in expressions (manual 3.10.1 "Constants", and experiment):
 *
 *     12  014  0xc  $c  0ch  1100b  14o  12d  4K  0x10M
 *
 * K and M multiply by 1024 and 1024 * 1024 and go with the first four forms. A hexadecimal number
 * with an H or X behind it may begin with a letter: `ffh` is a number, `ffh2` a symbol. The
 * suffixes B, O and D want digits of their base; ld 2.40 takes `add` for a number too and makes 0
 * of it, which its later versions mended and nobody can want. */
#include "script/number.h"

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 32);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 16;
}

static size_t span_of(const char *text, int base)
{
    size_t size = 0;
    while (digit_value(text[size]) < base)
        size++;
    return size;
}

static bool is_letter(char c, char lower)
{
    return (c | 32) == lower;
}

/* A number that needs more than 64 bits becomes the largest one, as strtoull(3) has it. */
static void read_digits(const char *text, size_t size, int base, struct token *token)
{
    uint64_t number = 0;
    for (size_t i = 0; i < size; i++) {
        uint64_t digit = (uint64_t)digit_value(text[i]);
        if (number > (UINT64_MAX - digit) / (uint64_t)base) {
            token->is_cut = true;
            number = UINT64_MAX;
            break;
        }
        number = number * (uint64_t)base + digit;
    }
    token->number = number;
}

static size_t read_multiplier(const char *text, struct token *token)
{
    unsigned shift = is_letter(*text, 'k') ? 10 : is_letter(*text, 'm') ? 20 : 0;
    if (!shift)
        return 0;
    token->is_cut |= token->number >> (64 - shift) != 0;
    token->number <<= shift;
    return 1;
}

/* 0x… */
static size_t scan_hex(const char *text, struct token *token)
{
    size_t digits = text[0] == '0' && is_letter(text[1], 'x') ? span_of(text + 2, 16) : 0;
    if (!digits)
        return 0;
    read_digits(text + 2, digits, 16, token);
    size_t suffix = read_multiplier(text + 2 + digits, token);
    token->is_plain_hex = !suffix;
    return 2 + digits + suffix;
}

/* $… is a symbol when more of a name follows than the digits and a multiplier. */
static size_t scan_dollar(const char *text, struct token *token)
{
    size_t digits = text[0] == '$' ? span_of(text + 1, 16) : 0;
    if (!digits)
        return 0;
    struct token read = *token;
    read_digits(text + 1, digits, 16, &read);
    size_t size = 1 + digits + read_multiplier(text + 1 + digits, &read);
    if (lex_is_symbol_byte(text[size]))
        return 0;
    *token = read;
    return size;
}

/* Whether what looks like a number is the beginning of something longer: of a symbol, when it
 * begins with a letter, and otherwise of a slip of the pen, which is for the parser to report
 * whole. */
static bool goes_on(char first, char next)
{
    bool is_operator = next == '/' || next == '~';
    return lex_is_symbol_byte(next) && !(is_operator && first >= '0' && first <= '9');
}

/* …h …x, and …b …o …d with digits of their base. */
static size_t scan_suffixed(const char *text, struct token *token)
{
    static const struct {
        char letter, base;
    } suffixes[] = {{'h', 16}, {'x', 16}, {'b', 2}, {'o', 8}, {'d', 10}};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        size_t digits = span_of(text, suffixes[i].base);
        if (!digits || !is_letter(text[digits], suffixes[i].letter))
            continue;
        if (goes_on(text[0], text[digits + 1]))
            continue;
        read_digits(text, digits, suffixes[i].base, token);
        return digits + 1;
    }
    return 0;
}

/* Decimal, and octal behind a 0. */
static size_t scan_digits(const char *text, struct token *token)
{
    size_t digits = span_of(text, 10);
    if (!digits)
        return 0;
    size_t octal = span_of(text, 8);
    token->is_bad_octal = text[0] == '0' && octal < digits;
    read_digits(text, text[0] == '0' ? octal : digits, text[0] == '0' ? 8 : 10, token);
    return digits + read_multiplier(text + digits, token);
}

bool number_scan(const char *text, struct token *token)
{
    if (digit_value(text[0]) >= 16 && text[0] != '$')
        return false;
    struct token read = *token;
    size_t size = scan_hex(text, &read);
    if (!size)
        size = scan_dollar(text, &read);
    if (!size)
        size = scan_suffixed(text, &read);
    if (!size)
        size = scan_digits(text, &read);
    if (!size)
        return false;
    read.kind = TOKEN_NUMBER;
    read.text = text;
    read.size = size;
    *token = read;
    return true;
}
