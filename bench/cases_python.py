"""The Python package beside what else makes tables in Python: everything in processes of their own, timed inside, after the imports."""
import functools
import shutil
import statistics

import cases_books
import cases_csv
import inputs
from measure import close, columns_of, figure, sums, threads_of

PEERS = ("fastexcel", "pyarrow", "polars")
# goal and at least, to the fastest peer
CSV, STREAM = (0.5, 0.8), (0.8, 1.1)
STREAMS = {"Polars": "pyforge-polars", "DuckDB": "pyforge-duckdb"}  # who takes the batches → tool of frames.py


def package(bench):
    """The package as it is installed, with the module of the build."""
    folder, built = bench.folder / "package", inputs.BENCH.parent / "build" / "python" / "_native.abi3.so"
    if not folder.exists():
        shutil.copytree(inputs.BENCH.parent / "python" / "pyforge_cli", folder / "pyforge_cli")
        shutil.copy(built, folder / "pyforge_cli")
    return folder


def framed(bench, tool):
    """bench.peer, but frames.py; where it is ours that runs, under another name of it."""
    def run(asked, *words):
        return bench.peer(tool if asked == "pyforge" else asked, *words, program="frames.py", package=package(bench))
    return run


def race(tool, job, source, peers, goal, least, threads):
    def run(bench, name):
        return [bench.race(name, source(), "snappy", threads, goal, least, peers, job, float("inf"), runner=framed(bench, tool))]
    return run


def pandas_alone(bench, name):
    """pandas.read_excel takes more than a minute for a million rows, so it runs once; and with --quick for a tenth of them."""
    source, out = cases_books.book("shared", 100_000 if bench.quick else 1_000_000), bench.folder / "o.parquet"
    run = framed(bench, "pyforge")
    theirs = run("pandas", "pandas", source, out, "-", 1)["seconds"]
    for threads in (1, 2):
        ours = bench.folder / "ours.parquet"
        mine = statistics.median(run("pyforge", "pandas", source, ours, "-", threads)["seconds"] for _ in range(bench.runs))
        names = columns_of(ours)
        wrong = "" if close(sums(ours, names), sums(out, names)) else "other data than pandas'"
        yield figure(f"{name}, {threads_of(threads)}", mine / theirs, "× pandas.read_excel", 0.02, 0.03, f"{mine:.2f} s, {theirs:.1f} s", wrong)


def beside_cli(words, source, *bounds):
    """The first call of a process and what the program takes from spawn to exit, by turns. What matters is what every call costs; in a
    large file that is lost among what the program's own heap (cli_main.c) gains, so there it is only reported."""
    def run(bench, name):
        run, out = framed(bench, "pyforge"), bench.folder / "o.parquet"
        for threads in (1, 2):
            took = [(run("pyforge", "parquet", source(), out, "snappy", threads)["seconds"],
                     bench.ours(source(), bench.folder / "cli.parquet", "snappy", threads)[0]) for _ in range(2 * bench.runs)]
            wrong = "" if out.read_bytes() == (bench.folder / "cli.parquet").read_bytes() else "other bytes than the program's"
            mine, program = (1000 * statistics.median(one) for one in zip(*took))
            yield figure(f"{name} {words}, {threads_of(threads)}", 1000 * statistics.median(a - b for a, b in took),
                         "ms more than the program", *bounds, f"{mine:.1f} ms, {program:.1f} ms", wrong)
    return run


mixed = functools.partial(cases_csv.table, "mixed")
CASES = [(f"XLSX 1 M × 10 → pandas, {threads_of(threads)}",
          race("pyforge", "pandas", functools.partial(cases_books.book, "shared"), ("fastexcel",), 0.20, 0.30, threads)) for threads in (1, 2)]
CASES += [("XLSX → pandas", pandas_alone)]
CASES += [(f"CSV read().to_arrow(), {threads_of(threads)}", race("pyforge", "arrow", mixed, ("pyarrow", "polars"), *CSV, threads))
          for threads in (1, 2)]
CASES += [(f"CSV streamed into {words}, {threads_of(threads)}", race(tool, "stream", mixed, ("pyarrow", "polars"), *STREAM, threads))
          for words, tool in STREAMS.items() for threads in (1, 2)]
CASES += [("convert", beside_cli("1 MB of CSV", functools.partial(inputs.generated, "small.csv", "generate", "mixed", 7_000), 20, 40)),
          ("convert", beside_cli("0.57 GB of CSV", mixed, None, None))]
