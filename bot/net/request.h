/* The head of an HTTP/1.1 request (RFC 9112), read strictly: whatever two programs could understand
   differently is refused. Pure; part of net. */
#ifndef PANDU_NET_REQUEST_H
#define PANDU_NET_REQUEST_H

#include <stddef.h>

enum {
    REQUEST_HEAD_MAX = 8192, /* bytes of the request line and headers; more is 431 */
    REQUEST_HEADERS_MAX = 64,
    REQUEST_TARGET_MAX = 2048 /* more is 414 */
};

struct request_header {
    const char *name, *value; /* name in lower case, value without blanks around it */
};

/* Points into the bytes given to request_parse. */
struct request_head {
    const char *method, *target;
    int minor; /* HTTP/1.minor: 0 or 1 */
    struct request_header headers[REQUEST_HEADERS_MAX];
    size_t count;
    size_t length; /* bytes of the head with its empty line */
};

/* Bytes of a whole head at the start of bytes, 0 when more are needed, or minus an HTTP status (400, 431).
   Blank lines before the request line are not skipped. */
long request_find(const char *bytes, size_t length);

/* Reads a head that request_find found; writes NULs and lower case into it. 0, or an HTTP status: 400, 414,
   431, 501 (method), 505 (version). */
int request_parse(char *bytes, size_t length, struct request_head *out);

/* The value of a header that stands exactly once; NULL when it is missing or repeated. */
const char *request_header(const struct request_head *head, const char *name);
size_t request_count(const struct request_head *head, const char *name);

/* 1 if the comma list in any header of this name holds token (letter case does not matter). */
int request_lists(const struct request_head *head, const char *name, const char *token);

/* Checks Host, Content-Length and Transfer-Encoding together and tells the length of the body. 0, or an HTTP
   status: 400, 413 (longer than most), 501 (any transfer coding). */
int request_framing(const struct request_head *head, size_t most, size_t *body);

/* Decodes the path of target once into out and finds the query ("" when there is none). "..", ".", NUL,
   control bytes, "\", an encoded "/" and invalid UTF-8 are refused. 0, or 400. */
int request_path(const char *target, char out[REQUEST_TARGET_MAX + 1], const char **query);

int request_equal(const char *a, const char *b); /* ASCII letter case does not matter */

#endif
