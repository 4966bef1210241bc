/* SPDX-License-Identifier: MIT
 *
 * What the parts of layout share: one pass over the script. */
#ifndef WELT_LAYOUT_LAYOUT_H
#define WELT_LAYOUT_LAYOUT_H

#include "link.h"

struct pass {
    struct link *link;
    uint64_t dot;
    int section;        /* the output section that dot is in, or VALUE_ABSOLUTE */
    uint64_t start;     /* that section's address */
    uint64_t unmoved;   /* dot as if empty sections had not moved it, or dot */
    bool is_unmoved;    /* they have, and `unmoved` counts */
    int dot_before;     /* `next` when dot was assigned last, or NOWHERE */
    uint64_t free;      /* where the next section begins that names neither address nor region */
    bool changed;       /* an address or a size differs from the pass before */
    size_t moved_names; /* how many of the script's symbols do */
    bool looked_ahead;  /* an expression asked for what this pass had not placed yet */
    bool is_placing;    /* an output section's address or AT() is asked for */
    bool is_final;      /* everything is settled: complain, and note the chunks */
    uint32_t next;      /* the next output section */
    uint32_t last;      /* the output section laid out before this one in no region, or NONE */
    uint32_t *last_in;  /* the same for each region */
    struct fill fill;   /* of the output section */
    uint32_t region, load_region; /* lld: of the section before */
    uint32_t last_atom;           /* that was placed in this section, or NONE */
    uint64_t gap;                 /* lld: where the last atom ended, or the section began */
    uint64_t load_offset;         /* lld: its load address less its address */
    uint64_t align, align_delta;  /* what its start was aligned to, and how far it moved */
};

static inline uint64_t align_up(uint64_t value, uint64_t align)
{
    return align > 1 ? (value + align - 1) & ~(align - 1) : value;
}

/* values.c */
struct value evaluate(struct pass *pass, const struct expr *expr);
/* The absolute number of an expression; *known false: not yet. `fallback` when expr is NULL. */
uint64_t evaluate_number(struct pass *pass, const struct expr *expr, uint64_t fallback,
                         bool *known);

/* assignments.c */
void assign(struct pass *pass, const struct statement *statement);

/* regions.c */
void open_regions(struct pass *pass);
void choose_regions(struct link *link);

/* by_name.c: what is named, or NONE */
void open_names(struct link *link);
uint32_t output_by_name(struct link *link, const char *name);
uint32_t region_by_name(const struct link *link, const char *name);
/* Requires: the script's regions in link.regions. */
void name_regions(struct link *link);
/* One that was added later. */
void name_region(struct link *link, uint32_t index);

/* place.c */
void place_output(struct pass *pass, uint32_t index);
/* What the command line says of a section's address, unless SEGMENT_START took it; or NULL. */
const welt_section_start *given_start(const struct link *link, const char *name);
bool has_own_address(const struct link *link, const struct output *output);
/* What the script does not mention and the command line gives an address: it is in no region, and
 * what follows begins where it would without it (GNU ld). */
bool is_started_orphan(const struct link *link, const struct output *output);
/* Of ALIGN or SUBALIGN: a power of two; 1, and an error, when the script says another. */
uint64_t statement_align(struct pass *pass, const struct expr *expr);
/* What a message about it names. */
struct place place_of_output(const struct output *output);

/* place_body.c */
void place_contents(struct pass *pass, const struct output *output);
void place_atom(struct pass *pass, uint32_t atom, uint64_t subalign);

/* place_ld.c: before a section's body is placed, and behind it */
void begin_as_ld(struct pass *pass, struct output *output);
uint64_t load_as_ld(struct pass *pass, const struct output *output);
bool asks_for_nothing(const struct statement *s); /* an assignment */
void end_as_ld(struct pass *pass, uint32_t index, uint64_t dot_before);

/* types.c */
void apply_type(const struct link *link, struct output *output);
void settle_kept(struct output *output);
/* (INFO), (COPY), (DSECT), (OVERLAY) */
bool is_unloaded_type(const struct statement *s);

/* data_segment.c */
void open_data_segment(struct link *link);
void note_data_segment(struct link *link, const struct statement *statement,
                       enum data_segment_phase before);
bool adjust_data_segment(struct link *link);

/* bounds.c */
void settle_bounds(struct pass *pass);

/* place_lld.c: before a section's body is placed, and behind it */
void begin_as_lld(struct pass *pass, struct output *output, uint64_t align);
void end_as_lld(struct pass *pass, struct output *output, uint64_t dot_before);
/* Without a script: of the headers, and of the first section. */
uint64_t lld_base(const struct link *link);
uint64_t lld_origin(const struct link *link);

/* segments.c */
struct program_header *add_header(struct link *link, uint32_t type);
void add_output(struct link *link, uint32_t output); /* to the newest header */
/* Does it take memory, in the ELF file as it is planned? */
bool is_in_segments(const struct output *output);

void add_dynamic(struct link *link);
void add_unwind_index(struct link *link);

/* thread_data.c */
void align_thread_data(struct link *link); /* before the first pass */
void add_thread_data(struct link *link);   /* to the program headers */
/* An error where something lies in between. Requires the plan. */
void check_thread_data(struct link *link);
void find_thread_data(struct link *link); /* after a pass */
bool output_is_of_threads(const struct output *output);

/* file_offsets.c: no room for them */
void complain_of_headers(struct link *link);

/* segments_lld.c: instead of segments.c and file_offsets.c, in an executable of lld's dialect */
bool has_lld_segments(const struct link *link);
void plan_segments_as_lld(struct link *link);
/* Requires: the plan. Provides: what place_in_file does. */
void place_as_lld(struct link *link);

/* segments_script.c */
void add_script_segments(struct link *link);
/* An error for each section that names a segment which the script does not have. */
void check_segment_names(struct link *link);

/* loads_lld.c */
uint64_t lld_headers_size(struct link *link);
bool is_loaded_by_lld(const struct output *output);

/* pack.c */
void place_packed(struct pass *pass, const struct atom_list *atoms);

#endif
