/* SPDX-License-Identifier: MIT
 *
 * An editor's day: inputs are replaced at random, by what is longer, names other symbols, joins
 * groups, is broken or leaves a name undefined. Each link must give what a new linker gives:
 * status, image, map, and as many diagnostics. */
#include "kit.h"

/* Half of an object is one variant more. */
enum { INPUTS = 4, WHOLE = 4, VARIANTS, STEPS = 120 };

static const char *const variants[INPUTS][WHOLE] = {
    {
        ".globl main\nmain: call two\n call three\n ret\n",
        ".globl main\nmain: call two\n mov $four, %ax\n mov $.Ls, %bx\n ret\n"
        ".section .rodata.str1.1, \"aMS\", @progbits, 1\n.asciz \"a first\"\n.Ls: .asciz \"of "
        "two\"\n",
        ".section .text.main, \"ax\"\n.globl main\nmain: call three\n .fill 90, 1, 0x90\n ret\n",
        ".globl main\nmain: call nobody\n ret\n",
    },
    {
        ".globl two\ntwo: mov $1, %ax\n ret\n",
        ".section .text.two, \"ax\"\n.globl two\ntwo: mov $four, %ax\n mov $.rodata.str1.1 + 3, "
        "%bx\n"
        " ret\n.section .rodata.str1.1, \"aMS\", @progbits, 1\n.asciz \"it\"\n.asciz \"of two\"\n",
        ".weak two\ntwo: ret\n.comm four, 40, 8\n.comm shared, 6, 2\n",
        ".globl two, three\ntwo: ret\nthree: ret\n",
    },
    {
        ".globl three\nthree: ret\n.comm shared, 2, 2\n",
        ".globl three\nthree: mov shared, %ax\n jmp two\n.comm shared, 8, 4\n",
        ".section .text.g, \"axG\", @progbits, grouped, comdat\n.weak grouped\ngrouped: ret\n"
        ".text\n.globl three\nthree: call grouped\n ret\n",
        ".weak three\n.set three, 0x1234\n.data\n.fill 77\n",
    },
    {
        ".data\n.globl four\nfour: .long 4\n",
        ".section .data.four, \"aw\"\n.balign 16\n.globl four\nfour: .word main, two, three\n",
        ".section .text.g, \"axG\", @progbits, grouped, comdat\n.weak grouped\ngrouped: nop\n ret\n"
        ".data\n.globl four\nfour: .word grouped\n",
        ".section .rodata.str1.1, \"aMS\", @progbits, 1\n.asciz \"two\"\n.bss\n.globl four\n"
        "four: .skip 33\n",
    },
};
static const char *const names[INPUTS] = {"main.o", "two.o", "three.o", "four.o"};

static welt_bytes bytes_of(unsigned input, unsigned variant)
{
    welt_bytes bytes = assemble(variants[input][variant % WHOLE]);
    if (variant == WHOLE)
        bytes.size /= 2;
    return bytes;
}

static welt_linker *linker_of(const welt_options *options, const welt_bytes *objects)
{
    welt_linker *linker = new_linker(&host, options);
    for (unsigned i = 0; i < INPUTS; i++)
        add_bytes(linker, names[i], objects[i]);
    return linker;
}

static void assert_same_output(welt_linker *linker, welt_linker *other, welt_output output)
{
    assert_int_equal(welt_has(linker, output), welt_has(other, output));
    if (welt_has(linker, output))
        assert_bytes_equal(get(linker, output), get(other, output));
}

/* Result: whether it is an image. */
static bool assert_as_new(const welt_options *options, welt_linker *linker,
                          const welt_bytes *objects)
{
    host_forget(&host);
    welt_status status = welt_link(linker);
    unsigned errors = host.errors;
    size_t told = host.told_count;
    welt_linker *new = linker_of(options, objects);
    host_forget(&host);
    assert_int_equal(welt_link(new), status);
    assert_int_equal(host.errors, errors);
    assert_int_equal(host.told_count, told);
    assert_same_output(linker, new, WELT_OUTPUT_IMAGE);
    assert_same_output(linker, new, WELT_OUTPUT_MAP);
    welt_linker_free(new);
    host_forget(&host);
    return status == WELT_OK;
}

static void replace_at_random(welt_options options)
{
    welt_bytes objects[INPUTS];
    uint64_t random = 1;
    unsigned linked = 0, failed = 0;
    for (unsigned i = 0; i < INPUTS; i++)
        objects[i] = bytes_of(i, 0);
    welt_linker *linker = linker_of(&options, objects);
    for (unsigned step = 0; step < STEPS; step++) {
        bool is_image = assert_as_new(&options, linker, objects);
        linked += is_image;
        failed += !is_image;
        random = random * 6364136223846793005u + 1442695040888963407u;
        unsigned input = (unsigned)(random >> 33) % INPUTS;
        unsigned variant = (unsigned)(random >> 43) % (VARIANTS + 3);
        objects[input] = bytes_of(input, variant < VARIANTS ? variant : variant - VARIANTS);
        assert_int_equal(
            welt_replace_bytes(linker, names[input], objects[input].data, objects[input].size),
            WELT_OK);
    }
    assert_true(linked >= STEPS / 12 && failed >= STEPS / 12);
    welt_linker_free(linker);
}

static void in_a_boot_build(void **state)
{
    (void)state;
    replace_at_random(host_options(&host));
}

static void in_ld_s_dialect(void **state)
{
    (void)state;
    static const welt_section_start start = {".text", 0x1000};
    welt_options options = host_options(&host);
    options.face = WELT_FACE_LD;
    options.format = WELT_FORMAT_BINARY;
    options.section_starts = &start;
    options.section_start_count = 1;
    options.entry = "main";
    replace_at_random(options);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(in_a_boot_build),
        TEST(in_ld_s_dialect),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
