/* What a turn costs without understanding: a trivial engine, the real app and store. By hand only:
     cmake --build --preset release && gcc -O2 -D_POSIX_C_SOURCE=200809L -I bot tests/bench/turn.c \
       build/release/libpandu_{app,channel,store,domain,json,base}.a -ljansson -lpcre2-8 -lsqlite3 \
       -lutf8proc -lstemmer -lpthread -lm -o /tmp/turn && /tmp/turn DATABASE-or-- [CONVERSATIONS [TURNS]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/app_engine.h"
#include "base/arena.h"
#include "base/err.h"
#include "store/store.h"

static const char words[] =
    "Magang biasanya dibuka dua kali setahun; lihat laman resmi perusahaan dan siapkan CV satu "
    "halaman, \"contoh\" karya, serta surat singkat.\nMau saya bantu menyusun CV dulu, atau mencari tempat?";

static void begin(struct session *session, int64_t now_ms) {
    static const char *const replies[] = {"greet", "internship", "cv_help", "salary", "did_you_mean"};
    session->created_ms = now_ms;
    for (size_t i = 0; i < 5; i++) {
        session_speak(session, replies[i], 2);
    }
    struct session_frame *frame = &session->stack[0];
    *frame = (struct session_frame){.dialogue = "riasec", .step = "q7", .version = 1, .answer_count = 6};
    for (size_t i = 0; i < frame->answer_count; i++) {
        frame->answers[i] = (struct session_answer){.step = "question_n",
                                                    .kind = ANSWER_CHOICE,
                                                    .choice = "agree",
                                                    .number = 4,
                                                    .said = "Setuju",
                                                    .step_hash = 0xfedcba9876543210u,
                                                    .at_ms = now_ms};
    }
    session->stack_count = 1;
}

static void step(struct app_engine *engine, struct session *session, const struct turn *turn,
                 struct arena *arena, struct actions *out) {
    static struct message_choice choices[] = {{"17:cv_help", "cv_help", "Bantu susun CV"},
                                              {"17:salary", "salary", "Soal gaji"}};
    (void)engine;
    if (session->created_ms == 0) {
        begin(session, turn->now_ms);
    }
    session->turn_count++;
    session->prompt++;
    session->last_ms = session->stack[0].touched_ms = turn->now_ms;
    char name[16];
    (void)snprintf(name, sizeof name, "fact%d", (int)(session->turn_count % 6));
    session_set_slot(session, name, "an answer in a few words", turn->now_ms);
    session->last_messages = words;
    session->last_reply = "internship";
    struct message *message = arena_alloc(arena, sizeof *message);
    *message = (struct message){.reply = "internship", .text = words, .choices = choices, .choice_count = 2};
    *out = (struct actions){.inbound_text = turn->text,
                            .messages = message,
                            .message_count = 1,
                            .intent = "internship",
                            .language = "id",
                            .state = "idle"};
}

static void open_chat(struct app_engine *engine, struct session *session, int64_t now_ms, int language_hint,
                      struct arena *arena, struct actions *out) {
    (void)engine;
    (void)session;
    (void)now_ms;
    (void)language_hint;
    (void)arena;
    memset(out, 0, sizeof *out);
}

static void free_nothing(struct app_engine *engine) {
    (void)engine;
}

static void done(void *context, const struct app_reply *reply) {
    *(long *)context += reply->status == APP_OK;
}

static double used(clockid_t clock) {
    struct timespec at;
    (void)clock_gettime(clock, &at);
    return (double)at.tv_sec * 1e6 + (double)at.tv_nsec / 1e3;
}

static void round_of(struct app *app, int round, long conversations, long turns) {
    static const char text[] = "apa saja syarat magang untuk mahasiswa semester enam ya?";
    double process = used(CLOCK_PROCESS_CPUTIME_ID), loop = used(CLOCK_THREAD_CPUTIME_ID);
    long stored = 0;
    for (long i = 0; i < turns; i++) {
        char name[48], id[48];
        long who =
            conversations <= 100 ? i % conversations : (long)((unsigned)i * 2654435761u) % conversations;
        (void)snprintf(name, sizeof name, "a-conversation-name-%ld", who);
        (void)snprintf(id, sizeof id, "%d-%08ld", round, i);
        struct turn turn = {
            .id = id, .text = text, .text_length = sizeof text - 1, .now_ms = 1795312800000 + i * 100};
        app_turn(app, name, &turn, done, &stored);
        while (i % 100 == 99 && app_pending(app) > 0) {
            (void)app_poll(app, 100);
        }
    }
    process = (used(CLOCK_PROCESS_CPUTIME_ID) - process) / (double)turns;
    loop = (used(CLOCK_THREAD_CPUTIME_ID) - loop) / (double)turns;
    (void)printf("%ld stored; us/turn: loop %.2f, other threads %.2f\n", stored, loop, process - loop);
}

int main(int count, char **arguments) {
    struct app_engine engine = {step, open_chat, free_nothing, NULL};
    struct err err;
    err_clear(&err);
    if (count < 2) {
        return 2;
    }
    struct store *store =
        strcmp(arguments[1], "-") == 0 ? store_memory_open() : store_sqlite_open(arguments[1], &err);
    struct app *app = store != NULL ? app_new_take(&engine, store, NULL) : NULL;
    if (app == NULL) {
        (void)fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    for (int round = 0; round < 3; round++) {
        round_of(app, round, count > 2 ? atol(arguments[2]) : 100, count > 3 ? atol(arguments[3]) : 40000);
    }
    app_free(app);
    store->ops->close(store);
    return 0;
}
