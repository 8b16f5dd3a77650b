/* Content opened to judge single messages: what `pandu match` and `pandu eval` share. */
#ifndef PANDU_CLI_UNDERSTAND_H
#define PANDU_CLI_UNDERSTAND_H

#include <stddef.h>

#include "domain/intent/intent.h"

enum { UNDERSTAND_PARTS_MAX = 4 };

struct understand {
    struct content *content;
    struct pattern_scratch *scratch;
    struct arena *arena; /* of the message judged last */
};

/* What a message as the first of a conversation means. Lives until the next call. */
struct understood {
    struct text text;
    struct intent_decision whole;
    struct intent_decision parts[UNDERSTAND_PARTS_MAX]; /* several questions in one message */
    size_t part_count;                                  /* below 2: the message is one */
};

/* Loads content (content, site may be NULL: the shipped one, no site) and complains on standard error in
   language ("en" by default). 0, or the exit status 1. Close it in either case. */
int understand_open(struct understand *understand, const char *content, const char *site,
                    const char *language);
void understand_close(struct understand *understand);

void understand_message(struct understand *understand, const char *text, size_t length,
                        struct understood *out);

#endif
