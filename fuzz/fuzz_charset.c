/* fuzz_charset.c — any bytes in any charset: always good UTF-8, always an end, in any pieces.  SPDX-License-Identifier: MIT */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/charset.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void insist(int good) {
    if (!good)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    size_t count = 0;
    while (pf_charset_at(count))
        count++;
    if (size < 3 || count == 0)
        return 0;
    const struct pf_charset *charset = pf_charset_find(pf_charset_at(data[0] % count));
    size_t room = 16 + data[1];
    data += 2;
    size -= 2;
    char *to = malloc(room);
    uint8_t *from = malloc(size); /* exact, so that a sanitizer sees a read behind the end */
    for (size_t i = 0; i < size; i++)
        from[i] = data[i];
    for (size_t at = 0; at < size;) {
        struct pf_charset_bad bad;
        size_t used, made;
        bool last = (at + room) % 3 != 0;
        pf_charset_convert(charset, from + at, size - at, &used, to, room, &made, last, &bad);
        insist(used <= size - at && made <= room && pf_utf8_valid(to, made) == made);
        insist((bad.count > 0) == (bad.offset >= 0) && bad.offset < (int64_t)used);
        if (used == 0) {
            insist(!last);
            break;
        }
        at += used;
    }
    free(from);
    free(to);
    return 0;
}
