"""One decoder for all calls of a process: requests in, futures of hypotheses out, decoded in batches by worker threads.

Finals go before interim windows, older before newer; parts of finals that are not due yet, known as soon as the speaker
pauses, wait until those that are due are done. An interim window that a newer one of its channel has replaced is not
decoded, and interim windows wait while the decoder has used its share of the machine (``asr.pacing``): under load,
interim text comes later and less often, but no final is lost. A final whose window was decoded already, when the
speaker paused, is answered with that. What an engine answers is checked (``asr.answers``): a fault of it is told to
those who asked for that window, and the threads live on.
"""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import count
from types import TracebackType

from asr.answers import checked
from asr.engine import Engine, Hypothesis, LadderEngine, Unfinished, Window
from asr.pacing import Budget
from asr.recognizer import Request

_FINAL, _PART, _LIKELY, _INTERIM = range(4)


@dataclass(slots=True, eq=False)
class _Job:
    """A window to decode and all who wait for it."""

    channel: tuple[Hashable, int]  # the call, and which of its channels
    rank: tuple[int, int]  # class (`_FINAL`, `_PART`, `_LIKELY`, `_INTERIM`), then order of arrival
    since: float  # when it was asked for; of a final, when it fell due
    window: Window | None  # None once done, so that the audio is freed
    key: Hashable  # jobs of one key may share a batch
    futures: list[Future[Hypothesis | None]] = field(default_factory=list)
    unfinished: Unfinished | None = None  # what a first decode of it left to be decoded again
    replaced: bool = False  # by a newer request of its channel
    result: Hypothesis | None = None
    dropped: bool = False

    @property
    def pointless(self) -> bool:
        """Whether nobody needs it any more: a newer request took its place, and no final is made of it."""
        return self.replaced and self.rank[0] >= _LIKELY

    def promote(self, kind: int, now: float) -> None:
        """Be as urgent as ``kind`` at least."""
        if kind < self.rank[0]:
            self.rank = (kind, self.rank[1])
            if kind == _FINAL:
                self.since = now


class Decoder:
    """Decodes with ``engine`` on ``workers`` threads, up to ``max_batch`` windows at once. A context manager.

    ``interim_share``: how much of the workers' time may be used before interim windows have to wait; windows that are
    likely to be finals soon, decoded ahead of time, wait only when half of the rest is used too. What has to be decoded
    again takes long: a thread of its own does it, the most urgent first, so that no other window waits for it. All
    queues have one lock; nothing is locked while the engine works. ``clock`` tells the seconds.
    """

    def __init__(
        self,
        engine: Engine,
        workers: int = 1,
        max_batch: int = 8,
        interim_share: float = 0.6,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.engine = engine
        self._clock = clock
        self._max_batch = max_batch
        # by class: what is decoded ahead is seldom decoded in vain, and takes the load off the moment it is due
        self._budgets = {_LIKELY: Budget(workers, (1 + interim_share) / 2), _INTERIM: Budget(workers, interim_share)}
        self._queue: list[_Job] = []  # what waits for its first decode,
        self._working: list[_Job] = []  # is in it,
        self._again: list[_Job] = []  # or waits to be decoded again
        self._by_window: weakref.WeakKeyDictionary[Window, _Job] = weakref.WeakKeyDictionary()
        self._arrivals = count()
        lock = threading.RLock()
        self._changed = threading.Condition(lock)  # the queue changed
        self._left = threading.Condition(lock)  # something was left to be decoded again, or nothing will be any more
        self._closed = self._ended = False  # no requests will come; the workers are done
        self._threads = [
            threading.Thread(target=self._work, name=f"decoder-{number}", daemon=True) for number in range(workers)
        ]
        self._second = threading.Thread(target=self._work_again, name="decoder-again", daemon=True)
        for thread in (*self._threads, self._second):
            thread.start()

    @property
    def depth(self) -> int:
        """Windows that wait."""
        with self._changed:
            return len(self._queue)

    @property
    def lag(self) -> float:
        """Seconds that the longest waiting final has waited, for its first decode and in it, or to be decoded again:
        over a second or two, the machine has too much to do.
        """
        with self._changed:
            finals = [job for job in (*self._queue, *self._working, *self._again) if job.rank[0] == _FINAL]
            return max((self._clock() - job.since for job in finals), default=0.0)

    def submit(self, call: Hashable, request: Request) -> Future[Hypothesis | None]:
        """The hypothesis of ``request`` of ``call``, or None when a newer request made it pointless.

        The future carries what the engine raised. Raises ``RuntimeError`` after ``close``.
        """
        future: Future[Hypothesis | None] = Future()
        channel = (call, request.channel)
        part = request.final or request.certain
        kind = _FINAL if request.last else _PART if part else _LIKELY if request.whole else _INTERIM
        with self._changed:
            if self._closed:
                raise RuntimeError("The decoder is closed.")
            arrival = next(self._arrivals)
            for stale in self._unneeded(channel, request.window):
                stale.replaced = True
                if stale not in self._working:
                    # the newer window waits in the older one's place: a busy channel must not starve
                    arrival = min(arrival, stale.rank[1])
                    self._drop(stale)
            job = self._by_window.get(request.window)
            if job is None or job.dropped:
                try:
                    hash(key := self.engine.batch_key(request.window))
                except Exception as error:
                    future.set_exception(error)
                    return future
                job = _Job(channel, (kind, arrival), self._clock(), request.window, key)
                self._by_window[request.window] = job
                self._queue.append(job)
            job.promote(kind, self._clock())
            if kind == _FINAL:
                self._due(call)
            self._changed.notify()
            if job.window is None:
                future.set_result(job.result)
            else:
                job.futures.append(future)
        return future

    def close(self) -> None:
        """Decode the finals that wait, answer the rest with None, end the threads. A second call does nothing."""
        with self._changed:
            self._closed = True
            for job in (*self._queue, *self._working, *self._again):
                job.replaced = True
            for job in [job for job in (*self._queue, *self._again) if job.pointless]:
                self._drop(job)
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()
        with self._left:
            self._ended = True
            self._left.notify()
        self._second.join()

    def __enter__(self) -> Decoder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _unneeded(self, channel: tuple[Hashable, int], window: Window) -> list[_Job]:
        """What a request of ``channel`` for ``window`` makes pointless; no finals."""
        jobs = (*self._queue, *self._working, *self._again)
        return [job for job in jobs if job.channel == channel and job.rank[0] >= _LIKELY and job.window is not window]

    def _due(self, call: Hashable) -> None:
        """The parts of ``call`` that wait are as urgent as a final of it, which is given behind them."""
        for job in (*self._queue, *self._working, *self._again):
            if job.channel[0] == call and job.rank[0] == _PART:
                job.promote(_FINAL, self._clock())

    def _drop(self, job: _Job) -> None:
        """Answer a job that waits with None."""
        (self._queue if job.unfinished is None else self._again).remove(job)
        job.dropped = True
        self._finish(job, None)

    def _work(self) -> None:
        while self._work_once():
            pass

    def _work_once(self) -> bool:
        """Decode one batch; False when closed and done. A call of its own, so that no window outlives it."""
        batch = self._next_batch()
        begun = self._clock()
        outcomes = self._decode([job.window for job in batch if job.window is not None]) if batch else []
        self._spend(begun)
        with self._changed:
            for job, outcome in zip(batch, outcomes, strict=True):
                self._working.remove(job)
                if not isinstance(outcome, Unfinished):
                    self._finish(job, outcome)
                elif job.pointless:
                    self._finish(job, None)
                else:
                    job.unfinished = outcome
                    self._again.append(job)
                    self._left.notify()
        return bool(batch)

    def _work_again(self) -> None:
        while self._work_again_once():
            pass

    def _work_again_once(self) -> bool:
        """Decode the most urgent window that was left; False when closed and done. No window outlives it either."""
        with self._left:
            while not self._again:
                if self._ended:
                    return False
                self._left.wait()
            job = min(self._again, key=lambda job: job.rank)
            self._again.remove(job)
        begun = self._clock()
        outcome: Hypothesis | Unfinished | Exception
        try:
            assert job.window is not None and job.unfinished is not None and isinstance(self.engine, LadderEngine)
            [outcome] = checked([self.engine.finish(job.window, job.unfinished)], 1, (Hypothesis,))
        except Exception as error:
            outcome = error
        self._spend(begun)
        with self._changed:
            self._finish(job, outcome)
        return True

    def _spend(self, begun: float) -> None:
        with self._changed:
            now = self._clock()
            for budget in self._budgets.values():
                budget.spend(now, now - begun)

    def _next_batch(self) -> list[_Job]:
        """The most urgent window and others that can be decoded with it; empty when closed and done."""
        with self._changed:
            while (first := self._first()) is None:
                if self._closed and not self._queue:
                    return []
                self._changed.wait(min(map(self._wait, self._queue), default=None))
            # likely finals and interim windows cost less beside others, but what is not there cannot be spent on them
            alike = [job for job in self._queue if job.key == first.key and self._wait(job) <= 0]
            alike.sort(key=lambda job: job.rank)
            batch = alike[: self._max_batch]
            for job in batch:
                self._queue.remove(job)
            self._working += batch
            return batch

    def _first(self) -> _Job | None:
        """The most urgent job; None if there is none, or if all that wait have to wait longer."""
        return min((job for job in self._queue if self._wait(job) <= 0), key=lambda job: job.rank, default=None)

    def _wait(self, job: _Job) -> float:
        """Seconds that ``job`` has to wait for its budget; finals never wait."""
        budget = self._budgets.get(job.rank[0])
        return 0.0 if budget is None or self._closed else budget.wait(self._clock())

    def _decode(self, windows: Sequence[Window]) -> list[Hypothesis | Unfinished | Exception]:
        try:
            if isinstance(self.engine, LadderEngine):
                return [*checked(self.engine.begin(windows), len(windows), (Hypothesis, Unfinished))]
            return [*checked(self.engine.decode(windows), len(windows), (Hypothesis,))]
        except Exception as error:
            if len(windows) == 1:
                return [error]
        # one window that cannot be decoded must not take the others with it
        return [outcome for window in windows for outcome in self._decode([window])]

    @staticmethod
    def _finish(job: _Job, outcome: Hypothesis | Unfinished | Exception | None) -> None:
        job.window = job.unfinished = None
        job.result = outcome if isinstance(outcome, Hypothesis) else None
        job.dropped = job.result is None
        for future in job.futures:
            if not future.set_running_or_notify_cancel():
                continue
            if isinstance(outcome, Exception):
                future.set_exception(outcome)
            else:
                future.set_result(job.result)
        job.futures.clear()
