"""What a configuration and a catalogue mean for calls: recognition settings, what commands may name, how a call is
understood.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from asr.guards import Guards
from asr.language import LanguageSettings
from asr.recognizer import RecognizerSettings
from asr.text import Phantoms
from asr.utterance import UtteranceSettings
from assist.config import Asr
from assist.decide import TemplateRef, Vocabulary
from assist.messages.events import CallStarted
from assist.mind import Understands
from assist.speech import language_model
from extractors.catalogue.files import REQUEST_TYPES
from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.yaml_files import CatalogueError, Problem
from extractors.repair.hearing import load_hearing
from extractors.slots.page import RecordLine
from extractors.ticket import RankedTemplate, Ticket
from extractors.turn import Turn
from extractors.understanding import Understanding


def recognition(settings: Asr, catalogue: Catalogue) -> RecognizerSettings:
    """How channels are cut into utterances, which sentences are never believed and which words are repaired.

    Raises `models.ModelError` for a language model that cannot be read, `CatalogueError` for rules that cannot be used.
    """
    return RecognizerSettings(
        utterance=utterances(settings),
        language=LanguageSettings(expected=settings.language),
        guards=Guards(phantoms(catalogue)),
        lexicon=load_hearing(catalogue, language_model(settings)),
    )


def utterances(settings: Asr) -> UtteranceSettings:
    """How channels are cut into utterances."""
    return UtteranceSettings(
        end_silence=settings.end_silence,
        hard_limit=settings.max_utterance,
        soft_limit=min(10.0, settings.max_utterance * 2 / 3),
        first_interim=settings.first_interim,
        interim_interval=settings.interim_every,
    )


def phantoms(catalogue: Catalogue) -> Phantoms:
    """The sentences that are never believed. Raises `CatalogueError` where one of them would hide every text."""
    try:
        return Phantoms.of(catalogue.rules("phantoms"))
    except (TypeError, ValueError) as error:
        raise CatalogueError(
            catalogue.directory, (Problem("rules/phantoms.yaml", 0, "", "schema", str(error)),)
        ) from error


def vocabulary(catalogue: Catalogue) -> Vocabulary:
    """What an agent's commands may name."""

    def template(code: str) -> TemplateRef | None:
        found = catalogue.by_code.get(code)
        if found is None:
            return None
        return TemplateRef(found.code, found.title, found.request_type, catalogue.domains[found.domain].name)

    return Vocabulary(
        slots=frozenset(catalogue.slots),
        request_types=frozenset(REQUEST_TYPES),
        domains=frozenset(domain.name for domain in catalogue.domains.values()),
        template=template,
        flags=frozenset(name for name, slot in catalogue.slots.items() if slot.kind == "flag"),
    )


def understands(catalogue: Catalogue) -> Callable[[CallStarted], Understands]:
    """Makes the understanding of a call when it starts."""

    def start(call: CallStarted) -> Understands:
        return _Named(Understanding(catalogue, call.started_at, call.caller_number), catalogue)

    return start


class _Named:
    """An understanding whose ranked templates name their domain, as everything on the wire does."""

    def __init__(self, understanding: Understanding, catalogue: Catalogue) -> None:
        self._understanding = understanding
        self._domains = {code: domain.name for code, domain in catalogue.domains.items()}

    def lines(self, turns: Sequence[Turn]) -> Mapping[str, RecordLine]:
        """The lines of the ticket of a call that is over."""
        return self._understanding.lines(turns)

    def ticket(
        self,
        turns: Sequence[Turn],
        chosen_template: str | None = None,
        held: str | None = None,
        lines: Mapping[str, RecordLine] | None = None,
    ) -> Ticket:
        """All that is known after ``turns``."""
        ticket = self._understanding.ticket(turns, chosen_template, held, lines)
        others = tuple(replace(other, templates=self._named(other.templates)) for other in ticket.others)
        return replace(ticket, templates=self._named(ticket.templates), others=others)

    def _named(self, templates: Sequence[RankedTemplate]) -> tuple[RankedTemplate, ...]:
        return tuple(replace(one, domain=self._domains.get(one.domain, one.domain)) for one in templates)
