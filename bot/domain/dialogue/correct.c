/* Corrections by naming: "eh yang soal empati salah", "yang empati ganti jadi setuju", "umur tadi salah,
   harusnya 20", "jawaban nomor 2 salah". Finds which step is meant and, if it was said, the new answer.
   Changes nothing. Called by: engine, before a message is taken as the answer to the open question. */
#include <string.h>

#include "domain/dialogue/dialogue.h"
#include "domain/dialogue/words.h"
#include "domain/entity/entity.h"
#include "domain/text/text.h"

#include "banned.h"

enum {
    NAME_FROM_START_MAX = 3, /* "eh maaf soal waktu ..." */
    NAME_TO_WORD_MAX = 1,    /* words between a name and "salah": "umur tadi salah" */
    ORDINAL_TO_WORD_MAX = 3, /* between "jawaban" and "pertama": "jawabanku yang paling pertama" */
    SLIP_WORDS_MAX = 6,      /* "eh tunggu, kayaknya relasi deh" */
    BESIDE_NAME_MAX = 3      /* words beside a name that is the subject: "bikin konten sih suka" */
};

/* A place among the tokens. */
struct mention {
    size_t token, count;
};

/* "change empathy to very": a word of correction is no name, even where a step is called "change". */
static int is_correction_word(const struct text *text, size_t token) {
    return words_at(text, WORDS_CORRECTION, token) > 0;
}

static int find_name(const struct text *text, const struct content_step *step, struct mention *mention) {
    mention->count = 0;
    for (size_t language = 0; language < LEXICON_LANGUAGES_MAX; language++) {
        for (size_t i = 0; i < step->names.count[language]; i++) {
            for (size_t token = 0; token < text->token_count; token++) {
                size_t count = 0;
                if (words_phrase_at(text, token, step->names.words[language][i], &count) &&
                    count > mention->count && !is_correction_word(text, token)) {
                    *mention = (struct mention){token, count};
                }
            }
        }
    }
    return mention->count > 0;
}

/* The answered step whose name stands in the message; the longest name, else the latest answer. */
static const struct content_step *named_step(const struct dialogue_path *path, const struct text *text,
                                             struct mention *mention) {
    const struct content_step *found = NULL;
    mention->count = 0;
    for (size_t i = path->count; i-- > 0;) {
        struct mention here;
        if (path->answers[i] && find_name(text, path->steps[i], &here) && here.count > mention->count) {
            found = path->steps[i];
            *mention = here;
        }
    }
    return found;
}

/* Counted as the progress counts ("2 dari 6"); -1 is the last that was answered. */
static const struct content_step *counted_step(const struct dialogue_path *path, double number) {
    const struct content_step *last = NULL;
    double at = 0;
    for (size_t i = 0; i < path->count; i++) {
        const struct session_answer *answer = path->answers[i];
        if (path->steps[i]->type == STEP_SAY || (answer && answer->from_fact)) {
            continue;
        }
        at++;
        last = answer ? path->steps[i] : last;
        if (answer && at >= number && at <= number) {
            return path->steps[i];
        }
    }
    return number < 0 ? last : NULL;
}

static void cover(const struct text *text, struct entity_span span, struct mention *mention) {
    for (size_t i = 0; i < text->token_count; i++) {
        if (text->tokens[i].raw_start >= span.start && text->tokens[i].raw_start < span.start + span.length &&
            i + 1 > mention->token + mention->count) {
            mention->count = i + 1 - mention->token;
        }
    }
}

/* "ubah jawaban pertama jadi setuju", "my first answer": which one, said behind or before the word answer. An
   ordinal elsewhere may be the new value: "ganti jawabannya jadi yang pertama". */
static const struct content_step *ordinal_step(const struct dialogue_path *path, const struct text *text,
                                               struct mention *mention) {
    struct entity_span span;
    int ordinal = 0;
    size_t at = 0;
    if (!words_find(text, WORDS_ANSWER, 0, &mention->token, &mention->count) ||
        !entity_ordinal(text, &ordinal, &span)) {
        return NULL;
    }
    while (at < text->token_count && text->tokens[at].raw_start < span.start) {
        at++;
    }
    size_t end = mention->token + mention->count;
    int is_before = at < mention->token && at + ORDINAL_TO_WORD_MAX >= mention->token;
    if (!is_before && (at < end || at > end + ORDINAL_TO_WORD_MAX)) {
        return NULL;
    }
    cover(text, span, mention);
    return counted_step(path, ordinal);
}

/* "nomor 2", "pertanyaan kedua", "question 3". */
static const struct content_step *numbered_step(const struct dialogue_path *path, const struct text *text,
                                                struct mention *mention) {
    int ordinal = 0;
    double number = 0;
    struct entity_span span;
    if (!words_find(text, WORDS_COUNTED, 0, &mention->token, &mention->count)) {
        return NULL;
    }
    if (entity_ordinal(text, &ordinal, &span) && ordinal > 0) {
        number = ordinal;
    } else if (!entity_number(text, &number, &span)) {
        return NULL;
    }
    cover(text, span, mention);
    return counted_step(path, number);
}

/* "mau ubah tujuan tadi dong": what is left names no new answer. */
static int says_nothing(const struct text *text) {
    static const enum words_group empty[] = {WORDS_COURTESY, WORDS_LAST, WORDS_ANSWER, WORDS_OWN};
    size_t at = 0;
    while (at < text->token_count) {
        size_t most = text->tokens[at].is_end != 0;
        for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
            size_t count = words_at(text, empty[i], at);
            most = count > most ? count : most;
        }
        if (most == 0) {
            return 0;
        }
        at += most;
    }
    return 1;
}

/* Reads the new answer from what stands after token number from. */
static int read_after(const struct dialogue_run *run, const struct content_step *step,
                      const struct text *text, size_t from, struct session_answer *answer) {
    while (from > 0 && from < text->token_count &&
           text->tokens[from].raw_start == text->tokens[from - 1].raw_start) {
        from++; /* "minatku" is two words, and the second is no part of the answer */
    }
    if (from >= text->token_count) {
        return 0;
    }
    size_t start = text->tokens[from].raw_start;
    struct text rest;
    text_fold(run->content->lexicon, text->raw + start, text->raw_length - start, run->language, run->arena,
              &rest);
    if (step->type == STEP_TEXT && says_nothing(&rest)) {
        return 0;
    }
    enum dialogue_read read = dialogue_read(run, step, &rest, answer);
    return read == READ_ANSWER || read == READ_NEAR;
}

static int read_new_value(const struct dialogue_run *run, const struct content_step *step,
                          const struct text *text, struct mention name, struct session_answer *answer) {
    size_t token = 0, count = 0, from = 0, last = 0;
    while (words_find(text, WORDS_NEW_VALUE, from, &token, &count)) {
        last = from = token + count;
    }
    if (last > 0 && last >= name.token && read_after(run, step, text, last, answer)) {
        return 1;
    }
    size_t after = name.token + name.count;
    for (from = 0; words_find(text, WORDS_CORRECTION, from, &token, &count);) {
        from = token + count;
        after = from > after ? from : after;
    }
    size_t own = after < text->token_count && after > 0 && /* "tujuanku itu ..." */
                         text->tokens[after].raw_start == text->tokens[after - 1].raw_start
                     ? 1
                     : 0;
    if ((count = words_at(text, WORDS_COPULA, after + own)) > 0) { /* "my goal is ..." */
        after += own + count;
    }
    return read_after(run, step, text, after, answer);
}

/* A free-text answer may hold any word, so a correction there has to begin like one: "eh ...", "ralat ...",
   or with the name of a step and right after it what is the matter ("umur tadi salah"). */
static int opens_like_correction(const struct dialogue_path *path, const struct text *text) {
    size_t token = 0, count = 0;
    struct mention mention;
    if (words_at(text, WORDS_OPENING, 0) > 0) {
        return 1;
    }
    return named_step(path, text, &mention) && mention.token == 0 &&
           words_find(text, WORDS_CORRECTION, mention.count, &token, &count) &&
           token <= mention.count + NAME_TO_WORD_MAX;
}

/* "salah, harusnya setuju", "yang tadi ganti jadi satu jam": a word of correction and behind it the new
   value, without a name: the answer before the open question. */
static const struct content_step *last_answered(const struct dialogue_run *run,
                                                const struct dialogue_path *path, const struct text *text) {
    size_t wrong = 0, value = 0, count = 0;
    if (!words_find(text, WORDS_CORRECTION, 0, &wrong, &count) ||
        !words_find(text, WORDS_NEW_VALUE, wrong + count, &value, &count)) {
        return NULL;
    }
    const struct content_step *open = dialogue_open_step(run);
    for (size_t i = open ? dialogue_path_index(path, open->id) : path->count; i-- > 0;) {
        const struct session_answer *answer = path->answers[i];
        if (answer && !answer->from_fact) {
            return path->steps[i];
        }
    }
    return NULL;
}

/* "eh waktunya 2 jam" while another question is open: the one that comes later is named, so that its answer
   can be kept. Never a free text: any words would be an answer to it. */
static const struct content_step *later_step(const struct dialogue_path *path, const struct text *text,
                                             struct mention *mention) {
    for (size_t i = path->open; i < path->count; i++) {
        const struct content_step *step = path->steps[i];
        if (step->type != STEP_TEXT && step->type != STEP_SAY && !path->answers[i] &&
            find_name(text, step, mention)) {
            return step;
        }
    }
    return NULL;
}

/* "actually my goal is cafe owner", "eh waktunya dua jam": no word says that something was wrong, but a step
   is named at the beginning and a new value stands behind it; of a free-text step behind "is" or "jadi". */
static int renames(const struct dialogue_run *run, const struct dialogue_path *path, const struct text *text,
                   struct dialogue_correction *correction) {
    struct mention mention;
    const struct content_step *step = named_step(path, text, &mention);
    step = step ? step : later_step(path, text, &mention);
    if (!step || mention.token > NAME_FROM_START_MAX) {
        return 0;
    }
    int is_linked = 0;
    for (size_t behind = mention.token + mention.count, taken = 1; taken > 0; behind += taken) {
        is_linked |= words_at(text, WORDS_COPULA, behind) > 0 || words_at(text, WORDS_NEW_VALUE, behind) > 0;
        taken = words_at(text, WORDS_OWN, behind);
    }
    if (step->type == STEP_TEXT && !is_linked) {
        return 0;
    }
    correction->step = step;
    correction->has_answer = read_new_value(run, step, text, mention, &correction->answer);
    return correction->has_answer;
}

/* "eh bukan, kreatif aja" behind "teknologi": no answer to what is asked now, but another choice of what was
   asked before. */
static int slipped(const struct dialogue_run *run, const struct dialogue_path *path, const struct text *text,
                   struct dialogue_correction *correction) {
    struct session_answer now;
    const struct content_step *open = dialogue_open_step(run), *last = NULL;
    if (!open || (text->flags & TEXT_QUESTION) || words_has(text, WORDS_UNCLEAR) ||
        words_outside(text, WORDS_COURTESY, 0, text->token_count) > SLIP_WORDS_MAX ||
        dialogue_read(run, open, text, &now) != READ_NOTHING) {
        return 0;
    }
    for (size_t i = dialogue_path_index(path, open->id); i-- > 0 && !last;) {
        int is_own = path->answers[i] && !path->answers[i]->from_fact;
        last = is_own && path->steps[i]->type != STEP_SAY ? path->steps[i] : NULL;
    }
    if (!last || (last->type != STEP_CHOICE && last->type != STEP_SCALE)) {
        return 0;
    }
    const struct session_answer *before = session_answer(run->frame, last->id);
    correction->step = last;
    correction->has_answer =
        read_new_value(run, last, text, (struct mention){0, 0}, &correction->answer) &&
        (!before || !before->choice || strcmp(before->choice, correction->answer.choice) != 0);
    if (correction->has_answer) { /* quoted by its label: "eh bukan, kreatif aja" is no name for it */
        dialogue_read_choice(run, last, correction->answer.choice, &correction->answer);
    }
    return correction->has_answer;
}

int dialogue_correction(const struct dialogue_run *run, const struct text *text, int is_asked,
                        struct dialogue_correction *correction) {
    memset(correction, 0, sizeof *correction);
    int is_said = words_has(text, WORDS_CORRECTION);
    if (!is_asked && !is_said && words_at(text, WORDS_OPENING, 0) == 0) {
        return 0; /* nearly always */
    }
    struct dialogue_path path;
    struct mention mention = {0, 0};
    dialogue_path(run, &path);
    const struct content_step *open = dialogue_open_step(run);
    int is_free = open && open->type == STEP_TEXT;
    if (!is_asked && !is_said) {
        return open && !is_free &&
               (renames(run, &path, text, correction) || slipped(run, &path, text, correction));
    }
    if (!is_asked && is_free && !opens_like_correction(&path, text)) {
        return 0;
    }
    const struct content_step *step = named_step(&path, text, &mention);
    if (!step && open && find_name(text, open, &mention)) { /* no answer yet: this is it */
        correction->step = open;
        correction->has_answer = read_new_value(run, open, text, mention, &correction->answer);
        return correction->has_answer;
    }
    if (!step && (step = later_step(&path, text, &mention)) != NULL) { /* not asked yet */
        correction->step = step;
        correction->has_answer = read_new_value(run, step, text, mention, &correction->answer);
        if (correction->has_answer) {
            return 1;
        }
        step = NULL;
    }
    if (!step) {
        step = numbered_step(&path, text, &mention);
    }
    if (!step) {
        step = ordinal_step(&path, text, &mention);
    }
    if (!step && (step = last_answered(run, &path, text)) != NULL) {
        correction->step = step;
        correction->has_answer = read_new_value(run, step, text, mention, &correction->answer);
        return correction->has_answer;
    }
    if (!step && !is_asked && !is_free && words_at(text, WORDS_OPENING, 0) > 0 &&
        slipped(run, &path, text, correction)) { /* "eh salah, kreatif" */
        return 1;
    }
    if (!step) {
        return is_said && words_has(text, WORDS_ANSWER) && !words_has(text, WORDS_LAST) &&
               dialogue_answered(run) > 1;
    }
    correction->step = step;
    correction->has_answer = read_new_value(run, step, text, mention, &correction->answer);
    return 1;
}

/* ---- another scale ---- */

static int has_same_choices(const struct content_step *one, const struct content_step *other) {
    if (one->type != STEP_SCALE || other->type != STEP_SCALE || one->choice_count != other->choice_count) {
        return 0;
    }
    for (size_t i = 0; i < one->choice_count; i++) {
        if (strcmp(one->choices[i].id, other->choices[i].id) != 0) {
            return 0;
        }
    }
    return 1;
}

/* The open question, read as a message. */
static void fold_question(const struct dialogue_run *run, const struct content_step *step,
                          struct text *question) {
    const char *ask = localized_text(&step->ask, run->language, run->content->site.default_language);
    text_fold(run->content->lexicon, ask, strlen(ask), run->language, run->arena, question);
}

/* The name fills the message, but for a few words and the answer. */
static int is_subject(const struct text *text, size_t name_count) {
    return words_outside(text, WORDS_COURTESY, 0, text->token_count) <= name_count + BESIDE_NAME_MAX;
}

int dialogue_answers_other(const struct dialogue_run *run, const struct text *text,
                           struct dialogue_correction *other) {
    struct dialogue_path path;
    struct mention mention, most = {0, 0};
    struct text question;
    const struct content_step *open = dialogue_open_step(run);
    memset(other, 0, sizeof *other);
    if (!open || open->type != STEP_SCALE || find_name(text, open, &mention)) {
        return 0;
    }
    dialogue_path(run, &path);
    for (size_t i = 0; i < path.count; i++) {
        const struct content_step *step = path.steps[i];
        if (step != open && has_same_choices(open, step) && find_name(text, step, &mention) &&
            mention.count > most.count && is_subject(text, mention.count)) {
            other->step = step;
            most = mention;
        }
    }
    if (!other->step || dialogue_read(run, other->step, text, &other->answer) != READ_ANSWER) {
        return 0;
    }
    fold_question(run, open, &question); /* its own words name nothing else */
    other->has_answer = !find_name(&question, other->step, &mention) &&
                        dialogue_read_choice(run, other->step, other->answer.choice, &other->answer);
    return other->has_answer;
}
