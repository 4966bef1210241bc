/* SPDX-License-Identifier: 0BSD
 *
 * The functions that compilers call on their own follow the compiler's default convention and are
 * weak, because their names belong to everybody: a program may bring its own memcpy and still use
 * this strlen. */
#ifndef WELT_RUNTIME_STANDARD_H
#define WELT_RUNTIME_STANDARD_H

#define STANDARD __attribute__((weak, used))

#endif
