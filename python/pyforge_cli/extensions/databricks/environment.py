"""Where this process runs, in the earlier program's words, by what the native extension finds out."""
from __future__ import annotations

import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

_KEPT_SECONDS = 300.0


class RuntimeVersionDetector:
    """Versions of the Databricks Runtime.

    Args:
        runtime_version: a version text ("15.4.x-scala2.12", "client.5.1"); None takes that of this process.

    >>> from pyforge_cli.extensions.databricks.environment import RuntimeVersionDetector
    >>> parsed = RuntimeVersionDetector().parse_version("13.3.x-ml-scala2.12")
    >>> parsed["major"], parsed["minor"], parsed["is_lts"], parsed["is_ml"], parsed["scala_version"]
    (13, 3, True, True, '2.12')

    >>> detector = RuntimeVersionDetector("13.3.x-scala2.12")
    >>> detector.compare_versions("13.3.x", "12.2.x"), detector.check_compatibility("14.0")
    (1, False)
    """

    def __init__(self, runtime_version: Optional[str] = None) -> None:
        self.runtime_version = runtime_version

    def _text(self, given: Optional[str]) -> str:
        from ._native_door import facts

        text = given or self.runtime_version
        return text or _value(facts(), "runtime") or ""

    def parse_version(self, version: Optional[str] = None) -> Dict[str, Any]:
        """What a version text says: raw, major, minor, patch, variant, scala_version, spark_version, is_lts, is_serverless,
        is_ml, is_gpu, is_photon. What it does not say is None, of a text that is no version everything.

        Args:
            version: the text; None takes the detector's.

        Returns:
            A dictionary of these.
        """
        from ._native_door import facts

        text = self._text(version)
        found = facts(text) if text else {}
        numbers = _numbers(_value(found, "runtime-version"))
        tags = text.lower().split("-")[1:] if numbers else []
        serverless = _value(found, "compute") == "serverless"
        return {
            "raw": text or None,
            "major": numbers[0] if numbers else None,
            "minor": numbers[1] if len(numbers) > 1 else None,
            "patch": numbers[2] if len(numbers) > 2 else None,
            "variant": next((tag for tag in ("ml", "serverless", "gpu", "photon") if tag in tags), None),
            "scala_version": _value(found, "scala-version"),
            "spark_version": _value(found, "spark-version"),
            "is_lts": _value(found, "lts") == "yes",
            "is_serverless": serverless,
            "is_ml": "ml" in tags,
            "is_gpu": "gpu" in tags,
            "is_photon": "photon" in tags,
        }

    def compare_versions(self, first: str, second: str) -> int:
        """1, 0 or −1: is the first newer, the same as far as both say, or older? 0 too where one is no version.

        Args:
            first, second: version texts.

        Returns:
            1, 0 or -1.
        """
        one, other = (self._numbers_of(text) for text in (first, second))
        pairs = list(zip(one, other))
        return next(((a > b) - (a < b) for a, b in pairs if a != b), 0)

    def check_compatibility(self, required: str) -> bool:
        """Is the runtime at least that version?

        Args:
            required: a version text.

        Returns:
            True or False; False where no version is known.
        """
        own = self._numbers_of(None)
        return bool(own) and self.compare_versions(self._text(None), required) >= 0

    def _numbers_of(self, text: Optional[str]) -> List[int]:
        from ._native_door import facts

        text = self._text(text)
        return _numbers(_value(facts(text), "runtime-version")) if text else []


class DatabricksEnvironment:
    """Where this process runs. What was found is kept for five minutes, or until `clear_cache()`.

    >>> from pyforge_cli.extensions.databricks.environment import DatabricksEnvironment
    >>> environment = DatabricksEnvironment()
    >>> environment.get_environment_info()["compute_type"] == environment.compute_type
    True
    >>> environment.is_serverless == (environment.compute_type == "serverless")
    True
    >>> environment.is_databricks or environment.runtime_version is None
    True
    >>> environment.clear_cache()
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: Optional[Tuple[float, Dict[str, Any]]] = None

    def clear_cache(self) -> None:
        """Looks anew at the next question."""
        with self._lock:
            self._kept = None

    def get_environment_info(self) -> Dict[str, Any]:
        """All answers in one dictionary.

        Returns:
            is_databricks, compute_type ("classic", "serverless", "unknown"), runtime_version, runtime_major, runtime_minor,
            is_lts, spark_version, python_version, has_unity_catalog, has_pyspark, detected_at (ISO 8601), is_serverless,
            serverless_version ("v5"), spark_connect_enabled; on serverless compute serverless_features too. facts has each
            native answer with its confidence and evidence.
        """
        with self._lock:
            if self._kept is None or time.monotonic() - self._kept[0] > _KEPT_SECONDS:
                self._kept = (time.monotonic(), _look())
            return dict(self._kept[1])

    @property
    def is_databricks(self) -> bool:
        """Is this compute of Databricks?"""
        return bool(self.get_environment_info()["is_databricks"])

    @property
    def compute_type(self) -> str:
        """ "classic", "serverless" or "unknown"."""
        return str(self.get_environment_info()["compute_type"])

    @property
    def is_serverless(self) -> bool:
        """Is it serverless compute?"""
        return self.compute_type == "serverless"

    @property
    def runtime_version(self) -> Optional[str]:
        """The version text of the runtime, or None."""
        version: Optional[str] = self.get_environment_info()["runtime_version"]
        return version


def _value(found: Dict[str, Dict[str, str]], key: str) -> Optional[str]:
    fact = found.get(key)
    return fact["value"] if fact and fact["confidence"] != "unknown" else None


def _numbers(text: Optional[str]) -> List[int]:
    return [int(part) for part in (text or "").split(".") if part.isdigit()]


def _look() -> Dict[str, Any]:
    import datetime
    import importlib.util
    import platform

    from ._native_door import facts

    found = facts()
    here = _value(found, "databricks") == "yes"
    numbers = _numbers(_value(found, "runtime-version")) if here else []
    compute = (_value(found, "compute") or "unknown") if here else "unknown"
    environment = _value(found, "environment-version")
    info: Dict[str, Any] = {
        "is_databricks": here,
        "compute_type": compute,
        "runtime_version": _value(found, "runtime") if here else None,
        "runtime_major": numbers[0] if numbers else None,
        "runtime_minor": numbers[1] if len(numbers) > 1 else None,
        "is_lts": _value(found, "lts") == "yes",
        "spark_version": _value(found, "spark-version"),
        "python_version": platform.python_version(),
        "has_unity_catalog": _value(found, "volumes") == "yes",
        "has_pyspark": importlib.util.find_spec("pyspark") is not None,
        "detected_at": datetime.datetime.now().isoformat(),
        "is_serverless": compute == "serverless",
        "serverless_version": "v" + environment if environment else None,
        "spark_connect_enabled": _value(found, "spark-connect") == "yes",
        "facts": found,
    }
    if info["is_serverless"]:
        info["serverless_features"] = {
            "auto_scaling": True,
            "photon_enabled": True,
            "unity_catalog_only": True,
            "spark_connect": True,
            "version": info["serverless_version"],
            "no_spark_configs": True,
            "volume_only_storage": True,
        }
    return info
