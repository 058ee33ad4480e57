"""Workbooks that hypothesis makes up, written by XlsxWriter and openpyxl, read by pyforge and by openpyxl and calamine: the same cells."""
import datetime as dt
import math

import openpyxl
import peer_cells
import pyarrow.parquet as pq
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from peer_cells import place, spelled

# What XML cannot hold is written by neither; calamine leaves out what looks like an escape.
TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x7f_" + "".join(map(chr, range(32))) + "\ufffe\uffff"), min_size=1,
               max_size=40)
NUMBERS = st.one_of(st.integers(-2 ** 53, 2 ** 53), st.floats(allow_nan=False, allow_infinity=False))
DATES = st.datetimes(dt.datetime(1900, 3, 1), dt.datetime(9999, 12, 31)).map(lambda d: d.replace(microsecond=d.microsecond // 1000 * 1000))
CELLS = st.one_of(st.none(), TEXT, NUMBERS, st.booleans(), DATES)
GRID = st.lists(st.lists(CELLS, max_size=8), min_size=1, max_size=30)
SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def write_xlsxwriter(path, rows, in_memory):
    book = xlsxwriter.Workbook(path, {"constant_memory": not in_memory, "strings_to_numbers": False, "strings_to_formulas": False,
                                      "strings_to_urls": False, "default_date_format": "yyyy-mm-dd hh:mm:ss.000", "nan_inf_to_errors": False})
    sheet = book.add_worksheet("S")
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(r, c, value)
            elif value is not None:
                sheet.write(r, c, value)
    book.close()


def write_openpyxl(path, rows, in_memory):
    book = openpyxl.Workbook(write_only=not in_memory)
    sheet = book.active if in_memory else book.create_sheet("S")
    sheet.title = "S"
    for row in rows:
        sheet.append(["'" + v if isinstance(v, str) and v.startswith("=") else v for v in row])
    book.save(path)


def compare(got, want):
    assert not peer_cells.differences(got, want)


@pytest.mark.parametrize("writer", [write_xlsxwriter, write_openpyxl])
@given(rows=GRID, in_memory=st.booleans())
@SETTINGS
def test_what_was_written_is_read(forge, writer, rows, in_memory):
    writer(forge.folder / "book.xlsx", rows, in_memory)
    want = {}
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if value is not None:
                value = "'" + value if writer is write_openpyxl and isinstance(value, str) and value.startswith("=") else value
                want["S", place(r, c)] = spelled(float("%.16G" % value) if isinstance(value, float) else value)  # both write 16 digits
    compare(peer_cells.pyforge(forge, "book.xlsx"), want)


@given(rows=GRID)
@SETTINGS
def test_openpyxl_and_calamine_see_the_same_cells(forge, rows):
    write_xlsxwriter(forge.folder / "book.xlsx", rows, True)
    got = peer_cells.pyforge(forge, "book.xlsx")
    compare(got, peer_cells.openpyxl(forge.folder / "book.xlsx", read_only=True))
    compare(got, peer_cells.calamine(forge.folder / "book.xlsx"))


@given(columns=st.lists(st.sampled_from(["integers", "reals", "texts", "dates", "bools"]), min_size=1, max_size=6, unique=False),
       count=st.integers(1, 40), data=st.data())
@SETTINGS
def test_tables_come_out_with_their_types_and_values(forge, columns, count, data):
    kinds = {"integers": st.integers(-2 ** 53, 2 ** 53), "reals": st.floats(-1e300, 1e300).filter(lambda v: not v.is_integer()), "texts": TEXT,
             "dates": DATES, "bools": st.booleans()}
    rows = [[f"c{i}" for i in range(len(columns))]] + [[data.draw(st.none() | kinds[k]) for k in columns] for _ in range(count)]
    rows.append([data.draw(kinds[k]) for k in columns])  # each column has a value, and the last row is none of blanks
    write_xlsxwriter(forge.folder / "book.xlsx", rows, True)
    done = forge.run("convert", "book.xlsx", "book.parquet", "--force", "--header", "1", "--skip-rows", "0", "--profile", "modern")
    assert done.code == 0, done.err.decode()
    table = pq.read_table(forge.folder / "book.parquet")
    blank = 0
    while all(v is None for v in rows[1 + blank]):
        blank += 1
    assert table.num_rows == len(rows) - 1 - blank
    types = {"integers": ("int64",), "reals": ("double",), "texts": ("string",), "dates": ("timestamp[us]", "timestamp[us, tz=UTC]"),
             "bools": ("bool",)}
    for i, kind in enumerate(columns):
        assert str(table.schema.field(i).type) in types[kind]
        for value, row in zip(table.column(i).to_pylist(), rows[1 + blank:]):
            want = row[i]
            if isinstance(want, dt.datetime):
                assert abs(value.replace(tzinfo=None) - want) <= dt.timedelta(milliseconds=1)
            elif isinstance(want, float):
                assert math.isclose(value, want, rel_tol=1e-15)  # XlsxWriter writes 16 digits
            else:
                assert value == want
