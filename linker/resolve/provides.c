/* SPDX-License-Identifier: MIT
 *
 * What PROVIDE offers, defined when somebody needs it.
 *
 * An offer that is taken refers to names, and those may be offered, too:
 *
 *     PROVIDE(a = 1);
 *     PROVIDE(b = a);      needed: it asks for `a', which is offered above
 *     PROVIDE(a = 2);      … and here, and this one is it
 *
 * GNU ld walks the script again and again; what is asked for on the way is found further down in
 * the same walk, and further up in the next one. Walks are as many as the longest chain is, so here
 * only what is asked for is looked at, in the order in which the walks would come by: a heap of
 * (walk, place in the script). Each offer enters it once, when its name is first asked for.
 *
 * Requires: the script's tree. Provides: link.globals with what is offered and needed. */
#include "resolve/provides.h"

#include "ask.h"
#include "resolve/symbols.h"

#include <string.h>

struct offer {
    const struct statement *statement;
    uint32_t next; /* of the same name, or NONE */
};

struct offers {
    struct link *link;
    LIST(struct offer) all;
    struct names names;
    LIST(uint32_t) first; /* name -> offer, or NONE: it was asked for */
    LIST(uint64_t) heap;  /* walk << 32 | offer: the least is first */
    uint64_t walk;
    uint32_t at; /* the offer that is being taken */
};

static void add_offer(struct offers *offers, const struct statement *statement)
{
    struct arena *arena = &offers->link->arena;
    bool is_new;
    uint32_t offer = (uint32_t)offers->all.count;
    uint32_t name = names_add(&offers->names, statement->name, strlen(statement->name), &is_new);
    if (is_new)
        *list_add(arena, &offers->first) = NONE;
    *list_add(arena, &offers->all) = (struct offer){statement, offers->first.at[name]};
    offers->first.at[name] = offer;
}

static void add_offers(struct offers *offers, const struct statement *list)
{
    for (const struct statement *s = list; s; s = s->next) {
        if (s->kind == STATEMENT_OUTPUT)
            add_offers(offers, s->body);
        else if (s->kind == STATEMENT_ASSIGN && (s->flags & ASSIGN_PROVIDE))
            add_offer(offers, s);
    }
}

struct offers *offers_open(struct link *link)
{
    struct offers *offers = NEW_ARRAY(&link->arena, struct offers, 1);
    offers->link = link;
    names_open(&offers->names, &link->arena);
    add_offers(offers, link->script->commands);
    return offers;
}

/* ---- the heap ---- */

static void swap(uint64_t *a, uint64_t *b)
{
    uint64_t kept = *a;
    *a = *b;
    *b = kept;
}

static void push(struct offers *offers, uint64_t key)
{
    size_t i = offers->heap.count;
    *list_add(&offers->link->arena, &offers->heap) = key;
    for (uint64_t *at = offers->heap.at; i && at[(i - 1) / 2] > at[i]; i = (i - 1) / 2)
        swap(&at[i], &at[(i - 1) / 2]);
}

static uint64_t pop(struct offers *offers)
{
    uint64_t *at = offers->heap.at, least = at[0];
    size_t count = --offers->heap.count;
    at[0] = at[count];
    for (size_t i = 0, child; (child = 2 * i + 1) < count; i = child) {
        child += child + 1 < count && at[child + 1] < at[child];
        if (at[i] <= at[child])
            break;
        swap(&at[i], &at[child]);
    }
    return least;
}

/* ---- who needs them ---- */

static void ask_for(struct offers *offers, uint32_t name)
{
    for (uint32_t i = offers->first.at[name]; i != NONE; i = offers->all.at[i].next)
        push(offers, (offers->walk + (i <= offers->at)) << 32 | i);
    offers->first.at[name] = NONE;
}

static void refer(void *user, const char *text)
{
    struct offers *offers = user;
    uint32_t global = refer_to_name(offers->link, text);
    const char *meant = offers->link->globals.at[global].name;
    uint32_t name = names_find(&offers->names, meant, strlen(meant));
    if (name != NO_NAME)
        ask_for(offers, name);
}

static bool is_needed(const struct link *link, const char *name)
{
    uint32_t index = global_find(link, name);
    if (index == NONE)
        return false;
    const struct global *global = &link->globals.at[index];
    return global->state <= GLOBAL_WEAK_UNDEFINED && global->referenced;
}

static bool take(struct offers *offers, const struct statement *statement)
{
    if (!is_needed(offers->link, statement->name))
        return false;
    define_by_script(offers->link, statement->name, statement);
    expr_names(statement->value, refer, offers);
    return true;
}

bool apply_offers(struct offers *offers)
{
    bool changed = false;
    offers->walk = 0;
    offers->at = 0;
    for (uint32_t name = 0; name < offers->first.count; name++)
        if (offers->first.at[name] != NONE &&
            is_needed(offers->link, offers->names.all.at[name].text))
            ask_for(offers, name);
    while (offers->heap.count) {
        uint64_t key = pop(offers);
        offers->walk = key >> 32;
        offers->at = (uint32_t)key;
        changed |= take(offers, offers->all.at[offers->at].statement);
    }
    return changed;
}
