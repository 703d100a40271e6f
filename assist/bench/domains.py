"""The domain of messages that citizens wrote elsewhere: labelled messages in, F1 by class of four ways to tell it out.

The messages' classes are not the hotline's domains; a file of ``classes`` says which domains each covers. Messages
are split by a hash of their text: one half trains what learns, the other measures all. Ways:

- *mapped*: the class that covers the domains which understanding takes for likeliest; has seen no message;
- *head*: a linear layer over the three others' scores of each class, trained on the first half;
- *keywords*: the class whose domains' keywords are said most; *bm25*: the class of the ten most alike messages of the
first half.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import yaml
from numpy.typing import NDArray

from assist.bench.bm25 import Bm25
from assist.bench.bootstrap import CONFIDENCE, DRAWS, SEED, Figure
from assist.bench.gold import CALL_TIME
from extractors.catalogue.knowledge import Catalogue
from extractors.turn import Speaker, Turn
from extractors.understanding import Understanding

TEDDY = Path(__file__).parent / "teddy2020c.yaml"
WAYS = ("mapped", "head", "bm25", "keywords")
_NEAREST = 10
_RIDGE, _ROUNDS, _RATE = 0.05, 600, 0.5
_LEAST = 1e-3  # probability of a domain that nothing speaks for
_SENTENCES = re.compile(r"(?<=[。？！；?!;\n])")
_SPACES = re.compile(r"\s+")
_LONGEST = 600  # characters of a message that are read; callers say what they call for first

Floats: TypeAlias = NDArray[np.float64]


class MessagesError(Exception):
    """Labelled messages that cannot be used; names file, line and what is missing."""


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody wrote, and its class."""

    text: str
    label: str

    @property
    def trains(self) -> bool:
        """Whether it belongs to the half that trains."""
        return hashlib.sha256(self.text.encode()).digest()[-1] % 2 == 0


@dataclass(frozen=True)
class Report:
    """What each of `WAYS` told of the ``messages`` that measure; ``trained_on`` others trained."""

    messages: Sequence[Message]
    told: Mapping[str, Sequence[str]]
    trained_on: int

    def f1(self, way: str) -> dict[str, float]:
        """F1 of each class."""
        return _f1([one.label for one in self.messages], self.told[way])

    def figures(self, way: str) -> dict[str, Figure]:
        """Macro F1 and accuracy with their intervals over messages."""
        gold = np.array([one.label for one in self.messages])
        told = np.array(self.told[way])
        drawn = np.random.default_rng(SEED).integers(0, len(gold), (DRAWS // 4, len(gold)))
        macro = [float(np.mean(list(_f1(gold[rows], told[rows]).values()))) for rows in drawn]
        hits = (gold == told)[drawn].mean(axis=1)
        tail = (1 - CONFIDENCE) / 2

        def figure(value: float, draws: Any) -> Figure:
            low, high = (round(float(one), 4) for one in np.quantile(draws, (tail, 1 - tail)))
            return Figure(round(value, 4), low, high, len(gold))

        return {
            "macro_f1": figure(float(np.mean(list(self.f1(way).values()))), macro),
            "accuracy": figure(float((gold == told).mean()), hits),
        }


def read_classes(path: Path) -> dict[str, Any]:
    """The keys of text and label, and the domains that each class covers."""
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


def read_messages(path: Path, classes: Mapping[str, Any]) -> list[Message]:
    """The messages of a JSONL file. Raises `MessagesError`."""
    messages = []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise MessagesError(f"{path} cannot be read: {error}") from None
    for number, line in enumerate(lines, 1):
        try:
            entry = json.loads(line)
            text = "。".join(_SPACES.sub(" ", str(entry[key])).strip() for key in classes["text"])
            label = entry[classes["label"]]
        except (ValueError, KeyError, TypeError) as error:
            raise MessagesError(f"{path}:{number}: no JSON object with {classes['text']} and {error}") from None
        if label not in classes["classes"]:
            raise MessagesError(f"{path}:{number}: class {label!r} is not one of {', '.join(classes['classes'])}")
        messages.append(Message(text, label))
    return messages


def run(
    messages: Sequence[Message],
    classes: Mapping[str, Sequence[str]],
    catalogue: Catalogue,
    done: Callable[[], None] = lambda: None,
) -> Report:
    """What each way tells of the second half of ``messages``. Raises `MessagesError` where a half is empty."""
    names = [domain.name for domain in catalogue.domains.values()]
    if unknown := [domain for domains in classes.values() for domain in domains if domain not in names]:
        raise MessagesError(f"the catalogue has no domain {unknown[0]!r}")
    covers = np.array([[name in domains for name in names] for domains in classes.values()], dtype=float)
    train = [one for one in messages if one.trains]
    test = [one for one in messages if not one.trains]
    if not train or not test:
        raise MessagesError("too few messages: one half of them trains, the other measures")
    labels = list(classes)
    near = Bm25([one.text for one in train])
    words = [
        [word for domain in catalogue.domains.values() if domain.name in domains for word in domain.keywords]
        for domains in classes.values()
    ]
    of = np.array([labels.index(one.label) for one in train])
    rows: list[Floats] = []  # scores of each class by the ways that need no training
    for number, one in enumerate((*train, *test)):
        votes = _votes(near, one.text, of, len(labels), without=number if number < len(train) else None)
        said = np.array([sum(one.text.count(word) for word in group) for group in words], dtype=float)
        rows.append(np.array([covers @ _shares(one, catalogue, names), votes, said]))
        done()
    head = _fitted(np.array([_inputs(row) for row in rows[: len(train)]]), of, len(labels))
    told: dict[str, list[str]] = {way: [] for way in WAYS}
    for row in rows[len(train) :]:
        for way, scores in (("mapped", row[0]), ("bm25", row[1]), ("keywords", row[2]), ("head", head(_inputs(row)))):
            told[way].append(labels[int(scores.argmax())])
    return Report(test, told, len(train))


def _shares(message: Message, catalogue: Catalogue, names: Sequence[str]) -> Floats:
    """How likely understanding takes each domain to be, from the best templates and the domain it tells."""
    parts = [part.strip() for part in _SENTENCES.split(message.text[:_LONGEST]) if part.strip()]
    turns = [Turn(number, Speaker.CITIZEN, part) for number, part in enumerate(parts)]
    ticket = Understanding(catalogue, CALL_TIME).ticket(turns)
    shares = np.zeros(len(names))
    for one in ticket.templates:
        shares[names.index(catalogue.domains[one.domain].name)] += one.probability / 2
    if ticket.domain is not None:
        shares[names.index(ticket.domain.value)] += ticket.domain.confidence
    return shares


def _votes(index: Bm25, text: str, of: NDArray[np.int64], classes: int, without: int | None) -> Floats:
    """The scores of the nearest training messages by class, itself left out."""
    scores = index.scores(text)
    if without is not None:
        scores[without] = 0.0
    nearest = np.argsort(-scores, kind="stable")[:_NEAREST]
    return np.bincount(of[nearest], weights=scores[nearest], minlength=classes).astype(np.float64)


def _inputs(row: Floats) -> Floats:
    """Scores of each class as inputs of the head: logs of the classes' shares, by each way."""
    return np.asarray(np.log(row / np.maximum(row.sum(axis=1, keepdims=True), 1e-9) + _LEAST).ravel())


def _fitted(inputs: Floats, labels: NDArray[np.int64], classes: int) -> Callable[[Floats], Floats]:
    """Softmax regression with ridge, by plain gradient descent on standardised inputs."""
    mean, spread = inputs.mean(axis=0), inputs.std(axis=0) + 1e-6
    rows = np.hstack([(inputs - mean) / spread, np.ones((len(inputs), 1))])
    gold = np.eye(classes)[labels]
    weights = np.zeros((rows.shape[1], classes))
    for _ in range(_ROUNDS):
        logits = rows @ weights
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        odds /= odds.sum(axis=1, keepdims=True)
        weights -= _RATE * (rows.T @ (odds - gold) / len(rows) + _RIDGE * weights)
    return lambda row: np.asarray(np.append((row - mean) / spread, 1.0) @ weights)


def _f1(gold: Sequence[str] | NDArray[Any], told: Sequence[str] | NDArray[Any]) -> dict[str, float]:
    """F1 of each class that is gold or told."""
    pairs = list(zip(gold, told, strict=True))
    return {
        label: 2
        * sum(one == other == label for one, other in pairs)
        / max(1, sum((one == label) + (other == label) for one, other in pairs))
        for label in sorted({*map(str, gold)})
    }
