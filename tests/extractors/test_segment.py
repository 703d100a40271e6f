from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import jieba
import pytest

from extractors.text.segment import Segmenter


def test_the_hotlines_words_stay_whole() -> None:
    assert "走鬼档" in Segmenter(["走鬼档"]).cut("楼下的走鬼档天天占道")
    assert "走鬼档" not in Segmenter().cut("楼下的走鬼档天天占道")


def test_words_given_to_one_segmenter_are_unknown_to_others_and_to_jieba() -> None:
    Segmenter(["占道烧烤档"])
    assert "占道烧烤档" not in Segmenter().cut("有占道烧烤档")
    assert "占道烧烤档" not in jieba.dt.FREQ


def test_nothing_is_logged_and_nothing_is_left_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with caplog.at_level(logging.DEBUG):
        Segmenter().cut("电梯坏了")
    assert caplog.records == []
    assert list(tmp_path.iterdir()) == []


def test_importing_raises_no_warning() -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", "import extractors.text.segment"], check=True, cwd=Path.cwd())


def test_cut_words_join_to_the_text() -> None:
    text = "我们这栋楼的电梯，坏了 7 天！"
    assert "".join(Segmenter(["电梯坏了"]).cut(text)) == text
