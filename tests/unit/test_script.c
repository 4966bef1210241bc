/* SPDX-License-Identifier: MIT
 *
 * The parser of linker scripts: every construct as a tree, what GNU ld takes as it takes it, and
 * what is said of mistakes. Expressions' values are in test_expression.c, patterns in
 * test_pattern.c. */
#include "listener.h"
#include "script_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct listener listener;
static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    listener_open(&listener);
    arena_open(&arena, &listener.host);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_close(&arena);
    assert_int_equal(listener.in_use, 0);
    return 0;
}

static struct script *parse(const char *text)
{
    if (setjmp(listener.escape))
        fail_msg("the parser gave up");
    return script_parse(&arena, "t.ld", text, strlen(text), NULL, NULL);
}

/* The tree of a script that has nothing wrong with it. */
static struct script *parse_sound(const char *text)
{
    listener.told = 0;
    struct script *script = parse(text);
    if (!script || listener.told)
        fail_msg("%s\n%s\n%s", text, listener.text, listener.excerpt);
    return script;
}

static void expect_tree(const char *text, const char *expected)
{
    struct script *script = parse_sound(text);
    struct script_text found = {.size = 0};
    add_statements(&found, script->commands, 0);
    if (strcmp(found.bytes, expected) != 0)
        fail_msg("%s\nis\n%sand not\n%s", text, found.bytes, expected);
}

/* The tree of what stands between the braces of one output section. */
static void expect_body(const char *body, const char *expected)
{
    char text[2000], tree[2000];
    snprintf(text, sizeof text, "SECTIONS { .t : { %s } }", body);
    snprintf(tree, sizeof tree, "output .t\n%s", expected);
    expect_tree(text, tree);
}

static void expect_error(const char *text, const char *expected)
{
    listener.told = 0;
    struct script *script = parse(text);
    char full[1300];
    snprintf(full, sizeof full, "%s [welt-script]", expected);
    if (script || listener.told != 1 || strcmp(listener.text, full) != 0)
        fail_msg("%s\ngives (%u)\n%s\nand not\n%s", text, listener.told, listener.text, full);
}

static void expect_warning(const char *text, const char *expected)
{
    listener.told = 0;
    struct script *script = parse(text);
    char full[1300];
    snprintf(full, sizeof full, "%s [welt-script]", expected);
    if (!script || listener.told != 1 || strcmp(listener.text, full) != 0)
        fail_msg("%s\ngives (%u)\n%s\nand not\n%s", text, listener.told, listener.text, full);
}

/* ---- a whole script ---- */

static void reads_a_boot_sector(void **state)
{
    (void)state;
    expect_tree("/* a sector */\n"
                "OUTPUT_FORMAT(binary) ENTRY(_start)\n"
                "MEMORY { sector (rwx) : ORIGIN = 0x7c00, LENGTH = 510 }\n"
                "SECTIONS\n{\n"
                "    . = 0x7c00;\n"
                "    .text : { KEEP(*(.entry)) *(.text .text.*) } >sector =0x90\n"
                "    .sign 0x7dfe : { SHORT(0xaa55) }\n"
                "    .bss (NOLOAD) : ALIGN(4) { __bss_start = .; *(.bss COMMON) }\n"
                "    PROVIDE(end = .);\n"
                "    ASSERT(end <= 0x80000, \"too large\")\n"
                "    /DISCARD/ : { *(.note*) }\n"
                "}\n",
                ". = 0x7c00\n"
                "output .text >sector =90\n"
                "  input keep *(.entry)\n"
                "  input *(.text .text.*)\n"
                "output .sign 0x7dfe\n"
                "  data 2 0xaa55\n"
                "output .bss noload align=0x4\n"
                "  __bss_start = .\n"
                "  input *(.bss COMMON)\n"
                "provide end = .\n"
                "assert \"too large\" (end <= 0x80000)\n"
                "output /DISCARD/\n"
                "  input *(.note*)\n");
}

static void notes_places(void **state)
{
    (void)state;
    struct script *script = parse_sound("a = 1;\n  /* two\n lines */ bb = a +\n\tc;\n");
    const struct statement *second = script->commands->next;
    assert_string_equal(second->place.file, "t.ld");
    assert_int_equal(second->place.line, 3);
    assert_int_equal(second->place.column, 11);
    assert_int_equal(second->value->b->place.line, 4);
    assert_int_equal(second->value->b->place.column, 2);
}

static void reads_an_empty_script(void **state)
{
    (void)state;
    expect_tree("", "");
    expect_tree(" # nothing\n /* */ ;;\n", "");
    expect_tree("\xef\xbb\xbfx = 1;", "x = 0x1\n"); /* a byte order mark */
    expect_tree("SECTIONS { }", "");
    assert_true(parse_sound("SECTIONS { }")->has_sections);
    assert_false(parse_sound("x = 1;")->has_sections);
}

/* ---- names ---- */

static void cuts_names_by_where_they_stand(void **state)
{
    (void)state;
    expect_tree("a-b+c = x-y+z;", "a-b+c = ((x - y) + z)\n");
    expect_tree("x=1;y =2;z= 3;", "x = 0x1\ny = 0x2\nz = 0x3\n");
    expect_tree("x+=1; x-=2; x/=3;", "x = (x + 0x1)\nx = (x - 0x2)\nx = (x / 0x3)\n");
    expect_tree("q = a/b; r = a /b; s = a~b;", "q = a/b\nr = (a / b)\ns = a~b\n");
    expect_tree("\"a b\" = \"c d\";", "a b = c d\n");
    expect_tree("SECTIONS{.text:{*(.text)}}", "output .text\n  input *(.text)\n");
    expect_tree("x = a /* c */ + b;# d\ny = 1;", "x = (a + b)\ny = 0x1\n");
    expect_tree("SECTIONS { .t : { *(.a)/* c */*(.b)#d\n } }",
                "output .t\n  input *(.a)\n  input *(.b)\n");
}

static void tells_assignments_from_patterns(void **state)
{
    (void)state;
    expect_body("x=.; .=ALIGN(4);", "  x = .\n  . = ALIGN(0x4)\n");
    expect_body("x +=1; y*=2; z ^= 3;", "  x = (x + 0x1)\n  y = (y * 0x2)\n  z = (z ^ 0x3)\n");
    expect_body("*a=b.o(.c)", "  input *a=b.o(.c)\n");
    expect_body("\"x=y\"(.c)", "  input x=y(.c)\n");
}

/* ---- commands ---- */

static void reads_commands(void **state)
{
    (void)state;
    struct script *script =
        parse_sound("ENTRY(first) ENTRY(last)\n"
                    "OUTPUT(a.bin) OUTPUT(b.bin) TARGET(binary)\n"
                    "OUTPUT_FORMAT(\"elf32-i386\", elf32-big, elf32-little)\n"
                    "OUTPUT_FORMAT(binary) OUTPUT_ARCH(i386:x86-64)\n"
                    "STARTUP(crt0.o) SEARCH_DIR(/lib) SEARCH_DIR(\"=/usr/lib\")\n"
                    "EXTERN(a b, c) NOCROSSREFS(.t .d) NOCROSSREFS_TO(.x, .y)\n"
                    "FORCE_COMMON_ALLOCATION INHIBIT_COMMON_ALLOCATION\n"
                    "FORCE_GROUP_ALLOCATION LD_FEATURE(\"SANE_EXPR\");\n"
                    "FLOAT NOFLOAT HLL(a) SYSLIB() MAP(m)\n");
    assert_string_equal(script->entry, "last");
    assert_string_equal(script->output, "a.bin");
    assert_string_equal(script->target, "binary");
    assert_string_equal(script->output_format, "elf32-i386");
    assert_string_equal(script->output_format_big, "elf32-big");
    assert_string_equal(script->output_format_little, "elf32-little");
    assert_string_equal(script->output_arch, "i386:x86-64");
    assert_string_equal(script->startup, "crt0.o");
    assert_int_equal(script->search_dirs.count, 2);
    assert_string_equal(script->search_dirs.at[1], "=/usr/lib");
    assert_int_equal(script->externs.count, 3);
    assert_string_equal(script->externs.at[1], "b");
    assert_int_equal(script->no_crossrefs.at[0].count, 2);
    assert_string_equal(script->no_crossrefs_to.at[0].names[1], ".y");
    assert_true(script->force_common_allocation && script->inhibit_common_allocation);
    assert_true(script->force_group_allocation && script->sane_numbers);
    assert_string_equal(parse_sound("ENTRY(0x7c00)")->entry, "0x7c00");
}

static void reads_inputs(void **state)
{
    (void)state;
    static const struct {
        uint8_t kind;
        const char *name;
    } expected[] = {
        {SCRIPT_FILE, "a.o"},       {SCRIPT_LIBRARY, "c"},     {SCRIPT_FILE, "x y.o"},
        {SCRIPT_GROUP_BEGIN, NULL}, {SCRIPT_LIBRARY, ":f"},    {SCRIPT_NEEDED_BEGIN, NULL},
        {SCRIPT_FILE, "d+e.o"},     {SCRIPT_NEEDED_END, NULL}, {SCRIPT_FILE, "../f-g.o"},
        {SCRIPT_GROUP_END, NULL},
    };
    struct script *script = parse_sound("INPUT(a.o, -lc,\"x y.o\")\n"
                                        "GROUP ( -l:f AS_NEEDED ( d+e.o ) ../f-g.o )");
    assert_int_equal(script->inputs.count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < script->inputs.count; i++) {
        assert_int_equal(script->inputs.at[i].kind, expected[i].kind);
        if (expected[i].name)
            assert_string_equal(script->inputs.at[i].name, expected[i].name);
    }
}

static void reads_over_versions(void **state)
{
    (void)state;
    struct script *script =
        parse_sound("VERSION { V1 { global: a; b*; extern \"C++\" { \"f(int)\"; }; local: *; }; "
                    "V2 { c; } V1; } x = 1;");
    assert_true(script->version_seen);
    assert_string_equal(script->commands->name, "x");
}

static void reads_assertions_and_provides(void **state)
{
    (void)state;
    expect_tree("ASSERT(a < b, \"m\"); ASSERT(1, m) PROVIDE(p = 1); HIDDEN(h = .);"
                "PROVIDE_HIDDEN (ph=2);",
                "assert \"m\" (a < b)\nassert \"m\" 0x1\nprovide p = 0x1\nhidden h = .\n"
                "provide hidden ph = 0x2\n");
    expect_body("ASSERT(1, \"m\") PROVIDE(p = .) x = .;",
                "  assert \"m\" 0x1\n  provide p = .\n  x = .\n");
}

static void reads_inserts(void **state)
{
    (void)state;
    expect_tree("SECTIONS { .a : { BYTE(1) } } INSERT AFTER .text; x = 1; INSERT BEFORE .b",
                "output .a\n  data 1 0x1\ninsert after .text\nx = 0x1\ninsert before .b\n");
}

/* ---- MEMORY and PHDRS ---- */

static void expect_region(const struct memory_region *region, const char *name, int64_t origin,
                          int64_t length, uint32_t with, uint32_t without)
{
    assert_string_equal(region->name, name);
    assert_int_equal(region->origin->number, origin);
    assert_int_equal(region->length->number, length);
    assert_int_equal(region->with_attributes, with);
    assert_int_equal(region->without_attributes, without);
}

static void reads_memory(void **state)
{
    (void)state;
    struct script *script =
        parse_sound("MEMORY {\n"
                    "  a (rwx) : ORIGIN = 0x7c00, LENGTH = 512\n"
                    "  b(!RW):o=1M,l=64K\n"
                    "  c-d (xa!il) : org = 1 len = 2, e : ORIGIN = 3, LENGTH = 4 }"
                    "MEMORY { } REGION_ALIAS(\"f\", a) REGION_ALIAS(g, f)");
    assert_int_equal(script->regions.count, 4);
    expect_region(&script->regions.at[0], "a", 0x7c00, 512,
                  REGION_READ_ONLY | REGION_WRITE | REGION_EXEC, 0);
    expect_region(&script->regions.at[1], "b", 1 << 20, 64 << 10, 0,
                  REGION_READ_ONLY | REGION_WRITE);
    expect_region(&script->regions.at[2], "c-d", 1, 2, REGION_EXEC | REGION_ALLOC, REGION_LOADED);
    expect_region(&script->regions.at[3], "e", 3, 4, 0, 0);
    assert_int_equal(script->aliases.count, 2);
    assert_string_equal(script->aliases.at[1].alias, "g");
    assert_string_equal(script->aliases.at[1].region, "a");
}

static void keeps_a_region_declared_twice(void **state)
{
    (void)state;
    const char *text = "MEMORY { r : ORIGIN = 1, LENGTH = 2 r : ORIGIN = 3, LENGTH = 4 }";
    expect_warning(text, "t.ld:1:37: warning: memory region `r' is declared a second time");
    struct script *script = parse(text);
    assert_int_equal(script->regions.count, 1);
    assert_int_equal(script->regions.at[0].origin->number, 3);
}

static void reads_segments(void **state)
{
    (void)state;
    struct script *script = parse_sound("PHDRS { text PT_LOAD FILEHDR PHDRS AT(0x1000) FLAGS(5);\n"
                                        "  stack PT_GNU_STACK ; other 1 + 1; }");
    const struct segment *segment = script->segments.at;
    assert_int_equal(script->segments.count, 3);
    assert_string_equal(segment[0].name, "text");
    assert_int_equal(segment[0].type->number, 1);
    assert_int_equal(segment[0].address->number, 0x1000);
    assert_int_equal(segment[0].flags->number, 5);
    assert_true(segment[0].file_header && segment[0].program_headers);
    assert_int_equal(segment[1].type->number, 0x6474e551);
    assert_null(segment[1].address);
    assert_int_equal(segment[2].type->number, 2);
}

/* ---- output sections ---- */

static void reads_heads(void **state)
{
    (void)state;
    static const char *const heads[][2] = {
        {".t :", ".t"},
        {".t 0x10 :", ".t 0x10"},
        {".t start + 4 :", ".t (start + 0x4)"},
        {".t . (COPY) :", ".t . copy"},
        {".t (a + 1) * 2 (INFO):", ".t ((a + 0x1) * 0x2) info"},
        {".t ALIGN(16) (NOLOAD) :", ".t ALIGN(0x10) noload"},
        {".t BLOCK(16) :", ".t BLOCK(0x10)"},
        {".t ( DSECT ) :", ".t dsect"},
        {".t (OVERLAY) :", ".t overlay"},
        {".t () :", ".t"},
        {".t (READONLY) :", ".t readonly"},
        {".t (TYPE = SHT_NOTE) :", ".t typed type=0x7"},
        {".t (TYPE = 0x70000001) :", ".t typed type=0x70000001"},
        {".t (READONLY (TYPE = SHT_NOBITS)) :", ".t readonly type=0x8"},
        {".t : AT(0x100) ALIGN(16) SUBALIGN(4) ONLY_IF_RO",
         ".t at=0x100 align=0x10 subalign=0x4 only_if_ro"},
        {".t : ONLY_IF_RW SUBALIGN(2) AT ( ADDR(.d) )", ".t at=ADDR(.d) subalign=0x2 only_if_rw"},
        {".t : ALIGN_WITH_INPUT SPECIAL", ".t align_with_input"},
        {"\"my text\" :", "my text"},
        {".text.a+b-c :", ".text.a+b-c"},
    };
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        char text[200], tree[200];
        snprintf(text, sizeof text, "SECTIONS { %s { } }", heads[i][0]);
        snprintf(tree, sizeof tree, "output %s\n", heads[i][1]);
        expect_tree(text, tree);
    }
}

static void reads_tails(void **state)
{
    (void)state;
    static const char *const tails[][2] = {
        {"> ram", " >ram"},
        {">ram AT>rom :text :data =0x90", " >ram AT>rom :text :data =90"},
        {"AT > rom > ram", " >ram AT>rom"},
        {":NONE,", " :NONE"},
        {">ram=0x90", " >ram =90"},
        {"=0x0123, ", " =0123"},
        {"= 0x123", " =0123"},
        {"=$90", " =00000090"},
        {"=(0xabc)", " =0abc"},
        {"=0x90 + 1", " =00000091"},
        {"=1K", " =00000400"},
        {"=0x112233445566778899", " =112233445566778899"},
        {"= 1 ? 0x90 : 2", " =00000090"},
    };
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char text[200], tree[200];
        snprintf(text, sizeof text, "SECTIONS { .t : { } %s .u : { } }", tails[i][0]);
        snprintf(tree, sizeof tree, "output .t%s\noutput .u\n", tails[i][1]);
        expect_tree(text, tree);
    }
    expect_tree("SECTIONS { .t : { } =0x90909090 /DISCARD/ : { *(*) } }",
                "output .t =90909090\noutput /DISCARD/\n  input *(*)\n");
    expect_tree("SECTIONS { .t : { } AT : { } }", "output .t\noutput AT\n");
}

static void reads_overlays(void **state)
{
    (void)state;
    expect_tree("SECTIONS { OVERLAY 0x1000 : NOCROSSREFS AT (0x4000) SUBALIGN(4)\n"
                "  { .ov-1 { *(.a) } :seg =0x90 .ov2 { *(.b) } } >ram :all =0 }",
                "overlay .ov-1 0x1000 at=0x4000 subalign=0x4 >ram :seg =90\n"
                "  input *(.a)\n"
                "overlay .ov2 ADDR(.ov-1) subalign=0x4 last >ram :all =00000000\n"
                "  input *(.b)\n"
                "provide __load_start_ov1 = LOADADDR(.ov-1)\n"
                "provide __load_stop_ov1 = (LOADADDR(.ov-1) + SIZEOF(.ov-1))\n"
                "provide __load_start_ov2 = LOADADDR(.ov2)\n"
                "provide __load_stop_ov2 = (LOADADDR(.ov2) + SIZEOF(.ov2))\n");
    expect_tree("SECTIONS { OVERLAY : { } }", "");
}

static void takes_separators_lightly(void **state)
{
    (void)state;
    expect_tree("SECTIONS { ; x = 1 ,, .t : { ; } ; .u : { *(.a); BYTE(1), } , ASSERT(1, \"\"); }",
                "x = 0x1\noutput .t\noutput .u\n  input *(.a)\n  data 1 0x1\nassert \"\" 0x1\n");
}

/* ---- bodies ---- */

static void reads_data(void **state)
{
    (void)state;
    expect_body("BYTE(1)SHORT(x + 1) LONG (2);QUAD(ABSOLUTE(.)) SQUAD(-1)",
                "  data 1 0x1\n  data 2 (x + 0x1)\n  data 4 0x2\n  data 8 ABSOLUTE(.)\n"
                "  data 8s 0xffffffffffffffff\n");
    expect_body("ASCIZ \"ab\" ASCIZ \"\"", "  asciz 2 61 62\n  asciz 0\n");
    expect_body("ASCIZ \"\\n\\101\\0z\\777\\x\\\"", "  asciz 7 0a 41 00 7a 3f 37 78\n");
    expect_body("FILL(0x9090) FILL(144)", "  fill 9090\n  fill 00000090\n");
    expect_body("CONSTRUCTORS SORT(CONSTRUCTORS) CREATE_OBJECT_SYMBOLS LINKER_VERSION",
                "  nothing\n  nothing\n  nothing\n  nothing\n");
}

static void reads_input_descriptions(void **state)
{
    (void)state;
    static const char *const inputs[][2] = {
        {"*(.text .text.*)", "*(.text .text.*)"},
        {"* ( .text )", "*(.text)"},
        {"a.o", "a.o"},
        {"a.o(.text)", "a.o(.text)"},
        {"\"a b.o\" (\".t t\")", "a b.o(.t t)"},
        {"*crt?.o([a-f]*.[!x])", "*crt?.o([a-f]*.[!x])"},
        {"/a/b.o(.x)", "/a/b.o(.x)"},
        {"KEEP(*(.x))", " keep *(.x)"},
        {"KEEP (a.o)", " keep a.o"},
        {"lib.a:m.o(.x)", "lib.a:m.o(.x)"},
        {"*lib.a:(.x)", "*lib.a:*(.x)"},
        {":m.o(.x)", ":m.o(.x)"},
        {"*(SORT(.a) SORT_BY_NAME(.b))", "*(name:.a name:.b)"},
        {"*(SORT_BY_ALIGNMENT(.a) SORT_BY_INIT_PRIORITY(.b) SORT_NONE(.c))",
         "*(align:.a init:.b none:.c)"},
        {"*(SORT_BY_NAME(SORT_BY_ALIGNMENT(.a)))", "*(name:align:.a)"},
        {"*(SORT_BY_ALIGNMENT(SORT_BY_NAME(.a)))", "*(align:name:.a)"},
        {"*(SORT_BY_NAME(SORT_BY_NAME(.a)))", "*(name:.a)"},
        {"*(REVERSE(.a) REVERSE(SORT_BY_INIT_PRIORITY(.b)))", "*(reverse:name:.a reverse:init:.b)"},
        {"SORT(*)(.a)", "name:*(.a)"},
        {"SORT_NONE(*)(.a)", "none:*(.a)"},
        {"*(EXCLUDE_FILE(a.o *b.o) .x .y)", "*(.x!a.o!*b.o .y)"},
        {"EXCLUDE_FILE(a.o) *(.x .y)", "*(.x!a.o .y!a.o)"},
        {"EXCLUDE_FILE(a.o) *(EXCLUDE_FILE(l.a:b.o) .x .y)", "*(.x!a.o!l.a:b.o .y!a.o)"},
        {"*(SORT(EXCLUDE_FILE(a.o) .x))", "*(name:.x!a.o)"},
        {"INPUT_SECTION_FLAGS(SHF_ALLOC) *(.x)", "[+2 -0] *(.x)"},
        {"KEEP(INPUT_SECTION_FLAGS (SHF_EXECINSTR & !SHF_WRITE&!SHF_TLS) *(.x))",
         " keep [+4 -401] *(.x)"},
    };
    for (size_t i = 0; i < sizeof inputs / sizeof *inputs; i++) {
        char tree[200];
        const char *space = inputs[i][1][0] == ' ' ? "" : " ";
        snprintf(tree, sizeof tree, "  input%s%s\n", space, inputs[i][1]);
        expect_body(inputs[i][0], tree);
    }
}

static void numbers_input_statements(void **state)
{
    (void)state;
    struct script *script = parse_sound("SECTIONS { .a : { *(.x) *(.y) } .b : { *(.z) } }");
    const struct statement *a = script->commands, *b = a->next;
    assert_int_equal(script->input_statements, 3);
    assert_int_equal(a->body->next->index, 1);
    assert_int_equal(b->body->index, 2);
}

/* ---- INCLUDE ---- */

static const char *give_include(void *user, const char *name, size_t *size)
{
    (void)user;
    static const struct {
        const char *name, *text;
    } files[] = {
        {"commands.ld", "a = 1;\nENTRY(x)\n"},
        {"sections.ld", ".s : { BYTE(1) }\n"},
        {"body.ld", "*(.b) c = .;"},
        {"regions.ld", "r : ORIGIN = 0, LENGTH = 1"},
        {"loop.ld", "INCLUDE loop.ld"},
        {"wide.ld", "INCLUDE empty.ld INCLUDE empty.ld INCLUDE empty.ld INCLUDE empty.ld\n"},
        {"empty.ld", ""},
        {"brace.ld", "x = 1; }"},
        {"bad.ld", "\n  y = ;"},
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (strcmp(files[i].name, name) != 0)
            continue;
        *size = strlen(files[i].text);
        return files[i].text;
    }
    return NULL;
}

static struct script *parse_including(const char *text)
{
    if (setjmp(listener.escape))
        fail_msg("the parser gave up");
    return script_parse(&arena, "t.ld", text, strlen(text), give_include, NULL);
}

static void includes_wherever_statements_stand(void **state)
{
    (void)state;
    struct script *script = parse_including("INCLUDE commands.ld b = 2;\n"
                                            "MEMORY { INCLUDE regions.ld }\n"
                                            "SECTIONS { INCLUDE sections.ld\n"
                                            "  .t : { INCLUDE \"body.ld\" BYTE(2) } >r }");
    assert_non_null(script);
    struct script_text found = {.size = 0};
    add_statements(&found, script->commands, 0);
    assert_string_equal(found.bytes, "a = 0x1\nb = 0x2\noutput .s\n  data 1 0x1\noutput .t >r\n"
                                     "  input *(.b)\n  c = .\n  data 1 0x2\n");
    assert_string_equal(script->entry, "x");
    assert_string_equal(script->regions.at[0].name, "r");
    assert_string_equal(script->commands->place.file, "commands.ld");
}

static void expect_include_error(const char *text, const char *expected)
{
    listener.told = 0;
    assert_null(parse_including(text));
    assert_int_equal(listener.told, 1);
    assert_string_equal(listener.text, expected);
}

static void bounds_includes(void **state)
{
    (void)state;
    expect_include_error("INCLUDE none.ld", "t.ld:1:9: error: cannot read `none.ld' [welt-script]");
    expect_include_error("INCLUDE bad.ld",
                         "bad.ld:2:7: error: expected a value, found `;' [welt-script]");
    expect_include_error("INCLUDE loop.ld", "loop.ld:1:9: error: INCLUDE is nested more than 64 "
                                            "deep [welt-script]");
    expect_include_error("SECTIONS { INCLUDE brace.ld }",
                         "brace.ld:1:8: error: expected the end of the included script, found `}' "
                         "[welt-script]");
    char many[20000] = "";
    for (int i = 0; i < 900; i++)
        strcat(many, "INCLUDE wide.ld\n");
    expect_include_error(many, "wide.ld:1:9: error: the script has more than 4096 INCLUDEs "
                               "[welt-script]");
}

/* ---- mistakes ---- */

static const char *const mistakes[][2] = {
    {"x", "t.ld:1:2: error: expected `=' after the symbol `x', found the end of the script"},
    {"x = 1", "t.ld:1:6: error: expected `;' after the value, found the end of the script"},
    {"x = 1\ny = 2;", "t.ld:1:6: error: expected `;' after the value"},
    {"x = 1 y = 2;", "t.ld:1:7: error: expected `;' after the value, found `y'"},
    {"x = ;", "t.ld:1:5: error: expected a value, found `;'"},
    {"x = (1 + 2;", "t.ld:1:11: error: expected `)' after the value, found `;'"},
    {"x = 0xzz;", "t.ld:1:5: error: `0xzz' is no number"},
    {"x = 12ab;", "t.ld:1:5: error: `12ab' is no number"},
    {"x = MXA(1, 2);", "t.ld:1:5: error: unknown function `MXA': did you mean `MAX'?"},
    {"x = frobnicate(1);", "t.ld:1:5: error: unknown function `frobnicate'"},
    {"x = MAX(1);", "t.ld:1:10: error: expected `,' after the first value: two are needed, "
                    "found `)'"},
    {"x = ALIGN;", "t.ld:1:10: error: expected `(' after ALIGN, found `;'"},
    {"x = 1 ? 2;", "t.ld:1:10: error: expected `:' after the value behind `?', found `;'"},
    {"} x = 1;", "t.ld:1:1: error: expected a command or an assignment, found `}'"},
    {"SECTOINS { }", "t.ld:1:1: error: unknown command `SECTOINS': did you mean `SECTIONS'?"},
    {"sections { }", "t.ld:1:1: error: unknown command `sections': did you mean `SECTIONS'?"},
    {"OUTPUT_FROMAT(binary)",
     "t.ld:1:1: error: unknown command `OUTPUT_FROMAT': did you mean `OUTPUT_FORMAT'?"},
    {"wibble(x)", "t.ld:1:1: error: unknown command `wibble'"},
    {".text : { }", "t.ld:1:1: error: an output section stands inside SECTIONS { … }"},
    {"OUTPUT_FORMAT(a, b)", "t.ld:1:14: error: OUTPUT_FORMAT takes one format or three, not 2"},
    {"STARTUP(a.o) STARTUP(b.o)", "t.ld:1:21: error: a second STARTUP: the first file can only "
                                  "be one, and it is `a.o'"},
    {"EXTERN()", "t.ld:1:7: error: EXTERN names no symbol"},
    {"INPUT()", "t.ld:1:7: error: expected a file's name, found `)'"},
    {"INPUT(-l c)", "t.ld:1:7: error: -l is followed by a library's name without a blank"},
    {"LD_FEATURE(x)", "t.ld:1:11: error: unknown feature `x': there is only \"SANE_EXPR\""},
    {"INSERT NEAR .x", "t.ld:1:8: error: expected AFTER or BEFORE, found `NEAR'"},
    {"PROVIDE(. = 5);", "t.ld:1:9: error: `.' is no symbol that PROVIDE could define"},
    {"HIDDEN(x);", "t.ld:1:9: error: expected `=' after the symbol, found `)'"},
    {"VERSION { a {", "t.ld:1:9: error: this brace is never closed"},
    {"/* x", "t.ld:1:1: error: a comment begins here and never ends: `*/' is missing"},
    {"x = \"y;\n", "t.ld:1:5: error: a quoted name begins here and never ends: `\"' is missing"},
    {"\xff\xfex", "t.ld:1:1: error: the script is in UTF-16: save it as UTF-8"},
    {"MEMORY { r (q) : o = 0, l = 1 }",
     "t.ld:1:13: error: unknown attribute `q' of a region: there are r w x a i l"},
    {"MEMORY { r : LENGTH = 1 }", "t.ld:1:14: error: expected ORIGIN, found `LENGTH'"},
    {"REGION_ALIAS(a, b)",
     "t.ld:1:13: error: there is no memory region `b' that `a' could stand for"},
    {"PHDRS { t PT_LAOD; }",
     "t.ld:1:11: error: unknown type of segment `PT_LAOD': did you mean `PT_LOAD'?"},
    {"PHDRS { t PT_LOAD FILEHDRS; }", "t.ld:1:19: error: unknown property of a segment "
                                      "`FILEHDRS': did you mean `FILEHDR'?"},
    {"SECTIONS { MEMORY { } }", "t.ld:1:12: error: MEMORY stands outside SECTIONS"},
    {"SECTIONS { KEEP(*(.t)) }",
     "t.ld:1:12: error: KEEP stands between the braces of an output section"},
    {"SECTIONS { .t { } }",
     "t.ld:1:15: error: expected `:' after the output section's name, found `{'"},
    {"SECTIONS { .t : ALIGM(4) { } }", "t.ld:1:17: error: unknown attribute of an output "
                                       "section `ALIGM': did you mean `ALIGN'?"},
    {"SECTIONS { .t : ALIGN(4) ALIGN_WITH_INPUT { } }",
     "t.ld:1:12: error: ALIGN and ALIGN_WITH_INPUT exclude each other"},
    {"SECTIONS { .t : AT(4) { } AT> r }",
     "t.ld:1:12: error: AT(…) and AT>region exclude each other"},
    {"SECTIONS { .t : { } >r >q }",
     "t.ld:1:25: error: a second region for this section: it has `r' already"},
    {"SECTIONS { .t : { } =x }",
     "t.ld:1:22: error: a fill pattern must be a number, or made of numbers alone"},
    {"SECTIONS { .t : { } ", "t.ld:1:21: error: expected `}' after the sections, found the end "
                             "of the script"},
};

static void says_what_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++)
        expect_error(mistakes[i][0], mistakes[i][1]);
}

static void says_what_is_wrong_in_bodies(void **state)
{
    (void)state;
    static const char *const slips[][2] = {
        {"*()", "no section is named between the parentheses"},
        {"*(.t", "expected a pattern, found `}'"},
        {"(.t)", "expected an input section description, data or an assignment, found `('"},
        {"BTYE(1)", "unknown statement `BTYE': did you mean `BYTE'?"},
        {"KEPP(*(.t))", "unknown statement `KEPP': did you mean `KEEP'?"},
        {"KEEP(KEEP(*(.t)))", "KEEP inside KEEP"},
        {"*(SORT_BY_NAM(.t))", "unknown word `SORT_BY_NAM': did you mean `SORT_BY_NAME'?"},
        {"*(SORT_BY_NAME(SORT_BY_INIT_PRIORITY(.t)))",
         "SORT_BY_INIT_PRIORITY does not go into the order around it"},
        {"SORT_BY_ALIGNMENT(*)(.t)", "files can be sorted by name only"},
        {"INPUT_SECTION_FLAGS(SHF_ALOC) *(.t)",
         "unknown flag of a section `SHF_ALOC': did you mean `SHF_ALLOC'?"},
        {"* = 1;", "`*' is a pattern: a value can only be assigned to a symbol"},
        {"*(.t) // note", "`//' begins no comment in a linker script: write /* … */ or #"},
        {"ASCIZ x", "expected a text in double quotes after ASCIZ, found `x'"},
        {"SHORT 1", "expected `(' and a value, found `1'"},
    };
    for (size_t i = 0; i < sizeof slips / sizeof *slips; i++) {
        char text[200];
        snprintf(text, sizeof text, "SECTIONS { .t : { %s } }", slips[i][0]);
        assert_null(parse(text));
        if (!strstr(listener.text, slips[i][1]))
            fail_msg("%s\ngives\n%s\nand not\n%s", text, listener.text, slips[i][1]);
    }
}

static void shows_the_line_and_a_caret(void **state)
{
    (void)state;
    assert_null(parse("a = 1;\n\t.b = 2 +\t;\nc = 3;"));
    assert_string_equal(listener.excerpt, " .b = 2 + ;\n          ^");
    char text[400];
    memset(text, ' ', sizeof text);
    memcpy(text + 300, "x = ;", 6);
    assert_null(parse(text));
    assert_non_null(strstr(listener.excerpt, "x = ;\n"));
    const char *caret = strchr(listener.excerpt, '^'), *line = strchr(listener.excerpt, '\n') + 1;
    assert_int_equal(caret - line, strchr(listener.excerpt, ';') - listener.excerpt);
    assert_true(strlen(listener.excerpt) < 250);
}

static void warns_of_what_ld_passes_over(void **state)
{
    (void)state;
    expect_warning("x = 1 @ ;", "t.ld:1:7: warning: `@' means nothing here and is passed over");
    expect_warning("* * *", "t.ld:1:1: warning: `*' means nothing here and is passed over");
    expect_warning("x = 099;", "t.ld:1:5: warning: a number that begins with 0 is octal, and its "
                               "digits end at 7: this is 0x0");
    expect_warning("x = 99999999999999999999;", "t.ld:1:5: warning: this number needs more than 64 "
                                                "bits: 0xffffffffffffffff is what is left");
    expect_warning("SECTIONS { .t : { *(.a, .b) } }",
                   "t.ld:1:21: warning: the comma is part of the pattern `.a,': patterns are "
                   "separated by blanks");
}

/* ---- hostile scripts ---- */

static char *repeated(const char *head, const char *part, size_t count, const char *tail)
{
    size_t size = strlen(part);
    char *text = arena_alloc(&arena, strlen(head) + count * size + strlen(tail) + 1);
    char *to = text + strlen(head);
    memcpy(text, head, strlen(head));
    for (size_t i = 0; i < count; i++, to += size)
        memcpy(to, part, size);
    memcpy(to, tail, strlen(tail) + 1);
    return text;
}

static void bounds_nesting(void **state)
{
    (void)state;
    static const char *const parts[] = {"-", "MAX(1,", "1+(", "1?1:", "ALIGN("};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        assert_null(parse(repeated("x = ", parts[i], 5000, "1;")));
        assert_non_null(strstr(listener.text, "this is nested more than 256 deep"));
    }
    assert_null(parse(repeated("INPUT(", "AS_NEEDED(", 5000, "")));
    assert_non_null(strstr(listener.text, "this is nested more than 256 deep"));
    assert_null(parse(repeated("SECTIONS {", "{", 100000, "")));
    assert_null(parse(repeated("VERSION {", "{", 100000, "")));
}

static void takes_what_is_only_long(void **state)
{
    (void)state;
    parse_sound(repeated("x = ", "(", 100000, repeated("1", ")", 100000, ";")));
    parse_sound(repeated("x = y", "+ y", 100000, ";"));
    parse_sound(repeated("SECTIONS { .t : {", "BYTE(1)", 100000, "} }"));
    parse_sound(repeated("EXTERN(", "symbol ", 100000, ")"));
    parse_sound(repeated("SECTIONS { .t : { *(", ".text.* ", 100000, ") } }"));
    parse_sound(repeated("SECTIONS { .t : { } ", ":segment ", 100000, "}"));
    parse_sound(repeated("SECTIONS { .t : { *(EXCLUDE_FILE(", "a.o ", 100000, ") .x) } }"));
    parse_sound(repeated("SECTIONS {", "a : { } ", 20000, "}"));
    parse_sound(repeated("", "x = 1;\n", 100000, ""));
}

static void bounds_statements(void **state)
{
    (void)state;
    size_t count = 500001;
    char *text = malloc(count * 4 + 1);
    for (size_t i = 0; i < count; i++)
        memcpy(text + 4 * i, "x=1;", 4);
    text[count * 4] = '\0';
    assert_null(parse(text));
    assert_non_null(strstr(listener.text, "more than 500000 statements"));
    free(text);
}

/* Every cut of a script, and every allocation that fails, ends in an error or in a tree. */
static const char whole[] =
    "ENTRY(a) OUTPUT_FORMAT(x, y, z) MEMORY { r (rx!w) : ORIGIN = 1 + 2, LENGTH = 4K }\n"
    "REGION_ALIAS(s, r) PHDRS { p PT_LOAD FILEHDR AT(1); } INPUT(AS_NEEDED(-la) b) VERSION { { }; "
    "}\n"
    "SECTIONS { . = 0x7c00; .t 5 (TYPE = 1) : AT(x) ALIGN(4) SUBALIGN(2) ONLY_IF_RO {\n"
    "  KEEP(INPUT_SECTION_FLAGS(SHF_ALLOC & !SHF_TLS) a:b(SORT(EXCLUDE_FILE(c d:e) .x) .y))\n"
    "  BYTE(1) ASCIZ \"\\101\" FILL(0x123) x += SIZEOF(.t) ? -1 : ~MAX(1, y); } > r :p =0x90\n"
    "  OVERLAY 1 : NOCROSSREFS { .o { *(.p) } } PROVIDE(e = .); ASSERT(e, \"m\") }\n"
    "INSERT AFTER .q";

static void expect_tree_or_error(const char *text, size_t size)
{
    if (setjmp(listener.escape))
        fail_msg("the parser gave up");
    unsigned before = listener.host.errors;
    struct script *script = script_parse(&arena, "t.ld", text, size, NULL, NULL);
    assert_int_equal(script == NULL, listener.host.errors > before);
}

static void survives_any_cut(void **state)
{
    (void)state;
    for (size_t size = 0; size < sizeof whole; size++) {
        char *cut = malloc(size + 1); /* so that a sanitizer sees a byte too many */
        memcpy(cut, whole, size);
        expect_tree_or_error(cut, size);
        free(cut);
        arena_close(&arena);
    }
    parse_sound(whole);
}

static void survives_running_out_of_memory(void **state)
{
    (void)state;
    volatile unsigned allowed = 0;
    if (setjmp(listener.escape)) {
        arena_close(&arena);
        assert_true(++allowed < 1000);
    }
    listener.allowed = allowed;
    assert_non_null(script_parse(&arena, "t.ld", whole, sizeof whole - 1, NULL, NULL));
    assert_true(allowed > 2);
    listener.allowed = UINT32_MAX;
}

/* ---- options ---- */

static void parses_options(void **state)
{
    (void)state;
    if (setjmp(listener.escape))
        fail_msg("the parser gave up");
    struct script_text found = {.size = 0};
    add_statement_text(&found, script_parse_assignment(&arena, "--defsym", "a-b=c+0x10"));
    add(&found, "\n");
    add_statement_text(&found, script_parse_assignment(&arena, "--defsym", "x += 1"));
    add(&found, "\n");
    add_expr(&found, script_parse_expression(&arena, "-Ttext", "0x7c00"));
    assert_string_equal(found.bytes, "a-b = (c + 0x10)\nx = (x + 0x1)\n0x7c00");
    assert_null(script_parse_assignment(&arena, "--defsym", "x = 1; y = 2"));
    assert_string_equal(listener.text,
                        "--defsym:1:6: error: expected nothing more, found `;' [welt-script]");
    assert_null(script_parse_assignment(&arena, "--defsym", "x"));
    assert_null(script_parse_assignment(&arena, "--defsym", ""));
    assert_null(script_parse_expression(&arena, "-Ttext", "0x7c00g"));
    assert_null(script_parse_expression(&arena, "-Ttext", ""));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_a_boot_sector),
        TEST(notes_places),
        TEST(reads_an_empty_script),
        TEST(cuts_names_by_where_they_stand),
        TEST(tells_assignments_from_patterns),
        TEST(reads_commands),
        TEST(reads_inputs),
        TEST(reads_over_versions),
        TEST(reads_assertions_and_provides),
        TEST(reads_inserts),
        TEST(reads_memory),
        TEST(keeps_a_region_declared_twice),
        TEST(reads_segments),
        TEST(reads_heads),
        TEST(reads_tails),
        TEST(reads_overlays),
        TEST(takes_separators_lightly),
        TEST(reads_data),
        TEST(reads_input_descriptions),
        TEST(numbers_input_statements),
        TEST(includes_wherever_statements_stand),
        TEST(bounds_includes),
        TEST(says_what_is_wrong),
        TEST(says_what_is_wrong_in_bodies),
        TEST(shows_the_line_and_a_caret),
        TEST(warns_of_what_ld_passes_over),
        TEST(bounds_nesting),
        TEST(takes_what_is_only_long),
        TEST(bounds_statements),
        TEST(survives_any_cut),
        TEST(survives_running_out_of_memory),
        TEST(parses_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
