/* Beginning and ending a turn: time passed, dialogues that expired, reading the message, counting what was
   said. Never decides what to do (step.c) and never speaks. Called by: engine/step, engine/open and their
   parts. */
#include "domain/engine/work.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "domain/dialogue/words.h"
#include "domain/text/lexicon.h"

#include "banned.h"

enum { STORY_WORDS = 4, TOLD_WORDS = 5, GUIDE_WORDS = 3 };
enum { DAY_MS = 24 * 60 * 60 * 1000, KEEP_DAYS_DEFAULT = 30 };

/* ---- beginning ---- */

static int64_t keep_ms(const struct content *content, const struct session_frame *frame) {
    uint32_t index = content_dialogue_index(content, frame->dialogue);
    int days = index == CONTENT_NONE ? KEEP_DAYS_DEFAULT : content->dialogues[index].keep_days;
    return (int64_t)(days > 0 ? days : KEEP_DAYS_DEFAULT) * DAY_MS;
}

/* Half-done dialogues are kept as many days as their author says. */
static void expire_frames(struct work *work) {
    struct session *session = work->session;
    size_t kept = 0;
    for (size_t i = 0; i < session->stack_count; i++) {
        int64_t age_ms = work->now_ms - session->stack[i].touched_ms;
        if (age_ms <= DAY_MS || age_ms <= keep_ms(work->content, &session->stack[i])) {
            if (kept != i) {
                session->stack[kept] = session->stack[i];
            }
            kept++;
        }
    }
    session->stack_count = kept;
}

static void begin_language(struct work *work, int hint) {
    struct session *session = work->session;
    int count = (int)lexicon_language_count(work->content->lexicon);
    if (session->language >= count || (session->language < 0 && session->turn_count > 0)) {
        session->language = work->content->site.default_language;
    }
    if (session->language < 0 && hint >= 0 && hint < count) {
        session->language = hint;
    }
    work->language = session->language >= 0 ? session->language : work->content->site.default_language;
}

/* For what is said; each is set as a whole before it counts. */
struct room {
    struct message messages[WORK_MESSAGES_MAX];
    struct event events[WORK_EVENTS_MAX];
};

void work_begin(struct work *work, int64_t now_ms, int language_hint) {
    struct session *session = work->session;
    work->now_ms = now_ms;
    work->away_ms = session->last_ms > 0 && now_ms > session->last_ms ? now_ms - session->last_ms : 0;
    if (session->created_ms == 0) {
        session->created_ms = now_ms;
    }
    memset(work->out, 0, sizeof *work->out);
    struct room *room = arena_room(work->arena, sizeof *room);
    work->out->messages = room->messages;
    work->out->events = room->events;
    work->out->inbound_text = "";
    expire_frames(work);
    begin_language(work, language_hint);
}

/* ---- reading ---- */

struct intent_context work_context(const struct work *work) {
    struct session_frame *frame = dialogue_running(work->session);
    return (struct intent_context){.dialogue = frame ? frame->dialogue : NULL,
                                   .step = frame ? frame->step : NULL,
                                   .after = work->session->last_reply};
}

void work_decide(struct work *work, const struct text *text, struct intent_decision *decision) {
    struct intent_context context = work_context(work);
    intent_decide_briefly(work->content, work->scratch, text, &context, work->arena, decision);
}

void work_decide_by_pattern(struct work *work, const struct text *text, struct intent_decision *decision) {
    struct intent_context context = work_context(work);
    intent_decide_by_pattern(work->content, work->scratch, text, &context, work->arena, decision);
}

static const char *spaced(struct arena *arena, const char *id) {
    char *name = arena_text(arena, id);
    for (char *at = strchr(name, '_'); at != NULL; at = strchr(at, '_')) {
        *at = ' ';
    }
    return name;
}

static size_t word_count(const struct text *text) {
    size_t count = 0;
    for (size_t i = 0; i < text->token_count; i++) {
        count += !text->tokens[i].is_end;
    }
    return count;
}

/* Where the dialogue's id stands in the message as a name, word by word; 0: nowhere. */
static int find_named(struct work *work, const char *id, size_t *token, size_t *count) {
    const struct text *text = &work->text;
    const char *name = NULL;
    const size_t first_length = strcspn(id, "_ ");
    for (*token = 0; *token < text->token_count; (*token)++) {
        const struct text_token *at = &text->tokens[*token];
        if (text->folded[at->start] != id[0] && (text->raw[at->raw_start] | 0x20) != id[0]) {
            continue; /* most begin otherwise, as written and as folded */
        }
        if (at->length != first_length && at->raw_length != first_length) {
            continue;
        }
        name = name ? name : spaced(work->arena, id);
        if (words_phrase_at(text, *token, name, count)) {
            return 1;
        }
    }
    return 0;
}

static uint32_t letter_bit(char letter) {
    return (uint32_t)1 << ((unsigned char)letter & 31u);
}

/* Bits of the first and of the second letters of words, as written and as folded. */
struct begun {
    uint32_t first, second;
};

static struct begun first_letters(const struct text *text) {
    struct begun begun = {0, 0};
    for (size_t i = 0; i < text->token_count; i++) {
        const char *folded = text->folded + text->tokens[i].start,
                   *raw = text->raw + text->tokens[i].raw_start;
        begun.first |= letter_bit(folded[0]) | letter_bit(raw[0]);
        begun.second |= letter_bit(folded[1]) | letter_bit(raw[1]);
    }
    return begun;
}

/* "mulai job to career": the dialogue's id is a name, only the other words tell a language. */
static int told_language(struct work *work) {
    const struct text *text = &work->text;
    const struct begun begun = first_letters(text);
    for (size_t i = 0; i < work->content->dialogue_count; i++) {
        size_t token = 0, count = 0;
        const char *id = work->content->dialogues[i].id;
        if ((begun.first & letter_bit(id[0])) == 0 ||
            ((begun.second & letter_bit(id[1])) == 0 && id[1] != '_' && id[1] != '\0')) {
            continue; /* nearly always */
        }
        if (!find_named(work, id, &token, &count)) {
            continue;
        }
        const struct text_token *last = &text->tokens[token + count - 1];
        size_t end = (size_t)last->raw_start + last->raw_length;
        char *others = arena_format(work->arena, "%.*s%s", (int)text->tokens[token].raw_start, text->raw,
                                    text->raw + end);
        struct text rest;
        text_fold(work->content->lexicon, others, strlen(others), TEXT_NO_LANGUAGE, work->arena, &rest);
        return rest.language;
    }
    return text->language;
}

/* One word ("yes", "skip", "marketing") tells nothing about a language already known; inside a guide neither
   does a short answer ("hands on", "customer service staff"). */
static int tells_language(const struct work *work) {
    size_t words = word_count(&work->text);
    int is_answer = dialogue_running(work->session) && !(work->text.flags & TEXT_QUESTION);
    return words > (is_answer ? GUIDE_WORDS : 1);
}

static void follow_language(struct work *work) {
    struct session *session = work->session;
    int told = told_language(work);
    if (told != TEXT_NO_LANGUAGE && !session->language_fixed &&
        (session->language < 0 || tells_language(work))) {
        session->language = told;
    }
    if (session->language < 0) {
        session->language = work->language;
    }
    work->language = session->language;
}

void work_read(struct work *work, const char *bytes, size_t length) {
    text_fold(work->content->lexicon, bytes, length, work->session->language, work->arena, &work->text);
    work->has_joined = 0;
    follow_language(work);
    work_decide(work, &work->text, &work->decision);
    thing_decide(work);
    work->decided = work->text.folded;
    work->known = work_context(work);
}

const struct text *work_joined(struct work *work) {
    const char *before = work->session->missed_text;
    if (!before || work->away_ms > WORK_PIECES_MS) {
        return NULL;
    }
    if (!work->has_joined) {
        const char *both = arena_join(work->arena, (const char *const[]){before, " ", work->text.raw}, 3);
        text_fold(work->content->lexicon, both, strlen(both), work->session->language, work->arena,
                  &work->joined);
        work->has_joined = 1;
    }
    return &work->joined;
}

int work_run_of(struct work *work, struct session_frame *frame, struct dialogue_run *run) {
    int is_known = dialogue_run_init(run, work->content, work->session, frame, work->now_ms, work->arena);
    work->memo = work->memo ? work->memo : dialogue_memo_new(work->arena);
    run->memo = work->memo;
    return is_known;
}

int work_find_run(struct work *work) {
    struct session_frame *frame = dialogue_running(work->session);
    struct dialogue_run *run = &work->run;
    int language = work->session->language;
    if (frame && run->dialogue && run->frame == frame &&
        (run->name == frame->dialogue || strcmp(run->dialogue->id, frame->dialogue) == 0)) {
        run->language = language >= 0 ? language : work->content->site.default_language;
        session_read_frame(work->session, frame);
        work->has_run = 1; /* as it was found before */
        return 1;
    }
    work->has_run = frame && work_run_of(work, frame, run);
    return work->has_run;
}

/* ---- what was decided ---- */

static const struct content_intent *pattern_winner(const struct work *work,
                                                   const struct intent_decision *decision) {
    int is_pattern = decision->outcome == INTENT_ANSWER && !decision->by_similarity;
    return is_pattern ? &work->content->intents[decision->intent] : NULL;
}

const struct content_intent *work_asked(const struct work *work, const struct intent_decision *decision) {
    const struct content_intent *intent = pattern_winner(work, decision);
    return intent && intent->control == CONTROL_NONE ? intent : NULL;
}

enum content_control work_control(const struct work *work) {
    const struct content_intent *intent = pattern_winner(work, &work->decision);
    return intent ? intent->control : CONTROL_NONE;
}

static int is_whole(const struct work *work, const struct intent_candidate *candidate) {
    const struct text *text = work->decision.corrected ? work->decision.corrected : &work->text;
    size_t first = 0, end = 0;
    while (first < text->token_count && text->tokens[first].start < candidate->start) {
        first++;
    }
    while (end < text->token_count && text->tokens[end].start < candidate->end) {
        end++;
    }
    return words_outside(text, WORDS_COURTESY, 0, first) +
               words_outside(text, WORDS_COURTESY, end, text->token_count) ==
           0;
}

int work_is_whole(const struct work *work) {
    return work->decision.candidate_count > 0 && is_whole(work, &work->decision.candidates[0]);
}

int work_says(const struct work *work, enum content_control control) {
    for (size_t i = 0; i < work->decision.candidate_count; i++) {
        const struct intent_candidate *candidate = &work->decision.candidates[i];
        int is_out = candidate->lost == INTENT_LOST_UNLESS || candidate->lost == INTENT_LOST_SCOPE ||
                     candidate->lost == INTENT_LOST_AFTER;
        if (!is_out && work->content->intents[candidate->intent].control == control &&
            is_whole(work, candidate)) {
            return 1;
        }
    }
    return 0;
}

int work_is_not_meant(const struct work *work) {
    const struct text *text = &work->text;
    size_t token = 0, count = 0;
    return words_find(text, WORDS_NOT_MEANT, 0, &token, &count) &&
           words_outside(text, WORDS_COURTESY, 0, text->token_count) <= count + 1;
}

/* Words of this language or another; what is typed at random tells nothing. */
static size_t known_words(const struct work *work) {
    size_t known = 0;
    for (size_t i = 0; i < work->text.token_count; i++) {
        const struct text_token *token = &work->text.tokens[i];
        known += !token->is_end && lexicon_has_word(work->content->lexicon, work->text.folded + token->start,
                                                    token->length, work->arena);
    }
    return known;
}

/* Of themselves or those near; or a statement of some length that wants nothing done. */
int work_is_story(const struct work *work) {
    size_t words = word_count(&work->text), known = 0;
    int is_of_people = words_has(&work->text, WORDS_PEOPLE);
    if (words < (is_of_people ? STORY_WORDS : TOLD_WORDS) || (work->text.flags & TEXT_QUESTION) ||
        (!is_of_people && words_has(&work->text, WORDS_REQUEST))) {
        return 0;
    }
    known = known_words(work);
    return is_of_people ? 2 * known >= words : 4 * known >= 3 * words;
}

/* The count of prompts goes on, so that a button of the old conversation can never fit the new one. */
void work_reset(struct work *work) {
    struct session *session = work->session;
    uint64_t prompt = session->prompt, turns = session->turn_count;
    int language = session->language, is_fixed = session->language_fixed;
    session_init(session, session->arena);
    session->language = language;
    session->language_fixed = is_fixed;
    session->prompt = prompt;
    session->turn_count = turns;
    session->created_ms = work->now_ms;
    work->has_run = 0;
}

void work_clear_asking(struct session *session) {
    session->asking = 0;
    session->confirming = NULL;
    session->offer_count = 0;
}

/* ---- ending ---- */

static int can_merge(const struct message *first, const struct message *second) {
    size_t length = u8_count(first->text, strlen(first->text)) + u8_count(second->text, strlen(second->text));
    return first->choice_count == 0 && first->link_count == 0 && first->bar_count == 0 && first->keep == 0 &&
           length + 2 <= CONTENT_MESSAGE_CHARS_MAX;
}

/* A result that held both of those which became the one at `merged` has one message less. */
static void recount_kept(struct actions *out, size_t merged) {
    for (size_t i = merged; i < out->message_count; i++) {
        size_t keep = (size_t)out->messages[i].keep;
        out->messages[i].keep -= keep > 0 && merged + keep >= i + 2;
    }
}

/* Too many bubbles are a wall: neighbours without buttons become one, the reply id of the later one stays. */
static void merge_messages(struct work *work) {
    struct actions *out = work->out;
    for (size_t i = 0; out->message_count > WORK_BUBBLES_MAX && i + 1 < out->message_count;) {
        struct message *first = &out->messages[i], *second = first + 1;
        if (!can_merge(first, second)) {
            i++;
            continue;
        }
        second->text = arena_format(work->arena, "%s\n\n%s", first->text, second->text);
        out->message_count--;
        memmove(first, second, (out->message_count - i) * sizeof *first);
        recount_kept(out, i);
    }
}

/* For `after`: the last reply of the content, not the question that a dialogue repeats behind it. */
static const char *last_reply(const struct work *work) {
    const struct actions *out = work->out;
    for (size_t i = out->message_count; i-- > 0;) {
        const char *reply = out->messages[i].reply;
        if (reply && work->session->last_reply && reply[0] == SAFETY_STILL[0] &&
            strncmp(reply, SAFETY_STILL, sizeof SAFETY_STILL - 1) == 0) {
            return work->session->last_reply; /* "tidak aman" still answers what the care asked */
        }
        if (reply && !strchr(reply, '.') && (reply[0] != 'd' || strcmp(reply, "dialogue_resume") != 0)) {
            return reply;
        }
    }
    return out->message_count > 0 ? out->messages[out->message_count - 1].reply : NULL;
}

static const char *state_name(const struct work *work) {
    const struct session *session = work->session;
    return session->confirming    ? "confirm"
           : session->offer_count ? "offer"
           : work->has_run        ? "dialogue"
                                  : "idle";
}

void work_end(struct work *work) {
    struct session *session = work->session;
    struct actions *out = work->out;
    merge_messages(work);
    if (out->message_count > 0) {
        session->last_reply = arena_text(session->arena, last_reply(work));
        again_keep(work);
    }
    work_find_run(work);
    out->dialogue = work->has_run ? work->run.dialogue->id : NULL;
    out->step = work->has_run ? work->run.frame->step : NULL;
    out->state = state_name(work);
    out->language = lexicon_language(work->content->lexicon, (size_t)work->language);
    session->last_ms = work->now_ms;
    session_fit(session);
}
