/* SPDX-License-Identifier: MIT
 *
 * What linking again costs through welt.h: of the objects named, the middle one is replaced by an
 * equal one at another address. Prints, of RUNS pairs, the medians in milliseconds of a full link
 * (a new linker, its image, its end) and of a link again with its image, and of their ratios.
 *
 *     relink ld|boot RUNS OBJECT... */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <welt.h>

struct input {
    const char *name;
    unsigned char *data;
    size_t size;
};

static _Noreturn void stop(const char *why)
{
    fprintf(stderr, "relink: %s\n", why);
    exit(1);
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static struct input read_input(const char *name)
{
    struct input input = {.name = name};
    FILE *file = fopen(name, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        stop(name);
    input.size = (size_t)ftell(file);
    rewind(file);
    input.data = malloc(input.size);
    if (!input.data || fread(input.data, 1, input.size, file) != input.size)
        stop(name);
    fclose(file);
    return input;
}

static welt_linker *open_linker(int is_ld, const struct input *inputs, size_t count)
{
    static const welt_section_start start = {".text", 0x7c00};
    welt_options options = WELT_OPTIONS_INIT;
    welt_linker *linker;
    options.entry = "f0_0";
    options.script_text = "SECTIONS { . = 0x7c00; .text : { *(.text*) *(.rodata*) *(.data*) }"
                          " .bss : { *(.bss*) } }";
    if (is_ld) {
        options.face = WELT_FACE_LD;
        options.format = WELT_FORMAT_BINARY;
        options.omagic = 1;
        options.script_text = NULL;
        options.section_starts = &start;
        options.section_start_count = 1;
    }
    if (welt_linker_new(&linker, &options) != WELT_OK)
        stop("no linker");
    for (size_t i = 0; i < count; i++)
        if (welt_add_bytes(linker, inputs[i].name, inputs[i].data, inputs[i].size) != WELT_OK)
            stop(inputs[i].name);
    return linker;
}

static void link_it(welt_linker *linker)
{
    welt_bytes image;
    if (welt_link(linker) != WELT_OK || welt_get(linker, WELT_OUTPUT_IMAGE, &image) != WELT_OK)
        stop("the link failed");
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *all, int count)
{
    qsort(all, (size_t)count, sizeof *all, compare);
    return all[count / 2];
}

enum { MOST_RUNS = 1000 };

static void measure(int is_ld, int runs, const struct input *inputs, size_t count)
{
    static double full[MOST_RUNS], again[MOST_RUNS], ratios[MOST_RUNS];
    struct input changed = inputs[count / 2];
    unsigned char *copies[2] = {malloc(changed.size), malloc(changed.size)};
    welt_linker *kept = open_linker(is_ld, inputs, count);
    if (!copies[0] || !copies[1])
        stop("no memory");
    link_it(kept);
    for (int i = 0; i < runs; i++) {
        double begin = now();
        welt_linker *linker = open_linker(is_ld, inputs, count);
        link_it(linker);
        welt_linker_free(linker);
        full[i] = now() - begin;
        memcpy(copies[i & 1], changed.data, changed.size);
        begin = now();
        welt_replace_bytes(kept, changed.name, copies[i & 1], changed.size);
        link_it(kept);
        again[i] = now() - begin;
        ratios[i] = again[i] / full[i];
    }
    welt_linker_free(kept);
    free(copies[0]);
    free(copies[1]);
    printf("%.2f %.2f %.3f\n", median(full, runs), median(again, runs), median(ratios, runs));
}

int main(int count, char **arguments)
{
    int runs = count > 3 ? atoi(arguments[2]) : 0;
    if (runs < 1 || runs > MOST_RUNS)
        stop("usage: relink ld|boot RUNS OBJECT...");
    size_t inputs = (size_t)count - 3;
    struct input *all = calloc(inputs, sizeof *all);
    for (size_t i = 0; all && i < inputs; i++)
        all[i] = read_input(arguments[i + 3]);
    if (!all)
        stop("no memory");
    measure(strcmp(arguments[1], "ld") == 0, runs, all, inputs);
    for (size_t i = 0; i < inputs; i++)
        free(all[i].data);
    free(all);
    return 0;
}
