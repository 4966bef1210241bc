/* SPDX-License-Identifier: MIT */
#ifndef WELT_SUPPORT_FOLDER_H
#define WELT_SUPPORT_FOLDER_H

#include <stdbool.h>

/* Behind the last slash. */
const char *path_last_part(const char *path);

bool path_is_folder(const char *path);

/* Whether writing to both would write one file, whether it is there yet or not. */
bool paths_are_one_file(const char *a, const char *b);

#endif
