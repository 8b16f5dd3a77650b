/* What the loop thread pays for a turn of the mix of tests/bench/run, apart from network and disk: the app,
   the engine with the shipped content, and a store in memory that keeps nothing longer than it must. By hand:

     cmake --build build/release --target bench_mix
     build/release/tests/bench_mix CONTENT-FOLDER SCRIPT [CONVERSATIONS [TURNS-EACH [WARM-UP-EACH]]]
     valgrind --tool=callgrind --toggle-collect=play_measured build/release/tests/bench_mix ...

   SCRIPT is what tests/bench/run writes (build/release/bench/script.txt). The same seeds each time; with
   SAID=FILE in the environment everything said is written there, so that two builds can be held against each
   other. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app.h"
#include "app/files.h"
#include "app/secret/secret.h"
#include "base/err.h"
#include "domain/content/content.h"
#include "store/store.h"

enum { LINES_MAX = 4096, CHOICES = 6, PAYLOAD = 96, CONVERSATIONS_MAX = 20000, AT_A_TIME = 16 };

struct client {
    uint64_t chance;
    unsigned number, turns;
    int choice_count;
    char choices[CHOICES][PAYLOAD];
};

static struct {
    struct app *app;
    char *lines[LINES_MAX];
    size_t line_count;
    struct client clients[CONVERSATIONS_MAX];
    unsigned long stored, presses;
    FILE *said; /* if SAID names a file */
} mix;

static uint32_t draw(struct client *client, uint32_t below) {
    client->chance = client->chance * 6364136223846793005u + 1442695040888963407u; /* Knuth, MMIX */
    return (uint32_t)(client->chance >> 33) % below;
}

/* The choices that begin at `at`, behind their bracket. */
static void read_choices(struct client *client, const char *at) {
    static const char payload[] = "{\"payload\":\"";
    client->choice_count = 0;
    while (strncmp(at, payload, sizeof payload - 1) == 0) {
        at += sizeof payload - 1;
        size_t length = strcspn(at, "\"\\");
        if (length < PAYLOAD && at[length] == '"' && client->choice_count < CHOICES) {
            memcpy(client->choices[client->choice_count], at, length);
            client->choices[client->choice_count++][length] = '\0';
        }
        at += strcspn(at, "}"); /* no label has one */
        at += strncmp(at, "},", 2) == 0 ? 2 : 0;
    }
}

/* The buttons a client has are those of the last message that had some. */
static void answered(void *context, const struct app_reply *reply) {
    static const char opening[] = "\"choices\":[";
    struct client *client = context;
    mix.stored += reply->status == APP_OK;
    if (mix.said != NULL) {
        (void)fprintf(mix.said, "%u %s %s\n", client->number, reply->inbound, reply->json);
    }
    for (const char *at = reply->json; (at = strstr(at, opening)) != NULL;) {
        at += sizeof opening - 1;
        if (*at == '{') {
            read_choices(client, at);
        }
    }
}

static void say(struct client *client) {
    char name[48], id[48], choice[PAYLOAD];
    const char *line = mix.lines[draw(client, (uint32_t)mix.line_count)];
    (void)snprintf(name, sizeof name, "w-a-conversation-name-%u", client->number);
    (void)snprintf(id, sizeof id, "load%u-%u", client->number, ++client->turns);
    struct turn turn = {.id = id,
                        .text = line,
                        .text_length = strlen(line),
                        .now_ms = 1795312800000 + (int64_t)client->turns * 5000,
                        .seed = (uint64_t)client->number << 32 | client->turns,
                        .language_hint = -1};
    if (client->choice_count > 0 && draw(client, 10) < 6) {
        memcpy(choice, client->choices[draw(client, (uint32_t)client->choice_count)], PAYLOAD);
        turn.choice = choice;
        turn.text = NULL;
        turn.text_length = 0;
        mix.presses++;
    }
    app_turn(mix.app, name, &turn, answered, client);
}

static void play(unsigned conversations, unsigned turns) {
    for (unsigned round = 0; round < turns; round++) {
        for (unsigned i = 0; i < conversations; i++) {
            say(&mix.clients[i]);
            while (i % AT_A_TIME == AT_A_TIME - 1 && app_pending(mix.app) > 0) {
                (void)app_poll(mix.app, 100);
            }
        }
    }
}

/* Its name is what callgrind is told to collect. */
__attribute__((noinline)) void play_measured(unsigned conversations, unsigned turns);
void play_measured(unsigned conversations, unsigned turns) {
    play(conversations, turns);
}

static void read_script(const char *path) {
    char line[600];
    FILE *file = fopen(path, "r");
    while (file != NULL && mix.line_count < LINES_MAX && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        mix.lines[mix.line_count] = strdup(line);
        mix.line_count += mix.lines[mix.line_count] != NULL;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
}

static double used(void) {
    struct timespec at;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

int main(int count, char **arguments) {
    struct err err;
    err_clear(&err);
    if (count < 3 || secret_init() != 0) {
        (void)fprintf(stderr, "usage: mix CONTENT-FOLDER SCRIPT [CONVERSATIONS [TURNS [WARM-UP]]]\n");
        return 2;
    }
    unsigned conversations = count > 3 ? (unsigned)atoi(arguments[3]) : 100;
    unsigned turns = count > 4 ? (unsigned)atoi(arguments[4]) : 50;
    unsigned before = count > 5 ? (unsigned)atoi(arguments[5]) : 50;
    struct content_load_options options = {.language = "en"};
    struct content *content = app_content_load(arguments[1], NULL, &options, &err);
    struct store *store = content != NULL ? store_memory_open() : NULL;
    mix.app = store != NULL ? app_new(content, store, NULL) : NULL;
    read_script(arguments[2]);
    if (mix.app == NULL || mix.line_count == 0 || conversations > CONVERSATIONS_MAX ||
        app_set_export_address(mix.app, "https://example.org/export") != 0) {
        (void)fprintf(stderr, "mix: %s\n", err.text);
        return 1;
    }
    for (unsigned i = 0; i < conversations; i++) {
        mix.clients[i] = (struct client){.number = i, .chance = i * 7919 + 1};
    }
    mix.said = getenv("SAID") != NULL ? fopen(getenv("SAID"), "w") : NULL;
    play(conversations, before);
    double begin = used();
    play_measured(conversations, turns);
    begin = used() - begin;
    printf("%lu turns, %lu presses, %.2f us each of %u\n", mix.stored, mix.presses,
           begin / ((double)conversations * turns), conversations * turns);
    app_free(mix.app);
    content_free(content);
    store->ops->close(store);
    return 0;
}
