/* The end of a dialogue: its result with reasons, the plan kept from it, bars to draw, and what waits to go
   on. Called by: engine/guide. */
#include <string.h>

#include "base/arena.h"
#include "domain/engine/work.h"
#include "domain/reply/reply.h"

#include "banned.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };

/* ---- plans ---- */

/* The text of the messages said from number first on, as one. */
static const char *said_since(struct work *work, size_t first) {
    const char *texts[2 * WORK_MESSAGES_MAX];
    size_t count = 0;
    for (size_t i = first; i < work->out->message_count; i++) {
        texts[count++] = i > first ? "\n\n" : "";
        texts[count++] = work->out->messages[i].text;
    }
    return arena_join(work->arena, texts, count);
}

/* What the result says shall be asked about later, with today's answers in it; NULL: nothing. */
static const char *follow_up_text(struct work *work, const struct content_result *result) {
    const char *text =
        localized_text(&result->follow_up, work->language, work->content->site.default_language);
    return text[0] == '\0'
               ? NULL
               : reply_render(work->content, work->language, text, dialogue_fill, &work->run, work->arena);
}

/* One plan a dialogue, the newest last; the oldest gives way. */
static void keep_plan(struct work *work, const char *dialogue, const struct content_result *result,
                      const char *text) {
    struct session *session = work->session;
    const char *follow_up = follow_up_text(work, result);
    size_t kept = 0;
    session_read_plans(session);
    for (size_t i = 0; i < session->plan_count; i++) {
        if (strcmp(session->plans[i].dialogue, dialogue) != 0) {
            session->plans[kept++] = session->plans[i];
        }
    }
    if (kept == SESSION_PLANS_MAX) {
        kept--;
        memmove(&session->plans[0], &session->plans[1], kept * sizeof session->plans[0]);
    }
    session->plans[kept] = (struct session_plan){
        .dialogue = arena_text(session->arena, dialogue),
        .text = arena_text(session->arena, text),
        .at_ms = work->now_ms,
        .follow_up = arena_text(session->arena, follow_up),
        .follow_ms = follow_up ? work->now_ms + (int64_t)result->follow_days * DAY_MS : 0};
    session->plan_count = kept + 1;
}

/* ---- bars ---- */

/* One bar for each answered step that scores: what the result was made of. */
static void add_step_bars(struct work *work, const struct dialogue_run *run, struct message *message) {
    struct dialogue_path own;
    const struct dialogue_path *path = dialogue_path_now(run, &own);
    struct message_bar *bars = arena_array(work->arena, path->count + 1, sizeof *bars);
    size_t count = 0;
    for (size_t i = 0; i < path->count; i++) {
        const struct content_step *step = path->steps[i];
        const struct session_answer *answer = path->answers[i];
        const char *label =
            localized_text(&step->short_ask, work->language, work->content->site.default_language);
        if (step->score_count > 0 && answer && label[0] &&
            dialogue_scaled(step, answer, &bars[count].percent)) {
            bars[count++].label = label;
        }
    }
    message->bars = bars;
    message->bar_count = count;
}

/* One bar for each score that has a title and is known: a profile. */
static void add_score_bars(struct work *work, const struct dialogue_run *run, struct message *message) {
    const struct content_dialogue *dialogue = run->dialogue;
    struct dialogue_path own;
    const struct dialogue_path *path = dialogue_path_now(run, &own);
    struct message_bar *bars = arena_array(work->arena, dialogue->score_count + 1, sizeof *bars);
    size_t count = 0;
    for (size_t i = 0; i < dialogue->score_count; i++) {
        const char *label =
            localized_text(&dialogue->score_titles[i], work->language, work->content->site.default_language);
        if (label[0] && dialogue_score(run, path, dialogue->scores[i], &bars[count].percent)) {
            bars[count++].label = label;
        }
    }
    message->bars = bars;
    message->bar_count = count;
}

/* Says the result's reply with what is drawn beside its first message; the last message of one that is worth
   keeping, as a plan or for what is drawn, says how many they are. Returns how many messages. */
static size_t say_result(struct work *work, const struct content_result *result, struct dialogue_run *run) {
    size_t first = work->out->message_count;
    size_t said = say_index_in(work, result->reply, run, NULL, 0);
    if (said > 0 && result->bars == CONTENT_BARS_STEPS) {
        add_step_bars(work, run, &work->out->messages[first]);
    } else if (said > 0 && result->bars == CONTENT_BARS_SCORES) {
        add_score_bars(work, run, &work->out->messages[first]);
    }
    if (said > 0 && said <= MESSAGE_KEEP_MAX &&
        (result->keep_as_plan || work->out->messages[first].bar_count > 0)) {
        work->out->messages[first + said - 1].keep = (int)said;
    }
    return said;
}

/* ---- going on ---- */

/* What was interrupted for this dialogue is offered, not forced. */
static void offer_paused(struct work *work) {
    for (size_t i = 1; i < work->session->stack_count; i++) {
        struct session_frame *frame = &work->session->stack[i];
        struct dialogue_run run;
        if (frame->state == FRAME_PAUSED && work_run_of(work, frame, &run)) {
            confirm_ask_in(work, arena_format(work->arena, "dialogue:%s", frame->dialogue),
                           "dialogue_continue_offer", &run);
            return;
        }
    }
}

void finish_dialogue(struct work *work, const struct content_result *result) {
    const char *dialogue = work->run.dialogue->id;
    const char *id = result ? result->id : "";
    say_event(work, EVENT_DIALOGUE, arena_join(work->arena, (const char *const[]){dialogue, ".", id}, 3),
              "finished");
    size_t first = work->out->message_count;
    if (result && result->reply != CONTENT_NONE && say_result(work, result, &work->run) > 0 &&
        result->keep_as_plan) {
        keep_plan(work, dialogue, result, said_since(work, first));
    }
    work->has_run = 0;
    offer_paused(work);
}

/* Filled in anew from the kept answers, so that a corrected answer or fact shows. */
int finish_show_again(struct work *work) {
    for (size_t i = 0; i < work->session->stack_count; i++) {
        struct dialogue_run run;
        struct session_frame *frame = &work->session->stack[i];
        if (frame->state != FRAME_DONE || !work_run_of(work, frame, &run)) {
            continue;
        }
        struct dialogue_path own;
        const struct dialogue_path *path = dialogue_path_now(&run, &own);
        const struct content_result *result = dialogue_result(&run, path);
        if (result && result->reply != CONTENT_NONE) {
            return say_result(work, result, &run) > 0;
        }
    }
    return 0;
}
