/* domain/content/problem_detail: what other parts say about a mistake, in Indonesian to the last word. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "domain/content/problem.h"
#include "domain/pattern/pattern.h"

#include "banned.h"

static void test_details(void **state) {
    (void)state;
    static const char *const pairs[][2] = {
        {"not valid JSON: ']' expected near end of file", "seharusnya ']' dekat akhir berkas"},
        {"not valid JSON: unexpected token near '}'", "tanda yang tidak pada tempatnya dekat '}'"},
        {"the JSON text is nested deeper than 16 levels", "bersarang terlalu dalam, lebih dari 16 tingkat"},
        {"the word class {job} has more than 500 words", "kelas kata {job} berisi lebih dari 500 kata"},
        {"unbalanced braces in \"a{b\"; write {class}",
         "kurung kurawal tidak berpasangan dalam \"a{b\"; tulis {class}"},
        {"the pattern and its word classes are longer than 65536 bytes; split it",
         "pola dan kelas katanya lebih panjang dari 65536 bita; pecah polanya"},
        {"unknown property after \\P or \\p", "sifat huruf tidak dikenal setelah \\P atau \\p"},
        {"gaji guru near here", "gaji guru near here"}, /* an author's own words stay */
    };
    struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        assert_string_equal(problem_detail(pairs[i][0], arena), pairs[i][1]);
    }
    assert_null(problem_detail(NULL, arena));
    assert_string_equal(problem_types("string, array", arena), "teks, daftar [ ]");
    arena_free(arena);
}

/* PCRE2's texts are looked up as it writes them: an update that words them otherwise shows here. */
static void test_pcre2(void **state) {
    (void)state;
    static const char *const broken[] = {"a(b",       "a)",       "[ab",      "[z-a]",          "*a",
                                         "a{3,1}",    "a{99999}", "a\\",      "a\\i",           "(?y)",
                                         "(?<=a*)b",  "\\5",      "(?<1a>b)", "(?<a>b)(?<a>c)", "\\pja",
                                         "[:alpha:]", "[[:x:]]",  "(?#a",     "[\\w-z\\R]"};
    struct arena *arena = arena_new(0);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct pattern_set *set = pattern_set_new();
        struct err err;
        err_clear(&err);
        assert_true(pattern_add(set, broken[i], strlen(broken[i]), 0, &err) < 0);
        if (strcmp(problem_detail(err.text, arena), err.text) == 0) {
            fail_msg("/%s/ stays English: %s", broken[i], err.text);
        }
        pattern_set_free(set);
    }
    arena_free(arena);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_details), cmocka_unit_test(test_pcre2)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
