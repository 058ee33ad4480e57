"""Parts of workbooks that are not what they say: each is refused with what is wrong, or passed over where nothing is lost."""
import json
import struct
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "golden"), str(Path(__file__).resolve().parent)]
import make_ods as ods  # noqa: E402
import make_xlsb as xlsb  # noqa: E402
import make_xlsx as xlsx  # noqa: E402
from test_bad_workbooks import packed  # noqa: E402

LINKS = xlsb.record(357) + xlsb.record(362, struct.pack("<4I", 1, 0, 0, 0))  # this book, its first sheet


def name(text, formula):
    return xlsb.record(39, struct.pack("<IBI", 0, 0, 0xFFFFFFFF) + xlsb.wide(text) + struct.pack("<I", len(formula)) + formula)


def binary(part="", front=b"", back=b"", more=None):
    """A good book of one sheet; in the part `back` stands in place of `front`, and in front of it."""
    parts = xlsb.book([("Data", 0, xlsb.sheet([(1, ["a"]), (2, [7])]))])
    if part:
        assert front in parts[part]
        parts[part] = parts[part].replace(front, back + front, 1)
    return {**parts, **(more or {})}


BOOK, STYLES = "xl/workbook.bin", "xl/styles.bin"
LISTED = {"xl/worksheets/_rels/sheet1.bin.rels": f'{xlsb.HEAD}<Relationships xmlns="{xlsb.PACKAGE}/relationships"><Relationship Id="r1" Type="{xlsb.REL}/table" '
                                                 f'Target="../tables/table1.bin"/><Relationship Id="r2" Type="{xlsb.REL}/drawing" Target="../d.xml"/></Relationships>'}
DAMAGED = {
    "a sheet": (binary(BOOK, xlsb.record(144), xlsb.record(156, bytes(4))), b"too short for a sheet"),
    "a workbook": (binary(more={BOOK: xlsb.record(143)}), b"does not begin a workbook"),
    "a format": (binary(STYLES, xlsb.record(616), xlsb.record(44, b"\0")), b"too short for a format"),
    "a style": (binary(STYLES, xlsb.record(618), xlsb.record(47, b"\0\0")), b"too short for a style"),
    "references": (binary(BOOK, xlsb.record(132), xlsb.record(362, struct.pack("<I", 9))), b"more references than it has"),
    "a name": (binary(BOOK, xlsb.record(132), xlsb.record(39, b"\0")), b"too short for a name"),
    "a formula": (binary(BOOK, xlsb.record(132), name("n", b"")[:-4] + struct.pack("<I", 100)), b"ends within a formula"),
    "a table": (binary(more={**LISTED, "xl/tables/table1.bin": xlsb.record(343, bytes(8))}), b"no place of a table"),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_records_that_are_too_short_are_refused_with_their_part(forge, what):
    parts, words = DAMAGED[what]
    forge.write("in.xlsb", packed(parts))
    done = forge.run("convert", "in.xlsb", "out.parquet", "--table", "n")
    assert done.code == 1 and b"BAD_DATA" in done.err and words in done.err and b".bin" in done.err, done.err
    assert not (forge.folder / "out.parquet").exists()


def test_a_name_may_mean_one_cell(forge):
    cell = struct.pack("<BHIH", 0x3A, 0, 1, 0)  # PtgRef3d: A2
    forge.write("in.xlsb", packed(binary(BOOK, xlsb.record(132), LINKS + name("seven", cell) + name("sum", b"\x1E\1\0"))))
    done = forge.run("convert", "in.xlsb", "out.parquet", "--table", "seven", "--header", "none")
    assert done.code == 0, done.err
    assert [list(row.values()) for row in pq.read_table(forge.folder / "out.parquet").to_pylist()] == [[7]]
    assert forge.run("convert", "in.xlsb", "other.parquet", "--table", "sum").code == 2  # a constant is no table


@pytest.mark.parametrize("count", (17, 40))
def test_every_one_of_many_sheets_is_seen(forge, count):
    one = xlsx.sheet(xlsx.row(1, xlsx.n("A1", 1)))
    forge.write("in.xlsx", packed(xlsx.book({f"S{i}": one for i in range(count)})))
    forge.write("in.ods", packed(ods.book(*(ods.table(f"S{i}", ods.row(ods.n(1))) for i in range(count)))))
    for book in ("in.xlsx", "in.ods"):
        cells = [json.loads(line) for line in forge.run("cells", book, "--json").out.splitlines()]
        assert [c["sheet"] for c in cells if "cell" in c] == [f"S{i}" for i in range(count)]


def test_a_workbook_part_that_holds_something_else_is_refused(forge):
    parts = xlsx.book({"Data": xlsx.sheet(xlsx.row(1, xlsx.n("A1", 1)))})
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace("<workbook ", "<document ").replace("</workbook>", "</document>")
    forge.write("in.xlsx", packed(parts))
    done = forge.run("convert", "in.xlsx", "out.parquet")
    assert done.code == 1 and b"holds <document>" in done.err and b"workbook.xml" in done.err, done.err


@pytest.mark.parametrize("body, words", (("<office:body><office:text/></office:body>", b"is a text, no workbook"), ("", b"has no body")))
def test_documents_that_are_no_workbooks_are_refused(forge, body, words):
    text = ods.content(ods.table("Data", ods.row(ods.n(1))))
    text = text[:text.index("<office:body>")] + body + text[text.index("</office:body>") + len("</office:body>"):]
    forge.write("in.ods", packed({**ods.book(), "content.xml": text}))
    done = forge.run("convert", "in.ods", "out.parquet")
    assert done.code == 1 and b"BAD_DATA" in done.err and words in done.err, done.err


def test_tables_are_found_by_their_plain_name_and_names_of_no_range_are_none(forge):
    names = ("<definedNames><definedName name=\"two\">Data!$A$1:$A$2,Data!$B$1:$B$2</definedName><definedName name=\"sum\">1+1</definedName></definedNames>")
    more = {"xl/tables/table1.xml": f'{xlsx.HEAD}<table xmlns="{xlsx.MAIN}" id="1" name="Plain" ref="A1:A2"/>',
            "xl/worksheets/_rels/sheet1.xml.rels": f'{xlsx.HEAD}<Relationships xmlns="{xlsx.PACKAGE}/relationships"><Relationship Id="r0" Type="{xlsx.REL}/drawing" '
                                                   f'Target="../drawings/d.xml"/><Relationship Id="r1" Type="{xlsx.REL}/table" Target="../tables/table1.xml"/></Relationships>'}
    sheet = xlsx.sheet(xlsx.rows_of(xlsx.names(1, "a", "b"), xlsx.row(2, xlsx.n("A2", 7), xlsx.n("B2", 8))))
    forge.write("in.xlsx", packed(xlsx.book({"Data": sheet}, more=more, workbook_tail=names)))
    assert forge.run("convert", "in.xlsx", "out.parquet", "--table", "Plain").code == 0
    assert pq.read_table(forge.folder / "out.parquet").to_pydict() == {"a": [7]}
    for wrong in ("two", "sum"):
        done = forge.run("convert", "in.xlsx", "other.parquet", "--table", wrong)
        assert done.code == 2 and wrong.encode() in done.err and not (forge.folder / "other.parquet").exists(), done.err
