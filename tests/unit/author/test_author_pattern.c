/* author_pattern: what the author's notation matches on folded text, its captures, its mistakes and their
 * columns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "domain/author/author_pattern.h"
#include "domain/pattern/pattern.h"
#include "domain/text/lexicon.h"
#include "domain/text/text.h"
#include "json/value.h"

static const char normalise[] =
    "{\"languages\":["
    "{\"code\":\"id\",\"name\":\"Bahasa Indonesia\",\"markers\":[\"yang\",\"apa\"],"
    "\"forms\":{\"gimana\":\"bagaimana\",\"gabisa\":\"tidak bisa\",\"pengen\":\"ingin\"}},"
    "{\"code\":\"en\",\"name\":\"English\",\"markers\":[\"the\",\"what\"],\"forms\":{\"wanna\":\"want "
    "to\"}}]}";

struct fixture {
    struct arena *arena;
    struct value *file;
    struct lexicon *lexicon;
    struct author_classes classes;
};

static const char *const want_id[] = {"mau", "pengen", "{desire} sekali"};
static const char *const want_en[] = {"want", "would like to", "wanna"};
static const char *const desire_id[] = {"ingin", "hasrat"};
static const char *const loop_a[] = {"{loop_b}"};
static const char *const loop_b[] = {"x", "{loop_a}"};
static const char *const odd[] = {"c++", "a.b"};
static const char *const nothing[] = {NULL};

static const char *const *class_words(void *context, const char *name, size_t length, int language,
                                      size_t *count) {
    static const struct {
        const char *name;
        int language;
        const char *const *words;
        size_t count;
    } table[] = {{"want", 0, want_id, 3},  {"want", 1, want_en, 3},  {"desire", 0, desire_id, 2},
                 {"loop_a", 0, loop_a, 1}, {"loop_b", 0, loop_b, 2}, {"odd", 0, odd, 2}};
    int is_known = 0;
    (void)context;
    *count = 0;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (strlen(table[i].name) != length || memcmp(table[i].name, name, length) != 0)
            continue;
        is_known = 1;
        if (table[i].language == language) {
            *count = table[i].count;
            return table[i].words;
        }
    }
    return is_known ? nothing : NULL;
}

static int set_up(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture->arena = arena_new(0);
    fixture->file = value_parse(normalise, sizeof normalise - 1, NULL);
    const struct value *files[] = {fixture->file};
    fixture->lexicon = lexicon_new(files, 1, fixture->arena, NULL, NULL);
    fixture->classes = (struct author_classes){.words = class_words};
    *state = fixture;
    return fixture->lexicon ? 0 : -1;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    value_free(fixture->file);
    arena_free(fixture->arena);
    free(fixture);
    return 0;
}

static const char *expand(struct fixture *fixture, const char *pattern) {
    struct buf out;
    struct err err;
    err_clear(&err);
    buf_init(&out, 0);
    int code =
        author_pattern_expand(&fixture->classes, fixture->lexicon, pattern, fixture->arena, &out, &err);
    if (code != 0)
        fail_msg("%s: %s", pattern, err.text);
    const char *copy = arena_text(fixture->arena, buf_text(&out));
    buf_close(&out);
    return copy;
}

/* Matches pattern against a folded text; 1 and *hit, or 0. */
static int match(struct fixture *fixture, const char *pattern, const char *folded, struct pattern_hit *hit) {
    const char *expression = expand(fixture, pattern);
    struct err err;
    err_clear(&err);
    struct pattern_set *set = pattern_set_new();
    if (pattern_add(set, expression, strlen(expression), 0, &err) < 0)
        fail_msg("%s: %s", expression, err.text);
    assert_int_equal(pattern_set_seal(set, &err), 0);
    struct pattern_scratch *scratch = pattern_scratch_new(set);
    int found = pattern_match_first(set, scratch, folded, strlen(folded), hit);
    pattern_scratch_free(scratch);
    pattern_set_free(set);
    return found;
}

static void check(struct fixture *fixture, const char *pattern, const char *folded, int expected) {
    struct pattern_hit hit;
    int found = match(fixture, pattern, folded, &hit);
    if (found != expected)
        fail_msg("\"%s\" on \"%s\": %d, expression %s", pattern, folded, found, expand(fixture, pattern));
}

static void matches_whole_words_anywhere(void **state) {
    struct fixture *fixture = *state;
    check(fixture, "kerja sosial", "saya mau kerja sosial nanti", 1);
    check(fixture, "kerja sosial", "kerja sosialita", 0);
    check(fixture, "kerja sosial", "pekerja sosial", 0);
    check(fixture, "kerja|karier", "karier", 1);
    check(fixture, "kerja|karier", "karierku", 0);
    check(fixture, "KERJA", "kerja", 1);
    check(fixture, "^kerja", "saya kerja", 0);
    check(fixture, "kerja$", "kerja saya", 0);
}

static void understands_end(void **state) {
    struct fixture *fixture = *state;
    check(fixture, "kerja {end}", "saya kerja", 1);
    check(fixture, "kerja{end}", "saya kerja ?", 1);
    check(fixture, "kerja {end}", "saya kerja .", 1);
    check(fixture, "kerja {end}", "saya kerja apa", 0);
    check(fixture, "kerja {end}", "kerja . apa", 0);
    check(fixture, "^(ya|iya){end}", "iya", 1);
}

static void folds_literals_in_every_language(void **state) {
    struct fixture *fixture = *state;
    check(fixture, "gimana caranya", "bagaimana caranya", 1); /* Indonesian message */
    check(fixture, "gimana caranya", "gimana caranya", 1); /* the same words in a message taken for English */
    check(fixture, "i wanna go", "i want to go", 1);
    check(fixture, "(gabisa|lupa) masuk", "saya tidak bisa masuk", 1);
    check(fixture, "(pengen )?kerja", "ingin kerja", 1);
}

static void optional_groups_bring_their_blank(void **state) {
    struct fixture *fixture = *state;
    check(fixture, "apa (yang )?kerja", "apa yang kerja", 1);
    check(fixture, "apa (yang )?kerja", "apa kerja", 1);
    check(fixture, "apa (yang )?kerja", "apayang kerja", 0);
    check(fixture, "kerja( sosial)?{end}", "kerja sosial ?", 1);
    check(fixture, "kerja(an)?", "kerjaan", 1); /* a part of a word: as it stands */
    check(fixture, "(?!apa)kerja", "kerja", 1);
}

static void inserts_classes(void **state) {
    struct fixture *fixture = *state;
    check(fixture, "{want} kerja", "saya mau kerja", 1);
    check(fixture, "{want} kerja", "saya ingin kerja", 1); /* "pengen" folded */
    check(fixture, "{want} kerja", "hasrat sekali kerja", 1);
    check(fixture, "{want} kerja", "hasrat kerja", 0);
    check(fixture, "{want} work", "i would like to work", 1);
    check(fixture, "{want} work", "i want to work", 1); /* the longest word wins over "want" */
    check(fixture, "({want} )?pulang", "pulang", 1);
    check(fixture, "{odd}", "saya bisa c", 1); /* classes are words, not expressions, and folded */
    check(fixture, "{odd}", "a b", 1);
    check(fixture, "{odd}", "axb", 0);
}

static void the_cache_changes_nothing(void **state) {
    struct fixture *fixture = *state;
    const char *plain = expand(fixture, "{want} {gap} {want}");
    fixture->classes.cache = author_cache_new(fixture->arena);
    assert_string_equal(expand(fixture, "{want} {gap} {want}"), plain);
    assert_string_equal(expand(fixture, "{want} {gap} {want}"), plain);
    author_cache_close(fixture->classes.cache);
    fixture->classes.cache = NULL;
}

static void gaps_bring_their_blanks(void **state) {
    struct fixture *fixture = *state;
    check(fixture, "apa {gap} kerja", "apa kerja", 1);
    check(fixture, "apa {gap} kerja", "apa a b c d e f kerja", 1);
    check(fixture, "apa {gap} kerja", "apa a b c d e f g kerja", 0);
    check(fixture, "apa {gap2} kerja", "apa a b kerja", 1);
    check(fixture, "apa {gap2} kerja", "apa a b c kerja", 0);
    check(fixture, "apa {gap2}kerja", "apa a kerja", 1);
    check(fixture, "apa{gap2} kerja", "apa a kerja", 1);
    check(fixture, "apa {gap2}kerja", "apakerja", 0);
    check(fixture, "apa {gap1} {gap1} kerja", "apa a b kerja", 1);
    check(fixture, "apa {gap1} {gap1} kerja", "apa kerja", 1);
    check(fixture, "apa ({gap2} kerja|gaji)", "apa a kerja", 1);
    check(fixture, "apa ({gap2} kerja|gaji)", "apa gaji", 1);
    check(fixture, "(apa {gap2}|siapa) kerja", "apa a b kerja", 1);
    check(fixture, "(apa {gap2}|siapa) kerja", "siapa kerja", 1);
    check(fixture, "(buat {gap2} )?kerja", "kerja", 1);
    check(fixture, "^apa {gap2} {end}", "apa a b ?", 1);
    check(fixture, "^apa {gap2} {end}", "apa a b c ?", 0);
    check(fixture, "^apa {gap2}$", "apa a", 1);
}

static void gaps_stay_in_their_sentence(void **state) {
    struct fixture *fixture = *state;
    check(fixture, "apa {gap} kerja", "apa itu . kerja", 0);
    check(fixture, "apa {gap} kerja", "apa itu ? kerja", 0);
    check(fixture, "apa {gap} kerja", "apa 2.0 kerja", 1); /* a decimal point ends nothing */
}

static unsigned gap_words(struct fixture *fixture, const char *pattern, const char *folded, int *value) {
    struct pattern_hit hit;
    unsigned gaps, words = 0;
    assert_true(match(fixture, pattern, folded, &hit));
    author_pattern_captures(expand(fixture, pattern), &gaps, value);
    for (size_t i = 0; i < hit.capture_count; i++)
        for (size_t at = hit.captures[i].start;
             (gaps >> i & 1U) && hit.captures[i].start != SIZE_MAX && at < hit.captures[i].end; at++)
            words += folded[at] != ' ' && (at == hit.captures[i].start || folded[at - 1] == ' ');
    return words;
}

static void captures_gaps_and_value(void **state) {
    struct fixture *fixture = *state;
    int value;
    assert_int_equal(gap_words(fixture, "apa {gap} kerja", "apa a b kerja", &value), 2);
    assert_int_equal(value, -1);
    assert_int_equal(gap_words(fixture, "apa {gap} kerja {gap} ya", "apa a kerja b c ya", &value), 3);
    assert_int_equal(gap_words(fixture, "umur {gap} (?<value>[0-9]+)", "umur saya itu 25 tahun", &value), 2);
    assert_int_equal(value, 1);
    struct pattern_hit hit;
    assert_true(
        match(fixture, "kerja (sebagai|jadi) (?<value>{gap3word})", "saya kerja jadi staf admin .", &hit));
    assert_true(hit.capture_count >= 1);
    assert_int_equal(hit.captures[0].start, 16);
    assert_int_equal(hit.captures[0].end, 26);
    /* more gaps than captures: the rest is not counted, nothing breaks */
    assert_int_equal(gap_words(fixture,
                               "a {gap1} a {gap1} a {gap1} a {gap1} a {gap1} a {gap1} a {gap1} a {gap1} a",
                               "a x a x a x a x a x a x a x a x a", &value),
                     7);
}

static void check_mistake(struct fixture *fixture, const char *pattern, int code, int column) {
    struct buf out;
    struct err err;
    err_clear(&err);
    buf_init(&out, 0);
    int got = author_pattern_expand(&fixture->classes, fixture->lexicon, pattern, fixture->arena, &out, &err);
    buf_close(&out);
    if (got != code || err.code != code || err.column != column)
        fail_msg("\"%s\": code %d, column %d: %s", pattern, got, err.column, err.text);
    assert_true(strlen(err.text) > 10);
}

static void reports_mistakes_with_their_column(void **state) {
    struct fixture *fixture = *state;
    check_mistake(fixture, "apa {nothing} kerja", ERR_NOT_FOUND, 5);
    check_mistake(fixture, "apa {loop_a}", ERR_INVALID, 5);
    check_mistake(fixture, "apa {want", ERR_SYNTAX, 5);
    check_mistake(fixture, "apa {}", ERR_SYNTAX, 5);
    check_mistake(fixture, "apa want}", ERR_SYNTAX, 9);
    check_mistake(fixture, "(apa", ERR_SYNTAX, 1);
    check_mistake(fixture, "x (?:apa (y)", ERR_SYNTAX, 3);
    check_mistake(fixture, "apa)", ERR_SYNTAX, 4);
    check_mistake(fixture, "[apa", ERR_SYNTAX, 1);
    check_mistake(fixture, "apa\\", ERR_SYNTAX, 4);
    char *many = arena_alloc(fixture->arena, 6001);
    for (size_t i = 0; i < 6000; i += 2)
        memcpy(many + i, "a ", 2);
    check_mistake(fixture, many, ERR_LIMIT, AUTHOR_PATTERN_TOKENS_MAX + 1);
}

static void maps_offsets_back(void **state) {
    struct fixture *fixture = *state;
    const char *pattern = "{want} kerja [[:foo:]]";
    const char *expression = expand(fixture, pattern);
    size_t offset = (size_t)(strstr(expression, "[[:foo:]]") - expression);
    assert_int_equal(
        author_pattern_column(&fixture->classes, fixture->lexicon, pattern, fixture->arena, offset), 14);
    offset = (size_t)(strstr(expression, "ingin") - expression);
    assert_int_equal(
        author_pattern_column(&fixture->classes, fixture->lexicon, pattern, fixture->arena, offset), 1);
}

struct unfoldable {
    size_t count, column;
    char word[32];
};

static void note(void *context, const char *word, size_t column) {
    struct unfoldable *unfoldable = context;
    unfoldable->count++;
    unfoldable->column = column;
    memcpy(unfoldable->word, word, strlen(word) + 1);
}

static void finds_what_cannot_be_folded(void **state) {
    struct fixture *fixture = *state;
    struct unfoldable unfoldable = {0, 0, ""};
    author_pattern_unfoldable(fixture->lexicon, "apa gimana(kah)? ya", fixture->arena, note, &unfoldable);
    assert_int_equal(unfoldable.count, 1);
    assert_int_equal(unfoldable.column, 5);
    assert_string_equal(unfoldable.word, "gimana");
    unfoldable.count = 0;
    author_pattern_unfoldable(fixture->lexicon, "gimana (kerja(an)?|pengen )?{want}", fixture->arena, note,
                              &unfoldable);
    assert_int_equal(unfoldable.count, 0);
    author_pattern_unfoldable(fixture->lexicon, "{want}pengen", fixture->arena, note, &unfoldable);
    assert_int_equal(unfoldable.count, 1);
}

static void survives_nested_options(void **state) {
    struct fixture *fixture = *state;
    check(fixture, "((((((((((a )?b )?c )?d )?e )?f )?g )?h )?i )?j )?kerja", "e f g h i j kerja", 1);
    check(fixture, "(((((((((((|)|)|)|)|)|)|)|)|)|)kerja)", "kerja", 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(matches_whole_words_anywhere),
        cmocka_unit_test(understands_end),
        cmocka_unit_test(folds_literals_in_every_language),
        cmocka_unit_test(optional_groups_bring_their_blank),
        cmocka_unit_test(inserts_classes),
        cmocka_unit_test(the_cache_changes_nothing),
        cmocka_unit_test(gaps_bring_their_blanks),
        cmocka_unit_test(gaps_stay_in_their_sentence),
        cmocka_unit_test(captures_gaps_and_value),
        cmocka_unit_test(reports_mistakes_with_their_column),
        cmocka_unit_test(maps_offsets_back),
        cmocka_unit_test(finds_what_cannot_be_folded),
        cmocka_unit_test(survives_nested_options),
    };
    return cmocka_run_group_tests_name("author_pattern", tests, set_up, tear_down);
}
