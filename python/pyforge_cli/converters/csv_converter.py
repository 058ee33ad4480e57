"""The earlier program's names for CSV. Deprecated: use `pyforge_cli.Forge`."""
from __future__ import annotations

import os

from .base import BaseConverter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Tuple

    from .base import PathLike


class CSVConverter(BaseConverter):
    """Text tables to one Parquet file of text columns.

    >>> import warnings; warnings.simplefilter("ignore", DeprecationWarning)
    >>> from pyforge_cli.converters import CSVConverter
    >>> CSVConverter().convert("orders.csv", "orders.parquet")
    True
    """

    supported_inputs = {".csv", ".tsv", ".txt"}

    def get_metadata(self, input_path: PathLike) -> Optional[Dict[str, Any]]:
        """Facts about the file, or None when it cannot be read; an empty one has no rows.

        Args:
            input_path: the file.

        Returns:
            file_name, file_size (bytes), file_type, encoding, encoding_confidence (0 to 1), delimiter, has_header, estimated_rows,
            last_modified (seconds since 1970).

        >>> import warnings; warnings.simplefilter("ignore", DeprecationWarning)
        >>> from pyforge_cli.converters import CSVConverter
        >>> CSVConverter().get_metadata("orders.csv")["estimated_rows"]
        3
        """
        path = os.fspath(input_path)
        if os.path.isfile(path) and os.path.getsize(path) == 0:
            return self._metadata(path, {"encoding": "utf-8", "encoding_confidence": 1.0, "delimiter": ",", "has_header": False})
        return super().get_metadata(path)

    def _metadata(self, path: str, info: Dict[str, Any]) -> Dict[str, Any]:
        stat = os.stat(path)
        tables = info.get("tables", [])
        return {
            "file_name": os.path.basename(path),
            "file_size": stat.st_size,
            "file_type": "CSV",
            "encoding": info.get("encoding"),
            "encoding_confidence": info.get("encoding_confidence"),
            "delimiter": info.get("delimiter"),
            "has_header": info.get("has_header"),
            "estimated_rows": sum(table.get("rows", 0) for table in tables),
            "last_modified": stat.st_mtime,
        }


class CSVEncodingDetector:
    """How a text file is encoded.

    >>> from pyforge_cli.converters.csv_converter import CSVEncodingDetector
    >>> CSVEncodingDetector().detect_encoding("orders.csv")
    ('utf-8', 1.0)
    """

    def detect_encoding(self, file_path: PathLike) -> Tuple[str, float]:
        """The encoding and how sure that is, from 0 to 1. An empty file is surely utf-8.

        Args:
            file_path: the file.

        Returns:
            Its name and the confidence.

        Raises:
            PyforgeError: it is no text.
            OSError: it is not there.
        """
        from .. import Forge

        if os.path.getsize(file_path) == 0:
            return "utf-8", 1.0
        facts = Forge().sniff(file_path)
        return str(facts["encoding"]), float(facts.get("encoding_confidence", 1.0))


class CSVDialectDetector:
    """How a text file is separated and quoted.

    >>> from pyforge_cli.converters.csv_converter import CSVDialectDetector
    >>> CSVDialectDetector().detect_dialect("orders.csv")
    {'delimiter': ',', 'quotechar': '"', 'has_header': True}
    """

    def detect_dialect(self, file_path: PathLike, encoding: Optional[str] = None) -> Dict[str, Any]:
        """A dictionary with delimiter, quotechar and has_header.

        Args:
            file_path: the file.
            encoding: its encoding; None finds it out.

        Returns:
            Texts of one character, and True or False.

        Raises:
            PyforgeError: it is not there, or is no text.
        """
        from .. import Forge

        facts = Forge().sniff(file_path, encoding=encoding) if encoding else Forge().sniff(file_path)
        return {
            "delimiter": facts["delimiter"],
            "quotechar": facts["quote"],
            "has_header": facts.get("header_rows", 0) > 0,
        }
