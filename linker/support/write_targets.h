/* SPDX-License-Identifier: MIT
 *
 * Inside of writing files (write_files.c): an output on its way, and where it goes.
 *
 * Requires: path, bytes, mode and number. Provides: the target with its links followed, what is
 * there already, and that it is no input, no other output and not forbidden. */
#ifndef WELT_SUPPORT_WRITE_TARGETS_H
#define WELT_SUPPORT_WRITE_TARGETS_H

#include "support/files.h"

#include <sys/stat.h>

struct writing {
    const char *path; /* as named, for messages */
    struct file_slice bytes;
    mode_t mode;          /* of a new file, before the umask */
    char target[4096];    /* links followed */
    char temporary[4200]; /* "" when it is written in place, or not there any more */
    char kept[4200];      /* another name of the old file, while it may be wanted again; or "" */
    struct stat old;
    struct stat folder; /* of a file that is new, and its name there; NULL: there is no folder */
    const char *name;
    unsigned number; /* names are tried from this on, so that many outputs find theirs at once */
    bool exists, is_placed;
    bool is_open; /* the path is a name of a descriptor that the process has */
    int descriptor;
};

/* A device, a pipe or what else is no file of its own is written where it stands. */
static inline bool writing_is_in_place(const struct writing *writing)
{
    return writing->is_open || (writing->exists && !S_ISREG(writing->old.st_mode));
}

/* Checks one of `all`, those before it having been checked. false: an error was diagnosed. */
bool check_target(struct host *host, struct writing *all, size_t index,
                  const struct spared *spared);

#endif
