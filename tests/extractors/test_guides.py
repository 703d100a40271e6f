from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import yaml

from assist.judged_tickets import read_tickets
from extractors.catalogue.knowledge import Catalogue, Template
from extractors.matching.guides import Guides
from extractors.matching.ranking import make_ranker
from tests.conftest import ROOT
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


def test_a_guide_is_shown_for_the_templates_it_answers_of_whatever_matter_and_for_no_others(
    catalogue: Catalogue, guides: Guides
) -> None:
    def shown(code: str) -> list[str]:
        return [guide.code for guide in guides.find([(catalogue.by_code[code], 0.9)], call("C喂"), TODAY)]

    assert shown("JY03-001") == ["JY19-G001"]  # 老师体罚辱骂学生, of another matter than the guide on it
    assert shown("JY19-001") == []  # 班主任排座位评优偏心不公: of the guide's matter, and nothing to do with it
    assert shown("LD04-004") == ["LD09-G001"]  # 用人单位使用童工
    assert shown("LD09-004") == []  # 网上刷单点赞兼职垫钱后失联


def test_a_guide_that_names_no_templates_answers_all_of_its_matter(catalogue: Catalogue) -> None:
    [guide] = [one for one in catalogue.guides if one.matter == "WY12"]
    bare = Guides(replace(catalogue, guides=(replace(guide, templates=()),)), catalogue.rules("guides"))
    for one in catalogue.by_matter["WY12"].templates:
        assert bare.find([(one, 0.9)], call("C喂"), TODAY)
    assert not bare.find([(catalogue.by_code["WY02-005"], 0.9)], call("C喂"), TODAY)


def test_few_calls_show_a_guide_that_does_not_help_and_few_that_could_be_helped_show_none(
    catalogue: Catalogue, guides: Guides
) -> None:
    may = yaml.safe_load((ROOT / "tests/fixtures/guides.yaml").read_text(encoding="utf-8"))
    ranker = make_ranker(catalogue)
    helped, misled, left = 0, [], []
    for ticket in read_tickets([ROOT / "samples/dispatch/development"], None):
        if ticket.id in may:
            query = ranker.query([ranker.read(turn) for turn in ticket.turns], ranker.emphasis(ticket.turns))
            odds = ranker.probabilities(ranker.scores(query))
            ranked = [(ranker.templates[one], float(odds[one])) for one in ranker.order(odds, ranker.weights.shown)]
            shown = {guide.code for guide in guides.find(ranked, ticket.turns, TODAY)}
            helped += bool(shown & set(may[ticket.id]))
            misled += [ticket.id] if shown - set(may[ticket.id]) else []
            left += [ticket.id] if may[ticket.id] and not shown & set(may[ticket.id]) else []
    assert len(may) == 211
    # about 110, 19 and 5 when guides were given their templates; 76, 111 and 39 when each answered all of its matter
    assert helped >= 105
    assert len(misled) <= 24, misled
    assert len(left) <= 8, left


def test_what_speaks_for_one_guide_adds_up_over_the_templates_it_answers(catalogue: Catalogue, guides: Guides) -> None:
    several = [(catalogue.by_code[code], 0.15) for code in ("GA01-001", "GA01-002", "GA01-008")]
    assert [guide.code for guide in guides.find(several, call("C喂"), TODAY)] == ["GA01-G001"]
    assert guides.find(several[:1], call("C喂"), TODAY) == ()


def test_an_expired_guide_is_never_shown(catalogue: Catalogue) -> None:
    ranked = [(template(catalogue, "WY12"), 0.8)]
    turns = call("C物业停水催物业费")
    last = date.fromisoformat(next(one.valid_until for one in catalogue.guides if one.matter == "WY12"))
    guides = Guides(catalogue, catalogue.rules("guides"))
    assert guides.find(ranked, turns, last)
    assert guides.find(ranked, turns, last + timedelta(days=1)) == ()


def test_of_one_matter_the_guide_nearest_to_the_callers_words_comes_first(catalogue: Catalogue, guides: Guides) -> None:
    ranked = [(catalogue.by_code["LD07-001"], 0.45), (catalogue.by_code["LD07-008"], 0.45)]
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
        assert guide.templates, guide.code
        assert guide.owner in owners
        assert guide.source
        assert guide.matter in catalogue.by_matter


def test_a_catalogue_without_guides_shows_none(catalogue: Catalogue) -> None:
    bare = Guides(replace(catalogue, guides=()), catalogue.rules("guides"))
    assert bare.find([(template(catalogue, "WY12"), 0.8)], call("C物业费"), TODAY) == ()
