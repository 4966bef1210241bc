/* SPDX-License-Identifier: MIT
 *
 * Archives: headers of 60 bytes of text, each followed by a member's bytes, all at even offsets.
 *
 *     !<arch>\n
 *     /            the index: symbol -> offset of a member's header; /SYM64/ with 64-bit numbers
 *     //           long names, each ended by "/\n"
 *     main.o/      a member
 *     /18          a member, its long name at 18 of the table
 *
 * So far GNU. BSD and Darwin write "main.o" and spaces; "#1/20" for a name that is the data's first
 * 20 bytes; and __.SYMDEF, __.SYMDEF SORTED, __.SYMDEF_64 for the index.
 *
 * A thin archive (!<thin>\n) has the headers and tables only: a name is a path from the archive's
 * folder, and "/18:134" a member of the archive of that name, whose header is at 134 in there.
 *
 * The headers are walked first; names are made of them at once. The index is read last
 * (archive_index.c), since it names headers. What does not fit is an error (ar(5) of GNU and BSD;
 * Darwin's <mach-o/ranlib.h>). */
#include "input/archive_reader.h"

#include <ar.h>
#include <stdio.h>
#include <string.h>

/* A header, taken apart. */
struct header {
    uint64_t at, data, size;                              /* data: the offset behind the header */
    char name[sizeof(((struct ar_hdr *)0)->ar_name) + 1]; /* trailing spaces cut */
};

#define HEX(number) ((unsigned long long)(number))

/* ---- headers ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Digits between spaces. At most 15 digits: no number of a header is longer. */
static bool parse_number(const char *text, size_t room, uint64_t *number)
{
    size_t at = 0;
    *number = 0;
    while (at < room && text[at] == ' ')
        at++;
    size_t first = at;
    while (at < room && is_digit(text[at]) && at - first < 15)
        *number = *number * 10 + (uint64_t)(text[at++] - '0');
    if (at == first)
        return false;
    while (at < room && text[at] == ' ')
        at++;
    return at == room || text[at] == '\0';
}

static bool read_header(const struct archive_reader *reader, uint64_t at, struct header *header)
{
    struct ar_hdr raw;
    memcpy(&raw, reader->bytes + at, sizeof raw);
    *header = (struct header){.at = at, .data = at + sizeof raw};
    if (memcmp(raw.ar_fmag, ARFMAG, sizeof raw.ar_fmag) != 0)
        return archive_malformed(
            reader, "no member begins at 0x%llx: its header does not end as one", HEX(at));
    size_t size = sizeof raw.ar_name;
    while (size && raw.ar_name[size - 1] == ' ')
        size--;
    memcpy(header->name, raw.ar_name, size);
    if (!parse_number(raw.ar_size, sizeof raw.ar_size, &header->size))
        return archive_malformed(reader, "the header at 0x%llx (%s) has \"%.10s\" for a size",
                                 HEX(at), header->name, raw.ar_size);
    return true;
}

static bool check_data(const struct archive_reader *reader, const struct header *header)
{
    if (header->size <= reader->size - header->data)
        return true;
    return archive_malformed(
        reader, "the member at 0x%llx (%s) reaches to 0x%llx, the file ends at 0x%llx",
        HEX(header->at), header->name, HEX(header->data + header->size), HEX(reader->size));
}

/* ---- names ---- */

static bool starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* The table of long names becomes C strings in one copy: names that share it cost nothing each. */
static bool read_long_names(struct archive_reader *reader, const struct header *header)
{
    if (reader->names)
        return archive_malformed(reader, "a second table of long names is at 0x%llx",
                                 HEX(header->at));
    const char *text = (const char *)reader->bytes + header->data;
    char *names = arena_text(reader->arena, text, (size_t)header->size);
    for (uint64_t i = 0; i < header->size; i++) {
        if (names[i] != '\n')
            continue;
        names[i] = '\0';
        if (i && names[i - 1] == '/')
            names[i - 1] = '\0';
    }
    reader->names = names;
    reader->names_size = header->size;
    return true;
}

/* "/18", or in a thin archive "/18:134": see the head of this file. */
static bool find_long_name(const struct archive_reader *reader, const struct header *header,
                           struct archive_member *member)
{
    const char *colon = strchr(header->name, ':');
    const char *end = header->name + strlen(header->name);
    uint64_t at, origin = 0;
    bool is_number =
        parse_number(header->name + 1, (size_t)((colon ? colon : end) - header->name - 1), &at);
    if (is_number && colon)
        is_number = reader->thin && parse_number(colon + 1, (size_t)(end - colon - 1), &origin);
    if (!is_number)
        return archive_malformed(reader, "the header at 0x%llx has \"%s\" for a name",
                                 HEX(header->at), header->name);
    if (!reader->names || at >= reader->names_size)
        return archive_malformed(
            reader, "the member at 0x%llx has its name at %llu of a table of %llu bytes",
            HEX(header->at), HEX(at), HEX(reader->names_size));
    member->name = reader->names + at;
    member->nested_header = (size_t)origin;
    uint64_t room = reader->names_size - at + 1;
    if (!memchr(member->name, 0, room < FILENAME_MAX ? (size_t)room : FILENAME_MAX))
        return archive_malformed(reader, "the member at 0x%llx has a name of more than %d bytes",
                                 HEX(header->at), FILENAME_MAX);
    return true;
}

/* "#1/20": the name is the data's first 20 bytes, filled up with NUL bytes. */
static bool take_bsd_name(const struct archive_reader *reader, struct header *header,
                          const char **name)
{
    uint64_t size;
    if (!parse_number(header->name + 3, strlen(header->name + 3), &size) || size > header->size)
        return archive_malformed(reader,
                                 "the header at 0x%llx has \"%s\" for a name but %llu bytes",
                                 HEX(header->at), header->name, HEX(header->size));
    *name = arena_text(reader->arena, (const char *)reader->bytes + header->data, (size_t)size);
    header->data += size;
    header->size -= size;
    return true;
}

static const char *short_name(const struct archive_reader *reader, const struct header *header)
{
    size_t size = strlen(header->name);
    if (size > 1 && header->name[size - 1] == '/')
        size--;
    return arena_text(reader->arena, header->name, size);
}

/* ---- members ---- */

static bool is_bsd_index(const char *name)
{
    return starts(name, "__.SYMDEF");
}

/* The first index counts: a second one ("/" twice) is Microsoft's, the same in another order. */
static void note_index(struct archive_reader *reader, const struct header *header,
                       enum index_form form, unsigned width)
{
    if (reader->form != INDEX_NONE)
        return;
    reader->form = form;
    reader->width = width;
    reader->index = (struct stretch){reader->bytes + header->data, header->size};
}

/* GNU's tables have names that begin with '/' and are no number; those that nobody knows are passed
 * over. */
static bool read_table(struct archive_reader *reader, const struct header *header)
{
    if (!check_data(reader, header))
        return false;
    if (strcmp(header->name, "//") == 0)
        return read_long_names(reader, header);
    if (strcmp(header->name, "/") == 0)
        note_index(reader, header, INDEX_GNU, 4);
    else if (strcmp(header->name, "/SYM64/") == 0)
        note_index(reader, header, INDEX_GNU, 8);
    return true;
}

static bool add_member(struct archive_reader *reader, struct header *header)
{
    struct archive_member member = {.name = "", .header = (size_t)header->at};
    if (!reader->thin && !check_data(reader, header))
        return false;
    if (header->name[0] == '/') {
        if (!find_long_name(reader, header, &member))
            return false;
    } else if (!reader->thin && starts(header->name, "#1/")) {
        if (!take_bsd_name(reader, header, &member.name))
            return false;
    } else {
        member.name = short_name(reader, header);
    }
    if (!reader->thin && is_bsd_index(member.name)) {
        note_index(reader, header, INDEX_BSD, starts(member.name, "__.SYMDEF_64") ? 8 : 4);
        return true;
    }
    member.size = (size_t)header->size;
    member.bytes = reader->thin ? NULL : reader->bytes + header->data;
    if (reader->members.count >= UINT32_MAX - 1)
        return archive_malformed(reader, "more than %u members", UINT32_MAX - 1);
    *list_add(reader->arena, &reader->members) = member;
    return true;
}

/* One header and what belongs to it; *at moves behind. */
static bool read_member(struct archive_reader *reader, uint64_t *at)
{
    struct header header;
    if (!read_header(reader, *at, &header))
        return false;
    bool is_table = header.name[0] == '/' && !is_digit(header.name[1]);
    uint64_t end = header.data + (is_table || !reader->thin ? header.size : 0);
    *at = end + (end & 1);
    return is_table ? read_table(reader, &header) : add_member(reader, &header);
}

/* Fewer bytes than a header has may be left only when they are padding. */
static bool check_rest(const struct archive_reader *reader, uint64_t at)
{
    for (uint64_t i = at; i < reader->size; i++)
        if (reader->bytes[i] != '\n' && reader->bytes[i] != '\0')
            return archive_malformed(reader,
                                     "the header at 0x%llx is cut short: the file ends at 0x%llx",
                                     HEX(at), HEX(reader->size));
    return true;
}

static bool read_members(struct archive_reader *reader)
{
    uint64_t at = SARMAG;
    while (at < reader->size && reader->size - at >= sizeof(struct ar_hdr))
        if (!read_member(reader, &at))
            return false;
    return at >= reader->size || check_rest(reader, at);
}

/* ---- the archive ---- */

struct archive *archive_read(struct arena *arena, const char *path, const unsigned char *bytes,
                             size_t size)
{
    struct archive_reader reader = {
        .arena = arena,
        .place = {.file = path},
        .bytes = bytes,
        .size = size,
        .thin = file_kind_of(bytes, size) == FILE_THIN_ARCHIVE,
    };
    if (!reader.thin && file_kind_of(bytes, size) != FILE_ARCHIVE) {
        archive_malformed(&reader, "is no archive");
        return NULL;
    }
    if (!read_members(&reader))
        return NULL;
    struct archive *archive = NEW(arena, struct archive);
    archive->path = path;
    archive->thin = reader.thin;
    archive->members = reader.members.at;
    archive->member_count = (uint32_t)reader.members.count;
    archive->has_index = reader.form != INDEX_NONE;
    return archive_read_index(&reader, archive) ? archive : NULL;
}
