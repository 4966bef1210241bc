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

static bool is_stdout(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

/* The map is told of a link over budget too: that is when it is read. */
static bool tell(welt_linker *linker, const struct command *command)
{
    bool is_laid_out = welt_span_count(linker) > 0;
    bool prints_map = command->print_map || is_stdout(command->map);
    const struct {
        bool is_asked;
        bool (*tell)(welt_linker *linker, welt_output output);
        welt_output output;
    } all[] = {
        {command->trace == 1, print_output, WELT_OUTPUT_TRACE},
        {command->trace > 1, print_output, WELT_OUTPUT_TRACE_MEMBERS},
        {command->traced.count > 0, say_output, WELT_OUTPUT_TRACED_SYMBOLS},
        {command->print_removed, say_output, WELT_OUTPUT_REMOVED},
        {prints_map && is_laid_out, print_output, WELT_OUTPUT_MAP},
        {command->options.cref && !prints_map && !command->map, print_output, WELT_OUTPUT_CREF},
        {command->print_usage && is_laid_out, print_output, WELT_OUTPUT_MEMORY_USAGE},
    };
    bool fine = !command->verbose || tell_script(linker, command);
    bool has_report = welt_has(linker, WELT_OUTPUT_REPORT_TEXT);
    for (size_t i = 0; i < sizeof all / sizeof *all && fine; i++)
        fine = !all[i].is_asked || all[i].tell(linker, all[i].output);
    fine = fine && (!has_report || print_reports(linker, command));
    return fflush(stdout) == 0 && fine;
}

/* All files are there in the end, or none. */
static bool write_outputs(welt_linker *linker, const struct command *command, bool linked)
{
    bool has_map = command->map && !is_stdout(command->map) && welt_span_count(linker) > 0;
    const struct {
        bool is_asked;
        welt_output_file file;
    } all[] = {
        {has_map, {WELT_OUTPUT_MAP, command->map}},
        {linked && command->listing, {WELT_OUTPUT_LISTING, command->listing}},
        {linked && command->dependencies, {WELT_OUTPUT_DEPENDENCIES, command->dependencies}},
        {linked, {WELT_OUTPUT_IMAGE, command->output}},
        {linked && command->elf, {WELT_OUTPUT_ELF, command->elf}},
    };
    size_t count = sizeof all / sizeof *all + command->report_count;
    welt_output_file *files = resize(NULL, count * sizeof *files);
    count = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (all[i].is_asked)
            files[count++] = all[i].file;
    for (size_t i = 0; i < command->report_count; i++)
        if (command->reports[i].path && welt_has(linker, WELT_OUTPUT_REPORT_TEXT))
            files[count++] =
                (welt_output_file){command->reports[i].output, command->reports[i].path};
    bool fine = is_fine(welt_write_files(linker, files, count));
    free(files);
    return fine;
}

bool give_outputs(welt_linker *linker, const struct command *command, bool linked)
{
    bool speaks =
        command->options.face == WELT_FACE_BOOT && !command->quiet && !prints_report(command);
    bool fine = tell(linker, command);
    fine = fine && write_outputs(linker, command, linked) && linked;
    return fine && (!speaks || print_output(linker, WELT_OUTPUT_SUMMARY));
}
