/* Whether a request may become a WebSocket (RFC 6455, 4.2), and the proof in the answer. Part of net. */
#ifndef PANDU_NET_HANDSHAKE_H
#define PANDU_NET_HANDSHAKE_H

#include <stddef.h>

struct request_head;

enum { HANDSHAKE_ACCEPT_MAX = 32 };

struct origin_list {
    char **origins;
    size_t count;
    int is_open; /* "*" is among them */
    int is_self; /* "self" is: pages of this server, at an address or a name of the own network */
};

/* Copies and checks a list: every one "scheme://host[:port]", "*" or "self". 0; -1 without memory; else the
   position of the one that is wrong plus 1. */
int origins_set(struct origin_list *list, const char *const *origins, size_t count);
void origins_close(struct origin_list *list);

/* 1 if a page of this origin may talk to us; NULL (no browser) may, "null" never. */
int origins_allow(const struct origin_list *list, const char *origin);

/* 1 if the list has "self" and origin is what Host says, which is an address, a name without a dot or one in
   ".local": no foreign name server can give a stranger's page such an origin. */
int origins_own(const struct origin_list *list, const char *origin, const char *host);

/* 101 when the request is a proper opening handshake that offers protocol; else 400, 403, 405 or 426. */
int handshake_check(const struct request_head *head, const char *protocol, const struct origin_list *list);

/* Sec-WebSocket-Accept for a key. 0, or -1. */
int handshake_accept(const char *key, char out[HANDSHAKE_ACCEPT_MAX]);

#endif
