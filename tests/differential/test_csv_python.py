"""Random CSV against Python's csv as text: no disagreement where the input is RFC 4180, and none between our own splitters."""
import csv
import io
import os
import random

import pyarrow.parquet as pq
import pytest

ALPHABET = ["a", "b", "7", " ", "é", "日", ",", '"', "\n", "\r\n", ";", "'", "\t", "x" * 40, ""]
FLAGS = ("--types", "text", "--header", "none", "--delimiter", ",", "--quote", '"', "--encoding", "utf-8")


def field(rng):
    return "".join(rng.choice(ALPHABET) for _ in range(rng.randint(0, 6)))


def proper(rng, rows, columns, end):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end, quoting=rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]))
    table = [[field(rng) for _ in range(columns)] for _ in range(rows)]
    for row in table:
        writer.writerow(row)
    return out.getvalue()


def as_text(forge, name):
    done = forge.run("convert", name, "o.parquet", "--force", *FLAGS)
    assert done.code == 0, done.err
    table = pq.read_table(forge.folder / "o.parquet")
    return [list(r) for r in zip(*[["" if v is None else v for v in c.to_pylist()] for c in table.columns])]


@pytest.mark.parametrize("seed", range(60))
def test_rfc_4180_text_is_read_as_by_python(forge, seed):
    rng = random.Random(seed)
    text = proper(rng, rng.randint(1, 400), rng.randint(2, 9), rng.choice(["\n", "\r\n"]))
    forge.write("in.csv", text.encode())
    want = [r for r in csv.reader(io.StringIO(text, newline="")) if r]
    got = as_text(forge, "in.csv")
    blank = [r for r in want if any(r)]  # a record of bare empty cells is a record; of nothing is a blank line
    assert got == want or [r for r in got if any(r)] == blank


@pytest.mark.parametrize("seed", range(40))
def test_dirty_text_is_read_the_same_by_every_splitter_and_thread_count(forge, seed):
    rng = random.Random(1000 + seed)
    text = "".join(rng.choice(ALPHABET) for _ in range(rng.randint(1, 3000)))
    forge.write("in.csv", text.encode())
    outs = []
    for threads, simd in ((1, ""), (4, ""), (2, "portable")):
        done = forge.run("convert", "in.csv", "o.parquet", "--force", *FLAGS, "--threads", threads,
                         env={"PYFORGE_SIMD": simd} if simd else None)
        assert done.code in (0, 1), done.err
        outs.append((done.code, (forge.folder / "o.parquet").read_bytes() if done.code == 0 else b""))
        if done.code == 0:
            os.unlink(forge.folder / "o.parquet")
    assert outs[0] == outs[1] == outs[2]
