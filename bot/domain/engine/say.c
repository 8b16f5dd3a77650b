/* Speaking: replies and single messages into actions.messages, events into actions.events.
   Never decides. Called by every part of the engine. */
#include <string.h>

#include "base/arena.h"
#include "domain/dialogue/words.h"
#include "domain/engine/work.h"
#include "domain/reply/reply.h"

#include "banned.h"

struct fill {
    struct work *work;
    struct dialogue_run *run; /* NULL outside dialogues */
    const struct say_pair *pairs;
    size_t count;
};

static const char *language_names(struct work *work) {
    const char *names = "";
    for (size_t i = 0; i < lexicon_language_count(work->content->lexicon); i++) {
        const char *name = words_language_name(lexicon_language(work->content->lexicon, i));
        names = arena_format(work->arena, "%s%s%s", names, i > 0 ? ", " : "", name);
    }
    return names;
}

static const char *fill(void *context, const char *name, struct arena *arena) {
    struct fill *known = context;
    for (size_t i = 0; i < known->count; i++) {
        if (strcmp(known->pairs[i].name, name) == 0) {
            return known->pairs[i].value;
        }
    }
    if (name[0] == 'n' && strcmp(name, "name") == 0) {
        return session_slot(known->work->session, "name");
    }
    if (name[0] == 'l' && strcmp(name, "languages") == 0) {
        return language_names(known->work);
    }
    return known->run ? dialogue_fill(known->run, name, arena) : NULL;
}

struct message *say_message(struct work *work, const char *reply, const char *text) {
    struct actions *out = work->out;
    if (out->message_count == WORK_MESSAGES_MAX) {
        out->message_count--; /* never reached by one turn of sane content; the newest counts */
    }
    struct message *message = &out->messages[out->message_count++];
    *message = (struct message){.reply = reply, .text = text};
    return message;
}

struct message *say_last(struct work *work) {
    return work->out->message_count > 0 ? &work->out->messages[work->out->message_count - 1] : NULL;
}

/* "soal empati: ..." begins a message: capital letter. */
static const char *capitalised(struct work *work, const char *text) {
    if (text[0] < 'a' || text[0] > 'z') {
        return text;
    }
    char *copy = arena_text(work->arena, text);
    copy[0] = (char)(copy[0] - 'a' + 'A');
    return copy;
}

size_t say_index_in(struct work *work, uint32_t reply, struct dialogue_run *run, const struct say_pair *pairs,
                    size_t count) {
    struct actions *out = work->out;
    struct fill known = {.work = work, .run = run, .pairs = pairs, .count = count};
    size_t said = reply_say_index(work->content, work->session, reply, work->seed, fill, &known, work->arena,
                                  out->messages + out->message_count, WORK_MESSAGES_MAX - out->message_count);
    for (size_t i = 0; i < said; i++) {
        struct message *message = &out->messages[out->message_count + i];
        message->text = capitalised(work, message->text);
    }
    out->message_count += said;
    return said;
}

size_t say_reply_in(struct work *work, const char *reply, struct dialogue_run *run,
                    const struct say_pair *pairs, size_t count) {
    uint32_t index = content_reply_index(work->content, reply);
    return index != CONTENT_NONE ? say_index_in(work, index, run, pairs, count) : 0;
}

size_t say_index(struct work *work, uint32_t reply) {
    return say_index_in(work, reply, work->has_run ? &work->run : NULL, NULL, 0);
}

size_t say_reply_with(struct work *work, const char *reply, const struct say_pair *pairs, size_t count) {
    return say_reply_in(work, reply, work->has_run ? &work->run : NULL, pairs, count);
}

size_t say_reply(struct work *work, const char *reply) {
    return say_reply_with(work, reply, NULL, 0);
}

/* Where the last sentence begins: behind a blank or line break after the end of another one. */
static size_t last_sentence(const char *text, size_t length) {
    size_t at = length;
    while (at > 0 && strchr(" \n", text[at - 1])) {
        at--;
    }
    while (at > 1 && !(text[at - 1] == '\n' || (text[at - 1] == ' ' && strchr(".!?", text[at - 2])))) {
        at--;
    }
    return at > 1 ? at : 0;
}

/* What says words for the visitor answers the question that is gone; what leads to a topic stays. */
static void drop_answers(struct work *work, struct message *message) {
    static const char say[] = "0:say:";
    const struct message_choice *choices = message->choices;
    size_t count = message->choice_count;
    if (count == 0) {
        return;
    }
    message->choice_count = 0;
    say_choices_room(work, message, count);
    for (size_t i = 0; i < count; i++) {
        if (strncmp(choices[i].payload, say, sizeof say - 1) != 0) {
            message->choices[message->choice_count++] = choices[i];
        }
    }
}

void say_unasked(struct work *work, size_t first) {
    struct message *message = work->out->message_count > first ? say_last(work) : NULL;
    size_t length = message ? strlen(message->text) : 0;
    if (length == 0 || message->text[length - 1] != '?') {
        return;
    }
    size_t kept = last_sentence(message->text, length);
    while (kept > 0 && strchr(" \n", message->text[kept - 1])) {
        kept--;
    }
    if (kept == 0) {
        work->out->message_count--;
        return;
    }
    message->text = arena_copy(work->arena, message->text, kept);
    drop_answers(work, message);
}

const char *say_label(struct work *work, const char *reply) {
    const char *label = dialogue_label(work->content, work->language, reply);
    return reply_render(work->content, work->language, label, NULL, NULL, work->arena);
}

void say_choices_room(struct work *work, struct message *message, size_t more) {
    struct message_choice *choices =
        arena_room(work->arena, (message->choice_count + more) * sizeof *choices);
    if (message->choice_count > 0) {
        memcpy(choices, message->choices, message->choice_count * sizeof *choices);
    }
    message->choices = choices;
}

struct say_prompt say_prompt(uint64_t prompt) {
    struct say_prompt made = {.first = sizeof made.text - 1};
    made.text[made.first] = ':';
    do {
        made.text[--made.first] = (char)('0' + prompt % 10);
        prompt /= 10;
    } while (prompt != 0);
    return made;
}

/* "17:yes" */
static const char *payload_of(struct work *work, const struct say_prompt *prompt, const char *id) {
    size_t before = sizeof prompt->text - prompt->first, length = strlen(id);
    char *payload = arena_room(work->arena, before + length + 1);
    memcpy(payload, prompt->text + prompt->first, before);
    memcpy(payload + before, id, length + 1);
    return payload;
}

void say_choice_next(struct work *work, struct message *message, const struct say_prompt *prompt,
                     const char *id, const char *label) {
    message->choices[message->choice_count++] =
        (struct message_choice){.payload = payload_of(work, prompt, id), .id = id, .label = label};
}

void say_choice(struct work *work, struct message *message, uint64_t prompt, const char *id,
                const char *label) {
    struct say_prompt said = say_prompt(prompt);
    say_choices_room(work, message, 1);
    say_choice_next(work, message, &said, id, label);
}

void say_event(struct work *work, enum event_kind kind, const char *data, const char *detail) {
    struct actions *out = work->out;
    if (out->event_count < WORK_EVENTS_MAX) {
        out->events[out->event_count++] = (struct event){.kind = kind, .data = data, .detail = detail};
    }
}
