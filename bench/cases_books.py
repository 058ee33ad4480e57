"""Workbooks beside fastexcel and Polars, and beside readers that write nothing: python-calamine, openpyxl, pandas."""
import statistics
import zipfile

import inputs
from measure import PYFORGE, close, columns_of, figure, sums, threads_of

PEERS = ("fastexcel", "polars")
BOUNDS = {1: (0.15, 0.22), 2: (0.09, 0.15)}  # threads → goal and at least, to the best peer
SLOW_S = 4  # peers that take longer run once
# shape of generate_xlsx → its case
RACES = {"shared": "XLSX 1 M × 10", "inline": "XLSX 1 M × 10, inline strings", "sheets": "XLSX 10 sheets of 100 K × 10",
         "wide": "XLSX 1 M × 20"}
READS = {"XLSB 1 M × 10": ("big.xlsb", "generate_xlsb", 1_000_000), "XLS 65,536 × 200": ("big.xls", "generate_xls", 65_536, 200),
         "ODS 300 K × 10": ("big.ods", "generate_ods", 300_000)}


def book(shape, rows=1_000_000):
    return inputs.generated(f"{shape}-{rows}.xlsx", "generate_xlsx", shape, rows)


def race(shape, threads):
    def run(bench, name):
        return [bench.race(name, book(shape), "snappy", threads, *BOUNDS[threads], PEERS, "book", SLOW_S, shape == "sheets")]
    return run


def checked(bench, tool, source, out):
    """What is wrong about our output: the columns whose sums are not those that the peer adds up."""
    names = columns_of(out)
    mine, theirs = sums(out, names), bench.peer(tool, "sums", source)["sums"]
    if mine[0] != theirs[0]:
        return f"{mine[0]} rows, {theirs[0]} by {tool}"
    return ", ".join(n for i, n in enumerate(names) if not close(mine[2 * i + 1:2 * i + 3], theirs[2 * i + 1:2 * i + 3]))


def read_only(*making):
    """To Parquet beside python-calamine, which only makes Python values of the cells. Binary workbooks are held against the workbook of
    the same rows in XML: of days that are stored as integers calamine makes numbers there."""
    def run(bench, name):
        source, out, theirs, wrong = inputs.generated(*making), bench.folder / "o.parquet", [], None
        truth = book("shared") if source.suffix == ".xlsb" else source
        for threads in (1, 2):
            mine, rss = [], 0
            for _ in range(bench.runs):
                seconds, peak = bench.ours(source, out, "snappy", threads)
                mine.append(seconds)
                rss = max(rss, peak)
                if len(theirs) < bench.runs and not (theirs and theirs[0] > SLOW_S):
                    theirs.append(bench.peer("calamine", "cells", source)["seconds"])
            wrong = checked(bench, "calamine", truth, out) if wrong is None else wrong
            took, theirs_took = statistics.median(mine), statistics.median(theirs)
            yield figure(f"{name}, {threads_of(threads)}", took / theirs_took, "× python-calamine reading", 0.20, 0.40,
                         f"{took:.2f} s, {theirs_took:.2f} s; {rss / 1024:.0f} MB", wrong)
    return run


def python_readers(bench, name):
    """Minutes for a million rows: so both read a tenth of it, and are timed once."""
    rows = 100_000
    source, out = book("shared", rows), bench.folder / "o.parquet"
    mine = statistics.median(bench.ours(source, out, "snappy", 1)[0] for _ in range(bench.runs))
    wrong = checked(bench, "openpyxl", source, out)
    for tool, words, times in (("openpyxl", "openpyxl read-only", 80), ("pandas", "pandas.read_excel", 120)):
        took = bench.peer(tool, "cells", source)["seconds"]
        yield figure(f"{words} beside {name}, {rows:,} rows", took / mine, "× our time", f"{times} expected", None,
                     f"{took:.1f} s, {mine:.3f} s; ten times the rows would be {10 * took:.0f} s", wrong)


def peak(bench, name):
    for threads in (1, 2):
        rss = max(bench.ours(book("shared"), bench.folder / "o.parquet", "snappy", threads)[1] for _ in range(3))
        yield figure(f"{name}, {threads_of(threads)}", rss / 1024, "MB", 90, 110)


def corners(bench, name):
    source, out = book("corners", 1_048_576), bench.folder / "o.parquet"
    command = [PYFORGE, "convert", str(source), str(out), "--force", "--quiet"]
    yield figure(f"{name}, time", bench.spawn_ms(command, 20), "ms", 50, 1000)
    yield figure(f"{name}, peak RSS", max(bench.launch(command)[1] for _ in range(3)) / 1024, "MB", 20, 64)


def merged(bench, name):
    """42,000 merged ranges, one a row, beside the same sheet without them, both packed alike: what the ranges cost."""
    ranges = "".join(f'<mergeCell ref="L{r}:M{r}"/>' for r in range(2, 42_002)).encode()
    with_ranges = b'</sheetData><mergeCells count="42000">' + ranges + b"</mergeCells>"
    took = []
    for put in (with_ranges, b"</sheetData>"):
        source = bench.folder / "merged.xlsx"
        with zipfile.ZipFile(book("shared", 42_000)) as old, zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as new:
            for part in old.namelist():
                new.writestr(part, old.read(part).replace(b"</sheetData>", put, 1))
        took.append(bench.spawn_ms([PYFORGE, "convert", str(source), str(bench.folder / "o.parquet"), "--force", "--quiet", "--threads", "1"]))
    yield figure(name, took[0] / took[1], "× without them", 1.2, 1.2, f"{took[0]:.1f} ms, {took[1]:.1f} ms")


def sample(bench, name):
    """Sheets of 50 MB and more, of which the head is looked at."""
    yield figure(name, bench.spawn_ms([PYFORGE, "info", str(book("sheets")), "--sample"], 20), "ms", 100, 200)


def repeats(bench, name):
    """One row of ODS that stands for a million."""
    source = bench.folder / "repeats.ods"
    spaces = " ".join(f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text"))
    cell = '<table:table-cell office:value-type="string"><text:p>%s</text:p></table:table-cell>'
    row = "<table:table-row%s>%s</table:table-row>"
    rows = row % ("", cell % "a") + row % (' table:number-rows-repeated="1000000"', '<table:table-cell table:number-columns-repeated="16384"/>')
    with zipfile.ZipFile(source, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        out.writestr("content.xml", f'<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name="S">'
                     f'{rows}{row % ("", cell % "end")}</table:table></office:spreadsheet></office:body></office:document-content>')
    yield figure(name, bench.spawn_ms([PYFORGE, "convert", str(source), str(bench.folder / "o.parquet"), "--force", "--quiet"], 20), "ms", 50, 100)


def small(bench, name):
    source = book("shared", 100)
    took = bench.spawn_ms([PYFORGE, "convert", str(source), str(bench.folder / "o.parquet"), "--force", "--quiet"])
    yield figure(name, took, "ms", 5, 10, f"{source.stat().st_size / 1000:.1f} KB")


CASES = [(f"{words}, {threads_of(threads)}", race(shape, threads)) for shape, words in RACES.items() for threads in (1, 2)]
CASES += [(words, read_only(*making)) for words, making in READS.items()]
CASES += [("XLSX → Parquet", python_readers), ("peak RSS of XLSX 1 M × 10", peak), ("only A1 and XFD1048576 set", corners),
          ("42,000 merged ranges", merged), ("info --sample of 10 sheets of 100 K × 10", sample),
          ("1,000,000 repeated rows of ODS, spawn to exit", repeats), ("10 KB workbook, spawn to exit", small)]
