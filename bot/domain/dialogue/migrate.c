/* The content changed while a dialogue ran: what of its answers still holds, and where it stands now.
   Never restarts a dialogue and never drops more than what asks something else now.
   Called by: engine, before a turn reaches the dialogue. */
#include "domain/dialogue/dialogue.h"

#include <string.h>

#include "base/arena.h"

#include "banned.h"

static const char *renamed(const struct content_dialogue *dialogue, const char *step) {
    for (size_t i = 0; i < dialogue->rename_count; i++) {
        if (strcmp(dialogue->renames[i].from, step) == 0) {
            return dialogue->renames[i].to;
        }
    }
    return step;
}

/* The step's name now: itself while it exists, else what it was renamed to, perhaps more than once (never in
   a circle: there are at most rename_count rounds). */
static const char *new_name(const struct content_dialogue *dialogue, const char *step) {
    for (size_t i = 0; step && i < dialogue->rename_count && !content_step(dialogue, step); i++) {
        step = renamed(dialogue, step);
    }
    return step;
}

static void rename_steps(struct dialogue_run *run) {
    struct arena *arena = run->session->arena;
    struct session_frame *frame = run->frame;
    if (run->dialogue->rename_count == 0) {
        return; /* nearly always */
    }
    for (size_t i = 0; i < frame->answer_count; i++) {
        const char *name = new_name(run->dialogue, frame->answers[i].step);
        if (name != frame->answers[i].step && !session_answer(frame, name)) {
            frame->answers[i].step = arena_text(arena, name);
        }
    }
    const char *name = new_name(run->dialogue, frame->step);
    if (name != frame->step) {
        frame->step = arena_text(arena, name);
    }
}

/* Answers mostly stand in the order of their steps and ask what they asked: the one from *next on with the
   same hash is tried first. */
static const struct content_step *find_step(const struct content_dialogue *dialogue,
                                            const struct session_answer *answer, size_t *next) {
    for (size_t i = *next; i < dialogue->step_count; i++) {
        if (dialogue->steps[i].hash == answer->step_hash &&
            strcmp(dialogue->steps[i].id, answer->step) == 0) {
            *next = i + 1;
            return &dialogue->steps[i];
        }
    }
    return content_step(dialogue, answer->step);
}

/* Drops answers whose step is gone or asks something else now; how many of those the person gave. */
static int drop_stale(struct dialogue_run *run) {
    struct session_frame *frame = run->frame;
    int dropped = 0;
    size_t kept = 0, next = 0;
    for (size_t i = 0; i < frame->answer_count; i++) {
        const struct content_step *step = find_step(run->dialogue, &frame->answers[i], &next);
        if (step && step->hash == frame->answers[i].step_hash) {
            if (kept != i) {
                frame->answers[kept] = frame->answers[i];
            }
            kept++;
        } else {
            dropped += step != NULL && !frame->answers[i].from_fact;
        }
    }
    frame->answer_count = kept;
    return dropped;
}

enum dialogue_migration dialogue_migrate(struct dialogue_run *run) {
    struct session_frame *frame = run->frame;
    rename_steps(run);
    int dropped = drop_stale(run);
    frame->version = run->dialogue->version;
    if (frame->state == FRAME_DONE) {
        return MIGRATION_NONE;
    }
    const struct content_step *open = dialogue_open_step(run);
    int same = open && frame->step && strcmp(open->id, frame->step) == 0 && open->hash == frame->step_hash;
    if (!same) {
        frame->step = open ? arena_text(run->session->arena, open->id) : NULL;
        frame->step_hash = open ? open->hash : 0;
        frame->prompt = 0;
        frame->retries = 0;
    }
    return same && dropped == 0 ? MIGRATION_NONE : MIGRATION_CHANGED;
}
