/* sheet_corpus.h — every sheet of the real workbooks beside the project, read both ways.
 * SPDX-License-Identifier: MIT */
#ifndef SHEET_CORPUS_H
#define SHEET_CORPUS_H
#include <glob.h>

#include "bytes/bytes_source.h"
#include "sheet_twice.h"

struct sheet_corpus {
    const char *pattern;   /* of glob */
    const char *leave_out; /* files with this in their name; NULL: none */
    struct pf_host *host;
    pf_status (*open)(struct pf_source *source, struct pf_host *host, struct pf_grid_book *out,
                      struct pf_error *err);
    void (*hold_back)(void *cursor);
    sheet_take *take; /* NULL: the format has no pieces */
};

static inline void read_whole(const char *path, struct pf_buf *bytes) {
    FILE *file = fopen(path, "rb");
    char step[65536];
    for (size_t got; file && (got = fread(step, 1, sizeof step, file)) > 0;)
        (void)pf_buf_put(bytes, step, got, NULL);
    if (file)
        fclose(file);
}

/* Sheets of one workbook on which both agree; −1 after telling the first on which they do not. */
static inline int agree_on_book(const struct sheet_corpus *corpus, const char *path) {
    struct pf_buf bytes = {0}, said = {0};
    struct pf_source source;
    struct pf_grid_book book;
    int sheets = 0;
    read_whole(path, &bytes);
    pf_source_memory(bytes.data, bytes.size, &source);
    if (corpus->open(&source, corpus->host, &book, NULL) == PF_OK) {
        for (int32_t k = 0; k < book.sheet_count && sheets >= 0; k++) {
            struct pf_error err = PF_ERROR_INIT;
            pf_status status;
            if (book.sheets[k].kind != PF_SHEET_GRID)
                continue;
            bool same = agree_both_ways(&book, k, corpus->hold_back, corpus->take, &said, &status, &err);
            if (!same)
                fprintf(stderr, "the readers differ on sheet '%s' of %s\n", book.sheets[k].name, path);
            sheets = same ? sheets + 1 : -1;
        }
        book.driver->close_book(book.self);
    }
    pf_buf_clear(&bytes);
    pf_buf_clear(&said);
    return sheets;
}

/* How many sheets were read; 0: the corpus is not there; −1: a difference. */
static inline int agree_on_corpus(const struct sheet_corpus *corpus) {
    glob_t found;
    int sheets = 0;
    if (glob(corpus->pattern, 0, NULL, &found) != 0)
        return 0;
    for (size_t i = 0; i < found.gl_pathc && sheets >= 0; i++) {
        if (corpus->leave_out && strstr(found.gl_pathv[i], corpus->leave_out))
            continue;
        int more = agree_on_book(corpus, found.gl_pathv[i]);
        sheets = more < 0 ? -1 : sheets + more;
    }
    globfree(&found);
    return sheets;
}
#endif
