"""Volumes from a laptop: facts of the catalog and files by databricks-sdk, against a stand-in of a workspace."""
import logging

import pytest
from databricks import sdk

from pyforge_cli.extensions.databricks import PyForgeDatabricks
from pyforge_cli.extensions.databricks.volume_operations import VolumeOperations
from workspace import Workspace

PLACE = "/Volumes/main/raw/landing"


@pytest.fixture
def workspace(monkeypatch, tmp_path):
    for name in ("DATABRICKS_CONFIG_PROFILE", "DATABRICKS_CLUSTER_ID", "DATABRICKS_RUNTIME_VERSION"):
        monkeypatch.delenv(name, raising=False)
    server = Workspace()
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DATABRICKS_HOST", server.url)
    monkeypatch.setenv("DATABRICKS_TOKEN", "none")
    server.add_volume("main", "raw", "landing", volume_type="EXTERNAL", owner="data", storage_location="s3://b/x", created_at=1704067200000)
    server.files[PLACE + "/a.csv"] = b"a,b\n1,2\n"
    yield server
    server.end()


@pytest.fixture
def volumes(workspace):
    return VolumeOperations(client=sdk.WorkspaceClient())


def test_access_says_what_is_missing(workspace, volumes):
    assert volumes.validate_volume_access(PLACE + "/x") == (True, None)
    assert volumes.validate_volume_access("/Volumes/none/raw/v") == (False, "Catalog 'none' not found")
    assert volumes.validate_volume_access("/Volumes/main/none/v") == (False, "Schema 'none' not found in catalog 'main'")
    assert volumes.validate_volume_access("/Volumes/main/raw/none") == (False, "Volume 'none' not found")
    workspace.denied.add("main.raw.landing")
    fine, why = volumes.validate_volume_access(PLACE)
    assert not fine and why.startswith("No read permission for volume: main.raw.landing") and "READ VOLUME" in why


def test_facts_of_a_volume(volumes):
    info = volumes.get_volume_metadata(PLACE + "/a.csv")
    assert (info.exists, info.is_managed, info.owner, info.storage_location) == (True, False, "data", "s3://b/x")
    assert (info.created_at, info.file_count, info.size_bytes) == ("2024-01-01T00:00:00+00:00", 1, 8)


def test_files_come_and_go(workspace, volumes, tmp_path, caplog):
    (tmp_path / "b.csv").write_text("x\n1\n")
    for name in ("b.csv", "c.csv", "d.csv"):
        assert volumes.copy_to_volume(tmp_path / "b.csv", PLACE + "/new/" + name)
    with caplog.at_level(logging.ERROR, "pyforge"):
        assert not volumes.copy_to_volume(tmp_path / "b.csv", PLACE + "/new/b.csv")
    assert volumes.copy_to_volume(tmp_path / "b.csv", PLACE + "/new/b.csv", overwrite=True)
    found = volumes.list_volume_contents(PLACE, recursive=True)
    assert [(one.name, one.size, one.is_directory) for one in found] == [
        ("a.csv", 8, False), ("new", 0, True), ("b.csv", 4, False), ("c.csv", 4, False), ("d.csv", 4, False)]
    assert sum(call.endswith("/new") for call in workspace.calls if call.startswith("GET")) == 2  # in pages
    assert volumes.get_file_info(PLACE + "/new/b.csv").size == 4
    assert volumes.get_file_info(PLACE + "/new").is_directory and volumes.get_file_info(PLACE + "/none") is None
    assert not volumes.delete_from_volume(PLACE + "/new")
    assert volumes.delete_from_volume(PLACE + "/new", recursive=True)
    assert volumes.create_volume_directory(PLACE + "/x/y")
    assert [one.name for one in volumes.list_volume_contents(PLACE)] == ["a.csv", "x"]


def test_a_client_is_made_of_the_environment(workspace, monkeypatch):
    forge = PyForgeDatabricks()
    assert forge.get_info(PLACE + "/a.csv")["size"] == 8
    assert forge.get_info(PLACE + "/none.csv")["exists"] is False
    monkeypatch.delenv("DATABRICKS_HOST")
    monkeypatch.delenv("DATABRICKS_TOKEN")
    fine, why = VolumeOperations().validate_volume_access(PLACE)
    assert not fine and "set DATABRICKS_HOST" in why
