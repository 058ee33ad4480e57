#!/usr/bin/env python3
"""The workbooks of the golden cases tests/golden*/xlsx/*/input.xlsx and the shipped one, part by part. Run it to write them anew: the same bytes
come out (no dates, no compression levels that differ)."""
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# style numbers of STYLES, by what they are for
DATE, STAMP, TIME, SPAN, MASK, TEXT, PERCENT, MONEY, RED, QUOTED = range(1, 11)
CODES = ["yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss.000", "h:mm", "[h]:mm:ss", "00000", "@", "0.0%", '[$€-407] #,##0.00', "[Red]0.00",
         '"day" 0']


def styles():
    formats = "".join(f'<numFmt numFmtId="{164 + i}" formatCode="{code.replace(chr(34), "&quot;")}"/>' for i, code in enumerate(CODES))
    xfs = '<xf numFmtId="0"/>' + "".join(f'<xf numFmtId="{164 + i}" applyNumberFormat="1"/>' for i in range(len(CODES)))
    return (f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="{len(CODES)}">{formats}</numFmts>'
            f'<cellXfs count="{len(CODES) + 1}">{xfs}</cellXfs></styleSheet>')


def sheet(rows, tail="", head=""):
    return f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{REL}">{head}<sheetData>{rows}</sheetData>{tail}</worksheet>'


def row(number, *cells, attributes=""):
    return f'<row r="{number}"{attributes}>' + "".join(cells) + "</row>"


def n(place, value, style=0):
    return f'<c r="{place}"{f" s={chr(34)}{style}{chr(34)}" if style else ""}><v>{value}</v></c>'


def s(place, value, style=0):
    return f'<c r="{place}"{f" s={chr(34)}{style}{chr(34)}" if style else ""} t="inlineStr"><is><t>{value}</t></is></c>'


def shared(place, number):
    return f'<c r="{place}" t="s"><v>{number}</v></c>'


def other(place, kind, value):
    return f'<c r="{place}" t="{kind}"><v>{value}</v></c>'


def names(number, *texts):
    return row(number, *(s(f"{chr(65 + i)}{number}", t) for i, t in enumerate(texts)))


def book(sheets, strings=None, date1904=False, more=None, workbook_tail=""):
    """Parts of a workbook; sheets: {name: XML or (XML, state)}."""
    entries, rels, parts = [], [], {}
    for i, (name, xml) in enumerate(sheets.items(), 1):
        xml, state = xml if isinstance(xml, tuple) else (xml, "")
        entries.append(f'<sheet name="{name}" sheetId="{i}"{f" state={chr(34)}{state}{chr(34)}" if state else ""} r:id="rId{i}"/>')
        rels.append(f'<Relationship Id="rId{i}" Type="{REL}/worksheet" Target="worksheets/sheet{i}.xml"/>')
        parts[f"xl/worksheets/sheet{i}.xml"] = xml
    rels.append(f'<Relationship Id="rId90" Type="{REL}/styles" Target="styles.xml"/>')
    parts["xl/styles.xml"] = styles()
    if strings:
        rels.append(f'<Relationship Id="rId91" Type="{REL}/sharedStrings" Target="sharedStrings.xml"/>')
        parts["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">' + "".join(f"<si>{x}</si>" for x in strings) + "</sst>"
    properties = '<workbookPr date1904="1"/>' if date1904 else ""
    parts["xl/workbook.xml"] = (f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}">{properties}<sheets>{"".join(entries)}</sheets>'
                                f'{workbook_tail}</workbook>')
    parts["xl/_rels/workbook.xml.rels"] = f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{"".join(rels)}</Relationships>'
    parts["_rels/.rels"] = (f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
                            f'Type="{REL}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
    parts["[Content_Types].xml"] = (f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
                                    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
                                    'spreadsheetml.sheet.main+xml"/></Types>')
    parts.update(more or {})
    return parts


def rows_of(*rows):
    return "".join(rows)


GOOD = {
    "types": book({"Data": sheet(rows_of(
        names(1, "id", "ratio", "flag", "day", "at", "clock", "span", "zip", "code", "share", "price", "word"),
        row(2, n("A2", 1), n("B2", "0.5"), other("C2", "b", 1), n("D2", 43831, DATE), n("E2", "43831.999988", STAMP), n("F2", "0.5", TIME),
            n("G2", "1.75", SPAN), n("H2", 123, MASK), n("I2", 7, TEXT), n("J2", "0.125", PERCENT), n("K2", "1234.5", MONEY), shared("L2", 0)),
        row(3, n("A3", "2.0"), n("B3", 3), other("C3", "b", 0), n("D3", 61, DATE), n("E3", 43831, STAMP), n("F3", "0.25", TIME),
            n("G3", "0.5", SPAN), n("H3", 99999, MASK), s("I3", "x"), n("J3", 1, PERCENT), n("K3", 2, MONEY), shared("L3", 1)),
        row(4, n("A4", "3e0"), n("B4", "1e-05"), n("D4", 0, DATE), n("E4", "0.5", STAMP), n("H4", 1, MASK), n("K4", "0.10000000000000001"),
            shared("L4", 2))))},
        ["<t>plain</t>", "<r><t>rich </t></r><r><rPr><b/></rPr><t xml:space=\"preserve\">text</t></r><rPh sb=\"0\" eb=\"1\"><t>no</t></rPh>",
         "<t>_x0041_ &amp; _x005F_x000D_ &lt;_x000D_&gt;</t>"]),
    "dates_1904": book({"Data": sheet(rows_of(
        names(1, "day", "at"), row(2, n("A2", 0, DATE), n("B2", "42369.25", STAMP)), row(3, n("A3", 42369, DATE), n("B3", 1, STAMP))))},
        date1904=True),
    "preamble": book({"Report": sheet(rows_of(
        row(1, s("B1", "Sales of the year")), row(2, s("B2", "all offices")), row(5, s("C5", "2023"), s("E5", "2024")),
        row(6, s("B6", "office"), s("C6", "sold"), s("D6", "sent\n back "), s("E6", "sold"), s("F6", "")),
        row(7, s("B7", "Graz"), n("C7", 10), n("D7", 1), n("E7", 12), n("F7", 2)),
        row(8, s("B8", "Linz"), n("C8", 20), n("E8", 22), n("F8", 3)),
        row(10, s("B10", "Wels"), n("C10", 30), n("D10", 3), n("E10", 32), n("F10", 4)),
        row(1000, '<c r="B1000" s="1"/>'), '<row r="5000" ht="15"/>'), head='<dimension ref="A1"/>')}),
    "mixed": book({"Data": sheet(rows_of(
        names(1, "any", "number", "when"),
        row(2, n("A2", 1), n("B2", 1), n("C2", 43831, DATE)),
        row(3, s("A3", "x"), n("B3", "2.5"), n("C3", "43831.5", STAMP)),
        row(4, other("A4", "b", 1), n("B4", 3), n("C4", 43832, DATE)),
        row(5, n("A5", 43861, DATE), n("B5", 4)),
        row(6, n("A6", 7, MASK), n("B6", 5)), row(7, n("A7", "0.1"), n("B7", 6)), row(8, n("A8", "1.5", SPAN))))}),
    "errors_and_formulas": book({"Data": sheet(rows_of(
        names(1, "value", "sum", "bare"),
        row(2, n("A2", 1), '<c r="B2"><f>A2*2</f><v>2</v></c>', '<c r="C2"><f>A2+1</f></c>'),
        row(3, other("A3", "e", "#N/A"), '<c r="B3" t="e"><f>A3*2</f><v>#N/A</v></c>', n("C3", 5)),
        row(4, other("A4", "e", "#DIV/0!"), '<c r="B4" t="str"><f>""</f><v></v></c>', '<c r="C4"><f>A4+1</f><v/></c>'),
        row(5, n("A5", 4), '<c r="B5"><f t="shared" si="0"/><v>8</v></c>')))}),
    "odd_spelling": book({"Data": f'{HEAD}<x:worksheet xmlns:x="{MAIN}"><!-- rows --><x:sheetData >'
        "<x:row><x:c t='inlineStr'><x:is><x:t>a</x:t></x:is></x:c><x:c t='inlineStr'><x:is><x:t><![CDATA[b & c]]></x:t></x:is></x:c></x:row>"
        "<x:row >\n<x:c><x:v>1</x:v></x:c>\n<x:c ><x:v> 2 </x:v></x:c></x:row><x:row><x:c r='B3'><x:v>4</x:v></x:c></x:row>"
        "</x:sheetData></x:worksheet>"}),
    "out_of_order": book({"Data": sheet(rows_of(
        row(3, n("B3", 22), n("A3", 21)), row(2, n("A2", 11), n("B2", 12)), names(1, "a", "b"), row(2, n("A2", 13))))}),
    "range": book({"Data": sheet(rows_of(
        names(1, "x", "y", "z"), row(2, n("A2", 1), n("B2", 2), n("C2", 3)), names(3, "u", "v", "w"),
        row(4, n("A4", 4), n("B4", 5), n("C4", 6)), row(5, n("A5", 7), n("B5", 8), n("C5", 9)), row(6, n("A6", 10), n("B6", 11), n("C6", 12))))}),
    "excel_table": book({"First": sheet(names(1, "other")), "Data": sheet(rows_of(
        row(1, s("A1", "note")), names(3, "k", "v"), row(4, n("A4", 1), n("B4", 2)), row(5, n("A5", 3), n("B5", 4)),
        row(6, s("A6", "Total"), n("B6", 6))))},
        more={"xl/worksheets/_rels/sheet2.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
                                                     f'Type="{REL}/table" Target="..\\tables\\table1.xml"/></Relationships>',
              "xl/tables/table1.xml": f'{HEAD}<table xmlns="{MAIN}" id="1" name="T" displayName="Sums" ref="A3:B6" totalsRowCount="1"/>'}),
    "header_only": book({"Data": sheet(names(1, "a", "b"))}),
    "hidden": book({"Lists": (sheet(names(1, "secret")), "hidden"), "Data": sheet(rows_of(names(1, "a"), row(2, n("A2", 1)))),
                    "Deep": (sheet(names(1, "deep")), "veryHidden")}),
    "no_header": book({"Data": sheet(rows_of(*(row(i, n(f"A{i}", i), n(f"B{i}", i * i)) for i in range(1, 6))))}),
    "text": book({"Data": sheet(rows_of(names(1, "a", "b"), row(2, n("A2", 1), n("B2", 43831, DATE)), row(3, n("A3", "0.5"), n("B3", 7, MASK))))}),
    "type_imposed": book({"Data": sheet(rows_of(names(1, "a", "b"), row(2, n("A2", 1), s("B2", "2")), row(3, n("A3", 2), s("B3", "x"))))}),
    "links": book({"Data": sheet(rows_of(names(1, "site", "n"), row(2, s("A2", "a"), n("B2", 1)), row(3, s("A3", "b"), n("B3", 2)),
        '<row r="4"><c r="A4" t="str"><f>HYPERLINK("https://example.org/?c","c")</f><v>c</v></c><c r="B4"><v>3</v></c></row>')).replace(
            "</sheetData>", f'</sheetData><hyperlinks xmlns:r="{REL}"><hyperlink ref="A2" r:id="rId1"/><hyperlink ref="A3:B3" r:id="rId1" location="top"/></hyperlinks>')},
        more={"xl/worksheets/_rels/sheet1.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
                                                     f'Type="{REL}/hyperlink" Target="https://example.org/?a=1" TargetMode="External"/></Relationships>'}),
    "footer": book({"Data": sheet(rows_of(names(1, "a", "b"), row(2, n("A2", 1), n("B2", 2)), row(3, n("A3", 3), n("B3", 4)),
                                          row(5, s("A5", "Source: us")), row(9, '<c r="A9" s="1"/>')))}),
}
BAD = {
    "shared_beyond": book({"Data": sheet(rows_of(names(1, "a"), row(2, shared("A2", 7))))}, ["<t>one</t>"]),
    "column_beyond": book({"Data": sheet(row(1, s("XFE1", "far")))}),
    "row_zero": book({"Data": sheet(row(0, s("A0", "none")))}),
    "cut_short": book({"Data": sheet(names(1, "a"))[:-30]}),
    "entities": book({"Data": sheet(names(1, "a")).replace("<worksheet", '<!DOCTYPE worksheet [<!ENTITY a "b">]><worksheet', 1)}),
    "no_workbook": {k: v for k, v in book({"Data": sheet("")}).items() if k != "xl/workbook.xml"},
    "empty": book({"Data": sheet("")}),
    "error_fails": book({"Data": sheet(rows_of(names(1, "a"), row(2, other("A2", "e", "#REF!"))))}),
    "no_such_sheet": book({"Data": sheet(names(1, "a")), "More": sheet(names(1, "b"))}),
    "several_tables": book({"Data": sheet(names(1, "a")), "More": sheet(names(1, "b"))}),
}


def quarter(title, first, rows):
    """A report as people make them: a title, a blank row, a header, and one price that is a word in the second quarter."""
    cells = [row(1, s("A1", title)), names(3, "Order", "ZIP", "Region", "Sold", "Price", "Paid")]
    for i in range(rows):
        at = i + 4
        price = s(f"E{at}", "on request") if first > 1 and i == 20 else n(f"E{at}", f"{(i * 7919 + first) % 30000 / 100:.2f}", MONEY)
        cells.append(row(at, n(f"A{at}", first + i), n(f"B{at}", (i * 3571 + 1067) % 99999, MASK), s(f"C{at}", ("north", "south", "east", "west")[(i * 7 + i // 3) % 4]),
                         n(f"D{at}", 45658 + (first > 1) * 90 + i * 2, DATE), price, other(f"F{at}", "b", int(i % 3 > 0))))
    return sheet("".join(cells))


SAMPLE = book({"Q1": quarter("Sales, first quarter 2025", 1, 44), "Q2": quarter("Sales, second quarter 2025", 45, 45),
               "Lists": (sheet(names(1, "Region") + row(2, s("A2", "north")) + row(3, s("A3", "south"))), "hidden")})


def write(path, parts):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text.encode("utf-8"), zipfile.ZIP_DEFLATED)


def main():
    write(HERE.parent / "examples" / "samples" / "quarters.xlsx", SAMPLE)
    for name, parts in GOOD.items():
        write(HERE / "golden" / "xlsx" / name / "input.xlsx", parts)
    for name, parts in BAD.items():
        write(HERE / "golden_bad" / "xlsx" / name / "input.xlsx", parts)


if __name__ == "__main__":
    main()
