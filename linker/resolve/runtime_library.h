/* SPDX-License-Identifier: MIT
 *
 * The runtime library that libwelt carries: two archives, compiled when Welt is built. */
#ifndef WELT_RUNTIME_LIBRARY_H
#define WELT_RUNTIME_LIBRARY_H

#include "welt.h"

welt_bytes runtime_library_cdecl(void);
welt_bytes runtime_library_regparm3(void);
/* The compiler and a hash of the archives. */
const char *runtime_library_details(void);

#endif
