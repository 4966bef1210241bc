/* SPDX-License-Identifier: MIT
 *
 * A link, from top to bottom. Each step takes what the steps before it filled in link.h's data,
 * fills in more, and says above its definition what it requires and provides. None reaches back. */
#include "steps.h"

/* Steps that show mistakes of one kind together: what is wrong with the inputs, with the symbols,
 * with the layout. A later kind would only repeat an earlier one's mistakes. */
static bool is_fine(const struct link *link)
{
    return link->host->errors == 0;
}

static void resolve(struct link *link)
{
    name_starts(link);
    /* The layout names regions, symbols and roots; it is read first. */
    load_script(link);
    if (!is_fine(link))
        return;
    sort_patterns(link);
    /* Objects in their order, members of archives on demand, the runtime last. */
    load_inputs(link);
    if (!is_fine(link))
        return;
    choose_class(link);
    /* From here on no object is added: ids of atoms are fixed. */
    settle_globals(link);
    settle_numbers(link);
    choose_entry(link);
    make_sections(link);
    join_properties(link);
    assign_sections(link);
    offer_bounds(link);
}

static void select_atoms(struct link *link)
{
    drop_unreached(link);
    withdraw_bounds(link);
    trim_unwind(link);
    trim_stabs(link);
    check_undefined(link);
    check_suspects(link);
    merge_pieces(link);
    fold_code(link);
    group_unwind(link);
    arrange_as_lld(link);
    size_unwind_index(link);
    size_dynamic(link);
}

static void write_image(struct link *link)
{
    bool is_elf = link->form.kind != FORM_FLAT;
    if (is_elf)
        describe_elf(link);
    if (!is_fine(link))
        return;
    fill_image(link);
    relocate(link);
    fill_unwind_index(link);
    finish_image(link);
    if (is_elf)
        finish_elf(link);
}

/* Sizes are judged after everything that makes them smaller, and whether or not symbols are
 * missing: an image that is over its budget is told so together with what else is wrong. */
void run_link(struct link *link)
{
    resolve(link);
    if (!is_fine(link))
        return;
    select_atoms(link);
    lay_out(link);
    check_origin(link);
    map_addresses(link);
    name_atoms(link);
    judge_sizes(link);
    unsigned before = link->host->errors;
    check_budgets(link);
    unsigned by_size = link->host->errors - before;
    check_overlaps(link);
    check_crossrefs(link);
    check_linked_inputs(link);
    check_runtime_calls(link);
    check_resident(link);
    run_checks(link);
    if (is_fine(link)) {
        write_image(link);
        if (is_fine(link))
            run_image_checks(link);
    }
    link->linked = is_fine(link);
    link->is_too_large = link->form.kind == FORM_FLAT && link->laid_out && !link->linked &&
                         link->host->errors == by_size;
}
