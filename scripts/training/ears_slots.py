"""What fills the slots of a spoken frame: ``{road}{no}`` → 龙口西路128号, said 龙口西路一百二十八号.

Places come from the gazetteer, all of one frame from one district; surnames and the words that explain characters from
the rules for names; numbers from ``ears_numbers``; the rest from lists in ``ears_phrases.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import yaml

from scripts.training import ears_numbers as numbers
from scripts.training.ears_numbers import LETTERS, Pair

_LATIN = re.compile(r"[A-Za-z0-9]")  # how a place with such a name is called is open
_SLOT = re.compile(r"\{([a-z_]+?)(2?)\}")
_PLACES = {
    "road": "roads", "estate": "estates", "station": "stations", "hospital": "hospitals", "school": "schools",
    "landmark": "landmarks", "market": "markets", "park": "parks",
}  # fmt: skip
_NOT_STATIONS = ("站", "码头", "机场")
_NO_HOUSES = ("高速", "快速", "快速路", "大桥", "桥", "隧道", "通道", "立交", "公路")
_FLOORS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 1, 23)
_RARE = 5  # surnames of fewer people, in ten thousands, are hardly heard
_WORDS = {"duration": "durations", "count": "counts", "area": "areas", "distance": "distances", "title": "titles"}
_LISTED = ("old", "child", "morning", "afternoon", "evening", "dawn")
_NUMBERS: Mapping[str, Callable[[Random], Pair]] = {
    "phone": numbers.phone, "local": numbers.local, "landline": numbers.landline, "tail": numbers.tail,
    "long_no": numbers.bulk_sender, "id_no": numbers.id_number, "plate": numbers.plate,
    "plate_green": numbers.green_plate, "order": numbers.order, "order_digits": numbers.order_digits,
    "no": numbers.house, "building": numbers.building, "room": numbers.room, "bus": numbers.bus,
    "metro": numbers.metro, "money": numbers.money, "day": numbers.day, "date": numbers.date, "year": numbers.year,
}  # fmt: skip


class Slots:
    """Fills frames; ``literal`` reads the words between the slots aloud."""

    def __init__(self, catalog: Path, phrases: Mapping[str, Any]) -> None:
        places = catalog / "places"
        self._phrases = phrases
        self._streets: dict[str, list[str]] = _yaml(places / "divisions.yaml")
        self._communities: dict[str, dict[str, list[str]]] = _yaml(places / "communities.yaml")
        self._places = {
            slot: {
                district: [name for name in names if not _LATIN.search(name)]
                for district, names in _yaml(places / f"{listed}.yaml").items()
            }
            for slot, listed in _PLACES.items()
        }
        self._places["station"] = {
            district: [name for name in names if not name.endswith(_NOT_STATIONS)]
            for district, names in self._places["station"].items()
        }
        self._places["road"] = {
            district: [name for name in names if not name.endswith(_NO_HOUSES)]
            for district, names in self._places["road"].items()
        }
        rules = _yaml(catalog / "rules" / "names.yaml")
        counted = rules["surnames"].split()
        self._surnames = {
            name: int(count)
            for name, count in zip(counted[::2], counted[1::2], strict=True)
            if int(count) >= _RARE or len(name) > 1
        }
        self._components: dict[str, list[str]] = {}
        for component, surnames in rules["components"].items():
            for surname in surnames:
                self._components.setdefault(surname, []).append(component)
        self._explained: dict[str, list[str]] = {
            char: [word for word in words if char in word] for char, words in rules["explained"].items()
        }

    def fill(self, frame: str, rng: Random, literal: Callable[[str], Pair | None]) -> Pair:
        """``frame`` with its slots filled, as it is written and as it is said."""
        place = self._place(rng)
        filled: dict[str, Pair] = {}
        names: dict[str, str] = {}
        written, said, end = "", "", 0
        for match in _SLOT.finditer(frame):
            between = literal(frame[end : match.start()])
            assert between is not None, f"no reading for {frame!r}"
            key = match[0]
            if key not in filled:
                filled[key] = self._fill(match[1], rng, place, names)
                while match[2] and filled[key] == filled.get(f"{{{match[1]}}}"):
                    filled[key] = self._fill(match[1], rng, place, names)
            written += between[0] + filled[key][0]
            said += between[1] + filled[key][1]
            end = match.end()
        rest = literal(frame[end:])
        assert rest is not None, f"no reading for {frame!r}"
        return written + rest[0], said + rest[1]

    def _place(self, rng: Random) -> dict[str, Any]:
        district = rng.choice([name for name in self._streets if all(name in named for named in self._places.values())])
        street = rng.choice([name for name in self._streets[district] if name.endswith(("街道", "镇"))])
        return {"district": district, "street": street}

    def _fill(self, slot: str, rng: Random, place: Mapping[str, str], names: dict[str, str]) -> Pair:
        if slot in _NUMBERS:
            return _NUMBERS[slot](rng)
        if slot in ("workno", "window", "ticket", "flight", "train", "exit"):
            return _code(slot, rng)
        return _same(self._word(slot, rng, place, names))

    def _word(self, slot: str, rng: Random, place: Mapping[str, str], names: dict[str, str]) -> str:
        if slot in place:
            return place[slot]
        if slot in self._places:
            return str(rng.choice(self._places[slot][place["district"]]))
        if slot == "community":
            return rng.choice(self._communities[place["district"]].get(place["street"]) or [place["street"]])
        if slot in _WORDS:
            return str(rng.choice(self._phrases[_WORDS[slot]]))
        if slot in _LISTED:
            return str(rng.choice(self._phrases[slot]))
        if slot == "floor":
            return numbers.cardinal(rng.choice(_FLOORS)) + "楼"
        return self._name(slot, rng, names)

    def _name(self, slot: str, rng: Random, names: dict[str, str]) -> str:
        """A surname, a name or their explanation; one person's within a frame."""
        if not names:
            told = slot.startswith("surname_told")
            known = {name: n for name, n in self._surnames.items() if not told or self._tellings(name)}
            weights = [count**0.6 for count in known.values()]  # rarer ones more often than they are
            names["surname"] = rng.choices(list(known), weights)[0]
            given = [name for name in self._phrases["given_names"] if slot != "given_one" or len(name) == 1]
            names["given"] = rng.choice(given)
        surname, given_name = names["surname"], names["given"]
        if slot == "surname":
            return surname
        if slot == "name":
            return surname + given_name
        if slot == "surname_told":
            return f"{surname}，{self._telling(surname, rng)}"
        if slot == "surname_told_only":
            return self._telling(surname, rng)
        told = [f"{rng.choice(self._explained[char])}的{char}" for char in given_name if self._explained.get(char)]
        if slot == "given_told":
            return "，".join(told) or given_name
        if slot == "given_one":
            return f"{given_name[-1]}，{told[-1]}" if told else given_name[-1]
        assert slot == "name_told", f"unknown slot {slot!r}"
        if rng.random() < 0.4 and self._tellings(surname):
            told.insert(0, self._telling(surname, rng))
        return "，".join((surname + given_name, *told))

    def _tellings(self, surname: str) -> list[str]:
        told = [f"{component}{surname}" for component in self._components.get(surname, ())]
        return told + [f"{word}的{surname}" for word in self._explained.get(surname, ())]

    def _telling(self, surname: str, rng: Random) -> str:
        return rng.choice(self._tellings(surname) or [f"就是那个{surname}"])


def _code(slot: str, rng: Random) -> Pair:
    if slot == "workno":
        number = numbers.some_digits(rng, rng.choice((3, 4, 4)))
        return number, numbers.digits(number)
    if slot == "window":
        number = str(rng.randint(2, 40))
        return f"{number}号", f"{numbers.cardinal(int(number))}号"
    if slot == "ticket":
        code = rng.choice("ABCDE") + f"{rng.randint(1, 199):03d}"
        return f"{code}号", f"{numbers.spelled(code)}号"
    if slot == "flight":
        code = rng.choice(("CZ", "MU", "HU", "ZH")) + rng.choice("123456789") + numbers.some_digits(rng, 3)
        return code, numbers.spelled(code)
    if slot == "train":
        code = rng.choice("GDC") + rng.choice("123456789") + numbers.some_digits(rng, 3)
        return code, numbers.spelled(code)
    letter = rng.choice("ABCDE")
    return f"{letter}口", f"{LETTERS[letter]}口"


def _same(word: str) -> Pair:
    return word, word


def _yaml(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
