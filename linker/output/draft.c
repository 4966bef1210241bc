/* SPDX-License-Identifier: MIT
 *
 * The bytes of an image that is too large to be written, for its listing: what costs how much is
 * asked when it does not fit.
 *
 * Requires the address map of a flat image. Provides link.image. The program's bytes lie over the
 * signature and whatever else they run into, as the address map has it. A branch that does not
 * reach now may reach when the program has become smaller: what can't be relocated is counted, and
 * told as errors only when an image is made. */
#include "steps.h"

#include "support/diagnostics.h"

unsigned draft_image(struct link *link)
{
    struct host *host = link->host;
    host->is_hushed = true;
    host->hushed_errors = 0;
    fill_image(link);
    put_script_data(link);
    relocate(link);
    fill_unwind_index(link);
    host->is_hushed = false;
    return host->hushed_errors;
}
