/* SPDX-License-Identifier: MIT
 *
 * The arguments of options. Each call names the option in its message; false: a mistake, which was
 * printed. */
#ifndef WELT_CLI_VALUES_H
#define WELT_CLI_VALUES_H

#include <stdbool.h>
#include <stdint.h>

/* Hexadecimal, with or without 0x. */
bool read_address(const char *option, const char *text, uint64_t *address);
/* "512", "0x1000", "64K", "1.44M". */
bool read_size(const char *option, const char *text, uint64_t *size);
bool read_number(const char *option, const char *text, unsigned *number);
/* One of the words in "none|safe|all". */
bool read_word(const char *option, const char *text, const char *words, int *index);

#endif
