/* SPDX-License-Identifier: MIT
 *
 * The values of expressions. The layout they ask about:
 *
 *     .text   0x7c00, 0x133 bytes    start = 0, mid = 0x123
 *     .data   0x9000, 0x45 bytes     data = 0
 *     absolute = 0x1234              dot is 0x7d33 in .text and 0x9045 outside sections
 *
 * What is expected is what GNU ld 2.40 gives the same expressions over the same sections, except in
 * the tests that name lld. */
#include "listener.h"
#include "script/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { TEXT, DATA };
static const uint64_t addresses[] = {0x7c00, 0x9000}, sizes[] = {0x133, 0x45};

static struct listener listener;
static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    listener_open(&listener);
    arena_open(&arena, &listener.host);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_close(&arena);
    return 0;
}

/* ---- the layout ---- */

static struct value known(uint64_t number, int section)
{
    return (struct value){.number = (int64_t)number, .section = section, .known = true};
}

static struct value symbol(void *user, const char *name, bool *defined)
{
    static const struct {
        const char *name;
        int section;
        uint64_t offset;
    } symbols[] = {{"start", TEXT, 0},
                   {"mid", TEXT, 0x123},
                   {"data", DATA, 0},
                   {"absolute", VALUE_ABSOLUTE, 0x1234}};
    (void)user;
    *defined = true;
    for (size_t i = 0; i < sizeof symbols / sizeof *symbols; i++)
        if (strcmp(symbols[i].name, name) == 0)
            return known(symbols[i].offset, symbols[i].section);
    *defined = strcmp(name, "later") == 0;
    return (struct value){.known = false};
}

static bool is_defined(void *user, const char *name)
{
    (void)user;
    return strcmp(name, "mid") == 0;
}

static uint64_t section_address(void *user, int section)
{
    (void)user;
    return addresses[section];
}

static struct value property(void *user, const char *which, const char *name, bool *missing)
{
    (void)user;
    if (strcmp(which, "SIZEOF_HEADERS") == 0)
        return known(0x54, VALUE_NUMBER);
    if (strcmp(which, "CONSTANT") == 0 && strcmp(name, "MAXPAGESIZE") == 0)
        return known(0x1000, VALUE_NUMBER);
    if (strcmp(which, "SEGMENT_START") == 0 && strcmp(name, "text-segment") == 0)
        return known(0x8000, VALUE_ABSOLUTE);
    if (strcmp(name, "ram") == 0)
        return known(strcmp(which, "ORIGIN") == 0 ? 0x7d00 : 0x200, VALUE_NUMBER);
    int section = strcmp(name, ".text") == 0 ? TEXT : DATA;
    *missing = section == DATA && strcmp(name, ".data") != 0;
    if (strcmp(which, "SIZEOF") == 0)
        return known(sizes[section], VALUE_NUMBER);
    if (strcmp(which, "ALIGNOF") == 0)
        return known(4, VALUE_NUMBER);
    if (strcmp(which, "LOADADDR") == 0)
        return known(addresses[section] + 0x10000, VALUE_ABSOLUTE);
    return known(0, section);
}

static struct value checksum(void *user, uint64_t first, uint64_t last)
{
    (void)user;
    return known(last - first, VALUE_NUMBER);
}

static struct evaluation in_section(int section)
{
    return (struct evaluation){
        .host = &listener.host,
        .final = true,
        .section = section,
        .dot = section == TEXT ? 0x7d33 : 0x9045,
        .has_dot = true,
        .symbol = symbol,
        .section_address = section_address,
        .property = property,
        .checksum = checksum,
    };
}

static struct value evaluate(const char *text, struct evaluation *with)
{
    if (setjmp(listener.escape))
        fail_msg("the evaluation gave up");
    struct expr *expr = script_parse_expression(&arena, "t", text);
    if (!expr)
        fail_msg("%s: %s", text, listener.text);
    return expr_evaluate(expr, with);
}

static void check_value(const char *text, struct evaluation with, uint64_t number, int section)
{
    struct value value = evaluate(text, &with);
    if (!value.known || (uint64_t)value.number != number || value.section != section)
        fail_msg("%s is %llx in %d (%s), not %llx in %d", text, (unsigned long long)value.number,
                 value.section, value.known ? "known" : listener.text, (unsigned long long)number,
                 section);
}

static void check_number(const char *text, uint64_t number)
{
    check_value(text, in_section(VALUE_ABSOLUTE), number, VALUE_ABSOLUTE);
}

static void check_unknown(const char *text, struct evaluation with, const char *message)
{
    listener.told = 0;
    struct value value = evaluate(text, &with);
    assert_false(value.known);
    assert_int_equal(listener.told, 1);
    assert_string_equal(listener.text, message);
    with.final = false;
    listener.told = 0;
    assert_false(evaluate(text, &with).known);
    assert_int_equal(listener.told, 0);
}

/* ---- numbers and operators ---- */

static void reads_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        uint64_t number;
    } numbers[] = {
        {"0", 0},           {"10", 10},
        {"010", 8},         {"0x1F", 0x1f},
        {"0X1f", 0x1f},     {"$1f", 0x1f},
        {"1fh", 0x1f},      {"1FH", 0x1f},
        {"ffh", 0xff},      {"0ffX", 0xff},
        {"101b", 5},        {"17o", 15},
        {"12d", 12},        {"4K", 4096},
        {"4k", 4096},       {"1M", 1 << 20},
        {"0x10M", 1 << 24}, {"$10k", 1 << 14},
        {"10h/2", 8},       {"4K/2", 2048},
        {"0x", 0},          {"18446744073709551615", UINT64_MAX},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        check_number(numbers[i].text, numbers[i].number);
}

static void binds_operators_as_c_does(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t number;
    } cases[] = {
        {"1 + 2 * 3", 7},
        {"(1 + 2) * 3", 9},
        {"((1) + (2)) * ((3))", 9},
        {"10 - 3 - 2", 5},
        {"100 / 5 / 2", 10},
        {"7 % 4 * 2", 6},
        {"1 << 2 + 1", 8},
        {"16 >> 1 << 2", 32},
        {"1 | 2 ^ 3 & 6", 1},
        {"6 & 3 == 3", 0},
        {"1 < 2 == 1", 1},
        {"0 && 1 || 1", 1},
        {"1 || 0 && 0", 1},
        {"-1 + 2", 1},
        {"- -1", 1},
        {"~0 & 0xff", 0xff},
        {"!0 + !5", 1},
        {"+3", 3},
        {"1 ? 2 : 3", 2},
        {"0 ? 2 : 0 ? 3 : 4", 4},
        {"1 ? 0 ? 2 : 3 : 4", 3},
        {"2 >= 2 && 2 <= 2 && 1 != 2", 1},
        {"-7 / 2", -3},
        {"-7 % 3", -1},
        {"-1 > 1", 1}, /* unsigned */
        {"-1 >> 1", INT64_MAX},
        {"1 << 65", 2},
        {"(1 << 63) / -1", INT64_MIN},
        {"(1 << 63) % -1", 0},
        {"MAX(-1, 2)", -1},
        {"MIN(-1, 2)", 2},
        {"ALIGN(10, 6)", 12},
        {"ALIGN(10, 0)", 10},
        {"LOG2CEIL(0)", 0},
        {"LOG2CEIL(1)", 0},
        {"LOG2CEIL(5)", 3},
        {"LOG2CEIL(-1)", 64},
        {"1 ? 5 : 1 / 0", 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_number(cases[i].text, (uint64_t)cases[i].number);
}

/* ---- what a value is relative to ---- */

static const struct {
    const char *text;
    int64_t number;
    int section;
} inside[] = {
    {"5", 5, VALUE_NUMBER},
    {"mid", 0x123, TEXT},
    {"data", 0, DATA},
    {"absolute", 0x1234, VALUE_NUMBER},
    {".", 0x133, TEXT},
    {". + 4", 0x137, TEXT},
    {"1 + mid", 0x124, TEXT},
    {"mid & 0xff", 0x23, TEXT},
    {"mid - start", 0x123, VALUE_NUMBER},
    {"mid * mid", 0x123 * 0x123, VALUE_NUMBER},
    {"data - mid", 0x9000 - 0x7d23, VALUE_NUMBER},
    {"MAX(mid, data)", 0x9000, VALUE_ABSOLUTE},
    {"MAX(mid, start)", 0x123, TEXT},
    {"MIN(5, mid)", 5, TEXT},
    {"mid == data", 0, VALUE_NUMBER},
    {"-mid", -0x123, TEXT},
    {"~mid", ~0x123, TEXT},
    {"!start", 1, TEXT},
    {"1 ? mid : data", 0x123, TEXT},
    {"start ? 1 : 2", 2, VALUE_NUMBER},
    {"ABSOLUTE(mid)", 0x7d23, VALUE_ABSOLUTE},
    {"ABSOLUTE(5)", 5, VALUE_ABSOLUTE},
    {"ABSOLUTE(mid) - ABSOLUTE(start)", 0x123, VALUE_NUMBER},
    {"ABSOLUTE(. - mid)", 0x10, VALUE_ABSOLUTE},
    {"ALIGN(16)", 0x140, TEXT},
    {"BLOCK(16)", 0x140, TEXT},
    {"ALIGN(mid, 16)", 0x130, TEXT},
    {"NEXT(16)", 0x7d40, VALUE_ABSOLUTE},
    {"ADDR(.data)", 0, DATA},
    {"ADDR(.data) - ADDR(.text)", 0x1400, VALUE_NUMBER},
    {"LOADADDR(.text)", 0x17c00, VALUE_ABSOLUTE},
    {"SIZEOF(.text)", 0x133, VALUE_NUMBER},
    {"ALIGNOF(.text)", 4, VALUE_NUMBER},
    {"ORIGIN(ram)", 0x100, TEXT},
    {"LENGTH(ram)", 0x200, VALUE_NUMBER},
    {"SEGMENT_START(\"text-segment\", 1)", 0x400, TEXT},
    {"SEGMENT_START(other, 0x7c10)", 0x10, TEXT},
    {"CONSTANT(MAXPAGESIZE)", 0x1000, VALUE_NUMBER},
    {"SIZEOF_HEADERS", 0x54, VALUE_NUMBER},
    {"DEFINED(mid) + DEFINED(nobody)", 1, VALUE_NUMBER},
    {"LOG2CEIL(mid)", 9, VALUE_NUMBER},
    {"CHECKSUM8(start, mid)", 0x123, VALUE_NUMBER},
};

static void keeps_sections_inside_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        check_value(inside[i].text, in_section(TEXT), (uint64_t)inside[i].number,
                    inside[i].section);
}

static void keeps_sections_outside(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t number;
        int section;
    } cases[] = {
        {"5", 5, VALUE_ABSOLUTE},
        {"1 < 2", 1, VALUE_ABSOLUTE}, /* known while it is read */
        {"mid", 0x123, TEXT},
        {"mid + 1", 0x7d24, VALUE_ABSOLUTE},
        {"mid - start", 0x123, VALUE_ABSOLUTE},
        {"mid & 0xff", 0x23, VALUE_ABSOLUTE},
        {"-mid", -0x123, TEXT},
        {"absolute - 4", 0x1230, VALUE_ABSOLUTE},
        {".", 0x9045, VALUE_ABSOLUTE},
        {". - mid", 0x1322, VALUE_ABSOLUTE},
        {"SIZEOF(.text)", 0x133, VALUE_NUMBER},
        {"mid + SIZEOF(.text)", 0x256, TEXT},
        {"SIZEOF(.text) + SIZEOF(.data)", 0x178, VALUE_ABSOLUTE},
        {"mid == start", 0, VALUE_NUMBER},
        {"ADDR(.text) + 5", 0x7c05, VALUE_ABSOLUTE},
        {"0x123 / data", 0, VALUE_ABSOLUTE}, /* by 0x9000, not by 0 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_value(cases[i].text, in_section(VALUE_ABSOLUTE), (uint64_t)cases[i].number,
                    cases[i].section);
}

static void takes_numbers_for_numbers_when_sane(void **state)
{
    (void)state;
    struct evaluation with = in_section(VALUE_ABSOLUTE);
    with.sane_numbers = true;
    check_value("5", with, 5, VALUE_NUMBER);
    check_value("absolute", with, 0x1234, VALUE_NUMBER);
    check_value("mid + 1", with, 0x124, TEXT);
    check_value("mid - start", with, 0x123, VALUE_NUMBER);
}

static void is_absolute_in_llds_dialect(void **state)
{
    (void)state;
    struct evaluation with = in_section(TEXT);
    with.absolute_dot = true;
    check_value("510", with, 510, VALUE_ABSOLUTE);
    check_value(". + 4", with, 0x7d37, VALUE_ABSOLUTE);
    check_value("mid & 0xff", with, 0x23, VALUE_ABSOLUTE);
    check_value("mid - start", with, 0x123, VALUE_ABSOLUTE);
    check_value("ADDR(.data)", with, 0x9000, VALUE_ABSOLUTE);
    check_value("ALIGN(16)", with, 0x7d40, VALUE_ABSOLUTE);
    check_value("SIZEOF(.none)", with, 0, VALUE_ABSOLUTE);
    check_value("-8 / (mid - mid + 2)", with, UINT64_MAX / 2 - 3, VALUE_ABSOLUTE);
    check_value("DATA_SEGMENT_ALIGN(0x1000, 0x100)", with, 0x8000, VALUE_ABSOLUTE);
    check_value("DATA_SEGMENT_RELRO_END(0, .)", with, 0x8000, VALUE_ABSOLUTE);
    check_value("DATA_SEGMENT_END(.)", with, 0x7d33, VALUE_ABSOLUTE);
}

static void tells_what_comes_from_dot(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool from_dot;
    } cases[] = {
        {"5", false},          {".", true},
        {". + 4", true},       {"ALIGN(16)", true},
        {"ORIGIN(ram)", true}, {"ABSOLUTE(.)", false},
        {". - mid", false},    {"SIZEOF(.text)", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct evaluation with = in_section(VALUE_ABSOLUTE);
        assert_int_equal(evaluate(cases[i].text, &with).from_dot, cases[i].from_dot);
    }
}

static void makes_values_absolute(void **state)
{
    (void)state;
    struct evaluation with = in_section(TEXT);
    assert_int_equal(value_absolute(known(0x123, TEXT), &with), 0x7d23);
    assert_int_equal(value_absolute(known(0x123, VALUE_ABSOLUTE), &with), 0x123);
    assert_int_equal(value_absolute(known(0x123, VALUE_NUMBER), &with), 0x123);
}

/* ---- what has no value ---- */

static void says_what_has_no_value(void **state)
{
    (void)state;
    struct evaluation with = in_section(TEXT);
    check_unknown("1 + nobody", with,
                  "t:1:5: error: undefined symbol `nobody' in an expression [welt-script]");
    check_unknown("later", with, "t:1:1: error: symbol `later' has no value yet [welt-script]");
    check_unknown("4 / (mid - mid)", with, "t:1:3: error: division by zero [welt-script]");
    check_unknown("4 % start", with, "t:1:3: error: division by zero [welt-script]");
    check_unknown("1 && 1 / start", with, "t:1:8: error: division by zero [welt-script]");
    check_unknown("SIZEOF(.none)", with,
                  "t:1:1: error: there is no output section `.none' [welt-script]");
    check_unknown("LENGTH(.none)", with,
                  "t:1:1: error: there is no memory region `.none' [welt-script]");
    check_unknown("CONSTANT(X)", with,
                  "t:1:1: error: there is no constant `X': known are MAXPAGESIZE and "
                  "COMMONPAGESIZE [welt-script]");
    check_unknown("DATA_SEGMENT_END(.)", with,
                  "t:1:1: error: DATA_SEGMENT_END stands outside output sections [welt-script]");
    with.has_dot = false;
    check_unknown(".", with, "t:1:1: error: dot has no value outside a script [welt-script]");
}

static void shows_the_line_of_an_expression(void **state)
{
    (void)state;
    struct evaluation with = in_section(TEXT);
    assert_false(evaluate("1 +\n  2 / (mid - mid)", &with).known);
    assert_string_equal(listener.text, "t:2:5: error: division by zero [welt-script]");
    assert_string_equal(listener.excerpt, "  2 / (mid - mid)\n    ^");
}

static void asserts(void **state)
{
    (void)state;
    struct evaluation with = in_section(TEXT);
    assert_int_equal(evaluate("ASSERT(mid > start, \"order\") + 1", &with).number, 2);
    assert_int_equal(listener.told, 0);
    assert_true(evaluate("ASSERT(mid < start, \"order\")", &with).known);
    assert_string_equal(listener.text,
                        "t:1:1: error: assertion does not hold: order [welt-assert]");
    with.final = false;
    listener.told = 0;
    evaluate("ASSERT(mid < start, \"order\")", &with);
    assert_int_equal(listener.told, 0);
}

static void asks_whether_symbols_are_defined_so_far(void **state)
{
    (void)state;
    struct evaluation with = in_section(TEXT);
    with.is_defined = is_defined;
    check_value("DEFINED(mid)", with, 1, VALUE_NUMBER);
    check_value("DEFINED(start)", with, 0, VALUE_NUMBER);
}

/* ---- the data segment ---- */

static uint64_t segment_value(const char *text, struct data_segment *segment, uint64_t dot)
{
    struct evaluation with = in_section(VALUE_ABSOLUTE);
    with.dot = dot;
    with.data_segment = segment;
    struct value value = evaluate(text, &with);
    assert_true(value.known);
    return (uint64_t)value.number;
}

static void aligns_the_data_segment(void **state)
{
    (void)state;
    const char *begin = "DATA_SEGMENT_ALIGN(0x1000, 0x400)", *end = "DATA_SEGMENT_END(.)";
    assert_int_equal(segment_value(begin, NULL, 0x1234), 0x2234);
    assert_int_equal(segment_value("DATA_SEGMENT_RELRO_END(4, .)", NULL, 0x1234), 0x1234);
    struct data_segment segment = {.phase = DATA_SEGMENT_NONE};
    assert_int_equal(segment_value(begin, &segment, 0x1234), 0x2234);
    assert_int_equal(segment.phase, DATA_SEGMENT_ALIGNED);
    assert_int_equal(segment_value(end, &segment, 0x2300), 0x2300);
    assert_int_equal(segment.phase, DATA_SEGMENT_ENDED);
    assert_int_equal(segment.base, 0x2234);
    assert_int_equal(segment.end, 0x2300);
    segment.phase = DATA_SEGMENT_ADJUST;
    assert_int_equal(segment_value(begin, &segment, 0x1234), 0x2400);
    assert_int_equal(segment_value(end, &segment, 0x2500), 0x2500);
    assert_int_equal(segment.phase, DATA_SEGMENT_ADJUST);
}

static void aligns_the_end_of_relro(void **state)
{
    (void)state;
    const char *begin = "DATA_SEGMENT_ALIGN(0x1000, 0x1000)";
    const char *relro = "DATA_SEGMENT_RELRO_END(0xc, .)";
    struct data_segment segment = {.phase = DATA_SEGMENT_NONE, .relro = true};
    assert_int_equal(segment_value(begin, &segment, 0x1234), 0x2000);
    assert_int_equal(segment_value(relro, &segment, 0x2100), 0x2100);
    assert_int_equal(segment.phase, DATA_SEGMENT_RELRO_SEEN);
    assert_int_equal(segment.relro_end, 0x210c);
    segment_value("DATA_SEGMENT_END(.)", &segment, 0x2300);
    assert_int_equal(segment.phase, DATA_SEGMENT_ENDED);
    segment.phase = DATA_SEGMENT_RELRO_ADJUST;
    segment.base = 0x2ef0;
    assert_int_equal(segment_value(begin, &segment, 0x1234), 0x2ef0);
    assert_int_equal(segment_value(relro, &segment, 0x2ff0), 0x2ff4);
    assert_int_equal(segment.relro_end, 0x3000);
}

/* ---- trees ---- */

static void join(void *user, const char *name)
{
    strcat(user, name);
    strcat(user, " ");
}

static void visits_names(void **state)
{
    (void)state;
    if (setjmp(listener.escape))
        fail_msg("the parser gave up");
    char names[200] = "";
    expr_names(script_parse_expression(&arena, "t",
                                       "a + b * (c - MAX(d, -e)) + (f ? g : h) + . + "
                                       "DEFINED(i) + SIZEOF(j) + SEGMENT_START(k, l)"),
               join, names);
    assert_string_equal(names, "a b c d e f g h l ");
}

static void is_not_afraid_of_depth(void **state)
{
    (void)state;
    struct evaluation with = in_section(VALUE_ABSOLUTE);
    char text[80000] = "mid - start";
    for (size_t i = strlen(text); i + 8 < sizeof text; i += 4)
        memcpy(text + i, " + 1", 5);
    struct value value = evaluate(text, &with);
    assert_int_equal(value.number, 0x123 + (int64_t)(strlen(text) - 11) / 4);
    char deep[4000] = "";
    for (int i = 0; i < 80; i++)
        strcat(deep, "MAX(mid, -(");
    strcat(deep, "mid");
    for (int i = 0; i < 80; i++)
        strcat(deep, "))");
    assert_true(evaluate(deep, &with).known);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_numbers),
        TEST(binds_operators_as_c_does),
        TEST(keeps_sections_inside_one),
        TEST(keeps_sections_outside),
        TEST(takes_numbers_for_numbers_when_sane),
        TEST(is_absolute_in_llds_dialect),
        TEST(tells_what_comes_from_dot),
        TEST(makes_values_absolute),
        TEST(says_what_has_no_value),
        TEST(shows_the_line_of_an_expression),
        TEST(asserts),
        TEST(asks_whether_symbols_are_defined_so_far),
        TEST(aligns_the_data_segment),
        TEST(aligns_the_end_of_relro),
        TEST(visits_names),
        TEST(is_not_afraid_of_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
