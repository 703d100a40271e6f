"""Reads what a list tells of calls that an earlier version kept from their logs, beside the calls that go on."""

from __future__ import annotations

import asyncio
import logging

from assist.store import StoreError
from assist.writer import Store

_AT_ONCE = 4  # calls: some ten milliseconds
_PAUSE = 0.02  # seconds
_AGAIN = 60.0  # seconds until it is tried again where the store could not be read or written
_log = logging.getLogger(__name__)


async def describe_calls(store: Store) -> None:
    """Return once every call is described; the newest come first."""
    done = 0
    while True:
        try:
            read = await store.describe_some(_AT_ONCE)
        except StoreError as error:
            _log.error("%s", error)
            await asyncio.sleep(_AGAIN)
            continue
        done += read
        if not read:
            break
        await asyncio.sleep(_PAUSE)
    if done:
        _log.info("the tickets of %d calls of an earlier version were read, for lists of calls", done)
