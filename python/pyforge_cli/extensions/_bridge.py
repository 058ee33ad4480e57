"""Between the core's registry and extensions written in Python. native_extension.c calls this, on threads of the core and in the
main interpreter; pyforge_cli imports it only when a package has such an extension."""
from __future__ import annotations

import logging
import os
import threading

from .._errors import ArgumentError, PyforgeError, UnavailableError, make
from .base import BaseExtension

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType
    from typing import Any, Callable, Dict, List, Optional, Tuple

    from .. import _native

    Options = Dict[str, Any]

_SEPARATOR = "\x1f"
_END_SECONDS = 5.0  # for all shutdowns together
_logger = logging.getLogger("pyforge_cli.extensions")
_logger.addHandler(logging.NullHandler())  # who wants to see it adds a handler; the program shows it as its options say
_lock = threading.Lock()
_loaded: Dict[Tuple[int, str, str], Loaded] = {}  # by process, name and entry
_started: List[Loaded] = []


# ---- what goes wrong ----


def reason(error: Optional[BaseException], trace: Optional[TracebackType]) -> Tuple[bool, str]:
    """(is it unavailable here?, the text) of an exception out of an extension."""
    import traceback

    if error is None:
        return False, "it failed without an exception; mend the extension"
    if _logger.isEnabledFor(logging.DEBUG):
        _logger.debug("%s", "".join(traceback.format_exception(type(error), error, trace)))
    if isinstance(error, UnavailableError):
        return True, error.message
    if isinstance(error, PyforgeError):
        return False, error.message
    if isinstance(error, SystemExit):
        return False, "it ended with SystemExit(%s); mend the extension" % error.code
    if isinstance(error, SyntaxError):
        return False, "%s in %s, line %s; mend the extension" % (error.msg, error.filename, error.lineno)
    text = "%s: %s" % (type(error).__name__, error) if str(error) else type(error).__name__
    if isinstance(error, ModuleNotFoundError) and error.name:
        return False, "%s; install what brings '%s'" % (error, error.name.partition(".")[0])
    if isinstance(error, ImportError):
        return False, "%s; install or mend it" % error
    frames = traceback.extract_tb(trace) if trace else []
    place = " (%s, line %s)" % (frames[-1].filename, frames[-1].lineno) if frames else ""
    return False, "%s%s; mend the extension" % (text.replace("\n", " "), place)


class _Told(PyforgeError):
    """A failure with its whole text."""


# ---- signatures ----


def _call(method: Callable[..., Any], published: Dict[str, Any], more: Optional[Dict[str, Any]] = None) -> Any:
    """Calls a hook with what its signature takes: hooks written to the published signature, by whatever names, and hooks with
    **kwargs, which the earlier program alone could call."""
    import inspect

    given = {**published, **(more or {})}
    try:
        parameters = list(inspect.signature(method).parameters.values())
    except (TypeError, ValueError):  # not written in Python
        return method(*published.values())
    by_place: List[Any] = []
    by_name: Dict[str, Any] = {}
    rest = list(published)
    named = {parameter.name for parameter in parameters}
    skipped = False
    for parameter in parameters:
        if parameter.kind is parameter.VAR_KEYWORD:
            by_name.update((name, given[name]) for name in given if name not in named and (name in rest or name not in published))
        elif parameter.kind is parameter.VAR_POSITIONAL:
            by_place += [published[name] for name in rest]
            rest = []
        elif parameter.kind is parameter.KEYWORD_ONLY:
            if parameter.name in given:
                by_name[parameter.name] = given[parameter.name]
        elif parameter.name in given:
            if skipped:
                by_name[parameter.name] = given[parameter.name]
            else:
                by_place.append(given[parameter.name])
            if parameter.name in rest:
                rest.remove(parameter.name)
        elif rest and parameter.default is parameter.empty:
            by_place.append(published[rest.pop(0)])
        else:
            skipped = True  # one of the hook's own: what comes behind it is given by name
    return method(*by_place, **by_name)


# ---- options as Python has them ----

_kinds: Dict[str, str] = {}


def _option_kinds() -> Dict[str, str]:
    """Key → kind of every option of pyforge's own."""
    if not _kinds:
        from .. import _native

        forge = _native.forge()
        scopes: List[Optional[str]] = [None]
        for one in forge.formats():
            scopes += ["<" + one["name"], ">" + one["name"]]
        found = {option["key"]: option["kind"] for scope in scopes for option in forge.options(scope)}
        _kinds.update(found)
    return _kinds


def _value_of(kind: str, text: str) -> Any:
    if kind == "flag":
        return text != "false"
    if kind == "list":
        return text.split(_SEPARATOR) if text else []
    if kind in ("integer", "size") and text.lstrip("-").isdigit():
        return int(text)
    return text


def _options_of(host: _native.Host) -> Options:
    options: Options = {}
    for key, kind in _option_kinds().items():
        text = host.get(key)
        if text is not None:
            options[key.replace("-", "_")] = _value_of(kind, text)
    return options


def _set_changed(host: _native.Host, before: Options, after: Options) -> None:
    from .._forge import _text_of

    wrong = []
    for name, value in after.items():
        if value is None or (name in before and before[name] == value):
            continue
        try:
            told = host.set(name.rstrip("_").replace("_", "-"), _text_of(name, value))
        except ArgumentError as error:
            told = error.message
        if told:
            wrong.append(told)
    if wrong:
        raise _Told("; ".join(wrong))


def _where_to(input_file: str, output: Optional[str], options: Options) -> str:
    """Where the output is expected."""
    suffix = "." + str(options.get("format") or "parquet")
    stem = os.path.splitext(input_file)[0]
    if not output:
        return stem + suffix
    if output.endswith("/") or os.path.isdir(output):
        return os.path.join(output, os.path.basename(stem) + suffix)
    return output


# ---- one extension ----


class _Command:
    """A command as the core lists it."""

    def __init__(self, name: str, call: Callable[..., Any]) -> None:
        self.name = name
        self.call = call
        text = getattr(call, "help", None) or getattr(call, "__doc__", None) or ""
        self.summary = (text.strip().splitlines() or [""])[0]


class Loaded:
    """An extension of this process, as the core calls it."""

    descriptor: Any = None  # native_extension.c's

    def __init__(self, name: str, it: BaseExtension) -> None:
        self.name = it._entry_name = name
        self.it = it
        if getattr(it, "name", "") in ("", type(it).__name__.lower()):
            it.name = name
        self.version = str(getattr(it, "version", "") or "unknown")
        self.license = str(getattr(it, "license", "") or "unspecified")
        lines = str(getattr(it, "description", "") or type(it).__doc__ or "").strip().splitlines()
        self.summary = lines[0] if lines else ""
        self.commands = self._commands()
        own = self._has
        self.has_post = own("hook_post_conversion") or own("hook_error_handling")
        self.has_parameter = (
            own("enhance_convert_command")
            or own("hook_pre_conversion")
            or own("hook_performance_optimization")
            or own("hook_environment_detection")
        )
        self.running = threading.Lock()  # start and stop, one at a time
        self.stopped = False
        self.environment: Dict[str, Any] = {}

    def _has(self, method: str) -> bool:
        return getattr(type(self.it), method, None) is not getattr(BaseExtension, method) or method in vars(self.it)

    def _commands(self) -> List[_Command]:
        import re

        found: List[_Command] = []
        self.complaints: List[str] = []
        try:
            given = self.it.get_commands() or {}
            for name, call in given.items():
                plain = re.sub(r"[^a-z0-9._-]+", "-", str(name).lower()).strip("-")
                if plain and callable(call):
                    found.append(_Command(plain[:64], call))
                else:
                    self.complaints.append("command %r is nothing that can be called" % (name,))
        except Exception as error:
            self.complaints.append("get_commands failed: %s" % reason(error, error.__traceback__)[1])
        return found

    # ---- life ----

    def start(self, host: _native.Host) -> None:
        """is_available and initialize, unless that was done for another forge of this process."""
        while self.complaints:  # nobody could hear them before
            _logger.warning("extension '%s': %s", self.name, self.complaints.pop(0))
        with self.running:
            if self.it.initialized and self in _started:
                return
            try:
                if not self.it.is_available():
                    raise UnavailableError("it says that it is not available here")
                done = self.it.initialize()
            except ImportError as error:
                raise UnavailableError(reason(error, error.__traceback__)[1])
            if done is False:
                raise _Told("initialize() answered False; its log may say why (--log-level debug)")
            self.it.initialized = True
            self.stopped = False
            _started.append(self)

    def stop(self) -> None:
        """shutdown, once."""
        with self.running:
            if self not in _started:
                return
            _started.remove(self)
            self.stopped = True
            try:
                self.it.shutdown()
            except Exception as error:
                _logger.warning("extension '%s': shutdown failed: %s", self.name, reason(error, error.__traceback__)[1])
            self.it.initialized = False

    # ---- hooks ----

    def _guard(self, wrong: List[str], method: str, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            wrong.append("%s: %s" % (method, reason(error, error.__traceback__)[1]))
            return None

    def _tell(self, wrong: List[str]) -> None:
        """The first failure becomes a notice, all are in the log."""
        _flush()
        for text in wrong:
            _logger.warning("extension '%s': %s", self.name, text)
        if wrong:
            more = "" if len(wrong) == 1 else " (and %d more, which the log has)" % (len(wrong) - 1)
            raise _Told(wrong[0] + more)

    def _context(self, options: Options) -> Dict[str, Any]:
        return {"converter": "native", "operation": "convert", "options": options}

    def parameter(self, host: _native.Host) -> None:
        """The hooks before a conversion; what they changed is set."""
        if self.stopped:
            return
        from pathlib import Path

        wrong: List[str] = []
        before = _options_of(host)
        options = {name: list(value) if isinstance(value, list) else value for name, value in before.items()}
        inputs = (host.get("input") or "").split(_SEPARATOR)
        published: Dict[str, Any] = {
            "input_file": Path(inputs[0]),
            "output_file": Path(_where_to(inputs[0], host.get("output"), options)),
            "options": options,
        }
        more = {**self._context(options), "inputs": inputs}
        if self._has("hook_environment_detection"):
            found = self._guard(wrong, "hook_environment_detection", self.it.hook_environment_detection)
            if isinstance(found, dict):
                self.environment = found
                _logger.debug("extension '%s': environment: %s", self.name, found)

        def change(method: str, given: Dict[str, Any]) -> None:
            if self._has(method):
                answer = self._guard(wrong, method, lambda: _call(getattr(self.it, method), given, more))
                if isinstance(answer, dict) and answer is not options:
                    options.update(answer)

        change("enhance_convert_command", {"options": options})
        change("hook_performance_optimization", {"operation": "convert", "options": options})
        change("hook_pre_conversion", published)
        self._guard(wrong, "options", lambda: _set_changed(host, before, options))
        self._tell(wrong)

    def post(self, host: _native.Host) -> None:
        """The hooks after a conversion, for each of its inputs."""
        if self.stopped:
            return
        import json

        wrong: List[str] = []
        options = _options_of(host)
        files = [file for file in json.loads(host.result("json") or "{}").get("files", []) if file.get("status") != "skipped"]
        status, message = host.result("status") or "OK", host.result("message") or ""
        for file in files:
            if file.get("status") == "ok":
                self._tell_done(wrong, file, options)
            else:
                told = file.get("error", {})
                error = make(
                    told.get("code", 0), told.get("message", ""), told.get("where", ""), told.get("row", -1), told.get("byte", -1), None
                )
                self._tell_failed(wrong, error, file, options)
        if not files and status != "OK":
            first = (host.get("input") or "").split(_SEPARATOR)[0]
            self._tell_failed(wrong, _named(status, message), {"input": first, "output": host.get("output")}, options)
        self._tell(wrong)

    def _tell_done(self, wrong: List[str], file: Dict[str, Any], options: Options) -> None:
        if not self._has("hook_post_conversion"):
            return
        from pathlib import Path

        published = {
            "input_file": Path(file.get("input") or ""),
            "output_file": Path(file.get("output") or ""),
            "options": options,
            "success": True,
        }
        more = {**self._context(options), "result": file}
        self._guard(wrong, "hook_post_conversion", lambda: _call(self.it.hook_post_conversion, published, more))

    def _tell_failed(self, wrong: List[str], error: PyforgeError, file: Dict[str, Any], options: Options) -> None:
        if not self._has("hook_error_handling"):
            return
        from pathlib import Path

        context = {
            **self._context(options),
            "input_file": Path(file.get("input") or ""),
            "output_file": Path(file.get("output") or ""),
            "environment": self.environment,
        }
        more = {**context, "error": error}
        published = {"error": error, "context": context}
        if self._guard(wrong, "hook_error_handling", lambda: _call(self.it.hook_error_handling, published, more)):
            _logger.info("extension '%s': dealt with the error; the conversion has failed all the same", self.name)

    # ---- commands ----

    def run(self, words: List[str]) -> int:
        """words: the command and what stands behind it. Its exit code."""
        import inspect
        import sys

        call = next(command.call for command in self.commands if command.name == words[0])
        try:
            takes = bool(inspect.signature(call).parameters)
        except (TypeError, ValueError):
            takes = True
        try:
            answer = call(words[1:]) if takes else call()
            return _exit_code(answer) if isinstance(answer, int) else 0
        except SystemExit as end:
            if end.code is None or isinstance(end.code, int):
                return _exit_code(end.code or 0)
            sys.stderr.write("%s\n" % end.code)
            return 1
        except KeyboardInterrupt:
            return 130
        except Exception as error:
            sys.stderr.write("extension '%s': %s: %s\n" % (self.name, words[0], reason(error, error.__traceback__)[1]))
            return 1
        finally:
            _flush()


def _exit_code(number: int) -> int:
    """What a process can end with: what is none has failed."""
    return int(number) if 0 <= number <= 255 else 1


def _flush() -> None:
    """What was printed keeps its place among what the program prints."""
    import sys

    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def _named(status: str, message: str) -> PyforgeError:
    from .. import _native

    number = next((number for number, name, _ in _native.status_list() if name == status), 0)
    return make(number, message, "", -1, -1, None)


# ---- finding ----


def load(name: str, entry: str) -> Loaded:
    """The extension that an entry point names, imported and made once in a process."""
    key = (os.getpid(), name, entry)
    with _lock:
        held = _loaded.get(key)
    if held is not None:
        return held
    import importlib

    module_name, _, path = entry.partition(":")
    found: Any = importlib.import_module(module_name)
    for part in path.split("."):
        found = getattr(found, part)
    if not (isinstance(found, type) and issubclass(found, BaseExtension)):
        raise _Told("'%s' is no class derived from pyforge_cli.extensions.base.BaseExtension; mend the extension" % entry)
    made = Loaded(name, found())
    with _lock:
        return _loaded.setdefault(key, made)


def find(name: str) -> Optional[Loaded]:
    """The extension of that name, if it is loaded."""
    with _lock:
        return next((it for (process, known, _), it in _loaded.items() if process == os.getpid() and known == name), None)


# ---- the log of the program ----


class _Passed(logging.Handler):
    """Hands records to the core, whose log the program shows."""

    def __init__(self, host: _native.Host) -> None:
        super().__init__()
        self.host = host

    def emit(self, record: logging.LogRecord) -> None:
        level = 1 if record.levelno >= 40 else 2 if record.levelno >= 30 else 3 if record.levelno >= 20 else 4
        name = record.name[len("pyforge_cli.extensions.") :]
        self.host.log(level, "%s%s" % ("[%s] " % name if name else "", record.getMessage()))


_passed: List[_Passed] = []


def log_to(host: _native.Host) -> None:
    """From here on the log of extensions goes to that host."""
    with _lock:
        if not _passed:
            _passed.append(_Passed(host))
            _logger.addHandler(_passed[0])
            _logger.setLevel(logging.DEBUG)
            _logger.propagate = False
        _passed[0].host = host


# ---- the end ----


def _stop_all() -> None:
    for it in list(reversed(_started)):
        if (os.getpid(), it.name) in {(process, name) for process, name, _ in _loaded}:
            it.stop()


def _end() -> None:
    from .. import _native

    _native.end_all()
    if not _native.end_extensions(_stop_all, _END_SECONDS):
        _logger.warning("extensions: a shutdown took more than %g s and was left alone", _END_SECONDS)


def _at_exit() -> None:
    import atexit

    atexit.register(_end)


_at_exit()
