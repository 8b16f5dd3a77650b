/* pandu serve: opens content, database and port, and runs until it is told to stop. Never understands
   anything itself. Called by main through cli.c. */
#include "cli/serve.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/background.h"
#include "base/arena.h"
#include "base/err.h"
#include "cli/cli.h"
#include "cli/folders.h"
#include "domain/content/content.h"
#include "json/value.h"
#include "store/store.h"

#include "banned.h"

enum { SERVE_OK = 0, SERVE_FAILED = 1, SERVE_USAGE = 2 };

static struct server *serving; /* for the signal handlers: set before they are, and cleared after */

static void on_stop(int number) {
    server_stop(serving);
    (void)signal(number, SIG_DFL); /* a second one ends the program at once */
}
static void on_reload(int number) {
    (void)number;
    server_ask_reload(serving);
}

static int handle(int number, void (*handler)(int number)) {
    struct sigaction action = {.sa_flags = SA_RESTART};
    action.sa_handler = handler;
    return sigemptyset(&action.sa_mask) == 0 ? sigaction(number, &action, NULL) : -1;
}

/* A client that went away, or a full quota, is an error of the call and not the end of everybody's chat. */
static int ignore_signals(void) {
    return handle(SIGPIPE, SIG_IGN) | handle(SIGXFSZ, SIG_IGN) | handle(SIGHUP, SIG_IGN);
}
static int handle_signals(struct server *server) {
    serving = server;
    return handle(SIGTERM, on_stop) | handle(SIGINT, on_stop) | handle(SIGHUP, on_reload);
}

static int fail(const char *what, const char *why) {
    (void)fprintf(stderr, "pandu serve: %s: %s\n", what, why);
    return SERVE_FAILED;
}

static void complain(void *context, const char *problem) {
    (void)context;
    (void)fprintf(stderr, "pandu serve: %s\n", problem);
}

static void open_log(struct serve *serve) {
    const struct config *config = &serve->settings.config;
    serve->log.out = stderr;
    serve->log.is_json = strcmp(config->log_format, "json") == 0;
    serve->log.lowest = strcmp(config->log_level, "error") == 0     ? LOG_ERROR
                        : strcmp(config->log_level, "warning") == 0 ? LOG_WARNING
                                                                    : LOG_INFO;
}

static int open_all(struct serve *serve) {
    struct err err = {0};
    const struct config *config = &serve->settings.config;
    serve->background = background_new(serve_reload_ended, serve);
    serve->content = serve_load(config, complain, NULL);
    if (serve->background == NULL || serve->content == NULL) {
        return SERVE_FAILED;
    }
    if (folders_make_for(config->database) != 0 || folders_make(config->data) != 0) {
        return fail(config->database, strerror(errno));
    }
    serve->store = store_sqlite_open(config->database, &err);
    if (serve->store == NULL) {
        return fail("the database", err.text);
    }
    struct server_options options = serve_options(serve);
    serve->server = server_open(&options, serve->content, serve->store, &err);
    return serve->server != NULL ? SERVE_OK : fail("the server", err.text);
}

/* The address as a person can open it. */
static void print_address(struct serve *serve) {
    const struct config *config = &serve->settings.config;
    const char *colon = strrchr(config->listen, ':');
    int host = colon != NULL ? (int)(colon - config->listen) : 0;
    const char *shown =
        strncmp(config->listen, "0.0.0.0:", 8) == 0 || strncmp(config->listen, "[::]:", 5) == 0
            ? "localhost"
            : config->listen;
    (void)snprintf(serve->address, sizeof serve->address, "%s://%.*s:%d",
                   config->tls_certificate != NULL ? "https" : "http",
                   shown == config->listen ? host : (int)strlen(shown), shown, server_port(serve->server));
}

static int run_server(struct serve *serve) {
    print_address(serve);
    if (handle_signals(serve->server) != 0) {
        return fail("signals", strerror(errno));
    }
    if (serve_status_write(serve->settings.config.database, serve->address, 0, NULL) != 0) {
        log_write(&serve->log, LOG_WARNING, "status",
                  "cannot be written beside the database: pandu reload "
                  "will not find this server");
    }
    (void)printf("Pandu listens at %s  (stop: Ctrl-C; reload: pandu reload)\n", serve->address);
    serve_widget_print(serve);
    if (fflush(stdout) != 0) {
        errno = 0; /* nobody reads it: no reason not to serve */
    }
    int rc = server_run(serve->server);
    serve_status_remove(serve->settings.config.database);
    log_write(&serve->log, LOG_INFO, "stopped", "everything said is stored");
    return rc == 0 ? SERVE_OK : fail("the network", "the loop failed");
}

static void close_all(struct serve *serve) {
    (void)ignore_signals();
    (void)handle(SIGTERM, SIG_IGN); /* closing takes a moment, and ends by itself */
    background_free(serve->background);
    server_free(serve->server);
    serving = NULL;
    if (serve->store != NULL) {
        serve->store->ops->close(serve->store);
    }
    content_free(serve->content);
    value_free(serve->problems);
    arena_free(serve->arena);
    free(serve);
}

static int run(int count, char **arguments) {
    struct serve *serve = calloc(1, sizeof *serve);
    if (serve == NULL || (serve->arena = arena_new(0)) == NULL) {
        free(serve);
        return fail("start", "out of memory");
    }
    (void)umask(077);
    int rc = settings_read(&serve->settings, "serve", count, arguments, serve->arena);
    if (rc == 0) {
        open_log(serve);
        rc = ignore_signals() != 0 ? fail("signals", strerror(errno)) : open_all(serve);
        rc = rc == SERVE_OK ? run_server(serve) : rc;
    } else {
        rc = SERVE_USAGE;
    }
    close_all(serve);
    return rc;
}

static int print_settings(void) {
    return config_print_help(stdout);
}

const struct cli_verb cli_serve = {
    .name = "serve",
    .run = run,
    .summary = "serve chats over WebSocket",
    .help = "usage: pandu serve [--listen ADDR:PORT] [--db FILE] [--site DIR] [--config FILE] [SETTINGS]\n"
            "\n"
            "Serves any number of conversations until SIGTERM or Ctrl-C. A message is acknowledged only "
            "after it is on "
            "the disk: kill\n"
            "the server at any moment, start it again, and every conversation goes on where it was. SIGHUP, "
            "or `pandu "
            "reload`, takes\n"
            "changed content and settings over without a pause. Logs go to standard error and never hold "
            "what people "
            "said.\n"
            "\n"
            "Exit status: 0 after it was stopped; 1 when it could not start, with the reason; 2 for wrong "
            "settings.\n"
            "\n",
    .print_more = print_settings,
};
