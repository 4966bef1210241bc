/* SPDX-License-Identifier: MIT
 *
 * Reading whole files. See files.h. POSIX.1-2008 calls live here, in write_files.c and in
 * write_targets.c. */
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

bool file_fail(struct host *host, const char *path, const char *what, int number)
{
    char buffer[32];
    diagnose(host, WELT_ERROR, "file", (struct place){.file = path}, NULL, "%s: %s", what,
             error_text(number, buffer, sizeof buffer));
    return false;
}

static enum file_result fail_read(struct host *host, const char *path, int number)
{
    file_fail(host, path, "cannot be read", number);
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

bool file_fits(struct host *host, const char *path, uint64_t size)
{
    if (size > host->max_input)
        fail_too_large(host, path, size, host->max_input);
    return size <= host->max_input;
}

void file_missing(struct host *host, const char *path)
{
    file_fail(host, path, "cannot be read", ENOENT);
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
    if (host->on_read(host->user, file->path, &bytes) != 0 || (!bytes.data && bytes.size))
        return FILE_MISSING;
    if (!file_fits(host, file->path, bytes.size))
        return FILE_FAILED;
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

bool current_folder(char *path, size_t room)
{
    return getcwd(path, room) != NULL;
}
