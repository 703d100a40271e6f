"""Every learned artefact: where it comes from, its hash and licence, how it is put together."""

from pathlib import Path

from models.assemble import fetch
from models.registry import (
    REMEDY,
    Artefact,
    ModelError,
    artefact,
    artefacts,
    directory,
    explained,
    find,
    home,
    problems,
    shipped,
    shipped_problems,
)

RANKER = Path(__file__).parent / "ranker"
"""What `scripts/train ranker` learned; see its card."""

CHOOSER = Path(__file__).parent / "chooser"
"""What `scripts/train chooser` learned; see its card."""

CLASSIFIER = Path(__file__).parent / "classifier"
"""What `scripts/train classifier` learned; see its card."""

DISPATCH = Path(__file__).parent / "dispatch"
"""What `scripts/train dispatch` learned; see its card."""

LANGUAGE_MODEL = Path(__file__).parent / "language_model"
"""What `scripts/train language_model` learned; see its card."""

SCRIBE = Path(__file__).parent / "scribe"
"""What `scripts/train scribe` and `scripts/train scribe_trust` learned; see its card."""

TAGGER = Path(__file__).parent / "tagger"
"""What `scripts/train tagger` learned; see its card."""

__all__ = [
    "CHOOSER",
    "CLASSIFIER",
    "DISPATCH",
    "LANGUAGE_MODEL",
    "RANKER",
    "REMEDY",
    "SCRIBE",
    "TAGGER",
    "Artefact",
    "ModelError",
    "artefact",
    "artefacts",
    "directory",
    "explained",
    "fetch",
    "find",
    "home",
    "problems",
    "shipped",
    "shipped_problems",
]
