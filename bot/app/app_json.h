/* Actions as the JSON that is stored and handed to clients, and back. */
#ifndef PANDU_APP_APP_JSON_H
#define PANDU_APP_APP_JSON_H

#include "domain/engine/engine.h"

struct arena;

#define APP_JSON_REPLIES "{\"replies\":" /* how an outcome begins; the array of message_json.h follows */

/* {"replies":[{"reply","text","choices":[{"payload","id","label"}],"links":[{"label","url"}],"bars":[{"label","percent"}],
   "progress":{"at","of"}}],"outcome","intent","dialogue","step","state","language"}; choices are always
   there, links, bars and progress only when there are any; what is unknown is null. In arena; NULL: no
   memory. The messages' json is in it from then on. printed: its bytes; may be NULL. */
const char *app_json_outcome(const struct actions *actions, struct arena *arena, size_t *printed);

/* How an outcome is called in it: "answered". */
const char *app_json_outcome_name(enum turn_outcome outcome);

/* {"text":...} or {"choice":...}: what the visitor did, as it may be stored. In arena; NULL: no memory. */
const char *app_json_inbound(const char *text, const char *choice, struct arena *arena);

/* {"replies":[],"system":note}: a fact about the conversation; note is a fixed word. In arena. */
const char *app_json_note(const char *note, struct arena *arena);
/* An outcome's JSON with a note behind its replies. In arena; NULL: json is NULL. */
const char *app_json_add_note(const char *json, const char *note, struct arena *arena);
/* The note of such a JSON, or NULL. In arena. */
const char *app_json_read_note(const char *json, size_t length, struct arena *arena);

/* Reads app_json_outcome's JSON. Events and the inbound text are not in it. 0, or ERR_CORRUPT. */
int app_json_read(const char *json, size_t length, struct arena *arena, struct actions *out);

/* Text with every occurrence of placeholder replaced; in arena. */
const char *app_json_fill(const char *text, const char *placeholder, const char *value, struct arena *arena);

#endif
