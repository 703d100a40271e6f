"""The speech engine is made as the configuration says, and what is wrong with it is named."""

import sys
from pathlib import Path

import pytest

import models
from assist.config import Asr
from assist.knowledge import recognition
from assist.speech import decoding_of, engine, language_model
from tests.reference import reference


def test_how_callers_put_things_counts_as_configured() -> None:
    assert language_model(Asr()) is not None
    assert decoding_of(Asr(language_weight=0.2)).language_weight == 0.2


@pytest.mark.parametrize("settings", [Asr(language_weight=0), Asr(language="en")])
def test_without_weight_or_in_another_language_it_does_not_count(settings: Asr) -> None:
    assert language_model(settings) is None


def test_a_recogniser_that_should_ask_the_network_does_not_start_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "whisper-base-ears").symlink_to(models.find("whisper-base-ears"))
    monkeypatch.setenv("ASSIST_MODELS", str(tmp_path))
    with pytest.raises(models.ModelError, match="call-scribe"):
        engine(Asr(rescoring=True))


BROKEN_OFF = (models.LANGUAGE_MODEL / "weights.npz").read_bytes()[:5000]


@pytest.mark.parametrize(
    "content", [None, b"", b"not a model", BROKEN_OFF], ids=["none", "empty", "other", "broken off"]
)
def test_a_language_model_that_cannot_be_read_is_named_with_the_remedy(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "weights.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(models.ModelError, match=r"asr\.language_model: .*weights\.npz cannot be read") as failed:
        language_model(Asr(language_model=str(path)))
    assert "assist models adapt-language" in str(failed.value)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ("None", "made a NoneType without name, batch_key, decode"),
        ("types.SimpleNamespace(name='mine', batch_key=len)", "made a SimpleNamespace without decode"),
        ("types.SimpleNamespace(name=7, batch_key=len, decode=list)", "made a SimpleNamespace without name"),
    ],
)
def test_what_is_no_engine_is_told_before_the_first_call(
    made: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "half_an_engine.py").write_text(f"import types\ndef make(settings):\n    return {made}\n", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "half_an_engine", raising=False)
    with pytest.raises(models.ModelError, match=told):
        engine(Asr(engine="half_an_engine:make"))


@pytest.mark.parametrize("name", ["../mine:make", "mine", ":make", "mine:"])
def test_an_engine_that_is_named_wrongly_is_told_how(name: str) -> None:
    with pytest.raises(models.ModelError, match=r"package\.module:function"):
        engine(Asr(engine=name))


def test_a_language_that_the_model_does_not_know_is_told() -> None:
    with pytest.raises(models.ModelError, match=r"asr\.language: 'xx' is not a valid language code .*yue"):
        engine(Asr(language="xx"))


def test_without_a_language_model_only_names_are_repaired() -> None:
    greeting, heard = "您好，请问有什么可以帮您？", "在皇普七长周接到，有个紧盖坏了"
    for settings, characters in ((Asr(), ["井"]), (Asr(language_weight=0), [])):
        lexicon = recognition(settings, reference()).lexicon
        assert lexicon is not None
        repairs = [one.text for one in lexicon.repairs(heard, (greeting,))]
        assert repairs == ["黄埔区", "长洲街道", *characters]
