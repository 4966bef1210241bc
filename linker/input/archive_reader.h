/* SPDX-License-Identifier: MIT
 *
 * An archive while it is read: what archive.c finds of it, and archive_index.c asks. */
#ifndef WELT_INPUT_ARCHIVE_READER_H
#define WELT_INPUT_ARCHIVE_READER_H

#include "input/input.h"

enum index_form { INDEX_NONE, INDEX_GNU, INDEX_BSD };

/* A stretch of the file. */
struct stretch {
    const unsigned char *at;
    uint64_t size;
};

struct archive_reader {
    struct arena *arena;
    struct place place;
    const unsigned char *bytes;
    uint64_t size;
    bool thin;
    enum index_form form;
    unsigned width; /* of the index's numbers: 4 or 8 */
    struct stretch index;
    char *names; /* long names, each ended by NUL; NULL: there is no such table */
    uint64_t names_size;
    LIST(struct archive_member) members;
};

/* Requires the members. false: an error was diagnosed. */
bool archive_read_index(const struct archive_reader *reader, struct archive *archive);

/* Reports damage; always false. */
bool archive_malformed(const struct archive_reader *reader, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
