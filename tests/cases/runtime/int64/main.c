/* SPDX-License-Identifier: MIT
 *
 * The 64-bit helpers as cdecl code of gcc calls them. */
#include "checks.h"
