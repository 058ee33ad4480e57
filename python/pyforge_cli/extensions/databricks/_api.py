"""PyForgeDatabricks: Forge as the earlier program's notebooks call it. Nothing here raises; errors are told in dictionaries."""
from __future__ import annotations

import os
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

    from ... import Report, Result
    from .engines import Engine, FallbackResult

_LARGE_BYTES = 10 << 30
_PLAIN_ENCODINGS = ("utf-8", "ascii", "latin-1", "iso-8859-1")
_NO_LONGER = ("force_core", "force_pandas", "force_spark", "infer_schema", "sheet_matching_strategy", "include_sheet_name",
              "flatten_nested", "array_handling")


class PyForgeDatabricks:
    """Conversions, facts and volumes, in dictionaries.

    Args:
        spark_session: kept as `spark`, for engines that work with it.
        auto_init: look now where this runs; else at the first question.
        engines: more engines to convert with, asked before pyforge's own.

    Attributes:
        spark: the session, or None.
        environment: a `DatabricksEnvironment`.
        engines: by name, in the order in which equals are taken.
        converter_selector, fallback_manager: which engine is taken, and what happens when it fails.
        volume_ops: a `VolumeOperations`.
        stats: counts of this object's conversions.

    >>> from pyforge_cli.extensions.databricks import PyForgeDatabricks
    >>> forge = PyForgeDatabricks()
    >>> forge.convert("missing.csv")["error"]
    'Input file not found: missing.csv'

    >>> told = forge.convert("orders.csv", "out.parquet")
    >>> told["success"], told["converter_used"], told["rows_processed"]
    (True, 'native', 3)
    >>> [one["success"] for one in forge.batch_convert("ord*.csv", "out")]
    [True]
    >>> forge.get_info("orders.csv")["columns"], forge.validate("orders.csv")["is_valid"]
    (['id', 'customer', 'amount'], True)
    >>> forge.initialize(), "compute_type" in forge.get_environment_info(), forge.get_statistics()["failed_conversions"]
    (True, True, 1)
    >>> forge.install_sample_datasets()["success"]
    False
    """

    def __init__(self, spark_session: Any = None, auto_init: bool = True, engines: Optional[List[Engine]] = None) -> None:
        from .engines import ConverterSelector, FallbackManager, NativeEngine
        from .environment import DatabricksEnvironment
        from .volume_operations import VolumeOperations

        self.spark = spark_session
        self.environment = DatabricksEnvironment()
        self.engines: Dict[str, Engine] = {engine.name: engine for engine in [*(engines or []), NativeEngine()]}
        self.converter_selector = ConverterSelector(self.engines, self.environment)
        self.fallback_manager = FallbackManager(self.engines)
        self.volume_ops = VolumeOperations(spark_session)
        self.stats: Dict[str, int] = {"total": 0, "successful": 0, "failed": 0, "bytes": 0}
        self._started = time.monotonic()
        if auto_init:
            self.initialize()

    def initialize(self) -> bool:
        """Looks where this runs; False when that cannot be found out.

        Returns:
            True or False.
        """
        from ... import PyforgeError
        from ..._log import complain

        try:
            self.environment.get_environment_info()
        except PyforgeError as error:
            complain(error)
            return False
        return True

    # ---- convert ----

    def convert(self, input_path: Any, output_path: Any = None, format: Optional[str] = None, **options: Any) -> Dict[str, Any]:
        """Converts a file. An output that is there is replaced, the input never.

        Args:
            input_path: the file.
            output_path: without it NAME_converted.FORMAT beside the input; without a suffix it gets one. An input of several
                tables makes a folder of that name.
            format: "parquet", "csv"; without it by the output's suffix, else Parquet. `output_format` is the same.
            options: those of `Forge.convert`; `engine` names the engine; and as they were documented once: `csv_options`
                (delimiter, encoding), `excel_options` (combine_sheets, sheets), `xml_options`.

        Returns:
            success True: input_path, output_path, outputs, output_format, converter_used (and processing_engine),
            duration_seconds (and duration), file_size_bytes, rows_processed (and row_count), warnings (texts), environment
            {compute_type, runtime_version}. success False: input_path, error, duration_seconds; when engines were tried also
            attempts and fallback_history [{converter, reason, error}].
        """
        started = time.monotonic()
        path = str(input_path)
        self.stats["total"] += 1
        try:
            path = os.fsdecode(input_path)
            told = self._convert(path, output_path, options.pop("output_format", None) or format, options)
        except Exception as error:
            told = {"success": False, "input_path": path, "error": str(error)}
        self.stats["successful" if told["success"] else "failed"] += 1
        told["duration_seconds"] = told["duration"] = time.monotonic() - started
        return told

    def _convert(self, path: str, output_path: Any, format: Optional[str], options: Dict[str, Any]) -> Dict[str, Any]:
        if not os.path.exists(self._opened(path)):
            return {"success": False, "input_path": path, "error": "Input file not found: " + path}
        engine = options.pop("engine", None)
        plain, warnings = _plain_options(options)
        output, format = _output_of(path, output_path, format)
        chosen = self.converter_selector.select_converter(path, format, {"engine": engine})
        output = self._room_for(path, output, plain, warnings)
        tried = self.fallback_manager.execute_with_fallback(path, output, format, chosen, plain)
        if tried.result is None:
            return {
                "success": False,
                "input_path": path,
                "error": tried.attempts[-1]["error"] if tried.attempts else "no engine was tried",
                "attempts": len(tried.attempts),
                "fallback_history": tried.attempts,
            }
        return self._told(path, output, format, tried, tried.result, warnings)

    def _told(
        self, path: str, output: str, format: str, tried: FallbackResult, result: Result, warnings: List[str]
    ) -> Dict[str, Any]:
        info = self.environment.get_environment_info()
        size = os.path.getsize(self._opened(path))
        self.stats["bytes"] += size
        warnings += ["%(converter)s failed: %(error)s" % attempt for attempt in tried.attempts]
        return {
            "success": True,
            "input_path": path,
            "output_path": output.rstrip("/"),
            "outputs": result.outputs,
            "output_format": format,
            "converter_used": tried.final_converter,
            "processing_engine": tried.final_converter,
            "attempts": len(tried.attempts),
            "fallback_history": tried.attempts,
            "file_size_bytes": size,
            "rows_processed": result.rows_out,
            "row_count": result.rows_out,
            "warnings": warnings + [repr(notice) for notice in result.warnings],
            "environment": {"compute_type": info["compute_type"], "runtime_version": info["runtime_version"]},
        }

    @staticmethod
    def _room_for(path: str, output: str, options: Dict[str, Any], warnings: List[str]) -> str:
        """A folder where the input has several tables that are not combined."""
        from ... import Forge, PyforgeError

        if output.endswith("/") or options.get("combine") or os.path.splitext(path)[1].lower() in (".csv", ".tsv", ".txt"):
            return output
        try:
            reading = {key: options[key] for key in ("sheet", "table", "range", "password", "hidden") if key in options}
            tables = list(Forge().read(path, **reading))
        except PyforgeError:
            return output  # the conversion tells what is wrong
        if len(tables) < 2:
            return output
        warnings.append("%d tables (%s): each is a file of the folder %s" % (len(tables), ", ".join(tables), output))
        return output + "/"

    def _opened(self, path: str) -> str:
        """How a process on the driver opens it."""
        parts = self.volume_ops.parse_volume_path(path)
        return path if parts is None else "/".join(["/Volumes", *(part for part in parts.values() if part)])

    def batch_convert(
        self, file_pattern: Any = None, output_dir: Any = None, format: str = "parquet", parallel: bool = True, **options: Any
    ) -> List[Dict[str, Any]]:
        """Converts many files into a folder, which is made when it is not there.

        Args:
            file_pattern: a pattern ("in/*.csv") or a list of paths; `pattern` is the same.
            output_dir: the folder; the outputs are called as the inputs, and two of one name get a number: a.parquet, a_2.parquet.
            format: "parquet", "csv".
            parallel: several at the same time.
            options: as for `convert`.

        Returns:
            What `convert` tells of each, in the order of their names; an empty list when nothing fits the pattern.
        """
        import glob

        wanted = options.pop("pattern", file_pattern)
        format = options.pop("output_format", None) or format
        if isinstance(wanted, (str, os.PathLike)):
            paths = sorted(glob.glob(os.fsdecode(wanted)))
        else:
            paths = [os.fsdecode(path) for path in wanted or []]
        outputs = _outputs_of(paths, os.fsdecode(output_dir) if output_dir is not None else "", format)

        def one(path: str, output: str) -> Dict[str, Any]:
            return self.convert(path, output, format, **options)

        if not paths or not parallel:
            return list(map(one, paths, outputs))
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(max_workers=min(len(paths), os.cpu_count() or 1)) as pool:
            return list(pool.map(one, paths, outputs))

    # ---- looking ----

    def get_info(self, path: Any) -> Dict[str, Any]:
        """What a file is.

        Returns:
            path, exists, format (the suffix; "unknown" without one), is_volume; where it is there size (bytes) and modified
            (ISO 8601). Of a volume's catalog, schema and volume; exists is None where nobody can tell. Of tables: columns,
            column_count and schema of the first; of workbooks excel_sheets (and sheets) and sheet_count; of CSV encoding,
            delimiter and has_header. error: why there is no more.

        Args:
            path: a file, or a path of a volume.
        """
        text = str(path)
        info: Dict[str, Any] = {"path": text, "exists": False, "format": os.path.splitext(text)[1][1:].lower() or "unknown"}
        try:
            self._fill_info(info, os.fsdecode(path))
        except Exception as error:
            info["error"] = str(error)
        return info

    def _fill_info(self, info: Dict[str, Any], path: str) -> None:
        import datetime

        parts = self.volume_ops.parse_volume_path(path)
        info["is_volume"] = parts is not None
        if parts is not None:
            info.update({key: parts[key] for key in ("catalog", "schema", "volume")})
            if not self.volume_ops.is_mounted():
                info["exists"] = None
                found = self.volume_ops.get_file_info(path)
                info["exists"] = found is not None
                if found is not None:
                    info.update(size=found.size, modified=found.modified_time)
                return
        path = self._opened(path)
        if not os.path.exists(path):
            return
        facts = os.stat(path)
        info.update(exists=True, size=facts.st_size, modified=datetime.datetime.fromtimestamp(facts.st_mtime).isoformat())
        if os.path.isfile(path) and facts.st_size:
            info.update(_facts_of(_looked_at(path)))

    def validate(self, path: Any) -> Dict[str, Any]:
        """Whether a file can be converted: it is read whole.

        Returns:
            path, is_valid (and valid), issues and warnings (texts).

        Args:
            path: a file, or a path of a volume.
        """
        text = str(path)
        issues: List[str] = []
        warnings: List[str] = []
        try:
            self._find_issues(os.fsdecode(path), issues, warnings)
        except Exception as error:
            issues.append(str(error))
        return {"path": text, "is_valid": not issues, "valid": not issues, "issues": issues, "warnings": warnings}

    def _find_issues(self, path: str, issues: List[str], warnings: List[str]) -> None:
        from ... import Forge

        path = self._opened(path)
        if not os.path.exists(path):
            issues.append("File does not exist")
        elif os.path.getsize(path) == 0:
            issues.append("File is empty")
        elif not os.path.splitext(path)[1]:
            issues.append("Unknown file format")
        else:
            if os.path.getsize(path) > _LARGE_BYTES:
                warnings.append("File is larger than 10 GB")
            report = Forge().validate(path, progress=False).to_dict()
            if not report["valid"]:
                issues += [str(problem.get("message") or problem.get("kind")) for problem in report["problems"]] or ["File is not valid"]
            encoding = report.get("encoding")
            if encoding and encoding.lower() not in _PLAIN_ENCODINGS:
                warnings.append("Encoding is " + encoding)

    def get_environment_info(self) -> Dict[str, Any]:
        """Where this runs: see `DatabricksEnvironment.get_environment_info`.

        Returns:
            Its dictionary; where it cannot be found out is_databricks False and error.
        """
        try:
            return self.environment.get_environment_info()
        except Exception as error:
            return {"is_databricks": False, "compute_type": "unknown", "error": str(error)}

    def get_statistics(self) -> Dict[str, Any]:
        """session_duration_seconds, total_conversions, successful_conversions, failed_conversions, success_rate (0 to 1),
        total_bytes_processed, total_gb_processed, environment.

        Returns:
            A dictionary of these, of this object alone; session_duration_seconds since it was made.
        """
        total, size = self.stats["total"], self.stats["bytes"]
        return {
            "session_duration_seconds": time.monotonic() - self._started,
            "total_conversions": total,
            "successful_conversions": self.stats["successful"],
            "failed_conversions": self.stats["failed"],
            "success_rate": self.stats["successful"] / total if total else 0.0,
            "total_bytes_processed": size,
            "total_gb_processed": size / (1 << 30),
            "environment": self.get_environment_info(),
        }

    def install_sample_datasets(self, volume_path: Any = None, datasets: Any = None, **options: Any) -> Dict[str, Any]:
        """There are none to install: success is False, and message says so. Nothing is downloaded.

        Args:
            volume_path, datasets, options: taken and left alone.

        Returns:
            success, message, volume_path, total_files (0).
        """
        return {
            "success": False,
            "message": "this package brings no sample datasets and downloads none; convert files of your own",
            "volume_path": None if volume_path is None else str(volume_path),
            "total_files": 0,
        }


def _plain_options(options: Dict[str, Any]) -> Tuple[Dict[str, Any], List[str]]:
    """Forge's options of what was documented once, and what was left alone."""
    plain: Dict[str, Any] = {"force": True, "progress": False}
    warnings: List[str] = []
    given = dict(options)
    for group in ("csv_options", "excel_options", "xml_options"):
        given.update(given.pop(group, None) or {})
    for key, value in given.items():
        if key in _NO_LONGER:
            warnings.append("option %s is left alone: the native engine has nothing of the kind" % key)
        elif key == "combine_sheets":
            plain["combine"] = bool(value)
        elif key == "sheets":
            plain["sheet"] = value
        elif key == "header" and isinstance(value, bool):
            plain["header"] = "auto" if value else "none"
        else:
            plain[key] = value
    return plain, warnings


def _output_of(path: str, output_path: Any, format: Optional[str]) -> Tuple[str, str]:
    output = None if output_path is None else os.fsdecode(output_path)
    suffix = os.path.splitext(output)[1] if output else ""
    format = (format or suffix[1:] or "parquet").lower()
    if output is None:
        return "%s_converted.%s" % (os.path.splitext(path)[0], format), format
    return output if suffix or output.endswith("/") else "%s.%s" % (output, format), format


def _outputs_of(paths: List[str], folder: str, format: str) -> List[str]:
    """Those of a batch, no two alike."""
    names: Dict[str, None] = {}
    for path in paths:
        stem = name = os.path.splitext(os.path.basename(path))[0]
        number = 1
        while name in names:
            number += 1
            name = "%s_%d" % (stem, number)
        names[name] = None
    return [os.path.join(folder, "%s.%s" % (name, format)) for name in names]


def _looked_at(path: str) -> Report:
    from ... import Forge

    return Forge().info(path, types="survey", progress=False)


def _facts_of(report: Report) -> Dict[str, Any]:
    tables = report["tables"]
    facts: Dict[str, Any] = {"column_count": len(tables[0]["columns"]) if tables else 0}
    if tables:
        facts["columns"] = [column["name"] for column in tables[0]["columns"]]
        facts["schema"] = {column["name"]: column["type"] for column in tables[0]["columns"]}
    if "sheets" in report:
        facts["excel_sheets"] = facts["sheets"] = [table["name"] for table in tables]
        facts["sheet_count"] = len(tables)
    for key in ("encoding", "delimiter", "has_header"):
        if key in report:
            facts[key] = report[key]
    return facts
