/* Checks signed identities. Never keeps, logs or trusts anything of a token before its signature is right.
   Called by server_hello.c and server_http.c. */
#include "app/identity.h"

#include <math.h>
#include <string.h>

#include "app/secret/secret.h"
#include "json/value.h"

#include "banned.h"

/* The three parts of a token, borrowed from it. */
struct parts {
    const char *header, *payload, *signature;
    size_t header_length, payload_length, signature_length;
};

static int split(const char *token, struct parts *out) {
    size_t length = token != NULL ? strnlen(token, IDENTITY_TOKEN_MAX + 1) : 0;
    const char *first = length > 0 && length <= IDENTITY_TOKEN_MAX ? strchr(token, '.') : NULL;
    const char *second = first != NULL ? strchr(first + 1, '.') : NULL;
    if (second == NULL || strchr(second + 1, '.') != NULL) {
        return -1;
    }
    *out = (struct parts){.header = token,
                          .header_length = (size_t)(first - token),
                          .payload = first + 1,
                          .payload_length = (size_t)(second - first) - 1,
                          .signature = second + 1,
                          .signature_length = length - (size_t)(second + 1 - token)};
    return 0;
}

static struct value *read_object(const char *text, size_t length) {
    unsigned char bytes[IDENTITY_TOKEN_MAX];
    size_t count = 0;
    if (secret_decode(text, length, bytes, sizeof bytes, &count) != 0) {
        return NULL;
    }
    struct value *value = value_parse((const char *)bytes, count, NULL);
    if (value_type(value) != VALUE_OBJECT) {
        value_free(value);
        return NULL;
    }
    return value;
}

static int header_is_right(const struct parts *parts) {
    struct value *header = read_object(parts->header, parts->header_length);
    const char *algorithm = value_get_text(header, "alg");
    const struct value *type = value_get(header, "typ");
    int is_right = algorithm != NULL && strcmp(algorithm, "HS256") == 0 &&
                   (type == NULL || value_type(type) == VALUE_TEXT) && value_get(header, "crit") == NULL;
    value_free(header);
    return is_right;
}

/* The signature covers the text of header and payload with the dot between them. */
static int signature_is_right(const struct identity_rules *rules, const struct parts *parts) {
    unsigned char given[SECRET_HMAC_BYTES], made[SECRET_HMAC_BYTES];
    size_t length = 0;
    if (secret_decode(parts->signature, parts->signature_length, given, sizeof given, &length) != 0 ||
        length != sizeof given) {
        return 0;
    }
    secret_hmac(rules->key, rules->key_length, parts->header,
                parts->header_length + 1 + parts->payload_length, made);
    return secret_equal(given, made, sizeof made);
}

/* Seconds since 1970, fractions allowed (RFC 7519 section 2: NumericDate). Returns 0 when absent, 1 when read
   into *out, -1 when it is something else. */
static int read_moment(const struct value *claims, const char *name, double *out) {
    const struct value *claim = value_get(claims, name);
    *out = value_real(claim, NAN);
    if (claim == NULL) {
        return 0;
    }
    return isfinite(*out) ? 1 : -1;
}

static const char *time_problem(const struct value *claims, double now) {
    double expires, issued, not_before;
    int has_issued = read_moment(claims, "iat", &issued);
    int has_not_before = read_moment(claims, "nbf", &not_before);
    if (read_moment(claims, "exp", &expires) != 1 || has_issued < 0 || has_not_before < 0) {
        return "exp must be a number of seconds, as must iat and nbf if they are there";
    }
    if (expires + IDENTITY_LEEWAY_S <= now) {
        return "the identity has expired";
    }
    if ((has_issued && issued - IDENTITY_LEEWAY_S > now) ||
        (has_not_before && not_before - IDENTITY_LEEWAY_S > now)) {
        return "the identity is not valid yet";
    }
    double from = has_issued ? issued : now + IDENTITY_LEEWAY_S;
    return expires - from > IDENTITY_LIFE_S ? "exp may be at most 600 seconds after iat" : NULL;
}

/* "aud" is a text or a list of texts. */
static int audience_is_right(const struct value *claims, const char *audience) {
    const struct value *claim = value_get(claims, "aud");
    if (claim == NULL) {
        return 1;
    }
    const char *single = value_text(claim);
    int found = audience != NULL && single != NULL && strcmp(single, audience) == 0;
    for (size_t i = 0; audience != NULL && value_type(claim) == VALUE_ARRAY && i < value_count(claim); i++) {
        const char *each = value_text(value_at(claim, i));
        found |= each != NULL && strcmp(each, audience) == 0;
    }
    return found;
}

static const char *claims_problem(const struct identity_rules *rules, const struct value *claims,
                                  int64_t now_ms, char subject[IDENTITY_SUBJECT_MAX + 1]) {
    const char *problem = time_problem(claims, (double)now_ms / 1000.0);
    if (problem != NULL) {
        return problem;
    }
    if (!audience_is_right(claims, rules->audience)) {
        return "the identity is meant for somebody else (aud)";
    }
    const char *claim = value_get_text(claims, "sub");
    size_t length = claim != NULL ? strnlen(claim, IDENTITY_SUBJECT_MAX + 1) : 0;
    if (length == 0 || length > IDENTITY_SUBJECT_MAX) {
        return "sub must be a text of 1 to 128 bytes";
    }
    memcpy(subject, claim, length + 1);
    return NULL;
}

int identity_verify(const struct identity_rules *rules, const char *token, int64_t now_ms,
                    char subject[IDENTITY_SUBJECT_MAX + 1], const char **why) {
    struct parts parts;
    subject[0] = '\0';
    if (split(token, &parts) != 0 || !header_is_right(&parts)) {
        *why = "the identity must be a JWT in compact form with alg HS256";
        return -1;
    }
    if (!signature_is_right(rules, &parts)) {
        *why = "the identity's signature is wrong";
        return -1;
    }
    struct value *claims = read_object(parts.payload, parts.payload_length);
    *why = claims != NULL ? claims_problem(rules, claims, now_ms, subject)
                          : "the identity's claims are no JSON object in base64url";
    value_free(claims);
    return *why == NULL ? 0 : -1;
}
