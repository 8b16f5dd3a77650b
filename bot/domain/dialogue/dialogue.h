/* The guided-dialogue machine. Answers are kept by step id; everything else (the path, scores, the result) is
   computed forward from them each time, so a correction, a step back or a changed branch can never count
   twice. Pure: reads content, changes one frame of one session, says nothing. The engine puts moves into
   words. */
#ifndef PANDU_DOMAIN_DIALOGUE_DIALOGUE_H
#define PANDU_DOMAIN_DIALOGUE_DIALOGUE_H

#include <stddef.h>
#include <stdint.h>

#include "domain/content/content.h"
#include "domain/dialogue/expression.h"
#include "domain/session/session.h"

struct arena;
struct text;

enum { DIALOGUE_PATH_MAX = 96, DIALOGUE_MOVE_MAX = 8 };

/* One dialogue of one session. Caller's storage; everything is borrowed. arena: of the turn. */
struct dialogue_run {
    const struct content *content;
    const struct content_dialogue *dialogue;
    struct session *session;
    struct session_frame *frame;
    const char *name; /* of the dialogue, as the frame had it when it was looked for; NULL: it was not */
    int64_t now_ms;
    int language;
    struct arena *arena;
    struct dialogue_memo *memo; /* may be NULL: then everything is computed whenever it is asked for */
};

/* ---- path.c: which steps, in which order ---- */

/* The steps of this person's path: those answered and, as far as can be told now, those to come. Conditions
   see only answers of steps before them on the path. A step is never visited twice. */
struct dialogue_path {
    const struct content_step *steps[DIALOGUE_PATH_MAX];
    const struct session_answer *answers[DIALOGUE_PATH_MAX]; /* to each of them; NULL: none */
    size_t count;
    size_t open; /* index of the first step still without an answer; count when there is none */
};
void dialogue_path(const struct dialogue_run *run, struct dialogue_path *path);

/* The same without a copy where it is remembered, until answers, facts or the language change; else made in
 *own. */
const struct dialogue_path *dialogue_path_now(const struct dialogue_run *run, struct dialogue_path *own);

/* Where score.c keeps the scores of a path that is remembered, in the arena of the run; NULL: nowhere. */
const void **dialogue_path_scores(const struct dialogue_run *run, const struct dialogue_path *path);

/* Remembers the last path and the answers and facts it was of, and the last words of an answer that were
   folded, for the runs of one turn. In arena, which must live as long as they do. */
struct dialogue_memo *dialogue_memo_new(struct arena *arena);

/* Index of a step on the path, or path->count. */
size_t dialogue_path_index(const struct dialogue_path *path, const char *step);

/* The same of a path that is perhaps remembered, for a name that stays as it is in memory: the open step is
   looked for again and again. */
size_t dialogue_path_find(const struct dialogue_run *run, const struct dialogue_path *path, const char *step);

/* The entry of `next` that the answer to a step leads to; NULL: the following step. */
const struct content_next *dialogue_next(const struct dialogue_run *run, const struct dialogue_path *path,
                                         const struct content_step *step);

/* Index on the path that the `next` of step number from leads back to; path->count when it leads on. */
size_t dialogue_loop_start(const struct dialogue_run *run, const struct dialogue_path *path, size_t from);

/* What conditions read, for steps on path. context of the scope is this struct. */
struct dialogue_scope {
    const struct dialogue_run *run;
    const struct dialogue_path *path;
};
int dialogue_holds(const struct dialogue_run *run, const struct dialogue_path *path,
                   const struct expression *when);

/* "2 dari 6": place of step among the questions of the path (1-based) and their number. Steps without a
   question and those answered by a known fact do not count. */
void dialogue_progress(const struct dialogue_run *run, const char *step, int *at, int *of);

/* How many questions of the path the person answered (not skipped). */
int dialogue_answered(const struct dialogue_run *run);

/* Numbers the steps that its conditions name, so that nobody looks for names in a turn. */
void dialogue_bind(const struct content_dialogue *dialogue);

/* ---- score.c ---- */

/* Mean over the answered steps of the path that score to name, each scaled to 0..100 between its least and
   greatest value, weighted; a negative weight inverts. Skipped steps do not count. 1 and *score, or 0 when
   nothing counts. */
int dialogue_score(const struct dialogue_run *run, const struct dialogue_path *path, const char *name,
                   double *score);

/* Place of a score among the known scores of the dialogue: 1 is the highest; of equal ones that declared
   first. 1 and *rank, or 0 when the score is unknown. */
int dialogue_rank(const struct dialogue_run *run, const struct dialogue_path *path, const char *name,
                  double *rank);

/* One answer scaled to 0..100; 0 when the step has no scale. */
int dialogue_scaled(const struct content_step *step, const struct session_answer *answer, double *scaled);

/* ---- answer.c: a message as an answer ---- */
enum dialogue_read {
    READ_NOTHING,       /* the message does not answer this step */
    READ_ANSWER,        /* *answer is filled */
    READ_NEAR,          /* as READ_ANSWER, but guessed: by prefix, ordinal or near spelling */
    READ_OUT_OF_BOUNDS, /* a number, but not an allowed one */
    READ_UNCLEAR        /* fits several choices */
};
enum dialogue_read dialogue_read(const struct dialogue_run *run, const struct content_step *step,
                                 const struct text *text, struct session_answer *answer);

/* 1 if the author of the step takes a question such as this as its answer (content_step.question_if). */
int dialogue_takes_question(const struct dialogue_run *run, const struct content_step *step,
                            const struct session_answer *answer);

/* The answer behind a button: a choice id, or "yes" / "no" of a confirmation. 1, or 0 when the step has no
 * such. */
int dialogue_read_choice(const struct dialogue_run *run, const struct content_step *step, const char *choice,
                         struct session_answer *answer);

/* The choices a step shows: its own, or yes and no of a confirmation. Strings in the arena or the bundle. */
struct dialogue_choice {
    const char *id, *label;
};
size_t dialogue_choices(const struct dialogue_run *run, const struct content_step *step,
                        struct dialogue_choice *choices, size_t limit);

/* What a choice is called in a language (as localized_text), filled in; in arena or the bundle. */
const char *dialogue_choice_label(const struct content *content, int language,
                                  const struct content_choice *choice, struct arena *arena);

/* The phrases by which the choices of every step are named, in each language, made once for a loaded bundle
   in its arena (content_step.prepared), and dialogue_bind for every dialogue; and those of a step, made now
   when they were not. */
struct entity_choices;
void dialogue_prepare(const struct content *content, struct arena *arena);
const struct entity_choices *dialogue_prepared(const struct dialogue_run *run,
                                               const struct content_step *step);

/* The answer as it is quoted: the person's own words, or the label in their language. "" for none. */
const char *dialogue_quote(const struct dialogue_run *run, const struct session_answer *answer);

/* ---- machine.c: moving on ---- */

/* What a change led to, for the engine to put into words. */
struct dialogue_move {
    const struct content_step *says[DIALOGUE_MOVE_MAX]; /* steps that only say something, on the way */
    size_t say_count;
    const struct content_step *facts[DIALOGUE_MOVE_MAX]; /* steps answered by a fact already known */
    size_t fact_count;
    const struct content_step *open;     /* to be asked now; NULL: finished */
    const struct content_result *result; /* when finished */
};

/* Resolves the frame's dialogue. 1, or 0 when the content has no such dialogue any more. */
int dialogue_run_init(struct dialogue_run *run, const struct content *content, struct session *session,
                      struct session_frame *frame, int64_t now_ms, struct arena *arena);

/* Puts a new frame on top of the stack, pausing what runs; an older frame of the same dialogue is dropped. */
struct session_frame *dialogue_push(struct session *session, const struct content_dialogue *dialogue,
                                    int64_t now_ms);

/* Brings an older frame to the top and lets it run; what ran is paused. */
struct session_frame *dialogue_raise(struct session *session, size_t index);

/* The running dialogue (stack[0]), or NULL. */
struct session_frame *dialogue_running(struct session *session);

/* Finds what is open now, without changing an answer; known facts answer their steps on the way. */
void dialogue_settle(struct dialogue_run *run, struct dialogue_move *move);

/* First question of a new frame. */
void dialogue_begin(struct dialogue_run *run, struct dialogue_move *move);

/* From the start again: its answers go, and the facts that only they told. */
void dialogue_restart(struct dialogue_run *run, struct dialogue_move *move);

/* The open step, or NULL when everything is answered. Read-only. */
const struct content_step *dialogue_open_step(const struct dialogue_run *run);

/* Sets the answer of any step on the path (the open one, or an earlier one: a correction) and moves on. A
   `next` that leads back to an earlier step asks again from there, or only what its `again` names. */
void dialogue_answer(struct dialogue_run *run, const struct content_step *step,
                     const struct session_answer *answer, struct dialogue_move *move);
void dialogue_skip(struct dialogue_run *run, struct dialogue_move *move);

/* Opens the question asked before the open one again (of a finished dialogue: the last one). 1, or 0 at the
 * start. */
int dialogue_back(struct dialogue_run *run, struct dialogue_move *move);

/* Opens one earlier step again: its answer is dropped, the others stay. */
void dialogue_reopen(struct dialogue_run *run, const struct content_step *step, struct dialogue_move *move);

/* ---- migrate.c: the content changed while the dialogue ran ---- */
enum dialogue_migration { MIGRATION_NONE, MIGRATION_CHANGED };

/* Renames, drops answers whose step is gone or asks something else now, and finds the open step: the same one
   while its hash is the same, else the earliest without an answer. MIGRATION_CHANGED: tell the person. */
enum dialogue_migration dialogue_migrate(struct dialogue_run *run);

/* ---- correct.c: "eh yang soal empati salah, harusnya setuju" ---- */
struct dialogue_correction {
    const struct content_step *step; /* NULL: it did not say which */
    int has_answer;
    struct session_answer answer;
};
/* 1 if the message corrects an answer given before. is_asked: an intent already said that the person wants to
   change something, so no further word of correction is needed. */
int dialogue_correction(const struct dialogue_run *run, const struct text *text, int is_asked,
                        struct dialogue_correction *correction);

/* 1 if an answer to the open scale names another scale with the same choices and not this one: "bikin konten
   sih suka" while taking things apart is asked about. */
int dialogue_answers_other(const struct dialogue_run *run, const struct text *text,
                           struct dialogue_correction *other);

/* ---- result.c: words of results and questions ---- */

/* The result the scores lead to; NULL only for a dialogue without results. */
const struct content_result *dialogue_result(const struct dialogue_run *run,
                                             const struct dialogue_path *path);

/* The text of a reply that serves as a label ("label_yes"); "" when there is none. */
const char *dialogue_label(const struct content *content, int language, const char *reply);
const char *dialogue_progress_label(const struct content *content, int language);

/* reply_fill: answer.STEP, sentence.STEP (the answer with a capital and a full stop), score.NAME, list.NAME,
 * dialogue_title. context: struct dialogue_run. */
const char *dialogue_fill(void *context, const char *name, struct arena *arena);

#endif
