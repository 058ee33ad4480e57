"""The earlier program's name for workbooks. Deprecated: use `pyforge_cli.Forge`."""
from __future__ import annotations

import os

from .base import BaseConverter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict

    from .base import PathLike


class ExcelConverter(BaseConverter):
    """Workbooks to a folder of Parquet files of text columns: one of sheets whose columns have the same names, one of each other
    sheet, or with `separate=True` one a sheet.

    >>> import warnings; warnings.simplefilter("ignore", DeprecationWarning)
    >>> from pyforge_cli.converters import ExcelConverter
    >>> ExcelConverter().convert("missing.xlsx", "out"), ".xlsx" in ExcelConverter.supported_inputs
    (False, True)
    """

    supported_inputs = {".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"}

    def _options(self) -> Dict[str, Any]:
        return {"combine_sheets": "equal", "errors": "text"}

    def _place(self, output_path: PathLike) -> str:
        return os.path.join(os.fspath(output_path), "")

    def _metadata(self, path: str, info: Dict[str, Any]) -> Dict[str, Any]:
        tables = info.get("tables", [])
        details = {
            table["name"]: {
                "estimated_rows": table.get("rows", 0),
                "estimated_columns": len(table["columns"]),
                "has_data": table.get("rows", 0) > 0,
            }
            for table in tables
        }
        properties = ("title", "author", "subject", "description", "keywords", "category", "created", "modified", "last_modified_by")
        return {
            **{name: info.get(name) for name in properties},
            "file_name": os.path.basename(path),
            "file_size": os.path.getsize(path),
            "file_format": "Excel Spreadsheet",
            "file_extension": os.path.splitext(path)[1].lower(),
            "sheet_count": len(tables),
            "sheet_names": [table["name"] for table in tables],
            "sheet_details": details,
            "total_estimated_rows": sum(detail["estimated_rows"] for detail in details.values()),
            "max_columns": max((detail["estimated_columns"] for detail in details.values()), default=0),
        }
