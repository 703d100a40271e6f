"""The places of the city: the built files are whole, and a turn's places are found by text and by sound."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from extractors.catalogue.yaml_files import CatalogueError
from extractors.places.gazetteer import Gazetteer, Kind, load_gazetteer

CATALOG = Path(__file__).resolve().parents[2] / "catalog"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return load_gazetteer(CATALOG)


def names(gazetteer: Gazetteer, text: str, most: int = 3) -> list[str]:
    return [gazetteer.places[one.place].name for one in gazetteer.sightings(text)[:most]]


def test_guangzhou_has_11_districts_and_178_streets_and_towns(gazetteer: Gazetteer) -> None:
    kinds = [place.kind for place in gazetteer.places]
    assert kinds.count(Kind.DISTRICT) == 11
    assert kinds.count(Kind.STREET) == 178


def test_every_listed_place_lies_in_a_district_that_exists() -> None:
    districts = set(yaml.safe_load((CATALOG / "places/divisions.yaml").read_text(encoding="utf-8")))
    for file in ("roads", "stations", "landmarks"):
        listed = yaml.safe_load((CATALOG / f"places/{file}.yaml").read_text(encoding="utf-8"))
        assert set(listed) <= districts
        for district, here in listed.items():
            assert len(here) == len(set(here)), f"{file}.yaml lists a name twice under {district}"
            assert all(isinstance(name, str) and len(name) >= 2 for name in here)


def test_the_source_of_the_divisions_is_named() -> None:
    assert "Apache License" in (CATALOG / "places/divisions.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("heard", "name"),
    [
        ("在先和其那边", "天河区"),
        ("我住皇普七", "黄埔区"),
        ("画都去的", "花都区"),
        ("棠夏接到", "棠下街道"),
        ("车杯街道", "车陂街道"),
        ("终落谈阵", "钟落潭镇"),
        ("东风同路", "东风东路"),
        ("体育溪路战", "体育西路"),
    ],
)
def test_a_misheard_place_is_the_likeliest(gazetteer: Gazetteer, heard: str, name: str) -> None:
    assert names(gazetteer, heard, 1) == [name]


def test_exact_characters_count_more_than_the_same_sound(gazetteer: Gazetteer) -> None:
    (written,) = [one for one in gazetteer.sightings("在黄石街道") if one.form == "黄石街道"]
    (heard,) = [one for one in gazetteer.sightings("在皇室街道") if one.form == "黄石街道"]
    assert written.exact and not heard.exact
    assert written.llr > heard.llr


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"divisions\.yaml"):
        load_gazetteer(tmp_path)


def test_a_file_of_the_wrong_shape_is_named(tmp_path: Path) -> None:
    (tmp_path / "places").mkdir()
    (tmp_path / "places/divisions.yaml").write_text("- 天河区\n", encoding="utf-8")
    with pytest.raises(CatalogueError, match=r"divisions\.yaml.*not list"):
        load_gazetteer(tmp_path)
