"""The catalogue that the configuration names: the reference one or the hotline's own, with changes put over it.

What is compiled from a catalogue is kept in a cache folder, so that a start takes little time
(`extractors.catalogue.cache`).
"""

from __future__ import annotations

import os
from pathlib import Path

from assist.config import CatalogueSource, ConfigError
from extractors.catalogue.cache import fingerprint, opened
from extractors.catalogue.knowledge import Catalogue
from extractors.upkeep.overlay import replace_with


def open_catalogue(source: CatalogueSource) -> Catalogue:
    """The catalogue of the configuration. Raises `ConfigError` for a folder that is absent, else `CatalogueError`."""
    for key, folder in (("directory", source.path), ("overlay", Path(source.overlay) if source.overlay else None)):
        if folder is not None and not folder.is_dir():
            raise ConfigError(f"catalogue.{key}: {folder} is no folder")
    caches = Path(source.cache) if source.cache else _user_cache()
    if not source.overlay:
        return opened(source.path, caches)
    overlay = Path(source.overlay)
    try:
        composed = caches / "composed" / f"{fingerprint(source.path)}-{fingerprint(overlay)}"
    except OSError as error:
        raise ConfigError(f"catalogue.overlay: {error.filename} cannot be read: {error.strerror}") from None
    if not composed.is_dir():
        try:
            composed.parent.mkdir(parents=True, exist_ok=True)
            replace_with(source.path, overlay, composed)
        except OSError as error:
            raise ConfigError(
                f"catalogue.overlay: the outcome cannot be written to {composed}: {error.strerror or error}. "
                "Name another folder with catalogue.cache."
            ) from None
    return opened(composed, caches)


def _user_cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "assist" / "catalogues"
