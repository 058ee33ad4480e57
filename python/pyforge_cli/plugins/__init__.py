"""The earlier program's registry of converters; deprecated. Formats are listed by `pyforge_cli.Forge().formats()`."""
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Optional, Set, Type, Union

    PathLike = Union[str, "os.PathLike[str]"]

__all__ = ["Registry", "registry"]


class Registry:
    """Converters by name; each says which suffixes it takes and what it makes of them.

    >>> import warnings; warnings.simplefilter("ignore", DeprecationWarning)
    >>> from pyforge_cli.plugins import Registry
    >>> from pyforge_cli.converters import CSVConverter
    >>> registry = Registry()
    >>> registry.register("csv", CSVConverter)
    >>> registry.supports_input("a.TSV"), registry.supports_conversion("a.csv", "parquet"), registry.get_available_outputs("a.xyz")
    (True, True, set())
    >>> type(registry.get_converter("a.csv")) is type(registry.get_converter_by_name("csv")) is CSVConverter
    True
    >>> sorted(registry.list_supported_formats()["csv"]["inputs"])
    ['.csv', '.tsv', '.txt']
    >>> registry.unregister("csv")
    >>> registry.clear()
    """

    def __init__(self) -> None:
        self._classes: Dict[str, Type[Any]] = {}

    def register(self, name: str, converter: Type[Any]) -> None:
        """Adds a class, or replaces the one of that name.

        Args:
            name: what it is called.
            converter: a class as `BaseConverter` is.
        """
        self._classes[name] = converter

    def unregister(self, name: str) -> None:
        """Takes a class away; a name that is not there is fine.

        Args:
            name: of `register`.
        """
        self._classes.pop(name, None)

    def clear(self) -> None:
        """Takes all classes away."""
        self._classes.clear()

    def get_converter(self, file_path: PathLike) -> Optional[Any]:
        """A new converter for the file's suffix, or None.

        Args:
            file_path: a name; the file need not be there.

        Returns:
            An object of the first class that takes the suffix.
        """
        suffix = os.path.splitext(os.fspath(file_path))[1].lower()
        for made in self._classes.values():
            if suffix in made.supported_inputs:
                return made()
        return None

    def get_converter_by_name(self, name: str) -> Optional[Any]:
        """A new converter of that name, or None.

        Args:
            name: of `register`.

        Returns:
            An object of its class.
        """
        return self._classes[name]() if name in self._classes else None

    def list_supported_formats(self) -> Dict[str, Dict[str, Set[str]]]:
        """{name: {"inputs": suffixes, "outputs": formats}}

        Returns:
            Suffixes with their dot, names of formats.
        """
        return {
            name: {"inputs": set(made.supported_inputs), "outputs": set(made.supported_outputs)}
            for name, made in self._classes.items()
        }

    def get_available_outputs(self, file_path: PathLike) -> Set[str]:
        """What can be made of the file; empty for an unknown suffix.

        Args:
            file_path: a name.

        Returns:
            Names of formats.
        """
        suffix = os.path.splitext(os.fspath(file_path))[1].lower()
        return {
            output for made in self._classes.values() if suffix in made.supported_inputs for output in made.supported_outputs
        }

    def supports_input(self, file_path: PathLike) -> bool:
        """Is there a converter for the file's suffix?

        Args:
            file_path: a name.

        Returns:
            True or False.
        """
        return bool(self.get_available_outputs(file_path))

    def supports_conversion(self, file_path: PathLike, output_format: str) -> bool:
        """Can the file be made into that format?

        Args:
            file_path: a name.
            output_format: a format's name, in any case.

        Returns:
            True or False.
        """
        return output_format.lower() in self.get_available_outputs(file_path)


def _usual() -> Registry:
    from ..converters import CSVConverter, ExcelConverter

    made = Registry()
    made.register("excel", ExcelConverter)
    made.register("csv", CSVConverter)
    return made


registry = _usual()
