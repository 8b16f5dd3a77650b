/* Makes the database of the benchmarks: conversations that really took place, with the shipped content and
   through the application's own door, as many at a time as a busy server has. Called by tests/bench/run:

     fill DATABASE CONVERSATIONS TURNS-EACH CONTENT-FOLDER SCRIPT

   The turns of one conversation lie far apart in the file, as they do in life. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/app.h"
#include "app/files.h"
#include "app/secret/secret.h"
#include "base/err.h"
#include "domain/content/content.h"
#include "store/store.h"
#include "stored.h"

enum { LINES_MAX = 4096, UNDER_WAY = 256 };

struct fill {
    struct app *app;
    char *lines[LINES_MAX];
    size_t line_count;
    unsigned long failed, done;
};

static void answered(void *context, const struct app_reply *reply) {
    struct fill *fill = context;
    fill->failed += reply->status != APP_OK;
    fill->done++;
}

static void read_script(struct fill *fill, const char *path) {
    char line[600];
    FILE *file = fopen(path, "r");
    while (file != NULL && fill->line_count < LINES_MAX && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        fill->lines[fill->line_count] = strdup(line);
        fill->line_count += fill->lines[fill->line_count] != NULL;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

/* What the server calls the conversation of this token in the store. */
static void name_of(unsigned long number, char out[2 + SECRET_HASH_TEXT]) {
    char token[STORED_TOKEN_SIZE];
    stored_token(number, token);
    memcpy(out, "w-", 2);
    secret_hash("conversation", token, out + 2);
}

static void submit(struct fill *fill, unsigned long number, unsigned long round) {
    char name[2 + SECRET_HASH_TEXT], id[32];
    int64_t now = 1795312800000 + (int64_t)(round * 60000 + number);
    name_of(number, name);
    if (round == 0) {
        app_open(fill->app, name, now, -1, answered, fill);
        return;
    }
    (void)snprintf(id, sizeof id, "fill-%lu", round);
    const char *text = fill->lines[(number * 31 + round * 17) % fill->line_count];
    struct turn turn = {.id = id,
                        .text = text,
                        .text_length = strlen(text),
                        .now_ms = now,
                        .seed = number + round,
                        .language_hint = -1};
    app_turn(fill->app, name, &turn, answered, fill);
}

static void run(struct fill *fill, unsigned long conversations, unsigned long turns) {
    for (unsigned long round = 0; round <= turns; round++) {
        for (unsigned long number = 0; number < conversations; number++) {
            submit(fill, number, round);
            while (app_pending(fill->app) >= UNDER_WAY) {
                (void)app_poll(fill->app, 100);
            }
        }
        while (app_pending(fill->app) > 0) {
            (void)app_poll(fill->app, 100);
        }
        (void)fprintf(stderr, "\r%lu of %lu", round, turns);
    }
    (void)fprintf(stderr, "\n");
}

static int open_all(struct fill *fill, char **arguments, struct store **store) {
    struct err err;
    err_clear(&err);
    struct content_load_options options = {.language = "en"};
    struct content *content = app_content_load(arguments[4], NULL, &options, &err);
    *store = content != NULL ? store_sqlite_open(arguments[1], &err) : NULL;
    fill->app = *store != NULL ? app_new(content, *store, NULL) : NULL;
    content_free(content);
    read_script(fill, arguments[5]);
    if (fill->app == NULL || fill->line_count == 0 || secret_init() != 0) {
        (void)fprintf(stderr, "fill: %s\n", err.text);
        return -1;
    }
    return 0;
}

int main(int count, char **arguments) {
    static struct fill fill;
    struct store *store = NULL;
    if (count != 6) {
        (void)fprintf(stderr, "usage: fill DATABASE CONVERSATIONS TURNS-EACH CONTENT-FOLDER SCRIPT\n");
        return 2;
    }
    if (open_all(&fill, arguments, &store) != 0) {
        return 1;
    }
    run(&fill, strtoul(arguments[2], NULL, 10), strtoul(arguments[3], NULL, 10));
    app_free(fill.app);
    store->ops->close(store);
    printf("%lu turns, %lu failed\n", fill.done, fill.failed);
    return fill.failed == 0 ? 0 : 1;
}
