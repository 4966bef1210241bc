/* SPDX-License-Identifier: MIT
 *
 * Any text as a linker script: parsed, and a whole link by it, in both faces, and by turns in lld's
 * dialect and to an object. It may INCLUDE itself and name the object and the archive that are
 * there. */
#include "harness.h"

static void link_by_script(const uint8_t *data, size_t size, welt_options options)
{
    struct fuzz fuzz = {.file_count = 0};
    size_t boot_size = (size_t)(boot_object_end - boot_object);
    fuzz_add_file(&fuzz, "fuzz.ld", data, size);
    fuzz_add_file(&fuzz, "boot.o", boot_object, boot_size);
    fuzz_add_file(&fuzz, "more.a", more_archive, (size_t)(more_archive_end - more_archive));
    options.script_path = "fuzz.ld";
    welt_linker *linker = fuzz_open(&fuzz, options);
    if (linker && welt_add_file(linker, "boot.o") == WELT_OK)
        fuzz_link(&fuzz, linker);
    fuzz_close(&fuzz, linker);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) // NOLINT
{
    static const welt_options ways[] = {
        {.face = WELT_FACE_LD, .dialect = WELT_DIALECT_LLD, .gc = WELT_ON},
        {.face = WELT_FACE_LD, .relocatable = 1},
        {.face = WELT_FACE_LD, .format = WELT_FORMAT_ELF32_I386, .emit_relocs = 1},
    };
    link_by_script(data, size, (welt_options){.face = WELT_FACE_BOOT, .icf = WELT_ICF_SAFE});
    link_by_script(data, size, (welt_options){.face = WELT_FACE_LD, .icf = WELT_ICF_SAFE});
    link_by_script(data, size, ways[size % (sizeof ways / sizeof *ways)]);
    return 0;
}
