/* Addresses: parsing, CIDR, listen and X-Forwarded-For. Opens no socket and resolves no name. Called by
   server.c and request handling. */
#include "net/address.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "banned.h"

static const uint8_t V4_PREFIX[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

int address_is_v4(const struct address *address) {
    return memcmp(address->bytes, V4_PREFIX, sizeof V4_PREFIX) == 0;
}

int address_parse(const char *text, size_t length, struct address *out) {
    char copy[NET_ADDRESS_MAX];
    if (length >= 2 && text[0] == '[' && text[length - 1] == ']') {
        text++;
        length -= 2;
    }
    const char *zone = memchr(text, '%', length);
    if (zone != NULL) {
        length = (size_t)(zone - text);
    }
    if (length == 0 || length >= sizeof copy || memchr(text, '\0', length) != NULL) {
        return -1;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    if (inet_pton(AF_INET, copy, out->bytes + sizeof V4_PREFIX) == 1) {
        memcpy(out->bytes, V4_PREFIX, sizeof V4_PREFIX);
        return zone != NULL ? -1 : 0;
    }
    return inet_pton(AF_INET6, copy, out->bytes) == 1 ? 0 : -1;
}

void address_text(const struct address *address, char out[NET_ADDRESS_MAX]) {
    const char *done = address_is_v4(address)
                           ? inet_ntop(AF_INET, address->bytes + sizeof V4_PREFIX, out, NET_ADDRESS_MAX)
                           : inet_ntop(AF_INET6, address->bytes, out, NET_ADDRESS_MAX);
    if (done == NULL) {
        out[0] = '\0';
    }
}

struct address address_group(const struct address *address) {
    struct address group = *address;
    if (!address_is_v4(address)) {
        memset(group.bytes + 8, 0, 8);
    }
    return group;
}

/* Decimal digits only, at most most. -1 for anything else. */
static long small_number(const char *text, long most) {
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 5 || text[digits] != '\0') {
        return -1;
    }
    long number = strtol(text, NULL, 10);
    return number <= most ? number : -1;
}

int network_parse(const char *text, struct network *out) {
    const char *slash = strchr(text, '/');
    size_t length = slash != NULL ? (size_t)(slash - text) : strlen(text);
    if (address_parse(text, length, &out->base) != 0) {
        return -1;
    }
    unsigned before = address_is_v4(&out->base) ? 96 : 0;
    if (slash == NULL) {
        out->bits = 128;
        return 0;
    }
    long bits = small_number(slash + 1, 128 - (long)before);
    if (bits < 0) {
        return -1;
    }
    out->bits = before + (unsigned)bits;
    return 0;
}

static int holds(const struct network *network, const struct address *address) {
    unsigned whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->base.bytes, address->bytes, whole) != 0) {
        return 0;
    }
    uint8_t mask = (uint8_t)(0xff00u >> rest);
    return rest == 0 || ((network->base.bytes[whole] ^ address->bytes[whole]) & mask) == 0;
}

int network_holds(const struct network *networks, size_t count, const struct address *address) {
    for (size_t i = 0; i < count; i++) {
        if (holds(&networks[i], address)) {
            return 1;
        }
    }
    return 0;
}

int address_listen(const char *text, struct address *out, uint16_t *port) {
    const char *colon = strrchr(text, ':');
    if (colon == NULL) {
        return -1;
    }
    long number = small_number(colon + 1, 65535);
    size_t length = (size_t)(colon - text);
    int is_bracketed = length > 0 && text[0] == '[';
    if (number < 0 || (!is_bracketed && memchr(text, ':', length) != NULL)) {
        return -1;
    }
    *port = (uint16_t)number;
    return address_parse(text, length, out);
}

/* The last element of a comma list that ends at *end; moves *end before it. 0 when there is none left. */
static int last_element(const char *list, size_t *end, const char **text, size_t *length) {
    if (*end == 0) {
        return 0;
    }
    size_t stop = *end, start = stop;
    while (start > 0 && list[start - 1] != ',') {
        start--;
    }
    *end = start > 0 ? start - 1 : 0;
    while (start < stop && (list[start] == ' ' || list[start] == '\t')) {
        start++;
    }
    while (stop > start && (list[stop - 1] == ' ' || list[stop - 1] == '\t')) {
        stop--;
    }
    *text = list + start;
    *length = stop - start;
    return 1;
}

void address_forwarded(const char *forwarded, const struct network *trusted, size_t count,
                       struct address *peer) {
    size_t end = strlen(forwarded), length;
    const char *text;
    while (network_holds(trusted, count, peer) && last_element(forwarded, &end, &text, &length)) {
        struct address next;
        if (address_parse(text, length, &next) != 0) {
            return;
        }
        *peer = next;
    }
}
