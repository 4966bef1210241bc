/* SPDX-License-Identifier: MIT
 *
 * What start-up code forgets, found on a walk from the entry (walk.c).
 *
 *     segments          memory through DS or ES before the program has set it
 *     direction         a string instruction before cld
 *     drive-dl          DL overwritten before it was saved, and the disk used after it
 *     stack             SP set to a number within the image or .bss; sectors read over the stack
 *     stage-truncated   int 13h reads a known number of sectors, once, and the image has more
 *     call-width        a call and the return that ends it differ in width
 *     bss               not told where all that uses it was seen to write it first (bss.c)
 *
 * All are facts of one way through the program, and each is told once. Welt's own start-up code
 * stays silent because the walk finds nothing in it. */
#include "check/bss.h"

#include "ask.h"

typedef unsigned long long number; /* as printf() takes it */

enum { READ_SECTORS = 0x02, READ_EXTENDED = 0x42, DISK = 0x13, LOW = 0xff, WORD = 0xffff };

struct findings {
    bool is_bios_entry; /* registers are as a BIOS leaves them */
    bool told[DIAGNOSTIC_COUNT];
    bool told_es;

    bool lost; /* DL */
    struct place lost_at;

    unsigned reads; /* calls that read sectors */
    uint32_t sectors;
    struct place read_at;
    bool unknown_read; /* of a number of sectors that is not known */

    struct bss bss;
};

/* ---- segments, direction ---- */

static void find_segment(struct walk *walk, const struct machine *machine, const struct step *step,
                         uint8_t name, const char *text, bool *told)
{
    if (*told || (machine->set & (1u << name)))
        return;
    struct place place = step_place(walk->link, step->span, step->at);
    *told = true;
    check_found(walk->link->host, CHECK_SEGMENTS, place, NULL,
                "%s is used at `%s' before it is set", text,
                place.symbol ? place.symbol : "the entry");
}

static void find_segments(struct walk *walk, const struct machine *machine, const struct step *step)
{
    struct findings *found = walk->to;
    if (step->effect.uses_ds)
        find_segment(walk, machine, step, REG_DS, "DS", &found->told[CHECK_SEGMENTS]);
    if (step->effect.uses_es)
        find_segment(walk, machine, step, REG_ES, "ES", &found->told_es);
}

static void find_direction(struct walk *walk, const struct machine *machine,
                           const struct step *step)
{
    struct findings *found = walk->to;
    if (!step->effect.is_string || machine->direction_set || found->told[CHECK_DIRECTION])
        return;
    char text[INSTRUCTION_TEXT];
    decode_text(walk->decoder, text, sizeof text);
    found->told[CHECK_DIRECTION] = true;
    check_found(walk->link->host, CHECK_DIRECTION, step_place(walk->link, step->span, step->at),
                "cld before it, or once at the entry", "%s without cld on the way from the entry",
                text);
}

/* ---- the stack ---- */

/* A stack that the program named (mov sp, stack_top) has its room; one that is a number may not. */
static bool is_named(const struct link *link, const struct step *step)
{
    const struct span *span = step->span;
    if (span->atom == NONE)
        return true; /* not an object's */
    const struct atom *its = atom_of(link, span->atom);
    const struct object *object = atom_object(link, span->atom);
    uint64_t from = its->offset + step->at, end = from + step->instruction.length;
    for (uint32_t r = 0; r < its->ref_count; r++) {
        uint64_t at = object->refs[its->first_ref + r].offset;
        if (at >= from && at < end)
            return true;
    }
    return false;
}

/* What a stack that begins at `top` grows into first. */
static const struct span *below(const struct link *link, uint64_t top)
{
    for (size_t i = 0; i < link->spans.count; i++) {
        const struct span *span = &link->spans.at[i];
        bool is_used = span->kind == WELT_SPAN_CODE || span->kind == WELT_SPAN_DATA ||
                       span->kind == WELT_SPAN_BSS;
        if (is_used && top > span->address && top <= span->address + span->size)
            return span;
    }
    return NULL;
}

static void find_stack(struct walk *walk, const struct machine *machine, const struct step *step)
{
    struct findings *found = walk->to;
    struct link *link = walk->link;
    const struct effect *effect = &step->effect;
    bool sets = effect->to.name == REG_SP && effect->is_constant;
    if (!sets || found->told[CHECK_STACK] || !is_known(machine, REG_SS, WORD) ||
        is_named(link, step))
        return;
    uint32_t offset = effect->constant & WORD ? effect->constant & WORD : 0x10000;
    uint64_t top = 16u * (uint64_t)(machine->values[REG_SS] & WORD) + offset;
    const struct span *span = below(link, top);
    if (!span)
        return;
    found->told[CHECK_STACK] = true;
    uint64_t end = span->address + span->size;
    check_found(walk->link->host, CHECK_STACK, step_place(link, step->span, step->at), NULL,
                "the stack begins at 0x%llx and overlaps `%s' (0x%llx-0x%llx)", (number)top,
                span->atom != NONE ? atom_name(link, span->atom) : "the image",
                (number)span->address, (number)end);
}

/* ---- the disk ---- */

/* Of a disk address packet: Enhanced Disk Drive Specification 3.0, 8.2: +2 blocks, +8 first block.
 */
static uint32_t packet_sectors(const struct walk *walk, const struct machine *machine)
{
    struct link *link = walk->link;
    if (!is_known(machine, REG_SI, WORD) || !is_known(machine, REG_DS, WORD))
        return 0;
    uint32_t at = 16u * (machine->values[REG_DS] & WORD) + (machine->values[REG_SI] & WORD);
    const struct span *span = find_span(&walk->spans, at);
    if (!span || span->kind == WELT_SPAN_RESERVED)
        return 0;
    uint64_t offset = span->file_offset + (at - span->address);
    const unsigned char *packet = link->image + offset;
    if (link->image_size - offset < 16 || packet[8] != 1 || packet[9])
        return 0;
    return packet[2] | (uint32_t)packet[3] << 8;
}

/* How many sectors right behind the first a call reads; 0: not known, or others. */
static uint32_t sectors_read(const struct walk *walk, const struct machine *machine)
{
    uint32_t function = machine->values[REG_AX] >> 8 & LOW;
    uint32_t cx = machine->values[REG_CX];
    if (!is_known(machine, REG_AX, LOW << 8))
        return 0;
    if (function == READ_EXTENDED)
        return packet_sectors(walk, machine);
    bool behind = is_known(machine, REG_CX, WORD) && (cx & WORD) == 2;
    if (function != READ_SECTORS || !behind || !is_known(machine, REG_AX, LOW))
        return 0;
    return machine->values[REG_AX] & LOW;
}

static bool may_read(const struct machine *machine)
{
    uint32_t function = machine->values[REG_AX] >> 8 & LOW;
    return !is_known(machine, REG_AX, LOW << 8) || function == READ_SECTORS ||
           function == READ_EXTENDED;
}

static void find_disk(struct walk *walk, const struct machine *machine, const struct step *step)
{
    struct findings *found = walk->to;
    if (!step->effect.is_interrupt || step->effect.interrupt != DISK)
        return;
    if (machine->drive_lost && !found->told[CHECK_DRIVE_DL] && found->lost) {
        found->told[CHECK_DRIVE_DL] = true;
        if (found->is_bios_entry && check_applies(walk->link, CHECK_DRIVE_DL))
            check_found(walk->link->host, CHECK_DRIVE_DL, found->lost_at, NULL,
                        "DL (the boot drive) is overwritten before it is saved, and the disk is "
                        "used after it");
    }
    if (!may_read(machine))
        return;
    found->reads++;
    found->sectors = sectors_read(walk, machine);
    found->unknown_read |= !found->sectors;
    found->read_at = step_place(walk->link, step->span, step->at);
    walk_mark(walk, machine);
}

static void find_drive(struct walk *walk, const struct machine *machine, const struct step *step)
{
    struct findings *found = walk->to;
    const struct effect *effect = &step->effect;
    bool loses = effect->writes_dl && !effect->reads_dl && !effect->is_interrupt &&
                 !machine->drive_saved && !machine->drive_lost;
    if (!loses || found->lost)
        return;
    found->lost = true;
    found->lost_at = step_place(walk->link, step->span, step->at);
}

static void check_truncated(struct walk *walk)
{
    const struct findings *found = walk->to;
    struct link *link = walk->link;
    uint64_t wanted = (link->image_size + SECTOR - 1) / SECTOR - 1;
    if (found->reads != 1 || found->unknown_read || walk->repeats || found->sectors >= wanted)
        return;
    check_found(link->host, CHECK_STAGE_TRUNCATED, found->read_at,
                "let the layout count them: (END - ORIGIN - 1) / 512, where END is the end of what "
                "is in the file (not of .bss); the layout `disk' has __sector_count",
                "what follows the first sector fills %llu sectors, the loader reads %u",
                (number)wanted, found->sectors);
}

/* ---- calls ---- */

static void find_width(struct walk *walk, const struct frame *frame, unsigned width)
{
    struct findings *found = walk->to;
    struct link *link = walk->link;
    if (frame->width == width || found->told[CHECK_CALL_WIDTH] ||
        !check_applies(link, CHECK_CALL_WIDTH))
        return;
    const struct span *callee = find_span(&walk->spans, frame->function);
    found->told[CHECK_CALL_WIDTH] = true;
    struct place place = step_place(link, &link->spans.at[frame->call_span], frame->call_at);
    place.symbol = callee && callee->atom != NONE
                       ? spot_name(link, callee->atom, frame->function - callee->address)
                       : NULL;
    int off = (int)width / 8 - frame->width / 8;
    const struct span *caller = &link->spans.at[frame->call_span];
    bool is_start_up = caller->atom != NONE && atom_is_runtime(link, caller->atom);
    const char *hint = is_start_up ? "compile it for 16-bit mode (gcc -m16); in assembly end it "
                                     "with retl, in nasm with o32 ret"
                                   : NULL;
    check_found(link->host, CHECK_CALL_WIDTH, place, hint,
                "%u-bit call to `%s', which returns with %s: the stack is off by %d", frame->width,
                place.symbol ? place.symbol : "a function", width == 32 ? "retl" : "ret",
                off < 0 ? -off : off);
}

/* ---- all of them ---- */

static void look(struct walk *walk, const struct machine *machine, const struct step *step)
{
    struct findings *found = walk->to;
    if (found->is_bios_entry && check_applies(walk->link, CHECK_SEGMENTS))
        find_segments(walk, machine, step);
    if (found->is_bios_entry && check_applies(walk->link, CHECK_DIRECTION))
        find_direction(walk, machine, step);
    if (check_applies(walk->link, CHECK_STACK))
        find_stack(walk, machine, step);
    find_drive(walk, machine, step);
    find_disk(walk, machine, step);
    bss_look(&found->bss, walk, machine, step);
}

static bool is_wanted(const struct link *link)
{
    return check_applies(link, CHECK_SEGMENTS) || check_applies(link, CHECK_DIRECTION) ||
           check_applies(link, CHECK_STACK) || check_applies(link, CHECK_DRIVE_DL) ||
           check_applies(link, CHECK_STAGE_TRUNCATED) || check_applies(link, CHECK_CALL_WIDTH);
}

/* ---- whether to walk at all ---- */

/* Whether the entry runs in 16-bit mode: where the BIOS enters, and where its relocations say so.
 */
static bool is_narrow_entry(struct link *link)
{
    struct modes modes = {0};
    const struct section *section = atom_section(link, link->entry_atom);
    bool is_bios_entry = !is_builtin_layout(link, "own") || is_boot_sector(link);
    if (!section->bytes || !(section->flags & SECTION_EXEC))
        return false;
    if (!section->ref_count)
        return is_bios_entry;
    struct mode_fit fit = mode_of(link->host, &modes, atom_object(link, link->entry_atom),
                                  atom_of(link, link->entry_atom)->section);
    modes_close(link->host, &modes);
    return fit.bits == 16 || (!fit.bits && is_bios_entry);
}

static void walk_start_up(struct walk *walk)
{
    struct link *link = walk->link;
    const struct findings *found = walk->to;
    walk->decoder = decoder_try_open(link->host, DECODE_16);
    if (!walk->decoder) {
        diagnose(link->host, WELT_NOTE, "decode", (struct place){0},
                 "install Zydis: on Debian the package libzydis4.0",
                 "checks that decode instructions are left out: there is no Zydis");
        return;
    }
    bss_watch(&found->bss, walk);
    walk_from_entry(walk);
    decoder_close(link->host, walk->decoder);
    if (is_boot_sector(link) && check_applies(link, CHECK_STAGE_TRUNCATED))
        check_truncated(walk);
}

void check_start_up(struct link *link)
{
    struct findings found = {.is_bios_entry = is_boot_sector(link), .bss = bss_find(link)};
    struct walk walk = {.link = link, .visit = look, .visit_return = find_width, .to = &found};
    uint32_t entry = link->entry_atom;
    bool has_entry =
        entry != NONE && link->atoms[entry].is_live && link->atoms[entry].output != NONE;
    bool wanted = found.bss.in_doubt || is_wanted(link);
    if (has_entry && wanted && !is_walk_needless(link) && is_narrow_entry(link))
        walk_start_up(&walk);
    bss_tell(&found.bss, link);
}
