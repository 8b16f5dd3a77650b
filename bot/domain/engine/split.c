/* A message in its parts: sentences, and where allowed also what stands between commas or after "btw", so
   that "setuju. btw gajinya gimana?" is an answer and a question. Called by: engine/question. */
#include <string.h>

#include "domain/dialogue/words.h"
#include "domain/engine/work.h"

#include "banned.h"

static int comma_before(const struct text *text, size_t token) {
    const struct text_token *before = &text->tokens[token - 1];
    for (size_t i = (size_t)before->raw_start + before->raw_length; i < text->tokens[token].raw_start; i++) {
        if (text->raw[i] == ',' || text->raw[i] == ';') {
            return 1;
        }
    }
    return 0;
}

static int is_aside(const struct text *text, size_t token) {
    return words_at(text, WORDS_ASIDE, token) > 0;
}

static int starts_part(const struct text *text, size_t token, int at_commas) {
    if (text->tokens[token].is_end) {
        return 0;
    }
    return text->tokens[token].sentence != text->tokens[token - 1].sentence ||
           (at_commas && (comma_before(text, token) || is_aside(text, token)));
}

/* Each part is folded anew from its raw words, so it is read as if it had come alone; a message that is one
   part is not. */
size_t split_text(const struct work *work, int at_commas, struct text *parts, size_t limit) {
    const struct text *text = &work->text;
    size_t starts[SPLIT_PARTS_MAX + 1] = {0}, count = text->token_count > 0;
    for (size_t i = 1; i < text->token_count; i++) {
        if (!starts_part(text, i, at_commas)) {
            continue;
        }
        if (count == limit || count == SPLIT_PARTS_MAX) {
            return 0; /* a story, not an answer and a question */
        }
        starts[count++] = i;
    }
    for (size_t i = 0; count > 1 && i < count; i++) {
        size_t from = text->tokens[starts[i]].raw_start;
        size_t end = i + 1 == count ? text->raw_length : text->tokens[starts[i + 1]].raw_start;
        text_fold(work->content->lexicon, text->raw + from, end - from, work->session->language, work->arena,
                  &parts[i]);
    }
    return count;
}
