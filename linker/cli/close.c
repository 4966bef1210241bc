/* SPDX-License-Identifier: MIT
 *
 * What the options together come to, when the line is at its end.
 *
 * Requires: every option applied. Provides: welt_options complete, with the lists of the command;
 * paths as they are used; or a mistake, where outputs are in each other's way. */
#include "apply.h"
#include "memory.h"
#include "support/folder.h"

#include <stdlib.h>
#include <string.h>

/* -L=DIR and -L$SYSROOT/DIR lie in the folder of --sysroot. */
static void root_folder(struct command *command, const char **folder)
{
    static const char named[] = "$SYSROOT";
    size_t mark = **folder == '=' ? 1 : strncmp(*folder, named, 8) == 0 ? 8 : 0;
    const char *root = command->sysroot ? command->sysroot : "";
    if (mark)
        *folder = own_text(command, make_text("%s%s", root, *folder + mark));
}

static void hand_over(const struct texts *from, const char *const **texts, size_t *count)
{
    *texts = from->at;
    *count = from->count;
}

static void hand_over_lists(struct command *command)
{
    welt_options *options = &command->options;
    hand_over(&command->undefined, &options->undefined, &options->undefined_count);
    hand_over(&command->defsyms, &options->defsyms, &options->defsym_count);
    hand_over(&command->required, &options->required, &options->required_count);
    hand_over(&command->wraps, &options->wraps, &options->wrap_count);
    hand_over(&command->ignored_undefined, &options->ignored_undefined,
              &options->ignored_undefined_count);
    hand_over(&command->kept_unique, &options->kept_unique, &options->kept_unique_count);
    hand_over(&command->traced, &options->traced, &options->traced_count);
    hand_over(&command->warnings, &options->warnings, &options->warning_count);
    hand_over(&command->search_dirs, &options->search_dirs, &options->search_dir_count);
    hand_over(&command->more_scripts, &options->more_scripts, &options->more_script_count);
    hand_over(&command->unique_sections, &options->unique_sections, &options->unique_section_count);
    options->budgets = command->budgets;
    options->budget_count = command->budget_count;
    options->section_starts = command->starts;
    options->section_start_count = command->start_count;
    if (options->script_path)
        options->late_section_start_count = command->start_count - command->starts_before_script;
}

/* What is printed is text: bytes would stand among the margin and reports. */
static bool is_image_path(const char *option, const char *path)
{
    if (!path || strcmp(path, "-") != 0)
        return true;
    mistake("%s -: only texts are printed: name a file (./- has this name; --quiet and /dev/stdout "
            "print bytes)",
            option);
    return false;
}

static bool is_apart(const char *path, const char *other)
{
    if (!path || !other || strcmp(path, "-") == 0 || !paths_are_one_file(path, other))
        return true;
    mistake("%.400s: two outputs would be this file: give each a name of its own", path);
    return false;
}

/* The map, reports and diagnostics of a link that failed would take the old image's place, where
 * files of one link that are written together are told apart anyway. */
static bool spares_image(struct command *command)
{
    const char *image = command->output;
    bool fine = is_apart(command->records.path, image);
    if (!fine)
        records_forget(&command->records);
    fine = fine && is_image_path("-o", image) && is_image_path("--elf", command->elf) &&
           is_apart(command->map, image);
    for (size_t i = 0; i < command->report_count && fine; i++)
        fine = is_apart(command->reports[i].path, image);
    return fine;
}

bool close_command(struct command *command)
{
    welt_options *options = &command->options;
    options->output_name = command->output;
    if (!command->output)
        command->output = "a.out"; /* or what the script says */
    if (command->groups)
        warn_of("the group has no --end-group: it ends with the last word");
    if (options->demangle == WELT_BY_FACE && getenv("COLLECT_NO_DEMANGLE"))
        options->demangle = WELT_OFF;
    hand_over_lists(command);
    if (command->map && !(command->map = map_path(command, command->map)))
        return false;
    if (!command->shows_saved && !spares_image(command))
        return false;
    for (size_t i = 0; i < command->search_dirs.count; i++)
        root_folder(command, &command->search_dirs.at[i]);
    return true;
}
