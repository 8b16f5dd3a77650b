/* Settings that are right alone and wrong together, or wrong in their form. Called by config.c. */
#include <string.h>

#include "app/config_parts.h"

#include "banned.h"

enum { SECRET_LEAST = 32 /* RFC 7518 section 3.2: a key of HS256 has at least the size of its hash */ };

/* "https://host" or "https://host:port": scheme and authority, nothing behind. */
static int is_origin(const char *text) {
    size_t scheme = strncmp(text, "https://", 8) == 0 ? 8 : strncmp(text, "http://", 7) == 0 ? 7 : 0;
    return scheme > 0 && text[scheme] != '\0' && strcspn(text + scheme, "/?# @") == strlen(text + scheme);
}

static void check_origins(struct config_reading *reading) {
    const struct config_list *origins = &reading->config->origins;
    for (size_t i = 0; i < origins->count; i++) {
        if (strcmp(origins->items[i], "*") != 0 && !is_origin(origins->items[i])) {
            config_complain(
                reading,
                "origins: \"%s\" is no origin. Write scheme and host only, like https://www.example.org",
                origins->items[i]);
        }
    }
}

void config_check(struct config_reading *reading) {
    const struct config *config = reading->config;
    check_origins(reading);
    if ((config->tls_certificate == NULL) != (config->tls_key == NULL)) {
        config_complain(reading, "tls_certificate and tls_key belong together: set both or neither");
    }
    const char *url = config->public_url;
    if (url != NULL && strncmp(url, "https://", 8) != 0 && strncmp(url, "http://", 7) != 0) {
        config_complain(reading, "public_url: \"%s\" does not begin with https:// or http://", url);
    }
    if (config->identity_secret != NULL && strlen(config->identity_secret) < SECRET_LEAST) {
        config_complain(reading, "identity_secret: shorter than %d bytes. Make one: openssl rand -base64 48",
                        SECRET_LEAST);
    }
    if (config->listen == NULL || config->database == NULL) {
        config_complain(reading, "%s must not be empty", config->listen == NULL ? "listen" : "db");
    }
}
