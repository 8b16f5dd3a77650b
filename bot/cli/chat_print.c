/* What `pandu chat` prints, for people and as JSON lines. Never decides anything. Called by chat_turn.c and
 * chat.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "base/arena.h"
#include "base/buf.h"
#include "cli/chat.h"
#include "domain/content/content.h"
#include "domain/reply/reply.h"
#include "json/value.h"

#include "banned.h"

const char *chat_words(const struct chat *chat, const char *indonesian, const char *english) {
    return chat->is_indonesian ? indonesian : english;
}

/* ---- JSON ---- */

static int put(struct value *object, const char *key, struct value *member) {
    return object == NULL || member == NULL ? (value_free(member), -1) : value_set_take(object, key, member);
}

/* Every reply has every key, so that whoever reads need not ask first. */
static int complete_reply(struct value *reply) {
    int rc = 0;
    static const char *const lists[] = {"choices", "links", "bars"};
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        rc |= value_get(reply, lists[i]) == NULL ? put(reply, lists[i], value_new_array()) : 0;
    }
    return rc | (value_get(reply, "progress") == NULL ? put(reply, "progress", value_new_null()) : 0);
}

static void print_line_take(struct value *line, int failed) {
    char *text = failed ? NULL : value_print(line, 0);
    value_free(line);
    /* a failed write stays in the stream's error flag: chat.c ends then */
    if (text == NULL) {
        (void)fprintf(stderr, "pandu chat: out of memory for a reply; it is stored\n");
    } else if (puts(text) != EOF) {
        (void)fflush(stdout);
    }
    free(text);
}

static void print_json_reply(const struct app_reply *reply) {
    struct value *line = value_parse(reply->json, strlen(reply->json), NULL);
    struct value *replies = value_get(line, "replies");
    int failed = line == NULL;
    for (size_t i = 0; i < value_count(replies); i++) {
        failed |= complete_reply(value_at(replies, i)) != 0;
    }
    failed |= value_set_int(line, "seq", (int64_t)reply->last_seq) != 0;
    print_line_take(line, failed);
}

static void print_json_note(const char *key, const char *kind, const char *text) {
    struct value *line = value_new_object();
    int failed = put(line, "replies", value_new_array()) != 0;
    failed |= value_set_text(line, key, kind) != 0;
    failed |= value_set_text(line, "text", text) != 0;
    print_line_take(line, failed);
}

/* ---- people ---- */

static void print_buffer(struct buf *out) {
    if (fputs(buf_text(out), stdout) != EOF) { /* else as with JSON: chat.c ends */
        (void)fflush(stdout);
    }
    buf_close(out);
}

static void print_messages(struct chat *chat, const struct message *messages, size_t count) {
    struct arena *arena = arena_new(0);
    struct buf out;
    buf_init(&out, 0);
    if (arena != NULL) {
        buf_add_text(&out, chat->shows_prompt ? "\n" : "");
        terminal_show(&chat->style, messages, count, arena, &out);
        buf_add_text(&out, "\n");
    }
    print_buffer(&out);
    arena_free(arena);
}

/* Nothing was stored: the bot says so in its own words, the reason goes to whoever runs it. */
static void print_not_stored(struct chat *chat, const char *why) {
    struct arena *arena = arena_new(0);
    uint32_t index = content_reply_index(chat->content, "storage_trouble");
    int language = chat->language >= 0 ? chat->language : chat->content->site.default_language;
    struct message message = {.reply = "storage_trouble", .text = ""};
    if (arena != NULL && index != CONTENT_NONE &&
        chat->content->replies[index].by_language[language].count > 0) {
        const char *text = chat->content->replies[index].by_language[language].variants[0].messages[0];
        message.text = reply_render(chat->content, language, text, NULL, NULL, arena);
    }
    (void)fprintf(stderr, "pandu chat: not stored: %s\n",
                  why != NULL ? why : "another process changed the conversation");
    if (chat->options.is_json) {
        print_json_note("error", "not_stored", message.text);
    } else {
        print_messages(chat, &message, 1);
    }
    arena_free(arena);
}

void chat_print_reply(struct chat *chat, const struct app_reply *reply) {
    if (reply->actions == NULL) {
        chat->not_stored++;
        print_not_stored(chat, reply->text);
        return;
    }
    if (reply->actions->language != NULL) {
        chat->is_indonesian = strcmp(reply->actions->language, "id") == 0;
    }
    if (chat->options.is_json) {
        print_json_reply(reply);
    } else if (reply->actions->message_count > 0) {
        print_messages(chat, reply->actions->messages, reply->actions->message_count);
    }
}

void chat_print_note(struct chat *chat, const char *kind, const char *text) {
    if (chat->options.is_json) {
        print_json_note("command", kind, text);
        return;
    }
    struct buf out;
    buf_init(&out, 0);
    terminal_note(&chat->style, text, &out);
    print_buffer(&out);
}

void chat_print_error(struct chat *chat, const char *kind, const char *text) {
    if (chat->options.is_json) {
        print_json_note("error", kind, text);
    } else {
        chat_print_note(chat, kind, text);
    }
}

void chat_print_prompt(const struct chat *chat) {
    if (chat->shows_prompt) {
        (void)fputs(chat->style.has_colours ? "\033[1;32m>\033[0m " : "> ", stdout);
        (void)fflush(stdout);
    }
}
