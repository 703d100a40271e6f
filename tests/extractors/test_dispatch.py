from __future__ import annotations

from pathlib import Path

import pytest

from extractors.catalogue import Catalogue, load
from extractors.dispatch import Dispatcher
from extractors.ticket import Dispatch
from tests.extractors import small_catalogue as small
from tests.extractors.test_ranking import call


@pytest.fixture
def few(tmp_path: Path) -> Catalogue:
    return load(small.write(tmp_path / "c"))


def decide(catalogue: Catalogue, odds: dict[str, float], *lines: str, district: str | None = None) -> Dispatch:
    dispatcher = Dispatcher(catalogue, catalogue.rules("dispatch"))
    ranked = [(catalogue.by_code[code], probability) for code, probability in odds.items()]
    decision = dispatcher.decide(ranked, [dispatcher.read(turn) for turn in call(*lines)], district)
    assert decision is not None
    return decision


def test_a_clear_template_suggests_its_unit(few: Catalogue) -> None:
    decision = decide(few, {"CG01-001": 0.9, "WY01-001": 0.05}, district="海珠区")
    assert (decision.unit, decision.decision) == ("市城市管理综合执法局", "suggest")
    assert "海珠区政府" in decision.alternatives


def test_templates_of_one_unit_add_up(few: Catalogue) -> None:
    assert decide(few, {"CG01-001": 0.45, "CG01-002": 0.45}).decision == "suggest"


def test_a_matter_of_the_district_goes_to_the_district_that_was_said(few: Catalogue) -> None:
    assert decide(few, {"WY01-001": 0.9}, district="白云区").unit == "白云区政府"


def test_a_matter_of_the_district_asks_while_the_district_is_unknown(few: Catalogue) -> None:
    decision = decide(few, {"WY01-001": 0.95})
    assert decision.decision == "ask"
    assert decision.unit not in few.units


def test_templates_that_disagree_are_asked_about_and_weak_ones_abstain(few: Catalogue) -> None:
    assert decide(few, {"CG01-001": 0.5, "WY02-001": 0.4}).decision == "ask"
    assert decide(few, {"CG01-001": 0.2, "WY02-001": 0.15}).decision == "abstain"


def test_the_unit_the_agent_names_moves_the_odds(few: Catalogue) -> None:
    odds = {"CG01-001": 0.5, "WY02-001": 0.4}
    assert decide(few, odds, "A好的，我们会转给住建部门跟进").unit == "市住建局"
    assert decide(few, odds, "C你们转给住建部门吧").unit == "市城市管理综合执法局"


def test_nothing_to_go_by_is_no_dispatch(few: Catalogue) -> None:
    assert Dispatcher(few, few.rules("dispatch")).decide([], [], "海珠区") is None


def test_the_chosen_template_decides_the_unit(few: Catalogue) -> None:
    dispatcher = Dispatcher(few, few.rules("dispatch"))
    decision = dispatcher.decide([(few.by_code["CG01-001"], 0.9)], [], "天河区", few.by_code["WY01-001"])
    assert decision == Dispatch("天河区政府", 0.95, "suggest", ("市住建局",))
