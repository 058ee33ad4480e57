"""The core's log goes to logging.getLogger("pyforge"). The package itself never prints."""
from __future__ import annotations

import logging

_logger = logging.getLogger("pyforge")
_logger.addHandler(logging.NullHandler())  # who wants to see it adds a handler
_LEVELS = {1: logging.ERROR, 2: logging.WARNING, 3: logging.INFO, 4: logging.DEBUG}


def deliver(level: int, text: str) -> None:
    """One line of the core, on the thread that called."""
    _logger.log(_LEVELS.get(level, logging.DEBUG), "%s", text)


def lost(count: int) -> None:
    """Lines that came faster than they could be kept."""
    _logger.warning("%d further lines of the log were not kept", count)


def complain(error: Exception) -> None:
    """An error that its caller only sees as False."""
    _logger.error("%s", error)
