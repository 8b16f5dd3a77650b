/* Opens what a conversation needs: content, database, app. Never overwrites anything that is there. Called by
 * chat.c. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/app.h"
#include "app/files.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/map.h"
#include "channel/collect/collect.h"
#include "cli/chat.h"
#include "cli/folders.h"
#include "domain/content/content.h"
#include "store/store.h"

#include "banned.h"

static int fail(const char *what, const char *why) {
    (void)fprintf(stderr, "pandu chat: %s: %s\n", what, why);
    return CHAT_FAILED;
}

/* ---- content ---- */

static void on_problem(void *context, const struct content_problem *problem) {
    (void)context;
    if (problem->severity == PROBLEM_ERROR) {
        (void)fprintf(stderr, "%s:%d:%d: %s. Remedy: %s\n", problem->file, problem->line, problem->column,
                      problem->text, problem->remedy);
    }
}

static int open_content(struct chat *chat) {
    struct err err = {0};
    const char *root = chat->options.content != NULL ? chat->options.content : app_content_root();
    struct content_load_options options = {.language = "en", .report = on_problem};
    chat->content = app_content_load(root, chat->options.site, &options, &err);
    if (chat->content == NULL) {
        return fail(root,
                    err.code != 0 ? err.text : "the content has mistakes; `pandu check` lists all of them");
    }
    return CHAT_OK;
}

static int find_language(struct chat *chat) {
    const struct lexicon *lexicon = chat->content->lexicon;
    chat->language = -1;
    if (chat->options.language != NULL) {
        chat->language = lexicon_language_index(lexicon, chat->options.language);
        if (chat->language < 0) {
            (void)fprintf(stderr, "pandu chat: --lang %s is no language of the content; it has",
                          chat->options.language);
            for (size_t i = 0; i < lexicon_language_count(lexicon); i++) {
                (void)fprintf(stderr, " %s", lexicon_language(lexicon, i));
            }
            (void)fprintf(stderr, "\n");
            return CHAT_USAGE;
        }
    }
    int shown = chat->language >= 0 ? chat->language : chat->content->site.default_language;
    chat->is_indonesian = strcmp(lexicon_language(lexicon, (size_t)shown), "id") == 0;
    return CHAT_OK;
}

/* ---- database ---- */

static int open_database(struct chat *chat, const char *folder) {
    struct err err = {0};
    const char *given = chat->options.database;
    int length = given != NULL ? snprintf(chat->database, sizeof chat->database, "%s", given)
                               : snprintf(chat->database, sizeof chat->database, "%s/pandu.db", folder);
    if (length < 0 || (size_t)length >= sizeof chat->database) {
        return fail("the path of the database", "is too long");
    }
    if ((given == NULL || chat->options.data != NULL) && folders_make(folder) != 0) {
        (void)fprintf(stderr,
                      "pandu chat: the folder %s cannot be made: %s. Give another one with --data DIR.\n",
                      folder, strerror(errno));
        return CHAT_FAILED;
    }
    chat->store = store_sqlite_open(chat->database, &err);
    return chat->store != NULL ? CHAT_OK : fail("the database", err.text);
}

/* Exports go beside the database. */
static const char *data_folder(const struct chat *chat, char out[CHAT_PATH_MAX]) {
    if (chat->options.data != NULL) {
        return chat->options.data;
    }
    if (chat->options.database == NULL) {
        return "data";
    }
    const char *slash = strrchr(chat->options.database, '/');
    size_t length = slash != NULL ? (size_t)(slash - chat->options.database) : 0;
    if (length == 0 || length >= CHAT_PATH_MAX) {
        return slash != NULL && length == 0 ? "/" : ".";
    }
    memcpy(out, chat->options.database, length);
    out[length] = '\0';
    return out;
}

/* ---- this run ---- */

/* Sixty-four random bits; without them, the time and the process. */
static void name_run(struct chat *chat) {
    uint64_t random = 0;
    FILE *source = fopen("/dev/urandom", "rb");
    if (source == NULL || fread(&random, sizeof random, 1, source) != 1) {
        int64_t parts[] = {clock_now_ms(), clock_steady_ms(), (int64_t)getpid()};
        random = hash_bytes(0, parts, sizeof parts);
    }
    if (source != NULL) {
        (void)fclose(source);
    }
    (void)snprintf(chat->run, sizeof chat->run, "%016llx", (unsigned long long)random);
}

static void choose_style(struct chat *chat) {
    const char *plain = getenv("NO_COLOR"), *columns = getenv("COLUMNS"); /* https://no-color.org */
    const char *kind = getenv("TERM");
    int is_terminal = isatty(STDOUT_FILENO);
    long width = columns != NULL ? strtol(columns, NULL, 10) : 0;
    int is_dumb = kind == NULL || strcmp(kind, "dumb") == 0;
    chat->style.has_colours = is_terminal && !is_dumb && (plain == NULL || *plain == '\0');
    chat->style.width = !is_terminal ? 0 : width > 0 && width < 1000 ? (size_t)width : 80;
    chat->style.name = chat->content->site.bot_name;
    chat->shows_prompt = is_terminal && isatty(STDIN_FILENO) && !chat->options.is_json;
}

int chat_open(struct chat *chat) {
    char room[CHAT_PATH_MAX];
    const char *folder = data_folder(chat, room);
    int rc = open_content(chat);
    rc = rc == CHAT_OK ? find_language(chat) : rc;
    rc = rc == CHAT_OK ? open_database(chat, folder) : rc;
    if (rc != CHAT_OK) {
        return rc;
    }
    name_run(chat);
    choose_style(chat);
    chat->collect = collect_new();
    chat->app = app_new(chat->content, chat->store, folder);
    return chat->app != NULL && chat->collect != NULL ? CHAT_OK : fail("the app", "out of memory");
}

void chat_close(struct chat *chat) {
    app_free(chat->app);
    collect_free(chat->collect);
    if (chat->store != NULL) {
        chat->store->ops->close(chat->store);
    }
    content_free(chat->content);
}
