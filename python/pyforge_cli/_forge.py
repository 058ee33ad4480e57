"""Forge: the calls. Everything is decided in the core; here Python's values become its options."""
from __future__ import annotations

import functools
import os

from . import _input, _native
from ._errors import ArgumentError
from ._progress import Shown
from ._result import Report, Result
from ._table import Table, Tables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, Iterator, List, Optional, TypeVar, Union

    from typing_extensions import Unpack

    from ._options import Options
    from ._progress import ProgressArgument, Tell

    T = TypeVar("T")

    PathLike = Union[str, "os.PathLike[str]"]

_SEPARATOR = "\x1f"  # between the values of an option that may be given several times


def _text_of(key: str, value: Any) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, (str, os.PathLike)):
        return os.fsdecode(value)
    if isinstance(value, dict):
        return _SEPARATOR.join("%s=%s" % (name, _text_of(key, item)) for name, item in value.items())
    if isinstance(value, (list, tuple)):
        return _SEPARATOR.join(_text_of(key, item) for item in value)
    if isinstance(value, int):
        return str(value)
    if getattr(value, "shape", None) == () and hasattr(value, "item"):  # of numpy
        return _text_of(key, value.item())
    raise ArgumentError(
        "%s cannot be a %s; give a text, a whole number, True or False, a list or a dictionary" % (key, type(value).__name__)
    )


class Forge:
    """Reads ugly tables, writes clean ones.

    Args:
        options: options of every call of this forge; those of a call go before them. `Forge.options()` lists them.

    A forge may be used by several threads at the same time, and after a fork.

    >>> from pyforge_cli import Forge
    >>> forge = Forge(threads=2)
    >>> forge.convert("orders.csv", "orders.parquet").rows_out
    3
    """

    def __init__(self, **options: Unpack[Options]) -> None:
        self._usual: Dict[str, Any] = dict(options)
        self._native: Optional[_native.Forge] = None
        self._process = 0
        self._running: List[_native.Job] = []
        self._job([], self._usual)  # a wrong option is told here

    def _forge(self) -> _native.Forge:
        """The core's forge; each process has its own."""
        if self._native is None or self._process != os.getpid():
            from .main import _origin

            self._native = _native.forge(*_origin())
            self._process = os.getpid()
            self._running = []
        return self._native

    def __reduce__(self) -> Any:  # another process has its own core
        return functools.partial(type(self), **self._usual), ()

    def cancel(self) -> None:
        """Ends every call of this forge that runs in another thread, within a tenth of a second; it raises CancelledError
        there, and nothing of its output is left behind. Calls that have not begun are not touched.

        >>> from pyforge_cli import Forge
        >>> Forge().cancel()  # nothing runs: nothing happens
        """
        for job in list(self._running):
            job.cancel()

    def _job(self, inputs: List[_input.Given], options: Dict[str, Any], output: Any = None) -> _native.Job:
        job = self._forge().job()
        for key, value in {**self._usual, **options}.items():
            if value is not None and value != {}:
                job.set(key.rstrip("_").replace("_", "-"), _text_of(key, value))
        if output is not None:
            job.set("output", _input.path_text(output, "the output"))
        _input.give(job, inputs)
        return job

    def convert(
        self,
        input: Any,
        output: Optional[PathLike] = None,
        *,
        to: Optional[str] = None,
        progress: ProgressArgument = None,
        **options: Unpack[Options],
    ) -> Result:
        """Converts one or several inputs to Parquet or CSV.

        Args:
            input: a path, a pattern ("in/*.csv"), a folder, bytes, an open file, a frame (anything with
                `__arrow_c_stream__`), or a list of these.
            output: a file or a folder; without it beside the input. Bytes and frames need one.
            to: "parquet" or "csv"; without it the output's suffix decides, else Parquet.
            progress: a callable that is given a `Progress` at most ten times a second; None shows a bar where somebody
                can see it, True always, False never. An exception of the callable cancels and comes back from here.
            options: see `Forge.options()` and docs/cli.md; "-" is written "_". Lists and dictionaries are taken where an
                option may be given several times: `columns=["a", "b"]`, `type={"zip": "text"}`.

        Returns:
            What was done: counts, outputs, warnings.

        Raises:
            PyforgeError: an input failed; nothing is left under its output's name. With several inputs the others are
                done, and `error.result` tells.

        >>> from pyforge_cli import Forge
        >>> Forge().convert("orders.csv", "out/", columns=["id", "amount"], force=True).outputs
        ['out/orders.parquet']
        """
        return self._run(self._job(_input.given(input), {**options, "to": to}, output), progress)

    def _call(self, job: _native.Job, progress: ProgressArgument, call: Callable[[Optional[Tell]], T]) -> T:
        """One call of the core: shown while it runs, and known to cancel()."""
        self._running.append(job)
        try:
            with Shown(progress) as tell:
                return call(tell)
        finally:
            if job in self._running:
                self._running.remove(job)

    def _run(self, job: _native.Job, progress: ProgressArgument) -> Result:
        return Result.from_json(self._call(job, progress, job.run))

    def write(self, frame: Any, output: PathLike, *, progress: ProgressArgument = None, **options: Unpack[Options]) -> Result:
        """Writes a frame or a stream to a file.

        Args:
            frame: a frame of pandas, Polars, pyarrow or DuckDB, a `Table` of `read`, or anything else with
                `__arrow_c_stream__` or `__arrow_c_array__`. It is read once, batch by batch.
            output: the file; its suffix tells the format.
            progress: as for `convert`.
            options: as for `convert`.

        Returns:
            As for `convert`.

        Raises:
            ArgumentError: it is no frame.
            PyforgeError: it could not be written; nothing is left under the output's name.

        >>> from pyforge_cli import Forge
        >>> forge = Forge()
        >>> forge.write(forge.read("orders.csv"), "copy.parquet", force=True).rows_out
        3
        """
        if not (hasattr(frame, "__arrow_c_stream__") or hasattr(frame, "__arrow_c_array__")):
            raise ArgumentError(
                "%s is no frame: it has no __arrow_c_stream__; give a frame of pandas 2.2, Polars 1.3, pyarrow 14 or "
                "later, or use convert for files" % type(frame).__name__
            )
        return self.convert(frame, output, progress=progress, **options)

    def batch_convert(
        self,
        patterns: Any,
        output_dir: PathLike,
        *,
        workers: Optional[int] = None,
        to: Optional[str] = None,
        progress: ProgressArgument = None,
        **options: Unpack[Options],
    ) -> Result:
        """Converts many files into a folder; one that fails does not stop the others and is told in the result.

        Args:
            patterns: paths, patterns, folders, or a list of them.
            output_dir: the folder; it is made when it is not there.
            workers: how many threads work; without it as many as the machine allows.
            to: as for `convert`.
            progress: as for `convert`.
            options: as for `convert`.

        Returns:
            The result; `result.ok` and `result.errors` tell what failed.

        Raises:
            CancelledError: it was cancelled.
            PyforgeError: nothing could be begun: a wrong option, no input at all.

        >>> from pyforge_cli import Forge
        >>> Forge().batch_convert("*.csv", "out", workers=2, force=True).status
        'ok'
        """
        from ._errors import PyforgeError

        folder = os.path.join(_input.path_text(output_dir, "the folder of the outputs"), "")
        more: Dict[str, Any] = {**options, "to": to}
        if workers is not None:
            more["threads"] = workers
        job = self._job(_input.given(patterns), more, folder)
        try:
            return self._run(job, progress)
        except PyforgeError as error:
            if error.result is None or error.name == "CANCELLED":
                raise
            return error.result

    def read(self, input: Any, *, progress: ProgressArgument = None, **options: Unpack[Options]) -> Tables:
        """The tables of an input, to be taken by pandas, Polars, pyarrow, DuckDB and others.

        Args:
            input: a path, a pattern ("in/*.csv"), a folder, bytes, an open file, or a list of them.
            progress: as for `convert`; of looking at the input, when its data is asked for.
            options: as for `convert`.

        Returns:
            `Tables`: name → `Table`. Names are those of the sheets, or of the file. Tables of several inputs with one
            name get a number: "orders", "orders_2".

        Raises:
            PyforgeError: an input is not there, or nobody can read it. What is wrong with its rows is told when its data
                is asked for.

        >>> from pyforge_cli import Forge
        >>> for name, table in Forge().read("orders.csv").items():
        ...     print(name, table.schema.types)
        orders ['int64', 'text', 'double']
        """
        tables: List[Table] = []
        taken: Dict[str, int] = {}
        for one in self._each(_input.given(input), dict(options)):
            job = self._job([one], {**options, "types": "survey"})
            found = self._call(job, False, functools.partial(job.inspect, "info"))
            names = [table["name"] for table in Report.from_json(found)["tables"]]
            for name in names:
                shown = name
                while shown in taken:
                    taken[name] += 1
                    shown = "%s_%d" % (name, taken[name])
                taken[shown] = 1
                tables.append(self._table(one, shown, name if len(names) > 1 else None, dict(options), progress))
        return Tables(tables)

    def _each(self, inputs: List[_input.Given], options: Dict[str, Any]) -> Iterator[_input.Given]:
        """One after the other: the files that patterns and folders stand for, each by its name."""
        if not inputs:
            raise ArgumentError("there is no input; give a path, a pattern, a folder, bytes or an open file")
        for one in inputs:
            if one[0] == "stream":
                raise ArgumentError("a frame need not be read; use write to make a file of it")
            found = Report.from_json(self._job([one], options).inspect("inputs"))["inputs"] if one[0] == "path" else []
            if len(found) < 2:
                yield one  # as it was given: a name need not be text
            for name in found if len(found) > 1 else ():
                yield "path", name

    def _table(
        self, one: _input.Given, shown: str, name: Optional[str], options: Dict[str, Any], progress: ProgressArgument
    ) -> Table:
        def open_stream(asked: Optional[str], whole: bool) -> _native.Stream:
            job = self._job([one], options)
            return self._call(job, progress, functools.partial(job.collect if whole else job.read, asked))

        def open_head(asked: Optional[str], rows: int) -> str:
            return self._job([one], {**options, "limit": rows}).head(asked)

        return Table(shown, name, open_stream, open_head)

    def cells(self, input: Any, **options: Unpack[Options]) -> Table:
        """Every cell of a workbook that has a value, as it is stored: a table of the texts sheet, cell, type and value.

        Args:
            input: one workbook: a path, bytes or an open file; a pattern or a list that stands for one.
            options: `sheet`, `range`, `hidden` and the others of workbooks.

        Returns:
            The table; it has no first rows of its own (`head`).

        Raises:
            UnsupportedError: the input is no workbook.

        >>> from pyforge_cli import Forge
        >>> Forge().cells("orders.csv").schema
        Traceback (most recent call last):
        pyforge_cli._errors.UnsupportedError: UNSUPPORTED: file 'orders.csv': csv has rows and no cells; take 'head'
        """
        one = _input.given(input)

        def open_stream(asked: Optional[str], whole: bool) -> _native.Stream:
            job = self._job(one, dict(options))
            return self._call(job, False, job.cells)

        def open_head(asked: Optional[str], rows: int) -> str:
            raise ArgumentError("cells have no first rows; use Forge.read(...).head()")

        return Table("cells", None, open_stream, open_head)

    def _inspect(self, input: Any, what: str, progress: ProgressArgument, options: Dict[str, Any]) -> Report:
        job = self._job(_input.given(input), options)
        return Report.from_json(self._call(job, progress, functools.partial(job.inspect, what)), what.capitalize())

    def info(self, input: Any, *, progress: ProgressArgument = None, **options: Unpack[Options]) -> Report:
        """What an input is: format, encoding, dialect, tables with exact types and counts of rows.

        Args:
            input: one input: a path, bytes or an open file; a pattern or a list that stands for one.
            progress: as for `convert`.
            options: as for `convert`; `types="survey"` looks at a sample only.

        Returns:
            A report; docs/errors.md names its members. `tables` is a list of {name, rows, columns …}.

        Raises:
            PyforgeError: the input is not there, or nobody can read it.

        >>> from pyforge_cli import Forge
        >>> Forge().info("orders.csv")["delimiter"]
        ','
        """
        return self._inspect(input, "info", progress, dict(options))

    def validate(self, input: Any, *, progress: ProgressArgument = None, **options: Unpack[Options]) -> Report:
        """What is wrong in an input, where, and what to do. Everything is read, nothing is written.

        Args:
            input: one input: a path, bytes or an open file; a pattern or a list that stands for one.
            progress: as for `convert`.
            options: as for `convert`.

        Returns:
            A report with `valid`, counts, and `problems`.

        Raises:
            PyforgeError: the input is not there.

        >>> from pyforge_cli import Forge
        >>> Forge().validate("orders.csv")["valid"]
        True
        """
        return self._inspect(input, "validate", progress, dict(options))

    def schema(self, input: Any, *, progress: ProgressArgument = None, **options: Unpack[Options]) -> Report:
        """The schema of an input with what reproduces it: what the option `schema=` takes, once saved as a file.

        Args:
            input: one input of one table, as for `info`.
            progress: as for `convert`.
            options: as for `convert`.

        Returns:
            A report; `to_json()` is what to save.

        Raises:
            PyforgeError: the input is not there, has several tables, or nobody can read it.

        >>> from pyforge_cli import Forge
        >>> [column["type"] for column in Forge().schema("orders.csv")["columns"]]
        ['int64', 'text', 'double']
        """
        return self._inspect(input, "schema", progress, dict(options))

    def sniff(self, input: Any, **options: Unpack[Options]) -> Report:
        """How a text file is separated, quoted and encoded, from a sample of it.

        Args:
            input: one input: a path, bytes or an open file; a pattern or a list that stands for one.
            options: as for `convert`.

        Returns:
            A report with `delimiter`, `quote`, `encoding`, `header_rows` …

        Raises:
            PyforgeError: the input is not there, or is no text.

        >>> from pyforge_cli import Forge
        >>> Forge().sniff(b"a;b\\n1;2\\n")["delimiter"]
        ';'
        """
        return self._inspect(input, "sniff", False, dict(options))

    def explain(self, input: Any, output: Optional[PathLike] = None, *, to: Optional[str] = None, **options: Unpack[Options]) -> Report:
        """The plan of a conversion: inputs, output, each option in force and who set it. Nothing is written.

        Args:
            input, output, to, options: as for `convert`.

        Returns:
            A report: `plan` is a list of {key, value, by}.

        Raises:
            PyforgeError: the conversion could not begin.

        >>> from pyforge_cli import Forge
        >>> plan = Forge().explain("orders.csv", "out.parquet", compression="zstd")["plan"]
        >>> [row for row in plan if row["key"] == "compression"]
        [{'key': 'compression', 'value': 'zstd', 'by': 'user'}]
        """
        lines = self._job(_input.given(input), {**options, "to": to}, output).explain().splitlines()
        plan = [dict(zip(("key", "value", "by"), line.split("\t"))) for line in lines]
        return Report({"plan": plan}, "Plan")

    def formats(self) -> List[Dict[str, Any]]:
        """What can be read and written.

        Returns:
            A list of {name, reads, writes, suffixes, summary, extension}; extension is who brings it.

        >>> from pyforge_cli import Forge
        >>> [format["name"] for format in Forge().formats() if format["writes"]]
        ['csv', 'parquet']
        """
        return self._forge().formats()

    def extensions(self) -> List[Dict[str, Any]]:
        """The extensions that are installed, those that failed too, opened as far as they can be.

        Returns:
            A list of {name, version, status, description, missing, stage, error, disabled_by, path, load_seconds}, as
            `pyforge list-extensions --json` has it. status is "initialized", "failed", "disabled" or "shadowed"; missing says
            what to install, stage and error why it failed. A Python extension's path is "module:Class".

        >>> from pyforge_cli import Forge
        >>> found = {extension["name"]: extension for extension in Forge().extensions()}
        >>> found["databricks"]["version"]
        '1.0.0'
        """
        forge = self._forge()
        forge.wake(None)
        return forge.extensions()

    def options(self, format: Optional[str] = None) -> List[Dict[str, Any]]:
        """The options of every job, or those of one format.

        Args:
            format: None, or a name of `formats()`: its options for reading and for writing.

        Returns:
            A list of {key, kind, choices, default, group, help, value_name, scope}; kind is flag, text, integer, size (bytes),
            choice or list.

        Raises:
            ArgumentError: there is no such format; the message names those there are.

        >>> from pyforge_cli import Forge
        >>> [option["default"] for option in Forge().options("parquet") if option["key"] == "compression"]
        ['snappy']
        """
        forge = self._forge()
        if format is None:
            return forge.options(None)
        names = [one["name"] for one in forge.formats()]
        if format not in names:
            raise ArgumentError("there is no format %r; take one of %s" % (format, ", ".join(names)))
        return forge.options("<" + format) + forge.options(">" + format)


def _at_exit() -> None:
    import atexit

    atexit.register(_native.end_all)


_at_exit()
