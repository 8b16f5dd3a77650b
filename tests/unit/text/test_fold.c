/* domain/text: what messages look like after folding. */
#include "unit/text/text_fixture.h"

struct expectation {
    const char *message, *folded;
};

static void check_all(void **state, const struct expectation *list, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct text text = fixture_fold(state, list[i].message);
        if (strcmp(text.folded, list[i].folded) != 0) {
            print_message("message: %s\n", list[i].message);
        }
        assert_string_equal(text.folded, list[i].folded);
    }
}

#define CHECK(list) check_all(state, list, sizeof list / sizeof *list)

static void folds_chat_spellings(void **state) {
    static const struct expectation list[] = {
        {"kak aku cocok ga ya kerja di bidang sosial?", "kak aku cocok tidak ya kerja di bidang sosial ?"},
        {"gimanaaa caraNYA??", "bagaimana cara ?"},
        {"gabisa, gatau, gaada", "tidak bisa tidak tahu tidak ada"},
        {"kata2 temen2 kata\u00B2 kata-kata", "kata kata teman teman kata kata kata kata"},
        {"gw lulusan teknik, bs ga masuk NGO?",
         "saya lulusan teknik bisa tidak masuk lembaga swadaya masyarakat ?"},
    };
    CHECK(list);
}

static void folds_repeated_letters(void **state) {
    static const struct expectation list[] = {
        {"bangeeet halooo gilaaa", "banget halo gila"},
        {"maaaf maaf saaat saat manfaaat", "maaf maaf saat saat manfaat"},
        {"apaa kakk dongg yaa", "apa kak dong ya"},
        {"i neeeed a goood job", "i need a good job"},
        {"zzzyyyxxx", "zyx"},
    };
    CHECK(list);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_chat_spellings),
        cmocka_unit_test(folds_repeated_letters),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
