/* SPDX-License-Identifier: MIT
 *
 * Linking again: what a linker keeps from one link to the next never shows in what comes out, and
 * what changed does. Stopping, from here and from another thread. */
#include "kit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

static const char main_one[] = "extern int two(void); int main(void) { return two(); }\n";
static const char main_two[] = "extern int two(void); int main(void) { return two() + 5; }\n";
static const char other_one[] = "int two(void) { return 2; }\n";
static const char other_two[] = "int x; int two(void) { return x += 3; }\n";

/* The image of two inputs by a linker that has linked nothing before. */
static welt_bytes fresh(const char *first, const char *second)
{
    welt_bytes objects[] = {compile_c(first), compile_c(second)};
    return image_of(objects, 2);
}

static void assert_image(welt_linker *linker, const char *first, const char *second)
{
    expect(&host, welt_link(linker), WELT_OK);
    welt_bytes wanted = fresh(first, second);
    assert_bytes_equal(get(linker, WELT_OUTPUT_IMAGE), wanted);
    free_bytes(wanted);
}

static void give(const char *path, const char *source)
{
    for (size_t i = 0; i < host.file_count; i++)
        if (strcmp(host.files[i].path, path) == 0)
            host.files[i].bytes = compile_c(source);
}

/* ---- bytes ---- */

static void bytes_are_replaced(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    welt_bytes changing = keep(compile_c(main_one));
    add_bytes(linker, "main.o", changing);
    add_bytes(linker, "other.o", compile_c(other_one));
    assert_image(linker, main_one, other_one);
    for (int i = 0; i < 6; i++) {
        const char *now = i % 2 ? main_one : main_two;
        welt_bytes next = keep(compile_c(now));
        assert_int_equal(welt_replace_bytes(linker, "main.o", next.data, next.size), WELT_OK);
        memset((void *)(size_t)changing.data, 0xee, changing.size); /* nobody looks there again */
        free_bytes(changing);
        changing = next;
        assert_int_equal(welt_span_count(linker), 0);
        assert_image(linker, now, other_one);
    }
    welt_linker_free(linker);
    free_bytes(changing);
}

/* Half-written input: the link fails, the next is as if nothing had been. */
static void between_links_that_fail(void **state)
{
    (void)state;
    static const char *const broken[] = {"", "\177ELF\1\1\1", "int main("};
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    welt_bytes fine = compile_c(main_one), undefined = assemble(".globl main\nmain: call none\n");
    add_bytes(linker, "main.o", fine);
    add_bytes(linker, "other.o", compile_c(other_one));
    for (size_t i = 0; i < 4; i++) {
        welt_bytes bad = i < 3 ? text_bytes(broken[i]) : undefined;
        assert_image(linker, main_one, other_one);
        assert_int_equal(welt_replace_bytes(linker, "main.o", bad.data, bad.size), WELT_OK);
        expect(&host, welt_link(linker), WELT_FAILED);
        assert_true(host.errors > 0);
        host_forget(&host);
        assert_int_equal(welt_replace_bytes(linker, "main.o", fine.data, fine.size), WELT_OK);
    }
    assert_image(linker, main_one, other_one);
    welt_linker_free(linker);
}

static void calls_that_cannot_be_meant(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    assert_int_equal(welt_replace_bytes(linker, "main.o", "", 0), WELT_MISUSE);
    add_bytes(linker, "main.o", compile_c(main_one));
    assert_int_equal(welt_add_library(linker, "c"), WELT_OK);
    assert_int_equal(welt_replace_bytes(NULL, "main.o", "", 0), WELT_MISUSE);
    assert_int_equal(welt_replace_bytes(linker, NULL, "", 0), WELT_MISUSE);
    assert_int_equal(welt_replace_bytes(linker, "c", "", 0), WELT_MISUSE);
    assert_int_equal(welt_replace_bytes(linker, "main.o", NULL, 1), WELT_MISUSE);
    welt_linker_free(linker);
}

/* ---- files ---- */

static welt_linker *reading(void)
{
    welt_options options = host_options_reading(&host);
    welt_linker *linker = new_linker(&host, &options);
    host_add_file(&host, "main.o", compile_c(main_one));
    host_add_file(&host, "other.o", compile_c(other_one));
    assert_int_equal(welt_add_file(linker, "main.o"), WELT_OK);
    assert_int_equal(welt_add_file(linker, "other.o"), WELT_OK);
    return linker;
}

static void files_change(void **state)
{
    (void)state;
    welt_linker *linker = reading();
    assert_image(linker, main_one, other_one);
    give("other.o", other_two);
    assert_image(linker, main_one, other_two);
    give("main.o", main_two);
    assert_image(linker, main_two, other_two);
    give("main.o", main_one);
    give("other.o", other_one);
    assert_image(linker, main_one, other_one);
    host.files[1].path = "gone.o";
    expect(&host, welt_link(linker), WELT_FAILED);
    host_told(&host, "file");
    host.files[1].path = "other.o";
    assert_image(linker, main_one, other_one);
    welt_linker_free(linker);
}

static void a_file_becomes_bytes(void **state)
{
    (void)state;
    welt_linker *linker = reading();
    welt_bytes now = compile_c(main_two);
    assert_image(linker, main_one, other_one);
    assert_int_equal(welt_replace_bytes(linker, "main.o", now.data, now.size), WELT_OK);
    assert_image(linker, main_two, other_one);
    welt_linker_free(linker);
}

/* The same file twice is two inputs with the same definitions, in every link. */
static void a_file_twice(void **state)
{
    (void)state;
    welt_linker *linker = reading();
    assert_int_equal(welt_add_file(linker, "other.o"), WELT_OK);
    for (int i = 0; i < 3; i++) {
        host_forget(&host);
        expect(&host, welt_link(linker), WELT_FAILED);
        assert_int_equal(host.errors, 1);
    }
    welt_linker_free(linker);
}

static void archives_change(void **state)
{
    (void)state;
    welt_bytes one[] = {compile_c(other_one), compile_c(main_two)}, two[] = {compile_c(other_two)};
    welt_options options = host_options_reading(&host);
    welt_linker *linker = new_linker(&host, &options);
    host_add_file(&host, "main.o", compile_c(main_one));
    host_add_file(&host, "lib.a", make_archive("rcsD", one, 2));
    assert_int_equal(welt_add_file(linker, "main.o"), WELT_OK);
    assert_int_equal(welt_add_file(linker, "lib.a"), WELT_OK);
    for (int i = 0; i < 3; i++)
        assert_image(linker, main_one, other_one);
    host.files[1].bytes = make_archive("rcsD", two, 1);
    for (int i = 0; i < 3; i++)
        assert_image(linker, main_one, other_two);
    host.files[1].bytes = make_archive("rcSD", one, 2); /* without an index */
    for (int i = 0; i < 3; i++)
        assert_image(linker, main_one, other_one);
    welt_linker_free(linker);
}

/* A script that is being written: the inputs wait. */
static void scripts_change(void **state)
{
    (void)state;
    welt_options options = host_options_reading(&host);
    options.script_path = "boot.ld";
    welt_linker *linker = new_linker(&host, &options);
    welt_bytes object = compile_c("int main(void) { return 1; }\n"), first = {NULL, 0};
    host_add_text(&host, "boot.ld", welt_layout_script("sector"));
    add_bytes(linker, "main.o", object);
    for (int i = 0; i < 3; i++) {
        host.files[0].bytes = text_bytes(welt_layout_script("sector"));
        expect(&host, welt_link(linker), WELT_OK);
        if (!first.data)
            first = keep(get(linker, WELT_OUTPUT_IMAGE));
        assert_bytes_equal(get(linker, WELT_OUTPUT_IMAGE), first);
        for (int k = 0; k < 3; k++) {
            host.files[0].bytes = text_bytes(k ? "SECTIONS { .text : {" : "MEMORY");
            expect(&host, welt_link(linker), WELT_FAILED);
        }
    }
    free_bytes(first);
    welt_linker_free(linker);
}

/* What is said of an object is said in every link. */
static void warnings_are_said_again(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "main.o", assemble(".globl main\nmain: call none\n.weak none\n"));
    unsigned told = 0;
    for (int i = 0; i < 3; i++) {
        host_forget(&host);
        expect(&host, welt_link(linker), WELT_OK);
        assert_true(i == 0 || host.told_count == told);
        told = host.told_count;
    }
    welt_linker_free(linker);
}

/* Memory does not grow from link to link, whatever changes. */
static void nothing_piles_up(void **state)
{
    (void)state;
    size_t most[2] = {0};
    welt_linker *linker = reading();
    for (int i = 0; i < 200; i++) {
        give("other.o", i % 3 ? other_one : other_two);
        expect(&host, welt_link(linker), WELT_OK);
        size_t *its = &most[i >= 100];
        *its = host.live_bytes > *its ? host.live_bytes : *its;
    }
    assert_int_equal(most[0], most[1]);
    welt_linker_free(linker);
}

/* With what was kept, each allocation refused in turn: the next link is fine. */
static void memory_while_linking_again(void **state)
{
    (void)state;
    welt_linker *linker = reading();
    bool ended = false;
    assert_image(linker, main_one, other_one);
    for (size_t allowed = 0; !ended && allowed < 2000; allowed++) {
        give("other.o", other_two);
        host.allowed = allowed;
        welt_status status = welt_link(linker);
        host.allowed = SIZE_MAX;
        ended = status == WELT_OK;
        if (!ended)
            expect(&host, status, WELT_NO_MEMORY);
        give("other.o", other_one);
        expect(&host, welt_link(linker), WELT_OK);
    }
    assert_true(ended);
    assert_image(linker, main_one, other_one);
    welt_linker_free(linker);
}

/* ---- stopping ---- */

static void cancelled_beforehand(void **state)
{
    (void)state;
    welt_linker *linker = reading();
    welt_cancel(NULL);
    welt_cancel(linker);
    expect(&host, welt_link(linker), WELT_CANCELLED);
    assert_image(linker, main_one, other_one); /* the request is used up */
    welt_cancel(linker);
    welt_bytes map;
    expect(&host, welt_get(linker, WELT_OUTPUT_MAP, &map), WELT_CANCELLED);
    expect(&host, welt_get(linker, WELT_OUTPUT_MAP, &map), WELT_OK);
    assert_int_equal(host.told_count, 0);
    welt_linker_free(linker);
}

/* The request is not left to a call that has nothing to do with it. */
static void cancelled_before_it_fails(void **state)
{
    (void)state;
    welt_options options = host_options_reading(&host);
    options.script_path = "cut.ld";
    host_add_text(&host, "cut.ld", "SECTIONS {");
    welt_linker *linker = new_linker(&host, &options);
    welt_cancel(linker);
    expect(&host, welt_link(linker), WELT_CANCELLED);
    expect(&host, welt_link(linker), WELT_FAILED);
    host_forget(&host);
    welt_linker_free(linker);
}

struct worker {
    welt_linker *linker;
    atomic_bool ends;
    unsigned linked, stopped, other;
};

static void *link_on(void *argument)
{
    struct worker *worker = argument;
    while (!atomic_load(&worker->ends)) {
        welt_status status = welt_link(worker->linker);
        worker->linked += status == WELT_OK;
        worker->stopped += status == WELT_CANCELLED;
        worker->other += status != WELT_OK && status != WELT_CANCELLED;
    }
    return NULL;
}

static void cancelled_by_another_thread(void **state)
{
    (void)state;
    pthread_t thread;
    struct worker worker = {.linker = reading()};
    assert_int_equal(pthread_create(&thread, NULL, link_on, &worker), 0);
    for (int i = 0; i < 2000; i++) {
        struct timespec pause = {0, 20000};
        welt_cancel(worker.linker);
        nanosleep(&pause, NULL);
    }
    atomic_store(&worker.ends, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(worker.other, 0);
    assert_true(worker.stopped > 0);
    welt_status status = welt_link(worker.linker);
    if (status == WELT_CANCELLED)
        status = welt_link(worker.linker);
    expect(&host, status, WELT_OK);
    assert_image(worker.linker, main_one, other_one);
    welt_linker_free(worker.linker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(bytes_are_replaced),
        TEST(between_links_that_fail),
        TEST(calls_that_cannot_be_meant),
        TEST(files_change),
        TEST(a_file_becomes_bytes),
        TEST(a_file_twice),
        TEST(archives_change),
        TEST(scripts_change),
        TEST(warnings_are_said_again),
        TEST(nothing_piles_up),
        TEST(memory_while_linking_again),
        TEST(cancelled_beforehand),
        TEST(cancelled_before_it_fails),
        TEST(cancelled_by_another_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
