"""Golden cases: an input, its options, and everything that must come out. `pytest tests/golden --accept` rewrites what is expected;
read the difference before it is committed.

tests/golden/<format>/<case>/
    input.*             as it comes (more files may lie there; all are in the folder of the run)
    job.txt             "# …" says what the case fixes; other lines are options, as in a shell. "input:" names another input,
                        "python:" tells Python's csv how to read it: then the values are checked against that, too
    expected.schema     name, type of each column, as pyarrow reads them from the Parquet file
    expected.csv        the rows; text is quoted, null is a bare empty cell
    expected.notices    counts, then notices: kind, column, row, how often, what
    expected.rejects    the file of rejected rows, when there is one
    expected.output     the bytes of the output itself, instead of schema and rows (jobs with -f csv)
tests/golden_bad/<format>/<case>/
    input.*, job.txt, expected.error: exit code, code, place, message
"""
import ast
import codecs
import csv
import datetime
import decimal
import io
import re
import shlex
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

TESTS = Path(__file__).resolve().parents[1]
GOOD = sorted(p.parent for p in (TESTS / "golden").glob("*/*/job.txt"))
BAD = sorted(p.parent for p in (TESTS / "golden_bad").glob("*/*/job.txt"))


class Job:
    def __init__(self, case):
        self.options, self.python, self.why = [], None, []
        self.input = next(p.name for p in sorted(case.iterdir()) if p.name.startswith("input"))
        for line in (case / "job.txt").read_text(encoding="utf-8").splitlines():
            if line.startswith("#"):
                self.why.append(line[1:].strip())
            elif line.startswith("input:"):
                self.input = line[6:].strip()
            elif line.startswith("python:"):
                self.python = ast.literal_eval(line[7:].strip())
            else:
                self.options += shlex.split(line)
        self.format = "csv" if "csv" in self.options and "-f" in self.options else "parquet"


# ---- what came out, as text ----

def cell(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime.datetime):
        return value.isoformat(sep=" ").replace("+00:00", "Z")
    return str(value)


def rows_of(table):
    columns = []
    for column in table.columns:
        if pa.types.is_timestamp(column.type) and column.type.unit == "ns":
            whole = column.cast(pa.int64()).to_pylist()
            zone = "Z" if column.type.tz else ""
            columns.append([None if v is None else Raw(str(datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=v // 10 ** 9)) +
                                                       ".%09d" % (v % 10 ** 9) + zone) for v in whole])
        else:
            columns.append(column.to_pylist())
    return [list(row) for row in zip(*columns)]


class Raw:
    """A value that is already text and needs no quotes."""

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


def text_of(table):
    lines = [table.column_names] + rows_of(table)
    return "".join(",".join(map(cell, line)) + "\n" for line in lines)


def schema_of(table):
    return "".join(f"{cell(f.name)} {f.type}{'' if f.nullable else ' not null'}\n" for f in table.schema)


def notices_of(result):
    lines = []
    for table in result["files"][0]["tables"]:
        skipped = " ".join(f"{k} {v}" for k, v in table["skipped"].items() if v)
        lines.append(f"rows: {table['rows_in']} in = {table['rows_out']} out + {table['rejected']} rejected + "
                     f"{sum(table['skipped'].values())} skipped{' (' + skipped + ')' if skipped else ''}")
        assert table["rows_in"] == table["rows_out"] + table["rejected"] + sum(table["skipped"].values())
        for notice in table["notices"]:
            words = [notice["kind"], f"× {notice['count']}"] if notice["count"] != 1 else [notice["kind"]]
            words += [f"column '{notice['column']}'"] if notice["column"] is not None else []
            words += [f"row {notice['row']}"] if notice["row"] >= 0 else []
            lines.append(", ".join(words) + f": {notice['detail']}")
    return "\n".join(lines) + "\n"


def compare(case, name, got, accept):
    path = case / name
    got = got if isinstance(got, bytes) else got.encode("utf-8")
    if accept:
        path.write_bytes(got)
    assert path.exists(), f"{path.name} is missing; write it, or --accept and read it"
    assert got.decode("utf-8", "replace") == path.read_bytes().decode("utf-8", "replace"), f"{case.name}: {name}"


def start(case, forge):
    for path in case.iterdir():
        if not path.name.startswith("expected.") and path.name != "job.txt":
            shutil.copy(path, forge.folder / path.name)
    return Job(case)


@pytest.fixture
def accept(request):
    return request.config.getoption("--accept")


def name_of(case):
    return f"{case.parent.name}/{case.name}"


def test_cases_are_there():
    assert len(GOOD) >= 25 and len(BAD) >= 5


@pytest.mark.parametrize("case", GOOD, ids=name_of)
def test_comes_out_as_expected(case, forge, accept):
    job = start(case, forge)
    assert job.why, "a case says what it fixes"
    output = "out." + job.format
    done = forge.run("convert", job.input, output, "--json", *job.options)
    assert done.code == 0, done.err.decode()
    produced = {"expected.notices": notices_of(done.json)}
    if job.format == "csv":
        produced["expected.output"] = (forge.folder / output).read_bytes()
    else:
        table = pq.read_table(forge.folder / output)
        produced.update({"expected.schema": schema_of(table), "expected.csv": text_of(table)})
    rejects = forge.folder / f"{output}.rejects.csv"
    if rejects.exists():
        produced["expected.rejects"] = rejects.read_bytes()
    wanted = {p.name for p in case.glob("expected.*")}
    assert accept or wanted == set(produced), "files that are expected, and files that came out"
    for name, got in produced.items():
        compare(case, name, got, accept)


@pytest.mark.parametrize("case", BAD, ids=name_of)
def test_fails_as_expected(case, forge, accept):
    job = start(case, forge)
    assert job.why, "a case says what it fixes"
    done = forge.run("convert", job.input, "out." + job.format, "--json", *job.options)
    there = sorted(p.name for p in forge.folder.iterdir() if p.name.startswith("out") or p.name.startswith("."))
    assert there == [], "a failure leaves nothing behind"
    if done.out.strip():
        error = done.json["files"][0]["error"]
        place = " ".join(f"{k} {error[k]}" for k in ("row", "line", "byte") if error[k] >= 0)
        text = f"exit {done.code}\n{error['name']} {error['code']}\n{error['where']}\n{place}\n{error['message']}\n"
    else:
        text = f"exit {done.code}\n{done.err.decode()}"
    compare(case, "expected.error", text, accept)


# ---- the same values by Python's csv ----

def read_python(path, how):
    """Rows of text as Python's csv reads them under the dialect that the case tells."""
    text = codecs.decode(path.read_bytes(), how.get("encoding", "utf-8-sig"))
    text = "".join(text.splitlines(True)[how.get("skip_lines", 0):])
    dialect = {k: how[k] for k in ("delimiter", "quotechar", "escapechar", "doublequote", "skipinitialspace", "quoting") if k in how}
    rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=False, **dialect) if row]
    if "comment" in how:
        rows = [row for row in rows if not row[0].startswith(how["comment"])]
    rows = rows[how.get("header", 1):]
    rows = rows[:len(rows) - how.get("footer", 0)]
    rows = [row for i, row in enumerate(rows) if i not in how.get("without", [])]
    if "columns" in how:
        rows = [[row[i] for i in how["columns"]] for row in rows]
    return rows


def value_of(text, kind, how):
    """The value of a cell by the schema's type, made by Python alone."""
    if kind == "string":
        return None if text in how.get("nulls", []) else text
    text = text.strip() if how.get("skipinitialspace") else text
    if text == "" or text in how.get("nulls", []):
        return None
    if how.get("point") == "," and kind.startswith(("double", "decimal")):
        text = text.replace(".", "").replace(",", ".")
    if kind.startswith("int"):
        return str(int(text))
    if kind == "double":
        return str(float(text))
    if kind.startswith("decimal"):
        scale = int(re.search(r", (\d+)\)", kind).group(1))
        return str(decimal.Decimal(text).quantize(decimal.Decimal(1).scaleb(-scale), context=decimal.Context(prec=80)))
    if kind == "bool":
        return {"true": "true", "false": "false"}[text.lower()]
    if kind.startswith("date32"):
        return str(datetime.datetime.strptime(text, how.get("date", "%Y-%m-%d")).date())
    if kind.startswith("timestamp"):
        moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        if moment.tzinfo:
            moment = moment.astimezone(datetime.timezone.utc).replace(tzinfo=None)
        return str(moment) + ("Z" if "tz=" in kind else "")
    raise AssertionError(kind)


@pytest.mark.parametrize("case", [c for c in GOOD if Job(c).python is not None], ids=name_of)
def test_expected_values_are_what_python_reads(case):
    job = Job(case)
    kinds = [line.rsplit('" ', 1)[1].replace(" not null", "") for line in
             (case / "expected.schema").read_text(encoding="utf-8").splitlines()]
    expected = list(csv.reader(io.StringIO((case / "expected.csv").read_bytes().decode("utf-8"), newline="")))[1:]
    rows = read_python(case / job.input, job.python)
    assert len(rows) == len(expected)
    for number, (row, wanted) in enumerate(zip(rows, expected), 1):
        row = row + [""] * (len(kinds) - len(row))
        while len(row) > len(kinds) and row[-1] == "":
            row.pop()
        got = [value_of(text, kind, job.python) for text, kind in zip(row, kinds)]
        assert len(row) == len(kinds), number
        assert ["" if v is None else v for v in got] == wanted, f"row {number}"
