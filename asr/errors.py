"""What can go wrong with audio and models, in words for the person who has to put it right."""

from __future__ import annotations

import models


class AsrError(Exception):
    """Base of every error this room raises on purpose. ``code`` is stable and short, for programs."""

    def __init__(self, code: str, message: str, remedy: str = "") -> None:
        super().__init__(f"{message} {remedy}".strip())
        self.code = code
        self.message = message
        self.remedy = remedy


class AudioError(AsrError):
    """Audio that cannot be used: what was wrong with it, and what to do."""


class ModelError(AsrError, models.ModelError):
    """A speech model that is missing or damaged."""


class EngineError(AsrError):
    """An answer of a speech engine that cannot be used."""
