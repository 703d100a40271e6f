"""What is installed: which version, and where the data that ships with it lies (beside the packages in a checkout,
inside `assist` in a wheel)."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_CHECKOUT = _PACKAGE.parent


def installed_version() -> str:
    """The version of the package, `uninstalled` where the modules are run from a folder that pip knows nothing of."""
    try:
        return metadata.version("hotline-assist")
    except metadata.PackageNotFoundError:
        return "uninstalled"


def catalog_dir() -> Path:
    """The reference catalogue."""
    return _first(_PACKAGE / "_catalog", _CHECKOUT / "catalog")


def default_config() -> Path:
    """The configuration file with every key and its default."""
    return _first(_PACKAGE / "_config.yaml", _CHECKOUT / "config.yaml")


def page_dir() -> Path:
    """The built page (may be absent in a checkout that never built it)."""
    return _first(_PACKAGE / "_page", _CHECKOUT / "desktop" / "dist")


def samples_dir() -> Path:
    """The sample calls."""
    return _first(_PACKAGE / "_samples", _CHECKOUT / "samples")


def _first(packaged: Path, checkout: Path) -> Path:
    return packaged if packaged.exists() else checkout
