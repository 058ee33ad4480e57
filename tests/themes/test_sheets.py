"""Themes 01 03 04 05 11 12 16 21-24 29 30 32-36 43 47 68 82 88 for workbooks: every cell arrives as it is stored, and what does not is said."""
import datetime as dt
import io
import re
import resource
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from conftest import PROGRAM, notices

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "golden"), str(TESTS / "xls")]
import make_ods as ods  # noqa: E402
import make_xlsb as xlsb  # noqa: E402
import make_xlsx as xlsx  # noqa: E402
from biff_file import Book, Formula, Styled  # noqa: E402


def written(fill, **options):
    """The bytes of a workbook that XlsxWriter writes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_urls": False, **options})
    fill(book)
    book.close()
    return out.getvalue()


def rows(*lines, **options):
    """A workbook of one sheet; a value may be (value, number format)."""
    def fill(book):
        sheet = book.add_worksheet("Data")
        for r, line in enumerate(lines):
            for c, value in enumerate(line):
                value, code = value if isinstance(value, tuple) else (value, None)
                if value is not None:
                    sheet.write(r, c, value, book.add_format({"num_format": code}) if code else None)
    return written(fill, **options)


def packed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def read(forge, data, *options, name="in.xlsx"):
    table, result = forge.convert(data, "--profile", "modern", *options, name=name)
    return table, result


def columns(forge, data, *options, name="in.xlsx"):
    return read(forge, data, *options, name=name)[0].to_pydict()


def tables(forge, data, *options, name="in.xlsx"):
    """Name of the output → its table as a dict of lists."""
    forge.write(name, data)
    done = forge.run("convert", name, "--force", "--json", *options)
    assert done.code == 0, done.err.decode()
    return {Path(t["output"]).stem: pq.read_table(forge.folder / t["output"]).to_pydict() for f in done.json["files"] for t in f["tables"]}, done.json


# ---- values ----

def test_03_masks_and_text_cells_keep_their_zeros_and_codes(forge):
    got = columns(forge, rows(["zip", "at", "code", "e", "zero", "half"], [(501, "00000"), (6181, "@"), "+41791234567", "12E3", 0, 0.5],
                              [(99999, "00000"), (7, "@"), "00501", "1E5", 1, 1.5]))
    assert got == {"zip": ["00501", "99999"], "at": ["6181", "7"], "code": ["+41791234567", "00501"], "e": ["12E3", "1E5"], "zero": [0, 1],
                   "half": [0.5, 1.5]}
    got = columns(forge, Book([("S", [["zip", "at"], [Styled(501, "00000"), Styled(6181, "@")]])]).bytes(), name="in.xls")
    assert got == {"zip": ["00501"], "at": ["6181"]}


def test_04_integers_are_never_doubles_and_never_lose_a_digit(forge):
    table, _ = read(forge, rows(["id", "n"], [9007199254740992, 1], [None, 2], [1010675, 3]))
    assert table.schema.field("id").type == pa.int64() and table["id"].to_pylist() == [9007199254740992, None, 1010675]
    assert columns(forge, rows(["id"], [1010675], ["x"]), "--header", "1")["id"] == ["1010675", "x"]
    for name, data in (("in.xls", Book([("S", [["n", "k"], [2 ** 31 - 1, "a"], [-2 ** 31, "b"], [4294967295, "c"], [-536870912, "d"], [536870911, "e"]])]).bytes()),
                       ("in.xlsb", packed(xlsb.book([("S", 0, xlsb.sheet([(1, ["n", "k"]), (2, [2 ** 31 - 1, "a"]), (3, [-2 ** 31, "b"]), (4, [4294967295, "c"]),
                                                                          (5, [-536870912, "d"]), (6, [536870911, "e"])]))])))):
        table, _ = read(forge, data, name=name)
        assert table["n"].to_pylist() == [2 ** 31 - 1, -2 ** 31, 4294967295, -536870912, 536870911] and table.schema.field("n").type == pa.int64()


SERIALS = [0, 1, 59, 60, 61, 43831.999988]
DAYS = [dt.datetime(1899, 12, 31), dt.datetime(1900, 1, 1), dt.datetime(1900, 2, 28), dt.datetime(1900, 2, 28), dt.datetime(1900, 3, 1),
        dt.datetime(2020, 1, 1, 23, 59, 58, 963000)]


def test_05_serials_are_the_days_that_excel_shows_to_the_millisecond(forge):
    table, _ = read(forge, rows(["at", "k"], *[[(s, "yyyy-mm-dd hh:mm:ss.000"), 1] for s in SERIALS]))
    assert [v.replace(tzinfo=None) for v in table["at"].to_pylist()] == DAYS


@pytest.mark.parametrize("code,value,kind,means", [
    ("yyyy-mm-dd", 43831, "date32[day]", dt.date(2020, 1, 1)), ('yyyy"年"m"月"d"日"', 43831, "date32[day]", dt.date(2020, 1, 1)),
    ("[$-407]d. mmmm yyyy;@", 43831, "date32[day]", dt.date(2020, 1, 1)), ("[$-F800]dddd, mmmm dd, yyyy", 43831, "date32[day]", dt.date(2020, 1, 1)),
    ("[Blue]yyyy", 43831, "date32[day]", dt.date(2020, 1, 1)), ("h:mm", .5, "time64[us]", dt.time(12)), ("mm:ss.0", .5, "time64[us]", dt.time(12)),
    ("[h]:mm", 1.75, "int64", 42 * 3600 * 10 ** 6), ("[mm]:ss", .5, "int64", 12 * 3600 * 10 ** 6), ("[Red]0.00", 43831, "int64", 43831),
    ('"day" 0', 43831, "int64", 43831), ("General", 43831, "int64", 43831), (r"0\d", 43831, "int64", 43831), ("0.00E+00", 43831.5, "double", 43831.5),
    ("#,##0.00 [$€-407]", 43831.5, "double", 43831.5), ("0_d", 43831, "int64", 43831), ("0*d", 43831, "int64", 43831), ("# ?/?", 0.5, "double", 0.5)])
def test_05_the_number_format_alone_says_what_is_a_date(forge, code, value, kind, means):
    table, _ = read(forge, rows(["v", "k"], [(value, code), "x"]))
    assert str(table.schema.field("v").type) == kind and table["v"].to_pylist() == [means]


def book_of_1904(suffix):
    if suffix == "xlsx":
        return rows(["day", "k"], [(0, "yyyy-mm-dd"), "a"], [(42369, "yyyy-mm-dd"), "b"], date_1904=True)
    if suffix == "xls":
        return Book([("S", [["day", "k"], [dt.date(1904, 1, 1), "a"], [dt.date(2020, 1, 1), "b"]])], True).bytes()
    return packed(xlsb.book([("S", 0, xlsb.sheet([(1, ["day", "k"]), (2, [(0.0, 1), "a"]), (3, [(42369.0, 1), "b"])]))], date1904=True))


@pytest.mark.parametrize("suffix", ["xlsx", "xls", "xlsb"])
def test_05_workbooks_that_count_from_1904_say_so_and_are_right(forge, suffix):
    got = columns(forge, book_of_1904(suffix), name=f"in.{suffix}")
    assert got["day"] == [dt.date(1904, 1, 1), dt.date(2020, 1, 1)]
    assert forge.run("info", f"in.{suffix}", "--json").json["date_system"] == 1904


def test_21_all_text_is_canonical_and_integers_have_no_point(forge):
    got = columns(forge, rows(["a", "b", "c", "d"], [1010675, 1.23e8, True, (43831, "yyyy-mm-dd")], [0.1, -5, False, (43831.5, "yyyy-mm-dd hh:mm")]), "--types", "text")
    assert got == {"a": ["1010675", "0.1"], "b": ["123000000", "-5"], "c": ["TRUE", "FALSE"], "d": ["2020-01-01", "2020-01-01T12:00:00"]}
    got = read(forge, rows(["a", "b"], [1, 2], [3, 4]), "--type", "*=text", "--type", "b=int64")[0]
    assert got.to_pydict() == {"a": ["1", "3"], "b": [2, 4]}


def test_22_merged_cells_are_filled_on_request_and_nothing_else_is(forge):
    def fill(book):
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["region", "city", "n"])
        sheet.merge_range(1, 0, 3, 0, "North", None)
        for r in range(1, 6):
            sheet.write_row(r, 1, [f"c{r}", r])
    data = written(fill)
    assert columns(forge, data)["region"] == ["North", None, None, None, None]
    assert columns(forge, data, "--merged", "fill")["region"] == ["North", "North", "North", None, None]


def test_22_ranges_of_a_binary_workbook_may_stand_in_any_order(forge):
    merges = [(r, r, 0, 1) for r in (5, 3, 9, 1, 7)]
    data = Book([("S", [["a", "b"], *([r] for r in range(1, 10))], {"merges": merges})]).bytes()
    assert columns(forge, data, "--merged", "fill", "--header", "1", name="in.xls")["b"] == [r if r % 2 else None for r in range(1, 10)]


def test_13_cells_that_a_type_cannot_hold_are_counted_beyond_those_that_are_told(forge):
    data = rows(["n", "k"], *([f"x{i}" if i % 2 else i, i] for i in range(200)))
    table, result = read(forge, data, "--type", "n=int64", "--on-bad-cell", "null")
    assert table["n"].null_count == 100 and sum(n["count"] for n in notices(result, "bad-cell")) == 100
    table, result = read(forge, data, "--type", "n=int64", "--on-bad-cell", "reject")
    assert table["k"].to_pylist() == list(range(0, 200, 2)) and result["files"][0]["tables"][0]["rejected"] == 100
    table, _ = read(forge, data, "--type", "n=int64", "--on-bad-cell", "reject", "--limit", "20")
    assert table["k"].to_pylist() == list(range(0, 2 * table.num_rows, 2)) and 10 <= table.num_rows <= 20


def test_23_errors_take_only_their_cell_and_are_counted(forge):
    data = rows(["v", "k"], ["=NA()", 1], [2, 2], ["=1/0", 3], [4, 4])
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    part = "xl/worksheets/sheet1.xml"
    text = parts[part].decode().replace("<c r=\"A2\"><f>NA()</f><v>0</v>", '<c r="A2" t="e"><f>NA()</f><v>#N/A</v>')
    parts[part] = text.replace("<c r=\"A4\"><f>1/0</f><v>0</v>", '<c r="A4" t="e"><f>1/0</f><v>#DIV/0!</v>').replace("<v>4</v></c></row>", "<v>4</v></c></row>"
                                '<row r="6"><c r="A6" t="e"><v>#REF!</v></c><c r="B6"><v>5</v></c></row>')
    table, result = read(forge, packed(parts))
    assert table.to_pydict() == {"v": [None, 2, None, 4, None], "k": [1, 2, 3, 4, 5]} and table.schema.field("v").type == pa.int64()
    assert [(n["column"], n["count"]) for n in notices(result, "error-cell")] == [("v", 3)] and "A2: #N/A" in notices(result, "error-cell")[0]["detail"]
    assert columns(forge, packed(parts), "--errors", "text")["v"] == ["#N/A", "2", "#DIV/0!", "4", "#REF!"]
    done = forge.run("convert", "in.xlsx", "out.parquet", "--force", "--errors", "fail")
    assert done.code == 1 and b"A2" in done.err and b"#N/A" in done.err


def test_24_formulas_without_a_stored_value_are_counted_with_the_first_cell(forge):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["n", "twice"])
    for i in range(2, 102):
        sheet.append([i, f"=A{i}*2"])
    out = io.BytesIO()
    book.save(out)
    table, result = read(forge, out.getvalue())
    told = notices(result, "formula-without-value")
    assert [(n["column"], n["count"]) for n in told] == [("twice", 100)] and "cell B2" in told[0]["detail"]
    assert table["twice"].null_count == 100
    assert columns(forge, out.getvalue(), "--formulas", "text")["twice"] == [f"=A{i}*2" for i in range(2, 102)]


def test_24_formulas_of_tokens_are_told_and_those_that_cannot_be_are_counted_with_the_first_cell(forge):
    twice = [Formula(2.0 * n, b"\x44" + bytes([n, 0, 0, 0xC0]) + b"\x1e\2\0\5") for n in range(1, 4)]
    data = Book([("S", [["n", "twice"], [1, twice[0]], [2, Formula(4.0, b"\x80")], [3, twice[2]], [4, Formula(8.5, b"\5")]])]).bytes()
    assert columns(forge, data, name="in.xls")["twice"] == [2, 4, 6, 8.5]
    table, result = read(forge, data, "--formulas", "text", name="in.xls")
    told = notices(result, "formula-without-text")
    assert table["twice"].to_pylist() == ["=A2*2", "4", "=A4*2", "8.5"]
    assert [(n["column"], n["count"]) for n in told] == [("twice", 2)] and "cell B3" in told[0]["detail"]


def test_32_phonetic_text_is_left_out_and_empty_strings_shift_nothing(forge):
    strings = ['<t>東京都</t><rPh sb="0" eb="3"><t>トウキョウト</t></rPh><phoneticPr fontId="1"/>', "", "<t>b_x000D_</t>",
               '<r><t xml:space="preserve">rich </t></r><r><rPr><b/></rPr><t>text</t></r>', "<t/>", "<t>last</t>"]
    lines = "".join(xlsx.row(i + 2, xlsx.shared(f"A{i + 2}", i), xlsx.n(f"B{i + 2}", i)) for i in range(6))
    got = columns(forge, packed(xlsx.book({"Data": xlsx.sheet(xlsx.names(1, "v", "k") + lines)}, strings)))
    assert got == {"v": ["東京都", None, "b\r", "rich text", None, "last"], "k": [0, 1, 2, 3, 4, 5]}


def test_35_headers_of_numbers_blanks_and_line_ends_are_names(forge):
    got = columns(forge, rows([2019, 2020.0, None, "Net\nsales "], [1.5, 2.5, "x", 3], [2.5, 3.5, "y", 4]))
    assert got == {"2019": [1.5, 2.5], "2020": [2.5, 3.5], "column_C": ["x", "y"], "Net sales": [3, 4]}
    assert list(columns(forge, rows([2019, 2020.0, None, "Net\nsales "], [1.5, 2.5, "x", 3]), "--names", "sanitise")) == ["2019", "2020", "column_C", "Net_sales"]


def test_36_a_mixed_column_is_text_in_canonical_spelling_and_is_told(forge):
    table, result = read(forge, rows(["v", "k"], [1, 1], ["x", 2], [True, 3], [(43861, "yyyy-mm-dd"), 4], [0.1, 5], [(7, "00000"), 6]))
    assert table["v"].to_pylist() == ["1", "x", "TRUE", "2020-01-31", "0.1", "00007"]
    told = notices(result, "widened")
    assert {n["column"] for n in told} == {"v"} and "A3" in told[0]["detail"]


def test_43_percent_and_currency_are_the_stored_number(forge):
    got = columns(forge, rows(["share", "price"], [(0.125, "0.0%"), (1234.5, "[$€-407] #,##0.00")], [(1, "0%"), (2, "$#,##0.00")]))
    assert got == {"share": [0.125, 1.0], "price": [1234.5, 2.0]}


@pytest.mark.parametrize("text", ["37.4", " 37.4 "])
def test_88_numbers_stored_as_text_are_text_until_numbers_are_asked_for(forge, text):
    data = packed(xlsx.book({"Data": xlsx.sheet(xlsx.rows_of(xlsx.names(1, "v", "k"), xlsx.row(2, xlsx.s("A2", text).replace("<t>", '<t xml:space="preserve">'), xlsx.n("B2", 1)),
                                                             xlsx.row(3, xlsx.s("A3", "2"), xlsx.n("B3", 2))))}))
    assert columns(forge, data)["v"] == [text, "2"]
    assert columns(forge, data, "--type", "v=double")["v"] == [37.4, 2.0]
    table, _ = read(forge, data, "--parse-text-numbers")
    assert table["v"].to_pylist() == [37.4, 2.0] and table.schema.field("v").type == pa.float64()


def of_texts(suffix, *lines):
    if suffix == "xlsx":
        return rows(*lines)
    if suffix == "xls":
        return Book([("S", [list(line) for line in lines])]).bytes()
    if suffix == "xlsb":
        return packed(xlsb.book([("S", 0, xlsb.sheet([(r, list(line)) for r, line in enumerate(lines, 1)]))]))
    return packed(ods.book(ods.table("S", *(ods.row(*(ods.s(v) if isinstance(v, str) else ods.n(v) for v in line)) for line in lines))))


@pytest.mark.parametrize("suffix", ["xlsx", "xlsb", "xls", "ods"])
def test_88_one_code_anywhere_prevents_it_and_every_text_keeps_its_spelling(forge, suffix):
    codes = ["00123", "1E5", "+41", "12345678901234567890", "1,234", "12%", "x", "1.", "0x1F"]
    lines = [["whole", "mixed", "real", *(f"c{i}" for i in range(len(codes)))], ["1", 1, "0.50", *["7"] * len(codes)], ["-20", "2", "3", *["8.0"] * len(codes)],
             ["3", 3, "-1.5e3", *codes]]
    data = of_texts(suffix, *lines)
    table, _ = read(forge, data, "--parse-text-numbers", "--header", "1", name=f"in.{suffix}")
    got = table.to_pydict()
    assert got["whole"] == [1, -20, 3] and got["mixed"] == [1, 2, 3] and got["real"] == [0.5, 3.0, -1500.0]
    assert [str(f.type) for f in list(table.schema)[:3]] == ["int64", "int64", "double"]
    told = forge.run("info", f"in.{suffix}", "--json", "--parse-text-numbers", "--header", "1").json["tables"][0]["columns"]
    for i, code in enumerate(codes):
        assert got[f"c{i}"] == ["7", "8.0", code] and told[3 + i]["widened"] == f"double → text at row 4: {code}"
    assert read(forge, data, "--header", "1", name=f"in.{suffix}")[0]["whole"].to_pylist() == ["1", "-20", "3"]
    assert columns(forge, data, "--parse-text-numbers", "--header", "1", "--types", "text", name=f"in.{suffix}")["real"] == ["0.50", "3", "-1.5e3"]


@pytest.mark.parametrize("odd,kind", [("00123", "string"), ("2.5", "double"), ("9", "int64")])
@pytest.mark.parametrize("threads", ["1", "2"])
def test_88_what_the_head_of_a_sheet_says_is_proved_to_its_end(forge, threads, odd, kind):
    lines = xlsx.names(1, "v", "late") + "".join(xlsx.row(r, xlsx.s(f"A{r}", str(r))) for r in range(2, 60000)) + xlsx.row(60000, xlsx.s("A60000", odd), xlsx.s("B60000", "4"))
    table, _ = read(forge, packed(xlsx.book({"Data": xlsx.sheet(lines)})), "--parse-text-numbers", "--threads", threads)
    assert str(table.schema.field("v").type) == kind and table["late"].to_pylist()[-1] == 4
    assert table["v"].to_pylist()[0] == {"string": "2", "double": 2.0, "int64": 2}[kind]


# ---- sheets ----

def test_12_every_visible_sheet_of_a_folder_is_one_call(forge):
    for i in range(50):
        def fill(book, i=i):
            for name in ("Jan", "Feb", "Mar"):
                book.add_worksheet(name).add_table(0, 0, 2, 1, {"columns": [{"header": "k"}, {"header": "v"}], "data": [[name, i], [name, i + 1]]})
        forge.write(f"in/b{i:02d}.xlsx", written(fill))
    done = forge.run("convert", "in/", "out.parquet", "--combine", "--source-file", "--json")
    assert done.code == 0, done.err.decode()
    table = pq.read_table(forge.folder / "out.parquet")
    assert table.num_rows == 300 and set(table["sheet_name"].to_pylist()) == {"Jan", "Feb", "Mar"}
    for line in table.to_pylist():
        assert line["k"] == line["sheet_name"] and line["v"] - int(line["source_file"].rsplit("b", 1)[1][:2]) in (0, 1)


def test_33_each_option_flips_its_own_kind_of_hiding_only(forge):
    def fill(book):
        seen, hidden, deep = (book.add_worksheet(n) for n in ("Seen", "Hidden", "Deep"))
        for sheet in (seen, hidden, deep):
            for r, line in enumerate([["a", "b", "c"], [1, 2, 3], [4, 5, 6], [7, 8, 9], [10, 11, 12]]):
                sheet.write_row(r, 0, line)
        seen.set_row(2, None, None, {"hidden": True})
        seen.set_row(3, None, None, {"hidden": True})
        seen.set_column(1, 1, None, None, {"hidden": True})
        hidden.hide()
        deep.very_hidden()
    data = written(fill)
    whole = {"a": [1, 4, 7, 10], "b": [2, 5, 8, 11], "c": [3, 6, 9, 12]}
    got, result = tables(forge, data)
    assert list(got.values()) == [whole] and [n["count"] for n in notices(result, "hidden-sheet")] == [2]
    got, _ = tables(forge, data, "--hidden", "include")
    assert list(got.values()) == [whole] * 3
    got, _ = tables(forge, data, "--hidden-rows", "skip")
    assert list(got.values()) == [{"a": [1, 10], "b": [2, 11], "c": [3, 12]}]
    got, _ = tables(forge, data, "--hidden-columns", "skip")
    assert list(got.values()) == [{"a": [1, 4, 7, 10], "c": [3, 6, 9, 12]}]


def test_33_hidden_rows_and_columns_of_open_document_and_of_2003(forge):
    lines = [ods.names("a", "b", "c"), ods.row(ods.n(1), ods.n(2), ods.n(3)), ods.row(ods.n(4), ods.n(5), ods.n(6), repeated=2).replace(
        "<table:table-row", '<table:table-row table:visibility="filter"'), ods.row(ods.n(7), ods.n(8), ods.n(9))]
    parts = ods.book(ods.table("Data", *lines, columns='<table:table-column/><table:table-column table:visibility="collapse"/><table:table-column/>'))
    ods.write(forge.folder / "in.ods", parts)
    forge.write("in.xml", '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
                '<Worksheet ss:Name="Data"><Table><Column/><Column ss:Hidden="1"/>' + "".join(
                    f'<Row{hidden}>' + "".join(f'<Cell><Data ss:Type="{kind}">{v}</Data></Cell>' for v in line) + "</Row>" for kind, hidden, line in (
                        ("String", "", "abc"), ("Number", "", (1, 2, 3)), ("Number", ' ss:Hidden="1"', (4, 5, 6)), ("Number", ' ss:Hidden="1"', (4, 5, 6)),
                        ("Number", "", (7, 8, 9)))) + "</Table></Worksheet></Workbook>")
    for name in ("in.ods", "in.xml"):
        done = forge.run("convert", name, "out.parquet", "--force", "--json", "--hidden-rows", "skip", "--hidden-columns", "skip")
        assert done.code == 0, done.err.decode()
        assert pq.read_table(forge.folder / "out.parquet").to_pydict() == {"a": [1, 7], "c": [3, 9]}
        assert [(n["kind"], n["count"]) for n in done.json["files"][0]["tables"][0]["notices"]] == [("hidden-rows", 2), ("hidden-columns", 1)]


@pytest.mark.parametrize("suffix", ["xls", "xlsb"])
def test_33_hidden_rows_and_columns_of_binary_workbooks(forge, suffix):
    lines = [["a", "b", "c"], [1, 2, 3], [4, 5, 6], [7, 8, 9]]
    data = (Book([("S", lines, {"hidden_rows": [2], "hidden_columns": [1]})]).bytes() if suffix == "xls" else
            packed(xlsb.book([("S", 0, xlsb.sheet(list(enumerate(lines, 1)), hidden_rows=[3], hidden_columns=[1]))])))
    assert columns(forge, data, name=f"in.{suffix}") == {"a": [1, 4, 7], "b": [2, 5, 8], "c": [3, 6, 9]}
    table, result = read(forge, data, "--hidden-rows", "skip", "--hidden-columns", "skip", name=f"in.{suffix}")
    assert table.to_pydict() == {"a": [1, 7], "c": [3, 9]}
    assert [(n["kind"], n["count"]) for n in notices(result)] == [("hidden-rows", 1), ("hidden-columns", 1)]


def test_33_many_rows_that_are_all_hidden_are_passed_over(forge):
    lines = xlsx.names(1, "a", "b") + "".join(f'<row r="{r}"{" hidden=" + chr(34) + "1" + chr(34) if r < 90000 else ""}><c><v>{r}</v></c><c><v>1</v></c></row>'
                                             for r in range(2, 90003))
    got = columns(forge, packed(xlsx.book({"S": xlsx.sheet(lines)})), "--hidden-rows", "skip")
    assert got == {"a": [90000, 90001, 90002], "b": [1, 1, 1]}


def test_33_places_are_those_of_the_sheet_though_rows_are_left_out(forge):
    def fill(book):
        sheet = book.add_worksheet("Data")
        for r, line in enumerate([["title", None], [None, None], ["k", "v"], ["a", 1], ["b", 2], ["c", "x"], ["d", 4]]):
            sheet.write_row(r, 0, line)
        for r in (0, 1, 3):
            sheet.set_row(r, None, None, {"hidden": True})
    data = written(fill)
    table, result = read(forge, data, "--hidden-rows", "skip")
    assert table.to_pydict() == {"k": ["b", "c", "d"], "v": ["2", "x", "4"]}
    assert "cell B6: x" in notices(result, "widened")[0]["detail"] and [n["count"] for n in notices(result, "hidden-rows")] == [3]
    info = forge.run("info", "in.xlsx", "--json", "--hidden-rows", "skip").json
    assert (info["header_row"], info["range"]) == (3, "A3:B7")
    done = forge.run("convert", "in.xlsx", "out.parquet", "--force", "--hidden-rows", "skip", "--type", "v=int64")
    assert done.code == 1 and b"B6" in done.err, done.err
    assert columns(forge, data, "--hidden-rows", "skip", "--range", "A3:B6") == {"k": ["b", "c"], "v": ["2", "x"]}
    assert columns(forge, data, "--hidden-rows", "skip", "--footer-rows", "1") == {"k": ["b", "c"], "v": ["2", "x"]}


def test_34_an_excel_table_a_defined_name_and_a_range_are_the_same_cells(forge):
    def fill(book):
        book.add_worksheet("Other").write(0, 0, "x")
        sheet = book.add_worksheet("It's me")
        sheet.write(0, 0, "title")
        sheet.add_table(2, 1, 5, 2, {"name": "Sales", "columns": [{"header": "k"}, {"header": "v"}], "data": [["a", 1], ["b", 2], ["c", 3]]})
        sheet.write(9, 7, "elsewhere")
        book.define_name("Region", "='It''s me'!$B$3:$C$6")
        book.define_name("'It's me'!Mine", "='It''s me'!$B$3:$C$5")
    data = written(fill)
    want = {"k": ["a", "b", "c"], "v": [1, 2, 3]}
    assert columns(forge, data, "--table", "Sales") == columns(forge, data, "--table", "region") == want
    assert columns(forge, data, "--sheet", "It's me", "--range", "B3:C6") == want
    facts = forge.run("info", "in.xlsx", "--json").json
    assert "Sales = It's me!B3:C6" in facts["excel_tables"] and "Region = It's me!B3:C6" in facts["defined_names"]
    assert "It's me!Mine = It's me!B3:C5" in facts["defined_names"]
    for name in ("It's me!Mine", "mine"):
        assert columns(forge, data, "--table", name) == {"k": ["a", "b"], "v": [1, 2]}


def test_34_names_of_two_sheets_are_both_and_the_books_own_comes_before_them(forge):
    def fill(book):
        for i, name in enumerate(("One", "Two")):
            book.add_worksheet(name).write_column(0, 0, ["v", i, i + 10])
            book.define_name(f"{name}!Here", f"={name}!$A$1:$A$3")
            book.define_name(f"{name}!Both", f"={name}!$A$1:$A$2")
        book.define_name("Both", "=Two!$A$1:$A$3")
    data = written(fill)
    got, _ = tables(forge, data, "--table", "here")
    assert list(got.values()) == [{"v": [0, 10]}, {"v": [1, 11]}] and [k.split("_")[-1] for k in got] == ["One!Here", "Two!Here"]
    got, _ = tables(forge, data, "--table", "Both")
    assert list(got.values()) == [{"v": [1, 11]}]


def test_34_defined_names_of_xls_are_ranges_of_the_book_or_of_a_sheet(forge):
    data = Book([("One", [["a", "b"], [1, 2], [3, 4]]), ("Two", [["c"], [5], [6]])],
                names=[("Whole", 0, (0, 2, 0, 1), 0), ("Part", 1, (0, 1, 0, 0), 2)]).bytes()
    assert columns(forge, data, "--table", "whole", name="in.xls") == {"a": [1, 3], "b": [2, 4]}
    assert columns(forge, data, "--table", "Two!Part", name="in.xls") == {"c": [5]}
    facts = forge.run("info", "in.xls", "--json").json
    assert facts["defined_names"] == "Whole = One!A1:B3, Two!Part = Two!A1:A2" and facts["date_system"] == 1900


def named(suffix, count):
    if suffix == "xlsx":
        names = "".join(f'<definedName name="n{i}">S!$A$1</definedName>' for i in range(count))
        return packed(xlsx.book({"S": xlsx.sheet(xlsx.names(1, "a"))}, workbook_tail=f"<definedNames>{names}</definedNames>"))
    names = "".join(f'<table:named-range table:name="n{i}" table:cell-range-address="S.A1"/>' for i in range(count))
    return packed(ods.book(ods.table("S", ods.names("a")), f"<table:named-expressions>{names}</table:named-expressions>"))


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_34_more_names_than_any_workbook_has_are_refused(forge, suffix):
    forge.write(f"few.{suffix}", named(suffix, 50))
    assert forge.run("convert", f"few.{suffix}", "out.parquet", "--table", "n49").code == 0
    forge.write(f"in.{suffix}", named(suffix, 140000))
    done = forge.run("convert", f"in.{suffix}", "out.parquet", "--table", "n1", "--force")
    assert done.code == 1 and b"LIMIT" in done.err and b"100000" in done.err, done.err


def test_47_chart_sheets_shift_nothing_and_are_listed(forge):
    def fill(book):
        for i, kind in enumerate(("chart", "A", "chart", "B", "chart")):
            if kind != "chart":
                book.add_worksheet(kind).write_column(0, 0, [kind, i])
                continue
            sheet, chart = book.add_chartsheet(f"Chart {i}"), book.add_chart({"type": "line"})
            chart.add_series({"values": "=A!$A$2:$A$2"})
            sheet.set_chart(chart)
    got, _ = tables(forge, written(fill))
    assert {k[-1]: v for k, v in got.items()} == {"A": {"A": [1]}, "B": {"B": [3]}}
    assert forge.run("info", "in.xlsx", "--json").json["sheets"].count("(chart)") == 3


# ---- where the table is ----

def with_a_gap(suffix):
    """Values in rows 1 to 10 and 500 to 510, and styles without values to the end."""
    filled = [*range(1, 11), *range(500, 511)]
    if suffix == "xlsx":
        lines = "".join(xlsx.row(r, xlsx.n(f"A{r}", r), xlsx.s(f"B{r}", "x")) for r in filled)
        tail = "".join(f'<row r="{r}" s="1" customFormat="1"><c r="A{r}" s="1"/><c r="XFD{r}" s="1"/></row>' for r in range(511, 3000))
        return packed(xlsx.book({"Data": xlsx.sheet(lines + tail + '<row r="1048576" s="1"/>')}))
    if suffix == "ods":
        return packed(ods.book(ods.table("Data", *(ods.row(ods.n(r), ods.s("x")) for r in range(1, 11)), ods.row(ods.blank(16384), repeated=489),
                                         *(ods.row(ods.n(r), ods.s("x")) for r in range(500, 511)), ods.row(ods.blank(16384), repeated=1048066))))
    if suffix == "xlsb":
        return packed(xlsb.book([("Data", 0, xlsb.sheet([(r, [r, "x"]) for r in filled] + [(1048576, [None])]))]))
    return Book([("Data", [[r, "x"] if r in filled else [] for r in range(1, 65537)])]).bytes()


@pytest.mark.parametrize("suffix", ["xlsx", "xlsb", "xls", "ods"])
def test_29_styles_to_the_end_are_no_rows_and_gaps_stay_or_go_by_option(forge, suffix):
    data = with_a_gap(suffix)
    table, _ = read(forge, data, "--header", "none", name=f"in.{suffix}")
    assert table.num_rows == 510 and table.num_columns == 2 and table.column(0).null_count == 489
    table, result = read(forge, data, "--header", "none", "--blank-rows", "skip", name=f"in.{suffix}")
    assert table.column(0).to_pylist() == [*range(1, 11), *range(500, 511)] and table.column(1).null_count == 0 and table.num_columns == 2
    told = result["files"][0]["tables"][0]
    assert told["skipped"]["blank"] == 489 and told["rows_in"] == 510
    facts = forge.run("info", f"in.{suffix}", "--json", "--header", "none", "--blank-rows", "skip").json
    assert facts["tables"][0]["rows"] == 21


@pytest.mark.parametrize("threads", ["1", "2"])
def test_29_rows_that_are_left_out_disturb_no_limit_no_reject_and_no_place(forge, threads):
    blank = '<row r="{0}"><c r="A{0}" s="0"/><c r="B{0}" t="inlineStr"><is><t></t></is></c></row>'
    lines = xlsx.names(1, "n", "k") + "".join(xlsx.row(r, xlsx.n(f"A{r}", r), xlsx.s(f"B{r}", f"k{r}")) if r % 3 == 0 else blank.format(r) if r % 3 == 1 else ""
                                             for r in range(2, 200000)) + xlsx.row(900000, xlsx.s("A900000", "odd"), xlsx.s("B900000", "last"))
    data = packed(xlsx.book({"Data": xlsx.sheet(lines)}))
    options = ("--blank-rows", "skip", "--threads", threads)
    want = list(range(3, 200000, 3))
    table, result = read(forge, data, *options)
    assert table["n"].to_pylist() == [*map(str, want), "odd"] and "A900000" in notices(result, "widened")[0]["detail"]
    told = result["files"][0]["tables"][0]
    assert told["rows_in"] == 899998 and told["skipped"]["blank"] == 899998 - len(want) - 1  # the one below the header is its
    for limit in (0, 1, 7, 40000, 10 ** 6):
        table, result = read(forge, data, *options, "--limit", str(limit))
        assert table.num_rows == min(limit, len(want) + 1) and table["k"].to_pylist() == [*(f"k{r}" for r in want), "last"][:limit]
    table, result = read(forge, data, *options, "--type", "n=int64", "--on-bad-cell", "reject")
    assert table["n"].to_pylist() == want and result["files"][0]["tables"][0]["rejected"] == 1
    assert [line[1] for line in forge.run("head", "in.xlsx", *options, "-n", "2", "--json").json["rows"]] == ["k3", "k6"]


def test_29_a_row_whose_only_value_is_in_another_column_is_not_blank(forge):
    data = rows(["a", "b"], [1, None], [None, None], [None, 2], [3, 4])
    assert columns(forge, data, "--blank-rows", "skip", "--columns", "b") == {"b": [None, 2, 4]}
    assert columns(forge, data, "--blank-rows", "skip", "--hidden-rows", "skip", "--footer-rows", "1") == {"a": [1, None], "b": [None, 2]}


# Layouts of real reports: (rows, labelled header row or rows from 1, names, first value of the first column)
N = None
LAYOUTS = {
    "plain": ([["id", "name"], [1, "a"], [2, "b"]], 1, ["id", "name"]),
    "title": ([["Sales report"], ["id", "name"], [1, "a"], [2, "b"]], 2, ["id", "name"]),
    "title_and_blank": ([["Sales report"], [], ["id", "name"], [1, "a"], [2, "b"]], 3, ["id", "name"]),
    "title_block": ([["Acme Ltd."], ["Report 7"], ["created", "2020-01-01"], [], ["id", "name", "n"], [1, "a", 2], [2, "b", 3]], 5, ["id", "name", "n"]),
    "shifted": ([[], [], [N, N, "id", "name"], [N, N, 1, "a"], [N, N, 2, "b"]], 3, ["id", "name"]),
    "shifted_with_title": ([[N, "Title"], [], [N, "id", "name"], [N, 1, "a"], [N, 2, "b"]], 3, ["id", "name"]),
    "groups": ([[N, "2023", N, "2024", N], ["city", "in", "out", "in", "out"], ["x", 1, 2, 3, 4], ["y", 5, 6, 7, 8]], 1,
               ["city", "2023_in", "2023_out", "2024_in", "2024_out"]),
    "groups_of_numbers": ([[N, 2023, N, 2024, N], ["city", "in", "out", "in", "out"], ["x", 1, 2, 3, 4], ["y", 5, 6, 7, 8]], 1,
                          ["city", "2023_in", "2023_out", "2024_in", "2024_out"]),
    "groups_below_a_title": ([["Trade"], [], [N, "North", N, "South", N], ["city", "in", "out", "in", "out"], ["x", 1, 2, 3, 4], ["y", 5, 6, 7, 8]], 3,
                             ["city", "North_in", "North_out", "South_in", "South_out"]),
    "years": ([["city", 2019, 2020, 2021], ["x", 1.5, 2.5, 3.5], ["y", 4.5, 5.5, 6.5]], 1, ["city", "2019", "2020", "2021"]),
    "units": ([["name", "length", "mass"], ["", "m", "kg"], ["a", 1.5, 2.5], ["b", 3.5, 4.5], ["c", 3.5, 4.5]], 1, ["name", "length_m", "mass_kg"]),
    "all_text": ([["name", "city"], ["Ann", "Rome"], ["Bob", "Paris"], ["Cid", "Bonn"]], 1, ["name", "city"]),
    "all_text_with_title": ([["Members"], [], ["name", "city"], ["Ann", "Rome"], ["Bob", "Paris"], ["Cid", "Bonn"]], 3, ["name", "city"]),
    "header_only": ([["id", "name", "city"]], 1, ["id", "name", "city"]),
    "header_only_with_title": ([["Members"], [], ["id", "name", "city"]], 3, ["id", "name", "city"]),
    "total": ([["k", "v"], ["a", 1], ["b", 2], ["Total", 3]], 1, ["k", "v"]),
    "total_apart": ([["k", "v"], ["a", 1], ["b", 2], [], ["Total", 3]], 1, ["k", "v"]),
    "note_below": ([["k", "v", "w"], ["a", 1, 2], ["b", 2, 3], [], ["Source: national office"]], 1, ["k", "v", "w"]),
    "blank_row_below_header": ([["k", "v"], [], ["a", 1], ["b", 2]], 1, ["k", "v"]),
    "blank_column": ([["k", N, "v"], ["a", N, 1], ["b", N, 2]], 1, ["k", "v"]),
    "blank_name": ([["k", N, "v"], ["a", 5, 1], ["b", 6, 2]], 1, ["k", "column_B", "v"]),
    "no_name_for_the_index": ([[N, "v", "w"], ["a", 5, 1], ["b", 6, 2]], 1, ["column_A", "v", "w"]),
    "sparse_first_row": ([["k", "v", "w"], ["a", N, N], ["b", 6, 2], ["c", 6, 2]], 1, ["k", "v", "w"]),
    "one_column": ([["v"], [1], [2], [3]], 1, ["v"]),
    "one_column_with_title": ([["All of them"], [], ["v"], [1], [2], [3], [4]], 3, ["v"]),
    "dates": ([["day", "v"], [dt.date(2020, 1, 1), 1], [dt.date(2020, 1, 2), 2]], 1, ["day", "v"]),
    "dates_as_names": ([["city", dt.date(2020, 1, 1), dt.date(2020, 2, 1)], ["x", 1, 2], ["y", 3, 4]], 1, ["city", "2020-01-01", "2020-02-01"]),
    "long_preamble": ([[f"line {i}"] for i in range(20)] + [[], ["id", "name"], [1, "a"], [2, "b"], [3, "c"]], 22, ["id", "name"]),
    "key_value_preamble": ([["from", "2020"], ["to", "2021"], ["unit", "EUR"], [], ["id", "name", "v", "w"]] + [[i, "a", 2, 3] for i in range(9)], 5,
                           ["id", "name", "v", "w"]),
    "no_header": ([[1, "a", 2.5], [2, "b", 3.5], [3, "c", 4.5]], 0, ["column_A", "column_B", "column_C"]),
    "bools": ([["ok", "n"], [True, 1], [False, 2]], 1, ["ok", "n"]),
}


def layout(lines):
    return rows(*lines, default_date_format="yyyy-mm-dd")


def header_of(forge, lines, *options):
    forge.write("in.xlsx", layout(lines))
    done = forge.run("info", "in.xlsx", "--json", *options)
    assert done.code == 0, done.err.decode()
    facts = done.json
    return (int(facts["header_row"]) if "header_row" in facts else 0), [c["name"] for c in done.json["tables"][0]["columns"]], facts["why"]


def test_11_the_header_is_found_in_27_of_30_layouts_and_why_is_said(forge):
    wrong = {}
    for name, (lines, at, names) in LAYOUTS.items():
        *got, why = header_of(forge, lines)
        assert why
        if got != [at, names]:
            wrong[name] = got
    assert len(LAYOUTS) >= 30 and len(wrong) <= len(LAYOUTS) - 27, wrong


def test_11_totals_and_notes_below_a_table_are_its_footer(forge):
    for name, count in (("total", 0), ("total_apart", 1), ("note_below", 1)):
        table, result = read(forge, layout(LAYOUTS[name][0]))
        told = result["files"][0]["tables"][0]
        assert told["skipped"]["footer"] == count and told["rows_in"] == told["rows_out"] + told["rejected"] + sum(told["skipped"].values()), (name, told)
        assert table.to_pydict()["k"][:2] == ["a", "b"] and table.num_rows == (2 if count else 3), name
        table, _ = read(forge, layout(LAYOUTS[name][0]), "--footer-rows", "0")
        assert table.num_rows > 2


# ---- odd files ----

def test_68_repeats_of_ods_cost_nothing_and_those_within_stay(forge):
    parts = ods.book(ods.table("Data", ods.names("a", "b"), ods.row(ods.n(1), ods.n(2), repeated=3), ods.row(ods.blank(16384), repeated=5),
                               ods.row(ods.n(3), ods.n(4)), ods.row(ods.blank(16384), repeated=1048566)))
    ods.write(forge.folder / "in.ods", parts)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = forge.run("convert", "in.ods", "out.parquet")
    assert done.code == 0 and resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 0.5
    assert pq.read_table(forge.folder / "out.parquet").to_pydict() == {"a": [1, 1, 1] + [None] * 5 + [3], "b": [2, 2, 2] + [None] * 5 + [4]}


def test_82_an_error_in_a_cell_is_one_line_with_file_sheet_cell_and_remedy(forge):
    data = rows(["n", "k"], [1, "a"], ["x", "b"])
    forge.write("in.xlsx", data)
    done = forge.run("convert", "in.xlsx", "out.parquet", "--type", "n=int64")
    lines = done.err.decode().splitlines()
    assert done.code == 1 and len(lines) == 1
    assert all(word in lines[0] for word in ("BAD_DATA", "in.xlsx", "Data", "'n'", "A3", "--on-bad-cell")), lines


# ---- theme 30: workbooks that other programs write, and that Excel opens ----

def plain_sheet():
    return xlsx.sheet(xlsx.rows_of(xlsx.names(1, "id", "name", "n"), xlsx.row(2, xlsx.n("A2", 1), xlsx.shared("B2", 0), xlsx.n("C2", "1.5")),
                                   xlsx.row(3, xlsx.n("A3", 2), xlsx.shared("B3", 1), xlsx.n("C3", "2.5"))))


def replaced(part, *pairs):
    def change(parts):
        for old, new in pairs:
            assert old in parts[part], (part, old)
            parts[part] = parts[part].replace(old, new)
    return change


def moved(part, name, *pairs):
    """A part under another name, and what leads to it changed."""
    def change(parts):
        parts[name] = parts.pop(part)
        for where, old, new in pairs:
            assert old in parts[where]
            parts[where] = parts[where].replace(old, new)
    return change


def without(*names):
    def change(parts):
        for name in names:
            del parts[name]
    return change


SHEET, BOOK, RELS, ROOT, STYLES, STRINGS = ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "_rels/.rels", "xl/styles.xml",
                                            "xl/sharedStrings.xml")
STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
MALFORMED = {
    "dimension_of_one_cell": replaced(SHEET, ("<sheetData>", '<dimension ref="A1"/><sheetData>')),
    "dimension_that_is_none": replaced(SHEET, ("<sheetData>", '<dimension ref="no"/><sheetData>')),
    "no_cell_references": lambda parts: parts.update({SHEET: re.sub(r' r="[A-C]\d"', "", parts[SHEET])}),
    "no_row_numbers": lambda parts: parts.update({SHEET: re.sub(r'<row r="\d"', "<row", parts[SHEET])}),
    "neither": lambda parts: parts.update({SHEET: re.sub(r' r="[A-C]?\d"', "", parts[SHEET])}),
    "lower_case_references": lambda parts: parts.update({SHEET: re.sub(r' r="([A-C])(\d)"', lambda m: f' r="{m[1].lower()}{m[2]}"', parts[SHEET])}),
    "references_with_dollars": lambda parts: parts.update({SHEET: re.sub(r' r="([A-C])(\d)"', r' r="$\1$\2"', parts[SHEET])}),
    "rows_backwards": lambda parts: parts.update({SHEET: re.sub(r"<sheetData>(<row r=\"1\".*?</row>)(<row.*?</row>)(<row.*?</row>)", r"<sheetData>\3\1\2", parts[SHEET])}),
    "prefixed_names": lambda parts: parts.update({SHEET: re.sub(r"<(/?)([a-zA-Z])", r"<\1x:\2", parts[SHEET].split("?>", 1)[1]).replace(" xmlns=", " xmlns:x=")}),
    "single_quotes": lambda parts: parts.update({SHEET: parts[SHEET].replace('"', "'")}),
    "blanks_in_tags": lambda parts: parts.update({SHEET: parts[SHEET].replace("<c ", "<c\n  ").replace("</v>", "</v >").replace("<v>", "<v >")}),
    "comments_everywhere": lambda parts: parts.update({SHEET: parts[SHEET].replace("<c ", "<!-- a --><c ").replace("<v>", "<!-- > --><v>")}),
    "byte_order_mark": lambda parts: parts.update({SHEET: "\ufeff" + parts[SHEET]}),
    "no_declaration": lambda parts: parts.update({SHEET: parts[SHEET].split("?>", 1)[1].lstrip()}),
    "utf_16": lambda parts: parts.update({SHEET: parts[SHEET].replace("UTF-8", "UTF-16").encode("utf-16")}),
    "strict": lambda parts: [parts.update({n: t.replace(xlsx.MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main").replace(xlsx.REL, STRICT)}) for n, t in list(parts.items())],
    "absolute_targets": replaced(RELS, ('Target="worksheets/', 'Target="/xl/worksheets/'), ('Target="sharedStrings', 'Target="/xl/sharedStrings')),
    "backslash_targets": replaced(RELS, ('Target="worksheets/', 'Target="worksheets\\')),
    "dotted_targets": replaced(RELS, ('Target="worksheets/', 'Target="./../xl/worksheets/')),
    "escaped_targets": moved(SHEET, "xl/worksheets/my sheet.xml", (RELS, "worksheets/sheet1.xml", "worksheets/my%20sheet.xml")),
    "backslash_members": lambda parts: [parts.update({n.replace("/", "\\"): parts.pop(n)}) for n in list(parts)],
    "other_case": moved(SHEET, "XL/Worksheets/SHEET1.XML"),
    "odd_part_names": moved(SHEET, "data.bin.xml", (RELS, "worksheets/sheet1.xml", "/data.bin.xml")),
    "workbook_elsewhere": lambda parts: (parts.update({"b.xml": parts.pop(BOOK), "_rels/b.xml.rels": parts.pop(RELS).replace('Target="', 'Target="xl/')}),
                                         parts.update({ROOT: parts[ROOT].replace("xl/workbook.xml", "b.xml"),
                                                       "[Content_Types].xml": parts["[Content_Types].xml"].replace("/xl/workbook.xml", "/b.xml")})),
    "no_styles": without(STYLES),
    "no_styles_nor_relation": lambda parts: (parts.pop(STYLES), parts.update({RELS: re.sub(r"<Relationship [^>]*styles[^>]*>", "", parts[RELS])})),
    "styles_beyond_the_list": replaced(SHEET, ('<c r="A2">', '<c r="A2" s="999">')),
    "relation_to_nowhere": replaced(RELS, ("worksheets/sheet1.xml", "worksheets/gone.xml")),
    "counts_that_lie": replaced(STRINGS, ("<sst ", '<sst count="1" uniqueCount="99999999" ')),
    "unknown_elements": replaced(SHEET, ("<sheetData>", "<sheetPr><tabColor/></sheetPr><odd><row/><c/></odd><sheetData>"), ("</row>", "<extLst><ext/></extLst></row>")),
    "alternate_content": replaced(SHEET, ("<sheetData>", '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice/>'
                                          "</mc:AlternateContent><sheetData>")),
    "no_end_of_sheet_data_in_one_tag": replaced(SHEET, ("</sheetData></worksheet>", "</sheetData>\r\n<pageMargins left='1'/>\r\n</worksheet>\r\n")),
    "blanks_around_numbers": replaced(SHEET, ("<v>1.5</v>", "<v> 1.5\n</v>")),
    "directories_in_the_archive": lambda parts: parts.update({"xl/": "", "xl/worksheets/": ""}),
    "no_content_types_override": lambda parts: parts.update({"[Content_Types].xml": re.sub(r"<Override[^>]*>", "", parts["[Content_Types].xml"])}),
}


@pytest.mark.parametrize("how", MALFORMED)
def test_30_malformed_workbooks_that_excel_opens_give_their_table(forge, how):
    parts = xlsx.book({"Data": plain_sheet()}, ["<t>x</t>", "<t>y</t>"])
    MALFORMED[how](parts)
    assert columns(forge, packed(parts)) == {"id": [1, 2], "name": ["x", "y"], "n": [1.5, 2.5]}


# ---- theme 01 ----

def corners_of_xls():
    return Book([("S", [[1], *([] for _ in range(65534)), [None] * 255 + [2]])]).bytes()


CORNERS = {
    "xlsx": lambda: packed(xlsx.book({"S": xlsx.sheet(xlsx.row(1, xlsx.n("A1", 1)) + xlsx.row(1048576, xlsx.n("XFD1048576", 2)))})),
    "xlsb": lambda: packed(xlsb.book([("S", 0, xlsb.sheet([(1, [1]), (1048576, [None] * 16383 + [2])]))])),
    "xls": corners_of_xls,
    "ods": lambda: packed(ods.book(ods.table("S", ods.row(ods.n(1)), ods.row(ods.blank(16384), repeated=1048574), ods.row(ods.blank(16383), ods.n(2))))),
}


def small():
    resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))


@pytest.mark.parametrize("suffix", CORNERS)
def test_01_a_sheet_of_two_corners_takes_no_memory_for_what_lies_between(forge, suffix):
    forge.write(f"in.{suffix}", CORNERS[suffix]())
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done = subprocess.run([PROGRAM, "convert", f"in.{suffix}", "out.parquet", "--header", "none", "--threads", "1"], cwd=forge.folder, preexec_fn=small, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 1
    table = pq.read_table(forge.folder / "out.parquet")
    rows_of_sheet = 65536 if suffix == "xls" else 1048576
    assert table.num_rows == rows_of_sheet and table.num_columns == 2
    for column, place, value in ((0, 0, 1), (1, -1, 2)):
        assert table.column(column)[place].as_py() == value and table.column(column).null_count == rows_of_sheet - 1
