/* One line of input: a command of the terminal, a button, or what the visitor says. Never prints anything
   itself. Called by chat.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app.h"
#include "base/clock.h"
#include "base/map.h"
#include "channel/channel.h"
#include "channel/collect/collect.h"
#include "cli/chat.h"
#include "domain/content/content.h"
#include "json/value.h"

#include "banned.h"

enum { TRIES_MAX = 3, NUMBER_MAX = 24 };

static int64_t now(const struct chat *chat) {
    return chat->has_clock ? chat->clock_ms : clock_now_ms();
}

/* ---- turns ---- */

static void keep(struct chat *chat, const struct app_reply *reply) {
    if (reply->actions != NULL) {
        (void)collect_add(chat->collect, reply->actions->messages, reply->actions->message_count);
    }
}

static void pause_shortly(void) {
    struct timespec time = {0, 200L * 1000 * 1000};
    (void)nanosleep(&time, NULL);
}

/* The same id each time, so that a turn whose reply got lost is not taken twice. */
static void send(struct chat *chat, struct turn *turn) {
    char id[64];
    chat->turns++;
    (void)snprintf(id, sizeof id, "%s-%llu", chat->run, (unsigned long long)chat->turns);
    turn->id = id;
    turn->now_ms = now(chat);
    turn->language_hint = chat->language;
    /* under a virtual clock the same input gives the same words */
    const char *source = chat->has_clock ? chat->options.conversation : chat->run;
    turn->seed = hash_bytes(chat->turns, source, strlen(source));
    const struct app_reply *reply = app_turn_wait(chat->app, chat->options.conversation, turn);
    for (int tries = 1; tries < TRIES_MAX && reply->status == APP_STORAGE; tries++) {
        pause_shortly();
        reply = app_turn_wait(chat->app, chat->options.conversation, turn);
    }
    turn->id = NULL; /* it dies here */
    keep(chat, reply);
    chat_print_reply(chat, reply);
}

static void say(struct chat *chat, const char *bytes, size_t length) {
    struct turn turn = {.text = bytes, .text_length = length};
    send(chat, &turn);
}

static void press(struct chat *chat, const char *payload) {
    struct turn turn = {.choice = payload};
    send(chat, &turn);
}

int chat_greet(struct chat *chat) {
    const struct app_reply *reply =
        app_open_wait(chat->app, chat->options.conversation, now(chat), chat->language);
    keep(chat, reply);
    chat_print_reply(chat, reply);
    return reply->actions != NULL ? 0 : -1;
}

/* After a restart nothing was said yet in this run: what is on the table is looked up, and not shown. */
static void look_at_table(struct chat *chat) {
    size_t count;
    if (collect_last(chat->collect, &count) == NULL) {
        keep(chat, app_open_wait(chat->app, chat->options.conversation, now(chat), chat->language));
    }
}

/* ---- buttons ---- */

static const char *find_payload(struct chat *chat, const char *wanted) {
    size_t count;
    look_at_table(chat);
    const struct message *messages = collect_last(chat->collect, &count);
    const char *payload = channel_pick(messages, count, wanted, strlen(wanted));
    return payload != NULL ? payload : collect_payload(chat->collect, wanted);
}

/* A payload is copied: the collection that holds it takes the next turn in. */
static int press_wanted(struct chat *chat, const char *wanted) {
    const char *found = find_payload(chat, wanted);
    const char *colon = strchr(wanted, ':');
    int is_payload =
        colon != NULL && colon > wanted && strspn(wanted, "0123456789") == (size_t)(colon - wanted);
    char *payload = found != NULL ? strdup(found) : is_payload ? strdup(wanted) : NULL;
    if (payload == NULL) {
        chat_print_error(
            chat, "no_such_choice",
            chat_words(chat, "Pilihan itu tidak ada di layar.", "There is no such choice on the screen."));
        return 0;
    }
    press(chat, payload);
    free(payload);
    return 0;
}

/* ---- commands ---- */

static void wait_for(struct chat *chat, const char *duration) {
    int64_t ms = 0;
    char text[CLOCK_TEXT_MAX];
    if (!chat->has_clock) {
        chat_print_error(
            chat, "no_virtual_clock",
            chat_words(chat, "/wait hanya berlaku dengan --now.", "/wait needs the virtual clock of --now."));
        return;
    }
    if (clock_parse_duration(duration, &ms) != 0) {
        chat_print_error(chat, "bad_duration",
                         chat_words(chat, "Tulis lamanya seperti 90s, 15m, 2h, 3d atau 1w.",
                                    "Write a duration such as 90s, 15m, 2h, 3d or 1w."));
        return;
    }
    chat->clock_ms += ms;
    clock_format(chat->clock_ms, chat->content->site.zone_minutes, text);
    chat_print_note(chat, "wait", text);
}

static void help(struct chat *chat) {
    chat_print_note(
        chat, "help",
        chat_words(
            chat,
            "2 atau /press 2: pilih nomor 2 · /quit atau Ctrl-D: selesai · /wait 3d: majukan jam (dengan "
            "--now)",
            "2 or /press 2: pick number 2 · /quit or Ctrl-D: leave · /wait 3d: move the clock (with --now)"));
}

/* What follows command on the line, or NULL when the line is another one. */
static const char *after_command(const struct chat_line *line, const char *command) {
    size_t length = strlen(command);
    if (strncmp(line->bytes, command, length) != 0 || strlen(line->bytes) != line->length ||
        (line->bytes[length] != '\0' && line->bytes[length] != ' ')) {
        return NULL;
    }
    return line->bytes + length + strspn(line->bytes + length, " ");
}

/* {"text": ...} or {"press": ...}; 0 when the line is neither and so is what the visitor says. */
static int take_json(struct chat *chat, const struct chat_line *line) {
    struct value *object = line->bytes[0] == '{' ? value_parse(line->bytes, line->length, NULL) : NULL;
    const char *text = value_get_text(object, "text"), *wanted = value_get_text(object, "press");
    char number[NUMBER_MAX] = "";
    int64_t position = value_int(value_get(object, "press"), 0);
    if (wanted == NULL && position > 0) {
        (void)snprintf(number, sizeof number, "%lld", (long long)position);
        wanted = number;
    }
    int is_taken = value_count(object) == 1 && (text != NULL || wanted != NULL);
    if (is_taken && text != NULL) {
        say(chat, text, strlen(text));
    } else if (is_taken) {
        press_wanted(chat, wanted);
    }
    value_free(object);
    return is_taken;
}

/* A number picks from the list on the screen; anything else is said. */
static void say_or_pick(struct chat *chat, const struct chat_line *line) {
    size_t count;
    const struct message *messages = collect_last(chat->collect, &count);
    const char *picked = channel_pick(messages, count, line->bytes, line->length);
    char *payload = picked != NULL ? strdup(picked) : NULL;
    if (payload != NULL) {
        press(chat, payload);
    } else {
        say(chat, line->bytes, line->length);
    }
    free(payload);
}

int chat_take_line(struct chat *chat, const struct chat_line *line) {
    const char *rest;
    if (after_command(line, "/quit") != NULL) {
        if (chat->options.is_json) {
            chat_print_note(chat, "quit", "");
        }
        return 0;
    }
    if ((rest = after_command(line, "/wait")) != NULL) {
        wait_for(chat, rest);
    } else if ((rest = after_command(line, "/press")) != NULL) {
        press_wanted(chat, rest);
    } else if (after_command(line, "/help") != NULL) {
        help(chat);
    } else if (!chat->options.is_json || !take_json(chat, line)) {
        say_or_pick(chat, line);
    }
    return 1;
}
