"""Tables go to and come from other libraries by Arrow's PyCapsule interface."""
import ctypes
import datetime
import decimal
import doctest
import gc
import importlib

import duckdb
import nanoarrow
import openpyxl
import pandas
import polars
import pyarrow
import pytest
from pyarrow import parquet

from pyforge_cli import ArgumentError, Forge, PyforgeError, StateError

TEXT = "id,customer,amount,day,seen,paid\n1,Ann,9.5,2024-01-31,2024-01-31 10:00:00,true\n2,,12.25,2024-02-01,2024-02-01 11:30:00,false\n"


@pytest.fixture
def forge(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "t.csv").write_text(TEXT)
    return Forge()


def test_pyarrow_takes_a_table_with_its_types(forge):
    made = pyarrow.table(forge.read("t.csv"))
    assert [str(t) for t in made.schema.types] == ["int64", "string", "double", "date32[day]", "timestamp[us]", "bool"]
    assert made.column("customer").to_pylist() == ["Ann", None]
    assert forge.read("t.csv").to_arrow().equals(made)


def test_a_whole_table_is_as_its_stream_is_also_where_the_sample_was_wrong(forge, tmp_path):
    (tmp_path / "late.csv").write_text("n,m\n" + "1,2\n" * 100000 + "x,2.5\n" + "1,2\n" * 100000)
    table = forge.read("late.csv")["late"]
    whole = table.to_arrow()
    assert [str(t) for t in whole.schema.types] == ["string", "double"]
    assert whole.equals(pyarrow.table(table))
    assert table.to_polars().height == whole.num_rows == 200001


def test_the_schema_alone_is_taken(forge):
    schema = forge.read("t.csv").schema
    assert pyarrow.schema(schema) == pyarrow.table(forge.read("t.csv")).schema


def test_polars_takes_a_table(forge):
    made = forge.read("t.csv").to_polars()
    assert made.shape == (2, 6)
    assert made["day"].to_list() == [datetime.date(2024, 1, 31), datetime.date(2024, 2, 1)]
    assert polars.DataFrame(forge.read("t.csv")["t"]).equals(made)


def test_pandas_takes_a_table(forge):
    made = forge.read("t.csv").to_pandas()
    assert made["amount"].tolist() == [9.5, 12.25]
    assert made["id"].dtype == "int64"


def test_duckdb_takes_a_table(forge):
    relation = forge.read("t.csv").to_duckdb()
    assert relation.aggregate("sum(amount), count(customer)").fetchall() == [(21.75, 1)]
    with duckdb.connect() as connection:
        assert forge.read("t.csv").to_duckdb(connection).count("id").fetchall() == [(2,)]


def test_nanoarrow_takes_a_table_and_its_schema(forge):
    table = forge.read("t.csv")["t"]
    made = nanoarrow.Array(table)
    assert [row["customer"] for row in made.to_pylist()] == ["Ann", None]
    assert [field.name for field in nanoarrow.Schema(table.schema).fields] == ["id", "customer", "amount", "day", "seen", "paid"]
    assert sum(len(chunk) for chunk in nanoarrow.ArrayStream(table)) == 2


def test_frames_of_all_libraries_are_written(forge):
    want = pyarrow.table(forge.read("t.csv"))
    frames = [want, want.to_batches()[0], pyarrow.RecordBatchReader.from_batches(want.schema, want.to_batches()),
              polars.from_arrow(want), want.to_pandas(), duckdb.from_arrow(want), nanoarrow.Array(want.to_batches()[0]),
              nanoarrow.ArrayStream(want)]
    for number, frame in enumerate(frames):
        path = f"out{number}.parquet"
        assert forge.write(frame, path).rows_out == 2
        assert parquet.read_table(path).column("amount").to_pylist() == [9.5, 12.25]
        assert parquet.read_table(path).column("customer").to_pylist() == ["Ann", None]


def test_a_stream_that_python_makes_is_pulled_while_the_core_works(forge):
    def batches():
        for number in range(20):
            yield pyarrow.record_batch({"n": [number] * 1000})

    reader = pyarrow.RecordBatchReader.from_batches(pyarrow.schema({"n": pyarrow.int64()}), batches())
    assert forge.write(reader, "out.parquet").rows_out == 20000


def test_an_exception_in_a_stream_is_told_and_leaves_nothing(forge, tmp_path):
    def batches():
        yield pyarrow.record_batch({"n": [1]})
        raise KeyError("the source broke")

    reader = pyarrow.RecordBatchReader.from_batches(pyarrow.schema({"n": pyarrow.int64()}), batches())
    with pytest.raises(Exception, match="the source broke"):
        forge.write(reader, "out.parquet")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.csv"]


def test_a_stream_that_was_used_up_is_refused(forge):
    reader = pyarrow.RecordBatchReader.from_batches(pyarrow.schema({"n": pyarrow.int64()}), [])
    capsule = reader.__arrow_c_stream__()

    class Once:
        def __arrow_c_stream__(self, requested_schema=None):
            return capsule

    forge.write(Once(), "a.parquet")
    with pytest.raises(ValueError, match="handed over before"):
        forge.write(Once(), "b.parquet")


def test_arrays_that_are_no_table_are_refused(forge, tmp_path):
    lists, numbers = pyarrow.array([[1], [2, 3]]), pyarrow.array([1, 2])
    for wrong in (numbers, lists, pyarrow.chunked_array([numbers]), pyarrow.chunked_array([lists]), polars.Series([1, 2]),
                  pyarrow.array([[1, 2]], pyarrow.list_(pyarrow.int64(), 2)), pyarrow.array([[("a", 1)]], pyarrow.map_(pyarrow.string(), pyarrow.int64()))):
        with pytest.raises(ArgumentError, match="no table; make a table"):
            forge.write(wrong, "out.parquet")
    with pytest.raises(ArgumentError, match="the table has no columns"):
        forge.write(pyarrow.table({}), "out.parquet")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.csv"]
    assert forge.write(pyarrow.array([{"a": 1}, {"a": 2}, {"a": 3}]).slice(1), "out.csv").rows_out == 2


def test_who_stops_early_leaves_nothing_open(forge, tmp_path):
    (tmp_path / "long.csv").write_text("n\n" + "".join(f"{n}\n" for n in range(300000)))
    reader = pyarrow.RecordBatchReader.from_stream(forge.read("long.csv"))
    assert reader.read_next_batch().num_rows > 0
    del reader
    gc.collect()


def test_a_stream_outlives_everything_it_came_from(forge):
    table = Forge().read(TEXT.encode())[0]
    reader = pyarrow.RecordBatchReader.from_stream(table)
    del table
    gc.collect()
    assert reader.read_all().num_rows == 2


def test_arrays_of_python_are_freed_once_each(forge):
    """Ten thousand rounds out and in: what pyarrow counts is what it had before."""
    import collections

    released = collections.Counter()
    one = pyarrow.record_batch({"n": [1, 2, 3], "d": [decimal.Decimal("1.50"), None, decimal.Decimal("2.25")]})

    class Watched:
        def __arrow_c_stream__(self, requested_schema=None):
            return pyarrow.RecordBatchReader.from_batches(one.schema, self.batches()).__arrow_c_stream__()

        def batches(self):
            yield one
            released["batches"] += 1

    before = pyarrow.total_allocated_bytes()
    job = forge._job([], {})
    for _ in range(10000):
        job = forge._job([], {})
        job.take_stream(one)  # __arrow_c_array__
        del job
    for _ in range(100):
        forge.write(Watched(), "out.csv", force=True)
    table = forge.read("t.csv")[0]
    for _ in range(300):
        table.__arrow_c_stream__()
    gc.collect()
    assert pyarrow.total_allocated_bytes() == before
    assert released["batches"] == 100


def heap_bytes():
    """Of blocks in use that were asked of malloc, as the core's are; None where the system does not tell."""
    class Info(ctypes.Structure):
        _fields_ = [(name, ctypes.c_size_t) for name in ("arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks",
                                                         "fordblks", "keepcost")]
    ask = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if ask is None:
        return None
    ask.restype = Info
    gc.collect()
    info = ask()
    return info.uordblks + info.hblkhd


def test_the_core_keeps_nothing_of_ten_thousand_streams_however_they_end(forge, tmp_path):
    if heap_bytes() is None:
        pytest.skip("glibc 2.33 tells how much is in use")
    forge = Forge(threads=1)
    table, long = forge.read("t.csv")[0], tmp_path / "long.csv"
    long.write_text("n\n" + "".join(f"{n}\n" for n in range(70000)))  # of more than one batch
    longer = forge.read(str(long))[0]
    frame = table.to_arrow()

    def rounds(count):
        for _ in range(count):
            assert pyarrow.RecordBatchReader.from_stream(table).read_all().num_rows == 2  # to its end
            table.__arrow_c_stream__()  # taken by nobody
            table.schema.__arrow_c_schema__()
            table.to_arrow()  # whole
            forge._job([], {}).take_stream(frame)  # in, and not used
        for _ in range(count // 20):
            assert pyarrow.RecordBatchReader.from_stream(longer).read_next_batch().num_rows  # not to its end
            forge.write(frame, "out.parquet", force=True)

    rounds(200)  # what is kept once
    before, theirs = heap_bytes(), pyarrow.total_allocated_bytes()
    rounds(2000)
    assert pyarrow.total_allocated_bytes() == theirs
    assert heap_bytes() - before < 2000 * 8  # no block that malloc gives is so small as a round's share of this


def test_cells_are_a_table_too(forge, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "First"
    book.active.append(["a", "b"])
    book.active.append([1, "x"])
    other = book.create_sheet("Second")
    for row in (["n"], [1], [2]):
        other.append(row)
    book.save(tmp_path / "book.xlsx")
    cells = forge.cells("book.xlsx").to_arrow().to_pylist()
    assert {"sheet": "First", "cell": "B2", "type": "s", "value": "x"} in cells
    tables = forge.read("book.xlsx")
    assert list(tables) == ["First", "Second"]
    assert tables["Second"].head().rows == [("1",), ("2",)]
    assert tables["Second"].to_polars()["n"].to_list() == [1, 2]
    assert forge.read((tmp_path / "book.xlsx").read_bytes())["Second"].schema.types == ["int64"]


def test_a_stream_of_the_core_is_handed_over_once(forge):
    stream = forge._job([("path", "t.csv")], {}).read()
    assert pyarrow.RecordBatchReader.from_stream(stream).read_all().num_rows == 2
    with pytest.raises(StateError):
        pyarrow.RecordBatchReader.from_stream(stream)


def test_examples_that_need_a_library_hold(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "orders.csv").write_text("id,customer,amount\n1,Ann,9.5\n2,Bob,12.25\n3,Cy,7\n")
    ran = 0
    for name in ("", "._table", ".converters.string_database_converter"):
        for test in doctest.DocTestFinder().find(importlib.import_module("pyforge_cli" + name)):
            needy = [example for example in test.examples if doctest.SKIP in example.options]
            for example in needy:
                del example.options[doctest.SKIP]
            if needy:
                assert doctest.DocTestRunner(verbose=False).run(test).failed == 0, test.name
                ran += 1
    assert ran >= 9


@pytest.mark.parametrize("kind", ["string", "large_string", "string_view", "dictionary", "list", "struct"])
def test_text_that_is_not_utf8_is_refused_with_its_column_and_nothing_is_written(tmp_path, kind):
    good, bad = b"Ulm and round about", b"K\xf6ln and round about"

    def column(last):
        raw = pyarrow.array([good, None, last], pyarrow.binary())
        text = pyarrow.Array.from_buffers(pyarrow.string(), 3, raw.buffers())
        if kind == "dictionary":
            return pyarrow.DictionaryArray.from_arrays(pyarrow.array([2, 0, None]), text)
        if kind == "list":
            return pyarrow.ListArray.from_arrays([0, 1, 3], text)
        if kind == "struct":
            return pyarrow.StructArray.from_arrays([text], ["inner"])
        return text if kind == "string" else text.cast(getattr(pyarrow, kind)())

    out = tmp_path / "out.parquet"
    Forge().write(pyarrow.table({"city": column(good)}), out)
    assert parquet.read_table(out)["city"].to_pylist() == column(good).to_pylist()
    out.unlink()
    with pytest.raises(PyforgeError, match="not UTF-8") as told:
        Forge().write(pyarrow.table({"city": column(bad)}), out)
    assert "'city'" in str(told.value)
    if kind.endswith("string") or kind == "string_view":
        assert told.value.row == 3
    assert not list(tmp_path.iterdir())
