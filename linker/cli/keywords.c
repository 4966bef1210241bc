/* SPDX-License-Identifier: MIT
 *
 * Words that ld has many of: of -z (GNU ld 2.40's manual, 2.1 "Command-line Options", and lld
 * 19's), of -m, of --oformat. */
#include "keywords.h"

#include "values.h"

#include <elf.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ---- -z ---- */

/* A keyword that sets a field of the options. */
static const struct {
    const char *name;
    size_t field;
    int value;
} keywords[] = {
    {"muldefs", offsetof(welt_options, allow_multiple_definition), 1},
    {"defs", offsetof(welt_options, unresolved), WELT_UNRESOLVED_ERROR},
    {"undefs", offsetof(welt_options, unresolved), WELT_UNRESOLVED_IGNORE},
    {"separate-code", offsetof(welt_options, separate_code), WELT_ON},
    {"noseparate-code", offsetof(welt_options, separate_code), WELT_OFF},
    {"relro", offsetof(welt_options, relro), WELT_ON},
    {"norelro", offsetof(welt_options, relro), WELT_OFF},
    {"execstack", offsetof(welt_options, executable_stack), WELT_ON},
    {"separate-loadable-segments", offsetof(welt_options, separate_loads), 1},
    {"start-stop-gc", offsetof(welt_options, start_stop_gc), WELT_ON},
    {"nostart-stop-gc", offsetof(welt_options, start_stop_gc), WELT_OFF},
    {"noexecstack", offsetof(welt_options, executable_stack), WELT_OFF},
    {"text", offsetof(welt_options, no_text_relocations), 1},
    {"notext", offsetof(welt_options, no_text_relocations), 0},
    {"textoff", offsetof(welt_options, no_text_relocations), 0},
};

static bool is_set_by_keyword(welt_options *options, const char *keyword)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (strcmp(keyword, keywords[i].name) != 0)
            continue;
        if (keywords[i].field == offsetof(welt_options, separate_code))
            options->separate_loads = 0; /* of the three ways the last counts */
        memcpy((char *)options + keywords[i].field, &keywords[i].value, sizeof(int));
        return true;
    }
    return false;
}

/* What a keyword tells the loader of a movable image: bits that it sets, or takes back. */
static const struct {
    const char *name;
    uint32_t flags, flags_1;
    bool is_off;
} for_loader[] = {
    {"now", DF_BIND_NOW, DF_1_NOW, false},     {"lazy", DF_BIND_NOW, DF_1_NOW, true},
    {"origin", DF_ORIGIN, DF_1_ORIGIN, false}, {"global", 0, DF_1_GLOBAL, false},
    {"nodelete", 0, DF_1_NODELETE, false},     {"loadfltr", 0, DF_1_LOADFLTR, false},
    {"initfirst", 0, DF_1_INITFIRST, false},   {"nodlopen", 0, DF_1_NOOPEN, false},
    {"interpose", 0, DF_1_INTERPOSE, false},   {"nodefaultlib", 0, DF_1_NODEFLIB, false},
    {"nodump", 0, DF_1_NODUMP, false},         {"globalaudit", 0, DF_1_GLOBAUDIT, false},
};

static bool tells_loader(welt_options *options, const char *keyword)
{
    for (size_t i = 0; i < sizeof for_loader / sizeof *for_loader; i++) {
        if (strcmp(keyword, for_loader[i].name) != 0)
            continue;
        uint32_t flags = for_loader[i].flags, flags_1 = for_loader[i].flags_1;
        bool is_off = for_loader[i].is_off;
        options->loader_flags = (options->loader_flags & ~flags) | (is_off ? 0 : flags);
        options->loader_flags_1 = (options->loader_flags_1 & ~flags_1) | (is_off ? 0 : flags_1);
        return true;
    }
    return false;
}

static bool take_page_size(const char *text, uint64_t *size)
{
    if (!read_size("-z", text, size))
        return false;
    if (*size && !(*size & (*size - 1)))
        return true;
    mistake("`%.100s' of -z is no page's size, which is a power of two", text);
    return false;
}

/* What a keyword is about: ELF segments, dynamic loading, the processor's marks. `=` at the end:
 * whatever follows. */
static const char ignored_keywords[] =
    "unique-symbol nounique-symbol start-stop-visibility= combreloc nocombreloc unique "
    "nounique nocopyreloc copyreloc common nocommon extern-protected-data "
    "noextern-protected-data indirect-extern-access noindirect-extern-access "
    "dynamic-undefined-weak nodynamic-undefined-weak noreloc-overflow call-nop= ibtplt "
    "ibt shstk force-ibt cet-report= report-relative-reloc x86-64-baseline x86-64-v2 "
    "x86-64-v3 x86-64-v4 lam-u48 lam-u48-report= lam-u57 lam-u57-report= lam-report= "
    "pack-relative-relocs nopack-relative-relocs keep-text-section-prefix "
    "nokeep-text-section-prefix nognustack retpolineplt hazardplt wxneeded rodynamic "
    "ifunc-noplt dead-reloc-in-nonalloc= pac-plt force-bti lrodata-after-bss "
    "nolrodata-after-bss";

static bool is_ignored_keyword(const char *keyword)
{
    size_t size = strcspn(keyword, "=");
    size += keyword[size] == '=';
    for (const char *at = ignored_keywords; *at; at += *at == ' ') {
        size_t its = strcspn(at, " ");
        if (its == size && memcmp(at, keyword, size) == 0)
            return true;
        at += its;
    }
    return false;
}

bool take_keyword(struct command *command, const char *keyword)
{
    welt_options *options = &command->options;
    const char *number = strchr(keyword, '=');
    if (strncmp(keyword, "max-page-size=", 14) == 0)
        return take_page_size(number + 1, &options->max_page_size);
    if (strncmp(keyword, "common-page-size=", 17) == 0)
        return take_page_size(number + 1, &options->common_page_size);
    if (strncmp(keyword, "stack-size=", 11) == 0)
        return read_size("-z stack-size", number + 1, &options->stack_size);
    if (!is_set_by_keyword(options, keyword) && !tells_loader(options, keyword) &&
        !is_ignored_keyword(keyword))
        warn_of("-z %.100s is ignored: no linker knows it", keyword);
    return true;
}

/* ---- --oformat ---- */

bool take_format(welt_options *options, const char *name)
{
    if (strcmp(name, "binary") == 0) {
        options->format = WELT_FORMAT_BINARY;
        return true;
    }
    if (strcmp(name, "elf32-i386") == 0 || strcmp(name, "elf") == 0) {
        options->format = WELT_FORMAT_ELF32_I386;
        return true;
    }
    if (strcmp(name, "elf64-x86-64") == 0) {
        options->format = WELT_FORMAT_ELF64_X86_64;
        return true;
    }
    mistake("`%.100s' is no value of --oformat: there are binary, elf32-i386, elf64-x86-64", name);
    return false;
}

/* ---- -m ---- */

static bool is_one_of(const char *name, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static bool refuse_emulation(const char *name, const char *how)
{
    static const char *const windows[] = {"i386pe", "i386pep", "i386pe_posix"};
    if (is_one_of(name, windows, 3))
        mistake("%s%.100s: Welt makes no Windows programs: objects of ELF and -m elf_i386", how,
                name);
    else if (strcmp(name, "elf_iamcu") == 0 || strcmp(name, "elf32_x86_64") == 0)
        mistake("%s%.100s: Welt links objects for i386 and x86-64: there are elf_i386, elf_x86_64",
                how, name);
    else
        mistake("%s%.100s: there is no such emulation: there are elf_i386, elf_x86_64", how, name);
    return false;
}

bool check_emulation(struct command *command)
{
    const char *from_outside = getenv("LDEMULATION");
    const char *name = command->emulation ? command->emulation : from_outside;
    const char *how = command->emulation ? "-m " : "LDEMULATION=";
    if (!name || !*name)
        return true;
    if (strcmp(name, "elf_i386") == 0)
        command->options.emulation = WELT_FORMAT_ELF32_I386;
    else if (strcmp(name, "elf_x86_64") == 0)
        command->options.emulation = WELT_FORMAT_ELF64_X86_64;
    else
        return refuse_emulation(name, how);
    return true;
}
