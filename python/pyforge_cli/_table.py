"""Tables: named, opened when somebody takes the data, handed over as an Arrow stream without a copy."""
from __future__ import annotations

from . import _html
from ._errors import ArgumentError, NotFoundError, UnavailableError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple, Union

    from . import _native

    OpenStream = Callable[[Optional[str], bool], "_native.Stream"]
    OpenHead = Callable[[Optional[str], int], str]


_NUMBERS = ("int", "uint", "float", "double", "decimal")


class Column:
    """One column of a schema.

    Attributes:
        name: its name.
        type: in pyforge's words ("int64", "decimal(10,2)", "timestamp[us, UTC]", "text"); docs/types.md has the list.
        nullable: may it hold nulls?

    >>> from pyforge_cli import Forge
    >>> column = Forge().read("orders.csv").schema["amount"]
    >>> column.name, column.type, column.nullable
    ('amount', 'double', True)
    """

    __slots__ = ("name", "type", "nullable")

    def __init__(self, name: str, type: str, nullable: bool) -> None:
        self.name = name
        self.type = type
        self.nullable = nullable

    def __repr__(self) -> str:
        return "%s: %s%s" % (self.name, self.type, "" if self.nullable else " not null")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Column):
            return NotImplemented
        return (self.name, self.type, self.nullable) == (other.name, other.type, other.nullable)

    def __hash__(self) -> int:
        return hash((self.name, self.type, self.nullable))


class Schema:
    """The columns of a table, in order; a sequence of `Column`. Its `__arrow_c_schema__` hands it to other libraries.

    >>> from pyforge_cli import Forge
    >>> Forge().read("orders.csv").schema.names
    ['id', 'customer', 'amount']

    >>> Forge().read("orders.csv").schema.types
    ['int64', 'text', 'double']
    """

    def __init__(self, columns: List[Column], open_stream: Callable[[], _native.Stream]) -> None:
        self._columns = columns
        self._open = open_stream

    @property
    def names(self) -> List[str]:
        """The names of the columns."""
        return [column.name for column in self._columns]

    @property
    def types(self) -> List[str]:
        """Their types in words."""
        return [column.type for column in self._columns]

    def __arrow_c_schema__(self) -> object:
        return self._open().__arrow_c_schema__()

    def __len__(self) -> int:
        return len(self._columns)

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns)

    def __getitem__(self, key: Union[int, str]) -> Column:
        if isinstance(key, str):
            for column in self._columns:
                if column.name == key:
                    return column
            raise KeyError(key)
        return self._columns[key]

    def __repr__(self) -> str:
        return "\n".join(repr(column) for column in self._columns)

    def _repr_html_(self) -> str:
        rows = [(column.name, column.type, "yes" if column.nullable else "no") for column in self._columns]
        return _html.table("Schema", ["Column", "Type", "Nullable"], rows, row_headers=True)


class Head:
    """The first rows of a table as texts; shows itself as a table.

    Attributes:
        columns: a `Column` for each column.
        rows: tuples of texts, None for null.

    >>> from pyforge_cli import Forge
    >>> head = Forge().read("orders.csv").head(1)
    >>> head.table, head.columns[0], head.rows
    ('orders', id: int64, [('1', 'Ann', '9.5')])
    """

    def __init__(self, data: Dict[str, Any]) -> None:
        self.table: str = data["table"]
        self.columns = [Column(c["name"], c["type"], c["nullable"]) for c in data["columns"]]
        self.rows: List[Tuple[Optional[str], ...]] = [tuple(row) for row in data["rows"]]

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        cells = [[_plain(column.name) for column in self.columns]]
        cells += [["null" if cell is None else _plain(cell) for cell in row] for row in self.rows]
        widths = [min(40, max(len(row[i]) for row in cells)) for i in range(len(self.columns))]
        return "\n".join("  ".join(_fit(cell, width) for cell, width in zip(row, widths)).rstrip() for row in cells)

    def _repr_html_(self) -> str:
        numbers = {i for i, column in enumerate(self.columns) if column.type.startswith(_NUMBERS)}
        return _html.table("First rows of " + self.table, [column.name for column in self.columns], self.rows, numbers=numbers)


# Controls, line ends and turns of direction, as a Python string literal writes them.
_ORDERS = {
    point: ascii(chr(point))[1:-1]
    for ends in ((0, 0x20), (0x7F, 0xA0), (0x2028, 0x202F), (0x2066, 0x206A))
    for point in range(*ends)
}


def _plain(text: str) -> str:
    """What a file holds gives a terminal no orders."""
    return text.translate(_ORDERS)


def _fit(text: str, width: int) -> str:
    return text.ljust(width) if len(text) <= width else text[: width - 1] + "…"


class Table:
    """One table of an input. Nothing is read before somebody asks: for the schema, the first rows, or the data.

    Every library that knows Arrow's PyCapsule interface takes a table as it is: `polars.DataFrame(table)`,
    `pyarrow.table(table)`, `nanoarrow.c_array_stream(table)`. Each taking reads the input once more.

    Attributes:
        name: of the sheet or file.

    >>> from pyforge_cli import Forge
    >>> Forge().read("orders.csv")["orders"]
    <Table 'orders'>

    >>> Forge().read("orders.csv")["orders"].schema.names
    ['id', 'customer', 'amount']
    """

    def __init__(self, name: str, asked: Optional[str], open_stream: OpenStream, open_head: OpenHead) -> None:
        self.name = name
        self._asked = asked
        self._open_stream = open_stream
        self._open_head = open_head
        self._ready: Optional[_native.Stream] = None
        self._schema: Optional[Schema] = None

    def _open(self) -> _native.Stream:
        ready, self._ready = self._ready, None
        return ready if ready is not None else self._open_stream(self._asked, False)

    def _whole(self) -> _native.Stream:
        """For who takes everything: the input is then read once and not twice, and Ctrl-C ends it at any time."""
        ready, self._ready = self._ready, None
        return ready if ready is not None else self._open_stream(self._asked, True)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._open().__arrow_c_stream__(requested_schema)

    @property
    def schema(self) -> Schema:
        """The columns, proved on all values (`types="exact"`, the default)."""
        if self._schema is None:
            stream = self._ready = self._open()
            columns = [Column(name, type, nullable) for name, type, nullable in stream.columns()]
            open_stream, asked = self._open_stream, self._asked  # not self: the stream ends with the table, not with a collection
            self._schema = Schema(columns, lambda: open_stream(asked, False))
        return self._schema

    def head(self, rows: int = 10) -> Head:
        """The first rows, as texts.

        Args:
            rows: how many, at most 100,000.

        Returns:
            A `Head`: `columns`, and `rows` as tuples of texts.

        Raises:
            PyforgeError: the input cannot be read so far.

        >>> from pyforge_cli import Forge
        >>> print(Forge().read("orders.csv")["orders"].head(2))
        id  customer  amount
        1   Ann       9.5
        2   Bob       12.25
        """
        import json

        return Head(json.loads(self._open_head(self._asked, rows)))

    def to_arrow(self) -> Any:
        """All rows as a pyarrow.Table.

        Returns:
            The table, of as many chunks as there were batches.

        Raises:
            UnavailableError: pyarrow is not installed; the message says how to get it.
            PyforgeError: the input cannot be read.

        >>> from pyforge_cli import Forge
        >>> Forge().read("orders.csv")["orders"].to_arrow().num_rows  # doctest: +SKIP
        3
        """
        pyarrow = _need("pyarrow", "pyarrow>=15")
        reader = pyarrow.RecordBatchReader.from_stream(self._whole())
        return pyarrow.Table.from_batches(list(reader), reader.schema)

    def to_pandas(self, **options: Any) -> Any:
        """All rows as a pandas.DataFrame, by way of pyarrow.

        Args:
            options: for pyarrow.Table.to_pandas (`types_mapper=`, `date_as_object=`, …).

        Returns:
            The frame, with a plain index.

        Raises:
            UnavailableError: pandas or pyarrow is not installed.
            PyforgeError: the input cannot be read.

        >>> from pyforge_cli import Forge
        >>> Forge().read("orders.csv")["orders"].to_pandas().shape  # doctest: +SKIP
        (3, 3)
        """
        _need("pandas", "pandas pyarrow")
        return self.to_arrow().to_pandas(**options)

    def to_polars(self) -> Any:
        """All rows as a polars.DataFrame, without a copy.

        Returns:
            The frame.

        Raises:
            UnavailableError: polars is not installed.
            PyforgeError: the input cannot be read.

        >>> from pyforge_cli import Forge
        >>> Forge().read("orders.csv")["orders"].to_polars().shape  # doctest: +SKIP
        (3, 3)
        """
        polars = _need("polars", "polars>=1.3")
        return polars.DataFrame(self._whole())

    def to_duckdb(self, connection: Any = None) -> Any:
        """All rows as a DuckDB relation.

        Args:
            connection: a duckdb connection; without it the default one.

        Returns:
            The relation; the rows are in memory.

        Raises:
            UnavailableError: duckdb or pyarrow is not installed.
            PyforgeError: the input cannot be read.

        >>> from pyforge_cli import Forge
        >>> Forge().read("orders.csv")["orders"].to_duckdb().aggregate("count(*)").fetchall()  # doctest: +SKIP
        [(3,)]
        """
        duckdb = _need("duckdb", "duckdb pyarrow")
        made = self.to_arrow()
        return connection.from_arrow(made) if connection is not None else duckdb.from_arrow(made)

    def __repr__(self) -> str:
        return "<Table %r>" % self.name

    def _repr_html_(self) -> str:
        return self.head()._repr_html_()


def _need(module: str, packages: str) -> Any:
    import importlib

    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise UnavailableError("%s is not installed; pip install %s" % (module, packages)) from error


class Tables:
    """The tables of an input by name, in their order; a read-only mapping.

    An input of one table (every CSV file, most workbooks) can be used like that table: it has `schema`, `head()`,
    `to_pandas()` and the others, and is handed over by `__arrow_c_stream__`.

    >>> from pyforge_cli import Forge
    >>> tables = Forge().read("orders.csv")
    >>> list(tables), len(tables)
    (['orders'], 1)

    >>> tables.only, tables.schema.names
    (<Table 'orders'>, ['id', 'customer', 'amount'])
    """

    def __init__(self, tables: List[Table]) -> None:
        self._tables = {table.name: table for table in tables}

    def __getitem__(self, key: Union[str, int]) -> Table:
        if isinstance(key, int):
            return list(self._tables.values())[key]
        if key in self._tables:
            return self._tables[key]
        names = ", ".join(repr(name) for name in list(self._tables)[:10])
        raise NotFoundError("there is no table %r; take one of %s" % (key, names))

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __contains__(self, name: object) -> bool:
        return name in self._tables

    def keys(self) -> List[str]:
        """The names.

        Returns:
            A list, in the order of the tables.

        >>> from pyforge_cli import Forge
        >>> Forge().read("orders.csv").keys()
        ['orders']
        """
        return list(self._tables)

    def values(self) -> List[Table]:
        """The tables.

        Returns:
            A list, in their order.

        >>> from pyforge_cli import Forge
        >>> Forge().read("orders.csv").values()
        [<Table 'orders'>]
        """
        return list(self._tables.values())

    def items(self) -> List[Tuple[str, Table]]:
        """Names and tables.

        Returns:
            A list of pairs, in the order of the tables.

        >>> from pyforge_cli import Forge
        >>> Forge().read("orders.csv").items()
        [('orders', <Table 'orders'>)]
        """
        return list(self._tables.items())

    @property
    def only(self) -> Table:
        """The one table.

        Raises:
            ArgumentError: there are several; the message names them.
        """
        if len(self._tables) != 1:
            raise ArgumentError("there are %d tables; take one of them by its name: %s" % (len(self), ", ".join(self)))
        return self[0]

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.only.__arrow_c_stream__(requested_schema)

    @property
    def schema(self) -> Schema:
        """The schema of the one table.

        Raises:
            ArgumentError: there are several tables; the message names them.
        """
        return self.only.schema

    def head(self, rows: int = 10) -> Head:
        """The first rows of the one table.

        Args:
            rows: how many, at most 100,000.

        Returns:
            As `Table.head`, with its errors.

        Raises:
            ArgumentError: there are several tables; the message names them.

        >>> from pyforge_cli import Forge
        >>> len(Forge().read("orders.csv").head(2))
        2
        """
        return self.only.head(rows)

    def to_arrow(self) -> Any:
        """The one table as a pyarrow.Table.

        Returns:
            As `Table.to_arrow`, with its errors.

        Raises:
            ArgumentError: there are several tables; the message names them.

        >>> from pyforge_cli import Forge
        >>> Forge().read("orders.csv").to_arrow().num_rows  # doctest: +SKIP
        3
        """
        return self.only.to_arrow()

    def to_pandas(self, **options: Any) -> Any:
        """The one table as a pandas.DataFrame.

        Args:
            options: for pyarrow.Table.to_pandas.

        Returns:
            As `Table.to_pandas`, with its errors.

        Raises:
            ArgumentError: there are several tables; the message names them.

        >>> from pyforge_cli import Forge
        >>> Forge().read("orders.csv").to_pandas().shape  # doctest: +SKIP
        (3, 3)
        """
        return self.only.to_pandas(**options)

    def to_polars(self) -> Any:
        """The one table as a polars.DataFrame.

        Returns:
            As `Table.to_polars`, with its errors.

        Raises:
            ArgumentError: there are several tables; the message names them.

        >>> from pyforge_cli import Forge
        >>> Forge().read("orders.csv").to_polars().shape  # doctest: +SKIP
        (3, 3)
        """
        return self.only.to_polars()

    def to_duckdb(self, connection: Any = None) -> Any:
        """The one table as a DuckDB relation.

        Args:
            connection: a duckdb connection; without it the default one.

        Returns:
            As `Table.to_duckdb`, with its errors.

        Raises:
            ArgumentError: there are several tables; the message names them.

        >>> from pyforge_cli import Forge
        >>> Forge().read("orders.csv").to_duckdb().aggregate("count(*)").fetchall()  # doctest: +SKIP
        [(3,)]
        """
        return self.only.to_duckdb(connection)

    def __repr__(self) -> str:
        return "<Tables %s>" % ", ".join(repr(name) for name in self._tables)

    def _repr_html_(self) -> str:
        if len(self) == 1:
            return self.only._repr_html_()
        return _html.table("Tables", ["Name"], [(name,) for name in self._tables], row_headers=True)
