/* Replies: variants, quick replies, links. Never judges the wording (lint_texts.c does). Called by load.c. */
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/content/loader.h"
#include "json/value.h"

#include "banned.h"

/* A variant is one message or a list of messages. */
static struct reply_variant read_variant(struct loader *loader, const struct value *value) {
    struct reply_variant variant = {NULL, 0};
    if (value_type(value) == VALUE_ARRAY) {
        variant.messages = loader_texts(loader, value, &variant.count);
    } else if (value_type(value) == VALUE_TEXT) {
        const char **single = arena_alloc(loader->content->arena, sizeof *single);
        *single = loader_text(loader, value);
        variant = (struct reply_variant){single, 1};
    }
    return variant;
}

static void read_texts(struct loader *loader, const struct item *item, struct content_reply *reply) {
    const struct value *text = value_get(item->value, "text");
    if (value_type(text) != VALUE_OBJECT) {
        return;
    }
    void *position = NULL;
    const char *code;
    struct value *list;
    while (value_next(text, &position, &code, &list)) {
        int language = loader_language(loader, item->document, code,
                                       loader_path(loader, "%s.text.%s", item->path, code));
        if (language < 0 || value_type(list) != VALUE_ARRAY) {
            continue;
        }
        struct reply_variant *variants =
            arena_array(loader->content->arena, value_count(list) + 1, sizeof *variants);
        for (size_t i = 0; i < value_count(list); i++) {
            variants[i] = read_variant(loader, value_at(list, i));
        }
        reply->by_language[language].variants = variants;
        reply->by_language[language].count = value_count(list);
    }
    for (size_t i = 0; i < loader->language_count; i++) {
        const char *wanted = lexicon_language(loader->lexicon, i);
        if (value_get(text, wanted) == NULL) {
            const char *path = loader_path(loader, "%s.text", item->path);
            problem_add(&loader->problems, PROBLEM_missing_language, loader_place(item->document, path),
                        wanted, NULL, NULL);
        }
    }
}

/* A quick reply without a label shows the title of its intent. */
static void title_as_label(struct loader *loader, const struct place place, uint32_t index,
                           struct content_quick *quick) {
    const struct content_intent *intent = &loader->content->intents[index];
    if (value_get(loader->intents.list[index].value, "title") == NULL) {
        problem_add(&loader->problems, PROBLEM_intent_without_title, place, intent->id, NULL, NULL);
    }
    quick->label = intent->title;
}

static struct content_quick read_quick(struct loader *loader, const struct item *item,
                                       const struct value *value, const char *path) {
    const struct document *document = item->document;
    const struct value *label = value_get(value, "label"), *say = value_get(value, "say");
    struct content_quick quick = {
        .label = loader_localized(loader, document, label, loader_path(loader, "%s.label", path)),
        .intent = loader_text(loader, value_get(value, "intent")),
        .say = loader_localized(loader, document, say, loader_path(loader, "%s.say", path)),
    };
    uint32_t index = loader_reference(loader, &loader->intents, quick.intent, PROBLEM_unknown_intent,
                                      document, loader_path(loader, "%s.intent", path));
    if (index != CONTENT_NONE && label == NULL) {
        title_as_label(loader, loader_place(document, path), index, &quick);
    }
    if (index != CONTENT_NONE) {
        quick.payload = arena_join(loader->content->arena, (const char *const[]){"0:", quick.intent}, 2);
    }
    if (quick.intent == NULL && (label == NULL || say == NULL)) {
        problem_add(&loader->problems, PROBLEM_quick_incomplete, loader_place(document, path), NULL, NULL,
                    NULL);
    }
    return quick;
}

static void read_quicks(struct loader *loader, const struct item *item, struct content_reply *reply) {
    const struct value *list = value_get(item->value, "quick");
    size_t count = value_type(list) == VALUE_ARRAY ? value_count(list) : 0;
    struct content_quick *quicks = arena_array(loader->content->arena, count + 1, sizeof *quicks);
    for (size_t i = 0; i < count; i++) {
        quicks[i] =
            read_quick(loader, item, value_at(list, i), loader_path(loader, "%s.quick[%zu]", item->path, i));
    }
    reply->quick = quicks;
    reply->quick_count = count;
}

static void read_links(struct loader *loader, const struct item *item, struct content_reply *reply) {
    const struct value *list = value_get(item->value, "links");
    size_t count = value_type(list) == VALUE_ARRAY ? value_count(list) : 0;
    struct content_link *links = arena_array(loader->content->arena, count + 1, sizeof *links);
    for (size_t i = 0; i < count; i++) {
        const struct value *link = value_at(list, i);
        links[i].label = loader_localized(loader, item->document, value_get(link, "label"),
                                          loader_path(loader, "%s.links[%zu].label", item->path, i));
        links[i].url = loader_text(loader, value_get(link, "url"));
    }
    reply->links = links;
    reply->link_count = count;
}

void load_replies(struct loader *loader) {
    const struct items *items = &loader->replies;
    struct content_reply *replies = arena_array(loader->content->arena, items->count + 1, sizeof *replies);
    for (size_t i = 0; i < items->count; i++) {
        const struct item *item = &items->list[i];
        struct content_reply *reply = &replies[i];
        reply->id = arena_text(loader->content->arena, item->id);
        reply->hash = hash_bytes(0, reply->id, strlen(reply->id));
        reply->topic = loader_text(loader, value_get(item->document->value, "topic"));
        reply->sources = loader_texts(loader, value_get(item->value, "source"), &reply->source_count);
        reply->place = loader_content_place(loader, item->document, item->value, item->path);
        read_texts(loader, item, reply);
        read_quicks(loader, item, reply);
        read_links(loader, item, reply);
    }
    loader->content->replies = replies;
    loader->content->reply_count = items->count;
}
