/* SPDX-License-Identifier: MIT
 *
 * What the entry of one global symbol says: where it is, and how far it can be seen.
 *
 * Requires: the sections of the file, addresses, elf.named. */
#include "output/elf.h"

#include "ask.h"

#include <elf.h>
#include <string.h>

/* ---- what an entry says ---- */

unsigned char elf_symbol_type(uint8_t kind)
{
    static const unsigned char types[] = {
        [SYMBOL_NOTYPE] = STT_NOTYPE,      [SYMBOL_OBJECT] = STT_OBJECT,
        [SYMBOL_FUNCTION] = STT_FUNC,      [SYMBOL_SECTION] = STT_SECTION,
        [SYMBOL_FILE] = STT_FILE,          [SYMBOL_THREAD_LOCAL] = STT_TLS,
        [SYMBOL_INDIRECT] = STT_GNU_IFUNC,
    };
    return types[kind];
}

/* ---- where it is ---- */

/* A thread's variable is so far from where its copy of them begins (Drepper, 3). */
void elf_count_in_thread(const struct elf *elf, struct elf_entry *entry)
{
    bool is_of_thread = (entry->info & 15) == STT_TLS && !entry->is_special;
    if (is_of_thread && !elf->is_object)
        entry->value -= elf->link->thread_data.start;
}

/* The linker's own: where the thread pointer points. */
static bool names_threads(const struct global *global)
{
    return global->state == GLOBAL_SCRIPT && !global->statement &&
           strcmp(global->name, "_TLS_MODULE_BASE_") == 0;
}

/* lld calls it 0, though it counts as what GNU ld has: the size of a thread's data. */
static void make_of_threads(const struct elf *elf, struct elf_entry *entry)
{
    entry->info = elf_info(STB_GLOBAL, STT_TLS);
    if (elf->link->form.as_lld)
        elf_set_special(entry, SHN_ABS, 0);
    else
        elf_count_in_thread(elf, entry);
}

/* `a = b` in a script makes an alias, which is a function when b is. */
static unsigned char type_by_script(const struct elf *elf, const struct global *global)
{
    const struct link *link = elf->link;
    const struct statement *s = global->statement;
    uint32_t other = s && s->value && s->value->kind == EXPR_NAME
                         ? global_find_wrapped(link, s->value->name)
                         : NONE;
    if (other == NONE || link->globals.at[other].state == GLOBAL_SCRIPT ||
        link->globals.at[other].input == NONE)
        return STT_NOTYPE;
    const struct global *its = &link->globals.at[other];
    return elf_symbol_type(link->inputs.at[its->input].object->symbols[its->symbol].kind);
}

static bool make_by_script(const struct elf *elf, const struct global *global,
                           struct elf_entry *entry)
{
    if (!global->settled)
        return false;
    uint32_t section = elf_section_near(elf, global);
    entry->info = elf_info(STB_GLOBAL, type_by_script(elf, global));
    entry->value = global->value;
    entry->section = section;
    entry->is_special = section == SHN_ABS;
    if (elf->is_object && !entry->is_special)
        entry->value -= elf->sections.at[section].address;
    if (names_threads(global))
        make_of_threads(elf, entry);
    return true;
}

/* Of a variable of threads the first that names it says so, and sometimes of others. */
static unsigned char type_by_reference(const struct elf *elf, const struct global *global)
{
    if (global->input == NONE)
        return STT_NOTYPE;
    const struct object *object = elf->link->inputs.at[global->input].object;
    return elf_symbol_type(object->symbols[global->symbol].kind);
}

/* An executable keeps the undefined symbols that were named, whether or not an object asks for
 * them; of the others none that it could do without. Assemblers name the global offset table
 * wherever a slot of it is, which may have become needless. */
static bool make_undefined(const struct elf *elf, uint32_t index, struct elf_entry *entry)
{
    const struct global *global = &elf->link->globals.at[index];
    bool is_weak = global->state == GLOBAL_WEAK_UNDEFINED;
    bool is_table = !elf->is_object && strcmp(global->name, "_GLOBAL_OFFSET_TABLE_") == 0;
    bool is_asked = elf->has_relocations && global->input != NONE && !is_table;
    if (!is_asked && (is_weak || !elf->named[index]))
        return false;
    entry->info = elf_info(is_weak ? STB_WEAK : STB_GLOBAL, type_by_reference(elf, global));
    elf_set_special(entry, SHN_UNDEF, 0);
    return true;
}

static unsigned binding_of(const struct global *global, const struct symbol *symbol)
{
    if (symbol->binding == BIND_UNIQUE)
        return STB_GNU_UNIQUE;
    return global->state == GLOBAL_WEAK_DEFINED ? STB_WEAK : STB_GLOBAL;
}

static bool make_defined(const struct elf *elf, const struct global *global,
                         struct elf_entry *entry)
{
    const struct symbol *symbol =
        &elf->link->inputs.at[global->input].object->symbols[global->symbol];
    entry->info = elf_info(binding_of(global, symbol), elf_symbol_type(symbol->kind));
    entry->size = symbol->size;
    if (global->state == GLOBAL_COMMON) {
        entry->size = global->value;
        elf_set_special(entry, SHN_COMMON, global->align);
        return true;
    }
    if (global->atom != NONE && elf_set_home(elf, global->atom, global->value, entry)) {
        elf_count_in_thread(elf, entry);
        return true;
    }
    if (global->atom != NONE)
        return elf_set_home_beside(elf, global->atom, global->value, entry);
    elf_set_special(entry, SHN_ABS, global->value);
    return true;
}

bool elf_make_global(const struct elf *elf, uint32_t index, struct elf_entry *entry)
{
    const struct global *global = &elf->link->globals.at[index];
    *entry = (struct elf_entry){0};
    switch (global->state) {
    case GLOBAL_SCRIPT: return make_by_script(elf, global, entry);
    case GLOBAL_UNDEFINED:
    case GLOBAL_WEAK_UNDEFINED: return make_undefined(elf, index, entry);
    default: return make_defined(elf, global, entry);
    }
}

/* ---- how far it can be seen ---- */

bool elf_is_hidden(const struct elf *elf, uint32_t index, const uint8_t *visibility)
{
    const struct global *global = &elf->link->globals.at[index];
    const struct form *form = &elf->link->form;
    bool is_narrow = visibility[index] == VISIBLE_HIDDEN || visibility[index] == VISIBLE_INTERNAL;
    const struct dynamic *dynamic = elf->link->dynamic;
    bool is_bound = form->as_lld || form->shared || (dynamic && dynamic->is_called[index]);
    if (global->state <= GLOBAL_WEAK_UNDEFINED)
        return false;
    if (global->is_own || (is_bound && is_narrow))
        return true;
    return global->state == GLOBAL_SCRIPT && global->statement &&
           global->statement->flags & ASSIGN_HIDDEN;
}

/* GNU ld does not say why it made them local; lld does, but not the type of what no object hides.
 */
void elf_hide(const struct elf *elf, uint8_t visibility, struct elf_entry *entry)
{
    bool is_lld = elf->link->form.as_lld;
    entry->info = elf_info(STB_LOCAL, is_lld && !visibility ? STT_NOTYPE : entry->info & 15u);
    entry->other = STV_DEFAULT;
    if (is_lld)
        entry->other = visibility ? visibility : STV_HIDDEN;
}
