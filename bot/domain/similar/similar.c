/* An n-gram index: the examples of a label are summed up to one vector, and a message is compared with each
   by cosine (Rocchio's method, Manning, Raghavan, Schuetze: Introduction to Information Retrieval, ch. 14.2).
   Flat postings; labels learn from the texts that they confuse (similar_learn.c), with no randomness: the
   same texts in the same order give the same scores. similar_gather.c takes the texts apart; similar_seal.c
   makes the tables. Never reads content; called by the
   content loader, which fills it, and by intent.c, which asks. */
#include "domain/similar/similar.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/similar/index.h"

#include "banned.h"

enum { FIRST_TEXTS = 4096 };

struct similar *similar_new(void) {
    struct similar *similar = calloc(1, sizeof *similar);
    if (!similar)
        return NULL;
    similar->gathered.arena = arena_new_large(0);
    similar->arena = arena_new_large(0);
    if (!similar->gathered.arena || !similar->arena) {
        similar_free(similar);
        return NULL;
    }
    return similar;
}

void similar_free(struct similar *similar) {
    if (!similar)
        return;
    concepts_close(&similar->concepts);
    arena_free(similar->gathered.arena);
    arena_free(similar->arena);
    free(similar);
}

int similar_add_concept(struct similar *similar, uint32_t concept, const char *folded, size_t length) {
    if (similar->text_count > 0)
        return ERR_INVALID;
    return concepts_add(&similar->concepts, concept, folded, length);
}

void similar_set_conditional(struct similar *similar, uint32_t label) {
    struct gathered *gathered = &similar->gathered;
    if (label >= gathered->conditional_count) {
        size_t count = 2 * ((size_t)label + 1);
        uint8_t *larger = arena_array(gathered->arena, count, sizeof *larger);
        if (gathered->conditional_count > 0)
            memcpy(larger, gathered->conditional, gathered->conditional_count);
        gathered->conditional = larger;
        gathered->conditional_count = count;
    }
    gathered->conditional[label] = 1;
}

int similar_add(struct similar *similar, uint32_t label, const char *folded, size_t length, float weight) {
    struct gathered *gathered = &similar->gathered;
    if (similar->text_count == 0) {
        if (concepts_seal(&similar->concepts) < 0)
            return ERR_MEMORY;
        gather_begin(gathered);
    }
    gathered->texts = gather_grown(gathered->arena, gathered->texts, similar->text_count,
                                   &gathered->text_capacity, FIRST_TEXTS, sizeof *gathered->texts);
    struct gathered_text *text = &gathered->texts[similar->text_count];
    int code = gather_text(gathered, &similar->concepts, folded, length, (uint32_t)similar->text_count, text);
    if (code != 0)
        return code;
    text->label = label;
    text->weight = weight;
    similar->text_count++;
    similar->label_count = label >= similar->label_count ? label + 1 : similar->label_count;
    return 0;
}
