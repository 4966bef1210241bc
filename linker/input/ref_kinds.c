/* SPDX-License-Identifier: MIT
 *
 * The relocation types, a row each: what is computed (S, A, P, G as in enum ref_operation), how
 * wide the field is, and what the 64-bit result may be before it is cut.
 *
 * Sources: System V ABI, Intel386 supplement 1.0, 4.4 "Relocation"; x86-64 supplement 1.0, 4.4. The
 * 8- and 16-bit types of i386 are GNU's; they hold numbers or addresses, so either reading of the
 * sign is right. A 16-bit distance wraps at 64 KiB as the processor's instruction pointer does,
 * hence PC16's wide range. In 32 bits either reading is right on i386, where addresses wrap; on
 * x86-64 the supplement says which one. */
#include "input/object.h"

#include <stddef.h>

enum { I386_FIRST = 1, I386_COUNT = 44, X86_64_FIRST = 64, X86_64_COUNT = 43 };

#define ANY INT64_MIN, INT64_MAX
#define SIGNED_32 INT32_MIN, INT32_MAX
#define UNSIGNED_32 0, UINT32_MAX
#define EITHER_32 INT32_MIN, UINT32_MAX
#define EITHER_16 -0x8000, 0xffff
#define EITHER_8 -0x80, 0xff
#define WRAPPED_16 -0xffff, 0xffff
#define SIGNED_8 -0x80, 0x7f

#define ROW_I386(native, name, operation, width, ...)                                              \
    [I386_FIRST + (native)] = {ARCH_I386, native, operation, width, true, __VA_ARGS__, name}
#define ROW_X86_64(native, name, operation, width, ...)                                            \
    [X86_64_FIRST + (native)] = {ARCH_X86_64, native, operation, width, false, __VA_ARGS__, name}

/* Row 0 and the rows of types that Welt has not are of no architecture. */
const struct ref_kind ref_kinds[X86_64_FIRST + X86_64_COUNT] = {
    [0] = {.operation = REF_NONE, .name = "unknown type"},

    ROW_I386(0, "R_386_NONE", REF_NONE, 0, ANY),
    ROW_I386(1, "R_386_32", REF_ABSOLUTE, 4, EITHER_32),
    ROW_I386(2, "R_386_PC32", REF_RELATIVE, 4, EITHER_32),
    ROW_I386(3, "R_386_GOT32", REF_GOT_SLOT, 4, EITHER_32),
    ROW_I386(4, "R_386_PLT32", REF_PLT, 4, EITHER_32),
    ROW_I386(9, "R_386_GOTOFF", REF_GOT_OFFSET, 4, EITHER_32),
    ROW_I386(10, "R_386_GOTPC", REF_GOT_ADDRESS, 4, EITHER_32),
    ROW_I386(20, "R_386_16", REF_ABSOLUTE, 2, EITHER_16),
    ROW_I386(21, "R_386_PC16", REF_RELATIVE, 2, WRAPPED_16),
    ROW_I386(22, "R_386_8", REF_ABSOLUTE, 1, EITHER_8),
    ROW_I386(23, "R_386_PC8", REF_RELATIVE, 1, SIGNED_8),
    ROW_I386(43, "R_386_GOT32X", REF_GOT_LOAD, 4, EITHER_32),

    ROW_X86_64(0, "R_X86_64_NONE", REF_NONE, 0, ANY),
    ROW_X86_64(1, "R_X86_64_64", REF_ABSOLUTE, 8, ANY),
    ROW_X86_64(2, "R_X86_64_PC32", REF_RELATIVE, 4, SIGNED_32),
    ROW_X86_64(4, "R_X86_64_PLT32", REF_PLT, 4, SIGNED_32),
    ROW_X86_64(9, "R_X86_64_GOTPCREL", REF_GOT_RELATIVE, 4, SIGNED_32),
    ROW_X86_64(10, "R_X86_64_32", REF_ABSOLUTE, 4, UNSIGNED_32),
    ROW_X86_64(11, "R_X86_64_32S", REF_ABSOLUTE, 4, SIGNED_32),
    ROW_X86_64(12, "R_X86_64_16", REF_ABSOLUTE, 2, EITHER_16),
    ROW_X86_64(13, "R_X86_64_PC16", REF_RELATIVE, 2, WRAPPED_16),
    ROW_X86_64(14, "R_X86_64_8", REF_ABSOLUTE, 1, EITHER_8),
    ROW_X86_64(15, "R_X86_64_PC8", REF_RELATIVE, 1, SIGNED_8),
    ROW_X86_64(24, "R_X86_64_PC64", REF_RELATIVE, 8, ANY),
    ROW_X86_64(41, "R_X86_64_GOTPCRELX", REF_GOT_RELATIVE, 4, SIGNED_32),
    ROW_X86_64(42, "R_X86_64_REX_GOTPCRELX", REF_GOT_RELATIVE, 4, SIGNED_32),
};

uint32_t ref_kind_find(enum architecture architecture, uint32_t native)
{
    bool is_i386 = architecture == ARCH_I386;
    if (native >= (is_i386 ? I386_COUNT : X86_64_COUNT))
        return 0;
    uint32_t row = native + (is_i386 ? I386_FIRST : X86_64_FIRST);
    return ref_kinds[row].architecture ? row : 0;
}

/* ---- types that have no place in an image ---- */

static const char no_threads[] =
    "an image has no threads: declare the variable without __thread or _Thread_local";
static const char no_loader[] =
    "only a linked program holds this type: give the objects it was made of";
static const char no_size[] =
    "write the size as a number: an image's symbols have none to be looked up";

static const struct {
    uint16_t native;
    const char *name, *hint;
} unused_i386[] = {
    {5, "R_386_COPY", no_loader},
    {6, "R_386_GLOB_DAT", no_loader},
    {7, "R_386_JMP_SLOT", no_loader},
    {8, "R_386_RELATIVE", no_loader},
    {11, "R_386_32PLT", no_loader},
    {14, "R_386_TLS_TPOFF", no_threads},
    {15, "R_386_TLS_IE", no_threads},
    {16, "R_386_TLS_GOTIE", no_threads},
    {17, "R_386_TLS_LE", no_threads},
    {18, "R_386_TLS_GD", no_threads},
    {19, "R_386_TLS_LDM", no_threads},
    {24, "R_386_TLS_GD_32", no_threads},
    {25, "R_386_TLS_GD_PUSH", no_threads},
    {26, "R_386_TLS_GD_CALL", no_threads},
    {27, "R_386_TLS_GD_POP", no_threads},
    {28, "R_386_TLS_LDM_32", no_threads},
    {29, "R_386_TLS_LDM_PUSH", no_threads},
    {30, "R_386_TLS_LDM_CALL", no_threads},
    {31, "R_386_TLS_LDM_POP", no_threads},
    {32, "R_386_TLS_LDO_32", no_threads},
    {33, "R_386_TLS_IE_32", no_threads},
    {34, "R_386_TLS_LE_32", no_threads},
    {35, "R_386_TLS_DTPMOD32", no_threads},
    {36, "R_386_TLS_DTPOFF32", no_threads},
    {37, "R_386_TLS_TPOFF32", no_threads},
    {38, "R_386_SIZE32", no_size},
    {39, "R_386_TLS_GOTDESC", no_threads},
    {40, "R_386_TLS_DESC_CALL", no_threads},
    {41, "R_386_TLS_DESC", no_threads},
    {42, "R_386_IRELATIVE", no_loader},
    {250, "R_386_GNU_VTINHERIT", "compile without -fvtable-gc"},
    {251, "R_386_GNU_VTENTRY", "compile without -fvtable-gc"},
};

const char *ref_kind_name(enum architecture architecture, uint32_t native, const char **hint)
{
    uint32_t known = ref_kind_find(architecture, native);
    if (hint)
        *hint = known ? NULL : "the file is damaged, or was made for another machine";
    if (known || architecture != ARCH_I386)
        return ref_kinds[known].name;
    for (size_t i = 0; i < sizeof unused_i386 / sizeof *unused_i386; i++) {
        if (unused_i386[i].native != native)
            continue;
        if (hint)
            *hint = unused_i386[i].hint;
        return unused_i386[i].name;
    }
    return ref_kinds[0].name;
}
