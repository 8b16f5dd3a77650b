/* Any bytes through every entity finder: spans stay inside the text, values inside their ranges. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "domain/entity/entity.h"
#include "../unit/entity/message.h"

static void check(int truth) {
    if (!truth) {
        abort();
    }
}

static void check_span(const struct text *text, const struct entity_span *span) {
    check(span->start + span->length <= text->raw_length && span->length > 0);
}

static void check_numbers(const struct text *text) {
    struct entity_span span;
    double number;
    int whole;
    if (entity_number(text, &number, &span)) {
        check_span(text, &span);
        check(number > -1e19 && number < 1e19);
    }
    if (entity_ordinal(text, &whole, &span)) {
        check_span(text, &span);
        check(whole == -1 || (whole >= 1 && whole <= 999));
    }
    if (entity_age(text, &whole, &span)) {
        check_span(text, &span);
        check(whole >= 5 && whole <= 100);
    }
}

static void check_contacts(const struct text *text) {
    struct entity_span span;
    char phone[17], email[255];
    if (entity_phone(text, phone, &span)) {
        check_span(text, &span);
        check(strlen(phone) >= 9 && strlen(phone) <= 15 && strspn(phone, "0123456789") == strlen(phone));
    }
    if (entity_email(text, email, &span)) {
        check_span(text, &span);
        check(strchr(email, '@') && strlen(email) == span.length);
    }
}

static void check_moment(const struct text *text) {
    struct entity_moment moment;
    if (entity_moment(text, 1795312800000, 420, &moment)) {
        check_span(text, &moment.span);
        check(moment.has_date || moment.has_time);
        check(moment.month >= 1 && moment.month <= 12 && moment.day >= 1 && moment.day <= 31);
        check(moment.hour >= 0 && moment.hour <= 23 && moment.minute >= 0 && moment.minute <= 59);
    }
}

static void check_choice(const struct text *text, struct arena *arena) {
    static const char *const words[] = {"tidak setuju", "kurang"};
    static const struct entity_option options[] = {{"no", "Tidak setuju", words, 2, 1},
                                                   {"yes", "Setuju", NULL, 0, 5},
                                                   {"", "", NULL, 0, 0},
                                                   {"max", "Sangat setuju", NULL, 0, 7}};
    size_t index = 99;
    enum entity_choice_how how = entity_choice(text, messages.lexicon, options, 4, &index, arena);
    check(how == CHOICE_NONE || how == CHOICE_AMBIGUOUS || index < 4);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static struct arena *arena; /* emptied after each text; the lexicon lies in another */
    if (!arena) {
        check(setup(NULL) == 0);
        arena = arena_new(0);
    }
    struct text text;
    text_fold(messages.lexicon, (const char *)data, size, (int)(size % 3) - 1, arena, &text);
    check_numbers(&text);
    check_contacts(&text);
    check_moment(&text);
    check_choice(&text, arena);
    for (size_t i = 0; i < text.token_count; i++) {
        check(entity_is_negated(&text, i) <= 1);
    }
    arena_reset(arena);
    return 0;
}
