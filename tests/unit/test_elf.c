/* SPDX-License-Identifier: MIT
 *
 * What object_read_elf() makes of sound objects: sections, atoms, symbols, references, groups. What
 * it says of damaged ones is in test_elf_damage.c. */
#include "elf_builder.h"
#include "elf_widen.h"
#include "input/object.h"
#include "listener.h"
#include "object_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ALLOC = SHF_ALLOC, CODE = SHF_ALLOC | SHF_EXECINSTR, DATA = SHF_ALLOC | SHF_WRITE };

static struct listener listener;
static struct elf_builder builder;

/* Ends the test. cmocka's own functions do too, but only this one says so to the analyser. */
static _Noreturn void give_up(const char *why)
{
    fail_msg("%s", why);
    abort();
}

static struct object *read_bytes(const unsigned char *bytes, size_t size)
{
    struct object *object = object_read_elf(&listener.host, "test.o", NULL, bytes, size);
    if (!object)
        give_up(listener.text);
    const char *broken = broken_rule(object);
    if (broken)
        give_up(broken);
    return object;
}

static void expect_equal_sections(const struct object *object, const struct object *wide)
{
    assert_int_equal(wide->section_count, object->section_count);
    for (uint32_t i = 1; i < object->section_count; i++) {
        const struct section *ours = &object->sections[i], *its = &wide->sections[i];
        assert_string_equal(its->name, ours->name);
        assert_int_equal(its->flags, ours->flags);
        assert_int_equal(its->align, ours->align);
        assert_int_equal(its->group, ours->group);
        assert_int_equal(its->first_atom, ours->first_atom);
        assert_int_equal(its->atom_count, ours->atom_count);
        assert_int_equal(its->first_ref, ours->first_ref);
        assert_int_equal(its->ref_count, ours->ref_count);
        assert_true(its->size == ours->size || its->flags & SECTION_META);
        if (ours->bytes)
            assert_memory_equal(its->bytes, ours->bytes, ours->size);
    }
}

static void expect_equal_symbols(const struct object *object, const struct object *wide)
{
    assert_int_equal(wide->symbol_count, object->symbol_count);
    assert_int_equal(wide->first_global, object->first_global);
    for (uint32_t i = 0; i < object->symbol_count; i++) {
        const struct symbol *ours = &object->symbols[i], *its = &wide->symbols[i];
        assert_string_equal(its->name, ours->name);
        assert_int_equal(its->value, ours->value);
        assert_int_equal(its->size, ours->size);
        assert_int_equal(its->section, ours->section);
        assert_int_equal(its->binding, ours->binding);
        assert_int_equal(its->visibility, ours->visibility);
        assert_int_equal(its->kind, ours->kind);
        assert_int_equal(its->home, ours->home);
    }
}

static void expect_equal_refs(const struct object *object, const struct object *wide)
{
    assert_int_equal(wide->ref_count, object->ref_count);
    for (uint32_t i = 0; i < object->ref_count; i++) {
        const struct ref *ours = &object->refs[i], *its = &wide->refs[i];
        assert_int_equal(its->offset, ours->offset);
        assert_int_equal(its->symbol, ours->symbol);
        assert_int_equal(its->flags, ours->flags);
        assert_int_equal(ref_kinds[its->kind].width, ref_kinds[ours->kind].width);
        if (ours->kind)
            assert_int_equal(its->addend, ours->addend);
    }
}

/* The same as an ELF64 object reads the same. */
static void expect_equal_when_wide(const struct object *object)
{
    size_t size;
    unsigned char *bytes = build_widened(&builder, &size);
    struct object *wide = read_bytes(bytes, size);
    assert_int_equal(wide->architecture, ARCH_X86_64);
    assert_int_equal(wide->is_suspect, object->is_suspect);
    expect_equal_sections(object, wide);
    expect_equal_symbols(object, wide);
    expect_equal_refs(object, wide);
    object_free(wide);
    free(bytes);
}

static struct object *read_built(void)
{
    build_finish(&builder);
    struct object *object = read_bytes(builder.bytes, builder.size);
    expect_equal_when_wide(object);
    return object;
}

static int open_test(void **state)
{
    (void)state;
    listener_open(&listener);
    build_open(&builder);
    return 0;
}

static int close_test(void **state)
{
    (void)state;
    build_close(&builder);
    return listener.in_use != 0;
}

/* ---- sections ---- */

static void sections_have_names_sizes_and_bytes(void **state)
{
    (void)state;
    unsigned text = build_section(&builder, ".text", SHT_PROGBITS, CODE, "\x90\x90\xf4", 3);
    unsigned bss = build_section(&builder, ".bss", SHT_NOBITS, DATA, NULL, 100);
    builder.headers[text].sh_addralign = 16;
    builder.headers[bss].sh_addralign = 0;
    struct object *object = read_built();
    assert_int_equal(object->section_count, builder.section_count);
    assert_string_equal(object->sections[text].name, ".text");
    assert_int_equal(object->sections[text].size, 3);
    assert_int_equal(object->sections[text].align, 16);
    assert_memory_equal(object->sections[text].bytes, "\x90\x90\xf4", 3);
    assert_null(object->sections[bss].bytes);
    assert_int_equal(object->sections[bss].size, 100);
    assert_int_equal(object->sections[bss].align, 1);
    assert_int_equal(object->sections[0].flags, SECTION_META);
    assert_int_equal(object->sections[builder.symtab].flags, SECTION_META);
    object_free(object);
}

static void section_flags_are_welts_own(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned type, native, flags;
    } cases[] = {
        {".text", SHT_PROGBITS, CODE, SECTION_ALLOC | SECTION_EXEC},
        {".data", SHT_PROGBITS, DATA, SECTION_ALLOC | SECTION_WRITE},
        {".bss", SHT_NOBITS, DATA, SECTION_ALLOC | SECTION_WRITE | SECTION_NOBITS},
        {".note.gnu.property", SHT_NOTE, ALLOC, SECTION_ALLOC | SECTION_NOTE},
        {".note.GNU-stack", SHT_PROGBITS, 0, 0},
        {".init_array", SHT_INIT_ARRAY, DATA, SECTION_ALLOC | SECTION_WRITE | SECTION_INIT},
        {".ctors.1", SHT_PROGBITS, DATA, SECTION_ALLOC | SECTION_WRITE | SECTION_INIT},
        {".init", SHT_PROGBITS, CODE, SECTION_ALLOC | SECTION_EXEC | SECTION_INIT},
        {".init.boot", SHT_PROGBITS, CODE, SECTION_ALLOC | SECTION_EXEC},
        {".keep", SHT_PROGBITS, ALLOC | SHF_GNU_RETAIN, SECTION_ALLOC | SECTION_RETAIN},
        {".rmeta", SHT_PROGBITS, SHF_EXCLUDE, SECTION_EXCLUDE},
        {".tbss", SHT_NOBITS, DATA | SHF_TLS,
         SECTION_ALLOC | SECTION_WRITE | SECTION_NOBITS | SECTION_TLS},
        {".debug_info", SHT_PROGBITS, SHF_COMPRESSED, SECTION_PACKED},
        {".stabstr", SHT_STRTAB, 0, 0},
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    for (unsigned i = 0; i < COUNT; i++)
        build_section(&builder, cases[i].name, cases[i].type, cases[i].native, "1234", 4);
    struct object *object = read_built();
    for (unsigned i = 0; i < COUNT; i++)
        assert_int_equal(object->sections[i + 1].flags, cases[i].flags);
    object_free(object);
}

static void link_order_names_the_section_it_follows(void **state)
{
    (void)state;
    build_section(&builder, ".text", SHT_PROGBITS, CODE, "1", 1);
    build_section(&builder, ".meta", SHT_PROGBITS, ALLOC | SHF_LINK_ORDER, "1", 1);
    builder.headers[1].sh_link = 7; /* means nothing without SHF_LINK_ORDER */
    builder.headers[2].sh_link = 1;
    struct object *object = read_built();
    assert_int_equal(object->sections[1].link, 0);
    assert_int_equal(object->sections[2].link, 1);
    object_free(object);
}

static void an_object_may_be_empty(void **state)
{
    (void)state;
    struct object *object = read_built(); /* no sections but its tables, no symbols */
    assert_int_equal(object->atom_count, 0);
    assert_int_equal(object->symbol_count, 1);
    assert_int_equal(object->symbols[0].home, HOME_ABSOLUTE);
    object_free(object);
    Elf32_Ehdr bare = *built_header(&builder);
    bare.e_shoff = bare.e_shnum = bare.e_shstrndx = 0;
    object = read_bytes((const unsigned char *)&bare, sizeof bare);
    assert_int_equal(object->section_count, 0);
    assert_int_equal(object->symbol_count, 1);
    object_free(object);
}

static void names_may_be_missing(void **state)
{
    (void)state;
    build_section(&builder, "", SHT_PROGBITS, CODE, "1", 1);
    build_finish(&builder);
    built_header(&builder)->e_shstrndx = 0;
    for (unsigned i = 0; i < builder.section_count; i++)
        built_section(&builder, i)->sh_name = 0;
    struct object *object = read_bytes(builder.bytes, builder.size);
    assert_string_equal(object->sections[1].name, "");
    object_free(object);
}

static void large_counts_stand_in_section_0(void **state)
{
    (void)state;
    build_section(&builder, ".text", SHT_PROGBITS, CODE, "1", 1);
    build_finish(&builder);
    built_section(&builder, 0)->sh_size = builder.section_count;
    built_section(&builder, 0)->sh_link = builder.strtab;
    built_header(&builder)->e_shnum = 0;
    built_header(&builder)->e_shstrndx = SHN_XINDEX;
    struct object *object = read_bytes(builder.bytes, builder.size);
    assert_int_equal(object->section_count, builder.section_count);
    assert_string_equal(object->sections[1].name, ".text");
    object_free(object);
}

static void an_odd_address_does_no_harm(void **state)
{
    (void)state;
    build_section(&builder, ".text", SHT_PROGBITS, CODE, "12345", 5);
    build_finish(&builder);
    unsigned char *odd = malloc(builder.size + 1);
    memcpy(odd + 1, builder.bytes, builder.size);
    struct object *object = read_bytes(odd + 1, builder.size);
    free(odd);
    assert_memory_equal(object->sections[1].bytes, "12345", 5);
    object_free(object);
}

/* ---- atoms ---- */

static void strings_are_split(void **state)
{
    (void)state;
    static const char text[] = "hello\0\0world"; /* and its own NUL */
    unsigned flags = ALLOC | SHF_MERGE | SHF_STRINGS;
    unsigned index = build_section(&builder, ".rodata.str1.4", SHT_PROGBITS, flags, text, 13);
    builder.headers[index].sh_entsize = 1;
    builder.headers[index].sh_addralign = 4;
    struct object *object = read_built();
    const struct section *section = &object->sections[index];
    const struct atom *atoms = &object->atoms[section->first_atom];
    assert_int_equal(section->atom_count, 3);
    assert_true(section->flags & SECTION_MERGE && section->flags & SECTION_STRINGS);
    assert_int_equal(atoms[0].size, 6);
    assert_int_equal(atoms[0].align, 4);
    assert_int_equal(atoms[1].size, 1);
    assert_int_equal(atoms[1].align, 2);
    assert_int_equal(atoms[2].offset, 7);
    assert_int_equal(atoms[2].align, 1);
    uint64_t rest;
    assert_int_equal(object_atom_at(object, index, 9, &rest), section->first_atom + 2);
    assert_int_equal(rest, 2);
    assert_int_equal(object_atom_at(object, index, 100, &rest), section->first_atom + 2);
    assert_int_equal(rest, 93);
    object_free(object);
}

static void wide_strings_and_constants_are_split(void **state)
{
    (void)state;
    static const char wide[] = "a\0b\0\0\0\0c\0"; /* "ab" and U+6300, in 16 bits */
    unsigned flags = ALLOC | SHF_MERGE;
    build_section(&builder, ".rodata.str2.2", SHT_PROGBITS, flags | SHF_STRINGS, wide, 10);
    build_section(&builder, ".rodata.cst8", SHT_PROGBITS, flags, "1234567812345678", 16);
    builder.headers[1].sh_entsize = 2;
    builder.headers[2].sh_entsize = 8;
    builder.headers[2].sh_addralign = 16;
    struct object *object = read_built();
    assert_int_equal(object->sections[1].atom_count, 2);
    assert_int_equal(object->atoms[0].size, 6);
    assert_int_equal(object->sections[2].atom_count, 2);
    assert_int_equal(object->atoms[2].align, 16);
    assert_int_equal(object->atoms[3].align, 8);
    object_free(object);
}

static void what_cannot_be_split_stays_whole(void **state)
{
    (void)state;
    unsigned strings = ALLOC | SHF_MERGE | SHF_STRINGS, constants = ALLOC | SHF_MERGE;
    build_section(&builder, ".written", SHT_PROGBITS, strings | SHF_WRITE, "a\0b", 4);
    build_section(&builder, ".endless", SHT_PROGBITS, strings, "a\0b", 3);
    build_section(&builder, ".odd", SHT_PROGBITS, constants, "12345", 5);
    build_section(&builder, ".sizeless", SHT_PROGBITS, constants, "1234", 4);
    build_section(&builder, ".empty", SHT_PROGBITS, strings, "", 0);
    build_section(&builder, ".bytes", SHT_NOBITS, constants, NULL, 8);
    build_section(&builder, ".related", SHT_PROGBITS, constants, "12345678", 8);
    static const unsigned sizes[] = {0, 1, 1, 4, 0, 1, 4, 4};
    for (unsigned i = 1; i <= 7; i++)
        builder.headers[i].sh_entsize = sizes[i];
    build_rel(&builder, 7, 4, 0, R_386_32);
    struct object *object = read_built();
    for (unsigned i = 1; i <= 7; i++) {
        assert_int_equal(object->sections[i].atom_count, 1);
        assert_false(object->sections[i].flags & SECTION_MERGE);
    }
    object_free(object);
}

/* ---- symbols ---- */

static void check_symbol(const struct symbol *symbol, const char *name, unsigned binding,
                         unsigned kind, unsigned home)
{
    assert_string_equal(symbol->name, name);
    assert_int_equal(symbol->binding, binding);
    assert_int_equal(symbol->kind, kind);
    assert_int_equal(symbol->home, home);
}

static void symbols_are_read(void **state)
{
    (void)state;
    unsigned text = build_section(&builder, ".text", SHT_PROGBITS, CODE, "12345678", 8);
    build_symbol(&builder, "a.c", 0, STB_LOCAL, STT_FILE, SHN_ABS);
    build_symbol(&builder, "", 0, STB_LOCAL, STT_SECTION, text);
    build_symbol(&builder, "main", 4, STB_GLOBAL, STT_FUNC, text);
    build_symbol(&builder, "puts", 0, STB_GLOBAL, STT_NOTYPE, SHN_UNDEF);
    build_symbol(&builder, "hook", 0, STB_WEAK, STT_NOTYPE, SHN_UNDEF);
    build_symbol(&builder, "buffer", 16, STB_GLOBAL, STT_COMMON, SHN_COMMON);
    build_symbol(&builder, "once", 0, STB_GNU_UNIQUE, STT_OBJECT, text);
    build_symbol(&builder, "chosen", 0, STB_GLOBAL, STT_GNU_IFUNC, text);
    build_symbol(&builder, "per_thread", 0, STB_GLOBAL, STT_TLS, text);
    builder.symbols[3].st_other = STV_HIDDEN;
    builder.symbols[6].st_size = 512;
    struct object *object = read_built();
    const struct symbol *symbols = object->symbols;
    assert_int_equal(object->symbol_count, 10);
    assert_int_equal(object->first_global, 3);
    check_symbol(&symbols[1], "a.c", BIND_LOCAL, SYMBOL_FILE, HOME_ABSOLUTE);
    check_symbol(&symbols[2], ".text", BIND_LOCAL, SYMBOL_SECTION, HOME_SECTION);
    check_symbol(&symbols[3], "main", BIND_GLOBAL, SYMBOL_FUNCTION, HOME_SECTION);
    check_symbol(&symbols[4], "puts", BIND_GLOBAL, SYMBOL_NOTYPE, HOME_UNDEFINED);
    check_symbol(&symbols[5], "hook", BIND_WEAK, SYMBOL_NOTYPE, HOME_UNDEFINED);
    check_symbol(&symbols[6], "buffer", BIND_GLOBAL, SYMBOL_OBJECT, HOME_COMMON);
    check_symbol(&symbols[7], "once", BIND_UNIQUE, SYMBOL_OBJECT, HOME_SECTION);
    check_symbol(&symbols[8], "chosen", BIND_GLOBAL, SYMBOL_INDIRECT, HOME_SECTION);
    check_symbol(&symbols[9], "per_thread", BIND_GLOBAL, SYMBOL_THREAD_LOCAL, HOME_SECTION);
    assert_int_equal(symbols[3].visibility, VISIBLE_HIDDEN);
    assert_int_equal(symbols[3].value, 4);
    assert_int_equal(symbols[6].value, 16);
    assert_int_equal(symbols[6].size, 512);
    object_free(object);
}

static void symbols_of_tables_are_absolute(void **state)
{
    (void)state;
    build_section(&builder, ".text", SHT_PROGBITS, CODE, "1", 1);
    build_symbol(&builder, "", 0, STB_LOCAL, STT_SECTION, 3); /* .strtab */
    struct object *object = read_built();
    assert_string_equal(object->symbols[1].name, ".strtab");
    assert_int_equal(object->symbols[1].home, HOME_ABSOLUTE);
    object_free(object);
}

static void section_numbers_may_need_the_wide_table(void **state)
{
    (void)state;
    static const Elf32_Word wide[2] = {0, 1};
    build_section(&builder, ".text", SHT_PROGBITS, CODE, "1", 1);
    unsigned table = build_section(&builder, ".symtab_shndx", SHT_SYMTAB_SHNDX, 0, wide, 8);
    builder.headers[table].sh_entsize = 4;
    builder.headers[table].sh_link = 3; /* .symtab comes next */
    build_symbol(&builder, "main", 0, STB_GLOBAL, STT_FUNC, SHN_XINDEX);
    struct object *object = read_built();
    assert_int_equal(object->symbols[1].home, HOME_SECTION);
    assert_int_equal(object->symbols[1].section, 1);
    object_free(object);
}

/* ---- references ---- */

static void refs_are_ordered_by_section_and_offset(void **state)
{
    (void)state;
    build_section(&builder, ".text", SHT_PROGBITS, CODE, "\1\0\0\0\2\0\0\0\3\0\0\0", 12);
    build_section(&builder, ".data", SHT_PROGBITS, DATA, "\4\0\0\0", 4);
    unsigned symbol = build_symbol(&builder, "x", 0, STB_GLOBAL, STT_NOTYPE, SHN_UNDEF);
    build_rel(&builder, 2, 0, symbol, R_386_PC32);
    build_rel(&builder, 1, 8, symbol, R_386_32);
    build_rel(&builder, 1, 0, symbol, R_386_32);
    build_rel(&builder, 1, 4, symbol, R_386_32);
    build_rel(&builder, 1, 4, 0, R_386_NONE);
    struct object *object = read_built();
    assert_int_equal(object->ref_count, 5);
    const struct ref *refs = &object->refs[object->sections[1].first_ref];
    assert_int_equal(object->sections[1].ref_count, 4);
    assert_int_equal(refs[0].addend, 1);
    assert_int_equal(refs[1].addend, 2);
    assert_int_equal(ref_kinds[refs[1].kind].native, R_386_32);
    assert_int_equal(ref_kinds[refs[2].kind].native,
                     R_386_NONE); /* equal offsets: the file's order */
    assert_int_equal(refs[3].addend, 3);
    assert_int_equal(object->refs[object->sections[2].first_ref].addend, 4);
    assert_int_equal(object->atoms[object->sections[1].first_atom].ref_count, 4);
    object_free(object);
}

/* A fuzzer's finding: who looks at the bytes around a reference looked 512 KiB behind the section.
 */
static void what_writes_nothing_stands_within_its_section(void **state)
{
    (void)state;
    build_section(&builder, ".text", SHT_PROGBITS, CODE, "12345678", 8);
    unsigned symbol = build_symbol(&builder, "x", 0, STB_GLOBAL, STT_NOTYPE, SHN_UNDEF);
    build_rel(&builder, 1, 0x80004, symbol, R_386_NONE);
    build_rel(&builder, 1, 4, symbol, R_386_32);
    build_rel(&builder, 1, 0x80008, symbol, 99); /* that nobody knows */
    struct object *object = read_built();
    assert_int_equal(object->sections[1].ref_count, 3);
    assert_int_equal(object->refs[0].offset, 4);
    assert_int_equal(object->refs[1].offset, 8);
    assert_int_equal(object->refs[1].symbol, symbol);
    assert_int_equal(object->refs[2].offset, 8);
    assert_int_equal(object->refs[2].kind, 0);
    object_free(object);
}

static void two_tables_may_apply_to_one_section(void **state)
{
    (void)state;
    static Elf32_Rela explicit[] = {{0, ELF32_R_INFO(1, R_386_32), -5}};
    build_section(&builder, ".text", SHT_PROGBITS, CODE, "\1\0\0\0\2\0\0\0", 8);
    unsigned table = build_section(&builder, ".rela.text", SHT_RELA, 0, explicit, sizeof explicit);
    build_symbol(&builder, "x", 0, STB_GLOBAL, STT_NOTYPE, SHN_UNDEF);
    build_rel(&builder, 1, 4, 1, R_386_32);
    builder.headers[table].sh_entsize = sizeof *explicit;
    builder.headers[table].sh_info = 1;
    builder.headers[table].sh_link = 3; /* .symtab comes next */
    struct object *object = read_built();
    assert_int_equal(object->sections[1].ref_count, 2);
    assert_int_equal(object->refs[0].addend, -5); /* not the 1 in place */
    assert_int_equal(object->refs[1].addend, 2);
    object_free(object);
}

/* Section 1 has 0xa000 bytes; the field is in section 2 and holds `stored`. Gives the addend. */
static int64_t addend_of(unsigned type, unsigned stored, unsigned symbol_type)
{
    static unsigned char large[0xa000];
    unsigned char field[4] = {(unsigned char)stored, (unsigned char)(stored >> 8),
                              (unsigned char)(stored >> 16), (unsigned char)(stored >> 24)};
    struct elf_builder fresh;
    build_open(&fresh);
    build_section(&fresh, ".data", SHT_PROGBITS, DATA, large, sizeof large);
    build_section(&fresh, ".text", SHT_PROGBITS, CODE, field, 4);
    const char *name = symbol_type == STT_SECTION ? "" : "named";
    build_symbol(&fresh, name, 0, STB_LOCAL, symbol_type, 1);
    build_rel(&fresh, 2, 0, 1, type);
    build_finish(&fresh);
    struct object *object = read_bytes(fresh.bytes, fresh.size);
    int64_t addend = object->refs[0].addend;
    object_free(object);
    build_close(&fresh);
    return addend;
}

static void addends_in_place_have_the_sign_that_makes_sense(void **state)
{
    (void)state;
    static const struct {
        unsigned type, stored, symbol_type;
        int64_t addend;
    } cases[] = {
        {R_386_16, 0x7fff, STT_SECTION, 0x7fff},
        {R_386_16, 0x9000, STT_SECTION, 0x9000},  /* within the section */
        {R_386_16, 0xa000, STT_SECTION, 0xa000},  /* its end */
        {R_386_16, 0xa001, STT_SECTION, -0x5fff}, /* beyond it */
        {R_386_16, 0xfffe, STT_SECTION, -2},
        {R_386_16, 0x9000, STT_NOTYPE, -0x7000},
        {R_386_8, 0x80, STT_SECTION, 0x80},
        {R_386_8, 0x80, STT_OBJECT, -0x80},
        {R_386_PC16, 0xfffe, STT_SECTION, -2}, /* jmp .data */
        {R_386_PC16, 0x9000, STT_SECTION, 0x9000},
        {R_386_PC8, 0xff, STT_SECTION, -1},
        {R_386_PC16, 0x9000, STT_FUNC, -0x7000},
        {R_386_32, 0xfffffffc, STT_SECTION, -4},
        {R_386_PC32, 0x7fffffff, STT_FUNC, 0x7fffffff},
        {R_386_NONE, 0x7fff, STT_FUNC, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(addend_of(cases[i].type, cases[i].stored, cases[i].symbol_type),
                         cases[i].addend);
}

static void debug_information_may_hold_unknown_types(void **state)
{
    (void)state;
    build_section(&builder, ".debug_info", SHT_PROGBITS, 0, "12345678", 8);
    build_symbol(&builder, "x", 0, STB_GLOBAL, STT_TLS, SHN_UNDEF);
    build_rel(&builder, 1, 0, 1, R_386_TLS_LDO_32);
    build_rel(&builder, 1, 4, 1, 99);
    struct object *object = read_built();
    assert_int_equal(ref_kinds[object->refs[0].kind].native, R_386_TLS_LDO_32);
    assert_int_equal(object->refs[1].kind, 0);
    assert_int_equal(ref_kinds[0].width, 0);
    assert_false(object->is_suspect); /* both are none of what is loaded */
    object_free(object);
}

static void packed_debug_information_is_left_as_it_is(void **state)
{
    (void)state;
    build_section(&builder, ".debug_info", SHT_PROGBITS, SHF_COMPRESSED, "12345678", 8);
    build_symbol(&builder, "x", 0, STB_GLOBAL, STT_NOTYPE, SHN_UNDEF);
    build_rel(&builder, 1, 1000, 1, R_386_32); /* an offset of the unpacked bytes */
    struct object *object = read_built();
    assert_int_equal(object->refs[0].offset, 1000);
    assert_int_equal(object->refs[0].kind, 0);
    object_free(object);
}

static void unlinkable_types_are_kept_for_later(void **state)
{
    (void)state;
    build_section(&builder, ".text", SHT_PROGBITS, CODE,
                  "\4\0\0\0"
                  "5678",
                  8);
    build_symbol(&builder, "x", 0, STB_GLOBAL, STT_NOTYPE, SHN_UNDEF);
    build_rel(&builder, 1, 0, 1, R_386_TLS_LE);
    build_rel(&builder, 1, 4, 1, R_386_GLOB_DAT);
    build_rel(&builder, 1, 1000, 1, 99); /* where it would write is not known */
    struct object *object = read_built();
    assert_true(object->is_suspect && object->uses_threads);
    assert_int_equal(ref_kinds[object->refs[0].kind].operation, REF_THREAD);
    assert_int_equal(object->refs[0].addend, 4);
    assert_int_equal(ref_kinds[object->refs[1].kind].operation, REF_FOREIGN);
    assert_int_equal(object->refs[2].kind, 0);
    assert_int_equal(object->refs[2].addend, 99);
    object_free(object);
}

static void ref_kinds_hold_together(void **state)
{
    (void)state;
    unsigned known = 0;
    for (unsigned native = 0; native < 300; native++) {
        for (unsigned architecture = ARCH_I386; architecture <= ARCH_X86_64; architecture++) {
            uint32_t index = ref_kind_find(architecture, native);
            const struct ref_kind *kind = &ref_kinds[index];
            assert_non_null(ref_kind_name(architecture, native));
            if (!index)
                continue;
            known++;
            assert_int_equal(kind->native, native);
            assert_int_equal(kind->architecture, architecture);
            assert_true(kind->low <= 0 && kind->high > 0);
            assert_true(kind->width == 0 || kind->operation != REF_NONE);
            assert_string_equal(ref_kind_name(architecture, native), kind->name);
        }
    }
    assert_int_equal(known, 87);
    assert_int_equal(ref_kinds[0].architecture, 0);
}

/* ---- groups ---- */

static void groups_have_a_signature_and_members(void **state)
{
    (void)state;
    static const Elf32_Word comdat[] = {GRP_COMDAT, 2, 3, 2}; /* one twice: counts once */
    static const Elf32_Word plain[] = {0, 4};
    build_section(&builder, ".group", SHT_GROUP, 0, comdat, sizeof comdat);
    build_section(&builder, ".text.f", SHT_PROGBITS, CODE | SHF_GROUP, "1", 1);
    build_section(&builder, ".data.f", SHT_PROGBITS, DATA | SHF_GROUP, "1", 1);
    build_section(&builder, ".text.g", SHT_PROGBITS, CODE | SHF_GROUP, "1", 1);
    build_section(&builder, ".group", SHT_GROUP, 0, plain, sizeof plain);
    build_section(&builder, ".text", SHT_PROGBITS, CODE | SHF_GROUP, "1", 1); /* of no group */
    build_symbol(&builder, "", 0, STB_LOCAL, STT_SECTION, 4);
    build_symbol(&builder, "f", 0, STB_WEAK, STT_FUNC, 2);
    for (unsigned i = 1; i <= 5; i += 4) {
        builder.headers[i].sh_entsize = 4;
        builder.headers[i].sh_link = 7; /* .symtab comes next */
        builder.headers[i].sh_info = i == 1 ? 2 : 1;
    }
    struct object *object = read_built();
    assert_int_equal(object->group_count, 2);
    assert_string_equal(object->groups[0].signature, "f");
    assert_true(object->groups[0].comdat);
    assert_int_equal(object->groups[0].member_count, 2);
    assert_int_equal(object->groups[0].members[1], 3);
    assert_string_equal(object->groups[1].signature, ".text.g");
    assert_false(object->groups[1].comdat);
    assert_int_equal(object->sections[4].group, 2);
    assert_true(object->sections[4].flags & SECTION_GROUPED);
    assert_int_equal(object->sections[6].group, 0);
    object_free(object);
}

/* ---- what tools make ---- */

/* Runs a command that writes test_elf.o from standard input; NULL: the tool is not there. */
static struct object *made_by(const char *command, const char *source)
{
    static unsigned char bytes[1 << 16];
    FILE *pipe = popen(command, "w");
    if (!pipe)
        return NULL;
    fputs(source, pipe);
    if (pclose(pipe) != 0)
        return NULL;
    FILE *file = fopen("test_elf.o", "rb");
    assert_non_null(file);
    size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    remove("test_elf.o");
    return read_bytes(bytes, size);
}

static const struct symbol *find_symbol(const struct object *object, const char *name)
{
    for (uint32_t i = 0; i < object->symbol_count; i++)
        if (strcmp(object->symbols[i].name, name) == 0)
            return &object->symbols[i];
    return NULL;
}

static void as_makes_objects(void **state)
{
    (void)state;
    struct object *object = made_by("as --32 -o test_elf.o - 2>&1",
                                    ".code16\n.global _start\n_start: movw $msg+1, %si\n"
                                    "jmp ext\n.section .rodata.str1.1,\"aMS\",@progbits,1\n"
                                    "msg: .asciz \"a\"\n.asciz \"bc\"\n");
    if (!object)
        skip();
    const struct symbol *start = find_symbol(object, "_start");
    assert_non_null(start);
    const struct section *text = &object->sections[start->section];
    assert_int_equal(text->ref_count, 2);
    assert_int_equal(ref_kinds[object->refs[text->first_ref].kind].native, R_386_16);
    assert_int_equal(ref_kinds[object->refs[text->first_ref + 1].kind].native, R_386_PC16);
    object_free(object);
}

static void nasm_makes_objects(void **state)
{
    (void)state;
    struct object *object =
        made_by("cat >test_elf.asm; nasm -f elf32 -o test_elf.o test_elf.asm 2>/dev/null; "
                "status=$?; rm -f test_elf.asm; exit $status",
                "bits 16\nglobal start\nextern ext\nsection .text\nstart: mov si, msg\n"
                "call ext\nmov al, [byte bx + small]\nsection .data\nmsg: db 'x'\n"
                "small equ 5\n");
    if (!object)
        skip();
    assert_non_null(find_symbol(object, "start"));
    assert_int_equal(object->ref_count, 2);
    object_free(object);
}

static void gcc_makes_objects(void **state)
{
    (void)state;
    struct object *object =
        made_by("gcc -m16 -Os -ffunction-sections -fdata-sections -g -x c -c -o test_elf.o - 2>&1",
                "static int counter; const char *name(int i) { counter += i;"
                " return i ? \"one\" : \"none\"; } int shared[4];\n");
    if (!object)
        skip();
    const struct symbol *name = find_symbol(object, "name");
    assert_non_null(name);
    assert_string_equal(object->sections[name->section].name, ".text.name");
    assert_int_equal(name->kind, SYMBOL_FUNCTION);
    object_free(object);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_test, close_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(sections_have_names_sizes_and_bytes),
        TEST(section_flags_are_welts_own),
        TEST(link_order_names_the_section_it_follows),
        TEST(an_object_may_be_empty),
        TEST(names_may_be_missing),
        TEST(large_counts_stand_in_section_0),
        TEST(an_odd_address_does_no_harm),
        TEST(strings_are_split),
        TEST(wide_strings_and_constants_are_split),
        TEST(what_cannot_be_split_stays_whole),
        TEST(symbols_are_read),
        TEST(symbols_of_tables_are_absolute),
        TEST(section_numbers_may_need_the_wide_table),
        TEST(refs_are_ordered_by_section_and_offset),
        TEST(what_writes_nothing_stands_within_its_section),
        TEST(two_tables_may_apply_to_one_section),
        TEST(addends_in_place_have_the_sign_that_makes_sense),
        TEST(debug_information_may_hold_unknown_types),
        TEST(packed_debug_information_is_left_as_it_is),
        TEST(unlinkable_types_are_kept_for_later),
        TEST(ref_kinds_hold_together),
        TEST(groups_have_a_signature_and_members),
        TEST(as_makes_objects),
        TEST(nasm_makes_objects),
        TEST(gcc_makes_objects),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
