/* SPDX-License-Identifier: MIT
 *
 * The writer of JSON: layout, numbers at their limits, and texts that hostile files bring. */
#include "support/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

struct document {
    char text[4096];
    size_t size;
};

static void take(void *to, const char *text, size_t size)
{
    struct document *document = to;
    assert_true(size < sizeof document->text - document->size);
    memcpy(document->text + document->size, text, size);
    document->size += size;
    document->text[document->size] = 0;
}

static void structure_is_indented(void **state)
{
    struct document document = {.size = 0};
    struct json json = {.sink = take, .to = &document};
    (void)state;
    json_begin_object(&json, NULL);
    json_text(&json, "schema", "welt-report/1");
    json_text(&json, "absent", NULL);
    json_begin_array(&json, "rows");
    json_begin_line(&json, NULL);
    json_number(&json, "size", UINT64_MAX);
    json_signed(&json, "change", INT64_MIN);
    json_begin_array(&json, "chain");
    json_text(&json, NULL, "main");
    json_text(&json, NULL, "put");
    json_end_array(&json);
    json_end_line(&json);
    json_begin_line(&json, NULL);
    json_flag(&json, "fine", false);
    json_end_line(&json);
    json_end_array(&json);
    json_begin_array(&json, "none");
    json_end_array(&json);
    json_end_object(&json);
    assert_string_equal(document.text,
                        "{\n"
                        "  \"schema\": \"welt-report/1\",\n"
                        "  \"rows\": [\n"
                        "    {\"size\": 18446744073709551615, \"change\": -9223372036854775808,"
                        " \"chain\": [\"main\", \"put\"]},\n"
                        "    {\"fine\": false}\n"
                        "  ],\n"
                        "  \"none\": []\n"
                        "}\n");
}

static void check_text(bool in_html, const char *text, const char *expected)
{
    struct document document = {.size = 0};
    struct json json = {.sink = take, .to = &document, .in_html = in_html};
    json_begin_line(&json, NULL);
    json_text(&json, "t", text);
    json_end_line(&json);
    char whole[256] = "{\"t\": \"";
    strcat(strcat(whole, expected), "\"}\n");
    assert_string_equal(document.text, whole);
}

static void texts_are_escaped(void **state)
{
    (void)state;
    check_text(false, "", "");
    check_text(false, "a\"b\\c\nd\t\x7f\x01", "a\\\"b\\\\c\\nd\\u0009\\u007f\\u0001");
    check_text(false, "</script>&", "</script>&");
    check_text(true, "</script>&", "\\u003c/script\\u003e\\u0026");
}

static void bytes_that_are_no_text_are_replaced(void **state)
{
    (void)state;
    check_text(false, "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x91\xa2",
               "gr\xc3\xbc\xc3\x9f \xe2\x82\xac \xf0\x9f\x91\xa2");
    check_text(false,
               "a\xff\xfe"
               "b",
               "a\\ufffd\\ufffdb");
    check_text(false, "\xc3", "\\ufffd");                                  /* cut off */
    check_text(false, "\xe2\x82", "\\ufffd\\ufffd");                       /* cut off */
    check_text(false, "\xc0\x80", "\\ufffd\\ufffd");                       /* overlong NUL */
    check_text(false, "\xe0\x80\xaf", "\\ufffd\\ufffd\\ufffd");            /* overlong slash */
    check_text(false, "\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd");            /* a surrogate */
    check_text(false, "\xf4\x90\x80\x80", "\\ufffd\\ufffd\\ufffd\\ufffd"); /* above 10FFFF */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(structure_is_indented),
        cmocka_unit_test(texts_are_escaped),
        cmocka_unit_test(bytes_that_are_no_text_are_replaced),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
