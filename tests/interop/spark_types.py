"""The files of write_types with profile spark, read by the Spark of this interpreter: every value, every filter.

    .spark/VERSION/bin/python tests/interop/spark_types.py FOLDER NESTED [PART…]

FOLDER is what write_types made, NESTED what write_nested.py made. PART: values, filters … (all without it). Ends with `N passed, N failed`. tools/run_interop.py --spark runs it for each version
of Spark; it works with Python 3.8 and pyspark 3.2, hence its old-fashioned Python.

Spark reads dates before 1582-10-15 and timestamps before 1900 only when it knows their calendar. It looks for its own key in the
file, which only Spark writes, else for spark.sql.parquet.datetimeRebaseModeInRead: EXCEPTION (stop) up to 3.5,
CORRECTED (as they stand) from 4.0 on. Our dates are proleptic Gregorian, so CORRECTED is what a user of 3.x sets.
"""
import datetime
import decimal
import functools
import math
import os
import struct
import sys

import pyspark
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

decimal.getcontext().prec = 100
VERSION = tuple(int(n) for n in pyspark.__version__.split(".")[:2])
CODECS = ("none", "snappy", "gzip", "zstd", "lz4")
NULLS = ("none", "some", "all", "other", "runs", "ends")
BORDERS = ("whole", "pages", "groups", "bytes")
ID = "int64_required"  # never null, never twice
MODE = "spark.sql.parquet.datetimeRebaseModeInRead"
HAS_NTZ = VERSION >= (3, 4)  # before, timestamps without a zone are read as instants in UTC
HAS_LZ4_RAW = VERSION >= (3, 5)  # parquet-java 1.13
# What this version of Spark cannot do: a gap that has closed fails, and goes from here and from docs/formats/parquet.md.
GAPS = set() if HAS_LZ4_RAW else {"codec lz4"}

GAP_PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs", "formats", "parquet.md")
LISTED = ("spark codec lz4", "spark ntz", "spark calendar", "spark = NaN", "spark reform")  # held by the parts below
REFORM = range(-12219292800000000 - 10 * 86400000000, -12219292800000000)  # days that the old calendar left out

counts = {"passed": 0, "failed": 0}


def check(condition, *what):
    counts["passed" if condition else "failed"] += 1
    if not condition and counts["failed"] <= 40:
        print("FAILED", *what)
    return condition


# ---- what must be read ----

def parse(word, text):
    if text == "~":
        return None
    if word.startswith("decimal("):
        return decimal.Decimal(int(text)).scaleb(-int(word[8:-1].split(",")[1]))
    if word == "bool":
        return text == "01"
    if word == "text":
        return bytes.fromhex(text).decode("utf-8")
    if word == "binary":
        return bytes.fromhex(text)
    if word == "float":
        return struct.unpack(">f", bytes.fromhex(text))[0]
    if word == "double":
        return struct.unpack(">d", bytes.fromhex(text))[0]
    return int(text)


class Expected:
    """The columns of one .expected file: words by name, values by name. Dates are days, timestamps microseconds."""

    def __init__(self, folder, nulls):
        self.words, self.values = {}, {}
        self.utc = nulls in NULLS and NULLS.index(nulls) % 2 == 1
        with open(os.path.join(folder, "spark-%s.expected" % nulls)) as lines:
            for line in lines:
                name, word, *texts = line.rstrip("\n").split("\t")
                self.words[name] = word
                self.values[name] = [parse(word, text) for text in texts]

    def is_ntz(self, name):
        return HAS_NTZ and not self.utc and self.words[name] == "timestamp[us]"

    def type_of(self, name):
        """The type that Spark must give the column."""
        word = self.words[name]
        if word.startswith("timestamp"):
            return "timestamp_ntz" if self.is_ntz(name) else "timestamp"
        return {"bool": "boolean", "int8": "tinyint", "int16": "smallint", "int32": "int", "int64": "bigint",
                "text": "string"}.get(word, word)

    def column(self, name):
        """The column in the form of self.values."""
        word = self.words[name]
        if word == "date":
            return F.expr("unix_date(`%s`)" % name).alias(name)
        if word.startswith("timestamp"):
            return F.expr("unix_micros(cast(`%s` as timestamp))" % name).alias(name)
        return F.col(name)

    def literal(self, name, value):
        """A value of self.values as a constant of the column's type."""
        word = self.words[name]
        if word == "date":
            return F.expr("date_from_unix_date(%d)" % value)
        if word.startswith("timestamp"):
            return F.expr("cast(timestamp_micros(%d) as %s)" % (value, self.type_of(name)))
        if word == "binary":
            return F.lit(bytearray(value))
        return F.lit(value).cast(self.type_of(name))


def same(word, got, want):
    if got is None or want is None:
        return got is want
    if word in ("float", "double"):
        return math.isnan(got) and math.isnan(want) or struct.pack(">d", got) == struct.pack(">d", want)
    if word == "binary":
        return bytes(got) == want
    return type(got) is type(want) and got == want


def path_of(folder, codec, nulls, border):
    return os.path.join(folder, "spark-%s-%s-%s.parquet" % (codec, nulls, border))


# ---- values ----

def check_values(spark, path, expected):
    """Every value of the file, in order."""
    where = os.path.basename(path)
    table = spark.read.parquet(path)
    types = dict(table.dtypes)
    check(list(types) == list(expected.words), where, "names", list(types))
    rows = table.select(*[expected.column(name) for name in expected.words]).collect()
    check(len(rows) == len(expected.values[ID]), where, "rows", len(rows))
    for at, (name, word) in enumerate(expected.words.items()):
        check(types[name] == expected.type_of(name), where, name, "is", types[name])
        wrong = [(i, row[at], want) for i, (row, want) in enumerate(zip(rows, expected.values[name]))
                 if not same(word, row[at], want)]
        check(not wrong, where, name, len(wrong), "values differ; row, got, want:", *wrong[:2])


def check_files(spark, folder, expectations):
    """Each codec with each null pattern; borders of pages and row groups take turns, and so do Spark's two readers."""
    for k, codec in enumerate(CODECS):
        for n, nulls in enumerate(NULLS):
            path = path_of(folder, codec, nulls, BORDERS[(k + n) % len(BORDERS)])
            spark.conf.set("spark.sql.parquet.enableVectorizedReader", str((k + n // 2) % 2 == 0).lower())
            if "codec " + codec in GAPS and nulls != "all":  # columns of nulls are left uncompressed
                try:
                    spark.read.parquet(path).collect()
                    check(False, "codec", codec, "is listed as a gap but is read")
                except Exception as e:
                    check("LZ4_RAW" in str(e) or "codec" in str(e).lower(), "codec", codec, "fails otherwise:", e)
                continue
            check_values(spark, path, expectations[nulls])
    check_values(spark, path_of(folder, "zstd", "large", "whole"), Expected(folder, "large"))
    spark.conf.set("spark.sql.parquet.enableVectorizedReader", "true")


def check_splits(spark, folder, expectations):
    """Tasks that take parts of a file share its row groups among them: none twice, none forgotten."""
    spark.conf.set("spark.sql.files.maxPartitionBytes", "100000")
    spark.conf.set("spark.sql.files.openCostInBytes", "1")
    for codec, nulls, border in (("snappy", "some", "groups"), ("none", "ends", "bytes"), ("gzip", "runs", "pages")):
        table = spark.read.parquet(path_of(folder, codec, nulls, border)).select(ID)
        check(table.rdd.getNumPartitions() > 2, border, "is not split")
        check(sorted(row[0] for row in table.collect()) == sorted(expectations[nulls].values[ID]), border, "in splits")
    spark.conf.unset("spark.sql.files.maxPartitionBytes")
    spark.conf.unset("spark.sql.files.openCostInBytes")


# ---- the calendar ----

def check_calendar(spark, folder):
    """What a user gets who sets nothing, who sets the mode, and what is printed."""
    path = path_of(folder, "snappy", "other", "whole")
    expected = Expected(folder, "other")
    for name in ("date_edges", "ts_edges"):
        column = spark.read.parquet(path).select(expected.column(name))
        try:
            got = [row[0] for row in column.collect()]
            check(VERSION >= (4, 0), name, "is read without a mode by Spark", VERSION)
            check(got == expected.values[name], name, "without a mode: values differ")
        except Exception as e:
            check(VERSION < (4, 0) and MODE in str(e), name, "without a mode:", str(e)[:300])
        young = spark.read.parquet(path).where(F.col(ID) == expected.values[ID][0]).select("date", "ts_us")
        check(young.count() == 1, "young dates need a mode")
        table = spark.read.option("datetimeRebaseMode", "CORRECTED").parquet(path)
        got = [row[0] for row in table.select(expected.column(name)).collect()]
        check(got == expected.values[name], name, "with the option: values differ")
    table = spark.read.option("datetimeRebaseMode", "CORRECTED").parquet(path)
    texts = {-719162: "0001-01-01", -141428: "1582-10-14", -141437: "1582-10-05", -141427: "1582-10-15",
             2932896: "9999-12-31", 11016: "2000-02-29"}
    got = {row[0]: row[1] for row in table.selectExpr("unix_date(date_edges)", "string(date_edges)").distinct().collect()}
    check(all(got[day] == text for day, text in texts.items()), "dates are printed as", got)
    texts = {-62135596800000000: "0001-01-01 00:00:00", 253402300799999999: "9999-12-31 23:59:59.999999",
             -12219292800000001: "1582-10-14 23:59:59.999999", -2208988800000001: "1899-12-31 23:59:59.999999",
             -1: "1969-12-31 23:59:59.999999"}
    got = {row[0]: row[1] for row in table.selectExpr("unix_micros(ts_edges)", "string(ts_edges)").distinct().collect()}
    check(all(got[micros] == text for micros, text in texts.items()), "timestamps are printed as", got)


# ---- filters ----

def order_key(word):
    """Spark's order of values: NaN is greatest and equal to itself, −0 is 0, text and bytes by their bytes."""
    if word in ("float", "double"):
        return lambda v: (1, 0.0) if math.isnan(v) else (0, v)
    return lambda v: v.encode("utf-8") if isinstance(v, str) else v


def literals_of(word, values):
    there = sorted((v for v in values if v is not None), key=order_key(word))
    picked = [there[0], there[-1], there[len(there) // 2], there[len(there) // 7]]
    if word in ("float", "double"):
        picked += [0.0, -0.0, math.nan]
    return [v for i, v in enumerate(picked) if not any(same(word, v, u) for u in picked[:i])]


def filters_of(expected, name):
    """(what it says, condition, wanted values of ID)"""
    word, key, ids = expected.words[name], order_key(expected.words[name]), expected.values[ID]
    pairs = [(row_id, None if v is None else key(v)) for row_id, v in zip(ids, expected.values[name])]
    column, found = F.col(name), []

    def add(text, condition, rule):
        found.append(("%s %s" % (name, text), condition, sorted(i for i, v in pairs if rule(v))))

    add("is null", column.isNull(), lambda v: v is None)
    add("is not null", column.isNotNull(), lambda v: v is not None)
    values = [v for v in expected.values[name] if v is not None]
    if not values:
        return found
    for n, value in enumerate(literals_of(word, values)):
        literal, k = expected.literal(name, value), key(value)
        add("= %r" % (value,), column == literal, lambda v, k=k: v is not None and v == k)
        if n % 2 == 0:
            add("> %r" % (value,), column > literal, lambda v, k=k: v is not None and v > k)
            add("<= %r" % (value,), column <= literal, lambda v, k=k: v is not None and v <= k)
        else:
            add("< %r" % (value,), column < literal, lambda v, k=k: v is not None and v < k)
            add("!= %r" % (value,), column != literal, lambda v, k=k: v is not None and v != k)
        if word == "text" and value:
            start = value[:3]
            add("starts with %r" % start, column.startswith(start),
                lambda v, s=start.encode("utf-8"): v is not None and v.startswith(s))
    return found


def gap_of(word, text):
    """The gap that an equality falls into: Spark, all versions, looks for it in statistics and dictionaries by rules of its
    own. Bounds leave NaN out; a timestamp goes through Java's old calendar, which has no days of the reform of 1582."""
    value = text.partition(" = ")[2]
    if word in ("float", "double") and value == "nan":
        return "spark = NaN"
    reform = word.startswith("timestamp") and value.lstrip("-").isdigit() and int(value) in REFORM
    return "spark reform" if reform else None


def shows_gap(spark, path, text, condition, ids):
    """Nothing is found where filters are pushed down. It is no fault of the file: without that the rows are there."""
    found = {}
    for push in ("true", "false"):
        spark.conf.set("spark.sql.parquet.filterPushdown", push)
        found[push] = sorted(row[0] for row in spark.read.parquet(path).where(condition).select(ID).collect())
    spark.conf.unset("spark.sql.parquet.filterPushdown")
    check(found["false"] == ids, "where", text, "without pushdown gives", len(found["false"]), "rows, not", len(ids))
    return found["true"] == []


def check_filters(spark, folder, expectations):
    """A filter that may skip row groups and pages gives the rows that it gives without them: the values, all read
    before, are filtered here by Spark's rules."""
    shown = {"spark = NaN": False, "spark reform": False}
    for codec, nulls, border in (("zstd", "some", "pages"), ("snappy", "runs", "groups")):
        path, expected = path_of(folder, codec, nulls, border), expectations[nulls]
        for name in expected.words:
            filters = filters_of(expected, name)
            for gap in [f for f in filters if gap_of(expected.words[name], f[0])]:
                filters.remove(gap)
                shown[gap_of(expected.words[name], gap[0])] |= shows_gap(spark, path, *gap)
            table, got = spark.read.parquet(path), [[] for _ in filters]
            parts = [table.where(condition).select(F.lit(n), ID) for n, (text, condition, ids) in enumerate(filters)]
            for n, row_id in functools.reduce(lambda a, b: a.union(b), parts).collect():
                got[n].append(row_id)
            for (text, condition, ids), found in zip(filters, got):
                check(sorted(found) == ids, border, "where", text, "gives", len(found), "rows, not", len(ids))
    for gap, is_open in shown.items():
        check(is_open, gap, "is listed as a gap but is read rightly")


def rows_scanned(table):
    """How many rows left the file: what neither statistics nor page index had skipped."""
    plan = table._jdf.queryExecution().executedPlan()
    table._jdf.queryExecution().toRdd().count()
    return plan.collectLeaves().apply(0).metrics().apply("numOutputRows").value()


def check_skipping(spark, folder, expectations):
    """Spark trusts our statistics and our page index: it reads the pages of the last rows alone."""
    path, expected = path_of(folder, "none", "some", "pages"), expectations["some"]
    for name in ("int64_rising", "ts_us", "ts_ms", "text_rising"):
        value = next(v for v in expected.values[name][2900:] if v is not None)
        table = spark.read.parquet(path).where(F.col(name) >= expected.literal(name, value)).select(name)
        rows = rows_scanned(table)
        check(50 < rows < 400, name, "reads", rows, "rows for the last 100")


# ---- structs, lists, maps ----

def spell(value, kind):
    """A value in the words of write_nested.py."""
    name = kind.typeName()
    if value is None:
        return "~"
    if name == "struct":
        return "{%s}" % ",".join(spell(value[field.name], field.dataType) for field in kind.fields)
    if name == "array":
        return "[%s]" % ",".join(spell(item, kind.elementType) for item in value)
    if name == "map":
        return "<%s>" % ",".join(sorted("%s=%s" % (spell(k, kind.keyType), spell(v, kind.valueType)) for k, v in value.items()))
    if name == "boolean":
        return "01" if value else "00"
    if name == "double":
        return struct.pack(">d", value).hex()
    if name == "decimal":
        return str(int(value.scaleb(kind.scale)))
    if name == "date":
        return str(value.toordinal() - 719163)
    if name == "timestamp":  # of this process, which is in UTC
        return str((value - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1))
    return str(value) if isinstance(value, int) else value.encode("utf-8").hex() if isinstance(value, str) else bytes(value).hex()


def check_nested(spark, folder):
    """Every value by both readers of Spark, and that a field inside can be asked for alone and be filtered by."""
    with open(os.path.join(folder, "nested.expected")) as lines:
        expected = {name: values for name, *values in (line.rstrip("\n").split("\t") for line in lines)}
    paths = sorted(os.path.join(folder, name) for name in os.listdir(folder) if name.endswith(".parquet"))
    check(len(paths) > 2, "there are", len(paths), "nested files")
    for path in paths:
        where = os.path.basename(path)
        for vectorized in ("true", "false"):
            spark.conf.set("spark.sql.parquet.enableVectorizedReader", vectorized)
            spark.conf.set("spark.sql.parquet.enableNestedColumnVectorizedReader", vectorized)
            table = spark.read.parquet(path)
            rows = table.collect()
            check(table.columns == list(expected), where, "names", table.columns)
            for field in table.schema.fields:
                got = [spell(row[field.name], field.dataType) for row in rows]
                wrong = [(i, g, w) for i, (g, w) in enumerate(zip(got, expected[field.name])) if g != w]
                check(len(got) == len(expected[field.name]) and not wrong, where, field.name, len(wrong), "values differ:", *wrong[:2])
            inner = [spell(row[0], table.schema["struct"].dataType.fields[0].dataType) for row in table.select("struct.a").collect()]
            want = [value[1:].split(",")[0] if value != "~" else "~" for value in expected["struct"]]
            check(inner == want, where, "struct.a alone")
            check(table.where("struct.a = -1").count() == want.count("-1"), where, "struct.a = -1")
            items = sum(value.count(",") + 1 for value in expected["list_required"] if value not in ("~", "[]"))
            check(table.selectExpr("explode(list_required)").count() == items, where, "exploded")
    spark.conf.unset("spark.sql.parquet.enableNestedColumnVectorizedReader")
    spark.conf.set("spark.sql.parquet.enableVectorizedReader", "true")


def main():
    folder, nested = sys.argv[1:3]
    with open(GAP_PAGE, encoding="utf-8") as page:
        text = page.read()
    for gap in LISTED:
        check("`%s`" % gap in text, gap, "is a gap that docs/formats/parquet.md does not list")
    spark = (SparkSession.builder.master("local[2]").appName("pyforge interop")
             .config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
            .config("spark.driver.host", "127.0.0.1")
             .config("spark.driver.bindAddress", "127.0.0.1").config("spark.sql.shuffle.partitions", "2")
             .config("spark.driver.memory", "1g").config("spark.sql.session.timeZone", "UTC")
             .config("spark.sql.adaptive.enabled", "false").config("spark.sql.codegen.wholeStage", "false")
             .config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC").getOrCreate())
    spark.sparkContext.setLogLevel("OFF")
    print("Spark", spark.version, "on Java", spark._jvm.java.lang.System.getProperty("java.version"), flush=True)
    expectations = {nulls: Expected(folder, nulls) for nulls in NULLS}
    only = sys.argv[3:]
    parts = (("calendar", lambda: check_calendar(spark, folder)),
             ("values", lambda: check_files(spark, folder, expectations)),
             ("nested", lambda: check_nested(spark, nested)),
             ("splits", lambda: check_splits(spark, folder, expectations)),
             ("skipping", lambda: check_skipping(spark, folder, expectations)),
             ("filters", lambda: check_filters(spark, folder, expectations)))
    for name, part in parts:
        if only and name not in only:
            continue
        if name != "calendar":
            spark.conf.set(MODE, "CORRECTED")
        before = dict(counts)
        try:
            part()
        except Exception as e:  # one part that breaks does not hide the others
            check(False, name, "broke:", str(e)[:2000])
        print("  %s: %d passed, %d failed" % (name, counts["passed"] - before["passed"],
                                              counts["failed"] - before["failed"]), flush=True)
    spark.stop()
    print("%(passed)d passed, %(failed)d failed" % counts)
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
