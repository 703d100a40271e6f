"""What a hotline's own texts use often is heard sooner; nothing else of the texts is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.load import load
from extractors.catalogue.write import dump
from extractors.catalogue.yaml_files import CatalogueError
from extractors.places.gazetteer import load_gazetteer
from extractors.repair.names import by_use, load_weights, names_of, vocabulary
from extractors.text.usage import FILE, Usage, Vocabulary, as_rules, counted, load_usage
from extractors.upkeep.overlay import compose
from tests.extractors import small_catalogue as small

KNOWN = Vocabulary(
    terms={"占道", "占道经营"},
    places={"棠下街道": "棠下街道", "棠下街": "棠下街道", "天河区": "天河区"},
    units={"城管局": "市城市管理综合执法局", "市城市管理综合执法局": "市城市管理综合执法局"},
)
WEIGHTS = load_weights(small.ROOT / "catalog")


def priors(catalogue: Catalogue) -> dict[str, float]:
    names = names_of(catalogue, load_gazetteer(catalogue.directory), load_weights(catalogue.directory))
    return {name.text: name.prior for name in names}


def test_the_longest_name_at_a_place_counts_and_not_those_inside_it() -> None:
    assert counted(["门口占道经营，又占道经营", "占道了"], KNOWN).terms == {"占道": 1, "占道经营": 2}


def test_places_and_units_count_under_their_names_however_they_are_called() -> None:
    found = counted(["天河区棠下街道", "在棠下街那边", "请城管局来看看"], KNOWN)
    assert found.places == {"天河区": 1, "棠下街道": 2}
    assert found.units == {"市城市管理综合执法局": 1}


def test_a_word_the_catalogue_does_not_have_counts_only_when_several_texts_have_it() -> None:
    assert counted(["莫名其妙就停了，莫名其妙，莫名其妙", "莫名其妙"], KNOWN).terms == {}
    assert counted(["莫名其妙就停了", "真是莫名其妙", "莫名其妙"], KNOWN).terms == {"莫名其妙": 3}


def test_what_is_no_general_word_is_never_kept() -> None:
    said = ["我叫欧阳冬梅，电话13800138000，住兴隆里八号"] * 50
    assert as_rules(counted(said, KNOWN)) == {"terms": {}, "places": {}, "units": {}}


def test_counts_are_kept_as_rules_and_read_again(tmp_path: Path) -> None:
    found = Usage({"占道经营": 12}, {"天河区": 3}, {"市水务局": 1})
    dump(tmp_path / FILE, as_rules(found))
    assert load_usage(tmp_path) == found
    assert load_usage(tmp_path / "none") == Usage()


@pytest.mark.parametrize("content", [{"words": {"占道": 1}}, {"terms": ["占道"]}, {"terms": {"占道": "often"}}])
def test_what_holds_no_counts_is_told(content: object, tmp_path: Path) -> None:
    dump(tmp_path / FILE, content)
    with pytest.raises(CatalogueError, match=r"rules/usage\.yaml"):
        load_usage(tmp_path)


def test_use_counts_by_its_logarithm_against_the_median_within_bounds() -> None:
    gains = by_use({"never": 1e-9, "seldom": 10, "median": 20, "often": 40, "always": 1e9}, WEIGHTS)
    assert gains["median"] == 0
    assert gains["often"] == pytest.approx(-gains["seldom"]) != 0
    assert (gains["never"], gains["always"]) == (WEIGHTS.use["least"], WEIGHTS.use["most"])
    assert by_use({}, WEIGHTS) == {}


def test_names_in_use_are_likelier_and_others_stay_as_they_are(tmp_path: Path) -> None:
    base = small.write(tmp_path / "c")
    dump(tmp_path / "own" / FILE, {"places": {"棠下街道": 30}, "units": {"市水务局": 30}, "terms": {"占道经营": 9000}})
    before, after = priors(load(base)), priors(compose(base, tmp_path / "own", tmp_path / "out"))
    for name in ("棠下街道", "棠下街", "市水务局", "占道经营"):
        assert after[name] > before[name], name
    for name in ("冼村街道", "天河区", "市港务局"):
        assert after[name] == before[name], name


def test_what_can_be_counted_are_names_that_tell_what_they_name(tmp_path: Path) -> None:
    known = vocabulary(load(small.write(tmp_path / "c")))
    assert known.places["棠下街道"] == known.places["棠下街"] == "棠下街道"
    assert "棠下" not in known.places
    assert "占道经营" in known.terms
    assert not known.terms & {*known.places, *known.units}
