/* intent: the total order with its reasons, scope and after, unless, second opinion, second chance, several
 * questions. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "domain/content/content.h"
#include "domain/author/author_pattern.h"
#include "domain/intent/intent.h"
#include "domain/pattern/pattern.h"
#include "domain/similar/similar.h"
#include "json/value.h"

static const char normalise[] =
    "{\"languages\":["
    "{\"code\":\"id\",\"name\":\"Bahasa Indonesia\",\"markers\":[\"yang\",\"apa\"],\"forms\":{}},"
    "{\"code\":\"en\",\"name\":\"English\",\"markers\":[\"the\",\"what\"],\"forms\":{}}]}";

/* What the tests understand: id, title or NULL, priority, safety, scope, after, patterns, unless, examples.
 */
struct spec {
    const char *id, *title;
    enum intent_kind kind;
    int priority, is_safety;
    const char *scope, *after;
    const char *patterns[3], *unless, *examples[3];
};

static const struct spec specs[] = {
    {"salary",
     "Gaji",
     INTENT_KIND_ANSWER,
     0,
     0,
     NULL,
     NULL,
     {"gaji", "gaji {gap} sosial"},
     NULL,
     {"gaji pekerja sosial berapa"}},
    {"social",
     "Sosial",
     INTENT_KIND_ANSWER,
     0,
     0,
     NULL,
     NULL,
     {"kerja sosial", "apa {gap3} sosial"},
     "bukan {gap2} sosial",
     {"kerja sosial itu apa", "pengertian kerja sosial"}},
    {"start",
     "Mulai",
     INTENT_KIND_ANSWER,
     0,
     0,
     NULL,
     NULL,
     {"mulai {gap} kerja", "mulai {gap1} dari mana"},
     NULL,
     {"mulai kerja dari mana", "cara masuk dunia relawan"}},
    {"stop", "Berhenti", INTENT_KIND_CONTROL, 5, 0, NULL, NULL, {"berhenti"}, NULL, {"berhenti dulu"}},
    {"crisis",
     NULL,
     INTENT_KIND_ESCALATION,
     0,
     1,
     NULL,
     NULL,
     {"mati", "bunuh diri"},
     "lampu mati",
     {"ingin mati"}},
    {"more", "Lagi", INTENT_KIND_REPLY, 0, 0, "quiz", NULL, {"gaji pekerja"}, NULL, {"lagi dong"}},
    {"next", "Lanjut", INTENT_KIND_REPLY, 0, 0, NULL, "quiz.second", {"gaji"}, NULL, {"teruskan"}},
    {"alpha", "Alpha", INTENT_KIND_ANSWER, 0, 0, NULL, NULL, {"sama persis"}, NULL, {"sama persis alpha"}},
    {"beta",
     "Beta",
     INTENT_KIND_ANSWER,
     0,
     0,
     NULL,
     NULL,
     {"sama persis"},
     NULL,
     {"sama persis beta dong kak"}},
    {"near",
     "Dekat",
     INTENT_KIND_ANSWER,
     0,
     0,
     NULL,
     NULL,
     {"tidak pernah ada"},
     NULL,
     {"cuti melahirkan berapa lama", "lama cuti ibu hamil"}},
    {"secret",
     NULL,
     INTENT_KIND_ACTION,
     0,
     0,
     NULL,
     NULL,
     {"tidak pernah ada juga"},
     NULL,
     {"hapus semua dataku sekarang juga", "hapus dataku"}},
    {"worn",
     "Lelah",
     INTENT_KIND_ESCALATION,
     0,
     0,
     NULL,
     NULL,
     {"letih"},
     NULL,
     {"tetangga kami di ujung jalan itu kemarin malam pergi jauh sekali naik kapal besar ke pulau sunyi"}},
    {"dull", "Bosan", INTENT_KIND_ANSWER, 0, 0, NULL, NULL, {"bosan"}, NULL, {"ingin kabur saja"}},
};
enum { SALARY, SOCIAL, START, STOP, CRISIS, MORE, NEXT, ALPHA, BETA, NEAR, SECRET, WORN, DULL, SPECS };

struct fixture {
    struct arena *arena, *turn;
    struct value *file;
    struct content content;
    struct content_intent intents[SPECS];
    struct content_pattern_owner owners[64];
    struct pattern_scratch *scratch;
};

static const char *const *no_words(void *context, const char *name, size_t length, int language,
                                   size_t *count) {
    (void)context, (void)name, (void)length, (void)language;
    *count = 0;
    return NULL;
}

static void add_pattern(struct fixture *fixture, const char *written, uint32_t intent, size_t index,
                        enum content_role role, struct content_pattern *out) {
    const struct author_classes classes = {.words = no_words};
    struct buf buf;
    unsigned gaps;
    int value;
    buf_init(&buf, 0);
    assert_int_equal(
        author_pattern_expand(&classes, fixture->content.lexicon, written, fixture->arena, &buf, NULL), 0);
    int64_t number = pattern_add(fixture->content.patterns, buf_text(&buf), buf.length, 0, NULL);
    assert_in_range(number, 0, 63);
    author_pattern_captures(buf_text(&buf), &gaps, &value);
    fixture->owners[number] = (struct content_pattern_owner){.owner = intent,
                                                             .index = (uint16_t)index,
                                                             .role = (uint8_t)role,
                                                             .gap_captures = (uint8_t)gaps,
                                                             .value_capture = (int8_t)value};
    out->written = written;
    out->number = (uint32_t)number;
    buf_close(&buf);
}

static void add_intent(struct fixture *fixture, uint32_t index, const struct spec *spec) {
    struct content_intent *intent = &fixture->intents[index];
    intent->id = spec->id;
    intent->kind = spec->kind;
    intent->title.text[0] = spec->title;
    intent->priority = spec->priority;
    intent->is_safety = spec->is_safety;
    intent->lets_resume = spec->kind == INTENT_KIND_ESCALATION && !spec->is_safety;
    intent->similar_may_answer = spec->kind == INTENT_KIND_ANSWER;
    intent->scope = &spec->scope;
    intent->scope_count = spec->scope != NULL;
    intent->after = &spec->after;
    intent->after_count = spec->after != NULL;
    intent->patterns = arena_array(fixture->arena, 3, sizeof *intent->patterns);
    intent->unless = arena_array(fixture->arena, 1, sizeof *intent->unless);
    for (; intent->pattern_count < 3 && spec->patterns[intent->pattern_count]; intent->pattern_count++)
        add_pattern(fixture, spec->patterns[intent->pattern_count], index, intent->pattern_count,
                    CONTENT_ROLE_INTENT, &intent->patterns[intent->pattern_count]);
    if (spec->unless)
        add_pattern(fixture, spec->unless, index, intent->unless_count++, CONTENT_ROLE_UNLESS,
                    &intent->unless[0]);
    for (size_t i = 0; i < 3 && spec->examples[i]; i++)
        assert_int_equal(
            similar_add(fixture->content.similar, index, spec->examples[i], strlen(spec->examples[i]), 1), 0);
}

/* Danger and distress that no pattern of theirs knows. */
static const struct {
    uint32_t intent;
    const char *text;
} veiled[] = {{CRISIS, "pamit selamanya kepada dunia fana"},
              {CRISIS, "titip kucingku setelah kepergianku nanti"},
              {WORN, "hampa pamit selamanya dunia kelabu"}};

static int set_up_with(void **state, size_t veiled_count) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    struct content *content = &fixture->content;
    fixture->arena = arena_new(0);
    fixture->turn = arena_new(0);
    fixture->file = value_parse(normalise, sizeof normalise - 1, NULL);
    const struct value *files[] = {fixture->file};
    content->lexicon = lexicon_new(files, 1, fixture->arena, NULL, NULL);
    content->patterns = pattern_set_new();
    content->similar = similar_new();
    content->intents = fixture->intents;
    content->intent_count = SPECS;
    content->pattern_owners = fixture->owners;
    content->thresholds = (struct content_thresholds){0.5F, 0.1F, 0.3F};
    for (uint32_t i = 0; i < SPECS; i++)
        add_intent(fixture, i, &specs[i]);
    for (size_t i = 0; i < veiled_count; i++)
        assert_int_equal(
            similar_add(content->similar, veiled[i].intent, veiled[i].text, strlen(veiled[i].text), 1), 0);
    lexicon_add_word(content->lexicon, 0, "berhenti", 8, 1);
    assert_int_equal(pattern_set_seal(content->patterns, NULL), 0);
    assert_int_equal(similar_seal(content->similar), 0);
    fixture->scratch = pattern_scratch_new(content->patterns);
    *state = fixture;
    return 0;
}

static int set_up(void **state) {
    return set_up_with(state, 0);
}

static int set_up_veiled(void **state) {
    return set_up_with(state, sizeof veiled / sizeof *veiled);
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    pattern_scratch_free(fixture->scratch);
    pattern_set_free(fixture->content.patterns);
    similar_free(fixture->content.similar);
    value_free(fixture->file);
    arena_free(fixture->turn);
    arena_free(fixture->arena);
    free(fixture);
    return 0;
}

static struct intent_decision decide_in(struct fixture *fixture, const char *message,
                                        const struct intent_context *context) {
    struct text text;
    struct intent_decision decision;
    arena_reset(fixture->turn);
    text_fold(fixture->content.lexicon, message, strlen(message), TEXT_NO_LANGUAGE, fixture->turn, &text);
    intent_decide(&fixture->content, fixture->scratch, &text, context, fixture->turn, &decision);
    return decision;
}

static struct intent_decision decide(struct fixture *fixture, const char *message) {
    return decide_in(fixture, message, NULL);
}

static void check_answer(const struct intent_decision *decision, uint32_t intent, int by_similarity) {
    assert_int_equal(decision->outcome, INTENT_ANSWER);
    assert_int_equal(decision->intent, intent);
    assert_int_equal(decision->by_similarity, by_similarity);
}

/* The first candidate of intent must have lost for this reason. */
static void check_lost(const struct intent_decision *decision, uint32_t intent, enum intent_lost lost) {
    for (size_t i = 0; i < decision->candidate_count; i++) {
        if (decision->candidates[i].intent != intent)
            continue;
        assert_int_equal(decision->candidates[i].lost, lost);
        return;
    }
    fail_msg("intent %u is no candidate", (unsigned)intent);
}

static void more_literal_words_win(void **state) {
    const struct intent_context running = {"quiz", "first", NULL}; /* the index keeps out of dialogues */
    struct intent_decision decision = decide_in(*state, "gaji. kerja sosial", &running);
    check_answer(&decision, SOCIAL, 0);
    assert_int_equal(decision.candidates[0].words, 2);
    assert_int_equal(decision.candidates[0].gaps, 0);
    check_lost(&decision, SALARY, INTENT_LOST_WORDS);
    decision =
        decide_in(*state, "gaji kerja sosial", &running); /* two words each; the gap makes the span longer */
    check_answer(&decision, SALARY, 0);
    check_lost(&decision, SOCIAL, INTENT_LOST_SPAN);
}

static void safety_goes_first(void **state) {
    struct intent_decision decision =
        decide(*state, "berhenti kerja sosial gaji berapa mulai dari mana mati");
    check_answer(&decision, CRISIS, 0);
    check_lost(&decision, STOP, INTENT_LOST_SAFETY);
    const struct intent_context running = {"quiz", "second", "x"};
    decision = decide_in(*state, "gaji pekerja mati", &running);
    check_answer(&decision, CRISIS, 0);
}

static void priority_goes_before_words(void **state) {
    struct intent_decision decision = decide(*state, "berhenti kerja sosial");
    check_answer(&decision, STOP, 0);
    check_lost(&decision, SOCIAL, INTENT_LOST_PRIORITY);
    assert_int_equal(decision.candidates[1].lost_to, STOP);
}

static void the_dialogue_goes_before_priority(void **state) {
    const struct intent_context running = {"quiz", "first", NULL}, asked = {"quiz", "second", NULL},
                                said = {NULL, NULL, "quiz.second"}, other = {"quizz", "second", NULL};
    struct intent_decision decision = decide_in(*state, "berhenti gaji pekerja", &running);
    check_answer(&decision, MORE, 0);
    check_lost(&decision, STOP, INTENT_LOST_DIALOGUE);
    check_lost(&decision, NEXT, INTENT_LOST_AFTER);
    decision = decide_in(*state, "gaji", &asked);
    check_answer(&decision, NEXT, 0);
    decision = decide_in(*state, "gaji", &said);
    check_answer(&decision, NEXT, 0);
    decision = decide_in(*state, "gaji pekerja", &other);
    check_answer(&decision, SALARY, 0);
    check_lost(&decision, MORE, INTENT_LOST_SCOPE);
    check_lost(&decision, NEXT, INTENT_LOST_AFTER);
}

static void unless_takes_out(void **state) {
    struct intent_decision decision = decide(*state, "apa itu kerja sosial bukan yang sosial");
    check_lost(&decision, SOCIAL, INTENT_LOST_UNLESS);
    assert_false(decision.outcome == INTENT_ANSWER && !decision.by_similarity);
}

static void unless_must_explain_the_words_of_danger(void **state) {
    struct intent_decision decision = decide(*state, "lampu mati");
    check_lost(&decision, CRISIS, INTENT_LOST_UNLESS);
    assert_int_not_equal(decision.outcome, INTENT_ANSWER);
    decision = decide(*state, "lampu mati dan aku mau bunuh diri");
    check_answer(&decision, CRISIS, 0);
}

static void ids_break_ties(void **state) {
    struct intent_decision decision = decide(*state, "sama persis");
    check_answer(&decision, ALPHA, 0);
    check_lost(&decision, BETA, INTENT_LOST_ID);
    assert_int_equal(decision.suggestions[0].intent, BETA); /* the runner-up */
}

static void other_patterns_of_the_winner_are_told_apart(void **state) {
    struct intent_decision decision = decide(*state, "gaji pekerja sosial");
    check_answer(&decision, SALARY, 0);
    assert_int_equal(decision.candidates[0].pattern, 1);
    assert_int_equal(decision.candidates[0].words, 2);
    assert_int_equal(decision.candidates[0].gaps, 1);
    assert_int_equal(decision.candidates[1].pattern, 0);
    assert_int_equal(decision.candidates[1].lost, INTENT_LOST_SAME_INTENT);
}

static void examples_give_a_second_opinion(void **state) {
    /* both match, "alpha" by id; the example of beta is nearly the message */
    struct intent_decision decision = decide(*state, "sama persis beta dong kak");
    check_answer(&decision, BETA, 0);
    check_lost(&decision, ALPHA, INTENT_LOST_NEAREST);
    decision = decide(
        *state, "sama persis beta"); /* the pattern says it whole, but the other is as long and nearer */
    assert_int_equal(decision.outcome, INTENT_SUGGEST);
    assert_true(decision.is_doubtful);
    assert_int_equal(decision.suggestions[0].intent, BETA);
    assert_int_equal(decision.suggestions[1].intent, ALPHA);
    const struct intent_context running = {"quiz", "first", NULL};
    decision = decide_in(*state, "sama persis beta dong kak", &running);
    check_answer(&decision, ALPHA, 0); /* in a dialogue patterns keep their word */
    decision = decide(*state, "mati cuti melahirkan berapa lama");
    check_answer(&decision, CRISIS, 0); /* danger is not doubted */
    decision = decide(*state, "berapa lama cuti melahirkan gaji");
    assert_int_equal(decision.outcome, INTENT_SUGGEST);
    assert_true(decision.is_doubtful);
    assert_int_equal(decision.suggestions[0].intent, NEAR);
    assert_int_equal(decision.suggestions[1].intent, SALARY);
}

static void care_is_given_where_it_alone_would_be_asked_back(void **state) {
    /* one word of seven says little: another intent is asked back */
    struct intent_decision decision = decide(*state, "bosan memang lalu tetangga sebelah memasak rendang");
    assert_int_equal(decision.outcome, INTENT_SUGGEST);
    assert_int_equal(decision.suggestion_count, 1);
    assert_int_equal(decision.suggestions[0].intent, DULL);
    decision = decide(*state, "letih memang lalu tetangga sebelah memasak rendang");
    check_answer(&decision, WORN, 0);
    assert_int_equal(decision.suggestion_count, 0);
    decision = decide(*state, "berapa lama cuti melahirkan letih"); /* something else is nearer */
    assert_int_equal(decision.outcome, INTENT_SUGGEST);
    assert_int_equal(decision.suggestions[0].intent, NEAR);
}

static void the_index_answers_and_asks_where_no_pattern_matches(void **state) {
    struct intent_decision decision = decide(*state, "berapa lama cuti melahirkan");
    check_answer(&decision, NEAR, 1);
    decision = decide(*state, "cuti orang itu sampai bulan depan kah");
    assert_int_equal(decision.outcome, INTENT_NONE);
    decision = decide(*state, "ibu orang itu cuti bulan depan");
    assert_int_equal(decision.outcome, INTENT_SUGGEST);
    assert_int_equal(decision.suggestions[0].intent, NEAR);
    decision = decide(*state,
                      "hapus dataku"); /* an action is never run by search, and without a title not offered */
    assert_int_equal(decision.nearest[0].intent, SECRET);
    assert_int_not_equal(decision.outcome, INTENT_ANSWER);
    for (size_t i = 0; i < decision.suggestion_count; i++)
        assert_int_not_equal(decision.suggestions[i].intent, SECRET);
    decision = decide(*state, "xyzzy");
    assert_int_equal(decision.outcome, INTENT_NONE);
    assert_int_equal(decision.suggestion_count, 0);
    decision = decide(*state, "");
    assert_int_equal(decision.outcome, INTENT_NONE);
}

/* Thresholds are set by the scores found: other specs of this file change those. */
static void a_clear_lead_answers_from_a_little_farther(void **state) {
    struct fixture *fixture = *state;
    const struct content_thresholds before = fixture->content.thresholds;
    static const char far[] = "cuti melahirkan ke bulan naik roket";
    const struct intent_context running = {"quiz", "first", NULL}; /* its question is likely meant */
    struct intent_decision decision = decide(fixture, far);
    float score = decision.nearest[0].score;
    fixture->content.thresholds.answer_score = score * 1.05F;
    decision = decide(fixture, far);
    check_answer(&decision, NEAR, 1);
    decision = decide_in(fixture, far, &running);
    assert_int_equal(decision.outcome, INTENT_SUGGEST);
    fixture->intents[NEAR].is_outside = 1; /* "not my field" is said for no less */
    decision = decide(fixture, far);
    assert_int_equal(decision.outcome, INTENT_SUGGEST);
    fixture->intents[NEAR].is_outside = 0;
    fixture->content.thresholds.answer_score = score * 1.15F;
    decision = decide(fixture, far);
    assert_int_equal(decision.outcome, INTENT_SUGGEST);
    fixture->content.thresholds = before;
}

static void a_long_message_is_near_for_less(void **state) {
    struct fixture *fixture = *state;
    const struct content_thresholds before = fixture->content.thresholds;
    static const char rambling[] = "ingin sekali semua warga tahu jam buka pasar malam selama hamil";
    struct intent_decision brief = decide(fixture, "ibu orang itu cuti bulan depan");
    fixture->content.thresholds.suggest_score = brief.nearest[0].score * 1.1F;
    brief = decide(fixture, "ibu orang itu cuti bulan depan");
    assert_int_equal(brief.outcome, INTENT_NONE);
    struct intent_decision decision = decide(fixture, rambling);
    fixture->content.thresholds.suggest_score = decision.nearest[0].score * 1.1F;
    decision = decide(fixture, rambling);
    assert_int_equal(decision.outcome, INTENT_SUGGEST);
    struct content_intent *nearest = &fixture->intents[decision.nearest[0].intent];
    assert_int_equal(nearest->is_safety, 0);
    nearest->is_safety = 1; /* where danger is nearest no everyday topic is named for less */
    decision = decide(fixture, rambling);
    assert_int_equal(decision.outcome, INTENT_NONE);
    nearest->is_safety = 0;
    fixture->content.thresholds = before;
}

static void a_pattern_that_read_little_is_doubted_sooner(void **state) {
    struct fixture *fixture = *state;
    const struct content_thresholds before = fixture->content.thresholds;
    static const char mixed[] = "gaji orang itu katanya masih tetap ada juga selama cuti";
    struct intent_decision decision = decide(fixture, mixed);
    check_answer(&decision, SALARY, 0); /* what is nearer is not near */
    assert_int_equal(decision.nearest[0].intent, NEAR);
    fixture->content.thresholds.suggest_score = decision.nearest[0].score * 0.9F;
    decision = decide(fixture, mixed);
    assert_int_equal(decision.outcome, INTENT_SUGGEST);
    assert_true(decision.is_doubtful);
    assert_int_equal(decision.suggestions[0].intent, NEAR);
    assert_int_equal(decision.suggestions[1].intent, SALARY);
    fixture->intents[NEAR].is_safety = 1; /* danger is not offered for so little */
    decision = decide(fixture, mixed);
    check_answer(&decision, SALARY, 0);
    fixture->intents[NEAR].is_safety = 0;
    fixture->content.thresholds = before;
}

/* 1 if the message is near danger; both ways of deciding say the same. */
static int is_near_danger(struct fixture *fixture, const char *message,
                          const struct intent_context *context) {
    struct intent_decision decision = decide_in(fixture, message, context), brief;
    struct text text;
    text_fold(fixture->content.lexicon, message, strlen(message), TEXT_NO_LANGUAGE, fixture->turn, &text);
    intent_decide_briefly(&fixture->content, fixture->scratch, &text, context, fixture->turn, &brief);
    assert_int_equal(brief.is_near_danger, decision.is_near_danger);
    return decision.is_near_danger;
}

static void danger_in_veils_is_seen(void **state) {
    const struct intent_context running = {"tour", "first", NULL};
    assert_true(is_near_danger(*state, "tolong titip kucingku setelah kepergianku nanti ya", NULL));
    assert_false(is_near_danger(*state, "titip kucingku setelah kepergianku", NULL)); /* too short to tell */
    assert_false(is_near_danger(*state, "sebenarnya cuti melahirkan itu berapa lama", NULL));
    assert_false(is_near_danger(*state,
                                "zebra helikopter kuning manggis gergaji kucing"
                                "traktor rebung gerobak kompor sepatu lemari obeng payung bantal",
                                NULL)); /* far */
    assert_false(
        is_near_danger(*state, "selamanya kepada dunia lama cuti sekali", NULL)); /* another is as near */
    assert_true(
        is_near_danger(*state, "aku pamit selamanya kepada dunia hampa", NULL));      /* distress is, too */
    assert_false(is_near_danger(*state, "titip kucingku nanti ya ingin mati", NULL)); /* it is told plainly */
    assert_true(is_near_danger(*state, "tolong titip kucingku setelah kepergianku nanti ya", &running));
}

static void danger_beside_a_pattern_is_seen_if_that_read_little(void **state) {
    const struct intent_context running = {"tour", "first", NULL};
    const char *thin = "gaji kecil, titip kucingku setelah kepergianku nanti";
    assert_true(is_near_danger(*state, thin, NULL));
    assert_true(is_near_danger(*state, thin, &running));
    assert_false(is_near_danger(*state, "gaji gaji gaji titip kucingku nanti", NULL));
    assert_true(
        is_near_danger(*state, "letih, pamit selamanya kepada dunia fana", NULL)); /* worn by pattern */
}

static void figures_of_speech_are_not_near_danger(void **state) {
    assert_false(is_near_danger(*state, "lampu mati, titip kucingku setelah kepergianku nanti", NULL));
}

static void typing_errors_get_a_second_chance(void **state) {
    struct intent_decision decision = decide(*state, "brhenti");
    check_answer(&decision, STOP, 0);
    assert_non_null(decision.corrected);
    assert_string_equal(decision.corrected->folded, "berhenti");
    decision = decide(*state, "berhenti");
    assert_null(decision.corrected);
}

static size_t decide_parts(struct fixture *fixture, const char *message, struct intent_decision *out,
                           size_t limit) {
    struct text text;
    arena_reset(fixture->turn);
    text_fold(fixture->content.lexicon, message, strlen(message), TEXT_NO_LANGUAGE, fixture->turn, &text);
    return intent_decide_parts(&fixture->content, fixture->scratch, &text, NULL, fixture->turn, out, limit);
}

static void two_questions_are_both_decided(void **state) {
    struct intent_decision parts[4];
    assert_int_equal(decide_parts(*state, "Kerja sosial itu apa? Gajinya gaji berapa?", parts, 4), 2);
    assert_int_equal(parts[0].intent, SOCIAL);
    assert_int_equal(parts[1].intent, SALARY);
    assert_true(parts[0].end <= parts[1].start);
    assert_int_equal(decide_parts(*state, "kerja sosial itu apa, terus gaji berapa", parts, 4), 2);
    assert_int_equal(decide_parts(*state, "kerja sosial itu apa, terus gaji berapa", parts, 1), 1);
    /* one question twice, a question with a remark, a command or danger beside it: one message */
    assert_true(decide_parts(*state, "gaji berapa? gaji berapa?", parts, 4) < 2);
    assert_true(decide_parts(*state, "gaji berapa? aku bingung.", parts, 4) < 2);
    assert_true(decide_parts(*state, "berhenti. gaji berapa?", parts, 4) < 2);
    assert_true(decide_parts(*state, "gaji berapa? aku mau mati", parts, 4) < 2);
    assert_int_equal(decide_parts(*state, "gaji", parts, 4), 0);
}

static void explains_everything(void **state) {
    struct fixture *fixture = *state;
    struct text text;
    struct intent_decision decision;
    struct buf out;
    const char *message = "Berhenti dulu KERJA sosial, gaji sosial";
    arena_reset(fixture->turn);
    text_fold(fixture->content.lexicon, message, strlen(message), TEXT_NO_LANGUAGE, fixture->turn, &text);
    intent_decide(&fixture->content, fixture->scratch, &text, NULL, fixture->turn, &decision);
    buf_init(&out, 0);
    intent_explain(&fixture->content, &text, &decision, &out);
    const char *words = buf_text(&out);
    assert_non_null(strstr(words, "raw:      Berhenti dulu KERJA sosial, gaji sosial"));
    assert_non_null(strstr(words, "folded:   berhenti dulu kerja sosial gaji sosial"));
    assert_non_null(strstr(words, "answer stop (by pattern)"));
    assert_non_null(strstr(words, "social pattern[0] \"kerja sosial\""));
    assert_non_null(strstr(words, "lost to stop by priority (0 to 5)"));
    assert_non_null(strstr(words, "another pattern of this intent is better"));
    assert_non_null(strstr(words, "similar:  "));
    buf_close(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(more_literal_words_win),
        cmocka_unit_test(safety_goes_first),
        cmocka_unit_test(priority_goes_before_words),
        cmocka_unit_test(the_dialogue_goes_before_priority),
        cmocka_unit_test(unless_takes_out),
        cmocka_unit_test(unless_must_explain_the_words_of_danger),
        cmocka_unit_test(ids_break_ties),
        cmocka_unit_test(other_patterns_of_the_winner_are_told_apart),
        cmocka_unit_test(examples_give_a_second_opinion),
        cmocka_unit_test(care_is_given_where_it_alone_would_be_asked_back),
        cmocka_unit_test(the_index_answers_and_asks_where_no_pattern_matches),
        cmocka_unit_test(a_clear_lead_answers_from_a_little_farther),
        cmocka_unit_test(a_long_message_is_near_for_less),
        cmocka_unit_test(a_pattern_that_read_little_is_doubted_sooner),
        cmocka_unit_test_setup_teardown(danger_in_veils_is_seen, set_up_veiled, tear_down),
        cmocka_unit_test_setup_teardown(danger_beside_a_pattern_is_seen_if_that_read_little, set_up_veiled,
                                        tear_down),
        cmocka_unit_test_setup_teardown(figures_of_speech_are_not_near_danger, set_up_veiled, tear_down),
        cmocka_unit_test(typing_errors_get_a_second_chance),
        cmocka_unit_test(two_questions_are_both_decided),
        cmocka_unit_test(explains_everything),
    };
    return cmocka_run_group_tests_name("intent", tests, set_up, tear_down);
}
