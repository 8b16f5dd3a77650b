/* dialogue: moving an answer toward a sign never lowers the score or the result, in any dialogue: random
   steps, choices, weights, thresholds and answers. The generator has its own fixed seed, so a failure can be
   repeated. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "domain/dialogue/dialogue.h"

enum { DIALOGUES = 400, STEPS_MAX = 10, CHOICES_MAX = 6, RESULTS = 3 };

/* xorshift64*, Vigna 2016: only variety is asked of it. */
static uint64_t next(uint64_t *seed) {
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return *seed * 2685821657736338717u;
}

static int below(uint64_t *seed, int limit) {
    return (int)(next(seed) % (uint64_t)limit);
}

static struct content_step random_step(struct arena *arena, uint64_t *seed, int number) {
    int count = 2 + below(seed, CHOICES_MAX - 1);
    struct content_choice *choices = arena_array(arena, (size_t)count, sizeof *choices);
    for (int i = 0; i < count; i++) {
        choices[i].id = arena_format(arena, "c%d", i);
        choices[i].value = below(seed, 21) - 10;
    }
    struct content_score *score = arena_alloc(arena, sizeof *score);
    score->name = "fit";
    score->weight = below(seed, 9) - 4;
    struct content_step step = {.id = arena_format(arena, "s%d", number),
                                .type = STEP_SCALE,
                                .choices = choices,
                                .choice_count = (size_t)count,
                                .scores = score,
                                .score_count = (size_t)(below(seed, 5) > 0)};
    return step;
}

static struct content_dialogue random_dialogue(struct arena *arena, uint64_t *seed) {
    size_t count = 1 + (size_t)below(seed, STEPS_MAX);
    struct content_step *steps = arena_array(arena, count, sizeof *steps);
    for (size_t i = 0; i < count; i++) {
        steps[i] = random_step(arena, seed, (int)i);
    }
    struct content_result *results = arena_array(arena, RESULTS, sizeof *results);
    int high = 20 + below(seed, 80), low = below(seed, high);
    results[0].id = "strong";
    results[0].when = expression_parse(arena_format(arena, "score.fit >= %d", high), NULL, arena, NULL);
    results[1].id = "partly";
    results[1].when = expression_parse(arena_format(arena, "score.fit >= %d", low), NULL, arena, NULL);
    results[2].id = "not_yet";
    return (struct content_dialogue){
        .id = "d", .steps = steps, .step_count = count, .results = results, .result_count = RESULTS};
}

static void answer(struct session_frame *frame, const struct content_step *step, size_t choice) {
    struct session_answer *kept = NULL;
    for (size_t i = 0; i < frame->answer_count; i++) {
        kept = strcmp(frame->answers[i].step, step->id) == 0 ? &frame->answers[i] : kept;
    }
    if (!kept) {
        kept = &frame->answers[frame->answer_count++];
    }
    *kept = (struct session_answer){.step = step->id,
                                    .kind = ANSWER_CHOICE,
                                    .choice = step->choices[choice].id,
                                    .number = step->choices[choice].value,
                                    .said = ""};
}

/* Score (-1 unknown) and rank of the result, 0 the strongest. */
static double judge(const struct dialogue_run *run, long *rank) {
    struct dialogue_path path;
    double score = -1;
    dialogue_path(run, &path);
    if (!dialogue_score(run, &path, "fit", &score)) {
        score = -1;
    }
    *rank = dialogue_result(run, &path) - run->dialogue->results;
    assert_true(score >= -1 && score <= 100.000001);
    return score;
}

/* The choice that speaks more for the sign than this one, or the same. */
static size_t better_choice(const struct content_step *step, size_t choice, uint64_t *seed) {
    double sign = step->scores->weight < 0 ? -1 : 1;
    size_t other = (size_t)below(seed, (int)step->choice_count);
    return sign * step->choices[other].value >= sign * step->choices[choice].value ? other : choice;
}

static void try_dialogue(struct arena *arena, uint64_t *seed) {
    struct content_dialogue dialogue = random_dialogue(arena, seed);
    struct session session;
    struct session_frame frame;
    session_init(&session, arena);
    memset(&frame, 0, sizeof frame);
    struct dialogue_run run = {.dialogue = &dialogue, .session = &session, .frame = &frame, .arena = arena};
    size_t chosen[STEPS_MAX];
    for (size_t i = 0; i < dialogue.step_count; i++) {
        chosen[i] = (size_t)below(seed, (int)dialogue.steps[i].choice_count);
        if (below(seed, 4) > 0) {
            answer(&frame, &dialogue.steps[i], chosen[i]);
        }
    }
    for (int move = 0; move < 10; move++) {
        long rank = 0, rank_after = 0;
        double score = judge(&run, &rank);
        size_t i = (size_t)below(seed, (int)dialogue.step_count);
        if (!session_answer(&frame, dialogue.steps[i].id)) {
            continue;
        }
        chosen[i] = better_choice(&dialogue.steps[i], chosen[i], seed);
        answer(&frame, &dialogue.steps[i], chosen[i]);
        double score_after = judge(&run, &rank_after);
        assert_true(score_after >= score);
        assert_true(rank_after <= rank);
    }
}

static void never_lowers(void **state) {
    (void)state;
    uint64_t seed = 20261122;
    for (int i = 0; i < DIALOGUES; i++) {
        struct arena *arena = arena_new(0);
        assert_non_null(arena);
        try_dialogue(arena, &seed);
        arena_free(arena);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(never_lowers)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
