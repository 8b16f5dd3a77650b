/* What the files of `pandu chat` share. */
#ifndef PANDU_CLI_CHAT_H
#define PANDU_CLI_CHAT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "channel/terminal/terminal.h"

struct app;
struct app_reply;
struct collect;
struct content;
struct store;

enum { CHAT_OK = 0, CHAT_FAILED = 1, CHAT_USAGE = 2 };
enum { CHAT_LINE_MAX = 64 * 1024, CHAT_PATH_MAX = 4096 };

/* As written on the command line. */
struct chat_options {
    const char *language, *database, *conversation, *now, *content, *site, *data;
    int is_json, opens_json;
};

struct chat {
    struct chat_options options;
    struct content *content;
    struct store *store;
    struct app *app;
    struct collect *collect; /* what was said, to find the button behind a number or an id */
    struct terminal_style style;
    char database[CHAT_PATH_MAX];
    char run[24]; /* part of every turn id: no two runs share one */
    uint64_t turns;
    int has_clock; /* --now: time stands still but for /wait */
    int64_t clock_ms;
    int language;      /* index of --lang, or -1 */
    int is_indonesian; /* notes of the program itself follow the language of the conversation */
    int shows_prompt;
    int not_stored; /* turns that could not be stored */
};

/* ---- chat_open.c: content, database and app. 0, or the exit status after saying why. ---- */
int chat_open(struct chat *chat);
void chat_close(struct chat *chat);

/* ---- chat_line.c ---- */
struct chat_line {
    char *bytes; /* room for CHAT_LINE_MAX + 1; NUL-terminated, may hold NUL bytes */
    size_t length;
};
/* Reads one line, however long: what is beyond CHAT_LINE_MAX is dropped. 1, or 0 at the end of the input. */
int chat_read_line(FILE *in, struct chat_line *line);

/* ---- chat_turn.c: one line of input. 1 to go on, 0 when the visitor leaves. ---- */
int chat_take_line(struct chat *chat, const struct chat_line *line);
/* What the bot says first. 0, or -1 when the store failed. */
int chat_greet(struct chat *chat);

/* ---- chat_print.c ---- */
void chat_print_reply(struct chat *chat, const struct app_reply *reply);
/* One line of JSON about a command or a mistake; a dim note for people. */
void chat_print_note(struct chat *chat, const char *kind, const char *text);
void chat_print_error(struct chat *chat, const char *kind, const char *text);
void chat_print_prompt(const struct chat *chat);
/* indonesian or english, as the conversation is. */
const char *chat_words(const struct chat *chat, const char *indonesian, const char *english);

#endif
