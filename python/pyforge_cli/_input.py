"""What may be an input: paths, bytes, file objects, frames, and lists of them, told apart and given to a job."""
from __future__ import annotations

import os

from ._errors import ArgumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, List, Optional, Tuple

    from . import _native

    #: ("path", "a.csv"), ("bytes", (name, data)) or ("stream", object)
    Given = Tuple[str, Any]


def path_text(value: Any, what: str) -> str:
    """A path as the core takes it.

    Raises:
        ArgumentError: it is none.
    """
    try:
        text = os.fsdecode(value)
        os.fsencode(text)
    except (TypeError, UnicodeError) as error:
        raise ArgumentError("%s cannot be a %s (%s); give a path" % (what, type(value).__name__, error)) from None
    if "\0" in text:
        raise ArgumentError("%s has a null character in it; give a path as the system has it" % what)
    return text


def _path_of_file(file: Any) -> Optional[str]:
    """The path of a file that was just opened from the local disk, so that it need not be read through Python."""
    try:
        name = file.name
        if not isinstance(name, str) or file.tell() != 0:
            return None
        here, there = os.fstat(file.fileno()), os.stat(name)
    except (AttributeError, OSError, ValueError, TypeError):
        return None
    return name if os.path.samestat(here, there) else None


def _from_file(file: Any) -> Given:
    if getattr(file, "closed", False):
        raise ArgumentError("the file is closed; open it again, or give its path")
    path = _path_of_file(file)
    if path is not None:
        return "path", path
    data = file.read()
    if isinstance(data, str):
        data = data.encode("utf-8")
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise ArgumentError("read() of the %s gave a %s; give a file that was opened with 'rb'" % (type(file).__name__, type(data).__name__))
    name = getattr(file, "name", None)
    name = os.path.basename(name) if isinstance(name, str) and name else "data"
    return "bytes", (name, bytes(data))


def given(item: Any) -> List[Given]:
    """Tells one input, or a list of them. What can be read only once is read here."""
    if isinstance(item, (str, os.PathLike)):
        return [("path", path_text(item, "an input"))]
    if isinstance(item, (bytes, bytearray, memoryview)):
        return [("bytes", ("data", bytes(item)))]
    if hasattr(item, "__arrow_c_stream__") or hasattr(item, "__arrow_c_array__"):
        return [("stream", item)]
    if hasattr(item, "read"):
        return [_from_file(item)]
    if isinstance(item, (list, tuple)) or hasattr(item, "__next__"):
        try:
            return [found for one in item for found in given(one)]
        except RecursionError:
            raise ArgumentError("the list of inputs is in itself; give a plain list") from None
    raise ArgumentError(
        "%s is no input; give a path, bytes, an open file, a list of them, or a frame of pandas, Polars, pyarrow or DuckDB"
        % type(item).__name__
    )


def give(job: _native.Job, inputs: List[Given]) -> None:
    """Hands the inputs to a job."""
    for kind, value in inputs:
        if kind == "path":
            job.set("input", value)
        elif kind == "bytes":
            job.take_bytes(*value)
        else:
            job.take_stream(value)
