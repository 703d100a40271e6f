"""What the reference catalogue holds. That it has no problems is said with `assist catalog check`."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from extractors.catalogue.knowledge import Catalogue


def test_it_covers_all_twenty_domains_with_at_least_three_hundred_templates(catalogue: Catalogue) -> None:
    held = Counter(template.domain for template in catalogue.templates)
    assert len(catalogue.domains) == 20
    assert sum(held.values()) >= 300
    assert min(held[code] for code in catalogue.domains) >= 10


def test_every_request_type_has_templates_in_plenty(catalogue: Catalogue) -> None:
    held = Counter(template.request_type for template in catalogue.templates)
    assert min(held.values()) >= 10


def test_no_template_holds_a_phone_or_an_identity_number(catalogue: Catalogue) -> None:
    for template in catalogue.templates:
        texts = (template.title, template.when, template.record, *template.phrasings)
        assert not any(re.search(r"1[3-9]\d{9}|\d{17}[\dXx]", text) for text in texts), template.code


def test_domain_keywords_belong_to_one_domain_each(catalogue: Catalogue) -> None:
    owners = Counter(word for domain in catalogue.domains.values() for word in domain.keywords)
    assert [word for word, count in owners.items() if count > 1] == []


def test_every_file_of_rules_is_explained_with_the_code_that_reads_it(catalogue: Catalogue) -> None:
    root = Path(__file__).resolve().parents[2]
    text = (root / "docs" / "catalogue.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+\.yaml)` \| .* \| (.*) \|$", text.split("## `rules/`")[1], re.M))
    rules = {path.name for path in (catalogue.directory / "rules").glob("*.yaml")}
    assert rules <= rows.keys()
    for name in rules:
        readers = re.findall(r"`([\w/]+\.py)`", rows[name])
        assert readers and all((root / reader).is_file() for reader in readers), name
