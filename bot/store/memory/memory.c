/* The store of tests and of conversations that are meant to be forgotten: everything in this process's
   memory, the same verbs and rules as SQLite. Never writes a file, never starts a thread. Opened by cli and
   tests. */
#include "store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "store/document.h"
#include "store/memory/states.h"
#include "store/rows.h"
#include "store/rules.h"

#include "banned.h"

struct memory_note {
    struct memory_note *next; /* newer */
    int is_escalation;
    int64_t at_ms;
    uint64_t order; /* over all conversations */
    char *first, *second;
};
struct memory_turn {
    struct memory_turn *next; /* newer */
    char *id;
    uint64_t text_hash, version, first_seq, last_seq;
    int64_t at_ms;
    char *inbound, *outcome;
    size_t inbound_length, outcome_length;
};
struct memory_due {
    struct memory_due *next;
    char kind[STORE_KIND_MAX + 1];
    int64_t at_ms;
};
struct memory_conversation {
    struct memory_conversation *next;
    char *name;
    struct rules_head head; /* kept when erased */
    struct states states;
    struct memory_turn *first, *last;
    struct map *by_id; /* NULL while there are no turns */
    struct memory_note *notes;
    struct memory_due *due;
};
/* A verb that has its result and waits for poll. */
struct completion {
    struct completion *next;
    store_done *done;
    void *context;
    struct store_result result;
    char *bytes; /* what result points into */
};
struct memory {
    struct store store;
    struct map *by_name;
    struct memory_conversation *conversations;
    struct completion *first, **last;
    uint64_t notes;
};

static struct memory *self(struct store *store) {
    return (struct memory *)store; /* store is its first member */
}

static char *copy_bytes(const void *data, size_t length) {
    char *copy = malloc(length + 1);
    if (copy != NULL) {
        if (length != 0) {
            memcpy(copy, data, length);
        }
        copy[length] = '\0';
    }
    return copy;
}

/* ---- completions ---- */

/* Queues a result; bytes are taken. Without memory the callback runs at once: it must be called exactly once.
 */
static void complete_take(struct memory *memory, store_done *done, void *context, struct store_result result,
                          char *bytes) {
    struct completion *completion = calloc(1, sizeof *completion);
    if (completion == NULL) {
        done(context, &result);
        free(bytes);
        return;
    }
    *completion = (struct completion){.done = done, .context = context, .result = result, .bytes = bytes};
    *memory->last = completion;
    memory->last = &completion->next;
}

static void refuse(struct memory *memory, store_done *done, void *context, enum store_status status,
                   const char *why) {
    complete_take(memory, done, context, (struct store_result){.status = status, .text = why}, NULL);
}

static size_t memory_poll(struct store *store, int timeout_ms) {
    (void)timeout_ms; /* nothing arrives by itself */
    struct memory *memory = self(store);
    struct completion *completion = memory->first;
    memory->first = NULL;
    memory->last = &memory->first;
    size_t ran = 0;
    while (completion != NULL) {
        struct completion *next = completion->next;
        completion->done(completion->context, &completion->result);
        free(completion->bytes);
        free(completion);
        completion = next;
        ran++;
    }
    return ran;
}

/* ---- conversations ---- */

static void forget_turn(struct memory_turn *turn) {
    free(turn->id);
    free(turn->inbound);
    free(turn->outcome);
    free(turn);
}

static void forget(struct memory_conversation *conversation) {
    for (struct memory_turn *turn = conversation->first, *next; turn != NULL; turn = next) {
        next = turn->next;
        forget_turn(turn);
    }
    for (struct memory_note *note = conversation->notes, *next; note != NULL; note = next) {
        next = note->next;
        free(note->first);
        free(note->second);
        free(note);
    }
    for (struct memory_due *due = conversation->due, *next; due != NULL; due = next) {
        next = due->next;
        free(due);
    }
    conversation->due = NULL;
    states_forget(&conversation->states);
    conversation->first = conversation->last = NULL;
    map_free(conversation->by_id);
    conversation->by_id = NULL;
    conversation->notes = NULL;
}

static struct memory_conversation *find_or_make(struct memory *memory, const char *name) {
    struct memory_conversation *conversation = map_get(memory->by_name, name);
    if (conversation != NULL) {
        return conversation;
    }
    conversation = calloc(1, sizeof *conversation);
    char *copy = copy_bytes(name, strlen(name));
    if (conversation == NULL || copy == NULL || map_set(memory->by_name, copy, conversation) != 0) {
        free(conversation);
        free(copy);
        return NULL;
    }
    conversation->name = copy;
    conversation->next = memory->conversations;
    memory->conversations = conversation;
    return conversation;
}

/* ---- verbs ---- */

/* The state and the newest turn's replies in one block. */
static char *copy_newest(const struct memory_conversation *conversation, struct store_result *result) {
    const struct memory_turn *newest = conversation->last;
    size_t length = conversation->states.newest_length, more = newest != NULL ? newest->outcome_length : 0;
    char *bytes = malloc(length + more + 1);
    if (bytes == NULL) {
        return NULL;
    }
    if (length != 0) {
        memcpy(bytes, conversation->states.newest, length);
    }
    if (more != 0) {
        memcpy(bytes + length, newest->outcome, more);
    }
    result->state = (struct store_bytes){bytes, length};
    result->outcome = (struct store_bytes){bytes + length, more};
    return bytes;
}

static void memory_load(struct store *store, const char *name, store_done *done, void *context) {
    struct memory *memory = self(store);
    const char *problem = rules_name_problem(name);
    if (problem != NULL) {
        refuse(memory, done, context, STORE_FATAL, problem);
        return;
    }
    struct store_result result = {.status = STORE_OK};
    char *bytes = NULL;
    const struct memory_conversation *conversation = map_get(memory->by_name, name);
    if (conversation != NULL) {
        result.version = conversation->head.version;
        result.last_seq = conversation->head.last_seq;
        bytes = copy_newest(conversation, &result);
        if (bytes == NULL) {
            result = (struct store_result){.status = STORE_BUSY, .text = "out of memory"};
        }
    }
    complete_take(memory, done, context, result, bytes);
}

/* A turn whose id is known: the same text gives the stored outcome again. */
static void repeat(struct memory *memory, const struct memory_conversation *conversation,
                   const struct memory_turn *known, const struct store_turn *turn, store_done *done,
                   void *context) {
    struct store_result result = {.status = STORE_CONFLICT, .version = conversation->head.version};
    char *bytes = NULL;
    if (known->text_hash == turn->text_hash) {
        bytes = copy_bytes(known->outcome, known->outcome_length);
        result.status = bytes != NULL ? STORE_DUP : STORE_BUSY;
        result.first_seq = known->first_seq;
        result.last_seq = known->last_seq;
        result.outcome = (struct store_bytes){bytes, bytes != NULL ? known->outcome_length : 0};
    } else {
        result.text = "this turn id is known with another text";
    }
    complete_take(memory, done, context, result, bytes);
}

static struct memory_turn *make_turn(const struct store_turn *turn) {
    struct memory_turn *made = calloc(1, sizeof *made);
    if (made == NULL) {
        return NULL;
    }
    made->id = copy_bytes(turn->turn_id, strlen(turn->turn_id));
    made->inbound = copy_bytes(turn->inbound.data, turn->inbound.length);
    made->outcome = copy_bytes(turn->outcome.data, turn->outcome.length);
    if (made->id == NULL || made->inbound == NULL || made->outcome == NULL) {
        forget_turn(made);
        return NULL;
    }
    made->inbound_length = turn->inbound.length;
    made->outcome_length = turn->outcome.length;
    made->text_hash = turn->text_hash;
    made->at_ms = turn->at_ms;
    return made;
}

static void add_note(struct memory *memory, struct memory_conversation *conversation, int is_escalation,
                     int64_t at_ms, const char *first, const char *second) {
    struct memory_note *note = calloc(1, sizeof *note);
    if (note != NULL) {
        *note = (struct memory_note){.is_escalation = is_escalation,
                                     .at_ms = at_ms,
                                     .order = ++memory->notes,
                                     .first = copy_bytes(first, first != NULL ? strlen(first) : 0),
                                     .second = copy_bytes(second, second != NULL ? strlen(second) : 0)};
        struct memory_note **end = &conversation->notes;
        while (*end != NULL) {
            end = &(*end)->next;
        }
        *end = note;
    }
}

static void set_due(struct memory_conversation *conversation, const struct store_due *due) {
    struct memory_due **at = &conversation->due;
    while (*at != NULL && strcmp((*at)->kind, due->kind) != 0) {
        at = &(*at)->next;
    }
    if (due->at_ms == 0) {
        struct memory_due *gone = *at;
        *at = gone != NULL ? gone->next : NULL;
        free(gone);
        return;
    }
    if (*at == NULL) {
        *at = calloc(1, sizeof **at);
    }
    if (*at != NULL) {
        (void)snprintf((*at)->kind, sizeof(*at)->kind, "%s", due->kind);
        (*at)->at_ms = due->at_ms;
    }
}

/* Stores a turn that was found to be new and expected. */
static struct store_result apply(struct memory *memory, struct memory_conversation *conversation,
                                 const struct store_turn *turn) {
    struct memory_turn *made = make_turn(turn);
    struct states states;
    int has_states = states_make(&conversation->states, turn, &states) == 0;
    int is_fresh = conversation->by_id == NULL || turn->erase;
    struct map *by_id = is_fresh ? map_new() : conversation->by_id;
    if (made == NULL || !has_states || by_id == NULL || map_set(by_id, made->id, made) != 0) {
        if (made != NULL) {
            forget_turn(made);
        }
        if (is_fresh) {
            map_free(by_id);
        }
        states_forget(&states);
        return (struct store_result){.status = STORE_BUSY, .text = "out of memory"};
    }
    if (turn->erase) {
        forget(conversation);
    }
    conversation->by_id = by_id;
    conversation->head = rules_advance(conversation->head, turn, &made->first_seq);
    made->version = conversation->head.version;
    made->last_seq = conversation->head.last_seq;
    *(conversation->last != NULL ? &conversation->last->next : &conversation->first) = made;
    conversation->last = made;
    states_keep_take(&conversation->states, &states);
    for (size_t i = 0; i < turn->unmatched_count; i++) {
        add_note(memory, conversation, 0, turn->at_ms, turn->unmatched[i].text,
                 turn->unmatched[i].candidates);
    }
    for (size_t i = 0; i < turn->escalation_count; i++) {
        add_note(memory, conversation, 1, turn->at_ms, turn->escalations[i].intent,
                 turn->escalations[i].quote);
    }
    for (size_t i = 0; i < turn->due_count; i++) {
        set_due(conversation, &turn->due[i]);
    }
    return (struct store_result){.status = STORE_OK,
                                 .version = made->version,
                                 .first_seq = made->first_seq,
                                 .last_seq = made->last_seq};
}

static void memory_commit(struct store *store, const struct store_turn *turn, store_done *done,
                          void *context) {
    struct memory *memory = self(store);
    const char *problem = rules_turn_problem(turn);
    if (problem != NULL) {
        refuse(memory, done, context, STORE_FATAL, problem);
        return;
    }
    struct memory_conversation *conversation = find_or_make(memory, turn->conversation);
    if (conversation == NULL) {
        refuse(memory, done, context, STORE_BUSY, "out of memory");
        return;
    }
    const struct memory_turn *known =
        conversation->by_id != NULL ? map_get(conversation->by_id, turn->turn_id) : NULL;
    if (known != NULL) {
        repeat(memory, conversation, known, turn, done, context);
        return;
    }
    struct store_result result = {
        .status = STORE_CONFLICT, .version = conversation->head.version, .text = "the conversation moved on"};
    size_t length = 0;
    if (turn->expected_version == conversation->head.version &&
        rules_fits_state(turn, conversation->states.newest_length, &length)) {
        result = apply(memory, conversation, turn);
    }
    complete_take(memory, done, context, result, NULL);
}

/* An empty document for a conversation never heard of. */
static struct document *export_of(const struct memory_conversation *conversation, const char *name) {
    static const struct memory_conversation nothing;
    const struct memory_conversation *from = conversation != NULL ? conversation : &nothing;
    struct document *document =
        document_new(name, from->head, (struct store_bytes){from->states.newest, from->states.newest_length});
    if (document == NULL) {
        return NULL;
    }
    for (const struct memory_turn *turn = from->first; turn != NULL; turn = turn->next) {
        struct document_turn row = {turn->id,
                                    turn->at_ms,
                                    turn->version,
                                    turn->first_seq,
                                    turn->last_seq,
                                    {turn->inbound, turn->inbound_length},
                                    {turn->outcome, turn->outcome_length}};
        document_add_turn(document, &row);
    }
    for (const struct memory_note *note = from->notes; note != NULL; note = note->next) {
        if (note->is_escalation) {
            document_add_escalation(document, note->at_ms, note->first, note->second);
        } else {
            document_add_unmatched(document, note->at_ms, note->first, note->second);
        }
    }
    return document;
}

/* Prints and frees a document (NULL is fine) into a completion. */
static void complete_document(struct memory *memory, struct document *document, store_done *done,
                              void *context) {
    char *text = document != NULL ? document_print(document) : NULL;
    document_free(document);
    struct store_result result = {.status = STORE_OK};
    if (text == NULL) {
        result = (struct store_result){.status = STORE_BUSY, .text = "no memory for the document"};
    } else {
        result.outcome = (struct store_bytes){text, strlen(text)};
    }
    complete_take(memory, done, context, result, text);
}

static void memory_export_all(struct store *store, const char *name, store_done *done, void *context) {
    struct memory *memory = self(store);
    const char *problem = rules_name_problem(name);
    if (problem != NULL) {
        refuse(memory, done, context, STORE_FATAL, problem);
        return;
    }
    complete_document(memory, export_of(map_get(memory->by_name, name), name), done, context);
}

static void memory_erase(struct store *store, const char *name, int64_t at_ms, store_done *done,
                         void *context) {
    (void)at_ms; /* the list of erased ids is for restoring backups: there are none of memory */
    struct memory *memory = self(store);
    const char *problem = rules_name_problem(name);
    if (problem != NULL) {
        refuse(memory, done, context, STORE_FATAL, problem);
        return;
    }
    struct store_result result = {.status = STORE_OK};
    struct memory_conversation *conversation = map_get(memory->by_name, name);
    if (conversation != NULL) {
        forget(conversation);
        result.version = conversation->head.version;
        result.last_seq = conversation->head.last_seq;
    }
    complete_take(memory, done, context, result, NULL);
}

/* The newest unmatched note older than order. */
static const struct memory_note *newest_before(const struct memory *memory, uint64_t order) {
    const struct memory_note *newest = NULL;
    for (const struct memory_conversation *each = memory->conversations; each != NULL; each = each->next) {
        for (const struct memory_note *note = each->notes; note != NULL; note = note->next) {
            if (!note->is_escalation && note->order < order &&
                (newest == NULL || note->order > newest->order)) {
                newest = note;
            }
        }
    }
    return newest;
}

static void memory_list_unmatched(struct store *store, size_t limit, store_done *done, void *context) {
    struct memory *memory = self(store);
    struct document *document = document_new_list();
    uint64_t order = UINT64_MAX;
    for (size_t i = 0; document != NULL && i < limit && i < RULES_LIST_MAX; i++) {
        const struct memory_note *note = newest_before(memory, order);
        if (note == NULL) {
            break;
        }
        document_add_unmatched(document, note->at_ms, note->first, note->second);
        order = note->order;
    }
    complete_document(memory, document, done, context);
}

static void complete_rows(struct memory *memory, struct rows *rows, struct store_result result,
                          store_done *done, void *context) {
    void *block = rows != NULL ? rows_take(rows, &result) : NULL;
    if (block == NULL) {
        result = (struct store_result){.status = STORE_BUSY, .text = "out of memory"};
    }
    complete_take(memory, done, context, result, block);
}

static void memory_read_since(struct store *store, const char *name, uint64_t seq, size_t limit,
                              store_done *done, void *context) {
    struct memory *memory = self(store);
    const char *problem = rules_name_problem(name);
    if (problem != NULL) {
        refuse(memory, done, context, STORE_FATAL, problem);
        return;
    }
    struct rows *rows = rows_new();
    struct store_result result = {.status = STORE_OK};
    const struct memory_conversation *conversation = map_get(memory->by_name, name);
    const struct memory_turn *turn = conversation != NULL ? conversation->first : NULL;
    if (conversation != NULL) {
        result.version = conversation->head.version;
        result.last_seq = conversation->head.last_seq;
    }
    for (size_t count = 0; rows != NULL && turn != NULL && count < limit; turn = turn->next) {
        if (turn->last_seq > seq && turn->last_seq >= turn->first_seq) {
            struct store_row row = {.turn_id = turn->id,
                                    .at_ms = turn->at_ms,
                                    .first_seq = turn->first_seq,
                                    .last_seq = turn->last_seq,
                                    .inbound = {turn->inbound, turn->inbound_length},
                                    .outcome = {turn->outcome, turn->outcome_length}};
            count++;
            if (!rows_add(rows, &row)) {
                break;
            }
        }
    }
    complete_rows(memory, rows, result, done, context);
}

static int is_earlier(const struct store_row *one, const struct store_row *other) {
    return other->turn_id == NULL || one->at_ms < other->at_ms ||
           (one->at_ms == other->at_ms && one->turn_id < other->turn_id);
}

/* The earliest event after the one before: by time, then by place in memory, so that none is told twice. */
static struct store_row next_due(const struct memory *memory, const struct store_row *before) {
    struct store_row next = {.turn_id = NULL};
    for (const struct memory_conversation *each = memory->conversations; each != NULL; each = each->next) {
        for (const struct memory_due *due = each->due; due != NULL; due = due->next) {
            struct store_row row = {.conversation = each->name, .turn_id = due->kind, .at_ms = due->at_ms};
            if ((before->turn_id == NULL || is_earlier(before, &row)) && is_earlier(&row, &next)) {
                next = row;
            }
        }
    }
    return next;
}

static void memory_list_due(struct store *store, int64_t now_ms, size_t limit, store_done *done,
                            void *context) {
    struct memory *memory = self(store);
    struct rows *rows = rows_new();
    struct store_row row = {.turn_id = NULL};
    for (size_t i = 0; rows != NULL && i < limit; i++) {
        row = next_due(memory, &row);
        if (row.turn_id == NULL || row.at_ms > now_ms || !rows_add(rows, &row)) {
            break;
        }
    }
    complete_rows(memory, rows, (struct store_result){.status = STORE_OK}, done, context);
}

static int memory_is_healthy(struct store *store) {
    (void)store;
    return 1;
}

static int memory_descriptor(struct store *store) {
    (void)store;
    return -1;
}

static void memory_close(struct store *store) {
    struct memory *memory = self(store);
    while (memory_poll(store, 0) != 0) {
    }
    for (struct memory_conversation *each = memory->conversations, *next; each != NULL; each = next) {
        next = each->next;
        forget(each);
        free(each->name);
        free(each);
    }
    map_free(memory->by_name);
    free(memory);
}

struct store *store_memory_open(void) {
    static const struct store_ops ops = {.load = memory_load,
                                         .commit = memory_commit,
                                         .export_all = memory_export_all,
                                         .erase = memory_erase,
                                         .list_unmatched = memory_list_unmatched,
                                         .read_since = memory_read_since,
                                         .list_due = memory_list_due,
                                         .is_healthy = memory_is_healthy,
                                         .poll = memory_poll,
                                         .descriptor = memory_descriptor,
                                         .close = memory_close};
    struct memory *memory = calloc(1, sizeof *memory);
    if (memory == NULL) {
        return NULL;
    }
    memory->store.ops = &ops;
    memory->last = &memory->first;
    memory->by_name = map_new();
    if (memory->by_name == NULL) {
        free(memory);
        return NULL;
    }
    return &memory->store;
}
