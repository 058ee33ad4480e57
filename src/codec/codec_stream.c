/* codec_stream.c — room codec. A compressed source as a forward source.         SPDX-License-Identifier: MIT
 * Knows: refilling, the ring that decompression runs ahead into, the expansion ceiling, sticky errors.
 * Knows not: any codec's inside, file formats. */
#include "codec/codec_stream.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/ceilings.h"
#include "base/error.h"
#include "base/mem.h"
#include "base/thread.h"
#include "bytes/bytes_source.h"
#include "codec/codec_oneshot.h"

#define INPUT_BYTES ((size_t)256 << 10) /* one read of the inner source: cancel comes through there */
#define BLOCK_BYTES ((size_t)512 << 10) /* one hand-off; small enough to stay in a core's cache */
#define BLOCKS      8
#define RATIO_FREE  ((int64_t)64 << 20) /* no ratio is judged below: small things compress wildly */

struct block {
    uint8_t *data;
    size_t size;
};

struct stream {
    const struct pf_codec *codec;
    struct pf_source inner;
    pf_inflater *inflater;
    int64_t ceiling;
    bool asked; /* the ceiling is the caller's */
    /* Of whoever decompresses. */
    uint8_t *input;
    size_t input_at, input_end;
    int64_t input_offset; /* of the next read */
    bool input_done;
    int32_t ended; /* a complete end was reached with the input so far */
    int64_t made;  /* bytes that came out */
    atomic_bool stop;
    /* Of the reading thread. */
    int64_t position;
    size_t taken; /* of the oldest block */
    bool over;
    bool failed;
    struct pf_error failure;
    /* The ring: count full blocks from first on. Guarded by the mutex. */
    bool threaded, started;
    pf_thread thread;
    pf_mutex mutex;
    pf_condition filled, freed;
    struct block blocks[BLOCKS];
    size_t first, count;
    bool done; /* nothing more comes; outcome says why */
    pf_status outcome;
    struct pf_error trouble;
};

/* ---- decompressing -------------------------------------------------------------------------------------- */

static pf_status refill(struct stream *stream, struct pf_error *err) {
    size_t got = 0;
    PF_TRY(stream->inner.read_at(&stream->inner, stream->input_offset, stream->input, INPUT_BYTES, &got, err));
    stream->input_at = 0;
    stream->input_end = got;
    stream->input_offset += (int64_t)got;
    stream->input_done = got < INPUT_BYTES;
    return PF_OK;
}

static pf_status check_ratio(const struct stream *stream, struct pf_error *err) {
    int64_t eaten = stream->input_offset - (int64_t)(stream->input_end - stream->input_at);
    if (stream->made <= RATIO_FREE || stream->made / stream->ceiling <= eaten)
        return PF_OK;
    return pf_fail_at(err, PF_LIMIT, -1, eaten,
                      "%s data grows to more than %lld times its size; if that is meant, %s",
                      stream->codec->name, (long long)stream->ceiling,
                      stream->asked ? "give --max-expansion 0" : "unpack it first");
}

/* Fills up to room bytes; *over when the end was reached before. */
static pf_status decode(struct stream *stream, uint8_t *to, size_t room, size_t *got, bool *over,
                        struct pf_error *err) {
    *got = 0;
    while (*got < room) {
        if (atomic_load_explicit(&stream->stop, memory_order_relaxed))
            return pf_fail_cancelled(err);
        if (stream->input_at == stream->input_end && !stream->input_done)
            PF_TRY(refill(stream, err));
        size_t used = stream->input_end - stream->input_at, made = room - *got;
        pf_status status = stream->codec->inflate(stream->inflater, stream->input + stream->input_at, &used,
                                                  to + *got, &made, &stream->ended, err);
        stream->input_at += used;
        stream->made += (int64_t)made;
        *got += made;
        if (status != PF_OK)
            return status;
        PF_TRY(check_ratio(stream, err));
        if (made > 0 || used > 0)
            continue;
        int64_t eaten = stream->input_offset - (int64_t)(stream->input_end - stream->input_at);
        if (stream->input_at < stream->input_end)
            return pf_codec_broken(stream->codec->name, eaten, "it does not go on", err);
        if (stream->input_done) {
            *over = true;
            return stream->ended ? PF_OK : pf_codec_broken(stream->codec->name, eaten, "it is truncated", err);
        }
    }
    return PF_OK;
}

/* The thread that runs ahead: fills free blocks until the end, a failure or a stop. */
static void run_ahead(void *arg) {
    struct stream *stream = arg;
    bool done = false;
    while (!done) {
        pf_mutex_lock(&stream->mutex);
        while (stream->count == BLOCKS && !stream->stop)
            pf_condition_wait(&stream->freed, &stream->mutex);
        struct block *block = &stream->blocks[(stream->first + stream->count) % BLOCKS];
        pf_mutex_unlock(&stream->mutex);
        struct pf_error trouble = PF_ERROR_INIT;
        pf_status status = PF_OK;
        block->size = 0;
        if (!block->data && !(block->data = pf_mem_aligned(BLOCK_BYTES)))
            status = pf_fail_memory(&trouble, BLOCK_BYTES);
        else
            status = decode(stream, block->data, BLOCK_BYTES, &block->size, &done, &trouble);
        done = done || status != PF_OK;
        pf_mutex_lock(&stream->mutex);
        stream->count += block->size > 0;
        stream->done = done;
        stream->outcome = status;
        if (status != PF_OK)
            stream->trouble = trouble;
        pf_condition_signal(&stream->filled);
        pf_mutex_unlock(&stream->mutex);
    }
}

/* ---- reading ----------------------------------------------------------------------------------------------
 */

static pf_status repeat_failure(const struct stream *stream, struct pf_error *err) {
    const struct pf_error *failure = &stream->failure;
    pf_fail_at(err, failure->code, failure->row, failure->byte, "%s", failure->message);
    if (failure->where[0])
        pf_where(err, "%s", failure->where);
    return failure->code;
}

static pf_status fail_for_good(struct stream *stream, const struct pf_error *trouble, struct pf_error *err) {
    stream->failed = true;
    stream->failure = *trouble;
    return repeat_failure(stream, err);
}

/* Lends the next bytes out of the ring; NULL at the end. */
static pf_status lend_block(struct stream *stream, const uint8_t **at, size_t *size, struct pf_error *err) {
    *at = NULL;
    *size = 0;
    pf_mutex_lock(&stream->mutex);
    while (stream->count == 0 && !stream->done)
        pf_condition_wait(&stream->filled, &stream->mutex);
    bool have = stream->count > 0;
    pf_status outcome = stream->outcome;
    pf_mutex_unlock(&stream->mutex);
    if (have) {
        *at = stream->blocks[stream->first].data + stream->taken;
        *size = stream->blocks[stream->first].size - stream->taken;
        return PF_OK;
    }
    if (outcome != PF_OK)
        return fail_for_good(stream, &stream->trouble, err);
    stream->over = true;
    return PF_OK;
}

static void take_from_block(struct stream *stream, size_t count) {
    stream->taken += count;
    if (stream->taken < stream->blocks[stream->first].size)
        return;
    stream->taken = 0;
    pf_mutex_lock(&stream->mutex);
    stream->first = (stream->first + 1) % BLOCKS;
    stream->count--;
    pf_condition_signal(&stream->freed);
    pf_mutex_unlock(&stream->mutex);
}

/* The next want bytes to to (NULL: thrown away); *got < want only at the end. */
static pf_status take_ahead(struct stream *stream, uint8_t *to, size_t want, size_t *got,
                            struct pf_error *err) {
    while (*got < want && !stream->over) {
        const uint8_t *at;
        size_t size;
        PF_TRY(lend_block(stream, &at, &size, err));
        size_t count = size < want - *got ? size : want - *got;
        if (count == 0)
            continue;
        if (to)
            memcpy(to + *got, at, count);
        *got += count;
        take_from_block(stream, count);
    }
    return PF_OK;
}

/* The same without a thread: straight into the caller's memory. */
static pf_status take_direct(struct stream *stream, uint8_t *to, size_t want, size_t *got,
                             struct pf_error *err) {
    struct block *scratch = &stream->blocks[0];
    if (!to && !scratch->data && !(scratch->data = pf_mem_aligned(BLOCK_BYTES)))
        return pf_fail_memory(err, BLOCK_BYTES);
    while (*got < want && !stream->over) {
        size_t room = want - *got < BLOCK_BYTES ? want - *got : BLOCK_BYTES, made = 0;
        struct pf_error trouble = PF_ERROR_INIT;
        if (decode(stream, to ? to + *got : scratch->data, room, &made, &stream->over, &trouble) != PF_OK)
            return fail_for_good(stream, &trouble, err);
        *got += made;
    }
    return PF_OK;
}

static pf_status take_bytes(struct stream *stream, uint8_t *to, size_t want, size_t *got,
                            struct pf_error *err) {
    *got = 0;
    pf_status status =
        stream->started ? take_ahead(stream, to, want, got, err) : take_direct(stream, to, want, got, err);
    stream->position += (int64_t)*got;
    return status;
}

static pf_status read_stream(struct pf_source *source, int64_t offset, void *to, size_t want, size_t *got,
                             struct pf_error *err) {
    struct stream *stream = source->self;
    *got = 0;
    if (stream->failed)
        return repeat_failure(stream, err);
    if (offset < stream->position)
        return pf_fail(err, PF_STATE, "a forward source was asked for byte %lld after byte %lld",
                       (long long)offset, (long long)stream->position);
    /* The thread starts with the first read; where it cannot, the reading thread does the work. */
    if (stream->threaded && !stream->started) {
        stream->threaded = false;
        stream->started = pf_thread_start(&stream->thread, run_ahead, stream, NULL) == PF_OK;
    }
    while (stream->position < offset && !stream->over) {
        size_t skipped, gap = offset - stream->position < (int64_t)BLOCK_BYTES
                                  ? (size_t)(offset - stream->position)
                                  : BLOCK_BYTES;
        PF_TRY(take_bytes(stream, NULL, gap, &skipped, err));
    }
    if (want == 0 || stream->over)
        return PF_OK;
    pf_status status = take_bytes(stream, to, want, got, err);
    if (status != PF_OK)
        *got = 0;
    return status;
}

/* ---- opening and closing ----------------------------------------------------------------------------------
 */

static void free_stream(struct stream *stream) {
    if (stream->inflater)
        stream->codec->inflate_close(stream->inflater);
    for (size_t i = 0; i < BLOCKS; i++)
        pf_mem_free(stream->blocks[i].data);
    pf_mem_free(stream->input);
    pf_mem_free(stream);
}

static void close_stream(struct pf_source *source) {
    struct stream *stream = source->self;
    if (stream->started) {
        pf_mutex_lock(&stream->mutex);
        atomic_store(&stream->stop, true);
        pf_condition_signal(&stream->freed);
        pf_mutex_unlock(&stream->mutex);
        pf_thread_join(&stream->thread);
    }
    pf_condition_clear(&stream->filled);
    pf_condition_clear(&stream->freed);
    pf_mutex_clear(&stream->mutex);
    pf_source_close(&stream->inner);
    free_stream(stream);
    *source = (struct pf_source){0};
}

static pf_status init_ring(struct stream *stream, struct pf_error *err) {
    PF_TRY(pf_mutex_init(&stream->mutex, err));
    pf_status status = pf_condition_init(&stream->filled, err);
    if (status == PF_OK) {
        status = pf_condition_init(&stream->freed, err);
        if (status == PF_OK)
            return PF_OK;
        pf_condition_clear(&stream->filled);
    }
    pf_mutex_clear(&stream->mutex);
    return status;
}

pf_status pf_codec_stream(const struct pf_codec *codec, struct pf_source *inner, int32_t threaded,
                          int64_t expansion_ceiling, struct pf_source *out, struct pf_error *err) {
    if (!codec->inflate_open)
        return pf_fail(err, PF_ARGUMENT, "%s is not a codec of files; choose another", codec->name);
    struct stream *stream = pf_mem_zero(1, sizeof *stream);
    if (!stream)
        return pf_fail_memory(err, sizeof *stream);
    stream->codec = codec;
    stream->threaded = threaded != 0;
    stream->asked = expansion_ceiling > 0;
    stream->ceiling = expansion_ceiling > 0 ? expansion_ceiling : PF_CEIL_EXPANSION;
    stream->input = pf_mem_aligned(INPUT_BYTES);
    pf_status status =
        stream->input ? codec->inflate_open(&stream->inflater, err) : pf_fail_memory(err, INPUT_BYTES);
    if (status == PF_OK)
        status = init_ring(stream, err);
    if (status != PF_OK) {
        free_stream(stream);
        return status;
    }
    stream->inner = *inner;
    *inner = (struct pf_source){0};
    *out = (struct pf_source){
        .struct_size = sizeof *out,
        .random = 0,
        .size_bytes = -1,
        .self = stream,
        .read_at = read_stream,
        .close = close_stream,
    };
    return PF_OK;
}
