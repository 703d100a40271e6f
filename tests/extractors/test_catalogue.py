from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest
import yaml

from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.load import load
from extractors.catalogue.yaml_files import CatalogueError
from tests.extractors import small_catalogue as small


def refused(folder: Path) -> CatalogueError:
    with pytest.raises(CatalogueError) as caught:
        load(folder)
    return caught.value


def test_templates_come_in_the_order_of_their_codes_and_are_found_by_code(tmp_path: Path) -> None:
    catalogue = load(small.write(tmp_path / "c", [small.LIFT, small.STALLS, small.BARBECUE, small.POOL]))
    assert [one.code for one in catalogue.templates] == ["CG01-001", "CG01-002", "WY01-001", "WY02-001"]
    assert catalogue.by_code["CG01-001"].title == "夜间占道烧烤油烟扰民"
    assert catalogue.by_code["CG01-001"].matter == "CG01"
    assert catalogue.by_code["CG01-001"].domain == "CG"


def test_a_loaded_template_cannot_be_changed(tmp_path: Path) -> None:
    template = load(small.write(tmp_path / "c")).templates[0]
    with pytest.raises(FrozenInstanceError):
        template.title = "别的"  # type: ignore[misc]
    with pytest.raises(TypeError):
        template.asks["district"] = "哪里？"  # type: ignore[index]


def test_templates_share_what_their_matter_and_its_request_type_say_unless_they_differ(tmp_path: Path) -> None:
    shared = {"required": ["district", "address"], "optional": ["subject"], "unit": "市住建局", "time_class": "3d"}
    bare = {name: value for name, value in small.LIFT.items() if name not in {"required", "optional", "unit"}}
    folder = small.write(
        tmp_path / "c", [bare, {**bare, "code": "WY01-002", "request_type": "咨询", "unit": "district"}]
    )
    file = folder / "templates/WY/WYA.yaml"
    group = yaml.safe_load(file.read_text(encoding="utf-8"))
    group["matters"][0]["defaults"] = {**shared, "asks": {"subject": "哪家物业？", "duration": "坏了多久？"}}
    group["matters"][0]["types"] = {"咨询": {"required": [], "asks": {"subject": "咨询哪家物业？"}}}
    file.write_text(yaml.safe_dump(group, allow_unicode=True), encoding="utf-8")
    complaint, question = load(folder).templates
    assert (complaint.unit, complaint.required, complaint.time_class) == ("市住建局", ("district", "address"), "3d")
    assert dict(complaint.asks) == {"subject": "哪家物业？"}  # not for a slot that it does not have
    assert (question.unit, question.required, dict(question.asks)) == ("district", (), {"subject": "咨询哪家物业？"})


def test_categories_are_the_pairs_of_matter_and_request_type_that_have_a_template(tmp_path: Path) -> None:
    catalogue = load(small.write(tmp_path / "c"))
    assert catalogue.categories == (("CG01", "投诉"), ("WY01", "投诉"), ("WY02", "咨询"))


def test_each_district_has_the_unit_that_governs_it(catalogue: Catalogue) -> None:
    assert catalogue.district_units["海珠区"].name == "海珠区政府"
    assert len(catalogue.district_units) == 11


def test_a_misspelt_key_is_named_with_file_line_and_code(tmp_path: Path) -> None:
    bad = {**small.LIFT, "keyword": ["电梯"]}
    folder = small.write(tmp_path / "c", [small.BARBECUE, bad, small.POOL])
    (problem,) = refused(folder).problems
    lines = (folder / "templates/WY/WYA.yaml").read_text(encoding="utf-8").splitlines()
    assert problem.file == "templates/WY/WYA.yaml"
    assert problem.code == "WY01-001"
    assert "WY01-001" in lines[problem.line - 1]
    assert "keyword" in problem.message


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"request_type": "抱怨"}, "request_type"),
        ({"divert": "112"}, "divert"),
        ({"urgency": "high"}, "urgency"),
        ({"phrasings": "只有一句"}, "phrasings"),
        ({"code": "WY1-1"}, "code"),
    ],
)
def test_a_value_the_format_does_not_know_is_refused_by_name(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    entry = {**small.LIFT, **change}
    folder = tmp_path / "c"
    small.write(folder, [small.BARBECUE, small.POOL, {**entry, "code": "WY01-001"}])
    text = (
        (folder / "templates/WY/WYA.yaml")
        .read_text(encoding="utf-8")
        .replace("code: WY01-001", f"code: {entry['code']}")
    )
    (folder / "templates/WY/WYA.yaml").write_text(text, encoding="utf-8")
    assert said in str(refused(folder))


def test_a_template_without_a_title_is_refused(tmp_path: Path) -> None:
    bad = {name: value for name, value in small.LIFT.items() if name != "title"}
    assert "title" in str(refused(small.write(tmp_path / "c", [small.BARBECUE, bad])))


def test_a_code_used_twice_is_refused_and_both_places_are_told(tmp_path: Path) -> None:
    twice = {**small.STALLS, "code": "CG01-001"}
    error = refused(small.write(tmp_path / "c", [small.BARBECUE, twice, small.LIFT]))
    assert "used twice" in str(error)
    assert "CG01-001" in str(error)


def test_a_code_under_the_wrong_matter_is_refused(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "c")
    file = folder / "templates/CG/CGA.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("code: CG01\n", "code: CG07\n"), encoding="utf-8")
    assert {problem.code for problem in refused(folder).problems} == {"CG01-001", "CG01-002"}


def test_broken_yaml_is_told_with_its_line(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "c")
    file = folder / "templates/CG/CGA.yaml"
    file.write_text("domain: CG\nmatters:\n  - code: [CG01\n", encoding="utf-8")
    (problem,) = refused(folder).problems
    assert problem.kind == "yaml"
    assert problem.line >= 3


def test_all_broken_files_are_told_at_once(tmp_path: Path) -> None:
    folder = small.write(tmp_path / "c")
    (folder / "units.yaml").unlink()
    (folder / "templates/CG/CGA.yaml").write_bytes(b"domain: \xff")
    files = {problem.file for problem in refused(folder).problems}
    assert files == {"units.yaml", "templates/CG/CGA.yaml"}


def test_an_empty_directory_is_refused_with_what_is_missing(tmp_path: Path) -> None:
    assert "catalogue.yaml: is missing" in str(refused(tmp_path))


def test_missing_rules_are_told_when_asked_for(tmp_path: Path) -> None:
    catalogue = load(small.write(tmp_path / "c"))
    with pytest.raises(CatalogueError, match=r"rules/nothing\.yaml"):
        catalogue.rules("nothing")
