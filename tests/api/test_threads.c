/* SPDX-License-Identifier: MIT
 *
 * Linkers in different threads do not meet: each gives the bytes that a link alone gives, and hears
 * of its own mistakes only. */
#include "kit.h"

#include <pthread.h>

enum { THREADS = 4, ROUNDS = 12 };

static const char program[] =
    "static const char *const names[] = {\"alpha\\r\\n\", \"beta\\r\\n\", \"welt\"};\n"
    "int counter, other[10]; volatile long long big = 12345678901LL;\n"
    "__attribute__((noinline)) void say(const char *s) { while (*s)\n"
    "  __asm__ volatile(\"int $0x10\" : : \"a\"(0x0e00 | *s++), \"b\"(7)); }\n"
    "int main(void) { for (int i = 0; i < 3; i++) { say(names[i]); other[i] = ++counter; }\n"
    "  big /= 10; return 0; }\n";

/* ---- a thread ---- */

struct thread {
    pthread_t id;
    struct host host;
    welt_bytes good, bad, wanted[3];
    const char *entry;
    unsigned failures; /* what was not as it should be */
};

static welt_bytes try_get(welt_linker *linker, int which)
{
    welt_bytes bytes = {NULL, 0};
    welt_get(linker, (welt_output)which, &bytes);
    return bytes;
}

static void link_well(struct thread *its)
{
    welt_linker *linker = NULL;
    welt_options options = host_options(&its->host);
    options.layout = "raw";
    its->failures += welt_linker_new(&linker, &options) != WELT_OK;
    welt_add_bytes(linker, "boot.o", its->good.data, its->good.size);
    its->failures += welt_link(linker) != WELT_OK;
    for (int which = 0; which < 3; which++) {
        welt_bytes bytes = try_get(linker, which);
        its->failures += bytes.size != its->wanted[which].size ||
                         memcmp(bytes.data, its->wanted[which].data, bytes.size) != 0;
    }
    welt_linker_free(linker);
}

static void link_badly(struct thread *its)
{
    welt_linker *linker = NULL;
    welt_options options = host_options(&its->host);
    options.entry = its->entry;
    host_forget(&its->host);
    its->failures += welt_linker_new(&linker, &options) != WELT_OK;
    welt_add_bytes(linker, "boot.o", its->bad.data, its->bad.size);
    its->failures += welt_link(linker) != WELT_FAILED;
    its->failures += its->host.told_count != 1 || !strstr(its->host.told[0].message, its->entry);
    welt_linker_free(linker);
    host_forget(&its->host);
}

static void *work(void *argument)
{
    struct thread *its = argument;
    for (int i = 0; i < ROUNDS; i++) {
        link_well(its);
        link_badly(its);
    }
    its->failures += its->host.live != 0;
    return NULL;
}

/* ---- all of them ---- */

static void four_at_once(void **state)
{
    static struct thread threads[THREADS];
    static const char *const entries[THREADS] = {"one", "two", "three", "four"};
    (void)state;
    welt_options options = host_options(&host);
    options.layout = "raw";
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", compile_c(program));
    expect(&host, welt_link(linker), WELT_OK);
    for (int i = 0; i < THREADS; i++) {
        struct thread *its = &threads[i];
        host_open(&its->host);
        its->good = compile_c(program);
        its->bad = assemble(".globl begin\nbegin: hlt\n");
        its->entry = entries[i];
        for (int which = 0; which < 3; which++)
            its->wanted[which] = get(linker, (welt_output)which);
    }
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i].id, NULL, work, &threads[i]), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i].id, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(threads[i].failures, 0);
    welt_linker_free(linker);
}

/* Made here, used there: a linker is for one thread at a time, not for one thread. */
static void *link_it(void *linker)
{
    return welt_link(linker) == WELT_OK ? linker : NULL;
}

static void from_one_to_the_next(void **state)
{
    pthread_t id;
    void *result;
    (void)state;
    welt_bytes object = compile_c(program);
    welt_bytes wanted = image_of(&object, 1);
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", object);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(pthread_create(&id, NULL, link_it, linker), 0);
        assert_int_equal(pthread_join(id, &result), 0);
        assert_ptr_equal(result, linker);
        assert_bytes_equal(get(linker, WELT_OUTPUT_IMAGE), wanted);
    }
    welt_linker_free(linker);
    free_bytes(wanted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(four_at_once), TEST(from_one_to_the_next)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
