/* charset_filter.c — test. Standard input in a charset → UTF-8 on standard output.
 * SPDX-License-Identifier: MIT
 * Knows: pf_charset_convert, fed in odd pieces.
 * Knows not: what is right; charset_against_python.py does. */
#include <stdio.h>
#include <string.h>

#include "base/charset.h"

int main(int argc, char **argv) {
    if (argc < 2) { /* the names, one per line */
        for (size_t i = 0; pf_charset_at(i); i++)
            printf("%s\n", pf_charset_at(i));
        return 0;
    }
    const struct pf_charset *charset = pf_charset_find(argv[1]);
    if (!charset)
        return 2;
    static uint8_t in[5000];
    static char out[4099];
    size_t held = 0;
    int64_t bad = 0;
    for (;;) {
        size_t got = fread(in + held, 1, sizeof in - held, stdin), used, made, at = 0;
        held += got;
        bool last = got == 0;
        do {
            struct pf_charset_bad b;
            pf_charset_convert(charset, in + at, held - at, &used, out, sizeof out, &made, last, &b);
            fwrite(out, 1, made, stdout);
            bad += b.count;
            at += used;
        } while (used);
        memmove(in, in + at, held - at);
        held -= at;
        if (last)
            break;
    }
    fprintf(stderr, "%lld\n", (long long)bad);
    return held ? 3 : 0;
}
