from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.catalogue.load import load
from extractors.catalogue.yaml_files import CatalogueError
from extractors.upkeep.alike import near_pairs, near_vectors
from extractors.upkeep.check import check, counts
from tests.extractors import small_catalogue as small


def problems(folder: Path, templates: list[dict[str, Any]] | None = None) -> list[str]:
    return [str(problem) for problem in check(load(small.write(folder, templates)))]


def test_a_good_catalogue_has_no_problems(tmp_path: Path) -> None:
    assert problems(tmp_path / "c") == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"title": "电梯坏"}, "title '电梯坏' has 3 characters"),
        ({"when": "坏了"}, "when '坏了' has 2 characters"),
        ({"phrasings": ["我们楼的电梯坏了一个礼拜没人修"]}, "1 phrasings; at least 2"),
        ({"required": ["district", "floor"]}, "slot 'floor' is not in slots.yaml"),
        ({"optional": ["subject", "district"]}, "slot 'district' is required and optional"),
        ({"asks": {"amount": "多少钱？"}}, "asks for 'amount'"),
        ({"record": "来电人反映{address}，金额{amount}。"}, "record uses {amount}"),
        ({"record": "来电人反映{address。"}, "record cannot be read"),
        ({"unit": "市电梯局"}, "unit '市电梯局' is not in units.yaml"),
        ({"unit_alternatives": ["district"]}, "also among unit_alternatives"),
        ({"confused_with": [{"code": "WY09-001", "apart": "别的"}]}, "confused_with names WY09-001"),
        ({"title": "夜间占道烧烤油烟扰民"}, "stands also in CG01-001"),
        ({"title": "夜间占道烧烤油烟很扰民"}, "much like '夜间占道烧烤油烟扰民'"),
        ({"phrasings": ["小区电梯故障停运多日啊", "升降机停了，老人家只能爬楼梯"]}, "repeats the title"),
        ({"phrasings": ["升降机停了，老人家只能爬楼梯", "升降机停了，老人家只能爬楼梯啊"]}, "is much like"),
        ({"phrasings": ["升降机停了，老人家只能爬楼梯"] * 2}, "stands also in WY01-001"),
        ({"title": "夜间占道烤鱼油烟扰民"}, "with one word exchanged"),
        ({"unit_exceptions": [{"case": "在高速公路上", "unit": "市公路局"}]}, "unit '市公路局' is not in units.yaml"),
    ],
)
def test_what_is_wrong_with_a_template_is_told(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    found = problems(tmp_path / "c", [small.BARBECUE, small.STALLS, {**small.LIFT, **change}, small.POOL])
    assert any(said in problem for problem in found), found
    assert all(problem.startswith("templates/WY/WYA.yaml:") and "WY01-001" in problem for problem in found)


def test_a_domain_without_templates_is_told(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "c")
    (folder / "templates/WY/WYA.yaml").unlink()
    assert [problem.code for problem in check(load(folder))] == ["WY"]


def test_a_retired_code_is_never_used_again(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "c")
    (folder / "retired.yaml").write_text(
        "- {code: CG01-002, since: 1.1.0}\n- {code: CG09-001, since: 1.1.0, by: [CG09-002]}\n", encoding="utf-8"
    )
    found = [str(problem) for problem in check(load(folder))]
    assert any("CG01-002: is in use" in one for one in found), found
    assert any("CG09-001: its successor CG09-002 does not exist" in one for one in found), found


def test_guides_and_maps_belong_to_matters_and_lead_somewhere(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "c")
    (folder / "guides").mkdir()
    (folder / "maps").mkdir()
    guide = "question: 多久修好？, answer: 请联系物业。, source: 条例, owner: 市住建局, valid_until: 2027-12-31"
    (folder / "guides/WY.yaml").write_text(
        f"- {{code: WY01-G001, {guide}, templates: [WY01-001, WY01-099]}}\n- {{code: WY77-G001, {guide}}}\n",
        encoding="utf-8",
    )
    (folder / "maps/WY.yaml").write_text(
        "- {code: WY01-N001, says: 有人被困吗？, kind: question, next: [WY01-N002, WY01-N009]}\n"
        "- {code: WY01-N002, says: 转119。, kind: action, template: WY01-001}\n",
        encoding="utf-8",
    )
    catalogue = load(folder)
    assert (counts(catalogue)["guides"], counts(catalogue)["nodes"]) == (2, 2)
    assert catalogue.guides[0].valid_until == "2027-12-31"
    found = [problem.message for problem in check(catalogue)]
    assert found == [
        "template WY01-099 does not exist",
        "matter WY77 does not exist",
        "node WY01-N009 does not exist",
    ]


@pytest.mark.parametrize("blank", ["question", "answer", "source", "owner"])
def test_a_guide_without_source_or_owner_is_refused(tmp_path: Path, blank: str) -> None:
    folder = small.write(tmp_path / "c")
    (folder / "guides").mkdir()
    guide = {"question": "多久修好？", "answer": "请联系物业。", "source": "条例", "owner": "市住建局", blank: " "}
    told = ", ".join(f"{name}: '{text}'" for name, text in guide.items())
    (folder / "guides/WY.yaml").write_text(
        f"- {{code: WY01-G001, {told}, valid_until: 2027-12-31}}\n", encoding="utf-8"
    )
    with pytest.raises(CatalogueError, match=blank):
        load(folder)


def test_counts_tell_what_a_catalogue_holds(tmp_path: Path) -> None:
    held = counts(load(small.write(tmp_path / "c")))
    assert (held["templates"], held["phrasings"], held["matters"], held["templates.咨询"]) == (4, 8, 3, 1)
    assert (held["categories"], held["groups"], held["districts"], held["departments"]) == (3, 2, 11, 40)


@given(st.lists(st.text(alphabet="电梯坏了没人修水停", min_size=2, max_size=8), max_size=12), st.floats(0.3, 1.0))
def test_near_pairs_finds_what_comparing_all_pairs_finds(texts: list[str], least: float) -> None:
    def pairs(text: str) -> set[str]:
        return {text[n : n + 2] for n in range(len(text) - 1)}

    wanted = {
        (i, j)
        for j, other in enumerate(texts)
        for i, one in enumerate(texts[:j])
        if 2 * len(pairs(one) & pairs(other)) / (len(pairs(one)) + len(pairs(other))) >= least
    }
    assert {(one, other) for one, other, _ in near_pairs(texts, least)} == wanted


@pytest.mark.parametrize("count", [0, 1, 511, 512, 1100])
def test_near_vectors_finds_what_comparing_all_vectors_finds(count: int) -> None:
    vectors = np.random.default_rng(count).normal(size=(count, 4)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    found = [(one, other) for one, other, _ in near_vectors(vectors, 0.97)]
    assert sorted(found) == [(i, j) for i, j in np.argwhere(vectors @ vectors.T >= np.float32(0.97)) if i < j]


def test_a_title_that_means_what_another_means_is_told_with_it(tmp_path: Path) -> None:
    templates = [
        small.template("CG01-001", "咨询台风暴雨预警要不要停课"),
        small.template("CG01-002", "咨询台风暴雨预警停课停工"),
        small.template("WY01-001", "小区电梯故障停运多日"),
    ]
    told = [one for one in problems(tmp_path / "c", templates) if "means what" in one and " title " in one]
    assert len(told) == 1, told
    assert "CG01-002" in told[0]
    assert "of CG01-001 means" in told[0]
