"""Calls are found by when they were, whose they were and what became of them, page by page, whatever comes and goes."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assist.call import fold
from assist.calls_query import CallsQuery, Cursor, Order, beginning, end
from assist.facts import Facts, facts
from assist.log import Record
from assist.messages.events import (
    AgentAccepted,
    AgentChoseTemplate,
    AgentEdited,
    AgentRejected,
    AgentSubmitted,
    AgentUndone,
    AlertRaised,
    CallEnded,
    CallStarted,
    DispatchSuggested,
    Event,
    TemplatesRanked,
    TicketChanged,
)
from assist.room import Room
from assist.store import AudioFormat, Database, StoredCall
from assist.store_schema import SCHEMA
from assist.writer import Store
from extractors.ticket import Alert, Dispatch, RankedTemplate, SlotValue
from extractors.turn import Speaker

GUANGZHOU = ZoneInfo("Asia/Shanghai")
DAY = datetime(2026, 3, 2, tzinfo=GUANGZHOU)
MONO = AudioFormat("alaw", 8_000, (Speaker.CITIZEN,))
STARTED = CallStarted(started_at=DAY, agent="0017")
BARBECUE = RankedTemplate("CG01-001", "夜间占道烧烤油烟噪声扰民", "城市管理", "投诉", 0.8)
STALLS = AgentChoseTemplate(command="t", code="CG01-002", title="店外摆卖")
DISPATCHED = DispatchSuggested(dispatch=Dispatch("市城市管理综合执法局", 0.8, "suggest"))
HAIZHU = TicketChanged(slots={"district": SlotValue("海珠区", 0.9, ())})


def told(*events: Event) -> Facts:
    """The facts of a call with these events."""
    log = (STARTED, *events)
    return facts(fold("c", [Record.of("c", seq, 0.0, event) for seq, event in enumerate(log, 1)]))


def read_on(database: Database, query: CallsQuery, size: int) -> Iterator[list[StoredCall]]:
    """The pages of a list."""
    while True:
        found, after = database.find(query, size)
        yield found
        if after is None:
            return
        query = replace(query, after=Cursor.parse(str(after)))


def names(calls: Sequence[StoredCall]) -> list[str]:
    return [call.summary.call for call in calls]


def keep(database: Database, call: str, began: datetime, *events: Event, known: Facts | None = None) -> None:
    database.create(call, MONO, [(0.0, STARTED)], began)
    database.append(call, [(1.0, event) for event in events], known)


# ── paging ───────────────────────────────────────────────────────────────────────────────────────────────────────────

_ORDERS: tuple[Order, ...] = ("newest", "oldest", "longest", "shortest")
_MOMENTS = st.integers(0, 4)  # few, so that many calls begin at once and last as long
_CALLS = st.lists(st.tuples(_MOMENTS, _MOMENTS), max_size=12)


@given(
    order=st.sampled_from(_ORDERS),
    size=st.integers(1, 5),
    before=_CALLS,
    meanwhile=st.lists(
        st.tuples(_CALLS.map(lambda calls: calls[:3]), st.sets(st.integers(0, 30), max_size=3)), max_size=4
    ),
)
def test_a_list_gives_no_call_twice_and_leaves_none_out_while_calls_come_and_go(
    order: Order,
    size: int,
    before: list[tuple[int, int]],
    meanwhile: list[tuple[list[tuple[int, int]], set[int]]],
) -> None:
    database = Database(Path(":memory:"))
    keys: dict[str, tuple[int, int]] = {}

    def add(calls: list[tuple[int, int]]) -> None:
        for began, seconds in calls:
            call = f"c{len(keys) * 7 % 31}-{len(keys)}"  # ids in no order
            keys[call] = (began, seconds)
            keep(database, call, DAY + timedelta(seconds=began), CallEnded(seconds=seconds))

    add(before)
    stayed, given_ = set(keys), []
    for number, page in enumerate(read_on(database, CallsQuery(order=order), size)):
        given_ += names(page)
        if number < len(meanwhile):
            added, deleted = meanwhile[number]
            add(added)
            for call in [list(keys)[place] for place in deleted if place < len(keys)]:
                database.delete(call)
                stayed.discard(call)
    assert len(given_) == len(set(given_))
    assert stayed <= set(given_)
    column, way = (1 if order in ("longest", "shortest") else 0), (-1 if order in ("newest", "longest") else 1)
    sorted_keys = [keys[call][column] * way for call in given_]
    assert sorted_keys == sorted(sorted_keys)
    database.close()


def test_the_place_in_a_list_is_kept_where_the_call_at_it_is_deleted() -> None:
    database = Database(Path(":memory:"))
    for number in range(6):
        keep(database, f"c{number}", DAY + timedelta(seconds=number), CallEnded(seconds=1.0))
    first, after = database.find(CallsQuery(), 2)
    database.delete(names(first)[-1])
    assert names(database.find(CallsQuery(after=after), 2)[0]) == ["c3", "c2"]
    database.close()


@pytest.mark.parametrize(
    "text", ["", "newest", "newest~1", "newest~x~c", "newest~1~../c", "best~1~c", "newest~1~c~d", "newest~--1~c"]
)
def test_what_is_no_place_in_a_list_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="place"):
        Cursor.parse(text)


# ── filters ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_AGENTS, _TITLES, _ALERTS = ("0017", "0018"), ("夜间占道烧烤油烟噪声扰民", "店外摆卖"), ("110", "119")
_KNOWN = st.builds(
    Facts,
    agent=st.sampled_from(_AGENTS),
    template=st.sampled_from(("CG01-001", "CG01-002")),
    title=st.sampled_from(_TITLES),
    unit=st.sampled_from(("", "市住建局")),
    district=st.sampled_from(("海珠区", "越秀区")),
    alerts=st.sets(st.sampled_from(_ALERTS)).map(lambda kinds: tuple(sorted(kinds))),
    ticket=st.sampled_from(("untouched", "accepted", "edited")),
)
_QUERIES = st.fixed_dictionaries(
    {},
    optional={
        "agent": st.sampled_from(_AGENTS),
        "title": st.sampled_from(("烧烤 噪声", "摆卖", "烧烤 摆卖")),
        "unit": st.just("市住建局"),
        "district": st.sampled_from(("海珠区", "越秀区")),
        "alert": st.sampled_from(("any", "none", *_ALERTS)),
        "ticket": st.sampled_from(("untouched", "accepted", "edited")),
        "status": st.sampled_from(("live", "ended", "submitted")),
        "min_seconds": st.sampled_from((1.0, 2.0)),
        "max_seconds": st.sampled_from((1.0, 2.0)),
        "since": _MOMENTS.map(lambda at: DAY + timedelta(seconds=at)),
        "until": _MOMENTS.map(lambda at: DAY + timedelta(seconds=at)),
    },
)


def fits(call: StoredCall, query: CallsQuery) -> bool:
    """What a query means, in plain words."""
    known, summary = call.facts, call.summary
    return all(
        [
            query.agent in (None, known.agent),
            all(word in known.title for word in (query.title or "").split()),
            query.unit in (None, known.unit),
            query.district in (None, known.district),
            query.alert in (None, *(("any", *known.alerts) if known.alerts else ("none",))),
            query.ticket in (None, known.ticket),
            query.status in (None, summary.status),
            query.min_seconds is None or (call.ended and summary.seconds >= query.min_seconds),
            query.max_seconds is None or (call.ended and summary.seconds <= query.max_seconds),
            query.since is None or summary.started_at >= query.since,
            query.until is None or summary.started_at < query.until,
        ]
    )


@given(
    calls=st.lists(st.tuples(_KNOWN, _MOMENTS, st.integers(0, 3), st.booleans(), st.booleans()), max_size=12),
    wanted=_QUERIES,
)
def test_exactly_the_calls_that_fit_all_conditions_are_found(
    calls: list[tuple[Facts, int, int, bool, bool]], wanted: dict[str, object]
) -> None:
    database = Database(Path(":memory:"))
    for number, (known, began, seconds, ended, filed) in enumerate(calls):
        events: list[Event] = [AgentSubmitted(command="s", slots={})] if filed else []
        events += [CallEnded(seconds=seconds)] if ended else []
        keep(database, f"c{number}", DAY + timedelta(seconds=began), *events, known=known)
    query = CallsQuery(**wanted)  # type: ignore[arg-type]
    all_calls = database.find(CallsQuery(), 100)[0]
    assert names(database.find(query, 100)[0]) == [call.summary.call for call in all_calls if fits(call, query)]
    database.close()


def test_a_day_is_one_of_the_hotline_and_counts_whole() -> None:
    database = Database(Path(":memory:"))
    for call, began in {
        "before": DAY - timedelta(microseconds=1),
        "first": DAY.astimezone(UTC),
        "last": DAY + timedelta(days=1, microseconds=-1),
        "after": DAY + timedelta(days=1),
    }.items():
        keep(database, call, began)
    query = CallsQuery(since=beginning("2026-03-02", GUANGZHOU), until=end("2026-03-02", GUANGZHOU))
    assert names(database.find(query, 9)[0]) == ["last", "first"]
    assert end("2026-03-02T10:15", GUANGZHOU) - beginning("2026-03-02T10:15", GUANGZHOU) == timedelta(minutes=1)
    database.close()


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-02-30", "2026-03-02T25:00", "2026-03-02T10:15+08:00", "9999-12-31", "2026-03-02 10:15"]
)
def test_what_is_no_day_or_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        end(text, GUANGZHOU)


# ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_call_is_listed_with_what_its_form_shows() -> None:
    ranked, alert = TemplatesRanked(templates=[BARBECUE]), AlertRaised(alert=Alert("110", "打人"))
    known = told(HAIZHU, ranked, DISPATCHED, alert, alert, AlertRaised(alert=Alert("120", "流血")))
    assert known == Facts(
        agent="0017",
        template="CG01-001",
        title=BARBECUE.title,
        unit="市城市管理综合执法局",
        district="海珠区",
        alerts=("110", "120"),
    )
    chosen = told(HAIZHU, ranked, STALLS, AgentEdited(command="1", slot="department", value="市住建局"))
    assert (chosen.template, chosen.title, chosen.unit) == ("CG01-002", "店外摆卖", "市住建局")


def test_a_unit_that_is_not_sure_enough_to_be_shown_is_not_listed() -> None:
    assert told(DispatchSuggested(dispatch=Dispatch("市住建局", 0.3, "abstain"))).unit == ""


@pytest.mark.parametrize("typed", ["后滘西大街16号李小红家", "李小红" * 11, 7.0, True])
def test_what_an_agent_typed_for_a_district_that_can_be_none_is_not_listed(typed: str | float) -> None:
    assert told(HAIZHU, AgentEdited(command="1", slot="district", value=typed)).district == ""


def test_what_the_agent_did_is_told_until_it_is_taken_back() -> None:
    accepted = AgentAccepted(command="1", slot="district", value="海珠区")
    rejected = AgentRejected(command="2", slot="district")
    assert told(HAIZHU).ticket == "untouched"
    assert told(HAIZHU, accepted).ticket == told(STALLS).ticket == "accepted"
    assert told(HAIZHU, accepted, rejected).ticket == "edited"
    assert told(HAIZHU, rejected).district == ""
    assert told(HAIZHU, rejected, AgentUndone(command="3", undone=3)) == told(HAIZHU)


def test_a_filed_ticket_is_listed_as_it_was_filed() -> None:
    filed = told(HAIZHU, AgentSubmitted(command="1", slots={}))
    elsewhere = TicketChanged(slots={"district": SlotValue("越秀区", 0.9, ())})
    assert told(HAIZHU, AgentSubmitted(command="1", slots={}), elsewhere) == filed


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────

LOG: tuple[Event, ...] = (
    STARTED,
    HAIZHU,
    TemplatesRanked(templates=[BARBECUE]),
    DISPATCHED,
    AgentEdited(command="1", slot="district", value="越秀区"),
    AgentUndone(command="2", undone=5),
    STALLS,
    AlertRaised(alert=Alert("119", "起火")),
    AgentSubmitted(command="3", slots={}),
    CallEnded(seconds=3.0),
)


async def test_what_is_listed_is_at_every_moment_what_the_log_tells(tmp_path: Path) -> None:
    store = Store(tmp_path)
    records = await store.create("c", MONO, [(0.0, LOG[0])], DAY)
    room = Room("c", store, records, lambda: 1.0)
    for event in LOG[1:]:
        await room.commit([(1.0, event)])
        [listed], _ = await store.find(CallsQuery(), 9)
        assert listed.facts == facts(fold("c", await store.events("c")))
        assert await store.count_undescribed() == 0
    store.close()


def version_1(path: Path, *calls: str) -> sqlite3.Connection:
    """A file as version 1 made it, open, with calls that began a minute after the other."""
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(f"PRAGMA journal_mode=WAL;{SCHEMA}PRAGMA user_version=1;")
    for call in calls:
        version_1_writes(db, call, LOG)
    return db


def version_1_writes(db: sqlite3.Connection, call: str, events: Sequence[Event], after: int = 0) -> None:
    """What `Database.create` and `append` of version 1 did."""
    if not after:
        created = db.execute("SELECT count(*) FROM calls").fetchone()[0] + 1
        db.execute(
            "INSERT INTO calls (id, started_at, created, format, sample_rate, roles) VALUES (?, ?, ?, ?, ?, ?)",
            (call, (DAY + timedelta(minutes=created)).isoformat(), created, "alaw", 8_000, '["citizen"]'),
        )
    for seq, event in enumerate(events, after + 1):
        command = getattr(event, "command", None)
        row = (call, seq, 1.0, event.type, command, event.model_dump_json())
        db.execute("INSERT INTO events (call, seq, at, type, command, data) VALUES (?, ?, ?, ?, ?, ?)", row)
    db.execute("UPDATE calls SET last_seq = ?, ended = 1 WHERE id = ?", (after + len(events), call))


def describe(database: Database) -> None:
    while known := database.undescribed(1):
        with database.transaction():
            database.describe(known)


def test_calls_of_an_earlier_version_are_found_by_time_at_once_and_by_content_once_they_are_read(
    tmp_path: Path,
) -> None:
    path = tmp_path / "calls.sqlite3"
    version_1(path, "a", "b").close()
    database = Database(path)
    assert names(database.find(CallsQuery(since=DAY + timedelta(minutes=2)), 9)[0]) == ["b"]
    assert names(database.find(CallsQuery(template="CG01-002"), 9)[0]) == []
    assert database.count_undescribed() == 2
    describe(database)
    assert database.count_undescribed() == 0
    found, _ = database.find(CallsQuery(template="CG01-002"), 9)
    assert names(found) == ["b", "a"]
    assert found[0].facts == told(*LOG[1:])
    database.close()


def test_an_earlier_version_goes_on_with_the_file_and_what_it_writes_is_read_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite3"
    database = Database(path)
    keep(database, "old", DAY, CallEnded(seconds=1.0), known=Facts())
    database.close()
    earlier = sqlite3.connect(path, isolation_level=None)
    assert earlier.execute("PRAGMA user_version").fetchone() == (1,)
    version_1_writes(earlier, "new", LOG)
    version_1_writes(earlier, "old", [STALLS], after=2)
    earlier.close()
    database = Database(path)
    describe(database)
    assert names(database.find(CallsQuery(template="CG01-002"), 9)[0]) == ["new", "old"]
    database.close()


def test_facts_that_were_read_from_a_log_never_replace_those_of_later_events(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite3"
    version_1(path, "c").close()
    database = Database(path)
    read = database.undescribed(1)
    database.append("c", [(2.0, AlertRaised(alert=Alert("120", "晕倒")))], Facts(alerts=("119", "120")))
    database.describe(read)
    assert database.find(CallsQuery(), 1)[0][0].facts.alerts == ("119", "120")
    database.close()


def test_a_call_whose_log_cannot_be_read_is_listed_and_stops_nothing(tmp_path: Path) -> None:
    path = tmp_path / "calls.sqlite3"
    db = version_1(path, "broken", "sound", "cut", "empty")
    db.execute("DELETE FROM events WHERE call = 'empty' OR call = 'cut' AND seq > 3")
    db.execute(
        'UPDATE events SET data = \'{"type": "ticket.changed", "slots": 7}\' WHERE call = \'broken\' AND seq = 2'
    )
    db.close()
    database = Database(path)
    describe(database)
    known = {call.summary.call: call.facts.template for call in database.find(CallsQuery(), 9)[0]}
    assert known == {"broken": "", "sound": "CG01-002", "cut": "CG01-001", "empty": ""}
    database.close()


@pytest.mark.parametrize("order", ["newest", "oldest"])
def test_calls_of_a_switch_whose_clock_was_never_set_are_listed_and_read_past(tmp_path: Path, order: Order) -> None:
    database = Database(tmp_path / "calls.sqlite3")
    for call, began in (("unset", "1970-01-01T00:00:03+08:00"), ("also", "1970-01-01T00:00:04+08:00"), ("now", None)):
        moment = datetime.fromisoformat(began) if began else DAY
        with database.transaction():
            database.create(call, MONO, [(0.0, CallStarted(started_at=moment))], moment)
    pages = read_on(database, CallsQuery(order=order), 1)
    found = [call.summary.call for page in pages for call in page]
    assert found == (["unset", "also", "now"] if order == "oldest" else ["now", "also", "unset"])
