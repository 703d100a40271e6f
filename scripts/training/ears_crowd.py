"""A crowd of Mandarin speakers: the multi-speaker synthesiser of the package ttskit, its speakers and their mixtures.

The package (MIT) brings a Mellotron with 24 speakers' names, of which it learned those below well enough to be
understood, and a MelGAN. Only its models are taken: what it imports beside them wants a web server. A speaker is a
point in the space of ``code``; a point between two speakers is a voice between theirs. Runs in ``.venv-voices``.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np

RATE = 22_050
HELD_OUT = ("Aicheng", "Siyue", "Aitong", "Aixia")  # a man, two women, a child: they only measure, unmixed
TRAINED = (
    "Aibao", "Aida", "Aijia", "Aijing", "Aimei", "Aina", "Aiqi", "Aiwei", "Aiya", "Aiyu", "Aiyue", "Xiaobei",
    "Xiaomeng", "Xiaoxue", "Xiaoyun", "biaobei",
)  # fmt: skip
LONGEST = 30  # characters spoken at once; it loses its way in longer ones
ENDED = 0.8  # of the gate that says a sentence is over
_BREAKS = re.compile(r"[^。！？，、；：,.!?;:]+[。！？，、；：,.!?;:]*")

Samples = Any  # float32 array
Code = Any  # float array [1, 32]


class LostError(ValueError):
    """The synthesiser did not come to the end of its text."""


class Crowd:
    """The synthesiser."""

    def __init__(self) -> None:
        import torch  # noqa: PLC0415  only the voices' environment has it

        torch.set_num_threads(1)
        package = importlib.util.find_spec("ttskit")
        assert package is not None
        assert package.origin is not None
        root = Path(package.origin).parent
        for name in ("mellotron", "melgan"):  # what the saved models call their modules
            module = types.ModuleType(name)
            module.__path__ = [str(root / name)]
            sys.modules[name] = module
        sys.path.append(str(root / "melgan"))
        saved = root / "resource" / "model"
        self._torch = torch
        self._speech = torch.load(saved / "mellotron.kuangdd-mspk.pt", "cpu", weights_only=False)
        self._waves = torch.load(saved / "melgan.kuangdd.pt", "cpu", weights_only=False)
        from mellotron.text import text_to_sequence  # noqa: PLC0415

        self._spelled = text_to_sequence

    def say(self, text: str, code: Code, noise: np.random.Generator) -> list[Samples]:
        """``text`` in pieces of at most `LONGEST` characters, float32 at `RATE`; ``noise`` seeds the dropout that a
        Mellotron speaks with. Raises `LostError`.
        """
        self._torch.manual_seed(int(noise.integers(2**63)))
        return [self._said(piece, code) for piece in pieces(text)]

    def _said(self, text: str, code: Code) -> Samples:
        torch = self._torch
        spelled = torch.tensor([self._spelled(text, ["hanzi"])]).long()
        with torch.no_grad():
            _, spectrum, gate, attention = self._speech.inference((spelled, 0, torch.FloatTensor(code), None))
            over = torch.sigmoid(gate).numpy().ravel() > ENDED
            heeded = attention[0].numpy().argmax(1)
            if not over.any() or heeded[-1] < spelled.shape[1] - 8 or np.diff(heeded).max() > 8:
                raise LostError(f"lost its way in a text of {len(text)} characters")
            sound: Samples = self._waves.inference(spectrum[:, :, : int(over.argmax())]).numpy() / 32768
        return sound.astype(np.float32)


def pieces(text: str) -> list[str]:
    """``text`` cut at its punctuation into pieces of at most `LONGEST` characters, where it has so much of it."""
    found: list[str] = []
    for part in _BREAKS.findall(text):
        sentence_over = bool(found) and found[-1][-1] in "。！？!?"
        if found and not sentence_over and len(found[-1]) + len(part) <= LONGEST:
            found[-1] += part
        else:
            found.append(part)
    return found


def code(speaker: str) -> Code:
    """The point of a speaker: the digits of the MD5 of the name, as the synthesiser was taught."""
    digits = hashlib.md5(speaker.encode(), usedforsecurity=False).hexdigest()
    return (np.array([[int(digit, 16) for digit in digits]]) - 7) / 10


def somebody(rng: np.random.Generator) -> tuple[Code, str]:
    """One of the trained speakers, or every other time somebody between two of them, and a name for the voice."""
    first, second = (str(name) for name in rng.permutation(TRAINED)[:2])
    share = float(rng.uniform(0.1, 0.5)) if rng.random() < 0.5 else 0.0
    name = f"{first}*{1 - share:.2f}+{second}*{share:.2f}" if share else first
    return (1 - share) * code(first) + share * code(second), name
