/* SPDX-License-Identifier: MIT
 *
 * The one file that knows libdwarf. See lines.h.
 *
 * Its object-access interface takes sections as bytes, so that it sees no file and needs no libelf
 * of its own; the sections are relocated already. It is called with a place for errors everywhere,
 * or it would print and end the process. Its memory is its own, freed with the object. */
#include "support/lines.h"

#include "support/files.h"

#include <dlfcn.h>
#include <libdwarf/dwarf.h>
#include <libdwarf/libdwarf.h>
#include <stdio.h>
#include <string.h>

enum { MOST_UNITS = 4096, MOST_ROWS = 1 << 22 };

#define FUNCTIONS(X)                                                                               \
    X(dwarf_object_init_b)                                                                         \
    X(dwarf_object_finish)                                                                         \
    X(dwarf_next_cu_header_d)                                                                      \
    X(dwarf_siblingof_b)                                                                           \
    X(dwarf_srclines_b)                                                                            \
    X(dwarf_srclines_from_linecontext)                                                             \
    X(dwarf_srclines_dealloc_b)                                                                    \
    X(dwarf_lineendsequence)                                                                       \
    X(dwarf_lineaddr)                                                                              \
    X(dwarf_lineno)                                                                                \
    X(dwarf_lineoff_b)                                                                             \
    X(dwarf_linesrc)                                                                               \
    X(dwarf_dealloc)

struct lines {
    void *library;
#define MEMBER(name) __typeof__(name) *name;
    FUNCTIONS(MEMBER)
#undef MEMBER
    Dwarf_Debug debug; /* of the sections in use, or NULL */
    Dwarf_Obj_Access_Interface access;
    const struct debug_section *sections;
    size_t count;
    uint8_t pointer_size;
};

/* ---- opening ---- */

static void finish(struct lines *lines)
{
    Dwarf_Error error = NULL;
    if (lines->debug)
        lines->dwarf_object_finish(lines->debug, &error);
    lines->debug = NULL;
}

static void close_library(void *memory)
{
    struct lines *lines = memory;
    finish(lines);
    if (lines->library)
        dlclose(lines->library);
}

static bool find_functions(struct lines *lines)
{
    static const struct {
        const char *name;
        size_t place;
    } functions[] = {
#define ROW(name) {#name, offsetof(struct lines, name)},
        FUNCTIONS(ROW)
#undef ROW
    };
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        void *found = dlsym(lines->library, functions[i].name);
        if (!found)
            return false;
        memcpy((char *)lines + functions[i].place, &found, sizeof found);
    }
    return true;
}

struct lines *lines_open(struct host *host)
{
    struct lines *lines = host_alloc_closing(host, sizeof *lines, close_library);
    lines->library = dlopen(WELT_DWARF_SONAME, RTLD_NOW | RTLD_LOCAL);
    if (lines->library && find_functions(lines))
        return lines;
    host_free(host, lines);
    return NULL;
}

void lines_close(struct host *host, struct lines *lines)
{
    host_free(host, lines);
}

/* ---- what libdwarf asks for ---- */

static int give_info(void *object, Dwarf_Half index, Dwarf_Obj_Access_Section *info, int *error)
{
    const struct lines *lines = object;
    (void)error;
    if (index >= lines->count + 1)
        return DW_DLV_NO_ENTRY;
    *info = (Dwarf_Obj_Access_Section){.name = ""};
    if (index) {
        info->name = lines->sections[index - 1].name;
        info->size = lines->sections[index - 1].size;
        info->type = 1; /* SHT_PROGBITS */
    }
    return DW_DLV_OK;
}

static int give_bytes(void *object, Dwarf_Half index, Dwarf_Small **bytes, int *error)
{
    const struct lines *lines = object;
    (void)error;
    if (!index || index >= lines->count + 1)
        return DW_DLV_NO_ENTRY;
    *bytes = (Dwarf_Small *)lines->sections[index - 1].bytes;
    return DW_DLV_OK;
}

static Dwarf_Endianness give_order(void *object)
{
    (void)object;
    return DW_OBJECT_LSB;
}

static Dwarf_Small give_size(void *object)
{
    return ((const struct lines *)object)->pointer_size;
}

static Dwarf_Unsigned give_count(void *object)
{
    return ((const struct lines *)object)->count + 1;
}

static const Dwarf_Obj_Access_Methods methods = {
    .get_section_info = give_info,
    .get_byte_order = give_order,
    .get_length_size = give_size,
    .get_pointer_size = give_size,
    .get_section_count = give_count,
    .load_section = give_bytes,
};

bool lines_use(struct lines *lines, const struct debug_section *sections, size_t count,
               unsigned pointer_size)
{
    Dwarf_Error error = NULL;
    finish(lines);
    lines->sections = sections;
    lines->count = count;
    lines->pointer_size = (uint8_t)pointer_size;
    lines->access = (Dwarf_Obj_Access_Interface){.object = lines, .methods = &methods};
    int result = lines->dwarf_object_init_b(&lines->access, NULL, NULL, DW_GROUPNUMBER_ANY,
                                            &lines->debug, &error);
    if (result != DW_DLV_OK)
        lines->debug = NULL;
    return lines->debug != NULL;
}

/* ---- rows ---- */

struct row {
    Dwarf_Line line;
    Dwarf_Addr address;
    bool is_end;
};

static bool read_row(const struct lines *lines, Dwarf_Line line, struct row *row)
{
    Dwarf_Error error = NULL;
    Dwarf_Bool is_end = 0;
    row->line = line;
    if (lines->dwarf_lineaddr(line, &row->address, &error) != DW_DLV_OK ||
        lines->dwarf_lineendsequence(line, &is_end, &error) != DW_DLV_OK)
        return false;
    row->is_end = is_end;
    return true;
}

/* A row reaches to the next of its sequence; the one that ends it says only where. Of several that
 * begin at one address the last is the address's. */
static bool find_row(const struct lines *lines, Dwarf_Line *all, Dwarf_Signed count,
                     uint64_t address, struct row *found)
{
    struct row row = {.is_end = true}, next;
    for (Dwarf_Signed i = 0; i < count && i < MOST_ROWS; i++) {
        if (!read_row(lines, all[i], &next))
            return false;
        if (!row.is_end && row.address <= address && address < next.address) {
            *found = row;
            return true;
        }
        row = next;
    }
    return false;
}

/* "/home/me/boot/main.c" is "main.c" where the linker runs, as the compiler was given it. */
static const char *relative(const char *path)
{
    char folder[SOURCE_PATH_ROOM];
    if (!current_folder(folder, sizeof folder))
        return path;
    size_t size = strlen(folder);
    return strncmp(path, folder, size) == 0 && path[size] == '/' ? path + size + 1 : path;
}

static bool describe(const struct lines *lines, const struct row *row, struct source_line *line)
{
    Dwarf_Error error = NULL;
    Dwarf_Unsigned number = 0, column = 0;
    char *path = NULL;
    if (lines->dwarf_lineno(row->line, &number, &error) != DW_DLV_OK || !number ||
        number > INT32_MAX || lines->dwarf_linesrc(row->line, &path, &error) != DW_DLV_OK || !path)
        return false;
    if (lines->dwarf_lineoff_b(row->line, &column, &error) != DW_DLV_OK || column > INT32_MAX)
        column = 0;
    line->line = (unsigned)number;
    line->column = (unsigned)column;
    snprintf(line->path, sizeof line->path, "%s", relative(path));
    lines->dwarf_dealloc(lines->debug, path, DW_DLA_STRING);
    return line->path[0] != 0;
}

static bool find_in_unit(const struct lines *lines, Dwarf_Die unit, uint64_t address,
                         struct source_line *line)
{
    Dwarf_Error error = NULL;
    Dwarf_Line_Context context = NULL;
    Dwarf_Unsigned version;
    Dwarf_Small tables;
    Dwarf_Line *rows = NULL;
    Dwarf_Signed count = 0;
    struct row row;
    if (lines->dwarf_srclines_b(unit, &version, &tables, &context, &error) != DW_DLV_OK)
        return false;
    bool found =
        lines->dwarf_srclines_from_linecontext(context, &rows, &count, &error) == DW_DLV_OK &&
        find_row(lines, rows, count, address, &row) && describe(lines, &row, line);
    lines->dwarf_srclines_dealloc_b(context);
    return found;
}

/* ---- units ---- */

static bool next_unit(const struct lines *lines)
{
    Dwarf_Unsigned length, abbreviations, type_offset, next;
    Dwarf_Half version, address_size, offset_size, extension, kind;
    Dwarf_Sig8 signature;
    Dwarf_Error error = NULL;
    return lines->dwarf_next_cu_header_d(lines->debug, 1, &length, &version, &abbreviations,
                                         &address_size, &offset_size, &extension, &signature,
                                         &type_offset, &next, &kind, &error) == DW_DLV_OK;
}

/* libdwarf goes through the units in a circle: all are visited, so that it begins anew. */
bool lines_find(struct lines *lines, uint64_t address, struct source_line *line)
{
    bool found = false;
    for (unsigned i = 0; i < MOST_UNITS && next_unit(lines); i++) {
        Dwarf_Error error = NULL;
        Dwarf_Die unit = NULL;
        if (found || lines->dwarf_siblingof_b(lines->debug, NULL, 1, &unit, &error) != DW_DLV_OK)
            continue;
        found = find_in_unit(lines, unit, address, line);
        lines->dwarf_dealloc(lines->debug, unit, DW_DLA_DIE);
    }
    return found;
}
