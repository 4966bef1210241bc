/* SPDX-License-Identifier: MIT
 *
 * Any file as an object that holds its bytes (-b binary): a second stage, a font, a kernel.
 *
 *     ld.welt boot.o -b binary data/font.psf
 *
 *     .data                            the bytes; writable
 *     _binary_data_font_psf_start      the first byte
 *     _binary_data_font_psf_end        behind the last
 *     _binary_data_font_psf_size       an absolute symbol: their number
 *
 * The names are made from the path as it was spelled, all but letters and digits as `_` (manual of
 * GNU binutils 2.40, objcopy, "--input-target"). In GNU ld the section is aligned to 1, and kept,
 * as nothing need name it; in lld it is aligned to 8 and goes when nothing names it. */
#include "input/object.h"

#include <string.h>

static bool is_letter_or_digit(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void make_symbol(struct object *object, const char *which, struct symbol symbol)
{
    char *name = arena_format(&object->arena, "_binary_%s_%s", object->path, which);
    for (char *at = name; *at; at++)
        if (!is_letter_or_digit(*at))
            *at = '_';
    symbol.name = name;
    symbol.name_size = (uint32_t)strlen(name);
    symbol.binding = BIND_GLOBAL;
    object->symbols[object->symbol_count++] = symbol;
}

static void make_section(struct object *object, const struct raw_form *form)
{
    struct arena *arena = &object->arena;
    object->section_count = 2;
    object->sections = NEW_ARRAY(arena, struct section, 2);
    object->sections[0] = (struct section){.name = "", .align = 1, .flags = SECTION_META};
    object->sections[1] = (struct section){.name = ".data",
                                           .name_size = 5,
                                           .bytes = object->bytes,
                                           .size = object->size,
                                           .align = form->align,
                                           .flags = SECTION_ALLOC | SECTION_WRITE | form->flags,
                                           .type = 1, /* SHT_PROGBITS */
                                           .atom_count = 1};
    object->atom_count = 1;
    object->atoms = NEW_ARRAY(arena, struct atom, 1);
    object->atoms[0] = (struct atom){.section = 1, .align = form->align, .size = object->size};
}

struct object *object_read_raw(struct host *host, const char *path, const unsigned char *bytes,
                               size_t size, const struct raw_form *form)
{
    struct arena arena;
    arena_open(&arena, host);
    struct object *object = NEW(&arena, struct object);
    object->refs = NEW_ARRAY(&arena, struct ref, 0);
    object->arena = arena;
    object->path = arena_text(&object->arena, path, strlen(path));
    object->bytes = bytes;
    object->size = size;
    object->architecture = ARCH_I386;
    object->is_raw = true;
    make_section(object, form);
    object->symbols = NEW_ARRAY(&object->arena, struct symbol, 4);
    object->symbols[object->symbol_count++] = (struct symbol){.name = "", .home = HOME_ABSOLUTE};
    object->first_global = 1;
    struct symbol first = {.section = 1, .home = HOME_SECTION, .kind = form->symbol_kind};
    struct symbol end = first, number = first;
    end.value = number.value = size;
    number.home = HOME_ABSOLUTE;
    number.section = 0;
    make_symbol(object, "start", first);
    make_symbol(object, "end", end);
    make_symbol(object, "size", number);
    return object;
}
