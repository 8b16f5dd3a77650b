/* Jobs and their queues. Never runs SQL. Called by sqlite.c (submitting, completing), writer.c and reader.c.
 */
#include "store/sqlite/job.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "banned.h"

enum { SPARE_SIZE = 4096 /* bytes: most turns fit */, SPARES_MAX = 256 };

/* ---- one job ---- */

/* Measures and then copies, with the same walk: at is NULL while measuring. */
struct packer {
    char *at;
    size_t used;
};

static void *pack(struct packer *packer, const void *data, size_t length) {
    void *place = packer->at != NULL ? packer->at + packer->used : NULL;
    if (place != NULL && length != 0) {
        memcpy(place, data, length);
    }
    packer->used += length;
    return place;
}

static const char *pack_text(struct packer *packer, const char *text) {
    const char *from = text != NULL ? text : "";
    return pack(packer, from, strlen(from) + 1);
}

static struct store_bytes pack_bytes(struct packer *packer, struct store_bytes bytes) {
    bytes.data = pack(packer, bytes.data, bytes.length);
    return bytes;
}

/* The arrays come first: their start is aligned like the flexible member's struct. */
static void pack_turn(struct packer *packer, struct store_turn *turn) {
    struct store_unmatched *unmatched =
        pack(packer, turn->unmatched, turn->unmatched_count * sizeof *unmatched);
    struct store_escalation *escalations =
        pack(packer, turn->escalations, turn->escalation_count * sizeof *escalations);
    struct store_due *due = pack(packer, turn->due, turn->due_count * sizeof *due);
    for (size_t i = 0; i < turn->unmatched_count; i++) {
        struct store_unmatched copy = {pack_text(packer, turn->unmatched[i].text),
                                       pack_text(packer, turn->unmatched[i].candidates)};
        if (unmatched != NULL) {
            unmatched[i] = copy;
        }
    }
    for (size_t i = 0; i < turn->escalation_count; i++) {
        struct store_escalation copy = {pack_text(packer, turn->escalations[i].intent),
                                        pack_text(packer, turn->escalations[i].quote)};
        if (escalations != NULL) {
            escalations[i] = copy;
        }
    }
    for (size_t i = 0; i < turn->due_count; i++) {
        struct store_due copy = {pack_text(packer, turn->due[i].kind), turn->due[i].at_ms};
        if (due != NULL) {
            due[i] = copy;
        }
    }
    turn->due = due;
    turn->unmatched = unmatched;
    turn->escalations = escalations;
    turn->conversation = pack_text(packer, turn->conversation);
    turn->turn_id = pack_text(packer, turn->turn_id);
    turn->inbound = pack_bytes(packer, turn->inbound);
    turn->outcome = pack_bytes(packer, turn->outcome);
    turn->state = pack_bytes(packer, turn->state);
}

/* Another thread read it last: the next job taken writes it. */
static void expect_block(struct job *job) {
    enum { LINE = 64, USUAL = 2048 };
    for (size_t at = 0; job != NULL && at < USUAL; at += LINE) {
        __builtin_prefetch((char *)job + at, 1);
    }
}

/* One block comes and goes with every turn, and few are large: taken from the heap each time, it is cut out
   of what others left, and put together with it again. */
static struct job *take_block(struct job_spares *spares, size_t size) {
    if (spares == NULL || spares->first == NULL || size > SPARE_SIZE) {
        return malloc(size > SPARE_SIZE ? size : SPARE_SIZE);
    }
    struct job *job = spares->first;
    spares->first = job->next;
    spares->count--;
    expect_block(spares->first);
    return job;
}

struct job *job_new(struct job_spares *spares, enum job_kind kind, const struct store_turn *turn,
                    store_done *done, void *context) {
    struct packer packer = {NULL, 0};
    struct store_turn measured = *turn;
    pack_turn(&packer, &measured);
    size_t size = sizeof(struct job) + packer.used + _Alignof(max_align_t);
    struct job *job = take_block(spares, size);
    if (job == NULL) {
        return NULL;
    }
    memset(job, 0, offsetof(struct job, text)); /* the rest is filled when there is something to say */
    job->is_usual = size <= SPARE_SIZE;
    job->kind = kind;
    job->turn = *turn;
    job->bytes = packer.used;
    job->done = done;
    job->context = context;
    size_t unit = _Alignof(max_align_t);
    size_t offset = (unit - (size_t)((uintptr_t)job->copies % unit)) % unit;
    packer = (struct packer){job->copies + offset, 0};
    pack_turn(&packer, &job->turn);
    return job;
}

void job_free(struct job_spares *spares, struct job *job) {
    if (job == NULL) {
        return;
    }
    free(job->result_bytes);
    if (spares != NULL && job->is_usual && spares->count < SPARES_MAX) {
        job->next = spares->first;
        spares->first = job;
        spares->count++;
    } else {
        free(job);
    }
}

void job_spares_free(struct job_spares *spares) {
    while (spares->first != NULL) {
        struct job *next = spares->first->next;
        free(spares->first);
        spares->first = next;
    }
    spares->count = 0;
}

void job_fail(struct job *job, enum store_status status, const char *text) {
    if (text != job->text) {
        (void)snprintf(job->text, sizeof job->text, "%s", text);
    }
    job->result = (struct store_result){.status = status, .text = job->text};
}

const void *job_keep(struct job *job, struct store_bytes bytes) {
    free(job->result_bytes);
    job->result_bytes = malloc(bytes.length + 1);
    if (job->result_bytes == NULL) {
        job_fail(job, STORE_BUSY, "out of memory");
        return NULL;
    }
    if (bytes.length != 0) {
        memcpy(job->result_bytes, bytes.data, bytes.length);
    }
    ((char *)job->result_bytes)[bytes.length] = '\0';
    return job->result_bytes;
}

/* ---- the way in ---- */

int job_queue_init(struct job_queue *queue, size_t count_max, size_t bytes_max) {
    *queue = (struct job_queue){.count_max = count_max, .bytes_max = bytes_max};
    queue->last = &queue->first;
    pthread_condattr_t attributes;
    int rc = pthread_condattr_init(&attributes);
    if (rc != 0) {
        return rc;
    }
    rc = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    rc = rc == 0 ? pthread_cond_init(&queue->filled, &attributes) : rc;
    (void)pthread_condattr_destroy(&attributes);
    if (rc == 0) {
        rc = pthread_mutex_init(&queue->mutex, NULL);
        if (rc != 0) {
            (void)pthread_cond_destroy(&queue->filled);
        }
    }
    return rc;
}

void job_queue_destroy(struct job_queue *queue) {
    while (queue->first != NULL) {
        struct job *next = queue->first->next;
        job_free(NULL, queue->first);
        queue->first = next;
    }
    (void)pthread_cond_destroy(&queue->filled);
    (void)pthread_mutex_destroy(&queue->mutex);
}

static int has_room(const struct job_queue *queue, const struct job *job) {
    return !queue->closing && queue->count < queue->count_max &&
           queue->bytes + job->bytes <= queue->bytes_max;
}

struct job *job_queue_put(struct job_queue *queue, struct job *list) {
    struct job *refused = NULL, **last_refused = &refused;
    (void)pthread_mutex_lock(&queue->mutex);
    for (struct job *job = list, *next; job != NULL; job = next) {
        next = job->next;
        job->next = NULL;
        if (has_room(queue, job)) {
            *queue->last = job;
            queue->last = &job->next;
            queue->count++;
            queue->bytes += job->bytes;
        } else {
            *last_refused = job;
            last_refused = &job->next;
        }
    }
    (void)pthread_mutex_unlock(&queue->mutex);
    (void)pthread_cond_signal(&queue->filled); /* who wakes finds the lock free, and need not sleep again */
    return refused;
}

static struct timespec deadline_after(int wait_ms) {
    struct timespec at = {0, 0};
    (void)clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += wait_ms / 1000;
    at.tv_nsec += (long)(wait_ms % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

static void wait_for_job(struct job_queue *queue, int wait_ms) {
    struct timespec deadline = deadline_after(wait_ms < 0 ? 0 : wait_ms);
    int rc = 0;
    while (queue->first == NULL && !queue->closing && rc != ETIMEDOUT) {
        rc = wait_ms < 0 ? pthread_cond_wait(&queue->filled, &queue->mutex)
                         : pthread_cond_timedwait(&queue->filled, &queue->mutex, &deadline);
    }
}

struct job *job_queue_take(struct job_queue *queue, size_t count, size_t bytes, int wait_ms, int *closed) {
    (void)pthread_mutex_lock(&queue->mutex);
    wait_for_job(queue, wait_ms);
    struct job *list = queue->first, **end = &queue->first;
    size_t taken = 0, weight = 0;
    if (queue->count <= count && queue->bytes < bytes) { /* nearly always: all, unseen while others wait */
        taken = queue->count;
        weight = queue->bytes;
        end = queue->last;
    }
    while (*end != NULL && taken < count && weight < bytes) {
        taken++;
        weight += (*end)->bytes;
        end = &(*end)->next;
    }
    queue->count -= taken;
    queue->bytes -= weight;
    queue->first = *end;
    *end = NULL; /* ends the taken list; or is queue->first itself, which then stays NULL */
    if (queue->first == NULL) {
        queue->last = &queue->first;
    }
    *closed = list == NULL && queue->closing;
    (void)pthread_mutex_unlock(&queue->mutex);
    return list;
}

void job_queue_finish(struct job_queue *queue) {
    (void)pthread_mutex_lock(&queue->mutex);
    queue->closing = 1;
    (void)pthread_cond_broadcast(&queue->filled);
    (void)pthread_mutex_unlock(&queue->mutex);
}

/* ---- the way back ---- */

static int make_quiet(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags < 0 || fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) < 0 ||
                   fcntl(descriptor, F_SETFD, FD_CLOEXEC) < 0
               ? errno
               : 0;
}

int completions_init(struct completions *completions) {
    int ends[2];
    *completions = (struct completions){.last = &completions->first};
    if (pipe(ends) != 0) {
        return errno;
    }
    completions->pipe_out = ends[0];
    completions->pipe_in = ends[1];
    int rc = make_quiet(ends[0]);
    rc = rc == 0 ? make_quiet(ends[1]) : rc;
    rc = rc == 0 ? pthread_mutex_init(&completions->mutex, NULL) : rc;
    if (rc != 0) {
        (void)close(ends[0]);
        (void)close(ends[1]);
    }
    return rc;
}

void completions_destroy(struct completions *completions) {
    (void)pthread_mutex_destroy(&completions->mutex);
    (void)close(completions->pipe_out);
    (void)close(completions->pipe_in);
}

void completions_put(struct completions *completions, struct job *list) {
    if (list == NULL) {
        return;
    }
    struct job *newest = list;
    while (newest->next != NULL) {
        newest = newest->next;
    }
    (void)pthread_mutex_lock(&completions->mutex);
    int was_empty = completions->first == NULL;
    *completions->last = list;
    completions->last = &newest->next;
    if (was_empty) {
        /* one byte per filling: the pipe cannot be full, and a signal makes us try again */
        while (write(completions->pipe_in, "", 1) < 0 && errno == EINTR) {
        }
    }
    (void)pthread_mutex_unlock(&completions->mutex);
}

static struct job *take_all(struct completions *completions) {
    char drained[16];
    (void)pthread_mutex_lock(&completions->mutex);
    if (completions->first != NULL) {
        /* one byte came with the first of them; if it cannot be read, the caller is only woken once more */
        (void)!read(completions->pipe_out, drained, sizeof drained);
    }
    struct job *list = completions->first;
    completions->first = NULL;
    completions->last = &completions->first;
    (void)pthread_mutex_unlock(&completions->mutex);
    return list;
}

/* What whoever submitted it made then begins there; many others came between. */
static void expect_context(const struct job *job) {
    enum { LINE = 64, LINES = 8 };
    const char *context = job != NULL ? job->context : NULL;
    for (size_t i = 0; context != NULL && i < LINES; i++) {
        __builtin_prefetch(context + i * LINE);
    }
}

static struct job *behind(const struct job *job) {
    return job != NULL ? job->next : NULL;
}

/* Before a job's turn: of the third behind it the job, of the second what was submitted, of the next what
   that leads to. */
static void expect_behind(const struct job *job, void (*expect)(void *context)) {
    struct job *next = behind(job), *second = behind(next);
    job_expect(behind(second));
    expect_context(second);
    if (expect != NULL && next != NULL && next->kind == JOB_COMMIT) {
        expect(next->context);
    }
}

size_t completions_run(struct completions *completions, struct job_spares *spares,
                       void (*expect)(void *context), int timeout_ms) {
    struct pollfd waited = {.fd = completions->pipe_out, .events = POLLIN};
    if (timeout_ms != 0 && poll(&waited, 1, timeout_ms) <= 0) {
        return 0; /* nothing in time, or a signal: the caller polls again */
    }
    size_t ran = 0;
    for (struct job *job = take_all(completions), *next; job != NULL; job = next) {
        next = job->next;
        expect_behind(job, expect);
        job->done(job->context, &job->result);
        job_free(spares, job);
        ran++;
    }
    return ran;
}
