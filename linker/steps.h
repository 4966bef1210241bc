/* SPDX-License-Identifier: MIT
 *
 * The steps of a link, in the order in which link.c takes them. Each says above its definition what
 * it requires and provides. */
#ifndef WELT_STEPS_H
#define WELT_STEPS_H

#include "link.h"

void run_link(struct link *link);          /* all of them, in order: link.c */
void name_starts(struct link *link);       /* resolve/starts.c */
void load_script(struct link *link);       /* resolve/load_script.c */
void sort_patterns(struct link *link);     /* resolve/sort_patterns.c */
void load_inputs(struct link *link);       /* resolve/inputs.c */
void choose_class(struct link *link);      /* resolve/load_script.c */
void choose_entry(struct link *link);      /* resolve/entry.c */
void make_sections(struct link *link);     /* resolve/made.c: commons, jump, GOT */
void settle_globals(struct link *link);    /* resolve/targets.c */
void settle_numbers(struct link *link);    /* resolve/numbers.c */
void join_properties(struct link *link);   /* resolve/properties.c */
void assign_sections(struct link *link);   /* resolve/assign.c */
void offer_bounds(struct link *link);      /* resolve/bounds.c */
void withdraw_bounds(struct link *link);   /* resolve/bounds.c */
void drop_unreached(struct link *link);    /* resolve/gc.c */
void check_undefined(struct link *link);   /* resolve/undefined.c */
void check_suspects(struct link *link);    /* resolve/suspects.c */
void size_unwind_index(struct link *link); /* resolve/made_unwind.c */
void size_dynamic(struct link *link);      /* resolve/size_dynamic.c */
void trim_unwind(struct link *link);       /* resolve/unwind.c */
void trim_stabs(struct link *link);        /* resolve/stabs.c */
void group_unwind(struct link *link);      /* resolve/unwind_lld.c */
void merge_pieces(struct link *link);      /* resolve/merge.c */
void fold_code(struct link *link);         /* resolve/fold.c */
void arrange_as_lld(struct link *link);    /* resolve/arrange_lld.c */
void lay_out(struct link *link);           /* layout/layout.c */
void plan_segments(struct link *link);     /* layout/segments.c: program headers */
void order_headers(struct link *link);     /* layout/header_order.c: a part of place_in_file() */
void place_in_file(struct link *link);     /* layout/file_offsets.c: offsets in an ELF file */
void settle_headers(struct link *link);    /* layout/bounds.c: __ehdr_start; requires the former */
void map_addresses(struct link *link);     /* layout/address_map.c */
void describe_elf(struct link *link);      /* output/elf.c: an ELF file's sections and symbols */
void finish_elf(struct link *link);        /* output/elf.c: its headers and tables */
void fill_image(struct link *link);        /* output/image.c */
void put_script_data(struct link *link);   /* output/image.c: a part of finish_image() */
void relocate(struct link *link);          /* output/relocate.c */
void fill_unwind_index(struct link *link); /* output/unwind_index.c */
void finish_image(struct link *link);      /* output/image.c */
unsigned draft_image(struct link *link);   /* output/draft.c: of a link that is over its budget */
/* An ELF file of a link whose output is a flat image (output/elf.c). */
welt_bytes elf_beside(struct link *link, struct arena *arena);
void name_atoms(struct link *link);          /* layout/names.c */
void check_origin(struct link *link);        /* check/origin.c */
void judge_sizes(struct link *link);         /* report/judge.c: what check_budgets() looks at */
void check_budgets(struct link *link);       /* check/budget.c */
void check_crossrefs(struct link *link);     /* check/crossrefs.c */
void check_overlaps(struct link *link);      /* check/overlap.c */
void check_linked_inputs(struct link *link); /* check/linked.c */
void watch_sources(struct link *link);       /* check/source.c: before the others */
void close_sources(struct link *link);       /* check/source.c: behind them */
void run_checks(struct link *link);          /* check/checks.c */
void run_image_checks(struct link *link);    /* check/checks.c */
void check_resident(struct link *link);      /* check/resident.c */
void check_runtime_calls(struct link *link); /* check/runtime_calls.c */

#endif
