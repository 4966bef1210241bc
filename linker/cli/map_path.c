/* SPDX-License-Identifier: MIT
 *
 * Where -Map writes to. With -o ../bin/boot.bin (manual of GNU ld 2.40, 2.1 "Command-line
 * Options"):
 *
 *     -Map=boot.map      boot.map                  -Map=%        ../bin/boot.bin.map
 *     -Map=maps          maps/boot.bin.map         -Map=%.txt    ../bin/boot.bin.txt
 *       (a folder)                                 -Map=m/%      m/../bin/boot.bin.map */
#include "command.h"

#include "support/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *in_folder(struct command *command, const char *folder)
{
    const char *slash = strrchr(command->output, '/');
    const char *name = slash ? slash + 1 : command->output;
    size_t size = strlen(folder) + strlen(name) + 6;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%s/%s.map", folder, name);
    return own_text(command, path) ? path : NULL;
}

static const char *with_name(struct command *command, const char *form, const char *percent)
{
    const char *rest = percent[1] ? percent + 1 : ".map";
    size_t size = strlen(form) + strlen(command->output) + 5;
    char *path = malloc(size);
    if (path)
        snprintf(path, size, "%.*s%s%s", (int)(percent - form), form, command->output, rest);
    return own_text(command, path) ? path : NULL;
}

const char *map_path(struct command *command, const char *name)
{
    const char *percent = strchr(name, '%');
    if (percent && strchr(percent + 1, '%')) {
        mistake("-Map=%.200s: more than one `%%'", name);
        return NULL;
    }
    if (percent)
        return with_name(command, name, percent);
    return path_is_folder(name) ? in_folder(command, name) : name;
}
