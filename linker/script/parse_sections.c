/* SPDX-License-Identifier: MIT
 *
 * SECTIONS (manual 3.6): output sections and overlays.
 *
 *     name [address] [(type)] : [AT(e)] [ALIGN(e) | ALIGN_WITH_INPUT] [SUBALIGN(e)] [constraint]
 *     { body } [>region] [AT>region] [:segment …] [=fill] [,] */
#include "script/functions.h"
#include "script/parse.h"
#include "support/spelling.h"

#include <string.h>

/* ---- (type) ---- */

static const struct {
    const char *word;
    uint8_t type;
} output_types[] = {
    {"NOLOAD", OUTPUT_NOLOAD}, {"DSECT", OUTPUT_DSECT},     {"COPY", OUTPUT_COPY},
    {"INFO", OUTPUT_INFO},     {"OVERLAY", OUTPUT_OVERLAY}, {"READONLY", OUTPUT_READONLY},
    {"TYPE", OUTPUT_TYPED},
};

/* System V ABI, "Sections": the types that ld knows by name. */
static const struct {
    const char *name;
    uint32_t number;
} section_types[] = {
    {"SHT_PROGBITS", 1},    {"SHT_STRTAB", 3},      {"SHT_NOTE", 7},           {"SHT_NOBITS", 8},
    {"SHT_INIT_ARRAY", 14}, {"SHT_FINI_ARRAY", 15}, {"SHT_PREINIT_ARRAY", 16},
};

static bool find_output_type(const struct token *token, uint8_t *type)
{
    for (size_t i = 0; i < sizeof output_types / sizeof *output_types; i++) {
        if (!is_word(token, output_types[i].word))
            continue;
        *type = output_types[i].type;
        return true;
    }
    return false;
}

/* = e, behind TYPE */
static void parse_type_value(struct parser *parser, struct statement *output)
{
    expect_operator(parser, LEX_EXPRESSION, '=', "TYPE");
    struct expr *value = parse_expression(parser);
    for (size_t i = 0; i < sizeof section_types / sizeof *section_types; i++)
        if (value->kind == EXPR_NAME && strcmp(value->name, section_types[i].name) == 0)
            value = new_number(parser, section_types[i].number, &value->place);
    output->type_is_expression = true;
    output->type_value = value;
}

/* What stands in the parentheses; the opening one was taken. */
static void parse_type(struct parser *parser, struct statement *output)
{
    struct token word = *peek(parser, LEX_EXPRESSION);
    if (find_output_type(&word, &output->type))
        take(parser, LEX_EXPRESSION);
    if (output->type == OUTPUT_TYPED)
        parse_type_value(parser, output);
    if (output->type == OUTPUT_READONLY && accept_operator(parser, LEX_EXPRESSION, '(')) {
        if (!accept_word(parser, LEX_EXPRESSION, "TYPE"))
            fail_expected(parser, peek(parser, LEX_EXPRESSION), "TYPE");
        parse_type_value(parser, output);
        expect_operator(parser, LEX_EXPRESSION, ')', "the section's type");
    }
    expect_operator(parser, LEX_EXPRESSION, ')', "the section's type");
}

/* ( may open a type or an address: `.bss (NOLOAD) :`, `.text (start + 4) :`, and () is no type. */
static bool accept_type(struct parser *parser, struct statement *output)
{
    struct lex_position before = parser->lexer.at;
    uint8_t type;
    if (!accept_operator(parser, LEX_EXPRESSION, '('))
        return false;
    const struct token *next = peek(parser, LEX_EXPRESSION);
    if (find_output_type(next, &type) || is_operator(next, ')')) {
        parse_type(parser, output);
        return true;
    }
    lex_return(&parser->lexer, before);
    return false;
}

/* ---- the head ---- */

static void parse_address_and_type(struct parser *parser, struct statement *output)
{
    const struct token *next = peek(parser, LEX_EXPRESSION);
    if (is_operator(next, '{'))
        fail_expected(parser, next, "`:' after the output section's name");
    if (!is_operator(next, ':') && !accept_type(parser, output)) {
        parser->in_head = true;
        output->address = parse_expression(parser);
        parser->in_head = false;
        accept_type(parser, output);
    }
    expect_operator(parser, LEX_EXPRESSION, ':', "the output section's name, address and type");
}

static void fail_attribute(struct parser *parser, const struct token *token)
{
    static const char *const words[] = {"AT",         "ALIGN",      "ALIGN_WITH_INPUT", "SUBALIGN",
                                        "ONLY_IF_RO", "ONLY_IF_RW", "NOCROSSREFS"};
    struct spelling spelling = spelling_of(token->text, token->size);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        spelling_offer(&spelling, words[i]);
    if (token->kind == TOKEN_NAME && spelling.nearest)
        fail_unknown(parser, token, "attribute of an output section", &spelling);
    fail_expected(parser, token, "`{' and the output section's contents");
}

static bool accept_value(struct parser *parser, const char *word, struct expr **value)
{
    if (!accept_word(parser, LEX_EXPRESSION, word))
        return false;
    *value = parse_value_in_parentheses(parser);
    return true;
}

static bool accept_constraint(struct parser *parser, struct statement *output)
{
    static const struct {
        const char *word;
        uint8_t constraint;
    } constraints[] = {{"ONLY_IF_RO", CONSTRAINT_ONLY_IF_RO},
                       {"ONLY_IF_RW", CONSTRAINT_ONLY_IF_RW},
                       {"SPECIAL", CONSTRAINT_NONE}};
    for (size_t i = 0; i < sizeof constraints / sizeof *constraints; i++) {
        if (!accept_word(parser, LEX_EXPRESSION, constraints[i].word))
            continue;
        output->constraint = constraints[i].constraint;
        return true;
    }
    return false;
}

/* What stands between the colon and the brace, in any order. */
static void parse_attributes(struct parser *parser, struct statement *output)
{
    bool is_overlay = output->kind == STATEMENT_NOTHING;
    while (!accept_operator(parser, LEX_EXPRESSION, '{')) {
        struct token token = *peek(parser, LEX_EXPRESSION);
        if (accept_value(parser, "AT", &output->load_address) ||
            accept_value(parser, "SUBALIGN", &output->subalign))
            continue;
        if (is_overlay && accept_word(parser, LEX_EXPRESSION, "NOCROSSREFS")) {
            output->keep = true;
            continue;
        }
        if (!is_overlay &&
            (accept_value(parser, "ALIGN", &output->align) || accept_constraint(parser, output)))
            continue;
        if (is_overlay || !accept_word(parser, LEX_EXPRESSION, "ALIGN_WITH_INPUT")) {
            fail_attribute(parser, &token);
            return;
        }
        output->align_with_input = true;
    }
    if (output->align && output->align_with_input)
        script_fail(parser, &output->place, "ALIGN and ALIGN_WITH_INPUT exclude each other");
}

/* ---- the tail ---- */

static void set_region(struct parser *parser, const char **region)
{
    struct script_place place = peek(parser, LEX_SCRIPT)->place;
    const char *name = expect_name(parser, LEX_SCRIPT, "a memory region's name");
    if (*region)
        script_fail(parser, &place, "a second region for this section: it has `%.40s' already",
                    *region);
    *region = name;
}

/* AT>region; a section may be named AT, so the > decides. */
static bool accept_load_region(struct parser *parser, struct statement *output)
{
    struct lex_position before = parser->lexer.at;
    if (!accept_word(parser, LEX_SCRIPT, "AT"))
        return false;
    if (accept_operator(parser, LEX_SCRIPT, '>')) {
        set_region(parser, &output->load_region);
        return true;
    }
    lex_return(&parser->lexer, before);
    return false;
}

/* What stands behind the closing brace, in any order. */
static void parse_tail(struct parser *parser, struct statement *output)
{
    LIST(const char *) segments = {0};
    for (;;) {
        if (accept_operator(parser, LEX_SCRIPT, '>')) {
            set_region(parser, &output->region);
        } else if (accept_operator(parser, LEX_SCRIPT, ':')) {
            *list_add(parser->arena, &segments) =
                expect_name(parser, LEX_SCRIPT, "a segment's name");
        } else if (accept_operator(parser, LEX_SCRIPT, '=')) {
            output->fill = parse_fill(parser);
            output->has_fill = true;
        } else if (!accept_load_region(parser, output)) {
            break;
        }
    }
    if (output->load_address && output->load_region)
        script_fail(parser, &output->place, "AT(…) and AT>region exclude each other");
    if (segments.count)
        *list_add(parser->arena, &segments) = NULL;
    output->segments = segments.at;
    skip_separators(parser);
}

/* Parses the statements of an output section, up to the brace that closes it. */
static struct statement *parse_braced(struct parser *parser, const struct statement *output,
                                      void (*parse_list)(struct parser *))
{
    struct statement *first = NULL, **outer = parser->tail;
    const char *outer_name = parser->open_name;
    unsigned outer_line = parser->open_line;
    parser->open_name = output->name ? output->name : "OVERLAY";
    parser->open_line = output->place.line;
    parser->tail = &first;
    parse_list(parser);
    parser->tail = outer;
    expect_operator(parser, LEX_SCRIPT, '}', "what the output section holds");
    parser->open_name = outer_name;
    parser->open_line = outer_line;
    return first;
}

static void parse_output_section(struct parser *parser, const struct token *name)
{
    if (!name->quoted && is_body_word(name))
        script_fail(parser, &name->place, "%.*s stands between the braces of an output section",
                    (int)name->size, name->text);
    if (is_command_word(name))
        script_fail(parser, &name->place, "%.*s stands outside SECTIONS", (int)name->size,
                    name->text);
    struct statement *output = add_statement(parser, STATEMENT_OUTPUT, &name->place);
    output->name = copy_text(parser, name);
    parse_address_and_type(parser, output);
    parse_attributes(parser, output);
    output->body = parse_braced(parser, output, parse_body);
    parse_tail(parser, output);
}

/* ---- OVERLAY [address] : [NOCROSSREFS] [AT(e)] [SUBALIGN(e)] { name { body } … } … ---- */

/* The sections of an overlay have neither address nor attributes of their own. */
static void parse_overlay_sections(struct parser *parser)
{
    while (peek(parser, LEX_SCRIPT)->kind == TOKEN_NAME) {
        struct token name = take(parser, LEX_SCRIPT);
        struct statement *output = add_statement(parser, STATEMENT_OUTPUT, &name.place);
        output->name = copy_text(parser, &name);
        expect_operator(parser, LEX_SCRIPT, '{', "the overlaid section's name");
        output->body = parse_braced(parser, output, parse_body);
        parse_tail(parser, output);
    }
}

static const char *load_symbol(struct parser *parser, const char *which, const char *section)
{
    char *name = arena_format(parser->arena, "__load_%s_%s", which, section);
    char *to = name;
    for (const char *from = name; *from; from++) {
        char lower = (char)(*from | 32);
        bool in_c =
            (lower >= 'a' && lower <= 'z') || (*from >= '0' && *from <= '9') || *from == '_';
        if (in_c)
            *to++ = *from;
    }
    *to = '\0';
    return name;
}

static struct expr *section_call(struct parser *parser, unsigned function,
                                 const struct statement *section)
{
    struct expr *call = new_call(parser, function, &section->place);
    call->text = section->name;
    return call;
}

static void provide(struct parser *parser, const char *name, struct expr *value)
{
    struct statement *statement = add_statement(parser, STATEMENT_ASSIGN, &value->place);
    statement->name = name;
    statement->operation = '=';
    statement->flags = ASSIGN_PROVIDE;
    statement->value = value;
}

/* For a section .x of an overlay, ld provides __load_start_x and __load_stop_x (manual 3.6.9). */
static void provide_load_symbols(struct parser *parser, const struct statement *section)
{
    struct expr *start = section_call(parser, FUNCTION_LOADADDR, section);
    struct expr *stop = new_binary(parser, '+', section_call(parser, FUNCTION_LOADADDR, section),
                                   section_call(parser, FUNCTION_SIZEOF, section), &section->place);
    provide(parser, load_symbol(parser, "start", section->name), start);
    provide(parser, load_symbol(parser, "stop", section->name), stop);
}

/* What stands around the braces of OVERLAY holds for each of its sections. */
static void join_overlay(struct parser *parser, const struct statement *overlay,
                         struct statement *section, struct statement *first)
{
    section->overlay = first;
    section->overlay_ends = !section->next;
    section->subalign = overlay->subalign;
    section->region = overlay->region;
    section->load_region = overlay->load_region;
    section->address =
        section == first ? overlay->address : section_call(parser, FUNCTION_ADDR, first);
    if (section == first)
        section->load_address = overlay->load_address;
    if (overlay->has_fill && !section->has_fill) {
        section->fill = overlay->fill;
        section->has_fill = true;
    }
    if (!section->segments)
        section->segments = overlay->segments;
}

static void forbid_crossrefs(struct parser *parser, const struct statement *first)
{
    LIST(const char *) names = {0};
    for (; first; first = first->next)
        *list_add(parser->arena, &names) = first->name;
    *list_add(parser->arena, &parser->script->no_crossrefs) =
        (struct name_list){names.at, (uint32_t)names.count};
}

static void parse_overlay(struct parser *parser, const struct token *word)
{
    struct statement overlay = {.kind = STATEMENT_NOTHING, .place = word->place};
    if (!is_operator(peek(parser, LEX_EXPRESSION), ':'))
        overlay.address = parse_expression(parser);
    expect_operator(parser, LEX_EXPRESSION, ':', "OVERLAY and its address");
    parse_attributes(parser, &overlay);
    struct statement *first = parse_braced(parser, &overlay, parse_overlay_sections);
    parse_tail(parser, &overlay);
    if (!first || parser->lexer.failed)
        return;
    if (overlay.keep)
        forbid_crossrefs(parser, first);
    *parser->tail = first;
    struct statement *last = first;
    for (struct statement *section = first; section; last = section, section = section->next)
        join_overlay(parser, &overlay, section, first);
    parser->tail = &last->next;
    for (const struct statement *section = first; section != last->next; section = section->next)
        provide_load_symbols(parser, section);
}

/* ---- the list ---- */

static void parse_named(struct parser *parser, const struct token *name);

/* Stops at the closing brace or the text's end. */
static void parse_section_list(struct parser *parser)
{
    for (;;) {
        skip_separators(parser);
        struct token token = *peek(parser, LEX_SCRIPT);
        if (token.kind == TOKEN_END || is_operator(&token, '}'))
            return;
        if (token.kind != TOKEN_NAME)
            fail_expected(parser, &token, "an output section or an assignment");
        take(parser, LEX_SCRIPT);
        parse_named(parser, &token);
    }
}

static void parse_named(struct parser *parser, const struct token *name)
{
    uint16_t operation = lex_take_assignment(&parser->lexer);
    if (operation) {
        parse_assignment(parser, name, operation);
        parse_separator(parser);
    } else if (parse_common_command(parser, name)) {
        return;
    } else if (is_word(name, "ENTRY")) {
        parse_entry(parser);
    } else if (is_word(name, "INCLUDE")) {
        parse_include(parser, parse_section_list);
    } else if (is_word(name, "OVERLAY")) {
        parse_overlay(parser, name);
    } else {
        parse_output_section(parser, name);
    }
}

void parse_sections(struct parser *parser)
{
    parser->script->has_sections = true;
    unsigned line = peek(parser, LEX_SCRIPT)->place.line;
    expect_operator(parser, LEX_SCRIPT, '{', "SECTIONS");
    parser->open_name = "SECTIONS";
    parser->open_line = line;
    parse_section_list(parser);
    expect_operator(parser, LEX_SCRIPT, '}', "the sections");
    parser->open_name = NULL;
}
