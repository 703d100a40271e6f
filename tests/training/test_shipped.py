"""What a training changed is listed with its new size and hash."""

from __future__ import annotations

from pathlib import Path

import yaml

from models.registry import sha256
from scripts.training.shipped import proved


def test_sizes_and_hashes_are_written_of_the_files_that_are_there(tmp_path: Path) -> None:
    entry = "    - name: {}\n      bytes: 0\n      sha256: 0\n"
    (tmp_path / "a.npz").write_bytes(b"abc")
    told = yaml.safe_load(proved("files:\n" + entry.format("a.npz") + entry.format("b.npz"), tmp_path))["files"]
    assert told[0] == {"name": "a.npz", "bytes": 3, "sha256": sha256(tmp_path / "a.npz")}
    assert told[1] == {"name": "b.npz", "bytes": 0, "sha256": 0}
