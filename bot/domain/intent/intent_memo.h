/* What patterns and the index find in short messages, remembered: people say the same things, and finding
   takes longer than all else in a turn. What was said is not kept: a reading is found again by a keyed hash
   of 128 bits (SipHash-2-4). What a message means is decided from it anew, as that depends on the
   conversation, too: of whole decisions three in four were never found again before they were forgotten. */
#ifndef PANDU_DOMAIN_INTENT_INTENT_MEMO_H
#define PANDU_DOMAIN_INTENT_INTENT_MEMO_H

#include <stddef.h>
#include <stdint.h>

struct text;
struct intent_memo;

/* For readings of one content. key: random and secret. NULL: no memory. */
struct intent_memo *intent_memo_new(const uint64_t key[2]);
void intent_memo_free(void *memo); /* may be NULL */

/* What patterns and the index find in a text, whatever the conversation: the same words come after many
   replies. Ids, places and scores only, as bytes of intent_rank.c and intent.c. */
enum { INTENT_MEMO_READINGS = 16384, INTENT_MEMO_READING_MAX = 4 * 1024 /* bytes */ };
struct intent_memo_name {
    uint64_t hash[2];
    int is_known; /* 0: too long to be remembered */
};
struct intent_memo_name intent_memo_text_name(const struct intent_memo *memo, const struct text *text);
/* Borrowed until the next is kept; NULL if it is not remembered. */
const void *intent_memo_find_reading(const struct intent_memo *memo, const struct intent_memo_name *name);
/* Remembers it, perhaps in place of an older one; or not, where there is no memory. */
void intent_memo_keep_reading(struct intent_memo *memo, const struct intent_memo_name *name,
                              const void *bytes, size_t size);

#endif
