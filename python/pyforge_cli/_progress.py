"""How far a conversion is: for a callback, a terminal, a notebook."""
from __future__ import annotations

import sys

from ._errors import ArgumentError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional, Union

    ProgressArgument = Union[None, bool, Callable[["Progress"], Any]]
    Tell = Callable[[float, int, int, int, float, float, int, str, str], None]

_SHOW_AFTER_SECONDS = 0.5  # short jobs do not flash


class Progress:
    """One report of a running conversion, given to the `progress` callback at most ten times a second.

    Attributes:
        fraction: 0 to 1, never falls; None when the size of the input is unknown.
        rows: rows read so far.
        bytes: bytes read so far, as stored.
        bytes_total: bytes there are to read, or None.
        seconds: since the start.
        seconds_left: an estimate, or None.
        stage: "survey", "convert" or "finish".
        lap: 1, or 2 after a value made it necessary to read again.
        input: the name of the input.

    >>> from pyforge_cli import Forge
    >>> seen = []
    >>> result = Forge().convert("orders.csv", "out.parquet", force=True, progress=seen.append)
    >>> last = seen[-1]
    >>> last.fraction, last.stage, last.rows, last.bytes == last.bytes_total, last.lap, last.input
    (1.0, 'finish', 3, True, 1, 'orders.csv')
    >>> last.seconds >= 0 and (last.seconds_left or 0.0) >= 0
    True
    """

    __slots__ = ("fraction", "rows", "bytes", "bytes_total", "seconds", "seconds_left", "stage", "lap", "input")

    def __init__(
        self,
        fraction: Optional[float],
        bytes_done: int,
        bytes_total: Optional[int],
        rows: int,
        seconds: float,
        seconds_left: Optional[float],
        lap: int,
        stage: str,
        input: str,
    ) -> None:
        self.fraction = fraction
        self.bytes = bytes_done
        self.bytes_total = bytes_total
        self.rows = rows
        self.seconds = seconds
        self.seconds_left = seconds_left
        self.lap = lap
        self.stage = stage
        self.input = input

    def __repr__(self) -> str:
        return "Progress(%s)" % line_of(self)


def line_of(progress: Progress) -> str:
    """The report as one line of text."""
    parts = [progress.stage]
    if progress.fraction is not None:
        parts.append("%d %%" % int(progress.fraction * 100))
    parts.append("{:,} rows".format(progress.rows))
    if progress.seconds > 0:
        parts.append("%.0f MB/s" % (progress.bytes / progress.seconds / 1e6))
    if progress.seconds_left is not None:
        parts.append("%.0f s left" % progress.seconds_left)
    return ", ".join(parts)


def _adapt(call: Callable[[Progress], Any]) -> Tell:
    def tell(
        fraction: float,
        bytes_done: int,
        bytes_total: int,
        rows: int,
        seconds: float,
        left: float,
        lap: int,
        stage: str,
        name: str,
    ) -> None:
        call(
            Progress(
                fraction if fraction >= 0 else None,
                bytes_done,
                bytes_total if bytes_total >= 0 else None,
                rows,
                seconds,
                left if left >= 0 else None,
                lap,
                stage,
                name,
            )
        )

    return tell


class _Terminal:
    """A bar on standard error that wipes itself away."""

    def __init__(self) -> None:
        self.drawn = False

    def __call__(self, progress: Progress) -> None:
        if progress.seconds < _SHOW_AFTER_SECONDS and not self.drawn:
            return
        done = int((progress.fraction or 0) * 24)
        bar = "[%s%s] " % ("#" * done, "." * (24 - done)) if progress.fraction is not None else ""
        sys.stderr.write("\r\x1b[K" + bar + line_of(progress))
        sys.stderr.flush()
        self.drawn = True

    def end(self) -> None:
        if self.drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def _ipython_display() -> Any:
    import importlib

    return importlib.import_module("IPython.display")


class _Notebook:
    """One line of plain HTML that is updated in its place."""

    def __init__(self) -> None:
        self.handle: Any = None

    def __call__(self, progress: Progress) -> None:
        if progress.seconds < _SHOW_AFTER_SECONDS and self.handle is None:
            return
        from html import escape

        ipython = _ipython_display()
        fraction = progress.fraction
        bar = '<progress max="1"%s aria-label="converting" style="vertical-align:middle"></progress> ' % (
            "" if fraction is None else ' value="%.3f"' % fraction
        )
        line = ipython.HTML("<div>%s%s</div>" % (bar, escape(line_of(progress))))
        if self.handle is None:
            self.handle = ipython.display(line, display_id=True)
        else:
            self.handle.update(line)

    def end(self) -> None:
        if self.handle is not None:
            self.handle.update(_ipython_display().HTML(""))


class Shown:
    """What `progress=` asks for, as what the core calls; `with` ends the display."""

    def __init__(self, asked: ProgressArgument) -> None:
        self.display: Any = None
        self.tell: Optional[Tell] = None
        if callable(asked):
            self.tell = _adapt(asked)
        elif not isinstance(asked, (bool, type(None))):
            raise ArgumentError("progress cannot be a %s; give a callable, True, False or None" % type(asked).__name__)
        elif asked or asked is None:
            self.display = _display(bool(asked))
            self.tell = _adapt(self.display) if self.display else None

    def __enter__(self) -> Optional[Tell]:
        return self.tell

    def __exit__(self, *exception: object) -> None:
        if self.display:
            self.display.end()


def _display(wanted: bool) -> Any:
    """The display that fits: none where nobody looks, unless it is wanted."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None and hasattr(ipython, "get_ipython") else None
    if shell is not None and type(shell).__name__ == "ZMQInteractiveShell":
        return _Notebook()
    return _Terminal() if sys.stderr is not None and (wanted or _is_terminal(sys.stderr)) else None


def _is_terminal(stream: Any) -> bool:
    try:
        return bool(stream.isatty())
    except (AttributeError, ValueError):  # programs put something of their own there, or close it
        return False
