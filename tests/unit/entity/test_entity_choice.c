/* domain/entity: which option a message names, and above all which it does not. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>

#include "domain/entity/entity.h"
#include "unit/entity/message.h"
#include "banned.h"

static const char *const words_yes[] = {"oke", "boleh", "yes"};
static const char *const words_no[] = {"bukan", "no"};
static const struct entity_option confirm[] = {
    {"yes", "Ya", words_yes, 3, 1},
    {"no", "Tidak", words_no, 2, 0},
};

static const char *const words_not_at_all[] = {"tidak sama sekali", "sama sekali tidak"};
static const char *const words_little[] = {"kurang setuju", "tidak terlalu setuju"};
static const struct entity_option scale[] = {
    {"not_at_all", "Sangat tidak setuju", words_not_at_all, 2, 1},
    {"little", "Tidak setuju", words_little, 2, 2},
    {"agree", "Setuju", NULL, 0, 4},
    {"fully", "Sangat setuju", NULL, 0, 5},
};

static const char *const words_ngo[] = {"lembaga swadaya masyarakat", "yayasan"};
static const struct entity_option fields[] = {
    {"ngo", "Kerja di LSM", words_ngo, 2, 0},
    {"school", "Sekolah", NULL, 0, 0},
    {"hospital", "Rumah sakit", NULL, 0, 0},
    {"office", "Kantor pemerintah", NULL, 0, 0},
};

/* Two options without grades in between. */
static const struct entity_option plain[] = {
    {"agree", "Setuju", NULL, 0, 0},
    {"later", "Nanti dulu", NULL, 0, 0},
};

struct choice_case {
    const char *written;
    enum entity_choice_how how;
    const char *id; /* NULL: none */
};

static void check_choices(const struct entity_option *options, size_t count, const struct choice_case *cases,
                          size_t case_count) {
    size_t wrong = 0;
    for (size_t i = 0; i < case_count; i++) {
        struct text text = message_fold(cases[i].written);
        size_t index = 99;
        enum entity_choice_how how =
            entity_choice(&text, messages.lexicon, options, count, &index, messages.arena);
        int is_set = how != CHOICE_NONE && how != CHOICE_AMBIGUOUS;
        const char *id = is_set ? options[index].id : "-";
        if (how != cases[i].how || strcmp(id, cases[i].id ? cases[i].id : "-") != 0) {
            print_error("\"%s\" (\"%s\"): how %d %s, expected %d %s\n", cases[i].written, text.folded, how,
                        id, cases[i].how, cases[i].id ? cases[i].id : "-");
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

#define CHECK(options, cases) \
    check_choices(options, sizeof(options) / sizeof(options)[0], cases, sizeof(cases) / sizeof(cases)[0])

static void by_number(void **state) {
    static const struct choice_case cases[] = {
        {"1", CHOICE_NUMBER, "not_at_all"},
        {"2", CHOICE_NUMBER, "little"},
        {"nomor 2", CHOICE_NUMBER, "little"},
        {"no. 2", CHOICE_NUMBER, "little"},
        {"no 2", CHOICE_NUMBER, "little"},
        {"dua", CHOICE_NUMBER, "little"},
        {"yang tiga aja kak", CHOICE_NUMBER, "agree"},
        {"aku pilih 4 deh", CHOICE_NUMBER, "fully"},
        {"(2)", CHOICE_NUMBER, "little"},
        {"2️⃣", CHOICE_NUMBER, "little"},
        {"number three", CHOICE_NUMBER, "agree"},
        {"5", CHOICE_NUMBER, "fully"}, /* no fifth place, but the value of one */
        {"bukan 2 tapi 3", CHOICE_NUMBER, "agree"},
        {"1 atau 2", CHOICE_AMBIGUOUS, NULL},
        {"7", CHOICE_NONE, NULL},
        {"0", CHOICE_NONE, NULL},
        {"bukan 2", CHOICE_NONE, NULL},
        {"2 tahun", CHOICE_NONE, NULL},
        {"1,5", CHOICE_NONE, NULL},
        {"salah satu", CHOICE_NONE, NULL},
    };
    (void)state;
    CHECK(scale, cases);
}

static void by_ordinal(void **state) {
    static const struct choice_case cases[] = {
        {"yang kedua", CHOICE_ORDINAL, "school"},
        {"ke-2", CHOICE_ORDINAL, "school"},
        {"pertama aja", CHOICE_ORDINAL, "ngo"},
        {"yang terakhir kak", CHOICE_ORDINAL, "office"},
        {"the second one", CHOICE_ORDINAL, "school"},
        {"the last one please", CHOICE_ORDINAL, "office"},
        {"3rd", CHOICE_ORDINAL, "hospital"},
        {"bukan yang kedua, yang pertama", CHOICE_ORDINAL, "ngo"},
        {"bukan yang kedua", CHOICE_NONE, NULL},
        {"yang kelima", CHOICE_NONE, NULL},
        {"pertama kali", CHOICE_NONE, NULL},
        {"yang pertama atau kedua", CHOICE_AMBIGUOUS, NULL},
    };
    (void)state;
    CHECK(fields, cases);
}

static void by_label_word_and_id(void **state) {
    static const struct choice_case cases[] = {
        {"sekolah", CHOICE_LABEL, "school"},
        {"SEKOLAH!!", CHOICE_LABEL, "school"},
        {"kayaknya sekolah deh kak", CHOICE_LABEL, "school"},
        {"aku lebih ke rumah sakit", CHOICE_LABEL, "hospital"},
        {"rumah sakit, karena ibuku perawat", CHOICE_LABEL, "hospital"},
        {"yayasan", CHOICE_WORD, "ngo"},
        {"hospital", CHOICE_LABEL, "hospital"},
        {"sek", CHOICE_PREFIX, "school"},
        {"rumah", CHOICE_PREFIX, "hospital"},
        {"pemerintah", CHOICE_PREFIX, "office"},
        {"lsm", CHOICE_PREFIX, "ngo"},
        {"sekolha", CHOICE_NEAR, "school"},
        {"skolah", CHOICE_NEAR, "school"},
        {"rmah sakit", CHOICE_NEAR, "hospital"},
        {"sekolah atau yayasan", CHOICE_AMBIGUOUS, NULL},
        {"bukan sekolah", CHOICE_NONE, NULL},
        {"bukan sekolah tapi yayasan", CHOICE_WORD, "ngo"},
        {"sekolah itu apa?", CHOICE_NONE, NULL},
        {"aku tidak suka sekolah", CHOICE_NONE, NULL},
        {"halo kak", CHOICE_NONE, NULL},
        {"", CHOICE_NONE, NULL},
        {"😀", CHOICE_NONE, NULL},
    };
    (void)state;
    CHECK(fields, cases);
}

static void never_the_opposite(void **state) {
    static const struct choice_case graded[] = {
        {"setuju", CHOICE_LABEL, "agree"},
        {"setuju kak", CHOICE_LABEL, "agree"},
        {"ga setuju", CHOICE_LABEL, "little"},
        {"aku ga setuju", CHOICE_LABEL, "little"},
        {"sangat setuju", CHOICE_LABEL, "fully"},
        {"setuju bgt", CHOICE_WORD, "fully"},
        {"setuju sekali kak", CHOICE_WORD, "fully"},
        {"ga terlalu setuju", CHOICE_WORD, "little"},
        {"kurang setuju sih", CHOICE_WORD, "little"},
        {"ga sama sekali", CHOICE_WORD, "not_at_all"},
        {"tidak setuju banget", CHOICE_WORD, "not_at_all"},
        {"agak setuju", CHOICE_NONE, NULL},
        {"cukup setuju", CHOICE_NONE, NULL},
        {"belum tentu setuju", CHOICE_NONE, NULL},
        {"nggak bgt", CHOICE_NONE, NULL},
        {"bukan ga setuju", CHOICE_NONE, NULL},
        {"sangt setuju", CHOICE_NEAR, "fully"},
    };
    static const struct choice_case ungraded[] = {
        {"setuju banget", CHOICE_LABEL, "agree"},    {"ga setuju", CHOICE_NONE, NULL},
        {"tidak terlalu setuju", CHOICE_NONE, NULL}, {"agak setuju", CHOICE_NONE, NULL},
        {"setujuu", CHOICE_LABEL, "agree"},          {"stuju", CHOICE_NEAR, "agree"},
        {"tdak setuju", CHOICE_NONE, NULL},          {"bkan setuju", CHOICE_NONE, NULL},
    };
    (void)state;
    CHECK(scale, graded);
    CHECK(plain, ungraded);
}

static void yes_and_no(void **state) {
    static const struct choice_case cases[] = {
        {"ya", CHOICE_LABEL, "yes"},
        {"iya kak", CHOICE_LABEL, "yes"},
        {"ya ya ya", CHOICE_LABEL, "yes"},
        {"oke", CHOICE_WORD, "yes"},
        {"nggak", CHOICE_LABEL, "no"},
        {"ga deh", CHOICE_LABEL, "no"},
        {"tidak ya", CHOICE_LABEL, "no"},
        {"nggak bgt", CHOICE_LABEL, "no"},
        {"bukan", CHOICE_WORD, "no"},
        {"no", CHOICE_WORD, "no"},
        {"no thanks", CHOICE_WORD, "no"},
        {"yes please", CHOICE_WORD, "yes"},
        {"ga boleh", CHOICE_NONE, NULL},
        {"tidak tahu", CHOICE_NONE, NULL},
        {"ini buat apa ya?", CHOICE_NONE, NULL},
        {"ya tapi kenapa nanya itu?", CHOICE_NONE, NULL},
        {"ga terlalu", CHOICE_NONE, NULL},
    };
    (void)state;
    CHECK(confirm, cases);
}

static void near_needs_a_clear_winner(void **state) {
    static const struct entity_option twins[] = {
        {"a", "Kasir", NULL, 0, 0}, {"b", "Pasir", NULL, 0, 0}, {"c", "Ever", NULL, 0, 0}};
    static const struct choice_case cases[] = {
        {"tasir", CHOICE_AMBIGUOUS, NULL}, {"kassir", CHOICE_NEAR, "a"}, {"kaisr", CHOICE_NEAR, "a"},
        {"kisar", CHOICE_NONE, NULL},      {"never", CHOICE_NONE, NULL}, {"b", CHOICE_LABEL, "b"},
    };
    (void)state;
    CHECK(twins, cases);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(by_number),
        cmocka_unit_test(by_ordinal),
        cmocka_unit_test(by_label_word_and_id),
        cmocka_unit_test(never_the_opposite),
        cmocka_unit_test(yes_and_no),
        cmocka_unit_test(near_needs_a_clear_winner),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
