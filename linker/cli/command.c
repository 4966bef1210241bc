/* SPDX-License-Identifier: MIT
 *
 * What each option does to a link. */
#include "command.h"

#include "options.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- lists ---- */

static bool add_text(struct texts *texts, const char *text)
{
    const char **larger = grow(texts->at, texts->count, sizeof *larger);
    if (!larger)
        return false;
    texts->at = larger;
    texts->at[texts->count++] = text;
    return true;
}

static bool add_item(struct command *command, struct item item)
{
    struct item *larger = grow(command->items, command->item_count, sizeof *larger);
    if (!larger)
        return false;
    command->items = larger;
    command->items[command->item_count++] = item;
    return true;
}

static bool add_mode(struct command *command, welt_mode mode, int on)
{
    return add_item(command, (struct item){.kind = ITEM_MODE, .mode = mode, .on = on});
}

/* ---- numbers ---- */

/* GNU ld reads the addresses of -Ttext and --section-start as hexadecimal, with or without 0x. */
static bool read_address(const char *option, const char *text, uint64_t *address)
{
    char *end;
    *address = strtoull(text, &end, 16);
    if (*text && !*end && *text != '-')
        return true;
    mistake("`%.100s' of %s is no hexadecimal address", text, option);
    return false;
}

/* "512", "0x1000", "64K", "1.44M" (a floppy disk: 1.44 x 1000 x 1024), "2M". */
static bool read_size(const char *option, const char *text, uint64_t *size)
{
    static const struct {
        const char *name;
        uint64_t size;
    } floppies[] = {{"160K", 163840}, {"180K", 184320},  {"320K", 327680},   {"360K", 368640},
                    {"720K", 737280}, {"1.2M", 1228800}, {"1.44M", 1474560}, {"2.88M", 2949120}};
    for (size_t i = 0; i < sizeof floppies / sizeof *floppies; i++)
        if (strcasecmp(text, floppies[i].name) == 0) {
            *size = floppies[i].size;
            return true;
        }
    char *end;
    uint64_t number = strtoull(text, &end, 0);
    unsigned shift = *end == 'K' || *end == 'k' ? 10 : *end == 'M' || *end == 'm' ? 20 : 0;
    bool fine = *text && *text != '-' && end != text && !end[shift ? 1 : 0] &&
                number <= UINT64_MAX >> shift;
    *size = number << shift;
    if (!fine)
        mistake("`%.100s' of %s is no size: 512, 0x1000, 64K, 1.44M", text, option);
    return fine;
}

static bool add_start(struct command *command, const char *section, const char *option,
                      const char *text)
{
    welt_section_start start = {.section = section};
    if (!read_address(option, text, &start.address))
        return false;
    welt_section_start *larger = grow(command->starts, command->start_count, sizeof *larger);
    if (!larger)
        return false;
    command->starts = larger;
    command->starts[command->start_count++] = start;
    return true;
}

static bool add_section_start(struct command *command, const char *text)
{
    const char *equals = strchr(text, '=');
    if (!equals || equals == text) {
        mistake("--section-start takes SECTION=ADDRESS, not `%.100s'", text);
        return false;
    }
    char *section = strndup(text, (size_t)(equals - text));
    if (section && add_text(&command->owned, section))
        return add_start(command, section, "--section-start", equals + 1);
    free(section);
    return false;
}

/* ---- words with a fixed set of values ---- */

static bool take_word(const char *option, const char *value, const char *const *words, int count,
                      int *index)
{
    for (*index = 0; *index < count; ++*index)
        if (strcmp(value, words[*index]) == 0)
            return true;
    char known[200] = "";
    for (int i = 0; i < count; i++)
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s", i ? ", " : "",
                 words[i]);
    mistake("`%.100s' is no value of %s: there are %s", value, option, known);
    return false;
}

static bool take_icf(welt_options *options, const char *value)
{
    static const char *const words[] = {"none", "safe", "all"};
    int index;
    if (!take_word("--icf", value, words, 3, &index))
        return false;
    options->icf = (welt_icf)index;
    return true;
}

static bool take_dialect(welt_options *options, const char *value)
{
    static const char *const words[] = {"gnu", "lld"};
    int index;
    if (!take_word("--dialect", value, words, 2, &index))
        return false;
    options->dialect = (welt_dialect)index;
    return true;
}

static bool take_runtime(welt_options *options, const char *value)
{
    static const char *const words[] = {"none", "cdecl", "regparm3"};
    int index;
    if (!take_word("--runtime", value, words, 3, &index))
        return false;
    options->runtime = (welt_runtime)(index + 1);
    return true;
}

static bool take_unresolved(welt_options *options, const char *value)
{
    static const char *const words[] = {"report-all", "ignore-in-shared-libs", "ignore-all",
                                        "ignore-in-object-files"};
    int index;
    if (!take_word("--unresolved-symbols", value, words, 4, &index))
        return false;
    options->unresolved = index < 2 ? WELT_UNRESOLVED_ERROR : WELT_UNRESOLVED_IGNORE;
    return true;
}

static bool take_format(welt_options *options, const char *value)
{
    static const char *const words[] = {"binary", "elf32-i386"};
    int index;
    if (!take_word("--oformat", value, words, 2, &index))
        return false;
    options->format = index ? WELT_FORMAT_ELF32_I386 : WELT_FORMAT_BINARY;
    return true;
}

static bool take_emulation(const char *value)
{
    if (strcmp(value, "elf_i386") == 0)
        return true;
    mistake("-m %.100s: Welt links 32-bit ELF objects, -m elf_i386", value);
    return false;
}

static bool take_page_size(const char *value, const char *keyword, uint64_t *size)
{
    size_t length = strlen(keyword);
    if (strncmp(value, keyword, length) != 0 || value[length] != '=')
        return true;
    if (!read_size("-z", value + length + 1, size))
        return false;
    if (*size && !(*size & (*size - 1)))
        return true;
    mistake("-z %.100s: a page's size is a power of two", value);
    return false;
}

static bool take_keyword(welt_options *options, const char *value)
{
    const struct {
        const char *keyword;
        welt_switch *choice;
    } switches[] = {{"separate-code", &options->separate_code}, {"relro", &options->relro}};
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        if (strcmp(value, switches[i].keyword) == 0)
            *switches[i].choice = WELT_ON;
        if (strncmp(value, "no", 2) == 0 && strcmp(value + 2, switches[i].keyword) == 0)
            *switches[i].choice = WELT_OFF;
    }
    options->allow_multiple_definition |= strcmp(value, "muldefs") == 0;
    return take_page_size(value, "max-page-size", &options->max_page_size) &&
           take_page_size(value, "common-page-size", &options->common_page_size);
}

static bool take_number(const char *option, const char *value, unsigned *number)
{
    char *end;
    unsigned long read = strtoul(value, &end, 10);
    *number = (unsigned)read;
    if (*value && !*end && *value != '-' && read < UINT32_MAX)
        return true;
    mistake("`%.100s' of %s is no number", value, option);
    return false;
}

/* ---- one option ---- */

static bool act_on_input(struct command *command, enum action action, const char *value)
{
    switch (action) {
    case DO_LIBRARY: return add_item(command, (struct item){.kind = ITEM_LIBRARY, .name = value});
    case DO_WHOLE_ARCHIVE: return add_mode(command, WELT_MODE_WHOLE_ARCHIVE, 1);
    case DO_NO_WHOLE_ARCHIVE: return add_mode(command, WELT_MODE_WHOLE_ARCHIVE, 0);
    case DO_START_GROUP: return add_mode(command, WELT_MODE_GROUP, 1);
    default: return add_mode(command, WELT_MODE_GROUP, 0);
    }
}

static bool act_on_place(struct command *command, enum action action, const char *value)
{
    switch (action) {
    case DO_TTEXT: return add_start(command, ".text", "-Ttext", value);
    case DO_TDATA: return add_start(command, ".data", "-Tdata", value);
    case DO_TBSS: return add_start(command, ".bss", "-Tbss", value);
    case DO_TTEXT_SEGMENT: return add_start(command, "text-segment", "-Ttext-segment", value);
    case DO_SECTION_START: return add_section_start(command, value);
    case DO_PAD_TO: return read_size("--pad-to", value, &command->options.pad_to);
    case DO_MAX_IMAGE_SIZE:
        return read_size("--max-image-size", value, &command->options.max_image_size);
    default: return take_format(&command->options, value);
    }
}

static void act_on_switch(struct command *command, enum action action)
{
    welt_options *options = &command->options;
    switch (action) {
    case DO_OMAGIC: options->omagic = 1; break;
    case DO_NMAGIC: options->nmagic = 1; break;
    case DO_CHECK_SECTIONS: options->no_check_sections = 0; break;
    case DO_NO_CHECK_SECTIONS: options->no_check_sections = 1; break;
    case DO_GC: options->gc = WELT_ON; break;
    case DO_NO_GC: options->gc = WELT_OFF; break;
    case DO_MERGE: options->merge = WELT_ON; break;
    case DO_NO_MERGE: options->merge = WELT_OFF; break;
    case DO_NO_RUNTIME: options->runtime = WELT_RUNTIME_NONE; break;
    case DO_WARN_UNRESOLVED: options->unresolved = WELT_UNRESOLVED_WARN; break;
    case DO_ERROR_UNRESOLVED: options->unresolved = WELT_UNRESOLVED_ERROR; break;
    case DO_MULDEFS: options->allow_multiple_definition = 1; break;
    case DO_FATAL_WARNINGS: options->fatal_warnings = 1; break;
    case DO_NO_FATAL_WARNINGS: options->fatal_warnings = 0; break;
    case DO_PRINT_MAP: command->print_map = true; break;
    case DO_QUIET: command->quiet = true; break;
    case DO_VERBOSE: command->verbose = true; break;
    case DO_VERSION: command->print_version = true; break;
    case DO_HELP: command->print_help = true; break;
    case DO_MANUAL: command->print_manual = true; break;
    default: break;
    }
}

static bool take_limit(welt_options *options, const char *value)
{
    if (!take_number("--error-limit", value, &options->max_errors))
        return false;
    if (!options->max_errors)
        options->max_errors = UINT32_MAX;
    return true;
}

static bool act(struct command *command, enum action action, const char *value)
{
    welt_options *options = &command->options;
    switch (action) {
    case DO_OUTPUT: command->output = value; return true;
    case DO_SCRIPT: options->script_path = value; return true;
    case DO_LAYOUT: options->layout = value; return true;
    case DO_ENTRY: options->entry = value; return true;
    case DO_TEMPLATE: options->template_path = value; return true;
    case DO_MAP: command->map = value; return true;
    case DO_LISTING: command->listing = value; return true;
    case DO_PRINT_LAYOUT: command->print_layout = value; return true;
    case DO_LIBRARY_PATH: return add_text(&command->search_dirs, value);
    case DO_UNDEFINED: return add_text(&command->undefined, value);
    case DO_DEFSYM: return add_text(&command->defsyms, value);
    case DO_ICF: return take_icf(options, value);
    case DO_RUNTIME: return take_runtime(options, value);
    case DO_UNRESOLVED: return take_unresolved(options, value);
    case DO_ERROR_LIMIT: return take_limit(options, value);
    case DO_EMULATION: return take_emulation(value);
    case DO_DIALECT: return take_dialect(options, value);
    case DO_KEYWORD: return take_keyword(options, value);
    case DO_LIBRARY:
    case DO_WHOLE_ARCHIVE:
    case DO_NO_WHOLE_ARCHIVE:
    case DO_START_GROUP:
    case DO_END_GROUP: return act_on_input(command, action, value);
    case DO_TTEXT:
    case DO_TDATA:
    case DO_TBSS:
    case DO_TTEXT_SEGMENT:
    case DO_SECTION_START:
    case DO_PAD_TO:
    case DO_MAX_IMAGE_SIZE:
    case DO_OFORMAT: return act_on_place(command, action, value);
    default: act_on_switch(command, action); return true;
    }
}

/* ---- the whole line ---- */

static void close_command(struct command *command)
{
    welt_options *options = &command->options;
    if (!command->output)
        command->output = "a.out";
    options->output_name = command->output;
    options->undefined = command->undefined.at;
    options->undefined_count = command->undefined.count;
    options->defsyms = command->defsyms.at;
    options->defsym_count = command->defsyms.count;
    options->search_dirs = command->search_dirs.at;
    options->search_dir_count = command->search_dirs.count;
    options->section_starts = command->starts;
    options->section_start_count = command->start_count;
}

bool read_command(struct command *command, int count, char **arguments)
{
    struct words words = {0};
    *command = (struct command){.options = WELT_OPTIONS_INIT};
    bool fine = read_responses(&words, count > 0 ? count - 1 : 0, arguments + 1) &&
                choose_face(&command->options, count ? arguments[0] : "welt", &words);
    while (fine && words.next < words.count) {
        const char *value;
        const struct option *option = next_option(&words, &value);
        fine =
            value && (option ? act(command, option->action, value)
                             : add_item(command, (struct item){.kind = ITEM_FILE, .name = value}));
    }
    close_command(command);
    command->words = words;
    return fine;
}

void free_command(struct command *command)
{
    for (size_t i = 0; i < command->owned.count; i++)
        free((char *)command->owned.at[i]);
    free(command->owned.at);
    free(command->undefined.at);
    free(command->defsyms.at);
    free(command->search_dirs.at);
    free(command->starts);
    free(command->items);
    free_words(&command->words);
}
