/* Which ways through the dialogues the cases went, in which language: to the end, with a question in the
   middle, a correction, back, a skip, a cancel, after days. Judges nothing. Called by test.c and
   test_play.c. */
#include <stdlib.h>
#include <string.h>

#include "cli/test.h"
#include "domain/content/content.h"
#include "domain/engine/engine.h"
#include "domain/text/lexicon.h"
#include "domain/text/text.h"

#include "banned.h"

enum { DAY_MS = 24 * 60 * 60 * 1000 };
enum way { FINISHED, INTERRUPTED, CORRECTED, BACK, SKIPPED, CANCELLED, RESUMED, WAYS };

static const char *const names[WAYS] = {
    [FINISHED] = "gone to its end",
    [INTERRUPTED] = "interrupted by a question",
    [CORRECTED] = "corrected by name",
    [BACK] = "stepped back",
    [SKIPPED] = "skipped",
    [CANCELLED] = "cancelled",
    [RESUMED] = "resumed after days",
};

struct ways {
    const struct content *content;
    unsigned char *seen; /* by dialogue, language and way */
};

static unsigned char *place(const struct ways *ways, size_t dialogue, size_t language) {
    return &ways->seen[(dialogue * LEXICON_LANGUAGES_MAX + language) * WAYS];
}

struct ways *ways_new(const struct content *content) {
    struct ways *ways = calloc(1, sizeof *ways);
    if (ways != NULL) {
        ways->content = content;
        ways->seen = calloc((content->dialogue_count + 1) * LEXICON_LANGUAGES_MAX, WAYS);
        if (ways->seen == NULL) {
            free(ways);
            return NULL;
        }
    }
    return ways;
}

void ways_free(struct ways *ways) {
    if (ways != NULL) {
        free(ways->seen);
        free(ways);
    }
}

/* ---- marking ---- */

/* name is the dialogue, or one of its steps or results: "DIALOGUE.STEP". */
static int is_of(const char *name, const char *dialogue) {
    size_t length = strlen(dialogue);
    return name != NULL && strncmp(name, dialogue, length) == 0 &&
           (name[length] == '\0' || name[length] == '.');
}

static void mark_events(const struct actions *actions, const char *dialogue, unsigned char *seen) {
    static const struct {
        const char *detail;
        enum way way;
    } told[] = {{"finished", FINISHED},
                {"corrected", CORRECTED},
                {"skipped", SKIPPED},
                {"cancelled", CANCELLED},
                {"resumed", RESUMED}};
    for (size_t i = 0; i < actions->event_count; i++) {
        const struct event *event = &actions->events[i];
        if (event->kind != EVENT_DIALOGUE || event->detail == NULL || !is_of(event->data, dialogue)) {
            continue;
        }
        for (size_t j = 0; j < sizeof told / sizeof told[0]; j++) {
            seen[told[j].way] |= strcmp(event->detail, told[j].detail) == 0;
        }
    }
}

static int asks(const struct actions *actions, const char *dialogue) {
    for (size_t i = 0; i < actions->message_count; i++) {
        if (is_of(actions->messages[i].reply, dialogue)) {
            return 1;
        }
    }
    return 0;
}

/* In a dialogue that ran before and runs on. */
static void mark_inside(const struct ways *ways, const struct actions *actions, int64_t away_ms,
                        unsigned char *seen) {
    uint32_t index =
        actions->intent != NULL ? content_intent_index(ways->content, actions->intent) : CONTENT_NONE;
    seen[RESUMED] |= away_ms >= DAY_MS;
    if (index == CONTENT_NONE) {
        return;
    }
    const struct content_intent *intent = &ways->content->intents[index];
    seen[BACK] |= intent->control == CONTROL_BACK;
    seen[INTERRUPTED] |= (intent->kind == INTENT_KIND_REPLY || intent->kind == INTENT_KIND_ANSWER);
}

void ways_add(struct ways *ways, const struct actions *actions, const char *before, int64_t away_ms) {
    int language =
        ways != NULL ? lexicon_language_index(ways->content->lexicon, actions->language) : TEXT_NO_LANGUAGE;
    for (size_t i = 0; language != TEXT_NO_LANGUAGE && i < ways->content->dialogue_count; i++) {
        const char *id = ways->content->dialogues[i].id;
        unsigned char *seen = place(ways, i, (size_t)language);
        mark_events(actions, id, seen);
        int runs_on = before != NULL && actions->dialogue != NULL && strcmp(before, id) == 0 &&
                      strcmp(actions->dialogue, id) == 0;
        if (runs_on && asks(actions, id)) {
            mark_inside(ways, actions, away_ms, seen);
        }
    }
}

/* ---- reporting ---- */

static size_t report_language(const struct ways *ways, size_t dialogue, size_t language, struct buf *out) {
    const char *code = lexicon_language(ways->content->lexicon, language);
    const unsigned char *seen = place(ways, dialogue, language);
    size_t missing = 0;
    for (size_t i = 0; i < WAYS; i++) {
        if (!seen[i]) {
            buf_add_format(out, "  %s: never %s in \"%s\"\n", ways->content->dialogues[dialogue].id, names[i],
                           code);
            missing++;
        }
    }
    return missing;
}

size_t ways_report(const struct ways *ways, struct buf *out) {
    size_t missing = 0, languages = lexicon_language_count(ways->content->lexicon);
    for (size_t i = 0; i < ways->content->dialogue_count; i++) {
        for (size_t j = 0; j < languages; j++) {
            missing += report_language(ways, i, j, out);
        }
    }
    buf_add_format(out, "ways through the dialogues: %zu of %zu gone\n",
                   ways->content->dialogue_count * languages * WAYS - missing,
                   ways->content->dialogue_count * languages * WAYS);
    return missing;
}
