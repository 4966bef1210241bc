/* SPDX-License-Identifier: MIT
 *
 * The functions of the expression language (manual 3.10.9 "Builtin Functions"), each declared once.
 */
#ifndef WELT_SCRIPT_FUNCTIONS_H
#define WELT_SCRIPT_FUNCTIONS_H

#include <stdint.h>

/* What stands between the parentheses. */
enum function_shape {
    SHAPE_NOTHING,        /* no parentheses at all: SIZEOF_HEADERS */
    SHAPE_VALUE,          /* (e) */
    SHAPE_VALUES,         /* (e, e) */
    SHAPE_ONE_OR_TWO,     /* (e) or (e, e) */
    SHAPE_SECTION,        /* (.text): the name of a section or region */
    SHAPE_SYMBOL,         /* (name) */
    SHAPE_NAME_AND_VALUE, /* ("text-segment", e) */
    SHAPE_VALUE_AND_TEXT, /* (e, "message") */
};

/* struct expr's `operation` of an EXPR_CALL. */
enum function {
    FUNCTION_ABSOLUTE,
    FUNCTION_ADDR,
    FUNCTION_ALIGN,
    FUNCTION_ALIGNOF,
    FUNCTION_ASSERT,
    FUNCTION_BLOCK,
    FUNCTION_CHECKSUM8,
    FUNCTION_CONSTANT,
    FUNCTION_DATA_SEGMENT_ALIGN,
    FUNCTION_DATA_SEGMENT_END,
    FUNCTION_DATA_SEGMENT_RELRO_END,
    FUNCTION_DEFINED,
    FUNCTION_LENGTH,
    FUNCTION_LOADADDR,
    FUNCTION_LOG2CEIL,
    FUNCTION_MAX,
    FUNCTION_MIN,
    FUNCTION_NEXT,
    FUNCTION_ORIGIN,
    FUNCTION_SEGMENT_START,
    FUNCTION_SIZEOF,
    FUNCTION_SIZEOF_HEADERS,
    FUNCTION_COUNT,
};

struct function_info {
    const char *name;
    uint8_t shape; /* enum function_shape */
};
extern const struct function_info script_functions[FUNCTION_COUNT];

#endif
