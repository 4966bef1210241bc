/* SPDX-License-Identifier: MIT
 *
 * What the parts of the parser share.
 *
 *     parse.c             opening, closing, INCLUDE, tokens, statements
 *     parse_errors.c      what is said of a script that is wrong
 *     parse_commands.c    what stands outside SECTIONS
 *     parse_memory.c      MEMORY, PHDRS
 *     parse_sections.c    SECTIONS, output sections, OVERLAY
 *     parse_body.c        what stands between an output section's braces
 *     parse_input.c       input section descriptions
 *     parse_expression.c  expressions
 *
 * The first error ends the work: it is diagnosed, and from then on the lexer gives nothing but
 * TOKEN_END. So every loop ends by itself, a function need not ask after each step whether
 * something failed, and what it returns then is never looked at. */
#ifndef WELT_SCRIPT_PARSE_H
#define WELT_SCRIPT_PARSE_H

#include "script/lex.h"
#include "script/script.h"
#include "support/names.h"

struct spelling;

struct parser {
    struct arena *arena;
    struct lexer lexer;
    struct script *script;
    struct statement **tail; /* where the next statement is linked in */
    unsigned depth;          /* of nested expressions and the like */
    bool in_head;            /* of an output section: a (type) may follow a name */
    bool in_fill;            /* 0x… of any length is a fill pattern */
    const char *open_name;   /* whose brace is open: SECTIONS, or an output section; NULL */
    unsigned open_line;
    struct names regions;          /* names of MEMORY's regions and of their aliases */
    LIST(uint32_t) region_indices; /* a name's number -> index in script->regions */

    script_include *include;
    void *user;
    unsigned include_depth;
};

/* ---- tokens ---- */

static inline const struct token *peek(struct parser *parser, enum lex_mode mode)
{
    return lex_peek(&parser->lexer, mode);
}

static inline struct token take(struct parser *parser, enum lex_mode mode)
{
    return lex_take(&parser->lexer, mode);
}

static inline bool is_operator(const struct token *token, uint16_t operation)
{
    return token->kind == TOKEN_OPERATOR && token->operation == operation;
}

/* Whether the token is this keyword. */
bool is_word(const struct token *token, const char *word);
/* Takes the operator or the keyword, if it is the next token. */
bool accept_operator(struct parser *parser, enum lex_mode mode, uint16_t operation);
bool accept_word(struct parser *parser, enum lex_mode mode, const char *word);
/* Takes the operator, which must be next. `after` completes "expected `)' …": "after the value". */
bool expect_operator(struct parser *parser, enum lex_mode mode, char operation, const char *after);
/* Takes a name, which must be next, and gives a copy. `what` completes "expected …": "a section's
 * name". */
const char *expect_name(struct parser *parser, enum lex_mode mode, const char *what);
/* ( name ) */
const char *expect_name_in_parentheses(struct parser *parser, enum lex_mode mode, const char *what);
const char *copy_text(struct parser *parser, const struct token *token);

/* ---- errors ---- */

/* "… found `x'": what was expected, and the token that stands there. */
void fail_expected(struct parser *parser, const struct token *token, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void script_fail(struct parser *parser, const struct script_place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with a hint of its own, not what else may be wrong about the script. */
void script_fail_with(struct parser *parser, const struct script_place *place, const char *hint,
                      const char *format, ...) __attribute__((format(printf, 4, 5)));
/* "unknown memory attribute `q': did you mean …?" */
void fail_unknown(struct parser *parser, const struct token *token, const char *what,
                  const struct spelling *spelling);
void script_warn(struct parser *parser, const struct script_place *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* One level of nesting more, as long as there are not too many. Each enter_nesting() has its
 * leave_nesting(). */
bool enter_nesting(struct parser *parser, const struct script_place *place);
void leave_nesting(struct parser *parser);

/* ---- statements ---- */

struct statement *add_statement(struct parser *parser, enum statement_kind kind,
                                const struct script_place *place);
/* `x = e`, from the operator on, which was taken. */
struct statement *parse_assignment(struct parser *parser, const struct token *name,
                                   uint16_t operation);
/* Behind ENTRY. */
void parse_entry(struct parser *parser);
/* ASSERT, PROVIDE, HIDDEN, PROVIDE_HIDDEN: they may stand anywhere. false: the word is another. */
bool parse_common_command(struct parser *parser, const struct token *word);
/* `;` or `,` behind an assignment; behind a command, which ends by itself, there may be one. */
void parse_separator(struct parser *parser);
void skip_separators(struct parser *parser);

/* ---- the parts ---- */

void parse_file(struct parser *parser); /* a whole script */
/* INCLUDE, which was taken: reads the file with `parse_list`, which must stop at the file's end. */
void parse_include(struct parser *parser, void (*parse_list)(struct parser *));
void parse_sections(struct parser *parser);
void parse_memory(struct parser *parser);
void add_region_alias(struct parser *parser, const char *alias, const char *region,
                      const struct script_place *place);
/* Provides the names of the regions that the script has already. */
void note_regions(struct parser *parser);
void parse_segments(struct parser *parser);
void parse_body(struct parser *parser); /* stops at `}` or the text's end */
/* An input section description that begins with this token. */
void parse_input(struct parser *parser, const struct token *first);
/* Whether the word begins a command outside SECTIONS, or a statement between an output section's
 * braces: for messages. */
bool is_command_word(const struct token *word);
bool is_body_word(const struct token *word);
void offer_body_words(struct spelling *spelling);
/* Names in parentheses, separated by blanks or commas. */
struct name_list parse_names(struct parser *parser, const char *what);
struct expr *parse_expression(struct parser *parser);
/* ( expression ) */
struct expr *parse_value_in_parentheses(struct parser *parser);
struct expr *new_expr(struct parser *parser, enum expr_kind kind, const struct script_place *place);
struct expr *new_number(struct parser *parser, uint64_t number, const struct script_place *place);
struct expr *new_binary(struct parser *parser, uint16_t operation, struct expr *a, struct expr *b,
                        const struct script_place *place);
struct expr *new_name(struct parser *parser, const char *name, const struct script_place *place);
struct expr *new_call(struct parser *parser, unsigned function, const struct script_place *place);
/* An expression whose value must be known at once, as bytes to fill gaps with. */
struct fill parse_fill(struct parser *parser);

#endif
