/* SPDX-License-Identifier: MIT
 *
 * One file, or one member of an archive, that takes part in the link: read, or kept from the link
 * before, and its symbols among the globals. Errors are diagnosed. `member` is NULL for a file of
 * its own. */
#ifndef WELT_RESOLVE_TAKE_H
#define WELT_RESOLVE_TAKE_H

#include "link.h"
#include "support/files.h"

/* NULL: it cannot be read. */
struct file *open_input(struct link *link, const char *path);
void add_elf(struct link *link, const char *path, const char *member, welt_bytes bytes,
             bool is_runtime);
/* -b binary: the bytes as they are. */
void add_raw(struct link *link, const char *path, welt_bytes bytes);
/* -R: an image that is there already, whose symbols this one may use. */
void add_values_of(struct link *link, const char *path, welt_bytes bytes);
/* Says what the bytes are that cannot be linked. */
void refuse_input(struct link *link, const char *path, const char *member, welt_bytes bytes);

#endif
