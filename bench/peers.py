"""One job by one peer, timed inside its process: interpreter start and imports are not counted.

Usage: peers.py TOOL JOB INPUT OUTPUT CODEC THREADS   Prints one JSON line: {"seconds": …, "rss_kb": …} or {"sums": …}.
JOB is parquet or count of a CSV; of a workbook book (all its sheets to tables), cells (only read) or sums (read and added up).
Each peer is set up as its documentation advises for a large file.
"""
import json
import os
import resource
import sys
import time

TOOL, JOB, INPUT, OUTPUT, CODEC, THREADS = sys.argv[1:7]
THREADS = int(THREADS)
EUROPEAN = "european" in os.path.basename(INPUT)


def done(start):
    return {"seconds": time.perf_counter() - start, "rss_kb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}


def by_duckdb():
    import duckdb
    start = time.perf_counter()
    con = duckdb.connect()
    con.execute(f"SET threads={THREADS}")
    how = ", delim=';', decimal_separator=',', encoding='CP1252'" if EUROPEAN else ""
    source = f"read_csv('{INPUT}'{how})"
    if JOB == "count":
        con.execute(f"SELECT count(*) FROM {source}").fetchall()
    else:
        con.execute(f"COPY (FROM {source}) TO '{OUTPUT}' (FORMAT parquet, COMPRESSION {CODEC})")
    return done(start)


def by_polars():
    import polars as pl
    start = time.perf_counter()
    how = {"try_parse_dates": True, "infer_schema_length": 10000}
    if EUROPEAN:  # polars cannot scan cp1252
        frame = pl.read_csv(INPUT, separator=";", decimal_comma=True, encoding="cp1252", **how).lazy()
    else:
        frame = pl.scan_csv(INPUT, **how)
    frame.sink_parquet(OUTPUT, compression=CODEC, **({"compression_level": 3} if CODEC == "zstd" else {}))
    return done(start)


def by_pyarrow():
    import pyarrow as pa
    import pyarrow.csv as csv
    import pyarrow.parquet as pq
    pa.set_cpu_count(THREADS)
    pa.set_io_thread_count(max(THREADS, 1))
    start = time.perf_counter()
    read = csv.ReadOptions(use_threads=THREADS > 1, block_size=16 << 20, encoding="cp1252" if EUROPEAN else "utf8")
    parse = csv.ParseOptions(newlines_in_values=True, delimiter=";" if EUROPEAN else ",")
    convert = csv.ConvertOptions(decimal_point="," if EUROPEAN else ".")
    with csv.open_csv(INPUT, read, parse, convert) as reader:
        level = {"compression_level": 3} if CODEC == "zstd" else {}
        with pq.ParquetWriter(OUTPUT, reader.schema, compression=CODEC, **level) as writer:
            for batch in reader:
                writer.write_batch(batch)
    return done(start)


def by_fastexcel():
    """All sheets as Arrow. Writing them, to be compared, does not count."""
    import fastexcel
    import pyarrow as pa
    import pyarrow.parquet as pq
    start = time.perf_counter()
    reader = fastexcel.read_excel(INPUT)
    tables = {name: reader.load_sheet(name).to_arrow() for name in reader.sheet_names}
    took = done(start)
    for name, target in targets(tables):
        pq.write_table(pa.Table.from_batches([tables[name]]), target)
    return took


def by_polars_book():
    import polars as pl
    start = time.perf_counter()
    frames = pl.read_excel(INPUT, sheet_id=0)
    for name, target in targets(frames):
        frames[name].write_parquet(target, compression=CODEC)
    return done(start)


def targets(tables):
    """(name, path): OUTPUT for one table, a file in it for each of more."""
    if OUTPUT.endswith(".parquet"):
        assert len(tables) == 1
        return [(name, OUTPUT) for name in tables]
    os.makedirs(OUTPUT, exist_ok=True)
    return [(name, os.path.join(OUTPUT, f"{name}.parquet")) for name in tables]


# Readers of workbooks that write nothing: rows of Python values of all sheets.


def calamine_rows():
    import python_calamine
    book = python_calamine.CalamineWorkbook.from_path(INPUT)
    for name in book.sheet_names:
        yield from book.get_sheet_by_name(name).iter_rows()


def openpyxl_rows():
    import openpyxl
    for sheet in openpyxl.load_workbook(INPUT, read_only=True).worksheets:
        yield from sheet.iter_rows(values_only=True)


def pandas_rows():
    import pandas
    pandas.read_excel(INPUT)
    return ()


def by_rows(rows):
    __import__({calamine_rows: "python_calamine", openpyxl_rows: "openpyxl", pandas_rows: "pandas"}[rows])
    start = time.perf_counter()
    for _ in rows():
        pass
    return done(start)


def added_up(rows):
    """As measure.sums: rows, and for each column the values there and the sum of numbers, of seconds since 1970 or of lengths in UTF-8."""
    import datetime
    epoch = datetime.datetime(1970, 1, 1)

    def weight(value):
        if isinstance(value, str):
            return len(value.encode())
        if isinstance(value, datetime.date):
            value = value if isinstance(value, datetime.datetime) else datetime.datetime.combine(value, datetime.time())
            return (value - epoch).total_seconds()
        return value
    rows = iter(rows())
    count, sums = 0, [[0, 0.0] for _ in next(rows)]
    for row in rows:
        count += 1
        for value, at in zip(row, sums):
            if value is not None and value != "":
                at[0] += 1
                at[1] += weight(value)
    return {"sums": [count] + [round(v, 3) for at in sums for v in at]}


ROWS = {"calamine": calamine_rows, "openpyxl": openpyxl_rows, "pandas": pandas_rows}
if JOB == "sums":
    found = added_up(ROWS[TOOL])
elif JOB == "cells":
    found = by_rows(ROWS[TOOL])
elif JOB == "book":
    found = {"fastexcel": by_fastexcel, "polars": by_polars_book}[TOOL]()
else:
    found = {"duckdb": by_duckdb, "polars": by_polars, "pyarrow": by_pyarrow}[TOOL]()
print(json.dumps(found))
