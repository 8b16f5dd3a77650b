/* Dialogues in words: starts them, asks their questions with progress and choices, tells what a move led to,
   resumes kept ones. Never reads a message (question.c does). Called by: engine. */
#include <string.h>

#include "base/arena.h"
#include "domain/engine/work.h"
#include "domain/reply/reply.h"

#include "banned.h"

static void dialogue_event(struct work *work, const char *what, const char *happened) {
    say_event(work, EVENT_DIALOGUE, arena_text(work->arena, what), happened);
}

static const char *step_event(struct work *work, const struct content_step *step) {
    return step->name != NULL
               ? step->name
               : arena_join(work->arena, (const char *const[]){work->run.dialogue->id, ".", step->id}, 3);
}

/* ---- the question ---- */

static char *put_text(char *at, const char *text, size_t length) {
    memcpy(at, text, length);
    return at + length;
}

/* Room for so many bytes is enough for a number. */
enum { DIGITS_MAX = 10 };

static char *put_number(char *at, int number) {
    char digits[DIGITS_MAX];
    size_t first = sizeof digits;
    unsigned rest = number > 0 ? (unsigned)number : 0;
    do {
        digits[--first] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    return put_text(at, digits + first, sizeof digits - first);
}

/* Which of the two numbers the placeholder that begins here stands for; 2: neither. */
static size_t progress_name(const char *brace) {
    static const char begins[] = "{progress_";
    if (strncmp(brace, begins, sizeof begins - 1) != 0) {
        return 2;
    }
    brace += sizeof begins - 1;
    return strncmp(brace, "at}", 3) == 0 ? 0 : strncmp(brace, "of}", 3) == 0 ? 1 : 2;
}

/* The template with its first {progress_at} and its first {progress_of} filled in. */
static char *put_progress(char *out, const char *template, size_t length, int at, int of) {
    static const size_t name_length = sizeof "{progress_at}" - 1;
    const char *end = template + length;
    const int numbers[] = {at, of};
    int is_put[] = {0, 0, 1};
    for (const char *brace; (brace = memchr(template, '{', (size_t)(end - template))) != NULL;) {
        size_t which = progress_name(brace);
        out = put_text(out, template, (size_t)(brace - template));
        template = brace + (is_put[which] ? 1 : name_length);
        if (is_put[which]) {
            *out++ = '{';
        } else {
            out = put_number(out, numbers[which]);
        }
        is_put[which] = 1;
    }
    return put_text(out, template, (size_t)(end - template));
}

/* "(2 dari 6) Apakah ...": the text says the progress too, for channels that show nothing else. */
static const char *question_text(struct work *work, const struct content_step *step, int at, int of) {
    struct dialogue_run *run = &work->run;
    int language = work->language, otherwise = work->content->site.default_language;
    const char *ask = localized_text(&step->ask, language, otherwise);
    ask = reply_render(work->content, language, ask, dialogue_fill, run, work->arena);
    if (of < 1 || step->type == STEP_SAY) {
        return ask;
    }
    const char *template = dialogue_progress_label(work->content, language);
    size_t length = strlen(ask), before = strlen(template);
    char *text = arena_room(work->arena, before + 2 * DIGITS_MAX + length + sizeof "() ");
    char *end = text;
    *end++ = '(';
    end = put_progress(end, template, before, at, of);
    end = put_text(end, ") ", 2);
    memcpy(end, ask, length + 1);
    return text;
}

void guide_choices(struct work *work, const struct content_step *step) {
    struct session_frame *frame = work->run.frame;
    struct message *message = say_last(work);
    if (frame->prompt == 0) {
        frame->prompt = ++work->session->prompt;
    }
    size_t limit = step->choice_count + 2;
    struct dialogue_choice *choices = arena_room(work->arena, limit * sizeof *choices);
    size_t count = dialogue_choices(&work->run, step, choices, limit);
    int may_skip = step->is_optional || frame->retries >= step->retry_max;
    const struct say_prompt prompt = say_prompt(frame->prompt);
    say_choices_room(work, message, count + (size_t)may_skip);
    for (size_t i = 0; i < count; i++) {
        say_choice_next(work, message, &prompt, choices[i].id, choices[i].label);
    }
    if (may_skip) {
        say_choice_next(work, message, &prompt, "skip", say_label(work, "label_skip"));
    }
}

static void say_step(struct work *work, const struct content_step *step) {
    const char *pieces[4];
    int at = 0, of = 0;
    dialogue_progress(&work->run, step->id, &at, &of);
    const char *text = question_text(work, step, at, of);
    size_t count = reply_split(text, CONTENT_MESSAGE_CHARS_MAX, work->arena, pieces, 4);
    for (size_t i = 0; i < count; i++) {
        struct message *message = say_message(work, step_event(work, step), pieces[i]);
        if (step->type != STEP_SAY) {
            message->progress_at = at;
            message->progress_of = of;
        }
    }
}

void guide_ask(struct work *work) {
    const struct content_step *step = work_find_run(work) ? dialogue_open_step(&work->run) : NULL;
    if (!step) {
        return;
    }
    say_step(work, step);
    guide_choices(work, step);
}

void say_hint(struct work *work, const struct content_step *step) {
    const char *hint = localized_text(&step->hint, work->language, work->content->site.default_language);
    struct message *before = say_last(work);
    if (!hint[0]) {
        return;
    }
    hint = reply_render(work->content, work->language, hint, dialogue_fill, &work->run, work->arena);
    if (before && strlen(before->text) + strlen(hint) < CONTENT_MESSAGE_CHARS_MAX) {
        before->text = arena_format(work->arena, "%s\n%s", before->text, hint);
    } else {
        say_message(work, step_event(work, step), hint);
    }
}

/* ---- moves ---- */

static void say_fact(struct work *work, const struct content_step *step) {
    const struct session_answer *answer = session_answer(work->run.frame, step->id);
    struct say_pair pairs[] = {
        {"step_name", localized_text(&step->short_ask, work->language, work->content->site.default_language)},
        {"answer", answer ? dialogue_quote(&work->run, answer) : ""}};
    say_reply_with(work, "known_fact_used", pairs, 2);
}

void guide_move(struct work *work, const struct dialogue_move *move) {
    for (size_t i = 0; i < move->fact_count; i++) {
        say_fact(work, move->facts[i]);
    }
    for (size_t i = 0; i < move->say_count; i++) {
        say_step(work, move->says[i]);
    }
    if (move->open) {
        guide_ask(work);
    } else {
        finish_dialogue(work, move->result);
    }
}

void guide_answer(struct work *work, const struct content_step *step, const struct session_answer *answer) {
    struct dialogue_move move;
    dialogue_answer(&work->run, step, answer, &move);
    say_event(work, EVENT_DIALOGUE, step_event(work, step), "answered");
    guide_move(work, &move);
}

static void skip_saying(struct work *work, const char *reply) {
    const struct content_step *step = dialogue_open_step(&work->run);
    struct dialogue_move move;
    dialogue_skip(&work->run, &move);
    if (step) {
        say_event(work, EVENT_DIALOGUE, step_event(work, step), "skipped");
    }
    say_reply(work, reply);
    guide_move(work, &move);
}

void guide_skip(struct work *work) {
    skip_saying(work, "dialogue_skipped");
}

void guide_leave_out(struct work *work) {
    static const char reply[] = "dialogue_left_out";
    int is_there = content_reply_index(work->content, reply) != CONTENT_NONE;
    skip_saying(work, is_there ? reply : "dialogue_skipped");
}

/* ---- starting ---- */

void guide_begin(struct work *work, uint32_t index) {
    const struct content_dialogue *dialogue = &work->content->dialogues[index];
    struct dialogue_move move;
    dialogue_push(work->session, dialogue, work->now_ms);
    work_find_run(work);
    dialogue_event(work, dialogue->id, "started");
    if (dialogue->intro != CONTENT_NONE) {
        say_index(work, dialogue->intro);
    }
    dialogue_begin(&work->run, &move);
    guide_move(work, &move);
}

/* Half done and kept: continue or anew is the person's choice. */
static struct session_frame *kept_frame(struct work *work, const char *dialogue) {
    for (size_t i = 0; i < work->session->stack_count; i++) {
        struct session_frame *frame = &work->session->stack[i];
        int is_kept = frame->state == FRAME_PAUSED || frame->state == FRAME_CANCELLED;
        if (is_kept && (!dialogue || strcmp(frame->dialogue, dialogue) == 0) &&
            content_dialogue_index(work->content, frame->dialogue) != CONTENT_NONE) {
            return frame;
        }
    }
    return NULL;
}

void guide_start(struct work *work, uint32_t index) {
    const char *id = work->content->dialogues[index].id;
    struct session_frame *running = dialogue_running(work->session);
    struct session_frame *kept = kept_frame(work, id);
    if (running && strcmp(running->dialogue, id) == 0) {
        guide_again(work);
        return;
    }
    struct dialogue_run run;
    if (kept && work_run_of(work, kept, &run) && kept->answer_count > 0) {
        confirm_ask_in(work, arena_join(work->arena, (const char *const[]){"dialogue:", id}, 2),
                       "dialogue_continue_offer", &run);
        return;
    }
    guide_begin(work, index);
}

/* ---- going on ---- */

void guide_notice(struct work *work, const struct dialogue_run *run, const char *reply) {
    struct dialogue_run known = *run;
    int at = 0, of = 0;
    if (strcmp(reply, "dialogue_recap") != 0) { /* no other may say them (content/required.h) */
        say_reply_in(work, reply, &known, NULL, 0);
        return;
    }
    dialogue_progress(&known, NULL, &at, &of);
    struct say_pair pairs[] = {
        {"answered", arena_number(work->arena, (uint64_t)dialogue_answered(&known), "")},
        {"progress_of", arena_number(work->arena, (uint64_t)of, "")}};
    say_reply_in(work, reply, &known, pairs, 2);
}

void guide_again(struct work *work) {
    if (!work_find_run(work)) {
        return;
    }
    guide_notice(work, &work->run, work->away_ms > WORK_AWAY_MS ? "dialogue_recap" : "dialogue_resume");
    guide_ask(work);
}

/* The first message of the introduction says what it is; the rest begins it. */
void guide_about(struct work *work) {
    size_t first = work->out->message_count;
    uint32_t intro = work_find_run(work) ? work->run.dialogue->intro : CONTENT_NONE;
    if (intro != CONTENT_NONE && say_index(work, intro) > 0) {
        work->out->message_count = first + 1;
    }
    guide_again(work);
}

int guide_resume(struct work *work, const char *dialogue) {
    struct session_frame *frame = kept_frame(work, dialogue);
    if (!frame) {
        return 0;
    }
    int64_t away_ms = work->now_ms - frame->touched_ms;
    dialogue_raise(work->session, (size_t)(frame - work->session->stack));
    work_find_run(work);
    dialogue_event(work, work->run.dialogue->id, "resumed");
    if (dialogue_migrate(&work->run) == MIGRATION_CHANGED) {
        guide_notice(work, &work->run, "dialogue_changed");
    }
    guide_notice(work, &work->run, away_ms > WORK_AWAY_MS ? "dialogue_recap" : "dialogue_resume");
    work->run.frame->touched_ms = work->now_ms;
    guide_ask(work);
    return 1;
}
