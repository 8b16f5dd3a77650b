/* Scores, computed from the answers of the path whenever they are asked for; none is ever stored.
   Monotone by construction: each answer enters one weighted sum, scaled between its step's least and greatest
   value. Called by: dialogue/path (conditions), dialogue/result, engine (bars). */
#include "domain/dialogue/dialogue.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"

#include "banned.h"

/* Least and greatest value an answer of the step can have; 0 when it has no scale. */
static int step_range(const struct content_step *step, double *least, double *greatest) {
    if (step->type == STEP_CONFIRM) {
        *least = 0;
        *greatest = 1;
        return 1;
    }
    if (step->type == STEP_NUMBER) {
        *least = step->minimum;
        *greatest = step->maximum;
        return step->has_minimum && step->has_maximum && *greatest > *least;
    }
    if (step->choice_count == 0) {
        return 0;
    }
    *least = *greatest = step->choices[0].value;
    for (size_t i = 1; i < step->choice_count; i++) {
        *least = fmin(*least, step->choices[i].value);
        *greatest = fmax(*greatest, step->choices[i].value);
    }
    return *greatest > *least;
}

static double answer_value(const struct content_step *step, const struct session_answer *answer) {
    for (size_t i = 0; answer->choice && i < step->choice_count; i++) {
        if (strcmp(step->choices[i].id, answer->choice) == 0) {
            return step->choices[i].value;
        }
    }
    return answer->number;
}

int dialogue_scaled(const struct content_step *step, const struct session_answer *answer, double *scaled) {
    double least = 0, greatest = 0;
    if ((answer->kind != ANSWER_CHOICE && answer->kind != ANSWER_NUMBER) ||
        !step_range(step, &least, &greatest)) {
        return 0;
    }
    double value = fmin(fmax(answer_value(step, answer), least), greatest);
    *scaled = (value - least) / (greatest - least) * 100;
    return 1;
}

static int is_same(const char *one, const char *other) {
    return one[0] == other[0] && strcmp(one, other) == 0;
}

/* What an answer adds to the sum of a score, and to its weights. */
struct sum {
    double points, weights;
};

static void add(struct sum *sum, double weight, double scaled) {
    sum->points += weight < 0 ? -weight * (100 - scaled) : weight * scaled;
    sum->weights += fabs(weight);
}

static struct sum sum_one(const struct dialogue_run *run, const struct dialogue_path *path,
                          const char *name) {
    struct sum sum = {0, 0};
    for (size_t i = 0; i < path->count; i++) {
        const struct content_step *step = path->steps[i];
        double scaled = 0;
        int is_scaled = 0;
        for (size_t j = 0; j < step->score_count; j++) {
            if (!is_same(step->scores[j].name, name)) {
                continue;
            }
            const struct session_answer *answer = is_scaled ? NULL : session_answer(run->frame, step->id);
            is_scaled = is_scaled || (answer && dialogue_scaled(step, answer, &scaled));
            if (!is_scaled) {
                break;
            }
            add(&sum, step->scores[j].weight, scaled);
        }
    }
    return sum;
}

/* All scores in one pass; sums has one for each of the dialogue. */
static void sum_all(const struct dialogue_run *run, const struct dialogue_path *path, struct sum *sums) {
    const struct content_dialogue *dialogue = run->dialogue;
    for (size_t i = 0; i < path->count; i++) {
        const struct content_step *step = path->steps[i];
        const struct session_answer *answer =
            step->score_count > 0 ? session_answer(run->frame, step->id) : NULL;
        double scaled = 0;
        if (!answer || !dialogue_scaled(step, answer, &scaled)) {
            continue;
        }
        for (size_t j = 0; j < step->score_count; j++) {
            for (size_t k = 0; k < dialogue->score_count; k++) {
                if (is_same(step->scores[j].name, dialogue->scores[k])) {
                    add(&sums[k], step->scores[j].weight, scaled);
                }
            }
        }
    }
}

/* Place among the dialogue's scores; their count: it is none of them. */
static size_t score_index(const struct content_dialogue *dialogue, const char *name) {
    size_t i = 0;
    while (i < dialogue->score_count && !is_same(dialogue->scores[i], name)) {
        i++;
    }
    return i;
}

/* The sums of all scores; of a path that is remembered they are, too. */
static const struct sum *sums_of(const struct dialogue_run *run, const struct dialogue_path *path) {
    const void **kept = dialogue_path_scores(run, path);
    if (kept != NULL && *kept != NULL) {
        return *kept;
    }
    struct sum *sums = arena_array(run->arena, run->dialogue->score_count + 1, sizeof *sums);
    sum_all(run, path, sums);
    if (kept != NULL) {
        *kept = sums;
    }
    return sums;
}

int dialogue_score(const struct dialogue_run *run, const struct dialogue_path *path, const char *name,
                   double *score) {
    size_t index = dialogue_path_scores(run, path) != NULL ? score_index(run->dialogue, name)
                                                           : run->dialogue->score_count;
    struct sum sum =
        index < run->dialogue->score_count ? sums_of(run, path)[index] : sum_one(run, path, name);
    if (sum.weights <= 0) {
        return 0;
    }
    *score = sum.points / sum.weights;
    return 1;
}

int dialogue_rank(const struct dialogue_run *run, const struct dialogue_path *path, const char *name,
                  double *rank) {
    const size_t count = run->dialogue->score_count;
    double own = 0;
    if (!dialogue_score(run, path, name, &own)) {
        return 0;
    }
    const struct sum *sums = sums_of(run, path);
    size_t before =
        score_index(run->dialogue, name); /* of those declared before it an equal one stands higher */
    *rank = 1;
    for (size_t i = 0; i < count; i++) {
        double other = sums[i].weights > 0 ? sums[i].points / sums[i].weights : -1;
        *rank += i != before && (other > own || (i < before && other >= own));
    }
    return 1;
}
