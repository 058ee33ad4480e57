/* env.c — room base. The environment, user directories, the processor.     SPDX-License-Identifier: MIT
 * Knows: getenv, the XDG folders, cpuid.
 * Knows not: what the variables mean to others. */
#include "base/env.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"

const char *pf_env(const char *name) {
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

static char *find_folder(const char *variable, const char *below_home) {
    const char *base = pf_env(variable);
    if (base && base[0] == '/') /* relative ones are to be ignored, says the XDG specification */
        return pf_path_join(base, "pyforge");
    const char *home = pf_env("HOME");
    if (!home || home[0] != '/')
        return NULL;
    char *folder = pf_path_join(home, below_home);
    if (!folder)
        return NULL;
    char *whole = pf_path_join(folder, "pyforge");
    pf_mem_free(folder);
    return whole;
}

char *pf_env_cache_folder(void) { return find_folder("XDG_CACHE_HOME", ".cache"); }

char *pf_env_config_folder(void) { return find_folder("XDG_CONFIG_HOME", ".config"); }

char *pf_env_data_folder(void) { return find_folder("XDG_DATA_HOME", ".local/share"); }

#if defined(__x86_64__)
#include <cpuid.h>

/* XCR0: which registers the system saves. As bytes, so that no -mxsave is needed. */
static uint64_t saved_registers(void) {
    uint32_t low, high;
    __asm__ volatile(".byte 0x0f, 0x01, 0xd0" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static bool ask_processor(void) {
    unsigned a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d))
        return false;
    const unsigned pclmul = 1u << 1, popcnt = 1u << 23, osxsave = 1u << 27, avx = 1u << 28;
    if ((c & (pclmul | popcnt | osxsave | avx)) != (pclmul | popcnt | osxsave | avx))
        return false;
    if ((saved_registers() & 6) != 6) /* XMM and YMM */
        return false;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d))
        return false;
    const unsigned bmi1 = 1u << 3, avx2 = 1u << 5, bmi2 = 1u << 8;
    if ((b & (bmi1 | avx2 | bmi2)) != (bmi1 | avx2 | bmi2))
        return false;
    return __get_cpuid(0x80000001u, &a, &b, &c, &d) && (c & 1u << 5); /* LZCNT */
}
#elif defined(__aarch64__)
static bool ask_processor(void) { return true; }
#else
static bool ask_processor(void) { return false; }
#endif

bool pf_cpu_vector(void) {
    static atomic_int known; /* 0: not asked; cpuid is slow on virtual machines */
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (answer == 0) {
        const char *simd = pf_env("PYFORGE_SIMD");
        answer = (simd && strcmp(simd, "portable") == 0) || !ask_processor() ? 1 : 2;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer == 2;
}
