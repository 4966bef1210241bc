/* SPDX-License-Identifier: MIT
 *
 * Links through welt.h: inputs of every kind, options, and one linker that links again and again.
 */
#include "kit.h"

static const char start[] = ".globl _start\n.section .text._start,\"ax\"\n"
                            "_start: call first\n call second\n1: hlt\n jmp 1b\n";
static const char first[] = ".globl first\n.section .text.first,\"ax\"\nfirst: mov $1, %ax\n ret\n";
static const char second[] =
    ".globl second\n.section .text.second,\"ax\"\nsecond: mov $2, %ax\n ret\n";
static const char alone[] = ".globl _start\n_start: hlt\n";

static void assert_sector(welt_bytes image)
{
    assert_int_equal(image.size, 512);
    assert_int_equal(image.data[510], 0x55);
    assert_int_equal(image.data[511], 0xaa);
}

/* Links what is in the linker and frees it; the image is kept. */
static welt_bytes finish(welt_linker *linker)
{
    expect(&host, welt_link(linker), WELT_OK);
    welt_bytes image = keep(get(linker, WELT_OUTPUT_IMAGE));
    welt_linker_free(linker);
    return image;
}

static welt_bytes link_one(const welt_options *options, const char *source)
{
    welt_linker *linker = new_linker(&host, options);
    add_bytes(linker, "boot.o", assemble(source));
    return finish(linker);
}

/* ---- the first try ---- */

static void files_in_one_call(void **state)
{
    (void)state;
    struct folder folder = make_folder();
    char names[3][100];
    const char *inputs[3];
    const char *const sources[] = {start, first, second};
    for (size_t i = 0; i < 3; i++) {
        snprintf(names[i], sizeof names[i], "%s/%zu.o", folder.path, i);
        write_file(names[i], assemble(sources[i]));
        inputs[i] = names[i];
    }
    assert_int_equal(welt_link_files(in(&folder, "boot.bin"), inputs, 3, NULL), WELT_OK);
    welt_bytes written = read_file(in(&folder, "boot.bin"));
    welt_bytes linked =
        image_of((const welt_bytes[]){assemble(start), assemble(first), assemble(second)}, 3);
    assert_sector(written);
    assert_bytes_equal(written, linked);
    free_bytes(written);
    free_bytes(linked);
    remove_folder(&folder);
}

static void files_in_one_call_with_options(void **state)
{
    char names[200];
    (void)state;
    struct folder folder = make_folder();
    write_file(in(&folder, "boot.o"), assemble(start));
    const char *const inputs[] = {in(&folder, "boot.o")};
    welt_options options = host_options(&host);
    options.output_name = NULL; /* then the output's path is the name */
    const char *output = in(&folder, "boot.bin");
    expect(&host, welt_link_files(output, inputs, 1, &options), WELT_FAILED);
    assert_string_equal(host_told(&host, "undefined")->object, inputs[0]);
    list_folder(&folder, names, sizeof names);
    assert_string_equal(names, "boot.o ");
    remove_folder(&folder);
}

static void a_linker_without_options(void **state)
{
    welt_linker *linker;
    (void)state;
    assert_int_equal(welt_linker_new(&linker, NULL), WELT_OK);
    add_bytes(linker, "boot.o", assemble(alone));
    assert_int_equal(welt_link(linker), WELT_OK);
    assert_sector(get(linker, WELT_OUTPUT_IMAGE));
    assert_string_equal((const char *)get(linker, WELT_OUTPUT_SUMMARY).data,
                        "a.out: 1 of 510 bytes, 509 free\n");
    welt_linker_free(linker);
}

static void a_failure_without_a_callback(void **state)
{
    welt_linker *linker;
    (void)state;
    assert_int_equal(welt_linker_new(&linker, NULL), WELT_OK);
    add_bytes(linker, "boot.o", assemble(start));
    assert_int_equal(welt_link(linker), WELT_FAILED);
    welt_linker_free(linker);
}

/* ---- inputs ---- */

static void inputs_in_their_order(void **state)
{
    (void)state;
    welt_bytes one =
        image_of((const welt_bytes[]){assemble(start), assemble(first), assemble(second)}, 3);
    welt_bytes other =
        image_of((const welt_bytes[]){assemble(start), assemble(second), assemble(first)}, 3);
    assert_sector(one);
    assert_sector(other);
    assert_true(memcmp(one.data, other.data, 512) != 0);
    free_bytes(one);
    free_bytes(other);
}

/* A name is a name only: it may be given twice, and no file is asked for. */
static void bytes_under_any_name(void **state)
{
    (void)state;
    welt_options options = host_options_reading(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "", assemble(start));
    add_bytes(linker, "/", assemble(first));
    add_bytes(linker, "/", assemble(second));
    expect(&host, welt_link(linker), WELT_OK);
    assert_string_equal(host.asked, "");
    welt_linker_free(linker);
}

/* Objects need not be aligned, nor may the byte behind them be read (sanitizers see that). */
static void bytes_at_any_address(void **state)
{
    (void)state;
    welt_bytes object = assemble(alone);
    welt_bytes wanted = image_of(&object, 1);
    for (size_t shift = 1; shift < 8; shift++) {
        unsigned char *moved = malloc(object.size + shift);
        assert_non_null(moved);
        memcpy(moved + shift, object.data, object.size);
        welt_bytes image = image_of(&(welt_bytes){moved + shift, object.size}, 1);
        assert_bytes_equal(image, wanted);
        free_bytes(image);
        free(moved);
    }
    free_bytes(wanted);
}

static void no_inputs(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    expect(&host, welt_link(linker), WELT_FAILED);
    host_told(&host, "no-input");
    welt_linker_free(linker);
}

static welt_bytes library(const char *flags)
{
    const welt_bytes members[] = {assemble(".globl unused\nunused: ret\n"), assemble(second),
                                  assemble(first)};
    return make_archive(flags, members, COUNT(members));
}

static void members_on_demand(void **state)
{
    uint64_t address;
    static const char *const flags[] = {"rcsD", "rcSD"}; /* with an index and without */
    (void)state;
    for (size_t i = 0; i < COUNT(flags); i++) {
        welt_options options = host_options(&host);
        options.gc = WELT_OFF;
        welt_linker *linker = new_linker(&host, &options);
        add_bytes(linker, "boot.o", assemble(start));
        add_bytes(linker, "lib.a", library(flags[i]));
        expect(&host, welt_link(linker), WELT_OK);
        symbol(linker, "first");
        symbol(linker, "second");
        assert_int_equal(welt_symbol_address(linker, "unused", &address), WELT_FAILED);
        welt_linker_free(linker);
    }
}

static void whole_archives(void **state)
{
    uint64_t address;
    (void)state;
    welt_options options = host_options(&host);
    options.gc = WELT_OFF;
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(start));
    assert_int_equal(welt_set_mode(linker, WELT_MODE_WHOLE_ARCHIVE, 1), WELT_OK);
    add_bytes(linker, "lib.a", library("rcsD"));
    assert_int_equal(welt_set_mode(linker, WELT_MODE_WHOLE_ARCHIVE, 0), WELT_OK);
    welt_bytes more = assemble(".globl more\nmore: ret\n");
    add_bytes(linker, "more.a", make_archive("rcsD", &more, 1));
    expect(&host, welt_link(linker), WELT_OK);
    symbol(linker, "unused");
    assert_int_equal(welt_symbol_address(linker, "more", &address), WELT_FAILED);
    welt_linker_free(linker);
}

static void bytes_as_they_are(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(".globl _start\n_start: hlt\n"));
    assert_int_equal(welt_set_mode(linker, WELT_MODE_BINARY, 1), WELT_OK);
    assert_int_equal(welt_add_bytes(linker, "../a file.bin", "payload", 7), WELT_OK);
    assert_int_equal(welt_set_mode(linker, WELT_MODE_BINARY, 0), WELT_OK);
    add_bytes(linker, "more.o", assemble(".globl more\nmore: ret\n"));
    expect(&host, welt_link(linker), WELT_OK);
    uint64_t at = symbol(linker, "_binary____a_file_bin_start");
    assert_int_equal(symbol(linker, "_binary____a_file_bin_end"), at + 7);
    assert_int_equal(symbol(linker, "_binary____a_file_bin_size"), 7);
    welt_bytes image = {0};
    assert_int_equal(welt_get(linker, WELT_OUTPUT_IMAGE, &image), WELT_OK);
    assert_memory_equal(image.data + (at - 0x7c00), "payload", 7);
    welt_linker_free(linker);
}

/* A crt0 of the caller's own, in an archive: it is asked for as in GNU ld, and before the runtime.
 */
static void the_entry_in_an_archive(void **state)
{
    static const char *const entries[] = {NULL, "_start", NULL};
    (void)state;
    welt_bytes crt = assemble(".globl _start\n_start: call main\n call after\n hlt\n");
    welt_bytes members[] = {assemble(".globl after\nafter: ret\n"), crt};
    for (size_t i = 0; i < COUNT(entries); i++) {
        welt_options options = host_options(&host);
        options.entry = entries[i];
        if (i == 2) {
            options.face = WELT_FACE_LD;
            options.script_text = "OUTPUT_FORMAT(binary) ENTRY(_start)\n"
                                  "SECTIONS { .text 0x7c00 : { *(.text) } }\n";
        }
        welt_linker *linker = new_linker(&host, &options);
        add_bytes(linker, "main.o", assemble(".globl main\nmain: ret\n"));
        add_bytes(linker, "crt.a", make_archive("rcsD", members, 2));
        expect(&host, welt_link(linker), WELT_OK);
        assert_int_equal(host.told_count, 0);
        symbol(linker, "after");
        assert_int_equal(symbol(linker, "_start"), i == 2 ? 0x7c01 : 0x7c00);
        welt_linker_free(linker);
    }
}

/* Each archive needs the other: one pass over both is too little. */
static welt_status link_ring(bool grouped)
{
    welt_bytes one[] = {assemble(".globl first\nfirst: call third\n ret\n"),
                        assemble(".globl fourth\nfourth: ret\n")};
    welt_bytes two[] = {assemble(".globl second\nsecond: ret\n"),
                        assemble(".globl third\nthird: call fourth\n ret\n")};
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(start));
    if (grouped)
        assert_int_equal(welt_set_mode(linker, WELT_MODE_GROUP, 1), WELT_OK);
    add_bytes(linker, "one.a", make_archive("rcsD", one, 2));
    add_bytes(linker, "two.a", make_archive("rcsD", two, 2));
    if (grouped)
        assert_int_equal(welt_set_mode(linker, WELT_MODE_GROUP, 0), WELT_OK);
    welt_status status = welt_link(linker);
    welt_linker_free(linker);
    return status;
}

static void groups_of_archives(void **state)
{
    (void)state;
    expect(&host, link_ring(true), WELT_OK);
    expect(&host, link_ring(false), WELT_FAILED);
    assert_string_equal(host_told(&host, "undefined")->symbol, "fourth");
}

/* ---- options ---- */

static void the_origin_from_outside(void **state)
{
    static const welt_section_start starts[] = {{".text", 0x600}};
    (void)state;
    welt_options options = host_options(&host);
    options.section_starts = starts;
    options.section_start_count = 1;
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(alone));
    expect(&host, welt_link(linker), WELT_OK);
    assert_int_equal(symbol(linker, "_start"), 0x600);
    assert_sector(get(linker, WELT_OUTPUT_IMAGE));
    welt_linker_free(linker);
}

static const char script[] = "OUTPUT_FORMAT(binary)\nENTRY(_start)\n"
                             "SECTIONS { .head : { *(.text .text.*) BYTE(0x7f) }\n"
                             " .tail : { *(.data) SHORT(_end) } _end = .; }\n";

static void a_script_in_memory(void **state)
{
    static const welt_section_start starts[] = {{".head", 0x1000}, {".tail", 0x1010}};
    (void)state;
    welt_options options = host_options(&host);
    options.script_text = script;
    options.script_path = "boot.ld";
    options.section_starts = starts;
    options.section_start_count = 2;
    welt_bytes image =
        link_one(&options, ".globl _start\n_start: mov five, %al\n.data\nfive: .byte 5\n");
    assert_int_equal(image.size, 0x13);
    assert_memory_equal(image.data, "\xa0\x10\x10\x7f", 4);
    assert_memory_equal(image.data + 0x10, "\x05\x13\x10", 3);
    free_bytes(image);
}

static void a_printed_layout_is_a_script(void **state)
{
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        welt_options by_name = host_options(&host), by_text = host_options(&host);
        by_name.layout = welt_layout_name(i);
        by_text.script_text = welt_layout_script(welt_layout_name(i));
        assert_non_null(by_text.script_text);
        welt_bytes one = link_one(&by_name, alone), two = link_one(&by_text, alone);
        assert_bytes_equal(one, two);
        free_bytes(one);
        free_bytes(two);
    }
}

static void names_from_outside(void **state)
{
    static const char *const defsyms[] = {"first=0x1234", "second = first + 1"};
    static const char *const undefined[] = {"wanted"};
    (void)state;
    welt_options options = host_options(&host);
    options.defsyms = defsyms;
    options.defsym_count = 2;
    options.undefined = undefined;
    options.undefined_count = 1;
    options.entry = "_start";
    welt_linker *linker = new_linker(&host, &options);
    welt_bytes wanted = assemble(".globl wanted\nwanted: ret\n");
    add_bytes(linker, "boot.o", assemble(start));
    add_bytes(linker, "lib.a", make_archive("rcsD", &wanted, 1));
    expect(&host, welt_link(linker), WELT_OK);
    assert_int_equal(symbol(linker, "first"), 0x1234);
    assert_int_equal(symbol(linker, "second"), 0x1235);
    symbol(linker, "wanted");
    welt_linker_free(linker);
}

/* Options are copied: what they pointed to may go when the linker is there. */
static void options_are_copied(void **state)
{
    char defsym[] = "first=1", other[] = "second=2", entry[] = "_start", name[] = "boot.img";
    char layout[] = "sector", section[] = ".text";
    const char *defsyms[] = {defsym, other};
    welt_section_start starts[] = {{section, 0x600}};
    (void)state;
    welt_options options = host_options(&host);
    options.defsyms = defsyms;
    options.defsym_count = 2;
    options.entry = entry;
    options.output_name = name;
    options.layout = layout;
    options.section_starts = starts;
    options.section_start_count = 1;
    welt_linker *linker = new_linker(&host, &options);
    memset(defsym, 'x', sizeof defsym);
    memset(other, 'x', sizeof other);
    memset(entry, 'x', sizeof entry);
    memset(name, 'x', sizeof name);
    memset(layout, 'x', sizeof layout);
    memset(section, 'x', sizeof section);
    memset(defsyms, 0, sizeof defsyms);
    memset(starts, 0, sizeof starts);
    memset(&options, 0x77, sizeof options);
    add_bytes(linker, "boot.o", assemble(start));
    expect(&host, welt_link(linker), WELT_OK);
    assert_int_equal(symbol(linker, "_start"), 0x600);
    assert_non_null(strstr((const char *)get(linker, WELT_OUTPUT_SUMMARY).data, "boot.img: "));
    welt_linker_free(linker);
}

static void what_is_unresolved(void **state)
{
    static const welt_unresolved choices[] = {WELT_UNRESOLVED_ERROR, WELT_UNRESOLVED_WARN,
                                              WELT_UNRESOLVED_IGNORE};
    (void)state;
    for (size_t i = 0; i < COUNT(choices); i++) {
        welt_options options = host_options(&host);
        options.unresolved = choices[i];
        welt_linker *linker = new_linker(&host, &options);
        add_bytes(linker, "boot.o", assemble(start));
        expect(&host, welt_link(linker), i ? WELT_OK : WELT_FAILED);
        if (i < 2)
            assert_int_equal(host_told(&host, "undefined")->severity,
                             i ? WELT_WARNING : WELT_ERROR);
        else
            assert_int_equal(host.told_count, 0);
        host_forget(&host);
        welt_linker_free(linker);
    }
}

static void warnings_may_be_errors(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.unresolved = WELT_UNRESOLVED_WARN;
    options.fatal_warnings = 1;
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(start));
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_int_equal(host_told(&host, "undefined")->severity, WELT_ERROR);
    welt_linker_free(linker);
}

static void the_first_definition_may_win(void **state)
{
    (void)state;
    for (int allowed = 0; allowed < 2; allowed++) {
        welt_options options = host_options(&host);
        options.allow_multiple_definition = allowed;
        welt_linker *linker = new_linker(&host, &options);
        add_bytes(linker, "boot.o", assemble(alone));
        add_bytes(linker, "boot.o", assemble(alone));
        expect(&host, welt_link(linker), allowed ? WELT_OK : WELT_FAILED);
        welt_linker_free(linker);
    }
    host_told(&host, "duplicate");
}

static void sizes_of_the_image(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.pad_to = 1474560;
    welt_bytes image = link_one(&options, alone);
    assert_int_equal(image.size, 1474560);
    assert_int_equal(image.data[511], 0xaa);
    free_bytes(image);
    options.max_image_size = 1474559;
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(alone));
    expect(&host, welt_link(linker), WELT_FAILED);
    host_told(&host, "image-size");
    welt_linker_free(linker);
}

/* However much is allowed: what no memory holds is told, and nothing of it begun. */
static void an_image_beyond_all_memory(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.pad_to = options.max_image_size = UINT64_MAX;
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(alone));
    expect(&host, welt_link(linker), WELT_FAILED);
    host_told(&host, "image-size");
    assert_false(welt_has(linker, WELT_OUTPUT_IMAGE) || welt_has(linker, WELT_OUTPUT_LISTING));
    welt_linker_free(linker);
}

static const char twins[] =
    ".globl _start\n.section .text._start,\"ax\"\n_start: call one\n call two\n hlt\n"
    ".section .text.one,\"ax\"\none: mov $0x1234, %ax\n ret\n"
    ".section .text.two,\"ax\"\ntwo: mov $0x1234, %ax\n ret\n"
    ".section .text.dead,\"ax\"\n.zero 10\n";

static uint64_t used_by(welt_switch gc, welt_icf icf)
{
    welt_region region = {.struct_size = sizeof region};
    welt_options options = host_options(&host);
    options.gc = gc;
    options.icf = icf;
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(twins));
    expect(&host, welt_link(linker), WELT_OK);
    assert_int_equal(welt_region_at(linker, 0, &region), WELT_OK);
    welt_linker_free(linker);
    return region.used;
}

static void what_is_dropped_and_folded(void **state)
{
    (void)state;
    uint64_t all = used_by(WELT_OFF, WELT_ICF_NONE);
    assert_int_equal(all, 7 + 4 + 4 + 10);
    assert_int_equal(used_by(WELT_BY_FACE, WELT_ICF_NONE), all - 10);
    assert_int_equal(used_by(WELT_ON, WELT_ICF_SAFE), all - 14);
    assert_int_equal(used_by(WELT_ON, WELT_ICF_ALL), all - 14);
}

/* `main` without `_start` pulls crt0 from the runtime that the library carries. */
static void the_runtime_library(void **state)
{
    static const char divide[] = "extern volatile long long a, b; volatile long long a, b;\n"
                                 "int main(void) { a /= b; return 0; }\n";
    (void)state;
    for (int which = WELT_RUNTIME_BY_FACE; which <= WELT_RUNTIME_REGPARM3; which++) {
        welt_options options = host_options(&host);
        options.runtime = (welt_runtime)which;
        options.layout = "raw";
        welt_linker *linker = new_linker(&host, &options);
        add_bytes(linker, "boot.o", compile_c(divide));
        expect(&host, welt_link(linker), which == WELT_RUNTIME_NONE ? WELT_FAILED : WELT_OK);
        if (which != WELT_RUNTIME_NONE)
            symbol(linker, "__divdi3");
        welt_linker_free(linker);
    }
    assert_string_equal(host_told(&host, "entry")->symbol, "_start");
}

/* ---- again ---- */

static void linking_again_gives_the_same(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(start));
    add_bytes(linker, "lib.a", library("rcsD"));
    expect(&host, welt_link(linker), WELT_OK);
    welt_bytes image = keep(get(linker, WELT_OUTPUT_IMAGE));
    welt_bytes map = keep(get(linker, WELT_OUTPUT_MAP));
    size_t live = host.live_bytes;
    for (int i = 0; i < 5; i++) {
        expect(&host, welt_link(linker), WELT_OK);
        assert_bytes_equal(get(linker, WELT_OUTPUT_IMAGE), image);
        assert_bytes_equal(get(linker, WELT_OUTPUT_MAP), map);
        assert_true(host.live_bytes <= live); /* nothing of the link before is left */
    }
    free_bytes(image);
    free_bytes(map);
    welt_linker_free(linker);
}

static void linking_again_with_one_more(void **state)
{
    const welt_bytes all[] = {assemble(start), assemble(first), assemble(second)};
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    welt_bytes wanted = image_of(all, 3);
    add_bytes(linker, "boot.o", all[0]);
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_int_equal(host.errors, 2);
    add_bytes(linker, "boot.o", all[1]);
    host_forget(&host);
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_int_equal(host.errors, 1);
    add_bytes(linker, "boot.o", all[2]);
    host_forget(&host);
    expect(&host, welt_link(linker), WELT_OK);
    assert_int_equal(host.told_count, 0);
    assert_bytes_equal(get(linker, WELT_OUTPUT_IMAGE), wanted);
    free_bytes(wanted);
    welt_linker_free(linker);
}

/* An editor's buffer changes between two links. */
static void linking_again_reads_again(void **state)
{
    (void)state;
    welt_options options = host_options_reading(&host);
    welt_linker *linker = new_linker(&host, &options);
    host_add_file(&host, "boot.o", assemble(".globl _start\n_start: mov $1, %al\n hlt\n"));
    assert_int_equal(welt_add_file(linker, "boot.o"), WELT_OK);
    expect(&host, welt_link(linker), WELT_OK);
    assert_int_equal(get(linker, WELT_OUTPUT_IMAGE).data[1], 1);
    host.files[0].bytes = assemble(".globl _start\n_start: mov $2, %al\n hlt\n");
    expect(&host, welt_link(linker), WELT_OK);
    assert_int_equal(get(linker, WELT_OUTPUT_IMAGE).data[1], 2);
    host.files[0].bytes = text_bytes("int main(void);");
    expect(&host, welt_link(linker), WELT_FAILED);
    host.file_count = 0;
    expect(&host, welt_link(linker), WELT_FAILED);
    welt_linker_free(linker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(files_in_one_call),
        TEST(files_in_one_call_with_options),
        TEST(a_linker_without_options),
        TEST(a_failure_without_a_callback),
        TEST(inputs_in_their_order),
        TEST(bytes_under_any_name),
        TEST(bytes_at_any_address),
        TEST(no_inputs),
        TEST(members_on_demand),
        TEST(whole_archives),
        TEST(bytes_as_they_are),
        TEST(the_entry_in_an_archive),
        TEST(groups_of_archives),
        TEST(the_origin_from_outside),
        TEST(a_script_in_memory),
        TEST(a_printed_layout_is_a_script),
        TEST(names_from_outside),
        TEST(options_are_copied),
        TEST(what_is_unresolved),
        TEST(warnings_may_be_errors),
        TEST(the_first_definition_may_win),
        TEST(sizes_of_the_image),
        TEST(an_image_beyond_all_memory),
        TEST(what_is_dropped_and_folded),
        TEST(the_runtime_library),
        TEST(linking_again_gives_the_same),
        TEST(linking_again_with_one_more),
        TEST(linking_again_reads_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
