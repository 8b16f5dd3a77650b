/* What becomes of half-done dialogues when new content is taken over: the same code decides that moves them
   then. Reads only. Called by diff.c. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/diff.h"
#include "domain/content/content.h"
#include "domain/dialogue/dialogue.h"
#include "domain/session/session.h"

#include "banned.h"

enum { ARENA_MAX = 64 * 1024 * 1024 };

struct reading {
    struct diff *diff;
    struct diff_running *running;
    struct arena *scratch;
    struct session *before, *after; /* the same one, moved by each content */
};

/* 1 if taking over this content changes where the dialogue stands. */
static int moves(const struct content *content, struct session *session, size_t frame, int64_t now_ms,
                 struct arena *arena) {
    struct dialogue_run run;
    return dialogue_run_init(&run, content, session, &session->stack[frame], now_ms, arena) &&
           dialogue_migrate(&run) == MIGRATION_CHANGED;
}

static void count_frame(struct reading *reading, size_t index) {
    struct diff *diff = reading->diff;
    const struct content *old = diff->before.content, *new = diff->author.understand.content;
    const struct session_frame *frame = &reading->before->stack[index];
    uint32_t dialogue = content_dialogue_index(old, frame->dialogue);
    if (frame->state == FRAME_DONE || dialogue == CONTENT_NONE) {
        return;
    }
    struct diff_fate *fate = &reading->running->fates[dialogue];
    fate->running++;
    if (content_dialogue_index(new, frame->dialogue) == CONTENT_NONE) {
        fate->gone++;
        return;
    }
    int64_t now_ms = diff->author.now_ms;
    int moved_before = moves(old, reading->before, index, now_ms, reading->scratch);
    fate->touched += moves(new, reading->after, index, now_ms, reading->scratch) && !moved_before;
}

static int read_state(void *context, const struct study_row *row) {
    struct reading *reading = context;
    arena_reset(reading->scratch);
    session_init(reading->before, reading->scratch);
    session_init(reading->after, reading->scratch);
    if (session_decode(row->state.data, row->state.length, reading->scratch, reading->before, NULL) != 0 ||
        session_decode(row->state.data, row->state.length, reading->scratch, reading->after, NULL) != 0) {
        return 0; /* a newer program's: it is not this content's */
    }
    for (size_t i = 0; i < reading->before->stack_count; i++) {
        count_frame(reading, i);
    }
    return 0;
}

int diff_running_read(struct diff *diff, struct diff_running *running) {
    struct err err = {0};
    const struct content *old = diff->before.content;
    struct reading reading = {diff, running, arena_new(ARENA_MAX), calloc(1, sizeof *reading.before),
                              calloc(1, sizeof *reading.after)};
    *running = (struct diff_running){.arena = arena_new(0), .count = old->dialogue_count};
    int rc = AUTHOR_OK;
    if (reading.scratch == NULL || reading.before == NULL || reading.after == NULL ||
        running->arena == NULL) {
        rc = author_fail(&diff->author, "out of memory");
        running->count = 0;
    } else {
        running->fates = arena_array(running->arena, old->dialogue_count + 1, sizeof *running->fates);
        for (size_t i = 0; i < running->count; i++) {
            running->fates[i].dialogue = old->dialogues[i].id;
        }
        rc = study_states(diff->author.study, read_state, &reading, &err) == 0
                 ? AUTHOR_OK
                 : author_fail(&diff->author, "%s", err.text);
    }
    free(reading.before);
    free(reading.after);
    arena_free(reading.scratch);
    return rc;
}

void diff_running_close(struct diff_running *running) {
    arena_free(running->arena);
    *running = (struct diff_running){.arena = NULL};
}
