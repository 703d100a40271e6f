from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from assist.certify import GRID, Certification, Outcome, mishearing, reached, told
from assist.cli.main import app
from assist.judged_tickets import JudgedTicket, Readers, TicketError, agreement, halves, read_tickets, tickets_hash
from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.load import load
from extractors.matching.dispatch_certificate import FILE, claimed
from extractors.turn import Speaker, Turn
from tests.extractors import small_catalogue as small

UNITS = {"市住建局", "天河区政府", "市城市管理综合执法局"}
ENTRY = {
    "id": "T-1",
    "turns": [["agent", "您好，请讲。"], ["citizen", "楼下烧烤摊半夜还在烤，油烟灌进来"]],
    "district": "天河区",
    "unit": "市城市管理综合执法局",
    "units_also": ["天河区政府"],
    "kind": "投诉",
}


def write(path: Path, *entries: object) -> Path:
    path.write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")
    return path


def outcome(number: int, confidence: float, right: bool) -> Outcome:
    ticket = JudgedTicket(f"T-{number}", (Turn(0, Speaker.CITIZEN, f"第{number}件事"),), ("市住建局",))
    return Outcome(ticket, "市住建局" if right else "市民政局", confidence, "")


def outcomes(*groups: tuple[int, float, bool]) -> list[Outcome]:
    together = [(confidence, right) for count, confidence, right in groups for _ in range(count)]
    return [outcome(number, *one) for number, one in enumerate(together)]


# What ships.


def test_the_certificates_belong_to_the_catalogue_and_models_they_ship_with(catalogue: Catalogue) -> None:
    found = claimed(catalogue)  # none: run `assist dispatch certify` again (docs/catalogue.md)
    assert sorted(found) == ["heard", "written"]
    assert all((one.error, one.confidence) == (0.0181, 0.95) for one in found.values())


@pytest.fixture(scope="module")
def shipped(samples: Path, catalogue: Catalogue) -> Sequence[JudgedTicket]:
    folders = [samples / "dispatch" / name for name in ("development", "calibration")]
    return read_tickets(folders, catalogue.units)


def test_there_are_enough_judged_tickets_and_they_name_units_of_the_catalogue(shipped: Sequence[JudgedTicket]) -> None:
    calibrating = [ticket for ticket in shipped if ticket.id[0] in "IJKLMNOP"]
    assert len(calibrating) >= 1000
    assert all(ticket.second is not None for ticket in shipped)
    assert len({ticket.id for ticket in shipped}) == len({ticket.digest for ticket in shipped}) == len(shipped)
    even, odd = halves(shipped)
    assert abs(len(even) - len(odd)) < 0.1 * len(shipped)


def test_judged_tickets_hold_no_number_that_could_be_somebodys(shipped: Sequence[JudgedTicket]) -> None:
    said = "\n".join(turn.text for ticket in shipped for turn in ticket.turns)
    assert not re.search(r"\d{7,}|[零一二三四五六七八九幺]{7,}", said)


# Reading.


def test_a_ticket_is_read_with_all_units_that_are_right(tmp_path: Path) -> None:
    [ticket] = read_tickets([write(tmp_path / "t.yaml", ENTRY)], UNITS)
    assert ticket.units == ("市城市管理综合执法局", "天河区政府")
    assert [turn.speaker for turn in ticket.turns] == [Speaker.AGENT, Speaker.CITIZEN]


@pytest.mark.parametrize(
    ("readers", "right"),
    [
        ("either", ("市城市管理综合执法局", "天河区政府", "市住建局")),
        ("first", ("市城市管理综合执法局", "天河区政府")),
        ("both", ("天河区政府",)),
    ],
)
def test_of_a_ticket_read_twice_it_is_said_whose_word_holds(
    tmp_path: Path, readers: Readers, right: tuple[str, ...]
) -> None:
    path = write(tmp_path / "t.yaml", {**ENTRY, "second": ["天河区政府", "市住建局"]})
    [ticket] = read_tickets([path], UNITS, readers)
    assert ticket.units == right
    assert agreement([ticket]) == (1, 0, 1)


def test_a_second_reader_who_names_no_unit_leaves_the_first_ones_word(tmp_path: Path) -> None:
    path = write(tmp_path / "t.yaml", {**ENTRY, "second": []}, {**ENTRY, "id": "T-2", "turns": [["citizen", "喂"]]})
    twice, once = read_tickets([path], UNITS)
    assert twice.units == once.units == ("市城市管理综合执法局", "天河区政府")
    assert agreement([twice, once]) == (1, 0, 0)


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ([{**ENTRY, "unit": "市火星局"}], r"t\.yaml: T-1: the catalogue knows no unit '市火星局'"),
        ([{**ENTRY, "second": ["市火星局"]}], r"T-1: the catalogue knows no unit '市火星局'"),
        ([ENTRY, {**ENTRY, "turns": [["citizen", "别的事"]]}], "T-1: the same id stands in"),
        ([ENTRY, {**ENTRY, "id": "T-2"}], "T-2: the same conversation stands in"),
        ([{**ENTRY, "turns": []}], "T-1: turns: "),
        ([{**ENTRY, "turns": [["nobody", "喂"]]}], "T-1: turns.0.0: "),
        ([{**ENTRY, "units": ["市住建局"]}], "T-1: units: "),
        (["喂"], "entry 0"),
    ],
)
def test_what_cannot_be_used_is_named(tmp_path: Path, entries: list[object], problem: str) -> None:
    with pytest.raises(TicketError, match=problem):
        read_tickets([write(tmp_path / "t.yaml", *entries)], UNITS)


@pytest.mark.parametrize("content", ["- id: [", "\x00", "just words"])
def test_a_file_that_holds_no_tickets_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "t.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(TicketError, match=r"t\.yaml"):
        read_tickets([path], UNITS)
    with pytest.raises(TicketError, match=r"no \*\.yaml"):
        read_tickets([tmp_path / "empty"] if (tmp_path / "empty").mkdir() is None else [], UNITS)


def test_a_ticket_stays_in_its_half_whatever_is_added(shipped: Sequence[JudgedTicket]) -> None:
    few = shipped[:100]
    assert [one.id for one in halves(few)[0]] == [one.id for one in halves(shipped)[0] if one in few]
    assert tickets_hash(few) == tickets_hash(list(reversed(few))) != tickets_hash(shipped[:99])


# Judging.


def test_the_certified_point_is_the_one_calibration_gives_and_the_other_half_only_checks() -> None:
    calibration = outcomes((300, 0.97, True), (100, 0.6, False))
    check = [replace(one) for one in outcomes((50, 0.97, True), (5, 0.97, False), (45, 0.6, False))]
    result = Certification("written", calibration, check, 0.0181, 0.95)
    point = result.point
    assert point is not None
    assert (point.selected, point.errors) == (300, 0)
    assert 0.6 < point.threshold < 0.97
    checked = result.checked(point.threshold)
    assert (checked.selected, checked.errors) == (55, 5)
    assert len(result.wrong(point.threshold)) == 5


def test_the_curve_covers_more_the_looser_it_gets_and_counts_every_unit() -> None:
    result = Certification("written", outcomes((10, 0.9, True), (10, 0.7, False)), [], 0.0181, 0.95)
    covered = [point.selected for point in result.curve()]
    assert covered == sorted(covered) and covered[0] == 0 and covered[-1] == 20
    assert len(covered) == len(GRID)
    assert result.units(0.8) == [{"unit": "市住建局", "tickets": 20, "right": 10, "dispatched": 10, "wrong": 0}]
    assert result.point is None


def test_a_ticket_whose_district_nobody_says_is_never_dispatched(tmp_path: Path) -> None:
    catalogue = load(small.write(tmp_path / "c"))
    said = "我们楼的电梯坏了一个礼拜，物业不修"
    silent = JudgedTicket("T-1", (Turn(0, Speaker.CITIZEN, said),), ("天河区政府",))
    named = JudgedTicket("T-2", (Turn(0, Speaker.CITIZEN, f"天河区这边，{said}"),), ("天河区政府",))
    first, second = told([silent, named], catalogue)
    assert (first.confidence, first.right) == (0.0, False)
    assert second.right and second.confidence > 0


def test_who_names_a_company_names_the_department_through_which_tickets_reach_it(catalogue: Catalogue) -> None:
    water, other = (replace(outcome(1, 0.9, True).ticket, units=(unit,)) for unit in ("广州水投集团", "市教育局"))
    told = reached([water, other], catalogue)
    assert [one.units for one in told] == [("广州水投集团", "市水务局"), ("市教育局",)]


def test_mishearing_is_the_same_in_every_run_and_marks_text_as_recognised(catalogue: Catalogue) -> None:
    ticket = JudgedTicket("T-1", (Turn(0, Speaker.CITIZEN, "天河区棠下街道有人占道烧烤，油烟很大"),), ("市住建局",))
    hear = mishearing(catalogue, 0.4)
    heard = hear(ticket)
    assert heard == mishearing(catalogue, 0.4)(ticket)
    assert heard[0].text != ticket.turns[0].text
    assert len(heard[0].times) == len(heard[0].text)


# The command.


def tickets_of(catalogue: Catalogue, count: int) -> list[dict[str, object]]:
    """Tickets that the small catalogue cannot get wrong, each in other words."""
    return [
        {
            "id": f"T-{number}",
            "turns": [["citizen", f"楼下有一档烧烤摆在人行道上，半夜还在烤，第{number}次打来了"]],
            "unit": "市城市管理综合执法局",
        }
        for number in range(count)
    ]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    small.write(tmp_path / "c")
    path = tmp_path / "config.yaml"
    path.write_text(f"catalogue: {{directory: {tmp_path / 'c'}, cache: {tmp_path / 'cache'}}}\n", encoding="utf-8")
    return path


def test_the_command_certifies_and_what_it_writes_is_claimed(tmp_path: Path, config: Path) -> None:
    catalogue = load(tmp_path / "c")
    tickets = write(tmp_path / "t.yaml", *tickets_of(catalogue, 170))
    out, figures = tmp_path / "c" / FILE, tmp_path / "f.json"
    result = CliRunner().invoke(
        app,
        [
            "dispatch",
            "certify",
            str(tickets),
            "--whole",
            "--out",
            str(out),
            "--json",
            str(figures),
            "--config",
            str(config),
        ],
    )
    assert result.exit_code == 0, result.output
    assert "CERTIFIED" in result.output and "It says nothing of other tickets" in " ".join(result.output.split())
    assert claimed(catalogue)["written"].selected == 170
    written = json.loads(figures.read_text(encoding="utf-8"))["written"]
    assert written["certificate"]["errors"] == 0 and written["coverage"] == 1.0
    assert len(written["curve"]) == len(GRID)


def test_the_command_says_when_there_are_too_few_tickets(tmp_path: Path, config: Path) -> None:
    tickets = write(tmp_path / "t.yaml", *tickets_of(load(tmp_path / "c"), 164))
    result = CliRunner().invoke(app, ["dispatch", "certify", str(tickets), "--whole", "--config", str(config)])
    assert result.exit_code == 3
    assert "165" in result.output


def test_the_command_certifies_nothing_where_errors_are_too_many(tmp_path: Path, config: Path) -> None:
    wrong = [{**one, "unit": "市民政局"} for one in tickets_of(load(tmp_path / "c"), 170)]
    out = tmp_path / FILE
    result = CliRunner().invoke(
        app,
        [
            "dispatch",
            "certify",
            str(write(tmp_path / "t.yaml", *wrong)),
            "--whole",
            "--out",
            str(out),
            "--config",
            str(config),
        ],
    )
    assert result.exit_code == 1
    assert "nothing is certified" in result.output
    assert not out.exists()


def test_the_command_names_an_unknown_unit(tmp_path: Path, config: Path) -> None:
    tickets = write(tmp_path / "t.yaml", {**ENTRY, "unit": "市火星局"})
    result = CliRunner().invoke(app, ["dispatch", "certify", str(tickets), "--config", str(config)])
    assert result.exit_code == 3
    assert "市火星局" in result.output
