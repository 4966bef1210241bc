/* SPDX-License-Identifier: MIT
 *
 * The steps of read_command(), which is all that the rest of the command knows of them. */
#ifndef WELT_CLI_APPLY_H
#define WELT_CLI_APPLY_H

#include "command.h"

/* The lists of a command: command.c. Always true. */
bool add_text(struct texts *texts, const char *text);
bool add_item(struct command *command, struct item item);

/* Does what an option says, which stood as `word` on the line: apply.c. false: a mistake, which was
 * printed. */
bool apply_option(struct command *command, const struct option *option, const char *word,
                  const char *value);

/* Requires every option applied: close.c. false: a mistake, which was printed. */
bool close_command(struct command *command);

#endif
