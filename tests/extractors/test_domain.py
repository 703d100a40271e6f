from __future__ import annotations

import numpy as np
import pytest

import models
from extractors.catalogue.knowledge import Catalogue
from extractors.matching.classifier import Classifier, Judgement, load_classifier
from extractors.matching.domain import Domains
from extractors.matching.opinion import Opinion
from extractors.text.encoder import load_encoder
from extractors.turn import Speaker, Turn
from tests.extractors.test_ranking import call


@pytest.fixture(scope="module")
def domains(catalogue: Catalogue) -> Domains:
    return Domains(catalogue, catalogue.rules("domains"), load_classifier(models.CLASSIFIER))


def filed(said: str = "") -> Judgement:
    """What the classifier says of a call that says this."""
    classifier = load_classifier(models.CLASSIFIER)
    words = classifier.phrasing.read(Turn(0, Speaker.CITIZEN, said))
    return classifier.judged(load_encoder().of(said), [words])


def test_the_domain_of_the_likely_templates_is_chosen(domains: Domains, catalogue: Catalogue) -> None:
    mass = np.array([1.0 if template.domain == "TX" else 0.0 for template in catalogue.templates])
    choice = domains.choose(mass / mass.sum(), [()], filed("宽带三天没有信号"))
    assert choice is not None
    assert choice.value == "通信邮政"
    assert choice.confidence > 0.8


def test_keywords_decide_between_templates_that_fit_alike(domains: Domains, catalogue: Catalogue) -> None:
    even = np.full(len(catalogue.templates), 1 / len(catalogue.templates))
    (turn,) = call("C我的快递包裹丢了，快递柜里没有")
    choice = domains.choose(even, [domains.read(turn)], filed())
    assert choice is not None
    assert choice.value == "通信邮政"
    assert {evidence.text for evidence in choice.evidence} >= {"快递", "包裹"}


def test_the_agents_words_are_no_evidence(domains: Domains) -> None:
    (turn,) = call("A是快递还是邮局的问题？")
    assert domains.read(turn) == ()


def test_the_template_the_agent_chose_decides(domains: Domains, catalogue: Catalogue) -> None:
    even = np.full(len(catalogue.templates), 1 / len(catalogue.templates))
    choice = domains.choose(even, [()], filed("宽带三天没有信号"), chosen="XF")
    assert choice is not None
    assert choice.value == "应急消防"


def test_calls_like_it_decide_where_templates_and_keywords_are_silent(domains: Domains, catalogue: Catalogue) -> None:
    even = np.full(len(catalogue.templates), 1 / len(catalogue.templates))
    choice = domains.choose(even, [()], filed("老师叫小孩交补课费，不交就坐最后一排"))
    assert choice is not None
    assert choice.value == "教育"


def test_of_a_domain_under_which_nothing_was_filed_yet_the_templates_speak(catalogue: Catalogue) -> None:
    classifier = load_classifier(models.CLASSIFIER)
    known = classifier.opinion
    others = Classifier(
        Opinion(known.answers[1:], known.directions, known.weights[:, 1:], known.usual[1:], 3), classifier.phrasing
    )
    domains = Domains(catalogue, catalogue.rules("domains"), others)
    code = domains.codes[0]
    mass = np.array([1.0 if template.domain == code else 0.0 for template in catalogue.templates])
    choice = domains.choose(mass / mass.sum(), [()], others.judged(load_encoder().of(""), []))
    assert choice is not None
    assert choice.value == domains.names[0] == known.answers[0]
