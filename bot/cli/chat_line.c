/* Lines from any input. Never allocates by what a stranger sends. Called by chat.c. */
#include "cli/chat.h"

#include "banned.h"

int chat_read_line(FILE *in, struct chat_line *line) {
    int character = getc(in);
    line->length = 0;
    line->bytes[0] = '\0';
    if (character == EOF) {
        return 0;
    }
    for (; character != EOF && character != '\n'; character = getc(in)) {
        if (line->length < CHAT_LINE_MAX) {
            line->bytes[line->length++] = (char)character;
        }
    }
    if (line->length > 0 && line->bytes[line->length - 1] == '\r') {
        line->length--;
    }
    line->bytes[line->length] = '\0';
    return 1;
}
