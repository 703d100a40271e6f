"""Where a training of the ears stands, so that it goes on as if it had not been broken off: what is trained, the
optimiser, the randomness, and what it is a training of, so that no other one goes on from it.
"""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import nn

_LAYOUT = 2
_FREE = ("steps", "share")  # settings that may change: where it ends, what of it is written


@dataclass(frozen=True, slots=True)
class Identity:
    """What a training is one of: its settings, the SHA-256 of the base model, and a hash of each batch of its plan."""

    settings: Mapping[str, Any]
    model: str
    batches: Sequence[str]

    def differences(self, other: Identity) -> list[str]:
        """What of ``other`` is not as here, for a person; batches that only one of them has do not count."""
        found = [
            f"{name} is {self.settings.get(name)}, there {other.settings.get(name)}"
            for name in sorted({*self.settings, *other.settings} - {*_FREE})
            if self.settings.get(name) != other.settings.get(name)
        ]
        if self.model != other.model:
            found.append("the base model is another")
        if any(mine != theirs for mine, theirs in zip(self.batches, other.batches, strict=False)):
            found.append("the clips are others")
        return found


@dataclass(slots=True)
class Progress:
    """Batches done and seconds of audio heard in them."""

    step: int = 0
    seen: float = 0.0


def save(path: Path, identity: Identity, progress: Progress, model: nn.Module, optimizer: Any, scheduler: Any) -> None:
    """Write the checkpoint, whole or not at all."""
    state = {
        "layout": _LAYOUT,
        "settings": dict(identity.settings),
        "model": identity.model,
        "batches": list(identity.batches[: progress.step]),
        "step": progress.step,
        "seen": progress.seen,
        "adapter": {name: value for name, value in model.state_dict().items() if "lora_" in name},
        "optimizer": optimizer.state_dict(),
        "scheduler": scheduler.state_dict(),
        "random": torch.get_rng_state(),
        "random_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
    }
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def resume(path: Path, identity: Identity, model: nn.Module, optimizer: Any, scheduler: Any) -> Progress:
    """Take up what was saved; from the beginning where there is no checkpoint.

    Raises ``SystemExit`` where it cannot be read or is of another training than ``identity``.
    """
    if not path.is_file():
        return Progress()
    anew = "Leave out --resume to begin anew, or name another --data or --seed."
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except (RuntimeError, EOFError, pickle.UnpicklingError) as error:
        raise SystemExit(f"{path} cannot be read ({type(error).__name__}). {anew}") from None
    if state.get("layout") != _LAYOUT:
        raise SystemExit(f"{path} was written by another version of this program. {anew}")
    other = Identity(state["settings"], state["model"], state["batches"])
    if differences := identity.differences(other):
        raise SystemExit(f"{path} is of another training: {'; '.join(differences)}. {anew}")
    _load(path, model, state["adapter"])
    optimizer.load_state_dict(state["optimizer"])
    scheduler.load_state_dict(state["scheduler"])
    torch.set_rng_state(state["random"])
    if len(state["random_cuda"]) == torch.cuda.device_count():
        torch.cuda.set_rng_state_all(state["random_cuda"])
    return Progress(int(state["step"]), float(state["seen"]))


def _load(path: Path, model: nn.Module, adapter: Mapping[str, torch.Tensor]) -> None:
    wanted = {name for name in model.state_dict() if "lora_" in name}
    if wanted != adapter.keys():
        raise SystemExit(
            f"{path} does not hold the adapter of this model: {min(wanted ^ adapter.keys())} is in one only"
        )
    model.load_state_dict(dict(adapter), strict=False)  # the rest is the base, which is as it was
