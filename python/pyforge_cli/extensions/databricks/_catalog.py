"""What only the catalog knows of a volume, and its files where nothing is mounted; asked with databricks-sdk."""
from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, Iterator, Optional, Tuple

    from .volume_operations import VolumeFile


class Catalog:
    """Unity Catalog and the files of its volumes, over HTTPS.

    Args:
        client: a `databricks.sdk.WorkspaceClient`; None makes one of the environment's configuration when it is first needed.

    Every call raises `pyforge_cli.UnavailableError` when databricks-sdk is not installed or nothing says which workspace is meant.
    """

    def __init__(self, client: Any = None) -> None:
        self._client = client

    def client(self) -> Any:
        """The client of databricks-sdk."""
        from ... import UnavailableError

        if self._client is None:
            try:
                from databricks.sdk import WorkspaceClient
            except ImportError:
                raise UnavailableError("databricks-sdk is not installed; pip install 'pyforge-cli[databricks]'") from None
            try:
                self._client = WorkspaceClient()
            except ValueError as error:  # as databricks-sdk says that no way to sign in is configured
                text = str(error).splitlines()[0][:200]
                raise UnavailableError("no workspace is configured (%s); set DATABRICKS_HOST and DATABRICKS_TOKEN" % text) from error
        return self._client

    def volume(self, catalog: str, schema: str, volume: str) -> Tuple[Dict[str, Any], Optional[str]]:
        """Facts of a volume: exists, type ("MANAGED", "EXTERNAL"), owner, storage_location, created_at and modified_at (ISO 8601);
        and, when it cannot be used, why."""
        client, name = self.client(), "%s.%s.%s" % (catalog, schema, volume)
        found, trouble = _ask(client.volumes.read, name)
        if found is not None:
            kind = getattr(found.volume_type, "value", found.volume_type)
            return {
                "exists": True,
                "type": kind,
                "owner": found.owner,
                "storage_location": found.storage_location,
                "created_at": _time(found.created_at),
                "modified_at": _time(found.updated_at),
            }, None
        if trouble == "denied":
            return {"exists": None}, (
                "No read permission for volume: %s; ask its owner for USE CATALOG on %s, USE SCHEMA on %s.%s and READ VOLUME on %s"
                % (name, catalog, catalog, schema, name)
            )
        if _ask(client.catalogs.get, catalog)[1] == "missing":
            return {"exists": False}, "Catalog '%s' not found" % catalog
        if _ask(client.schemas.get, "%s.%s" % (catalog, schema))[1] == "missing":
            return {"exists": False}, "Schema '%s' not found in catalog '%s'" % (schema, catalog)
        return {"exists": False}, "Volume '%s' not found" % volume

    # ---- files ----

    def list(self, path: str, recursive: bool) -> Iterator[VolumeFile]:
        """Everything in a folder, folders before what is in them."""
        from .volume_operations import VolumeFile

        for entry in self.client().files.list_directory_contents(path):
            folder = bool(entry.is_directory)
            yield VolumeFile.make(str(entry.path), int(entry.file_size or 0), _time(entry.last_modified), folder)
            if folder and recursive:
                yield from self.list(str(entry.path), recursive)

    def file(self, path: str) -> Optional[VolumeFile]:
        """One file or folder, or None."""
        from .volume_operations import VolumeFile

        files = self.client().files
        found, _ = _ask(files.get_metadata, path)
        if found is not None:
            return VolumeFile.make(path, int(found.content_length or 0), str(found.last_modified or "") or None, False)
        return None if _ask(files.get_directory_metadata, path)[1] else VolumeFile.make(path, 0, None, True)

    def upload(self, source: str, path: str, overwrite: bool) -> None:
        """A local file becomes one of a volume; the folders above it are made."""
        files = self.client().files
        files.create_directory(os.path.dirname(path))
        with open(source, "rb") as data:
            files.upload(path, data, overwrite=overwrite)

    def make_folder(self, path: str) -> None:
        """Makes a folder and those above it."""
        self.client().files.create_directory(path)

    def delete(self, path: str, recursive: bool) -> None:
        """Removes a file or a folder; with recursive all in it."""
        files = self.client().files
        found = self.file(path)
        if found is None:
            raise FileNotFoundError(path)
        if not found.is_directory:
            files.delete(path)
            return
        if recursive:
            for one in list(self.list(path, False)):
                self.delete(one.path, True)
        files.delete_directory(path)


def _ask(call: Any, name: str) -> Tuple[Any, Optional[str]]:
    """What a call of databricks-sdk gives, or "missing" or "denied"."""
    from databricks.sdk.errors import NotFound, PermissionDenied

    try:
        return call(name), None
    except NotFound:
        return None, "missing"
    except PermissionDenied:
        return None, "denied"


def _time(milliseconds: Optional[int]) -> Optional[str]:
    import datetime

    if milliseconds is None:
        return None
    return datetime.datetime.fromtimestamp(milliseconds / 1000, datetime.timezone.utc).isoformat()
