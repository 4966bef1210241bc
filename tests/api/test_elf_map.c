/* SPDX-License-Identifier: MIT
 *
 * The address map of an ELF file: its spans are its sections that are loaded, whole and nothing
 * else, where its section headers say that they are. */
#include "kit.h"

#include <elf.h>

static const char program[] =
    ".code32\n.globl _start, main\n_start: main: incl counter\n movl $text, %eax\n ret\n"
    ".section .text.more,\"ax\"\n.balign 64\nmore: movl more, %eax\n ret\n"
    ".section .rodata.str1.1,\"aMS\",@progbits,1\ntext: .asciz \"alpha\"\n .asciz \"beta\"\n"
    ".section .rodata\n.byte 1\n.balign 32\n.long text, more\n"
    ".data\nstep: .word 7\n.balign 16\n.long step\n"
    ".bss\ncounter: .zero 5\n.balign 16\n.zero 3\n"
    ".section .note.own,\"a\",@note\n.long 4, 0, 1\n.asciz \"own\"\n"
    ".section .debug_info\n.long text, 1, 2\n.section .comment\n.asciz \"not loaded\"\n";

/* ---- an ELF file ---- */

struct file {
    const unsigned char *bytes;
    const char *names;
    uint64_t at; /* of its section headers */
    size_t count;
};

static Elf32_Shdr section_at(const struct file *file, size_t index)
{
    Elf32_Shdr section;
    memcpy(&section, file->bytes + file->at + index * sizeof section, sizeof section);
    return section;
}

static struct file open_image(welt_linker *linker)
{
    Elf32_Ehdr header;
    welt_bytes image = get(linker, WELT_OUTPUT_IMAGE);
    assert_true(image.size > sizeof header);
    memcpy(&header, image.data, sizeof header);
    struct file file = {.bytes = image.data, .at = header.e_shoff, .count = header.e_shnum};
    file.names = (const char *)image.data + section_at(&file, header.e_shstrndx).sh_offset;
    return file;
}

/* ---- its spans ---- */

struct walk {
    const welt_linker *linker;
    size_t next; /* span */
    uint64_t at; /* where the file's last span ended */
};

static bool take(struct walk *walk, welt_span *span)
{
    *span = (welt_span){.struct_size = sizeof *span};
    if (walk->next == welt_span_count(walk->linker))
        return false;
    assert_int_equal(welt_span_at(walk->linker, walk->next++, span), WELT_OK);
    return true;
}

static void take_section(struct walk *walk, const Elf32_Shdr *section, const char *name)
{
    bool is_memory = section->sh_type == SHT_NOBITS;
    for (uint64_t done = 0; done < section->sh_size;) {
        welt_span span;
        assert_true(take(walk, &span));
        assert_string_equal(span.output_section, name);
        assert_int_equal(span.address, section->sh_addr + done);
        assert_int_equal(span.kind == WELT_SPAN_BSS, is_memory);
        if (!is_memory) {
            assert_int_equal(span.file_offset, section->sh_offset + done);
            assert_true(span.file_offset >= walk->at);
            walk->at = span.file_offset + span.size;
        }
        done += span.size;
        assert_true(done <= section->sh_size);
    }
}

/* What is left out, sections that are not loaded among it, is what this does not find. */
static void check_map(welt_linker *linker)
{
    welt_span span;
    struct walk walk = {.linker = linker};
    struct file file = open_image(linker);
    for (int memory = 0; memory < 2; memory++)
        for (size_t i = 1; i < file.count; i++) {
            Elf32_Shdr section = section_at(&file, i);
            if (section.sh_flags & SHF_ALLOC && (section.sh_type == SHT_NOBITS) == memory)
                take_section(&walk, &section, file.names + section.sh_name);
        }
    assert_false(take(&walk, &span));
    assert_true(walk.next > 5);
}

static void link_and_check(const welt_options *options)
{
    welt_linker *linker = new_linker(&host, options);
    add_bytes(linker, "boot.o", assemble(program));
    add_bytes(linker, "more.o", assemble(".section .init,\"ax\"\nhlt\n.balign 64\nhlt\n"));
    expect(&host, welt_link(linker), WELT_OK);
    check_map(linker);
    welt_linker_free(linker);
}

static welt_options elf_options(void)
{
    welt_options options = host_options(&host);
    options.face = WELT_FACE_LD;
    options.format = WELT_FORMAT_ELF32_I386;
    options.entry = "main";
    return options;
}

static void spans_of_executables(void **state)
{
    (void)state;
    welt_options options = elf_options();
    link_and_check(&options);
    options.emit_relocs = 1;
    link_and_check(&options);
    options.omagic = 1;
    link_and_check(&options);
    options = elf_options();
    options.pie = 1;
    link_and_check(&options);
    options = elf_options();
    options.dialect = WELT_DIALECT_LLD;
    link_and_check(&options);
}

static void spans_of_objects(void **state)
{
    (void)state;
    welt_options options = elf_options();
    options.relocatable = 1;
    link_and_check(&options);
}

/* They are the flat image's, from its first byte. */
static void spans_beside_an_image(void **state)
{
    welt_span span;
    (void)state;
    welt_options options = host_options(&host);
    options.with_elf = 1;
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(program));
    expect(&host, welt_link(linker), WELT_OK);
    get(linker, WELT_OUTPUT_ELF);
    struct walk walk = {.linker = linker};
    while (take(&walk, &span) && span.kind != WELT_SPAN_BSS) {
        assert_int_equal(span.file_offset, walk.at);
        walk.at += span.size;
    }
    assert_int_equal(walk.at, get(linker, WELT_OUTPUT_IMAGE).size);
    welt_linker_free(linker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {TEST(spans_of_executables), TEST(spans_of_objects),
                                       TEST(spans_beside_an_image)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
