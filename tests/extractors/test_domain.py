from __future__ import annotations

import numpy as np
import pytest

from extractors.catalogue import Catalogue
from extractors.domain import Domains
from tests.extractors.test_ranking import call


@pytest.fixture(scope="module")
def domains(catalogue: Catalogue) -> Domains:
    return Domains(catalogue, catalogue.rules("domains"))


def test_the_domain_of_the_likely_templates_is_chosen(domains: Domains, catalogue: Catalogue) -> None:
    mass = np.array([1.0 if template.domain == "TX" else 0.0 for template in catalogue.templates])
    choice = domains.choose(mass / mass.sum(), [()])
    assert choice is not None
    assert choice.value == "通信邮政"
    assert choice.confidence > 0.8


def test_keywords_decide_between_templates_that_fit_alike(domains: Domains, catalogue: Catalogue) -> None:
    even = np.full(len(catalogue.templates), 1 / len(catalogue.templates))
    (turn,) = call("C我的快递包裹丢了，快递柜里没有")
    choice = domains.choose(even, [domains.read(turn)])
    assert choice is not None
    assert choice.value == "通信邮政"
    assert {evidence.text for evidence in choice.evidence} >= {"快递", "包裹"}


def test_the_agents_words_are_no_evidence(domains: Domains) -> None:
    (turn,) = call("A是快递还是邮局的问题？")
    assert domains.read(turn) == ()


def test_the_template_the_agent_chose_decides(domains: Domains, catalogue: Catalogue) -> None:
    even = np.full(len(catalogue.templates), 1 / len(catalogue.templates))
    choice = domains.choose(even, [()], chosen="XF")
    assert choice is not None
    assert choice.value == "应急消防"
