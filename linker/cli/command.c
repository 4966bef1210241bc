/* SPDX-License-Identifier: MIT
 *
 * A command line, read from its first word to its last.
 *
 *     options.c    which option a word is, by the table
 *     apply.c      what it does to the command
 *     close.c      what all of them together come to
 *
 * Requires: the words of main(). Provides: struct command, whole; or a mistake, which was told. */
#include "command.h"

#include "apply.h"
#include "keywords.h"
#include "memory.h"
#include "support/folder.h"

#include <stdlib.h>
#include <string.h>

/* ---- lists ---- */

bool add_text(struct texts *texts, const char *text)
{
    texts->at = grow(texts->at, texts->count, sizeof *texts->at);
    texts->at[texts->count++] = text;
    return true;
}

const char *own_text(struct command *command, char *text)
{
    add_text(&command->owned, text);
    return text;
}

bool add_item(struct command *command, struct item item)
{
    command->items = grow(command->items, command->item_count, sizeof *command->items);
    command->items[command->item_count++] = item;
    return true;
}

/* ---- the whole line ---- */

static bool take_next(struct command *command, struct words *words)
{
    const char *value;
    if (!words->cluster && !words->only_inputs && strcmp(words->at[words->next], "--") == 0) {
        words->only_inputs = true;
        words->next++;
        return true;
    }
    const struct option *option = next_option(words, &value);
    if (option && command->shows_saved && !is_of_size_mode(option)) {
        mistake("welt size links nothing: it has no use for `%.200s'; --help says under `Sizes' "
                "what it takes",
                words->word);
        return false;
    }
    if (option)
        return apply_option(command, option, words->word, value);
    if (value && !*value)
        mistake("an input has no name: one of the words is empty");
    return value && *value && add_item(command, (struct item){.kind = ITEM_FILE, .name = value});
}

/* `welt size REPORT.json`; a file of that name is linked as ./size. */
static bool take_word_size(struct words *words)
{
    bool is_there = words->next < words->count && strcmp(words->at[words->next], "size") == 0;
    words->next += is_there;
    return is_there;
}

/* After a mistake what is left is read, too, for how and where it shall be told may stand there.
 * The document of a link that is not tried must not take the place of what the link would have read
 * or written. */
static void settle_records(struct command *command, struct words *words)
{
    words->cluster = NULL;
    while (words->cluster || words->next < words->count)
        take_next(command, words);
    for (size_t i = 0; i < command->item_count; i++)
        if (command->items[i].kind == ITEM_FILE && command->records.path &&
            paths_are_one_file(command->items[i].name, command->records.path))
            records_forget(&command->records);
}

bool read_command(struct command *command, int count, char **arguments)
{
    struct words words = {0};
    *command = (struct command){.options = WELT_OPTIONS_INIT};
    hear_mistakes(&command->records);
    bool fine = read_responses(&words, count > 0 ? count - 1 : 0, arguments + 1) &&
                choose_face(&command->options, count ? arguments[0] : "welt", &words);
    if (fine && command->options.face == WELT_FACE_BOOT) {
        command->shows_saved = take_word_size(&words);
        command->print_help = words.count == 1 && strcmp(words.at[0], "-h") == 0;
        words.next += command->print_help;
    }
    while (fine && (words.cluster || words.next < words.count))
        fine = take_next(command, &words);
    fine = fine && check_emulation(command);
    if (!fine)
        settle_records(command, &words);
    command->words = words;
    fine = close_command(command) && fine;
    records_begin(&command->records);
    return fine;
}

void free_command(struct command *command)
{
    for (size_t i = 0; i < command->owned.count; i++)
        free((char *)command->owned.at[i]);
    free(command->owned.at);
    struct texts *const all[] = {
        &command->undefined,    &command->defsyms,        &command->search_dirs,
        &command->required,     &command->wraps,          &command->ignored_undefined,
        &command->kept_unique,  &command->traced,         &command->warnings,
        &command->more_scripts, &command->unique_sections};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]->at);
    free(command->starts);
    free(command->budgets);
    free(command->reports);
    free(command->items);
    free(command->records.text);
    free_words(&command->words);
}
