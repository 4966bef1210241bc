/* SPDX-License-Identifier: MIT
 *
 * What is said of an ELF file that is damaged. Requires: its place, and for titles its section
 * headers. */
#include "input/elf_file.h"
#include "input/elf_tables.h"

#include <stdio.h>

bool elf_damaged(const struct elf_file *file, const char *format, ...)
{
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    diagnose(file->host, WELT_ERROR, "object-format", file->place,
             "the file is cut short or damaged: make it again", "%s", text);
    return false;
}

struct elf_title elf_title(const struct elf_file *file, uint64_t index)
{
    struct elf_title title;
    bool has_name = index < file->section_count && file->sections[index].name_size;
    if (has_name)
        snprintf(title.text, sizeof title.text, "section %llu (%.60s)", (unsigned long long)index,
                 elf_section_name(file, &file->sections[index]));
    else
        snprintf(title.text, sizeof title.text, "section %llu", (unsigned long long)index);
    return title;
}
