#!/usr/bin/env python3
"""The workbooks of the golden cases tests/golden*/xls/*/input.*. Run it to write them anew: the same bytes come out."""
import datetime as dt
import struct
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE / "xls"))
from biff_file import Book, Formula, Styled, hlink, record  # noqa: E402
from cfb_file import compound  # noqa: E402

DAY = dt.date(2024, 2, 29)


def plain(bof, *records):
    """A sheet alone, without globals."""
    return record(*bof) + b"".join(records) + record(0x0A)


def place(row, column, style=0):
    return struct.pack("<HHH", row, column, style)


def types():
    rows = [["id", "price", "share", "name", "day", "at", "code", "ok"]]
    rows += [[i, i * 1.25, Styled(i / 8, "0.00%"), f"Näme {i} Жук", DAY + dt.timedelta(i), dt.datetime(2024, 1, 1, 12, 0, i), Styled(i, "00000"),
              i % 2 == 0] for i in range(1, 6)]
    return Book([("Data", rows)]).bytes()


def mixed():
    return Book([("Data", [["any", "number"], [1, 1], ["x", 2.5], [True, 3], [DAY, 4], [Styled(7, "00000"), 5], ["#N/A", 6]])]).bytes()


def long_texts():
    return Book([("Data", [["text"]] + [[("Ж" if i % 2 else "ä") * 3000 + str(i)] for i in range(6)])]).bytes()


def out_of_order():
    cells = [record(0x203, place(r, c) + struct.pack("<d", 10 * r + c)) for c in range(2) for r in (3, 1, 2)]
    names = [record(0x204, place(0, c) + struct.pack("<HB", 1, 0) + name) for c, name in enumerate((b"a", b"b"))]
    return plain((0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 1997, 0, 0)), *cells, *names)


def biff2():
    def attributes(row, column, code=0):
        return struct.pack("<HHBBB", row, column, 0, code, 0)
    return plain((0x09, struct.pack("<HH", 0x200, 0x10)), record(0x42, struct.pack("<H", 32768)), record(0x1E, b"\7General"),
                 record(0x1E, b"\6d/m/yy"), record(0x04, attributes(0, 0) + b"\4name"), record(0x04, attributes(0, 1) + b"\3day"),
                 record(0x04, attributes(1, 0) + b"\3\x8Ab\x9F"), record(0x02, attributes(1, 1, 1) + struct.pack("<H", 45351)),
                 record(0x06, attributes(2, 0) + struct.pack("<QB", 0xFFFF << 48, 0)), record(0x07, b"\2xy"),
                 record(0x03, attributes(2, 1, 1) + struct.pack("<d", 45352)))


def biff5():
    front = record(0x809, struct.pack("<HHHH", 0x500, 5, 0, 0)) + record(0x42, struct.pack("<H", 1251)) + record(0xE0, bytes(16))
    bound = 4 + 6 + 1 + 4
    front += record(0x85, struct.pack("<IBB", len(front) + bound + 4, 0, 0) + b"\4\xCB\xE8\xF1\xF2") + record(0x0A)
    rows = record(0x204, place(0, 0) + b"\4\0\xC8\xEC\xFF!") + record(0x204, place(0, 1) + b"\1\0n")
    rows += record(0xD6, place(1, 0) + b"\3\0\xC6\xF3\xEA\1\0\0") + record(0xBD, struct.pack("<HHHIH", 1, 1, 0, 12345 << 2 | 3, 1))
    return compound({"Book": (front + record(0x809, struct.pack("<HHHH", 0x500, 0x10, 0, 0)) + rows + record(0x0A)).ljust(4096, b"\0")})


def formulas():
    shared = record(0x4BC, struct.pack("<HHBBBBH", 1, 3, 1, 1, 0, 3, 10) + bytes.fromhex("4C0000FFC01E020005") + b"\x15")
    points = bytes.fromhex("0101000100")
    return Book([("Data", [["n", "twice", "sum"], [1, Formula(2, points, shared), Formula(9, bytes.fromhex("2501000300 00C000C0 22010400"))],
                           [2, Formula(4, points), Formula(9, b"\5")], [3, Formula(6, points), 9]])]).bytes()


CASES = {
    "golden/xls/types/input.xls": (types, "# Each column has the type of its cells and their formats."),
    "golden/xls/mixed/input.xls": (mixed, "# A column of several kinds is text, each value in its canonical spelling; an error is null."),
    "golden/xls/continue/input.xls": (long_texts, "# Texts go on in CONTINUE records that change the width of their characters."),
    "golden/xls/out_of_order/input.xls": (out_of_order, "# Cells in any order, in a bare stream without globals."),
    "golden/xls/biff2/input.xls": (biff2, "# Excel 2: its own records, a stored text, Mac Roman, a date by the cell's own format."),
    "golden/xls/biff5/input.xls": (biff5, "# Excel 5: names and texts in code page 1251, hundredths in MULRK."),
    "golden/xls/formulas/input.xls": (formulas, "# --formulas text: shared ones, and one that cannot be told.\n--formulas text"),
    "golden/xls/dates_1904/input.xls": (lambda: Book([("S", [["day"], [DAY]])], date1904=True).bytes(), "# The 1904 date system is honoured."),
    "golden/xls/links/input.xls": (lambda: Book([("S", [["site", "n"], ["a", 1], ["b", 2], ["c", 3], ["d", 4]], {"links": [
        hlink(1, 0, "https://example.org/?a=1"), hlink(2, 0, "https://example.org/", "top"), hlink(3, 0, mark="S!A1"),
        hlink(4, 1, file="Übersicht.xls")]})]).bytes(), "# Addresses of links to sites, places and files, beside the cells.\n--hyperlinks both"),
    "golden_bad/xls/locked/input.xls": (lambda: record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 0)) +
                                        record(0x2F, bytes.fromhex("00007a14af83")) + record(0x0A), "# A locked workbook asks for its password."),
    "golden_bad/xls/word/input.xls": (lambda: compound({"WordDocument": b"x" * 5000}), "# A Word document is refused by its true name."),
    "golden_bad/xls/page/input.xls": (lambda: b"<html><body><table></table></body></html>", "# A web page is refused by its true name."),
}


def main():
    for name, (make, why) in CASES.items():
        path = HERE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make())
        (path.parent / "job.txt").write_text(why + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
