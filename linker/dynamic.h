/* SPDX-License-Identifier: MIT
 *
 * What a position-independent image carries for whoever loads it: an operating system's loader, or
 * the image itself, when it runs elsewhere than at the address it was linked for.
 *
 *     .interp            the loader's path: -pie
 *     .dynsym .dynstr    symbols that can be seen from outside: -shared
 *     .hash .gnu.hash    where a name is among them
 *     .rel.dyn           where the load address must be added
 *     .dynamic           where all that is
 *
 * They are sections of the object that the linker makes (resolve/made_dynamic.c); their sizes are
 * known when it is known what is linked (resolve/size_dynamic.c), their contents when addresses are
 * (output/elf_dynamic.c). Sources: System V ABI (edition of 2013, draft), 5 "Dynamic Linking"; the
 * GNU hash table as the loaders read it. */
#ifndef WELT_DYNAMIC_H
#define WELT_DYNAMIC_H

#include "support/string_table.h"

#include <stdbool.h>

struct object;

struct dynamic_table { /* of relocations */
    const char *of;    /* the name of the sections that they are in */
    uint32_t section;
    uint32_t count;
};

enum dynamic_value { VALUE_PLAIN, VALUE_ADDRESS, VALUE_SIZE, VALUE_TABLES, VALUE_TABLES_SIZE };
struct dynamic_entry { /* of .dynamic */
    uint64_t tag, number;
    uint8_t value;    /* enum dynamic_value: the number, or what is to be known of … */
    uint32_t section; /* … this section of the made object, or NONE: … */
    uint32_t global;  /* … this symbol, or NONE: … */
    const char *name; /* … the output section of this name */
};

struct dynamic {
    struct object *object; /* the made one; below are numbers of its sections, 0: none */
    uint32_t interpreter, symbols, strings, entries, hash, gnu_hash;
    LIST(struct dynamic_table) tables;
    struct names table_names; /* `of` -> index into tables */
    LIST(struct dynamic_entry) list;
    LIST(uint32_t) visible;   /* globals, in the order of .dynsym, from its entry 1 on */
    struct elf_strings texts; /* of .dynstr */
    uint32_t *text_of;        /* global -> its name there */
    bool *is_called;          /* global -> a live call leaves open how it is reached */
};

#endif
