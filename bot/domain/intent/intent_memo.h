/* Decisions about short messages, remembered: people say the same things, and deciding takes longer than all
   else in a turn. What was said is not kept: a decision is found again by a keyed hash of 128 bits
   (SipHash-2-4), and one that holds words (corrected typing errors) is not remembered. */
#ifndef PANDU_DOMAIN_INTENT_INTENT_MEMO_H
#define PANDU_DOMAIN_INTENT_INTENT_MEMO_H

#include <stdint.h>

#include "domain/intent/intent.h"

struct content;
struct intent_memo;

enum { INTENT_MEMO_ENTRIES = 8192, INTENT_MEMO_BYTES_MAX = 8 * 1024 /* of one decision */ };

/* For the decisions with this content, which must outlive it. key: random and secret. NULL: no memory. */
struct intent_memo *intent_memo_new(const struct content *content, const uint64_t key[2]);
void intent_memo_free(void *memo); /* may be NULL */

/* What a message means; 1 if it was remembered. Then, and after intent_memo_keep, it is what
   intent_decide_briefly gives; other wishes than a brief decision have a bit of the hash of their own. */
struct intent_memo_name {
    uint64_t hash[2];
    int is_known; /* 0: too long to be remembered */
};
struct intent_memo_name intent_memo_name(const struct intent_memo *memo, const struct text *text,
                                         const struct intent_context *context);
int intent_memo_find(const struct intent_memo *memo, const struct intent_memo_name *name, struct arena *arena,
                     struct intent_decision *out);
/* Remembers a decision, in place of an older one; or not, where there is no memory. */
void intent_memo_keep(struct intent_memo *memo, const struct intent_memo_name *name,
                      const struct intent_decision *decision);

/* What patterns and the index find in a text, whatever the conversation: the same words come after many
   replies. Ids, places and scores only, as bytes of intent_rank.c and intent.c. */
enum { INTENT_MEMO_READINGS = 16384, INTENT_MEMO_READING_MAX = 4 * 1024 /* bytes */ };
struct intent_memo_name intent_memo_text_name(const struct intent_memo *memo, const struct text *text);
/* Borrowed until the next is kept; NULL if it is not remembered. */
const void *intent_memo_find_reading(const struct intent_memo *memo, const struct intent_memo_name *name);
void intent_memo_keep_reading(struct intent_memo *memo, const struct intent_memo_name *name,
                              const void *bytes, size_t size);

#endif
