/* secret: published vectors, strict decoding, tokens that are never the same. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "app/secret/secret.h"

static void hex_of(const unsigned char *bytes, size_t count, char *out) {
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", bytes[i]);
    }
}

/* RFC 4231 sections 4.2 to 4.8; case 5 is cut to 128 bits there. */
static void signs_as_rfc_4231_says(void **state) {
    (void)state;
    char aa[132];
    memset(aa, '\xAA', 131);
    aa[131] = '\0';
    char dd[51], cd[51];
    memset(dd, '\xDD', 50);
    memset(cd, '\xCD', 50);
    dd[50] = cd[50] = '\0';
    const char *growing =
        "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x10\x11\x12\x13\x14\x15\x16"
        "\x17\x18\x19";
    char twenty[21];
    memset(twenty, '\xAA', 20);
    twenty[20] = '\0';
    const struct {
        const char *key, *data, *expected;
    } rows[] = {
        {"\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b", "Hi There",
         "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {"Jefe", "what do ya want for nothing?",
         "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {twenty, dd, "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"},
        {growing, cd, "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"},
        {"\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c\x0c",
         "Test With Truncation", "a3b6167473100ee06e0c796c2955552b"},
        {aa, "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {aa,
         "This is a test using a larger than block-size key and a larger than block-size data. The key needs "
         "to be hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned char made[SECRET_HMAC_BYTES];
        char hex[2 * SECRET_HMAC_BYTES + 1];
        secret_hmac(rows[i].key, strlen(rows[i].key), rows[i].data, strlen(rows[i].data), made);
        hex_of(made, sizeof made, hex);
        hex[strlen(rows[i].expected)] = '\0';
        assert_string_equal(hex, rows[i].expected);
    }
}

/* RFC 4648 section 10, without padding; the two letters of section 5; one spelling for each value. */
static void decodes_strictly(void **state) {
    (void)state;
    static const struct {
        const char *text, *bytes; /* bytes NULL: refused */
    } rows[] = {{"", ""},           {"Zg", "f"},          {"Zm8", "fo"},          {"Zm9v", "foo"},
                {"Zm9vYg", "foob"}, {"Zm9vYmE", "fooba"}, {"Zm9vYmFy", "foobar"}, {"-_-_", "\xfb\xff\xbf"},
                {"Zg==", NULL},     {"Z", NULL},          {"Zh", NULL},           {"Zm9", NULL},
                {"+/+/", NULL},     {"Zm 9v", NULL},      {"Zm9v\n", NULL},       {"Zm9v.", NULL}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned char out[16] = {0};
        size_t length = 99;
        int rc = secret_decode(rows[i].text, strlen(rows[i].text), out, sizeof out, &length);
        assert_int_equal(rc, rows[i].bytes != NULL ? 0 : -1);
        assert_int_equal(length, rows[i].bytes != NULL ? strlen(rows[i].bytes) : 0);
        assert_memory_equal(out, rows[i].bytes != NULL ? rows[i].bytes : "", length);
    }
}

static void never_writes_beyond_the_room(void **state) {
    (void)state;
    unsigned char out[4] = {1, 2, 3, 4};
    size_t length;
    assert_int_equal(secret_decode("Zm9vYmFy", 8, out, 3, &length), -1);
    assert_int_equal(out[3], 4);
}

static void tokens_differ_and_are_recognised(void **state) {
    (void)state;
    char tokens[64][SECRET_TOKEN_TEXT];
    for (size_t i = 0; i < 64; i++) {
        secret_token(tokens[i]);
        assert_int_equal(strlen(tokens[i]), SECRET_TOKEN_TEXT - 1);
        assert_true(secret_is_token(tokens[i]));
        for (size_t j = 0; j < i; j++) {
            assert_string_not_equal(tokens[i], tokens[j]);
        }
    }
    tokens[0][21] = 'B'; /* 22 letters hold 132 bits: the last four are always zero */
    assert_false(secret_is_token(tokens[0]));
    assert_false(secret_is_token(NULL));
    assert_false(secret_is_token(""));
    assert_false(secret_is_token("AAAAAAAAAAAAAAAAAAAAA"));
    assert_false(secret_is_token("AAAAAAAAAAAAAAAAAAAAAAA"));
    assert_false(secret_is_token("AAAAAAAAAAAAAAAAAAAA/A"));
    assert_true(secret_is_token("AAAAAAAAAAAAAAAAAAAAAA"));
}

/* SHA-256 of "conversation:abc" by Python's hashlib. */
static void hashes_by_kind(void **state) {
    (void)state;
    char one[SECRET_HASH_TEXT], other[SECRET_HASH_TEXT];
    secret_hash("conversation", "abc", one);
    secret_hash("identity", "abc", other);
    assert_string_equal(one, "cIOduxJs03yXlqHbhp2kXFXd1mIXgeyGrBIe5sdYP6Q");
    assert_string_not_equal(one, other);
    assert_int_equal(strlen(other), SECRET_HASH_TEXT - 1);
}

static void compares_and_seeds(void **state) {
    (void)state;
    assert_true(secret_equal("abc", "abc", 3));
    assert_false(secret_equal("abc", "abd", 3));
    assert_true(secret_seed() != secret_seed());
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signs_as_rfc_4231_says),
        cmocka_unit_test(decodes_strictly),
        cmocka_unit_test(never_writes_beyond_the_room),
        cmocka_unit_test(tokens_differ_and_are_recognised),
        cmocka_unit_test(hashes_by_kind),
        cmocka_unit_test(compares_and_seeds),
    };
    return secret_init() == 0 ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
