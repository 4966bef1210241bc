/* SPDX-License-Identifier: MIT
 *
 * Numbers of the script language. */
#ifndef WELT_SCRIPT_NUMBER_H
#define WELT_SCRIPT_NUMBER_H

#include "script/lex.h"

/* Reads the number at `text`, which ends in a NUL. false: there is none, the token is as it was. */
bool number_scan(const char *text, struct token *token);

#endif
