/* The last messages, kept in the session as JSON, so that "ulangi" shows them once more with the same
   buttons, and a tap can be stored with the words of its label. Called by: engine/work, engine/command,
   engine/press. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "domain/engine/message_json.h"
#include "domain/engine/work.h"
#include "json/printer.h"
#include "json/scan.h"
#include "json/value.h"

#include "banned.h"

/* ---- keeping ---- */

void again_keep(struct work *work) {
    struct actions *out = work->out;
    struct session *session = work->session;
    out->messages_json =
        message_json_print(out->messages, out->message_count, work->arena, &out->messages_json_length);
    session->last_messages =
        work->arena == session->arena ? out->messages_json : arena_text(session->arena, out->messages_json);
}

/* ---- saying again ---- */

static struct value *kept(const struct work *work) {
    const char *text = work->session->last_messages;
    return text ? value_parse(text, strlen(text), NULL) : NULL;
}

/* What was said about the message before, not about the matter: nobody wants to hear that twice. */
static int is_aside(const char *reply) {
    static const char *const asides[] = {"retry_",           "dialogue_resume",  "dialogue_recap",
                                         "dialogue_skipped", "answer_corrected", "question_not_known"};
    for (size_t i = 0; i < sizeof asides / sizeof *asides; i++) {
        if (strncmp(reply, asides[i], strlen(asides[i])) == 0) {
            return 1;
        }
    }
    return 0;
}

int again_say(struct work *work) {
    struct value *array = kept(work);
    size_t count = value_type(array) == VALUE_ARRAY ? value_count(array) : 0, said = 0;
    for (size_t i = 0; i < count && i < WORK_BUBBLES_MAX; i++) {
        const char *reply = value_text(message_json_member(value_at(array, i), "reply"));
        if (reply && i + 1 < count && is_aside(reply)) {
            continue;
        }
        message_json_read(value_at(array, i), work->arena, say_message(work, "", ""));
        said++;
        if (reply && strcmp(reply, "export_done") == 0) { /* a copy said again is made again */
            say_event(work, EVENT_EXPORT, "conversation", "export_data");
        }
    }
    value_free(array);
    return said > 0;
}

/* "Mau lihat empat lainnya?" can be agreed to; "Mau mulai dari mana?", whose last sentence asks with a word,
   only where there is but one button. */
static int is_agreeable(struct work *work, const char *said, size_t choices) {
    size_t length = strlen(said), start = length;
    if (length == 0 || said[length - 1] != '?') {
        return 0;
    }
    if (choices == 1) {
        return 1;
    }
    while (start > 0 && !strchr(".!\n", said[start - 1])) {
        start--;
    }
    struct text sentence;
    text_fold(work->content->lexicon, said + start, length - 1 - start, work->language, work->arena,
              &sentence);
    return (sentence.flags & TEXT_QUESTION) == 0;
}

int again_is_offer(struct work *work) {
    struct value *array = kept(work);
    int is_offer = 0;
    for (size_t i = 0; value_type(array) == VALUE_ARRAY && i < value_count(array); i++) {
        const char *said = value_text(message_json_member(value_at(array, i), "text"));
        size_t choices = value_count(message_json_member(value_at(array, i), "choices"));
        if (said != NULL && choices > 0) {
            is_offer = is_agreeable(work, said, choices);
        }
    }
    value_free(array);
    return is_offer;
}

/* ---- looking one thing up: at every press, so without reading the rest ---- */

/* Behind the object that begins at `at`. Only strings can hold a brace that is none, and quotes inside them
   are escaped. */
static const char *object_end(const char *at) {
    int in_text = 0;
    for (; *at != '\0'; at++) {
        if (in_text && *at == '\\' && at[1] != '\0') {
            at++;
        } else if (*at == '"') {
            in_text = !in_text;
        } else if (!in_text && *at == '}') {
            return at + 1;
        }
    }
    return NULL;
}

/* Reads the choice {"payload":..,"id":..,"label":..} that begins at `at`. Returns what is behind it, or NULL.
 */
static const char *read_choice(struct work *work, const char *at, struct message_choice *choice) {
    struct scan_member members[SCAN_MEMBERS_MAX];
    const char *end = object_end(at);
    size_t count = 0;
    *choice = (struct message_choice){"", "", ""};
    if (end == NULL || scan_object(at, (size_t)(end - at), work->arena, members, &count) != 0) {
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        char first = members[i].key_length != 0 ? members[i].key[0] : '\0'; /* the old key, too */
        const char **member = first == 'p'   ? &choice->payload
                              : first == 'i' ? &choice->id
                              : first == 'l' ? &choice->label
                                             : NULL;
        if (member != NULL && members[i].type == VALUE_TEXT) {
            *member = scan_member_text(&members[i], work->arena, NULL);
        }
    }
    return end;
}

/* Behind the last appearance of opening, or NULL. An unescaped quote is never inside a string, so what begins
   and ends with one stands nowhere else. */
static const char *behind_last(const char *text, const char *opening) {
    const char *found = NULL;
    for (const char *at = text; (at = strstr(at, opening)) != NULL;) {
        at += strlen(opening);
        found = at;
    }
    return found;
}

/* Where the choices of the last message that has any begin, or NULL. */
static const char *last_choices(const char *text) {
    const char *found = behind_last(text, ",\"choices\":[{");
    found = found != NULL ? found : behind_last(text, ",\"c\":[{");
    return found != NULL ? found - 1 : NULL;
}

size_t again_choices(struct work *work, struct message_choice **choices) {
    const char *text = work->session->last_messages;
    const char *first = text != NULL ? last_choices(text) : NULL;
    size_t room = 0, count = 0;
    for (const char *at = first; at != NULL && *at == '{'; room++) {
        at = object_end(at);
        at += at != NULL && *at == ',';
    }
    *choices = arena_array(work->arena, room + 1, sizeof **choices);
    for (const char *at = first; count < room && at != NULL && *at == '{';) {
        at = read_choice(work, at, &(*choices)[count]);
        count += at != NULL;
        at += at != NULL && *at == ',';
    }
    return count;
}

/* Where {"payload":TEXT, stands, or NULL. */
static const char *find_payload(struct work *work, const char *text, const char *opening,
                                const char *payload) {
    struct printer printer;
    printer_init(&printer, work->arena, strlen(payload) + 16);
    printer_raw(&printer, opening);
    printer_text(&printer, payload);
    printer_raw(&printer, ",");
    const char *wanted = printer_end(&printer, NULL);
    return wanted != NULL ? strstr(text, wanted) : NULL;
}

/* The label of {"payload":..,"id":..,"label":..} as message_json.c prints it, if nothing in it is escaped;
   else NULL. */
static const char *plain_label(struct work *work, const char *choice) {
    static const char id[] = ",\"id\":\"", label[] = "\",\"label\":\"";
    const char *at = choice + sizeof "{\"payload\":\"" - 1;
    at += strcspn(at, "\"\\");
    if (*at != '"' || strncmp(at + 1, id, sizeof id - 1) != 0) {
        return NULL;
    }
    at += sizeof id;
    at += strcspn(at, "\"\\");
    if (*at != '"' || strncmp(at, label, sizeof label - 1) != 0) {
        return NULL;
    }
    at += sizeof label - 1;
    size_t length = strcspn(at, "\"\\");
    return at[length] == '"' ? arena_copy(work->arena, at, length) : NULL;
}

const char *again_label(struct work *work, const char *payload) {
    const char *text = work->session->last_messages;
    struct message_choice choice;
    const char *at = text != NULL ? find_payload(work, text, "{\"payload\":", payload) : NULL;
    const char *label = at != NULL ? plain_label(work, at) : NULL;
    if (label != NULL) {
        return label;
    }
    if (at == NULL && text != NULL) {
        at = find_payload(work, text, "{\"p\":", payload);
    }
    return at != NULL && read_choice(work, at, &choice) != NULL ? choice.label : NULL;
}
