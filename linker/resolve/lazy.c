/* SPDX-License-Identifier: MIT
 *
 * Archives in lld's dialect, which decide the order of inputs and so of everything in the image.
 *
 *     main.o  asks for a, b          GNU ld: main.o x.o y.o z.o    the archive's order, until
 *     lib.a   x.o  defines a                                       nothing more is asked for
 *             y.o  defines b         lld:    main.o x.o z.o y.o    what a member asks for comes
 *             z.o  defines c,                                      right behind it, when it was
 *                  x.o asks for it                                 offered before; else when its
 *                                                                  turn comes
 *
 * A member is offered by all that it defines; of two offers of a name the first holds, whatever
 * archive it stands in. One that is asked for when its turn comes is linked at once. What a member
 * asks for is linked before anything else that its asker wants: depth first, with a stack of our
 * own, as archives may chain thousands of members. (LLVM 19, lld/ELF/Symbols.cpp: Undefined and
 * LazySymbol.) */
#include "resolve/lazy.h"

#include "ask.h"

#include <string.h>

struct offer {
    struct library *library;
    uint32_t member;
};

struct asker { /* an input, and the first of its symbols that was not looked at */
    uint32_t input, next;
};

struct lazy {
    struct link *link;
    struct names names; /* a name's number is its index into offers */
    LIST(struct offer) offers;
    LIST(struct asker) stack;
};

struct lazy *lazy_open(struct link *link)
{
    struct lazy *lazy = NEW(&link->arena, struct lazy);
    lazy->link = link;
    names_open(&lazy->names, &link->arena);
    return lazy;
}

static bool is_asked_for(const struct link *link, const char *name)
{
    uint32_t global = global_find(link, name);
    return global != NONE && link->globals.at[global].state == GLOBAL_UNDEFINED;
}

static void push(struct lazy *lazy, size_t first)
{
    struct link *link = lazy->link;
    for (size_t i = link->inputs.count; i-- > first;)
        *list_add(&link->arena, &lazy->stack) =
            (struct asker){(uint32_t)i, link->inputs.at[i].object->first_global};
}

static const struct offer *find_offer(const struct lazy *lazy, const char *name, size_t size)
{
    uint32_t number = names_find(&lazy->names, name, size);
    if (number == NO_NAME || !is_asked_for(lazy->link, name))
        return NULL;
    const struct offer *offer = &lazy->offers.at[number];
    return offer->library->taken[offer->member] ? NULL : offer;
}

static void take(struct lazy *lazy, struct library *library, uint32_t member)
{
    size_t before = lazy->link->inputs.count;
    library_take(lazy->link, library, member);
    push(lazy, before);
}

static void follow(struct lazy *lazy)
{
    while (lazy->stack.count) {
        struct asker *top = &lazy->stack.at[lazy->stack.count - 1];
        const struct object *object = lazy->link->inputs.at[top->input].object;
        if (top->next >= object->symbol_count) {
            lazy->stack.count--;
            continue;
        }
        const struct symbol *symbol = &object->symbols[top->next++];
        bool asks = symbol->home == HOME_UNDEFINED && symbol->binding == BIND_GLOBAL;
        const struct offer *offer = asks ? find_offer(lazy, symbol->name, symbol->name_size) : NULL;
        if (offer)
            take(lazy, offer->library, offer->member);
    }
}

void lazy_follow(struct lazy *lazy, size_t first)
{
    push(lazy, first);
    follow(lazy);
}

void lazy_ask(struct lazy *lazy, const char *name)
{
    const struct offer *offer = find_offer(lazy, name, strlen(name));
    if (!offer)
        return;
    take(lazy, offer->library, offer->member);
    follow(lazy);
}

static void offer(struct lazy *lazy, struct library *library, const struct archive_symbol *symbol)
{
    bool is_new;
    if (is_asked_for(lazy->link, symbol->name)) {
        take(lazy, library, symbol->member);
        follow(lazy);
        return;
    }
    names_add(&lazy->names, symbol->name, strlen(symbol->name), &is_new);
    if (is_new)
        *list_add(&lazy->link->arena, &lazy->offers) = (struct offer){library, symbol->member};
}

void lazy_offer(struct lazy *lazy, struct library *library)
{
    const struct archive *archive = library->archive;
    library_index(lazy->link, library);
    for (uint32_t i = 0; i < archive->symbol_count; i++)
        if (!library->taken[archive->symbols[i].member])
            offer(lazy, library, &archive->symbols[i]);
}
