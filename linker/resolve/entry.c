/* SPDX-License-Identifier: MIT
 *
 * The entry: the first instruction that runs.
 *
 * A flat image has no field that says where it begins: the BIOS jumps to its first byte. So the
 * entry is not only a name but decides what stands first. It is -e, else the script's ENTRY, else
 * `_start`, else `start`. In a boot build that has none of these, `main` pulls the runtime's crt0
 * (which defines _start, or a layout's PROVIDE does); with no `main` either, the first code of the
 * first input is the entry, as when a sector is written by hand in one assembly file. */
#include "resolve/inputs.h"

#include "ask.h"
#include "resolve/suggest.h"
#include "steps.h"

#include <stdlib.h>
#include <string.h>

static bool is_defined(const struct link *link, const char *name)
{
    uint32_t global = global_find(link, name);
    return global != NONE && link->globals.at[global].state > GLOBAL_WEAK_UNDEFINED;
}

/* Whether a usual name of entries is one here: a program may have a variable called `start`. */
static bool is_code(const struct link *link, const char *name)
{
    uint32_t index = global_find(link, name);
    if (index == NONE || link->globals.at[index].state <= GLOBAL_WEAK_UNDEFINED)
        return false;
    const struct global *global = &link->globals.at[index];
    if (global->state == GLOBAL_SCRIPT)
        return true;
    const struct object *object = link->inputs.at[global->input].object;
    const struct symbol *symbol = &object->symbols[global->symbol];
    if (global->state == GLOBAL_COMMON || symbol->kind == SYMBOL_OBJECT)
        return false;
    return symbol->home != HOME_SECTION || (object->sections[symbol->section].flags & SECTION_EXEC);
}

bool read_entry_number(const char *text, uint64_t *number)
{
    char *end;
    if (!text)
        return false;
    *number = strtoull(text, &end, 0);
    return *text && !*end;
}

static bool is_number(const char *text)
{
    uint64_t number;
    return read_entry_number(text, &number);
}

/* Whether a boot build's entry exists or can be had; "" stands for the first code of the first
 * input. */
static const char *boot_entry(struct link *link, const char *by_script)
{
    if (by_script && is_defined(link, by_script))
        return by_script;
    if (is_code(link, "_start"))
        return "_start";
    if (is_code(link, "start"))
        return "start";
    if (is_code(link, "main"))
        return by_script ? by_script : "_start";
    return "";
}

static const char *ld_entry(struct link *link, const char *by_script)
{
    if (by_script)
        return by_script;
    return is_defined(link, "start") && !is_defined(link, "_start") ? "start" : "_start";
}

const char *known_entry(const struct link *link)
{
    const char *name = link->set->given.entry;
    if (!name && link->set->face == WELT_FACE_LD)
        name = link->script->entry;
    return name && *name && !is_number(name) ? name : NULL;
}

void name_entry(struct link *link)
{
    const char *by_option = link->set->given.entry, *by_script = link->script->entry;
    const char *name = by_option;
    if (!name)
        name = link->set->face == WELT_FACE_BOOT ? boot_entry(link, by_script)
                                                 : ld_entry(link, by_script);
    link->entry_global = NONE;
    link->entry_atom = NONE;
    if (!*name || is_number(name))
        return;
    link->entry_name = name;
    link->entry_global = global_intern(link, name, (uint32_t)strlen(name));
    struct global *global = &link->globals.at[link->entry_global];
    global->is_root = true;
    global->referenced = true;
    if (global->state == GLOBAL_WEAK_UNDEFINED)
        global->state = GLOBAL_UNDEFINED;
}

/* An entry may be an alias that the layout provides: `PROVIDE(_start = __start_mbr)`. */
static struct target follow_alias(const struct link *link, uint32_t global)
{
    for (int depth = 0; depth < 16; depth++) {
        const struct statement *by = link->globals.at[global].statement;
        if (link->globals.at[global].state != GLOBAL_SCRIPT || !by || !by->value ||
            by->value->kind != EXPR_NAME)
            break;
        uint32_t next = global_find_wrapped(link, by->value->name);
        if (next == NONE)
            break;
        global = next;
    }
    return global_target(link, global);
}

static uint32_t first_code(const struct link *link)
{
    for (size_t i = 0; i < link->inputs.count; i++) {
        const struct input *input = &link->inputs.at[i];
        for (uint32_t s = 1; s < input->object->section_count; s++) {
            const struct section *section = &input->object->sections[s];
            bool is_code = (section->flags & SECTION_ALLOC) && (section->flags & SECTION_EXEC);
            if (is_code && section->size && section->atom_count && !input->section_gone[s])
                return input->first_atom + section->first_atom;
        }
    }
    return NONE;
}

/* Of an atom, what atoms[] and atom_section() tell once the states of atoms are made. */
static uint32_t input_of(const struct link *link, uint32_t atom)
{
    const struct input *input = link->inputs.at;
    while (atom >= input->first_atom + input->object->atom_count)
        input++;
    return (uint32_t)(input - link->inputs.at);
}

static const struct section *section_of(const struct link *link, uint32_t atom)
{
    const struct input *input = &link->inputs.at[input_of(link, atom)];
    return &input->object->sections[input->object->atoms[atom - input->first_atom].section];
}

/* A sector written by hand: exactly 512 bytes that end in 55 AA; or in AA 55, which its author took
 * for the signature: the check `signature' tells of that, not of a budget of 510 bytes. */
static bool carries_signature(const struct section *section)
{
    if (!section->bytes || section->size != 512)
        return false;
    unsigned first = section->bytes[510], second = section->bytes[511];
    return (first == 0x55 && second == 0xaa) || (first == 0xaa && second == 0x55);
}

/* Where the user's script names it; none when an option does. */
static struct place place_of_entry(const struct link *link)
{
    bool by_script = is_script_given(link) && !link->set->given.entry;
    return by_script ? place_in_script(link->script->entry_place) : (struct place){0};
}

/* GNU ld's rule: only who named an entry hears that it is missing, and its default script does. */
static void warn_missing(struct link *link)
{
    bool is_named = link->set->given.entry || link->script->entry;
    bool is_undefined = link->globals.at[link->entry_global].state <= GLOBAL_WEAK_UNDEFINED;
    if (!is_undefined || !is_named || link->form.kind == FORM_RELOCATABLE)
        return;
    bool is_boot = link->set->face == WELT_FACE_BOOT;
    const char *hint = suggest_linkage(link, link->entry_name);
    if (!hint && is_boot)
        hint = "define it, or name another with -e";
    struct place place = place_of_entry(link);
    place.symbol = link->entry_name;
    diagnose(link->host, is_boot ? WELT_ERROR : WELT_WARNING, "entry", place, hint,
             "entry symbol `%s' is not defined", link->entry_name);
}

static bool defines_functions(const struct object *object)
{
    for (uint32_t s = 1; s < object->symbol_count; s++)
        if (object->symbols[s].kind == SYMBOL_FUNCTION && object->symbols[s].home == HOME_SECTION)
            return true;
    return false;
}

/* An image of compiled code that begins with whatever function stands first was hardly meant so;
 * one written in assembly was. */
static void warn_of_first_code(struct link *link)
{
    const char *by_script = link->set->given.script_path ? link->script->entry : NULL;
    const struct object *first = link->inputs.at[0].object;
    const char *hint = "is the object with main missing, or main static? -e SYMBOL names the entry";
    const char *linkage = suggest_linkage(link, "main");
    if (linkage)
        hint = linkage;
    if (is_defined(link, "_main"))
        hint = "`_main' is defined: drop the underscore (-fno-leading-underscore)";
    if (by_script && !is_defined(link, by_script))
        diagnose(
            link->host, WELT_WARNING, "entry", (struct place){.symbol = by_script}, NULL,
            "entry symbol `%s' of the script is not defined: the image begins with its first code",
            by_script);
    else if (!link->signed_sector && defines_functions(first))
        diagnose(link->host, WELT_WARNING, "entry", input_place(link, 0), hint,
                 "no _start and no main: the image begins with the first code, without start-up");
}

static void check_code(struct link *link)
{
    if (link->entry_atom == NONE && first_code(link) == NONE)
        diagnose(link->host, WELT_ERROR, "entry", (struct place){0}, NULL,
                 "there is nothing to boot: no input has code");
}

/* Code of a section without "a", or in .bss, is left out of the image whatever enters it. */
static void check_entry_bytes(struct link *link)
{
    if (link->entry_atom == NONE || link->entry_global == NONE)
        return;
    const struct section *section = section_of(link, link->entry_atom);
    if ((section->flags & SECTION_ALLOC) && !(section->flags & SECTION_NOBITS))
        return;
    struct place place = input_place(link, input_of(link, link->entry_atom));
    place.symbol = link->entry_name;
    diagnose(link->host, WELT_ERROR, "entry", place,
             ".section .text,\"ax\",@progbits before it makes it code",
             "there is nothing to boot: the entry is in section `%.200s', which has no bytes in "
             "the image",
             section->name);
}

/* A symbol that the linker provides to layouts, when one of them names it and nothing defines it.
 */
static void offer(struct link *link, const char *name, bool always)
{
    uint32_t index = global_find(link, name);
    if (index == NONE && always)
        index = global_intern(link, name, (uint32_t)strlen(name));
    if (index == NONE || link->globals.at[index].state > GLOBAL_WEAK_UNDEFINED)
        return;
    struct global *global = &link->globals.at[index];
    global->state = GLOBAL_SCRIPT;
    global->value = 1;
    global->settled = true;
}

/* Requires: every input. Provides: the entry's atom and offset in it. */
void choose_entry(struct link *link)
{
    if (link->entry_global != NONE) {
        struct target target = follow_alias(link, link->entry_global);
        if (target.kind == TARGET_ATOM) {
            link->entry_atom = target.atom;
            link->entry_offset = target.offset;
        } else {
            warn_missing(link);
        }
    } else if (link->set->face == WELT_FACE_BOOT && !link->set->given.entry) {
        link->entry_atom = first_code(link);
    }
    bool is_free = link->entry_global == NONE && !link->set->given.entry;
    if (link->set->face == WELT_FACE_BOOT && is_free)
        check_code(link);
    if (link->set->face == WELT_FACE_BOOT)
        check_entry_bytes(link);
    if (link->entry_atom != NONE)
        link->signed_sector = carries_signature(section_of(link, link->entry_atom));
    if (link->entry_atom != NONE && link->entry_global == NONE)
        warn_of_first_code(link);
    if (link->signed_sector)
        offer(link, "__signed_sector",
              link->set->face == WELT_FACE_BOOT || link->set->given.layout);
    offer(link, "__entry", false);
}
