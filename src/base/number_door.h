/* number_door.h — C++'s <charconv> behind C names.                              SPDX-License-Identifier: MIT */
#ifndef PF_NUMBER_DOOR_H
#define PF_NUMBER_DOOR_H
#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif
/* digits[.digits][e[-]digits], point '.'; correctly rounded. false: out of range (the value is untouched). */
bool pf_door_read_double(const char *text, size_t size, double *value);
bool pf_door_read_float(const char *text, size_t size, float *value);
size_t pf_door_print_double(double value, char *to, size_t room); /* finite; shortest */
size_t pf_door_print_float(float value, char *to, size_t room);
#ifdef __cplusplus
}
#endif
#endif
