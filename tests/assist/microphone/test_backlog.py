"""What waits for the server: nothing that is kept is sent twice or left out, and what is lost is counted."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from assist.microphone.backlog import Backlog


def frames(first: int, count: int) -> bytes:
    """Frames of 2 bytes, each telling its place."""
    return b"".join(n.to_bytes(2, "little") for n in range(first, first + count))


def test_audio_is_handed_out_in_order_and_kept_until_it_is_acknowledged() -> None:
    backlog = Backlog(2, 100)
    backlog.resume(0)
    backlog.add(frames(0, 10))
    assert backlog.take(4) + backlog.take(4) + backlog.take(4) == frames(0, 10)
    assert backlog.take(4) == b""
    assert backlog.waiting == 10
    backlog.acknowledged(6)
    assert backlog.waiting == 4


def test_after_a_break_it_goes_on_where_the_server_says() -> None:
    backlog = Backlog(2, 100)
    backlog.resume(0)
    backlog.add(frames(0, 10))
    backlog.take(10)
    backlog.acknowledged(4)
    backlog.add(frames(10, 5))
    backlog.resume(7)
    assert backlog.take(100) == frames(7, 8)
    assert backlog.lost == 0


def test_a_call_that_had_begun_before_goes_on_behind_what_the_server_has() -> None:
    backlog = Backlog(2, 100)
    backlog.add(frames(0, 10))
    backlog.resume(5_000)
    assert backlog.take(4) == frames(0, 4)
    backlog.acknowledged(5_002)
    backlog.resume(5_003)
    assert backlog.take(100) == frames(3, 7)
    assert backlog.lost == 0


def test_the_oldest_goes_when_too_much_waits_and_later_positions_still_fit() -> None:
    backlog = Backlog(2, 10)
    backlog.resume(0)
    backlog.add(frames(0, 5))
    backlog.take(5)
    backlog.acknowledged(5)
    backlog.add(frames(5, 18))
    backlog.resume(5)
    assert backlog.lost == 8
    assert backlog.take(100) == frames(13, 10)
    backlog.acknowledged(9)
    backlog.add(frames(23, 1))
    backlog.resume(11)
    assert backlog.take(100) == frames(19, 5)
    assert backlog.lost == 8


def test_what_the_server_has_is_not_lost_though_it_was_dropped() -> None:
    backlog = Backlog(2, 10)
    backlog.resume(0)
    backlog.add(frames(0, 8))
    backlog.take(8)
    backlog.add(frames(8, 10))
    backlog.resume(8)
    assert backlog.lost == 0
    assert backlog.take(100) == frames(8, 10)


def test_a_server_that_does_not_read_loses_the_oldest_too() -> None:
    backlog = Backlog(2, 10)
    backlog.resume(0)
    backlog.add(frames(0, 14))
    assert backlog.take(3) == frames(4, 3)
    assert backlog.lost == 4


@dataclass
class Line:
    """A server that has what came over the line, of which it wrote down a part when the line breaks."""

    backlog: Backlog
    has: list[int] = field(default_factory=list)
    captured: int = 0

    def step(self, what: str, count: int) -> None:
        if what == "capture":
            self.backlog.add(frames(self.captured, count))
            self.captured += count
        elif what == "send":
            piece = self.backlog.take(count)
            self.has += [int.from_bytes(piece[n : n + 2], "little") for n in range(0, len(piece), 2)]
        elif what == "acknowledge":
            self.acknowledged = max(self.acknowledged, len(self.has) - count)
            self.backlog.acknowledged(self.acknowledged)
        else:
            self.has = self.has[: max(self.acknowledged, len(self.has) - count)]
            self.backlog.resume(len(self.has))

    acknowledged: int = 0


steps = st.tuples(st.sampled_from(["capture", "send", "acknowledge", "break"]), st.integers(0, 12))


@given(st.lists(steps, max_size=60), st.integers(1, 20))
def test_the_server_gets_everything_once_and_in_order_but_for_what_is_counted_as_lost(
    plan: list[tuple[str, int]], limit: int
) -> None:
    line = Line(Backlog(2, limit))
    line.backlog.resume(0)
    for what, count in plan:
        line.step(what, count)
        assert line.backlog.waiting <= limit
    line.step("send", line.captured)
    assert line.has == sorted(set(line.has))
    assert line.captured - len(line.has) == line.backlog.lost
    assert line.has[-1:] == ([line.captured - 1] if line.captured else [])
