/* Writes the programs of expressions, from the end to the beginning, so that every operation knows what
   follows it. Never looks at a text. Called by pattern.c. */
#include "domain/pattern/program.h"

#include <stdlib.h>
#include <string.h>

#include "domain/pattern/program_list.h"
#include "domain/pattern/program_read.h"

#include "banned.h"

enum {
    DEPTH_MAX = 250, /* nested calls while running */
    OPS_MAX = 60000, /* of one program: optional parts are written out */
    FEW_BRANCHES = 4
};

int program_room(void **list, size_t *capacity, size_t needed, size_t size) {
    if (needed <= *capacity) {
        return 1;
    }
    size_t wanted = *capacity * 2 > needed ? *capacity * 2 : needed + 256;
    void *larger = realloc(*list, wanted * size);
    if (larger == NULL) {
        return 0;
    }
    *list = larger;
    *capacity = wanted;
    return 1;
}

struct writer {
    struct program_pool *pool;
    const struct program_pool *read; /* strings and sets of the items */
    const struct item *items;
    size_t first_op;
    int is_failed;
};

static uint32_t write_item(struct writer *writer, uint32_t item, uint32_t next);

static uint32_t class_bit(unsigned char byte) {
    return (uint32_t)1 << program_class(byte);
}

static uint32_t classes_of_set(const struct program_set *set) {
    uint32_t classes = set->has_other ? class_bit(128) : 0;
    for (unsigned byte = 0; byte < 128; byte++) {
        classes |= (set->ascii[byte / 32] >> byte % 32 & 1) != 0 ? class_bit((unsigned char)byte) : 0;
    }
    return classes;
}

static uint32_t first_of(const struct program_pool *pool, const struct program_op *op) {
    uint32_t behind = pool->ops[op->next].first, inside = 0;
    switch (op->code) {
    case PROGRAM_MATCH:
    case PROGRAM_DONE: return UINT32_MAX;
    case PROGRAM_STRING: return class_bit((unsigned char)pool->bytes[op->a]);
    case PROGRAM_SET:
        inside = classes_of_set(&pool->sets[op->a]);
        return op->b == 0 ? inside | behind : inside;
    case PROGRAM_LOOP: inside = pool->ops[op->a].first; return op->b == 0 ? inside | behind : inside;
    case PROGRAM_ONE_OF:
        for (uint32_t i = 0; i < op->b; i++) {
            inside |= pool->ops[pool->branches[op->a + i]].first;
        }
        return inside;
    case PROGRAM_AFTER: return behind & (class_bit(' ') | (uint32_t)1 << (PROGRAM_CLASSES - 1));
    case PROGRAM_END: return behind & (uint32_t)1 << (PROGRAM_CLASSES - 1);
    case PROGRAM_LIST:
        for (unsigned class = 0; class < PROGRAM_CLASSES; class ++) {
            const struct program_list *list = &pool->lists[op->a];
            int has_words = list->by_class[class].start < list->by_class[class + 1].start;
            inside |= (uint32_t)has_words << class;
        }
        return inside;
    default: return behind;
    }
}

static uint16_t depth_of(const struct program_pool *pool, const struct program_op *op) {
    uint16_t depth = op->next != 0 ? pool->ops[op->next].depth : 0;
    if (op->code == PROGRAM_LOOP) {
        uint16_t body = pool->ops[op->a].depth;
        depth = body > depth ? body : depth;
    }
    for (uint32_t i = 0; op->code == PROGRAM_ONE_OF && i < op->b; i++) {
        uint16_t branch = pool->ops[pool->branches[op->a + i]].depth;
        depth = branch > depth ? branch : depth;
    }
    int is_nested = op->code == PROGRAM_LIST || op->code == PROGRAM_SET || op->code == PROGRAM_LOOP ||
                    op->code == PROGRAM_ONE_OF || op->code == PROGRAM_OPEN || op->code == PROGRAM_CLOSE;
    return (uint16_t)(depth + is_nested);
}

static uint32_t write_op(struct writer *writer, struct program_op op) {
    struct program_pool *pool = writer->pool;
    void *ops = pool->ops;
    if (writer->is_failed || pool->op_count - writer->first_op > OPS_MAX ||
        !program_room(&ops, &pool->op_capacity, pool->op_count + 1, sizeof op)) {
        writer->is_failed = 1;
        return 0;
    }
    pool->ops = ops;
    op.first = first_of(pool, &op);
    op.depth = depth_of(pool, &op);
    writer->is_failed |= op.depth > DEPTH_MAX;
    pool->ops[pool->op_count] = op;
    return (uint32_t)pool->op_count++;
}

/* Files branches by the classes they may begin with; 0 if there is no memory. */
static uint32_t write_table(struct writer *writer, const uint32_t *branches, uint32_t count) {
    struct program_pool *pool = writer->pool;
    void *tables = pool->tables, *filed = pool->filed;
    int is_fine =
        program_room(&tables, &pool->table_capacity, pool->table_count + 1, sizeof(struct program_table)) &&
        program_room(&filed, &pool->filed_capacity, pool->filed_count + (size_t)count * PROGRAM_CLASSES,
                     sizeof(uint32_t));
    pool->tables = tables;
    pool->filed = filed;
    if (!is_fine) {
        writer->is_failed = 1;
        return 0;
    }
    struct program_table *table = &pool->tables[pool->table_count++];
    for (unsigned class = 0; class < PROGRAM_CLASSES; class ++) {
        table->start[class] = (uint32_t)pool->filed_count;
        for (uint32_t i = 0; i < count; i++) {
            if ((pool->ops[branches[i]].first >> class & 1) != 0) {
                pool->filed[pool->filed_count++] = branches[i];
            }
        }
    }
    table->start[PROGRAM_CLASSES] = (uint32_t)pool->filed_count;
    return (uint32_t)pool->table_count;
}

static uint32_t write_branches(struct writer *writer, const uint32_t *branches, uint32_t count) {
    struct program_pool *pool = writer->pool;
    void *list = pool->branches;
    if (writer->is_failed ||
        !program_room(&list, &pool->branch_capacity, pool->branch_count + count, sizeof(uint32_t))) {
        writer->is_failed = 1;
        return 0;
    }
    pool->branches = list;
    uint32_t first = (uint32_t)pool->branch_count;
    memcpy(pool->branches + first, branches, count * sizeof *branches);
    pool->branch_count += count;
    uint32_t table = count > FEW_BRANCHES ? write_table(writer, branches, count) : 0;
    return write_op(writer, (struct program_op){.code = PROGRAM_ONE_OF, .a = first, .b = count, .c = table});
}

static uint32_t write_alternatives(struct writer *writer, uint32_t number, uint32_t next) {
    const struct item *item = &writer->items[number];
    uint32_t count = 0, done = 0;
    struct program_op op = {0};
    int is_list = program_list_write(writer->pool, writer->items, writer->read->bytes, number, &op);
    writer->is_failed |= is_list < 0;
    if (is_list != 0) {
        op.next = next;
        return write_op(writer, op);
    }
    for (uint32_t child = item->child; child != 0; child = writer->items[child].next) {
        count++;
    }
    uint32_t *branches = calloc(count + 1, sizeof *branches);
    writer->is_failed |= branches == NULL;
    for (uint32_t child = item->child; child != 0 && !writer->is_failed; child = writer->items[child].next) {
        branches[done++] = write_item(writer, child, next);
    }
    uint32_t one_of = writer->is_failed ? 0 : write_branches(writer, branches, count);
    free(branches);
    return one_of;
}

/* A string of the items, in the pool. */
static uint32_t write_string(struct writer *writer, struct program_op op) {
    struct program_pool *pool = writer->pool;
    void *bytes = pool->bytes;
    if (writer->is_failed || !program_room(&bytes, &pool->byte_capacity, pool->byte_count + op.b, 1)) {
        writer->is_failed = 1;
        return 0;
    }
    pool->bytes = bytes;
    memcpy(pool->bytes + pool->byte_count, writer->read->bytes + op.a, op.b);
    op.a = (uint32_t)pool->byte_count;
    pool->byte_count += op.b;
    op.code = PROGRAM_STRING;
    return write_op(writer, op);
}

/* A set of the items; there are few different ones. */
static uint32_t write_set(struct writer *writer, struct program_op op) {
    struct program_pool *pool = writer->pool;
    const struct program_set *set = &writer->read->sets[op.a];
    void *sets = pool->sets;
    if (writer->is_failed || !program_room(&sets, &pool->set_capacity, pool->set_count + 1, sizeof *set)) {
        writer->is_failed = 1;
        return 0;
    }
    pool->sets = sets;
    for (op.a = 0; op.a < pool->set_count; op.a++) {
        if (memcmp(&pool->sets[op.a], set, sizeof *set) == 0) {
            break;
        }
    }
    pool->sets[op.a] = *set;
    pool->set_count += op.a == pool->set_count;
    op.code = PROGRAM_SET;
    return write_op(writer, op);
}

/* One more round or what follows, again and again: the rounds come back to this operation. Every round takes
   at least one byte and some steps, so that running ends. */
static uint32_t write_endless(struct writer *writer, const struct item *item, uint32_t next) {
    struct program_pool *pool = writer->pool;
    const uint32_t unknown[2] = {next, next};
    uint32_t loop = write_branches(writer, unknown, 2);
    if (writer->is_failed) {
        return 0;
    }
    pool->ops[loop].first = UINT32_MAX; /* not known yet */
    uint32_t more = write_item(writer, item->child, loop);
    if (writer->is_failed) {
        return 0;
    }
    uint32_t *branches = &pool->branches[pool->ops[loop].a];
    branches[0] = item->mode == PROGRAM_LAZY ? next : more;
    branches[1] = item->mode == PROGRAM_LAZY ? more : next;
    pool->ops[loop].first = pool->ops[more].first | pool->ops[next].first;
    return loop;
}

/* Rounds written out: (X(X)?)?, the way PCRE2 understands X{0,2}. */
static uint32_t write_rounds(struct writer *writer, const struct item *item, uint32_t next) {
    int is_endless = item->c == ENDLESS;
    uint32_t op = is_endless ? write_endless(writer, item, next) : next;
    for (uint32_t round = item->b; !is_endless && round < item->c && !writer->is_failed; round++) {
        uint32_t more = write_item(writer, item->child, op);
        uint32_t branches[2] = {more, next};
        if (item->mode == PROGRAM_LAZY) {
            branches[0] = next;
            branches[1] = more;
        }
        op = write_branches(writer, branches, 2);
    }
    for (uint32_t round = 0; round < item->b && !writer->is_failed; round++) {
        op = write_item(writer, item->child, op);
    }
    return op;
}

static uint32_t write_repeat(struct writer *writer, const struct item *item, uint32_t next) {
    const struct item *body = &writer->items[item->child];
    struct program_op op = {.mode = item->mode, .b = item->b, .c = item->c, .next = next};
    if (body->kind == ITEM_SET) {
        op.a = body->a;
        return write_set(writer, op);
    }
    int is_loop = body->is_fixed || item->mode == PROGRAM_POSSESSIVE;
    if (!is_loop || (item->mode == PROGRAM_GREEDY && item->c > PROGRAM_LOOP_MAX)) {
        return write_rounds(writer, item, next);
    }
    uint32_t done = write_op(writer, (struct program_op){.code = PROGRAM_DONE});
    op.code = PROGRAM_LOOP;
    op.a = write_item(writer, item->child, done);
    return write_op(writer, op);
}

static uint32_t write_sequence(struct writer *writer, uint32_t item, uint32_t next) {
    if (item == 0) {
        return next;
    }
    return write_item(writer, item, write_sequence(writer, writer->items[item].next, next));
}

static uint32_t write_item(struct writer *writer, uint32_t number, uint32_t next) {
    const struct item *item = &writer->items[number];
    struct program_op op = {.a = item->a, .b = item->b, .c = item->c, .next = next};
    if (writer->is_failed) {
        return 0;
    }
    switch (item->kind) {
    case ITEM_STRING: return write_string(writer, op);
    case ITEM_SET: op.mode = PROGRAM_POSSESSIVE; return write_set(writer, op);
    case ITEM_SEQUENCE: return write_sequence(writer, item->child, next);
    case ITEM_ALTERNATIVES: return write_alternatives(writer, number, next);
    case ITEM_REPEAT: return write_repeat(writer, item, next);
    case ITEM_CAPTURE:
        op.code = PROGRAM_CLOSE;
        op.next = write_op(writer, op);
        op.next = write_item(writer, item->child, op.next);
        op.code = PROGRAM_OPEN;
        return write_op(writer, op);
    default: op.code = (uint8_t)item->a; return write_op(writer, op);
    }
}

static uint32_t write_program(struct writer *writer, uint32_t root) {
    struct program_pool *pool = writer->pool;
    if (pool->op_count == 0) { /* operation 0 is none, and what nothing follows is followed by it */
        (void)write_op(writer, (struct program_op){.code = PROGRAM_MATCH});
    }
    uint32_t end = write_op(writer, (struct program_op){.code = PROGRAM_MATCH});
    uint32_t program = write_item(writer, root, end);
    if (writer->is_failed || pool->ops[program].code != PROGRAM_BEFORE) {
        return PROGRAM_NONE;
    }
    return pool->ops[program].next; /* programs are begun only where it holds */
}

uint32_t program_build(struct program_pool *pool, const char *expression, size_t length, size_t captures) {
    struct program_pool before = *pool, read = {0};
    struct reader reader = {.pool = &read, .at = expression, .end = expression + length};
    uint32_t root = program_read_expression(&reader), program = PROGRAM_NONE;
    if (root != 0 && reader.captures == captures) {
        struct writer writer = {
            .pool = pool, .read = &read, .items = reader.items, .first_op = pool->op_count};
        program = write_program(&writer, root);
    }
    free(reader.items);
    program_pool_close(&read);
    if (program == PROGRAM_NONE) { /* what was begun is written over, but for lists, which others may share */
        pool->op_count = before.op_count;
        pool->set_count = before.set_count;
        pool->table_count = before.table_count;
        pool->branch_count = before.branch_count;
        pool->filed_count = before.filed_count;
        pool->byte_count = pool->list_count == before.list_count ? before.byte_count : pool->byte_count;
    }
    return program;
}

void program_pool_close(struct program_pool *pool) {
    free(pool->ops);
    free(pool->sets);
    free(pool->tables);
    free(pool->lists);
    free(pool->list_slots);
    free(pool->words);
    free(pool->branches);
    free(pool->filed);
    free(pool->bytes);
    memset(pool, 0, sizeof *pool);
}
