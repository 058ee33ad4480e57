"""Structs, lists, maps, views and run-ends at every depth, nulls at every level, written for readers that are not Python.

    python tests/interop/write_nested.py FOLDER

Writes PROFILE-CODEC-BORDER.parquet and nested.expected into FOLDER: a line per column, its name and then a value per row, all
separated by tabs. A value is "~" for null, {a,b} of a struct, [a,b] of a list, <key=value,…> of a map, its entries sorted by what is
printed; text and bytes are hex, floats are hex of their bits, decimals are unscaled, dates are days, timestamps microseconds.
"""
import datetime
import random
import struct
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

sys.path.insert(0, str(Path(__file__).resolve().parent))
from test_parquet_tables import write

ROWS = 600
FILES = {"spark-snappy-whole": {}, "spark-zstd-pages": {"page-bytes": "64", "row-group-rows": "37"},
         "modern-none-groups": {"page-bytes": "300", "row-group-rows": "100"}}
INSTANT = pa.timestamp("us", "UTC")
DEEP = pa.list_(pa.struct([
    ("id", pa.int64()), ("tags", pa.list_(pa.string())),
    ("attributes", pa.map_(pa.string(), pa.struct([("x", pa.float64()), ("at", INSTANT)])))]))
KINDS = {
    "struct": pa.struct([("a", pa.int64()), ("b", pa.string())]),
    "struct_required": pa.struct([pa.field("a", pa.int32(), False), pa.field("b", pa.struct([pa.field("c", pa.bool_(), False)]), False)]),
    "list": pa.list_(pa.string()), "list_required": pa.list_(pa.field("item", pa.int64(), False)),
    "large_list": pa.large_list(pa.int16()), "fixed_list": pa.list_(pa.float64(), 3), "list_of_lists": pa.list_(pa.list_(pa.large_list(pa.int32()))),
    "map": pa.map_(pa.string(), pa.int64()), "map_of_lists": pa.map_(pa.int32(), pa.list_(pa.decimal128(18, 3))),
    "text_view": pa.string_view(), "bytes_view": pa.binary_view(), "list_of_views": pa.list_(pa.string_view()),
    "list_of_words": pa.list_(pa.dictionary(pa.int8(), pa.string())), "list_of_days": pa.list_(pa.date32()), "deep": DEEP,
}


def make(kind, draw, null=0.15):
    """A value of a type, of Python."""
    if null and draw.random() < null:
        return None
    t = pa.types
    if t.is_struct(kind):
        return {field.name: make(field.type, draw, null if field.nullable else 0) for field in kind}
    if t.is_fixed_size_list(kind):
        return [make(kind.value_type, draw) for _ in range(kind.list_size)]
    if t.is_list(kind) or t.is_large_list(kind):
        return [make(kind.value_type, draw, null if kind.value_field.nullable else 0) for _ in range(draw.choice([0, 1, 1, 2, 5]))]
    if t.is_map(kind):
        keys = {make(kind.key_type, draw, 0) for _ in range(draw.choice([0, 1, 2, 4]))}
        return [(key, make(kind.item_type, draw)) for key in sorted(keys)]
    if t.is_dictionary(kind):
        return draw.choice(["red", "green", "blué"])
    if t.is_boolean(kind):
        return draw.random() < 0.5
    if t.is_integer(kind):
        return draw.choice([0, -1, 2 ** (kind.bit_width - 1) - 1, -2 ** (kind.bit_width - 1), draw.randrange(100)])
    if t.is_float64(kind):
        return draw.choice([0.0, -0.0, 0.1, -1e300, float("inf"), draw.random()])
    if t.is_decimal(kind):
        return pa.scalar(draw.randrange(-10 ** 17, 10 ** 17), pa.decimal128(18, 0)).as_py().scaleb(-kind.scale)
    if t.is_date(kind):
        return datetime.date(1970, 1, 1) + datetime.timedelta(draw.randrange(-20000, 40000))
    if t.is_timestamp(kind):
        return datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc) + datetime.timedelta(microseconds=draw.randrange(2 ** 52))
    word = draw.choice(["", "a", "naïve 東京", "a text of more than twelve bytes"])
    return word if kind in (pa.string(), pa.string_view()) else word.encode()


def spell(value, kind):
    t = pa.types
    if value is None:
        return "~"
    if t.is_struct(kind):
        return "{%s}" % ",".join(spell(value[field.name], field.type) for field in kind)
    if t.is_map(kind):
        return "<%s>" % ",".join(sorted("%s=%s" % (spell(k, kind.key_type), spell(v, kind.item_type)) for k, v in value))
    if t.is_list(kind) or t.is_large_list(kind) or t.is_fixed_size_list(kind):
        return "[%s]" % ",".join(spell(item, kind.value_type) for item in value)
    if t.is_boolean(kind):
        return "01" if value else "00"
    if t.is_float64(kind):
        return struct.pack(">d", value).hex()
    if t.is_decimal(kind):
        return str(int(value.scaleb(kind.scale)))
    if t.is_date(kind):
        return str((value - datetime.date(1970, 1, 1)).days)
    if t.is_timestamp(kind):
        return str((value - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(microseconds=1))
    return str(value) if isinstance(value, int) else value.encode().hex() if isinstance(value, str) else value.hex()


def make_table():
    draw = random.Random(6)
    columns = {name: (kind, [make(kind, draw) for _ in range(ROWS)]) for name, kind in KINDS.items()}
    arrays = {name: pa.array(values, kind) for name, (kind, values) in columns.items()}
    runs = [draw.choice(["red", "green", None]) for _ in range(ROWS // 8) for _ in range(8)]
    columns["run_ends"] = (pa.string(), runs)
    arrays["run_ends"] = pc.run_end_encode(pa.array(runs))
    columns["struct_of_run_ends"] = (pa.struct([("r", pa.string())]), [{"r": value} for value in runs])
    arrays["struct_of_run_ends"] = pa.StructArray.from_arrays([arrays["run_ends"]], ["r"])
    lines = ["\t".join([name, *(spell(value, kind) for value in values)]) for name, (kind, values) in columns.items()]
    return pa.table(arrays), lines


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    table, lines = make_table()
    (folder / "nested.expected").write_text("\n".join(lines) + "\n")
    for name, options in FILES.items():
        profile, codec, _ = name.split("-")
        status, message = write(table, folder / (name + ".parquet"), {"profile": profile, "compression": codec, **options}, 2, 71)
        if status:
            sys.exit("%s: %s" % (name, message))
    print("%d files of %d columns" % (len(FILES), table.num_columns))


if __name__ == "__main__":
    main()
