from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.load import load
from extractors.matching.ranking import Ranker, concentration, make_ranker
from extractors.turn import Speaker, Turn
from tests.extractors import small_catalogue as small


def call(*lines: str) -> list[Turn]:
    """Turns from lines that begin with ``A`` (agent) or ``C`` (citizen)."""
    speakers = {"A": Speaker.AGENT, "C": Speaker.CITIZEN}
    return [Turn(number, speakers[line[0]], line[1:]) for number, line in enumerate(lines)]


@pytest.fixture(scope="module")
def ranker(catalogue: Catalogue) -> Ranker:
    return make_ranker(catalogue)


def ranked(ranker: Ranker, turns: Sequence[Turn]) -> list[str]:
    query = ranker.query([ranker.read(turn) for turn in turns], ranker.emphasis(turns))
    return [ranker.templates[number].title for number in ranker.order(ranker.scores(query))[:5]]


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("家里自来水一滴都没有了，从早上停到现在", "停水"),
        ("公司三个月没发工资了，老板人都找不到", "工资"),
        ("手机号想转到别家运营商，营业厅不给办", "携号转网"),
        ("医院乱收费，做个检查多收了我几百块", "收费"),
        ("路灯坏了好久，晚上黑漆漆的", "路灯"),
    ],
)
def test_a_matter_in_a_callers_words_ranks_its_template_among_the_first_five(
    ranker: Ranker, said: str, word: str
) -> None:
    titles = ranked(ranker, call("A您好，请问有什么可以帮您？", f"C{said}"))
    assert any(word in title for title in titles), titles


@pytest.mark.parametrize(
    ("said", "misheard"),
    [
        ("占道烧烤，油烟好大", "站到烧靠，有烟好大"),
        ("电梯坏了物业不修", "电提坏了物叶不休"),
        ("小区停水了", "小去挺水了"),
    ],
)
def test_a_matter_misheard_by_sound_keeps_its_template(ranker: Ranker, said: str, misheard: str) -> None:
    assert ranked(ranker, call(f"C{said}"))[0] in ranked(ranker, call(f"C{misheard}"))


def test_what_the_agent_always_says_ranks_nothing(ranker: Ranker) -> None:
    turns = call("A您好，广州12345热线，请问有什么可以帮您？", "A感谢您的来电，再见。")
    assert not ranker.scores(ranker.query([ranker.read(turn) for turn in turns])).any()


def test_words_that_name_a_place_count_less_than_words_of_the_matter(tmp_path: Path) -> None:
    ranker = make_ranker(load(small.write(tmp_path / "c")))
    turn = Turn(0, Speaker.CITIZEN, "电梯广场")
    plain, aside = ranker.read(turn), ranker.read(turn, [(0, 4)])
    assert 0 < aside.terms["w电梯"] < plain.terms["w电梯"]
    assert 0 < np.linalg.norm(aside.meaning) < np.linalg.norm(plain.meaning)


def test_the_citizens_words_count_more_than_the_agents(ranker: Ranker) -> None:
    citizen, agent = (ranker.read(Turn(0, speaker, "电梯坏了")) for speaker in (Speaker.CITIZEN, Speaker.AGENT))
    assert citizen.terms["p电梯"] > agent.terms["p电梯"] > 0
    assert np.linalg.norm(citizen.meaning) > np.linalg.norm(agent.meaning) > 0


def test_matched_words_were_said_and_speak_for_the_template(tmp_path: Path) -> None:
    ranker = make_ranker(load(small.write(tmp_path / "c")))
    query = ranker.query([ranker.read(Turn(0, Speaker.CITIZEN, "楼下的烧烤档占道，油烟很大"))])
    best = ranker.order(ranker.scores(query))[0]
    assert ranker.templates[best].code == "CG01-001"
    assert set(ranker.matched(query, best)) >= {"烧烤", "占道", "油烟"}


def test_a_word_said_ten_times_does_not_outweigh_three_different_words(tmp_path: Path) -> None:
    ranker = make_ranker(load(small.write(tmp_path / "c")))
    query = ranker.query([ranker.read(Turn(0, Speaker.CITIZEN, "水果，" * 10 + "烧烤，油烟，占道，人行道上"))])
    assert ranker.templates[ranker.order(ranker.scores(query))[0]].code == "CG01-001"


def test_templates_that_fit_equally_come_in_the_order_of_their_codes(ranker: Ranker) -> None:
    even = np.full(len(ranker.templates), 1 / len(ranker.templates))
    codes = [ranker.templates[number].code for number in ranker.order(even)]
    assert codes == sorted(codes)


@given(st.lists(st.floats(0, 500), min_size=1, max_size=30))
def test_probabilities_add_up_to_one_and_keep_the_order_of_scores(ranker: Ranker, scores: list[float]) -> None:
    probabilities = ranker.probabilities(np.array(scores))
    assert probabilities.sum() == pytest.approx(1.0)
    assert (np.diff(probabilities[np.argsort(scores, kind="stable")]) >= -1e-12).all()


@given(st.lists(st.sampled_from("abcd"), min_size=1, max_size=20))
def test_concentration_is_a_share_and_highest_for_one_group(groups: list[str]) -> None:
    assert 0 <= concentration(groups, 4) <= concentration(groups[:1] * len(groups), 4) <= 1


@given(st.lists(st.integers(0, 5), min_size=1, max_size=40), st.integers(1, 45))
def test_the_first_few_are_the_first_of_all(ranker: Ranker, likely: list[int], first: int) -> None:
    probabilities = np.array(likely) / max(1, sum(likely))
    assert ranker.order(probabilities, first) == ranker.order(probabilities)[:first]
