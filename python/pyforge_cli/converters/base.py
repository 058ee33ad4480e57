"""What the earlier program's converters had in common, over Forge. Deprecated: use `pyforge_cli.Forge`."""
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Set, Union

    PathLike = Union[str, "os.PathLike[str]"]


class BaseConverter:
    """One kind of input, to Parquet files whose columns are all text, as the earlier program wrote them.

    A subclass of one's own may give `convert` anew and be registered in `pyforge_cli.plugins.registry`.

    Attributes:
        supported_inputs: suffixes with their dot.
        supported_outputs: "parquet".

    >>> import warnings; warnings.simplefilter("ignore", DeprecationWarning)
    >>> from pyforge_cli.converters import CSVConverter
    >>> converter = CSVConverter()  # it has all of these
    >>> converter.convert("orders.csv", "out.parquet"), converter.convert("missing.csv", "out.parquet")
    (True, False)
    >>> converter.validate_input("orders.csv"), converter.get_metadata("missing.csv") is None
    (True, True)
    >>> converter.get_output_extension("parquet"), ".csv" in converter.supported_inputs
    ('.parquet', True)
    """

    supported_inputs: Set[str] = set()
    supported_outputs: Set[str] = {"parquet"}

    def __init__(self) -> None:
        import warnings

        warnings.warn(
            "%s is kept for programs written for the earlier pyforge; use pyforge_cli.Forge" % type(self).__name__,
            DeprecationWarning,
            stacklevel=2,
        )

    def convert(self, input_path: PathLike, output_path: PathLike, **options: Any) -> bool:
        """Converts a file; an output that is there is replaced.

        Args:
            input_path: the file.
            output_path: the Parquet file, or the folder where an input has several tables.
            options: `compression` ("snappy", "gzip", "none", …), `separate`, and what `Forge.convert` takes;
                options that only the earlier program had are left alone.

        Returns:
            True when it was converted; else False, and the reason is in the log "pyforge".
        """
        from .. import Forge, PyforgeError
        from .._log import complain

        try:
            Forge().convert(input_path, self._place(output_path), to="parquet", progress=False, **{**self._options(), **_known(options)})
        except PyforgeError as error:
            complain(error)
            return False
        return True

    def _options(self) -> Dict[str, Any]:
        return {}

    def _place(self, output_path: PathLike) -> str:
        return os.fspath(output_path)

    def validate_input(self, input_path: PathLike) -> bool:
        """Has the file one of the suffixes, and is there something in it that can be read?

        Args:
            input_path: the file.

        Returns:
            True, or False where it has another suffix, is not there, or cannot be read.
        """
        from .. import Forge, PyforgeError

        if os.path.splitext(os.fspath(input_path))[1].lower() not in self.supported_inputs:
            return False
        try:
            return len(Forge().read(input_path)) > 0
        except PyforgeError:
            return False

    def get_output_extension(self, output_format: str) -> str:
        """".parquet" of "parquet".

        Args:
            output_format: a format's name, in any case.

        Returns:
            Its suffix.
        """
        return "." + output_format.lower()

    def get_metadata(self, input_path: PathLike) -> Optional[Dict[str, Any]]:
        """Facts about the file, or None when it cannot be read.

        Args:
            input_path: the file.

        Returns:
            A dictionary; its members depend on the converter.
        """
        from .. import Forge, PyforgeError

        try:
            info = Forge().info(input_path).to_dict()
        except PyforgeError:
            return None
        return self._metadata(os.fspath(input_path), info)

    def _metadata(self, path: str, info: Dict[str, Any]) -> Dict[str, Any]:
        return info


_ONLY_EARLIER = {"verbose", "force_pyspark", "page_range", "include_metadata", "tables", "flatten_strategy", "array_handling",
                 "namespace_handling", "preview_schema", "force", "combine"}


def _known(options: Dict[str, Any]) -> Dict[str, Any]:
    kept: Dict[str, Any] = {"types": "python", "names": "pandas", "force": True}
    kept.update({key: value for key, value in options.items() if key not in _ONLY_EARLIER})
    return kept
