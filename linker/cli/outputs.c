/* SPDX-License-Identifier: MIT
 *
 * What a link gives, and where to: lines on standard output and standard error as GNU ld prints
 * them, then all files together, then the margin. */
#include "command.h"

#include "memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool print_output(welt_linker *linker, welt_output output)
{
    welt_bytes text;
    if (!is_fine(welt_get(linker, output, &text)))
        return false;
    return fwrite(text.data, 1, text.size, stdout) == text.size;
}

/* On standard error each line says who speaks. */
static bool say_output(welt_linker *linker, welt_output output)
{
    welt_bytes text;
    if (!is_fine(welt_get(linker, output, &text)))
        return false;
    for (const char *at = (const char *)text.data, *end; *at; at = end + 1) {
        end = strchr(at, '\n');
        fprintf(stderr, "welt: %.*s\n", (int)(end - at), at);
    }
    return true;
}

bool tell_script(welt_linker *linker, const struct command *command)
{
    static const char line[] = "==================================================";
    print_version(false);
    print_emulations();
    printf("using %s linker script:\n%s\n", command->options.script_path ? "external" : "internal",
           line);
    bool fine = print_output(linker, WELT_OUTPUT_SCRIPT);
    printf("\n%s\n", line);
    return fine;
}

/* ---- what is wanted ---- */

struct product {
    bool is_asked;
    welt_output output;
    const char *path; /* "-": standard output */
};

static bool is_stdout(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

/* The map and reports are told of a link over budget too: that is when they are read. */
static struct product *list_products(welt_linker *linker, const struct command *command,
                                     bool linked, size_t *count)
{
    bool prints_map = command->print_map && !is_stdout(command->map);
    bool is_apart = !command->print_map && !command->map; /* no map that --cref could be in */
    const struct product all[] = {
        {command->trace == 1, WELT_OUTPUT_TRACE, "-"},
        {command->trace > 1, WELT_OUTPUT_TRACE_MEMBERS, "-"},
        {prints_map, WELT_OUTPUT_MAP, "-"},
        {command->map, WELT_OUTPUT_MAP, command->map},
        {command->options.cref && is_apart, WELT_OUTPUT_CREF, "-"},
        {command->print_usage, WELT_OUTPUT_MEMORY_USAGE, "-"},
        {command->listing, WELT_OUTPUT_LISTING, command->listing},
        {linked && command->dependencies, WELT_OUTPUT_DEPENDENCIES, command->dependencies},
        {linked, WELT_OUTPUT_IMAGE, command->output},
        {linked && command->elf, WELT_OUTPUT_ELF, command->elf},
    };
    const size_t fixed = sizeof all / sizeof *all;
    struct product *list = resize(NULL, (fixed + command->report_count) * sizeof *list);
    size_t used = 0;
    for (size_t i = 0; i < fixed; i++)
        if (all[i].is_asked && welt_has(linker, all[i].output))
            list[used++] = all[i];
    for (size_t i = 0; i < command->report_count; i++)
        if (welt_has(linker, command->reports[i].output))
            list[used++] =
                (struct product){true, command->reports[i].output, command->reports[i].path};
    *count = used;
    return list;
}

/* ---- streams ---- */

static bool prints_report(const struct command *command)
{
    for (size_t i = 0; i < command->report_count; i++)
        if (is_stdout(command->reports[i].path))
            return true;
    return false;
}

/* The margin, unless standard output is a program's to read. */
static bool keep_last_words(welt_linker *linker, struct command *command)
{
    command->has_last_words = true;
    command->last_words = (welt_bytes){0};
    if (command->options.face != WELT_FACE_BOOT || command->quiet || prints_report(command) ||
        records_are_printed(&command->records))
        return true;
    return is_fine(welt_get(linker, WELT_OUTPUT_SUMMARY, &command->last_words));
}

/* Standard output and standard error are outputs too: a link whose margin or diagnostics go nowhere
 * has failed, and leaves no image. So they get what they shall have when all files are written and
 * none has its name. */
int say_last_words(void *user, const char *step, size_t done, size_t total)
{
    struct command *command = user;
    (void)done;
    (void)total;
    if (!command->has_last_words || strcmp(step, "write") != 0)
        return 0;
    command->has_last_words = false;
    welt_bytes words = command->last_words;
    bool fine = !words.size || fwrite(words.data, 1, words.size, stdout) == words.size;
    return !(records_print(&command->records) && flush_output(command) && fine);
}

static bool tell(welt_linker *linker, struct command *command, const struct product *products,
                 size_t count)
{
    bool fine =
        !command->verbose || !welt_has(linker, WELT_OUTPUT_SCRIPT) || tell_script(linker, command);
    if (fine && command->traced.count)
        fine = say_output(linker, WELT_OUTPUT_TRACED_SYMBOLS);
    if (fine && command->print_removed)
        fine = say_output(linker, WELT_OUTPUT_REMOVED);
    for (size_t i = 0; i < count && fine; i++)
        fine = !is_stdout(products[i].path) || print_output(linker, products[i].output);
    return flush_output(command) && fine;
}

/* ---- files ---- */

/* All files are there in the end, or none; the document of diagnostics is one of them. That of a
 * failed link is written when all is told. */
static bool write_files(welt_linker *linker, struct command *command,
                        const struct product *products, size_t count, bool linked)
{
    welt_output_file *files = resize(NULL, (count + 1) * sizeof *files);
    welt_own_file own = {0};
    size_t used = 0, own_count = linked && records_have_file(&command->records);
    for (size_t i = 0; i < count; i++)
        if (!is_stdout(products[i].path))
            files[used++] = (welt_output_file){products[i].output, products[i].path};
    welt_status status = WELT_NO_MEMORY;
    if (!own_count || records_copy(&command->records, &own))
        status = welt_write_all(linker, files, used, &own, own_count);
    command->records.is_written = own_count && status == WELT_OK;
    free((void *)own.data);
    free(files);
    /* A stream stopped it, which was told if it could be. */
    return status == WELT_CANCELLED ? false : is_fine(status);
}

bool give_outputs(welt_linker *linker, struct command *command, bool linked)
{
    size_t count;
    if (!command->options.output_name && welt_image_name(linker))
        command->output = welt_image_name(linker);
    struct product *products = list_products(linker, command, linked, &count);
    bool fine = tell(linker, command, products, count) &&
                (!linked || keep_last_words(linker, command)) &&
                write_files(linker, command, products, count, linked);
    free(products);
    return fine;
}
