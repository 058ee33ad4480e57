"""Tables that hypothesis makes up, through the writer and back by pyarrow: equal, whatever they hold."""
import ctypes
import datetime
import decimal
import os
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ["PYFORGE"]).parent if "PYFORGE" in os.environ else ROOT / "build"
LIBRARY = BUILD / "tests" / "interop" / "write_stream.so"
if not LIBRARY.exists():
    pytest.skip("write_stream is not built", allow_module_level=True)
write_stream = ctypes.CDLL(str(LIBRARY)).write_stream
write_stream.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_char_p), ctypes.c_int,
                         ctypes.c_char_p]
UNSUPPORTED = 31


def write(table, path, options, threads, batch_rows):
    """The status and message of the writer; the table is cut into batches on the way."""
    class Stream(ctypes.Structure):
        _fields_ = [("members", ctypes.c_void_p * 5)]
    stream, message = Stream(), ctypes.create_string_buffer(512)
    pa.RecordBatchReader.from_batches(table.schema, table.to_batches(max_chunksize=batch_rows))._export_to_c(
        ctypes.addressof(stream))
    words = [word.encode() for pair in options.items() for word in pair] + [None]
    status = write_stream(ctypes.addressof(stream), str(path).encode(), (ctypes.c_char_p * len(words))(*words),
                          threads, message)
    return status, message.value.decode()


# ---- columns: type → values; spark: it may be written under that profile ----

def integers(bits, signed=True):
    low, high = (-2 ** (bits - 1), 2 ** (bits - 1) - 1) if signed else (0, 2 ** bits - 1)
    return st.one_of(st.integers(low, high), st.sampled_from([low, high, 0]), st.integers(0, 9))


def decimals(precision, scale):
    most = 10 ** precision - 1
    return st.one_of(st.integers(-most, most), st.sampled_from([most, -most, 0, 1])).map(
        lambda n: decimal.Context(prec=100).create_decimal(n).scaleb(-scale, decimal.Context(prec=100)))


TEXT = st.one_of(st.text(max_size=20), st.sampled_from(["", "a", "open", "closed", "\U0010FFFF" * 20, "é" * 40]),
                 st.text(min_size=60, max_size=80))
BYTES = st.one_of(st.binary(max_size=20), st.sampled_from([b"", b"\xff" * 70, b"\0"]))
DAYS = st.integers(-100000, 100000)
KINDS = [
    (pa.bool_(), st.booleans(), True),
    (pa.int8(), integers(8), True), (pa.int16(), integers(16), True),
    (pa.int32(), integers(32), True), (pa.int64(), integers(64), True),
    (pa.uint8(), integers(8, False), False), (pa.uint16(), integers(16, False), False),
    (pa.uint32(), integers(32, False), False), (pa.uint64(), integers(64, False), False),
    (pa.float32(), st.floats(width=32), True), (pa.float64(), st.floats(), True),
    (pa.float16(), st.floats(width=16), False),
    (pa.decimal128(7, 3), decimals(7, 3), True), (pa.decimal128(18, 0), decimals(18, 0), True),
    (pa.decimal128(38, 12), decimals(38, 12), True), (pa.decimal256(60, 5), decimals(60, 5), False),
    (pa.date32(), DAYS, True), (pa.time32("ms"), st.integers(0, 86399999), False),
    (pa.time64("us"), st.integers(0, 86399999999), False), (pa.time64("ns"), st.integers(0, 86399999999999), False),
    (pa.timestamp("us", "UTC"), st.integers(-2 ** 50, 2 ** 50), True),
    (pa.timestamp("ns", "UTC"), st.integers(-2 ** 60, 2 ** 60), False),
    (pa.string(), TEXT, True), (pa.large_string(), TEXT, True), (pa.string_view(), TEXT, True),
    (pa.binary(), BYTES, True), (pa.large_binary(), BYTES, True), (pa.binary_view(), BYTES, True),
    (pa.dictionary(pa.int8(), pa.string()), TEXT, True),
    (pa.dictionary(pa.uint32(), pa.int64()), integers(64), True),
    (pa.binary(5), st.binary(min_size=5, max_size=5), False),
    (pa.null(), st.none(), False),
]


@st.composite
def tables(draw):
    """A table, and whether Spark's profile may take it. Values repeat, so that a few stand for many rows."""
    modern = draw(st.booleans())
    rows = draw(st.integers(0, 60))
    repeat = draw(st.sampled_from([1, 1, 3, 40]))
    columns, names = [], []
    for i in range(draw(st.integers(1, 6))):
        kind, values, spark = draw(st.sampled_from([k for k in KINDS if modern or k[2]]))
        nullable = draw(st.sampled_from([0, 1, 2]))
        cell = values if nullable == 0 or kind == pa.null() else st.one_of(*[values] * (3 - nullable), st.none())
        cells = draw(st.lists(cell, min_size=rows, max_size=rows)) * repeat
        columns.append(pa.array(cells, kind))
        names.append("c%d" % i)
    table = pa.table(columns, names=names)
    if draw(st.booleans()) and len(table) > 2:
        table = table.slice(draw(st.integers(0, len(table) // 2)), draw(st.integers(0, len(table))))
    return table, modern


def plain(column):
    """What Parquet gives back: no dictionaries, views or large layouts."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if kind in (pa.string_view(), pa.large_string()):
        return column.cast(pa.string())
    if kind in (pa.binary_view(), pa.large_binary()):
        return column.cast(pa.binary())
    return column


def bits(column):
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_floating(column.type):  # NaN equals itself by its bits
        return column.view({16: pa.uint16(), 32: pa.uint32(), 64: pa.uint64()}[column.type.bit_width])
    return column


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(tables(), st.sampled_from(["none", "snappy", "zstd", "gzip", "lz4"]), st.sampled_from(["64", "300", "1M"]),
       st.sampled_from(["7", "100", "122880"]), st.sampled_from(["1", "500", "32M"]), st.integers(1, 100))
def test_tables_come_back_equal(tmp_path_factory, made, codec, page, rows, size, batch):
    table, modern = made
    path = tmp_path_factory.mktemp("tables") / "t.parquet"
    options = {"profile": "modern" if modern else "spark", "compression": codec, "page-bytes": page,
               "row-group-rows": rows, "row-group-bytes": size}
    status, message = write(table, path, options, 0, batch)
    assert status == 0, message
    once = path.read_bytes()
    assert write(table, path, options, 2, batch + 13)[0] == 0
    assert path.read_bytes() == once, "threads or batches show in the bytes"
    back = pq.ParquetFile(path).read()
    assert back.column_names == table.column_names and len(back) == len(table)
    for name in table.column_names:
        want, got = plain(table[name]), back[name]
        assert got.type == want.type
        got.validate(full=True)
        assert bits(got).equals(bits(want)), (name, want, got)


@pytest.mark.parametrize("kind", [k for k, _, spark in KINDS if not spark and k != pa.binary(5)], ids=str)
def test_what_spark_cannot_read_is_refused_by_name(tmp_path, kind):
    table = pa.table([pa.array([None], kind)], names=["the column"])
    status, message = write(table, tmp_path / "t.parquet", {"profile": "spark"}, 0, 10)
    assert status == UNSUPPORTED and "column 'the column'" in message


def nest(kind, values):
    """Types around a type, and their values."""
    lists = st.lists(st.one_of(values, st.none()), max_size=5)
    pairs = st.lists(st.tuples(st.text(max_size=4), st.one_of(values, st.none())), max_size=4, unique_by=lambda p: p[0])
    fields = pa.struct([("a", kind), pa.field("b", pa.int32(), nullable=False)])
    return st.sampled_from([
        (pa.list_(kind), lists), (pa.large_list(kind), lists),
        (pa.list_(pa.field("item", kind, nullable=False)), st.lists(values, max_size=5)),
        (pa.list_(kind, 3), st.lists(st.one_of(values, st.none()), min_size=3, max_size=3)),
        (fields, st.fixed_dictionaries({"a": st.one_of(values, st.none()), "b": integers(32)})),
        (pa.map_(pa.string(), kind), pairs)])


LEAVES = [(pa.bool_(), st.booleans()), (pa.int16(), integers(16)), (pa.int64(), integers(64)), (pa.string(), TEXT),
          (pa.decimal128(18, 3), decimals(18, 3)), (pa.binary(), BYTES), (pa.date32(), DAYS), (pa.large_string(), TEXT),
          (pa.string_view(), TEXT), (pa.dictionary(pa.int8(), pa.string()), TEXT)]


@st.composite
def nested_tables(draw):
    rows, columns = draw(st.integers(0, 40)), []
    for _ in range(draw(st.integers(1, 3))):
        kind, values = draw(st.sampled_from(LEAVES))
        for _ in range(draw(st.integers(1, 3))):
            kind, values = draw(nest(kind, values))
        cells = draw(st.lists(st.one_of(values, values, st.none()), min_size=rows, max_size=rows))
        columns.append(pa.array(cells * draw(st.sampled_from([1, 1, 7])), kind)[:max(rows, 1) * 7])
    table = pa.table({"c%d" % i: c[:min(map(len, columns))] for i, c in enumerate(columns)})
    if draw(st.booleans()) and len(table) > 2:
        table = table.slice(draw(st.integers(0, len(table) // 2)), draw(st.integers(0, len(table))))
    return table


@settings(max_examples=150, deadline=None, database=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(nested_tables(), st.sampled_from(["spark", "modern"]), st.sampled_from(["64", "300", "1M"]),
       st.sampled_from(["3", "100", "122880"]), st.sampled_from(["1", "500", "32M"]), st.integers(1, 60))
def test_structs_lists_and_maps_come_back_equal(tmp_path_factory, table, profile, page, rows, size, batch):
    path = tmp_path_factory.mktemp("nested") / "t.parquet"
    options = {"profile": profile, "page-bytes": page, "row-group-rows": rows, "row-group-bytes": size}
    status, message = write(table, path, options, 0, batch)
    assert status == 0, message
    once = path.read_bytes()
    assert write(table, path, options, 2, batch + 13)[0] == 0
    assert path.read_bytes() == once, "threads or batches show in the bytes"
    back = pq.ParquetFile(path).read()
    back.validate(full=True)
    assert back.to_pylist() == table.to_pylist()
    for name in table.column_names:
        kind = table.schema.field(name).type
        got = [in_shape(row[0], kind) for row in duckdb.sql("SELECT %s FROM '%s'" % (name, path)).fetchall()]
        assert got == [in_shape(v, kind) for v in table[name].to_pylist()], name


def in_shape(value, kind):
    """DuckDB's maps are dicts, pyarrow's lists of pairs."""
    if value is None:
        return None
    if pa.types.is_map(kind):
        return {k: in_shape(v, kind.item_type) for k, v in (value.items() if isinstance(value, dict) else value)}
    if pa.types.is_struct(kind):
        return {f.name: in_shape(value[f.name], f.type) for f in kind}
    if pa.types.is_nested(kind):
        return [in_shape(v, kind.value_type) for v in value]
    return value


@pytest.mark.parametrize("kind", [pa.int16(), pa.int32(), pa.int64()], ids=str)
@pytest.mark.parametrize("values", [pa.array([7, None, 9, 9]), pa.array(["x", "", None, "long" * 9])], ids=["numbers", "texts"])
def test_run_end_encoded_columns_come_back_as_what_they_mean(tmp_path, kind, values):
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([3, 4, 9, 20], kind), values)
    want = [v for v, n in zip(values.to_pylist(), (3, 1, 5, 11)) for _ in range(n)]
    table = pa.table({"runs": runs, "n": list(range(20))})
    for part, expected in ((table, want), (table.slice(2, 9), want[2:11])):
        status, message = write(part, tmp_path / "t.parquet", {"profile": "spark", "row-group-rows": "5"}, 0, 4)
        assert status == 0, message
        assert pq.ParquetFile(tmp_path / "t.parquet").read()["runs"].to_pylist() == expected


def test_empty_lists_nulls_and_nulls_inside_stay_apart(tmp_path):
    rows = [[[1, None], []], [], None, [None, [2]], [[]]]
    table = pa.table({"x": pa.array(rows, pa.list_(pa.list_(pa.int64())))})
    assert write(table, tmp_path / "t.parquet", {"profile": "spark"}, 0, 2)[0] == 0
    file = pq.ParquetFile(tmp_path / "t.parquet")
    assert file.read()["x"].to_pylist() == rows
    column = file.metadata.row_group(0).column(0)
    assert column.path_in_schema == "x.list.element.list.element" and column.num_values == 8
    assert column.statistics.null_count == 6 and (column.statistics.min, column.statistics.max) == (1, 2)


def test_a_value_that_does_not_fit_is_named_by_its_row_also_inside_a_list(tmp_path):
    milliseconds = pa.array([0, 86400000 * 3, 5, 86400000], pa.int64()).buffers()[1]  # a day is whole in all but one
    days = pa.Array.from_buffers(pa.date64(), 4, [None, milliseconds])
    table = pa.table({"days": pa.ListArray.from_arrays(pa.array([0, 1, 1, 3, 4], pa.int32()), days)})
    status, message = write(table, tmp_path / "t.parquet", {"profile": "spark"}, 0, 10)
    assert status != 0 and "column 'days'" in message


@pytest.mark.parametrize("kind", [pa.month_day_nano_interval(), pa.struct([]), pa.list_(pa.month_day_nano_interval())], ids=str)
def test_types_without_a_place_in_parquet_are_refused_by_name(tmp_path, kind):
    table = pa.table([pa.array([None], kind)], names=["the column"])
    for profile in ("spark", "modern"):
        status, message = write(table, tmp_path / "t.parquet", {"profile": profile}, 0, 10)
        assert status == UNSUPPORTED and "column 'the column'" in message


def test_metadata_goes_into_the_file(tmp_path):
    field = pa.field("wait", pa.duration("ms"), metadata={"pyforge.source": "Wait (ms)", "other": "not ours"})
    table = pa.table([pa.array([datetime.timedelta(seconds=2)], pa.duration("ms"))],
                     schema=pa.schema([field], metadata={"made by": "hand"}))
    assert write(table, tmp_path / "t.parquet", {"profile": "modern"}, 0, 10)[0] == 0
    assert pq.ParquetFile(tmp_path / "t.parquet").metadata.metadata == {
        b"made by": b"hand", b"pyforge.source:wait": b"Wait (ms)", b"pyforge.duration:wait": b"ms"}
    assert pq.ParquetFile(tmp_path / "t.parquet").read()["wait"].to_pylist() == [2000]
