"""pyforge: ugly tables in (CSV, Excel, OpenDocument), Parquet out; exact types, nothing lost silently.

>>> from pyforge_cli import Forge
>>> forge = Forge()
>>> result = forge.convert("orders.csv", "orders.parquet")
>>> result.rows_out
3
>>> frame = forge.read("orders.csv").to_pandas()  # doctest: +SKIP

Nothing but this package is needed. pandas, Polars, pyarrow and DuckDB take tables without a copy, and are imported only
when they are asked for. See docs/python.md.
"""
from __future__ import annotations

try:
    from ._native import version as __version__
except ImportError as _error:
    import platform as _platform

    raise ImportError(
        "pyforge_cli._native cannot be loaded on %s %s (%s); install the wheel of this machine, which is there for Linux with glibc "
        "2.17 or newer on x86-64 and aarch64, or build one: pip install --no-binary pyforge-cli pyforge-cli"
        % (_platform.system(), _platform.machine(), _error)
    ) from _error

from ._errors import (
    ArgumentError,
    CancelledError,
    DataError,
    DeniedError,
    ExistsError,
    ExtensionError,
    InternalError,
    LimitError,
    NotFoundError,
    OutOfMemoryError,
    PasswordError,
    PyforgeError,
    ReadWriteError,
    StateError,
    UnavailableError,
    UnsupportedError,
)
from ._forge import Forge
from ._progress import Progress
from ._result import Notice, Report, Result
from ._table import Column, Head, Schema, Table, Tables

__all__ = [
    "ArgumentError",
    "CancelledError",
    "Column",
    "DataError",
    "DeniedError",
    "ExistsError",
    "ExtensionError",
    "Forge",
    "Head",
    "InternalError",
    "LimitError",
    "NotFoundError",
    "Notice",
    "OutOfMemoryError",
    "PasswordError",
    "Progress",
    "PyforgeError",
    "ReadWriteError",
    "Report",
    "Result",
    "Schema",
    "StateError",
    "Table",
    "Tables",
    "UnavailableError",
    "UnsupportedError",
    "__version__",
]
