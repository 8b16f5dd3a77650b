/* Makes what a turn caused independent of the content, which may be swapped, and of the session it was taken
   on. Most callers read it before either goes; who does not calls this. Never changes a text. Called by: app.
 */
#include "base/arena.h"
#include "domain/engine/engine.h"

#include "banned.h"

static void own_message(struct arena *arena, struct message *message) {
    struct message_link *links =
        message->link_count > 0 ? arena_array(arena, message->link_count, sizeof *links) : NULL;
    message->reply = arena_keep(arena, message->reply);
    message->text = arena_keep(arena, message->text);
    for (size_t i = 0; i < message->choice_count; i++) {
        message->choices[i].id = arena_keep(arena, message->choices[i].id);
        message->choices[i].label = arena_keep(arena, message->choices[i].label);
    }
    for (size_t i = 0; i < message->link_count; i++) {
        links[i].label = arena_keep(arena, message->links[i].label);
        links[i].url = arena_keep(arena, message->links[i].url);
    }
    message->links = links;
    for (size_t i = 0; i < message->bar_count; i++) {
        message->bars[i].label = arena_keep(arena, message->bars[i].label);
    }
}

void engine_own(struct actions *out, struct arena *arena) {
    for (size_t i = 0; i < out->message_count; i++) {
        own_message(arena, &out->messages[i]);
    }
    for (size_t i = 0; i < out->event_count; i++) {
        out->events[i].data = arena_keep(arena, out->events[i].data);
        out->events[i].detail = arena_keep(arena, out->events[i].detail);
    }
    out->intent = arena_keep(arena, out->intent);
    out->dialogue = arena_keep(arena, out->dialogue);
    out->step = arena_keep(arena, out->step);
    out->language = arena_keep(arena, out->language);
    out->inbound_text = arena_keep(arena, out->inbound_text);
}
