/* SPDX-License-Identifier: MIT
 *
 * Any bytes as an archive: read, or refused with a diagnostic. Names and members that were let
 * through lie where they may, the index names members, and each member can be read as an object or
 * is refused with a word.
 *
 *     clang -fsanitize=fuzzer,address,undefined … && ./fuzz_archive -max_len=8192 CORPUS */
#include "../unit/listener.h"
#include "../unit/object_rules.h"
#include "input/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size); // NOLINT: the fuzzer's name

static void read_member(struct listener *listener, const struct archive *archive, uint32_t index)
{
    const struct archive_member *member = &archive->members[index];
    unsigned told = listener->told;
    if (strlen(member->name) >= FILENAME_MAX + 16 || !archive_find(archive, member->header))
        abort();
    if (!member->bytes)
        return;
    struct object *object =
        object_read_elf(&listener->host, archive->path, member->name, member->bytes, member->size);
    if (object ? broken_rule(object) != NULL : listener->told == told)
        abort();
    object_free(object);
}

static void read_all(struct listener *listener, struct arena *arena, const uint8_t *data,
                     size_t size)
{
    struct archive *archive = archive_read(arena, "fuzz.a", data, size);
    if (!archive) {
        if (!listener->told)
            abort();
        return;
    }
    size_t sum = 0;
    for (uint32_t i = 0; i < archive->member_count; i++)
        read_member(listener, archive, i);
    for (uint32_t i = 0; i < archive->symbol_count; i++) {
        sum += strlen(archive->symbols[i].name);
        if (archive->symbols[i].member >= archive->member_count || sum > 1000 * (size + 1))
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) // NOLINT
{
    struct listener listener;
    struct arena arena;
    listener_open(&listener);
    if (setjmp(listener.escape))
        abort();
    arena_open(&arena, &listener.host);
    read_all(&listener, &arena, data, size);
    arena_close(&arena);
    if (listener.in_use)
        abort();
    return 0;
}
