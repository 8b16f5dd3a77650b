/* A plan kept days ago is asked about, once, at the first visit after the days its author chose: when the
   chat is opened, or behind the first answer where nobody opens a chat. Never in a running dialogue, beside a
   question already on the table, or near danger. Called by: engine/open, engine/step. */
#include <string.h>

#include "base/arena.h"
#include "domain/engine/work.h"

#include "banned.h"

enum { DAY_MS = 24 * 60 * 60 * 1000, WEEK_DAYS = 7, WEEKS_DAYS = 14, MONTH_DAYS = 28, MONTHS_DAYS = 60 };

static const char *ago(struct work *work, int64_t passed_ms) {
    int64_t days = passed_ms / DAY_MS;
    return say_label(work, days < WEEK_DAYS     ? "ago_days"
                           : days < WEEKS_DAYS  ? "ago_week"
                           : days < MONTH_DAYS  ? "ago_weeks"
                           : days < MONTHS_DAYS ? "ago_month"
                                                : "ago_months");
}

/* The newest plan whose time has come; NULL when there is none. */
static struct session_plan *due_plan(struct work *work) {
    struct session *session = work->session;
    session_read_plans(session);
    for (size_t i = session->plan_count; i-- > 0;) {
        struct session_plan *plan = &session->plans[i];
        if (plan->follow_up && work->now_ms >= plan->follow_ms) {
            return plan;
        }
    }
    return NULL;
}

static int say(struct work *work, const char *reply) {
    struct session_plan *plan = due_plan(work);
    uint32_t index = plan ? content_dialogue_index(work->content, plan->dialogue) : CONTENT_NONE;
    if (!plan) {
        return 0;
    }
    const char *text = plan->follow_up;
    plan->follow_up = NULL;
    plan->follow_ms = 0;
    plan->stored = 0;
    if (index == CONTENT_NONE) {
        return 0; /* a dialogue that is gone is not asked about */
    }
    const struct localized *title = &work->content->dialogues[index].title;
    struct say_pair pairs[] = {
        {"ago", ago(work, work->now_ms - plan->at_ms)},
        {"dialogue_title", localized_text(title, work->language, work->content->site.default_language)},
        {"follow_up", text}};
    return say_reply_with(work, reply, pairs, sizeof pairs / sizeof *pairs) > 0;
}

int follow_up_open(struct work *work) {
    return say(work, "follow_up");
}

/* "Halo" is answered by the question itself: two greetings and two questions would be too many. */
static int is_greeting(const struct actions *out) {
    return out->message_count == 1 && strcmp(out->messages[0].reply, "greet") == 0;
}

void follow_up_later(struct work *work) {
    const struct session *session = work->session;
    int is_visit = work->away_ms >= WORK_AWAY_MS;
    int is_answered = work->out->outcome == TURN_ANSWERED && work->out->event_count == 0;
    int is_free = !dialogue_running(work->session) && !session->confirming && session->offer_count == 0;
    if (is_visit && is_answered && is_free && !safety_follows(work)) {
        int greets = due_plan(work) != NULL && is_greeting(work->out);
        work->out->message_count -= (size_t)greets;
        if (!say(work, greets ? "follow_up" : "follow_up_later")) {
            work->out->message_count += (size_t)greets; /* its dialogue is gone */
        }
    }
}
