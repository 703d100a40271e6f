"""What a microphone brought and the server does not have on its disk yet: bounded, and resumed where the server says.

Positions are counted in sample frames: *captured* ones from the first that the microphone brought, *received* ones from
the first of the call. They part where audio is lost, and where a call goes on that had begun before. No I/O.
"""

from __future__ import annotations


class Backlog:
    """Keeps ``limit`` sample frames of ``frame_bytes`` bytes; of more the oldest are dropped."""

    def __init__(self, frame_bytes: int, limit: int) -> None:
        self._size = frame_bytes
        self._limit = limit
        self._kept = bytearray()
        self._first = 0  # captured position of the first frame kept
        self._next = 0  # captured position of the first frame not handed out on this connection
        self._shift: int | None = None  # captured less received position; None: the server has not said yet
        self.lost = 0  # sample frames that were dropped and that the server does not have, as far as is known

    @property
    def waiting(self) -> int:
        """Sample frames that are kept."""
        return len(self._kept) // self._size

    def add(self, data: bytes) -> None:
        """Keep what the microphone brought: whole sample frames."""
        self._kept += data
        if (excess := self.waiting - self._limit) > 0:
            self._drop(excess)

    def resume(self, received: int) -> None:
        """A connection begins: the server has ``received`` sample frames of the call."""
        if self._shift is None:
            self._go_on_at(self._first, missing=self._first)
        else:
            wanted = min(received + self._shift, self._first + self.waiting)
            self._go_on_at(max(wanted, self._first), missing=max(0, self._first - wanted))
        self._shift = self._next - received

    def take(self, most: int) -> bytes:
        """The next up to ``most`` sample frames for this connection; empty when there are none yet."""
        if self._next < self._first:
            assert self._shift is not None
            missing = self._first - self._next
            self._shift += missing
            self._go_on_at(self._first, missing)
        begin = (self._next - self._first) * self._size
        piece = bytes(self._kept[begin : begin + most * self._size])
        self._next += len(piece) // self._size
        return piece

    def acknowledged(self, received: int) -> None:
        """The server has ``received`` sample frames of the call on its disk: they need not be kept."""
        if self._shift is not None:
            self._drop(max(0, min(received + self._shift, self._next) - self._first))

    def _go_on_at(self, captured: int, missing: int) -> None:
        self._next = captured
        self.lost += missing

    def _drop(self, frames: int) -> None:
        del self._kept[: frames * self._size]
        self._first += frames
