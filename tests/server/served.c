/* The server on the real network and database with an engine that answers in an instant: for live.py.
   served DATABASE: prints its port, serves until SIGTERM or SIGINT, reloads its options on SIGHUP. */
#include <signal.h>
#include <stdio.h>

#include "app/server_parts.h"
#include "base/err.h"
#include "base/log.h"
#include "unit/app/fake_engine.h"

static struct server *serving;

static void on_signal(int number) {
    if (number == SIGHUP) {
        server_ask_reload(serving);
    } else {
        server_stop(serving);
    }
}

static struct server_options options_of(const struct log *log) {
    return (struct server_options){.listen = "127.0.0.1:0",
                                   .turn_burst = 1000000,
                                   .turns_per_minute = 1000000,
                                   .conversation_burst = 1000000,
                                   .conversations_per_minute = 1000000,
                                   .idle_after_ms = 60000,
                                   .log = log};
}

/* After SIGHUP a conversation may say three messages. */
static void reload(void *context) {
    struct server_options options = options_of(context);
    options.turn_burst = 3;
    options.turns_per_minute = 1;
    (void)server_apply(serving, &options, NULL);
}

int main(int count, char **arguments) {
    struct err err = {0};
    struct log log = {.out = stderr, .lowest = LOG_INFO};
    struct store *store = count > 1 ? store_sqlite_open(arguments[1], &err) : NULL;
    struct server_options options = options_of(&log);
    options.reload = reload;
    options.reload_context = &log;
    serving = store != NULL ? server_open_take(&options, NULL, app_new_take(fake_engine_new(), store, NULL),
                                               store, &err)
                            : NULL;
    if (serving == NULL) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    struct sigaction action = {.sa_handler = on_signal};
    (void)sigaction(SIGTERM, &action, NULL);
    (void)sigaction(SIGINT, &action, NULL);
    (void)sigaction(SIGHUP, &action, NULL);
    (void)printf("%d\n", server_port(serving));
    (void)fflush(stdout);
    int rc = server_run(serving);
    server_free(serving);
    store->ops->close(store);
    return rc == 0 ? 0 : 1;
}
