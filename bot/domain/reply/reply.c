/* From a reply id to messages: which variant, how long, which quick replies and links. Never decides what to
   say; keeps in the session only which variant was said last. Called by the engine. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/map.h"
#include "base/utf8.h"
#include "domain/content/content.h"
#include "domain/engine/engine.h"
#include "domain/reply/reply.h"
#include "domain/session/session.h"
#include "banned.h"

/* ---- splitting ---- */

/* Bytes of the first limit characters. */
static size_t bytes_of(const char *text, size_t limit) {
    size_t length = strlen(text), at = 0;
    uint32_t code_point;
    if (length <= limit) {
        return length; /* no character is less than a byte */
    }
    for (size_t i = 0; i < limit && at < length; i++) {
        at += u8_decode(text + at, length - at, &code_point);
    }
    return at;
}

/* Where to cut text, whose first most bytes fit: after a line, a sentence, a word; the later the better. */
static size_t cut_place(const char *text, size_t most) {
    size_t sentence = 0, word = 0;
    for (size_t i = most; i > most / 3; i--) {
        if (text[i] == '\n') {
            return i;
        }
        if (text[i] == ' ') {
            word = word ? word : i;
            if (!sentence && strchr(".!?", text[i - 1])) {
                sentence = i;
            }
        }
    }
    return sentence ? sentence : word ? word : most;
}

static int is_blank(char byte) {
    return byte == ' ' || byte == '\n';
}

size_t reply_split(const char *text, size_t limit, struct arena *arena, const char **pieces, size_t count) {
    size_t written = 0;
    while (*text && written < count) {
        size_t cut = bytes_of(text, limit); /* all that is left, if nothing stands behind it */
        if (text[cut] != '\0') {
            cut = written + 1 == count ? strlen(text) : cut_place(text, cut);
        }
        size_t end = cut;
        while (end > 0 && is_blank(text[end - 1])) {
            end--;
        }
        if (end > 0) {
            pieces[written++] = text[end] == '\0' ? text : arena_copy(arena, text, end);
        }
        text += cut;
        while (is_blank(*text)) {
            text++;
        }
    }
    return written;
}

/* ---- variants ---- */

/* splitmix64: neighbouring seeds must not give neighbouring variants (Steele, Lea, Flood 2014). */
static uint64_t mix(uint64_t seed) {
    seed += 0x9E3779B97F4A7C15u;
    seed = (seed ^ (seed >> 30)) * 0xBF58476D1CE4E5B9u;
    seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EBu;
    return seed ^ (seed >> 31);
}

/* last: the one said before, or SESSION_VARIANT_UNKNOWN. */
static size_t pick_variant(unsigned last, uint64_t hash, size_t count, uint64_t seed) {
    uint64_t random = mix(seed ^ hash);
    if (count < 2 || last >= count || last == SESSION_VARIANT_UNKNOWN) {
        return (size_t)(random % count);
    }
    return (last + 1) % count; /* each is said once before one comes again */
}

static int reply_language(const struct content *content, const struct content_reply *reply, int language) {
    int fallback = content->site.default_language;
    if (language >= 0 && language < LEXICON_LANGUAGES_MAX && reply->by_language[language].count > 0) {
        return language;
    }
    if (fallback >= 0 && fallback < LEXICON_LANGUAGES_MAX && reply->by_language[fallback].count > 0) {
        return fallback;
    }
    for (int i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        if (reply->by_language[i].count > 0) {
            return i;
        }
    }
    return -1;
}

/* ---- facts of the session ---- */

struct session_fill {
    const struct session *session;
    reply_fill *fill;
    void *context;
};

static const char *fill_from_session(void *context, const char *name, struct arena *arena) {
    const struct session_fill *outer = context;
    const char *value = outer->fill ? outer->fill(outer->context, name, arena) : NULL;
    if (value || strncmp(name, "slot.", 5) != 0) {
        return value;
    }
    value = session_slot(outer->session, name + 5);
    size_t fits = value ? bytes_of(value, REPLY_SLOT_CHARS_MAX) : 0;
    return value && value[fits] ? arena_format(arena, "%.*s…", (int)fits, value) : value;
}

/* ---- quick replies and links ---- */

struct say {
    const struct content *content;
    int language;
    struct session_fill fill;
    struct arena *arena;
};

static const char *render(struct say *say, const char *template) {
    return reply_render(say->content, say->language, template, fill_from_session, &say->fill, say->arena);
}

static const char *say_render(struct say *say, const struct localized *text) {
    return render(say, localized_text(text, say->language, say->content->site.default_language));
}

static const char *join(struct arena *arena, const char *prefix, const char *text) {
    return arena_join(arena, (const char *const[]){prefix, text}, 2);
}

/* Fills one choice; 0 when the quick reply has nothing to show (an intent without a title, or unknown). */
static int quick_choice(struct say *say, const struct content_quick *quick, struct message_choice *choice) {
    const struct localized *label = &quick->label;
    const char *text = localized_text(label, say->language, say->content->site.default_language);
    if (quick->payload && *text) { /* nearly always */
        *choice = (struct message_choice){quick->payload, quick->intent, render(say, text)};
        return *choice->label != '\0';
    }
    if (quick->intent) {
        uint32_t index = content_intent_index(say->content, quick->intent);
        if (index == CONTENT_NONE) {
            return 0;
        }
        if (!*text) {
            label = &say->content->intents[index].title;
        }
        choice->id = quick->intent;
    } else {
        choice->id = join(say->arena, "say:", say_render(say, &quick->say));
    }
    choice->label = say_render(say, label);
    choice->payload = join(say->arena, "0:", choice->id);
    return *choice->label != '\0';
}

static void add_extras(struct say *say, const struct content_reply *reply, struct message *message) {
    message->choices = arena_array(say->arena, reply->quick_count + 1, sizeof *message->choices);
    for (size_t i = 0; i < reply->quick_count; i++) {
        message->choice_count +=
            (size_t)quick_choice(say, &reply->quick[i], &message->choices[message->choice_count]);
    }
    if (reply->link_count == 0) {
        return;
    }
    struct message_link *links = arena_array(say->arena, reply->link_count, sizeof *links);
    for (size_t i = 0; i < reply->link_count; i++) {
        links[i].label = say_render(say, &reply->links[i].label);
        links[i].url = reply->links[i].url;
    }
    message->links = links;
    message->link_count = reply->link_count;
}

size_t reply_say(const struct content *content, struct session *session, const char *reply_id, uint64_t seed,
                 reply_fill *fill, void *context, struct arena *arena, struct message *messages,
                 size_t limit) {
    uint32_t index = content_reply_index(content, reply_id);
    return index != CONTENT_NONE
               ? reply_say_index(content, session, index, seed, fill, context, arena, messages, limit)
               : 0;
}

size_t reply_say_index(const struct content *content, struct session *session, uint32_t index, uint64_t seed,
                       reply_fill *fill, void *context, struct arena *arena, struct message *messages,
                       size_t limit) {
    const struct content_reply *reply = &content->replies[index];
    int language = reply_language(content, reply, session->language);
    if (language < 0 || limit == 0) {
        return 0;
    }
    uint64_t hash = reply->hash != 0 ? reply->hash : hash_bytes(0, reply->id, strlen(reply->id));
    size_t place = session_spoken_place(session, hash);
    size_t picked =
        pick_variant(session_spoken_at(session, place), hash, reply->by_language[language].count, seed);
    const struct reply_variant *variant = &reply->by_language[language].variants[picked];
    struct say say = {content, language, {session, fill, context}, arena};
    const char **pieces = arena_room(arena, limit * sizeof *pieces);
    size_t count = 0;
    for (size_t i = 0; i < variant->count && count < limit; i++) {
        const char *text =
            reply_render(content, language, variant->messages[i], fill_from_session, &say.fill, arena);
        size_t left = i + 1 == variant->count ? limit - count : limit - count > 1 ? limit - count - 1 : 1;
        count += reply_split(text, CONTENT_MESSAGE_CHARS_MAX, arena, pieces + count, left);
    }
    for (size_t i = 0; i < count; i++) {
        messages[i] = (struct message){.reply = reply->id, .text = pieces[i]};
    }
    if (count > 0) {
        add_extras(&say, reply, &messages[count - 1]);
        session_speak_at(session, place, hash, picked);
    }
    return count;
}

const char *reply_numbered(const struct message *message, struct arena *arena) {
    struct buf lines;
    buf_init(&lines, 0);
    for (size_t i = 0; i < message->choice_count; i++) {
        buf_add_format(&lines, "%s%zu. %s", i > 0 ? "\n" : "", i + 1, message->choices[i].label);
    }
    const char *text = arena_copy(arena, buf_text(&lines), lines.length);
    buf_close(&lines);
    return text;
}
