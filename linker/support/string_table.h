/* SPDX-License-Identifier: MIT
 *
 * String tables of ELF files (string_table.c). */
#ifndef WELT_SUPPORT_STRING_TABLE_H
#define WELT_SUPPORT_STRING_TABLE_H

#include "support/names.h"

struct elf_strings {
    struct names names;
    uint64_t *offsets; /* of each name, after strings_close() */
    uint64_t size;
};

void strings_open(struct elf_strings *strings, struct arena *arena);
uint32_t strings_add(struct elf_strings *strings, const char *text, size_t size);
/* Provides offsets and size: a string that is another's tail shares its bytes. */
void strings_close(struct elf_strings *strings, struct arena *arena);
void strings_write(const struct elf_strings *strings, unsigned char *to);

#endif
