"""One table into memory by one library, timed inside its process: interpreter start and imports are not counted, nor is
writing what was read as Parquet, to be compared.

Usage: frames.py TOOL JOB INPUT OUTPUT CODEC THREADS   Prints one JSON line: {"seconds": …, "rss_kb": …}.
JOB is what is made: arrow or stream of a CSV (pyarrow.csv and polars.read_csv do the same for both), pandas of a workbook, and
parquet, the conversion to OUTPUT. TOOL is a peer, or of pyforge: pyforge (the whole table), and batch by batch pyforge-polars (to a frame)
and pyforge-duckdb (through a query that looks at every value, no table of its own; read again to be compared). Each peer is set up so that it is at its fastest on a large file.
"""
import json
import resource
import sys
import time

TOOL, JOB, INPUT, OUTPUT, CODEC, THREADS = sys.argv[1:7]
THREADS = int(THREADS)


def timed(make):
    start = time.perf_counter()
    made = make()
    return {"seconds": time.perf_counter() - start, "rss_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}, made


def by_pyarrow():
    import pyarrow as pa
    import pyarrow.csv as csv
    pa.set_cpu_count(THREADS)
    pa.set_io_thread_count(THREADS)
    read = csv.ReadOptions(use_threads=THREADS > 1, block_size=16 << 20)
    parse = csv.ParseOptions(newlines_in_values=True)  # they are in the data
    return timed(lambda: csv.read_csv(pa.memory_map(INPUT), read, parse))


def by_polars():  # POLARS_MAX_THREADS is set outside
    import polars as pl
    return timed(lambda: pl.read_csv(INPUT, try_parse_dates=True, infer_schema_length=10000))


def by_fastexcel():
    import fastexcel
    import pandas  # noqa: F401
    import pyarrow  # noqa: F401
    return timed(lambda: fastexcel.read_excel(INPUT).load_sheet_eager(0).to_pandas())


def by_pandas():
    import openpyxl  # noqa: F401
    import pandas
    return timed(lambda: pandas.read_excel(INPUT))


def read():
    from pyforge_cli import Forge
    return Forge().read(INPUT, threads=THREADS, progress=False)


def by_pyforge():
    import pyforge_cli  # noqa: F401
    if JOB == "parquet":
        return timed(lambda: pyforge_cli.Forge().convert(INPUT, OUTPUT, compression=CODEC, threads=THREADS, force=True, progress=False))
    import pyarrow  # noqa: F401
    if JOB == "pandas":
        import pandas  # noqa: F401
        return timed(lambda: read().to_pandas())
    return timed(lambda: read().to_arrow())


def by_pyforge_polars():
    import polars as pl
    import pyforge_cli  # noqa: F401
    return timed(lambda: pl.DataFrame(read()))


def by_pyforge_duckdb():
    import duckdb
    import pyforge_cli  # noqa: F401

    def make():
        connection = duckdb.connect()
        connection.execute(f"SET threads={THREADS}; SET TimeZone='UTC'")
        tables = read()  # noqa: F841: DuckDB finds it by its name
        connection.execute("SELECT max(COLUMNS(*)) FROM tables").fetchall()
        return connection
    return timed(make)


def write(made):
    import pyarrow as pa
    import pyarrow.parquet as pq
    if TOOL == "pyforge-duckdb":
        tables = read()  # noqa: F841
        made.execute(f"COPY (FROM tables) TO '{OUTPUT}' (FORMAT parquet)")
    elif hasattr(made, "write_parquet"):
        made.write_parquet(OUTPUT)
    else:
        pq.write_table(made if isinstance(made, pa.Table) else pa.Table.from_pandas(made, preserve_index=False), OUTPUT)


MAKERS = {"pyarrow": by_pyarrow, "polars": by_polars, "fastexcel": by_fastexcel, "pandas": by_pandas, "pyforge": by_pyforge,
          "pyforge-polars": by_pyforge_polars, "pyforge-duckdb": by_pyforge_duckdb}
found, table = MAKERS[TOOL]()
if JOB != "parquet":
    write(table)
print(json.dumps(found))
