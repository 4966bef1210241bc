/* SPDX-License-Identifier: MIT */
#ifndef WELT_RESOLVE_INPUTS_H
#define WELT_RESOLVE_INPUTS_H

#include "link.h"

/* The entry's name when it does not depend on what the inputs define, else NULL (entry.c). */
const char *known_entry(const struct link *link);
/* Decides the entry's name while archives can still be searched for it (entry.c). */
void name_entry(struct link *link);

/* Defines and asks for what options and script name (beforehand.c). */
void name_beforehand(struct link *link);
/* Reads a script among the inputs into the layout's; false: an error was diagnosed. */
bool extend_script(struct link *link, const char *path, welt_bytes bytes);
/* Whether the name is script_path's or one of the first so many of more_scripts (load_script.c). */
bool is_given_script(const struct link *link, const char *name, size_t more);
/* Whether a text's name says that it is no script: a source, or an object gone wrong. */
bool is_no_script(const char *path);
/* For script_extend(); its user is the link (load_script.c). */
const char *include_file(void *user, const char *name, size_t *size);

#endif
