/* dialogue: a remembered path is the one that would be computed now, whatever was answered, told or forgotten
   in between; and ranks are places among the scores. Random dialogues, fixed seed. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "domain/dialogue/dialogue.h"

enum { DIALOGUES = 200, CHANGES = 60, STEPS = 12, SCORES = 4, CHOICES = 3 };

static const char *const score_names[SCORES] = {"fit", "calm", "curious", "care"};
static struct content_choice choices[CHOICES] = {
    {.id = "no", .value = 1}, {.id = "so", .value = 2}, {.id = "yes", .value = 3}};

/* xorshift64*, Vigna 2016: only variety is asked of it. */
static size_t below(uint64_t *seed, size_t limit) {
    *seed ^= *seed >> 12;
    *seed ^= *seed << 25;
    *seed ^= *seed >> 27;
    return (size_t)(*seed * 2685821657736338717u >> 33) % limit;
}

static const struct expression *condition(struct arena *arena, uint64_t *seed, size_t before) {
    const char *name = score_names[below(seed, SCORES)];
    const char *text = NULL;
    switch (below(seed, 7)) {
    case 0: text = arena_format(arena, "answer.s%zu == \"yes\"", below(seed, before)); break;
    case 1: text = arena_format(arena, "skipped.s%zu or slot.job", below(seed, before)); break;
    case 2: text = arena_format(arena, "score.%s >= 50", name); break;
    case 3: text = arena_format(arena, "not (rank.%s == 1)", name); break;
    case 4: text = "slot.age >= 20"; break;
    default: return NULL;
    }
    const struct expression *parsed = expression_parse(text, NULL, arena, NULL);
    assert_non_null(parsed);
    return parsed;
}

static struct content_dialogue random_dialogue(struct arena *arena, uint64_t *seed) {
    struct content_step *steps = arena_array(arena, STEPS, sizeof *steps);
    for (size_t i = 0; i < STEPS; i++) {
        struct content_score *scores = arena_array(arena, 2, sizeof *scores);
        for (size_t j = 0; j < 2; j++) {
            scores[j] = (struct content_score){.name = score_names[below(seed, SCORES)],
                                               .weight = (double)below(seed, 7) - 3};
        }
        steps[i] = (struct content_step){.id = arena_format(arena, "s%zu", i),
                                         .type = STEP_CHOICE,
                                         .choices = choices,
                                         .choice_count = CHOICES,
                                         .scores = scores,
                                         .score_count = below(seed, 3),
                                         .when = i > 0 ? condition(arena, seed, i) : NULL};
        if (below(seed, 3) == 0) { /* leads on, or back, which may be a loop */
            struct content_next *next = arena_alloc(arena, sizeof *next);
            next->when = condition(arena, seed, i + 1);
            next->go = below(seed, 5) > 0 ? arena_format(arena, "s%zu", below(seed, STEPS)) : NULL;
            steps[i].next = next;
            steps[i].next_count = 1;
        }
    }
    return (struct content_dialogue){
        .id = "d", .steps = steps, .step_count = STEPS, .scores = score_names, .score_count = SCORES};
}

static void change_answer(struct session_frame *frame, const struct content_step *step, uint64_t *seed) {
    size_t at = 0, pick = below(seed, CHOICES + 1);
    while (at < frame->answer_count && strcmp(frame->answers[at].step, step->id) != 0) {
        at++;
    }
    frame->answer_count += at == frame->answer_count;
    frame->answers[at] = (struct session_answer){.step = step->id, .kind = ANSWER_SKIPPED};
    if (pick < CHOICES) {
        frame->answers[at].kind = ANSWER_CHOICE;
        frame->answers[at].choice = choices[pick].id;
        frame->answers[at].said = "";
    }
}

static void change(struct dialogue_run *run, uint64_t *seed) {
    static const char *const ages[] = {"17", "20", "30"};
    switch (below(seed, 8)) {
    case 0: session_set_slot(run->session, "age", ages[below(seed, 3)], 1); break;
    case 1: session_set_slot(run->session, "job", "kasir", 1); break;
    case 2: session_drop_slot(run->session, below(seed, 2) ? "job" : "age"); break;
    case 3: run->frame->answer_count -= run->frame->answer_count > 0; break;
    case 4: break; /* nothing */
    default: change_answer(run->frame, &run->dialogue->steps[below(seed, STEPS)], seed); break;
    }
}

static double plain_rank(const struct dialogue_run *run, const struct dialogue_path *path, size_t of) {
    double own = 0, other = 0, rank = 1;
    if (!dialogue_score(run, path, score_names[of], &own)) {
        return 0;
    }
    for (size_t i = 0; i < SCORES; i++) {
        int is_known = i != of && dialogue_score(run, path, score_names[i], &other);
        rank += is_known && (other > own || (i < of && other >= own));
    }
    return rank;
}

/* twin: the same dialogue, whose conditions know steps by name only. */
static void compare(struct dialogue_run *run, const struct content_dialogue *twin) {
    struct dialogue_path path, plain;
    struct dialogue_run forgetful = *run;
    forgetful.memo = NULL;
    forgetful.dialogue = twin;
    dialogue_path(run, &path);
    dialogue_path(&forgetful, &plain);
    assert_int_equal(path.count, plain.count);
    assert_int_equal(path.open, plain.open);
    for (size_t i = 0; i < plain.count; i++) {
        assert_int_equal(path.steps[i] - run->dialogue->steps, plain.steps[i] - twin->steps);
    }
    assert_memory_equal(path.answers, plain.answers, plain.count * sizeof plain.answers[0]);
    struct dialogue_path own;
    const struct dialogue_path *now = dialogue_path_now(run, &own);
    for (size_t i = 0; i < SCORES; i++) {
        double rank = 0, kept = 0;
        int is_known = dialogue_rank(run, &path, score_names[i], &rank);
        double expected = plain_rank(run, &path, i);
        assert_true(is_known == (expected > 0) && (!is_known || (rank >= expected && rank <= expected)));
        assert_int_equal(dialogue_rank(run, now, score_names[i], &kept), is_known);
        assert_memory_equal(&kept, &rank, sizeof rank);
        is_known = dialogue_score(&forgetful, &plain, score_names[i], &rank);
        assert_int_equal(dialogue_score(run, now, score_names[i], &kept), is_known);
        assert_true(!is_known || memcmp(&kept, &rank, sizeof rank) == 0);
    }
}

static void is_what_would_be_computed(void **state) {
    (void)state;
    uint64_t seed = 20261122;
    for (int i = 0; i < DIALOGUES; i++) {
        struct arena *arena = arena_new(0);
        assert_non_null(arena);
        struct content_dialogue dialogues[2], twins[2];
        for (size_t one = 0; one < 2; one++) {
            uint64_t same = seed;
            dialogues[one] = random_dialogue(arena, &seed);
            twins[one] = random_dialogue(arena, &same);
            dialogue_bind(&dialogues[one]); /* numbers mean what names do */
        }
        struct session session;
        struct session_frame frames[2];
        session_init(&session, arena);
        memset(frames, 0, sizeof frames);
        struct dialogue_memo *memo = dialogue_memo_new(arena);
        for (int j = 0; j < CHANGES; j++) {
            size_t one = below(&seed, 2);
            struct dialogue_run run = {.dialogue = &dialogues[one],
                                       .session = &session,
                                       .frame = &frames[one],
                                       .arena = arena,
                                       .memo = memo};
            change(&run, &seed);
            compare(&run, &twins[one]);
            compare(&run, &twins[one]); /* now remembered */
        }
        arena_free(arena);
    }
}

/* a leads far ahead to d, and d back to b, which was not asked yet: the walk from b on ends where d comes
 * again.
 */
static void asks_no_step_twice_when_walked_on(void **state) {
    (void)state;
    static const char *const ids[] = {"a", "b", "c", "d"};
    static const struct content_next ahead = {.go = "d"}, back = {.go = "b"};
    struct arena *arena = arena_new(0);
    struct content_step steps[4];
    memset(steps, 0, sizeof steps);
    for (size_t i = 0; i < 4; i++) {
        steps[i].id = ids[i];
        steps[i].type = STEP_TEXT;
    }
    steps[0].next = &ahead;
    steps[3].next = &back;
    steps[0].next_count = steps[3].next_count = 1;
    struct content_dialogue dialogue = {.id = "d", .steps = steps, .step_count = 4};
    struct session session;
    struct session_frame frame;
    session_init(&session, arena);
    memset(&frame, 0, sizeof frame);
    struct dialogue_run run = {.dialogue = &dialogue,
                               .session = &session,
                               .frame = &frame,
                               .arena = arena,
                               .memo = dialogue_memo_new(arena)};
    static const char *const answered[] = {"a", "d", "b"};
    for (size_t i = 0; i < 3; i++) {
        frame.answers[frame.answer_count++] =
            (struct session_answer){.step = answered[i], .kind = ANSWER_TEXT, .said = ""};
        compare(&run, &dialogue);
    }
    struct dialogue_path path;
    dialogue_path(&run, &path);
    assert_int_equal(path.count, 4);
    assert_ptr_equal(path.steps[path.open], &steps[2]);
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(is_what_would_be_computed),
                                       cmocka_unit_test(asks_no_step_twice_when_walked_on)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
