"""Extensions written in Python: `base.BaseExtension` is what they are, docs/extensions.md the guide.

They are found by the entry points of installed packages, in the groups `pyforge.extensions` and `pyforge_cli.extensions`, and
are extensions like those of C: `Forge.extensions()`, `pyforge list-extensions`, `pyforge extensions why NAME`.

`get_extension_manager` is the earlier program's way to them.
"""
from __future__ import annotations

from .base import BaseExtension

TYPE_CHECKING = False
if TYPE_CHECKING:
    import logging

    from ._manager import ExtensionManager

__all__ = ["BaseExtension", "get_extension_logger", "get_extension_manager"]


def __getattr__(name: str) -> object:
    if name == "ExtensionManager":  # few ask for the class; importing it takes the registry along
        from ._manager import ExtensionManager

        return ExtensionManager
    raise AttributeError("module %r has no attribute %r" % (__name__, name))


def get_extension_logger(name: str) -> logging.Logger:
    """The logger of an extension, `pyforge_cli.extensions.NAME`.

    Args:
        name: the extension's.

    >>> from pyforge_cli.extensions import get_extension_logger
    >>> get_extension_logger("greeter").name
    'pyforge_cli.extensions.greeter'

    Returns:
        It. The command line shows what it is given as --log-level and --log-file say.
    """
    import logging

    return logging.getLogger("pyforge_cli.extensions." + name)


def get_extension_manager() -> ExtensionManager:
    """The one manager of this process; deprecated: `Forge.extensions()` tells more.

    >>> from pyforge_cli.extensions import get_extension_manager
    >>> get_extension_manager().get_extension("no such one") is None
    True

    Returns:
        The one that `ExtensionManager` is the class of.
    """
    from ._manager import the_manager

    return the_manager()
