"""The program: what the command `pyforge` and `python -m pyforge_cli` run. It is the native one, in this process."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import List, Optional, Sequence, Tuple


def run(argv: Optional[Sequence[str]] = None) -> int:
    """Runs the command line and returns its exit code.

    Args:
        argv: the words behind `pyforge`; None takes those of this process.

    Returns:
        The exit code; docs/errors.md has the list.

    >>> from pyforge_cli.main import run
    >>> run(["convert", "orders.csv", "out.parquet", "--force", "-q"])
    0
    """
    import sys

    from . import _native

    words = sys.argv[1:] if argv is None else list(argv)
    sys.stdout.flush()
    return _native.main(["pyforge", *words], *_origin())


def _origin() -> Tuple[str, List[str]]:
    """What the program is a part of: libraries of extensions lie beside this file, and are first loaded in a process of its own,
    which finds this package where this one did and not in the working directory."""
    import sys

    code = "import sys; sys.path[:] = filter(None, sys.path); from pyforge_cli.main import cli; cli()"
    return __file__, [sys.executable, "-c", code]


def cli(argv: Optional[Sequence[str]] = None) -> None:
    """Runs the command line and ends with its exit code, as a command does.

    Raises:
        SystemExit: always, with the exit code (docs/errors.md has the list).

    Args:
        argv: the words behind `pyforge`; None takes those of this process.

    >>> from pyforge_cli.main import cli
    >>> cli(["convert", "orders.csv", "out.parquet", "--force", "-q"])
    Traceback (most recent call last):
    SystemExit: 0
    """
    raise SystemExit(run(argv))
