"""Workbooks that are hostile or damaged: an error with its place, never the loss of a good sheet, never unbounded work."""
import io
import resource
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from conftest import PROGRAM

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "golden"), str(TESTS / "xls")]
import make_ods as ods  # noqa: E402
import make_xlsb as xlsb  # noqa: E402
import make_xlsx as xlsx  # noqa: E402
from biff_file import Book  # noqa: E402


def packed(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()


def good_xlsx(first=1):
    return xlsx.sheet(xlsx.rows_of(xlsx.names(1, "a", "b"), xlsx.row(2, xlsx.n("A2", first), xlsx.s("B2", "x"))))


def flat(*tables, end="</office:spreadsheet></office:body></office:document>"):
    spaces = "".join(f' xmlns:{p}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for p, n in
                     (("office", "office"), ("table", "table"), ("text", "text")))
    return (f'<?xml version="1.0"?><office:document{spaces} office:mimetype="application/vnd.oasis.opendocument.spreadsheet">'
            f'<office:body><office:spreadsheet>{"".join(tables)}{end}').encode()


def flat_table(name, column=1):
    cells = "".join(f'<table:table-cell office:value-type="string"><text:p>{t}</text:p></table:table-cell>' for t in ("a", "b"))
    return (f'<table:table table:name="{name}"><table:table-row>{cells}</table:table-row><table:table-row>'
            f'<table:table-cell table:number-columns-repeated="{column}" office:value-type="float" office:value="1"/>'
            f'<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>')


def broken_xls():
    data = Book([("Good", [["a", "b"], [1, "x"]]), ("Bad", [["a", "b"], [77.25, "y"]]), ("More", [["a", "b"], [1, "x"]])]).bytes()
    numbers = [i for i in range(len(data) - 3) if data[i:i + 4] in (struct.pack("<HH", 0x0203, 14), struct.pack("<HH", 0x027E, 10))]
    at = numbers[1]
    return data[:at + 6] + struct.pack("<H", 20000) + data[at + 8:]  # the second sheet's number: a column that is not


SSML = ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">{}</Workbook>')


def ssml_sheet(name, row=2):
    return (f'<Worksheet ss:Name="{name}"><Table><Row ss:Index="1"><Cell><Data ss:Type="String">a</Data></Cell><Cell><Data ss:Type="String">b'
            f'</Data></Cell></Row><Row ss:Index="{row}"><Cell><Data ss:Type="Number">1</Data></Cell><Cell><Data ss:Type="String">x</Data></Cell>'
            "</Row></Table></Worksheet>")


XLSB_GOOD = xlsb.sheet([(1, ["a", "b"]), (2, [1, "x"])])
BROKEN = {
    "xlsx": lambda: packed(xlsx.book({"Good": good_xlsx(), "Bad": good_xlsx().replace("</c></row></sheetData>", "</c></wor>"),
                                      "More": good_xlsx()})),
    "xlsb": lambda: packed(xlsb.book([("Good", 0, XLSB_GOOD), ("Bad", 0, xlsb.sheet([(1, ["a"]), (2, ["$7"])])), ("More", 0, XLSB_GOOD)])),
    "xls": broken_xls,
    "fods": lambda: flat(flat_table("Good"), flat_table("Bad", 20000), flat_table("More")),
    "xml": lambda: SSML.format(ssml_sheet("Good") + ssml_sheet("Bad", 1) + ssml_sheet("More")).encode(),
}


@pytest.mark.parametrize("suffix", BROKEN)
@pytest.mark.parametrize("threads", (1, 2))
def test_one_broken_sheet_does_not_lose_the_others(forge, suffix, threads):
    forge.write(f"in.{suffix}", BROKEN[suffix]())
    done = forge.run("convert", f"in.{suffix}", "--json", "--threads", threads)
    assert done.code == 1, done.err.decode()
    assert "Bad" in done.json["files"][0]["error"]["where"], done.json["files"][0]
    folder = forge.folder / "in_parquet"
    assert sorted(p.name for p in folder.iterdir()) == ["in_Good.parquet", "in_More.parquet"]
    for path in folder.iterdir():
        assert pq.read_table(path).to_pydict() == {"a": [1], "b": ["x"]}


# ---- archives ----

def limited():
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


@pytest.mark.parametrize("part", ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"))
def test_a_part_that_unpacks_to_a_thousand_times_its_size_is_refused_until_it_is_meant(forge, part):
    parts = xlsx.book({"Data": xlsx.sheet(xlsx.rows_of(xlsx.names(1, "a"), xlsx.row(2, xlsx.shared("A2", 0))))}, ["<t>x</t>"])
    text = parts[part]
    cut = text.rindex("</")
    parts[part] = text[:cut] + " " * (80 << 20) + text[cut:]
    forge.write("in.xlsx", packed(parts))
    done = forge.run("convert", "in.xlsx", "out.parquet")
    assert done.code == 1 and b"LIMIT" in done.err and part.encode() in done.err and b"--max-expansion" in done.err, done.err
    assert not (forge.folder / "out.parquet").exists()
    done = forge.run("convert", "in.xlsx", "out.parquet", "--max-expansion", "0")
    assert done.code == 0, done.err
    assert pq.read_table(forge.folder / "out.parquet").to_pydict() == {"a": ["x"]}


def plain_ods(filler=""):
    return ods.book(ods.table("Data", ods.names("a"), ods.row(ods.n(1)), filler))


ONE = {"xlsx": lambda: xlsx.book({"Data": xlsx.sheet(xlsx.rows_of(xlsx.names(1, "a"), xlsx.row(2, xlsx.n("A2", 1))))}),
       "xlsb": lambda: xlsb.book([("Data", 0, xlsb.sheet([(1, ["a"]), (2, [1])]))]), "ods": plain_ods}
SHEET = {"xlsx": "xl/worksheets/sheet1.xml", "xlsb": "xl/worksheets/sheet1.bin", "ods": "content.xml"}


def bomb(suffix):
    if suffix == "ods":
        return plain_ods(" " * (80 << 20))
    filler = 80 * xlsb.record(500, bytes(1 << 20))
    return xlsb.book([("Data", 0, xlsb.sheet([(1, ["a"]), (2, [1])], end=False) + filler + xlsb.record(146) + xlsb.record(130))])


@pytest.mark.parametrize("suffix", ("xlsb", "ods"))
def test_bombs_of_other_formats_are_refused_until_they_are_meant(forge, suffix):
    forge.write(f"in.{suffix}", packed(bomb(suffix)))
    done = forge.run("convert", f"in.{suffix}", "out.parquet")
    assert done.code == 1 and b"LIMIT" in done.err and b"--max-expansion" in done.err, done.err
    assert not (forge.folder / "out.parquet").exists()
    done = forge.run("convert", f"in.{suffix}", "out.parquet", "--max-expansion", "0")
    assert done.code == 0, done.err
    assert pq.read_table(forge.folder / "out.parquet").to_pydict() == {"a": [1]}


def test_an_honest_document_that_packs_well_is_no_bomb(forge):
    line = ods.row(*[ods.n(1)] * 20)
    text = ods.content(ods.table("Data", ods.names(*"abcdefghijklmnopqrst"), line * 36000))
    data = packed({**plain_ods(), "content.xml": text})
    assert len(text) > 64 << 20 and len(text) / len(data) > 100
    table, _ = forge.convert(data, name="in.ods")
    assert table.num_rows == 36000 and table.num_columns == 20


def test_a_locked_part_that_unpacks_to_a_thousand_times_its_size_is_refused_until_it_is_meant(forge):
    parts = ods.book(ods.table("Data", ods.names("a"), ods.row(ods.n(1))))
    parts["content.xml"] = parts["content.xml"].replace("</table:table>", " " * (80 << 20) + "</table:table>")
    ods.write(forge.folder / "in.ods", ods.locked(parts))
    words = ("convert", "in.ods", "out.parquet", "--password", "secret")
    done = forge.run(*words)
    assert done.code == 1 and b"LIMIT" in done.err and b"content.xml" in done.err and b"--max-expansion" in done.err, done.err
    assert not (forge.folder / "out.parquet").exists()
    done = forge.run(*words, "--max-expansion", "0")
    assert done.code == 0, done.err
    assert pq.read_table(forge.folder / "out.parquet").to_pydict() == {"a": [1]}


def test_an_honest_sheet_that_packs_well_is_no_bomb(forge):
    cells = "<c><v>1</v></c>" * 60
    text = xlsx.sheet("".join(f'<row r="{i}">{cells}</row>' for i in range(1, 80001)))
    data = packed(xlsx.book({"Data": text}))
    assert 100 < len(text) / len(data) < 400 and len(text) > 64 << 20
    table, _ = forge.convert(data, name="in.xlsx")
    assert table.num_rows == 80000 and table.num_columns == 60


def change(data, name, how):
    """The bytes of a member, changed in place."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        info = archive.getinfo(name)
    return how(bytearray(data), info)


def wrong_crc(data, info):
    at = info.header_offset + 30 + len(info.filename)
    where = data.index(b"<v>1</v>", at) + 3
    data[where] = ord("2")
    return bytes(data)


def cut_member(data, info):
    directory = data.rindex(b"PK\1\2")
    return bytes(data[:directory - 10])


def overlapping(data, info):
    """The directory's second entry begins where the first one does."""
    first = data.index(b"PK\1\2")
    second = data.index(b"PK\1\2", first + 4)
    data[second + 42:second + 46] = data[first + 42:first + 46]
    return bytes(data)


def longer_than_said(data, info):
    at = data.index(info.filename.encode(), data.index(b"PK\1\2")) - 46
    local = info.header_offset
    for place in (at + 20, local + 18):
        data[place:place + 8] = struct.pack("<II", info.compress_size - 5, info.file_size - 5)
    return bytes(data)


@pytest.mark.parametrize("how", (wrong_crc, cut_member, overlapping, longer_than_said), ids=lambda f: f.__name__)
def test_archives_that_lie_are_bad_data_with_their_place(forge, how):
    data = packed(xlsx.book({"Data": good_xlsx()}), zipfile.ZIP_STORED)
    forge.write("in.xlsx", change(data, "xl/worksheets/sheet1.xml", how))
    done = forge.run("convert", "in.xlsx", "out.parquet")
    assert done.code == 1 and b"BAD_DATA" in done.err, done.err
    assert not (forge.folder / "out.parquet").exists()


@pytest.mark.parametrize("suffix", ONE)
def test_a_wrong_checksum_is_bad_data_in_every_format(forge, suffix):
    def flip(data, info):
        data[info.header_offset + 30 + len(info.filename) + info.file_size - 1] ^= 1
        return bytes(data)
    forge.write(f"in.{suffix}", change(packed(ONE[suffix](), zipfile.ZIP_STORED), SHEET[suffix], flip))
    done = forge.run("convert", f"in.{suffix}", "out.parquet")
    assert done.code == 1 and b"BAD_DATA" in done.err, done.err
    assert not (forge.folder / "out.parquet").exists()


@pytest.mark.parametrize("suffix", (*ONE, "xls"))
@pytest.mark.parametrize("part", (0.3, 0.6, 0.95))
def test_a_file_cut_short_is_refused_in_every_format(forge, suffix, part):
    data = Book([("Data", [["a"]] + [[f"{i} words"] for i in range(3000)])]).bytes() if suffix == "xls" else packed(ONE[suffix]())
    forge.write(f"in.{suffix}", data[:int(len(data) * part)])
    done = forge.run("convert", f"in.{suffix}", "out.parquet")
    assert done.code == 1 and b"BAD_DATA" in done.err, done.err
    assert not (forge.folder / "out.parquet").exists()


# ---- XML ----

def test_huge_xml_is_read_in_bounded_memory(forge):
    """600 MB of comments and blanks in a sheet, under a ceiling of 1 GB of address space."""
    text = xlsx.sheet(xlsx.names(1, "a") + xlsx.row(2, xlsx.n("A2", 1)))
    at = text.index("</sheetData>")
    out = io.BytesIO()
    parts = xlsx.book({"Data": text})
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in parts.items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(zipfile.ZipInfo(name), data)
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(text[:at].encode())
            filler = b"".join(b"<!-- %d filler -->" % i for i in range(60000))
            for _ in range(200):
                part.write(filler)
            part.write(text[at:].encode())
    forge.write("in.xlsx", out.getvalue())
    done = subprocess.run([PROGRAM, "convert", "in.xlsx", "out.parquet"], cwd=forge.folder, preexec_fn=limited, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert pq.read_table(forge.folder / "out.parquet").to_pydict() == {"a": [1]}


LAUGHS = ('<!DOCTYPE x [<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)) + "]>")


@pytest.mark.parametrize("part", ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml",
                                  "_rels/.rels", "xl/_rels/workbook.xml.rels"))
def test_billions_of_laughs_are_refused_in_every_part(forge, part):
    parts = xlsx.book({"Data": xlsx.sheet(xlsx.rows_of(xlsx.names(1, "a"), xlsx.row(2, xlsx.shared("A2", 0))))}, ["<t>x</t>"])
    parts[part] = parts[part].replace(xlsx.HEAD, xlsx.HEAD + LAUGHS)
    forge.write("in.xlsx", packed(parts))
    done = forge.run("convert", "in.xlsx", "out.parquet", timeout=20)
    assert not (forge.folder / "out.parquet").exists()
    assert done.code == 1 and b"entities" in done.err, done.err


@pytest.mark.parametrize("suffix", ("ods", "fods", "xml", "xlsb"))
def test_billions_of_laughs_are_refused_in_every_format(forge, suffix):
    if suffix == "ods":
        data = packed({**plain_ods(), "content.xml": plain_ods()["content.xml"].replace(ods.HEAD, ods.HEAD + LAUGHS)})
    elif suffix == "fods":
        data = flat(flat_table("Data")).replace(b"?>", b"?>" + LAUGHS.encode(), 1)
    elif suffix == "xml":
        data = SSML.format(ssml_sheet("Data")).replace("?>", "?>" + LAUGHS, 1).encode()
    else:
        parts, part = ONE["xlsb"](), "xl/_rels/workbook.bin.rels"
        data = packed({**parts, part: parts[part].replace(xlsb.HEAD, xlsb.HEAD + LAUGHS)})
    forge.write(f"in.{suffix}", data)
    done = forge.run("convert", f"in.{suffix}", "out.parquet", timeout=20)
    assert not (forge.folder / "out.parquet").exists()
    assert done.code == 1 and b"entities" in done.err, done.err


def test_counts_that_are_negative_or_too_large_are_not_believed(forge):
    parts = xlsx.book({"Data": xlsx.sheet(xlsx.rows_of(xlsx.names(1, "a"), xlsx.row(2, xlsx.shared("A2", 0))))}, ["<t>x</t>"])
    for count in ("-1", "4294967295", "99999999999999999999", ""):
        parts["xl/sharedStrings.xml"] = (f'{xlsx.HEAD}<sst xmlns="{xlsx.MAIN}" count="{count}" uniqueCount="{count}"><si><t>x</t></si></sst>')
        parts["xl/styles.xml"] = xlsx.styles().replace('<cellXfs count="', f'<cellXfs count="{count}')
        table, _ = forge.convert(packed(parts), name="in.xlsx")
        assert table.to_pydict() == {"a": ["x"]}


@pytest.mark.parametrize("count", (0xFFFFFFFF, 0x80000000, 0x7FFFFFFF))
@pytest.mark.parametrize("suffix", ("xlsb", "xls"))
def test_counts_of_binary_books_are_not_believed(forge, suffix, count):
    if suffix == "xls":
        data = bytearray(Book([("Data", [["a"], ["x"]])]).bytes())
        struct.pack_into("<II", data, data.index(struct.pack("<II", 2, 2)), count, count)
    else:
        parts = xlsb.book([("Data", 0, xlsb.sheet([(1, ["$0"]), (2, ["$1"])]))], ["a", "x"])
        part = parts["xl/sharedStrings.bin"].replace(struct.pack("<II", 2, 2), struct.pack("<II", count, count), 1)
        data = packed({**parts, "xl/sharedStrings.bin": part})
    forge.write(f"in.{suffix}", bytes(data))
    done = subprocess.run([PROGRAM, "convert", f"in.{suffix}", "out.parquet"], cwd=forge.folder, preexec_fn=limited, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert pq.read_table(forge.folder / "out.parquet").to_pydict() == {"a": ["x"]}


@pytest.mark.parametrize("count", ("-1", "-9223372036854775808", "99999999999999999999"))
@pytest.mark.parametrize("what", ("columns", "rows"))
def test_repeats_of_a_document_that_are_no_counts_are_one(forge, what, count):
    cell = f'<table:table-cell table:number-columns-repeated="{count}" office:value-type="float" office:value="1"/>' if what == "columns" else ods.n(1)
    line = f'<table:table-row table:number-rows-repeated="{count}">' if what == "rows" else "<table:table-row>"
    forge.write("in.ods", packed(ods.book(ods.table("Data", ods.names("a"), f"{line}{cell}</table:table-row>"))))
    done = subprocess.run([PROGRAM, "convert", "in.ods", "out.parquet"], cwd=forge.folder, preexec_fn=limited, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert pq.read_table(forge.folder / "out.parquet").to_pydict() == {"a": [1]}


@pytest.mark.parametrize("suffix", ("xlsx", "xlsb", "xls"))
def test_a_shared_string_beyond_the_end_is_refused_with_its_cell(forge, suffix):
    if suffix == "xlsx":
        data = packed(xlsx.book({"Data": xlsx.sheet(xlsx.rows_of(xlsx.names(1, "a"), xlsx.row(2, xlsx.shared("A2", 1))))}, ["<t>x</t>"]))
    elif suffix == "xlsb":
        data = packed(xlsb.book([("Data", 0, xlsb.sheet([(1, ["$0"]), (2, ["$1"])]))], ["a"]))
    else:
        data = Book([("Data", [["a"], ["x"]])]).bytes()
        at = data.index(struct.pack("<HHHH", 0xFD, 10, 1, 0))
        data = data[:at + 10] + struct.pack("<I", 0xFFFFFFFF) + data[at + 14:]
    forge.write(f"in.{suffix}", data)
    done = forge.run("convert", f"in.{suffix}", "out.parquet")
    assert done.code == 1 and b"BAD_DATA" in done.err and b"A2" in done.err and b"Data" in done.err, done.err
    assert not (forge.folder / "out.parquet").exists()


@pytest.mark.parametrize("sector", [20, 50, 78])
def test_a_compound_file_whose_chain_is_a_circle_is_refused_wherever_it_closes(forge, sector):
    """Also where it would give as many bytes as the directory says."""
    data = bytearray(Book([("Data", [["a"]] + [[i] for i in range(3000)])]).bytes())
    fat = struct.unpack_from("<I", data, 76)[0]
    at = 512 + fat * 512 + 4 * sector
    assert struct.unpack_from("<I", data, at)[0] == sector + 1
    struct.pack_into("<I", data, at, sector - 5)
    forge.write("in.xls", bytes(data))
    done = forge.run("convert", "in.xls", "out.parquet", timeout=20)
    assert done.code == 1 and b"BAD_DATA" in done.err and b"circle" in done.err, done.err


@pytest.mark.parametrize("suffix,data", (
    ("xlsx", lambda: packed(xlsx.book({"Data": xlsx.sheet(xlsx.row(1, xlsx.s("XFE1", "x")))}))),
    ("xlsb", lambda: packed(xlsb.book([("Data", 0, xlsb.sheet([(1, [None] * 16384 + [1])]))]))),
    ("xml", lambda: SSML.format(ssml_sheet("Data").replace("<Cell>", '<Cell ss:Index="16385">', 1)).encode())),
    ids=("xlsx", "xlsb", "xml"))
def test_column_16385_is_refused_with_its_place(forge, suffix, data):
    forge.write(f"in.{suffix}", data())
    done = forge.run("convert", f"in.{suffix}", "out.parquet")
    assert done.code == 1 and b"BAD_DATA" in done.err and b"Data" in done.err, done.err
