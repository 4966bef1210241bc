/* SPDX-License-Identifier: MIT
 *
 * The table of instructions that find threads' variables: its rows hold together, and registers go
 * where they belong. What comes of each row stands in the case elf/thread-variables. */
#include "input/thread_loads.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <elf.h>
#include <string.h>

static void rows_hold_together(void **state)
{
    (void)state;
    for (unsigned i = 0; i < thread_load_count; i++) {
        const struct thread_load *load = &thread_loads[i];
        const struct ref_kind *kind = &ref_kinds[ref_kind_find(load->architecture, load->native)];
        assert_int_equal(kind->operation, REF_THREAD_LOAD);
        assert_int_equal(thread_load_size(load->was), thread_load_size(load->becomes));
        assert_non_null(strchr(load->was, '@'));
        assert_int_equal(strchr(load->becomes, '@') != NULL, load->turns_into != 0);
        assert_int_equal(strstr(load->was, "@@@@") != NULL, kind->width == 4);
    }
}

/* The fourth bit of a number is in another bit of the prefix when the register is a base. */
static void registers_stay(void **state)
{
    (void)state;
    static const struct {
        uint32_t native;
        unsigned char was[7], becomes[7];
    } rows[] = {
        {R_X86_64_GOTTPOFF, {0x48, 0x8b, 0x3d}, {0x48, 0xc7, 0xc7}},        /* mov, %rdi */
        {R_X86_64_GOTTPOFF, {0x4c, 0x8b, 0x15}, {0x49, 0xc7, 0xc2}},        /* mov, %r10 */
        {R_X86_64_GOTTPOFF, {0x4c, 0x03, 0x0d}, {0x4d, 0x8d, 0x89}},        /* add, lea: %r9 */
        {R_X86_64_GOTTPOFF, {0x4c, 0x03, 0x25}, {0x49, 0x81, 0xc4}},        /* add, add: %r12 */
        {R_X86_64_GOTPC32_TLSDESC, {0x4c, 0x8d, 0x3d}, {0x49, 0xc7, 0xc7}}, /* lea, mov: %r15 */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char code[7];
        memcpy(code, rows[i].was, sizeof code);
        struct ref ref = {.offset = 3,
                          .addend = -4,
                          .kind = (uint16_t)ref_kind_find(ARCH_X86_64, rows[i].native)};
        struct object object = {.architecture = ARCH_X86_64, .refs = &ref, .ref_count = 1};
        struct section section = {
            .bytes = code, .size = sizeof code, .flags = SECTION_EXEC, .ref_count = 1};
        const struct thread_load *load = thread_load_of(&object, &section, &ref, false);
        assert_non_null(load);
        assert_int_equal(thread_load_rewrite(load, code + 3), 0);
        assert_memory_equal(code, rows[i].becomes, sizeof code);
    }
}

/* Nothing is read in front of the section or behind it. */
static void instructions_are_whole(void **state)
{
    (void)state;
    static const unsigned char code[] = {0x66, 0x48, 0x8d, 0x3d, 0,    0,    0, 0,
                                         0x66, 0x66, 0x48, 0xe8, 0xff, 0xff, 0, 0};
    struct ref refs[] = {
        {.offset = 4, .addend = -4, .kind = (uint16_t)ref_kind_find(ARCH_X86_64, R_X86_64_TLSGD)},
        {.offset = 12, .addend = -4, .kind = (uint16_t)ref_kind_find(ARCH_X86_64, R_X86_64_PLT32)}};
    struct object object = {.architecture = ARCH_X86_64, .refs = refs, .ref_count = 2};
    struct section section = {.bytes = code, .flags = SECTION_EXEC, .ref_count = 2};
    for (section.size = 8; section.size < sizeof code; section.size++)
        assert_null(thread_load_of(&object, &section, &refs[0], false));
    assert_non_null(thread_load_of(&object, &section, &refs[0], false));
    assert_true(ref_is_of_thread_call(&object, &section, &refs[1]));
    assert_false(ref_is_of_thread_call(&object, &section, &refs[0]));
    refs[0].offset = 3;
    assert_null(thread_load_of(&object, &section, &refs[0], false));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_hold_together),
        cmocka_unit_test(registers_stay),
        cmocka_unit_test(instructions_are_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
