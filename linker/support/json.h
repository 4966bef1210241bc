/* SPDX-License-Identifier: MIT
 *
 * JSON (RFC 8259), written piece by piece to whoever takes it. Allocates nothing and holds nothing
 * back, so that a document may be larger than memory.
 *
 *     struct json json = {.sink = take_bytes, .to = file};
 *     json_begin_object(&json, NULL);
 *     json_text(&json, "schema", "welt-report/1");
 *     json_begin_array(&json, "rows");
 *     json_begin_line(&json, NULL);             an object on one line: so that two documents
 *     json_number(&json, "size", 5);            differ in lines that say something
 *     json_end_line(&json);
 *     json_end_array(&json);
 *     json_end_object(&json);
 *
 * gives
 *
 *     {
 *       "schema": "welt-report/1",
 *       "rows": [
 *         {"size": 5}
 *       ]
 *     }
 *
 * Names are for values in an object; in an array and at the top they are NULL. */
#ifndef WELT_SUPPORT_JSON_H
#define WELT_SUPPORT_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef void json_sink(void *to, const char *text, size_t size);

struct json {
    json_sink *sink;
    void *to;
    bool in_html;   /* `<', `>' and `&' are escaped: the text may stand within a <script> */
    unsigned depth; /* of what is open */
    unsigned line;  /* the depth within an object on one line; 0: none is open */
    bool has_items; /* what is open: a comma comes first */
};

void json_begin_object(struct json *json, const char *name);
void json_end_object(struct json *json);
void json_begin_array(struct json *json, const char *name);
void json_end_array(struct json *json);
/* An object with all that is in it on one line. */
void json_begin_line(struct json *json, const char *name);
void json_end_line(struct json *json);

/* Nothing at all when the text is NULL: what does not apply is left out. Names come from hostile
 * files: bytes that are no UTF-8 become U+FFFD. */
void json_text(struct json *json, const char *name, const char *text);
void json_number(struct json *json, const char *name, uint64_t number);
void json_signed(struct json *json, const char *name, int64_t number);
void json_flag(struct json *json, const char *name, bool flag);

#endif
