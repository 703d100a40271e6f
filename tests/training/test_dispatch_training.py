"""What is learned from judged tickets holds for tickets of other writers, in other words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from extractors.catalogue.knowledge import Catalogue
from extractors.matching.dispatch_trust import Signals
from extractors.text.encoder import load_encoder
from scripts.training.dispatch import FOLDS, ROOT, Example, asked, coverage, main, opinion_of, scored, trust_of

STREETS, WAGES = "市城市管理综合执法局", "市人社局"
SAID = {
    STREETS: (
        "烧烤档摆到人行道上占道经营",
        "流动摊贩占道卖水果",
        "走鬼档占了整条人行道",
        "夜宵摊占道油烟大",
        "小贩占道摆卖",
    ),
    WAGES: ("公司拖欠我三个月工资", "老板欠薪不发工资", "离职后工资一直没有结清", "工地欠农民工工资", "加班工资不给"),
}
NOTHING_KNOWN = Signals(0.5, 0.5, 0.0, 0.5, 0.0, 0.0, 0.0, by_district=False)


def example(writer: str, text: str, named: str) -> Example:
    """A ticket for which templates speak for both units alike, and always put streets first."""
    units = tuple((name, NOTHING_KNOWN, name == named) for name in (STREETS, WAGES))
    return Example(writer, load_encoder().of(text), units, frozenset({named}), 0.0)


@pytest.fixture(scope="module")
def tickets() -> list[Example]:
    return [
        example(f"writer {number}", text, named) for named, texts in SAID.items() for number, text in enumerate(texts)
    ]


def test_an_opinion_names_for_new_words_what_was_named_for_such_calls(tickets: list[Example]) -> None:
    opinion = opinion_of(tickets)
    for text, named in (("摊贩占道摆档卖衣服", STREETS), ("拖欠工资两个月了", WAGES)):
        of = dict(zip(opinion.answers, opinion.of(load_encoder().of(text)), strict=True))
        assert of[named] > 0.6
        assert min(of.values()) < 0.4


def test_an_opinion_is_of_tickets_as_they_were_written(tickets: list[Example]) -> None:
    misheard = [replace(one, misheard=0.2, named=frozenset({"市审计局"})) for one in tickets]
    assert opinion_of([*tickets, *misheard]).answers == opinion_of(tickets).answers


def test_trust_is_learned_from_opinions_of_other_writers(tickets: list[Example]) -> None:
    assert len({one.writer for one in tickets}) > FOLDS
    trust = trust_of(tickets)
    for one in asked(tickets, opinion_of(tickets)):
        right, wrong = sorted(one.units, key=lambda unit: not unit[2])
        assert trust.probability(right[1]) > trust.probability(wrong[1])


def test_scores_are_of_writers_from_whom_nothing_was_learned(tickets: list[Example], catalogue: Catalogue) -> None:
    odd = [replace(one, writer="odd", units=tuple((n, s, not right) for n, s, right in one.units)) for one in tickets]
    assert scored(tickets, catalogue)["written_unit_right"] == 1.0
    assert scored([*tickets, *odd], catalogue)["written_unit_right"] < 0.7


def test_coverage_is_what_can_be_dispatched_within_the_error() -> None:
    chance = np.array([0.9, 0.8, 0.7, 0.6])
    assert coverage(chance, np.array([True, True, False, True]), 0.25) == 1.0
    assert coverage(chance, np.array([True, True, False, True]), 0.1) == 0.5


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["samples/dispatch/calibration/tickets-i.yaml"], "at least 4 writers"),
        (["--misheard", "0.2"], "0 is needed too"),
    ],
)
def test_what_cannot_be_learned_from_is_told(
    arguments: list[str], told: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(SystemExit):
        main(arguments)
    assert told in capsys.readouterr().err
