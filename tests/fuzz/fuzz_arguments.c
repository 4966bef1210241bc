/* SPDX-License-Identifier: MIT
 *
 * Any bytes as a response file of the command: its words, the options that they are, and the link
 * that they ask for, in both faces. Nothing but the file itself is read from the disk. Mistakes go
 * to stderr: run with -close_fd_mask=2. */
#include "cli/command.h"
#include "harness.h"

#include <sys/mman.h>
#include <unistd.h>

static void add_items(welt_linker *linker, const struct command *command)
{
    for (size_t i = 0; i < command->item_count; i++) {
        const struct item *item = &command->items[i];
        switch (item->kind) {
        case ITEM_FILE: welt_add_file(linker, item->name); break;
        case ITEM_LIBRARY: welt_add_library(linker, item->name); break;
        case ITEM_MODE: welt_set_mode(linker, item->mode, item->on); break;
        }
    }
}

static void link_command(const struct command *command)
{
    struct fuzz fuzz = {.file_count = 0};
    size_t boot_size = (size_t)(boot_object_end - boot_object);
    fuzz_add_file(&fuzz, "boot.o", boot_object, boot_size);
    fuzz_add_file(&fuzz, "libmore.a", more_archive, (size_t)(more_archive_end - more_archive));
    fuzz_add_file(&fuzz, "./libmore.a", more_archive, (size_t)(more_archive_end - more_archive));
    welt_linker *linker = fuzz_open(&fuzz, command->options);
    if (!linker)
        return;
    add_items(linker, command);
    fuzz_link(&fuzz, linker);
    fuzz_close(&fuzz, linker);
}

static void run_command(char *program, char *response)
{
    struct command command;
    char *arguments[] = {program, response, NULL};
    if (read_command(&command, 2, arguments))
        link_command(&command);
    free_command(&command);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) // NOLINT
{
    char boot[] = "welt", ld[] = "ld.welt", response[40];
    int file = memfd_create("words", 0);
    if (memchr(data, '@', size) || file < 0 || write(file, data, size) != (ssize_t)size) {
        close(file); /* @FILE could name any file */
        return 0;
    }
    snprintf(response, sizeof response, "@/proc/self/fd/%d", file);
    run_command(boot, response);
    run_command(ld, response);
    close(file);
    return 0;
}
