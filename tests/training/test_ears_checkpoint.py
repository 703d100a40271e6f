"""A training of the ears that was broken off goes on as if it had not been, and never as another one.

On a model of Whisper's shape that is small enough to be trained here.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile

from asr.whisper_vocabulary import TokenMap

pytest.importorskip("peft", reason="only training needs it")

import torch
from transformers import WhisperConfig, WhisperForConditionalGeneration

from scripts.training.ears import Examples, Run, Settings, train
from scripts.training.ears_clips import Clip, batches, load

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # of transformers about itself
TOKENS = 40
TOKENIZER = SimpleNamespace(
    sot_sequence=(1, 2, 3), no_timestamps=4, eot=5, encode=lambda text: [6 + ord(char) % (TOKENS - 6) for char in text]
)
SETTINGS = Settings(steps=4, seconds=4.0, rank=2, dropout=0.2, rate=1e-2, warm_up=1)


def tiny() -> WhisperForConditionalGeneration:
    torch.manual_seed(7)
    return WhisperForConditionalGeneration(
        WhisperConfig(
            vocab_size=TOKENS, d_model=8, num_mel_bins=80, encoder_layers=1, decoder_layers=1, encoder_ffn_dim=16,
            encoder_attention_heads=2, decoder_attention_heads=2, decoder_ffn_dim=16,
            pad_token_id=0, bos_token_id=0, eos_token_id=0, decoder_start_token_id=0,
        )
    ).eval()  # fmt: skip


@pytest.fixture
def clips(tmp_path: Path) -> list[Clip]:
    rng = np.random.default_rng(3)
    made = []
    for number in range(6):
        path = tmp_path / f"{number}.flac"
        soundfile.write(path, rng.normal(0, 0.1, 16_000).astype(np.float32), 16_000)
        made.append(Clip(path, f"第{number}句", "voice", 1.0))
    return made


def trained(folder: Path, clips: Sequence[Clip], settings: Settings = SETTINGS, resume: bool = False) -> dict[str, Any]:
    """Train, with a checkpoint after every other batch; what was written, and about it."""
    guards = [Clip(clips[0].audio, "", "voice", 1.0, guard=True, foreign=True)]
    plan = batches(clips, guards, settings.seconds, settings.steps, 1, 3, 0)
    tokens = TokenMap(range(TOKENS))
    held = Examples(batches(clips, [], 2.0, 2, 0, 0, 0), Settings(seed=0), TOKENIZER, tokens)
    run = Run(folder / "adapter.npz", folder / "checkpoint.pt", check=2, resume=resume)
    train(tiny(), "hash", Examples(plan, settings, TOKENIZER, tokens), held, settings, run, {"clips": len(clips)})
    with np.load(folder / "adapter.npz") as arrays:
        about = json.loads((folder / "adapter.json").read_text(encoding="utf-8"))
        return {"about": about, **{name: arrays[name] for name in arrays.files}}


def alike(one: dict[str, Any], other: dict[str, Any]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name]) for name in one if name != "about")


def test_a_training_that_was_broken_off_ends_as_if_it_had_not_been(
    tmp_path: Path, clips: list[Clip], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "whole").mkdir()
    (tmp_path / "parts").mkdir()
    whole = trained(tmp_path / "whole", clips)
    assert any(np.abs(whole[name]).max() > 0 for name in whole if name.endswith(".up"))
    kept = Path.replace

    def break_off(path: Path, target: Path) -> None:
        kept(path, target)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "replace", break_off)  # right after the first checkpoint
        trained(tmp_path / "parts", clips)
    resumed = trained(tmp_path / "parts", clips, resume=True)
    assert "after batch 2" in capsys.readouterr().out
    assert alike(resumed, whole)
    assert resumed["about"] == whole["about"]

    (tmp_path / "parts" / "adapter.npz").unlink()
    again = trained(tmp_path / "parts", clips, resume=True)
    assert "already done: 4 batches" in capsys.readouterr().out
    assert alike(again, whole)


def test_no_other_training_goes_on_from_a_checkpoint(tmp_path: Path, clips: list[Clip]) -> None:
    short = replace(SETTINGS, steps=2)
    trained(tmp_path, clips, short)
    for settings, others, told in (
        (replace(short, rank=3), clips, "rank is 3, there 2"),
        (replace(short, rate=1e-3), clips, "rate is 0.001, there 0.01"),
        (short, [replace(clip, text=f"{clip.text}。") for clip in clips], "the clips are others"),
    ):
        with pytest.raises(SystemExit, match=f"of another training: .*{told}"):
            trained(tmp_path, others, settings, resume=True)
    assert trained(tmp_path, clips, replace(short, steps=3), resume=True)["about"]["batches"] == 3  # ends elsewhere
    state = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    state["adapter"].popitem()
    torch.save(state, tmp_path / "checkpoint.pt")
    with pytest.raises(SystemExit, match="does not hold the adapter of this model"):
        trained(tmp_path, clips, short, resume=True)
    (tmp_path / "checkpoint.pt").write_bytes(b"cut")
    with pytest.raises(SystemExit, match="cannot be read"):
        trained(tmp_path, clips, short, resume=True)


def test_the_order_in_which_clips_were_rendered_does_not_matter(tmp_path: Path) -> None:
    lines = [json.dumps({"audio": f"{one}.flac", "text": one, "voice": "v", "seconds": 1.0}) for one in "abc"]
    (tmp_path / "heldout.jsonl").write_text(lines[0], encoding="utf-8")
    found = []
    for order in (lines, lines[::-1]):
        (tmp_path / "train.jsonl").write_text("\n".join(order), encoding="utf-8")
        found.append(load(tmp_path, None))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("train_manifest", "told"),
    [
        (None, r"train\.jsonl is missing.*ears_voices"),
        ("", "holds no clips"),
        ('{"audio": "a.fl', "line 1: not an object"),
    ],
)
def test_clips_that_are_not_there_are_told_with_what_to_do(
    tmp_path: Path, train_manifest: str | None, told: str
) -> None:
    line = json.dumps({"audio": "a.flac", "text": "一", "voice": "v", "seconds": 1.0})
    (tmp_path / "heldout.jsonl").write_text(line, encoding="utf-8")
    if train_manifest is not None:
        (tmp_path / "train.jsonl").write_text(train_manifest, encoding="utf-8")
    with pytest.raises(SystemExit, match=told):
        load(tmp_path, None)
    (tmp_path / "train.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(SystemExit, match=r"manifest\.jsonl is missing"):
        load(tmp_path, tmp_path / "real")
