/* SPDX-License-Identifier: MIT
 *
 * Whether a path names a folder, which no call of C's own library tells. */
#include "support/folder.h"

#include <sys/stat.h>

bool path_is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}
