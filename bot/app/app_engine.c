/* The engine over a content bundle. Never used by tests of the app itself. Called through app.h by cli. */
#include "app/app_engine.h"

#include <stdlib.h>

#include "app/secret/secret.h"
#include "base/arena.h"
#include "domain/content/content.h"
#include "domain/intent/intent_memo.h"
#include "domain/pattern/pattern.h"
#include "domain/reply/reply.h"
#include "domain/text/lexicon.h"

#include "banned.h"

struct content_engine {
    struct app_engine engine;
    struct content *content;
    struct pattern_scratch *scratch;
};

static void step(struct app_engine *engine, struct session *session, const struct turn *turn,
                 struct arena *arena, struct actions *out) {
    struct content_engine *self = (struct content_engine *)engine;
    engine_step(self->content, self->scratch, session, turn, arena, out);
}

static void open_chat(struct app_engine *engine, struct session *session, int64_t now_ms, int language_hint,
                      struct arena *arena, struct actions *out) {
    struct content_engine *self = (struct content_engine *)engine;
    engine_open(self->content, session, now_ms, language_hint, arena, out);
}

static const char *words(struct app_engine *engine, const char *language, const char *reply,
                         struct arena *arena) {
    const struct content *content = ((struct content_engine *)engine)->content;
    int index = language != NULL ? lexicon_language_index(content->lexicon, language) : -1;
    uint32_t number = content_reply_index(content, reply);
    index = index >= 0 ? index : content->site.default_language;
    if (number == CONTENT_NONE || content->replies[number].by_language[index].count == 0) {
        return NULL;
    }
    const char *text = content->replies[number].by_language[index].variants[0].messages[0];
    return arena_keep(arena, reply_render(content, index, text, NULL, NULL, arena));
}

static void free_engine(struct app_engine *engine) {
    struct content_engine *self = (struct content_engine *)engine;
    pattern_scratch_free(self->scratch);
    content_free(self->content);
    free(self);
}

struct app_engine *app_engine_new(struct content *content) {
    struct content_engine *self = calloc(1, sizeof *self);
    if (self == NULL) {
        return NULL;
    }
    self->engine = (struct app_engine){step, open_chat, free_engine, words};
    self->content = content_hold(content);
    self->scratch = pattern_scratch_new(content->patterns);
    if (self->scratch == NULL) {
        free_engine(&self->engine);
        return NULL;
    }
    const uint64_t key[2] = {secret_seed(), secret_seed()};
    pattern_scratch_keep_take(self->scratch, intent_memo_new(key), intent_memo_free);
    return &self->engine;
}

struct app *app_new(struct content *content, struct store *store, const char *data_folder) {
    return app_new_take(app_engine_new(content), store, data_folder);
}

int app_set_content(struct app *app, struct content *content) {
    struct app_engine *engine = app_engine_new(content);
    if (engine == NULL) {
        return -1;
    }
    app_set_engine_take(app, engine);
    return 0;
}
