/* The path: walks the steps forward from the first, by the answers given so far. Computed anew whenever it is
   needed, so that merged branches and corrections are right by construction. Never changes anything. Called
   by: dialogue, engine. */
#include "domain/dialogue/dialogue.h"

#include <string.h>

#include "base/arena.h"
#include "domain/dialogue/words.h"
#include "domain/text/text.h"

#include "banned.h"

size_t dialogue_path_index(const struct dialogue_path *path, const char *step) {
    size_t i = 0;
    while (i < path->count && (path->steps[i]->id[0] != step[0] || strcmp(path->steps[i]->id, step) != 0)) {
        i++;
    }
    return i;
}

/* ---- what was computed last ---- */

struct dialogue_memo {
    const struct content_dialogue *dialogue; /* NULL: no path yet */
    int language;
    size_t answer_count, slot_count;
    const struct session_answer *from; /* where the answers stood, which the path points to */
    struct session_answer answers[SESSION_ANSWERS_MAX];
    struct session_slot slots[SESSION_SLOTS_MAX];
    struct dialogue_path path;
    const void *scores;     /* of the path; NULL: not asked for yet */
    const char *looked_for; /* a step's name, at index found of the path; NULL: none was looked for */
    size_t found;
    const char *said; /* NULL: nothing was folded yet */
    int said_language;
    struct text folded;
};

struct dialogue_memo *dialogue_memo_new(struct arena *arena) {
    struct dialogue_memo *memo = arena_room(arena, sizeof *memo);
    memo->dialogue = NULL;
    memo->said = NULL;
    return memo;
}

/* A path depends on nothing but answers, facts and the language of their words. How many of its steps are as
   they were: those before the first whose answer may be another one now. Nobody answers what only says
   something. */
static size_t count_kept(const struct dialogue_memo *memo, const struct dialogue_run *run) {
    const struct session_answer *answers = run->frame->answers;
    const size_t least =
        memo->answer_count < run->frame->answer_count ? memo->answer_count : run->frame->answer_count;
    size_t same = 0, kept = 0;
    if (memo->dialogue != run->dialogue || memo->language != run->language || memo->from != answers ||
        memo->slot_count != run->session->slot_count ||
        memcmp(memo->slots, run->session->slots, memo->slot_count * sizeof memo->slots[0]) != 0) {
        return 0;
    }
    const char *before = (const char *)memo->answers, *now = (const char *)answers;
    const size_t size = sizeof answers[0]; /* they are copies, so alike to the byte or not the same */
    while (same < least && memcmp(before + same * size, now + same * size, size) == 0) {
        same++;
    }
    while (kept < memo->path.count &&
           (memo->path.answers[kept] != NULL ? (size_t)(memo->path.answers[kept] - answers) < same
                                             : memo->path.steps[kept]->type == STEP_SAY)) {
        kept++;
    }
    return kept;
}

static int is_of(const struct dialogue_memo *memo, const struct dialogue_run *run) {
    const struct session_frame *frame = run->frame;
    const struct session *session = run->session;
    return memo->dialogue == run->dialogue && memo->language == run->language &&
           memo->from == frame->answers && memo->answer_count == frame->answer_count &&
           memo->slot_count == session->slot_count &&
           memcmp(memo->answers, frame->answers, frame->answer_count * sizeof frame->answers[0]) == 0 &&
           memcmp(memo->slots, session->slots, session->slot_count * sizeof session->slots[0]) == 0;
}

static void copy_path(const struct dialogue_path *from, struct dialogue_path *to) {
    memcpy(to->steps, from->steps, from->count * sizeof from->steps[0]);
    memcpy(to->answers, from->answers, from->count * sizeof from->answers[0]);
    to->count = from->count;
    to->open = from->open;
}

/* What the path is of that was walked into the memo. */
static void remember(struct dialogue_memo *memo, const struct dialogue_run *run) {
    memo->dialogue = run->dialogue;
    memo->scores = NULL;
    memo->looked_for = NULL;
    memo->language = run->language;
    memo->from = run->frame->answers;
    memo->answer_count = run->frame->answer_count;
    memo->slot_count = run->session->slot_count;
    memcpy(memo->answers, run->frame->answers, memo->answer_count * sizeof memo->answers[0]);
    memcpy(memo->slots, run->session->slots, memo->slot_count * sizeof memo->slots[0]);
}

/* The words of an answer, folded; mostly the same ones are asked about several times. */
static const struct text *folded_words(const struct dialogue_run *run, const char *said, struct text *own) {
    struct dialogue_memo *memo = run->memo;
    struct text *text = memo != NULL ? &memo->folded : own;
    if (memo != NULL && memo->said == said && memo->said_language == run->language) {
        return text;
    }
    text_fold(run->content->lexicon, said, strlen(said), run->language, run->arena, text);
    if (memo != NULL) {
        memo->said = said;
        memo->said_language = run->language;
    }
    return text;
}

/* ---- what conditions read ---- */

/* From the content, not the answer, so that both always agree; yes is 1 and no 0 of a confirmation. */
static double choice_value(const struct content_step *step, const struct session_answer *answer) {
    for (size_t i = 0; i < step->choice_count; i++) {
        if (strcmp(step->choices[i].id, answer->choice) == 0) {
            return step->choices[i].value;
        }
    }
    return answer->number;
}

static int read_answer(const struct content_step *step, const struct session_answer *answer, double *number,
                       const char **text) {
    switch (answer->kind) {
    case ANSWER_CHOICE:
        if (step->type != STEP_SCALE) {
            *text = answer->choice;
            return 1;
        }
        *number = choice_value(step, answer);
        return 1;
    case ANSWER_NUMBER:
    case ANSWER_DATE: *number = answer->number; return 1;
    case ANSWER_TEXT: *text = answer->said; return 1;
    case ANSWER_NONE:
    case ANSWER_SKIPPED: break;
    }
    return 0;
}

/* Index on the path of the step that a condition names; place: its number in the dialogue, if that is known.
 */
static size_t index_of(const struct dialogue_scope *scope, const char *name, size_t place) {
    const struct dialogue_path *path = scope->path;
    if (place >= scope->run->dialogue->step_count) {
        return dialogue_path_index(path, name);
    }
    const struct content_step *step = &scope->run->dialogue->steps[place];
    size_t i = 0;
    while (i < path->count && path->steps[i] != step) {
        i++;
    }
    return i;
}

static int read_step(const struct dialogue_scope *scope, enum expression_kind kind, const char *name,
                     size_t place, double *number, const char **text) {
    size_t index = index_of(scope, name, place);
    const struct session_answer *answer = index < scope->path->count ? scope->path->answers[index] : NULL;
    if (kind == EXPRESSION_ANSWERED || kind == EXPRESSION_SKIPPED) {
        *number = answer && (answer->kind == ANSWER_SKIPPED) == (kind == EXPRESSION_SKIPPED);
        return 1;
    }
    if (!answer || answer->kind == ANSWER_SKIPPED) {
        return 0;
    }
    const struct content_step *step = scope->path->steps[index];
    if (kind == EXPRESSION_VALUE && answer->kind == ANSWER_CHOICE) {
        *number = choice_value(step, answer);
        return 1;
    }
    return read_answer(step, answer, number, text);
}

static int read_name(void *context, enum expression_kind kind, const char *name, size_t place, double *number,
                     const char **text) {
    const struct dialogue_scope *scope = context;
    *number = 0;
    *text = NULL;
    if (kind == EXPRESSION_SLOT) {
        *text = session_slot(scope->run->session, name);
        return *text != NULL;
    }
    if (kind == EXPRESSION_SCORE) {
        return dialogue_score(scope->run, scope->path, name, number);
    }
    if (kind == EXPRESSION_RANK) {
        return dialogue_rank(scope->run, scope->path, name, number);
    }
    return read_step(scope, kind, name, place, number, text);
}

static int is_number(const struct text *text, size_t token) {
    const char first = text->folded[text->tokens[token].start];
    return first >= '0' && first <= '9';
}

/* How many tokens the longest of the phrases takes here; 0 when none stands here. */
static size_t phrase_at(const struct text *text, size_t token, const struct expression_phrases *phrases) {
    size_t longest = phrases->is_number && is_number(text, token);
    const char folded = text->folded[text->tokens[token].start];
    const char written = text->raw[text->tokens[token].raw_start];
    const char lower = written >= 'A' && written <= 'Z' ? (char)(written - 'A' + 'a') : written;
    for (size_t i = 0; i < phrases->count; i++) {
        const char first = phrases->list[i][0];
        size_t count = 0;
        if ((first == folded || first == lower) && words_phrase_at(text, token, phrases->list[i], &count) &&
            count > longest) {
            longest = count;
        }
    }
    return longest;
}

static int read_stands(void *context, const char *said, const struct expression_phrases *phrases) {
    const struct dialogue_scope *scope = context;
    struct text own;
    const struct text *text = folded_words(scope->run, said, &own);
    size_t found = 0;
    for (size_t i = 0; i < text->token_count;) {
        size_t length = phrase_at(text, i, phrases);
        found += length;
        if (length == 0 && phrases->is_whole && !text->tokens[i].is_end) {
            return 0;
        }
        i += length > 0 ? length : 1;
    }
    return found > 0;
}

int dialogue_holds(const struct dialogue_run *run, const struct dialogue_path *path,
                   const struct expression *when) {
    if (when == NULL) {
        return 1; /* most steps are always asked */
    }
    struct dialogue_scope known = {.run = run, .path = path};
    struct expression_scope scope = {.read = read_name, .stands = read_stands, .context = &known};
    return expression_holds(when, &scope);
}

/* ---- walking ---- */

static size_t step_index(const struct content_dialogue *dialogue, const char *id) {
    size_t i = 0;
    while (i < dialogue->step_count &&
           (dialogue->steps[i].id[0] != id[0] || strcmp(dialogue->steps[i].id, id) != 0)) {
        i++;
    }
    return i;
}

const struct content_next *dialogue_next(const struct dialogue_run *run, const struct dialogue_path *path,
                                         const struct content_step *step) {
    for (size_t i = 0; i < step->next_count; i++) {
        if (dialogue_holds(run, path, step->next[i].when)) {
            return &step->next[i];
        }
    }
    return NULL;
}

/* The index after this step; step_count is the end. */
static size_t next_index(const struct dialogue_run *run, const struct dialogue_path *path, size_t index) {
    const struct content_next *next = dialogue_next(run, path, &run->dialogue->steps[index]);
    if (!next) {
        return index + 1;
    }
    return next->go ? step_index(run->dialogue, next->go) : run->dialogue->step_count;
}

static int is_on(const struct dialogue_path *path, const struct content_step *step) {
    for (size_t i = 0; i < path->count; i++) {
        if (path->steps[i] == step) {
            return 1;
        }
    }
    return 0;
}

/* Answers of the frame on the path so far: the next one to try, and how many were found. */
struct seen {
    size_t next, found;
};

/* Answers mostly stand in the order of their steps, so the one behind the last is tried first; when all are
   found, there is none for any step to come. */
static const struct session_answer *next_answer(const struct session_frame *frame, const char *step,
                                                struct seen *seen) {
    if (seen->found == frame->answer_count) {
        return NULL;
    }
    const struct session_answer *next = &frame->answers[seen->next];
    int is_next = seen->next < frame->answer_count && strcmp(next->step, step) == 0;
    const struct session_answer *answer = is_next ? next : session_answer(frame, step);
    if (answer) {
        seen->next = (size_t)(answer - frame->answers) + 1;
        seen->found++;
    }
    return answer;
}

/* Where a walk begins that has the first steps of the path already: the step behind them. */
static size_t begin_walk(const struct dialogue_run *run, const struct dialogue_path *path, size_t kept,
                         size_t *farthest, struct seen *seen) {
    const struct content_step *first = run->dialogue->steps;
    *farthest = 0;
    *seen = (struct seen){0, 0};
    for (size_t i = 0; i < kept; i++) {
        size_t behind = (size_t)(path->steps[i] - first) + 1;
        *farthest = behind > *farthest ? behind : *farthest;
        if (path->answers[i] != NULL) {
            seen->next = (size_t)(path->answers[i] - run->frame->answers) + 1;
            seen->found++;
        }
    }
    return kept > 0 ? (size_t)(path->steps[kept] - first) : 0;
}

/* kept: so many steps of path, which has more, are right already. */
static void walk(const struct dialogue_run *run, struct dialogue_path *path, size_t kept) {
    struct seen seen;
    size_t farthest, index = begin_walk(run, path, kept, &farthest, &seen);
    path->count = kept;
    path->open = DIALOGUE_PATH_MAX;
    while (index < run->dialogue->step_count && path->count < DIALOGUE_PATH_MAX) {
        const struct content_step *step = &run->dialogue->steps[index];
        if (index < farthest && is_on(path, step)) {
            break; /* a loop: dialogue_answer has already decided whether it is taken */
        }
        if (!dialogue_holds(run, path, step->when)) {
            index++;
            continue;
        }
        path->answers[path->count] = next_answer(run->frame, step->id, &seen);
        if (path->open == DIALOGUE_PATH_MAX && step->type != STEP_SAY && !path->answers[path->count]) {
            path->open = path->count;
        }
        path->steps[path->count++] = step;
        farthest = index + 1 > farthest ? index + 1 : farthest;
        index = next_index(run, path, index);
    }
    if (path->open > path->count) {
        path->open = path->count;
    }
}

/* Walks what is no longer as it was, from the first such step on. Apart from who asks for a path, which
   mostly is as it was. */
__attribute__((noinline)) static void walk_anew(const struct dialogue_run *run, struct dialogue_memo *memo) {
    size_t kept = count_kept(memo, run);
    int is_whole = kept > 0 && kept == memo->path.count;
    memo->dialogue = NULL; /* not known while it is walked */
    if (!is_whole) {
        walk(run, &memo->path, kept);
    }
    remember(memo, run);
}

const struct dialogue_path *dialogue_path_now(const struct dialogue_run *run, struct dialogue_path *own) {
    struct dialogue_memo *memo = run->memo;
    if (memo == NULL) {
        walk(run, own, 0);
        return own;
    }
    if (!is_of(memo, run)) {
        walk_anew(run, memo);
    }
    return &memo->path;
}

size_t dialogue_path_find(const struct dialogue_run *run, const struct dialogue_path *path,
                          const char *step) {
    struct dialogue_memo *memo = run->memo;
    if (memo == NULL || path != &memo->path) {
        return dialogue_path_index(path, step);
    }
    if (memo->looked_for != step) {
        memo->found = dialogue_path_index(path, step);
        memo->looked_for = step;
    }
    return memo->found;
}

const void **dialogue_path_scores(const struct dialogue_run *run, const struct dialogue_path *path) {
    int is_whole = run->memo != NULL && run->memo->dialogue != NULL && path == &run->memo->path;
    return is_whole ? &run->memo->scores : NULL;
}

void dialogue_path(const struct dialogue_run *run, struct dialogue_path *path) {
    const struct dialogue_path *now = dialogue_path_now(run, path);
    if (now != path) {
        copy_path(now, path);
    }
}

size_t dialogue_loop_start(const struct dialogue_run *run, const struct dialogue_path *path, size_t from) {
    size_t index = next_index(run, path, (size_t)(path->steps[from] - run->dialogue->steps));
    if (index >= run->dialogue->step_count) {
        return path->count;
    }
    size_t target = dialogue_path_index(path, run->dialogue->steps[index].id);
    return target <= from ? target : path->count;
}

/* ---- numbers for names ---- */

struct binding {
    const struct content_dialogue *dialogue;
};

static size_t place_in(void *context, const char *step) {
    const struct content_dialogue *dialogue = ((const struct binding *)context)->dialogue;
    size_t index = step_index(dialogue, step);
    return index < dialogue->step_count ? index : EXPRESSION_NO_PLACE;
}

void dialogue_bind(const struct content_dialogue *dialogue) {
    struct binding binding = {dialogue};
    for (size_t i = 0; i < dialogue->step_count; i++) {
        const struct content_step *step = &dialogue->steps[i];
        expression_bind(step->when, place_in, &binding);
        expression_bind(step->question_if, place_in, &binding);
        for (size_t j = 0; j < step->next_count; j++) {
            expression_bind(step->next[j].when, place_in, &binding);
        }
    }
    for (size_t i = 0; i < dialogue->result_count; i++) {
        expression_bind(dialogue->results[i].when, place_in, &binding);
    }
    for (size_t i = 0; i < dialogue->list_count; i++) {
        for (size_t j = 0; j < dialogue->lists[i].item_count; j++) {
            expression_bind(dialogue->lists[i].items[j].when, place_in, &binding);
        }
    }
}

/* ---- progress ---- */

static int is_counted(const struct dialogue_path *path, size_t index) {
    const struct session_answer *answer = path->answers[index];
    return path->steps[index]->type != STEP_SAY && !(answer && answer->from_fact);
}

/* Index of a step whose id is mostly the content's own text. */
static size_t place_of(const struct dialogue_path *path, const char *step) {
    for (size_t i = 0; i < path->count; i++) {
        if (path->steps[i]->id == step) {
            return i;
        }
    }
    return dialogue_path_index(path, step);
}

void dialogue_progress(const struct dialogue_run *run, const char *step, int *at, int *of) {
    struct dialogue_path own;
    const struct dialogue_path *path = dialogue_path_now(run, &own);
    *at = 0;
    *of = 0;
    size_t place = step != NULL ? place_of(path, step) : path->count;
    for (size_t i = 0; i < path->count; i++) {
        *of += is_counted(path, i);
        if (i == place) {
            *at = *of;
        }
    }
}

int dialogue_answered(const struct dialogue_run *run) {
    struct dialogue_path own;
    const struct dialogue_path *path = dialogue_path_now(run, &own);
    int answered = 0;
    for (size_t i = 0; i < path->count; i++) {
        const struct session_answer *answer = path->answers[i];
        answered += answer && !answer->from_fact && answer->kind != ANSWER_SKIPPED;
    }
    return answered;
}
