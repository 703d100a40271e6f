"""The words of a call tell which slots its ticket holds, and what is shown follows that."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from extractors.catalogue.knowledge import Catalogue
from extractors.matching.expected import Expectations, load_expectations
from extractors.ticket import SlotValue
from extractors.understanding import Understanding
from tests.extractors.test_ranking import call

AT = datetime(2026, 9, 3, 10, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def expectations() -> Expectations:
    return load_expectations()


def odds(expectations: Expectations, *lines: str) -> dict[str, float]:
    return expectations.odds([expectations.read(turn) for turn in call(*lines)])


def test_a_caller_who_was_charged_is_expected_to_have_a_sum_on_the_ticket(expectations: Expectations) -> None:
    charged = odds(
        expectations, "A请问什么事？", "C健身房收了我3980块，现在关门了，叫他把钱退给我", "A一共交了多少钱？"
    )
    asked = odds(expectations, "A请问什么事？", "C我想问下身份证丢了要怎么补办，要带什么材料", "A您带户口本就可以")
    assert charged["amount"] > 1
    assert asked["amount"] < 0


def test_who_is_asked_when_it_happened_is_expected_to_tell_a_time(expectations: Expectations) -> None:
    told = odds(expectations, "C昨天晚上有人在楼下打架", "A是几点钟发生的？", "C十一点多")
    asked = odds(expectations, "C请问医保卡怎么办，要去哪里", "A可以在网上办")
    assert told["occurred_at"] > 0 > asked["occurred_at"]


def test_nothing_is_told_of_slots_that_were_not_learned(expectations: Expectations) -> None:
    assert "phone" not in odds(expectations, "C我电话是13640285517")


def test_what_a_ticket_seldom_holds_has_to_be_surer_to_be_shown(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = call(
        "A您好，请问有什么可以帮您？",
        "C我要投诉一家健身房，收了我3980块的卡费，现在关门了，要他把钱退给我",
        "A好的，请问还有别的吗？",
        "C没有了",
    )

    def shown(likely: float) -> SlotValue | None:
        monkeypatch.setattr(Expectations, "odds", lambda self, said: {"amount": likely})
        return Understanding(catalogue, AT).ticket(said).slots.get("amount")

    unusual, usual = shown(-1.0), shown(0.0)
    assert unusual is not None and usual is not None
    assert unusual.value == usual.value == 3980
    assert unusual.confidence < usual.confidence
    assert shown(-20.0) is None
