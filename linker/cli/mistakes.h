/* SPDX-License-Identifier: MIT
 *
 * What the command itself finds wrong, told as the diagnostics of a link are. */
#ifndef WELT_CLI_MISTAKES_H
#define WELT_CLI_MISTAKES_H

#include "records.h"

/* Where mistakes go from here on. */
void hear_mistakes(struct records *records);

/* A mistake of the command line: the first is told. warn_of() tells a lesser one, complain() what
 * else is wrong, under another id than `option'. */
void mistake(const char *format, ...) __attribute__((format(printf, 1, 2)));
void warn_of(const char *format, ...) __attribute__((format(printf, 1, 2)));
void complain(const char *id, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif
