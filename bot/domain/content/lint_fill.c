/* How long a filled-in placeholder may be: the site's own values where they are known, the longest label or
   line, and for what visitors write a typical length. Called by lint_texts.c. */
#include <string.h>

#include "base/utf8.h"
#include "domain/content/lint.h"
#include "domain/content/loader.h"

#include "banned.h"

/* Typical, in characters: a free-text answer of one sentence, a remembered fact, a name and contact that a
   site will add, the path of an exported file. */
enum {
    TYPICAL_ANSWER = 80,
    TYPICAL_FACT = 20,
    TYPICAL_NAME = 30,
    TYPICAL_CONTACT = 80,
    TYPICAL_EXPORT = 120,
    TYPICAL_OTHER = 40,
    TYPICAL_NUMBER = 4
};

static size_t characters(const char *text) {
    return text != NULL ? u8_count(text, strlen(text)) : 0;
}

static size_t longer(size_t left, size_t right) {
    return left > right ? left : right;
}

static int begins(const char *name, size_t length, const char *prefix) {
    size_t size = strlen(prefix);
    return length > size && memcmp(name, prefix, size) == 0;
}

static int is(const char *name, size_t length, const char *wanted) {
    return length == strlen(wanted) && memcmp(name, wanted, length) == 0;
}

static size_t longest_label(const struct content_step *step, int language) {
    size_t longest = 0;
    for (size_t i = 0; i < step->choice_count; i++) {
        longest = longer(longest, characters(step->choices[i].label.text[language]));
    }
    return longest;
}

/* The sum of the longest lines that are shown together. A line's own placeholders count as they are written,
   which is near enough: "{answer.empathy}" is as long as an answer. */
static size_t list_length(const struct content_list *list, int language) {
    enum { LINES_MAX = 64 };
    size_t lengths[LINES_MAX], count = 0, total = 0;
    for (size_t i = 0; i < list->item_count && count < LINES_MAX; i++) {
        size_t length = characters(list->items[i].text.text[language]) + 3, at = count++;
        while (at > 0 && lengths[at - 1] < length) {
            lengths[at] = lengths[at - 1];
            at--;
        }
        lengths[at] = length;
    }
    size_t shown = list->limit > 0 && list->limit < count ? list->limit : count;
    for (size_t i = 0; i < shown; i++) {
        total += lengths[i];
    }
    return total;
}

/* A reply may be used by several dialogues: the longest of what each would fill in. */
static size_t dialogue_value(const struct content_dialogue *dialogue, int language, const char *name,
                             size_t length) {
    size_t longest = 0;
    size_t prefix = begins(name, length, "answer.") ? 7 : begins(name, length, "sentence.") ? 9 : 0;
    for (size_t i = 0; prefix > 0 && i < dialogue->step_count; i++) {
        const struct content_step *step = &dialogue->steps[i];
        if (is(name + prefix, length - prefix, step->id)) {
            longest = longer(longest,
                             step->choice_count > 0 ? longest_label(step, language) : (size_t)TYPICAL_ANSWER);
        }
    }
    for (size_t i = 0; begins(name, length, "list.") && i < dialogue->list_count; i++) {
        if (is(name + 5, length - 5, dialogue->lists[i].id)) {
            longest = longer(longest, list_length(&dialogue->lists[i], language));
        }
    }
    if (is(name, length, "dialogue_title")) {
        longest = longer(longest, characters(dialogue->title.text[language]));
    }
    return longest;
}

static int uses(const struct content_dialogue *dialogue, const struct content *content, const char *reply) {
    uint32_t index = content_reply_index(content, reply);
    for (size_t i = 0; i < dialogue->result_count; i++) {
        if (dialogue->results[i].reply == index && index != CONTENT_NONE) {
            return 1;
        }
    }
    return dialogue->intro == index && index != CONTENT_NONE;
}

static size_t dialogue_length(const struct content *content, const struct lint_text *text, const char *name,
                              size_t length) {
    size_t longest = 0;
    for (size_t i = 0; i < content->dialogue_count; i++) {
        const struct content_dialogue *dialogue = &content->dialogues[i];
        int is_own = text->where == LINT_REPLY ? uses(dialogue, content, text->reply) : text->dialogue == i;
        int is_any = is(name, length, "dialogue_title"); /* the engine's replies name any dialogue */
        if (is_own || is_any) {
            longest = longer(longest, dialogue_value(dialogue, text->language, name, length));
        }
    }
    return longest;
}

static size_t help_lines_length(const struct content *content, int language, const char *use, size_t length) {
    size_t total = 0;
    for (size_t i = 0; i < content->help_line_count; i++) {
        const struct content_help_line *line = &content->help_lines[i];
        if (is(use, length, line->use)) { /* "name: how. note\n" */
            total += characters(line->name.text[language]) + characters(line->how.text[language]) +
                     characters(line->note.text[language]) + 5;
        }
    }
    return total;
}

static size_t address_length(const struct content *content, int language, const char *name, size_t length,
                             int *found) {
    for (size_t i = 0; i < content->address_word_count; i++) {
        const struct content_address_word *word = &content->address_words[i];
        if (is(name, length, word->placeholder)) {
            *found = 1;
            return longer(characters(word->text.text[language]),
                          5); /* a site may choose the longest form: " Anda" */
        }
    }
    return 0;
}

/* What the site itself fills in; at least the typical length, because a site may still choose its own. */
static size_t site_length(const struct content *content, int language, const char *name, size_t length) {
    const struct content_site *site = &content->site;
    const struct {
        const char *name;
        const char *value;
        size_t typical;
    } values[] = {{"bot_name", site->bot_name, 0},
                  {"site_name", site->name.text[language], TYPICAL_NAME},
                  {"counsellor_name", site->counsellor.name.text[language], TYPICAL_NAME},
                  {"counsellor_how", site->counsellor.how.text[language], TYPICAL_CONTACT},
                  {"data_keeper", site->data_keeper.text[language], TYPICAL_NAME},
                  {"retention_days", NULL, TYPICAL_NUMBER},
                  {"name", NULL, TYPICAL_FACT},
                  {"export", NULL, TYPICAL_EXPORT},
                  {"answer", NULL, TYPICAL_ANSWER},
                  {"progress_at", NULL, TYPICAL_NUMBER},
                  {"progress_of", NULL, TYPICAL_NUMBER},
                  {"answered", NULL, TYPICAL_NUMBER},
                  {"minimum", NULL, TYPICAL_NUMBER},
                  {"maximum", NULL, TYPICAL_NUMBER}};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (is(name, length, values[i].name)) {
            return longer(characters(values[i].value), values[i].typical);
        }
    }
    return TYPICAL_OTHER;
}

size_t lint_fill_length(const struct loader *loader, const struct lint_text *text, const char *name,
                        size_t length) {
    const struct content *content = loader->content;
    int is_address = 0;
    size_t address = address_length(content, text->language, name, length, &is_address);
    if (is_address) {
        return address;
    }
    if (begins(name, length, "help_lines:")) {
        return help_lines_length(content, text->language, name + 11, length - 11);
    }
    if (begins(name, length, "answer.") || begins(name, length, "sentence.") ||
        begins(name, length, "list.") || is(name, length, "dialogue_title")) {
        return dialogue_length(content, text, name, length);
    }
    if (begins(name, length, "slot.")) {
        return TYPICAL_FACT;
    }
    return begins(name, length, "score.") ? (size_t)TYPICAL_NUMBER
                                          : site_length(content, text->language, name, length);
}
