/* codec_oneshot.c — room codec. What the one-shot halves of the codecs share.   SPDX-License-Identifier: MIT
 * Knows: the ranges of levels and sizes, the loop that turns a stream into one call, the words of the errors.
 * Knows not: any library. */
#include "codec/codec_oneshot.h"

#include <stdbool.h>

#include "base/error.h"

#define CALL_BYTES_MAX ((size_t)1 << 30)

pf_status pf_oneshot_check(const struct pf_codec *codec, int level, size_t size, struct pf_error *err) {
    if (level < codec->level_min || level > codec->level_max)
        return pf_fail(err, PF_ARGUMENT, "compression level %d is not one of %s; give %d to %d", level,
                       codec->name, (int)codec->level_min, (int)codec->level_max);
    if (size > CALL_BYTES_MAX)
        return pf_fail(err, PF_ARGUMENT, "%zu bytes are too many for one call of %s; give less at a time", size,
                       codec->name);
    return PF_OK;
}

pf_status pf_oneshot_no_room(const struct pf_codec *codec, size_t room, struct pf_error *err) {
    return pf_fail(err, PF_LIMIT, "what %s makes does not fit into %zu bytes; give the bound", codec->name,
                   room);
}

pf_status pf_oneshot_wrong_size(const struct pf_codec *codec, size_t got, size_t want, struct pf_error *err) {
    return pf_fail(err, PF_BAD_DATA, "%s data unpacks to %zu bytes where %zu are promised; get the file again",
                   codec->name, got, want);
}

pf_status pf_codec_broken(const char *codec_name, int64_t byte, const char *why, struct pf_error *err) {
    return pf_fail_at(err, PF_BAD_DATA, -1, byte, "%s data is broken: %s; get the file again", codec_name, why);
}

pf_status pf_oneshot_decompress(const struct pf_codec *codec, const void *from, size_t size, void *to,
                                size_t to_size, struct pf_error *err) {
    pf_inflater *inflater = NULL;
    PF_TRY(codec->inflate_open(&inflater, err));
    size_t in = 0, out = 0;
    int32_t ended = 0;
    pf_status status = PF_OK;
    while (status == PF_OK) {
        /* With the target full one byte of room shows whether more would come. */
        uint8_t spare;
        bool full = out == to_size;
        size_t asked = full ? 1 : to_size - out, made = asked, used = size - in;
        status = codec->inflate(inflater, (const uint8_t *)from + in, &used,
                                full ? &spare : (uint8_t *)to + out, &made, &ended, err);
        in += used;
        if (status != PF_OK)
            break;
        if (full && made > 0)
            status = pf_oneshot_wrong_size(codec, out + 1, to_size, err);
        out += full ? 0 : made;
        if (made == 0 && (in == size || used == 0))
            break;
    }
    codec->inflate_close(inflater);
    if (status == PF_OK && !ended)
        status = pf_codec_broken(codec->name, (int64_t)in, "it is truncated", err);
    if (status == PF_OK && out != to_size)
        status = pf_oneshot_wrong_size(codec, out, to_size, err);
    return status;
}
