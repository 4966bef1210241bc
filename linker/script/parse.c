/* SPDX-License-Identifier: MIT
 *
 * The parser's frame: how it opens and closes, INCLUDE, tokens, statements.
 *
 * It is a recursive descent over the grammar of GNU ld 2.40 (manual, chapter 3), kinder than ld in
 * places: separators may be missing or doubled where nothing else could be meant, attributes may
 * come in any order. Whatever ld accepts means here what it means there. */
#include "script/parse.h"

#include <string.h>

enum {
    MOST_NESTING = 256,
    MOST_STATEMENTS = 500000,
    MOST_INCLUDE_DEPTH = 64,
    MOST_INCLUDES = 4096,
    MOST_BYTES = 64 << 20,
};

/* ---- nesting ---- */

bool enter_nesting(struct parser *parser, const struct script_place *place)
{
    if (parser->depth++ < MOST_NESTING)
        return !parser->lexer.failed;
    script_fail(parser, place, "this is nested more than %d deep", MOST_NESTING);
    return false;
}

void leave_nesting(struct parser *parser)
{
    parser->depth--;
}

/* ---- tokens ---- */

bool is_word(const struct token *token, const char *word)
{
    return token->kind == TOKEN_NAME && token->text[0] == word[0] && !token->quoted &&
           strncmp(word, token->text, token->size) == 0 && !word[token->size];
}

bool accept_operator(struct parser *parser, enum lex_mode mode, uint16_t operation)
{
    if (!is_operator(peek(parser, mode), operation))
        return false;
    take(parser, mode);
    return true;
}

bool accept_word(struct parser *parser, enum lex_mode mode, const char *word)
{
    if (!is_word(peek(parser, mode), word))
        return false;
    take(parser, mode);
    return true;
}

bool expect_operator(struct parser *parser, enum lex_mode mode, char operation, const char *after)
{
    if (accept_operator(parser, mode, (unsigned char)operation))
        return true;
    fail_expected(parser, peek(parser, mode), "`%c' after %s", operation, after);
    return false;
}

const char *copy_text(struct parser *parser, const struct token *token)
{
    return arena_text(parser->arena, token->text, token->size);
}

const char *expect_name(struct parser *parser, enum lex_mode mode, const char *what)
{
    struct token token = take(parser, mode);
    if (token.kind == TOKEN_NAME)
        return copy_text(parser, &token);
    fail_expected(parser, &token, "%s", what);
    return "";
}

const char *expect_name_in_parentheses(struct parser *parser, enum lex_mode mode, const char *what)
{
    if (!accept_operator(parser, LEX_SCRIPT, '('))
        fail_expected(parser, peek(parser, LEX_SCRIPT), "`(' and %s", what);
    const char *name = expect_name(parser, mode, what);
    expect_operator(parser, LEX_SCRIPT, ')', what);
    return name;
}

/* ---- statements ---- */

struct statement *add_statement(struct parser *parser, enum statement_kind kind,
                                const struct script_place *place)
{
    if (++parser->script->amount.statements > MOST_STATEMENTS)
        script_fail(parser, place, "the script has more than %d statements", MOST_STATEMENTS);
    struct statement *statement = NEW(parser->arena, struct statement);
    statement->kind = (uint8_t)kind;
    statement->place = *place;
    if (kind == STATEMENT_INPUT)
        statement->index = parser->script->input_statements++;
    *parser->tail = statement;
    parser->tail = &statement->next;
    return statement;
}

/* `x += e` becomes x = x + (e), which is what ld makes of it (manual 3.5.1 "Simple Assignments").
 */
struct statement *parse_assignment(struct parser *parser, const struct token *name,
                                   uint16_t operation)
{
    struct statement *statement = add_statement(parser, STATEMENT_ASSIGN, &name->place);
    statement->name = copy_text(parser, name);
    statement->operation = '=';
    statement->value = parse_expression(parser);
    if (!name->quoted && strpbrk(statement->name, "*?"))
        script_fail(parser, &name->place,
                    "`%.40s' is a pattern: a value can only be assigned to a symbol",
                    statement->name);
    if (operation != '=')
        statement->value =
            new_binary(parser, operation, new_name(parser, statement->name, &name->place),
                       statement->value, &name->place);
    return statement;
}

void skip_separators(struct parser *parser)
{
    while (lex_take_byte(&parser->lexer, ";,"))
        continue;
}

/* A separator that is missing is missed where the value ends, not where the next line begins. */
void parse_separator(struct parser *parser)
{
    struct script_place end = parser->lexer.last_end;
    if (!lex_take_byte(&parser->lexer, ";,")) {
        struct token next = take(parser, LEX_SCRIPT);
        bool is_separator = is_operator(&next, ';') || is_operator(&next, ',');
        if (!is_separator && next.place.line > end.line)
            script_fail(parser, &end, "expected `;' after the value");
        if (!is_separator)
            fail_expected(parser, &next, "`;' after the value");
    }
    skip_separators(parser);
}

/* ASSERT(condition, "message") */
static void parse_assert(struct parser *parser, const struct token *word)
{
    struct statement *statement = add_statement(parser, STATEMENT_ASSERT, &word->place);
    expect_operator(parser, LEX_EXPRESSION, '(', "ASSERT");
    statement->value = parse_expression(parser);
    expect_operator(parser, LEX_EXPRESSION, ',', "the condition");
    statement->name = expect_name(parser, LEX_EXPRESSION, "a message in double quotes");
    expect_operator(parser, LEX_EXPRESSION, ')', "the message");
    skip_separators(parser);
}

/* PROVIDE(symbol = value) and its relatives */
static void parse_provide(struct parser *parser, const struct token *word, uint8_t flags)
{
    if (!accept_operator(parser, LEX_SCRIPT, '('))
        fail_expected(parser, peek(parser, LEX_SCRIPT), "`(' after %.*s", (int)word->size,
                      word->text);
    struct token name = take(parser, LEX_SCRIPT);
    if (name.kind != TOKEN_NAME)
        fail_expected(parser, &name, "a symbol's name");
    if (!expect_operator(parser, LEX_SCRIPT, '=', "the symbol"))
        return;
    struct statement *statement = parse_assignment(parser, &name, '=');
    statement->flags = flags;
    if (strcmp(statement->name, ".") == 0)
        script_fail(parser, &name.place, "`.' is no symbol that %.*s could define", (int)word->size,
                    word->text);
    expect_operator(parser, LEX_EXPRESSION, ')', "the value");
    skip_separators(parser);
}

bool parse_common_command(struct parser *parser, const struct token *word)
{
    static const struct {
        const char *word;
        uint8_t flags;
    } provides[] = {{"PROVIDE", ASSIGN_PROVIDE},
                    {"HIDDEN", ASSIGN_HIDDEN},
                    {"PROVIDE_HIDDEN", ASSIGN_PROVIDE | ASSIGN_HIDDEN}};
    if (is_word(word, "ASSERT")) {
        parse_assert(parser, word);
        return true;
    }
    for (size_t i = 0; i < sizeof provides / sizeof *provides; i++) {
        if (is_word(word, provides[i].word)) {
            parse_provide(parser, word, provides[i].flags);
            return true;
        }
    }
    return false;
}

/* ---- texts ---- */

/* Opens a text for the lexer. It is copied: places point into it for the arena's life. */
static void open_text(struct parser *parser, const char *name, const char *text, size_t size)
{
    bool failed = parser->lexer.failed, told = parser->lexer.told_of_odd_bytes;
    const char *kept = arena_text(parser->arena, text, size);
    lex_open(&parser->lexer, parser->arena->host, name, kept, size);
    parser->lexer.failed = failed;
    parser->lexer.told_of_odd_bytes = told;
    parser->script->amount.bytes += size;
}

static bool may_include(struct parser *parser, const struct script_place *place)
{
    if (parser->include_depth >= MOST_INCLUDE_DEPTH)
        script_fail(parser, place, "INCLUDE is nested more than %d deep", MOST_INCLUDE_DEPTH);
    if (parser->script->amount.includes++ >= MOST_INCLUDES)
        script_fail(parser, place, "the script has more than %d INCLUDEs", MOST_INCLUDES);
    return !parser->lexer.failed;
}

static void parse_included(struct parser *parser, const char *name, const char *text, size_t size,
                           void (*parse_list)(struct parser *))
{
    struct lexer outer = parser->lexer;
    open_text(parser, name, text, size);
    parser->include_depth++;
    parse_list(parser);
    const struct token *rest = peek(parser, LEX_SCRIPT);
    if (rest->kind != TOKEN_END)
        fail_expected(parser, rest, "the end of the included script");
    parser->include_depth--;
    outer.failed = parser->lexer.failed;
    outer.told_of_odd_bytes = parser->lexer.told_of_odd_bytes;
    parser->lexer = outer;
}

void parse_include(struct parser *parser, void (*parse_list)(struct parser *))
{
    struct script_place place = peek(parser, LEX_WORD)->place;
    const char *name = expect_name(parser, LEX_WORD, "a file's name after INCLUDE");
    if (!may_include(parser, &place))
        return;
    size_t size = 0;
    const char *text = parser->include ? parser->include(parser->user, name, &size) : NULL;
    if (!text)
        script_fail_with(parser, &place,
                         "INCLUDE looks in the current folder, then in those that -L names",
                         "cannot read `%.200s'", name);
    else if (size > MOST_BYTES - parser->script->amount.bytes)
        script_fail(parser, &place, "with `%.200s' the script has more than %d MiB", name,
                    MOST_BYTES >> 20);
    else
        parse_included(parser, name, text, size, parse_list);
}

/* ---- open and close ---- */

static void open_parser(struct parser *parser, struct arena *arena, struct script *script,
                        const char *name, const char *text, size_t size)
{
    *parser = (struct parser){.arena = arena, .script = script};
    parser->tail = &script->commands;
    while (*parser->tail)
        parser->tail = &(*parser->tail)->next;
    parser->lexer.host = arena->host;
    name = arena_text(arena, name, strlen(name));
    if (!script->name)
        script->name = name;
    struct script_place place = {.file = name, .line = 1, .column = 1};
    if (size > MOST_BYTES - script->amount.bytes)
        script_fail(parser, &place, "the script has more than %d MiB", MOST_BYTES >> 20);
    else if (size >= 2 && (memcmp(text, "\xff\xfe", 2) == 0 || memcmp(text, "\xfe\xff", 2) == 0))
        script_fail(parser, &place, "the script is in UTF-16: save it as UTF-8");
    if (parser->lexer.failed)
        size = 0;
    open_text(parser, name, text, size);
    note_regions(parser);
}

bool script_extend(struct arena *arena, struct script *script, const char *name, const char *text,
                   size_t size, script_include *include, void *user)
{
    struct parser parser;
    open_parser(&parser, arena, script, name, text, size);
    parser.include = include;
    parser.user = user;
    parse_file(&parser);
    return !parser.lexer.failed;
}

struct script *script_parse(struct arena *arena, const char *name, const char *text, size_t size,
                            script_include *include, void *user)
{
    struct script *script = NEW(arena, struct script);
    return script_extend(arena, script, name, text, size, include, user) ? script : NULL;
}

static void expect_end(struct parser *parser)
{
    const struct token *rest = peek(parser, LEX_EXPRESSION);
    if (rest->kind != TOKEN_END)
        fail_expected(parser, rest, "nothing more");
}

struct statement *script_parse_assignment(struct arena *arena, const char *name, const char *text)
{
    struct parser parser;
    open_parser(&parser, arena, NEW(arena, struct script), name, text, strlen(text));
    struct token symbol = take(&parser, LEX_SCRIPT);
    if (symbol.kind != TOKEN_NAME)
        fail_expected(&parser, &symbol, "a symbol's name");
    uint16_t operation = lex_take_assignment(&parser.lexer);
    if (!operation)
        fail_expected(&parser, peek(&parser, LEX_SCRIPT), "`=' after the symbol");
    struct statement *statement = parse_assignment(&parser, &symbol, operation);
    expect_end(&parser);
    return parser.lexer.failed ? NULL : statement;
}

struct expr *script_parse_expression(struct arena *arena, const char *name, const char *text)
{
    struct parser parser;
    open_parser(&parser, arena, NEW(arena, struct script), name, text, strlen(text));
    struct expr *expr = parse_expression(&parser);
    expect_end(&parser);
    return parser.lexer.failed ? NULL : expr;
}
