"""Add shares of several adapters for the ears up to one.

usage: scripts/train ears_mix OUT ADAPTER=SHARE [ADAPTER=SHARE …]

Adapters that were trained from the same base on other voices agree in what they learned of the task and differ in what
they learned of their voices; a sum of shares keeps the former (Ilharco et al. 2023, task arithmetic). The matrices
are put side by side, so the rank of OUT is the sum of theirs. OUT gets a JSON file beside it, with those of its parts.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from models.whisper_adapter import Floats, read_adapter

Adapter = dict[str, tuple[Floats, Floats]]


def mixed(parts: list[tuple[Adapter, float]]) -> Adapter:
    """The adapter whose change is the sum of the parts', by their shares. KeyError for a layer that a part lacks."""
    layers = parts[0][0]
    return {
        layer: (
            np.concatenate([part[layer][0] for part, _ in parts], axis=0),
            np.concatenate([part[layer][1] * share for part, share in parts], axis=1),
        )
        for layer in layers
    }


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="scripts/train ears_mix", description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("parts", nargs="+", metavar="ADAPTER=SHARE")
    options = parser.parse_args()
    named = [(Path(path), float(share)) for path, _, share in (part.rpartition("=") for part in options.parts)]
    mixture = mixed([(read_adapter(path), share) for path, share in named])
    arrays = {}
    for layer, (down, up) in mixture.items():
        arrays[f"{layer}.down"], arrays[f"{layer}.up"] = down.astype(np.float16), up.astype(np.float16)
    np.savez(options.out, **arrays)
    about = [{"share": share, **json.loads(path.with_suffix(".json").read_text("utf-8"))} for path, share in named]
    options.out.with_suffix(".json").write_text(
        json.dumps({"parts": about}, indent=2, ensure_ascii=False), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
