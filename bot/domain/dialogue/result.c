/* Results and quotes: which result the scores lead to, and the placeholders that dialogues know.
   Never picks a reply variant (reply does). Called by: dialogue/machine, engine through reply_render and
   reply_say. */
#include "domain/dialogue/dialogue.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "domain/reply/reply.h"

#include "banned.h"

const struct content_result *dialogue_result(const struct dialogue_run *run,
                                             const struct dialogue_path *path) {
    for (size_t i = 0; i < run->dialogue->result_count; i++) {
        if (dialogue_holds(run, path, run->dialogue->results[i].when)) {
            return &run->dialogue->results[i];
        }
    }
    return NULL;
}

static const char *label_of(const struct content *content, int language, const struct content_reply *reply) {
    int use = reply->by_language[language].count > 0 ? language : content->site.default_language;
    const struct reply_variant *variants = reply->by_language[use].variants;
    return reply->by_language[use].count > 0 && variants[0].count > 0 ? variants[0].messages[0] : "";
}

const char *dialogue_label(const struct content *content, int language, const char *reply) {
    uint32_t index = content_reply_index(content, reply);
    return index == CONTENT_NONE || language < 0 ? "" : label_of(content, language, &content->replies[index]);
}

const char *dialogue_progress_label(const struct content *content, int language) {
    return content->progress != NULL && language >= 0 ? label_of(content, language, content->progress)
                                                      : dialogue_label(content, language, "progress");
}

/* ---- quoting ---- */

static const struct content_choice *chosen(const struct content_step *step,
                                           const struct session_answer *answer) {
    for (size_t i = 0; answer->choice && i < step->choice_count; i++) {
        if (strcmp(step->choices[i].id, answer->choice) == 0) {
            return &step->choices[i];
        }
    }
    return NULL;
}

/* A label in another language is quoted in the present one; a person's own words stay as they are. */
static int is_label(const struct localized *label, const char *said) {
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++) {
        if (label->text[i] && strcmp(label->text[i], said) == 0) {
            return 1;
        }
    }
    return 0;
}

static const char *quote_confirm(const struct dialogue_run *run, const struct session_answer *answer) {
    int yes = answer->choice && strcmp(answer->choice, "yes") == 0;
    return dialogue_label(run->content, run->language, yes ? "label_yes" : "label_no");
}

const char *dialogue_quote(const struct dialogue_run *run, const struct session_answer *answer) {
    if (answer->kind == ANSWER_NONE) {
        return "";
    }
    if (answer->kind == ANSWER_SKIPPED) {
        return dialogue_label(run->content, run->language, "skipped_answer");
    }
    const struct content_step *step = answer->step ? content_step(run->dialogue, answer->step) : NULL;
    if (step && step->type == STEP_CONFIRM) {
        return quote_confirm(run, answer);
    }
    const struct content_choice *choice = step ? chosen(step, answer) : NULL;
    if (choice && (!answer->said || is_label(&choice->label, answer->said))) {
        return localized_text(&choice->label, run->language, run->content->site.default_language);
    }
    return answer->said ? answer->said : "";
}

/* ---- placeholders ---- */

static const char *fill_answer(struct dialogue_run *run, const char *step) {
    struct dialogue_path own;
    const struct dialogue_path *path = dialogue_path_now(run, &own);
    size_t index = dialogue_path_index(path, step);
    return index < path->count && path->answers[index] ? dialogue_quote(run, path->answers[index]) : NULL;
}

/* "telepon lima vendor" -> "Telepon lima vendor.": so that free answers read as one text. */
static const char *fill_sentence(struct dialogue_run *run, const char *step, struct arena *arena) {
    const char *said = fill_answer(run, step);
    size_t length = said ? strlen(said) : 0;
    if (length == 0) {
        return said;
    }
    const char *stop = strchr(".!?", said[length - 1]) ? "" : ".";
    char *sentence = arena_format(arena, "%s%s", said, stop);
    if (sentence[0] >= 'a' && sentence[0] <= 'z') {
        sentence[0] = (char)(sentence[0] - 'a' + 'A');
    }
    return sentence;
}

static const char *fill_score(struct dialogue_run *run, const char *name, struct arena *arena) {
    double score = 0;
    struct dialogue_path own;
    const struct dialogue_path *path = dialogue_path_now(run, &own);
    return dialogue_score(run, path, name, &score) ? arena_format(arena, "%ld", lround(score)) : NULL;
}

/* A line of a list may quote answers and scores, but no list: that would never end. */
static const char *fill_line(void *context, const char *name, struct arena *arena) {
    return name[0] == 'l' ? NULL : dialogue_fill(context, name, arena);
}

static const char *fill_list(struct dialogue_run *run, const char *id, struct arena *arena) {
    const struct content_list *list = NULL;
    for (size_t i = 0; i < run->dialogue->list_count && !list; i++) {
        list = strcmp(run->dialogue->lists[i].id, id) == 0 ? &run->dialogue->lists[i] : NULL;
    }
    if (!list) {
        return NULL;
    }
    struct dialogue_path own;
    const struct dialogue_path *path = dialogue_path_now(run, &own);
    const char *lines = NULL;
    size_t shown = 0;
    for (size_t i = 0; i < list->item_count && (list->limit == 0 || shown < list->limit); i++) {
        if (!dialogue_holds(run, path, list->items[i].when)) {
            continue;
        }
        const char *text =
            localized_text(&list->items[i].text, run->language, run->content->site.default_language);
        const char *line = reply_render(run->content, run->language, text, fill_line, run, arena);
        lines = lines ? arena_join(arena, (const char *const[]){lines, "\n", line}, 3) : line;
        shown++;
    }
    return lines;
}

/* What stands behind the prefix of a name, or NULL. */
static const char *behind(const char *name, const char *prefix, size_t length) {
    return strncmp(name, prefix, length) == 0 ? name + length : NULL;
}

const char *dialogue_fill(void *context, const char *name, struct arena *arena) {
    struct dialogue_run *run = context;
    const char *of = NULL;
    switch (name[0]) {
    case 'a': return (of = behind(name, "answer.", 7)) != NULL ? fill_answer(run, of) : NULL;
    case 's':
        if ((of = behind(name, "sentence.", 9)) != NULL) {
            return fill_sentence(run, of, arena);
        }
        return (of = behind(name, "score.", 6)) != NULL ? fill_score(run, of, arena) : NULL;
    case 'l': return (of = behind(name, "list.", 5)) != NULL ? fill_list(run, of, arena) : NULL;
    case 'd':
        return strcmp(name, "dialogue_title") == 0
                   ? localized_text(&run->dialogue->title, run->language, run->content->site.default_language)
                   : NULL;
    default: return NULL;
    }
}
