/* identity: tokens made by another program, each wrong in one way, and all the ways to change one byte. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "app/identity.h"
#include "app/secret/secret.h"
#include "unit/app/identity_vectors.h"

static const struct identity_rules rules = {vector_key, sizeof vector_key - 1, "https://chat.example.org"};

static int verify(const struct identity_rules *with, const char *token, char subject[129]) {
    const char *why = NULL;
    int rc = identity_verify(with, token, (int64_t)VECTOR_NOW * 1000, subject, &why);
    assert_true((rc == 0) == (why == NULL));
    return rc == 0;
}

static void judges_every_vector(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++) {
        char subject[IDENTITY_SUBJECT_MAX + 1];
        if (verify(&rules, vectors[i].token, subject) != vectors[i].is_right) {
            fail_msg("%s: judged %d", vectors[i].what, !vectors[i].is_right);
        }
        assert_true(vectors[i].is_right == (subject[0] != '\0'));
    }
}

static void hands_the_subject_out(void **state) {
    (void)state;
    char subject[IDENTITY_SUBJECT_MAX + 1];
    assert_true(verify(&rules, vectors[0].token, subject));
    assert_string_equal(subject, "siswa-17");
}

/* Base64url has one spelling for every value: no other byte anywhere may pass. */
static void refuses_any_changed_byte(void **state) {
    (void)state;
    char token[512], subject[IDENTITY_SUBJECT_MAX + 1];
    size_t length = strlen(vectors[0].token);
    assert_true(length < sizeof token);
    for (size_t i = 0; i < length; i++) {
        for (int flip = 1; flip < 0x80; flip <<= 1) {
            memcpy(token, vectors[0].token, length + 1);
            token[i] = (char)(token[i] ^ flip);
            assert_false(verify(&rules, token, subject));
        }
    }
}

static void without_an_audience_of_our_own_none_may_be_named(void **state) {
    (void)state;
    char subject[IDENTITY_SUBJECT_MAX + 1];
    struct identity_rules nobody = rules;
    nobody.audience = NULL;
    assert_true(verify(&nobody, vectors[0].token, subject));
    assert_false(verify(&nobody, vectors[2].token, subject)); /* names one */
    assert_false(verify(&nobody, NULL, subject));
}

static void time_decides(void **state) {
    (void)state;
    char subject[IDENTITY_SUBJECT_MAX + 1];
    const char *why = NULL;
    int64_t issued = (int64_t)VECTOR_NOW * 1000;
    assert_int_equal(identity_verify(&rules, vectors[0].token, issued + 359999, subject, &why), 0);
    assert_int_equal(identity_verify(&rules, vectors[0].token, issued + 360000, subject, &why), -1);
    assert_int_equal(identity_verify(&rules, vectors[0].token, issued - 60000, subject, &why), 0);
    assert_int_equal(identity_verify(&rules, vectors[0].token, issued - 60001, subject, &why), -1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judges_every_vector),
        cmocka_unit_test(hands_the_subject_out),
        cmocka_unit_test(refuses_any_changed_byte),
        cmocka_unit_test(without_an_audience_of_our_own_none_may_be_named),
        cmocka_unit_test(time_decides),
    };
    return secret_init() == 0 ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
