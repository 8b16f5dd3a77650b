/* Every mistake that content can have: its stable code, how bad it is, and what is said about it in every
   language of `pandu check`. The one place where these texts stand. */
#ifndef PANDU_DOMAIN_CONTENT_PROBLEM_H
#define PANDU_DOMAIN_CONTENT_PROBLEM_H

#include <stddef.h>

#include "domain/content/load.h"

struct arena;
struct document;

/* PROBLEM_ and the stable code that messages show. The texts are in problem_text.c. */
/* clang-format off */
enum problem_code {
    PROBLEM_json_syntax, PROBLEM_file_unknown, PROBLEM_file_missing, PROBLEM_schema_reference,
    PROBLEM_schema_type, PROBLEM_schema_required, PROBLEM_schema_unknown, PROBLEM_schema_enum,
    PROBLEM_schema_empty, PROBLEM_schema_range, PROBLEM_schema_full, PROBLEM_schema_repeated,
    PROBLEM_lexicon, PROBLEM_missing_language, PROBLEM_unknown_language, PROBLEM_duplicate_id,
    PROBLEM_reserved_name, PROBLEM_unknown_class, PROBLEM_recursive_class, PROBLEM_pattern_syntax,
    PROBLEM_pattern_error, PROBLEM_capture_missing, PROBLEM_unknown_reply, PROBLEM_unknown_dialogue,
    PROBLEM_unknown_intent, PROBLEM_unknown_step, PROBLEM_unknown_choice_set, PROBLEM_unknown_choice,
    PROBLEM_unknown_list, PROBLEM_unknown_score, PROBLEM_unknown_slot, PROBLEM_unknown_help_use,
    PROBLEM_unknown_placeholder, PROBLEM_unknown_address, PROBLEM_address_word_missing,
    PROBLEM_then_mismatch, PROBLEM_quick_incomplete, PROBLEM_intent_without_title,
    PROBLEM_expression_syntax, PROBLEM_choices_missing, PROBLEM_value_missing, PROBLEM_score_without_value,
    PROBLEM_range_reversed, PROBLEM_result_without_fallback, PROBLEM_result_unreachable,
    PROBLEM_step_unreachable, PROBLEM_loop_without_exit, PROBLEM_bad_date, PROBLEM_bad_time_zone,
    PROBLEM_required_reply_missing, PROBLEM_literal_unfoldable, PROBLEM_pattern_no_literal,
    PROBLEM_pattern_slow, PROBLEM_pattern_own_example, PROBLEM_pattern_one_example, PROBLEM_pattern_unproven, PROBLEM_example_loses,
    PROBLEM_example_unmatched, PROBLEM_example_doubted, PROBLEM_example_by_search, PROBLEM_counter_example_wins,
    PROBLEM_few_examples, PROBLEM_wording_repeated, PROBLEM_wording_far, PROBLEM_wording_danger,
    PROBLEM_placeholder_empty, PROBLEM_placeholder_syntax, PROBLEM_message_too_long,
    PROBLEM_label_long, PROBLEM_label_too_long, PROBLEM_two_questions, PROBLEM_address_written_out,
    PROBLEM_out_of_memory,
    PROBLEM_COUNT
};
/* clang-format on */

/* {1} {2} {3} stand for the details given to problem_add. */
struct problem_wording {
    const char *text, *remedy;
};
struct problem_kind {
    const char *code;
    enum problem_severity severity;
    struct problem_wording english, indonesian;
};
const struct problem_kind *problem_kind(enum problem_code code);

/* What another part said in English, in Indonesian; english itself when nobody has translated it. */
const char *problem_detail(const char *english, struct arena *arena);
const char *problem_types(const char *english, struct arena *arena); /* the same for "string, array" */

/* Where a mistake is: a document and a JSON path; offset is the byte inside a text value (0-based), or
 * PROBLEM_WHOLE. */
#define PROBLEM_WHOLE ((size_t)-1)
struct place {
    const struct document *document; /* NULL: content as a whole */
    const char *path;
    size_t offset;
    int line, column; /* known already (syntax errors); 0: looked up */
    const char *file; /* for a place without a document: the file or folder it belongs to */
};

/* Collects the mistakes of one load; lives in an arena. */
struct problems {
    struct arena *arena;
    struct problem *list;
    size_t count, capacity;
    size_t errors;
};

void problems_init(struct problems *problems, struct arena *arena);

/* Details may be NULL. place.path and the details are kept, not copied: they live in the same arena or
 * longer. */
void problem_add(struct problems *problems, enum problem_code code, struct place place, const char *first,
                 const char *second, const char *third);

/* Adds all of more behind those that are there. */
void problems_append(struct problems *problems, const struct problems *more);

/* 1 if an error (no warning) in document was recorded at path or below it; and the same for one code alone.
 */
int problems_touch(const struct problems *problems, const struct document *document, const char *path);
int problems_have(const struct problems *problems, enum problem_code code, const struct document *document,
                  const char *path);

/* Hands all to options->report, in order of file, line and column, in the language asked for. */
void problems_report(struct problems *problems, const struct content_load_options *options);

#endif
