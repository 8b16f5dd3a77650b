/* What the app needs of the domain: something that takes a turn. The real one holds a content bundle and its
   scratch; tests of the app bring their own. */
#ifndef PANDU_APP_APP_ENGINE_H
#define PANDU_APP_APP_ENGINE_H

#include "app/app.h"
#include "domain/session/session.h"

/* The first member of a larger struct. step and open as engine_step and engine_open. */
struct app_engine {
    void (*step)(struct app_engine *engine, struct session *session, const struct turn *turn,
                 struct arena *arena, struct actions *out);
    void (*open)(struct app_engine *engine, struct session *session, int64_t now_ms, int language_hint,
                 struct arena *arena, struct actions *out);
    void (*free)(struct app_engine *engine);
    /* The words of a reply in a language (code) for what only the app knows of; in arena, or NULL. The member
       may be NULL too. */
    const char *(*words)(struct app_engine *engine, const char *language, const char *reply,
                         struct arena *arena);
};

/* Takes one reference of content. NULL: no memory. */
struct app_engine *app_engine_new(struct content *content);

/* Like app_new; the engine is the app's, even on failure. NULL is passed through. */
struct app *app_new_take(struct app_engine *engine, struct store *store, const char *data_folder);
/* Frees the engine in use and goes on with this one. */
void app_set_engine_take(struct app *app, struct app_engine *engine);

#endif
