"""Fits how words and meaning share in the template ranking and how sure it may be of itself, on the catalogue alone.

The phrasing of each template that ``assist bench catalogue`` holds out (neither the index nor the encoder has seen it)
is asked for inside a made-up call (small talk before and after), as written and as misheard: a share of its characters
is replaced by others of the same merged sound, or lost. Half of the calls are fitted on: values are compared by
the mean negative log-likelihood of the right template; recall is that of the other half. The best values belong into
``catalog/rules/ranking.yaml``. Deterministic.

    python -m scripts.fit_ranking [--catalog catalog] [--set kinds.sound=0.8]
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assist.bench.catalogue import held_out, without_held_out
from assist.bench.mishearing import homophones, mishear
from extractors.catalogue.cache import opened
from extractors.matching.ranking import Ranker, Said, make_terms
from extractors.turn import Speaker, Turn

AGENT, CITIZEN = Speaker.AGENT, Speaker.CITIZEN
MISHEARD = (0.0, 0.25, 0.4)
WEIGHTS = (0.0, 50.0, 100.0, 150.0, 200.0, 250.0, 300.0)
LEAST_SAID = (1.0, 2.0, 4.0)
TEMPERATURES = (4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 12.0, 15.0, 20.0)
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


def main() -> None:
    """Reads the arguments, measures, prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--catalog", type=Path, default=Path(__file__).resolve().parent.parent / "catalog")
    parser.add_argument("--set", action="append", default=[], metavar="RULE=VALUE", help="try another value of a rule")
    parser.add_argument("--every", type=int, default=5, help="ask for every so manieth template; 1 takes all")
    arguments = parser.parse_args()
    catalogue = opened(arguments.catalog)
    rules = changed(catalogue.rules("ranking"), arguments.set)
    indexed = without_held_out(catalogue)
    matters = {matter.code: matter.name for matter in catalogue.matters}
    ranker = Ranker(indexed.templates, matters, make_terms(indexed), rules)
    sounds = homophones(text for one in catalogue.templates for text in (one.title, one.when, *one.phrasings))
    losses: dict[tuple[float, float, float], list[float]] = {}
    gold = np.arange(0, len(catalogue.templates), arguments.every)
    asked = [template.phrasings[held_out(template)] for template in catalogue.templates[:: arguments.every]]
    domains = np.array([template.domain for template in catalogue.templates])
    for share in MISHEARD:
        chance = random.Random(1)
        calls = [call(ranker, mishear(text, share, sounds, chance), chance) for text in asked]
        words = np.array([ranker.words(said) for said in calls], np.float32)
        for least in LEAST_SAID:
            ranker.dense.least = least
            meaning = np.array([ranker.dense.scores(said.meaning) for said in calls])
            for weight in WEIGHTS:
                scores = words + weight * meaning
                found = {one: likelihood(scores[::2], gold[::2], one) for one in TEMPERATURES}
                for temperature, loss in found.items():
                    losses.setdefault((weight, least, temperature), []).append(loss)
                best, at = min((loss, temperature) for temperature, loss in found.items())
                print(
                    f"misheard {share:.0%}, least said {least:.0f}, weight {weight:3.0f}: "
                    f"{recall(scores[1::2], gold[1::2], domains)}, temperature {at:4.1f} ({best:.3f})",
                    flush=True,
                )
    print("together: loss, weight, least said, temperature")
    for loss, values in sorted((float(np.mean(found)), values) for values, found in losses.items())[:10]:
        print(f"    {loss:.3f}", *values)


def call(ranker: Ranker, heard: str, chance: random.Random) -> Said:
    """What a made-up call says in which ``heard`` is the matter."""
    lines = (*BEFORE, (CITIZEN, heard), *((CITIZEN, text) for text in ASIDE), *chance.sample(AFTER, 3))
    turns = [Turn(number, speaker, text) for number, (speaker, text) in enumerate(lines)]
    readings = [ranker.read(turn, [(0, len(turn.text))] if turn.text in ASIDE else ()) for turn in turns]
    return ranker.query(readings, ranker.emphasis(turns))


def recall(scores: Any, gold: Any, domains: Any) -> str:
    """How often the right template, of the place ``gold`` in each row, is found."""
    right = scores[np.arange(len(gold)), gold]
    rank = (scores > right[:, None]).sum(axis=1)
    same = domains[scores.argmax(axis=1)] == domains[gold]
    return f"recall@1 {(rank < 1).mean():.3f}, @5 {(rank < 5).mean():.3f}, domain {same.mean():.3f}"


def likelihood(scores: Any, gold: Any, temperature: float) -> float:
    """The mean negative log-likelihood of the right template of each row."""
    logits = scores / np.float32(temperature)
    top = logits.max(axis=1)
    right = logits[np.arange(len(gold)), gold]
    return float((np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top - right).mean())


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
