from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.load import load
from extractors.matching.dispatch import Dispatcher
from extractors.matching.dispatch_certificate import FILE, Certificate, claimed, state, written
from extractors.matching.dispatch_trust import NAMES, Trust, trained
from extractors.matching.opinion import Opinion
from extractors.text.encoder import Floats
from extractors.ticket import Dispatch
from extractors.understanding import Understanding
from tests.extractors import small_catalogue as small
from tests.extractors.test_ranking import call
from tests.extractors.test_understanding import STARTED

# As sure as the share of the templates that the unit handles.
PLAIN = Trust(0.0, tuple(float(name == "handles") for name in NAMES))
ANY = np.zeros(2, np.float32)  # what is meant, where it does not matter


def opinion(**said: tuple[float, float]) -> Opinion:
    """Judges who name each unit by two things that a call may mean."""
    weights = np.array(list(said.values()), np.float32).reshape(-1, 2).T
    return Opinion(tuple(said), np.eye(2, dtype=np.float32), weights, np.full(len(said), 0.1, np.float32), 3.0)


NOBODYS = opinion()


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
    judges: Opinion = NOBODYS,
    trust: Trust = PLAIN,
    meaning: Floats = ANY,
) -> Dispatch:
    certificates = {certified.text: certified} if certified else {}
    dispatcher = Dispatcher(catalogue, catalogue.rules("dispatch"), trust, judges, certificates)
    probabilities = np.array([odds.get(template.code, 0.0) for template in catalogue.templates])
    units = [dispatcher.read(turn) for turn in call(*lines)]
    decision = dispatcher.decide(probabilities, units, district, meaning)
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
    dispatcher = Dispatcher(few, few.rules("dispatch"), PLAIN, NOBODYS)
    assert dispatcher.decide(np.zeros(0), [], "海珠区", ANY) is None


def test_the_chosen_template_decides_the_unit_which_no_certificate_speaks_of(few: Catalogue) -> None:
    dispatcher = Dispatcher(few, few.rules("dispatch"), PLAIN, NOBODYS, {"written": certificate(few, 0.5)})
    decision = dispatcher.decide(np.full(4, 0.25), [], "天河区", ANY, chosen=few.by_code["WY01-001"])
    assert decision == Dispatch("天河区政府", 0.95, "suggest", ("市住建局",))


def test_from_the_certified_threshold_on_a_ticket_is_dispatched_and_says_what_is_certified(few: Catalogue) -> None:
    certified = certificate(few, 0.8)
    sure = decide(few, {"CG01-001": 0.85, "WY02-001": 0.15}, certified=certified)
    assert (sure.decision, sure.certified) == ("suggest", 0.0181)
    unsure = decide(few, {"CG01-001": 0.75, "WY02-001": 0.25}, certified=certified)
    assert (unsure.decision, unsure.certified) == ("ask", None)


def test_a_certificate_for_written_text_claims_nothing_of_recognised_text(few: Catalogue) -> None:
    dispatcher = Dispatcher(few, few.rules("dispatch"), PLAIN, NOBODYS, {"written": certificate(few, 0.5)})
    decision = dispatcher.decide(np.array([0.99, 0.01, 0.0, 0.0]), [], None, ANY, text="heard")
    assert decision is not None
    assert (decision.decision, decision.certified) == ("suggest", None)


def test_a_certificate_made_for_another_catalogue_is_not_claimed(tmp_path: Path) -> None:
    catalogue = load(small.write(tmp_path / "c"))
    (catalogue.directory / FILE).write_text(written([certificate(catalogue, 0.9)]), encoding="utf-8")
    assert claimed(catalogue)["written"].threshold == 0.9
    group = catalogue.directory / "templates" / "WY" / "WYA.yaml"
    group.write_text(group.read_text(encoding="utf-8").replace("市住建局", "市民政局"), encoding="utf-8")
    assert claimed(load(catalogue.directory)) == {}


HEEDS = Trust(0.0, tuple(4.0 * (name == "opinion") for name in NAMES))
OF_STREETS, OF_HOUSES = np.array([30, 0], np.float32), np.array([0, 40], np.float32)
JUDGES = opinion(市城市管理综合执法局=(0.9, 0.2), 市住建局=(0.1, 0.7))


def test_of_units_that_templates_speak_for_the_one_is_told_that_judges_would_name(few: Catalogue) -> None:
    odds = {"CG01-001": 0.9, "WY02-001": 0.1}
    assert decide(few, odds, judges=JUDGES, trust=HEEDS, meaning=OF_STREETS).unit == "市城市管理综合执法局"
    other = decide(few, odds, judges=JUDGES, trust=HEEDS, meaning=OF_HOUSES)
    assert (other.unit, other.alternatives[0]) == ("市住建局", "市城市管理综合执法局")
    assert decide(few, {"CG01-001": 1.0}, judges=JUDGES, trust=HEEDS, meaning=OF_HOUSES).unit == "市城市管理综合执法局"


def test_what_the_agent_says_stands_whatever_judges_would_name(few: Catalogue) -> None:
    odds, said = {"CG01-001": 0.9, "WY02-001": 0.1}, "A我们会转给城管局处理"
    assert decide(few, odds, said, judges=JUDGES, trust=HEEDS, meaning=OF_HOUSES).unit == "市城市管理综合执法局"


def test_a_unit_is_trusted_as_far_as_judges_would_name_it_for_such_calls(few: Catalogue) -> None:
    sure, unsure = (
        decide(few, {"CG01-001": 1.0}, judges=JUDGES, trust=HEEDS, meaning=meaning)
        for meaning in (OF_STREETS, OF_HOUSES)
    )
    assert sure.confidence > unsure.confidence + 0.15


def test_judges_tell_a_district_without_telling_which(few: Catalogue) -> None:
    for district in ("白云区", "海珠区"):
        decision = decide(
            few,
            {"WY01-001": 0.9},
            district=district,
            judges=opinion(district=(0.9, 0.0)),
            trust=HEEDS,
            meaning=OF_STREETS,
        )
        assert decision.unit == f"{district}政府"
        assert decision.confidence > 0.9


def test_a_unit_that_no_judge_ever_named_has_no_opinion_for_it(few: Catalogue) -> None:
    heeds = Trust(0.0, tuple(4.0 * (name in {"opinion", "usual"}) for name in NAMES))
    assert decide(few, {"CG01-001": 0.98}, judges=opinion(市审计局=(0.9, 0.9)), trust=heeds).confidence == 0.5


def test_a_greeting_makes_no_opinion() -> None:
    little, much = (JUDGES.of(OF_STREETS * share)[0] for share in (0.02, 1.0))
    assert little < 0.2
    assert much > 0.7


def test_what_ships_trusts_plain_matters_finds_whom_judges_would_name_and_doubts_the_rest(catalogue: Catalogue) -> None:
    plain, invoice, vague = (
        Understanding(catalogue, STARTED).ticket(call(*lines)).dispatch
        for lines in (
            ("C天河区棠下，楼下烧烤档每天晚上摆到人行道上，油烟很大", "A好的，占道经营给您登记"),
            ("C天河区棠下，健身房办卡交了五千六，要发票，三个月都不开", "A您是要发票对吗？", "C我不退卡，就要发票"),
            ("C天河区的图书馆里有人卖保险，还说是街道让他来的", "A您具体是想反映什么？"),
        )
    )
    assert plain is not None and invoice is not None and vague is not None
    assert (plain.unit, invoice.unit) == ("市城市管理综合执法局", "市税务局")
    assert min(plain.confidence, invoice.confidence) > 0.9
    assert vague.confidence < 0.8 and vague.decision == "ask"
    assert len(trained().weights) == len(NAMES)


def test_nothing_is_dispatched_before_the_caller_has_said_anything(catalogue: Catalogue) -> None:
    greeting = "A您好，广州12345，很高兴为您服务。"
    assert Understanding(catalogue, STARTED).ticket(call(greeting)).dispatch is None
    told = Understanding(catalogue, STARTED).ticket(call(greeting, "C喂，你好啊，我想问一下")).dispatch
    assert told is None or told.decision != "suggest"
