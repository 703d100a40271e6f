"""The worked example of docs/engines.md is an engine that works."""

import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

import models
from asr import Final, Recording, load, transcribe
from assist.config import Asr
from assist.speech import engine

DOCS = Path(__file__).parents[2] / "docs" / "engines.md"


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> None:
    found = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    module = ModuleType("plain_whisper")
    exec(compile(found[1], str(DOCS), "exec"), module.__dict__)
    monkeypatch.setitem(sys.modules, "plain_whisper", module)


@pytest.mark.usefixtures("example")
def test_the_example_hears_a_sample_call_through_the_configuration(samples: Path) -> None:
    whisper = models.find("whisper-base")
    plain = engine(Asr(engine="plain_whisper:make", model=str(whisper), threads=1))
    recording = load(samples / "dev-001.flac")
    opening = Recording(recording.samples[: 6 * recording.sample_rate, :1], recording.sample_rate)
    [final] = [event for event in transcribe(opening, plain) if isinstance(event, Final)]
    assert plain.name.startswith("plain ")
    assert "您好" in final.text or "你好" in final.text
    assert len(final.times) == len(final.text)
    assert all(final.start <= start <= end <= final.end + 0.5 for start, end in final.times)


@pytest.mark.parametrize("name", ["no_such_module:make", "plain_whisper:nothing", "plain_whisper", ":", "whisper2"])
@pytest.mark.usefixtures("example")
def test_an_engine_that_cannot_be_imported_is_named_with_what_to_write(name: str) -> None:
    with pytest.raises(models.ModelError, match=r"package\.module:function"):
        engine(Asr(engine=name))
