/* SPDX-License-Identifier: MIT
 *
 * Calls of the file system, and for memory, that fail when they are told to: a library to be
 * preloaded.
 *
 *     FAULTY_CALL=write FAULTY_NUMBER=3 FAULTY_ERROR=28 LD_PRELOAD=…/libfaulty.so welt …
 *
 * The third write() of the process fails with ENOSPC, all others are the system's. FAULTY_ERROR 0
 * makes it a short one: read() and write() do one byte. Calls: open, read, write, close, fstat,
 * stat, access, readlink, rename, linkat, fchmod, fsync; malloc stands for calloc() and realloc()
 * too. FAULTY_COUNT names a file that gets how
 * many calls there were. FAULTY_PATH: only files whose path or name has this in it are counted (by
 * open, rename, …; read, write, close and fstat count descriptors that such an open gave). */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DESCRIPTORS = 1024 };
static bool is_ours[DESCRIPTORS]; /* opened by a path that counts */
static unsigned long calls;

static bool is_watched(const char *path)
{
    const char *part = getenv("FAULTY_PATH");
    if (strstr(path, ".gcda")) /* where a build that counts lines writes its counts */
        return false;
    return !part || strstr(path, part);
}

static bool is_open_by_us(int descriptor)
{
    return descriptor >= 0 && descriptor < DESCRIPTORS && is_ours[descriptor];
}

static int error_to_give(void)
{
    const char *text = getenv("FAULTY_ERROR");
    return text ? atoi(text) : EIO;
}

/* This call is the one. */
static bool is_faulty(const char *call)
{
    const char *wanted = getenv("FAULTY_CALL"), *number = getenv("FAULTY_NUMBER");
    if (!wanted || strcmp(wanted, call) != 0)
        return false;
    return ++calls == (number ? strtoul(number, NULL, 10) : 0);
}

static bool fails(const char *call)
{
    if (!is_faulty(call))
        return false;
    errno = error_to_give();
    return true;
}

__attribute__((destructor)) static void tell(void)
{
    const char *path = getenv("FAULTY_COUNT");
    FILE *file = path ? fopen(path, "w") : NULL;
    if (!file)
        return;
    fprintf(file, "%lu\n", calls);
    fclose(file);
}

/* ISO C has no way from a pointer to data to one to a function; POSIX has this. */
#define NEXT(type, name)                                                                           \
    (((union {                                                                                     \
         void *object;                                                                             \
         __typeof__(type) function;                                                                \
     }){.object = dlsym(RTLD_NEXT, name)})                                                         \
         .function)

/* The C library's headers have reserved names for the parameters.
   NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

static int open_next(const char *name, const char *path, int flags, mode_t mode)
{
    bool counts = is_watched(path);
    if (counts && fails("open"))
        return -1;
    int descriptor = NEXT(int (*)(const char *, int, ...), name)(path, flags, mode);
    if (descriptor >= 0 && descriptor < DESCRIPTORS)
        is_ours[descriptor] = counts;
    return descriptor;
}

static bool takes_mode(int flags)
{
    return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
}

int open(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = takes_mode(flags) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_next("open", path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = takes_mode(flags) ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return open_next("open64", path, flags, mode);
}

ssize_t read(int descriptor, void *to, size_t size)
{
    ssize_t (*next)(int, void *, size_t) = NEXT(ssize_t(*)(int, void *, size_t), "read");
    if (!is_open_by_us(descriptor) || !is_faulty("read"))
        return next(descriptor, to, size);
    if (!error_to_give())
        return next(descriptor, to, 1);
    errno = error_to_give();
    return -1;
}

ssize_t write(int descriptor, const void *from, size_t size)
{
    ssize_t (*next)(int, const void *, size_t) =
        NEXT(ssize_t(*)(int, const void *, size_t), "write");
    if (!is_open_by_us(descriptor) || !is_faulty("write"))
        return next(descriptor, from, size);
    if (!error_to_give())
        return next(descriptor, from, 1);
    errno = error_to_give();
    return -1;
}

/* A close() that fails has closed. */
int close(int descriptor)
{
    bool faulty = is_open_by_us(descriptor) && is_faulty("close");
    if (is_open_by_us(descriptor))
        is_ours[descriptor] = false;
    int result = NEXT(int (*)(int), "close")(descriptor);
    if (!faulty)
        return result;
    errno = error_to_give();
    return -1;
}

int fstat(int descriptor, struct stat *status)
{
    if (is_open_by_us(descriptor) && fails("fstat"))
        return -1;
    return NEXT(int (*)(int, struct stat *), "fstat")(descriptor, status);
}

int fsync(int descriptor)
{
    if (is_open_by_us(descriptor) && fails("fsync"))
        return -1;
    return NEXT(int (*)(int), "fsync")(descriptor);
}

int fchmod(int descriptor, mode_t mode)
{
    if (is_open_by_us(descriptor) && fails("fchmod"))
        return -1;
    return NEXT(int (*)(int, mode_t), "fchmod")(descriptor, mode);
}

int stat(const char *path, struct stat *status)
{
    if (is_watched(path) && fails("stat"))
        return -1;
    return NEXT(int (*)(const char *, struct stat *), "stat")(path, status);
}

int access(const char *path, int mode)
{
    if (is_watched(path) && fails("access"))
        return -1;
    return NEXT(int (*)(const char *, int), "access")(path, mode);
}

ssize_t readlink(const char *path, char *to, size_t size)
{
    if (is_watched(path) && fails("readlink"))
        return -1;
    return NEXT(ssize_t(*)(const char *, char *, size_t), "readlink")(path, to, size);
}

int linkat(int old_folder, const char *from, int folder, const char *to, int flags)
{
    if (is_watched(to) && fails("linkat"))
        return -1;
    return NEXT(int (*)(int, const char *, int, const char *, int), "linkat")(old_folder, from,
                                                                              folder, to, flags);
}

int rename(const char *from, const char *to)
{
    if (is_watched(to) && fails("rename"))
        return -1;
    return NEXT(int (*)(const char *, const char *), "rename")(from, to);
}

/* ---- memory: by glibc's other names, for dlsym() itself asks for some ---- */

extern void *libc_malloc(size_t size) __asm__("__libc_malloc");
extern void *libc_calloc(size_t count, size_t size) __asm__("__libc_calloc");
extern void *libc_realloc(void *memory, size_t size) __asm__("__libc_realloc");

void *malloc(size_t size)
{
    return fails("malloc") ? NULL : libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return fails("malloc") ? NULL : libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return fails("malloc") ? NULL : libc_realloc(memory, size);
}

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */
