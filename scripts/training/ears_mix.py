"""Add shares of several adapters for the ears up to one.

usage: scripts/train ears_mix OUT ADAPTER=SHARE[/SHARE] [ADAPTER=SHARE[/SHARE] …] [--rank N] [--model FOLDER]

Adapters that were trained from the same base on other voices agree in what they learned of the task and differ in what
they learned of their voices; a sum of shares keeps the former (Ilharco et al. 2023, task arithmetic). Two shares are
those of the encoder, which hears, and of the decoder, which writes. The matrices are put side by side, so the rank of
OUT is the sum of theirs, or N: of the directions that change most. OUT gets a JSON file beside it, with those of its
parts. FOLDER gets the model with OUT added, to be measured (``ASSIST_ASR__MODEL=FOLDER assist bench sweep …``); what is
printed of it belongs in ``models/artefacts.yaml`` if OUT is to be used.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np

import models
from models.whisper_adapter import Floats, adapted, read_adapter

Adapter = dict[str, tuple[Floats, Floats]]


@dataclass(frozen=True, slots=True)
class Shares:
    """What of an adapter is taken: of its change to the encoder and of that to the decoder."""

    encoder: float
    decoder: float

    @classmethod
    def of(cls, written: str) -> Shares:
        """``0.3`` for both, or ``0.5/0.2``. Raises ValueError for anything else."""
        encoder, _, decoder = written.partition("/")
        return cls(float(encoder), float(decoder or encoder))

    def taken(self, layer: str) -> float:
        """The share of the change to ``layer``."""
        return self.encoder if layer.startswith("encoder.") else self.decoder


def mixed(parts: Sequence[tuple[Adapter, Shares]]) -> Adapter:
    """The adapter whose change is the sum of the parts', by their shares. KeyError for a layer that a part lacks."""
    layers = parts[0][0]
    return {
        layer: (
            np.concatenate([part[layer][0] for part, _ in parts], axis=0),
            np.concatenate([part[layer][1] * shares.taken(layer) for part, shares in parts], axis=1),
        )
        for layer in layers
    }


def of_rank(adapter: Adapter, rank: int) -> Adapter:
    """The adapter of at most ``rank`` that is nearest to ``adapter`` (truncated singular value decomposition)."""
    nearest = {}
    for layer, (down, up) in adapter.items():
        left, upper = np.linalg.qr(up.astype(np.float64))
        right, lower = np.linalg.qr(down.T.astype(np.float64))
        turned, sizes, back = np.linalg.svd(upper @ lower.T)
        root = np.sqrt(sizes[:rank])
        nearest[layer] = (
            ((right @ back.T[:, :rank]) * root).T.astype(np.float32),
            ((left @ turned[:, :rank]) * root).astype(np.float32),
        )
    return nearest


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="scripts/train ears_mix", description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("parts", nargs="+", metavar="ADAPTER=SHARE[/SHARE]")
    parser.add_argument("--rank", type=int, help="of OUT")
    parser.add_argument("--model", type=Path, metavar="FOLDER", help="put the model with OUT together here")
    options = parser.parse_args()
    named = [(Path(path), Shares.of(share)) for path, _, share in (part.rpartition("=") for part in options.parts)]
    mixture = mixed([(read_adapter(path), shares) for path, shares in named])
    if options.rank is not None:
        mixture = of_rank(mixture, options.rank)
    arrays = {}
    for layer, (down, up) in mixture.items():
        arrays[f"{layer}.down"], arrays[f"{layer}.up"] = down.astype(np.float16), up.astype(np.float16)
    np.savez(options.out, **arrays)
    about = [
        {"shares": asdict(shares), **json.loads(path.with_suffix(".json").read_text("utf-8"))} for path, shares in named
    ]
    options.out.with_suffix(".json").write_text(
        json.dumps({"parts": about}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    if options.model is not None:
        model = put_together(options.out, options.model)
        print(f"{options.model}: model.bin of {len(model)} bytes, SHA-256 {sha256(model).hexdigest()}")


def put_together(adapter: Path, folder: Path) -> bytes:
    """Whisper base with ``adapter``, ready for recognition in ``folder``; its ``model.bin``."""
    try:
        base = models.find("whisper-base")
    except models.ModelError as error:
        raise SystemExit(str(error)) from None
    model = adapted((base / "model.bin").read_bytes(), read_adapter(adapter))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.bin").write_bytes(model)
    for other in base.iterdir():
        if other.name != "model.bin":
            shutil.copy(other, folder / other.name)
    return model


if __name__ == "__main__":
    main()
