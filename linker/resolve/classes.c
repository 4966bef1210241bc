/* SPDX-License-Identifier: MIT
 *
 * Classes of what is equal, by splitting. See classes.h. */
#include "resolve/classes.h"

#include <stdlib.h>

void classes_open(struct classes *classes, struct arena *arena, uint32_t count)
{
    *classes = (struct classes){.arena = arena, .count = count};
    classes->class_of = NEW_ARRAY(arena, uint32_t, count);
    classes->members = NEW_ARRAY(arena, uint32_t, count);
    classes->place = NEW_ARRAY(arena, uint32_t, count);
    classes->open = NEW_ARRAY(arena, struct looked_at, count);
    classes->is_open = NEW_ARRAY(arena, bool, count);
    classes->renamed = NEW_ARRAY(arena, uint32_t, count);
    for (uint32_t member = 0; member < count; member++)
        classes->members[member] = classes->place[member] = member;
    *list_add(arena, &classes->all) = (struct class){0, count};
}

void classes_look_at(struct classes *classes, uint32_t member)
{
    uint32_t class = classes->class_of[member];
    if (classes->is_open[member] || classes->all.at[class].count == 1)
        return;
    classes->is_open[member] = true;
    classes->open[classes->open_count++] = (struct looked_at){.class = class, .member = member};
}

/* ---- who differs ---- */

static int compare_looked_at(const void *left, const void *right)
{
    const struct looked_at *a = left, *b = right;
    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    return (a->member > b->member) - (a->member < b->member);
}

static void sort_open(struct classes *classes, const struct sameness *sameness)
{
    for (uint32_t i = 0; i < classes->open_count; i++)
        classes->open[i].hash = sameness->hash(sameness->of, classes->open[i].member);
    if (classes->open_count)
        qsort(classes->open, classes->open_count, sizeof *classes->open, compare_looked_at);
}

static void find_runs(struct classes *classes, const struct sameness *sameness)
{
    const struct looked_at *first = classes->open;
    for (uint32_t i = 0; i < classes->open_count; i++) {
        struct looked_at *its = &classes->open[i];
        its->begins = i == 0 || its->class != first->class || its->hash != first->hash ||
                      !sameness->is_same(sameness->of, first->member, its->member);
        first = its->begins ? its : first;
    }
}

/* ---- splitting ---- */

/* To the front of their class, in their order. */
static void bring_forward(struct classes *classes, uint32_t from, uint32_t to)
{
    uint32_t front = classes->all.at[classes->open[from].class].first;
    for (uint32_t i = from; i < to; i++, front++) {
        uint32_t member = classes->open[i].member, other = classes->members[front];
        uint32_t at = classes->place[member];
        classes->members[at] = other;
        classes->place[other] = at;
        classes->members[front] = member;
        classes->place[member] = front;
    }
}

static uint32_t end_of_run(const struct classes *classes, uint32_t from, uint32_t to)
{
    uint32_t end = from + 1;
    while (end < to && !classes->open[end].begins)
        end++;
    return end;
}

static void rename_part(struct classes *classes, struct class part, struct class keeps_name)
{
    if (!part.count || part.first == keeps_name.first)
        return;
    uint32_t name = (uint32_t)classes->all.count;
    *list_add(classes->arena, &classes->all) = part;
    for (uint32_t i = part.first; i < part.first + part.count; i++) {
        classes->class_of[classes->members[i]] = name;
        classes->renamed[classes->renamed_count++] = classes->members[i];
    }
}

/* `from` to `to` of what is looked at are of one class. */
static void split_class(struct classes *classes, uint32_t from, uint32_t to)
{
    uint32_t name = classes->open[from].class;
    struct class whole = classes->all.at[name];
    struct class rest = {whole.first + (to - from), whole.count - (to - from)};
    struct class largest = rest;
    bring_forward(classes, from, to);
    for (uint32_t i = from, end; i < to; i = end) {
        end = end_of_run(classes, i, to);
        if (end - i > largest.count)
            largest = (struct class){whole.first + (i - from), end - i};
    }
    classes->all.at[name] = largest;
    rename_part(classes, rest, largest);
    for (uint32_t i = from, end; i < to; i = end) {
        end = end_of_run(classes, i, to);
        rename_part(classes, (struct class){whole.first + (i - from), end - i}, largest);
    }
}

/* All is compared before anything is split: names must not change in between. */
void classes_split(struct classes *classes, const struct sameness *sameness)
{
    uint32_t count = classes->open_count;
    sort_open(classes, sameness);
    find_runs(classes, sameness);
    classes->renamed_count = classes->open_count = 0;
    for (uint32_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && classes->open[end].class == classes->open[i].class; end++)
            classes->is_open[classes->open[end].member] = false;
        split_class(classes, i, end);
    }
}
