/* codec_deflate.h — the checksum that gzip and ZIP share.                       SPDX-License-Identifier: MIT */
#ifndef PF_CODEC_DEFLATE_H
#define PF_CODEC_DEFLATE_H
#include <stddef.h>
#include <stdint.h>

/* Continues crc (0 at the start) over size bytes; size may be 0. CRC-32 of gzip, ZIP and Parquet pages. */
uint32_t pf_crc32(uint32_t crc, const void *bytes, size_t size);
#endif
