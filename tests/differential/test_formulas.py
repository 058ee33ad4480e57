"""Formulas: what xlwt and LibreOffice store as tokens comes back as it was given to them; shared ones are told in each cell."""
import json
import re
import shutil
import subprocess
import zipfile
from xml.sax.saxutils import escape

import openpyxl
import pytest
import xlwt
from conftest import PROGRAM
from openpyxl.formula.translate import Translator
from openpyxl.workbook.defined_name import DefinedName
from test_corpus_books import CORPUS

FORMULAS = """
A1+B1*C1|(A1+B1)*C1|A1-(B1-C1)|A1-B1-C1|-A1^2|-(A1^2)|2^-1|A1^B1^C1|A1^(B1^C1)|A1%|(A1+B1)%|-A1%|1/(2/3)|A1&"text"&B1|A1<>B1|A1<=B1|A1>=B1
A1=B1=C1|SUM(A1:C3)|SUM(A1,B1,C1)|SUM($A$1:B$3,$C1)|IF(A1>B1,"yes","no ""q"" x")|IF(A1>B1,IF(C1,1,2),3)|PI()|TODAY()+1
RAND()|VLOOKUP(A1,$A$1:$C$3,2)|CONCATENATE("a",B1)|DATE(2020,1,2)|ROUND(A1/3,2)|SUMPRODUCT((A1:A3>1)*(B1:B3))|OFFSET(A1,1,1)|INDIRECT("A1")|ROW()
COLUMN(B1)|MATCH(A1,A1:A3,0)|INDEX(A1:C3,2,3)|LEFT(A1)|MID("hello",2,3)|TEXT(A1,"0.00")|AND(A1,NOT(B1))|LOG(A1)|LOG(A1,2)|RANK(A1,A1:A3)|SUBTOTAL(9,A1:A3)
ISERROR(A1)|TRUNC(A1)|WEEKDAY(A1)|DAYS360(A1,B1)|0.1|123456789|65536|1.23456789012345|Other!A1|'My Sheet'!$B$2|SUM(Other!A1:B2)|SUM('It''s'!A1:$B$2)
""".replace("\n", "|").strip("|").split("|")
# What xlwt has no words for.
FURTHER = """
--A1|+A1|CHOOSE(A1,"a","b","c")|SUM((A1:B2,C3))|SUM(A1:B3 B2:C3)|SUM({1,2,3;4,5,6})|Total*2|SUM(Data)|SUM(A:A)|SUM($A:$C)|SUM($2:$5)|IFERROR(A1/B1,0)|COUNTIFS(A1:A3,">1",B1:B3,"<5")
SUMIFS(A1:A3,B1:B3,1)|AVERAGEIF(A1:A3,">0")|EDATE(A1,1)|HEX2DEC("FF")|NETWORKDAYS(A1,B1)|_xlfn.CONCAT(A1:A3)|_xlfn.STDEV.S(A1:A3)|IF(A1=1,,2)|TRUE|"é中😀"
SUM(Other:'My Sheet'!A1)|A1:INDEX(A1:C3,2,2)|VLOOKUP(A1,A1:C3,2,FALSE)|1.5E+21|0.0000001
""".replace("\n", "|").strip("|").split("|")
# What LibreOffice means by them when it writes XLS.
MEANT = {"SUM(Other:'My Sheet'!A1)": "SUM('Other:My Sheet'!A1:A1)"}
SHEETS = ("Other", "My Sheet", "It's")


def texts(path):
    """All cells, by sheet and place."""
    done = subprocess.run([PROGRAM, "cells", path, "--formulas", "text", "--json"], capture_output=True, check=True)
    return {(cell["sheet"], cell["cell"]): cell["value"] for cell in map(json.loads, done.stdout.decode().splitlines())}


def told(path):
    """The cells of column E."""
    done = subprocess.run([PROGRAM, "cells", path, "--sheet", "Main", "--range", "E1:E999", "--formulas", "text", "--json"],
                          capture_output=True, check=True)
    cells = {cell["cell"]: cell["value"] for cell in map(json.loads, done.stdout.decode().splitlines())}
    return [cells.get(f"E{row}") for row in range(1, len(cells) + 1)]


def test_formulas_that_xlwt_writes_come_back(tmp_path):
    book = xlwt.Workbook()
    sheets = [book.add_sheet(name) for name in ("Main", *SHEETS)]
    for row, formula in enumerate(FORMULAS):
        sheets[0].write(row, 4, xlwt.Formula(formula))
    book.save(str(tmp_path / "in.xls"))
    assert told(tmp_path / "in.xls") == ["=" + formula for formula in FORMULAS]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_formulas_that_libreoffice_writes_come_back(tmp_path):
    book = openpyxl.Workbook()
    main = book.active
    main.title = "Main"
    for name in SHEETS:
        book.create_sheet(name)["A1"] = 1
    book.defined_names["Total"] = DefinedName("Total", attr_text="Main!$A$1")
    book.defined_names["Data"] = DefinedName("Data", attr_text="Main!$A$1:$C$3")
    wanted = FORMULAS + FURTHER
    for row, formula in enumerate(wanted):
        main.cell(row + 1, 5, "=" + formula)
        main.cell(row % 3 + 1, row % 3 + 1, row)
    book.save(tmp_path / "in.xlsx")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "xls", "in.xlsx"],
                   cwd=tmp_path, check=True, capture_output=True, timeout=300)
    assert told(tmp_path / "in.xlsx") == ["=" + formula for formula in wanted]
    assert told(tmp_path / "in.xls") == ["=" + MEANT.get(formula, formula) for formula in wanted]


# Of what xlwt and LibreOffice cannot write.
IN_XLSX = ["Sales[[#This Row],[A1]]*A1", '"A1 ""B2"" "&A1', "'A1'!B2+'It''s A1'!C3", "LOG10(A1)", "SUM(A1:B2:C3)", "SUM(1:1,$1:3)", "SUM(A:A,$B:C)", "[1]Sheet1!A1",
           "#REF!A1", "#N/A", "1E5+A1", "tax_2020+TAX2020", "_xlfn.ANCHORARRAY(E1)", "é1+A1", "A$1+$A1+$A$1", "A1:A1048576"]


def test_cells_of_xlsx_that_share_a_formula_have_their_own_text(tmp_path):
    formulas = [f for f in FORMULAS + FURTHER + IN_XLSX if f != "A1:INDEX(A1:C3,2,2)"]  # openpyxl forgets the A1
    rows = "".join(f'<row r="{r}"><c r="E{r}"><f t="shared" ref="E{r}:G{r}" si="{r}">{escape(f)}</f><v>1</v></c><c r="F{r}"><f t="shared" si="{r + 999}"/><v>2</v></c>'
                   f'<c r="G{r}"><f t="shared" si="{r}"/><v>1</v></c></row>' for r, f in enumerate(formulas, 1))
    openpyxl.Workbook().save(tmp_path / "empty.xlsx")
    with zipfile.ZipFile(tmp_path / "empty.xlsx") as empty, zipfile.ZipFile(tmp_path / "in.xlsx", "w") as book:
        for name in empty.namelist():
            book.writestr(name, re.sub(rb"<sheetData ?/>|<sheetData></sheetData>", lambda _: f"<sheetData>{rows}</sheetData>".encode(), empty.read(name)))
    got = {place: value for (_, place), value in texts(tmp_path / "in.xlsx").items()}
    moved = [Translator("=" + f, origin=f"E{r}").translate_formula(f"G{r}") for r, f in enumerate(formulas, 1)]
    assert [got[f"E{r}"] for r in range(1, len(formulas) + 1)] == ["=" + f for f in formulas]
    assert [got[f"G{r}"] for r in range(1, len(formulas) + 1)] == moved
    assert {got[f"F{r}"] for r in range(1, len(formulas) + 1)} == {"2"}


def test_a_workbook_saved_in_several_formats_has_the_same_formulas():
    if not CORPUS.is_dir():
        pytest.skip("the corpus is not beside the project: NOTHING WAS CHECKED against real files")
    xlsx, xlsb = (texts(CORPUS / kind / f"sheetjs/formula_stress_test.{kind}") for kind in ("xlsx", "xlsb"))
    assert xlsx == xlsb and sum(text.startswith("=") for text in xlsx.values()) == 447
    assert texts(CORPUS / "xlsx/sheetjs/sheet_visibility.xlsx") == texts(CORPUS / "xlsb/sheetjs/sheet_visibility.xlsb")
    assert texts(CORPUS / "xls/sheetjs/ErrorTypes.xls") == texts(CORPUS / "xlsb/sheetjs/ErrorTypes.xlsb")
