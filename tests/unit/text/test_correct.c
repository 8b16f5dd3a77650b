/* domain/text: the second chance for typing errors. */
#include "unit/text/text_fixture.h"

static void teach(struct fixture *fixture, const char *words, int target) {
    char *copy = arena_text(fixture->load, words);
    for (char *word = copy; *word != '\0';) {
        size_t length = strcspn(word, " ");
        lexicon_add_word(fixture->lexicon, 0, word, length, target);
        word += length + (word[length] == ' ');
    }
}

static int open_taught(void **state) {
    (void)fixture_open(state);
    teach(
        *state,
        "robot manusia relawan untung lulusan pertanyaan salah gaji karier kerja bidang lowongan pengalaman "
        "mulai sosial wawancara kursus batalkan membantu kotak kota",
        1);
    teach(*state, "zamrodian", 1);
    teach(*state, "relawin zamrudian", 0);
    return 0;
}

static const char *corrected(void **state, const char *message, size_t *count) {
    struct fixture *fixture = *state;
    struct text text = fixture_fold(state, message), better;
    *count = text_correct(fixture->lexicon, &text, fixture->turn, &better);
    if (*count == 0) {
        assert_ptr_equal(better.folded, text.folded);
        assert_ptr_equal(better.tokens, text.tokens);
    }
    assert_int_equal(better.folded_length, strlen(better.folded));
    for (size_t i = 0; i < better.token_count; i++) {
        const struct text_token *token = &better.tokens[i];
        assert_true((size_t)token->start + token->length <= better.folded_length);
        assert_true((size_t)token->raw_start + token->raw_length <= better.raw_length);
    }
    return better.folded;
}

static void corrects(void **state) {
    static const struct {
        const char *message, *folded;
    } list[] = {
        {"kamu robto atau mnausia sih?", "kamu robot atau manusia sih ?"},
        {"jadi relawna itu utnungnya apa", "jadi relawan itu untung apa"},
        {"cari lokre buat lulsuan smk", "cari lowongan kerja buat lulusan smk"},
        {"prtnyan itu slahh", "pertanyaan itu salah"},
        {"kerrja bidng soisal", "kerja bidang sosial"},
        {"wawncarra", "wawancara"},
        {"pegnalaman", "pengalaman"},
        {"kursuus", "kursus"},
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        size_t count;
        assert_string_equal(corrected(state, list[i].message, &count), list[i].folded);
        assert_true(count > 0 || strstr(list[i].message, "bidng") != NULL);
    }
}

static void leaves_alone(void **state) {
    static const char *const list[] = {
        "kerja",            /* right */
        "relawin",          /* known, no target */
        "kasus kasur",      /* known words near "kursus" */
        "zamrudiam",        /* a known word is nearer than the target */
        "koda",             /* short: no edits */
        "kotaa kotab",      /* as near to "kota" as to "kotak" */
        "rb rt",            /* two letters say too little */
        "budi andi siti",   /* names */
        "asdfghjkl qwerty", /* nothing near */
        "xphone xemail",    /* what folding wrote itself */
        "\u0645\u0631\u062D\u0628\u0627",
    };
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        size_t count;
        (void)corrected(state, list[i], &count);
        if (count != 0) {
            print_message("%s\n", list[i]);
        }
        assert_int_equal(count, 0);
    }
}

static void keeps_spans_and_ends(void **state) {
    struct fixture *fixture = *state;
    struct text text = fixture_fold(state, "Kak LOKRE? robto!"), better;
    assert_int_equal(text_correct(fixture->lexicon, &text, fixture->turn, &better), 2);
    assert_string_equal(better.folded, "kak lowongan kerja ? robot .");
    size_t length;
    const char *span = text_raw_span(&better, 4, 18, &length);
    assert_int_equal(length, 5);
    assert_memory_equal(span, "LOKRE", 5);
    assert_int_equal(better.tokens[3].is_end, 1);
    assert_int_equal(better.tokens[4].sentence, 1);
}

static void long_messages_are_bounded(void **state) {
    struct fixture *fixture = *state;
    char message[TEXT_BYTES_MAX + 1];
    for (size_t i = 0; i < TEXT_BYTES_MAX; i++) {
        message[i] = "robto "[i % 6];
    }
    message[TEXT_BYTES_MAX] = '\0';
    struct text text = fixture_fold(state, message), better;
    assert_int_equal(text_correct(fixture->lexicon, &text, fixture->turn, &better), 40);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(corrects),
        cmocka_unit_test(leaves_alone),
        cmocka_unit_test(keeps_spans_and_ends),
        cmocka_unit_test(long_messages_are_bounded),
    };
    return cmocka_run_group_tests(tests, open_taught, fixture_close);
}
