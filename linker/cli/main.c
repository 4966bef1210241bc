/* SPDX-License-Identifier: MIT
 *
 * welt, also ld.welt: the command. It stands on the public interface alone.
 *
 * Results go to stdout, diagnostics to stderr; the exit status is 0, or 1 for every failure, as
 * ld's is. */
#include "command.h"
#include "support/pool.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static void show(void *user, const welt_diagnostic *diagnostic)
{
    struct command *command = user;
    records_add(&command->records, diagnostic);
}

bool is_fine(welt_status status)
{
    if (status != WELT_OK && status != WELT_FAILED)
        complain("status", "%s", welt_status_text(status));
    return status == WELT_OK;
}

bool flush_output(struct command *command)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    if (!command->is_output_lost)
        complain("file", "standard output cannot be written%s%s", errno ? ": " : "",
                 errno ? strerror(errno) : "");
    command->is_output_lost = true;
    return false;
}

static welt_status add_items(welt_linker *linker, const struct command *command)
{
    welt_status status = WELT_OK;
    for (size_t i = 0; i < command->item_count && status == WELT_OK; i++) {
        const struct item *item = &command->items[i];
        switch (item->kind) {
        case ITEM_FILE: status = welt_add_file(linker, item->name); break;
        case ITEM_LIBRARY: status = welt_add_library(linker, item->name); break;
        case ITEM_MODE: status = welt_set_mode(linker, item->mode, item->on); break;
        }
    }
    return status;
}

/* From so many inputs on a pool is faster: fewer take less memory from malloc(), which gives again
 * what was released. */
enum { POOLED_ITEMS = 64 };

/* A pipe whose reader left, and a file beyond the limit of its size, are errors to be told, and
 * what was begun is to be removed: not the end of the process. */
static void outlive_outputs(void)
{
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static bool link_command(struct command *command)
{
    welt_linker *linker;
    welt_options options = command->options;
    struct pool pool = {0};
    if (WELT_USE_POOL && command->item_count >= POOLED_ITEMS)
        options.allocator = pool_allocator(&pool);
    if (!is_fine(welt_linker_new(&linker, &options)))
        return false;
    command->records.is_wanted = true;
    bool fine = is_fine(add_items(linker, command));
    if (fine) {
        welt_status status = welt_link(linker);
        fine = is_fine(status);
        if (status == WELT_OK || status == WELT_FAILED)
            fine &= give_outputs(linker, command, fine);
    }
    fine &= records_end(&command->records, linker) && flush_output(command);
    welt_linker_free(linker);
    if (command->stats)
        fprintf(stderr, "welt: total time in link: %f\n", (double)clock() / CLOCKS_PER_SEC);
    return fine;
}

static void show_but_inputs(void *user, const welt_diagnostic *diagnostic)
{
    if (strcmp(diagnostic->id, "no-input") != 0)
        show(user, diagnostic);
}

/* `ld.welt --verbose` alone: the script that a link would take, which one without inputs reads. */
static bool print_script(struct command *command)
{
    welt_linker *linker;
    command->options.on_diagnostic = show_but_inputs;
    if (!is_fine(welt_linker_new(&linker, &command->options)))
        return false;
    welt_link(linker);
    bool fine = welt_has(linker, WELT_OUTPUT_SCRIPT) && tell_script(linker, command);
    welt_linker_free(linker);
    return fine;
}

static bool print_format(struct command *command)
{
    welt_linker *linker;
    command->options.on_diagnostic = show_but_inputs;
    if (!is_fine(welt_linker_new(&linker, &command->options)))
        return false;
    welt_link(linker);
    welt_format format = welt_output_format(linker);
    welt_linker_free(linker);
    if (format == WELT_FORMAT_BY_SCRIPT)
        return false;
    if (format == WELT_FORMAT_BINARY)
        puts("binary");
    else
        puts(format == WELT_FORMAT_ELF64_X86_64 ? "elf64-x86-64" : "elf32-i386");
    return true;
}

static bool print_layout(const char *name)
{
    char known[200] = "";
    const char *script = welt_layout_script(name);
    if (script)
        return fputs(script, stdout) >= 0;
    for (size_t i = 0; welt_layout_name(i); i++) {
        size_t used = strlen(known);
        snprintf(known + used, sizeof known - used, "%s %s", i ? "," : "", welt_layout_name(i));
    }
    complain("layout", "there is no built-in layout `%.100s'; there are%s", name, known);
    return false;
}

void print_version(bool verbose)
{
    printf("welt %s (compatible with GNU ld)\n", welt_version());
    if (verbose)
        printf("%s\n", welt_build_details());
}

static void print_asked(const struct command *command)
{
    if (command->print_help)
        print_help();
    if (command->print_manual)
        print_manual();
    if (command->print_version || command->tell_version)
        print_version(command->print_version && command->verbose);
    if (command->tell_version > 1)
        print_emulations();
    if (command->print_sysroot)
        puts(command->sysroot ? command->sysroot : "");
}

/* What was asked for was printed, and a link was not. */
static bool is_done(const struct command *command)
{
    return command->print_help || command->print_manual || command->print_version ||
           command->print_sysroot || (command->tell_version && !command->item_count);
}

static bool run(struct command *command)
{
    print_asked(command);
    if (command->explain)
        return explain_check(command->explain);
    if (command->print_layout)
        return print_layout(command->print_layout);
    if (is_done(command))
        return true;
    if (command->print_format)
        return print_format(command);
    outlive_outputs();
    if (command->shows_saved)
        return show_saved_report(command);
    return command->verbose && !command->item_count ? print_script(command) : link_command(command);
}

int main(int count, char **arguments)
{
    struct command command;
    bool fine = read_command(&command, count, arguments);
    command.options.on_diagnostic = show;
    command.options.on_progress = say_last_words;
    command.options.user = &command;
    fine = fine && run(&command);
    fine &= flush_output(&command);
    fine &= records_end(&command.records, NULL) && flush_output(&command);
    free_command(&command);
    return fine ? 0 : 1;
}
