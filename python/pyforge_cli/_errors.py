"""Errors: one class for each code of docs/errors.md, so that `except` can be as wide or as narrow as needed."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Type

    from ._result import Result


class PyforgeError(Exception):
    """What is wrong, where, and what to do. The base of every error of pyforge.

    Attributes:
        code: the number of docs/errors.md, pinned for ever (30).
        name: the code in words ("BAD_DATA").
        where: the place in words ("file 'a.csv', column 'Price'"); "" when there is none.
        row: 1-based data row, or None.
        byte: 0-based offset in the input after decompression, or None.
        hint: what to do: the part of the message behind the last semicolon; "" when there is none.
        result: what was done all the same, of `Forge.convert` with several inputs; else None.

    >>> from pyforge_cli import Forge, PyforgeError
    >>> try:
    ...     Forge().convert("missing.csv")
    ... except PyforgeError as error:
    ...     print(error.name, "-", error.hint)
    NOT_FOUND - check the name
    """

    code = 0
    name = ""

    def __init__(self, message: str, where: str = "", row: Optional[int] = None, byte: Optional[int] = None) -> None:
        super().__init__(message)
        self.message = message
        self.where = where
        self.row = row
        self.byte = byte
        self.hint = message.rpartition("; ")[2] if "; " in message else ""
        self.result: Optional[Result] = None

    def __str__(self) -> str:
        place = self.where
        if self.row is not None:
            place += (", " if place else "") + "row %d" % self.row
        if self.byte is not None:
            place += (", " if place else "") + "byte %d" % self.byte
        return "%s: %s%s" % (self.name or "ERROR", place + ": " if place else "", self.message)

    def __reduce__(self) -> Any:
        more = {"code": self.code, "result": self.result}
        return (_again, (type(self), self.message, self.where, self.row, self.byte), more)


class ArgumentError(PyforgeError, ValueError):
    """The caller passed something wrong: an unknown option, a value out of its choices. The message has the nearest right name.

    >>> from pyforge_cli import Forge, ArgumentError
    >>> try:
    ...     Forge(thread=2)
    ... except ArgumentError as error:
    ...     print(error.name, "threads" in error.hint)
    ARGUMENT True
    """


class StateError(PyforgeError, RuntimeError):
    """The call does not fit the object's state: a stream that was handed over before, a job that runs.

    >>> from pyforge_cli import Forge, StateError
    >>> stream = Forge()._job([("path", "orders.csv")], {}).read()
    >>> capsule = stream.__arrow_c_stream__()
    >>> try:
    ...     stream.__arrow_c_stream__()
    ... except StateError as error:
    ...     print(error.name)
    STATE
    """


class NotFoundError(PyforgeError, FileNotFoundError):
    """The place does not exist.

    >>> from pyforge_cli import Forge, NotFoundError
    >>> try:
    ...     Forge().read("missing.csv")
    ... except NotFoundError as error:
    ...     print(error.name, isinstance(error, FileNotFoundError))
    NOT_FOUND True
    """


class ExistsError(PyforgeError, FileExistsError):
    """The place exists already; `force=True` replaces an output.

    >>> from pyforge_cli import Forge, ExistsError
    >>> result = Forge().convert("orders.csv", "there.csv", force=True)
    >>> try:
    ...     Forge().convert("orders.csv", "there.csv")
    ... except ExistsError as error:
    ...     print(error.name, isinstance(error, FileExistsError))
    EXISTS True
    """


class DeniedError(PyforgeError, PermissionError):
    """The place may not be used.

    >>> from pyforge_cli import DeniedError, Forge
    >>> try:
    ...     Forge().convert("orders.csv", "orders.csv", force=True)
    ... except DeniedError as error:
    ...     print(error.name, isinstance(error, PermissionError))
    DENIED True
    """


class ReadWriteError(PyforgeError, OSError):
    """Reading or writing failed; the message has the system's words.

    >>> from pyforge_cli import ReadWriteError
    >>> error = ReadWriteError("No space left on device; make room")
    >>> error.hint, isinstance(error, OSError)
    ('make room', True)
    """


class DataError(PyforgeError, ValueError):
    """The data is broken; see row, byte and where.

    >>> from pyforge_cli import Forge, DataError
    >>> try:
    ...     Forge().convert("orders.csv", "out.parquet", type={"customer": "int64"})
    ... except DataError as error:
    ...     print(error.name, error.row, error.where)
    BAD_DATA 1 file 'orders.csv', line 2, column 'customer'
    """


class UnsupportedError(PyforgeError, NotImplementedError):
    """The data is right but beyond pyforge; the message names the other way.

    >>> from pyforge_cli import Forge, UnsupportedError
    >>> try:
    ...     Forge().cells("orders.csv").schema
    ... except UnsupportedError as error:
    ...     print(error.hint)
    take 'head'
    """


class LimitError(PyforgeError):
    """A ceiling was reached; the message names it.

    >>> from pyforge_cli import LimitError, PyforgeError
    >>> issubclass(LimitError, PyforgeError)
    True
    """


class PasswordError(PyforgeError):
    """A password is needed or wrong.

    >>> from pyforge_cli import PasswordError
    >>> PasswordError("it is locked; give its password").hint
    'give its password'
    """


class OutOfMemoryError(PyforgeError, MemoryError):
    """Out of memory: a smaller `memory_limit` or fewer `threads` may help.

    >>> from pyforge_cli import OutOfMemoryError
    >>> issubclass(OutOfMemoryError, MemoryError)
    True
    """


class CancelledError(PyforgeError):
    """Cancelled from another thread; nothing was left behind.

    >>> from pyforge_cli import CancelledError, PyforgeError
    >>> issubclass(CancelledError, PyforgeError)
    True
    """


class ExtensionError(PyforgeError):
    """An extension broke the contract.

    >>> from pyforge_cli import ExtensionError, PyforgeError
    >>> issubclass(ExtensionError, PyforgeError)
    True
    """


class UnavailableError(PyforgeError):
    """Not here, not now: an engine or extension lacks what it needs.

    >>> from pyforge_cli import UnavailableError
    >>> UnavailableError("polars is not installed; pip install polars").hint
    'pip install polars'
    """


class InternalError(PyforgeError):
    """A bug in pyforge; please report it with the message.

    >>> from pyforge_cli import InternalError, PyforgeError
    >>> issubclass(InternalError, PyforgeError)
    True
    """


_CLASSES: Dict[str, Type[PyforgeError]] = {
    "ARGUMENT": ArgumentError,
    "STATE": StateError,
    "NOT_FOUND": NotFoundError,
    "EXISTS": ExistsError,
    "DENIED": DeniedError,
    "IO": ReadWriteError,
    "BAD_DATA": DataError,
    "UNSUPPORTED": UnsupportedError,
    "LIMIT": LimitError,
    "PASSWORD": PasswordError,
    "NO_MEMORY": OutOfMemoryError,
    "CANCELLED": CancelledError,
    "EXTENSION": ExtensionError,
    "UNAVAILABLE": UnavailableError,
}
_BY_CODE: Dict[int, Type[PyforgeError]] = {}


def _number_classes() -> None:
    from . import _native

    for number, name, _ in _native.status_list():
        if name != "OK":
            made = _CLASSES.get(name, InternalError)
            _BY_CODE[number] = made
            if name in _CLASSES or name == "INTERNAL":
                made.code = number
                made.name = name


_number_classes()


def _again(cls: Type[PyforgeError], message: str, where: str, row: Optional[int], byte: Optional[int]) -> PyforgeError:
    return cls(message, where, row, byte)


def make(code: int, message: str, where: str, row: int, byte: int, result: Optional[str]) -> PyforgeError:
    """The exception of a failed call; _native raises it."""
    error = _BY_CODE.get(code, InternalError)(message, where, None if row < 0 else row, None if byte < 0 else byte)
    error.code = code
    if result is not None:
        from ._result import Result

        error.result = Result.from_json(result)
    return error
