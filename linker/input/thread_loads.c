/* SPDX-License-Identifier: MIT
 *
 * Instructions that find a thread's variable through a loader, and what they become without one.
 *
 * Each thread has a copy of .tdata and .tbss, which ends where its thread pointer points: %fs:0 in
 * 64-bit code, %gs:0 in 32-bit code, by which the pointer itself is loaded. So a variable is
 * less than 0 from there:
 *
 *     .tdata 8 bytes, .tbss 8 bytes, aligned to 8     own, at .tdata + 4, is at TP - 12
 *     mov %fs:own@tpoff, %eax                         64 8b 04 25 f4 ff ff ff        local exec
 *
 * Code that may be part of a shared library does not know the distance and asks for it: a slot that
 * a loader fills (initial exec), a call with a variable (general dynamic) or a library (local
 * dynamic) as the argument, or a descriptor's call. What is linked here is the program itself, in
 * which the distance is known, so each of them turns into local exec, in as many bytes:
 *
 *     mov own@gottpoff(%rip), %rax        mov $own@tpoff, %rax
 *     lea own@tlsgd(%rip), %rdi           mov %fs:0, %rax
 *     call __tls_get_addr                 lea own@tpoff(%rax), %rax
 *
 * Where GNU ld and lld differ, both rows are there. (lld writes lea without the byte that %esp as a
 * base needs; here it gets GNU ld's add.) Other instructions are no mistake of the compiler's, but
 * none that a linker can change: an error in both.
 *
 * Sources: Drepper, "ELF Handling For Thread-Local Storage" 0.21, 3 (variant II of the layout), 4
 * (the models) and 5 (what linkers make of them); Oliva, "Thread-Local Storage Descriptors for IA32
 * and AMD64/EM64T" 0.9.5; i386 psABI 1.1 and x86-64 psABI 1.0, 4.4. Encodings: Intel SDM, volume 2,
 * 2.1.3 and 2.2.1. */
#include "input/thread_loads.h"

#include <elf.h>
#include <string.h>

/* ---- the instructions ---- */

#define I386(native, becomes, was, now)                                                            \
    {                                                                                              \
        ARCH_I386, THREAD_BOTH, native, becomes, was, now                                          \
    }
#define I386_GNU(native, becomes, was, now)                                                        \
    {                                                                                              \
        ARCH_I386, THREAD_GNU, native, becomes, was, now                                           \
    }
#define I386_LLD(native, becomes, was, now)                                                        \
    {                                                                                              \
        ARCH_I386, THREAD_LLD, native, becomes, was, now                                           \
    }
#define X86_64(native, becomes, was, now)                                                          \
    {                                                                                              \
        ARCH_X86_64, THREAD_BOTH, native, becomes, was, now                                        \
    }

/* mov %fs:0, %rax; lea own@tpoff(%rax), %rax */
#define LOAD_AND_ADD_64 "64 48 8b 04 25 00 00 00 00 48 8d 80 @@@@"
/* mov %gs:0, %eax; sub $own@tpoff, %eax */
#define LOAD_AND_SUB_32 "65 a1 00 00 00 00 81 e8 @@@@"

/* The first row that fits counts. */
const struct thread_load thread_loads[] = {
    /* mov own@gottpoff(%rip), %rax; add, which lea does without flags, but not with %rsp, %r12 */
    X86_64(R_X86_64_GOTTPOFF, R_X86_64_TPOFF32, "48R 8b 05r @@@@", "48B c7 c0b @@@@"),
    X86_64(R_X86_64_GOTTPOFF, R_X86_64_TPOFF32, "48R 03 25 @@@@", "48B 81 c4 @@@@"),
    X86_64(R_X86_64_GOTTPOFF, R_X86_64_TPOFF32, "48R 03 05r @@@@", "48D 8d 80d @@@@"),
    /* lea own@tlsgd(%rip), %rdi; call __tls_get_addr: near, through its slot, and near again */
    X86_64(R_X86_64_TLSGD, R_X86_64_TPOFF32, "66 48 8d 3d @@@@ 66 66 48 e8 ....", LOAD_AND_ADD_64),
    X86_64(R_X86_64_TLSGD, R_X86_64_TPOFF32, "66 48 8d 3d @@@@ 66 48 ff 15 ....", LOAD_AND_ADD_64),
    X86_64(R_X86_64_TLSGD, R_X86_64_TPOFF32, "66 48 8d 3d @@@@ 66 48 67 e8 ....", LOAD_AND_ADD_64),
    /* lea own@tlsld(%rip), %rdi; call __tls_get_addr: mov %fs:0, %rax behind prefixes */
    X86_64(R_X86_64_TLSLD, 0, "48 8d 3d @@@@ e8 ....", "66 66 66 64 48 8b 04 25 00 00 00 00"),
    X86_64(R_X86_64_TLSLD, 0, "48 8d 3d @@@@ ff 15 ....", "66 66 66 66 64 48 8b 04 25 00 00 00 00"),
    X86_64(R_X86_64_TLSLD, 0, "48 8d 3d @@@@ 67 e8 ....", "66 66 66 66 64 48 8b 04 25 00 00 00 00"),
    /* lea own@tlsdesc(%rip), %rax; call *own@tlscall(%rax): mov, and two bytes that do nothing */
    X86_64(R_X86_64_GOTPC32_TLSDESC, R_X86_64_TPOFF32, "48R 8d 05r @@@@", "48B c7 c0b @@@@"),
    X86_64(R_X86_64_TLSDESC_CALL, 0, "@ ff 10", "66 90"),

    /* mov own@indntpoff, %eax; %ecx; add */
    I386(R_386_TLS_IE, R_386_TLS_LE, "a1 @@@@", "b8 @@@@"),
    I386(R_386_TLS_IE, R_386_TLS_LE, "8b 05r @@@@", "c7 c0b @@@@"),
    I386(R_386_TLS_IE, R_386_TLS_LE, "03 05r @@@@", "81 c0b @@@@"),
    /* mov own@gotntpoff(%ebx), %eax; add */
    I386(R_386_TLS_GOTIE, R_386_TLS_LE, "8b 80rx @@@@", "c7 c0b @@@@"),
    I386_LLD(R_386_TLS_GOTIE, R_386_TLS_LE, "03 a0x @@@@", "81 c4 @@@@"),
    I386_LLD(R_386_TLS_GOTIE, R_386_TLS_LE, "03 80rx @@@@", "8d 80d @@@@"),
    I386_GNU(R_386_TLS_GOTIE, R_386_TLS_LE, "03 80rx @@@@", "81 c0b @@@@"),
    /* mov own@gottpoff(%ebx), %eax; sub */
    I386_GNU(R_386_TLS_IE_32, R_386_TLS_LE_32, "8b 80rx @@@@", "c7 c0b @@@@"),
    I386_GNU(R_386_TLS_IE_32, R_386_TLS_LE_32, "2b 80rx @@@@", "81 e8b @@@@"),
    I386_GNU(R_386_TLS_IE_32, R_386_TLS_LE_32, "03 80rx @@@@", "81 c0b @@@@"),
    /* lea own@tlsgd(,%ebx,1), %eax, or without SIB; call ___tls_get_addr as above */
    I386(R_386_TLS_GD, R_386_TLS_LE_32, "8d 04 05r @@@@ e8 ....", LOAD_AND_SUB_32),
    I386(R_386_TLS_GD, R_386_TLS_LE_32, "8d 80x @@@@ e8 .... 90", LOAD_AND_SUB_32),
    I386(R_386_TLS_GD, R_386_TLS_LE_32, "8d 80x @@@@ ff 90x ....", LOAD_AND_SUB_32),
    I386(R_386_TLS_GD, R_386_TLS_LE_32, "8d 80x @@@@ 67 e8 ....", LOAD_AND_SUB_32),
    /* lea own@tlsldm(%ebx), %eax; call ___tls_get_addr: mov %gs:0, %eax, and what does nothing */
    I386(R_386_TLS_LDM, 0, "8d 80x @@@@ e8 ....", "65 a1 00 00 00 00 90 8d 74 26 00"),
    I386(R_386_TLS_LDM, 0, "8d 80x @@@@ ff 90x ....", "65 a1 00 00 00 00 8d b6 00 00 00 00"),
    I386(R_386_TLS_LDM, 0, "8d 80x @@@@ 67 e8 ....", "65 a1 00 00 00 00 8d b6 00 00 00 00"),
    /* lea own@tlsdesc(%ebx), %eax; call *own@tlscall(%eax) */
    I386(R_386_TLS_GOTDESC, R_386_TLS_LE, "8d 80rx @@@@", "8d 05r @@@@"),
    I386(R_386_TLS_DESC_CALL, 0, "@ ff 10", "66 90"),
};
const unsigned thread_load_count = sizeof thread_loads / sizeof *thread_loads;

/* ---- reading them ---- */

enum { REX_R = 4, REX_B = 1, SIB = 4 };

struct element {
    enum { BYTE, FIELD, CALL_FIELD } kind;
    unsigned size;
    uint8_t byte;
    uint8_t high_reg, high_base; /* bits of a REX prefix that are the register's */
    bool reg, base, any_base;    /* places of a register in the byte */
};

static uint8_t digit(char c)
{
    return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static void note_letter(struct element *element, char letter)
{
    element->reg |= letter == 'r' || letter == 'd';
    element->base |= letter == 'b' || letter == 'd';
    element->any_base |= letter == 'x';
    if (letter == 'R' || letter == 'D')
        element->high_reg = REX_R;
    if (letter == 'B' || letter == 'D')
        element->high_base = REX_B;
}

/* Result: behind it; or NULL when the text has ended. */
static const char *next_element(const char *text, struct element *element)
{
    *element = (struct element){.kind = BYTE, .size = 1};
    text += strspn(text, " ");
    size_t length = strcspn(text, " ");
    if (!length)
        return NULL;
    if (text[0] == '@' || text[0] == '.') {
        element->kind = text[0] == '@' ? FIELD : CALL_FIELD;
        element->size = length == 4 ? 4 : 0;
        return text + length;
    }
    element->byte = (uint8_t)(digit(text[0]) << 4 | digit(text[1]));
    for (size_t i = 2; i < length; i++)
        note_letter(element, text[i]);
    return text + length;
}

unsigned thread_load_size(const char *text)
{
    struct element element;
    unsigned size = 0;
    while ((text = next_element(text, &element)))
        size += element.size;
    return size;
}

/* Before the first of a kind; or the size when there is none. */
static unsigned size_before(const char *text, int kind)
{
    struct element element;
    unsigned size = 0;
    while ((text = next_element(text, &element)) && (int)element.kind != kind)
        size += element.size;
    return size;
}

unsigned thread_load_before(const char *text)
{
    return size_before(text, FIELD);
}

/* ---- does an instruction fit? ---- */

/* Bits that the text leaves open. */
static uint8_t open_bits(const struct element *element)
{
    unsigned bits = element->high_reg | element->high_base;
    bits |= element->reg ? 7u << 3 : 0;
    bits |= element->base || element->any_base ? 7u : 0;
    return (uint8_t)bits;
}

static bool fits(const char *text, const unsigned char *at)
{
    struct element element;
    while ((text = next_element(text, &element))) {
        uint8_t open = open_bits(&element);
        bool has_sib = element.any_base && (*at & 7) == SIB;
        if (element.kind == BYTE && ((*at & ~open) != element.byte || has_sib))
            return false;
        at += element.size;
    }
    return true;
}

/* A distance counts from its own place, and the next instruction begins 4 bytes further on. */
static bool has_own_addend(const struct ref *ref)
{
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    return ref->addend == (kind->architecture == ARCH_X86_64 && kind->width ? -4 : 0);
}

static bool fits_around(const struct thread_load *load, const struct section *section,
                        const struct ref *ref)
{
    unsigned before = thread_load_before(load->was), size = thread_load_size(load->was);
    return ref->offset >= before && section->size >= size &&
           ref->offset - before <= section->size - size &&
           fits(load->was, section->bytes + ref->offset - before);
}

static bool is_code(const struct section *section)
{
    return section->bytes && section->flags & SECTION_EXEC && !section_is_split(section);
}

const struct thread_load *thread_load_of(const struct object *object, const struct section *section,
                                         const struct ref *ref, bool as_lld)
{
    const struct ref_kind *kind = &ref_kinds[ref->kind];
    unsigned dialect = as_lld ? THREAD_LLD : THREAD_GNU;
    if (kind->operation != REF_THREAD_LOAD || !is_code(section) || !has_own_addend(ref))
        return NULL;
    for (unsigned i = 0; i < thread_load_count; i++) {
        const struct thread_load *load = &thread_loads[i];
        if (load->architecture == object->architecture && load->native == kind->native &&
            load->dialects & dialect && fits_around(load, section, ref))
            return load;
    }
    return NULL;
}

bool ref_is_of_thread_call(const struct object *object, const struct section *section,
                           const struct ref *ref)
{
    if (ref <= &object->refs[section->first_ref] || ref_is_of_thread(ref))
        return false;
    const struct ref *asking = ref - 1;
    const struct thread_load *load = thread_load_of(object, section, asking, false);
    if (!load || !strchr(load->was, '.'))
        return false;
    uint64_t start = asking->offset - thread_load_before(load->was);
    return ref->offset == start + size_before(load->was, CALL_FIELD);
}

/* ---- the new one ---- */

struct taken {
    uint8_t reg, high; /* the register's low three bits, and its fourth */
};

static struct taken take_register(const char *text, const unsigned char *at)
{
    struct taken taken = {0};
    struct element element;
    while ((text = next_element(text, &element))) {
        if (element.reg)
            taken.reg = *at >> 3 & 7;
        if (element.high_reg)
            taken.high = (*at & REX_R) != 0;
        at += element.size;
    }
    return taken;
}

static uint8_t byte_with(const struct element *element, struct taken taken)
{
    unsigned byte = element->byte;
    byte |= element->reg ? (unsigned)taken.reg << 3 : 0;
    byte |= element->base ? taken.reg : 0;
    byte |= taken.high ? element->high_reg | element->high_base : 0;
    return (uint8_t)byte;
}

int thread_load_rewrite(const struct thread_load *load, unsigned char *field)
{
    unsigned char *start = field - thread_load_before(load->was), *at = start;
    struct taken taken = take_register(load->was, start);
    struct element element;
    for (const char *text = load->becomes; (text = next_element(text, &element));) {
        if (element.kind == BYTE)
            *at = byte_with(&element, taken);
        at += element.size;
    }
    return (int)(start + thread_load_before(load->becomes) - field);
}
