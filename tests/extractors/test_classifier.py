"""Calls are filed as calls that mean about the same, and as calls that are worded so, were."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from shutil import copy

import numpy as np
import pytest

import models
from extractors.catalogue.files import REQUEST_TYPES
from extractors.catalogue.knowledge import Catalogue
from extractors.matching.classifier import Judgement, Weights, load_classifier
from extractors.matching.phrasing import load_phrasing, save_phrasing
from extractors.text.encoder import load_encoder
from extractors.turn import Speaker, Turn

WEIGHTS = Weights(own=0.5, meant=1.0, worded=1.0, meant_floor=0.01, worded_floor=0.01)


def told(said: str, speaker: Speaker = Speaker.CITIZEN) -> tuple[dict[str, float], dict[str, float]]:
    """What is likely by what is meant and by how it is worded."""
    classifier = load_classifier(models.CLASSIFIER)
    words = classifier.phrasing.read(Turn(0, speaker, said))
    judgement = classifier.judged(load_encoder().of(said), [words])
    answers = classifier.phrasing.answers
    meant, worded = (dict(zip(answers, one.tolist(), strict=True)) for one in (judgement.meant, judgement.worded))
    return meant, worded


def test_the_classifier_that_ships_knows_every_domain_and_request_type(catalogue: Catalogue) -> None:
    every = [*(domain.name for domain in catalogue.domains.values()), *REQUEST_TYPES]
    assert (load_classifier(models.CLASSIFIER).among(every) >= 0).all()


@pytest.mark.parametrize(
    ("said", "domain"),
    [
        ("请问灵活就业人员社保断缴了怎么补，要带什么材料", "劳动社保"),
        ("公司拖欠我三个月工资不发，老板电话也不接", "劳动社保"),
        ("小区的自来水又黄又臭，停了一天都没人管", "供水供电供气"),
        ("老师叫小孩交补课费，不交就坐最后一排", "教育"),
    ],
)
def test_the_classifier_that_ships_files_new_words_as_such_calls_were(
    catalogue: Catalogue, said: str, domain: str
) -> None:
    names = [one.name for one in catalogue.domains.values()]
    for likely in told(said):
        assert max(names, key=likely.__getitem__) == domain


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("我想问一下，小孩上学要准备什么材料，要到哪里去办", "咨询"),
        ("能不能加一个红绿灯，我就是提个建议", "建议"),
        ("老板说不退，态度又差，你们管一管", "投诉"),
    ],
)
def test_how_callers_put_it_tells_what_they_want(said: str, wanted: str) -> None:
    _, worded = told(said)
    assert max(REQUEST_TYPES, key=worded.__getitem__) == wanted


def test_the_more_is_said_the_more_a_judgement_counts() -> None:
    odds, sure = np.zeros(2, np.float32), np.array([0.9, 0.1], np.float32)
    little, much = (WEIGHTS.together(odds, Judgement(sure, sure, said)) for said in (0.2, 0.9))
    assert 0 < little[0] - little[1] < much[0] - much[1]


def test_meaning_and_wording_that_contradict_each_other_decide_nothing() -> None:
    odds, sure = np.zeros(2, np.float32), np.array([0.9, 0.1], np.float32)
    both = WEIGHTS.together(odds, Judgement(sure, sure[::-1], 1.0))
    assert both[0] == pytest.approx(both[1])


def test_opinions_on_other_answers_make_no_classifier(tmp_path: Path) -> None:
    phrasing = load_phrasing(models.CLASSIFIER)
    others = replace(phrasing, answers=tuple(reversed(phrasing.answers)))
    copy(models.CLASSIFIER / "opinion.npz", tmp_path)
    save_phrasing(others, tmp_path)
    with pytest.raises(ValueError, match="other answers"):
        load_classifier(tmp_path)
