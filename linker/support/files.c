/* SPDX-License-Identifier: MIT
 *
 * Reading and writing whole files. See files.h. POSIX.1-2008 calls live here and nowhere else. */
#include "support/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LARGEST_STREAM = 32 << 20 }; /* of a pipe or a device, which may never end */

/* strerror() may use a static buffer; this form does not. */
static const char *error_text(int number, char *buffer, size_t size)
{
#ifdef __GLIBC__
    const char *text = strerrordesc_np(number);
    if (text)
        return text;
#endif
    snprintf(buffer, size, "error %d", number);
    return buffer;
}

static bool fail(struct host *host, const char *path, const char *what, int number)
{
    char buffer[32];
    diagnose(host, WELT_ERROR, "file", (struct place){.file = path}, NULL, "%s: %s", what,
             error_text(number, buffer, sizeof buffer));
    return false;
}

static enum file_result fail_read(struct host *host, const char *path, int number)
{
    fail(host, path, "cannot be read", number);
    return FILE_FAILED;
}

static enum file_result fail_too_large(struct host *host, const char *path, uint64_t size,
                                       uint64_t most)
{
    diagnose(host, WELT_ERROR, "file", (struct place){.file = path}, NULL,
             "has %llu bytes or more: at most %llu are read", (unsigned long long)size,
             (unsigned long long)most);
    return FILE_FAILED;
}

void file_missing(struct host *host, const char *path)
{
    fail(host, path, "cannot be read", ENOENT);
}

/* ---- reading ---- */

/* Raises the room for a file's bytes. false: memory ran out; the caller has a descriptor to close
 * first, so this is the one place that may not jump out. */
static bool make_room(struct host *host, struct file *file, size_t size, size_t room)
{
    unsigned char *larger = host_try_alloc(host, room);
    if (!larger)
        return false;
    if (size)
        memcpy(larger, file->owned, size);
    host_free(host, file->owned);
    file->owned = larger;
    file->owned_size = room;
    return true;
}

/* Reads from a descriptor until its end into memory that doubles: a pipe has no size beforehand. */
static enum file_result read_stream(struct host *host, int descriptor, struct file *file,
                                    uint64_t most)
{
    size_t size = 0;
    for (;;) {
        if (size + 1 >= file->owned_size && !make_room(host, file, size, file->owned_size * 2))
            return FILE_NO_MEMORY;
        unsigned char *next = (unsigned char *)file->owned + size;
        ssize_t got = read(descriptor, next, file->owned_size - 1 - size);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail_read(host, file->path, errno);
        if (got == 0)
            break;
        size += (size_t)got;
        if (size > most)
            return fail_too_large(host, file->path, size, most);
    }
    ((unsigned char *)file->owned)[size] = 0;
    file->bytes = file->owned;
    file->size = size;
    return FILE_READ;
}

static enum file_result read_open(struct host *host, int descriptor, struct file *file)
{
    struct stat status;
    if (fstat(descriptor, &status) != 0)
        return fail_read(host, file->path, errno);
    if (S_ISDIR(status.st_mode))
        return fail_read(host, file->path, EISDIR);
    bool is_regular = S_ISREG(status.st_mode);
    uint64_t most =
        is_regular || host->max_input < LARGEST_STREAM ? host->max_input : (uint64_t)LARGEST_STREAM;
    if (is_regular && (uint64_t)status.st_size > most)
        return fail_too_large(host, file->path, (uint64_t)status.st_size, most);
    file->device = status.st_dev;
    file->inode = status.st_ino;
    size_t room = is_regular ? (size_t)status.st_size + 2 : 65536;
    if (!make_room(host, file, 0, room))
        return FILE_NO_MEMORY;
    return read_stream(host, descriptor, file, most);
}

static enum file_result read_by_callback(struct host *host, struct file *file)
{
    welt_bytes bytes = {0};
    if (host->on_read(host->user, file->path, &bytes) != 0)
        return FILE_MISSING;
    unsigned char *copy = host_alloc(host, bytes.size + 1); /* for the NUL behind it */
    if (bytes.size)
        memcpy(copy, bytes.data, bytes.size);
    copy[bytes.size] = 0;
    file->owned = copy;
    file->owned_size = bytes.size + 1;
    file->bytes = copy;
    file->size = bytes.size;
    return FILE_READ;
}

enum file_result file_read(struct arena *arena, const char *path, struct file **result)
{
    struct host *host = arena->host;
    struct file *file = NEW(arena, struct file);
    file->path = arena_text(arena, path, strlen(path));
    *result = file;
    if (host->on_read)
        return read_by_callback(host, file);
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR))
        return FILE_MISSING;
    if (descriptor < 0)
        return fail_read(host, file->path, errno);
    enum file_result got = read_open(host, descriptor, file);
    close(descriptor);
    if (got != FILE_READ)
        file_close(host, file);
    if (got == FILE_NO_MEMORY)
        host_fail(host, WELT_NO_MEMORY);
    return got;
}

void file_close(struct host *host, struct file *file)
{
    host_free(host, file->owned);
    file->owned = NULL;
    file->bytes = NULL;
}

/* ---- writing ---- */

/* An output on its way. */
struct writing {
    const char *path; /* as named, for messages */
    struct file_slice bytes;
    char target[4096];    /* links followed */
    char temporary[4200]; /* "" when it is written in place, or not there any more */
    struct stat old;
    bool exists;
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
    return done ? true : fail(host, writing->path, "cannot be written", number);
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
    int descriptor = open(writing->path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        return fail(host, writing->path, "cannot be written", errno);
    return write_and_close(host, writing, descriptor);
}

/* The file's permissions stay what they were; a new file gets those that the umask leaves of 0777,
 * as every linker's output does. fchmod() of a file that another owns may fail: the content is what
 * matters. */
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

static int open_temporary(char *name, size_t size, const char *target)
{
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        temporary_name(name, size, target, attempt);
        int descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0777);
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
        temporary_name(writing->temporary, sizeof writing->temporary, writing->target, attempt);
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
    int descriptor = open(folder, O_WRONLY | O_TMPFILE | O_CLOEXEC, 0777);
    if (descriptor < 0)
        return false;
    take_mode(descriptor, writing->exists ? &writing->old : NULL);
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

static bool write_temporary(struct host *host, struct writing *writing)
{
    if (writing->bytes.size >= NAMELESS_FROM && write_nameless(writing))
        return true;
    int descriptor = open_temporary(writing->temporary, sizeof writing->temporary, writing->target);
    if (descriptor < 0) {
        int number = errno;
        writing->temporary[0] = 0;
        return fail(host, writing->path, "cannot be written", number);
    }
    take_mode(descriptor, writing->exists ? &writing->old : NULL);
    return write_and_close(host, writing, descriptor);
}

/* Follows symbolic links by hand, so that the link stays and what it names is replaced. */
static bool resolve_links(struct host *host, const char *path, char *target, size_t size)
{
    snprintf(target, size, "%s", path);
    for (int depth = 0; depth < 40; depth++) {
        char next[4096];
        ssize_t got = readlink(target, next, sizeof next - 1);
        if (got < 0)
            return true;
        next[got] = 0;
        char *slash = next[0] == '/' ? NULL : strrchr(target, '/');
        size_t folder = slash ? (size_t)(slash - target) + 1 : 0;
        if (folder + (size_t)got + 1 > size)
            return fail(host, path, "cannot be written", ENAMETOOLONG);
        memmove(target + folder, next, (size_t)got + 1);
    }
    return fail(host, path, "cannot be written", ELOOP);
}

static bool is_in_place(const struct writing *writing)
{
    return writing->exists && !S_ISREG(writing->old.st_mode);
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

static bool check_target(struct host *host, struct writing *writing, const struct spared *spared)
{
    const char *path = writing->path;
    if (!*path || strlen(path) + 64 >= sizeof writing->target)
        return fail(host, path, "cannot be written", *path ? ENAMETOOLONG : ENOENT);
    if (!resolve_links(host, path, writing->target, sizeof writing->target))
        return false;
    writing->exists = stat(writing->target, &writing->old) == 0;
    if (is_input(path, writing->exists ? &writing->old : NULL, spared))
        return refuse_target(host, path, "is an input of this link and cannot be its output");
    if (writing->exists && is_output(&writing->old, spared->outputs))
        return refuse_target(host, path, "is another output of this link");
    if (writing->exists && S_ISDIR(writing->old.st_mode))
        return fail(host, path, "cannot be written", EISDIR);
    if (writing->exists && S_ISREG(writing->old.st_mode) && access(writing->target, W_OK) != 0)
        return fail(host, path, "cannot be written", errno);
    return true;
}

/* The folder of a path, and what it is called there. */
static const char *find_folder(const char *path, struct stat *folder)
{
    char name[4096];
    const char *slash = strrchr(path, '/');
    snprintf(name, sizeof name, "%.*s", slash ? (int)(slash - path + 1) : 1, slash ? path : ".");
    return stat(name, folder) == 0 ? (slash ? slash + 1 : path) : NULL;
}

/* Two outputs to one device are fine: they follow each other. */
static bool is_same_file(const struct writing *a, const struct writing *b)
{
    struct stat its_folder, other_folder;
    if (is_in_place(a) || is_in_place(b) || a->exists != b->exists)
        return false;
    if (a->exists)
        return a->old.st_dev == b->old.st_dev && a->old.st_ino == b->old.st_ino;
    const char *its = find_folder(a->target, &its_folder);
    const char *other = find_folder(b->target, &other_folder);
    return its && other && its_folder.st_dev == other_folder.st_dev &&
           its_folder.st_ino == other_folder.st_ino && strcmp(its, other) == 0;
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

static bool put_in_place(struct host *host, struct writing *writing)
{
    if (is_in_place(writing))
        return write_in_place(host, writing);
    if (rename(writing->temporary, writing->target) != 0)
        return fail(host, writing->path, "cannot be written", errno);
    writing->temporary[0] = 0;
    return true;
}

/* Devices first: a rename seldom fails, writing to a full one does. */
static bool put_all_in_place(struct host *host, struct writing *all, size_t count)
{
    for (int devices = 1; devices >= 0; devices--)
        for (size_t i = 0; i < count; i++)
            if (is_in_place(&all[i]) == devices && !put_in_place(host, &all[i]))
                return false;
    return true;
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

struct written *files_write(struct arena *arena, const struct file_output *outputs, size_t count,
                            const struct spared *spared)
{
    struct host *host = arena->host;
    struct writing *all = NEW_ARRAY(arena, struct writing, count);
    struct written *written = arena_alloc(arena, sizeof *written + count * sizeof *written->files);
    written->count = count;
    bool fine = true;
    for (size_t i = 0; i < count && fine; i++) {
        all[i].path = outputs[i].path;
        all[i].bytes = outputs[i].bytes;
        fine = check_target(host, &all[i], spared) && check_apart(host, all, i);
    }
    for (size_t i = 0; i < count && fine; i++)
        fine = is_in_place(&all[i]) || write_temporary(host, &all[i]);
    fine = fine && put_all_in_place(host, all, count);
    for (size_t i = 0; i < count; i++)
        if (all[i].temporary[0])
            unlink(all[i].temporary);
    if (fine)
        note_written(written, all);
    return fine ? written : NULL;
}

bool current_folder(char *path, size_t room)
{
    return getcwd(path, room) != NULL;
}
