"""Who asks, who answers, who agrees: a turn in, what it does in the conversation out.

What an agent says is not a fact of the citizen's until the citizen assents to it or lets it stand; ``expected`` tells
which slots a question asks for, ``assents`` and ``denies`` how the answer takes it. Rules: ``catalog/rules/cues.yaml``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from extractors.text.cues import Cues, alternatives, load_rules
from extractors.turn import Speaker, Turn

_PAUSE = "，,、。.！!？?；; "
_READINGS = 2  # other readings of a question considered
_BORDER = re.compile(r"[。！？!?]|(?=请问)|[，, ](?=那?[您你](?!好))")
_STATED = re.compile(r"[^。！？!?]+(?=[。！!]|$)")
_TOLD = 8  # characters from which a sentence tells something
_CORRECTED = 8  # characters before what is put right in which the correction stands
_NOD = 3  # characters of what is no answer (嗯, 对的)


class Dialogue:
    """The cue phrases of a hotline conversation."""

    def __init__(
        self,
        asks: dict[str, tuple[Sequence[str], Sequence[str]]],
        assents: Sequence[str],
        denies: Sequence[str],
        to_the_question: Sequence[tuple[str, str]],
        interjections: Sequence[str],
        unsure: Sequence[str],
        corrections: Sequence[str],
        additions: Sequence[str],
        fillers: Sequence[str],
        hesitations: Sequence[str],
        readbacks: Sequence[str],
        questions: Sequence[str],
        promises: Sequence[str],
        advice: Sequence[str],
        enquiries: Sequence[str],
        asked_back: Sequence[str],
        concluded: Sequence[str],
        taken_down: Sequence[str],
        negations: Sequence[str],
    ) -> None:
        """``asks``: by slot, what asks for it and what does not; ``to_the_question``: answers that speak to a question
        alone, each with that question.
        """
        self._asks = {slot: (Cues(words), Cues(unless)) for slot, (words, unless) in asks.items()}
        self._assents = _at_start(assents)
        self._denies = _at_start(denies)
        self._to_the_question = [(_at_start([answer]), re.compile(question)) for answer, question in to_the_question]
        interjection = f"(?:{'|'.join(interjections)}|{alternatives(fillers)}(?=[{_PAUSE}]))"
        self._interjection = re.compile(rf"[{_PAUSE}]+|{interjection}[{_PAUSE}]*")
        self._unsure = Cues(unsure, sound=False)
        self._corrections = Cues(corrections, sound=False)
        self._at_once = re.compile(rf"(?:{'|'.join(corrections)})[{_PAUSE}应该就是]*$")
        self._additions = re.compile("|".join(additions))
        self._readbacks = Cues(readbacks)
        self._questions = re.compile("|".join(questions))
        self._promises = Cues(promises, sound=False)
        self._advice = Cues(advice, sound=False)
        self._enquiries = Cues(enquiries, sound=False)
        self._asked_back = Cues(asked_back, sound=False)
        self._concluded = re.compile("|".join(concluded))
        self._taken_down = Cues(taken_down, sound=False)
        self._negations = re.compile(f"(?:{'|'.join(negations)})$")
        filler = alternatives(fillers)
        self._leading = re.compile(rf"^(?:{filler}[{_PAUSE}]+|[{_PAUSE}]+)+")
        self._between = re.compile(rf"(?<=[{_PAUSE}]){filler}(?:[{_PAUSE}]+|$)|(?:{'|'.join(hesitations)})[{_PAUSE}]*")
        self.expected_in = lru_cache(maxsize=4096)(self._expected_in)
        self.answer_in = lru_cache(maxsize=4096)(self._answer_in)
        self._is_advice = lru_cache(maxsize=4096)(self._gives_advice)

    def expected(self, turn: Turn) -> frozenset[str]:
        """The slots an agent's question asks for; empty for the citizen's turns."""
        return self.expected_in(turn.text) if turn.speaker is Speaker.AGENT else frozenset()

    def asked(self, before: Sequence[Turn]) -> frozenset[str]:
        """The slots that the agent's latest words ask for: one utterance, or several with only nods between."""
        slots: set[str] = set()
        begun = False
        for turn in reversed(before):
            if turn.speaker is Speaker.AGENT:
                begun = True
                slots |= self.expected(turn)
                for reading in turn.readings[:_READINGS]:
                    slots |= self.expected_in(reading)
            elif begun and not self._nods(turn.text):
                break
        return frozenset(slots)

    def _nods(self, text: str) -> bool:
        said = self.clean(text)
        return len(said) <= _NOD and (not said or self.answer_in(said) is True)

    def assents(self, turn: Turn) -> bool:
        """Whether the speaker agrees to what the other party just said."""
        return self.answer_in(turn.text) is True

    def denies(self, turn: Turn) -> bool:
        """Whether the speaker refuses or corrects what the other party just said."""
        return self.answer_in(turn.text) is False

    def is_unsure(self, text: str) -> bool:
        """Whether ``text`` says that its speaker does not know."""
        return self._unsure.match(text)

    def is_readback(self, turn: Turn) -> bool:
        """Whether an agent's turn repeats or sums up what the citizen said, for the citizen to confirm."""
        return turn.speaker is Speaker.AGENT and self._readbacks.match(turn.text)

    def corrected_before(self, text: str, position: int, reach: int = _CORRECTED) -> bool:
        """Whether a correction ("不对", "应该是") stands shortly before ``position``, within ``reach`` characters."""
        return self._corrections.match(text[max(0, position - reach) : position])

    def put_right(self, text: str, position: int) -> bool:
        """Whether what stands at ``position`` follows a correction at once ("不对，是…")."""
        return self._at_once.search(text, max(0, position - _CORRECTED), position) is not None

    def added(self, text: str, position: int) -> bool:
        """Whether what stands at ``position`` comes on top of what the other party said ("还有…", "最好再…")."""
        return (
            self._additions.search(text, 0, position) is not None or self._additions.match(text, position) is not None
        )

    def clean(self, text: str) -> str:
        """``text`` without fillers and hesitation, for showing a value in the caller's words."""
        return self._between.sub("", self._leading.sub("", text)).strip(_PAUSE)

    def verdict(self, turns: Sequence[Turn], index: int, at: int | None = None) -> bool | None:
        """How the other party took what ``turns[index]`` said, or what it said at character ``at``: True agreed, False
        refused, None not yet answered or answered with something else (which lets it stand).
        """
        speaker = turns[index].speaker
        said = "" if at is None else turns[index].text[self._sentence(turns[index].text, at)[1] :]
        last = turns[index].text
        for turn in turns[index + 1 :]:
            if turn.speaker is speaker:
                said, last = said + turn.text, turn.text
                continue
            answer = self.answer_in(turn.text)
            if answer is False and (
                (at is not None and self._asks_on(said)) or self._speaks_to_the_question(turn.text, last)
            ):
                return None
            return answer
        return None

    def stands(self, turns: Sequence[Turn], index: int, at: int) -> bool:
        """Whether what the agent says in ``turns[index]`` at character ``at`` counts by itself: the citizen agrees to
        it, or lets it stand, and was told or read it back rather than asked for it.
        """
        verdict = self.verdict(turns, index, at)
        if verdict is not None:
            return verdict
        turn = turns[index]
        reply = next((one.text for one in turns[index + 1 :] if one.speaker is not turn.speaker), "")
        start, end = self._sentence(turn.text, at)
        asked = self._questions.search(turn.text[start:end]) is not None and not self.is_readback(turn)
        return not asked and not (self.is_unsure(reply) and self._questions.search(turn.text))

    def promised(self, turn: Turn, at: int) -> bool:
        """Whether the agent says at character ``at`` what the office is going to do (最晚3月15日前答复您)."""
        if turn.speaker is not Speaker.AGENT:
            return False
        start, end = self._sentence(turn.text, at)
        return self._promises.match(turn.text[start:end])

    def advises(self, turn: Turn, at: int) -> bool:
        """Whether what the agent says at character ``at`` is told to the caller: where to go, whom to ring, what the
        rules are (您可以拨打…, 第一阶梯每立方…). It is none of the matter's, even where the caller thanks for it.
        """
        if turn.speaker is not Speaker.AGENT:
            return False
        start, end = self._sentence(turn.text, at)
        return self._is_advice(turn.text[start:end])

    def informs(self, turns: Sequence[Turn], index: int, at: int) -> bool:
        """Whether what the agent says in ``turns[index]`` at character ``at`` is told to the caller, as advice or in
        answer to what the caller has just asked.
        """
        return self.advises(turns[index], at) or self._answers(turns, index, at, self._enquiries)

    def replies(self, turns: Sequence[Turn], index: int, at: int) -> bool:
        """Whether what the agent says in ``turns[index]`` at character ``at`` answers whatever the caller asked."""
        return self._answers(turns, index, at, self._asked_back)

    def only_asked(self, turns: Sequence[Turn], index: int, at: int) -> bool:
        """Whether what the caller says in ``turns[index]`` at character ``at`` asks the agent something, or draws a
        conclusion, and the agent tells the answer, in a call of which nothing is taken down.
        """
        turn = turns[index]
        reply = next((one for one in turns[index + 1 :] if one.speaker is not turn.speaker), None)
        if turn.speaker is Speaker.AGENT or reply is None:
            return False
        start, end = self._sentence(turn.text, at)
        sentence = turn.text[start:end]
        if not self._asked_back.match(sentence) and self._concluded.search(sentence) is None:
            return False
        taken_down = any(one.speaker is Speaker.AGENT and self._taken_down.match(one.text) for one in turns)
        return not taken_down and self._tells(reply.text)

    def _tells(self, text: str) -> bool:
        """Whether ``text`` tells something: more than assent and questions."""
        sentences = (found.group() for found in _STATED.finditer(text))
        return any(len(self.clean(one)) >= _TOLD and self._questions.search(one) is None for one in sentences)

    def _answers(self, turns: Sequence[Turn], index: int, at: int, asked: Cues) -> bool:
        turn, before = turns[index], turns[index - 1] if index else None
        if turn.speaker is not Speaker.AGENT or before is None or before.speaker is Speaker.AGENT:
            return False
        start, end = self._sentence(turn.text, at)
        sentence = turn.text[start:end]
        asks = self._questions.search(sentence) is not None or self._readbacks.match(sentence)
        return not asks and asked.match(before.text)

    def negated(self, text: str, position: int) -> bool:
        """Whether what stands at ``position`` is said not to be so (不是15栋)."""
        return self._negations.search(text, 0, position) is not None

    @staticmethod
    def _sentence(text: str, at: int) -> tuple[int, int]:
        """The characters of the sentence around character ``at``, up to where the other party is asked something."""
        borders = _borders(text)
        after = bisect_right(borders, at)
        return borders[after - 1], borders[min(after, len(borders) - 1)]

    def _asks_on(self, said: str) -> bool:
        """Whether ``said``, behind something, asks for more than whether that is right."""
        return self._questions.search(said) is not None and not self._readbacks.match(said)

    def _speaks_to_the_question(self, answer: str, said: str) -> bool:
        """Whether the refusal ``answer`` is one of the question at the end of ``said`` alone."""
        return any(
            question.search(said) and any(words.match(answer, at) for at in self._beginnings(answer))
            for words, question in self._to_the_question
        )

    def _expected_in(self, text: str) -> frozenset[str]:
        return frozenset(
            slot for slot, (words, unless) in self._asks.items() if words.match(text) and not unless.match(text)
        )

    def _answer_in(self, text: str) -> bool | None:
        """True where ``text`` begins with assent, False with refusal, None with neither."""
        beginnings = self._beginnings(text)
        for answer, words in ((False, self._denies), (True, self._assents)):
            if any(words.match(text, at) for at in beginnings):
                return answer
        return None

    def _gives_advice(self, sentence: str) -> bool:
        return self._advice.match(sentence) and not self._readbacks.match(sentence)

    def _beginnings(self, text: str) -> list[int]:
        """Where ``text`` may begin in earnest: at its start and behind each of the interjections there."""
        places = [0]
        while (found := self._interjection.match(text, places[-1])) is not None:
            places.append(found.end())
        return places


@lru_cache(maxsize=4096)
def _borders(text: str) -> tuple[int, ...]:
    """Where the sentences of ``text`` begin, and its end."""
    return (0, *(found.end() for found in _BORDER.finditer(text)), len(text))


def _at_start(patterns: Sequence[str]) -> re.Pattern[str]:
    """Any of ``patterns``, for use with ``match``; ``<end>`` in them is a pause or the end."""
    joined = "|".join(f"(?:{pattern})" for pattern in patterns)
    return re.compile(joined.replace("<end>", f"(?=$|[{_PAUSE}])"))


def load_dialogue(catalog: Path) -> Dialogue:
    """The dialogue cues of the catalogue directory ``catalog``."""
    rules = load_rules(catalog, "cues")
    return Dialogue(
        asks={slot: (ask["words"], ask.get("unless", [])) for slot, ask in rules["asks"].items()},
        assents=rules["assents"],
        denies=rules["denies"],
        to_the_question=[(one["answer"], one["question"]) for one in rules["to_the_question"]],
        interjections=rules["interjections"],
        unsure=rules["unsure"],
        corrections=rules["corrections"],
        additions=rules["additions"],
        fillers=rules["fillers"],
        hesitations=rules["hesitations"],
        readbacks=rules["readbacks"],
        questions=rules["questions"],
        promises=rules["promises"],
        advice=rules["advice"],
        enquiries=rules["enquiries"],
        asked_back=rules["asked_back"],
        concluded=rules["concluded"],
        taken_down=rules["taken_down"],
        negations=rules["negations"],
    )
