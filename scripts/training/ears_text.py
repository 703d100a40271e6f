"""Sentences to speak for training: what callers and agents of the hotline say, written and as read aloud.

usage: scripts/train ears_text OUT [--train 9000] [--heldout 700]

OUT gets one JSON object a line: ``id``, ``split`` (train, heldout), ``kind``, ``party`` (agent, citizen), ``text`` as
the ticket wants it and ``spoken`` as it is read aloud. Catalogue phrasings and questions, hand-written frames filled
with places, names and numbers, turns made of two of them, and what is said in written calls (`ears_calls`). Any prefix
of the list is a balanced sample of kinds; no text stands twice. What is held out shares neither a template, a question,
a frame nor a call with what is trained on.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import yaml

from asr.numbers import written_numbers
from asr.text import SpanText
from scripts.training import ears_calls
from scripts.training.ears_numbers import LETTERS, WORDS, Pair, cardinal, digits
from scripts.training.ears_slots import Slots

HERE = Path(__file__).resolve().parent
CATALOG = HERE.parent.parent / "catalog"
SEED = 12345
MAX_SPOKEN = 52  # characters read aloud: about 14 s
HELD_OUT = 0.12  # of templates, questions and frames

SHARES = {
    "phrasing": 30, "ask": 6, "address": 15, "phone": 10, "name": 9, "agent": 8, "number": 7, "quantity": 7,
    "latin": 2, "short": 2, "turn": 14, "call": 80,
}  # fmt: skip
# what is said in one breath, by whom
_TURNS = (
    ("citizen", "phrasing", "address"), ("citizen", "phrasing", "quantity"), ("citizen", "short", "phrasing"),
    ("citizen", "name", "phone"), ("citizen", "short", "address"), ("citizen", "address", "phrasing"),
    ("citizen", "short", "phone"), ("citizen", "quantity", "phrasing"), ("citizen", "short", "number"),
    ("agent", "short", "ask"), ("agent", "phone", "agent"), ("agent", "address", "ask"), ("agent", "short", "agent"),
    ("agent", "name", "ask"), ("agent", "number", "agent"), ("agent", "quantity", "ask"),
)  # fmt: skip
_SPELL = {"wifi": "WiFi", "wiFi": "WiFi", "Wifi": "WiFi", "App": "APP", "app": "APP", "hr": "HR"}
_LATIN = re.compile(r"[A-Za-z]+|\d+(?:\.\d+)?")
_HOTLINES = {"110", "119", "120", "122", "12345", "12315", "12348", "12309", "12333", "12366", "12329", "10086"}
_PUNCTUATION = re.compile(r"[，。？！、；：\s]")


@dataclass(frozen=True, slots=True)
class Line:
    """One utterance to speak."""

    id: str
    split: str
    kind: str
    party: str
    text: str
    spoken: str


def read_aloud(text: str) -> Pair | None:
    """Words of a sentence with Latin letters and few digits, as written and as read; None where the reading is open."""
    text = re.sub(r"[A-Za-z]+", lambda found: _SPELL.get(found[0], found[0]), text)
    said, end = "", 0
    for found in _LATIN.finditer(text):
        word = found[0]
        if word[0].isdigit():
            reading = _number(word) if text[found.end() : found.end() + 1] != "+" else None
        elif word in WORDS:
            reading = WORDS[word]
        elif word.isupper() and len(word) <= 4:
            reading = "".join(LETTERS[char] for char in word)
        else:
            return None
        if reading is None:
            return None
        said += text[end : found.start()] + reading
        end = found.end()
    return text, said + text[end:]


def _number(word: str) -> str | None:
    if word in _HOTLINES:
        return digits(word)
    if "." in word:
        whole, rest = word.split(".")
        return f"{cardinal(int(whole))}点{digits(rest, '一')}"
    return cardinal(int(word)) if len(word) == 1 else None


def written(text: str) -> str:
    """``text`` with the numerals as the recogniser's own rules write them (三千块 → 3000块)."""
    return written_numbers(SpanText(text, ((0.0, 0.0),) * len(text))).text


def held_out(source: str, among: Sequence[str] = ()) -> bool:
    """Whether what comes from ``source`` (a template, question or frame) only measures. The first of ``among`` by hash
    is held out in any case, so that every kind is measured."""
    return _hash(source) < HELD_OUT or (bool(among) and source == min(among, key=_hash))


def _hash(source: str) -> float:
    return int.from_bytes(hashlib.sha256(source.encode()).digest()[:6]) / 2**48


@cache
def _templates(catalog: Path) -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Every template's code and phrasings, and the questions of all."""
    templates, asks = [], set()
    for path in sorted(catalog.glob("templates/*/*.yaml")):
        for matter in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["matters"]:
            asks.update(matter.get("defaults", {}).get("asks", {}).values())
            for template in matter["templates"]:
                asks.update(template.get("asks", {}).values())
                templates.append((template["code"], template["phrasings"]))
    return templates, sorted(asks)


def _has_slots(frame: str) -> bool:
    return "{" in frame


class Script:
    """All that can be said, by kind; ``heldout`` chooses the side."""

    def __init__(self, catalog: Path, phrases: Path, heldout: bool) -> None:
        self._rng = Random(f"{SEED}-{heldout}")
        self._words: dict[str, Any] = yaml.load(phrases.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        self._slots = Slots(catalog, self._words)
        self._heldout = heldout
        self._said: set[str] = set()
        self._phrasings, self._asks = self._catalogue(catalog)
        self._frames = {
            (kind, party): [one for one in frames if held_out(one, frames) == heldout]
            for kind in ("address", "name", "phone", "number", "quantity", "latin", "short")
            for party, frames in self._words[kind].items()
        }
        agent = self._words["agent"]
        self._frames["agent", "agent"] = [one for one in agent if held_out(one, agent) == heldout]
        self._sources = {key: self._endless(frames) for key, frames in self._frames.items()}
        for party in ("agent", "citizen"):
            self._sources["short", party] = self._endless(self._frames["short", party], again=bool)
        self._sources["phrasing", "citizen"] = self._endless(self._phrasings)
        self._called = self._calls(ears_calls.CALLS)
        self._sources["ask", "agent"] = self._endless(self._asks)

    def _catalogue(self, catalog: Path) -> tuple[list[str], list[str]]:
        templates, asks = _templates(catalog)
        phrasings = [one for code, said in templates if held_out(code) == self._heldout for one in said]
        return phrasings, [ask for ask in asks if held_out(ask) == self._heldout]

    def _calls(self, folder: Path) -> Iterator[tuple[str, Pair]]:
        """What is said in the calls, by whom, in random order."""
        said = ears_calls.said(folder, written, MAX_SPOKEN)
        turns = [(party, pair) for call, party, pair in said if held_out(call) == self._heldout]
        self._rng.shuffle(turns)
        yield from turns

    def _endless(self, frames: Sequence[str], again: Callable[[str], bool] = _has_slots) -> Iterator[str]:
        """The frames in random order; then those said ``again``, and so on."""
        left = list(frames)
        while left:
            self._rng.shuffle(left)
            yield from left
            left = [frame for frame in left if again(frame)]

    def lines(self, count: int) -> Iterator[Line]:
        """``count`` utterances, or fewer when nothing new is left; every prefix has kinds by ``SHARES``."""
        split = "heldout" if self._heldout else "train"
        shares = dict(SHARES)
        given = dict.fromkeys(shares, 0)
        number = 0
        while number < count and shares:
            kind = min(shares, key=lambda one: (given[one] + self._rng.random()) / shares[one])
            line = self._turn() if kind == "turn" else self._from_call() if kind == "call" else self._one(kind)
            if line is None:
                del shares[kind]
                continue
            given[kind] += 1
            yield replace(line, id=f"{split}-{number:05d}", split=split)
            number += 1

    def _one(self, kind: str) -> Line | None:
        parties = [party for one, party in self._sources if one == kind]
        if len(parties) > 1:
            parties = [self._rng.choices(parties, [len(self._frames[kind, party]) for party in parties])[0]]
        return self._new(kind, parties[0])

    def _turn(self) -> Line | None:
        party, first, second = self._rng.choice(_TURNS)
        for _ in range(50):
            left, right = self._say(first, party), self._say(second, party)
            if left is None or right is None:
                return None
            stop = "，" if party == "citizen" and self._rng.random() < 0.5 else "。"
            joined = [
                (one if one[-1] in "。？！" and one[-1] != "。" else one.rstrip("。，") + stop) + two
                for one, two in zip(left, right, strict=True)
            ]
            if line := self._line("turn", party, (joined[0], joined[1])):
                return line
        return None

    def _from_call(self) -> Line | None:
        lines = (self._line("call", party, pair) for party, pair in self._called)
        return next(filter(None, lines), None)

    def _new(self, kind: str, party: str) -> Line | None:
        for _ in range(50):
            said = self._say(kind, party)
            if said is None:
                return None
            if line := self._line(kind, party, said):
                return line
        return None

    def _say(self, kind: str, party: str) -> Pair | None:
        """The next thing of a kind."""
        for frame in self._sources[kind, party]:
            if kind == "phrasing":
                opening = self._rng.choice(self._words["openings"]) if self._rng.random() < 0.35 else ""
                closing = "，" + self._rng.choice(self._words["closings"]) if self._rng.random() < 0.12 else ""
                said = read_aloud(opening + frame + closing)
                if said is not None:
                    return written(said[0]), said[1]
            elif kind == "short":
                return frame, frame
            elif kind == "ask":
                if (said := read_aloud(frame)) is not None:
                    return written(said[0]), said[1]
            else:
                return self._slots.fill(frame, self._rng, read_aloud)
        return None

    def _line(self, kind: str, party: str, said: Pair) -> Line | None:
        text, spoken = said
        if text[-1] not in "。？！":
            mark = "？" if re.search(r"(吗|吧|呢|怎么办|怎么样|不是啊)$", text) else "。"
            mark = "" if self._rng.random() < 0.08 else mark
            text, spoken = text + mark, spoken + mark
        key = _PUNCTUATION.sub("", text)
        if key in self._said or len(_PUNCTUATION.sub("", spoken)) > MAX_SPOKEN:
            return None
        self._said.add(key)
        return Line("", "", kind, party, text, spoken)


def script(train: int, heldout: int, catalog: Path = CATALOG) -> list[Line]:
    """Both sides' lines; a held-out text is dropped when it happens to be a trained one."""
    phrases = HERE / "ears_phrases.yaml"
    trained = list(Script(catalog, phrases, False).lines(train))
    known = {_PUNCTUATION.sub("", line.text) for line in trained}
    measured = [
        line for line in Script(catalog, phrases, True).lines(heldout) if _PUNCTUATION.sub("", line.text) not in known
    ]
    return trained + measured


def write(out: Path, train: int = 9000, heldout: int = 700) -> None:
    """Write the script to ``out``."""
    lines = script(train, heldout)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(json.dumps(asdict(line), ensure_ascii=False) + "\n" for line in lines), "utf-8")
    print(f"{len(lines)} texts in {out}")


def main() -> None:
    """Write the script."""
    parser = argparse.ArgumentParser(prog="scripts/train ears_text", description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--train", type=int, default=9000)
    parser.add_argument("--heldout", type=int, default=700)
    args = parser.parse_args()
    write(args.out, args.train, args.heldout)


if __name__ == "__main__":
    main()
