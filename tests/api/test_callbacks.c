/* SPDX-License-Identifier: MIT
 *
 * Callbacks that call the linker which called them: what would change it is refused and changes
 * nothing, what asks it is answered, and other linkers can be used. */
#include "kit.h"

static const char sound[] = ".globl _start\n_start: hlt\n";
static const char unsound[] = ".globl _start\n_start: call missing\n";
static const char script[] = "INCLUDE more.ld\n"
                             "SECTIONS { . = 0x7c00; .text : { *(.text) } }\n";

struct caller {
    welt_linker *linker;
    unsigned progress_calls, diagnostic_calls, read_calls;
    bool cancels;
};

static void change(welt_linker *linker)
{
    const welt_output_file file = {WELT_OUTPUT_IMAGE, "/nowhere/boot.bin"};
    assert_int_equal(welt_add_file(linker, "boot.o"), WELT_MISUSE);
    assert_int_equal(welt_add_bytes(linker, "boot.o", "", 0), WELT_MISUSE);
    assert_int_equal(welt_add_library(linker, "c"), WELT_MISUSE);
    assert_int_equal(welt_set_mode(linker, WELT_MODE_BINARY, 1), WELT_MISUSE);
    assert_int_equal(welt_set_mode(linker, WELT_MODE_GROUP, 1), WELT_MISUSE);
    assert_int_equal(welt_replace_bytes(linker, "boot.o", "", 0), WELT_MISUSE);
    assert_int_equal(welt_link(linker), WELT_MISUSE);
    assert_int_equal(welt_load_report(linker, "report.json"), WELT_MISUSE);
    assert_int_equal(welt_write_files(linker, &file, 1), WELT_MISUSE);
    assert_int_equal(welt_write_bytes(linker, "/nowhere/own.txt", "", 0), WELT_MISUSE);
    welt_linker_free(linker);
}

static void ask(welt_linker *linker)
{
    welt_bytes bytes;
    welt_symbol symbol = {.struct_size = sizeof symbol};
    welt_span span = {.struct_size = sizeof span};
    size_t count;
    for (size_t i = 0; i < welt_span_count(linker); i++)
        assert_int_equal(welt_span_at(linker, i, &span), WELT_OK);
    assert_int_equal(welt_get(linker, WELT_OUTPUT_MAP, &bytes), WELT_MISUSE);
    assert_int_equal(welt_symbol_count(linker, &count), WELT_MISUSE);
    assert_int_equal(welt_symbol_at(linker, 0, &symbol), WELT_MISUSE);
    assert_int_equal(welt_span_find(linker, 0x7c00, &count), WELT_MISUSE);
    assert_int_equal(welt_budget_count(linker), 0);
    welt_has(linker, WELT_OUTPUT_IMAGE);
    welt_output_format(linker);
    welt_image_name(linker);
}

static void link_another(void)
{
    welt_linker *linker;
    welt_bytes object = assemble(sound);
    assert_int_equal(welt_linker_new(&linker, NULL), WELT_OK);
    assert_int_equal(welt_add_bytes(linker, "other.o", object.data, object.size), WELT_OK);
    assert_int_equal(welt_link(linker), WELT_OK);
    welt_linker_free(linker);
}

static void call_back(const struct caller *caller)
{
    if (!caller->linker)
        return;
    change(caller->linker);
    ask(caller->linker);
}

static int on_progress(void *user, const char *step, size_t done, size_t total)
{
    struct caller *caller = user;
    (void)step;
    (void)done;
    (void)total;
    call_back(caller);
    if (caller->progress_calls++ == 0)
        link_another();
    if (caller->cancels)
        welt_cancel(caller->linker);
    return 0;
}

static void on_diagnostic(void *user, const welt_diagnostic *diagnostic)
{
    struct caller *caller = user;
    (void)diagnostic;
    call_back(caller);
    caller->diagnostic_calls++;
}

static int on_read(void *user, const char *path, welt_bytes *bytes)
{
    struct caller *caller = user;
    call_back(caller);
    caller->read_calls++;
    *bytes = text_bytes("number = 1;\n");
    return strcmp(path, "more.ld") != 0;
}

static welt_linker *make_linker(struct caller *caller, const char *source)
{
    welt_options options = WELT_OPTIONS_INIT;
    options.script_text = script;
    options.script_path = "boot.ld";
    options.on_progress = on_progress;
    options.on_diagnostic = on_diagnostic;
    options.on_read = on_read;
    options.user = caller;
    welt_bytes object = assemble(source);
    *caller = (struct caller){.linker = NULL};
    assert_int_equal(welt_linker_new(&caller->linker, &options), WELT_OK);
    assert_int_equal(welt_add_bytes(caller->linker, "boot.o", object.data, object.size), WELT_OK);
    return caller->linker;
}

static void errors_stay_errors(void **state)
{
    struct caller caller;
    (void)state;
    welt_linker *linker = make_linker(&caller, unsound);
    assert_int_equal(welt_link(linker), WELT_FAILED);
    assert_true(caller.diagnostic_calls > 0);
    assert_true(caller.read_calls > 0);
    assert_true(caller.progress_calls > 0);
    assert_false(welt_has(linker, WELT_OUTPUT_IMAGE));
    welt_linker_free(linker);
}

static void outputs_are_as_ever(void **state)
{
    struct caller caller;
    welt_bytes outputs[2][3];
    (void)state;
    for (int calls = 0; calls < 2; calls++) {
        welt_linker *linker = make_linker(&caller, sound);
        caller.linker = calls ? linker : NULL;
        assert_int_equal(welt_link(linker), WELT_OK);
        outputs[calls][0] = keep(get(linker, WELT_OUTPUT_IMAGE));
        outputs[calls][1] = keep(get(linker, WELT_OUTPUT_LISTING));
        outputs[calls][2] = keep(get(linker, WELT_OUTPUT_REPORT_JSON));
        welt_linker_free(linker);
    }
    for (int i = 0; i < 3; i++) {
        assert_bytes_equal(outputs[0][i], outputs[1][i]);
        free_bytes(outputs[0][i]);
        free_bytes(outputs[1][i]);
    }
}

static void files_are_written(void **state)
{
    struct caller caller;
    char names[200];
    (void)state;
    struct folder folder = make_folder();
    welt_linker *linker = make_linker(&caller, sound);
    assert_int_equal(welt_link(linker), WELT_OK);
    unsigned before = caller.progress_calls;
    assert_int_equal(welt_write(linker, WELT_OUTPUT_IMAGE, in(&folder, "boot.bin")), WELT_OK);
    assert_true(caller.progress_calls > before);
    list_folder(&folder, names, sizeof names);
    assert_string_equal(names, "boot.bin ");
    welt_linker_free(linker);
    remove_folder(&folder);
}

static void a_link_can_be_stopped(void **state)
{
    struct caller caller;
    (void)state;
    welt_linker *linker = make_linker(&caller, sound);
    caller.cancels = true;
    assert_int_equal(welt_link(linker), WELT_CANCELLED);
    caller.cancels = false;
    assert_int_equal(welt_link(linker), WELT_OK);
    welt_linker_free(linker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errors_stay_errors),
        cmocka_unit_test(outputs_are_as_ever),
        cmocka_unit_test(files_are_written),
        cmocka_unit_test(a_link_can_be_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
