/* SPDX-License-Identifier: MIT
 *
 * Input section descriptions (manual 3.6.4):
 *
 *     [KEEP(] [INPUT_SECTION_FLAGS(flag & !flag)] file-pattern [( section-pattern … )] [)]
 *
 * where a pattern may be wrapped: EXCLUDE_FILE(files) pattern, SORT_BY_NAME(pattern),
 * SORT_BY_NAME(SORT_BY_ALIGNMENT(pattern)), REVERSE(pattern) and so on. */
#include "script/parse.h"
#include "support/spelling.h"

#include <string.h>

struct pattern_list LIST_OF(struct pattern);

/* A pattern with what is wrapped around it. */
struct wrapped {
    struct token name;
    uint8_t sort, sort_within; /* enum sort_kind */
    bool reverse;
    bool has_excludes;
    struct pattern_list files, archives; /* EXCLUDE_FILE */
};

/* ---- archive:file ---- */

/* The first colon parts archive and file, as in ld. */
static void split_archive(struct parser *parser, const char *text, struct pattern *archive,
                          struct pattern *file, bool *not_in_archive)
{
    const char *colon = strchr(text, ':');
    *archive = (struct pattern){0};
    *not_in_archive = colon == text;
    if (colon && colon != text)
        *archive = pattern_make(arena_text(parser->arena, text, (size_t)(colon - text)));
    const char *rest = colon ? colon + 1 : text;
    *file = pattern_make(colon && !*rest ? "*" : rest);
}

/* ---- wrappers ---- */

/* ( file-pattern … ), behind EXCLUDE_FILE */
static void parse_excluded_files(struct parser *parser, struct wrapped *wrapped)
{
    expect_operator(parser, LEX_PATTERN, '(', "EXCLUDE_FILE");
    do {
        const char *text = expect_name(parser, LEX_PATTERN, "a file to exclude");
        bool not_in_archive;
        struct pattern *file = list_add(parser->arena, &wrapped->files);
        struct pattern *archive = list_add(parser->arena, &wrapped->archives);
        split_archive(parser, text, archive, file, &not_in_archive);
        accept_operator(parser, LEX_PATTERN, ',');
    } while (!parser->lexer.failed && !accept_operator(parser, LEX_PATTERN, ')'));
    wrapped->has_excludes = true;
}

static const struct sort_word {
    const char *word;
    uint8_t sort;
} sort_words[] = {
    {"SORT", SORT_NAME},
    {"SORT_BY_NAME", SORT_NAME},
    {"SORT_BY_ALIGNMENT", SORT_ALIGNMENT},
    {"SORT_BY_INIT_PRIORITY", SORT_INIT_PRIORITY},
    {"SORT_NONE", SORT_NONE_ASKED},
};
enum { SORT_WORD_COUNT = sizeof sort_words / sizeof *sort_words };

static const struct sort_word *find_sort_word(const struct token *word)
{
    for (size_t i = 0; i < SORT_WORD_COUNT; i++)
        if (is_word(word, sort_words[i].word))
            return &sort_words[i];
    return NULL;
}

/* Of two orders, one within the other, ld knows name with alignment and the other way round; the
 * same one twice is that one. */
static void add_order(struct parser *parser, struct wrapped *wrapped, const struct token *word,
                      uint8_t sort)
{
    bool pairs = (wrapped->sort == SORT_NAME || wrapped->sort == SORT_ALIGNMENT) &&
                 (sort == SORT_NAME || sort == SORT_ALIGNMENT) && !wrapped->sort_within;
    if (wrapped->sort == SORT_NONE)
        wrapped->sort = sort;
    else if (!pairs)
        script_fail(parser, &word->place, "%.*s does not go into the order around it",
                    (int)word->size, word->text);
    else if (sort != wrapped->sort)
        wrapped->sort_within = sort;
}

static bool is_reverse(const struct token *word)
{
    return is_word(word, "REVERSE");
}

/* A pattern and what is around it, beginning with `token`, which was taken. */
static void parse_wrapped(struct parser *parser, struct token token, struct wrapped *wrapped)
{
    unsigned open = 0;
    const struct sort_word *sort;
    for (; (sort = find_sort_word(&token)) || is_reverse(&token); open++) {
        if (sort)
            add_order(parser, wrapped, &token, sort->sort);
        else
            wrapped->reverse = true;
        if (!accept_operator(parser, LEX_PATTERN, '('))
            fail_expected(parser, peek(parser, LEX_PATTERN), "`(' after %.*s", (int)token.size,
                          token.text);
        token = take(parser, LEX_PATTERN);
    }
    if (is_word(&token, "EXCLUDE_FILE")) {
        parse_excluded_files(parser, wrapped);
        token = take(parser, LEX_PATTERN);
    }
    if (token.kind != TOKEN_NAME)
        fail_expected(parser, &token, "a pattern");
    wrapped->name = token;
    while (open-- && expect_operator(parser, LEX_PATTERN, ')', "the pattern"))
        continue;
    if (wrapped->reverse && !wrapped->sort)
        wrapped->sort = SORT_NAME;
}

/* ---- INPUT_SECTION_FLAGS ---- */

/* System V ABI, "Section Attribute Flags". */
static const struct {
    const char *name;
    uint32_t flag;
} section_flags[] = {
    {"SHF_WRITE", 0x1},          {"SHF_ALLOC", 0x2},
    {"SHF_EXECINSTR", 0x4},      {"SHF_MERGE", 0x10},
    {"SHF_STRINGS", 0x20},       {"SHF_INFO_LINK", 0x40},
    {"SHF_LINK_ORDER", 0x80},    {"SHF_OS_NONCONFORMING", 0x100},
    {"SHF_GROUP", 0x200},        {"SHF_TLS", 0x400},
    {"SHF_COMPRESSED", 0x800},   {"SHF_GNU_RETAIN", 0x200000},
    {"SHF_EXCLUDE", 0x80000000},
};
enum { SECTION_FLAG_COUNT = sizeof section_flags / sizeof *section_flags };

static void parse_flag(struct parser *parser, struct statement *input)
{
    struct token token = take(parser, LEX_PATTERN);
    if (token.kind != TOKEN_NAME) {
        fail_expected(parser, &token, "a flag such as SHF_ALLOC");
        return;
    }
    bool unwanted = token.text[0] == '!';
    token.text += unwanted;
    token.size -= unwanted;
    struct spelling spelling = spelling_of(token.text, token.size);
    for (size_t i = 0; i < SECTION_FLAG_COUNT; i++) {
        spelling_offer(&spelling, section_flags[i].name);
        if (!is_word(&token, section_flags[i].name))
            continue;
        *(unwanted ? &input->without_flags : &input->with_flags) |= section_flags[i].flag;
        return;
    }
    fail_unknown(parser, &token, "flag of a section", &spelling);
}

static void parse_flags(struct parser *parser, struct statement *input)
{
    expect_operator(parser, LEX_PATTERN, '(', "INPUT_SECTION_FLAGS");
    do
        parse_flag(parser, input);
    while (accept_operator(parser, LEX_PATTERN, '&'));
    expect_operator(parser, LEX_PATTERN, ')', "the flags");
}

/* ---- ( section-pattern … ) ---- */

/* Before the file's name EXCLUDE_FILE speaks for all its patterns, in the parentheses for one. */
static void set_excluded(struct parser *parser, struct section_pattern *pattern,
                         const struct wrapped *file, const struct wrapped *section)
{
    size_t outer = file->files.count, inner = section->files.count;
    const struct wrapped *only = inner ? section : file;
    pattern->excluded_count = (uint32_t)(outer + inner);
    pattern->excluded_files = only->files.at;
    pattern->excluded_archives = only->archives.at;
    if (!outer || !inner)
        return;
    struct pattern *files = NEW_ARRAY(parser->arena, struct pattern, outer + inner);
    struct pattern *archives = NEW_ARRAY(parser->arena, struct pattern, outer + inner);
    memcpy(files, file->files.at, outer * sizeof *files);
    memcpy(files + outer, section->files.at, inner * sizeof *files);
    memcpy(archives, file->archives.at, outer * sizeof *archives);
    memcpy(archives + outer, section->archives.at, inner * sizeof *archives);
    pattern->excluded_files = files;
    pattern->excluded_archives = archives;
}

/* ld reads `*(.text, .data)` as two patterns of which the first ends in a comma. */
static void check_comma(struct parser *parser, const struct token *name)
{
    if (!name->quoted && memchr(name->text, ',', name->size))
        script_warn(parser, &name->place,
                    "the comma is part of the pattern `%.*s': patterns are separated by blanks",
                    name->size > 40 ? 40 : (int)name->size, name->text);
}

/* `SORT_BY_NAM(…)`, which would be a pattern with another list behind it. */
static void check_wrapper(struct parser *parser, const struct token *name)
{
    struct token open = *peek(parser, LEX_PATTERN);
    if (!is_operator(&open, '('))
        return;
    struct spelling spelling = spelling_of(name->text, name->size);
    for (size_t i = 0; i < SORT_WORD_COUNT; i++)
        spelling_offer(&spelling, sort_words[i].word);
    spelling_offer(&spelling, "EXCLUDE_FILE");
    spelling_offer(&spelling, "REVERSE");
    if (spelling.nearest && !name->quoted)
        fail_unknown(parser, name, "word", &spelling);
    fail_expected(parser, &open, "a pattern or `)'");
}

static uint32_t group_of(const struct section_pattern *patterns, uint32_t index)
{
    bool continues = index && !patterns[index].sort && !patterns[index - 1].sort;
    return continues ? patterns[index - 1].group : index;
}

static void parse_section_patterns(struct parser *parser, struct statement *input,
                                   const struct wrapped *file)
{
    LIST(struct section_pattern) patterns = {0};
    while (!parser->lexer.failed && !accept_operator(parser, LEX_PATTERN, ')')) {
        struct wrapped wrapped = {.sort = SORT_NONE};
        parse_wrapped(parser, take(parser, LEX_PATTERN), &wrapped);
        if (parser->lexer.failed)
            return;
        check_wrapper(parser, &wrapped.name);
        check_comma(parser, &wrapped.name);
        struct section_pattern *pattern = list_add(parser->arena, &patterns);
        *pattern = (struct section_pattern){
            .name = pattern_make(copy_text(parser, &wrapped.name)),
            .sort = wrapped.sort,
            .sort_within = wrapped.sort_within,
            .reverse = wrapped.reverse,
        };
        pattern->group = group_of(patterns.at, (uint32_t)patterns.count - 1);
        set_excluded(parser, pattern, file, &wrapped);
        accept_operator(parser, LEX_PATTERN, ',');
    }
    if (!patterns.count)
        script_fail(parser, &input->place, "no section is named between the parentheses");
    input->sections = patterns.at;
    input->section_count = (uint32_t)patterns.count;
}

/* ---- the whole ---- */

/* SORT(CONSTRUCTORS) is CONSTRUCTORS, which an ELF link has no use for. */
static bool is_constructors(const struct wrapped *file)
{
    return file->sort == SORT_NAME && is_word(&file->name, "CONSTRUCTORS");
}

/* `BTYE(1)` would be the section "1" of a file of that name, which nobody has. */
static void check_file_name(struct parser *parser, const struct token *name)
{
    for (size_t i = 0; i < name->size; i++)
        if (name->quoted || ((name->text[i] < 'A' || name->text[i] > 'Z') && name->text[i] != '_'))
            return;
    struct spelling spelling = spelling_of(name->text, name->size);
    offer_body_words(&spelling);
    if (spelling.nearest && is_operator(peek(parser, LEX_PATTERN), '('))
        fail_unknown(parser, name, "statement", &spelling);
}

static void parse_file_and_sections(struct parser *parser, struct token first,
                                    struct statement *input)
{
    struct wrapped file = {.sort = SORT_NONE};
    if (is_word(&first, "INPUT_SECTION_FLAGS")) {
        parse_flags(parser, input);
        first = take(parser, LEX_PATTERN);
    }
    parse_wrapped(parser, first, &file);
    if (parser->lexer.failed)
        return;
    check_file_name(parser, &file.name);
    if (is_constructors(&file)) {
        input->kind = STATEMENT_NOTHING;
        return;
    }
    split_archive(parser, copy_text(parser, &file.name), &input->archive, &input->file,
                  &input->archive_only_not);
    if (file.sort == SORT_ALIGNMENT || file.sort == SORT_INIT_PRIORITY || file.sort_within)
        script_fail(parser, &first.place, "files can be sorted by name only");
    input->file_sort = file.sort;
    input->file_reverse = file.reverse;
    bool is_wrapped = file.sort || file.has_excludes;
    if (input->file.literal && !input->archive.text && !input->archive_only_not)
        *list_add(parser->arena, &parser->script->inputs) = (struct script_input){
            .kind = SCRIPT_MENTIONED, .name = input->file.text, .place = first.place};
    if (accept_operator(parser, LEX_PATTERN, '('))
        parse_section_patterns(parser, input, &file);
    else if (is_wrapped)
        fail_expected(parser, peek(parser, LEX_PATTERN), "`(' and section patterns");
}

void parse_input(struct parser *parser, const struct token *first)
{
    struct statement *input = add_statement(parser, STATEMENT_INPUT, &first->place);
    bool is_comment = !first->quoted && first->size >= 2 && memcmp(first->text, "//", 2) == 0;
    if (is_comment)
        script_fail(parser, &first->place,
                    "`//' begins no comment in a linker script: write /* … */ or #");
    if (!is_word(first, "KEEP")) {
        parse_file_and_sections(parser, *first, input);
        return;
    }
    input->keep = true;
    expect_operator(parser, LEX_PATTERN, '(', "KEEP");
    struct token inner = take(parser, LEX_PATTERN);
    if (is_word(&inner, "KEEP"))
        script_fail(parser, &inner.place, "KEEP inside KEEP");
    parse_file_and_sections(parser, inner, input);
    expect_operator(parser, LEX_PATTERN, ')', "what KEEP keeps");
}
