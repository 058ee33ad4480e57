#!/usr/bin/env python3
"""make_months.py — writes the table that days.h looks a month up in.

For each month of 1900–2155: the days from 1900-01-01 to its first, times 32, plus its length. Months 0, 13, 14
and 15 have length 0, so that one comparison refuses them.
"""
import calendar
import datetime
import sys


def entry(year, month):
    if not 1 <= month <= 12:
        return 0
    since = (datetime.date(year, month, 1) - datetime.date(1900, 1, 1)).days
    return since << 5 | calendar.monthrange(year, month)[1]


def main():
    with open(sys.argv[1], "w", encoding="ascii") as out:
        out.write('/* Made by tools/make_months.py. reason: a table. */\n#include "base/days.h"\n\n'
                  "const uint32_t pf_months[256][16] = {\n")
        for year in range(1900, 2156):
            out.write("    {" + ", ".join("%d" % entry(year, m) for m in range(16)) + "},\n")
        out.write("};\n")


main()
