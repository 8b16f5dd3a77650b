/* What is stored of a conversation: everything, for the person; the state, for tests and --json. Never
   changes it. Called by cli. */
#include <stdlib.h>

#include "app/app_parts.h"
#include "base/err.h"
#include "json/value.h"

#include "banned.h"

enum { INSPECT_ARENA_MAX = 8 * 1024 * 1024 };

static void put(struct value *object, const char *key, struct value *member, int *failed) {
    if (object == NULL || member == NULL) {
        value_free(member);
        *failed = 1;
    } else if (value_set_take(object, key, member) != 0) {
        *failed = 1;
    }
}

static struct value *new_number(double number) {
    const double exact = 9007199254740992.0; /* 2^53: integers up to here are exact */
    if (number > -exact && number < exact && number == (double)(int64_t)number) {
        return value_new_int((int64_t)number);
    }
    return value_new_real(number);
}

static struct value *new_answer(const struct session_answer *answer) {
    switch (answer->kind) {
    case ANSWER_CHOICE: return answer->choice != NULL ? value_new_text(answer->choice) : value_new_null();
    case ANSWER_NUMBER:
    case ANSWER_DATE: return new_number(answer->number);
    case ANSWER_TEXT: return answer->said != NULL ? value_new_text(answer->said) : value_new_null();
    default: return value_new_null(); /* skipped */
    }
}

static struct value *new_dialogue(const struct session_frame *frame, int *failed) {
    struct value *object = value_new_object();
    for (size_t i = 0; i < frame->answer_count; i++) {
        put(object, frame->answers[i].step, new_answer(&frame->answers[i]), failed);
    }
    return object;
}

/* From the oldest dialogue to the newest, so that a newer run of the same one wins. */
static char *print_session(const struct session *session) {
    int failed = 0;
    struct value *root = value_new_object(), *answers = value_new_object(), *slots = value_new_object();
    for (size_t i = session->stack_count; i-- > 0;) {
        put(answers, session->stack[i].dialogue, new_dialogue(&session->stack[i], &failed), &failed);
    }
    for (size_t i = 0; i < session->slot_count; i++) {
        put(slots, session->slots[i].name, value_new_text(session->slots[i].value), &failed);
    }
    put(root, "answers", answers, &failed);
    put(root, "slots", slots, &failed);
    char *printed = failed ? NULL : value_print(root, 0);
    value_free(root);
    return printed;
}

struct inspection {
    struct arena *arena;
    int is_done;
    uint64_t version;
    const char *state;
    size_t length;
};

static void loaded(void *context, const struct store_result *result) {
    struct inspection *inspection = context;
    inspection->is_done = 1;
    if (result->status == STORE_OK) {
        inspection->version = result->version;
        inspection->length = result->state.length;
        inspection->state = arena_copy(inspection->arena, result->state.data, result->state.length);
    }
}

char *app_inspect(struct app *app, const char *conversation) {
    struct inspection inspection = {.arena = arena_new(INSPECT_ARENA_MAX)};
    if (inspection.arena == NULL) {
        return NULL;
    }
    app->store->ops->load(app->store, conversation, loaded, &inspection);
    while (!inspection.is_done) {
        (void)app_poll(app, 1000);
    }
    char *printed = NULL;
    struct session *session = arena_alloc(inspection.arena, sizeof *session);
    session_init(session, inspection.arena);
    if (inspection.state != NULL && inspection.version != 0 &&
        session_decode(inspection.state, inspection.length, inspection.arena, session, NULL) == 0) {
        printed = print_session(session);
    }
    arena_free(inspection.arena);
    return printed;
}

/* ---- everything ---- */

struct fetch {
    struct app *app;
    app_export_done *done;
    void *context;
};

static void fetched(void *context, const struct store_result *result) {
    struct fetch *fetch = context;
    struct app_export exported = {.status = APP_STORAGE, .text = result->text};
    if (result->status == STORE_OK) {
        exported = (struct app_export){
            .status = APP_OK, .json = result->outcome.data, .length = result->outcome.length};
    }
    fetch->app->pending--;
    fetch->app->answered++;
    fetch->done(fetch->context, &exported);
    free(fetch);
}

void app_export_fetch(struct app *app, const char *conversation, app_export_done *done, void *context) {
    struct fetch *fetch = app->pending < APP_PENDING_MAX ? malloc(sizeof *fetch) : NULL;
    if (fetch == NULL) {
        struct app_export exported = {.status = APP_STORAGE, .text = "too much is waiting"};
        done(context, &exported);
        return;
    }
    *fetch = (struct fetch){app, done, context};
    app->pending++;
    app->store->ops->export_all(app->store, conversation, fetched, fetch);
}
