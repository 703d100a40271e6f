"""A piece of a call and the phantom sentences of the catalogue. Property tests are the same in every run and never
judged by the clock.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import settings

from asr import Phantoms, Recording, load

settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")


@pytest.fixture(scope="module")
def call(samples: Path) -> Recording:
    """The first 20 seconds of a call, both channels."""
    recording = load(samples / "dev-001.flac")
    return Recording(recording.samples[: 20 * recording.sample_rate], recording.sample_rate)


@pytest.fixture(scope="module")
def phantoms() -> Phantoms:
    path = Path(__file__).parents[2] / "catalog" / "rules" / "phantoms.yaml"
    return Phantoms.of(yaml.safe_load(path.read_text(encoding="utf-8")))
