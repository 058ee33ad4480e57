"""Volumes of Unity Catalog: their names, what is in them, copying. By the mount /Volumes where it is, else by databricks-sdk."""
from __future__ import annotations

import os
import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Dict, List, Optional, Tuple

_FORM = re.compile(r"(?:dbfs:/|/dbfs/|/)?[Vv]olumes/([^/]+)/([^/]+)/([^/]+)(?:/(.*))?\Z", re.S)


class VolumeFile:
    """A file or folder of a volume.

    Attributes:
        path, name: where it is, and the last part of that.
        size: bytes; 0 of folders.
        modified_time: ISO 8601, or None.
        is_directory: is it a folder?
        extension: ".csv"; "" without one.

    >>> from pyforge_cli.extensions.databricks.volume_operations import VolumeFile
    >>> file = VolumeFile.make("/Volumes/main/default/v/a.CSV", 50, None, False)
    >>> file.name, file.extension
    ('a.CSV', '.csv')
    """

    __slots__ = ("path", "name", "size", "modified_time", "is_directory", "extension")

    def __init__(self, path: str, name: str, size: int, modified_time: Optional[str], is_directory: bool, extension: str) -> None:
        self.path = path
        self.name = name
        self.size = size
        self.modified_time = modified_time
        self.is_directory = is_directory
        self.extension = extension

    @classmethod
    def make(cls, path: str, size: int, modified_time: Optional[str], is_directory: bool) -> VolumeFile:
        """Of a path.

        Args:
            path: where it is.
            size: bytes.
            modified_time: ISO 8601, or None.
            is_directory: is it a folder?

        Returns:
            It, with name and extension of the path.
        """
        path = path.rstrip("/")
        name = os.path.basename(path)
        return cls(path, name, size, modified_time, is_directory, "" if is_directory else os.path.splitext(name)[1].lower())

    def __repr__(self) -> str:
        return "VolumeFile(%r, size=%d, is_directory=%r)" % (self.path, self.size, self.is_directory)


class VolumeInfo:
    """What is known of a volume.

    Attributes:
        catalog, schema, volume, path: its name and place.
        exists: None where nobody could say.
        is_managed, owner, storage_location, created_at, modified_at: as the catalog tells; None where it was not asked.
        size_bytes, file_count: of all files in it.

    >>> from pyforge_cli.extensions.databricks.volume_operations import VolumeInfo
    >>> VolumeInfo("main", "default", "v", None).path
    '/Volumes/main/default/v'
    """

    def __init__(self, catalog: str, schema: str, volume: str, exists: Optional[bool]) -> None:
        self.catalog = catalog
        self.schema = schema
        self.volume = volume
        self.path = "/Volumes/%s/%s/%s" % (catalog, schema, volume)
        self.exists = exists
        self.is_managed: Optional[bool] = None
        self.owner: Optional[str] = None
        self.storage_location: Optional[str] = None
        self.created_at: Optional[str] = None
        self.modified_at: Optional[str] = None
        self.size_bytes: Optional[int] = None
        self.file_count: Optional[int] = None

    def __repr__(self) -> str:
        return "VolumeInfo(%r, exists=%r)" % (self.path, self.exists)


class VolumeOperations:
    """Calls on volumes. Paths outside of volumes are refused, and so are those with "..".

    Args:
        spark_session: kept as `spark`; nothing here needs it.
        mount: where volumes are mounted.
        client: a `databricks.sdk.WorkspaceClient`, for where they are not; None makes one when it is needed.

    >>> from pyforge_cli.extensions.databricks.volume_operations import VolumeOperations
    >>> VolumeOperations().parse_volume_path("/Volumes/main/default/v/data.csv")
    {'catalog': 'main', 'schema': 'default', 'volume': 'v', 'path': 'data.csv'}

    A folder may stand for the mount, to try a program without Databricks:

    >>> import os
    >>> os.makedirs("Volumes/main/default/v", exist_ok=True)
    >>> volumes, place = VolumeOperations(mount=os.path.abspath("Volumes")), "/Volumes/main/default/v"
    >>> volumes.is_volume_path(place), volumes.is_mounted(), volumes.validate_volume_access(place)
    (True, True, (True, None))
    >>> volumes.create_volume_directory(place + "/in"), volumes.copy_to_volume("orders.csv", place + "/in/a.csv", overwrite=True)
    (True, True)
    >>> [file.name for file in volumes.list_volume_contents(place, recursive=True)], volumes.get_file_info(place + "/in/a.csv").size
    (['in', 'a.csv'], 48)
    >>> volumes.get_volume_metadata(place).file_count, volumes.delete_from_volume(place + "/in", recursive=True)
    (1, True)
    """

    def __init__(self, spark_session: Any = None, mount: str = "/Volumes", client: Any = None) -> None:
        from ._catalog import Catalog

        self.spark = spark_session
        self.mount = mount
        self.catalog = Catalog(client)
        self._asks = client is not None

    # ---- names ----

    def parse_volume_path(self, path: Any) -> Optional[Dict[str, str]]:
        """{catalog, schema, volume, path} of "/Volumes/c/s/v/…", "dbfs:/Volumes/…", "/dbfs/Volumes/…", "Volumes/…"; else None.

        Args:
            path: any text, or a path.

        Returns:
            The parts of its name; None also of a path with "..".
        """
        text = os.fspath(path)
        found = _FORM.match(text)
        if not found or text.startswith("/volumes") or ".." in text.split("/"):
            return None
        catalog, schema, volume, rest = found.groups()
        parts = [part for part in (rest or "").split("/") if part not in ("", ".")]
        return {"catalog": catalog, "schema": schema, "volume": volume, "path": "/".join(parts)}

    def is_volume_path(self, path: Any) -> bool:
        """Is it a path in a volume?

        Args:
            path: any text, or a path.

        Returns:
            True or False.
        """
        return self.parse_volume_path(path) is not None

    def _place(self, path: Any) -> str:
        """The path as it is written at best."""
        from ... import ArgumentError

        parts = self.parse_volume_path(path)
        if parts is None:
            raise ArgumentError(
                "Invalid Volume path format: '%s' is not in a volume; give '/Volumes/CATALOG/SCHEMA/VOLUME/…' without '..'" % path
            )
        return "/".join(["/Volumes", *(part for part in parts.values() if part)])

    def is_mounted(self) -> bool:
        """Are volumes files of this machine? Any machine may have a folder /Volumes, so it takes Databricks to believe it.

        Returns:
            True or False.
        """
        if self.mount != "/Volumes":
            return os.path.isdir(self.mount)
        if self._asks or not os.path.isdir(self.mount):
            return False
        from ._native_door import facts

        return facts()["volumes"]["value"] == "yes"

    def _local(self, place: str) -> str:
        return self.mount + place[len("/Volumes") :]

    # ---- looking ----

    def validate_volume_access(self, path: Any) -> Tuple[bool, Optional[str]]:
        """Can the volume be read?

        Returns:
            (True, None), or (False, why).

        Args:
            path: in the volume.
        """
        from ... import PyforgeError

        try:
            place = self._place(path)
        except PyforgeError as error:
            return False, error.message
        parts = place.split("/")
        if self.is_mounted():
            local = self._local("/".join(parts[:5]))
            if not os.path.isdir(local):
                return False, "Volume '%s' not found: it is not there, or not to be seen from here" % parts[4]
            try:
                os.listdir(local)
            except OSError as error:
                return False, "No read permission for volume: %s (%s)" % (".".join(parts[2:5]), error.strerror)
            return True, None
        try:
            trouble = self.catalog.volume(*parts[2:5])[1]
        except PyforgeError as error:
            return False, "Spark session not available, and nobody else to ask: " + error.message
        return trouble is None, trouble

    def list_volume_contents(self, path: Any, recursive: bool = False, pattern: Optional[str] = None) -> List[VolumeFile]:
        """What is in a volume or a folder of one, sorted by path; of a place that is no volume nothing.

        Args:
            path: the folder.
            recursive: what is in its folders too.
            pattern: of names, with * and ?.

        Returns:
            A `VolumeFile` for each.
        """
        import fnmatch

        if not self.is_volume_path(path):
            return []
        place = self._place(path)
        found = self._walk(place, recursive) if self.is_mounted() else list(self.catalog.list(place, recursive))
        found.sort(key=lambda one: one.path)
        return [one for one in found if pattern is None or fnmatch.fnmatch(one.name, pattern)]

    def _walk(self, place: str, recursive: bool) -> List[VolumeFile]:
        found: List[VolumeFile] = []
        with os.scandir(self._local(place)) as entries:
            for entry in entries:
                one = self._told("%s/%s" % (place, entry.name), entry.stat())
                found.append(one)
                if one.is_directory and recursive:
                    found += self._walk(one.path, True)
        return found

    @staticmethod
    def _told(place: str, facts: os.stat_result) -> VolumeFile:
        import datetime
        import stat

        when = datetime.datetime.fromtimestamp(facts.st_mtime, datetime.timezone.utc).isoformat()
        folder = stat.S_ISDIR(facts.st_mode)
        return VolumeFile.make(place, 0 if folder else facts.st_size, when, folder)

    def get_file_info(self, path: Any) -> Optional[VolumeFile]:
        """A file or folder of a volume; None when it is not there.

        Args:
            path: in a volume.

        Returns:
            It, or None.
        """
        place = self._place(path)
        if not self.is_mounted():
            return self.catalog.file(place)
        try:
            return self._told(place, os.stat(self._local(place)))
        except OSError:
            return None

    def get_volume_metadata(self, path: Any) -> VolumeInfo:
        """What is known of the volume that a path is in. Its files are counted, which takes time where there are many.

        Args:
            path: in the volume.

        Returns:
            It; `exists` is None where nobody could say.

        Raises:
            ValueError: it is no path of a volume.
        """
        from ... import PyforgeError

        parts = self._place(path).split("/")
        info = VolumeInfo(parts[2], parts[3], parts[4], None)
        if self.is_mounted():
            info.exists = os.path.isdir(self._local(info.path))
        try:
            told, _ = self.catalog.volume(*parts[2:5])
        except PyforgeError:
            told = {}
        info.exists = told.get("exists", info.exists) if info.exists is None else info.exists
        if "type" in told:
            info.is_managed = told["type"] == "MANAGED"
            info.owner, info.storage_location = told["owner"], told["storage_location"]
            info.created_at, info.modified_at = told["created_at"], told["modified_at"]
        if info.exists:
            files = [one for one in self.list_volume_contents(info.path, recursive=True) if not one.is_directory]
            info.size_bytes, info.file_count = sum(one.size for one in files), len(files)
        return info

    # ---- changing ----

    def create_volume_directory(self, path: Any) -> bool:
        """Makes a folder in a volume, and those above it; one that is there is fine. The volume itself is not made.

        Args:
            path: the folder.

        Returns:
            True, or False with the reason in the log.

        Raises:
            ValueError: it is no path of a volume.
        """
        place = self._place(path)
        return self._tried(lambda: os.makedirs(self._local(place), exist_ok=True), lambda: self.catalog.make_folder(place))

    def copy_to_volume(self, source: Any, destination: Any, overwrite: bool = False) -> bool:
        """Copies a local file into a volume.

        Args:
            source: the file.
            destination: a path in a volume; one that ends in "/" takes the file's name.
            overwrite: may a file that is there be replaced?

        Returns:
            True, or False with the reason in the log.
        """
        text = os.fspath(destination)
        source = os.fspath(source)
        place = self._place(text + os.path.basename(source) if text.endswith("/") else text)
        return self._tried(
            lambda: self._copy(source, self._local(place), overwrite), lambda: self.catalog.upload(source, place, overwrite)
        )

    @staticmethod
    def _copy(source: str, local: str, overwrite: bool) -> None:
        import shutil

        os.makedirs(os.path.dirname(local), exist_ok=True)
        with open(source, "rb") as data, open(local, "wb" if overwrite else "xb") as to:
            shutil.copyfileobj(data, to, 1 << 20)

    def delete_from_volume(self, path: Any, recursive: bool = False) -> bool:
        """Removes a file or an empty folder of a volume, with recursive a folder and all in it; never the volume itself.

        Args:
            path: the file or folder.
            recursive: a folder with all in it.

        Returns:
            True, or False with the reason in the log.

        Raises:
            ValueError: it is no path in a volume, or the volume itself.
        """
        import shutil

        from ... import ArgumentError

        place = self._place(path)
        if place.count("/") < 5:
            raise ArgumentError("'%s' is the volume itself; give a file or folder in it" % place)
        local = self._local(place)
        remove: Callable[[str], Any] = os.remove if not os.path.isdir(local) else shutil.rmtree if recursive else os.rmdir
        return self._tried(lambda: remove(local), lambda: self.catalog.delete(place, recursive))

    def _tried(self, mounted: Callable[[], Any], asked: Callable[[], Any]) -> bool:
        """Done, or False with the reason in the log."""
        from ... import PyforgeError
        from ..._log import complain

        try:
            if self.is_mounted():
                mounted()
            else:
                asked()
        except PyforgeError:
            raise
        except Exception as error:  # the system's, and those of databricks-sdk
            complain(error)
            return False
        return True
