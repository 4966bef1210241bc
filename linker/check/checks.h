/* SPDX-License-Identifier: MIT
 *
 * The checks of boot builds, inside linker/check. Each file has one or a few that look at the same
 * thing; which are made is the host's (support/diagnostics.h), and none costs anything when off. */
#ifndef WELT_CHECK_CHECKS_H
#define WELT_CHECK_CHECKS_H

#include "input/code_mode.h"
#include "link.h"
#include "support/diagnostics.h"

enum { SECTOR = 512, SIGNATURE_AT = 510, BIOS_ENTRY = 0x7c00, FOUND_SHOWN = 5 };

/* ---- after layout ---- */

void check_contents(
    struct link *link); /* contents.c: pie-object, note-first, eh-frame, non-alloc */
void check_constructors(struct link *link); /* constructors.c: init-array */
void check_bss(struct link *link);          /* bss.c: of what no walk says anything */
void check_modes(struct link *link);        /* wrong_mode.c: wrong-mode, limit-64k */

void check_conventions(struct link *link); /* convention.c: regparm */
void check_wide_calls(struct link *link);  /* wide_calls.c: wrong-mode, once in protected mode */

/* ---- with the image ---- */

void check_first_sector(struct link *link); /* first_sector.c: entry-not-first, signature, bpb */
void check_start_up(struct link *link);     /* start_up.c: what a walk from the entry finds */
void check_processor(struct link *link);    /* processor.c: cpu, sse */

/* ---- questions that several ask ---- */

/* Whether a check is on and speaks of this link's layout: a built-in one, or one's own. */
bool check_applies(const struct link *link, enum diagnostic_name check);
bool is_builtin_layout(const struct link *link, const char *name);
/* Whether the BIOS loads the image to where it loads boot sectors, and jumps to its first byte. */
bool is_boot_sector(const struct link *link);

/* 32 or 64 when the function at an offset of an atom is surely such code, though it has no
 * reference to tell it, and by what it shows; else 0. bits_by_bytes.c */
unsigned bits_by_bytes(struct link *link, struct modes *modes, uint32_t atom, uint64_t offset,
                       const char **why);

/* Calls `visit` for each reference to an address of each live atom that takes memory (threads' data
 * has none of its own); the linker's own atoms are left out. Ends when it returns false. */
typedef bool ref_visitor(struct link *link, void *to, uint32_t atom, const struct ref *ref);
void visit_live_refs(struct link *link, void *to, ref_visitor *visit);

/* Whether live code refers to where memory begins or ends, and so may know what to do with it.
 * known_bounds.c */
struct extent {
    uint64_t start, end;
};
bool knows_bounds(struct link *link, struct extent extent);

/* Of a call or jump to a distance, the mode of the processor that its bytes are for: the field is
 * as wide as it is in 16-bit code (with 66 before it when it has four bytes), or in a wide mode. */
enum branch { BRANCH_NONE, BRANCH_NARROW, BRANCH_WIDE };
enum branch branch_encoding(const struct section *section, const struct ref *ref);

/* The place of a reference, in the atom that it stands in. */
struct place ref_place(const struct link *link, uint32_t atom, const struct ref *ref);

/* What stands at an offset of an atom, by the nearest symbol before it: "print", "_start+0x3"; the
 * section's name when there is none. */
const char *spot_name(struct link *link, uint32_t atom, uint64_t offset);

#endif
