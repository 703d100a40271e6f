"""Several networks that choose are kept as one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import models
from extractors.choosing.chooser import FILE
from extractors.choosing.traits import NAMES
from extractors.slots.marked import SLOTS

torch = pytest.importorskip("torch", reason="only training needs it")

from scripts.training.chooser import Network, joined, shipped  # noqa: E402


def test_networks_joined_to_one_give_the_mean_of_their_log_odds() -> None:
    chance = np.random.default_rng(1)
    torch.manual_seed(1)
    networks = [Network(chance.normal(n, 2, (50, 6)).astype(np.float32), n + 2, 0.4).eval() for n in range(3)]
    rows = torch.from_numpy(chance.normal(1, 2, (20, 6)).astype(np.float32))
    with torch.inference_mode():
        told = [network(rows) for network in networks]
        together = joined(networks, [1.0, 1.0, 2.0])(rows)
    assert torch.allclose(together, (told[0] + told[1] + 2 * told[2]) / 4, atol=1e-4)


def test_a_chooser_that_knew_fewer_traits_says_of_them_what_it_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = [*(name for name in NAMES if name not in ("clauses", "condensed")), *SLOTS]
    assert known.count("amount") == 2  # how large a value is, and how likely its words give a sum
    chance = np.random.default_rng(2)
    rows = chance.normal(1, 2, (20, len(NAMES) + len(SLOTS))).astype(np.float32)
    then = rows[:, [place for place, name in enumerate((*NAMES, *SLOTS)) if name not in ("clauses", "condensed")]]
    torch.manual_seed(2)
    network = Network(then, 3, 0.4).eval()
    parts = {f"demand.{name}": part for name, part in network.parts().items()}
    np.savez(tmp_path / FILE, traits=np.array(known), slots=np.array(["demand"]), **parts)
    monkeypatch.setattr(models, "CHOOSER", tmp_path)
    with torch.inference_mode():
        said, now = network(torch.from_numpy(then)), shipped("demand")(torch.from_numpy(rows))
    assert torch.allclose(said, now, atol=1e-4)
