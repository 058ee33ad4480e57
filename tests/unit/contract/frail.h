/* frail.h — a reader and a writer that break one promise at a time.              SPDX-License-Identifier: MIT */
#ifndef FRAIL_H
#define FRAIL_H
#include "pyforge/extension.h"

/* What the reader does wrong, and the promise that must be reported as broken. */
#define FRAIL_READS(X)                                                                                         \
    X(READS_WELL, "")                                                                                          \
    X(SUFFIX_LOUD, "the table is whole")                                                                       \
    X(PROBE_BEYOND_SCALE, "probe answers for heads of 0, 1 and n bytes")                                       \
    X(PROBE_FORGETS, "probe answers for heads of 0, 1 and n bytes")                                            \
    X(PROBE_LEAKS, "probe answers for heads of 0, 1 and n bytes")                                              \
    X(PROBE_STRANGER, "probe answers for heads of 0, 1 and n bytes")                                           \
    X(CLOSE_LEAKS, "an exact survey reads to the end, and close ends everything")                              \
    X(CLOSE_ENDS_SOURCE, "an exact survey reads to the end, and close ends everything")                        \
    X(BATCH_DIES, "an exact survey reads to the end, and close ends everything")                               \
    X(BATCH_EMPTY, "an exact survey reads to the end, and close ends everything")                              \
    X(END_FORGOTTEN, "an exact survey reads to the end, and close ends everything")                            \
    X(SCHEMA_OTHER, "an exact survey reads to the end, and close ends everything")                             \
    X(COUNTS_NOT, "rows in = rows out + rejected + skipped")                                                   \
    X(CHANGES, "the same bytes give the same batches, with threads and without")                               \
    X(EXACT_UNSAID, "SAMPLE, then EXACT agree")                                                                \
    X(SAMPLE_MORE_TABLES, "SAMPLE, then EXACT agree")                                                          \
    X(SAMPLE_READS_OTHER, "SAMPLE, then EXACT agree")                                                          \
    X(COLUMNS_IGNORED, "a column asked for alone has the same values")                                         \
    X(STREAM_LEAKS, "a stream may be left after any batch")                                                    \
    X(CANCEL_IS_END, "a cancel between any two batches ends cleanly")                                          \
    X(CANCEL_IS_BUG, "a cancel between any two batches ends cleanly")                                          \
    X(ERROR_FORGOTTEN, "a value beyond the schema ends with WIDEN, for ever")                                  \
    X(ERROR_UNTOLD, "a value beyond the schema ends with WIDEN, for ever")                                     \
    X(SOURCE_TRUSTED, "a broken source is told and leaves nothing")                                            \
    X(OPEN_LEAKS, "a broken source is told and leaves nothing")                                                \
    X(SOURCE_UNTOLD, "a broken source is told and leaves nothing")                                             \
    X(FOREIGN_CLAIMED, "foreign bytes are not claimed, and told when they are opened all the same")            \
    X(CUT_IS_BUG, "an input that ends too early is told, or read to there")                                    \
    X(MUTE_IS_GOOD, "every err may be NULL")                                                                   \
    X(OLD_REFUSED, "an older host is enough")                                                                  \
    X(SHARES_STATE, "two inputs are read at the same time, on two threads")                                    \
    X(READS_GROW, "batches, streams and readers give back all their memory")                                   \
    X(MEMORY_LEAKS, "lack of memory is told and leaves nothing")                                               \
    X(MEMORY_IS_BUG, "lack of memory is told and leaves nothing")

#define FRAIL_WRITES(X)                                                                                        \
    X(WRITES_WELL, "")                                                                                         \
    X(DOT_MISSING, "the table is whole")                                                                       \
    X(ROWS_WRONG, "begin, write, finish, close: all rows, one commit")                                         \
    X(BATCH_KEPT, "begin, write, finish, close: all rows, one commit")                                         \
    X(BYTES_FALL, "begin, write, finish, close: all rows, one commit")                                         \
    X(WRITER_LEAKS, "begin, write, finish, close: all rows, one commit")                                       \
    X(TIME_SHOWS, "the same batches give the same bytes, with threads and without")                            \
    X(EMPTY_REFUSED, "a table without rows is a file")                                                         \
    X(ABORT_COMMITS, "abort after any batch leaves nothing")                                                   \
    X(ABORT_FORGETS, "abort after any batch leaves nothing")                                                   \
    X(LATE_TAKEN, "calls after finish answer STATE")                                                           \
    X(CANCEL_COMMITS, "a cancel between any two batches ends cleanly")                                         \
    X(FAILURE_FORGOTTEN, "a broken sink is told, for ever, and leaves nothing")                                \
    X(COMMIT_TRUSTED, "a broken sink is told, for ever, and leaves nothing")                                   \
    X(SINK_USED_ON, "a broken sink is told, for ever, and leaves nothing")                                     \
    X(BEGIN_UNTOLD, "a broken sink is told, for ever, and leaves nothing")                                     \
    X(MUTE_COMMITS, "every err may be NULL")                                                                   \
    X(OLD_WRITES_OTHER, "an older host is enough")                                                             \
    X(WRITES_GROW, "a writer gives back all its memory")                                                       \
    X(LACK_LEAKS, "lack of memory is told and leaves nothing")

/* What is lost on purpose can still be found, so that a sanitizer tells only what is lost by mistake. */
void frail_lose(void *memory);
/* So much of malloc, that nobody but the heap itself counts. */
void frail_grow(void);

#define FRAIL_ENUM(name, promise) name,
enum frail_read { FRAIL_READS(FRAIL_ENUM) FRAIL_READ_COUNT };
enum frail_write { FRAIL_WRITES(FRAIL_ENUM) FRAIL_WRITE_COUNT };
extern enum frail_read frail_read;
extern enum frail_write frail_write;
/* Lines of two characters, told apart in two text columns; batches of two rows. A survey's schema fits. */
const struct pf_reader *frail_reader(void);
const struct pf_writer *frail_writer(void);
#endif
