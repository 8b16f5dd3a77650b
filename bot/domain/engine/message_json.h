/* What the bot says as the JSON that is stored, sent again for a duplicate, and kept for "say it again":
   printed once a turn. */
#ifndef PANDU_DOMAIN_ENGINE_MESSAGE_JSON_H
#define PANDU_DOMAIN_ENGINE_MESSAGE_JSON_H

#include <stddef.h>

struct arena;
struct message;
struct value;

/* An array of {"reply","text","choices":[{"payload","id","label"}],"links":[{"label","url"}],
   "bars":[{"label","percent"}],"progress":{"at","of"},"keep":1..16}; choices are always there, links, bars,
   progress and keep only when there are any. In arena; NULL: a bar's percent is no number. Each message
   learns where its members stand (message.json), if they are spelled as websocket_event spells them.
   *length: of the array in bytes. */
const char *message_json_print(struct message *messages, size_t count, struct arena *arena, size_t *length);

/* Reads one object of that array, also one that an older program kept, with keys of one letter ("a" and "o"
   for progress). Everything lives in arena; what is absent is "" or 0, a text that is null is NULL. */
void message_json_read(const struct value *object, struct arena *arena, struct message *out);

/* A member of such an object or of a choice in it by its key, or by its first letter; NULL: it has none. */
const struct value *message_json_member(const struct value *object, const char *key);

#endif
