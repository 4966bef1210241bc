/* SPDX-License-Identifier: MIT
 *
 * Bytes to objects: what kind of file is this, and what does it hold? */
#ifndef WELT_INPUT_INPUT_H
#define WELT_INPUT_INPUT_H

#include "input/object.h"

enum file_kind {
    FILE_EMPTY,
    FILE_ELF_OBJECT, /* relocatable: ELF32 for i386, ELF64 for x86-64 */
    FILE_ELF_LINKED, /* the same, linked: executables, shared objects */
    FILE_ELF_OTHER,  /* another class, machine or type: file_kind_text() says which */
    FILE_ARCHIVE,
    FILE_THIN_ARCHIVE,
    FILE_COFF,
    FILE_PE,
    FILE_MACHO,
    FILE_OMF,
    FILE_AOUT,
    FILE_BITCODE,
    FILE_TEXT, /* printable: perhaps a linker script */
    FILE_UNKNOWN,
};

enum file_kind file_kind_of(const unsigned char *bytes, size_t size);
bool is_readable_elf(const unsigned char *bytes, size_t size); /* FILE_ELF_OBJECT, _LINKED */

/* "a 64-bit ELF object for x86-64", "an LLVM bitcode file", …: what a message calls the file;
 * `hint` gets how to make one that Welt links, or NULL. Static texts, or texts in the arena. */
const char *file_kind_text(struct arena *arena, const unsigned char *bytes, size_t size,
                           const char **hint);

/* One member of an archive. For a thin archive `bytes` is NULL and `name` is the path as the
 * archive has it, relative to the archive's folder. */
struct archive_member {
    const char *name;
    const unsigned char *bytes;
    size_t size;
    size_t header; /* the offset of its header: what the index names */
    /* Thin archives: not 0: `name` is itself an archive, and the member is the one whose header is
     * at this offset in there (see archive_find). ar makes these of archives that are put into a
     * thin one. */
    size_t nested_header;
};

struct archive_symbol {
    const char *name;
    uint32_t member; /* index into members */
};

struct archive {
    const char *path;
    bool thin, has_index;
    struct archive_member *members;
    struct archive_symbol *symbols; /* the index, in its own order */
    uint32_t member_count, symbol_count;
};

/* Reads an archive's headers and index: GNU, BSD and Darwin names and indices (32 and 64 bit), thin
 * ones. Requires bytes and path that stay as they are while the archive lives. Provides the archive
 * in the arena, or NULL after an error was diagnosed. Every member's range lies in the file; the
 * index names only members that are there. A member of an ordinary archive may begin at any even
 * offset, in a damaged one at an odd. */
struct archive *archive_read(struct arena *arena, const char *path, const unsigned char *bytes,
                             size_t size);

/* The member whose header is at this offset, or NULL. */
const struct archive_member *archive_find(const struct archive *archive, uint64_t header);

/* Do so many names, `total` bytes long together, overlap more in their string table than any tool
 * makes them? Sound names share tails at most, and short ones (".L0") are used again and again.
 * Without this bound 50,000 names that are all tails of one name of a megabyte take minutes to
 * compare. */
static inline bool names_overlap(uint64_t total, uint64_t table, uint64_t count)
{
    return total > 4 * table + 256 * count;
}

#endif
