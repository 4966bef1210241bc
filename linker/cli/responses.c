/* SPDX-License-Identifier: MIT
 *
 * Response files: @FILE stands for the words in FILE. Words are parted by white space; a backslash
 * takes the next character as it is; single and double quotes keep white space (the rules of
 * libiberty's @FILE, which gcc and clang write for). rustc writes one word a line, escapes
 * backslashes and blanks, and leaves quotes as they are: in
 *
 *     -L
 *     /home/ann/it's\ here
 *
 * the quote is a character. It shows: a file by libiberty's rules closes each quote that it opens.
 * So where no line has a blank between words and some line has a quote that it does not close,
 * quotes are characters. A file may name others, to a bounded depth and number of words. */
#include "memory.h"
#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 16, MOST_WORDS = 1 << 20 };
static const size_t largest_file = 16u << 20;

void free_words(struct words *words)
{
    for (size_t i = 0; i < words->text_count; i++)
        free(words->texts[i]);
    free(words->texts);
    free(words->at);
}

static bool add_word(struct words *words, char *word)
{
    if (words->count >= MOST_WORDS) {
        mistake("more than %d arguments", MOST_WORDS);
        return false;
    }
    words->at = grow(words->at, words->count, sizeof *words->at);
    words->at[words->count++] = word;
    return true;
}

static void keep_text(struct words *words, char *text)
{
    words->texts = grow(words->texts, words->text_count, sizeof *words->texts);
    words->texts[words->text_count++] = text;
}

static char *refuse(const char *path, const char *why)
{
    mistake("response file `%.200s' cannot be read: %s", path, why);
    return NULL;
}

/* As a text of the command's; NULL: it cannot be read, or is none. */
static char *read_whole(struct words *words, const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return refuse(path, strerror(errno));
    size_t size = 0, room = 4096, got;
    char *text = resize(NULL, room);
    while ((got = fread(text + size, 1, room - 1 - size, file)) > 0 && size <= largest_file) {
        size += got;
        if (size == room - 1)
            text = resize(text, room *= 2);
    }
    const char *error = ferror(file) ? strerror(errno) : NULL;
    fclose(file);
    text[size] = 0;
    keep_text(words, text);
    if (error)
        return refuse(path, error);
    if (size > largest_file)
        return refuse(path, "more than 16 MiB");
    return strlen(text) == size ? text : refuse(path, "it has a byte 0, as no text has");
}

/* Of one line: has it more than one word; does it leave a quote open. */
static const char *read_line(const char *at, bool *has_blank, bool *is_open)
{
    char quote = 0;
    bool after_blank = false, after_word = false;
    for (; *at && *at != '\n'; at++) {
        bool blank = isspace((unsigned char)*at);
        *has_blank |= !blank && after_blank && after_word;
        after_blank = blank;
        after_word |= !blank;
        if (*at == '\\' && at[1] && at[1] != '\n')
            at++;
        else if (quote ? *at == quote : *at == '\'' || *at == '"')
            quote = quote ? 0 : *at;
    }
    *is_open |= quote != 0;
    return *at ? at + 1 : at;
}

static bool quotes_are_plain(const char *text)
{
    bool has_blank = false, is_open = false;
    while (*text && !has_blank)
        text = read_line(text, &has_blank, &is_open);
    return is_open && !has_blank;
}

/* Cuts the next word out of a text, in place; NULL at its end. */
static char *cut_word(char **text, bool plain)
{
    char *from = *text, quote = 0;
    while (isspace((unsigned char)*from))
        from++;
    if (!*from)
        return NULL;
    char *word = from, *to = from;
    for (; *from && (quote || !isspace((unsigned char)*from)); from++) {
        if (*from == '\\' && from[1])
            *to++ = *++from;
        else if (!plain && (quote ? *from == quote : *from == '\'' || *from == '"'))
            quote = quote ? 0 : *from;
        else
            *to++ = *from;
    }
    *text = *from ? from + 1 : from;
    *to = 0;
    return word;
}

static bool read_response(struct words *words, const char *path, int depth);

static bool add_or_read(struct words *words, char *word, int depth)
{
    return word[0] == '@' && word[1] ? read_response(words, word + 1, depth)
                                     : add_word(words, word);
}

static bool read_response(struct words *words, const char *path, int depth)
{
    if (depth == DEEPEST) {
        mistake("response files are nested more than %d deep: @%.200s", DEEPEST, path);
        return false;
    }
    char *text = read_whole(words, path), *word;
    if (!text)
        return false;
    bool plain = quotes_are_plain(text);
    while ((word = cut_word(&text, plain)))
        if (!add_or_read(words, word, depth + 1))
            return false;
    return true;
}

bool read_responses(struct words *words, int count, char **arguments)
{
    bool fine = true;
    for (int i = 0; i < count && words->count < MOST_WORDS; i++)
        fine &= add_or_read(words, arguments[i], 0);
    return fine;
}
