/* Tokens, hashes and signatures over libsodium. Never stores or logs what it is given. Called by the server.
 */
#include "app/secret/secret.h"

#include <sodium.h>
#include <string.h>

#include "banned.h"

_Static_assert(SECRET_TOKEN_TEXT == (SECRET_TOKEN_BYTES * 4 + 2) / 3 + 1, "base64url without padding");
_Static_assert(SECRET_HASH_TEXT == (crypto_hash_sha256_BYTES * 4 + 2) / 3 + 1, "base64url without padding");
_Static_assert(SECRET_HMAC_BYTES == crypto_auth_hmacsha256_BYTES, "HMAC-SHA-256");

int secret_init(void) {
    return sodium_init() < 0 ? -1 : 0;
}

static void encode(const unsigned char *bytes, size_t length, char *out, size_t size) {
    (void)sodium_bin2base64(out, size, bytes, length, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void secret_token(char out[SECRET_TOKEN_TEXT]) {
    unsigned char bytes[SECRET_TOKEN_BYTES];
    randombytes_buf(bytes, sizeof bytes);
    encode(bytes, sizeof bytes, out, SECRET_TOKEN_TEXT);
    sodium_memzero(bytes, sizeof bytes);
}

int secret_is_token(const char *text) {
    unsigned char bytes[SECRET_TOKEN_BYTES];
    size_t length = 0;
    int fits = text != NULL && strnlen(text, SECRET_TOKEN_TEXT) == SECRET_TOKEN_TEXT - 1 &&
               secret_decode(text, SECRET_TOKEN_TEXT - 1, bytes, sizeof bytes, &length) == 0 &&
               length == SECRET_TOKEN_BYTES;
    sodium_memzero(bytes, sizeof bytes);
    return fits;
}

void secret_hash(const char *kind, const char *text, char out[SECRET_HASH_TEXT]) {
    crypto_hash_sha256_state state;
    unsigned char hash[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256_init(&state);
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)kind, strlen(kind));
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)":", 1);
    (void)crypto_hash_sha256_update(&state, (const unsigned char *)text, strlen(text));
    (void)crypto_hash_sha256_final(&state, hash);
    encode(hash, sizeof hash, out, SECRET_HASH_TEXT);
    sodium_memzero(&state, sizeof state);
}

void secret_integrity(const void *bytes, size_t length, char out[SECRET_INTEGRITY_TEXT]) {
    static const char name[] = "sha512-";
    unsigned char hash[crypto_hash_sha512_BYTES];
    (void)crypto_hash_sha512(hash, bytes, length);
    memcpy(out, name, sizeof name);
    (void)sodium_bin2base64(out + sizeof name - 1, SECRET_INTEGRITY_TEXT - (sizeof name - 1), hash,
                            sizeof hash, sodium_base64_VARIANT_ORIGINAL);
}

uint64_t secret_seed(void) {
    uint64_t seed;
    randombytes_buf(&seed, sizeof seed);
    return seed;
}

void secret_hmac(const void *key, size_t key_length, const void *bytes, size_t length,
                 unsigned char out[SECRET_HMAC_BYTES]) {
    crypto_auth_hmacsha256_state state;
    (void)crypto_auth_hmacsha256_init(&state, key, key_length);
    (void)crypto_auth_hmacsha256_update(&state, bytes, length);
    (void)crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof state);
}

int secret_equal(const void *one, const void *other, size_t length) {
    return sodium_memcmp(one, other, length) == 0;
}

int secret_decode(const char *text, size_t text_length, unsigned char *out, size_t out_max, size_t *length) {
    *length = 0;
    if (text_length == 0) {
        return 0;
    }
    const char *end = NULL; /* where it stopped: a stranger's byte behind the last valid one is refused */
    if (sodium_base642bin(out, out_max, text, text_length, NULL, length, &end,
                          sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
        end != text + text_length) {
        *length = 0;
        return -1;
    }
    return 0;
}
