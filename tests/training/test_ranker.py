"""What the ranker's encoder is trained on: never what it is measured with, and noise as calls have it."""

from __future__ import annotations

import random
from collections.abc import Sequence

from assist.bench.catalogue import held_out, without_held_out
from assist.bench.mishearing import homophones, mishear
from extractors.catalogue.knowledge import Catalogue
from extractors.text.cues import by_sound
from scripts.training.ranker import Texts


def test_held_out_phrasings_are_no_texts_of_training(catalogue: Catalogue) -> None:
    seen = set(Texts.read(without_held_out(catalogue)).texts)
    held = [template.phrasings[held_out(template)] for template in catalogue.templates]
    assert not seen.intersection(held)
    assert len(seen) > 9 * len(held)


def test_every_text_belongs_to_the_template_it_came_from(catalogue: Catalogue) -> None:
    texts = Texts.read(catalogue)
    for place in (0, 2500, len(catalogue.templates) - 1):
        own: Sequence[str] = [texts.texts[number] for number in texts.of[place]]
        assert own == [(t := catalogue.templates[place]).title, t.when, *t.phrasings]
        assert {texts.owner[number] for number in texts.of[place]} == {place}


def test_misheard_text_sounds_as_it_did_where_it_is_not_lost() -> None:
    text = "楼下大排档油烟熏得人受不了"
    sounds = homophones(["楼漏下吓大打排拍档党油由烟盐熏人仁受瘦不布了", text])
    heard = mishear(text, 0.5, sounds, random.Random(3))
    assert heard != text
    position = 0
    for sound in by_sound(heard):  # what is left stands in the order it had
        position = by_sound(text).index(sound, position) + 1
