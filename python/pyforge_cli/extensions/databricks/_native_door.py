"""The commands of the native extension, called in this process."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Dict, List, Tuple

    from ... import Forge

_forges: List[Forge] = []


def command(name: str, *words: str) -> Tuple[int, str, str]:
    """Runs `pyforge databricks NAME WORD…`.

    Returns:
        The exit code, what it printed, and what it complained of.

    Raises:
        PyforgeError: there is no such extension here.
    """
    from ... import Forge

    if not _forges:
        _forges.append(Forge())
    return _forges[0]._forge().command("databricks", [name, *words])


def facts(runtime: str = "") -> Dict[str, Dict[str, str]]:
    """{fact: {"value", "confidence", "evidence"}} as docs/databricks.md lists them; with runtime those that a version text
    gives, wherever this runs."""
    import json

    _, printed, _ = command("env-info", "--json", *([runtime] if runtime else []))
    found: Dict[str, Dict[str, str]] = json.loads(printed)
    return found
