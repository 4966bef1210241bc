/* SPDX-License-Identifier: MIT
 *
 * File and section patterns. What matches what was found with GNU ld 2.40 and sections of these
 * names. */
#include "script/script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void expect_match(const char *text, const char *name, bool expected)
{
    struct pattern pattern = pattern_make(text);
    if (pattern_matches(&pattern, name, strlen(name)) != expected)
        fail_msg("%s %s %s", text, expected ? "should match" : "should not match", name);
}

/* The names among all of them that a pattern matches. */
static const char *const all_names[] = {
    ".text", ".te[xt",  ".te*t", ".te?t",    ".te\\t", ".a.b", "a/b",   ".t]x",
    ".t-x",  ".t!x",    ".t^x",  ".tax",     ".tbx",   ".tcx", ".TAX",  ".t5x",
    ".x",    ".text.a", "-",     ".text.ab", ".te[a",  "[",    ".t[:x", "",
};

static void expect_names(const char *text, const char *const *names)
{
    for (size_t i = 0; i < sizeof all_names / sizeof *all_names; i++) {
        bool expected = false;
        for (const char *const *name = names; *name; name++)
            expected |= strcmp(*name, all_names[i]) == 0;
        expect_match(text, all_names[i], expected);
    }
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})

static void matches_literal_names(void **state)
{
    (void)state;
    expect_names(".text", NAMES(".text"));
    expect_names(".te\\t", NAMES(".te\\t"));
    expect_names("", NAMES(""));
    assert_true(pattern_make(".text").literal);
    assert_false(pattern_make(".tex?").literal);
}

static void matches_stars_and_question_marks(void **state)
{
    (void)state;
    expect_names(".text*", NAMES(".text", ".text.a", ".text.ab"));
    expect_names(".text.*", NAMES(".text.a", ".text.ab"));
    expect_names(".te?t", NAMES(".text", ".te*t", ".te?t", ".te\\t"));
    expect_names("?text", NAMES(".text"));
    expect_names("a*b", NAMES("a/b"));
    expect_names("*b", NAMES("a/b", ".a.b", ".text.ab"));
    expect_names("?", NAMES("-", "["));
    expect_match("*", "", true);
    expect_match("*", "anything/at.all", true);
    expect_match("**", "", true);
    expect_match("*?*", "", false);
    expect_match("*?*", "x", true);
    expect_match("*.o", "a.o.o", true);
    expect_match("*crt?.o", "/lib/crt1.o", true);
    expect_match(".tex*t", ".text", true);
    expect_match(".text*t", ".text", false); /* what ends it may not be what began it */
    expect_match("*.text", "text", false);
    expect_match("*\\*b", "a*b", true);
    expect_match("*\\*b", "a/b", false);
    assert_true(pattern_make(".text.*").one_star);
    assert_true(pattern_make(".text*.a").one_star);
    assert_false(pattern_make("*crt?.o").one_star);
}

static void matches_sets(void **state)
{
    (void)state;
    expect_names(".t[a-b]x", NAMES(".tax", ".tbx"));
    expect_names(".t[!a-b]x", NAMES(".t]x", ".t-x", ".t!x", ".t^x", ".tcx", ".t5x"));
    expect_names(".t[^a-b]x", NAMES(".t]x", ".t-x", ".t!x", ".t^x", ".tcx", ".t5x"));
    expect_names(".t[]]x", NAMES(".t]x"));
    expect_names(".t[]a]x", NAMES(".t]x", ".tax"));
    expect_names(".t[!]]x", NAMES(".t-x", ".t!x", ".t^x", ".tax", ".tbx", ".tcx", ".t5x"));
    expect_names(".t[-a]x", NAMES(".t-x", ".tax"));
    expect_names(".t[a-]x", NAMES(".t-x", ".tax"));
    expect_names(".t[b-a]x", NAMES("none"));
    expect_names(".t[a-c-e]x", NAMES(".t-x", ".tax", ".tbx", ".tcx"));
    expect_names(".t[+--]x", NAMES(".t-x"));
    expect_names(".t[\\]]x", NAMES(".t]x"));
    expect_names(".t[a\\-c]x", NAMES(".t-x", ".tax", ".tcx"));
    expect_names("[!.]*", NAMES("a/b", "-", "["));
    expect_names("[]-]", NAMES("-"));
    expect_names("[[]", NAMES("["));
    expect_match("*[x]", ".tax", true);
    expect_match("*[x]", ".text", false);
}

static void matches_classes(void **state)
{
    (void)state;
    expect_names(".t[[:alpha:]]x", NAMES(".tax", ".tbx", ".tcx"));
    expect_names(".t[[:digit:][:upper:]]x", NAMES(".t5x"));
    expect_names(".t[[:alpha]x", NAMES(".tax")); /* no class: a set of : a l p h and [ */
    expect_names(".t[[:foo:]]x", NAMES("none"));
    expect_names(".t[[.a.]b]x", NAMES(".tax", ".tbx"));
    expect_names(".t[[=a=]]x", NAMES(".tax"));
    expect_names(".t[[.-.]]x", NAMES(".t-x"));
    static const struct {
        const char *name, *in, *out;
    } classes[] = {
        {"alpha", "azAZ", "0_"}, {"digit", "09", "a/"},           {"alnum", "a9Z", "_ "},
        {"upper", "AZ", "az"},   {"lower", "az", "AZ"},           {"space", " \t\n\v\f\r", "x"},
        {"blank", " \t", "\n"},  {"punct", "!/:@[`{~", "a0 "},    {"print", " ~a", "\t\x7f"},
        {"graph", "!~", " "},    {"cntrl", "\x01\x1f\x7f", " a"}, {"xdigit", "09afAF", "gG"},
    };
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++) {
        char text[32];
        snprintf(text, sizeof text, "[[:%s:]]", classes[i].name);
        struct pattern pattern = pattern_make(text);
        for (const char *c = classes[i].in; *c; c++)
            assert_true(pattern_matches(&pattern, c, 1));
        for (const char *c = classes[i].out; *c; c++)
            assert_false(pattern_matches(&pattern, c, 1));
    }
}

static void takes_an_open_set_for_a_bracket(void **state)
{
    (void)state;
    expect_names(".te[xt", NAMES(".te[xt"));
    expect_names(".te[*", NAMES(".te[xt", ".te[a"));
    expect_names(".te[xt*", NAMES(".te[xt"));
    expect_names("[", NAMES("["));
    expect_names(".t[:x", NAMES(".t[:x"));
    expect_match("a[b-", "a[b-", true);
    expect_match("a[[:alpha:]", "a[x", false);
    expect_match("a[\\", "a[\\", false);
    expect_match("*\\", "a\\", true); /* behind the last star it is a backslash */
    expect_match(".t*\\x", ".t.\\x", true);
    expect_match(".t*\\x", ".tax", false);
    expect_match(".t?\\x", ".tax", true); /* with another wildcard it is none */
}

static void escapes_behind_a_wildcard(void **state)
{
    (void)state;
    expect_match("*\\*", "a*", true);
    expect_match("*\\*", "ab", false);
    expect_match("?\\[x]", "a[x]", true);
    expect_match(".te\\*t", ".te\\xt", true); /* before the first wildcard it is a backslash */
    expect_match(".te\\*t", ".te*t", false);
}

static void needs_no_end_of_the_name(void **state)
{
    (void)state;
    struct pattern pattern = pattern_make(".text.*");
    assert_true(pattern_matches(&pattern, ".text.abc", 7));
    assert_true(pattern_matches(&pattern, ".text.abc", 6));
    assert_false(pattern_matches(&pattern, ".text.abc", 5));
    pattern = pattern_make("*c");
    assert_false(pattern_matches(&pattern, ".text.abc", 8));
    assert_true(pattern_matches(&pattern, ".text.abc", 9));
}

/* Would take for ever if every star were tried with every length. */
static void is_not_led_into_backtracking(void **state)
{
    (void)state;
    enum { STARS = 2000, LETTERS = 5000 };
    static char text[2 * STARS + 2], name[LETTERS + 1];
    for (size_t i = 0; i < STARS; i++)
        memcpy(text + 2 * i, "a*", 2);
    memcpy(text + 2 * (size_t)STARS, "b", 2);
    memset(name, 'a', LETTERS);
    expect_match(text, name, false);
    memset(text, '*', sizeof text - 1);
    expect_match(text, name, true);
    text[sizeof text - 2] = 'b';
    expect_match(text, name, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_literal_names),
        cmocka_unit_test(matches_stars_and_question_marks),
        cmocka_unit_test(matches_sets),
        cmocka_unit_test(matches_classes),
        cmocka_unit_test(takes_an_open_set_for_a_bracket),
        cmocka_unit_test(escapes_behind_a_wildcard),
        cmocka_unit_test(needs_no_end_of_the_name),
        cmocka_unit_test(is_not_led_into_backtracking),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
