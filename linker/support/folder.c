/* SPDX-License-Identifier: MIT
 *
 * What paths name, which no call of C's own library tells. */
#include "support/folder.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

const char *path_last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool path_is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* The folder of a file that is not there yet, and its name in it; NULL: there is no such folder. */
static const char *find_folder(const char *path, struct stat *folder)
{
    char name[4096];
    const char *slash = strrchr(path, '/');
    int size = slash ? (int)(slash - path) + 1 : 1;
    if (snprintf(name, sizeof name, "%.*s", size, slash ? path : ".") >= (int)sizeof name)
        return NULL;
    return stat(name, folder) == 0 ? (slash ? slash + 1 : path) : NULL;
}

/* Two names of one device are fine: what is written follows each other. */
bool paths_are_one_file(const char *a, const char *b)
{
    struct stat its, other;
    bool has_one = stat(a, &its) == 0, has_other = stat(b, &other) == 0;
    if (has_one != has_other)
        return false;
    if (has_one)
        return S_ISREG(its.st_mode) && is_same(&its, &other);
    const char *its_name = find_folder(a, &its), *other_name = find_folder(b, &other);
    return its_name && other_name && is_same(&its, &other) && strcmp(its_name, other_name) == 0;
}
