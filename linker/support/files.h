/* SPDX-License-Identifier: MIT
 *
 * Files, whole: read into memory, written so that a failure loses nothing. POSIX calls live here
 * only. */
#ifndef WELT_SUPPORT_FILES_H
#define WELT_SUPPORT_FILES_H

#include "support/arena.h"

struct file {
    const char *path;
    const unsigned char *bytes; /* bytes[size] == 0 */
    size_t size;
    uint64_t device, inode; /* 0: not from the file system */
    void *owned;            /* what host_free() gets, or NULL */
    size_t owned_size;
    bool is_kept; /* for the next link: not the link's to close */
};

enum file_result { FILE_READ, FILE_MISSING, FILE_FAILED, FILE_NO_MEMORY /* within files.c only */ };

/* Reads a file through the host's callback, or from the file system into the host's memory: a
 * mapping would end the process when the file shrinks under it. FILE_MISSING: there is none,
 * nothing was said. FILE_FAILED: an error was diagnosed. Requires the arena to outlive the path;
 * the bytes are freed by file_close(). */
enum file_result file_read(struct arena *arena, const char *path, struct file **result);
void file_close(struct host *host, struct file *file);
/* The error of a call of the system for a file: "boot.o: cannot be read: Permission denied"; false.
 */
bool file_fail(struct host *host, const char *path, const char *what, int number);
/* Whether so many bytes may be an input; if not, an error was diagnosed. */
bool file_fits(struct host *host, const char *path, uint64_t size);
/* The error for a file that must be there. */
void file_missing(struct host *host, const char *path);

struct file_slice {
    const unsigned char *bytes;
    size_t size;
};

struct file_output {
    const char *path;
    struct file_slice bytes;
    bool is_program; /* may be executed, as the umask has it */
};

/* Files that were written, in an arena, the newest first. */
struct written {
    struct written *before;
    size_t count;
    struct {
        uint64_t device, inode;
    } files[];
};

/* What must not be overwritten, however it is spelled. */
struct spared {
    struct file *const *inputs;
    size_t input_count;
    const struct written *outputs;
};

/* Writes whole files: each to a temporary name in its folder; then, when the host's progress
 * callback does not stop it at the step "write", all are renamed, so that a reader sees the old
 * file or the new one, and all are new or none is. What is no regular file (a device, a pipe) is
 * written in place, before the renames. Symbolic links are followed. Result: what was written;
 * NULL: an error was diagnosed and what was there is still there. */
struct written *files_write(struct arena *arena, const struct file_output *outputs, size_t count,
                            const struct spared *spared);

/* The folder in which the process runs, into `path`; false: it has none, or a longer one. */
bool current_folder(char *path, size_t room);

#endif
