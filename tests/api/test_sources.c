/* SPDX-License-Identifier: MIT
 *
 * Linkers in eight threads, each told the lines of its own sources. These lie in folders whose
 * paths have different lengths, and each row of their line tables changes the file: libdwarf puts a
 * path together each time, in buffers that it has once for the whole process. */
#include "kit.h"

#include <pthread.h>

enum { THREADS = 8, ROUNDS = 40, ERRORS = 40, ROWS_BEFORE = 6 };

/* ---- sources ---- */

static struct folder root;

/* …/f, …/ffffffffffff, …: a thread's own. */
static void name_folder(char *path, size_t size, int number)
{
    int length = 1 + 11 * number;
    snprintf(path, size, "%s/%.*s", root.path, length,
             "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff");
}

static const char *name_file(int error)
{
    return error % 2 ? "odd.c" : "even.c";
}

static unsigned line_of(int number, int error)
{
    return (unsigned)(1000 * (number + 1) + error);
}

static void write_source(const char *path, int number)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fprintf(file, "extern void missing(void);\nint main(void) {\n");
    for (int error = 0; error < ERRORS; error++) {
        for (int i = 0; i < ROWS_BEFORE; i++)
            fprintf(file, "#line 1 \"other%d.c\"\n__asm__ volatile(\"nop\");\n", i);
        fprintf(file, "#line %u \"%s\"\nmissing();\n", line_of(number, error), name_file(error));
    }
    fprintf(file, "return 0; }\n");
    assert_int_equal(fclose(file), 0);
}

static welt_bytes compile_in(const char *path, int number)
{
    char line[400], name[200];
    snprintf(name, sizeof name, "%s/main.c", path);
    snprintf(line, sizeof line, "mkdir %s", path);
    assert_int_equal(system(line), 0); // NOLINT: the line is ours
    write_source(name, number);
    snprintf(line, sizeof line, "cd %s && gcc -m16 -g -O1 -ffreestanding -fno-pic -c main.c", path);
    assert_int_equal(system(line), 0); // NOLINT: the line is ours
    snprintf(name, sizeof name, "%s/main.o", path);
    return read_file(name);
}

/* ---- a thread ---- */

struct thread {
    pthread_t id;
    int number;
    char folder[150];
    welt_bytes object;
    struct host host;
    unsigned failures;
    char first_wrong[300]; /* where it was told that a mistake is */
};

static pthread_barrier_t start;

static void check_told(struct thread *its, int error)
{
    char wanted[200];
    const struct told *told = &its->host.told[error];
    snprintf(wanted, sizeof wanted, "%s/%s", its->folder, name_file(error));
    if (strcmp(told->file, wanted) == 0 && told->line == line_of(its->number, error))
        return;
    if (!its->failures++)
        snprintf(its->first_wrong, sizeof its->first_wrong, "%s:%u, not %s:%u", told->file,
                 told->line, wanted, line_of(its->number, error));
}

static void link_once(struct thread *its)
{
    welt_linker *linker = NULL;
    welt_options options = host_options(&its->host);
    options.max_errors = ERRORS;
    host_forget(&its->host);
    its->failures += welt_linker_new(&linker, &options) != WELT_OK;
    welt_add_bytes(linker, "main.o", its->object.data, its->object.size);
    its->failures += welt_link(linker) != WELT_FAILED || its->host.told_count < ERRORS;
    for (int error = 0; error < ERRORS; error++)
        check_told(its, error);
    welt_linker_free(linker);
}

static void *work(void *argument)
{
    struct thread *its = argument;
    pthread_barrier_wait(&start);
    for (int i = 0; i < ROUNDS && !its->failures; i++)
        link_once(its);
    its->failures += its->host.live != 0;
    return NULL;
}

/* ---- all of them ---- */

static void each_its_own_sources(void **state)
{
    static struct thread threads[THREADS];
    (void)state;
    root = make_folder();
    assert_int_equal(pthread_barrier_init(&start, NULL, THREADS), 0);
    for (int i = 0; i < THREADS; i++) {
        struct thread *its = &threads[i];
        its->number = i;
        host_open(&its->host);
        name_folder(its->folder, sizeof its->folder, i);
        its->object = compile_in(its->folder, i);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i].id, NULL, work, &threads[i]), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i].id, NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_string_equal(threads[i].first_wrong, "");
        assert_int_equal(threads[i].failures, 0);
        free_bytes(threads[i].object);
    }
    pthread_barrier_destroy(&start);
    remove_folder(&root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(each_its_own_sources)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
