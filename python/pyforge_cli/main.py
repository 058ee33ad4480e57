"""The program: what the command `pyforge` and `python -m pyforge_cli` run. It is the native one, in this process."""
from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Optional, Sequence


def run(argv: Optional[Sequence[str]] = None) -> int:
    """Runs the command line and returns its exit code.

    Args:
        argv: the words behind `pyforge`; None takes those of this process.

    >>> run(["--version"])  # doctest: +SKIP
    pyforge, version 0.1.0
    0
    """
    import sys

    from . import _native

    words = sys.argv[1:] if argv is None else list(argv)
    sys.stdout.flush()
    # extensions lie beside this file, and are first loaded in a process of its own
    return _native.main(["pyforge", *words], __file__, [sys.executable, "-m", __package__])


def cli(argv: Optional[Sequence[str]] = None) -> None:
    """Runs the command line and ends with its exit code, as a command does.

    Raises:
        SystemExit: always, with the exit code (docs/errors.md has the list).
    """
    raise SystemExit(run(argv))
