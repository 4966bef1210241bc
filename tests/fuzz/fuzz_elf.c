/* SPDX-License-Identifier: MIT
 *
 * Any bytes as an object of a link to an ELF file: executables of both dialects, of one's own
 * addresses or of none, objects of objects, with relocations kept, and the ELF file beside a flat
 * image. The byte behind it says which; what is made as an object is linked once more. */
#include "harness.h"

static const welt_options ways[] = {
    {.relocatable = 1},
    {.relocatable = 1, .define_common = 1, .gc = WELT_ON, .discard = WELT_DISCARD_ALL},
    {.relocatable = 1, .dialect = WELT_DIALECT_LLD, .strip = WELT_STRIP_DEBUG},
    {.emit_relocs = 1, .build_id = "sha1", .gc = WELT_ON, .icf = WELT_ICF_ALL},
    {.emit_relocs = 1, .dialect = WELT_DIALECT_LLD, .share_tails = 1, .eh_frame_hdr = 1},
    {.dialect = WELT_DIALECT_LLD, .icf = WELT_ICF_ALL, .build_id = "md5", .separate_loads = 1},
    {.pie = 1, .eh_frame_hdr = 1, .interpreter = ""},
    {.pie = 1, .dialect = WELT_DIALECT_LLD, .join_read_only = 1},
    {.shared = 1, .symbolic = 1, .soname = "fuzz"},
    {.omagic = 1, .format = WELT_FORMAT_ELF32_I386, .cref = 1},
    {.nmagic = 1, .format = WELT_FORMAT_ELF64_X86_64, .emit_relocs = 1},
    {.format = WELT_FORMAT_BINARY, .with_elf = 1, .allow_multiple_definition = 1},
};
enum { WAYS = sizeof ways / sizeof *ways };

/* With the memory that one link may have for each of the two. */
static void link_again(welt_bytes object)
{
    struct fuzz fuzz = {.file_count = 0};
    welt_options options = {.face = WELT_FACE_LD, .relocatable = 1};
    welt_linker *linker = fuzz_open(&fuzz, options);
    if (linker && welt_add_bytes(linker, "again.o", object.data, object.size) == WELT_OK)
        fuzz_link(&fuzz, linker);
    fuzz_close(&fuzz, linker);
}

static void link_by(welt_options options, const uint8_t *data, size_t size, bool with_boot)
{
    struct fuzz fuzz = {.file_count = 0};
    options.face = WELT_FACE_LD;
    options.entry = "0";
    options.unresolved = WELT_UNRESOLVED_IGNORE;
    welt_linker *linker = fuzz_open(&fuzz, options);
    if (!linker)
        return;
    size_t boot_size = (size_t)(boot_object_end - boot_object);
    bool fine = welt_add_bytes(linker, "fuzz.o", data, size) == WELT_OK;
    fine =
        fine && (!with_boot || welt_add_bytes(linker, "boot.o", boot_object, boot_size) == WELT_OK);
    fine = fine && fuzz_link(&fuzz, linker);
    if (fine && options.with_elf)
        fuzz_get(&fuzz, linker, WELT_OUTPUT_ELF);
    if (fine && options.relocatable)
        link_again(fuzz_get(&fuzz, linker, WELT_OUTPUT_IMAGE));
    fuzz_close(&fuzz, linker);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) // NOLINT
{
    if (size)
        link_by(ways[data[size - 1] % WAYS], data, size - 1, data[size - 1] / WAYS % 2);
    return 0;
}
