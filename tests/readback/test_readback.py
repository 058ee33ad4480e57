"""What the program writes is read by pyarrow, DuckDB and Polars with equal values."""
import datetime as dt
import random

import duckdb
import polars as pl
import pyarrow.parquet as pq
import pytest

CODECS = ["none", "snappy", "zstd", "gzip", "lz4"]


def table(seed, rows):
    rng = random.Random(seed)
    out = []
    for i in range(rows):
        out.append((i, None if rng.random() < .1 else rng.randint(-10**12, 10**12), None if rng.random() < .1 else rng.random() * 1e6,
                    rng.random() < .5, dt.date(1900, 1, 1) + dt.timedelta(days=rng.randint(0, 80000)),
                    dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=rng.randint(0, 10**15)),
                    None if rng.random() < .2 else rng.choice(["", "a", "é日", 'q"x', "line\nend", "z" * 300])))
    return out


def as_csv(rows):
    def cell(v):
        if v is None:
            return ""
        if isinstance(v, bool):
            return "true" if v else "false"
        if isinstance(v, dt.datetime):
            return v.isoformat(sep=" ", timespec="microseconds")
        if isinstance(v, str):
            return '"' + v.replace('"', '""') + '"'
        return str(v) if not isinstance(v, float) else repr(v)
    return "i,n,f,b,d,t,s\n" + "".join(",".join(cell(v) for v in r) + "\n" for r in rows)


@pytest.mark.parametrize("profile", ["spark", "modern"])
@pytest.mark.parametrize("codec", CODECS)
def test_values_are_equal_in_three_readers(forge, codec, profile):
    rows = table(7, 5000)
    forge.write("in.csv", as_csv(rows))
    done = forge.run("convert", "in.csv", "o.parquet", "-c", codec, "--profile", profile)
    assert done.code == 0, done.err
    path = str(forge.folder / "o.parquet")

    def plain(v):
        return v.replace(tzinfo=None) if isinstance(v, dt.datetime) else v
    for got in (list(zip(*[c.to_pylist() for c in pq.read_table(path).columns])), pl.read_parquet(path).rows(),
                duckdb.connect().execute("SET TimeZone='UTC'").execute(f"SELECT * FROM '{path}'").fetchall()):
        got = [tuple(plain(v) for v in r) for r in got]
        assert got == rows
