/* SPDX-License-Identifier: MIT
 *
 * A host that uses an LLVM of its own beside the one inside libwelt: both read the same object, in
 * turns. Linked with libLLVM's shared library; libwelt hides its copy, so neither sees the other's
 * functions or global state.
 *
 *     beside_llvm boot.o boot.bin */
#include <llvm-c/Core.h>
#include <llvm-c/Object.h>
#include <stdio.h>
#include <string.h>
#include <welt.h>

/* The size of the code as the host's LLVM sees it, and a module that LLVM makes and prints. */
static unsigned long long ask_llvm(const char *path)
{
    unsigned long long size = 0;
    char *message = NULL;
    LLVMMemoryBufferRef buffer;
    if (LLVMCreateMemoryBufferWithContentsOfFile(path, &buffer, &message) != 0)
        return 0;
    LLVMContextRef context = LLVMContextCreate();
    LLVMBinaryRef binary = LLVMCreateBinary(buffer, context, &message);
    if (!binary)
        return 0;
    LLVMSectionIteratorRef at = LLVMObjectFileCopySectionIterator(binary);
    for (; !LLVMObjectFileIsSectionIteratorAtEnd(binary, at); LLVMMoveToNextSection(at)) {
        const char *name = LLVMGetSectionName(at); /* NULL for none */
        if (name && strstr(name, ".text"))
            size += LLVMGetSectionSize(at);
    }
    LLVMDisposeSectionIterator(at);
    LLVMDisposeBinary(binary);
    LLVMDisposeMemoryBuffer(buffer);
    LLVMModuleRef module = LLVMModuleCreateWithNameInContext("beside", context);
    char *text = LLVMPrintModuleToString(module);
    if (!strstr(text, "beside"))
        size = 0;
    LLVMDisposeMessage(text);
    LLVMDisposeModule(module);
    LLVMContextDispose(context);
    return size;
}

int main(int count, char **arguments)
{
    if (count != 3)
        return 1;
    const char *const inputs[] = {arguments[1]};
    unsigned long long before = ask_llvm(arguments[1]);
    for (int i = 0; i < 3; i++)
        if (welt_link_files(arguments[2], inputs, 1, NULL) != WELT_OK ||
            ask_llvm(arguments[1]) != before)
            return 1;
    return before == 0;
}
