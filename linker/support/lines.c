/* SPDX-License-Identifier: MIT
 *
 * The one file that knows libdwarf. See lines.h.
 *
 * Its object-access interface takes sections as bytes, so that it sees no file and needs no libelf
 * of its own; the sections are relocated already. It is called with a place for errors everywhere,
 * or it would print and end the process. Its memory is its own, freed with the object. */
#include "support/lines.h"

#include "support/line_tables.h"

#include <dlfcn.h>
#include <libdwarf/dwarf.h>
#include <libdwarf/libdwarf.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { MOST_UNITS = 4096 };

static const struct line_budget most = {
    .rows = 1 << 20, .names = 1 << 18, .steps = 1 << 24, .abbreviations = 1 << 20};

#define FUNCTIONS(X)                                                                               \
    X(dwarf_object_init_b)                                                                         \
    X(dwarf_object_finish)                                                                         \
    X(dwarf_dealloc_error)                                                                         \
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
    X(dwarf_line_srcfileno)                                                                        \
    X(dwarf_attr)                                                                                  \
    X(dwarf_global_formref)                                                                        \
    X(dwarf_dealloc_attribute)                                                                     \
    X(dwarf_die_text)                                                                              \
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
    if (result == DW_DLV_ERROR)
        lines->dwarf_dealloc_error(NULL, error); /* it belongs to no object */
    return lines->debug != NULL;
}

void lines_leave(struct lines *lines)
{
    finish(lines);
}

/* ---- rows ---- */

/* A row reaches to the next of its sequence; the one that ends it says only where. Of several that
 * begin at one address the last is the address's. */
struct walk {
    const struct lines *lines;
    line_visitor *visit;
    void *to;
    struct line_range range; /* of the row before */
    bool is_open;            /* there is one */
    Dwarf_Unsigned file;     /* its number in the unit */
    char *path;
};

/* libdwarf 1.0.0 puts a path together in buffers that the whole process shares: linkers of
 * different threads would read each other's sources. Nothing that could fail or call back runs
 * under it. */
static pthread_mutex_t path_buffers = PTHREAD_MUTEX_INITIALIZER;

static char *path_of(const struct lines *lines, Dwarf_Line row)
{
    Dwarf_Error error = NULL;
    char *path = NULL;
    pthread_mutex_lock(&path_buffers);
    bool is_known = lines->dwarf_linesrc(row, &path, &error) == DW_DLV_OK;
    pthread_mutex_unlock(&path_buffers);
    return is_known ? path : NULL;
}

static void use_file(struct walk *walk, Dwarf_Line row, Dwarf_Unsigned file)
{
    if (walk->path && file == walk->file)
        return;
    if (walk->path)
        walk->lines->dwarf_dealloc(walk->lines->debug, walk->path, DW_DLA_STRING);
    walk->file = file;
    walk->range.is_new_file = true;
    walk->range.path = walk->path = path_of(walk->lines, row);
}

/* What the row says of the bytes behind it; false: nothing that can be believed. */
static bool open_range(struct walk *walk, Dwarf_Line row, Dwarf_Addr address)
{
    const struct lines *lines = walk->lines;
    Dwarf_Error error = NULL;
    Dwarf_Unsigned number = 0, column = 0, file = 0;
    if (lines->dwarf_lineno(row, &number, &error) != DW_DLV_OK || !number || number > INT32_MAX ||
        lines->dwarf_line_srcfileno(row, &file, &error) != DW_DLV_OK)
        return false;
    if (lines->dwarf_lineoff_b(row, &column, &error) != DW_DLV_OK || column > INT32_MAX)
        column = 0;
    use_file(walk, row, file);
    walk->range.address = address;
    walk->range.line = (unsigned)number;
    walk->range.column = (unsigned)column;
    return walk->path && walk->path[0];
}

static void close_range(struct walk *walk, Dwarf_Addr end)
{
    if (!walk->is_open || end <= walk->range.address)
        return;
    walk->range.end = end;
    walk->visit(walk->to, &walk->range);
    walk->range.is_new_file = false;
}

static bool visit_row(struct walk *walk, Dwarf_Line row)
{
    const struct lines *lines = walk->lines;
    Dwarf_Error error = NULL;
    Dwarf_Addr address;
    Dwarf_Bool is_end = 0;
    if (lines->dwarf_lineaddr(row, &address, &error) != DW_DLV_OK ||
        lines->dwarf_lineendsequence(row, &is_end, &error) != DW_DLV_OK)
        return false;
    close_range(walk, address);
    walk->is_open = !is_end && open_range(walk, row, address);
    return true;
}

/* ---- units ---- */

static void visit_rows(struct walk *walk, Dwarf_Die unit)
{
    const struct lines *lines = walk->lines;
    Dwarf_Error error = NULL;
    Dwarf_Line_Context context = NULL;
    Dwarf_Unsigned version;
    Dwarf_Small tables;
    Dwarf_Line *rows = NULL;
    Dwarf_Signed count = 0;
    if (lines->dwarf_srclines_b(unit, &version, &tables, &context, &error) != DW_DLV_OK)
        return;
    if (lines->dwarf_srclines_from_linecontext(context, &rows, &count, &error) == DW_DLV_OK)
        for (Dwarf_Signed i = 0; i < count && visit_row(walk, rows[i]); i++)
            ;
    if (walk->path)
        lines->dwarf_dealloc(lines->debug, walk->path, DW_DLA_STRING);
    lines->dwarf_srclines_dealloc_b(context);
}

static const char *text_of(const struct lines *lines, Dwarf_Die unit, Dwarf_Half attribute)
{
    Dwarf_Error error = NULL;
    char *text = NULL;
    bool is_there = lines->dwarf_die_text(unit, attribute, &text, &error) == DW_DLV_OK;
    return is_there && text && text[0] ? text : NULL;
}

static bool find_table(const struct lines *lines, Dwarf_Die unit, Dwarf_Off *offset)
{
    Dwarf_Error error = NULL;
    Dwarf_Attribute attribute;
    if (lines->dwarf_attr(unit, DW_AT_stmt_list, &attribute, &error) != DW_DLV_OK)
        return false;
    bool is_found = lines->dwarf_global_formref(attribute, offset, &error) == DW_DLV_OK;
    lines->dwarf_dealloc_attribute(attribute);
    return is_found;
}

static bool fits(const char *path)
{
    return !path || strnlen(path, LONGEST_SOURCE_PATH) < LONGEST_SOURCE_PATH;
}

static void visit_unit(struct walk *walk, Dwarf_Die unit, struct line_budget *budget)
{
    const struct lines *lines = walk->lines;
    Dwarf_Off table;
    walk->range.folder = text_of(lines, unit, DW_AT_comp_dir);
    walk->range.unit = text_of(lines, unit, DW_AT_name);
    walk->range.is_new_file = true;
    if (fits(walk->range.folder) && fits(walk->range.unit) && find_table(lines, unit, &table) &&
        line_table_is_sound(lines->sections, lines->count, table, budget))
        visit_rows(walk, unit);
}

/* libdwarf reads the abbreviations of a unit already with its header, so the unit must be sound. */
static bool next_unit(const struct lines *lines, Dwarf_Unsigned *next)
{
    Dwarf_Unsigned length, abbreviations, type_offset;
    Dwarf_Half version, address_size, offset_size, extension, kind;
    Dwarf_Sig8 signature;
    Dwarf_Error error = NULL;
    return lines->dwarf_next_cu_header_d(lines->debug, 1, &length, &version, &abbreviations,
                                         &address_size, &offset_size, &extension, &signature,
                                         &type_offset, next, &kind, &error) == DW_DLV_OK;
}

void lines_visit(struct lines *lines, line_visitor *visit, void *to)
{
    struct line_budget budget = most;
    Dwarf_Unsigned at = 0, next = 0;
    for (unsigned i = 0; i < MOST_UNITS && budget.rows; i++, at = next) {
        Dwarf_Error error = NULL;
        Dwarf_Die unit = NULL;
        if (!line_unit_is_sound(lines->sections, lines->count, at, &budget) ||
            !next_unit(lines, &next))
            return;
        if (lines->dwarf_siblingof_b(lines->debug, NULL, 1, &unit, &error) != DW_DLV_OK)
            continue;
        struct walk walk = {.lines = lines, .visit = visit, .to = to};
        visit_unit(&walk, unit, &budget);
        lines->dwarf_dealloc(lines->debug, unit, DW_DLA_DIE);
    }
}
