/* SPDX-License-Identifier: MIT
 *
 * A host of libwelt, in the C that is also C++: links an object that it holds in memory and writes
 * the image.
 *
 *     consumer boot.o boot.bin */
#include <welt.h>

#include <stdio.h>

static unsigned char object[65536];

static void show(void *user, const welt_diagnostic *diagnostic)
{
    (void)user;
    fprintf(stderr, "%s\n", diagnostic->text);
}

static size_t read_object(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t size = file ? fread(object, 1, sizeof object, file) : 0;
    if (file)
        fclose(file);
    return size;
}

static int link_image(welt_linker *linker, size_t size, const char *path)
{
    welt_bytes summary;
    if (welt_add_bytes(linker, "boot.o", object, size) != WELT_OK || welt_link(linker) != WELT_OK ||
        welt_get(linker, WELT_OUTPUT_SUMMARY, &summary) != WELT_OK ||
        welt_write(linker, WELT_OUTPUT_IMAGE, path) != WELT_OK)
        return 1;
    printf("%s", (const char *)summary.data);
    return 0;
}

int main(int count, char **arguments)
{
    welt_linker *linker;
    welt_options options = WELT_OPTIONS_INIT;
    options.output_name = "boot.bin";
    options.on_diagnostic = show;
    if (count != 3 || welt_linker_new(&linker, &options) != WELT_OK)
        return 1;
    int status = link_image(linker, read_object(arguments[1]), arguments[2]);
    welt_linker_free(linker);
    return status;
}
