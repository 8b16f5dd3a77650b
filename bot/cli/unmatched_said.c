/* Whether a wording stands among the stored messages. Never keeps one of them. Called by unmatched_add.c. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "cli/unmatched.h"
#include "domain/authoring/wording.h"
#include "domain/content/content.h"
#include "json/value.h"

#include "banned.h"

enum { GENERAL_WORDS = 4 /* so few words are nobody's own */ };

struct comparing {
    struct author *author;
    const struct text *own;
    int was_said;
};

static int compare(struct comparing *comparing, const char *said) {
    struct understand *understand = &comparing->author->understand;
    struct text text;
    arena_reset(understand->arena);
    text_fold(understand->content->lexicon, said, strlen(said), TEXT_NO_LANGUAGE, understand->arena, &text);
    comparing->was_said = wording_is_copy(comparing->own, &text);
    return comparing->was_said;
}

static int compare_unmatched(void *context, const struct study_row *row) {
    return compare(context, row->text);
}

static int compare_turn(void *context, const struct study_row *row) {
    struct value *inbound =
        row->inbound.length > 0 ? value_parse(row->inbound.data, row->inbound.length, NULL) : NULL;
    const char *said = value_get_text(inbound, "text");
    int was_said = said != NULL && compare(context, said);
    value_free(inbound);
    return was_said;
}

int unmatched_was_said(struct author *author, const struct text *own) {
    struct err err = {0};
    struct comparing comparing = {author, own, 0};
    int rc = study_unmatched(author->study, compare_unmatched, &comparing, &err);
    if (rc == 0 && !comparing.was_said && own->token_count >= GENERAL_WORDS) {
        rc = study_turns(author->study, compare_turn, &comparing, &err);
    }
    return rc != 0 ? author_fail(author, "%s", err.text) : comparing.was_said;
}
