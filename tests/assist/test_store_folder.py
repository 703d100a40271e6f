"""What callers say is for the server's user alone, whoever made the folder and however open it was."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from assist.recording import Recording
from assist.store import StoreError
from assist.store_folder import StoreFolder
from assist.writer import Store
from tests.assist.test_store import AT, STARTED, STEREO


@pytest.fixture(autouse=True)
def usual_umask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    return [
        path.relative_to(folder.parent).as_posix()
        for path in (folder, *folder.rglob("*"))
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]


async def used(folder: Path) -> Store:
    store = Store(folder)
    await store.create("c", STEREO, STARTED, AT)
    Recording(store.folder.recording("c"), STEREO).close()
    return store


async def test_a_folder_that_another_command_made_is_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    store = await used(tmp_path / "var")
    assert {path.name for path in (tmp_path / "var").iterdir()} >= {"calls.sqlite3-wal", "calls.sqlite3-shm"}
    assert open_to_others(tmp_path / "var") == []
    store.close()
    assert open_to_others(tmp_path / "var") == []


async def test_files_that_were_open_to_others_are_closed_at_the_next_start(tmp_path: Path) -> None:
    (await used(tmp_path / "var")).close()
    for path in (tmp_path / "var", *(tmp_path / "var").iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    Store(tmp_path / "var").close()
    assert open_to_others(tmp_path / "var") == []


async def test_a_folder_that_is_not_the_servers_own_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "var").mkdir()
    change = Path.chmod

    def refuse(path: Path, mode: int) -> None:
        if path == tmp_path / "var":
            raise PermissionError("not the owner")
        change(path, mode)

    monkeypatch.setattr(Path, "chmod", refuse)
    with caplog.at_level(logging.WARNING):
        (await used(tmp_path / "var")).close()
    [warning] = caplog.messages
    assert str(tmp_path / "var") in warning and "0700" in warning
    assert open_to_others(tmp_path / "var") == ["var"]


async def test_a_folder_that_is_others_as_well_is_left_to_them_and_the_calls_in_it_are_closed(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o755)
    (home / "letters").mkdir()
    for _ in range(2):
        with caplog.at_level(logging.WARNING):
            (await used(home) if not (home / "lock").exists() else Store(home)).close()
        assert stat.S_IMODE(home.stat().st_mode) == 0o755
        assert open_to_others(home) == ["home", "home/letters"]
    assert len(caplog.messages) == 2
    assert all("other things than calls" in warning and str(home) in warning for warning in caplog.messages)


def test_calls_are_deleted_by_the_servers_user_alone(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no calls are kept"):
        StoreFolder(tmp_path).check_owner(os.geteuid())
    Store(tmp_path).close()
    StoreFolder(tmp_path).check_owner(os.geteuid())
    with pytest.raises(StoreError, match="as the user that the server runs as"):
        StoreFolder(tmp_path).check_owner(os.geteuid() + 1)
