"""Deleting a call for good: its recording, its events, its line in the list."""

from __future__ import annotations

from assist.store import Database, StoreError
from assist.store_folder import StoreFolder


class NotEndedError(Exception):
    """The call is live, or waits to be resumed."""


def delete_call(database: Database, folder: StoreFolder, call: str) -> bool:
    """Delete ``call`` inside a transaction of ``database``; False if there is no such call.

    The recording goes first: should the transaction fail, the call is still in the list and can be deleted again.
    Raises `NotEndedError` for a call that has not ended, ``StoreError`` where it cannot be deleted.
    """
    stored = database.call(call)
    if stored is None:
        return False
    if not stored.ended:
        raise NotEndedError(call)
    try:
        folder.recording(call).unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"recording {call}.raw cannot be deleted: {error.strerror}; check the rights") from error
    database.delete(call)
    return True
