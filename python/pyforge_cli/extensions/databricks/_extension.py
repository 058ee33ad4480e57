"""The extension of this name as a class of Python. It is known to pyforge by the native library; this is its face for programs
that were written for the earlier one."""
from __future__ import annotations

from ..base import BaseExtension

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional

    from ._api import PyForgeDatabricks


class DatabricksExtension(BaseExtension):
    """Databricks: where this runs, volumes, the notebook API.

    >>> from pyforge_cli.extensions.databricks import DatabricksExtension
    >>> sorted(DatabricksExtension().get_commands())
    ['env-info', 'install-datasets', 'list-volumes', 'validate-volume']

    >>> extension = DatabricksExtension()
    >>> extension.is_available(), extension.initialize(), extension.get_notebook_api() is not None
    (True, True, True)
    >>> context = {}
    >>> extension.hook_error_handling(RuntimeError("Spark session lost"), context), context
    (True, {'fallback_to_pandas': True})
    >>> extension.hook_environment_detection().get("extension_active", "nothing, away from Databricks")
    'nothing, away from Databricks'
    """

    name = "databricks"
    version = "1.0.0"
    description = "volumes as a store; where a process runs"

    def is_available(self) -> bool:
        """Everywhere: what needs Databricks says so itself.

        Returns:
            True.
        """
        return True

    def initialize(self) -> bool:
        """Nothing to do.

        Returns:
            True.
        """
        self.initialized = True
        return True

    def get_commands(self) -> Dict[str, Callable[..., Optional[int]]]:
        """env-info, list-volumes and validate-volume of `pyforge databricks`, and install-datasets, which says that there are
        none. Each takes the words behind it and prints.

        Returns:
            {command: callable}; a callable gives the exit code.
        """
        return {
            "env-info": lambda words=None: _run("env-info", words),
            "list-volumes": lambda words=None: _run("list-volumes", words),
            "validate-volume": lambda words=None: _run("validate-volume", words),
            "install-datasets": lambda words=None: self._install(),
        }

    def _install(self) -> int:
        print(self.get_notebook_api().install_sample_datasets()["message"])
        return 1

    def hook_environment_detection(self) -> Dict[str, Any]:
        """What `DatabricksEnvironment` tells, with extension_active and extension_version; nothing outside of Databricks.

        Returns:
            A dictionary.
        """
        from .environment import DatabricksEnvironment

        info = DatabricksEnvironment().get_environment_info()
        return dict(info, extension_active=True, extension_version=self.version) if info["is_databricks"] else {}

    def hook_error_handling(self, error: Any, context: Dict[str, Any]) -> bool:
        """An error of Spark: another engine may do it, which context["fallback_to_pandas"] says, and it is handled. One of a volume
        or of memory is marked in context (volume_error, suggest_streaming).

        Args:
            error: an exception.
            context: what is known; it is changed.

        Returns:
            True for an error of Spark, else False.
        """
        text = str(error).lower()
        if "spark" in text:
            context["fallback_to_pandas"] = True
            return True
        if "volume" in text:
            context["volume_error"] = True
        if isinstance(error, MemoryError):
            context["suggest_streaming"] = True
        return False

    def get_notebook_api(self) -> PyForgeDatabricks:
        """The notebook API.

        Returns:
            `pyforge_cli.extensions.databricks.forge`.
        """
        from . import forge

        return forge


def _run(name: str, words: Optional[List[str]]) -> int:
    import sys

    from ._native_door import command

    code, printed, complained = command(name, *(words or []))
    sys.stdout.write(printed)
    sys.stderr.write(complained)
    return code
