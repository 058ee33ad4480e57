"""What came of a call: counts, outputs, notices; for people as text and HTML, for programs as values and JSON."""
from __future__ import annotations

from . import _html

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, List, Optional


class Report:
    """Facts as a mapping with a face: what `info`, `validate`, `schema` and `explain` give.

    A report is read like a dictionary (`report["tables"]`), shows itself in a notebook as a table, and gives all it
    knows by `to_dict()` and `to_json()`. The members are named in docs/errors.md.

    >>> from pyforge_cli import Forge
    >>> report = Forge().info("orders.csv")
    >>> report["format"], report["tables"][0]["rows"]
    ('csv', 3)
    """

    def __init__(self, data: Dict[str, Any], title: str = "Report") -> None:
        self._data = data
        self._title = title

    @classmethod
    def from_json(cls, text: str, title: str = "Report") -> Report:
        """The report that a JSON object describes.

        Args:
            text: the object.
            title: over it, when it is shown.

        Returns:
            The report.

        Raises:
            ValueError: it is no JSON.

        >>> from pyforge_cli import Report
        >>> Report.from_json('{"rows": 3}')["rows"]
        3
        """
        import json

        return cls(json.loads(text), title)

    def __getitem__(self, key: str) -> Any:
        return self._data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._data)

    def __len__(self) -> int:
        return len(self._data)

    def __contains__(self, key: object) -> bool:
        return key in self._data

    def keys(self) -> List[str]:
        """The names of the members.

        Returns:
            A list, in their order.

        >>> from pyforge_cli import Report
        >>> Report({"rows": 3}).keys()
        ['rows']
        """
        return list(self._data)

    def get(self, key: str, default: Any = None) -> Any:
        """The member, or default when it is not there.

        Args:
            key: its name.
            default: any value.

        Returns:
            The value of the member, or default.

        >>> from pyforge_cli import Report
        >>> Report({"rows": 3}).get("moon", "none")
        'none'
        """
        return self._data.get(key, default)

    def to_dict(self) -> Dict[str, Any]:
        """All members as plain Python values.

        Returns:
            A copy, of dictionaries, lists, texts and numbers.

        >>> from pyforge_cli import Report
        >>> Report({"rows": 3}).to_dict()
        {'rows': 3}
        """
        import copy

        return copy.deepcopy(self._data)

    def to_json(self, indent: Optional[int] = 2) -> str:
        """All members as JSON text.

        Args:
            indent: blanks a level; None: all in one line.

        Returns:
            The text.

        >>> from pyforge_cli import Report
        >>> Report({"rows": 3}).to_json(None)
        '{"rows": 3}'
        """
        import json

        return json.dumps(self._data, indent=indent, ensure_ascii=False)

    def _rows(self) -> List[List[object]]:
        rows: List[List[object]] = []
        for key, value in self._data.items():
            each = _described(key, value) if isinstance(value, list) and value and isinstance(value[0], dict) else []
            rows.extend(each or [[key.replace("_", " "), _short(value)]])
        return rows

    def __repr__(self) -> str:
        lines = ["%s: %s" % (row[0], row[1]) for row in self._rows()]
        return "\n".join(["<%s>" % self._title] + ["  " + line for line in lines])

    def _repr_html_(self) -> str:
        return _html.table(self._title, ["Property", "Value"], self._rows(), row_headers=True)


def _described(key: str, items: List[Dict[str, Any]]) -> List[List[object]]:
    """A row for each option of a plan, each problem and each notice; none for other lists."""
    if key == "plan":
        return [[item["key"], "%s (%s)" % (_short(item["value"]), item["by"])] for item in items]
    if key in ("problems", "notices"):
        return [[key[:-1], "; ".join(filter(None, (repr(notice), notice.remedy)))] for notice in map(Notice, items)]
    return []


def _short(value: Any) -> str:
    if isinstance(value, str):
        return {"": "none", "\t": "tab", " ": "blank"}.get(value, value)
    if isinstance(value, list):
        if value and all(isinstance(item, dict) and "name" in item for item in value):
            return ", ".join(_named(item) for item in value[:20]) + (", …" if len(value) > 20 else "")
        return "%d" % len(value) if value and isinstance(value[0], dict) else ", ".join(str(item) for item in value) or "none"
    if isinstance(value, dict):
        return ", ".join("%s %s" % (key, item) for key, item in value.items() if item) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else str(value)


def _named(item: Dict[str, Any]) -> str:
    for key in ("type", "rows", "estimated_rows"):
        if key in item:
            return "%s (%s)" % (item["name"], item[key] if key == "type" else "%s rows" % item[key])
    return str(item["name"])


class Notice:
    """A fact about the data that somebody should know: a widened column, values that became null.

    Attributes:
        kind: "widened", "short-row", …; docs/errors.md and docs/formats have the list.
        count: how often.
        table: the table's name; "" for facts about the run as a whole.
        column, row, byte, detail: of the first time; None when unknown.
        remedy: what to do about it.

    >>> from pyforge_cli import Forge
    >>> notice = Forge().convert(b"a,b,c\\n1,2,3\\n4,5\\n", "out.csv", force=True).warnings[0]
    >>> notice.kind, notice.count, notice.row, bool(notice.remedy)
    ('short-row', 1, 2, True)
    """

    __slots__ = ("kind", "count", "table", "column", "row", "byte", "detail", "remedy")

    def __init__(self, data: Dict[str, Any], table: str = "") -> None:
        self.kind: str = data.get("kind", "")
        self.count: int = data.get("count", 1)
        self.table = table
        self.column: Optional[str] = data.get("column")
        self.row: Optional[int] = _known(data.get("row"))
        self.byte: Optional[int] = _known(data.get("byte"))
        self.detail: Optional[str] = data.get("detail") or data.get("message")
        self.remedy: str = data.get("remedy") or ""

    def __repr__(self) -> str:
        place = "".join(
            ", %s %s" % (name, value)
            for name, value in (("table", self.table), ("column", self.column), ("row", self.row))
            if value
        )
        times = " (%d times)" % self.count if self.count > 1 else ""
        return "%s%s%s%s" % (self.kind, times, place, ": " + self.detail if self.detail else "")


def _known(number: Optional[int]) -> Optional[int]:
    return None if number is None or number < 0 else number


class Result(Report):
    """What a conversion did.

    Attributes:
        status: "ok", or "failed" when an input failed.
        engine: who did it ("native").
        outputs: paths that were written.
        rows_in, rows_out, rows_rejected, rows_skipped: counts; rows_in is the sum of the three others.
        bytes_in, bytes_out: as stored.
        seconds: of the whole call.
        warnings: a `Notice` for each kind of fact about the data.

    >>> from pyforge_cli import Forge
    >>> result = Forge().convert("orders.csv", "out.parquet")
    >>> result.status, result.rows_in, result.outputs
    ('ok', 3, ['out.parquet'])

    >>> result.ok, result.engine, result.rows_out, result.rows_rejected, result.rows_skipped
    (True, 'native', 3, 0, 0)
    >>> result.bytes_in, result.bytes_out > 0, result.seconds > 0
    (48, True, True)
    >>> result.warnings, result.errors, result.files[0]["input"]
    ([], [], 'orders.csv')
    """

    @classmethod
    def from_json(cls, text: str, title: str = "Result") -> Result:
        """The result that a JSON object of the core describes.

        Args:
            text: the object, as `to_json` gives it.
            title: over it, when it is shown.

        Returns:
            The result.

        Raises:
            ValueError: it is no JSON.

        >>> from pyforge_cli import Result
        >>> Result.from_json('{"totals": {"rows_out": 3}}').rows_out
        3
        """
        import json

        return cls(json.loads(text), title)

    @property
    def _totals(self) -> Dict[str, Any]:
        totals: Dict[str, Any] = self._data.get("totals", {})
        return totals

    @property
    def status(self) -> str:
        """ "ok", or "failed" when an input failed."""
        return "failed" if self._totals.get("failed") else "ok"

    @property
    def ok(self) -> bool:
        """Did every input succeed?"""
        return self.status == "ok"

    @property
    def engine(self) -> str:
        """Who did it."""
        return str(self._data.get("engine", "native"))

    @property
    def files(self) -> List[Dict[str, Any]]:
        """One entry an input, as docs/errors.md names its members."""
        files: List[Dict[str, Any]] = self._data.get("files", [])
        return files

    @property
    def outputs(self) -> List[str]:
        """Paths that were written, in the order of the inputs."""
        found: Dict[str, None] = {}
        for file in self.files:
            for table in file.get("tables", []):
                if table.get("output"):
                    found[table["output"]] = None
            if file.get("output") and file.get("status") == "ok" and not any("output" in t for t in file.get("tables", [])):
                found[file["output"]] = None
        return list(found)

    @property
    def rows_in(self) -> int:
        """Rows that were there."""
        return int(self._totals.get("rows_in", 0))

    @property
    def rows_out(self) -> int:
        """Rows that were written."""
        return int(self._totals.get("rows_out", 0))

    @property
    def rows_rejected(self) -> int:
        """Rows that were refused; they are in the file of rejects."""
        return int(self._totals.get("rejected", 0))

    @property
    def rows_skipped(self) -> int:
        """Rows that are no data: blank lines, comments, what limit= left out."""
        return int(self._totals.get("skipped", 0))

    @property
    def bytes_in(self) -> int:
        """Bytes read, as stored."""
        return int(self._totals.get("bytes_in", 0))

    @property
    def bytes_out(self) -> int:
        """Bytes written."""
        return int(self._totals.get("bytes_out", 0))

    @property
    def seconds(self) -> float:
        """How long it took."""
        return float(self._totals.get("seconds", 0.0))

    @property
    def warnings(self) -> List[Notice]:
        """Facts about the data, one entry a kind and table."""
        found = [Notice(notice) for notice in self._data.get("notices", [])]
        for file in self.files:
            for table in file.get("tables", []):
                found += [Notice(notice, table.get("name", "")) for notice in table.get("notices", [])]
        return found

    @property
    def errors(self) -> List[Dict[str, Any]]:
        """The error of each input that failed: input, code, name, message, where, row, byte."""
        return [dict(file["error"], input=file.get("input")) for file in self.files if file.get("status") == "failed"]

    def _rows(self) -> List[List[object]]:
        rows: List[List[object]] = [
            ["status", self.status],
            ["engine", self.engine],
            ["rows in", "{:,}".format(self.rows_in)],
            ["rows out", "{:,}".format(self.rows_out)],
            ["rows rejected", "{:,}".format(self.rows_rejected)],
            ["rows skipped", "{:,}".format(self.rows_skipped)],
            ["bytes in", "{:,}".format(self.bytes_in)],
            ["bytes out", "{:,}".format(self.bytes_out)],
            ["seconds", "%.3f" % self.seconds],
        ]
        rows.extend(["output", path] for path in self.outputs)
        rows.extend(["warning", repr(notice)] for notice in self.warnings)
        rows.extend(["error", "%s: %s" % (error["input"], error["message"])] for error in self.errors)
        return rows
