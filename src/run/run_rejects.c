/* run_rejects.c — room run. Rejected records: kept while a lap runs, written when it is good.
 * SPDX-License-Identifier: MIT
 * Knows: the columns of a reject file, the spool.
 * Knows not: why something was rejected, what writes the file. */
#include "run/run_rejects.h"

#include "base/error.h"
#include "base/mem.h"
#include "base/temp.h"
#include "base/utf8.h"
#include "columns/columns_schema.h"

#define PENDING_MOST (1u << 20) /* bytes kept in memory before the spool is opened */
#define READ_BYTES   ((size_t)256 << 10)
#define BATCH_ROWS   4096
#define BATCH_BYTES  (4 << 20)

/* One record of the spool: this head, then the texts without NULs in the order of the sizes. */
enum { TEXT_FILE, TEXT_TABLE, TEXT_COLUMN, TEXT_EXPECTED, TEXT_REASON, TEXT_RAW, TEXT_COUNT };
#define TEXT_ABSENT UINT64_MAX
struct record {
    int64_t row, line, byte;
    uint64_t sizes[TEXT_COUNT];
};

static pf_status flush_pending(struct pf_rejects *rejects, struct pf_error *err) {
    if (!rejects->pending.size)
        return PF_OK;
    if (!rejects->spooling) {
        PF_TRY(pf_temp_open(rejects->temp_folder, &rejects->spool, err));
        rejects->spooling = true;
    }
    if (rejects->temp_limit > 0 && rejects->spooled + (int64_t)rejects->pending.size > rejects->temp_limit)
        return pf_fail(err, PF_LIMIT,
                       "the rejected rows need more temporary space than --temp-limit allows; raise it");
    PF_TRY(
        pf_file_write_all(rejects->spool, rejects->pending.data, rejects->pending.size, "rejected rows", err));
    rejects->spooled += (int64_t)rejects->pending.size;
    rejects->pending.size = 0;
    return PF_OK;
}

pf_status pf_rejects_put(struct pf_rejects *rejects, const char *file, const struct pf_reject *reject,
                         struct pf_error *err) {
    const void *texts[TEXT_COUNT] = {file,           reject->table, reject->column, reject->expected,
                                     reject->reason, reject->raw};
    struct record record = {.row = reject->row, .line = reject->line, .byte = reject->byte};
    for (int i = 0; i < TEXT_COUNT; i++)
        record.sizes[i] = !texts[i] ? TEXT_ABSENT : i == TEXT_RAW ? reject->raw_size : strlen(texts[i]);
    size_t start = rejects->pending.size;
    pf_status status = pf_buf_put(&rejects->pending, &record, sizeof record, err);
    for (int i = 0; status == PF_OK && i < TEXT_COUNT; i++)
        if (texts[i])
            status = pf_buf_put(&rejects->pending, texts[i], (size_t)record.sizes[i], err);
    if (status != PF_OK) {
        rejects->pending.size = start;
        return status;
    }
    rejects->count++;
    return rejects->pending.size > PENDING_MOST ? flush_pending(rejects, err) : PF_OK;
}

void pf_rejects_clear(struct pf_rejects *rejects) {
    pf_buf_clear(&rejects->pending);
    if (rejects->spooling)
        pf_file_close(&rejects->spool, "rejected rows", NULL);
    rejects->spooling = false;
    rejects->spooled = 0;
    rejects->count = 0;
}

/* ---- writing ---- */

enum {
    COL_FILE,
    COL_TABLE,
    COL_ROW,
    COL_LINE,
    COL_BYTE,
    COL_COLUMN,
    COL_EXPECTED,
    COL_REASON,
    COL_RAW,
    COL_ENCODING,
    COL_COUNT
};
static const struct {
    const char *name;
    int16_t kind;
} columns[COL_COUNT] = {{"file", PF_KIND_UTF8},     {"table", PF_KIND_UTF8},  {"row", PF_KIND_INT64},
                        {"line", PF_KIND_INT64},    {"byte", PF_KIND_INT64},  {"column", PF_KIND_UTF8},
                        {"expected", PF_KIND_UTF8}, {"reason", PF_KIND_UTF8}, {"raw", PF_KIND_UTF8},
                        {"encoding", PF_KIND_UTF8}};

static pf_status make_schema(struct ArrowSchema *out, struct pf_error *err) {
    PF_TRY(pf_schema_struct(out, COL_COUNT, err));
    for (int i = 0; i < COL_COUNT; i++) {
        struct pf_type type = {.kind = columns[i].kind, .index = PF_KIND_NULL_, .zone = ""};
        pf_status status = pf_schema_field(out->children[i], columns[i].name, &type, true, err);
        if (status != PF_OK) {
            pf_schema_release(out);
            return status;
        }
    }
    return PF_OK;
}

pf_status pf_reject_file_begin(struct pf_reject_file *file, const struct pf_writer *writer,
                               const struct pf_begin *request, struct pf_error *err) {
    struct ArrowSchema schema = {0};
    struct pf_begin begin = *request;
    PF_TRY(make_schema(&schema, err));
    begin.schema = &schema;
    pf_status status = pf_batch_open(&file->batch, &schema, err);
    if (status == PF_OK) {
        status = writer->begin(&begin, &file->state, err);
        if (status == PF_OK)
            file->writer = writer;
        else
            pf_batch_clear(&file->batch);
    }
    pf_schema_release(&schema);
    return status;
}

static size_t put_base64(const uint8_t *from, size_t size, char *to) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *start = to;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t word = (uint32_t)from[i] << 16 | (left > 1 ? (uint32_t)from[i + 1] << 8 : 0) |
                        (left > 2 ? from[i + 2] : 0);
        *to++ = digits[word >> 18];
        *to++ = digits[word >> 12 & 63];
        *to++ = left > 1 ? digits[word >> 6 & 63] : '=';
        *to++ = left > 2 ? digits[word & 63] : '=';
    }
    return (size_t)(to - start);
}

static pf_status put_text(struct pf_build *build, const uint8_t *text, uint64_t size, struct pf_error *err) {
    return size == TEXT_ABSENT ? pf_build_null(build, err) : pf_build_bytes(build, text, (size_t)size, err);
}

static pf_status put_number(struct pf_build *build, int64_t number, struct pf_error *err) {
    return number < 0 ? pf_build_null(build, err) : pf_build_value(build, &number, err);
}

/* Raw bytes as they are when they are text, else base64: a reject file must itself be readable. */
static pf_status put_raw(struct pf_batch *batch, const uint8_t *raw, uint64_t size, struct pf_error *err) {
    struct pf_build *build = &batch->builds[COL_RAW], *encoding = &batch->builds[COL_ENCODING];
    bool text =
        size == TEXT_ABSENT || (pf_utf8_valid(raw, (size_t)size) == size && !memchr(raw, 0, (size_t)size));
    PF_TRY(text ? pf_build_bytes(encoding, "utf-8", 5, err) : pf_build_bytes(encoding, "base64", 6, err));
    if (text)
        return put_text(build, raw, size, err);
    char *coded = pf_mem_alloc(((size_t)size + 2) / 3 * 4);
    if (!coded)
        return pf_fail_memory(err, (size_t)size);
    pf_status status = pf_build_bytes(build, coded, put_base64(raw, (size_t)size, coded), err);
    pf_mem_free(coded);
    return status;
}

static pf_status flush_batch(struct pf_reject_file *file, struct pf_error *err) {
    struct ArrowArray array = {0};
    PF_TRY(pf_batch_take(&file->batch, &array, err));
    pf_status status = file->writer->write(file->state, &array, err);
    if (status != PF_OK)
        pf_array_release(&array);
    return status;
}

static pf_status put_record(struct pf_reject_file *file, const struct record *record, const uint8_t *texts,
                            struct pf_error *err) {
    static const int target[TEXT_COUNT] = {COL_FILE, COL_TABLE, COL_COLUMN, COL_EXPECTED, COL_REASON, COL_RAW};
    struct pf_batch *batch = &file->batch;
    for (int i = 0; i < TEXT_COUNT; i++) {
        uint64_t size = record->sizes[i];
        PF_TRY(i == TEXT_RAW ? put_raw(batch, texts, size, err)
                             : put_text(&batch->builds[target[i]], texts, size, err));
        texts += size == TEXT_ABSENT ? 0 : size;
    }
    PF_TRY(put_number(&batch->builds[COL_ROW], record->row, err));
    PF_TRY(put_number(&batch->builds[COL_LINE], record->line, err));
    PF_TRY(put_number(&batch->builds[COL_BYTE], record->byte, err));
    if (batch->builds[COL_RAW].length >= BATCH_ROWS || batch->builds[COL_RAW].data_size >= BATCH_BYTES)
        return flush_batch(file, err);
    return PF_OK;
}

static size_t texts_size(const struct record *record) {
    size_t size = 0;
    for (int i = 0; i < TEXT_COUNT; i++)
        size += record->sizes[i] == TEXT_ABSENT ? 0 : (size_t)record->sizes[i];
    return size;
}

/* The spool read back in order: bytes [start, bytes.size) are not used yet. */
struct walk {
    const struct pf_rejects *rejects;
    struct pf_buf bytes;
    size_t start;
    int64_t next; /* offset in the spool behind what is in bytes */
};

/* Lends the next size bytes until the next call. */
static pf_status walk_on(struct walk *walk, size_t size, const uint8_t **out, struct pf_error *err) {
    size_t left = walk->bytes.size - walk->start;
    if (left < size) {
        if (left)
            memmove(walk->bytes.data, walk->bytes.data + walk->start, left);
        walk->bytes.size = left;
        walk->start = 0;
        size_t want = size - left > READ_BYTES ? size - left : READ_BYTES, got = 0;
        if ((int64_t)want > walk->rejects->spooled - walk->next)
            want = (size_t)(walk->rejects->spooled - walk->next);
        PF_TRY(pf_buf_reserve(&walk->bytes, want + 1, err));
        PF_TRY(pf_file_read_at(walk->rejects->spool, walk->next, walk->bytes.data + left, want, &got,
                               "rejected rows", err));
        walk->bytes.size += got;
        walk->next += (int64_t)got;
        if (walk->bytes.size < size)
            return pf_fail(err, PF_IO, "the temporary file of rejected rows is cut short; check --temp-dir");
    }
    *out = walk->bytes.data + walk->start;
    walk->start += size;
    return PF_OK;
}

static pf_status append_spooled(struct pf_reject_file *file, const struct pf_rejects *rejects,
                                struct pf_error *err) {
    struct walk walk = {.rejects = rejects};
    pf_status status = PF_OK;
    while (status == PF_OK && (walk.next < rejects->spooled || walk.start < walk.bytes.size)) {
        struct record record;
        const uint8_t *bytes = NULL;
        status = walk_on(&walk, sizeof record, &bytes, err);
        if (status != PF_OK || !bytes)
            break;
        memcpy(&record, bytes, sizeof record);
        status = walk_on(&walk, texts_size(&record), &bytes, err);
        if (status == PF_OK)
            status = put_record(file, &record, bytes, err);
    }
    pf_buf_clear(&walk.bytes);
    return status;
}

pf_status pf_reject_file_append(struct pf_reject_file *file, const struct pf_rejects *rejects,
                                struct pf_error *err) {
    if (rejects->spooling)
        PF_TRY(append_spooled(file, rejects, err));
    for (size_t at = 0; at < rejects->pending.size;) {
        struct record record;
        memcpy(&record, rejects->pending.data + at, sizeof record);
        PF_TRY(put_record(file, &record, rejects->pending.data + at + sizeof record, err));
        at += sizeof record + texts_size(&record);
    }
    return file->batch.builds[COL_RAW].length ? flush_batch(file, err) : PF_OK;
}

static void end_writer(struct pf_reject_file *file) {
    file->writer->close(file->state);
    file->writer = NULL;
    file->state = NULL;
    pf_batch_clear(&file->batch);
}

pf_status pf_reject_file_finish(struct pf_reject_file *file, struct pf_error *err) {
    struct pf_written written = {.struct_size = sizeof written};
    PF_TRY(file->writer->finish(file->state, &written, err));
    end_writer(file);
    return PF_OK;
}

void pf_reject_file_clear(struct pf_reject_file *file) {
    if (!file->writer)
        return;
    file->writer->abort(file->state);
    end_writer(file);
}
