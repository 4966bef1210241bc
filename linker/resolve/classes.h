/* SPDX-License-Identifier: MIT
 *
 * Members, 0 to count - 1, in classes that are split until all members of a class are equal.
 *
 *     {a b c d}     d calls something else:                                 {a b c} {d}
 *     {a b c}       c calls what now is in another class than a's and b's:  {a b} {c}
 *
 * What a member equals may hang on the classes of others, which it refers to: it is looked at again
 * when one of these got another name, and only then. The largest part of a class keeps the name, so
 * that nobody gets another one more than log2(count) times (Hopcroft 1971), and a chain of calls
 * does not cost its length squared. */
#ifndef WELT_RESOLVE_CLASSES_H
#define WELT_RESOLVE_CLASSES_H

#include "support/arena.h"

struct sameness {
    const void *of; /* handed to both */
    uint64_t (*hash)(const void *of, uint32_t member);
    bool (*is_same)(const void *of, uint32_t left, uint32_t right);
};

struct class
{
    uint32_t first, count; /* of classes.members */
};

struct looked_at {
    uint64_t hash;
    uint32_t class, member;
    bool begins; /* it equals none of its class before it */
};

struct classes {
    struct arena *arena;
    uint32_t count;
    uint32_t *class_of;        /* member -> index into all */
    uint32_t *members, *place; /* those of a class side by side; member -> its index there */
    LIST(struct class) all;
    struct looked_at *open; /* what the next split looks at */
    uint32_t open_count;
    bool *is_open;
    uint32_t *renamed; /* members to whose class the last split gave another name */
    uint32_t renamed_count;
};

/* All members in one class. */
void classes_open(struct classes *classes, struct arena *arena, uint32_t count);

/* The next split looks at it; who is alone in its class is left alone. */
void classes_look_at(struct classes *classes, uint32_t member);

/* Of each class, parts those that are to be looked at from each other where they differ, and from
 * those that are not: these must be equal to each other and to none of the others. A collision of
 * hashes can only split a class too finely, never join what differs. Provides renamed. */
void classes_split(struct classes *classes, const struct sameness *sameness);

#endif
