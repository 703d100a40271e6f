from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extractors.catalogue import Catalogue
from extractors.catalogue_load import load
from extractors.dispatch import Dispatcher
from extractors.dispatch_certificate import FILE, Certificate, claimed, state, written
from extractors.dispatch_trust import NAMES, Trust, trained
from extractors.ticket import Dispatch
from extractors.understanding import compile_catalogue
from tests.extractors import small_catalogue as small
from tests.extractors.test_ranking import call

# As sure as the share of the templates that the unit handles.
PLAIN = Trust(0.0, tuple(float(name == "unit") for name in NAMES))


@pytest.fixture
def few(tmp_path: Path) -> Catalogue:
    return load(small.write(tmp_path / "c"))


def certificate(catalogue: Catalogue, threshold: float, **changes: object) -> Certificate:
    return Certificate.model_validate(
        {
            "text": "written",
            "threshold": threshold,
            "error": 0.0181,
            "confidence": 0.95,
            "tickets": 500,
            "selected": 400,
            "errors": 2,
            "bound": 0.0157,
            "date": "2025-11-25",
            "catalogue": "test",
            "belongs_to": state(catalogue),
            "calibrated_on": "tickets of a test",
            "tickets_hash": "0",
            **changes,
        }
    )


def decide(
    catalogue: Catalogue,
    odds: dict[str, float],
    *lines: str,
    district: str | None = None,
    certified: Certificate | None = None,
) -> Dispatch:
    certificates = {certified.text: certified} if certified else {}
    dispatcher = Dispatcher(catalogue, catalogue.rules("dispatch"), PLAIN, certificates)
    probabilities = np.array([odds.get(template.code, 0.0) for template in catalogue.templates])
    units = [dispatcher.read(turn) for turn in call(*lines)]
    decision = dispatcher.decide(probabilities, units, district, words=10.0)
    assert decision is not None
    return decision


def test_a_clear_template_suggests_its_unit(few: Catalogue) -> None:
    decision = decide(few, {"CG01-001": 0.98, "WY01-001": 0.02}, district="海珠区")
    assert (decision.unit, decision.decision) == ("市城市管理综合执法局", "suggest")
    assert "海珠区政府" in decision.alternatives


def test_templates_of_one_unit_add_up(few: Catalogue) -> None:
    assert decide(few, {"CG01-001": 0.5, "CG01-002": 0.48}).decision == "suggest"


def test_a_unit_that_may_handle_all_that_is_likely_goes_before_one_that_handles_a_part(few: Catalogue) -> None:
    odds = {"WY01-001": 0.4, "CG01-001": 0.35, "WY02-001": 0.25}
    assert decide(few, odds, district="白云区").unit == "白云区政府"
    assert decide(few, {"CG01-001": 0.7, "WY02-001": 0.3}, district="白云区").unit == "市城市管理综合执法局"


def test_a_matter_of_the_district_goes_to_the_district_that_was_said(few: Catalogue) -> None:
    assert decide(few, {"WY01-001": 0.9}, district="白云区").unit == "白云区政府"


def test_a_matter_of_the_district_asks_for_the_district_while_it_is_unknown(few: Catalogue) -> None:
    decision = decide(few, {"WY01-001": 1.0})
    assert decision.decision == "ask"
    assert decision.question is not None and "哪个区" in decision.question
    assert decision.unit not in few.units


@pytest.mark.parametrize(
    ("line", "unit"),
    [
        ("C我们在白云这边，电梯坏了", "白云区政府"),
        ("C番禺市桥那个小区，电梯坏了", "番禺区政府"),
        ("A您说的是南沙对吗？", "南沙区政府"),
        ("C黄埔大道这边电梯坏了", "属地区政府（待确认行政区）"),
        ("C我从化工厂下班，电梯坏了", "属地区政府（待确认行政区）"),
    ],
)
def test_a_district_named_without_its_ending_will_do(few: Catalogue, line: str, unit: str) -> None:
    assert decide(few, {"WY01-001": 0.9}, line).unit == unit
    assert decide(few, {"WY01-001": 0.9}, line, district="海珠区").unit == "海珠区政府"


def test_templates_that_disagree_ask_which_of_the_two_it_is(few: Catalogue) -> None:
    decision = decide(few, {"CG01-001": 0.5, "CG01-002": 0.1, "WY02-001": 0.4})
    assert decision.decision == "ask"
    assert decision.question is not None
    assert "夜间占道烧烤油烟扰民" in decision.question and "咨询物业费收费标准" in decision.question


def test_weak_templates_abstain_and_ask_nothing(few: Catalogue) -> None:
    decision = decide(few, {"CG01-001": 0.2, "WY02-001": 0.15})
    assert (decision.decision, decision.question) == ("abstain", None)


def test_the_unit_the_agent_names_moves_the_odds(few: Catalogue) -> None:
    odds = {"CG01-001": 0.5, "WY02-001": 0.4}
    assert decide(few, odds, "A好的，我们会转给住建部门跟进").unit == "市住建局"
    assert decide(few, odds, "C你们转给住建部门吧").unit == "市城市管理综合执法局"


def test_nothing_said_is_no_dispatch(few: Catalogue) -> None:
    dispatcher = Dispatcher(few, few.rules("dispatch"), PLAIN)
    assert dispatcher.decide(np.full(4, 0.25), [], "海珠区", words=0.0) is None


def test_the_chosen_template_decides_the_unit_which_no_certificate_speaks_of(few: Catalogue) -> None:
    dispatcher = Dispatcher(few, few.rules("dispatch"), PLAIN, {"written": certificate(few, 0.5)})
    decision = dispatcher.decide(np.full(4, 0.25), [], "天河区", words=10.0, chosen=few.by_code["WY01-001"])
    assert decision == Dispatch("天河区政府", 0.95, "suggest", ("市住建局",))


def test_from_the_certified_threshold_on_a_ticket_is_dispatched_and_says_what_is_certified(few: Catalogue) -> None:
    certified = certificate(few, 0.8)
    sure = decide(few, {"CG01-001": 0.85, "WY02-001": 0.15}, certified=certified)
    assert (sure.decision, sure.certified) == ("suggest", 0.0181)
    unsure = decide(few, {"CG01-001": 0.75, "WY02-001": 0.25}, certified=certified)
    assert (unsure.decision, unsure.certified) == ("ask", None)


def test_a_certificate_for_written_text_claims_nothing_of_recognised_text(few: Catalogue) -> None:
    dispatcher = Dispatcher(few, few.rules("dispatch"), PLAIN, {"written": certificate(few, 0.5)})
    decision = dispatcher.decide(np.array([0.99, 0.01, 0.0, 0.0]), [], None, words=10.0, text="heard")
    assert decision is not None
    assert (decision.decision, decision.certified) == ("suggest", None)


def test_a_certificate_made_for_another_catalogue_is_not_claimed(tmp_path: Path) -> None:
    catalogue = load(small.write(tmp_path / "c"))
    (catalogue.directory / FILE).write_text(written([certificate(catalogue, 0.9)]), encoding="utf-8")
    assert claimed(catalogue)["written"].threshold == 0.9
    group = catalogue.directory / "templates" / "WY" / "WYA.yaml"
    group.write_text(group.read_text(encoding="utf-8").replace("市住建局", "市民政局"), encoding="utf-8")
    assert claimed(load(catalogue.directory)) == {}


def test_the_weights_that_ship_trust_agreement_and_doubt_ties(catalogue: Catalogue) -> None:
    dispatcher = compile_catalogue(catalogue).dispatcher
    probabilities = np.zeros(len(catalogue.templates))
    probabilities[[place for place, one in enumerate(catalogue.templates) if one.code == "CG01-001"]] = 0.97
    clear = dispatcher.decide(probabilities, [], "海珠区", words=60.0, top_score=80.0)
    for place, one in enumerate(catalogue.templates):
        if one.code in {"LD01-001", "YL02-001"}:
            probabilities[place] = 0.9
    tied = dispatcher.decide(probabilities / probabilities.sum(), [], "海珠区", words=60.0, top_score=80.0)
    assert clear is not None and tied is not None
    assert clear.confidence > 0.8 > tied.confidence + 0.2
    assert len(trained().weights) == len(NAMES)
