"""Weights of heard names: what some are worth is counted as a ticket is judged, and a search climbs."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from extractors.catalogue.cache import opened
from extractors.names.weights import NameWeights, name_weights
from extractors.turn import Speaker, Turn
from scripts.fit_names import Case, Names, changed, first_half, searched, values, variants

CATALOGUE = opened(Path(__file__).resolve().parents[2] / "catalog")
WEIGHTS = name_weights(CATALOGUE.rules("names"))


def heard(call: str, name: str, *said: tuple[Speaker, str]) -> Case:
    turns = tuple(
        Turn(number, speaker, text, number, number + 1, ((number, number + 1),) * len(text))
        for number, (speaker, text) in enumerate(said)
    )
    return Case(call, turns, datetime(2025, 6, 18, tzinfo=UTC), name)


def gives(call: str, name: str, answer: str) -> Case:
    return heard(call, name, (Speaker.AGENT, "请问您贵姓？"), (Speaker.CITIZEN, answer), (Speaker.AGENT, "好的。"))


@pytest.fixture(scope="module")
def names() -> Names:
    return Names(
        CATALOGUE,
        [
            gives("a", "王志强", "我叫王志强，志气的志，强大的强。"),
            gives("b", "李先生", "我叫王志强，志气的志，强大的强。"),
            gives("c", "陈女士", "就是楼下太吵了。"),
            gives("d", "", "就是楼下太吵了。"),
            gives("e", "阮丽珍", "我姓阮，我叫软力真，美丽的力，珍珠的珍。"),
        ],
    )


def test_names_are_right_wrong_or_not_shown(names: Names) -> None:
    worth = names.worth(WEIGHTS)
    assert (worth.right, worth.wrong, worth.none) == (2, 1, 1)
    assert worth.margin == 1
    assert names.worth(WEIGHTS, ["a"]).likelihood > math.log(0.5)  # surer of the right name than of none
    assert names.worth(WEIGHTS, ["d"]) == names.worth(WEIGHTS, [])  # nothing to show, and nothing shown


def test_a_name_that_hardly_any_probability_suffices_for_is_not_shown(names: Names) -> None:
    [(label, strict)] = variants(WEIGHTS, ["shown.surname=1.1"])
    assert label == "shown.surname 1.1"
    assert names.worth(strict).none == 4


def test_explanations_are_read_again_where_they_are_weighed_otherwise(names: Names) -> None:
    before = names.worth(WEIGHTS, ["e"])
    assert names.worth(changed(WEIGHTS, "told.fall", 50.0), ["e"]) != before
    assert names.worth(WEIGHTS, ["e"]) == before


def test_a_weight_that_there_is_not_is_told() -> None:
    with pytest.raises(SystemExit, match=r"no such weight; there are written\.itself_common"):
        list(variants(WEIGHTS, ["written.sounds=0.5"]))
    with pytest.raises(TypeError):
        name_weights({"weights": {**CATALOGUE.rules("names")["weights"], "shown": {"surname": 0.5}}})


def test_the_search_climbs_to_what_is_worth_most_and_keeps_probabilities_such() -> None:
    def worth(tried: NameWeights) -> float:
        return -abs(tried.written.near - 0.2) + tried.written.sound - abs(tried.told.fall - 20.0)

    found = searched(WEIGHTS, worth)
    assert found.written.near == pytest.approx(0.2, rel=0.3)
    assert WEIGHTS.written.sound < found.written.sound < 1
    assert found.told.fall == pytest.approx(20.0, rel=0.3)
    untouched = replace(found, written=WEIGHTS.written, told=WEIGHTS.told)
    assert untouched == WEIGHTS


def test_half_of_the_calls_is_fitted_on() -> None:
    calls = [f"xa{number:02}" for number in range(200)]
    assert 70 < sum(map(first_half, calls)) < 130


def test_each_weight_has_a_name_by_which_it_can_be_set() -> None:
    for name, value in values(WEIGHTS).items():
        assert changed(WEIGHTS, name, value) == WEIGHTS
        assert values(changed(WEIGHTS, name, 0.123))[name] == 0.123
