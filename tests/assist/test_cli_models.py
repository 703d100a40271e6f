"""A damaged or missing trained file ends a command with its exit code, its name and what helps."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

import models
from assist.bench.gold import read_calls
from assist.cli import errors
from assist.cli.main import app
from assist.config import load
from assist.speech import language_model
from tests.conftest import ROOT

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def own(tmp_path: Path) -> tuple[Path, Run]:
    """A copy of the package of models, to be damaged, and the command that runs with it."""
    package = tmp_path / "code" / "models"
    shutil.copytree(models.RANKER.parent, package, ignore=shutil.ignore_patterns("__pycache__"))

    def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "assist", *map(str, arguments)],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "200", "PYTHONPATH": f"{package.parent}{os.pathsep}{ROOT}"},
        )

    return package, run


def test_verify_without_a_name_checks_all_and_names_each_damaged_file_with_what_helps(own: tuple[Path, Run]) -> None:
    package, run = own
    whole = run("models", "verify")
    assert whole.returncode == 0, whole.stderr
    for name in ("whisper-base-ears", "call-tagger", *models.shipped()):
        assert f"{name}: " in whole.stderr
    truncated, gone, changed = (
        package / name for name in ("ranker/weights.npz", "dispatch/opinion.npz", "whisper-base-ears.npz")
    )
    truncated.write_bytes(truncated.read_bytes()[:1000])
    gone.unlink()
    data = bytearray(changed.read_bytes())
    data[5000] ^= 1
    changed.write_bytes(data)
    result = run("models", "verify")
    assert result.returncode == errors.MODEL
    assert f"{truncated} has 1000 bytes" in result.stderr
    assert f"{gone} is missing" in result.stderr
    assert f"{changed} is damaged" in result.stderr
    assert result.stderr.count(models.REMEDY) == 3
    assert "Traceback" not in result.stderr
    assert run("models", "verify", "dispatch").returncode == errors.MODEL
    assert run("models", "verify", "chooser").returncode == 0
    assert run("models", "verify", "other").returncode == errors.MODEL


def test_the_list_tells_origin_licence_size_and_state_of_each(own: tuple[Path, Run]) -> None:
    package, run = own
    (package / "dispatch/trust.yaml").unlink()
    told = run("models", "list").stdout
    for name in (*models.artefacts(), *models.shipped()):
        assert name in told
    for part in (
        "Apache-2.0",
        "MIT",
        "learned by this project",
        "OpenAI Whisper base",
        "ships with the project",
        "is missing",
    ):
        assert part in told


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("dispatch/opinion.npz", "truncated"),
        ("dispatch/trust.yaml", "missing"),
        ("ranker/tokenizer.json", "truncated"),
        ("chooser/weights.npz", "missing"),
        ("language_model/weights.npz", "truncated"),
    ],
)
def test_a_damaged_file_ends_replay_with_its_name_and_what_helps(
    own: tuple[Path, Run], samples: Path, name: str, damage: str
) -> None:
    package, run = own
    path = package / name
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-2000])
    result = run("replay", samples / "dev-001.flac", "--json")
    assert result.returncode == errors.MODEL, result.stderr
    assert name in result.stderr
    assert models.REMEDY in result.stderr
    assert "Traceback" not in result.stderr


def test_a_damaged_file_keeps_the_server_from_starting_and_is_named(own: tuple[Path, Run]) -> None:
    package, run = own
    path = package / "dispatch/opinion.npz"
    path.write_bytes(path.read_bytes()[:-2000])
    result = run("serve", "--port", "0")
    assert result.returncode == errors.MODEL, result.stderr
    assert "dispatch/opinion.npz" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_hotlines_own_sentences_make_a_language_model_that_the_recogniser_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts, out = tmp_path / "own.txt", tmp_path / "own.npz"
    calls = read_calls(ROOT / "samples" / "calls" / "plain")[:20]
    texts.write_text("\n".join(turn.text for call in calls for turn in call.turns), encoding="utf-8")
    done = CliRunner().invoke(app, ["models", "adapt-language", str(texts), str(out)])
    assert done.exit_code == 0, done.output
    assert f"asr.language_model: {out}" in done.output
    assert {path.name for path in tmp_path.iterdir()} == {"own.npz", "own.txt"}
    monkeypatch.setenv("ASSIST_ASR__LANGUAGE_MODEL", str(out))
    model = language_model(load().asr)
    assert model is not None
    assert model.score("请问有什么可以帮您") > model.score("请问有神么可以帮您")


@pytest.mark.parametrize("written", [b"", "一句\n两句\n".encode(), b"\xff\xfe\x00"], ids=["none", "two", "no text"])
def test_sentences_that_are_none_or_too_few_end_with_what_is_wrong(tmp_path: Path, written: bytes) -> None:
    texts, out = tmp_path / "own.txt", tmp_path / "own.npz"
    texts.write_bytes(written)
    done = CliRunner().invoke(app, ["models", "adapt-language", str(texts), str(out)])
    assert done.exit_code == errors.INPUT
    assert str(texts) in done.output
    assert not out.exists()


def test_sentences_cannot_be_learned_onto_what_is_no_language_model(tmp_path: Path) -> None:
    texts = tmp_path / "own.txt"
    texts.write_text("您好\n" * 200, encoding="utf-8")
    done = CliRunner().invoke(app, ["models", "adapt-language", str(texts), str(tmp_path / "o"), "--onto", str(texts)])
    assert done.exit_code == errors.MODEL
    assert f"{texts} cannot be read" in done.output
