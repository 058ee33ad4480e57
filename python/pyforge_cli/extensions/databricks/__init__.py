"""Databricks in Python: conversions that tell everything in dictionaries, facts about where this runs, volumes.

>>> from pyforge_cli.extensions.databricks import forge
>>> told = forge.convert("orders.csv")
>>> told["success"], told["output_path"], told["rows_processed"]
(True, 'orders_converted.parquet', 3)

`forge` is a ready `PyForgeDatabricks`, made when it is first asked for. It works anywhere; on Databricks paths below /Volumes can
be read and written too. docs/databricks.md has the guide.
"""
from __future__ import annotations

from ._api import PyForgeDatabricks
from ._extension import DatabricksExtension

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    forge: PyForgeDatabricks

__all__ = ["DatabricksExtension", "PyForgeDatabricks", "forge"]


def __getattr__(name: str) -> Any:
    if name == "forge":
        made = globals()["forge"] = PyForgeDatabricks()
        return made
    raise AttributeError("module %r has no attribute %r" % (__name__, name))
