#!/usr/bin/env python3
"""pyforge beside its peers: the same data, codec and threads, alternating runs, medians (measure.py says how).

Writes docs/benchmarks.json, docs/benchmarks.md and the tables of the README when a part was measured whole. Options:
--part csv|books|extensions|python (else all), --only NAME (cases whose name begins so; nothing is written), --runs N, --quick (no large files),
--list.
"""
import argparse
import sys

import cases_books
import cases_csv
import cases_extensions
import cases_python
import report
from measure import Bench

PARTS = {"csv": cases_csv, "books": cases_books, "extensions": cases_extensions, "python": cases_python}


def missed(rows, singles):
    return [r["name"] for r in rows if r["ratio"] > r["least"] or not r["verified"]] + \
           [s["name"] for s in singles if s["wrong"] or (s["least"] is not None and s["value"] > s["least"])]


def main():
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("--part", choices=PARTS)
    ask.add_argument("--only", default="")
    ask.add_argument("--runs", type=int, default=5)
    ask.add_argument("--quick", action="store_true")
    ask.add_argument("--list", action="store_true")
    args = ask.parse_args()
    count, lost = 0, []
    with Bench(args.runs, args.quick) as bench:
        for part in [args.part] if args.part else PARTS:
            found = []
            for name, run in PARTS[part].CASES:
                if not name.startswith(args.only):
                    continue
                if args.list:
                    print(name)
                else:
                    found += run(bench, name)
            rows, singles = [f for f in found if "ratio" in f], [f for f in found if "ratio" not in f]
            if not args.only and not args.list:
                report.publish(part, rows, singles, PARTS[part].PEERS)
            lost += missed(rows, singles)
            count += len(found)
    for name in lost:
        print(f"MISSED at least: {name}")
    if not args.list:
        print(f"{count - len(lost)} held, {len(lost)} missed")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
