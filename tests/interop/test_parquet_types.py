"""Every type x codec x null pattern x page border x profile, written by write_types, read back by others.

    python tests/interop/test_parquet_types.py WRITE_TYPES [FOLDER]

pyarrow must read every file value for value, with right statistics and page index. DuckDB, Polars and fastparquet
must read what they document; what they cannot is listed in GAPS, and a gap that has closed fails the test.
"""
import decimal
import math
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

decimal.getcontext().prec = 100
PROFILES = ("spark", "modern")
NULLS = ("none", "some", "all", "other", "runs", "ends")
CODEC_IDS = {"none": 0, "snappy": 1, "zstd": 6, "gzip": 2, "lz4": 7}  # CompressionCodec of parquet.thrift
CODECS = tuple(CODEC_IDS)
BORDERS = ("whole", "pages", "groups", "bytes")
LARGE = ("large", "zstd", "whole")  # the pattern of long pages is written once for each profile
failures = []
checks = 0


def check(condition, *what):
    global checks
    checks += 1
    if not condition:
        failures.append(" ".join(str(w) for w in what))
        if len(failures) <= 20:
            print("FAILED", failures[-1])


# ---- what must be read ----

def arrow_type(word, utc):
    if word.startswith("decimal("):
        precision, scale = (int(x) for x in word[8:-1].split(","))
        return pa.decimal128(precision, scale) if precision <= 38 else pa.decimal256(precision, scale)
    if word.startswith("timestamp["):
        zoned = utc or word.endswith("Z")
        return pa.timestamp(word[10:12], "UTC" if zoned else None)
    if word.startswith("fixed("):
        return pa.binary(int(word[6:-1]))
    return {"bool": pa.bool_(), "int8": pa.int8(), "int16": pa.int16(), "int32": pa.int32(), "int64": pa.int64(),
            "uint8": pa.uint8(), "uint16": pa.uint16(), "uint32": pa.uint32(), "uint64": pa.uint64(),
            "float16": pa.float16(), "float": pa.float32(), "double": pa.float64(), "date": pa.date32(),
            "time[ms]": pa.time32("ms"), "time[us]": pa.time64("us"), "time[ns]": pa.time64("ns"),
            "text": pa.string(), "binary": pa.binary(), "null": pa.null()}[word]


def parse(word, text):
    if text == "~":
        return None
    if word.startswith("decimal("):
        return decimal.Decimal(int(text)).scaleb(-int(word[8:-1].split(",")[1]))
    if word == "bool":
        return text == "01"
    if word == "text":
        return bytes.fromhex(text).decode("utf-8")
    if word == "binary" or word.startswith("fixed("):
        return bytes.fromhex(text)
    if word in ("float16", "float", "double"):
        return int(text, 16)
    return int(text)


BITS = {"float16": pa.uint16(), "float": pa.uint32(), "double": pa.uint64()}


class Expected:
    """The columns of one .expected file; floats are kept as their bits."""

    def __init__(self, path, utc):
        self.names, self.words, self.types, self.values, self.arrays = [], {}, {}, {}, {}
        with open(path) as lines:
            for line in lines:
                name, word, *texts = line.rstrip("\n").split("\t")
                values = [parse(word, text) for text in texts]
                self.names.append(name)
                self.words[name] = word
                self.types[name] = arrow_type(word, utc)
                self.values[name] = values
                kind = BITS.get(word) or (pa.int64() if word.startswith(("timestamp", "time[us", "time[ns"))
                                          else pa.int32() if word.startswith(("time[ms", "date")) else
                                          self.types[name])
                self.arrays[name] = pa.array(values, kind)


def bits_of(array):
    """The same values in the form of Expected.arrays."""
    kind = array.type
    if pa.types.is_floating(kind):
        return array.view({16: pa.uint16(), 32: pa.uint32(), 64: pa.uint64()}[kind.bit_width])
    if pa.types.is_timestamp(kind) or pa.types.is_time64(kind):
        return array.view(pa.int64())
    if pa.types.is_date32(kind) or pa.types.is_time32(kind):
        return array.view(pa.int32())
    return array


# ---- statistics ----

def as_float(word, bits):
    code, size = {"float16": ("<e", 2), "float": ("<f", 4), "double": ("<d", 8)}[word]
    return struct.unpack(code, bits.to_bytes(size, "little"))[0]


def comparable(word, value):
    """In the order of the column; None for what takes no part."""
    if value is None:
        return None
    if word in BITS:
        value = as_float(word, value)
        return None if math.isnan(value) else value
    if word == "text":
        return value.encode("utf-8")
    return value


def plain_bytes(value, column, word):
    """A bound from the raw Statistics as something comparable."""
    if word == "bool":
        return value[0] != 0
    if word in BITS:
        return struct.unpack({"float16": "<e", "float": "<f", "double": "<d"}[word], value)[0]
    if word in ("text", "binary") or word.startswith("fixed("):
        return bytes(value)
    if word.startswith("decimal("):
        scale = int(word[8:-1].split(",")[1])
        order = "big" if column.physical_type == "FIXED_LEN_BYTE_ARRAY" else "little"
        return decimal.Decimal(int.from_bytes(value, order, signed=True)).scaleb(-scale)
    return int.from_bytes(value, "little", signed=not word.startswith("uint"))


def check_bounds(where, word, values, low, high, exact_possible=True):
    there = [c for c in (comparable(word, v) for v in values) if c is not None]
    if not there:
        check(low is None and high is None, where, "bounds without values", low, high)
        return
    least, most = min(there), max(there)
    if low is not None:
        check(low <= least, where, "lower bound", low, "above", least)
        if not isinstance(low, bytes) or len(least) <= 64:
            check(low == least, where, "lower bound", low, "is not", least)
    else:
        check(False, where, "no lower bound")
    if high is not None:
        check(high >= most, where, "upper bound", high, "below", most)
        if not isinstance(high, bytes) or len(most) <= 64:
            check(high == most, where, "upper bound", high, "is not", most)
    if word in BITS:
        if low == 0:
            check(math.copysign(1, low) < 0, where, "lower bound +0")
        if high == 0:
            check(math.copysign(1, high) > 0, where, "upper bound -0")


# ---- thrift, as much as is needed to look at what pyarrow does not show ----

class Thrift:
    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def varint(self):
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def number(self):
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def value(self, kind):
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            self.at += 1
            return int.from_bytes(self.data[self.at - 1:self.at], "little", signed=True)
        if kind in (4, 5, 6):
            return self.number()
        if kind == 8:
            size = self.varint()
            self.at += size
            return bytes(self.data[self.at - size:self.at])
        if kind == 9:
            head = self.data[self.at]
            self.at += 1
            count = self.varint() if head >> 4 == 15 else head >> 4
            if head & 15 in (1, 2):
                self.at += count
                return [b == 1 for b in self.data[self.at - count:self.at]]
            return [self.value(head & 15) for _ in range(count)]
        assert kind == 12, kind
        return self.struct()

    def struct(self):
        fields, last = {}, 0
        while True:
            head = self.data[self.at]
            self.at += 1
            if head == 0:
                return fields
            last = last + (head >> 4) if head >> 4 else self.number()
            fields[last] = self.value(head & 15)


def footer_of(data):
    size = int.from_bytes(data[-8:-4], "little")
    return Thrift(data, len(data) - 8 - size).struct()


def check_index(where, data, footer, expected, words, columns):
    """ColumnIndex and OffsetIndex against the pages and the values themselves."""
    row0 = 0
    for group in footer[4]:
        for number, chunk in enumerate(group[1]):
            meta = chunk[3]
            name = meta[3][0].decode()
            word, values = words[name], expected.values[name][row0:row0 + group[3]]
            places = Thrift(data, chunk[4]).struct()[1]
            check(chunk[4] > 0 and chunk[5] > 0, where, name, "has no offset index")
            ends = [p[3] for p in places[1:]] + [group[3]]
            at, rows = meta[9], 0
            for place, end in zip(places, ends):
                check(place[1] == at, where, name, "page at", at, "not", place[1])
                header = Thrift(data, at)
                head = header.struct()
                check(header.at - at + head[3] == place[2], where, name, "page size")
                page = head.get(5) or head[8]
                check(place[3] == rows and page[1] == end - rows, where, name, "rows of a page")
                at, rows = at + place[2], end
            start = meta.get(11, meta[9])
            check(at == start + meta[7], where, name, "pages do not fill their chunk")
            check(meta[9] == (start if 11 not in meta else start + page_size(data, start)), where, name, "first page")
            if 6 in chunk:
                index = Thrift(data, chunk[6]).struct()
                check_pages(where + " " + name, index, places, ends, values, word, columns[number])
            elif any(v is not None for v in values):
                check(word in ("null", "text", "float16", "float", "double"), where, name, "has no column index")
        row0 += group[3]


def page_size(data, at):
    header = Thrift(data, at)
    head = header.struct()
    return header.at - at + head[3]


def check_pages(where, index, places, ends, values, word, column):
    lows, highs = [], []
    for i, (place, end) in enumerate(zip(places, ends)):
        part = values[place[3]:end]
        nulls = sum(v is None for v in part)
        check(index[5][i] == nulls, where, "null count of page", i)
        check(index[1][i] == (nulls == len(part)), where, "null page", i)
        if nulls == len(part):
            check(index[2][i] == b"" and index[3][i] == b"", where, "bounds of a null page")
            continue
        low, high = (plain_bytes(index[f][i], column, word) for f in (2, 3))
        check_bounds(where + " page %d" % i, word, part, low, high)
        lows.append(low)
        highs.append(high)
    rising = lows == sorted(lows) and highs == sorted(highs)
    falling = lows == sorted(lows, reverse=True) and highs == sorted(highs, reverse=True)
    check(index[4] == (1 if rising else 2 if falling else 0), where, "boundary order", index[4])


# ---- pyarrow ----

def check_file(path, expected, profile, codec):
    where = os.path.basename(path)
    file = pq.ParquetFile(path)
    table = file.read()
    with open(path, "rb") as f:
        data = f.read()
    footer = footer_of(data)
    check(file.metadata.created_by.startswith("pyforge version "), where, "created_by")
    check(table.column_names == expected.names, where, "names", table.column_names)
    check(table.num_rows == len(expected.values[expected.names[0]]), where, "rows", table.num_rows)
    check(footer[1] == (1 if profile == "spark" else 2), where, "version")
    for name in expected.names:
        column = table[name].combine_chunks()
        check(column.type == expected.types[name], where, name, column.type, "is not", expected.types[name])
        column.validate(full=True)
        same = bits_of(column).equals(expected.arrays[name])
        check(same, where, name, "values differ")
    columns = [file.schema.column(i) for i in range(len(expected.names))]
    for column in columns:
        check(column.max_repetition_level == 0, where, "levels")
    row = 0
    for g in range(file.metadata.num_row_groups):
        rows = file.metadata.row_group(g).num_rows
        for i, name in enumerate(expected.names):
            chunk = footer[4][g][1][i][3]
            word, values = expected.words[name], expected.values[name][row:row + rows]
            stats = chunk[12]
            check(stats[3] == sum(v is None for v in values), where, name, "null count")
            check(chunk[4] in (0, CODEC_IDS[codec]), where, "codec")
            low, high = (plain_bytes(stats[f], columns[i], word) if f in stats else None for f in (6, 5))
            if word != "null":
                check_bounds(where + " " + name, word, values, low, high)
            encodings = {e[2] for e in chunk[13]}
            if profile == "spark":
                check(encodings <= {0, 8} and chunk[13][-1][1] == 0, where, name, "encodings", encodings)
        row += rows
    check_index(where, data, footer, expected, expected.words, columns)
    return footer


# Which encodings a physical type (parquet.thrift's numbers) can get: docs/formats/parquet.md §Encodings. Every one of
# them must have been written and read back.
ENCODINGS = {"spark": {0: {0}, 1: {0, 8}, 2: {0, 8}, 4: {0, 8}, 5: {0, 8}, 6: {0, 8}, 7: {0, 8}},
             "modern": {0: {0, 3}, 1: {0, 5, 8}, 2: {0, 5, 8}, 4: {0, 8, 9}, 5: {0, 8, 9}, 6: {0, 6, 7, 8}, 7: {0, 8}}}


def note_chunks(footer, profile, codec, encodings, codecs):
    for group in footer[4]:
        for chunk in group[1]:
            meta = chunk[3]
            encodings[profile].setdefault(meta[1], set()).update(e[2] for e in meta[13] if e[1] != 2)
            codecs.setdefault((profile, codec), set()).add(meta[4])


# ---- the others ----

# reader, profile, column: what it cannot do. A gap that has closed fails the test: then it goes from here and
# from docs/formats/parquet.md.
GAPS = {
    ("duckdb", "modern", "dec256_76"): "decimals beyond 38 digits become doubles",
    ("polars", "modern", "dec256_76"): "decimals beyond 38 digits are refused",
    ("fastparquet", "spark", "text_few"): "text is lost where one row group has a dictionary and another has none",
    ("fastparquet", "spark", "text_edges"): "the same",
    ("fastparquet", "spark", "dict_text8"): "the same",
    ("fastparquet", "spark", "dict_text32"): "the same",
    ("fastparquet", "spark", "dict_view"): "the same",
    ("fastparquet", "spark", "date_edges"): "dates are nanoseconds of 64 bits: beyond 1677–2262 they wrap",
}
GAP_PAGE = Path(__file__).resolve().parents[2] / "docs" / "formats" / "parquet.md"
# fastparquet and profile modern: null values in DELTA_BINARY_PACKED pages, and several V2 pages in a chunk, are
# not implemented there; some files crash it. One such column is tried in a process of its own.
FASTPARQUET_MODERN = "modern-snappy-some-whole.parquet", "int64_rising"


def read_duckdb(path, names):
    import duckdb
    with duckdb.connect() as connection:
        return connection.sql("select * from read_parquet('%s')" % path).to_arrow_table()


def read_polars(path, names):
    import polars
    wanted = [n for n in names if ("polars", "modern", n) not in GAPS or "modern-" not in path]
    table = polars.read_parquet(path, columns=wanted).to_arrow()
    for name in set(names) - set(wanted):
        try:
            table = table.append_column(name, polars.read_parquet(path, columns=[name]).to_arrow()[name])
        except Exception:
            pass
    return table


def same_arrow(column, name, expected):
    """By value; what the reader widened is narrowed again, which must lose nothing."""
    word, want = expected.words[name], expected.arrays[name]
    column = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    kind = expected.types[name]
    if pa.types.is_timestamp(kind):
        kind = pa.timestamp(kind.unit, column.type.tz)
    if word == "null":
        return column.null_count == len(column)
    if column.type != kind:
        column = column.cast(kind)
    got = bits_of(column)
    if got.equals(want):
        return True
    if word not in BITS or got.null_count != want.null_count:
        return False
    return all(g == w or (None not in (g, w) and math.isnan(as_float(word, g)) and math.isnan(as_float(word, w)))
               for g, w in zip(got.to_pylist(), want.to_pylist()))


def read_fastparquet(path, names):
    import fastparquet
    return fastparquet.ParquetFile(path).to_pandas()


def same_pandas(column, name, expected):
    """fastparquet documents: decimals become floats, nulls of floats become NaN."""
    import datetime
    import pandas
    word, want = expected.words[name], expected.values[name]
    nulls = column.isna()
    for value, null, right in zip(column.astype(object), nulls, want):
        if word in BITS:
            right = math.nan if right is None else as_float(word, right)
            if not (value == right or (null and math.isnan(right))):
                return False
        elif null or right is None:
            if not (null and right is None):
                return False
        elif word.startswith("decimal("):
            if not math.isclose(float(value), float(right), rel_tol=1e-12):
                return False
        elif word.startswith("timestamp["):
            epoch = pandas.Timestamp(0, tz=value.tz).as_unit(value.unit)
            if (value - epoch) // pandas.Timedelta(1, word[10:12]) != right:
                return False
        elif word == "date":
            if (pandas.Timestamp(value) - pandas.Timestamp(0)) // datetime.timedelta(1) != right:
                return False
        elif value != right:
            return False
    return True


READERS = {"duckdb": (read_duckdb, same_arrow), "polars": (read_polars, same_arrow),
           "fastparquet": (read_fastparquet, same_pandas)}
SAMPLES = (("snappy", "whole"), ("zstd", "pages"), ("lz4", "groups"), ("gzip", "bytes"), ("none", "pages"))


def check_reader(reader, folder, expectations):
    read, same = READERS[reader]
    open_gaps, seen = set(), set()
    for (profile, nulls), expected in expectations.items():
        if (reader, profile) == ("fastparquet", "modern"):
            continue
        for codec, border in SAMPLES:
            path = os.path.join(folder, "%s-%s-%s-%s.parquet" % (profile, codec, nulls, border))
            table = read(path, expected.names)
            for name in expected.names:
                gap, why = (reader, profile, name), "values differ"
                seen.add(gap)
                try:
                    good = same(table[name], name, expected)
                except Exception as e:  # a reader's own complaint, whatever it is
                    good, why = False, "%s: %s" % (type(e).__name__, str(e)[:150])
                if not good:
                    open_gaps.add(gap)
                check(good or gap in GAPS, os.path.basename(path), *gap, why)
    for gap in GAPS:
        if gap in seen:
            check(gap in open_gaps, *gap, "is listed as a gap but is read rightly")


def check_fastparquet_modern(folder):
    path, name = os.path.join(folder, FASTPARQUET_MODERN[0]), FASTPARQUET_MODERN[1]
    code = "import fastparquet, sys; fastparquet.ParquetFile(sys.argv[1]).to_pandas(columns=[sys.argv[2]])"
    done = subprocess.run([sys.executable, "-c", code, path, name], stderr=subprocess.DEVNULL)
    check(done.returncode != 0, "fastparquet reads profile modern: the gap has closed")


def check_others(folder, expectations):
    page = GAP_PAGE.read_text(encoding="utf-8")
    for gap in GAPS:
        check("`%s`" % " ".join(gap) in page, *gap, "is a gap that", GAP_PAGE.name, "does not list")
    for reader in READERS:
        try:
            __import__(reader)
        except ImportError:
            print(reader, "is not here")
            continue
        check_reader(reader, folder, expectations)
        if reader == "fastparquet":
            check_fastparquet_modern(folder)


def main():
    program = sys.argv[1]
    with tempfile.TemporaryDirectory() as temporary:
        folder = sys.argv[2] if len(sys.argv) > 2 else temporary
        os.makedirs(folder, exist_ok=True)
        subprocess.run([program, folder], check=True)
        expectations, codecs, encodings = {}, {}, {profile: {} for profile in PROFILES}
        for profile in PROFILES:
            for number, nulls in enumerate(NULLS):
                expected = Expected(os.path.join(folder, "%s-%s.expected" % (profile, nulls)), number % 2 == 1)
                expectations[profile, nulls] = expected
                for codec in CODECS:
                    for border in BORDERS:
                        path = os.path.join(folder, "%s-%s-%s-%s.parquet" % (profile, codec, nulls, border))
                        footer = check_file(path, expected, profile, codec)
                        note_chunks(footer, profile, codec, encodings, codecs)
            nulls, codec, border = LARGE
            expected = Expected(os.path.join(folder, "%s-%s.expected" % (profile, nulls)), False)
            path = os.path.join(folder, "%s-%s-%s-%s.parquet" % (profile, codec, nulls, border))
            check_file(path, expected, profile, codec)
            group = pq.ParquetFile(path).metadata.row_group(0)
            longest = max(group.column(i).total_uncompressed_size for i in range(group.num_columns))
            check(longest > 128 << 10, "no page is long enough for the level to be chosen:", longest)
        check(encodings == ENCODINGS, "encodings written are", encodings)
        for (profile, codec), ids in codecs.items():
            check(ids == {0, CODEC_IDS[codec]}, profile, codec, "codecs written are", ids)
        if "--arrow-only" not in sys.argv:
            check_others(folder, expectations)
    print("%d checks, %d failed" % (checks, len(failures)))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
