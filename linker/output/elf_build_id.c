/* SPDX-License-Identifier: MIT
 *
 * The build id: a note that holds a hash of the file that it stands in, with zeroes in its place.
 *
 * Requires: the whole file. The note itself is a section that resolve/made.c made: a header (name
 * size, hash size, NT_GNU_BUILD_ID = 3, "GNU"; System V ABI, 5 "Note Section") and the hash, SHA-1
 * (RFC 3174), of which --build-id=md5 keeps 16 bytes. Files of equal content have equal ids. */
#include "output/elf.h"

#include "support/sha1.h"

#include <string.h>

enum { NOTE_HEADER = 16 };

void elf_write_build_id(const struct elf *elf, unsigned char *file)
{
    struct link *link = elf->link;
    uint64_t offset = 0;
    uint32_t atom = link->build_id_atom;
    if (atom == NONE || elf_home(elf, atom, &offset) == NONE)
        return;
    const char *style = link->set->given.build_id;
    const struct output *output = &link->outputs.at[link->atoms[atom].output];
    unsigned char *id = file + output->elf_offset + link->atoms[atom].offset + NOTE_HEADER;
    unsigned char hash[SHA1_SIZE];
    if (strncmp(style, "0x", 2) == 0)
        return; /* given outright: made.c has it in the section */
    sha1(file, elf->size, hash);
    memcpy(id, hash, atom_of(link, atom)->size - NOTE_HEADER);
}
