/* Scores, computed from the answers of the path whenever they are asked for; none is ever stored.
   Monotone by construction: each answer enters one weighted sum, scaled between its step's least and greatest
   value. Called by: dialogue/path (conditions), dialogue/result, engine (bars). */
#include "domain/dialogue/dialogue.h"

#include <math.h>
#include <string.h>

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

int dialogue_score(const struct dialogue_run *run, const struct dialogue_path *path, const char *name,
                   double *score) {
    double sum = 0, weights = 0;
    for (size_t i = 0; i < path->count; i++) {
        const struct content_step *step = path->steps[i];
        const struct session_answer *answer = session_answer(run->frame, step->id);
        double scaled = 0;
        if (!answer || !dialogue_scaled(step, answer, &scaled)) {
            continue;
        }
        for (size_t j = 0; j < step->score_count; j++) {
            if (strcmp(step->scores[j].name, name) == 0) {
                double weight = step->scores[j].weight;
                sum += weight < 0 ? -weight * (100 - scaled) : weight * scaled;
                weights += fabs(weight);
            }
        }
    }
    if (weights <= 0) {
        return 0;
    }
    *score = sum / weights;
    return 1;
}

int dialogue_rank(const struct dialogue_run *run, const struct dialogue_path *path, const char *name,
                  double *rank) {
    double own = 0;
    int is_before = 1; /* declared before the one asked for */
    if (!dialogue_score(run, path, name, &own)) {
        return 0;
    }
    *rank = 1;
    for (size_t i = 0; i < run->dialogue->score_count; i++) {
        double other = 0;
        if (strcmp(run->dialogue->scores[i], name) == 0) {
            is_before = 0;
        } else if (dialogue_score(run, path, run->dialogue->scores[i], &other) &&
                   (other > own || (is_before && other >= own))) {
            *rank += 1;
        }
    }
    return 1;
}
