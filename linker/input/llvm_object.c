/* SPDX-License-Identifier: MIT
 *
 * What llvm-c says of an object: is it one that LLVM can open, how many sections has it, and each
 * section's name, size and bytes. The one file of the product that includes llvm-c/Object.h.
 *
 * Of LLVM's two ways to open a file this is the lighter: LLVMCreateBinary links the readers of
 * every other kind of file too, 3 MB and a third of a millisecond of start-up that a link of one
 * object would pay. What the lighter way lacks is LLVMBinaryGetType(): that it opens at all says
 * that it is an object, and the kind and the machine were read from the header before (kind.c); the
 * test llvm_agrees asks LLVMBinaryGetType() too.
 *
 * llvm-c ends the process when a table lies, so only files that elf_check() let through come here.
 * It answers with pointers into the bytes that it was given: they outlive LLVM's object, which is
 * gone when this returns. */
#include "input/elf_file.h"

#include <llvm-c/Core.h>
#include <llvm-c/Object.h>

static uint32_t read_each(LLVMObjectFileRef file, LLVMSectionIteratorRef at,
                          struct section *sections, uint32_t count)
{
    uint32_t index = 0;
    for (; !LLVMIsSectionIteratorAtEnd(file, at); LLVMMoveToNextSection(at), index++) {
        if (index == 0 || index >= count)
            continue;
        struct section *section = &sections[index];
        const char *name = LLVMGetSectionName(at); /* NULL for none */
        section->name = name ? name : "";
        section->size = LLVMGetSectionSize(at);
        if (!section->bytes)
            section->bytes = (const unsigned char *)LLVMGetSectionContents(at);
    }
    return index;
}

bool llvm_read_sections(const unsigned char *bytes, size_t size, struct section *sections,
                        uint32_t count)
{
    LLVMMemoryBufferRef buffer =
        LLVMCreateMemoryBufferWithMemoryRange((const char *)bytes, size, "", 0);
    LLVMObjectFileRef file = LLVMCreateObjectFile(buffer); /* owns the buffer, also when it fails */
    if (!file)
        return false;
    LLVMSectionIteratorRef at = LLVMGetSections(file);
    uint32_t found = read_each(file, at, sections, count);
    LLVMDisposeSectionIterator(at);
    LLVMDisposeObjectFile(file);
    return found == count;
}
