/* SPDX-License-Identifier: MIT
 *
 * What each option does to a link: a field of the command that the option table names, or an action
 * of its own.
 *
 * Requires: options as next_option() finds them, in the order of the line. Provides: the fields of
 * struct command that they say. */
#include "apply.h"

#include "keywords.h"
#include "memory.h"
#include "support/folder.h"
#include "values.h"

#include <stdio.h>
#include <string.h>

static bool add_mode(struct command *command, welt_mode mode, int on)
{
    return add_item(command, (struct item){.kind = ITEM_MODE, .mode = mode, .on = on});
}

/* ---- addresses of sections ---- */

static bool add_start(struct command *command, const char *section, const char *option,
                      const char *text)
{
    welt_section_start start = {.section = section};
    if (!read_address(option, text, &start.address))
        return false;
    command->starts = grow(command->starts, command->start_count, sizeof *command->starts);
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
    const char *section = own_text(command, make_text("%.*s", (int)(equals - text), text));
    return add_start(command, section, "--section-start", equals + 1);
}

/* ---- options of one field, as the table says ---- */

static void set_field(struct command *command, const struct option *option, int value)
{
    char *field = (char *)command + option->field;
    if (option->field_size == sizeof(bool))
        *(bool *)field = value != 0;
    else
        memcpy(field, &value, sizeof value); /* int or an enum */
}

static bool choose(struct command *command, const struct option *option, const char *value)
{
    char title[64];
    const char *names = option->names;
    struct option_name name;
    int index;
    next_name(&names, &name);
    snprintf(title, sizeof title, "--%.*s", (int)name.size, name.text);
    if (!read_word(title, value, option->argument_name, &index))
        return false;
    set_field(command, option, option->value + index);
    return true;
}

static bool refuse(const struct option *option, const char *word)
{
    mistake("option `%.100s' is refused: %s", word, option->help);
    return false;
}

/* ---- options that ask for more ---- */

static bool take_unresolved(welt_options *options, const char *value)
{
    int index;
    if (!read_word("--unresolved-symbols", value,
                   "report-all|ignore-in-shared-libs|ignore-all|ignore-in-object-files", &index))
        return false;
    options->unresolved = index < 2 ? WELT_UNRESOLVED_ERROR : WELT_UNRESOLVED_IGNORE;
    return true;
}

static bool take_sort_common(welt_options *options, const char *value)
{
    int index = 0;
    if (*value && !read_word("--sort-common", value, "descending|ascending", &index))
        return false;
    options->sort_commons = (welt_sort_commons)(WELT_SORT_COMMONS_DESCENDING + index);
    return true;
}

/* -Werror is as --fatal-warnings. */
static bool take_warning(struct command *command, const char *word)
{
    bool is_all = strcmp(word, "error") == 0 || strcmp(word, "no-error") == 0;
    if (is_all)
        command->options.fatal_warnings = word[0] == 'e';
    return is_all || (is_warning_word(word) && add_text(&command->warnings, word));
}

static bool take_limit(welt_options *options, const char *value)
{
    if (!read_number("--error-limit", value, &options->max_errors))
        return false;
    if (!options->max_errors)
        options->max_errors = UINT32_MAX;
    return true;
}

static bool set_whole(struct command *command, bool on)
{
    command->whole = on;
    return add_mode(command, WELT_MODE_WHOLE_ARCHIVE, on);
}

/* --push-state keeps what --whole-archive, --as-needed and -Bstatic have set: of these, one has a
 * meaning here. */
static bool push_state(struct command *command)
{
    if (command->pushed_count == MOST_PUSHED) {
        mistake("--push-state is nested more than %d deep", MOST_PUSHED);
        return false;
    }
    command->pushed[command->pushed_count++] = command->whole;
    return true;
}

static bool pop_state(struct command *command)
{
    if (command->pushed_count)
        return set_whole(command, command->pushed[--command->pushed_count]);
    mistake("--pop-state without a --push-state before it");
    return false;
}

/* A group within a group is part of it, as for GNU ld. */
static bool begin_group(struct command *command)
{
    return command->groups++ || add_mode(command, WELT_MODE_GROUP, 1);
}

static bool end_group(struct command *command)
{
    if (command->groups)
        return --command->groups || add_mode(command, WELT_MODE_GROUP, 0);
    mistake("--end-group without a --start-group before it");
    return false;
}

static bool add_just_symbols(struct command *command, const char *path)
{
    add_mode(command, WELT_MODE_JUST_SYMBOLS, 1);
    add_item(command, (struct item){.kind = ITEM_FILE, .name = path});
    return add_mode(command, WELT_MODE_JUST_SYMBOLS, 0);
}

/* GNU ld takes -R of a folder, and lld any -R, for --rpath, which says nothing to an image. */
static bool add_symbols_or_path(struct command *command, const char *path)
{
    bool is_path = command->options.dialect == WELT_DIALECT_LLD || path_is_folder(path);
    return is_path || add_just_symbols(command, path);
}

static bool add_library(struct command *command, const char *name)
{
    if (*name)
        return add_item(command, (struct item){.kind = ITEM_LIBRARY, .name = name});
    mistake("option `-l' needs the name of a library, not an empty one");
    return false;
}

static bool take_script(struct command *command, const char *path)
{
    if (!command->options.script_path) {
        command->options.script_path = path;
        command->starts_before_script = command->start_count;
    } else
        add_text(&command->more_scripts, path);
    return add_mode(command, WELT_MODE_SCRIPT, 1);
}

/* -b: a name of ELF, or `default`, is what files say of themselves anyway. */
static bool take_input_format(struct command *command, const char *value)
{
    int index;
    if (!read_word("--format", value, "binary|default|elf32-i386|elf64-x86-64|elf", &index))
        return false;
    return add_mode(command, WELT_MODE_BINARY, index == 0);
}

/* GNU ld shares tails at any level. */
static void take_level(welt_options *options, const char *level)
{
    if (options->dialect != WELT_DIALECT_LLD)
        return;
    options->merge = strcmp(level, "0") == 0 ? WELT_OFF : WELT_BY_FACE;
    options->share_tails = *level >= '2' && *level <= '9';
}

static bool take_retained(welt_options *options, const char *path)
{
    if (!options->retained_path) {
        options->retained_path = path;
        return true;
    }
    mistake("--retain-symbols-file is given twice: put all names into one file");
    return false;
}

/* ---- what each action is: whoever does not know one hands it on ---- */

static bool act_on_messages(struct command *command, enum action action, const char *value)
{
    welt_options *options = &command->options;
    switch (action) {
    case DO_REPORT: return add_report(command, value);
    case DO_BUDGET: return add_budget(command, value);
    case DO_TRACE: command->trace++; return true;
    case DO_EXPLAIN: command->explain = value; return true;
    case DO_DIAGNOSTICS: return records_take(&command->records, value);
    case DO_WARN: return take_warning(command, value);
    case DO_UNRESOLVED: return take_unresolved(options, value);
    case DO_DEMANGLE:
        options->demangle = strcmp(value, "none") == 0 ? WELT_OFF : WELT_ON;
        return true;
    default: return take_limit(options, value);
    }
}

static bool act_on_form(struct command *command, enum action action, const char *value)
{
    welt_options *options = &command->options;
    switch (action) {
    case DO_ELF:
        command->elf = value;
        options->with_elf = 1;
        return true;
    case DO_NMAGIC: /* of -n and -N the last counts */
        options->nmagic = 1;
        options->omagic = 0;
        return true;
    case DO_NO_OMAGIC: /* of GNU ld's -n, too */
        options->omagic = 0;
        options->nmagic &= options->dialect == WELT_DIALECT_LLD;
        return true;
    case DO_OFORMAT: return take_format(options, value);
    case DO_KEYWORD: return take_keyword(command, value);
    case DO_OPTIMIZE: take_level(options, value); return true;
    case DO_STRIP_DEBUG: options->strip = WELT_STRIP_DEBUG; return true;
    case DO_NO_INTERPRETER: options->interpreter = ""; return true;
    case DO_RETAIN_SYMBOLS: return take_retained(options, value);
    case DO_BUILD_ID: options->build_id = *value ? value : "sha1"; return true;
    default: return act_on_messages(command, action, value);
    }
}

static bool act_on_place(struct command *command, enum action action, const char *value)
{
    welt_options *options = &command->options;
    switch (action) {
    case DO_TTEXT: return add_start(command, ".text", "-Ttext", value);
    case DO_TDATA: return add_start(command, ".data", "-Tdata", value);
    case DO_TBSS: return add_start(command, ".bss", "-Tbss", value);
    case DO_TTEXT_SEGMENT: return add_start(command, "text-segment", "-Ttext-segment", value);
    case DO_TRODATA_SEGMENT: return add_start(command, "rodata-segment", "-Trodata-segment", value);
    case DO_TLDATA_SEGMENT: return add_start(command, "ldata-segment", "-Tldata-segment", value);
    case DO_SECTION_START: return add_section_start(command, value);
    case DO_UNIQUE: return add_text(&command->unique_sections, value);
    case DO_SORT_COMMON: return take_sort_common(options, value);
    case DO_PAD_TO: return read_size("--pad-to", value, &options->pad_to);
    case DO_MAX_IMAGE_SIZE: return read_size("--max-image-size", value, &options->max_image_size);
    default: return act_on_form(command, action, value);
    }
}

static bool act(struct command *command, enum action action, const char *value)
{
    switch (action) {
    case DO_SCRIPT: return take_script(command, value);
    case DO_LIBRARY: return add_library(command, value);
    case DO_FORMAT: return take_input_format(command, value);
    case DO_WHOLE_ARCHIVE: return set_whole(command, true);
    case DO_NO_WHOLE_ARCHIVE: return set_whole(command, false);
    case DO_START_GROUP: return begin_group(command);
    case DO_END_GROUP: return end_group(command);
    case DO_JUST_SYMBOLS: return add_just_symbols(command, value);
    case DO_SYMBOLS_OR_PATH: return add_symbols_or_path(command, value);
    case DO_PUSH_STATE: return push_state(command);
    case DO_POP_STATE: return pop_state(command);
    default: return act_on_place(command, action, value);
    }
}

bool apply_option(struct command *command, const struct option *option, const char *word,
                  const char *value)
{
    char *field = (char *)command + option->field;
    bool names_file = option->argument_name && strcmp(option->argument_name, "FILE") == 0;
    if (names_file && option->argument == TAKEN && !*value) {
        mistake("option `%.200s' needs the name of a file, not an empty one", word);
        return false;
    }
    switch (option->effect) {
    case EFFECT_FLAG: set_field(command, option, option->value); return true;
    case EFFECT_TEXT: *(const char **)field = value; return true;
    case EFFECT_LIST: return add_text((struct texts *)field, value);
    case EFFECT_CHOICE: return choose(command, option, value);
    case EFFECT_NONE: return true;
    case EFFECT_REFUSAL: return refuse(option, word);
    default: return act(command, option->action, value);
    }
}
