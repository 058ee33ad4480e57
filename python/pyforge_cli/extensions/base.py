"""What an extension written in Python is: a class that a package names in its entry points.

    [project.entry-points."pyforge.extensions"]
    greeter = "greeter.extension:Greeter"

>>> from pyforge_cli.extensions.base import BaseExtension
>>> class Greeter(BaseExtension):
...     '''Greets.'''
...     version = "1.2.0"
...     def is_available(self):
...         return True
...     def initialize(self):
...         return True
>>> str(Greeter())
'greeter v1.2.0'

docs/extensions.md has the guide.
"""
from __future__ import annotations

from abc import ABC, abstractmethod

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging
    import os
    from typing import Any, Callable, Dict, Optional, Union

    PathLike = Union[str, "os.PathLike[str]"]
    Options = Dict[str, Any]
    Command = Callable[..., Optional[int]]

__all__ = ["BaseExtension"]


class BaseExtension(ABC):
    """The base of every extension written in Python. `is_available` and `initialize` must be given, the rest may.

    One object is made for a process, when a conversion or a command first needs it, and it lives to the process's end. Its
    methods are called on threads of pyforge, one call at a time, while the thread that converts waits without the GIL.
    A method that raises, or takes longer than its limit, is told with the extension's name and harms nothing else.

    Attributes:
        name: what it is called; where it is not given, the name of its entry point, by which lists, the command line and the
            log know it in any case, or the class's name in lower case.
        version: "1.0.0" unless given.
        description: one line for lists; unless given the first line of the class's docstring.
        license: for lists, as "MIT".
        enabled: was it not switched off?
        initialized: has `initialize` succeeded, and is it not stopped?

    >>> from pyforge_cli.extensions.base import BaseExtension
    >>> class Careful(BaseExtension):
    ...     \"\"\"Compresses more.\"\"\"
    ...
    ...     def is_available(self):
    ...         return True
    ...
    ...     def initialize(self):
    ...         self.logger.debug("ready")
    ...         return True
    ...
    ...     def enhance_convert_command(self, options):
    ...         options["compression"] = "zstd"
    ...         return options
    ...
    >>> it = Careful()
    >>> it.is_available(), it.initialize(), it.enhance_convert_command({})
    (True, True, {'compression': 'zstd'})
    >>> it.get_commands(), it.hook_environment_detection(), it.hook_performance_optimization("convert", {})
    ({}, {}, {})
    >>> it.hook_pre_conversion("a.csv", "a.parquet", {}), it.hook_post_conversion("a.csv", "a.parquet", {}, True)
    ({}, None)
    >>> it.hook_error_handling(ValueError(), {}), it.get_metadata()["version"]
    (False, '1.0.0')
    >>> it.cleanup(), it.shutdown()
    (None, None)
    """

    name: str = ""
    version: str = "1.0.0"
    description: str = ""
    license: str = "unspecified"
    enabled: bool = True
    initialized: bool = False
    _entry_name: str = ""

    def __init__(self, name: str = "", version: str = "", description: str = "") -> None:
        self.name = name or self.name or type(self).__name__.lower()
        self.version = version or self.version
        self.description = description or self.description

    def __str__(self) -> str:
        return "%s v%s" % (self.name, self.version)

    @property
    def logger(self) -> logging.Logger:
        """Where to log: `pyforge_cli.extensions.NAME`. The command line shows it as --log-level and --log-file say."""
        from . import get_extension_logger

        return get_extension_logger(self._entry_name or self.name)

    # ---- the life of an extension ----

    @abstractmethod
    def is_available(self) -> bool:
        """Can it be used here? Called once, before `initialize`.

        Returns:
            False: it is listed as disabled, and not initialised. To say what is missing raise
            `pyforge_cli.UnavailableError("what to install")`; an ImportError says so of itself.
        """

    @abstractmethod
    def initialize(self) -> bool:
        """Gets ready: heavy imports, connections. Called once; has 30 s, or --extension-timeout.

        Returns:
            False: it could not, and is listed as failed.
        """

    def cleanup(self) -> None:
        """Gives back what `initialize` took. Called by `shutdown`."""
        self.initialized = False

    def shutdown(self) -> None:
        """The end, once for an extension that was initialised: when the process ends, or when it is switched off. Calls the
        earlier program's `hook_shutdown`, if there is one, and `cleanup`. Those started last end first; all together have 5 s."""
        hook = getattr(self, "hook_shutdown", None)
        if callable(hook):
            hook()
        self.cleanup()

    # ---- what it brings ----

    def get_commands(self) -> Dict[str, Command]:
        """Commands of `pyforge NAME COMMAND …`. Called once, before `initialize`: they run also where the extension is not
        available, as those of C do.

        Returns:
            {command: callable}. The callable is given the list of words behind the command, if it takes one, and returns the
            exit code; None is 0. The first line of its docstring is its line in `pyforge NAME --help`. Commands of click fit.
        """
        return {}

    # ---- the parameter phase: before anything is planned; each may change options that the user did not set ----

    def hook_environment_detection(self) -> Dict[str, Any]:
        """Facts about where this runs. Called before the other hooks of a conversion.

        Returns:
            Any facts; they are logged, and given to `hook_error_handling` as context["environment"].
        """
        return {}

    def enhance_convert_command(self, options: Options) -> Options:
        """Changes options of a conversion.

        Args:
            options: all options in force by their names in Python (`compression`, `row_group_rows`): texts, True and False,
                integers, lists. It may be changed in place.

        Returns:
            The options, changed or not; None leaves them as `options` now is. What the user set stays; an unknown option, or
            a wrong value, is told.
        """
        return options

    def hook_performance_optimization(self, operation: str, options: Options) -> Options:
        """Changes options for speed; as `enhance_convert_command`.

        Args:
            operation: "convert".
            options: as for `enhance_convert_command`.

        Returns:
            As for `enhance_convert_command`.
        """
        return options

    def hook_pre_conversion(self, input_file: PathLike, output_file: PathLike, options: Options) -> Optional[Options]:
        """Called once before a conversion, of however many inputs.

        Args:
            input_file: the first input, as it was given, as a `pathlib.Path`.
            output_file: the output that was given, or where that of the first input is expected.
            options: as for `enhance_convert_command`.

        A method that takes them (or `**kwargs`) is also given `converter` (the engine's name), `operation` and `inputs` (all).

        Returns:
            As for `enhance_convert_command`.
        """
        return options

    # ---- the post phase ----

    def hook_post_conversion(self, input_file: PathLike, output_file: PathLike, options: Options, success: bool) -> None:
        """Called for each input that was converted.

        Args:
            input_file: the input.
            output_file: what was written.
            options: those in force.
            success: True; of a failure `hook_error_handling` is told.

        A method that takes it (or `**kwargs`) is also given `result`: the entry of this input as docs/errors.md names it.
        """

    def hook_error_handling(self, error: Exception, context: Dict[str, Any]) -> bool:
        """Called for each input that failed, and once for a conversion that failed before any input.

        Args:
            error: a `pyforge_cli.PyforgeError`.
            context: input_file, output_file, options, converter, operation, environment; it may be changed.

        Returns:
            Was it dealt with? It is logged. The conversion has failed all the same: an extension cannot make a failure a
            success.
        """
        return False

    # ---- telling ----

    def get_metadata(self) -> Dict[str, Any]:
        """name, version, description, enabled, initialized.

        Returns:
            A dictionary of these.
        """
        return {
            "name": self.name,
            "version": self.version,
            "description": self.description,
            "enabled": self.enabled,
            "initialized": self.initialized,
        }


