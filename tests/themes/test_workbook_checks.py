"""Checks of the themes 05 11 12 16 22 33 47 53 67 68 that test_sheets.py leaves: in every format, and with what is told."""
import csv
import hashlib
import io
import json
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from conftest import notices
from test_sheets import LAYOUTS, layout, ods, packed, rows, tables, written, xlsb, xlsx

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "xls")]
from biff_file import Book, Styled, hlink  # noqa: E402
from cfb_file import compound  # noqa: E402


def deflated(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def cells(forge, data, name, *options):
    """Address → (type, value)."""
    forge.write(name, data)
    done = forge.run("cells", name, "--json", *options)
    assert done.code == 0, done.err
    found = map(json.loads, done.out.decode().splitlines())
    return {c["cell"]: (c["type"], c["value"]) for c in found if "cell" in c}


# ---- 05: (serial, code, type and value of the cell in the 1900 system, and where they differ in the 1904 system) ----

STAMP, DAY = "yyyy-mm-dd hh:mm:ss.000", 'yyyy"年"m"月"d"日"'
GOLDEN = [
    (1, STAMP, ("d", "1900-01-01"), ("d", "1904-01-02")), (59, STAMP, ("d", "1900-02-28"), ("d", "1904-02-29")),
    (60, STAMP, ("d", "1900-02-28"), ("d", "1904-03-01")),  # 29 February 1900, which never was
    (61, STAMP, ("d", "1900-03-01"), ("d", "1904-03-02")), (43831.999988, STAMP, ("d", "2020-01-01T23:59:58.963"), ("d", "2024-01-02T23:59:58.963")),
    (43831, DAY, ("d", "2020-01-01"), ("d", "2024-01-02")), (0, "h:mm", ("t", "00:00:00"), None), (0.5, "h:mm", ("t", "12:00:00"), None),
    (1.75, "[h]:mm", ("t", "42:00:00"), None), (43831.5, "[Red]0.00", ("n", "43831.5"), None), (43831, '"day" 0', ("n", "43831"), None),
    (43831, "General", ("n", "43831"), None), (501, "00000", ("n", "501"), None), (0.125, "0.0%", ("n", "0.125"), None),
    (1234.5, "[$€-407] #,##0.00", ("n", "1234.5"), None)]


def golden_book(suffix, date1904):
    if suffix == "xlsx":
        return rows(*([(serial, code)] for serial, code, *_ in GOLDEN), date_1904=date1904)
    if suffix == "xls":
        return Book([("S", [[Styled(serial, code)] for serial, code, *_ in GOLDEN])], date1904).bytes()
    codes = list(dict.fromkeys(code for _, code, *_ in GOLDEN))
    lines = [(r, [(float(serial), 1 + codes.index(code))]) for r, (serial, code, *_) in enumerate(GOLDEN, 1)]
    return packed(xlsb.book([("S", 0, xlsb.sheet(lines))], date1904=date1904, codes=codes))


@pytest.mark.parametrize("date1904", [False, True], ids=["1900", "1904"])
@pytest.mark.parametrize("suffix", ["xlsx", "xlsb", "xls"])
def test_05_the_golden_set_of_serials_is_the_same_in_every_format_that_stores_serials(forge, suffix, date1904):
    got = cells(forge, golden_book(suffix, date1904), f"in.{suffix}")
    assert got == {f"A{r}": of_1904 if date1904 and of_1904 else of_1900 for r, (_, _, of_1900, of_1904) in enumerate(GOLDEN, 1)}


def test_05_open_document_stores_days_and_durations_as_such(forge):
    lines = [ods.v("date", "2020-01-01", "day"), ods.v("date", "2020-01-01T23:59:58.963"), ods.v("time", "PT12H00M00S", "clock"), ods.v("time", "PT42H00M00S", "span"),
             ods.n("43831.5"), ods.v("percentage", "0.125")]
    got = cells(forge, packed(ods.book(ods.table("S", *map(ods.row, lines)))), "in.ods")
    assert list(got.values()) == [("d", "2020-01-01"), ("d", "2020-01-01T23:59:58.963"), ("t", "12:00:00"), ("t", "42:00:00"), ("n", "43831.5"), ("n", "0.125")]


def test_05_days_after_february_1900_are_those_that_libreoffice_shows(forge):
    """It counts from 1899-12-30 and so shows other days before 1900-03-01; it rounds to the second where the format has no fraction."""
    code = "yyyy-mm-dd hh:mm:ss"
    serials = [61, 366, 25569, 36585.25, 43831.5, 44256.0416666667, 73050.7512384259, 401768.5]
    forge.write("in.xlsx", rows(*([(serial, code)] for serial in serials)))
    run = subprocess.run(["soffice", f"-env:UserInstallation=file://{forge.folder}/profile", "--headless", "--convert-to", "csv", "--outdir", forge.folder,
                          forge.folder / "in.xlsx"], capture_output=True, timeout=240)
    assert run.returncode == 0, run.stderr
    shown = (forge.folder / "in.csv").read_text().split("\n")[:len(serials)]
    ours = [value for _, value in cells(forge, (forge.folder / "in.xlsx").read_bytes(), "in.xlsx").values()]
    assert [v if "T" in v else v + "T00:00:00" for v in ours] == [s.replace(" ", "T") for s in shown]


# ---- 11 ----

def test_11_explicit_options_give_the_labelled_header_of_every_layout(forge):
    wrong = {}
    for name, (lines, at, names) in LAYOUTS.items():
        forge.write("in.xlsx", layout(lines))
        count = 0 if not at else 2 if any("_" in n and not n.startswith("column_") for n in names) else 1
        words = ("--header", "none") if not at else ("--skip-rows", at - 1, "--header", count)
        facts = forge.run("info", "in.xlsx", "--json", *words).json
        got = [c["name"] for c in facts["tables"][0]["columns"]]
        if got != names or facts.get("header_row", 0) != at:
            wrong[name] = got, facts.get("header_row")
    assert not wrong and len(LAYOUTS) >= 30


# ---- 12 ----

def test_12_sheets_are_listed_by_info_of_the_sample(forge):  # that their cells are not read: bench, "info --sample"
    line = "".join(f"<c><v>{i}.25</v></c>" for i in range(20))
    body = "".join(f'<row r="{r}">{line}</row>' for r in range(2, 100002))
    parts = xlsx.book({name: xlsx.sheet(xlsx.names(1, *(f"c{i}" for i in range(20))) + body) for name in ("One", "Two", "Three")})
    forge.write("in.xlsx", deflated(parts))
    facts = forge.run("info", "in.xlsx", "--json", "--sample").json
    assert facts["sheets"] == "One, Two, Three" and [t["name"] for t in facts["tables"]] == ["One", "Two", "Three"]


# ---- 16 ----

HTML = "<html><body><table><tr><td>a</td></tr><tr><td>1</td></tr></table></body></html>"
MHTML = "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"x\"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n" + HTML + "\r\n--x--\r\n"
XML_2003 = ("<?xml version='1.0'?><?mso-application progid='Excel.Sheet'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' "
            "xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'><Worksheet ss:Name='S'><Table><Row><Cell><Data ss:Type='String'>a</Data></Cell></Row>"
            "<Row><Cell><Data ss:Type='Number'>1</Data></Cell></Row></Table></Worksheet></Workbook>")
SYLK = 'ID;PWXL;N;E\nB;Y2;X1\nC;Y1;X1;K"a"\nC;Y2;K1\nE\n'


def as_xlsx():
    return rows(["a"], [1])


def as_xlsb():
    return packed(xlsb.book([("S", 0, xlsb.sheet([(1, ["a"]), (2, [1])]))]))


def as_xls():
    return Book([("S", [["a"], [1]])]).bytes()


def bare_biff():
    return Book([("S", [["a"], [1]])]).stream()


def as_ods():
    return packed(ods.book(ods.table("S", ods.names("a"), ods.row(ods.n(1)))))


def as_fods():
    return ods.content(ods.table("S", ods.names("a"), ods.row(ods.n(1))), root="document", more=f' office:mimetype="{ods.TYPE}"')


# name of the file → what is in it, and the true name that is told; None: it is what it says
DISGUISED = {
    "xls.xlsx": (as_xls, "xls"), "xlsx.xls": (as_xlsx, "xlsx"), "xlsb.xlsx": (as_xlsb, "xlsb"), "xlsx.xlsb": (as_xlsx, "xlsx"), "xlsb.xls": (as_xlsb, "xlsb"),
    "ods.xlsx": (as_ods, "ods"), "xlsx.ods": (as_xlsx, "xlsx"), "xls.ods": (as_xls, "xls"), "fods.xls": (as_fods, "ods"), "bare.xls": (bare_biff, None),
    "bare.xlsx": (bare_biff, "xls"), "xml2003.xls": (lambda: XML_2003, "spreadsheetml"), "xml2003.xlsx": (lambda: XML_2003, "spreadsheetml"),
    "sylk.xls": (lambda: SYLK, "sylk"), "sylk.csv": (lambda: SYLK, "sylk"), "csv.xls": (lambda: "a,b\n1,2\n", "csv"), "tsv.xls": (lambda: "a\tb\n1\t2\n", "csv"),
    "utf16.xls": (lambda: "a\tb\n1\t2\n".encode("utf-16"), "csv"), "xlsx.csv": (as_xlsx, "xlsx"), "xls.csv": (as_xls, "xls"), "xlsx.txt": (as_xlsx, "xlsx"),
    "xlsx": (as_xlsx, None)}


@pytest.mark.parametrize("name", DISGUISED)
def test_16_disguised_files_are_read_as_what_they_are_and_it_is_told(forge, name):
    make, truth = DISGUISED[name]
    table, result = forge.convert(make(), name=name)
    assert table["a"].to_pylist() == [1]
    told = [n["detail"] for n in notices(result, "misnamed")]
    assert (len(told) == 1 and f"is {truth} and not " in told[0].replace("a ", "")) if truth else not told, told


def test_16_info_says_it_too_and_what_is_left_out(forge):
    forge.write("in.xlsx", as_xls())
    assert b"notice: misnamed: 'in.xlsx' is xls and not xlsx" in forge.run("info", "in.xlsx").err
    assert not forge.run("info", "in.xlsx", "-q").err and not forge.run("info", "in.xlsx", "--json").err


@pytest.mark.parametrize("name,content,code,word", [
    ("page.xls", HTML, "UNSUPPORTED", "web page"), ("page.xlsx", HTML, "UNSUPPORTED", "web page"), ("archive.xls", MHTML, "UNSUPPORTED", "web page"),
    ("export.xls", '<meta http-equiv="Content-Type" content="text/html"><table><tr><td>1</td></tr></table>', "UNSUPPORTED", "web page"),
    ("letter.xls", compound({"WordDocument": b"x" * 5000}), "UNSUPPORTED", "Word"), ("zeros.xlsx", bytes(5000), "UNSUPPORTED", ""),
    ("cut.xlsx", as_xlsx()[:3000], "BAD_DATA", ""), ("cut.xls", as_xls()[:2000], "BAD_DATA", ""), ("empty.xlsx", b"", "BAD_DATA", "empty")])
def test_16_what_is_no_workbook_is_refused_by_its_true_name_and_never_called_locked(forge, name, content, code, word):
    forge.write(name, content)
    done = forge.run("convert", name, "out.parquet")
    line = done.err.decode()
    assert done.code == 1 and code in line and word in line and "PASSWORD" not in line and not (forge.folder / "out.parquet").exists(), line


@pytest.mark.parametrize("cipher", ["aes-256-cbc", "bf-cfb"])
def test_16_a_locked_book_gives_the_table_of_the_open_one(forge, cipher):
    parts = ods.book(ods.table("S", ods.names("a", "b"), ods.row(ods.n(1), ods.s("x")), ods.row(ods.n(2), ods.s("y"))))
    ods.write(forge.folder / "open.ods", parts)
    ods.write(forge.folder / "shut.ods", ods.locked(parts, "secret", cipher))
    assert forge.run("convert", "open.ods", "open.parquet").code == 0
    done = forge.run("convert", "shut.ods", "shut.parquet")
    assert done.code == 1 and b"PASSWORD" in done.err and b"BAD_DATA" not in done.err
    assert forge.run("convert", "shut.ods", "shut.parquet", env={"PYFORGE_PASSWORD": "secret"}).code == 0
    assert (forge.folder / "shut.parquet").read_bytes() == (forge.folder / "open.parquet").read_bytes()
    assert forge.run("info", "shut.ods", "--json", "--password", "secret").json["locked"] is True


# ---- 22 ----

def test_22_many_merged_ranges_are_all_filled_and_cells_outside_stay_null(forge):  # what they cost: bench, "42,000 merged ranges"
    lines = "".join(xlsx.row(r, xlsx.n(f"A{r}", r), xlsx.n(f"D{r}", 1), xlsx.n(f"E{r}", 2)) for r in range(2, 42002))
    merges = "".join(f'<mergeCell ref="A{r}:B{r}"/>' for r in range(2, 42002))
    text = xlsx.sheet(xlsx.names(1, "a", "b", "c", "d", "e") + lines)
    whole = text.replace("</sheetData>", f'</sheetData><mergeCells count="42000">{merges}</mergeCells>')
    forge.write("merged.xlsx", packed(xlsx.book({"S": whole})))
    assert forge.run("convert", "merged.xlsx", "out.parquet", "--force", "--merged", "fill").code == 0
    got = pq.read_table(forge.folder / "out.parquet").to_pydict()
    assert got["b"] == got["a"] == list(range(2, 42002)) and set(got["c"]) == {None} and set(got["d"]) == {1}


# ---- 33, 47 ----

def test_33_sheets_that_are_left_out_are_named(forge):
    def fill(book):
        for name in ("Seen", "Tucked away", "Deep"):
            book.add_worksheet(name).write_column(0, 0, ["v", 1])
        book.worksheets()[1].hide()
        book.worksheets()[2].very_hidden()
    got, result = tables(forge, written(fill))
    assert len(got) == 1
    assert [(n["count"], n["detail"]) for n in notices(result, "hidden-sheet")] == [(2, "Tucked away, Deep")]
    assert b"hidden-sheet (2 times): Tucked away, Deep" in forge.run("convert", "in.xlsx", "out/", "--force").err


CHART = b"".join(xlsb.record(n) for n in (129, 130))


@pytest.mark.parametrize("suffix", ["xls", "xlsb"])
def test_47_chart_sheets_of_binary_workbooks_shift_nothing_and_are_listed(forge, suffix):
    names = ["Chart 1", "A", "Chart 2", "B", "Chart 3"]
    if suffix == "xls":
        data = Book([(n, [], {"kind": 2}) if n[0] == "C" else (n, [[n], [i]]) for i, n in enumerate(names)]).bytes()
    else:
        data = packed(xlsb.book([(n, 0, CHART if n[0] == "C" else xlsb.sheet([(1, [n]), (2, [i])])) for i, n in enumerate(names)],
                                kinds=["chartsheet" if n[0] == "C" else "worksheet" for n in names]))
    got, _ = tables(forge, data, name=f"in.{suffix}")
    assert {k[-1]: v for k, v in got.items()} == {"A": {"A": [1]}, "B": {"B": [3]}}
    assert forge.run("info", f"in.{suffix}", "--json").json["sheets"] == "Chart 1 (chart), A, Chart 2 (chart), B, Chart 3 (chart)"
    assert cells(forge, data, f"in.{suffix}", "--sheet", "4") == {"A1": ("s", "B"), "A2": ("n", "3")}


# ---- 53, 67, 68 ----

def test_53_no_row_goes_through_createDataFrame():
    root = TESTS.parent
    sources = [p for folder in ("python", "extensions", "src", "examples") for p in (root / folder).rglob("*") if p.suffix in (".py", ".c", ".h")]
    assert len(sources) > 300 and not [p for p in sources if "createDataFrame" in p.read_text(errors="replace")]


def test_67_no_ratio_is_looked_at_below_a_megabyte_nor_below_64_of_a_part(forge):
    blanks = " " * (60 << 20)
    data = deflated(xlsx.book({"S": xlsx.sheet(xlsx.names(1, "a") + xlsx.row(2, xlsx.n("A2", 1))).replace("</worksheet>", blanks + "</worksheet>")}))
    assert len(data) < 1 << 20
    table, _ = forge.convert(data, name="in.xlsx")
    assert table.to_pydict() == {"a": [1]}


def test_68_a_small_file_with_a_million_repeats_has_all_its_rows(forge):  # what they cost: bench, "1,000,000 repeated rows"
    noise = "".join(ods.row(ods.s(hashlib.md5(b"%d" % i).hexdigest())) for i in range(900))
    data = deflated(ods.book(ods.table("S", ods.names("a"), noise, ods.row(ods.blank(16384), repeated=1000000), ods.row(ods.s("end")))))
    assert 10000 < len(data) < 30000
    forge.write("in.ods", data)
    assert forge.run("convert", "in.ods", "out.parquet", "--threads", "1").code == 0
    assert pq.read_metadata(forge.folder / "out.parquet").num_rows == 1000901


# ---- 78 ----

SITE, PLACE, MAIL = "https://example.org/a?b=1&c=ü#top", "#'Other sheet'!A1", "mailto:a@example.org"


def linked(suffix):
    """Rows (name, link): a site, a place in the book, a number with a link, nothing, a formula where the format has their text."""
    head, names = ["who", "n"], ["site", "place", "mail", "none"]
    if suffix == "xlsx":
        def fill(book):
            sheet = book.add_worksheet("S")
            sheet.write_row(0, 0, head)
            for r, (name, to) in enumerate(zip(names, (SITE, "internal:'Other sheet'!A1", MAIL, None)), 1):
                sheet.write_url(r, 0, to, string=name) if to else sheet.write(r, 0, name)
                sheet.write(r, 1, r)
            sheet.write_url(0, 0, "https://example.org/header", string="who")
            sheet.write_formula(5, 0, '=HYPERLINK("https://example.org/""q""","formula")', None, "formula")
            sheet.write(5, 1, 5)
            book.add_worksheet("Other sheet")
        return written(fill)
    if suffix == "xlsb":
        links = [(0, "L0", ""), (1, "L1", "top"), (2, "", PLACE[1:]), (3, "L2", "")]
        body = xlsb.sheet([(1, head), *((r, [name, r - 1]) for r, name in enumerate(names, 2))])
        tail = b"".join(xlsb.record(494, struct.pack("<4I", r, r, 0, 0) + (xlsb.wide(to) if to else struct.pack("<I", 0xFFFFFFFF)) + xlsb.wide(mark) + xlsb.wide("") + xlsb.wide(""))
                        for r, to, mark in links)
        end = xlsb.record(130)
        parts = xlsb.book([("S", 0, body[:-len(end)] + tail + end)])
        target = {"L0": "https://example.org/header", "L1": SITE.split("#")[0], "L2": MAIL}
        parts["xl/worksheets/_rels/sheet1.bin.rels"] = (f'{xlsb.HEAD}<Relationships xmlns="{xlsb.PACKAGE}/relationships">' + "".join(
            f'<Relationship Id="{i}" Type="{xlsb.REL}/hyperlink" Target="{t.replace("&", "&amp;")}" TargetMode="External"/>' for i, t in target.items()) + "</Relationships>")
        return packed(parts)
    if suffix == "xls":
        return Book([("S", [head, *([name, r] for r, name in enumerate(names, 1))],
                      {"links": [hlink(0, 0, "https://example.org/header"), hlink(1, 0, SITE.split("#")[0], "top"), hlink(2, 0, mark=PLACE[1:]), hlink(3, 0, MAIL)]})]).bytes()
    to = [SITE, PLACE, MAIL, ""]
    if suffix == "ods":
        def cell(text, address):
            address = address.replace("&", "&amp;")
            return ods.s(f'<text:a xlink:href="{address}" xmlns:xlink="http://www.w3.org/1999/xlink">{text}</text:a>' if address else text)
        formula = ('<table:table-cell table:formula="of:=HYPERLINK(&quot;https://example.org/&quot;&quot;q&quot;&quot;&quot;;&quot;formula&quot;)" '
                   'office:value-type="string" office:string-value="formula"><text:p>formula</text:p></table:table-cell>')
        return packed(ods.book(ods.table("S", ods.row(cell("who", "https://example.org/header"), ods.s("n")),
                                         *(ods.row(cell(n, a), ods.n(r)) for r, (n, a) in enumerate(zip(names, to), 1)), ods.row(formula, ods.n(5)))))
    lines = [("who", "https://example.org/header", "n"), *((n, a, r) for r, (n, a) in enumerate(zip(names, to), 1))]
    return ("<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'>"
            "<Worksheet ss:Name='S'><Table>" + "".join(
                f"<Row><Cell{' ss:HRef=' + chr(34) + a.replace('&', '&amp;') + chr(34) if a else ''}><Data ss:Type='String'>{n}</Data></Cell>"
                f"<Cell><Data ss:Type='{'String' if v == 'n' else 'Number'}'>{v}</Data></Cell></Row>" for n, a, v in lines) +
            "<Row><Cell ss:Formula='=HYPERLINK(&quot;https://example.org/&quot;&quot;q&quot;&quot;&quot;,&quot;formula&quot;)'><Data ss:Type='String'>formula</Data></Cell>"
            "<Cell><Data ss:Type='Number'>5</Data></Cell></Row></Table></Worksheet></Workbook>")


WITH_FORMULAS = ("xlsx", "ods", "xml")


@pytest.mark.parametrize("suffix", ["xlsx", "xlsb", "xls", "ods", "xml"])
def test_78_a_link_and_a_formula_of_one_both_give_the_address(forge, suffix):
    data, name = linked(suffix), f"in.{suffix}"
    more = suffix in WITH_FORMULAS
    names, addresses = ["site", "place", "mail", "none"] + ["formula"] * more, [SITE, PLACE, MAIL, None] + ['https://example.org/"q"'] * more
    count = list(range(1, len(names) + 1))
    assert forge.columns(data, name=name) == {"who": names, "n": count}
    assert forge.columns(data, "--hyperlinks", "both", name=name) == {"who": names, "n": count, "who_url": addresses}
    assert forge.columns(data, "--hyperlinks", "url", name=name) == {"who": [a or n for n, a in zip(names, addresses)], "n": count}
    assert forge.columns(data, "--hyperlinks", "both", "--columns", "who_url", name=name) == {"who_url": addresses}
    assert forge.columns(data, "--hyperlinks", "both", "--range", "B1:B9", "--header", "1", name=name) == {"n": count}
    facts = forge.run("info", name, "--json", "--hyperlinks", "both").json
    assert facts["range"] == f"A1:B{len(names) + 1}" and [c["name"] for c in facts["tables"][0]["columns"]] == ["who", "n", "who_url"]


def test_78_formulas_of_links_that_are_stored_as_tokens_are_read_too(forge):
    forge.write("book.xlsx", linked("xlsx"))
    run = subprocess.run(["soffice", f"-env:UserInstallation=file://{forge.folder}/profile", "--headless", "--convert-to", "xls", "--outdir", forge.folder,
                          forge.folder / "book.xlsx"], capture_output=True, timeout=240)
    assert run.returncode == 0, run.stderr
    got = forge.columns((forge.folder / "book.xls").read_bytes(), "--hyperlinks", "both", name="in.xls")
    assert got["who"] == ["site", "place", "mail", "none", "formula"]
    assert got["who_url"][0].startswith("https://example.org/a?b=1&c=") and got["who_url"][2:] == [MAIL, None, 'https://example.org/"q"']


def book_of_links(count, first):
    lines = xlsx.names(1, "k", "v") + "".join(xlsx.row(r, xlsx.n(f"A{r}", r), xlsx.s(f"B{r}", f"t{r}")) for r in range(2, count + 2))
    links = "".join(f'<hyperlink ref="A{r}" r:id="h{r}"/>' for r in range(count + 1, first - 1, -1))
    text = xlsx.sheet(lines).replace("</sheetData>", f'</sheetData><hyperlinks xmlns:r="{xlsx.REL}">{links}<hyperlink ref="B2:B{count}" location="all"/></hyperlinks>')
    parts = xlsx.book({"S": text})
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = ('<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">' + "".join(
        f'<Relationship Id="h{r}" Type="{xlsx.REL}/hyperlink" Target="http://e/{r}" TargetMode="External"/>' for r in range(first, count + 2)) + "</Relationships>")
    return deflated(parts)


@pytest.mark.parametrize("threads", ["1", "2"])
def test_78_links_far_down_and_over_ranges_widen_their_columns_alone(forge, threads):
    data = book_of_links(60000, 59990)
    got = forge.columns(data, "--hyperlinks", "both", "--threads", threads, name="in.xlsx")
    assert list(got) == ["k", "v", "k_url", "v_url"] and got["k"] == list(range(2, 60002)) and set(got["v_url"][:-1]) == {"#all"} and got["v_url"][-1] is None
    assert got["k_url"] == [None] * 59988 + [f"http://e/{r}" for r in range(59990, 60002)]
    table, result = forge.convert(data, "--hyperlinks", "url", "--threads", threads, name="in.xlsx")
    assert table["k"].to_pylist() == [str(r) for r in range(2, 59990)] + [f"http://e/{r}" for r in range(59990, 60002)]
    assert any("A59990" in f["detail"] for n in notices(result, "widened") for f in n["first"])
    table, result = forge.convert(data, "--hyperlinks", "url", "--type", "k=int64", "--on-bad-cell", "reject", "--threads", threads, name="in.xlsx")
    assert table["k"].to_pylist() == list(range(2, 59990)) and result["files"][0]["tables"][0]["rejected"] == 12


def test_78_more_links_than_any_sheet_has_are_refused(forge):
    links = "".join(f'<hyperlink ref="A1:XFD1048576" location="x{i}"/>' for i in range(5))
    text = xlsx.sheet(xlsx.names(1, "k")).replace("</sheetData>", f"</sheetData><hyperlinks>{links}</hyperlinks>")
    forge.write("in.xlsx", packed(xlsx.book({"S": text})))
    done = forge.run("convert", "in.xlsx", "out.parquet", "--hyperlinks", "url")
    assert done.code == 1 and b"LIMIT" in done.err and b"--hyperlinks text" in done.err
    assert forge.run("convert", "in.xlsx", "out.parquet").code == 0


def test_78_links_stand_with_merged_hidden_and_blank_rows(forge):
    def fill(book):
        sheet = book.add_worksheet("S")
        sheet.write_row(0, 0, ["k", "v"])
        sheet.merge_range(1, 0, 2, 0, "m", None)
        sheet.write_url(1, 0, "http://e/m", string="m")
        sheet.write_column(1, 1, [1, 2, 3])
        sheet.write_url(3, 0, "http://e/hidden", string="h")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.write_url(5, 0, "http://e/last", string="l")
    data = written(fill)
    options = ("--hyperlinks", "both", "--hidden-rows", "skip", "--blank-rows", "skip", "--header", "1")
    assert forge.columns(data, *options, name="in.xlsx") == {"k": ["m", None, "l"], "v": [1, 2, None], "k_url": ["http://e/m", None, "http://e/last"]}
    filled = forge.columns(data, *options, "--merged", "fill", name="in.xlsx")
    assert filled["k"] == ["m", "m", "l"] and filled["k_url"][0] == "http://e/m" and filled["k_url"][2] == "http://e/last"


# ---- 43 ----

SHOWN = [
    (0.125, "0.0%", "12.5%"), (1234.5, "[$€-407] #,##0.00", "€ 1,234.50"), (1234.5, "#,##0.00 [$€-407]", "1,234.50 €"), (-1234.5, "$#,##0.00_);($#,##0.00)", "($1,234.50)"),
    (1234567.891, "#,##0", "1,234,568"), (0, '0.00;-0.00;"zero"', "zero"), (12345, "0.00E+00", "1.23E+04"), (0.00012345, "0.0E+0", "1.2E-4"), (12345678, "##0.0E+0", "12.3E+6"),
    (9.99, "0.0E+0", "1.0E+1"), (1.75, "# ?/?", "1 3/4"), (501, "00000", "00501"), (5551234, "000-0000", "555-1234"), (1500000, '0.0,,"M"', "1.5M"), (42, '"day" 0', "day 42"),
    (-5, "0", "-5"), (-5, "[Red]0.00", "-5.00"), (5, '[>10]"big";[<=10]"small"', "small"), (0.1 + 0.2, "General", "0.3"), (43831, "yyyy-mm-dd", "2020-01-01"),
    (43831.999988, "yyyy-mm-dd hh:mm:ss.000", "2020-01-01 23:59:58.963"), (43831, 'yyyy"年"m"月"d"日"', "2020年1月1日"), (43831.75, "d-mmm-yy h:mm AM/PM", "1-Jan-20 6:00 PM"),
    (1.75, "[h]:mm", "42:00"), (1.75, "[mm]:ss", "2520:00"), (0.5, "h:mm", "12:00"), (43831, "dddd, mmmm d, yyyy", "Wednesday, January 1, 2020"), (0.25, "mm:ss.0", "00:00.0"),
    (12, "??0.0?", " 12.0 "), (0.5, ".00", ".50"), (1234.567, "#.##", "1234.57"), (10 ** 15, "#,##0", "1,000,000,000,000,000"), (12, "@", "12"), (3, '0" pcs"', "3 pcs"),
    (1234.5, "_($* #,##0.00_)", " $1,234.50 "), (44000.5, "m/d/yyyy h:mm", "6/18/2020 12:00"), (2.5, "0", "3"), (1.005, "0.00", "1.01"), (5, ";;;", ""), (100, "0*-", "100")]
# What LibreOffice shows otherwise: it counts days from 1899-12-30, cuts seconds off, takes the nearest fraction and has more digits under General.
SHOWN_BY_EXCEL_ALONE = [(60, "yyyy-mm-dd", "1900-02-29"), (43831.999988, "hh:mm:ss", "23:59:59"), (3.14159, "# ??/??", "3 1/7"), (123456789012, "General", "1.23457E+11"),
                        (1 / 3, "General", "0.333333333"), (1e-7, "General", "1E-07"), (7, "#.##", "7."), (-0.001, "0.00", "-0.00")]


def shown(forge, data, name):
    table, _ = forge.convert(data, "--display", "--header", "none", name=name)
    return table.column(0).to_pylist()


def test_43_display_shows_numbers_as_their_formats_do_and_as_libreoffice_does(forge):
    cases = SHOWN + SHOWN_BY_EXCEL_ALONE
    data = rows(*([(value, code)] for value, code, _ in cases))
    assert shown(forge, data, "in.xlsx") == [text for *_, text in cases]
    run = subprocess.run(["soffice", f"-env:UserInstallation=file://{forge.folder}/profile", "--headless", "--convert-to",
                          "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true", "--outdir", forge.folder, forge.folder / "in.xlsx"], capture_output=True, timeout=240)
    assert run.returncode == 0, run.stderr
    theirs = [line[0] if line else "" for line in csv.reader((forge.folder / "in.csv").read_text().splitlines())][:len(SHOWN)]
    assert theirs == [text for *_, text in SHOWN]


CODED = [("share", 0.125, "0.0%", "12.5%"), ("price", 1234.5, "[$€-407] #,##0.00", "€ 1,234.50"), ("day", 43831, 'yyyy"年"m"月"d"日"', "2020年1月1日"), ("span", 1.75, "[h]:mm", "42:00"),
         ("plain", 7, "General", "7")]


def coded_book(suffix):
    names = [name for name, *_ in CODED]
    if suffix == "xlsx":
        return rows(names, [(value, code) for _, value, code, _ in CODED], [(value, code) for _, value, code, _ in CODED])
    if suffix == "xls":
        line = [Styled(value, code) for _, value, code, _ in CODED]
        return Book([("S", [names, line, line])]).bytes()
    if suffix == "xlsb":
        codes = [code for _, _, code, _ in CODED]
        line = [(float(value), 1 + i) for i, (_, value, *_) in enumerate(CODED)]
        return packed(xlsb.book([("S", 0, xlsb.sheet([(1, names), (2, line), (3, line)]))], codes=codes))
    if suffix == "xml":
        styles = "".join(f"<Style ss:ID='s{i}'><NumberFormat ss:Format='{code.replace(chr(34), '&quot;')}'/></Style>" for i, (_, _, code, _) in enumerate(CODED))
        head = "".join(f"<Cell><Data ss:Type='String'>{n}</Data></Cell>" for n in names)
        line = "".join(f"<Cell ss:StyleID='s{i}'><Data ss:Type='Number'>{value}</Data></Cell>" for i, (_, value, *_) in enumerate(CODED))
        return ("<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet' xmlns:ss='urn:schemas-microsoft-com:office:spreadsheet'>"
                f"<Styles>{styles}</Styles><Worksheet ss:Name='S'><Table><Row>{head}</Row><Row>{line}</Row><Row>{line}</Row></Table></Worksheet></Workbook>")
    styles = ('<number:percentage-style style:name="D0"><number:number number:decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>'
              '<number:currency-style style:name="D1"><number:currency-symbol number:language="de" number:country="DE">€</number:currency-symbol><number:text> </number:text>'
              '<number:number number:decimal-places="2" number:min-integer-digits="1" number:grouping="true"/></number:currency-style>'
              '<number:date-style style:name="D2"><number:year number:style="long"/><number:text>年</number:text><number:month/><number:text>月</number:text><number:day/>'
              '<number:text>日</number:text></number:date-style><number:time-style style:name="D3" number:truncate-on-overflow="false"><number:hours/><number:text>:</number:text>'
              '<number:minutes number:style="long"/></number:time-style>' + "".join(
                  f'<style:style style:name="c{i}" style:family="table-cell" style:data-style-name="D{i}"/>' for i in range(4)))
    line = ods.row(ods.v("percentage", "0.125", "c0"), ods.v("currency", "1234.5", "c1"), ods.v("date", "2020-01-01", "c2"), ods.v("time", "PT42H00M00S", "c3"), ods.n(7))
    parts = ods.book(ods.table("S", ods.names(*names), line, line))
    parts["content.xml"] = parts["content.xml"].replace("</office:automatic-styles>", styles + "</office:automatic-styles>")
    return packed(parts)


@pytest.mark.parametrize("suffix", ["xlsx", "xlsb", "xls", "ods", "xml"])
def test_43_the_number_is_the_default_its_format_is_in_the_metadata_and_display_gives_the_text(forge, suffix):
    data, name = coded_book(suffix), f"in.{suffix}"
    got = forge.columns(data, "--profile", "modern", name=name)
    assert got["share"] == [0.125] * 2 and got["price"] == [1234.5] * 2 and got["plain"] == [7] * 2
    kept = {k.decode(): v.decode() for k, v in pq.read_metadata(forge.folder / "out.parquet").metadata.items()}
    want = {n: code for n, _, code, _ in CODED if code != "General"}
    if suffix == "ods":
        want["price"] = "[$€] #,##0.00"  # the sign without its language
    assert {k.removeprefix("pyforge.number_format:"): v for k, v in kept.items() if k.startswith("pyforge.number_format:")} == want
    facts = forge.run("info", name, "--json").json["tables"][0]["columns"]
    assert {c["name"]: c["number_format"] for c in facts if "number_format" in c} == want
    got = forge.columns(data, "--display", name=name)
    assert got == {n: [text] * 2 for n, _, _, text in CODED}
    assert forge.columns(data, "--display", "--type", "share=double", name=name)["share"] == [0.125] * 2
