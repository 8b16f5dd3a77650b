/* The program that tests/crash/run.py kills: many conversations write turns to one database as fast as it
   takes them. Standard input: per conversation the number of the first turn nobody acknowledged. Standard
   output: one line a reply. It never checks anything itself: whoever kills it does. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "store/store.h"
#include "unit/app/fake_engine.h"

enum { WRITER_CONVERSATIONS_MAX = 256, WRITER_WINDOW = 2 /* turns of one conversation under way */ };

struct person {
    struct app *app;
    int number;
    long next;   /* turn to send */
    long last;   /* turn after which it stops; 0: never */
    int stopped; /* after an error */
};
struct sent {
    struct person *person;
    long turn;
};

/* One write a line: what was written before the kill is in the pipe, whole. */
static void report(const char *line) {
    size_t length = strlen(line);
    ssize_t written;
    do {
        written = write(STDOUT_FILENO, line, length);
    } while (written < 0 && errno == EINTR);
    if (written != (ssize_t)length) {
        _exit(3);
    }
}

static void send_next(struct person *person);

static void answered(void *context, const struct app_reply *reply) {
    static const char *const names[] = {"ok", "duplicate", "conflict", "storage"};
    struct sent *sent = context;
    struct person *person = sent->person;
    char line[512];
    (void)snprintf(line, sizeof line, "%d %ld %s %llu %llu %s\n", person->number, sent->turn,
                   names[reply->status], (unsigned long long)reply->first_seq,
                   (unsigned long long)reply->last_seq,
                   reply->actions != NULL ? reply->actions->messages[0].text : reply->text);
    report(line);
    person->stopped |= reply->status != APP_OK && reply->status != APP_DUPLICATE;
    free(sent);
    send_next(person);
}

static void send_next(struct person *person) {
    if (person->stopped || (person->last != 0 && person->next > person->last)) {
        return;
    }
    struct sent *sent = malloc(sizeof *sent);
    if (sent == NULL) {
        abort();
    }
    *sent = (struct sent){person, person->next++};
    char id[32], text[64], name[32];
    (void)snprintf(name, sizeof name, "person-%d", person->number);
    (void)snprintf(id, sizeof id, "t-%ld", sent->turn);
    (void)snprintf(text, sizeof text, "kata %ld", sent->turn);
    struct turn turn = {
        .id = id, .text = text, .text_length = strlen(text), .now_ms = 1795312800000 + sent->turn};
    app_turn(person->app, name, &turn, answered, sent);
}

/* Returns how many people there are. */
static int read_people(struct person *people, struct app *app, long count) {
    int number = 0;
    char line[64];
    while (number < WRITER_CONVERSATIONS_MAX && fgets(line, sizeof line, stdin) != NULL) {
        long next = strtol(line, NULL, 10);
        people[number] = (struct person){
            .app = app, .number = number, .next = next, .last = count != 0 ? next + count - 1 : 0};
        number++;
    }
    return number;
}

int main(int count, char **arguments) {
    static struct person people[WRITER_CONVERSATIONS_MAX];
    if (count != 3) {
        (void)fprintf(stderr, "usage: %s DATABASE TURNS-EACH (0: until killed)\n", arguments[0]);
        return 2;
    }
    struct err err;
    err_clear(&err);
    struct store *store = store_sqlite_open(arguments[1], &err);
    if (store == NULL) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    struct app *app = app_new_take(fake_engine_new(), store, NULL);
    if (app == NULL) {
        return 1;
    }
    int number = read_people(people, app, strtol(arguments[2], NULL, 10));
    report("ready\n");
    for (int i = 0; i < number; i++) {
        for (int sent = 0; sent < WRITER_WINDOW; sent++) {
            send_next(&people[i]);
        }
    }
    while (app_pending(app) > 0) {
        (void)app_poll(app, 1000);
    }
    app_free(app);
    store->ops->close(store);
    report("closed\n");
    return 0;
}
