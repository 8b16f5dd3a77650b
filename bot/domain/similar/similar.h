/* N-gram search over examples, titles and answers: what no pattern caught may still be near something known.
 */
#ifndef PANDU_DOMAIN_SIMILAR_SIMILAR_H
#define PANDU_DOMAIN_SIMILAR_SIMILAR_H

#include <stddef.h>
#include <stdint.h>

struct similar;

struct similar_hit {
    uint32_t label; /* as given to similar_add: the intent's number */
    float score;    /* 0..1, comparable between messages */
};

struct similar *similar_new(void); /* empty; NULL: no memory */
void similar_free(struct similar *similar);

/* Teaches that a folded phrase belongs to a concept (a word class, by any number), so that "untungnya" in a
   message is near "manfaat" in an example. All concepts come before the first similar_add. 0, ERR_MEMORY, or
   ERR_INVALID when too late. */
int similar_add_concept(struct similar *similar, uint32_t concept, const char *folded, size_t length);

/* Adds one folded text for a label; weight 1 for examples, less for titles and answers, below 0 for what the
 * label is not. 0 or ERR_MEMORY. */
int similar_add(struct similar *similar, uint32_t label, const char *folded, size_t length, float weight);
/* Before it is sealed: the label is meant only at some moments, and its texts may equal another's. Then it
   learns nothing from its texts, and no other label learns to be told from it. */
void similar_set_conditional(struct similar *similar, uint32_t label);
/* Labels learn to tell their examples apart. 0 or ERR_MEMORY; adding ends. */
int similar_seal(struct similar *similar);

/* The best labels, each once, best first; ties by label. Returns how many were written (<= limit). */
size_t similar_search(const struct similar *similar, const char *folded, size_t length,
                      struct similar_hit *hits, size_t limit);

/* What a caller wants to know who only asks whether another label is so much nearer than this one, or this
   one too far away. */
struct similar_lead {
    uint32_t label;
    float own;      /* its own score is below this (0: whatever it is), or */
    float lead;     /* another's score is greater by this (below 0: or less so much smaller), */
    float least;    /* and at least this */
    uint32_t crowd; /* asked only where fewer others than this may be nearer at all */
};

/* The same search, unless it is certain that the label is near enough and that there is no such other label,
   and no such crowd: then *is_certain is 1 and there are no hits. */
size_t similar_search_unless(const struct similar *similar, const char *folded, size_t length,
                             const struct similar_lead *lead, struct similar_hit *hits, size_t limit,
                             int *is_certain);

/* ---- a sealed index as bytes, to be found again instead of made again ---- */

size_t similar_kept_size(const struct similar *similar); /* 0: not sealed, or without texts */
/* Writes so many bytes; they are good for this program on this machine only. */
void similar_keep(const struct similar *similar, void *out);
/* Room for bytes that live as long as the index, aligned as similar_take_kept wants them. */
void *similar_room(struct similar *similar, size_t size);
/* An empty index becomes the one that was kept. bytes are borrowed for as long as it lives, and written to by
   similar_hold_out. Whether they are those that were written is the caller's to know (a checksum): here only
   their sizes are looked at. 0, or ERR_INVALID: no such bytes, and the index is as empty as before. */
int similar_take_kept(struct similar *similar, void *bytes, size_t size);

/* For proofs: what the index would say if it had never been told one of its texts. The features' rarities
   stay as they are. Ask it by similar_search only: the bounds of similar_search_unless do not hold meanwhile.
 */
struct similar_held;

/* Holds out the text that was added as number nth (from 0) for the label, which must have one, with the same
   text and weight (above 0). To be given back before the next is held out, and before similar is freed. NULL:
   no memory, nothing is changed. */
struct similar_held *similar_hold_out(struct similar *similar, uint32_t label, size_t nth, const char *folded,
                                      size_t length, float weight);
/* The index is what it was, to the last bit. held is freed; may be NULL. */
void similar_give_back(struct similar_held *held);

#endif
