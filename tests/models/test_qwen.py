"""A GGUF file of Qwen2 is opened, and word pieces that calls in Chinese use are kept of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from models.qwen import Qwen
from models.qwen_decoder import decoder, pieces, settings, vocabulary
from models.qwen_pieces import END, kept, tokenizer
from models.registry import ModelError
from tests.models.tiny_qwen import HIDDEN, LAYERS, merged, write


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("qwen") / "tiny.gguf"
    write(path)
    return path


def test_sizes_and_weights_come_out_as_they_were_written(file: Path) -> None:
    qwen = Qwen(file)
    assert (qwen.sizes.layers, qwen.sizes.hidden, qwen.sizes.epsilon) == (LAYERS, HIDDEN, 1e-6)
    assert qwen.weight("blk.0.ffn_down.weight").shape == (HIDDEN, 2 * HIDDEN)
    assert (qwen.embeddings([3, 1]) == qwen.weight("token_embd.weight")[[3, 1]]).all()
    with pytest.raises(KeyError):
        qwen.weight("blk.9.ffn_down.weight")


@pytest.mark.parametrize("content", [b"", b"GGUF", b"no model at all" * 9])
def test_another_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "other.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=r"other\.gguf"):
        Qwen(path)


def test_simplified_chinese_and_what_it_is_merged_from_is_kept_and_other_writing_is_not(file: Path) -> None:
    qwen = Qwen(file)
    known = {qwen.pieces[number] for number in kept(qwen)}
    assert {*merged("烧烤店"), *merged("店"), END} <= known
    assert merged("公園")[-1] not in known
    assert merged("hello")[-1] not in known


@given(st.text(max_size=30))
def test_any_text_can_be_cut_and_put_together_again(text: str) -> None:
    import unicodedata

    cut = Tokenizer.from_str(_TOKENIZER)
    assert cut.decode(cut.encode(text).ids, skip_special_tokens=False) == unicodedata.normalize("NFC", text)


def test_the_same_file_makes_the_same_model_and_the_adapter_another(file: Path, tmp_path: Path) -> None:
    import numpy as np

    raw = file.read_bytes()
    nothing, something = tmp_path / "nothing.npz", tmp_path / "something.npz"
    own = np.array(kept(Qwen(file)), np.uint32)
    np.savez(nothing, pieces=own)
    down, up = np.ones((2, HIDDEN), np.float16), np.ones((HIDDEN, 2), np.float16)
    np.savez(something, pieces=own, **{"0.q_proj.down": down, "0.q_proj.up": up})
    assert decoder(raw, nothing) == decoder(raw, nothing) != decoder(raw, something)
    assert pieces(raw, nothing) == tokenizer(Qwen(file), kept(Qwen(file)))


def test_what_is_made_runs_from_its_folder(file: Path, tmp_path: Path) -> None:
    import ctranslate2
    import numpy as np

    adapter = tmp_path / "nothing.npz"
    np.savez(adapter, pieces=np.array(kept(Qwen(file)), np.uint32))
    made = {
        "model.bin": decoder,
        "tokenizer.json": pieces,
        "vocabulary.json": vocabulary,
        "config.json": settings,
    }
    folder = tmp_path / "made"
    folder.mkdir()
    for name, recipe in made.items():
        (folder / name).write_bytes(recipe(file.read_bytes(), adapter))
    prompt = Tokenizer.from_file(str(folder / "tokenizer.json")).encode("烧烤店").tokens
    generator = ctranslate2.Generator(str(folder), compute_type="int8", intra_threads=1)
    steps = list(generator.generate_tokens(prompt, max_length=3, end_token=END, return_log_prob=True))
    assert steps
    assert all(float(step.log_prob) <= 0 for step in steps)


def _tokenizer() -> str:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tiny.gguf"
        write(path)
        return tokenizer(Qwen(path), kept(Qwen(path))).decode()


_TOKENIZER = _tokenizer()
