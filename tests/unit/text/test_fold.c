/* domain/text: what messages look like after folding, word by word. */
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
        assert_int_equal(text.folded_length, strlen(text.folded));
    }
}

#define CHECK(list) check_all(state, list, sizeof list / sizeof *list)

static void folds_chat_spellings(void **state) {
    static const struct expectation list[] = {
        {"kak aku cocok ga ya kerja di bidang sosial?", "kak aku cocok tidak ya kerja di bidang sosial ?"},
        {"gabisa, gatau, gaada", "tidak bisa tidak tahu tidak ada"},
        {"gw lulusan teknik, bs ga masuk NGO?",
         "saya lulusan teknik bisa tidak masuk lembaga swadaya masyarakat ?"},
        {"bantuin lanjutin ceritain", "bantu lanjutkan ceritakan"},
        {"idk kak aku hrs gmn", "i do not know kak aku harus bagaimana"},
    };
    CHECK(list);
}

static void takes_affixes_off(void **state) {
    static const struct expectation list[] = {
        {"gimanaaa caraNYA??", "bagaimana cara ?"},
        {"gajiku gajimu gajinya", "gaji aku gaji kamu gaji"},
        {"kerjaannya untungny apa", "pekerjaan untung apa"},
        {"gabetah di kantor, gacocok", "tidak betah di kantor tidak cocok"},
        {"pilihin dong, kata siapa diterusin", "pilihkan dong kata siapa diteruskan"},
        /* what only looks like an affix stays */
        {"masalah buku ilmu hanya punya gaji gabung galau sekolah adalah senin yakin desain",
         "masalah buku ilmu hanya punya gaji gabung galau sekolah adalah senin yakin desain"},
    };
    CHECK(list);
}

static void folds_repeated_letters(void **state) {
    static const struct expectation list[] = {
        {"bangeeet halooo gilaaa", "banget halo gila"},
        {"maaaf maaf saaat saat manfaaat", "maaf maaf saat saat manfaat"},
        {"apaa kakk dongg yaa", "apa kak dong ya"},
        {"i neeeed a goood job too", "i need a good job too"},
        {"zzzyyyxxx", "zyx"},
        {"massa itu minggu", "massa itu minggu"},
        {"bangeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeet", "banget"},
    };
    CHECK(list);
}

static void folds_reduplication(void **state) {
    static const struct expectation list[] = {
        {"kata2 temen2 kata\u00B2 kata-kata", "kata kata teman teman kata kata kata kata"},
        {"buru2an s2 di ui", "buru buruan s2 di ui"},
        {"temen2ku", "teman teman aku"},
    };
    CHECK(list);
}

static void keeps_sentence_ends(void **state) {
    static const struct expectation list[] = {
        {"halo! aku bingung. gimana?!", "halo . aku bingung . bagaimana ?"},
        {"halo\naku bingung\r\n\r\n", "halo . aku bingung"},
        {"aku bingung... mau resign", "aku bingung mau mengundurkan diri"},
        {"aku bingung... Mau resign", "aku bingung . mau mengundurkan diri"},
        {"makasih kak.aku mau tanya", "terima kasih kak . aku mau tanya"},
        {"? ! .", ""},
        {"apa?!?! ...", "apa ?"},
    };
    CHECK(list);
}

static void numbers_and_addresses(void **state) {
    static const struct expectation list[] = {
        {"gig economy 2.0 itu 2,5 juta", "gig ekonomi 2.0 itu 2.5 juta"},
        {"umur17, kerja 25thn jam 14:30", "umur 17 kerja 25 tahun jam 14.30"},
        {"gaji 10k sama 5jt atau 5 rb", "gaji 10 ribu sama 5 juta atau 5 ribu"},
        {"emailku Budi.S@mail.co.id ya", "email aku xemail ya"},
        {"cek https://a.b/c?d=1&e. terus", "periksa xurl terus"},
        {"di upwork.com ada", "di upwork com ada"},
        {"hp 0812-3456-7890 atau +62 812 3456 7890", "ponsel xphone atau xphone"},
        {"jam 08.00-17.00 ya", "jam 08.00 17.00 ya"},
        {"nik aku 3201 2345 6789 0001 ya", "nik aku xidentity ya"},
    };
    CHECK(list);
}

static void folds_unicode(void **state) {
    static const struct expectation list[] = {
        {"\uFF27\uFF21\uFF2A\uFF29 berapa", "gaji berapa"},
        {"\U0001D420\U0001D41A\U0001D423\U0001D422 caf\u00E9 ke\u0301ren", "gaji cafe keren"},
        {"aku \U0001F600\U0001F44D\U0001F3FD oke\U0001F468\u200D\U0001F469", "aku oke"},
        {"1\uFE0F\u20E3 aja", "1 saja"},
        {"ga\u200Bji\u200D \u202Eberapa\u202C", "gaji berapa"},
        {"\u0645\u0631\u062D\u0628\u0627 \u061F", "\u0645\u0631\u062D\u0628\u0627 ?"},
        {"don\u2019t stop", "do not stop"},
        {":D makasih <3 xD", "terima kasih haha"},
    };
    CHECK(list);
}

static void folds_english(void **state) {
    static const struct expectation list[] = {
        {"i dont know, i'm stuck & cant decide", "i do not know i am stuck can not decide"},
        {"what's ur skill? we're gonna resign from this career",
         "what is your skill ? we are going to resign from this career"},
        {"is my manager's freelance offer ok", "is my manager freelance offer ok"},
        {"were they well paid", "were they well paid"},
    };
    CHECK(list);
}

static void decides_by_context(void **state) {
    static const struct expectation list[] = {
        {"km gmn", "kamu bagaimana"},
        {"rumahku 5 km", "rumah aku 5 km"},
        {"gajinya 5 k", "gaji 5 ribu"},
        {"pergi k kantor y k", "pergi ke kantor ya kak"},
        {"kerja d lsm n magang", "kerja di lembaga swadaya masyarakat dan magang"},
        {"g mau", "tidak mau"},
        {"beratnya 5 g", "berat 5 g"},
        {"pagi min", "pagi admin"},
        {"minta min 2 orang", "minta minimal 2 orang"},
        {"pengen kaya", "ingin kaya"},
        {"kaya gimana sih", "seperti bagaimana sih"},
        {"uang abis", "uang habis"},
        {"abis lulus ngapain", "setelah lulus melakukan apa"},
        {"anak kurang pd", "anak kurang percaya diri"},
        {"mrk pd kerja", "mereka pada kerja"},
        {"lo siapa", "kamu siapa"},
        {"bagus banget lo", "bagus banget lo"},
        {"masuk gua hantu", "masuk gua hantu"},
        {"gua mau tanya", "saya mau tanya"},
        {"pkl 10 kumpul", "pukul 10 kumpul"},
        {"ikut pkl 3 bulan", "ikut praktik kerja lapangan 3 bulan"},
    };
    CHECK(list);
}

static void never_loses_negation(void **state) {
    static const char *const no[] = {"ga",    "gak",  "nggak", "ngga", "enggak", "kagak", "tdk", "gk",
                                     "tidak", "gaaa", "gakk",  "tak",  "g",      "ENGGA", "ndak"};
    char message[128];
    for (size_t i = 0; i < sizeof no / sizeof *no; i++) {
        (void)snprintf(message, sizeof message, "aku %s terlalu suka", no[i]);
        assert_string_equal(fixture_fold(state, message).folded, "aku tidak terlalu suka");
        (void)snprintf(message, sizeof message, "%s bgt", no[i]);
        assert_string_equal(fixture_fold(state, message).folded, "tidak banget");
    }
    static const struct expectation list[] = {
        {"jgn stop", "jangan berhenti"},
        {"blm lulus, bkn gitu", "belum lulus bukan begitu"},
        {"i don't, can't, won't, isn't", "i do not can not will not is not"},
        {"gabakalan", "tidak akan"},
    };
    CHECK(list);
}

static void leaves_loan_words_of_english(void **state) {
    struct text text = fixture_fold(state, "skill apa yang harus aku punya?");
    assert_string_equal(text.folded, "keterampilan apa yang harus aku punya ?");
    text = fixture_fold(state, "which skill do i need for a freelance career");
    assert_string_equal(text.folded, "which skill do i need for a freelance career");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folds_chat_spellings),
        cmocka_unit_test(takes_affixes_off),
        cmocka_unit_test(folds_repeated_letters),
        cmocka_unit_test(folds_reduplication),
        cmocka_unit_test(keeps_sentence_ends),
        cmocka_unit_test(numbers_and_addresses),
        cmocka_unit_test(folds_unicode),
        cmocka_unit_test(folds_english),
        cmocka_unit_test(decides_by_context),
        cmocka_unit_test(never_loses_negation),
        cmocka_unit_test(leaves_loan_words_of_english),
    };
    return cmocka_run_group_tests(tests, fixture_open, fixture_close);
}
