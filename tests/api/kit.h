/* SPDX-License-Identifier: MIT
 *
 * What the tests of welt.h share: a host that remembers what it was told and counts what it lent,
 * files that are nowhere but in memory, objects and archives made by the tools when the tests run.
 * Stands on welt.h alone. */
#ifndef WELT_TESTS_KIT_H
#define WELT_TESTS_KIT_H

#include "welt.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- a host ---- */

/* A diagnostic, copied; "" where it had NULL. */
struct told {
    welt_severity severity;
    bool has_offset;
    unsigned line, column;
    uint64_t offset;
    char id[40], message[1100], hint[400], object[400], section[200], symbol[200], file[200];
    char text[1100];
};

struct virtual_file {
    const char *path;
    welt_bytes bytes;
};

enum { TOLD_MOST = 40, FILES_MOST = 12 };

struct host {
    /* what it was told: every diagnostic is counted, the first ones are kept */
    struct told told[TOLD_MOST];
    unsigned told_count, errors;
    /* what it lent */
    size_t live, live_bytes, lent; /* blocks, bytes of them, blocks that were ever asked for */
    size_t allowed;                /* blocks until one is refused; SIZE_MAX: none is */
    /* its files, and the paths that it was asked for, a line each */
    struct virtual_file files[FILES_MOST];
    size_t file_count;
    char asked[4000];
    /* progress */
    unsigned steps, stop_at; /* calls so far; the call that says stop, from 1; 0: none */
};

/* Options with the host's callbacks and allocator, but for on_read: a boot build named boot.bin. */
welt_options host_options(struct host *self);
/* The same, and files are the host's own. */
welt_options host_options_reading(struct host *self);
void host_open(struct host *self);
/* Everything that was lent came back. */
void host_close(struct host *self);
void host_forget(struct host *self); /* diagnostics and paths */
void host_add_file(struct host *self, const char *path, welt_bytes bytes);
void host_add_text(struct host *self, const char *path, const char *text);
/* The first diagnostic of this id; the test fails when there is none. */
const struct told *host_told(const struct host *self, const char *id);

/* Most tests have one host: it is opened before each of them and closed behind it. */
extern struct host host;
int set_up(void **state);
int tear_down(void **state);
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

/* ---- links ---- */

/* Fails the test, with what the host was told, when the status is another. */
void expect(const struct host *self, welt_status status, welt_status wanted);

welt_linker *new_linker(struct host *self, const welt_options *options);
void add_bytes(welt_linker *linker, const char *name, welt_bytes bytes);
welt_bytes get(welt_linker *linker, welt_output output);
void assert_bytes_equal(welt_bytes a, welt_bytes b);
/* A copy that outlives the linker; free() its data by free_bytes(). */
welt_bytes keep(welt_bytes bytes);
void free_bytes(welt_bytes bytes);
/* The image of a boot build of these objects, by a linker of its own, kept. */
welt_bytes image_of(const welt_bytes *objects, size_t count);
uint64_t symbol(const welt_linker *linker, const char *name);

/* ---- objects: made once a process, alive until its end ---- */

welt_bytes assemble(const char *source);           /* as --32, after ".code16" */
welt_bytes compile_with_lines(const char *source); /* -g too */
welt_bytes compile_c(const char *source);          /* gcc -m16, sections for functions and data */
/* ar FLAGS: members m0.o, m1.o, … */
welt_bytes make_archive(const char *flags, const welt_bytes *members, size_t count);
welt_bytes text_bytes(const char *text);

/* ---- the file system ---- */

struct folder {
    char path[64];
};
struct folder make_folder(void);
void remove_folder(const struct folder *folder);
/* A path in the folder; valid until some calls later. */
const char *in(const struct folder *folder, const char *name);
void write_file(const char *path, welt_bytes bytes);
welt_bytes read_file(const char *path); /* kept */
/* Names in the folder but for . and .., in order, with a blank behind each. */
void list_folder(const struct folder *folder, char *names, size_t size);
unsigned open_files(void); /* of this process */

/* ---- what is printed ---- */

struct capture {
    int kept[2];
    FILE *file;
};
struct capture capture_begin(void);
/* Fails the test when anything was written to stdout or stderr since. */
void capture_end(struct capture *capture);

#endif
