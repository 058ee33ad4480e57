"""Who converts: engines, which one is taken first, and what happens when it fails."""
from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Protocol, Tuple

    from ... import Result

    class Engine(Protocol):
        """What an engine is. Other packages may bring one and put it into `PyForgeDatabricks.engines`."""

        name: str

        def fit(self, path: str, size_bytes: int, output_format: str, environment: Dict[str, Any]) -> Tuple[float, str]:
            """How well it suits, from 0 (not at all) to 1, and why in a sentence."""
            ...

        def convert(self, input_path: str, output_path: str, output_format: str, options: Dict[str, Any]) -> Result:
            """Converts; raises when it cannot, and leaves nothing behind then."""
            ...


class NativeEngine:
    """pyforge's own: on this machine, with all threads, memory bounded whatever the file's size.

    >>> from pyforge_cli.extensions.databricks.engines import NativeEngine
    >>> engine = NativeEngine()
    >>> engine.fit("orders.csv", 50, "parquet", {})[0], engine.fit("orders.csv", 50, "delta", {})
    (0.9, (0.0, 'it does not write delta'))
    >>> engine.convert("orders.csv", "out.parquet", "parquet", {"force": True}).rows_out
    3
    """

    name = "native"

    def fit(self, path: str, size_bytes: int, output_format: str, environment: Dict[str, Any]) -> Tuple[float, str]:
        """It takes whatever can be read and written here.

        Args:
            path: the file.
            size_bytes: of it.
            output_format: "parquet", "csv".
            environment: of `DatabricksEnvironment.get_environment_info`.

        Returns:
            How well it suits, from 0 to 1, and why.
        """
        from ... import Forge

        if output_format not in {one["name"] for one in Forge().formats() if one["writes"]}:
            return 0.0, "it does not write %s" % output_format
        return 0.9, "%s bytes are read in bounded memory" % "{:,}".format(size_bytes)

    def convert(self, input_path: str, output_path: str, output_format: str, options: Dict[str, Any]) -> Result:
        """Converts with `pyforge_cli.Forge`.

        Args:
            input_path, output_path: the files.
            output_format: "parquet", "csv".
            options: of `Forge.convert`.

        Returns:
            What was done.

        Raises:
            PyforgeError: it could not be done; nothing is left behind.
        """
        from ... import Forge

        return Forge().convert(input_path, output_path, to=output_format, **options)


class ConverterRecommendation:
    """Which engine to take.

    Attributes:
        converter_type: its name.
        confidence: 0 to 1.
        reasons: why, in sentences.
        fallback_options: the names of the others, best first.

    >>> from pyforge_cli.extensions.databricks.engines import ConverterRecommendation
    >>> ConverterRecommendation("native", 0.9, ["it suits"], [])
    ConverterRecommendation('native', 0.90, ['it suits'])
    """

    def __init__(self, converter_type: str, confidence: float, reasons: List[str], fallback_options: List[str]) -> None:
        self.converter_type = converter_type
        self.confidence = confidence
        self.reasons = reasons
        self.fallback_options = fallback_options

    def __repr__(self) -> str:
        return "ConverterRecommendation(%r, %.2f, %r)" % (self.converter_type, self.confidence, self.reasons)


class ConverterSelector:
    """Asks the engines how well they suit.

    Args:
        engines: by name; the order decides between equals.
        environment: answers `get_environment_info()`.

    >>> from pyforge_cli.extensions.databricks import PyForgeDatabricks
    >>> PyForgeDatabricks().converter_selector.select_converter("orders.csv").converter_type
    'native'
    """

    def __init__(self, engines: Dict[str, Engine], environment: Any) -> None:
        self._engines = engines
        self._environment = environment

    def select_converter(
        self, path: Any, output_format: str = "parquet", options: Optional[Dict[str, Any]] = None
    ) -> ConverterRecommendation:
        """The best engine for a file.

        Args:
            path: the file.
            output_format: "parquet", "csv".
            options: `engine` names the one to take.

        Raises:
            UnavailableError: there is none, or not the one that was named; the message says which there are and why not.

        Returns:
            Its name, how well it suits, and the others.
        """
        from ... import UnavailableError

        text = os.fspath(path)
        size = os.path.getsize(text) if os.path.exists(text) else 0
        info = self._environment.get_environment_info()
        fits = {name: _fit(engine, text, size, output_format, info) for name, engine in self._engines.items()}
        names = sorted((name for name in fits if fits[name][0] > 0), key=lambda name: -fits[name][0])
        wanted = (options or {}).get("engine")
        if wanted is not None:
            if wanted not in names:
                why = fits[wanted][1] if wanted in fits else "it is not here"
                raise UnavailableError("engine '%s' cannot be taken: %s; there are %s" % (wanted, why, ", ".join(names) or "none"))
            names = [wanted]
        if not names:
            reasons = "; ".join("%s: %s" % (name, fits[name][1]) for name in fits)
            raise UnavailableError("no engine can make %s of '%s' (%s); 'pyforge formats' lists what can be written"
                                   % (output_format, text, reasons))
        return ConverterRecommendation(names[0], fits[names[0]][0], [fits[names[0]][1]], names[1:])


def _fit(engine: Engine, path: str, size_bytes: int, output_format: str, environment: Dict[str, Any]) -> Tuple[float, str]:
    """What the engine answers; one that fails suits not at all."""
    try:
        return engine.fit(path, size_bytes, output_format, environment)
    except Exception as error:
        return 0.0, "it failed when it was asked: %s" % error


class FallbackResult:
    """What came of the engines' attempts.

    Attributes:
        success: did one succeed?
        final_converter: its name; None when none did.
        attempts: [{converter, reason, error}] of those that failed, in order.
        total_duration: seconds.
        result: what the one that succeeded did, or None.

    >>> from pyforge_cli.extensions.databricks.engines import FallbackResult
    >>> FallbackResult([], 0.1, None, None).success
    False
    """

    def __init__(self, attempts: List[Dict[str, str]], total_duration: float, name: Optional[str], result: Optional[Result]) -> None:
        self.success = result is not None
        self.final_converter = name
        self.attempts = attempts
        self.total_duration = total_duration
        self.result = result


class FallbackManager:
    """Takes one engine after the other until one succeeds, at most three.

    Args:
        engines: by name.

    >>> from pyforge_cli.extensions.databricks.engines import ConverterRecommendation, FallbackManager, NativeEngine
    >>> manager = FallbackManager({"native": NativeEngine()})
    >>> chosen = ConverterRecommendation("native", 0.9, [], [])
    >>> manager.execute_with_fallback("missing.csv", "out.parquet", "parquet", chosen, {}).success
    False
    >>> manager.get_failure_report()["total_failures"]
    1
    >>> manager.clear_failure_history()
    """

    most_attempts = 3

    def __init__(self, engines: Dict[str, Engine]) -> None:
        self._engines = engines
        self._failures: List[Dict[str, str]] = []

    def execute_with_fallback(
        self, input_path: str, output_path: str, output_format: str, recommendation: ConverterRecommendation, options: Dict[str, Any]
    ) -> FallbackResult:
        """Converts with the recommended engine, else with the next.

        Args:
            input_path, output_path: the files.
            output_format: "parquet", "csv".
            recommendation: which to take, and which then.
            options: of `Forge.convert`.

        Returns:
            Which one succeeded, and how the others failed.
        """
        started = time.monotonic()
        attempts: List[Dict[str, str]] = []
        for name in [recommendation.converter_type, *recommendation.fallback_options][: self.most_attempts]:
            try:
                result = self._engines[name].convert(input_path, output_path, output_format, options)
            except Exception as error:
                attempts.append({"converter": name, "reason": _reason(error), "error": str(error)})
                self._failures.append(attempts[-1])
                continue
            return FallbackResult(attempts, time.monotonic() - started, name, result)
        return FallbackResult(attempts, time.monotonic() - started, None, None)

    def get_failure_report(self) -> Dict[str, Any]:
        """total_failures; by_converter and by_reason: how many, and the last three errors.

        Returns:
            A dictionary of these.
        """

        def group(key: str) -> Dict[str, Dict[str, Any]]:
            return {
                value: {
                    "count": sum(one[key] == value for one in self._failures),
                    "recent_errors": [one["error"] for one in self._failures if one[key] == value][-3:],
                }
                for value in {one[key] for one in self._failures}
            }

        return {"total_failures": len(self._failures), "by_converter": group("converter"), "by_reason": group("reason")}

    def clear_failure_history(self) -> None:
        """Forgets what failed."""
        self._failures.clear()


def _reason(error: Exception) -> str:
    from ... import UnavailableError, UnsupportedError

    if isinstance(error, MemoryError):
        return "memory_error"
    if isinstance(error, UnavailableError):
        return "converter_not_available"
    return "format_not_supported" if isinstance(error, UnsupportedError) else "conversion_error"
