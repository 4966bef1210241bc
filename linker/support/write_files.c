/* SPDX-License-Identifier: MIT
 *
 * Writing whole files, several at once: all are there in the end, or none. See files.h.
 *
 *     check each target        is it an input, another output, a folder, forbidden
 *     write temporaries        beside the targets: what fails for want of room fails here
 *     ask the host             the last moment at which nothing has changed
 *     devices, then renames    what was renamed is taken back when a later rename fails */
#include "support/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An output on its way. */
struct writing {
    const char *path; /* as named, for messages */
    struct file_slice bytes;
    mode_t mode;          /* of a new file, before the umask */
    char target[4096];    /* links followed */
    char temporary[4200]; /* "" when it is written in place, or not there any more */
    char kept[4200];      /* another name of the old file, while it may be wanted again; or "" */
    struct stat old;
    struct stat folder; /* of a file that is new, and its name there; NULL: there is no folder */
    const char *name;
    unsigned number; /* names are tried from this on, so that many outputs find theirs at once */
    bool exists, is_placed;
    bool is_open; /* the path is a name of a descriptor that the process has */
    int descriptor;
};

static bool write_all(int descriptor, struct file_slice slice)
{
    const unsigned char *next = slice.bytes;
    while (slice.size) {
        ssize_t done = write(descriptor, next, slice.size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0)
            return false;
        next += done;
        slice.size -= (size_t)done;
    }
    return true;
}

/* Also when writing failed: the reason for that is what counts. */
static bool write_and_close(struct host *host, const struct writing *writing, int descriptor)
{
    bool done = write_all(descriptor, writing->bytes);
    int number = errno;
    if (close(descriptor) != 0 && done) {
        done = false;
        number = errno;
    }
    return done ? true : file_fail(host, writing->path, "cannot be written", number);
}

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

static bool write_in_place(struct host *host, const struct writing *writing)
{
    int descriptor = writing->is_open ? fcntl(writing->descriptor, F_DUPFD_CLOEXEC, 0)
                                      : open(writing->path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        return file_fail(host, writing->path, "cannot be written", errno);
    return write_and_close(host, writing, descriptor);
}

static const struct stat *old_mode(const struct writing *writing)
{
    bool is_kept = writing->exists && writing->old.st_mode & S_IWUSR;
    return is_kept ? &writing->old : NULL;
}

/* The file's permissions stay what they were; a new file gets those that the umask leaves: of 0777
 * when it is a program, as every linker's output has them, else of 0666. fchmod() of a file that
 * another owns may fail: the content is what matters. */
static void take_mode(int descriptor, const struct stat *old)
{
    if (old && fchmod(descriptor, old->st_mode & 07777) != 0)
        errno = 0;
}

/* ---- replacing a file ----
 *
 * The new file is written beside the old one and renamed over it: whoever looks sees the old or the
 * new one, and so does who comes after a kill or a loss of power of the program. No fsync(): what
 * the disk holds after a loss of power is the file system's matter, and a boot image can be linked
 * again.
 *
 * A program that is killed in between leaves a file of its own name, .welt-PID-N, behind. The
 * system knows files without a name (O_TMPFILE), which go with the process, but such a file can
 * only be given a name that is free: it takes the temporary name when all is written, and is
 * renamed at once. That shortens the time in which a kill leaves something from the writing's to a
 * moment. Small files have no more than that moment anyway, and are given their name at first.
 *
 * Nobody removes what an earlier program left: that a process of this number is gone here does not
 * say that it is gone on another machine that has the folder too. */

enum { NAMELESS_FROM = 65536 };

static size_t folder_size(const char *target)
{
    const char *slash = strrchr(target, '/');
    return slash ? (size_t)(slash - target) + 1 : 0;
}

static void temporary_name(char *name, size_t size, const char *target, unsigned attempt)
{
    snprintf(name, size, "%.*s.welt-%ld-%u", (int)folder_size(target), target, (long)getpid(),
             attempt);
}

static int open_temporary(struct writing *writing)
{
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        char *name = writing->temporary;
        temporary_name(name, sizeof writing->temporary, writing->target, writing->number + attempt);
        int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, writing->mode);
        if (descriptor >= 0 || errno != EEXIST)
            return descriptor;
    }
    return -1;
}

#ifdef O_TMPFILE
static bool give_name(int descriptor, struct writing *writing)
{
    char from[40];
    snprintf(from, sizeof from, "/proc/self/fd/%d", descriptor);
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        temporary_name(writing->temporary, sizeof writing->temporary, writing->target,
                       writing->number + attempt);
        if (linkat(AT_FDCWD, from, AT_FDCWD, writing->temporary, AT_SYMLINK_FOLLOW) == 0)
            return true;
        if (errno != EEXIST)
            break;
    }
    writing->temporary[0] = 0;
    return false;
}

/* false: not every file system can do that, and what else is wrong is found and said by those who
 * then write to a name. */
static bool write_nameless(struct writing *writing)
{
    char folder[4200];
    snprintf(folder, sizeof folder, "%.*s.", (int)folder_size(writing->target), writing->target);
    int descriptor = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, writing->mode);
    if (descriptor < 0)
        return false;
    take_mode(descriptor, old_mode(writing));
    bool is_named = write_all(descriptor, writing->bytes) && give_name(descriptor, writing);
    if (close(descriptor) == 0)
        return is_named;
    if (is_named)
        unlink(writing->temporary);
    writing->temporary[0] = 0;
    return false;
}
#else
static bool write_nameless(struct writing *writing)
{
    (void)writing;
    return false;
}
#endif

/* The old file may well be writable: then it is not plain what is forbidden. */
static bool fail_temporary(struct host *host, struct writing *writing, int number)
{
    bool is_forbidden = number == EACCES || number == EPERM || number == EROFS;
    writing->temporary[0] = 0;
    file_fail(host, writing->path, "cannot be written", number);
    if (is_forbidden && writing->exists)
        diagnose(host, WELT_NOTE, "file", (struct place){.file = writing->path}, NULL,
                 "an output is written beside the old one, then renamed: it needs its folder");
    return false;
}

static bool write_temporary(struct host *host, struct writing *writing)
{
    if (writing->bytes.size >= NAMELESS_FROM && write_nameless(writing))
        return true;
    int descriptor = open_temporary(writing);
    if (descriptor < 0)
        return fail_temporary(host, writing, errno);
    take_mode(descriptor, old_mode(writing));
    return write_and_close(host, writing, descriptor);
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

static bool is_in_place(const struct writing *writing)
{
    return writing->is_open || (writing->exists && !S_ISREG(writing->old.st_mode));
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

static bool check_target(struct host *host, struct writing *writing, const struct spared *spared)
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
    bool is_replaced = writing->exists && !is_in_place(writing);
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
    if (is_in_place(a) || is_in_place(b) || a->exists != b->exists)
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

/* ---- putting in place ---- */

static bool put_in_place(struct host *host, struct writing *writing)
{
    if (is_in_place(writing))
        return write_in_place(host, writing);
    if (rename(writing->temporary, writing->target) != 0)
        return file_fail(host, writing->path, "cannot be written", errno);
    writing->temporary[0] = 0;
    writing->is_placed = true;
    return true;
}

/* A second name for the file that is about to be replaced. Not every file system has such: then
 * that file cannot come back. */
static void keep_old(struct writing *writing, unsigned number)
{
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        temporary_name(writing->kept, sizeof writing->kept, writing->target, number + attempt);
        if (linkat(AT_FDCWD, writing->target, AT_FDCWD, writing->kept, 0) == 0)
            return;
        if (errno != EEXIST)
            break;
    }
    writing->kept[0] = 0;
}

static void keep_all_old(struct writing *all, size_t count)
{
    size_t renamed = 0;
    for (size_t i = 0; i < count; i++)
        renamed += !is_in_place(&all[i]);
    for (size_t i = 0; i < count && renamed > 1; i++)
        if (all[i].exists && !is_in_place(&all[i]))
            keep_old(&all[i], (unsigned)(count + i));
}

static void take_back(struct writing *writing)
{
    if (!writing->is_placed)
        return;
    if (!writing->exists)
        unlink(writing->target);
    else if (writing->kept[0] && rename(writing->kept, writing->target) == 0)
        writing->kept[0] = 0;
}

/* Devices first: a rename seldom fails, writing to a full one does. A rename fails after all where
 * the file belongs to another and the folder is sticky, or where something is mounted on it. */
static bool put_all_in_place(struct host *host, struct writing *all, size_t count)
{
    bool fine = true;
    for (int devices = 1; devices >= 0 && fine; devices--) {
        if (!devices)
            keep_all_old(all, count);
        for (size_t i = 0; i < count && fine; i++)
            fine = is_in_place(&all[i]) != devices || put_in_place(host, &all[i]);
    }
    for (size_t i = 0; i < count && !fine; i++)
        take_back(&all[i]);
    return fine;
}

static void remove_names(const struct writing *all, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i].temporary[0])
            unlink(all[i].temporary);
        if (all[i].kept[0])
            unlink(all[i].kept);
    }
}

/* What has no inode of its own, a device, stays 0. */
static void note_written(struct written *written, const struct writing *all)
{
    for (size_t i = 0; i < written->count; i++) {
        struct stat status;
        if (is_in_place(&all[i]) || stat(all[i].target, &status) != 0)
            continue;
        written->files[i].device = status.st_dev;
        written->files[i].inode = status.st_ino;
    }
}

static bool prepare(struct host *host, struct writing *all, size_t count,
                    const struct file_output *outputs, const struct spared *spared)
{
    bool fine = true;
    for (size_t i = 0; i < count && fine; i++) {
        all[i].path = outputs[i].path;
        all[i].bytes = outputs[i].bytes;
        all[i].mode = outputs[i].is_program ? 0777 : 0666;
        all[i].number = (unsigned)i;
        fine = check_target(host, &all[i], spared);
        if (fine && !all[i].exists)
            find_folder(&all[i]);
        fine = fine && check_apart(host, all, i);
    }
    for (size_t i = 0; i < count && fine; i++)
        fine = is_in_place(&all[i]) || write_temporary(host, &all[i]);
    return fine;
}

/* The host is asked without a jump: names are to be removed first. */
struct written *files_write(struct arena *arena, const struct file_output *outputs, size_t count,
                            const struct spared *spared)
{
    struct host *host = arena->host;
    struct writing *all = NEW_ARRAY(arena, struct writing, count);
    struct written *written = arena_alloc(arena, sizeof *written + count * sizeof *written->files);
    written->count = count;
    bool fine = prepare(host, all, count, outputs, spared);
    bool is_stopped = fine && host_stops(host, "write", count, count);
    fine = fine && !is_stopped && put_all_in_place(host, all, count);
    remove_names(all, count);
    if (is_stopped)
        host_fail(host, WELT_CANCELLED);
    if (fine)
        note_written(written, all);
    return fine ? written : NULL;
}
