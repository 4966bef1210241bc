/* SPDX-License-Identifier: MIT
 *
 * Diagnostics: every field of some, how many are told, and that the callback is the only way in
 * which the library speaks. */
#include "kit.h"

/* ---- every field ---- */

/* Compares all fields; of the hint it is enough that it begins so. */
static void check(const struct told *its, const struct told *wanted)
{
    assert_int_equal(its->severity, wanted->severity);
    assert_string_equal(its->id, wanted->id);
    assert_string_equal(its->message, wanted->message);
    assert_string_equal(its->object, wanted->object);
    assert_string_equal(its->section, wanted->section);
    assert_int_equal(its->has_offset, wanted->has_offset);
    assert_int_equal(its->offset, wanted->offset);
    assert_string_equal(its->symbol, wanted->symbol);
    assert_string_equal(its->file, wanted->file);
    assert_int_equal(its->line, wanted->line);
    assert_int_equal(its->column, wanted->column);
    assert_string_equal(its->text, wanted->text);
    assert_int_equal(its->hint[0] != 0, wanted->hint[0] != 0);
    assert_memory_equal(its->hint, wanted->hint, strlen(wanted->hint));
}

/* Links these objects, boot.o and more.o. */
static welt_status run(const welt_options *options, const char *boot, const welt_bytes *more)
{
    welt_linker *linker = new_linker(&host, options);
    add_bytes(linker, "boot.o", assemble(boot));
    if (more)
        add_bytes(linker, "more.o", *more);
    welt_status status = welt_link(linker);
    welt_linker_free(linker);
    return status;
}

static void undefined(void **state)
{
    static const struct told error = {
        .severity = WELT_ERROR,
        .id = "undefined",
        .message = "undefined symbol `missing'",
        .hint = "did you mean `mising'?",
        .object = "boot.o",
        .section = ".text.a",
        .has_offset = true,
        .offset = 2,
        .symbol = "missing",
        .text = "welt: error: boot.o:(.text.a+0x2): undefined symbol `missing' [welt-undefined]"};
    static const struct told note = {
        .severity = WELT_NOTE,
        .id = "undefined",
        .message = "`missing' is also used here",
        .object = "boot.o",
        .section = ".text.a",
        .has_offset = true,
        .offset = 6,
        .symbol = "missing",
        .text = "welt: note: boot.o:(.text.a+0x6): `missing' is also used here "
                "[welt-undefined]"};
    (void)state;
    welt_options options = host_options(&host);
    welt_bytes more = assemble(".globl mising\nmising: ret\n");
    expect(&host,
           run(&options,
               ".section .text.a,\"ax\"\n.globl _start\n"
               "_start: nop\n call missing\n nop\n jmp missing\n",
               &more),
           WELT_FAILED);
    assert_int_equal(host.told_count, 2);
    check(&host.told[0], &error);
    check(&host.told[1], &note);
}

static void undefined_in_a_member(void **state)
{
    static const struct told error = {
        .severity = WELT_ERROR,
        .id = "undefined",
        .message = "undefined symbol `absent'",
        .hint = "add the object or library that defines it",
        .object = "more.o(m0.o)",
        .section = ".text",
        .has_offset = true,
        .offset = 1,
        .symbol = "absent",
        .text = "welt: error: more.o(m0.o):(.text+0x1): undefined symbol `absent' "
                "[welt-undefined]"};
    (void)state;
    welt_options options = host_options(&host);
    welt_bytes member = assemble(".globl member\nmember: call absent\n");
    welt_bytes archive = make_archive("rcsD", &member, 1);
    expect(&host, run(&options, ".globl _start\n_start: call member\n", &archive), WELT_FAILED);
    assert_int_equal(host.told_count, 1);
    check(&host.told[0], &error);
}

static void duplicate(void **state)
{
    static const struct told error = {
        .severity = WELT_ERROR,
        .id = "duplicate",
        .message = "symbol `twice' is defined twice: first at boot.o:(.text+0x1)",
        .hint = "make one of them static or extern, or rename it",
        .object = "more.o",
        .section = ".text",
        .has_offset = true,
        .offset = 2,
        .symbol = "twice",
        .text = "welt: error: more.o:(.text+0x2): symbol `twice' is defined twice: first at "
                "boot.o:(.text+0x1) [welt-duplicate]"};
    (void)state;
    welt_options options = host_options(&host);
    welt_bytes more = assemble("nop\n nop\n.globl twice\ntwice: ret\n");
    expect(&host, run(&options, ".globl _start\n_start: nop\n.globl twice\ntwice: ret\n", &more),
           WELT_FAILED);
    assert_int_equal(host.told_count, 1);
    check(&host.told[0], &error);
}

static void out_of_range(void **state)
{
    static const struct told error = {
        .severity = WELT_ERROR,
        .id = "reloc-16-range",
        .message = "R_386_16 to `far' is out of range: 0x90004 is not in [-0x8000, 0xffff]",
        .hint = "real-mode addresses have 16 bits",
        .object = "boot.o",
        .section = ".text",
        .has_offset = true,
        .offset = 2,
        .symbol = "far",
        .text = "welt: error: boot.o:(.text+0x2): R_386_16 to `far' is out of range: 0x90004 is "
                "not in [-0x8000, 0xffff] [welt-reloc-16-range]"};
    (void)state;
    welt_options options = host_options(&host);
    options.layout = "raw";
    expect(&host,
           run(&options,
               ".globl _start, far\n_start: nop\n mov $far, %ax\n"
               ".data\n.space 0x90000\nfar: .byte 1\n",
               NULL),
           WELT_FAILED);
    assert_int_equal(host.told_count, 1);
    check(&host.told[0], &error);
}

static void over_budget(void **state)
{
    static const struct told error = {
        .severity = WELT_ERROR,
        .id = "budget",
        .message = "region `sector' needs 600 bytes, budget is 510: 90 over",
        .hint = "largest symbols: _start 600 (boot.o)",
        .object = "boot.bin",
        .text = "welt: error: boot.bin: region `sector' needs 600 bytes, budget is 510: 90 over "
                "[welt-budget]"};
    (void)state;
    welt_options options = host_options(&host);
    expect(&host, run(&options, ".globl _start\n_start: .space 600, 0x90\n", NULL), WELT_FAILED);
    assert_int_equal(host.told_count, 2); /* and that nothing could go alone */
    check(&host.told[0], &error);
}

static void no_object(void **state)
{
    static const struct told error = {
        .severity = WELT_ERROR,
        .id = "object-format",
        .message = "is a text file; Welt links ELF objects for i386 and x86-64",
        .hint = "compile or assemble it first",
        .object = "more.o",
        .text = "welt: error: more.o: is a text file; Welt links ELF objects for i386 and x86-64 "
                "[welt-object-format]"};
    (void)state;
    welt_options options = host_options(&host);
    welt_bytes more = text_bytes("int main(void)\n{\n}\n");
    expect(&host, run(&options, ".globl _start\n_start: nop\n", &more), WELT_FAILED);
    assert_int_equal(host.told_count, 1);
    check(&host.told[0], &error);
}

static void in_a_script(void **state)
{
    static const struct told error = {
        .severity = WELT_ERROR,
        .id = "data-range",
        .message = "BYTE holds 8 bits: 0x12345 does not fit",
        .hint = "mask it if only its low bytes are meant: & 0xff",
        .file = "boot.ld",
        .line = 3,
        .column = 30,
        .text = "boot.ld:3:30: error: BYTE holds 8 bits: 0x12345 does not fit "
                "[welt-data-range]"};
    (void)state;
    welt_options options = host_options(&host);
    options.script_path = "boot.ld";
    options.script_text = "OUTPUT_FORMAT(binary)\nSECTIONS {\n"
                          "  .text : { *(.text .text.*) BYTE(0x12345) }\n}\n";
    expect(&host, run(&options, ".globl _start\n_start: nop\n", NULL), WELT_FAILED);
    assert_int_equal(host.told_count, 1);
    check(&host.told[0], &error);
}

static void in_an_included_script(void **state)
{
    (void)state;
    welt_options options = host_options_reading(&host);
    host_add_text(&host, "boot.ld", "OUTPUT_FORMAT(binary)\nINCLUDE parts.ld\n");
    host_add_text(&host, "parts.ld", "SECTIONS\n{\n    .text : { *(.text) } > \n}\n");
    options.script_path = "boot.ld";
    expect(&host, run(&options, ".globl _start\n_start: nop\n", NULL), WELT_FAILED);
    const struct told *its = host_told(&host, "script");
    assert_string_equal(its->file, "parts.ld");
    assert_int_equal(its->line, 4);
    assert_int_equal(its->column, 1);
    assert_string_equal(its->object, "");
    assert_int_equal(strncmp(its->text, "parts.ld:4:1: error: ", 21), 0);
}

static void a_weak_call(void **state)
{
    static const struct told note = {
        .severity = WELT_NOTE,
        .id = "weak-call",
        .message = "weak symbol `nobody' is not defined: this calls address 0 unless the program "
                   "tests it first",
        .object = "boot.o",
        .section = ".text",
        .has_offset = true,
        .offset = 1,
        .symbol = "nobody",
        .text = "welt: note: boot.o:(.text+0x1): weak symbol `nobody' is not defined: this calls "
                "address 0 unless the program tests it first [welt-weak-call]"};
    (void)state;
    welt_options options = host_options(&host);
    expect(&host, run(&options, ".globl _start\n.weak nobody\n_start: call nobody\n", NULL),
           WELT_OK);
    assert_int_equal(host.told_count, 1);
    check(&host.told[0], &note);
}

static void a_file_that_is_missing(void **state)
{
    static const struct told error = {
        .severity = WELT_ERROR,
        .id = "file",
        .message = "cannot be read: No such file or directory",
        .object = "/nowhere/boot.o",
        .text = "welt: error: /nowhere/boot.o: cannot be read: No such file or directory "
                "[welt-file]"};
    (void)state;
    for (int reading = 0; reading < 2; reading++) {
        welt_options options = reading ? host_options_reading(&host) : host_options(&host);
        welt_linker *linker = new_linker(&host, &options);
        assert_int_equal(welt_add_file(linker, "/nowhere/boot.o"), WELT_OK);
        expect(&host, welt_link(linker), WELT_FAILED);
        assert_int_equal(host.told_count, 1);
        check(&host.told[0], &error);
        host_forget(&host);
        welt_linker_free(linker);
    }
}

static void link_with(const char *const *warnings, size_t count, welt_status wanted)
{
    welt_options options = host_options(&host);
    options.warnings = warnings;
    host.told_count = 0;
    options.warning_count = count;
    expect(
        &host,
        run(&options, ".code16\n.globl _start\n_start: movb 0x500, %al\n1: hlt\n jmp 1b\n", NULL),
        wanted);
}

static void checks_as_asked_for(void **state)
{
    static const char *const by_face[] = {"error=stack"}, *const off[] = {"no-segments"},
                             *const error[] = {"boot", "error=segments", "no-bpb"},
                             *const warning[] = {"error=segments", "no-error=segments"};
    (void)state;
    link_with(by_face, 1, WELT_OK);
    assert_int_equal(host.told_count, 1);
    assert_string_equal(host.told[0].id, "segments");
    assert_int_equal(host.told[0].severity, WELT_NOTE);
    assert_string_equal(host.told[0].object, "boot.o");
    link_with(off, 1, WELT_OK);
    assert_int_equal(host.told_count, 0);
    link_with(error, 3, WELT_FAILED);
    assert_int_equal(host.told[0].severity, WELT_ERROR);
    link_with(warning, 2, WELT_OK);
    assert_int_equal(host.told[0].severity, WELT_NOTE);
}

static void a_warning_that_is_not_there(void **state)
{
    static const char *const wrong[] = {"no-nothing"};
    welt_options options = WELT_OPTIONS_INIT;
    welt_linker *linker;
    (void)state;
    options.warnings = wrong;
    options.warning_count = 1;
    assert_int_equal(welt_linker_new(&linker, &options), WELT_MISUSE);
}

static void the_table(void **state)
{
    welt_check check = {.struct_size = sizeof check}, wrong = {.struct_size = 1};
    bool any_segments = false;
    (void)state;
    for (size_t i = 0; i < welt_check_count(); i++) {
        assert_int_equal(welt_check_at(i, &check), WELT_OK);
        assert_true(*check.id && *check.summary && *check.cause && *check.remedy);
        any_segments |= strcmp(check.id, "segments") == 0 && check.is_check &&
                        check.boot == WELT_LEVEL_NOTE && check.ld == WELT_LEVEL_OFF &&
                        check.certainty == WELT_HEURISTIC;
    }
    assert_true(any_segments);
    assert_int_equal(welt_check_at(welt_check_count(), &check), WELT_MISUSE);
    assert_int_equal(welt_check_at(0, &wrong), WELT_MISUSE);
}

static void choices_that_are_not_there(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.layout = "floppy";
    expect(&host, run(&options, ".globl _start\n_start: nop\n", NULL), WELT_FAILED);
    assert_non_null(strstr(host_told(&host, "layout")->hint, "sector, mbr"));
    options.layout = NULL;
    options.entry = "begin";
    expect(&host, run(&options, ".globl _start\n_start: nop\n", NULL), WELT_FAILED);
    assert_string_equal(host_told(&host, "entry")->symbol, "begin");
}

/* ---- hostile names ---- */

static void replace_all(unsigned char *data, size_t size, const char *from, const char *to)
{
    size_t length = strlen(from);
    for (size_t i = 0; i + length <= size; i++)
        if (memcmp(data + i, from, length) == 0)
            memcpy(data + i, to, length);
}

/* The host's callback looks for line ends in every message. */
static void names_stay_on_one_line(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_bytes object = keep(assemble(".globl _start\n_start: call badXYZname\n"));
    replace_all((unsigned char *)(size_t)object.data, object.size, "XYZ", "\n\033\r");
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "bo\not.o", object);
    expect(&host, welt_link(linker), WELT_FAILED);
    const struct told *its = host_told(&host, "undefined");
    assert_string_equal(its->message, "undefined symbol `bad???name'");
    assert_string_equal(its->symbol, "bad\n\033\rname"); /* fields are as they are */
    assert_string_equal(its->object, "bo\not.o");
    assert_int_equal(strncmp(its->text, "welt: error: bo?ot.o:", 21), 0);
    welt_linker_free(linker);
    free_bytes(object);
}

static void long_names_are_cut(void **state)
{
    static char source[3000], name[2001];
    (void)state;
    memset(name, 'n', sizeof name - 1);
    snprintf(source, sizeof source, ".globl _start\n_start: call %s\n", name);
    welt_options options = host_options(&host);
    expect(&host, run(&options, source, NULL), WELT_FAILED);
    const struct told *its = host_told(&host, "undefined");
    assert_true(strlen(its->text) < 1100);
    assert_non_null(strstr(its->text, " [welt-undefined]"));
}

/* ---- how many ---- */

static const char five[] = ".globl _start\n_start: call a\n call b\n call c\n call d\n call e\n"
                           " call e\n call d\n call a\n";

static void errors_are_told_up_to_a_number(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    for (unsigned most = 1; most < 7; most++) {
        host_forget(&host);
        options.max_errors = most;
        expect(&host, run(&options, five, NULL), WELT_FAILED);
        assert_int_equal(host.errors, most < 5 ? most : 5);
        /* notes belong to an error that was told: a, d and e are used once more; the last says how
         * many errors were not */
        assert_int_equal(host.told_count - host.errors, most < 4 ? 2 : 3);
        const char *last = host.told[host.told_count - 1].message;
        assert_int_equal(!strstr(last, "not shown"), most >= 5);
    }
}

static void twenty_errors_are_told(void **state)
{
    static char source[2000];
    (void)state;
    size_t used = (size_t)snprintf(source, sizeof source, ".globl _start\n_start:\n");
    for (int i = 0; i < 50; i++)
        used += (size_t)snprintf(source + used, sizeof source - used, " call missing_%d\n", i);
    welt_options options = host_options(&host);
    expect(&host, run(&options, source, NULL), WELT_FAILED);
    assert_int_equal(host.errors, 20);
}

/* Each link counts anew, and so does writing. */
static void each_link_counts_anew(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.max_errors = 3;
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(five));
    for (int i = 0; i < 3; i++) {
        host_forget(&host);
        expect(&host, welt_link(linker), WELT_FAILED);
        assert_int_equal(host.errors, 3);
    }
    welt_linker_free(linker);
}

/* What is wrong with the symbols and what is wrong with the size are told together. */
static void mistakes_of_two_kinds(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    expect(&host, run(&options, ".globl _start\n_start: call missing\n.space 600\n", NULL),
           WELT_FAILED);
    host_told(&host, "undefined");
    host_told(&host, "budget");
}

/* ---- silence ---- */

static void link_aloud(const char *boot, welt_status wanted)
{
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    welt_bytes bytes;
    add_bytes(linker, "boot.o", assemble(boot));
    expect(&host, welt_link(linker), wanted);
    for (int which = 0; which <= WELT_OUTPUT_REPORT_CSV; which++)
        welt_get(linker, (welt_output)which, &bytes);
    welt_write(linker, WELT_OUTPUT_IMAGE, "/nowhere/boot.bin");
    welt_linker_free(linker);
}

static void nothing_is_printed(void **state)
{
    (void)state;
    assemble(five); /* outside: what the assembler says is its own */
    struct capture capture = capture_begin();
    link_aloud(".globl _start\n_start: hlt\n", WELT_OK);
    link_aloud(five, WELT_FAILED);
    welt_options quiet = {.size = sizeof quiet}; /* nor when nobody listens */
    welt_linker *linker = new_linker(&host, &quiet);
    add_bytes(linker, "boot.o", assemble(five));
    assert_int_equal(welt_link(linker), WELT_FAILED);
    assert_int_equal(welt_write(linker, WELT_OUTPUT_MAP, "/nowhere/boot.map"), WELT_FAILED);
    welt_linker_free(linker);
    capture_end(&capture);
}

/* Objects with any byte turned: LLVM's reader, which speaks when it fails, is never asked what it
 * cannot read. */
static void nothing_is_printed_for_damaged_objects(void **state)
{
    (void)state;
    welt_bytes object = keep(assemble(five));
    unsigned char *bytes = (unsigned char *)(size_t)object.data;
    welt_options options = host_options(&host);
    struct capture capture = capture_begin();
    for (size_t i = 0; i < object.size; i++) {
        bytes[i] ^= 0xff;
        welt_linker *linker = new_linker(&host, &options);
        add_bytes(linker, "boot.o", object);
        welt_link(linker);
        welt_linker_free(linker);
        bytes[i] ^= 0xff;
    }
    capture_end(&capture);
    free_bytes(object);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(undefined),
        TEST(undefined_in_a_member),
        TEST(duplicate),
        TEST(out_of_range),
        TEST(over_budget),
        TEST(no_object),
        TEST(in_a_script),
        TEST(in_an_included_script),
        TEST(a_weak_call),
        TEST(a_file_that_is_missing),
        TEST(checks_as_asked_for),
        TEST(a_warning_that_is_not_there),
        TEST(the_table),
        TEST(choices_that_are_not_there),
        TEST(names_stay_on_one_line),
        TEST(long_names_are_cut),
        TEST(errors_are_told_up_to_a_number),
        TEST(twenty_errors_are_told),
        TEST(each_link_counts_anew),
        TEST(mistakes_of_two_kinds),
        TEST(nothing_is_printed),
        TEST(nothing_is_printed_for_damaged_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
