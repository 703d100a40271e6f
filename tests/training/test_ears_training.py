"""What the ears are trained on comes in the same order each time, and what is trained is what is put to use."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import models
from scripts.training.ears_clips import Clip, batches
from scripts.training.ears_mix import Shares, mixed, of_rank

CLIPS = [Clip(Path(f"{n}.flac"), f"第{n}句", "voice", 1.0 + n % 13) for n in range(300)]
GUARDS = [Clip(Path("en.flac"), "hello", "english", 3.0, guard=True, foreign=True)]


def test_batches_follow_from_the_seed_and_hold_like_lengths() -> None:
    plan = batches(CLIPS, GUARDS, 40.0, 60, 1, 12, 40)
    assert plan == batches(CLIPS, GUARDS, 40.0, 60, 1, 12, 40)
    assert plan != batches(CLIPS, GUARDS, 40.0, 60, 2, 12, 40)
    plain = [batch for batch in plan if len(batch) > 2 and not any(clip.guard for clip in batch)]
    assert all(len(batch) * max(clip.seconds for clip in batch) <= 40.0 for batch in plain)
    assert all(max(c.seconds for c in batch) - min(c.seconds for c in batch) <= 6 for batch in plain)


def test_every_clip_has_its_turn_before_one_comes_again() -> None:
    plan = batches(CLIPS, [], 40.0, 200, 1, 0, 0)
    seen: list[Clip] = []
    for batch in plan:
        seen += batch
        if len(seen) >= len(CLIPS):
            break
    assert set(seen[: len(CLIPS)]) == set(CLIPS)


def test_other_languages_guard_but_are_not_learned() -> None:
    guarded = [batch for batch in batches(CLIPS, GUARDS, 40.0, 36, 1, 12, 0) if any(clip.guard for clip in batch)]
    assert len(guarded) == 3
    assert all(GUARDS[0] in batch and any(clip.audio is None for clip in batch) for batch in guarded)


@pytest.mark.filterwarnings("ignore::FutureWarning")  # of transformers about itself
def test_what_is_trained_is_what_the_assembled_model_computes(tmp_path: Path) -> None:
    pytest.importorskip("peft", reason="only training needs it")
    import torch

    from models.whisper_adapter import adapted, read_adapter
    from scripts.training.ears_model import decode, encode, whisper, with_adapter, write_adapter

    base = (models.find("whisper-base") / "model.bin").read_bytes()
    torch.manual_seed(5)
    trained = with_adapter(whisper(base), rank=4, dropout=0.0).eval()
    for name, parameter in trained.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.02)
    write_adapter(trained, tmp_path / "adapter.npz", {"trained": "in a test"})
    merged = whisper(adapted(base, read_adapter(tmp_path / "adapter.npz")))
    mels, tokens = torch.randn(1, 80, 400), torch.tensor([[50258, 50260, 50359, 50363, 1000]])
    with torch.no_grad():
        inside = trained.get_base_model()
        expected = decode(inside, encode(inside, mels), tokens)
        found = decode(merged, encode(merged, mels), tokens)
        plain = whisper(base)
        before = decode(plain, encode(plain, mels), tokens)
    assert torch.allclose(found, expected, atol=0.05)
    assert not torch.allclose(found, before, atol=0.5)


def test_a_mixture_changes_each_layer_by_the_shares_of_its_parts() -> None:
    rng = np.random.default_rng(1)
    layers = ("encoder.layers.0.fc1", "decoder.layers.0.fc1")
    one, other = (
        {layer: (rng.random((2, 4), np.float32), rng.random((3, 2), np.float32)) for layer in layers} for _ in range(2)
    )
    mixture = mixed([(one, Shares.of("0.5/0.2")), (other, Shares.of("0.3"))])
    for layer, share in zip(layers, (0.5, 0.2), strict=True):
        down, up = mixture[layer]
        changed = share * one[layer][1] @ one[layer][0] + 0.3 * other[layer][1] @ other[layer][0]
        assert np.allclose(up @ down, changed, atol=1e-5)


def test_a_mixture_of_a_smaller_rank_is_the_nearest_there_is() -> None:
    rng = np.random.default_rng(2)
    down, up = rng.standard_normal((6, 9)).astype(np.float32), rng.standard_normal((7, 6)).astype(np.float32)
    sizes = np.linalg.svd(up @ down)[1]
    for rank in (2, 6):
        less, more = of_rank({"layer": (down, up)}, rank)["layer"]
        assert less.shape == (rank, 9)
        assert more.shape == (7, rank)
        assert np.linalg.norm(up @ down - more @ less) == pytest.approx(np.linalg.norm(sizes[rank:]), abs=1e-4)
