/* Options: copied, checked, and the origins that follow from them. Never reads a file. Called by server.c and
   server_http.c. */
#include <ctype.h>
#include <string.h>

#include "app/identity.h"
#include "app/server_parts.h"
#include "base/err.h"

#include "banned.h"

static const char *const *copy_list(const char *const *items, size_t count, struct arena *arena) {
    const char **copy = arena_array(arena, count, sizeof *copy);
    for (size_t i = 0; i < count; i++) {
        copy[i] = arena_text(arena, items[i]);
    }
    return copy;
}

/* scheme://host[:port] of a URL in lower case, or NULL if it has another form. */
static const char *origin_of(const char *url, struct arena *arena) {
    const char *host = strncmp(url, "https://", 8) == 0  ? url + 8
                       : strncmp(url, "http://", 7) == 0 ? url + 7
                                                         : NULL;
    size_t length = host != NULL ? strcspn(host, "/?#") : 0;
    if (length == 0 || memchr(host, '@', length) != NULL || memchr(host, ' ', length) != NULL) {
        return NULL;
    }
    char *origin = arena_copy(arena, url, (size_t)(host - url) + length);
    for (char *at = origin; *at != '\0'; at++) {
        *at = (char)tolower((unsigned char)*at);
    }
    const char *standard = host == url + 8 ? ":443" : ":80";
    size_t whole = strlen(origin), end = strlen(standard);
    if (whole > end && strcmp(origin + whole - end, standard) == 0) {
        origin[whole - end] = '\0'; /* browsers leave it out */
    }
    return origin;
}

static int rate_is_right(int64_t number) {
    return number >= 1 && number <= 1000000;
}

static int check(const struct server_options *options, struct arena *arena, struct err *err) {
    if (options->public_url != NULL && origin_of(options->public_url, arena) == NULL) {
        return err_set(err, ERR_INVALID,
                       "public_url must begin with https:// or http:// and name a host: \"%s\"",
                       options->public_url);
    }
    if (options->identity_secret != NULL && strlen(options->identity_secret) < IDENTITY_KEY_MIN) {
        return err_set(err, ERR_INVALID, "identity_secret must have at least %d bytes", IDENTITY_KEY_MIN);
    }
    if ((options->certificate == NULL) != (options->key == NULL)) {
        return err_set(err, ERR_INVALID, "tls_certificate and tls_key belong together: give both or neither");
    }
    if (!rate_is_right(options->turn_burst) || !rate_is_right(options->turns_per_minute) ||
        !rate_is_right(options->conversation_burst) || !rate_is_right(options->conversations_per_minute)) {
        return err_set(err, ERR_INVALID, "rates and bursts must be 1 to 1000000");
    }
    return options->idle_after_ms < 0 || options->retention_ms < 0
               ? err_set(err, ERR_INVALID, "idle_after and retention cannot be negative")
               : 0;
}

static int64_t or_standard(int64_t number, int64_t standard) {
    return number != 0 ? number : standard;
}

int server_options_copy(const struct server_options *options, struct arena *arena, struct server_options *out,
                        struct err *err) {
    *out = *options;
    out->listen = arena_text(arena, options->listen);
    out->public_url = arena_text(arena, options->public_url);
    out->origins = copy_list(options->origins, options->origin_count, arena);
    out->trusted_proxies = copy_list(options->trusted_proxies, options->proxy_count, arena);
    out->certificate = arena_text(arena, options->certificate);
    out->key = arena_text(arena, options->key);
    out->identity_secret = arena_text(arena, options->identity_secret);
    out->web_folder = arena_text(arena, options->web_folder);
    out->data_folder = arena_text(arena, options->data_folder);
    out->turn_burst = or_standard(options->turn_burst, 20);
    out->turns_per_minute = or_standard(options->turns_per_minute, 120);
    out->conversation_burst = or_standard(options->conversation_burst, 400);
    out->conversations_per_minute = or_standard(options->conversations_per_minute, 60);
    return check(out, arena, err);
}

/* Somebody who only tries it out opens the own page at this machine. */
static size_t local_origins(int port, struct arena *arena, const char **out) {
    static const char *const hosts[] = {"127.0.0.1", "localhost", "[::1]"};
    size_t count = 0;
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        out[count++] = arena_format(arena, port == 80 ? "http://%s" : "http://%s:%d", hosts[i], port);
        out[count++] = arena_format(arena, port == 443 ? "https://%s" : "https://%s:%d", hosts[i], port);
    }
    out[count++] = "self"; /* or from a phone in the same network */
    return count;
}

const char *const *server_options_origins(const struct server_options *options, int port, struct arena *arena,
                                          size_t *count) {
    const char **list = arena_array(arena, options->origin_count + 8, sizeof *list);
    *count = 0;
    for (size_t i = 0; i < options->origin_count; i++) {
        list[(*count)++] = options->origins[i];
    }
    if (options->public_url != NULL) {
        list[(*count)++] = origin_of(options->public_url, arena);
    } else if (options->origin_count == 0) {
        *count = local_origins(port, arena, list);
    }
    return list;
}
