/* env.h — the only getenv; user directories; what this processor can do.        SPDX-License-Identifier: MIT */
#ifndef PF_ENV_H
#define PF_ENV_H
#include <stdbool.h>
const char *pf_env(const char *name); /* NULL when unset or empty; lent */
char *pf_env_cache_folder(void);      /* gives; XDG_CACHE_HOME or ~/.cache, + "/pyforge"; NULL: none */
char *pf_env_config_folder(void);     /* gives; XDG_CONFIG_HOME or ~/.config, + "/pyforge" */
char *pf_env_data_folder(void);       /* gives; XDG_DATA_HOME or ~/.local/share, + "/pyforge" */
/* The vector code that was built can run. x86-64: AVX2 + BMI1/2 + PCLMULQDQ + POPCNT and the system saves the
 * registers; by cpuid and xgetbv, not by the compiler's builtin (see docs/house.md). aarch64: always, NEON is part of it.
 * PYFORGE_SIMD=portable says no. */
bool pf_cpu_vector(void);
#endif
