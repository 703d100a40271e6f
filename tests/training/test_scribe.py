"""The network that learns and the one that runs write the same."""

from __future__ import annotations

import json
import random
from pathlib import Path

import ctranslate2
import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from assist.bench.gold import Call
from extractors.turn import Speaker, Turn
from models.qwen import Qwen
from models.qwen_decoder import decoder
from models.qwen_pieces import END, kept, tokenizer
from scripts.training.scribe import example, guessing, losses, parted, readings, schedule, train
from scripts.training.scribe_network import Writer
from tests.models.tiny_qwen import write

CALL = [Turn(0, Speaker.CITIZEN, "烧烤店，烧烤店"), Turn(1, Speaker.AGENT, "店")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.gguf"
    write(path)
    return path


def cutter(file: Path) -> Tokenizer:
    qwen = Qwen(file)
    return Tokenizer.from_str(tokenizer(qwen, range(len(qwen.pieces))).decode())


def network(file: Path) -> Writer:
    torch.manual_seed(1)
    return Writer(file, 2, 2.0, torch.float32)


def test_training_lowers_the_loss_of_what_it_learned_from(file: Path) -> None:
    cut = cutter(file)
    learned = example(CALL, {"subject": "烧烤店"}, cut)
    made = network(file)
    before = float(losses(made, learned)[0].detach())
    train(made, [learned] * 60, [learned], 2, 0.02)
    assert float(losses(made, learned)[0].detach()) < 0.7 * before


def test_the_words_of_a_call_are_learned_as_well_where_they_are_guessed(file: Path) -> None:
    learned = guessing(example(CALL, {"subject": "烧烤店"}, cutter(file)), random.Random(1))
    assert 0 < len(learned.guessed) < len(learned.read)
    made = network(file)
    before = float(losses(made, learned)[1].detach())
    train(made, [learned] * 60, [learned], 2, 0.02)
    assert float(losses(made, learned)[1].detach()) < 0.7 * before


def test_every_call_is_read_before_any_is_read_again(file: Path) -> None:
    cut = cutter(file)
    some = [Call(name, tuple(CALL), {"slots": {"subject": name}}) for name in ("烧", "烤", "店", "烧烤")]
    plan = readings(some, 1.5, cut, random.Random(1))
    written = {tuple(example(CALL, call.gold["slots"], cut).written) for call in some}
    assert len(plan) == 6
    assert {tuple(one.written) for one in plan[:4]} == written
    assert len({tuple(one.written) for one in plan[4:]}) == 2
    as_written = example(CALL, {}, cut).read
    assert all(one.read == as_written for one in plan if one.guessed)


def test_calls_are_kept_back_by_the_first_letters_of_their_names() -> None:
    some = [Call(name, tuple(CALL), {}) for name in ("RA01", "RO01", "RP02")]
    learned, kept_back = parted(some, ["ro", "rp"])
    assert ([one.id for one in learned], [one.id for one in kept_back]) == (["RA01"], ["RO01", "RP02"])
    with pytest.raises(SystemExit, match="begins with zz: give --keep-back"):
        parted(some, ["zz"])


def test_what_runs_writes_as_what_learned(file: Path, tmp_path: Path) -> None:
    cut = cutter(file)
    learned = example(CALL, {"subject": "烧烤店"}, cut)
    made = network(file)
    train(made, [learned] * 20, [learned], 2, 0.02)
    made.save(tmp_path / "adapter.npz")
    qwen = Qwen(file)
    pieces = [qwen.pieces[number] for number in learned.read]
    numbers = kept(qwen)
    files = {
        "model.bin": decoder(file.read_bytes(), tmp_path / "adapter.npz"),
        "config.json": json.dumps(
            {"bos_token": END, "unk_token": END, "eos_token": END, "layer_norm_epsilon": 1e-6}
        ).encode(),
        "vocabulary.json": json.dumps([qwen.pieces[number] for number in numbers]).encode(),
    }
    runs = ctranslate2.Generator("tiny", compute_type="int8", files=files)
    scores = np.array(runs.forward_batch([pieces]))[0, -1]
    wanted = made(torch.tensor(learned.read), torch.tensor([len(learned.read) - 1]))[0].detach().numpy()[numbers]
    assert np.corrcoef(scores, wanted)[0, 1] > 0.999
    assert wanted[scores.argmax()] > wanted.max() - 0.1  # two of its pieces may be about as likely


def test_learning_goes_on_from_an_adapter_where_it_ended(file: Path, tmp_path: Path) -> None:
    learned = example(CALL, {"subject": "烧烤店"}, cutter(file))
    made, other = network(file), network(file)
    train(made, [learned] * 20, [learned], 2, 0.02)
    made.save(tmp_path / "adapter.npz")
    other.load(tmp_path / "adapter.npz")
    assert float(losses(other, learned)[0].detach()) == pytest.approx(
        float(losses(made, learned)[0].detach()), rel=0.01
    )
    with pytest.raises(SystemExit, match="rank 2, not 3: give --rank 2"):
        Writer(file, 3, 2.0, torch.float32).load(tmp_path / "adapter.npz")


def test_what_is_no_adapter_is_told(file: Path, tmp_path: Path) -> None:
    (tmp_path / "other.npz").write_bytes(b"no archive")
    (tmp_path / "cut.npz").write_bytes(b"PK\x03\x04 cut off")
    np.savez(tmp_path / "empty.npz", pieces=np.arange(3))
    for name in ("missing.npz", "other.npz", "cut.npz", "empty.npz"):
        with pytest.raises(SystemExit, match=rf"{name} is no adapter of the scribe"):
            network(file).load(tmp_path / name)


def test_the_rate_rises_then_falls_to_nothing() -> None:
    rates = [schedule(step, 100) for step in range(101)]
    assert rates[0] < rates[10] < rates[19] == 1
    assert rates[20:] == sorted(rates[20:], reverse=True)
    assert rates[-1] == pytest.approx(0)
