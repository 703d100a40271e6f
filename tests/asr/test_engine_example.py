"""The worked example of docs/engines.md is an engine that works."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import models
from asr import Final, Recording, load, transcribe
from assist.config import Asr
from assist.speech import engine

DOCS = Path(__file__).parents[2] / "docs" / "engines.md"


def written() -> str:
    """The example as the document has it."""
    found = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found
    return found[1]


@pytest.fixture
def example(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("plain_whisper")
    exec(compile(written(), str(DOCS), "exec"), module.__dict__)
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


def test_the_example_is_found_in_the_folder_that_a_script_is_started_in(tmp_path: Path) -> None:
    here, scripts = tmp_path / "here", tmp_path / "bin"
    here.mkdir()
    scripts.mkdir()
    (here / "plain_whisper.py").write_text(written(), encoding="utf-8")
    # as an installed command is: its own folder is where Python looks, not the one it is started in
    (scripts / "named").write_text(
        "from assist.config import load\nfrom assist.speech import engine\nprint(engine(load().asr).name)\n",
        encoding="utf-8",
    )
    settings = {"ASSIST_ASR__ENGINE": "plain_whisper:make", "ASSIST_ASR__MODEL": str(models.find("whisper-base"))}
    result = subprocess.run(
        [sys.executable, scripts / "named"],
        capture_output=True,
        text=True,
        check=False,
        cwd=here,
        env={**os.environ, **settings, "PYTHONPATH": str(DOCS.parents[1])},
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("plain ")
