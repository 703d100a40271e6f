"""Voices that measure are never trained on, and real speech of one source alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scripts.training import ears_crowd, ears_timbres
from scripts.training.ears_real import TRAINABLE, divided
from scripts.training.ears_speak import (
    FROM_THE_END,
    HELD_OUT,
    PRONOUNCED,
    VOICES,
    drawing,
    mixture,
    pronounced,
    seeded,
    texts_of,
)
from scripts.training.ears_text import CATALOG


def test_mixtures_never_hold_a_measuring_voice() -> None:
    drawn = [mixture(np.random.default_rng(seed)) for seed in range(300)]
    assert not {name for shares in drawn for name in shares} & set(HELD_OUT)
    assert all(abs(sum(shares.values()) - 1) < 1e-6 for shares in drawn)
    assert {len(shares) for shares in drawn} == {1, 2, 3}


def test_the_crowd_is_joined_by_many_and_never_by_those_who_measure() -> None:
    drawn = [ears_crowd.somebody(np.random.default_rng(seed)) for seed in range(400)]
    names = [name for _, name in drawn]
    assert not any(measuring in name for name in names for measuring in ears_crowd.HELD_OUT)
    assert all(any(name.startswith(speaker) for name in names) for speaker in ears_crowd.TRAINED)
    assert 120 < sum("+" in name for name in names) < 280
    for code, name in drawn:
        if "+" not in name:
            assert np.array_equal(code, ears_crowd.code(name))


def test_timbres_are_many_and_never_those_that_measure() -> None:
    drawn = [ears_timbres.somebody(np.random.default_rng(seed)) for seed in range(600)]
    measuring = {name for speaker in ears_timbres.HELD_OUT for name in speaker.split("/")}
    assert not any(name in speaker for speaker in drawn for name in measuring)
    assert all(any(name in speaker for speaker in drawn) for name in (*ears_timbres.MANDARIN, *ears_timbres.OTHERS))
    assert 180 < sum("/" in speaker for speaker in drawn) < 300  # two of five


def test_a_style_has_the_timbre_of_one_voice_and_the_manner_of_another(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    packs = {name: rng.normal(size=(510, 1, 256)).astype(np.float32) for name in ("am_puck", "zm_yunxi", "zf_xiaobei")}
    for name, pack in packs.items():
        (tmp_path / f"{name}.bin").write_bytes(pack.tobytes())
    timbres = ears_timbres.Timbres(tmp_path)
    style = timbres.style("am_puck/zm_yunxi*0.25+zf_xiaobei*0.75")
    assert np.allclose(style[..., :128], packs["am_puck"][..., :128])
    manner = 0.25 * packs["zm_yunxi"] + 0.75 * packs["zf_xiaobei"]
    assert np.allclose(style[..., 128:], manner[..., 128:])
    assert np.allclose(timbres.style("zm_yunxi"), packs["zm_yunxi"])


def test_texts_of_the_crowd_are_cut_at_their_punctuation_and_nothing_is_lost() -> None:
    text = "您好，我家住在棠下街道，楼下烧烤店每天晚上油烟很大，白天也吵，谁来管？电话是一三八，零零一三，八零零零！"
    cut = ears_crowd.pieces(text)
    assert "".join(cut) == text
    assert all(len(piece) <= ears_crowd.LONGEST for piece in cut)
    assert [piece[-1] for piece in cut] == ["，", "？", "！"]


def test_each_voice_speaks_texts_of_its_side_that_no_other_speaks() -> None:
    lines: list[dict[str, Any]] = [{"id": n, "split": "heldout" if n % 5 == 0 else "train"} for n in range(100)]
    spoken = {voice: texts_of(voice, lines) for voice in VOICES}
    for voice, texts in spoken.items():
        assert {line["split"] for line in texts} == {"heldout" if voice in HELD_OUT else "train"}
    ids = [line["id"] for voice, texts in spoken.items() for line in texts if voice not in FROM_THE_END]
    assert sorted(ids) == list(range(100))
    for voice, other in FROM_THE_END.items():
        assert spoken[voice] == spoken[other][::-1]  # each begins at another end


def test_rare_characters_of_places_are_read_by_common_ones_of_the_same_sound() -> None:
    from extractors.text.sound import load_sounds

    sounds = load_sounds(CATALOG)
    for rare, common in PRONOUNCED.items():
        if len(rare) == 1 and rare not in "濂诜覃㘵":  # told by their own dictionaries: 濂 lián, 诜 shēn, 覃 qín, 㘵 bù
            readings = [one for one, _ in sounds.readings(rare)]
            assert any(sounds.distance(one, heard) < 0.15 for one in readings for heard, _ in sounds.readings(common))
    assert pronounced("番禺区东涌镇官涌村") == "潘鱼区东冲镇官冲村"


def clip(number: int, speaker: str, source: str = TRAINABLE) -> dict[str, Any]:
    return {"audio": f"{number}.flac", "text": "三百块", "speaker": speaker, "source": source, "seconds": 2.0}


def test_real_speakers_are_either_trained_on_or_held_out() -> None:
    clips = [clip(n, f"S{n % 10}") for n in range(100)]
    trained, measured = divided(clips)
    assert len(trained) == 70
    assert not {one["speaker"] for one in trained} & {one["speaker"] for one in measured}
    assert not any(one["known_speaker"] for one in measured)


def test_clips_of_one_speaker_are_split_and_say_so_and_other_sources_only_measure() -> None:
    trained, measured = divided(
        [clip(n, "S1") for n in range(10)] + [clip(n, "S2", "else/where") for n in range(10, 20)]
    )
    assert (len(trained), len(measured)) == (7, 3)
    assert all(one["known_speaker"] for one in measured)
    assert trained[0]["text"] == "300块"


def test_what_draws_at_random_in_a_graph_is_seeded_and_nothing_else_changes() -> None:
    graph = b"\x0cRandomUniform*\n\n\x04seed\x12\x02\x18\x00 weights \x00 *\x0b\n\x05seed2\x12\x02\x18\x00 seed \x00"
    made = seeded(graph, np.random.default_rng(3))
    changed = [at for at, (one, other) in enumerate(zip(graph, made, strict=True)) if one != other]
    assert [graph[: at + 1].endswith(b"\x12\x02\x18\x00") for at in changed] == [True, True]
    assert made == seeded(graph, np.random.default_rng(3))
    assert made != seeded(graph, np.random.default_rng(4))
    with pytest.raises(ValueError, match="draws at random"):
        seeded(b"no such operation", np.random.default_rng(3))


def test_another_attempt_is_of_the_same_person_with_other_noise() -> None:
    people, noises = zip(*(drawing(5, attempt) for attempt in (0, 1, 0)), strict=True)
    first, second, first_again = (float(noise.random()) for noise in noises)
    assert len({float(person.random()) for person in people}) == 1
    assert first == first_again != second
