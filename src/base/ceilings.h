/* ceilings.h — every ceiling of the house, with its reason.                     SPDX-License-Identifier: MIT */
#ifndef PF_CEILINGS_H
#define PF_CEILINGS_H

#define PF_CEIL_CELL_BYTES     (256u << 20) /* one cell: beyond it a quote was surely not closed */
#define PF_CEIL_COLUMNS        100000       /* wider files are transposed or broken */
#define PF_CEIL_BATCH_ROWS     65536        /* contract of every stream */
#define PF_CEIL_BATCH_BYTES    (16u << 20)  /* contract of every stream; one row may be more */
#define PF_CEIL_CODEC_CALL     (1u << 20)   /* bytes a codec call may take: cancel must come through */
#define PF_CEIL_EXPANSION      1100         /* deflate cannot do better than 1:1032 */
#define PF_CEIL_HARMLESS_BYTES (64 << 20)   /* what a part of a workbook may always unpack to */
#define PF_CEIL_UNWRAP_DEPTH   3            /* zip in gz in zip … */
#define PF_CEIL_OPTION_BYTES   (1u << 20)   /* one option's value */
#define PF_CEIL_NOTICES_KEPT   20           /* of each kind; the rest is counted */
#define PF_CEIL_JSON_DEPTH     64
#define PF_CEIL_NAME_BYTES     255        /* column names that catalogs accept */
#define PF_CEIL_SURVEY_BYTES   (8u << 20) /* head, strides and tail together */
#define PF_CEIL_THREADS        256
#define PF_CEIL_CFB_TABLE      (64 << 20)  /* a compound file's directory: half a million streams */
#define PF_CEIL_CFB_DEPTH      32          /* storages in storages; Office needs 4 */
#define PF_CEIL_ORDER_BYTES    (64u << 20) /* cells held to bring the rows of a sheet into order */
#define PF_CEIL_SPIN_COUNT     10000000 /* rounds of an Office lock's key: what [MS-OFFCRYPTO] allows at most */

#endif
