/* What a loaded bundle holds, how an overlay is laid over it, and that loading is all or nothing. The
   mistakes themselves are in tests/bad. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "domain/dialogue/expression.h"
#include "domain/pattern/pattern.h"
#include "domain/similar/similar.h"
#include "domain/text/text.h"
#include "fixture.h"

#include "banned.h"

static int setup(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    fixture_open(fixture);
    *state = fixture;
    return 0;
}

static int teardown(void **state) {
    fixture_close(*state);
    free(*state);
    return 0;
}

static void test_intents(void **state) {
    struct content *content = fixture_load(*state, 1);
    assert_non_null(content);
    assert_int_equal(content->intent_count, 3);
    const struct content_intent *intent = &content->intents[content_intent_index(content, "definition")];
    assert_int_equal(intent->kind, INTENT_KIND_ANSWER);
    assert_string_equal(intent->topic, "topic");
    assert_string_equal(intent->title.text[0], "Apa itu karier?");
    assert_string_equal(intent->title.text[1], "What is a career?");
    assert_int_equal(intent->pattern_count, 2);
    assert_string_equal(intent->patterns[1].written, "{career} {gap3} {what}");
    assert_string_equal(intent->patterns[1].place.file, "intents/topic.json");
    assert_true(intent->patterns[1].place.line > 1);
    assert_int_equal(intent->example_count, 4);
    assert_int_equal(intent->counter_example_count, 1);
    assert_int_equal(intent->reply, content_reply_index(content, "definition"));
    assert_int_equal(intent->dialogue, CONTENT_NONE);
    assert_int_equal(intent->similar_may_answer, 1);
    const struct content_intent *yes = &content->intents[content_intent_index(content, "yes")];
    assert_int_equal(yes->control, CONTROL_AFFIRM);
    assert_int_equal(yes->similar_may_answer, 0);
    assert_null(yes->title.text[0]);
    assert_int_equal(content_intent_index(content, "nothing"), CONTENT_NONE);
    content_free(content);
}

/* A number in the set leads back to its owner, in the order in which patterns are written. */
static void test_owners(void **state) {
    struct content *content = fixture_load(*state, 0);
    assert_non_null(content);
    size_t intents = 0, facts = 0;
    for (uint32_t i = 0; i < pattern_set_count(content->patterns); i++) {
        const struct content_pattern_owner *owner = &content->pattern_owners[i];
        if (owner->role == CONTENT_ROLE_FACT) {
            assert_int_equal(content->facts[owner->owner].patterns[owner->index].number, i);
            assert_true(owner->value_capture >= 0);
            facts++;
        } else {
            assert_int_equal(owner->role, CONTENT_ROLE_INTENT);
            assert_int_equal(content->intents[owner->owner].patterns[owner->index].number, i);
            intents++;
        }
    }
    assert_int_equal(facts, 1);
    assert_int_equal(intents, 2 + 3 + 1);
    content_free(content);
}

static void test_patterns_match(void **state) {
    struct content *content = fixture_load(*state, 0);
    struct pattern_scratch *scratch = pattern_scratch_new(content->patterns);
    struct arena *arena = arena_new(0);
    struct text text;
    text_fold(content->lexicon, "APAAA itu JENJANG karier?", 25, TEXT_NO_LANGUAGE, arena, &text);
    struct pattern_hit hit;
    assert_int_equal(pattern_match_first(content->patterns, scratch, text.folded, text.folded_length, &hit),
                     1);
    assert_string_equal(content->intents[content->pattern_owners[hit.pattern].owner].id, "definition");
    struct similar_hit near[2];
    assert_true(similar_search(content->similar, "cocok tidak saya kerja sosial", 29, near, 2) > 0);
    assert_string_equal(content->intents[near[0].label].id, "fit");
    arena_free(arena);
    pattern_scratch_free(scratch);
    content_free(content);
}

static const char *nearest(const struct content *content, const char *folded) {
    struct similar_hit near[1];
    return similar_search(content->similar, folded, strlen(folded), near, 1) > 0
               ? content->intents[near[0].label].id
               : "";
}

static void put_wording(struct fixture *fixture, int layer, const char *text) {
    fixture_put(fixture, "intents/extra.json",
                arena_format(fixture->arena,
                             "{\"topic\": \"extra\", \"intents\": [{\"id\": \"garden\", \"kind\": \"reply\", "
                             "\"patterns\": [\"kebun\"], \"then\": {\"reply\": \"definition\"}, "
                             "\"examples\": [\"kebun\"], \"wordings\": [\"%s\"]}]}",
                             text),
                layer);
}

/* What stands under "wordings" is found by the search, and by no pattern; a word of two of them is right as
   it is written. A site's intent brings its own wordings in the place of the shipped ones. */
static void test_wordings(void **state) {
    struct fixture *fixture = *state;
    static const char message[] = "nenek menyiram bayam";
    put_wording(fixture, 0, "nenek menyiram bayam\", \"kakek memetik bayam");
    struct content *content = fixture_load(fixture, 0);
    assert_non_null(content);
    const struct content_intent *garden = &content->intents[content_intent_index(content, "garden")];
    assert_int_equal(garden->wording_count, 2);
    assert_string_equal(garden->wordings[1], "kakek memetik bayam");
    assert_int_equal(garden->example_count, 1);
    assert_string_equal(nearest(content, message), "garden");
    struct pattern_scratch *scratch = pattern_scratch_new(content->patterns);
    struct pattern_hit hit;
    assert_int_equal(pattern_match_first(content->patterns, scratch, message, sizeof message - 1, &hit), 0);
    pattern_scratch_free(scratch);
    assert_int_equal(lexicon_has_word(content->lexicon, "bayam", 5, fixture->arena), 1);
    assert_int_equal(lexicon_has_word(content->lexicon, "kakek", 5, fixture->arena), 0);
    content_free(content);
    put_wording(fixture, 1, "ayah mencangkul lahan");
    content = fixture_load(fixture, 0);
    assert_non_null(content);
    assert_int_equal(content->intents[content_intent_index(content, "garden")].wording_count, 1);
    assert_string_equal(nearest(content, "ayah mencangkul lahan"), "garden");
    content_free(content);
}

/* Content is capped: a wording is a message, not a page. */
static void test_long_wording(void **state) {
    struct fixture *fixture = *state;
    char text[402];
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    put_wording(fixture, 0, text);
    assert_null(fixture_load(fixture, 0));
    assert_int_equal(fixture->seen_count, 1);
    assert_string_equal(fixture->seen[0], "schema_full intents/extra.json:1 $.intents[0].wordings[0]");
}

static void test_replies(void **state) {
    struct content *content = fixture_load(*state, 0);
    const struct content_reply *reply = &content->replies[content_reply_index(content, "definition")];
    assert_int_equal(reply->by_language[0].count, 2);
    assert_int_equal(reply->by_language[0].variants[0].count, 1);
    assert_int_equal(reply->by_language[0].variants[1].count, 2);
    assert_string_equal(reply->by_language[0].variants[1].messages[1], "dua.");
    assert_string_equal(reply->sources[0], "000-01");
    assert_int_equal(reply->quick_count, 1);
    assert_string_equal(reply->quick[0].intent, "fit");
    assert_string_equal(reply->quick[0].label.text[1], "Would it suit me?"); /* the intent's title */
    content_free(content);
}

static int read_answer(void *context, enum expression_kind kind, const char *name, size_t place,
                       double *number, const char **text) {
    (void)kind;
    (void)name;
    (void)place;
    *number = *(const double *)context;
    *text = NULL;
    return 1;
}

static void test_dialogue(void **state) {
    struct content *content = fixture_load(*state, 0);
    const struct content_dialogue *dialogue = &content->dialogues[content_dialogue_index(content, "fit")];
    assert_int_equal(dialogue->step_count, 3);
    assert_int_equal(dialogue->keep_days, 30);
    assert_int_equal(dialogue->intro, content_reply_index(content, "fit_intro"));
    const struct content_step *people = content_step(dialogue, "people");
    assert_int_equal(people->type, STEP_SCALE);
    assert_int_equal(people->choice_count, 3);
    assert_true(people->choices[2].value == 5);
    assert_string_equal(people->choices[2].words.words[0][0], "iya"); /* folded */
    assert_int_equal(people->retry_max, 2);
    assert_string_equal(people->scores[0].name, "fit");
    assert_int_equal(people->next_count, 2);
    assert_string_equal(people->next[1].go, "years");
    double value = 4;
    struct expression_scope scope = {.read = read_answer, .context = &value};
    assert_int_equal(expression_holds(people->next[0].when, &scope), 1);
    value = 2;
    assert_int_equal(expression_holds(people->next[0].when, &scope), 0);
    assert_null(content_step(dialogue, "nothing"));
    assert_int_equal(dialogue->results[0].keep_as_plan, 1);
    assert_null(dialogue->results[1].when);
    assert_int_equal(dialogue->lists[0].limit, 3);
    assert_true(people->place.line > 1);
    content_free(content);
}

/* The hash decides whether a stored answer is still valid: it follows the question, choices and bounds,
 * nothing else. */
static uint64_t hash_with(struct fixture *fixture, const char *step) {
    const char *text =
        arena_format(fixture->arena,
                     "{\"id\": \"fit\", \"version\": 1, \"title\": {\"id\": \"a\", \"en\": \"a\"}, "
                     "\"steps\": [%s], \"results\": [{\"id\": \"r\", \"reply\": \"definition\"}]}",
                     step);
    fixture_put(fixture, "responses/dialogues/fit.json", text, 0);
    struct content *content = fixture_load(fixture, 0);
    assert_non_null(content);
    uint64_t hash = content->dialogues[0].steps[0].hash;
    content_free(content);
    return hash;
}

static void test_step_hash(void **state) {
    struct fixture *fixture = *state;
#define ASK "\"ask\": {\"id\": \"Berapa?\", \"en\": \"How many?\"}"
    uint64_t hash = hash_with(fixture, "{\"id\": \"s\", \"type\": \"number\", \"max\": 9, " ASK "}");
    assert_true(hash ==
                hash_with(fixture,
                          "{\"id\": \"s\", \"type\": \"number\", \"max\": 9, " ASK
                          ", \"hint\": {\"id\": \"x\", \"en\": \"x\"}, \"names\": {\"id\": [\"jumlah\"]}}"));
    assert_true(hash != hash_with(fixture, "{\"id\": \"s\", \"type\": \"number\", \"max\": 8, " ASK "}"));
    assert_true(hash != hash_with(fixture, "{\"id\": \"s\", \"type\": \"text\", \"max\": 9, " ASK "}"));
    assert_true(hash !=
                hash_with(fixture,
                          "{\"id\": \"s\", \"type\": \"number\", \"max\": 9, \"ask\": {\"id\": \"Berapa "
                          "banyak?\", \"en\": \"How many?\"}}"));
}

static void test_site(void **state) {
    struct content *content = fixture_load(*state, 0);
    assert_string_equal(content->site.bot_name, "Pandu");
    assert_int_equal(content->site.zone_minutes, 420);
    assert_int_equal(content->site.has_counsellor, 0);
    assert_string_equal(content->site.data_keeper.text[1], "Pusat Karier");
    assert_int_equal(content->address_word_count, 3);
    assert_string_equal(content->address_words[0].text.text[0], "kamu");
    assert_int_equal(content->help_line_count, 1);
    assert_string_equal(content->help_lines[0].use, "crisis");
    assert_null(content->help_lines[0].region);
    assert_true(content->thresholds.answer_score > 0.61F && content->thresholds.answer_score < 0.63F);
    content_free(content);
}

static void put_overlay(struct fixture *fixture) {
    fixture_put(fixture, "site.json",
                "{\"bot_name\": \"Bina\", \"address\": \"Anda\", \"time_zone\": \"-03:30\", \"counsellor\": "
                "{\"name\": "
                "{\"id\": \"Bu Rina\", \"en\": \"Ms Rina\"}}}",
                1);
    fixture_put(fixture, "intents/mine.json",
                "{\"topic\": \"mine\", \"classes\": {\"career\": {\"id\": [\"jalan hidup\"]}}, \"intents\": ["
                "{\"id\": \"yes\", \"kind\": \"control\", \"patterns\": [\"betul\"], \"then\": {\"control\": "
                "\"deny\"}, "
                "\"examples\": [\"betul\"]}, {\"id\": \"new\", \"kind\": \"reply\", \"patterns\": "
                "[\"{career} baru\"], "
                "\"then\": {\"reply\": \"definition\"}, \"examples\": [\"jalan hidup baru\"]}]}",
                1);
    fixture_put(fixture, "responses/mine.json",
                "{\"topic\": \"mine\", \"replies\": [{\"id\": \"definition\", \"text\": {\"id\": "
                "[\"Lain.\"], \"en\": "
                "[\"Other.\"]}}]}",
                1);
    fixture_put(fixture, "responses/help_lines.json",
                "{\"help_lines\": [{\"id\": \"line\", \"use\": [\"crisis\", \"abuse\"], \"name\": {\"id\": "
                "\"a\", \"en\": "
                "\"a\"}, \"how\": {\"id\": \"b\", \"en\": \"b\"}, \"source\": [\"s\"], \"checked\": "
                "\"2026-11-22\"}]}",
                1);
}

/* By id: what the overlay has replaces the shipped one at its place; site.json goes key by key. */
static void test_overlay(void **state) {
    struct fixture *fixture = *state;
    put_overlay(fixture);
    struct content *content = fixture_load(fixture, 0);
    assert_non_null(content);
    assert_int_equal(content->intent_count, 4);
    assert_int_equal(content->intents[content_intent_index(content, "yes")].control, CONTROL_DENY);
    assert_string_equal(content->intents[3].id, "new");
    assert_string_equal(
        content->replies[content_reply_index(content, "definition")].by_language[0].variants[0].messages[0],
        "Lain.");
    assert_string_equal(content->site.bot_name, "Bina");
    assert_string_equal(content->site.name.text[0], "Pusat Karier"); /* not in the overlay: the shipped one */
    assert_int_equal(content->site.zone_minutes, -210);
    assert_int_equal(content->site.has_counsellor, 1);
    assert_string_equal(content->address_words[0].text.text[0], "Anda");
    assert_int_equal(content->help_line_count, 2); /* one for each use */
    struct pattern_scratch *scratch = pattern_scratch_new(content->patterns);
    struct pattern_hit hit;
    assert_int_equal(pattern_match_first(content->patterns, scratch, "apa itu karier", 14, &hit), 0);
    assert_int_equal(pattern_match_first(content->patterns, scratch, "apa itu jalan hidup", 19, &hit), 1);
    pattern_scratch_free(scratch);
    content_free(content);
}

static void test_all_or_nothing(void **state) {
    struct fixture *fixture = *state;
    fixture_put(fixture, "responses/broken.json", "{\"topic\": \"x\",", 0);
    assert_null(fixture_load(fixture, 0));
    assert_int_equal(fixture->seen_count, 1);
    fixture_put(fixture, "responses/broken.json", "{\"topic\": \"x\", \"replies\": []}", 0);
    struct content *content = fixture_load(fixture, 0);
    assert_non_null(content);
    content_free(content);
}

/* Mistakes come in the order of files and lines, from several files in one run. */
static void test_order(void **state) {
    struct fixture *fixture = *state;
    fixture_put(fixture, "intents/z.json", "{\"topic\": \"z\",\n \"intents\": [{\"id\": \"z\"}],\n \"x\": 1}",
                0);
    fixture_put(fixture, "responses/broken.json", "{\n\"topic\" \"x\"}", 0);
    assert_null(fixture_load(fixture, 0));
    static const char *const expected[] = {
        "schema_required intents/z.json:2 $.intents[0]", "schema_required intents/z.json:2 $.intents[0]",
        "schema_required intents/z.json:2 $.intents[0]", "schema_unknown intents/z.json:3 $.x",
        "json_syntax responses/broken.json:2 $"};
    assert_int_equal(fixture->seen_count, sizeof expected / sizeof *expected);
    for (size_t i = 0; i < fixture->seen_count; i++) {
        assert_string_equal(fixture->seen[i], expected[i]);
    }
}

/* Understanding alone (benchmarks, tests) needs no replies; pandu check asks for them. */
static void test_understanding_only(void **state) {
    struct fixture *fixture = *state;
    fixture->count = 2; /* normalise.json and vocabulary.json */
    struct content *content = fixture_load(fixture, 0);
    assert_non_null(content);
    assert_string_equal(content->site.bot_name, "Pandu");
    content_free(content);
    assert_null(fixture_load(fixture, 1));
    assert_true(fixture->seen_count > 40);
}

static void test_hash(void **state) {
    struct fixture *fixture = *state;
    struct content *content = fixture_load(fixture, 0);
    uint64_t before = content->hash;
    content_free(content);
    content = fixture_load(fixture, 1);
    assert_true(content->hash == before);
    content_free(content);
    fixture_put(fixture, "intents/z.json", "{\"topic\": \"z\", \"intents\": []}", 0);
    content = fixture_load(fixture, 0);
    assert_true(content->hash != before);
    content_free(content);
}

static void test_references(void **state) {
    struct content *content = fixture_load(*state, 0);
    assert_ptr_equal(content_hold(content), content);
    content_free(content);
    assert_string_equal(content->site.bot_name, "Pandu"); /* still there for the other owner */
    content_free(content);
    content_free(NULL);
}

static void test_localized(void **state) {
    (void)state;
    struct localized both = {{"a", "b"}}, second = {{NULL, "b"}}, none = {{NULL}};
    assert_string_equal(localized_text(&both, 1, 0), "b");
    assert_string_equal(localized_text(&both, 5, 0), "a");
    assert_string_equal(localized_text(&both, -1, 1), "b");
    assert_string_equal(localized_text(&second, 0, 0), "b");
    assert_string_equal(localized_text(&none, 0, 0), "");
}

/* No files, no options, no reporter: an error, never a crash. */
static void test_nothing(void **state) {
    (void)state;
    assert_null(content_load(NULL, 0, NULL));
    struct content_load_options silent = {"id", 1, NULL, NULL};
    assert_null(content_load(NULL, 0, &silent));
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
int main(void) {
    const struct CMUnitTest tests[] = {
        CASE(test_intents),
        CASE(test_owners),
        CASE(test_patterns_match),
        CASE(test_wordings),
        CASE(test_long_wording),
        CASE(test_replies),
        CASE(test_dialogue),
        CASE(test_step_hash),
        CASE(test_site),
        CASE(test_overlay),
        CASE(test_all_or_nothing),
        CASE(test_order),
        CASE(test_understanding_only),
        CASE(test_hash),
        CASE(test_references),
        cmocka_unit_test(test_localized),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
