/* build: gcc -m16 -mregparm=3 -Os -ffreestanding -fno-pic -fno-stack-protector -c */
/* SPDX-License-Identifier: MIT
 *
 * The memory and string functions as -mregparm=3 code calls them. */
#include "checks.h"
