/* What the files of the engine share while one turn is taken. Internal to bot/domain/engine. */
#ifndef PANDU_DOMAIN_ENGINE_WORK_H
#define PANDU_DOMAIN_ENGINE_WORK_H

#include <stddef.h>
#include <stdint.h>

#include "domain/content/content.h"
#include "domain/dialogue/dialogue.h"
#include "domain/engine/engine.h"
#include "domain/intent/intent.h"
#include "domain/session/session.h"
#include "domain/text/text.h"

struct pattern_scratch;

enum {
    WORK_MESSAGES_MAX = 24, /* made in one turn; merged to WORK_BUBBLES_MAX at its end */
    WORK_BUBBLES_MAX = 8,
    WORK_EVENTS_MAX = 16,
    WORK_PARTS_MAX = 4,            /* questions answered in one message */
    WORK_PIECES_MS = 20 * 1000,    /* messages this near belong together: one question typed in pieces */
    WORK_AWAY_MS = 30 * 60 * 1000, /* after this long a person is reminded where they were */
    WORK_CARE_MS =
        6 * 60 * 60 * 1000, /* this long after danger or distress nobody gets a cheerful "pardon?" */
    WORK_QUOTE_MAX = 500    /* bytes of a message kept for authors and for joining */
};

struct work {
    const struct content *content;
    struct pattern_scratch *scratch;
    struct session *session;
    struct arena *arena;
    struct actions *out;
    int64_t now_ms;
    int64_t away_ms; /* since the last turn; 0 for the first */
    uint64_t seed;
    int language; /* of the replies */
    int is_open;  /* engine_open: nobody wrote */
    struct text text;
    struct text joined; /* by work_joined, once it was asked for */
    int has_joined;
    struct intent_decision decision;
    const char *decided;         /* folded words that decision is of */
    struct intent_context known; /* with which it was made */
    int is_told_fact;            /* this message said a fact that is now remembered */
    struct dialogue_memo *memo;  /* of all runs of this turn */
    const char *denied_fact;     /* id of the fact it said to be wrong, now forgotten; NULL: none */
    struct dialogue_run run;     /* of the running dialogue, while has_run */
    int has_run;
};

/* ---- thing.c: "dana darurat? apaan tuh" ---- */
/* The first token of a second sentence that asks what the thing named in the first is; 0: it is none. */
size_t thing_asked(const struct text *text);
/* Decides such a message as the one question it is, where no pattern answers it as it stands. */
void thing_decide(struct work *work);

/* ---- work.c: beginning and ending a turn ---- */
void work_begin(struct work *work, int64_t now_ms, int language_hint);
void work_end(struct work *work);
void work_read(struct work *work, const char *bytes, size_t length); /* fold, language, decide */
/* What text means now, perhaps without what the index finds (intent_decide_briefly). */
void work_decide(struct work *work, const struct text *text, struct intent_decision *decision);
/* The same, for those who ask only which pattern answers (intent_decide_by_pattern). */
void work_decide_by_pattern(struct work *work, const struct text *text, struct intent_decision *decision);
/* This message behind the last, not understood one, if both may be one sentence typed in pieces; else NULL.
 */
const struct text *work_joined(struct work *work);
/* What the conversation adds to the words now. */
struct intent_context work_context(const struct work *work);
/* Points work->run to the running dialogue (migrated if content changed); 0 when none runs. */
int work_find_run(struct work *work);
/* A run of any dialogue of the session; 0 when the content has it no more. */
int work_run_of(struct work *work, struct session_frame *frame, struct dialogue_run *run);
/* Winner by a pattern of a kind that asks for something (not a control); NULL otherwise. */
const struct content_intent *work_asked(const struct work *work, const struct intent_decision *decision);
/* Control that won, or CONTROL_NONE. */
enum content_control work_control(const struct work *work);
/* 1 if nothing but courtesy stands outside the winning pattern's match. */
int work_is_whole(const struct work *work);
/* 1 if the whole message says this command, even when another intent won. */
int work_says(const struct work *work, enum content_control control);
/* "bukan itu yang saya maksud" and little else: what was said or offered last missed. */
int work_is_not_meant(const struct work *work);
/* Somebody tells something and asks nothing. */
int work_is_story(const struct work *work);
void work_reset(struct work *work); /* a fresh conversation in the same language */
void work_clear_asking(struct session *session);

/* ---- say.c ---- */
struct say_pair {
    const char *name, *value;
};
struct message *say_message(struct work *work, const char *reply, const char *text);
size_t say_reply(struct work *work, const char *reply);
size_t say_reply_with(struct work *work, const char *reply, const struct say_pair *pairs, size_t count);
size_t say_reply_in(struct work *work, const char *reply, struct dialogue_run *run,
                    const struct say_pair *pairs, size_t count);
/* The same by the reply's index in the content. */
size_t say_index(struct work *work, uint32_t reply);
size_t say_index_in(struct work *work, uint32_t reply, struct dialogue_run *run, const struct say_pair *pairs,
                    size_t count);
const char *say_label(struct work *work, const char *reply);
/* The number of a prompt as payloads begin with it: "17:", from first on. */
struct say_prompt {
    size_t first;
    char text[21]; /* 2^64 has 20 digits */
};
struct say_prompt say_prompt(uint64_t prompt);
/* Room for so many choices more, each then given by say_choice_next; say_choice does both for one. */
void say_choices_room(struct work *work, struct message *message, size_t more);
void say_choice_next(struct work *work, struct message *message, const struct say_prompt *prompt,
                     const char *id, const char *label);
void say_choice(struct work *work, struct message *message, uint64_t prompt, const char *id,
                const char *label);
/* Takes the question off that the last message ends with, and the buttons that would answer it, where another
   question follows in this turn. Only of the messages from number first on. */
void say_unasked(struct work *work, size_t first);
struct message *say_last(struct work *work); /* NULL when nothing was said yet */
void say_event(struct work *work, enum event_kind kind, const char *data, const char *detail);

/* ---- guide.c: dialogues in words ---- */
void guide_start(struct work *work, uint32_t dialogue);
void guide_begin(struct work *work, uint32_t dialogue); /* without asking about a kept one */
int guide_resume(struct work *work,
                 const char *dialogue); /* NULL: the newest kept one; 0 when there is none */
void guide_move(struct work *work, const struct dialogue_move *move);
void guide_ask(struct work *work);                                      /* the open question (again) */
void guide_choices(struct work *work, const struct content_step *step); /* its buttons, at the last message */
void guide_about(struct work *work); /* what the running dialogue is for, then the open question */
void guide_again(struct work *work); /* "back to ...", then the open question */
void guide_answer(struct work *work, const struct content_step *step, const struct session_answer *answer);
void guide_skip(struct work *work);
void guide_leave_out(struct work *work); /* the same, because no answer to it was understood */
void guide_notice(struct work *work, const struct dialogue_run *run, const char *reply);

void say_hint(struct work *work, const struct content_step *step); /* the hint joins the message before it */

/* ---- finish.c: results, plans, bars, what to go on with ---- */
void finish_dialogue(struct work *work, const struct content_result *result);

/* ---- question.c: a message while a question is open ---- */
void question_turn(struct work *work);
int question_resume(struct work *work); /* an answer to what distress put aside: it goes on; 1 if so */
int question_correct(struct work *work,
                     int is_asked); /* also of a finished dialogue; 1 if it was a correction */

/* ---- retry.c: what is no answer to the open question ---- */
void retry_ask(struct work *work, const struct content_step *step,
               enum dialogue_read read);  /* a bad answer: once more, or the offer to skip */
int retry_takes_offer(struct work *work); /* yes or no to that offer; 1 if it was that */
int retry_unsure(struct work *work,
                 const struct content_step *step); /* "gatau" in a free-text step; 1 if so */
int retry_is_about_step(const struct text *text);  /* a question so short that it asks about the step */
int retry_is_question(const struct text *text);    /* one plain question, no story that holds one */
/* The author takes such a question as an answer, and it names something: not "mau jadi apa ya". */
int retry_takes_question(const struct work *work, const struct content_step *step,
                         const struct session_answer *answer);
/* A question nobody here can answer, unless it is taken as the answer. answer: read from it; may be NULL. 1
 * if it was one. */
int retry_question(struct work *work, const struct content_step *step, const struct session_answer *answer);

/* ---- split.c: a message in its parts ---- */
enum { SPLIT_PARTS_MAX = 8 };
/* Their number, at most limit; 0: more. parts are filled when there are two or more. */
size_t split_text(const struct work *work, int at_commas, struct text *parts, size_t limit);

/* ---- command.c ---- */
void command_run(struct work *work, enum content_control control);
void command_back(struct work *work);
void command_explain(struct work *work,
                     const struct content_step *step); /* the hint and the question again */
void command_language(struct work *work, int language);
int command_correct_finished(struct work *work); /* "umur tadi salah" after the result; 1 if it was that */

/* ---- confirm.c: yes or no, continue or anew, which one ---- */
void confirm_ask(struct work *work, const char *what, const char *reply);
void confirm_ask_in(struct work *work, const char *what, const char *reply, struct dialogue_run *run);
int confirm_text(struct work *work);                  /* 1 if the message decided it */
int confirm_press(struct work *work, const char *id); /* 1 if there is such a choice */

/* ---- answer_intent.c: an intent, done ---- */
void answer_intent(struct work *work, uint32_t intent);
void answer_decided(struct work *work); /* work->decision, with its further parts */
int answer_several(struct work *work);  /* only if the message asks several things; 1 if it does */

int finish_show_again(struct work *work); /* the newest result of the stack (finish.c); 0: there is none */

/* ---- follow_up.c: what became of a plan ---- */
int follow_up_open(struct work *work);   /* instead of the welcome; 1 if a plan was asked about */
void follow_up_later(struct work *work); /* behind the answer of this turn, if it is the first of a visit */

/* ---- courtesy.c ---- */
void courtesy_rest(struct work *work); /* text and decision become those of what is said beside a greeting */

/* ---- in_topic.c: "kalau gajinya?" after an answer ---- */
int in_topic_answer(struct work *work); /* 1 if the message leans on the last answer and was answered */

/* ---- offer.c: did you mean, and the counted fallback ---- */
void offer_suggestions(struct work *work);
int offer_is_far(const struct work *work); /* a story, and what is near it is not near enough to be named */
int offer_text(struct work *work);
int offer_press(struct work *work, const char *id);
void offer_fallback(struct work *work);
void offer_note(struct work *work); /* the message was not understood: for authors, and for the next piece */
int offer_joined(
    struct work *work); /* this message joined with the one before is understood: the decision is replaced */

/* ---- safety.c ---- */
#define SAFETY_STILL "still_" /* replies that begin so leave `after` as it was */
#define SAFETY_LISTEN "still_listening"
int safety_follows(const struct work *work); /* the last answer was care, given not long ago */
int safety_listen(struct work *work); /* not understood right after care: said gently; 0 if it was not so */
int safety_turn(struct work *work);   /* danger in the message, alone or joined: 1 */
void safety_escalate(struct work *work, const struct content_intent *intent);
/* A yes that does not follow "are you safe?" directly: asked once more; 0: it is none. */
int safety_asks_again(struct work *work, const struct content_intent *intent);

int safety_cares(const struct work *work); /* the last answer was to danger or to what was said after it */

/* ---- check.c: near danger, and no pattern knows ---- */
#define CHECK_CONFIRMING "danger"           /* session->confirming */
int check_turn(struct work *work);          /* the question was asked or answered: 1 */
int check_stays(struct work *work);         /* open, and this says nothing: care is said, it stays open: 1 */
int check_follows(const struct work *work); /* it was the last thing said, not long ago */
int check_late_yes(struct work *work,
                   const char *id); /* its yes pressed, though another answer came between */
/* What was written when it was asked, while it is open; NULL. */
const char *check_asked_of(const struct work *work);
void check_answered(struct work *work, int is_yes);

/* ---- step.c ---- */
void step_go_on(struct work *work); /* what work_read read last, when it is no danger */

/* ---- press.c, facts.c, again.c ---- */
void press_turn(struct work *work, const char *payload);
/* "boleh" (is_yes) or "lanjut" to what the last message offered; 1 if it offered something. */
int press_agreed(struct work *work, int is_yes);
int press_typed(struct work *work); /* a quick reply chosen by its number or its words; 1 if it was */
void facts_collect(struct work *work);
const char *facts_phrase(struct work *work);                  /* what an answer names; NULL */
const char *facts_value(struct work *work, const char *fact); /* what this message says about it; NULL */
void again_keep(struct work *work);
int again_say(struct work *work); /* the last messages once more; 0: there are none */
size_t again_choices(struct work *work,
                     struct message_choice **choices); /* of the last message that had some */
int again_is_offer(struct work *work);                 /* the last message with choices asks whether to */
const char *again_label(struct work *work, const char *payload); /* of a button said last; NULL */

#endif
