/* Counts runs of dialogues step by step. Never reads what people answered, only that they did. Called by:
   cli/funnel. */
#include "domain/authoring/funnel.h"

#include <string.h>

#include "base/arena.h"
#include "domain/content/content.h"
#include "domain/session/session.h"

#include "banned.h"

void funnels_init(struct funnels *funnels, const struct content *content, struct arena *arena) {
    *funnels = (struct funnels){arena_array(arena, content->dialogue_count + 1, sizeof *funnels->list),
                                content->dialogue_count, 0};
    for (size_t i = 0; i < content->dialogue_count; i++) {
        const struct content_dialogue *dialogue = &content->dialogues[i];
        funnels->list[i] = (struct funnel){
            .dialogue = dialogue,
            .steps = arena_array(arena, dialogue->step_count + 1, sizeof *funnels->list[i].steps),
            .results = arena_array(arena, dialogue->result_count + 1, sizeof *funnels->list[i].results)};
    }
}

/* NULL: the content has no such step, not even under another name. */
static struct funnel_step *find_step(const struct funnel *funnel, const char *id) {
    const struct content_dialogue *dialogue = funnel->dialogue;
    const struct content_step *step = id != NULL ? content_step(dialogue, id) : NULL;
    for (size_t i = 0; id != NULL && step == NULL && i < dialogue->rename_count; i++) {
        if (strcmp(dialogue->renames[i].from, id) == 0) {
            step = content_step(dialogue, dialogue->renames[i].to);
        }
    }
    return step != NULL ? &funnel->steps[step - dialogue->steps] : NULL;
}

static void count_answers(struct funnel *funnel, const struct session_frame *frame) {
    for (size_t i = 0; i < frame->answer_count; i++) {
        const struct session_answer *answer = &frame->answers[i];
        struct funnel_step *step = find_step(funnel, answer->step);
        if (step == NULL || (frame->state != FRAME_DONE && find_step(funnel, frame->step) == step)) {
            continue; /* gone back to: what counts is that it is open */
        }
        step->reached++;
        step->known += answer->from_fact != 0;
        step->skipped += !answer->from_fact && answer->kind == ANSWER_SKIPPED;
        step->answered += !answer->from_fact && answer->kind != ANSWER_SKIPPED;
    }
}

static void count_result(struct funnel *funnel, const char *result) {
    funnel->finished++;
    for (size_t i = 0; result != NULL && i < funnel->dialogue->result_count; i++) {
        if (strcmp(funnel->dialogue->results[i].id, result) == 0) {
            funnel->results[i]++;
            return;
        }
    }
    funnel->no_result++;
}

static void count_open(struct funnel *funnel, const struct session_frame *frame, int64_t now_ms) {
    struct funnel_step *step = find_step(funnel, frame->step);
    int is_under_way = frame->state != FRAME_CANCELLED && now_ms - frame->touched_ms < FUNNEL_UNDER_WAY_MS;
    funnel->under_way += is_under_way != 0;
    funnel->left += !is_under_way;
    funnel->cancelled += frame->state == FRAME_CANCELLED;
    if (step != NULL) {
        step->reached++;
        step->under_way += is_under_way != 0;
        step->left += !is_under_way;
    } else {
        funnel->elsewhere += !is_under_way;
    }
}

void funnels_add(struct funnels *funnels, const struct content *content, const struct session *session,
                 int64_t since_ms, int64_t now_ms) {
    for (size_t i = 0; i < session->stack_count; i++) {
        const struct session_frame *frame = &session->stack[i];
        uint32_t index = content_dialogue_index(content, frame->dialogue);
        if (frame->started_ms < since_ms) {
            continue;
        }
        if (index == CONTENT_NONE) {
            funnels->unknown++;
            continue;
        }
        struct funnel *funnel = &funnels->list[index];
        funnel->started++;
        count_answers(funnel, frame);
        if (frame->state == FRAME_DONE) {
            count_result(funnel, frame->result);
        } else {
            count_open(funnel, frame, now_ms);
        }
    }
}
