/* SPDX-License-Identifier: MIT
 *
 * The patterns of the script, and which of them takes an input section.
 *
 * Requires: inputs, the script's tree. Provides: link.outputs in the script's order, and the first
 * rule that matches a section. An output section that is ONLY_IF_RO or ONLY_IF_RW stands or falls
 * with what its patterns would take (manual of GNU ld 2.40, 3.6.8.6): that is found out here, so
 * that later steps see only output sections that stand. */
#include "resolve/rules.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

/* ---- output sections and rules, from the script ---- */

/* In lld's dialect EXCLUDE_FILE speaks for all patterns up to the next one or an order (LLVM 19,
 * lld/ELF/ScriptParser.cpp: readInputSectionsList), in GNU ld for one. */
static void add_patterns(struct link *link, struct rules *rules, const struct statement *s,
                         uint32_t output)
{
    const struct section_pattern *excluding = NULL;
    for (uint32_t i = 0; i < s->section_count; i++) {
        const struct section_pattern *pattern = &s->sections[i];
        if (!excluding || !link->form.as_lld || pattern->excluded_count || pattern->sort)
            excluding = pattern;
        *list_add(&link->arena, &rules->all) = (struct rule){
            .statement = s, .pattern = pattern, .excluding = excluding, .output = output};
    }
}

static void add_rules(struct link *link, struct rules *rules, const struct statement *s,
                      uint32_t output)
{
    for (; s; s = s->next) {
        if (s->kind != STATEMENT_INPUT)
            continue;
        if (!s->section_count)
            *list_add(&link->arena, &rules->all) = (struct rule){.statement = s, .output = output};
        add_patterns(link, rules, s, output);
    }
}

static bool is_signature(const struct link *link, const char *name)
{
    return link->signed_sector && strcmp(name, ".signature") == 0;
}

static void open_outputs(struct link *link, struct rules *rules)
{
    for (const struct statement *s = link->script->commands; s; s = s->next) {
        if (s->kind != STATEMENT_OUTPUT || is_signature(link, s->name))
            continue;
        add_rules(link, rules, s->body, (uint32_t)link->outputs.count);
        *list_add(&link->arena, &link->outputs) = (struct output){
            .name = s->name,
            .statement = s,
            .region = NONE,
            .load_region = NONE,
            .align = 1,
            .is_discard = strcmp(s->name, "/DISCARD/") == 0,
        };
    }
}

/* ---- their order ---- */

static int compare_rules(const void *a, const void *b)
{
    const struct rule *left = a, *right = b;
    uint32_t x = left->statement->index, y = right->statement->index;
    if (x != y)
        return x < y ? -1 : 1;
    return (left->pattern > right->pattern) - (left->pattern < right->pattern);
}

/* What INSERT has moved takes sections where it was read: before the layout that it adds to. */
static void sort_rules_as_read(struct rules *rules)
{
    bool is_sorted = true;
    for (size_t i = 1; i < rules->all.count && is_sorted; i++)
        is_sorted = rules->all.at[i - 1].statement->index <= rules->all.at[i].statement->index;
    if (!is_sorted)
        qsort(rules->all.at, rules->all.count, sizeof *rules->all.at, compare_rules);
}

/* ---- matching ---- */

/* Every comparison of a name and a pattern is counted, as only a script with thousands of patterns
 * that begin with a wildcard, or with stars that make each of them slow, comes to so many. What
 * has more wildcards than a star may be tried at each byte of the name. */
enum { MOST_EFFORT = 1 << 28, BYTES_AT_A_GO = 64 };

static bool matches(struct rules *rules, const struct pattern *pattern, const char *name,
                    size_t size)
{
    bool is_simple = pattern->literal || pattern->one_star;
    rules->effort += 1 + (is_simple ? 0 : pattern->size * (uint64_t)size / BYTES_AT_A_GO);
    return pattern_matches(pattern, name, size);
}

static bool matches_pair(struct rules *rules, const struct pattern *archive,
                         const struct pattern *file, const struct object *object)
{
    const char *name = object->member ? object->member : object->path;
    if (archive->text &&
        (!object->member || !matches(rules, archive, object->path, strlen(object->path))))
        return false;
    return !file->text || matches(rules, file, name, strlen(name));
}

static bool matches_file(struct rules *rules, const struct statement *s,
                         const struct object *object)
{
    const char *file = object->member ? object->member : object->path;
    if (s->archive.text)
        return matches_pair(rules, &s->archive, &s->file, object);
    if (s->archive_only_not && object->member)
        return false;
    if (s->file.one_star && s->file.size == 1)
        return true;
    return matches(rules, &s->file, file, strlen(file));
}

static bool is_excluded(struct rules *rules, const struct section_pattern *pattern,
                        const struct object *object)
{
    for (uint32_t i = 0; i < pattern->excluded_count; i++)
        if (matches_pair(rules, &pattern->excluded_archives[i], &pattern->excluded_files[i],
                         object))
            return true;
    return false;
}

/* What INPUT_SECTION_FLAGS asks for, as far as the object tells. */
static uint32_t native_flags(const struct section *section)
{
    static const struct {
        uint32_t own, native;
    } all[] = {
        {SECTION_ALLOC, SHF_ALLOC},     {SECTION_WRITE, SHF_WRITE},
        {SECTION_EXEC, SHF_EXECINSTR},  {SECTION_MERGE, SHF_MERGE},
        {SECTION_STRINGS, SHF_STRINGS}, {SECTION_RETAIN, 1 << 21},
        {SECTION_EXCLUDE, SHF_EXCLUDE}, {SECTION_TLS, SHF_TLS},
        {SECTION_GROUPED, SHF_GROUP},   {SECTION_PACKED, SHF_COMPRESSED},
    };
    uint32_t flags = section->link ? SHF_LINK_ORDER : 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (section->flags & all[i].own)
            flags |= all[i].native;
    return flags;
}

static bool flags_match(const struct statement *s, const struct section *section)
{
    if (!s->with_flags && !s->without_flags)
        return true;
    uint32_t flags = native_flags(section);
    return (flags & s->with_flags) == s->with_flags && !(flags & s->without_flags);
}

static bool rule_matches(struct rules *rules, const struct rule *rule, const struct object *object,
                         const struct section *section)
{
    if (rule->is_gone)
        return false;
    if (rule->pattern && !matches(rules, &rule->pattern->name, section->name, section->name_size))
        return false;
    if (!matches_file(rules, rule->statement, object) || !flags_match(rule->statement, section))
        return false;
    return !rule->pattern || !is_excluded(rules, rule->excluding, object);
}

static void sort_rules_by_prefix(struct link *link, struct rules *rules)
{
    size_t count = rules->all.count;
    struct prefix_key *keys = NEW_ARRAY(&link->arena, struct prefix_key, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const struct section_pattern *pattern = rules->all.at[i].pattern;
        keys[i] = (struct prefix_key){pattern ? &pattern->name : NULL, i};
    }
    prefixes_open(&rules->prefixes, &link->arena, keys, count);
}

/* The first rule of one prefix, if it comes before `limit`; else `limit`. */
static uint32_t first_of_prefix(struct rules *rules, const struct prefix *prefix, uint32_t limit,
                                const struct object *object, const struct section *section)
{
    for (uint32_t i = prefix->first; i < prefix->end; i++) {
        uint32_t number = rules->prefixes.patterns[i];
        if (number >= limit || rules->effort >= MOST_EFFORT)
            break;
        if (rule_matches(rules, &rules->all.at[number], object, section))
            return number;
    }
    return limit;
}

const struct rule *rules_find(struct rules *rules, const struct object *object,
                              const struct section *section)
{
    const struct prefix *all = rules->prefixes.all;
    uint32_t found = NONE;
    uint32_t at = prefixes_find(&rules->prefixes, section->name, section->name_size);
    for (; at != NONE && all[at].lowest < found; at = all[at].shorter)
        found = first_of_prefix(rules, &all[at], found, object, section);
    return found == NONE ? NULL : &rules->all.at[found];
}

const struct rule *rules_next(struct rules *rules, const struct rule *rule,
                              const struct object *object, const struct section *section)
{
    const struct rule *end = rules->all.at + rules->all.count;
    for (const struct rule *next = rule + 1; next < end; next++) {
        if (next->statement != rule->statement || rules->effort >= MOST_EFFORT)
            return NULL;
        if (rule_matches(rules, next, object, section))
            return next;
    }
    return NULL;
}

/* ---- ONLY_IF_RO, ONLY_IF_RW ---- */

static uint8_t constraint_of(const struct link *link, const struct rule *rule)
{
    return link->outputs.at[rule->output].statement->constraint;
}

static void note_conditions(const struct link *link, struct rules *rules)
{
    const struct prefixes *prefixes = &rules->prefixes;
    for (uint32_t p = 0; p < prefixes->count; p++) {
        const struct prefix *prefix = &prefixes->all[p];
        bool any = prefix->shorter != NONE && rules->has_condition[prefix->shorter];
        for (uint32_t i = prefix->first; i < prefix->end && !any; i++)
            any = constraint_of(link, &rules->all.at[prefixes->patterns[i]]) != 0;
        rules->has_condition[p] = any;
    }
}

static bool may_be_conditional(const struct rules *rules, const struct section *section)
{
    uint32_t prefix = prefixes_find(&rules->prefixes, section->name, section->name_size);
    return prefix != NONE && rules->has_condition[prefix];
}

/* Sections that a conditional output section takes, unless it falls. */
struct candidate {
    const struct object *object;
    const struct section *section;
    uint32_t output;
};
struct candidates LIST_OF(struct candidate);

static void find_candidate(struct link *link, struct rules *rules, const struct object *object,
                           const struct section *section, struct candidates *found)
{
    bool counts = section->atom_count && (section->flags & SECTION_ALLOC) &&
                  !(section->flags & SECTION_EXCLUDE);
    if (!counts || !may_be_conditional(rules, section))
        return;
    const struct rule *rule = rules_find(rules, object, section);
    if (rule && constraint_of(link, rule))
        *list_add(&link->arena, found) = (struct candidate){object, section, rule->output};
}

static struct candidates find_candidates(struct link *link, struct rules *rules)
{
    struct candidates found = {0};
    for (uint32_t i = 0; i < link->made_input; i++) {
        const struct input *input = &link->inputs.at[i];
        for (uint32_t s = 1; s < input->object->section_count; s++)
            if (!input->section_gone[s])
                find_candidate(link, rules, input->object, &input->object->sections[s], &found);
    }
    return found;
}

/* What takes nothing counts as read-only, as in GNU ld. */
static bool stands(const struct link *link, uint32_t output, const struct candidates *candidates)
{
    bool is_read_only = true;
    for (size_t i = 0; i < candidates->count; i++)
        if (candidates->at[i].output == output)
            is_read_only &= !(candidates->at[i].section->flags & SECTION_WRITE);
    uint8_t constraint = link->outputs.at[output].statement->constraint;
    return is_read_only == (constraint == CONSTRAINT_ONLY_IF_RO);
}

/* Its sections go to the next output section whose patterns match. */
static void fall(struct rules *rules, uint32_t output, struct candidates *candidates)
{
    for (size_t i = 0; i < rules->all.count; i++)
        rules->all.at[i].is_gone |= rules->all.at[i].output == output;
    for (size_t i = 0; i < candidates->count; i++) {
        struct candidate *candidate = &candidates->at[i];
        if (candidate->output != output)
            continue;
        const struct rule *rule = rules_find(rules, candidate->object, candidate->section);
        candidate->output = rule ? rule->output : NONE;
    }
}

/* Takes the output sections that fell out of the list. */
static void remove_fallen(struct link *link, struct rules *rules, const bool *fallen)
{
    uint32_t count = 0;
    uint32_t *moved = NEW_ARRAY(&link->arena, uint32_t, link->outputs.count);
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        moved[i] = count;
        if (!fallen[i])
            link->outputs.at[count++] = link->outputs.at[i];
    }
    link->outputs.count = count;
    for (size_t i = 0; i < rules->all.count; i++)
        rules->all.at[i].output = moved[rules->all.at[i].output];
}

static void settle_conditions(struct link *link, struct rules *rules)
{
    bool any = false, *fallen = NEW_ARRAY(&link->arena, bool, link->outputs.count + 1);
    for (size_t i = 0; i < link->outputs.count; i++)
        any |= link->outputs.at[i].statement->constraint != CONSTRAINT_NONE;
    if (!any)
        return;
    rules->has_condition = NEW_ARRAY(&link->arena, bool, rules->prefixes.count + 1);
    note_conditions(link, rules);
    struct candidates candidates = find_candidates(link, rules);
    for (uint32_t i = 0; i < link->outputs.count; i++) {
        if (!link->outputs.at[i].statement->constraint || stands(link, i, &candidates))
            continue;
        fall(rules, i, &candidates);
        fallen[i] = true;
    }
    remove_fallen(link, rules, fallen);
}

void rules_open(struct link *link, struct rules *rules)
{
    open_outputs(link, rules);
    sort_rules_as_read(rules);
    sort_rules_by_prefix(link, rules);
    settle_conditions(link, rules);
}

void rules_close(const struct link *link, const struct rules *rules)
{
    if (rules->effort >= MOST_EFFORT)
        diagnose(link->host, WELT_ERROR, "script", (struct place){.file = link->script->name},
                 "patterns that begin with what their sections' names begin with cost nearly "
                 "nothing, `.text.main*` instead of `*main*`; patterns of files cost as many "
                 "comparisons as there are sections that they are written for",
                 "its patterns are compared more than %d times with names of sections and files",
                 MOST_EFFORT);
}
