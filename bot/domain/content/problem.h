/* Every mistake that content can have: its stable code, how bad it is, and what is said about it in every
   language of `pandu check`. The one place where these texts stand. */
#ifndef PANDU_DOMAIN_CONTENT_PROBLEM_H
#define PANDU_DOMAIN_CONTENT_PROBLEM_H

#include <stddef.h>

#include "domain/content/load.h"

struct arena;
struct document;

/* X(code). The texts are in problem_text.c, in the same order. */
#define PROBLEM_CODES(X) \
    X(json_syntax) \
    X(file_unknown) \
    X(file_missing) X(schema_reference) X(schema_type) X(schema_required) X(schema_unknown) X(schema_enum) \
        X(schema_empty) X(schema_range) X(lexicon) X(missing_language) X(unknown_language) X(duplicate_id) \
            X(reserved_name) X(unknown_class) X(recursive_class) X(pattern_syntax) X(pattern_error) \
                X(capture_missing) X(unknown_reply) X(unknown_dialogue) X(unknown_intent) X(unknown_step) X( \
                    unknown_choice_set) X(unknown_choice) X(unknown_list) X(unknown_score) X(unknown_slot) \
                    X(unknown_help_use) X(unknown_placeholder) X(unknown_address) X(address_word_missing) \
                        X(then_mismatch) X(quick_incomplete) X(intent_without_title) X(expression_syntax) \
                            X(choices_missing) X(value_missing) X(score_without_value) X(range_reversed) \
                                X(result_without_fallback) X(result_unreachable) X(step_unreachable) \
                                    X(loop_without_exit) X(bad_date) X(bad_time_zone) \
                                        X(required_reply_missing) X(literal_unfoldable) \
                                            X(pattern_no_literal) X(pattern_slow) X(pattern_own_example) \
                                                X(pattern_unproven) X(example_loses) X(example_unmatched) \
                                                    X(example_by_search) X(counter_example_wins) \
                                                        X(few_examples) X(placeholder_empty) \
                                                            X(placeholder_syntax) X(message_too_long) \
                                                                X(label_long) X(label_too_long) \
                                                                    X(two_questions) X(address_written_out) \
                                                                        X(out_of_memory)

enum problem_code {
#define PROBLEM_CODE(code) PROBLEM_##code,
    PROBLEM_CODES(PROBLEM_CODE)
#undef PROBLEM_CODE
        PROBLEM_COUNT
};

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

/* 1 if a mistake in document was recorded at path or below it; and the same for one code alone. */
int problems_touch(const struct problems *problems, const struct document *document, const char *path);
int problems_have(const struct problems *problems, enum problem_code code, const struct document *document,
                  const char *path);

/* Hands all to options->report, in order of file, line and column, in the language asked for. */
void problems_report(struct problems *problems, const struct content_load_options *options);

#endif
