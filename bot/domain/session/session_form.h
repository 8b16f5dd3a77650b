/* What the writer and the reader of a session's bytes share, inside this folder. */
#ifndef PANDU_DOMAIN_SESSION_SESSION_FORM_H
#define PANDU_DOMAIN_SESSION_SESSION_FORM_H

#include "domain/session/session.h"

enum { SESSION_MARK = 0xB5 /* begins no JSON and no UTF-8 text */ };

#endif
