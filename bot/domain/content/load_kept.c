/* What load_similar.c makes, kept between two loads of the same files: the sealed index and the words that
   its examples teach. What is damaged or of other files is not taken: then it is made anew. Opens no files
   itself (struct content_keeper does). Called by load_similar.c. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "domain/content/loader.h"
#include "domain/similar/similar.h"
#include "domain/text/text.h"

#include "banned.h"

/* Before the index; as long as what that is aligned to. */
struct head {
    uint64_t checksum; /* hash_fast of all that is behind it */
    uint64_t size;     /* of everything */
    uint64_t name;     /* of the files it was made of */
    uint64_t index_size, word_count;
    uint64_t unused[3];
};
_Static_assert(sizeof(struct head) == 64, "the index behind it begins at a line of cache memory");

/* Before the bytes of each word; they end with a NUL byte. */
struct word {
    uint32_t length;
    int32_t language;
};

/* The files, the letters by which they were folded, and which of them are laid over others. */
static uint64_t name_of(const struct loader *loader) {
    const char *letters = text_version();
    uint64_t hash = hash_more(loader->content->hash, letters, strlen(letters));
    for (size_t i = 0; i < loader->documents.count; i++)
        hash = hash_more(hash, &loader->documents.list[i].file->layer, sizeof(int));
    return hash;
}

static uint64_t checksum_of(const struct head *head) {
    return hash_fast((const char *)head + sizeof head->checksum, head->size - sizeof head->checksum);
}

/* ---- taking ---- */

/* The words behind the index; 0 if there are not as many bytes. */
static int take_words(struct load_similar *similar, const struct head *head) {
    const char *at = (const char *)head + sizeof *head + head->index_size,
               *end = (const char *)head + head->size;
    for (uint64_t i = 0; i < head->word_count; i++) {
        struct word word;
        if ((size_t)(end - at) < sizeof word)
            return 0;
        memcpy(&word, at, sizeof word);
        at += sizeof word;
        if ((size_t)(end - at) <= word.length)
            return 0;
        const struct load_taught one = {at, word.length, word.language};
        (void)buf_add(&similar->taught, &one, sizeof one); /* ->failed is looked at in the end */
        at += word.length + 1;
    }
    return at == end;
}

static int is_wanted(const struct head *head, size_t size, uint64_t name) {
    return head->size == size && head->name == name && head->index_size <= size - sizeof *head;
}

/* All of it, in the room of the index; NULL if it is not whole. That it is the one is told by its head before
   there is room for the rest. */
static struct head *read_all(const struct load_similar *similar, size_t size, uint64_t name) {
    const struct content_keeper *keeper = similar->loader->keeper;
    struct head head;
    if (!keeper->read(keeper->context, &head, sizeof head) || !is_wanted(&head, size, name))
        return NULL;
    struct head *all = similar_room(similar->loader->content->similar, size);
    *all = head;
    int is_read = size == sizeof head || keeper->read(keeper->context, all + 1, size - sizeof head);
    return is_read && all->checksum == checksum_of(all) ? all : NULL;
}

int load_kept_take(struct load_similar *similar) {
    const struct loader *loader = similar->loader;
    const struct content_keeper *keeper = loader->keeper;
    uint64_t name = name_of(loader);
    size_t size = keeper != NULL ? keeper->find(keeper->context, name) : 0;
    if (size < sizeof(struct head) || size > LOAD_KEPT_MAX)
        return 0;
    struct head *head = read_all(similar, size, name);
    if (head == NULL)
        return 0;
    int is_taken = take_words(similar, head) &&
                   similar_take_kept(loader->content->similar, head + 1, head->index_size) == 0;
    if (!is_taken)
        buf_clear(&similar->taught);
    return is_taken;
}

/* ---- giving ---- */

static size_t words_size(const struct load_taught *words, size_t count) {
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += sizeof(struct word) + words[i].length + 1;
    return size;
}

static void write_words(const struct load_taught *words, size_t count, char *at) {
    for (size_t i = 0; i < count; i++) {
        const struct word word = {(uint32_t)words[i].length, words[i].language};
        memcpy(at, &word, sizeof word);
        memcpy(at + sizeof word, words[i].word, words[i].length);
        at += sizeof word + words[i].length + 1;
    }
}

void load_kept_give(const struct load_similar *similar) {
    const struct loader *loader = similar->loader;
    const struct content_keeper *keeper = loader->keeper;
    const struct load_taught *words = (const struct load_taught *)(const void *)buf_text(&similar->taught);
    size_t count = similar->taught.length / sizeof *words;
    size_t index_size = similar_kept_size(loader->content->similar);
    if (keeper == NULL || index_size == 0 || similar->taught.failed)
        return;
    size_t size = sizeof(struct head) + index_size + words_size(words, count);
    struct head *head = size <= LOAD_KEPT_MAX ? calloc(1, size) : NULL;
    if (head == NULL)
        return;
    *head =
        (struct head){.size = size, .name = name_of(loader), .index_size = index_size, .word_count = count};
    similar_keep(loader->content->similar, head + 1);
    write_words(words, count, (char *)(head + 1) + index_size);
    head->checksum = checksum_of(head);
    keeper->keep(keeper->context, head->name, head, size);
    free(head);
}
