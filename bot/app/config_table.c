/* The table of settings. Adding one: a member in struct config and a row here. Never reads anything itself.
   Called by config*.c. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app/config.h"

#include "banned.h"

#define MINUTE ((int64_t)60 * 1000)
#define DAY (24 * 60 * MINUTE)
#define AT(member) offsetof(struct config, member)

static const struct config_row rows[] = {
    {"listen", CONFIG_TEXT, AT(listen), "127.0.0.1:8080", NULL, 0, 0, 0,
     "Address and port to serve at; [::1]:8080 for IPv6, port 0 for any free one."},
    {"public_url", CONFIG_TEXT, AT(public_url), NULL, NULL, 0, 0, 1,
     "How visitors reach this server, such as https://chat.example.org; its origin may open chats."},
    {"origins", CONFIG_LIST, AT(origins), NULL, NULL, 0, 0, 1,
     "Web sites whose pages may open chats, such as https://www.example.org; * allows every one."},
    {"trusted_proxies", CONFIG_LIST, AT(trusted_proxies), NULL, NULL, 0, 0, 0,
     "Addresses or networks (10.0.0.0/8) of proxies whose X-Forwarded-For and -Proto are believed."},
    {"tls_certificate", CONFIG_TEXT, AT(tls_certificate), NULL, NULL, 0, 0, 0,
     "PEM file with the certificate chain; a reload reads it anew."},
    {"tls_key", CONFIG_TEXT, AT(tls_key), NULL, NULL, 0, 0, 0, "PEM file with the certificate's key."},
    {"db", CONFIG_TEXT, AT(database), "data/pandu.db", NULL, 0, 0, 0, "The database file."},
    {"data", CONFIG_TEXT, AT(data), NULL, NULL, 0, 0, 0,
     "Folder of files that people asked for; the database's folder when unset."},
    {"content", CONFIG_TEXT, AT(content), NULL, NULL, 0, 0, 0, "Other content than the shipped one."},
    {"site", CONFIG_TEXT, AT(site), NULL, NULL, 0, 0, 0, "Folder of the site's own content, laid over it."},
    {"connections_max", CONFIG_COUNT, AT(connections_max), "15000", NULL, 1, 1000000, 0,
     "Open connections at a time; more are sent away with 503."},
    {"connections_per_address", CONFIG_COUNT, AT(connections_per_address), "2000", NULL, 1, 1000000, 0,
     "Open connections of one address: a school has one for everybody, so keep it high."},
    {"turn_burst", CONFIG_COUNT, AT(turn_burst), "20", NULL, 1, 100000, 1,
     "Messages a conversation may send at once."},
    {"turns_per_minute", CONFIG_COUNT, AT(turns_per_minute), "120", NULL, 1, 1000000, 1,
     "Messages a conversation may send in the long run."},
    {"conversation_burst", CONFIG_COUNT, AT(conversation_burst), "400", NULL, 1, 1000000, 1,
     "New conversations one address may open at once."},
    {"conversations_per_minute", CONFIG_COUNT, AT(conversations_per_minute), "60", NULL, 1, 1000000, 1,
     "New conversations one address may open in the long run."},
    {"idle_after", CONFIG_DURATION, AT(idle_after_ms), "30m", NULL, MINUTE, 365 * DAY, 1,
     "Silence after which a conversation counts as idle."},
    {"retention", CONFIG_DURATION, AT(retention_ms), "26w", NULL, DAY, 3650 * DAY, 1,
     "Silence after which everything a person said is erased."},
    {"identity_secret", CONFIG_SECRET, AT(identity_secret), NULL, NULL, 0, 0, 1,
     "Key of at least 32 bytes shared with the host page, which signs who its visitors are (HS256)."},
    {"metrics", CONFIG_WORD, AT(metrics), "loopback", "loopback|all|off", 0, 0, 1, "Who may read /metrics."},
    {"demo", CONFIG_WORD, AT(demo), "auto", "auto|on|off", 0, 0, 0,
     "Serve the demo site at /; auto: only while public_url is unset."},
    {"log_format", CONFIG_WORD, AT(log_format), "text", "text|json", 0, 0, 0,
     "Form of the log on standard error, which never holds what people said."},
    {"log_level", CONFIG_WORD, AT(log_level), "info", "error|warning|info", 0, 0, 0,
     "The least important lines that are written."},
};

size_t config_row_count(void) {
    _Static_assert(sizeof rows / sizeof rows[0] <= CONFIG_ROWS_MAX, "CONFIG_ROWS_MAX is too small");
    return sizeof rows / sizeof rows[0];
}

const struct config_row *config_row_at(size_t index) {
    return &rows[index];
}

const char *config_flag_name(const struct config_row *row, char out[64]) {
    (void)snprintf(out, 64, "--%s", row->name);
    for (char *at = out; *at != '\0'; at++) {
        *at = *at == '_' ? '-' : *at;
    }
    return out;
}

const char *config_variable_name(const struct config_row *row, char out[64]) {
    (void)snprintf(out, 64, "PANDU_%s", row->name);
    for (char *at = out; *at != '\0'; at++) {
        *at = (char)toupper((unsigned char)*at);
    }
    return out;
}
