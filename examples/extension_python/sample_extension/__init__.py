"""The extension sample of pyforge: a command, and hooks around each conversion."""
import sys
from typing import Any, Callable, Dict, List, Optional, Union
from os import PathLike

from pyforge_cli.extensions.base import BaseExtension

Options = Dict[str, Any]
Path = Union[str, "PathLike[str]"]


class SampleExtension(BaseExtension):
    """Packs with zstd, and greets."""

    name = "sample"
    version = "0.1.0"
    license = "MIT"

    def is_available(self) -> bool:
        """Raise pyforge_cli.UnavailableError("what to install") where something is missing."""
        return True

    def initialize(self) -> bool:
        """Heavy imports and connections belong here: it has 30 s, once a process."""
        self.logger.debug("ready")
        return True

    def cleanup(self) -> None:
        """What initialize took is given back here."""
        super().cleanup()

    # ---- pyforge sample hello … ----

    def get_commands(self) -> Dict[str, Callable[..., Optional[int]]]:
        return {"hello": self.hello}

    def hello(self, words: List[str]) -> int:
        """Greets those who are named."""
        if not words:
            print("hello: whom? give a NAME", file=sys.stderr)
            return 2
        print("hello " + " and ".join(words))
        return 0

    # ---- around each conversion ----

    def hook_pre_conversion(self, input_file: Path, output_file: Path, options: Options) -> Optional[Options]:
        """Packs with zstd; what the user chose stays."""
        options["compression"] = "zstd"
        return options

    def hook_post_conversion(self, input_file: Path, output_file: Path, options: Options, success: bool) -> None:
        self.logger.info("%s is in %s", input_file, output_file)

    def hook_error_handling(self, error: Exception, context: Dict[str, Any]) -> bool:
        self.logger.info("%s is not converted: %s", context["input_file"], error)
        return False
