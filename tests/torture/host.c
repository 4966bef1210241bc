/* SPDX-License-Identifier: MIT
 *
 * A host that links again and again, from eight threads, valid and invalid input mixed.
 *
 *     host LINKS BOOT FILE...        again.py makes the files and calls this
 *
 * BOOT is an object that links; each FILE is an object, an archive or a script (.ld) of any bytes,
 * linked with BOOT. What each gives, its status, its diagnostics, its image and map, is learnt
 * first; from then on every link must give the same. Even links are made by a new linker, odd ones
 * by one that a thread keeps, with one input replaced. At the end all memory that was lent is back,
 * no file is open that was not at first, and the process is no larger than it was when an eighth of
 * the work was done, but for what malloc() may hold back. */
#include "welt.h"

#include <dirent.h>
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sanitizers keep books of their own, which grow. */
#if defined(__SANITIZE_THREAD__) || defined(__SANITIZE_ADDRESS__)
enum { SLACK_KIB = 1 << 20 };
#else
enum { SLACK_KIB = 8192 };
#endif

enum { THREADS = 8, LARGEST = 1 << 20 };

struct input {
    const char *path;
    unsigned char *bytes; /* a NUL follows */
    size_t size;
    bool is_script;
    uint64_t wanted; /* what a link gives */
};

static struct input boot, *inputs;
static size_t input_count;
static unsigned long links;
static atomic_ulong next_link, failures;
static atomic_long lent;                    /* bytes */
static atomic_ulong ended[WELT_MISUSE + 1]; /* links, by status */

/* ---- what a link gives, as a number ---- */

struct outcome {
    uint64_t hash;
};

static void add(struct outcome *outcome, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;
    for (size_t i = 0; i < size; i++)
        outcome->hash = (outcome->hash ^ at[i]) * 0x100000001b3u;
}

static void hear(void *user, const welt_diagnostic *its)
{
    add(user, its->text, strlen(its->text));
}

static void *lend(void *user, size_t size)
{
    (void)user;
    atomic_fetch_add(&lent, (long)size);
    return malloc(size);
}

static void take_back(void *user, void *memory, size_t size)
{
    (void)user;
    atomic_fetch_sub(&lent, (long)size);
    free(memory);
}

static int refuse(void *user, const char *path, welt_bytes *bytes)
{
    (void)path, (void)bytes;
    add(user, "asked", 5);
    return 1;
}

static welt_linker *open_linker(const struct input *input, struct outcome *outcome)
{
    welt_linker *linker = NULL;
    welt_options options = WELT_OPTIONS_INIT;
    options.max_image_size = 1 << 20;
    options.on_diagnostic = hear;
    options.on_read = refuse;
    options.user = outcome;
    options.allocator = (welt_allocator){.allocate = lend, .release = take_back};
    if (input->is_script)
        options.script_text = (const char *)input->bytes;
    if (welt_linker_new(&linker, &options) != WELT_OK)
        return NULL;
    welt_add_bytes(linker, "boot.o", boot.bytes, boot.size);
    if (!input->is_script)
        welt_add_bytes(linker, "input", input->bytes, input->size);
    return linker;
}

static uint64_t link_now(welt_linker *linker, struct outcome *outcome)
{
    outcome->hash = 0xcbf29ce484222325u;
    welt_status status = welt_link(linker);
    atomic_fetch_add(&ended[status], 1);
    add(outcome, &status, sizeof status);
    for (int which = WELT_OUTPUT_IMAGE; which <= WELT_OUTPUT_MAP; which++) {
        welt_bytes bytes;
        if (welt_get(linker, (welt_output)which, &bytes) == WELT_OK)
            add(outcome, bytes.data, bytes.size);
    }
    return outcome->hash;
}

static uint64_t link_anew(const struct input *input)
{
    struct outcome outcome;
    welt_linker *linker = open_linker(input, &outcome);
    uint64_t hash = linker ? link_now(linker, &outcome) : 0;
    welt_linker_free(linker);
    return hash;
}

/* ---- threads ---- */

struct keeper { /* a linker that a thread keeps */
    welt_linker *linker;
    struct outcome outcome;
};

static uint64_t link_again(struct keeper *keeper, const struct input *input)
{
    if (!keeper->linker)
        keeper->linker = open_linker(input, &keeper->outcome);
    else if (welt_replace_bytes(keeper->linker, "input", input->bytes, input->size) != WELT_OK)
        return 0;
    return link_now(keeper->linker, &keeper->outcome);
}

static void *work(void *argument)
{
    unsigned long until = *(unsigned long *)argument, number;
    struct keeper keeper = {.linker = NULL};
    while ((number = atomic_fetch_add(&next_link, 1)) < until) {
        const struct input *input = &inputs[number % input_count];
        bool again = number & 1 && !input->is_script;
        uint64_t hash = again ? link_again(&keeper, input) : link_anew(input);
        if (hash == input->wanted)
            continue;
        fprintf(stderr, "%s: link %lu gives something else\n", input->path, number);
        atomic_fetch_add(&failures, 1);
    }
    welt_linker_free(keeper.linker);
    return NULL;
}

static void run_until(unsigned long until)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, &until) != 0)
            abort();
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    atomic_store(&next_link, until);
}

/* ---- the process ---- */

static unsigned open_files(void)
{
    unsigned count = 0;
    DIR *folder = opendir("/proc/self/fd");
    while (folder && readdir(folder))
        count++;
    if (folder)
        closedir(folder);
    return count;
}

static long resident_kib(void)
{
    long kib = 0;
    char line[200];
    malloc_trim(0);
    FILE *file = fopen("/proc/self/status", "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "VmRSS: %ld", &kib) == 1)
            break;
    if (file)
        fclose(file);
    return kib;
}

static bool read_input(struct input *input, const char *path)
{
    FILE *file = fopen(path, "rb");
    input->path = path;
    input->bytes = file ? calloc(1, LARGEST + 1) : NULL;
    if (!input->bytes)
        return false;
    input->size = fread(input->bytes, 1, LARGEST, file);
    input->is_script = strstr(path, ".ld") != NULL;
    fclose(file);
    unsigned char *fitted = realloc(input->bytes, input->size + 1);
    input->bytes = fitted ? fitted : input->bytes;
    return true;
}

static bool learn(int count, char **paths)
{
    input_count = (size_t)count;
    inputs = calloc(input_count, sizeof *inputs);
    for (size_t i = 0; inputs && i < input_count; i++) {
        if (!read_input(&inputs[i], paths[i]))
            return false;
        inputs[i].wanted = link_anew(&inputs[i]);
    }
    return inputs != NULL;
}

int main(int count, char **arguments)
{
    if (count < 4 || !(links = strtoul(arguments[1], NULL, 10)) ||
        !read_input(&boot, arguments[2]) || !learn(count - 3, arguments + 3))
        return 2;
    unsigned files = open_files();
    run_until(links / 8);
    long before = resident_kib();
    run_until(links);
    long after = resident_kib();
    unsigned long fine = atomic_load(&ended[WELT_OK]), failed = atomic_load(&ended[WELT_FAILED]);
    printf("%lu links of %zu inputs by %d threads: %lu linked, %lu refused, %lu wrong, %ld bytes "
           "lent, %d files more, %ld KiB after an eighth, %ld at the end\n",
           links, input_count, THREADS, fine, failed, atomic_load(&failures), atomic_load(&lent),
           (int)(open_files() - files), before, after);
    return !fine || !failed || fine + failed < links || atomic_load(&failures) ||
           atomic_load(&lent) || open_files() != files || after > before + SLACK_KIB;
}
