/* SPDX-License-Identifier: MIT
 *
 * Writing whole files, several at once: all are there in the end, or none. See files.h.
 *
 *     check each target        is it an input, another output, a folder, forbidden: write_targets.c
 *     write temporaries        beside the targets: what fails for want of room fails here
 *     ask the host             the last moment at which nothing has changed
 *     devices, then renames    what was renamed is taken back when a later rename fails */
#include "support/files.h"
#include "support/write_targets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* ---- putting in place ---- */

static bool put_in_place(struct host *host, struct writing *writing)
{
    if (writing_is_in_place(writing))
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
        renamed += !writing_is_in_place(&all[i]);
    for (size_t i = 0; i < count && renamed > 1; i++)
        if (all[i].exists && !writing_is_in_place(&all[i]))
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
            fine = writing_is_in_place(&all[i]) != devices || put_in_place(host, &all[i]);
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
        if (writing_is_in_place(&all[i]) || stat(all[i].target, &status) != 0)
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
        fine = check_target(host, all, i, spared);
    }
    for (size_t i = 0; i < count && fine; i++)
        fine = writing_is_in_place(&all[i]) || write_temporary(host, &all[i]);
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
