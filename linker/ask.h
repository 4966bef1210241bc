/* SPDX-License-Identifier: MIT
 *
 * Questions about the data of a link that more than one step asks. */
#ifndef WELT_ASK_H
#define WELT_ASK_H

#include "link.h"

#include <string.h>

static inline const struct object *atom_object(const struct link *link, uint32_t atom)
{
    return link->inputs.at[link->atoms[atom].input].object;
}

/* Is the script one that was given, and none of Welt's own? */
static inline bool is_script_given(const struct link *link)
{
    const welt_options *given = &link->set->given;
    return given->script_path || given->script_text || given->default_script_path;
}

/* Is it of the runtime library that Welt carries? */
static inline bool atom_is_runtime(const struct link *link, uint32_t atom)
{
    return link->inputs.at[link->atoms[atom].input].is_runtime;
}

static inline const struct atom *atom_of(const struct link *link, uint32_t atom)
{
    const struct input *input = &link->inputs.at[link->atoms[atom].input];
    return &input->object->atoms[atom - input->first_atom];
}

static inline const struct section *atom_section(const struct link *link, uint32_t atom)
{
    return &atom_object(link, atom)->sections[atom_of(link, atom)->section];
}

/* The last of options' section_starts of a name, or of what SEGMENT_START asks for: its index, or
 * NONE. resolve/starts.c */
uint32_t last_start(const struct link *link, const char *section);
uint32_t last_segment_start(const struct link *link, const char *segment);

/* Whether the type of an output section, (INFO) and the like, says that it takes no memory. NULL:
 * an orphan. layout/types.c */
bool takes_no_memory(const struct link *link, const struct statement *output);

/* A thread's zeroed data: each thread has its own elsewhere, so it takes no room where it is. */
static inline bool output_is_tbss(const struct output *output)
{
    return (output->flags & SECTION_TLS) && (output->flags & SECTION_NOBITS);
}

/* A table that the linker would have made, had anybody asked for it: it only has a place. */
static inline bool atom_is_left_over(const struct link *link, uint32_t atom)
{
    return link->atoms[atom].input == link->made_input && !atom_of(link, atom)->size;
}

/* The common symbols of an object are one section to GNU ld, of zeroes. resolve/targets.c */
bool are_commons_of_one(const struct link *link, uint32_t left, uint32_t right);

/* What a region holds: up to its highest end, without the headroom before a signature there. Of one
 * that does not fit nothing is free. Requires the address map. */
static inline uint64_t region_used(const struct region *region)
{
    uint64_t reached = region->end - region->origin;
    bool fits = reached <= region->length && region->free <= reached;
    return fits ? reached - region->free : reached;
}

/* The bytes of the file by their address (layout/span_index.c); NULL: there are none at `address`.
 */
struct span_index {
    const struct span **spans;
    size_t count;
};
struct span_index index_spans(const struct link *link, struct arena *arena);
const struct span *find_span(const struct span_index *index, uint64_t address);

/* What a reference leads to. */
enum target_kind { TARGET_ATOM, TARGET_ABSOLUTE, TARGET_SCRIPT, TARGET_UNDEFINED };
struct target {
    uint8_t kind;
    bool is_weak;    /* TARGET_UNDEFINED: weakly, so 0 */
    uint32_t atom;   /* TARGET_ATOM: before leaders are followed */
    uint32_t global; /* or NONE: a local symbol */
    uint64_t offset; /* in the atom, or the absolute value */
    int64_t addend;  /* what is still to be added: 0 when it took part in finding the atom */
};
struct target ref_target(const struct link *link, const struct input *input, const struct ref *ref);
struct target symbol_target(const struct link *link, const struct input *input, uint32_t index);
struct target global_target(const struct link *link, uint32_t index);
/* Is the address loaded from a slot of the GOT, as the instruction can't have it itself? Requires
 * the reference's section, and settled globals. resolve/got.c */
bool ref_wants_slot(const struct link *link, const struct input *input,
                    const struct section *section, const struct ref *ref);
/* Does a live instruction name a slot, whether it needs one or not? */
bool loads_from_table(const struct link *link);

/* The symbol that an assignment sets, or NONE: dot, what an object has defined, or what PROVIDE
 * offers and is not taken. resolve/targets.c */
uint32_t assigned_global(const struct link *link, const struct statement *statement);

/* Of a symbol of the script, before layout: the number that its expression is, if it is one that is
 * known by then; whether lld takes it for a place in the image. resolve/numbers.c */
bool script_number(const struct link *link, uint32_t global, uint64_t *number);
bool script_is_place(const struct link *link, uint32_t global);

/* Does whoever loads a position-independent image add the load address here? Requires settled
 * globals. resolve/size_dynamic.c */
bool ref_wants_relocation(const struct link *link, const struct input *input,
                          const struct section *section, const struct ref *ref);

/* Of each global symbol, the narrowest visibility that any object asks for. resolve/visibility.c */
uint8_t *narrowest_visibility(const struct link *link, struct arena *arena);

/* The number that -e or ENTRY gives instead of a symbol. */
bool read_entry_number(const char *text, uint64_t *number);

/* All atoms that a reference of an atom keeps alive: its target, and what of the global offset
 * table it needs. Result: how many. root_reason(): why gc began at an atom ("entry", "KEEP", …), or
 * NULL. */
enum { REF_TARGETS = 3 };
unsigned ref_targets(const struct link *link, uint32_t atom, const struct ref *ref,
                     struct target targets[REF_TARGETS]);
const char *root_reason(const struct link *link, uint32_t atom);

/* The run address of a target without its addend. Requires layout (or a pass of it). */
uint64_t target_address(const struct link *link, const struct target *target);
uint64_t atom_address(const struct link *link, uint32_t atom, uint64_t offset);

/* Of a record of .eh_frame: the CIE that stands for the one it uses, and the atom of its function;
 * or NONE. Require SECTION_UNWIND. */
uint32_t unwind_cie(const struct link *link, uint32_t atom);
uint32_t unwind_function(const struct link *link, uint32_t atom);
/* Does GNU ld look into an output section for records? */
bool unwind_is_found(const struct link *link, uint32_t output);
/* Whether record_sizes says how long it is written. */
bool unwind_is_padded(const struct link *link, uint32_t atom);
/* Is it in the image, and the record of a function? Of any atom. */
bool atom_is_fde(const struct link *link, uint32_t atom);

/* The index of a global by name, or NONE; global_intern makes it when it is new. */
uint32_t global_find(const struct link *link, const char *name);
uint32_t global_intern(struct link *link, const char *name, uint32_t size);
/* The global that a name in an expression of the script means, as --wrap has it; or NONE. */
uint32_t global_find_wrapped(const struct link *link, const char *name);

/* Where something is, for messages. */
struct place input_place(const struct link *link, uint32_t input);
struct place atom_place(const struct link *link, uint32_t atom, uint64_t offset);
/* The symbol's name, or the section's when no symbol stands in the atom. Requires name_atoms(). */
const char *atom_name(const struct link *link, uint32_t atom);
/* "boot.o" or "libc.a(memcpy.o)". */
const char *object_title(struct arena *arena, const struct object *object);

/* In an ELF file. GNU ld calls .text writable with -N, and otherwise never. layout/types.c */
bool output_is_writable(const struct link *link, const struct output *output);
bool output_is_code(const struct link *link, const struct output *output);

/* The sizes of an ELF file's header, a program header (ELF32, ELF64: System V ABI, 4 and 5). */
static inline uint64_t elf_header_size(const struct link *link)
{
    return link->form.is_64 ? 64 : 52;
}

static inline uint64_t program_header_size(const struct link *link)
{
    return link->form.is_64 ? 56 : 32;
}

/* What -o or the script says. resolve/load_script.c */
const char *image_name(const struct link *link);
/* PF_… of PT_GNU_STACK; 0: there is none. layout/segments.c */
uint32_t stack_flags(const struct link *link);

/* Whether a section that is not loaded holds debug information, by its name.
 * resolve/orphan_anchors.c
 */
bool is_debug(const char *name);

/* Writes into a record of .stab what joining it with other objects' changes (resolve/stabs.c).
 * Requires layout. */
void put_stab(const struct link *link, uint32_t atom, unsigned char *to);

#endif
