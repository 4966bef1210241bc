/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a saved report, held against budgets, growth and a baseline, in every form; what
 * stands behind a NUL is the baseline, which without one is the report itself. A report that was
 * read is written as one that can be read, and says the same then. */
#include "harness.h"

static const char saved[] = "saved.json", older[] = "older.json", again[] = "again.json";

static welt_options options_of(void)
{
    static const welt_budget budgets[] = {
        {.name = NULL, .limit = 100},
        {.name = "main", .limit = 10},
        {.name = "object:main.o", .limit = 20},
        {.name = "section:.text", .limit = 20},
    };
    return (welt_options){.budgets = budgets,
                          .budget_count = sizeof budgets / sizeof *budgets,
                          .budget_action = WELT_BUDGET_WARN,
                          .max_growth = "1%",
                          .max_slack = "8",
                          .baseline_path = older};
}

static void check_json(const struct fuzz *fuzz, welt_bytes json)
{
    struct fuzz second = *fuzz;
    welt_bytes same;
    fuzz_add_file(&second, again, json.data, json.size);
    second.in_use = 0;
    welt_linker *linker = fuzz_open(&second, (welt_options){.size = 0});
    if (!linker)
        return;
    welt_status status = welt_load_report(linker, again);
    REQUIRE(status == WELT_OK || status == WELT_FAILED || status == WELT_NO_MEMORY);
    REQUIRE(status == WELT_NO_MEMORY || welt_has(linker, WELT_OUTPUT_REPORT_JSON));
    same = status == WELT_NO_MEMORY ? (welt_bytes){NULL, 0}
                                    : fuzz_get(&second, linker, WELT_OUTPUT_REPORT_JSON);
    REQUIRE(!same.data || (same.size == json.size && memcmp(same.data, json.data, json.size) == 0));
    fuzz_close(&second, linker);
}

static void load(struct fuzz *fuzz, welt_options options)
{
    welt_linker *linker = fuzz_open(fuzz, options);
    if (!linker)
        return;
    fuzz->errors = fuzz->told = 0;
    welt_status status = welt_load_report(linker, saved);
    REQUIRE(status == WELT_OK || status == WELT_FAILED || status == WELT_NO_MEMORY);
    REQUIRE(status == WELT_NO_MEMORY || (status == WELT_FAILED) == (fuzz->errors > 0));
    REQUIRE(!welt_has(linker, WELT_OUTPUT_IMAGE) && welt_span_count(linker) == 0);
    bool is_there = welt_has(linker, WELT_OUTPUT_REPORT_JSON);
    for (int form = WELT_OUTPUT_REPORT_TEXT; is_there && form <= WELT_OUTPUT_REPORT_CSV; form++) {
        welt_bytes bytes = fuzz_get(fuzz, linker, (welt_output)form);
        if (bytes.data && form == WELT_OUTPUT_REPORT_JSON && !options.baseline_path)
            check_json(fuzz, bytes);
    }
    fuzz_close(fuzz, linker);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) // NOLINT
{
    struct fuzz fuzz = {.file_count = 0};
    const uint8_t *end = size ? memchr(data, 0, size) : NULL;
    size_t first = end ? (size_t)(end - data) : size;
    fuzz_add_file(&fuzz, saved, data, first);
    if (end)
        fuzz_add_file(&fuzz, older, end + 1, size - first - 1);
    else
        fuzz_add_file(&fuzz, older, data, size);
    load(&fuzz, (welt_options){.size = 0});
    load(&fuzz, options_of());
    return 0;
}
