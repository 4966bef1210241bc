/* SPDX-License-Identifier: MIT
 *
 * welt, also ld.welt: the command. It stands on the public interface alone.
 *
 * Results go to stdout, diagnostics to stderr; the exit status is 0, or 1 for every failure, as
 * ld's is. */
#include "command.h"
#include "support/pool.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

void show(void *user, const welt_diagnostic *diagnostic)
{
    if (user)
        records_add(user, diagnostic);
    else
        show_text(diagnostic);
}

bool is_fine(welt_status status)
{
    if (status != WELT_OK && status != WELT_FAILED)
        fprintf(stderr, "welt: error: %s [welt-status]\n", welt_status_text(status));
    return status == WELT_OK;
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

static bool link_command(const struct command *command)
{
    welt_linker *linker;
    welt_options options = command->options;
    struct records records = command->records;
    options.on_diagnostic = show;
    options.user = &records;
    struct pool pool = {0};
    if (WELT_USE_POOL && command->item_count >= POOLED_ITEMS)
        options.allocator = pool_allocator(&pool);
    if (!is_fine(welt_linker_new(&linker, &options)))
        return false;
    records_begin(&records);
    bool fine = is_fine(add_items(linker, command));
    if (fine) {
        welt_status status = welt_link(linker);
        fine = is_fine(status);
        if (status == WELT_OK || status == WELT_FAILED)
            fine = give_outputs(linker, command, fine);
    }
    fine &= records_end(&records, linker);
    welt_linker_free(linker);
    if (command->stats)
        fprintf(stderr, "welt: total time in link: %f\n", (double)clock() / CLOCKS_PER_SEC);
    return fine;
}

/* `ld.welt --verbose` alone: the script that a link would take, which one without inputs reads. */
static bool print_script(const struct command *command)
{
    welt_linker *linker;
    if (!is_fine(welt_linker_new(&linker, &command->options)))
        return false;
    welt_link(linker);
    bool fine = tell_script(linker, command);
    welt_linker_free(linker);
    return fine;
}

static bool print_layout(const char *name)
{
    const char *script = welt_layout_script(name);
    if (script)
        return fputs(script, stdout) >= 0;
    fprintf(stderr, "welt: error: there is no built-in layout `%s'; there are", name);
    for (size_t i = 0; welt_layout_name(i); i++)
        fprintf(stderr, "%s %s", i ? "," : "", welt_layout_name(i));
    fprintf(stderr, " [welt-layout]\n");
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
    if (command->print_format)
        puts(command->options.format == WELT_FORMAT_BINARY ? "binary" : "elf32-i386");
    if (command->print_sysroot)
        puts(command->sysroot ? command->sysroot : "");
}

/* What was asked for was printed, and a link was not. */
static bool is_done(const struct command *command)
{
    return command->print_help || command->print_manual || command->print_version ||
           command->print_format || command->print_sysroot ||
           (command->tell_version && !command->item_count);
}

static bool run(const struct command *command)
{
    print_asked(command);
    if (command->explain)
        return explain_check(command->explain);
    if (command->print_layout)
        return print_layout(command->print_layout);
    if (is_done(command))
        return true;
    if (command->shows_saved)
        return show_saved_report(command);
    return command->verbose && !command->item_count ? print_script(command) : link_command(command);
}

int main(int count, char **arguments)
{
    struct command command;
    bool fine = read_command(&command, count, arguments) && run(&command);
    free_command(&command);
    errno = 0;
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "welt: error: standard output cannot be written%s%s [welt-file]\n",
                errno ? ": " : "", errno ? strerror(errno) : "");
        fine = false;
    }
    return fine ? 0 : 1;
}
