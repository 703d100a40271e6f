"""An adapter changes the weights it names and nothing else, alike on every machine."""

from pathlib import Path

import numpy as np
import pytest

import models
from models import model_bin
from models.whisper_adapter import adapted, read_adapter

LAYERS = ("encoder.layers.5.self_attn.k_proj", "decoder.layers.0.encoder_attn.v_proj", "decoder.layers.3.fc2")


@pytest.fixture(scope="module")
def base() -> bytes:
    return (models.find("whisper-base") / "model.bin").read_bytes()


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    rng = np.random.default_rng(7)
    shapes = {LAYERS[0]: (512, 512), LAYERS[1]: (512, 512), LAYERS[2]: (512, 2048)}
    arrays = {}
    for layer, (rows, columns) in shapes.items():
        arrays[f"{layer}.down"] = rng.normal(size=(4, columns)).astype(np.float16)
        arrays[f"{layer}.up"] = (0.01 * rng.normal(size=(rows, 4))).astype(np.float16)
    np.savez(tmp_path / "adapter.npz", **arrays)
    return tmp_path / "adapter.npz"


def test_a_model_written_back_is_the_same_file(base: bytes) -> None:
    assert model_bin.read(base).written() == base


def test_only_the_rows_of_the_adapted_layers_change_and_by_the_product_of_its_matrices(
    base: bytes, adapter: Path
) -> None:
    matrices = read_adapter(adapter)
    before = {variable.name: variable for variable in model_bin.read(base).variables}
    after = {variable.name: variable for variable in model_bin.read(adapted(base, matrices)).variables}
    changed = {name for name in before if bytes(before[name].data) != bytes(after[name].data)}
    fused, cross, ffn = (
        "encoder/layer_5/self_attention/linear_0/weight",
        "decoder/layer_0/attention/linear_1/weight",
        "decoder/layer_3/ffn/linear_1/weight",
    )
    assert changed == {fused, cross, ffn}
    for name, rows, layer in ((fused, slice(512, 1024), LAYERS[0]), (cross, slice(512, 1024), LAYERS[1])):
        difference = after[name].array.astype(np.float32) - before[name].array.astype(np.float32)
        down, up = matrices[layer]
        assert np.allclose(difference[rows], up @ down, atol=2e-3)
        assert not np.delete(difference, np.r_[rows], axis=0).any()


def test_an_adapter_for_another_model_is_refused(base: bytes) -> None:
    matrices = {"encoder.layers.9.fc1": (np.zeros((2, 512), np.float32), np.zeros((2048, 2), np.float32))}
    with pytest.raises(model_bin.UnknownLayoutError, match="layer_9"):
        adapted(base, matrices)
    with pytest.raises(KeyError):
        adapted(base, {"encoder.conv1": matrices["encoder.layers.9.fc1"]})
    narrow = {"encoder.layers.0.fc1": (np.zeros((2, 384), np.float32), np.zeros((1536, 2), np.float32))}
    with pytest.raises(model_bin.UnknownLayoutError, match="another shape"):
        adapted(base, narrow)
