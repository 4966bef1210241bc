/* SPDX-License-Identifier: MIT
 *
 * The index of an archive: which member defines a symbol.
 *
 * Requires: members, in the order of their headers. Provides: archive->symbols; an entry that names
 * no header is an error. Numbers are big-endian with GNU, the machine's with BSD: that of i386.
 * (ar(5) of GNU and BSD; Darwin's <mach-o/ranlib.h>.) */
#include "input/archive_reader.h"
#include "support/bytes.h"

#include <string.h>

#define HEX(number) ((unsigned long long)(number))

static uint64_t get_number(const struct archive_reader *reader, const unsigned char *at)
{
    if (reader->form == INDEX_GNU)
        return reader->width == 8 ? get64_big(at) : get32_big(at);
    return reader->width == 8 ? get64(at) : get32(at);
}

const struct archive_member *archive_find(const struct archive *archive, uint64_t header)
{
    uint32_t low = 0, high = archive->member_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (archive->members[middle].header < header)
            low = middle + 1;
        else
            high = middle;
    }
    bool is_found = low < archive->member_count && archive->members[low].header == header;
    return is_found ? &archive->members[low] : NULL;
}

static bool set_symbol(const struct archive_reader *reader, struct archive *archive, uint32_t index,
                       const char *name, uint64_t header)
{
    const struct archive_member *member = archive_find(archive, header);
    if (!member)
        return archive_malformed(reader,
                                 "the index has %.200s in a member at 0x%llx, where none begins",
                                 name, HEX(header));
    archive->symbols[index] =
        (struct archive_symbol){.name = name, .member = (uint32_t)(member - archive->members)};
    return true;
}

static bool make_symbols(const struct archive_reader *reader, struct archive *archive,
                         uint64_t count)
{
    if (count > UINT32_MAX)
        return archive_malformed(reader, "the index has %llu symbols", HEX(count));
    archive->symbol_count = (uint32_t)count;
    archive->symbols = NEW_ARRAY(reader->arena, struct archive_symbol, (size_t)count);
    return true;
}

/* A count, as many offsets of headers, as many names one behind the other. */
static bool read_gnu_index(const struct archive_reader *reader, struct archive *archive)
{
    const unsigned char *at = reader->index.at, *end = at + reader->index.size;
    uint64_t width = reader->width;
    uint64_t count = reader->index.size >= width ? get_number(reader, at) : 0;
    if (reader->index.size < width || count > (reader->index.size - width) / width)
        return archive_malformed(reader, "the index of 0x%llx bytes is said to hold %llu symbols",
                                 HEX(reader->index.size), HEX(count));
    if (!make_symbols(reader, archive, count))
        return false;
    const unsigned char *name = at + width + count * width;
    for (uint32_t i = 0; i < count; i++) {
        const unsigned char *next = name < end ? memchr(name, 0, (size_t)(end - name)) : NULL;
        if (!next)
            return archive_malformed(reader, "the index holds %llu symbols, but only %u names",
                                     HEX(count), i);
        if (!set_symbol(reader, archive, i, (const char *)name,
                        get_number(reader, at + width + i * width)))
            return false;
        name = next + 1;
    }
    return true;
}

/* Where the parts of a BSD index are: the size of the pairs, the pairs, the size of the strings,
 * the strings. */
struct bsd_index {
    const unsigned char *pairs, *strings;
    uint64_t count, strings_size;
};

static bool find_bsd_parts(const struct archive_reader *reader, struct bsd_index *parts)
{
    uint64_t width = reader->width, size = reader->index.size;
    uint64_t pairs = size >= 2 * width ? get_number(reader, reader->index.at) : 0;
    if (size < 2 * width || pairs > size - 2 * width || pairs % (2 * width))
        return archive_malformed(reader,
                                 "the index of 0x%llx bytes is said to hold 0x%llx bytes of pairs",
                                 HEX(size), HEX(pairs));
    parts->pairs = reader->index.at + width;
    parts->count = pairs / (2 * width);
    parts->strings = parts->pairs + pairs + width;
    parts->strings_size = get_number(reader, parts->pairs + pairs);
    if (parts->strings_size > size - 2 * width - pairs ||
        (parts->strings_size && parts->strings[parts->strings_size - 1]))
        return archive_malformed(
            reader,
            "the names of the index, 0x%llx bytes, have no end within its 0x%llx "
            "bytes",
            HEX(parts->strings_size), HEX(size));
    return true;
}

static bool read_bsd_index(const struct archive_reader *reader, struct archive *archive)
{
    struct bsd_index parts = {0};
    uint64_t width = reader->width, total = 0;
    if (!find_bsd_parts(reader, &parts) || !make_symbols(reader, archive, parts.count))
        return false;
    for (uint32_t i = 0; i < parts.count; i++) {
        const unsigned char *pair = parts.pairs + i * 2 * width;
        uint64_t at = get_number(reader, pair);
        if (at >= parts.strings_size)
            return archive_malformed(
                reader, "symbol %u of the index has its name at 0x%llx of 0x%llx bytes", i, HEX(at),
                HEX(parts.strings_size));
        const char *name = (const char *)parts.strings + at;
        total += strlen(name);
        if (names_overlap(total, parts.strings_size, parts.count))
            return archive_malformed(reader, "the names of the index overlap");
        if (!set_symbol(reader, archive, i, name, get_number(reader, pair + width)))
            return false;
    }
    return true;
}

bool archive_read_index(const struct archive_reader *reader, struct archive *archive)
{
    switch (reader->form) {
    case INDEX_GNU: return read_gnu_index(reader, archive);
    case INDEX_BSD: return read_bsd_index(reader, archive);
    default: return true;
    }
}
