"""Several networks that choose are kept as one."""

from __future__ import annotations

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="only training needs it")

from scripts.training.chooser import Network, joined  # noqa: E402


def test_networks_joined_to_one_give_the_mean_of_their_log_odds() -> None:
    chance = np.random.default_rng(1)
    torch.manual_seed(1)
    networks = [Network(chance.normal(n, 2, (50, 6)).astype(np.float32), n + 2, 0.4).eval() for n in range(3)]
    rows = torch.from_numpy(chance.normal(1, 2, (20, 6)).astype(np.float32))
    with torch.inference_mode():
        told = [network(rows) for network in networks]
        together = joined(networks, [1.0, 1.0, 2.0])(rows)
    assert torch.allclose(together, (told[0] + told[1] + 2 * told[2]) / 4, atol=1e-4)
