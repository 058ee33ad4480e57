#!/usr/bin/env python3
"""The binary workbooks of the golden cases tests/golden*/xlsb/*/input.xlsb, record by record ([MS-XLSB]). Run it to write them
anew: the same bytes come out. They are seeds of the fuzzer, too."""
import struct
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
TYPES = (f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="bin" '
         'ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/><Default Extension="rels" '
         'ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>')

# style numbers, by what they are for
DATE, STAMP, SPAN, MASK = range(1, 5)
CODES = ["yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss.000", "[h]:mm:ss", "00000"]


def record(number, body=b""):
    head = bytes([number]) if number < 128 else bytes([number & 127 | 128, number >> 7])
    size, out = len(body), b""
    while True:
        out += bytes([size & 127 | (128 if size > 127 else 0)])
        size >>= 7
        if not size:
            return head + out + body


def wide(text):
    units = text.encode("utf-16-le")
    return struct.pack("<I", len(units) // 2) + units


def cell(column, value, style=0):
    head = struct.pack("<II", column, style)
    if isinstance(value, bool):
        return record(4, head + bytes([value]))
    if isinstance(value, int) and -2**29 <= value < 2**29:
        return record(2, head + struct.pack("<i", value << 2 | 2))
    if isinstance(value, (int, float)):
        return record(5, head + struct.pack("<d", value))
    if isinstance(value, bytes):  # tokens, with the result 2
        return record(9, head + struct.pack("<dHI", 2, 0, len(value)) + value + bytes(4))
    if value.startswith("$"):  # a shared string by its number
        return record(7, head + struct.pack("<I", int(value[1:])))
    if value.startswith("#"):
        return record(3, head + {"#N/A": b"\x2A", "#DIV/0!": b"\x07"}[value])
    return record(6, head + wide(value))


def sheet(rows, end=True, last=(0, 0), hidden_rows=(), hidden_columns=()):
    out = record(129) + record(148, struct.pack("<4I", 0, last[0], 0, last[1]))
    out += b"".join(record(60, struct.pack("<4IH", c, c, 2304, 0, 1)) for c in hidden_columns) + record(145)
    for number, cells in rows:
        out += record(0, struct.pack("<IIHBB", number - 1, 0, 0, 0, 0x10 * (number in hidden_rows)) + bytes(13))
        out += b"".join(cell(at, *(value if isinstance(value, tuple) else (value,)))
                        for at, value in enumerate(cells) if value is not None)
    return out + (record(146) + record(130) if end else b"")


def book(sheets, strings=(), date1904=False, codes=CODES, kinds=()):
    """sheets: (name, state, bytes); kinds: the kind of the relation of each, worksheet where none is said"""
    workbook = record(131) + record(153, struct.pack("<III", int(date1904), 0, 0)) + record(143)
    relations, parts = "", {}
    for i, (name, state, data) in enumerate(sheets, 1):
        workbook += record(156, struct.pack("<II", state, i) + wide(f"rId{i}") + wide(name))
        relations += f'<Relationship Id="rId{i}" Type="{REL}/{kinds[i - 1] if kinds else "worksheet"}" Target="worksheets/sheet{i}.bin"/>'
        parts[f"xl/worksheets/sheet{i}.bin"] = data
    relations += (f'<Relationship Id="s" Type="{REL}/styles" Target="styles.bin"/>'
                  f'<Relationship Id="t" Type="{REL}/sharedStrings" Target="sharedStrings.bin"/>')
    styles = record(278) + record(615, struct.pack("<I", len(codes)))
    styles += b"".join(record(44, struct.pack("<H", 164 + i) + wide(code)) for i, code in enumerate(codes)) + record(616)
    styles += record(617, struct.pack("<I", len(codes) + 1)) + record(47, bytes(16))
    styles += b"".join(record(47, struct.pack("<HH10sH", 0, 164 + i, b"", 1)) for i in range(len(codes)))
    sst = record(159, struct.pack("<II", len(strings), len(strings)))
    sst += b"".join(record(19, b"\0" + wide(text)) for text in strings) + record(160)
    return {"[Content_Types].xml": TYPES,
            "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
                           f'Type="{REL}/officeDocument" Target="xl/workbook.bin"/></Relationships>',
            "xl/workbook.bin": workbook + record(144) + record(132),
            "xl/_rels/workbook.bin.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>',
            "xl/styles.bin": styles + record(618) + record(279), "xl/sharedStrings.bin": sst, **parts}


TYPED = sheet([(1, ["$0", "$1", "$2", "$3", "$4", "$5", "$6"]),
               (2, [1, 0.5, True, (43831, DATE), (43831.9999880, STAMP), (1.75, SPAN), (123, MASK)]),
               (3, [-2**31, 1e-05, False, (1, DATE), (43831.5, STAMP), (0.5, SPAN), (7, MASK)]),
               (4, [3, None, None, None, None, None, "direct \U0001F600"])])
TYPED_STRINGS = ["id", "ratio", "flag", "day", "at", "span", "zip"]
CASES = {
    "golden/xlsb/types": book([("Data", 0, TYPED)], TYPED_STRINGS),
    "golden/xlsb/dates_1904": book([("Data", 0, TYPED)], TYPED_STRINGS, date1904=True),
    "golden/xlsb/hidden": book([("Hidden", 1, sheet([(1, ["no"])])), ("Shown", 0, sheet([(1, ["n"]), (2, [1]), (3, ["#N/A"])])),
                                ("Very", 2, sheet([(1, ["no"])]))]),
    "golden/xlsb/formulas": book([("Data", 0, sheet([(1, ["n", "twice"]), (2, [1, bytes.fromhex("4401000000 00C01E020005")]), (3, [2, b"\5"])]))]),
    "golden/xlsb/out_of_order": book([("Data", 0, sheet([(3, [2]), (1, ["n"]), (2, [1])]))]),
    "golden_bad/xlsb/cut_short": book([("Data", 0, sheet([(1, ["n"]), (2, [1])], end=False))]),
    "golden_bad/xlsb/shared_beyond": book([("Data", 0, sheet([(1, ["n"]), (2, ["$7"])]))], ["one"]),
}


def write(path, parts):
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)


if __name__ == "__main__":
    for case, case_parts in CASES.items():
        write(HERE / case / "input.xlsb", case_parts)
        write(HERE.parent / "fuzz/seeds/xlsb" / (case.rsplit("/", 1)[1] + ".xlsb"), case_parts)
