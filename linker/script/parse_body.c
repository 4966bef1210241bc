/* SPDX-License-Identifier: MIT
 *
 * What stands between an output section's braces (manual 3.6.3 to 3.6.6): assignments, data, fills,
 * input section descriptions. */
#include "script/parse.h"
#include "support/spelling.h"

#include <string.h>

/* ---- data ---- */

static const struct data_word {
    const char *word;
    uint8_t width;
    bool is_signed;
} data_words[] = {
    {"BYTE", 1, false}, {"SHORT", 2, false}, {"LONG", 4, false},
    {"QUAD", 8, false}, {"SQUAD", 8, true},
};
enum { DATA_WORD_COUNT = sizeof data_words / sizeof *data_words };

static const struct data_word *find_data_word(const struct token *word)
{
    for (size_t i = 0; i < DATA_WORD_COUNT; i++)
        if (is_word(word, data_words[i].word))
            return &data_words[i];
    return NULL;
}

static void parse_data(struct parser *parser, const struct token *word,
                       const struct data_word *data)
{
    struct statement *statement = add_statement(parser, STATEMENT_DATA, &word->place);
    statement->width = data->width;
    statement->is_signed = data->is_signed;
    statement->value = parse_value_in_parentheses(parser);
}

/* \n \r \t, up to three octal digits that fit a byte, and any other character as it is. */
static size_t read_escape(const char *text, size_t size, char *to)
{
    static const char letters[] = "nrt", meanings[] = "\n\r\t";
    const char *letter = memchr(letters, text[0], 3);
    *to = letter ? meanings[letter - letters] : text[0];
    unsigned value = 0;
    size_t digits = 0;
    while (digits < size && digits < 3 && text[digits] >= '0' && text[digits] <= '7') {
        unsigned more = value * 8 + (unsigned)(text[digits] - '0');
        if (more > 0xff)
            break;
        value = more;
        digits++;
    }
    if (digits)
        *to = (char)value;
    return digits ? digits : 1;
}

/* ASCIZ "text" */
static void parse_asciz(struct parser *parser, const struct token *word)
{
    struct statement *statement = add_statement(parser, STATEMENT_DATA, &word->place);
    struct token text = take(parser, LEX_PATTERN);
    if (text.kind != TOKEN_NAME || !text.quoted) {
        fail_expected(parser, &text, "a text in double quotes after ASCIZ");
        return;
    }
    char *bytes = arena_alloc(parser->arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size;) {
        if (text.text[i] != '\\')
            bytes[size++] = text.text[i++];
        else if (++i < text.size)
            i += read_escape(text.text + i, text.size - i, &bytes[size++]);
    }
    statement->ascii = bytes;
    statement->ascii_size = (uint32_t)size;
    statement->width = 1;
}

static void parse_fill_statement(struct parser *parser, const struct token *word)
{
    struct statement *statement = add_statement(parser, STATEMENT_FILL, &word->place);
    expect_operator(parser, LEX_EXPRESSION, '(', "FILL");
    statement->fill = parse_fill(parser);
    statement->has_fill = true;
    expect_operator(parser, LEX_EXPRESSION, ')', "the fill pattern");
}

/* ---- statements ---- */

static bool is_nothing_word(const struct token *word)
{
    return is_word(word, "CONSTRUCTORS") || is_word(word, "CREATE_OBJECT_SYMBOLS") ||
           is_word(word, "LINKER_VERSION");
}

bool is_body_word(const struct token *word)
{
    return find_data_word(word) || is_nothing_word(word) || is_word(word, "ASCIZ") ||
           is_word(word, "FILL") || is_word(word, "KEEP");
}

void offer_body_words(struct spelling *spelling)
{
    static const char *const words[] = {
        "ASCIZ",  "FILL",    "KEEP",           "INPUT_SECTION_FLAGS",
        "ASSERT", "PROVIDE", "PROVIDE_HIDDEN", "HIDDEN"};
    for (size_t i = 0; i < DATA_WORD_COUNT; i++)
        spelling_offer(spelling, data_words[i].word);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        spelling_offer(spelling, words[i]);
}

static void parse_statement(struct parser *parser, const struct token *name)
{
    const struct data_word *data = find_data_word(name);
    uint16_t operation = lex_take_assignment(&parser->lexer);
    if (operation) {
        parse_assignment(parser, name, operation);
        parse_separator(parser);
    } else if (parse_common_command(parser, name)) {
        return;
    } else if (data) {
        parse_data(parser, name, data);
    } else if (is_word(name, "ASCIZ")) {
        parse_asciz(parser, name);
    } else if (is_word(name, "FILL")) {
        parse_fill_statement(parser, name);
    } else if (is_word(name, "INCLUDE")) {
        parse_include(parser, parse_body);
    } else if (is_nothing_word(name)) {
        add_statement(parser, STATEMENT_NOTHING, &name->place);
    } else {
        parse_input(parser, name);
    }
}

void parse_body(struct parser *parser)
{
    for (;;) {
        skip_separators(parser);
        struct token token = *peek(parser, LEX_BODY);
        if (token.kind == TOKEN_END || is_operator(&token, '}'))
            return;
        if (token.kind != TOKEN_NAME)
            fail_expected(parser, &token, "an input section description, data or an assignment");
        take(parser, LEX_BODY);
        parse_statement(parser, &token);
    }
}
