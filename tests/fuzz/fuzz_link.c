/* SPDX-License-Identifier: MIT
 *
 * Any bytes as an input of a whole link: as an object beside one that is fine, in a boot build with
 * all that makes it smaller, and as GNU ld would, where nothing is dropped and nothing undefined is
 * an error, so that every relocation is applied. */
#include "harness.h"

static const char flat[] = "OUTPUT_FORMAT(binary)\n"
                           "SECTIONS {\n"
                           "  . = 0x7c00;\n"
                           "  .text : { *(.text .text.*) }\n"
                           "  .data : { *(.rodata .rodata.* .data .data.* .got) }\n"
                           "  .bss : { *(.bss .bss.* COMMON) }\n"
                           "}\n";

static void link_object(const uint8_t *data, size_t size, welt_options options, bool alone)
{
    struct fuzz fuzz = {.file_count = 0};
    welt_linker *linker = fuzz_open(&fuzz, options);
    if (!linker)
        return;
    size_t boot_size = (size_t)(boot_object_end - boot_object);
    bool fine = welt_add_bytes(linker, "fuzz.o", data, size) == WELT_OK;
    fine = fine && (alone || welt_add_bytes(linker, "boot.o", boot_object, boot_size) == WELT_OK);
    if (fine)
        fuzz_link(&fuzz, linker);
    fuzz_close(&fuzz, linker);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) // NOLINT
{
    link_object(data, size, (welt_options){.icf = WELT_ICF_ALL, .layout = "raw"}, true);
    link_object(data, size, (welt_options){.icf = WELT_ICF_SAFE}, false);
    link_object(data, size,
                (welt_options){.face = WELT_FACE_LD,
                               .script_text = flat,
                               .entry = "0",
                               .allow_multiple_definition = 1,
                               .unresolved = WELT_UNRESOLVED_IGNORE},
                true);
    return 0;
}
