/* SPDX-License-Identifier: MIT
 *
 * The command's pool of memory: aligned, apart, taken back when it was the last. */
#include "support/pool.h"

#include <malloc.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct pool pool;

static void *take(size_t size)
{
    welt_allocator from = pool_allocator(&pool);
    unsigned char *memory = from.allocate(from.user, size);
    assert_non_null(memory);
    assert_int_equal((uintptr_t)memory % 16, 0);
    memset(memory, 0xa5, size);
    return memory;
}

static void give_back(void *memory, size_t size)
{
    welt_allocator to = pool_allocator(&pool);
    to.release(to.user, memory, size);
}

/* 100 MB: more than the pieces that double, and blocks that no piece but one of their own holds. */
static void blocks_lie_apart(void **state)
{
    (void)state;
    enum { COUNT = 1000 };
    unsigned char *blocks[COUNT];
    size_t sizes[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        sizes[i] = i % 100 == 99 ? 5000000 : 50001 + i;
        blocks[i] = take(sizes[i]);
        memset(blocks[i], (int)(i % 251), sizes[i]);
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(blocks[i][0], i % 251);
        assert_int_equal(blocks[i][sizes[i] - 1], i % 251);
    }
}

static void the_last_is_given_again(void **state)
{
    (void)state;
    void *first = take(100);
    void *second = take(1);
    give_back(second, 1);
    assert_ptr_equal(take(16), second);
    give_back(first, 100);
    assert_ptr_equal(take(100), first);
    assert_ptr_not_equal(take(100), first);
}

static void what_was_used_is_cleared(void **state)
{
    (void)state;
    welt_allocator from = pool_allocator(&pool);
    for (size_t size = 1; size < 3000000; size = size * 2 + 1) {
        unsigned char *before = take(size), *above = take(16);
        give_back(above, 16);
        give_back(before, size); /* the last: its room is taken again, with more behind it */
        unsigned char *again = from.allocate_zeroed(from.user, size + 100);
        for (size_t i = 0; i < size + 100; i++)
            assert_int_equal(again[i], 0);
        memset(again, 0xa5, size + 100);
        take(16);
        give_back(again, size + 100); /* not the last: the spare */
        unsigned char *spare = from.allocate_zeroed(from.user, size + 90);
        for (size_t i = 0; i < size + 90; i++)
            assert_int_equal(spare[i], 0);
    }
}

/* malloc() maps blocks of this size, and counts what it has mapped; a sanitizer's does not, and
 * tells of what was not freed. */
static void large_blocks_are_freed(void **state)
{
    (void)state;
    enum { SIZE = 64 << 20, ROUNDS = 20 };
    welt_allocator from = pool_allocator(&pool);
    size_t before = mallinfo2().hblkhd;
    for (int round = 0; round < ROUNDS; round++) {
        unsigned char *block = from.allocate(from.user, SIZE);
        assert_non_null(block);
        block[0] = 1;
        give_back(block, SIZE);
    }
    assert_int_equal(mallinfo2().hblkhd, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_lie_apart),
        cmocka_unit_test(the_last_is_given_again),
        cmocka_unit_test(what_was_used_is_cleared),
        cmocka_unit_test(large_blocks_are_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
