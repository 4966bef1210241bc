/* SPDX-License-Identifier: MIT
 *
 * What each call of welt.h answers when its arguments can't be meant, and what it answers before
 * there is something to tell. */
#include "kit.h"

static const char alone[] = ".globl _start\n_start: hlt\n";

/* ---- texts ---- */

static void every_status_has_a_text(void **state)
{
    static const welt_status all[] = {WELT_OK,        WELT_FAILED, WELT_NO_MEMORY,
                                      WELT_CANCELLED, WELT_MISUSE, (welt_status)99};
    (void)state;
    for (size_t i = 0; i < COUNT(all); i++) {
        assert_true(strlen(welt_status_text(all[i])) > 3);
        assert_null(strchr(welt_status_text(all[i]), '\n'));
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(welt_status_text(all[i]), welt_status_text(all[j]));
    }
}

static void versions(void **state)
{
    char wanted[40];
    (void)state;
    snprintf(wanted, sizeof wanted, "%d.%d.%d", WELT_VERSION_MAJOR, WELT_VERSION_MINOR,
             WELT_VERSION_PATCH);
    assert_string_equal(WELT_VERSION, wanted);
    assert_string_equal(welt_version(), wanted);
    assert_non_null(strstr(welt_build_details(), "LLVM "));
    assert_non_null(strstr(welt_build_details(), "runtime "));
}

static void layouts(void **state)
{
    static const char *const wanted[] = {"sector", "mbr", "vbr", "disk", "com", "rom", "raw"};
    size_t count = 0;
    (void)state;
    while (welt_layout_name(count))
        assert_non_null(welt_layout_script(welt_layout_name(count++)));
    assert_true(count >= COUNT(wanted));
    assert_null(welt_layout_name(SIZE_MAX));
    for (size_t i = 0; i < COUNT(wanted); i++)
        assert_non_null(strstr(welt_layout_script(wanted[i]), "SECTIONS"));
    assert_null(welt_layout_script("Sector"));
    assert_null(welt_layout_script(""));
    assert_null(welt_layout_script(NULL));
}

/* ---- options ---- */

static void refuse(const welt_options *options)
{
    welt_linker *linker = (welt_linker *)&host;
    const char *const inputs[] = {"/nowhere/boot.o"};
    assert_int_equal(welt_linker_new(&linker, options), WELT_MISUSE);
    assert_null(linker);
    assert_int_equal(welt_link_files("/nowhere/boot.bin", inputs, 1, options), WELT_MISUSE);
    assert_int_equal(host.told_count, 0);
    assert_int_equal(host.lent, 0);
}

static void options_of_another_size(void **state)
{
    static const size_t sizes[] = {0,
                                   1,
                                   sizeof(size_t),
                                   sizeof(welt_options) - 1,
                                   sizeof(welt_options) + 1,
                                   sizeof(welt_options) + 8,
                                   SIZE_MAX};
    (void)state;
    welt_options options = host_options(&host);
    for (size_t i = 0; i < COUNT(sizes); i++) {
        options.size = sizes[i];
        refuse(&options);
    }
}

/* An older host's struct is smaller: nothing behind its size may be read (sanitizers see that). */
static void options_of_an_older_host(void **state)
{
    (void)state;
    size_t *older = malloc(sizeof *older);
    assert_non_null(older);
    *older = sizeof *older;
    refuse((const welt_options *)older);
    free(older);
}

static void options_without_what_they_count(void **state)
{
    static const char *const missing[] = {"a", NULL};
    static const welt_section_start nameless[] = {{".text", 0}, {NULL, 0}};
    (void)state;
    for (int which = 0; which < 8; which++) {
        welt_options options = host_options(&host);
        const char *const *texts = which & 1 ? missing : NULL;
        switch (which / 2) {
        case 0: options.undefined = texts, options.undefined_count = 2; break;
        case 1: options.defsyms = texts, options.defsym_count = 2; break;
        case 2: options.search_dirs = texts, options.search_dir_count = 2; break;
        default:
            options.section_starts = which & 1 ? nameless : NULL;
            options.section_start_count = 2;
            break;
        }
        refuse(&options);
    }
}

static void page_sizes_that_are_none(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.max_page_size = 4095;
    refuse(&options);
    options.max_page_size = 0;
    options.common_page_size = UINT64_MAX;
    refuse(&options);
}

static void choices_that_are_none(void **state)
{
    (void)state;
    for (int which = 0; which < 8; which++) {
        welt_options options = host_options(&host);
        switch (which) {
        case 0: options.face = (welt_face)2; break;
        case 1: options.format = (welt_format)4; break;
        case 2: options.gc = (welt_switch)3; break;
        case 3: options.merge = (welt_switch)-1; break;
        case 4: options.icf = (welt_icf)3; break;
        case 5: options.runtime = (welt_runtime)4; break;
        case 6: options.demangle = (welt_switch)3; break;
        default: options.unresolved = (welt_unresolved)3; break;
        }
        refuse(&options);
    }
}

static void release_without_allocate(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.allocator.allocate = NULL;
    refuse(&options);
}

/* A host that frees all it lent at once gives no release. */
static char pool[4 << 20];
static size_t pool_used;

static void *lend_from_pool(void *user, size_t size)
{
    (void)user;
    size_t at = pool_used;
    if (size > sizeof pool - at)
        return NULL;
    pool_used += (size + 15) & ~(size_t)15;
    return pool + at;
}

static void allocate_without_release(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.allocator = (welt_allocator){.allocate = lend_from_pool};
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(alone));
    expect(&host, welt_link(linker), WELT_OK);
    assert_int_equal(get(linker, WELT_OUTPUT_IMAGE).size, 512);
    welt_linker_free(linker);
    assert_true(pool_used > 0);
}

static size_t cleared;

static void *lend_cleared(void *user, size_t size)
{
    cleared++;
    void *memory = lend_from_pool(user, size);
    return memory ? memset(memory, 0, size) : NULL;
}

/* What Welt needs clear it asks for so, and does not clear itself: the rest is dirty on purpose. */
static void allocate_zeroed_is_asked(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.allocator = (welt_allocator){.allocate_zeroed = lend_cleared};
    refuse(&options);
    options.allocator.allocate = lend_from_pool;
    memset(pool, 0xa5, sizeof pool);
    pool_used = 0;
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(alone));
    expect(&host, welt_link(linker), WELT_OK);
    assert_int_equal(get(linker, WELT_OUTPUT_IMAGE).size, 512);
    welt_linker_free(linker);
    assert_true(cleared > 0);
}

/* ---- calls ---- */

static void a_linker_that_is_null(void **state)
{
    welt_bytes bytes;
    uint64_t address;
    welt_span span = {.struct_size = sizeof span};
    welt_region region = {.struct_size = sizeof region};
    (void)state;
    assert_int_equal(welt_linker_new(NULL, NULL), WELT_MISUSE);
    assert_int_equal(welt_add_file(NULL, "boot.o"), WELT_MISUSE);
    assert_int_equal(welt_add_bytes(NULL, "boot.o", "", 0), WELT_MISUSE);
    assert_int_equal(welt_add_library(NULL, "c"), WELT_MISUSE);
    assert_int_equal(welt_set_mode(NULL, WELT_MODE_GROUP, 1), WELT_MISUSE);
    assert_int_equal(welt_link(NULL), WELT_MISUSE);
    assert_int_equal(welt_get(NULL, WELT_OUTPUT_IMAGE, &bytes), WELT_MISUSE);
    assert_int_equal(welt_write(NULL, WELT_OUTPUT_IMAGE, "/nowhere/boot.bin"), WELT_MISUSE);
    assert_int_equal(welt_span_count(NULL), 0);
    assert_int_equal(welt_span_at(NULL, 0, &span), WELT_MISUSE);
    assert_int_equal(welt_region_count(NULL), 0);
    assert_int_equal(welt_region_at(NULL, 0, &region), WELT_MISUSE);
    assert_int_equal(welt_symbol_address(NULL, "_start", &address), WELT_MISUSE);
    welt_linker_free(NULL);
}

static void arguments_that_are_null(void **state)
{
    uint64_t address;
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(alone));
    expect(&host, welt_link(linker), WELT_OK);
    assert_int_equal(welt_add_file(linker, NULL), WELT_MISUSE);
    assert_int_equal(welt_add_bytes(linker, NULL, "", 0), WELT_MISUSE);
    assert_int_equal(welt_add_bytes(linker, "boot.o", NULL, 1), WELT_MISUSE);
    assert_int_equal(welt_add_library(linker, NULL), WELT_MISUSE);
    assert_int_equal(welt_get(linker, WELT_OUTPUT_IMAGE, NULL), WELT_MISUSE);
    assert_int_equal(welt_write(linker, WELT_OUTPUT_IMAGE, NULL), WELT_MISUSE);
    assert_int_equal(welt_span_at(linker, 0, NULL), WELT_MISUSE);
    assert_int_equal(welt_region_at(linker, 0, NULL), WELT_MISUSE);
    assert_int_equal(welt_symbol_address(linker, NULL, &address), WELT_MISUSE);
    assert_int_equal(welt_symbol_address(linker, "_start", NULL), WELT_MISUSE);
    assert_int_equal(host.told_count, 0);
    expect(&host, welt_link(linker), WELT_OK); /* none of it was taken */
    welt_linker_free(linker);
}

static void numbers_that_are_none(void **state)
{
    welt_bytes bytes = {NULL, 0};
    welt_span span = {.struct_size = sizeof span};
    welt_region region = {.struct_size = sizeof region};
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(alone));
    expect(&host, welt_link(linker), WELT_OK);
    assert_int_equal(welt_set_mode(linker, (welt_mode)(WELT_MODE_BINARY + 1), 1), WELT_MISUSE);
    assert_int_equal(welt_get(linker, (welt_output)(WELT_OUTPUT_REPORT_CSV + 1), &bytes),
                     WELT_MISUSE);
    assert_int_equal(welt_get(linker, (welt_output)-1, &bytes), WELT_MISUSE);
    assert_int_equal(
        welt_write(linker, (welt_output)(WELT_OUTPUT_REPORT_CSV + 1), "/nowhere/boot.bin"),
        WELT_MISUSE);
    assert_int_equal(welt_span_at(linker, welt_span_count(linker), &span), WELT_MISUSE);
    assert_int_equal(welt_span_at(linker, SIZE_MAX, &span), WELT_MISUSE);
    assert_int_equal(welt_region_at(linker, welt_region_count(linker), &region), WELT_MISUSE);
    span.struct_size = region.struct_size = 8;
    assert_int_equal(welt_span_at(linker, 0, &span), WELT_MISUSE);
    assert_int_equal(welt_region_at(linker, 0, &region), WELT_MISUSE);
    welt_linker_free(linker);
}

static void files_in_one_call(void **state)
{
    const char *const inputs[] = {"/nowhere/boot.o", NULL};
    (void)state;
    assert_int_equal(welt_link_files(NULL, inputs, 1, NULL), WELT_MISUSE);
    assert_int_equal(welt_link_files("/nowhere/boot.bin", NULL, 1, NULL), WELT_MISUSE);
    assert_int_equal(welt_link_files("/nowhere/boot.bin", inputs, 2, NULL), WELT_MISUSE);
    assert_int_equal(welt_link_files("/nowhere/boot.bin", inputs, 1, NULL), WELT_FAILED);
    assert_int_equal(welt_link_files("/nowhere/boot.bin", NULL, 0, NULL), WELT_FAILED);
}

/* ---- before a link, and after one that failed ---- */

static void assert_nothing_to_tell(welt_linker *linker)
{
    uint64_t address;
    welt_bytes bytes;
    for (int which = 0; which <= WELT_OUTPUT_SUMMARY; which++) {
        assert_int_equal(welt_get(linker, (welt_output)which, &bytes), WELT_MISUSE);
        assert_int_equal(welt_write(linker, (welt_output)which, "/nowhere/x"), WELT_MISUSE);
    }
    assert_int_equal(welt_span_count(linker), 0);
    assert_int_equal(welt_region_count(linker), 0);
    assert_int_equal(welt_symbol_address(linker, "_start", &address), WELT_MISUSE);
}

static void before_a_link(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    assert_nothing_to_tell(linker);
    add_bytes(linker, "boot.o", assemble(alone));
    assert_nothing_to_tell(linker);
    welt_linker_free(linker);
}

static void after_a_link_without_layout(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(alone));
    expect(&host, welt_link(linker), WELT_OK);
    add_bytes(linker, "boot.o", text_bytes("no object"));
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_nothing_to_tell(linker);
    welt_linker_free(linker);
}

/* Over budget: the map is there, which is when it is read; the image is not. */
static void after_a_link_over_budget(void **state)
{
    welt_bytes bytes;
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(".globl _start\n_start: .space 600, 0x90\n"));
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_int_equal(welt_get(linker, WELT_OUTPUT_IMAGE, &bytes), WELT_MISUSE);
    assert_int_equal(welt_get(linker, WELT_OUTPUT_ELF, &bytes), WELT_MISUSE);
    assert_non_null(strstr((const char *)get(linker, WELT_OUTPUT_LISTING).data, "not written"));
    assert_non_null(strstr((const char *)get(linker, WELT_OUTPUT_MAP).data, "_start"));
    assert_non_null(strstr((const char *)get(linker, WELT_OUTPUT_SUMMARY).data, "90 over"));
    assert_true(welt_span_count(linker) > 0);
    assert_int_equal(symbol(linker, "_start"), 0x7c00);
    welt_linker_free(linker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_status_has_a_text),
        TEST(versions),
        TEST(layouts),
        TEST(options_of_another_size),
        TEST(options_of_an_older_host),
        TEST(options_without_what_they_count),
        TEST(page_sizes_that_are_none),
        TEST(choices_that_are_none),
        TEST(release_without_allocate),
        TEST(allocate_without_release),
        TEST(allocate_zeroed_is_asked),
        TEST(a_linker_that_is_null),
        TEST(arguments_that_are_null),
        TEST(numbers_that_are_none),
        TEST(files_in_one_call),
        TEST(before_a_link),
        TEST(after_a_link_without_layout),
        TEST(after_a_link_over_budget),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
