/* SPDX-License-Identifier: MIT
 *
 * A whole link through welt.h under a fuzzer, and what must hold of it whatever the input was: a
 * failure is told, a success is not; spans cover the image; outputs can be had and end in NUL; the
 * same linker gives the same bytes again; all memory comes back. Requires libFuzzer, or any main()
 * that calls LLVMFuzzerTestOneInput(). */
#ifndef WELT_TESTS_HARNESS_H
#define WELT_TESTS_HARNESS_H

#include "welt.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size); // NOLINT: the fuzzer's name

/* Objects that are there beside the fuzzer's bytes: objects.S. */
extern const unsigned char boot_object[], boot_object_end[];
extern const unsigned char more_archive[], more_archive_end[];

enum { MOST_MEMORY = 64 << 20, MOST_IMAGE = 1 << 17, MOST_FILES = 4 };

struct file {
    const char *path;
    welt_bytes bytes;
};

struct fuzz {
    struct file files[MOST_FILES];
    size_t file_count;
    size_t in_use; /* bytes lent */
    unsigned errors, told;
};

#define REQUIRE(holds)                                                                             \
    do {                                                                                           \
        if (!(holds)) {                                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #holds);                    \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* ---- the host ---- */

static inline void fuzz_hear(void *user, const welt_diagnostic *its)
{
    struct fuzz *fuzz = user;
    fuzz->told++;
    fuzz->errors += its->severity == WELT_ERROR;
    REQUIRE(its->id && its->message && its->text);
    REQUIRE(!strpbrk(its->message, "\n\r\033") && !strpbrk(its->text, "\n\r\033"));
    REQUIRE(strlen(its->text) < 1100);
    /* every string can be read */
    size_t sum = strlen(its->id) + (its->hint ? strlen(its->hint) : 0) +
                 (its->object ? strlen(its->object) : 0) +
                 (its->section ? strlen(its->section) : 0) +
                 (its->symbol ? strlen(its->symbol) : 0) + (its->file ? strlen(its->file) : 0);
    REQUIRE(sum > 0);
}

static inline void *fuzz_lend(void *user, size_t size)
{
    struct fuzz *fuzz = user;
    if (size > MOST_MEMORY - fuzz->in_use)
        return NULL;
    fuzz->in_use += size;
    return malloc(size);
}

static inline void fuzz_take_back(void *user, void *memory, size_t size)
{
    struct fuzz *fuzz = user;
    REQUIRE(fuzz->in_use >= size);
    fuzz->in_use -= size;
    free(memory);
}

static inline int fuzz_read(void *user, const char *path, welt_bytes *bytes)
{
    const struct fuzz *fuzz = user;
    for (size_t i = 0; i < fuzz->file_count; i++)
        if (strcmp(fuzz->files[i].path, path) == 0) {
            *bytes = fuzz->files[i].bytes;
            return 0;
        }
    return 1;
}

static inline void fuzz_add_file(struct fuzz *fuzz, const char *path, const void *data, size_t size)
{
    fuzz->files[fuzz->file_count++] = (struct file){path, {data, size}};
}

/* The host's part of options; what they say of the link stays. */
static inline void fuzz_settle(struct fuzz *fuzz, welt_options *options)
{
    options->size = sizeof *options;
    options->on_diagnostic = fuzz_hear;
    options->on_read = fuzz_read;
    options->user = fuzz;
    options->allocator =
        (welt_allocator){.allocate = fuzz_lend, .release = fuzz_take_back, .user = fuzz};
    if (!options->max_image_size || options->max_image_size > MOST_IMAGE)
        options->max_image_size = MOST_IMAGE;
}

/* ---- what must hold ---- */

static inline void fuzz_check_spans(const welt_linker *linker, uint64_t image_size)
{
    uint64_t at = 0;
    for (size_t i = 0; i < welt_span_count(linker); i++) {
        welt_span span = {.struct_size = sizeof span};
        REQUIRE(welt_span_at(linker, i, &span) == WELT_OK);
        if (at == image_size && span.kind == WELT_SPAN_BSS)
            break;
        REQUIRE(span.size > 0 && span.file_offset == at);
        at += span.size;
    }
    REQUIRE(at == image_size);
}

static inline void fuzz_check_regions(const welt_linker *linker)
{
    for (size_t i = 0; i < welt_region_count(linker); i++) {
        welt_region region = {.struct_size = sizeof region};
        REQUIRE(welt_region_at(linker, i, &region) == WELT_OK && region.name);
    }
}

/* An output, or nothing when memory ran out for it; or, as an ELF file is made of more sections
 * than an image, when errors were told. */
static inline welt_bytes fuzz_get(struct fuzz *fuzz, welt_linker *linker, welt_output output)
{
    welt_bytes bytes = {NULL, 0};
    welt_status status = welt_get(linker, output, &bytes);
    bool may_fail = output == WELT_OUTPUT_ELF && fuzz->errors;
    REQUIRE(status == WELT_OK || status == WELT_NO_MEMORY || (status == WELT_FAILED && may_fail));
    REQUIRE(status != WELT_OK || (bytes.data && !bytes.data[bytes.size]));
    return bytes;
}

static inline void fuzz_check_texts(struct fuzz *fuzz, welt_linker *linker, bool linked)
{
    for (int which = WELT_OUTPUT_MAP; which <= WELT_OUTPUT_SUMMARY; which++)
        if (linked || which != WELT_OUTPUT_LISTING) {
            welt_bytes text = fuzz_get(fuzz, linker, (welt_output)which);
            REQUIRE(!text.data || strlen((const char *)text.data) == text.size);
        }
    fuzz_get(fuzz, linker, WELT_OUTPUT_REPORT_JSON);
}

/* Whether there is an image again. */
static inline bool fuzz_check_again(struct fuzz *fuzz, welt_linker *linker)
{
    welt_bytes image = fuzz_get(fuzz, linker, WELT_OUTPUT_IMAGE);
    unsigned char *first = malloc(image.size + 1);
    size_t size = image.size;
    memcpy(first, image.data, size);
    welt_status status = welt_link(linker);
    REQUIRE(status == WELT_OK || status == WELT_NO_MEMORY);
    if (status == WELT_OK) {
        image = fuzz_get(fuzz, linker, WELT_OUTPUT_IMAGE);
        REQUIRE(image.size == size && memcmp(image.data, first, size) == 0);
    }
    REQUIRE(!fuzz->errors);
    free(first);
    return status == WELT_OK;
}

/* Whether there is an image. */
static inline bool fuzz_link(struct fuzz *fuzz, welt_linker *linker)
{
    fuzz->errors = fuzz->told = 0;
    welt_status status = welt_link(linker);
    REQUIRE(status == WELT_OK || status == WELT_FAILED || status == WELT_NO_MEMORY);
    REQUIRE(status == WELT_NO_MEMORY || (status == WELT_FAILED) == (fuzz->errors > 0));
    fuzz_check_regions(linker);
    if (welt_span_count(linker))
        fuzz_check_texts(fuzz, linker, status == WELT_OK);
    if (status != WELT_OK)
        return false;
    welt_bytes image = fuzz_get(fuzz, linker, WELT_OUTPUT_IMAGE);
    bool is_elf = image.size >= 4 && memcmp(image.data, "\177ELF", 4) == 0;
    if (!is_elf) /* whose spans are those of its memory */
        fuzz_check_spans(linker, image.size);
    return fuzz_check_again(fuzz, linker);
}

/* A linker with these options, or NULL when memory ran out. */
static inline welt_linker *fuzz_open(struct fuzz *fuzz, welt_options options)
{
    welt_linker *linker;
    fuzz_settle(fuzz, &options);
    welt_status status = welt_linker_new(&linker, &options);
    REQUIRE(status == WELT_OK || status == WELT_NO_MEMORY);
    return linker;
}

static inline void fuzz_close(struct fuzz *fuzz, welt_linker *linker)
{
    welt_linker_free(linker);
    REQUIRE(!fuzz->in_use);
}

#endif
