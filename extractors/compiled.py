"""What understanding needs of a catalogue: a `Catalogue` in, all rules and models that are compiled of it out.

Compiling takes about a second and is done once; what comes out (`Knowledge`) is shared by all calls.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

import models
from extractors.catalogue.files import REQUEST_TYPES
from extractors.catalogue.knowledge import Catalogue
from extractors.catalogue.yaml_files import CatalogueError, Problem
from extractors.choosing.tagger import Tagger, load_tagger
from extractors.composition import load_extractors
from extractors.conversation.asked import AskedRules
from extractors.conversation.dialogue import Dialogue, load_dialogue
from extractors.conversation.matters import Matters
from extractors.matching.classifier import Classifier, load_classifier
from extractors.matching.dispatch import Dispatcher
from extractors.matching.dispatch_certificate import claimed
from extractors.matching.dispatch_trust import trained
from extractors.matching.domain import Domains
from extractors.matching.expected import Expectations, load_expectations
from extractors.matching.guides import Guides
from extractors.matching.opinion import load_opinion
from extractors.matching.questions import Questions
from extractors.matching.ranking import Ranker, make_ranker
from extractors.matching.request_type import RequestTypes
from extractors.safety.alerts import Alerts
from extractors.safety.foreign import Foreign
from extractors.slots.extractor import Extractor
from extractors.subjects.praised import Praised, load_praised
from extractors.writing.drafting import Drafting


@dataclass(frozen=True)
class Knowledge:
    """What is compiled once from a catalogue and shared by all calls."""

    catalogue: Catalogue
    extractors: tuple[Extractor[Any], ...]
    dialogue: Dialogue
    ranker: Ranker
    classifier: Classifier
    expectations: Expectations
    request_types: RequestTypes
    domains: Domains
    dispatcher: Dispatcher
    alerts: Alerts
    foreign: Foreign
    questions: Questions
    asked: AskedRules
    drafting: Drafting
    guides: Guides
    hold: float
    matters: Matters
    praised: Praised
    tagger: Tagger | None
    types: NDArray[np.int64]  # of each template, the number of its request type
    numbers: Mapping[str, int]  # of templates by code
    matter_of: Mapping[str, str]  # template's code to its matter


@lru_cache(maxsize=2)
def compile_catalogue(catalogue: Catalogue) -> Knowledge:
    """All that understanding needs of ``catalogue``; compiled once, about a second. Raises `CatalogueError`, or
    `models.ModelError` where a file that ships with the project is damaged.
    """
    try:
        with models.explained():
            return _compile(catalogue)
    except (KeyError, TypeError, ValueError, re.error) as error:
        # Rules are read by the part that uses them; what they lack shows only when it is put to use.
        message = f"a rule is missing or malformed ({error!r}); compare with the reference catalogue"
        raise CatalogueError(catalogue.directory, (Problem("rules", 0, "", "schema", message),)) from error


def _compile(catalogue: Catalogue) -> Knowledge:
    dialogue = load_dialogue(catalogue.directory)
    classifier = load_classifier(models.CLASSIFIER)
    asking, foreign = catalogue.rules("questions"), Foreign(catalogue.rules("alerts")["language"])
    return Knowledge(
        catalogue=catalogue,
        extractors=load_extractors(catalogue),
        dialogue=dialogue,
        ranker=make_ranker(catalogue),
        classifier=classifier,
        expectations=load_expectations(),
        request_types=RequestTypes(catalogue.rules("request_types"), classifier),
        domains=Domains(catalogue, catalogue.rules("domains"), classifier),
        dispatcher=_dispatcher(catalogue),
        alerts=Alerts(catalogue.rules("alerts"), dialogue, foreign),
        foreign=foreign,
        questions=Questions(catalogue, asking),
        asked=AskedRules(dialogue, asking),
        drafting=Drafting(catalogue, dialogue),
        guides=Guides(catalogue, catalogue.rules("guides")),
        matters=Matters(dialogue, catalogue.rules("matters")),
        praised=load_praised(catalogue, dialogue),
        hold=float(catalogue.rules("ranking")["hold"]),
        tagger=load_tagger(),
        types=np.array([REQUEST_TYPES.index(one.request_type) for one in catalogue.templates], dtype=np.int64),
        numbers={template.code: number for number, template in enumerate(catalogue.templates)},
        matter_of={template.code: template.matter for template in catalogue.templates},
    )


def _dispatcher(catalogue: Catalogue) -> Dispatcher:
    opinion = load_opinion(models.DISPATCH)
    return Dispatcher(catalogue, catalogue.rules("dispatch"), trained(), opinion, claimed(catalogue))
