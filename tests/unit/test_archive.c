/* SPDX-License-Identifier: MIT
 *
 * Archives: each dialect's names and indices, built as bytes; then what is wrong with damaged ones.
 */
#include "input/input.h"
#include "listener.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct listener listener;
static struct arena arena;
static unsigned char *copy; /* what was read last; members point into it */

/* An archive under construction. */
static struct {
    unsigned char bytes[1 << 16];
    size_t size;
} file;

static void put(const void *bytes, size_t size)
{
    memcpy(file.bytes + file.size, bytes, size);
    file.size += size;
}

static void begin(const char *magic)
{
    memset(&file, 0, sizeof file);
    put(magic, 8);
}

/* A header; gives its offset. */
static unsigned header(const char *name, const char *size)
{
    char text[128];
    unsigned at = (unsigned)file.size;
    snprintf(text, sizeof text, "%-16s%-12s%-6s%-6s%-8s%-10s`\n", name, "0", "0", "0", "644", size);
    put(text, 60);
    return at;
}

static unsigned member(const char *name, const void *bytes, size_t size)
{
    char number[32];
    snprintf(number, sizeof number, "%zu", size);
    unsigned at = header(name, number);
    put(bytes, size);
    if (size & 1)
        put("\n", 1);
    return at;
}

static void big(unsigned char *at, unsigned width, uint64_t number)
{
    for (unsigned i = 0; i < width; i++)
        at[i] = (unsigned char)(number >> (8 * (width - 1 - i)));
}

static void little(unsigned char *at, unsigned width, uint64_t number)
{
    for (unsigned i = 0; i < width; i++)
        at[i] = (unsigned char)(number >> (8 * i));
}

/* Reads a copy of just the right size, so that a sanitizer sees a step beyond. */
static struct archive *read_it(void)
{
    free(copy);
    copy = malloc(file.size);
    memcpy(copy, file.bytes, file.size);
    return archive_read(&arena, "lib.a", copy, file.size);
}

static struct archive *sound(void)
{
    struct archive *archive = read_it();
    if (!archive)
        print_message("%s\n", listener.text);
    assert_non_null(archive);
    assert_int_equal(listener.told, 0);
    return archive;
}

static void check_member(const struct archive *archive, unsigned index, const char *name,
                         const char *bytes)
{
    assert_true(index < archive->member_count);
    assert_string_equal(archive->members[index].name, name);
    assert_int_equal(archive->members[index].size, strlen(bytes));
    assert_memory_equal(archive->members[index].bytes, bytes, strlen(bytes));
}

/* ---- dialects ---- */

static void gnu_names_and_index(void **state)
{
    (void)state;
    unsigned char index[4 + 8 + 10] = {0};
    begin("!<arch>\n");
    unsigned table = member("/", index, sizeof index);
    member("//", "a_long_member_name.o/\nanother/\n", 31);
    unsigned first = member("short.o/", "one", 3);
    unsigned second = member("/0", "two", 3);
    member("/22", "", 0);
    big(index, 4, 2);
    big(index + 4, 4, second);
    big(index + 8, 4, first);
    memcpy(index + 12, "main\0puts", 10);
    memcpy(file.bytes + table + 60, index, sizeof index);
    struct archive *archive = sound();
    assert_int_equal(archive->member_count, 3);
    check_member(archive, 0, "short.o", "one");
    check_member(archive, 1, "a_long_member_name.o", "two");
    check_member(archive, 2, "another", "");
    assert_true(archive->has_index);
    assert_int_equal(archive->symbol_count, 2);
    assert_string_equal(archive->symbols[0].name, "main");
    assert_int_equal(archive->symbols[0].member, 1);
    assert_string_equal(archive->symbols[1].name, "puts");
    assert_int_equal(archive->symbols[1].member, 0);
    assert_ptr_equal(archive_find(archive, second), &archive->members[1]);
    assert_null(archive_find(archive, second + 1));
}

static void gnu_index_of_64_bits(void **state)
{
    (void)state;
    unsigned char index[8 + 8 + 2] = {0};
    begin("!<arch>\n");
    unsigned first = 8 + 60 + sizeof index;
    big(index, 8, 1);
    big(index + 8, 8, first);
    index[16] = 'f';
    member("/SYM64/", index, sizeof index);
    member("f.o/", "body", 4);
    struct archive *archive = sound();
    assert_int_equal(archive->symbol_count, 1);
    assert_string_equal(archive->symbols[0].name, "f");
}

static void bsd_names_and_index(void **state)
{
    (void)state;
    unsigned char index[4 + 16 + 4 + 8] = {0};
    begin("!<arch>\n");
    unsigned table = member("__.SYMDEF SORTED", index, sizeof index);
    unsigned first = member("plain.o", "one", 3);
    unsigned second = member("#1/20", "a long name.o\0\0\0\0\0\0\0two", 23);
    little(index, 4, 16);
    little(index + 4, 4, 4); /* the second string */
    little(index + 8, 4, second);
    little(index + 12, 4, 0);
    little(index + 16, 4, first);
    little(index + 20, 4, 8);
    memcpy(index + 24, "aaa\0bbb", 8);
    memcpy(file.bytes + table + 60, index, sizeof index);
    struct archive *archive = sound();
    assert_int_equal(archive->member_count, 2);
    check_member(archive, 0, "plain.o", "one");
    check_member(archive, 1, "a long name.o", "two");
    assert_int_equal(archive->symbol_count, 2);
    assert_string_equal(archive->symbols[0].name, "bbb");
    assert_int_equal(archive->symbols[0].member, 1);
    assert_string_equal(archive->symbols[1].name, "aaa");
}

static void darwin_index_of_64_bits_has_a_long_name(void **state)
{
    (void)state;
    unsigned char index[20 + 8 + 16 + 8 + 2] = "__.SYMDEF_64 SORTED";
    begin("!<arch>\n");
    unsigned first = 8 + 60 + sizeof index;
    little(index + 20, 8, 16);
    little(index + 28, 8, 0);
    little(index + 36, 8, first);
    little(index + 44, 8, 2);
    index[52] = 'g';
    member("#1/20", index, sizeof index);
    member("g.o", "body", 4);
    struct archive *archive = sound();
    assert_int_equal(archive->member_count, 1);
    assert_int_equal(archive->symbol_count, 1);
    assert_string_equal(archive->symbols[0].name, "g");
}

static void microsofts_second_index_is_passed_over(void **state)
{
    (void)state;
    static const unsigned char none[4] = {0};
    begin("!<arch>\n");
    member("/", none, 4);
    member("/", "anything", 8);
    member("/<ECSYMBOLS>/", "anything", 8);
    member("x.obj/", "body", 4);
    struct archive *archive = sound();
    assert_int_equal(archive->member_count, 1);
    assert_true(archive->has_index);
    assert_int_equal(archive->symbol_count, 0);
}

static void thin_members_are_paths(void **state)
{
    (void)state;
    begin("!<thin>\n");
    member("//", "dir/a.o/\nlib.a/\n", 16);
    header("/0", "99999");
    unsigned nested = header("/9:134", "77");
    header("near.o/", "5");
    struct archive *archive = sound();
    assert_true(archive->thin);
    assert_false(archive->has_index);
    assert_int_equal(archive->member_count, 3);
    assert_string_equal(archive->members[0].name, "dir/a.o");
    assert_null(archive->members[0].bytes);
    assert_int_equal(archive->members[0].nested_header, 0);
    assert_string_equal(archive->members[1].name, "lib.a");
    assert_int_equal(archive->members[1].nested_header, 134);
    assert_int_equal(archive->members[1].header, nested);
    assert_string_equal(archive->members[2].name, "near.o");
}

static void archives_may_be_empty(void **state)
{
    (void)state;
    begin("!<arch>\n");
    assert_int_equal(sound()->member_count, 0);
    put("\n", 1); /* padding */
    assert_int_equal(sound()->member_count, 0);
}

/* ---- damage ---- */

static void refused_with(const char *message)
{
    struct archive *archive = read_it();
    if (archive || !strstr(listener.text, message))
        print_message("want: %s\nhave: %s\n", message, archive ? "(read)" : listener.text);
    assert_null(archive);
    assert_string_equal(listener.id, "archive");
    assert_non_null(strstr(listener.text, message));
    assert_non_null(strstr(listener.text, "lib.a: "));
}

static void damaged_headers_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *name, *size, *message;
    } cases[] = {
        {"a.o/", "99", "the member at 0x8 (a.o/) reaches to 0xa7, the file ends at 0x48"},
        {"a.o/", "9999999999", "reaches to 0x2540be443, the file"},
        {"a.o/", "", "has \"          \" for a size"},
        {"a.o/", "-1", "has \"-1        \" for a size"},
        {"a.o/", "0x4", "for a size"},
        {"a.o/", "2", "the header at 0x46 is cut short"},
        {"/5", "4", "has its name at 5 of a table of 0 bytes"},
        {"/5:8", "4", "has \"/5:8\" for a name"},
        {"#1/5", "4", "has \"#1/5\" for a name but 4 bytes"},
        {"#1/x", "4", "has \"#1/x\" for a name"},
        {"/", "4", "the index of 0x4 bytes is said to hold 1651467385 symbols"},
        {"/", "2", "the header at 0x46 is cut short"},
        {"__.SYMDEF", "4", "the index of 0x4 bytes is said to hold 0x0 bytes of pairs"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        begin("!<arch>\n");
        header(cases[i].name, cases[i].size);
        put("body", 4);
        refused_with(cases[i].message);
    }
}

static void damaged_ends_are_refused(void **state)
{
    (void)state;
    begin("!<arch>\n");
    member("a.o/", "body", 4);
    unsigned second = member("b.o/", "body", 4);
    file.size = second + 20;
    refused_with("the header at 0x48 is cut short: the file ends at 0x5c");
    file.size = second + 64;
    file.bytes[second + 58] = 'x';
    refused_with("no member begins at 0x48");
    begin("!<arch>\n");
    member("//", "x/\n", 3);
    member("//", "x/\n", 3);
    refused_with("a second table of long names is at 0x48");
}

/* An index of one symbol in an archive of one member at 0x56. */
static void build_indexed(uint64_t count, uint64_t offset, const char *name, size_t size)
{
    unsigned char index[18] = {0};
    big(index, 4, count);
    big(index + 4, 4, offset);
    memcpy(index + 8, name, size);
    begin("!<arch>\n");
    member("/", index, 18);
    member("a.o/", "body", 4);
}

static void damaged_indices_are_refused(void **state)
{
    (void)state;
    build_indexed(1, 0x56, "main", 5);
    sound();
    build_indexed(1, 0x58, "main", 5);
    refused_with("the index has main in a member at 0x58, where none begins");
    build_indexed(1, 0, "main", 5);
    refused_with("at 0x0, where none begins");
    build_indexed(1, 8, "main", 5);
    refused_with("at 0x8, where none begins"); /* the index itself */
    build_indexed(0x40000001, 0x56, "main", 5);
    refused_with("is said to hold 1073741825 symbols");
    build_indexed(1, 0x56, "1234567890", 10);
    refused_with("the index holds 1 symbols, but only 0 names");
}

static void names_of_a_bsd_index_must_not_overlap(void **state)
{
    (void)state;
    enum { COUNT = 1000, STRINGS = 30000 };
    static unsigned char index[4 + COUNT * 8 + 4 + STRINGS];
    begin("!<arch>\n");
    little(index, 4, COUNT * 8);
    for (unsigned i = 0; i < COUNT; i++) {
        little(index + 4 + i * 8, 4, i);
        little(index + 8 + i * 8, 4, 8 + 60 + sizeof index);
    }
    little(index + 4 + COUNT * 8, 4, STRINGS);
    memset(index + 8 + COUNT * 8, 'x', STRINGS - 1);
    member("__.SYMDEF", index, sizeof index);
    member("a.o", "body", 4);
    refused_with("the names of the index overlap");
}

static void another_file_is_no_archive(void **state)
{
    (void)state;
    begin("\177ELF\1\1\1");
    refused_with("is no archive");
    file.size = 5;
    refused_with("is no archive");
}

/* Every cut of a sound archive is an archive or is refused; nothing is read beyond it. */
static void truncated_archives_are_safe(void **state)
{
    (void)state;
    build_indexed(1, 0x56, "main", 5);
    for (size_t size = file.size - 1; size > 8; size--) {
        file.size = size;
        listener.told = 0;
        struct archive *archive = archive_read(&arena, "lib.a", file.bytes, size);
        assert_true(!archive == (listener.told == 1));
    }
}

/* ---- what tools make ---- */

static void ar_makes_archives(void **state)
{
    (void)state;
    static unsigned char bytes[1 << 14];
    const char *command = "echo one >test_archive_member_1.o && echo three >test_archive_2.o && "
                          "rm -f test_archive.a && ar rcS test_archive.a test_archive_member_1.o "
                          "test_archive_2.o";
    if (system(command) != 0)
        skip();
    FILE *from = fopen("test_archive.a", "rb");
    assert_non_null(from);
    size_t size = fread(bytes, 1, sizeof bytes, from);
    fclose(from);
    remove("test_archive.a");
    remove("test_archive_member_1.o");
    remove("test_archive_2.o");
    struct archive *archive = archive_read(&arena, "test_archive.a", bytes, size);
    assert_non_null(archive);
    check_member(archive, 0, "test_archive_member_1.o", "one\n");
    check_member(archive, 1, "test_archive_2.o", "three\n");
    assert_false(archive->has_index);
}

static int open_test(void **state)
{
    (void)state;
    listener_open(&listener);
    arena_open(&arena, &listener.host);
    return 0;
}

static int close_test(void **state)
{
    (void)state;
    arena_close(&arena);
    free(copy);
    copy = NULL;
    return listener.in_use != 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_test, close_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(gnu_names_and_index),
        TEST(gnu_index_of_64_bits),
        TEST(bsd_names_and_index),
        TEST(darwin_index_of_64_bits_has_a_long_name),
        TEST(microsofts_second_index_is_passed_over),
        TEST(thin_members_are_paths),
        TEST(archives_may_be_empty),
        TEST(damaged_headers_are_refused),
        TEST(damaged_ends_are_refused),
        TEST(damaged_indices_are_refused),
        TEST(names_of_a_bsd_index_must_not_overlap),
        TEST(another_file_is_no_archive),
        TEST(truncated_archives_are_safe),
        TEST(ar_makes_archives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
