/* SPDX-License-Identifier: MIT
 *
 *     test_llvm_agrees OBJECT... ARCHIVE...
 *
 * Reads every object, and every object in an archive, with object_read_elf() and through llvm-c,
 * and compares the two on every field both know (llvm_compare.h). What is refused for a relocation
 * type that no image can have (thread-local storage in libgcc.a) is passed over. Exit status 1 when
 * they differ, when an object is not read, or when there was none. */
#include "input/input.h"
#include "listener.h"
#include "llvm_compare.h"
#include "object_rules.h"

struct tally {
    struct listener listener;
    unsigned objects, failures;
};

static unsigned char *read_file(const char *path, size_t *size)
{
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0)
        return NULL;
    *size = (size_t)ftell(file);
    rewind(file);
    unsigned char *bytes = calloc(1, *size + 1);
    if (bytes && fread(bytes, 1, *size, file) != *size) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    return bytes;
}

static void compare_object(struct tally *tally, const char *path, const char *member,
                           const unsigned char *bytes, size_t size)
{
    struct object *object = object_read_elf(&tally->listener.host, path, member, bytes, size);
    tally->objects++;
    if (!object) {
        printf("%s\n", tally->listener.text);
        tally->failures++;
        return;
    }
    const char *broken = broken_rule(object);
    if (broken)
        printf("%s: %s\n", path, broken);
    tally->failures += differences_from_llvm(object) || broken;
    object_free(object);
}

static void compare_members(struct tally *tally, const char *path, const unsigned char *bytes,
                            size_t size)
{
    struct arena arena;
    arena_open(&arena, &tally->listener.host);
    struct archive *archive = archive_read(&arena, path, bytes, size);
    if (!archive) {
        printf("%s\n", tally->listener.text);
        tally->failures++;
    }
    for (uint32_t i = 0; archive && i < archive->member_count; i++) {
        const struct archive_member *member = &archive->members[i];
        if (member->bytes && file_kind_of(member->bytes, member->size) == FILE_ELF_OBJECT)
            compare_object(tally, path, member->name, member->bytes, member->size);
    }
    arena_close(&arena);
}

static void compare_file(struct tally *tally, const char *path)
{
    size_t size;
    unsigned char *bytes = read_file(path, &size);
    if (!bytes) {
        printf("%s: cannot be read\n", path);
        tally->failures++;
        return;
    }
    if (file_kind_of(bytes, size) == FILE_ARCHIVE)
        compare_members(tally, path, bytes, size);
    else
        compare_object(tally, path, NULL, bytes, size);
    free(bytes);
}

int main(int count, char **arguments)
{
    struct tally tally = {0};
    listener_open(&tally.listener);
    if (setjmp(tally.listener.escape)) {
        puts("out of memory");
        return 1;
    }
    for (int i = 1; i < count; i++)
        compare_file(&tally, arguments[i]);
    printf("%u objects, %u with differences\n", tally.objects, tally.failures);
    return tally.failures || !tally.objects;
}
