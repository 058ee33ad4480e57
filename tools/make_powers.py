#!/usr/bin/env python3
"""make_powers.py — writes the powers of five that number_double.c multiplies with.

For each q the 128 leading bits of 5^q, its highest bit at the top: cut off for q >= 0, rounded up for q < 0
(a quotient that is never exact), as Lemire, "Number parsing at a gigabyte per second", section 5, asks for.
"""
import sys

SMALLEST, LARGEST = -342, 308


def leading_bits(q):
    if q >= 0:
        p = 5**q
        shift = p.bit_length() - 128
        return p >> shift if shift > 0 else p << -shift
    p = 5**-q
    # 2^b / p has 128 bits when b is 127 more than the bits of p (p is never a power of two).
    return ((1 << (p.bit_length() + 127)) // p) + 1


def main():
    lines = ["/* Made by tools/make_powers.py. reason: a table. */",
             '#include "base/number_power.h"', "",
             "const uint64_t pf_powers_of_five[PF_POWER_COUNT][2] = {"]
    for q in range(SMALLEST, LARGEST + 1):
        v = leading_bits(q)
        assert v >> 127 == 1 and v < 1 << 128
        lines.append("    {0x%016xu, 0x%016xu}, /* 5^%d */" % (v >> 64, v & (1 << 64) - 1, q))
    lines.append("};")
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write("\n".join(lines) + "\n")


main()
