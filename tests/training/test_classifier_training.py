"""The classifier learns what calls of a like meaning were filed under, and is judged on those of other writers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import models
from extractors.matching.classifier import Judgement, Weights, load_classifier
from extractors.text.encoder import load_encoder
from extractors.turn import Speaker, Turn
from scripts.training.classifier import FOLDS, ROOT, Example, judged, main, names, scored

SAID = (
    ("楼下的烧烤档占了人行道", "城市管理", "投诉"),
    ("流动摊贩占道卖水果", "城市管理", "投诉"),
    ("请问失业金要怎么申请", "劳动社保", "咨询"),
    ("请问社保卡怎么补办", "劳动社保", "咨询"),
)
PLAIN = ROOT / "samples" / "calls" / "plain"


@pytest.fixture(scope="module")
def calls() -> list[Example]:
    sizes = {what: len(every) for what, every in names().items()}
    return [
        Example(
            writer,
            40 * load_encoder().of(said),
            (Turn(0, Speaker.CITIZEN, said),),
            {what: np.zeros(size, np.float32) for what, size in sizes.items()},
            {"domain": domain, "request_type": request_type},
        )
        for writer in "abcdef"
        for said, domain, request_type in SAID
    ]


def of(calls: list[Example], answer: str) -> list[tuple[float, float]]:
    """How likely ``answer`` is for each call, by what is meant and by how it is worded."""
    every = [name for some in names().values() for name in some]
    place = every.index(answer)
    return [(float(one.meant[place]), float(one.worded[place])) for one in judged(calls, names())]


def test_calls_are_judged_as_those_like_them_of_other_writers_were(calls: list[Example]) -> None:
    for (_, domain, request_type), filed, asked in zip(SAID, of(calls, "城市管理"), of(calls, "咨询"), strict=False):
        for way in (0, 1):
            assert (filed[way] > 0.5) == (domain == "城市管理")
            assert (asked[way] > 0.5) == (request_type == "咨询")


def test_what_one_writer_alone_says_does_not_judge_his_own_calls(calls: list[Example]) -> None:
    odd = [replace(one, right=one.right | {"domain": "教育"}) if one.writer == "a" else one for one in calls]
    assert max(max(one) for one in of(odd, "教育")[: len(SAID)]) < 0.2


def test_an_opinion_that_is_right_makes_what_is_right_less_surprising() -> None:
    odds, likely = np.zeros((2, 2), np.float32), np.array([[0.9, 0.1], [0.1, 0.9]], np.float32)
    weights = Weights(own=0.5, meant=1.0, worded=1.0, meant_floor=0.01, worded_floor=0.01)
    without, little, much = (
        scored([*odds], [Judgement(one, one, share) for one in likely], np.array([0, 1]), weights)[0]
        for share in (0.0, 0.3, 1.0)
    )
    assert without > little > much


def test_the_command_learns_from_folders_of_calls(tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    folder.mkdir()
    for name in ("ta", "tb", "tc", "td", "te")[:FOLDS]:
        whole = (PLAIN / f"calls-{name}.yaml").read_text(encoding="utf-8")
        (folder / f"calls-{name}.yaml").write_text("- id:".join(whole.split("- id:")[:3]), encoding="utf-8")
    main([str(folder), "--out", str(tmp_path / "out")])
    classifier = load_classifier(tmp_path / "out")
    assert classifier.opinion.answers == load_classifier(models.CLASSIFIER).opinion.answers
    assert len(classifier.opinion.directions) == 2 * FOLDS
    assert len(classifier.phrasing.rarity) > 0
    assert "domain_both" in (tmp_path / "out" / "scores.yaml").read_text(encoding="utf-8")


def test_calls_of_too_few_writers_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = (PLAIN / "calls-ta.yaml").read_text(encoding="utf-8")
    (tmp_path / "calls.yaml").write_text("- id:".join(whole.split("- id:")[:2]), encoding="utf-8")
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert f"at least {FOLDS} writers" in capsys.readouterr().err
