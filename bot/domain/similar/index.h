/* The index of similar.c from the inside, for the files that build and ask it. Private to domain/similar. */
#ifndef PANDU_DOMAIN_SIMILAR_INDEX_H
#define PANDU_DOMAIN_SIMILAR_INDEX_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "domain/similar/concepts.h"
#include "domain/similar/feature.h"
#include "domain/similar/similar.h"

struct arena;

/* How much each kind of feature counts beside the others and the share of the nearest single text in a
   label's score. Chosen on labelled messages that are no examples: with 665 of them the right label came
   first for 97.0 %, without the single texts for 95.9 %. */
static const float kind_weight[FEATURE_KINDS] = {1.0F, 0.6F, 1.0F, 1.5F, 1.0F};
static const float text_share = 0.2F;

/* Features that more than this part of the labels have tell single texts apart too little for the time they
 * take. */
enum { COMMON_PART = 4 };

/* Features that at least this part of the labels have get a number for every label, zeros too: adding the row
   as a whole takes less time than picking labels. Rows are of whole strides. */
enum { DENSE_PART = 6, STRIDE = 16 };

/* Labels are put in groups in two ways, neighbours together and every sixteenth together, so that two labels
   always are in different groups in one of them (up to 256 labels). */
enum { BOUND_WAY = 16, BOUND_GROUPS = 2 * BOUND_WAY };

struct posting {
    uint32_t owner; /* label or text */
    float value;    /* part of the owner's unit vector */
};
struct postings {
    struct posting *list;
    size_t count;
};
struct row { /* what is known of one feature */
    uint64_t hash;
    uint32_t label_first, label_count; /* in labels, or in dense */
    uint32_t text_first, text_count;   /* in texts */
    float rarity;
    uint8_t is_dense, kind;
    uint8_t most[BOUND_GROUPS]; /* what it may add to a score of a label of each group at most: lead.c */
};
_Static_assert(sizeof(struct row) == 64, "a row is a line of cache memory");
struct slot {     /* open addressing; row 0: free */
    uint32_t tag; /* high half of the hash: most strange features are told by it, without a look at a row */
    uint32_t row;
};
struct stretch { /* texts [first, end), all of one label */
    uint32_t first, end, label;
};

/* What a label learned from one of its texts: see similar_learn.c. */
struct lesson {
    uint32_t text;
    uint32_t other; /* the label that was as near, or LESSON_NOBODY */
};
#define LESSON_NOBODY UINT32_MAX
enum { LESSON_ROUNDS = 3 /* so often a text may be one */ };
/* So much of a text's unit vector a lesson adds to its own label's sum, and takes from the other's where that
   has the feature. Chosen with the numbers of similar_learn.c. */
static const float lesson_gain = 0.5F, lesson_loss = 0.25F;

/* What is added, until it is sealed; all of it in one arena. */
/* One feature of one text: the feature's number, the kind it had first there and how often the text has it.
   Some words have the hash of a trigram, so the kind is not always the feature's own. */
typedef uint32_t index_entry;
enum { ENTRY_CODE_BITS = 8, ENTRY_CODES = 1 << ENTRY_CODE_BITS, ENTRY_TIMES_BITS = 5 };
enum { INDEX_TIMES_MAX = (1 << ENTRY_TIMES_BITS) - 1 /* more counts as this */ };
enum { INDEX_FEATURES_MAX = 1 << 23, INDEX_TEXT_BYTES_MAX = 1 << 20 };

struct gathered_text {
    const index_entry *entries;
    uint32_t count, label;
    float weight;
};
struct gathered_feature {
    uint64_t hash;
    /* number + 1 of the text that had it last, and which of its entries it is: a text has each once */
    uint32_t text;
    uint32_t entry : 29, kind : 3;
};
/* A word that some text had, and where the numbers of its trigrams are: most words are met again. */
struct gathered_word {
    uint64_t hash;
    uint32_t feature, first, count;
};
/* Things found by their hash: place of a thing in its list. Open addressing, half empty at least. */
struct gathered_places {
    struct slot *slots; /* row 0: free */
    size_t mask;
};
struct gathered {
    struct arena *arena;
    struct gathered_text *texts; /* text_count of them */
    size_t text_capacity;
    struct gathered_feature *features; /* in the order of their first texts; [0] is none */
    size_t feature_count, feature_capacity, entry_count;
    uint8_t *conditional; /* by label, as far as any is */
    size_t conditional_count;
    struct gathered_places places; /* of features: not yet of rows */
    struct gathered_word *words;   /* [0] is none */
    size_t word_count, word_capacity;
    struct gathered_places word_places;
    uint32_t *trigrams; /* numbers of features, of one word after the other */
    size_t trigram_count, trigram_capacity;
    uint32_t concepts[CONCEPTS_LIMIT]; /* numbers of their features; 0: none yet */
    index_entry *entries;              /* of the text at hand: count of them */
    size_t count, capacity;
};

struct similar {
    struct concepts concepts;
    struct gathered gathered;
    struct arena *arena;   /* of the tables below */
    uint32_t *text_labels; /* by text */
    struct stretch *stretches;
    size_t stretch_count;
    size_t text_count;
    uint32_t label_count; /* greatest label + 1 */
    float *label_lengths; /* of their sums of texts, before they became unit vectors */
    struct lesson *lessons;
    size_t lesson_count;
    struct row *rows; /* [0] is of features that no text has */
    size_t row_count;
    struct slot *slots; /* NULL until sealed */
    size_t slot_mask;
    struct postings labels, texts;
    float *dense; /* rows of so many strides */
    size_t strides;
    float bound_unit; /* of row.most squared, in sums that are not yet divided by the message's length */
    uint32_t run;     /* labels of a group of neighbours */
    float unseen;     /* rarity of what no text has */
};

static inline index_entry entry_code(uint32_t feature, uint32_t kind, uint32_t times) {
    return feature << ENTRY_CODE_BITS | kind << ENTRY_TIMES_BITS | times;
}
static inline uint32_t entry_feature(index_entry entry) {
    return entry >> ENTRY_CODE_BITS;
}
static inline uint32_t entry_rest(index_entry entry) {
    return entry & (ENTRY_CODES - 1);
}

/* Counts grow as 1 + ln(n): a repeated word is not twice the evidence. */
static inline float index_value_of(uint32_t kind, uint32_t count) {
    float weight = kind_weight[kind];
    uint32_t times = count < INDEX_TIMES_MAX ? count : INDEX_TIMES_MAX;
    return times == 1 ? weight : weight * (1.0F + logf((float)times));
}
static inline float index_value(const struct feature *feature) {
    return index_value_of(feature->kind, feature->count);
}

static inline struct slot *index_slot(const struct similar *similar, uint64_t hash) {
    size_t at = feature_spread(hash) & similar->slot_mask;
    for (;; at = (at + 1) & similar->slot_mask) {
        struct slot *slot = &similar->slots[at];
        if (slot->row == 0 || (slot->tag == (uint32_t)(hash >> 32) && similar->rows[slot->row].hash == hash))
            return slot;
    }
}

/* The row of a hash by its tag alone: it may be another's, so its hash must be looked at. */
static inline struct row *index_likely_row(const struct similar *similar, uint64_t hash) {
    size_t at = feature_spread(hash) & similar->slot_mask;
    while (similar->slots[at].row != 0 && similar->slots[at].tag != (uint32_t)(hash >> 32))
        at = (at + 1) & similar->slot_mask;
    return &similar->rows[similar->slots[at].row];
}

/* Rows of features [first, first + count) of the list. The tables are larger than the nearer caches: slots
   are asked of memory while features are found, rows for all of them before any is waited for. */
void index_look_up(const struct similar *similar, const struct feature_list *features, size_t first,
                   size_t count, const struct row **rows);

/* How telling a feature is that so many labels have: inverse label frequency, as labels, not texts, are told
   apart. */
float index_rarity(const struct similar *similar, size_t labels);

/* Room for the first features. */
void gather_begin(struct gathered *gathered);

/* Adds a text of this number, more than all before. 0 or ERR_MEMORY. */
int gather_text(struct gathered *gathered, const struct concepts *concepts, const char *folded, size_t length,
                uint32_t number, struct gathered_text *out);

/* A list with room for one more; what is copied stays behind in the arena, which does not live long. */
void *gather_grown(struct arena *arena, void *list, size_t count, size_t *capacity, size_t first,
                   size_t size);

/* Where the postings of a feature's labels are, while they are sums. */
struct spot {
    uint32_t first, count;
    float rarity;
};
struct sums_to_learn {
    struct spot *spots;        /* by feature; are changed */
    const float *values;       /* what an entry is worth, by entry_rest */
    const float *text_lengths; /* by text */
    float *squares;            /* of the length of each label's sum */
};

/* Changes labels' sums so that labels tell their texts apart, and writes the lessons. */
void learn_labels(struct similar *similar, const struct sums_to_learn *sums);

/* What a feature may add to a score at most, before the message's length and what the row says: value is the
   label's, greatest that of its greatest text, for the nearest text counts no more. */
static inline float lead_most(float value, float greatest) {
    return (1.0F - text_share) * (value > 0 ? value : 0) + text_share * greatest;
}

/* Fills most of every row, before dense rows are written out. most: lead_most beside each posting of
   labels. */
void lead_build(struct similar *similar, const float *most);

/* 1 if no other label can have at least `least` and lead favourite's score by `lead`. */
int lead_is_certain(const struct similar *similar, const struct feature_list *features,
                    const struct similar_lead *lead);

#endif
