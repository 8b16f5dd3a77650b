/* domain/text: the raw view, bad input, flags, language and raw spans. */
#include "base/utf8.h"
#include "unit/text/text_fixture.h"

static void empty_and_wordless(void **state) {
    static const char *const empty[] = {"", "   ", "\n\t\r\n", "\u200B\u200D\uFEFF", "\x01\x02"};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++) {
        struct text text = fixture_fold(state, empty[i]);
        assert_int_equal(text.flags, TEXT_EMPTY);
        assert_int_equal(text.raw_length, 0);
        assert_string_equal(text.folded, "");
        assert_int_equal(text.language, TEXT_NO_LANGUAGE);
    }
    struct text text = fixture_fold(state, "\U0001F600\U0001F44D\U0001F3FD");
    assert_int_equal(text.flags, TEXT_NO_WORDS);
    assert_string_equal(text.folded, "");
    text = fixture_fold(state, "?!");
    assert_int_equal(text.flags, TEXT_NO_WORDS | TEXT_QUESTION);
}

static void cuts_long_text(void **state) {
    struct fixture *fixture = *state;
    static const size_t sizes[] = {TEXT_BYTES_MAX, TEXT_BYTES_MAX + 1, 100 * 1024};
    char *bytes = malloc(sizes[2]);
    assert_non_null(bytes);
    for (size_t i = 0; i < sizes[2]; i++) {
        bytes[i] = "kerja \xC3\xA9 "[i % 9];
    }
    for (size_t i = 0; i < 3; i++) {
        arena_reset(fixture->turn);
        struct text text;
        text_fold(fixture->lexicon, bytes, sizes[i], TEXT_NO_LANGUAGE, fixture->turn, &text);
        assert_int_equal((text.flags & TEXT_CUT) != 0, i > 0);
        assert_true(text.raw_length <= TEXT_BYTES_MAX && text.raw_length > TEXT_BYTES_MAX - 8);
        assert_true(u8_valid(text.raw, text.raw_length));
    }
    free(bytes);
}

static void repairs_bytes(void **state) {
    struct text text = fixture_fold(state, "ga\xFFji \xC3 a\xED\xA0\x80z");
    assert_string_equal(text.raw, "ga\uFFFDji \uFFFD a\uFFFD\uFFFD\uFFFDz");
    assert_true((text.flags & TEXT_BAD_BYTES) != 0);
    text = fixture_fold(state, "a\uFFFDb");
    assert_int_equal(text.flags & TEXT_BAD_BYTES, 0);
    struct fixture *fixture = *state;
    text_fold(fixture->lexicon, "ker\0ja", 6, TEXT_NO_LANGUAGE, fixture->turn, &text);
    assert_string_equal(text.raw, "kerja");
}

static void raw_is_literal(void **state) {
    static const char *const literal[] = {
        "<script>alert('x')</script>", "<b>gaji</b> & <!-- x -->",
        "'; DROP TABLE turns; --",     "%s%n%d %x {slot}",
        "Nama SAYA: Budi (17)",        "\u05E9\u05DC\u05D5\u05DD \u0645\u0631\u062D\u0628\u0627",
    };
    for (size_t i = 0; i < sizeof literal / sizeof *literal; i++) {
        assert_string_equal(fixture_fold(state, literal[i]).raw, literal[i]);
    }
    assert_string_equal(fixture_fold(state, " a\tb\r\nc\x07 \u202Ed\u2066 ").raw, "a b\nc d");
}

struct mask_case {
    const char *message, *raw;
};

static void masks_identity(void **state) {
    static const struct mask_case masked[] = {
        {"nik 3201234567890001.", "nik ************0001."},
        {"3201 2345 6789 0001", "**** **** **** 0001"},
        {"3201-2345-6789-0001 dan 3201.2345.6789.0002", "****-****-****-0001 dan ****.****.****.0002"},
        {"32.01.01.010190.0001", "**.**.**.******.0001"},
        {"3 2 0 1 2 3 4 5 6 7 8 9 0 0 0 1", "* * * * * * * * * * * * 0 0 0 1"},
        {"32012345\u200B67890001", "************0001"},
        {"\uFF13\uFF12\uFF10\uFF11234567890001", "************0001"},
        {"noku 12 3201234567890001", "noku 12 ************0001"},
        {"0201234567890001", "************0001"},
    };
    for (size_t i = 0; i < sizeof masked / sizeof *masked; i++) {
        struct text text = fixture_fold(state, masked[i].message);
        assert_string_equal(text.raw, masked[i].raw);
        assert_true((text.flags & TEXT_MASKED) != 0);
        assert_null(strstr(text.folded, "0001"));
    }
    static const char *const left[] = {
        "0812345678901",       "+6281234567890",        "62 812 3456 7890",      "0812 3456 7890 1234",
        "12345678901234567",   "123456789012345",       "10.000.000-15.000.000", "22-11-2026 23-11-2026",
        "2019 2020 2021 2022", "1.000.000.000.000.000", "0812-3456-7890 2026",   "3201  2345 6789 0001",
    };
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        struct text text = fixture_fold(state, left[i]);
        assert_string_equal(text.raw, left[i]);
        assert_int_equal(text.flags & TEXT_MASKED, 0);
    }
}

/* A number that the cut goes through is masked whole before it is cut. */
static void masks_before_cutting(void **state) {
    char message[TEXT_BYTES_MAX + 16];
    memset(message, 'x', sizeof message);
    memcpy(message + TEXT_BYTES_MAX - 14, " 3201234567890001", 17);
    message[TEXT_BYTES_MAX + 3] = '\0';
    struct text text = fixture_fold(state, message);
    assert_int_equal(text.flags & (TEXT_CUT | TEXT_MASKED), TEXT_CUT | TEXT_MASKED);
    assert_null(strstr(text.raw, "3201"));
}

static void detects_language(void **state) {
    static const struct {
        const char *message, *code;
    } list[] = {
        {"kak aku cocok ga ya", "id"},
        {"what career suits me?", "en"},
        {"so kamu bisa help soal apa aja kak?", "id"},
        {"aku bingung soal skill sama career planning nih", "id"},
        {"I have no idea what I want", "en"},
        {"does my cv need a photo ya", "en"},
        {"btalin aj", "id"},
        {"thanks", NULL},
        {"ok", NULL},
        {"skill", NULL},
        {"17", NULL},
        {"budi@mail.com", NULL},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        struct text text = fixture_fold(state, list[i].message);
        const char *code =
            text.language >= 0 ? lexicon_language(fixture->lexicon, (size_t)text.language) : NULL;
        if (list[i].code == NULL) {
            assert_null(code);
        } else {
            assert_non_null(code);
            assert_string_equal(code, list[i].code);
        }
    }
}

static void undecided_uses_language_before(void **state) {
    struct fixture *fixture = *state;
    struct text text;
    int english = lexicon_language_index(fixture->lexicon, "en");
    int indonesian = lexicon_language_index(fixture->lexicon, "id");
    text_fold(fixture->lexicon, "skill", 5, english, fixture->turn, &text);
    assert_string_equal(text.folded, "skill");
    assert_int_equal(text.language, TEXT_NO_LANGUAGE);
    text_fold(fixture->lexicon, "skill", 5, indonesian, fixture->turn, &text);
    assert_string_equal(text.folded, "keterampilan");
    text_fold(fixture->lexicon, "thanks", 6, 99, fixture->turn, &text); /* no such language: the first one */
    assert_string_equal(text.folded, "terima kasih");
}

static void finds_questions(void **state) {
    assert_true((fixture_fold(state, "gmn caranya").flags & TEXT_QUESTION) != 0);
    assert_true((fixture_fold(state, "kerja sosial?").flags & TEXT_QUESTION) != 0);
    assert_true((fixture_fold(state, "what is this").flags & TEXT_QUESTION) != 0);
    assert_int_equal(fixture_fold(state, "aku mau kerja").flags & TEXT_QUESTION, 0);
}

static void check_span(const struct text *text, const char *folded, const char *raw) {
    const char *at = strstr(text->folded, folded);
    assert_non_null(at);
    size_t start = (size_t)(at - text->folded), length;
    const char *span = text_raw_span(text, start, start + strlen(folded), &length);
    assert_int_equal(length, strlen(raw));
    assert_memory_equal(span, raw, length);
}

static void spans_point_into_raw(void **state) {
    struct text text = fixture_fold(state, "Kak, GABISA!  Namaku Budi \U0001F600 umurku 17thn. caf\u00E9s");
    check_span(&text, "tidak bisa", "GABISA");
    check_span(&text, "bisa", "GABISA");
    check_span(&text, "budi", "Budi");
    check_span(&text, "nama aku budi", "Namaku Budi");
    check_span(&text, "17", "17");
    check_span(&text, "tahun", "thn");
    check_span(&text, "cafes", "caf\u00E9s");
    size_t length;
    (void)text_raw_span(&text, 3, 3, &length);
    assert_int_equal(length, 0);
    (void)text_raw_span(&text, 5000, 6000, &length);
    assert_int_equal(length, 0);
}

static void numbers_sentences(void **state) {
    struct text text = fixture_fold(state, "halo. apa kabar? oke");
    assert_int_equal(text.token_count, 6);
    static const int sentences[] = {0, 0, 1, 1, 1, 2}, ends[] = {0, 1, 0, 0, 1, 0};
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(text.tokens[i].sentence, sentences[i]);
        assert_int_equal(text.tokens[i].is_end, ends[i]);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_and_wordless), cmocka_unit_test(cuts_long_text),
        cmocka_unit_test(repairs_bytes),      cmocka_unit_test(raw_is_literal),
        cmocka_unit_test(masks_identity),     cmocka_unit_test(masks_before_cutting),
        cmocka_unit_test(detects_language),   cmocka_unit_test(undecided_uses_language_before),
        cmocka_unit_test(finds_questions),    cmocka_unit_test(spans_point_into_raw),
        cmocka_unit_test(numbers_sentences),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
