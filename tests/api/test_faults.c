/* SPDX-License-Identifier: MIT
 *
 * Links of all that there is, to a flat image with an ELF file beside it, to ELF executables and
 * to objects, with each allocation refused in turn and stopped at each call of the progress
 * callback: the status says so, nothing is lost, and the same linker then gives the bytes
 * that it gives when nothing goes wrong. */
#include "kit.h"

/* ---- the link ---- */

static const char boot[] =
    "static const char *const names[] = {\"alpha\\r\\n\", \"beta\\r\\n\", \"a welt\"};\n"
    "int counter, other[10]; short step = 7; extern int first(void), second(void);\n"
    "__attribute__((noinline)) void say(const char *s) { while (*s)\n"
    "  __asm__ volatile(\"int $0x10\" : : \"a\"(0x0e00 | *s++), \"b\"(7)); }\n"
    "int dead(void) { say(\"nobody calls\"); return 1; }\n"
    "volatile unsigned long long big = 1000000007;\n"
    "int main(void) { for (int i = 0; i < 3; i++) { say(names[i]); other[i] = counter += step; }\n"
    "  say(\"welt\"); big /= 10; return first() + second(); }\n";
static const char more[] = "int one(int a) { return a * 77 + 3; }\n"
                           "int two(int a) { return a * 77 + 3; }\n"
                           "int first(void) { return one(1) + two(2); }\n";
static const char member[] = "extern void say(const char *);\n"
                             "int second(void) { say(\"beta\\r\\n\"); return 2; }\n"
                             "int third(void) { return 3; }\n";
static const char script[] = "INCLUDE sector.ld\nEXTERN(kept)\n";
static const char joining[] =
    "SECTIONS { .text : { *(.text SORT(.text.*)) } .data : { *(.data*) } }"
    " VERSION { { global: main; local: *; }; }";

/* Twice in the link: one of the groups goes, with what the tables say of it. */
static const char group[] = ".code32\n.section .text.both,\"axG\",@progbits,both,comdat\n"
                            ".globl both\nboth: .cfi_startproc\n push %ebp\n"
                            " .cfi_def_cfa_offset 8\n mov $limits, %eax\n ret\n.cfi_endproc\n"
                            ".section .rodata.both,\"aG\",@progbits,both,comdat\n"
                            "limits: .long both, limits\n"
                            ".text\n.stabs \"both\", 36, 0, 0, both\n.comm pool, 24, 4\n"
                            ".weak both_or_none, main\nmain: mov $both_or_none, %eax\n";

static const char older[] =
    "{\"schema\": \"welt-report/1\", \"image\": {\"name\": \"old\", \"size\": 4, \"used\": 4},"
    " \"rows\": [{\"kind\": \"code\", \"offset\": 0, \"size\": 4, \"object\": \"boot.o\","
    " \"section\": \".text\", \"symbol\": \"main\"}], \"memory\": []}";

enum { INPUTS = 7, GROUPS = 5 }; /* from here on there are groups alone */

static welt_bytes more_object;

static void make_inputs(void)
{
    welt_bytes members[] = {compile_c(member), assemble(".globl kept\nkept: ret\n")};
    host_add_text(&host, "boot.ld", script);
    host_add_text(&host, "joining.ld", joining);
    host_add_text(&host, "sector.ld", welt_layout_script("raw"));
    host_add_text(&host, "older.json", older);
    host_add_file(&host, "boot.o", compile_with_lines(boot));
    more_object = compile_c(more);
    host_add_file(&host, "group.o", assemble(group));
    host_add_file(&host, "libtools.a", make_archive("rcsD", members, 2));
    host_add_file(&host, "libnone.a", make_archive("rcSD", members, 2)); /* without an index */
}

/* What is linked to. */
static const struct form {
    bool is_flat;
    const char *script, *entry, *build_id;
    int first_input, relocatable, emit_relocs, define_common, with_gc, pie;
    welt_strip strip;
    welt_discard discard;
    welt_dialect dialect;
} forms[] = {
    {.is_flat = true, .script = "boot.ld"},
    {.entry = "main", .build_id = "sha1", .emit_relocs = 1},
    {.entry = "main", .emit_relocs = 1, .with_gc = 1, .dialect = WELT_DIALECT_LLD},
    {.entry = "main", .strip = WELT_STRIP_DEBUG, .discard = WELT_DISCARD_ALL},
    {.entry = "main", .pie = 1, .emit_relocs = 1, .first_input = GROUPS},
    {.entry = "main", .pie = 1, .dialect = WELT_DIALECT_LLD, .first_input = GROUPS},
    {.relocatable = 1},
    {.relocatable = 1, .emit_relocs = 1, .define_common = 1, .script = "joining.ld"},
    {.relocatable = 1, .entry = "main", .with_gc = 1, .build_id = "md5"},
    {.relocatable = 1, .strip = WELT_STRIP_ALL, .emit_relocs = 1},
    {.relocatable = 1, .strip = WELT_STRIP_DEBUG, .discard = WELT_DISCARD_ALL},
    {.relocatable = 1, .dialect = WELT_DIALECT_LLD},
};
static const struct form *form = forms; /* of what is linked now */

static const welt_output wanted_outputs[] = {
    WELT_OUTPUT_IMAGE,           WELT_OUTPUT_MAP,         WELT_OUTPUT_SUMMARY,
    WELT_OUTPUT_LISTING,         WELT_OUTPUT_CREF,        WELT_OUTPUT_DEPENDENCIES,
    WELT_OUTPUT_TRACE_MEMBERS,   WELT_OUTPUT_REMOVED,     WELT_OUTPUT_REPORT_TEXT,
    WELT_OUTPUT_REPORT_MARKDOWN, WELT_OUTPUT_REPORT_HTML, WELT_OUTPUT_REPORT_CSV,
    WELT_OUTPUT_REPORT_JSON,     WELT_OUTPUT_ELF, /* of a flat image alone */
};
enum { OUTPUTS = COUNT(wanted_outputs), LINKED = 100 };

static int output_count(void)
{
    return form->is_flat ? OUTPUTS : OUTPUTS - 1;
}

/* An ELF file of code that was compiled for 16 bits. */
static void ask_for_elf(welt_options *options)
{
    static const welt_section_start start = {".text", 0x8000};
    options->face = WELT_FACE_LD;
    options->section_starts = &start;
    options->section_start_count = form->pie ? 0 : 1;
    options->omagic = !form->pie;
    options->format = WELT_FORMAT_ELF32_I386;
    options->unresolved = WELT_UNRESOLVED_IGNORE;
}

static void ask_for_form(welt_options *options)
{
    if (form->is_flat) {
        options->icf = WELT_ICF_ALL;
        options->with_elf = 1;
    } else {
        ask_for_elf(options);
    }
    options->script_path = form->script;
    options->entry = form->entry;
    options->build_id = form->build_id;
    options->relocatable = form->relocatable;
    options->pie = form->pie;
    options->emit_relocs = form->emit_relocs;
    options->define_common = form->define_common;
    options->gc = form->with_gc ? WELT_ON : WELT_BY_FACE;
    options->strip = form->strip;
    options->discard = form->discard;
    options->dialect = form->dialect;
}

static welt_options all_options(void)
{
    static const char *const dirs[] = {"nowhere", "."};
    static const welt_budget budgets[] = {{NULL, 4000}, {"symbol:main", 3000}};
    welt_options options = host_options_reading(&host);
    options.search_dirs = dirs;
    options.search_dir_count = 2;
    options.baseline_path = "older.json";
    options.budgets = budgets;
    options.budget_count = COUNT(budgets);
    ask_for_form(&options);
    return options;
}

static welt_status add_input(welt_linker *linker, int index)
{
    switch (index) {
    case 0: return welt_add_file(linker, "boot.o");
    case 1: return welt_add_bytes(linker, "more.o", more_object.data, more_object.size);
    case 2: return welt_set_mode(linker, WELT_MODE_GROUP, 1);
    case 3: return welt_add_file(linker, "libnone.a");
    case 4: return welt_add_file(linker, "libtools.a");
    default: return welt_add_file(linker, "group.o");
    }
}

/* What a link gives. */
struct results {
    welt_bytes output[OUTPUTS];
};

static void free_results(struct results *results)
{
    for (size_t i = 0; i < COUNT(results->output); i++)
        free_bytes(results->output[i]);
    *results = (struct results){0};
}

/* Goes on with a link where it stopped: `done` inputs are added; LINKED and more says that it is
 * linked, and how many outputs were had. */
static welt_status go_on(welt_linker *linker, int *done, struct results *results)
{
    welt_status status = WELT_OK;
    for (; *done < INPUTS && status == WELT_OK; *done += status == WELT_OK)
        status = add_input(linker, *done);
    if (status == WELT_OK && *done == INPUTS && (status = welt_link(linker)) == WELT_OK)
        *done = LINKED;
    while (status == WELT_OK && *done >= LINKED && *done < LINKED + output_count()) {
        int which = *done - LINKED;
        welt_bytes bytes;
        status = welt_get(linker, wanted_outputs[which], &bytes);
        if (status != WELT_OK)
            break;
        results->output[which] = keep(bytes);
        ++*done;
    }
    return status;
}

static struct results run_undisturbed(void)
{
    struct results results = {0};
    int done = form->first_input;
    welt_options options = all_options();
    welt_linker *linker = new_linker(&host, &options);
    expect(&host, go_on(linker, &done, &results), WELT_OK);
    assert_int_equal(done, LINKED + output_count());
    welt_linker_free(linker);
    return results;
}

static void assert_results(const struct results *results, const struct results *wanted)
{
    for (int i = 0; i < output_count(); i++)
        assert_bytes_equal(results->output[i], wanted->output[i]);
}

/* ---- memory ---- */

/* The allocation after `allowed` others is refused, then all are given. false: so many are enough.
 */
static bool run_short_of_memory(size_t allowed, const struct results *wanted)
{
    welt_linker *linker = NULL;
    struct results results = {0};
    int done = form->first_input;
    welt_options options = all_options();
    host.allowed = allowed;
    welt_status status = welt_linker_new(&linker, &options);
    assert_true(!linker == (status != WELT_OK));
    if (linker)
        status = go_on(linker, &done, &results);
    host.allowed = SIZE_MAX;
    bool was_short = status != WELT_OK;
    if (was_short)
        expect(&host, status, WELT_NO_MEMORY);
    assert_int_equal(host.told_count, 0);
    if (linker && was_short)
        expect(&host, go_on(linker, &done, &results), WELT_OK);
    if (linker)
        assert_results(&results, wanted);
    free_results(&results);
    welt_linker_free(linker);
    assert_int_equal(host.live, 0);
    return was_short;
}

static void each_allocation_refused(void **state)
{
    (void)state;
    make_inputs();
    unsigned files = open_files();
    for (form = forms; form < forms + COUNT(forms); form++) {
        struct results wanted = run_undisturbed();
        size_t allowed = 0;
        while (run_short_of_memory(allowed, &wanted))
            allowed++;
        assert_true(allowed > 20);
        free_results(&wanted);
    }
    form = forms;
    assert_int_equal(open_files(), files);
}

/* Linking anew when memory ran out in the link before: all of it was given back. */
static void memory_of_a_link_that_failed(void **state)
{
    (void)state;
    make_inputs();
    struct results results = {0};
    int done = form->first_input;
    welt_options options = all_options();
    welt_linker *linker = new_linker(&host, &options);
    expect(&host, go_on(linker, &done, &results), WELT_OK);
    size_t live = host.live_bytes;
    for (size_t allowed = 0; allowed < 1000; allowed++) {
        host.allowed = allowed;
        welt_status status = welt_link(linker);
        host.allowed = SIZE_MAX;
        if (status == WELT_OK)
            break;
        expect(&host, status, WELT_NO_MEMORY);
        assert_true(host.live_bytes < live);
        assert_int_equal(welt_span_count(linker), 0);
    }
    assert_bytes_equal(get(linker, WELT_OUTPUT_IMAGE), results.output[WELT_OUTPUT_IMAGE]);
    free_results(&results);
    welt_linker_free(linker);
}

/* Errors are told, and memory runs out while they are: the status is about memory. */
static void memory_while_errors_are_told(void **state)
{
    (void)state;
    welt_bytes object = assemble(".globl _start\n_start: call missing\n call another\n"
                                 ".globl mising\nmising: .space 700\n");
    bool ended = false;
    for (size_t allowed = 1; !ended && allowed < 1000; allowed++) {
        welt_linker *linker = NULL;
        welt_options options = host_options(&host);
        host.allowed = allowed;
        welt_status status = welt_linker_new(&linker, &options);
        if (status == WELT_OK)
            status = welt_add_bytes(linker, "boot.o", object.data, object.size);
        if (status == WELT_OK)
            status = welt_link(linker);
        ended = status == WELT_FAILED;
        if (!ended)
            expect(&host, status, WELT_NO_MEMORY);
        host.allowed = SIZE_MAX;
        welt_linker_free(linker);
        assert_int_equal(host.live, 0);
    }
    assert_true(ended);
}

/* An input that could not be taken leaves nothing behind, not even in the names of later ones. */
static void memory_while_inputs_are_added(void **state)
{
    static char long_name[101], wanted[sizeof host.asked];
    size_t refused = 0, used = 0;
    (void)state;
    memset(long_name, 'x', sizeof long_name - 1);
    welt_options options = host_options_reading(&host);
    options.layout = "raw";
    welt_linker *linker = new_linker(&host, &options);
    for (int i = 0; i < 100; i++) {
        const char *name = i % 4 ? "a" : long_name;
        host.allowed = 0;
        welt_status status = welt_add_file(linker, name);
        host.allowed = SIZE_MAX;
        if (status != WELT_OK) {
            expect(&host, status, WELT_NO_MEMORY);
            refused++;
            name = "b";
            expect(&host, welt_add_file(linker, name), WELT_OK);
        }
        used += (size_t)snprintf(wanted + used, sizeof wanted - used, "%s\n", name);
    }
    assert_true(refused > 1);
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_string_equal(host.asked, wanted);
    welt_linker_free(linker);
}

/* Files on the disk: nothing stays open, nothing half written. */
static void memory_beside_files(void **state)
{
    char before[300], now[300], object[200];
    bool ended = false;
    (void)state;
    struct folder folder = make_folder();
    snprintf(object, sizeof object, "%s", in(&folder, "boot.o"));
    write_file(object, compile_c("int main(void) { return 0; }\n"));
    write_file(in(&folder, "boot.bin"), text_bytes("old"));
    list_folder(&folder, before, sizeof before);
    unsigned files = open_files();
    const char *const inputs[] = {object};
    for (size_t allowed = 0; !ended && allowed < 1000; allowed++) {
        welt_options options = host_options(&host);
        host.allowed = allowed;
        welt_status status = welt_link_files(in(&folder, "boot.bin"), inputs, 1, &options);
        ended = status == WELT_OK;
        if (!ended)
            expect(&host, status, WELT_NO_MEMORY);
        list_folder(&folder, now, sizeof now);
        assert_string_equal(now, before);
        assert_int_equal(host.live, 0);
        assert_int_equal(open_files(), files);
        welt_bytes written = read_file(in(&folder, "boot.bin"));
        assert_int_equal(written.size, ended ? 512 : 3);
        free_bytes(written);
    }
    assert_true(ended);
    remove_folder(&folder);
}

/* ---- cancelling ---- */

static bool run_stopped(unsigned step, const struct results *wanted)
{
    struct results results = {0};
    int done = form->first_input;
    welt_options options = all_options();
    welt_linker *linker = new_linker(&host, &options);
    host.steps = 0;
    host.stop_at = step;
    welt_status status = go_on(linker, &done, &results);
    bool was_stopped = status != WELT_OK;
    if (was_stopped)
        expect(&host, status, WELT_CANCELLED);
    assert_int_equal(was_stopped, host.steps >= step);
    host.stop_at = 0;
    if (was_stopped)
        expect(&host, go_on(linker, &done, &results), WELT_OK);
    assert_results(&results, wanted);
    assert_int_equal(host.told_count, 0);
    free_results(&results);
    welt_linker_free(linker);
    assert_int_equal(host.live, 0);
    return was_stopped;
}

static void stopped_at_each_step(void **state)
{
    (void)state;
    make_inputs();
    unsigned files = open_files();
    for (form = forms; form < forms + COUNT(forms); form++) {
        struct results wanted = run_undisturbed();
        unsigned step = 1;
        while (run_stopped(step, &wanted))
            step++;
        assert_true(step > 10);
        free_results(&wanted);
    }
    form = forms;
    assert_int_equal(open_files(), files);
}

static void stopped_in_one_call(void **state)
{
    char names[200];
    (void)state;
    struct folder folder = make_folder();
    write_file(in(&folder, "boot.o"), assemble(".globl _start\n_start: hlt\n"));
    const char *const inputs[] = {in(&folder, "boot.o")};
    welt_options options = host_options(&host);
    host.stop_at = 1;
    expect(&host, welt_link_files(in(&folder, "boot.bin"), inputs, 1, &options), WELT_CANCELLED);
    list_folder(&folder, names, sizeof names);
    assert_string_equal(names, "boot.o ");
    remove_folder(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_allocation_refused),      TEST(memory_of_a_link_that_failed),
        TEST(memory_while_errors_are_told), TEST(memory_while_inputs_are_added),
        TEST(memory_beside_files),          TEST(stopped_at_each_step),
        TEST(stopped_in_one_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
