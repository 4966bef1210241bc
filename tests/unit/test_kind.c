/* SPDX-License-Identifier: MIT
 *
 * Files are named for what they are, by their first bytes, with a hint where there is a way. */
#include "input/input.h"
#include "listener.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <elf.h>

static struct listener listener;
static struct arena arena;

static void check(const void *bytes, size_t size, enum file_kind kind, const char *text,
                  const char *hint)
{
    const char *given = NULL;
    unsigned char *copy = malloc(size ? size : 1); /* a sanitizer sees a step beyond */
    memcpy(copy, bytes, size);
    const char *name = file_kind_text(&arena, copy, size, &given);
    if (strcmp(name, text) != 0)
        print_message("want: %s\nhave: %s\n", text, name);
    assert_string_equal(name, text);
    assert_int_equal(file_kind_of(copy, size), kind);
    assert_true(hint ? given && strstr(given, hint) : !given);
    free(copy);
}

/* ---- ELF ---- */

static void check_elf(unsigned class, unsigned order, unsigned type, unsigned machine,
                      enum file_kind kind, const char *text, const char *hint)
{
    unsigned char bytes[64] = {0x7f, 'E', 'L', 'F', (unsigned char)class, (unsigned char)order, 1};
    bool is_big = order == ELFDATA2MSB;
    bytes[16 + is_big] = (unsigned char)type;
    bytes[17 - is_big] = (unsigned char)(type >> 8);
    bytes[18 + is_big] = (unsigned char)machine;
    bytes[19 - is_big] = (unsigned char)(machine >> 8);
    check(bytes, sizeof bytes, kind, text, hint);
}

static void elf_files_are_named(void **state)
{
    (void)state;
    enum { C32 = ELFCLASS32, C64 = ELFCLASS64, LITTLE = ELFDATA2LSB, BIG = ELFDATA2MSB };
    check_elf(C32, LITTLE, ET_REL, EM_386, FILE_ELF_OBJECT, "a 32-bit ELF object for i386", NULL);
    check_elf(C64, LITTLE, ET_REL, EM_X86_64, FILE_ELF_OBJECT, "a 64-bit ELF object for x86-64",
              NULL);
    check_elf(C64, LITTLE, ET_REL, EM_386, FILE_ELF_OTHER, "a 64-bit ELF object for i386", "-m16");
    check_elf(C32, LITTLE, ET_REL, EM_X86_64, FILE_ELF_OTHER, "a 32-bit ELF object for x86-64",
              "-m16");
    check_elf(C64, LITTLE, ET_REL, EM_AARCH64, FILE_ELF_OTHER, "a 64-bit ELF object for AArch64",
              "-m16");
    check_elf(C32, BIG, ET_REL, EM_PPC, FILE_ELF_OTHER,
              "a 32-bit big-endian ELF object for PowerPC", "-m16");
    check_elf(C32, LITTLE, ET_EXEC, EM_386, FILE_ELF_LINKED, "a 32-bit ELF executable for i386",
              "linked from");
    check_elf(C64, LITTLE, ET_DYN, EM_X86_64, FILE_ELF_LINKED,
              "a 64-bit ELF shared object for x86-64", "linked from");
    check_elf(C32, LITTLE, ET_CORE, EM_386, FILE_ELF_OTHER, "a 32-bit ELF core file for i386",
              NULL);
    check_elf(C32, LITTLE, 0x7fff, 999, FILE_ELF_OTHER,
              "a 32-bit ELF file of unknown type 32767 for machine 999", "-m16");
    check_elf(7, LITTLE, ET_REL, EM_386, FILE_UNKNOWN, "an ELF file of unknown class 7",
              "make it again");
    check_elf(C32, 9, ET_REL, EM_386, FILE_UNKNOWN, "an ELF file of unknown byte order 9",
              "make it again");
    check("\177ELF\1\1\1", 7, FILE_UNKNOWN, "an ELF file that is cut short in its header",
          "make it again");
}

/* ---- what a magic number tells ---- */

static void magic_numbers_are_known(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        enum file_kind kind;
        const char *text, *hint;
    } cases[] = {
        {"", 0, FILE_EMPTY, "an empty file", "make it again"},
        {"!<arch>\n", 8, FILE_ARCHIVE, "an archive", NULL},
        {"!<thin>\n", 8, FILE_THIN_ARCHIVE, "a thin archive", NULL},
        {"BC\xc0\xde....", 8, FILE_BITCODE, "an LLVM bitcode file", "without -flto"},
        {"\xde\xc0\x17\x0b....", 8, FILE_BITCODE, "an LLVM bitcode file", "without -flto"},
        {"\xce\xfa\xed\xfe....", 8, FILE_MACHO, "a 32-bit Mach-O file", "clang --target=i386-elf"},
        {"\xcf\xfa\xed\xfe....", 8, FILE_MACHO, "a 64-bit Mach-O file", "clang --target=i386-elf"},
        {"\xca\xfe\xba\xbe\0\0\0\2", 8, FILE_MACHO, "a universal Mach-O file", "clang"},
        {"\xa3\x86\x01\0....", 8, FILE_AOUT, "an as86 object", "nasm -f elf32"},
        {"\0asm\1\0\0\0", 8, FILE_UNKNOWN, "a WebAssembly module", "clang"},
        {"SECTIONS { }\n", 13, FILE_TEXT, "a text file", "compile or assemble"},
        {"gr\xc3\xbc\xc3\x9f\n", 7, FILE_TEXT, "a text file", "compile or assemble"},
        {"--- !tapi-tbd", 13, FILE_TEXT, "a text file", "compile or assemble"},
        {"\xff\xff\xff", 3, FILE_UNKNOWN, "a file of 3 bytes of no known kind", "linked from"},
        {"\x1f\x8b\x08\0\0", 5, FILE_UNKNOWN, "a file that gzip packed", "gunzip"},
        {"\xfd\x37zXZ\0\0", 7, FILE_UNKNOWN, "a file that xz packed", "unxz"},
        {"\x28\xb5\x2f\xfd\0", 5, FILE_UNKNOWN, "a file that zstd packed", "unzstd"},
        {"PK\x03\x04\0", 5, FILE_UNKNOWN, "a zip archive", "unzip"},
        {"\x1f\x8b\x07\0\0", 5, FILE_UNKNOWN, "a file of no known kind (it begins 1f 8b 07 00)",
         "linked from"},
        {"caf\xc3", 4, FILE_UNKNOWN, "a file of no known kind (it begins 63 61 66 c3)", "linked"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(cases[i].bytes, cases[i].size, cases[i].kind, cases[i].text, cases[i].hint);
}

/* ---- what only a whole header tells ---- */

static void other_formats_are_known_by_their_headers(void **state)
{
    (void)state;
    unsigned char coff[100] = {0x4c, 0x01, 1, 0}; /* i386, one section */
    check(coff, sizeof coff, FILE_COFF, "a COFF object for i386", "nasm -f elf32");
    coff[2] = 9; /* nine sections do not fit */
    check(coff, sizeof coff, FILE_UNKNOWN, "a file of no known kind (it begins 4c 01 09 00)",
          "linked from");
    check("\0\0\xff\xff\2\0\x4c\1", 8, FILE_COFF, "a COFF object (bigobj)", "clang");
    unsigned char pe[128] = {'M', 'Z', [60] = 64, [64] = 'P', [65] = 'E'};
    check(pe, sizeof pe, FILE_PE, "a Windows executable (PE)", "linked from");
    pe[64] = 0;
    check(pe, sizeof pe, FILE_UNKNOWN, "a DOS executable", "linked from");
    check("\x80\x05\0\3a.c\0", 8, FILE_OMF, "an OMF object", "nasm -f elf32");
    check("\xf0\x0d\0....", 7, FILE_OMF, "an OMF library", "nasm -f elf32");
    unsigned char aout[32] = {0x07, 0x01, 0x64, 0}; /* OMAGIC, i386 */
    check(aout, sizeof aout, FILE_AOUT, "an a.out file", "nasm -f elf32");
    aout[3] = 64;
    check(aout, sizeof aout, FILE_UNKNOWN, "a file of no known kind (it begins 07 01 64 40)",
          "linked from");
    unsigned char demand_paged[32] = {0xcc, 0, 134}; /* QMAGIC, NetBSD's i386 */
    check(demand_paged, sizeof demand_paged, FILE_AOUT, "an a.out file", "nasm -f elf32");
    demand_paged[2] = 1; /* a 68010 */
    check(demand_paged, sizeof demand_paged, FILE_UNKNOWN,
          "a file of no known kind (it begins cc 00 01 00)", "linked from");
    unsigned char sector[512] = {0xeb, 0xfe, [510] = 0x55, [511] = 0xaa};
    check(sector, sizeof sector, FILE_UNKNOWN,
          "a boot sector that is linked already (55 AA at 510)", "linked from");
}

static void headers_that_are_not_whole(void **state)
{
    (void)state;
    unsigned char elf[64] = {
        0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, 1, [16] = ET_REL, [18] = EM_X86_64};
    check(elf, 63, FILE_UNKNOWN, "an ELF file that is cut short in its header", "make it again");
    elf[6] = 2;
    check(elf, sizeof elf, FILE_UNKNOWN, "an ELF file of unknown version 2", "make it again");
    elf[5] = 0;
    check(elf, sizeof elf, FILE_UNKNOWN, "an ELF file of unknown byte order 0", "make it again");
    elf[4] = 0;
    check(elf, sizeof elf, FILE_UNKNOWN, "an ELF file of unknown class 0", "make it again");
    unsigned char pe[64] = {'M', 'Z', [60] = 61}; /* the header would begin near the end */
    check(pe, sizeof pe, FILE_UNKNOWN, "a DOS executable", "linked from");
    check("MX", 2, FILE_TEXT, "a text file", "compile or assemble");
    check("\x80\x06\0\3a.c\0", 8, FILE_UNKNOWN, "a file of no known kind (it begins 80 06 00 03)",
          "linked from");
    check("\x80\x05\0\4a.c\0", 8, FILE_UNKNOWN, "a file of no known kind (it begins 80 05 00 04)",
          "linked from");
    check("\xf0\x05\0....", 7, FILE_UNKNOWN, "a file of no known kind (it begins f0 05 00 2e)",
          "linked from"); /* pages of 8 bytes */
    check("\xf0\x10\0....", 7, FILE_UNKNOWN, "a file of no known kind (it begins f0 10 00 2e)",
          "linked from"); /* of 19 */
    check("\xf0\xff\xff....", 7, FILE_UNKNOWN, "a file of no known kind (it begins f0 ff ff 2e)",
          "linked from");
}

static void coff_objects_are_named(void **state)
{
    static const struct {
        unsigned char low, high;
        const char *text;
    } cases[] = {{0x64, 0x86, "a COFF object for x86-64"},
                 {0xc0, 0x01, "a COFF object for ARM"},
                 {0xc4, 0x01, "a COFF object for ARM"},
                 {0x64, 0xaa, "a COFF object for AArch64"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned char coff[20] = {cases[i].low, cases[i].high};
        check(coff, sizeof coff, FILE_COFF, cases[i].text, "nasm -f elf32");
    }
    unsigned char image[20] = {0x4c, 0x01, [16] = 224}; /* an optional header: an image's */
    check(image, sizeof image, FILE_UNKNOWN, "a file of no known kind (it begins 4c 01 00 00)",
          "linked from");
    unsigned char far_symbols[20] = {0x4c, 0x01, [8] = 21};
    check(far_symbols, sizeof far_symbols, FILE_UNKNOWN,
          "a file of no known kind (it begins 4c 01 00 00)", "linked from");
}

static void text_is_utf_8(void **state)
{
    (void)state;
    static const char *const texts[] = {"a\tb\r\n\f", "\xe2\x82\xac", "\xf0\x9f\x91\xa2", "~"};
    static const char *const others[] = {"abc\x7f", "ab\x01z", "ab\xc0\x80", "ab\xf5\x80\x80\x80",
                                         "ab\xe2\x82z"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(file_kind_of((const unsigned char *)texts[i], strlen(texts[i])),
                         FILE_TEXT);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_int_equal(file_kind_of((const unsigned char *)others[i], strlen(others[i])),
                         FILE_UNKNOWN);
}

static int open_test(void **state)
{
    (void)state;
    listener_open(&listener);
    arena_open(&arena, &listener.host);
    return 0;
}

static int close_test(void **state)
{
    (void)state;
    arena_close(&arena);
    return listener.in_use != 0;
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_test, close_test)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(elf_files_are_named),
        TEST(magic_numbers_are_known),
        TEST(other_formats_are_known_by_their_headers),
        TEST(headers_that_are_not_whole),
        TEST(coff_objects_are_named),
        TEST(text_is_utf_8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
