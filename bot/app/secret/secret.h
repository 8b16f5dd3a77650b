/* Random tokens, hashes, signatures, comparisons in constant time. The only door to libsodium. */
#ifndef PANDU_APP_SECRET_SECRET_H
#define PANDU_APP_SECRET_SECRET_H

#include <stddef.h>
#include <stdint.h>

enum {
    SECRET_TOKEN_BYTES = 16,    /* 128 random bits */
    SECRET_TOKEN_TEXT = 22 + 1, /* the same in base64url without padding, NUL-terminated */
    SECRET_HASH_TEXT = 43 + 1,  /* SHA-256 in base64url */
    SECRET_HMAC_BYTES = 32,
    SECRET_INTEGRITY_TEXT = 7 + 88 + 1
};

int secret_init(void); /* once, before all others: 0, or -1 */
void secret_token(char out[SECRET_TOKEN_TEXT]);
/* 1 if text has the form of a token. */
int secret_is_token(const char *text);
/* What may be stored of a token: SHA-256 of "kind:" and the text. */
void secret_hash(const char *kind, const char *text, char out[SECRET_HASH_TEXT]);
/* What a page says of a file it embeds (Subresource Integrity): "sha512-" and base64. */
void secret_integrity(const void *bytes, size_t length, char out[SECRET_INTEGRITY_TEXT]);
uint64_t secret_seed(void); /* 64 random bits */
void secret_hmac(const void *key, size_t key_length, const void *bytes, size_t length,
                 unsigned char out[SECRET_HMAC_BYTES]); /* HMAC-SHA-256, RFC 2104; a key of any length */
int secret_equal(const void *one, const void *other, size_t length); /* 1 equal; constant time */
/* base64url without padding (RFC 4648 section 5) -> bytes. 0, or -1: not in that form, or more than out_max.
 */
int secret_decode(const char *text, size_t text_length, unsigned char *out, size_t out_max, size_t *length);

#endif
