/* SPDX-License-Identifier: MIT
 *
 * MEMORY (manual 3.7) and PHDRS (manual 3.8). */
#include "script/parse.h"
#include "support/spelling.h"

#include <string.h>

/* ---- MEMORY { name (attributes) : ORIGIN = e, LENGTH = e … } ---- */

static uint32_t attribute(char letter)
{
    switch (letter | 32) {
    case 'a': return REGION_ALLOC;
    case 'w': return REGION_WRITE;
    case 'x': return REGION_EXEC;
    case 'r': return REGION_READ_ONLY;
    case 'i':
    case 'l': return REGION_LOADED;
    default: return 0;
    }
}

/* (rwx!a): what stands behind a ! in the same word is unwanted. */
static void parse_attributes(struct parser *parser, struct memory_region *region)
{
    if (!accept_operator(parser, LEX_PATTERN, '('))
        return;
    struct token token = take(parser, LEX_PATTERN);
    do {
        if (token.kind != TOKEN_NAME)
            fail_expected(parser, &token, "attributes of the region, some of rwxail");
        bool unwanted = false;
        for (size_t i = 0; i < token.size && token.kind == TOKEN_NAME; i++) {
            uint32_t flag = attribute(token.text[i]);
            if (token.text[i] == '!')
                unwanted = !unwanted;
            else if (!flag)
                script_fail(parser, &token.place,
                            "unknown attribute `%c' of a region: there are r w x a i l",
                            token.text[i]);
            *(unwanted ? &region->without_attributes : &region->with_attributes) |= flag;
        }
        token = take(parser, LEX_PATTERN);
    } while (token.kind == TOKEN_NAME);
    if (!is_operator(&token, ')'))
        fail_expected(parser, &token, "`)' after the attributes");
}

/* ORIGIN = e, in any of its spellings. */
static struct expr *parse_bound(struct parser *parser, const char *const spellings[3])
{
    struct token word = take(parser, LEX_EXPRESSION);
    bool is_right = is_word(&word, spellings[0]) || is_word(&word, spellings[1]) ||
                    is_word(&word, spellings[2]);
    if (!is_right)
        fail_expected(parser, &word, "%s", spellings[0]);
    expect_operator(parser, LEX_EXPRESSION, '=', spellings[0]);
    return parse_expression(parser);
}

/* The number of a region's or alias's name. */
static uint32_t region_name(struct parser *parser, const char *name, bool *is_new)
{
    if (!parser->regions.arena)
        names_open(&parser->regions, parser->arena);
    return names_add(&parser->regions, name, strlen(name), is_new);
}

/* A region declared twice is the first with the second's bounds, as in ld. */
static struct memory_region *new_region(struct parser *parser, const struct token *name)
{
    struct script *script = parser->script;
    const char *text = copy_text(parser, name);
    bool is_new;
    uint32_t number = region_name(parser, text, &is_new);
    if (!is_new) {
        script_warn(parser, &name->place, "memory region `%.40s' is declared a second time", text);
        return &script->regions.at[parser->region_indices.at[number]];
    }
    *list_add(parser->arena, &parser->region_indices) = (uint32_t)script->regions.count;
    struct memory_region *region = list_add(parser->arena, &script->regions);
    *region = (struct memory_region){.name = text, .place = name->place};
    return region;
}

void note_regions(struct parser *parser)
{
    const struct script *script = parser->script;
    bool is_new;
    for (uint32_t i = 0; i < script->regions.count; i++) {
        region_name(parser, script->regions.at[i].name, &is_new);
        *list_add(parser->arena, &parser->region_indices) = i;
    }
    for (size_t i = 0; i < script->aliases.count; i++) {
        uint32_t number = region_name(parser, script->aliases.at[i].region, &is_new);
        region_name(parser, script->aliases.at[i].alias, &is_new);
        uint32_t index = parser->region_indices.at[number];
        *list_add(parser->arena, &parser->region_indices) = index;
    }
}

/* The alias keeps the region's own name, so that nobody follows an alias of an alias. */
void add_region_alias(struct parser *parser, const char *alias, const char *region,
                      const struct script_place *place)
{
    struct script *script = parser->script;
    bool is_new, is_unknown;
    uint32_t number = region_name(parser, region, &is_unknown);
    if (is_unknown) {
        script_fail(parser, place, "there is no memory region `%.40s' that `%.40s' could stand for",
                    region, alias);
        return;
    }
    uint32_t index = parser->region_indices.at[number];
    region_name(parser, alias, &is_new);
    if (!is_new) {
        script_fail(parser, place, "`%.40s' is a memory region's name already", alias);
        return;
    }
    *list_add(parser->arena, &parser->region_indices) = index;
    *list_add(parser->arena, &script->aliases) =
        (struct region_alias){alias, script->regions.at[index].name};
}

static void parse_region(struct parser *parser, const struct token *name)
{
    static const char *const origins[] = {"ORIGIN", "org", "o"};
    static const char *const lengths[] = {"LENGTH", "len", "l"};
    struct memory_region *region = new_region(parser, name);
    parse_attributes(parser, region);
    expect_operator(parser, LEX_EXPRESSION, ':', "the region's name");
    region->origin = parse_bound(parser, origins);
    accept_operator(parser, LEX_EXPRESSION, ',');
    region->length = parse_bound(parser, lengths);
    accept_operator(parser, LEX_SCRIPT, ',');
}

static void parse_regions(struct parser *parser)
{
    while (peek(parser, LEX_SCRIPT)->kind == TOKEN_NAME) {
        struct token name = take(parser, LEX_SCRIPT);
        if (is_word(&name, "INCLUDE"))
            parse_include(parser, parse_regions);
        else
            parse_region(parser, &name);
    }
}

void parse_memory(struct parser *parser)
{
    expect_operator(parser, LEX_SCRIPT, '{', "MEMORY");
    parse_regions(parser);
    expect_operator(parser, LEX_SCRIPT, '}', "the memory regions");
}

/* ---- PHDRS { name type [FILEHDR] [PHDRS] [AT(e)] [FLAGS(e)]; … } ---- */

/* System V ABI, "Program Header", and the GNU extensions to it. */
static const struct {
    const char *name;
    uint32_t number;
} segment_types[] = {
    {"PT_NULL", 0},
    {"PT_LOAD", 1},
    {"PT_DYNAMIC", 2},
    {"PT_INTERP", 3},
    {"PT_NOTE", 4},
    {"PT_SHLIB", 5},
    {"PT_PHDR", 6},
    {"PT_TLS", 7},
    {"PT_GNU_EH_FRAME", 0x6474e550},
    {"PT_GNU_STACK", 0x6474e551},
    {"PT_GNU_RELRO", 0x6474e552},
    {"PT_GNU_PROPERTY", 0x6474e553},
};

static struct expr *parse_segment_type(struct parser *parser)
{
    struct token first = *peek(parser, LEX_EXPRESSION);
    struct expr *type = parse_expression(parser);
    if (type->kind != EXPR_NAME)
        return type;
    struct spelling spelling = spelling_of(first.text, first.size);
    for (size_t i = 0; i < sizeof segment_types / sizeof *segment_types; i++) {
        if (strcmp(segment_types[i].name, type->name) == 0)
            return new_number(parser, segment_types[i].number, &type->place);
        spelling_offer(&spelling, segment_types[i].name);
    }
    fail_unknown(parser, &first, "type of segment", &spelling);
    return type;
}

static void parse_qualifier(struct parser *parser, struct segment *segment,
                            const struct token *word)
{
    struct spelling spelling = spelling_of(word->text, word->size);
    if (is_word(word, "FILEHDR"))
        segment->file_header = true;
    else if (is_word(word, "PHDRS"))
        segment->program_headers = true;
    else if (is_word(word, "AT"))
        segment->address = parse_value_in_parentheses(parser);
    else if (is_word(word, "FLAGS"))
        segment->flags = parse_value_in_parentheses(parser);
    else {
        spelling_offer(&spelling, "FILEHDR");
        spelling_offer(&spelling, "PHDRS");
        spelling_offer(&spelling, "FLAGS");
        fail_unknown(parser, word, "property of a segment", &spelling);
    }
}

static void parse_segment(struct parser *parser, const struct token *name)
{
    struct segment *segment = list_add(parser->arena, &parser->script->segments);
    *segment = (struct segment){.name = copy_text(parser, name), .place = name->place};
    if (parser->script->segments.count > MOST_SEGMENTS) {
        script_fail(parser, &segment->place, "PHDRS has more than %d segments", MOST_SEGMENTS);
        return;
    }
    segment->type = parse_segment_type(parser);
    while (peek(parser, LEX_EXPRESSION)->kind == TOKEN_NAME) {
        struct token word = take(parser, LEX_EXPRESSION);
        parse_qualifier(parser, segment, &word);
    }
    expect_operator(parser, LEX_EXPRESSION, ';', "the segment");
}

void parse_segments(struct parser *parser)
{
    expect_operator(parser, LEX_SCRIPT, '{', "PHDRS");
    while (peek(parser, LEX_SCRIPT)->kind == TOKEN_NAME) {
        struct token name = take(parser, LEX_SCRIPT);
        parse_segment(parser, &name);
    }
    expect_operator(parser, LEX_SCRIPT, '}', "the segments");
}
