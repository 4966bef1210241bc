/* SPDX-License-Identifier: MIT
 *
 * The script's assignments: to dot, and to symbols.
 *
 * Requires: a pass of layout that has come to the statement. Provides: dot, or the symbol's value
 * and the output section it belongs to; and whether either is another than in the pass before, so
 * that there must be one more. */
#include "ask.h"
#include "layout/layout.h"

#include <string.h>

static uint64_t absolute(const struct pass *pass, struct value value, int relative_to)
{
    int section = value.section == VALUE_NUMBER ? relative_to : value.section;
    uint64_t base = section >= 0 ? pass->link->outputs.at[section].address : 0;
    return base + (uint64_t)value.number;
}

/* `. = 0x7c00 + 510` within a section at 0x7c00 ends a sector for lld, for GNU ld it pads 31 KiB:
 * where both readings are sound and GNU ld's costs that much, the script may be meant for lld. */
static void warn_of_dialect(const struct pass *pass, const struct statement *statement,
                            struct value value, uint64_t to)
{
    const struct link *link = pass->link;
    uint64_t number = (uint64_t)value.number;
    bool is_number = value.section == VALUE_NUMBER && pass->section >= 0;
    if (!pass->is_final || link->set->lld || !is_number || !pass->start || number < pass->dot)
        return;
    bool is_boot = link->set->face == WELT_FACE_BOOT;
    diagnose(link->host, is_boot ? WELT_ERROR : WELT_WARNING, "dot-dialect",
             place_in_script(statement->place),
             "--dialect=lld reads it as lld does; `. = . + …' says the same to both",
             "dot within `%s' is set to 0x%llx: 0x%llx counted from the section's start, as GNU ld "
             "reads it, but the address 0x%llx for lld",
             link->outputs.at[pass->section].name, (unsigned long long)number,
             (unsigned long long)to, (unsigned long long)number);
}

static void move_dot(struct pass *pass, const struct statement *statement, struct value value)
{
    uint64_t to = absolute(pass, value, pass->section);
    warn_of_dialect(pass, statement, value, to);
    if (pass->section >= 0 && to < pass->dot) {
        if (pass->is_final)
            diagnose(pass->link->host, WELT_ERROR, "script", place_in_script(statement->place),
                     "what stands before this line is longer than the place it is given",
                     "dot cannot move backwards: from 0x%llx to 0x%llx in `%s'",
                     (unsigned long long)pass->dot, (unsigned long long)to,
                     pass->link->outputs.at[pass->section].name);
        return;
    }
    if (pass->section >= 0 && to - pass->dot > pass->link->set->given.max_image_size) {
        if (pass->is_final)
            diagnose(pass->link->host, WELT_ERROR, "image-size", place_in_script(statement->place),
                     NULL, "dot moves by 0x%llx bytes: more than an image may have",
                     (unsigned long long)(to - pass->dot));
        return;
    }
    pass->dot = to;
}

/* The symbol that an assignment sets. NULL: what PROVIDE offers is not taken; its value is not even
 * looked at, since it may name what is not there (a layout's crt0, when the program has its own
 * `_start`). */
static struct global *assigned(const struct pass *pass, const struct statement *statement)
{
    uint32_t index = assigned_global(pass->link, statement);
    return index == NONE ? NULL : &pass->link->globals.at[index];
}

/* A name may be given several values in a pass: the last one is compared with the last of the pass
 * before. */
static void note_change(struct pass *pass, struct global *global, uint64_t number)
{
    bool again = global->settled && global->pass == pass->link->passes + 1;
    if (!again)
        global->before = global->value;
    else if (global->value != global->before)
        pass->moved_names--;
    if (number != global->before)
        pass->moved_names++;
    pass->changed |= !global->settled;
}

/* The section that an absolute value belongs to, since it comes from dot: the one before. For lld a
 * value within a section belongs to that, and `a = b;` to where b does. */
static int section_before(const struct pass *pass, const struct expr *expr, struct value value)
{
    const struct link *link = pass->link;
    uint32_t other =
        link->form.as_lld && expr->kind == EXPR_NAME ? global_find_wrapped(link, expr->name) : NONE;
    if (other != NONE) {
        const struct global *its = &link->globals.at[other];
        uint32_t output = its->atom == NONE ? NONE : link->atoms[its->atom].output;
        return its->state == GLOBAL_SCRIPT ? its->near : output == NONE ? NOWHERE : (int)output;
    }
    if (!value.from_dot)
        return NOWHERE;
    return link->form.as_lld && pass->section >= 0 ? pass->section : (int)pass->next - 1;
}

/* What a statement between output sections assigns to a symbol, or leaves of dot, where an empty
 * one has moved dot only for the sections that follow. */
static struct value evaluate_unmoved(struct pass *pass, const struct expr *expr)
{
    struct data_segment segment = pass->link->data_segment;
    uint64_t dot = pass->dot;
    pass->dot = pass->unmoved;
    struct value value = evaluate(pass, expr);
    pass->dot = dot;
    pass->link->data_segment = segment;
    return value;
}

static void move_unmoved(struct pass *pass, const struct statement *statement)
{
    struct value value = evaluate_unmoved(pass, statement->value);
    pass->unmoved = absolute(pass, value, VALUE_ABSOLUTE);
    pass->is_unmoved = value.known;
}

void assign(struct pass *pass, const struct statement *statement)
{
    bool is_dot = strcmp(statement->name, ".") == 0;
    struct global *global = is_dot ? NULL : assigned(pass, statement);
    if (!is_dot && !global)
        return;
    bool is_unmoved = pass->is_unmoved && pass->section < 0;
    struct value value = is_unmoved && !is_dot ? evaluate_unmoved(pass, statement->value)
                                               : evaluate(pass, statement->value);
    if (!value.known)
        return;
    if (is_dot) {
        if (is_unmoved)
            move_unmoved(pass, statement);
        if (pass->section < 0)
            pass->dot_before = (int)pass->next;
        move_dot(pass, statement, value);
        return;
    }
    uint64_t number = absolute(pass, value, pass->section);
    int output = value.section == VALUE_NUMBER ? pass->section : value.section;
    note_change(pass, global, number);
    global->value = number;
    global->output = output;
    global->pass = pass->link->passes + 1;
    global->near = output < 0 ? section_before(pass, statement->value, value) : NOWHERE;
    global->dot_before = pass->dot_before;
    global->settled = true;
}
