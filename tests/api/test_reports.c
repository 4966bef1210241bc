/* SPDX-License-Identifier: MIT
 *
 * Budgets and reports through welt.h: what is over, what changed, and saved reports, whole, cut
 * off, damaged, and read with too little memory. */
#include "kit.h"

static const char small[] = ".code16\n.globl _start, helper\n"
                            ".section .text._start,\"ax\"\n_start: call helper\n1: hlt\n jmp 1b\n"
                            ".section .text.helper,\"ax\"\nhelper: mov $text, %si\n ret\n"
                            ".section .rodata,\"a\"\ntext: .asciz \"Hello\"\n";
static const char large[] =
    ".code16\n.globl _start, helper\n"
    ".section .text._start,\"ax\"\n_start: call helper\n1: hlt\n jmp 1b\n"
    ".section .text.helper,\"ax\"\nhelper: mov $text, %si\n .space 20, 0x90\n"
    " ret\n.section .rodata,\"a\"\ntext: .asciz \"Hello\"\n";

static welt_bytes report_of(const char *source, welt_output form)
{
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(source));
    expect(&host, welt_link(linker), WELT_OK);
    welt_bytes kept = keep(get(linker, form));
    welt_linker_free(linker);
    return kept;
}

static welt_budget_use use_at(welt_linker *linker, size_t index)
{
    welt_budget_use use = {.struct_size = sizeof use};
    assert_int_equal(welt_budget_at(linker, index, &use), WELT_OK);
    return use;
}

/* ---- budgets ---- */

static void budgets_are_measured(void **state)
{
    const welt_budget budgets[] = {{NULL, 100}, {"helper", 4}, {"object:boot.o", 17}};
    (void)state;
    welt_options options = host_options(&host);
    options.budgets = budgets;
    options.budget_count = COUNT(budgets);
    welt_linker *linker = new_linker(&host, &options);
    assert_int_equal(welt_budget_count(linker), 0);
    add_bytes(linker, "boot.o", assemble(small));
    expect(&host, welt_link(linker), WELT_OK);
    size_t regions = welt_region_count(linker);
    assert_int_equal(welt_budget_count(linker), regions + COUNT(budgets));
    welt_budget_use image = use_at(linker, regions), helper = use_at(linker, regions + 1);
    assert_string_equal(image.kind, "image");
    assert_int_equal(image.limit, 100);
    assert_int_equal(image.used, 16);
    assert_string_equal(helper.kind, "symbol");
    assert_int_equal(helper.used, 4);
    assert_string_equal(use_at(linker, regions + 2).kind, "object");
    welt_budget_use bad = {.struct_size = 8};
    assert_int_equal(welt_budget_at(linker, 0, &bad), WELT_MISUSE);
    assert_int_equal(welt_budget_at(linker, regions + COUNT(budgets), &image), WELT_MISUSE);
    welt_linker_free(linker);
}

static void a_report_follows_a_budget_that_is_over(void **state)
{
    const welt_budget budget = {"helper", 3};
    (void)state;
    welt_options options = host_options(&host);
    options.budgets = &budget;
    options.budget_count = 1;
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(small));
    assert_int_equal(welt_link(linker), WELT_FAILED);
    assert_true(host.told_count > 0);
    assert_false(welt_has(linker, WELT_OUTPUT_IMAGE));
    assert_true(welt_has(linker, WELT_OUTPUT_REPORT_JSON));
    assert_non_null(strstr((const char *)get(linker, WELT_OUTPUT_REPORT_JSON).data, "\"over\": 1"));
    welt_linker_free(linker);
    host_forget(&host);
}

/* ---- saved reports ---- */

static welt_linker *reader(const char *baseline)
{
    welt_options options = host_options_reading(&host);
    options.baseline_path = baseline;
    return new_linker(&host, &options);
}

static void a_saved_report_is_the_same(void **state)
{
    (void)state;
    welt_bytes json = report_of(small, WELT_OUTPUT_REPORT_JSON);
    welt_bytes csv = report_of(small, WELT_OUTPUT_REPORT_CSV);
    host_add_file(&host, "small.json", json);
    welt_linker *linker = reader(NULL);
    expect(&host, welt_load_report(linker, "small.json"), WELT_OK);
    assert_false(welt_has(linker, WELT_OUTPUT_IMAGE));
    assert_false(welt_has(linker, WELT_OUTPUT_MAP));
    assert_int_equal(welt_span_count(linker), 0);
    assert_bytes_equal(get(linker, WELT_OUTPUT_REPORT_JSON), json);
    assert_bytes_equal(get(linker, WELT_OUTPUT_REPORT_CSV), csv);
    for (int form = WELT_OUTPUT_REPORT_TEXT; form <= WELT_OUTPUT_REPORT_CSV; form++)
        assert_true(get(linker, (welt_output)form).size > 100);
    welt_linker_free(linker);
    free_bytes(json);
    free_bytes(csv);
}

static void changes_add_up(void **state)
{
    (void)state;
    welt_bytes before = report_of(small, WELT_OUTPUT_REPORT_JSON);
    welt_bytes after = report_of(large, WELT_OUTPUT_REPORT_JSON);
    host_add_file(&host, "small.json", before);
    host_add_file(&host, "large.json", after);
    welt_linker *linker = reader("small.json");
    expect(&host, welt_load_report(linker, "large.json"), WELT_OK);
    const char *json = (const char *)get(linker, WELT_OUTPUT_REPORT_JSON).data;
    assert_non_null(strstr(json, "\"used_change\": 20"));
    assert_non_null(
        strstr(json, "{\"what\": \"grew\", \"change\": 20, \"before\": 4, \"after\": 24"));
    assert_non_null(strstr(json, "{\"what\": \"shrank\", \"change\": -20"));
    welt_linker_free(linker);
    free_bytes(before);
    free_bytes(after);
}

/* No prefix of a report is one, and no damaged byte ends the process. */
static void damaged_reports_are_refused(void **state)
{
    (void)state;
    welt_bytes json = report_of(small, WELT_OUTPUT_REPORT_JSON);
    host_add_file(&host, "damaged.json", json);
    welt_linker *linker = reader(NULL);
    for (size_t size = 0; size + 2 < json.size; size += 7) {
        host.files[0].bytes.size = size;
        assert_int_equal(welt_load_report(linker, "damaged.json"), WELT_FAILED);
        assert_false(welt_has(linker, WELT_OUTPUT_REPORT_TEXT));
    }
    host.files[0].bytes.size = json.size;
    for (size_t i = 0; i < json.size; i++) {
        unsigned char *byte = (unsigned char *)json.data + i, old = *byte;
        *byte = (unsigned char)(old >= '0' && old < '9' ? '9' : '7');
        if (welt_load_report(linker, "damaged.json") == WELT_OK)
            get(linker, WELT_OUTPUT_REPORT_TEXT);
        *byte = old;
    }
    expect(&host, welt_load_report(linker, "damaged.json"), WELT_OK);
    welt_linker_free(linker);
    host_forget(&host);
    free_bytes(json);
}

static void memory_runs_out_while_reading(void **state)
{
    (void)state;
    welt_bytes json = report_of(small, WELT_OUTPUT_REPORT_JSON);
    host_add_file(&host, "old.json", json);
    size_t allowed = 0;
    welt_status status = WELT_NO_MEMORY;
    for (; status != WELT_OK && allowed < 1000; allowed++) {
        welt_linker *linker = reader("old.json");
        host.allowed = allowed;
        status = welt_load_report(linker, "old.json");
        host.allowed = SIZE_MAX;
        if (status != WELT_OK)
            expect(&host, status, WELT_NO_MEMORY);
        welt_linker_free(linker);
        assert_int_equal(host.live, 0);
    }
    assert_true(allowed > 3);
    expect(&host, status, WELT_OK);
    free_bytes(json);
}

/* Put together from its bytes one by one, a line of any length takes a few blocks of memory. */
static void a_name_of_two_megabytes(void **state)
{
    enum { SIZE = 2 << 20 };
    (void)state;
    char *name = malloc(SIZE + 1);
    memset(name, 'n', SIZE);
    name[SIZE] = 0;
    welt_options options = host_options(&host);
    options.output_name = name;
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(small));
    expect(&host, welt_link(linker), WELT_OK);
    size_t lent = host.lent;
    assert_int_equal(get(linker, WELT_OUTPUT_DEPENDENCIES).size, SIZE + strlen(":\n"));
    assert_true(host.lent - lent < 100);
    welt_linker_free(linker);
    free(name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(budgets_are_measured),        TEST(a_report_follows_a_budget_that_is_over),
        TEST(a_saved_report_is_the_same),  TEST(changes_add_up),
        TEST(damaged_reports_are_refused), TEST(memory_runs_out_while_reading),
        TEST(a_name_of_two_megabytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
