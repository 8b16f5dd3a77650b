/* Decides what a message means: patterns first, then a second chance for typing errors, then the n-gram
   index. Never changes content and keeps nothing between messages. Called by the engine, the content lint and
   the verbs match and eval. */
#include "domain/intent/intent.h"

#include <math.h>
#include <string.h>

#include "base/arena.h"
#include "domain/content/content.h"
#include "domain/intent/intent_danger.h"
#include "domain/intent/intent_memo.h"
#include "domain/intent/intent_rank.h"
#include "domain/pattern/pattern.h"
#include "domain/similar/similar.h"

#include "banned.h"

/* How far the index must lead for another intent before a pattern is doubted, and how near the second and
   third choice must be to the first to be worth a place. Chosen on the labelled examples: at this lead no
   right pattern was doubted. */
static const float doubt_lead = 0.1F, choice_share = 0.5F;

/* A pattern whose literal words are this share of the message said nearly all of it: it is not doubted, or
   "tidak, terima kasih" would be asked back because thanks are near. */
static const float whole_share = 0.6F;

/* Danger is offered as a choice only from this many times the score that others need: an everyday worry
 * shares words with it. */
static const float danger_factor = 1.8F;

/* A pattern of two words in a message of six or more says little: where the winner's own examples are no
   nearer than this, it is asked back. */
static const float weak_score = 0.12F;
enum { WEAK_WORDS = 2, WEAK_OF = 6 };

/* Two intents with as many literal words each: a rival whose examples are as near, less this, is named too.
 */
static const float tie_lead = 0.02F;

/* A pattern of a third of the message's words or less has not read the rest: where its own examples are not
   as near as this, and those of another topic nearer by that lead, it is asked back. Chosen, as far_share
   below, on real wording judged by the content of before that wording was read (docs/testing.md).
 */
static const float thin_share = 1.0F / 3, thin_score = 0.2F, thin_lead = 0.03F;

/* Strange words lower every score of a message, and the leads less: a score below answer_score, though no
   less than this share of it, is sure where its lead makes up for what it lacks, and this more: from farther,
   one shared word answers ("the network is down"). "Not my field" is said for no less. */
static const float far_share = 0.9F, far_lead = 0.04F;

/* Some of what is found may not be said. */
enum { SEARCH_FEW = 2 * INTENT_NEAREST_MAX, SEARCH_MAX = 4 * INTENT_NEAREST_MAX };

/* What the index finds first, whatever the conversation; with lead: only if it may matter. */
struct near {
    struct similar_hit hits[SEARCH_FEW];
    int has_unless[SEARCH_FEW]; /* -1: not looked at */
    size_t count;
    int is_certain; /* that lead holds: then nothing was searched for */
};

static void search_near(const struct content *content, const struct text *text,
                        const struct similar_lead *lead, struct near *out) {
    out->is_certain = 0;
    out->count = similar_search_unless(content->similar, text->folded, text->folded_length, lead, out->hits,
                                       SEARCH_FEW, &out->is_certain);
    for (size_t i = 0; i < SEARCH_FEW; i++)
        out->has_unless[i] = -1;
}

/* The same, remembered where scratch keeps an intent_memo. */
static void look_near(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                      const struct similar_lead *lead, struct near *out) {
    struct intent_memo *memo = pattern_scratch_kept(scratch);
    if (!memo) {
        search_near(content, text, lead, out);
        return;
    }
    struct intent_memo_name name = intent_memo_text_name(memo, text);
    /* the hash as it is names what patterns find */
    name.hash[0] ^= lead ? (lead->label + 1U) * 4U + (lead->own > 0) * 2U + (lead->lead < 0) : 1U;
    const void *bytes = intent_memo_find_reading(memo, &name);
    if (bytes) {
        memcpy(out, bytes, sizeof *out);
        return;
    }
    memset(out, 0, sizeof *out);
    search_near(content, text, lead, out);
    for (size_t i = 0; i < out->count; i++)
        out->has_unless[i] = intent_has_unless(content, scratch, text, out->hits[i].label);
    intent_memo_keep_reading(memo, &name, out, sizeof *out);
}

/* Adds a label the index found unless it may not be said here. */
static void add_nearest(const struct content *content, struct pattern_scratch *scratch,
                        const struct text *text, const struct intent_context *context,
                        const struct similar_hit *hit, int has_unless, struct intent_decision *out) {
    if (out->nearest_count < INTENT_NEAREST_MAX && intent_is_open(content, context, hit->label) &&
        !(has_unless < 0 ? intent_has_unless(content, scratch, text, hit->label) : has_unless))
        out->nearest[out->nearest_count++] = (struct intent_suggestion){hit->label, hit->score};
}

/* What the index finds, without what is out of scope here or has an unless that matched. With lead: only if
   there may be such a label; 0 if there is none. Nearly always a few hits are enough. */
static int find_nearest(const struct content *content, struct pattern_scratch *scratch,
                        const struct text *text, const struct intent_context *context,
                        const struct similar_lead *lead, struct intent_decision *out) {
    struct near near;
    look_near(content, scratch, text, lead, &near);
    out->nearest_count = 0;
    for (size_t i = 0; i < near.count; i++)
        add_nearest(content, scratch, text, context, &near.hits[i], near.has_unless[i], out);
    if (near.count < SEARCH_FEW || out->nearest_count == INTENT_NEAREST_MAX)
        return !near.is_certain;
    struct similar_hit hits[SEARCH_MAX];
    int is_certain = 0;
    size_t count = similar_search_unless(content->similar, text->folded, text->folded_length, lead, hits,
                                         SEARCH_MAX, &is_certain);
    for (size_t i = near.count; i < count; i++)
        add_nearest(content, scratch, text, context, &hits[i], -1, out);
    return !is_certain;
}

/* The score of intent; what is not among the nearest has at most the score of the last of them. */
static float nearest_score(const struct intent_decision *decision, uint32_t intent) {
    for (size_t i = 0; i < decision->nearest_count; i++)
        if (decision->nearest[i].intent == intent)
            return decision->nearest[i].score;
    return decision->nearest_count == INTENT_NEAREST_MAX ? decision->nearest[INTENT_NEAREST_MAX - 1].score
                                                         : 0;
}

static size_t count_words(const struct text *text) {
    size_t words = 0;
    for (size_t i = 0; i < text->token_count; i++)
        words += !text->tokens[i].is_end;
    return words;
}

static int is_in_race(const struct intent_candidate *candidate) {
    return candidate->lost == INTENT_WON || candidate->lost > INTENT_LOST_AFTER;
}

/* May be shown as a choice: it has a title in some language. */
static int is_titled(const struct content_intent *intent) {
    for (size_t i = 0; i < LEXICON_LANGUAGES_MAX; i++)
        if (intent->title.text[i] && *intent->title.text[i])
            return 1;
    return 0;
}

static void suggest(const struct content *content, struct intent_decision *out, uint32_t intent) {
    if (out->suggestion_count == INTENT_SUGGESTIONS_MAX || !is_titled(&content->intents[intent]))
        return;
    if (out->outcome == INTENT_ANSWER && out->intent == intent)
        return;
    for (size_t i = 0; i < out->suggestion_count; i++)
        if (out->suggestions[i].intent == intent)
            return;
    out->suggestions[out->suggestion_count++] =
        (struct intent_suggestion){intent, nearest_score(out, intent)};
}

/* "Saya takut menyesal" is a little like danger and like nothing else: asking whether they mean to die would
   hurt. Alone it is offered only where the index would be sure of anything else. */
static void drop_lone_danger(const struct content *content, struct intent_decision *out) {
    int is_lone = out->outcome != INTENT_ANSWER && out->suggestion_count == 1;
    if (is_lone && content->intents[out->suggestions[0].intent].is_safety &&
        out->suggestions[0].score < content->thresholds.answer_score)
        out->suggestion_count = 0;
}

/* Danger is offered where nothing is nearer, never as a third choice among everyday ones; commands where one
   is nearest and sure: "start over" or "stop" beside everyday choices only confuses. */
static int is_out_of_place(const struct content *content, const struct intent_decision *out, size_t at) {
    const struct content_intent *near = &content->intents[out->nearest[at].intent];
    float score = out->nearest[at].score;
    int is_command = near->control != CONTROL_NONE || near->action == CONTENT_ACTION_DELETE;
    return (near->is_safety && (at > 0 || score < danger_factor * content->thresholds.suggest_score)) ||
           (is_command && (at > 0 || score < content->thresholds.answer_score));
}

/* Something is near enough to be offered. Where danger is nearest, though too far to be named, everyday
   topics must be near enough by themselves, and a long message gets none for less. */
static int is_anything_near(const struct content *content, const struct text *text,
                            const struct intent_decision *out) {
    size_t first = out->nearest_count > 0 && content->intents[out->nearest[0].intent].is_safety &&
                   is_out_of_place(content, out, 0);
    if (out->nearest_count <= first)
        return 0;
    int is_danger = content->intents[out->nearest[0].intent].is_safety;
    float longer = is_danger ? 1 : intent_length_factor(count_words(text));
    return out->nearest[first].score * longer >= content->thresholds.suggest_score;
}

/* What the index finds near enough: the choices of a question back, or the runners-up of an answer. */
static void suggest_nearest(const struct content *content, struct intent_decision *out) {
    for (size_t i = 0; i < out->nearest_count; i++)
        if (!is_out_of_place(content, out, i) &&
            (out->nearest[i].score >= content->thresholds.suggest_score ||
             out->nearest[i].score >= choice_share * out->nearest[0].score))
            suggest(content, out, out->nearest[i].intent);
    drop_lone_danger(content, out);
}

static void suggest_candidates(const struct content *content, struct intent_decision *out) {
    for (size_t i = 0; i < out->candidate_count; i++)
        if (is_in_race(&out->candidates[i]))
            suggest(content, out, out->candidates[i].intent);
}

static void fill_suggestions(const struct content *content, const struct text *text,
                             struct intent_decision *out) {
    int is_near = is_anything_near(content, text, out);
    if (out->is_doubtful &&
        is_near) /* the index's first choice and the pattern's stand side by side, in this order */
        suggest(content, out, out->nearest[0].intent);
    suggest_candidates(content, out);
    if (is_near)
        suggest_nearest(content, out);
}

/* The best candidate of intent behind the winner that is still in the race, or NULL. */
static struct intent_candidate *runner_up(const struct intent_decision *decision, uint32_t intent) {
    for (size_t i = 1; i < decision->candidate_count; i++)
        if (decision->candidates[i].intent == intent && is_in_race(&decision->candidates[i]))
            return &decision->candidates[i];
    return NULL;
}

static int says_nearly_all(const struct text *text, const struct intent_candidate *winner) {
    return (float)winner->words >= whole_share * (float)count_words(text);
}

/* The winner's pattern said nearly the whole message, and more of it than other's own pattern. */
static int says_it_whole(const struct text *text, const struct intent_decision *decision, uint32_t other) {
    const struct intent_candidate *winner = &decision->candidates[0], *rival = runner_up(decision, other);
    return says_nearly_all(text, winner) && (!rival || rival->words <= winner->words);
}

/* Danger is never doubted; a pattern keeps its word in a running dialogue and in answer to the bot. */
static int may_doubt(const struct content *content, const struct intent_context *context,
                     const struct intent_decision *decision) {
    const struct content_intent *intent = &content->intents[decision->candidates[0].intent];
    return !intent->is_safety && intent->scope_count == 0 && intent->after_count == 0 &&
           !(context && context->dialogue);
}

static int is_weak(const struct text *text, const struct intent_decision *decision) {
    return decision->candidates[0].words <= WEAK_WORDS && count_words(text) >= WEAK_OF;
}

/* Another intent's candidate with no fewer literal words than the winner, from candidate number from on;
 * NULL: none. */
static const struct intent_candidate *next_rival(const struct intent_decision *decision, size_t from) {
    const struct intent_candidate *winner = &decision->candidates[0];
    for (size_t i = from; i < decision->candidate_count; i++) {
        const struct intent_candidate *other = &decision->candidates[i];
        if (other->intent != winner->intent && is_in_race(other) && other->words >= winner->words)
            return other;
    }
    return NULL;
}

static int is_thin(const struct text *text, const struct intent_decision *decision) {
    return (float)decision->candidates[0].words <= thin_share * (float)count_words(text);
}

/* The winner read little of the message, and what is nearest to all of it is another topic. */
static int is_read_better(const struct content *content, const struct text *text,
                          const struct intent_decision *decision, float own) {
    if (decision->nearest_count == 0 || own >= thin_score || !is_thin(text, decision))
        return 0;
    const struct intent_suggestion *nearest = &decision->nearest[0];
    const struct content_intent *intent = &content->intents[nearest->intent];
    return nearest->score >= content->thresholds.suggest_score && nearest->score - own >= thin_lead &&
           is_titled(intent) && !intent->is_safety && intent->control == CONTROL_NONE;
}

/* The pattern won by too little to answer without asking. */
static int is_close(const struct content *content, const struct text *text,
                    const struct intent_context *context, const struct intent_decision *decision) {
    if (!may_doubt(content, context, decision) ||
        content->intents[decision->candidates[0].intent].control != CONTROL_NONE)
        return 0;
    float own = nearest_score(decision, decision->candidates[0].intent);
    int is_outside = content->intents[decision->candidates[0].intent].is_outside; /* it claims nothing */
    if (!is_outside &&
        ((is_weak(text, decision) && own < weak_score) || is_read_better(content, text, decision, own)))
        return 1;
    const struct intent_candidate *rival = next_rival(decision, 1);
    for (; rival; rival = next_rival(decision, (size_t)(rival - decision->candidates) + 1))
        if (nearest_score(decision, rival->intent) >= own - tie_lead)
            return 1;
    return 0;
}

/* Patterns left so much of the message unread that danger may be told in it. What answers the bot's question
   is read as its answer, unless it is urgent. */
static int may_hide_danger(const struct content *content, const struct text *text, size_t intents,
                           const struct intent_decision *decision) {
    if (intents == 0)
        return 1;
    const struct content_intent *intent = &content->intents[decision->candidates[0].intent];
    int is_answer = (intent->scope_count > 0 || intent->after_count > 0) && !intent->is_strong;
    return !intent->is_safety && !is_answer && is_thin(text, decision);
}

/* 0 if no second opinion, whatever it were, could change the answer. */
static int needs_opinion(const struct content *content, const struct text *text,
                         const struct intent_context *context, const struct intent_decision *decision) {
    if (!may_doubt(content, context, decision))
        return 0;
    if (next_rival(decision, 1) || is_weak(text, decision))
        return 1;
    for (size_t i = 1; i < decision->candidate_count; i++)
        if (is_in_race(&decision->candidates[i]) &&
            decision->candidates[i].words > decision->candidates[0].words)
            return 1;
    return !says_nearly_all(text, &decision->candidates[0]);
}

/* The intent whose examples are so much nearer than the winner's that its pattern is not enough, or
   CONTENT_NONE. A pattern keeps its word when it says the whole message. */
static uint32_t second_opinion(const struct content *content, const struct text *text,
                               const struct intent_context *context, const struct intent_decision *decision) {
    const struct intent_candidate *winner = &decision->candidates[0];
    if (!may_doubt(content, context, decision) || decision->nearest_count == 0)
        return CONTENT_NONE;
    const struct intent_suggestion *nearest = &decision->nearest[0];
    int is_clear = nearest->score >= content->thresholds.suggest_score &&
                   nearest->score - nearest_score(decision, winner->intent) >= doubt_lead;
    return is_clear && !says_it_whole(text, decision, nearest->intent) ? nearest->intent : CONTENT_NONE;
}

/* Moves the best candidate of intent to the front; 0 if none is in the race. */
static int promote(struct intent_decision *decision, uint32_t intent) {
    struct intent_candidate *list = decision->candidates, *rival = runner_up(decision, intent);
    if (!rival)
        return 0;
    struct intent_candidate winner = *rival;
    memmove(list + 1, list, (size_t)(rival - list) * sizeof *list);
    winner.lost = INTENT_WON;
    winner.lost_to = CONTENT_NONE;
    list[0] = winner;
    list[1].lost = INTENT_LOST_NEAREST;
    list[1].lost_to = intent;
    return 1;
}

/* The index may answer alone when it is sure and nothing else is nearly as near. */
static int is_sure(const struct content *content, const struct intent_context *context,
                   const struct intent_decision *decision) {
    if (decision->nearest_count == 0)
        return 0;
    const struct content_intent *intent = &content->intents[decision->nearest[0].intent];
    float best = decision->nearest[0].score;
    float second = decision->nearest_count > 1 ? decision->nearest[1].score : 0;
    float lead = best - second;
    int is_near = best >= content->thresholds.answer_score ||
                  (!intent->is_outside && !(context && context->dialogue) &&
                   best >= far_share * content->thresholds.answer_score &&
                   best + lead >= content->thresholds.answer_score + far_lead);
    return intent->similar_may_answer && is_near && lead >= content->thresholds.answer_lead;
}

static void answer(struct intent_decision *out, uint32_t intent, int by_similarity) {
    out->outcome = INTENT_ANSWER;
    out->intent = intent;
    out->by_similarity = by_similarity;
}

static int is_danger(const struct content *content, const struct intent_decision *decision, size_t intents) {
    return intents > 0 && content->intents[decision->candidates[0].intent].is_safety;
}

/* The second chance. Where the words as written mean something already, only danger may speak against them:
   "bikin cv gmn, eh pgn bnuhh dri" asks for more than a CV. */
static const struct text *rank_corrected(const struct content *content, struct pattern_scratch *scratch,
                                         const struct text *text, const struct intent_context *context,
                                         struct arena *arena, size_t *intents, struct intent_decision *out) {
    struct text *corrected = arena_alloc(arena, sizeof *corrected);
    if (text_correct(content->lexicon, text, arena, corrected) == 0)
        return text;
    struct intent_decision second = *out;
    size_t count = intent_rank(content, scratch, corrected, context, arena, &second);
    if (*intents > 0 && !is_danger(content, &second, count))
        return text;
    *out = second;
    out->corrected = corrected;
    *intents = count;
    return corrected;
}

/* A figure of speech that took words of danger out of the race holds this token. */
static int is_excused(const struct content *content, const struct intent_decision *decision,
                      const struct text_token *token) {
    for (size_t i = 0; i < decision->candidate_count; i++) {
        const struct intent_candidate *candidate = &decision->candidates[i];
        if (candidate->lost == INTENT_LOST_UNLESS && content->intents[candidate->intent].is_safety &&
            candidate->excuse_start <= token->start && token->start < candidate->excuse_end)
            return 1;
    }
    return 0;
}

/* Decides tokens first up to end alone; 1 if there is danger in them, which is then the decision. */
static int rank_rest(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                     const struct intent_context *context, struct arena *arena, size_t first, size_t end,
                     struct intent_decision *out) {
    size_t start = text->tokens[first].start;
    struct text rest = *text;
    struct intent_decision decision = *out;
    rest.folded_length = text->tokens[end - 1].start + text->tokens[end - 1].length - start;
    rest.folded = arena_copy(arena, text->folded + start, rest.folded_length);
    if (!is_danger(content, &decision, intent_rank(content, scratch, &rest, context, arena, &decision)))
        return 0;
    for (size_t i = 0; i < decision.candidate_count; i++) {
        decision.candidates[i].start += start;
        decision.candidates[i].end += start;
    }
    *out = decision;
    return 1;
}

/* A figure of speech excuses its own words only, and a pattern matches once: what stands before and behind it
   ("ngakak mau mati wkwk tapi serius aku pengen mati") is looked at for danger by itself. */
static int rank_around(const struct content *content, struct pattern_scratch *scratch,
                       const struct text *text, const struct intent_context *context, struct arena *arena,
                       struct intent_decision *out) {
    const struct intent_decision whole = *out;
    size_t first = 0;
    for (size_t i = 0; i <= text->token_count; i++) {
        if (i < text->token_count && !is_excused(content, &whole, &text->tokens[i]))
            continue;
        int is_part = i > first && i - first < text->token_count;
        if (is_part && rank_rest(content, scratch, text, context, arena, first, i, out))
            return 1;
        first = i + 1;
    }
    return 0;
}

/* Matches; unless that finds danger, once more with typing errors corrected. Returns the text that counted.
 */
static const struct text *rank_with_correction(const struct content *content, struct pattern_scratch *scratch,
                                               const struct text *text, const struct intent_context *context,
                                               enum intent_wish wish, struct arena *arena, size_t *intents,
                                               struct intent_decision *out) {
    *intents = intent_rank(content, scratch, text, context, arena, out);
    if (*intents == 0 && wish == INTENT_WISH_WRITTEN)
        return text;
    if (!is_danger(content, out, *intents))
        text = rank_corrected(content, scratch, text, context, arena, intents, out);
    if (!is_danger(content, out, *intents) && rank_around(content, scratch, text, context, arena, out))
        *intents = 1;
    return text;
}

/* Asks the index for all that is near, or only for an intent that may be doubted against the winner. 0 if it
   was not asked, or is certain that there is none, and that nothing makes the winner's lead too close
   (is_close). */
static int consult(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                   const struct intent_context *context, enum intent_wish wish, size_t intents,
                   struct intent_decision *out) {
    if (wish == INTENT_WISH_ALL || intents == 0)
        return find_nearest(content, scratch, text, context, NULL, out);
    /* Some of what is nearest may not be said here: with more than SEARCH_MAX before it the winner's own
       score might not be found. */
    int has_rival = next_rival(out, 1) != NULL; /* may be any other */
    struct similar_lead lead = {.label = out->candidates[0].intent,
                                .own = is_weak(text, out) ? weak_score : 0,
                                .lead = is_thin(text, out) ? thin_lead : doubt_lead,
                                .least = content->thresholds.suggest_score,
                                .crowd = SEARCH_MAX};
    if (may_hide_danger(content, text, intents, out)) {
        lead.least = fminf(lead.least, intent_veiled_least(count_words(text)));
        lead.lead = fminf(lead.lead, intent_veiled_lead(&content->intents[lead.label]));
    }
    if (has_rival) {
        lead.least = 0;
        lead.lead = -tie_lead;
    }
    return find_nearest(content, scratch, text, context, &lead, out);
}

static int is_search_wished(const struct content *content, const struct text *text,
                            const struct intent_context *context, enum intent_wish wish, size_t intents,
                            const struct intent_decision *decision) {
    if (wish == INTENT_WISH_ALL)
        return 1;
    if (intents == 0)
        return wish == INTENT_WISH_BRIEF;
    return needs_opinion(content, text, context, decision) ||
           may_hide_danger(content, text, intents, decision);
}

/* "Not my field" was doubted, and there is nothing else to offer: then it is the better answer. */
static int is_only_outside(const struct content *content, const struct intent_decision *decision) {
    return decision->outcome == INTENT_NONE && decision->is_doubtful &&
           content->intents[decision->candidates[0].intent].is_outside;
}

/* Somebody told of harm or distress, nothing is nearer, and all that would be asked back is whether that is
   what they mean: then the care itself is the better answer. */
static int is_only_care(const struct content *content, const struct intent_decision *decision) {
    if (decision->outcome != INTENT_SUGGEST || !decision->is_doubtful || decision->suggestion_count != 1)
        return 0;
    uint32_t intent = decision->candidates[0].intent;
    return decision->suggestions[0].intent == intent &&
           (decision->nearest_count == 0 || decision->nearest[0].intent == intent) &&
           content->intents[intent].kind == INTENT_KIND_ESCALATION;
}

void intent_decide_wish(const struct content *content, struct pattern_scratch *scratch,
                        const struct text *text, const struct intent_context *context, enum intent_wish wish,
                        struct arena *arena, struct intent_decision *out) {
    size_t intents;
    memset(out, 0, sizeof *out);
    out->end = text->folded_length;
    out->counts_exhausted = wish == INTENT_WISH_ALL;
    const struct text *used =
        rank_with_correction(content, scratch, text, context, wish, arena, &intents, out);
    int is_searched = is_search_wished(content, used, context, wish, intents, out) &&
                      consult(content, scratch, used, context, wish, intents, out);
    out->is_near_danger = is_searched && may_hide_danger(content, used, intents, out) &&
                          intent_is_veiled(content, out, count_words(used));
    uint32_t other = intents > 0 ? second_opinion(content, used, context, out) : CONTENT_NONE;
    if (other != CONTENT_NONE ? !promote(out, other)
                              : is_searched && intents > 0 && is_close(content, used, context, out))
        out->is_doubtful = 1;
    else if (intents > 0)
        answer(out, out->candidates[0].intent, 0);
    else if (is_sure(content, context, out))
        answer(out, out->nearest[0].intent, 1);
    if (is_searched)
        fill_suggestions(content, used, out);
    if (out->outcome == INTENT_NONE && out->suggestion_count > 0)
        out->outcome = INTENT_SUGGEST;
    if (is_only_outside(content, out) || is_only_care(content, out)) {
        answer(out, out->candidates[0].intent, 0);
        out->is_doubtful = 0;
        out->suggestion_count = 0;
    }
}

void intent_decide(const struct content *content, struct pattern_scratch *scratch, const struct text *text,
                   const struct intent_context *context, struct arena *arena, struct intent_decision *out) {
    intent_decide_wish(content, scratch, text, context, INTENT_WISH_ALL, arena, out);
}

void intent_decide_briefly(const struct content *content, struct pattern_scratch *scratch,
                           const struct text *text, const struct intent_context *context, struct arena *arena,
                           struct intent_decision *out) {
    intent_decide_wish(content, scratch, text, context, INTENT_WISH_BRIEF, arena, out);
}

void intent_decide_by_pattern(const struct content *content, struct pattern_scratch *scratch,
                              const struct text *text, const struct intent_context *context,
                              struct arena *arena, struct intent_decision *out) {
    intent_decide_wish(content, scratch, text, context, INTENT_WISH_PATTERN, arena, out);
}
