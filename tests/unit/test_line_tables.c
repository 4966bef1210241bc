/* SPDX-License-Identifier: MIT
 *
 * Line tables and units that libdwarf may see, and those that would cost it minutes or gigabytes.
 */
#include "support/line_tables.h"

#include "support/bytes.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 8192 };

static struct bytes {
    unsigned char at[MOST];
    uint64_t size;
} table;

static const struct line_budget most = {
    .rows = 100, .names = 10, .steps = 1000, .abbreviations = 20};
static struct line_budget budget;

static void put(const void *bytes, size_t size)
{
    assert_true(table.size + size <= MOST);
    memcpy(table.at + table.size, bytes, size);
    table.size += size;
}

#define PUT(literal) put(literal, sizeof(literal) - 1)

static void put_length(uint64_t place)
{
    put_number(table.at + place, table.size - place - 4, 4);
}

/* Provides: where the length of what is behind the header's length belongs. */
static uint64_t open_table(unsigned version)
{
    table.size = 0;
    PUT("\0\0\0\0");
    put(&(unsigned char[]){(unsigned char)version, 0}, 2);
    if (version >= 5)
        PUT("\4\0");
    PUT("\0\0\0\0");
    uint64_t length = table.size - 4;
    if (version >= 4)
        PUT("\1\1\1\xfb\x0e\x0d");
    else
        PUT("\1\1\xfb\x0e\x0d");
    PUT("\0\1\1\1\1\0\0\0\1\0\0\1");
    return length;
}

/* Three rows. */
static void close_table(uint64_t header)
{
    put_length(header);
    PUT("\0\5\2\0\1\0\0\x14\x01\2\4\0\1\1");
    put_length(0);
}

static void make_old(unsigned version)
{
    uint64_t header = open_table(version);
    PUT("include\0\0boot.c\0\0\0\0more.h\0\1\0\0\0");
    close_table(header);
}

static void make_new(const void *names, size_t size)
{
    uint64_t header = open_table(5);
    put(names, size);
    close_table(header);
}
#define MAKE_NEW(names) make_new(names, sizeof(names) - 1)

static bool is_sound(void)
{
    const struct debug_section sections[] = {
        {".debug_line", table.at, table.size},
        {".debug_line_str", (const unsigned char *)"ab\0c", 4}};
    return line_table_is_sound(sections, 2, 0, &budget);
}

static bool is_sound_alone(void)
{
    budget = most;
    return is_sound();
}

static void sound_tables_are_read(void **state)
{
    (void)state;
    for (unsigned version = 2; version <= 4; version++) {
        make_old(version);
        assert_true(is_sound_alone());
        assert_int_equal(budget.rows, most.rows - 3);
        assert_int_equal(budget.names, most.names - 3);
    }
    MAKE_NEW("\1\1\x1f\1\0\0\0\0\2\1\x08\2\x0b\1boot.c\0\0");
    assert_true(is_sound_alone());
    assert_int_equal(budget.names, most.names - 2);
}

static void what_is_cut_short_is_refused(void **state)
{
    (void)state;
    make_old(4);
    for (uint64_t whole = table.size; table.size--;)
        assert_false(is_sound_alone() && table.size < whole);
}

static void names_that_take_no_bytes_are_refused(void **state)
{
    (void)state;
    MAKE_NEW("\0\xff\xff\xff\xff\x0f\1\1\x08\1a");
    assert_false(is_sound_alone());
    MAKE_NEW("\1\1\x08\x0b\0\0\0\0\0\0\0\0\0\0\0\0"); /* one more than the budget */
    assert_false(is_sound_alone());
    MAKE_NEW("\1\1\x1f\1\3\0\0\0\0\0"); /* a name without an end */
    assert_false(is_sound_alone());
    MAKE_NEW("\1\1\x1f\1\4\0\0\0\0\0"); /* behind the names */
    assert_false(is_sound_alone());
}

static void long_names_are_refused(void **state)
{
    (void)state;
    char name[LONGEST_SOURCE_PATH + 1];
    memset(name, 'a', sizeof name);
    for (size_t size = LONGEST_SOURCE_PATH - 1; size <= LONGEST_SOURCE_PATH; size++) {
        uint64_t header = open_table(4);
        PUT("\0");
        put(name, size);
        PUT("\0\0\0\0\0");
        close_table(header);
        assert_int_equal(is_sound_alone(), size < LONGEST_SOURCE_PATH);
    }
}

static void machines_that_are_none_are_refused(void **state)
{
    (void)state;
    static const struct {
        unsigned at, byte;
    } bad[] = {{4, 1}, {4, 6}, {11, 0}, {14, 0}, {15, 0}, {17, 2}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        make_old(4);
        table.at[bad[i].at] = (unsigned char)bad[i].byte;
        assert_false(is_sound_alone());
    }
}

/* Units that share a table each pay for it. */
static void rows_are_counted_each_time(void **state)
{
    (void)state;
    make_old(4);
    budget = most;
    budget.names = UINT32_MAX;
    for (uint32_t i = 0; i < most.rows / 3; i++)
        assert_true(is_sound());
    assert_false(is_sound());
    assert_int_equal(budget.rows, 0);
}

/* ---- units ---- */

static bool is_unit_sound(const void *abbreviations, size_t size, unsigned code)
{
    unsigned char unit[] = {9, 0, 0, 0, 4, 0, 0, 0, 0, 0, 4, (unsigned char)code, 0};
    const struct debug_section sections[] = {{".debug_info", unit, sizeof unit},
                                             {".debug_abbrev", abbreviations, size}};
    budget = most;
    return line_unit_is_sound(sections, 2, 0, &budget);
}

static void units_read_abbreviations_up_to_theirs(void **state)
{
    (void)state;
    static const char few[] = "\1\x11\1\3\x08\x21\x21\7\0\0\2\x11\0\0\0";
    assert_true(is_unit_sound(few, sizeof few, 1));
    assert_true(is_unit_sound(few, sizeof few, 2));
    assert_int_equal(budget.abbreviations, most.abbreviations - 4);
    assert_false(is_unit_sound(few, sizeof few, 3));
    assert_false(is_unit_sound(few, sizeof few, 0));
    for (size_t size = 0; size < sizeof few - 1; size++)
        assert_false(is_unit_sound(few, size, 2));
}

static void long_tables_of_abbreviations_are_refused(void **state)
{
    (void)state;
    unsigned char many[21][5];
    for (size_t i = 0; i < 21; i++)
        memcpy(many[i], (unsigned char[]){(unsigned char)(i + 1), 0x11, 0, 0, 0}, 5);
    assert_true(is_unit_sound(many, sizeof many, 20));
    assert_false(is_unit_sound(many, sizeof many, 21));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_tables_are_read),
        cmocka_unit_test(what_is_cut_short_is_refused),
        cmocka_unit_test(names_that_take_no_bytes_are_refused),
        cmocka_unit_test(long_names_are_refused),
        cmocka_unit_test(machines_that_are_none_are_refused),
        cmocka_unit_test(rows_are_counted_each_time),
        cmocka_unit_test(units_read_abbreviations_up_to_theirs),
        cmocka_unit_test(long_tables_of_abbreviations_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
