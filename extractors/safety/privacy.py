"""What tells who somebody is: a turn in, the spans that must be masked outside the ticket out. Pure.

Telephone, identity and card numbers are found by sound, digit by digit, as the caller says them and as a recogniser
writes them, whole, group by group or cut off; names by introduction, explanation, form of address and what somebody is
(`extractors.names.people`); addresses from the road on (without one, from the village on) where they name a number, a
building or a room; plates, papers and accounts by their form (`extractors.safety.private_codes`). Any characters will
do, wide and traditional ones too. Works on interim text. Rules: ``catalog/rules/privacy.yaml``.

`mask` keeps the length of a text, so that places in it stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal, TypeAlias, cast

from extractors.catalogue.knowledge import Catalogue
from extractors.codes.idcard import is_valid
from extractors.conversation.plain import plain_text
from extractors.names.caller_name import CallerName
from extractors.names.people import PeopleNamed
from extractors.names.rules import HANZI
from extractors.numbers.digits import READ_OUT, DigitReader
from extractors.places.address import AddressExtractor
from extractors.places.address_parts import Level
from extractors.safety.private_codes import PrivateCodes
from extractors.slots.extractor import Context, Extractor
from extractors.text.cues import alternatives, load_rules
from extractors.text.sound import load_sounds
from extractors.turn import Speaker, Turn

SIGN = "*"
Kind: TypeAlias = Literal["phone", "id", "bank_card", "number", "name", "address", "slot"]
_NAMED = (Level.ROAD, Level.ESTATE)
_HOUSEHOLD = (Level.NUMBER, Level.BUILDING, Level.ROOM)
_VILLAGE_GROUP = ("社", "队")  # a part of a village with many houses, told like a number (二社)
_CHECK_X = re.compile(r"\s*[XxＸ]|\s*(?:叉|艾克斯)")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_FIGURES = re.compile(r"\d(?:[\d \-]*\d)?")
_LANDLINE = re.compile(r"0\d{9,11}")
_READ = f"[{''.join(READ_OUT)}\\d]"
_BEGINNING = re.compile(r"1[3-9]|0[1-9]")
_NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # finding spans depends on no time


@dataclass(frozen=True, slots=True)
class _Run:
    start: int
    end: int
    digits: str


@dataclass(frozen=True, slots=True, order=True)
class PersonalSpan:
    """Characters ``start:end`` tell who somebody is (``slot``: a personal slot of the ticket rests on them)."""

    start: int
    end: int
    kind: Kind


def mask(text: str, spans: Iterable[PersonalSpan]) -> str:
    """``text`` with every character of ``spans`` replaced by one sign; as long as before."""
    chars = list(text)
    for span in spans:
        chars[span.start : span.end] = SIGN * (min(span.end, len(chars)) - span.start)
    return "".join(chars)


def _figures(text: str) -> str:
    """The digits of a number that is written or read out, without what stands between them."""
    return "".join(READ_OUT.get(char, char) for char in text if char not in " -")


def luhn(digits: str) -> bool:
    """Whether ``digits`` have the check digit of a bank card (ISO/IEC 7812, the Luhn algorithm)."""
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return len(digits) > 1 and sum(value - 9 * (value > 9) for value in doubled) % 10 == 0


class Privacy:
    """Finds personal spans in any text of a hotline."""

    def __init__(
        self,
        rules: Mapping[str, Any],
        reader: DigitReader,
        names: CallerName,
        surnames: Mapping[str, float],
        addresses: AddressExtractor,
        given_names: Mapping[str, float],
    ) -> None:
        numbers, people, codes = rules["numbers"], rules["names"], rules["codes"]
        self._reader, self._names, self._addresses = reader, names, addresses
        self._least, self._least_asked = int(numbers["least"]), int(numbers["least_asked"])
        self._papers = re.compile(numbers["papers"])
        self._near = int(numbers["near"])
        self._public, self._counted = re.compile(numbers["public"]), re.compile(numbers["counted"])
        self._dated, self._between = re.compile(numbers["dated"]), re.compile(numbers["between"])
        self._read_out = re.compile(f"{_READ}(?:[ -]?{_READ}){{{int(numbers['group']) - 1},}}")
        self._grouped = int(numbers["grouped"])
        self._grouped_phone = int(numbers["grouped_phone"])
        self._codes = PrivateCodes(
            {kind: codes[kind] for kind in codes if kind not in ("end", "date")}, codes["end"], codes["date"]
        )
        self._words = {kind: re.compile(numbers[kind]) for kind in ("phone", "id", "card")}
        known = sorted((name for name, people in surnames.items() if people >= rules["names"]["frequency"]), key=len)
        surname = alternatives(known)
        alone = alternatives([name for name in known if name not in people["seldom"]])
        titles = alternatives(people["titles"])
        given = f"(?![{people['never']}]){HANZI}"
        self._titled = re.compile(f"({alone}(?:{given}){{0,2}}?)(?={titles})")
        self._body = re.compile(f"{HANZI}[{people['bodies']}]$")
        self._role = re.compile(f"{alternatives(people['roles'])}+$")
        introduced = "|".join(f"(?:{pattern})" for pattern in people["introduced"])
        self._introduced = re.compile(
            f"(?:{introduced})(?P<name>{surname}(?:{given}){{1,2}}?)(?=$|[^一-鿿]|的|啊|吧|她|他|我)"
        )
        self._named = PeopleNamed(rules["people"], frozenset(known), given_names, people["seldom"])
        self._gap = int(rules["address"]["gap"])

    def find(self, turn: Turn, expected: Collection[str] = ()) -> tuple[PersonalSpan, ...]:
        """The personal spans of ``turn`` in order; ``expected``: the slots the other party has just asked for."""
        turn = replace(turn, text=plain_text(turn.text), heard=plain_text(turn.heard))
        found = {*self._numbers(turn, expected), *self._people(turn, expected), *self._places(turn)}
        found |= {PersonalSpan(start, end, cast(Kind, kind)) for start, end, kind in self._codes.places(turn.text)}
        return tuple(sorted(found))

    def masked(self, turn: Turn, expected: Collection[str] = (), also: Iterable[PersonalSpan] = ()) -> str:
        """The text of ``turn`` with nothing personal left in it, as long as before. ``also``: further spans."""
        text = mask(turn.text, also)
        while spans := self.find(Turn(turn.id, turn.speaker, text), expected):
            hidden = mask(text, spans)
            if hidden == text:
                break
            text = hidden
        return text

    def masked_text(self, text: str) -> str:
        """A text nobody in particular said, masked."""
        return self.masked(Turn(0, Speaker.CITIZEN, self.masked(Turn(0, Speaker.AGENT, text))))

    # ── numbers ──

    def _numbers(self, turn: Turn, expected: Collection[str]) -> Iterator[PersonalSpan]:
        asked = bool({"phone", "id_no"} & set(expected))
        text = turn.text
        for run in self._runs(text, self._least_asked if asked else self._least):
            kind = self._kind(text, run, asked)
            if kind is not None:
                end = run.end
                if kind == "id" and (check := _CHECK_X.match(text, end)):
                    end = check.end()
                yield PersonalSpan(run.start, end, kind)
        yield from self._groups(text)

    def _groups(self, text: str) -> Iterator[PersonalSpan]:
        """Telephone numbers told group by group (一三七, then 二四四八, then 一零九六)."""
        groups: list[_Run] = []
        runs = [_Run(*found.span(), _figures(found.group())) for found in self._read_out.finditer(text)]
        for run in [*(run for run in runs if len(run.digits) < self._grouped), _Run(len(text), len(text), "")]:
            if groups and (not run.digits or not self._between.fullmatch(text, groups[-1].end, run.start)):
                if len(groups) > 1 and self._is_phone(text, groups):
                    yield from (PersonalSpan(one.start, one.end, "phone") for one in groups)
                groups = []
            groups.append(run)

    def _is_phone(self, text: str, groups: Sequence[_Run]) -> bool:
        digits = "".join(run.digits for run in groups)
        before = text[max(0, groups[0].start - self._near) : groups[0].start]
        least = self._grouped_phone if self._words["phone"].search(before) else self._grouped
        beginning = _BEGINNING.match(digits) is not None and not self._papers.search(before)
        return beginning and len(digits) >= least and not self._counted.match(text[groups[-1].end :])

    def _runs(self, text: str, least: int) -> Iterator[_Run]:
        """Numbers written in figures, and between them those that are heard as something else."""
        rest = text
        for found in _FIGURES.finditer(text):
            digits = re.sub(r"\D", "", found.group())
            if len(digits) >= least:
                yield _Run(found.start(), found.end(), digits)
                rest = f"{rest[: found.start()]}{'。' * len(found.group())}{rest[found.end() :]}"
        for run in self._reader.runs(rest, least):
            yield _Run(run.start, run.end, run.digits)

    def _kind(self, text: str, run: _Run, asked: bool) -> Kind | None:
        digits, before = run.digits, text[max(0, run.start - self._near) : run.start]
        length = len(digits)
        if length == 18 and is_valid(digits):
            return "id"
        if length == 17 and _CHECK_X.match(text, run.end):
            return "id"
        if 16 <= length <= 19 and luhn(digits):
            return "bank_card"
        if self._words["id"].search(before) and length >= self._least:
            return "id"
        if self._words["card"].search(before) and length >= self._least:
            return "bank_card"
        if self._papers.search(before) or self._public.fullmatch(digits):
            return None
        if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits) or asked:
            return "phone"
        if self._counted.match(text[run.end :]) or self._dated.search(text[run.start : run.end]):
            return None
        if length >= self._least and (self._words["phone"].search(before) or 10 <= length <= 12):
            return "phone"
        return "number" if length > 12 else None

    # ── people ──

    def _people(self, turn: Turn, expected: Collection[str]) -> Iterator[PersonalSpan]:
        context = Context((), frozenset(expected), _NEVER)
        for clue in self._names.anyhow(turn, context):
            asked_for = turn.text[: clue.evidence.end].endswith(("姓名", "姓氏"))  # 名 is a surname, too
            if clue.surname is not None and clue.surname.heard and not asked_for:
                yield PersonalSpan(clue.evidence.start, clue.evidence.end, "name")
        for found in self._titled.finditer(turn.text):
            start, end = found.span(1)
            if role := self._role.search(turn.text, 0, end):
                end = role.start()
            if start < end and not self._body.search(turn.text, start, end):
                yield PersonalSpan(start, end, "name")
        for found in self._introduced.finditer(turn.text):
            yield PersonalSpan(*found.span("name"), "name")
        for start, end in self._named.places(turn.text):
            yield PersonalSpan(start, end, "name")

    # ── places ──

    def _places(self, turn: Turn) -> Iterator[PersonalSpan]:
        parts = sorted(
            (part.start, part.end, part.level)
            for part in self._addresses.read(turn, Context((), frozenset(), _NEVER)).named
            if part.level in (Level.AREA, *_NAMED, *_HOUSEHOLD) and not part.text.endswith(_VILLAGE_GROUP)
        )
        for group in _grouped(parts, self._gap):
            personal = group
            if any(level in _NAMED for _, _, level in group):
                while personal[0][2] is Level.AREA:  # the road tells enough; of a village alone its name is part of it
                    personal = personal[1:]
            levels = {level for _, _, level in personal}
            if len(levels) > 1 and levels & set(_HOUSEHOLD):
                yield PersonalSpan(personal[0][0], max(end for _, end, _ in personal), "address")


def _grouped(parts: Sequence[tuple[int, int, Level]], gap: int) -> Iterator[list[tuple[int, int, Level]]]:
    """Parts that stand at most ``gap`` characters apart."""
    group: list[tuple[int, int, Level]] = []
    for part in parts:
        if group and part[0] - group[-1][1] > gap:
            yield group
            group = []
        group.append(part)
    if group:
        yield group


def make_privacy(catalogue: Catalogue, extractors: Sequence[Extractor[Any]]) -> Privacy:
    """By the rules of ``catalogue`` and the ``extractors`` that were made of it."""
    directory = catalogue.directory
    names = load_rules(directory, "names")
    words = str(names["surnames"]).split()
    given = {char: float(often) for often, chars in names["given"].items() for char in str(chars) if char.strip()}
    return Privacy(
        load_rules(directory, "privacy"),
        DigitReader(load_sounds(directory)),
        next(one for one in extractors if isinstance(one, CallerName)),
        dict(zip(words[::2], map(float, words[1::2]), strict=True)),
        next(one for one in extractors if isinstance(one, AddressExtractor)),
        given,
    )
