"""The hotline's own words, and how often they are used."""

from __future__ import annotations

from pathlib import Path

import pytest

from extractors.catalogue.lexicon import read_lexicon
from extractors.catalogue.yaml_files import CatalogueError


def lexicon(folder: Path, text: str) -> Path:
    (folder / "lexicon.txt").write_text(text, encoding="utf-8")
    return folder


def test_a_lexicon_has_a_word_a_line_and_comments(tmp_path: Path) -> None:
    assert read_lexicon(lexicon(tmp_path, "# 粤语\n走鬼  # 无证摊贩\n\n冚棚\n")) == {"走鬼": 0, "冚棚": 0}


def test_a_word_may_tell_how_often_it_is_used(tmp_path: Path) -> None:
    assert read_lexicon(lexicon(tmp_path, "走鬼 120 # 无证摊贩\n冚棚\t7\n")) == {"走鬼": 120, "冚棚": 7}


def test_a_count_told_later_replaces_an_earlier_one_and_no_count_replaces_nothing(tmp_path: Path) -> None:
    assert read_lexicon(lexicon(tmp_path, "走鬼 120\n冚棚 7\n走鬼 3\n冚棚\n")) == {"走鬼": 3, "冚棚": 7}


def test_no_lexicon_is_an_empty_one(tmp_path: Path) -> None:
    assert read_lexicon(tmp_path) == {}


@pytest.mark.parametrize("line", ["走鬼 很多", "走鬼 -1", "走鬼 1.5", "走鬼 1 2"])
def test_what_is_no_count_is_told_with_its_line(line: str, tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match=r"lexicon\.txt:2: 走鬼: .* is no count of use"):
        read_lexicon(lexicon(tmp_path, f"冚棚\n{line}\n"))
