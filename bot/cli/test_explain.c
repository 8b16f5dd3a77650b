/* Explains the match of one message, as `pandu match --explain` does, indented below a failed turn. Never
   changes anything. Called by test_play.c. */
#include "cli/test_explain.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "domain/content/content.h"
#include "domain/intent/intent.h"
#include "domain/pattern/pattern.h"

#include "banned.h"

static void add_indented(const char *text, struct buf *out) {
    while (*text) {
        size_t length = strcspn(text, "\n");
        buf_add_format(out, "    %.*s\n", (int)length, text);
        text += length + (text[length] == '\n');
    }
}

void test_explain(const struct content *content, const struct explained_message *message, struct buf *out) {
    struct arena *arena = arena_new(0);
    struct pattern_scratch *scratch = pattern_scratch_new(content->patterns);
    struct buf words;
    buf_init(&words, 0);
    if (arena != NULL && scratch != NULL) {
        const struct intent_context context = {message->dialogue, message->step, message->after};
        struct text text;
        struct intent_decision decision;
        text_fold(content->lexicon, message->text, strlen(message->text), TEXT_NO_LANGUAGE, arena, &text);
        intent_decide(content, scratch, &text, &context, arena, &decision);
        intent_explain(content, &text, &decision, &words);
        buf_add_text(out, "  how the message was matched:\n");
        add_indented(buf_text(&words), out);
    }
    buf_close(&words);
    pattern_scratch_free(scratch);
    arena_free(arena);
}
