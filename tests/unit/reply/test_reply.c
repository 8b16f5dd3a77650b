/* domain/reply: variants, placeholders, splitting, quick replies. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/utf8.h"
#include "domain/content/content.h"
#include "domain/engine/engine.h"
#include "domain/reply/reply.h"
#include "domain/session/session.h"
#include "banned.h"

enum { ID, EN };

struct fixture {
    struct arena *arena;
    struct content content;
    struct content_reply replies[4];
    struct content_intent intents[2];
    struct content_help_line help[3];
    struct content_address_word words[3];
    struct session session;
};

static const char *const variant_one[] = {"Satu."};
static const char *const variant_two[] = {"Dua."};
static const char *const variant_three[] = {"Tiga,", "dalam dua pesan, {slot.name|kamu}."};
static const char *const variant_english[] = {"Hi, {slot.name}!"};
static const struct reply_variant indonesian[] = {{variant_one, 1}, {variant_two, 1}, {variant_three, 2}};
static const struct reply_variant english[] = {{variant_english, 1}};
static const struct content_quick quick[] = {
    {.intent = "fit"}, {.intent = "missing"}, {.label = {{"Ya", "Yes"}}, .say = {{"ya", "yes"}}}};
static const struct content_link links[] = {{{{"Situs", "Site"}}, "https://example.org"}};

static void set_index(struct map *map, const char *id, uintptr_t index) {
    assert_int_equal(map_set(map, id, (void *)(index + 1)), 0);
}

static void fill_content(struct fixture *fixture) {
    struct content *content = &fixture->content;
    fixture->replies[0] = (struct content_reply){.id = "many"};
    fixture->replies[0].by_language[ID].variants = indonesian;
    fixture->replies[0].by_language[ID].count = 3;
    fixture->replies[1] = (struct content_reply){
        .id = "one", .quick = quick, .quick_count = 3, .links = links, .link_count = 1};
    fixture->replies[1].by_language[ID].variants = indonesian + 2;
    fixture->replies[1].by_language[ID].count = 1;
    fixture->replies[1].by_language[EN].variants = english;
    fixture->replies[1].by_language[EN].count = 1;
    fixture->intents[0] =
        (struct content_intent){.id = "fit", .title = {{"Cocokkah {you}?", "Does it suit you?"}}};
    fixture->help[0] = (struct content_help_line){.use = "crisis",
                                                  .name = {{"SEJIWA", "SEJIWA"}},
                                                  .how = {{"telepon 119", "call 119"}},
                                                  .note = {{"24 jam", NULL}}};
    fixture->help[1] =
        (struct content_help_line){.use = "abuse", .name = {{"SAPA", "SAPA"}}, .number = "129"};
    fixture->help[2] = (struct content_help_line){.use = "danger crisis",
                                                  .name = {{"Darurat", "Emergency"}},
                                                  .how = {{"112.", "112."}},
                                                  .note = {{"Gratis.", "Free."}}};
    fixture->words[0] = (struct content_address_word){"you", {{"kamu", "you"}}};
    fixture->words[1] = (struct content_address_word){"mu", {{"mu", ""}}};
    content->replies = fixture->replies;
    content->reply_count = 2;
    content->intents = fixture->intents;
    content->intent_count = 1;
    content->help_lines = fixture->help;
    content->help_line_count = 3;
    content->address_words = fixture->words;
    content->address_word_count = 2;
    content->reply_by_id = map_new();
    content->intent_by_id = map_new();
    set_index(content->reply_by_id, "many", 0);
    set_index(content->reply_by_id, "one", 1);
    set_index(content->intent_by_id, "fit", 0);
    content->site = (struct content_site){.name = {{"Pusat Karier", "Career Centre"}},
                                          .bot_name = "Pandu",
                                          .default_language = ID,
                                          .retention_days = 365,
                                          .data_keeper = {{"BK", "BK"}}};
}

static int setup(void **state) {
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    fixture.arena = arena_new(0);
    fill_content(&fixture);
    session_init(&fixture.session, fixture.arena);
    fixture.session.language = ID;
    *state = &fixture;
    return 0;
}

static int teardown(void **state) {
    struct fixture *fixture = *state;
    map_free(fixture->content.reply_by_id);
    map_free(fixture->content.intent_by_id);
    arena_free(fixture->arena);
    return 0;
}

/* name is known, empty is empty, trick looks like a placeholder */
static const char *fill(void *context, const char *name, struct arena *arena) {
    (void)arena;
    (void)context;
    return strcmp(name, "name") == 0    ? "Sari"
           : strcmp(name, "empty") == 0 ? ""
           : strcmp(name, "trick") == 0 ? "{bot_name} %s"
                                        : NULL;
}

static void renders_in(struct fixture *fixture, int language, const char *text, const char *expected) {
    assert_string_equal(reply_render(&fixture->content, language, text, fill, NULL, fixture->arena),
                        expected);
}

static void renders(struct fixture *fixture, const char *text, const char *expected) {
    renders_in(fixture, ID, text, expected);
}

static void fills_what_is_known(void **state) {
    struct fixture *fixture = *state;
    renders(fixture, "Aku {bot_name} dari {site_name}.", "Aku Pandu dari Pusat Karier.");
    renders(fixture, "Hai {name}, {you} apa kabar?", "Hai Sari, kamu apa kabar?");
    renders(fixture, "{retention_days} hari, {data_keeper}", "365 hari, BK");
    renders(fixture, "pekerjaan{mu} baru", "pekerjaanmu baru");
    renders_in(fixture, EN, "your job{mu} now", "your job now");
    renders_in(fixture, 7, "{site_name}", "Pusat Karier");
    renders(fixture, "{trick} 100% %n", "{bot_name} %s 100% %n");
    renders(fixture, "berkas: {export}", "berkas: {export}");
}

static void unknown_goes_with_one_blank(void **state) {
    struct fixture *fixture = *state;
    renders(fixture, "Hai {nobody} apa kabar", "Hai apa kabar");
    renders(fixture, "Hai, {empty}!", "Hai!");
    renders(fixture, "Hai, {nobody}", "Hai");
    renders(fixture, "{nobody}, apa kabar", "apa kabar");
    renders(fixture, "{nobody} apa kabar", "apa kabar");
    renders(fixture, "Satu.\n{nobody}\nDua.", "Satu.\nDua.");
    renders(fixture, "Satu.\n{nobody}", "Satu.");
    renders(fixture, "({nobody} x)", "(x)");
    renders(fixture, "{nobody}", "");
    renders(fixture, "Hai {counsellor_name} ya", "Hai ya");
}

static void alternatives_stand_in(void **state) {
    struct fixture *fixture = *state;
    renders(fixture, "Hai {slot.name|kamu}, ya", "Hai kamu, ya");
    renders(fixture, "Hai {name|kamu}, ya", "Hai Sari, ya");
    renders(fixture, "Hai {empty|dua kata} ya", "Hai dua kata ya");
    renders(fixture, "Hai {empty|} ya", "Hai ya");
}

static void braces_without_a_name_stay(void **state) {
    struct fixture *fixture = *state;
    renders(fixture, "{", "{");
    renders(fixture, "a {} b { c } {d", "a {} b { c } {d");
    renders(fixture, "<b>{x y}</b>", "<b>{x y}</b>");
}

static void help_lines_by_use_only(void **state) {
    struct fixture *fixture = *state;
    renders(fixture, "Hubungi:\n{help_lines:crisis}\nya",
            "Hubungi:\nSEJIWA: telepon 119. 24 jam\nDarurat: 112. Gratis.\nya");
    renders_in(fixture, EN, "{help_lines:danger}", "Emergency: 112. Free.");
    renders(fixture, "{help_lines:abuse}", "SAPA: 129");
    renders(fixture, "Hubungi:\n{help_lines:cris}\nya", "Hubungi:\nya");
    fixture->help[2].region = "Jakarta";
    renders(fixture, "{help_lines:danger}", "Darurat: 112. Gratis."); /* nobody said where people live */
    fixture->content.site.region = "Papua";
    renders(fixture, "{help_lines:crisis}", "SEJIWA: telepon 119. 24 jam");
    fixture->content.site.region = "Jakarta";
    renders(fixture, "{help_lines:danger}", "Darurat: 112. Gratis.");
}

static void never_the_same_variant_twice(void **state) {
    struct fixture *fixture = *state;
    struct message messages[4];
    const char *before = "";
    unsigned seen = 0;
    for (uint64_t seed = 0; seed < 60; seed++) {
        size_t count = reply_say(&fixture->content, &fixture->session, "many", seed % 3, fill, NULL,
                                 fixture->arena, messages, 4);
        assert_true(count == 1 || count == 2);
        assert_string_not_equal(messages[0].text, before);
        before = messages[0].text;
        seen |= messages[0].text[0] == 'S' ? 1u : messages[0].text[0] == 'D' ? 2u : 4u;
    }
    assert_int_equal(seen, 7);
    assert_int_equal(fixture->session.spoken.count, 1);
}

static void same_seed_same_words(void **state) {
    struct fixture *fixture = *state;
    struct message first[4], second[4];
    struct session copy = fixture->session;
    for (uint64_t seed = 0; seed < 10; seed++) {
        fixture->session.spoken.count = copy.spoken.count = 0;
        reply_say(&fixture->content, &fixture->session, "many", seed, fill, NULL, fixture->arena, first, 4);
        reply_say(&fixture->content, &copy, "many", seed, fill, NULL, fixture->arena, second, 4);
        assert_string_equal(first[0].text, second[0].text);
    }
}

static void forgets_the_oldest_spoken(void **state) {
    struct fixture *fixture = *state;
    struct session *session = &fixture->session;
    for (size_t i = 0; i < SESSION_SPOKEN_MAX; i++) {
        session_speak(session, arena_format(fixture->arena, "r%zu", i), 1);
    }
    session_speak(session, "r0", 3); /* now r1 was said longest ago */
    assert_int_equal(session_spoken(session, "r0"), 3);
    struct message messages[4];
    reply_say(&fixture->content, session, "many", 1, fill, NULL, fixture->arena, messages, 4);
    assert_int_equal(session->spoken.count, SESSION_SPOKEN_MAX);
    assert_int_not_equal(session_spoken(session, "many"), SESSION_VARIANT_UNKNOWN);
    assert_int_equal(session_spoken(session, "r1"), SESSION_VARIANT_UNKNOWN);
    assert_int_equal(session_spoken(session, "r2"), 1);
    assert_int_equal(session_spoken(session, "r0"), 3);
    assert_int_equal(session->spoken.order[0], 1); /* in the place of r1 */
    assert_int_equal(session->spoken.order[1], 0);
}

static void says_bubbles_quick_replies_and_links(void **state) {
    struct fixture *fixture = *state;
    struct message messages[4];
    session_set_slot(&fixture->session, "name", "Sari", 0);
    assert_int_equal(
        reply_say(&fixture->content, &fixture->session, "one", 1, NULL, NULL, fixture->arena, messages, 4),
        2);
    assert_string_equal(messages[1].text, "dalam dua pesan, Sari.");
    assert_string_equal(messages[1].reply, "one");
    assert_int_equal(messages[0].choice_count, 0);
    assert_int_equal(messages[1].choice_count, 2);
    assert_string_equal(messages[1].choices[0].label, "Cocokkah kamu?");
    assert_string_equal(messages[1].choices[0].payload, "0:fit");
    assert_string_equal(messages[1].choices[1].id, "say:ya");
    assert_string_equal(messages[1].links[0].label, "Situs");
    assert_string_equal(reply_numbered(&messages[1], fixture->arena), "1. Cocokkah kamu?\n2. Ya");
    assert_string_equal(reply_numbered(&messages[0], fixture->arena), "");
    fixture->session.language = EN;
    reply_say(&fixture->content, &fixture->session, "one", 1, NULL, NULL, fixture->arena, messages, 4);
    assert_string_equal(messages[0].text, "Hi, Sari!");
    assert_int_equal(
        reply_say(&fixture->content, &fixture->session, "none", 1, NULL, NULL, fixture->arena, messages, 4),
        0);
}

static void long_facts_are_shortened(void **state) {
    struct fixture *fixture = *state;
    struct message messages[4];
    char name[400];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    session_set_slot(&fixture->session, "name", name, 0);
    reply_say(&fixture->content, &fixture->session, "one", 1, NULL, NULL, fixture->arena, messages, 4);
    assert_int_equal(u8_count(messages[1].text, strlen(messages[1].text)), strlen("dalam dua pesan, .") + 81);
}

static void splits_at_sentences(void **state) {
    struct fixture *fixture = *state;
    const char *pieces[8];
    assert_int_equal(reply_split("Satu dua. Tiga empat lima", 18, fixture->arena, pieces, 8), 2);
    assert_string_equal(pieces[0], "Satu dua.");
    assert_string_equal(pieces[1], "Tiga empat lima");
    assert_int_equal(reply_split("ééééé", 2, fixture->arena, pieces, 8), 3);
    assert_string_equal(pieces[2], "é");
    assert_int_equal(reply_split("satu dua tiga empat", 6, fixture->arena, pieces, 2), 2);
    assert_string_equal(pieces[1], "dua tiga empat");
    assert_int_equal(reply_split("", 6, fixture->arena, pieces, 2), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(fills_what_is_known, setup, teardown),
        cmocka_unit_test_setup_teardown(unknown_goes_with_one_blank, setup, teardown),
        cmocka_unit_test_setup_teardown(alternatives_stand_in, setup, teardown),
        cmocka_unit_test_setup_teardown(braces_without_a_name_stay, setup, teardown),
        cmocka_unit_test_setup_teardown(help_lines_by_use_only, setup, teardown),
        cmocka_unit_test_setup_teardown(never_the_same_variant_twice, setup, teardown),
        cmocka_unit_test_setup_teardown(same_seed_same_words, setup, teardown),
        cmocka_unit_test_setup_teardown(forgets_the_oldest_spoken, setup, teardown),
        cmocka_unit_test_setup_teardown(says_bubbles_quick_replies_and_links, setup, teardown),
        cmocka_unit_test_setup_teardown(long_facts_are_shortened, setup, teardown),
        cmocka_unit_test_setup_teardown(splits_at_sentences, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
