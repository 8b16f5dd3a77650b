/* domain/authoring: groups, what is personal, copies of visitors' words, patterns proposed, overlays,
 * comparison. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "app/files.h"
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "domain/authoring/cluster.h"
#include "domain/authoring/compare.h"
#include "domain/authoring/overlay.h"
#include "domain/authoring/privacy.h"
#include "domain/authoring/trail.h"
#include "domain/authoring/wording.h"
#include "domain/content/content.h"
#include "domain/pattern/pattern.h"
#include "domain/text/text.h"
#include "json/value.h"

#include "banned.h"

struct fixture {
    struct arena *arena;
    struct content *content;
    struct pattern_scratch *scratch;
};

static int setup(void **state) {
    static struct fixture fixture;
    struct content_load_options options = {.language = "en"};
    fixture.arena = arena_new(0);
    fixture.content = app_content_load(PANDU_SOURCE, NULL, &options, NULL);
    assert_non_null(fixture.content);
    fixture.scratch = pattern_scratch_new(fixture.content->patterns);
    *state = &fixture;
    return 0;
}

static int teardown(void **state) {
    struct fixture *fixture = *state;
    pattern_scratch_free(fixture->scratch);
    content_free(fixture->content);
    arena_free(fixture->arena);
    return 0;
}

static struct text fold(struct fixture *fixture, const char *words) {
    struct text text;
    text_fold(fixture->content->lexicon, words, strlen(words), TEXT_NO_LANGUAGE, fixture->arena, &text);
    return text;
}

static const char *masked(struct fixture *fixture, const char *words) {
    struct text text = fold(fixture, words);
    return privacy_masked(fixture->content, fixture->scratch, &text, 0, 200, fixture->arena);
}

/* ---- groups ---- */

static void the_same_in_other_words_is_one_group(void **state) {
    struct fixture *fixture = *state;
    static const char *const common[] = {"apa itu karier ?",          "bagaimana cara bekerja di sana",
                                         "apa bedanya gaji dan upah", "aku mau tahu cara",
                                         "berapa gaji di sana ?",     "bagaimana cara pindah",
                                         "apa bisa di rumah ?",       "bisa di mana saja",
                                         "bagaimana cara di kantor",  "cara bisa di sana apa ?",
                                         "apa bisa bagaimana"};
    static const struct cluster_text texts[] = {{"bagaimana cara magang di kelurahan", 2},
                                                {"harga saham bbca hari ini", 1},
                                                {"magang kelurahan apa bisa ?", 5},
                                                {"harga saham hari ini berapa ?", 9},
                                                {"", 1}};
    const struct cluster *clusters = NULL;
    assert_int_equal(clusters_make(texts, 5, common, 11, fixture->arena, &clusters), 3);
    assert_int_equal(clusters[0].count, 10);     /* the largest first */
    assert_int_equal(clusters[0].members[0], 3); /* and its most frequent wording */
    assert_int_equal(clusters[0].members[1], 1);
    assert_int_equal(clusters[1].count, 7);
    assert_int_equal(clusters[1].member_count, 2);
    assert_int_equal(clusters[2].member_count, 1);
    assert_int_equal(clusters_make(texts, 0, common, 11, fixture->arena, &clusters), 0);
}

/* ---- what is personal ---- */

static void numbers_contacts_and_names_are_masked(void **state) {
    struct fixture *fixture = *state;
    static const char *const pairs[][2] = {
        {"gaji 2,5 juta cukup ga", "gaji # juta cukup ga"},
        {"wa aku 0812-3456-7890 ya", "wa aku [contact] ya"},
        {"email rina.s@example.com dong", "email [contact] dong"},
        {"ig aku @rina_s kak", "ig aku [contact] kak"},
        {"nomorku kosong delapan satu dua tiga", "nomorku # # # # #"},
        {"satu atau dua tahun", "satu atau dua tahun"},
        {"kata pak Wiryanto gaji itu rahasia", "kata pak [name] gaji itu rahasia"},
        {"kata bu wiryanti gaji itu rahasia", "kata bu [name] gaji itu rahasia"},
        {"aku Wiryo mau kerja", "aku [name] mau kerja"},
        {"namaku zulhamdi, mau kerja", "namaku [name], mau kerja"},
        {"siti sama joko kerja di HRD", "[name] sama [name] kerja di HRD"},
        {"Gaji guru berapa?\nmakasih", "Gaji guru berapa? makasih"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_string_equal(masked(fixture, pairs[i][0]), pairs[i][1]);
    }
}

static void a_long_message_is_cut_behind_the_mask(void **state) {
    struct fixture *fixture = *state;
    struct text text = fold(fixture, "gaji gaji gaji 12345 gaji");
    assert_string_equal(privacy_masked(fixture->content, fixture->scratch, &text, 1, 16, fixture->arena),
                        "gaji gaji gaji #...");
    struct buf many;
    buf_init(&many, 0);
    for (int i = 0; i < PRIVACY_MAX + 20; i++) {
        (void)buf_add_format(&many, "%d gaji ", i + 7);
    }
    const char *all = masked(fixture, buf_text(&many));
    assert_null(strpbrk(all, "0123456789")); /* what nobody looked at is not shown */
    buf_close(&many);
}

/* ---- an author's wording ---- */

static int is_copy(struct fixture *fixture, const char *own, const char *said) {
    struct text left = fold(fixture, own), right = fold(fixture, said);
    return wording_is_copy(&left, &right);
}

static void copies_are_known(void **state) {
    struct fixture *fixture = *state;
    assert_true(is_copy(fixture, "gaji guru honorer berapa", "Gaji guru honorer brp??"));
    assert_true(is_copy(fixture, "berapa gaji guru honorer dong kak", "kak gaji guru honorer berapa ya"));
    assert_true(is_copy(fixture, "tolong jelaskan cara melamar magang di kantor desa untuk siswa",
                        "aku bingung cara melamar magang di kantor desa padahal sudah lulus"));
    assert_true(is_copy(fixture, "gaji guru honorer berapa sebulan", "gaji guru honorer berapa"));
    assert_false(is_copy(fixture, "berapa bayaran guru honorer", "gaji guru honorer berapa"));
    assert_false(is_copy(fixture, "gaji guru", "gaji guru honorer berapa"));
    assert_false(is_copy(fixture, "...", "!!!"));
}

static void patterns_are_proposed_of_rare_words(void **state) {
    struct fixture *fixture = *state;
    const char *patterns[WORDING_PATTERNS];
    struct text text = fold(fixture, "bagaimana cara sulam di kelurahan");
    size_t count = wording_patterns(fixture->content, &text, fixture->arena, patterns);
    assert_int_equal(count, WORDING_PATTERNS);
    assert_string_equal(patterns[0], "sulam {gap3} kelurahan");
    text = fold(fixture, "kelurahan");
    assert_int_equal(wording_patterns(fixture->content, &text, fixture->arena, patterns), 0);
}

/* ---- overlays ---- */

static struct content_file file(const char *name, const char *bytes, int layer) {
    return (struct content_file){name, name, bytes, strlen(bytes), layer};
}

#define SHIPPED \
    "{\"$schema\":\"../bot/schema/" \
    "intents.json\",\"topic\":\"pay\",\"intents\":[{\"id\":\"a\",\"kind\":\"answer\"}," \
    "{\"id\":\"pay\",\"patterns\":[\"x\"],\"examples\":[\"one\"]}]}"

static void an_example_goes_to_the_sites_own_copy(void **state) {
    struct fixture *fixture = *state;
    struct content_file files[] = {file("intents/money.json", SHIPPED, 0), file("site.json", "{}", 1),
                                   file("intents/pay.json", "{\"topic\":\"pay\",\"intents\":[]}", 1)};
    struct overlay_place place;
    struct buf out;
    struct err err = {0};
    buf_init(&out, 0);
    assert_true(overlay_find(files, 2, "pay", fixture->arena, &place));
    assert_string_equal(place.name, "intents/pay.json");
    assert_int_equal(place.file, 2);
    assert_false(place.is_own_copy);
    assert_int_equal(overlay_add(files, 2, &place, "pay", "two", NULL, &out, &err), 0);
    assert_string_equal(
        buf_text(&out),
        "{\n  \"$schema\": \"../../bot/schema/intents.json\",\n  \"topic\": \"pay\",\n  \"intents\": "
        "[{\"id\": \"pay\", \"patterns\": [\"x\"], \"examples\": [\"one\", \"two\"]}]\n}\n");
    files[2] = file("intents/pay.json", arena_text(fixture->arena, buf_text(&out)), 1);
    buf_clear(&out);
    assert_true(overlay_find(files, 3, "pay", fixture->arena, &place));
    assert_true(place.is_own_copy);
    assert_int_equal(overlay_add(files, 3, &place, "pay", "three", "x {gap} y", &out, &err), 0);
    assert_non_null(strstr(
        buf_text(&out), "\"patterns\": [\"x\", \"x {gap} y\"], \"examples\": [\"one\", \"two\", \"three\"]"));
    assert_int_equal(overlay_add(files, 3, &place, "pay", "one", NULL, &out, &err), ERR_CONFLICT);
    assert_false(overlay_find(files, 3, "none", fixture->arena, &place));
    buf_close(&out);
}

/* ---- comparison ---- */

static void has_change(const struct compare_change *changes, size_t count, enum compare_kind kind,
                       enum compare_how how, const char *id, const char *members) {
    for (size_t i = 0; i < count; i++) {
        if (changes[i].kind == kind && changes[i].how == how && strcmp(changes[i].id, id) == 0) {
            assert_string_equal(changes[i].members, members);
            return;
        }
    }
    fail_msg("no change of %s", id);
}

static void changes_are_found_thing_by_thing(void **state) {
    struct fixture *fixture = *state;
    struct content_file before[] = {
        file("intents/a.json",
             "{\"classes\":{\"c\":{\"id\":[\"x\"]}},\"intents\":[{\"id\":\"a\",\"patterns\":[\"1\"]},{\"id\":"
             "\"gone\"}]}",
             0),
        file("responses/dialogues/d.json",
             "{\"id\":\"d\",\"version\":1,\"steps\":[{\"id\":\"s\",\"ask\":\"?\"}],\"results\":[{\"id\":"
             "\"r\"}]}",
             0),
        file("responses/site.json", "{\"bot_name\":\"A\",\"language\":\"id\"}", 0)};
    struct content_file after[] = {file("intents/b.json",
                                        "{\"classes\":{\"c\":{\"id\":[\"y\"]}},\"intents\":[{\"id\":\"a\","
                                        "\"patterns\":[\"2\"],\"priority\":1}]}",
                                        0),
                                   file("responses/dialogues/d.json",
                                        "{\"id\":\"d\",\"version\":2,\"steps\":[{\"id\":\"s\",\"ask\":\"!\"},"
                                        "{\"id\":\"t\"}],\"results\":[{\"id\":\"r\"}]}",
                                        0),
                                   file("responses/site.json", "{\"bot_name\":\"A\",\"language\":\"id\"}", 0),
                                   file("site.json", "{\"bot_name\":\"B\"}", 1)};
    const struct compare_change *changes = NULL;
    size_t count = compare_contents(before, 3, after, 4, fixture->arena, &changes);
    has_change(changes, count, COMPARE_INTENT, COMPARE_CHANGED, "a", "patterns, priority");
    has_change(changes, count, COMPARE_INTENT, COMPARE_REMOVED, "gone", "");
    has_change(changes, count, COMPARE_DIALOGUE, COMPARE_CHANGED, "d", "version");
    has_change(changes, count, COMPARE_STEP, COMPARE_CHANGED, "d.s", "ask");
    has_change(changes, count, COMPARE_STEP, COMPARE_ADDED, "d.t", "");
    has_change(changes, count, COMPARE_CLASS, COMPARE_CHANGED, "c", "id");
    has_change(changes, count, COMPARE_SETTING, COMPARE_CHANGED, "site.json bot_name", "");
    assert_int_equal(count, 7);
    assert_int_equal(compare_contents(after, 4, after, 4, fixture->arena, &changes), 0);
}

/* ---- where conversations stand ---- */

static void many_conversations_are_remembered(void **state) {
    (void)state;
    struct trail *trail = trail_new();
    assert_null(trail_get(trail, 5).dialogue);
    for (int64_t i = 0; i < 20000; i++) {
        char step[16];
        (void)snprintf(step, sizeof step, "s%d", (int)(i % 7));
        struct trail_place place = {i % 2 ? "d" : NULL, step, NULL};
        assert_int_equal(trail_set(trail, i * 1000003, &place), 0);
    }
    for (int64_t i = 0; i < 20000; i++) {
        struct trail_place place = trail_get(trail, i * 1000003);
        assert_true(i % 2 ? strcmp(place.dialogue, "d") == 0 : place.dialogue == NULL);
        assert_int_equal(place.step[1] - '0', i % 7);
        assert_null(place.reply);
    }
    trail_free(trail);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_in_other_words_is_one_group),
        cmocka_unit_test(numbers_contacts_and_names_are_masked),
        cmocka_unit_test(a_long_message_is_cut_behind_the_mask),
        cmocka_unit_test(copies_are_known),
        cmocka_unit_test(patterns_are_proposed_of_rare_words),
        cmocka_unit_test(an_example_goes_to_the_sites_own_copy),
        cmocka_unit_test(changes_are_found_thing_by_thing),
        cmocka_unit_test(many_conversations_are_remembered),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
