/* internal_error.c — what bzip2 calls when it finds itself broken.      SPDX-License-Identifier: MIT */
void bz_internal_error(int code);
void bz_internal_error(int code) {
    (void)code;
    __builtin_trap();
}
