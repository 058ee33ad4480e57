#!/usr/bin/env python3
"""pyforge beside DuckDB, Polars and pyarrow: the same data, codec and threads, alternating runs, medians.

Ours is timed from spawn to exit; of the peers only the conversion counts, without interpreter start and imports. Every
output is read back by DuckDB and its sums compared with those of a reference reading of the input, so a fast wrong answer
does not count. Writes docs/benchmarks.md and the table of the README. Options: --only NAME (prefix), --runs N, --quick (no large files).
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYFORGE = str(ROOT / "build" / "pyforge")
PEERS = ("duckdb", "polars", "pyarrow")

# shape, rows; mixed at 4,000,000 rows is the 571 MB file of the goals
SHAPES = {"mixed": 4_000_000, "texts": 2_000_000, "numbers": 2_500_000, "wide": 25_000, "long": 60_000,
          "quoted": 2_000_000, "crlf": 1_500_000, "european": 1_500_000, "small": 7_000}
# name, shape, gz, codec, threads, goal, at least (ratios to the best peer)
CASES = [(f"{s}{'.gz' if gz else ''} → {codec}, {t} thread{'s' if t > 1 else ''}", s, gz, codec, t, goal, least)
         for s, gz, codec, goal, least in (
             ("mixed", 0, "snappy", 0.33, 0.42), ("mixed", 0, "zstd", 0.40, 0.50), ("mixed", 1, "snappy", 0.36, 0.45),
             *((s, 0, "snappy", 0.50, 0.80) for s in ("texts", "numbers", "wide", "long", "quoted", "crlf", "european")))
         for t in (1, 2)]


def folder():
    given = os.environ.get("PYFORGE_BENCH_DIR")
    if given:
        return Path(given)
    shm = Path("/dev/shm")
    if shm.is_dir() and shutil.disk_usage(shm).free > 12 << 30:
        return shm / "pyforge-bench"
    return ROOT / "bench" / "data"


def prepare(shapes, need_gz):
    data = folder()
    data.mkdir(parents=True, exist_ok=True)
    maker = data / "generate"
    source = ROOT / "bench" / "generate.c"
    if not maker.exists() or maker.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["cc", "-O2", "-o", maker, source], check=True)
    for shape in shapes:
        out = data / f"{shape}.csv"
        if not out.exists():
            kind = "mixed" if shape in ("small", "huge") else shape
            rows = {"huge": 40_000_000}.get(shape) or SHAPES[shape]
            with open(out, "wb") as f:
                subprocess.run([maker, kind, str(rows)], stdout=f, check=True)
        gz = data / f"{shape}.csv.gz"
        if shape in need_gz and not gz.exists():
            with open(gz, "wb") as f:
                subprocess.run(["gzip", "-6", "-c", out], stdout=f, check=True)
    return data


def launch(command):
    """Seconds from spawn to exit and the peak of resident memory in KB (by GNU time, whose own is small)."""
    report = folder() / "rss.txt"
    start = time.perf_counter()
    run = subprocess.run(["/usr/bin/time", "-f", "%M", "-o", str(report), *command], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - start
    if run.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {run.returncode}: {run.stderr[-400:]}")
    return seconds, int(report.read_text().split()[-1]), run.stdout


def ours(source, target, codec, threads, *more):
    seconds, rss, _ = launch([PYFORGE, "convert", str(source), str(target), "--force", "--quiet", "-c", codec,
                              "--threads", str(threads), *more])
    return seconds, rss


def peer(tool, job, source, target, codec, threads):
    _, rss, out = launch([sys.executable, str(ROOT / "bench" / "peers.py"), tool, job, str(source), str(target), codec,
                          str(threads)])
    return json.loads(out.strip().splitlines()[-1])["seconds"], rss


def sums(path, names):
    """What any right reading of the data gives: rows, and per column the values there and the sum of their text lengths or
    of their numbers, in types that do not matter."""
    import duckdb
    con = duckdb.connect()
    con.execute("SET threads=2; SET TimeZone='UTC'")
    kinds = {r[0]: r[1] for r in con.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()}
    parts = []
    for name in names:
        kind = kinds[name]
        quoted = f'"{name}"'
        if kind in ("BIGINT", "INTEGER", "DOUBLE", "SMALLINT", "HUGEINT") or kind.startswith("DECIMAL"):
            parts.append(f"count({quoted}), round(sum({quoted}::DOUBLE), 3)")
        elif kind.startswith("TIMESTAMP") or kind == "DATE":
            parts.append(f"count({quoted}), sum(epoch({quoted}::TIMESTAMP)::DOUBLE)")
        elif kind == "BOOLEAN":
            parts.append(f"count({quoted}), sum({quoted}::INT::DOUBLE)")
        else:
            parts.append(f"count(nullif({quoted}, '')), sum(strlen({quoted})::DOUBLE)")
    return con.execute(f"SELECT count(*), {', '.join(parts)} FROM '{path}'").fetchall()[0]


def close(a, b):
    return len(a) == len(b) and all(x == y or (x is not None and y is not None and abs(x - y) <= 1e-9 * max(abs(x), abs(y)))
                                    for x, y in zip(a, b))


def columns_of(path):
    import duckdb
    return [r[0] for r in duckdb.connect().execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()]


def compare(case, data, runs):
    name, shape, gz, codec, threads, goal, least = case
    source = data / (f"{shape}.csv" + (".gz" if gz else ""))
    out = {tool: data / f"out-{tool}.parquet" for tool in (*PEERS, "pyforge")}
    took = {tool: [] for tool in out}
    rss = dict.fromkeys(out, 0)
    lost = {}
    for i in range(runs):
        fastest = min((t[0] for tool, t in took.items() if t and tool != "pyforge"), default=0)
        for tool in ("pyforge", *PEERS):
            # a peer that took three times as long as another one cannot become the best by running again
            if tool in lost or (i and tool != "pyforge" and took[tool][0] > 3 * fastest):
                continue
            try:
                seconds, peak = (ours(source, out[tool], codec, threads) if tool == "pyforge"
                                 else peer(tool, "parquet", source, out[tool], codec, threads))
                took[tool].append(seconds)
                rss[tool] = max(rss[tool], peak)
            except RuntimeError as e:
                if tool == "pyforge":
                    raise
                lost[tool] = str(e).splitlines()[-1][-120:]
    names = columns_of(out["pyforge"])
    truth = sums(out["pyforge"], names)
    agree = {}
    for tool in PEERS:
        if tool in lost:
            continue
        try:
            agree[tool] = close(sums(out[tool], names), truth)
        except Exception as e:  # another shape: not right
            agree[tool] = False
            lost.setdefault(tool, f"other columns: {str(e).splitlines()[0][:80]}")
    if not any(agree.values()):
        print(f"!! {name}: no peer agrees with our output", file=sys.stderr)
    medians = {tool: statistics.median(t) for tool, t in took.items() if t}
    right = {t: medians[t] for t in PEERS if agree.get(t) and t in medians}
    pool = right or {t: medians[t] for t in PEERS if t in medians}
    best = min(pool, key=pool.get)
    row = {"name": name, "medians": medians, "best": best, "ratio": medians["pyforge"] / pool[best], "goal": goal,
           "least": least, "rss_mb": {t: v / 1024 for t, v in rss.items()}, "verified": any(agree.values()), "lost": lost,
           "size_mb": {t: p.stat().st_size / 1e6 for t, p in out.items() if p.exists()},
           "wrong": [t for t, ok in agree.items() if not ok]}
    print(f"{name:38} pyforge {medians['pyforge']:.2f}  " + "  ".join(
        f"{t} {medians[t]:.2f}{'' if agree.get(t) else ' (differs)'}" for t in PEERS if t in medians) +
        f"  ratio {row['ratio']:.3f} (goal {goal}, at least {least})  {row['rss_mb']['pyforge']:.0f} MB", flush=True)
    return row


def spawn_ms(command, runs=60):
    took = []
    null = os.open(os.devnull, os.O_RDWR)
    for _ in range(runs):
        start = time.perf_counter()
        pid = os.posix_spawn(command[0], command, os.environ, file_actions=[(os.POSIX_SPAWN_DUP2, null, 1),
                                                                            (os.POSIX_SPAWN_DUP2, null, 2)])
        _, status = os.waitpid(pid, 0)
        took.append((time.perf_counter() - start) * 1000)
        if status:
            raise RuntimeError(f"{command}: status {status}")
    os.close(null)
    return statistics.median(took)


def single(name, value, unit, goal, least, note=""):
    print(f"{name:38} {value:.2f} {unit} (goal {goal}, at least {least}) {note}", flush=True)
    return {"name": name, "value": value, "unit": unit, "goal": goal, "least": least, "note": note}


def workbooks(data, runs):
    """XLS to Parquet beside python-calamine, which only reads."""
    source, maker, book = ROOT / "bench" / "generate_xls.c", data / "generate_xls", data / "big.xls"
    if not maker.exists() or maker.stat().st_mtime < source.stat().st_mtime:
        subprocess.run(["cc", "-O2", "-o", maker, source], check=True)
    if not book.exists():
        with open(book, "wb") as f:
            subprocess.run([maker, "65536", "200"], stdout=f, check=True)
    rows = []
    for threads in (1, 2):
        mine, theirs = [], []
        for _ in range(runs):
            mine.append(ours(book, data / "big.parquet", "snappy", threads)[0])
            theirs.append(peer("calamine", "cells", book, "-", "-", threads)[0])
        rows.append(single(f"XLS 65,536 × 200, {threads} thread{'s' if threads > 1 else ''}",
                           statistics.median(mine) / statistics.median(theirs), "× python-calamine reading", 0.20, 0.40,
                           f"{statistics.median(mine):.2f} s, {statistics.median(theirs):.2f} s"))
    (data / "big.parquet").unlink(missing_ok=True)
    return rows


def others(data, runs, quick):
    rows = workbooks(data, runs)
    mixed = data / "mixed.csv"
    for threads in (1, 2):
        mine, theirs = [], []
        for _ in range(runs):
            mine.append(launch([PYFORGE, "info", str(mixed), "-f", "json", "--threads", str(threads)])[0])
            theirs.append(peer("duckdb", "count", mixed, "-", "-", threads)[0])
        ratio = statistics.median(mine) / statistics.median(theirs)
        rows.append(single(f"info, {threads} thread{'s' if threads > 1 else ''}", ratio, "× DuckDB count(*)", 0.35, 0.5,
                           f"{statistics.median(mine):.2f} s, {statistics.median(theirs):.2f} s"))
    small = data / "small.csv"
    rows.append(single(f"{small.stat().st_size / 1e6:.1f} MB CSV, spawn to exit",
                       spawn_ms([PYFORGE, "convert", str(small), str(data / "small.parquet"), "--force", "--quiet"]), "ms", 8, 15))
    rows.append(single("pyforge --version", spawn_ms([PYFORGE, "--version"]), "ms", 2, 5))
    wide, few = [], []
    for _ in range(runs):
        wide.append(ours(data / "wide.csv", data / "rss.parquet", "snappy", 2)[0])
        few.append(ours(data / "wide.csv", data / "rss.parquet", "snappy", 2, "--columns", "1,500")[0])
    rows.append(single("2 of 1,000 columns", statistics.median(few) / statistics.median(wide), "× all columns", 0.3, 0.5,
                       f"{statistics.median(few):.2f} s, {statistics.median(wide):.2f} s"))
    rows.append(single("--limit 100 of 4,000,000 rows", spawn_ms([PYFORGE, "convert", str(mixed), str(data / "small.parquet"),
                                                                  "--force", "--quiet", "--limit", "100"], 20), "ms", 50, 200))
    peaks = {}
    for threads in (1, 2):
        peaks[threads] = max(ours(mixed, data / "rss.parquet", "snappy", threads)[1] for _ in range(3)) / 1024
        rows.append(single(f"peak RSS at 0.57 GB, {threads} thread{'s' if threads > 1 else ''}", peaks[threads], "MB",
                           (110, 180)[threads - 1], (130, 220)[threads - 1]))
    if not quick:
        prepare(["huge"], ())
        for threads in (1, 2):
            peak = ours(data / "huge.csv", data / "rss.parquet", "snappy", threads)[1] / 1024
            rows.append(single(f"peak RSS at 5.7 GB, {threads} thread{'s' if threads > 1 else ''}", peak, "MB",
                               (110, 180)[threads - 1], (130, 220)[threads - 1]))
            rows.append(single("growth from 0.57 to 5.7 GB", 100 * (peak / peaks[threads] - 1), "%", 5, 5))
        (data / "huge.csv").unlink()
        rows.append(big_gzip(data))
        for left in ("rss.parquet",):
            (data / left).unlink(missing_ok=True)
    return rows


def sizes(rows, data):
    """Files beside DuckDB's at the same codec: as they are by default, and of profile modern."""
    out = []
    for r in rows:
        codec = r["name"].split()[2].rstrip(",")
        if r["name"] not in ("mixed → snappy, 1 thread", "mixed → zstd, 1 thread") or "duckdb" not in r["size_mb"]:
            continue
        theirs = r["size_mb"]["duckdb"]
        out.append(single(f"size of mixed, {codec}", r["size_mb"]["pyforge"] / theirs, "× DuckDB", 1.0, 1.02))
        ours(data / "mixed.csv", data / "rss.parquet", codec, 2, "--profile", "modern")
        out.append(single(f"size of mixed, {codec}, profile modern", (data / "rss.parquet").stat().st_size / 1e6 / theirs,
                          "× DuckDB", 0.8, 0.85))
    return out


def big_gzip(data):
    """Theme 46: more than 10 GB unpacked out of a .gz in at most 300 MB."""
    source = data / "ten-gigabytes.csv.gz"
    if not source.exists():
        head, rest = (data / "mixed.csv").read_bytes().split(b"\n", 1)
        import gzip
        member = gzip.compress(rest, 1)
        with open(source, "wb") as f:
            f.write(gzip.compress(head + b"\n", 1))
            for _ in range(18):
                f.write(member)
    _, rss = ours(source, data / "rss.parquet", "snappy", 2)
    source.unlink()
    return single("peak RSS, .gz of 10 GB unpacked", rss / 1024, "MB", 300, 300)


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    import duckdb
    import polars
    import pyarrow
    ours_version = subprocess.run([PYFORGE, "--version"], stdout=subprocess.PIPE, text=True).stdout.strip()
    cc = subprocess.run(["cc", "--version"], stdout=subprocess.PIPE, text=True).stdout.splitlines()[0]
    return (f"{os.cpu_count()} × {model}, Linux {platform.release()}, {cc}; {ours_version}; DuckDB {duckdb.__version__}, "
            f"Polars {polars.__version__}, pyarrow {pyarrow.__version__}; {time.strftime('%Y-%m-%d')}")


def report(rows, singles):
    lines = ["# Benchmarks", "", "Made by `make bench`; every output was read back and compared. Ours is timed from spawn to exit, "
             "of the peers only the conversion (no interpreter start, no imports). Seconds are medians of alternating runs; the "
             "ratio is to the fastest peer whose data is right. Exact whole-file types are included in our time.", "",
             f"Machine: {machine()}.", "", "| Case | pyforge | DuckDB | Polars | pyarrow | Ratio | Goal | At least | RSS MB (ours, best peer) | "
             "Size MB (ours, DuckDB) |", "|---|---|---|---|---|---|---|---|---|---|"]
    for r in rows:
        def cell(tool):
            if tool not in r["medians"]:
                return "fails"
            return f"{r['medians'][tool]:.2f} s" + (" (differs)" if tool in r["wrong"] else "")
        size = r["size_mb"]
        lines.append(f"| {r['name']} | **{cell('pyforge')}** | {cell('duckdb')} | {cell('polars')} | {cell('pyarrow')} | "
                     f"**{r['ratio']:.2f} ×** | ≤ {r['goal']:.2f} × | ≤ {r['least']:.2f} × | {r['rss_mb']['pyforge']:.0f}, "
                     f"{r['rss_mb'][r['best']]:.0f} | {size['pyforge']:.1f}, {size.get('duckdb', 0):.1f} |")
    if singles:
        lines += ["", "| Case | Measured | Goal | At least | |", "|---|---|---|---|---|"]
        lines += [f"| {s['name']} | **{s['value']:.2f} {s['unit']}** | ≤ {s['goal']} | ≤ {s['least']} | {s['note']} |" for s in singles]
    notes = {f"{t}: {why}" for r in rows for t, why in r["lost"].items()}
    if notes:
        lines += ["", "Where a peer fails or differs:", ""] + [f"- {n}" for n in sorted(notes)]
    return "\n".join(lines) + "\n"


def fill_readme(rows):
    """The rows that a reader of the README wants, between its two marks."""
    wanted = [r for r in rows if r["name"].startswith("mixed")]
    lines = ["| 4,000,000 rows × 12 columns (0.57 GB) | pyforge | DuckDB | Polars | pyarrow |", "|---|---|---|---|---|"]
    lines += [f"| {r['name'].replace('mixed', 'CSV', 1)} | **{r['medians']['pyforge']:.2f} s** | " +
              " | ".join(f"{r['medians'][t]:.2f} s" if t in r["medians"] else "fails" for t in PEERS) + " |" for r in wanted]
    readme = ROOT / "README.md"
    head, rest = readme.read_text().split("<!-- benchmarks: begin", 1)
    mark, rest = rest.split("\n", 1)
    _, tail = rest.split("<!-- benchmarks: end -->", 1)
    readme.write_text(head + "<!-- benchmarks: begin" + mark + "\n" + "\n".join(lines) + "\n\n<!-- benchmarks: end -->" + tail)


def main():
    ask = argparse.ArgumentParser()
    ask.add_argument("--only", default="")
    ask.add_argument("--runs", type=int, default=5)
    ask.add_argument("--quick", action="store_true")
    args = ask.parse_args()
    cases = [c for c in CASES if c[0].startswith(args.only)]
    shapes = sorted({c[1] for c in cases} | ({"mixed", "small", "wide"} if not args.only else set()))
    data = prepare(shapes, {"mixed"} if any(c[2] for c in cases) else ())
    rows = [compare(case, data, args.runs) for case in cases]
    singles = sizes(rows, data) + others(data, args.runs, args.quick) if not args.only else []
    if not args.only:
        (ROOT / "docs" / "benchmarks.md").write_text(report(rows, singles))
        fill_readme(rows)
    missed = [r["name"] for r in rows if r["ratio"] > r["least"] or not r["verified"]] + \
             [s["name"] for s in singles if s["value"] > s["least"]]
    for name in missed:
        print(f"MISSED at least: {name}")
    print(f"{len(rows) + len(singles) - len(missed)} held, {len(missed)} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
