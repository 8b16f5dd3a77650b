/* What the files of `pandu serve` share, and what `pandu reload` reads of a running server. */
#ifndef PANDU_CLI_SERVE_H
#define PANDU_CLI_SERVE_H

#include <stdatomic.h>
#include <stdint.h>

#include "app/server.h"
#include "base/log.h"
#include "cli/settings.h"

struct arena;
struct background;
struct content;
struct store;
struct value;

enum { SERVE_PATH_MAX = 4096, SERVE_PROBLEMS_MAX = 200 };

struct serve {
    struct settings settings;
    struct arena *arena; /* of the settings; grows a little with each reload */
    struct log log;
    struct content *content; /* until the server has its own reference */
    struct store *store;
    struct server *server;
    struct background *background;
    char address[256];      /* as a person can open it */
    int64_t reloads;        /* so far, also those refused */
    atomic_int is_wanted;   /* a reload was asked for while one was under way */
    struct value *problems; /* of the reload under way: an array of texts */
};

/* ---- serve_content.c ---- */
/* Loads content and overlay as the settings name them; problems that refuse it are handed to report. NULL
   after at least one. From any thread. */
struct content *serve_load(const struct config *config, config_report *report, void *context);

/* ---- serve_reload.c ---- */
/* Called on the loop: takes over settings, then content in the background. While one is under way, the next
   begins after it. context is a struct serve. */
void serve_reload(void *context);
/* Called in the background when a reload has ended. */
void serve_reload_ended(void *context);
/* The settings as the server wants them; borrows from serve. */
struct server_options serve_options(struct serve *serve);

/* ---- serve_widget.c ---- */
/* Prints what a site pastes to show the widget of this server, with the sums browsers hold its files against.
   Nothing where there is no widget. */
void serve_widget_print(const struct serve *serve);

/* ---- serve_status.c: the file DATABASE.server, for `pandu reload` ---- */
/* {"pid", "url", "reloads", "problems": [..]}. problems may be NULL. Written whole or not at all. 0, or -1.
 */
int serve_status_write(const char *database, const char *url, int64_t reloads, const struct value *problems);
/* NULL: there is none, or it is no JSON. Caller frees. */
struct value *serve_status_read(const char *database);
void serve_status_remove(const char *database);

#endif
