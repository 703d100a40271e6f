from __future__ import annotations

from extractors.catalogue.knowledge import Catalogue
from extractors.matching.search import SearchIndex, search


def test_a_search_in_callers_words_finds_the_template(catalogue: Catalogue) -> None:
    (best, *_) = search(SearchIndex(catalogue), "楼下烧烤摊油烟", k=3)
    assert "烧烤" in best.template.title
    assert "烧烤" in best.matched


def test_a_code_finds_its_template_alone(catalogue: Catalogue) -> None:
    code = catalogue.templates[0].code
    assert [hit.template.code for hit in search(SearchIndex(catalogue), f" {code.lower()} ")] == [code]


def test_words_that_match_nothing_find_nothing(catalogue: Catalogue) -> None:
    assert search(SearchIndex(catalogue), "。，12345") == []


def test_no_more_than_k_are_found_and_the_best_come_first(catalogue: Catalogue) -> None:
    hits = search(SearchIndex(catalogue), "小区物业电梯噪音", k=4)
    assert len(hits) == 4
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
