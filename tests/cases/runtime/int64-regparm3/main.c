/* build: clang-14 -m16 -mregparm=3 -Os -ffreestanding -fno-pic -Wall -Wextra -Werror -c */
/* SPDX-License-Identifier: MIT
 *
 * The 64-bit helpers as -mregparm=3 code of clang calls them. */
#include "checks.h"
