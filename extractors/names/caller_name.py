"""The caller's name as a ticket writes it: the full name when given (何志强), else surname and title (冯阿姨).

A turn yields clues: the surname the caller says, how it is explained ("西早谭", "苏州的苏"), a full name, and how
the agent addresses the caller. Explained characters win over what the recogniser wrote; an agent's "梁先生" is
strong evidence. Rules and surnames: ``catalog/rules/names.yaml``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from pathlib import Path

from extractors.conversation.dialogue import Dialogue, load_dialogue
from extractors.names.address_forms import AddressForms
from extractors.names.described import Descriptions
from extractors.names.explained import Explanations
from extractors.names.foreign_names import ForeignNames
from extractors.names.full_names import FullNames
from extractors.names.fusion import NameFusion, believed
from extractors.names.heard_names import HeardNames
from extractors.names.introductions import Introductions
from extractors.names.readings import with_others
from extractors.names.refused_names import RefusedNames
from extractors.names.registered_names import RegisteredNames
from extractors.names.rules import PAUSE, NameRules
from extractors.names.surnames import NameClue, SurnameClue
from extractors.names.third_persons import ThirdPersons
from extractors.names.told_characters import ToldCharacters
from extractors.names.typed_names import TypedNames
from extractors.names.vocatives import Vocatives
from extractors.names.weights import NameWeights
from extractors.slots.extractor import Context
from extractors.text.cues import by_sound, load_rules
from extractors.text.sound import Sounds, load_sounds
from extractors.ticket import Evidence, SlotValue
from extractors.turn import Speaker, Turn, otherwise

_LEAST = 0.45  # below this a typed surname is a guess, not a reading
_DIGIT, _DIGITS = re.compile(r"(?<!\d)\d(?!\d)"), "零一二三四五六七八九"
_ASKED_BEHIND = 7  # characters behind a form of address that are a question of their own
_OF_NAMES = re.compile("姓|叫|名字|先生|女士|小姐|太太")
_WHOLE = 0.85  # confidence in a name that is not taken apart
_TITLE_KNOWN, _TITLE_UNKNOWN = 0.95, 0.8  # share of the confidence by whether somebody said how to address the caller


class CallerName:
    """Fills ``caller_name``."""

    slots: tuple[str, ...] = ("caller_name",)

    def __init__(self, rules: NameRules, dialogue: Dialogue, sounds: Sounds) -> None:
        self._rules = rules
        self._dialogue = dialogue
        forms = AddressForms(rules, sounds)
        chars = {*rules.surnames.frequency, *rules.given}
        weights = rules.weights.told
        self._explained = Explanations(rules.explained, {char for char in chars if len(char) == 1}, sounds, weights)
        described = Descriptions(rules.radicals, rules.built, rules.components, sounds)
        self._told = ToldCharacters(rules, described)
        full_names = FullNames(rules, forms, self._explained, self._told, sounds)
        self._introductions = Introductions(rules, dialogue, forms, self._explained, self._told, full_names)
        self._vocatives = Vocatives(rules, forms)
        self._typed = TypedNames(rules, dialogue)
        self._third_persons = ThirdPersons(rules, dialogue)
        self._registered = RegisteredNames(rules, self._third_persons)
        self._foreign = ForeignNames(rules)
        self._refused_names = RefusedNames(rules)
        self._sounds = sounds
        self._weigh(rules.weights)

    def weighed(self, weights: NameWeights) -> CallerName:
        """The same with other ``weights``, but for ``told``, by which turns are read."""
        other = copy(self)
        other._weigh(weights)
        return other

    def _weigh(self, weights: NameWeights) -> None:
        rules = self._rules
        heard_names = HeardNames(
            rules.surnames.frequency,
            rules.surname_readings,
            rules.given,
            self._explained,
            self._sounds,
            weights.heard,
            weights.written,
        )
        self._fusion = NameFusion(rules.surnames, heard_names, self._explained)
        self._shown = weights.shown

    def read(self, turn: Turn, context: Context) -> tuple[NameClue, ...]:
        """The clues of one turn."""
        foreign = [
            NameClue(one.evidence, whole=one.name, byname=one.latin) for one in self._foreign.read(turn, context)
        ]
        registered = [NameClue(evidence, whole=name) for name, evidence in self._registered.read(turn)]
        anothers = (*self._anothers(turn, context), *foreign, *registered)
        if turn.speaker is Speaker.CITIZEN and not turn.times:
            own = (one for one in self._typed.read(turn, context) if not _is_of(one, anothers))
            return (*own, *self._own_gender(turn), *anothers)
        asked = self._answered(context) if turn.speaker is Speaker.AGENT else "caller_name" in context.expected
        clues = self._heard(turn, asked)
        others = [clue for other in otherwise(turn) for clue in self._heard(other, asked)]
        own = (one for one in with_others(turn, clues, others) if not _is_of(one, anothers))
        return (*own, *self._own_gender(turn), *anothers)

    def anyhow(self, turn: Turn, context: Context) -> tuple[NameClue, ...]:
        """The clues of one turn of which it is not known whether it was heard or typed: what either reading gives."""
        heard = self._heard(turn, "caller_name" in context.expected)
        return heard if turn.speaker is Speaker.AGENT else (*self._typed.read(turn, context), *heard)

    def fold(
        self, turns: Sequence[Turn], readings: Sequence[tuple[NameClue, ...]], context: Context
    ) -> dict[str, SlotValue]:
        """The name all clues agree on best; one in Latin letters only where no other is told, one of somebody else in
        whose name the ticket is written before any.
        """
        whole = [
            clue
            for place, reading in enumerate(readings)
            for clue in reading
            if clue.whole and not self._refused(turns, place, clue)
        ]
        dotted = [clue for clue in whole if not clue.byname]
        if dotted:
            return _as_told(dotted[-1])
        readings = [tuple(clue for clue in reading if not clue.whole) for reading in readings]
        readings = self._refused_names.strike(turns, readings)
        return self._agreed(turns, readings) or (_as_told(whole[-1]) if whole else {})

    def _agreed(self, turns: Sequence[Turn], readings: Sequence[tuple[NameClue, ...]]) -> dict[str, SlotValue]:
        """The name all clues agree on best, put together of surname, given name and title."""
        refused = {
            (turn.id, clue.evidence.start)
            for place, (turn, reading) in enumerate(zip(turns, readings, strict=True))
            for clue in reading
            if turn.speaker is Speaker.AGENT and self._refused(turns, place, clue)
        }
        clues = [
            one for reading in readings for one in reading if (one.evidence.turn, one.evidence.start) not in refused
        ]
        clues = self._callers(clues)
        last = max((n for n, clue in enumerate(clues) if clue.corrects), default=0)
        clues = believed(clues[last:])
        heard = any(clue.surname and clue.surname.speaker != "typed" for clue in clues)
        told = "".join(turn.text for turn in turns if turn.speaker is Speaker.CITIZEN)
        meant, fits = self._fusion.heard(clues) if heard else self._fusion.typed(clues, told)
        if not meant.surname or meant.sure < (self._shown.surname if heard else _LEAST):
            return {}
        evidence = tuple(dict.fromkeys(clue.evidence for clue in fits))
        agreed = {turn.speaker for turn in turns if any(turn.id == one.turn for one in evidence)}
        own = [clue for clue in clues if clue.title and clue.byname and not clue.surname]
        titled = own or [clue for clue in fits if clue.title] or [clue for clue in clues if clue.title]
        titled = titled or list(self._office(turns, meant.surname))
        title = titled[-1].title if titled else ""
        both = self._shown.whole if heard else 0.0
        least = 0.0 if not heard else self._shown.given if title else self._shown.given_alone
        if meant.given and meant.given_sure >= least and (not title or meant.given_sure * meant.sure >= both):
            value, confidence = meant.surname + meant.given, meant.given_sure * meant.sure
            if not heard and confidence < _LEAST:
                return {}
            repeated = [place for turn in turns if turn.speaker is Speaker.AGENT for place in _said(turn, value)]
            evidence = tuple(dict.fromkeys((*evidence, *repeated)))
            return {"caller_name": SlotValue(value, round(confidence, 3), evidence, confirmed=bool(repeated))}
        if titled and titled[-1].evidence not in evidence:
            evidence += (titled[-1].evidence,)
        confidence = meant.sure * (_TITLE_KNOWN if title else _TITLE_UNKNOWN)
        familiar = next((clue.familiar for clue in reversed(fits) if clue.familiar), "")
        value = meant.surname + title if title else familiar + meant.surname
        return {"caller_name": SlotValue(value, round(confidence, 3), evidence, confirmed=len(agreed) > 1)}

    def _office(self, turns: Sequence[Turn], surname: str) -> Iterator[NameClue]:
        """By what the agent addresses the caller of that surname where it is no form of address (甘主任，)."""
        called = re.compile(rf"(?:^|[{PAUSE}]|好的){surname}(?P<title>{self._rules.title_of_office})(?=$|[{PAUSE}您])")
        for turn in turns:
            if turn.speaker is Speaker.AGENT and (found := called.search(turn.text)):
                evidence = Evidence.of(turn, found.start("title") - len(surname), found.end())
                yield NameClue(evidence, title=found["title"])

    def _refused(self, turns: Sequence[Turn], place: int, clue: NameClue) -> bool:
        """Whether the caller refuses the name in ``clue`` of the agent's turn ``place``; what is asked behind a form of
        address (章先生，电话是138开头的吗？) is refused for itself.
        """
        if self._dialogue.verdict(turns, place, clue.evidence.start) is not False:
            return False
        asked = len(turns[place].text[clue.evidence.end :].strip(PAUSE)) >= _ASKED_BEHIND
        answer = next((one.text for one in turns[place + 1 :] if one.speaker is not turns[place].speaker), "")
        return not (clue.title and asked) or _OF_NAMES.search(answer) is not None

    def _anothers(self, turn: Turn, context: Context) -> tuple[NameClue, ...]:
        """The clues of a caller's turn that are of somebody else."""
        speaker = "citizen" if turn.times else "typed"
        return tuple(
            NameClue(one.evidence, SurnameClue(speaker, one.surname), one.given, anothers=True)
            for one in self._third_persons.read(turn, context.before)
        )

    def _callers(self, clues: Sequence[NameClue]) -> list[NameClue]:
        """Those of ``clues`` that may be of the caller: an agent who repeats a name told of somebody else means them,
        and what anybody was called before the caller told a name when asked gives way to that.
        """
        claimed = [one for one in clues if one.surname and one.asked is not None and not (one.weak or one.bare)]
        told = next((at for at, one in enumerate(clues) if one in claimed and one.asked), 0)
        anothers = [one for one in clues if one.anothers]
        return [
            one
            for at, one in enumerate(clues)
            if not one.anothers
            and (
                one.surname is None
                or one in claimed
                or any(self._same_surname(one, own) for own in claimed)
                or (at >= told and not any(self._same_surname(one, other) for other in anothers))
            )
        ]

    def _same_surname(self, one: NameClue, other: NameClue) -> bool:
        if one.surname is None or other.surname is None:
            return False
        if "typed" in {one.surname.speaker, other.surname.speaker}:
            return one.surname.heard == other.surname.heard
        return self._rules.surnames.likely(one.surname.heard, other.surname.heard)

    def _answered(self, context: Context) -> bool:
        """Whether what the caller said last answers a question for the name, so that the agent may repeat it."""
        before = context.before
        while before and before[-1].speaker is Speaker.AGENT:
            before = before[:-1]
        while before and before[-1].speaker is Speaker.CITIZEN:
            before = before[:-1]
        return "caller_name" in self._dialogue.asked(before)

    def _own_gender(self, turn: Turn) -> Iterator[NameClue]:
        """How callers who say that they are a man or a woman are to be addressed, whatever the agent called them."""
        found = self._rules.own_gender.search(turn.text)
        if found is not None and turn.speaker is Speaker.CITIZEN:
            title = self._rules.own_genders[found.group()]
            yield NameClue(Evidence.of(turn, *found.span()), title=title, byname=True)

    def _heard(self, turn: Turn, asked: bool) -> tuple[NameClue, ...]:
        if turn.times:  # 姓0, 7女士: a digit by itself may be a character of a name
            turn = replace(turn, text=_DIGIT.sub(lambda digit: _DIGITS[int(digit.group())], turn.text))
        if turn.speaker is Speaker.CITIZEN:
            return tuple(self._introductions.read(turn, asked))
        clues = tuple(self._vocatives.read(turn, asked))
        said = turn.times and (asked or any(one.surname for one in clues))
        told = tuple(one for one in self._told.told(turn.text) if self._explained.clear(one)) if said else ()
        return (*clues, NameClue(Evidence.of(turn, 0, len(turn.text)), told=told)) if told else clues


def _as_told(clue: NameClue) -> dict[str, SlotValue]:
    return {"caller_name": SlotValue(clue.whole, _WHOLE, (clue.evidence,))}


def _is_of(clue: NameClue, anothers: Sequence[NameClue]) -> bool:
    """Whether ``clue`` is read off the words that tell the name of one of ``anothers``."""
    begins = clue.evidence.start
    return clue.surname is not None and any(one.evidence.start <= begins < one.evidence.end for one in anothers)


def _said(turn: Turn, name: str) -> Iterator[Evidence]:
    at = by_sound(turn.text).find(by_sound(name))
    if at >= 0:
        yield Evidence.of(turn, at, at + len(name))


def load_caller_name(catalog: Path) -> CallerName:
    """The extractor of the caller's name, with the rules of the catalogue directory ``catalog``."""
    sounds = load_sounds(catalog)
    return CallerName(NameRules(load_rules(catalog, "names"), sounds.distance), load_dialogue(catalog), sounds)
