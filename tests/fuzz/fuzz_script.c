/* SPDX-License-Identifier: MIT
 *
 * Any text as a linker script: parsed, and a whole link by it, in both faces. It may INCLUDE itself
 * and name the object and the archive that are there. */
#include "harness.h"

static void link_by_script(const uint8_t *data, size_t size, welt_face face)
{
    struct fuzz fuzz = {.file_count = 0};
    size_t boot_size = (size_t)(boot_object_end - boot_object);
    fuzz_add_file(&fuzz, "fuzz.ld", data, size);
    fuzz_add_file(&fuzz, "boot.o", boot_object, boot_size);
    fuzz_add_file(&fuzz, "more.a", more_archive, (size_t)(more_archive_end - more_archive));
    welt_linker *linker = fuzz_open(
        &fuzz, (welt_options){.face = face, .script_path = "fuzz.ld", .icf = WELT_ICF_SAFE});
    if (linker && welt_add_file(linker, "boot.o") == WELT_OK)
        fuzz_link(&fuzz, linker);
    fuzz_close(&fuzz, linker);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) // NOLINT
{
    link_by_script(data, size, WELT_FACE_BOOT);
    link_by_script(data, size, WELT_FACE_LD);
    return 0;
}
