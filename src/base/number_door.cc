/* number_door.cc — room base. The only file that includes <charconv>. SPDX-License-Identifier: MIT
 * Knows: correctly rounded reading and shortest printing, as the C++ library does them.
 * Knows not: which numbers come here; number.c decides. */
#include "base/number_door.h"

#include <charconv>

bool pf_door_read_double(const char *text, size_t size, double *value) {
    std::from_chars_result r = std::from_chars(text, text + size, *value);
    return r.ec == std::errc() && r.ptr == text + size;
}

bool pf_door_read_float(const char *text, size_t size, float *value) {
    std::from_chars_result r = std::from_chars(text, text + size, *value);
    return r.ec == std::errc() && r.ptr == text + size;
}

size_t pf_door_print_double(double value, char *to, size_t room) {
    return (size_t)(std::to_chars(to, to + room, value).ptr - to);
}

size_t pf_door_print_float(float value, char *to, size_t room) {
    return (size_t)(std::to_chars(to, to + room, value).ptr - to);
}
