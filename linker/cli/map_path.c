/* SPDX-License-Identifier: MIT
 *
 * Where -Map writes to. With -o ../bin/boot.bin (manual of GNU ld 2.40, 2.1 "Command-line
 * Options"):
 *
 *     -Map=boot.map      boot.map                  -Map=%        ../bin/boot.bin.map
 *     -Map=maps          maps/boot.bin.map         -Map=%.txt    ../bin/boot.bin.txt
 *       (a folder)                                 -Map=m/%      m/../bin/boot.bin.map */
#include "command.h"

#include "memory.h"
#include "support/folder.h"

#include <string.h>

static const char *in_folder(struct command *command, const char *folder)
{
    const char *slash = strrchr(command->output, '/');
    const char *name = slash ? slash + 1 : command->output;
    return own_text(command, make_text("%s/%s.map", folder, name));
}

static const char *with_name(struct command *command, const char *form, const char *percent)
{
    const char *rest = percent[1] ? percent + 1 : ".map";
    int before = (int)(percent - form);
    return own_text(command, make_text("%.*s%s%s", before, form, command->output, rest));
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
