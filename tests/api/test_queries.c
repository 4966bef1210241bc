/* SPDX-License-Identifier: MIT
 *
 * What can be asked of a link: spans that cover the image, regions, addresses of symbols. */
#include "kit.h"

static const char program[] =
    "static const char *const names[] = {\"alpha\\r\\n\", \"beta\\r\\n\", \"welt\"};\n"
    "int counter, other[10]; short step = 7; static const unsigned char table[40] = {1, 2, 3};\n"
    "__attribute__((noinline)) static void put(char c)\n"
    "{ __asm__ volatile(\"int $0x10\" : : \"a\"(0x0e00 | c), \"b\"(7)); }\n"
    "__attribute__((noinline)) void say(const char *s) { while (*s) put(*s++); }\n"
    "int main(void) { for (int i = 0; i < 3; i++) { say(names[i]); other[i] = counter += step; }\n"
    "  put((char)table[counter % 40]); return 0; }\n";

static welt_span span_at(const welt_linker *linker, size_t index)
{
    welt_span span = {.struct_size = sizeof span};
    assert_int_equal(welt_span_at(linker, index, &span), WELT_OK);
    assert_int_equal(span.struct_size, sizeof span);
    assert_in_range(span.kind, WELT_SPAN_CODE, WELT_SPAN_BSS);
    return span;
}

static welt_region region_at(const welt_linker *linker, size_t index)
{
    welt_region region = {.struct_size = sizeof region};
    assert_int_equal(welt_region_at(linker, index, &region), WELT_OK);
    assert_int_equal(region.struct_size, sizeof region);
    return region;
}

/* The first span of a kind; the test fails when there is none. */
static welt_span find_kind(const welt_linker *linker, welt_span_kind kind)
{
    for (size_t i = 0; i < welt_span_count(linker); i++)
        if (span_at(linker, i).kind == kind)
            return span_at(linker, i);
    fail_msg("no span of kind %d", (int)kind);
    return (welt_span){0};
}

static welt_linker *linked(const welt_options *options, welt_bytes object)
{
    welt_linker *linker = new_linker(&host, options);
    add_bytes(linker, "boot.o", object);
    expect(&host, welt_link(linker), WELT_OK);
    return linker;
}

/* ---- spans ---- */

/* What an object's span says of its owner. */
static void check_owner(const welt_span *span)
{
    bool is_owned = span->kind == WELT_SPAN_CODE || span->kind == WELT_SPAN_DATA;
    if (is_owned) {
        assert_non_null(span->object);
        assert_non_null(span->section);
        assert_non_null(span->output_section);
    }
    assert_true(!span->symbol || span->object);
    assert_true(!span->section == !span->object);
}

/* Spans of the file follow each other from 0 to its end; load addresses grow with them. Gives how
 * many they are. */
static size_t check_file(const welt_linker *linker, uint64_t size)
{
    uint64_t at = 0, first = span_at(linker, 0).load_address;
    size_t i = 0;
    for (; i < welt_span_count(linker); i++) {
        welt_span span = span_at(linker, i);
        if (span.kind == WELT_SPAN_BSS && at == size)
            break;
        assert_true(span.size > 0);
        assert_int_equal(span.file_offset, at);
        assert_int_equal(span.load_address, first + at);
        check_owner(&span);
        at += span.size;
    }
    assert_int_equal(at, size);
    return i;
}

/* Behind them is what takes memory only, by address, without overlaps. */
static void check_memory(const welt_linker *linker, size_t begin)
{
    uint64_t end = 0;
    for (size_t i = begin; i < welt_span_count(linker); i++) {
        welt_span span = span_at(linker, i);
        assert_true(span.size > 0);
        assert_true(span.address >= end);
        end = span.address + span.size;
    }
}

static void check_spans(welt_linker *linker)
{
    size_t in_file = check_file(linker, get(linker, WELT_OUTPUT_IMAGE).size);
    check_memory(linker, in_file);
}

static void spans_cover_the_image(void **state)
{
    (void)state;
    for (size_t i = 0; i < 8; i++) {
        welt_options options = host_options(&host);
        options.layout = welt_layout_name(i);
        for (int gc = WELT_ON; gc <= WELT_OFF; gc++) {
            options.gc = options.merge = (welt_switch)gc;
            welt_linker *linker = linked(&options, compile_c(program));
            check_spans(linker);
            welt_linker_free(linker);
        }
        options.pad_to = 4096;
        welt_linker *linker = linked(&options, compile_c(program));
        assert_int_equal(get(linker, WELT_OUTPUT_IMAGE).size, 4096);
        check_spans(linker);
        welt_linker_free(linker);
    }
}

static void spans_say_what_they_are(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = linked(&options, compile_c(program));
    welt_span code = find_kind(linker, WELT_SPAN_CODE);
    assert_int_equal(code.file_offset, 0);
    assert_int_equal(code.address, 0x7c00);
    assert_string_equal(code.output_section, ".text");
    assert_non_null(strstr(code.object, "crt0"));
    assert_string_equal(code.symbol, "_start");
    welt_span end = find_kind(linker, WELT_SPAN_SIGNATURE);
    assert_int_equal(end.file_offset, 510);
    assert_int_equal(end.size, 2);
    welt_span room = find_kind(linker, WELT_SPAN_FREE);
    assert_int_equal(room.file_offset + room.size, 510);
    assert_string_equal(find_kind(linker, WELT_SPAN_BSS).object, "boot.o");
    welt_linker_free(linker);
}

static void spans_of_code_and_data(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = linked(&options, compile_c(program));
    bool say = false, step = false, counter = false;
    for (size_t i = 0; i < welt_span_count(linker); i++) {
        welt_span span = span_at(linker, i);
        if (!span.symbol)
            continue;
        bool is_say = strcmp(span.symbol, "say") == 0, is_step = strcmp(span.symbol, "step") == 0;
        bool is_counter = strcmp(span.symbol, "counter") == 0;
        if (is_say || is_step || is_counter)
            assert_int_equal(span.address, symbol(linker, span.symbol));
        say |= is_say && span.kind == WELT_SPAN_CODE && strcmp(span.section, ".text.say") == 0;
        step |= is_step && span.kind == WELT_SPAN_DATA && span.size == 2;
        counter |= is_counter && span.kind == WELT_SPAN_BSS && span.size == 4;
    }
    assert_true(say && step && counter);
    welt_linker_free(linker);
}

static void spans_of_other_kinds(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.layout = "vbr";
    welt_linker *linker = linked(&options, assemble(".globl _start\n_start: hlt\n"));
    assert_true(find_kind(linker, WELT_SPAN_RESERVED).size >= 59);
    welt_linker_free(linker);
    options.layout = NULL;
    linker = linked(&options, assemble(".globl _start\nnop\n_start: jmp 1f\n"
                                       ".section .text.b,\"ax\"\n.balign 16\n1: hlt\n"));
    assert_int_equal(find_kind(linker, WELT_SPAN_JUMP).file_offset, 0);
    assert_true(find_kind(linker, WELT_SPAN_PADDING).size < 16);
    welt_linker_free(linker);
    options.script_text = "OUTPUT_FORMAT(binary) SECTIONS {"
                          " .text : { BYTE(1) . = 0x40; *(.text) . = 0x60; SHORT(2) . = 0x80; } }";
    linker = linked(&options, assemble(".globl _start\n_start: hlt\n"));
    assert_int_equal(find_kind(linker, WELT_SPAN_SCRIPT).file_offset, 0);
    assert_int_equal(find_kind(linker, WELT_SPAN_FILL).size, 0x40 - 1);
    assert_int_equal(find_kind(linker, WELT_SPAN_FREE).size, 0x60 - 0x41);
    check_spans(linker);
    welt_linker_free(linker);
}

/* A .bss with something behind it takes zeroes in the file. */
static void memory_in_the_middle(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.script_text = "OUTPUT_FORMAT(binary) SECTIONS { .text : { *(.text) }"
                          " .bss : { *(.bss) } .tail : { BYTE(7) } }";
    welt_linker *linker =
        linked(&options, assemble(".globl _start\n_start: mov many, %al\n.bss\nmany: .zero 9\n"));
    welt_bytes image = get(linker, WELT_OUTPUT_IMAGE);
    assert_int_equal(image.size, 3 + 9 + 1);
    assert_memory_equal(image.data + 3, "\0\0\0\0\0\0\0\0\0\7", 10);
    check_spans(linker);
    welt_linker_free(linker);
}

static void spans_over_budget(void **state)
{
    uint64_t sum = 0;
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(".globl _start\n_start: .space 600, 0x90\n"));
    expect(&host, welt_link(linker), WELT_FAILED);
    for (size_t i = 0; i < welt_span_count(linker); i++)
        if (span_at(linker, i).object)
            sum += span_at(linker, i).size;
    assert_int_equal(sum, 600);
    assert_int_equal(region_at(linker, 0).used, 600);
    assert_int_equal(region_at(linker, 0).limit, 510);
    welt_linker_free(linker);
}

/* ---- regions ---- */

static void regions(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = linked(&options, compile_c(program));
    assert_int_equal(welt_region_count(linker), 2);
    welt_region sector = region_at(linker, 0), memory = region_at(linker, 1);
    assert_string_equal(sector.name, "sector");
    assert_int_equal(sector.origin, 0x7c00);
    assert_int_equal(sector.limit, 510);
    assert_true(sector.in_image);
    assert_int_equal(sector.used, find_kind(linker, WELT_SPAN_FREE).file_offset);
    assert_string_equal(memory.name, "memory");
    assert_int_equal(memory.origin, 0x7e00);
    assert_false(memory.in_image);
    assert_int_equal(memory.used, symbol(linker, "_end") - memory.origin);
    welt_linker_free(linker);
}

static void a_script_without_regions(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.script_text = "OUTPUT_FORMAT(binary) SECTIONS { .text : { *(.text) } }";
    welt_linker *linker = linked(&options, assemble(".globl _start\n_start: hlt\n"));
    assert_int_equal(welt_region_count(linker), 0);
    welt_linker_free(linker);
}

/* ---- symbols ---- */

static void addresses(void **state)
{
    uint64_t address = 77;
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker =
        linked(&options, assemble(".globl _start, entry, PORT, shared\n_start: hlt\nentry: hlt\n"
                                  "hidden: hlt\nPORT = 0x3f8\n.comm shared, 4\n"
                                  " mov shared, %al\n call nobody\n.weak nobody\n"));
    assert_int_equal(symbol(linker, "_start"), 0x7c00);
    assert_int_equal(symbol(linker, "entry"), 0x7c01);
    assert_int_equal(symbol(linker, "PORT"), 0x3f8);
    assert_int_equal(symbol(linker, "__image_start"), 0x7c00);
    assert_int_equal(symbol(linker, "shared"), 0x7e00);
    assert_int_equal(welt_symbol_address(linker, "hidden", &address), WELT_FAILED);
    assert_int_equal(welt_symbol_address(linker, "nobody", &address), WELT_FAILED);
    assert_int_equal(welt_symbol_address(linker, "", &address), WELT_FAILED);
    assert_int_equal(address, 77);
    welt_linker_free(linker);
}

/* A string that is another's tail, a function that another stands for: they are where that is. */
static void addresses_of_what_was_merged(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.icf = WELT_ICF_ALL;
    welt_linker *linker = linked(
        &options, assemble(".globl _start, hello, world, one, two\n"
                           "_start: mov $hello, %si\n mov $world, %di\n call one\n call two\n"
                           ".section .text.one,\"ax\"\none: mov $0x1234, %ax\n ret\n"
                           ".section .text.two,\"ax\"\ntwo: mov $0x1234, %ax\n ret\n"
                           ".section .rodata.str1.1,\"aMS\",@progbits,1\n"
                           "hello: .asciz \"hello world\"\nworld: .asciz \"world\"\n"));
    assert_int_equal(symbol(linker, "world"), symbol(linker, "hello") + 6);
    assert_int_equal(symbol(linker, "one"), symbol(linker, "two"));
    welt_linker_free(linker);
}

/* What nothing reaches has no address. */
static void addresses_of_what_is_gone(void **state)
{
    uint64_t address;
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = linked(&options, assemble(".globl _start, dead\n_start: hlt\n"
                                                    ".section .text.dead,\"ax\"\ndead: hlt\n"));
    assert_int_equal(welt_symbol_address(linker, "dead", &address), WELT_FAILED);
    welt_linker_free(linker);
}

/* ---- finding ---- */

static welt_symbol symbol_named(welt_linker *linker, const char *name)
{
    welt_symbol found = {.struct_size = sizeof found};
    assert_int_equal(welt_symbol_named(linker, name, &found), WELT_OK);
    assert_string_equal(found.name, name);
    return found;
}

static void check_symbol(welt_linker *linker, const welt_symbol *its)
{
    welt_symbol there = {.struct_size = sizeof there};
    size_t span;
    assert_true(!its->section == !its->object || !its->section);
    if (!its->section)
        return;
    assert_int_equal(welt_span_find(linker, its->address, &span), WELT_OK);
    welt_span holder = span_at(linker, span);
    assert_in_range(its->address, holder.address, holder.address + holder.size - 1);
    assert_int_equal(welt_symbol_covering(linker, its->address, &there), WELT_OK);
    assert_int_equal(there.address, its->address);
    if (!its->is_local) {
        assert_int_equal(symbol(linker, its->name), its->address);
        assert_int_equal(symbol_named(linker, its->name).address, its->address);
    }
}

static void symbols_of_a_link(void **state)
{
    (void)state;
    size_t count = 0, span = 0;
    uint64_t before = 0;
    welt_options options = host_options(&host);
    welt_linker *linker = linked(&options, compile_c(program));
    assert_int_equal(welt_symbol_count(linker, &count), WELT_OK);
    assert_true(count > 6);
    for (size_t i = 0; i < count; i++) {
        welt_symbol its = {.struct_size = sizeof its};
        assert_int_equal(welt_symbol_at(linker, i, &its), WELT_OK);
        assert_true(its.address >= before);
        before = its.address;
        check_symbol(linker, &its);
    }
    welt_symbol say = symbol_named(linker, "say"), put = symbol_named(linker, "put");
    assert_false(say.is_local);
    assert_true(put.is_local);
    assert_true(say.size > 4);
    assert_string_equal(say.section, ".text.say");
    assert_string_equal(say.object, "boot.o");
    welt_symbol inside = {.struct_size = sizeof inside};
    assert_int_equal(welt_symbol_covering(linker, say.address + 3, &inside), WELT_OK);
    assert_string_equal(inside.name, "say");
    assert_int_equal(welt_symbol_span(linker, "say", 0, &span), WELT_OK);
    assert_int_equal(span_at(linker, span).address, say.address);
    assert_string_equal(span_at(linker, span).symbol, "say");
    assert_int_equal(welt_symbol_span(linker, "say", 1, &span), WELT_FAILED);
    welt_linker_free(linker);
}

/* Every byte of the image belongs to the span that is found there. */
static void spans_by_address(void **state)
{
    (void)state;
    size_t found;
    welt_options options = host_options(&host);
    welt_linker *linker = linked(&options, compile_c(program));
    for (size_t i = 0; i < welt_span_count(linker); i++) {
        welt_span span = span_at(linker, i);
        assert_int_equal(welt_span_find(linker, span.address, &found), WELT_OK);
        assert_int_equal(found, i);
        assert_int_equal(welt_span_find(linker, span.address + span.size - 1, &found), WELT_OK);
        assert_int_equal(found, i);
    }
    assert_int_equal(welt_span_find(linker, 0x7bff, &found), WELT_FAILED);
    assert_int_equal(welt_span_find(linker, UINT64_MAX, &found), WELT_FAILED);
    welt_linker_free(linker);
}

/* An object of a mergeable section is where its pieces are. */
static void spans_of_pieces(void **state)
{
    (void)state;
    size_t first, second;
    welt_bytes object = assemble(".globl _start, both, later\n_start: mov $both, %si\n"
                                 "mov $later, %si\njmp .\n"
                                 ".section .rodata.cst4,\"aM\",@progbits,4\n"
                                 "both: .long 1\nlater: .long 2\n.size both, 8\n");
    welt_options options = host_options(&host);
    welt_linker *linker = linked(&options, object);
    assert_int_equal(welt_symbol_span(linker, "both", 0, &first), WELT_OK);
    assert_int_equal(welt_symbol_span(linker, "both", 1, &second), WELT_OK);
    assert_int_not_equal(first, second);
    assert_int_equal(welt_symbol_span(linker, "both", 2, &first), WELT_FAILED);
    welt_linker_free(linker);
}

static void questions_without_an_answer(void **state)
{
    (void)state;
    size_t n = 0;
    welt_symbol found = {.struct_size = sizeof found}, wrong = {.struct_size = 3};
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", compile_c(program));
    assert_int_equal(welt_symbol_count(linker, &n), WELT_MISUSE);
    assert_int_equal(welt_symbol_named(linker, "say", &found), WELT_MISUSE);
    expect(&host, welt_link(linker), WELT_OK);
    assert_int_equal(welt_symbol_count(linker, NULL), WELT_MISUSE);
    assert_int_equal(welt_symbol_count(NULL, &n), WELT_MISUSE);
    assert_int_equal(welt_symbol_named(linker, "nobody", &found), WELT_FAILED);
    assert_int_equal(welt_symbol_named(linker, "say", &wrong), WELT_MISUSE);
    assert_int_equal(welt_symbol_named(linker, NULL, &found), WELT_MISUSE);
    assert_int_equal(welt_symbol_at(linker, 100000, &found), WELT_MISUSE);
    assert_int_equal(welt_symbol_span(linker, "nobody", 0, &n), WELT_FAILED);
    assert_int_equal(welt_symbol_span(linker, "__bss_start", 0, &n), WELT_FAILED);
    assert_int_equal(welt_symbol_covering(linker, 0x7dfe, &found), WELT_FAILED); /* 55 AA */
    assert_int_equal(welt_symbol_covering(linker, 0x1000, &found), WELT_FAILED);
    welt_linker_free(linker);
}

/* What finds things takes memory when it is first asked. */
static void questions_without_memory(void **state)
{
    (void)state;
    welt_symbol found = {.struct_size = sizeof found};
    welt_options options = host_options(&host);
    welt_linker *linker = linked(&options, compile_c(program));
    host.allowed = 0;
    welt_status status = WELT_NO_MEMORY;
    unsigned refused = 0;
    for (size_t allowed = 0; status == WELT_NO_MEMORY && allowed < 100; allowed++) {
        host.allowed = allowed;
        status = welt_symbol_named(linker, "say", &found);
        refused += status == WELT_NO_MEMORY;
    }
    host.allowed = SIZE_MAX;
    assert_int_equal(status, WELT_OK);
    assert_true(refused < 99);
    welt_linker_free(linker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(symbols_of_a_link),
        TEST(spans_by_address),
        TEST(spans_of_pieces),
        TEST(questions_without_an_answer),
        TEST(questions_without_memory),
        TEST(spans_cover_the_image),
        TEST(spans_say_what_they_are),
        TEST(spans_of_code_and_data),
        TEST(spans_of_other_kinds),
        TEST(memory_in_the_middle),
        TEST(spans_over_budget),
        TEST(regions),
        TEST(a_script_without_regions),
        TEST(addresses),
        TEST(addresses_of_what_was_merged),
        TEST(addresses_of_what_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
