/* SPDX-License-Identifier: MIT */
#ifndef WELT_SUPPORT_FOLDER_H
#define WELT_SUPPORT_FOLDER_H

#include <stdbool.h>

bool path_is_folder(const char *path);

#endif
