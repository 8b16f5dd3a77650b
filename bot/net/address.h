/* Addresses as bytes and text: what to listen on, networks in CIDR form, and who a trusted proxy says is at
   the other end. Pure; part of net. */
#ifndef PANDU_NET_ADDRESS_H
#define PANDU_NET_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

#include "net/net.h"

/* IPv6 in network order; IPv4 as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2). */
struct address {
    uint8_t bytes[16];
};

struct network {
    struct address base;
    unsigned bits; /* of 128 */
};

/* "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "fe80::1%eth0" (the zone is dropped). 0, or -1. */
int address_parse(const char *text, size_t length, struct address *out);
void address_text(const struct address *address, char out[NET_ADDRESS_MAX]);
int address_is_v4(const struct address *address);

/* What counts as one visitor's connection: the address, or its /64 for IPv6. */
struct address address_group(const struct address *address);

/* "10.0.0.0/8", "2001:db8::/32", or one address. 0, or -1. */
int network_parse(const char *text, struct network *out);
int network_holds(const struct network *networks, size_t count, const struct address *address);

/* "127.0.0.1:8080", "[::1]:0". 0, or -1. */
int address_listen(const char *text, struct address *out, uint16_t *port);

/* The visitor behind trusted proxies: peer is the socket's address on entry; forwarded is the value of
   X-Forwarded-For ("client, proxy1"). Read from the right, as far as the addresses are trusted: what a
   visitor puts into the header himself stands left of that and is never believed. */
void address_forwarded(const char *forwarded, const struct network *trusted, size_t count,
                       struct address *peer);

#endif
