/* SPDX-License-Identifier: MIT
 *
 * What the tests of welt.h share. See kit.h. */
#include "kit.h"

#include <dirent.h>
#include <unistd.h>

/* ---- a host ---- */

static void copy(char *to, size_t size, const char *text)
{
    snprintf(to, size, "%s", text ? text : "");
}

/* What holds for every diagnostic. */
static void check_diagnostic(const welt_diagnostic *its)
{
    char id[60];
    assert_int_equal(its->size, sizeof *its);
    assert_in_range(its->severity, WELT_NOTE, WELT_ERROR);
    assert_non_null(its->id);
    assert_non_null(its->message);
    assert_non_null(its->text);
    assert_true(*its->id && *its->message);
    assert_null(strchr(its->message, '\n'));
    assert_null(strchr(its->text, '\n'));
    assert_int_not_equal(its->message[strlen(its->message) - 1], '.');
    assert_true(strlen(its->message) > 600 || strstr(its->text, its->message));
    snprintf(id, sizeof id, " [welt-%s]", its->id);
    assert_non_null(strstr(its->text, id));
    assert_true(its->has_offset || !its->offset);
    assert_true(!its->line || its->file);
    assert_true(!its->column || its->line);
}

static void hear(void *user, const welt_diagnostic *its)
{
    struct host *self = user;
    check_diagnostic(its);
    self->errors += its->severity == WELT_ERROR;
    if (self->told_count++ >= TOLD_MOST)
        return;
    struct told *told = &self->told[self->told_count - 1];
    *told = (struct told){.severity = its->severity,
                          .has_offset = its->has_offset != 0,
                          .offset = its->offset,
                          .line = its->line,
                          .column = its->column};
    copy(told->id, sizeof told->id, its->id);
    copy(told->message, sizeof told->message, its->message);
    copy(told->hint, sizeof told->hint, its->hint);
    copy(told->object, sizeof told->object, its->object);
    copy(told->section, sizeof told->section, its->section);
    copy(told->symbol, sizeof told->symbol, its->symbol);
    copy(told->file, sizeof told->file, its->file);
    copy(told->text, sizeof told->text, its->text);
}

static void *lend(void *user, size_t size)
{
    struct host *self = user;
    self->lent++;
    if (!self->allowed)
        return NULL;
    if (self->allowed != SIZE_MAX)
        self->allowed--;
    void *memory = malloc(size);
    assert_non_null(memory);
    memset(memory, 0xa5, size); /* nothing may count on zeroes */
    self->live++;
    self->live_bytes += size;
    return memory;
}

static void take_back(void *user, void *memory, size_t size)
{
    struct host *self = user;
    assert_true(self->live > 0 && self->live_bytes >= size);
    self->live--;
    self->live_bytes -= size;
    memset(memory, 0x5a, size);
    free(memory);
}

static int give_file(void *user, const char *path, welt_bytes *bytes)
{
    struct host *self = user;
    size_t used = strlen(self->asked);
    snprintf(self->asked + used, sizeof self->asked - used, "%s\n", path);
    for (size_t i = 0; i < self->file_count; i++)
        if (strcmp(self->files[i].path, path) == 0) {
            *bytes = self->files[i].bytes;
            return 0;
        }
    return 1;
}

static int count_step(void *user, const char *step, size_t done, size_t total)
{
    struct host *self = user;
    assert_non_null(step);
    assert_true(!total || done <= total);
    return ++self->steps == self->stop_at;
}

void host_open(struct host *self)
{
    *self = (struct host){.allowed = SIZE_MAX};
}

welt_options host_options(struct host *self)
{
    static const char *const warnings[] = {"no-all"}; /* the programs are not meant to run */
    welt_options options = WELT_OPTIONS_INIT;
    options.output_name = "boot.bin";
    options.warnings = warnings;
    options.warning_count = 1;
    options.on_diagnostic = hear;
    options.on_progress = count_step;
    options.user = self;
    options.allocator = (welt_allocator){.allocate = lend, .release = take_back, .user = self};
    return options;
}

welt_options host_options_reading(struct host *self)
{
    welt_options options = host_options(self);
    options.on_read = give_file;
    return options;
}

void host_close(struct host *self)
{
    assert_int_equal(self->live, 0);
    assert_int_equal(self->live_bytes, 0);
}

struct host host;

int set_up(void **state)
{
    (void)state;
    host_open(&host);
    return 0;
}

int tear_down(void **state)
{
    (void)state;
    host_close(&host);
    return 0;
}

void host_forget(struct host *self)
{
    self->told_count = self->errors = 0;
    self->asked[0] = 0;
}

void host_add_file(struct host *self, const char *path, welt_bytes bytes)
{
    assert_true(self->file_count < FILES_MOST);
    self->files[self->file_count++] = (struct virtual_file){path, bytes};
}

void host_add_text(struct host *self, const char *path, const char *text)
{
    host_add_file(self, path, text_bytes(text));
}

static unsigned kept(const struct host *self)
{
    return self->told_count < TOLD_MOST ? self->told_count : TOLD_MOST;
}

static void print_told(const struct host *self)
{
    for (unsigned i = 0; i < kept(self); i++)
        print_error("%s\n", self->told[i].text);
}

const struct told *host_told(const struct host *self, const char *id)
{
    for (unsigned i = 0; i < kept(self); i++)
        if (strcmp(self->told[i].id, id) == 0)
            return &self->told[i];
    print_told(self);
    fail_msg("no diagnostic `%s'", id);
    return NULL;
}

/* ---- links ---- */

void expect(const struct host *self, welt_status status, welt_status wanted)
{
    if (status == wanted)
        return;
    print_told(self);
    fail_msg("`%s', not `%s'", welt_status_text(status), welt_status_text(wanted));
}

welt_linker *new_linker(struct host *self, const welt_options *options)
{
    welt_linker *linker = NULL;
    expect(self, welt_linker_new(&linker, options), WELT_OK);
    assert_non_null(linker);
    return linker;
}

void add_bytes(welt_linker *linker, const char *name, welt_bytes bytes)
{
    assert_int_equal(welt_add_bytes(linker, name, bytes.data, bytes.size), WELT_OK);
}

welt_bytes get(welt_linker *linker, welt_output output)
{
    welt_bytes bytes = {NULL, 0};
    assert_int_equal(welt_get(linker, output, &bytes), WELT_OK);
    assert_non_null(bytes.data);
    assert_int_equal(bytes.data[bytes.size], 0);
    return bytes;
}

void assert_bytes_equal(welt_bytes a, welt_bytes b)
{
    assert_int_equal(a.size, b.size);
    assert_memory_equal(a.data, b.data, a.size);
}

welt_bytes keep(welt_bytes bytes)
{
    unsigned char *data = malloc(bytes.size + 1);
    assert_non_null(data);
    memcpy(data, bytes.data, bytes.size);
    data[bytes.size] = 0;
    return (welt_bytes){data, bytes.size};
}

void free_bytes(welt_bytes bytes)
{
    free((void *)(size_t)bytes.data);
}

welt_bytes image_of(const welt_bytes *objects, size_t count)
{
    static struct host own;
    host_open(&own);
    welt_options options = host_options(&own);
    welt_linker *linker = new_linker(&own, &options);
    for (size_t i = 0; i < count; i++)
        add_bytes(linker, "boot.o", objects[i]);
    expect(&own, welt_link(linker), WELT_OK);
    welt_bytes image = keep(get(linker, WELT_OUTPUT_IMAGE));
    welt_linker_free(linker);
    host_close(&own);
    return image;
}

uint64_t symbol(const welt_linker *linker, const char *name)
{
    uint64_t address = 0;
    assert_int_equal(welt_symbol_address(linker, name, &address), WELT_OK);
    return address;
}

/* ---- objects ---- */

/* What was made is found again by the text it was made from. */
static struct {
    char *source;
    welt_bytes bytes;
} made[200];
static size_t made_count;

static const welt_bytes *find_made(const char *source)
{
    for (size_t i = 0; i < made_count; i++)
        if (strcmp(made[i].source, source) == 0)
            return &made[i].bytes;
    return NULL;
}

static welt_bytes remember(const char *source, welt_bytes bytes)
{
    assert_true(made_count < COUNT(made));
    made[made_count].source = strdup(source);
    made[made_count].bytes = bytes;
    return made[made_count++].bytes;
}

static welt_bytes make(const char *command, const char *source)
{
    char path[] = "/tmp/welt-api-XXXXXX", line[400];
    const welt_bytes *found = find_made(source);
    if (found)
        return *found;
    close(mkstemp(path));
    snprintf(line, sizeof line, "%s -o %s -", command, path);
    FILE *tool = popen(line, "w");
    assert_non_null(tool);
    fputs(source, tool);
    assert_int_equal(pclose(tool), 0);
    welt_bytes bytes = read_file(path);
    unlink(path);
    return remember(source, bytes);
}

welt_bytes assemble(const char *source)
{
    char whole[4000];
    int size = snprintf(whole, sizeof whole, ".code16\n%s", source);
    assert_in_range(size, 0, (int)sizeof whole - 1);
    return make("as --32", whole);
}

#define GCC                                                                                        \
    "gcc -m16 -Os -ffreestanding -fno-pic -fno-stack-protector -fno-asynchronous-unwind-tables"    \
    " -ffunction-sections -fdata-sections"

welt_bytes compile_c(const char *source)
{
    return make(GCC " -c -xc", source);
}

welt_bytes compile_with_lines(const char *source)
{
    return make(GCC " -g -c -xc", source);
}

welt_bytes make_archive(const char *flags, const welt_bytes *members, size_t count)
{
    char line[1000], name[32];
    struct folder folder = make_folder();
    size_t used = (size_t)snprintf(line, sizeof line, "cd %s && ar %s a.a", folder.path, flags);
    for (size_t i = 0; i < count; i++) {
        snprintf(name, sizeof name, "m%zu.o", i);
        write_file(in(&folder, name), members[i]);
        used += (size_t)snprintf(line + used, sizeof line - used, " %s", name);
    }
    assert_int_equal(system(line), 0); // NOLINT: the line is ours
    welt_bytes archive = read_file(in(&folder, "a.a"));
    remove_folder(&folder);
    snprintf(line, sizeof line, "archive %zu", made_count);
    return remember(line, archive);
}

welt_bytes text_bytes(const char *text)
{
    return (welt_bytes){(const unsigned char *)text, strlen(text)};
}

/* ---- the file system ---- */

struct folder make_folder(void)
{
    struct folder folder = {"/tmp/welt-api-XXXXXX"};
    assert_non_null(mkdtemp(folder.path));
    return folder;
}

void remove_folder(const struct folder *folder)
{
    char line[100];
    snprintf(line, sizeof line, "rm -rf %s", folder->path);
    assert_int_equal(system(line), 0); // NOLINT: the line is ours
}

const char *in(const struct folder *folder, const char *name)
{
    static char paths[8][200];
    static unsigned next;
    char *path = paths[next++ % COUNT(paths)];
    snprintf(path, sizeof paths[0], "%s/%s", folder->path, name);
    return path;
}

void write_file(const char *path, welt_bytes bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    assert_int_equal(fclose(file), 0);
}

welt_bytes read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    assert_int_equal(fseek(file, 0, SEEK_END), 0);
    size_t size = (size_t)ftell(file);
    rewind(file);
    unsigned char *data = malloc(size + 1);
    assert_non_null(data);
    assert_int_equal(fread(data, 1, size, file), size);
    data[size] = 0;
    fclose(file);
    return (welt_bytes){data, size};
}

static int is_name(const struct dirent *entry)
{
    return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

void list_folder(const struct folder *folder, char *names, size_t size)
{
    struct dirent **entries;
    int count = scandir(folder->path, &entries, is_name, alphasort);
    assert_true(count >= 0);
    names[0] = 0;
    for (int i = 0; i < count; i++) {
        size_t used = strlen(names);
        snprintf(names + used, size - used, "%s ", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

unsigned open_files(void)
{
    unsigned count = 0;
    DIR *all = opendir("/proc/self/fd");
    assert_non_null(all);
    while (readdir(all))
        count++;
    closedir(all);
    return count;
}

/* ---- what is printed ---- */

struct capture capture_begin(void)
{
    struct capture capture = {.file = tmpfile()};
    assert_non_null(capture.file);
    fflush(stdout);
    fflush(stderr);
    for (int i = 0; i < 2; i++) {
        capture.kept[i] = dup(STDOUT_FILENO + i);
        assert_true(capture.kept[i] >= 0);
        assert_true(dup2(fileno(capture.file), STDOUT_FILENO + i) >= 0);
    }
    return capture;
}

void capture_end(struct capture *capture)
{
    char line[400] = "";
    fflush(stdout);
    fflush(stderr);
    for (int i = 0; i < 2; i++) {
        dup2(capture->kept[i], STDOUT_FILENO + i);
        close(capture->kept[i]);
    }
    rewind(capture->file);
    size_t size = fread(line, 1, sizeof line - 1, capture->file);
    line[size] = 0;
    fclose(capture->file);
    assert_string_equal(line, "");
}
