/* SPDX-License-Identifier: MIT
 *
 * Files that were linked before, as inputs: their sections are linked again as they are.
 *
 *     ld -Ttext 0x8000 stage2.o -o stage2.elf
 *     ld.welt -T image.ld boot.o stage2.elf -o boot.bin
 *
 * What was resolved in them stays so: their references are in their bytes, and nobody knows where.
 * So each of their sections is kept, whole, and must be placed where it was linked to run unless
 * its code runs anywhere. Their symbols become what they are in an object, offsets in sections.
 * Relocations that --emit-relocs left beside the code say what was done to it, so they are left
 * out; those that a loader would still have to apply make a file that no image can hold, as do
 * libraries that it needs.
 *
 * Sources: System V ABI, 5 "Program Loading and Dynamic Linking"; values of symbols: 4 "Symbol
 * Values". GNU ld takes such files for flat output only, and no shared objects. */
#include "input/elf_file.h"
#include "input/elf_tables.h"

static bool refuse(const struct elf_file *file, const char *hint, const char *what, uint64_t number)
{
    diagnose(file->host, WELT_ERROR, "object-format", file->place, hint,
             "is linked already, and %s: %llu", what, (unsigned long long)number);
    return false;
}

static uint64_t count_needed(const struct elf_file *file, const struct elf_section *table)
{
    uint64_t count = 0, entry = file->shape->dynamic;
    const unsigned char *bytes = file->bytes + table->offset;
    for (uint64_t at = 0; at + entry <= table->size; at += entry) {
        uint64_t tag = elf_word(file, bytes + at);
        if (tag == DT_NULL)
            break;
        count += tag == DT_NEEDED;
    }
    return count;
}

static bool is_for_loader(const struct elf_section *section)
{
    bool is_relocations = elf_is_relocations(section) || section->type == SHT_RELR;
    return is_relocations && section->flags & SHF_ALLOC && section->size;
}

bool elf_check_linked(const struct elf_file *file)
{
    if (!file->section_count)
        return refuse(file, "link it without stripping its section headers",
                      "says nothing of its sections; section headers", 0);
    for (uint32_t i = 1; i < file->section_count; i++) {
        const struct elf_section *section = &file->sections[i];
        if (section->type == SHT_DYNAMIC && count_needed(file, section))
            return refuse(file, "link it with -static", "needs shared libraries",
                          count_needed(file, section));
        if (is_for_loader(section))
            return refuse(file, "link it without -pie or -shared",
                          "has relocations for a loader; bytes of them", section->size);
    }
    return true;
}
