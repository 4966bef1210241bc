/* SPDX-License-Identifier: MIT
 *
 * A walk over the image from its entry.
 *
 * Every instruction that may run is visited once, by the first way that leads to it, with what is
 * known of the registers on that way:
 *
 *     7c00  cli
 *     7c01  xor ax, ax        AX = 0
 *     7c03  mov ds, ax        DS = 0, and set by the program
 *     7c05  call 7c20         goes on there; what follows the call, where it returns
 *     7c08  jmp [table]       where that leads is not known: the way ends
 *
 * One visit each keeps the walk linear, and each thing found has a way from the entry that shows
 * it. What other ways would find is left out. Values of all ways, joined at each instruction until
 * nothing changes, would say more, but of ways that cannot be told to a reader.
 *
 * A way ends where protected mode is entered (CR0 is written), where it leaves the image, where a
 * jump's target is computed, and where the processor stops for good: what stands behind is data.
 * Addresses are those of the running program; the bytes are the image's. */
#include "check/walk.h"

#include "ask.h"

enum { MOST_STEPS = 20000, MOST_HALTS = 256, LONGEST_INSTRUCTION = 15 };

/* The nearest symbol says where in an atom: `_start+3`. */
struct place step_place(struct link *link, const struct span *span, uint64_t at)
{
    struct place place = {.file = image_name(link)};
    if (span->atom == NONE)
        return place;
    place = atom_place(link, span->atom, at);
    place.symbol = spot_name(link, span->atom, at);
    return place;
}

/* ---- registers ---- */

bool is_known(const struct machine *machine, uint8_t name, uint32_t mask)
{
    return (machine->known[name] & mask) == mask;
}

static uint32_t mask_of(struct register_part part)
{
    uint32_t ones = part.bits >= 32 ? UINT32_MAX : (1u << part.bits) - 1;
    return ones << part.shift;
}

static void forget(struct machine *machine, uint16_t registers)
{
    for (unsigned i = 0; i < REG_COUNT; i++)
        if (registers & (1u << i))
            machine->known[i] = 0;
}

static void set_value(struct machine *machine, struct register_part to, uint32_t value, bool known)
{
    uint32_t mask = mask_of(to);
    machine->values[to.name] = (machine->values[to.name] & ~mask) | ((value << to.shift) & mask);
    machine->known[to.name] =
        known ? machine->known[to.name] | mask : machine->known[to.name] & ~mask;
}

/* A byte register that is written leaves the rest of it known. */
static void follow_registers(struct machine *machine, const struct effect *effect)
{
    struct machine before = *machine;
    uint32_t kept = effect->to.name < REG_COUNT ? machine->known[effect->to.name] : 0;
    forget(machine, effect->writes);
    if (effect->to.name >= REG_COUNT)
        return;
    machine->known[effect->to.name] = kept;
    if (effect->is_constant) {
        set_value(machine, effect->to, effect->constant, true);
        return;
    }
    uint32_t mask = mask_of(effect->from);
    bool known = effect->from.name < REG_COUNT && is_known(&before, effect->from.name, mask);
    uint32_t value = known ? (before.values[effect->from.name] & mask) >> effect->from.shift : 0;
    set_value(machine, effect->to, value, known);
}

static void follow_drive(struct machine *machine, const struct effect *effect)
{
    machine->drive_saved |= effect->reads_dl && !effect->is_interrupt;
    machine->drive_lost |= effect->writes_dl && !machine->drive_saved;
}

/* ---- memory ---- */

bool is_watched(const struct walk *walk, const struct memory_use *memory)
{
    uint32_t at = memory->address - walk->watched;
    return memory->size && at < walk->watched_size && memory->size <= walk->watched_size - at;
}

bool is_stored(const struct walk *walk, const struct machine *machine,
               const struct memory_use *memory)
{
    uint32_t at = memory->address - walk->watched;
    for (uint32_t i = at; i < at + memory->size; i++)
        if (!(machine->stored[i / 64] >> (i % 64) & 1))
            return false;
    return true;
}

static void follow_memory(const struct walk *walk, struct machine *machine,
                          const struct memory_use *memory)
{
    uint32_t at = memory->address - walk->watched;
    if (!memory->writes || !is_watched(walk, memory))
        return;
    for (uint32_t i = at; i < at + memory->size; i++)
        machine->stored[i / 64] |= (uint64_t)1 << (i % 64);
}

static void run(const struct walk *walk, struct machine *machine, const struct effect *effect)
{
    static const uint16_t by_bios = 1 << REG_AX | 1 << REG_BX | 1 << REG_CX | 1 << REG_BP;
    if (effect->is_interrupt) {
        forget(machine, by_bios);
        return;
    }
    follow_drive(machine, effect);
    follow_registers(machine, effect);
    follow_memory(walk, machine, &effect->memory);
    machine->set |= effect->writes;
    machine->direction_set |= effect->sets_direction;
    machine->is_masked = (machine->is_masked || effect->masks) && !effect->unmasks;
    struct frame *frame = machine->depth ? &machine->frames[machine->depth - 1] : NULL;
    if (frame) {
        frame->pushed += effect->stack;
        frame->is_known &= effect->is_stack_known;
    }
}

/* ---- ways ---- */

static void add_way(struct walk *walk, const struct machine *machine, uint32_t address)
{
    struct machine *way = list_add(&walk->link->arena, &walk->pending);
    *way = *machine;
    way->address = address;
}

/* The number of the step that an address was, or 0. */
static unsigned step_of(const struct walk *walk, uint32_t address)
{
    const struct span *span = find_span(&walk->spans, address);
    return span ? walk->seen[span->file_offset + (address - span->address)] : 0;
}

void walk_mark(struct walk *walk, const struct machine *machine)
{
    walk->repeats |= walk->marked != 0;
    walk->marked = walk->steps;
    walk->marked_depth = machine->depth;
    for (unsigned i = 0; i < machine->depth; i++)
        walk->marked_frames[i] = machine->frames[i];
}

static bool was_marked_in(const struct walk *walk, uint32_t function)
{
    for (unsigned i = 0; i < walk->marked_depth; i++)
        if (walk->marked_frames[i].function == function)
            return true;
    return false;
}

static const struct walked_function *find_function(const struct walk *walk, uint32_t address)
{
    for (size_t i = 0; i < walk->functions.count; i++)
        if (walk->functions.at[i].address == address)
            return &walk->functions.at[i];
    return NULL;
}

/* A function that was walked before is not walked again: it may have changed any register. */
static void skip_call(struct walk *walk, struct machine *machine, const struct frame *frame)
{
    const struct walked_function *function = find_function(walk, frame->function);
    walk->repeats |= was_marked_in(walk, frame->function);
    if (function)
        walk->visit_return(walk, frame, function->width);
    forget(machine, 0xff & ~(1u << REG_SP));
    add_way(walk, machine, frame->back);
}

static void enter_call(struct walk *walk, struct machine *machine, const struct step *step,
                       uint32_t target, uint32_t next)
{
    struct frame frame = {.function = target,
                          .back = next,
                          .width = step->effect.width,
                          .is_known = true,
                          .call_span = (uint32_t)(step->span - walk->link->spans.at),
                          .call_at = step->at};
    if (machine->depth == DEEPEST_CALL || step_of(walk, target) ||
        !find_span(&walk->spans, target)) {
        skip_call(walk, machine, &frame);
        return;
    }
    machine->frames[machine->depth++] = frame;
    add_way(walk, machine, target);
}

/* A return with something pushed goes elsewhere: a far jump of sorts. */
static void leave_call(struct walk *walk, struct machine *machine, const struct step *step)
{
    if (!machine->depth)
        return;
    const struct frame frame = machine->frames[--machine->depth];
    if (frame.is_known && frame.pushed)
        return;
    if (!find_function(walk, frame.function))
        *list_add(&walk->link->arena, &walk->functions) =
            (struct walked_function){frame.function, step->effect.width};
    walk->visit_return(walk, &frame, step->effect.width);
    add_way(walk, machine, frame.back);
}

/* Code that is linked for 0 and runs at 07c0:0000 jumps to a segment that the link knows nothing
 * of. */
static uint32_t far_target(const struct walk *walk, const struct effect *effect)
{
    uint32_t linear = 16u * effect->far_segment + effect->far_offset;
    if (find_span(&walk->spans, linear) || !effect->far_segment)
        return linear;
    return effect->far_offset;
}

/* Whether a symbol stands at a place of a span, or the span ends there. */
static bool is_at_label(const struct link *link, const struct span *span, uint64_t at)
{
    if (at >= span->size || span->atom == NONE)
        return true;
    const struct object *object = atom_object(link, span->atom);
    const struct atom *its = atom_of(link, span->atom);
    uint64_t offset = its->offset + at + (span->address - atom_address(link, span->atom, 0));
    for (uint32_t s = 1; s < object->symbol_count; s++) {
        const struct symbol *symbol = &object->symbols[s];
        if (symbol->home == HOME_SECTION && symbol->section == its->section &&
            symbol->value == offset && symbol->kind != SYMBOL_SECTION && symbol->name_size)
            return true;
    }
    return false;
}

/* A hlt with interrupts off stays. So does one before a label, most likely of a message: who waits
 * for an interrupt goes on where he is. Of the BIOS, int 18h (nothing to boot) and 19h (boot) do
 * not come back. */
static bool is_the_end(struct walk *walk, const struct machine *machine, const struct step *step)
{
    enum { NO_BOOT = 0x18, BOOT_AGAIN = 0x19 };
    const struct effect *effect = &step->effect;
    if (effect->is_interrupt)
        return effect->interrupt == NO_BOOT || effect->interrupt == BOOT_AGAIN;
    return effect->halts &&
           (machine->is_masked || ++walk->halts > MOST_HALTS ||
            is_at_label(walk->link, step->span, step->at + step->instruction.length));
}

static void go_on(struct walk *walk, struct machine *machine, const struct step *step)
{
    const struct effect *effect = &step->effect;
    uint32_t next = machine->address + step->instruction.length;
    uint32_t target =
        effect->is_far ? far_target(walk, effect) : (uint32_t)step->instruction.target;
    if (effect->leaves_mode || effect->flow == FLOW_END || is_the_end(walk, machine, step))
        return;
    if (effect->flow == FLOW_RETURN) {
        leave_call(walk, machine, step);
        return;
    }
    if (effect->flow == FLOW_CALL && effect->is_direct && !effect->is_far) {
        enter_call(walk, machine, step, target, next);
        return;
    }
    bool jumps = (effect->flow == FLOW_JUMP || effect->flow == FLOW_BRANCH) && effect->is_direct;
    unsigned before = jumps && !effect->on_carry ? step_of(walk, target) : 0;
    walk->repeats |= before && before <= walk->marked;
    if (jumps)
        add_way(walk, machine, target);
    if (effect->flow != FLOW_JUMP)
        add_way(walk, machine, next); /* walked first */
}

/* A way that runs into data, or into what fills a hole, was none. */
static bool is_code(const struct span *span)
{
    return span->kind == WELT_SPAN_CODE || span->kind == WELT_SPAN_JUMP ||
           span->kind == WELT_SPAN_SCRIPT;
}

static bool decode_step(struct walk *walk, const struct machine *machine, struct step *step)
{
    const struct link *link = walk->link;
    step->span = find_span(&walk->spans, machine->address);
    if (!step->span || !is_code(step->span))
        return false;
    step->at = machine->address - step->span->address;
    uint64_t offset = step->span->file_offset + step->at;
    uint64_t left = link->image_size - offset;
    if (walk->seen[offset])
        return false;
    walk->seen[offset] = (uint16_t)++walk->steps;
    if (!decode(walk->decoder, link->image + offset,
                left < LONGEST_INSTRUCTION ? left : LONGEST_INSTRUCTION, machine->address,
                &step->instruction))
        return false;
    step->effect = decode_effect(walk->decoder);
    return true;
}

void walk_from_entry(struct walk *walk)
{
    struct link *link = walk->link;
    struct machine start = {.address =
                                (uint32_t)atom_address(link, link->entry_atom, link->entry_offset)};
    walk->seen = NEW_ARRAY(&link->arena, uint16_t, link->image_size + 1);
    walk->spans = index_spans(walk->link, &walk->link->arena);
    add_way(walk, &start, start.address);
    while (walk->pending.count && walk->steps < MOST_STEPS) {
        struct machine machine = walk->pending.at[--walk->pending.count];
        struct step step;
        if (!decode_step(walk, &machine, &step))
            continue;
        walk->visit(walk, &machine, &step);
        run(walk, &machine, &step.effect);
        go_on(walk, &machine, &step);
    }
}
