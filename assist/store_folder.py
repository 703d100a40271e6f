"""The folder of calls: what lies where in it, that only its owner reads it, that one server at a time uses it."""

from __future__ import annotations

import fcntl
import re
import stat
from io import TextIOWrapper
from pathlib import Path

from assist.store import StoreError

# What belongs to the calls, temporary files of SQLite included, and what a new file system has.
_OWN = re.compile(r"lock|recordings|calls\.sqlite3(-wal|-shm|-journal)?|etilqs_.*|lost\+found")
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class StoreFolder:
    """The folder ``path`` (``store.directory``); nothing is made or changed until it is asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.database = path / "calls.sqlite3"
        self.recordings = path / "recordings"
        self._lock = path / "lock"

    def recording(self, call: str) -> Path:
        """Where the recording of ``call`` lies, if there is one."""
        return self.recordings / f"{call}.raw"

    def prepare(self) -> list[Path]:
        """Make what is missing, for its owner alone, and take from others what they may do with what is there.

        What could not be taken from them is returned, and so is a folder that holds other things too (`shared`): it is
        others' as well, be it /tmp or somebody's home. Raises ``OSError`` where the folder cannot be made.
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.recordings.mkdir(mode=0o700, exist_ok=True)
        for file in (self._lock, self.database):  # SQLite gives the files beside the database its rights
            file.touch(mode=0o600)
        beside = [self.database.with_name(self.database.name + end) for end in ("-wal", "-shm")]
        left = [path for path in (self.recordings, self._lock, self.database, *beside) if not _made_private(path)]
        closed = _is_private(self.path) if self.shared else _made_private(self.path)
        return left if closed else [self.path, *left]

    @property
    def shared(self) -> bool:
        """Whether the folder holds anything but calls."""
        return any(not _OWN.fullmatch(path.name) for path in self.path.iterdir())

    def lock(self) -> TextIOWrapper | None:
        """Hold the folder until the file is closed; None while a server holds it. Raises ``OSError``."""
        file = self._lock.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return None
        except BaseException:
            file.close()
            raise
        return file

    def check_owner(self, user: int) -> None:
        """Raise ``StoreError`` unless there are calls and they are ``user``'s: what another user, root too, would add
        to the folder the server could not open.
        """
        try:
            owner = self.database.stat().st_uid
        except OSError as error:
            raise StoreError(
                f"no calls are kept in {self.path} ({error.strerror}): name the configuration of the server with "
                "--config, and run this where it runs"
            ) from error
        if owner != user:
            raise StoreError(f"{self.database} belongs to user {owner}: run this as the user that the server runs as")


def _is_private(path: Path) -> bool:
    return not path.stat().st_mode & _OTHERS


def _made_private(path: Path) -> bool:
    """Whether nobody but the owner may do anything with ``path`` (any more), or it is not there."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & _OTHERS:
            path.chmod(mode & ~_OTHERS)
        return _is_private(path)  # some file systems know no rights and say nothing
    except FileNotFoundError:
        return True
    except OSError:
        return False
