/* SPDX-License-Identifier: MIT
 *
 * An ELF object from its checked tables.
 *
 *     elf_check     the raw tables hold together
 *     sections      flags, alignment, groups from the tables; names, bytes, sizes from llvm-c
 *     atoms         split.c
 *     symbols       from the tables
 *     references    elf_refs.c
 *     places        places.c
 *
 * The object's arrays are counted before they are made. What only the reading needs (headers in
 * their wide form) stands in a second arena, gone when the object is there. */
#include "input/elf_file.h"
#include "input/elf_tables.h"
#include "input/input.h"
#include "support/bytes.h"

#include <string.h>

/* ---- sections ---- */

static bool has_prefix(const char *name, const char *prefix)
{
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* Tables of functions that start-up code walks: by type, or by the name that older compilers gave
 * them with the type of plain bytes. */
static bool is_init(const struct elf_section *raw, const char *name)
{
    static const char *const prefixes[] = {".init_array", ".fini_array", ".preinit_array", ".ctors",
                                           ".dtors"};
    if (raw->type >= SHT_INIT_ARRAY && raw->type <= SHT_PREINIT_ARRAY)
        return true;
    if (name[0] != '.' || !strchr("ifpcd", name[1]))
        return false;
    if (strcmp(name, ".init") == 0 || strcmp(name, ".fini") == 0)
        return true;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (has_prefix(name, prefixes[i]))
            return true;
    return false;
}

static uint32_t native_flags(uint64_t native)
{
    static const struct {
        uint64_t native;
        uint32_t flag;
    } map[] = {
        {SHF_ALLOC, SECTION_ALLOC},       {SHF_WRITE, SECTION_WRITE},
        {SHF_EXECINSTR, SECTION_EXEC},    {SHF_STRINGS, SECTION_STRINGS},
        {SHF_GNU_RETAIN, SECTION_RETAIN}, {SHF_EXCLUDE, SECTION_EXCLUDE},
        {SHF_TLS, SECTION_TLS},           {SHF_COMPRESSED, SECTION_PACKED},
    };
    uint32_t flags = 0;
    for (size_t i = 0; i < sizeof map / sizeof *map; i++)
        if (native & map[i].native)
            flags |= map[i].flag;
    return flags;
}

static uint32_t section_flags(const struct elf_file *file, uint32_t index, const char *name)
{
    static const uint32_t of_splits[] = {[SPLIT_NOT] = 0,
                                         [SPLIT_PIECES] = SECTION_MERGE,
                                         [SPLIT_RECORDS] = SECTION_UNWIND,
                                         [SPLIT_STABS] = SECTION_STABS};
    const struct elf_section *raw = &file->sections[index];
    if (elf_is_meta(file, index))
        return SECTION_META;
    uint32_t flags = native_flags(raw->flags) | of_splits[raw->split];
    if (raw->type == SHT_NOBITS)
        flags |= SECTION_NOBITS;
    if (raw->type == SHT_NOTE)
        flags |= SECTION_NOTE;
    if (is_init(raw, name))
        flags |= SECTION_INIT;
    if (file->is_linked)
        flags |= SECTION_RETAIN; /* nobody knows what refers to what */
    return flags;
}

static void read_section(const struct elf_file *file, struct section *section, uint32_t index)
{
    const struct elf_section *raw = &file->sections[index];
    section->atom_count = raw->atom_count;
    section->name_size = raw->name_size;
    section->address = raw->address;
    section->align = raw->align ? (uint32_t)raw->align : 1;
    section->flags = section_flags(file, index, section->name);
    section->type = raw->type;
    section->native = (uint32_t)raw->flags;
    section->entsize = (uint32_t)raw->entsize;
    section->link = raw->flags & SHF_LINK_ORDER ? raw->link : 0;
    if (section->flags & (SECTION_META | SECTION_NOBITS))
        section->bytes = NULL;
}

/* LLVM reads first: names, sizes, and where the bytes are. A section whose bytes must not be asked
 * for is marked by bytes that are not NULL. */
static bool read_sections(const struct elf_file *file, struct object *object)
{
    object->section_count = file->section_count;
    object->sections = NEW_ARRAY(file->arena, struct section, file->section_count);
    for (uint32_t i = 0; i < file->section_count; i++)
        if (elf_is_meta(file, i) || file->sections[i].type == SHT_NOBITS)
            object->sections[i].bytes = object->bytes;
    if (!llvm_read_sections(object->bytes, object->size, object->sections, file->section_count))
        return elf_damaged(file, "LLVM's reader finds no %u sections in it", file->section_count);
    if (file->section_count)
        object->sections[0] = (struct section){.name = "", .align = 1, .flags = SECTION_META};
    uint32_t atoms = 0, refs = 0;
    for (uint32_t i = 1; i < file->section_count; i++) {
        struct section *section = &object->sections[i];
        read_section(file, section, i);
        section->first_atom = atoms;
        section->first_ref = refs; /* ref_count grows as they come in */
        atoms += file->sections[i].atom_count;
        refs += file->sections[i].ref_count;
    }
    return true;
}

/* ---- groups ---- */

/* Takes a member in; one that is named twice counts once. */
static bool add_member(const struct elf_file *file, struct object *object, struct group *group,
                       uint32_t *members, uint32_t member)
{
    struct section *section = &object->sections[member];
    uint32_t number = object->group_count + 1;
    if (section->group == number)
        return true;
    if (section->group)
        return elf_damaged(file, "%s is a member of two groups", elf_title(file, member).text);
    section->group = number;
    section->flags |= SECTION_GROUPED;
    members[group->member_count++] = member;
    return true;
}

/* System V ABI, 4 "Section Groups": a word of flags, then section indices. The symbol that names
 * the group may be a section symbol, whose name is its section's. */
static bool read_group(const struct elf_file *file, struct object *object, uint32_t index)
{
    const struct elf_section *table = &file->sections[index];
    const unsigned char *at = file->bytes + table->offset;
    uint32_t count = (uint32_t)(table->size / 4 - 1);
    uint32_t *members = NEW_ARRAY(file->arena, uint32_t, count);
    struct group *group = &object->groups[object->group_count];
    group->signature = object->symbols[table->info].name;
    if (!*group->signature)
        return elf_damaged(file, "%s is a group without a name", elf_title(file, index).text);
    group->symbol = table->info;
    group->section = index;
    group->comdat = get32(at) & GRP_COMDAT;
    group->members = members;
    for (uint32_t i = 0; i < count; i++)
        if (!add_member(file, object, group, members, get32(at + 4 + (size_t)i * 4)))
            return false;
    object->group_count++;
    return true;
}

static bool read_groups(const struct elf_file *file, struct object *object)
{
    uint32_t count = 0;
    for (uint32_t i = 1; i < file->section_count; i++)
        count += file->sections[i].type == SHT_GROUP;
    if (!count)
        return true;
    object->groups = NEW_ARRAY(file->arena, struct group, count);
    for (uint32_t i = 1; i < file->section_count; i++)
        if (file->sections[i].type == SHT_GROUP && !read_group(file, object, i))
            return false;
    return true;
}

/* ---- symbols ---- */

static uint8_t symbol_kind(unsigned type)
{
    switch (type) {
    case STT_OBJECT:
    case STT_COMMON: return SYMBOL_OBJECT;
    case STT_FUNC: return SYMBOL_FUNCTION;
    case STT_SECTION: return SYMBOL_SECTION;
    case STT_FILE: return SYMBOL_FILE;
    case STT_TLS: return SYMBOL_THREAD_LOCAL;
    case STT_GNU_IFUNC: return SYMBOL_INDIRECT;
    default: return SYMBOL_NOTYPE;
    }
}

static uint8_t symbol_binding(unsigned binding)
{
    switch (binding) {
    case STB_LOCAL: return BIND_LOCAL;
    case STB_WEAK: return BIND_WEAK;
    case STB_GNU_UNIQUE: return BIND_UNIQUE;
    default: return BIND_GLOBAL;
    }
}

/* A symbol in one of the file's own tables has no address; GNU ld takes its value as it stands. */
static void read_home(const struct elf_file *file, const struct object *object,
                      struct symbol *symbol, const struct elf_symbol *raw, uint32_t index)
{
    if (raw->home == SHN_UNDEF)
        symbol->home = HOME_UNDEFINED;
    else if (raw->home == SHN_ABS)
        symbol->home = HOME_ABSOLUTE;
    else if (elf_is_common(file, raw->home))
        symbol->home = HOME_COMMON;
    else
        symbol->home = HOME_SECTION;
    if (symbol->home != HOME_SECTION)
        return;
    symbol->section = elf_symbol_section(file, index, raw);
    if (object->sections[symbol->section].flags & SECTION_META)
        symbol->home = HOME_ABSOLUTE;
    else if (file->is_linked)
        symbol->value -= file->sections[symbol->section].address;
}

static void read_symbol(const struct elf_file *file, struct object *object, uint32_t index)
{
    struct elf_symbol raw = elf_symbol_at(file, index);
    struct symbol *symbol = &object->symbols[index];
    symbol->value = raw.value;
    symbol->size = raw.size;
    symbol->binding = symbol_binding(ELF32_ST_BIND(raw.info));
    symbol->kind = symbol_kind(ELF32_ST_TYPE(raw.info));
    symbol->visibility = ELF32_ST_VISIBILITY(raw.other);
    object->is_suspect |= symbol->kind == SYMBOL_INDIRECT;
    read_home(file, object, symbol, &raw, index);
    if (symbol->kind == SYMBOL_SECTION) {
        symbol->name = object->sections[elf_symbol_section(file, index, &raw)].name;
        symbol->name_size = file->sections[elf_symbol_section(file, index, &raw)].name_size;
    } else {
        symbol->name = elf_symbol_name(file, &raw);
        symbol->name_size = (uint32_t)strlen(symbol->name);
    }
}

static bool read_symbols(const struct elf_file *file, struct object *object)
{
    uint32_t count = file->symbol_count ? file->symbol_count : 1;
    object->first_global = object->symbol_count = count;
    object->symbols = NEW_ARRAY(file->arena, struct symbol, count);
    object->symbols[0] = (struct symbol){.name = "", .home = HOME_ABSOLUTE};
    if (!file->symbol_count)
        return true;
    uint64_t room = file->sections[file->sections[file->symtab].link].size, total = 0;
    for (uint32_t i = count - 1; i > 0; i--) {
        read_symbol(file, object, i);
        if (object->symbols[i].binding != BIND_LOCAL)
            object->first_global = i;
        total += object->symbols[i].name_size;
        if (names_overlap(total, room, count))
            return elf_damaged(file,
                               "the names of the symbols overlap: %llu bytes in a table of %llu",
                               (unsigned long long)total, (unsigned long long)room);
    }
    return true;
}

/* ---- the object ---- */

/* gcc -flto writes an object without code, marked by a common symbol; ld has a plug-in for it. */
static bool refuse_lto(const struct elf_file *file, const struct object *object)
{
    for (uint32_t i = object->first_global; i < object->symbol_count; i++) {
        if (object->symbols[i].home != HOME_COMMON ||
            strcmp(object->symbols[i].name, "__gnu_lto_slim") != 0)
            continue;
        diagnose(file->host, WELT_ERROR, "object-format", file->place,
                 "compile without -flto, or with -ffat-lto-objects",
                 "holds gcc's intermediate code only (-flto), no machine code");
        return true;
    }
    return false;
}

static bool read_tables(const struct elf_file *file, struct object *object)
{
    if (!read_sections(file, object) || !read_symbols(file, object) || refuse_lto(file, object) ||
        !read_groups(file, object) || !read_refs(file, object))
        return false;
    make_atoms(file, object);
    settle_places(object);
    return true;
}

struct source {
    const char *path, *member;
    const unsigned char *bytes;
    size_t size;
};

/* Is it what its name says? The kinds that this function does not read are named for what they are.
 */
static bool check_kind(struct elf_file *file)
{
    const unsigned char *bytes = file->bytes;
    if (is_readable_elf(bytes, file->size)) {
        file->is_linked = file_kind_of(bytes, file->size) == FILE_ELF_LINKED;
        return true;
    }
    if (file->size >= SELFMAG && file->size < file->shape->header &&
        memcmp(bytes, ELFMAG, SELFMAG) == 0)
        return elf_damaged(file, "an ELF file of %llu bytes, less than its header's %u",
                           (unsigned long long)file->size, file->shape->header);
    const char *hint = NULL;
    const char *text = file_kind_text(file->scratch, bytes, file->size, &hint);
    bool is_elf = file_kind_of(bytes, file->size) == FILE_ELF_OTHER;
    diagnose(file->host, WELT_ERROR, is_elf ? "arch-mismatch" : "object-format", file->place, hint,
             "is %s; Welt links ELF objects for i386 and x86-64", text);
    return false;
}

/* LLVM opens no file at an odd address; archives of some tools hold members at one. */
static const unsigned char *even_bytes(struct arena *arena, const struct source *source)
{
    if (!((uintptr_t)source->bytes & 1))
        return source->bytes;
    return (const unsigned char *)arena_text(arena, (const char *)source->bytes, source->size);
}

/* What the object will take, all of it: thousands are held at once, and memory that is asked for in
 * one piece is neither too large nor touched in more pages than it needs. Each piece may cost an
 * alignment. */
static size_t object_size(const struct elf_file *file, const struct source *source)
{
    enum { PIECES = 8, ALIGNMENT = 16 };
    size_t size = sizeof(struct object) + PIECES * ALIGNMENT;
    size += strlen(source->path) + 1 + (source->member ? strlen(source->member) + 1 : 0);
    size += file->section_count * sizeof(struct section);
    size += (file->symbol_count + 1) * sizeof(struct symbol);
    size += file->ref_count * sizeof(struct ref);
    return size + file->atom_count * sizeof(struct atom);
}

static const struct elf_shape *shape_of(const struct source *source)
{
    bool is_wide = source->size > EI_CLASS && source->bytes[EI_CLASS] == ELFCLASS64;
    return is_wide ? &elf64_shape : &elf32_shape;
}

static struct object *read_object(struct arena *arena, struct arena *scratch,
                                  const struct source *source)
{
    struct elf_file file = {
        .host = arena->host,
        .arena = arena,
        .scratch = scratch,
        .place = {.file = source->path, .member = source->member},
        .bytes = source->bytes,
        .size = source->size,
        .shape = shape_of(source),
    };
    if (!check_kind(&file) || !elf_check(&file))
        return NULL;
    count_refs(&file);
    count_atoms(&file);
    arena_reserve(arena, object_size(&file, source));
    struct object *object = NEW(arena, struct object);
    object->path = arena_text(arena, source->path, strlen(source->path));
    if (source->member)
        object->member = arena_text(arena, source->member, strlen(source->member));
    file.bytes = object->bytes = even_bytes(arena, source);
    object->size = source->size;
    object->is_linked = file.is_linked;
    object->architecture = file.shape->is_wide ? ARCH_X86_64 : ARCH_I386;
    return read_tables(&file, object) ? object : NULL;
}

struct object *object_read_elf(struct host *host, const char *path, const char *member,
                               const unsigned char *bytes, size_t size)
{
    struct source source = {path, member, bytes, size};
    struct arena arena, scratch;
    arena_open(&arena, host);
    arena_open(&scratch, host);
    struct object *object = read_object(&arena, &scratch, &source);
    arena_close(&scratch);
    if (object)
        object->arena = arena;
    else
        arena_close(&arena);
    return object;
}

void object_free(struct object *object)
{
    if (!object)
        return;
    struct arena arena = object->arena; /* which holds the object too */
    arena_close(&arena);
}

uint32_t object_atom_at(const struct object *object, uint32_t section, uint64_t offset,
                        uint64_t *rest)
{
    const struct section *in = &object->sections[section];
    uint32_t low = 0, high = in->atom_count; /* the atom is in [low, high) */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (object->atoms[in->first_atom + middle].offset <= offset)
            low = middle;
        else
            high = middle;
    }
    *rest = offset - object->atoms[in->first_atom + low].offset;
    return in->first_atom + low;
}
