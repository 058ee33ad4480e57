"""Workbooks of BIFF8 ([MS-XLS]) from Python values, for tests and the benchmark: numbers, texts, booleans, errors, dates."""
import datetime
import struct

from cfb_file import compound

ERRORS = {"#NULL!": 0x00, "#DIV/0!": 0x07, "#VALUE!": 0x0F, "#REF!": 0x17, "#NAME?": 0x1D, "#NUM!": 0x24, "#N/A": 0x2A}
FORMATS = ["General", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "hh:mm:ss", "[h]:mm:ss", "00000", "@", "0.00%", "[h]:mm", "h:mm", "[Red]0.00", '"day" 0', 'yyyy"年"m"月"d"日"', "yyyy-mm-dd hh:mm:ss.000", "0.0%",
           "[$€-407] #,##0.00"]
STYLES = {name: i for i, name in enumerate(FORMATS)}


class Styled:
    """A number or text under a style of its own."""

    def __init__(self, value, style):
        self.value, self.style = value, STYLES[style]


class Formula:
    """A number as the result of tokens. behind: records that follow the cell."""

    def __init__(self, value, tokens, behind=b""):
        self.value, self.tokens, self.behind = value, bytes(tokens), behind


def record(number, data=b""):
    assert len(data) <= 8224
    return struct.pack("<HH", number, len(data)) + data


def unicode_string(text, size="<H"):
    try:
        return struct.pack(size, len(text)) + b"\0" + text.encode("latin-1")
    except UnicodeEncodeError:
        wide = text.encode("utf-16-le")
        return struct.pack(size, len(wide) // 2) + b"\1" + wide


def shared_strings(strings, total):
    """SST and its CONTINUE records; strings are cut wherever a record is full."""
    out, room = [struct.pack("<II", total, len(strings))], 8224 - 8
    for text in strings:
        data = unicode_string(text)
        head, chars, step = data[:3], data[3:], 1 + data[2]
        if room < 3:
            out.append(b"")
            room = 8224
        out[-1] += head
        room -= 3
        while chars:
            part = min(room // step * step, len(chars))
            if part == 0:
                out.append(head[2:])
                room = 8223
                continue
            out[-1] += chars[:part]
            room -= part
            chars = chars[part:]
    return record(0xFC, out[0]) + b"".join(record(0x3C, part) for part in out[1:])


def hlink(row, column, address="", mark="", file=""):
    """An HLink record ([MS-XLS], [MS-OSHARED] 2.3.7)."""
    def string(text):
        return struct.pack("<I", len(text) + 1) + (text + "\0").encode("utf-16-le")
    flags = (3 if address or file else 0) | (8 if mark else 0) | 0x10
    body = struct.pack("<4H", row, row, column, column) + bytes.fromhex("d0c9ea79f9bace118c8200aa004ba90b") + struct.pack("<II", 2, flags) + string("shown")
    if address:
        text = (address + "\0").encode("utf-16-le")
        body += bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b") + struct.pack("<I", len(text)) + text
    if file:
        long = file.encode("utf-16-le")
        body += bytes.fromhex("0303000000000000c000000000000046") + struct.pack("<HI", 1, 6) + b"FILE~\0" + struct.pack("<HH", 0xFFFF, 0xDEAD) + bytes(20)
        body += struct.pack("<IIH", len(long) + 6, len(long), 3) + long
    return body + (string(mark) if mark else b"")


def rk(number):
    """The RK form of a number, or None."""
    for hundredths in (0, 1):
        scaled = number * 100 if hundredths else number
        if scaled == int(scaled) and -2**29 <= scaled < 2**29 and (not hundredths or scaled / 100 == number):
            return (int(scaled) << 2 & 0xFFFFFFFF) | 2 | hundredths
    bits = struct.unpack("<Q", struct.pack("<d", number))[0]
    return bits >> 32 if bits & 0x3FFFFFFFF == 0 else None


def serial(value, date1904):
    if isinstance(value, datetime.timedelta):
        return value / datetime.timedelta(days=1), STYLES["[h]:mm:ss"]
    if isinstance(value, datetime.time):
        return (value.hour * 3600 + value.minute * 60 + value.second) / 86400, STYLES["hh:mm:ss"]
    epoch = datetime.datetime(1904, 1, 1) if date1904 else datetime.datetime(1899, 12, 30)
    if isinstance(value, datetime.datetime):
        return (value - epoch) / datetime.timedelta(days=1), STYLES["yyyy-mm-dd hh:mm:ss"]
    return (value - epoch.date()).days, STYLES["yyyy-mm-dd"]


class Book:
    """sheets: [(name, rows, {"state": 0, "merges": [(r1, r2, c1, c2)], "hidden_rows": [r], "hidden_columns": [c], "links": [bytes]})]; a row is a list of
    values, None is empty. names: [(name, sheet, (r1, r2, c1, c2), owner)], owner from 1 or 0."""

    def __init__(self, sheets, date1904=False, use_rk=True, names=()):
        self.sheets, self.date1904, self.use_rk, self.names = [(*s, {})[:3] for s in sheets], date1904, use_rk, names
        self.strings, self.total = {}, 0

    def cell(self, row, column, value):
        style = 0
        if isinstance(value, Styled):
            value, style = value.value, value.style
        place = struct.pack("<HH", row, column)
        if isinstance(value, Formula):
            return record(0x06, place + struct.pack("<HdHIH", style, value.value, 0, 0, len(value.tokens)) + value.tokens) + value.behind
        if isinstance(value, bool):
            return record(0x205, place + struct.pack("<HBB", style, value, 0))
        if isinstance(value, str) and value in ERRORS:
            return record(0x205, place + struct.pack("<HBB", style, ERRORS[value], 1))
        if isinstance(value, str):
            self.total += 1
            return record(0xFD, place + struct.pack("<HI", style, self.strings.setdefault(value, len(self.strings))))
        if isinstance(value, (datetime.date, datetime.time, datetime.timedelta)):
            value, style = serial(value, self.date1904)
        short = rk(value) if self.use_rk else None
        if short is not None:
            return record(0x27E, place + struct.pack("<HI", style, short))
        return record(0x203, place + struct.pack("<Hd", style, value))

    def sheet(self, rows, facts):
        parts = [record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 1997, 0, 0)),
                 record(0x200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows), default=0), 0))]
        parts += [record(0x7D, struct.pack("<6H", c, c, 2304, 0, 1, 0)) for c in facts.get("hidden_columns", ())]
        parts += [record(0x208, struct.pack("<6HI", r, 0, 1, 255, 0, 0, 0x120)) for r in facts.get("hidden_rows", ())]
        for r, row in enumerate(rows):
            parts += [self.cell(r, c, value) for c, value in enumerate(row) if value is not None]
        if facts.get("merges"):
            parts.append(record(0xE5, struct.pack("<H", len(facts["merges"])) +
                                b"".join(struct.pack("<4H", *m) for m in facts["merges"])))
        parts += [record(0x1B8, link) for link in facts.get("links", ())]
        return b"".join(parts) + record(0x0A)

    def defined_names(self):
        if not self.names:
            return b""
        count = len(self.sheets)
        links = record(0x1AE, struct.pack("<HH", count, 0x401)) + record(0x17, struct.pack("<H", count) + b"".join(
            struct.pack("<HHH", 0, i, i) for i in range(count)))
        return links + b"".join(record(0x18, struct.pack("<HBBHHHI", 0, 0, len(name), 11, 0, owner, 0) + b"\0" + name.encode("latin-1")
                                       + struct.pack("<BH4H", 0x3B, sheet, *place)) for name, sheet, place, owner in self.names)

    def stream(self):
        bodies = [self.sheet(rows, facts) for _, rows, facts in self.sheets]
        front = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 0)) + record(0x42, struct.pack("<H", 1200))
        front += record(0x22, struct.pack("<H", self.date1904)) + record(0x31, struct.pack("<HHHHHBBBB", 200, 0, 0x7FFF, 400, 0, 0, 0, 0, 0)
                                                                     + unicode_string("Arial", "<B"))
        for i, code in enumerate(FORMATS):
            front += record(0x41E, struct.pack("<H", 164 + i) + unicode_string(code))
        for i in range(len(FORMATS)):
            front += record(0xE0, struct.pack("<HHHBBBBIIH", 0, 164 + i if i else 0, 1, 0, 0, 0, 0, 0, 0, 0x20C0))
        sst = shared_strings(list(self.strings), self.total)
        names = [unicode_string(name, "<B") for name, _, _ in self.sheets]
        at = len(front) + sum(4 + 6 + len(n) for n in names) + len(sst) + 4 + len(self.defined_names())
        for name, body, (_, _, facts) in zip(names, bodies, self.sheets):
            front += record(0x85, struct.pack("<IBB", at, facts.get("state", 0), facts.get("kind", 0)) + name)
            at += len(body)
        return front + self.defined_names() + sst + record(0x0A) + b"".join(bodies)

    def bytes(self):
        return compound({"Workbook": self.stream().ljust(4096, b"\0")})
