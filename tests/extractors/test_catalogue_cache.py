from __future__ import annotations

from pathlib import Path

import pytest

from extractors.catalogue import cache
from extractors.catalogue.cache import fingerprint, opened
from extractors.catalogue.load import load
from extractors.matching.ranking import make_ranker
from extractors.turn import Speaker, Turn
from tests.extractors import small_catalogue as small


def test_a_catalogue_out_of_the_cache_is_the_one_that_was_read(tmp_path: Path) -> None:
    folder, caches = small.write(tmp_path / "c"), tmp_path / "caches"
    first = opened(folder, caches)
    again = opened(folder, caches)
    read = load(folder)
    for catalogue in (first, again):
        assert catalogue.templates == read.templates
        assert catalogue.matters == read.matters
        assert dict(catalogue.units) == dict(read.units)
        assert dict(catalogue.slots) == dict(read.slots)
        assert dict(catalogue.groups) == dict(read.groups)


def test_an_opened_catalogue_is_not_read_a_second_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, caches = small.write(tmp_path / "c"), tmp_path / "caches"
    opened(folder, caches)
    monkeypatch.setattr(cache, "load", lambda _: pytest.fail("read again"))
    assert len(opened(folder, caches).templates) == 4


def test_a_changed_file_is_never_answered_from_the_cache(tmp_path: Path) -> None:
    folder, caches = small.write(tmp_path / "c"), tmp_path / "caches"
    before = fingerprint(folder)
    opened(folder, caches)
    file = folder / "templates/WY/WYA.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("小区电梯故障停运多日", "大厦电梯停运"), encoding="utf-8")
    assert fingerprint(folder) != before
    assert opened(folder, caches).by_code["WY01-001"].title == "大厦电梯停运"


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    folder, caches = small.write(tmp_path / "c"), tmp_path / "caches"
    make_ranker(opened(folder, caches))
    for file in caches.rglob("*.*"):
        file.write_bytes(b"{")
    ranker = make_ranker(opened(folder, caches))
    scores = ranker.scores(ranker.query([ranker.read(Turn(0, Speaker.CITIZEN, "电梯坏了"))]))
    assert ranker.templates[int(scores.argmax())].code == "WY01-001"


def test_a_ranking_out_of_the_cache_scores_as_it_did(tmp_path: Path) -> None:
    folder, caches = small.write(tmp_path / "c"), tmp_path / "caches"
    turn = Turn(0, Speaker.CITIZEN, "楼下烧烤的油烟灌进来，电梯又停了")
    made = [make_ranker(catalogue) for catalogue in (opened(folder, caches), opened(folder, caches), load(folder))]
    scores = [list(ranker.scores(ranker.query([ranker.read(turn)]))) for ranker in made]
    assert scores[0] == scores[1] == scores[2]


def test_without_a_folder_to_write_to_a_catalogue_opens_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert len(opened(small.write(tmp_path / "c"), tmp_path / "file").templates) == 4


def test_only_the_caches_that_were_opened_latest_are_kept(tmp_path: Path) -> None:
    folder, caches = small.write(tmp_path / "c"), tmp_path / "caches"
    used = small.write(tmp_path / "used", [small.POOL])
    file = folder / "domains.yaml"
    for number in range(7):
        opened(used, caches)
        file.write_text(file.read_text(encoding="utf-8") + f"# {number}\n", encoding="utf-8")
        opened(folder, caches)
    kept = {path.name for path in caches.iterdir()}
    assert len(kept) <= 5
    assert {fingerprint(used), fingerprint(folder)} <= kept
