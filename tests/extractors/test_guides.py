from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from extractors.catalogue import Catalogue, Template
from extractors.guides import Guides
from tests.extractors.test_ranking import call

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def guides(catalogue: Catalogue) -> Guides:
    return Guides(catalogue, catalogue.rules("guides"))


def template(catalogue: Catalogue, matter: str) -> Template:
    return catalogue.by_matter[matter].templates[0]


def test_the_guide_of_the_likely_matter_is_shown_with_source_owner_and_last_day(
    catalogue: Catalogue, guides: Guides
) -> None:
    [guide] = guides.find([(template(catalogue, "WY12"), 0.8)], call("C物业停了我家的水逼我交物业费"), TODAY)
    assert "停止供电、供水" in guide.answer
    assert (guide.source, guide.owner) == ("《民法典》第九百四十四条", "市住建局")
    assert guide.valid_until >= TODAY.isoformat()


def test_an_expired_guide_is_never_shown(catalogue: Catalogue) -> None:
    ranked = [(template(catalogue, "WY12"), 0.8)]
    turns = call("C物业停水催物业费")
    last = date.fromisoformat(next(one.valid_until for one in catalogue.guides if one.matter == "WY12"))
    guides = Guides(catalogue, catalogue.rules("guides"))
    assert guides.find(ranked, turns, last)
    assert guides.find(ranked, turns, last + timedelta(days=1)) == ()


def test_of_one_matter_the_guide_nearest_to_the_callers_words_comes_first(catalogue: Catalogue, guides: Guides) -> None:
    ranked = [(template(catalogue, "LD07"), 0.9)]
    assert "年休假" in guides.find(ranked, call("C我工作五年了，公司不给我休带薪年休假"), TODAY)[0].question
    assert "加班费" in guides.find(ranked, call("C周末加班，加班费怎么算"), TODAY)[0].question


def test_an_unlikely_matter_shows_none_and_the_chosen_template_decides(catalogue: Catalogue, guides: Guides) -> None:
    unlikely = [(template(catalogue, "WY12"), 0.05)]
    assert guides.find(unlikely, call("C喂"), TODAY) == ()
    assert guides.find(unlikely, call("C喂"), TODAY, template(catalogue, "SC17"))[0].code.startswith("SC17")


def test_the_reference_guides_are_owned_by_units_of_the_catalogue_and_name_a_source(catalogue: Catalogue) -> None:
    owners = {unit.name for unit in catalogue.units.values()}
    assert len(catalogue.guides) >= 80
    for guide in catalogue.guides:
        assert guide.owner in owners
        assert guide.source
        assert guide.matter in catalogue.by_matter


def test_a_catalogue_without_guides_shows_none(catalogue: Catalogue) -> None:
    bare = Guides(replace(catalogue, guides=()), catalogue.rules("guides"))
    assert bare.find([(template(catalogue, "WY12"), 0.8)], call("C物业费"), TODAY) == ()
