"""The cells of a workbook as pyforge and as other readers see them: (sheet, "B3") → (type, value) in the spelling of `pyforge cells`."""
import datetime as dt
import io
import json


def place(row, column):
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return f"{name}{row + 1}"


def spelled(value):
    """A Python value as `pyforge cells` spells it."""
    if isinstance(value, bool):
        return "b", "true" if value else "false"
    if isinstance(value, (int, float)):
        whole = float(value).is_integer() and abs(value) < 1e15
        return "n", str(int(value)) if whole else "%.15g" % value
    if isinstance(value, dt.datetime):
        text = value.isoformat(timespec="milliseconds" if value.microsecond else "seconds")
        return "d", text.removesuffix("T00:00:00")
    if isinstance(value, dt.date):
        return "d", value.isoformat()
    if isinstance(value, dt.time):
        value = dt.timedelta(hours=value.hour, minutes=value.minute, seconds=value.second, microseconds=value.microsecond)
    if isinstance(value, dt.timedelta):
        ms = round(value / dt.timedelta(milliseconds=1))
        sign, ms = "-" if ms < 0 else "", abs(ms)
        text = f"{sign}{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}"
        return "t", text + (f".{ms % 1000:03}" if ms % 1000 else "")
    return "s", value


def milliseconds(cell):
    """Of a date or time."""
    if cell[0] == "d":
        return (dt.datetime.fromisoformat(cell[1]) - dt.datetime(1900, 1, 1)) / dt.timedelta(milliseconds=1)
    hours, minutes, seconds = cell[1].lstrip("-").split(":")
    return (int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * (-1000 if cell[1].startswith("-") else 1000)


def near(got, want):
    """Equal; dates and times go through a double of days: to the millisecond."""
    if got == want or got is None or want is None or got[0] != want[0] or got[0] not in ("d", "t", "serial"):
        return got == want
    if got[0] == "serial":
        return abs(float(got[1]) - float(want[1])) <= 1 / 86400000
    return abs(milliseconds(got) - milliseconds(want)) <= 1


def differences(got, want):
    return {k: (got.get(k), want.get(k)) for k in got.keys() | want.keys() if not near(got.get(k), want.get(k))}


def unexplained(path, ours, theirs, explained, met):
    """The differences that no row of explained (name → (applies(path, ours, theirs), why)) is about; the names of those that are go to met."""
    left = {}
    for place_of, (mine, other) in differences(ours, theirs).items():
        names = {name for name, (applies, _) in explained.items() if applies(path, mine or ("", ""), other or ("", ""))}
        met |= names
        if not names:
            left[path, *place_of] = mine, other
    return left


def pyforge(forge, path, **more):
    done = forge.run("cells", path, "--json", **more)
    assert done.code == 0, done.err.decode()
    found = {}
    for line in done.out.decode().split("\n")[:-1]:  # not splitlines: texts hold U+0085
        cell = json.loads(line)
        if "cell" in cell:
            found[cell["sheet"], cell["cell"]] = cell["type"], cell["value"]
    return found


def gathered(sheets):
    """Of (name, rows of (type, value) or None)."""
    return {(name, place(r, c)): cell for name, rows in sheets for r, row in enumerate(rows) for c, cell in enumerate(row) if cell is not None}


def calamine(path):
    import python_calamine
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    kinds = {s.name: s.typ for s in book.sheets_metadata}
    return gathered((name, ([None if v == "" else spelled(v) for v in row]
                            for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False)))
                    for name in book.sheet_names if kinds[name] == python_calamine.SheetTypeEnum.WorkSheet)


def openpyxl(path, read_only=False):
    import openpyxl as peer
    book = peer.load_workbook(path, read_only=read_only, data_only=True)
    return {(sheet.title, cell.coordinate): ("e", cell.value) if cell.data_type == "e" else spelled(cell.value)
            for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value is not None}


def xlrd(path):
    import xlrd as peer
    book = peer.open_workbook(path, logfile=io.StringIO())

    def seen(cell):
        if cell.ctype in (peer.XL_CELL_EMPTY, peer.XL_CELL_BLANK):
            return None
        if cell.ctype == peer.XL_CELL_BOOLEAN:
            return spelled(bool(cell.value))
        if cell.ctype == peer.XL_CELL_ERROR:
            return "e", peer.error_text_from_code.get(cell.value, "#UNKNOWN!")
        if cell.ctype == peer.XL_CELL_DATE:
            try:
                if 0 <= cell.value < 1:
                    return spelled(dt.timedelta(days=cell.value))
                return spelled(peer.xldate.xldate_as_datetime(cell.value, book.datemode))
            except (peer.xldate.XLDateError, OverflowError):
                return spelled(cell.value)
        return spelled(cell.value)
    return gathered((sheet.name if book.biff_version >= 45 else "Sheet1", ([seen(cell) for cell in row] for row in sheet.get_rows()))
                    for sheet in book.sheets())  # until BIFF4 sheets have no name


def pyxlsb(path):
    """pyxlsb knows no formats: dates are numbers."""
    import pyxlsb as peer
    found = {}
    with peer.open_workbook(str(path)) as book:
        for number, name in enumerate(book.sheets, 1):
            with book.get_sheet(number) as sheet:
                for row in sheet.rows(sparse=True):
                    for cell in row:
                        if cell.v is not None:
                            found[name, place(cell.r, cell.c)] = spelled(cell.v)
    return found


def serials(got, want, date1904=False):
    """Both with the dates and times of `got` as the numbers that are stored: for a peer that knows no formats."""
    start = dt.datetime(1904, 1, 1) if date1904 else dt.datetime(1899, 12, 30)

    def number(cell):
        if cell[0] == "t":
            return milliseconds(cell) / 86400000
        days = (dt.datetime.fromisoformat(cell[1]) - start) / dt.timedelta(days=1)
        return days - 1 if days < 61 and not date1904 else days
    dated = {k for k, cell in got.items() if cell[0] in "dt"}
    return ({k: ("serial", number(cell)) if k in dated else cell for k, cell in got.items()},
            {k: ("serial", cell[1]) if k in dated and cell[0] == "n" else cell for k, cell in want.items()})
