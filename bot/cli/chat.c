/* pandu chat: a conversation in the terminal, or as lines of JSON. Never understands anything itself. Called
   by main through cli.c. */
#include "cli/chat.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/cli_options.h"
#include "store/store.h"

#include "banned.h"

static int read_options(struct chat *chat, int count, char **arguments) {
    struct chat_options *options = &chat->options;
    const struct cli_option table[] = {
        {"--lang", &options->language, NULL},
        {"--db", &options->database, NULL},
        {"--conversation", &options->conversation, NULL},
        {"--now", &options->now, NULL},
        {"--content", &options->content, NULL},
        {"--site", &options->site, NULL},
        {"--data", &options->data, NULL},
        {"--json", NULL, &options->is_json},
        {"--json-open", NULL, &options->opens_json},
    };
    options->conversation = "terminal";
    if (cli_options_read("chat", count, arguments, table, sizeof table / sizeof table[0], NULL) != 0) {
        return CHAT_USAGE;
    }
    options->is_json |= options->opens_json;
    size_t length = strlen(options->conversation);
    if (length == 0 || length > STORE_CONVERSATION_MAX) {
        (void)fprintf(stderr, "pandu chat: a conversation has a name of 1 to %d bytes\n",
                      STORE_CONVERSATION_MAX);
        return CHAT_USAGE;
    }
    chat->has_clock = options->now != NULL;
    if (chat->has_clock && clock_parse(options->now, &chat->clock_ms) != 0) {
        (void)fprintf(stderr, "pandu chat: --now %s is no time; write it like 2026-11-22T09:00:00+07:00\n",
                      options->now);
        return CHAT_USAGE;
    }
    return CHAT_OK;
}

static void print_how_to(struct chat *chat) {
    if (chat->shows_prompt) {
        chat_print_note(chat, "start",
                        chat_words(chat, "Ketik pesan, atau nomor untuk memilih. Ctrl-D untuk selesai.",
                                   "Write a message, or a number to pick. Ctrl-D to leave."));
    }
}

/* Everything said is stored already; people are told how to come back. */
static void print_goodbye(struct chat *chat, int left_by_command) {
    if (chat->options.is_json) {
        return;
    }
    if (!left_by_command && chat->shows_prompt) {
        (void)puts("");
    }
    char text[2 * CHAT_PATH_MAX];
    const char *format = chat_words(chat, "Percakapan ini tersimpan. Lanjutkan kapan saja: pandu chat",
                                    "This conversation is kept. Go on any time: pandu chat");
    int is_named = strcmp(chat->options.conversation, "terminal") != 0;
    (void)snprintf(text, sizeof text, "%s%s%s%s%s", format, chat->options.database != NULL ? " --db " : "",
                   chat->options.database != NULL ? chat->options.database : "",
                   is_named ? " --conversation " : "", is_named ? chat->options.conversation : "");
    chat_print_note(chat, "end", text);
}

static int converse(struct chat *chat) {
    struct chat_line line = {.bytes = malloc(CHAT_LINE_MAX + 1)};
    if (line.bytes == NULL) {
        (void)fprintf(stderr, "pandu chat: out of memory\n");
        return CHAT_FAILED;
    }
    int goes_on = 1, greeted = 0;
    if (!chat->options.is_json || chat->options.opens_json) {
        greeted = chat_greet(chat);
    }
    print_how_to(chat);
    chat_print_prompt(chat);
    while (greeted == 0 && goes_on && !ferror(stdout) && chat_read_line(stdin, &line)) {
        goes_on = chat_take_line(chat, &line);
        if (goes_on) {
            chat_print_prompt(chat);
        }
    }
    free(line.bytes);
    if (ferror(stdout)) {
        (void)fprintf(stderr, "pandu chat: the output cannot be written; what was said is stored\n");
    }
    if (ferror(stdout) || greeted != 0) {
        return CHAT_FAILED;
    }
    print_goodbye(chat, !goes_on);
    return chat->not_stored > 0 ? CHAT_FAILED : CHAT_OK;
}

static int chat_run(int count, char **arguments) {
    struct chat *chat = calloc(1, sizeof *chat);
    if (chat == NULL) {
        (void)fprintf(stderr, "pandu chat: out of memory\n");
        return CHAT_FAILED;
    }
    int rc = read_options(chat, count, arguments);
    if (rc == CHAT_OK) {
        rc = chat_open(chat);
        rc = rc == CHAT_OK ? converse(chat) : rc;
        chat_close(chat);
    }
    free(chat);
    return rc;
}

const struct cli_verb cli_chat = {
    .name = "chat",
    .run = chat_run,
    .summary = "talk with Pandu in the terminal, or in lines of JSON",
    .help =
        "usage: pandu chat [OPTIONS]\n"
        "\n"
        "A conversation in the terminal. Everything is stored before it is answered: end it at any moment, "
        "even "
        "by a\n"
        "crash, and the next `pandu chat` goes on where it was.\n"
        "\n"
        "  --lang CODE           language of a new conversation until the visitor's words tell (id, en)\n"
        "  --db FILE             the database (default: data/pandu.db; a folder data is made if there is "
        "none)\n"
        "  --data DIR            folder of the database and of exported data (default: data, or where --db "
        "lies)\n"
        "  --conversation NAME   which conversation (default: terminal)\n"
        "  --now TIME            a virtual clock, such as 2026-11-22T09:00:00+07:00: time stands still but "
        "for "
        "/wait\n"
        "  --content DIR         other content than the shipped one (also: $PANDU_CONTENT)\n"
        "  --site DIR            the site's own content, laid over it\n"
        "  --json                one line in, one line of JSON out\n"
        "  --json-open           the same, and first a line with what the bot says when the chat is opened\n"
        "\n"
        "Lines of input:\n"
        "  2, /press 2           picks number 2 of the last list; /press ID presses a button by its id\n"
        "  /wait 3d              moves the virtual clock (90s, 15m, 2h, 3d, 1w)\n"
        "  /help, /quit          help; leave (as does the end of the input)\n"
        "  anything else         is said to Pandu; a line beyond 4 KB is cut, and Pandu says so\n"
        "\n"
        "With --json a line may also be {\"text\": \"...\"} or {\"press\": \"ID\"} (an id, a label, a "
        "payload or "
        "a number). Out comes\n"
        "  {\"replies\": [{\"reply\", \"text\", \"choices\": [{\"payload\", \"id\", \"label\"}], \"links\", "
        "\"bars\", \"progress\"}],\n"
        "   \"outcome\", \"intent\", \"dialogue\", \"step\", \"state\", \"language\", \"seq\"}\n"
        "and for a command {\"replies\": [], \"command\": ..., \"text\": ...}, for what failed {\"replies\": "
        "[], "
        "\"error\": ..., \"text\": ...}.\n"
        "\n"
        "Exit status: 0; 1 when the database cannot be used or a turn could not be stored; 2 for wrong "
        "options.\n"};
