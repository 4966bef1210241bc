/* SPDX-License-Identifier: MIT
 *
 * Files that are read by the host's callback: inputs, libraries, thin archives' members, scripts
 * and what they include, templates. Nothing is read behind the host's back. */
#include "kit.h"

#include <unistd.h>

static const char start[] = ".globl _start\n_start: call first\n hlt\n";
static const char first[] = ".globl first\nfirst: ret\n";
static const char alone[] = ".globl _start\n_start: hlt\n";

static void add_file(welt_linker *linker, const char *path)
{
    assert_int_equal(welt_add_file(linker, path), WELT_OK);
}

/* ---- inputs ---- */

static void inputs(void **state)
{
    const welt_bytes objects[] = {assemble(start), assemble(first)};
    (void)state;
    welt_bytes wanted = image_of(objects, 2);
    welt_options options = host_options_reading(&host);
    host_add_file(&host, "buffer://2/boot.c", objects[0]);
    host_add_file(&host, "first.o", objects[1]);
    welt_linker *linker = new_linker(&host, &options);
    add_file(linker, "buffer://2/boot.c");
    add_file(linker, "first.o");
    assert_string_equal(host.asked, ""); /* nothing is read before welt_link() */
    expect(&host, welt_link(linker), WELT_OK);
    assert_string_equal(host.asked, "buffer://2/boot.c\nfirst.o\n");
    assert_bytes_equal(get(linker, WELT_OUTPUT_IMAGE), wanted);
    welt_linker_free(linker);
    free_bytes(wanted);
}

/* What the callback does not have is not there, even when the disk has it. */
static void the_disk_is_not_asked(void **state)
{
    (void)state;
    struct folder folder = make_folder();
    const char *path = in(&folder, "boot.o");
    write_file(path, assemble(alone));
    welt_options options = host_options_reading(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_file(linker, path);
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_string_equal(host_told(&host, "file")->object, path);
    welt_linker_free(linker);
    remove_folder(&folder);
}

/* The bytes end where they end: no NUL need stand behind them (sanitizers see who reads it). */
static void bytes_without_an_end(void **state)
{
    static const char text[] = "OUTPUT_FORMAT(binary) SECTIONS { .text : { *(.text) } } x = 12";
    (void)state;
    char *bare = malloc(sizeof text - 1);
    assert_non_null(bare);
    memcpy(bare, text, sizeof text - 1);
    welt_options options = host_options_reading(&host);
    host_add_file(&host, "boot.ld", (welt_bytes){(const unsigned char *)bare, sizeof text - 1});
    host_add_file(&host, "boot.o", assemble(alone));
    options.script_path = "boot.ld";
    welt_linker *linker = new_linker(&host, &options);
    add_file(linker, "boot.o");
    welt_status status = welt_link(linker);
    expect(&host, status, WELT_FAILED); /* a semicolon is missing at the very end */
    assert_string_equal(host_told(&host, "script")->file, "boot.ld");
    welt_linker_free(linker);
    free(bare);
}

static void empty_files(void **state)
{
    (void)state;
    welt_options options = host_options_reading(&host);
    host_add_file(&host, "boot.o", (welt_bytes){NULL, 0});
    welt_linker *linker = new_linker(&host, &options);
    add_file(linker, "boot.o");
    expect(&host, welt_link(linker), WELT_FAILED);
    host_told(&host, "object-format");
    welt_linker_free(linker);
}

static void libraries(void **state)
{
    static const char *const dirs[] = {"one", "two/"};
    (void)state;
    welt_bytes member = assemble(first);
    welt_options options = host_options_reading(&host);
    options.search_dirs = dirs;
    options.search_dir_count = 2;
    host_add_file(&host, "two//libtools.a", make_archive("rcsD", &member, 1));
    host_add_file(&host, "one/exact.o", assemble(".globl exact\nexact: ret\n"));
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(start));
    assert_int_equal(welt_add_library(linker, "tools"), WELT_OK);
    assert_int_equal(welt_add_library(linker, ":exact.o"), WELT_OK);
    expect(&host, welt_link(linker), WELT_OK);
    assert_string_equal(host.asked, "one/libtools.a\ntwo//libtools.a\none/exact.o\n");
    symbol(linker, "first");
    assert_int_equal(welt_add_library(linker, "none"), WELT_OK);
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_non_null(strstr(host_told(&host, "file")->message, "-lnone"));
    welt_linker_free(linker);
}

/* A thin archive's members are files beside it. */
static void thin_archives(void **state)
{
    (void)state;
    welt_bytes member = assemble(first);
    welt_bytes thin = make_archive("rcsDT", &member, 1);
    assert_memory_equal(thin.data, "!<thin>\n", 8);
    welt_options options = host_options_reading(&host);
    host_add_file(&host, "lib/thin.a", thin);
    host_add_file(&host, "lib/m0.o", member);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(start));
    add_file(linker, "lib/thin.a");
    expect(&host, welt_link(linker), WELT_OK);
    assert_string_equal(host.asked, "lib/thin.a\nlib/m0.o\n");
    host.file_count = 1;
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_string_equal(host_told(&host, "file")->object, "lib/m0.o");
    welt_linker_free(linker);
}

/* An archive that is put into a thin one stays a file of its own: its members are read in there. */
static void archives_in_thin_archives(void **state)
{
    char line[300];
    (void)state;
    struct folder folder = make_folder();
    welt_bytes inner[] = {assemble(".globl other\nother: ret\n"), assemble(first)};
    welt_bytes archive = make_archive("rcsD", inner, 2);
    write_file(in(&folder, "inner.a"), archive);
    snprintf(line, sizeof line, "cd %s && ar rcsDT thin.a inner.a", folder.path);
    assert_int_equal(system(line), 0); // NOLINT: the line is ours
    welt_bytes thin = read_file(in(&folder, "thin.a"));
    welt_options options = host_options_reading(&host);
    host_add_file(&host, "lib/thin.a", thin);
    host_add_file(&host, "lib/inner.a", archive);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(start));
    add_file(linker, "lib/thin.a");
    expect(&host, welt_link(linker), WELT_OK);
    symbol(linker, "first");
    welt_linker_free(linker);
    free_bytes(thin);
    remove_folder(&folder);
}

/* ---- scripts ---- */

static void scripts_and_what_they_name(void **state)
{
    static const char *const dirs[] = {"scripts"};
    (void)state;
    welt_options options = host_options_reading(&host);
    options.search_dirs = dirs;
    options.search_dir_count = 1;
    options.script_path = "boot.ld";
    host_add_text(&host, "scripts/boot.ld",
                  "OUTPUT_FORMAT(binary)\nENTRY(_start)\nINPUT(boot.o)\n"
                  "SECTIONS { . = 0x7c00; INCLUDE parts.ld }\n");
    host_add_text(&host, "scripts/parts.ld", ".text : { *(.text .text.*) BYTE(9) }\n");
    host_add_file(&host, "boot.o", assemble(alone));
    welt_linker *linker = new_linker(&host, &options);
    expect(&host, welt_link(linker), WELT_OK);
    assert_string_equal(host.asked, "boot.ld\nscripts/boot.ld\nparts.ld\nscripts/parts.ld\n"
                                    "scripts/boot.o\nboot.o\n");
    assert_bytes_equal(get(linker, WELT_OUTPUT_IMAGE),
                       (welt_bytes){(const unsigned char *)"\xf4\x09", 2});
    welt_linker_free(linker);
}

static void scripts_that_are_missing(void **state)
{
    (void)state;
    welt_options options = host_options_reading(&host);
    options.script_path = "boot.ld";
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(alone));
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_string_equal(host_told(&host, "file")->object, "boot.ld");
    host_forget(&host);
    host_add_text(&host, "boot.ld", "INCLUDE parts.ld\n");
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_string_equal(host_told(&host, "script")->file, "boot.ld");
    assert_int_equal(host_told(&host, "script")->line, 1);
    welt_linker_free(linker);
}

static void scripts_that_include_themselves(void **state)
{
    (void)state;
    welt_options options = host_options_reading(&host);
    options.script_path = "boot.ld";
    host_add_text(&host, "boot.ld", "INCLUDE boot.ld\n");
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(alone));
    expect(&host, welt_link(linker), WELT_FAILED);
    host_told(&host, "script");
    welt_linker_free(linker);
}

/* A few bytes of script could have a large file read as often as they like. */
static void files_that_are_named_often(void **state)
{
    (void)state;
    welt_options options = host_options_reading(&host);
    options.script_path = "boot.ld";
    host_add_text(&host, "boot.ld",
                  "INPUT(lib.a lib.a boot.o lib.a)\n"
                  "SECTIONS { .text : { INCLUDE byte.ld INCLUDE byte.ld } }\n");
    host_add_text(&host, "byte.ld", "BYTE(7)\n");
    host_add_text(&host, "lib.a", "!<arch>\n");
    host_add_file(&host, "boot.o", assemble(alone));
    welt_linker *linker = new_linker(&host, &options);
    for (int i = 0; i < 2; i++) {
        host_forget(&host);
        expect(&host, welt_link(linker), WELT_OK);
        assert_string_equal(host.asked, "boot.ld\nbyte.ld\nlib.a\nboot.o\n");
    }
    welt_linker_free(linker);
}

/* ---- templates ---- */

static void templates(void **state)
{
    unsigned char sector[512];
    (void)state;
    for (size_t i = 0; i < sizeof sector; i++)
        sector[i] = (unsigned char)i;
    welt_options options = host_options_reading(&host);
    options.layout = "vbr";
    options.template_path = "old-sector";
    host_add_file(&host, "old-sector", (welt_bytes){sector, sizeof sector});
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(alone));
    expect(&host, welt_link(linker), WELT_OK);
    welt_bytes image = get(linker, WELT_OUTPUT_IMAGE);
    assert_memory_equal(image.data + 3, sector + 3, 62 - 3);
    assert_int_equal(image.data[62], 0xf4);
    host.files[0].bytes.size = 20;
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_string_equal(host_told(&host, "template")->object, "old-sector");
    host.file_count = 0;
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_string_equal(host_told(&host, "file")->object, "old-sector");
    welt_linker_free(linker);
}

/* ---- the file system ---- */

static void what_is_no_file(void **state)
{
    (void)state;
    struct folder folder = make_folder();
    const char *const paths[] = {folder.path, "", "/dev/null", in(&folder, "a/b")};
    write_file(in(&folder, "a"), assemble(alone));
    unsigned before = open_files();
    for (size_t i = 0; i < COUNT(paths); i++) {
        welt_options options = host_options(&host);
        welt_linker *linker = new_linker(&host, &options);
        add_file(linker, paths[i]);
        host_forget(&host);
        expect(&host, welt_link(linker), WELT_FAILED);
        assert_int_equal(host.errors, 1);
        assert_string_equal(host.told[0].object, paths[i]);
        welt_linker_free(linker);
    }
    assert_int_equal(open_files(), before);
    remove_folder(&folder);
}

/* A pipe has no size beforehand. */
static void a_pipe(void **state)
{
    char path[40];
    int ends[2];
    (void)state;
    welt_bytes object = assemble(alone);
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], object.data, object.size), object.size);
    close(ends[1]);
    snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_file(linker, path);
    expect(&host, welt_link(linker), WELT_OK);
    close(ends[0]);
    welt_linker_free(linker);
}

/* ---- what the host refuses is not read ---- */

/* Files that are on the disk, and that an input or a script asks for in every way there is. */
static void nothing_beside_the_host(void **state)
{
    (void)state;
    char script[600], object[200], thin[200];
    struct folder folder = make_folder();
    snprintf(object, sizeof object, "%s", in(&folder, "secret.o"));
    snprintf(thin, sizeof thin, "%s", in(&folder, "thin.a"));
    write_file(object, assemble(".globl secret\nsecret: ret\n"));
    write_file(in(&folder, "secret.ld"), text_bytes("SECTIONS { . = 0x1234; }\n"));
    snprintf(script, sizeof script, "cd %s && ar rcsDT thin.a secret.o", folder.path);
    assert_int_equal(system(script), 0); // NOLINT: the line is ours
    static const char *const forms[] = {"INCLUDE %s/secret.ld\n", "INPUT(%s/secret.o)\n",
                                        "STARTUP(%s/secret.o)\n", "GROUP(%s/thin.a)\n",
                                        "SEARCH_DIR(%s) INPUT(-l:secret.o)\n"};
    for (size_t i = 0; i < COUNT(forms); i++) {
        snprintf(script, sizeof script, forms[i], folder.path); // NOLINT: the forms are ours
        welt_options options = host_options_reading(&host);
        options.script_text = script;
        host_forget(&host);
        welt_linker *linker = new_linker(&host, &options);
        add_bytes(linker, "boot.o", assemble(".globl _start\n_start: call secret\n"));
        expect(&host, welt_link(linker), WELT_FAILED);
        assert_non_null(strstr(host.asked, folder.path));
        welt_linker_free(linker);
    }
    welt_bytes archive = read_file(thin);
    host_add_file(&host, thin, archive); /* the archive, and not its member */
    welt_options options = host_options_reading(&host);
    host_forget(&host);
    welt_linker *linker = new_linker(&host, &options);
    add_bytes(linker, "boot.o", assemble(".globl _start\n_start: call secret\n"));
    assert_int_equal(welt_add_file(linker, thin), WELT_OK);
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_string_equal(host_told(&host, "file")->object, object);
    welt_linker_free(linker);
    free_bytes(archive);
    remove_folder(&folder);
}

/* No bytes are equal to no bytes, wherever they are not. */
static void nothing_twice(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    welt_linker *linker = new_linker(&host, &options);
    assert_int_equal(welt_set_mode(linker, WELT_MODE_BINARY, 1), WELT_OK);
    add_bytes(linker, "nothing", (welt_bytes){NULL, 0});
    add_bytes(linker, "nothing", (welt_bytes){NULL, 0});
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_non_null(strstr(host_told(&host, "duplicate")->message, "_binary_nothing_start"));
    welt_linker_free(linker);
}

static int lie(void *user, const char *path, welt_bytes *bytes)
{
    (void)user;
    *bytes = strcmp(path, "huge.o") == 0 ? (welt_bytes){(const unsigned char *)"x", SIZE_MAX}
                                         : (welt_bytes){NULL, 5};
    return 0;
}

/* More than is read of any file is refused before a byte of it is looked at. */
static void more_than_is_read(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.on_read = lie;
    welt_linker *linker = new_linker(&host, &options);
    assert_int_equal(welt_add_file(linker, "huge.o"), WELT_OK);
    assert_int_equal(welt_add_file(linker, "nothing.o"), WELT_OK);
    add_bytes(linker, "bytes.o", (welt_bytes){(const unsigned char *)"x", SIZE_MAX});
    expect(&host, welt_link(linker), WELT_FAILED);
    assert_int_equal(host.told_count, 3);
    assert_non_null(strstr(host.told[0].message, "at most 1073741824 are read"));
    assert_non_null(strstr(host.told[1].message, "No such file"));
    assert_string_equal(host.told[2].message, host.told[0].message);
    welt_linker_free(linker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_beside_the_host),
        TEST(inputs),
        TEST(the_disk_is_not_asked),
        TEST(bytes_without_an_end),
        TEST(empty_files),
        TEST(libraries),
        TEST(thin_archives),
        TEST(archives_in_thin_archives),
        TEST(scripts_and_what_they_name),
        TEST(scripts_that_are_missing),
        TEST(scripts_that_include_themselves),
        TEST(files_that_are_named_often),
        TEST(templates),
        TEST(what_is_no_file),
        TEST(a_pipe),
        TEST(nothing_twice),
        TEST(more_than_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
