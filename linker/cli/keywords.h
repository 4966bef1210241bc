/* SPDX-License-Identifier: MIT
 *
 * Words that ld has many of: of -z, of -m, of --oformat. */
#ifndef WELT_CLI_KEYWORDS_H
#define WELT_CLI_KEYWORDS_H

#include "command.h"

/* -z KEYWORD. One that nobody knows is warned of, as by GNU ld. */
bool take_keyword(struct command *command, const char *keyword);
/* --oformat NAME. */
bool take_format(welt_options *options, const char *name);
/* -m, the last one, or else the environment's LDEMULATION: false for one that Welt has not. */
bool check_emulation(struct command *command);

#endif
