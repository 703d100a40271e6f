"""A hotline's own texts, in the forms they come in."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assist.own_texts import TextsError, own_texts


def test_text_json_lines_and_calls_are_read_and_folders_of_them(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("占道经营\n\n电梯坏了\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "停水", "audio": "x.wav"}\n', encoding="utf-8")
    (tmp_path / "c.flac").touch()
    (tmp_path / "calls").mkdir()
    turns = [{"speaker": "agent", "text": "您好"}, {"speaker": "citizen", "text": "漏水"}]
    (tmp_path / "calls" / "c.json").write_text(json.dumps({"turns": turns}), encoding="utf-8")
    assert list(own_texts([tmp_path])) == ["占道经营", "电梯坏了", "停水", "您好", "漏水"]
    assert list(own_texts([tmp_path / "b.jsonl", tmp_path / "b.jsonl"])) == ["停水", "停水"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.jsonl", b'{"text": "a"}\nno JSON\n', "line 2 is not JSON"),
        ("a.jsonl", b'{"words": "a"}\n', 'line 1 has no "text"'),
        ("a.json", b"[]", "is no call"),
        ("a.json", b'{"turns": [["agent", "a"]]}', 'turn 1 has no "text"'),
        ("a.txt", "占道".encode("gb18030"), "is not UTF-8"),
        ("a.csv", b"", "holds no file"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_place(name: str, content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TextsError, match=told):
        list(own_texts([tmp_path]))
