"""Fits how sure the template ranking may be of itself, on the catalogue alone.

Each phrasing is left out of the index in turn and asked for inside a made-up call (small talk before and after), as
written and as misheard: a share of its characters is replaced by others of the same merged sound, or lost. Prints
recall and, for a range of temperatures, the mean negative log-likelihood of the right template; the best temperature
belongs into ``catalog/rules/ranking.yaml``. Deterministic.

    python scripts/fit_ranking.py [--catalog catalog] [--set kinds.sound=0.8]
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from pypinyin.constants import PINYIN_DICT

from extractors.catalogue import Catalogue, Template, load
from extractors.cues import by_sound
from extractors.ranking import Ranker, make_terms
from extractors.terms import Terms
from extractors.turn import Speaker, Turn

AGENT, CITIZEN = Speaker.AGENT, Speaker.CITIZEN
MISHEARD = (0.0, 0.25, 0.4)
LOST = 0.15  # share of the misheard characters that are lost altogether
TEMPERATURES = (2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 15.0, 20.0)
BEFORE = (
    (AGENT, "您好，广州12345热线，请问有什么可以帮您？"),
    (CITIZEN, "你好，我这里有个事情想跟你们说一下。"),
)
ASIDE = (  # what the slots' extractors take for a place, a name and a number
    "在花都区那边，云山大道过去，靠近医院的那个十字路口，有个药店的。",
    "姓刘，文刀刘，电话是幺三八零零一二三四五六。",
)
AFTER = (  # what else is said in such calls; three of them are drawn for each
    (CITIZEN, "从上个礼拜四开始的吧，我跟居委会也讲过了，没有用。"),
    (CITIZEN, "我之前打过一次电话给你们，单子都办结了，根本没人跟我联系。"),
    (CITIZEN, "我一个老人家，又不会用手机，你们帮帮忙吧。"),
    (CITIZEN, "我拍了照片的，要的话可以加微信发给你们看。"),
    (CITIZEN, "我白天要上班，晚上才有空接电话，周末也行。"),
    (CITIZEN, "大家都很有意见，我们微信群里天天都在讲这个。"),
    (CITIZEN, "我就想要个说法，几时可以搞好，给个准话。"),
    (CITIZEN, "我也不懂这些，是朋友叫我打这个电话问的。"),
    (AGENT, "好的，这个我跟您核实一下，这种情况有多久了？"),
    (AGENT, "明白了，我帮您转给属地的部门去核查，他们三个工作日内会联系您。"),
    (AGENT, "您稍等一下，我这边查一下系统，请不要挂机。"),
)
COMMON = 3500  # characters a recogniser writes


def main() -> None:
    """Reads the arguments, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalog", type=Path, default=Path(__file__).resolve().parent.parent / "catalog")
    parser.add_argument("--set", action="append", default=[], metavar="RULE=VALUE", help="try another value of a rule")
    arguments = parser.parse_args()
    catalogue = load(arguments.catalog)
    rules = changed(catalogue.rules("ranking"), arguments.set)
    terms = make_terms(catalogue)
    homophones = by_same_sound(catalogue)
    for share in MISHEARD:
        chance = random.Random(1)
        scores, gold = [], []
        for ranker, place, phrasing in left_out(catalogue, terms, rules):
            heard = mishear(phrasing, share, homophones, chance)
            scores.append(ranker.scores(query(ranker, heard, chance)))
            gold.append(place)
        report(share, np.array(scores), np.array(gold), catalogue)


def left_out(catalogue: Catalogue, terms: Terms, rules: Any) -> Iterator[tuple[Ranker, int, str]]:
    """For each phrasing: a ranker that never saw it, the place of its template, the phrasing."""
    matters = {matter.code: matter.name for matter in catalogue.matters}
    for number in range(max(len(template.phrasings) for template in catalogue.templates)):
        kept = [without(template, number) for template in catalogue.templates]
        ranker = Ranker(kept, matters, terms, rules)
        for place, template in enumerate(catalogue.templates):
            if number < len(template.phrasings):
                yield ranker, place, template.phrasings[number]


def without(template: Template, number: int) -> Template:
    """The template without its phrasing ``number``."""
    return replace(template, phrasings=tuple(p for n, p in enumerate(template.phrasings) if n != number))


def by_same_sound(catalogue: Catalogue) -> dict[str, list[str]]:
    """Sound to the catalogue's characters of that sound, and a few commoner ones beside."""
    used = {char for t in catalogue.templates for text in (t.title, t.when, *t.phrasings) for char in text}
    chars = sorted(char for char in used if ord(char) in PINYIN_DICT)[:COMMON]
    sounds: dict[str, list[str]] = {}
    for char in chars:
        sounds.setdefault(by_sound(char), []).append(char)
    return sounds


def mishear(text: str, share: float, homophones: dict[str, list[str]], chance: random.Random) -> str:
    """``text`` with ``share`` of its characters replaced by homophones or lost."""
    heard = []
    for char in text:
        if chance.random() >= share:
            heard.append(char)
        elif chance.random() >= LOST:
            heard.append(chance.choice(homophones.get(by_sound(char), [char])))
    return "".join(heard)


def query(ranker: Ranker, heard: str, chance: random.Random) -> dict[str, float]:
    """The terms of a made-up call in which ``heard`` is the matter."""
    lines = (*BEFORE, (CITIZEN, heard), *((CITIZEN, text) for text in ASIDE), *chance.sample(AFTER, 3))
    turns = [Turn(number, speaker, text) for number, (speaker, text) in enumerate(lines)]
    readings = [ranker.read(turn, [(0, len(turn.text))] if turn.text in ASIDE else ()) for turn in turns]
    return ranker.query(readings, ranker.emphasis(turns))


def report(share: float, scores: Any, gold: Any, catalogue: Catalogue) -> None:
    """Prints recall and the likelihood at each temperature."""
    right = scores[np.arange(len(gold)), gold]
    ranks = (scores > right[:, None]).sum(axis=1)
    domains = np.array([template.domain for template in catalogue.templates])
    same = domains[scores.argmax(axis=1)] == domains[gold]
    print(
        f"misheard {share:.0%}: recall@1 {(ranks < 1).mean():.3f}, @5 {(ranks < 5).mean():.3f}, "
        f"domain {same.mean():.3f}"
    )
    for temperature in TEMPERATURES:
        logits = scores / temperature
        top = logits.max(axis=1)
        loss = (np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top - right / temperature).mean()
        print(f"    temperature {temperature:4.1f}: {loss:.3f}")


def changed(rules: Any, settings: Sequence[str]) -> dict[str, Any]:
    """The rules with dotted settings such as ``kinds.sound=0.8`` applied."""
    copy = {name: dict(value) if isinstance(value, dict) else value for name, value in rules.items()}
    for setting in settings:
        name, value = setting.split("=", 1)
        *path, last = name.split(".")
        target = copy
        for part in path:
            target = target[part]
        target[last] = float(value)
    return copy


if __name__ == "__main__":
    main()
