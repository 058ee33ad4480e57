"""Names of the earlier program, thin over `pyforge_cli.Forge`, and deprecated. docs/migration.md tells which are here."""
from __future__ import annotations

from .base import BaseConverter
from .csv_converter import CSVConverter
from .excel_converter import ExcelConverter

__all__ = ["BaseConverter", "CSVConverter", "ExcelConverter", "get_csv_converter"]


def get_csv_converter(detect_environment: bool = True, force_pyspark: bool = False) -> CSVConverter:
    """The converter of CSV files.

    Args:
        detect_environment, force_pyspark: taken and left alone: there is one engine, and it needs no Spark.

    Returns:
        A new `CSVConverter`.

    >>> import warnings; warnings.simplefilter("ignore", DeprecationWarning)
    >>> from pyforge_cli.converters import get_csv_converter
    >>> get_csv_converter().convert("orders.csv", "out.parquet")
    True
    """
    return CSVConverter()
