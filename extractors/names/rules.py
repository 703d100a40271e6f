"""The rules of ``catalog/rules/names.yaml``: surnames, forms of address, introductions, explanations, weights."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from extractors.names.surnames import Surnames
from extractors.names.weights import name_weights
from extractors.text.cues import Cues, alternatives, by_sound
from extractors.text.pinyin import Syllable, parse
from extractors.text.segment import dictionary

PLACE_ENDS = tuple("区镇村街路人")
"""What ends in these and begins like a surname names a place."""

PAUSE = "，,、。.！!？?；;：: "
HANZI = "[\u4e00-\u9fff]"
_SURNAME = "姓"
_OF_NAMES = ("姓名", "姓氏")  # words that tell no surname
_WORD = 50  # what stands in the general dictionary with this frequency is a word, not a name that nothing introduces


class NameRules:
    """Surnames, forms of address and explanations, ready to match; ``weights`` of what was heard of a name."""

    def __init__(self, rules: Mapping[str, object], distance: Callable[[str, str], float]) -> None:
        self.weights = name_weights(rules)
        self.surnames = Surnames(_counted(rules["surnames"]) | _counted(rules.get("surnames_here", "")), distance)
        given = rules["given"]
        assert isinstance(given, dict)
        self.given = {char: float(often) for often, chars in given.items() for char in str(chars) if char.strip()}
        said = rules["surname_readings"]
        assert isinstance(said, dict)
        self.surname_readings: dict[str, Syllable] = {str(name): parse(str(reading)) for name, reading in said.items()}
        titles = _words(rules["titles"])
        self.no_surname = frozenset([*_words(rules["no_surname"]), *_words(rules["titles_short"])])
        self.no_surname_heard = frozenset(_words(rules["no_surname"]))
        self.never_given = frozenset(str(rules["never_given"]))
        self.never_given_words = tuple(_words(rules["never_given_words"]))
        self.others = re.compile(f"{alternatives(_words(rules['others']))}[^{PAUSE}]{{0,4}}$")
        self.third_person_asked = re.compile("|".join(_words(rules["third_persons"])))
        self.said_surname = Cues(_words(rules["said_surname"]))
        self.asked_surname = Cues(_words(rules["asked_surname"]), start=True)
        self.said_name = Cues(_words(rules["said_name"]), sound=False)
        self.short_titles = {heard: title for title, said in _lists(rules["titles_short_misheard"]) for heard in said}
        short, short_heard = (
            alternatives([*_words(rules["titles_short"]), *misheard]) for misheard in ((), self.short_titles)
        )
        self.titles_short = frozenset(_words(rules["titles_short"]))
        self.short_title_sounds = {by_sound(title): title for title in reversed(_words(rules["titles_short"]))}
        ends = f"(?=$|[{PAUSE}]|{alternatives(_words(rules['after_title']))})"
        self.say_to_me, self.say_to_me_heard = (
            re.compile(
                f"{alternatives(_words(rules['say_to_me']))}({HANZI}{{1,2}}?)({alternatives(titles)}|{one}{ends})"
            )
            for one in (short, short_heard)
        )
        before = f"(?:^|[{PAUSE}]|{alternatives(_words(rules['before_name']))})"
        self.title_short, self.title_short_heard = (
            re.compile(f"{before}(?P<name>{HANZI})(?P<title>{one}){ends}") for one in (short, short_heard)
        )
        self.clause_of_two = re.compile(f"[{PAUSE}](?P<name>{HANZI})(?P<title>{HANZI}){ends}")
        self.called_heard = re.compile(f"叫(?P<name>{HANZI})(?P<title>{short_heard}){ends}")
        self.title_self = re.compile(
            f"(?:^|[{PAUSE}])(?:我?是)?(?P<name>{HANZI}{{1,2}}?)(?P<title>{alternatives(titles)}|{short}){ends}"
        )
        self.addressed_other = re.compile(alternatives(_words(rules["of_another"])))
        self.relation = re.compile(f"(?:{'|'.join(_words(rules['relation']))})[{PAUSE}]+")
        self.after_name = re.compile(f"$|[{PAUSE}]|[^\u4e00-\u9fff]|{alternatives(_words(rules['after_name']))}")
        self.titles = frozenset(titles)
        self.title_sounds = {by_sound(title): title for title in _words(rules["titles_by_sound"])}
        self.misheard_titles = {heard: title for title, said in _lists(rules["titles_misheard"]) for heard in said}
        self.title_misheard = re.compile(
            f"(?:^|[{PAUSE}0-9]|好的)(?P<name>{HANZI}{{1,2}}?)(?P<title>{HANZI}{{2}})(?=$|[{PAUSE}]|[0-9幺要一])"
        )
        self.own_titles = {said: title for title, words in _lists(rules["own_title"]) for said in words}
        self.own_title = re.compile(f"[{PAUSE}]({alternatives(list(self.own_titles))})(?=$|[{PAUSE}])")
        refused = dict(_texts(rules["refused"]))
        self.refused_surname = re.compile(refused["before"] + refused["surname"])
        self.refused_called = re.compile(
            f"{refused['before']}{refused['called']}(?:{alternatives(titles)})(?=$|[{PAUSE}啊呀])"
        )
        self.own_genders = {said: title for title, words in _lists(rules["own_gender"]) for said in words}
        self.own_gender = re.compile(alternatives(list(self.own_genders)))
        self.title_written = re.compile(alternatives(titles))
        self.title_heard = re.compile(alternatives(list(self.title_sounds)))
        self.title_of_office = alternatives(_words(rules["titles_of_office"]))
        self.registered = dict(_texts(rules["registered"]))
        self.before_name = re.compile(alternatives(_words(rules["before_name"])))
        self.addressing = re.compile(f"$|[{PAUSE}]|{alternatives(_words(rules['addressing']))}")
        components = {str(said): tuple(names) for said, names in _lists(rules["components"])}
        self.components = components
        self.component = Cues([alternatives(list(components))])
        phrases = {part + name: name for part, names in components.items() for name in names}
        self.component_phrase = re.compile(alternatives(list(phrases)))
        self.single_given = re.compile(str(rules["single_given"]))
        self.answer = re.compile(rf"(?:^|[{PAUSE}])(?:{'|'.join(_words(rules['answers']))})?")
        self.denied = tuple(_words(rules["denied"]))
        self._number = re.compile(rf"\d{{3}}|{alternatives(_words(rules['before_number']))}")
        self.familiar = re.compile(
            f"{alternatives(_words(rules['say_to_me']))}(?P<how>{alternatives(_words(rules['familiar']))})(?P<name>{HANZI}{{1,2}}?){ends}"
        )
        self.explained = dict(_lists(rules["explained"]))
        self.radicals = dict(_lists(rules["radicals"]))
        self.built = dict(_ways(rules["built"]))
        self.explanation = re.compile(f"({HANZI}{{2,4}}?)(?<![那这])(?:那个|这个|的|得|地|个)({HANZI})")

    def is_name(self, name: str, *, near: bool = False) -> bool:
        """Whether ``name`` is a surname and one or two characters; ``near``: a surname or what may have been one."""
        surname = self.surnames.at_start(name)
        if not surname and near and name and self.surnames.near(name[0]):
            surname = name[0]
        given = name[len(surname) :]
        return (
            bool(surname)
            and 1 <= len(given) <= 2
            and not self.never_given & set(given)
            and not any(word in given for word in self.never_given_words)
        )

    def before_number(self, text: str) -> str:
        """``text`` up to a number, or a word for one."""
        return self._number.split(text, maxsplit=1)[0]


def is_word(text: str) -> bool:
    """Whether ``text`` is too common a word to be taken for a name that nothing introduces."""
    return dictionary().get(text, 0) >= _WORD


def only_sounds(said: str) -> bool:
    """Whether two characters that sound like 姓 and a surname are a word of their own (幸好, 姓名)."""
    return said in _OF_NAMES or (not said.startswith(_SURNAME) and is_word(said))


def only_sounds_like(text: str, surname: str) -> bool:
    """Whether ``text`` has a word that sounds like 姓 and ``surname``, which then nobody told."""
    sound, spoken = by_sound(_SURNAME + surname), by_sound(text)
    return any(spoken.startswith(sound, at) and only_sounds(text[at : at + len(sound)]) for at in range(len(text)))


def _counted(value: object) -> dict[str, float]:
    words = str(value).split()
    return dict(zip(words[::2], map(float, words[1::2]), strict=True))


def _words(value: object) -> list[str]:
    assert isinstance(value, list)
    return [str(word) for word in value]


def _ways(value: object) -> Iterator[tuple[str, list[str]]]:
    assert isinstance(value, dict)
    for char, ways in value.items():
        yield str(char), _words(ways) if isinstance(ways, list) else [str(ways)]


def _texts(value: object) -> Iterator[tuple[str, str]]:
    assert isinstance(value, dict)
    for key, text in value.items():
        yield str(key), str(text)


def _lists(value: object) -> Iterator[tuple[str, list[str]]]:
    assert isinstance(value, dict)
    for key, words in value.items():
        yield str(key), _words(words)
