/* parquet_options.c — room write/parquet. The options and their values.          SPDX-License-Identifier: MIT
 * Knows: names, defaults, ranges.
 * Knows not: who set them, what is done with them. */
#include "write/parquet/parquet_options.h"

#include <inttypes.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"

#define GROUP "Writing Parquet"

/* Under profile modern size comes first; from this level on text stops shrinking quickly. */
#define MODERN_ZSTD_LEVEL 10

static const struct pf_option compression = {
    .struct_size = sizeof compression,
    .kind = PF_OPTION_CHOICE,
    .key = "compression",
    .value_name = "CODEC",
    .choices = "none|snappy|zstd|gzip|lz4",
    .fallback = "snappy",
    .group = GROUP,
    .help = "Codec of the pages; a column that it does not shrink is left uncompressed.",
    .short_name = 'c',
};
static const struct pf_option compression_level = {
    .struct_size = sizeof compression_level,
    .kind = PF_OPTION_INTEGER,
    .key = "compression-level",
    .value_name = "N",
    .group = GROUP,
    .help = "Level of zstd or gzip; by default the codec's own, for zstd under profile modern 10.",
};
static const struct pf_option group_rows = {
    .struct_size = sizeof group_rows,
    .kind = PF_OPTION_INTEGER,
    .key = "row-group-rows",
    .value_name = "N",
    .fallback = "122880",
    .group = GROUP,
    .help = "Most rows of a row group.",
};
static const struct pf_option group_bytes = {
    .struct_size = sizeof group_bytes,
    .kind = PF_OPTION_SIZE,
    .key = "row-group-bytes",
    .value_name = "SIZE",
    .fallback = "32M",
    .group = GROUP,
    .help = "Most bytes of a row group, encoded, before the codec.",
};
static const struct pf_option page_bytes = {
    .struct_size = sizeof page_bytes,
    .kind = PF_OPTION_SIZE,
    .key = "page-bytes",
    .value_name = "SIZE",
    .fallback = "1M",
    .group = GROUP,
    .help = "Bytes of a data page before the codec.",
};
static const struct pf_option profile = {
    .struct_size = sizeof profile,
    .kind = PF_OPTION_CHOICE,
    .key = "profile",
    .value_name = "NAME",
    .choices = "spark|modern",
    .fallback = "spark",
    .group = GROUP,
    .help =
        "spark: opens in Spark 3.2 and everything newer; modern: native types and newer encodings, smallest "
        "files.",
};
static const struct pf_option timestamps = {
    .struct_size = sizeof timestamps,
    .kind = PF_OPTION_CHOICE,
    .key = "timestamps",
    .value_name = "KIND",
    .choices = "utc|ntz",
    .fallback = "utc",
    .group = GROUP,
    .help = "utc: timestamps without a zone are instants in UTC; ntz: they are local times without a zone.",
};

const struct pf_option *const pf_parquet_options[] = {
    &compression, &compression_level, &group_rows, &group_bytes, &page_bytes, &profile, &timestamps, NULL};

static const char *read_text(struct pf_host *host, const struct pf_option *option) {
    const char *text = host && host->job_get ? host->job_get(host, option->key) : NULL;
    return text && *text ? text : option->fallback;
}

static pf_status read_number(struct pf_host *host, const struct pf_option *option, int64_t least, int64_t most,
                             int64_t *out, struct pf_error *err) {
    const char *text = read_text(host, option);
    if (!text)
        return PF_OK;
    size_t size = strlen(text);
    int64_t unit = 1;
    if (option->kind == PF_OPTION_SIZE && size > 1) {
        char suffix = pf_lower(text[size - 1]);
        unit = suffix == 'k' ? 1 << 10 : suffix == 'm' ? 1 << 20 : suffix == 'g' ? 1 << 30 : 1;
        size -= unit > 1;
    }
    int64_t value;
    if (!pf_parse_int64(text, size, &value) || value > INT64_MAX / unit || value * unit < least ||
        value * unit > most)
        return pf_fail(err, PF_ARGUMENT,
                       "'%.40s' is no value for --%s; give a number from %" PRId64 " to %" PRId64, text,
                       option->key, least, most);
    *out = value * unit;
    return PF_OK;
}

static pf_status refuse_choice(const struct pf_option *option, const char *text, struct pf_error *err) {
    return pf_fail(err, PF_ARGUMENT, "'%.40s' is no value for --%s; choose one of %s", text, option->key,
                   option->choices);
}

static pf_status read_codec(struct pf_host *host, struct pf_parquet_settings *out, struct pf_error *err) {
    static const struct {
        const char *name;
        const struct pf_codec *codec;
    } codecs[] = {{"none", NULL},
                  {"snappy", &pf_codec_snappy},
                  {"zstd", &pf_codec_zstd},
                  {"gzip", &pf_codec_gzip},
                  {"lz4", &pf_codec_lz4_raw}};
    const char *name = read_text(host, &compression);
    size_t i = 0, count = sizeof codecs / sizeof *codecs;
    while (i < count && strcmp(name, codecs[i].name) != 0)
        i++;
    if (i == count)
        return refuse_choice(&compression, name, err);
    out->codec = codecs[i].codec;
    out->level = out->codec ? out->codec->level_default : 0;
    if (out->codec == &pf_codec_zstd && out->modern)
        out->level = MODERN_ZSTD_LEVEL;
    const char *level = read_text(host, &compression_level);
    out->level_free = !level && !out->modern && out->codec == &pf_codec_zstd;
    if (!level)
        return PF_OK;
    if (!out->codec || out->codec->level_min == out->codec->level_max)
        return pf_fail(err, PF_ARGUMENT, "--compression %s has no levels; leave --compression-level out", name);
    int64_t value = out->level;
    PF_TRY(read_number(host, &compression_level, out->codec->level_min, out->codec->level_max, &value, err));
    out->level = (int)value;
    return PF_OK;
}

/* *second: the second choice was made. */
static pf_status read_pair(struct pf_host *host, const struct pf_option *option, const char *first,
                           const char *second, bool *is_second, struct pf_error *err) {
    const char *text = read_text(host, option);
    *is_second = strcmp(text, second) == 0;
    return *is_second || strcmp(text, first) == 0 ? PF_OK : refuse_choice(option, text, err);
}

pf_status pf_parquet_settings_read(struct pf_host *host, struct pf_parquet_settings *out,
                                   struct pf_error *err) {
    bool ntz;
    *out = (struct pf_parquet_settings){0};
    PF_TRY(read_pair(host, &profile, "spark", "modern", &out->modern, err));
    PF_TRY(read_codec(host, out, err));
    PF_TRY(read_number(host, &group_rows, 1, INT32_MAX, &out->group_rows, err));
    PF_TRY(read_number(host, &group_bytes, 1, INT64_MAX / 4, &out->group_bytes, err));
    PF_TRY(read_number(host, &page_bytes, 64, 1 << 30, &out->page_bytes, err));
    PF_TRY(read_pair(host, &timestamps, "utc", "ntz", &ntz, err));
    out->utc = !ntz;
    return PF_OK;
}
