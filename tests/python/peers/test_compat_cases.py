"""What programs of the earlier program's users rely on, case by case, by the installed command.

Each row is one case: M, the earlier program did this, and so does this one under PYFORGE_COMPAT=1; B and D, it did otherwise
or only said so, and this one does it as it stands. A row tells the command's words, the files that are there before, and what
is promised: exit code, texts of standard output and of both streams, names of new files, tables in them.
"""
import datetime
import json
import os
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from pyarrow import parquet

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import compat_list

COMMAND = os.path.join(os.path.dirname(sys.executable), "pyforge")
PEOPLE = "name,age,city,salary\nAnn,31,Oslo,50000\nBob,42,Rome,60000\nCy,27,Lima,45000\nDee,55,Bern,70000\n"
PEOPLE_TABLE = [("name", "age", "city", "salary"), ("Ann", "31", "Oslo", "50000"), ("Bob", "42", "Rome", "60000"),
                ("Cy", "27", "Lima", "45000"), ("Dee", "55", "Bern", "70000")]
PAIRS = [("a", "b")] + [(i, "x%d" % i) for i in range(10)]
ITEMS = [("item", "count")] + [("p%d" % i, i) for i in range(5)]
DEPARTMENTS = [("dept", "head", "floor")] + [("d%d" % i, "h%d" % i, i) for i in range(4)]
DAY, STAMP = datetime.date(2023, 1, 1), datetime.datetime(2023, 1, 1, 10)


class Book:
    """A workbook to be written: {sheet: rows}, properties of the document, other places to begin. stored: without compression, and
    without the record of a sheet's dimension, as programs write it that do not know it when they begin."""

    def __init__(self, sheets, at=(0, 0), chart=False, constant_memory=False, stored=False, **properties):
        self.sheets, self.at, self.chart, self.constant_memory, self.properties = sheets, at, chart, constant_memory, properties
        self.stored = stored

    def write(self, path):
        book = xlsxwriter.Workbook(path, {"constant_memory": self.constant_memory})
        book.set_properties(self.properties)
        day, stamp = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for name, rows in self.sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, value in enumerate(row):
                    place = (self.at[0] + r, self.at[1] + c)
                    if isinstance(value, datetime.date):
                        sheet.write_datetime(*place, value, stamp if isinstance(value, datetime.datetime) else day)
                    elif isinstance(value, tuple):  # a formula with its stored value
                        sheet.write_formula(*place, value[0], None, value[1])
                    elif value is not None:
                        sheet.write(*place, value)
        if self.chart:
            chart = book.add_chart({"type": "line"})
            chart.add_series({"values": "=%s!$A$2:$A$4" % next(iter(self.sheets))})
            book.add_chartsheet("Chart").set_chart(chart)
        book.close()
        if self.stored:
            self.store(path)

    @staticmethod
    def store(path):
        with zipfile.ZipFile(path) as package:
            parts = {name: package.read(name) for name in package.namelist()}
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as package:
            for name, part in parts.items():
                package.writestr(name, re.sub(rb"<dimension [^>]*>", b"", part) if "/worksheets/" in name else part)
        assert os.path.getsize(path) > 10 << 20


CASES = []


def case(number, kind, what, words, files=(), code=0, out=(), says=(), made=None, tables=(), check=None, typed=False):
    """One row. words: the command's, in one text. files: {name: text, bytes or Book}. out: texts of standard output, which
    is empty for None. says: texts of one of both streams. made: every new file, without folders. tables: {file: [names, row,
    …]}. typed: columns need not be text. check: what else is promised, called with the run and its output."""
    CASES.append(pytest.param(kind, words.split(), dict(files), code, out, says, made, dict(tables), typed, check,
                              id="%03d-%s-%s" % (number, kind, what.replace(" ", "-"))))


def csv_case(number, what, text, table, name="a.csv", kind="M", words="", typed=False, **more):
    """A text file that becomes one table."""
    stem = name.rpartition(".")[0]
    case(number, kind, what, "convert %s -f parquet %s" % (name, words), {name: text}, tables={stem + ".parquet": table},
         made=[stem + ".parquet"], typed=typed, **more)


def facts(**wanted):
    """Promises of `info -f json`."""
    def look(done, folder):
        found = json.loads(done.stdout)
        for key, value in wanted.items():
            assert value(found[key]) if callable(value) else found[key] == value, (key, found[key])
    return look


def codecs(**wanted):
    """Promises which codecs a Parquet file's columns have."""
    def look(done, folder):
        for name, codec in wanted.items():
            group = parquet.read_metadata(folder / (name + ".parquet")).row_group(0)
            found = {group.column(i).compression for i in range(group.num_columns)}
            assert codec in found and found <= {codec, "UNCOMPRESSED"}  # a column that it does not shrink
    return look


def unchanged(name, content):
    def look(done, folder):
        assert (folder / name).read_bytes() == content.encode()
    return look


def rows_of(path, count):
    def look(done, folder):
        assert parquet.read_table(folder / path).num_rows == count
    return look


# ---- 7.1 the shell ----

A = {"a.csv": PEOPLE}
case(1, "M", "version", "--version", out=["pyforge, version "])
case(1, "B", "version alone on standard output", "--version", check=lambda done, _: done.stdout.count("\n") == 1 and not done.stderr or pytest.fail())
case(2, "M", "help without a command", "", out=["convert", "formats", "info", "list-extensions", "validate"])
case(3, "M", "help", "--help", out=["convert"])
case(3, "M", "help of convert", "convert --help", out=["--format", "--compression", "--force", "--combine", "--separate"])
case(4, "M", "unknown command", "frobnicate", code=2, out=None, says=["frobnicate"])
case(5, "M", "unknown option", "convert a.csv --no-such-option", A, code=2, says=["no-such-option"])
for mode in "MB":
    case(6, mode, "input that is not there", "convert missing.pdf", code=2, says=["does not exist"])
case(7, "M", "unknown suffix", "convert x.xyz", {"x.xyz": "some text\n"}, says=["Unsupported input format", ".csv", ".xlsx"], made=[])
case(8, "M", "output that is there", "convert a.csv out.parquet", {**A, "out.parquet": "PAR1 mine"}, says=["already exists", "--force"],
     check=unchanged("out.parquet", "PAR1 mine"))
case(9, "M", "output replaced by force", "convert a.csv out.parquet --force", {**A, "out.parquet": "PAR1 mine PAR1"},
     tables={"out.parquet": PEOPLE_TABLE})
case(10, "M", "output is a directory", "convert a.csv out/sub --force", {**A, "out/sub/x": "x"}, code=1, says=["director"],
     check=unchanged("out/sub/x", "x"))
case(11, "B", "a directory is the files in it", "convert dir/", {"dir/a.csv": PEOPLE, "dir/b.csv": PEOPLE}, made=["dir/a.parquet", "dir/b.parquet"])
case(11, "B", "a directory without tables", "convert dir/", {"dir/a.xyz": "x"}, code=2, out=None, says=["no file in folder 'dir/'"], made=[])
case(12, "M", "third argument", "convert a.csv b.parquet c", A, code=2)
case(13, "M", "format in capitals", "convert a.csv -f PARQUET", A, made=["a.parquet"])
case(14, "B", "format that is not offered", "convert a.csv -f json", A, code=2, made=[])
case(15, "M", "verbose", "-v convert a.csv -f parquet", A, says=["Input file:", "Output format:", "Auto-generated output file:", "a.parquet"])
case(16, "D", "verbose behind the command", "convert a.csv -f parquet --verbose", A, says=["Auto-generated output file:"])
case(17, "M", "only the last suffix is replaced", "convert my.document.with.dots.csv -f txt", {"my.document.with.dots.csv": PEOPLE},
     made=["my.document.with.dots.txt"])
case(18, "M", "beside the input", "convert sub/a.csv -f parquet", {"sub/a.csv": PEOPLE}, made=["sub/a.parquet"])
case(19, "M", "folders of the output are made", "convert a.csv new/sub/a.parquet", A, made=["new/sub/a.parquet"])
case(21, "B", "own input by default name", "convert notes.txt --force -f csv -o notes.txt", {"notes.txt": PEOPLE}, code=1, made=[],
     check=unchanged("notes.txt", PEOPLE))
case(21, "M", "own input in the compatible mode", "convert notes.txt --force", {"notes.txt": PEOPLE}, code=1, made=[],
     check=unchanged("notes.txt", PEOPLE))
case(22, "B", "own input by name", "convert t.csv t.csv --force", {"t.csv": PEOPLE}, code=1, made=[], check=unchanged("t.csv", PEOPLE))
case(23, "M", "no format, compatible name and a warning", "convert data.csv", {"data.csv": PEOPLE}, says=["warning", "data.txt"],
     made=["data.txt"], tables={"data.txt": PEOPLE_TABLE})
case(23, "B", "no format", "convert data.csv", {"data.csv": PEOPLE}, made=["data.parquet"])
case(24, "M", "a directory named txt", "convert book.xlsx", {"book.xlsx": Book({"S": PAIRS})}, made=["book.txt/book_S.parquet"])
case(24, "B", "a workbook without a format", "convert book.xlsx", {"book.xlsx": Book({"S": PAIRS})}, made=["book_parquet/book_S.parquet"])
case(25, "M", "a directory named parquet", "convert book.xlsx -f parquet", {"book.xlsx": Book({"S": PAIRS})},
     made=["book_parquet/book_S.parquet"])
case(26, "M", "output of a workbook is a directory", "convert book.xlsx out.parquet", {"book.xlsx": Book({"S": PAIRS})},
     made=["out.parquet/book_S.parquet"])
case(27, "M", "corrupt input", "convert bad.xlsx", {"bad.xlsx": b"PK\3\4 and then nothing"}, code=1, out=["Conversion failed!"],
     says=["Aborted!"], made=[])
case(27, "B", "corrupt input leaves nothing", "convert bad.csv out/bad.parquet --on-bad-row fail", {"bad.csv": "a,b\n1,2\n" * 50000 + "1,2,3\n"},
     code=1, says=["bad.csv", "row "], made=[])
case(28, "B", "brackets in a name", "convert data[red].csv", {"data[red].csv": "a,b\n1,2,3\n4,5\n"}, says=["data[red].csv"])
case(29, "B", "json for a parser", "info a.csv -f json", A, check=facts(file_name="a.csv"))
case(30, "B", "markup in a value", "info m.csv", {"m.csv": "a [/x],b\n[bold],1\n"}, out=["a [/x]"])
case(31, "M", "info of an unknown suffix", "info unknown.xyz", {"unknown.xyz": "x\n"}, says=["Unsupported input format"])
case(32, "M", "valid", "validate good.csv", {"good.csv": PEOPLE}, out=["is a valid .CSV file"])
case(33, "M", "not valid", "validate empty.csv", {"empty.csv": ""}, code=1, says=["not a valid .CSV file"])
case(34, "M", "formats", "formats", out=["csv", "xlsx", ".csv", ".tsv", ".txt", ".xlsx"])
case(35, "M", "no extensions", "list-extensions --no-extensions", out=["No extensions discovered"])
case(36, "D", "zstd", "convert a.csv --compression zstd", A, made=["a.parquet"])

# ---- 7.2 CSV ----

csv_case(37, "comma", PEOPLE, PEOPLE_TABLE)
csv_case(38, "semicolon", PEOPLE.replace(",", ";"), PEOPLE_TABLE)
csv_case(38, "tab", PEOPLE.replace(",", "\t"), PEOPLE_TABLE, name="a.tsv")
csv_case(38, "pipe", PEOPLE.replace(",", "|"), PEOPLE_TABLE)
WORLD = [("name", "city"), ("João Gonçalves", "São Paulo"), ("Zoé Lefèvre", "Orléans"), ("山田太郎", "東京"), ("Íñigo Peña", "A Coruña")]
csv_case(39, "international", "\n".join(map(",".join, WORLD)) + "\n", WORLD)
LATIN = "name,city,note\n" + "José,Málaga,está aquí\nZoé,Orléans,déjà vu\nAña,Coruña,mañana\n" * 5
csv_case(40, "latin-1", LATIN.encode("latin-1"), [tuple(row.split(",")) for row in LATIN.splitlines()])
case(40, "M", "latin-1 is reported", "info l.csv -f json", {"l.csv": LATIN.encode("latin-1")},
     check=facts(encoding=lambda name: name.lower() in ("latin-1", "iso-8859-1", "cp1252", "windows-1252")))
csv_case(41, "mark of UTF-8", PEOPLE.encode("utf-8-sig"), PEOPLE_TABLE)
csv_case(41, "UTF-16", PEOPLE.encode("utf-16"), PEOPLE_TABLE)
case(42, "M", "empty is not valid", "validate e.csv", {"e.csv": ""}, code=1)
case(42, "M", "empty is utf-8 without rows", "info e.csv -f json", {"e.csv": ""},
     check=facts(encoding="utf-8", encoding_confidence=1.0, estimated_rows=0, has_header=False, file_size=0, file_type="CSV"))
case(42, "M", "empty has facts", "info e.csv", {"e.csv": ""}, out=["File Information: e.csv", "utf-8"])
case(42, "M", "empty is not converted", "convert e.csv -f parquet", {"e.csv": ""}, code=1, made=[])
SHIP = [("PassengerId", "Survived", "Pclass", "Name", "Age"), ("1", "0", "3", "Braund, Mr. Owen Harris", "22"),
        ("2", "1", "1", "Cumings, Mrs. John (Florence)", "38"), ("3", "1", "3", "Heikkinen, Miss. Laina", "26")]
csv_case(43, "quoted names with commas", "".join('%s,%s,%s,"%s",%s\n' % row for row in SHIP), SHIP)
HEADLESS = "1,John,25\n2,Jane,30\n3,Bob,35\n"
csv_case(44, "no header", HEADLESS, [("Column_1", "Column_2", "Column_3"), ("1", "John", "25"), ("2", "Jane", "30"), ("3", "Bob", "35")])
case(44, "M", "no header is reported", "info a.csv -f json", {"a.csv": HEADLESS}, check=facts(has_header=False, estimated_rows=3))
csv_case(45, "words for nothing", "id,v\n1,NA\n2,NULL\n3,null\n4,\n",
         [("id", "v"), ("1", "NA"), ("2", "NULL"), ("3", "null"), ("4", "")])
csv_case(46, "spelling stays", "code,n,day\n007,1e5,2024-01-02\n", [("code", "n", "day"), ("007", "1e5", "2024-01-02")])
csv_case(47, "equal names", "a,a,a\n1,2,3\n4,5,6\n", [("a", "a.1", "a.2"), ("1", "2", "3"), ("4", "5", "6")])
csv_case(48, "blank name", "id,,name\n1,2,x\n3,4,y\n", [("id", "Unnamed: 1", "name"), ("1", "2", "x"), ("3", "4", "y")])
for count in (1000, 10000):
    case(49, "M", "%d rows" % count, "info a.csv -f json", {"a.csv": "id,name\n" + "".join("%d,n%d\n" % (i, i) for i in range(count))},
         check=facts(estimated_rows=count))
LINES = 'id,text\n1,"first\nsecond"\n2,x\n'
csv_case(50, "line breaks in a cell", LINES, [("id", "text"), ("1", "first\nsecond"), ("2", "x")])
case(50, "B", "a row of two lines counts once", "info a.csv -f json", {"a.csv": LINES}, check=facts(tables=lambda t: t[0]["rows"] == 2))
csv_case(51, "more fields", "a,b\n1,2\n3,4,5\n6,7\n", [("a", "b", "column_3"), (1, 2, None), (3, 4, 5), (6, 7, None)], kind="B", typed=True)
csv_case(52, "every row ends in a comma", "a,b\n1,2,\n3,4,\n", [("a", "b"), (1, 2), (3, 4)], kind="B", typed=True)
csv_case(53, "comment first", "# made by hand\na,b\n1,2\n3,4\n", [("a", "b"), (1, 2), (3, 4)], kind="B", typed=True)
csv_case(53, "title first", "Sales of the year\na,b,c\n1,2,x\n3,4,y\n", [("a", "b", "c"), (1, 2, "x"), (3, 4, "y")], kind="B", typed=True)
csv_case(54, "header of words", "first,last\njohn,smith\njane,doe\njim,beam\n",
         [("first", "last"), ("john", "smith"), ("jane", "doe"), ("jim", "beam")], kind="B")
csv_case(55, "header alone", "id,name,amount\n", [("id", "name", "amount")], kind="B", typed=True)
csv_case(56, "blank line first", "\nid,name\n1,x\n2,y\n", [("id", "name"), (1, "x"), (2, "y")], kind="B", typed=True)
LATE = b"id,name\n" + b"".join(b"%d,name%d\n" % (i, i) for i in range(5000)) + b"5000,caf\xe9\n"
case(57, "B", "late byte of another encoding", "convert a.csv", {"a.csv": LATE}, check=rows_of("a.parquet", 5001))
csv_case(58, "carriage returns", "id,name\r1,x\r2,y\r", [("id", "name"), (1, "x"), (2, "y")], kind="B", typed=True)
PROSE = ("It was a bright cold day and the clocks were striking\nWinston slipped quickly through the glass doors\n"
         "though not quickly enough to prevent a swirl of dust\nThe hallway smelt of boiled cabbage and old mats\n"
         "At one end of it a coloured poster had been tacked to the wall\n")
case(59, "B", "prose is one column of text", "convert p.txt -f parquet", {"p.txt": PROSE},
     check=lambda done, folder: parquet.read_table(folder / "p.parquet").num_columns == 1 or pytest.fail())
WORDY = "".join("text %d of a row that is much like the others,name %d of a row that is much like the others\n" % (i, i) for i in range(2000))
case(60, "B", "null characters are kept and told", "convert z.csv", {"z.csv": "a,b\n1,x\0y\n2,z\n"}, says=["NUL characters", "line 2"],
     tables={"z.parquet": [("a", "b"), (1, "x\0y"), (2, "z")]}, typed=True)
for words, codec in (("-c gzip", "GZIP"), ("-c none", "UNCOMPRESSED"), ("", "SNAPPY")):
    case(61, "M", "codec " + codec, "convert a.csv -f parquet " + words, {"a.csv": "id,name\n" + WORDY}, check=codecs(a=codec))
csv_case(64, "said dialect", "x\ny\nid;name\n1;José\n2;Zoé\n".encode("latin-1"), [("id", "name"), (1, "José"), (2, "Zoé")], kind="D",
         words="--delimiter ; --encoding latin-1 --skip-rows 2", typed=True)

# ---- 7.3 Excel ----

BASIC = [("Name", "Age", "City", "Salary"), ("Ann", 31, "Oslo", 50000), ("Bob", 42, "Rome", 60000), ("Cy", 27, "Lima", 45000),
         ("Dee", 55, "Bern", 70000)]
case(65, "M", "one sheet", "convert basic.xlsx out", {"basic.xlsx": Book({"Sheet1": BASIC})}, made=["out/basic_Sheet1.parquet"],
     tables={"out/basic_Sheet1.parquet": [BASIC[0]] + [tuple(map(str, row)) for row in BASIC[1:]]})
case(66, "M", "spelling of values", "convert t.xlsx out", {"t.xlsx": Book({"S": [
    ("int", "float", "text", "date", "stamp", "bool", "mixed"), (1, 1.1, "x", DAY, STAMP, True, 1), (2, 2.5, "y", DAY, STAMP, False, None),
    (3, 3.5, "z", DAY, STAMP, True, "t")]})}, tables={"out/t_S.parquet": [
        ("int", "float", "text", "date", "stamp", "bool", "mixed"),
        ("1", "1.1", "x", "2023-01-01T00:00:00", "2023-01-01T10:00:00", "True", "1"),
        ("2", "2.5", "y", "2023-01-01T00:00:00", "2023-01-01T10:00:00", "False", ""),
        ("3", "3.5", "z", "2023-01-01T00:00:00", "2023-01-01T10:00:00", "True", "t")]})
NO_VALUE = Book({"S": [("n", "ratio"), (1, 0.5), (0, ("=1/A3", "#DIV/0!")), (2, 0.25)]})
case(66, "M", "an error is its text", "convert e.xlsx out", {"e.xlsx": NO_VALUE},
     tables={"out/e_S.parquet": [("n", "ratio"), ("1", "0.5"), ("0", "#DIV/0!"), ("2", "0.25")]})
case(66, "B", "an error is no value and told", "convert e.xlsx e.parquet", {"e.xlsx": NO_VALUE}, says=["#DIV/0!"],
     tables={"e.parquet": [("n", "ratio"), (1, 0.5), (0, None), (2, 0.25)]}, typed=True)
THREE = Book({"People": PAIRS, "Departments": DEPARTMENTS, "Items": ITEMS})
for words in ("--separate", "--combine"):
    case(67 if words == "--separate" else 68, "M", "three unlike sheets " + words, "convert three.xlsx out " + words, {"three.xlsx": THREE},
         made=["out/three_Departments.parquet", "out/three_Items.parquet", "out/three_People.parquet"],
         check=lambda done, folder: [parquet.read_table(folder / "out" / ("three_%s.parquet" % s)).num_rows
                                     for s in ("People", "Departments", "Items")] == [10, 4, 5] or pytest.fail())
SALES = Book({"Sales Q1": PAIRS, "Sales Q2": PAIRS, "Inventory": ITEMS})
case(69, "M", "equal sheets are combined", "convert s.xlsx out", {"s.xlsx": SALES}, made=["out/s.parquet", "out/s_Inventory.parquet"],
     check=rows_of("out/s.parquet", 20))
case(70, "M", "equal sheets apart", "convert s.xlsx out --separate", {"s.xlsx": SALES},
     made=["out/s_Inventory.parquet", "out/s_Sales_Q1.parquet", "out/s_Sales_Q2.parquet"])
case(71, "M", "empty sheets", "convert e.xlsx out", {"e.xlsx": Book({"E1": [], "Data": PAIRS, "E2": []})}, made=["out/e_Data.parquet"])
case(72, "B", "equal sheets and no terminal", "convert s.xlsx", {"s.xlsx": Book({"A": PAIRS, "B": PAIRS})},
     made=["s_parquet/s_A.parquet", "s_parquet/s_B.parquet"])
case(73, "B", "equal headers", "convert d.xlsx d.parquet", {"d.xlsx": Book({"S": [("ID", "Name", "Value", "Name", "Value"), (1, "a", 2, "b", 3), (2, "c", 4, "d", 5)]})},
     tables={"d.parquet": [("ID", "Name", "Value", "Name_2", "Value_2"), (1, "a", 2, "b", 3), (2, "c", 4, "d", 5)]}, typed=True)
case(74, "B", "blank header in the middle", "convert h.xlsx h.parquet", {"h.xlsx": Book({"S": [("id", None, "name"), (1, 2, "x"), (3, 4, "y"), (5, 6, "z")]})},
     check=lambda done, folder: parquet.read_table(folder / "h.parquet").column("name").to_pylist() == ["x", "y", "z"] or pytest.fail())
case(75, "B", "table from column B on", "convert o.xlsx o.parquet", {"o.xlsx": Book({"Sales": [("OrderID", "Item", "Amount")] + [
    ("ORD%03d" % i, "item %d" % i, i * 10) for i in range(1, 16)]}, at=(2, 1))},
     check=lambda done, folder: parquet.read_table(folder / "o.parquet").column("OrderID")[0].as_py() == "ORD001" or pytest.fail())
case(76, "B", "prose is no table", "convert n.xlsx n.parquet", {"n.xlsx": Book({"Notes": [
    ("Annual report",), (), ("This is a long sentence about the year that ends with a full stop.",)]})}, says=["the table has no rows", "2 skipped"],
     check=rows_of("n.parquet", 0))
case(76, "B", "a title over a hierarchy", "convert o.xlsx o.parquet", {"o.xlsx": Book({"Org": [
    ("The company",), (), ("Board",), (None, "Chair"), (None, None, "Secretary"), (None, "Finance"), (None, None, "Audit")]})},
     says=["6 rows in = 4 out + 0 rejected + 2 skipped"], check=lambda done, folder: {
         cell for row in parquet.read_table(folder / "o.parquet").to_pylist() for cell in row.values()} == {
             None, "Chair", "Secretary", "Finance", "Audit"} or pytest.fail())
case(77, "B", "formulas", "convert f.xlsx f.parquet", {"f.xlsx": Book({"S": [("n", "twice"), (1, ("=A2*2", 2)), (2, ("=A3*2", 4))]})},
     tables={"f.parquet": [("n", "twice"), (1, 2), (2, 4)]}, typed=True)
ODD = [("id", "text"), ("1", "naïve 東京"), ("2", "tab\there"), ("3", 'say "hi"'), ("4", "two\nlines")]
case(78, "M", "texts stay", "convert o.xlsx out", {"o.xlsx": Book({"S": ODD})}, tables={"out/o_S.parquet": ODD})
GROUPS = Book({"A": PAIRS, "B": PAIRS, "C": ITEMS, "D": ITEMS})
case(79, "M", "two groups of equal sheets", "convert g.xlsx out", {"g.xlsx": GROUPS}, made=["out/g.parquet", "out/g_2.parquet"],
     check=lambda done, folder: [parquet.read_table(folder / "out" / name).num_rows for name in ("g.parquet", "g_2.parquet")] == [20, 10] or pytest.fail())
case(79, "B", "two groups of equal sheets", "convert g.xlsx out/", {"g.xlsx": GROUPS},
     made=["out/g_%s.parquet" % s for s in "ABCD"])
case(80, "B", "names that look alike", "convert n.xlsx out/", {"n.xlsx": Book({"a b": PAIRS, "a_b": ITEMS})},
     made=["out/n_a_b.parquet", "out/n_a_b_2.parquet"])
SPARSE = [("id", "v")] + [(i if i % 3 == 0 else None, i if i % 4 == 0 else None) for i in range(3000)]
# twenty rows, or a package of more than ten megabytes, which the earlier program read in another way
GAPS = [("id", "name", "note"), (1, None, "x"), (None, "n2", None), (3, "n3", None)] + [(i, "n%d" % i, "a note, %d" % i) for i in range(4, 20)]
for many in (0, 90000):
    rows = GAPS + [(i, "n%d" % i, "a note, %d" % i) for i in range(20, many)]
    case(81, "B", "blank cells in the first of %d rows" % len(rows), "convert big.xlsx big.parquet", {"big.xlsx": Book({"S": rows}, stored=bool(many))},
         tables={"big.parquet": rows}, typed=True)
MANY = [("id", "name", "note")] + [(i, "n%d" % i, "a note, %d" % i) for i in range(90000)]
case(82, "B", "a sheet that does not tell its dimension", "convert big.xlsx big.parquet",
     {"big.xlsx": Book({"S": MANY}, constant_memory=True, stored=True)}, tables={"big.parquet": MANY}, typed=True)
case(83, "B", "sparse sheet", "convert s.xlsx s.parquet", {"s.xlsx": Book({"S": SPARSE})},
     check=lambda done, folder: parquet.read_table(folder / "s.parquet").num_rows >= 1500 or pytest.fail())
case(84, "B", "chart sheet", "convert c.xlsx c.parquet", {"c.xlsx": Book({"S": PAIRS}, chart=True)}, check=rows_of("c.parquet", 10))
case(85, "B", "codec of workbooks", "convert c.xlsx c.parquet -c gzip", {"c.xlsx": Book({"S": [tuple(row.split(",")) for row in ("id,name\n" + WORDY).splitlines()]})},
     check=codecs(c="GZIP"))
case(86, "M", "facts of a workbook", "info b.xlsx -f json", {"b.xlsx": Book({"One": PAIRS, "Two": ITEMS}, title="The title", author="Ann")},
     check=facts(sheet_count=2, sheet_names=["One", "Two"], total_estimated_rows=15, max_columns=2, title="The title", author="Ann",
                 sheet_details=lambda d: d["Two"] == {"estimated_rows": 5, "estimated_columns": 2, "has_data": True}))


def put(folder, files):
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, Book):
            content.write(str(path))
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())


def run(folder, words, mode):
    env = {key: value for key, value in os.environ.items() if not key.startswith("PYFORGE")}
    env.update(COLUMNS="40", **({"PYFORGE_COMPAT": "1"} if mode == "M" else {}))
    return subprocess.run([COMMAND, *words], cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True)


def listing(folder):
    return sorted(str(p.relative_to(folder)) for p in Path(folder).rglob("*") if p.is_file())


@pytest.mark.parametrize("mode, words, files, code, out, says, made, tables, typed, check", CASES)
def test_case(tmp_path, mode, words, files, code, out, says, made, tables, typed, check):
    put(tmp_path, files)
    before = listing(tmp_path)
    done = run(tmp_path, words, mode)
    both = done.stdout + done.stderr
    assert done.returncode == code, both
    assert "Traceback" not in both
    if out is None:
        assert not done.stdout
    for text in out or ():
        assert text in done.stdout
    for text in says:
        assert text in both
    if made is not None:
        assert [name for name in listing(tmp_path) if name not in before] == made, both
    for path, rows in tables.items():
        table = parquet.read_table(tmp_path / path)
        assert table.column_names == list(rows[0])
        assert typed or {str(t) for t in table.schema.types} == {"string"}
        assert [tuple(row.values()) for row in table.to_pylist()] == [tuple(row) for row in rows[1:]]
    if check:
        check(done, tmp_path)


MEASURE = """
import resource, subprocess, sys, time
started = time.monotonic()
code = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL)
print(time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
sys.exit(code)
"""


def measured(*words):
    """(seconds, megabytes) of one run of the command; its parent is small, since a child's peak begins with its parent's size."""
    done = subprocess.run([sys.executable, "-c", MEASURE, COMMAND, *map(str, words)], stdout=subprocess.PIPE, text=True, check=True)
    return tuple(map(float, done.stdout.split()))


def write_rows(path, size):
    block = "".join("%d,customer %d,%d.%02d,2024-01-%02d,%s\n" % (i, i % 977, i * 7 % 1000, i % 100, i % 28 + 1, "words of a cell " * 2)
                    for i in range(20000)).encode()
    with open(path, "wb") as file:
        file.write(b"id,customer,amount,day,note\n")
        for _ in range(-(-size // len(block))):
            file.write(block)
    return -(-size // len(block)) * 20000


def test_case_062_B_half_a_million_rows_in_two_seconds_and_200_megabytes(tmp_path):
    count = write_rows(tmp_path / "a.csv", 43 << 20)
    assert count >= 500000
    seconds, megabytes = min(measured("convert", tmp_path / "a.csv", "--force") for _ in range(3))
    assert parquet.read_metadata(tmp_path / "a.parquet").num_rows == count
    assert seconds < 2 and megabytes < 200


def test_case_063_B_two_gigabytes_in_bounded_memory(tmp_path):
    try:
        count = write_rows(tmp_path / "a.csv", 2 << 30)
        _, megabytes = measured("convert", tmp_path / "a.csv")
        assert parquet.read_metadata(tmp_path / "a.parquet").num_rows == count
        assert megabytes < 200
    finally:
        shutil.rmtree(tmp_path, ignore_errors=True)


# ---- the list ----

def tried():
    """{number: letters of the rows above}, and all letters where a function's name has the number."""
    found = {}
    for row in CASES:
        number, letter = row.id.split("-")[:2]
        found.setdefault(int(number), set()).add(letter)
    for path in Path(__file__).parents[1].rglob("test_*.py"):
        for first, link, last in re.findall(r"def test_cases?_(\d+)(?:_(to|and)_(\d+))?", path.read_text(encoding="utf-8")):
            for number in (range(int(first), int(last) + 1) if link == "to" else {int(first), int(last or first)}):
                found.setdefault(number, set()).update("MBD")
    return found


def test_every_case_of_the_list_is_tried_or_left_out_with_a_reason_that_the_page_tells():
    wanted, found = compat_list.cases(), tried()
    missing = {number: set(letters) - found.get(number, set()) - {"D"} for number, letters in wanted.items()}
    assert {number for number, letters in missing.items() if letters} == set(compat_list.LEFT_OUT)
    page = (Path(__file__).parents[3] / "docs/migration.md").read_text(encoding="utf-8")
    reasons = re.findall(r"^\| (.+?) \|", page.partition("## What it does not do")[2].partition("\n## ")[0], re.M)
    for number, reason in compat_list.LEFT_OUT.items():
        assert any(reason in row for row in reasons), (number, reason)
    assert set(found) <= set(wanted)
