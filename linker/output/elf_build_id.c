/* SPDX-License-Identifier: MIT
 *
 * The build id: a note that holds a hash of the file that it stands in, with zeroes in its place.
 *
 * Requires: the whole file. The note itself is a section that resolve/made.c made: a header (name
 * size, hash size, NT_GNU_BUILD_ID = 3, "GNU"; System V ABI, 5 "Note Section") and the hash, SHA-1
 * or with --build-id=md5 MD5. Files of equal content have equal ids.
 *
 * objcopy leaves the note in the images that it cuts, so the hash is over what GNU ld 2.40 hashes
 * (found by experiment): the file's header, the program headers, and each section's header,
 * followed by its bytes unless it is a table of symbols or names. Offsets in the file count as 0.
 */
#include "output/elf.h"

#include "ask.h"
#include "support/digest.h"

#include <string.h>

enum { NOTE_HEADER = 16 };

/* A header with a part of it as zeroes. */
static void add_blanked(struct digest *hash, const unsigned char *header, size_t size, size_t from,
                        size_t to)
{
    static const unsigned char zeroes[16] = {0};
    digest_add(hash, header, from);
    digest_add(hash, zeroes, to - from);
    digest_add(hash, header + to, size - to);
}

static void add_headers(const struct elf *elf, struct digest *hash, const unsigned char *file)
{
    const struct link *link = elf->link;
    uint64_t size = elf_header_size(link);
    if (elf->is_64)
        add_blanked(hash, file, size, offsetof(Elf64_Ehdr, e_phoff), offsetof(Elf64_Ehdr, e_flags));
    else
        add_blanked(hash, file, size, offsetof(Elf32_Ehdr, e_phoff), offsetof(Elf32_Ehdr, e_flags));
    digest_add(hash, file + size, link->program_headers.count * program_header_size(link));
}

static void add_sections(const struct elf *elf, struct digest *hash, const unsigned char *file)
{
    const unsigned char *at = file + elf->headers_offset;
    for (size_t i = 0; i < elf->sections.count; i++) {
        const struct elf_header *header = &elf->sections.at[i];
        size_t size = elf->is_64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
        if (elf->is_64)
            add_blanked(hash, at, size, offsetof(Elf64_Shdr, sh_offset),
                        offsetof(Elf64_Shdr, sh_size));
        else
            add_blanked(hash, at, size, offsetof(Elf32_Shdr, sh_offset),
                        offsetof(Elf32_Shdr, sh_size));
        at += size;
        bool is_names = header->type == SHT_SYMTAB || header->type == SHT_SYMTAB_SHNDX ||
                        (header->type == SHT_STRTAB && header->output == NONE);
        if (header->type != SHT_NULL && header->type != SHT_NOBITS && !is_names)
            digest_add(hash, file + header->offset, header->size);
    }
}

void elf_write_build_id(const struct elf *elf, unsigned char *file)
{
    struct link *link = elf->link;
    uint64_t offset = 0;
    uint32_t atom = link->build_id_atom;
    if (atom == NONE || elf_home(elf, atom, &offset) == NONE)
        return;
    const struct output *output = &link->outputs.at[link->atoms[atom].output];
    unsigned char *note = file + output->elf_offset + link->atoms[atom].offset;
    unsigned char id[DIGEST_MOST], header[NOTE_HEADER];
    struct digest hash;
    if (strncmp(link->set->given.build_id, "0x", 2) == 0)
        return; /* given outright: made.c has it in the section */
    memcpy(header, note, NOTE_HEADER);
    memset(note, 0, NOTE_HEADER);
    digest_open(&hash, strcmp(link->set->given.build_id, "md5") == 0);
    add_headers(elf, &hash, file);
    add_sections(elf, &hash, file);
    digest_close(&hash, id);
    memcpy(note, header, NOTE_HEADER);
    memcpy(note + NOTE_HEADER, id, atom_of(link, atom)->size - NOTE_HEADER);
}
