"""Clones of public repositories, as small as a test wants them."""

import subprocess
from collections.abc import Mapping
from pathlib import Path


def clone(clones: Path, source: str, files: Mapping[str, bytes]) -> Path:
    """A repository ``source`` (owner/name) in ``clones`` whose only commit has ``files``, by their paths."""
    folder = clones / source.replace("/", "+")
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    for words in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "all"]):
        subprocess.run(["git", "-C", str(folder), *words], check=True)
    return folder
