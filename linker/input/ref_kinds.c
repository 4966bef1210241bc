/* SPDX-License-Identifier: MIT
 *
 * The relocation types, a row each: what is computed (S, A, P, G as in enum ref_operation), how
 * wide the field is, and what the 64-bit result may be before it is cut.
 *
 * Sources: System V ABI, Intel386 supplement 1.0, 4.4 "Relocation"; x86-64 supplement 1.0, 4.4. The
 * 8- and 16-bit types of i386 are GNU's; they hold numbers or addresses, so either reading of the
 * sign is right. A 16-bit distance wraps at 64 KiB as the processor's instruction pointer does,
 * hence PC16's wide range. On i386 addresses wrap at 4 GiB, and kernels of the higher half count on
 * it: they write a physical address as `symbol - 0xc0000000`, whose addend reads as 0x40000000. So
 * a 32-bit field takes all that addresses and an addend within 32 bits can give; what goes beyond
 * comes from an address that is none. On x86-64 the supplement says which reading is right.
 *
 * What threads' types mean stands in input/thread_loads.c; of GNU's for i386 the one named …_32
 * counts the other way round. REF_FOREIGN rows are types that an object may hand on (-r) and no
 * image can have, with a hint for who meets one. */
#include "input/object.h"

#include <stddef.h>

/* VTINHERIT and VTENTRY stand far from the others: 250 and 251, in the last two rows. */
enum { VTABLES = 250, I386_PLAIN = 44, X86_64_PLAIN = 43 };
enum { I386_COUNT = I386_PLAIN + 2, X86_64_COUNT = X86_64_PLAIN + 2 };
enum { I386_FIRST = 1, X86_64_FIRST = I386_FIRST + I386_COUNT };

#define ANY INT64_MIN, INT64_MAX
#define SIGNED_32 INT32_MIN, INT32_MAX
#define UNSIGNED_32 0, UINT32_MAX
#define WRAPPED_32 -0x180000000, 0x17fffffff
#define EITHER_16 -0x8000, 0xffff
#define EITHER_8 -0x80, 0xff
#define WRAPPED_16 -0xffff, 0xffff
#define SIGNED_8 -0x80, 0x7f

#define ROW_I386(native, name, operation, width, ...)                                              \
    [I386_FIRST + (native)] = {ARCH_I386, native, operation, width, __VA_ARGS__, name, NULL}
#define ROW_X86_64(native, name, operation, width, ...)                                            \
    [X86_64_FIRST + (native)] = {ARCH_X86_64, native, operation, width, __VA_ARGS__, name, NULL}
#define FOREIGN_I386(native, name, width, hint)                                                    \
    [I386_FIRST + (native)] = {ARCH_I386, native, REF_FOREIGN, width, ANY, name, hint}
#define FOREIGN_X86_64(native, name, width, hint)                                                  \
    [X86_64_FIRST + (native)] = {ARCH_X86_64, native, REF_FOREIGN, width, ANY, name, hint}
#define OF_TABLES(first, plain, machine, native, name)                                             \
    [(first) + (plain) + (native)-VTABLES] = {machine, native, REF_FOREIGN, 0, ANY, name, TABLES}

#define LOADER "only a linked program holds this type: give the objects it was made of"
#define SUN "no compiler of today writes this type: compile the object again"
#define TABLES "compile without -fvtable-gc"

/* Row 0 and the rows of types that Welt has not are of no architecture. */
const struct ref_kind ref_kinds[X86_64_FIRST + X86_64_COUNT] = {
    [0] = {.operation = REF_NONE, .name = "unknown type"},

    ROW_I386(0, "R_386_NONE", REF_NONE, 0, ANY),
    ROW_I386(1, "R_386_32", REF_ABSOLUTE, 4, WRAPPED_32),
    ROW_I386(2, "R_386_PC32", REF_RELATIVE, 4, WRAPPED_32),
    ROW_I386(3, "R_386_GOT32", REF_GOT_SLOT, 4, WRAPPED_32),
    ROW_I386(4, "R_386_PLT32", REF_PLT, 4, WRAPPED_32),
    FOREIGN_I386(5, "R_386_COPY", 4, LOADER),
    FOREIGN_I386(6, "R_386_GLOB_DAT", 4, LOADER),
    FOREIGN_I386(7, "R_386_JMP_SLOT", 4, LOADER),
    FOREIGN_I386(8, "R_386_RELATIVE", 4, LOADER),
    ROW_I386(9, "R_386_GOTOFF", REF_GOT_OFFSET, 4, WRAPPED_32),
    ROW_I386(10, "R_386_GOTPC", REF_GOT_ADDRESS, 4, WRAPPED_32),
    FOREIGN_I386(11, "R_386_32PLT", 4, LOADER),
    FOREIGN_I386(14, "R_386_TLS_TPOFF", 4, LOADER),
    ROW_I386(15, "R_386_TLS_IE", REF_THREAD_LOAD, 4, WRAPPED_32),
    ROW_I386(16, "R_386_TLS_GOTIE", REF_THREAD_LOAD, 4, WRAPPED_32),
    ROW_I386(17, "R_386_TLS_LE", REF_THREAD, 4, WRAPPED_32),
    ROW_I386(18, "R_386_TLS_GD", REF_THREAD_LOAD, 4, WRAPPED_32),
    ROW_I386(19, "R_386_TLS_LDM", REF_THREAD_LOAD, 4, WRAPPED_32),
    ROW_I386(20, "R_386_16", REF_ABSOLUTE, 2, EITHER_16),
    ROW_I386(21, "R_386_PC16", REF_RELATIVE, 2, WRAPPED_16),
    ROW_I386(22, "R_386_8", REF_ABSOLUTE, 1, EITHER_8),
    ROW_I386(23, "R_386_PC8", REF_RELATIVE, 1, SIGNED_8),
    FOREIGN_I386(24, "R_386_TLS_GD_32", 4, SUN),
    FOREIGN_I386(25, "R_386_TLS_GD_PUSH", 4, SUN),
    FOREIGN_I386(26, "R_386_TLS_GD_CALL", 4, SUN),
    FOREIGN_I386(27, "R_386_TLS_GD_POP", 4, SUN),
    FOREIGN_I386(28, "R_386_TLS_LDM_32", 4, SUN),
    FOREIGN_I386(29, "R_386_TLS_LDM_PUSH", 4, SUN),
    FOREIGN_I386(30, "R_386_TLS_LDM_CALL", 4, SUN),
    FOREIGN_I386(31, "R_386_TLS_LDM_POP", 4, SUN),
    ROW_I386(32, "R_386_TLS_LDO_32", REF_THREAD_BLOCK, 4, WRAPPED_32),
    ROW_I386(33, "R_386_TLS_IE_32", REF_THREAD_LOAD, 4, WRAPPED_32),
    ROW_I386(34, "R_386_TLS_LE_32", REF_THREAD_BACK, 4, WRAPPED_32),
    FOREIGN_I386(35, "R_386_TLS_DTPMOD32", 4, LOADER),
    FOREIGN_I386(36, "R_386_TLS_DTPOFF32", 4, LOADER),
    FOREIGN_I386(37, "R_386_TLS_TPOFF32", 4, LOADER),
    ROW_I386(38, "R_386_SIZE32", REF_SIZE, 4, WRAPPED_32),
    ROW_I386(39, "R_386_TLS_GOTDESC", REF_THREAD_LOAD, 4, WRAPPED_32),
    ROW_I386(40, "R_386_TLS_DESC_CALL", REF_THREAD_LOAD, 0, ANY),
    FOREIGN_I386(41, "R_386_TLS_DESC", 4, LOADER),
    FOREIGN_I386(42, "R_386_IRELATIVE", 4, LOADER),
    ROW_I386(43, "R_386_GOT32X", REF_GOT_LOAD, 4, WRAPPED_32),
    OF_TABLES(I386_FIRST, I386_PLAIN, ARCH_I386, 250, "R_386_GNU_VTINHERIT"),
    OF_TABLES(I386_FIRST, I386_PLAIN, ARCH_I386, 251, "R_386_GNU_VTENTRY"),

    ROW_X86_64(0, "R_X86_64_NONE", REF_NONE, 0, ANY),
    ROW_X86_64(1, "R_X86_64_64", REF_ABSOLUTE, 8, ANY),
    ROW_X86_64(2, "R_X86_64_PC32", REF_RELATIVE, 4, SIGNED_32),
    ROW_X86_64(3, "R_X86_64_GOT32", REF_GOT_SLOT, 4, SIGNED_32),
    ROW_X86_64(4, "R_X86_64_PLT32", REF_PLT, 4, SIGNED_32),
    FOREIGN_X86_64(5, "R_X86_64_COPY", 4, LOADER),
    FOREIGN_X86_64(6, "R_X86_64_GLOB_DAT", 8, LOADER),
    FOREIGN_X86_64(7, "R_X86_64_JUMP_SLOT", 8, LOADER),
    FOREIGN_X86_64(8, "R_X86_64_RELATIVE", 8, LOADER),
    ROW_X86_64(9, "R_X86_64_GOTPCREL", REF_GOT_RELATIVE, 4, SIGNED_32),
    ROW_X86_64(10, "R_X86_64_32", REF_ABSOLUTE, 4, UNSIGNED_32),
    ROW_X86_64(11, "R_X86_64_32S", REF_ABSOLUTE, 4, SIGNED_32),
    ROW_X86_64(12, "R_X86_64_16", REF_ABSOLUTE, 2, EITHER_16),
    ROW_X86_64(13, "R_X86_64_PC16", REF_RELATIVE, 2, WRAPPED_16),
    ROW_X86_64(14, "R_X86_64_8", REF_ABSOLUTE, 1, EITHER_8),
    ROW_X86_64(15, "R_X86_64_PC8", REF_RELATIVE, 1, SIGNED_8),
    FOREIGN_X86_64(16, "R_X86_64_DTPMOD64", 8, LOADER),
    ROW_X86_64(17, "R_X86_64_DTPOFF64", REF_THREAD_BLOCK, 8, ANY),
    ROW_X86_64(18, "R_X86_64_TPOFF64", REF_THREAD, 8, ANY),
    ROW_X86_64(19, "R_X86_64_TLSGD", REF_THREAD_LOAD, 4, SIGNED_32),
    ROW_X86_64(20, "R_X86_64_TLSLD", REF_THREAD_LOAD, 4, SIGNED_32),
    ROW_X86_64(21, "R_X86_64_DTPOFF32", REF_THREAD_BLOCK, 4, SIGNED_32),
    ROW_X86_64(22, "R_X86_64_GOTTPOFF", REF_THREAD_LOAD, 4, SIGNED_32),
    ROW_X86_64(23, "R_X86_64_TPOFF32", REF_THREAD, 4, SIGNED_32),
    ROW_X86_64(24, "R_X86_64_PC64", REF_RELATIVE, 8, ANY),
    ROW_X86_64(25, "R_X86_64_GOTOFF64", REF_GOT_OFFSET, 8, ANY),
    ROW_X86_64(26, "R_X86_64_GOTPC32", REF_GOT_ADDRESS, 4, SIGNED_32),
    ROW_X86_64(27, "R_X86_64_GOT64", REF_GOT_SLOT, 8, ANY),
    ROW_X86_64(28, "R_X86_64_GOTPCREL64", REF_GOT_RELATIVE, 8, ANY),
    ROW_X86_64(29, "R_X86_64_GOTPC64", REF_GOT_ADDRESS, 8, ANY),
    ROW_X86_64(30, "R_X86_64_GOTPLT64", REF_GOT_SLOT, 8, ANY),
    ROW_X86_64(31, "R_X86_64_PLTOFF64", REF_GOT_OFFSET, 8, ANY),
    ROW_X86_64(32, "R_X86_64_SIZE32", REF_SIZE, 4, UNSIGNED_32),
    ROW_X86_64(33, "R_X86_64_SIZE64", REF_SIZE, 8, ANY),
    ROW_X86_64(34, "R_X86_64_GOTPC32_TLSDESC", REF_THREAD_LOAD, 4, SIGNED_32),
    ROW_X86_64(35, "R_X86_64_TLSDESC_CALL", REF_THREAD_LOAD, 0, ANY),
    FOREIGN_X86_64(36, "R_X86_64_TLSDESC", 8, LOADER),
    FOREIGN_X86_64(37, "R_X86_64_IRELATIVE", 8, LOADER),
    FOREIGN_X86_64(38, "R_X86_64_RELATIVE64", 8, LOADER),
    ROW_X86_64(41, "R_X86_64_GOTPCRELX", REF_GOT_RELATIVE, 4, SIGNED_32),
    ROW_X86_64(42, "R_X86_64_REX_GOTPCRELX", REF_GOT_RELATIVE, 4, SIGNED_32),
    OF_TABLES(X86_64_FIRST, X86_64_PLAIN, ARCH_X86_64, 250, "R_X86_64_GNU_VTINHERIT"),
    OF_TABLES(X86_64_FIRST, X86_64_PLAIN, ARCH_X86_64, 251, "R_X86_64_GNU_VTENTRY"),
};

uint32_t ref_kind_find(enum architecture architecture, uint32_t native)
{
    bool is_i386 = architecture == ARCH_I386;
    uint32_t plain = is_i386 ? I386_PLAIN : X86_64_PLAIN;
    uint32_t row = native >= VTABLES ? native - VTABLES + plain : native;
    if ((native >= plain && native < VTABLES) || row >= plain + 2)
        return 0;
    row += is_i386 ? I386_FIRST : X86_64_FIRST;
    return ref_kinds[row].architecture ? row : 0;
}

const char *ref_kind_name(enum architecture architecture, uint32_t native)
{
    return ref_kinds[ref_kind_find(architecture, native)].name;
}
