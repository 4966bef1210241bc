/* SPDX-License-Identifier: MIT
 *
 * The lexer: bytes of a script to tokens.
 *
 * What a name is depends on where it stands: `a-b` is one name in a file list and a subtraction in
 * an expression, `*` is a pattern between braces and a product elsewhere. So the parser asks for
 * each token in a mode. GNU's lexer switches states while its parser has already looked one token
 * ahead, and patches up the tokens that were cut in the wrong state; here a token that was looked
 * at in one mode is cut again when it is asked for in another. */
#ifndef WELT_SCRIPT_LEX_H
#define WELT_SCRIPT_LEX_H

#include "script/script.h"

enum lex_mode {
    LEX_SCRIPT,     /* at the start of a statement, a section's or region's name: `.text` `a-b` */
    LEX_WORD,       /* file names and the like, in lists: `-lc` `i386:x86-64` `../a+b.o` */
    LEX_EXPRESSION, /* symbols, numbers, operators */
    LEX_PATTERN,    /* `*crt?.o` `.text.[a-f]*` */
    LEX_BODY,       /* a statement's start between an output section's braces: a pattern, but
                       `x=1` is the symbol x */
};

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_OPERATOR };

struct token {
    uint8_t kind;
    bool quoted;        /* TOKEN_NAME: from "…", never a keyword; `text` is what is inside */
    bool is_plain_hex;  /* TOKEN_NUMBER: 0x… without a suffix */
    bool is_cut;        /* TOKEN_NUMBER: more than 64 bits; `number` is what GNU ld makes of it */
    bool is_bad_octal;  /* TOKEN_NUMBER: 08; `number` is what GNU ld makes of it */
    uint16_t operation; /* TOKEN_OPERATOR: packed as in struct expr */
    const char *text;
    size_t size;
    uint64_t number;
    struct script_place place;
};

struct lex_position {
    const char *next;      /* the byte to read */
    const char *line_text; /* first byte of its line */
    unsigned line;
};

struct lexer {
    struct host *host;
    const char *file;
    const char *end;              /* of the text; *end is NUL */
    struct lex_position at;       /* where the next token, and what is blank before it, begins */
    struct script_place last_end; /* where the last token taken ended */
    bool failed;                  /* an error was diagnosed: from now on there is only TOKEN_END */
    unsigned slashes;             /* the first line in which a name begins with `//`, or 0 */
    bool told_of_odd_bytes;       /* bytes that mean nothing are reported once */
    /* the token behind `at`, when it was looked at already */
    bool has_peeked;
    enum lex_mode peeked_mode;
    struct token peeked;
    struct lex_position behind_peeked;
};

/* Requires: text[size] is a NUL, text outlives the lexer and the places of its tokens. */
void lex_open(struct lexer *lexer, struct host *host, const char *file, const char *text,
              size_t size);
/* The next token, which is left in place. */
const struct token *lex_peek(struct lexer *lexer, enum lex_mode mode);
struct token lex_take(struct lexer *lexer, enum lex_mode mode);
/* Takes an assignment's operator, when the next token is one: '=', or the operation of `+=` ….
 * Otherwise gives 0. Looks at no more than the operator, so that what follows can have any mode. */
uint16_t lex_take_assignment(struct lexer *lexer);
/* Takes the next byte that is not blank, when it is one of `bytes`; otherwise gives 0. Like the
 * above. */
char lex_take_byte(struct lexer *lexer, const char *bytes);
/* To look further ahead: position = lexer->at, take tokens, lex_return(lexer, position). */
void lex_return(struct lexer *lexer, struct lex_position position);

/* Whether a symbol in an expression may hold the byte. */
bool lex_is_symbol_byte(char c);

#endif
