/* A reload: settings and certificate on the loop, content in the background, so that no running chat waits.
   All or nothing for each; the last good one stays. Never stops the server. Called by serve.c. */
#include <inttypes.h>
#include <string.h>

#include "app/background.h"
#include "app/files.h"
#include "base/err.h"
#include "cli/serve.h"
#include "json/value.h"

#include "banned.h"

struct server_options serve_options(struct serve *serve) {
    const struct config *config = &serve->settings.config;
    enum server_metrics metrics = strcmp(config->metrics, "all") == 0   ? SERVER_METRICS_ALL
                                  : strcmp(config->metrics, "off") == 0 ? SERVER_METRICS_OFF
                                                                        : SERVER_METRICS_LOOPBACK;
    return (struct server_options){
        .listen = config->listen,
        .public_url = config->public_url,
        .origins = config->origins.items,
        .origin_count = config->origins.count,
        .trusted_proxies = config->trusted_proxies.items,
        .proxy_count = config->trusted_proxies.count,
        .certificate = config->tls_certificate,
        .key = config->tls_key,
        .connections_max = (size_t)config->connections_max,
        .connections_per_address_max = (size_t)config->connections_per_address,
        .turn_burst = config->turn_burst,
        .turns_per_minute = config->turns_per_minute,
        .conversation_burst = config->conversation_burst,
        .conversations_per_minute = config->conversations_per_minute,
        .idle_after_ms = config->idle_after_ms,
        .retention_ms = config->retention_ms,
        .identity_secret = config->identity_secret,
        .metrics = metrics,
        .web_folder = app_web_root(),
        .has_demo = strcmp(config->demo, "on") == 0 ||
                    (strcmp(config->demo, "auto") == 0 && config->public_url == NULL),
        .data_folder = config->data,
        .log = &serve->log,
        .reload = serve_reload,
        .reload_context = serve,
    };
}

static void note(void *context, const char *problem) {
    struct serve *serve = context;
    log_write(&serve->log, LOG_ERROR, "reload_refused", "%s", problem);
    if (value_count(serve->problems) < SERVE_PROBLEMS_MAX) {
        (void)value_add_take(serve->problems, value_new_text(problem)); /* without memory the log has it */
    }
}

static void finish(struct serve *serve) {
    const struct config *config = &serve->settings.config;
    /* one that is wanted already tells how it ended: it sees what this one may have missed */
    if (!atomic_load(&serve->is_wanted) &&
        serve_status_write(config->database, serve->address, serve->reloads, serve->problems) != 0) {
        log_write(&serve->log, LOG_WARNING, "reload_status", "cannot be written beside %s", config->database);
    }
    value_free(serve->problems);
    serve->problems = NULL;
}

/* Off the loop. */
static void load_content(void *context) {
    struct serve *serve = context;
    struct content *content = serve_load(&serve->settings.config, note, serve);
    if (content != NULL) {
        server_reload_take(serve->server, content);
        log_write(&serve->log, LOG_INFO, "reloaded", "content, reload %" PRId64, serve->reloads);
    }
    finish(serve);
}

/* Settings that are wrong change nothing; the content is looked at all the same. */
static void reload_settings(struct serve *serve) {
    struct err err = {0};
    if (settings_read_again(&serve->settings, serve->arena, note, serve) == 0) {
        struct server_options options = serve_options(serve);
        if (server_apply(serve->server, &options, &err) != 0) {
            note(serve, err.text);
        }
    }
}

void serve_reload_ended(void *context) {
    struct serve *serve = context;
    if (atomic_load(&serve->is_wanted)) {
        server_ask_reload(serve->server);
    }
}

void serve_reload(void *context) {
    struct serve *serve = context;
    atomic_store(&serve->is_wanted, 1);
    if (background_is_busy(serve->background)) {
        return; /* serve_reload_ended finds that it is wanted */
    }
    atomic_store(&serve->is_wanted, 0);
    serve->reloads++;
    serve->problems = value_new_array();
    reload_settings(serve);
    if (!background_run(serve->background, load_content, serve)) {
        note(serve, "there is no thread to load the content");
        finish(serve);
    }
}
