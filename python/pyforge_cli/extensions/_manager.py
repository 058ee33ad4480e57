"""The earlier program's manager of extensions, thin over a Forge."""
from __future__ import annotations

import threading

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional

    from .base import BaseExtension


class ExtensionManager:
    """The extensions of this process, by the names of their entry points. Deprecated: use `Forge.extensions()`."""

    def __init__(self) -> None:
        from .. import Forge

        self._forge = Forge()

    def initialize(self, timeout: Optional[float] = None) -> None:
        """Loads and starts all that can be.

        Args:
            timeout: seconds; taken and left alone: each has 30 s, or PYFORGE_EXTENSION_TIMEOUT.
        """
        self._forge._forge().wake(None)

    def _loaded(self) -> Dict[str, BaseExtension]:
        self.initialize()
        found = {}
        for facts in self._forge.extensions():
            it = self._of(facts["name"]) if facts["status"] == "initialized" else None
            if it is not None:
                found[facts["name"]] = it
        return found

    @staticmethod
    def _of(name: str) -> Optional[BaseExtension]:
        import sys

        bridge = sys.modules.get("pyforge_cli.extensions._bridge")
        held = bridge.find(name) if bridge else None
        it: Optional[BaseExtension] = held.it if held else None
        return it

    def get_extension(self, name: str) -> Optional[BaseExtension]:
        """The started extension of that name, or None."""
        return self._loaded().get(name)

    def get_all_extensions(self) -> Dict[str, BaseExtension]:
        """Those that are started, by name."""
        return self._loaded()

    def get_extensions_for_command(self, command: str) -> List[BaseExtension]:
        """Those that bring a command of that name."""
        return [it for it in self._loaded().values() if command in (it.get_commands() or {})]

    def execute_hook(self, hook_name: str, *args: Any, **kwargs: Any) -> Dict[str, Any]:
        """Calls a method of all that are started and have it, by name.

        Returns:
            {class name: what it returned, or {"error": text}}.
        """
        results: Dict[str, Any] = {}
        for _, it in sorted(self._loaded().items()):
            hook = getattr(it, hook_name, None)
            if not callable(hook):
                continue
            try:
                results[type(it).__name__] = hook(*args, **kwargs)
            except Exception as error:
                results[type(it).__name__] = {"error": str(error)}
        return results

    def enable_extension(self, name: str) -> bool:
        """Switches it on, for this and all later processes. False: there is none of that name."""
        return self._switch(name, True)

    def disable_extension(self, name: str) -> bool:
        """Switches it off, for this and all later processes; it is shut down. False: there is none of that name."""
        return self._switch(name, False)

    def _switch(self, name: str, enabled: bool) -> bool:
        from .. import NotFoundError

        it = self._of(name)
        try:
            self._forge._forge().enable(name, enabled)
        except NotFoundError:
            return False
        if it is not None:
            it.enabled = enabled
            if not enabled:
                self._stop(name)
        return True

    @staticmethod
    def _stop(name: str) -> None:
        from ._bridge import find

        held = find(name)
        if held is not None:
            held.stop()

    def get_extension_info(self) -> Dict[str, Dict[str, Any]]:
        """{name: {state, version, description, entry_point, load_time, error, enabled, dependencies}}

        States are the earlier program's: discovered, loading, loaded, failed, disabled, unloaded.
        """
        self.initialize()
        return {
            facts["name"]: {
                "state": "loaded" if facts["status"] == "initialized" else facts["status"],
                "version": facts["version"],
                "description": facts["description"],
                "entry_point": facts["path"],
                "load_time": facts["load_seconds"],
                "error": facts["error"] or facts["missing"],
                "enabled": facts["status"] != "disabled",
                "dependencies": [],
            }
            for facts in self._forge.extensions()
            if facts["status"] != "shadowed"
        }

    def shutdown(self) -> None:
        """Stops what is started, last first. It is done anyway when the process ends."""
        for name in reversed(list(self._loaded())):
            if self._of(name) is not None:
                self._stop(name)


_manager: List[ExtensionManager] = []
_lock = threading.Lock()


def the_manager() -> ExtensionManager:
    """The one of this process."""
    with _lock:
        if not _manager:
            _manager.append(ExtensionManager())
        return _manager[0]
