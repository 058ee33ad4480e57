/* cli_cells.c — room cli. `pyforge cells`: every cell of a workbook, a line each. SPDX-License-Identifier: MIT
 * Knows: the four text columns of pf_job_cells, JSON spelling.
 * Knows not: workbooks. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli_args.h"
#include "cli_console.h"

struct column {
    const int32_t *offsets;
    const char *data;
};

static struct column column_of(const struct ArrowArray *batch, int64_t i) {
    const struct ArrowArray *child = batch->children[i];
    return (struct column){(const int32_t *)child->buffers[1] + child->offset + batch->offset,
                           child->buffers[2]};
}

static const char *value_of(const struct column *column, int64_t row, size_t *size) {
    *size = (size_t)(column->offsets[row + 1] - column->offsets[row]);
    return column->data + column->offsets[row];
}

static void put_json_text(const char *text, size_t size) {
    putchar('"');
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == '"' || c == '\\')
            printf("\\%c", c);
        else if (c == '\n')
            fputs("\\n", stdout);
        else if (c < 0x20 || c == 0x7F)
            printf("\\u%04x", c);
        else
            putchar(c);
    }
    putchar('"');
}

static void put_cell(const struct column columns[4], int64_t row, bool json) {
    static const char *const keys[] = {"sheet", "cell", "type", "value"};
    for (int i = 0; i < 4; i++) {
        size_t size;
        const char *text = value_of(&columns[i], row, &size);
        if (json) {
            printf("%s\"%s\":", i ? "," : "{", keys[i]);
            put_json_text(text, size);
        } else {
            pf_cli_print("%s%.*s", i ? "\t" : "", (int)size, text);
        }
    }
    fputs(json ? "}\n" : "\n", stdout);
}

/* What the stream's number says; where it is none of these, the file is at fault. */
static pf_status code_of(int number) {
    switch (number) {
    case ENOMEM: return PF_NO_MEMORY;
    case EIO: return PF_IO;
    case EOVERFLOW: return PF_LIMIT;
    case ECANCELED: return PF_CANCELLED;
    default: return PF_BAD_DATA;
    }
}

/* Prints all batches; what the stream answers, with its words in err. */
static int put_stream(struct ArrowArrayStream *stream, bool json, int64_t *cells, struct pf_error *err) {
    for (;;) {
        struct ArrowArray batch;
        int failed = stream->get_next(stream, &batch);
        if (failed) {
            const char *words = stream->get_last_error(stream);
            snprintf(err->message, sizeof err->message, "%s", words ? words : "reading failed");
            err->code = code_of(failed);
            return failed;
        }
        if (!batch.release)
            return 0;
        struct column columns[4];
        for (int i = 0; i < 4; i++)
            columns[i] = column_of(&batch, i);
        for (int64_t row = 0; row < batch.length; row++)
            put_cell(columns, row, json);
        *cells += batch.length;
        batch.release(&batch);
    }
}

int pf_cli_cells(struct pf_cli_args *args) {
    if (args->positional_count != 1)
        return args->positional_count ? pf_cli_usage("cells: one file at a time")
                                      : pf_cli_usage("cells: no file given");
    pf_job *job = NULL;
    int64_t cells = 0;
    struct ArrowArrayStream stream = {0};
    struct pf_error err = {.struct_size = sizeof err, .row = -1, .byte = -1};
    int code = pf_cli_job(args, args->positionals[0], &job);
    if (code != PF_EXIT_DONE)
        return code;
    if (pf_job_cells(job, &stream, &err) != PF_OK || put_stream(&stream, args->json, &cells, &err) != 0)
        code = pf_cli_failed(&err);
    else if (cells == 0)
        pf_cli_say("notice: the workbook is empty: no cell has a value\n");
    if (stream.release)
        stream.release(&stream);
    pf_job_close(&job);
    return code;
}
