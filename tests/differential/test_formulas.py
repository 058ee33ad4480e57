"""Formulas that are stored as tokens: what xlwt and LibreOffice write comes back as it was given to them."""
import json
import shutil
import subprocess

import openpyxl
import pytest
import xlwt
from conftest import PROGRAM
from test_corpus_books import CORPUS
from openpyxl.workbook.defined_name import DefinedName

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


def test_a_workbook_saved_in_both_formats_has_the_same_formulas():
    """But for cells that share a formula, which XLSX tells at the first of them alone."""
    xlsx, xlsb = (texts(CORPUS / kind / f"sheetjs/formula_stress_test.{kind}") for kind in ("xlsx", "xlsb"))
    formulas = {place for place in xlsx if xlsx[place].startswith("=")}
    assert len(formulas) == 430 and {place: xlsb[place] for place in formulas} == {place: xlsx[place] for place in formulas}
    differs = {place for place in xlsx if xlsx[place] != xlsb[place]}
    assert {xlsb[place] for place in differs} == {'=COMPLEX(2,3,"j")'} and len(differs) == 17
    assert texts(CORPUS / "xls/sheetjs/ErrorTypes.xls") == texts(CORPUS / "xlsb/sheetjs/ErrorTypes.xlsb")
