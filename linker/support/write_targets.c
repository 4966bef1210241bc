/* SPDX-License-Identifier: MIT
 *
 * Whether an output may be written where it is to be, before anything of it is. See
 * write_targets.h. */
#include "support/write_targets.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A file from the host's callback has no inode: it is known by its path. `status` NULL: the output
 * is new. */
static bool is_input(const char *path, const struct stat *status, const struct spared *spared)
{
    for (size_t i = 0; i < spared->input_count; i++) {
        const struct file *its = spared->inputs[i];
        if (its->inode ? status && its->inode == status->st_ino && its->device == status->st_dev
                       : strcmp(its->path, path) == 0)
            return true;
    }
    return false;
}

/* /dev/stdout is a link to /proc/self/fd/1, and that a link to what the descriptor is: to a file,
 * which others write to as well and which must not be replaced under them, or to "pipe:[4711]",
 * which is no path. So what is written there goes to the descriptor itself. */
static bool is_descriptor(const char *path, int *descriptor)
{
    static const char *const folders[] = {"/proc/self/fd/", "/dev/fd/"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        size_t size = strlen(folders[i]);
        const char *number = path + size;
        if (strncmp(path, folders[i], size) != 0 || !*number || strlen(number) > 6 ||
            number[strspn(number, "0123456789")])
            continue;
        *descriptor = atoi(number);
        return true;
    }
    return false;
}

/* Follows symbolic links by hand, so that the link stays and what it names is replaced. */
static bool resolve_links(struct host *host, struct writing *writing)
{
    const char *path = writing->path;
    char *target = writing->target;
    const size_t size = sizeof writing->target;
    snprintf(target, size, "%s", path);
    for (int depth = 0; depth < 40; depth++) {
        char next[4096];
        writing->is_open = is_descriptor(target, &writing->descriptor);
        if (writing->is_open)
            return true;
        ssize_t got = readlink(target, next, sizeof next - 1);
        if (got < 0)
            return true;
        next[got] = 0;
        char *slash = next[0] == '/' ? NULL : strrchr(target, '/');
        size_t folder = slash ? (size_t)(slash - target) + 1 : 0;
        if (folder + (size_t)got + 1 > size)
            return file_fail(host, path, "cannot be written", ENAMETOOLONG);
        memmove(target + folder, next, (size_t)got + 1);
    }
    return file_fail(host, path, "cannot be written", ELOOP);
}

static bool is_output(const struct stat *status, const struct written *outputs)
{
    for (; outputs; outputs = outputs->before)
        for (size_t i = 0; i < outputs->count; i++)
            if (outputs->files[i].inode == status->st_ino &&
                outputs->files[i].device == status->st_dev)
                return true;
    return false;
}

static bool refuse_target(struct host *host, const char *path, const char *why)
{
    diagnose(host, WELT_ERROR, "file", (struct place){.file = path},
             "give the output a name of its own", "%s", why);
    return false;
}

/* One's own file that nobody may write is replaced, as by GNU ld and lld, by one with the mode of a
 * new file. */
static bool may_replace(const struct stat *old)
{
    return old->st_uid == geteuid();
}

static bool is_allowed(struct host *host, struct writing *writing, const struct spared *spared)
{
    const char *path = writing->path;
    if (!*path || strlen(path) + 64 >= sizeof writing->target)
        return file_fail(host, path, "cannot be written", *path ? ENAMETOOLONG : ENOENT);
    if (!resolve_links(host, writing))
        return false;
    writing->exists = stat(writing->target, &writing->old) == 0;
    if (is_input(path, writing->exists ? &writing->old : NULL, spared))
        return refuse_target(host, path, "is an input of this link and cannot be its output");
    if (writing->exists && is_output(&writing->old, spared->outputs))
        return refuse_target(host, path, "is another output of this link");
    if (writing->exists && S_ISDIR(writing->old.st_mode))
        return file_fail(host, path, "cannot be written", EISDIR);
    bool is_replaced = writing->exists && !writing_is_in_place(writing);
    if (is_replaced && !may_replace(&writing->old) && access(writing->target, W_OK) != 0)
        return file_fail(host, path, "cannot be written", errno);
    return true;
}

/* The folder of a new file, and what it is called there. */
static void find_folder(struct writing *writing)
{
    char folder[4096];
    const char *path = writing->target, *slash = strrchr(path, '/');
    snprintf(folder, sizeof folder, "%.*s", slash ? (int)(slash - path + 1) : 1,
             slash ? path : ".");
    if (stat(folder, &writing->folder) == 0)
        writing->name = slash ? slash + 1 : path;
}

/* Two outputs to one device are fine: they follow each other. */
static bool is_same_file(const struct writing *a, const struct writing *b)
{
    if (writing_is_in_place(a) || writing_is_in_place(b) || a->exists != b->exists)
        return false;
    if (a->exists)
        return a->old.st_dev == b->old.st_dev && a->old.st_ino == b->old.st_ino;
    return a->name && b->name && a->folder.st_dev == b->folder.st_dev &&
           a->folder.st_ino == b->folder.st_ino && strcmp(a->name, b->name) == 0;
}

static bool check_apart(struct host *host, const struct writing *all, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (is_same_file(&all[i], &all[index])) {
            diagnose(host, WELT_ERROR, "file", (struct place){.file = all[index].path},
                     "give each output a name of its own", "two outputs would be this file");
            return false;
        }
    return true;
}

bool check_target(struct host *host, struct writing *all, size_t index, const struct spared *spared)
{
    if (!is_allowed(host, &all[index], spared))
        return false;
    if (!all[index].exists)
        find_folder(&all[index]);
    return check_apart(host, all, index);
}
