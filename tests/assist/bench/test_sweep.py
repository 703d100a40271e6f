import json
from pathlib import Path

import pytest

from asr.metrics import ErrorRate
from asr.recognizer import RecognizerSettings
from asr.whisper import WhisperEngine, WhisperSettings
from assist.bench.manifest import Item, read
from assist.bench.sound import cut, sound
from assist.bench.sweep import Axis, Outcome, SweepError, axis, earlier, sweep


def test_a_setting_is_read_with_its_values_in_its_own_type() -> None:
    assert axis("beam_size=1,5") == Axis("decoding", "beam_size", (1, 5))
    assert axis("end_silence=0.5") == Axis("utterance", "end_silence", (0.5,))
    assert axis("paddings=2.56/30,5.12/30") == Axis("decoding", "paddings", ((2.56, 30.0), (5.12, 30.0)))
    assert axis("hold_back=0.3,0.5").place == "recognizer"


@pytest.mark.parametrize(
    ("text", "says"), [("bean_size=1", "there are .*beam_size"), ("beam_size=x", "number"), ("beam_size", "number")]
)
def test_a_setting_that_cannot_be_swept_is_explained(text: str, says: str) -> None:
    with pytest.raises(SweepError, match=says):
        axis(text)


def test_settings_are_crossed_and_measured_on_real_speech(samples: Path, whisper: WhisperEngine) -> None:
    [item] = [one for one in read(samples) if one.name == "dev-001"]
    recording = cut(sound(item), 9)
    outcomes = list(
        sweep(
            [(item, recording)],
            [axis("beam_size=1,2"), axis("end_silence=0.5,0.7")],
            WhisperSettings(),
            RecognizerSettings(),
            whisper.with_settings,
            interims=True,
            done=lambda: None,
        )
    )
    shown = [outcome.figures() for outcome in outcomes]
    assert [(one["beam_size"], one["end_silence"]) for one in shown] == [(1, 0.5), (1, 0.7), (2, 0.5), (2, 0.7)]
    for outcome in outcomes:
        assert outcome.utterances >= 2
        assert outcome.cpu_seconds > 0 and outcome.interim_cpu_seconds > 0
        assert outcome.errors.value is not None and 0 < outcome.errors.value < 1
        assert outcome.stable_after
        assert outcome.stable_errors.characters > 0


def test_a_sweep_is_compared_with_an_earlier_one_of_the_same_recordings(tmp_path: Path) -> None:
    before, now = Outcome({"beam_size": 1}), Outcome({"beam_size": 5})
    before.recordings = {"a": ErrorRate(10, 100), "b": ErrorRate(6, 50), "c": ErrorRate(4, 80)}
    now.recordings = {"a": ErrorRate(5, 100), "b": ErrorRate(3, 50), "c": ErrorRate(3, 80)}
    kept = tmp_path / "sweep.json"
    kept.write_text(json.dumps({"outcomes": [before.to_json()]}), encoding="utf-8")
    items = [Item(name, tmp_path, ()) for name in now.recordings]
    left = now.against(earlier(kept, items))
    assert left.value == 11 / 20
    assert left.low is not None and left.high is not None and 0.5 <= left.low < left.value < left.high <= 0.75
    assert before.against(earlier(kept, items)).high == 1.0
    with pytest.raises(SweepError, match="other recordings"):
        earlier(kept, items[1:])


def test_a_file_that_is_no_sweep_is_explained(tmp_path: Path) -> None:
    wrong = tmp_path / "other.json"
    wrong.write_text('{"outcomes": [{}, {}]}', encoding="utf-8")
    with pytest.raises(SweepError, match="--json of a sweep over one combination"):
        earlier(wrong, [])


def test_settings_that_contradict_each_other_are_explained(samples: Path, whisper: WhisperEngine) -> None:
    with pytest.raises(SweepError, match="end_threshold"):
        list(
            sweep(
                [],
                [axis("start_threshold=0.1"), axis("end_threshold=0.5")],
                WhisperSettings(),
                RecognizerSettings(),
                whisper.with_settings,
                interims=False,
                done=lambda: None,
            )
        )
