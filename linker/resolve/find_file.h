/* SPDX-License-Identifier: MIT
 *
 * Where a file is that is named without its folder: by -l, or by a script.
 *
 * Requires: the options' folders, and those that scripts have named so far. Provides: the file,
 * read. */
#ifndef WELT_RESOLVE_FIND_FILE_H
#define WELT_RESOLVE_FIND_FILE_H

#include "link.h"
#include "support/files.h"

/* NULL: an error was diagnosed. */
struct file *find_library(struct link *link, const char *name);
/* Looks in the script's folder, in the current one, in those of -L. NULL: there is none, or an
 * error was diagnosed. */
struct file *find_script_file(struct link *link, const struct script_input *input);

#endif
