/* Who a visitor is, as the page around the chat says and signs: a JSON Web Token (RFC 7519) in compact form
   (RFC 7515), HMAC-SHA-256 only. */
#ifndef PANDU_APP_IDENTITY_H
#define PANDU_APP_IDENTITY_H

#include <stddef.h>
#include <stdint.h>

enum {
    IDENTITY_SUBJECT_MAX = 128, /* bytes of the claim "sub" */
    IDENTITY_TOKEN_MAX = 4096,  /* bytes of a whole token */
    IDENTITY_LIFE_S = 600,      /* most seconds between "iat" and "exp" */
    IDENTITY_LEEWAY_S = 60,     /* clocks may differ by this much */
    IDENTITY_KEY_MIN = 32       /* bytes of a key: RFC 7518 section 3.2 */
};

struct identity_rules {
    const char *key; /* the secret shared with the page's server */
    size_t key_length;
    const char *audience; /* whom a token with "aud" must name; NULL: tokens with "aud" are refused */
};

/* Checks a token at now_ms (UTC) and copies its subject. 0; or -1 with *why, a fixed English sentence for
   developers. Refused: another algorithm ("none" too), any "crit", no "exp", "exp" over or more than ten
   minutes after "iat" (or now, without one), "nbf" or "iat" to come, no "sub", what is not strict base64url
   or JSON (a doubled member, a NUL). */
int identity_verify(const struct identity_rules *rules, const char *token, int64_t now_ms,
                    char subject[IDENTITY_SUBJECT_MAX + 1], const char **why);

#endif
