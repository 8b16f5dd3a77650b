/* Somebody opens the chat and has not written yet: a greeting, or where they were. Called by: app. */
#include "domain/engine/work.h"

#include "banned.h"

void engine_open(const struct content *content, struct session *session, int64_t now_ms, int language_hint,
                 struct arena *arena, struct actions *out) {
    struct work work = {.content = content,
                        .session = session,
                        .arena = arena,
                        .out = out,
                        .seed = (uint64_t)now_ms,
                        .is_open = 1};
    work_begin(&work, now_ms, language_hint);
    out->outcome = TURN_CONTROL;
    struct session_frame *frame = dialogue_running(session);
    if (frame && !work_find_run(&work)) {
        say_reply(&work, "dialogue_gone");
        frame->state = FRAME_CANCELLED;
    } else if (frame) {
        if (dialogue_migrate(&work.run) == MIGRATION_CHANGED) {
            guide_notice(&work, &work.run, "dialogue_changed");
        }
        guide_again(&work);
    } else if (!follow_up_open(&work)) {
        say_reply(&work, session->turn_count > 0 ? "welcome_back" : "welcome");
    }
    work_end(&work);
}
