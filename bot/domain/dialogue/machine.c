/* Moving on: begin, answer, skip, back, reopen; and the stack of dialogues under way. Every move changes
   answers only, then settles: the open step is computed from them. Never speaks and never reads a message.
   Called by: engine. */
#include "domain/dialogue/dialogue.h"

#include <string.h>

#include "base/arena.h"
#include "domain/text/text.h"

#include "banned.h"

/* ---- the stack ---- */

int dialogue_run_init(struct dialogue_run *run, const struct content *content, struct session *session,
                      struct session_frame *frame, int64_t now_ms, struct arena *arena) {
    uint32_t index = content_dialogue_index(content, frame->dialogue);
    *run = (struct dialogue_run){.content = content,
                                 .session = session,
                                 .frame = frame,
                                 .name = frame->dialogue,
                                 .now_ms = now_ms,
                                 .arena = arena,
                                 .language = session->language};
    if (run->language < 0) {
        run->language = content->site.default_language;
    }
    if (index == CONTENT_NONE) {
        return 0;
    }
    run->dialogue = &content->dialogues[index];
    session_read_frame(session, frame);
    return 1;
}

struct session_frame *dialogue_running(struct session *session) {
    int runs = session->stack_count > 0 && session->stack[0].state == FRAME_RUNNING;
    return runs ? &session->stack[0] : NULL;
}

static void pause_running(struct session *session, int64_t now_ms) {
    struct session_frame *frame = dialogue_running(session);
    if (frame) {
        frame->state = FRAME_PAUSED;
        frame->touched_ms = now_ms;
    }
}

static void remove_frame(struct session *session, size_t index) {
    session->stack_count--;
    memmove(&session->stack[index], &session->stack[index + 1],
            (session->stack_count - index) * sizeof session->stack[0]);
}

/* Room for one more: what is finished goes first, then what was cancelled, then the oldest. */
static void make_room(struct session *session) {
    static const enum frame_state expendable[] = {FRAME_DONE, FRAME_CANCELLED};
    for (size_t kind = 0; session->stack_count == SESSION_STACK_MAX && kind < 2; kind++) {
        for (size_t i = session->stack_count; i-- > 0;) {
            if (session->stack[i].state == expendable[kind]) {
                remove_frame(session, i);
                break;
            }
        }
    }
    if (session->stack_count == SESSION_STACK_MAX) {
        session->stack_count--;
    }
}

struct session_frame *dialogue_push(struct session *session, const struct content_dialogue *dialogue,
                                    int64_t now_ms) {
    for (size_t i = session->stack_count; i-- > 0;) {
        if (strcmp(session->stack[i].dialogue, dialogue->id) == 0) {
            remove_frame(session, i);
        }
    }
    pause_running(session, now_ms);
    make_room(session);
    memmove(&session->stack[1], &session->stack[0], session->stack_count * sizeof session->stack[0]);
    session->stack_count++;
    struct session_frame *frame = &session->stack[0];
    memset(frame, 0, sizeof *frame);
    frame->dialogue = arena_text(session->arena, dialogue->id);
    frame->version = dialogue->version;
    frame->started_ms = frame->touched_ms = now_ms;
    return frame;
}

struct session_frame *dialogue_raise(struct session *session, size_t index) {
    if (index > 0) {
        pause_running(session, session->last_ms);
        struct session_frame raised = session->stack[index];
        memmove(&session->stack[1], &session->stack[0], index * sizeof session->stack[0]);
        session->stack[0] = raised;
    }
    session->stack[0].state = FRAME_RUNNING;
    return &session->stack[0];
}

/* ---- answers ---- */

static void drop_answer(struct session_frame *frame, const char *step) {
    for (size_t i = 0; i < frame->answer_count; i++) {
        if (strcmp(frame->answers[i].step, step) == 0) {
            frame->answer_count--;
            memmove(&frame->answers[i], &frame->answers[i + 1],
                    (frame->answer_count - i) * sizeof frame->answers[0]);
            return;
        }
    }
}

/* Room in the frame: the oldest answer off the path goes, else the oldest of all. */
static struct session_answer *answer_slot(struct dialogue_run *run, const char *step) {
    struct session_frame *frame = run->frame;
    for (size_t i = 0; i < frame->answer_count; i++) {
        if (strcmp(frame->answers[i].step, step) == 0) {
            return &frame->answers[i];
        }
    }
    if (frame->answer_count == SESSION_ANSWERS_MAX) {
        struct dialogue_path path;
        dialogue_path(run, &path);
        size_t victim = 0;
        while (victim + 1 < frame->answer_count &&
               dialogue_path_index(&path, frame->answers[victim].step) < path.count) {
            victim++;
        }
        drop_answer(frame, frame->answers[victim].step);
    }
    return &frame->answers[frame->answer_count++];
}

static void keep_answer(struct dialogue_run *run, const struct content_step *step,
                        const struct session_answer *answer) {
    struct arena *arena = run->session->arena;
    struct session_answer *kept = answer_slot(run, step->id);
    *kept = *answer;
    kept->step = arena_text(arena, step->id);
    kept->choice = arena_text(arena, answer->choice);
    kept->said = arena_text(arena, answer->said);
    kept->step_hash = step->hash;
    kept->at_ms = run->now_ms;
}

/* The answer as a fact for other dialogues: a number as digits, anything else as it was said. */
static void keep_fact(struct dialogue_run *run, const struct content_step *step,
                      const struct session_answer *answer) {
    if (!step->slot || answer->kind == ANSWER_SKIPPED || answer->from_fact) {
        return;
    }
    const char *value = answer->kind == ANSWER_NUMBER ? arena_format(run->arena, "%.10g", answer->number)
                                                      : dialogue_quote(run, answer);
    session_answer_slot(run->session, step->slot, value, run->now_ms);
}

/* A step whose fact is known is answered by it and not asked. */
static int use_fact(struct dialogue_run *run, const struct content_step *step, struct dialogue_move *move) {
    const char *value = step->slot ? session_slot(run->session, step->slot) : NULL;
    if (!value) {
        return 0;
    }
    struct text text;
    struct session_answer answer;
    text_fold(run->content->lexicon, value, strlen(value), run->language, run->arena, &text);
    if (dialogue_read(run, step, &text, &answer) != READ_ANSWER) {
        return 0;
    }
    answer.from_fact = 1;
    keep_answer(run, step, &answer);
    if (move->fact_count < DIALOGUE_MOVE_MAX) {
        move->facts[move->fact_count++] = step;
    }
    return 1;
}

/* ---- settling ---- */

static void open_step(struct dialogue_run *run, const struct content_step *step) {
    struct session_frame *frame = run->frame;
    int same = step && frame->step && strcmp(frame->step, step->id) == 0 && frame->step_hash == step->hash;
    if (!same) {
        frame->step = step ? arena_text(run->session->arena, step->id) : NULL;
        frame->step_hash = step ? step->hash : 0;
        frame->prompt = 0; /* the engine numbers the question when it asks */
        frame->retries = 0;
    }
    frame->state = step ? FRAME_RUNNING : FRAME_DONE;
    frame->touched_ms = run->now_ms;
}

static int was_asked(const struct dialogue_path *path, size_t index) {
    const struct session_answer *answer = path->answers[index];
    return path->steps[index]->type != STEP_SAY && !(answer && answer->from_fact);
}

/* The steps that only say something between the last question and the next. */
static void collect_says(const struct dialogue_path *path, struct dialogue_move *move) {
    size_t first = path->open;
    while (first > 0 && !was_asked(path, first - 1)) {
        first--;
    }
    for (size_t i = first; i < path->open && move->say_count < DIALOGUE_MOVE_MAX; i++) {
        if (path->steps[i]->type == STEP_SAY) {
            move->says[move->say_count++] = path->steps[i];
        }
    }
}

void dialogue_settle(struct dialogue_run *run, struct dialogue_move *move) {
    struct dialogue_path own;
    const struct dialogue_path *path = NULL;
    memset(move, 0, sizeof *move);
    do {
        path = dialogue_path_now(run, &own);
    } while (path->open < path->count && use_fact(run, path->steps[path->open], move));
    const char *before = run->frame->step;
    int was_done = run->frame->state == FRAME_DONE;
    move->open = path->open < path->count ? path->steps[path->open] : NULL;
    if (move->open ? !before || strcmp(before, move->open->id) != 0 : !was_done) {
        collect_says(path, move);
    }
    if (!move->open) {
        move->result = dialogue_result(run, path);
        run->frame->result = move->result ? arena_text(run->session->arena, move->result->id) : NULL;
    }
    open_step(run, move->open);
}

void dialogue_begin(struct dialogue_run *run, struct dialogue_move *move) {
    run->frame->answer_count = 0;
    run->frame->step = NULL;
    run->frame->result = NULL;
    run->frame->state = FRAME_RUNNING;
    run->frame->version = run->dialogue->version;
    dialogue_settle(run, move);
}

void dialogue_restart(struct dialogue_run *run, struct dialogue_move *move) {
    for (size_t i = 0; i < run->frame->answer_count; i++) {
        const struct content_step *step = content_step(run->dialogue, run->frame->answers[i].step);
        if (step && step->slot && !run->frame->answers[i].from_fact) {
            session_drop_slot(run->session, step->slot);
        }
    }
    dialogue_begin(run, move);
}

/* An answer whose `next` leads back: everything from there on is asked again, or what `again` names and the
   step itself. */
static void unwind_loop(struct dialogue_run *run, const struct content_step *step) {
    struct dialogue_path own;
    const struct dialogue_path *path = dialogue_path_now(run, &own);
    size_t from = dialogue_path_index(path, step->id);
    if (from == path->count) {
        return;
    }
    const struct content_next *next = dialogue_next(run, path, step);
    if (next && next->again_count > 0) {
        for (size_t i = 0; i < next->again_count; i++) {
            drop_answer(run->frame, next->again[i]);
        }
        drop_answer(run->frame, step->id);
        return;
    }
    size_t start = dialogue_loop_start(run, path, from);
    for (size_t i = start; i < path->count && i <= from; i++) {
        drop_answer(run->frame, path->steps[i]->id);
    }
}

void dialogue_answer(struct dialogue_run *run, const struct content_step *step,
                     const struct session_answer *answer, struct dialogue_move *move) {
    keep_answer(run, step, answer);
    keep_fact(run, step, answer);
    unwind_loop(run, step);
    dialogue_settle(run, move);
}

void dialogue_skip(struct dialogue_run *run, struct dialogue_move *move) {
    const struct content_step *step = dialogue_open_step(run);
    struct session_answer answer = {.kind = ANSWER_SKIPPED};
    if (step) {
        keep_answer(run, step, &answer);
        unwind_loop(run, step);
    }
    dialogue_settle(run, move);
}

/* ---- going back ---- */

const struct content_step *dialogue_open_step(const struct dialogue_run *run) {
    if (run->frame->state == FRAME_DONE) {
        return NULL;
    }
    struct dialogue_path own;
    const struct dialogue_path *path = dialogue_path_now(run, &own);
    const char *step = run->frame->step;
    size_t stored = step ? dialogue_path_find(run, path, step) : path->count;
    if (stored < path->count && path->steps[stored]->type != STEP_SAY && !path->answers[stored]) {
        return path->steps[stored];
    }
    return path->open < path->count ? path->steps[path->open] : NULL;
}

void dialogue_reopen(struct dialogue_run *run, const struct content_step *step, struct dialogue_move *move) {
    memset(move, 0, sizeof *move);
    drop_answer(run->frame, step->id);
    run->frame->result = NULL;
    open_step(run, step);
    move->open = step;
}

int dialogue_back(struct dialogue_run *run, struct dialogue_move *move) {
    struct dialogue_path path;
    dialogue_path(run, &path);
    const struct content_step *open = dialogue_open_step(run);
    size_t at = open ? dialogue_path_index(&path, open->id) : path.count;
    while (at-- > 0) {
        if (was_asked(&path, at) && path.answers[at]) {
            dialogue_reopen(run, path.steps[at], move);
            return 1;
        }
    }
    memset(move, 0, sizeof *move);
    move->open = open;
    return 0;
}
