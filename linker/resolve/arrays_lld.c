/* SPDX-License-Identifier: MIT
 *
 * Constructors and destructors by their priority, as lld sorts them where there is no script.
 *
 * Requires: orphans in their output sections. Provides, in lld's dialect without a script: the
 * orphans of .init_array, .fini_array, .ctors and .dtors in their order.
 *
 * The number behind the name is the priority; a section without one comes last in .init_array and
 * .fini_array, which run forwards, and first in .ctors and .dtors, which run backwards and whose
 * names count down from 65535. Equal ones stay as they came (LLVM 19, lld/ELF/OutputSections.cpp).
 */
#include "resolve/arrays_lld.h"
#include "ask.h"

#include <stdlib.h>
#include <string.h>

struct array_part {
    long priority;
    uint32_t atom, place;
};

static bool runs_backwards(const char *name)
{
    return strncmp(name, ".ctors", 6) == 0 || strncmp(name, ".dtors", 6) == 0;
}

long priority_of(const char *name)
{
    enum { LAST = 65536 };
    const char *dot = strrchr(name, '.');
    char *end = NULL;
    if (!dot || dot[1] < '0' || dot[1] > '9')
        return LAST;
    long number = strtol(dot + 1, &end, 10);
    if (*end || number > INT32_MAX)
        return LAST;
    return dot == name + 6 && runs_backwards(name) ? 65535 - number : number;
}

static int compare_parts(const void *left, const void *right)
{
    const struct array_part *a = left, *b = right;
    if (a->priority != b->priority)
        return a->priority < b->priority ? -1 : 1;
    return a->place < b->place ? -1 : a->place > b->place;
}

static void sort_parts(struct link *link, struct output *output)
{
    struct atom_list *list = &output->orphans;
    struct array_part *parts = NEW_ARRAY(&link->arena, struct array_part, list->count + 1);
    long sign = runs_backwards(output->name) ? -1 : 1;
    for (uint32_t i = 0; i < list->count; i++)
        parts[i] = (struct array_part){sign * priority_of(atom_section(link, list->at[i])->name),
                                       list->at[i], i};
    qsort(parts, list->count, sizeof *parts, compare_parts);
    for (size_t i = 0; i < list->count; i++)
        list->at[i] = parts[i].atom;
}

void sort_arrays_as_lld(struct link *link)
{
    static const char *const names[] = {".init_array", ".fini_array", ".ctors", ".dtors"};
    for (size_t i = 0; link->form.is_unscripted && i < link->outputs.count; i++)
        for (size_t n = 0; n < sizeof names / sizeof *names; n++)
            if (strcmp(link->outputs.at[i].name, names[n]) == 0)
                sort_parts(link, &link->outputs.at[i]);
}
