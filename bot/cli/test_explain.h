/* How a message of a failed case was matched. */
#ifndef PANDU_CLI_TEST_EXPLAIN_H
#define PANDU_CLI_TEST_EXPLAIN_H

struct buf;
struct content;

/* A message and what it was said into; strings but text may be NULL. */
struct explained_message {
    const char *text, *dialogue, *step, *after;
};
void test_explain(const struct content *content, const struct explained_message *message, struct buf *out);

#endif
