/* pyforge_mbedtls.h — the parts of Mbed TLS that pyforge links: ciphers and digests of locked documents.
 * SPDX-License-Identifier: MIT */
#ifndef PYFORGE_MBEDTLS_H
#define PYFORGE_MBEDTLS_H
#define MBEDTLS_HAVE_ASM
#define MBEDTLS_AESNI_C
#define MBEDTLS_AES_C
#define MBEDTLS_BLOWFISH_C
#define MBEDTLS_CIPHER_MODE_CBC
#define MBEDTLS_CIPHER_MODE_CFB
#define MBEDTLS_MD_C
#define MBEDTLS_MD5_C
#define MBEDTLS_SHA1_C
#define MBEDTLS_SHA256_C
#define MBEDTLS_SHA512_C
#include "mbedtls/check_config.h"
#endif
