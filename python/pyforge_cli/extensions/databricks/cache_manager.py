"""Values kept for a while, in memory alone."""
from __future__ import annotations

import collections
import fnmatch
import threading
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

_MOST = 1000


class CacheManager:
    """Keeps at most a thousand values, each for its time. Any thread.

    Args:
        cache_dir: taken and left alone: nothing is written to disk.
        default_ttl: seconds.

    >>> from pyforge_cli.extensions.databricks.cache_manager import CacheManager
    >>> cache = CacheManager()
    >>> cache.get("answer", generator=lambda: 42), cache.get("answer")
    (42, 42)

    >>> cache.set("short", 1, ttl=-1), cache.cleanup_expired(), cache.get("short")
    (True, 1, None)
    >>> cache.invalidate("answer"), cache.invalidate_pattern("a*"), cache.get_statistics()["hits"]
    (True, 0, 1)
    >>> cache.clear()
    """

    def __init__(self, cache_dir: Optional[str] = None, default_ttl: float = 300) -> None:
        self.default_ttl = default_ttl
        self._lock = threading.RLock()
        self._kept: collections.OrderedDict[str, Tuple[float, Any]] = collections.OrderedDict()
        self._asked: collections.Counter[str] = collections.Counter()
        self._hits = self._misses = self._evictions = 0

    def get(self, key: str, generator: Optional[Callable[[], Any]] = None, ttl: Optional[float] = None) -> Any:
        """The value, or what generator makes of it, which is kept; None without one.

        Args:
            key: of `set`.
            generator: called without arguments when there is no value.
            ttl: seconds to keep what it makes; None takes the cache's.

        Returns:
            The value.
        """
        with self._lock:
            self._asked[key] += 1
            found = self._kept.get(key)
            if found is not None and found[0] > time.monotonic():
                self._hits += 1
                return found[1]
            self._misses += 1
            self._kept.pop(key, None)
        if generator is None:
            return None
        value = generator()
        self.set(key, value, ttl)
        return value

    def set(self, key: str, value: Any, ttl: Optional[float] = None) -> bool:
        """Keeps a value for ttl seconds.

        Args:
            key: any text.
            value: any object.
            ttl: seconds; None takes the cache's.

        Returns:
            True.
        """
        with self._lock:
            self._kept[key] = (time.monotonic() + (self.default_ttl if ttl is None else ttl), value)
            self._kept.move_to_end(key)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
                self._evictions += 1
        return True

    def invalidate(self, key: str) -> bool:
        """Forgets a value; was there one?

        Args:
            key: of `set`.

        Returns:
            True or False.
        """
        with self._lock:
            return self._kept.pop(key, None) is not None

    def invalidate_pattern(self, pattern: str) -> int:
        """Forgets those whose keys fit a pattern with * and ?; how many.

        Args:
            pattern: as for file names.

        Returns:
            The number.
        """
        with self._lock:
            return sum(self.invalidate(key) for key in fnmatch.filter(list(self._kept), pattern))

    def clear(self) -> None:
        """Forgets all."""
        with self._lock:
            self._kept.clear()

    def cleanup_expired(self) -> int:
        """Forgets those whose time is over; how many.

        Returns:
            The number.
        """
        with self._lock:
            over = [key for key, (end, _) in self._kept.items() if end <= time.monotonic()]
            return sum(self.invalidate(key) for key in over)

    def get_statistics(self) -> Dict[str, Any]:
        """hits, misses, evictions, hit_rate (0 to 1), memory_entries, disk_enabled, top_accessed_keys.

        Returns:
            A dictionary of these; a value whose time is over is a miss.
        """
        with self._lock:
            asked = self._hits + self._misses
            top: List[Tuple[str, int]] = self._asked.most_common(10)
            return {
                "hits": self._hits,
                "misses": self._misses,
                "evictions": self._evictions,
                "hit_rate": self._hits / asked if asked else 0.0,
                "memory_entries": len(self._kept),
                "disk_enabled": False,
                "top_accessed_keys": top,
            }


_of_process: List[CacheManager] = []


def get_cache_manager() -> CacheManager:
    """The one cache of this process.

    Returns:
        A `CacheManager`.

    >>> from pyforge_cli.extensions.databricks.cache_manager import get_cache_manager
    >>> get_cache_manager() is get_cache_manager()
    True
    """
    if not _of_process:
        _of_process.append(CacheManager())
    return _of_process[0]
