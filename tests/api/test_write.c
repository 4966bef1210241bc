/* SPDX-License-Identifier: MIT
 *
 * Outputs that are written to files: what stands there afterwards, above all when it cannot be
 * done. */
#include "kit.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static const char alone[] = ".globl _start\n_start: hlt\n";
static const char old_text[] = "what was there before\n";

/* A link that is ready to be written, in a folder with an older output. */
static struct folder folder;
static welt_linker *linker;
static char before[400];

static void open_link(const welt_options *options)
{
    folder = make_folder();
    write_file(in(&folder, "boot.o"), assemble(alone));
    write_file(in(&folder, "old.bin"), text_bytes(old_text));
    linker = new_linker(&host, options);
    assert_int_equal(welt_add_file(linker, in(&folder, "boot.o")), WELT_OK);
    expect(&host, welt_link(linker), WELT_OK);
    list_folder(&folder, before, sizeof before);
}

static void close_link(void)
{
    welt_linker_free(linker);
    remove_folder(&folder);
}

static void assert_folder_unchanged(void)
{
    char now[400];
    list_folder(&folder, now, sizeof now);
    assert_string_equal(now, before);
    welt_bytes old = read_file(in(&folder, "old.bin"));
    assert_bytes_equal(old, text_bytes(old_text));
    free_bytes(old);
    welt_bytes object = read_file(in(&folder, "boot.o"));
    assert_bytes_equal(object, assemble(alone));
    free_bytes(object);
}

/* Writing there fails, says so about this path, leaves all as it was, and can be tried again. */
static void refuse(const char *path)
{
    host_forget(&host);
    expect(&host, welt_write(linker, WELT_OUTPUT_IMAGE, path), WELT_FAILED);
    assert_int_equal(host.told_count, 1);
    assert_string_equal(host.told[0].id, "file");
    assert_string_equal(host.told[0].object, path);
    assert_int_equal(host.told[0].severity, WELT_ERROR);
    assert_folder_unchanged();
    assert_int_equal(get(linker, WELT_OUTPUT_IMAGE).size, 512);
}

/* ---- what can be written ---- */

static void every_output(void **state)
{
    static const char *const names[] = {"image",  "map",     "listing", "summary", "elf",   "trace",
                                        "more",   "symbols", "cref",    "removed", "usage", "rule",
                                        "script", "text",    "json",    "md",      "html",  "csv"};
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    for (int which = 0; which <= WELT_OUTPUT_REPORT_CSV; which++) {
        const char *path = in(&folder, names[which]);
        expect(&host, welt_write(linker, (welt_output)which, path), WELT_OK);
        welt_bytes written = read_file(path);
        assert_bytes_equal(written, get(linker, (welt_output)which));
        free_bytes(written);
    }
    assert_int_equal(host.told_count, 0);
    close_link();
}

static void an_older_output_is_replaced(void **state)
{
    struct stat old, now;
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    const char *path = in(&folder, "old.bin");
    assert_int_equal(chmod(path, 0640), 0);
    assert_int_equal(link(path, in(&folder, "twin.bin")), 0);
    assert_int_equal(stat(path, &old), 0);
    expect(&host, welt_write(linker, WELT_OUTPUT_IMAGE, path), WELT_OK);
    assert_int_equal(stat(path, &now), 0);
    assert_int_equal(now.st_size, 512);
    assert_int_equal(now.st_mode & 07777, 0640);
    assert_true(now.st_ino != old.st_ino); /* renamed: who reads the old one goes on reading it */
    welt_bytes twin = read_file(in(&folder, "twin.bin"));
    assert_bytes_equal(twin, text_bytes(old_text));
    free_bytes(twin);
    close_link();
}

static void a_symbolic_link_stays_one(void **state)
{
    struct stat status;
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    assert_int_equal(symlink("old.bin", in(&folder, "link.bin")), 0);
    expect(&host, welt_write(linker, WELT_OUTPUT_IMAGE, in(&folder, "link.bin")), WELT_OK);
    assert_int_equal(lstat(in(&folder, "link.bin"), &status), 0);
    assert_true(S_ISLNK(status.st_mode));
    assert_int_equal(stat(in(&folder, "old.bin"), &status), 0);
    assert_int_equal(status.st_size, 512);
    close_link();
}

static void devices_are_written_in_place(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    expect(&host, welt_write(linker, WELT_OUTPUT_IMAGE, "/dev/null"), WELT_OK);
    struct stat status;
    assert_int_equal(stat("/dev/null", &status), 0);
    assert_true(S_ISCHR(status.st_mode));
    close_link();
}

/* What others wrote there, and how far, stays. */
static void descriptors_are_written_where_they_are(void **state)
{
    (void)state;
    char path[32];
    welt_options options = host_options(&host);
    open_link(&options);
    int descriptor = open(in(&folder, "log"), O_CREAT | O_RDWR | O_APPEND, 0600);
    assert_true(descriptor > 0);
    snprintf(path, sizeof path, "/dev/fd/%d", descriptor);
    assert_int_equal(write(descriptor, "ab", 2), 2);
    const welt_own_file own = {path, "cd", 2};
    expect(&host, welt_write_all(linker, NULL, 0, &own, 1), WELT_OK);
    assert_int_equal(write(descriptor, "ef", 2), 2);
    assert_int_equal(close(descriptor), 0);
    welt_bytes log = read_file(in(&folder, "log"));
    assert_bytes_equal(log, text_bytes("abcdef"));
    free_bytes(log);
    host_forget(&host);
    expect(&host, welt_write_all(linker, NULL, 0, &own, 1), WELT_FAILED); /* it is closed */
    assert_int_equal(unlink(in(&folder, "log")), 0);
    assert_folder_unchanged();
    close_link();
}

/* ---- what cannot ---- */

static void places_that_are_none(void **state)
{
    static char endless[5000];
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    unsigned files = open_files();
    refuse(in(&folder, "missing/boot.bin"));
    refuse(in(&folder, "old.bin/boot.bin"));
    refuse(folder.path);
    refuse("");
    refuse("/dev/full");
    memset(endless, 'x', sizeof endless - 1);
    endless[0] = '/';
    host_forget(&host);
    expect(&host, welt_write(linker, WELT_OUTPUT_IMAGE, endless), WELT_FAILED);
    assert_folder_unchanged();
    assert_int_equal(symlink("loop", in(&folder, "loop")), 0);
    list_folder(&folder, before, sizeof before);
    refuse(in(&folder, "loop"));
    assert_int_equal(open_files(), files);
    close_link();
}

static void inputs_however_they_are_spelled(void **state)
{
    char path[200];
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    assert_int_equal(link(in(&folder, "boot.o"), in(&folder, "hard.o")), 0);
    assert_int_equal(symlink("boot.o", in(&folder, "soft.o")), 0);
    list_folder(&folder, before, sizeof before);
    refuse(in(&folder, "boot.o"));
    refuse(in(&folder, "hard.o"));
    refuse(in(&folder, "soft.o"));
    snprintf(path, sizeof path, "%s/.//boot.o", folder.path);
    refuse(path);
    assert_non_null(strstr(host.told[0].message, "input"));
    close_link();
}

static void scripts_are_inputs_too(void **state)
{
    (void)state;
    struct folder scripts = make_folder();
    char path[200];
    snprintf(path, sizeof path, "%s", in(&scripts, "boot.ld"));
    write_file(path, text_bytes(welt_layout_script("sector")));
    welt_options options = host_options(&host);
    options.script_path = path;
    open_link(&options);
    refuse(path);
    expect(&host, welt_write(linker, WELT_OUTPUT_MAP, path), WELT_FAILED);
    close_link();
    remove_folder(&scripts);
}

/* The host's own files have no place on the disk but their path. */
static void inputs_of_the_callback(void **state)
{
    (void)state;
    folder = make_folder();
    char path[200];
    snprintf(path, sizeof path, "%s", in(&folder, "boot.o"));
    write_file(path, assemble(alone));
    write_file(in(&folder, "old.bin"), text_bytes(old_text));
    list_folder(&folder, before, sizeof before);
    welt_options options = host_options_reading(&host);
    host_add_file(&host, path, assemble(alone));
    linker = new_linker(&host, &options);
    assert_int_equal(welt_add_file(linker, path), WELT_OK);
    expect(&host, welt_link(linker), WELT_OK);
    refuse(path);
    close_link();
}

/* ---- what only some cannot ---- */

typedef void child_work(void);

/* In a process of its own, as nobody when this is root; the link goes with it. */
static void in_child(child_work *work, bool as_nobody)
{
    fflush(stdout);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (as_nobody && getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
            _exit(99);
        work();
        _exit(host.told_count == 1 ? 0 : 98);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void write_to(const char *name)
{
    if (welt_write(linker, WELT_OUTPUT_IMAGE, in(&folder, name)) != WELT_FAILED)
        _exit(1);
}

static void write_new(void)
{
    write_to("new.bin");
}

static void write_old(void)
{
    write_to("old.bin");
}

static void write_two_bytes(void)
{
    const struct rlimit two = {2, 2};
    signal(SIGXFSZ, SIG_IGN);
    setrlimit(RLIMIT_FSIZE, &two);
    write_to("old.bin");
}

static void folders_of_others(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    assert_int_equal(chmod(folder.path, 0555), 0);
    in_child(write_new, true);
    in_child(write_old, true);
    assert_folder_unchanged();
    assert_int_equal(chmod(folder.path, 0755), 0);
    close_link();
}

static void files_of_others(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    assert_int_equal(chmod(folder.path, 0777), 0);
    assert_int_equal(chmod(in(&folder, "old.bin"), 0444), 0);
    in_child(write_old, true);
    assert_folder_unchanged();
    close_link();
}

/* Writing ends in the middle: what was begun is gone again. */
static void no_room_in_the_middle(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    in_child(write_two_bytes, false);
    assert_folder_unchanged();
    close_link();
}

/* ---- several at once ---- */

static void several_are_all_there(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    const welt_output_file files[] = {{WELT_OUTPUT_MAP, in(&folder, "boot.map")},
                                      {WELT_OUTPUT_IMAGE, in(&folder, "boot.bin")}};
    expect(&host, welt_write_files(linker, files, 2), WELT_OK);
    for (int i = 0; i < 2; i++) {
        welt_bytes written = read_file(files[i].path);
        assert_bytes_equal(written, get(linker, files[i].output));
        free_bytes(written);
    }
    expect(&host, welt_write_files(linker, NULL, 0), WELT_OK);
    close_link();
}

static void bytes_of_the_host(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    welt_linker *fresh = new_linker(&host, &options);
    const char *path = in(&folder, "told.txt");
    expect(&host, welt_write_bytes(fresh, path, old_text, strlen(old_text)), WELT_OK);
    welt_bytes written = read_file(path);
    assert_bytes_equal(written, text_bytes(old_text));
    free_bytes(written);
    expect(&host, welt_write_bytes(fresh, path, NULL, 0), WELT_OK);
    assert_int_equal(welt_write_bytes(fresh, NULL, old_text, 1), WELT_MISUSE);
    assert_int_equal(welt_write_bytes(fresh, path, NULL, 1), WELT_MISUSE);
    assert_int_equal(welt_write_bytes(NULL, path, old_text, 1), WELT_MISUSE);
    welt_linker_free(fresh);
    assert_int_equal(unlink(path), 0);
    expect(&host, welt_write_bytes(linker, in(&folder, "boot.o"), old_text, 1), WELT_FAILED);
    expect(&host, welt_write_bytes(linker, "/nowhere/told.txt", old_text, 1), WELT_FAILED);
    assert_folder_unchanged();
    close_link();
}

static void refuse_both(const char *first, const char *second)
{
    const welt_output_file files[] = {{WELT_OUTPUT_MAP, first}, {WELT_OUTPUT_IMAGE, second}};
    host_forget(&host);
    expect(&host, welt_write_files(linker, files, 2), WELT_FAILED);
    assert_int_equal(host.told_count, 1);
    assert_folder_unchanged();
}

static void several_or_none(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    refuse_both(in(&folder, "boot.map"), "/nowhere/boot.bin");
    refuse_both(in(&folder, "old.bin"), in(&folder, "boot.o"));
    refuse_both(in(&folder, "new"), in(&folder, "./new"));
    refuse_both(in(&folder, "old.bin"), in(&folder, "./old.bin"));
    refuse_both(in(&folder, "old.bin"), "/dev/full");
    const welt_output_file bad = {WELT_OUTPUT_MAP, NULL};
    assert_int_equal(welt_write_files(linker, &bad, 1), WELT_MISUSE);
    assert_int_equal(welt_write_files(linker, NULL, 1), WELT_MISUSE);
    assert_int_equal(welt_write_files(NULL, NULL, 0), WELT_MISUSE);
    close_link();
}

/* ---- bytes of the host's own ---- */

static void refuse_bytes(const char *path)
{
    host_forget(&host);
    expect(&host, welt_write_bytes(linker, path, "log", 3), WELT_FAILED);
    assert_int_equal(host.told_count, 1);
    assert_string_equal(host.told[0].id, "file");
    assert_string_equal(host.told[0].object, path);
}

static void bytes_of_the_host_spare_outputs(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    refuse_bytes(in(&folder, "boot.o"));
    assert_folder_unchanged();
    expect(&host, welt_write(linker, WELT_OUTPUT_IMAGE, in(&folder, "boot.bin")), WELT_OK);
    refuse_bytes(in(&folder, "./boot.bin"));
    expect(&host, welt_write(linker, WELT_OUTPUT_IMAGE, in(&folder, "boot.bin")), WELT_OK);
    expect(&host, welt_write_bytes(linker, in(&folder, "boot.log"), "log", 3), WELT_OK);
    refuse_bytes(in(&folder, "boot.log"));
    welt_bytes written = read_file(in(&folder, "boot.log"));
    assert_bytes_equal(written, text_bytes("log"));
    free_bytes(written);
    expect(&host, welt_link(linker), WELT_OK); /* from here on it is an older file */
    expect(&host, welt_write_bytes(linker, in(&folder, "boot.log"), NULL, 0), WELT_OK);
    written = read_file(in(&folder, "boot.log"));
    assert_int_equal(written.size, 0);
    free_bytes(written);
    close_link();
}

/* ---- a rename that fails behind others ---- */

static const char *in_the_way; /* made a folder when all temporaries are there; NULL: stop then */

static int stop_or_stand(void *user, const char *step, size_t done, size_t total)
{
    (void)user;
    (void)done;
    (void)total;
    if (strcmp(step, "write") != 0)
        return 0;
    if (in_the_way)
        assert_int_equal(mkdir(in_the_way, 0700), 0);
    return !in_the_way;
}

static void what_was_renamed_comes_back(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    options.on_progress = stop_or_stand;
    open_link(&options);
    in_the_way = in(&folder, "boot.log");
    const welt_output_file files[] = {{WELT_OUTPUT_IMAGE, in(&folder, "old.bin")},
                                      {WELT_OUTPUT_MAP, in(&folder, "boot.map")}};
    const welt_own_file own = {in_the_way, "log", 3};
    expect(&host, welt_write_all(linker, files, 2, &own, 1), WELT_FAILED);
    assert_string_equal(host_told(&host, "file")->object, in_the_way);
    assert_int_equal(rmdir(in_the_way), 0);
    assert_folder_unchanged();
    in_the_way = NULL;
    assert_int_equal(welt_write_all(linker, files, 2, &own, 1), WELT_CANCELLED);
    assert_folder_unchanged();
    close_link();
}

static void own_files_among_outputs(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    const welt_output_file image = {WELT_OUTPUT_IMAGE, in(&folder, "boot.bin")};
    welt_own_file own[] = {{in(&folder, "boot.log"), "log", 3}, {in(&folder, "boot.o"), "", 0}};
    assert_int_equal(welt_write_all(linker, &image, 1, own, 2), WELT_FAILED); /* an input */
    assert_folder_unchanged();
    expect(&host, welt_write_all(linker, &image, 1, own, 1), WELT_OK);
    welt_bytes log = read_file(own[0].path), written = read_file(image.path);
    assert_bytes_equal(log, text_bytes("log"));
    assert_bytes_equal(written, get(linker, WELT_OUTPUT_IMAGE));
    free_bytes(log);
    free_bytes(written);
    own[0].data = NULL;
    assert_int_equal(welt_write_all(linker, &image, 1, own, 1), WELT_MISUSE);
    own[0].path = NULL;
    assert_int_equal(welt_write_all(linker, &image, 1, own, 1), WELT_MISUSE);
    assert_int_equal(welt_write_all(linker, &image, 1, NULL, 1), WELT_MISUSE);
    close_link();
}

/* ---- in one call ---- */

static void a_failed_link_writes_nothing(void **state)
{
    (void)state;
    welt_options options = host_options(&host);
    open_link(&options);
    const char *const inputs[] = {in(&folder, "boot.o"), in(&folder, "boot.o")}; /* twice */
    expect(&host, welt_link_files(in(&folder, "old.bin"), inputs, 2, &options), WELT_FAILED);
    expect(&host, welt_link_files(in(&folder, "new.bin"), inputs, 2, &options), WELT_FAILED);
    assert_folder_unchanged();
    expect(&host, welt_link_files(inputs[0], inputs, 1, &options), WELT_FAILED);
    assert_folder_unchanged();
    close_link();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_output),
        TEST(an_older_output_is_replaced),
        TEST(a_symbolic_link_stays_one),
        TEST(devices_are_written_in_place),
        TEST(descriptors_are_written_where_they_are),
        TEST(places_that_are_none),
        TEST(inputs_however_they_are_spelled),
        TEST(scripts_are_inputs_too),
        TEST(inputs_of_the_callback),
        TEST(folders_of_others),
        TEST(files_of_others),
        TEST(no_room_in_the_middle),
        TEST(several_are_all_there),
        TEST(bytes_of_the_host),
        TEST(several_or_none),
        TEST(bytes_of_the_host_spare_outputs),
        TEST(what_was_renamed_comes_back),
        TEST(own_files_among_outputs),
        TEST(a_failed_link_writes_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
