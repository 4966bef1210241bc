/* SPDX-License-Identifier: MIT
 *
 * Any bytes as an object: read, or refused with a diagnostic. What was let through keeps every rule
 * of input/object.h and can be walked through llvm-c, which ends the process on what the check
 * should have found; and LLVM sees the same in it.
 *
 *     clang -fsanitize=fuzzer,address,undefined … && ./fuzz_object -max_len=8192 CORPUS */
#include "../unit/listener.h"
#include "../unit/llvm_compare.h"
#include "../unit/object_rules.h"
#include "input/object.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size); // NOLINT: the fuzzer's name

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) // NOLINT
{
    struct listener listener;
    listener_open(&listener);
    if (setjmp(listener.escape))
        abort();
    struct object *object = object_read_elf(&listener.host, "fuzz.o", NULL, data, size);
    if (!object && !listener.told)
        abort();
    const char *broken = object ? broken_rule(object) : NULL;
    if (broken)
        puts(broken);
    if (broken || (object && differences_from_llvm(object)))
        abort();
    object_free(object);
    if (listener.in_use)
        abort();
    return 0;
}
