/* SPDX-License-Identifier: MIT
 *
 * A text that grows: see report.h. The blocks are given back when the text is closed, so that what
 * is left of a long listing is its bytes and nothing else. A line never lies in two blocks: it can
 * be looked back at. */
#include "report/report.h"

#include <stdio.h>
#include <string.h>

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct text_block {
    struct text_block *next;
    size_t used, room;
    char bytes[];
};

/* A new last block with room for `size` bytes behind the line that is being written: twice what a
 * long line asks for, or each piece more would copy all of it. */
static void add_block(struct text *text, size_t size)
{
    struct text_block *last = text->last;
    size_t line = last ? last->used - text->line : 0;
    size_t room = last ? last->room * 2 : FIRST_BLOCK;
    if (room > LARGEST_BLOCK)
        room = LARGEST_BLOCK;
    if (room < size + line)
        room = 2 * (size + line);
    struct text_block *block = host_alloc(text->arena->host, sizeof *block + room);
    *block = (struct text_block){.used = line, .room = room};
    if (last) {
        memcpy(block->bytes, last->bytes + text->line, line);
        last->used = text->line;
        last->next = block;
    } else {
        text->first = block;
    }
    text->last = block;
    text->line = 0;
}

/* Where `size` bytes more and a NUL can be put. */
static char *make_room(struct text *text, size_t size)
{
    if (!text->last || text->last->room - text->last->used <= size)
        add_block(text, size + 1);
    return text->last->bytes + text->last->used;
}

static void take(struct text *text, size_t size)
{
    text->last->used += size;
    text->size += size;
}

void text_put(struct text *text, const char *bytes, size_t size)
{
    if (!size)
        return;
    memcpy(make_room(text, size), bytes, size);
    take(text, size);
    /* Bytes that are put need not end a line: what stands here is not looked back at. */
    text->line = text->last->used;
}

void text_take(void *to, const char *bytes, size_t size)
{
    text_put(to, bytes, size);
}

void text_add(struct text *text, const char *format, ...)
{
    va_list arguments;
    char *to = make_room(text, 0);
    size_t room = text->last->room - text->last->used;
    va_start(arguments, format);
    int size = vsnprintf(to, room, format, arguments);
    va_end(arguments);
    if (size < 0)
        return;
    if ((size_t)size >= room) {
        to = make_room(text, (size_t)size);
        va_start(arguments, format);
        vsnprintf(to, (size_t)size + 1, format, arguments);
        va_end(arguments);
    }
    take(text, (size_t)size);
}

void text_column(struct text *text, size_t column)
{
    size_t at = text->last ? text->last->used - text->line : 0;
    size_t blanks = at < column ? column - at : at > 0;
    memset(make_room(text, blanks), ' ', blanks);
    take(text, blanks);
}

void text_end_line(struct text *text)
{
    *make_room(text, 1) = '\n';
    struct text_block *block = text->last;
    char *line = block->bytes + text->line;
    size_t size = block->used - text->line;
    while (size && line[size - 1] == ' ')
        size--;
    for (size_t i = 0; i < size; i++)
        if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
            line[i] = '?';
    line[size] = '\n';
    text->size -= block->used - text->line - size;
    block->used = text->line + size;
    take(text, 1);
    text->line = block->used;
}

welt_bytes text_close(struct text *text)
{
    char *whole = arena_alloc(text->arena, text->size + 1), *to = whole;
    for (struct text_block *block = text->first, *next; block; block = next) {
        next = block->next;
        memcpy(to, block->bytes, block->used);
        to += block->used;
        host_free(text->arena->host, block);
    }
    *to = 0;
    welt_bytes bytes = {(const unsigned char *)whole, text->size};
    *text = (struct text){.arena = text->arena};
    return bytes;
}
