/* SPDX-License-Identifier: MIT
 *
 * What the parser says of a script that is wrong: once, with what may have been meant.
 *
 * Requires: the place, or the token that was not expected. Provides: a diagnostic, and a lexer that
 * gives nothing more (parse.h). */
#include "script/parse.h"

#include "support/spelling.h"

#include <stdio.h>
#include <string.h>

enum { SHOWN_TOKEN = 40 };

/* `//` begins a name, which makes what follows wrong in ways that do not name it. */
static const char *slashes_hint(const struct lexer *lexer, const struct script_place *place)
{
    if (!lexer->slashes || place->line < lexer->slashes)
        return NULL;
    return place->line == lexer->slashes
               ? "a comment is written /* so */: // begins a name"
               : "a comment is written /* so */: a // above this line began a name";
}

/* Where the text ends, or another brace opens, what is open may have been meant to end before. */
static const char *brace_hint(const struct parser *parser)
{
    const struct token *next = &parser->lexer.peeked;
    if (!parser->open_name || !parser->lexer.has_peeked)
        return NULL;
    bool in_body = strcmp(parser->open_name, "SECTIONS") != 0;
    if (next->kind != TOKEN_END && !(in_body && is_operator(next, '{')))
        return NULL;
    return arena_format(parser->arena, "is the `}' of `%s' in line %u missing?", parser->open_name,
                        parser->open_line);
}

static void fail(struct parser *parser, const struct script_place *place, const char *hint,
                 const char *format, va_list arguments)
{
    char message[512];
    if (parser->lexer.failed)
        return;
    vsnprintf(message, sizeof message, format, arguments);
    script_diagnose_with(parser->lexer.host, WELT_ERROR, "script", place, hint, message);
    parser->lexer.failed = true;
}

void script_fail(struct parser *parser, const struct script_place *place, const char *format, ...)
{
    va_list arguments;
    const char *hint = slashes_hint(&parser->lexer, place);
    va_start(arguments, format);
    fail(parser, place, hint ? hint : brace_hint(parser), format, arguments);
    va_end(arguments);
}

void script_fail_with(struct parser *parser, const struct script_place *place, const char *hint,
                      const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fail(parser, place, hint, format, arguments);
    va_end(arguments);
}

void script_warn(struct parser *parser, const struct script_place *place, const char *format, ...)
{
    char message[512];
    if (parser->lexer.failed)
        return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    script_diagnose(parser->lexer.host, WELT_WARNING, "script", place, "%s", message);
}

static int shown_size(const struct token *token)
{
    return token->size > SHOWN_TOKEN ? SHOWN_TOKEN : (int)token->size;
}

/* Names may hold anything: what is no printable ASCII is shown as a question mark. */
static void describe(const struct token *token, char *buffer, size_t room)
{
    if (token->kind == TOKEN_END) {
        snprintf(buffer, room, "the end of the script");
        return;
    }
    const char *dots = token->size > SHOWN_TOKEN ? "…" : "";
    if (token->quoted)
        snprintf(buffer, room, "\"%.*s%s\"", shown_size(token), token->text, dots);
    else
        snprintf(buffer, room, "`%.*s%s'", shown_size(token), token->text, dots);
}

void fail_expected(struct parser *parser, const struct token *token, const char *format, ...)
{
    char expected[256], found[SHOWN_TOKEN + 16];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(expected, sizeof expected, format, arguments);
    va_end(arguments);
    describe(token, found, sizeof found);
    script_fail(parser, &token->place, "expected %s, found %s", expected, found);
}

void fail_unknown(struct parser *parser, const struct token *token, const char *what,
                  const struct spelling *spelling)
{
    char found[SHOWN_TOKEN + 16];
    describe(token, found, sizeof found);
    if (spelling->nearest)
        script_fail(parser, &token->place, "unknown %s %s: did you mean `%s'?", what, found,
                    spelling->nearest);
    else
        script_fail(parser, &token->place, "unknown %s %s", what, found);
}
