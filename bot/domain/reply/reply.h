/* From a reply id to finished text: the variant, the placeholders, the address form. Pure. */
#ifndef PANDU_DOMAIN_REPLY_REPLY_H
#define PANDU_DOMAIN_REPLY_REPLY_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct arena;
struct content;
struct message;
struct session;

/* Most characters a remembered fact ({slot.NAME}) may bring into a message; the rest becomes "…". */
enum { REPLY_SLOT_CHARS_MAX = 80 };

/* Fills one placeholder: returns its text or NULL when unknown ("{name}" then stays out with its blank).
   What it returns is inserted as it is: braces in it are never read as placeholders. name lives no longer
   than the call. */
typedef const char *reply_fill(void *context, const char *name, struct arena *arena);

/* text with {placeholders} filled: address words, site_name, bot_name, counsellor_*, data_keeper,
   retention_days, help_lines:USE, and what fill (may be NULL) knows. "{name|alternative}" shows the
   alternative when name is unknown or empty; without one the placeholder goes, and with it one neighbouring
   blank, a comma that hung on it, or the whole line if it stood alone. "{export}" is left for the caller who
   writes the export. Braces that hold no name are shown literally. In arena, or text itself when there is
   nothing to fill. */
const char *reply_render_filled(const struct content *content, int language, const char *text,
                                reply_fill *fill, void *context, struct arena *arena);
static inline const char *reply_render(const struct content *content, int language, const char *text,
                                       reply_fill *fill, void *context, struct arena *arena) {
    return strchr(text, '{') == NULL ? text
                                     : reply_render_filled(content, language, text, fill, context, arena);
}

/* The messages of a reply: picks a variant by seed but never the one said last time (remembered in session),
   fills it ({slot.NAME} is taken from session when fill does not know it), adds quick replies and links to
   the last message. A message that grew beyond CONTENT_MESSAGE_CHARS_MAX is split at a line, sentence or
   blank. Returns how many were appended to messages[0..limit); 0 for an unknown reply. Choices of quick
   replies: id is the intent's id, or "say:" and the words a tap says; payload is "0:" and the id (prompt 0
   never goes stale: it is as if typed). */
size_t reply_say(const struct content *content, struct session *session, const char *reply_id, uint64_t seed,
                 reply_fill *fill, void *context, struct arena *arena, struct message *messages,
                 size_t limit);

/* The same for a reply whose index is known. */
size_t reply_say_index(const struct content *content, struct session *session, uint32_t index, uint64_t seed,
                       reply_fill *fill, void *context, struct arena *arena, struct message *messages,
                       size_t limit);

/* The text form of choices for channels without buttons: "1. Setuju\n2. ...". "" without choices. */
const char *reply_numbered(const struct message *message, struct arena *arena);

/* Splits text into pieces of at most limit characters, at a line end, a sentence end or a blank where there
   is one; returns how many were written to pieces[0..count), the last holding all that is left. Pieces are in
   arena or in text. */
size_t reply_split(const char *text, size_t limit, struct arena *arena, const char **pieces, size_t count);

#endif
