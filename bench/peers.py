"""One conversion or count by one peer, timed inside its process: interpreter start and imports are not counted.

Usage: peers.py TOOL JOB INPUT OUTPUT CODEC THREADS   Prints one JSON line: {"seconds": …}.
JOB is parquet, count or cells. Each peer is set up as its documentation advises for a large file.
"""
import json
import os
import sys
import time

TOOL, JOB, INPUT, OUTPUT, CODEC, THREADS = sys.argv[1:7]
THREADS = int(THREADS)
EUROPEAN = "european" in os.path.basename(INPUT)


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
    return time.perf_counter() - start


def by_polars():
    os.environ["POLARS_MAX_THREADS"] = str(THREADS)
    import polars as pl
    start = time.perf_counter()
    how = {"try_parse_dates": True, "infer_schema_length": 10000}
    if EUROPEAN:  # polars cannot scan cp1252
        frame = pl.read_csv(INPUT, separator=";", decimal_comma=True, encoding="cp1252", **how).lazy()
    else:
        frame = pl.scan_csv(INPUT, **how)
    frame.sink_parquet(OUTPUT, compression=CODEC, **({"compression_level": 3} if CODEC == "zstd" else {}))
    return time.perf_counter() - start


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
    return time.perf_counter() - start


def by_calamine():
    """Reads a workbook's first sheet into Python values and writes nothing."""
    import python_calamine
    start = time.perf_counter()
    for _ in python_calamine.CalamineWorkbook.from_path(INPUT).get_sheet_by_index(0).iter_rows():
        pass
    return time.perf_counter() - start


print(json.dumps({"seconds": {"calamine": by_calamine, "duckdb": by_duckdb, "polars": by_polars, "pyarrow": by_pyarrow}[TOOL]()}))
