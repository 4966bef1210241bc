/* SPDX-License-Identifier: MIT
 *
 * The lexer; see lex.h for its modes.
 *
 * The sets of name bytes and the comments are those of GNU ld 2.40, found by experiment, but for
 * what changes the meaning of no script that ld reads: a name at a statement's start ends before
 * `:` `=`
 * `,` and before assignment operators, so that `.text:{` and `x=1;` read as they look; a name ends
 * before a comment; `^` is an operator. */
#include "script/lex.h"

#include "script/number.h"

#include <string.h>

/* ---- bytes ---- */

enum {
    BLANK = 1 << 0,
    DIGIT = 1 << 1,
    SYMBOL = 1 << 2,   /* of a symbol in an expression */
    SCRIPT = 1 << 3,   /* of a name at a statement's start */
    PATTERN = 1 << 4,  /* of a pattern */
    PLAIN = 1 << 5,    /* of a symbol as compilers make them: never the start of an operator */
    OPERATOR = 1 << 6, /* an operator in expressions */
    MARK = 1 << 7,     /* an operator elsewhere */
};
#define LETTER (SYMBOL | SCRIPT | PATTERN | PLAIN)

/* clang-format off */
static const uint8_t classes[256] = {
    [' '] = BLANK, ['\t'] = BLANK, ['\n'] = BLANK, ['\r'] = BLANK, ['\f'] = BLANK, ['\v'] = BLANK,
    ['0'] = LETTER | DIGIT, ['1'] = LETTER | DIGIT, ['2'] = LETTER | DIGIT, ['3'] = LETTER | DIGIT,
    ['4'] = LETTER | DIGIT, ['5'] = LETTER | DIGIT, ['6'] = LETTER | DIGIT, ['7'] = LETTER | DIGIT,
    ['8'] = LETTER | DIGIT, ['9'] = LETTER | DIGIT,
    ['A'] = LETTER, ['B'] = LETTER, ['C'] = LETTER, ['D'] = LETTER, ['E'] = LETTER, ['F'] = LETTER,
    ['G'] = LETTER, ['H'] = LETTER, ['I'] = LETTER, ['J'] = LETTER, ['K'] = LETTER, ['L'] = LETTER,
    ['M'] = LETTER, ['N'] = LETTER, ['O'] = LETTER, ['P'] = LETTER, ['Q'] = LETTER, ['R'] = LETTER,
    ['S'] = LETTER, ['T'] = LETTER, ['U'] = LETTER, ['V'] = LETTER, ['W'] = LETTER, ['X'] = LETTER,
    ['Y'] = LETTER, ['Z'] = LETTER,
    ['a'] = LETTER, ['b'] = LETTER, ['c'] = LETTER, ['d'] = LETTER, ['e'] = LETTER, ['f'] = LETTER,
    ['g'] = LETTER, ['h'] = LETTER, ['i'] = LETTER, ['j'] = LETTER, ['k'] = LETTER, ['l'] = LETTER,
    ['m'] = LETTER, ['n'] = LETTER, ['o'] = LETTER, ['p'] = LETTER, ['q'] = LETTER, ['r'] = LETTER,
    ['s'] = LETTER, ['t'] = LETTER, ['u'] = LETTER, ['v'] = LETTER, ['w'] = LETTER, ['x'] = LETTER,
    ['y'] = LETTER, ['z'] = LETTER,
    ['_'] = LETTER, ['.'] = LETTER, ['$'] = LETTER, ['\\'] = SYMBOL | SCRIPT | PATTERN,
    ['/'] = SYMBOL | SCRIPT | PATTERN | OPERATOR, ['~'] = SYMBOL | SCRIPT | PATTERN | OPERATOR,
    ['-'] = SCRIPT | PATTERN | OPERATOR, ['+'] = SCRIPT | PATTERN | OPERATOR,
    ['['] = SCRIPT | PATTERN, [']'] = SCRIPT | PATTERN,
    [':'] = PATTERN | OPERATOR | MARK, [','] = PATTERN | OPERATOR | MARK,
    ['='] = PATTERN | OPERATOR | MARK, ['!'] = PATTERN | OPERATOR | MARK,
    ['?'] = PATTERN | OPERATOR, ['*'] = PATTERN | OPERATOR, ['^'] = PATTERN | OPERATOR,
    ['('] = OPERATOR | MARK, [')'] = OPERATOR | MARK, ['{'] = OPERATOR | MARK,
    ['}'] = OPERATOR | MARK, [';'] = OPERATOR | MARK, ['>'] = OPERATOR | MARK,
    ['&'] = OPERATOR | MARK, ['<'] = OPERATOR, ['%'] = OPERATOR, ['|'] = OPERATOR,
};
/* clang-format on */

static bool is_in(char c, unsigned set)
{
    return classes[(unsigned char)c] & set;
}

/* ---- places ---- */

void lex_open(struct lexer *lexer, struct host *host, const char *file, const char *text,
              size_t size)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    *lexer = (struct lexer){
        .host = host,
        .file = file,
        .end = text + size,
        .at = {.next = text, .line_text = text, .line = 1},
    };
    if (size >= 3 && memcmp(text, byte_order_mark, 3) == 0)
        lexer->at.next = lexer->at.line_text = text + 3;
}

static struct script_place place_at(const struct lexer *lexer, const struct lex_position *at)
{
    return (struct script_place){
        .file = lexer->file,
        .line = at->line,
        .column = (unsigned)(at->next - at->line_text) + 1,
        .text = at->line_text,
    };
}

static void fail_at(struct lexer *lexer, const struct lex_position *at, const char *message)
{
    struct script_place place = place_at(lexer, at);
    if (!lexer->failed)
        script_diagnose(lexer->host, WELT_ERROR, "script", &place, "%s", message);
    lexer->failed = true;
}

/* ---- blanks and comments ---- */

static void step(struct lex_position *at)
{
    if (*at->next++ == '\n') {
        at->line++;
        at->line_text = at->next;
    }
}

static bool skip_comment(struct lexer *lexer, struct lex_position *at)
{
    struct lex_position start = *at;
    at->next += 2;
    for (; lexer->end - at->next >= 2; step(at)) {
        if (at->next[0] == '*' && at->next[1] == '/') {
            at->next += 2;
            return true;
        }
    }
    fail_at(lexer, &start, "a comment begins here and never ends: `*/' is missing");
    return false;
}

static void skip_blanks(struct lexer *lexer, struct lex_position *at)
{
    while (at->next < lexer->end) {
        const char *c = at->next;
        if (is_in(*c, BLANK)) {
            step(at);
        } else if (*c == '#') {
            while (at->next < lexer->end && *at->next != '\n')
                at->next++;
        } else if (c[0] == '/' && c[1] == '*') {
            if (!skip_comment(lexer, at))
                at->next = lexer->end;
        } else {
            return;
        }
    }
}

/* ---- names ---- */

bool lex_is_symbol_byte(char c)
{
    return is_in(c, SYMBOL);
}

/* In lists of files anything is a name that is neither blank nor the list's own punctuation. */
static bool is_word_byte(char c)
{
    return (unsigned char)c > ' ' && c != '\x7f' && !strchr("(),;\"{}", c);
}

static unsigned set_of(enum lex_mode mode)
{
    return mode == LEX_EXPRESSION ? SYMBOL : mode == LEX_SCRIPT ? SCRIPT : PATTERN;
}

/* In an expression a slash and a tilde are operators where no symbol has begun. */
static bool may_begin(char c, enum lex_mode mode)
{
    switch (mode) {
    case LEX_EXPRESSION: return is_in(c, SYMBOL) && !is_in(c, DIGIT | OPERATOR);
    case LEX_SCRIPT: return is_in(c, SYMBOL) && !is_in(c, DIGIT);
    case LEX_WORD: return is_word_byte(c);
    default: return is_in(c, PATTERN);
    }
}

/* The operator of an assignment at `c`, or 0; *size is its length. `==` compares. */
static uint16_t assignment_at(const char *c, size_t *size)
{
    *size = 1;
    if (c[0] == '=')
        return c[1] == '=' ? 0 : '=';
    bool is_shift = (c[0] == '<' || c[0] == '>') && c[1] == c[0];
    if (is_shift && c[2] == '=') {
        *size = 3;
        return (uint16_t)OP2(c[0], c[0]);
    }
    *size = 2;
    return c[0] && c[1] == '=' && strchr("+-*/&|^", c[0]) ? (uint16_t)c[0] : 0;
}

/* Where the name that begins at `from` ends. In a body, `x+=1` is an assignment although + and =
 * may stand in patterns: what is before the operator is a plain symbol then. */
static const char *name_end(const struct lexer *lexer, const char *from, enum lex_mode mode)
{
    bool ends_before_assignment = mode == LEX_SCRIPT || mode == LEX_BODY;
    bool may_hold_comment = mode == LEX_PATTERN || mode == LEX_BODY;
    unsigned set = set_of(mode);
    const char *c = from;
    size_t size;
    for (; c < lexer->end && is_in(*c, set); c++) {
        if (is_in(*c, PLAIN))
            continue;
        if (!may_hold_comment && c[0] == '/' && c[1] == '*')
            break;
        if (ends_before_assignment && c > from && assignment_at(c, &size))
            break;
        ends_before_assignment = mode == LEX_SCRIPT;
    }
    return c;
}

static const char *word_end(const struct lexer *lexer, const char *from)
{
    while (from < lexer->end && is_word_byte(*from))
        from++;
    return from;
}

/* A fill expression runs up to the next section's name, and `/DISCARD/` is the only usual one that
 * would go on as an operator. */
static bool is_discard(const struct lexer *lexer, const char *c)
{
    return lexer->end - c >= 9 && memcmp(c, "/DISCARD/", 9) == 0;
}

static bool scan_name(struct lexer *lexer, struct lex_position *at, enum lex_mode mode,
                      struct token *token)
{
    const char *from = at->next;
    if (from[0] == '/' && from[1] == '/' && !lexer->slashes)
        lexer->slashes = at->line;
    bool discard = mode == LEX_EXPRESSION && is_discard(lexer, from);
    if (!discard && !may_begin(*from, mode))
        return false;
    at->next = discard            ? from + 9
               : mode == LEX_WORD ? word_end(lexer, from)
                                  : name_end(lexer, from, mode);
    token->kind = TOKEN_NAME;
    token->text = from;
    token->size = (size_t)(at->next - from);
    return true;
}

static void scan_quoted(struct lexer *lexer, struct lex_position *at, struct token *token)
{
    struct lex_position start = *at;
    at->next++;
    token->kind = TOKEN_NAME;
    token->quoted = true;
    token->text = at->next;
    while (at->next < lexer->end && *at->next != '"')
        step(at);
    token->size = (size_t)(at->next - token->text);
    if (at->next < lexer->end)
        at->next++;
    else
        fail_at(lexer, &start, "a quoted name begins here and never ends: `\"' is missing");
}

/* ---- operators ---- */

static uint16_t operator_at(const char *c, enum lex_mode mode, size_t *size)
{
    static const char pairs[] = "||&&==!=<=>=<<>>";
    uint16_t assignment = mode == LEX_EXPRESSION ? 0 : assignment_at(c, size);
    if (assignment)
        return assignment;
    *size = 2;
    for (const char *pair = pairs; mode == LEX_EXPRESSION && *pair; pair += 2)
        if (c[0] == pair[0] && c[1] == pair[1])
            return (uint16_t)OP2(c[0], c[1]);
    *size = 1;
    return is_in(*c, mode == LEX_EXPRESSION ? OPERATOR : MARK) ? (uint16_t)*c : 0;
}

/* GNU ld passes over bytes that mean nothing where they stand, with a warning for each. */
static void skip_odd_byte(struct lexer *lexer, struct lex_position *at)
{
    unsigned char c = (unsigned char)*at->next;
    struct script_place place = place_at(lexer, at);
    at->next++;
    if (lexer->told_of_odd_bytes)
        return;
    lexer->told_of_odd_bytes = true;
    if (c > ' ' && c < 0x7f)
        script_diagnose(lexer->host, WELT_WARNING, "script", &place,
                        "`%c' means nothing here and is passed over", c);
    else
        script_diagnose(lexer->host, WELT_WARNING, "script", &place,
                        "a byte 0x%02x means nothing here and is passed over", c);
}

/* ---- tokens ---- */

static bool scan_something(struct lexer *lexer, struct lex_position *at, enum lex_mode mode,
                           struct token *token)
{
    size_t size;
    bool is_separator = (*at->next == ',' && (mode == LEX_BODY || mode == LEX_PATTERN)) ||
                        (*at->next == '=' && mode == LEX_BODY);
    if (*at->next == '"') {
        scan_quoted(lexer, at, token);
        return true;
    }
    bool may_be_number = mode == LEX_EXPRESSION || (mode == LEX_SCRIPT && is_in(*at->next, DIGIT));
    if (may_be_number && number_scan(at->next, token)) {
        at->next += token->size;
        return true;
    }
    if (!is_separator && scan_name(lexer, at, mode, token))
        return true;
    uint16_t operation = operator_at(at->next, mode, &size);
    if (!operation)
        return false;
    token->kind = TOKEN_OPERATOR;
    token->operation = operation;
    token->text = at->next;
    token->size = size;
    at->next += size;
    return true;
}

static void scan(struct lexer *lexer, enum lex_mode mode)
{
    struct lex_position at = lexer->at;
    struct token *token = &lexer->peeked;
    *token = (struct token){.kind = TOKEN_END};
    do {
        skip_blanks(lexer, &at);
        token->place = place_at(lexer, &at);
        if (at.next >= lexer->end || scan_something(lexer, &at, mode, token))
            break;
        skip_odd_byte(lexer, &at);
    } while (true);
    lexer->peeked_mode = mode;
    lexer->behind_peeked = at;
    lexer->has_peeked = true;
}

const struct token *lex_peek(struct lexer *lexer, enum lex_mode mode)
{
    bool is_fresh = !lexer->has_peeked || lexer->peeked_mode != mode;
    if (is_fresh && !lexer->failed)
        scan(lexer, mode);
    if (lexer->failed)
        lexer->peeked.kind = TOKEN_END;
    return &lexer->peeked;
}

struct token lex_take(struct lexer *lexer, enum lex_mode mode)
{
    struct token token = *lex_peek(lexer, mode);
    lexer->at = lexer->behind_peeked;
    lexer->last_end = place_at(lexer, &lexer->at);
    lexer->has_peeked = false;
    return token;
}

uint16_t lex_take_assignment(struct lexer *lexer)
{
    struct lex_position at = lexer->at;
    skip_blanks(lexer, &at);
    size_t size;
    uint16_t operation = at.next < lexer->end ? assignment_at(at.next, &size) : 0;
    if (!operation || lexer->failed)
        return 0;
    at.next += size;
    lex_return(lexer, at);
    return operation;
}

char lex_take_byte(struct lexer *lexer, const char *bytes)
{
    struct lex_position at = lexer->at;
    skip_blanks(lexer, &at);
    char c = *at.next;
    if (lexer->failed || at.next >= lexer->end || !c || !strchr(bytes, c))
        return 0;
    at.next++;
    lex_return(lexer, at);
    return c;
}

void lex_return(struct lexer *lexer, struct lex_position position)
{
    lexer->at = position;
    lexer->has_peeked = false;
}
