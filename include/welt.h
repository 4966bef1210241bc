/* SPDX-License-Identifier: MIT
 *
 * welt.h: link objects into a boot image, from your own program.
 *
 * Welt merges the sections of ELF object files into a flat x86 real-mode image with a size budget
 * and the 55 AA signature. This header is the whole of the library's interface and its manual:
 * simple things first.
 *
 *     const char *inputs[] = {"main.o"};
 *     if (welt_link_files("boot.bin", inputs, 1, NULL) != WELT_OK) …
 *
 * What holds for every call:
 *
 *   - It never exits, aborts, prints, or changes signal handlers, the locale or the working
 *     directory. What is wrong is told through the diagnostic callback, and the call returns a
 *     status.
 *   - There is no global state, but a lock around a call of libdwarf, whose own there is. Linkers
 *     in different threads do not meet; one linker is for one thread at a time, but for
 *     welt_cancel(), which any thread may call. A callback may call
 *     that, use other linkers, and ask the linker that called it what there is (welt_has(), spans,
 *     regions). What would change that linker or make something of it returns WELT_MISUSE, and
 *     welt_linker_free() does nothing.
 *   - The same inputs and options give the same bytes, wherever and whenever.
 *   - Sizes, offsets and addresses are in bytes. Strings are NUL-terminated; those that Welt
 *     returns belong to the linker and live until its next welt_link(), welt_replace_bytes() or
 *     welt_linker_free().
 *   - libdwarf is loaded when source lines are asked for, Zydis when instructions are decoded.
 *     Where they are not installed, messages name sections instead of lines, and a warning says
 *     that the checks that decode are left out.
 *   - All memory of Welt's own comes from the allocator given in the options. LLVM's reader of
 *     object files allocates a small part for each object on its own, and ends the process if even
 *     that cannot be had.
 *   - Any bytes may be given as an input: they are linked, or refused with a diagnostic.
 *
 * What is bounded, so that hostile input costs no more than its size lets expect:
 *
 *     a file, an input      1 GiB; what comes from a pipe or a device 32 MiB
 *     the image             max_image_size: 64 MiB if nothing else is asked for
 *     a script              64 MiB with all that it INCLUDEs and with those among the inputs, which
 *                           are 256 at most and name each other 16 deep; INCLUDE 64 deep and 4,096
 *                           times; 500,000 statements; operators and braces 256 deep; 256
 *                           segments in PHDRS; 268,435,456 comparisons of its patterns with names,
 *                           where a pattern of several wildcards may count for more than one
 *     mergeable strings     of a section with more than 1,048,576 none is merged
 *     sections and strings  8,388,608
 *     debug information     of an object 1,048,576 lines, 4,096 units, 64 MiB: others have no names
 *     a saved report        8,388,607 values
 *     layout                32 passes until addresses must have settled
 *     a diagnostic's line   1,023 bytes: longer ones are cut
 *     errors that are told  max_errors: 20; more are counted
 *
 * Versions: MAJOR.MINOR.PATCH as in semantic versioning. Before 1.0.0 a new MINOR may change
 * anything, and the shared library's name has both numbers (libwelt.so.0.1). While that name stays,
 * structs grow at their end only and say their size, so that a program runs with a newer library
 * than the one it was compiled for; enumerations may get more values. */
#ifndef WELT_H
#define WELT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define WELT_VERSION_MAJOR 0
#define WELT_VERSION_MINOR 1
#define WELT_VERSION_PATCH 0
#define WELT_VERSION "0.1.0"

#if defined(__GNUC__)
#define WELT_API __attribute__((visibility("default")))
#else
#define WELT_API
#endif

/* ---- Status ---- */

typedef enum welt_status {
    WELT_OK = 0,
    /* The link is wrong: at least one error was handed to the diagnostic callback. No output was
     * written. Remedy: show the diagnostics; each names what to mend. */
    WELT_FAILED = 1,
    /* Memory ran out in Welt's own code. Remedy: free some; the linker can be used again. */
    WELT_NO_MEMORY = 2,
    /* The progress callback or welt_cancel() asked to stop. No output was written. Remedy: none is
     * needed; the linker can be used again. */
    WELT_CANCELLED = 3,
    /* A call's arguments can't be meant: NULL where a pointer is needed, an options struct of a
     * size this library does not know, an output asked for before a link, a name that no input has.
     * Nothing was done. A fault of the calling program. */
    WELT_MISUSE = 4,
} welt_status;

/* One line of English for a status. Never NULL. */
WELT_API const char *welt_status_text(welt_status status);

/* "0.1.0", and the versions of what was built in: "LLVM 14.0.6", the runtime's compiler and hash.
 */
WELT_API const char *welt_version(void);
WELT_API const char *welt_build_details(void);

/* ---- Diagnostics ---- */

typedef enum welt_severity { WELT_NOTE, WELT_WARNING, WELT_ERROR } welt_severity;

/* What a kind of diagnostic is told as; a severity is the level less one. */
typedef enum welt_level {
    WELT_LEVEL_OFF,
    WELT_LEVEL_NOTE,
    WELT_LEVEL_WARNING,
    WELT_LEVEL_ERROR
} welt_level;

/* One fact about the link. Fields that do not apply are NULL or 0. Valid during the callback only.
 */
typedef struct welt_diagnostic {
    size_t size; /* of this struct */
    welt_severity severity;
    const char *id;      /* stable name: "undefined", "budget"; shown as [welt-undefined] */
    const char *message; /* one line; no full stop */
    const char *hint;    /* what to do about it; one line */
    const char *excerpt; /* of a script: its line, a newline, and blanks and ^ below the column */
    const char *object;  /* the input as named, "libc.a(memcpy.o)" for a member; or the output */
    const char *section; /* in the object */
    uint64_t offset;     /* in the section; meant only when has_offset */
    int has_offset;
    const char *symbol;
    const char *file;      /* a source file or script */
    unsigned line, column; /* 1-based; 0: none */
    const char *text;      /* place, message and id in one line, as the command prints it */
} welt_diagnostic;

typedef void welt_diagnostic_callback(void *user, const welt_diagnostic *diagnostic);

/* ---- What a host may lend ---- */

typedef struct welt_allocator {
    void *(*allocate)(void *user, size_t size);             /* NULL: there is none left */
    void (*release)(void *user, void *memory, size_t size); /* NULL: the host frees all at once */
    void *user;
    /* As allocate, and all bytes are 0; NULL: Welt clears what allocate gives. Fresh pages are
     * clear already, and what nobody writes is not touched then. */
    void *(*allocate_zeroed)(void *user, size_t size);
} welt_allocator;

/* Called between steps and now and then within them: `step` is a word for what is done ("inputs",
 * "layout", "relocate", "write"), `done` of `total` the part of it that is behind; total 0:
 * unknown. A result other than 0 cancels: the call returns WELT_CANCELLED. */
typedef int welt_progress_callback(void *user, const char *step, size_t done, size_t total);

typedef struct welt_bytes {
    const unsigned char *data;
    size_t size;
} welt_bytes;

/* Reads a file in the host's stead: an editor's buffers, a virtual folder. Everything that Welt
 * opens on its own comes through here and nothing is opened but through it: inputs, members of thin
 * archives, libraries (-l: every folder is tried), scripts, INCLUDE, templates. So what an input
 * can make Welt read is what this callback gives. Result 0: *bytes holds the content, which is
 * copied before anything else is asked of the host. Anything else: there is no such file. The path
 * is as the input, script or archive has it, not made absolute, and may hold "..". Response files
 * (@FILE) are a matter of the command: the library knows none. Outputs do not come through here:
 * take them with welt_get(), or let welt_write() write them. */
typedef int welt_read_callback(void *user, const char *path, welt_bytes *bytes);

/* ---- Options ---- */

/* Which defaults apply. */
typedef enum welt_face {
    WELT_FACE_BOOT, /* `welt`: built-in layout `sector`, gc and merging on, runtime searched last */
    WELT_FACE_LD    /* `ld.welt`: as GNU ld for boot builds */
} welt_face;

/* How the linker script's language is read where the two linkers differ: lld's scripts set dot
 * absolutely within an output section, GNU ld's relative to its start. */
typedef enum welt_dialect { WELT_DIALECT_GNU, WELT_DIALECT_LLD } welt_dialect;

typedef enum welt_switch { WELT_BY_FACE = 0, WELT_ON = 1, WELT_OFF = 2 } welt_switch;

typedef enum welt_icf { WELT_ICF_NONE, WELT_ICF_SAFE, WELT_ICF_ALL } welt_icf;

typedef enum welt_runtime {
    WELT_RUNTIME_BY_FACE,
    WELT_RUNTIME_NONE,
    WELT_RUNTIME_CDECL,   /* the helpers that compilers call, with stack arguments */
    WELT_RUNTIME_REGPARM3 /* the same for -mregparm=3 */
} welt_runtime;

typedef enum welt_format {
    WELT_FORMAT_BY_SCRIPT,
    WELT_FORMAT_BINARY,
    WELT_FORMAT_ELF32_I386,
    WELT_FORMAT_ELF64_X86_64
} welt_format;

/* What an ELF file keeps of symbols and debug information. */
typedef enum welt_strip {
    WELT_STRIP_NOTHING,
    WELT_STRIP_DEBUG, /* -S: no debug sections */
    WELT_STRIP_ALL    /* -s: no symbols either */
} welt_strip;

/* --hash-style: which hash tables the symbols of a position-independent file have. */
typedef enum welt_hash_style { WELT_HASH_BOTH, WELT_HASH_SYSV, WELT_HASH_GNU } welt_hash_style;

/* Which local symbols an ELF file's table leaves out. */
typedef enum welt_discard {
    WELT_DISCARD_MERGED, /* compilers' labels (.L…) of merged strings */
    WELT_DISCARD_NONE,
    WELT_DISCARD_LABELS, /* -X: all compilers' labels */
    WELT_DISCARD_ALL     /* -x: all local symbols */
} welt_discard;

typedef enum welt_unresolved {
    WELT_UNRESOLVED_ERROR,
    WELT_UNRESOLVED_WARN,
    WELT_UNRESOLVED_IGNORE
} welt_unresolved;

/* What becomes of a section that the script does not mention. */
typedef enum welt_orphans {
    WELT_ORPHANS_PLACE,   /* behind the output section of its kind, as ld does */
    WELT_ORPHANS_DISCARD, /* it is left out */
    WELT_ORPHANS_WARN,    /* it is placed, and told */
    WELT_ORPHANS_ERROR
} welt_orphans;

/* An order for what has none. */
typedef enum welt_sort { WELT_SORT_NONE, WELT_SORT_NAME, WELT_SORT_ALIGNMENT } welt_sort;
typedef enum welt_sort_commons {
    WELT_SORT_COMMONS_NONE,
    WELT_SORT_COMMONS_DESCENDING, /* the largest alignment first: least padding */
    WELT_SORT_COMMONS_ASCENDING
} welt_sort_commons;

typedef enum welt_cpu {
    WELT_CPU_ANY,
    WELT_CPU_8086,
    WELT_CPU_186,
    WELT_CPU_286,
    WELT_CPU_386,
    WELT_CPU_486,
    WELT_CPU_586,
    WELT_CPU_686
} welt_cpu;

/* A section's or a part's run address given from outside: -Ttext=0x8000,
 * --section-start=.foo=0x9000. */
typedef struct welt_section_start {
    const char *section; /* ".text" */
    uint64_t address;
} welt_section_start;

/* How many bytes something may have. The regions of the layout's MEMORY are budgets too. */
typedef struct welt_budget {
    /* NULL: the image, what is free, reserved, the signature and closing fill left aside. Else a
     * region, an output section, an object or a symbol: the first of these that has the name, or
     * what `region:NAME`, `section:NAME`, `object:NAME`, `symbol:NAME` says. An object is named as
     * in messages, or by its last part ("boot.o"). */
    const char *name;
    uint64_t limit;
} welt_budget;

typedef enum welt_budget_action { WELT_BUDGET_ERROR, WELT_BUDGET_WARN } welt_budget_action;

/* All of it may stay 0: WELT_OPTIONS_INIT is a boot build with the layout `sector`. What it points
 * to must live until welt_linker_new() returns; callbacks until the linker is freed. */
typedef struct welt_options {
    size_t size; /* set by WELT_OPTIONS_INIT; lets a newer library serve an older host */
    welt_face face;
    welt_dialect dialect; /* of scripts */

    const char *layout; /* built-in: "sector", "mbr", "vbr", "vbr32", "disk", "com", "rom", "raw" */
    const char *script_path;         /* -T: a linker script; wins over layout */
    const char *default_script_path; /* -dT: the layout where -T names none, or one with INSERT */
    const char *script_text; /* the same from memory; script_path then only names it in messages */
    const char *entry;       /* -e: a symbol or a number */
    welt_format format;

    welt_switch gc;    /* drop sections that nothing reaches */
    welt_switch merge; /* one copy of equal strings and constants, tails too */
    welt_icf icf;      /* fold functions of equal code */
    welt_switch relax; /* give instructions an address that they would load from the GOT; on */
    welt_runtime runtime;
    welt_unresolved unresolved;
    int omagic;                /* -N: text writable, data right behind it (ld's default script) */
    int nmagic;                /* -n: no pages, but data on the page behind text's */
    welt_switch separate_code; /* -z separate-code: code on pages of its own; on without -n, -N */
    welt_switch relro;         /* -z relro: what start-up alone writes ends on a page; on */
    uint64_t max_page_size, common_page_size; /* -z max-page-size: a power of two; 0: 4096 */
    int no_check_sections;                    /* sections may overlap */
    int shared; /* -shared: an ELF file that may be loaded anywhere; all it names is within it */
    int allow_multiple_definition; /* -z muldefs: the first definition wins */

    int relocatable;   /* -r: an object of all objects, to be linked again */
    int define_common; /* -d: with relocatable, common symbols get their room */
    int emit_relocs;   /* -q: an ELF file keeps the relocations that were applied */
    int with_elf; /* WELT_OUTPUT_ELF will be asked for beside a flat image: keep debug sections */
    welt_strip strip;
    welt_discard discard;
    welt_switch executable_stack; /* -z execstack; by default what the objects say */
    const char *build_id;         /* --build-id: "sha1", "md5", "0x…"; NULL, "none": none */

    const char *const *undefined; /* -u: symbols to pull from archives */
    size_t undefined_count;
    const char *const *defsyms; /* --defsym: "name=expression" */
    size_t defsym_count;
    const char *const *required; /* --require-defined: as -u, and an error when nobody defines it */
    size_t required_count;
    const char *const *wraps; /* --wrap: a reference to NAME means __wrap_NAME, __real_NAME NAME */
    size_t wrap_count;
    const char *const *ignored_undefined; /* --ignore-unresolved-symbol: 0 when nobody defines it */
    size_t ignored_undefined_count;
    const char *const *kept_unique; /* --keep-unique: functions that are not folded */
    size_t kept_unique_count;
    const char *const *traced; /* --trace-symbol: for WELT_OUTPUT_TRACED_SYMBOLS */
    size_t traced_count;
    const char *const *search_dirs; /* -L, in order */
    size_t search_dir_count;
    const welt_section_start *section_starts; /* -Ttext, -Tdata, -Tbss, --section-start */
    size_t section_start_count;

    welt_orphans orphans;    /* --orphan-handling */
    welt_sort sort_sections; /* --sort-section: for patterns of the script that do not sort */
    welt_sort_commons sort_commons; /* --sort-common: within an object's common symbols */
    int gc_keep_exported;           /* what is visible from outside is a root of gc */
    int cref;                       /* the map ends with WELT_OUTPUT_CREF */

    /* What stands behind -W, in order: "boot", "all", "no-eh-frame", "error=stack",
     * "no-error=wrong-mode"; the ids are those of welt_check_at(). An id that is none there is
     * misuse. */
    const char *const *warnings;
    size_t warning_count;
    welt_cpu cpu; /* --cpu: instructions above it are told of */

    uint64_t pad_to;           /* the image's size is raised to this; 0: as it comes */
    const char *template_path; /* a sector whose bytes fill what the layout reserves (BPB, partition
                                  table) */
    uint64_t max_image_size;   /* an image larger than this is an error; 0: 64 MiB */
    const char *output_name;   /* the image's name in messages; NULL: welt_image_name() */

    const welt_budget *budgets;
    size_t budget_count;
    welt_budget_action budget_action; /* of `budgets`, max_growth and max_slack; a region of MEMORY
                                         that overflows is always an error */
    const char *baseline_path; /* an older report (WELT_OUTPUT_REPORT_JSON): changes are told */
    const char *max_growth;    /* "64" bytes, "2%": more than the baseline's used bytes */
    const char *max_slack;     /* the same: more than this left of a budget of `budgets` */

    welt_diagnostic_callback *on_diagnostic;
    welt_progress_callback *on_progress;
    welt_read_callback *on_read;
    void *user; /* handed to the three callbacks */
    welt_allocator allocator;
    unsigned max_errors; /* errors beyond this many are counted only; 0: 20 */
    int fatal_warnings;
    int no_warnings;        /* warnings and their notes are not told; wins over fatal_warnings */
    int warn_section_align; /* tell where alignment moves an output section's start */
    int warn_common;        /* tell where common symbols meet each other or a definition */

    int pie;            /* -pie: the same, as a program; a flat image is linked as ever with both */
    int symbolic;       /* -Bsymbolic: a shared image's names are its own */
    const char *soname; /* -soname, of a shared image */
    const char *interpreter; /* --dynamic-linker of a pie; "": none; NULL: ld's */
    welt_hash_style hash_style;
    int eh_frame_hdr; /* --eh-frame-hdr: an index of .eh_frame, in ELF files and lld's dialect */
    welt_switch demangle; /* names of C++ and Rust in messages and reports are as in the source;
                             `symbol' and JSON are as in the object; on */
    const char *const
        *more_scripts; /* -T again: read behind script_path or script_text, in order */
    size_t more_script_count;
    uint64_t stack_size; /* -z stack-size: of GNU_STACK in an ELF file; 0: none */
    int separate_loads;  /* -z separate-loadable-segments, lld's dialect: no two share a page */
    int join_read_only;  /* --no-rosegment, the same: what is only read lies in code's segment */
    const char *const
        *unique_sections; /* --unique: patterns of names that stay apart; "": all orphans */
    size_t unique_section_count;
    int share_tails; /* -O2 in lld's dialect: a string may lie at another's end, as ever in GNU's */
    const char *retained_path; /* --retain-symbols-file: names of the symbols that an ELF file has,
                                  between blanks; `strip` does not count then */
    welt_format emulation;     /* -m: the class of an ELF file of binary inputs alone, which neither
                                  `format` nor a script says; WELT_FORMAT_BY_SCRIPT: ELF64 with
                                  WELT_FACE_LD, else ELF32 */
    welt_switch start_stop_gc; /* -z start-stop-gc: to name __start_NAME or __stop_NAME keeps
                                  nothing of NAME; on in lld's dialect, as in lld */
    size_t late_section_start_count; /* so many of section_starts, the last, are given behind the
                                        script: their sections have no place before the script's in
                                        the table of an ELF file */
    uint32_t loader_flags;           /* -z now, -z origin: DF_… of DT_FLAGS of a movable image */
    uint32_t loader_flags_1; /* the same, and -z nodelete, …: DF_1_… of its DT_FLAGS_1 */
    int no_text_relocations; /* -z text: none where the program does not write */
} welt_options;

/* C++ has no .size = before C++20, and warns of what is left out even then. */
#ifdef __cplusplus
static inline welt_options welt_options_init()
{
    welt_options options = welt_options();
    options.size = sizeof options;
    return options;
}
#define WELT_OPTIONS_INIT welt_options_init()
#else
#define WELT_OPTIONS_INIT                                                                          \
    {                                                                                              \
        .size = sizeof(welt_options)                                                               \
    }
#endif

/* ---- The first try ---- */

/* Links files into a flat image. `options` NULL: a boot build. The output is written to a temporary
 * name beside it and renamed, so that a failure leaves what was there. */
WELT_API welt_status welt_link_files(const char *output, const char *const *inputs, size_t count,
                                     const welt_options *options);

/* ---- A linker ---- */

typedef struct welt_linker welt_linker;

/* Makes a linker; NULL in *linker on failure. Options are copied. */
WELT_API welt_status welt_linker_new(welt_linker **linker, const welt_options *options);
/* Frees the linker and all it returned. NULL is fine. */
WELT_API void welt_linker_free(welt_linker *linker);

/* Inputs, in the order in which they are linked. Nothing is read before welt_link(). */
WELT_API welt_status welt_add_file(welt_linker *linker, const char *path);
/* Bytes under a name. They are not copied: they must stay as they are until the linker is freed or
 * welt_replace_bytes() gave others in their place. */
WELT_API welt_status welt_add_bytes(welt_linker *linker, const char *name, const void *data,
                                    size_t size);
/* -lNAME: libNAME.a from the search folders, or with ":NAME" the file NAME from there. */
WELT_API welt_status welt_add_library(welt_linker *linker, const char *name);

/* How the inputs that follow are taken. */
typedef enum welt_mode {
    WELT_MODE_WHOLE_ARCHIVE, /* on: every member of an archive is linked */
    WELT_MODE_GROUP,  /* on, then off: the archives between are searched until nothing more is found
                       */
    WELT_MODE_SCRIPT, /* on: files that the script names (INPUT, GROUP, `boot.o(.text)`) come here,
                         as -T's place among GNU ld's inputs says; without it they come first. Once
                         for each script when there are several */
    WELT_MODE_JUST_SYMBOLS, /* on: of each object only its symbols' values are taken (-R) */
    WELT_MODE_BINARY /* on: whatever a file is, its bytes are linked as they are, as a section .data
                        that is kept, between _binary_NAME_start and _binary_NAME_end, with
                        _binary_NAME_size; NAME is the path with all but letters and digits as _ */
} welt_mode;
WELT_API welt_status welt_set_mode(welt_linker *linker, welt_mode mode, int on);

/* Links what was added. WELT_OK: image, map and queries are there. WELT_FAILED: what could be found
 * out is there (the map when layout came to its end), but no image. May be called again and again:
 * after more was added, after files have changed. */
WELT_API welt_status welt_link(welt_linker *linker);

/* Instead of a link: reads a report that was saved as JSON. The options' budgets and baseline are
 * held against it, and its reports can be had in every form; there is no image and no map. */
WELT_API welt_status welt_load_report(welt_linker *linker, const char *path);

/* ---- Linking again ---- */

/* An editor links after each change. A linker keeps what it read between its links: files are read
 * anew, but an input, an archive member or a library whose bytes are what they were is not taken
 * apart again. The image is always the one that a new linker would make.
 *
 *     welt_add_bytes(linker, "main.o", old, old_size);
 *     welt_add_file(linker, "libkernel.a");
 *     welt_link(linker);
 *     …
 *     welt_replace_bytes(linker, "main.o", new, new_size);     old may be freed now
 *     welt_link(linker);
 */

/* Gives other bytes for an input: the first that welt_add_bytes() or welt_add_file() added under
 * this name, in whose place they are linked. The bytes before may be freed when this returns, and
 * with them go the results of the last link. WELT_MISUSE: there is no such input. */
WELT_API welt_status welt_replace_bytes(welt_linker *linker, const char *name, const void *data,
                                        size_t size);

/* ---- Stopping ---- */

/* Asks for an end of what the linker does: the call that runs, or the next welt_link(), welt_get()
 * or welt_write() if none does, ends with WELT_CANCELLED. That uses the request up. May be called
 * from any thread and from a signal handler, as long as the linker lives. An editor whose input
 * changed while a thread links calls this, waits for that thread, and lets it link anew; a request
 * that came too late costs a link that ends at once. */
WELT_API void welt_cancel(welt_linker *linker);

/* ---- Results ---- */

typedef enum welt_output {
    WELT_OUTPUT_IMAGE,   /* the flat image */
    WELT_OUTPUT_MAP,     /* -Map: text, an address a line */
    WELT_OUTPUT_LISTING, /* --listing: the image disassembled, data as data; each section in the
                            mode that its relocations speak for: 16, 32 or 64 bits; also of an
                            image that is only over its budget */
    WELT_OUTPUT_SUMMARY, /* the margin: "boot.bin: 497 of 510 bytes, 13 free" and a newline */
    WELT_OUTPUT_ELF, /* beside a flat image: an ELF file of its addresses and symbols, for gdb */
    /* As GNU ld words them; of a link that failed, as far as it came. */
    WELT_OUTPUT_TRACE,          /* -t: the files that were read, a line each */
    WELT_OUTPUT_TRACE_MEMBERS,  /* -t -t: and the members that were linked: "(lib.a)member.o" */
    WELT_OUTPUT_TRACED_SYMBOLS, /* -y: "boot.o: reference to name" */
    WELT_OUTPUT_CREF,           /* --cref: who defines and who uses each symbol */
    WELT_OUTPUT_REMOVED,        /* --print-gc-sections: "removing unused section …" */
    WELT_OUTPUT_MEMORY_USAGE,   /* --print-memory-usage: a line a region */
    WELT_OUTPUT_DEPENDENCIES, /* --dependency-file: a rule for make: the image and what it is of */
    WELT_OUTPUT_SCRIPT,       /* --verbose: the layout's text */
    /* Where the bytes are, what keeps them, what changed since the baseline; also of a link that
     * failed after layout, over its budget for one. */
    WELT_OUTPUT_REPORT_TEXT,
    WELT_OUTPUT_REPORT_JSON, /* welt-report/1: docs/report.md */
    WELT_OUTPUT_REPORT_MARKDOWN,
    WELT_OUTPUT_REPORT_HTML, /* one file that needs no other */
    WELT_OUTPUT_REPORT_CSV
} welt_output;

/* The format of what the last link made, or would have made: known when its layout was read, so
 * also of a link that failed later. WELT_FORMAT_BY_SCRIPT: none came so far. */
WELT_API welt_format welt_output_format(const welt_linker *linker);
/* The image's name: `output_name`, else what OUTPUT of the script says, else "a.out". NULL: nothing
 * was linked or loaded since the linker was made or an input replaced. */
WELT_API const char *welt_image_name(const welt_linker *linker);

/* Whether there is such an output now: of a link that failed after layout there are a map and
 * reports, but no image. */
WELT_API int welt_has(const welt_linker *linker, welt_output output);
/* An output as bytes in memory; a NUL follows them that is not counted. */
WELT_API welt_status welt_get(welt_linker *linker, welt_output output, welt_bytes *bytes);
/* The same into a file: written beside it under a temporary name, then renamed; a device, and what
 * /dev/stdout or /dev/fd/N stand for, is written in place. A path that is also an input is refused.
 * A new file gets the mode that the umask leaves of 0777 when it is an image or an ELF executable,
 * of 0666 when it is a text or an object; an old one that its owner may write keeps its own, and
 * one that is read-only is replaced by a new one.
 *
 * To a pipe whose reader is gone, or beyond the process's limit of a file's size, the system sends
 * SIGPIPE or SIGXFSZ, which end a process that does nothing about them. The library leaves signals
 * alone. A host that ignores these two gets WELT_FAILED and a diagnostic, and nothing is left. */
WELT_API welt_status welt_write(welt_linker *linker, welt_output output, const char *path);

/* Several at once: all are there in the end, or none and what was there before. Two things cannot
 * be had: what a device took stays there; and where a rename fails behind others, the old files
 * come back only where files can have two names (not on FAT). When all that can fail for want of
 * room or permission is done, the progress callback is called with the step "write": nothing has
 * changed yet, and nothing will when it stops. */
typedef struct welt_output_file {
    welt_output output;
    const char *path;
} welt_output_file;
WELT_API welt_status welt_write_files(welt_linker *linker, const welt_output_file *files,
                                      size_t count);
/* The same, with files of the host's own among them: its record of diagnostics for one. */
typedef struct welt_own_file {
    const char *path;
    const void *data;
    size_t size;
} welt_own_file;
WELT_API welt_status welt_write_all(welt_linker *linker, const welt_output_file *files,
                                    size_t count, const welt_own_file *own, size_t own_count);
/* A file of the host's own alone, in the same way; before the first link too. An output that was
 * written since the link is refused as an input is. */
WELT_API welt_status welt_write_bytes(welt_linker *linker, const char *path, const void *data,
                                      size_t size);

/* ---- The address map ---- */

/* What covers the image and the memory behind it, there after welt_link() returned WELT_OK, and
 * after WELT_FAILED if layout came to its end (over budget, say); until the next welt_link(),
 * welt_replace_bytes() or welt_linker_free(). Structs are given with their struct_size set:
 *
 *     welt_span span = {.struct_size = sizeof span};
 *     for (size_t i = 0; welt_span_at(linker, i, &span) == WELT_OK; i++) …
 */

/* A stretch of the image or of memory. The spans of a link are ordered by file offset, then those
 * that take memory only (.bss), by address. Those of a flat image's file cover it without a gap or
 * an overlap.
 *
 * Those of an ELF file are its sections that are loaded, each from its first byte to its last, and
 * do not overlap in the file. What lies between and behind them has no span: headers, the room up
 * to a page or an alignment, sections that are not loaded (debug information), tables of symbols
 * and relocations. With `relocatable` each section begins at address 0, so that an address says
 * little there: look for the symbol (welt_symbol_span()). WELT_OUTPUT_ELF beside a flat image has
 * no spans of its own; they are the image's. */
typedef enum welt_span_kind {
    WELT_SPAN_CODE,      /* of an object */
    WELT_SPAN_DATA,      /* of an object: data, read-only data, strings */
    WELT_SPAN_SCRIPT,    /* BYTE, SHORT, … of the layout */
    WELT_SPAN_SIGNATURE, /* 55 AA */
    WELT_SPAN_RESERVED,  /* kept free by the layout: BPB, partition table */
    WELT_SPAN_JUMP,      /* the jump to an entry that is not first in its section */
    WELT_SPAN_PADDING,   /* an alignment's cost */
    WELT_SPAN_FILL,      /* dot was moved by the script, or --pad-to */
    WELT_SPAN_FREE,      /* headroom: fill before the signature or the image's end */
    WELT_SPAN_BSS        /* memory only */
} welt_span_kind;

typedef struct welt_span {
    size_t struct_size;
    welt_span_kind kind;
    uint64_t file_offset;  /* in the image or ELF file; meaningless for WELT_SPAN_BSS */
    uint64_t load_address; /* LMA */
    uint64_t address;      /* where it is when it runs */
    uint64_t size;
    const char *output_section; /* NULL outside of one */
    const char *object;         /* NULL when no object owns it */
    const char *section;
    const char *symbol; /* the first symbol in it, or NULL */
} welt_span;

WELT_API size_t welt_span_count(const welt_linker *linker);
WELT_API welt_status welt_span_at(const welt_linker *linker, size_t index, welt_span *span);
/* The span that holds a run address: the last in order of address where spans overlap. WELT_FAILED:
 * there is none. The first of the calls that find something takes time in proportion to the link,
 * and memory; all others are fast. */
WELT_API welt_status welt_span_find(welt_linker *linker, uint64_t address, size_t *index);

/* A budget: a MEMORY region of the layout that takes part in the image. */
typedef struct welt_region {
    size_t struct_size;
    const char *name;
    uint64_t origin, limit, used; /* used > limit: over budget */
    int in_image;                 /* takes bytes of the file */
} welt_region;

WELT_API size_t welt_region_count(const welt_linker *linker);
WELT_API welt_status welt_region_at(const welt_linker *linker, size_t index, welt_region *region);

/* A budget and how it is used: first the regions, then those of the options. */
typedef struct welt_budget_use {
    size_t struct_size;
    const char *kind; /* "region", "image", "section", "object", "symbol" */
    const char *name;
    uint64_t limit, used; /* used > limit: over budget */
} welt_budget_use;

WELT_API size_t welt_budget_count(welt_linker *linker);
WELT_API welt_status welt_budget_at(welt_linker *linker, size_t index, welt_budget_use *use);

/* A symbol that is in the image, in the memory behind it, or a number of the layout. */
typedef struct welt_symbol {
    size_t struct_size;
    const char *name;
    uint64_t address;    /* where it is when it runs; of a number: the number */
    uint64_t size;       /* as the object says; 0: it does not */
    const char *object;  /* that defines it; NULL: the layout */
    const char *section; /* in the object; NULL: it is a number */
    int is_local;        /* static: others may have its name */
} welt_symbol;

/* All of them, by ascending address. */
WELT_API welt_status welt_symbol_count(welt_linker *linker, size_t *count);
WELT_API welt_status welt_symbol_at(welt_linker *linker, size_t index, welt_symbol *symbol);
/* By name: a global symbol before a local one, and of local ones the first by address. WELT_FAILED:
 * none of that name is in the image. */
WELT_API welt_status welt_symbol_named(welt_linker *linker, const char *name, welt_symbol *symbol);
/* What is at an address: the last symbol at or before it within its span. WELT_FAILED: there is
 * none. */
WELT_API welt_status welt_symbol_covering(welt_linker *linker, uint64_t address,
                                          welt_symbol *symbol);
/* The spans of a symbol, by name: nth is 0 for the first; one in most cases, several for an object
 * that was taken apart to be merged. WELT_FAILED: there is no nth, or no such symbol. */
WELT_API welt_status welt_symbol_span(welt_linker *linker, const char *name, size_t nth,
                                      size_t *index);

/* The address of a global symbol of the image; welt_symbol_named() finds local ones, too.
 * WELT_FAILED: none of that name is in it. */
WELT_API welt_status welt_symbol_address(const welt_linker *linker, const char *name,
                                         uint64_t *address);

/* ---- The table of diagnostics ---- */

typedef enum welt_certainty {
    WELT_EXACT,    /* so it is */
    WELT_LAYOUT,   /* by the layout that was chosen */
    WELT_HEURISTIC /* found on a walk from the entry: likely */
} welt_certainty;

/* A kind of diagnostic: what --explain prints. Texts are English, one line, and live for ever. */
typedef struct welt_check {
    size_t struct_size;
    const char *id;
    welt_certainty certainty;
    welt_level boot, ld; /* by face, unless `warnings` says otherwise */
    int is_check; /* Welt looks for it on its own, and makes an image all the same: may be off */
    const char *layouts; /* where it applies: "sector disk own"; "": everywhere */
    const char *summary, *cause, *remedy;
} welt_check;

WELT_API size_t welt_check_count(void);
WELT_API welt_status welt_check_at(size_t index, welt_check *check);

/* ---- Layouts ---- */

/* The built-in layouts, by index, NULL past the end; and the script of one, NULL when there is none
 * of that name. "ld" and "ld-r" are no layouts of boot images, so no index has them: they are the
 * scripts of WELT_FACE_LD where none is given, without and with `relocatable`. */
WELT_API const char *welt_layout_name(size_t index);
WELT_API const char *welt_layout_script(const char *name);

#ifdef __cplusplus
}
#endif

#endif
