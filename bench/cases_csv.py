"""CSV beside DuckDB, Polars and pyarrow: the same data, codec and threads."""
import gzip
import os
import statistics

import inputs
from measure import PYFORGE, figure, size_of, threads_of

WHEEL_PROGRAM = inputs.BENCH.parent / f"build-wheel-{os.uname().machine}" / "pyforge"
PEERS = ("duckdb", "polars", "pyarrow")
# shape → rows; mixed at 4,000,000 rows is the 571 MB file of the goals
SHAPES = {"mixed": 4_000_000, "texts": 2_000_000, "numbers": 2_500_000, "wide": 25_000, "long": 60_000,
          "quoted": 2_000_000, "crlf": 1_500_000, "european": 1_500_000}
# shape, gz, codec, goal, at least (ratios to the best peer)
RACES = (("mixed", 0, "snappy", 0.33, 0.42), ("mixed", 0, "zstd", 0.40, 0.50), ("mixed", 1, "snappy", 0.36, 0.45),
         *((s, 0, "snappy", 0.50, 0.80) for s in ("texts", "numbers", "wide", "long", "quoted", "crlf", "european")))
PEAKS = {1: (110, 130), 2: (180, 220)}  # MB


def table(shape):
    return inputs.generated(f"{shape}.csv", "generate", shape, SHAPES[shape])


def race(shape, gz, codec, threads, goal, least):
    def run(bench, name):
        source = inputs.gzipped(table(shape)) if gz else table(shape)
        return [bench.race(name, source, codec, threads, goal, least, PEERS, "parquet", float("inf"))]
    return run


def size(bench, name):
    """Files beside DuckDB's at the same codec: as they are by default, and of profile modern."""
    ours, theirs = bench.folder / "ours.parquet", bench.folder / "theirs.parquet"
    for codec in ("snappy", "zstd"):
        bench.peer("duckdb", "parquet", table("mixed"), theirs, codec, 2)
        for words, more, goal, least in (("", (), 1.0, 1.02), (", profile modern", ("--profile", "modern"), 0.8, 0.85)):
            bench.ours(table("mixed"), ours, codec, 2, *more)
            yield figure(f"size of mixed, {codec}{words}", size_of(ours) / size_of(theirs), "× DuckDB", goal, least)


def info(bench, name):
    for threads in (1, 2):
        mine, theirs = [], []
        for _ in range(bench.runs):
            mine.append(bench.launch([PYFORGE, "info", str(table("mixed")), "-f", "json", "--threads", str(threads)])[0])
            theirs.append(bench.peer("duckdb", "count", table("mixed"), threads=threads)["seconds"])
        mine, theirs = statistics.median(mine), statistics.median(theirs)
        yield figure(f"{name}, {threads_of(threads)}", mine / theirs, "× DuckDB count(*)", 0.35, 0.5, f"{mine:.2f} s, {theirs:.2f} s")


def small(bench, name):
    source = inputs.generated("small.csv", "generate", "mixed", 7_000)
    took = bench.spawn_ms([PYFORGE, "convert", str(source), str(bench.folder / "o.parquet"), "--force", "--quiet"])
    yield figure(f"{source.stat().st_size / 1e6:.1f} MB CSV, spawn to exit", took, "ms", 8, 15)
    yield figure("pyforge --version", bench.spawn_ms([PYFORGE, "--version"]), "ms", 2, 5)


def few_columns(bench, name):
    every, few = [], []
    for _ in range(bench.runs):
        every.append(bench.ours(table("wide"), bench.folder / "o.parquet", "snappy", 2)[0])
        few.append(bench.ours(table("wide"), bench.folder / "o.parquet", "snappy", 2, "--columns", "1,500")[0])
    every, few = statistics.median(every), statistics.median(few)
    yield figure(name, few / every, "× all columns", 0.3, 0.5, f"{few:.2f} s, {every:.2f} s")


def limit(bench, name):
    yield figure(name, bench.spawn_ms([PYFORGE, "convert", str(table("mixed")), str(bench.folder / "o.parquet"), "--force",
                                       "--quiet", "--limit", "100"], 20), "ms", 50, 200)


def peak(bench, name):
    out = bench.folder / "o.parquet"
    peaks = {t: max(bench.ours(table("mixed"), out, "snappy", t)[1] for _ in range(3)) / 1024 for t in PEAKS}
    for threads, at in peaks.items():
        yield figure(f"{name} at 0.57 GB, {threads_of(threads)}", at, "MB", *PEAKS[threads])
    if bench.quick:
        return
    huge = inputs.generated("huge.csv", "generate", "mixed", 40_000_000, where=bench.folder)
    for threads, at in peaks.items():
        now = bench.ours(huge, out, "snappy", threads)[1] / 1024
        yield figure(f"{name} at 5.7 GB, {threads_of(threads)}", now, "MB", *PEAKS[threads])
        yield figure(f"growth from 0.57 to 5.7 GB, {threads_of(threads)}", 100 * (now / at - 1), "%", 5, 5)
    huge.unlink()
    out.unlink()


def wheel(bench, name):
    """The same program as the wheel's compiler makes it (tools/make_wheel.py --program), beside the one of this table."""
    if not WHEEL_PROGRAM.exists():
        print(f"SKIPPED: {name}: {WHEEL_PROGRAM} is not there; make bench makes it")
        return
    for threads in (1, 2):
        words = ["convert", str(table("mixed")), str(bench.folder / "o.parquet"), "--force", "--quiet", "-c", "snappy", "--threads", str(threads)]
        took = {PYFORGE: [], str(WHEEL_PROGRAM): []}
        for _ in range(bench.runs):
            for program, seconds in took.items():
                seconds.append(bench.launch([program, *words])[0])
        own, wheels = (statistics.median(took[program]) for program in took)
        yield figure(f"{name}, {threads_of(threads)}", wheels / own, "× this build", 1.0, 1.15, f"{wheels:.2f} s, {own:.2f} s")


def big_gzip(bench, name):
    """Theme 46: more than 10 GB unpacked out of a .gz in at most 300 MB."""
    if bench.quick:
        return
    source = bench.folder / "ten-gigabytes.csv.gz"
    head, rest = table("mixed").read_bytes().split(b"\n", 1)
    member = gzip.compress(rest, 1)
    with open(source, "wb") as f:
        f.write(gzip.compress(head + b"\n", 1))
        for _ in range(18):
            f.write(member)
    rss = bench.ours(source, bench.folder / "o.parquet", "snappy", 2)[1]
    source.unlink()
    (bench.folder / "o.parquet").unlink()
    yield figure(name, rss / 1024, "MB", 300, 300)


CASES = [(f"{shape}{'.gz' if gz else ''} → {codec}, {threads_of(threads)}", race(shape, gz, codec, threads, goal, least))
         for shape, gz, codec, goal, least in RACES for threads in (1, 2)]
CASES += [("size", size), ("info", info), ("small", small), ("2 of 1,000 columns", few_columns),
          ("--limit 100 of 4,000,000 rows", limit), ("the wheel's compiler", wheel),
          ("peak RSS", peak), ("peak RSS, .gz of 10 GB unpacked", big_gzip)]
