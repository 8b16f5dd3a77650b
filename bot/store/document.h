/* The documents a store hands out: everything stored of one conversation, and the texts nobody understood. */
#ifndef PANDU_STORE_DOCUMENT_H
#define PANDU_STORE_DOCUMENT_H

#include "store/rules.h"

struct document;

enum { DOCUMENT_BYTES_MAX = 64 * 1024 * 1024 };

/* One stored turn; everything borrowed for the call. */
struct document_turn {
    const char *id;
    int64_t at_ms;
    uint64_t version, first_seq, last_seq;
    struct store_bytes inbound, outcome;
};

/* An export: {"conversation","version","state","turns":[...],"unmatched":[...],"escalations":[...]}. NULL: no
 * memory. */
struct document *document_new(const char *conversation, struct rules_head head, struct store_bytes state);
/* A list: [{"at","text","candidates"}...]. */
struct document *document_new_list(void);
void document_free(struct document *document);

/* Failures are remembered and show in document_print. */
void document_add_turn(struct document *document, const struct document_turn *turn);
void document_add_unmatched(struct document *document, int64_t at_ms, const char *text,
                            const char *candidates);
void document_add_escalation(struct document *document, int64_t at_ms, const char *intent, const char *quote);

/* The JSON text; caller frees. NULL: no memory, or more than DOCUMENT_BYTES_MAX was added. */
char *document_print(const struct document *document);

#endif
