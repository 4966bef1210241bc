/* SPDX-License-Identifier: MIT
 *
 * The commands that stand outside SECTIONS (manual 3.4 "Simple Linker Script Commands", 3.9
 * "VERSION Command"): a table of words, and a function for each. */
#include "script/parse.h"
#include "support/spelling.h"

#include <string.h>

/* ---- lists ---- */

static void expect_list(struct parser *parser)
{
    if (!accept_operator(parser, LEX_WORD, '('))
        fail_expected(parser, peek(parser, LEX_WORD), "`(' and a list of names");
}

struct name_list parse_names(struct parser *parser, const char *what)
{
    LIST(const char *) names = {0};
    expect_list(parser);
    while (!parser->lexer.failed && !accept_operator(parser, LEX_WORD, ')')) {
        *list_add(parser->arena, &names) = expect_name(parser, LEX_WORD, what);
        accept_operator(parser, LEX_WORD, ',');
    }
    return (struct name_list){names.at, (uint32_t)names.count};
}

/* ---- names that are noted ---- */

void parse_entry(struct parser *parser)
{
    parser->script->entry_place = peek(parser, LEX_WORD)->place;
    parser->script->entry = expect_name_in_parentheses(parser, LEX_WORD, "the entry symbol");
}

static void parse_output(struct parser *parser)
{
    const char *name = expect_name_in_parentheses(parser, LEX_WORD, "a file's name");
    if (!parser->script->output)
        parser->script->output = name;
}

static void parse_output_arch(struct parser *parser)
{
    parser->script->output_arch =
        expect_name_in_parentheses(parser, LEX_WORD, "an architecture's name");
}

/* OUTPUT_FORMAT(default) or OUTPUT_FORMAT(default, big, little). The first one counts. */
static void parse_output_format(struct parser *parser)
{
    struct script_place place = peek(parser, LEX_WORD)->place;
    struct name_list formats = parse_names(parser, "a format's name");
    struct script *script = parser->script;
    if (formats.count != 1 && formats.count != 3)
        script_fail(parser, &place, "OUTPUT_FORMAT takes one format or three, not %u",
                    (unsigned)formats.count);
    if (parser->lexer.failed || script->output_format)
        return;
    script->output_format = formats.names[0];
    script->format_place = place;
    if (formats.count == 1)
        return;
    script->output_format_big = formats.names[1];
    script->output_format_little = formats.names[2];
}

static void parse_target(struct parser *parser)
{
    parser->script->target = expect_name_in_parentheses(parser, LEX_WORD, "a format's name");
}

static void parse_startup(struct parser *parser)
{
    struct script_place place = peek(parser, LEX_WORD)->place;
    const char *name = expect_name_in_parentheses(parser, LEX_WORD, "a file's name");
    if (parser->script->startup)
        script_fail(parser, &place,
                    "a second STARTUP: the first file can only be one, and it is `%.200s'",
                    parser->script->startup);
    parser->script->startup = name;
}

static void parse_search_dir(struct parser *parser)
{
    const char *name = expect_name_in_parentheses(parser, LEX_WORD, "a directory");
    *list_add(parser->arena, &parser->script->search_dirs) = name;
}

static void parse_extern(struct parser *parser)
{
    struct script_place place = peek(parser, LEX_WORD)->place;
    struct name_list names = parse_names(parser, "a symbol's name");
    if (!names.count)
        script_fail(parser, &place, "EXTERN names no symbol");
    for (uint32_t i = 0; i < names.count; i++)
        *list_add(parser->arena, &parser->script->externs) = names.names[i];
}

static void parse_no_crossrefs(struct parser *parser)
{
    struct name_list names = parse_names(parser, "a section's name");
    *list_add(parser->arena, &parser->script->no_crossrefs) = names;
}

static void parse_no_crossrefs_to(struct parser *parser)
{
    struct name_list names = parse_names(parser, "a section's name");
    *list_add(parser->arena, &parser->script->no_crossrefs_to) = names;
}

static void parse_force_common(struct parser *parser)
{
    parser->script->force_common_allocation = true;
}

static void parse_inhibit_common(struct parser *parser)
{
    parser->script->inhibit_common_allocation = true;
}

static void parse_force_group(struct parser *parser)
{
    parser->script->force_group_allocation = true;
}

static void parse_feature(struct parser *parser)
{
    struct script_place place = peek(parser, LEX_WORD)->place;
    const char *name = expect_name_in_parentheses(parser, LEX_WORD, "a feature's name");
    if (strcmp(name, "SANE_EXPR") != 0)
        script_fail(parser, &place, "unknown feature `%.40s': there is only \"SANE_EXPR\"", name);
    parser->script->sane_numbers = true;
}

static void parse_region_alias(struct parser *parser)
{
    struct script_place place = peek(parser, LEX_WORD)->place;
    struct name_list names = parse_names(parser, "a region's name");
    if (names.count != 2)
        script_fail(parser, &place, "REGION_ALIAS takes an alias and a region, not %u names",
                    (unsigned)names.count);
    if (!parser->lexer.failed)
        add_region_alias(parser, names.names[0], names.names[1], &place);
}

static void parse_insert(struct parser *parser)
{
    struct token where = take(parser, LEX_SCRIPT);
    if (!is_word(&where, "AFTER") && !is_word(&where, "BEFORE"))
        fail_expected(parser, &where, "AFTER or BEFORE");
    struct statement *statement = add_statement(parser, STATEMENT_INSERT, &where.place);
    statement->after = is_word(&where, "AFTER");
    statement->name = expect_name(parser, LEX_SCRIPT, "an output section's name");
}

/* ---- inputs ---- */

static void add_input(struct parser *parser, enum script_input_kind kind, const char *name,
                      const struct script_place *place)
{
    const char *target = parser->script->target;
    *list_add(parser->arena, &parser->script->inputs) =
        (struct script_input){.kind = (uint8_t)kind,
                              .is_raw = target && strcmp(target, "binary") == 0,
                              .name = name,
                              .place = *place};
}

static void parse_input_name(struct parser *parser, const struct token *token)
{
    bool is_library = !token->quoted && token->size >= 2 && memcmp(token->text, "-l", 2) == 0;
    if (token->kind != TOKEN_NAME)
        fail_expected(parser, token, "a file's name or `)'");
    else if (is_library && token->size == 2)
        script_fail(parser, &token->place, "-l is followed by a library's name without a blank");
    else if (is_library)
        add_input(parser, SCRIPT_LIBRARY, copy_text(parser, token) + 2, &token->place);
    else
        add_input(parser, SCRIPT_FILE, copy_text(parser, token), &token->place);
}

/* The names up to the closing parenthesis; AS_NEEDED( … ) may stand among them. */
static void parse_input_names(struct parser *parser)
{
    bool is_empty = true;
    while (!parser->lexer.failed && !is_operator(peek(parser, LEX_WORD), ')')) {
        struct token token = take(parser, LEX_WORD);
        is_empty = false;
        if (is_word(&token, "AS_NEEDED") && accept_operator(parser, LEX_WORD, '(')) {
            add_input(parser, SCRIPT_NEEDED_BEGIN, NULL, &token.place);
            if (enter_nesting(parser, &token.place))
                parse_input_names(parser);
            leave_nesting(parser);
            add_input(parser, SCRIPT_NEEDED_END, NULL, &token.place);
        } else {
            parse_input_name(parser, &token);
        }
        accept_operator(parser, LEX_WORD, ',');
    }
    struct token close = take(parser, LEX_WORD);
    if (is_empty)
        fail_expected(parser, &close, "a file's name");
}

static void parse_input_files(struct parser *parser)
{
    expect_list(parser);
    parse_input_names(parser);
}

static void parse_group(struct parser *parser)
{
    struct script_place place = peek(parser, LEX_WORD)->place;
    expect_list(parser);
    add_input(parser, SCRIPT_GROUP_BEGIN, NULL, &place);
    parse_input_names(parser);
    add_input(parser, SCRIPT_GROUP_END, NULL, &place);
}

/* ---- what is read over ---- */

/* VERSION { … }: symbol versions, which a static image does not have. */
static void parse_version(struct parser *parser)
{
    struct token open = take(parser, LEX_WORD);
    if (!is_operator(&open, '{'))
        fail_expected(parser, &open, "`{' after VERSION");
    for (unsigned depth = 1; depth && !parser->lexer.failed;) {
        struct token token = take(parser, LEX_WORD);
        if (is_operator(&token, '{'))
            depth++;
        else if (is_operator(&token, '}'))
            depth--;
        else if (token.kind == TOKEN_END)
            script_fail(parser, &open.place, "this brace is never closed");
    }
    parser->script->version_seen = true;
}

static void parse_nothing(struct parser *parser)
{
    (void)parser;
}

static void parse_old_list(struct parser *parser)
{
    parse_names(parser, "a name");
}

static void parse_commands(struct parser *parser);

static void parse_included_commands(struct parser *parser)
{
    parse_include(parser, parse_commands);
}

/* ---- the table ---- */

/* FLOAT to SYSLIB are of no effect in ld too: words of older scripts. */
static const struct command {
    const char *word;
    void (*parse)(struct parser *parser);
} commands[] = {
    {"SECTIONS", parse_sections},
    {"ENTRY", parse_entry},
    {"OUTPUT_FORMAT", parse_output_format},
    {"OUTPUT_ARCH", parse_output_arch},
    {"MEMORY", parse_memory},
    {"PHDRS", parse_segments},
    {"EXTERN", parse_extern},
    {"FORCE_COMMON_ALLOCATION", parse_force_common},
    {"FORCE_GROUP_ALLOCATION", parse_force_group},
    {"GROUP", parse_group},
    {"INCLUDE", parse_included_commands},
    {"INHIBIT_COMMON_ALLOCATION", parse_inhibit_common},
    {"INPUT", parse_input_files},
    {"INSERT", parse_insert},
    {"LD_FEATURE", parse_feature},
    {"NOCROSSREFS", parse_no_crossrefs},
    {"NOCROSSREFS_TO", parse_no_crossrefs_to},
    {"OUTPUT", parse_output},
    {"REGION_ALIAS", parse_region_alias},
    {"SEARCH_DIR", parse_search_dir},
    {"STARTUP", parse_startup},
    {"TARGET", parse_target},
    {"VERSION", parse_version},
    {"FLOAT", parse_nothing},
    {"NOFLOAT", parse_nothing},
    {"HLL", parse_old_list},
    {"MAP", parse_old_list},
    {"SYSLIB", parse_old_list},
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static const struct command *find_command(const struct token *word)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (is_word(word, commands[i].word))
            return &commands[i];
    return NULL;
}

bool is_command_word(const struct token *word)
{
    return find_command(word) != NULL;
}

/* A name that begins neither a command nor an assignment. */
static void fail_command(struct parser *parser, const struct token *name)
{
    static const char *const common[] = {"ASSERT", "PROVIDE", "HIDDEN", "PROVIDE_HIDDEN"};
    struct spelling spelling = spelling_of(name->text, name->size);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        spelling_offer(&spelling, commands[i].word);
    for (size_t i = 0; i < sizeof common / sizeof *common; i++)
        spelling_offer(&spelling, common[i]);
    const struct token *next = peek(parser, LEX_SCRIPT);
    if (spelling.nearest || is_operator(next, '('))
        fail_unknown(parser, name, "command", &spelling);
    if (is_operator(next, ':') || is_operator(next, '{'))
        script_fail(parser, &name->place, "an output section stands inside SECTIONS { … }");
    fail_expected(parser, next, "`=' after the symbol `%.*s'",
                  name->size > 40 ? 40 : (int)name->size, name->text);
}

static void parse_named_command(struct parser *parser, const struct token *name)
{
    uint16_t operation = lex_take_assignment(&parser->lexer);
    if (operation) {
        parse_assignment(parser, name, operation);
        parse_separator(parser);
        return;
    }
    if (parse_common_command(parser, name))
        return;
    const struct command *command = find_command(name);
    if (command)
        command->parse(parser);
    else
        fail_command(parser, name);
}

static void parse_commands(struct parser *parser)
{
    for (;;) {
        struct token token = take(parser, LEX_SCRIPT);
        if (token.kind == TOKEN_END)
            return;
        if (token.kind == TOKEN_NAME)
            parse_named_command(parser, &token);
        else if (!is_operator(&token, ';'))
            fail_expected(parser, &token, "a command or an assignment");
    }
}

void parse_file(struct parser *parser)
{
    parse_commands(parser);
}
