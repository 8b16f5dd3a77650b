/* From a reply id to finished text: the variant, the placeholders, the address form. Pure. */
#ifndef PANDU_DOMAIN_REPLY_REPLY_H
#define PANDU_DOMAIN_REPLY_REPLY_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct content;
struct message;
struct session;

/* Fills one placeholder: returns its text or NULL when unknown ("{name}" then stays out with its blank). */
typedef const char *reply_fill(void *context, const char *name, struct arena *arena);

/* text with {placeholders} filled: address words, site_name, bot_name, counsellor_*, help_lines:USE, and what fill knows. */
const char *reply_render(const struct content *content, int language, const char *text, reply_fill *fill, void *context, struct arena *arena);

/* The messages of a reply: picks a variant by seed but never the one said last time (remembered in session),
   fills it, adds quick replies and links. Returns how many were appended to messages[0..limit). */
size_t reply_say(const struct content *content, struct session *session, const char *reply_id, uint64_t seed,
                 reply_fill *fill, void *context, struct arena *arena, struct message *messages, size_t limit);

/* The text form of choices for channels without buttons: "1. Setuju\n2. ...". */
const char *reply_numbered(const struct message *message, struct arena *arena);

#endif
