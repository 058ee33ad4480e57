"""The options of Forge's calls, made by tools/make_options.py from the option table of the core. Do not edit."""
import os
from typing import Literal, Mapping, Sequence, TypedDict, Union

_Path = Union[str, "os.PathLike[str]"]
_Number = Union[int, str]
_Size = Union[int, str]
_One = Union[str, int]
_Many = Union[_One, Sequence[_One], Mapping[str, _One]]

class Options(TypedDict, total=False):
    """Keyword arguments of Forge and its calls. None, and what is not given, leaves the default."""

    format: _One
    """Output format, parquet or csv; without it the output's suffix decides, else parquet. --to is the same."""
    force: bool
    """Replace an output that is there already, if it is a file of the output format."""
    combine: bool
    """Make one table of all inputs and all their sheets, columns matched by name; sheets are told by a column
    sheet_name."""
    combine_sheets: Literal["none", "equal"]
    """equal makes one table of the sheets of a workbook whose columns have the same names, called as the workbook; the
    others are tables of their own. --separate goes before it. Default: none."""
    separate: bool
    """Make one output of each table, whatever --combine says."""
    schema_mode: Literal["strict", "add", "widen", "union"]
    """With --combine: strict demands the same columns and types, add lets new columns come, widen lets types widen
    without loss, union allows all of it and missing columns too. Default: widen."""
    source_file: bool
    """Add a column source_file with the input's name."""
    sync: bool
    """Wait until the output is on the disk."""
    stage: Literal["auto", "never"]
    """auto lets the output wait in a temporary file where the place it goes to cannot rename; never writes there
    directly. Default: auto."""
    columns: _Many
    """Only these columns, in this order: names, numbers from 1, letters (B:D), patterns (price_*), separated by
    commas."""
    exclude: _Many
    """Leave these columns out; written as for --columns."""
    rename: _Many
    """Give a column another name; several may stand with commas between, also swaps."""
    names: Literal["keep", "sanitise", "pandas"]
    """keep leaves column names as they are but unique; sanitise replaces what catalogs refuse (blanks , ; { } ( ) =)
    by _; pandas is keep, but a second 'a' is 'a.1', and columns without a name are 'Unnamed: 0', or 'Column_1'
    where none has one. Default: keep."""
    limit: int
    """Take only the first N rows of each table."""
    types: Literal["exact", "survey", "text", "python"]
    """exact proves the types on every value, survey trusts a sample and fails where it does not hold, text leaves
    every value as it is spelled; python is text, but empty cells are empty texts, and dates and truth of workbooks
    are spelled as Python does: 2024-05-17T00:00:00, True. Default: exact."""
    type: _Many
    """Impose a type on a column; *=text for all others."""
    schema: _Path
    """Read as this schema file says (made by pyforge schema)."""
    rejects: _Path
    """Where refused rows go, .csv or .parquet; without it to OUTPUT.rejects.csv when there are any."""
    max_rejects: int
    """End with exit code 3 when more than N rows were rejected."""
    max_notices: int
    """End with exit code 3 when there were more than N notices."""
    threads: int
    """How many threads work; without it as many as the machine allows."""
    memory_limit: _Size
    """Memory the job may plan with (K, M, G are understood). Default: 1073741824."""
    temp_dir: _Path
    """Where temporary files go; without it PYFORGE_TEMP_DIR, TMPDIR or /tmp."""
    temp_limit: _Size
    """Most bytes of temporary files; without it half of the free space."""
    no_spill: bool
    """Keep no copy of an input that can be read only once; a value that the sample did not show then is an error."""
    delimiter: _One
    """Of reading csv. What separates cells: one or several characters, tab, or whitespace; without it found out."""
    quote: _One
    """Of reading csv. The quote, or none; without it found out."""
    escape: _One
    """Of reading csv. The character that takes the meaning from the next one, or none; without it found out."""
    comment: _One
    """Of reading csv. Lines that begin with it are left out, or none; without it found out."""
    encoding: _One
    """Of reading csv. The encoding, such as utf-8, cp1252, utf-16le, gb18030; without it found out."""
    header: _One
    """Of reading csv, reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. How
    many records make the header; none: every record but comments is data, without a search for preamble, footer or
    tables. Default: auto."""
    skip_rows: int
    """Of reading csv, reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Lines
    to leave out before the header; without it a preamble is found out."""
    null_values: _Many
    """Of reading csv. A text that means null, everywhere or in one column, beside the empty cell."""
    decimal_comma: Literal["auto", "yes", "no"]
    """Of reading csv. Whether numbers are written 3,14. Default: auto."""
    thousands: _One
    """Of reading csv. The character between groups of three digits, or none; without it found out."""
    decimal: Literal["double", "infer"]
    """Of reading csv. infer makes decimals of numbers with a fixed number of digits, where double is usual. Default:
    double."""
    dates: Literal["auto", "iso", "dmy", "mdy", "text"]
    """Of reading csv. The order of day and month in dates like 03/04/2021; auto takes what all values of the column
    prove, text leaves dates as they are spelled. Default: auto."""
    on_bad_row: Literal["keep", "reject", "fail"]
    """Of reading csv. Rows with too few or too many cells or a quote without end: keep pads them with null and gives
    further cells columns of their own. Default: keep."""
    on_bad_cell: Literal["null", "reject", "fail"]
    """Of reading csv, reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Cells
    that an imposed type cannot hold: null them, reject their row, or fail. Default: fail."""
    on_bad_bytes: Literal["replace", "reject", "fail"]
    """Of reading csv. Bytes that the encoding does not know: replace them by U+FFFD, reject their row, or fail.
    Default: replace."""
    nul: Literal["keep", "strip"]
    """Of reading csv. NUL characters: keep them in the values or strip them. Default: keep."""
    out_delimiter: _One
    """Of writing csv. One character, or comma, semicolon, tab, pipe; a comma when not given, a tab for .tsv."""
    sheet: _Many
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Only these sheets,
    hidden ones too: a name, a number from 1, or a pattern with * and ?."""
    range: _One
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Only these cells
    of each sheet; whole columns (B:H) and rows (3:900) too, or of one: Sheet!B3:H900."""
    table: _Many
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Only this Excel
    table or defined name."""
    footer_rows: int
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Rows to leave out
    at the end of each sheet; without it totals and notes are found out."""
    hidden: Literal["skip", "include"]
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Whether hidden
    sheets become tables. Default: skip."""
    hidden_rows: Literal["include", "skip"]
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Whether hidden
    rows, filtered ones too, are rows of the table. Default: include."""
    hidden_columns: Literal["include", "skip"]
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Whether hidden
    columns are columns of the table. Default: include."""
    blank_rows: Literal["include", "skip"]
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Whether rows
    without a value, between others, are rows of the table; behind the last one none is. Default: include."""
    merged: Literal["first", "fill"]
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. first leaves the
    value of merged cells where it stands, fill repeats it in all of them. Default: first."""
    errors: Literal["null", "text", "fail"]
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Error values such
    as #N/A: null them and count them, keep their text, or fail. Default: null."""
    display: bool
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Every column is
    text, numbers and dates as the workbook shows them: 12.5%, $1,234.50, 31-Jan-20. Without it they are numbers and
    dates, and their format is told beside them."""
    hyperlinks: Literal["text", "url", "both"]
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Cells with a link:
    their text, the address of the link instead, or both, the address in a column NAME_url behind the others.
    Default: text."""
    parse_text_numbers: bool
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Numbers that are
    stored as text are numbers, in columns where every value is one; a code such as 00123 keeps its column text."""
    formulas: Literal["value", "text"]
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. The stored values
    of formulas, or the formulas themselves. Default: value."""
    password: _One
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. The password of a
    locked workbook; PYFORGE_PASSWORD and --password-file do not show it to others."""
    password_file: _Path
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. A file whose first
    line is the password."""
    max_expansion: int
    """Of reading xls, reading xlsx, reading xlsb, reading ods, reading spreadsheetml, reading sylk. Parts of a
    workbook that unpack to more than N times their size (and 64 MB) are refused; 0: none. Default: 500."""
    compression: Literal["none", "snappy", "zstd", "gzip", "lz4"]
    """Of writing parquet. Codec of the pages; a column that it does not shrink is left uncompressed. Default: snappy."""
    compression_level: int
    """Of writing parquet. Level of zstd or gzip; by default the codec's own, for zstd under profile modern 10."""
    row_group_rows: int
    """Of writing parquet. Most rows of a row group. Default: 122880."""
    row_group_bytes: _Size
    """Of writing parquet. Most bytes of a row group, encoded, before the codec. Default: 32M."""
    page_bytes: _Size
    """Of writing parquet. Bytes of a data page before the codec. Default: 1M."""
    profile: Literal["spark", "modern"]
    """Of writing parquet. spark: opens in Spark 3.2 and everything newer; modern: native types and newer encodings,
    smallest files. Default: spark."""
    timestamps: Literal["utc", "ntz"]
    """Of writing parquet. utc: timestamps without a zone are instants in UTC; ntz: they are local times without a
    zone. Default: utc."""
