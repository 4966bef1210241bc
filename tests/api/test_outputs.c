/* SPDX-License-Identifier: MIT
 *
 * Map, listing and summary, through the public interface: their rows cover the image, byte for
 * byte, whatever the layout and whatever the objects hold. Objects are made by the assembler when
 * the tests run. */
#include "welt.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

typedef unsigned long long number; /* as printf() and scanf() take it */

/* ---- objects ---- */

static welt_bytes read_whole(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    long size = ftell(file);
    rewind(file);
    unsigned char *data = malloc((size_t)size + 1);
    assert_int_equal(fread(data, 1, (size_t)size, file), size);
    fclose(file);
    return (welt_bytes){data, (size_t)size};
}

static welt_bytes compile(const char *command, const char *source)
{
    char path[] = "/tmp/welt-outputs-XXXXXX", line[400];
    close(mkstemp(path));
    snprintf(line, sizeof line, "%s -o %s -", command, path);
    FILE *compiler = popen(line, "w");
    assert_non_null(compiler);
    fputs(source, compiler);
    assert_int_equal(pclose(compiler), 0);
    welt_bytes object = read_whole(path);
    unlink(path);
    return object;
}

static welt_bytes assemble(const char *source)
{
    return compile("as --32", source);
}

static welt_bytes compile_c(const char *source)
{
    return compile("gcc -m16 -Os -ffreestanding -fno-pic -fno-stack-protector"
                   " -fno-asynchronous-unwind-tables -ffunction-sections -fdata-sections -c -xc",
                   source);
}

/* ---- links ---- */

struct link {
    welt_linker *linker;
    welt_bytes object;
    welt_status status;
    char ids[200]; /* of the diagnostics */
};

static void hear(void *user, const welt_diagnostic *diagnostic)
{
    struct link *link = user;
    size_t used = strlen(link->ids);
    snprintf(link->ids + used, sizeof link->ids - used, "%s ", diagnostic->id);
}

static void open_link(struct link *link, welt_options options, welt_bytes object)
{
    *link = (struct link){.object = object};
    options.size = sizeof options;
    options.on_diagnostic = options.on_diagnostic ? options.on_diagnostic : hear;
    options.user = options.user ? options.user : link;
    options.output_name = "boot.bin";
    assert_int_equal(welt_linker_new(&link->linker, &options), WELT_OK);
    assert_int_equal(welt_add_bytes(link->linker, "boot.o", object.data, object.size), WELT_OK);
    link->status = welt_link(link->linker);
}

static void close_link(struct link *link)
{
    welt_linker_free(link->linker);
    free((void *)(size_t)link->object.data);
}

static welt_bytes output(const struct link *link, welt_output which)
{
    welt_bytes bytes = {NULL, 0};
    assert_int_equal(welt_get(link->linker, which, &bytes), WELT_OK);
    assert_non_null(bytes.data);
    assert_int_equal(bytes.data[bytes.size], 0);
    return bytes;
}

static const char *text_of(const struct link *link, welt_output which)
{
    welt_bytes bytes = output(link, which);
    assert_int_equal(strlen((const char *)bytes.data), bytes.size);
    return (const char *)bytes.data;
}

static const char *next_line(const char *line)
{
    const char *end = strchr(line, '\n');
    assert_non_null(end);
    return end + 1;
}

static void assert_has(const char *text, const char *wanted)
{
    if (!strstr(text, wanted))
        fail_msg("`%s' is not in:\n%s", wanted, text);
}

/* ---- the map's rows ---- */

struct row {
    number address, load, offset, size;
    char kind[16];
};

/* A row that stands for bytes of the file: address, load address when there is the column, offset,
 * size, kind. */
static bool read_row(const char *line, bool has_load, struct row *row)
{
    if (has_load)
        return sscanf(line, "  0x%llx 0x%llx 0x%llx %llu %15s", &row->address, &row->load,
                      &row->offset, &row->size, row->kind) == 5;
    row->load = 0;
    return sscanf(line, "  0x%llx 0x%llx %llu %15s", &row->address, &row->offset, &row->size,
                  row->kind) == 4;
}

static void check_row(const struct link *link, size_t index, const struct row *row, bool has_load)
{
    welt_span span = {.struct_size = sizeof span};
    assert_int_equal(welt_span_at(link->linker, index, &span), WELT_OK);
    assert_int_equal(row->address, span.address);
    assert_int_equal(row->offset, span.file_offset);
    assert_int_equal(row->size, span.size);
    if (has_load)
        assert_int_equal(row->load, span.load_address);
}

/* The rows of the file are its spans, follow each other without a gap, and their sum is the size
 * that is told. */
static number check_map(const struct link *link, const char *map)
{
    const char *line = strstr(map, "\nFile\n");
    number sum = 0, told = 0, count;
    struct row row;
    size_t rows = 0;
    assert_non_null(line);
    line = next_line(line + 1);
    bool has_load = strncmp(line, "  address     load", 18) == 0;
    for (line = next_line(line); *line && *line != '\n'; line = next_line(line)) {
        if (sscanf(line, " %llu bytes", &count) == 1 && line[2] == ' ')
            told = count;
        if (!read_row(line, has_load, &row))
            continue;
        assert_int_equal(row.offset, sum);
        check_row(link, rows++, &row, has_load);
        sum += row.size;
    }
    assert_true(rows > 0);
    assert_int_equal(told, sum);
    return sum;
}

/* ---- the listing's rows ---- */

/* How many bytes the row at `line` stands for, `bytes` compared; 0: it is no row of the file. */
static number read_bytes(const char *line, const welt_bytes *image, number at)
{
    number offset, address, count;
    int skip = 0;
    if (isspace((unsigned char)*line) || sscanf(line, "%llx%llx %n", &offset, &address, &skip) != 2)
        return 0;
    assert_int_equal(offset, at);
    line += skip;
    if (sscanf(line, "(%llu byte", &count) == 1)
        return count;
    for (count = 0; isxdigit((unsigned char)line[0]) && isxdigit((unsigned char)line[1]) &&
                    isspace((unsigned char)line[2]);
         line += 3) {
        assert_true(at + count < image->size);
        assert_int_equal(strtoul(line, NULL, 16), image->data[at + count]);
        count++;
        if (line[3] == ' ')
            break;
    }
    assert_true(count > 0);
    return count;
}

/* Every byte of the image is on one line, in order, and is what the line says. */
static void check_listing(const struct link *link, const char *listing)
{
    welt_bytes image = output(link, WELT_OUTPUT_IMAGE);
    number at = 0;
    for (const char *line = listing; *line; line = next_line(line))
        at += read_bytes(line, &image, at);
    assert_int_equal(at, image.size);
}

/* ---- all layouts ---- */

static const char program[] =
    "static const char *const names[] = {\"alpha\\r\\n\", \"beta\\r\\n\", \"welt\"};\n"
    "int counter, other[10]; short step = 7; static const unsigned char table[40] = {1, 2, 3};\n"
    "__attribute__((noinline)) static void put(char c)\n"
    "{ __asm__ volatile(\"int $0x10\" : : \"a\"(0x0e00 | c), \"b\"(7)); }\n"
    "__attribute__((noinline)) void say(const char *s) { while (*s) put(*s++); }\n"
    "int dead(void) { say(\"nobody calls\"); return 1; }\n"
    "int main(void) { for (int i = 0; i < 3; i++) { say(names[i]); other[i] = counter += step; }\n"
    "  say(\"a welt\"); put((char)table[counter % 40]); return 0; }\n";

static void check_layout(const char *layout)
{
    struct link link;
    open_link(&link, (welt_options){.layout = layout}, compile_c(program));
    if (link.status != WELT_OK)
        fail_msg("%s: %s", layout, link.ids);
    assert_int_equal(check_map(&link, text_of(&link, WELT_OUTPUT_MAP)),
                     output(&link, WELT_OUTPUT_IMAGE).size);
    check_listing(&link, text_of(&link, WELT_OUTPUT_LISTING));
    assert_has(text_of(&link, WELT_OUTPUT_LISTING), "\nsay:\n");
    close_link(&link);
}

static void rows_cover_the_image(void **state)
{
    static const char *const layouts[] = {"sector", "mbr", "vbr", "vbr32",
                                          "disk",   "com", "rom", "raw"};
    (void)state;
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++)
        check_layout(layouts[i]);
}

static void texts_are_the_same_each_time(void **state)
{
    struct link link;
    (void)state;
    open_link(&link, (welt_options){0}, compile_c(program));
    for (int which = WELT_OUTPUT_MAP; which <= WELT_OUTPUT_REPORT_CSV; which++) {
        welt_bytes first = output(&link, (welt_output)which);
        welt_bytes again = output(&link, (welt_output)which);
        assert_int_equal(first.size, again.size);
        assert_memory_equal(first.data, again.data, first.size);
    }
    close_link(&link);
}

/* ---- what the map says ---- */

static const char small[] = ".code16\n.globl _start\n.section .text._start,\"ax\"\n"
                            "_start: mov $hello, %si\n mov $copy, %di\n movw %si, last+2\n"
                            "1: hlt\n jmp 1b\n"
                            ".section .text.dead,\"ax\"\n.globl dead\ndead: call _start\n"
                            ".section .rodata.str1.1,\"aMS\",@progbits,1\n"
                            "hello: .asciz \"Hello, world\"\ncopy: .asciz \"world\"\n"
                            ".section .bss.last,\"aw\",@nobits\nlast: .zero 6\n"
                            ".globl PORT\nPORT = 0x3f8\n";

static void map_tells_what_is_where(void **state)
{
    struct link link;
    (void)state;
    open_link(&link, (welt_options){0}, assemble(small));
    assert_int_equal(link.status, WELT_OK);
    const char *map = text_of(&link, WELT_OUTPUT_MAP);
    assert_has(map, "Map of boot.bin: 512 bytes from 0x7c00\n");
    assert_has(map, "\n.text > sector\n  0x7c00      0x0 ");
    assert_has(map, "code       _start  boot.o:(.text._start)\n");
    assert_has(map, "bss        last  boot.o:(.bss.last)\n");
    assert_has(map, "  0x3f8       PORT  boot.o, absolute\n");
    assert_has(map, "  0x7c00      __image_start  layout\n");
    close_link(&link);
}

static void map_tells_what_is_gone(void **state)
{
    struct link link;
    number hello = 0;
    char line[100];
    (void)state;
    open_link(&link, (welt_options){0}, assemble(small));
    const char *map = text_of(&link, WELT_OUTPUT_MAP);
    const char *row = strstr(map, "hello  boot.o:(.rodata");
    while (row > map && row[-1] != '\n')
        row--;
    assert_int_equal(sscanf(row, " 0x%llx", &hello), 1);
    assert_has(map, "  3  unreached  dead  boot.o:(.text.dead)\n");
    snprintf(line, sizeof line, "  6  merged     copy  boot.o:(.rodata.str1.1), is at 0x%llx\n",
             hello + 7);
    assert_has(map, line);
    assert_has(map, "         9  boot.o\n           9  bytes\n");
    snprintf(line, sizeof line, "  0x%llx %*scopy  boot.o:(.rodata.str1.1)\n", hello + 7, 5, "");
    assert_has(map, line);
    close_link(&link);
}

static void map_is_there_over_budget(void **state)
{
    struct link link;
    welt_bytes none;
    (void)state;
    open_link(&link, (welt_options){0},
              assemble(".globl _start\n_start: nop\n.space 598\nlast: nop\n"));
    assert_int_equal(link.status, WELT_FAILED);
    const char *map = text_of(&link, WELT_OUTPUT_MAP);
    assert_has(map, "510       600        90 over\n");
    assert_has(map, "  0x7e57                                         last\n");
    check_map(&link, map);
    assert_has(text_of(&link, WELT_OUTPUT_SUMMARY), "boot.bin: 600 of 510 bytes, 90 over\n");
    assert_has(text_of(&link, WELT_OUTPUT_LISTING), "; not written: it is over its budget\n");
    assert_int_equal(welt_get(link.linker, WELT_OUTPUT_IMAGE, &none), WELT_MISUSE);
    close_link(&link);
}

static void summary_is_a_line(void **state)
{
    struct link link;
    (void)state;
    open_link(&link, (welt_options){0}, assemble(".globl _start\n_start: hlt\n"));
    assert_string_equal(text_of(&link, WELT_OUTPUT_SUMMARY),
                        "boot.bin: 1 of 510 bytes, 509 free\n");
    close_link(&link);
}

static void image_has_a_name(void **state)
{
    struct link link;
    (void)state;
    open_link(&link, (welt_options){0}, assemble(".globl _start\n_start: hlt\n"));
    assert_string_equal(welt_image_name(link.linker), "boot.bin");
    close_link(&link);
    welt_options options = WELT_OPTIONS_INIT;
    options.script_text = "OUTPUT(disk.img) SECTIONS { .text : { *(.text) } }";
    link.object = assemble(".globl _start\n_start: hlt\n");
    assert_int_equal(welt_linker_new(&link.linker, &options), WELT_OK);
    assert_null(welt_image_name(link.linker));
    welt_add_bytes(link.linker, "boot.o", link.object.data, link.object.size);
    welt_link(link.linker);
    assert_string_equal(welt_image_name(link.linker), "disk.img");
    close_link(&link);
}

/* ---- what the listing says ---- */

static void check_lines(const char *source, const char *const *wanted)
{
    struct link link;
    open_link(&link, (welt_options){0}, assemble(source));
    assert_int_equal(link.status, WELT_OK);
    const char *listing = text_of(&link, WELT_OUTPUT_LISTING), *at = listing;
    check_listing(&link, listing);
    for (; *wanted && at; wanted++) {
        at = strstr(at, *wanted);
        if (!at)
            fail_msg("`%s' does not follow in:\n%s", *wanted, listing);
        else
            at += strlen(*wanted);
    }
    close_link(&link);
}

static void references_are_named(void **state)
{
    static const char *const wanted[] = {"\n_start:\n", "; hello\n",  "; copy\n", "; last+0x2\n",
                                         "jmp 0x",      "\nhello:\n", "|Hello, ", "\ncopy:\n",
                                         "|world.|",    "free: 00",   "55 aa",    "signature\n",
                                         "\nlast:\n",   "(6 bytes)",  "memory\n", NULL};
    (void)state;
    check_lines(small, wanted);
}

static void strings_are_shown_where_they_are_used(void **state)
{
    static const char *const wanted[] = {"; \"one\\r\\n\"\n", "; \"two\"\n", "|one...|", "|two.|",
                                         NULL};
    (void)state;
    check_lines(".code16\n.globl _start\n_start: mov $.Lone, %si\n mov $.Ltwo, %si\n hlt\n"
                ".section .rodata.str1.1,\"aMS\",@progbits,1\n"
                ".Lone: .asciz \"one\\r\\n\"\n.Ltwo: .asciz \"two\"\n",
                wanted);
}

static void branches_are_named(void **state)
{
    static const char *const wanted[] = {"call 0x7c08", "; print\n",  "jmp 0x7c00", "; _start\n",
                                         "jmp 0x7c05",  "\nprint:\n", NULL};
    (void)state;
    check_lines(".code16\n.globl _start\n_start: call print\n jmp _start\n"
                "1: hlt\n jmp 1b\nprint: ret\n",
                wanted);
}

static void declared_data_in_code_is_data(void **state)
{
    static const char *const wanted[] = {"jmp 0x7c06", "\ntable:\n",     "00 7c cd ab",
                                         "; _start\n", "mov si, 0x7c02", NULL};
    (void)state;
    check_lines(".code16\n.globl _start\n_start: jmp 1f\n.type table, @object\n"
                "table: .word _start, 0xabcd\n.size table, .-table\n1: mov $table, %si\n hlt\n",
                wanted);
}

/* An imul wants four bytes, but `next' begins after two; a call wants three, the section ends after
 * two. */
static void bytes_that_are_no_instruction(void **state)
{
    static const char *const wanted[] = {"db 0x69\n", "outsb",     "\nnext:\n",
                                         "hlt\n",     "db 0xe8\n", NULL};
    (void)state;
    check_lines(".code16\n.globl _start\n_start: .byte 0x69, 0x6e\n"
                "next: hlt\n .byte 0xe8, 0x01\n",
                wanted);
}

static void sector_with_its_own_signature(void **state)
{
    static const char *const wanted[] = {
        "hlt\n", "(509 bytes)", "00, repeated\n", "01fe    7dfe    55 aa", "signature\n", NULL};
    (void)state;
    check_lines(".code16\n.globl _start\n_start: hlt\n.org 510\n.word 0xaa55\n", wanted);
}

/* ---- hostile objects ---- */

static void replace_all(welt_bytes object, const char *from, char to)
{
    unsigned char *data = (unsigned char *)(size_t)object.data;
    for (size_t i = 0; i + strlen(from) <= object.size; i++)
        if (memcmp(data + i, from, strlen(from)) == 0)
            memset(data + i, to, strlen(from));
}

static void names_cannot_break_lines(void **state)
{
    struct link link;
    (void)state;
    welt_bytes object = assemble(".code16\n.globl _start, badXXXname\n_start: call badXXXname\n"
                                 "badXXXname: ret\n");
    replace_all(object, "XXX", '\n');
    open_link(&link, (welt_options){0}, object);
    assert_has(text_of(&link, WELT_OUTPUT_MAP), "  bad???name  boot.o:(.text)\n");
    assert_has(text_of(&link, WELT_OUTPUT_LISTING), "\nbad???name:\n");
    assert_has(text_of(&link, WELT_OUTPUT_LISTING), "; bad???name\n");
    check_listing(&link, text_of(&link, WELT_OUTPUT_LISTING));
    check_map(&link, text_of(&link, WELT_OUTPUT_MAP));
    close_link(&link);
}

static void long_names_are_cut(void **state)
{
    static char source[16000], name[5001];
    struct link link;
    (void)state;
    memset(name, 'n', sizeof name - 1);
    snprintf(source, sizeof source, ".code16\n.globl _start, %s\n_start: call %s\n%s: ret\n", name,
             name, name);
    open_link(&link, (welt_options){0}, assemble(source));
    assert_int_equal(link.status, WELT_OK);
    assert_true(output(&link, WELT_OUTPUT_MAP).size < 3000);
    assert_true(output(&link, WELT_OUTPUT_LISTING).size < 3000);
    close_link(&link);
}

/* Sixteen megabytes of zeroes, more memory than there is, a thousand references to one place. */
static void large_sections_are_few_lines(void **state)
{
    struct link link;
    (void)state;
    open_link(&link, (welt_options){.layout = "raw"},
              assemble(".code16\n.globl _start\n_start: mov $many, %ax\n mov $most, %eax\n"
                       ".data\nmany:\n.rept 1000\n.reloc many, R_386_16, _start\n.endr\n"
                       ".zero 16 << 20\n.byte 1\n.bss\nmost: .zero 0x70000000\n"));
    const char *listing = text_of(&link, WELT_OUTPUT_LISTING);
    check_listing(&link, listing);
    assert_true(strlen(listing) < 2000);
    assert_has(listing, "(16777200 bytes)");
    assert_has(listing, "_start, ...\n");
    check_map(&link, text_of(&link, WELT_OUTPUT_MAP));
    close_link(&link);
}

static void an_image_may_be_empty(void **state)
{
    struct link link;
    (void)state;
    open_link(&link, (welt_options){.layout = "raw", .gc = WELT_OFF, .entry = "0"},
              assemble(".text\n"));
    assert_int_equal(link.status, WELT_OK);
    assert_int_equal(output(&link, WELT_OUTPUT_IMAGE).size, 0);
    assert_has(text_of(&link, WELT_OUTPUT_MAP), "Map of boot.bin: 0 bytes");
    assert_has(text_of(&link, WELT_OUTPUT_LISTING), "boot.bin: 0 bytes");
    close_link(&link);
}

/* ---- what is opened is closed ---- */

static bool zydis_is_open(void)
{
    char line[500];
    bool found = false;
    FILE *maps = fopen("/proc/self/maps", "r");
    assert_non_null(maps);
    while (fgets(line, sizeof line, maps))
        found |= strstr(line, "libZydis") != NULL;
    fclose(maps);
    return found;
}

static void only_a_listing_opens_zydis(void **state)
{
    struct link link;
    (void)state;
    open_link(&link, (welt_options){0}, assemble(small));
    text_of(&link, WELT_OUTPUT_MAP);
    text_of(&link, WELT_OUTPUT_SUMMARY);
    assert_false(zydis_is_open());
    text_of(&link, WELT_OUTPUT_LISTING);
    assert_false(zydis_is_open());
    close_link(&link);
}

struct memory {
    size_t in_use, left; /* bytes; allocations until one fails */
    bool saw_zydis;
};

static void *allocate(void *user, size_t size)
{
    struct memory *memory = user;
    memory->saw_zydis |= zydis_is_open();
    if (memory->left == 0)
        return NULL;
    memory->left--;
    memory->in_use += size;
    return malloc(size);
}

static void release(void *user, void *block, size_t size)
{
    ((struct memory *)user)->in_use -= size;
    free(block);
}

static void no_memory_leaves_nothing_open(void **state)
{
    struct memory memory = {.left = SIZE_MAX};
    struct link link;
    welt_bytes bytes;
    size_t failures = 0;
    (void)state;
    open_link(
        &link,
        (welt_options){.layout = "disk",
                       .allocator = {.allocate = allocate, .release = release, .user = &memory}},
        compile_c(program));
    assert_int_equal(link.status, WELT_OK);
    for (welt_status status = WELT_NO_MEMORY; status != WELT_OK; failures++) {
        memory.left = failures;
        status = welt_get(link.linker, WELT_OUTPUT_LISTING, &bytes);
        assert_true(status == WELT_OK || status == WELT_NO_MEMORY);
        assert_false(zydis_is_open());
        assert_true(failures < 1000);
    }
    assert_true(failures > 2);
    assert_true(memory.saw_zydis);
    memory.left = SIZE_MAX;
    check_listing(&link, text_of(&link, WELT_OUTPUT_LISTING));
    close_link(&link);
    assert_int_equal(memory.in_use, 0);
}

struct patience {
    const char *step; /* in which it ends, or NULL: never */
};

static int lose_patience(void *user, const char *step, size_t done, size_t total)
{
    struct patience *patience = user;
    (void)total;
    return patience->step && strcmp(step, patience->step) == 0 && done > 0;
}

static void ignore(void *user, const welt_diagnostic *diagnostic)
{
    (void)user;
    (void)diagnostic;
}

static void cancelling_leaves_nothing_open(void **state)
{
    struct patience patience = {NULL};
    struct link link;
    welt_bytes bytes;
    (void)state;
    open_link(
        &link,
        (welt_options){.on_progress = lose_patience, .on_diagnostic = ignore, .user = &patience},
        assemble(small));
    patience.step = "listing";
    assert_int_equal(welt_get(link.linker, WELT_OUTPUT_LISTING, &bytes), WELT_CANCELLED);
    assert_false(zydis_is_open());
    patience.step = NULL;
    check_listing(&link, text_of(&link, WELT_OUTPUT_LISTING));
    close_link(&link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_cover_the_image),
        cmocka_unit_test(texts_are_the_same_each_time),
        cmocka_unit_test(map_tells_what_is_where),
        cmocka_unit_test(map_tells_what_is_gone),
        cmocka_unit_test(map_is_there_over_budget),
        cmocka_unit_test(summary_is_a_line),
        cmocka_unit_test(image_has_a_name),
        cmocka_unit_test(references_are_named),
        cmocka_unit_test(strings_are_shown_where_they_are_used),
        cmocka_unit_test(branches_are_named),
        cmocka_unit_test(declared_data_in_code_is_data),
        cmocka_unit_test(bytes_that_are_no_instruction),
        cmocka_unit_test(sector_with_its_own_signature),
        cmocka_unit_test(names_cannot_break_lines),
        cmocka_unit_test(long_names_are_cut),
        cmocka_unit_test(large_sections_are_few_lines),
        cmocka_unit_test(an_image_may_be_empty),
        cmocka_unit_test(only_a_listing_opens_zydis),
        cmocka_unit_test(no_memory_leaves_nothing_open),
        cmocka_unit_test(cancelling_leaves_nothing_open),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
