/* Sessions as JSON, inside this folder: what version 1 stored. */
#ifndef PANDU_DOMAIN_SESSION_SESSION_JSON_H
#define PANDU_DOMAIN_SESSION_SESSION_JSON_H

#include "domain/session/session.h"

enum { SESSION_JSON_VERSION = 1 };

/* JSON object -> session, which session_init made. 0; ERR_VERSION, ERR_CORRUPT: *out then holds rubbish. */
int session_read_json(const void *bytes, size_t length, struct arena *arena, struct session *out,
                      struct err *err);

#endif
