/* SPDX-License-Identifier: MIT
 *
 * What a linker keeps from one link to the next: files as they were read and the objects made of
 * them. An editor links again after each change, and all but one input are what they were. */
#ifndef WELT_RESOLVE_KEPT_H
#define WELT_RESOLVE_KEPT_H

#include "link.h"
#include "support/files.h"

/* file_read(), and a file whose content is that of the link before has its bytes too: at the same
 * address, so that objects made of them stand. Adds the file to link.files. */
enum file_result kept_read(struct link *link, const char *path, struct file **file);

/* object_read_elf(), or the object that the link before made of the same bytes at the same address
 * under the same name. Adds it to link.objects. */
struct object *kept_object(struct link *link, const char *path, const char *member,
                           welt_bytes bytes);

/* After a link: what it read is kept for the next, instead of what was kept before, of which all
 * that this link did not take is given back. A link that did not come to its inputs changes
 * nothing. Requires that the link lives no longer than what is kept. */
void kept_adopt(struct link *link, struct kept **kept);
/* Gives back what a link read and nobody keeps. */
void kept_release(struct link *link);
/* Objects of these bytes are not to be taken again: the bytes are about to go. */
void kept_forget(struct kept *kept, welt_bytes bytes);

#endif
