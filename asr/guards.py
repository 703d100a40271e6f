"""What was heard that nobody said: decides from the text, the engine's own doubts and the length of the window.

Over noise, tones and music Whisper writes a word or two and doubts them (low log-probability, high probability of no
speech), credits of subtitles (`asr.text.Phantoms`), or one syllable again and again. Over far more speech than its text
could fill, as in a room full of people, it writes a single word. Real short answers are doubted too: a single syllable
alone has to be doubted twice before it is dropped. The numbers were chosen on telephone sounds, human speech and
hotline calls (docs/trials.md); they are those of the base model and hold for larger ones, which doubt speech less.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

from asr.engine import Hypothesis
from asr.text import Phantoms


@dataclass(frozen=True, slots=True)
class Guards:
    """Text is not believed when any of these holds.

    * it is one of ``phantoms``; one that also holds other words is doubted where no speech is likelier than
      ``no_speech`` or the log-probability is under ``unlikely``;
    * its mean log-probability is under ``never``;
    * no speech is likelier than ``no_speech`` and the log-probability is under ``unlikely``;
    * it is one syllable, once or again and again, no speech is likelier than ``syllable_no_speech`` and the
      log-probability is under ``syllable_unlikely``; or it is said ``repeats`` times where no speech is likelier than
      ``no_speech``;
    * a window of ``sparse_from`` seconds or more holds fewer than ``sparse`` letters a second and the log-probability
      is under ``unlikely``;
    * more than half of its letters belong to neither Chinese nor the Latin alphabet.
    """

    phantoms: Phantoms = field(default_factory=Phantoms)
    never: float = -2.4
    no_speech: float = 0.6
    unlikely: float = -1.0
    syllable_no_speech: float = 0.4
    syllable_unlikely: float = -1.2
    repeats: int = 3
    sparse_from: float = 4.0
    sparse: float = 0.6

    def hide(self, text: str, hypothesis: Hypothesis, seconds: float) -> bool:
        """Whether ``text``, made of ``hypothesis`` about ``seconds`` of audio, was not said."""
        letters = [character for character in text.casefold() if character.isalnum()]
        likelihood, no_speech = hypothesis.log_probability, hypothesis.no_speech
        doubted = no_speech > self.no_speech or likelihood < self.unlikely
        if not letters or self.phantoms.hides(text, doubted=doubted):
            return True
        if likelihood < self.never or (no_speech > self.no_speech and likelihood < self.unlikely):
            return True
        if len(set(letters)) == 1 and not letters[0].isdecimal():
            twice_doubted = no_speech > self.syllable_no_speech and likelihood < self.syllable_unlikely
            if twice_doubted or (len(letters) >= self.repeats and no_speech > self.no_speech):
                return True
        if seconds >= self.sparse_from and len(letters) < self.sparse * seconds and likelihood < self.unlikely:
            return True
        return 2 * sum(map(_foreign, letters)) > len(letters)


def _foreign(letter: str) -> bool:
    return letter.isalpha() and not unicodedata.name(letter, "").startswith(("CJK", "LATIN"))
