/* SPDX-License-Identifier: MIT
 *
 * Damaged and hostile objects: each refused with a message that says place, fact and number, and
 * nothing of what it took is left. A sound object is built, then one field is bent. */
#include "elf_builder.h"
#include "input/object.h"
#include "listener.h"
#include "object_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct listener listener;
static struct elf_builder builder;

/* The sections of the sound object. */
enum { TEXT = 1, DATA, BSS, GROUP, SYMTAB, STRTAB, REL_TEXT, SECTIONS };

static void build_sound(void)
{
    static const Elf32_Word group[] = {GRP_COMDAT, DATA};
    build_open(&builder);
    build_section(&builder, ".text", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, "12345678", 8);
    build_section(&builder, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, "12345678", 8);
    build_section(&builder, ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, NULL, 64);
    build_section(&builder, ".group", SHT_GROUP, 0, group, sizeof group);
    builder.headers[GROUP].sh_entsize = 4;
    builder.headers[GROUP].sh_link = SYMTAB;
    builder.headers[GROUP].sh_info = 2;
    build_symbol(&builder, "", 0, STB_LOCAL, STT_SECTION, DATA);
    build_symbol(&builder, "main", 0, STB_GLOBAL, STT_FUNC, TEXT);
    build_symbol(&builder, "shared", 4, STB_GLOBAL, STT_OBJECT, SHN_COMMON);
    build_rel(&builder, TEXT, 4, 1, R_386_32);
    build_finish(&builder);
}

static struct object *read_it(void)
{
    return object_read_elf(&listener.host, "test.o", NULL, builder.bytes, builder.size);
}

static void refused_with(const char *id, const char *message)
{
    struct object *object = read_it();
    if (object || !strstr(listener.text, message))
        print_message("want: %s\nhave: %s\n", message, object ? "(read)" : listener.text);
    assert_null(object);
    assert_non_null(strstr(listener.text, message));
    assert_string_equal(listener.id, id);
    assert_int_equal(listener.in_use, 0);
    assert_true(strlen(listener.hint) > 0);
    build_close(&builder);
}

/* ---- one field of a section header ---- */

static void damaged_section_headers_are_refused(void **state)
{
    (void)state;
    static const struct {
        unsigned section;
        size_t field;
        Elf32_Word value;
        const char *message;
    } cases[] = {
#define FIELD(name) offsetof(Elf32_Shdr, name)
        {0, FIELD(sh_type), 2, "section 0 is of type 2"},
        {TEXT, FIELD(sh_name), 0x7fff, "the name of section 1 is at 0x7fff of"},
        {TEXT, FIELD(sh_offset), 0x7fff, "section 1 (.text) reaches from 0x7fff to 0x8007"},
        {TEXT, FIELD(sh_size), 0xfffffff0, "section 1 (.text) reaches from 0x34"},
        {TEXT, FIELD(sh_addralign), 3, "aligned to 3, which is no power of two"},
        {TEXT, FIELD(sh_type), 0x7fffffff, "unknown type (0x7fffffff)"},
        {TEXT, FIELD(sh_type), SHT_DYNSYM, "section 1 (.text) is a dynamic symbol table"},
        {TEXT, FIELD(sh_flags), SHF_ALLOC | SHF_COMPRESSED, "but is compressed"},
        {DATA, FIELD(sh_type), 0x40000014, "compact form (type 0x40000014)"},
        {DATA, FIELD(sh_type), SHT_SYMTAB_SHNDX, "section 2 (.data) extends the 4 symbols"},
        {GROUP, FIELD(sh_entsize), 8, "is a group of 8 bytes in entries of 8"},
        {GROUP, FIELD(sh_size), 6, "is a group of 6 bytes"},
        {GROUP, FIELD(sh_link), 1, "named by symbol 2 of section 1, which is not there"},
        {GROUP, FIELD(sh_info), 99, "named by symbol 99 of section 5"},
        {SYMTAB, FIELD(sh_entsize), 0, "has entries of 0 bytes"},
        {SYMTAB, FIELD(sh_size), 33, "in a table of 33; a symbol takes 16"},
        {SYMTAB, FIELD(sh_info), 9, "begins its globals at 9 but holds 4 symbols"},
        {SYMTAB, FIELD(sh_link), 77, "names section 77 for its strings; there are 8 sections"},
        {SYMTAB, FIELD(sh_link), TEXT,
         "section 1 (.text) holds the names of the symbols but is no"},
        {SYMTAB, FIELD(sh_type), SHT_PROGBITS, "which is not there"},
        {STRTAB, FIELD(sh_size), 0, "section 6 holds the names of the sections but is empty"},
        {STRTAB, FIELD(sh_size), 10, "does not end in a NUL byte"},
        {STRTAB, FIELD(sh_type), SHT_PROGBITS, "but is no string table (type 1)"},
        {REL_TEXT, FIELD(sh_entsize), 0, "has entries of 0 bytes in a table of 8"},
        {REL_TEXT, FIELD(sh_size), 7, "in a table of 7; a relocation takes 8"},
        {REL_TEXT, FIELD(sh_link), TEXT, "names section 1 for its symbols, not the symbol table"},
        {REL_TEXT, FIELD(sh_info), 0, "applies to section 0, which can't be relocated"},
        {REL_TEXT, FIELD(sh_info), SYMTAB, "applies to section 5, which can't be relocated"},
        {REL_TEXT, FIELD(sh_info), 0xffff, "applies to section 65535"},
        {REL_TEXT, FIELD(sh_info), BSS, "(.bss+0x4): relocation R_386_32 (1) is to write into a"},
#undef FIELD
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        build_sound();
        memcpy((char *)built_section(&builder, cases[i].section) + cases[i].field, &cases[i].value,
               sizeof cases[i].value);
        refused_with("object-format", cases[i].message);
    }
}

static void damaged_file_headers_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t field;
        unsigned value, size;
        const char *message;
    } cases[] = {
        {offsetof(Elf32_Ehdr, e_shoff), 0xfffffff0, 4,
         "the section headers are said to be at 0xff"},
        {offsetof(Elf32_Ehdr, e_shoff), 4, 4, "the section headers are said to be at 0x4"},
        {offsetof(Elf32_Ehdr, e_shnum), 0x1000, 2, "the table of 4096 section headers at"},
        {offsetof(Elf32_Ehdr, e_shnum), 0, 2, "but none is counted"},
        {offsetof(Elf32_Ehdr, e_shentsize), 39, 2, "a section header is said to be 39 bytes"},
        {offsetof(Elf32_Ehdr, e_shstrndx), 8, 2, "to be in section 8, but there are 8 sections"},
        {offsetof(Elf32_Ehdr, e_shstrndx), 0, 2, "the name of section 1 is at"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        build_sound();
        memcpy(builder.bytes + cases[i].field, &cases[i].value, cases[i].size);
        refused_with("object-format", cases[i].message);
    }
}

static void damaged_symbols_are_refused(void **state)
{
    (void)state;
    static const struct {
        unsigned symbol;
        Elf32_Sym value;
        const char *message;
    } cases[] = {
        {2, {.st_name = 0xffff, .st_info = 0x12, .st_shndx = 1}, "the name of symbol 2 is at 0xff"},
        {2,
         {.st_name = 1, .st_info = 0x12, .st_shndx = 8},
         "is in section 8; there are 8 sections"},
        {2, {.st_name = 1, .st_info = 0x12, .st_shndx = 0xff01}, "is in section 0xff01, which"},
        {2, {.st_name = 1, .st_info = 0x12, .st_shndx = 0xffff}, "in a table that is not there"},
        {2, {.st_name = 1, .st_info = 0x72, .st_shndx = 1}, "has the unknown binding 7"},
        {2, {.st_name = 1, .st_info = 0x02, .st_shndx = 1}, "is local, but the globals begin at"},
        {2, {.st_name = 0, .st_info = 0x12, .st_shndx = 1}, "symbol 2 is global, but has no name"},
        {2, {.st_name = 1, .st_info = 0x13, .st_shndx = 1}, "stands for a section, but is global"},
        {1, {.st_info = 0x03, .st_shndx = 0}, "stands for a section, but names none"},
        {1, {.st_info = 0x03, .st_shndx = 0xfff1}, "stands for a section, but names none"},
        {1, {.st_info = 0x01, .st_shndx = 0xfff2}, "symbol 1 is common, but local"},
        {3, {.st_name = 1, .st_info = 0x11, .st_value = 3, .st_shndx = 0xfff2}, "aligned to 3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        build_sound();
        *built_symbol(&builder, cases[i].symbol) = cases[i].value;
        refused_with("object-format", cases[i].message);
    }
}

static Elf32_Rel *built_rel(void)
{
    return (Elf32_Rel *)(void *)(builder.bytes + built_section(&builder, REL_TEXT)->sh_offset);
}

static void damaged_relocations_are_refused(void **state)
{
    (void)state;
    static const struct {
        unsigned offset, symbol, type;
        const char *id, *message;
    } cases[] = {
        {4, 4, R_386_32, "object-format",
         "of section 7 (.rel) names symbol 4; there are 4 symbols"},
        {5, 1, R_386_32, "object-format",
         "(.text+0x5): relocation R_386_32 (1) is to write 0x4 bytes at 0x5, the section ends at "
         "0x8"},
        {0xffffffff, 1, R_386_8, "object-format", "at 0xffffffff, the section ends at 0x8"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        build_sound();
        *built_rel() = (Elf32_Rel){cases[i].offset, ELF32_R_INFO(cases[i].symbol, cases[i].type)};
        refused_with(cases[i].id, cases[i].message);
    }
}

static void damaged_groups_are_refused(void **state)
{
    (void)state;
    static const Elf32_Word members[] = {0, SECTIONS, GROUP, 0xffffffff};
    for (unsigned i = 0; i < 4; i++) {
        build_sound();
        unsigned char *at = builder.bytes + built_section(&builder, GROUP)->sh_offset + 4;
        memcpy(at, &members[i], 4);
        refused_with("object-format", "which can't be a member");
    }
    build_sound(); /* a second group of the same bytes, in .data's place: its member is .data */
    *built_section(&builder, DATA) = *built_section(&builder, GROUP);
    built_section(&builder, DATA)->sh_info = 3;
    unsigned char *at = builder.bytes + built_section(&builder, GROUP)->sh_offset + 4;
    memcpy(at, &(Elf32_Word){TEXT}, 4);
    refused_with("object-format", "section 1 (.text) is a member of two groups");
}

/* ---- sizes ---- */

static void truncated_files_are_refused(void **state)
{
    (void)state;
    build_sound();
    for (size_t size = 1; size < builder.size; size++) {
        unsigned char *copy = malloc(size); /* a sanitizer sees a step beyond */
        memcpy(copy, builder.bytes, size);
        listener.told = 0;
        struct object *object = object_read_elf(&listener.host, "test.o", "member.o", copy, size);
        free(copy);
        assert_null(object);
        assert_int_equal(listener.told, 1);
        assert_non_null(strstr(listener.text, "test.o(member.o): "));
    }
    assert_int_equal(listener.in_use, 0);
    build_close(&builder);
}

static void huge_bss_is_a_number(void **state)
{
    (void)state;
    build_sound();
    built_section(&builder, BSS)->sh_size = 0xffffffff;
    struct object *object = read_it();
    assert_non_null(object);
    assert_null(broken_rule(object));
    assert_int_equal(object->sections[BSS].size, 0xffffffff);
    object_free(object);
    build_close(&builder);
}

/* A file of many section headers that are all the same one. */
static void repeat_section(unsigned section, unsigned count)
{
    Elf32_Shdr *first = built_section(&builder, SECTIONS);
    for (unsigned i = 0; i < count; i++)
        first[i] = *built_section(&builder, section);
    built_header(&builder)->e_shnum = (Elf32_Half)(SECTIONS + count);
    builder.size += count * sizeof *first;
}

static void overlapping_tables_are_refused(void **state)
{
    (void)state;
    build_sound();
    repeat_section(REL_TEXT, 15000);
    struct object *object = read_it(); /* 120,000 bytes of tables in 600,000: it could be so */
    assert_non_null(object);
    assert_int_equal(object->ref_count, 15001);
    object_free(object);
    for (unsigned i = 0; i < 10; i++) /* ten times most of the file; symbol 0 throughout */
        built_section(&builder, SECTIONS + i)->sh_size = 400000;
    memset(builder.bytes + builder.size, 0, 400000);
    for (unsigned i = 0; i < 10; i++)
        built_section(&builder, SECTIONS + i)->sh_offset = (Elf32_Off)builder.size;
    builder.size += 400000;
    refused_with("object-format", "overlap: ");
}

static void overlapping_strings_stay_whole(void **state)
{
    (void)state;
    build_sound();
    built_section(&builder, DATA)->sh_flags = SHF_ALLOC | SHF_MERGE | SHF_STRINGS;
    built_section(&builder, DATA)->sh_entsize = 1;
    repeat_section(DATA, 100);
    Elf32_Off zeros = (Elf32_Off)builder.size;
    builder.size += 4000;
    memset(builder.bytes + zeros, 0, 4000);
    for (unsigned i = 0; i < 100; i++) {
        built_section(&builder, SECTIONS + i)->sh_offset = zeros;
        built_section(&builder, SECTIONS + i)->sh_size = 4000;
    }
    struct object *object = read_it();
    assert_non_null(object);
    assert_null(broken_rule(object));
    assert_int_equal(object->sections[SECTIONS].atom_count, 4000);
    assert_int_equal(object->sections[SECTIONS + 99].atom_count, 1);
    assert_true(object->atom_count < builder.size + 200);
    object_free(object);
    build_close(&builder);
}

static void overlapping_names_are_refused(void **state)
{
    (void)state;
    build_sound();
    repeat_section(DATA, 5000);
    Elf32_Off names = (Elf32_Off)builder.size;
    memset(builder.bytes + names, 'x', 100000);
    builder.bytes[names] = builder.bytes[names + 99999] = 0;
    builder.size += 100000;
    built_section(&builder, STRTAB)->sh_offset = names;
    built_section(&builder, STRTAB)->sh_size = 100000;
    for (unsigned i = 0; i < 5000; i++)
        built_section(&builder, SECTIONS + i)->sh_name = 1 + i;
    refused_with("object-format", "the names of the sections overlap");
}

/* ---- other files ---- */

static void other_machines_are_named(void **state)
{
    (void)state;
    build_sound();
    built_header(&builder)->e_machine = EM_X86_64;
    refused_with("arch-mismatch",
                 "test.o: is a 32-bit ELF object for x86-64; Welt links ELF objects");
    build_sound();
    builder.size = 0;
    refused_with("object-format", "is an empty file");
}

static void code_of_lto_is_named(void **state)
{
    (void)state;
    build_open(&builder);
    build_symbol(&builder, "__gnu_lto_slim", 1, STB_GLOBAL, STT_OBJECT, SHN_COMMON);
    build_finish(&builder);
    refused_with("object-format", "gcc's intermediate code only (-flto)");
}

/* ---- memory ---- */

static void memory_may_run_out_anywhere(void **state)
{
    (void)state;
    build_sound();
    volatile unsigned allowed = 0;
    volatile bool is_read = false;
    while (!is_read) {
        listener.allowed = allowed;
        if (setjmp(listener.escape)) {
            host_free_since(&listener.host, NULL); /* as whoever made the escape does */
            assert_int_equal(listener.in_use, 0);
            allowed++;
            continue;
        }
        struct object *object = read_it();
        assert_non_null(object);
        object_free(object);
        is_read = true;
    }
    assert_true(allowed > 1);
    assert_int_equal(listener.told, 0);
    build_close(&builder);
}

static int open_test(void **state)
{
    (void)state;
    listener_open(&listener);
    return 0;
}

#define TEST(function) cmocka_unit_test_setup(function, open_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(damaged_section_headers_are_refused),
        TEST(damaged_file_headers_are_refused),
        TEST(damaged_symbols_are_refused),
        TEST(damaged_relocations_are_refused),
        TEST(damaged_groups_are_refused),
        TEST(truncated_files_are_refused),
        TEST(huge_bss_is_a_number),
        TEST(overlapping_tables_are_refused),
        TEST(overlapping_strings_stay_whole),
        TEST(overlapping_names_are_refused),
        TEST(other_machines_are_named),
        TEST(code_of_lto_is_named),
        TEST(memory_may_run_out_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
